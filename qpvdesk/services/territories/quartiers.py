"""The list of the quartiers prioritaires as the ANCT and INSEE publish it: those of the contract's communes taken in.

A quartier over several communes is linked to each of them; how much of it lies in one no list says. A quartier that is
there is corrected, links and all, never doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.levels import QPV_2015
from qpvdesk.domain.model import Dossier, Level, Population, Territory, TerritoryLink
from qpvdesk.services.territories import titles
from qpvdesk.services.territories.plan import ELSEWHERE, OfficialPlan
from qpvdesk.storage.keys import link_key, new_key, starter_key

KIND, NOUN = "Liste de quartiers", ("quartier", "quartiers")
_ONE_COMMUNE = {"com", "depcom", "codgeocom"}
"""Titles of columns that give the commune of most of a quartier, and no other."""
_COMMUNE = re.compile(r"\b(?:\d{4,5}|2[AB]\d{3})\b")


class Listed(Struct, frozen=True):
    """A quartier as a list has it, its lines gathered."""

    code: str
    name: str
    communes: tuple[str, ...]
    """Their codes or their names, in the order of the list."""
    people: Decimal | None
    names: frozenset[str]
    complete: bool
    """Whether all its communes are there: INSEE's lists give one alone (`COM`)."""


def plan(dossier: Dossier, sheets: Sequence[titles.Rows], *, vintage: date | None) -> OfficialPlan:
    """Say what a list brings. `sheets`: rows of texts; `vintage`: the day of its populations, None where unknown.

    Raises `UserError` where no sheet is such a list.
    """
    malformed: list[str] = []
    listed = _gathered(_rows(sheets, malformed))
    refusals = _refusals(listed)
    taker = _Taker(dossier, vintage)
    for item in listed if not refusals else ():
        taker.take(item)
    return OfficialPlan(
        KIND,
        NOUN,
        put=tuple(taker.put),
        removed=tuple(taker.removed),
        new=taker.counts["new"],
        changed=taker.counts["changed"],
        same=taker.counts["same"],
        left_out=((ELSEWHERE, taker.counts["elsewhere"]),),
        malformed=tuple(malformed),
        refusals=refusals,
    )


def _refusals(listed: Sequence[Listed]) -> tuple[str, ...]:
    """Why a list cannot be taken: two geographies in one, one code for two quartiers, nobody living in one."""
    found = []
    if len({item.code[:2] for item in listed}) > 1:
        found.append(
            "Cette liste mêle des quartiers de 2015 (QP) et de 2024 (QN)\u202f: importez-les à part."
        )
    found += [
        f"Le code {item.code} y est celui de plusieurs quartiers\u202f: {french.enumerate_words(sorted(item.names))}."
        for item in listed
        if len({titles.comparable(name) for name in item.names}) > 1
    ]
    found += [
        f"{item.name} ({item.code}) y aurait 0 habitant\u202f: vérifiez ce chiffre."
        for item in listed
        if item.people == 0
    ]
    return tuple(found)


