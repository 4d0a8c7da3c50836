"""Tables: repeated headers, rows that stay whole unless a page cannot hold them, and the small cells of figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from reportlab.platypus import Flowable, Table, TableStyle

from qpvdesk.charts.bars import BAR_ORDER
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import UNKNOWN, format_rate
from qpvdesk.domain.model import Weather
from qpvdesk.domain.progress import Statut, Trend
from qpvdesk.reports.painter import paint_mark, paint_rect
from qpvdesk.reports.style import (
    BLUE,
    BLUE_TINT,
    HAIR,
    HEIGHT,
    MEDIUM,
    REGULAR,
    SMALL,
    TABLE,
    colour,
    ink,
    text_width,
)
from qpvdesk.reports.tagging import TableTags, tagged
from qpvdesk.reports.text import Paragraph, line
from qpvdesk.reports.weather import paint_weather

PAD = 4.0
"""Air between columns, on each side of a cell."""
_AIR = (3.2, 3.8)
_TIGHT = (2.3, 2.7)
"""Above and below the text of a cell; tighter where it saves a page that would hold next to nothing."""
_GOES_ON = " (suite)"
_HEADER_LEADING = SMALL * 1.25
_LEADING = TABLE * 1.27

_Row = Sequence[Any]


def cell_texts(value: Any) -> tuple[str, ...]:
    """What a cell says, a paragraph each; a plain string, one of ours, or several of them."""
    if isinstance(value, str):
        return (value,)
    texts = getattr(value, "texts", None)
    if texts is not None:
        return tuple(texts)
    if isinstance(value, Paragraph):
        return (value.getPlainText(identify=1),)
    return tuple(text for item in value for text in cell_texts(item))


class DataTable(Flowable):  # type: ignore[misc]
    """A table under a header that repeats on each page, whose rows are cut only where one is taller than a page.

    The heights of the rows are reckoned once and the rows dealt out to the pages here: ReportLab's own table reckons
    all that remain at each page, which makes long tables slow.
    """

    def __init__(
        self,
        header: Sequence[str],
        rows: Sequence[_Row],
        widths: Sequence[float],
        right: Sequence[int],
        groups: frozenset[int],
        heights: Sequence[float] | None = None,
        whole: object = None,
        *,
        goes_on: bool = False,
        air: tuple[float, float] = _AIR,
    ) -> None:
        """`whole`: what the parts of one table have in common; `goes_on`: this is not its first.

        `air`: what stands above and below the text of a cell.
        """
        super().__init__()
        self._whole, self._goes_on = whole or object(), goes_on
        self._header, self._rows, self._widths, self._right = header, rows, widths, right
        self._groups = groups
        self._air = air
        self._head = sum(air) + _HEADER_LEADING * max(text.count("\n") + 1 for text in header)
        self._heights = [_row_height(row, widths, sum(air)) for row in rows] if heights is None else heights
        self._tallest = HEIGHT - self._head - 1

    @property
    def header(self) -> tuple[str, ...]:
        """The titles of the columns."""
        return tuple(self._header)

    @property
    def right(self) -> tuple[int, ...]:
        """The columns set to the right."""
        return tuple(self._right)

    @property
    def widths(self) -> tuple[float, ...]:
        """The widths of the columns, in points."""
        return tuple(self._widths)

    def tightened(self) -> DataTable:
        """The same table with less air between its rows."""
        return DataTable(
            self._header, self._rows, self._widths, self._right, self._groups, whole=self._whole, air=_TIGHT
        )

    def text_rows(self) -> list[tuple[bool, tuple[tuple[str, ...], ...]]]:
        """Each row as texts: whether it is the title of those that follow, then what each of its cells says."""
        return [
            (index in self._groups, tuple(cell_texts(value) for value in row))
            for index, row in enumerate(self._rows)
        ]

    def _table(self, count: int, *, cut: bool = False) -> Table:
        """The first `count` rows; with `cut`, one that may be split within a row."""
        style = _style(len(self._header), self._right, self._air)
        for index in sorted(self._groups):
            if index < count:
                _add_group(style, index + 1)
        heights = None if cut else [self._head, *self._heights[:count]]
        data = [list(self._header), *[list(row) for row in self._rows[:count]]]
        tags = TableTags(self._whole, self._groups, len(self._header), goes_on=self._goes_on)
        return Table(
            data, list(self._widths), heights, repeatRows=1, splitInRow=int(cut), style=style, renderCB=tags
        )

    def _part(self, start: int, stop: int) -> DataTable:
        groups = frozenset(index - start for index in self._groups if start <= index < stop)
        rows, heights = self._rows[start:stop], self._heights[start:stop]
        return DataTable(
            self._header,
            rows,
            self._widths,
            self._right,
            groups,
            heights,
            self._whole,
            goes_on=self._goes_on or start > 0,
            air=self._air,
        )

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = sum(self._widths), self._head + sum(self._heights)
        return self.width, self.height

    def draw(self) -> None:
        table = self._table(len(self._rows))
        table.wrap(self.width, self.height)
        table.drawOn(self.canv, 0, 0)

    def split(self, width: float, height: float) -> list[Flowable]:
        if self._goes_on and height < HEIGHT - 1:
            # What a page let go of does not begin again, under a second header, in the room it left.
            return []
        room, count = height - self._head, 0
        while count < len(self._rows) and self._heights[count] <= room:
            room -= self._heights[count]
            count += 1
        if count < len(self._rows) and self._heights[count] > self._tallest:
            return self._cut(count, width, height)
        first = count
        if len(self._rows) - count == 1 and count >= 3:
            # One row alone under a header is read as an oversight.
            count -= 1
        while count and count - 1 in self._groups:
            count -= 1
        if not count:
            # At the head of a page nothing is gained by waiting: the row goes on from there.
            return self._cut(first, width, height) if height > HEIGHT - 1 and first < len(self._rows) else []
        return [self._part(0, count), self._rest(count)]

    def _rest(self, start: int) -> DataTable:
        """The rows from `start`, under the title of their group again where its rows go on."""
        rest = self._part(start, len(self._rows))
        above = [index for index in self._groups if index < start]
        if not above or start in self._groups:
            return rest
        group = max(above)
        if self._heights[group] + self._heights[start] > self._tallest:
            return rest
        name = str(self._rows[group][0]).removesuffix(_GOES_ON) + _GOES_ON
        rows = [[name, *self._rows[group][1:]], *rest._rows]
        groups = frozenset({0, *(index + 1 for index in rest._groups)})
        return DataTable(
            self._header,
            rows,
            self._widths,
            self._right,
            groups,
            [self._heights[group], *rest._heights],
            self._whole,
            goes_on=True,
            air=self._air,
        )

    def _cut(self, count: int, width: float, height: float) -> list[Flowable]:
        """Split within row `count`, which no page can hold."""
        table = self._table(count + 1, cut=True)
        table.wrap(width, height)
        parts = table.split(width, height)
        if len(parts) < 2:
            return []
        left = parts[1]._cellvalues[1:]
        done = count + 1 - len(left)
        groups = frozenset(index - done for index in self._groups if index >= done)
        rows = [*left, *self._rows[count + 1 :]]
        return [
            parts[0],
            DataTable(
                self._header,
                rows,
                self._widths,
                self._right,
                groups,
                whole=self._whole,
                goes_on=True,
                air=self._air,
            ),
        ]


def _row_height(row: _Row, widths: Sequence[float], air: float) -> float:
    """The height of a row: that of its tallest cell, with the air above and below."""
    last = len(widths) - 1
    tallest = 0.0
    for index, (value, width) in enumerate(zip(row, widths, strict=True)):
        room = width - (PAD if index else 0) - (PAD if index < last else 0)
        if isinstance(value, str):
            height = _LEADING * (value.count("\n") + 1)
        elif isinstance(value, Flowable):
            height = value.wrap(room, HEIGHT)[1]
        else:
            height = sum(item.wrap(room, HEIGHT)[1] for item in value)
        tallest = max(tallest, height)
    return tallest + air


def data_table(
    header: Sequence[str],
    rows: Sequence[_Row],
    widths: Sequence[float],
    *,
    right: Iterable[int] = (),
    groups: Iterable[int] = (),
    optional: Iterable[int] = (),
) -> list[Flowable]:
    """A table under a repeated header; nothing where there is no row.

    `right`: columns set to the right; `groups`: rows that are the title of those that follow; `optional`: columns
    left out where they hold nothing, their room going to the second. The first column stands flush with the text.
    """
    if not rows:
        return []
    assert all(len(row) == len(header) for row in rows)
    right = tuple(right)
    empty = {index for index in optional if all(_is_empty(row[index]) for row in rows)}
    if empty:
        spare = sum(widths[index] for index in empty)
        keep = [index for index in range(len(header)) if index not in empty]
        widths = [widths[index] + (spare if index == 1 else 0.0) for index in keep]
        right = tuple(keep.index(index) for index in right if index in keep)
        header = [header[index] for index in keep]
        rows = [[row[index] for index in keep] for row in rows]
    for column in right:
        _align(rows, column)
    return [DataTable(header, rows, widths, right, frozenset(groups))]


def _add_group(style: TableStyle, index: int) -> None:
    """The title of the rows that follow: across the table, on a tint."""
    style.add("SPAN", (0, index), (-1, index))
    style.add("BACKGROUND", (0, index), (-1, index), colour(BLUE_TINT))
    style.add("FONTNAME", (0, index), (-1, index), MEDIUM)
    style.add("LEFTPADDING", (0, index), (0, index), PAD)


def _is_empty(value: Any) -> bool:
    return value in ("", UNKNOWN) or (isinstance(value, Figure) and value.empty)


def _style(columns: int, right: Iterable[int], air: tuple[float, float]) -> TableStyle:
    commands: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, TABLE, _LEADING),
        ("FONT", (0, 0), (-1, 0), MEDIUM, SMALL, _HEADER_LEADING),
        ("TEXTCOLOR", (0, 0), (-1, 0), colour(BLUE)),
        ("TEXTCOLOR", (0, 1), (-1, -1), ink(Ink.TEXT)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, colour(BLUE)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, colour(HAIR)),
        ("LEFTPADDING", (0, 0), (-1, -1), PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (columns - 1, 0), (columns - 1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), air[0]),
        ("BOTTOMPADDING", (0, 0), (-1, -1), air[1]),
    ]
    commands += [("ALIGN", (index, 0), (index, -1), "RIGHT") for index in right]
    return TableStyle(commands)


class _Small(Flowable):  # type: ignore[misc]
    """A cell of known size that draws itself."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height


