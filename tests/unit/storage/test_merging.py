"""Packages between officers: whatever the order, the repetitions and the clocks, all end with the same contract."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Attachment, Meteo, Objective, Snapshot, Weather
from qpvdesk.durable import sha256
from qpvdesk.storage import (
    authors,
    chain,
    clock,
    journal,
    maintenance,
    opening,
    programme,
    readers,
    rescue,
    snapshots,
    starter,
)
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.exchange.consent import Consent, RepairedError, UnsignedError
from qpvdesk.storage.exchange.merged import Merged
from tests.helpers.second_reader import second_reader
from tests.unit.storage import samples

Pair = tuple[Database, Database]


def base_of(path: Path, name: str, *, ahead: timedelta = timedelta()) -> Database:
    base = opening.create(path, now=samples.NOON, clock=samples.Ticking(samples.NOON + ahead))
    starter.import_starter(base, samples.dossier())
    base.sign(name)
    return base


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Two officers who began from the same contract."""
    with base_of(tmp_path / "a.db", "Camille") as one, base_of(tmp_path / "b.db", "Dominique") as other:
        yield one, other


def sent(giver: Database, taker: Database) -> Merged:
    content, _ = packages.write(giver)
    return packages.merge(taker, package.read(content, "paquet"))


def exchange(one: Database, other: Database) -> None:
    """Send packages to and fro until neither brings anything."""
    for _ in range(6):
        if not sent(one, other).operations + sent(other, one).operations:
            return
    raise AssertionError("they never agree")


def set_objective(base: Database, **changes: object) -> None:
    held = objective(base, "obj1")
    with base.unit("Objectif modifié") as unit:
        unit.put(replace(held, **changes))  # type: ignore[arg-type]


def objective(base: Database, key: str) -> Objective:
    return next(one for one in base.dossier("contract1").objectives if one.key == key)


def values(base: Database) -> dict[str, Decimal]:
    return {one.key: one.value for one in base.dossier("contract1").measurements}


def record(base: Database, key: str, value: int, **changes: object) -> None:
    made = replace(samples.MEASUREMENT, key=key, value=Decimal(value), **changes)  # type: ignore[arg-type]
    with base.unit(f"Relevé {key}") as unit:
        unit.put(made)


def same(one: Database, other: Database) -> None:
    assert one.dossier("contract1") == other.dossier("contract1")
    assert package.vector(one.connection) == package.vector(other.connection)
    assert maintenance.check(one) == []
    assert maintenance.check(other) == []


def test_what_each_did_is_at_the_other_s(pair: Pair) -> None:
    one, other = pair
    record(one, "n1", 31)
    record(other, "n2", 32, day=samples.DAY)
    set_objective(other, label="Bus en service")
    seen = packages.merge(other, package.read(packages.write(one)[0], "paquet"), simulate=True)
    assert seen.by_author == {"Camille": seen.operations}
    assert seen.added == {"measurement": 1}
    assert "n1" not in values(other)
    exchange(one, other)
    same(one, other)
    assert values(one) | {"n1": 31, "n2": 32} == values(one)
    assert objective(one, "obj1").label == "Bus en service"
    assert other.stacks.undo_label == "Objectif modifié"
    assert {entry.author for entry in readers.history(one, None)} >= {"Camille", "Dominique"}
    assert packages.disagreements(one) == ()


def test_a_package_twice_changes_nothing_the_second_time(pair: Pair) -> None:
    one, other = pair
    record(one, "n1", 31)
    assert sent(one, other).operations > 0
    again = sent(one, other)
    assert (again.operations, again.rows) == (0, {})
    assert sent(one, one).operations == 0


def test_only_what_the_other_lacks_is_sent(pair: Pair) -> None:
    one, other = pair
    record(one, "n1", 31)
    sent(one, other)
    sent(other, one)
    record(one, "n2", 32, day=samples.DAY)
    ((_, (name, known)),) = packages.peers(one).items()
    assert name == "Dominique"
    whole, brief = packages.write(one), packages.write(one, known)
    assert brief[1] < 10 < whole[1]
    packages.merge(other, package.read(brief[0], "paquet"))
    assert values(other)["n2"] == 32


