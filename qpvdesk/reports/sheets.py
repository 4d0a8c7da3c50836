"""What the short papers have in common; each is a module of `models`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from reportlab.platypus import Flowable

from qpvdesk.domain.french import lowered
from qpvdesk.reports.copil import identity
from qpvdesk.reports.document import write_document
from qpvdesk.reports.ending import well_ended
from qpvdesk.reports.folding import parted
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import A4_PAGES, UNWATCHED, Format, Identity, Manuscript, Watch
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.text import line


def head_of(data: CopilData) -> list[Flowable]:
    """What stands over the title of a paper: the header of the service, where it gave one."""
    return [LetterheadBlock(data.letterhead)] if data.letterhead else []


Build = Callable[[CopilData], list[Flowable]]
Writer = Callable[[Path, CopilData, Watch], int]
"""Writes a paper and returns its number of pages; the same data give the same bytes."""


def paper(
    name: str, build: Build, *, pages: Format = A4_PAGES, told: Callable[[CopilData], bool] = lambda _: True
) -> Writer:
    """Return what writes the paper called `name`.

    `pages`: of another format, a paper has no header of the service, and its blocks know their room. `told`: whether it
    shows where things stand, of which its foot then tells.
    """

    def write(path: Path, data: CopilData, watch: Watch = UNWATCHED) -> int:
        load_fonts()
        blocks = (
            build(data) if pages is not A4_PAGES else parted(well_ended([*head_of(data), *build(data)])[0])
        )
        named = _named(data, name)
        named = named if told(data) else replace(named, fingerprint="")
        return write_document(path, Manuscript(named, blocks, pages=pages), watch)

    return write


def blank(name: str, build: Build) -> Writer:
    """The same of a letter or of a sheet to fill in: it shows no figure."""
    return paper(name, build, told=lambda _: False)


def _named(data: CopilData, name: str) -> Identity:
    words = data.review.data_words
    return replace(
        identity(data),
        title=line(f"{data.situation.dossier.contract.name} – {name}"),
        subject=line(f"{name}, {lowered(words)}"),
    )
