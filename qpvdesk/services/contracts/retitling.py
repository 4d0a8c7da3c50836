"""The columns of a contract's file whose titles are not ours: what each gives is said by hand, and the file read so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from msgspec import Struct

from qpvdesk.domain.kinds import Kind
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_cells import folded_title, placed
from qpvdesk.spreadsheets.book import ReadBook, ReadSheet

Titles = Mapping[tuple[str, int], str]
"""What columns give, by the name of their sheet and their place in it: the title of ours; empty of one that is not read."""


class LooseColumn(Struct, frozen=True):
    """A column of a file that no title places."""

    sheet: str
    column: int
    title: str
    free: tuple[str, ...]
    """The titles of its sheet that no column bears."""


def loose_columns(book: ReadBook) -> tuple[LooseColumn, ...]:
    """Return the columns that no title places, or whose title another bears already, in the order of the file."""
    return tuple(_loose(book))


def retitled(book: ReadBook, titles: Titles) -> ReadBook:
    """Return the file as it is read with those titles; itself where none is said."""
    if not titles:
        return book
    return replace(book, sheets=[_retitled(sheet, titles) for sheet in book.sheets])


def _loose(book: ReadBook) -> Iterator[LooseColumn]:
    kinds = {folded_title(kind.sheet): kind for kind in layout.kinds_with_files()}
    for sheet in book.sheets:
        kind = kinds.get(folded_title(sheet.name))
        if kind is None or not sheet.cells:
            continue
        titles = sheet.rows()[sheet.cells[0].row]
        places, wrong = placed(kind, titles)
        free = tuple(header for header in _headers(kind) if header not in places)
        for at, _ in wrong:
            yield LooseColumn(sheet.name, at, titles[at].text, free)


def _headers(kind: Kind) -> Iterator[str]:
    """The titles of a sheet, its key aside: nobody but the program writes one."""
    own = (*layout.columns(kind), *layout.entries(kind))
    yield from dict.fromkeys(column.header for column in own if column.field.name != "key")


def _retitled(sheet: ReadSheet, titles: Titles) -> ReadSheet:
    own = {column: title for (name, column), title in titles.items() if name == sheet.name}
    if not own or not sheet.cells:
        return sheet
    head = sheet.cells[0].row
    cells = [
        cell._replace(text=own[cell.column]) if cell.row == head and cell.column in own else cell
        for cell in sheet.cells
        if own.get(cell.column, True)
    ]
    return replace(sheet, cells=cells)
