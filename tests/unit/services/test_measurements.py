"""A figure recorded, corrected, removed; what it would change, and what is unusual in it, said before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Aggregation, Attachment, Citation, Measurement, Mesure, Objective, Sens
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.services import measurements
from qpvdesk.services.measurements import Entry
from qpvdesk.storage.base import Database
from tests.helpers.reviews import desk_on
from tests.unit.domain import builders
from tests.unit.storage import samples

TODAY = date(2026, 6, 30)
MAY = date(2026, 5, 31)
CODE = "contrat-1"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    with samples.new_base(tmp_path / "base.db") as made:
        yield made


def figures(base: Database) -> dict[str, Measurement]:
    return {item.key: item for item in base.dossier("contract1").measurements}


def record(base: Database, entry: Entry) -> Change:
    return measurements.record(desk_on(base, TODAY), CODE, entry)


def correct(base: Database, key: str, entry: Entry) -> Change:
    return measurements.record(desk_on(base, TODAY), CODE, replace(entry, replacing=key))


def remove(base: Database, key: str) -> Change:
    return measurements.remove(desk_on(base, TODAY), CODE, key)


def put(base: Database, *entities: Any) -> None:
    with base.unit("préparation") as unit:
        for entity in entities:
            unit.put(entity)


def refused(words: str, call: Any, *arguments: Any, **named: Any) -> None:
    with pytest.raises(UserError, match=words):
        call(*arguments, **named)


# Recording


def test_what_is_recorded_is_what_was_typed_on_the_objectives_own_territory(base: Database) -> None:
    before = figures(base)
    entry = Entry(
        objective="obj1",
        day=MAY,
        value=Decimal("30.50"),
        source="  bpi ",
        comment=" à revoir ",
        provisional=True,
    )
    change = record(base, entry)
    (made,) = [item for key, item in figures(base).items() if key not in before]
    assert (made.objective, made.territory, made.day, str(made.value)) == ("obj1", "fr", MAY, "30.50")
    assert (made.source, made.comment, made.provisional, made.entered_on) == (
        "Bpifrance",
        "à revoir",
        True,
        TODAY,
    )
    assert change.kinds == {"measurement"}
    base.undo()
    assert figures(base) == before


@pytest.mark.parametrize("entered_on", [TODAY, date(2027, 1, 25)])
def test_a_figure_recorded_after_the_clock_was_ahead_stands_for_its_day(
    base: Database, entered_on: date
) -> None:
    ahead = replace(
        samples.MEASUREMENT, key="0fffffff-0000-7000-8000-000000000000", day=MAY, entered_on=entered_on
    )
    for number, acting in enumerate((measurements.record, measurements.record_all)):
        put(base, replace(ahead, value=Decimal(20 + number)))
        desk, entry = desk_on(base, TODAY), Entry(objective="obj1", day=MAY, value=Decimal(30 + number))
        seen = measurements.preview(desk.situation(CODE, TODAY), entry, today=TODAY)
        assert seen.after.value == 30 + number
        acting(desk, CODE, entry if acting is measurements.record else [entry])
        assert desk_on(base, TODAY).situation(CODE, TODAY).assessments["obj1"].value == 30 + number
        base.undo()


def test_the_correction_of_a_figure_that_does_not_stand_for_its_day_is_seen_to_change_nothing(
    base: Database,
) -> None:
    """The form said which status would come of it, and the state went on with the other figure of that day."""
    for key, value in (("0-first", 20), ("0-last", 25)):
        put(base, replace(samples.MEASUREMENT, key=key, day=MAY, value=Decimal(value), entered_on=TODAY))
    for key, value in (("0-first", 25), ("0-last", 40)):
        desk = desk_on(base, TODAY)
        entry = Entry(objective="obj1", day=MAY, value=Decimal(40), replacing=key)
        seen = measurements.preview(desk.situation(CODE, TODAY), entry, today=TODAY).after.value
        measurements.record(desk, CODE, entry)
        assert seen == desk_on(base, TODAY).situation(CODE, TODAY).assessments["obj1"].value == value


def test_a_figure_that_is_recorded_already_is_told_and_not_doubled(base: Database) -> None:
    entry = Entry(objective="obj1", day=MAY, value=Decimal("30.50"), source="Bpifrance")
    record(base, entry)
    once = figures(base)
    for again in (entry, replace(entry, source=""), replace(entry, value=Decimal("30.5"))):
        change = record(base, again)
        assert "déjà enregistré" in change.label
        assert not change.kinds
        assert measurements.record_all(desk_on(base, TODAY), CODE, [again]).label.endswith(
            "dont 1 déjà enregistrée"
        )
    assert figures(base) == once
    desk = desk_on(base, TODAY)
    change = measurements.record_all(desk, CODE, [entry, replace(entry, value=Decimal(31))])
    assert (change.label.endswith("2 valeurs, dont 1 déjà enregistrée"), len(figures(base))) == (
        True,
        len(once) + 1,
    )
    # What says more than what is known is told and kept: whose it is, that it is provisional.
    assert record(base, replace(entry, source="Un collègue")).kinds == {"measurement"}


def test_a_change_tells_what_it_touches() -> None:
    change = Change("Relevé", frozenset({"measurement"}))
    assert change.touches("meeting", "measurement")
    assert not change.touches("meeting")


def test_a_territory_that_is_named_is_kept(base: Database) -> None:
    with pytest.raises(UserError, match="compterait nulle part"):
        record(base, Entry(objective="obj1", day=MAY, value=Decimal(3), territory="r32"))
    held = base.dossier(base.contracts()[0].key)
    whole = next(item for item in held.objectives if item.key == "obj1")
    with base.unit("Décliné") as unit:
        unit.put(replace(whole, key="part", code="X-R32", territory="r32", parent="obj1"))
    before = figures(base)
    record(base, Entry(objective="obj1", day=MAY, value=Decimal(3), territory="r32"))
    (made,) = [item for key, item in figures(base).items() if key not in before]
    assert made.territory == "r32"


def test_what_cannot_be_recorded_changes_nothing(base: Database) -> None:
    milestone = replace(
        samples.OBJECTIVE, key="obj3", code="BPI-O03", sens=Sens.JALON, target_value=Decimal(1)
    )
    retired = replace(samples.OBJECTIVE, key="obj4", code="BPI-O04", retired=True)
    put(base, milestone, retired)
    before = figures(base)
    refused("n’existe plus", record, base, Entry(objective="nulle part", day=MAY, value=Decimal(1)))
    refused(r"\(BPI-O04\) a été retiré", record, base, Entry(objective="obj4", day=MAY, value=Decimal(1)))
    refused(
        "01/07/2026 n’est pas encore passé",
        record,
        base,
        Entry(objective="obj1", day=date(2026, 7, 1), value=Decimal(1)),
    )
    for value in ("0.5", "2", "-1"):
        refused("jalon", record, base, Entry(objective="obj3", day=MAY, value=Decimal(value)))
    assert figures(base) == before
    # The day itself is past enough; a milestone is reached or not.
    record(base, Entry(objective="obj1", day=TODAY, value=Decimal(1)))
    assert "non fait relevé au" in record(base, Entry(objective="obj3", day=MAY, value=Decimal(0))).label
    assert " fait relevé au" in record(base, Entry(objective="obj3", day=TODAY, value=Decimal(1))).label
    assert len(figures(base)) == len(before) + 3


def test_codes_are_found_whatever_their_case_and_the_nearest_is_offered(base: Database) -> None:
    dossier = base.dossier("contract1")
    assert measurements.objective_coded(dossier, "bpi-o02").key == "obj2"
    assert measurements.territory_coded(dossier, "r32").key == "r32"
    with pytest.raises(UserError) as caught:
        measurements.objective_coded(dossier, "BPI-002")
    assert "BPI-O02" in caught.value.remedy
    with pytest.raises(UserError) as caught:
        measurements.objective_coded(dossier, "zzz")
    assert "BPI-O02" not in caught.value.remedy
    refused("Aucun territoire", measurements.territory_coded, dossier, "D99")


# Correcting


SHARED = Measurement(
    "m3", "obj1", "fr", date(2026, 3, 31), Decimal(30), numerator=Decimal(3), denominator=Decimal(10),
    entered_on=date(2026, 4, 2), citation=Citation("doc", "Bilan", "p. 3"),
)  # fmt: skip


def test_a_corrected_figure_stays_the_same_thing(base: Database) -> None:
    put(base, SHARED)
    change = correct(
        base, "m3", Entry(objective="obj1", day=MAY, value=Decimal(31), source="Bilan", comment="relu")
    )
    new = figures(base)["m3"]
    assert (new.day, new.value, new.source, new.comment) == (MAY, 31, "Bilan", "relu")
    # When it was entered and where the document gives it are no matter of its value.
    assert (new.entered_on, new.citation) == (SHARED.entered_on, SHARED.citation)
    assert "de 30\u00a0bus à 31\u00a0bus" in change.label
    base.undo()
    assert figures(base)["m3"] == SHARED


def test_a_new_value_drops_the_two_numbers_that_made_the_old_one(base: Database) -> None:
    put(base, SHARED)
    correct(base, "m3", Entry(objective="obj1", day=MAY, value=Decimal(31)))
    assert (figures(base)["m3"].numerator, figures(base)["m3"].denominator) == (None, None)


def test_the_two_numbers_stay_where_the_value_does(base: Database) -> None:
    put(base, SHARED)
    change = correct(
        base, "m3", Entry(objective="obj1", day=MAY, value=Decimal("30.0"), comment="même valeur")
    )
    assert (figures(base)["m3"].numerator, figures(base)["m3"].denominator) == (3, 10)
    assert figures(base)["m3"].comment == "même valeur"
    # Nothing is said of a value that did not change.
    assert " de 30" not in change.label


def test_what_cannot_be_corrected_changes_nothing(base: Database) -> None:
    before = figures(base)
    refused("n’existe plus", correct, base, "nulle part", Entry(objective="obj1", day=MAY, value=Decimal(1)))
    refused(
        "n’est pas encore passé",
        correct,
        base,
        "m1",
        Entry(objective="obj1", day=date(2026, 7, 1), value=Decimal(1)),
    )
    assert figures(base) == before


# Removing


def test_a_figure_goes_with_what_is_joined_to_it_and_comes_back_with_it(base: Database) -> None:
    put(
        base,
        *(
            Attachment(f"a{n}", "contract1", "tableau.csv", "0" * 64, 3, TODAY, measurement=f"m{n}")
            for n in (1, 2)
        ),
    )
    before = base.dossier("contract1")
    change = remove(base, "m1")
    after = base.dossier("contract1")
    assert [item.key for item in after.measurements] == ["m2"]
    assert [item.key for item in after.attachments] == ["a2"]
    assert "27\u00a0bus au 30/06/2025" in change.label
    base.undo()
    assert base.dossier("contract1") == before
    refused("n’existe plus", remove, base, "m9")


# What it would change


HOME = builders.objective("BPI-O01", start=(20, "2023-12-31"), target=(40, "2027-12-31"))


def preview(
    owner: Objective,
    value: object,
    *known: Measurement,
    others: tuple[Objective, ...] = (),
    on: date = MAY,
    replacing: str | None = None,
    **fields: Any,
) -> measurements.Effect:
    dossier = builders.dossier(owner, *others, measurements=known)
    entry = Entry(objective=owner.key, day=on, value=Decimal(str(value)), replacing=replacing, **fields)
    return measurements.preview(Situation(dossier, TODAY), entry, today=TODAY)


def warned(words: str, effect: measurements.Effect) -> bool:
    return any(words in warning for warning in effect.warnings)


def test_the_effect_is_what_recording_would_bring() -> None:
    known = builders.measurement(HOME, 24, "2025-06-30")
    effect = preview(HOME, 39, known)
    assert (effect.before.value, effect.after.value) == (24, 39)
    assert effect.before.status is Statut.EN_RETARD
    assert effect.after.status is Statut.EN_AVANCE
    recorded = builders.dossier(HOME, measurements=(known, builders.measurement(HOME, 39, "2026-05-31")))
    assert effect.after.rate == Situation(recorded, TODAY).assessments[HOME.key].rate


def test_an_older_figure_changes_nothing_of_today() -> None:
    effect = preview(HOME, 22, builders.measurement(HOME, 24, "2025-06-30"), on=date(2024, 6, 30))
    assert (
        (effect.before.value, effect.before.status)
        == (effect.after.value, effect.after.status)
        == (24, Statut.EN_RETARD)
    )


def test_the_effect_of_a_later_figure_is_reckoned_on_its_own_day() -> None:
    dossier = builders.dossier(HOME, measurements=(builders.measurement(HOME, 24, "2025-06-30"),))
    earlier = Situation(dossier, date(2025, 12, 31))
    effect = measurements.preview(earlier, Entry(objective=HOME.key, day=MAY, value=Decimal(30)), today=TODAY)
    anew = Situation(dossier, MAY).assessments[HOME.key]
    assert effect.before == anew
    assert (effect.after.value, effect.after.value_day) == (30, MAY)


def test_the_effect_of_a_correction_leaves_out_what_it_replaces() -> None:
    known = builders.measurement(HOME, 24, "2026-05-31", key="m1")
    effect = preview(HOME, 30, known, replacing="m1")
    assert effect.after.value == 30
    assert not warned("déjà relevée", effect)
    assert warned("déjà relevée", preview(HOME, 30, known))


# What is unusual


def test_a_jump_is_more_than_half_of_the_whole_way() -> None:
    known = builders.measurement(HOME, 24, "2025-06-30")
    assert not warned("s’écarte", preview(HOME, 34, known))
    assert warned("s’écarte", preview(HOME, "34.01", known))
    assert not warned("s’écarte", preview(HOME, 14, known))
    assert warned("s’écarte", preview(HOME, "13.99", known))


def test_a_jump_is_counted_from_the_last_figure_before_it_on_its_territory() -> None:
    known = (
        builders.measurement(HOME, 21, "2024-06-30"),
        builders.measurement(HOME, 33, "2025-06-30"),
        builders.measurement(HOME, 20, "2026-06-30"),
        builders.measurement(HOME, 1, "2026-03-31", territory=builders.NORD.key),
    )
    assert not warned("s’écarte", preview(HOME, 40, *known))
    effect = preview(HOME, 44, *known)
    assert warned("(33\u00a0bus au 30/06/2025)", effect)
    # Elsewhere, only what was recorded there counts.
    part = builders.objective("BPI-O02", parent=HOME.key, territory=builders.NORD.key)
    assert warned("s’écarte", preview(HOME, 20, *known, territory=builders.NORD.key, others=(part,)))


def test_no_way_no_jump() -> None:
    for open_ended in (replace(HOME, target_value=None), replace(HOME, start_value=None)):
        assert not warned(
            "s’écarte", preview(open_ended, 900, builders.measurement(open_ended, 24, "2025-06-30"))
        )
    still = replace(HOME, start_value=Decimal(40))
    assert not warned("s’écarte", preview(still, 900, builders.measurement(still, 24, "2025-06-30")))
    assert not warned("s’écarte", preview(HOME, 900))


def test_a_total_may_stay_but_not_go_down() -> None:
    total = replace(HOME, mesure=Mesure.CUMUL)
    known = builders.measurement(total, 24, "2025-06-30")
    assert warned("ne peut pas diminuer", preview(total, 23, known))
    assert not warned("ne peut pas diminuer", preview(total, 24, known))
    assert not warned("ne peut pas diminuer", preview(HOME, 23, builders.measurement(HOME, 24, "2025-06-30")))


def test_a_day_is_taken_on_the_same_territory_only() -> None:
    known = builders.measurement(HOME, 24, "2026-05-31")
    assert warned("déjà relevée", preview(HOME, 25, known))
    assert not warned("déjà relevée", preview(HOME, 24, known)), "the same figure twice is no disagreement"
    assert warned("Déjà enregistré", preview(HOME, 24, known))
    part = builders.objective("BPI-O02", parent=HOME.key, territory=builders.NORD.key)
    elsewhere = preview(HOME, 25, known, territory=builders.NORD.key, others=(part,))
    assert not warned("déjà relevée", elsewhere)


@pytest.mark.parametrize(
    ("value", "refused"), [("-0.1", True), ("0", False), ("100", False), ("100.1", True)]
)
@pytest.mark.parametrize("sens", [Sens.HAUSSE, Sens.SUIVI])
def test_a_share_is_between_nothing_and_all(value: str, refused: bool, sens: Sens) -> None:
    share = builders.objective(unit="%", sens=sens)
    if refused:
        with pytest.raises(UserError, match="n’est pas une part"):
            preview(share, value)
    else:
        preview(share, value)
    # What is counted in per cent of something may exceed it; buses are no share.
    preview(replace(share, unit="% de 2019"), value)
    preview(replace(share, unit="bus"), value)


def test_a_figure_of_what_is_reckoned_from_its_parts_is_told_so() -> None:
    whole = builders.objective("BPI-O01", aggregation=Aggregation.SOMME)
    part = builders.objective("BPI-O02", parent=whole.key, territory=builders.NORD.key)
    assert warned("déclinaisons", preview(whole, 3, others=(part,)))
    assert not warned("déclinaisons", preview(whole, 3))
    assert not warned(
        "déclinaisons", preview(replace(whole, aggregation=Aggregation.AUCUN), 3, others=(part,))
    )


IMPORTED = Measurement(
    key="imported", objective="obj1", territory="hdf", day=MAY, value=Decimal(12), source="", comment=""
)


def write(base: Database, *figures: Measurement) -> Change:
    return measurements.write(desk_on(base, TODAY), CODE, "Import", figures)


def test_every_road_passes_the_gate_and_writes_all_or_nothing(base: Database) -> None:
    milestone = replace(
        samples.OBJECTIVE, key="obj3", code="BPI-O03", sens=Sens.JALON, target_value=Decimal(1)
    )
    put(base, milestone, replace(samples.OBJECTIVE, key="obj4", code="BPI-O04", retired=True))
    before = figures(base)
    home = next(item for item in base.dossier("contract1").objectives if item.key == "obj1").territory
    good = replace(IMPORTED, territory=home)
    for wrong, words in (
        (replace(good, key="w", objective="nulle part"), "n’existe plus"),
        (replace(good, key="w", objective="obj4"), r"\(BPI-O04\) a été retiré"),
        (
            replace(good, key="w", territory="nulle part"),
            r"Le territoire de cette valeur de .* \(BPI-O01\) n’existe plus",
        ),
        (replace(good, key="w", objective="obj3", value=Decimal(2)), "BPI-O03.*jalon"),
        (replace(good, key="w", day=date(2026, 7, 1)), "BPI-O01.*pas encore passé"),
    ):
        refused(words, write, base, good, wrong)
        assert figures(base) == before
    assert write(base, good).label == "Import"
    assert figures(base) == before | {"imported": good}
