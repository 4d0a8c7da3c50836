"""The contract that is shipped, read once a process and written once into a base, which others are copied from.

It is half a second of TOML, and a quarter of a second of triggers, for each base that begins with it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from qpvdesk import paths
from qpvdesk.domain.change import Change
from qpvdesk.domain.model import Dossier
from qpvdesk.services.contracts import contract_files, example
from qpvdesk.storage import journal, migrations, opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import sealing
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.keys import starter_key
from tests.unit.storage import samples

_load, WRITTEN, _STEPS = contract_files.load, starter.import_starter, migrations.STEPS
_of_the_program = functools.cache(lambda folder: _load(folder, key_of=starter_key))
_CHANGES, _VALID_FOR = 24, 92
contract = functools.cache(example.contract)
"""Stands for `example.contract`."""


def load(folder: Path, *, key_of: Callable[[str], str]) -> Dossier:
    """Stand for `contract_files.load`: what lies elsewhere, or is to have other keys, is read as ever."""
    if key_of is starter_key and folder.parent == paths.resource("contracts"):
        return _of_the_program(folder)
    return _load(folder, key_of=key_of)


def new_base(path: Path, now: datetime) -> Database:
    """Make a base of the contract that is shipped, and leave it open: nothing of it is checked again."""
    base = opening.create(path, now=now)
    starter.import_starter(base, load(paths.resource("contracts/lens-lievin"), key_of=starter_key))
    return base


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
    if model.form == _form(base.connection) and not sealing.is_sealed(base.path):
        _write_over(base.path, model.content)
    else:
        return WRITTEN(base, dossier)
    assert base._file is not None
    base._file.note()
    with base.writing() as connection, base.guard.everything():
        connection.executemany("UPDATE meta SET value = ?2 WHERE name = ?1", own)
        connection.execute("UPDATE act SET done_at = ?", (journal.written_moment(base.clock()),))
    return change


class _Model(NamedTuple):
    content: bytes
    form: int
    """The number of its tables, which says to a connection to a base of that number that it knows them."""


_kept: list[Dossier] = []


def kept(dossier: Dossier) -> Dossier:
    """Return a contract that lives as long as the process: the bases that begin with it are copied from the first."""
    _kept.append(dossier)
    return dossier


_models: dict[int, tuple[_Model, Change]] = {}
"""The bytes of a base that holds a contract and nothing else, by the number of the contract, which lives as long."""


def _is_read_once(dossier: Dossier) -> bool:
    if dossier is samples.dossier() or any(dossier is one for one in _kept):
        return True
    known = (contract(), *map(_of_the_program, paths.resource("contracts").iterdir()))
    return any(dossier is one for one in known)


def _is_new(base: Database) -> bool:
    if base.read_only or base.guard.writing or migrations.STEPS is not _STEPS:
        return False
    return base.connection.execute("SELECT 1 FROM act UNION ALL SELECT 1 FROM author").fetchone() is None


def _copy(base: Database) -> _Model:
    return _Model(base.path.read_bytes(), _form(base.connection))


def _form(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA schema_version").fetchone()
    return int(number)


def _write_over(path: Path, content: bytes) -> None:
    """Write a base over another of the same tables, of which a connection that is open need not read them again."""
    with path.open("r+b") as file:
        changes = int.from_bytes(file.read(_CHANGES + 4)[_CHANGES:]) + 1
        made = bytearray(content)
        # How often it was changed, and whether the size that it says it has is of that moment.
        for place in (_CHANGES, _VALID_FOR):
            made[place : place + 4] = changes.to_bytes(4)
        file.seek(0)
        file.write(made)
        file.truncate()
