"""The words of « how far »: a rate is a share of a way, a flag is kept or not and never 0 % or 100 %."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.evidence import Evidence, Reading, reading_of
from qpvdesk.domain.how_far import (
    HowFar,
    against_aloud,
    against_words,
    effect_words,
    how_far,
    message_words,
    rates_words,
    untold_unit,
)
from qpvdesk.domain.model import Mesure, Objective, Sens
from qpvdesk.domain.progress import Assessment, assess
from tests.unit.domain.builders import day, measurement, objective


def look(item: Objective, value: object, reference: object = None, on: str = "2025-12-31") -> Assessment:
    compared = None if reference is None else Reading(Fraction(str(reference)), day(on))
    evidence = Evidence(reading_of(measurement(item, value, on)), reference=compared)
    return assess(item, day(on), evidence)


def test_a_way_says_its_rate_and_what_was_expected() -> None:
    item = objective(start=(0, "2024-01-01"), target=(60, "2027-12-31"))
    far = how_far(look(item, 6))
    assert (far.rate, far.expected, far.kept) == ("10\u202f%", "50\u202f%", "")
    assert far.short == far.told == far.narrow == "10\u202f%"
    assert far.sentence == "Taux d’avancement\u202f: 10\u202f%, attendu\u202f: 50\u202f%"


@pytest.mark.parametrize(
    ("item", "value", "reference", "short", "sentence"),
    [
        (
            objective(sens=Sens.PLANCHER, target=(40, None)),
            37,
            None,
            "non tenu, écart −3\u00a0bus",
            "Non tenu\u202f: 37\u00a0bus pour au moins 40\u00a0bus, écart −3\u00a0bus",
        ),
        (
            objective(sens=Sens.PLAFOND, target=(40, None)),
            37,
            None,
            "tenu, écart −3\u00a0bus",
            "Tenu\u202f: 37\u00a0bus pour au plus 40\u00a0bus, écart −3\u00a0bus",
        ),
        (
            objective(sens=Sens.PARITE, unit="%", reference="X"),
            "4.2",
            "16.4",
            "non tenu, écart −12,2\u00a0pt",
            "Non tenu\u202f: 4,2\u202f% pour une référence de 16,4\u202f%, écart −12,2\u00a0pt",
        ),
        (objective(sens=Sens.JALON, unit=""), 1, None, "fait", "Fait"),
        (objective(sens=Sens.JALON, unit=""), 0, None, "non fait", "Non fait"),
        (
            objective(start=(40, "2023-12-31"), target=(40, "2027-12-31")),
            40,
            None,
            "tenu, écart nul",
            "Tenu\u202f: 40\u00a0bus pour 40\u00a0bus, écart nul",
        ),
    ],
)
def test_a_flag_says_its_value_its_bound_its_gap_and_whether_it_is_kept(
    item: Objective, value: object, reference: object, short: str, sentence: str
) -> None:
    far = how_far(look(item, value, reference))
    assert (far.rate, far.short, far.sentence) == ("", short, sentence)
    assert far.narrow == short.removesuffix("\u00a0bus")


def test_a_value_is_told_beside_what_it_is_set_against_with_one_unit() -> None:
    way = objective(start=(0, "2024-01-01"), target=(60, "2027-12-31"))
    share = objective(sens=Sens.PLANCHER, unit="%", target=(40, None))
    told = [against_words(look(item, 37)) for item in (way, share, objective(sens=Sens.SUIVI))]
    assert told == ["37 / 60\u00a0bus", "37\u202f% / ≥ 40\u202f%", "37\u00a0bus"]


def test_what_is_to_fall_is_never_told_as_what_is_to_be_reached() -> None:
    """« 139 pour 39 », of what is to come down to 39, read as three times what was asked."""
    item = objective(sens=Sens.BAISSE, start=(240, "2023-12-31"), target=(39, "2027-12-31"))
    above, below = look(item, 139), look(item, 35)
    assert against_aloud(above) == "à ramener à 39"
    assert against_words(above) == "139 / ≤ 39\u00a0bus"
    assert message_words(above).startswith("139\u00a0bus, à ramener à 39\u00a0bus\u202f: ")
    # What is there already is not to be brought down.
    assert against_aloud(below) == "pour au plus 39"
    assert message_words(below).startswith("35\u00a0bus, pour une cible de 39\u00a0bus\u202f: ")
    nearly = replace(item, target_text="près de 39")
    assert against_aloud(look(nearly, 139)) == "à ramener à près de 39"
    kept = objective(sens=Sens.BAISSE, start=(39, "2023-12-31"), target=(39, "2027-12-31"))
    assert how_far(look(kept, 50)).sentence.startswith(
        "Non tenu\u202f: 50\u00a0bus, à ramener à 39\u00a0bus,"
    )


def test_a_gap_that_is_not_zero_is_never_said_to_be() -> None:
    item = objective(sens=Sens.PARITE, unit="%", reference="X")
    assert how_far(look(item, "16.44", "16.4")).gap == "<\u00a0+0,1\u00a0pt"
    assert how_far(look(item, "16.36", "16.4")).gap == ">\u00a0−0,1\u00a0pt"
    assert how_far(look(item, "16.4", "16.4")).gap == "nul"
    assert how_far(look(item, "16.45", "16.4")).gap == "+0,1\u00a0pt"


def test_what_cannot_be_told_says_why() -> None:
    far = how_far(look(objective(target=(60, "2027-12-31")), 6))
    assert (far.short, far.told) == ("–", "aucune valeur de départ")
    assert how_far(look(objective(sens=Sens.PARITE, unit="%", reference="X"), 6)).short == "–"


def test_a_change_is_told_by_the_rate_or_by_the_gap() -> None:
    way = objective(start=(0, "2024-01-01"), target=(100, "2027-12-31"))
    assert rates_words(look(way, 50), look(way, 52)) == "de 50\u202f% à 52\u202f%"
    late = "le statut reste «\u202fConforme\u202f»."
    assert (
        effect_words(look(way, 50), look(way, 52))
        == f"Le taux passe de 50\u202f% à 52\u202f% pour 50\u202f% attendus\u202f; {late}"
    )
    assert effect_words(look(way, 50), look(way, 50)) == f"Le taux ne change pas\u202f; {late}"
    floor = objective(sens=Sens.PLANCHER, target=(40, None))
    assert rates_words(look(floor, 30), look(floor, 45)) == ""
    assert effect_words(look(floor, 30), look(floor, 45)).startswith("Le statut passe de ")
    assert effect_words(look(floor, 30), look(floor, 31)) == (
        "Le statut reste «\u202fNon atteint\u202f»\u202f; écart −9\u00a0bus."
    )


@given(
    sens=st.sampled_from([Sens.PLANCHER, Sens.PLAFOND, Sens.PARITE, Sens.JALON]),
    mesure=st.sampled_from(Mesure),
    value=st.integers(-5, 120),
    target=st.integers(1, 99) | st.none(),
    due=st.sampled_from([None, "2024-12-31", "2027-12-31"]),
    reference=st.integers(0, 99) | st.none(),
)
@settings(max_examples=300, deadline=None)
def test_no_word_of_a_flag_is_a_rate(
    sens: Sens, mesure: Mesure, value: int, target: int | None, due: str | None, reference: int | None
) -> None:
    item = objective(sens=sens, unit="bus", target=(target, due), mesure=mesure, reference="X")
    seen = look(item, value, reference)
    far = how_far(seen)
    if not seen.flagged:
        return
    names = [name for name, thing in vars(HowFar).items() if isinstance(thing, property)]
    words = [getattr(far, name) for name in names]
    assert "told" in names
    assert not [text for text in words if "%" in text]
    assert (far.kept == "") is (seen.rate is None)


@pytest.mark.parametrize(
    ("label", "unit", "told"),
    [
        ("Délai moyen d’un rendez-vous", "jours", "jours"),
        (
            "Médiateurs en santé pour 10 000 habitants",
            "ARMS pour 10 000 habitants",
            "ARMS pour 10 000 habitants",
        ),
        ("Postes de médiateurs", "postes", ""),
        ("Médiateurs en poste", "postes", ""),
        ("Entreprises créées avec un appui", "entreprises accompagnées", ""),
        ("Élèves suivis", "élèves", ""),
        ("Entreprises créées avec un appui", "créations", ""),
        ("Jeunes formés", "formations", ""),
        ("Entreprises aidées", "créations", "créations"),
        ("Travail de nuit contrôlé", "travaux", ""),
        ("Locaux ouverts", "local", ""),
        ("Points d’eau rendus", "eaux", ""),
        ("Canaux ouverts", "cannes", "cannes"),
        ("Délai moyen", "h", ""),
        ("Part des habitants", "%", ""),
        ("Fonds mobilisés", "M€", ""),
    ],
)
def test_a_unit_is_told_by_the_name_or_beside_it(label: str, unit: str, told: str) -> None:
    """« Délai moyen d’un rendez-vous, 15 »: in days or in weeks, no table of what is to be settled told."""
    assert untold_unit(replace(objective(), label=label, unit=unit)) == told
    assert untold_unit(replace(objective(sens=Sens.JALON), label=label, unit=unit)) == ""
