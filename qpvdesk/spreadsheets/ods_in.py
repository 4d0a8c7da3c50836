"""Reading ods: repeated rows and columns are counted before they are believed."""

from __future__ import annotations

import re
from decimal import Decimal

from qpvdesk.bounded import refused
from qpvdesk.domain import periods
from qpvdesk.spreadsheets.book import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Read, ReadBook, ReadSheet
from qpvdesk.spreadsheets.limits import Filler, far
from qpvdesk.spreadsheets.number_formats import POWERS, plain, stored_number, unit_shown
from qpvdesk.spreadsheets.precheck import protected
from qpvdesk.spreadsheets.xml_in import Attributes, parse


def read(parts: dict[str, bytes]) -> ReadBook:
    """Read the parts of the zip. Raises `UserError`."""
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise protected()
    if "content.xml" not in parts:
        raise refused("Ce fichier n’est pas un classeur OpenDocument.")
    reader = _Reader()
    parse(parts["content.xml"], reader.start, reader.end, reader.text)
    return reader.book


class _Reader:
    """The events of `content.xml`."""

    def __init__(self) -> None:
        self.book = ReadBook([])
        self.filler = Filler()
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.sheet: ReadSheet | None = None
        self.row, self.column, self.columns_seen = 0, 0, 0
        self.row_repeat, self.cell_repeat = 1, 1
        self.row_cells: list[tuple[int, str, Read, str]] = []
        self.attributes: Attributes = {}
        self.paragraphs: list[str] = []
        self.in_cell = self.in_text = False
        self.note = 0

    def start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "style":
                self.style = attributes.get("name", "")
            case "table-properties" if attributes.get("display") == "false":
                self.hidden_styles.add(self.style)
            case "table" if self.sheet is None:
                if len(self.book.sheets) >= MAX_SHEETS:
                    raise refused("Le classeur contient trop de feuilles.")
                hidden = attributes.get("style-name", "") in self.hidden_styles
                self.sheet = ReadSheet(attributes.get("name", "?")[:80], hidden=hidden)
                self.row = self.columns_seen = 0
            case "table-column":
                self._column(attributes)
            case "table-row":
                self.column = 0
                self.row_cells = []
                self.row_repeat = _repeat(attributes, "number-rows-repeated")
                self._hide_rows(attributes)
            case "table-cell" | "covered-table-cell":
                self.attributes, self.in_cell = attributes, True
                self.cell_repeat = _repeat(attributes, "number-columns-repeated")
                self.paragraphs = []
            case "annotation":
                self.note += 1
            case "p" if self.in_cell and not self.note:
                self.paragraphs.append("")
                self.in_text = True
            case "s" if self.in_text:
                self.paragraphs[-1] += " " * min(100, _repeat(attributes, "c"))
            case "tab" if self.in_text:
                self.paragraphs[-1] += "\t"

    def _hide_rows(self, attributes: Attributes) -> None:
        if self.sheet and attributes.get("visibility") in {"collapse", "filter"} and self.row < MAX_ROWS:
            self.sheet.hidden_rows.update(range(self.row, min(self.row + self.row_repeat, MAX_ROWS)))

    def _column(self, attributes: Attributes) -> None:
        count = min(_repeat(attributes, "number-columns-repeated"), MAX_COLUMNS)
        if self.sheet and attributes.get("visibility") == "collapse":
            self.sheet.hidden_columns.update(range(self.columns_seen, self.columns_seen + count))
        self.columns_seen += count

    def text(self, data: str) -> None:
        if self.in_text and self.paragraphs and not self.note:
            self.paragraphs[-1] += data

    def end(self, name: str) -> None:
        match name:
            case "annotation":
                self.note -= 1
            case "p":
                self.in_text = False
            case "table-cell" | "covered-table-cell":
                self._cell()
                self.in_cell = False
                self.column += self.cell_repeat
            case "table-row":
                self._row()
            case "table" if self.sheet is not None:
                self.book.sheets.append(self.sheet)
                self.sheet = None

    def _cell(self) -> None:
        kind, text, shown = _meaning(self.attributes, "\n".join(self.paragraphs))
        self._merge()
        if not text and kind is not Read.UNCALCULATED:
            return
        if self.sheet is not None and self.column + self.cell_repeat > MAX_COLUMNS:
            raise far(self.sheet.name, self.row, self.column + self.cell_repeat - 1)
        self.row_cells += [(self.column + step, shown, kind, text) for step in range(self.cell_repeat)]

    def _merge(self) -> None:
        spanned = (
            _repeat(self.attributes, "number-rows-spanned"),
            _repeat(self.attributes, "number-columns-spanned"),
        )
        if self.sheet is not None and spanned != (1, 1) and len(self.sheet.merged) < 10_000:
            self.sheet.merged.append(
                (self.row, self.column, self.row + spanned[0] - 1, self.column + spanned[1] - 1)
            )

    def _row(self) -> None:
        if self.sheet is not None and self.row_cells:
            if self.row + self.row_repeat > MAX_ROWS:
                raise far(self.sheet.name, self.row + self.row_repeat - 1, self.row_cells[-1][0])
            for step in range(self.row_repeat):
                for column, shown, kind, text in self.row_cells:
                    self.filler.add(self.sheet, self.row + step, column, kind=kind, text=text, shown=shown)
        self.row += self.row_repeat


