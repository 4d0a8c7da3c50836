"""What somebody says of a file: roles, units, periods, names, kinds set aside; by a plan too, and remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import correspondences, import_plans, imports, workbench
from qpvdesk.services.figures.imports import Answers, Plan
from qpvdesk.services.figures.line import LineState
from qpvdesk.services.figures.roles import Role
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from tests.helpers import shipped
from tests.helpers.reviews import desk_on

TODAY = date(2026, 11, 28)
DECEMBER = date(2025, 12, 31)
CODE = "lens-lievin"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "base.db"
    with shipped.new_base(path, datetime(2026, 1, 5, 9).astimezone()) as opened:
        yield desk_on(opened, TODAY)


def book(*rows: list[str], sheet: str = "Feuil1") -> ReadBook:
    return ReadBook([sheet_of(*rows, name=sheet)], styled=False)


def sheet_of(*rows: list[str], name: str) -> ReadSheet:
    cells = [
        ReadCell(row, column, Read.TEXT, text)
        for row, texts in enumerate(rows) for column, text in enumerate(texts) if text
    ]  # fmt: skip
    return ReadSheet(name, cells)


def figures(plan: Plan) -> list[tuple[str, date | None, Decimal | None, LineState]]:
    return [
        (line.objective.code if line.objective else line.name, line.day,
         line.measurement.value if line.measurement else None, line.state)
        for line in plan.lines
    ]  # fmt: skip


TARGETS = book(["Code", "Cible 2025", "Relevé final"], ["FT-O22", "20000", "18500"])
MONEY = book(["Code", "Date", "Valeur"], ["ARS-O05", "31/12/2025", "2500"])


def test_a_column_is_given_another_role_and_its_day(desk: Desk) -> None:
    (table,) = imports.plan(desk, CODE, TARGETS, "a.csv").tables
    views = {view.header.title: view for view in workbench.columns_of(TARGETS, table)}
    assert [view.role for view in views.values()] == [Role.INDICATOR, Role.OTHER, Role.VALUE]
    target = views["Cible 2025"].header
    table = workbench.with_role(table, views["Relevé final"].header, Role.OTHER, today=TODAY)
    table = workbench.with_role(table, target, Role.VALUE, today=TODAY)
    said = imports.plan(desk, CODE, TARGETS, "a.csv", answers=Answers(tables=(table,)))
    assert figures(said) == [("FT-O22", DECEMBER, Decimal(20000), LineState.NEW)]
    table = workbench.with_day(table, target.column, date(2025, 6, 30))
    said = imports.plan(desk, CODE, TARGETS, "a.csv", answers=Answers(tables=(table,)))
    assert [line.day for line in said.lines] == [date(2025, 6, 30)]


def test_a_column_that_names_the_indicators_is_the_only_one_once_somebody_says_so(desk: Desk) -> None:
    twice = book(["Code", "Indicateur", "Date", "Valeur"], ["FT-O22", "FT-O23", "31/12/2025", "18500"])
    (table,) = imports.plan(desk, CODE, twice, "a.csv").tables
    assert (table.indicator, table.other) == (0, 1)
    headers = {view.header.title: view.header for view in workbench.columns_of(twice, table)}
    told = workbench.with_role(table, headers["Indicateur"], Role.INDICATOR, today=TODAY)
    assert (told.indicator, told.other) == (1, None)
    (line,) = imports.plan(desk, CODE, twice, "a.csv", answers=Answers(tables=(told,))).lines
    assert not any("nomme aussi" in doubt for doubt in line.warnings)
    # Whatever else is said of the columns leaves the doubt.
    told = workbench.with_role(table, headers["Date"], Role.COMMENT, today=TODAY)
    assert told.other == 1


def test_the_unit_of_a_column_is_said(desk: Desk) -> None:
    (table,) = imports.plan(desk, CODE, MONEY, "a.csv").tables
    table = workbench.with_unit(table, 2, "k€")
    said = imports.plan(desk, CODE, MONEY, "a.csv", answers=Answers(tables=(table,)))
    assert [line.measurement.value for line in said.lines if line.measurement] == [Decimal("2.5")]


def test_a_figure_stays_provisional_until_a_file_says_otherwise(desk: Desk) -> None:
    head = ["Code", "Date", "Valeur", "Provisoire"]
    said = [
        (head, ["FT-O22", "31/12/2025", "18500", "oui"], True),
        (head[:3], ["FT-O22", "31/12/2025", "18600"], True),
        (head, ["FT-O22", "31/12/2025", "18700", "non"], False),
        (head[:3], ["FT-O22", "31/12/2025", "18800"], False),
        (head[:3], ["FT-O22", "31/12/2025", "18900 (p)"], True),
    ]
    for titles, line, provisional in said:
        plan = imports.plan(desk, CODE, book(titles, line), "a.csv")
        assert [item.measurement.provisional for item in plan.lines if item.measurement] == [provisional], (
            line
        )
        imports.apply(desk, imports.accepted(plan))


def settled(desk: Desk, file: ReadBook, path: Path, **changed: object) -> Plan:
    """Follow the plan of a file once something of it is changed."""
    import_plans.propose(imports.plan(desk, CODE, file, "a.csv"), path)
    document = json.loads(path.read_text("utf-8"))
    columns = document["tables"][0]["colonnes"]
    for name, value in changed.items():
        if name in columns:
            columns[name] |= value
        else:
            document[name] = value
    path.write_text(json.dumps(document), "utf-8")
    return import_plans.follow(desk, CODE, file, "a.csv", answers=Answers(), path=path)


def test_a_plan_says_roles_units_days_and_names(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    said = settled(
        desk, TARGETS, path, B={"role": "valeur", "date": "30/06/2025"}, C={"role": "non lu"}, lignes=[]
    )
    assert figures(said) == [("FT-O22", date(2025, 6, 30), Decimal(20000), LineState.NEW)]
    said = settled(desk, MONEY, path, C={"unite": "k€"}, lignes=[])
    assert [line.measurement.value for line in said.lines if line.measurement] == [Decimal("2.5")]
    named = book(["Code", "Date", "Valeur"], ["Chômeurs", "31/12/2025", "18500"])
    said = settled(desk, named, path, associations={"Chômeurs": "FT-O22"}, lignes=[])
    assert figures(said) == [("FT-O22", DECEMBER, Decimal(18500), LineState.NEW)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"B": {"role": "truc"}}, "n’est pas compris"),
        ({"B": {"titre": "Cible 2026"}}, "le titre n’est plus"),
        ({"tables": [{"feuille": "Feuil1", "titres": "0", "colonnes": {}}]}, "lignes de titres"),
        ({"tables": [{"feuille": "Autre", "titres": "1", "colonnes": {}}]}, "n’a pas de feuille"),
        (
            {"tables": [{"feuille": "Feuil1", "titres": "1", "colonnes": {}, "lu": False}]},
            "ne lit aucun tableau",
        ),
        ({"tables": [{"feuille": "Feuil1", "titres": "1", "colones": {}}]}, "colones"),
    ],
)
def test_a_plan_that_says_what_the_file_does_not_hold_is_refused(
    desk: Desk, tmp_path: Path, changed: dict[str, object], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        settled(desk, TARGETS, tmp_path / "plan.json", **changed)


KINDS = (["Code", "Type de valeur", "Date", "Valeur"], ["FT-O22", "Réalisé", "31/12/2025", "18500"],
         ["FT-O23", "Redressée", "31/12/2025", "115000"])  # fmt: skip


def test_kinds_names_and_sheets_set_aside_are_remembered_for_a_partner(desk: Desk) -> None:
    file = ReadBook([sheet_of(*KINDS, name="Données"), sheet_of(*KINDS, name="Brouillon")], styled=False)
    doubtful = imports.plan(desk, CODE, file, "a.csv")
    assert [line.state for line in doubtful.lines][:2] == [LineState.NEW, LineState.DOUBTFUL]
    said = Answers(chosen={"Redressée": "", "Brouillon": ""}, partner="FT")
    plan = imports.plan(desk, CODE, file, "a.csv", answers=said)
    assert [line.state for line in plan.lines] == [LineState.NEW, LineState.ASIDE]
    assert any("Brouillon" in note for note in plan.notes)
    imports.apply(desk, plan)
    # Other titles: what is remembered of columns is of no use, what is set aside still is.
    other = book(["Indicateur", "Nature de la donnée", "Au", "Résultat"], *KINDS[1:])
    again = imports.plan(desk, CODE, other, "b.csv", answers=Answers(partner="FT"))
    assert [line.state for line in again.lines] == [LineState.SAME, LineState.ASIDE]


def test_roles_and_units_are_found_again_in_the_next_file(desk: Desk) -> None:
    (table,) = imports.plan(desk, CODE, MONEY, "a.csv").tables
    said = Answers(tables=(workbench.with_unit(table, 2, "k€"),), partner="ARS")
    imports.apply(desk, imports.accepted(imports.plan(desk, CODE, MONEY, "a.csv", answers=said)))
    later = book(["Note"], ["Code", "Date", "Valeur"], ["ARS-O05", "31/03/2026", "2600"])
    (line,) = imports.plan(desk, CODE, later, "b.csv").lines
    assert line.measurement is not None
    assert line.measurement.value == Decimal("2.6")


def test_what_is_remembered_is_listed_changed_and_forgotten(desk: Desk) -> None:
    said = Answers(chosen={"Redressée": "", "Chômeurs": "FT-O22"}, partner="FT")
    imports.apply(desk, imports.plan(desk, CODE, book(*KINDS), "a.csv", answers=said))
    (item,) = correspondences.remembered(desk, CODE)
    assert (item.partner.code, dict(item.chosen)) == ("FT", {"Redressée": "", "Chômeurs": "FT-O22"})
    assert "Code" in item.sentence.title()
    correspondences.associate(desk, CODE, item.key, "Chômeurs", code="FT-O23")
    correspondences.associate(desk, CODE, item.key, "Redressée", code=None)
    (item,) = correspondences.remembered(desk, CODE)
    assert dict(item.chosen) == {"Chômeurs": "FT-O23"}
    # Those that stand before and after the one that is changed stay as they are.
    names = ("Actifs", "Jeunes", "Zones")
    for name in names:
        correspondences.associate(desk, CODE, item.key, name, code="FT-O22")
    for name in ("Jeunes", "Actifs", "Zones"):
        change = correspondences.associate(desk, CODE, item.key, name, code="")
        assert change.label.startswith(f"Nom retenu changé\u202f: «\u202f{name}\u202f»")
    correspondences.associate(desk, CODE, item.key, "Jeunes", code=None)
    (item,) = correspondences.remembered(desk, CODE)
    assert dict(item.chosen) == {"Actifs": "", "Chômeurs": "FT-O23", "Zones": ""}
    correspondences.forget(desk, CODE, item.key)
    assert correspondences.remembered(desk, CODE) == ()
    desk.undo()
    assert len(correspondences.remembered(desk, CODE)) == 1
    for key in ("rien", ""):
        with pytest.raises(UserError, match="n’est plus retenu"):
            correspondences.forget(desk, CODE, key)
    with pytest.raises(UserError, match="ZZ-O01"):
        correspondences.associate(desk, CODE, item.key, "Chômeurs", code="ZZ-O01")
