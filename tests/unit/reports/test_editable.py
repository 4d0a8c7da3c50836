"""The copies that can be taken up elsewhere hold what the paper holds."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import odfdo
import pytest
from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.oxml.ns import qn
from docx.text.run import Run
from msgspec.structs import replace
from PIL import Image
from pptx import Presentation

from qpvdesk.domain.french import NNBSP, format_value
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports import copil
from qpvdesk.reports.cells import Figure, Gauge, StatusCell
from qpvdesk.reports.copied_blocks import copied_blocks, facts_of, is_kept, paragraph_text
from qpvdesk.reports.copied_tables import copy_widths
from qpvdesk.reports.document import write_document
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import UNWATCHED, Manuscript
from qpvdesk.reports.models import convocation, minutes, note, short
from qpvdesk.reports.models import partner as partner_sheet
from qpvdesk.reports.models.midterm import midterm
from qpvdesk.reports.presentation import draw_slides
from qpvdesk.reports.sections.notes import Ruling
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import BOLD, NOTE_STYLE, REGULAR, TABLE, WIDTH, load_fonts, text_width
from qpvdesk.reports.tables import DataTable, data_table
from qpvdesk.reports.text import Paragraph, led, paragraph, stacked
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy

NOW = situation(busy(), DAY)
DATA = CopilData(review_of(NOW))


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Document:
    path = tmp_path_factory.mktemp("word") / "copil.docx"
    assert copil.write(path, DATA) == 0
    return Document(str(path))


def test_each_chapter_is_a_heading(word: Document) -> None:
    titles = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert titles[0] == "L’essentiel"
    for partner in DATA.situation.dossier.partners:
        assert partner.name in titles


def test_the_tables_hold_every_objective_with_its_value_and_status(word: Document) -> None:
    lines = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    for objective in DATA.situation.objectives:
        (line,) = [
            " | ".join(cells)
            for cells in lines
            # A point d’attention begins with the same code and label; under its label an objective has its unit and place.
            if cells[0] == objective.code and cells[1].partition("\n")[0] == objective.label
        ]
        found = DATA.situation.assessments[objective.key]
        if found.value is not None:
            assert format_value(found.value, "") in line or format_value(found.value, "%") in line
        # No bar tells what is expected.
        far = how_far(found)
        assert (f"\nattendu {far.expected}" in line) is bool(far.rate and far.expected)
    told = [item.text or "" for item in word.element.body.iter(qn("w:t"))]
    assert not any("\u2011" in text for text in told), "a search for a typed hyphen misses it"
    assert not any(re.search(r"[A-Z\d]-[A-Z]?\d", text) for text in told), "a code was torn at its hyphen"


def test_headers_stand_again_on_each_page(word: Document) -> None:
    assert word.tables
    # Drawings side by side have none.
    drawings = [table for table in word.tables if table._tbl.xpath("./w:tr[2]//w:drawing")]
    assert len(drawings) == 1
    assert sum("w:tblHeader" in table.rows[0]._tr.xml for table in word.tables) == len(word.tables) - 1


def test_charts_are_pictures_that_say_what_they_show(word: Document) -> None:
    shapes = word.inline_shapes
    assert len(shapes) > 0
    assert all(shape._inline.docPr.get("descr") for shape in shapes)


def test_no_letter_of_a_picture_is_cut_at_its_edge(word: Document) -> None:
    """The last of « 60 Carrefours » was cut by the side of the drawing."""
    parts = [part.blob for part in word.part.package.iter_parts() if part.partname.endswith(".png")]
    assert parts
    for content in parts:
        picture = Image.open(io.BytesIO(content)).convert("L")
        edge = picture.crop((picture.width - 2, 0, picture.width, picture.height))
        assert min(edge.tobytes()) > 200


def test_the_document_says_what_it_is(word: Document) -> None:
    assert word.core_properties.language == "fr-FR"
    assert "comité de pilotage" in word.core_properties.title


def test_each_table_is_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "copil.zip"
    copil.write(path, DATA)
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert all(data.startswith(b"\xef\xbb\xbf") for data in held.values())
    rows = [
        row
        for data in held.values()
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    ]
    codes = {cell for row in rows for cell in row}
    assert {one.code for one in DATA.situation.objectives} <= codes
    assert all("objectifs" in name or "engagements" in name or name[:2].isdigit() for name in held)


def test_the_same_data_give_the_same_tables(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        copil.write(tmp_path / name, DATA)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_begins_as_a_formula_is_only_text(tmp_path: Path) -> None:
    first = busy().engagements[0]
    dossier = replace(busy(), engagements=(replace(first, label="=HYPERLINK(1)"), *busy().engagements[1:]))
    path = tmp_path / "copil.zip"
    copil.write(path, CopilData(review_of(situation(dossier, DAY))))
    with zipfile.ZipFile(path) as archive:
        text = "".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
    assert "'=HYPERLINK(1)" in text
    assert ";=HYPERLINK" not in text


def test_the_contents_lead_to_titles_and_tell_their_pages(word: Document, tmp_path: Path) -> None:
    """They were titles without numbers until the reader thought of asking for them."""
    body = word.element.body
    links = list(body.iter(qn("w:hyperlink")))
    kinds = [one.get(qn("w:fldCharType")) for one in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"] * len(links)
    places = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(set(places)) == len(places)
    asked = [one.text for one in body.iter(qn("w:instrText"))]
    told = ["".join(part.text for part in link.iter(qn("w:t"))) for link in links]
    for link, field in zip(links, asked, strict=True):
        assert link.get(qn("w:anchor")) in places
        assert field == f" PAGEREF {link.get(qn('w:anchor'))} \\h "
    copil.write(tmp_path / "c.odt", DATA)
    text = odfdo.Document(str(tmp_path / "c.odt"))
    pages = text.body.get_elements("descendant::text:bookmark-ref")
    marks = {item.name for item in text.body.get_elements("descendant::text:bookmark")}
    assert {page.get_attribute("text:ref-name") for page in pages} <= marks
    lines = [page.parent for page in pages]
    named = [re.sub(r"\[(.*)\]\(#\w+\)\t", r"\1", line.text_recursive) for line in lines]
    assert named == told
    assert told[0].startswith("L’essentiel")
    numbers = [int(re.split(r"\D+", words)[-1]) for words in told]
    assert numbers == sorted(numbers)
    assert 2 == numbers[0] < numbers[-1]


def test_the_copy_is_fit_to_send(word: Document) -> None:
    """French for the spelling checker, its data and page numbers at the foot, rows whole, legends drawn."""
    assert 'w:lang w:val="fr-FR"' in word.styles.element.xml
    section = word.sections[0]
    assert "comité de pilotage" in section.header.paragraphs[0].text
    foot = section.footer.paragraphs[0]
    assert DATA.fingerprint in foot.text
    assert [asked.text.strip() for asked in foot._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    assert all("w:cantSplit" in row._tr.xml for table in word.tables for row in table.rows[1:])
    assert {run.font.size.pt for run in (Run(item, foot) for item in foot._p.iter(qn("w:r")))} == {8}
    # LibreOffice moves a picture aside where its distance to the words is not told.
    assert all(shape._inline.get("distL") == "0" for shape in word.inline_shapes)
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert any(text.startswith(f"Légende{NNBSP}: En retard") for text in described)


def test_the_copy_keeps_the_marks_and_claims_nothing_of_the_printed_file(word: Document) -> None:
    (marks,) = [table for table in word.tables if table.rows[0].cells[0].text == "Marque"]
    assert len({row.cells[0].text.strip() for row in marks.rows} - {""}) == len(marks.rows)
    statuses = [table for table in word.tables if table.rows[0].cells[-1].text.startswith("Statut")]
    told = {row.cells[-1].text for table in statuses for row in table.rows if row._tr.tc_lst[1:]}
    assert any(text.startswith("▼ En retard") for text in told)
    dated = {
        row.cells[-1].text
        for table in word.tables
        for row in table.rows
        if "Météo" in table.rows[0].cells[-1].text
    }
    assert any(re.search(r"\D\n(au )?\d\d/\d\d/\d{4}", text) for text in dated), "the day of a météo under it"
    # Nor of the bars of advancement, which its tables do not have.
    told = " ".join(item.text for item in word.paragraphs)
    assert "Pente médiane" in told
    assert not any(words in told for words in ("PDF/UA", "s’arrête à 0", "trait noir"))
    halfway = [block for block in copied_blocks(midterm(DATA)) if isinstance(block, Paragraph)]
    assert not any("trait noir" in paragraph_text(block) for block in halfway)
    # Nor a title and a header over none of their rows.
    heads = [grid.rows[0] for grid in word.tables if grid.rows[0]._tr.xpath(".//w:tblHeader")]
    assert all(head.cells[0].paragraphs[0].paragraph_format.keep_with_next for head in heads)
    # A list of lines stands whole, nor does one row alone stand under its header.
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in marks.columns[0].cells[1:-1])
    grids = [table for table in word.tables if table is not marks and len(table.rows) > 2]
    firsts = [
        grid.rows[1].cells[0].paragraphs[0] for grid in grids if grid.rows[0]._tr.xpath(".//w:tblHeader")
    ]
    assert all(first.paragraph_format.keep_with_next for first in firsts)
    # The title of a group does not stand alone at the foot of a page.
    bands = [row for table in word.tables for row in table.rows[1:-1] if len(row._tr.tc_lst) == 1]
    assert bands
    assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in bands)


def test_what_belongs_together_is_on_one_page(word: Document, tmp_path: Path) -> None:
    """A drawing with its name and its key, the contents, the last row of a table with what is said under it."""
    copil.write(tmp_path / "c.odt", DATA)
    text = odfdo.Document(str(tmp_path / "c.odt"))
    (setting,) = text.get_part("settings.xml").get_elements(
        "//config:config-item[@config:name='TableRowKeep']"
    )
    assert setting.text == "true"

    def is_kept(paragraph: odfdo.Element) -> bool:
        style = text.get_style("paragraph", paragraph.style)
        return "fo:keep-with-next" in (style.get_properties() or {})

    for before, after in pairwise(word.paragraphs):
        if any(name.startswith("Légende") for name in _descriptions(after)):
            assert before.paragraph_format.keep_with_next
    (pair,) = [grid for grid in word.tables if not grid.rows[0]._tr.xpath(".//w:tblHeader")]
    assert all("w:cantSplit" in row._tr.xml for row in pair.rows)
    # A drawing stood lower beside the one whose name is of one line.
    names, drawings, *_ = pair.rows
    for name, drawing in zip(names.cells, drawings.cells, strict=True):
        assert name.vertical_alignment == WD_ALIGN_VERTICAL.BOTTOM
        assert name.paragraphs[0].runs[0].bold, "the name of a trajectory"
        assert _descriptions(drawing.paragraphs[0])
        assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in (name, drawing))
    rows = text.body.get_elements("descendant::table:table[@table:name='Dessins']/table:table-row")
    assert len(rows) == len(pair.rows)
    for row in rows:
        assert text.get_style("table-row", row.style).get_properties() == {"fo:keep-together": "always"}
    assert all(is_kept(item) for row in rows[:-1] for item in row.get_elements("descendant::text:p"))
    assert [item.style for item in rows[0].get_elements("table:table-cell")] == ["qpv-nom"] * 2
    legends = [
        frame.parent
        for frame in text.body.get_elements("descendant::draw:frame")
        if frame.svg_title.startswith("Légende")
    ]
    assert legends
    assert all(is_kept(text.body.get_elements("*")[text.body.index(item) - 1]) for item in legends)
    for link in word.element.body.iter(qn("w:hyperlink")):
        assert link.getparent().pPr.keepNext is not None
    noted = [
        grid
        for grid in word.tables
        if (under := grid._tbl.getnext().getnext()) is not None and under.style in (None, "Normal")
    ]
    assert noted
    for grid in noted:
        assert grid.rows[-1].cells[0].paragraphs[0].paragraph_format.keep_with_next
        assert grid._tbl.getnext().pPr.keepNext is not None
    # The kicker over the title of a partner has no words in a copy: once the last line before it was led to that title.
    for before, after in pairwise(word.paragraphs):
        if after.text in {item.partner.name for item in NOW.partners} and after.style.name == "Heading 1":
            assert not before.paragraph_format.keep_with_next


def test_rows_of_an_open_document_stay_whole_but_the_first(tmp_path: Path) -> None:
    """Where it stayed whole or with the next, LibreOffice 7.4 lost five rows of seven: they were in the file and on no
    page; where none did, nine rows of the copies were read on two pages."""
    path = tmp_path / "c.odt"
    copil.write(path, DATA)
    text = odfdo.Document(str(path))
    tables = [
        table.get_elements("table:table-row")
        for table in text.body.get_tables()
        if table.name.startswith("Tableau")
    ]
    assert sum(map(len, tables)) > 20
    for rows in tables:
        for number, row in enumerate(rows):
            look = text.get_style("table-row", row.style).get_properties() or {}
            assert look.get("fo:keep-together") == ("always" if number else None)
            if len(row.get_elements("table:table-cell")) == 1:
                continue
            for words in row.get_elements("descendant::text:p"):
                look = text.get_style("paragraph", words.style).get_properties() or {}
                assert "fo:keep-with-next" not in look


def test_the_sentence_over_a_table_is_not_parted_from_it() -> None:
    """« Un objectif promis est compté une fois… » was left under the map, its table on the next page."""
    load_fonts()
    (table,) = data_table(("Code", "Objectif"), [["ARS", "Un centre"]], (60.0, 200.0))
    said = paragraph("Un objectif est compté une fois.", NOTE_STYLE)
    assert is_kept([said, said, table], 1)
    assert not is_kept([said, said, table], 0)
    assert not is_kept([table, said, table], 1), "what is said under a table"


def _descriptions(paragraph: Any) -> list[str]:
    return [item.get("descr", "") for item in paragraph._p.iter(qn("wp:docPr"))]


def test_who_signs_has_a_frame(tmp_path: Path) -> None:
    path = tmp_path / "releve.docx"
    shown = replace(DATA, review=replace(DATA.review, meeting=NOW.dossier.meetings[0]))
    minutes.write(path, shown, UNWATCHED)
    names = ["Pour la présidence de séance", "Pour le secrétariat de séance"]
    rows = [table.rows[0] for table in Document(str(path)).tables]
    # Under what was decided, and over who was there.
    assert [cell.paragraphs[0].text for cell in rows[-2].cells] == names
    assert all("Signature" in cell.text for cell in rows[-2].cells)
    assert rows[-2].height.mm >= 35
    minutes.write(path.with_suffix(".odt"), shown, UNWATCHED)
    text = odfdo.Document(str(path.with_suffix(".odt")))
    (frames,) = text.body.get_elements("descendant::table:table[@table:name='Signatures']/table:table-row")
    least = text.get_style("table-row", frames.style).get_properties()["style:min-row-height"]
    assert float(least.removesuffix("cm")) > 3.5


@pytest.mark.parametrize("suffix", ["docx", "odt"])
def test_what_is_ticked_and_written_on_is_there(tmp_path: Path, suffix: str) -> None:
    """Boxes were « (signe non imprimable) », notes a title over nothing, bands broken where the paper breaks them."""
    path = tmp_path / f"f.{suffix}"
    silent = situation(replace(busy(), meteos=()), DAY)
    partner_sheet.write(path, replace(CopilData(review_of(silent)), partner=silent.partners[0]), UNWATCHED)
    with zipfile.ZipFile(path) as archive:
        told = archive.read("word/document.xml" if suffix == "docx" else "content.xml").decode()
    assert "non imprimable" not in told
    assert told.count("☐") >= 4
    # Lines to fill, which another type broke in two.
    nothing = replace(busy(), meetings=())
    convocation.write(path, CopilData(review_of(situation(nothing, DAY))), UNWATCHED)
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("word/document.xml" if suffix == "docx" else "content.xml").decode()
    assert "…" * 30 not in lines
    assert lines.count("<w:tab/>" if suffix == "docx" else "<text:tab/>") == 10
    title = paragraph("Carrefours", NOTE_STYLE.clone("kept", keepWithNext=1))
    write_document(path, Manuscript(copil.identity(DATA), [title, Ruling()]))
    with zipfile.ZipFile(path) as archive:
        told = archive.read("word/document.xml" if suffix == "docx" else "content.xml").decode()
    assert "keepNext" in told if suffix == "docx" else "keep-with-next" in told
    assert told.count("<w:tab/>" if suffix == "docx" else "<text:tab/>") >= 8
    copil.write(tmp_path / "c.docx", DATA)
    bands = [
        row.cells[0]
        for grid in Document(str(tmp_path / "c.docx")).tables
        for row in grid.rows
        if len(row._tr.tc_lst) == 1
    ]
    assert bands
    assert not any("\n" in cell.text for cell in bands)


def test_the_open_document_holds_what_the_word_copy_holds(word: Document, tmp_path: Path) -> None:
    path = tmp_path / "copil.odt"
    assert copil.write(path, DATA) == 0
    text = odfdo.Document(str(path))
    assert text.get_language() == "fr-FR"
    tables = text.body.get_tables()
    assert len(tables) == len(word.tables)

    def squeezed(rows: list[list[str]]) -> list[list[str]]:
        # Word has a sign of its own for the hyphen that holds.
        return [["".join(cell.split()).replace("\u2011", "-") for cell in cells] for cells in rows]

    for grid, table in zip(word.tables, tables, strict=True):
        if not grid.rows[0]._tr.xpath(".//w:tblHeader"):
            continue
        rows = [[cell.text for cell in row.cells] for row in grid.rows]
        lines = table.get_elements("descendant::table:table-row")
        cells = [[cell.text_recursive for cell in row.get_elements("table:table-cell")] for row in lines]
        # Word's cells of the title of a group are merged: each says the same.
        assert [row if len(set(row)) > 1 else row[:1] for row in squeezed(rows)] == [
            row if len(set(row)) > 1 and any(row[1:]) else row[:1] for row in squeezed(cells)
        ]
        (spans,) = {len(rows[0].cells) for rows in [grid.rows]}
        merged = [row for row in grid.rows if len(row._tr.tc_lst) == 1]
        bands = table.get_elements("descendant::table:covered-table-cell")
        assert len(bands) == len(merged) * (spans - 1)
        _assert_no_word_is_cut(text, table, lines)
    foot = text.get_styles("master-page")[0]
    # The groups of a fingerprint that read as thousands are kept together by a narrow space.
    assert "".join(DATA.fingerprint.split()) in "".join(foot.get_page_footer().text_recursive.split())
    pictures = text.body.get_elements("descendant::draw:frame")
    assert len(pictures) == len(word.inline_shapes)
    assert all(frame.svg_title for frame in pictures)
    # LibreOffice drops the look of a parent that is itself automatic: a last line was larger than those above.
    own = text.get_part("content.xml").get_elements("//office:automatic-styles/style:style")
    assert not {style.name for style in own} & {style.parent_style for style in own}
    last = text.get_style("paragraph", "qpv-petit-ligne-reste")
    assert last.get_properties()["fo:margin-bottom"]


def _assert_no_word_is_cut(text: odfdo.Document, table: odfdo.Table, lines: list[odfdo.Element]) -> None:
    """A type a little wider than the paper's takes its place where a machine lacks it."""
    named = [column.style for column in table.get_elements("table:table-column")]
    widths = [
        float(text.get_style("table-column", name).get_properties()["style:column-width"].removesuffix("cm"))
        for name in named
    ]
    assert sum(widths) <= 17.5
    for row in lines:
        cells = row.get_elements("table:table-cell")
        for cell, width in zip(cells, widths, strict=False) if len(cells) > 1 else ():
            for word in re.split("[ \n]+", cell.text_recursive):
                needed = text_width(word, REGULAR, TABLE) * 1.15 / 28.35 + 0.16
                assert needed <= width + 0.05, (word, width)


