"""Text made safe, and broken in lines."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph as PlainParagraph
from reportlab.platypus import paragraph as layout

from qpvdesk.reports.lists import first_of, titled
from qpvdesk.reports.style import BODY_STYLE, MEDIUM, REGULAR, load_fonts, text_width
from qpvdesk.reports.text import (
    Paragraph,
    cell,
    clean,
    entitled,
    line,
    markup,
    paragraph,
    shorten,
    whole_led,
    whole_names,
)
from qpvdesk.reports.text_cell import PLAIN, TextCell, break_lines, weighed

load_fonts()
TEXTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=("Cc",)), max_size=200
)


@given(TEXTS, st.floats(20, 400))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(text: str, width: float) -> None:
    lines = break_lines(text, REGULAR, 8.0, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(part, REGULAR, 8.0) <= width + 0.01 for part in lines if len(part) > 1)


@given(st.text(max_size=300))
def test_what_is_printed_is_markup_free_and_bounded(text: str) -> None:
    shown = clean(text)
    assert clean(shown) == shown
    assert "<" not in markup(text).replace("<br/>", "")
    assert "\n" not in line(text)


def test_french_spaces_do_not_break() -> None:
    lines = break_lines("au moins 16,4\u202f% des entrées\u00a0dans le parc", REGULAR, 8.0, 52)
    assert not any(part.startswith("%") for part in lines)
    assert any("16,4\u202f%" in part for part in lines)
    assert any("entrées\u00a0dans" in part for part in lines)


def test_paragraphs_hold_narrow_spaces_too() -> None:
    assert layout.split("soit 16,4\u202f% du total") == ["soit", "16,4\u202f%", "du", "total"]


def test_a_long_name_breaks_at_its_hyphens() -> None:
    assert break_lines("Fouquières-lès-Lens", REGULAR, 8.0, 62) == ("Fouquières-lès-", "Lens")


def test_no_line_of_a_title_begins_with_its_dash() -> None:
    assert whole_names("Contrat de Lens-Liévin – comité") == "Contrat de Lens\u2011Liévin\u00a0– comité"


def test_a_short_text_is_a_plain_string_and_a_long_one_is_broken() -> None:
    assert cell("court", 100) == "court"
    assert isinstance(cell("un texte bien trop long pour une cellule étroite", 60), TextCell)
    assert isinstance(cell("deux\nlignes", 300), TextCell)


def test_a_cell_cut_in_two_keeps_every_line() -> None:
    """A table hands over the width of its column, its padding too: lines that wide were broken again, a word left alone."""
    text = " ".join(f"mot{number}" for number in range(300))
    whole = TextCell([(text, PLAIN)])
    _, height = whole.wrap(100, 10_000)
    head, tail = whole.split(108, height / 2)
    lines = [line for part in (head, tail) if part.wrap(100, 10_000) for line, _ in part._lines]
    assert tuple(lines) == break_lines(text, PLAIN.font, PLAIN.size, 100)
    assert whole.split(100, 2) == []


@given(st.lists(TEXTS, min_size=1, max_size=3), st.floats(20, 200), st.integers(1, 40))
def test_a_part_of_a_cell_stands_on_the_lines_that_it_would_be_broken_in(
    texts: list[str], width: float, lines: int
) -> None:
    whole = TextCell([(text, PLAIN) for text in texts])
    for part in whole.split(width, lines * PLAIN.leading):
        anew = TextCell(part._texts)
        assert part.wrap(width, 1000) == anew.wrap(width, 1000)
        assert part._lines == anew._lines


@given(
    TEXTS,
    st.sampled_from((None, "•")),
    st.lists(st.floats(40, 400), min_size=2, max_size=3),
    st.integers(2, 9),
)
# Where another page broke a word that was pasted.
@example("000000\xad0<", None, [40.0, 41.0], 2)
@example("00000<00", None, [40.0, 45.0], 2)
def test_a_paragraph_met_before_is_broken_as_one_that_is_new(
    said: str, mark: str | None, widths: list[float], lines: int
) -> None:
    def new(kind: type[Paragraph]) -> Paragraph:
        return kind(markup(said), BODY_STYLE, bulletText=mark)

    def broken(blocks: Iterator[Paragraph]) -> list[str]:
        """Whole, then in the parts of a page's foot and of the next page, in one width after the other."""
        found = []
        for width, count in itertools.product(widths, (lines, lines + 1)):
            block = next(blocks)
            block.wrap(width, 700)
            parts = block.split(width, count * BODY_STYLE.leading)
            for part in parts:
                part.wrap(width, 700)
            found += [repr(one.blPara.lines) for one in (block, *parts) if hasattr(one, "blPara")]
        return found

    # ReportLab itself keeps what a word was cut into for another width: it is asked of a new one each time.
    anew = broken(new(Forgetful) for _ in itertools.count())
    assert broken(itertools.repeat(new(Paragraph))) == broken(itertools.repeat(new(Paragraph))) == anew


