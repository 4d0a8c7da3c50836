"""The hostile and clumsy files that come in, made anew for each test.

Each maker writes its file in a folder and returns its path.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

Maker = Callable[[Path], Path]
COUNT, SHARE, MONEY = "BPI-O01", "ARS-O03", "BPI-O08"
"""A count, a share and an amount of the starter contract, none of them measured yet."""
DAY = "31/12/2024"

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
STYLES = (
    f'<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="jj/mm/aaaa"/></numFmts><cellXfs count="4">'
    '<xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def text_cell(reference: str, text: str) -> str:
    """Return an inline string cell."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def number_cell(reference: str, number: str, style: int = 0) -> str:
    """Return a number cell; styles: 0 general, 1 percentage, 2 and 3 dates."""
    return f'<c r="{reference}" s="{style}"><v>{number}</v></c>'


def row(number: int, *cells: str, hidden: bool = False) -> str:
    """Return one row."""
    flag = ' hidden="1"' if hidden else ""
    return f'<row r="{number}"{flag}>{"".join(cells)}</row>'


HEAD = row(1, text_cell("A1", "Code"), text_cell("B1", "Date"), text_cell("C1", "Valeur"))


def xlsx_parts(
    rows: str, *, after: str = "", flags: str = "", state: str = "", prolog: str = ""
) -> dict[str, str]:
    """Return the parts of a small workbook of one sheet « Chiffres »."""
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "xl/workbook.xml": f"{prolog}<workbook {MAIN} {RELATIONS}><workbookPr {flags}/><sheets>"
        f'<sheet name="Chiffres" sheetId="1" {state} r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": f"{prolog}<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>",
    }


def zipped(path: Path, parts: dict[str, str] | dict[str, bytes]) -> Path:
    """Write the parts as a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def book(folder: Path, rows: str, **more: str) -> Path:
    """Write a small xlsx."""
    return zipped(folder / "retour.xlsx", xlsx_parts(rows, **more))


def one(folder: Path, code: str, value: str, day: str = "", **more: str) -> Path:
    """Write a workbook of one line; `value` and `day` are cells at C2 and B2."""
    return book(folder, HEAD + row(2, text_cell("A2", code), day or text_cell("B2", DAY), value), **more)


def plain(folder: Path, content: bytes) -> Path:
    """Write a csv."""
    path = folder / "retour.csv"
    path.write_bytes(content)
    return path


def line(value: str, code: str = COUNT, day: str = DAY, comment: str = "relevé été") -> str:
    """Return a csv of one line."""
    return f"Code;Date;Valeur;Commentaire\n{code};{day};{value};{comment}\n"


def ods(folder: Path, table: str, prolog: str = "") -> Path:
    """Write a small ods."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"{prolog}<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Chiffres">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        folder / "retour.ods",
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content},
    )


def ods_text(text: str, repeat: str = "") -> str:
    """Return a text cell."""
    return f'<table:table-cell office:value-type="string" {repeat}><text:p>{text}</text:p></table:table-cell>'


ODS_HEAD = f"<table:table-row>{ods_text('Code')}{ods_text('Date')}{ods_text('Valeur')}</table:table-row>"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def bad_crc(folder: Path) -> Path:
    path = one(folder, COUNT, number_cell("C2", "27"))
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 16] ^= 0xFF
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)
    return path


def truncated(folder: Path) -> Path:
    path = one(folder, COUNT, number_cell("C2", "27"))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def renamed(folder: Path) -> Path:
    path = folder / "retour.xlsx"
    path.write_text(line("27"), encoding="utf-8")
    return path


def locked(folder: Path) -> Path:
    path = folder / "retour.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(2000)
    )
    return path


def row_bomb(folder: Path) -> Path:
    return book(folder, HEAD + row(2, number_cell("A2", "1")) * 3_000_000)


def string_bomb(folder: Path) -> Path:
    parts = xlsx_parts(HEAD)
    parts["xl/sharedStrings.xml"] = (
        f"<sst {MAIN}>{'<si><t>' + 'x' * 1000 + '</t></si>'}"
        + ("<si><t>" + "y" * 10_000 + "</t></si>") * 12_000
        + "</sst>"
    )
    return zipped(folder / "retour.xlsx", parts)