class Figure(_Small):
    """A figure and under it, smaller, its date; both set to the right.

    Those of one column stand unit under unit: what follows the units (« ,4 % », « M€ ») hangs in the room that
    `align` gave it.
    """

    def __init__(self, value: str, under: str, width: float, font: str = MEDIUM) -> None:
        super().__init__(width, 20.0 if under else 10.2)
        self._value, self._under = line(value), line(under)
        self._font = font
        self._hang = 0.0
        self.empty = self._value == UNKNOWN

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says."""
        return (self._value, self._under) if self._under else (self._value,)

    def parts(self) -> tuple[float, float] | None:
        """The widths of what stands before the comma and after; None where it is no number."""
        found = _UNITS.match(self._value)
        if found is None:
            return (text_width(self._value, self._font, TABLE), 0.0) if self.empty else None
        return tuple(text_width(text, self._font, TABLE) for text in found.groups())  # type: ignore[return-value]

    def hang(self, room: float) -> None:
        """Keep `room` points to the right of the units."""
        self._hang = room

    def draw(self) -> None:
        canvas = self.canv
        size = TABLE
        while size > 5.2 and canvas.stringWidth(self._value, self._font, size) > self.width:
            size -= 0.4
        canvas.setFont(self._font, size)
        canvas.setFillColor(ink(Ink.TEXT))
        right, parts = self.width, self.parts()
        if self._hang and parts is not None:
            right -= self._hang - parts[1]
        canvas.drawRightString(right, self.height - 7.8, self._value)
        if self._under:
            canvas.setFont(REGULAR, SMALL)
            canvas.setFillColor(ink(Ink.MENTION))
            canvas.drawRightString(self.width, self.height - 17.4, self._under)


_UNITS = re.compile(r"^([≥≤+−-]?[ \u00a0\u202f]?\d+(?:[ \u00a0\u202f]\d{3})*)((?:\D.*)?)$")
"""A number up to its units, and what follows them."""


def _align(rows: Sequence[_Row], column: int) -> None:
    """Let the figures of a column stand unit under unit, where the widest parts fit side by side."""
    figures = [row[column] for row in rows if isinstance(row[column], Figure)]
    parts = [found for found in (figure.parts() for figure in figures) if found is not None]
    if not parts:
        return
    before, after = max(part[0] for part in parts), max(part[1] for part in parts)
    if before + after <= min(figure.width for figure in figures):
        for figure in figures:
            figure.hang(after)


class StatusCell(_Small):
    """The mark of a status and its word; under it the trend, where there is one."""

    def __init__(self, status: Statut, trend: Trend | None, width: float) -> None:
        super().__init__(width, 20.0 if trend is not None else 10.2)
        self._status, self._trend = status, trend

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says."""
        return (
            STATUS_MARKS[self._status].word,
            *([_TRENDS[self._trend][1]] if self._trend is not None else []),
        )

    def draw(self) -> None:
        canvas = self.canv
        look = STATUS_MARKS[self._status]
        base = self.height - 7.8
        paint_mark(canvas, 4, base + 2.8, 8, look.shape, look.ink)
        canvas.setFont(MEDIUM, TABLE - 0.3)
        canvas.setFillColor(ink(look.ink))
        canvas.drawString(11, base, look.word)
        if self._trend is not None:
            sign, word = _TRENDS[self._trend]
            canvas.setFont(REGULAR, SMALL)
            canvas.setFillColor(ink(Ink.MENTION))
            canvas.drawString(11, base - 9.6, f"{sign} {word}")


