"""The fast way from measurements to rows and back is the plain way; a bulk load is the same base without history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Measurement
from qpvdesk.storage import measurements, opening
from qpvdesk.storage.base import Database
from qpvdesk.storage.tables import BY_KIND
from tests.helpers import bulk as helper
from tests.unit.storage import samples
from tests.unit.storage.samples import MEASUREMENT

TABLE = BY_KIND["measurement"]
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3)
MEASUREMENTS = st.builds(
    Measurement,
    key=st.text("abc", min_size=1, max_size=3),
    objective=st.sampled_from(["o1", "o2"]),
    territory=st.just("t"),
    day=st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    value=DECIMALS,
    source=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    provisional=st.booleans(),
    numerator=st.none() | DECIMALS,
    denominator=st.none() | DECIMALS,
    entered_on=st.none() | st.dates(date(1950, 1, 1)),
    citation=st.none() | st.just(samples.SOURCE),
)


def test_the_columns_are_those_of_the_table() -> None:
    assert TABLE.columns == measurements.COLUMNS


@given(st.lists(MEASUREMENTS, max_size=8, unique_by=lambda one: one.key))
def test_both_ways_agree_with_the_plain_ones(held: list[Measurement]) -> None:
    rows = list(measurements.rows(held))
    assert rows == [TABLE.row(one) for one in held]
    assert measurements.entities(rows) == sorted(held, key=lambda one: (one.objective, one.day, one.key))


@pytest.mark.parametrize("bad", [{"value": Decimal("NaN")}, {"comment": "a\0b"}])
def test_the_fast_way_refuses_what_the_plain_one_does(bad: dict[str, object]) -> None:
    with pytest.raises((ValueError, UserError), match=r"finite|invisible"):
        list(measurements.rows([replace(MEASUREMENT, **bad)]))  # type: ignore[arg-type]


def test_a_bulk_load_holds_the_same_and_its_triggers_work(base: Database, tmp_path: Path) -> None:
    with opening.create(tmp_path / "bulk.db", clock=samples.Ticking()) as bulk:
        assert helper.bulk_load(bulk, [samples.dossier()]) == 2
        assert bulk.dossier("contract1") == base.dossier("contract1")
        assert helper.current_values(bulk) == helper.current_values(base)
        with pytest.raises(RuntimeError):
            helper.bulk_load(bulk, [samples.dossier()])
        with bulk.unit("Relevé") as unit:
            unit.put(Measurement("late", "obj1", "fr", date(2026, 3, 1), Decimal(33)))
        assert [one.measurement for one in helper.current_values(bulk)] == ["late"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT key FROM measurement WHERE objective = '' AND territory = '' AND day <= 1 ORDER BY day DESC, key DESC",
        "SELECT value FROM latest WHERE contract = ''",
        "SELECT value FROM operation WHERE key = '' AND field = ''",
        "SELECT key FROM objective WHERE contract = ''",
    ],
)
def test_the_hot_queries_search_and_never_scan_or_sort(base: Database, query: str) -> None:
    with base.guard.everything():
        plan = [str(row[3]) for row in base.connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert [line for line in plan if line.startswith("SCAN") or "TEMP B-TREE" in line] == []


def test_one_contracts_measurements_are_searched_by_objective(base: Database) -> None:
    query = TABLE.select("objective IN (SELECT key FROM objective WHERE contract = ?)")
    with base.guard.everything():
        plan = " ".join(str(row[3]) for row in base.connection.execute(f"EXPLAIN QUERY PLAN {query}", ("",)))
    assert "SEARCH measurement USING INDEX measurement_series" in plan
