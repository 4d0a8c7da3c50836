"""A situation that takes over what has not moved says the same as one that is reckoned anew."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.model import Aggregation, Dossier, Measurement, Objective, Sens
from qpvdesk.domain.situation import Situation
from tests.unit.domain.builders import (
    FRANCE,
    NORD,
    PAS_DE_CALAIS,
    dossier,
    measurement,
    milestone,
    objective,
    population,
)

DAY = date(2026, 6, 30)
START = date(2024, 1, 1)
CODES = [f"BPI-O0{number}" for number in range(1, 6)]
TERRITORIES = (FRANCE, NORD, PAS_DE_CALAIS)


@st.composite
def objectives(draw: st.DrawFn, code: str) -> Objective:
    """An objective of any kind; it may decline an earlier one, or be compared to any other."""
    earlier = CODES[: CODES.index(code)]
    sens = draw(st.sampled_from(list(Sens)))
    return objective(
        code,
        sens,
        start=draw(st.sampled_from([None, ("10", "2024-01-01"), ("0", "2023-12-31")])),
        target=draw(st.sampled_from([None, ("40", "2027-12-31"), ("5", "2026-06-30")])),
        unit=draw(st.sampled_from(["bus", "%"])),
        parent=draw(st.none() | st.sampled_from(earlier)) if earlier else None,
        reference=draw(st.none() | st.sampled_from([other for other in CODES if other != code])),
        aggregation=draw(st.sampled_from(list(Aggregation))),
        territory=draw(st.sampled_from(TERRITORIES)).key,
    )


@st.composite
def figures(draw: st.DrawFn) -> Measurement:
    """A figure, now and then on another territory or after the day."""
    day = START + timedelta(days=draw(st.integers(0, 1000)))
    return measurement(
        draw(st.sampled_from(CODES)),
        draw(st.integers(0, 60)),
        day.isoformat(),
        territory=draw(st.sampled_from(TERRITORIES)).key,
        key=f"m-{draw(st.integers(0, 10**6))}",
    )


@st.composite
def contracts(draw: st.DrawFn) -> Dossier:
    held = [draw(objectives(code)) for code in CODES]
    return dossier(
        *held,
        measurements=tuple(draw(st.lists(figures(), max_size=10, unique_by=lambda item: item.key))),
        milestones=(milestone(held[0], 20, "2025-12-31"),),
        populations=tuple(population(territory, 100) for territory in TERRITORIES),
    )


@st.composite
def changes(draw: st.DrawFn, before: Dossier) -> Dossier:
    """The contract after one change of its figures, or of what is reckoned from what."""
    kinds = ["added", "objective", "population"] + (["corrected", "removed"] if before.measurements else [])
    match draw(st.sampled_from(kinds)):
        case "added":
            kept = (*before.measurements, draw(figures()))
        case "corrected":
            item = draw(st.sampled_from(before.measurements))
            value = Decimal(draw(st.integers(0, 60)))
            kept = tuple(replace(m, value=value) if m is item else m for m in before.measurements)
        case "removed":
            item = draw(st.sampled_from(before.measurements))
            kept = tuple(m for m in before.measurements if m is not item)
        case "population":
            return replace(before, populations=before.populations[1:])
        case _:
            place = draw(st.integers(0, len(CODES) - 1))
            changed = draw(objectives(CODES[place]))
            return replace(
                before, objectives=(*before.objectives[:place], changed, *before.objectives[place + 1 :])
            )
    ordered = sorted(kept, key=lambda item: (item.objective, item.day, item.key))
    return replace(before, measurements=tuple(ordered))


def asked(situation: Situation) -> dict[str, object]:
    """Everything that can be asked of a situation and that it keeps."""
    codes = [item.key for item in situation.dossier.objectives]
    return {
        "assessments": dict(situation.assessments),
        "counts": dict(situation.counts),
        "partners": situation.partners,
        "counted": situation.counted,
        "projections": {code: situation.projection(code) for code in codes},
        "series": {code: situation.series(code) for code in codes},
        "readings": {code: situation.reading(code, situation.day) for code in codes},
        "to look at": (situation.to_treat, situation.to_look_at(3)),
        "matrix": dict(situation.matrix()),
    }


@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_taken_over_equals_what_is_reckoned_anew(data: st.DataObject) -> None:
    before = data.draw(contracts())
    known = Situation(before, DAY)
    if data.draw(st.booleans()):
        asked(known)
    for _ in range(data.draw(st.integers(1, 3))):
        after = data.draw(changes(before))
        known = Situation(after, DAY, known)
        assert asked(known) == asked(Situation(after, DAY))
        before = after


def test_a_parity_follows_a_corrected_figure_of_its_reference() -> None:
    reference = objective("BPI-O01", Sens.SUIVI, unit="%")
    parity = objective("BPI-O02", Sens.PARITE, unit="%", reference=reference.key)
    figures = (measurement(reference, 16, "2026-01-31"), measurement(parity, 18, "2026-01-31"))
    before = dossier(reference, parity, measurements=figures)
    corrected = replace(figures[0], value=Decimal(20))
    after = dossier(reference, parity, measurements=(corrected, figures[1]))
    taken_over = Situation(after, DAY, Situation(before, DAY)).assessments[parity.key]
    assert taken_over == Situation(after, DAY).assessments[parity.key]
    assert taken_over != Situation(before, DAY).assessments[parity.key]


def test_nothing_is_taken_over_from_another_day() -> None:
    only = objective(start=(10, "2024-01-01"), target=(40, "2027-12-31"))
    held = dossier(
        only, measurements=(measurement(only, 12, "2024-06-30"), measurement(only, 30, "2026-05-31"))
    )
    earlier = Situation(held, date(2025, 1, 1))
    assert asked(Situation(held, DAY, earlier)) == asked(Situation(held, DAY))
