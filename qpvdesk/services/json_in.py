"""Our own JSON exports, read as sheets are: one reader of tables is enough."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TypeGuard

from qpvdesk.domain.errors import UserError
from qpvdesk.services import contract_layout as layout
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet

_MAX_JSON = 150_000_000
_NOTHING = "Rien n’a été importé."


def read(path: Path) -> ReadBook:
    """Turn a JSON export of ours (a contract, or a list of records) into sheets. Raises `UserError` for another."""
    try:
        if path.stat().st_size > _MAX_JSON:
            raise UserError(
                f"Le fichier est trop lourd pour être lu. {_NOTHING}", "Exportez le contrat à nouveau."
            )
        document = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise UserError(
            f"Le fichier «\u202f{path.name}\u202f» ne peut pas être ouvert ({error.strerror}). {_NOTHING}",
            "Vérifiez son emplacement.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"Le fichier «\u202f{path.name}\u202f» n’est pas du JSON lisible. {_NOTHING}",
            "Exportez le contrat à nouveau.",
        ) from error
    if _is_records(document):
        return ReadBook([_sheet(path.stem[:80], document)])
    if not isinstance(document, dict) or document.get("format") != layout.FORMAT or "fiche" not in document:
        raise UserError(
            f"Le fichier «\u202f{path.name}\u202f» n’est pas un contrat exporté. {_NOTHING}",
            "Exportez-le avec «\u202fqpvdesk exporter --modele contrat --sortie F.json\u202f».",
        )
    sheets = []
    names = [layout.sheet_name(table.kind) for table in layout.kinds_with_files()]
    for name in (*names, layout.CONTENTS):
        lines = document.get("fiche" if name == layout.SHEETS["contract"] else layout.slug(name), [])
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise UserError(
                f"«\u202f{name}\u202f»\u202f: une liste d’objets est attendue. {_NOTHING}",
                "Exportez le contrat à nouveau.",
            )
        sheets.append(_sheet(name, lines))
    return ReadBook(sheets)


def _is_records(document: object) -> TypeGuard[list[dict[str, object]]]:
    return isinstance(document, list) and bool(document) and all(isinstance(one, dict) for one in document)


def _sheet(name: str, lines: list[dict[str, object]]) -> ReadSheet:
    headers = list(dict.fromkeys(key for line in lines for key in line))
    sheet = ReadSheet(name, [ReadCell(0, at, Read.TEXT, header) for at, header in enumerate(headers)])
    for number, line in enumerate(lines, 1):
        for at, header in enumerate(headers):
            cell = _json_cell(number, at, line.get(header))
            if cell is not None:
                sheet.cells.append(cell)
    return sheet


def _json_cell(row: int, column: int, value: object) -> ReadCell | None:
    match value:
        case None:
            return None
        case bool():
            return ReadCell(row, column, Read.TEXT, "oui" if value else "non")
        case int() | Decimal():
            number = Decimal(value)
            if number.is_finite() and abs(number.adjusted()) < 30:
                return ReadCell(row, column, Read.NUMBER, format(number, "f"))
            return ReadCell(row, column, Read.ERROR, str(value)[:40])
        case str():
            return ReadCell(row, column, Read.TEXT, value)
    return ReadCell(row, column, Read.ERROR, "?")
