"""What every way into a base refuses: a code that is taken, an example among real data, a folder without room, a name that
is too long; and what SQLite refuses, in words."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE
from qpvdesk.storage.base_file import FileTroubleError
from qpvdesk.storage.care import sealing
from qpvdesk.storage.engine import code_of, sqlite3
from qpvdesk.storage.tables import Table

_MODES = slice(18, 20)
"""Where the head of a file says how it is written and read: 1 with a rollback journal, 2 in WAL mode."""


def is_code_taken(table: Table, error: sqlite3.IntegrityError) -> bool:
    """Tell whether a row was refused for its code; any other refusal is a bug."""
    # Its words name the columns; a key that is there twice is no mistake of the officer's.
    words = str(error)
    return words.startswith("UNIQUE") and not words.endswith(".key") and table.has_code


def no_room(base: Path, error: Exception) -> UserError:
    """The refusal of an act that could not write beside a base, which stays as it was."""
    return UserError(
        f"Rien n’a pu être écrit dans «\u202f{base.parent}\u202f»\u202f: la base reste telle qu’elle était.",
        durable.remedy(
            error, "Libérez de la place, ou copiez la base dans un dossier où vous pouvez écrire."
        ),
    )


def natures(connection: sqlite3.Connection) -> set[bool]:
    """Return whether the contracts of a base are invented: one answer, none where it holds no contract."""
    return {key.startswith(EXAMPLE) for (key,) in connection.execute("SELECT key FROM contract")}


def refuse_mixture(here: set[bool], added: set[bool]) -> None:
    """Keep what is invented and what is real in bases of their own, by whichever way it comes. Raises `UserError`."""
    if len(here | added) < 2:
        return
    if here == {True}:
        raise UserError(
            "Cette base est un exemple\u202f: ses données sont fictives, rien de réel n’y entre.",
            "Créez ou ouvrez une autre base pour votre contrat.",
        )
    raise UserError(
        "Ces données viennent d’un exemple fictif\u202f: elles n’entrent pas dans une base réelle.",
        "Ouvrez l’exemple à part, dans sa propre base.",
    )


_NOT_WRITABLE = (
    "La base {} ne peut pas être modifiée\u202f: son fichier ou son dossier est en lecture seule.",
    "Copiez-la dans un dossier où vous pouvez écrire.",
    "son fichier ou son dossier est en lecture seule",
)
_BUSY = (
    "La base {} est occupée par un autre programme\u202f: rien n’a été enregistré.",
    "Fermez l’autre programme, puis recommencez.",
    "un autre programme l’occupe",
)
_DAMAGED = (
    "La base {} est endommagée.",
    "Fermez-la et rouvrez-la\u202f: une copie sera mise de côté et les sauvegardes seront proposées.",
    "son fichier est endommagé",
)
_WAL = (
    "La base {} ne peut pas être lue là où elle est\u202f: un autre programme l’a laissée dans un mode (WAL) où la lire"
    " écrit à côté d’elle, et son dossier est en lecture seule. Rien n’a été changé.",
    "Copiez-la dans un dossier où vous pouvez écrire, avec le fichier «\u202f-wal\u202f» du même nom s’il est là.",
    "son dossier est en lecture seule",
)
NAME_BYTES_MAX = 190
"""Bytes of the name of a base. Its local copy, its backups and what stands beside them for a while bear it and up to 63
more; a file system takes 255."""
_OPENED_NAME_BYTES_MAX = 240
_PATH_BYTES_MAX = 511
"""Bytes of a path: what SQLite takes but on Windows (`MAX_PATHNAME`)."""
_BESIDE_BYTES, _BACKUP_BYTES = 25, 100
"""Bytes that are added to the path of a base by what stands beside it; and, with its name once more, by its backups."""
_LONG_NAME = (
    "Le nom de la base {}, ou celui des dossiers où elle est, est trop long\u202f: ce qui l’accompagne et ses sauvegardes"
    " portent ce nom et davantage, et le disque les refuse. Rien n’a été enregistré.",
    "Donnez-lui un nom de moins de cent lettres, dans un dossier moins profond.",
    "son nom est trop long",
)
_TROUBLES = {
    sqlite3.SQLITE_FULL: (
        "Le disque est plein\u202f: rien n’a été enregistré, la base reste telle qu’elle était.",
        "Libérez de la place, puis recommencez.",
        "le disque est plein",
    ),
    sqlite3.SQLITE_IOERR: (
        "Le disque a refusé l’écriture ou la lecture de {}\u202f: rien n’a été enregistré.",
        "Vérifiez la place libre et que la clé ou le dossier partagé est toujours là, puis recommencez.",
        "le disque refuse l’écriture",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "La base {} ne peut pas être ouverte\u202f: son dossier n’est plus accessible.",
        "Vérifiez que la clé ou le dossier partagé est toujours là.",
        "son dossier n’est plus accessible",
    ),
    sqlite3.SQLITE_READONLY: _NOT_WRITABLE,
    sqlite3.SQLITE_PERM: _NOT_WRITABLE,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
"""What the officer is told, what they may do, and what keeps the base from being written, by SQLite's code."""


def explained(error: sqlite3.Error, path: Path) -> UserError | None:
    """Return what the officer is told where the surroundings are at fault; None where it is a bug of ours."""
    found = _TROUBLES.get(code_of(error))
    if found is None:
        return None
    if code_of(error) in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) and _is_in_wal(path):
        found = _WAL
    elif code_of(error) == sqlite3.SQLITE_CANTOPEN and _is_long(path, new=True):
        found = _LONG_NAME
    return _trouble(found, path)


def _trouble(words: tuple[str, str, str], path: Path) -> UserError:
    message, remedy, why = words
    return FileTroubleError(message.format(f"«\u202f{path.name}\u202f»"), remedy, why=why)


def check_name(path: Path, *, new: bool) -> None:
    """Raise `UserError` for the name of a base that leaves no room for what stands beside it; `new`: for its backups too."""
    if _is_long(path, new=new):
        raise _trouble(_LONG_NAME, path)


def _is_long(path: Path, *, new: bool) -> bool:
    name, whole = len(os.fsencode(path.name)), len(os.fsencode(path.absolute()))
    if os.name != "nt" and whole + (name + _BACKUP_BYTES if new else _BESIDE_BYTES) > _PATH_BYTES_MAX:
        return True
    return name > (NAME_BYTES_MAX if new else _OPENED_NAME_BYTES_MAX)


@contextlib.contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Raise what the officer is told of a base in the place of what SQLite raises; see `explained`."""
    try:
        yield
    except sqlite3.Error as error:
        if (told := explained(error, path)) is None:
            raise
        raise told from error


def _is_in_wal(path: Path) -> bool:
    """Tell whether a closed base says that what is written goes beside it first: no base that was opened here does."""
    start = sealing.start_of(path, _MODES.stop, writable=False)
    return start.startswith(b"SQLite format 3\0") and start[_MODES] == b"\2\2"
