"""What an objective « sans trajectoire » lacks, and no more: none of what is to be done by a date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec.structs import replace

from qpvdesk.domain.lacks import Lack, awaits_steps, trajectory_lacks, undivided
from qpvdesk.domain.model import Objective, Sens, Step
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.targets import lacks_target
from tests.unit.charts.dossiers import busy
from tests.unit.domain.builders import objective
from tests.unit.domain.test_progress import look

BEFORE, START, DUE = "2025-06-30", (1, "2023-12-31"), (9, "2027-12-31")


@pytest.mark.parametrize(
    ("item", "lacks"),
    [
        (objective(target=DUE), (Lack.START,)),
        (objective(start=(1, None), target=DUE), (Lack.START,)),
        (objective(start=(1, "2028-12-31"), target=DUE), (Lack.START,)),
        (objective(start=START, target=(9, None)), (Lack.DATE,)),
        (objective(target=(9, None)), (Lack.START, Lack.DATE)),
        (objective(start=START, target=(None, "2027-12-31")), (Lack.TARGET,)),
        (objective(start=(12, "2023-12-31"), target=DUE), (Lack.START, Lack.TARGET)),
        (objective(sens=Sens.PLANCHER, target=(None, "2027-12-31")), (Lack.TARGET,)),
        (objective(sens=Sens.PARITE, reference="X", target=(None, "2027-12-31")), (Lack.REFERENCE,)),
        # Its start and its date were asked for, and both are known.
        (objective(sens=Sens.JALON, start=(0, "2023-12-31"), target=(1, "2027-12-31")), ()),
        (objective(sens=Sens.JALON, target=(None, "2027-12-31")), ()),
        (objective(sens=Sens.JALON, target=(1, None)), (Lack.DATE,)),
    ],
)
def test_what_has_no_trajectory_lacks_what_it_has_not(item: Objective, lacks: tuple[Lack, ...]) -> None:
    seen = look(item, 0, BEFORE)
    assert seen.status is Statut.SANS_TRAJECTOIRE
    assert trajectory_lacks(seen) == lacks


def test_a_parity_by_a_date_and_what_has_a_status_lack_nothing() -> None:
    parity = look(
        objective(sens=Sens.PARITE, reference="X", target=(None, DUE[1])), 4, BEFORE, BEFORE, "16.4"
    )
    assert (parity.status, parity.rate) == (Statut.SANS_TRAJECTOIRE, Fraction(0))
    assert trajectory_lacks(parity) == ()
    assert trajectory_lacks(look(objective(start=START, target=DUE), 3, BEFORE)) == ()
    # Missed on its date, it is given no start any more.
    assert trajectory_lacks(look(objective(target=DUE), 3, BEFORE, "2028-01-01")) == ()


@pytest.mark.parametrize(
    ("item", "lacks"),
    [
        (objective(start=START), True),
        (objective(start=START, target=DUE), False),
        (objective(sens=Sens.PLAFOND, start=START), True),
        (objective(sens=Sens.INTERVALLE, target=(4, None)), True),
        (objective(sens=Sens.INTERVALLE, target=(4, None), target_max=9), False),
        (objective(sens=Sens.PARITE), True),
        (objective(sens=Sens.PARITE, target=(4, None)), False),
        (objective(sens=Sens.PARITE, reference="X"), False),
        (objective(sens=Sens.JALON, target=(None, "2027-12-31")), False),
        (objective(sens=Sens.SUIVI), False),
    ],
)
def test_a_target_is_missing_where_one_is_needed(item: Objective, lacks: bool) -> None:
    assert lacks_target(item) is lacks


def test_a_thing_to_be_done_awaits_steps_where_its_engagement_has_none() -> None:
    """Six « réalisations » had their steps asked for on the sheets, and were in no count and no decision."""
    late = replace(
        busy().objectives[0], key="jalon", code="P1-O90", sens=Sens.JALON, start_value=None, start_date=None
    )
    due = replace(late, target_value=Decimal(1), target_date=date(2030, 12, 31))
    value = replace(busy().measurements[0], key="mj", objective="jalon", value=Decimal(0))
    base = replace(busy(), steps=(), objectives=(due,), measurements=(value,))
    now = situation(base, date(2026, 6, 30))
    assert awaits_steps(now, now.assessments["jalon"])
    assert [item.objective.code for item in undivided(now)] == ["P1-O90"]
    step = Step("s", due.engagement or "", "Réunir les associations", 1)
    stepped = situation(replace(base, steps=(step,)), date(2026, 6, 30))
    assert not undivided(stepped)
    # What precises an engagement is followed with it, and so are its steps.
    whole = next(item for item in base.engagements if item.key == due.engagement)
    part = replace(whole, key="part", code="P1-E90", parent=whole.key)
    precise = replace(
        base, engagements=(*base.engagements, part), objectives=(replace(due, engagement="part"),)
    )
    assert undivided(situation(precise, date(2026, 6, 30)))
    assert not undivided(situation(replace(precise, steps=(step,)), date(2026, 6, 30)))
    undated = situation(replace(base, objectives=(replace(due, target_date=None),)), date(2026, 6, 30))
    assert not undivided(undated), "its date is asked for, and nothing else"