def test_a_package_that_is_missing_between_is_named(pair: Pair) -> None:
    one, other = pair
    record(one, "n1", 31)
    known = package.vector(one.connection)
    record(one, "n2", 32, day=samples.DAY)
    before = other.dossier("contract1")
    with pytest.raises(
        UserError, match="Il manque un paquet de Camille\u202f: ses modifications 1 à"
    ) as refused:
        packages.merge(other, package.read(packages.write(one, known)[0], "paquet"))
    assert "complet" in refused.value.remedy
    assert other.dossier("contract1") == before
    assert packages.peers(other) == {}


@pytest.mark.parametrize("noted", ["{n’importe", "{}", '{"de": 1}', "", "[1]"])
@pytest.mark.parametrize("name", ["fusion", "peer:z"])
def test_what_another_program_noted_of_the_exchanges_is_said_and_repaired(
    pair: Pair, name: str, noted: str
) -> None:
    one, other = pair
    record(other, "m9", 31)
    sent(other, one)
    note(one, name, noted)
    reading = packages.last_merge if name == "fusion" else packages.peers
    with pytest.raises(authors.ForeignBaseError, match="échanges avec vos collègues ne se lit pas"):
        reading(one)
    (problem,) = maintenance.check(one)
    assert "modifiée par un autre programme" in problem
    one.close()
    rescue.repair(one.path, now=samples.NOON)
    with opening.open_base(one.path) as repaired:
        assert maintenance.check(repaired) == []
        reading(repaired)


@pytest.mark.parametrize("noted", ["{n’importe", ""])
def test_what_another_program_noted_of_what_is_lost_counts_for_nothing(pair: Pair, noted: str) -> None:
    one, other = pair
    record(other, "m9", 31)
    content, _ = packages.write(other)
    brought = package.read(content, "paquet")
    for author in brought.authors:
        note(one, journal.LOST + author.uid, noted)
    packages.merge(one, brought)
    assert values(one) == values(other)
    assert maintenance.check(one) == []


def note(base: Database, name: str, value: str) -> None:
    """Write a row of `meta` as another program may."""
    with base.guard.everything():
        base.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))


def test_two_values_of_one_cell_are_both_kept_until_it_is_decided(pair: Pair) -> None:
    one, other = pair
    set_objective(one, target_value=Decimal(45), label="Bus")
    set_objective(other, target_value=Decimal(50), label="Bus")
    exchange(one, other)
    same(one, other)
    (found,) = packages.disagreements(one)
    assert packages.disagreements(other) == (found,)
    assert (found.code, found.title) == ("BPI-O01", "valeur cible")
    assert {(version.author, version.shown) for version in found.versions} == {
        ("Camille", "45"),
        ("Dominique", "50"),
    }
    assert str(objective(one, "obj1").target_value) == found.versions[0].cell

    with one.unit("Désaccord tranché") as unit:
        unit.settle(found.kind, found.key, found.field, "47")
    assert objective(one, "obj1").target_value == 47
    assert packages.disagreements(one) == ()
    with pytest.raises(UserError, match="déjà tranché"), one.unit("Encore") as unit:
        unit.settle(found.kind, found.key, found.field, "48")
    one.undo()
    assert str(objective(one, "obj1").target_value) == found.versions[0].cell
    one.redo()
    exchange(one, other)
    same(one, other)
    assert packages.disagreements(other) == ()
    # What is written after the decision is no new disagreement.
    set_objective(one, target_value=Decimal(49))
    exchange(one, other)
    assert (packages.disagreements(one), packages.disagreements(other)) == ((), ())
    assert objective(other, "obj1").target_value == 49


def test_two_decisions_that_differ_are_a_disagreement_again(pair: Pair) -> None:
    one, other = pair
    set_objective(one, target_value=Decimal(45))
    set_objective(other, target_value=Decimal(50))
    exchange(one, other)
    (found,) = packages.disagreements(one)
    for base, cell in ((one, "45"), (other, "50")):
        with base.unit("Désaccord tranché") as unit:
            unit.settle(found.kind, found.key, found.field, cell)
        assert packages.disagreements(base) == ()
    exchange(one, other)
    same(one, other)
    assert [version.cell for version in packages.disagreements(one)[0].versions] in (
        ["45", "50"],
        ["50", "45"],
    )


