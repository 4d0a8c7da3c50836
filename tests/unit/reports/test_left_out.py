"""What a list says of what it leaves out, and of what it keeps for another reason than its rank."""

from __future__ import annotations

import pytest

from qpvdesk.domain.french import enumerate_words
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.left_out import kept_words
from qpvdesk.reports.models.monthly import monthly
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.models.poster import poster
from qpvdesk.reports.sections.method import method, statuses_told
from qpvdesk.reports.sections.page_one import with_decisions
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import load_fonts
from tests.helpers.blocks import paragraphs, plain, three_hundred

KEPT = "Chaque statut a une ligne au moins"


@pytest.fixture(scope="module")
def large() -> CopilData:
    load_fonts()
    return three_hundred()


def test_a_list_says_which_of_its_lines_have_their_status_to_thank(large: CopilData) -> None:
    """« À surveiller », 51 %, stood above 88 that are late: the list was read as a ranking."""
    now = large.situation
    chosen = now.to_look_at(5)
    first = now.to_treat[: len(chosen.shown)]
    kept = [item.objective.code for item in chosen.shown if item not in first]
    assert kept
    assert plain(kept_words(now, chosen)) == f"{KEPT} : d’où {enumerate_words(kept)}."
    assert not kept_words(now, now.to_look_at(len(now.to_treat)))
    for paper in (with_decisions(large).blocks, monthly(large), poster(large)):
        assert any(KEPT in plain(text) for text in paragraphs(paper))
    (slide,) = [slide for slide in slides(large) if slide.title == "À arbitrer"]
    assert f"{KEPT}." in slide.left_out


def test_the_sheet_of_a_partner_says_by_what_the_first_are_first(large: CopilData) -> None:
    now = large.situation
    (partner,) = [item for item in now.partners if item.partner.code == "ARS"]
    assert kept_words(now, now.to_look_at(5, partner.partner.key), partner.partner.key)
    texts = [plain(text) for text in paragraphs(partner_sheet(large, partner))]
    (rest,) = [text for text in texts if "dans le tableau des objectifs" in text]
    assert "Rangés par écart à l’attendu, l’avancement compté de 0 à 100 %." in rest
    assert KEPT in rest


def test_the_method_says_by_what_the_worst_is_first(large: CopilData) -> None:
    """−0,4 % stood before −8 %, and no page said why."""
    words = "rangé par cet écart, l’avancement compté de 0 à 100 %"
    for paper in (method(large), statuses_told(large.situation)):
        assert any(words in plain(text) for text in paragraphs(paper))
