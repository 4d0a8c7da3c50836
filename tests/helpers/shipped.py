"""The contract that is shipped, read once a process and written once into a base, which others are copied from.

It is half a second of TOML, and a quarter of a second of triggers, for each base that begins with it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from qpvdesk import paths
from qpvdesk.domain.change import Change
from qpvdesk.domain.model import Dossier
from qpvdesk.services.contracts import contract_files, example
from qpvdesk.storage import journal, migrations, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.keys import starter_key

_load, WRITTEN, _STEPS = contract_files.load, starter.import_starter, migrations.STEPS
_of_the_program = functools.cache(lambda folder: _load(folder, key_of=starter_key))
contract = functools.cache(example.contract)
"""Stands for `example.contract`."""


def load(folder: Path, *, key_of: Callable[[str], str]) -> Dossier:
    """Stand for `contract_files.load`: what lies elsewhere, or is to have other keys, is read as ever."""
    if key_of is starter_key and folder.parent == paths.resource("contracts"):
        return _of_the_program(folder)
    return _load(folder, key_of=key_of)


def import_starter(base: Database, dossier: Dossier) -> Change:
    """Stand for `starter.import_starter`: a new base takes a copy of what the same contract made of another.

    Whatever the base, what is written is the same but for the moment of the act: `test_shipped` compares the two.
    """
    if not _is_read_once(dossier) or not _is_new(base):
        return WRITTEN(base, dossier)
    if id(dossier) not in _models:
        change = WRITTEN(base, dossier)
        _models[id(dossier)] = _copy(base), change
        return change
    model, change = _models[id(dossier)]
    own = base.connection.execute("SELECT name, value FROM meta").fetchall()
    try:
        model.backup(base.connection)
    except sqlite3.Error:
        return WRITTEN(base, dossier)
    assert base._standing is not None
    base._standing.note()
    with base.writing() as connection, base.guard.everything():
        connection.executemany("UPDATE meta SET value = ?2 WHERE name = ?1", own)
        connection.execute("UPDATE act SET done_at = ?", (journal.written_moment(base.clock()),))
    return change


_models: dict[int, tuple[sqlite3.Connection, Change]] = {}
"""A base in memory that holds a contract and nothing else, by the number of the contract, which lives as long."""


def _is_read_once(dossier: Dossier) -> bool:
    known = (contract(), *map(_of_the_program, paths.resource("contracts").iterdir()))
    return any(dossier is one for one in known)


def _is_new(base: Database) -> bool:
    if base.read_only or base.guard.writing or migrations.STEPS is not _STEPS:
        return False
    return base.connection.execute("SELECT 1 FROM act UNION ALL SELECT 1 FROM author").fetchone() is None


def _copy(base: Database) -> sqlite3.Connection:
    model = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    base.connection.backup(model)
    return model
