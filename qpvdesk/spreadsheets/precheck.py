"""The parts of a workbook that are XML, whole, once the zip around them is within limits."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from qpvdesk import archives
from qpvdesk.archives import ArchiveError, Fault
from qpvdesk.bounded import refused
from qpvdesk.domain.errors import UserError

MAX_FILE = 60_000_000
_MAX_ENTRY = 150_000_000
# A sheet of figures shrinks ten to forty times; beyond 250 it is made to swell.
_LIMITS = archives.Limits(members=2_000, member=_MAX_ENTRY, total=250_000_000, ratio=250)


def checked(path: Path) -> dict[str, bytes]:
    """Return the entries of a zip that are XML, whole and checked. Raises `UserError`."""
    try:
        with path.open("rb") as file, archives.opened(file, _LIMITS) as archive:
            return {
                entry.filename: _content(archive, entry)
                for entry in archive.infolist()
                if entry.filename.endswith((".xml", ".rels", "mimetype"))
            }
    except ArchiveError as error:
        raise _refusal(error.fault) from error
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


def _refusal(fault: Fault) -> UserError:
    match fault:
        case Fault.MANY:
            return refused("Le fichier contient beaucoup trop de parties.")
        case Fault.TWICE:
            return refused("Le fichier contient deux parties du même nom.")
        case Fault.OUTSIDE:
            return refused("Le fichier désigne un emplacement hors de lui-même.")
        case Fault.LOCKED:
            return protected()
        case Fault.SWOLLEN:
            return refused(
                "Le fichier, une fois ouvert, serait démesuré.", "Gardez les seules lignes utiles."
            )


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        # The stated size is not trusted: what really comes out is counted.
        content = stream.read(_MAX_ENTRY + 1)
    if len(content) > _MAX_ENTRY:
        raise _refusal(Fault.SWOLLEN)
    return content
