"""The tables of a file: every sheet is looked at, each table found by what it holds, then by its titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from qpvdesk.bounded import NOTHING
from qpvdesk.domain import french, periods
from qpvdesk.domain.errors import UserError
from qpvdesk.services.figures.import_cells import is_figure, is_year
from qpvdesk.services.figures.layout import Context, TableLayout, Words, dated
from qpvdesk.services.figures.names import plain
from qpvdesk.services.figures.roles import Role, role_of
from qpvdesk.services.figures.titles import title_text
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, ValueColumn

_TITLES_WITHIN = 60
"""Lines of a sheet without any title among which one is looked for before it is given up."""
_TITLE_LINES = 4
_PUBLISHED = re.compile(
    r"\b(?:edite|edition|imprime|extrait|extraction|mis a jour|mise a jour|maj|version|genere|publie|envoye|recu|transmis|"
    r"reunion|comite|copil|saisi|telecharge)\w*\b"
)
"""Words beside a day that is not that of the figures."""


class FoundTable(Struct, frozen=True):
    """The tables of a file, and what is to be said of what is not read, in French."""

    tables: tuple[Columns, ...]
    notes: tuple[str, ...]


class TableReader:
    """Looks for the tables of one file in the words of one contract."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.names, self.places, self.today = words.names, words.places, words.today
        self._titled: dict[str, str] = {}

    def tables(self, book: ReadBook, file: str) -> FoundTable:
        """Return the tables of a file of that name. Raises `UserError` where there is none."""
        found: list[tuple[Columns, bool]] = []
        unread: list[str] = []
        notes: list[str] = []
        for sheet in sorted(book.sheets, key=lambda item: item.hidden):
            if not sheet.cells or (sheet.hidden and found) or self.names.passed_over(sheet.name):
                unread += [sheet.name] if sheet.cells else []
                continue
            sheet_tables = list(self._in_sheet(sheet, file, notes))
            found += sheet_tables
            unread += [] if sheet_tables else [sheet.name]
        if not found:
            raise _nothing(book, notes)
        # A lexicon has the shape of a table: none of its names is of the contract, where those of another are.
        known = [table for table, named in found if named] or [table for table, _ in found]
        unread += [
            table.sheet
            for table, _ in found
            if table not in known and table.sheet not in {known_table.sheet for known_table in known}
        ]
        return FoundTable(tuple(known), (*notes, *_unread(unread)))

    def _in_sheet(self, sheet: ReadSheet, file: str, notes: list[str]) -> Iterator[tuple[Columns, bool]]:
        """Yield each table of a sheet, and whether one of its names is of the contract."""
        rows = sheet.rows()
        starts = self._starts(rows)
        bounds = [self._above(sheet, rows, start) for start in starts]
        before = 0
        for at, start in enumerate(starts):
            top, last = bounds[at], (bounds[at + 1] - 1 if at + 1 < len(starts) else max(rows))
            head = self._head(sheet, start, last, rows)
            above = [
                rows[row] for row in sorted(rows) if before <= row < top and not self._measured(rows[row])
            ]
            layout = TableLayout(self.words, sheet, rows, (top, head, last))
            columns = layout.columns(self.context(above, sheet.name, file))
            if columns is not None:
                yield columns, layout.named
            notes += layout.notes
            before = head + 1

    # Where tables begin

    def _starts(self, rows: dict[int, dict[int, ReadCell]]) -> list[int]:
        """Return the lines of titles, the first of each table."""
        starts: list[int] = []
        body, previous = False, -1
        for row in sorted(rows):
            cells = rows[row]
            measured = self._measured(cells)
            if not measured and (not starts or body):
                words = self._title_marks(cells)
                again = not starts or Role.INDICATOR.value in words or row > previous + 1
                if again and _is_titles(words, alone=not starts):
                    starts.append(row)
                    body = False
            body = body or (bool(starts) and measured)
            previous = row
            if not starts and row > _TITLES_WITHIN:
                break
        if not starts:
            first = next((row for row in sorted(rows) if self._measured(rows[row])), None)
            above = [row for row in sorted(rows) if first is not None and row < first and len(rows[row]) > 1]
            starts = above[-1:]
        return starts

    def _title_marks(self, cells: dict[int, ReadCell]) -> list[str]:
        """Return a mark for each cell of what may be a line of titles; none where it holds a figure."""
        marks: list[str] = []
        if len(cells) < 2:
            return marks
        for cell in cells.values():
            if cell.kind in {Read.SHARE, Read.BOOLEAN, Read.ERROR} or (is_figure(cell) and not is_year(cell)):
                return []
            if cell.kind is not Read.TEXT:
                marks.append("period")
                continue
            if cell.text not in self._titled:
                self._titled[cell.text] = self._mark(cell.text)
            if mark := self._titled[cell.text]:
                marks.append(mark)
        return marks

    def _mark(self, text: str) -> str:
        if len(text) > 120:
            return ""
        objective = self.names.find(text)
        if objective is not None:
            return f"={objective.code}"
        if periods.read(text) is not None:
            return "period"
        role = role_of(text)
        if role is not None:
            return role.value
        if self.places.find(text) is not None:
            return "place"
        return "period" if periods.found(text) is not None else ""

    def _measured(self, cells: dict[int, ReadCell]) -> bool:
        """Whether a line holds a figure that is no year."""
        return any(is_figure(cell) and not is_year(cell) for cell in cells.values())

    def _head(self, sheet: ReadSheet, start: int, last: int, rows: dict[int, dict[int, ReadCell]]) -> int:
        """Return the last of the lines of titles that begin on `start`: those under it that name parts of columns."""
        head, left = start, min(rows[start])
        of_days = role_of(rows[start][left].text) is Role.DAY
        while head + 1 in rows and head - start < _TITLE_LINES and head + 2 <= last:
            below = rows[head + 1]
            marks = self._parts(below)
            if not marks or any(mark.startswith("=") for mark in marks) or (of_days and left in below):
                break
            # What stands under the title of names and is no word of ours is a name, unless a merged title goes on.
            if left in below and not marks[0] and not _under_merged(sheet, head, below):
                break
            head += 1
        return head

    def _parts(self, cells: dict[int, ReadCell]) -> list[str]:
        """Return a mark for each cell of a line that may be of sub-titles; none where it is not."""
        marks = []
        for _, cell in sorted(cells.items()):
            if cell.kind in {Read.SHARE, Read.BOOLEAN, Read.ERROR} or (is_figure(cell) and not is_year(cell)):
                return []
            text = title_text(cell)
            part = (
                "period" if cell.kind is not Read.TEXT or periods.read(text, year=2000) else self._mark(text)
            )
            marks.append(part or ("unit" if _UNITS.fullmatch(text) else ""))
        return marks if any(marks[1:] if len(marks) > 1 else marks) else []

    def _above(self, sheet: ReadSheet, rows: dict[int, dict[int, ReadCell]], start: int) -> int:
        """Return the first line of titles: those above it that head several columns, none of them the first."""
        top, left = start, min(rows[start])
        while top - 1 in rows and start - top < _TITLE_LINES:
            above = rows[top - 1]
            if left in above and role_of(above[left].text) is None:
                break
            heading = [
                cell for column, cell in above.items()
                if column > left and (periods.read(title_text(cell)) or self._mark(cell.text)
                or any((row, first) == (cell.row, column) and right > column for row, first, _, right in sheet.merged))
            ]  # fmt: skip
            if not heading or self._measured(above):
                break
            top -= 1
        return top

    # What is said above a table

    def context(self, above: Sequence[dict[int, ReadCell]], sheet: str, file: str) -> Context:
        """Return what the lines above a table, then the names of its sheet and file, say of all its figures."""
        lines = [[title_text(cell) for _, cell in sorted(cells.items())] for cells in above]
        day = self._day_in(" ".join(line) for line in lines) or self._day_in([sheet])
        if day is None:
            in_file = self._day_in([re.sub(r"\.\w+$", "", file)])
            doubt = "La date vient du nom du fichier\u202f: est-ce celle des valeurs\u202f?"
            day = None if in_file is None else ValueColumn(-1, in_file.day, doubt=in_file.doubt or doubt)
        texts = [text for line in lines for text in [*line, " ".join(line)]] + [sheet]
        places = {place.territory.code for text in texts if (place := self.places.find(text)) is not None}
        soles = {objective.code for text in texts if (objective := self.names.find(text)) is not None}
        return Context(
            day,
            places.pop() if len(places) == 1 else "",
            soles.pop() if len(soles) == 1 else "",
            next((unit for text in texts if "€" in (unit := _money(text))), ""),
        )

    def _day_in(self, texts: Iterable[str]) -> ValueColumn | None:
        """Return the one day that texts say; with a doubt where it is not one day or not over."""
        found = [
            period for text in texts
            if not _PUBLISHED.search(french.fold(text)) and (period := periods.found(text)) is not None
        ]  # fmt: skip
        sure = [period for period in found if not period.asked] or found
        kept = [
            period for period in sure if not any(period != other and period.holds(other) for other in sure)
        ]
        if not kept:
            return None
        last = max(kept, key=lambda period: period.day)
        if len({period.day for period in kept}) > 1 or last.asked:
            day = min(last.day, self.today)
            doubt = (
                f"Le titre peut se lire de plusieurs façons\u202f: est-ce le {french.format_date(day)}\u202f?"
            )
            return ValueColumn(-1, day, "", last.provisional, doubt=doubt)
        return dated(-1, last, today=self.today)


