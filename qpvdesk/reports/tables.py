"""Tables: repeated headers, rows that stay whole unless a page cannot hold them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from math import inf
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from reportlab.platypus import Flowable, Table, TableStyle

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import UNKNOWN
from qpvdesk.reports.cells import CodeCell, EntryBox, Figure, StatusCell
from qpvdesk.reports.codes import is_code
from qpvdesk.reports.style import (
    BLUE,
    BLUE_TINT,
    CELL_STYLE,
    HAIR,
    HEIGHT,
    MEDIUM,
    REGULAR,
    RULE,
    SMALL,
    TABLE,
    colour,
    ink,
    text_width,
)
from qpvdesk.reports.tagging import TableTags
from qpvdesk.reports.text import Paragraph
from qpvdesk.reports.text_cell import TextCell

PAD = 4.0
"""Air between columns, on each side of a cell."""
_AIR, _TIGHT = (3.2, 3.8), (1.4, 1.8)
"""Above and below the text of a cell; tighter where it saves a page that would hold next to nothing."""
_UNDER = 4.0
_OF_CODES = ("Code", "Objet", "Décision")
"""What the first column is called where each row is of the thing whose code stands in it."""
_GOES_ON = " (suite)"
_SHORT, _LIST = HEIGHT * 0.2, HEIGHT * 0.24
"""A table no taller stands on one page; one of few rows under titles, of lines, or to write in, if it is taller as well."""
_MANY, _FEW = 8, 3
"""Of a table of more rows than that, so many at least on a page."""
_BETWEEN = 6.0
"""More air where values set to the right follow words set to the left: they would run together."""
_HEADER_LEADING, _LEADING = SMALL * 1.25, CELL_STYLE.leading

_Row = Sequence[Any]


class Total(list[str]):
    """The row that counts all those above it: under a rule, in heavier letters."""


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


class TableColumns(Struct, frozen=True, eq=False):
    """The columns of one table; every part of it holds the same, which tells it from the others."""

    header: tuple[str, ...]
    widths: tuple[float, ...]
    """In points."""
    right: tuple[int, ...] = ()
    """Those set to the right."""
    air: tuple[float, float] = _AIR
    """What stands above and below the text of a cell."""


class DataTable(Flowable):  # type: ignore[misc]
    """A table under a header that repeats on each page, whose rows are cut only where one is taller than a page.

    The heights of the rows are reckoned once and the rows dealt out to the pages here: ReportLab's own table reckons
    all that remain at each page, which makes long tables slow.
    """

    def __init__(
        self,
        columns: TableColumns,
        rows: Sequence[_Row],
        groups: frozenset[int],
        heights: Sequence[float] | None = None,
        *,
        goes_on: bool = False,
    ) -> None:
        """`groups`: the rows that are the title of those that follow; `goes_on`: this is not its first part."""
        super().__init__()
        # What is said of the table under it does not touch its last rule.
        self.spaceAfter = _UNDER
        self.noted = 0.0
        """How much of what is said of it stands under it, in points: not alone at the head of a page."""
        self.columns = columns
        self._rows, self._groups, self._goes_on = rows, groups, goes_on
        air = sum(columns.air)
        self._head = air + _HEADER_LEADING * max(text.count("\n") + 1 for text in columns.header)
        self._heights = (
            [max(_cell_heights(row, columns.widths)) + air for row in rows] if heights is None else heights
        )
        self._tallest = HEIGHT - self._head - 1

    @property
    def codes(self) -> tuple[str, ...]:
        """Those that a row of it is of."""
        return tuple(row[0].code for row in self._rows if isinstance(row[0], CodeCell))

    @property
    def row_heights(self) -> Sequence[float]:
        """Of each row, in points."""
        return self._heights

    @property
    def _whole(self) -> float:
        """The height of its header and its rows, in points."""
        return self._head + sum(self._heights)

    @property
    def least_height(self) -> float:
        """Of the whole of a short table; else of its header and its first rows, with the titles above them: few alone are
        read as an oversight, but where they are all that their group holds."""
        rows = [index for index in range(len(self._rows)) if index not in self._groups]
        # The title of a group is one of the lines that begin it.
        few = max(self.few - (0 in self._groups), 2)
        alone = len(rows) >= few and self._groups.isdisjoint(range(rows[0], rows[few - 1]))
        first = self._head + sum(self._heights[: rows[few - 1] + 1]) if alone else HEIGHT
        least = first if first <= HEIGHT / 2 else self._head + sum(self._heights[: (rows or [0])[0] + 1])
        return self._whole if self.is_short else least

    @property
    def is_short(self) -> bool:
        """Whether it is read at a glance, which half of it is not."""
        lines = max(self._heights) <= _LEADING + sum(self.columns.air)
        few = self._groups and len(self._rows) - len(self._groups) <= _MANY / 2
        listed = lines or few or any(map(_is_blank, self._rows[-1]))
        return self._whole <= (_LIST if listed else _SHORT)

    @property
    def few(self) -> int:
        """Fewer rows of it than that do not stand alone on a page."""
        return _FEW if len(self._rows) > _MANY else 2

    def tightened(self) -> DataTable:
        """The same table with less air between its rows."""
        return DataTable(replace(self.columns, air=_TIGHT), self._rows, self._groups)

    def text_rows(self) -> list[tuple[bool, tuple[tuple[str, ...], ...]]]:
        """Each row as texts: whether it is the title of those that follow, whose lines are those of the paper alone; then
        what each of its cells says."""
        return [
            (True, tuple(tuple(text.replace("\n", " ") for text in cell_texts(value)) for value in row))
            if index in self._groups
            else (False, tuple(cell_texts(value) for value in row))
            for index, row in enumerate(self._rows)
        ]

    @property
    def cells(self) -> Sequence[_Row]:
        """Its rows, as they were given."""
        return self._rows

    def _table(self, count: int, *, cut: bool = False) -> Table:
        """The first `count` rows; with `cut`, one that may be split within a row."""
        style = _style(self.columns)
        for index in sorted(self._groups):
            if index < count:
                _add_group(style, index + 1)
        header, widths = list(self.columns.header), list(self.columns.widths)
        written = {*range(count)} - self._groups if header.count(header[0]) == 1 else set()
        for index, row in enumerate(self._rows[:count], 1):
            if isinstance(row, Total):
                style.add("FONTNAME", (0, index), (-1, index), MEDIUM)
                style.add("LINEABOVE", (0, index), (-1, index), 0.9, colour(BLUE))
            elif index - 1 in written and isinstance(row[-1], str) and all(map(_is_blank, row[1:])):
                # By hand, one sees where a column ends.
                style.add("LINEBEFORE", (1, index), (-1, index), 0.4, colour(RULE))
        heights = None if cut else [self._head, *self._heights[:count]]
        data = [header, *[list(row) for row in self._rows[:count]]]
        tags = TableTags(self.columns, self._groups, len(header), goes_on=self._goes_on)
        return Table(data, widths, heights, repeatRows=1, splitInRow=int(cut), style=style, renderCB=tags)

    def part(self, start: int, stop: int) -> DataTable:
        groups = frozenset(index - start for index in self._groups if start <= index < stop)
        rows, heights = self._rows[start:stop], self._heights[start:stop]
        return DataTable(self.columns, rows, groups, heights, goes_on=self._goes_on or start > 0)

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        self.width, self.height = sum(self.columns.widths), self._whole
        return self.width, self.height + self.noted * self._lacks(height)

    def _lacks(self, height: float) -> bool:
        """Whether `height` points hold it without what is said under it, which its last rows go along with."""
        # Of a page that its rows fill, the last go on to the next; few would be put off for ever.
        waits = not self._is_at_head(height) or len(self._rows) > 2 * self.few
        return waits and self._whole <= height < self._whole + self.noted

    def _is_at_head(self, height: float) -> bool:
        """Whether that is the whole of a page; ReportLab marks what it put off to the next, whatever its height."""
        return height > HEIGHT - 1 or hasattr(self, "_postponed")

    def draw(self) -> None:
        table = self._table(len(self._rows))
        table.wrap(self.width, self.height)
        table.drawOn(self.canv, 0, 0)

    def split(self, width: float, height: float) -> list[Flowable]:
        at_head = self._is_at_head(height)
        if (self._goes_on or self.is_short) and not at_head:
            # What a page let go of does not begin again, under a second header, in the room it left.
            return []
        room, count = height - self._head, 0
        while count < len(self._rows) and self._heights[count] <= room:
            room -= self._heights[count]
            count += 1
        if count < len(self._rows) and self._heights[count] > self._tallest:
            return self._cut(count, width, height)
        first = count
        short = count < len(self._rows) < count + self.few
        if carried_rows := self.few if short and count > self.few else 2 * self._lacks(height):
            # One row alone is read as an oversight, with what is said under it too; more would leave a foot empty.
            count = max(len(self._rows) - carried_rows, 0)
        while count and count - 1 in self._groups:
            count -= 1
        alone = count < min(self.few, len(self._rows) - 1) and count not in self._groups and not at_head
        if alone and self._head + sum(self._heights[: self.few]) <= HEIGHT / 2:
            count = 0
        if not count:
            # At the head of a page nothing is gained by waiting: the row goes on from there.
            return self._cut(first, width, height) if at_head and first < len(self._rows) else []
        rest = self._rest(count)
        rest.noted = self.noted
        return [self.part(0, count), rest]

    def _rest(self, start: int) -> DataTable:
        """The rows from `start`, under the title of their group again where its rows go on."""
        rest = self.part(start, len(self._rows))
        above = [index for index in self._groups if index < start]
        if not above or start in self._groups:
            return rest
        group = max(above)
        if self._heights[group] + self._heights[start] > self._tallest:
            return rest
        name = str(self._rows[group][0]).removesuffix(_GOES_ON).removesuffix(".") + _GOES_ON
        rows = [[name, *self._rows[group][1:]], *rest._rows]
        groups = frozenset({0, *(index + 1 for index in rest._groups)})
        heights = [self._heights[group], *rest._heights]
        return DataTable(self.columns, rows, groups, heights, goes_on=True)

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
        return [parts[0], DataTable(self.columns, [*left, *self._rows[count + 1 :]], groups, goes_on=True)]


def _cell_heights(row: _Row, widths: Sequence[float]) -> Iterator[float]:
    last = len(widths) - 1
    for index, (value, width) in enumerate(zip(row, widths, strict=True)):
        room = width - (PAD if index else 0) - (PAD if index < last else 0)
        if isinstance(value, str):
            yield _LEADING * (value.count("\n") + 1)
        elif isinstance(value, Flowable):
            yield value.wrap(room, HEIGHT)[1]
        else:
            yield sum(item.wrap(room, HEIGHT)[1] for item in value)


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
    left out where they hold nothing. Their room goes to the first column of words, and so does what columns of values do
    not need; what is said under its words runs under them. The first stands flush with the text.
    """
    if not rows:
        return []
    assert all(len(row) == len(header) for row in rows)
    right, groups, wider = tuple(right), frozenset(groups), int(header[0] in _OF_CODES)
    empty = {index for index in optional if all(_is_empty(row[index]) for row in rows)}
    if empty:
        spare = sum(widths[index] for index in empty)
        keep = [index for index in range(len(header)) if index not in empty]
        widths = [widths[index] + (spare if index == wider else 0.0) for index in keep]
        right = tuple(keep.index(index) for index in right if index in keep)
        header = [header[index] for index in keep]
        rows = [[row[index] for index in keep] for row in rows]
    told = [row for index, row in enumerate(rows) if index not in groups]
    spare, widths = 0.0, list(widths)
    for column, words in enumerate(header):
        needed = _needed(words, [row[at] for row in told for at, name in enumerate(header) if name == words])
        needed += _BETWEEN * (column in right and column - 1 not in right)
        if column != wider and needed < widths[column]:
            spare += widths[column] - needed
            widths[column] = needed
            for row in told:
                if isinstance(row[column], Figure):
                    row[column].width = needed - 2 * PAD
    named_in = [at for at, words in enumerate(header) if words == header[wider]]
    for at in named_in:
        widths[at] += spare / len(named_in)
    under = sum(widths[wider:]) - (PAD if wider else 0)
    for row in told:
        if isinstance(named := row[wider], TextCell) and len(named.texts) > 1:
            heights = zip(row, _cell_heights(row, widths), strict=True)
            beside = (height for value, height in heights if value is not named)
            named.run_under(max(beside, default=0.0), under)
    if header[0] in _OF_CODES:
        rows = [_led_by_code(index, row, widths[0], groups) for index, row in enumerate(rows)]
    columns = TableColumns(tuple(header), tuple(widths), right)
    return [DataTable(columns, rows, groups)]


