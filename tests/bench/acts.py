"""Lines 4 to 6 and 14b to 16: what the base costs, and whether an act costs what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.model import Aggregation, Sens
from qpvdesk.domain.situation import situation
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import imports
from qpvdesk.storage import history, opening
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import Identity
from tests.bench.bases import FEW, MANY, Bases, bare_rows, day_after, put_bare, quickened, take_in
from tests.bench.measure import Cost, Line, Pair, median, of_pairs, paired, spent
from tests.bench.synthetic import DEPARTEMENT, FRANCE, ONE_CONTRACT, Size, dossier, dossiers
from tests.helpers import bulk
from tests.helpers.previewing import preview

DAY = date(2026, 9, 30)
IMPORTED = 100_000
_SQLITE = f"SQLite {sqlite3.sqlite_version}"


def base_lines(bases: Bases, *, large: bool) -> Iterator[object]:
    """Yield lines 4 to 6, on the base of a département, and on that of the whole country where it is asked for."""
    for size in (ONE_CONTRACT, DEPARTEMENT, *([FRANCE] if large else [])):
        yield _load(bases, size)
    for size in (DEPARTEMENT, *([FRANCE] if large else [])):
        yield from _questions(bases, size)


def _load(bases: Bases, size: Size) -> Line:
    """Contracts taken in by acts, with index, latest values and journal, against the same rows put bare."""
    made = list(dossiers(size)) if size is ONE_CONTRACT else None

    def ours(name: str) -> None:
        with opening.create(bases.new(name)) as base, quickened(base):
            take_in(base, made or dossiers(size))

    runs = 3 if size is ONE_CONTRACT else 1
    pairs: list[tuple[Cost, Cost]] = []
    for run in range(runs):
        # The last is the base that the other lines ask, unless one of them made it already.
        name = f"{size.name} {run}"
        if run == runs - 1 and not (bases.folder / size.name).exists():
            name = size.name
        without = Cost(0, 0) if made else spent(lambda: [None for _ in dossiers(size)])
        mine = spent(lambda name=name: ours(name))  # type: ignore[misc]
        rows = bare_rows(bases.new(name))
        theirs = spent(lambda rows=rows: put_bare(bases.folder / "bare.db", rows))  # type: ignore[misc]
        pairs.append((Cost(mine.processor - without.processor, mine.wall - without.wall), theirs))
    figures, operations = len(rows["measurement"]), len(rows["operation"])
    return Line(
        "6",
        f"bulk load by acts, {size.name} ({figures:,} figures, {operations:,} operations)",
        f"executemany of the same rows, text key, covering index, {_SQLITE}",
        of_pairs(pairs),
        1.5,
    )


def _questions(bases: Bases, size: Size) -> Iterator[Line]:
    small, large = bases.of(ONE_CONTRACT), bases.of(size)
    with opening.open_base(large, read_only=True) as base, opening.open_base(small, read_only=True) as other:
        scan = "SELECT count(*), max(value) FROM measurement INDEXED BY measurement_series"
        yield Line(
            "4",
            f"latest values of the whole base, {size.name}",
            f"covering scan, {_SQLITE}",
            paired(lambda: bulk.current_rows(base), lambda: base.connection.execute(scan).fetchall()),
            0.3,
        )
        here, there = base.contracts()[0].key, other.contracts()[0].key
        yield Line(
            "5",
            f"one contract's situation in {size.name}",
            "the same contract in a base of its own",
            paired(lambda: situation(base.dossier(here), DAY), lambda: situation(other.dossier(there), DAY)),
            1.2,
        )


def journal_lines(bases: Bases) -> Iterator[object]:
    """Yield lines 14b and 16: young journal against old, each act on its own day."""
    young, old = bases.lived_in(ONE_CONTRACT, FEW), bases.lived_in(ONE_CONTRACT, MANY)
    # Two copies of one base, each under its own officer: one officer would take the younger for an older state.
    with (
        opening.open_base(old, identity=Identity(old.parent / "identite")) as late,
        opening.open_base(young, identity=Identity(young.parent / "identite")) as early,
    ):
        after, before = _recording(late), _recording(early)
        yield Line(
            "14b",
            f"a figure recorded after {MANY:,} acts",
            f"after {FEW}",
            paired(after, before, runs=9, warmup=3, times=5),
            1.2,
        )
        yield Line(
            "16",
            f"page of the history at {MANY:,} acts",
            f"at {FEW}",
            paired(_history(late), _history(early), runs=9, times=5),
            1.1,
        )
    yield Line("16", "open", f"at {FEW}", paired(_opened(bases, old), _opened(bases, young), times=5), 1.1)
    yield Line(
        "16",
        "open, first undo and redo",
        f"at {FEW}",
        paired(_undone(bases, old), _undone(bases, young), times=3),
        1.1,
    )


def _recording(base: Database) -> Callable[[], object]:
    desk = Desk(base, today=lambda: date(2027, 12, 31))
    contract = desk.contracts()[0].code
    key = next(item.key for item in desk.situation(contract, DAY).objectives if item.sens is Sens.HAUSSE)
    turns = count()

    def record() -> None:
        number = next(turns)
        entry = measurements.Entry(
            objective=key, day=day_after(number), value=Decimal(10_000 + number), comment="bench"
        )
        measurements.record(desk, contract, entry)
        assert desk.base.stacks.undo_label

    return record


def _history(base: Database) -> Callable[[], object]:
    return lambda: history.HistoryReader(base.connection).entries(None, 200)


def _opened(bases: Bases, path: Path) -> Callable[[], object]:
    def run() -> None:
        bases.sit_at(path)
        with opening.open_base(path) as base:
            assert not base.authors.missing()

    return run


def _undone(bases: Bases, path: Path) -> Callable[[], object]:
    def run() -> None:
        bases.sit_at(path)
        with opening.open_base(path) as base:
            assert base.undo() is not None
            assert base.redo() is not None

    return run


def import_lines(bases: Bases) -> Iterator[object]:
    """Yield line 15: a csv of 100 000 values, previewed and written, against the bare rows that it writes."""
    empty = replace(dossier(0, 300, 0), measurements=())
    asked = [
        item
        for item in empty.objectives
        if item.sens is Sens.HAUSSE and item.aggregation is Aggregation.AUCUN
    ]
    each = -(-IMPORTED // len(asked))
    text = ["Code;Date;Valeur"]
    for at in range(IMPORTED):
        day = date(2026, 1, 1) - timedelta(days=at % each)
        objective = asked[at // each]
        # Near its start: a figure that would be doubted is not written unasked.
        text.append(f"{objective.code};{day:%d/%m/%Y};{int(objective.start_value or 12) + at % 5}")
    path = bases.new("import")
    returned = bases.folder / "retour.csv"
    returned.write_text("\n".join(text), encoding="utf-8")
    with opening.create(path) as base:
        take_in(base, [empty])
        desk = Desk(base, today=lambda: DAY)
        plans: list[imports.Plan] = []
        seen = spent(lambda: plans.append(preview(desk, empty.contract.code, returned)))
        kept = spent(lambda: imports.apply(desk, plans[0]))
        last = "act = (SELECT max(id) FROM act)"
        rows = {
            "measurement": base.connection.execute("SELECT * FROM measurement").fetchall(),
            "operation": base.connection.execute(f"SELECT * FROM operation WHERE {last}").fetchall(),
        }
    theirs = median([spent(lambda: put_bare(bases.folder / "bare.db", rows)) for _ in range(3)])
    yardstick = (
        f"executemany of its {sum(map(len, rows.values())):,} rows, text key, covering index, {_SQLITE}"
    )
    ours = seen + kept
    yield Line(
        "15",
        f"csv of {len(rows['measurement']):,} values, previewed and written",
        yardstick,
        Pair(ours, theirs, ours.processor / theirs.processor),
        2.5,
    )
    yield Line("", "  of which previewed", yardstick, Pair(seen, theirs, seen.processor / theirs.processor))
