"""The code that an officer gave a thing leads to it by every road, in small letters too: no road changes them."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.expected import Asked
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.situation import situation
from qpvdesk.services import measurements, printing
from qpvdesk.services.figures import covering
from tests.helpers import invented
from tests.helpers.reviews import review_of


def in_small_letters() -> Dossier:
    held = invented.dossier()
    return replace(
        held,
        partners=tuple(replace(item, code=item.code.lower()) for item in held.partners),
        objectives=tuple(replace(item, code=item.code.lower()) for item in held.objectives),
        engagements=tuple(replace(item, code=item.code.lower()) for item in held.engagements),
        territories=tuple(replace(item, code=f"lieu-{rank}") for rank, item in enumerate(held.territories)),
    )


def test_each_road_leads_to_it(tmp_path: Path) -> None:
    held = in_small_letters()
    partner, goal, place = held.partners[0], held.objectives[0], held.territories[0]
    for code in (goal.code, goal.code.upper()):
        assert measurements.objective_coded(held, code) == goal
    assert measurements.territory_coded(held, place.code) == place
    now = situation(held, invented.TODAY)
    assert covering.cover(now, partner.code, "f.xlsx", Asked.EXPECTED).body
    for request in (
        printing.Request("partenaire", partner=partner.code),
        printing.Request("territoire", territory=place.code),
    ):
        assert printing.write_report(request, review_of(now), tmp_path / "f.pdf") >= 1