def test_what_one_removed_while_the_other_worked_on_it_is_kept(pair: Pair) -> None:
    one, other = pair
    removed = next(m for m in one.dossier("contract1").measurements if m.key == "m1")
    with one.unit("Relevé retiré") as unit:
        unit.remove(removed)
    with other.unit("Relevé corrigé") as unit:
        other.clock.moment += timedelta(hours=1)  # type: ignore[attr-defined]
    record(other, "m1", 29)
    merged = sent(other, one)
    assert ("measurement", "BPI-O01") in merged.revived
    exchange(one, other)
    same(one, other)
    assert values(one)["m1"] == 29


def test_what_one_removed_while_the_other_built_on_it_is_kept(pair: Pair) -> None:
    one, other = pair
    free = replace(samples.OTHER, key="libre", code="BPI-O99")
    with one.unit("Objectif") as unit:
        unit.put(free)
    exchange(one, other)
    record(other, "fresh", 3, objective="libre")
    with one.unit("Objectif retiré") as unit:
        unit.remove(objective(one, "libre"))
    merged = sent(other, one)
    assert merged.revived == [("objective", "BPI-O99")]
    exchange(one, other)
    same(one, other)
    assert "fresh" in values(other)
    assert objective(other, "libre") == free


def test_two_things_of_one_code_both_stay_and_the_later_is_renumbered_alike(pair: Pair) -> None:
    one, other = pair
    for base, key in ((one, "c1"), (other, "d1")):
        with base.unit("Objectif") as unit:
            unit.put(replace(samples.OTHER, key=key, code="BPI-O77"))
    record(other, "m9", 12, objective="d1")
    merged = sent(one, other)
    assert [(item.kind, item.code, item.now) for item in merged.renumbered] == [
        ("objective", "BPI-O77", "BPI-O77-2")
    ]
    exchange(one, other)
    same(one, other)
    codes = {objective(other, key).code for key in ("c1", "d1")}
    assert codes == {"BPI-O77", "BPI-O77-2"}
    assert packages.disagreements(one) == ()
    assert {item.objective for item in one.dossier("contract1").measurements if item.key == "m9"} == {"d1"}


def test_both_merge_at_once_and_give_the_later_the_same_code(pair: Pair) -> None:
    one, other = pair
    for base, key in ((one, "c1"), (other, "d1")):
        with base.unit("Objectif") as unit:
            unit.put(replace(samples.OTHER, key=key, code="BPI-O77"))
    there, here = (package.read(packages.write(base)[0], "paquet") for base in pair)
    packages.merge(other, there)
    packages.merge(one, here)
    exchange(one, other)
    same(one, other)
    assert packages.disagreements(one) == packages.disagreements(other) == ()


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("value", [31, 45])
def test_the_same_figure_on_both_sides_is_one_and_a_disagreement_where_they_differ(
    pair: Pair, value: int, *, at_once: bool
) -> None:
    one, other = pair
    record(one, "c9", 31)
    record(other, "d9", value)
    if at_once:
        crossing = package.read(packages.write(other)[0], "paquet")
    merged = sent(one, other)
    if at_once:
        packages.merge(one, crossing)
    assert merged.joined == 1
    counts = merged.added, merged.changed, merged.removed
    assert [count["measurement"] for count in counts] == [0, int(value != 31), 0]
    exchange(one, other)
    same(one, other)
    assert len(values(one).keys() & {"c9", "d9"}) == 1
    for base in pair:
        found = packages.disagreements(base)
        if value == 31:
            assert found == ()
        else:
            ((disagreement),) = found
            assert sorted((item.author, item.shown) for item in disagreement.versions) == [
                ("Camille", "31"),
                ("Dominique", "45"),
            ]


def test_two_figures_of_a_day_that_one_knew_of_are_left_apart(pair: Pair) -> None:
    one, other = pair
    record(one, "c9", 31)
    sent(one, other)
    record(other, "d9", 45)
    assert sent(other, one).joined == 0
    assert values(one).keys() >= {"c9", "d9"}