def test_a_column_holds_its_title_in_the_widest_type_that_stands_in() -> None:
    """« Engagé » was cut before its last letter."""
    load_fonts()
    (grid,) = data_table(
        ("Moyen", "Engagé"), [["Appel à projets de la politique de la ville", "–"]], (460.0, 33.0)
    )
    assert copy_widths(grid)[1] >= text_width("Engagé", BOLD, TABLE) * 1.25 + 8


def test_statuses_and_values_stand_on_a_line_and_leave_room_to_names() -> None:
    """« plus de / 450 M€ », « ◆ À / surveiller » stood beside columns with room to spare."""
    load_fonts()
    late = next(item for item in NOW.counted if item.status is Statut.EN_RETARD)
    watched = replace(late, status=Statut.A_SURVEILLER)
    values = [Figure("plus de 450 M€", "sans échéance", 40.0), Figure("8", "31/12/2026", 40.0)]
    row = ["ARS-O01", "Nouveaux fonds", *values, Gauge(late, 52.0), StatusCell(watched, None, 60.0)]
    header = ("Code", "Objectif", "Cible", "Actuel", "Avancement", "Statut")
    (table,) = data_table(header, [row], (40.0, 245.0, 48.0, 48.0, 60.0, 50.0))
    widths = copy_widths(table)
    for index, text in ((2, "plus de 450 M€"), (2, "sans échéance"), (5, "\u25c6 À surveiller")):
        assert widths[index] >= text_width(text, REGULAR, TABLE) * 1.12 + 7, text
    assert widths[1] > sum(widths) * 0.28