def test_the_part_of_a_page_after_begins_where_the_one_before_ended_whatever_its_mark() -> None:
    """« 9. » then « 100. » before the same words: a word was lost at the foot of the second's page."""
    said = [f"mot{number}" for number in range(60)]
    for mark in ("9.", "100.", "100000."):
        block = Paragraph(" ".join(said), BODY_STYLE, bulletText=mark)
        block.wrap(200, 700)
        parts = block.split(200, 3 * BODY_STYLE.leading)
        assert len(parts) == 2
        for part in parts:
            part.wrap(200, 700)
        assert [word for part in parts for _, words in part.blPara.lines for word in words] == said, mark


class Forgetful(Paragraph):
    """A paragraph that is broken by ReportLab each time."""

    breakLines = PlainParagraph.breakLines  # noqa: N815 - ReportLab's name


def test_a_shortened_text_fits() -> None:
    short = shorten("Accompagnement des demandeurs d’emploi", REGULAR, 8.0, 80)
    assert short.endswith("…")
    assert text_width(short, REGULAR, 8.0) <= 80
    # « des réseaux C… » is no name: it is cut between two words, and within one alone.
    assert short == "Accompagnement…"
    assert shorten("Accompagnement", REGULAR, 8.0, 40).startswith("Accom")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Bpifrance 16, ARS 2.", ["Bpifrance\u00a016,", "ARS\u00a02."]),
        ("emploi 6 ; ARS 1 (nommés)", ["emploi\u00a06\u202f;", "ARS\u00a01", "(nommés)"]),
        ("Licence Ouverte 2.0", ["Licence\u00a0Ouverte\u00a02.0"]),
        ("puis pour le 11/12/2026", ["puis", "pour", "le\u00a011/12/2026"]),
        ("94 pour 100 %, à la cité 12-14", ["94\u00a0pour\u00a0100\u202f%,", "à", "la", "cité\u00a012-14"]),
        ("non atteint, en 2023", ["non", "atteint,", "en\u00a02023"]),
        ("depuis 2019 contre 2 en 2022", ["depuis\u00a02019", "contre", "2\u00a0en\u00a02022"]),
        ("fin 2027, en 20230", ["fin\u00a02027,", "en", "20230"]),
        ("l’action n° 10", ["l’action", "n°\u00a010"]),
        ("4 objectifs, dont 12 en retard", ["4\u00a0objectifs,", "dont", "12\u00a0en\u00a0retard"]),
        ("de « Non renseigné » au pire", ["de", "«\u202fNon\u00a0renseigné\u202f»", "au", "pire"]),
        ("relevé du 31/12/2025 de 15,4 points", ["relevé", "du\u00a031/12/2025", "de", "15,4", "points"]),
        ("Objectif 3", ["Objectif", "3"]),
    ],
)  # fmt: skip
def test_a_count_keeps_to_what_it_counts_and_a_quoted_status_stands_on_one_line(
    text: str, held: list[str]
) -> None:
    assert clean(text).split(" ") == held


def test_no_line_of_a_name_in_large_letters_ends_on_a_little_word() -> None:
    name = "Contrat de ville « Engagements Quartiers 2030 » de Lens-Liévin"
    assert entitled(name).split(" ")[0] == "Contrat"
    assert entitled(name).split(" ")[-1] == "de\u00a0Lens-Liévin"
    assert break_lines(entitled(name), REGULAR, 17, 380)[1] == "de\u00a0Lens-Liévin"
    # A title between its marks is not cut.
    assert break_lines(entitled(name), REGULAR, 17, 280)[0] == "Contrat de\u00a0ville"


def test_a_number_is_not_all_that_is_left_of_an_item() -> None:
    address = "2. https://visio.example/" + "a" * 90
    assert shorten(address, REGULAR, 9, 200).startswith("2. https://visio.example/aaa")
    assert shorten("2. Bilan de la programmation des actions de l’année", REGULAR, 9, 60) == "2. Bilan de la…"


def test_a_figure_too_long_for_a_line_is_broken_between_its_groups() -> None:
    """« 1 000 000 000 0 » over « 00 » was read as another figure."""
    lines = break_lines("≥\u202f1\u202f250\u202f000\u202f000\u202f000,5", REGULAR, 8.0, 46)
    assert lines == ("≥\u202f1\u202f250\u202f000\u202f", "000\u202f000,5")


