"""The bases of the bench, with their journal as an officer's life makes it: everything in them was written by acts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from qpvdesk.domain.model import Dossier, Measurement
from qpvdesk.storage import opening
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import TABLES
from tests.bench.measure import process
from tests.bench.synthetic import START, Size, dossiers

FEW, MANY = 100, 40_000
"""Acts of a young journal and of an old one."""


class Bases:
    """The bases of one run, each made when it is first asked for, each in the folder of an officer of its own.

    A copy of a base under the same officer would be an older state of it, which the program refuses to open unasked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sit_at(self, path: Path) -> Path:
        """Be the officer of a base, in this process and those it starts."""
        os.environ["QPVDESK_DOSSIER"] = str(path.parent)
        return path

    def of(self, size: Size) -> Path:
        """Return a base of that size, whose contracts were taken in by one act each."""
        path = self.new(size.name)
        if not path.exists():
            with opening.create(path) as base, quickened(base):
                take_in(base, dossiers(size))
        return path

    def new(self, name: str) -> Path:
        """Return where a base of that name is to be, and be its officer."""
        path = self.folder / name / "base.db"
        path.parent.mkdir(exist_ok=True)
        return self.sit_at(path)

    def copy(self, path: Path, name: str) -> Path:
        """Return a copy of a closed base, with its officer."""
        target = self.folder / name / path.name
        if not target.parent.exists():
            shutil.copytree(path.parent, target.parent)
        return self.sit_at(target)

    def visited(self, path: Path) -> Path:
        """Look at a base in a window, whole, and close it: it keeps what a next window shows first."""
        process(["-m", "tests.helpers.first_paint", str(self.sit_at(path)), "visit"])()
        return path

    def lived_in(self, size: Size, acts: int) -> Path:
        """Return a base of that size in whose journal are so many further acts: figures of its first series, corrected."""
        name = f"{size.name}, {acts} actes"
        if (self.folder / name).exists():
            return self.new(name)
        path = self.copy(self.of(size), name)
        with opening.open_base(path) as base, quickened(base):
            correct(base, acts)
        return path


@contextmanager
def quickened(base: Database) -> Iterator[None]:
    """Flush nothing, and remember the chain once, while a base is made: that is no part of what is measured."""
    keep = base.authors.keep
    with base.guard.everything():
        base.connection.execute("PRAGMA synchronous = OFF")
        base.connection.execute("PRAGMA journal_mode = MEMORY")
    base.authors.keep = lambda: None  # type: ignore[method-assign]
    yield
    base.authors.keep = keep  # type: ignore[method-assign]
    with base.writing():
        base.authors.own()


def take_in(base: Database, made: Iterable[Dossier]) -> None:
    """Write contracts by acts, one each."""
    for dossier in made:
        with base.unit(f"Contrat {dossier.contract.code}") as unit:
            unit.put(dossier.contract)
            for table in TABLES[1:]:
                unit.put_all(getattr(dossier, table.dossier))


def correct(base: Database, acts: int) -> None:
    """Do so many acts, each of which corrects one figure among a hundred, in turn."""
    first = base.contracts()[0]
    figures = list(base.dossier(first.key).measurements[:100])
    for number in range(acts):
        at = number % len(figures)
        figures[at] = corrected(figures[at], number)
        with base.unit(f"Correction {number}") as unit:
            unit.put(figures[at])


def corrected(figure: Measurement, number: int) -> Measurement:
    """Return the figure with another value."""
    return Measurement(
        figure.key,
        figure.objective,
        figure.territory,
        figure.day,
        Decimal(number % 997) + 1,
        source=figure.source,
    )


def day_after(number: int) -> date:
    """Return a day that no synthetic series has yet."""
    return START + timedelta(days=1001 + number)


def bare_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows that a base holds of its figures and its journal, as they are in its tables."""
    held = sqlite3.connect(path)
    rows = {name: held.execute(f"SELECT * FROM {name}").fetchall() for name in ("measurement", "operation")}
    held.close()
    return rows


def put_bare(path: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    """Put rows into tables of a new file, one `executemany` each: text key, covering index on the figures, no check."""
    path.unlink(missing_ok=True)
    bare = sqlite3.connect(path)
    bare.execute("PRAGMA synchronous = OFF")
    bare.execute(f"CREATE TABLE measurement (c0 TEXT PRIMARY KEY, {_columns(1, 14)})")
    bare.execute("CREATE INDEX series ON measurement (c1, c2, c3, c0, c4)")
    bare.execute(f"CREATE TABLE operation (c0 INTEGER PRIMARY KEY, {_columns(1, 11)})")
    for name, some in rows.items():
        if some:
            bare.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(some[0]))})", some)
    bare.commit()
    bare.close()


def _columns(first: int, end: int) -> str:
    return ", ".join(f"c{at}" for at in range(first, end))
