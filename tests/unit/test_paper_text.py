"""The words that the tests read back from a paper: those that another reader finds, a line of a cell a line."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from qpvdesk.reports.style import BOLD, REGULAR, load_fonts
from tests.helpers import paper_text


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """Two pages: a sentence of two fonts, a list, two cells side by side, the second broken at a hyphen; a drawing."""
    load_fonts()
    file = io.BytesIO()
    canvas = Canvas(file, (400, 200))
    canvas.setFont(REGULAR, 10)
    canvas.drawString(20, 170, "Objet d’une décision (")
    canvas.setFont(BOLD, 10)
    canvas.drawString(20 + canvas.stringWidth("Objet d’une décision (", REGULAR, 10), 170, "COPIL-D1")
    canvas.setFont(REGULAR, 10)
    canvas.drawString(20, 150, "•")
    canvas.drawString(30, 150, "Relancer l’ARS : 1\u202f200 €")
    for x, y, words in ((20, 130, "EN-O07"), (80, 130, "Sains-en-"), (80, 118, "Gohelle")):
        canvas.drawString(x, y, words)
    canvas.showPage()
    canvas.beginForm("drawing", 0, 0, 200, 100)
    canvas.setFont(REGULAR, 8)
    canvas.drawString(10, 20, "Lens")
    canvas.endForm()
    canvas.translate(100, 40)
    canvas.scale(2, 2)
    canvas.doForm("drawing")
    canvas.save()
    return file.getvalue()


def test_a_line_of_a_cell_is_a_line_and_so_is_a_sentence_of_two_fonts(drawn: bytes) -> None:
    first, second = paper_text.pages(drawn)
    assert first.splitlines() == [
        "Objet d’une décision (COPIL-D1",
        "• Relancer l’ARS : 1\u202f200 €",
        "EN-O07",
        "Sains-en-",
        "Gohelle",
    ]
    assert second == "Lens"


def test_another_reader_finds_the_same_words(drawn: bytes) -> None:
    other = [page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages]
    assert ["".join(page.split()) for page in paper_text.pages(drawn)] == [
        "".join(page.split()) for page in other
    ]


def test_what_a_drawing_holds_has_the_size_and_the_place_that_are_seen(drawn: bytes) -> None:
    ((*_, piece),) = paper_text.pieces(drawn)[1:]
    assert (piece.words, piece.size) == ("Lens", pytest.approx(16))
    assert (piece.baseline, piece.left) == (pytest.approx(80), pytest.approx(120, abs=3))