def test_codes_may_be_exchanged(pair: Pair) -> None:
    one, other = pair
    first, second = objective(one, "obj1"), objective(one, "obj2")
    for code, held in (("X", first), (first.code, second), (second.code, first)):
        with one.unit("Code changé") as unit:
            unit.put(replace(held, code=code))
    exchange(one, other)
    same(one, other)
    assert objective(other, "obj1").code == "BPI-O02"


def test_things_that_would_contain_each_other_are_refused(pair: Pair) -> None:
    one, other = pair
    for base, key, parent in ((one, "obj1", "obj2"), (other, "obj2", "obj1")):
        with base.unit("Partie d’un tout") as unit:
            unit.put(replace(objective(base, key), parent=parent))
    with pytest.raises(UserError, match="se contiendraient"):
        sent(one, other)
    assert objective(other, "obj1").parent is None


def test_many_figures_of_one_place_and_day_cost_as_much_each(pair: Pair) -> None:
    one, other = pair
    steps = []
    for count, day in ((150, 1), (300, 2)):
        with one.unit(f"{count} relevés") as unit:
            for number in range(count):
                key, moment = f"{count}-{number}", samples.DAY - timedelta(days=day)
                unit.put(replace(samples.MEASUREMENT, key=key, value=Decimal(number), day=moment))
        brought, taken = package.read(packages.write(one)[0], "paquet"), 0

        def step() -> int:
            nonlocal taken
            taken += 1
            return 0

        other.connection.set_progress_handler(step, 100)
        packages.merge(other, brought)
        other.connection.set_progress_handler(None, 0)
        steps.append(taken)
    assert steps[1] < 3 * steps[0]


def test_a_merge_that_was_taken_back_and_given_again_is_taken_back_again(pair: Pair) -> None:
    one, other = pair
    before = other.dossier("contract1")
    record(one, "m9", 31)
    with one.unit("Nom changé") as unit:
        unit.put(replace(one.dossier("contract1").partners[0], name="Autre nom"))
    sent(one, other)
    merged = other.dossier("contract1")
    merge = packages.last_merge(other)
    assert merge is not None
    for _ in range(3):
        assert packages.undo(other, merge)[0]
        assert {held.key for held in other.dossier("contract1").measurements} == {
            held.key for held in before.measurements
        }
        assert not packages.undo(other, merge)[0]
        other.undo()
        assert other.dossier("contract1") == merged
    assert maintenance.check(other) == []


def test_what_somebody_wrote_since_in_a_row_that_a_merge_began_stays_when_it_is_taken_back(
    pair: Pair,
) -> None:
    one, other = pair
    record(one, "m8", 30)
    record(one, "m9", 31)
    sent(one, other)
    with other.unit("Relevé corrigé") as unit:
        held = next(each for each in other.dossier("contract1").measurements if each.key == "m9")
        unit.put(replace(held, value=Decimal(57), comment="Vu sur place"))
    merge = packages.last_merge(other)
    assert merge is not None
    _, since = packages.undo(other, merge)
    assert since == 1
    assert values(other).get("m9") == 57
    assert "m8" not in values(other)
    exchange(one, other)
    same(one, other)


def test_what_was_written_since_and_taken_back_holds_no_row_that_a_merge_began(pair: Pair) -> None:
    one, other = pair
    record(one, "m9", 31)
    sent(one, other)
    record(other, "m9", 57, comment="Vu sur place")
    other.undo()
    merge = packages.last_merge(other)
    assert merge is not None
    assert packages.undo(other, merge)[1] == 0
    assert "m9" not in values(other)
    assert maintenance.check(other) == []


def test_what_a_merge_brought_goes_though_a_row_of_before_was_made_to_refer_to_it(pair: Pair) -> None:
    one, other = pair
    held = one.dossier("contract1")
    with one.unit("Lieu neuf") as unit:
        unit.put(replace(held.territories[1], key="neuf", code="NEUF", name="Neuf"))
        unit.put(replace(held.establishments[0], territory="neuf"))
    sent(one, other)
    merge = packages.last_merge(other)
    assert merge is not None
    _, since = packages.undo(other, merge)
    after = other.dossier("contract1")
    assert since == 0
    assert after.establishments[0].territory == held.establishments[0].territory
    assert "neuf" not in {each.key for each in after.territories}


