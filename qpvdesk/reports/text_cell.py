"""The text of a table's cell: plain lines broken greedily, several times faster than marked-up paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace
from reportlab.platypus import Flowable

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import NBSP, NNBSP
from qpvdesk.reports.codes import draw_linked, pieces
from qpvdesk.reports.style import MEDIUM, REGULAR, SMALL, TABLE, ink, text_width

_ASCENT = 0.84
"""How far a line's base is under its top, in em: that of figures and plain words of the same row."""


class Face(Struct, frozen=True):
    """How a line is set."""

    font: str
    size: float
    leading: float
    ink: Ink


PLAIN = Face(REGULAR, TABLE, 10.2, Ink.TEXT)
UNDER = Face(REGULAR, SMALL, 9.8, Ink.MENTION)

_GROUP = re.compile(rf"(?<=\d){NNBSP}(?=\d{{3}})")
_Line = tuple[str, Face]
_LATE = re.compile(
    rf"(?:^|(?<=, )|(?<=· ))(?:en[ {NBSP}]retard|non[ {NBSP}]atteinte?|échue)(?=[.,]?$|\s·|, (?:au|en)\b)"
    r"|(?<=\()passée(?=\)\.?$)",
    re.I,
)
"""What says, at the end of a text, between two points or before the day that it is of, that something is late or missed."""


class TextCell(Flowable):  # type: ignore[misc]
    """Texts one under the other, each in its face. They must have been cleaned; a line break in them is kept."""

    def __init__(self, texts: Sequence[_Line], broken_for: float | None = None) -> None:
        """`broken_for`: the width that its texts are the lines of already."""
        super().__init__()
        self._texts = tuple(texts)
        self._lines: tuple[_Line, ...] = () if broken_for is None else self._texts
        self._free = (0.0, 0.0)
        self._broken_for = broken_for
        if broken_for is not None:
            self.width, self.height = broken_for, sum((face.leading for _, face in self._lines), 0.0)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text, _ in self._texts)

    def run_under(self, top: float, width: float) -> None:
        """Let what is said under its first text run `width` points wide, under its neighbours that are `top` points high."""
        self._free, self._broken_for = (top, width), None

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        if self._broken_for != width:
            self.height = 0.0
            self._lines = ()
            for text, face in self._texts:
                lines = self._broken(text, face, width)
                self._lines += lines
                self.height += sum(line_face.leading for _, line_face in lines)
            self._broken_for = width
            self.width = width
        return self.width, self.height

    def _broken(self, text: str, face: Face, width: float) -> tuple[_Line, ...]:
        """The lines of one of its texts, the next to be set."""
        # What weighs is not parted by the end of a line.
        text = _LATE.sub(lambda found: found[0].replace(" ", NBSP), text)
        lines = _lines_of(text, face, width)
        top, room = self._free
        if len(lines) > 1 and face is UNDER and room > width:
            wide = _lines_of(text, face, room)
            air = max(top - self.height, 0.0)
            if not air or air + face.leading * len(wide) < face.leading * len(lines):
                above = [("", replace(face, leading=air))] if air else []
                return (*above, *((line, face) for line in wide))
        return tuple((line, face) for line in lines)

    def split(self, width: float, height: float) -> list[Flowable]:
        # ReportLab's table has wrapped it within its padding, and hands over the width of the whole column.
        width = self._broken_for or width
        if any(self._free):
            # What is cut has no neighbour to run under.
            self.run_under(0.0, 0.0)
        self.wrap(width, height)
        taken, used = 0, 0.0
        for _, face in self._lines:
            if used + face.leading > height:
                break
            used += face.leading
            taken += 1
        if not taken:
            return []
        if taken == len(self._lines):
            # ReportLab's table asks even of what fits, where a neighbour does not, and takes two parts for granted.
            return [self, TextCell(())]
        return [TextCell(self._lines[:taken], width), TextCell(self._lines[taken:], width)]

    def draw(self) -> None:
        canvas = self.canv
        y = self.height
        before: Face | None = None
        text = canvas.beginText()
        for line, face in self._lines:
            base = y - (face.leading - face.size) / 2 - _ASCENT * face.size
            y -= face.leading
            x, parts = 0.0, weighed(line)
            for part, weighs in parts:
                own = replace(face, font=MEDIUM, ink=Ink.TEXT) if weighs else face
                if any(code for _, code in pieces(canvas, part)):
                    # A link is marked apart, which no text object may straddle.
                    canvas.drawText(text)
                    canvas.setFont(own.font, own.size)
                    canvas.setFillColor(ink(own.ink))
                    draw_linked(canvas, (x, base), part, (own.font, own.size))
                    text, before = canvas.beginText(), None
                else:
                    if own != before:
                        text.setFont(own.font, own.size)
                        text.setFillColor(ink(own.ink))
                        before = own
                    text.setTextOrigin(x, base)
                    text.textOut(part)
                x += text_width(part, own.font, own.size) if parts[1:] else 0.0
        canvas.drawText(text)


