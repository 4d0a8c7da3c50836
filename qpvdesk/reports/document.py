"""A paper in its file, which appears whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from qpvdesk import durable
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
    try:
        with durable.writing(path) as file:
            pages = _write(file, path.suffix.lower(), manuscript, watch)
    except OSError as error:
        raise UserError(
            f"Le rapport ne peut pas être écrit dans «{NNBSP}{path.name}{NNBSP}»{NNBSP}: "
            f"{durable.reason(error)}. Rien n’a été remplacé.",
            "Choisissez un autre dossier, ou fermez le fichier s’il est ouvert ailleurs.",
        ) from error
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
