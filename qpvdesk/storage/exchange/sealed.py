"""Sealed packages, in two documented forms that other tools read: for the keys of colleagues, or under a passphrase.

For keys, an age file (https://age-encryption.org/v1, X25519): any of those it was sealed for opens it, with `age` too.
Under a passphrase, a SQLCipher 4 file of one table, which any tool that speaks SQLCipher opens with it:

    CREATE TABLE paquet (contenu BLOB NOT NULL)    -- the package, as it is where it is not sealed

There the key is derived by SQLCipher itself (PBKDF2-HMAC-SHA512, 256 000 rounds, a salt of the file's own): age's own
passphrases take a second and half a gigabyte at each look at a shared folder. Both authenticate what they hold: who
cannot open it can neither read nor alter it.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Collection
from enum import Enum, auto
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.storage.care.sealing import check_passphrase
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import refusal

_AGE = b"age-encryption.org/v1\n"
_OTHERS = (b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"%PDF", b"\xd0\xcf\x11\xe0")
"""How files of other programs begin that an officer may have taken for a package."""
_TEXT = frozenset({*range(32, 127), *b"\r\n\t"})
_TABLE = "CREATE TABLE paquet (contenu BLOB NOT NULL)"
_PAGE_BYTES, _SALT_BYTES = 4096, 16
_SECONDS, _STEPS = 20, 10_000
"""For how long a sealed package is read, and after how many steps of SQLite that is looked at."""
_BYTES_MAX = 200_000_000


class SealForm(Enum):
    """How a package is sealed: not at all, for the keys of colleagues, under a passphrase."""

    CLEAR = auto()
    KEYS = auto()
    PHRASE = auto()


class SealedPackageError(UserError):
    """A package is under a passphrase that was not given, or is not the right one."""

    def __init__(self, path: Path, *, given: bool) -> None:
        super().__init__(
            f"Cette phrase n’ouvre pas le paquet «\u202f{path.name}\u202f», ou ce fichier n’en est pas un."
            if given
            else f"Le paquet «\u202f{path.name}\u202f» est scellé par une phrase secrète, ou n’est pas un paquet.",
            "Vérifiez avec votre collègue la phrase qu’il vous a dite, majuscules comprises."
            if given
            else "Donnez la phrase que votre collègue vous a dite.",
            shell="Par la variable QPVDESK_PHRASE_PAQUET.",
        )


def seal(content: bytes, passphrase: str) -> bytes:
    """Return a package under a passphrase. Raises `UserError` for one that is too short, `OSError`."""
    check_passphrase(passphrase)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paquet"
        with contextlib.closing(_opened(path, passphrase)) as connection:
            # Nothing of it may lie in clear beside the file.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(_TABLE)
            connection.execute("INSERT INTO paquet VALUES (?)", (content,))
        return path.read_bytes()


def seal_for(content: bytes, keys: Collection[str]) -> bytes:
    """Return a package that the owners of these keys alone open."""
    import pyrage  # noqa: PLC0415 - 31 ms, a package sealed for keys alone needs it

    return pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key) for key in sorted(keys)])


def form(path: Path) -> SealForm:
    """Tell in which form a package is, by its first bytes and its length; `CLEAR` for whatever else is no sealed package.

    Raises `OSError`.
    """
    # What is no plain file (a pipe, a device) may never end: it is not opened.
    if not path.is_file():
        return SealForm.CLEAR
    with path.open("rb") as file:
        head, size = file.read(len(_AGE)), file.seek(0, os.SEEK_END)
    if head == _AGE:
        return SealForm.KEYS
    # It begins with random bytes and holds whole pages: what is text, or empty, is something else.
    salt = head[:_SALT_BYTES]
    random = len(set(salt)) > _SALT_BYTES // 4 and not set(salt) <= _TEXT
    paged = size > 0 and size % _PAGE_BYTES == 0
    return SealForm.PHRASE if paged and random and not salt.startswith(_OTHERS) else SealForm.CLEAR


def unsealed(path: Path, secret: str) -> bytes | None:
    """Return what a sealed package holds, in the bounded process; None where the passphrase is not the right one.

    `secret`: the passphrase, or the officer's own key; empty where they have none. Whoever sealed it may have given it any
    schema: nothing but the one documented table is read. Raises `UserError` for what is sealed for others or is no package,
    `OSError`.
    """
    if form(path) is SealForm.KEYS:
        return _opened_with(path, secret)
    last = time.monotonic() + _SECONDS
    with contextlib.closing(_opened(path, secret, mode="ro&immutable=1")) as connection:
        connection.set_progress_handler(lambda: time.monotonic() > last, _STEPS)
        try:
            schema = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchmany(2)
        except sqlite3.Error:
            return None
        try:
            if schema != [("table", "paquet", _TABLE)]:
                raise ValueError("another schema")
            ((kind, length),) = connection.execute(
                "SELECT typeof(contenu), length(contenu) FROM paquet LIMIT 2"
            ).fetchall()
            if kind != "blob" or length > _BYTES_MAX:
                raise ValueError("another content")
            ((content,),) = connection.execute("SELECT contenu FROM paquet").fetchall()
        except (sqlite3.Error, ValueError) as error:
            raise refusal(path.name) from error
        return bytes(content)


def _opened_with(path: Path, key: str) -> bytes:
    import pyrage  # noqa: PLC0415 - 31 ms, a package sealed for keys alone needs it

    for_others = UserError(
        f"Le paquet «\u202f{path.name}\u202f» est scellé pour d’autres clés que la vôtre, ou il a été abîmé en chemin.",
        "Envoyez d’abord un paquet à votre collègue\u202f: il porte votre clé, pour laquelle il pourra sceller le sien.",
    )
    if not key:
        raise for_others
    try:
        return pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(key)])
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise for_others from error


def _opened(path: Path, passphrase: str, *, mode: str = "rwc") -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    quoted = passphrase.strip().replace("'", "''")
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = '{quoted}'")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection
