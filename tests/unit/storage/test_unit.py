"""What a unit of work promises, one small fact at a time."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Measurement
from qpvdesk.storage import maintenance, opening
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from tests.helpers import bulk
from tests.unit.storage import samples
from tests.unit.storage.samples import MEASUREMENT, OBJECTIVE
from tests.unit.storage.test_chain import officer, read, take


def operations(base: Database) -> int:
    return int(base.connection.execute("SELECT count(*) FROM operation").fetchone()[0])


def value_of(base: Database, key: str = "m1") -> Decimal | None:
    for one in base.dossier("contract1").measurements:
        if one.key == key:
            return one.value
    return None


def put_too_much(base: Database) -> None:
    with base.unit("Trop") as unit:
        for number in range(300):
            unit.put(replace(MEASUREMENT, key=f"x{number}", comment="x" * 500))


def test_the_dossier_comes_back_whole(base: Database) -> None:
    held = base.dossier("contract1")
    told = samples.dossier()
    assert held == replace(told, partners=held.partners, territories=held.territories)
    assert [one.code for one in held.partners] == ["BPI", "ARS"]
    assert set(held.territories) == set(told.territories)


def test_an_act_writes_one_operation_for_each_changed_cell(base: Database) -> None:
    before = operations(base)
    with base.unit("Correction") as unit:
        unit.put(replace(MEASUREMENT, value=Decimal(29), comment="appel du 12"))
    assert operations(base) - before == 2
    assert unit.change.kinds == {"measurement"}
    assert unit.change.act


def test_an_act_that_changes_nothing_leaves_nothing(base: Database) -> None:
    before = operations(base)
    with base.unit("Rien") as unit:
        unit.put(MEASUREMENT)
        unit.put(replace(MEASUREMENT, value=Decimal("27.0")))
    assert operations(base) == before
    assert not unit.change
    assert unit.change.act is None
    assert base.stacks.undo_label is None


def test_an_error_in_the_block_leaves_nothing(base: Database) -> None:
    before = operations(base)

    def fail() -> None:
        with base.unit("Erreur") as unit:
            unit.put(replace(MEASUREMENT, value=Decimal(99)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (operations(base), value_of(base)) == (before, Decimal(27))
    with base.unit("Après") as unit:
        unit.put(replace(MEASUREMENT, value=Decimal(28)))
    assert value_of(base) == 28


def test_a_unit_inside_a_unit_is_a_bug(base: Database) -> None:

    def nest() -> None:
        with base.unit("Un") as unit:
            unit.put(replace(MEASUREMENT, value=Decimal(99)))
            with base.unit("Deux"):
                pass

    with pytest.raises(RuntimeError):
        nest()
    assert value_of(base) == 27


def test_a_refusal_that_the_caller_swallows_keeps_nothing(base: Database) -> None:
    before = operations(base)

    def swallow() -> None:
        with base.unit("Deux") as unit:
            unit.put(replace(MEASUREMENT, value=Decimal(99)))
            with contextlib.suppress(UserError):
                unit.put(replace(OBJECTIVE, key="other"))

    with pytest.raises(UserError, match="BPI-O01"):
        swallow()
    assert (operations(base), value_of(base)) == (before, Decimal(27))
    assert maintenance.check(base) == []


def test_a_unit_that_is_over_refuses(base: Database) -> None:
    with base.unit("Un") as unit:
        pass
    with pytest.raises(RuntimeError):
        unit.put(MEASUREMENT)
    with pytest.raises(RuntimeError):
        unit.settle("measurement", MEASUREMENT.key, "value", "1")


BEHIND_OUR_BACK: dict[str, Callable[[sqlite3.Connection], object]] = {
    "commit()": lambda c: c.commit(),
    "COMMIT": lambda c: c.execute("COMMIT"),
    "END": lambda c: c.execute("END"),
    "executescript": lambda c: c.executescript("SELECT 1"),
    "with connection": lambda c: c.__exit__(None, None, None),
    "rollback": lambda c: c.execute("ROLLBACK"),
    "savepoint": lambda c: c.execute("SAVEPOINT a"),
    "isolation_level": lambda c: setattr(c, "isolation_level", None),
    "attach": lambda c: c.execute("ATTACH ':memory:' AS other"),
    "create": lambda c: c.execute("CREATE TABLE mesurement (a)"),
    "drop": lambda c: c.execute("DROP TABLE measurement"),
    "pragma": lambda c: c.execute("PRAGMA foreign_keys = OFF"),
    "journal rewritten": lambda c: c.execute("UPDATE operation SET value = '1'"),
    "journal cut": lambda c: c.execute("DELETE FROM operation"),
    "act rewritten": lambda c: c.execute("UPDATE act SET label = ''"),
}


@pytest.mark.parametrize("name", BEHIND_OUR_BACK)
def test_inside_a_unit_nothing_goes_behind_its_back(base: Database, name: str) -> None:
    with base.unit("Correction") as unit:
        unit.put(replace(MEASUREMENT, value=Decimal(29)))
        with pytest.raises(sqlite3.DatabaseError, match=r"authoriz|prohibited"):
            BEHIND_OUR_BACK[name](base.connection)
    assert value_of(base) == 29
    assert maintenance.check(base) == []


@pytest.mark.parametrize(
    "statement",
    [
        "BEGIN",
        "BEGIN IMMEDIATE",
        "INSERT INTO meta VALUES ('a', 'b')",
        "INSERT INTO meta VALUES ('a', 'b') RETURNING name",
        "UPDATE measurement SET value = '1'",
        "DELETE FROM measurement",
        "REPLACE INTO meta VALUES ('a', 'b')",
        "VACUUM",
        "REINDEX",
        "PRAGMA journal_mode = WAL",
        "PRAGMA writable_schema = ON",
    ],
)
def test_outside_a_unit_nothing_is_written(base: Database, statement: str) -> None:
    with pytest.raises(sqlite3.DatabaseError, match=r"authoriz|prohibited"):
        base.connection.execute(statement)
    assert maintenance.check(base) == []


def test_decimals_are_exact_to_the_digit(base: Database) -> None:
    with base.unit("Relevés") as unit:
        for number, value in enumerate(("0.1", "0.2", "16.40", "123456789012345678.123456")):
            unit.put(Measurement(f"d{number}", "obj1", "fr", date(2026, 1, 1 + number), Decimal(value)))
    held = {one.key: one.value for one in base.dossier("contract1").measurements}
    assert held["d0"] + held["d1"] == Decimal("0.3")
    assert str(held["d2"]) == "16.40"
    assert str(held["d3"]) == "123456789012345678.123456"


def test_a_code_is_taken_once_in_a_contract(base: Database) -> None:
    with pytest.raises(UserError, match="BPI-O01"), base.unit("Doublon") as unit:
        unit.put(replace(OBJECTIVE, key="other"))
    assert len(base.dossier("contract1").objectives) == 2


def test_a_reference_to_nothing_is_refused_whole(base: Database) -> None:
    before = operations(base)
    with pytest.raises(UserError, match="n’existe plus"), base.unit("Orphelin") as unit:
        unit.put(replace(MEASUREMENT, key="x", objective="nowhere"))
    assert operations(base) == before


def test_what_still_serves_is_not_removed(base: Database) -> None:
    with pytest.raises(UserError, match="sert encore"), base.unit("Retrait") as unit:
        unit.remove(OBJECTIVE)
    assert OBJECTIVE in base.dossier("contract1").objectives


def test_what_is_gone_is_not_removed_twice(base: Database) -> None:
    with base.unit("Retrait") as unit:
        unit.remove(MEASUREMENT)
    with pytest.raises(UserError, match="n’existe plus"), base.unit("Retrait") as unit:
        unit.remove(MEASUREMENT)


def test_an_entity_stays_in_its_contract(base: Database) -> None:
    with pytest.raises(ValueError, match="contract"), base.unit("Ailleurs") as unit:
        unit.put(replace(OBJECTIVE, contract="contract2"))


def test_the_latest_value_follows_additions_corrections_moves_and_removals(base: Database) -> None:
    def latest() -> list[tuple[str, str]]:
        return [(one.measurement, str(one.value)) for one in bulk.current_values(base)]

    assert latest() == [("m2", "28.50")]
    late = Measurement("m3", "obj1", "fr", date(2026, 2, 1), Decimal(30))
    for entity, expected in (
        (late, [("m3", "30")]),
        (replace(late, value=Decimal(31)), [("m3", "31")]),
        (replace(late, day=date(2025, 1, 1)), [("m2", "28.50")]),
        (replace(late, objective="obj2"), [("m2", "28.50"), ("m3", "30")]),
    ):
        with base.unit("Relevé") as unit:
            unit.put(entity)
        assert latest() == expected
    with base.unit("Retrait") as unit:
        unit.remove(base.dossier("contract1").measurements[1])
    assert latest() == [("m1", "27"), ("m3", "30")]
    assert maintenance.check(base) == []


def test_what_is_undone_goes_from_the_last_made_to_the_first(base: Database) -> None:
    """Who reads the journal on the way never finds a figure without its objective."""
    with base.unit("Objectif et relevés") as unit:
        unit.put(replace(OBJECTIVE, key="obj9", code="BPI-O09", engagement="eng1", citation=None))
        for number in range(3):
            day = date(2026, 1, 1 + number)
            unit.put(Measurement(f"n{number}", "obj9", "fr", day, Decimal(number)))
    held = base.dossier("contract1")
    undone = base.undo()
    assert undone is not None
    written = "SELECT kind FROM operation WHERE act = (SELECT max(id) FROM act) ORDER BY seq"
    assert [kind for (kind,) in base.connection.execute(written)] == ["measurement"] * 3 + ["objective"]
    assert [one.measurement for one in bulk.current_values(base)] == ["m2"]
    assert maintenance.check(base) == []
    base.redo()
    assert base.dossier("contract1") == held
    assert maintenance.check(base) == []


def test_what_is_undone_of_what_a_colleague_removed_is_undone_where_it_comes_back(tmp_path: Path) -> None:
    with (
        officer(tmp_path, "Camille") as one,
        officer(tmp_path, "Dominique") as other,
        officer(tmp_path, "Ali") as third,
    ):
        (before, *_) = one.dossier("contract1").measurements
        with one.unit("Commentaire") as unit:
            unit.put(replace(before, comment="Une erreur"))
        for base in (other, third):
            take(base, read(one))
        with other.unit("Retrait") as unit:
            unit.remove(other.dossier("contract1").measurements[0])
        take(one, read(other))
        assert before.key not in {item.key for item in one.dossier("contract1").measurements}
        assert one.undo() is not None
        assert before.key not in {item.key for item in one.dossier("contract1").measurements}
        # Who works on it later, and knows of no removal, keeps it from going.
        third.clock = samples.Ticking(samples.NOON + timedelta(hours=3))
        with third.unit("Valeur") as unit:
            unit.put(replace(third.dossier("contract1").measurements[0], value=Decimal(28)))
        take(one, read(third))
        assert one.dossier("contract1").measurements[0] == replace(before, value=Decimal(28))
        assert maintenance.check(one) == []


def test_the_values_of_a_day_are_those_known_that_day(base: Database) -> None:
    def on(day: date) -> list[str]:
        return [one.measurement for one in bulk.current_values(base, day, "contract1")]

    assert on(date(2025, 6, 29)) == []
    assert on(date(2025, 6, 30)) == ["m1"]
    assert on(date(2025, 12, 30)) == ["m1"]
    assert on(date(2026, 1, 1)) == ["m2"]
    assert bulk.current_values(base, date(2026, 1, 1), "elsewhere") == ()


def test_a_full_disk_leaves_the_act_unsaved_and_the_base_whole(base: Database) -> None:
    with base.guard.everything():
        pages = base.connection.execute("PRAGMA page_count").fetchone()[0]
        base.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(UserError, match="disque est plein"):
        put_too_much(base)
    with base.guard.everything():
        base.connection.execute("PRAGMA max_page_count = 1000000")
    assert maintenance.check(base) == []
    assert len(base.dossier("contract1").measurements) == 2
    with base.unit("De nouveau") as unit:
        unit.put(replace(MEASUREMENT, value=Decimal(29)))
    assert value_of(base) == 29


@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
def test_a_disk_that_refuses_to_grow_leaves_the_act_unsaved(base: Database, path: Path) -> None:
    import signal

    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, before[1]))
    try:
        with pytest.raises(UserError, match="rien n’a été enregistré"):
            put_too_much(base)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    assert maintenance.check(base) == []
    assert len(base.dossier("contract1").measurements) == 2


KILLED = """
import os, signal, sys
from msgspec.structs import replace
from decimal import Decimal
from pathlib import Path
from qpvdesk.storage import opening
from tests.unit.storage.samples import MEASUREMENT
base = opening.open_base(Path(sys.argv[1]))
stop = int(sys.argv[2])
count = 0
def step(*arguments):
    global count
    count += 1
    if count == stop:
        os.kill(os.getpid(), signal.SIGKILL)
    return 0
for number in range(3):
    if number == 1:
        base.connection.set_progress_handler(step, 40)
    with base.unit(f"Relevé {number}") as unit:
        for part in range(2):
            unit.put(replace(MEASUREMENT, key=f"k{number}-{part}", value=Decimal(number)))
    print(number, flush=True)
print("whole", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("stop", [1, 3, 6, 10, 15, 21, 28, 36])
def test_a_killed_process_loses_nothing_acknowledged_and_leaves_no_half_act(path: Path, stop: int) -> None:
    samples.new_base(path).close()
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(stop)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (-9, 0), done.stderr
    with opening.open_base(path, read_only=True) as base:
        pass
    with opening.open_base(path) as base:
        assert maintenance.check(base) == []
        kept = {one.key for one in base.dossier("contract1").measurements} - {"m1", "m2"}
    for number in range(3):
        parts = {f"k{number}-0", f"k{number}-1"} & kept
        assert len(parts) in (0, 2)
        if f"{number}\n" in done.stdout:
            assert len(parts) == 2
