"""The reading process of our own JSON exports, read as sheets are: one reader of tables is enough."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TypeGuard

from qpvdesk import durable
from qpvdesk.bounded import NOTHING, refused
from qpvdesk.domain import file_names
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.spreadsheets.book import MAX_COLUMNS, Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.limits import plain_lines

_JSON_BYTES_MAX = 150_000_000


def read(path: Path) -> ReadBook:
    """Turn a JSON export of ours (a contract, or a list of records) into sheets. Raises `UserError` for another."""
    again = "Exportez le contrat à nouveau."
    try:
        content = durable.read_within(path, _JSON_BYTES_MAX, again, unchanged=NOTHING)
        document = json.loads(content.decode(), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise refused(f"Le fichier «\u202f{path.name}\u202f» n’est pas du JSON lisible.", again) from error
    if _is_records(document):
        return ReadBook([_sheet(file_names.told(path.stem)[:80], document)])
    if not isinstance(document, dict) or document.get("format") != layout.FORMAT or "fiche" not in document:
        raise refused(
            f"Le fichier «\u202f{path.name}\u202f» n’est pas un contrat exporté.",
            "Exportez le contrat en JSON, tout entier.",
        )
    sheets = []
    names = [kind.sheet for kind in layout.kinds_with_files()]
    for name in (*names, layout.CONTENTS):
        lines = document.get("fiche" if name == BY_NAME["contract"].sheet else layout.slug(name), [])
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise refused(f"«\u202f{name}\u202f»\u202f: une liste d’objets est attendue.", again)
        sheets.append(_sheet(name, lines))
    return ReadBook(sheets)


def _is_records(document: object) -> TypeGuard[list[dict[str, object]]]:
    return isinstance(document, list) and bool(document) and all(isinstance(line, dict) for line in document)


def _sheet(name: str, lines: list[dict[str, object]]) -> ReadSheet:
    """Return the sheet that records make, in a time that grows as what they hold."""
    columns: dict[str, int] = {}
    for line in lines:
        for header in line:
            columns.setdefault(header, len(columns))
        if len(columns) > MAX_COLUMNS:
            raise refused(
                f"«\u202f{name}\u202f» a plus de {MAX_COLUMNS} colonnes.", "Exportez le contrat à nouveau."
            )
    cells = [_cell(0, column, header) for header, column in columns.items()]
    for number, line in enumerate(lines, 1):
        filled = sorted((columns[header], header) for header, value in line.items() if value is not None)
        cells += [_cell(number, column, line[header]) for column, header in filled]
    return ReadSheet(name, cells)


def _cell(row: int, column: int, value: object) -> ReadCell:
    match value:
        case bool():
            return ReadCell(row, column, Read.TEXT, "oui" if value else "non")
        case int() | Decimal():
            number = Decimal(value)
            if number.is_finite() and abs(number.adjusted()) < 30:
                return ReadCell(row, column, Read.NUMBER, format(number, "f"))
            return ReadCell(row, column, Read.ERROR, str(value)[:40])
        case str() if value.isascii() or _is_text(value):
            return ReadCell(row, column, Read.TEXT, plain_lines(value) if "\r" in value else value)
    return ReadCell(row, column, Read.ERROR, "?")


def _is_text(value: str) -> bool:
    """Tell whether a text is one: JSON can spell half a character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
