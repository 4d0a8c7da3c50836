"""How wide the columns of a table are: as their codes, their characters and the room there is ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtWidgets import QHeaderView, QTableView

from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import BASE_POINTS

PADDING = 19
"""What a cell keeps free at both sides of its text, together, in pixels at a zoom of 100 %: see `padding`."""
_ROWS_READ_MAX = 1000
"""Of a longer table only so many rows are measured."""
_TIGHTEST = 0.6
"""The share of its least width that a stretched column may come down to, before one scrolls sideways."""
_UNBOUNDED = 10_000
"""No row has so many pixels: its height is bounded by nothing."""


def padding(table: QTableView) -> int:
    """Return what a cell keeps free beside its text: what is painted keeps more where the characters are larger."""
    return round(PADDING * max(1.0, table.font().pointSizeF() / BASE_POINTS))


def beside(table: QTableView, column: Column[Any]) -> int:
    """Return the pixels that the mark of a column takes before its words: as many lines of text as it says."""
    return round(column.mark * table.fontMetrics().height())


class Widths:
    """The widths of the columns of a table, and what they were before the room was short."""

    def __init__(self, table: QTableView, rows: TableModel[Any]) -> None:
        self._table, self._rows = table, rows
        self._narrowed: dict[int, tuple[int, int]] = {}
        """By place: its own width, and the one that it was narrowed to."""
        self._needed: dict[int, int] = {}
        """By place: what its longest word needs among the rows of now, in the letters of `_measured`."""
        self._measured = (0.0, 0.0)
        """The points of the letters of the rows and of the titles, which do not grow in the same moment."""
        rows.modelReset.connect(self._needed.clear)
        self.short = False
        """Whether there is less room than the columns would take."""

    def own(self, place: int) -> int:
        """Return the width of a column where there is room, in pixels; 0 where it is hidden."""
        width = self._table.horizontalHeader().sectionSize(place)
        own, narrowed = self._narrowed.get(place, (width, width))
        return own if width == narrowed else width

    def seen(self, wanted: Collection[int], stretched: int, scale: float) -> Collection[int]:
        """Return the columns, of those wanted, that have room: the lesser ones go first, then, where narrowing the others
        is not enough, the last. `stretched`: what a stretched one takes; `scale`: as `rescale` has it."""
        columns = self._rows.columns
        shown = {
            place: round(column.width * scale) or stretched
            for place, column in enumerate(columns)
            if place in wanted
        }
        if 0 in shown and columns[0].width:
            # It was made as wide as its codes.
            shown[0] = max(shown[0], self.own(0))
        self._leave_out(shown, [place for place in shown if columns[place].lesser])
        if sum(shown.values()) > self._table.viewport().width() and self._table.wordWrap():
            shown = {place: self._least(place, wide) for place, wide in shown.items()}
        self._leave_out(shown, [place for place in shown if place > 1])
        return shown

    def _leave_out(self, shown: dict[int, int], places: Sequence[int]) -> None:
        """Drop the last of these columns until the others have room."""
        for place in reversed(places):
            column = self._rows.columns[place]
            # What was asked for in the menu is not taken back for want of room: one scrolls sideways.
            asked = column.kept or column.spare
            if sum(shown.values()) > self._table.viewport().width() and not asked:
                del shown[place]

    def stretch(self, least: int) -> None:
        """Give the stretched columns the room that is left. Where it is less than `least` pixels each, narrow the others
        as far as their longest words let them, then the stretched ones a little; where that is not enough, leave all as
        they are: one scrolls sideways."""
        self.widen()
        table, header = self._table, self._table.horizontalHeader()
        shown = [place for place in range(len(self._rows.columns)) if not table.isColumnHidden(place)]
        stretched = [place for place in shown if not self._rows.columns[place].width]
        fixed = [place for place in shown if self._rows.columns[place].width]
        room = table.viewport().width() - least * len(stretched)
        lack = sum(map(table.columnWidth, fixed)) - room
        self.short = lack > 0
        forgone = len(stretched) * (least - self._tightest(least))
        if lack > 0 and table.wordWrap() and self._narrow(fixed, lack, forgone):
            lack = 0
        mode = QHeaderView.ResizeMode.Interactive if lack > 0 else QHeaderView.ResizeMode.Stretch
        for place in stretched:
            if header.sectionResizeMode(place) != mode:
                header.setSectionResizeMode(place, mode)
            if lack > 0:
                header.resizeSection(place, least)

    def widen(self) -> None:
        """Give back their own widths to the columns that were narrowed, but to those that were drawn wider since."""
        header = self._table.horizontalHeader()
        for place, (own, narrowed) in self._narrowed.items():
            if header.sectionSize(place) == narrowed:
                header.resizeSection(place, own)
        self._narrowed.clear()

    def rescale(self, ratio: float, scale: float) -> None:
        """Make columns and rows as much larger as the characters became; `scale`: what they are of what the columns say."""
        self.widen()
        self._needed.clear()
        table, header = self._table, self._table.horizontalHeader()
        upright = table.verticalHeader()
        for place, column in enumerate(self._rows.columns):
            if column.width:
                shown = not table.isColumnHidden(place)
                header.resizeSection(
                    place, round(table.columnWidth(place) * ratio if shown else column.width * scale)
                )
        if upright.maximumSectionSize() < _UNBOUNDED:
            upright.setMaximumSectionSize(round(upright.maximumSectionSize() * ratio))
        upright.setDefaultSectionSize(round(upright.defaultSectionSize() * ratio))

    def fit_first(self) -> bool:
        """Make the first column as wide as its longest code, within half as much again; tell whether it was not."""
        column, before = self._rows.columns[0], self._table.columnWidth(0)
        if column.width:
            metrics = self._table.fontMetrics()
            widest = max(map(metrics.horizontalAdvance, self._texts(0)), default=0)
            if widest + 24 > before:
                self._table.setColumnWidth(0, min(widest + 24, column.width * 3 // 2))
        return self._table.columnWidth(0) != before

    def _narrow(self, places: list[int], lack: int, forgone: int) -> bool:
        """Take so many pixels from these columns, from each by what it has beyond its longest word; False where all
        together have too few, the pixels too that others can forgo."""
        header = self._table.horizontalHeader()
        spare = {place: max(0, self._table.columnWidth(place) - self._word(place)) for place in places}
        total = sum(spare.values())
        if total + forgone < lack:
            return False
        lack = min(lack, total)
        for place, pixels in spare.items():
            own = self._table.columnWidth(place)
            # Rounded up: together they give enough.
            narrowed = own - min(pixels, -(-pixels * lack // max(1, total)))
            if narrowed < own:
                header.resizeSection(place, narrowed)
                self._narrowed[place] = (own, narrowed)
        return True

    def _least(self, place: int, wide: int) -> int:
        """What a column can be narrowed to; `wide`: what it takes where there is room."""
        return min(wide, self._word(place)) if self._rows.columns[place].width else self._tightest(wide)

    @staticmethod
    def _tightest(wide: int) -> int:
        return round(wide * _TIGHTEST)

    def _word(self, place: int) -> int:
        """What the longest word of a column needs beside its mark, and its whole title."""
        points = self._table.font().pointSizeF(), self._table.horizontalHeader().font().pointSizeF()
        if points != self._measured:
            self._measured = points
            self._needed.clear()
        if place not in self._needed:
            words = {word for text in self._texts(place) for word in text.split(" ")}
            widest = max(map(self._table.fontMetrics().horizontalAdvance, words), default=0)
            column, head = self._rows.columns[place], self._table.horizontalHeader().fontMetrics()
            self._needed[place] = max(
                widest + beside(self._table, column), head.horizontalAdvance(column.title)
            ) + padding(self._table)
        return self._needed[place]

    def _texts(self, place: int) -> list[str]:
        text, count = self._rows.columns[place].text, min(_ROWS_READ_MAX, self._rows.rowCount())
        return [text(self._rows.row_at(row)) for row in range(count)]
