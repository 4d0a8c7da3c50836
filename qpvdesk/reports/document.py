"""A paper in its file, which appears whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NNBSP
from qpvdesk.reports.layout import UNWATCHED, Manuscript, Watch, lay_out
from qpvdesk.reports.style import load_fonts


def write_document(path: Path, manuscript: Manuscript, watch: Watch = UNWATCHED) -> int:
    """Lay out a manuscript and write it to `path`; return the number of pages.

    The suffix says what is written: `.docx` the same blocks to take up in a word processor, `.zip` a CSV file for each
    table (both have no pages: 0), anything else the paper as PDF.

    The file is written beside `path`, then takes its place: what was there stays until the new one is whole.
    Raises `UserError` where it cannot be written, `CancelledError` where the officer stopped it.
    """
    load_fonts()
    path = Path(path)
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            pages = _write(file, path.suffix.lower(), manuscript, watch)
            file.flush()
            os.fsync(file.fileno())
        _give_usual_rights(part)
        os.replace(part, path)
    except OSError as error:
        raise UserError(
            f"Le rapport ne peut pas être écrit dans «{NNBSP}{path.name}{NNBSP}»{NNBSP}: "
            f"{_reason(error)}. Rien n’a été remplacé.",
            "Choisissez un autre dossier, ou fermez le fichier s’il est ouvert ailleurs.",
        ) from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink()
    return pages


def _write(file: BinaryIO, suffix: str, manuscript: Manuscript, watch: Watch) -> int:
    # Made in memory and written at once: where the disk is full, pikepdf would end the whole program.
    whole = io.BytesIO()
    pages = 0
    if suffix in (".docx", ".zip"):
        from qpvdesk.reports import editable  # noqa: PLC0415 - 85 ms, an editable copy alone needs it

        write = editable.write_word if suffix == ".docx" else editable.write_tables
        write(whole, manuscript.identity, manuscript.story)
    else:
        pages = lay_out(manuscript, watch, whole)
    file.write(whole.getbuffer())
    return pages


def _give_usual_rights(path: Path) -> None:
    """A temporary file is private; a report is as readable as any other file of the officer."""
    mask = os.umask(0)
    os.umask(mask)
    with suppress(OSError):
        path.chmod(0o666 & ~mask)


def _reason(error: OSError) -> str:
    return {
        errno.ENOENT: "le dossier n’existe pas",
        errno.ENOTDIR: "le dossier n’existe pas",
        errno.EACCES: "l’accès est refusé",
        errno.EPERM: "l’accès est refusé",
        errno.EROFS: "le support est en lecture seule",
        errno.ENOSPC: "le disque est plein",
        errno.EISDIR: "c’est un dossier",
    }.get(error.errno or 0, "le système l’a refusé")
