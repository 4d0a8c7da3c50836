"""Where the figures of a partner's files are: said once, remembered, found again in the next file.

What is remembered are headers, not places: the next file may have its columns in another order, more lines above, or
another year in its titles.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from qpvdesk.domain import periods
from qpvdesk.domain.model import Correspondence, Dossier
from qpvdesk.services.figures.layout import dated
from qpvdesk.services.figures.mapping import LOOKED_AT, ROLES
from qpvdesk.services.figures.titles import folded, pattern_of, sheet_named, titles_of, unit_in
from qpvdesk.spreadsheets.book import ReadBook, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, ValueColumn, said_contract
from qpvdesk.storage.keys import new_key


class RememberedValues(Struct, frozen=True):
    """Columns of values: by their title, or by the pattern of titles that differ by their period alone (`annee`)."""

    titre: str | None
    annee: bool
    date: date | None


class Layout(Struct, frozen=True):
    """What is remembered of a file, as the base keeps it in JSON: titles, by role."""

    feuille: str
    lignes: Annotated[int, Meta(ge=1, le=LOOKED_AT)]
    """How many lines the titles take."""
    indicateur: str | None
    valeurs: tuple[RememberedValues, ...]
    date: str | None
    territoire: str | None
    source: str | None
    commentaire: str | None
    choisis: dict[str, str]
    """The code of an objective by the name that a file gives it; empty for a name that is passed over."""


class Proposal(Struct, frozen=True):
    """What is known of a file: where its figures are, whose it is, which objectives its names stand for."""

    columns: Columns
    known: Correspondence
    """What was remembered; its partner is the one whose file it was."""
    chosen: Mapping[str, str]
    """Name in the file → code of the objective."""


def correspondence(
    dossier: Dossier, book: ReadBook, columns: Columns, *, partner: str, chosen: Mapping[str, str]
) -> Correspondence:
    """Return what is to be remembered of a file of that partner (its key)."""
    titles = titles_of(sheet_named(book, columns.sheet), columns.top, columns.head)

    def title(column: int | None) -> str | None:
        return None if column is None else folded(titles.get(column, []))

    named = columns.indicator is None
    values = []
    for value in columns.values:
        lines = titles.get(value.column, [])
        has_period = not named and periods.found(" ".join(lines)) is not None
        values.append(
            RememberedValues(
                pattern_of(lines) if has_period else title(value.column),
                has_period,
                None if has_period else value.day,
            )
        )
    layout = Layout(
        columns.sheet,
        columns.head - columns.top + 1,
        title(columns.indicator),
        tuple(values),
        title(columns.day),
        title(columns.territory),
        title(columns.source),
        title(columns.comment),
        dict(sorted(chosen.items())),
    )
    text = msgspec.json.encode(layout).decode()
    return Correspondence(new_key(), dossier.contract.key, partner, text)


def layout_of(text: str) -> Layout | None:
    """Return what a base remembers of a file; None where it came from elsewhere and is not in our form."""
    try:
        return msgspec.json.decode(text, type=Layout)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def proposed(dossier: Dossier, book: ReadBook, *, today: date) -> Proposal | None:
    """Return what was said of such a file before, the latest first; None where its headers are new or ours."""
    if said_contract(book) is not None:
        return None
    for known in sorted(dossier.correspondences, key=lambda item: item.key, reverse=True):
        layout = layout_of(known.layout)
        columns = None if layout is None else _found(book, layout, today)
        if layout is not None and columns is not None:
            return Proposal(columns, known, layout.choisis)
    return None


def _found(book: ReadBook, layout: Layout, today: date) -> Columns | None:
    """Return where the headers of a layout stand in a file, in the sheet of that name first."""
    for sheet in sorted(book.sheets, key=lambda item: (item.name != layout.feuille, item.hidden)):
        rows = {cell.row for cell in sheet.cells if cell.row <= LOOKED_AT}
        for last in sorted(rows):
            columns = _placed(sheet, last, layout, today) if last + 1 >= layout.lignes else None
            if columns is not None:
                return columns
    return None


def _placed(sheet: ReadSheet, last: int, layout: Layout, today: date) -> Columns | None:
    """Return the columns of a layout whose titles end on line `last`; None where one is missing."""
    first = last - layout.lignes + 1
    titles = titles_of(sheet, first, last)
    column_of: dict[str, int] = {}
    for column, lines in titles.items():
        column_of.setdefault(folded(lines), column)
    places: dict[str, int | None] = {}
    for role in ("indicateur", *ROLES):
        wanted = getattr(layout, role)
        if wanted is not None and wanted not in column_of:
            return None
        places[role] = None if wanted is None else column_of[wanted]
    values: list[ValueColumn] = []
    for value in layout.valeurs:
        if value.annee:
            values += [
                dated(column, period, unit_in(lines), today=today)
                for column, lines in sorted(titles.items())
                if pattern_of(lines) == _undated(value.titre)
                and (period := periods.found(" ".join(lines))) is not None
            ]
        elif value.titre in column_of:
            column = column_of[value.titre]
            values.append(ValueColumn(column, value.date, unit_in(titles[column])))
    indicator = places["indicateur"]
    if not values or (indicator is None and layout.indicateur is not None):
        return None
    read = tuple({value.column: value for value in sorted(values, key=lambda value: value.column)}.values())
    return Columns(
        sheet.name, last, indicator, read, places["date"], places["territoire"],
        places["source"], places["commentaire"], first=first,
    )  # fmt: skip


def _undated(pattern: str | None) -> str:
    """The pattern of a title as it is now; one that was kept with its year as « #### » is read too."""
    return periods.rest((pattern or "").replace("####", "2000"))
