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
import tempfile
from collections.abc import Collection
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.storage.care.sealing import SHORTEST
from qpvdesk.storage.engine import sqlite3

_ZIP, _AGE = b"PK", b"age-encryption.org/v1\n"
_BYTES_MAX = 200_000_000


class SealedPackageError(UserError):
    """A package is under a passphrase that was not given, or is not the right one."""

    def __init__(self, path: Path, *, given: bool) -> None:
        super().__init__(
            f"Cette phrase n’ouvre pas le paquet «\u202f{path.name}\u202f»."
            if given
            else f"Le paquet «\u202f{path.name}\u202f» est scellé par une phrase secrète.",
            "Vérifiez avec votre collègue la phrase qu’il vous a dite, majuscules comprises."
            if given
            else "Donnez la phrase que votre collègue vous a dite.",
            shell="Par la variable QPVDESK_PHRASE_PAQUET.",
        )


def seal(content: bytes, passphrase: str) -> bytes:
    """Return a package under a passphrase. Raises `UserError` for one that is too short, `OSError`."""
    if len(passphrase.strip()) < SHORTEST:
        raise UserError(
            f"Cette phrase est trop courte\u202f: elle doit compter au moins {SHORTEST} caractères.",
            "Choisissez par exemple quatre mots sans rapport entre eux.",
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paquet"
        with contextlib.closing(_opened(path, passphrase)) as connection:
            # Nothing of it may lie in clear beside the file.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("CREATE TABLE paquet (contenu BLOB NOT NULL)")
            connection.execute("INSERT INTO paquet VALUES (?)", (content,))
        return path.read_bytes()


def seal_for(content: bytes, keys: Collection[str]) -> bytes:
    """Return a package that the owners of these keys alone open."""
    import pyrage  # noqa: PLC0415 - 31 ms, a package sealed for keys alone needs it

    return pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key) for key in sorted(keys)])


def is_sealed(path: Path) -> bool:
    """Tell whether a file may be a sealed package: it is there, and no zip. Raises `OSError`."""
    with path.open("rb") as file:
        head = file.read(16)
    return len(head) == 16 and not head.startswith((_ZIP, b"SQLite format 3"))


def unsealed(path: Path, passphrase: str, key: str) -> bytes:
    """Return what a sealed package holds. `key`: the officer's own secret, empty where they have none.

    Raises `SealedPackageError` for a passphrase, `UserError` for a package sealed for others, `OSError`.
    """
    with path.open("rb") as file:
        head = file.read(len(_AGE))
    if head == _AGE:
        return _opened_with(path, key)
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise sqlite3.DatabaseError("too large")
        with contextlib.closing(_opened(path, passphrase, mode="ro")) as connection:
            ((content,),) = connection.execute("SELECT contenu FROM paquet LIMIT 2").fetchall()
            if not isinstance(content, bytes):
                raise sqlite3.DatabaseError("no package")
            return content
    except (sqlite3.Error, ValueError) as error:
        raise SealedPackageError(path, given=bool(passphrase)) from error


def _opened_with(path: Path, key: str) -> bytes:
    import pyrage  # noqa: PLC0415 - 31 ms, a package sealed for keys alone needs it

    for_others = UserError(
        f"Le paquet «\u202f{path.name}\u202f» est scellé pour d’autres clés que la vôtre, ou il a été abîmé en chemin.",
        "Envoyez d’abord un paquet à votre collègue\u202f: il porte votre clé, pour laquelle il pourra sceller le sien.",
    )
    if not key or path.stat().st_size > _BYTES_MAX:
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
