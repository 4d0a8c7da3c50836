"""Drawings in copies that can be taken up elsewhere: charts, their keys, the image of a service."""

from __future__ import annotations

import io
from typing import NamedTuple

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.reports.header_image import picture_of
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.letterhead import IMAGE_HEIGHT, image_size, letterhead_words
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.style import WIDTH
from qpvdesk.reports.text import line

_DOTS = 2.5
"""Pixels a point of a chart: some 180 dots an inch."""
_ROUND = 2.0
"""Points about a drawing, whose last letter stands on its edge."""


class Drawing(NamedTuple):
    """An image as a file, its size in points, what it says to those who listen."""

    content: bytes
    width: float
    height: float
    words: str


def drawing_of(block: ChartFlowable | Legend) -> Drawing:
    """A chart or a key as a PNG, drawn by the same hand as on paper, as large as the text is wide at most."""
    wide, tall = block.width + 2 * _ROUND, block.height + 2 * _ROUND
    scale = min(1.0, WIDTH / wide)
    words = f"Légende{NNBSP}: {', '.join(block.words)}" if isinstance(block, Legend) else block.chart.summary
    return Drawing(_png(block, wide, tall), wide * scale, tall * scale, line(words))


def image_of(head: Letterhead) -> Drawing | None:
    """The image of a service, at the size that it has on paper; None where there is none."""
    picture = picture_of(head.image)
    if picture is None:
        return None
    return Drawing(picture.content, *image_size(picture, WIDTH, IMAGE_HEIGHT), letterhead_words(head))


def _png(block: ChartFlowable | Legend, wide: float, tall: float) -> bytes:
    sheet = io.BytesIO()
    canvas = Canvas(sheet, pagesize=(wide, tall), invariant=1)
    block.drawOn(canvas, _ROUND, _ROUND)
    canvas.showPage()
    canvas.save()
    document = pypdfium2.PdfDocument(sheet.getvalue())
    png = io.BytesIO()
    document[0].render(scale=_DOTS).to_pil().save(png, "PNG")
    document.close()
    return png.getvalue()
