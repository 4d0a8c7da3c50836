"""The contents of copies that can be taken up elsewhere: each title with the number of its page.

A word processor reckons these numbers itself, LibreOffice as it opens the file, Word as it prints it; until then a copy
shows where its titles fall when its blocks are laid out one under the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from reportlab.platypus import Flowable, PageBreak, Spacer

from qpvdesk.reports.ending import pages_of
from qpvdesk.reports.headings import Contents, Heading
from qpvdesk.reports.style import WIDTH
from qpvdesk.reports.text import line

_COVER = 120.0
"""Points of the cover of a copy."""
_LOOSER = 4.0
"""More points between the blocks of a copy than on paper."""


def place_name(key: str) -> str:
    """The name of the place of a title in a copy: short, of letters and digits, as every word processor takes it."""
    return f"_Toc{crc32(key.encode())}"


def pages_by_key(blocks: Sequence[Flowable], turning: frozenset[int], *, covered: bool) -> dict[str, int]:
    """The page of each title of the contents. `turning`: the titles that begin a page; `covered`: whether a cover stands
    before the blocks."""
    story: list[Flowable] = [Spacer(0, _COVER)] if covered else []
    for block in blocks:
        story += [PageBreak(), block] if id(block) in turning and story else [block]
        story += [] if isinstance(block, Heading) else [Spacer(0, _LOOSER)]
    found = pages_of(story)
    return {
        block.entry.key: found[id(block)]
        for block in blocks
        if isinstance(block, Heading) and block.entry is not None
    }


def mark_place(paragraph: Any, key: str, number: int) -> None:
    """Let a title of a Word document be found by its key. `number`: of the title in the document."""
    for tag in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{tag}")
        mark.set(qn("w:id"), f"{number}")
        if tag == "bookmarkStart":
            mark.set(qn("w:name"), place_name(key))
            paragraph.runs[0]._r.addprevious(mark)
        else:
            paragraph._p.append(mark)


def add_contents(word: Any, contents: Contents, pages: dict[str, int]) -> None:
    """The contents of a Word document, each line a link."""
    for entry in contents.entries:
        paragraph = word.add_paragraph()
        lead_right(paragraph)
        look = paragraph.paragraph_format
        look.left_indent, look.space_after, look.keep_with_next = Pt(14 * entry.level), Pt(2), True
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), place_name(entry.key))
        paragraph._p.append(link)
        for run in (
            paragraph.add_run(f"{line(entry.title)}\t"),
            *add_field(paragraph, f"PAGEREF {place_name(entry.key)} \\h", f"{pages.get(entry.key, '')}"),
        ):
            run.bold = entry.level == 0
            link.append(run._r)


def add_ruled_line(word: Any) -> None:
    """A line to write on."""
    paragraph = word.add_paragraph()
    lead_right(paragraph)
    paragraph.add_run("\t")


def lead_right(paragraph: Any) -> None:
    """Let the tab of a paragraph lead to the right of the text, over points."""
    paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def add_field(paragraph: Any, instruction: str, known: str) -> list[Any]:
    """A field in the runs that it is made of, with what it shows until it is reckoned."""
    runs = []
    for kind in ("begin", "asked", "separate", "shown", "end"):
        run = paragraph.add_run(known if kind == "shown" else "")
        if kind in ("begin", "separate", "end"):
            boundary = OxmlElement("w:fldChar")
            boundary.set(qn("w:fldCharType"), kind)
            run._r.append(boundary)
        elif kind == "asked":
            asked = OxmlElement("w:instrText")
            asked.text = f" {instruction} "
            run._r.append(asked)
        runs.append(run)
    return runs
