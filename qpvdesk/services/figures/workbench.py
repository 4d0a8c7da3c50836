"""What an officer says of the tables of a file: the role of a column, its unit, its period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.services.figures import mapping
from qpvdesk.services.figures.mapping import Header
from qpvdesk.services.figures.roles import Role
from qpvdesk.services.figures.titles import sheet_named
from qpvdesk.spreadsheets.book import ReadBook, column_letters
from qpvdesk.spreadsheets.columns import Columns, ValueColumn

FIELDS: Mapping[Role, str] = {
    Role.INDICATOR: "indicator", Role.DAY: "day", Role.TERRITORY: "territory", Role.SOURCE: "source",
    Role.COMMENT: "comment", Role.PROVISIONAL: "provisional", Role.NUMERATOR: "numerator",
    Role.DENOMINATOR: "denominator", Role.KIND: "kind", Role.UNIT: "unit",
}  # fmt: skip
"""The attribute of a table that holds the column of a role; columns of values are apart."""
ROLE_LABELS: Mapping[Role, str] = {
    Role.INDICATOR: "Indicateur", Role.VALUE: "Valeur", Role.DAY: "Date", Role.TERRITORY: "Territoire",
    Role.SOURCE: "Source", Role.COMMENT: "Commentaire", Role.PROVISIONAL: "Provisoire",
    Role.NUMERATOR: "Numérateur", Role.DENOMINATOR: "Dénominateur", Role.KIND: "Type de valeur",
    Role.UNIT: "Unité", Role.OTHER: "Non lue",
}  # fmt: skip
_LINES = re.compile(r"([1-9][0-9]{0,5})(?:-([1-9][0-9]{0,5}))?")
_AGAIN = "Refaites le plan avec «\u202f--proposer plan.json\u202f»."


class ColumnView(Struct, frozen=True):
    """One column of a table, and what it is read as."""

    header: Header
    role: Role
    unit: str = ""
    day: date | None = None
    doubt: str = ""


class PlanColumn(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A column as a plan has it."""

    role: Role
    titre: str = ""
    unite: str = ""
    date: str = ""


