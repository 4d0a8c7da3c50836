"""Files that are not ours: read as the officer says, then as last time."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.services.figures import correspondences, imports, mapping
from qpvdesk.services.figures.imports import Plan
from qpvdesk.services.figures.line import LineState
from qpvdesk.services.figures.titles import spread_down
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, ValueColumn
from qpvdesk.storage import maintenance
from qpvdesk.storage.base import Database
from tests.helpers import shipped
from tests.helpers.previewing import preview
from tests.helpers.reviews import desk_on

TODAY = date(2026, 11, 2)


@pytest.fixture
def base(tmp_path: Path) -> Database:
    (tmp_path / "base").mkdir()
    path = tmp_path / "base" / "base.db"
    with shipped.new_base(path, datetime(2026, 1, 5, 9).astimezone()) as opened:
        yield opened


def planned(base: Database, path: Path, **more: object) -> Plan:
    return preview(desk_on(base, TODAY), base.contracts()[0].code, path, imports.Answers(**more))


def figures(plan: Plan) -> list[tuple[str, date, Decimal]]:
    return [
        (line.objective.code, line.measurement.day, line.measurement.value)
        for line in plan.lines
        if line.objective is not None and line.measurement is not None
    ]


def foreign(
    path: Path, *, years: tuple[int, ...] = (2024, 2025), lead: int = 0, sheet: str = "Données 2025"
) -> Path:
    """A partner's own table: a title, headers on two lines with a merged one above the years, units in them."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for _ in range(lead):
        page.append(["Document de travail"])
    page.append(["Tableau de bord de la direction"])
    page.append(["Intitulé", "Lieu", "Nombre de bus", *[None] * (len(years) - 1), "Observations"])
    page.merge_cells(start_row=lead + 2, end_row=lead + 2, start_column=3, end_column=2 + len(years))
    page.append(["de l’action", None, *[f"Année {year}" for year in years]])
    page.append(["Bus de l’entrepreneuriat", "FR", *[20 + at for at in range(len(years))], "provisoire"])
    book.save(path)
    return path


SAID = "feuille=Données 2025; titres=2-3; indicateur=A; territoire=B; valeur=C-D; commentaire=E"
CHOSEN = {"Bus de l’entrepreneuriat": "BPI-O01"}


def test_the_officer_says_where_the_figures_are(base: Database, tmp_path: Path) -> None:
    path = foreign(tmp_path / "bpi.xlsx")
    assert [line.state for line in planned(base, path).lines] == [LineState.UNKNOWN] * 2
    plan = planned(base, path, described=SAID)
    assert [line.state for line in plan.lines] == [LineState.UNKNOWN] * 2
    plan = planned(base, path, described=SAID, chosen=CHOSEN)
    assert figures(plan) == [
        ("BPI-O01", date(2024, 12, 31), Decimal(20)),
        ("BPI-O01", date(2025, 12, 31), Decimal(21)),
    ]
    assert plan.lines[0].measurement.comment == "provisoire"


def test_the_titles_that_are_proposed_end_before_the_first_figure(tmp_path: Path) -> None:
    likely = mapping.likely(imports.read(foreign(tmp_path / "bpi.xlsx")), "Données 2025", today=TODAY)
    assert (likely.top, likely.head, likely.indicator) == (1, 2, 0)
    assert [value.column for value in likely.values] == [2, 3]


def test_what_was_said_once_is_proposed_next_time_wherever_the_headers_are(
    base: Database, tmp_path: Path
) -> None:
    first = foreign(tmp_path / "bpi.xlsx")
    imports.apply(desk_on(base, TODAY), planned(base, first, described=SAID, chosen=CHOSEN, partner="BPI"))
    again = planned(base, foreign(tmp_path / "autre.xlsx", years=(2023, 2024, 2025), lead=4, sheet="Feuil1"))
    assert "Bpifrance" in " ".join(again.notes)
    assert [(line.day.year, line.state) for line in again.lines] == [
        (2023, LineState.NEW), (2024, LineState.CHANGED), (2025, LineState.CHANGED),
    ]  # fmt: skip
    assert base.dossier(base.contracts()[0].key).correspondences[0].partner == next(
        one.key for one in again.dossier.partners if one.code == "BPI"
    )
    base.undo()
    assert base.dossier(base.contracts()[0].key).correspondences == ()
    assert maintenance.check(base) == []


def test_remembering_twice_keeps_one_and_a_new_name_is_added_to_it(base: Database, tmp_path: Path) -> None:
    path = foreign(tmp_path / "bpi.xlsx")
    imports.apply(desk_on(base, TODAY), planned(base, path, described=SAID, chosen=CHOSEN, partner="BPI"))
    imports.apply(desk_on(base, TODAY), planned(base, path, partner="BPI"))
    assert len(base.dossier(base.contracts()[0].key).correspondences) == 1
    imports.apply(desk_on(base, TODAY), planned(base, path, partner="BPI", chosen={"Prêts": "BPI-O02"}))
    held = base.dossier(base.contracts()[0].key)
    assert len(held.correspondences) == 1
    found = correspondences.proposed(held, imports.read(path), today=TODAY)
    assert found is not None
    assert dict(found.chosen) == CHOSEN | {"Prêts": "BPI-O02"}


