"""A base that holds the first edition of the contract of Lens-Liévin comes to the second, on every laptop alike."""

from __future__ import annotations

import functools
import lzma
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk.domain.engagements import CARRIED, followed, holders
from qpvdesk.domain.model import (
    Contour,
    Dossier,
    Level,
    Meteo,
    Operand,
    Population,
    Role,
    Sens,
    StatementKind,
    Territory,
    TerritoryLink,
    Weather,
)
from qpvdesk.domain.wording import is_reading
from qpvdesk.paths import resource
from qpvdesk.services.contracts.contract_files import load
from qpvdesk.storage import (
    fourth_readings,
    maintenance,
    mends,
    mends_data,
    opening,
    programme,
    readers,
    starter,
    written,
)
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.exchange.consent import Consent
from qpvdesk.storage.identity import Identity
from qpvdesk.storage.keys import starter_key
from tests.unit.storage import samples

REFERENCE = Path(__file__).parents[2] / "reference" / "lens-lievin-v5.db.xz"
"""The contract as it shipped, with five acts of an officer: a météo and a step on what becomes a précision, a target,
a label and a figure."""
NAMED_COMMUNES = {
    "62065", "62133", "62351", "62386", "62413", "62498", "62510", "62563", "62570", "62737", "62771", "62895",
}  # fmt: skip
"""Those that the document names; the others came with the official lists."""
OF_THE_LISTS = {"COG-2026", "QPV-2024", "MAGAZINE-CALL", "CALL-S05"}
TOUCHED = {"FT-O13", "EN-E16"}
LATER = datetime(2026, 12, 31, tzinfo=UTC)
"""After the acts that the base holds."""


def of_before() -> bytes:
    return lzma.decompress(REFERENCE.read_bytes())


@functools.cache
def of_now() -> bytes:
    """The same base once it was brought here, alike wherever it is: `test_two_laptops` brings two, each on its own."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "base.db")
        path.write_bytes(of_before())
        opening.open_base(
            path, clock=samples.Ticking(LATER), identity=Identity(Path(name, "identite"))
        ).close()
        return path.read_bytes()


@contextmanager
def brought(folder: Path, name: str, content: bytes) -> Iterator[Database]:
    path = folder / f"{name}.db"
    path.write_bytes(content)
    with opening.open_base(path, clock=samples.Ticking(LATER)) as base:
        base.sign(name)
        yield base


def contract_of(base: Database) -> Dossier:
    return base.dossier(base.contracts()[0].key)


def by_key(dossier: Dossier) -> dict[str, Any]:
    things = {
        item.key: item
        for name in dossier.__struct_fields__
        if name != "contract"
        for item in getattr(dossier, name)
    }
    return things | {dossier.contract.key: dossier.contract}


def is_of_the_official_lists(item: Any) -> bool:
    """Whether the contract got it with its quartiers and communes: an officer's base takes these from the files."""
    if isinstance(item, Territory):
        return item.level in (Level.QPV, Level.COMMUNE) and item.code not in NAMED_COMMUNES
    if isinstance(item, Population):
        return item.perimeter == "totale"
    if isinstance(item, Operand):
        return item.name in ("magazine", "officiels")
    return isinstance(item, TerritoryLink | Contour) or getattr(item, "code", "") in OF_THE_LISTS


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    with brought(tmp_path, "Camille", of_now()) as base:
        yield base


def test_an_old_base_becomes_what_a_new_one_is_but_for_what_its_officer_wrote(base: Database) -> None:
    old, new = by_key(contract_of(base)), by_key(load(resource("contracts/lens-lievin"), key_of=starter_key))
    assert maintenance.check(base) == []
    brought_by_no_migration = {key for key, item in new.items() if is_of_the_official_lists(item)}
    assert new.keys() - old.keys() == brought_by_no_migration
    differing = {getattr(item, "code", key) for key, item in new.items() if old.get(key, item) != item}
    assert differing == TOUCHED
    assert {type(old[key]).__name__ for key in old.keys() - new.keys()} == {"Meteo", "Step", "Measurement"}


