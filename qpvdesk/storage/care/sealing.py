"""Bases under a passphrase: how one is told from the others, and the keys that were given in this process.

SQLCipher ciphers every page, and leaves the first sixteen bytes of the file to a salt. Ours is a header: it says that the
file is a sealed base of qpvdesk, and which key opens it, so that a wrong passphrase is told from a damaged file. Backups
and local copies bear the header of their base, and open with its key.

    QPVC · 6 random bytes · 6 bytes of the SHA-256 of "qpvdesk", the key and what is before

The key is the PBKDF2-HMAC-SHA512 of the passphrase, 256 000 rounds, salted with the first ten bytes. Written down, it is
the recovery key. Any tool that speaks SQLCipher 4 opens the file with it: `PRAGMA key = "x'<key><header>'"`, in hexadecimal.
"""

from __future__ import annotations

import base64
import os
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from qpvdesk.domain.errors import UserError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

PASSPHRASE_LETTERS_MIN = 12
"""Letters of a passphrase, at least."""
_MAGIC = b"QPVC"
_SALTED, _HEADER, _KEY = 10, 16, 32
_ROUNDS = 256_000
_GROUP = 4
# What a hand reads for another in a key written down.
_MISREAD = str.maketrans("018", "OIB")

_given: dict[bytes, Key] = {}
_open_files: dict[Path, _OpenFile] = {}
_guard = threading.Lock()


class _OpenFile(NamedTuple):
    """What a file begins with, and how many connections this process has to it."""

    header: bytes
    connections: int


class SealedError(UserError):
    """The base, or what `told` says, is under a passphrase that was not given yet. `path` is the file."""

    def __init__(self, path: Path, told: str = "") -> None:
        super().__init__(
            told or f"La base «\u202f{path.name}\u202f» est protégée par une phrase secrète.",
            "Donnez cette phrase, ou la clé de secours imprimée quand elle a été choisie.",
        )
        self.path = path


class Key(Struct, frozen=True):
    """What opens the bases that bear `header`."""

    header: bytes
    raw: bytes

    def __repr__(self) -> str:
        return "Key(…)"

    @property
    def spoken(self) -> str:
        """The key as SQLCipher takes it: nothing is derived from it any more, the header is the salt."""
        return f"x'{self.raw.hex()}{self.header.hex()}'"

    @property
    def recovery(self) -> str:
        """The key to be written down: fourteen groups of four letters and figures, the last letters checking the others."""
        text = base64.b32encode(self.raw + _checksum(self.raw)).decode("ascii")
        return " ".join(text[place : place + _GROUP] for place in range(0, len(text), _GROUP))

    def remember(self) -> None:
        """Open every base that bears this header, until the process ends."""
        _given[self.header] = self


def check_passphrase(passphrase: str) -> None:
    """Raise `UserError` for a passphrase that is too short."""
    if len(passphrase.strip()) < PASSPHRASE_LETTERS_MIN:
        raise UserError(
            f"Cette phrase est trop courte\u202f: elle doit compter au moins {PASSPHRASE_LETTERS_MIN} caractères.",
            "Choisissez par exemple quatre mots sans rapport entre eux.",
        )


def fresh_key(passphrase: str) -> Key:
    """Return a new key for that passphrase. Raises `UserError` where it is too short."""
    if not passphrase.strip():
        raise UserError(
            "Aucune phrase secrète n’est donnée.",
            shell="Tapez-la dans un terminal, ou donnez-la par la variable QPVDESK_NOUVELLE_PHRASE.",
        )
    check_passphrase(passphrase)
    start = _MAGIC + os.urandom(_SALTED - len(_MAGIC))
    raw = _derived(passphrase, start)
    return Key(start + _check(raw, start), raw)


def unlock(path: Path, words: str) -> None:
    """Take a passphrase, or a recovery key, for a sealed base. Raises `UserError` where it is not the right one."""
    from hmac import compare_digest  # noqa: PLC0415 - 1 ms, a sealed base alone needs it

    header = header_of(path)
    if not header:
        return
    for raw in filter(None, (_written(words), _derived(words, header[:_SALTED]))):
        if compare_digest(_check(raw, header[:_SALTED]), header[_SALTED:]):
            Key(header, raw).remember()
            return
    raise UserError(
        f"Ni cette phrase ni cette clé n’ouvrent «\u202f{path.name}\u202f».",
        "Vérifiez les majuscules et la disposition du clavier. Une ancienne sauvegarde garde la phrase du jour où elle a"
        " été faite.",
    )