def test_joined_files_and_frozen_data_go_along(pair: Pair) -> None:
    one, other = pair
    letter = b"%PDF une lettre"
    held = one.dossier("contract1")
    text = snapshots.canonical(held, "meet", samples.DAY)
    frozen = Snapshot("snap", "contract1", "meet", samples.DAY, samples.DAY, snapshots.fingerprint(text))
    joined = Attachment(
        "piece", "contract1", "lettre.pdf", sha256(letter), len(letter), samples.DAY, engagement="eng1"
    )
    with one.unit("Lettre") as unit:
        unit.attach(joined, letter, ("Le texte",))
    with one.unit("Données arrêtées") as unit:
        unit.freeze(frozen, text)
    exchange(one, other)
    same(one, other)
    assert (readers.file(other, joined), readers.pages(other, joined)) == (letter, ("Le texte",))
    assert readers.thawed(other, frozen).dossier == held
    one.undo()
    exchange(one, other)
    same(one, other)
    assert other.dossier("contract1").snapshots == ()


def test_what_was_erased_for_good_is_erased_at_the_other_s(pair: Pair) -> None:
    one, other = pair
    record(one, "n1", 31, comment="Vu avec Mme Dupont-Léger")
    exchange(one, other)
    maintenance.erase(one, "Mme Dupont-Léger")
    exchange(one, other)
    same(one, other)
    assert maintenance.mentions(other, "Mme Dupont-Léger").none


def test_an_empty_base_takes_everything(pair: Pair, tmp_path: Path) -> None:
    one, _ = pair
    record(one, "n1", 31)
    with opening.create(tmp_path / "c.db", clock=samples.Ticking()) as empty:
        with pytest.raises(UnsignedError):
            # No release shipped the contract of these tests: whoever says so is not believed.
            sent(one, empty)
        brought = package.read(packages.write(one)[0], "paquet")
        packages.merge(empty, brought, consent=Consent(unsigned=True))
        same(one, empty)