def _repeat(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _meaning(attributes: Attributes, shown: str) -> tuple[Read, str, str]:
    """Return the kind and the text of a cell, and what its format adds (see `ReadCell`)."""
    kind = attributes.get("value-type", "")
    # Other programs write the kind twice; a formula that failed is stored as a text or as 0, shown « Err:… ».
    if attributes.get("formula") and (
        shown.startswith(("#", "Err:")) or not (kind and (shown or "value" in attributes))
    ):
        return (Read.ERROR, shown, "") if shown else (Read.UNCALCULATED, "", "")
    match kind:
        case "float" | "currency" | "percentage":
            return _number(attributes, kind, shown)
        case "date":
            day = attributes.get("date-value", "")[:10]
            period = None if _WHOLE_DAY.search(shown) else periods.read(shown)
            grain = "" if period is None else _GRAINS.get(period.grain, "")
            return Read.DATE, day, grain
        case "boolean":
            return Read.BOOLEAN, "1" if attributes.get("boolean-value") == "true" else "0", ""
    return Read.TEXT, attributes.get("string-value") or shown, ""


def _number(attributes: Attributes, kind: str, shown: str) -> tuple[Read, str, str]:
    number = stored_number(attributes.get("value", ""))
    if number is None:
        return Read.TEXT, shown, ""
    if kind == "percentage" or _shown_as_share(number, shown):
        return Read.SHARE, plain(number * 100), ""
    unit = unit_shown(shown) or ("€" if attributes.get("currency") == "EUR" else "")
    power = POWERS.get(unit, 0)
    if power and len(re.findall("[0-9]", shown.partition(",")[0])) < len(
        plain(abs(number)).partition(".")[0]
    ):
        # The format divides: 6 600 000 is shown « 6 600 k€ ».
        number = number.scaleb(-power)
    elif not power and not unit:
        # An amount in euros is one whatever is shown of it.
        number = number.scaleb(-_shown_divided(number, shown))
    return Read.NUMBER, plain(number), unit


def _shown_as_share(number: Decimal, shown: str) -> bool:
    """Whether a number that its file calls plain is shown a hundred times as large, with « % » after it."""
    told = _SHARE.search(shown)
    if told is None:
        return False
    seen = Decimal(re.sub(r"\s", "", told[1]).replace("\u2212", "-").replace(",", "."))
    half_digit = Decimal(5).scaleb(int(seen.as_tuple().exponent) - 1)
    return abs(seen - number * 100) <= half_digit < abs(seen - number)


def _shown_divided(number: Decimal, shown: str) -> int:
    """By which power of ten the format of a number divides it where it shows no unit: 52 000 is shown « 52 »."""
    if _ALONE.fullmatch(shown) is None:
        return 0
    seen = Decimal(re.sub(r"\s", "", shown).replace("\u2212", "-").replace(",", "."))
    half_digit = Decimal(5).scaleb(int(seen.as_tuple().exponent) - 1)
    # A file that is not French parts thousands with a comma or a point: « 52,000 » is 52 000.
    digits = Decimal(re.sub("[^0-9]", "", shown))
    if not seen or abs(seen - number) <= half_digit or abs(digits - abs(number)) <= _HALF:
        return 0
    return next((power for power in (3, 6) if abs(seen - number.scaleb(-power)) <= half_digit), 0)


_HALF = Decimal("0.5")
_ALONE = re.compile(r"[-\u2212]?[0-9][0-9\s]*(?:[.,][0-9]+)?")
_SHARE = re.compile(r"([-\u2212]?[0-9][0-9\s]*(?:[.,][0-9]+)?)\s*%")
_WHOLE_DAY = re.compile(r"[0-9]{1,2}[/. -][0-9]{1,2}[/. -][0-9]{2,4}")
_GRAINS = {periods.Grain.MONTH: "mois", periods.Grain.YEAR: "annee"}