_TRENDS: dict[Trend, tuple[str, str]] = {
    Trend.HAUSSE: ("↗", "en progrès"),
    Trend.BAISSE: ("↘", "en recul"),
    Trend.STABLE: ("→", "stable"),
}


class Gauge(_Small):
    """A rate as a bar bounded to 0…100 %, its hatching the status's; where it should be, a tick; its figure above."""

    def __init__(
        self, rate: Fraction | None, expected: Fraction | None, status: Statut, reason: str, width: float
    ) -> None:
        super().__init__(width, 20.0)
        self._rate, self._expected, self._status, self._reason = rate, expected, status, reason

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says."""
        return (self._reason,) if self._rate is None else (format_rate(self._rate),)

    def draw(self) -> None:
        canvas = self.canv
        if self._rate is None:
            canvas.setFont(REGULAR, SMALL)
            canvas.setFillColor(ink(Ink.MENTION))
            words = self._reason.split(" ")
            first = ""
            while words and canvas.stringWidth(f"{first} {words[0]}", REGULAR, SMALL) <= self.width:
                first = f"{first} {words.pop(0)}".strip()
            canvas.drawString(0, self.height - 7.8, first)
            canvas.drawString(0, self.height - 17.0, " ".join(words))
            return
        look = STATUS_MARKS[self._status]
        canvas.setFont(MEDIUM, TABLE)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.drawString(0, self.height - 7.8, format_rate(self._rate))
        y, height = self.height - 17.2, 5.4
        canvas.setStrokeColor(ink(Ink.AXIS))
        canvas.setLineWidth(0.4)
        canvas.rect(0, y, self.width, height, stroke=1, fill=0)
        share = float(min(max(self._rate, Fraction(0)), Fraction(1)))
        if share > 0:
            paint_rect(canvas, 0, y, max(self.width * share, 0.8), height, look.ink, look.hatch)
        if self._expected is not None:
            at = self.width * float(min(max(self._expected, Fraction(0)), Fraction(1)))
            canvas.setStrokeColor(ink(Ink.TEXT))
            canvas.setLineWidth(1.1)
            canvas.line(at, y - 1.6, at, y + height + 1.6)


class Kept(_Small):
    """Whether a bound is kept or a thing done, in a word, and under it the signed gap: such a rate is no share."""

    def __init__(self, word: str, gap: str, width: float) -> None:
        super().__init__(width, 20.0 if gap else 10.2)
        self._word, self._gap = word, line(gap)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says."""
        return (self._word, self._gap) if self._gap else (self._word,)

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFont(MEDIUM, TABLE)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.drawString(0, self.height - 7.8, self._word)
        if self._gap:
            size = SMALL
            while size > 5 and canvas.stringWidth(self._gap, REGULAR, size) > self.width:
                size -= 0.3
            canvas.setFont(REGULAR, size)
            canvas.setFillColor(ink(Ink.MENTION))
            canvas.drawString(0, self.height - 17.4, self._gap)