def test_what_the_officer_wrote_is_left_or_follows_its_engagement(base: Database) -> None:
    dossier = contract_of(base)
    held_by = holders(dossier.engagements)
    codes = {item.key: item.code for item in dossier.engagements}
    assert len(followed(dossier)) == 142
    for name in CARRIED:
        for item in getattr(dossier, name):
            assert item.engagement is None or held_by[item.engagement] == item.engagement
    assert {codes[item.engagement] for item in dossier.meteos} == {"FT-E38"}
    assert {codes[item.engagement] for item in dossier.steps} == {"FT-E05"}
    agencies = next(item for item in dossier.objectives if item.code == "FT-O13")
    assert (agencies.role, agencies.sens, agencies.target_value) == (Role.PROMESSE, Sens.PLANCHER, 10)
    assert "dans chaque collège" in next(item.label for item in dossier.engagements if item.code == "EN-E16")


def test_each_change_is_in_the_journal_under_the_name_of_the_program(base: Database) -> None:
    entries = [entry for entry in readers.history(base, "REGION-E57") if entry.field]
    assert [entry.author for entry in entries][:1] == ["qpvdesk"]
    assert {entry.act for entry in readers.history(base, "FT-E40", 5)} >= {programme.MIGRATIONS[0].label}


def test_two_laptops_come_to_the_same_and_have_nothing_to_settle(tmp_path: Path) -> None:
    with (
        brought(tmp_path, "Camille", of_before()) as one,
        brought(tmp_path, "Dominique", of_before()) as other,
    ):
        for base, giver in ((one, other), (other, one)):
            given = package.read(packages.write(giver)[0], "paquet")
            strangers = packages.merge(base, given, simulate=True).strangers
            packages.merge(base, given, consent=Consent(frozenset(stranger.public for stranger in strangers)))
        assert contract_of(one) == contract_of(other)
        for base in (one, other):
            assert packages.disagreements(base) == ()
            assert maintenance.check(base) == []
        authors = {
            tuple(
                row[0]
                for row in base.connection.execute("SELECT uid FROM author WHERE uid LIKE 'programme:%'")
            )
            for base in (one, other)
        }
        assert len(authors) == 1
        # The contract as it shipped had no quartier to be linked: the migration of links writes nothing.
        names = {uid.split(":")[1] for uid in authors.pop()}
        assert names == {item.name for item in programme.MIGRATIONS} - {"lieux"}


def test_done_once_it_finds_nothing_more_to_do_even_where_an_officer_took_it_back(base: Database) -> None:
    dossier = contract_of(base)
    again = list(programme.MIGRATIONS[0].changes(base.connection))
    assert again == []
    freed = next(item for item in dossier.engagements if item.code == "FT-E41")
    with base.unit("Détacher") as unit:
        unit.put(replace(freed, parent=None))
    assert list(programme.MIGRATIONS[0].changes(base.connection)) == []


def test_a_contract_of_another_place_is_left_as_it_is(tmp_path: Path) -> None:
    with opening.create(tmp_path / "autre.db", clock=samples.Ticking()) as base:
        starter.import_starter(base, samples.dossier())
        assert list(programme.MIGRATIONS[0].changes(base.connection)) == []


def test_finished_contracts_are_counted_in_contracts_unless_an_officer_named_the_unit(base: Database) -> None:
    units = next(item for item in programme.MIGRATIONS if item.name == "unites")
    mended = next(item for item in contract_of(base).objectives if item.code == "ARS-O09")
    assert mended.unit == "contrats"
    entry = next(item for item in readers.history(base, "ARS-O09") if item.act == units.label)
    assert entry.author == "qpvdesk"
    assert list(units.changes(base.connection)) == []
    with base.unit("Unité") as unit:
        unit.put(replace(mended, unit="fait"))
    assert list(units.changes(base.connection)) == []
    by_program = written.changed(mended, "unit", "contrats")
    assert units.may_write(by_program)
    assert not units.may_write(written.changed(mended, "unit", "postes"))


