"""The cells of a contract's sheets that name a thing by its words: taken for its code, where they name one alone."""

from __future__ import annotations

from collections.abc import Iterator

from qpvdesk.domain import french
from qpvdesk.domain.kinds import BY_NAME, Type
from qpvdesk.domain.kinds.words import LABELS
from qpvdesk.domain.model import Involvement
from qpvdesk.domain.named import LABELS as SENTENCES
from qpvdesk.domain.named import NAMES, NamedThings
from qpvdesk.domain.proposing.blanks import names_all
from qpvdesk.domain.proposing.passage import name_in
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_cells import Row
from qpvdesk.services.contracts.contract_layout import Column
from qpvdesk.spreadsheets.book import Read, ReadCell

Rows = dict[str, list[Row]]
_CALLED = ("code", *NAMES, *SENTENCES)
_COPILOT = {"role": LABELS[Involvement][Involvement.COPILOTE]}


class CellNames:
    """What the cells of the sheets of one contract name; a cell that lists several makes the lines of those beside it."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._known: dict[str, NamedThings] = {}
        self._columns = {
            kind.name: (*layout.columns(kind), *layout.entries(kind)) for kind in layout.kinds_with_files()
        }
        self._lists: list[tuple[str, Row, tuple[str, str, str], list[str]]] = []
        self._of_all: dict[str, dict[str, int]] = {}
        """How many cells name « tous les quartiers », by sheet and title."""

    def settle(self, kind: str) -> None:
        """Put codes in the place of names in the sheet of a kind, but of those that lead to its own."""
        self._settle(kind, own=False)

    def finish(self) -> None:
        """Put codes in the place of all names that are left, and make the lines of what was listed."""
        for kind in self._columns:
            self._settle(kind, own=True)
        for kind_name, row, (beside, owner, other), codes in self._lists:
            code = self._texts(kind_name, row)["code"]
            more = _COPILOT if beside == "engagement_partner" else {}
            for named in codes if code else ():
                told = {owner: code, other: named, **more}
                taken = {field: ReadCell(row.number, 0, Read.TEXT, text) for field, text in told.items()}
                line = Row(row.sheet, row.number, {}, {}, taken=taken, listed=row.listed)
                self._rows.setdefault(beside, []).append(line)
        self._lists.clear()

    def code_of(self, kind: str, text: str) -> str:
        """Return the code of the one thing that words stand for; empty where it is none, or several."""
        return self._of(kind).mark_of(text)

    def several(self, kind: str, text: str) -> list[str]:
        """Return the codes of the things that a list names; empty where it is no list of such things."""
        return self._of(kind).several(text) if text else []

    def listed(self, row: Row, beside: str) -> list[str]:
        """Return the codes of what a line lists in one cell, which will make lines of the kind `beside`."""
        return [
            code
            for _, line, (kind, _, _), codes in self._lists
            if line is row and kind == beside
            for code in codes
        ]

    def notes(self) -> Iterator[str]:
        """Say what was understood by « tous les quartiers »."""
        for sheet, titles in self._of_all.items():
            for title, count in titles.items():
                cells = french.plural(count, "case dit", "cases disent")
                yield (
                    f"Feuille «\u202f{sheet}\u202f», «\u202f{title}\u202f», {cells} «\u202ftous les quartiers\u202f»"
                    "\u202f: aucun lieu n’y est nommé, c’est pour tout le périmètre du contrat."
                )

    def unread(self) -> Iterator[tuple[Row, Column, str]]:
        """Yield the cells of the columns that have no line of their own and of which something names nothing."""
        for kind in layout.kinds_with_files():
            for column in layout.entries(kind):
                for row in self._rows[kind.name]:
                    if column.ref is not None and (cell := row.cell(column)) is not None:
                        yield row, column, self.why_not(column, cell.text)

    def why_not(self, column: Column, text: str) -> str:
        """Say why words lead to nothing, in French, without its end."""
        known = self._of(column.ref or "")
        if meant := known.meant(text):
            return f"«\u202f{text[:40]}\u202f» nomme plusieurs lignes\u202f: {french.enumerate_words(list(meant))}"
        if not column.beside and (codes := known.several(text)):
            more = ", à moins que son engagement ne les nomme aussi" if column.ref == "territory" else ""
            return f"«\u202f{text[:40]}\u202f» en nomme {len(codes)}\u202f: il en faut un seul{more}"
        lost = known.unknown_in(text) if column.beside else ""
        return f"«\u202f{(lost or text)[:40]}\u202f» n’est le code ni le nom de rien"

    def _of(self, kind: str) -> NamedThings:
        if kind not in self._known:
            told = [self._texts(kind, row) for row in self._rows.get(kind, ())]
            self._known[kind] = NamedThings(
                (code, code, names) for names in told if (code := names.get("code", ""))
            )
        return self._known[kind]

    def _texts(self, kind: str, row: Row) -> dict[str, str]:
        """The code and the names of a line, by field."""
        cells = {
            column.field.name: row.cell(column)
            for column in self._columns[kind]
            if column.field.name in _CALLED
        }
        return {name: cell.text.strip() if cell is not None else "" for name, cell in cells.items()}

    def _settle(self, kind: str, *, own: bool) -> None:
        for column in self._columns[kind]:
            ref = "place_level" if column.type is Type.LEVEL else column.ref
            if ref is None or not BY_NAME[ref].has_code or (ref == kind and not own):
                continue
            for row in self._rows.get(kind, ()):
                at = row.places.get(column.header)
                cell = row.cells.get(at) if at is not None else None
                if at is None or cell is None or not cell.text.strip():
                    continue
                known = self._of(ref)
                if column.field.type is Type.LINKS and column.beside:
                    if codes := list(filter(None, [known.mark_of(cell.text)])) or known.several(cell.text):
                        _put(row, at, "")
                        self._lists.append((kind, row, column.beside, codes))
                elif code := known.mark_of(cell.text) or known.mark_of(name_in(cell.text)):
                    _put(row, at, code)
                elif column.ref == "territory" and names_all(cell.text):
                    _put(row, at, "")
                    of_sheet = self._of_all.setdefault(BY_NAME[kind].sheet, {})
                    of_sheet[column.header] = of_sheet.get(column.header, 0) + 1
                elif column.beside and (codes := known.several(cell.text)):
                    # Of partners the first one is meant, the others are beside; a place lies in the first of several.
                    first = "" if column.field.name == "territory" else codes[0]
                    _put(row, at, first)
                    rest = codes[1:] if column.ref == "partner" else codes
                    self._lists.append((kind, row, column.beside, rest))


def _put(row: Row, at: int, code: str) -> None:
    cells = dict(row.cells)
    if code:
        cells[at] = cells[at]._replace(kind=Read.TEXT, text=code)
    else:
        del cells[at]
    row.cells = cells