def _money(text: str) -> str:
    """The unit of amounts that a line above a table says; empty where it says none."""
    found = _AMOUNTS.search(text)
    return "" if found is None else _MONEY.get(french.fold(found[1]), found[1])


_AMOUNTS = re.compile(
    r"\b(?:en|montants? en|exprimés? en)\s+(milliers d['’]euros|millions d['’]euros|euros|[kKM]?€)(?!\w)",
    re.IGNORECASE,
)
_MONEY = {"milliers d'euros": "k€", "millions d'euros": "M€", "euros": "€", "k€": "k€", "m€": "M€"}
_UNITS = re.compile(r"\(?(?:%|[kKM]?€|Md€|en [kKM]?€|en %|pts?)\)?")


def _under_merged(sheet: ReadSheet, row: int, cells: dict[int, ReadCell]) -> bool:
    """Whether some of the cells stand under a title of line `row` that is merged over several columns."""
    return any(
        top <= row <= bottom and left < right and any(left <= column <= right for column in cells)
        for top, left, bottom, right in sheet.merged
    )


def _is_titles(marks: Sequence[str], *, alone: bool) -> bool:
    """Whether the marks of a line are those of titles; `alone`: no table is known yet in its sheet."""
    named = {mark for mark in marks if mark.startswith("=")}
    words = [mark for mark in marks if mark not in {"period", "place"} and not mark.startswith("=")]
    dated, placed = marks.count("period"), marks.count("place")
    first = words[0] if words else ""
    if named:
        # « Indicateur : FT-O22 » is said above a table; « Année, FT-O22 » heads one.
        return len(named) > 1 or (alone and first in _OF_ROWS and len(marks) == len(words) + 1)
    if len(words) == 1 and first in _OF_ROWS:
        # « Date : 31/12/2025 » and « Commune : Lens » are said above a table too.
        return dated > 1 or placed > 1 or (first == Role.TERRITORY and dated > 0)
    return len(marks) > 1 if words else alone and (dated > 1 or placed > 1)


_OF_ROWS = {Role.DAY.value, Role.TERRITORY.value}


def _nothing(book: ReadBook, notes: Sequence[str]) -> UserError:
    names = ", ".join(f"«\u202f{sheet.name}\u202f»" for sheet in book.sheets[:5])
    looked = (
        f" (feuilles lues\u202f: {names}\u202f; les titres sont cherchés à partir de A1)" if names else ""
    )
    return UserError(
        " ".join([f"Aucun tableau de valeurs n’est reconnu dans ce fichier{looked}.", *notes, NOTHING]),
        "Il faut une ligne de titres\u202f: une colonne «\u202fCode\u202f» et une colonne «\u202fValeur\u202f» ou l’année.",
    )


def _unread(sheets: Sequence[str]) -> list[str]:
    if not sheets:
        return []
    names = ", ".join(f"«\u202f{plain(name)}\u202f»" for name in dict.fromkeys(sheets))
    is_single = len(set(sheets)) == 1
    return [f"Feuille non lue\u202f: {names}." if is_single else f"Feuilles non lues\u202f: {names}."]
