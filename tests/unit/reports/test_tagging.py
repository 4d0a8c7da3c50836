"""What is read aloud holds what is drawn, once, in order; read back from the file by pikepdf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from qpvdesk.domain.situation import situation
from qpvdesk.reports import copil
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.document import write_document
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import Manuscript
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.style import load_fonts
from tests.bench.synthetic import dossier as synthetic
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy

NOW = situation(busy(), DAY)
DATA = CopilData(review_of(NOW))
SHOWS = {"Tj", "TJ", "'", '"'}


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pikepdf.Pdf]:
    path = tmp_path_factory.mktemp("tags") / "copil.pdf"
    copil.write(path, DATA)
    with pikepdf.open(path) as document:
        yield document


def elements(node: Any) -> Iterator[Any]:
    for kid in node.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def of_tag(document: pikepdf.Pdf, *tags: str) -> list[Any]:
    return [one for one in elements(document.Root.StructTreeRoot) if str(one.S)[1:] in tags]


def marks(page: pikepdf.Page) -> Iterator[tuple[str, int]]:
    """Each marked sequence of a page: its tag and its number, -1 for an artifact."""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BDC":
            yield str(operands[0])[1:], int(operands[1].MCID)
        elif str(operator) == "BMC":
            yield str(operands[0])[1:], -1


def test_no_word_is_drawn_outside_the_structure(paper: pikepdf.Pdf) -> None:
    for page in paper.pages:
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            assert depth in (0, 1)
            assert name not in SHOWS or depth == 1
        assert depth == 0


def test_each_mark_belongs_to_one_element_of_its_tag(paper: pikepdf.Pdf) -> None:
    parents = paper.Root.StructTreeRoot.ParentTree.Nums
    for index, page in enumerate(paper.pages):
        assert int(page.obj.StructParents) == index
        held = parents[2 * index + 1]
        numbered = [(tag, number) for tag, number in marks(page) if number >= 0]
        assert [number for _, number in numbered] == list(range(len(held)))
        assert [str(one.S)[1:] for one in held] == [tag for tag, _ in numbered]


def test_titles_are_titles(paper: pikepdf.Pdf) -> None:
    chapters = sum(section.usual for section in copil.sections(DATA))
    assert len(of_tag(paper, "H1")) == chapters
    assert of_tag(paper, "H2")


def test_each_chart_says_what_it_shows(paper: pikepdf.Pdf) -> None:
    figures = of_tag(paper, "Figure")
    assert figures
    assert all(str(one.Alt).endswith(".") for one in figures)


def test_a_table_over_several_pages_is_one_table(tmp_path: Path) -> None:
    large = situation(synthetic(1, 300, 2), DAY)
    path = tmp_path / "grand.pdf"
    whole = Composition((Choice("annexe"),))
    copil.write(path, CopilData(review_of(large), composition=whole))
    with pikepdf.open(path) as document:
        tables = of_tag(document, "Table")
        longest = max(tables, key=lambda one: len(one.K))
        pages = {row.K[0].Pg.objgen for row in longest.K}
        assert len(pages) > 1
        heads = [row for row in longest.K if {str(cell.S) for cell in row.K} == {"/TH"} and len(row.K) > 1]
        assert len(heads) == 1


def test_every_row_has_the_columns_of_its_table(paper: pikepdf.Pdf) -> None:
    tables = of_tag(paper, "Table")
    assert len(tables) > 1
    for table in tables:
        counts = {
            sum(int(cell.A.get("/ColSpan", 1)) if "/A" in cell else 1 for cell in row.K) for row in table.K
        }
        assert len(counts) == 1


def test_the_file_says_it_is_tagged_and_what_it_is(paper: pikepdf.Pdf) -> None:
    assert bool(paper.Root.MarkInfo.Marked)
    assert str(paper.Root.Lang) == "fr-FR"
    assert bool(paper.Root.ViewerPreferences.DisplayDocTitle)
    with paper.open_metadata() as metadata:
        assert "comité de pilotage" in metadata["dc:title"]


def test_a_line_of_a_list_over_two_pages_is_one_line(tmp_path: Path) -> None:
    load_fonts()
    long = "Une phrase du compte rendu, assez longue pour ne pas tenir sur une seule page. " * 90
    write_document(tmp_path / "a.pdf", Manuscript(copil.identity(DATA), bullets(["Un.", long, "Deux."])))
    with pikepdf.open(tmp_path / "a.pdf") as document:
        assert len(document.pages) > 1
        (whole,) = of_tag(document, "L")
        assert [[str(kid.S) for kid in line.K] for line in whole.K] == [["/LBody"]] * 3
        first, *others = whole.K[1].K[0].K
        assert isinstance(first, int)
        assert [str(one.Type) for one in others] == ["/MCR"] * (len(document.pages) - 1)
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        for one in others:
            held = numbers[2 * int(one.Pg.StructParents) + 1][int(one.MCID)]
            assert held.objgen == whole.K[1].K[0].objgen


def test_each_line_of_the_contents_is_a_link_that_the_structure_holds(paper: pikepdf.Pdf) -> None:
    (contents,) = of_tag(paper, "TOC")
    lines = [item.K[0].K[0] for item in contents.K]
    assert lines
    annotations = [one for page in paper.pages for one in page.obj.get("/Annots", [])]
    codes = [link for link in of_tag(paper, "Link") if str(link.P.S) != "/Reference"]
    assert len(lines) + len(codes) == len(annotations)
    numbers = paper.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
    assert sorted(parents) == list(range(int(paper.Root.StructTreeRoot.ParentTreeNextKey)))
    for link in (*lines, *codes):
        assert str(link.S) == "/Link"
        *drawn, reference = link.K
        # The words of a paragraph are one: its links lie over them.
        assert len(drawn) == (str(link.P.S) not in ("/P", "/LBody"))
        over = reference.Obj
        assert str(reference.Type) == "/OBJR"
        assert str(over.Contents) == str(link.Alt)
        assert str(over.Contents).startswith("Aller à")
        assert parents[int(over.StructParent)].objgen == link.objgen
        assert over.objgen in {one.objgen for one in annotations}


def test_a_code_leads_to_the_row_that_tells_what_it_names(paper: pikepdf.Pdf) -> None:
    """A link of the cell that it stands in, which those who listen come to in its place, to a row of the paper."""
    by_parent = {
        kind: [link for link in of_tag(paper, "Link") if str(link.P.S) in kinds]
        for kind, kinds in (("cells", ("/TD", "/TH")), ("words", ("/P", "/LBody")))
    }
    assert all(by_parent.values())
    pages = {page.obj.objgen for page in paper.pages}
    names = paper.Root.Names.Dests if "/Names" in paper.Root else None
    for link in (*by_parent["cells"], *by_parent["words"]):
        over = link.K[-1].Obj
        assert re.match(r"Aller à\u202f: P\d-", str(over.Contents))
        target = over.Dest if isinstance(over.Dest, pikepdf.Array) else _named(paper, names, str(over.Dest))
        assert target[0].objgen in pages
    for link in by_parent["cells"]:
        assert isinstance(link.K[0], int)
        # The cell goes on after its link: nothing of it is lost.
        before, inside, after = link.P.K
        assert isinstance(before, int)
        assert isinstance(after, int)
        assert inside.objgen == link.objgen


def _named(paper: pikepdf.Pdf, names: pikepdf.Object | None, name: str) -> pikepdf.Array:
    found = paper.Root.Dests[name] if names is None else pikepdf.NameTree(names)[name]
    return found if isinstance(found, pikepdf.Array) else found.D
