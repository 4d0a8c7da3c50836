"""A return workbook comes back whatever wrote it: each program has its own way to write the same cells."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import odfdo
import openpyxl
import pytest

from qpvdesk.services import bases
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports
from qpvdesk.services.figures.line import LineState
from qpvdesk.spreadsheets.book import cell_name
from qpvdesk.storage.opening import open_base
from tests.helpers.previewing import preview
from tests.helpers.reviews import desk_on
from tests.unit.spreadsheets.corpus import CONTENT_TYPES, MAIN, RELATIONS

TODAY = date(2026, 11, 28)
DECEMBER = datetime(2025, 12, 31)
CONTRACT = "lens-lievin"
Value = str | float | datetime | None
Tables = dict[str, list[list[Value]]]
Writer = Callable[[Tables, Path], None]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("depart") / "base.db"
    bases.create(path, CONTRACT, now=datetime(2026, 1, 5, 9).astimezone())
    with open_base(path) as opened:
        yield desk_on(opened, TODAY)


@pytest.fixture(scope="module")
def filled(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tables, str]:
    """The cells of a workbook with its day said once and one share filled in; the code of that share."""
    path = tmp_path_factory.mktemp("classeur") / "a.xlsx"
    exports.export(desk, desk.review(CONTRACT, TODAY), path, content="remontee", partner="FT")
    book = openpyxl.load_workbook(path)
    sheet = book["Remontée"]
    sheet["B2"] = DECEMBER
    row = next(row for row in range(5, 60) if sheet.cell(row, 3).value == "%")
    sheet.cell(row, 13).value = 20.5
    tables = {page.title: [list(cells) for cells in page.iter_rows(values_only=True)] for page in book}
    return tables, str(sheet.cell(row, 1).value)


def as_written(tables: Tables, path: Path, *, shared: bool, epoch: date) -> None:
    """A workbook without styles, names nor rules; its sheets in capitals, as some rename them."""
    strings: list[str] = []

    def cell(at: str, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, datetime):
            return f'<c r="{at}"><v>{(value.date() - epoch).days}</v></c>'
        if not isinstance(value, str):
            return f'<c r="{at}"><v>{value}</v></c>'
        if not shared:
            return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        strings.append(
            f"<si><r><t>{escape(value[:3])}</t></r><r><t xml:space='preserve'>{escape(value[3:])}</t></r></si>"
        )
        return f'<c r="{at}" t="s"><v>{len(strings) - 1}</v></c>'

    of_1904 = ' date1904="1"' if epoch.year == 1904 else ""
    names = "".join(
        f'<sheet name="{escape(name.upper())}" sheetId="{at}" r:id="rId{at}"/>'
        for at, name in enumerate(tables, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Target="worksheets/sheet{at}.xml"/>' for at in range(1, len(tables) + 1)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr(
            "xl/workbook.xml",
            f"<workbook {MAIN} {RELATIONS}><workbookPr{of_1904}/><sheets>{names}</sheets></workbook>",
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        for at, rows in enumerate(tables.values(), 1):
            lines = "".join(
                f'<row r="{row + 1}">'
                + "".join(cell(cell_name(row, column), value) for column, value in enumerate(values))
                + "</row>"
                for row, values in enumerate(rows)
            )
            archive.writestr(
                f"xl/worksheets/sheet{at}.xml",
                f"<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>",
            )
        if strings:
            archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{''.join(strings)}</sst>")


def shared_strings(tables: Tables, path: Path) -> None:
    as_written(tables, path, shared=True, epoch=date(1899, 12, 30))


def inline_strings(tables: Tables, path: Path) -> None:
    as_written(tables, path, shared=False, epoch=date(1899, 12, 30))


def days_of_1904(tables: Tables, path: Path) -> None:
    as_written(tables, path, shared=True, epoch=date(1904, 1, 1))


def opendocument(tables: Tables, path: Path) -> None:
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    for name, rows in tables.items():
        table = odfdo.Table(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value is not None:
                    table.set_value((column, row), value.date() if isinstance(value, datetime) else value)
        document.body.append(table)
    document.save(path)


@pytest.mark.parametrize(
    ("write", "suffix"),
    [(shared_strings, "xlsx"), (inline_strings, "xlsx"), (days_of_1904, "xlsx"), (opendocument, "ods")],
)
def test_it_comes_back_whatever_wrote_it(
    desk: Desk, tmp_path: Path, filled: tuple[Tables, str], write: Writer, suffix: str
) -> None:
    tables, code = filled
    path = tmp_path / f"retour.{suffix}"
    write(tables, path)
    plan = preview(desk, CONTRACT, path)
    assert plan.ours
    (line,) = plan.lines
    assert (line.name, line.day, line.state) == (code, DECEMBER.date(), LineState.NEW)
    assert line.measurement is not None
    assert line.measurement.value == Decimal("20.5")
