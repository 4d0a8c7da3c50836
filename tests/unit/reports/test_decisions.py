"""What the committee is asked to decide of what is promised, and what is said beside the rows that it settles."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.french import enumerate_words
from qpvdesk.domain.model import Condition, Engagement, Meteo, Nature, Weather
from qpvdesk.domain.situation import situation
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import IN_FILE
from qpvdesk.reports.models.parts import to_ask
from qpvdesk.reports.models.poster import poster
from qpvdesk.reports.sections.decisions import expected_decisions
from qpvdesk.reports.sections.essential import arbitrations
from qpvdesk.reports.sections.points import points
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.text import Paragraph
from qpvdesk.reports.text_cell import tells_lateness
from qpvdesk.reports.valued import value_words
from tests.helpers.blocks import paragraphs, plain
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, contract, measurement, objective


def test_page_one_and_the_partner_are_asked_of_an_engagement_whose_date_is_past() -> None:
    """« Aucune décision ne ressort des données à cette date. », over a promise past its date."""
    load_fonts()
    promised = Engagement("e1", "c", "p1", "P1-E01", "Ouvrir un centre", "emploi", Nature.DROIT_COMMUN)
    late = replace(promised, due=date(2026, 3, 31))
    for count in (1, 2, 7):
        own = tuple(replace(late, key=f"e{at}", code=f"P1-E{at:02}") for at in range(1, count + 1))
        data = CopilData(review_of(situation(replace(contract(), engagements=own, meteos=()), DAY)))
        (told,) = [text for text in map(plain, expected_decisions(data)) if text.startswith("Demander si")]
        assert (
            told
            == {
                1: "Demander si l’engagement « Ouvrir un centre » (P1-E01), attendu pour le 31/03/2026, est tenu.",
                2: "Demander si les 2 engagements dont l’échéance est passée sont tenus (P1-E01, E02).",
                7: "Demander si les 7 engagements dont l’échéance est passée sont tenus (Premier).",
            }[count]
        )
        assert "Où en est « Ouvrir un centre » (P1-E01), attendu pour le 31/03/2026 ?" in map(
            plain, to_ask(data, "p1", 5)
        )
        # Those that nothing follows either are not counted twice.
        (beside,) = [text for text in paragraphs(points(data)) if "à échéance passée" in text]
        assert beside.count("P1") + beside.count("Premier") == 1
    assert tells_lateness("Échéance : 31/03/2026 (passée).")


def _late(steps: str) -> CopilData:
    """Eight late objectives, each with an engagement of which `steps` were announced, `{0}` in them its number."""
    load_fonts()
    places = range(1, 9)
    found = [replace(objective(at), engagement=f"e{at}") for at in places]
    engagements = tuple(
        Engagement(f"e{at}", "c", "p1", f"P1-E{at:02}", "Recruter", "emploi", Nature.DROIT_COMMUN)
        for at in places
    )
    meteos = tuple(
        Meteo(f"w{at}", f"e{at}", date(2026, 5, 1), Weather.ORAGE, next_steps=steps.format(at))
        for at in places
    )
    values = tuple(measurement(at, date(2026, 5, 1), "5") for at in places)
    full = replace(contract(*found, measurements=values), engagements=engagements, meteos=meteos)
    return CopilData(review_of(situation(full, DAY)))


def test_what_is_said_at_length_beside_rows_has_a_paragraph_a_row() -> None:
    """Five suites ran on in one paragraph of twenty-four lines, the codes in its regular letters."""
    data = _late("Étape {0} : le recrutement est relancé avec la ville, la caisse et le bailleur. " * 40)
    blocks = [block for block in arbitrations(data) if isinstance(block, Paragraph)]
    codes = [item.objective.code for item in data.situation.to_look_at(5).shown]
    assert [block.lead for block in blocks if "suite annoncée" in block.getPlainText()] == [
        f"{code}\u202f:" for code in codes
    ]
    short = [text for text in paragraphs(arbitrations(_late("Recruter {0}."))) if "suite annoncée" in text]
    assert [text.count("« Recruter ") for text in short] == [5]


def test_what_is_true_of_several_rows_is_said_once_under_their_codes() -> None:
    """One reserve of a partner was a paragraph, word for word, under each of its three rows."""
    data = _late("Recruter {0}.")
    reserve = Condition("r", "c", "p1", "Promises « progressivement », sans calendrier.")
    full = replace(data.situation.dossier, conditions=(reserve,))
    data = CopilData(review_of(situation(full, DAY)))
    blocks = [block for block in arbitrations(data) if isinstance(block, Paragraph)]
    codes = sorted(item.objective.code for item in data.situation.to_look_at(5).shown)
    told = [block for block in blocks if "sans calendrier" in block.getPlainText()]
    assert [block.lead for block in told] == [f"{enumerate_words(codes)}\u202f:"]
    words = " ".join(paragraphs(blocks))
    assert words.count("progressivement") == 1
    assert [words.count(f"suite annoncée le 01/05/2026, « Recruter {code[-1]} »") for code in codes] == [
        1
    ] * 5


def test_a_poster_without_room_for_any_row_says_how_many_there_are() -> None:
    data = _late("")
    title = replace(data.situation.dossier.contract, name="Contrat de ville " * 130)
    data = CopilData(review_of(situation(replace(data.situation.dossier, contract=title), DAY)))
    assert f"8 objectifs à traiter : faute de place, à lire {IN_FILE}." in paragraphs(poster(data))


def test_a_value_on_a_line_has_the_unit_that_its_name_does_not_say() -> None:
    """« Délai moyen d’un rendez-vous (ARS-O04), 15 au 01/01/2026 »: fifteen of what, nothing on the line said."""
    for label, told in (("Délai moyen", ", 5 jours au "), ("Délai en jours", ", 5 au ")):
        item = replace(objective(1), label=label, unit="jours")
        now = situation(contract(item, measurements=(measurement(1, date(2026, 5, 1), "5"),)), DAY)
        assert plain(value_words(now, item)).startswith(told)
