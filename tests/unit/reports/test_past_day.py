"""A paper of a past day says nothing of what was decided since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.model import Decision, Dossier, Meeting, MeetingKind
from qpvdesk.domain.situation import situation
from qpvdesk.services.printing import MODELS, Request, write_report
from tests.helpers import invented
from tests.helpers.paper_text import text
from tests.helpers.reviews import review_of

_NAMED = "PARPAING"


def _decided_since() -> Dossier:
    """The invented contract, where a meeting of the month after decided something of each partner and of the préfet's
    services."""
    dossier = invented.dossier()
    since = Meeting("since", "k", MeetingKind.COTECH, invented.TODAY + timedelta(days=20))
    coming = replace(since, key="coming", kind=MeetingKind.COPIL, day=invented.TODAY + timedelta(days=50))
    carriers = [*(partner.short_name for partner in dossier.partners), "Préfecture"]
    decisions = tuple(
        Decision(f"d{rank}", "since", f"{_NAMED} de {whose} ({codes})", rank, whose, since.day)
        for rank, (whose, codes) in enumerate(
            zip(carriers, [*_codes(dossier), "tous les objectifs"], strict=True), 1
        )
    )
    return replace(dossier, meetings=(*dossier.meetings, since, coming), decisions=decisions)


def _codes(dossier: Dossier) -> Iterator[str]:
    for partner in dossier.partners:
        yield ", ".join(item.code for item in dossier.objectives if item.partner == partner.key)


@pytest.mark.parametrize("word", [word for word in MODELS if word not in {"emargement", "visite", "saisie"}])
def test_no_paper_of_a_day_tells_what_was_decided_after_it(word: str, tmp_path: Path) -> None:
    dossier = _decided_since()
    review = review_of(situation(dossier, invented.TODAY))
    request = Request(word, partner="BPI", territory=dossier.territories[0].code)
    path = tmp_path / "paper.pdf"
    write_report(request, review, path)
    told = text(path)
    assert _NAMED not in told
    assert "COTECH-2026-07-20-D" not in told