def test_a_contract_that_a_release_shipped_is_asked_about_by_nobody(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pair
    (uid,) = one.connection.execute("SELECT uid FROM author WHERE uid LIKE 'starter:%'").fetchone()
    monkeypatch.setattr(programme, "SHIPPED", frozenset({uid.removeprefix("starter:")}))
    with opening.create(tmp_path / "c.db", clock=samples.Ticking()) as empty:
        assert sent(one, empty).unsigned == 0
        same(one, empty)


def test_two_stories_under_one_name_are_told_apart(pair: Pair) -> None:
    one, other = pair
    record(one, "n1", 31)
    content = packages.write(one)[0]
    sent(one, other)
    one.undo()
    forged = package.read(content, "paquet")
    swapped = tuple(
        replace(held, value=(held.value or "").replace('"31"', '"99"')) if held.key == "n1" else held
        for held in forged.operations
    )
    with pytest.raises(UserError, match="deux suites différentes des modifications de Camille"):
        packages.merge(other, replace(forged, operations=swapped))


def test_a_clock_far_ahead_is_told_and_locks_nobody_out(tmp_path: Path) -> None:
    with base_of(tmp_path / "b.db", "Dominique") as other:
        for name, hours in (("a", 47), ("c", 24 * 9_000)):
            with base_of(tmp_path / f"{name}.db", "Camille", ahead=timedelta(hours=hours)) as one:
                record(one, f"n{name}", 31, day=samples.DAY - timedelta(days=hours % 7 + 1))
                merged = sent(one, other)
                assert merged.days_ahead == (0 if hours == 47 else 8_999)
                # Taken knowingly once, it is not asked about again.
                record(one, f"o{name}", 33, day=samples.DAY - timedelta(days=hours % 7 + 3))
                assert sent(one, other).days_ahead == 0
        record(other, "n9", 32, day=samples.DAY)
        assert values(other).keys() >= {"na", "nc", "n9"}
        assert maintenance.check(other) == []


def test_the_last_moment_there_is_locks_nobody_out(tmp_path: Path) -> None:
    """What is done after an act of 2999 is counted on from it: it was refused by everybody, for ever."""
    far = clock.moment(clock.LATEST) - samples.NOON - timedelta(days=1)
    with (
        base_of(tmp_path / "a.db", "Camille", ahead=far) as one,
        base_of(tmp_path / "b.db", "Dominique") as other,
        base_of(tmp_path / "c.db", "Ali") as third,
    ):
        record(one, "n1", 31)
        brought = package.read(packages.write(one)[0], "paquet")
        last = max(operation.hlc for operation in brought.operations)
        # Told to the tick: what a forger would sign.
        with one.writing() as connection, one.forgetting():
            connection.execute("UPDATE operation SET hlc = ? WHERE hlc = ?", (clock.LATEST, last))
            for number in one.authors.rechain():
                chain.sign_again(connection, number, after=0, sign=one.authors.identity.sign)
        merged = sent(one, other)
        assert merged.days_ahead > 300_000
        assert merged.asks
        for value in range(3):
            record(other, f"n{value + 2}", value, day=samples.DAY - timedelta(days=value + 1))
        assert journal.last_hlc(other.connection) == clock.LATEST + 3
        sent(other, third)
        assert values(third) == values(other)
        assert maintenance.check(third) == []


def test_nobody_is_brought_to_the_end_of_the_count(pair: Pair) -> None:
    one, other = pair
    record(one, "n1", 31)
    brought = package.read(packages.write(one)[0], "paquet")
    latest = max(operation.hlc for operation in brought.operations)
    forged = tuple(
        replace(operation, hlc=clock.LATEST + clock.COUNTED_MAX) if operation.hlc == latest else operation
        for operation in brought.operations
    )
    with pytest.raises(UserError, match="date impossible"):
        packages.merge(other, replace(brought, operations=forged))
    assert journal.last_hlc(other.connection) < clock.LATEST


def test_the_clock_of_a_base_only_read_is_no_matter(pair: Pair) -> None:
    one, _ = pair
    with second_reader(one) as reading, pytest.raises(UserError, match="lecture seule"):
        packages.merge(reading, package.read(packages.write(one)[0], "paquet"))


class Replica:
    """An officer in the simulation: writes whatever comes to mind, keeps every package that was made."""

    def __init__(self, base: Database, name: str, chance: random.Random) -> None:
        self.base, self.name, self.chance, self.count = base, name, chance, 0

    def act(self) -> None:
        chance, base = self.chance, self.base
        held = base.dossier("contract1")
        self.count += 1
        match chance.randrange(8):
            case 0 | 1:
                record(
                    base,
                    f"{self.name}{self.count}",
                    chance.randrange(50),
                    objective=chance.choice(held.objectives).key,
                )
            case 2:
                one = chance.choice(held.objectives)
                with base.unit("Cible") as unit:
                    unit.put(
                        replace(one, target_value=Decimal(chance.randrange(90)), note=f"vu {self.count}")
                    )
            case 3 if held.measurements:
                one = chance.choice(held.measurements)
                with base.unit("Correction") as unit:
                    unit.put(replace(one, value=Decimal(chance.randrange(9)), comment=self.name))
            case 4 if held.measurements:
                with base.unit("Retrait") as unit:
                    unit.remove(chance.choice(held.measurements))
            case 5:
                with base.unit("Objectif") as unit:
                    unit.put(
                        replace(
                            samples.OTHER, key=f"o{self.name}{self.count}", code=f"{self.name}{self.count}"
                        )
                    )
            case 6:
                spare = [one for one in held.objectives if one.code[:1] in "ABC" and "-" not in one.code]
                used = {one.objective for one in held.measurements}
                if free := [one for one in spare if one.key not in used]:
                    with base.unit("Objectif retiré") as unit:
                        unit.remove(chance.choice(free))
            case _:
                if chance.random() < 0.5:
                    base.undo()
                else:
                    with base.unit("Météo") as unit:
                        unit.put(Meteo(f"w{self.name}{self.count}", "eng1", samples.DAY, Weather.SOLEIL))
        if found := packages.disagreements(base):
            one = chance.choice(found)
            if chance.random() < 0.3 and one.field:
                with base.unit("Tranché") as unit:
                    unit.settle(one.kind, one.key, one.field, chance.choice(one.versions).cell)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_three_officers_who_write_and_send_at_random_end_with_the_same_contract(seed: int) -> None:
    chance = random.Random(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        replicas = [
            Replica(
                stack.enter_context(
                    base_of(folder / f"{name}.db", name, ahead=timedelta(minutes=chance.randrange(-600, 600)))
                ),
                name,
                chance,
            )
            for name in "ABC"
        ]
        written: list[bytes] = []
        for _ in range(60):
            one = chance.choice(replicas)
            # An act whose cell somebody changed since cannot be undone.
            with suppress(UserError):
                one.act()
            if chance.random() < 0.3:
                written.append(packages.write(one.base)[0])
            if written and chance.random() < 0.4:
                # Late, twice, or never: full packages may come in any order.
                packages.merge(chance.choice(replicas).base, package.read(chance.choice(written), "paquet"))
        for _ in range(8):
            news = 0
            for giver in replicas:
                for taker in chance.sample(replicas, 3):
                    news += sent(giver.base, taker.base).operations
            if not news:
                break
        first, *others = replicas
        for other in others:
            same(first.base, other.base)
            assert packages.disagreements(first.base) == packages.disagreements(other.base)


def test_one_operation_that_is_missing_is_seen(pair: Pair) -> None:
    one, other = pair
    sent(one, other)
    record(one, "n1", 31)
    for value in range(32, 36):
        record(one, "n1", value)
    whole = package.read(packages.write(one)[0], "paquet")
    last = max(operation.seq for operation in whole.operations if operation.key == "n1")
    for missing in range(last - 1, last - 4, -1):
        with pytest.raises(UserError, match="Il manque un paquet de Camille"):
            packages.merge(other, without(whole, missing))
    assert "n1" not in values(other)


def test_what_a_repaired_base_lost_is_missed_by_nobody_and_no_more_than_that(pair: Pair) -> None:
    one, other = pair
    sent(one, other)
    record(one, "n1", 31)
    record(one, "n1", 32)
    record(one, "n1", 33)
    record(one, "n2", 32, day=samples.DAY)
    whole = package.read(packages.write(one)[0], "paquet")
    lost = [item.seq for item in whole.operations if (item.key, item.field) == ("n1", "value")]
    assert len(lost) == 2
    authors = [replace(author, lost=1) if author.label == "Camille" else author for author in whole.authors]
    repaired = replace(whole, authors=tuple(authors))
    with pytest.raises(UserError, match="Il manque un paquet de Camille"):
        packages.merge(other, without(repaired, *lost))
    with pytest.raises(RepairedError, match="Il manque 1 modification de Camille"):
        packages.merge(other, without(repaired, lost[0]))
    packages.merge(other, without(repaired, lost[0]), consent=Consent(repaired=True))
    assert {"n1", "n2"} <= values(other).keys()
    # The loss is remembered here: what comes after from the same author is whole again.
    record(one, "n3", 33, day=samples.DAY + timedelta(days=1))
    later = package.read(packages.write(one)[0], "paquet")
    packages.merge(other, without(later, lost[0]))
    assert "n3" in values(other)


def without(whole: package.Package, *missing: int) -> package.Package:
    """Return a package of which some of Camille's operations are not there."""
    camille = next(author.uid for author in whole.authors if author.label == "Camille")
    kept = tuple(item for item in whole.operations if item.author != camille or item.seq not in missing)
    return replace(whole, operations=kept)


def test_what_a_colleague_wrote_last_is_not_taken_back_even_where_it_is_equal(pair: Pair) -> None:
    one, other = pair
    set_objective(one, label="Bus en service")
    sent(one, other)
    set_objective(other, label="Bus")
    set_objective(other, label="Bus en service")
    sent(other, one)
    with pytest.raises(UserError, match="quelqu’un d’autre a changé la même valeur"):
        one.undo()
    assert objective(one, "obj1").label == "Bus en service"
