"""Whether a column writes the day or the month first: one order for all its days, from those that prove it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec.structs import replace

from qpvdesk.domain import french, periods
from qpvdesk.services.figures.import_cells import CellDay, printable
from qpvdesk.services.figures.titles import titles_of
from qpvdesk.spreadsheets.book import Read, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, ValueColumn

_NUMERIC = re.compile(
    r"(?<![0-9/.-])([0-9]{1,2})([/.-])([0-9]{1,2})(?=[/.-](?:[0-9]{4}|[0-9]{2})(?![0-9/.]))"
)


class DayOrder(StrEnum):
    """How the days of one column are written."""

    DAY_FIRST = "jour, mois"
    MONTH_FIRST = "mois, jour"
    MIXED = "les deux"
    TURNED = "retournés par un tableur"
    """Texts that only a day can begin beside dates that only a month could: a spreadsheet of another language read
    those that it could."""


def order_of(cells: Iterable[ReadCell]) -> DayOrder:
    """Return the order in which the cells of a column write their days."""
    texts: set[str] = set()
    days: set[str] = set()
    for cell in cells:
        (days if cell.kind is Read.DATE else texts).add(cell.text)
    pairs = [(int(found[1]), int(found[3])) for text in texts if (found := _NUMERIC.search(text))]
    by_day = any(first > 12 >= second > 0 for first, second in pairs)
    by_month = any(second > 12 >= first > 0 for first, second in pairs)
    if by_month:
        return DayOrder.MIXED if by_day else DayOrder.MONTH_FIRST
    turned = by_day and all(first > 12 for first, _ in pairs) and any(_turnable(day) for day in days)
    if turned and all(_day(text) <= 12 for text in days):
        return DayOrder.TURNED
    return DayOrder.DAY_FIRST


def days_in_order(order: DayOrder, cell: ReadCell) -> ReadCell:
    """Return a cell of days as it would be written with the day first."""
    found = _NUMERIC.search(cell.text) if cell.kind is Read.TEXT else None
    by_month = found is not None and int(found[3]) > 12 >= int(found[1])
    if order is DayOrder.MONTH_FIRST or (order is DayOrder.MIXED and by_month):
        return cell._replace(text=_NUMERIC.sub(r"\3\2\1", cell.text))
    return cell


def doubted(order: DayOrder, cell: ReadCell, day: CellDay) -> CellDay:
    """Return the day of a cell with the doubt that the order of its column leaves."""
    numeric = cell.kind is Read.TEXT and _NUMERIC.search(cell.text) is not None
    turned = order is DayOrder.TURNED and cell.kind is Read.DATE and _turnable(cell.text)
    if day.doubt or (not turned and (not numeric or order in {DayOrder.DAY_FIRST, DayOrder.TURNED})):
        return day
    return replace(day, doubt=_doubt(order, cell, french.format_date(day.day)))


def ordered_titles(sheet: ReadSheet, columns: Columns) -> tuple[ValueColumn, ...]:
    """Return the columns of values, dated in the one order of their titles, with a doubt where it is not the usual one."""
    lines = titles_of(sheet, columns.top, columns.head)
    titles = {value.column: " ".join(lines.get(value.column, [])) for value in columns.values if value.day}
    cells = {column: ReadCell(columns.head, column, Read.TEXT, text) for column, text in titles.items()}
    order = order_of(cells.values())
    if order in {DayOrder.DAY_FIRST, DayOrder.TURNED}:
        return columns.values
    values = []
    for value in columns.values:
        cell = cells.get(value.column)
        period = periods.found(days_in_order(order, cell).text) if cell is not None else None
        if cell is None or period is None or _NUMERIC.search(cell.text) is None:
            values.append(value)
            continue
        doubt = _doubt(order, cell, french.format_date(period.day))
        values.append(replace(value, day=period.day, doubt=doubt, of_day=True))
    return tuple(values)


def _doubt(order: DayOrder, cell: ReadCell, day: str) -> str:
    if order is DayOrder.TURNED:
        return f"Un tableur a pu retourner le jour et le mois de cette colonne\u202f: est-ce le {day}\u202f?"
    written = f"«\u202f{printable(cell.text)}\u202f»"
    if order is DayOrder.MIXED:
        return f"Cette colonne écrit tantôt le jour d’abord, tantôt le mois\u202f: {written} est-il le {day}\u202f?"
    return f"Cette colonne écrit le mois avant le jour\u202f: {written} est-il le {day}\u202f?"


def _day(iso: str) -> int:
    return int(iso[8:10])


def _turnable(iso: str) -> bool:
    return iso[5:7] != iso[8:10] and _day(iso) <= 12