def tells_lateness(text: str) -> bool:
    """Whether a part of a text weighs."""
    return _LATE.search(text) is not None


def weighed(text: str) -> tuple[tuple[str, bool], ...]:
    """The parts of a text, and whether each says that something is late or missed: in a print without colour it weighs as
    a status does, wherever it stands in a table."""
    found = _LATE.search(text)
    if found is None:
        return ((text, False),)
    told = ((text[: found.start()], False), (found[0].replace(NBSP, " "), True), (text[found.end() :], False))
    return tuple(part for part in told if part[0])


def _lines_of(text: str, face: Face, width: float) -> tuple[str, ...]:
    """The lines of a text in a width: what weighs is set wider than it is broken for, and leaves its line where it would run
    past it."""
    lines = break_lines(text, face.font, face.size, width)
    found = _LATE.search(text)
    if found is None:
        return lines
    more = text_width(found[0], MEDIUM, face.size) - text_width(found[0], face.font, face.size)
    over = any(found[0] in line and text_width(line, face.font, face.size) + more > width for line in lines)
    return break_lines(text, face.font, face.size, width - more) if over else lines


@lru_cache(maxsize=16_384)
def word_width(word: str, font: str, size: float) -> float:
    """The width of a word, remembered."""
    return text_width(word, font, size)


@lru_cache(maxsize=4_096)
def break_lines(text: str, font: str, size: float, width: float) -> tuple[str, ...]:
    """`text` in lines no wider than `width`, broken at plain spaces, or within a word too long for a line."""
    space = word_width(" ", font, size)
    lines: list[str] = []
    for part in text.split("\n"):
        current: list[str] = []
        used = 0.0
        for word in part.split(" "):
            if not word:
                continue
            wide = word_width(word, font, size)
            if current and used + space + wide <= width:
                current.append(word)
                used += space + wide
                continue
            if current:
                lines.append(" ".join(current))
            while wide > width and len(word) > 1:
                head = _head(word, font, size, width)
                lines.append(word[:head])
                word = word[head:]
                wide = word_width(word, font, size)
            current, used = [word], wide
        if current:
            lines.append(" ".join(current))
    return tuple(lines)


def _head(word: str, font: str, size: float, width: float) -> int:
    """How many characters of `word` fit in `width`, up to a hyphen, or between two groups of figures, where there is one; at
    least one."""
    # No letter is an eighth of an em: what cannot fit is not measured.
    low, high = 1, min(len(word), int(8 * width / size) + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(word[:middle], font, size) <= width:
            low = middle
        else:
            high = middle - 1
    if hyphen := word.rfind("-", 1, low) + 1:
        return hyphen
    # « 1 000 000 000 0 » over « 00 » is read as another figure.
    groups = [found.end() for found in _GROUP.finditer(word) if found.end() <= low]
    return groups[-1] if groups else low
