"""Reading xlsx: values with what their format says of them, and nothing of what a formula would do."""

from __future__ import annotations

import posixpath
import re

from qpvdesk.bounded import refused
from qpvdesk.spreadsheets.book import MAX_CELLS, MAX_SHEETS, Read, ReadBook, ReadSheet, column_of
from qpvdesk.spreadsheets.limits import Filler, far, many
from qpvdesk.spreadsheets.number_formats import PLAIN, Format, built_in, format_of, plain, stored_number
from qpvdesk.spreadsheets.serial import day_of
from qpvdesk.spreadsheets.xml_in import Attributes, parse

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MAX_STRINGS = 2_000_000
_MAX_STRING_CHARACTERS = 60_000_000


def read(parts: dict[str, bytes]) -> ReadBook:
    """Read the parts of the zip. Raises `UserError`."""
    if "xl/workbook.xml" not in parts:
        raise refused("Ce fichier n’est pas un classeur Excel.")
    sheets, date1904 = _workbook(parts["xl/workbook.xml"])
    targets = _targets(parts.get("xl/_rels/workbook.xml.rels", b""))
    strings = _strings(parts["xl/sharedStrings.xml"]) if "xl/sharedStrings.xml" in parts else []
    formats = _styles(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else []
    if len(sheets) > MAX_SHEETS:
        raise refused("Le classeur contient trop de feuilles.")
    filler = Filler()
    book = ReadBook([], date1904)
    for name, ident, hidden in sheets:
        content = parts.get(targets.get(ident, ""))
        if content is not None:
            filled = content.count(b"<v>") + content.count(b"<is>")
            if filled > MAX_CELLS:
                raise many("cellules", filled, MAX_CELLS)
            sheet = ReadSheet(name, hidden=hidden)
            _Sheet(sheet, strings, formats, date1904=date1904, filler=filler).read(content)
            book.sheets.append(sheet)
    return book


def _ignore(_: str) -> None:
    return


def _workbook(content: bytes) -> tuple[list[tuple[str, str, bool]], bool]:
    sheets: list[tuple[str, str, bool]] = []
    flags: list[bool] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append((attributes.get("name", "?")[:80], attributes.get("id", ""), hidden))
        elif name == "workbookPr":
            flags.append(attributes.get("date1904", "0") in {"1", "true"})

    parse(content, start, _ignore, _ignore)
    return sheets, any(flags)


def _targets(content: bytes) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = path

    if content:
        parse(content, start, _ignore, _ignore)
    return targets


def _strings(content: bytes) -> list[str]:
    strings: list[str] = []
    pieces: list[str] = []
    state = {"in": False, "phonetic": False}
    total = 0

    def start(name: str, _: Attributes) -> None:
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            state["phonetic"] = True
        elif name == "t":
            state["in"] = not state["phonetic"]

    def end(name: str) -> None:
        nonlocal total
        if name == "t":
            state["in"] = False
        elif name == "rPh":
            state["phonetic"] = False
        elif name == "si":
            text = "".join(pieces)
            total += len(text)
            if len(strings) >= _MAX_STRINGS or total > _MAX_STRING_CHARACTERS:
                raise refused(
                    "Le classeur contient beaucoup trop de textes.", "Gardez les seules lignes utiles."
                )
            strings.append(text)

    def text(data: str) -> None:
        if state["in"]:
            pieces.append(data)

    parse(content, start, end, text)
    return strings


def _styles(content: bytes) -> list[Format]:
    """Return what each cell format makes of a stored number."""
    custom: dict[int, str] = {}
    formats: list[Format] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        if name == "numFmt":
            custom[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            number = _whole(attributes.get("numFmtId"))
            formats.append(format_of(custom[number]) if number in custom else built_in(number))

    def end(name: str) -> None:
        nonlocal inside
        if name == "cellXfs":
            inside = False

    parse(content, start, end, _ignore)
    return formats


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _is_nothing(size: str | None) -> bool:
    """Tell whether a height or a width is one that hides: « 0 »."""
    return bool(size and not size.strip("0."))


class _Sheet:
    """The events of one sheet."""

    def __init__(
        self, sheet: ReadSheet, strings: list[str], formats: list[Format], *, date1904: bool, filler: Filler
    ) -> None:
        self.sheet, self.strings, self.formats = sheet, strings, formats
        self.date1904, self.filler = date1904, filler
        self.row, self.column = -1, -1
        self.type, self.style, self.formula = "", 0, False
        self.pieces: list[str] = []
        self.value: str | None = None
        self.taking = False

    def read(self, content: bytes) -> None:
        parse(content, self.start, self.end, self.text)

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row = _whole(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            if attributes.get("hidden") in {"1", "true"} or _is_nothing(attributes.get("ht")):
                self.sheet.hidden_rows.add(self.row)
        elif name == "c":
            self._place(attributes.get("r"))
            self.type = attributes.get("t", "n")
            self.style = _whole(attributes.get("s"))
            self.formula, self.value = False, None
        elif name == "f":
            self.formula = True
        elif name in {"v", "t"}:
            self.taking = True
            self.pieces.clear()
        elif name == "col" and (
            attributes.get("hidden") in {"1", "true"} or _is_nothing(attributes.get("width"))
        ):
            first, last = _whole(attributes.get("min")), _whole(attributes.get("max"))
            self.sheet.hidden_columns.update(range(first - 1, min(last, 512)))
        elif name == "mergeCell" and len(self.sheet.merged) < 10_000:
            ends = [_REFERENCE.fullmatch(part) for part in attributes.get("ref", "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                top, left = _indexes(ends[0])
                bottom, right = _indexes(ends[1])
                self.sheet.merged.append((top, left, bottom, right))

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise refused(
                f"Feuille «\u202f{self.sheet.name}\u202f»\u202f: «\u202f{reference[:20]}\u202f» n’est pas une cellule."
            )
        self.row, self.column = _indexes(found)
        if self.row >= 1_048_576 or self.column >= 16_384:
            raise far(self.sheet.name, self.row, self.column)

    def text(self, data: str) -> None:
        if self.taking:
            self.pieces.append(data)

    def end(self, name: str) -> None:
        if name in {"v", "t"} and self.taking:
            self.taking = False
            self.value = (self.value or "") + "".join(self.pieces)
        elif name == "c":
            self._cell()

    def _cell(self) -> None:
        kind, text = self._meaning()
        if text or kind is Read.UNCALCULATED:
            shown = self._format().shown if kind in {Read.NUMBER, Read.DATE} else ""
            self.filler.add(self.sheet, self.row, self.column, kind=kind, text=text, shown=shown)

    def _format(self) -> Format:
        shape = self.formats[self.style] if self.style < len(self.formats) else PLAIN
        if not shape.cases:
            return shape
        number = stored_number(self.value or "")
        return shape if number is None else shape.of(number)

    def _meaning(self) -> tuple[Read, str]:
        value = self.value
        if value is None or (value == "" and self.formula and self.type != "str"):
            return (Read.UNCALCULATED, "") if self.formula else (Read.TEXT, "")
        if self.type == "s":
            named = value.strip()
            index = _whole(named)
            if index < len(self.strings) and f"{index}" == named:
                return Read.TEXT, self.strings[index]
            # The first text of the table would pass for what is named otherwise, an empty cell for what is not there.
            return Read.ERROR, f"texte n° {named}" if named else ""
        if self.type in {"str", "inlineStr"}:
            return Read.TEXT, value
        if self.type == "e":
            return Read.ERROR, value
        if self.type == "b":
            return Read.BOOLEAN, value
        if self.type == "d":
            return Read.DATE, value[:10]
        return numbered(value, self._format(), self.date1904)


def numbered(value: str, shape: Format, date1904: bool) -> tuple[Read, str]:
    """Return the meaning of a stored number under its format."""
    number = stored_number(value)
    if number is None:
        return Read.TEXT, value
    if shape.kind is Read.DATE:
        day = day_of(number, date1904)
        return (Read.DATE, day.isoformat()) if day else (Read.ERROR, f"date n° {number:f}")
    if shape.kind is Read.SHARE:
        return Read.SHARE, plain(number * 100)
    return Read.NUMBER, plain(number.scaleb(-shape.power) if shape.power else number)


def _indexes(found: re.Match[str]) -> tuple[int, int]:
    return int(found[2]) - 1, column_of(found[1])
