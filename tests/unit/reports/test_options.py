"""A paper made with options says the same figures as the paper without: what it leaves out is counted, and sent to."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from qpvdesk.domain.model import Level, Meeting, MeetingKind
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.reports import copil
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import led_by_near
from qpvdesk.reports.models import monthly
from qpvdesk.reports.models.parts import learnt_moves
from qpvdesk.reports.sections.moves import moves
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.tables import DataTable
from tests.helpers.blocks import paragraphs, plain, three_hundred
from tests.helpers.reviews import invented_review, review_of

LATE = Composition(late_only=True)


@pytest.fixture(scope="module")
def large() -> CopilData:
    load_fonts()
    return three_hundred()


@pytest.fixture(scope="module")
def dated(large: CopilData) -> CopilData:
    """The same set beside a day that somebody named."""
    now = large.situation
    return CopilData(review_of(now, situation(now.dossier, date(2026, 8, 30))))


def _told(data: CopilData, word: str) -> list[str]:
    """The paragraphs of a section of the file."""
    (section,) = [section for section in copil.sections(data) if section.word == word]
    return paragraphs(section.build(data))


def test_what_is_compared_with_a_day_sends_to_the_comparison_with_that_day(dated: CopilData) -> None:
    """« à lire dans la comparaison avec le comité précédent » told three moves, of the forty-seven that were counted."""
    papers = [*_told(dated, "evolutions"), *(plain(slide.left_out) for slide in slides(dated))]
    sent = [text for text in papers if "dans la comparaison" in text]
    assert len(sent) == 2
    assert all("à lire dans la comparaison avec le 30/08/2026" in text for text in sent)


def test_what_is_compared_with_an_earlier_committee_names_it(large: CopilData) -> None:
    """The one before is what nobody has to name; another has its day."""
    now = large.situation
    model = Meeting("last", now.dossier.contract.key, MeetingKind.COPIL, date(2026, 8, 1))
    earlier = replace(model, key="earlier", day=date(2026, 3, 1))
    now = situation(replace(now.dossier, meetings=(model, earlier)), now.day)
    review = review_of(now, situation(now.dossier, earlier.day))
    assert review.baseline is not None
    for meeting, name in ((model, "le comité précédent"), (earlier, "le comité du 01/03/2026")):
        data = CopilData(replace(review, baseline=replace(review.baseline, meeting=meeting)))
        assert f"à lire dans la comparaison avec {name})" in " ".join(paragraphs(moves(data)))


def test_page_one_sends_first_to_what_its_own_file_tells_of_the_moves(dated: CopilData) -> None:
    """The file has a section of them, in its contents, which the page passed over for another paper."""
    told = " ".join(_told(dated, "essentiel"))
    assert "les premières plus loin, toutes à lire dans la comparaison avec le 30/08/2026" in told
    late = " ".join(_told(replace(dated, composition=LATE), "essentiel"))
    assert "celles de ce qui est à traiter plus loin, toutes à lire dans la comparaison" in late
    alone = replace(dated, composition=Composition((Choice("essentiel"),)))
    assert "plus loin, toutes" not in " ".join(_told(alone, "essentiel"))


def test_moves_left_out_of_the_late_ones_are_counted(dated: CopilData) -> None:
    """Page one counted forty-seven of them, the section told nine, and nothing said of the others."""
    late = replace(dated, composition=LATE)
    shown = [move for move in late.review.moves if move.after.status in GROUPS[Group.A_TRAITER]]
    (rest,) = [text for text in _told(late, "evolutions") if "autres évolutions" in text]
    left = len(late.review.moves) - len(shown)
    assert rest.startswith(f"Et {left} autres évolutions, de ce qui n’est pas à traiter : ")


def test_what_moved_and_was_learnt_since_is_counted_once(large: CopilData) -> None:
    """« Et 86 autres » of a contract of sixty figures: thirty-nine that moved had also a value of then, entered since."""
    now, then = large.situation, date(2026, 3, 31)
    known = [[value for value in now.measurements_of(item.key) if value.day <= then] for item in now.promised]
    late = {values[-1].key for values in known if len(values) > 1}
    entered = tuple(
        replace(item, entered_on=date(2026, 9, 1) if item.key in late or item.day > then else item.day)
        for item in now.dossier.measurements
    )
    now = situation(replace(now.dossier, measurements=entered), now.day)
    data = CopilData(review_of(now, situation(now.dossier, then)))
    learnt = {move.objective.code for move in learnt_moves(data)}
    moved = {move.objective.code for move in data.review.moves}
    assert learnt & moved
    assert f"Et {len(learnt | moved) - 1} autres." in paragraphs(monthly._page(data, 1, 1, 1))


def test_the_month_has_a_line_of_the_scale_of_the_contract() -> None:
    """One line, of France; the four that the préfet can settle were « dont 4 à l’échelle du contrat », and nothing more."""
    base = invented_review().situation
    nearest, dossier = base.to_treat[-1].objective, base.dossier
    home = next(item for item in dossier.territories if item.level is Level.EPCI)
    now = situation(
        replace(
            dossier,
            contract=replace(dossier.contract, epci=home.code),
            objectives=tuple(
                replace(item, territory=home.key) if item.key == nearest.key else item
                for item in dossier.objectives
            ),
            measurements=tuple(
                replace(item, territory=home.key) if item.objective == nearest.key else item
                for item in dossier.measurements
            ),
        ),
        base.day,
    )
    near = [item for item in now.to_treat if not is_beyond_home(now, item.objective)]
    assert [item.objective.key for item in near] == [nearest.key]
    chosen = now.to_look_at(1)
    led, why = led_by_near(now, chosen)
    assert chosen.shown[0] not in near
    assert list(led.shown) == near
    assert why == f"Une ligne au moins est à l’échelle du contrat\u202f: d’où {nearest.code}."
    every = now.to_look_at(len(now.to_treat))
    assert led_by_near(now, every) == (every, "")
    shown = {
        cells[0][0]
        for table in monthly._page(CopilData(review_of(now)), 1, 1, 1)
        if isinstance(table, DataTable)
        for _, cells in table.text_rows()
    }
    assert nearest.code in shown
