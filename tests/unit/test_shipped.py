"""What the tests take for the contract that is shipped is what the program writes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from qpvdesk import paths
from qpvdesk.services import bases
from qpvdesk.services.contracts import contract_files
from qpvdesk.storage import opening, starter
from qpvdesk.storage.keys import starter_key
from tests.helpers import shipped

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_a_base_that_is_copied_is_the_one_that_is_written(tmp_path: Path) -> None:
    dossier = contract_files.load(paths.resource("contracts/lens-lievin"), key_of=starter_key)
    with opening.create(tmp_path / "ecrite.db", now=NOON, clock=lambda: NOON) as base:
        shipped.WRITTEN(base, dossier)
    for name, moment in (("modele.db", NOON - timedelta(days=1)), ("copie.db", NOON)):
        with opening.create(tmp_path / name, now=moment, clock=partial(_same, moment)) as base:
            starter.import_starter(base, dossier)
    written, copied = _rows(tmp_path / "ecrite.db"), _rows(tmp_path / "copie.db")
    assert written.pop("meta").keys() == copied.pop("meta").keys()
    assert written == copied


def test_each_copy_is_a_base_of_its_own(tmp_path: Path) -> None:
    for number in range(3):
        bases.create(tmp_path / f"{number}.db", "lens-lievin", now=NOON + timedelta(days=number))
    told = [_rows(tmp_path / f"{number}.db")["meta"] for number in range(3)]
    assert len({meta["base"] for meta in told}) == 3
    assert [meta["made_at"] for meta in told] == [
        f"2026-01-0{5 + number}T12:00:00+00:00" for number in range(3)
    ]


def _same(moment: datetime) -> datetime:
    return moment


def _rows(path: Path) -> dict[str, dict[str, object]]:
    """Return the rows of each table by their first column, but those that say when a table was made."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_sqlite%' ESCAPE '\\'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        read = {
            name: {
                row[0]: row[1] if name == "meta" else row
                for row in connection.execute(f'SELECT * FROM "{name}"')
            }
            for (name,) in names
        }
    assert len(read) > 10
    return read
