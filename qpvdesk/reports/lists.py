"""Lists whose marks hang beside the text: bullets and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from qpvdesk.domain.french import plural
from qpvdesk.reports.document import heading, small_heading
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE
from qpvdesk.reports.text import Paragraph, markup, paragraph

BULLET = "•"


def bullets(items: Sequence[str]) -> list[Flowable]:
    """A line for each, after a bullet."""
    return [Paragraph(markup(text), _BULLET_STYLE, bulletText=BULLET) for text in items]


def numbered(items: Sequence[str]) -> list[Flowable]:
    """A line for each, after its number."""
    return [
        Paragraph(markup(text), _NUMBER_STYLE, bulletText=f"{number}.")
        for number, text in enumerate(items, 1)
    ]


def titled(
    name: str, items: Sequence[str], nothing: str, most: int = 0, rest: str = "", *, small: bool = False
) -> list[Flowable]:
    """A title and its list, or `nothing`. Beyond `most` (0: no bound) the others are counted; `rest` says where they are.

    `small`: the title is of the third rank.
    """
    blocks = small_heading(name, room=60) if small else heading(name, room=60)
    shown = items[:most] if most else items
    blocks += bullets(shown) if shown else [paragraph(nothing, NOTE_STYLE)]
    left = len(items) - len(shown)
    if left:
        # « et 9 autres » alone at the head of a page says nothing.
        blocks[-1].keepWithNext = True
        blocks.append(paragraph(f"et {plural(left, 'autre', 'autres')}{rest}.", NOTE_STYLE))
    return blocks


_BULLET_STYLE: ParagraphStyle = BODY_STYLE.clone(
    "bullet", leftIndent=10, bulletIndent=0, bulletFontSize=BODY_STYLE.fontSize, spaceAfter=2.5
)
_NUMBER_STYLE: ParagraphStyle = _BULLET_STYLE.clone("number", leftIndent=18)
