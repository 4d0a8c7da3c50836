"""The list of the quartiers prioritaires as the ANCT and INSEE publish it: those of the contract's communes taken in.

The columns are found by their titles (`code_qp`, `lib_qp`, `insee_com`, a population), whatever their order, case and
separators; a quartier over several communes stands under the first that the contract holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, Level, Population, Territory
from qpvdesk.storage.keys import new_key

_TITLES: Mapping[str, tuple[str, ...]] = {
    "code": ("codeqp", "codeqpv", "codeqpv2024", "codequartier", "codeduquartier", "codgeo", "qp"),
    "name": ("libqp", "libqpv", "nomqp", "nomqpv", "libgeo", "nomduquartier", "quartier"),
    "commune": ("inseecom", "codecommune", "codeinsee", "depcom", "codgeocom", "com"),
    "people": ("popmun", "pmun", "popqp", "popqpv", "population", "populationmunicipale", "pmunqp24"),
}
_CODE = re.compile(r"^Q[NP]\d{5,6}[A-Z]?$")
_COMMUNE = re.compile(r"\b(?:\d{4,5}|2[AB]\d{3})\b")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_LIKE_A_CODE = re.compile(r"^Q[NP]\w*\d")


@dataclass(frozen=True, slots=True)
class QuartierList:
    """What a list would bring to a contract. `put` are the things to write, owners first."""

    put: tuple[Any, ...]
    new: int
    changed: int
    same: int
    elsewhere: int
    """Quartiers of communes that the contract does not hold."""
    malformed: tuple[str, ...] = ()
    """What stands for a code in lines that are not read."""

    @property
    def sentence(self) -> str:
        """« 12 quartiers à ajouter, 1 à corriger, 3 déjà là ; 1 346 sont ailleurs. »"""
        said = [
            f"{french.plural(self.new, 'quartier', 'quartiers')} à ajouter",
            f"{french.format_number(self.changed)} à corriger",
            f"{french.format_number(self.same)} déjà là",
        ]
        told = f"{', '.join(said)}\u202f; {french.plural(self.elsewhere, 'autre', 'autres')} hors du contrat."
        if not self.malformed:
            return told
        lines = french.plural(len(self.malformed), "code mal formé", "codes mal formés")
        return f"{told} Lignes non lues pour {lines}\u202f: {french.enumerate_words(self.malformed, 3)}."


def plan(
    dossier: Dossier, sheets: Sequence[Sequence[Sequence[str]]], *, vintage: date | None
) -> QuartierList:
    """Say what a list brings. `sheets`: rows of texts; `vintage`: the day of its populations, None where unknown.

    Raises `UserError` where no sheet is such a list.
    """
    places = {one.code: one for one in dossier.territories}
    people = {one.territory: one for one in dossier.populations if one.perimeter == "qpv"}
    put: list[Any] = []
    counts = {"new": 0, "changed": 0, "same": 0, "elsewhere": 0}
    malformed: list[str] = []
    for code, name, communes, inhabitants in _gathered(_rows(sheets, malformed)):
        commune = next((places[one] for one in communes if one in places), None)
        if commune is None:
            counts["elsewhere"] += 1
            continue
        old = places.get(code)
        made = (
            replace(old, name=name, parent=commune.key)
            if old is not None
            else Territory(
                key=new_key(),
                contract=dossier.contract.key,
                code=code,
                name=name,
                level=Level.QPV.value,
                parent=commune.key,
            )
        )
        places[code] = made
        touched: list[Any] = [] if made == old else [made]
        if inhabitants is not None:
            known = people.get(made.key)
            counted = (
                replace(known, value=inhabitants, vintage=vintage or known.vintage)
                if known is not None
                else Population(new_key(), made.key, "qpv", inhabitants, vintage=vintage)
            )
            people[made.key] = counted
            if counted != known:
                touched.append(counted)
        counts["new" if old is None else "changed" if touched else "same"] += 1
        put += touched
    return QuartierList(tuple(put), **counts, malformed=tuple(malformed))


def _gathered(
    rows: Iterable[tuple[str, str, list[str], Decimal | None]],
) -> list[tuple[str, str, list[str], Decimal | None]]:
    """Return one line a quartier: one over several communes may take as many lines, its inhabitants said on each."""
    found: dict[str, tuple[str, str, list[str], Decimal | None]] = {}
    for code, name, communes, inhabitants in rows:
        _, first, known, counted = found.get(code, (code, name, [], None))
        found[code] = (code, first, [*known, *communes], inhabitants if counted is None else counted)
    return list(found.values())


def _rows(
    sheets: Sequence[Sequence[Sequence[str]]], malformed: list[str]
) -> Iterator[tuple[str, str, list[str], Decimal | None]]:
    """Yield code, name, communes and inhabitants of each line; note codes that are none. Raises `UserError`."""
    for rows in sheets:
        for number, row in enumerate(rows):
            columns = _columns(row)
            if {"code", "name", "commune"} <= columns.keys():
                for line in rows[number + 1 :]:
                    code = _at(line, columns["code"]).upper()
                    if not _CODE.match(code) or len(code) != 8:
                        malformed += [code] if _LIKE_A_CODE.match(code) else []
                    else:
                        yield (
                            code,
                            _at(line, columns["name"]),
                            [one.zfill(5) for one in _COMMUNE.findall(_at(line, columns["commune"]).upper())],
                            _people(_at(line, columns["people"])) if "people" in columns else None,
                        )
                return
    raise UserError(
        "Ce fichier n’est pas une liste de quartiers.",
        "Prenez celle de l’ANCT ou de l’INSEE\u202f: il y faut le code du quartier, son nom et le code de sa commune.",
    )


def _columns(row: Sequence[str]) -> dict[str, int]:
    titles = ["".join(char for char in french.fold(title) if char.isalnum()) for title in row]
    found: dict[str, int] = {}
    for what, names in _TITLES.items():
        for name in names:
            if name in titles and titles.index(name) not in found.values():
                found[what] = titles.index(name)
                break
    return found


def _at(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _people(text: str) -> Decimal | None:
    """A number of inhabitants; None where it is hidden (`s`, `nd`) or is none. A point sets thousands apart here."""
    text = text.replace(".", "") if _THOUSANDS.fullmatch(text) else text
    try:
        value = french.parse_number(text)
    except UserError:
        return None
    return value.to_integral_value() if value >= 0 else None
