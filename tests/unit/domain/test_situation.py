"""A whole contract on a day: territories, partners, what worries and what moved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.agenda import next_dates
from qpvdesk.domain.french import format_value
from qpvdesk.domain.model import (
    Aggregation,
    Decision,
    DecisionState,
    Level,
    Measurement,
    Meeting,
    MeetingKind,
    Mesure,
    Meteo,
    Population,
    Sens,
    Step,
    Weather,
)
from qpvdesk.domain.moves import Outcome, moves_between
from qpvdesk.domain.shares import quote_part
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut, Trend
from tests.helpers import invented
from tests.unit.domain.builders import (
    BPI,
    FRANCE,
    FT,
    NORD,
    PAS_DE_CALAIS,
    day,
    dossier,
    engagement,
    measurement,
    milestone,
    objective,
    population,
)

WHOLE = objective(
    "ARS-O01", target=(60, "2027-12-31"), start=(0, "2024-01-01"), aggregation=Aggregation.SOMME
)
NORTH = objective("ARS-O02", parent="ARS-O01", territory=NORD.key)
SOUTH = objective("ARS-O03", parent="ARS-O01", territory=PAS_DE_CALAIS.key)
FAMILY = (WHOLE, NORTH, SOUTH)


def test_a_parent_is_the_sum_of_its_children_dated_by_the_oldest() -> None:
    values = (
        measurement(WHOLE, 44, "2024-01-01"),
        measurement(NORTH, 26, "2024-06-30"),
        measurement(SOUTH, 10, "2025-06-30"),
    )
    seen = situation(dossier(*FAMILY, measurements=values), day("2025-12-31")).assessments["ARS-O01"]
    assert (seen.value, seen.value_day, seen.aggregated) == (36, day("2024-06-30"), True)
    assert (seen.rate, seen.measurement, seen.missing) == (Fraction(36, 60), None, ())
    assert [(part.code, part.day, part.value) for part in seen.parts] == [
        ("ARS-O02", day("2024-06-30"), 26),
        ("ARS-O03", day("2025-06-30"), 10),
    ]


def test_a_parent_waits_for_every_child_and_names_those_that_miss() -> None:
    values = (measurement(NORTH, 26, "2024-06-30"), measurement(SOUTH, 10, "2025-06-30"))
    seen = situation(dossier(*FAMILY, measurements=values), day("2025-06-29")).assessments["ARS-O01"]
    assert (seen.value, seen.status, seen.missing) == (None, Statut.NON_RENSEIGNE, ("ARS-O03",))
    assert [part.day for part in seen.parts] == [day("2024-06-30"), None]


def test_what_a_parent_measured_itself_stands_beside_what_its_children_make() -> None:
    own = measurement(WHOLE, 44, "2024-01-01")
    north, south = measurement(NORTH, 26, "2024-06-30"), measurement(SOUTH, 10, "2025-06-30")
    for children, value, missing in (
        ((), None, ("ARS-O02", "ARS-O03")),
        ((north,), None, ("ARS-O03",)),
        ((north, south), 36, ()),
    ):
        full = dossier(*FAMILY, measurements=(own, *children))
        now = situation(full, day("2025-12-31"))
        seen = now.assessments["ARS-O01"]
        assert (seen.value, seen.missing) == (value, missing)
        assert seen.own is not None
        assert (seen.own.value, seen.own.day) == (44, day("2024-01-01"))
        assert [figure for _, figure in now.series("ARS-O01")] == ([] if value is None else [36])
    assert situation(dossier(*FAMILY), day("2025-12-31")).assessments["ARS-O01"].own is None


def test_no_aggregation_means_the_parents_own_value() -> None:
    own = replace(WHOLE, aggregation=Aggregation.AUCUN)
    values = (measurement(own, 44, "2024-01-01"), measurement(NORTH, 1, "2024-06-30"))
    seen = situation(dossier(own, NORTH, SOUTH, measurements=values), day("2025-06-29")).assessments[
        "ARS-O01"
    ]
    assert (seen.value, seen.parts) == (44, ())


def test_a_retired_child_counts_no_more() -> None:
    values = (measurement(NORTH, 26, "2024-06-30"), measurement(SOUTH, 10, "2025-06-30"))
    seen = situation(
        dossier(WHOLE, NORTH, replace(SOUTH, retired=True), measurements=values), day("2025-12-31")
    )
    assert seen.assessments["ARS-O01"].value == 26
    assert "ARS-O03" not in seen.assessments


def test_a_share_is_the_sum_over_the_sum_never_the_mean_of_shares() -> None:
    whole = replace(WHOLE, aggregation=Aggregation.PART, unit="%")
    values = (
        measurement(NORTH, 50, "2024-06-30", numerator=Decimal(1), denominator=Decimal(2)),
        measurement(SOUTH, 10, "2024-06-30", numerator=Decimal(10), denominator=Decimal(98)),
    )
    seen = situation(dossier(whole, NORTH, SOUTH, measurements=values), day("2025-12-31")).assessments[
        "ARS-O01"
    ]
    assert seen.value == 11
    bare = (replace(values[0], numerator=None), values[1])
    seen = situation(dossier(whole, NORTH, SOUTH, measurements=bare), day("2025-12-31")).assessments[
        "ARS-O01"
    ]
    assert (seen.value, seen.missing) == (None, ("ARS-O02",))
    assert seen.parts[0].reason


def test_a_mean_is_weighted_by_one_perimeter_of_population() -> None:
    whole = replace(WHOLE, aggregation=Aggregation.MOYENNE_PONDEREE)
    values = (measurement(NORTH, 10, "2024-06-30"), measurement(SOUTH, 40, "2024-06-30"))
    people = (population(NORD, 200), population(PAS_DE_CALAIS, 100), population(NORD, 1, "totale"))
    full = dossier(whole, NORTH, SOUTH, measurements=values, populations=people)
    assert situation(full, day("2025-12-31")).assessments["ARS-O01"].value == 20
    partial = replace(full, populations=people[:1])
    seen = situation(partial, day("2025-12-31")).assessments["ARS-O01"]
    assert (seen.value, seen.missing) == (None, ("ARS-O02", "ARS-O03"))


def test_an_aggregate_has_a_series_a_trend_and_a_projection() -> None:
    values = (
        measurement(NORTH, 10, "2024-06-30"),
        measurement(SOUTH, 5, "2024-06-30"),
        measurement(NORTH, 20, "2025-06-30"),
        measurement(SOUTH, 10, "2025-06-30"),
    )
    seen = situation(dossier(*FAMILY, measurements=values), day("2025-12-31"))
    assert seen.series("ARS-O01") == ((day("2024-06-30"), 15), (day("2025-06-30"), 30))
    assert seen.assessments["ARS-O01"].trend is Trend.HAUSSE
    projection = seen.projection("ARS-O01")
    assert projection is not None
    assert projection.value > 60


def test_objectives_that_decline_each_other_in_a_ring_are_merely_unknown() -> None:
    one = objective("X-1", parent="X-2", aggregation=Aggregation.SOMME)
    two = objective("X-2", parent="X-1", aggregation=Aggregation.SOMME)
    seen = situation(dossier(one, two), day("2025-01-01"))
    assert {item.status for item in seen.assessments.values()} == {Statut.NON_RENSEIGNE}
    assert seen.series("X-1") == ()


@given(
    st.lists(
        st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 99)), max_size=4),
        min_size=1,
        max_size=4,
    ),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
)
def test_a_parent_equals_the_sum_of_its_children(groups: list[list[tuple[date, int]]], on: date) -> None:
    children = [objective(f"ARS-C{n}", parent="ARS-O01", territory=NORD.key) for n in range(len(groups))]
    values = tuple(
        measurement(child, value, str(when), key=f"{child.key}-{rank:03}")
        for child, group in zip(children, groups, strict=True)
        for rank, (when, value) in enumerate(sorted(group, key=lambda pair: pair[0]))
    )
    seen = situation(dossier(WHOLE, *children, measurements=values), on).assessments
    parts = [seen[child.key].value for child in children]
    parent = seen["ARS-O01"]
    known = [part for part in parts if part is not None]
    assert parent.value == (sum(known) if len(known) == len(parts) else None)
    if parent.value is None:
        assert parent.missing == tuple(child.code for child in children if seen[child.key].value is None)


def test_parity_compares_with_the_reference_on_the_values_own_day() -> None:
    reference = objective("FT-O00", Sens.SUIVI, unit="%", partner=FT.key)
    share = objective("FT-O01", Sens.PARITE, unit="%", reference="FT-O00", partner=FT.key)
    values = (
        measurement(reference, "16.4", "2023-12-31"),
        measurement(reference, "18.0", "2025-06-30"),
        measurement(share, "17.0", "2024-12-31"),
    )
    seen = situation(dossier(reference, share, measurements=values), day("2026-01-01")).assessments["FT-O01"]
    assert (seen.status, seen.gap) == (Statut.ATTEINT, Fraction("0.6"))
    assert (seen.reference_value, seen.reference_day) == (Fraction("16.4"), day("2023-12-31"))
    later = dossier(reference, share, measurements=(*values, measurement(share, "17.0", "2025-12-31")))
    seen = situation(later, day("2026-01-01")).assessments["FT-O01"]
    assert (seen.status, seen.gap, seen.trend) == (Statut.NON_ATTEINT, -1, Trend.BAISSE)


def test_only_the_objectives_own_territory_makes_its_value() -> None:
    item = objective(target=(40, "2027-12-31"))
    values = (measurement(item, 27, "2025-06-30"), measurement(item, 3, "2025-12-31", territory=NORD.key))
    seen = situation(dossier(item, measurements=values), day("2026-01-01"))
    assert seen.assessments[item.key].value == 27
    assert [found.value for found in seen.measurements_of_other_places(item.key)] == [3]


def test_what_was_entered_on_a_known_day_comes_after_what_came_with_the_contract() -> None:
    item = objective(target=(40, "2027-12-31"))
    starter = measurement(item, 27, "2025-06-30", key="f-starter")
    entered = measurement(item, 29, "2025-06-30", key="0-entered", entered_on=day("2025-07-02"))
    seen = situation(dossier(item, measurements=(starter, entered)), day("2026-01-01"))
    assert seen.assessments[item.key].value == 29
    assert seen.assessments[item.key].previous is None


def test_the_day_can_be_set_back() -> None:
    item = objective(start=(21, "2023-12-31"), target=(40, "2027-12-31"))
    full = dossier(
        item, measurements=(measurement(item, 27, "2025-06-30"), measurement(item, 35, "2026-06-30"))
    )
    assert situation(full, day("2026-06-29")).assessments[item.key].value == 27
    assert situation(full, day("2026-06-30")).assessments[item.key].value == 35
    assert situation(full, day("2025-06-29")).measurements_of(item.key) == ()


def test_means_cover_ways_to_go_not_flags_and_say_how_many() -> None:
    ends = {"start": (0, "2024-01-01"), "target": (100, "2027-12-31")}
    items = (
        objective("A", **ends),
        objective("B", **ends, weight=Decimal(3)),
        objective("C", Sens.PLANCHER, target=(1, "2027-12-31")),
        objective("D", start=(9, "2024-01-01"), target=(9, "2027-12-31")),
        objective("E", Sens.JALON),
        objective("F", Sens.SUIVI),
        objective("G", **ends),
    )
    values = tuple(
        measurement(item, v, "2025-01-01") for item, v in zip(items, (300, 20, 1, 9, 1, 7), strict=False)
    )
    seen = situation(dossier(*items, measurements=values), day("2025-01-01"))
    summary = seen.partners[0]
    assert (summary.partner, summary.objectives, summary.rated) == (BPI, 6, 2)
    assert summary.mean_rate == (1 + 3 * Fraction(1, 5)) / 4
    assert seen.partners[1].mean_rate is None
    assert summary.scale is Level.NATION
    assert sum(summary.counts.values()) == sum(seen.counts.values()) == 7
    assert (summary.counts[Statut.ATTEINT], summary.counts[Statut.NON_RENSEIGNE]) == (4, 1)
    cell = seen.matrix()[BPI.key, "entrepreneuriat"]
    assert cell == summary.counts


def test_the_quote_part_is_by_inhabitants_and_only_where_there_is_no_local_target() -> None:
    item = objective(target=(40, "2027-12-31"))
    people = (population(FRANCE, 5000), population(NORD, 200))
    seen = situation(dossier(item, populations=people), day("2025-01-01"))
    part = quote_part(seen, item, NORD)
    assert part is not None
    assert part.value == Fraction(40 * 200, 5000)
    assert quote_part(seen, item, PAS_DE_CALAIS) is None
    assert quote_part(seen, replace(item, unit="%"), NORD) is None
    assert quote_part(seen, replace(item, sens=Sens.SUIVI), NORD) is None
    assert quote_part(seen, replace(item, territory=PAS_DE_CALAIS.key), NORD) is None
    declined = dossier(item, replace(NORTH, parent=item.key), populations=people)
    assert quote_part(situation(declined, day("2025-01-01")), item, NORD) is None


def test_one_vintage_stands_in_a_quotient_or_there_is_none() -> None:
    item = objective(target=(21, "2027-12-31"), unit="postes")

    def told(*people: Population) -> str:
        seen = situation(dossier(item, populations=people), day("2025-01-01"))
        part = quote_part(seen, item, NORD)
        return part.words(item.unit) if part is not None else ""

    old, new = day("2015-01-01"), day("2024-01-01")
    whole, local = population(FRANCE, 700_000), population(NORD, 70_000)
    mixed = (replace(whole, vintage=old), replace(local, vintage=new))
    assert told(*mixed) == "aucune, les populations sont de deux millésimes (01/01/2024 et 01/01/2015)"
    both = (*mixed, replace(local, key="p3", vintage=old, value=Decimal(35_000)))
    assert " ".join(told(*both).split()) == "1 poste (habitants en QPV au 01/01/2015)"
    small = (replace(whole, vintage=new), replace(local, vintage=new, value=Decimal(26_000)))
    assert " ".join(told(*small).split()) == "< 1 poste (habitants en QPV au 01/01/2024)"


def test_a_weighted_mean_rests_on_one_vintage() -> None:
    family = (replace(WHOLE, aggregation=Aggregation.MOYENNE_PONDEREE), NORTH, SOUTH)
    values = (measurement(NORTH, 10, "2025-01-01"), measurement(SOUTH, 20, "2025-01-01"))
    people = (
        replace(population(NORD, 100), vintage=day("2015-01-01")),
        replace(population(PAS_DE_CALAIS, 300), vintage=day("2024-01-01")),
    )
    seen = situation(dossier(*family, measurements=values, populations=people), day("2026-01-01"))
    found = seen.assessments[WHOLE.key]
    assert found.value is None
    assert {part.reason for part in found.parts} == {"sans population d’un même millésime"}
    same = tuple(replace(item, vintage=day("2024-01-01")) for item in people)
    seen = situation(dossier(*family, measurements=values, populations=same), day("2026-01-01"))
    assert seen.assessments[WHOLE.key].value == Fraction(35, 2)


@pytest.mark.parametrize(
    ("unit", "changes", "dealt"),
    [
        ("bus", {}, True),
        ("M€", {}, True),
        ("heures", {}, False),
        ("heures", {"mesure": Mesure.CUMUL}, True),
        ("jours", {}, False),
        ("fois le départ", {}, False),
        ("ARMS pour 10\u202f000 habitants", {}, False),
        ("élèves par classe", {}, False),
        ("pt", {}, False),
        ("parcours", {}, True),
        ("postes", {"aggregation": Aggregation.SOMME}, True),
        ("postes", {"aggregation": Aggregation.MOYENNE_PONDEREE}, False),
    ],
)
def test_only_a_number_of_things_is_dealt_out(unit: str, changes: dict[str, Any], dealt: bool) -> None:
    item = replace(objective(target=(40, "2027-12-31")), unit=unit, **changes)
    people = (population(FRANCE, 5000), population(NORD, 200))
    seen = situation(dossier(item, populations=people), day("2025-01-01"))
    assert (quote_part(seen, item, NORD) is not None) == dealt


def test_worst_first() -> None:
    ends = {"start": (0, "2024-01-01"), "target": (100, "2027-12-31")}
    items = (
        objective("A", **ends),
        objective("B", **ends),
        objective("C", Sens.PLANCHER, target=(10, "2027-12-31")),
        objective("D", target=(10, "2027-12-31")),
        objective("E", **ends),
    )
    values = tuple(
        measurement(item, v, "2025-12-31") for item, v in zip(items, (30, 10, 5, 1, 60), strict=True)
    )
    seen = situation(dossier(*items, measurements=values), day("2026-01-01"))
    assert [item.objective.code for item in seen.to_treat] == ["C", "B", "A"]
    assert [item.objective.code for item in seen.to_look_at(1).shown] == ["C"]
    assert seen.to_look_at(1).left_out == 2


def test_moves_put_changes_of_status_first_and_the_worst_of_them_at_the_top() -> None:
    """A first value tells neither better nor worse: it follows what became better, as in every list in groups."""
    ends = {"start": (0, "2024-01-01"), "target": (100, "2027-12-31")}
    items = tuple(objective(code, **ends) for code in "ABCDE")
    values = []
    for item, before, after in zip(items, (25, 40, 25, 25, None), (51, 41, 70, None, 9), strict=True):
        if before is not None:
            values.append(measurement(item, before, "2025-01-01"))
        if after is not None:
            values.append(measurement(item, after, "2026-01-01"))
    full = dossier(*items, measurements=tuple(values))
    moves = moves_between(situation(full, day("2025-01-02")), situation(full, day("2026-01-01")))
    assert [move.objective.code for move in moves] == ["B", "C", "E", "A"]
    assert [move.status_changed for move in moves] == [True, True, True, False]
    assert "toujours" in moves[-1].sentence
    assert "première valeur connue" in moves[2].sentence
    assert all(move.sentence.endswith(".") for move in moves)
    same = situation(full, day("2026-01-01"))
    assert moves_between(same, same) == ()


def test_of_what_became_better_the_widest_comes_first_as_of_what_became_worse() -> None:
    """What reached its target was the last to be told: a list that is cut told « À surveiller » and left that out."""
    ends = {"start": (0, "2024-01-01"), "target": (100, "2027-12-31")}
    items = tuple(objective(code, **ends) for code in "ABCD")
    values = [
        measurement(item, value, when)
        for item, *both in zip(items, (10, 10, 26, 100), (51, 100, 27, 27), strict=True)
        for value, when in zip(both, ("2025-01-01", "2026-01-01"), strict=True)
    ]
    full = dossier(*items, measurements=tuple(values))
    moves = moves_between(situation(full, day("2025-01-02")), situation(full, day("2026-01-01")))
    assert [(move.objective.code, move.outcome) for move in moves] == [
        ("D", Outcome.WORSE),
        ("C", Outcome.WORSE),
        ("B", Outcome.BETTER),
        ("A", Outcome.BETTER),
    ]


def test_what_was_read_otherwise_since_did_not_move_its_value() -> None:
    item = objective("A", start=(0, "2024-01-01"), target=(100, "2027-12-31"))
    known = measurement(item, 25, "2025-01-01")
    then, now = day("2025-01-02"), day("2026-01-01")
    followed = replace(item, sens=Sens.SUIVI, target_value=None)
    for values in ((), (known,)):
        before = situation(dossier(item, measurements=values), then)
        assert moves_between(before, situation(dossier(followed, measurements=values), now)) == ()
    undated = situation(dossier(replace(item, target_date=None), measurements=(known,)), now)
    (move,) = moves_between(situation(dossier(item, measurements=(known,)), then), undated)
    assert "valeur inchangée" in move.sentence
    (unknown,) = moves_between(
        situation(dossier(item), then), situation(dossier(item, measurements=(known,)), now)
    )
    assert "première valeur connue" in unknown.sentence


def test_next_dates_come_in_order_and_share_a_line_when_many() -> None:
    one = objective("A", start=(0, "2024-01-01"), target=(9, "2027-12-31"))
    two = objective("B", start=(0, "2024-01-01"), target=(9, "2027-12-31"))
    done = objective("C", start=(0, "2024-01-01"), target=(9, "2026-05-01"))
    alone = objective("D", target=(9, "2026-08-01"))
    copil = Meeting("mt", "c", MeetingKind.COPIL, day("2026-06-01"))
    decisions = (
        Decision("d1", "mt", "Envoyer les chiffres", 1, due=day("2026-07-01")),
        Decision("d2", "mt", "Clore", 2, due=day("2026-07-02"), state=DecisionState.FAITE),
    )
    full = dossier(
        one,
        two,
        done,
        alone,
        measurements=(measurement(done, 9, "2026-01-01"),),
        milestones=(milestone(one, 5, "2026-09-01"),),
        meetings=(copil,),
        decisions=decisions,
        engagements=(engagement(due=day("2026-10-01")),),
        steps=(Step("s1", "BPI-E01", "Signer", due=day("2026-06-15")),),
    )
    found = next_dates(situation(full, day("2026-06-01")))
    assert [(item.day.isoformat(), item.code) for item in found] == [
        ("2026-06-01", "COPIL-2026-06-01"),
        ("2026-06-15", "BPI-E01"),
        ("2026-07-01", "COPIL-2026-06-01-D1"),
        ("2026-08-01", "D"),
        ("2026-09-01", "A"),
        ("2026-10-01", "BPI-E01"),
        ("2027-12-31", ""),
    ]
    assert found[-1].codes == ("A", "B")
    assert [item.label for item in found if item.code in ("BPI-E01", "A")] == [
        f"Étape\u202f: Signer (BPI-E01, {full.engagements[0].label})",
        f"Jalon d’A\u202f: {format_value(Decimal(5), one.unit)}, {one.label}",
        f"Échéance de l’engagement BPI-E01\u202f: {full.engagements[0].label}",
    ]


def test_what_is_reached_before_its_date_is_due_on_it_all_the_same() -> None:
    """« échéance de 181 objectifs », of 185 promised for that day: four were reached, and nothing said it."""
    due = [objective(code, start=(0, "2024-01-01"), target=(9, "2027-12-31")) for code in "ABC"]
    alone = objective("D", start=(0, "2024-01-01"), target=(9, "2029-01-01"))
    reached = [measurement(item, 9, "2026-01-01") for item in (due[0], alone)]

    def labels(*measurements: Measurement) -> list[str]:
        now = situation(dossier(*due, alone, measurements=measurements), day("2026-06-01"))
        return [item.label.replace("\u202f", " ") for item in next_dates(now)]

    assert labels(*reached) == [
        "Échéance de 3 objectifs, dont 1 déjà atteint (Bpifrance)",
        "Échéance de D, déjà atteint : Objectif D",
    ]
    assert labels(*(measurement(item, 9, "2026-01-01") for item in due)) == [
        "Échéance de 3 objectifs, déjà atteints (Bpifrance)",
        "Échéance de D : Objectif D",
    ]


def test_what_is_reached_by_its_parts_alone_is_to_be_compared_with_them() -> None:
    """« dont 4 déjà atteints », two of them by parts that the reading of their own partner contradicts."""
    ends = {"start": (0, "2024-01-01"), "target": (9, "2027-12-31")}
    wholes = [objective(code, aggregation=Aggregation.SOMME, **ends) for code in ("A", "B")]
    parts = [objective(f"{item.code}-D1", parent=item.key, territory=NORD.key, **ends) for item in wholes]
    values = [measurement(item, 12, "2026-01-01") for item in parts]

    def told(*own: Measurement) -> str:
        now = situation(dossier(*wholes, *parts, measurements=(*values, *own)), day("2026-06-01"))
        (label,) = (item.label.replace("\u202f", " ") for item in next_dates(now))
        return label

    low = [measurement(item, 1, "2026-01-01") for item in wholes]
    assert told() == "Échéance de 2 objectifs, déjà atteints (Bpifrance)"
    assert told(measurement(wholes[0], 10, "2026-01-01")) == told()
    one = "Échéance de 2 objectifs, déjà atteints, mais 1 à rapprocher de ses déclinaisons (Bpifrance)"
    assert told(low[0]) == one
    assert (
        told(*low)
        == "Échéance de 2 objectifs, déjà atteints, mais à rapprocher de leurs déclinaisons (Bpifrance)"
    )


def test_a_parent_and_its_children_are_due_once() -> None:
    due = tuple(
        replace(
            item,
            start_value=Decimal(0),
            start_date=day("2024-01-01"),
            target_value=Decimal(60),
            target_date=day("2027-12-31"),
        )
        for item in FAMILY
    )
    found = next_dates(situation(dossier(*due), day("2026-06-01")))
    assert [(item.code, item.codes) for item in found] == [("ARS-O01", ("ARS-O01",))]


def test_look_ups() -> None:
    item = objective(engagement="BPI-E01")
    gone = objective("BPI-O99", retired=True)
    weather = (
        Meteo("w2", "BPI-E01", day("2025-06-01"), Weather.ORAGE),
        Meteo("w1", "BPI-E01", day("2024-06-01"), Weather.SOLEIL),
        Meteo("w3", "BPI-E01", day("2026-06-01"), Weather.NUAGE),
    )
    full = dossier(
        item, gone, engagements=(engagement(), engagement("BPI-E02", retired=True)), meteos=weather
    )
    seen = situation(full, day("2026-01-01"))
    assert seen.objective_by_code("BPI-O01") is seen.objective(item.key) is item
    assert seen.objectives == (item,)
    assert seen.partner(BPI.key) is BPI
    assert seen.territory(NORD.key) is NORD
    assert seen.objectives_of_engagement("BPI-E01") == seen.objectives_of_partner(BPI.key) == (item,)
    assert [found.code for found in seen.engagements_of_partner(BPI.key)] == ["BPI-E01"]
    assert seen.meteo_of("BPI-E01") is weather[0]
    assert seen.meteo_of("BPI-E02") is None
    with pytest.raises(KeyError):
        seen.objective_by_code("BPI-O00")


_DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_taken_over_from_a_known_situation_is_what_would_be_reckoned_anew(
    data: st.DataObject,
) -> None:
    before = invented.dossier()
    shown = data.draw(_DAYS)
    known = situation(before, shown)
    for key in known.assessments:
        known.projection(key)
    held = list(before.measurements)
    for number in range(data.draw(st.integers(0, 3))):
        act = data.draw(st.sampled_from(["add", "change", "drop"]))
        objective = data.draw(st.sampled_from(before.objectives))
        figure = Measurement(
            f"neuf{number}", objective.key, data.draw(st.sampled_from(before.territories)).key
            if data.draw(st.booleans()) else objective.territory,
            data.draw(_DAYS), Decimal(data.draw(st.integers(0, 200))),
        )  # fmt: skip
        place = data.draw(st.integers(0, len(held) - 1)) if held else 0
        if act == "add" or not held:
            held.append(figure)
        elif act == "drop":
            del held[place]
        else:
            held[place] = replace(held[place], value=figure.value, day=figure.day)
    held.sort(key=lambda one: (one.objective, one.day, one.key))
    after = replace(before, measurements=tuple(held))
    if data.draw(st.booleans()):
        after = replace(
            after,
            objectives=tuple(
                replace(one, target_value=Decimal(7)) if one.target_value else one for one in after.objectives
            ),
        )
    anew, taken = situation(after, shown), situation(after, shown, known)
    assert taken.assessments == anew.assessments
    assert taken.counts == anew.counts
    assert taken.partners == anew.partners
    assert {key: taken.projection(key) for key in taken.assessments} == {
        key: anew.projection(key) for key in anew.assessments
    }


def test_a_mean_is_weighted_by_the_inhabitants_of_the_quarters_first() -> None:
    whole = replace(WHOLE, aggregation=Aggregation.MOYENNE_PONDEREE)
    values = (measurement(NORTH, 10, "2024-06-30"), measurement(SOUTH, 40, "2024-06-30"))
    quarters = (population(NORD, 200), population(PAS_DE_CALAIS, 100))
    everybody = (population(NORD, 100, "totale"), population(PAS_DE_CALAIS, 500, "totale"))
    full = dossier(whole, NORTH, SOUTH, measurements=values, populations=(*quarters, *everybody))
    assert situation(full, day("2025-12-31")).assessments["ARS-O01"].value == 20
    # Where one is unknown, all are weighted by everybody: never one by this and the other by that.
    partial = replace(full, populations=(quarters[0], *everybody))
    assert situation(partial, day("2025-12-31")).assessments["ARS-O01"].value == 35


def test_the_latest_count_of_inhabitants_is_the_one_that_counts_and_an_undated_one_is_the_oldest() -> None:
    undated, old = population(NORD, 1), population(NORD, 2, vintage=day("2018-01-01"))
    new = population(NORD, 3, vintage=day("2023-01-01"))
    for populations, people in (((new, old, undated), 3), ((old, undated), 2), ((undated,), 1)):
        seen = situation(dossier(populations=populations), day("2025-12-31"))
        assert seen.population(NORD.key) == people
