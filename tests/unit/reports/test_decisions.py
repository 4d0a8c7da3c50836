"""What the committee is asked to decide of what is promised, and what is said beside the rows that it settles."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.model import Engagement, Nature
from qpvdesk.domain.situation import situation
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models.parts import to_ask
from qpvdesk.reports.sections.decisions import expected_decisions
from qpvdesk.reports.sections.points import points
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.text_cell import tells_lateness
from tests.helpers.blocks import paragraphs, plain
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, contract


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