def test_what_a_reading_found_is_mended_unless_an_officer_wrote_it(base: Database) -> None:
    readings = next(item for item in programme.MIGRATIONS if item.name == "lectures")
    contract = contract_of(base)
    due = next(item for item in contract.engagements if item.code == "ARS-E13")
    share = next(item for item in contract.objectives if item.code == "FT-O02")
    assert due.due is None
    assert share.label.startswith("Part des QPV parmi les demandeurs")
    told = [entry for entry in readers.history(base, limit=100_000) if entry.act == readings.label]
    assert len(told) == len(mends_data.READINGS)
    with base.unit("Échéance") as unit:
        unit.put(replace(due, due=date(2024, 3, 31)))
    assert list(readings.changes(base.connection)) == []
    assert not readings.may_write(written.changed(share, "label", "Part du seul officier"))


def test_a_second_reading_leaves_shares_of_other_people_uncompared_unless_an_officer_wrote_them(
    base: Database,
) -> None:
    again = next(item for item in programme.MIGRATIONS if item.name == "relectures")
    contract = contract_of(base)
    shares = [item for item in contract.objectives if item.code in ("FT-O03", "FT-O09", "FT-O10")]
    assert [(item.sens, item.reference, item.is_context) for item in shares] == [
        (Sens.SUIVI, None, False)
    ] * 3
    told = [entry for entry in readers.history(base, limit=100_000) if entry.act == again.label]
    # The contract that shipped did not speak of the magazine yet.
    assert len(told) == len([mend for mend in mends_data.REREADINGS if mend.thing != "statement/CALL-S05"])
    with base.unit("Comparer") as unit:
        unit.put(replace(shares[0], sens=Sens.PARITE))
    assert list(again.changes(base.connection)) == []
    # Whoever bears the name of the program may write what it would write, and no more.
    assert again.may_write(written.changed(shares[0], "reference", None))
    assert not again.may_write(written.changed(shares[0], "reference", shares[1].key))


def test_a_third_reading_leaves_to_others_what_a_partner_expects_of_them(base: Database) -> None:
    third = next(item for item in programme.MIGRATIONS if item.name == "attendus")
    contract = contract_of(base)
    codes = {item.key: item.code for item in contract.engagements}
    above = {item.code: codes.get(item.parent or "") for item in contract.engagements}
    assert (above["REGION-E04"], above["REGION-E07"], above["ARS-E13"]) == (
        "REGION-E01",
        "REGION-E09",
        "ARS-E17",
    )
    proposed = [
        item.text for item in contract.conditions if item.key == starter_key("lens-lievin/condition/ARS/1")
    ]
    assert proposed == ["Orientations proposées aux préfets, par une note non datée."]
    told = [entry for entry in readers.history(base, limit=100_000) if entry.act == third.label]
    assert len(told) == len(
        [mend for mend in mends_data.THIRD_READINGS if mend.thing != "statement/CALL-S05"]
    )
    assert list(third.changes(base.connection)) == []


def test_a_fourth_reading_takes_away_what_was_told_twice_unless_an_officer_wrote_it(base: Database) -> None:
    fourth = next(item for item in programme.MIGRATIONS if item.name == "conventions")
    contract = contract_of(base)
    statements = {item.code: item for item in contract.statements}
    assert "ARS-S22" not in statements
    assert statements["ARS-S01"].kind is StatementKind.COMPARAISON
    told = [entry for entry in readers.history(base, limit=100_000) if entry.act == fourth.label]
    # The contract that shipped did not speak of the magazine yet.
    mended = [mend for mend in fourth_readings.READINGS if mend.thing != "document/MAGAZINE-CALL"]
    assert len(told) == len(mended)
    for name, readings in (
        ("bases", fourth_readings.BASES),
        ("doubles", fourth_readings.DOUBLE),
        ("sommes", fourth_readings.SUMS),
    ):
        later = next(item for item in programme.MIGRATIONS if item.name == name)
        told = [entry for entry in readers.history(base, limit=100_000) if entry.act == later.label]
        assert len(told) == len([mend for mend in readings if mend.thing != "document/MAGAZINE-CALL"])
    (read,) = [
        item.text for item in contract.conditions if item.key == starter_key("lens-lievin/condition/FT/1")
    ]
    assert is_reading(read), "a reading is no reserve"
    gone = (mends_data.Mend("statement/ARS-S21", "", "", None),)
    (change,) = mends.changes(base.connection, gone)
    assert change == written.removed(statements["ARS-S21"])
    assert mends.may_write(change, gone)
    assert not mends.may_write(change, fourth_readings.READINGS)
    with base.unit("Noter") as unit:
        unit.put(replace(statements["ARS-S21"], note="Vu avec l’ARS."))
    assert list(mends.changes(base.connection, gone)) == []