def token(content: bytes, key: Key) -> bytes:
    """Return what belongs to a sealed base and lies beside it, sealed under a key that follows from its own."""
    return _fernet(key).encrypt(content)


def of_token(sealed: bytes, key: Key) -> bytes:
    """Return what `token` sealed. Raises `OSError` where it is not that, or of another key."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - 42 ms, a sealed base alone needs it

    try:
        return _fernet(key).decrypt(sealed)
    except InvalidToken as error:
        raise OSError("sealed under another key, or altered") from error


def _fernet(key: Key) -> Fernet:
    import hashlib  # noqa: PLC0415 - 6 ms, not on the way to the first paint

    from cryptography.fernet import Fernet  # noqa: PLC0415 - 42 ms, a sealed base alone needs it

    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"brouillons" + key.raw).digest()))


def is_sealed(path: Path) -> bool:
    return bool(header_of(path))


def is_locked(path: Path) -> bool:
    """Tell whether a base is under a passphrase that was not given yet."""
    header = header_of(path)
    return bool(header) and header not in _given


def key_of(path: Path, header: bytes) -> Key | None:
    """Return the key of a base by its header, None where it is in clear. Raises `SealedError` where it was not given."""
    if not header:
        return None
    if header not in _given:
        raise SealedError(path)
    return _given[header]


def header_of(path: Path, like: Path | None = None) -> bytes:
    """Return the header of a sealed base; nothing for any other file. An empty one is to be as the base `like` is.

    A file to which this process has a connection is not read again: to close it would drop the locks SQLite has on it.
    """
    path = path.resolve()
    with _guard:
        if path in _open_files:
            return _open_files[path].header
    try:
        empty = not path.stat().st_size
    except OSError:
        return b""
    if empty:
        return b"" if like is None else header_of(like)
    return _read(path)


def hold(path: Path, header: bytes) -> None:
    """Note that a connection to a file that begins so is being opened."""
    path = path.resolve()
    with _guard:
        known = _open_files.get(path)
        _open_files[path] = (
            _OpenFile(header, 1) if known is None else _OpenFile(known.header, known.connections + 1)
        )


def release(path: Path) -> None:
    """Note that one of the connections to a file is closed."""
    path = path.resolve()
    with _guard:
        known = _open_files.pop(path, None)
        if known is not None and known.connections > 1:
            _open_files[path] = _OpenFile(known.header, known.connections - 1)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER)
    except OSError:
        return b""
    return header_in(start)


def start_of(path: Path, length: int, *, writable: bool = True) -> bytes:
    """Return what a file begins with; nothing of one that this process has open, or may not write where `writable`.

    To close that one would drop the locks SQLite has on it.
    """
    with _guard:
        if path.resolve() in _open_files:
            return b""
    try:
        with path.open("r+b" if writable else "rb") as file:
            return file.read(length)
    except OSError:
        return b""


def header_in(content: bytes) -> bytes:
    """Return the header with which what is sealed begins; nothing for anything else."""
    start = content[:_HEADER]
    return start if len(start) == _HEADER and start.startswith(_MAGIC) else b""


def _derived(passphrase: str, salt: bytes) -> bytes:
    # 25 ms that no start of a base in clear need spend.
    import hashlib  # noqa: PLC0415 - 6 ms, a sealed base alone needs it

    # The same letters, however the keyboard of each system composes its accents.
    words = unicodedata.normalize("NFC", passphrase.strip()).encode("utf-8", "surrogatepass")
    return hashlib.pbkdf2_hmac("sha512", words, salt, _ROUNDS, _KEY)


def _written(words: str) -> bytes | None:
    """Return the key that was written down, None where these words are no such key."""
    text = "".join(letter for letter in words.upper() if letter.isalnum()).translate(_MISREAD)
    try:
        key_and_checksum = base64.b32decode(text)
    except ValueError:
        return None
    raw, checksum = key_and_checksum[:_KEY], key_and_checksum[_KEY:]
    return raw if len(raw) == _KEY and checksum == _checksum(raw) else None


def _check(raw: bytes, start: bytes) -> bytes:
    import hashlib  # noqa: PLC0415 - 6 ms, a sealed base alone needs it

    return hashlib.sha256(b"qpvdesk" + raw + start).digest()[: _HEADER - _SALTED]


def _checksum(raw: bytes) -> bytes:
    import hashlib  # noqa: PLC0415 - 6 ms, a sealed base alone needs it

    return hashlib.sha256(b"secours" + raw).digest()[:3]