class WeatherCell(_Small):
    """The pictogram of a météo and its words."""

    INDENT = 18.0
    """The room of the pictogram, left of the words."""

    def __init__(self, weather: Weather, words: Sequence[str], width: float) -> None:
        super().__init__(width, 4.0 + 9.2 * len(words))
        self._weather, self._words = weather, tuple(words)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says."""
        return (" ".join(self._words),)

    def draw(self) -> None:
        canvas = self.canv
        paint_weather(canvas, 7, self.height - 6, 14, self._weather)
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(ink(Ink.TEXT))
        for index, text in enumerate(self._words):
            canvas.drawString(self.INDENT, self.height - 8.2 - index * 9.2, text)


class EntryBox(_Small):
    """A drawn box to write in by hand, `height` points tall, with what it awaits small in its corner."""

    def __init__(self, caption: str, width: float, height: float = 27.0) -> None:
        super().__init__(width, height + 2.0)
        self._caption = line(caption)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says: nothing yet, in an editable copy as well."""
        return ()

    def draw(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(ink(Ink.TEXT))
        canvas.setLineWidth(0.6)
        canvas.rect(0.3, 0.3, self.width - 0.6, self.height - 2.6, stroke=1, fill=0)
        canvas.setFont(REGULAR, 5.8)
        canvas.setFillColor(ink(Ink.MENTION))
        canvas.drawString(3, self.height - 9.0, self._caption)


class Legend(_Small):
    """Every status with its hatching and its word, in one line or two."""

    def __init__(self, width: float, statuses: Sequence[Statut] = BAR_ORDER) -> None:
        super().__init__(width, 12.0)
        self._statuses = tuple(statuses)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says."""
        return ()

    def draw(self) -> None:
        with tagged(self.canv, "P"):
            self._draw()

    def _draw(self) -> None:
        canvas = self.canv
        room = self.width / len(self._statuses)
        for index, status in enumerate(self._statuses):
            look = STATUS_MARKS[status]
            x = index * room
            paint_rect(canvas, x, 2, 8, 7, look.ink, look.hatch)
            canvas.setFont(REGULAR, 6.6)
            canvas.setFillColor(ink(Ink.TEXT))
            canvas.drawString(x + 10.5, 3.2, look.word)


class Swatch(_Small):
    """The mark and the hatching of a status side by side."""

    def __init__(self, status: Statut) -> None:
        super().__init__(44, 10.2)
        self._status = status

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says."""
        return ()

    def draw(self) -> None:
        look = STATUS_MARKS[self._status]
        paint_mark(self.canv, 5, 4.6, 9, look.shape, look.ink)
        paint_rect(self.canv, 16, 0.8, 26, 8, look.ink, look.hatch)