def test_an_engagement_that_has_its_own_weather_goes_under_no_other(base: Database) -> None:
    under = (mends_data.Mend("engagement/REGION-E10", "parent", None, "engagement/REGION-E01"),)
    assert len(list(mends.changes(base.connection, under))) == 1
    with base.unit("Météo") as unit:
        unit.put(
            Meteo("m", starter_key("lens-lievin/engagement/REGION-E10"), date(2025, 1, 1), Weather.SOLEIL)
        )
    assert list(mends.changes(base.connection, under)) == []


def test_no_reading_says_again_what_a_later_one_mended(base: Database) -> None:
    for migration in programme.MIGRATIONS:
        if migration.own_only:
            assert list(migration.changes(base.connection)) == [], migration.name


def test_a_base_brought_along_says_what_the_contract_says_now(base: Database) -> None:
    shipped = load(resource("contracts/lens-lievin"), key_of=starter_key)
    held = contract_of(base)
    changed = _mended()
    for kind in (
        "engagements",
        "fundings",
        "objectives",
        "statements",
        "conditions",
        "partners",
        "measurements",
    ):
        theirs = {item.key: item for item in getattr(held, kind)}
        mended = [item for item in getattr(shipped, kind) if item.key in changed and item.key in theirs]
        assert mended
        assert [theirs[item.key] for item in mended] == mended


def _mended() -> set[str]:
    mends = (
        *mends_data.REREADINGS,
        *mends_data.THIRD_READINGS,
        *fourth_readings.READINGS,
        *fourth_readings.BASES,
        *fourth_readings.SUMS,
    )
    return {starter_key(f"lens-lievin/{mend.thing}") for mend in mends}


def test_an_older_edition_that_says_it_is_of_today_changes_nothing_where_the_contract_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = load(resource("contracts/lens-lievin"), key_of=starter_key)
    before: dict[str, dict[str, Any]] = {}
    for mend in mends_data.REREADINGS:
        if mend.field != "reference":
            before.setdefault(starter_key(f"lens-lievin/{mend.thing}"), {})[mend.field] = mend.before
    older = replace(
        shipped,
        objectives=tuple(replace(item, **before.get(item.key, {})) for item in shipped.objectives),
    )
    assert older.objectives != shipped.objectives
    bases = []
    for name, dossier in (("Camille", shipped), ("Dominique", older)):
        base = opening.create(
            tmp_path / f"{name}.db", clock=samples.Ticking(LATER), identity=Identity(tmp_path / name)
        )
        starter.import_starter(base, dossier)
        base.sign(name)
        bases.append(base)
    here, there = bases
    uids = [uid for base in bases for (uid,) in base.connection.execute("SELECT uid FROM author")]
    monkeypatch.setattr(
        programme, "SHIPPED", {uid.removeprefix("starter:") for uid in uids if uid.startswith("starter:")}
    )
    with here, there:
        here.authors.identity.accept({there.authors.identity.public: "Dominique"}, "2026-01-01")
        with there.unit("Note") as unit:
            unit.put(replace(contract_of(there).partners[0], note="Vu"))
        said = contract_of(here).objectives
        brought = package.read(packages.write(there)[0], "paquet")
        assert not packages.merge(here, brought, simulate=True).asks
        packages.merge(here, brought)
        held = contract_of(here)
        assert held.partners[0].note == "Vu"
        assert held.objectives == said
        assert maintenance.check(here) == []