def test_no_word_of_a_title_is_cut_however_many_columns_there_are() -> None:
    """« trajectoir / e », « renseigné / s »: a quarter of the page was kept for names shorter than that."""
    load_fonts()
    titles = ("En tout", "Atteints", "En avance,\nconformes", "À surveiller", "En retard,\nnon atteints")
    header = ("Partenaire", *titles, "Sans\ntrajectoire", "Abandonnés", "Non\nrenseignés")
    names = ("Éducation nationale", "Région", "Communauté d’agglomération")
    for name in names:
        (table,) = data_table(header, [[name, *["4"] * 8]], (133.0, *[45.0] * 8))
        widths = copy_widths(table)
        assert sum(widths) == pytest.approx(WIDTH)
        for title, width in zip(header, widths, strict=True):
            for word in title.split():
                assert text_width(word, BOLD, TABLE) * 1.25 + 8 <= width + 0.1, (word, width)
    (table,) = data_table(header[:6], [["Région", *["4"] * 5]], (268.0, *[45.0] * 5))
    for title, width in zip(header[:6], copy_widths(table), strict=True):
        # A title of two lines has no third where there is room.
        for part in title.split("\n"):
            assert text_width(part, BOLD, TABLE) * 1.25 + 8 <= width + 0.1, (part, width)


