"""Slides whose matter is short are read in larger letters; those that are full keep the least."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from pptx import Presentation

from qpvdesk.domain.situation import situation
from qpvdesk.reports.ending import height_of
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import UNWATCHED
from qpvdesk.reports.models import slideshow
from qpvdesk.reports.models.slideshow import Enlarged
from qpvdesk.reports.slide_scale import enlarged
from qpvdesk.reports.slide_tables import COLUMN, ROOM, Slide, SlideTable
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import BOLD, TABLE, load_fonts, text_width
from qpvdesk.reports.tables import PAD
from tests.helpers import invented, paper_text
from tests.helpers.blocks import three_hundred
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, contract, measurement, objective


@pytest.fixture(autouse=True)
def fonts() -> None:
    load_fonts()


def _small() -> CopilData:
    """One objective, late, which leaves three quarters of its slides white."""
    values = (measurement(1, DAY, "11"),)
    return CopilData(review_of(situation(contract(objective(1), measurements=values), DAY)))


def _decided(*texts: str) -> Slide:
    return Slide("Décisions", table=SlideTable(("Décision",), tuple((text,) for text in texts), (1.0,)))


def test_the_less_there_is_the_larger_it_is_read() -> None:
    """Two rows of 18 points stood over two thirds of white."""
    scales = [enlarged([_decided(*["Décider de la suite."] * count)])[0].scale for count in (1, 8, 30)]
    assert scales == sorted(scales, reverse=True)
    assert scales[0] > scales[-1] == 1
    # Slides that are read together have letters of one size: that of the fullest.
    few, many = _decided("Décider."), _decided(*["Décider de la suite."] * 8)
    assert {slide.scale for slide in enlarged([few, many])} == {scales[1]}


def test_no_slide_goes_over_its_foot_and_what_is_full_is_as_it_was(tmp_path: Path) -> None:
    for data, larger in ((_small(), True), (three_hundred(), False)):
        shown = slides(data)
        # Six decisions, with what comes first and the references, fill theirs; one leaves it nearly empty.
        (decided,) = [slide for slide in shown if slide.title == "Décisions à prendre"]
        assert decided.table is not None
        assert (decided.scale > 1) == larger == (len(decided.table.rows) < 6)
        tables = [slide for slide in shown if slide.table and slide.table.statuses]
        assert any(slide.scale > 1 for slide in tables) == larger
        assert slideshow.write(tmp_path / "s.pdf", data, UNWATCHED) == len(shown)
        for block in slideshow.slideshow(data):
            if isinstance(block, Enlarged):
                assert height_of([block], ROOM) <= COLUMN
        pages = paper_text.pages(tmp_path / "s.pdf")
        for slide, page in zip(shown, pages, strict=True):
            words = itertools.chain(*(row for row in slide.table.rows)) if slide.table else ()
            assert all(
                "".join(word.split()) in "".join(page.split()) for text in words for word in text.split()
            )


@pytest.mark.parametrize("name", ["Lens", "MONTCEAU-LES-MINES-MAGNY", "WIMILLE-ET-WACQUINGHEN-MARQUISE"])
@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_place_of_all_stands_over_them_where_their_title_holds_it(name: str, count: int) -> None:
    """It was printed over « Valeur », in the larger letters of a slide that has few rows."""
    base = invented.dossier()
    (first,) = base.objectives[:1]
    (place,) = [item for item in base.territories if item.name == "Lens"]
    base = replace(
        base,
        territories=tuple(replace(item, name=name) if item == place else item for item in base.territories),
        objectives=tuple(replace(item, territory=place.key) for item in base.objectives[:count]),
    )
    data = CopilData(review_of(situation(base, date(2026, 6, 30))))
    tables = [
        (slide.table, slide.scale)
        for slide in slides(data)
        if slide.table and slide.table.header[0].startswith("Objectif")
    ]
    assert tables
    for table, scale in tables:
        column = table.widths[0] * ROOM / scale
        assert text_width(table.header[0], BOLD, TABLE) + PAD <= column
        # Over them or beside each, the place is told.
        assert name in table.header[0] or all(name in row[0] for row in table.rows if first.label in row[0])


def test_an_office_program_has_the_same_letters(tmp_path: Path) -> None:
    data = _small()
    slideshow.write(tmp_path / "s.pptx", data, UNWATCHED)
    pages = Presentation(str(tmp_path / "s.pptx")).slides
    for slide, page in zip(slides(data), pages, strict=True):
        sizes = {
            paragraph.font.size.pt
            for shape in page.shapes
            if shape.has_table
            for row in shape.table.rows
            for cell in row.cells
            for paragraph in cell.text_frame.paragraphs
        }
        assert all(size == pytest.approx(18 * slide.scale, abs=0.1) for size in sizes)
        bottoms = [shape.top + shape.height for shape in page.shapes if not shape.is_placeholder]
        assert max(bottoms) <= 7.5 * 914400


def test_columns_of_values_grow_with_their_letters() -> None:
    rows = (("Objectif", "31/12/2026", "Atteint"),)
    (slide,) = enlarged(
        [Slide("Un", table=SlideTable(("Objectif", "Valeur", "Statut"), rows, (0.7, 0.15, 0.15)))]
    )
    assert slide.table is not None
    assert slide.scale > 1
    assert slide.table.widths[1] == pytest.approx(0.15 * slide.scale)
    assert sum(slide.table.widths) == pytest.approx(1)
    crowded = SlideTable(("Objectif", "Valeur", "Statut"), rows, (0.3, 0.35, 0.35))
    (slide,) = enlarged([replace(slide, table=crowded, scale=1.0)])
    assert slide.scale == 1, "names would have no room"
