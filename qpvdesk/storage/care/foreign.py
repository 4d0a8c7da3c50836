"""What a base does by itself: our triggers alone, and no view. A file from elsewhere may bear others.

The door of a base looks at their names, which costs nothing; before the first thing is written, what they do is looked
at too: until then none of them acts.
"""

from __future__ import annotations

import contextlib
import functools
import re
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import migrations, search
from qpvdesk.storage.engine import sqlite3

_OF_THE_SEARCH = re.compile(r"search_[a-z_]+_(added|changed|removed)")
_OURS_DIGEST = "d99421bff5bae59d916cebd41e8a6eea64240bd94b86ea282037502534c0e68b"
"""Of what ours do, those of the search left out: a migration that changes them says another."""
_SPEAKING = "SELECT type, name, sql FROM sqlite_schema WHERE type NOT IN ('table', 'index')"


class ActingError(UserError):
    """A base would act by itself on what is written into it."""

    def __init__(self, path: Path, names: str) -> None:
        super().__init__(
            f"La base «\u202f{path.name}\u202f» agirait d’elle-même sur vos données ({names})\u202f: elle n’a"
            " pas été faite par qpvdesk, ou a été modifiée. Rien n’y a été enregistré.",
            "Demandez à qui vous l’a donnée un paquet fait sur son poste, ou restaurez une sauvegarde.",
        )


def make_inert(connection: sqlite3.Connection, path: Path) -> None:
    """Have nothing but ours act on what is written next (inside a transaction, the door wide open).

    Raises `ActingError` where a trigger bears the name of one of ours and does something else. Those of the search, which
    are derived as it is, are made anew.
    """
    speaking = _speaking(connection)
    ours = sorted(found for found in speaking if found[1] in migrations.OURS)
    if durable.sha256(repr(ours).encode()) != _OURS_DIGEST:
        raise ActingError(path, ", ".join(name for _, name, _ in ours))
    if {declared for _, name, declared in speaking if name not in migrations.OURS} != _of_the_search():
        search.make(connection)


def foreign(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the triggers and views of a base that no release of its version makes.

    Those of the search are made anew with each form of the tables: of an older form, their names alone are known.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        fresh.execute("BEGIN")
        migrations.apply(fresh, None if version == migrations.version() else version)
        ours = _speaking(fresh)
    others = _speaking(connection) - ours
    if version < migrations.version():
        others = {one for one in others if one[0] != "trigger" or not _OF_THE_SEARCH.fullmatch(one[1])}
    return sorted(name for _, name, _ in others)


def unreadable(connection: sqlite3.Connection) -> bool:
    """Tell whether a text of a base is none: what is read of it later would fail."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    try:
        for (name,) in tables:
            for _ in connection.execute(f'SELECT * FROM "{name}"'):
                pass
    except sqlite3.OperationalError:
        return True
    return False


def _speaking(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    rows = connection.execute(_SPEAKING).fetchall()
    return {(kind, name, _plain(declared)) for kind, name, declared in rows}


@functools.cache
def _of_the_search() -> set[str]:
    return set(map(_plain, search.triggers()))


def _plain(declared: str | None) -> str:
    return " ".join((declared or "").split())
