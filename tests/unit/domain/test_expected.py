"""Whom to ask for what a total waits for, and for which of its parts."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.domain.alerts import SANS_RELEVE, VALEUR_ANCIENNE, alerts
from qpvdesk.domain.expected import asked_of, first_values, late_parts, to_ask, values_to_renew
from qpvdesk.domain.model import Aggregation, Dossier, Frequency, Objective, Sens
from qpvdesk.domain.situation import Situation, situation
from tests.unit.domain.builders import BPI, FT, NORD, PAS_DE_CALAIS, day, dossier, measurement, objective

WHOLE = objective(target=(10, "2030-12-31"), aggregation=Aggregation.SOMME)
OWN = objective("BPI-O02", parent=WHOLE.key, territory=NORD.key)
THEIRS = objective("FT-O01", parent=WHOLE.key, territory=PAS_DE_CALAIS.key, partner=FT.key)


def standing(
    *items: tuple[Objective, str | None], on: str = "2026-06-30", above: Objective = WHOLE
) -> Situation:
    """What stands on that day, each part with a value of its own day, or with none."""
    values = [
        replace(measurement(item, 3, when), key=item.code, territory=item.territory)
        for item, when in items
        if when is not None
    ]
    full: Dossier = dossier(above, *(item for item, _ in items), measurements=tuple(values))
    return situation(full, day(on))


def asked(now: Situation) -> list[tuple[str, str, list[str]]]:
    return [
        (item.told.objective.code, item.partner, [part.objective.code for part in item.asked])
        for item in values_to_renew(now)
    ]


def old_part(now: Situation) -> str:
    (alert,) = [point for point in alerts(now) if point.kind == VALEUR_ANCIENNE]
    return alert.statement.partition(" date du ")[0]


def test_a_late_part_is_asked_of_who_holds_it_and_of_nobody_else() -> None:
    now = standing((OWN, "2026-05-31"), (THEIRS, "2024-12-31"))
    assert asked(now) == [("BPI-O01", FT.key, ["FT-O01"])]
    (alert,) = [point for point in alerts(now) if point.kind == VALEUR_ANCIENNE]
    assert (alert.object, alert.partner) == ("BPI-O01", FT.key)
    assert alert.remedy == "Demandez la valeur à jour de FT-O01 au partenaire (France Travail)."
    assert [item.objective.code for item in asked_of(now, FT.key)] == ["FT-O01"]
    assert asked_of(now, BPI.key) == ()


def test_two_late_parts_are_asked_each_of_its_own_the_oldest_first() -> None:
    both = standing((OWN, "2024-12-31"), (THEIRS, "2024-11-30"))
    assert asked(both) == [("BPI-O01", FT.key, ["FT-O01"]), ("BPI-O01", BPI.key, ["BPI-O02"])]
    found = [point for point in alerts(both) if point.kind == VALEUR_ANCIENNE]
    assert [point.statement.partition(" date du ")[0] for point in found] == [
        "la plus ancienne de ses déclinaisons (FT-O01)",
        "une autre de ses déclinaisons (BPI-O02)",
    ]
    assert len({point.ident for point in found}) == 2
    # Those of one partner in its own total are one thing to ask, by their codes.
    more = objective("BPI-O03", parent=WHOLE.key, territory=PAS_DE_CALAIS.key)
    alone = standing((OWN, "2024-12-31"), (more, "2024-11-30"))
    assert asked(alone) == [("BPI-O01", BPI.key, ["BPI-O03", "BPI-O02"])]
    (point,) = [point for point in alerts(alone) if point.kind == VALEUR_ANCIENNE]
    assert point.remedy == "Demandez la valeur à jour de BPI-O03 et de BPI-O02 au partenaire (Bpifrance)."


def test_a_part_is_late_by_its_own_frequency_or_by_that_of_what_it_makes() -> None:
    quick = replace(THEIRS, frequency=Frequency.TRIMESTRIELLE)
    now = standing((OWN, "2026-05-31"), (quick, "2025-12-31"))
    assert not now.assessments[WHOLE.key].outdated
    assert asked(now) == [("FT-O01", FT.key, ["FT-O01"])]
    assert not late_parts(now)
    often = replace(WHOLE, frequency=Frequency.TRIMESTRIELLE)
    now = standing((OWN, "2026-05-31"), (THEIRS, "2025-12-31"), above=often)
    assert not now.assessments[THEIRS.key].outdated
    assert asked(now) == [("BPI-O01", FT.key, ["FT-O01"])]
    assert late_parts(now) == {THEIRS.key}
    assert [item.objective.code for item in (*to_ask(now), *asked_of(now, FT.key))] == ["FT-O01", "FT-O01"]


def test_what_was_done_or_is_given_once_is_asked_of_nobody_anew() -> None:
    once = replace(THEIRS, frequency=Frequency.UNIQUE)
    now = standing((OWN, "2024-12-31"), (once, "2024-11-30"))
    assert asked(now) == [("BPI-O01", BPI.key, ["BPI-O02"])]
    assert old_part(now) == "une de ses déclinaisons (BPI-O02)"
    # Where nothing else is old, who promised the whole is asked.
    now = standing((OWN, "2026-05-31"), (once, "2024-11-30"))
    assert asked(now) == [("BPI-O01", BPI.key, ["BPI-O01"])]
    assert old_part(now) == "la plus ancienne de ses déclinaisons (FT-O01)", "the total is no part of itself"
    assert not late_parts(now)


def test_a_total_within_a_total_is_asked_for_by_what_is_measured() -> None:
    middle = replace(OWN, aggregation=Aggregation.SOMME)
    leaf = replace(THEIRS, code="FT-O02", key="FT-O02", parent=middle.key, territory=NORD.key)
    now = standing((middle, None), (leaf, "2024-12-31"), (THEIRS, "2026-05-31"))
    assert asked(now) == [("BPI-O01", FT.key, ["FT-O02"])]
    (request,) = values_to_renew(now)
    assert request.whole.objective == WHOLE


def test_what_a_total_waits_for_is_asked_of_who_holds_it() -> None:
    now = standing((OWN, "2026-05-31"), (THEIRS, None))
    assert [(item.partner, item.named.objective.code) for item in first_values(now)] == [(FT.key, "FT-O01")]
    (point,) = [point for point in alerts(now) if point.kind == SANS_RELEVE]
    assert (point.object, point.partner) == ("BPI-O01", FT.key)
    assert point.remedy == "Demandez la valeur de FT-O01 au partenaire (France Travail)."
    # A part of its own is one of the places that it counts itself.
    now = standing((OWN, None), (THEIRS, "2026-05-31"))
    assert [(item.partner, item.named.objective.code) for item in first_values(now)] == [(BPI.key, "BPI-O01")]
    followed = replace(WHOLE, sens=Sens.SUIVI)
    assert not first_values(standing((OWN, None), (THEIRS, "2026-05-31"), above=followed))


def test_totals_that_are_parts_of_each_other_are_asked_for_all_the_same() -> None:
    ring = replace(WHOLE, parent="BPI-O02")
    now = standing((replace(OWN, aggregation=Aggregation.SOMME), None), above=ring)
    assert not values_to_renew(now)
    assert not first_values(now)
    # Its own part, it is counted, and is asked for once.
    alone = standing(above=replace(WHOLE, parent=WHOLE.key))
    assert [item.named.objective.code for item in first_values(alone)] == ["BPI-O01"]