def duplicate(folder: Path) -> Path:
    path = one(folder, COUNT, number_cell("C2", "27"))
    other = xlsx_parts(HEAD)["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "a") as archive:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr("xl/worksheets/sheet1.xml", other)
    return path


def outside(folder: Path) -> Path:
    path = one(folder, COUNT, number_cell("C2", "27"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../dehors.xml", "<a/>")
    return path


def empty(folder: Path) -> Path:
    return plain(folder, b"")


@dataclass(frozen=True)
class Case:
    """One file: its number and name, its maker, and what is to come of it.

    `value` is what the one line gives (as text), None where nothing is to be written; `said` is a part of the
    sentence, `cell` the cell it names where there is one.
    """

    name: str
    make: Maker
    value: str | None = None
    said: str = ""
    cell: str = ""


def csv_case(name: str, text: str, encoding: str = "utf-8", **more: str) -> Case:
    """Return the case of a csv."""
    return Case(name, lambda folder: plain(folder, text.encode(encoding)), **more)


def value_case(name: str, text: str, said: str, code: str = COUNT) -> Case:
    """Return the case of a text in the value's cell that is refused."""
    return Case(name, lambda folder: one(folder, code, text_cell("C2", text)), None, said, "C2")


CASES = [
    Case("01 empty", empty, None, "vide"),
    Case("02 text renamed", renamed, None, "n’en est pas un"),
    Case("03 truncated", truncated, None, "abîmé"),
    Case("04 bad CRC", bad_crc, None, "abîmé"),
    Case("05 password", locked, None, "mot de passe"),
    Case("06 row bomb", row_bomb, None, "démesuré"),
    Case("07 string bomb", string_bomb, None, "démesuré"),
    Case(
        "08 far corners",
        lambda folder: book(folder, HEAD + row(1048576, number_cell("XFD1048576", "1"))),
        None,
        "Chiffres",
        "XFD1048576",
    ),
    Case(
        "09 ZZ200000",
        lambda folder: book(folder, HEAD + row(200000, number_cell("ZZ200000", "1"))),
        None,
        "Chiffres",
        "ZZ200000",
    ),
    Case(
        "10 ods repeated rows",
        lambda folder: ods(
            folder,
            ODS_HEAD
            + f'<table:table-row table:number-rows-repeated="1000000">{ods_text("x")}</table:table-row>',
        ),
        None,
        "Chiffres",
        "A1000001",
    ),
    Case(
        "11 ods repeated both",
        lambda folder: ods(
            folder,
            '<table:table-row table:number-rows-repeated="1048576">'
            + ods_text("x", 'table:number-columns-repeated="16384"')
            + "</table:table-row>",
        ),
        None,
        "Chiffres",
        "XFD1",
    ),
    Case(
        "12 billion laughs",
        lambda folder: one(folder, COUNT, number_cell("C2", "27"), prolog=LAUGHS),
        None,
        "DOCTYPE",
    ),
    Case(
        "13 XXE xlsx", lambda folder: one(folder, COUNT, number_cell("C2", "27"), prolog=XXE), None, "DOCTYPE"
    ),
    Case("14 XXE ods", lambda folder: ods(folder, ODS_HEAD, XXE), None, "DOCTYPE"),
    Case("15 duplicate entries", duplicate, None, "même nom"),
    Case("16 outside entry", outside, None, "hors de lui-même"),
    csv_case("17 cp1252", line("27"), "cp1252", value="27"),
    csv_case("18 UTF-16", line("27"), "utf-16", value="27"),
    csv_case("19 MacRoman", line("27"), "mac-roman", said="Mac"),
    Case(
        "20 mixed",
        lambda folder: plain(folder, line("27").encode() + "été;;1;é\n".encode("cp1252")),
        None,
        "Ligne 3",
    ),
    csv_case("21 BOM", line("27"), "utf-8-sig", value="27"),
    Case(
        "22 encoded twice",
        lambda folder: plain(folder, line("27").encode().decode("cp1252").encode()),
        "27",
        "deux fois",
    ),
    csv_case("23 control characters", line("27", comment="a\x00b\x07"), said="invisibles", cell="D2"),
    csv_case("24 RTL override", line("27", comment="a\u202eb"), said="invisibles", cell="D2"),
    Case("25 text share", lambda folder: one(folder, SHARE, text_cell("C2", "16,4 %")), "16.4"),
    Case(
        "26 percent cell",
        lambda folder: one(folder, SHARE, number_cell("C2", "0.16400000000000001", 1)),
        "16.4",
    ),
    Case("26b bare share", lambda folder: one(folder, SHARE, number_cell("C2", "0.164")), "0.164", "16,4"),
    csv_case("27 spaces in thousands", line("1\u202f339"), value="1339"),
    csv_case("27b no-break spaces", line("1\u00a0339"), value="1339"),
    Case("28 amount", lambda folder: one(folder, MONEY, text_cell("C2", "2,5 M€")), "2.5"),
    value_case("29 ambiguous", "1.339", "ambigu"),
    value_case("30 both marks", "1.339,5", "point et la virgule"),
    *(
        value_case(f"31 {text}", text, said)
        for text, said in (
            ("NaN", "calcul"),
            ("inf", "calcul"),
            ("1e5", "scientifique"),
            ("1_000", "tiret bas"),
        )
    ),
    value_case("32 Arabic digits", "١٢", "chiffres habituels"),
    *(
        value_case(f"33 {text}", text, said)
        for text, said in (("(12)", "parenthèses"), ("n.c.", "ne donne pas"), ("12 jeunes", "jeunes"))
    ),
    Case(
        "34 text date",
        lambda folder: one(folder, COUNT, number_cell("C2", "27"), text_cell("B2", "31/12/2023")),
        "27",
    ),
    Case(
        "35 bare serial",
        lambda folder: one(folder, COUNT, number_cell("C2", "27"), number_cell("B2", "45291")),
        "27",
    ),
    Case(
        "36 serial 60",
        lambda folder: one(folder, COUNT, number_cell("C2", "27"), number_cell("B2", "60", 2)),
        None,
        "date",
        "B2",
    ),
    Case(
        "36b 1904",
        lambda folder: one(
            folder, COUNT, number_cell("C2", "27"), number_cell("B2", "43829", 3), flags='date1904="1"'
        ),
        "27",
    ),
    Case(
        "37 31/02",
        lambda folder: one(folder, COUNT, number_cell("C2", "27"), text_cell("B2", "31/02/2024")),
        None,
        "calendrier",
        "B2",
    ),
    Case(
        "38 merged",
        lambda folder: book(
            folder,
            HEAD
            + row(2, text_cell("A2", COUNT), text_cell("B2", DAY), number_cell("C2", "27"))
            + row(3, text_cell("B3", "31/12/2023"), number_cell("C3", "26")),
            after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
        ),
        "27",
    ),
    Case(
        "39 hidden",
        lambda folder: book(
            folder,
            HEAD + row(2, text_cell("A2", COUNT), text_cell("B2", DAY), number_cell("C2", "27"), hidden=True),
        ),
        "27",
        "masquée",
    ),
    Case(
        "39b hidden sheet",
        lambda folder: one(folder, COUNT, number_cell("C2", "27"), state='state="hidden"'),
        "27",
    ),
    csv_case("40 no header", f"{COUNT};{DAY};27\n", said="A1"),
    csv_case("40b header twice", f"Code;Valeur;Valeur\n{COUNT};1;2\n", said="B1 et C1"),
    Case(
        "41 never calculated",
        lambda folder: one(folder, COUNT, '<c r="C2"><f>SUM(A1:A2)</f></c>'),
        None,
        "jamais calculée",
        "C2",
    ),
    Case(
        "42 #REF!", lambda folder: one(folder, COUNT, '<c r="C2" t="e"><v>#REF!</v></c>'), None, "#REF!", "C2"
    ),
    value_case("43 command", "=cmd|' /C calc'!A0", "formule"),
    csv_case("43b command in csv", line("=cmd|' /C calc'!A0"), said="formule", cell="C2"),
]
