"""The code that an officer gave a thing leads to it by every road, in small letters too: no road changes them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import Asked
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.situation import situation
from qpvdesk.services import bases, measurements, printing
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import covering
from qpvdesk.storage import opening
from tests.helpers import invented
from tests.helpers.reviews import review_of

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


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


def test_a_contract_is_found_whatever_its_capitals(tmp_path: Path) -> None:
    bases.create(tmp_path / "b.db", "lens-lievin", now=NOW)
    with opening.open_base(tmp_path / "b.db") as base:
        desk = Desk(base, today=lambda: invented.TODAY)
        assert desk.contract("Lens-Lievin").code == "lens-lievin"
        assert desk.dossier("LENS-LIEVIN").contract.code == "lens-lievin"
        with pytest.raises(UserError, match="Codes connus\u202f: lens-lievin"):
            desk.contract("lens")
