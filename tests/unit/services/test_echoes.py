"""Common objectives: entered once, seen in each contract that follows the same one, taken back by one undo."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain import common
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Measurement, Objective
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.services.measurements import Entry
from qpvdesk.storage import opening
from tests.helpers import neighbours

DAY = date(2026, 6, 15)
OTHERS = ("arras", "calais")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return neighbours.make(tmp_path_factory.mktemp("trois") / "base.db")


@pytest.fixture
def desk(three: Path, tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "base.db"
    shutil.copy(three, path)
    with opening.open_base(path) as base:
        yield Desk(base, today=lambda: neighbours.DAY)


def objective(desk: Desk, contract: str, code: str) -> Objective:
    return next(item for item in desk.dossier(contract).objectives if item.code == code)


def figures(desk: Desk, contract: str, code: str, day: date = DAY) -> list[Decimal]:
    """What a contract says of an objective on a day, as its file has it."""
    key = objective(desk, contract, code).key
    whole = desk.base.dossier(desk.contract(contract).key)
    held = [item.value for item in whole.measurements if (item.objective, item.day) == (key, day)]
    known = [
        item.value for item in desk.dossier(contract).measurements if (item.objective, item.day) == (key, day)
    ]
    assert held == known
    return held


def record(desk: Desk, contract: str, code: str, value: int, replacing: str | None = None) -> str:
    entry = Entry(
        objective=objective(desk, contract, code).key,
        day=DAY,
        value=Decimal(value),
        source="Bilan",
        replacing=replacing,
    )
    return measurements.record(desk, contract, entry).label


def recorded(desk: Desk, contract: str, code: str) -> Measurement:
    key = objective(desk, contract, code).key
    return next(
        item for item in desk.dossier(contract).measurements if (item.objective, item.day) == (key, DAY)
    )


def test_a_figure_of_a_common_objective_is_seen_in_each_contract_and_undone_at_once(desk: Desk) -> None:
    label = record(desk, "arras", "BPI-O01", 31)
    assert label.endswith(" (aussi dans 2 autres contrats)")
    for contract in ("lens-lievin", *OTHERS):
        assert figures(desk, contract, "BPI-O01") == [31]
        assert recorded(desk, contract, "BPI-O01").source == "Bilan"
    desk.undo()
    for contract in ("lens-lievin", *OTHERS):
        assert figures(desk, contract, "BPI-O01") == []


def test_a_correction_and_a_removal_follow(desk: Desk) -> None:
    record(desk, "arras", "BPI-O01", 31)
    record(desk, "lens-lievin", "BPI-O01", 32, recorded(desk, "lens-lievin", "BPI-O01").key)
    assert [figures(desk, contract, "BPI-O01") for contract in OTHERS] == [[32], [32]]
    measurements.remove(desk, "calais", recorded(desk, "calais", "BPI-O01").key)
    assert [figures(desk, contract, "BPI-O01") for contract in ("lens-lievin", "arras")] == [[], []]


def test_what_a_contract_says_otherwise_it_keeps(desk: Desk) -> None:
    own = objective(desk, "calais", "BPI-O01")
    with desk.act("À part") as unit:
        unit.put(Measurement("apart", own.key, own.territory, DAY, Decimal(12)))
    assert record(desk, "arras", "BPI-O01", 31).endswith(" (aussi dans 1 autre contrat)")
    assert figures(desk, "calais", "BPI-O01") == [12]
    measurements.remove(desk, "arras", recorded(desk, "arras", "BPI-O01").key)
    assert figures(desk, "calais", "BPI-O01") == [12]


def test_a_figure_stands_everywhere_after_the_clock_was_ahead(desk: Desk) -> None:
    """It stood in the contract where it was entered, and « aussi dans 2 autres contrats » went on with the one before."""
    contracts = ("lens-lievin", *OTHERS)
    with desk.act("En avance") as unit:
        for number, contract in enumerate(contracts):
            own = objective(desk, contract, "BPI-O01")
            key = f"0fffffff-0000-7000-8000-00000000000{number}"
            unit.put(Measurement(key, own.key, own.territory, DAY, Decimal(25), entered_on=date(2027, 1, 25)))
    assert record(desk, "arras", "BPI-O01", 26).endswith(" (aussi dans 2 autres contrats)")
    for contract in contracts:
        own = objective(desk, contract, "BPI-O01")
        assert desk.situation(contract, neighbours.DAY).assessments[own.key].value == 26, contract


def test_a_local_objective_and_one_that_is_named_otherwise_stay_of_one_contract(desk: Desk) -> None:
    home = next(
        item
        for item in desk.dossier("arras").objectives
        if item.partner == next(p.key for p in desk.dossier("arras").partners if p.code == "CALL")
    )
    assert "aussi" not in record(desk, "arras", home.code, 1)
    assert figures(desk, "lens-lievin", home.code) == []
    with desk.act("Autrement") as unit:
        unit.put(replace(objective(desk, "calais", "BPI-O01"), label="Autre chose"))
    record(desk, "arras", "BPI-O01", 31)
    assert figures(desk, "calais", "BPI-O01") == []


def test_a_return_of_many_figures_is_one_act_in_all(desk: Desk) -> None:
    call = next(item.key for item in desk.dossier("arras").partners if item.code == "CALL")
    home = next(item.key for item in desk.dossier("arras").objectives if item.partner == call)
    keys = [home, *(objective(desk, "arras", code).key for code in ("BPI-O01", "BPI-O02"))]
    change = measurements.record_all(
        desk, "arras", [Entry(objective=key, day=DAY, value=Decimal(200)) for key in keys]
    )
    assert change.label.endswith(" (aussi dans 2 autres contrats)")
    assert [figures(desk, "calais", code) for code in ("BPI-O01", "BPI-O02")] == [[200], [200]]


def test_a_contract_that_joins_takes_the_figures_of_what_it_follows(desk: Desk) -> None:
    record(desk, "arras", "BPI-O01", 31)
    acts.new_contract(desk, {"code": "bethune", "name": "Contrat de ville de Béthune"}, like="lens-lievin")
    assert figures(desk, "bethune", "BPI-O01") == [31]
    dossier = desk.dossier("bethune")
    local = {item.key for item in dossier.objectives if item.code.startswith("CALL")}
    assert [item for item in dossier.measurements if item.objective in local] == []
    lens, new = (common.shared_promises(Index(desk.dossier(code))) for code in ("lens-lievin", "bethune"))
    assert new.keys() == lens.keys()
    # Bpifrance promises for the country, France Travail for the département, the ARS for the région.
    assert {(item.partner, item.place) for item in new} >= {("BPI", "FR"), ("FT", "D62"), ("ARS", "R32")}
    # Of Bpifrance the file that « arras » came from had no figure.
    first = date(2024, 12, 31)
    assert figures(desk, "arras", "BPI-O01", first) == figures(desk, "lens-lievin", "BPI-O01", first) == [23]
