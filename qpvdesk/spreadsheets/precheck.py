"""What a zip says of itself before anything of it is parsed."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from qpvdesk.bounded import refused
from qpvdesk.domain.errors import UserError

MAX_FILE = 60_000_000
MAX_ENTRIES = 2_000
MAX_ENTRY = 150_000_000
MAX_TOTAL = 250_000_000
MAX_RATIO = 250
"""A sheet of figures shrinks ten to forty times; beyond this it is made to swell."""
_SMALL = 1_000_000


def checked(path: Path) -> dict[str, bytes]:
    """Return the entries of a zip that are XML, whole and checked. Raises `UserError`."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_list(entries)
            return {
                entry.filename: _content(archive, entry)
                for entry in entries
                if entry.filename.endswith((".xml", ".rels", "mimetype"))
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise refused("Le fichier est abîmé ou incomplet.") from error
    except RuntimeError as error:
        raise protected() from error


def protected() -> UserError:
    """Return the error of a file that a password closes."""
    return refused(
        "Le fichier est protégé par un mot de passe.",
        "Demandez-le sans mot de passe, ou enlevez-le dans le tableur.",
    )


def _check_list(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_ENTRIES:
        raise refused("Le fichier contient beaucoup trop de parties.")
    if len({name.lower() for name in names}) != len(names):
        raise refused("Le fichier contient deux parties du même nom.")
    for name in names:
        if name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/"):
            raise refused("Le fichier désigne un emplacement hors de lui-même.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise protected()
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise refused("Le fichier, une fois ouvert, serait démesuré.", "Gardez les seules lignes utiles.")
    for entry in entries:
        swollen = entry.file_size > _SMALL and entry.file_size > MAX_RATIO * max(1, entry.compress_size)
        if entry.file_size > MAX_ENTRY or swollen:
            raise refused("Le fichier, une fois ouvert, serait démesuré.", "Gardez les seules lignes utiles.")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        # The stated size is not trusted: what really comes out is counted.
        content = stream.read(MAX_ENTRY + 1)
    if len(content) > MAX_ENTRY:
        raise refused("Le fichier, une fois ouvert, serait démesuré.", "Gardez les seules lignes utiles.")
    return content