def test_a_table_that_ends_a_copy_turns_no_page_of_its_own(tmp_path: Path) -> None:
    """Word and LibreOffice have a line under it, were it not written: the sheet of a partner ended on a blank page."""
    grid = data_table(("Code", "Objectif"), [["ARS-O01", "Médiateurs"]], (60.0, 433.0))
    manuscript = Manuscript(copil.identity(DATA), [paragraph("Avant.", NOTE_STYLE), *grid], [])
    for name in ("a.docx", "a.odt"):
        write_document(tmp_path / name, manuscript, UNWATCHED)
    last = Document(str(tmp_path / "a.docx")).paragraphs[-1]
    assert last.text == ""
    assert last.paragraph_format.line_spacing.pt == 1
    text = odfdo.Document(str(tmp_path / "a.odt"))
    style = text.get_style("paragraph", text.body.get_paragraphs()[-1].style)
    assert float(style.get_properties()["fo:line-height"].removesuffix("cm")) <= 0.05
    assert style.get_properties(area="text")["fo:font-size"] == "1pt"


def test_a_copy_names_one_type_that_a_machine_has(word: Document, tmp_path: Path) -> None:
    """A list of three was one name, which no machine has: the widest took its place, and cut words."""
    path = tmp_path / "copil.odt"
    copil.write(path, DATA)
    with zipfile.ZipFile(path) as archive:
        families = set(re.findall(r'fo:font-family="([^"]*)"', archive.read("styles.xml").decode()))
    assert "Arial" in families
    assert not [family for family in families if "," in family]
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = word.styles[name]
        assert style.font.name == "Arial"
        # The letters of a theme go before a name.
        assert not [
            sign for sign in style.element.rPr.rFonts.attrib if sign.endswith("Theme") and "sci" in sign
        ]


