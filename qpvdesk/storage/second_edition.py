"""A migration of data: the second edition of the contract of Lens-Liévin, brought to bases that hold the first.

Clauses become *précisions* of 146 engagements, facts become figures of context, the votes go to their délibération.
Frozen as every migration: what the contract's files say later is no concern of this. A cell that somebody wrote since
the contract came in is left to whom it belongs; whoever entered something on what becomes a *précision* finds it under
its engagement, and so does what a colleague enters there meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from qpvdesk.domain.model import EXAMPLE, Axis, Citation, Contract, Mesure, Objective, Role, Sens
from qpvdesk.storage import journal, second_edition_data, written
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.keys import starter_key
from qpvdesk.storage.tables import BY_KIND, of_contract
from qpvdesk.storage.written import Written

_KeyOf = Callable[[str], str]
"""Gives the key of a thing from its name (`objective/BPI-O01`)."""
_HELD = ("objective", "condition", "meteo", "step", "funding", "attachment")
"""What hangs on an engagement."""
_UNASKED: dict[str, Any] = {name: "" if name == "start_unit" else None for name in second_edition_data.ASKED}


def changes(connection: sqlite3.Connection) -> Iterator[Written]:
    """Yield what brings the contract of Lens-Liévin, or the example made of it, to its second edition."""
    table = BY_KIND["contract"]
    for contract in table.entities(connection.execute(table.select("1")).fetchall()):
        for key_of in EDITIONS:
            if contract.key == key_of("contract"):
                yield from _Edition(connection, contract, key_of).changes()


def may_write(change: Written) -> bool:
    """Tell whether these changes could be so in some base: nothing else is believed of who bears their name.

    What they write is known in advance, but for the things that hang on an engagement: these go to one of theirs.
    """
    for key_of in EDITIONS:
        if change in _known(key_of):
            return True
        followed = {key_of(f"engagement/{code}") for code in second_edition_data.GROUPS}
        if (change.kind, change.field) in {
            (kind, "engagement") for kind in _HELD
        } and change.value in followed:
            return True
    return False


@cache
def _known(key_of: _KeyOf) -> frozenset[Written]:
    """Return all that these changes can write of the contract whose keys are those, but what `may_write` says."""

    def cell(kind: str, code: str, field: str, value: Any) -> Written:
        key = key_of(f"{kind}/{code}" if code else kind)
        return Written(kind, key, field, BY_KIND[kind].by_name[field].write(value))

    found = {
        written.new(_axis(key_of, code, name, rank))
        for rank, (code, name) in enumerate(second_edition_data.AXES.items(), start=1)
    }
    found |= {
        written.new(_sum(key_of, code, cited=cited))
        for code in second_edition_data.SUMS
        for cited in (True, False)
    }
    for field, kind, members in (
        ("axis", "axis", second_edition_data.AXIS_OF),
        ("parent", "engagement", second_edition_data.GROUPS),
    ):
        for code, numbers in members.items():
            above = key_of(f"{kind}/{code}")
            owner = code.partition("-")[0]
            found |= {cell("engagement", f"{owner}-{number}", field, above) for number in numbers.split()}
    for code, wanted in _asked():
        found |= {cell("objective", code, field, value) for field, value in (_UNASKED | wanted).items()}
    found |= {cell("objective", code, "retired", True) for code in second_edition_data.RETIRED}
    found |= {cell(kind, code, field, after) for kind, code, field, _, after in second_edition_data.TEXTS}
    found |= {
        Written(kind, key_of(f"{kind}/{code}"), journal.EXISTENCE, None)
        for kind, code in second_edition_data.REMOVED
    }
    return frozenset(found)


def _asked() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objectives that are asked nothing any more, and what they become."""
    without_target = Sens.SUIVI
    for code in second_edition_data.FOLLOWED:
        yield code, {"sens": without_target}
    for owner, numbers in second_edition_data.CONTEXT.items():
        for number in numbers.split():
            yield f"{owner}-{number}", {"sens": without_target, "role": Role.CONTEXTE}


def _axis(key_of: _KeyOf, code: str, name: str, rank: int) -> Axis:
    return Axis(key=key_of(f"axis/{code}"), contract=key_of("contract"), code=code, name=name, rank=rank)


def _sum(key_of: _KeyOf, code: str, *, cited: bool) -> Objective:
    promised, label, millions, note, section, mark = second_edition_data.SUMS[code]
    return Objective(
        key=key_of(f"objective/{code}"),
        contract=key_of("contract"),
        partner=key_of("partner/BPI"),
        code=code,
        label=label,
        theme="entrepreneuriat",
        territory=key_of("territory/FR"),
        unit="M€",
        sens=Sens.HAUSSE,
        mesure=Mesure.CUMUL,
        engagement=key_of(f"engagement/{promised}"),
        start_value=Decimal(0),
        start_date=date(2024, 1, 1),
        target_value=Decimal(millions),
        target_date=date(2027, 12, 31),
        note=note,
        citation=Citation(key_of("document/ANNEXES"), section, mark) if cited else None,
    )


