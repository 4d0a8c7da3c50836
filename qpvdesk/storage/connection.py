"""The connection to a base, and the guard that keeps every write inside a unit of work.

sqlite3 commits behind one's back in several places (`executescript`, `with connection`, `commit`). Here SQLite
itself asks the guard before it compiles each statement: only the guard begins and ends a transaction, rows
change only inside one, the journal is never rewritten and the schema stays as it is.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.storage.care import sealing
from qpvdesk.storage.engine import code_of, sqlite3

_HEADER_BYTES = 16
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_SUPER_BYTES = 16
"""What follows the name of a super-journal: its length, its sum and the magic number of a journal."""
_READING = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_WRITING = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_REWRITING = frozenset({sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_APPEND_ONLY = frozenset({"operation", "act", "author", "chain", "withheld"})
_QUESTIONS = frozenset(
    {"quick_check", "integrity_check", "foreign_key_check", "table_info", "table_xinfo", "index_list"}
)
_ASKED_BARE = frozenset(
    {
        "application_id", "user_version", "journal_mode", "synchronous", "foreign_keys", "trusted_schema",
        "page_count", "page_size", "freelist_count", "query_only", "schema_version", "data_version",
        "cipher_integrity_check",
    }
)  # fmt: skip


class WriteGuard:
    """What SQLite may do at the moment: read and nothing else, but inside a transaction that the guard began."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._turning = False
        self._writing = False
        self._open = False
        connection.set_authorizer(self._asked)

    @property
    def writing(self) -> bool:
        return self._writing

    def _asked(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if self._open or action in _READING:
            return sqlite3.SQLITE_OK
        if action in _WRITING:
            allowed = self._writing and not (action in _REWRITING and first in _APPEND_ONLY)
        elif action in (sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT):
            allowed = self._turning
        elif action == sqlite3.SQLITE_PRAGMA:
            allowed = first in _QUESTIONS or (second is None and first in _ASKED_BARE)
        else:
            allowed = False
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    def _turn(self, statement: str) -> None:
        self._turning = True
        try:
            self._connection.execute(statement)
        finally:
            self._turning = False

    def begin(self) -> None:
        """Open a transaction for writing. Rows may come in any order: references are checked at the end."""
        self._turn("BEGIN IMMEDIATE")
        self._writing = True
        with self.everything():
            self._connection.execute("PRAGMA defer_foreign_keys = ON")

    def commit(self) -> None:
        """Keep the transaction. Raises what SQLite raises; the transaction is then still open."""
        self._turn("COMMIT")
        self._writing = False

    def rollback(self) -> None:
        """Forget the transaction, if SQLite has not done so already."""
        try:
            if self._connection.in_transaction:
                self._turn("ROLLBACK")
        finally:
            self._writing = False

    @contextlib.contextmanager
    def everything(self) -> Iterator[None]:
        """Allow everything: for the pragmas, the migrations and the bulk load of this package alone."""
        before = self._open
        self._open = True
        try:
            yield
        finally:
            self._open = before


def uri(path: Path, mode: str) -> str:
    """Return the address of a base for SQLite, whatever its path holds (`?`, `%`, apostrophes, accents)."""
    address = path.absolute().as_uri()
    if not address.startswith("file:///"):
        # A Windows share: SQLite takes the server for a part of the path.
        address = "file:////" + address.removeprefix("file://")
    return f"{address}?mode={mode}"


def connect(path: Path, mode: str, *, timeout: float = 5.0, like: Path | None = None) -> sqlite3.Connection:
    """Open a file with SQLite and nothing more. `mode` is `ro` or `rw`: never one that makes a file.

    A file that is still empty is sealed as the base `like` is. Raises `sealing.SealedError` where the base is under
    a passphrase that was not given yet, `BesideError` where SQLite would follow what came beside the file.
    """
    check_beside(path)
    header = sealing.header_of(path, like)
    key = sealing.key_of(path, header)
    connection = sqlite3.connect(
        uri(path, mode),
        uri=True,
        isolation_level=None,
        cached_statements=0,
        timeout=timeout,
        factory=_Connection,
    )
    connection.hold(path, header)
    if key is not None:
        # It would tell each damaged page to the standard error, in English.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f'PRAGMA key = "{key.spoken}"')
    return connection


class _UntoldError(sqlite3.DatabaseError):
    """SQLite quotes what it cannot read of a damaged base, whose bytes are no text."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


class _Connection(sqlite3.Connection):
    """Says, as long as it is open, what its file begins with."""

    _path: Path | None = None

    def hold(self, path: Path, header: bytes) -> None:
        self._path = path
        sealing.hold(path, header)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*arguments)
        except UnicodeDecodeError as error:
            raise _UntoldError(f"what SQLite says of the base is no text: {error}") from error

    def close(self) -> None:
        super().close()
        path, self._path = self._path, None
        if path is not None:
            sealing.release(path)


def prepare(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """Set the pragmas of every connection. Raises `sqlite3.Error` where the file is no base."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    else:
        # Never WAL: people copy the file alone. EXTRA: no acknowledged row was lost to a power cut.
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        connection.execute("PRAGMA synchronous = EXTRA")
        if sys.platform == "darwin":
            # A flush stops at the cache of the disk without it.
            connection.execute("PRAGMA fullfsync = ON")


def prepared(path: Path, mode: str) -> sqlite3.Connection:
    """Open a base and set its pragmas; see `connect` and `prepare`."""
    connection = connect(path, mode)
    try:
        prepare(connection, read_only=mode == "ro")
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def one_reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold a file still, unless a transaction does: whoever writes waits to make it longer, shorter or other."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def begins(connection: sqlite3.Connection, *, tried: bool) -> bool:
    """Begin to write, and tell whether that can be: what an ACL forbids is not seen otherwise.

    `tried`: the file was opened for writing just before.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        if not tried:
            # SQLite begins to read where the file cannot be written, and says so at the first row alone.
            connection.execute("DELETE FROM meta WHERE FALSE")
    except sqlite3.Error as error:
        if code_of(error) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            return False
        raise
    return True


def close_whole(connection: sqlite3.Connection) -> None:
    """Close a connection that could write, leaving one single file: what people copy is then all there is."""
    with contextlib.suppress(sqlite3.Error):
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def file_of(path: Path) -> Path:
    """Return the file of a base, whatever link leads to it: what takes its place takes that of the file."""
    return path.resolve() if path.is_symlink() else path


def journal_of(path: Path) -> Path:
    """Return the file that SQLite keeps beside a base, not beside a link to it, while it writes."""
    file = file_of(path)
    return file.parent / (file.name + "-journal")


BESIDE = ("-journal", "-wal", "-shm")
"""What ends the names of the files that SQLite keeps beside a base."""


class BesideError(UserError):
    """What stands in the place of SQLite's own files beside a base is none that a release leaves: nothing was opened."""

    def __init__(
        self, beside: Path, fault: str, remedy: str = "Déplacez-le ailleurs, puis rouvrez la base."
    ) -> None:
        super().__init__(
            f"«\u202f{beside.name}\u202f», à côté de la base, {fault}\u202f: rien n’a été ouvert ni changé.",
            remedy,
        )


UNREADABLE = (sqlite3.Error, sealing.SealedError, BesideError)
"""What keeps a copy of a base from being read."""


def check_beside(path: Path) -> None:
    """Raise `BesideError` where what stands in the place of SQLite's own files is none: it would wait for ever for what a
    pipe holds, say of a folder that the disk refuses it, and write in whatever file a journal is a name of."""
    file = file_of(path)
    for end in BESIDE:
        beside = file.parent / (file.name + end)
        try:
            found = beside.lstat()
        except OSError:
            continue
        if not stat.S_ISREG(found.st_mode):
            raise BesideError(beside, "n’est pas un fichier ordinaire")
        if found.st_nlink > 1:
            raise BesideError(
                beside,
                "porte aussi un autre nom (lien physique)",
                "Copiez la base et ce fichier ensemble dans un autre dossier, puis ouvrez la copie.",
            )
        if end == "-journal" and found.st_size and _names_another(beside):
            raise BesideError(beside, "désigne un autre fichier, qu’une ouverture pourrait effacer")


def _names_another(journal: Path) -> bool:
    """Tell whether a journal ends by naming the journal of a transaction over several bases (sqlite.org/fileformat.html,
    « The Super-Journal »): none of ours is, and SQLite removes the file, or undoes nothing where it is not there."""
    with contextlib.suppress(OSError), journal.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _SUPER_BYTES))
        length, _, magic = file.read(4), file.read(4), file.read()
        return magic == _JOURNAL_MAGIC and 0 < int.from_bytes(length, "big") <= size - _SUPER_BYTES
    return False


def is_hot(path: Path) -> bool:
    """Tell whether a process that wrote in a base was killed: what it had begun stands beside."""
    try:
        return journal_of(path).stat().st_size > 0
    except OSError:
        return False


def is_blank(path: Path) -> bool:
    """Tell whether nothing says that a file is SQLite's: the first page of a new base was never written."""
    with path.open("rb") as file:
        return not any(file.read(_HEADER_BYTES))
