"""A dossier patched after an act is the dossier that would be read again."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.change import Change
from qpvdesk.domain.model import (
    Acknowledgement,
    Contour,
    Contract,
    Layer,
    LayerFigure,
    Measurement,
    Meteo,
    Population,
    Territory,
    Weather,
)
from qpvdesk.storage.base import Database
from qpvdesk.storage.patching import patched
from tests.unit.storage import samples
from tests.unit.storage.samples import DAY, MEASUREMENT, OBJECTIVE

DAYS = st.integers(0, 800).map(lambda days: date(2024, 1, 1) + timedelta(days))
HELD = samples.dossier()
PUT = st.one_of(
    st.builds(
        Measurement,
        st.sampled_from(["m1", "m2", "m3", "m4"]),
        st.sampled_from(["obj1", "obj2"]),
        st.sampled_from(["fr", "r32"]),
        DAYS,
        st.integers(0, 90).map(Decimal),
    ),
    st.builds(Meteo, st.sampled_from(["met", "met2"]), st.just("eng1"), DAYS, st.sampled_from(list(Weather))),
    st.builds(
        Acknowledgement,
        st.sampled_from(["ack", "ack2"]),
        st.just("contract1"),
        st.just("point"),
        st.just("vu"),
        DAYS,
    ),
    st.builds(
        Population,
        st.sampled_from(["pop", "pop2"]),
        st.just("r32"),
        st.sampled_from(["qpv", "totale"]),
        st.just(Decimal(3)),
        st.none() | DAYS,
    ),
    st.sampled_from([replace(OBJECTIVE, code="ZZZ-O01"), OBJECTIVE, replace(HELD.partners[0], rank=9)]),
    st.sampled_from([replace(HELD.contract, name="Autre nom"), HELD.contract]),
)
REMOVED = st.sampled_from([MEASUREMENT, *HELD.meteos, *HELD.operands, *HELD.decisions, *HELD.populations])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), PUT),
        st.tuples(st.just("remove"), REMOVED),
        st.tuples(st.sampled_from(["undo", "redo"]), st.none()),
    ),
    min_size=1,
    max_size=8,
)


def act(base: Database, what: str, entity: Any) -> Change | None:
    if what == "undo":
        return base.undo()
    if what == "redo":
        return base.redo()
    if what == "remove" and all(entity.key not in {one.key for one in rows} for rows in vars_of(base)):
        return None
    with base.unit("Acte") as unit:
        (unit.put if what == "put" else unit.remove)(entity)
    return unit.change


def vars_of(base: Database) -> list[tuple[Any, ...]]:
    held = base.dossier("contract1")
    return [held.measurements, held.meteos, held.operands, held.decisions, held.populations]


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_patched_is_read_again(acts: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, samples.new_base(Path(folder) / "a.db") as base:
        held = base.dossier("contract1")
        for what, entity in acts:
            change = act(base, what, entity)
            if change is not None:
                after = patched(held, change)
                assert after is not None
                held = after
            assert held == base.dossier("contract1")


def test_what_has_no_day_stands_before_what_has_one(base: Database) -> None:
    """Where a base is read again, what is unknown comes first."""
    held = base.dossier("contract1")
    for key, vintage in (("a-dated", samples.DAY), ("b-undated", None), ("c-dated", samples.DAY)):
        change = act(base, "put", Population(key, "r32", "autre", Decimal(3), vintage))
        assert change is not None
        after = patched(held, change)
        assert after is not None
        held = after
    assert [item.key for item in held.populations if item.perimeter == "autre"] == [
        "b-undated", "a-dated", "c-dated",
    ]  # fmt: skip
    assert held == base.dossier("contract1")


def test_what_is_of_another_contract_stays_there(base: Database) -> None:
    mine = base.dossier("contract1")
    other = Contract("contract2", "autre", "Autre contrat")
    place = Territory("x", "contract2", "X", "Ailleurs", HELD.territories[0].level)
    with base.unit("Autre contrat") as unit:
        unit.put(other)
        unit.put(place)
        unit.put(Population("px", "x", "qpv", Decimal(5)))
    assert patched(mine, unit.change) == mine


def test_what_is_kept_apart_hides_nothing_else_of_its_act(base: Database) -> None:
    """A contour, a layer and its figure are in no dossier: what else the act touched, before and after them, is."""
    held = base.dossier("contract1")
    with base.unit("Lieu et tracés") as unit:
        unit.put(Territory("r59", "contract1", "R59", "Nord", HELD.territories[0].level))
        unit.put(Contour("c59", "r59", "2024", "[]"))
        unit.put(Layer("couche", "contract1", "REV", "Revenus", "Insee", "2024"))
        unit.put(LayerFigure("chiffre", "couche", "r59", Decimal(3)))
        unit.put(replace(MEASUREMENT, key="m9", territory="r59"))
        unit.put(Acknowledgement("ack9", "contract1", "point", "vu", DAY))
    after = patched(held, unit.change)
    assert after == base.dossier("contract1") != held
    undone = base.undo()
    assert undone is not None
    assert after is not None
    assert patched(after, undone) == held


def test_a_contract_that_goes_leaves_no_dossier(base: Database) -> None:
    with base.unit("Autre contrat") as unit:
        unit.put(Contract("contract2", "autre", "Autre contrat", start=DAY))
    held = base.dossier("contract2")
    undone = base.undo()
    assert undone is not None
    assert patched(held, undone) is None