def _starter_key(name: str) -> str:
    return starter_key(f"{second_edition_data.CODE}/{name}")


def _example_key(name: str) -> str:
    return EXAMPLE + starter_key(f"{EXAMPLE}{second_edition_data.CODE}/{name}")


EDITIONS: tuple[_KeyOf, ...] = (_starter_key, _example_key)
"""The keys of the contract that shipped, and of the example made of it."""


class _Edition:
    def __init__(self, connection: sqlite3.Connection, contract: Contract, key_of: _KeyOf) -> None:
        self._connection = connection
        self._contract = contract
        self._key_of = key_of
        self._rows: dict[str, dict[str, Any]] = {"contract": {contract.key: contract}}

    def changes(self) -> Iterator[Written]:
        yield from self._axes()
        yield from self._groups()
        for code, wanted in _asked():
            yield from self._asked_of(code, wanted)
        for code in second_edition_data.RETIRED:
            yield from self._set("objective", code, "retired", True)
        for kind, code, field, before, after in second_edition_data.TEXTS:
            found = self._found(kind, code)
            if found is not None and getattr(found, field) == before:
                yield from self._set(kind, code, field, after)
        for kind, code in second_edition_data.REMOVED:
            yield from self._removed(kind, code)
        yield from self._sums()

    def _axes(self) -> Iterator[Written]:
        taken = {axis.code for axis in self._all("axis").values()}
        for rank, (code, name) in enumerate(second_edition_data.AXES.items(), start=1):
            if code not in taken:
                yield written.new(_axis(self._key_of, code, name, rank))
        for code, numbers in second_edition_data.AXIS_OF.items():
            for number in numbers.split():
                engagement = f"{code.partition('-')[0]}-{number}"
                if code not in taken or self._found("axis", code) is not None:
                    yield from self._set("engagement", engagement, "axis", self._key("axis", code))

    def _groups(self) -> Iterator[Written]:
        """Make the précisions, and give to their engagements what is followed of them."""
        held_by: dict[str, str] = {}
        for code, numbers in second_edition_data.GROUPS.items():
            parent = self._found("engagement", code)
            if parent is None or parent.retired or parent.parent is not None:
                continue
            for number in numbers.split():
                child = self._found("engagement", f"{code.partition('-')[0]}-{number}")
                if child is None or child.partner != parent.partner:
                    continue
                if child.parent is None and self._is_free("engagement", child.key, "parent"):
                    yield written.changed(child, "parent", parent.key)
                    held_by[child.key] = parent.key
                elif child.parent == parent.key:
                    held_by[child.key] = parent.key
        for kind in _HELD:
            for item in self._all(kind).values():
                if item.engagement in held_by:
                    yield written.changed(item, "engagement", held_by[item.engagement])

    def _asked_of(self, code: str, wanted: dict[str, Any]) -> Iterator[Written]:
        """Leave an objective its value alone, unless somebody changed what is asked of it."""
        objective = self._found("objective", code)
        cells = (*second_edition_data.ASKED, "role")
        if objective is None or not all(self._is_free("objective", objective.key, name) for name in cells):
            return
        for field, value in (_UNASKED | wanted).items():
            if getattr(objective, field) != value:
                yield written.changed(objective, field, value)

    def _sums(self) -> Iterator[Written]:
        taken = {objective.code for objective in self._all("objective").values()}
        partner, place = self._found("partner", "BPI"), self._found("territory", "FR")
        document = self._found("document", "ANNEXES")
        for code, (promised, *_) in second_edition_data.SUMS.items():
            engagement = self._found("engagement", promised)
            if code in taken or None in (partner, place, engagement):
                continue
            yield written.new(_sum(self._key_of, code, cited=document is not None))

    def _set(self, kind: str, code: str, field: str, value: Any) -> Iterator[Written]:
        item = self._found(kind, code)
        if item is not None and getattr(item, field) != value and self._is_free(kind, item.key, field):
            yield written.changed(item, field, value)

    def _removed(self, kind: str, code: str) -> Iterator[Written]:
        item = self._found(kind, code)
        if item is not None and self._is_free(kind, item.key):
            yield written.removed(item)

    def _key(self, kind: str, code: str) -> str:
        return self._key_of(f"{kind}/{code}" if code else kind)

    def _found(self, kind: str, code: str) -> Any:
        return self._all(kind).get(self._key(kind, code))

    def _all(self, kind: str) -> dict[str, Any]:
        if kind not in self._rows:
            table = BY_KIND[kind]
            rows = self._connection.execute(
                table.select(of_contract(table)), (self._contract.key,)
            ).fetchall()
            self._rows[kind] = {item.key: item for item in table.entities(rows)}
        return self._rows[kind]

    def _is_free(self, kind: str, key: str, field: str | None = None) -> bool:
        """Whether nobody wrote a cell (or any of a thing) since the contract came in, not even this migration."""
        return not journal.is_written_since(self._connection, kind, key, field)
