"""Fingerprints follow the content, not the names of the classes nor what they may one day hold more."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from qpvdesk.domain import canonical
from qpvdesk.domain.model import Decision, DecisionState, Dossier, Measurement, Sens
from tests.helpers import invented
from tests.unit.domain import builders

RECORDED = Measurement("m1", "o1", "t1", date(2026, 5, 1), Decimal("27.0"), source="Bilan")


class Figure(Measurement, frozen=True):
    """A measurement as another release may have it: another name, one field more."""

    certainty: str = ""


def grown(measurement: Measurement, **more: str) -> Figure:
    return Figure(measurement.key, measurement.objective, measurement.territory, measurement.day,
                  measurement.value, source=measurement.source, **more)  # fmt: skip


def test_the_text_is_the_same_for_ever() -> None:
    decision = Decision("d1", "r1", "Transmettre", 2, due=date(2026, 9, 1), state=DecisionState.EN_COURS)
    assert canonical.text_of((RECORDED, decision)) == (
        '[{"day":"2026-05-01","key":"m1","objective":"o1","source":"Bilan","territory":"t1","value":"27.0"},'
        '{"due":"2026-09-01","key":"d1","label":"Transmettre","meeting":"r1","rank":2,"state":"en_cours"}]'
    )
    assert canonical.fingerprint_of((RECORDED, decision))[:16] == "2e0b755fa28d9063"


def test_it_is_json_with_sorted_keys_in_ascii() -> None:
    content = {
        "sens": Sens.HAUSSE,
        "é": ("a\ud800", None, True, 0),
        "day": date(2026, 6, 30),
        "": invented.dossier(),
    }
    text = canonical.text_of(content)
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert text.endswith(r',"day":"2026-06-30","sens":"hausse","\u00e9":["a\ud800",null,true,0]}')


def test_a_new_field_with_its_default_and_another_class_name_change_nothing() -> None:
    assert canonical.text_of(grown(RECORDED)) == canonical.text_of(RECORDED)
    assert canonical.text_of(grown(RECORDED, certainty="forte")) != canonical.text_of(RECORDED)


def test_a_new_kind_of_thing_that_is_empty_changes_nothing() -> None:
    assert canonical.text_of(Dossier(builders.CONTRACT)) == canonical.text_of(
        replace(Dossier(builders.CONTRACT), steps=())
    )


def test_each_decimal_as_it_was_entered() -> None:
    assert canonical.text_of(replace(RECORDED, value=Decimal(27))) != canonical.text_of(RECORDED)


def test_what_is_no_character_has_a_text_too() -> None:
    assert canonical.fingerprint_of("\ud800") != canonical.fingerprint_of("?")


def test_what_has_no_canonical_text_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        canonical.text_of({1, 2})
