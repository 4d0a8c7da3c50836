"""The published list of quartiers prioritaires, whatever its columns are called, taken in under the communes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, Dossier, Level, Territory
from qpvdesk.paths import resource
from qpvdesk.services.contracts import contract_files
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import official, quartiers
from qpvdesk.storage.keys import starter_key
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

ANCT = """fid;gid;code_qp;lib_qp;insee_reg;lib_reg;insee_dep;lib_dep;insee_com;lib_com;siren_epci
1;1;QN06274M;Cité 12-14;32;Hauts-de-France;62;Pas-de-Calais;62498;Lens;246200364
2;2;QN06275M;Grande Résidence;32;Hauts-de-France;62;Pas-de-Calais;62498, 62510;Lens, Liévin;246200364
3;3;QN05901M;Ailleurs;32;Hauts-de-France;59;Nord;59350;Lille;245900410
"""
INSEE = """"CODGEO";"LIBGEO";"COM";"PMUN"
"QN06274M";"Cité 12-14";"62498";"1 339"
"QN06275M";"Grande Résidence";"62498";"s"
"""


@pytest.fixture
def base(tmp_path: Path) -> WatchedBase:
    starter = contract_files.load(resource("contracts/lens-lievin"), key_of=starter_key)
    return WatchedBase(tmp_path / "essai.db", starter, invented.TODAY)


@pytest.fixture
def desk(base: WatchedBase) -> Iterator[Desk]:
    made = base.open()
    yield made
    made.close()


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "liste.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_quartiers_of_the_contracts_communes_are_taken_in(
    desk: Desk, base: WatchedBase, tmp_path: Path, encoding: str
) -> None:
    before = base.held
    plan = official.read(desk, "lens-lievin", write(tmp_path, ANCT, encoding))
    assert (plan.new, plan.changed, plan.same, plan.elsewhere) == (2, 0, 0, 1)
    assert base.held == before
    official.take(desk, plan)
    held = {one.code: one for one in base.held.territories}
    assert held["QN06274M"].name == "Cité 12-14"
    assert held["QN06274M"].level == Level.QPV
    assert held["QN06274M"].parent == held["62498"].key
    assert "QN05901M" not in held
    desk.undo()
    assert base.held == before


def test_a_second_list_adds_the_populations_and_doubles_nothing(
    desk: Desk, base: WatchedBase, tmp_path: Path
) -> None:
    official.take(desk, official.read(desk, "lens-lievin", write(tmp_path, ANCT)))
    plan = official.read(desk, "lens-lievin", write(tmp_path, INSEE))
    assert (plan.new, plan.changed, plan.same) == (0, 1, 1)
    official.take(desk, plan)
    key = next(one.key for one in base.held.territories if one.code == "QN06274M")
    assert [one.value for one in base.held.populations if one.territory == key] == [1339]
    again = official.read(desk, "lens-lievin", write(tmp_path, INSEE))
    assert again.put == ()
    with pytest.raises(UserError, match="n’apporte rien"):
        official.take(desk, again)


def test_another_table_is_refused_with_what_is_needed(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="n’est pas une liste de quartiers") as refused:
        official.read(desk, "lens-lievin", write(tmp_path, "a;b\n1;2\n"))
    assert "le code du quartier" in refused.value.remedy


def test_a_desk_that_only_reads_sees_what_was_written_beside_it(
    desk: Desk, base: WatchedBase, tmp_path: Path
) -> None:
    reader = base.read()
    path = write(tmp_path, ANCT)
    plan = official.read(reader, "lens-lievin", path)
    official.take(desk, plan)
    assert official.read(reader, "lens-lievin", path).put == ()
    reader.close()


def test_a_quartier_on_two_lines_is_one_under_its_first_commune(
    desk: Desk, base: WatchedBase, tmp_path: Path
) -> None:
    text = "code_qp;lib_qp;insee_com\nQN06297M;Essai;62510\nQN06297M;Essai;62498\n"
    plan = official.read(desk, "lens-lievin", write(tmp_path, text))
    assert (plan.new, plan.changed, plan.same) == (1, 0, 0)
    official.take(desk, plan)
    held = {one.code: one for one in base.held.territories}
    assert held["QN06297M"].parent == held["62510"].key


def test_thousands_set_apart_by_a_point_count_and_a_code_that_lost_a_zero_is_said(
    desk: Desk, tmp_path: Path
) -> None:
    text = "code_qp;lib_qp;insee_com;pop_mun\nQN06298M;Essai;62498;1.177\nQN6298M;Zero perdu;62498;900\n"
    plan = official.read(desk, "lens-lievin", write(tmp_path, text))
    assert plan.new == 1
    assert [str(item.value) for item in plan.put if hasattr(item, "perimeter")] == ["1177"]
    assert "1 code mal formé\u202f: QN6298M." in plan.sentence


def test_a_commune_that_lost_its_zero_is_the_one_of_the_contract(base: WatchedBase) -> None:
    aisne = replace(base.held.territories[0], key="aisne", code="02408", name="Laon")
    dossier = replace(base.held, territories=(*base.held.territories, aisne))
    rows = [["code_qp", "lib_qp", "insee_com"], ["QN00298M", "Essai", "2408"]]
    made, link = quartiers.plan(dossier, [rows], vintage=None).put
    assert (made.parent, link.whole) == ("aisne", "aisne")


@pytest.mark.parametrize(
    ("listed", "quartiers"),
    [
        (ANCT, ["QN06274M", "QN06275M"]),
        ("CODGEO;LIBGEO;EPCI;LIBEPCI\n62498;Lens;246200364;CA de Lens - Liévin\n62510;Liévin;246200364;CA de Lens - Liévin\n"
         "59350;Lille;245900410;Métropole\n", []),
    ],
)  # fmt: skip
def test_a_contract_begins_with_the_list_of_its_epci(
    tmp_path: Path, listed: str, quartiers: list[str]
) -> None:
    """Its communes with their codes, its quartiers where the list has them; a name that stood for a code is given it."""
    town = Territory("t", "k", "LENS", "Lens", Level.COMMUNE)
    blank = Dossier(
        Contract("k", "essai", "Contrat de ville de Lens-Liévin", epci="246200364"), territories=(town,)
    )
    desk = WatchedBase(tmp_path / "vide.db", blank, invented.TODAY).open()
    plan = official.read(desk, "essai", write(tmp_path, listed))
    assert (plan.changed, plan.new) == (1, 2 + len(quartiers))
    official.take(desk, plan)
    made = desk.dossier("essai")
    desk.close()
    codes = {item.key: item.code for item in made.territories}
    assert sorted(codes.values()) == ["246200364", "62498", "62510", *quartiers]
    assert codes["t"] == "62498"
    lying = {item.code: codes[item.parent] for item in made.territories if item.parent}
    assert (lying["62510"], lying["62498"]) == ("246200364", "246200364")
    assert {lying[code] for code in quartiers} <= {"62498"}
