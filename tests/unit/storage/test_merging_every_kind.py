"""Every kind of thing, changed, added and removed at random by three officers: one contract, sound, in the end."""

from __future__ import annotations

import random
import tempfile
from contextlib import ExitStack, suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.situation import situation
from qpvdesk.storage import maintenance, opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.tables import BY_KIND, TABLES, Table, TableField
from tests.unit.storage import samples

KINDS = tuple(table for table in TABLES if table.kind not in {"snapshot", "attachment", "paper"})
FREE = {
    "label",
    "title",
    "note",
    "comment",
    "source",
    "detail",
    "results",
    "obstacles",
    "text",
    "reason",
    "place",
}


def another(field: TableField, held: Dossier, old: Any, chance: random.Random) -> Any:
    """Return a value that the field may have."""
    if field.nullable and chance.random() < 0.2:
        return None
    if field.ref is not None:
        known = getattr(held, BY_KIND[field.ref].dossier)
        return chance.choice(known).key if known else old
    if field.declared.words is not None:
        return chance.choice(list(field.declared.words))
    match field.declared.type.value:
        case "text" if field.name in FREE:
            return f"texte {chance.randrange(999)}"
        case "number":
            return Decimal(chance.randrange(5000)) / 10
        case "date" | "day":
            return date(2024, 1, 1) + timedelta(chance.randrange(2000))
        case "bool":
            return chance.random() < 0.3
        case "integer":
            return chance.randrange(2024, 2030)
    return old


def changed(table: Table, item: Any, held: Dossier, chance: random.Random) -> Any:
    # What contains what is another matter: put together, it may be refused.
    open_ones = [
        one for one in table.fields[1:] if one.ref != "contract" and one.name not in {"code", "parent"}
    ]
    some = chance.sample(open_ones, min(len(open_ones), chance.randrange(1, 4)))
    return replace(item, **{one.name: another(one, held, getattr(item, one.name), chance) for one in some})


def act(base: Database, name: str, number: int, chance: random.Random) -> None:
    held = base.dossier("contract1")
    table = chance.choice(KINDS)
    items = (held.contract,) if table.kind == "contract" else getattr(held, table.dossier)
    if not items:
        return
    item = chance.choice(items)
    with base.unit(f"{name}{number}") as unit:
        match chance.randrange(5):
            case 0 | 1:
                unit.put(changed(table, item, held, chance))
            case 2 if table.kind != "contract":
                unit.remove(item)
            case _ if table.kind != "contract":
                code = {"code": f"{name}-{number}"} if table.has_code else {}
                unit.put(replace(item, key=f"{table.kind}{name}{number}", **code))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_three_officers_do_to_anything_they_end_with_one_sound_contract(seed: int) -> None:
    chance = random.Random(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bases = []
        for name in "ABC":
            ahead = timedelta(minutes=chance.randrange(-600, 600))
            base = opening.create(folder / f"{name}.db", clock=samples.Ticking(samples.NOON + ahead))
            starter.import_starter(base, samples.dossier())
            base.sign(name)
            bases.append(stack.enter_context(base))
        for number in range(70):
            base = chance.choice(bases)
            # What is still referred to is not removed; what somebody changed since is not undone.
            with suppress(UserError):
                if chance.random() < 0.15:
                    base.undo()
                else:
                    act(base, base.authors.name, number, chance)
            if chance.random() < 0.15:
                giver, taker = chance.sample(bases, 2)
                packages.merge(taker, package.read(packages.write(giver)[0], "paquet"))
        for _ in range(8):
            news = 0
            for giver in bases:
                for taker in bases:
                    news += packages.merge(taker, package.read(packages.write(giver)[0], "paquet")).operations
            if not news:
                break
        first = bases[0].dossier("contract1")
        assert situation(first, samples.DAY).objectives
        for base in bases:
            assert base.dossier("contract1") == first
            assert maintenance.check(base) == []
            assert packages.disagreements(base) == packages.disagreements(bases[0])
