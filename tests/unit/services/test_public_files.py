"""Files of public origin, made again from their documentation: read as their authors meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qpvdesk.services import bases
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import imports
from qpvdesk.services.figures.imports import Plan
from qpvdesk.services.figures.line import LineState
from qpvdesk.storage.opening import open_base
from tests.helpers.previewing import preview
from tests.helpers.reviews import desk_on

TODAY = date(2026, 11, 28)
CODE = "lens-lievin"
JOBS = "Demandeurs d’emploi (cat. A, B, C) résidant en QPV"
Figure = tuple[str, date, Decimal, LineState]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("depart") / "base.db"
    bases.create(path, CODE, now=datetime(2026, 1, 5, 9).astimezone())
    with open_base(path) as opened:
        yield desk_on(opened, TODAY)


def read(desk: Desk, path: Path) -> tuple[Plan, list[Figure]]:
    plan = preview(desk, CODE, path)
    return plan, [
        (line.objective.code, line.day, line.measurement.value, line.state)
        for line in plan.lines
        if line.objective and line.day and line.measurement
    ]


def text(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def workbook(path: Path, *rows: list[object], title: str = "Données") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_file_of_pilote_gives_its_actual_values_alone(desk: Desk, tmp_path: Path) -> None:
    """The template of PILOTE: one line a value, `vi` at the start, `va` as it is, `vc` the target; places by D62, R32."""
    path = text(
        tmp_path / "pilote.csv",
        "identifiant_indic,zone_id,date_valeur,type_valeur,valeur",
        "FT-O22,D62,2024-12-31,vi,18800",
        "FT-O22,D62,2025-06-30,va,18500",
        "FT-O22,D62,2027-12-31,vc,16000",
    )
    plan, figures = read(desk, path)
    assert figures == [("FT-O22", date(2025, 6, 30), Decimal(18500), LineState.NEW)]
    assert [line.state for line in plan.lines].count(LineState.ASIDE) == 2


def test_indicators_of_territoires_en_transitions_leave_their_objectives(desk: Desk, tmp_path: Path) -> None:
    """Its export of indicators: an identifier, a title, a unit, « Résultats » or « Objectifs », years across."""
    path = workbook(
        tmp_path / "indicateurs.xlsx",
        ["Identifiant", "Titre", "Unité", "Type de données", 2024, 2025],
        ["FT-O22", JOBS, "personnes", "Résultats", 18800, 18500],
        ["FT-O22", JOBS, "personnes", "Objectifs", 18000, 17000],
    )
    plan, _ = read(desk, path)
    written = [
        (line.day, line.measurement.value) for line in imports.accepted(plan).written if line.measurement
    ]
    assert written == [(date(2024, 12, 31), Decimal(18800)), (date(2025, 12, 31), Decimal(18500))]


def test_a_table_of_the_anct_is_read_by_place_with_its_population_left(desk: Desk, tmp_path: Path) -> None:
    """Its open data: one line a place, codes then names, an indicator a column under its whole label."""
    path = text(
        tmp_path / "anct_emploi_2025.csv",
        f"CODGEO;LIBGEO;Population municipale 2022;{JOBS}",
        "D62;Pas-de-Calais;1459780;18500",
        "D59;Nord;2617939;52000",
        encoding="cp1252",
    )
    plan, figures = read(desk, path)
    assert [(code, value) for code, _, value, _ in figures] == [("FT-O22", Decimal(18500))]
    assert any("Population municipale" in note for note in plan.notes)
    assert [line.state for line in plan.lines][-1] is LineState.REFUSED


def test_a_budget_gives_what_was_spent_in_the_unit_said_above(desk: Desk, tmp_path: Path) -> None:
    """A budget: its title, « en milliers d’euros » above, accounts by year, then what is voted, then a total."""
    path = workbook(
        tmp_path / "budget.xlsx",
        ["Compte administratif – politique de la ville"],
        ["Montants en milliers d’euros"],
        [],
        ["Code", "Libellé", "CA 2024", "CA 2025", "BP 2026"],
        ["ARS-O05", "Contrat local de santé", 2400, 2500, 2600],
        ["", "Total", 2400, 2500, 2600],
    )
    plan, figures = read(desk, path)
    assert [(code, day, value) for code, day, value, _ in figures] == [
        ("ARS-O05", date(2024, 12, 31), Decimal("2.4")), ("ARS-O05", date(2025, 12, 31), Decimal("2.5")),
    ]  # fmt: skip
    assert any("BP 2026" in note for note in plan.notes)
