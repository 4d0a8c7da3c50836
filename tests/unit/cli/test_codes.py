"""The codes of what a contract holds, those that it has and those that it is given."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from qpvdesk.cli.codes import coded, named
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Decision, Dossier, Meeting, MeetingKind, Step
from tests.helpers import invented


@pytest.fixture
def dossier() -> Dossier:
    base = invented.dossier()
    first, second = base.engagements[:2]
    steps = tuple(
        Step(f"s{at}", key, f"étape {at}", at) for at, key in enumerate((first.key, second.key, first.key))
    )
    meeting = Meeting("m", base.contract.key, MeetingKind.COPIL, date(2026, 6, 30))
    return replace(base, steps=steps, meetings=(meeting,), decisions=(Decision("d", "m", "Relancer", 2),))


def test_what_has_a_code_is_found_by_it_in_any_case(dossier: Dossier) -> None:
    objective = dossier.objectives[0]
    assert named(dossier, "objective", f" {objective.code.lower()} ") is objective
    assert named(dossier, "contract", dossier.contract.code) is dossier.contract


def test_what_has_none_takes_its_owner_s_and_a_number(dossier: Dossier) -> None:
    first, second = (item.code for item in dossier.engagements[:2])
    assert [code for code, _ in coded(dossier, BY_NAME["step"])] == [
        f"{first}-1",
        f"{second}-1",
        f"{first}-2",
    ]
    assert named(dossier, "step", f"{first}-2").key == "s2"


def test_a_decision_is_named_by_its_meeting_and_its_rank(dossier: Dossier) -> None:
    assert named(dossier, "decision", "copil-2026-06-30-d2").key == "d"


def test_an_unknown_code_is_told_with_the_nearest_or_the_first(dossier: Dossier) -> None:
    near = dossier.objectives[0].code
    with pytest.raises(UserError) as refusal:
        named(dossier, "objective", f"{near}X")
    assert near in refusal.value.remedy
    with pytest.raises(UserError) as refusal:
        named(dossier, "partner", "@@@")
    assert dossier.partners[0].code in refusal.value.remedy
    with pytest.raises(UserError, match="Aucune étape") as refusal:
        named(replace(dossier, steps=()), "step", "A-1")
    assert refusal.value.remedy == "Il n’y en a aucun."
