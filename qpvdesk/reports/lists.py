"""Lists whose marks hang beside the text: bullets and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from qpvdesk.domain.french import plural
from qpvdesk.reports.headings import heading, small_heading
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, TABLE
from qpvdesk.reports.tagging import list_item
from qpvdesk.reports.text import Paragraph, clean, led_markup, paragraph

BULLET = "•"
BLANK = "…" * 52
"""A line to write on."""
_Item = TypeVar("_Item")


def first_of(items: Sequence[_Item], most: int) -> Sequence[_Item]:
    """The first `most`, and one more where it is all that is left: « et 1 autre » takes the room of its name."""
    return items[: most + (len(items) == most + 1)]


def bullets(items: Sequence[str | tuple[str, str]], *, small: bool = False) -> list[Flowable]:
    """A line for each, after a bullet; of a pair, the first words are in bold. `small`: of what is looked up rather than
    read, as large as its tables."""
    return list_of([(text, BULLET) for text in items], _SMALL_STYLE if small else _BULLET_STYLE)


def numbered(items: Sequence[str]) -> list[Flowable]:
    """A line for each, after its number."""
    return list_of([(text, f"{number}.") for number, text in enumerate(items, 1)], _NUMBER_STYLE)


class ListItem(Paragraph):
    """A line of a list, after its mark."""

    whole: object = None
    """What the lines of one list have in common."""
    item: object = None
    """What the parts of one line have in common."""

    def split(self, width: float, height: float) -> list[Flowable]:
        parts: list[Flowable] = super().split(width, height)
        for part in parts:
            part.whole, part.item = self.whole, self.item
        return parts

    def draw(self) -> None:
        with list_item(self.canv, self.whole, self.item):
            super().draw()


def list_of(
    items: Iterable[tuple[str | tuple[str, str], str | None]], style: ParagraphStyle
) -> list[Flowable]:
    """One list: the text and the mark of each line."""
    whole = object()
    lines: list[Flowable] = []
    for text, mark in items:
        first, rest = ("", text) if isinstance(text, str) else text
        item = ListItem(led_markup(first, rest), style, bulletText=mark)
        item.lead = clean(first)
        item.whole, item.item = whole, object()
        lines.append(item)
    return lines


def titled(
    name: str, items: Sequence[str], nothing: str, *, most: int = 0, rest: str = "", small: bool = False
) -> list[Flowable]:
    """A title and its list, or `nothing`. Beyond `most` (0: no bound) the others are counted; `rest` says where they are.

    `small`: the title is of the third rank.
    """
    blocks = small_heading(name) if small else heading(name)
    shown = first_of(items, most) if most else items
    blocks += bullets(shown) if shown else [paragraph(nothing, NOTE_STYLE)]
    left = len(items) - len(shown)
    if left:
        # « Et 9 autres » alone at the head of a page says nothing.
        blocks[-1].keepWithNext = True
        blocks.append(paragraph(f"Et {plural(left, 'autre', 'autres')}{rest}.", NOTE_STYLE))
    return blocks


_BULLET_STYLE: ParagraphStyle = BODY_STYLE.clone(
    "bullet", leftIndent=10, bulletIndent=0, bulletFontSize=BODY_STYLE.fontSize, spaceAfter=2.5
)
_SMALL_STYLE = _BULLET_STYLE.clone(
    "small-bullet", fontSize=TABLE, leading=10.4, bulletFontSize=TABLE, spaceAfter=1
)
_NUMBER_STYLE: ParagraphStyle = _BULLET_STYLE.clone("number", leftIndent=18)