def test_each_fact_of_a_cover_has_its_name() -> None:
    """« 7 partenaires. », « 142 engagements. » stood beside nothing."""
    facts = dict(facts_of(copil.identity(DATA)))
    assert "" not in facts
    told = " ".join(facts["Contenu"].split())
    assert re.fullmatch(r"1 partenaire ; 1 engagement ; 7 objectifs promis ou proposés, 6 renseignés\.", told)


def test_no_space_is_told_twice_after_words_in_bold() -> None:
    """« 4 n’ont pas de valeur.  Au rythme constaté »: what was laid out once told it before and after."""
    load_fonts()
    block = led("Homonymie (1) :", " 4 noms se confondent, que rien d’autre ne sépare.", NOTE_STYLE)
    block.wrap(60, 500)
    assert "  " not in paragraph_text(block)
    assert paragraph_text(block).startswith(block.lead)
    story = midterm(DATA)
    for item in story:
        item.wrap(WIDTH, 800)
    assert not [
        text for item in story if isinstance(item, Paragraph) and "  " in (text := paragraph_text(item))
    ]


def test_a_copy_has_no_page_for_rows_that_fill_one_of_paper() -> None:
    """Three rows to write on were the fourth page of a file of three."""
    load_fonts()
    header, widths = ("N°", "Décision", "Confiée à"), (24.0, 300.0, 170.0)
    for rows, count in (
        ([[f"{number}", "\n\n\n", ""] for number in range(1, 15)], 10),
        ([[f"Maire {number}", "", ""] for number in range(1, 15)], 14),
    ):
        (grid,) = copied_blocks(data_table(header, rows, widths))
        assert [row[0] for row in grid.cells] == [row[0] for row in rows[:count]]


