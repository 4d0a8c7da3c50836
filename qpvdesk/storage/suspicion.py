"""What a base from anywhere is not trusted for: what it declares, which a release made or another program changed, and
its pages. A mark beside a base that may be damaged has the next opening read it whole, however large it is.

Nor is the journal that stands beside it trusted. A killed process leaves such a one, and then it is right; a folder that is
half synchronised brings one of another day: once it is rolled back the base is a mixture, and what to set aside is the one
of before.
"""

from __future__ import annotations

import contextlib
import functools
from _blake2 import blake2b  # `hashlib` takes 6 ms on the way to the first paint
from collections.abc import Callable
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.french.typography import printable
from qpvdesk.storage import journal, migrations
from qpvdesk.storage.care import sealing
from qpvdesk.storage.connection import file_of, is_hot, journal_of
from qpvdesk.storage.engine import code_of, sqlite3
from qpvdesk.storage.tables import TABLES

CHECKED_WHOLE_BYTES_MAX = 4 * 1024 * 1024
"""Bases up to this size are checked whole at each opening, some 2.5 ms a megabyte; for larger ones the application
runs `maintenance.quick_check` behind its window, and what it finds makes the next opening check them whole. A starter
contract takes 3 MB; with 9 000 measurements, 9 MB."""

RECOVERING = ".avant-reprise"
"""What ends the name of a base kept as it was before its journal is rolled back."""
MARK = ".a-verifier"
"""What ends the name of the file that says a base is suspected."""
_DECLARED = (
    "SELECT application_id, user_version, CAST(type AS BLOB), CAST(name AS BLOB), CAST(tbl_name AS BLOB),"
    " CAST(sql AS BLOB) FROM pragma_application_id, pragma_user_version LEFT JOIN sqlite_schema"
    " ON (type = 'trigger' AND (name GLOB 'search_*_added' OR name GLOB 'search_*_changed'"
    " OR name GLOB 'search_*_removed') OR type = 'table' AND sql IN"
    " ('CREATE TABLE sqlite_stat1(tbl,idx,stat)', 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)'))"
    " IS NOT TRUE"
)
Form = frozenset[tuple[bytes, ...]]
"""Type, name, table and SQL of all that a base declares, in bytes: a name from elsewhere may be no text."""
_FORMS = {
    1: "4cdc1c46c4f959673a6802497ad34c4d",
    2: "899d31e95cc2ebd91c2bfc76cdc5385f",
    3: "28d40f994183a2dc3a2e9a60af35f692",
    4: "16bd384c0500ed9c42eb8f09dbfdbe5b",
    5: "7e0436c63946236a378fd718ec71f267",
    6: "c13aaa5441ddfa9b16d7c7d9c4654783",
    7: "157fbff542e8ae8da94b95a0a7e510e5",
    8: "14044851e54f98f7040c6278a6ac5086",
    9: "0bb70f08d30d21d819cf8a420ba4dde4",
    10: "bc7cd0f37afb219607c0393812fe9ea4",
    11: "c37a7d9d04c419b872357121960cee14",
    12: "a87b585df10cf18fbf63694d56019bb1",
    13: "676b7423d30fabfd3faea4e30798a887",
    14: "341dfdccdb30b3f11867d877f586e6d9",
    16: "188f4a41091f4a51bfe57617b5585485",
    17: "99e11b051222195404b41653edd25e0f",
    18: "191ecd93052cdf30f88fe5e2ed970d5b",
    22: "718fd7d9653f9d4d14e11e6b2fcdff5d",
}
"""The digest of what the steps declare, from a version on: `test_suspicion` says what to add here. Where a library
declares its own tables in other words, what is declared is itself compared."""
VERSION, APPLICATION = slice(60, 64), slice(68, 72)
"""Where the head of an SQLite file says what PRAGMA user_version and application_id read (sqlite.org/fileformat2.html)."""
_KINDS = {b"table": "table", b"index": "index", b"view": "vue"}
_TOLD_MAX = 5


def mark_of(path: Path) -> Path:
    """Return the file that says a base is suspected."""
    return path.parent / (path.name + MARK)


def suspect(path: Path) -> None:
    """Have the next opening read the whole file."""
    with contextlib.suppress(OSError):
        mark_of(path).touch()


def note_damage(error: sqlite3.Error, path: Path) -> None:
    """Suspect a base where an error tells of damage."""
    if code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        suspect(path)


def is_sound(connection: sqlite3.Connection, path: Path) -> bool:
    """Read a base whole and tell whether it is sound; of a suspected one each text and reference too."""
    try:
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            return False
    except sqlite3.OperationalError as error:
        if code_of(error) != sqlite3.SQLITE_ERROR:
            raise
        # A table of the search says no more how it is kept.
        return False
    if not mark_of(path).exists():
        return True
    return not (unreadable(connection) or has_lost_references(connection))


def has_lost_references(connection: sqlite3.Connection) -> bool:
    """Tell whether rows refer to what is not there: no release leaves such, other programs do not look at it."""
    return connection.execute("PRAGMA foreign_key_check").fetchone() is not None


