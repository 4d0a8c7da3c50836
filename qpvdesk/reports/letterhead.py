"""The header of the service at the head of a paper: its image, its lines; nothing where it gave none."""

from __future__ import annotations

import io

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.reports.header_image import Picture, picture_of
from qpvdesk.reports.style import GUTTER, MEDIUM, REGULAR, WIDTH, ink
from qpvdesk.reports.tagging import tagged
from qpvdesk.reports.text import line, shorten

_LEADING = 11.5
_SIZE = 8.6
IMAGE_HEIGHT = 46.0
"""Points of the image over a title; less where it is wide."""
_IMAGE_SHARE = 0.4
"""Of the width, that the image takes at most."""


def draw(canvas: Canvas, head: Letterhead, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Draw the header in a box of that size under its upper left corner: the image, its lines to its right."""
    (left, top), (width, height) = corner, size
    right = left + width
    picture = picture_of(head.image)
    if picture is not None:
        wide, tall = image_size(picture, width, height)
        canvas.drawImage(
            ImageReader(io.BytesIO(picture.content)), left, top - (height + tall) / 2, wide, tall
        )
        left += wide + GUTTER
    base = top - (height - len(head.lines) * _LEADING) / 2 - _SIZE
    canvas.setFillColor(ink(Ink.TEXT))
    for index, text in enumerate(head.lines):
        font = REGULAR if index else MEDIUM
        canvas.setFont(font, _SIZE)
        canvas.drawString(left, base - index * _LEADING, shorten(text, font, _SIZE, right - left))


def image_size(picture: Picture, width: float, height: float) -> tuple[float, float]:
    """The width and the height of the image, in points, in a header so wide and so high."""
    scale = min(height / picture.height, width * _IMAGE_SHARE / picture.width)
    return picture.width * scale, picture.height * scale


def letterhead_words(head: Letterhead) -> str:
    """What the header says, for those who listen."""
    return ", ".join(line(text) for text in head.lines) or "En-tête du service"


class LetterheadBlock(Flowable):  # type: ignore[misc]
    """The header over the title of a first page."""

    printed_only = True
    """A copy has it of every paper, from its identity."""
    _AFTER = 14.0

    def __init__(self, head: Letterhead) -> None:
        super().__init__()
        self.head = head
        self._tall = max(IMAGE_HEIGHT if head.image else 0.0, len(head.lines) * _LEADING)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(line(text) for text in self.head.lines)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = min(width, WIDTH), self._tall + self._AFTER
        return self.width, self.height

    def draw(self) -> None:
        with tagged(self.canv, "P", text=letterhead_words(self.head)):
            draw(self.canv, self.head, (0, self.height), (self.width, self._tall))
