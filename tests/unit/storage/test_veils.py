"""One contract of two in a package: the other goes along as digests, which prove the chain and say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Partner
from qpvdesk.storage import maintenance, opening, rescue
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.exchange.erasures import VEILED_WORDS
from qpvdesk.storage.exchange.package import Package
from qpvdesk.storage.journal import VEILED
from tests.unit.storage import samples
from tests.unit.storage.test_removals import officer

SECRET = "Partenaire discret"


@pytest.fixture
def three(tmp_path: Path) -> Iterator[tuple[Database, Database, Database]]:
    """Three who know each other; the first follows another contract beside, and wrote in both, in one act too."""
    with (
        officer(tmp_path, "Camille") as one,
        officer(tmp_path, "Dominique") as other,
        officer(tmp_path, "Ali") as third,
    ):
        bases = (one, other, third)
        for base in bases:
            names = {who.authors.identity.public: who.authors.name for who in bases if who is not base}
            base.authors.identity.accept(names, "2026-01-01")
        contract = samples.contract(2)
        secret = Partner("p2", contract.key, "P2", SECRET, SECRET, rank=1, note=SECRET)
        with one.unit(f"Autre contrat : {SECRET}") as unit:
            unit.put_all([contract, secret])
        record(one, "n1", "Vu")
        with one.unit("Des deux côtés") as unit:
            unit.put(replace(secret, note=f"{SECRET}, revu"))
            unit.put(replace(item_of(one, "n1"), comment="Revu"))
        yield bases


def record(base: Database, key: str, comment: str) -> None:
    with base.unit(f"Relevé {key}") as unit:
        unit.put(replace(samples.MEASUREMENT, key=key, comment=comment))


def item_of(base: Database, key: str) -> object:
    return next(item for item in base.dossier("contract1").measurements if item.key == key)


def narrow(base: Database) -> Package:
    return package.read(packages.write(base, contract="contract1")[0], "paquet")


def whole(base: Database) -> Package:
    return package.read(packages.write(base)[0], "paquet")


def words_of(base: Database) -> set[str]:
    """Return the words of the acts of Camille."""
    rows = base.connection.execute(
        "SELECT t.label FROM act t JOIN author a ON a.id = t.author WHERE a.label = 'Camille' AND a.uid NOT LIKE '%:note'"
    )
    return {label for (label,) in rows}


def veiled(base: Database) -> int:
    (count,) = base.connection.execute("SELECT count(*) FROM operation WHERE kind = ?", (VEILED,)).fetchone()
    return int(count)


def test_one_contract_comes_and_nothing_of_the_other(three: tuple[Database, Database, Database]) -> None:
    one, other, _ = three
    seen = packages.merge(other, narrow(one), simulate=True)
    assert (seen.asks, seen.lost, seen.veiled) == (False, {}, 3)
    packages.merge(other, narrow(one))
    assert other.dossier("contract1") == one.dossier("contract1")
    assert [contract.key for contract in other.contracts()] == ["contract1"]
    assert SECRET.encode() not in other.path.read_bytes()
    assert words_of(other) == {"Relevé n1", "Des deux côtés", VEILED_WORDS}
    assert maintenance.check(other) == []
    assert packages.disagreements(other) == ()
    # What follows goes on from there, either way.
    record(other, "n2", "De Dominique")
    packages.merge(one, whole(other))
    record(one, "n3", "De Camille")
    packages.merge(other, narrow(one))
    assert other.dossier("contract1") == one.dossier("contract1")
    assert maintenance.check(one) == maintenance.check(other) == []


def test_what_is_veiled_comes_back_from_whoever_has_it(three: tuple[Database, Database, Database]) -> None:
    one, other, third = three
    packages.merge(other, narrow(one))
    packages.merge(third, whole(other))
    assert veiled(third) == veiled(other) == 3
    assert words_of(third) == words_of(other)
    assert third.dossier("contract1") == one.dossier("contract1")
    # What a colleague knows is told up to what is veiled, so that it is sent again.
    known = whole(third).known
    content, _ = packages.write(one, known)
    merged = packages.merge(third, package.read(content, "paquet"))
    assert (merged.asks, merged.returned, veiled(third)) == (False, 0, 0)
    assert words_of(third) == words_of(one)
    assert {item.key for item in third.contracts()} == {item.key for item in one.contracts()}
    for contract in one.contracts():
        assert third.dossier(contract.key) == one.dossier(contract.key)
    packages.merge(other, whole(third))
    assert veiled(other) == 0
    assert words_of(other) == words_of(one)
    # Once here, a digest alone takes nothing away.
    packages.merge(other, narrow(one))
    assert words_of(other) == words_of(one)
    for base in three:
        assert maintenance.check(base) == []


def test_a_digest_that_is_no_other_s_is_refused(three: tuple[Database, Database, Database]) -> None:
    one, other, third = three
    brought = narrow(one)
    hidden = next(item for item in brought.operations if item.kind == VEILED)
    forged = replace(
        brought,
        operations=tuple(
            replace(item, value="0" * 64) if item is hidden else item for item in brought.operations
        ),
    )
    with pytest.raises(UserError, match=r"ne portent pas sa signature|deux suites"):
        packages.merge(other, forged)
    packages.merge(other, brought)
    # Whoever relays it cannot put other words in its place, nor hide for good what they veil.
    packages.merge(third, whole(one))
    swapped = tuple(
        replace(item, value=(item.value or "").replace(SECRET, "Forgé"))
        if SECRET in (item.value or "")
        else item
        for item in whole(third).operations
    )
    with pytest.raises(UserError, match="deux suites"):
        packages.merge(other, replace(whole(third), operations=swapped))
    assert veiled(other) == 3


def test_what_was_erased_in_the_other_contract_stays_so(three: tuple[Database, Database, Database]) -> None:
    one, other, _ = three
    packages.merge(other, narrow(one))
    maintenance.erase(one, SECRET)
    packages.merge(other, narrow(one))
    assert maintenance.check(other) == []
    packages.merge(other, whole(one))
    assert veiled(other) == 0
    assert SECRET.encode() not in other.path.read_bytes()
    assert {base.dossier("contract2").partners for base in (one, other)} == {
        one.dossier("contract2").partners
    }
    assert maintenance.check(other) == []


def test_who_takes_back_one_contract_alone_goes_on_and_the_other_comes_back(
    three: tuple[Database, Database, Database],
) -> None:
    one, other, third = three
    older = one.path.read_bytes()
    record(one, "n4", "Vu")
    with one.unit("Autre") as unit:
        unit.put(replace(one.dossier("contract2").partners[0], note="Revu"))
    packages.merge(other, narrow(one))
    packages.merge(third, whole(one))
    path, identity = one.path, one.authors.identity
    one.close()
    path.write_bytes(older)
    with opening.open_base(path, clock=samples.Ticking(), identity=identity) as back:
        assert back.authors.missing() == 2
        assert packages.merge(back, whole(other)).veiled == 1
        assert "n4" in {item.key for item in back.dossier("contract1").measurements}
        record(back, "n5", "Suite")
        packages.merge(back, whole(third))
        assert back.dossier("contract2").partners[0].note == "Revu"
        packages.merge(third, whole(back))
        assert veiled(back) == veiled(third) == 0
        assert maintenance.check(back) == maintenance.check(third) == []


def test_what_another_program_says_of_a_digest_is_refused(
    three: tuple[Database, Database, Database],
) -> None:
    one, other, _ = three
    brought = narrow(one)
    hidden = next(item for item in brought.operations if item.kind == VEILED)
    acts = tuple(
        replace(act, withheld={str(hidden.seq): {VEILED: "0" * 64}}) if act.name == hidden.act_name else act
        for act in brought.acts
    )
    with pytest.raises(UserError, match="ne portent pas sa signature"):
        packages.merge(other, replace(brought, acts=acts))
    with pytest.raises(ValueError, match="veiled"):
        package._check_operation(replace(hidden, key="n1"), {hidden.author}, {hidden.act})


def test_it_is_undone_salvaged_and_told_as_the_rest(three: tuple[Database, Database, Database]) -> None:
    one, other, _ = three
    before = other.dossier("contract1")
    packages.merge(other, narrow(one))
    merge = packages.last_merge(other)
    assert merge is not None
    packages.undo(other, merge)
    assert other.dossier("contract1") == before
    other.undo()
    path = other.path
    other.close()
    with sqlite3.connect(path) as connection:
        held = connection.execute("SELECT count(*) FROM operation").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
    connection.close()
    rescue.repair(path, now=samples.NOON.replace(tzinfo=None))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM operation").fetchone() == held
    connection.close()