def unreadable(connection: sqlite3.Connection) -> bool:
    """Tell whether a text of a base is none, or a row holds what no release writes: what is read of it would fail."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    try:
        for (name,) in tables:
            for _ in connection.execute(f'SELECT * FROM "{name}"'):
                pass
        for table in TABLES if version == migrations.version() else ():
            table.entities(connection.execute(table.select("TRUE")))
        for (done_at,) in connection.execute("SELECT done_at FROM act"):
            journal.moment(done_at)
    except sqlite3.DatabaseError:
        return True
    return False


def declared(connection: sqlite3.Connection) -> tuple[int, int, Form]:
    """Return the application and the version that a base says it is of, and what it declares.

    The triggers of the search are left out: they are derived, and made anew before they act (see `search.renew`). So is
    what SQLite itself counts of a base where a program asks it to (`ANALYZE`).
    """
    rows = connection.execute(_DECLARED).fetchall()
    return int(rows[0][0]), int(rows[0][1]), _form(tuple(row[2:] for row in rows))


@functools.lru_cache(maxsize=2)
def _form(rows: tuple[tuple[bytes | None, ...], ...]) -> Form:
    """Return what rows declare, however it is spaced: a base, its backups and its copies declare the same."""
    return frozenset(tuple(b" ".join((value or b"").split()) for value in row) for row in rows)


def differing(version: int, form: Form) -> str:
    """Return, in French, what a base declares otherwise than a release of its version; empty where nothing."""
    known = max((since for since in _FORMS if since <= version), default=0)
    if _FORMS.get(known) == digest(form):
        return ""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        fresh.execute("BEGIN")
        migrations.apply(fresh, None if version == migrations.version() else version)
        others = declared(fresh)[2] ^ form
    tables = {name for kind, name, *_ in others if kind != b"index"}
    named = sorted(
        {
            f"{_KINDS.get(kind, 'déclencheur')} {printable(name.decode(errors='replace'))}"
            for kind, name, table, _ in others
            # The indexes of a table go with it.
            if kind != b"index" or table not in tables
        }
    )
    return ", ".join(named[:_TOLD_MAX]) + ("…" if len(named) > _TOLD_MAX else "")


def is_as_made(connection: sqlite3.Connection) -> bool:
    """Tell whether a base declares what a release of its version does: else nothing of it is read, nor checked."""
    return not differing(*declared(connection)[1:])


def is_of_today(path: Path) -> bool:
    """Tell whether a file may be written and says at its head that it is a base of ours, of this version.

    Its first bytes say so: the base of another application stays as it is, and no table is read.
    """
    start = sealing.start_of(path, APPLICATION.stop)
    header = tuple(int.from_bytes(start[place], "big") for place in (APPLICATION, VERSION))
    return header == (migrations.APPLICATION_ID, migrations.version())


@functools.lru_cache(maxsize=2)
def digest(form: Form) -> str:
    """Return the digest of what a base declares."""
    return blake2b(repr(sorted(form)).encode(), digest_size=16).hexdigest()


def before_of(path: Path) -> Path:
    """Return where a base is kept as it was, its journal beside, until it was found sound."""
    file = file_of(path)
    return file.parent / (file.name + RECOVERING)


def keep_before(path: Path) -> None:
    """Copy a base and its journal, where there is one, before whoever opens it rolls it back; have it checked whole.

    Where the folder has no room nothing is copied: what a killed process left is rolled back all the same.
    """
    if not is_hot(path):
        return
    suspect(path)
    before, hot = before_of(path), journal_of(path)
    with contextlib.suppress(OSError):
        # A recovery that was itself cut short has changed the base since: its first copy is the right one.
        if not (
            before.is_file() and journal_of(before).is_file() and _have_same_bytes(hot, journal_of(before))
        ):
            durable.copy(path, before)
            durable.copy(hot, journal_of(before))


def forget(path: Path) -> None:
    """Remove what was kept of a base as it was. Raises `OSError`."""
    before = before_of(path)
    for left in (journal_of(before), before):
        left.unlink(missing_ok=True)


def trust(path: Path) -> None:
    """Suspect no more a base that was found sound, and keep nothing of before; where that is held, the next opening tries.

    The mark goes last: a copy that stayed without it would be set aside for the base itself at its next damage.
    """
    with contextlib.suppress(OSError):
        forget(path)
        mark_of(path).unlink()


def quarantined(path: Path, set_aside: Callable[[Path, Path | None], Path]) -> Path | None:
    """Set a copy of a damaged base aside, as it was before its journal was rolled back; None where it cannot be.

    `set_aside`: see `rescue`.
    """
    before = before_of(path)
    with contextlib.suppress(OSError):
        if not before.is_file():
            return set_aside(path, None)
        aside = set_aside(path, before)
        forget(path)
        return aside
    return None


def _have_same_bytes(file: Path, other: Path) -> bool:
    return durable.sha256_of(file) == durable.sha256_of(other)
