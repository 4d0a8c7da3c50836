"""What the short papers have in common; each is a module of `models`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from reportlab.platypus import Flowable

from qpvdesk.reports.copil import identity
from qpvdesk.reports.document import write_document
from qpvdesk.reports.ending import well_ended
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import A4_PAGES, UNWATCHED, Format, Identity, Manuscript, Watch
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.text import line


def head_of(data: CopilData) -> list[Flowable]:
    """What stands over the title of a paper: the header of the service, where it gave one."""
    return [LetterheadBlock(data.letterhead)] if data.letterhead else []


def write(
    path: Path,
    data: CopilData,
    name: str,
    build: Callable[[CopilData], list[Flowable]],
    *,
    watch: Watch = UNWATCHED,
    pages: Format = A4_PAGES,
) -> int:
    """Write one paper called `name` and return its number of pages. The same data give the same bytes.

    `pages`: of another format, a paper has no header of the service, and its blocks know their room.
    """
    load_fonts()
    blocks = build(data) if pages is not A4_PAGES else well_ended([*head_of(data), *build(data)])
    return write_document(path, Manuscript(_named(data, name), blocks, pages=pages), watch)


def write_blank(
    path: Path,
    data: CopilData,
    name: str,
    build: Callable[[CopilData], list[Flowable]],
    *,
    watch: Watch = UNWATCHED,
) -> int:
    """The same of a letter or of a sheet to fill in: it shows no figure, and its foot tells of none."""
    load_fonts()
    blocks = well_ended([*head_of(data), *build(data)])
    return write_document(path, Manuscript(replace(_named(data, name), fingerprint=""), blocks), watch)


def _named(data: CopilData, name: str) -> Identity:
    words = data.review.data_words
    return replace(
        identity(data),
        title=line(f"{data.situation.dossier.contract.name} – {name}"),
        subject=line(f"{name}, {words[0].lower()}{words[1:]}"),
    )
