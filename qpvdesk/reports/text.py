"""The officer's text made safe to print: data, never markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable
from reportlab.platypus import Paragraph as PlainParagraph

from qpvdesk.domain.french import NBSP, NNBSP, typeset
from qpvdesk.reports.codes import link_markup
from qpvdesk.reports.style import MEDIUM, TABLE, WIDTH, covered, text_width
from qpvdesk.reports.tagging import tagged
from qpvdesk.reports.text_cell import PLAIN, UNDER, TextCell, break_lines, tells_lateness

LONGEST_TEXT = 20_000
"""Beyond so many characters a text is cut, and says so."""
# Controls but the line break, soft hyphens, direction marks and overrides, lone surrogates, private characters.
_UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ue000-\uf8ff]"
)
_MARKED = re.compile("[<&]")
_UNDRAWN = "\ufffd"
_UNDRAWN_RUN = re.compile("\ufffd(?:[\ufffd \u200b-\u200d\ufe0e\ufe0f]*\ufffd)?")
_UNDRAWN_WORDS = "(signe non imprimable)"
"""Stands for characters in a row that the product's type has no drawing of."""
_HELD = re.compile(
    rf"[\dn« ](?:(?<=[^\W\d_] )(?=\d+(?:[;)]|{NNBSP}[»;]| \(|\.\d|[,.](?!\d)|[-/]\d)|100{NNBSP}%)"
    r"|(?:(?<=\ben )|(?<=\bfin )|(?<=\bdès )|(?<=\bdébut )|(?<=\bdepuis ))(?:19|20)\d\d(?![\d/])"
    rf"|(?<=Licence )(?=Ouverte)|(?<![\w/.,-].)(?:(?<=\d)\d* (?:en (?=avance|retard))?(?=[^\W\d_])|(?<=n)° (?=\d)"
    rf"|(?<=«){NNBSP}[^«»\n]{{1,18}}{NNBSP}»))"
)
"""A figure and what it counts (« 7 conformes », « Bpifrance 16, »), a date or a year and the word before it (« le
11/12/2026 », « depuis 2019 »), a status between its marks: no line ends within."""
_LITTLE = re.compile(r"\b(?:de|du|des|la|le|les|à|et|en|au|aux) |«[^«»\n]{1,32}»")
_NAME_HYPHEN = re.compile(r"(?<=[^\W\d_]{2})-(?=[^\W\d_]{2})")

_GROUP_AIR = 38.0
"""Points beside the title of a group of rows: what stands around it, and « (suite) » after it."""


class Paragraph(PlainParagraph):  # type: ignore[misc]
    """A paragraph that breaks its lines once for a width: its height is asked for more than once."""

    tag = "P"
    """What it is in the structure of the document."""
    lead = ""
    """Its first words that are in bold."""
    printed_only = False
    """Whether it is said of the printed file alone."""
    _asked: float | None = None
    _answer: tuple[float, float] = (0.0, 0.0)
    frags: Any
    _source: object = None
    """What its words are: the same of two paragraphs of the same words; None where nothing tells."""

    def _setup(self, text: str, style: ParagraphStyle, *asked: Any) -> None:
        bullet, frags, cleaner = asked
        if frags is None and not _MARKED.search(text) and (words := cleaner(text)):
            # Words without markup need no parser.
            frags = [_unmarked(style).clone(text=words)]
        super()._setup(text, style, bullet, frags, cleaner)
        self._parsed, self._source = self.frags, text

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        # Splitting throws the broken lines away where it gives up.
        if self._asked != width or not hasattr(self, "blPara"):
            self._answer = super().wrap(width, height)
            self._asked = width
        return self._answer

    @property
    def _words_key(self) -> tuple[Any, ...]:
        """What its lines hang on, but their widths."""
        # Where its words hold the mark, ReportLab has read it out of them.
        return self._source, self.bulletText if isinstance(self.bulletText, str) else None, self.style

    def breakLines(self, width: Sequence[float]) -> Any:  # noqa: N802 - ReportLab's name
        if self._source is None:
            return super().breakLines(width)
        asked = (*self._words_key, *width)
        if (known := _broken.get(asked)) is None:
            # ReportLab leaves the words of the last breaking there.
            self.frags = self._parsed
            known = super().breakLines(width), self.frags
            if len(_broken) >= _BROKEN_MAX:
                _broken.clear()
            _broken[asked] = known
        lines, self.frags = known
        return lines

    def split(self, width: float, height: float) -> list[Flowable]:
        parts: list[Flowable] = super().split(width, height)
        if len(parts) > 1 and self._source is not None:
            for rank, part in enumerate(parts):
                # Its mark goes before the first part alone, and tells where the next begins.
                part._source = (self._words_key, width, len(parts[0].blPara.lines), rank)
        return parts

    def draw(self) -> None:
        with tagged(self.canv, self.tag):
            super().draw()


class WholeParagraph(Paragraph):
    """Names in a few lines: it goes to the next page whole, rather than end this one within a name."""

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        return super().split(width, height) if len(self.blPara.lines) > _WHOLE_LINES_MAX else []