def test_of_two_readings_of_one_file_the_latest_said_comes_first(base: Database, tmp_path: Path) -> None:
    held, read = base.dossier(base.contracts()[0].key), imports.read(foreign(tmp_path / "bpi.xlsx"))
    said = [SAID, SAID.replace("commentaire", "source")]
    for words in (said, said[::-1]):
        tables = [mapping.described(one, read, today=TODAY) for one in words]
        known = [
            correspondences.correspondence(held, read, table, partner=held.partners[0].key, chosen={})
            for table in tables
        ]
        found = correspondences.proposed(replace(held, correspondences=tuple(known)), read, today=TODAY)
        assert found is not None
        assert found.tables == (tables[1],)


def test_a_name_that_is_no_indicator_is_passed_over_and_remembered(base: Database, tmp_path: Path) -> None:
    path = tmp_path / "bpi.csv"
    path.write_text("Action;2024\nBPI-O01;22\nBonus de l’axe;99\n", encoding="utf-8")
    said = {"described": "indicateur=A; valeur=B", "partner": "BPI"}
    assert planned(base, path, **said).refused[0].full_name == "Bonus de l’axe"
    plan = planned(base, path, chosen={"Bonus de l’axe": ""}, **said)
    assert [line.state for line in plan.lines] == [LineState.NEW, LineState.ASIDE]
    assert "1 écartée" in plan.sentence
    imports.apply(desk_on(base, TODAY), plan)
    again = planned(base, path)
    assert [line.state for line in again.lines] == [LineState.SAME, LineState.ASIDE]


def test_a_damaged_memory_is_passed_over(base: Database, tmp_path: Path) -> None:
    imports.apply(
        desk_on(base, TODAY),
        planned(base, foreign(tmp_path / "b.xlsx"), described=SAID, chosen=CHOSEN, partner="BPI"),
    )
    held = base.dossier(base.contracts()[0].key)
    known = held.correspondences[0]
    assert known.layout.count('"lignes":2') == 1
    damaged_layouts = (
        "",
        "[]",
        "{}",
        '{"lignes": "x"}',
        '{"lignes":Infinity,"feuille":"x"}',
        "[" * 200_000,
        known.layout.replace('"lignes":2', '"lignes":-3'),
        known.layout.replace('"lignes":2', '"lignes":1e400'),
        known.layout.replace('"choisis":{', '"choisis":[{').replace("}}", "}]}"),
    )
    for layout in damaged_layouts:
        damaged = type(known)(known.key, known.contract, known.partner, layout)
        twin = type(held)(held.contract, correspondences=(damaged,))
        assert correspondences.proposed(twin, imports.read(tmp_path / "b.xlsx"), today=TODAY) is None


def test_a_single_date_and_a_unit_of_its_own_line(base: Database, tmp_path: Path) -> None:
    path = tmp_path / "part.csv"
    path.write_text("ref interne;part\n;%\nFT-O02;0,5\n", encoding="utf-8")
    plan = planned(base, path, described="titres=1-2; indicateur=A; valeur=B@31/12/2025")
    assert figures(plan) == [("FT-O02", date(2025, 12, 31), Decimal("0.5"))]
    assert not any("est-ce" in told for told in plan.lines[0].warnings), (
        "the header says percent: 0,5 is no fraction"
    )


@pytest.mark.parametrize(
    "text",
    ["", "valeur=B", "indicateur=A; valeur=9", "indicateur=A; valeur=B; couleur=C", "indicateur=A; valeur=B; titres=4-2",
     "feuille=Absente; indicateur=A; valeur=B", "indicateur=AAA; valeur=B"],
)  # fmt: skip
def test_a_description_that_says_nothing_is_refused_with_an_example(
    base: Database, tmp_path: Path, text: str
) -> None:
    with pytest.raises(UserError) as told:
        planned(base, foreign(tmp_path / "b.xlsx"), described=text)
    assert told.value.remedy


def test_a_column_that_cannot_be_is_shown_shortened(base: Database, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"«\u202f{'A' * 20}\u202f»"):
        planned(base, foreign(tmp_path / "b.xlsx"), described=f"indicateur={'A' * 30}; valeur=B")


def test_the_headers_are_shown_with_what_stands_under_them(tmp_path: Path) -> None:
    book = imports.read(foreign(tmp_path / "b.xlsx"))
    shown = mapping.headers(book, "Données 2025", 1, 2)
    assert [(one.letter, one.title, one.period and one.period.day.year) for one in shown] == [
        ("A", "Intitulé de l’action", None), ("B", "Lieu", None), ("C", "Nombre de bus Année 2024", 2024),
        ("D", "Nombre de bus Année 2025", 2025), ("E", "Observations", None),
    ]  # fmt: skip
    assert shown[2].samples == ("20",)