def test_a_word_too_long_for_a_line_is_broken_without_a_space_of_ours() -> None:
    """« c onstitutionnellement »: a space stood where a long word was cut before it was set."""
    word = "anticonstitutionnellement" * 30
    assert clean(word) == word
    assert "".join(break_lines(word, REGULAR, 8, 150)) == word
    set_in_lines = paragraph(word, BODY_STYLE)
    set_in_lines.wrap(300, 700)
    assert "".join("".join(words) for _, words in set_in_lines.blPara.lines) == word
    assert len(set_in_lines.blPara.lines) > 10


def test_one_that_is_left_out_has_its_name_in_the_place_of_its_count() -> None:
    """« et 1 autre (à lire en annexe du dossier, non jointe) » took more room than the name."""
    assert list(first_of("abcd", 3)) == list("abcd")
    assert list(first_of("abcde", 3)) == list("abc")
    said = [block.getPlainText() for block in titled("Titre", ["un", "deux", "trois"], "", most=2)]
    assert said[-1] == "trois"


def test_names_in_a_few_lines_go_to_the_next_page_whole() -> None:
    """« Conseils citoyens actifs (FT-O011), 638 pour 760 ; Places » ended a page, « en crèche » began the next one."""
    names = " ; ".join(["Places en crèche (FT-O013), 860 pour 978"] * 9)
    room = BODY_STYLE.leading * 3
    assert len(paragraph(names, BODY_STYLE).split(400, room)) == 2
    assert whole_led("", names, BODY_STYLE).split(400, room) == []
    # One that is nearly a page by itself would leave the one before it empty.
    assert len(whole_led("", names * 4, BODY_STYLE).split(400, room)) == 2


@pytest.mark.parametrize(
    ("text", "heavy"),
    [
        ("BPI-O03\u00a0· France\u00a0· en retard", "en retard"),
        ("EN-O07\u00a0· agglomération\u00a0· non atteint\u00a0· valeur provisoire", "non atteint"),
        ("À faire, échue", "échue"),
        ("BPI-O03\u00a0· région\u00a0· en retard, au\u00a031/12/2024", "en retard"),
        ("FT-O12\u00a0· département\u00a0· non atteint, en 2023", "non atteint"),
        ("Étapes : 1 faite sur 2 ; à faire d’abord : signer, prévue le 31/03/2026, en retard.", "en retard"),
        ("À faire", ""),
        ("Les travaux en retard d’un an", ""),
        ("non atteint, 3 (01/09/2025)", ""),
    ],
)
def test_what_says_that_something_is_late_weighs_in_a_table(text: str, heavy: str) -> None:
    """On the page that is read first the word of lateness was the palest of its row, and 4 decisions of 5 were alike."""
    parts = weighed(text)
    assert "".join(part for part, _ in parts) == text
    assert [part for part, weighs in parts if weighs] == [heavy] * bool(heavy)
    canvas = Canvas(io.BytesIO(), pageCompression=0)
    shown = cell(text, 400)
    assert isinstance(shown, TextCell) == bool(heavy)
    if isinstance(shown, TextCell):
        # Nor is it parted by the end of a line.
        wide = text_width(text.replace(heavy, "")[:-1].strip(), REGULAR, PLAIN.size) + 12
        shown.wrap(wide, 100)
        shown.drawOn(canvas, 0, 0)
        code = "".join(map(str, canvas._code))
        assert pdfmetrics.getFont(MEDIUM).getSubsetInternalName(0, canvas._doc) in code
        assert pdfmetrics.getFont(REGULAR).getSubsetInternalName(0, canvas._doc) in code
        assert any(heavy in found.replace("\u00a0", " ") for found, _ in shown._lines)


@pytest.mark.parametrize("text", ["Réserver la salle avant l’été, en retard", "Bus en service · non atteint"])
def test_what_weighs_is_broken_for_the_face_that_it_is_drawn_in(text: str) -> None:
    """« en retard » was measured in thin letters and drawn in heavy ones, a point past its column."""
    for tenths in range(600, 1800):
        width = tenths / 10
        shown = TextCell([(text, PLAIN)])
        shown.wrap(width, 100)
        for words, face in shown._lines:
            fonts = ((part, MEDIUM if weighs else face.font) for part, weighs in weighed(words))
            assert sum(text_width(part, font, face.size) for part, font in fonts) <= width + 0.01
