"""What a paper counts is what it names: the same things, asked for what they lack."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from reportlab.platypus import Flowable

from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut, to_handle
from qpvdesk.reports.copied_blocks import paragraph_text
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.sections.decisions import expected_decisions
from qpvdesk.reports.sections.drawings import trajectories
from qpvdesk.reports.sections.essential import secretariat_sentence
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.text import Paragraph, clean
from tests.bench import synthetic
from tests.helpers import invented
from tests.helpers.reviews import invented_review, review_of


@pytest.fixture(scope="module")
def large() -> CopilData:
    load_fonts()
    return CopilData(review_of(situation(synthetic.dossier(0, 300, 33), date(2026, 9, 30))))


def _told(blocks: list[Flowable]) -> list[str]:
    return [_plain(paragraph_text(block)) for block in blocks if isinstance(block, Paragraph)]


def _plain(text: str) -> str:
    return " ".join(clean(text).replace("\u2011", "-").split())


def _partner(data: CopilData, code: str) -> list[str]:
    (summary,) = [item for item in data.situation.partners if item.partner.code == code]
    return _told(partner_sheet(data, summary))


def test_the_start_of_what_has_one_is_asked_of_nobody(large: CopilData) -> None:
    """« Préciser le départ ou l’échéance de 6 objectifs sans trajectoire », of six things to be done by the end of 2027."""
    assert not [text for text in expected_decisions(large) if "Préciser" in text]
    assert "sans trajectoire" not in secretariat_sentence(large)
    asked = [text for text in _partner(large, "CD") if "CD-O018" in text and text.endswith("?")]
    assert any(text.startswith("Quelles étapes prévoyez-vous, d’ici l’échéance, pour ") for text in asked)


def test_what_lacks_its_start_alone_is_asked_for_it_alone() -> None:
    """« le départ ou l’échéance », of what is due at the end of 2027."""
    data = CopilData(invented_review())
    named = "« Ateliers tenus dans les quartiers » (FT-O04)"
    told = f"Préciser le départ de l’objectif sans trajectoire : {named}."
    assert told in map(_plain, expected_decisions(data))
    base = invented.dossier()
    fewer = {"BPI-O01": {"target_date": None}, "BPI-O02": {"start_value": None}}
    loose = tuple(replace(item, **fewer.get(item.code, {})) for item in base.objectives)
    several = CopilData(review_of(situation(replace(base, objectives=loose), invented.TODAY)))
    told = "Préciser le départ (2) ou l’échéance (1) de 3 objectifs sans trajectoire (Bpifrance 2, France Travail 1)."
    assert told in map(_plain, expected_decisions(several))


def test_what_has_no_drawing_is_counted_with_what_is_to_be_treated(large: CopilData) -> None:
    """« Et 13 autres objectifs à traiter » of a chapter that counts 16 and draws 2: what is missed was forgotten."""
    now = large.situation
    left = {
        summary.partner.code: to_handle(summary.counts) - 2
        for summary in now.partners
        if summary.counts[Statut.NON_ATTEINT]
    }
    assert left
    for summary in now.partners:
        if summary.partner.code in left:
            blocks = _told(trajectories(now, now.objectives_of_partner(summary.partner.key)))
            told = f"Et {left[summary.partner.code]} autres objectifs à traiter, plus haut dans ce chapitre."
            assert blocks[-1] == told