_WHOLE_LINES_MAX = 8
"""A longer one would leave too much of a page empty."""
_BROKEN_MAX = 256
_broken: dict[tuple[Any, ...], tuple[Any, Any]] = {}
"""Broken lines by text, style and widths: a paper tried with more or less in it holds the same paragraphs each time."""


@lru_cache(maxsize=128)
def _unmarked(style: ParagraphStyle) -> Any:
    """What ReportLab's parser makes of a word without markup in a style."""
    return PlainParagraph("x", style).frags[0]


@lru_cache(maxsize=16_384)
def clean(text: str) -> str:
    """`text` without control characters or direction overrides, of a bounded length, French spaces in place.

    Characters in a row that the product's type cannot draw are told in words, once.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _UNWANTED.sub("", text)
    if not text.isascii():
        # An accent typed apart from its letter is one letter of the product's type.
        text = unicodedata.normalize("NFC", text)
        known = covered()
        if not known.issuperset(map(ord, text)):
            text = "".join(char if ord(char) in known else _UNDRAWN for char in text)
            text = _UNDRAWN_RUN.sub(_UNDRAWN_WORDS, text)
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "… (texte coupé à l’impression)"
    return _HELD.sub(lambda found: found[0].replace(" ", NBSP), typeset(text))


def line(text: str) -> str:
    """`text` cleaned, on one line."""
    return " ".join(part for part in clean(text).split("\n") if part.strip())


def markup(text: str) -> str:
    """`text` as paragraph markup that prints exactly as typed; line breaks are kept."""
    return escape(clean(text), quote=False).replace("\n", "<br/>")


def entitled(text: str) -> str:
    """A name set in large letters: no line of it ends on « de », nor within a short title between its marks."""
    return _LITTLE.sub(lambda found: found[0].replace(" ", NBSP), text)


def whole_names(text: str) -> str:
    """A title whose names are not broken at their hyphens, which an office program does, and no line of which begins with
    a dash."""
    return _NAME_HYPHEN.sub("\u2011", text).replace(" – ", f"{NBSP}– ")


def paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph(link_markup(markup(text)), style)


def led(first: str, rest: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph whose first words are in bold."""
    block = Paragraph(led_markup(first, rest), style)
    block.lead = clean(first)
    return block


def whole_led(first: str, rest: str, style: ParagraphStyle) -> WholeParagraph:
    """The same, of names that stand together."""
    block = WholeParagraph(led_markup(first, rest), style)
    block.lead = clean(first)
    return block


def led_markup(first: str, rest: str) -> str:
    """The markup of words whose first are in bold."""
    return link_markup(f"<b>{markup(first)}</b>{markup(rest)}" if first else markup(rest))


def cell(text: str, width: float) -> str | TextCell:
    """A table cell: a plain string where it fits on one line of `width`, else broken lines."""
    shown = clean(text)
    if "\n" not in shown and not tells_lateness(shown) and text_width(shown, PLAIN.font, PLAIN.size) <= width:
        return shown
    return TextCell([(shown, PLAIN)])


def group_title(text: str) -> str:
    """The title of a group of rows, on as many lines as it takes."""
    return "\n".join(break_lines(text, MEDIUM, TABLE, WIDTH - _GROUP_AIR))


def stacked(text: str, more: Sequence[str]) -> TextCell:
    """A table cell: `text`, and under it `more`, smaller and paler; no line begins with the point of « bus · France »."""
    under = ((clean(item).replace(" · ", f"{NBSP}· "), UNDER) for item in more)
    return TextCell([(clean(text), PLAIN), *under])


@lru_cache(maxsize=256)
def shorten(text: str, font: str, size: float, room: float) -> str:
    """One line of `text` no wider than `room`, cut between two words with « … », within the first where that is too wide."""
    shown = line(text)
    if text_width(shown, font, size) <= room:
        return shown
    low, high = 0, len(shown)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(shown[:middle].rstrip() + "…", font, size) <= room:
            low = middle
        else:
            high = middle - 1
    whole = shown[: low + 1].rpartition(" ")[0]
    # « 2. … » says nothing of an item whose first word is an address.
    whole = whole if any(map(str.isalpha, whole)) else shown[:low]
    return whole.rstrip(" ,;:\u202f\u00a0") + "…"


def shorten_words(text: str, most: int, others: Iterable[str] = ()) -> str:
    """`text` in at most `most` characters, cut between two words with « … ».

    `others`: the names that it stands among; longer where one of them begins as what would be left of it.
    """
    if len(text) <= most:
        return text
    shown = text[:most].rsplit(" ", 1)[0].rstrip(" ,;:\u202f\u00a0")
    alike = [other for other in others if other != text and other.startswith(shown)]
    # Its next word, until no other name goes on alike.
    return shorten_words(text, text.find(" ", most + 1) + 1 or len(text), alike) if alike else f"{shown}…"