def _led_by_code(index: int, row: _Row, width: float, groups: Container[int]) -> _Row:
    """A row whose code, where it stands on one line, is a place that links lead to."""
    code = row[0]
    if index in groups or not isinstance(code, str) or not is_code(code):
        return row
    return [CodeCell(code, width - PAD), *row[1:]]


def _add_group(style: TableStyle, index: int) -> None:
    """The title of the rows that follow: across the table, on a tint."""
    style.add("SPAN", (0, index), (-1, index))
    style.add("BACKGROUND", (0, index), (-1, index), colour(BLUE_TINT))
    style.add("FONTNAME", (0, index), (-1, index), MEDIUM)
    style.add("LEFTPADDING", (0, index), (0, index), PAD)


def _is_empty(value: Any) -> bool:
    return value in ("", UNKNOWN) or (isinstance(value, Figure) and value.empty)


def _style(columns: TableColumns) -> TableStyle:
    last, air = len(columns.header) - 1, columns.air
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
        ("RIGHTPADDING", (last, 0), (last, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), air[0]),
        ("BOTTOMPADDING", (0, 0), (-1, -1), air[1]),
    ]
    commands += [("ALIGN", (index, 0), (index, -1), "RIGHT") for index in columns.right]
    # Of two columns of rows side by side, the value of one is not read with the name of the other.
    again = (index for index in range(1, last) if columns.header[index] == columns.header[0])
    commands += [("LINEBEFORE", (index, 0), (index, -1), 0.4, colour(RULE)) for index in again]
    return TableStyle(commands)


def _is_blank(value: Any) -> bool:
    """Whether a hand writes or ticks there."""
    return isinstance(value, EntryBox) or (isinstance(value, str) and not value.strip())


def _needed(header: str, values: Sequence[Any]) -> float:
    """The width that a column of values needs for each to stand on its line; endless where it holds others too."""
    rooms = [text_width(words, MEDIUM, SMALL) for words in header.split("\n")]
    if not any(isinstance(value, (Figure, StatusCell)) for value in values):
        return inf
    for value in values:
        if isinstance(value, (Figure, StatusCell)):
            rooms.append(value.needed)
        elif isinstance(value, str):
            rooms.append(text_width(value, REGULAR, TABLE))
        else:
            return inf
    return max(rooms) + 2 * PAD
