"""Sheets to files: xlsx, ods and csv. A user's text never becomes a formula."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.inert import inert
from qpvdesk.spreadsheets.rules import make_ready
from qpvdesk.spreadsheets.sheet import Cell, Kind, Sheet, Style

_PAGE_CHARACTERS = 240
"""A sheet that is wider goes over several pages: on one it could not be read."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIXED = (2020, 1, 1, 0, 0, 0)


def write(sheets: Sequence[Sheet], path: Path) -> None:
    """Write the sheets in the format of the file's suffix (csv: the visible table alone).

    The file is replaced at once or not at all. Raises `UserError` for another suffix or a folder that refuses.
    """
    makers = {".xlsx": _xlsx, ".ods": _ods, ".csv": _csv}
    maker = makers.get(path.suffix.lower())
    if maker is None:
        raise UserError(
            f"Le format «\u202f{path.suffix or path.name}\u202f» n’est pas connu.",
            "Choisissez un nom qui finit par .xlsx, .ods, .csv ou .json.",
        )
    durable.save(maker(sheets), path)


def clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_XML.sub("", text)


def _csv(sheets: Sequence[Sheet]) -> bytes:
    sheet = [sheet for sheet in sheets if not sheet.hidden][-1]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in sheet.rows:
        writer.writerow([_csv_text(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _csv_text(cell: Cell) -> str:
    match cell.value:
        case None:
            return ""
        case Decimal() as number:
            return format(number, "f").replace(".", ",") + ("\u202f%" if cell.kind is Kind.SHARE else "")
        case date() as day:
            return f"{day:%d/%m/%Y}"
        case str() as text:
            return inert(text)


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - 140 ms, an exported workbook alone needs it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    formats = _Formats(book)
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width)
        _write_rows(page, sheet, formats)
        make_ready(page, sheet.rules, sheet.widths, formats.of(Cell(), wrapped=False, ruled=False))
        _set_page(page, sheet)
    book.close()
    return out.getvalue()


class _Formats:
    """The formats of a book, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[tuple[Style, str, bool, bool], Any] = {}

    def of(self, cell: Cell, *, wrapped: bool, ruled: bool) -> Any:
        key = (cell.style, _number_format(cell), wrapped, ruled)
        if key not in self._formats:
            look = _LOOKS[cell.style] | {"num_format": key[1], "text_wrap": wrapped}
            self._formats[key] = self._book.add_format((_RULED | look) if ruled else look)
        return self._formats[key]


def _write_rows(page: Any, sheet: Sheet, formats: _Formats) -> None:
    for r, row in enumerate(sheet.rows):
        # What stands over a table runs on over its columns.
        above = sheet.head is not None and r < sheet.head
        lines = 1 if above else _lines(row, sheet.widths)
        if lines > 1:
            # LibreOffice does not reckon the height of a row that a file of this format leaves open.
            page.set_row(r, 15 * lines)
        ruled = sheet.head is not None and r > sheet.head
        for c, cell in enumerate(row):
            form = formats.of(cell, wrapped=_wraps(cell) and not above, ruled=ruled)
            match cell.value:
                case None:
                    page.write_blank(r, c, None, form)
                case Decimal() as number:
                    page.write_number(r, c, float(_stored(cell, number)), form)
                case date() as day:
                    page.write_datetime(r, c, day, form)
                case str() as text:
                    page.write_string(r, c, clean(text)[:32_000], form)
            if cell.note:
                page.write_comment(
                    r, c, clean(cell.note), {"x_scale": 2.5, "y_scale": 1 + len(cell.note) / 200}
                )
            if cell.style is Style.INPUT and (rule := _xlsx_rule(cell)):
                page.data_validation(r, c, r, c, rule)


def _set_page(page: Any, sheet: Sheet) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    across = max(1, math.ceil(sum(sheet.widths) / _PAGE_CHARACTERS))
    page.fit_to_pages(across, 0)
    if across > 1:
        page.repeat_columns(0, 1)
    page.set_footer("&L&A&RPage &P / &N")
    if sheet.head is not None:
        page.repeat_rows(sheet.head)
        page.freeze_panes(sheet.head + 1, 0)
    if sheet.locked:
        # Sorting and hiding stay possible: the rows are found again by their code.
        page.protect("", {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True})
    if sheet.hidden:
        page.hide()


_LOOKS: dict[Style, dict[str, object]] = {
    Style.PLAIN: {"valign": "top"},
    Style.HEAD: {"bold": True, "bg_color": "#E3E3FD", "border": 1, "text_wrap": True, "valign": "top"},
    Style.NEEDED: {"bold": True, "bg_color": "#FFE0B2", "border": 1, "text_wrap": True, "valign": "top"},
    Style.TITLE: {"bold": True, "font_size": 14},
    Style.REFUSED: {"bg_color": "#F8C8C2", "border": 2, "border_color": "#B3261E", "valign": "top"},
    Style.INPUT: {
        "locked": False,
        "bg_color": "#FFF9DB",
        "border": 1,
        "border_color": "#555555",
        "valign": "top",
    },
}
_RULED: dict[str, object] = {"border": 1, "border_color": "#D5D5DD"}


def _wraps(cell: Cell) -> bool:
    return cell.kind is Kind.TEXT and cell.style is not Style.TITLE


def _lines(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """Return how many lines of text a row needs at most, ten being enough for anything."""
    needed = 1
    for cell, width in zip(row, widths, strict=False):
        if _wraps(cell) and isinstance(cell.value, str):
            # By words, as a spreadsheet breaks them: « Communauté d’agglomération » takes two lines of 22 characters.
            needed = max(needed, sum(_lines_of(line, max(1, width)) for line in cell.value.split("\n")))
    return min(needed, 10)


def _lines_of(line: str, room: int) -> int:
    return max(1, len(wrap(line[: 12 * room], room))) if len(line) > room else 1


def _number_format(cell: Cell) -> str:
    """Return the format of a cell as Excel writes it: as many decimals as the value has, never a bare comma."""
    match cell.kind, cell.value:
        case Kind.SHARE, _:
            return "0.0##\\ %"
        case Kind.DATE, _:
            return "dd/mm/yyyy"
        case Kind.WHOLE, _:
            return "0"
        case Kind.NUMBER, Decimal() as number:
            decimals = max(0, -int(number.normalize().as_tuple().exponent))
            return "#,##0" + (f".{'0' * min(decimals, 12)}" if decimals else "")
        case Kind.NUMBER, _:
            return "General"
    return "@"


def _stored(cell: Cell, number: Decimal) -> Decimal:
    return number / 100 if cell.kind is Kind.SHARE else number


def _xlsx_rule(cell: Cell) -> dict[str, object] | None:
    told: dict[str, object] = {"ignore_blank": True, "input_message": cell.help[:250]} if cell.help else {}
    match cell.kind:
        case Kind.DATE:
            return told | {
                "validate": "date", "criteria": "between",
                "minimum": date(1990, 1, 1), "maximum": date(2100, 12, 31),
                "error_title": "Date attendue", "error_message": "Écrivez une date comme 31/12/2026.",
            }  # fmt: skip
        case Kind.NUMBER | Kind.SHARE:
            return told | {
                "validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15,
                "error_title": "Nombre attendu",
                "error_message": "Écrivez un nombre seul, ou laissez vide ce qui n’est pas connu.",
            }  # fmt: skip
    return None


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"), ("manifest", "manifest"),
    )
)  # fmt: skip


def _ods(sheets: Sequence[Sheet]) -> bytes:
    rules: dict[Kind, str] = {
        Kind.DATE: "of:cell-content-is-date() and cell-content()&gt;=DATE(1990;1;1)",
        Kind.NUMBER: "of:cell-content-is-decimal-number() and cell-content()&gt;=-1000000000000",
        Kind.SHARE: "of:cell-content-is-decimal-number() and cell-content()&gt;=-1000000",
    }
    body = ["<table:content-validations>"]
    for kind, rule in rules.items():
        body.append(
            f'<table:content-validation table:name="v-{kind}" table:condition="{rule}" table:allow-empty-cell="true">'
            '<table:error-message table:display="true" table:message-type="stop"><text:p>Écrivez '
            f"{'une date comme 31/12/2026' if kind is Kind.DATE else 'un nombre seul'}.</text:p>"
            "</table:error-message></table:content-validation>"
        )
    body.append("</table:content-validations>")
    widths = sorted({width for sheet in sheets for width in sheet.widths})
    body += [piece for sheet in sheets for piece in _ods_sheet(sheet)]
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{_ods_styles(widths)}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(body)}</office:spreadsheet></office:body></office:document-content>"
    )
    styles = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_SPACES} office:version="1.3">'
        '<office:automatic-styles><style:page-layout style:name="pm"><style:page-layout-properties '
        'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:margin="1.2cm" '
        'style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="pm"/>'
        "</office:master-styles></office:document-styles>"
    )
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {_SPACES} manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        # The type comes first and uncompressed, or the file is not recognised by its contents.
        archive.writestr(zipfile.ZipInfo("mimetype", _FIXED), _ODS_TYPE)
        for name, text in (
            ("content.xml", content),
            ("styles.xml", styles),
            ("META-INF/manifest.xml", manifest),
        ):
            archive.writestr(zipfile.ZipInfo(name, _FIXED), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


_IN_FRENCH = 'number:language="fr" number:country="FR"'


def _ods_styles(widths: Sequence[int]) -> str:
    parts = [
        '<number:date-style style:name="n-date"><number:day number:style="long"/><number:text>/</number:text>'
        '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
        "</number:date-style>",
        f'<number:number-style style:name="n-number" {_IN_FRENCH}><number:number number:min-integer-digits="1" '
        'number:min-decimal-places="0" number:decimal-places="6" number:grouping="true"/></number:number-style>',
        '<number:number-style style:name="n-whole"><number:number number:min-integer-digits="1" number:decimal-places="0"/>'
        "</number:number-style>",
        f'<number:percentage-style style:name="n-share" {_IN_FRENCH}><number:number number:min-integer-digits="1" '
        'number:min-decimal-places="1" number:decimal-places="4"/><number:text>\u202f%</number:text>'
        "</number:percentage-style>",
        '<number:text-style style:name="n-text"><number:text-content/></number:text-style>',
        '<style:style style:name="shown" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true"/></style:style>',
        '<style:style style:name="hidden" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="false"/></style:style>',
    ]
    looks = {
        Style.PLAIN: ("", ""),
        Style.HEAD: ('fo:background-color="#e3e3fd" fo:border="0.5pt solid #555555"', 'fo:font-weight="bold"'),
        Style.TITLE: ("", 'fo:font-weight="bold" fo:font-size="14pt"'),
        Style.NEEDED: ('fo:background-color="#ffe0b2" fo:border="0.5pt solid #555555"', 'fo:font-weight="bold"'),
        Style.REFUSED: ('fo:background-color="#f8c8c2" fo:border="1.5pt solid #b3261e"', ""),
        Style.INPUT: (
            'fo:background-color="#fff9db" fo:border="0.5pt solid #555555" style:cell-protect="none"', "",
        ),
    }  # fmt: skip
    named: list[tuple[str, Style, str, str]] = [(style, style, *look) for style, look in looks.items()]
    named.append(("above", Style.TITLE, "", ""))
    named.append(("ruled", Style.PLAIN, 'fo:border="0.5pt solid #d5d5dd"', ""))
    for name, style, cell, text in named:
        for kind in Kind:
            wrap = ' fo:wrap-option="wrap"' if kind is Kind.TEXT and style is not Style.TITLE else ""
            # Where a number is awaited without a format, « 20 % » that is typed there stays a percentage; with the
            # format of numbers LibreOffice would store and show 0,2.
            open_format = style is Style.INPUT and kind is Kind.NUMBER
            shape = "" if open_format else f'style:data-style-name="n-{kind}"'
            parts.append(
                f'<style:style style:name="{name}-{kind}" style:family="table-cell" '
                f'{shape}><style:table-cell-properties style:vertical-align="top"'
                f"{wrap} {cell}/><style:text-properties {text}/></style:style>"
            )
    for width in widths:
        parts.append(
            f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties '
            f'style:column-width="{width * 0.2:.2f}cm"/></style:style>'
        )
    return "".join(parts)


def _ods_sheet(sheet: Sheet) -> list[str]:
    locked = ' table:protected="true"' if sheet.locked else ""
    out = [
        f"<table:table table:name={quoteattr(sheet.name)} table:style-name="
        f'"{"hidden" if sheet.hidden else "shown"}"{locked}>'
    ]
    out += [f'<table:table-column table:style-name="w{width}"/>' for width in sheet.widths]
    if not sheet.widths:
        out.append("<table:table-column/>")
    for index, row in enumerate(sheet.rows):
        plain: str = Style.PLAIN
        if sheet.head is not None and index != sheet.head:
            plain = "above" if index < sheet.head else "ruled"
        cells = "".join(_ods_cell(cell, plain) for cell in row)
        text = f"<table:table-row>{cells or '<table:table-cell/>'}</table:table-row>"
        if index == sheet.head:
            text = f"<table:table-header-rows>{text}</table:table-header-rows>"
        out.append(text)
    out.append("</table:table>")
    return out


def _ods_cell(cell: Cell, plain: str) -> str:
    """Return one cell; `plain` is the name of the style that plain cells of its row have."""
    name = plain if cell.style is Style.PLAIN else cell.style
    look = f'table:style-name="{name}-{cell.kind}"'
    if cell.style is Style.INPUT and cell.kind is not Kind.TEXT:
        look += f' table:content-validation-name="v-{cell.kind}"'
    note = f"<office:annotation>{_ods_lines(cell.note)}</office:annotation>" if cell.note else ""
    match cell.value:
        case Decimal() as number:
            kind = "percentage" if cell.kind is Kind.SHARE else "float"
            look += f' office:value-type="{kind}" office:value="{_stored(cell, number):f}"'
        case date() as day:
            look += f' office:value-type="date" office:date-value="{day:%Y-%m-%d}"'
        case str() as text:
            look += ' office:value-type="string"'
            note += _ods_lines(text)
    return f"<table:table-cell {look}>{note}</table:table-cell>" if note else f"<table:table-cell {look}/>"


def _ods_lines(text: str) -> str:
    return "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in clean(text).split("\n"))


def _ods_text(line: str) -> str:
    """Return a line with the spaces and tabs that this format would else run together."""
    spaced = _RUN.sub(lambda run: f'<text:s text:c="{len(run[0])}"/>', escape(line))
    return spaced.replace("\t", "<text:tab/>")


_RUN = re.compile("^ +| +$| {2,}")
