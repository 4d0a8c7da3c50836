"""The communes of each EPCI as INSEE lists them, or as the ANCT does with their quartiers: those of the contract's own EPCI
taken in, with their codes.

A commune or an EPCI that bears its name for want of its official code is given it; nothing else of it changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.model import Dossier, Level, Territory
from qpvdesk.domain.proposing.naming import perimeter_name
from qpvdesk.services.territories import titles
from qpvdesk.services.territories.plan import ELSEWHERE, OfficialPlan
from qpvdesk.services.territories.titles import comparable
from qpvdesk.storage.keys import starter_key

KIND, NOUN = "Liste de communes", ("lieu", "lieux")
_CODE = ("codgeo", "codeinsee", "insee", "codecommune", "inseecom", "com", "depcom", "code")
_NAME = ("libgeo", "nomcommune", "libcom", "commune", "nom", "libelle")
_EPCI = ("epci", "codeepci", "sirenepci", "siren")
_EPCI_NAME = ("libepci", "nomepci", "libelleepci", "nomdelepci")
_SEVERAL = re.compile(r"\s*[,;/|]\s*")
_COMMUNE = re.compile(r"\d{4,5}|2[AB]\d{3}")


class _Line(Struct, frozen=True):
    """A commune and the EPCI that it is of."""

    code: str
    name: str
    epci: str
    epci_name: str


def plan(dossier: Dossier, sheets: Sequence[titles.Rows]) -> OfficialPlan | None:
    """Say what a list brings; None where no sheet is such a list, or where it has nothing of the contract's EPCI."""
    lines = list(dict.fromkeys(_lines(sheets)))
    epci = dossier.contract.epci or _named(dossier, lines)
    own = [line for line in lines if line.epci == epci]
    if not own:
        return None
    whole = _Line(epci, own[0].epci_name or perimeter_name(dossier.contract.name), "", "")
    home = _placed(dossier, whole, Level.EPCI, None)
    wanted = [home, *(_placed(dossier, line, Level.COMMUNE, home.key) for line in own)]
    known_places = {item.key: item for item in dossier.territories}
    put: list[Any] = [item for item in wanted if known_places.get(item.key) != item]
    new = sum(item.key not in known_places for item in wanted)
    if not dossier.contract.epci:
        put.insert(0, replace(dossier.contract, epci=epci))
    same = sum(known_places.get(item.key) == item for item in wanted)
    return OfficialPlan(
        KIND,
        NOUN,
        put=tuple(put),
        new=new,
        changed=len(wanted) - new - same,
        same=same,
        left_out=((ELSEWHERE, len(lines) - len(own)),),
    )


def agglomerations(sheets: Sequence[titles.Rows]) -> tuple[tuple[str, str], ...]:
    """Return the EPCI that a list names, each by its number and its name, by name."""
    found = {line.epci: line.epci_name or line.epci for line in _lines(sheets)}
    return tuple(sorted(found.items(), key=lambda item: comparable(item[1])))


def _named(dossier: Dossier, lines: Sequence[_Line]) -> str:
    """The number of the EPCI that a place of the contract is, by its name; empty where no one EPCI bears it."""
    names = {comparable(item.name) for item in dossier.territories if item.level == Level.EPCI}
    found = {line.epci for line in lines if comparable(line.epci_name) in names}
    return found.pop() if len(found) == 1 else ""


def _placed(dossier: Dossier, line: _Line, level: Level, parent: str | None) -> Territory:
    """The place of a line: that of its code, else of its level and name, under its code; else a new one."""
    of_level = [item for item in dossier.territories if item.level == level]
    called = comparable(line.name)
    old = next((item for item in of_level if item.code == line.code), None) or next(
        (item for item in of_level if comparable(item.name) == called), None
    )
    if old is not None:
        return replace(old, code=line.code, parent=old.parent or parent)
    contract = dossier.contract.key
    key = starter_key(f"{contract}:territory:{line.code}")
    return Territory(
        key=key, contract=contract, code=line.code, name=line.name, level=level.value, parent=parent
    )


def _lines(sheets: Sequence[titles.Rows]) -> Iterator[_Line]:
    for rows in sheets:
        for number, row in enumerate(rows):
            heads = [titles.folded(cell) for cell in row]
            places = [
                next((heads.index(name) for name in names if name in heads), -1)
                for names in (_CODE, _NAME, _EPCI)
            ]
            if -1 in places or len(set(places)) < len(places):
                continue
            named = next((heads.index(name) for name in _EPCI_NAME if name in heads), len(row))
            for line in rows[number + 1 :]:
                codes, names, epci = (titles.at(line, place) for place in places)
                # A list of quartiers says the communes of each, several in one cell.
                for code, name in zip(_SEVERAL.split(codes.upper()), _SEVERAL.split(names), strict=False):
                    if _COMMUNE.fullmatch(code) and name and epci:
                        yield _Line(code.zfill(5), name, epci, titles.at(line, named))
            break
