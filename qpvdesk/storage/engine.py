"""The one SQLite of the program: SQLCipher's, for bases in clear and for those under a passphrase alike.

Two SQLite libraries must never meet on one file in one process: closing it in one drops the other's locks. It speaks
as the standard library's module does, whose types stand for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlcipher3 import dbapi2 as sqlite3

SQLITE = sqlite3.sqlite_version
"""The version of SQLite that the program runs on."""
# https://www.sqlite.org/rescode.html
_WORDS = {
    "database or disk is full": 13,
    "disk I/O error": 10,
    "attempt to write a readonly database": 8,
    "access permission denied": 3,
    "unable to open database file": 14,
    "database is locked": 5,
    "database disk image is malformed": 11,
    "file is not a database": 26,
}


def code_of(error: BaseException) -> int:
    """Return SQLite's primary code for an error (`SQLITE_FULL`…), 0 where SQLite did not raise it.

    What a backup raises carries its words alone: they are as fixed as the codes.
    """
    if not isinstance(error, sqlite3.Error):
        return 0
    words = str(error)
    if words.startswith("Could not decode to UTF-8"):
        # The driver's, and no code: a text is none.
        return sqlite3.SQLITE_CORRUPT
    code = int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    # What a function of SQL raises, as the one that seals a base, has the code of any error.
    return code if code > sqlite3.SQLITE_ERROR else _WORDS.get(words, code)


__all__ = ["SQLITE", "code_of", "sqlite3"]
