"""The grid, the scale of type and the colours of the paper."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from qpvdesk.charts.marks import PRINT
from qpvdesk.charts.primitives import Ink
from qpvdesk.paths import resource
from qpvdesk.reports.narrow_space import hold_narrow_spaces

REGULAR = "IBMPlexSans"
MEDIUM = "IBMPlexSans-Medium"
BOLD = "IBMPlexSans-SemiBold"
ITALIC = "IBMPlexSans-Italic"

PAGE_WIDTH: float = A4[0]
PAGE_HEIGHT: float = A4[1]
MARGIN_X: float = 18 * mm
MARGIN_TOP: float = 21 * mm
MARGIN_BOTTOM: float = 19 * mm
WIDTH: float = PAGE_WIDTH - 2 * MARGIN_X
"""The text column: twelve columns of the grid."""
HEIGHT: float = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
GUTTER: float = 5 * mm
COLUMN: float = (WIDTH - 11 * GUTTER) / 12

BLUE = "#000091"
BLUE_TINT = "#f2f2fb"
RULE = "#d5d5dc"
HAIR = "#e6e6ea"

SMALL, TABLE, BODY, H3, H2, H1 = 8.0, 8.0, 9.2, 11.5, 15.0, 23.0
"""The scale of type, in points."""


def span(columns: int) -> float:
    """The width of so many columns of the grid with the gutters between them."""
    return columns * COLUMN + (columns - 1) * GUTTER


@lru_cache(maxsize=64)
def colour(text: str) -> Color:
    """The colour of `#rrggbb`."""
    return HexColor(text)


def ink(role: Ink) -> Color:
    return colour(PRINT[role])


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Register the product's type with ReportLab, once."""
    hold_narrow_spaces()
    for name, file in (
        (REGULAR, "IBMPlexSans-Regular"),
        (MEDIUM, "IBMPlexSans-Medium"),
        (BOLD, "IBMPlexSans-SemiBold"),
        (ITALIC, "IBMPlexSans-Italic"),
    ):
        pdfmetrics.registerFont(TTFont(name, str(resource(f"fonts/{file}.ttf"))))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The characters that the product's type can draw, line breaks included."""
    load_fonts()
    known = set.intersection(*(set(pdfmetrics.getFont(name).face.charToGlyph) for name in (REGULAR, BOLD)))
    # 0xFFFF ends the table of every font; it is no character, and no XML holds it.
    return frozenset((known | {ord("\n")}) - {0xFFFE, 0xFFFF})


def text_width(text: str, font: str, size: float) -> float:
    """The width of `text`, in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def _style(name: str, size: float, leading: float, font: str = REGULAR, **more: object) -> ParagraphStyle:
    """A style of the paper; `more` in ReportLab's own words."""
    usual = {"textColor": ink(Ink.TEXT), "splitLongWords": 1, "allowWidows": 0, "allowOrphans": 0}
    return ParagraphStyle(
        name, fontName=font, bulletFontName=font, fontSize=size, leading=leading, **(usual | more)
    )


BODY_STYLE = _style("body", BODY, 13.2, spaceAfter=5)
NOTE_STYLE = _style("note", TABLE, 11, textColor=ink(Ink.MENTION), spaceAfter=4)
CONDITION_STYLE = NOTE_STYLE.clone("condition", leftIndent=8, spaceBefore=2)
CELL_STYLE = _style("cell", TABLE, 10.2)
CELL_BOLD_STYLE = _style("cell-bold", TABLE, 10.2, MEDIUM)
CELL_NOTE_STYLE = _style("cell-note", SMALL, 9.8, textColor=ink(Ink.MENTION))
H1_STYLE = _style("h1", H1, 27, BOLD, spaceAfter=4)
H2_STYLE = _style("h2", H2, 19, BOLD, spaceBefore=12, spaceAfter=4)
H3_STYLE = _style("h3", H3, 15, BOLD, spaceBefore=7, spaceAfter=3)
COMMENT_STYLE = _style("comment", BODY, 13.2, ITALIC, spaceAfter=9, leftIndent=10)


def fill(*widths: float | None) -> list[float]:
    """Column widths that add up to the text column: the `None`s share what the others leave."""
    rest = WIDTH - sum(width for width in widths if width is not None)
    shares = sum(1 for width in widths if width is None)
    return [rest / shares if width is None else width for width in widths]


def header_widths(header: Iterable[str]) -> list[float]:
    """The least widths of columns, for their titles: those of figures need no more."""
    return [max(text_width(part, MEDIUM, TABLE) for part in words.split("\n")) + 10 for words in header]


_CODES_MIN = 40.0


def code_width(codes: Iterable[str], most: float = 96.0) -> float:
    """The width of a column of codes in a table, flush with the text."""
    widest = max((text_width(code, REGULAR, TABLE) for code in codes), default=0.0)
    return min(max(widest + 7, _CODES_MIN), most)