class PlanTable(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A table as a plan has it: lines of titles and last line from 1, columns by their letters."""

    feuille: str
    titres: str
    colonnes: dict[str, PlanColumn]
    derniere: int | None = None
    lu: bool = True


def columns_of(book: ReadBook, table: Columns) -> tuple[ColumnView, ...]:
    values = {value.column: value for value in table.values}
    views = []
    for header in mapping.headers(book, table.sheet, table.top, table.head):
        value = values.get(header.column)
        if value is None:
            views.append(ColumnView(header, role_at(table, header.column)))
        else:
            views.append(ColumnView(header, Role.VALUE, value.unit, value.day, value.doubt))
    return tuple(views)


def role_at(table: Columns, column: int) -> Role:
    if any(value.column == column for value in table.values):
        return Role.VALUE
    if table.year == column:
        return Role.DAY
    return next((role for role, field in FIELDS.items() if getattr(table, field) == column), Role.OTHER)


def with_role(table: Columns, header: Header, role: Role, *, today: date) -> Columns:
    """Return the table with one column read as something else. What somebody says is no longer doubted."""
    column = header.column
    fields: dict[str, Any] = {
        field: None for field in (*FIELDS.values(), "year", "other") if getattr(table, field) == column
    }
    values = {value.column: value for value in table.values if value.column != column}
    if role is Role.VALUE:
        values[column] = replace(mapping.value_of(header, today=today), doubt="")
    elif role is not Role.OTHER:
        fields[FIELDS[role]] = column
        if role is Role.INDICATOR:
            fields["other"] = None
    kept = tuple(value for _, value in sorted(values.items()))
    return replace(table, values=kept, **fields)


def with_unit(table: Columns, column: int, unit: str) -> Columns:
    """Return the table with the unit of a column of values; empty for that of each objective."""
    return _with_value(table, column, unit=unit.strip())


def with_day(table: Columns, column: int, day: date | None) -> Columns:
    """Return the table with the day of a column of values; None for the one that each line has."""
    return _with_value(table, column, day=day, doubt="")


def _with_value(table: Columns, column: int, **changed: Any) -> Columns:
    values = tuple(replace(item, **changed) if item.column == column else item for item in table.values)
    return replace(table, values=values)


def proposed_tables(book: ReadBook, tables: Iterable[Columns]) -> list[PlanTable]:
    return [
        PlanTable(
            table.sheet,
            f"{table.top + 1}-{table.head + 1}" if table.top < table.head else str(table.head + 1),
            {
                view.header.letter: PlanColumn(
                    view.role, view.header.title[:80], view.unit, view.day.isoformat() if view.day else ""
                )
                for view in columns_of(book, table)
            },
            None if table.last is None else table.last + 1,
        )
        for table in tables
    ]


def planned_tables(
    book: ReadBook, plan_tables: Iterable[PlanTable], tables: Iterable[Columns], *, today: date
) -> tuple[Columns, ...]:
    """Return the tables that a plan says, from those that were found in its file. Raises `UserError`."""
    found = {_place(table): table for table in tables}
    read = []
    for plan_table in plan_tables:
        lines = _LINES.fullmatch(plan_table.titres)
        if lines is None or int(lines[2] or lines[1]) < int(lines[1]):
            raise UserError(
                f"Les lignes de titres «\u202f{plan_table.titres[:40]}\u202f» du plan ne sont pas comprises.",
                "Écrivez «\u202f3\u202f» ou «\u202f3-4\u202f».",
            )
        if not plan_table.lu:
            continue
        sheet = sheet_named(book, plan_table.feuille).name
        first, last = int(lines[1]) - 1, int(lines[2] or lines[1]) - 1
        blank = Columns(
            sheet,
            last,
            None,
            (),
            first=first,
            last=None if plan_table.derniere is None else plan_table.derniere - 1,
        )
        table = found.get(_place(blank), blank)
        read.append(_planned_table(book, plan_table, table, today))
    if not read:
        raise UserError(
            "Le plan ne lit aucun tableau.", "Laissez-en un avec «\u202flu\u202f: true\u202f».", shell=_AGAIN
        )
    return tuple(read)


def _place(table: Columns) -> tuple[str, int, int]:
    return table.sheet, table.top, table.head


def _planned_table(book: ReadBook, plan_table: PlanTable, table: Columns, today: date) -> Columns:
    headers = {header.letter: header for header in mapping.headers(book, table.sheet, table.top, table.head)}
    for letter, column in plan_table.colonnes.items():
        header = headers.get(letter)
        if header is None:
            raise UserError(
                f"Feuille «\u202f{table.sheet}\u202f»\u202f: le plan parle de la colonne {letter[:8]}, qui est vide.",
                shell=_AGAIN,
            )
        if column.titre and column.titre != header.title[:80]:
            raise UserError(
                f"Feuille «\u202f{table.sheet}\u202f», colonne {letter}\u202f: le titre n’est plus"
                f" «\u202f{column.titre[:80]}\u202f», comme dans le plan.",
                shell=_AGAIN,
            )
        table = _with_plan_column(table, header, column, today)
    absent = [
        value.column for value in table.values if column_letters(value.column) not in plan_table.colonnes
    ]
    return replace(table, values=tuple(value for value in table.values if value.column not in absent))


def _with_plan_column(table: Columns, header: Header, plan_column: PlanColumn, today: date) -> Columns:
    if role_at(table, header.column) is not plan_column.role:
        table = with_role(table, header, plan_column.role, today=today)
    if plan_column.role is not Role.VALUE:
        return table
    value: ValueColumn = next(item for item in table.values if item.column == header.column)
    day = periods.typed(plan_column.date, today=today) if plan_column.date else None
    if day != value.day:
        table = with_day(table, header.column, day)
    return with_unit(table, header.column, plan_column.unite)
