"""A workbook of a whole contract given back with its refused cells marked: coloured, the reason beside, and all listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.domain.kinds import Kind
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_cells import RefusedCell, folded_title, known_titles
from qpvdesk.services.contracts.contract_export import column_rule, column_width
from qpvdesk.services.contracts.contract_preview import ContractDraft
from qpvdesk.services.figures.refused_book import as_shown, copied_cell
from qpvdesk.spreadsheets.book import ReadCell, ReadSheet
from qpvdesk.spreadsheets.rules import ColumnRule
from qpvdesk.spreadsheets.sheet import Cell, Sheet, Style

_WIDTH = 24
"""Characters of a column that the layout does not know."""
_HEADERS = ("Feuille", "Case", "Ce qui est écrit", "Pourquoi elle n’est pas prise")
_HOW = "Les cases sont en rouge dans leur feuille, la raison en commentaire. Cette feuille n’est pas lue."


def write_marked(contract_draft: ContractDraft, target: Path) -> int:
    """Write what was read of a workbook with each refused cell marked, to xlsx or ods; return how many there are.

    Raises `UserError` where nothing is refused, for what is no workbook, or a file that cannot be written.
    """
    from qpvdesk.spreadsheets.writing import write  # noqa: PLC0415 - 66 ms, a workbook alone needs it

    if target.suffix.lower() not in {".xlsx", ".ods"} or contract_draft.file.lower().endswith(".json"):
        raise UserError(
            "La copie où les cases refusées sont marquées est un classeur, d’un classeur.",
            "Donnez-lui un nom en .xlsx ou en .ods.",
        )
    if contract_draft.book is None or not contract_draft.refused:
        raise UserError("Aucune case de ce fichier n’est refusée.", "Il n’y a rien à corriger.")
    kinds = {folded_title(kind.sheet): kind for kind in layout.kinds_with_files()}
    sheets = [
        sheet
        for sheet in contract_draft.book.sheets
        if folded_title(sheet.name) != folded_title(layout.TO_MEND)
    ]
    write(
        [
            _listed(contract_draft.refused, sheets),
            *(
                _marked(sheet, kinds.get(folded_title(sheet.name)), contract_draft.refused)
                for sheet in sheets
            ),
        ],
        target,
    )
    return len(contract_draft.refused)


def _listed(refused: Sequence[RefusedCell], sheets: Sequence[ReadSheet]) -> Sheet:
    """What is to be put right, a row a cell."""
    cells = {(sheet.name, cell.row, cell.column): cell for sheet in sheets for cell in sheet.cells}
    count = plural(len(refused), "case refusée", "cases refusées")
    rows = [
        (Cell(f"{layout.TO_MEND}\u202f: {count}", style=Style.TITLE),),
        (Cell(_HOW),),
        (),
        tuple(Cell(header, style=Style.HEAD) for header in _HEADERS),
    ]
    for item in refused:
        found = cells.get((item.sheet, item.row, item.column)) if item.column is not None else None
        place = item.place if item.sheet else ""
        written = None if found is None else as_shown(found)
        rows.append((Cell(item.sheet), Cell(place), Cell(written), Cell(item.why or item.words)))
    return Sheet(layout.TO_MEND, tuple(rows), (22, 10, 40, 90), head=3)


def _marked(sheet: ReadSheet, kind: Kind | None, refused: Sequence[RefusedCell]) -> Sheet:
    rows = sheet.rows()
    head = min(rows, default=0)
    last = max(rows, default=0)
    width = 1 + max((cell.column for cell in sheet.cells), default=0)
    why: dict[tuple[int, int], str] = {}
    for item in refused:
        if item.sheet == sheet.name:
            # What has no column is told where its row begins.
            place = item.row, item.column if item.column is not None else 0
            why[place] = f"{why[place]}\n{item.why}" if place in why else item.why
    titles = {} if kind is None else known_titles(kind)
    columns = [titles.get(folded_title(cell.text)) if cell else None for cell in _cells(rows, head, width)]
    # Only what was exported has keys.
    typed = all(column is None or column.field.name != "key" for column in columns)
    styles = [
        Style.PLAIN
        if kind is None
        else Style.NEEDED
        if column is not None and column.required
        else Style.HEAD
        for column in columns
    ]
    return Sheet(
        sheet.name,
        tuple(
            tuple(
                _cell(cell, styles[at] if row == head else Style.PLAIN, why.get((row, at), ""))
                for at, cell in enumerate(_cells(rows, row, width))
            )
            for row in range(last + 1)
        ),
        tuple(_WIDTH if column is None else column_width(column) for column in columns),
        head=head if kind is not None else None,
        hidden=sheet.hidden,
        rules=tuple(
            ColumnRule() if column is None or (head, at) in why else column_rule(column, blank=typed)
            for at, column in enumerate(columns)
        )
        if head == 0
        else (),
    )


def _cells(rows: Mapping[int, Mapping[int, ReadCell]], row: int, width: int) -> list[ReadCell | None]:
    cells = rows.get(row, {})
    return [cells.get(column) for column in range(width)]


def _cell(cell: ReadCell | None, style: Style, why: str) -> Cell:
    plain = copied_cell(cell, style)
    return Cell(plain.value, plain.kind, Style.REFUSED, note=why) if why else plain