def test_the_open_document_has_frames_room_to_write_and_titles_without_numbers(tmp_path: Path) -> None:
    path = tmp_path / "court.odt"
    short.write(path, DATA, UNWATCHED)
    text = odfdo.Document(str(path))
    levels = text.get_part("styles.xml").root.get_elements("//text:outline-level-style")
    assert levels
    assert not any("num-list-format" in level.serialize() for level in levels)
    assert not any(
        level.get_attribute(f"style:num-{sign}") for level in levels for sign in ("format", "suffix")
    )
    *_, to_write = text.body.get_tables()
    rows = to_write.get_elements("table:table-row")
    for row in rows:
        properties = text.get_style("table-row", row.style).get_properties()
        assert float(properties["style:min-row-height"].removesuffix("cm")) > 1.2
    for cell in text.body.get_elements("descendant::table:table-cell"):
        properties = text.get_style("table-cell", cell.style).get_properties()
        assert properties["fo:border"]
        assert properties["fo:padding-left"]
    # The type asks for more than its paper's leading, by which page one ran over.
    words = text.body.get_elements("descendant::table:table[@table:name='Tableau 1']//text:p")
    assert {text.get_style("paragraph", item.style).get_properties()["fo:line-height"] for item in words} == {
        "9.8pt"
    }


def test_a_paper_of_one_chapter_begins_with_it_on_its_first_page(tmp_path: Path) -> None:
    note.write(tmp_path / "n.docx", DATA, UNWATCHED)
    written = Document(str(tmp_path / "n.docx"))
    first = next(item for item in written.paragraphs if item.text.strip())
    assert first.text == "Note à l’attention du préfet"
    bold = {run.text for item in written.paragraphs for run in item.runs if run.bold}
    assert {summary.partner.name for summary in DATA.situation.partners} <= bold
    listed = [item.text for item in written.paragraphs if item.style.name == "List Bullet"]
    bullets = written.styles["List Bullet"]
    assert bullets.paragraph_format.space_after
    assert not bullets.element.xpath(".//w:contextualSpacing"), "lines of several bullets read as one block"
    note.write(tmp_path / "n.odt", DATA, UNWATCHED)
    text = odfdo.Document(str(tmp_path / "n.odt"))
    lines = text.body.get_elements("descendant::text:list-item/text:p")
    assert ["".join(item.text_recursive.split()).replace("\u2011", "-") for item in lines] == [
        "".join(item.split()) for item in listed
    ]
    led = {span.text for item in lines for span in item.get_elements("text:span")}
    assert {summary.partner.name for summary in DATA.situation.partners} <= led
    assert not any(item.paragraph_format.page_break_before for item in written.paragraphs)


