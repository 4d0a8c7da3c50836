"""Reading the old xls, through calamine; formats are not told, so a share cannot be known from its cell."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from qpvdesk.bounded import refused
from qpvdesk.spreadsheets.book import MAX_SHEETS, Read, ReadBook, ReadSheet
from qpvdesk.spreadsheets.limits import Filler
from qpvdesk.spreadsheets.number_formats import plain
from qpvdesk.spreadsheets.precheck import protected


def read(path: Path) -> ReadBook:
    """Read an xls file. Raises `UserError`."""
    import python_calamine  # noqa: PLC0415 - 4 ms, an old workbook alone needs it

    try:
        # Read by its contents: an old workbook may bear the name of a new one.
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except python_calamine.PasswordError as error:
        raise protected() from error
    except Exception as error:  # calamine raises several kinds of its own, and a panic is one more
        if b"E\0n\0c\0r\0y\0p\0t" in path.read_bytes():
            raise protected() from error
        raise refused("Ce fichier n’est pas un classeur lisible.") from error
    sheets = []
    filler = Filler()
    for meta in book.sheets_metadata[:MAX_SHEETS]:
        sheet = ReadSheet(meta.name[:80], hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible)
        page = book.get_sheet_by_name(meta.name)
        first_row, first_column = page.start or (0, 0)
        for row, cells in enumerate(page.to_python(skip_empty_area=True), first_row):
            for column, value in enumerate(cells, first_column):
                kind, text = _meaning(value)
                if text:
                    # Its format is not told: the first of a month may be shown as the whole of it.
                    shown = "mois ?" if kind is Read.DATE and text.endswith("-01") else ""
                    filler.add(sheet, row, column, kind=kind, text=text, shown=shown)
        sheets.append(sheet)
    return ReadBook(sheets, styled=False)


def _meaning(value: int | float | str | bool | time | date | datetime | timedelta) -> tuple[Read, str]:
    match value:
        case bool():
            return Read.BOOLEAN, str(int(value))
        case int() | float():
            return Read.NUMBER, plain(Decimal(format(value, ".15g")))
        case datetime():
            return Read.DATE, value.date().isoformat()
        case date():
            return Read.DATE, value.isoformat()
    text = str(value)
    return (Read.ERROR, text) if text.startswith("#") else (Read.TEXT, text)