def test_a_title_that_names_places_and_a_year_is_a_figure_and_no_place(tmp_path: Path) -> None:
    path = tmp_path / "ft.csv"
    path.write_text(
        "Service;Part en quartier 2025;Part en quartier 2026;Remarque\nCIE jeunes;6,8 %;9,1 %;\nPEC;17,9 %;18,1 %;\n",
        encoding="utf-8",
    )
    book = imports.read(path)
    said = mapping.likely(book, book.sheets[0].name, today=TODAY)
    assert [value.column for value in said.values] == [1, 2]
    assert (said.indicator, said.territory, said.comment) == (0, None, 3)


def test_a_table_with_one_column_an_indicator_is_read_and_remembered(base: Database, tmp_path: Path) -> None:
    path = tmp_path / "bpi.csv"
    path.write_text(
        "Année;Lieu;BPI-O01 (bus);CitésLab;Objectif 2027\n2024;FR;23;130;\n2025;FR;;150;x\n", encoding="utf-8"
    )
    said = "indicateur=titres; valeur=C-E; date=A; territoire=B"
    chosen = {"Objectif 2027": ""}
    plan = planned(base, path, described=said, chosen=chosen)
    assert figures(plan) == [
        ("BPI-O01", date(2024, 12, 31), Decimal(23)),
        ("BPI-O02", date(2024, 12, 31), Decimal(130)),
        ("BPI-O02", date(2025, 12, 31), Decimal(150)),
    ]
    assert [line.state for line in plan.lines][-1] is LineState.ASIDE
    imports.apply(desk_on(base, TODAY), planned(base, path, described=said, chosen=chosen, partner="BPI"))
    moved = tmp_path / "suite.csv"
    moved.write_text(
        "Retour de Bpifrance;;;;\nLieu;Année;CitésLab;BPI-O01 (bus);Objectif 2027\nFR;31/08/2026;170;29;\n",
        encoding="utf-8",
    )
    again = planned(base, moved)
    assert figures(again) == [
        ("BPI-O02", date(2026, 8, 31), Decimal(170)),
        ("BPI-O01", date(2026, 8, 31), Decimal(29)),
    ]
    assert again.lines[0].cell == "C3"


def test_of_titles_that_name_indicators_those_of_other_roles_are_left_out() -> None:
    titles = ["Année", "Part des bus (%)", "Lieu", "CitésLab", "Remarque"]
    cells = [ReadCell(0, column, Read.TEXT, text) for column, text in enumerate(titles)]
    said = Columns("F", 0, None, (ValueColumn(1),), day=0, territory=2, comment=4)
    found = mapping.across(ReadBook([ReadSheet("F", cells)]), said)
    assert [(value.column, value.day, value.unit) for value in found] == [(1, None, "%"), (3, None, "")]


def test_letters_that_are_no_column_are_said_up_to_twenty() -> None:
    book = ReadBook([ReadSheet("A")])
    with pytest.raises(UserError, match="«\u202fABCDEFGHIJKLMNOPQRST\u202f»"):
        mapping.described("indicateur=ABCDEFGHIJKLMNOPQRSTUVWXYZ; valeur=B", book, today=TODAY)


def test_a_merged_cell_spreads_down_its_own_column_to_its_last_row() -> None:
    sheet = ReadSheet("F", merged=[(1, 0, 3, 1), (5, 2, 6, 2)])
    assert [spread_down(sheet, column) for column in (0, 1, 2, None)] == [
        {2: 1, 3: 1},
        {2: 1, 3: 1},
        {6: 5},
        {},
    ]


def test_titles_are_looked_for_down_to_the_forty_first_line_and_no_further() -> None:
    for above, found in ((39, [1]), (40, [0])):
        cells = [
            *(ReadCell(above, column, Read.TEXT, text) for column, text in enumerate(("Code", "Bus"))),
            ReadCell(above + 1, 0, Read.TEXT, "ARS-O01"),
            ReadCell(above + 1, 1, Read.NUMBER, "12"),
        ]
        columns = mapping.likely(ReadBook([ReadSheet("F", cells)]), "F", today=TODAY)
        assert [value.column for value in columns.values] == found


def test_a_hidden_sheet_is_asked_about_where_another_is_shown(base: Database, tmp_path: Path) -> None:
    written = openpyxl.Workbook()
    written.active.append(["Bonjour, voici nos chiffres."])
    page = written.create_sheet("Brouillon")
    page.append(["Code", "Date", "Valeur"])
    page.append(["BPI-O01", "31/12/2024", 27])
    page.sheet_state = "hidden"
    written.save(tmp_path / "f.xlsx")
    (line,) = planned(base, tmp_path / "f.xlsx").lines
    assert line.state is LineState.DOUBTFUL
    assert "La feuille «\u202fBrouillon\u202f» est masquée dans le fichier." in line.warnings
