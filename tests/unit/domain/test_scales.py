"""Which figures stand together: a parent and its children are one thing, a place elsewhere counts inside its parent."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from qpvdesk.domain.declined import own_words, parts_title, parts_words
from qpvdesk.domain.how_far import mean_words
from qpvdesk.domain.model import Aggregation, Level, Mesure, Objective, Territory
from qpvdesk.domain.scales import listed, place_word, scale_word, told_apart
from qpvdesk.domain.situation import Situation, situation
from tests.unit.domain.builders import (
    CONTRACT,
    FRANCE,
    NORD,
    PAS_DE_CALAIS,
    day,
    dossier,
    measurement,
    objective,
)

AGGLOMERATION = Territory("t-epci", "c", "246200364", "Lens-Liévin", Level.EPCI, parent="t-62")
LENS = Territory("t-lens", "c", "62498", "Lens", Level.COMMUNE, parent="t-epci")
ORPHAN = Territory("t-none", "c", "62510", "Liévin", Level.COMMUNE)
PLACES = (FRANCE, NORD, PAS_DE_CALAIS, AGGLOMERATION, LENS, ORPHAN)
ENDS = {"start": (0, "2024-01-01"), "target": (100, "2027-12-31")}

PARENT = objective("ARS-O01", aggregation=Aggregation.SOMME, **ENDS)
HERE = objective("ARS-O01-D62", parent=PARENT.key, territory=PAS_DE_CALAIS.key, **ENDS)
ELSEWHERE = objective("ARS-O01-D59", parent=PARENT.key, territory=NORD.key, **ENDS)


def seen(*items: Objective, epci: str | None = "246200364") -> Situation:
    values = tuple(measurement(item, 10, "2025-12-31") for item in items if item is not PARENT)
    contract = replace(CONTRACT, epci=epci)
    full = dossier(*items, measurements=values, contract=contract, territories=PLACES)
    return situation(full, day("2025-12-31"))


def test_a_parent_counts_for_its_children_everywhere() -> None:
    now = seen(PARENT, HERE, ELSEWHERE)
    assert [item.objective.code for item in now.counted] == ["ARS-O01"]
    assert sum(now.counts.values()) == now.partners[0].objectives == now.partners[0].rated == 1
    assert sum(sum(cell.values()) for cell in now.matrix().values()) == 1
    assert [item.objective.code for item in now.to_treat] == ["ARS-O01"]
    assert set(now.assessments) == {"ARS-O01", "ARS-O01-D62", "ARS-O01-D59"}


def test_what_has_a_line_of_its_own_counts_a_part_whose_parent_is_retired_too_on_whatever_place() -> None:
    now = seen(replace(PARENT, retired=True), HERE, ELSEWHERE)
    lines = [item.code for item in listed(now, now.objectives)]
    assert [item.objective.code for item in now.counted] == lines == ["ARS-O01-D59", "ARS-O01-D62"]


def test_a_promise_that_declines_nothing_counts_wherever_it_lies() -> None:
    lost = objective("X", territory=ORPHAN.key)
    other = replace(ELSEWHERE, parent=None)
    for epci in ("246200364", None):
        assert {item.objective.code for item in seen(lost, other, epci=epci).counted} == {"ARS-O01-D59", "X"}


def test_a_mean_is_of_one_scale_and_says_how_many() -> None:
    country = [objective(f"F{n}", **ENDS) for n in range(3)]
    own = [objective(f"A{n}", **ENDS, territory=AGGLOMERATION.key) for n in range(2)]
    now = seen(*own)
    summary = now.partners[0]
    assert (summary.rated, summary.scale, summary.mean_rate) == (2, Level.EPCI, Fraction(1, 10))
    assert mean_words(summary) == "10\u202f%, sur 2 objectifs à chemin mesurable (agglomération)"
    assert mean_words(now.partners[1]) == ""
    assert now.partners[1].mean_reason == "aucun chemin mesurable"
    mixed = seen(*own, *country).partners[0]
    assert (mixed.rated, mixed.scale, mixed.mean_rate) == (5, None, None)
    assert (mean_words(mixed), mixed.mean_reason) == ("", "échelles différentes")
    assert not hasattr(now, "mean_rate")


def test_a_place_elsewhere_has_no_line_of_its_own_inside_a_parent() -> None:
    now = seen(PARENT, HERE, ELSEWHERE)
    assert [item.code for item in listed(now, now.objectives)] == ["ARS-O01", "ARS-O01-D62"]
    assert (
        parts_words(now, now.assessments["ARS-O01"])
        == "Nord\u00a010/100 (en retard), Pas-de-Calais\u00a010/100 (en retard)"
    )


def test_the_places_elsewhere_of_a_parent_that_adds_nothing_up_show_inside_it_all_the_same() -> None:
    now = seen(replace(PARENT, aggregation=Aggregation.AUCUN), HERE, ELSEWHERE)
    assert [item.code for item in listed(now, now.objectives)] == ["ARS-O01", "ARS-O01-D62"]
    assert (
        parts_words(now, now.assessments["ARS-O01"])
        == "Nord\u00a010/100 (en retard), Pas-de-Calais\u00a010/100 (en retard)"
    )
    assert parts_words(now, now.assessments["ARS-O01-D62"]) == ""


def test_what_a_parent_measured_itself_is_told_beside_what_its_parts_make() -> None:
    held = seen(PARENT, HERE, ELSEWHERE).dossier
    own = replace(held, measurements=(*held.measurements, measurement(PARENT, 12, "2025-06-30")))
    for dossier_, told in ((held, ""), (own, "Bpifrance\u202f: 12\u00a0bus au 30/06/2025")):
        now = situation(dossier_, day("2025-12-31"))
        words = [own_words(now, now.assessments[item.key]) for item in (PARENT, HERE, ELSEWHERE)]
        assert words == [told, "", ""]
    yearly = replace(PARENT, mesure=Mesure.FLUX)
    of_a_year = replace(
        held,
        objectives=tuple(yearly if item.key == PARENT.key else item for item in held.objectives),
        measurements=(*held.measurements, measurement(PARENT, 12, "2025-12-31")),
    )
    now = situation(of_a_year, day("2025-12-31"))
    assert own_words(now, now.assessments[PARENT.key]) == "Bpifrance\u202f: 12\u00a0bus en 2025"


def test_a_parent_of_which_no_place_is_known_says_so_once() -> None:
    now = situation(replace(seen(PARENT, HERE, ELSEWHERE).dossier, measurements=()), seen().day)
    assert parts_words(now, now.assessments["ARS-O01"]) == "aucune valeur (Nord et Pas-de-Calais)"


def test_a_scale_is_a_word() -> None:
    items = [
        objective(str(rank), territory=place.key)
        for rank, place in enumerate((FRANCE, NORD, AGGLOMERATION, LENS))
    ]
    now = seen(*items)
    assert [scale_word(now, item) for item in items] == ["France", "département", "agglomération", "commune"]


def test_one_rate_alone_is_no_mean() -> None:
    summary = seen(objective("A1", **ENDS, territory=AGGLOMERATION.key)).partners[0]
    assert (summary.rated, summary.mean_rate, summary.scale) == (1, None, None)
    assert (mean_words(summary), summary.mean_reason) == ("", "un seul chemin mesurable")


def test_parts_of_one_place_are_told_by_their_codes() -> None:
    """« Quartier 4.1 464/748, Quartier 4.1 298/661 » was read as one place told twice."""
    again = replace(ELSEWHERE, key="again", code="ARS-O01-D59B")
    now = seen(PARENT, HERE, ELSEWHERE, again)
    found = now.assessments[PARENT.key]
    assert parts_title(now, found) == "Par déclinaison"
    assert "Nord (ARS-O01-D59)\u00a010/100" in parts_words(now, found)
    assert "Nord (ARS-O01-D59B)\u00a010/100" in parts_words(now, found)
    alone = seen(PARENT, HERE, ELSEWHERE)
    assert parts_title(alone, alone.assessments[PARENT.key]) == "Par lieu"


def test_below_the_contract_a_place_is_told_by_its_name_and_namesakes_by_their_code() -> None:
    """« Classes rénovées · PC-O01 · quartier », four times: of which of the sixty quartiers, nothing said."""
    here, there, of_all, wider = (
        objective(f"BPI-O{at:02}", territory=place.key, label="Agents recrutés", **ENDS)
        for at, place in enumerate((LENS, ORPHAN, AGGLOMERATION, PAS_DE_CALAIS), 1)
    )
    alone = objective("BPI-O09", territory=LENS.key, label="Bus en service", **ENDS)
    now = seen(here, there, of_all, wider, alone)
    told = [place_word(now, item) for item in (here, there, of_all, wider)]
    assert told == ["Lens", "Liévin", "agglomération", "département"]
    assert [told_apart(now, item) for item in (here, of_all, alone)] == [
        "Agents recrutés (BPI-O01, Lens)",
        "Agents recrutés (BPI-O03, agglomération)",
        "Bus en service (Lens)",
    ]
    assert [now.names.apart(item) for item in (here, there, of_all, alone)] == [
        "BPI-O01, Lens",
        "BPI-O02, Liévin",
        "BPI-O03",
        "BPI-O09",
    ]
    # Of namesakes of one place the name of it tells nothing.
    twin = replace(here, key="twin", code="BPI-O10")
    both = seen(here, twin)
    assert [both.names.called(item) for item in (here, twin)] == [
        "Agents recrutés (BPI-O01)",
        "Agents recrutés (BPI-O10)",
    ]