def test_the_copy_turns_its_pages_where_the_paper_does_and_keeps_its_letters(tmp_path: Path) -> None:
    """Each chapter once began a page of its own, most of them half empty; second lines were of 7 points."""
    # A name on the cover was cut at its hyphen, « Lens-/Liévin ».
    contract = replace(NOW.dossier.contract, name="Contrat de Lens-Liévin")
    named = situation(replace(NOW.dossier, contract=contract), DAY)
    copil.write(tmp_path / "c.docx", CopilData(review_of(named)), UNWATCHED)
    written = Document(str(tmp_path / "c.docx"))
    name = next(item for item in written.paragraphs if item.style.name == "Title")
    assert "de Lens-Liévin" in name.text
    assert name._p.xpath(".//w:noBreakHyphen")
    titles = [item for item in written.paragraphs if item.style.name == "Heading 1"]
    turned = {item.text for item in titles if item.paragraph_format.page_break_before}
    assert "L’essentiel" in turned
    assert not {"Sommaire", "Note de méthode", "Sources", "Points d’attention"} & turned
    # Nor after page one, which may run over: its end alone made a page.
    short.write(tmp_path / "s.docx", DATA, UNWATCHED)
    after = Document(str(tmp_path / "s.docx")).paragraphs
    assert not any(item.paragraph_format.page_break_before for item in after)
    sizes = [
        run.font.size.pt
        for grid in written.tables
        for row in grid.rows
        for cell in row.cells
        for part in cell.paragraphs
        for run in part.runs
        if run.font.size is not None
    ]
    assert min(sizes) >= 8
    # As on paper: a point more in its notes, and page one ran over.
    small = {
        run.font.size.pt for item in written.paragraphs for run in item.runs if run.font.size is not None
    }
    assert small == {8}


def test_what_is_late_weighs_in_the_tables_of_copies(word: Document, tmp_path: Path) -> None:
    heavy, plain = set(), set()
    for table in word.tables:
        for cell in table._cells:
            for run in (run for words in cell.paragraphs for run in words.runs):
                (heavy if run.bold else plain).add(run.text.strip())
    assert heavy & {"en retard", "non atteint"}
    assert not [text for text in plain if re.search(r"(· |, |^)(en retard|non atteint|échue)\.?$", text)]
    copil.write(tmp_path / "c.odt", DATA)
    with zipfile.ZipFile(tmp_path / "c.odt") as parts:
        content = parts.read("content.xml").decode()
    assert re.search(r'<text:span text:style-name="qpv-retard">(en retard|non atteint)</text:span>', content)
    draw_slides(whole := io.BytesIO(), copil.identity(DATA), slides(DATA))
    cells = [
        cell
        for slide in Presentation(whole).slides
        for shape in slide.shapes
        if shape.has_table
        for cell in shape.table.iter_cells()
    ]
    runs = [run for cell in cells for words in cell.text_frame.paragraphs for run in words.runs]
    late = [run for run in runs if run.text in ("En retard", "Non atteint", "échue")]
    assert late
    assert all(run.font.bold for run in late)


def test_names_of_many_lines_have_the_room_that_days_of_values_leave_them() -> None:
    """What is said under a name stood on eleven lines, beside columns of values that were half empty."""
    load_fonts()
    under = [
        "FT-O06 · département",
        "Frein : peu de places et peu d’employeurs près des quartiers, et peu de temps. " * 2,
    ]
    name = stacked("Part des quartiers parmi les bénéficiaires", under)
    values = [Figure("8", "relevé du 01/09/2025", 80.0) for _ in range(2)]
    header = ("Objectif", "Connu\nau 08/12/2025", "Connu\nau 30/11/2026")
    rooms = (293.0, 100.0, 100.0)
    (long,), (short,) = (data_table(header, 3 * [[text, *values]], rooms) for text in (name, "Part"))
    assert copy_widths(long)[0] > WIDTH * 0.66
    for width in copy_widths(short)[1:]:
        assert width >= text_width("relevé du 01/09/2025", REGULAR, TABLE) * 1.12, "nothing is saved"
    assert sum(copy_widths(long)) == pytest.approx(WIDTH)
    # For a line or two « sans échéance » is not broken.
    (near,) = data_table(
        header, [[stacked("Part des quartiers parmi les bénéficiaires", ["FT-O06"]), *values]], rooms
    )
    assert copy_widths(near)[1] >= text_width("relevé du 01/09/2025", REGULAR, TABLE) * 1.12


