"""Engagements gathered under one that is followed: what goes with them, what is refused, what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk import cli
from qpvdesk.domain.engagements import CARRIED, axis_words, followed, holders, in_axes, precision_words
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import (
    Attachment,
    Axis,
    Condition,
    Dossier,
    Engagement,
    Funding,
    Meteo,
    Nature,
    Role,
    Step,
    Weather,
)
from qpvdesk.domain.situation import situation
from qpvdesk.services import engagements, weather
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts, reading
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

INVENTED = invented.dossier()
CODE = INVENTED.contract.code
BPI = next(item for item in INVENTED.partners if item.code == "BPI")
OTHER = next(item for item in INVENTED.partners if item.code != "BPI")
DAY = invented.TODAY


def engagement(number: int, **fields: object) -> Engagement:
    values = {
        "key": f"x{number}",
        "contract": INVENTED.contract.key,
        "partner": BPI.key,
        "code": f"BPI-E9{number}",
    }
    return Engagement(
        **(values | {"label": f"Agir {number}", "theme": "emploi", "nature": Nature.DROIT_COMMUN} | fields)  # type: ignore[arg-type]
    )


PARENT, CHILD, THIRD = engagement(1), engagement(2), engagement(3)
FOREIGN = engagement(4, partner=OTHER.key)
OBJECTIVE = replace(
    next(item for item in INVENTED.objectives if item.partner == BPI.key and item.parent is None),
    key="o-child", code="BPI-O99", engagement="x2",
)  # fmt: skip
PLAIN = replace(
    INVENTED,
    engagements=(*INVENTED.engagements, PARENT, CHILD, THIRD, FOREIGN),
    objectives=(*INVENTED.objectives, OBJECTIVE),
    meteos=(*INVENTED.meteos, Meteo("m-child", "x2", date(2026, 1, 1), Weather.NUAGE, "Un pas")),
    steps=(*INVENTED.steps, Step("s-child", "x2", "Écrire", 1)),
    fundings=(
        *INVENTED.fundings,
        Funding(
            "f-child", INVENTED.contract.key, BPI.key, "BPI-F99", "Moyen", 2024, 2024, Decimal(1), "EUR", engagement="x2"
        ),
    ),
    conditions=(*INVENTED.conditions, Condition("c-child", INVENTED.contract.key, BPI.key, "Sous réserve", "x2")),
)  # fmt: skip


@pytest.fixture
def base(tmp_path: Path) -> WatchedBase:
    return WatchedBase(tmp_path / "essai.db", PLAIN, DAY)


@pytest.fixture
def desk(base: WatchedBase) -> Iterator[Desk]:
    desk = base.open()
    yield desk
    desk.close()


def owners(dossier: Dossier) -> dict[str, str | None]:
    return {item.key: item.engagement for name in CARRIED for item in getattr(dossier, name)}


def test_a_precision_says_where_it_was_read_if_that_is_known() -> None:
    read, unread, *_ = invented.dossier().engagements
    assert precision_words(read).endswith(" (Axe 1, «\u202f40 bus\u202f»)")
    assert "(" not in precision_words(unread)
    # « « 40 bus » »: what is quoted within a quotation has other marks.
    assert read.citation is not None
    within = replace(read, citation=replace(read.citation, mark="«\u202f40 bus\u202f»"))
    assert precision_words(within).endswith(" (Axe 1, «\u202f“40 bus”\u202f»)")


def test_all_that_is_followed_of_a_precision_goes_to_its_engagement_in_one_act(
    desk: Desk, base: WatchedBase
) -> None:
    before = base.held
    change = engagements.group(desk, CODE, ["x2", "x3"], "x1")
    assert change.label == (
        "2 engagements regroupés sous Agir 1 (BPI-E91)\u202f: Agir 2 (BPI-E92) et Agir 3 (BPI-E93)"
    )
    after = base.held
    moved = {"o-child", "m-child", "s-child", "f-child", "c-child"}
    assert {key for key, owner in owners(after).items() if owners(before)[key] != owner} == moved
    assert {owners(after)[key] for key in moved} == {"x1"}
    assert [item.code for item in Index(after).precisions_of("x1")] == ["BPI-E92", "BPI-E93"]
    assert {item.key for item in followed(before)} - {item.key for item in followed(after)} == {"x2", "x3"}
    desk.undo()
    assert base.held == before


def test_nothing_is_lost_by_grouping(desk: Desk, base: WatchedBase) -> None:
    """Every row stays, and every word and citation: only what belongs to whom changes."""
    before = base.held
    engagements.group(desk, CODE, ["x2", "x3"], "x1")
    for name in before.__struct_fields__:
        if name == "contract":
            continue
        old, new = ({item.key: item for item in getattr(which, name)} for which in (before, base.held))
        assert old.keys() == new.keys()
        for key, item in old.items():
            changed = {
                field for field in item.__struct_fields__ if getattr(item, field) != getattr(new[key], field)
            }
            assert changed <= {"engagement", "parent"}


def test_a_precision_is_followed_by_itself_again(desk: Desk, base: WatchedBase) -> None:
    engagements.group(desk, CODE, ["x2"], "x1")
    assert engagements.ungroup(desk, CODE, ["x2"]).label == "1 précision détachée\u202f: Agir 2 (BPI-E92)"
    assert not Index(base.held).precisions_of("x1")
    assert owners(base.held)["m-child"] == "x1", "what its engagement took over stays with it"
    with pytest.raises(UserError, match="pas de précision"):
        engagements.ungroup(desk, CODE, ["x2"])


@pytest.mark.parametrize(
    ("children", "parent", "words"),
    [
        (["x4"], "x1", "d’un autre partenaire"),
        (["x1"], "x1", "ne se précise pas lui-même"),
        (["x3"], "x2", "est lui-même une précision"),
        (["x1"], "x3", "a ses propres précisions"),
        ([], "x1", "Aucun engagement"),
        (["absent"], "x1", "n’existe plus"),
    ],
)
def test_what_cannot_precise_is_refused_and_nothing_is_changed(
    desk: Desk, base: WatchedBase, children: list[str], parent: str, words: str
) -> None:
    engagements.group(desk, CODE, ["x2"], "x1")
    before = base.held
    with pytest.raises(UserError, match=words):
        engagements.group(desk, CODE, children, parent)
    assert base.held == before


def test_the_form_makes_a_precision_as_the_act_does(desk: Desk, base: WatchedBase) -> None:
    typed = reading.write(base.held, "engagement", "x2")
    assert (typed["parent"], typed["conditions"]) == ("", "Sous réserve")
    acts.save(
        desk, CODE, "engagement", typed | {"parent": "x1", "conditions": "Sous réserve\nUne autre"}, key="x2"
    )
    found = {key: owner for key, owner in owners(base.held).items() if key.endswith("-child")}
    assert set(found.values()) == {"x1"}
    assert {item.text for item in base.held.conditions if item.engagement == "x1"} == {
        "Sous réserve",
        "Une autre",
    }
    faults = reading.read(
        base.held, "engagement", reading.write(base.held, "engagement", "x3") | {"parent": "x2"}, "x3"
    )
    assert "précision" in faults.faults["parent"]


def test_what_is_entered_on_a_precision_goes_to_its_engagement(desk: Desk, base: WatchedBase) -> None:
    engagements.group(desk, CODE, ["x2"], "x1")
    weather.record(desk, CODE, weather.WeatherEntry(engagement="x2", day=DAY, weather=Weather.ORAGE))
    acts.save(desk, CODE, "step", {"engagement": "BPI-E92", "label": "Réunir"})
    assert [
        item.engagement for item in base.held.meteos if item.weather is Weather.ORAGE and item.day == DAY
    ][-1] == "x1"
    assert [item.engagement for item in base.held.steps if item.label == "Réunir"] == ["x1"]


def test_a_meteo_of_one_is_named_and_of_several_counted(desk: Desk, base: WatchedBase) -> None:
    said = weather.WeatherEntry(engagement="x1", day=DAY, weather=Weather.ORAGE, results=" Un bus ")
    change = weather.record(desk, CODE, said)
    assert change.label == "Agir 1 (BPI-E91)\u202f: météo au 30/06/2026"
    change = weather.record(desk, CODE, replace(said, results="Deux"), also=["x3", "x1"])
    assert change.label == "2 engagements\u202f: météo au 30/06/2026"
    held = [(item.engagement, item.results) for item in base.held.meteos if item.day == DAY]
    assert sorted(held) == [("x1", "Deux"), ("x3", "Deux")], "one of the same day is replaced"
    for entry, also in ((replace(said, day=DAY + timedelta(days=1)), []), (said, ["parti"])):
        with pytest.raises(UserError):
            weather.record(desk, CODE, entry, also=also)
    assert sorted((item.engagement, item.results) for item in base.held.meteos if item.day == DAY) == held


def test_what_two_laptops_left_on_a_precision_is_read_under_its_engagement() -> None:
    """One grouped, the other gave a météo and an objective meanwhile: merged, they belong to a précision."""
    merged = replace(
        PLAIN,
        engagements=(*INVENTED.engagements, PARENT, replace(CHILD, parent="x1"), replace(THIRD, parent="x2")),
    )
    now = situation(merged, DAY)
    assert holders(merged.engagements)["x3"] == "x1"
    assert now.meteo_of("x1") is not None
    assert [item.key for item in now.objectives_of_engagement("x1")] == ["o-child"]
    assert (
        [item.key for item in now.precisions_of("x1")]
        == ["x2", "x3"]
        == [item.key for item in Index(merged).precisions_of("x1")]
    )
    retired = replace(
        merged, engagements=(*INVENTED.engagements, replace(PARENT, retired=True), *merged.engagements[-2:])
    )
    assert "x2" in {item.key for item in followed(retired)}, (
        "what precised something retired is not lost from sight"
    )


def test_the_shell_groups_and_frees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    WatchedBase(tmp_path / "essai.db", PLAIN, DAY).open().close()
    base = ("--base", str(tmp_path / "essai.db"))
    assert cli.run(["engagement", "regrouper", "BPI-E91", "BPI-E92", "bpi-e93", *base]) == 0
    assert cli.run(["engagement", "detacher", "BPI-E93", *base]) == 0
    out = capsys.readouterr().out
    assert "2 engagements regroupés sous Agir 1 (BPI-E91)" in out
    assert "1 précision détachée\u202f: Agir 3 (BPI-E93)" in out
    assert cli.run(["engagement", "regrouper", "BPI-E91", FOREIGN.code, *base]) == 1
    assert "d’un autre partenaire" in capsys.readouterr().err


def test_axes_are_in_order_and_named_as_the_contract_says(desk: Desk, base: WatchedBase) -> None:
    acts.save(desk, CODE, "axis", {"code": "A", "name": "Économie"})
    top = base.held.axes[0]
    acts.save(desk, CODE, "axis", {"code": "A1", "name": "Emploi", "parent": top.key})
    below = next(item for item in base.held.axes if item.code == "A1")
    assert (top.rank, below.rank) == (1, 2)
    typed = {"code": "A2", "name": "Trop bas", "parent": below.key}
    assert reading.read(base.held, "axis", typed, None).faults["parent"] == "Les axes n’ont que deux niveaux."
    contract = reading.write(base.held, "contract", base.held.contract.key)
    acts.save(desk, CODE, "contract", contract | {"upper_level": "Priorité"}, key=base.held.contract.key)
    acts.save(
        desk, CODE, "engagement", reading.write(base.held, "engagement", "x1") | {"axis": "A1"}, key="x1"
    )
    engagements.group(desk, CODE, ["x2"], "x1")
    for item in base.held.engagements:
        if item.key in ("x1", "x2"):
            assert axis_words(base.held, item) == "Priorité\u202f: Emploi"
    loose = (Axis("z", "c", "Z", "Seul", 0, parent="absent"), *base.held.axes)
    assert [item.code for item in in_axes(loose)] == ["Z", "A", "A1"]


def test_a_joined_file_goes_along() -> None:
    joined = Attachment(
        "a", INVENTED.contract.key, "lettre.pdf", "0" * 64, size=1, added_on=DAY, engagement="x2"
    )
    assert owners(replace(PLAIN, attachments=(joined,)))["a"] == "x2"


def test_a_figure_of_context_is_in_no_count_and_awaited_by_nobody() -> None:
    late = next(item for item in INVENTED.objectives if item.aim.promised and item.parent is None)
    context = replace(
        INVENTED,
        objectives=tuple(
            replace(item, role=Role.CONTEXTE) if item is late else item for item in INVENTED.objectives
        ),
    )
    before, after = situation(INVENTED, DAY), situation(context, DAY)
    assert sum(after.counts.values()) == sum(before.counts.values()) - 1
    assert late.key in after.assessments
    summary = next(item for item in after.partners if item.partner.key == late.partner)
    assert sum(summary.counts.values()) == len(after.objectives_of_partner(late.partner)) - 1
    assert late not in after.promises
