"""A title stands over what it names: never alone at the foot of a page, and no page ends before it must."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from qpvdesk.charts.primitives import Chart, Ink, Text
from qpvdesk.reports import style
from qpvdesk.reports.document import write_document
from qpvdesk.reports.folding import folded, list_paragraphs
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.keeping import kept
from qpvdesk.reports.layout import Identity, Manuscript
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.pages import Pages
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.notes import Ruling
from qpvdesk.reports.style import CONDITION_STYLE, HEIGHT, NOTE_STYLE
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import paragraph
from tests.unit.charts.dossiers import objective

ROWS = [[f"Ligne {number}", "\n".join("Libellé" for _ in range(6))] for number in range(3)]
TABLE = ("Rang", "Texte")


def printed(story: Sequence[Flowable], path: Path) -> list[str]:
    style.load_fonts()
    identity = Identity("Essai", "Essai", "Essai", date(2026, 6, 30))
    write_document(path, Manuscript(identity, list(story)))
    with Pages(path) as pages:
        return [pages.text(number) for number in range(len(pages))]


def blocks(*, sentence: bool) -> list[Flowable]:
    style.load_fonts()
    said = [paragraph("Ce que disent ces lignes.", NOTE_STYLE)] if sentence else []
    return [
        *heading("Engagements"),
        *small_heading("Par lieu"),
        *said,
        *data_table(TABLE, ROWS, [100.0, 300.0]),
    ]


@pytest.mark.parametrize("sentence", [True, False])
def test_a_title_waits_for_the_page_of_the_first_row_that_it_is_over(sentence: bool, tmp_path: Path) -> None:
    """The room between 40 and 120 points once held titles whose table, of tall rows, began on the next page."""
    first = sum(isinstance(block, CondPageBreak) for block in kept(blocks(sentence=sentence)))
    assert first == 1
    for left in range(30, 190, 20):
        story = [Spacer(1, HEIGHT - left), *blocks(sentence=sentence)]
        texts = printed(story, tmp_path / "a.pdf")
        (at,) = [number for number, text in enumerate(texts) if "Engagements" in text]
        assert "Ligne 0" in texts[at], left
        assert "Par lieu" in texts[at]


def test_no_more_room_is_asked_than_the_first_lines_take(tmp_path: Path) -> None:
    """A title with a line under it begins in the 60 points that are left, and a chapter in as few."""
    story = [Spacer(1, HEIGHT - 62), *heading("Signature"), paragraph("Fait à Lens.", NOTE_STYLE)]
    assert "Signature" in printed(story, tmp_path / "a.pdf")[0]
    # Lines to write on take the rest of the page that they begin on.
    ruled = [Spacer(1, HEIGHT - 250), *heading("Notes de visite"), Ruling()]
    assert len(printed(ruled, tmp_path / "c.pdf")) == 1
    style.load_fonts()
    chapter = [*title(Entry("suite", "La suite", 0), "Partenaire"), paragraph("Rien.", NOTE_STYLE)]
    assert "La suite" in printed([Spacer(1, HEIGHT - 80), *chapter], tmp_path / "b.pdf")[0]


def test_a_title_over_a_short_row_does_not_stay_where_the_next_is_half_a_page(tmp_path: Path) -> None:
    """« Engagements » stood alone at a foot: the title asked for the first row, and the table for two."""
    style.load_fonts()
    rows = [
        ["Ligne 0", "Libellé"],
        *([f"Ligne {at}", "\n".join("Libellé" for _ in range(40))] for at in (1, 2)),
    ]
    for left in range(40, 400, 20):
        story = [Spacer(1, HEIGHT - left), *heading("Engagements"), *data_table(TABLE, rows, [100.0, 300.0])]
        texts = printed(story, tmp_path / "a.pdf")
        (at,) = [number for number, text in enumerate(texts) if "Engagements" in text]
        assert "Ligne 0" in texts[at], left


def test_a_title_waits_for_what_leads_to_a_whole_paragraph(tmp_path: Path) -> None:
    """The title of the map stood alone: of the sources under it, kept with it, three lines were reckoned."""
    style.load_fonts()
    for left in range(240, 340, 10):
        drawn = Spacer(1, 200)
        drawn.keepWithNext = 1
        sources = paragraph("Ce que dit la légende de la carte. " * 20, NOTE_STYLE)
        story = [Spacer(1, HEIGHT - left), *title(Entry("lieux", "Territoires", 0)), drawn, sources]
        texts = printed(story, tmp_path / "a.pdf")
        (at,) = [number for number, text in enumerate(texts) if "Ce que dit" in text]
        assert texts[at].startswith("Territoires"), left


def test_a_title_does_not_stay_alone_where_what_leads_to_a_long_table_goes_overleaf(tmp_path: Path) -> None:
    """« Territoires » stood over half a page of white: its note was kept with all of a table that a page holds."""
    style.load_fonts()
    said = paragraph("Ce que disent ces lignes.", NOTE_STYLE)
    said.keepWithNext = 1
    rows = [[f"Ligne {number}", "Libellé"] for number in range(40)]
    told = [*title(Entry("lieux", "Territoires", 0)), said, *data_table(TABLE, rows, [100.0, 300.0])]
    first, second = printed([Spacer(1, HEIGHT / 2), *told], tmp_path / "a.pdf")
    assert "Territoires" in first
    assert "Ce que disent ces lignes." in first
    assert "Ligne 5" in first
    assert "Ligne 39" in second


def test_a_chapter_does_not_begin_where_only_its_first_sentence_would_stand(tmp_path: Path) -> None:
    """« Points d’attention » and a sentence stood at the foot of a page, what they are over on the next."""
    chapter = [
        *title(Entry("points", "Points d’attention", 0)),
        paragraph("Trois alertes.", NOTE_STYLE),
        *heading("Alertes"),
        *data_table(TABLE, ROWS, [100.0, 300.0]),
    ]
    for left in range(60, 220, 20):
        texts = printed([Spacer(1, HEIGHT - left), *chapter], tmp_path / "a.pdf")
        (at,) = [number for number, text in enumerate(texts) if "Points d’attention" in text]
        assert "Ligne 0" in texts[at], left


@pytest.mark.parametrize("left", range(0, 48, 6))
def test_what_is_said_under_a_table_begins_no_page_without_its_last_rows(left: int, tmp_path: Path) -> None:
    """« 9 chiffres de contexte… » stood alone at the head of a page, without a title, and then what is said after it."""
    style.load_fonts()
    rows = [[f"Ligne {number}", "Libellé"] for number in range(30)]
    table = data_table(TABLE, rows, [100.0, 300.0])[0]
    notes = [paragraph(text, NOTE_STYLE) for text in ("Neuf autres sont en annexe.", "Parité lue.")]
    above = HEIGHT - table.wrap(400, HEIGHT)[1] - left
    texts = printed([Spacer(1, above), table, *notes], tmp_path / "a.pdf")
    (at,) = [number for number, text in enumerate(texts) if "Parité lue" in text]
    assert "Ligne 29" in texts[at]
    assert sum(text.count("Ligne ") for text in texts) == 30


@pytest.mark.parametrize(("counted", "held"), [(False, 2), (True, 0)])
def test_a_table_gives_two_rows_to_its_note_and_none_to_what_names_its_subject(
    counted: bool, held: int, tmp_path: Path
) -> None:
    """Three rows of a chapter stood alone over a page, for four paragraphs under them, and left 6 cm empty."""
    style.load_fonts()
    rows = [[f"Ligne {number}", "Libellé"] for number in range(30)]
    table = data_table(TABLE, rows, [100.0, 300.0])[0]
    alike = [objective(number) for number in range(1, 7)]
    under = list_paragraphs(folded("À surveiller", alike, "6 objectifs"), whole=True) if counted else []
    under = under or [paragraph("Départ d’un cumul : 0, par convention.", NOTE_STYLE)]
    above = HEIGHT - table.wrap(400, HEIGHT)[1] - 8
    texts = printed([Spacer(1, above), table, *under], tmp_path / "a.pdf")
    assert [text.count("Ligne ") for text in texts] == [30 - held, held]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_table_of_few_rows_goes_whole_with_its_note(count: int, tmp_path: Path) -> None:
    style.load_fonts()
    table = data_table(TABLE, [[f"Ligne {number}", "Libellé"] for number in range(count)], [100.0, 300.0])[0]
    above = HEIGHT - table.wrap(400, HEIGHT)[1] - 8
    under = paragraph("Départ d’un cumul : 0, par convention.", NOTE_STYLE)
    texts = printed([Spacer(1, above), table, under], tmp_path / "a.pdf")
    assert [text.count("Ligne ") for text in texts] == [0, count]


def test_the_reserves_of_a_partner_take_no_row_of_the_table_above_them(tmp_path: Path) -> None:
    """One row stood alone overleaf, under 27 mm left empty, for what the partner said of the whole of its promises."""
    style.load_fonts()
    table = data_table(TABLE, [[f"Ligne {number}", "Libellé"] for number in range(30)], [100.0, 300.0])[0]
    counted = paragraph("37 chiffres de contexte, que personne n’a promis.", NOTE_STYLE)
    reserve = paragraph("Réserve : « sous réserve des crédits disponibles ».", CONDITION_STYLE)
    above = HEIGHT - table.wrap(400, HEIGHT)[1] - 20
    first, second = printed([Spacer(1, above), table, counted, reserve], tmp_path / "a.pdf")
    assert first.count("Ligne ") == 30
    assert "37 chiffres" in first
    assert "Réserve" in second


def test_some_lines_are_left_to_write_on_where_there_is_room_for_three(tmp_path: Path) -> None:
    style.load_fonts()
    for left, page in ((115, 0), (60, 1)):
        written = printed([Spacer(1, HEIGHT - left), *heading("Notes"), Ruling()], tmp_path / "a.pdf")
        assert ["Notes" in text for text in written].index(True) == page


@pytest.mark.parametrize("left", range(40, 100, 6))
def test_the_last_line_of_a_list_is_not_alone_on_a_page(left: int, tmp_path: Path) -> None:
    """« Outils réunis dans la boîte à outils… » stood at the head of a page, its title and five others on the last."""
    style.load_fonts()
    listed = bullets([f"Chiffre {number}" for number in range(6)])
    texts = printed([Spacer(1, HEIGHT - left), *listed], tmp_path / "a.pdf")
    (at,) = [number for number, text in enumerate(texts) if "Chiffre 5" in text]
    assert "Chiffre 4" in texts[at]


def test_the_sentence_under_a_title_does_not_lead_to_the_next_title(tmp_path: Path) -> None:
    """A third of a page was left empty: what was given up waited for the table of what had changed."""
    style.load_fonts()
    said = [*heading("Ce qui est abandonné"), *small_heading("1 décision"), paragraph("Rien.", NOTE_STYLE)]
    story = [
        Spacer(1, HEIGHT - 150),
        *said,
        *heading("Ce qui a changé"),
        *data_table(TABLE, ROWS, [100.0, 300.0]),
    ]
    first, second = printed(story, tmp_path / "a.pdf")
    assert "Ce qui est abandonné" in first
    assert "Ce qui a changé" in second


def test_how_a_promise_is_read_goes_with_the_words_before_it(tmp_path: Path) -> None:
    """« Parité lue dans une seule phrase du texte… » opened a page, overleaf from the figures that it is of."""
    style.load_fonts()
    counted = paragraph("15 chiffres de contexte, que personne n’a promis.", NOTE_STYLE)
    read = paragraph("Parité lue dans une seule phrase du texte.", CONDITION_STYLE)
    first, second = printed([Spacer(1, HEIGHT - 18), counted, read], tmp_path / "a.pdf")
    assert "15 chiffres" not in first
    assert second.index("15 chiffres") < second.index("Parité lue")


def test_what_is_said_of_rows_that_fill_a_page_goes_overleaf_with_the_last_of_them(tmp_path: Path) -> None:
    """Of a table that ended with its page, the note on it opened the next, alone."""
    style.load_fonts()
    (row,) = data_table(TABLE, [["Ligne", "Libellé"]] * 2, [100.0, 300.0])
    (more,) = data_table(TABLE, [["Ligne", "Libellé"]] * 3, [100.0, 300.0])
    tall = more.wrap(400, HEIGHT)[1] - row.wrap(400, HEIGHT)[1]
    many = int((HEIGHT - row.wrap(400, HEIGHT)[1]) / tall) + 2
    (table,) = data_table(TABLE, [[f"Ligne {at}", "Libellé"] for at in range(many)], [100.0, 300.0])
    assert HEIGHT - tall < table.wrap(400, HEIGHT)[1] <= HEIGHT
    note = paragraph("Départ d’un cumul : 0 à la date indiquée, par convention. " * 4, NOTE_STYLE)
    _, second = printed([table, note], tmp_path / "a.pdf")
    assert second.count("Ligne ") >= 2
    assert "Départ d’un cumul" in second


@pytest.mark.parametrize(("words", "page"), [(120, 0), (12, 1)])
def test_a_paragraph_of_many_lines_is_read_without_the_table_under_it(
    words: int, page: int, tmp_path: Path
) -> None:
    """« Trajectoire et statut » waited for the key of its statuses, which stands whole: a fifth of a page was empty."""
    style.load_fonts()
    said = paragraph("La valeur attendue suit des droites. " * (words // 6), NOTE_STYLE)
    rows = [[f"Ligne {number}", "Libellé"] for number in range(9)]
    chapter = [*small_heading("Trajectoire"), said, *data_table(TABLE, rows, [100.0, 300.0])]
    texts = printed([Spacer(1, HEIGHT - 120), *chapter], tmp_path / "a.pdf")
    assert [number for number, text in enumerate(texts) if "Trajectoire" in text] == [page]
    assert "Ligne 0" in texts[1]
    assert "Ligne 8" in texts[1]


def test_a_drawing_has_less_air_where_the_foot_of_a_page_holds_it_so(tmp_path: Path) -> None:
    """A quarter of a page was white: a drawing of 200 points lacked 15 of them."""
    style.load_fonts()
    told = [Text(0, 20, "Marque", 8, Ink.TEXT)]
    loose, close = (Chart(300, height, tuple(told), (), "Parts") for height in (200, 180))
    for left, page in ((260, 0), (215, 0), (200, 1)):
        drawing = ChartFlowable(loose, close)
        texts = printed([Spacer(1, HEIGHT - left), *small_heading("Parts"), drawing], tmp_path / "a.pdf")
        assert [number for number, text in enumerate(texts) if "Marque" in text] == [page], left
        assert drawing.chart is (close if left == 215 else loose)
