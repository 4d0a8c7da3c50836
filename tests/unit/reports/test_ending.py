"""To see how a chapter ends it is laid out once in advance: that leaves no mark on it."""

from __future__ import annotations

import pytest
from reportlab.platypus import Flowable, PageBreak, Spacer

from qpvdesk.reports import style
from qpvdesk.reports.ending import Apart, laid_out, tightened, well_ended
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.style import HEIGHT, WIDTH
from qpvdesk.reports.tables import data_table


class Block(Flowable):  # type: ignore[misc]
    """So many points high."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return WIDTH, self.height

    def draw(self) -> None:
        """Nothing is to be seen of it."""


@pytest.mark.parametrize("times", [2, 3])
def test_a_heading_where_a_page_is_exactly_full_is_laid_out_as_often_as_asked(times: int) -> None:
    style.load_fonts()
    # Not a hair is left, whatever the rounding: ReportLab lets that much through.
    full = HEIGHT + 1e-7
    blocks = [Block(full), *heading("Perspectives"), Spacer(1, HEIGHT / 4)]
    assert {laid_out(blocks)[0] for _ in range(times)} == {2}


@pytest.mark.parametrize(
    ("parts", "last"),
    # It holds next to nothing; some; next to nothing, where what would begin alone needs a page more.
    [((0.7, 0.2, 0.2), 0.4), ((0.7, 0.2, 0.4), 0.4), ((0.6, 0.2, 0.9, 0.2), 0.2)],
)
def test_a_last_page_of_a_few_lines_is_given_the_whole_of_its_chapter(
    parts: tuple[float, ...], last: float
) -> None:
    first, *rest = (Block(HEIGHT * part) for part in parts)
    chapter: list[Flowable] = [first, Apart(), *rest]
    ended, pages = well_ended(chapter)
    assert pages == laid_out(chapter)[0]
    assert laid_out(ended) == (pages, pytest.approx(last))


def test_a_last_page_of_a_few_lines_is_given_the_last_part_of_its_chapter_that_fills_it() -> None:
    """« Sources » stood alone on a page, 62 % blank, before « Note de méthode », 30 % blank."""
    style.load_fonts()
    parts = [[*heading(f"Partie {number}"), Block(HEIGHT * 0.25)] for number in range(3)]
    parts[-1][-1] = Block(HEIGHT * 0.1)
    told = [block for part in parts for block in part]
    ended, pages = well_ended([Block(HEIGHT * 0.3), Apart(), *title(Entry("note", "Note", 1)), *told])
    assert pages == 2
    assert ended[ended.index(parts[1][0]) - 1].__class__ is PageBreak


def test_a_last_page_is_given_the_whole_of_its_chapter_rather_than_half_of_a_page_of_white() -> None:
    """« Note de méthode » of a new contract: one line of it, 40 % of white, then the rest overleaf."""
    style.load_fonts()
    parts = [
        [*heading(f"Partie {number}"), Block(HEIGHT * part)] for number, part in enumerate((0.02, 0.38, 0.1))
    ]
    told = [block for part in parts for block in part]
    note = title(Entry("note", "Note", 1))
    ended, pages = well_ended([Block(HEIGHT * 0.4), Apart(), *note, *told])
    assert pages == 2
    assert isinstance(ended[ended.index(note[0]) - 1], PageBreak)
    assert sum(isinstance(block, PageBreak) for block in ended) == 1


def test_a_part_that_ends_its_page_is_not_tightened_for_another() -> None:
    """Boxes to fill were glued to their rules on pages that were half blank, for the sheet of another partner."""
    style.load_fonts()
    few, many = (
        data_table(("Titre", "Texte"), [[f"rang{number}", ""] for number in range(count)], (200, 200))
        for count in (3, int(HEIGHT / 16))
    )
    assert (laid_out(many)[0], laid_out(tightened(many))[0]) == (2, 1)
    (first, _, last), pages = well_ended([*few, PageBreak(), *many])
    assert pages == 2
    assert first is few[0]
    assert last is not many[0]
