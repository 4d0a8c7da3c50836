"""The slides of a committee: native, legible from the end of a room, and saying what the review says."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_FILL, MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Region, Text
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NBSP, NNBSP
from qpvdesk.domain.gatherings import THEMES, gatherings
from qpvdesk.domain.how_far import how_far, untold_unit
from qpvdesk.domain.meetings import decided_already
from qpvdesk.domain.model import (
    Condition,
    Contour,
    Decision,
    DecisionState,
    Level,
    Meeting,
    MeetingKind,
    Meteo,
    Sens,
    Territory,
    Weather,
)
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut, to_handle
from qpvdesk.reports import copil
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import UNWATCHED
from qpvdesk.reports.models import monthly, poster, slideshow
from qpvdesk.reports.objectives import current_cell
from qpvdesk.reports.presentation import PLAIN_TABLE, draw_slides
from qpvdesk.reports.sections.decisions import expected_decisions, whose_left_out
from qpvdesk.reports.sections.essential import standings, to_settle
from qpvdesk.reports.slide_tables import (
    ALONE,
    COLUMN,
    LEADING,
    MARK_ROOM,
    MESSAGE_STYLE,
    ROOM,
    SCALE,
    SHARES,
    assessed_table,
    first_rows,
    fitted,
    lines_of,
    tall,
)
from qpvdesk.reports.slides import map_chart, slides, with_carriers
from qpvdesk.reports.style import BOLD, REGULAR, TABLE, text_width
from qpvdesk.reports.tables import PAD
from qpvdesk.reports.text import line
from qpvdesk.reports.text_cell import break_lines
from tests.bench.synthetic import dossier as synthetic
from tests.helpers import invented, paper_text
from tests.helpers.blocks import plain
from tests.helpers.reviews import invented_review, review_of
from tests.unit.charts.dossiers import DAY, busy, contract, measurement, objective

BEFORE = date(2025, 12, 4)
WHITE = RGBColor(255, 255, 255)
WEIGHTS = (0.299, 0.587, 0.114)
"""Of red, green and blue in grey."""


def deck_of(path: Path, data: CopilData) -> Presentation:
    assert copil.write(path, data) == 0
    return Presentation(str(path))


@pytest.mark.parametrize("large", [False, True])
def test_each_slide_is_native_legible_and_within_its_frame(tmp_path: Path, large: bool) -> None:
    dossier = synthetic(0, 300, 5) if large else busy()
    name = "EXEMPLE FICTIF – Contrat de ville « Engagements Quartiers 2030 » de Lens-Liévin"
    dossier = replace(dossier, contract=replace(dossier.contract, name=name))
    now = situation(dossier, DAY)
    deck = deck_of(tmp_path / "s.pptx", CopilData(review_of(now, situation(dossier, BEFORE))))
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=0.001)
    promising = [item for item in now.partners if item.objectives]
    titles = [slide.shapes[0].text_frame.text for slide in deck.slides]
    assert [item.partner.name for item in promising] == [name for name in titles if name in {
        summary.partner.name for summary in now.partners
    }]  # fmt: skip
    shown = slides(CopilData(review_of(now, situation(dossier, BEFORE))))
    title, lines, *_ = deck.slides[0].shapes
    assert title.top + title.height <= lines.top
    assert title.height >= Pt(40) * len(break_lines(shown[0].title, BOLD, 41 / SCALE, ROOM))
    for slide, told in zip(deck.slides, shown, strict=True):
        assert bool(told.bars) is any(shape.has_chart for shape in slide.shapes), "whoever has many, too"
        body = list(slide.shapes)[:-1]
        for shape in body:
            assert shape.top + shape.height <= slide.shapes[-1].top, "over the foot"
            if shape.has_table:
                assert (
                    shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text
                    == PLAIN_TABLE
                )
                texts = [cell.text_frame for row in shape.table.rows for cell in row.cells]
                assert all(part.font.size >= Pt(18) for text in texts for part in text.paragraphs)
        tall = [shape for shape in body if shape.has_table or shape.has_chart]
        for above, below in pairwise(tall):
            assert above.top + above.height <= Emu(below.top)
        assert slide.has_notes_slide
    assert any(shape.has_chart for slide in deck.slides for shape in slide.shapes)


def test_the_figures_of_the_slides_are_those_of_the_review(tmp_path: Path) -> None:
    now = situation(busy(), DAY)
    words = Composition((Choice("essentiel", "Un mot du délégué."),))
    data = replace(CopilData(review_of(now, situation(busy(), BEFORE))), composition=words)
    deck = deck_of(tmp_path / "s.pptx", data)
    page = next(slide for slide in deck.slides if slide.shapes[0].text_frame.text.startswith("À arbitrer"))
    assert page.shapes[1].text_frame.text == "Un mot du délégué."
    (table,) = [shape.table for shape in page.shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert {
        cell.text_frame.paragraphs[0].alignment for row in table.rows for cell in list(row.cells)[1:3]
    } == {PP_ALIGN.RIGHT}
    for row, item in zip(rows, now.to_look_at(5).shown, strict=True):
        assert item.objective.label in row[0]
        mark, _, word = row[-1].partition(" ")
        assert len(mark) == 1, "the mark of the status before its word"
        assert word.startswith(STATUS_MARKS[item.status].word)
        # A value on a slide bears its day: without it, it passes for one of the day of the meeting.
        assert row[1] == "\n".join(current_cell(item, 1e4).texts)
        assert how_far(item).value.startswith(current_cell(item, 1e4).texts[0])
    chart = next(shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    counted = sum(sum(series.values) for series in chart.plots[0].series)
    assert counted == sum(partner.objectives for partner in now.partners)


@pytest.mark.parametrize("suffix", ["pdf", "pptx"])
def test_a_list_that_is_cut_says_on_its_slide_what_it_leaves_out(tmp_path: Path, suffix: str) -> None:
    now = situation(synthetic(0, 300, 5), DAY)
    data = CopilData(review_of(now, situation(synthetic(0, 300, 5), BEFORE)))
    shown = slides(data)
    path = tmp_path / f"s.{suffix}"
    slideshow.write(path, data, UNWATCHED)
    pages = (
        paper_text.pages(path)
        if suffix == "pdf"
        else ["\n".join(item.text_frame.text for item in slide.shapes if item.has_text_frame)
              for slide in Presentation(str(path)).slides]
    )  # fmt: skip
    assert len(pages) == len(shown)
    if suffix == "pptx":
        # « (BPI-/O03) »: an office program broke codes at their hyphen.
        assert not any(re.search(r"[A-Z]-O\d", page) for page in pages)
        pages = [page.replace("\u2011", "-") for page in pages]
    chapters = {item.partner.name: item for item in now.partners if item.objectives}
    for page, slide in zip(pages, shown, strict=True):
        assert re.sub(r"\s", "", slide.left_out) in re.sub(r"\s", "", page)
        if summary := chapters.get(slide.title):
            assert slide.table is not None
            left = summary.objectives - len(slide.table.rows)
            # What is late or to be watched is not passed over.
            mine = [item for item in now.to_treat if item.objective.partner == summary.partner.key]
            named = sum(status in {item.status for item in mine} for status in slide.table.statuses)
            told = re.match(
                rf"Et {left} autres(?: \(dont (\d+) .+?\))?, au dossier(?:\.|\u202f;|, dont (\d+))",
                slide.left_out,
            )
            assert told is not None
            assert int(told[1] or told[2] or 0) == len(mine) - named
            # The bar begins with what is missed: « lesquels ? » is the first that the room asks.
            missed = [item.objective for item in mine if item.status is Statut.NON_ATTEINT]
            if missed and Statut.NON_ATTEINT not in slide.table.statuses:
                names = [item.code.rpartition("-")[2] for item in missed]
                names = names if len(missed) > 1 else [missed[0].label]
                assert "non atteint" in slide.left_out
                assert all(name in slide.left_out for name in names)


def test_another_model_says_that_it_has_no_slides(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="pas de diapositives"):
        monthly.write(tmp_path / "m.pptx", CopilData(review_of(situation(busy(), DAY))), UNWATCHED)
    assert not list(tmp_path.iterdir())


def test_the_landscape_pages_are_the_slides_one_each(tmp_path: Path) -> None:
    data = CopilData(review_of(situation(busy(), DAY), situation(busy(), BEFORE)))
    shown = slides(data)
    assert slideshow.write(tmp_path / "s.pdf", data, UNWATCHED) == len(shown)
    pages = paper_text.pages(tmp_path / "s.pdf")
    # The last line of a full slide stood on the rule of its foot.
    ((_, bottom, _, high),) = slideshow.PAGES.frames
    rule = slideshow.PAGES.margin_bottom - 12
    assert bottom >= rule + 3
    assert bottom + high < slideshow.PAGES.height
    for width, height in paper_text.sizes(tmp_path / "s.pdf"):
        assert width / height == pytest.approx(16 / 9, rel=0.001)
    for page, slide in zip(pages, shown, strict=True):
        words = re.sub(r"\s", "", page)
        assert re.sub(r"\s", "", line(slide.title)) in words
        for row in slide.table.rows if slide.table else ():
            assert all(re.sub(r"\s", "", line(text)) in words for text in row)


def test_the_letters_of_the_landscape_tables_are_read_from_six_metres(tmp_path: Path) -> None:
    data = CopilData(review_of(situation(busy(), DAY), situation(busy(), BEFORE)))
    slideshow.write(tmp_path / "s.pdf", data, UNWATCHED)
    sizes = [
        piece.size
        for page in paper_text.pieces(tmp_path / "s.pdf")
        for piece in page
        if "Carrefour" in piece.words or data.situation.objectives[0].label[:6] in piece.words
    ]
    assert sizes
    assert min(sizes) >= 18


def test_a_large_contract_has_a_poster_of_one_a3_page(tmp_path: Path) -> None:
    large = synthetic(0, 300, 5)
    data = CopilData(review_of(situation(large, DAY), situation(large, BEFORE)))
    assert poster.write(tmp_path / "a.pdf", data, UNWATCHED) == 1
    ((width, height),) = paper_text.sizes(tmp_path / "a.pdf")
    assert (round(width), round(height)) == (842, 1191)
    (page,) = paper_text.pieces(tmp_path / "a.pdf")
    sizes = [piece.size for piece in page if len(piece.words.strip()) > 2]
    assert min(sizes) > 11.9, "it is read from a step away"
    words = re.sub(r"\s", "", paper_text.text(tmp_path / "a.pdf"))
    # Of when its counts are, and whom no bar is of, is on no other page of it.
    for told in (
        "Les 182 valeurs connues des objectifs promis vont du 18/07/2024 au 06/05/2026 ; 95 sont de 2026.",
        "Au rythme constaté, 119 cibles seraient manquées (Département 21, Communauté d’agglomération 20, ",
        "dont celles de 11 des 47 objectifs conformes ou en avance.",
        *("EPCI-O036", "BPI-O017", "CD-O043", "EPCI-O031", "BPI-O041"),
    ):
        assert re.sub(r"\s", "", told) in words
    # Rather than half a column of white, what is to be decided.
    assert poster.write(tmp_path / "b.pdf", CopilData(review_of(situation(busy(), DAY))), UNWATCHED) == 1
    assert "Décisions à prendre" in paper_text.pages(tmp_path / "b.pdf")[0]


def test_the_map_is_a_slide_whose_places_can_be_taken_apart(tmp_path: Path) -> None:
    now = situation(invented.dossier(), DAY)
    review = replace(review_of(now), atlas=invented.atlas())
    data = CopilData(review)
    deck = deck_of(tmp_path / "s.pptx", data)
    (page,) = [slide for slide in deck.slides if slide.shapes[0].text_frame.text == "Les lieux des promesses"]
    (group,) = [shape for shape in page.shapes if shape.shape_type == MSO_SHAPE_TYPE.GROUP]
    places = [shape for shape in group.shapes if shape.shape_type == MSO_SHAPE_TYPE.FREEFORM]
    assert len(places) >= len(review.atlas.shapes)
    assert group.top + group.height <= deck.slide_height
    notes = page.notes_slide.notes_text_frame.text
    assert notes.startswith("Contours")
    assert "Géographes inventés" in notes
    assert slideshow.write(tmp_path / "s.pdf", data, UNWATCHED) == len(deck.slides)
    words = paper_text.pages(tmp_path / "s.pdf")[list(deck.slides).index(page)]
    said = [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]
    for written in (words, " ".join(said)):
        assert "Géographes inventés" in " ".join(written.split()), "who publishes the outlines"


def test_the_map_of_a_slide_shows_every_place_whole(tmp_path: Path) -> None:
    """It was fitted to the places that bear a figure: the communes of the south were cut by its frame."""
    dossier, atlas = invented.dossier(), invented.atlas()
    south = Territory("t9", "c", "62861", "Vimy", Level.COMMUNE)
    first, *others = dossier.objectives
    dossier = replace(
        dossier,
        territories=(*dossier.territories, south),
        objectives=(replace(first, territory="t5"), *others),
    )
    outline = atlas.contours[0].geometry.replace("50.4", "50.3").replace("50.5", "50.4")
    source = f"Géographes{' des Hauts-de-France' * 8}"
    atlas = replace(atlas, contours=(*atlas.contours, Contour("x2", "t9", "2024", outline, source)))
    data = CopilData(replace(review_of(situation(dossier, DAY)), atlas=atlas))
    # Sources of two lines once stood alone on a slide of their own.
    assert slideshow.write(tmp_path / "d.pdf", data, UNWATCHED) == len(slides(data))
    chart, _ = map_chart(data, 136.0)
    regions = [item for item in chart.items if isinstance(item, Region)]
    points = [point for item in regions for ring in item.rings for point in ring]
    assert all(0 <= x <= chart.width and 0 <= y <= chart.height for x, y in points)
    # Its sentence was of two lines, the second of one word, and its legend said the title of the slide again.
    (slide,) = [item for item in slides(data) if item.map_of is not None]
    assert len(break_lines(slide.message, REGULAR, MESSAGE_STYLE.fontSize, ROOM)) == 1
    assert "Lieux des promesses" in chart.summary
    assert "Lieux des promesses" not in [item.text for item in chart.items if isinstance(item, Text)]


def test_what_is_to_settle_holds_on_its_slide_and_bars_of_two_slides_share_one_scale() -> None:
    """Statuses of three lines pushed a table of five rows to a page of its own, under a blank one."""
    large = synthetic(0, 300, 5)
    now, before = (situation(large, date(2026, month, 30)) for month in (9, 3))
    shown = slides(CopilData(review_of(now, before)))
    (settled,) = [slide for slide in shown if slide.title.startswith("À arbitrer")]
    assert settled.table is not None
    under = break_lines(settled.left_out, REGULAR, TABLE, ROOM)
    assert tall(settled.table) <= COLUMN - ALONE - LEADING * len(under)
    left = len(now.to_treat) - len(settled.table.rows)
    assert f" {left} autres objectifs à traiter" in re.sub(r"\s", " ", settled.left_out)
    parts = [slide for slide in shown if slide.title.startswith("Où en est")]
    assert len(parts) == 2
    assert all(len(slide.bars) <= 7 for slide in parts)
    assert len({slide.whole for slide in parts}) == 1
    assert not any("Secrétariat" in text for slide in shown for text in (slide.left_out, *slide.more))


def test_no_slide_says_alone_that_there_is_nothing() -> None:
    """« Aucune décision antérieure n’est ouverte. » stood alone on a slide."""
    dossier = replace(busy(), decisions=())
    bare = replace(dossier, measurements=())
    for told in (dossier, bare):
        shown = slides(CopilData(review_of(situation(told, DAY))))
        assert all(slide.table is not None or slide.bars or slide.map_of is not None for slide in shown[1:])
        assert shown[-1].message == "Aucune décision antérieure n’est enregistrée."
    assert " pas de valeur" in shown[1].message, "where nothing is to be settled, and nothing known"
    assert "Aucun autre" not in shown[1].message, "there is no other"
    first = next(item.objective for item in situation(dossier, DAY).counted if item.status is Statut.ATTEINT)
    known = tuple(item for item in dossier.measurements if item.objective == first.key)
    others = slides(CopilData(review_of(situation(replace(dossier, measurements=known), DAY))))
    assert "Aucun autre n’est non atteint" in others[1].message


def test_a_name_is_whole_where_its_slide_has_room_and_a_column_of_dashes_leaves_its_own() -> None:
    long = "Parts des quartiers parmi les bénéficiaires d’un accompagnement "
    base = busy()
    objectives = tuple(replace(item, label=f"{long}{index}") for index, item in enumerate(base.objectives))
    dossier = replace(base, objectives=objectives[:3], measurements=())
    (slide,) = [
        item
        for item in slides(CopilData(review_of(situation(dossier, DAY))))
        if item.title == base.partners[0].name
    ]
    assert slide.table is not None
    assert "Valeur" not in slide.table.header
    assert {row[0].partition(" (")[0] for row in slide.table.rows} <= {item.label for item in objectives}
    # Columns of short words leave theirs too: names were of four lines beside white.
    data = CopilData(review_of(situation(base, DAY), situation(base, BEFORE)))
    tables = [item.table for item in slides(data) if item.table and item.table.statuses]
    assert tables
    for table in tables:
        assert sum(table.widths) == pytest.approx(1)
        assert table.widths[0] > SHARES[0], "more than at least"
        marks = [MARK_ROOM + text_width(row[-1].split("\n")[0], REGULAR, TABLE) for row in table.rows]
        assert max(marks) <= ROOM * table.widths[-1]
    # « plus de / 450 M€ » stood on two lines.
    worded = replace(tables[0], rows=tuple((*row[:2], "plus de 450 M€", *row[3:]) for row in tables[0].rows))
    column = fitted(replace(worded, widths=SHARES)).widths[2]
    assert lines_of("plus de 450 M€", ROOM * column) == 1
    # Where all have a row, what would say how many have none takes no room from their names.
    now = situation(replace(base, objectives=objectives[:4]), DAY)
    said = [
        first_rows(CopilData(review_of(now)), now.counted[:4], "Un.", others=text, under="Réserve.")
        for text in ("", "Et d’autres, au dossier. " * 20)
    ]
    assert len(said[0][0]) == len(now.counted) > 1
    assert said[0] == said[1]


def test_the_slide_of_a_thematique_tells_of_its_own_engagements(large: CopilData) -> None:
    """« Transition écologique », of five engagements, told twenty-two hindrances: those of its partner; others told none."""
    now = large.situation
    by_theme = {
        slide.title: slide for slide in slides(replace(large, composition=Composition(chapters=THEMES)))
    }
    several = 0
    for gathering in gatherings(now, THEMES):
        slide, own = by_theme[gathering.name], {item.key: item.code for item in gathering.engagements}
        met = [now.meteo_of(item.key) for item in gathering.engagements]
        hindered = sum(meteo is not None and bool(meteo.obstacles.strip()) for meteo in met)
        told = plain(f"{slide.message} {slide.left_out} {slide.notes}")
        assert hindered
        assert {int(count) for count in re.findall(r"(\d+) freins? signalés?", told)} <= {hindered}
        assert {int(count) for count in re.findall(r"(\d+) autres? freins? signalés?", told)} == {
            hindered - 1
        }
        (code,) = set(re.findall(r"Frein signalé le \S+ (?:\(ancien\) )?sur « .*? » \((.*?)\)", told))
        assert code in own.values()
        whose = {item.partner for item in (*gathering.engagements, *gathering.objectives)}
        several += len(whose) > 1
        reserved = [
            item
            for item in now.dossier.conditions
            if (now.followed_by(item.engagement) in own if item.engagement else item.partner in whose)
        ]
        alone = len(whose) == 1 and any(item.engagement is None for item in reserved)
        for count in re.findall(r"(\d+) (?:autres? )?réserves?, au dossier", told):
            assert int(count) == len(reserved) - alone
    assert several


def test_slides_follow_what_the_chapters_are_of() -> None:
    """By thématique, a slide each, whoever promised: the same objectives, counted once."""
    data = CopilData(review_of(situation(busy(), DAY), situation(busy(), BEFORE)))
    by_theme = replace(data, composition=Composition(chapters=THEMES))
    names = {item.name for item in gatherings(data.situation, THEMES)}
    told = [slide for slide in slides(by_theme) if slide.title in names]
    assert told
    whole = sum(sum(counts.values()) for slide in told for _, counts in slide.bars)
    partners = {item.partner.name for item in data.situation.partners}
    assert not [slide for slide in slides(by_theme) if slide.title in partners]
    assert whole == sum(
        sum(counts.values()) for slide in slides(data) if slide.title in partners for _, counts in slide.bars
    )


def test_turned_to_grey_what_is_late_weighs_the_most_and_no_two_statuses_are_filled_alike(
    tmp_path: Path,
) -> None:
    """A hatching in the ink of what is late covered less than one of what goes well."""
    deck = deck_of(tmp_path / "s.pptx", CopilData(review_of(situation(synthetic(0, 300, 5), DAY))))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    words = {look.word: status for status, look in STATUS_MARKS.items()}
    fills = {words[series.name]: series.format.fill for chart in charts for series in chart.plots[0].series}
    grounds = {
        status: fill.back_color.rgb if fill.type == MSO_FILL.PATTERNED else fill.fore_color.rgb
        for status, fill in fills.items()
    }
    alike = {
        (fill.pattern if fill.type == MSO_FILL.PATTERNED else "solid", grounds[status] == WHITE)
        for status, fill in fills.items()
    }
    assert len(alike) == len(fills) > 6
    weights = {
        status: 255 - sum(WEIGHTS[part] * value for part, value in enumerate(ground))
        for status, ground in grounds.items()
    }
    late = [weights[status] for status in (Statut.NON_ATTEINT, Statut.EN_RETARD, Statut.A_SURVEILLER)]
    # LibreOffice draws dots as a slant and dashes as lines: a tone, a grid tell them apart there.
    assert late[1] - late[2] > 40
    across = {MSO_PATTERN.DASHED_HORIZONTAL, MSO_PATTERN.LIGHT_HORIZONTAL}
    patterns = [fill.pattern for fill in fills.values() if fill.type == MSO_FILL.PATTERNED]
    assert len(across & set(patterns)) == 1
    well = [weights[status] for status in (Statut.CONFORME, Statut.EN_AVANCE, Statut.ATTEINT)]
    assert min(late) - max(well) > 40, "printed in grey, what is to be watched was read as reached"
    assert not any(chart.has_title for chart in charts)
    assert all(chart.plots[0].data_labels.show_value for chart in charts)


def test_a_long_title_leaves_room_to_what_is_under_it(tmp_path: Path) -> None:
    """The name of the contract lay over the place of the committee; « (données arrêtées) » over the table."""
    named = replace(busy(), contract=replace(busy().contract, name="EXEMPLE FICTIF – Contrat de ville " * 3))
    deck = deck_of(tmp_path / "s.pptx", CopilData(review_of(situation(named, DAY))))
    title, lines = list(deck.slides[0].shapes)[:2]
    size = title.text_frame.paragraphs[0].runs[0].font.size
    letters = title.width / (size * 0.62)
    assert title.top + len(title.text_frame.text) / letters * size <= lines.top


def test_what_is_to_be_decided_is_a_slide_and_its_names_are_in_the_notes(tmp_path: Path) -> None:
    data = CopilData(review_of(situation(synthetic(0, 300, 5), DAY)))
    (slide,) = [slide for slide in slides(data) if slide.title == "Décisions à prendre"]
    assert slide.table is not None
    told = [text for (text,) in slide.table.rows]
    expected = expected_decisions(data)
    assert len(told) == len(expected) > 3
    assert told != expected, "too many names for it"
    # In the words of page one: cut at their first parenthesis, decisions lost what followed it.
    assert told == whose_left_out(data, expected)
    assert all(whole in slide.notes for whole in expected)
    slideshow.write(tmp_path / "s.pdf", data, UNWATCHED)
    assert "Décisions à prendre" in paper_text.pages(tmp_path / "s.pdf")[-1]


def test_a_slide_of_what_is_for_information_says_so_once_and_a_day_once() -> None:
    """« En retard / au 31/12/2024 / pour information », its day under its value, under a title that says the rest."""
    made = slides(CopilData(review_of(situation(invented.dossier(), invented.TODAY))))
    (slide,) = [slide for slide in made if slide.title.startswith("Pour information")]
    assert slide.table is not None
    old = [item.outdated for item in situation(invented.dossier(), invented.TODAY).to_look_at(5).shown]
    assert any(old)
    assert "pour information" not in " ".join((slide.left_out, *(row[-1] for row in slide.table.rows)))
    assert not any(re.search(r"\d", row[-1]) for row in slide.table.rows)
    assert ["\nvaleur ancienne" in row[-1] for row in slide.table.rows] == old


def test_the_slide_of_what_is_settled_says_what_is_for_information(tmp_path: Path) -> None:
    data = CopilData(review_of(situation(synthetic(0, 300, 5), DAY)))
    shown = data.situation.to_look_at(5).shown
    wider = [is_beyond_home(data.situation, item.objective) for item in shown]
    assert set(wider) == {True, False}
    (slide,) = [slide for slide in slides(data) if slide.title.startswith("À arbitrer")]
    assert slide.table is not None
    # What the committee settles stands first, as in the file.
    assert ["pour information" in row[-1] for row in slide.table.rows] == sorted(wider)
    near = next(
        item for item in data.situation.to_treat if not is_beyond_home(data.situation, item.objective)
    )
    # What this committee settles has its row, by its whole name; what has none is named beneath.
    names = [row[0] for row in slide.table.rows if "pour information" not in row[-1]]
    here = [item.objective for item, far in zip(shown, wider, strict=True) if not far]
    labels = [item.label for item in data.situation.promises]
    assert max(map(labels.count, labels)) > 1
    # Its code where another is called the same, its unit where its name does not tell it.
    told = [[item.code] * (labels.count(item.label) > 1) + [untold_unit(item)] for item in here]
    apart = [", ".join(filter(None, words)) for words in told]
    assert any(", " in words for words in apart)
    assert names == [
        f"{item.label} ({words})" if words else item.label for item, words in zip(here, apart, strict=True)
    ]
    assert (near.objective in here) is (f"({near.objective.code})" not in slide.left_out)
    assert "se décide à une échelle plus large" in slide.left_out
    assert to_settle(data.situation) in slide.notes
    assert any("\nattendu\u00a0" in row[3] for row in slide.table.rows), "no bar shows it"
    # A decision of it that is open does not make it one that this committee settles.
    far = next(item.objective for item, beyond in zip(shown, wider, strict=True) if beyond)
    base = data.situation.dossier
    taken = Decision("d", "r", f"Revoir {far.code}", 1, data.situation.partner(far.partner).name)
    met = Meeting("r", base.contract.key, MeetingKind.COPIL, DAY)
    told = situation(replace(base, meetings=(met,), decisions=(taken,)), DAY)
    assert decided_already(told.dossier, far, DAY) is not None
    (again,) = [slide for slide in slides(CopilData(review_of(told))) if slide.title.startswith("À arbitrer")]
    assert again.table is not None
    assert [row[-1] for row in again.table.rows] == [row[-1] for row in slide.table.rows]
    (decided,) = (row for row in again.table.rows if "décision à exécuter" in row[0])
    assert "pour information" in decided[-1]
    # A long name still leaves its room to the sentence.
    long = tuple(
        replace(item, label="Moyens du programme Entrepreneuriat Quartiers 2030") for item in base.objectives
    )
    data = CopilData(review_of(situation(replace(base, objectives=long), DAY)))
    slideshow.write(tmp_path / "s.pdf", data, UNWATCHED)
    assert "se décide à une échelle plus large" in " ".join(paper_text.pages(tmp_path / "s.pdf")[1].split())
    # Two lines of reserves stood alone on a page after it.
    text = "Sous réserve des crédits que les lois de finances ouvrent chaque année"
    made = tuple(Condition(f"r-{item.key}", base.contract.key, item.key, text) for item in base.partners)
    data = CopilData(review_of(situation(replace(base, objectives=long, conditions=made), DAY)))
    assert slideshow.write(tmp_path / "s.pdf", data, UNWATCHED) == len(slides(data))
    assert text in slides(data)[1].notes


def test_a_name_is_not_cut_to_nothing_by_what_is_told_after_it() -> None:
    """« … (REGION-O012, département, décision à exécuter) »: of what, nobody could tell."""
    base = synthetic(0, 300, 5)
    label = "Moyens du programme Entrepreneuriat Quartiers 2030 et de ses relais dans les quartiers"
    base = replace(base, objectives=tuple(replace(item, label=label) for item in base.objectives))
    now = situation(base, DAY)
    far = [item for item in now.counted if is_beyond_home(now, item.objective)][:4]
    near = [item for item in now.counted if not is_beyond_home(now, item.objective)][:1]
    met = Meeting("r", base.contract.key, MeetingKind.COPIL, DAY)
    taken = tuple(
        Decision(f"d{at}", "r", f"Revoir {item.objective.code}", at, now.partner(item.objective.partner).name)
        for at, item in enumerate(far, 1)
    )
    data = CopilData(review_of(situation(replace(base, meetings=(met,), decisions=taken), DAY)))
    for kept in (0, 1):
        table = assessed_table(data, [*near[:kept], *far], 40, kept=kept)
        names = [row[0] for row in table.rows[kept:]]
        assert all(name.startswith("Moyens du… (") and "décision à exécuter" in name for name in names), names


def test_a_slide_of_what_the_committee_does_not_settle_is_not_called_to_be_settled() -> None:
    base = synthetic(0, 300, 5)
    whole = situation(base, DAY)
    wider = tuple(item for item in base.objectives if is_beyond_home(whole, item))
    keys = {item.key for item in wider}
    measured = tuple(item for item in base.measurements if item.objective in keys)
    data = CopilData(review_of(situation(replace(base, objectives=wider, measurements=measured), DAY)))
    assert slides(data)[1].title == "Pour information, à une échelle plus large"


def test_the_bars_that_a_slide_has_no_room_for_are_counted_and_what_a_table_leaves_out_is_named() -> None:
    """Beyond those of two slides, partners at their scales were dropped without a word."""
    data = CopilData(review_of(situation(synthetic(0, 300, 5), DAY)))
    parts = [slide for slide in slides(data) if slide.title.startswith("Où en est chaque partenaire")]
    every, drawn = standings(data), [bar for slide in parts for bar in slide.bars]
    assert every[: len(drawn)] == drawn
    for name, counted in every[len(drawn) :]:
        amiss = f"{to_handle(counted)} sur " if to_handle(counted) else ""
        assert f"{name} {amiss}{sum(counted.values())}" in parts[-1].left_out
    names = {item.partner.name for item in data.situation.partners}
    for chapter in (item for item in slides(data) if item.title in names):
        left = int(re.search(r"\d+", chapter.left_out)[0])  # type: ignore[index]
        (line_of,) = [text for text in chapter.notes.splitlines() if text.startswith("Non montrés")]
        assert len(re.findall(r"\(\w+-O\d+\)", line_of)) == left


def test_each_slide_of_an_example_says_that_its_figures_are_invented() -> None:
    data = CopilData(review_of(situation(busy(), DAY)))
    draw_slides(whole := io.BytesIO(), replace(copil.identity(data), fictitious=True), slides(data))
    deck = Presentation(whole)
    for slide in deck.slides:
        assert list(slide.shapes)[-1].text_frame.text.startswith("Données fictives · ")


def test_what_is_to_come_down_is_told_in_words() -> None:
    """« ≤ 291 » had no key on any slide, beside « plafond 377 »."""
    items = [objective(1), objective(2, Sens.BAISSE, start_value=Decimal(100), target_value=Decimal(20))]
    values = tuple(measurement(at, date(2026, 6, 1), "60") for at in (1, 2))
    data = CopilData(review_of(situation(contract(*items, measurements=values), DAY)))
    targets = [
        row[2] for item in slides(data) if item.table and item.table.statuses for row in item.table.rows
    ]
    assert "ramener à 20" in [" ".join(text.split()) for text in targets]
    assert not [text for text in targets if "≤" in text]


def test_what_is_to_come_down_takes_no_room_from_names() -> None:
    """« Part des habitants des quartiers dans les formations… » was cut for « ramener à » on a line."""
    data = CopilData(invented_review())
    labels = [item.label for item in data.situation.objectives]
    (slide,) = [item for item in slides(data) if "échelle plus large" in item.title]
    assert slide.table is not None
    assert any("ramener" in row[2] for row in slide.table.rows)
    names = [row[0] for row in slide.table.rows]
    assert all(any(name.startswith(label) for label in labels) for name in names), names


def test_what_puts_an_engagement_at_risk_is_on_the_slide_of_its_partner_in_both_files() -> None:
    """It stood where there was room, which the pages and PowerPoint reckoned apart."""
    base = contract(*(objective(at) for at in range(1, 9)))
    told = {"results": "", "obstacles": "Il manque des chefs de file."}
    items = [replace(base.engagements[0], key=f"e{at}", code=f"P1-E{at:02}") for at in (1, 2)]
    meteos = (
        Meteo("m1", "e1", date(2026, 3, 1), Weather.ORAGE, **told),
        Meteo("m2", "e2", date(2026, 6, 1), Weather.SOLEIL, obstacles="Peu de places."),
    )
    data = CopilData(review_of(situation(replace(base, engagements=tuple(items), meteos=meteos), DAY)))
    (slide,) = [item for item in slides(data) if item.title == "Premier partenaire"]
    assert "Il manque des chefs de file" in slide.left_out
    assert not slide.more


def test_words_stand_over_the_figure_of_a_target_and_take_no_room_from_names() -> None:
    """« Moyens du programme… (BPI-OF01, France) » was cut for « plus de 450 M€ » on a line."""
    items = [
        objective(1, unit="M€", target_value=Decimal(450), target_text="plus de 450 M€"),
        objective(2, Sens.PLAFOND, start_value=Decimal(100), target_value=Decimal(20)),
    ]
    values = tuple(measurement(at, date(2026, 6, 1), "60") for at in (1, 2))
    data = CopilData(review_of(situation(contract(*items, measurements=values), DAY)))
    tables = [item.table for item in slides(data) if item.table and "Cible" in item.table.header]
    targets = {row[table.header.index("Cible")] for table in tables for row in table.rows}
    assert targets == {f"plus de\n450{NBSP}M€", "plafond\n20"}


def test_who_is_asked_is_told_where_a_shorter_name_leaves_the_line() -> None:
    """Four rows of five were of Bpifrance, and nothing of the slide named it."""
    base = busy()
    data = CopilData(review_of(situation(base, DAY)))
    items = data.situation.counted[:1]
    (partner,) = [item for item in base.partners if item.key == items[0].objective.partner]
    asked = f"Qui le porte{NNBSP}: {partner.usual_name}."
    long, brief = ("Mot " * count + "fin." for count in (24, 8))
    assert with_carriers(data, items, [long, brief], 2) == f"{long} {asked}"
    assert with_carriers(data, items, [long, brief], 1) == f"{brief} {asked}"
    assert with_carriers(data, items, [long, brief], 0) == long
    # After others that have no row, « les » would be these.
    rows = data.situation.counted[:2]
    for under, who in (("Et 5 autres.", "porte les 2 du tableau"), ("Rien.", "les porte")):
        assert f"{under} Qui {who}{NNBSP}: " in with_carriers(data, rows, [under], 2)


def test_a_scale_that_all_moves_have_is_said_once_over_them() -> None:
    data = CopilData(review_of(situation(busy(), DAY), situation(busy(), BEFORE)))
    (slide,) = [item for item in slides(data) if item.title.startswith("Ce qui a changé")]
    scales = {move.scale for move in data.review.moves}
    assert slide.table is not None
    assert len(scales) == 1
    assert slide.table.header[0] == f"Objectif ({scales.pop()})"
    assert not any(row[0].endswith(")") for row in slide.table.rows)


def test_where_a_decision_stands_is_on_a_line_in_heavy_letters() -> None:
    """« En cours, / échue » stood on two lines of a slide opened elsewhere, once it weighed."""
    base = busy()
    meeting = Meeting("r", base.contract.key, MeetingKind.COPIL, date(2026, 3, 2))
    late = Decision("d", "r", "Agir.", due=date(2026, 4, 1), state=DecisionState.EN_COURS)
    data = CopilData(review_of(situation(replace(base, meetings=(meeting,), decisions=(late,)), DAY)))
    (slide,) = [item for item in slides(data) if item.table and item.table.header[-1] == "État"]
    assert slide.table is not None
    assert slide.table.rows[0][-1] == "En cours, échue"
    room = ROOM * slide.table.widths[-1] / slide.scale
    assert text_width("En cours, échue", BOLD, TABLE) + 2 * PAD <= room