def test_a_status_stands_on_a_line_before_a_target_in_words() -> None:
    """« Non / renseigné » stood on two lines of four rows, for « plus de 450 M€ » on one."""
    load_fonts()
    late = next(item for item in NOW.counted if item.status is Statut.EN_RETARD)
    unknown = replace(late, status=Statut.NON_RENSEIGNE)
    values = [Figure(text, "31/05/2026", 40.0) for text in ("11", "10 400", "plus de 450 M€")]
    name = stacked("Entreprises à fort potentiel accompagnées dans leur recherche", ["France"])
    header = ("Code", "Objectif", "Départ", "Actuel", "Cible", "Avancement", "Statut")
    row = ["BPI-OF01", name, *values, Gauge(late, 52.0), StatusCell(unknown, None, 60.0)]
    (table,) = data_table(header, [row], (50.0, 150.0, 55.0, 55.0, 60.0, 60.0, 63.0))
    assert copy_widths(table)[-1] >= text_width("\u25cb Non renseigné", REGULAR, TABLE) * 1.12 + 7


def test_no_page_s_end_parts_a_short_table_of_an_open_document(tmp_path: Path) -> None:
    copil.write(tmp_path / "c.odt", DATA)
    text = odfdo.Document(str(tmp_path / "c.odt"))
    grids = [grid for grid in text.body.get_tables() if grid.name.startswith("Tableau")]
    own = [block for block in copil._story(DATA) if isinstance(block, DataTable)]
    assert len(grids) == len(own)
    assert len({block.is_short for block in own}) == 2
    for grid, block in zip(grids, own, strict=True):
        look = text.get_style("table", grid.style).get_properties(area="table") if grid.style else {}
        assert look.get("style:may-break-between-rows") == ("false" if block.is_short else None)


def test_a_copy_has_no_key_of_a_tick_that_it_does_not_draw(tmp_path: Path) -> None:
    """« | attendu : l’avancement attendu à la date de la valeur. » explained a stroke of a bar that no copy has."""
    told = {}
    for name in ("c.docx", "c.odt"):
        copil.write(tmp_path / name, DATA)
        with zipfile.ZipFile(tmp_path / name) as parts:
            inner = "word/document.xml" if name.endswith("docx") else "content.xml"
            told[name] = re.sub(r"<[^>]+>", "", parts.read(inner).decode()).replace("\xa0", " ")
    for words in told.values():
        assert "| attendu" not in words
        assert "Avancement, attendu" in words
        assert "l’avancement attendu à la date" not in words


def test_the_day_of_a_value_stands_on_a_line_where_the_letters_of_a_copy_let_it() -> None:
    """« relevé / du 01/09/2025 » in each row of a copy .odt: its column was two millimetres short."""
    load_fonts()
    under = [
        "EN-O07 · agglomération · premier relevé : 7 coordonnateurs au 02/09/2024",
        "Cible lue : un par réseau.",
    ]
    name = stacked("Coordonnateurs à temps partiel en réseau d’éducation prioritaire (REP)", under)
    values = [Figure(f"{count} coordonnateurs", "relevé du 01/09/2025", 80.0) for count in (8, 9)]
    rows = [[name, Figure("≥ 9 coordonnateurs", "", 80.0), *values, Figure("non tenu", "écart −1", 52.0)]] * 2
    header = ("Objectif", "Cible", "Connu\nau 08/12/2025", "Connu\nau 30/11/2026", "Avancement\n| attendu")
    (table,) = data_table(header, rows, (143.0, 104.0, 93.0, 93.0, 60.0))
    for width in copy_widths(table)[2:4]:
        assert width >= text_width("relevé du 01/09/2025", REGULAR, TABLE) + 7
    # A machine's own type was given so much room for dates that a target had three lines.
    late = next(item for item in NOW.counted if item.status is Statut.EN_RETARD)
    loose = replace(late, status=Statut.SANS_TRAJECTOIRE)
    pairs = (("0 M€", "début 2024"), ("214 M€", "31/05/2026"), ("plus de 450 M€", "sans échéance"))
    values = [Figure(*words, 50.0) for words in pairs]
    name = stacked("Nouveaux fonds (subventions, prêts, fonds propres)", ["M€ · France · cumul"])
    row = ["BPI-OF02", name, *values, Gauge(late, 52.0), StatusCell(loose, None, 73.0)]
    header = ("Code", "Objectif", "Départ", "Actuel", "Cible", "Avancement\n| attendu", "Statut")
    (table,) = data_table(header, [row], (43.0, 143.0, 53.0, 53.0, 65.0, 60.0, 77.0))
    widths = copy_widths(table)
    for width, words in zip(widths[2:5], pairs, strict=True):
        assert all(width >= text_width(text, REGULAR, TABLE) + 7 for text in words), words
