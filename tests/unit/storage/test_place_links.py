"""A base of before links each quartier to the commune that it was listed under, on every laptop alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from qpvdesk.domain.model import Basis, Contract, Level, Territory, TerritoryLink
from qpvdesk.storage import contracts, maintenance, opening, place_links, programme, written
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.exchange.consent import Consent
from qpvdesk.storage.journal import EXISTENCE
from tests.unit.storage import samples

MIGRATION = next(item for item in programme.MIGRATIONS if item.name == "lieux")
PLACES = (
    Territory("epci", "k", "246200364", "Agglomération", Level.EPCI),
    Territory("c1", "k", "62498", "Lens", level="commune", parent="epci"),
    Territory("q1", "k", "QN06226M", "Cité 2", level="qpv", parent="c1"),
    Territory("q2", "k", "QN06227M", "Sellier Cité 4", level="qpv", parent="c1"),
)


def base_of_before(path: Path) -> Database:
    base = opening.create(path, now=samples.NOON, clock=samples.Ticking())
    with base.unit("Lieux") as unit:
        unit.put(Contract("k", "k", "Contrat"))
        unit.put_all(PLACES)
        unit.put(TerritoryLink("own", "q2", "epci"))
    return base


def migrate(base: Database) -> None:
    with base.writing() as connection, base.guard.everything():
        programme.apply(connection, MIGRATION.name, MIGRATION.label, MIGRATION.changes(connection))


def test_a_quartier_without_a_link_gets_one_whose_share_nobody_knows(tmp_path: Path) -> None:
    with base_of_before(tmp_path / "base.db") as base:
        migrate(base)
        dossier = base.dossier("k")
        (made,) = [link for link in dossier.territory_links if link.key != "own"]
        assert (made.part, made.whole, made.share, made.basis) == ("q1", "c1", None, Basis.INCONNUE)
        assert maintenance.check(base) == []
        assert list(place_links.changes(base.connection)) == []


def test_done_once_it_is_not_done_again_where_an_officer_took_the_link_away(tmp_path: Path) -> None:
    with base_of_before(tmp_path / "base.db") as base:
        migrate(base)
        with base.unit("Sans lien") as unit:
            unit.remove(next(link for link in base.dossier("k").territory_links if link.part == "q1"))
        migrate(base)
        assert [link.key for link in base.dossier("k").territory_links] == ["own"]


def test_two_laptops_make_the_same_link_and_have_nothing_to_settle(tmp_path: Path) -> None:
    with base_of_before(tmp_path / "un.db") as one, opening.create(tmp_path / "deux.db") as other:
        given = package.read(packages.write(one)[0], "paquet")
        strangers = packages.merge(other, given, simulate=True).strangers
        packages.merge(other, given, consent=Consent(frozenset(item.public for item in strangers)))
        migrate(one)
        given = package.read(packages.write(one)[0], "paquet")
        packages.merge(other, given)
        assert packages.disagreements(other) == ()
        assert one.dossier("k") == other.dossier("k")


def test_the_program_may_write_that_and_nothing_else() -> None:
    link = TerritoryLink(place_links.link_key("a", "b"), "a", "b")
    assert place_links.may_write(written.new(link))
    for forged in (
        TerritoryLink("other", "a", "b"),
        TerritoryLink(link.key, "a", "c"),
        TerritoryLink(link.key, "a", "b", basis=Basis.HABITANTS),
    ):
        assert not place_links.may_write(written.new(forged))
    assert not place_links.may_write(written.removed(link))


@pytest.mark.parametrize("value", ["pas du JSON", "[]", "{}", '{"contract": 3}'])
@pytest.mark.parametrize("kind", ["theme", "territory_link", "objective"])
def test_what_cannot_be_read_is_nothing_that_the_program_writes(kind: str, value: str) -> None:
    made = written.Written(kind, "k", EXISTENCE, value)
    for migration in programme.MIGRATIONS:
        assert not programme.is_written_by(f"programme:{migration.name}:0", migration.label, [made])


def test_outlines_are_no_part_of_what_is_read_with_a_contract(tmp_path: Path) -> None:
    """The picture of a first sight pays nothing for them."""
    with base_of_before(tmp_path / "base.db") as base:
        asked: list[str] = []
        base.connection.set_trace_callback(asked.append)
        dossier = base.dossier("k")
        base.connection.set_trace_callback(None)
        assert asked
        assert not any(name in statement for statement in asked for name in ("contour", "layer"))
        assert (dossier.contours, dossier.layers, dossier.layer_figures) == ((), (), ())
        assert contracts.atlas(base.connection, "k").keys() == {"contours", "layers", "layer_figures"}
