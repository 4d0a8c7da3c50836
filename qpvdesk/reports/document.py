"""A paper in its file, which appears whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NNBSP
from qpvdesk.reports.layout import UNWATCHED, Identity, Manuscript, Watch, lay_out
from qpvdesk.reports.slide_tables import Slide
from qpvdesk.reports.style import load_fonts


def write_document(path: Path, manuscript: Manuscript, watch: Watch = UNWATCHED) -> int:
    """Lay out a manuscript and write it to `path`; return the number of pages.

    The suffix says what is written: `.docx` and `.odt` the same blocks to take up in a word processor, `.zip` a CSV
    file for each table (they have no pages: 0), anything else the paper as PDF.

    The file is written beside `path`, then takes its place: what was there stays until the new one is whole.
    Raises `UserError` where it cannot be written, `CancelledError` where the officer stopped it.
    """
    load_fonts()
    path = Path(path)
    if path.suffix.lower() == ".pptx":
        raise UserError(
            "Ce modèle n’a pas de diapositives.",
            "Choisissez le dossier du comité de pilotage, ou un autre format.",
        )
    return _whole(path, lambda file: _write(file, path.suffix.lower(), manuscript, watch))


def write_slides(path: Path, identity: Identity, shown: Callable[[], Sequence[Slide]]) -> int:
    """Write slides to `path`, whole or not at all; return 0, they are no pages. Raises `UserError`."""
    from qpvdesk.reports.presentation import draw_slides as write  # noqa: PLC0415 - 120 ms, slides alone need it

    whole = io.BytesIO()
    write(whole, identity, shown())

    def put(file: BinaryIO) -> int:
        file.write(whole.getbuffer())
        return 0

    return _whole(path, put)


def _whole(path: Path, write: Callable[[BinaryIO], int]) -> int:
    try:
        with durable.writing(path) as file:
            return write(file)
    except OSError as error:
        raise UserError(
            f"Le rapport ne peut pas être écrit dans «{NNBSP}{path.name}{NNBSP}»{NNBSP}: "
            f"{durable.reason(error)}. Rien n’a été remplacé.",
            durable.other_place(error),
        ) from error


def _write(file: BinaryIO, suffix: str, manuscript: Manuscript, watch: Watch) -> int:
    # Made in memory and written at once: what writes an archive goes back in it.
    whole = io.BytesIO()
    pages = 0
    if suffix == ".odt":
        from qpvdesk.reports import opendocument  # noqa: PLC0415 - 110 ms, an editable copy alone needs it

        opendocument.write_open(whole, manuscript.identity, manuscript.story)
    elif suffix in (".docx", ".zip"):
        from qpvdesk.reports import editable  # noqa: PLC0415 - 85 ms, an editable copy alone needs it

        write = editable.write_word if suffix == ".docx" else editable.write_tables
        write(whole, manuscript.identity, manuscript.story)
    else:
        pages = lay_out(manuscript, watch, whole)
    file.write(whole.getbuffer())
    return pages