class _Taker:
    def __init__(self, dossier: Dossier, vintage: date | None) -> None:
        self.dossier = dossier
        self.vintage = vintage
        self.places = {item.code: item for item in dossier.territories}
        self.communes = self.places | {
            titles.comparable(item.name): item for item in dossier.territories if item.level == Level.COMMUNE
        }
        self.people = {item.territory: item for item in dossier.populations if item.perimeter == "qpv"}
        self.links: dict[str, dict[str, TerritoryLink]] = {}
        for link in dossier.territory_links:
            self.links.setdefault(link.part, {})[link.whole] = link
        self.put: list[Any] = []
        self.removed: list[Any] = []
        self.counts = dict.fromkeys(("new", "changed", "same", "elsewhere"), 0)

    def take(self, item: Listed) -> None:
        inside = [self.communes[name] for name in item.communes if name in self.communes]
        if not inside:
            self.counts["elsewhere"] += 1
            return
        old = self.places.get(item.code)
        wanted = list(dict.fromkeys(commune.key for commune in inside))
        known = self.links.get(old.key, {}) if old is not None else {}
        if not item.complete and any(whole in known for whole in wanted):
            wanted = list(known)
        place = self._place(item, old, wanted)
        touched: list[Any] = [place] if place != old else []
        touched += self._linked(
            place, wanted, partly=len(wanted) < len(set(item.communes)) or not item.complete
        )
        gone = [
            link
            for whole, link in self.links.get(place.key, {}).items()
            if whole not in wanted and any(commune.key == whole for commune in self.communes.values())
        ]
        self.removed += gone
        counted = self._population(place, item.people)
        touched += [counted] if counted is not None else []
        word = "new" if old is None else "changed" if touched or gone else "same"
        self.counts[word] += 1
        self.put += touched

    def _place(self, item: Listed, old: Territory | None, communes: list[str]) -> Territory:
        if old is not None:
            name = old.name if titles.comparable(old.name) == titles.comparable(item.name) else item.name
            return replace(old, name=name, parent=old.parent if old.parent in communes else communes[0])
        contract = self.dossier.contract.key
        return Territory(
            key=starter_key(f"{contract}:territory:{item.code}"),
            contract=contract,
            code=item.code,
            name=item.name,
            level=Level.QPV.value if item.code.startswith("QN") else QPV_2015,
            parent=communes[0],
        )

    def _linked(self, place: Territory, communes: list[str], *, partly: bool) -> list[TerritoryLink]:
        """The links that are not there yet. Alone in the list, and no other outside the contract: it lies there wholly."""
        known = self.links.get(place.key, {})
        new = [
            TerritoryLink(link_key(place.key, commune), place.key, commune)
            for commune in communes
            if commune not in known
        ]
        if len(communes) == 1 and not partly:
            only = known.get(communes[0]) or new[0]
            return [replace(only, share=Decimal(1))] if only.share != 1 else []
        # Shares of before are no more those of a quartier that has other communes now.
        stale = [
            replace(link, share=None)
            for whole, link in known.items()
            if link.share is not None and (new or link.share == 1) and whole in communes
        ]
        return [*new, *stale]

    def _population(self, place: Territory, people: Decimal | None) -> Population | None:
        if people is None:
            return None
        known = self.people.get(place.key)
        counted = (
            replace(known, value=people, vintage=self.vintage or known.vintage)
            if known is not None
            else Population(new_key(), place.key, "qpv", people, vintage=self.vintage)
        )
        return counted if counted != known else None


def _gathered(rows: Iterable[Listed]) -> list[Listed]:
    """Return one line a quartier: one over several communes may take as many lines, its inhabitants said on each."""
    found: dict[str, Listed] = {}
    for item in rows:
        known = found.get(item.code)
        if known is None:
            found[item.code] = item
            continue
        found[item.code] = replace(
            known,
            communes=tuple(dict.fromkeys((*known.communes, *item.communes))),
            people=item.people if known.people is None else known.people,
            names=known.names | item.names,
        )
    return list(found.values())


def _rows(sheets: Sequence[titles.Rows], malformed: list[str]) -> Iterator[Listed]:
    """Yield each line of the list; note codes that are none. Raises `UserError`."""
    for columns, heads, lines in titles.tables(sheets):
        if not {"name", "commune"} <= columns.keys():
            continue
        complete = titles.folded(heads[columns["commune"]]) not in _ONE_COMMUNE
        for line in lines:
            code = titles.at(line, columns["code"]).upper()
            if not titles.QPV_CODE.match(code):
                malformed += [code] if titles.LIKE_A_QPV_CODE.match(code) else []
                continue
            name = titles.at(line, columns["name"])
            people = titles.people(titles.at(line, columns["people"])) if "people" in columns else None
            communes = _communes(titles.at(line, columns["commune"]))
            yield Listed(code, name, communes, people, names=frozenset((name,)), complete=complete)
        return
    raise UserError(
        "Ce fichier n’est pas une liste de quartiers.",
        "Prenez celle de l’ANCT ou de l’INSEE\u202f: il y faut le code du quartier, son nom et le code de sa commune.",
    )


def _communes(text: str) -> tuple[str, ...]:
    """The communes that a cell names, by codes (which may have lost their zero) or by names."""
    codes = _COMMUNE.findall(text.upper())
    if codes:
        return tuple(code.zfill(5) for code in codes)
    return tuple(titles.comparable(name) for name in re.split(r"[,;/|]", text) if name.strip())
