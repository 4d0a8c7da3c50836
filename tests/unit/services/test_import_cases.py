"""Files as partners sent them: each is read as it was dated, asked, or said for what it is."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.services.figures import exports, imports
from qpvdesk.services.figures.imports import Plan
from qpvdesk.services.figures.line import LineState
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.storage.base import Database
from tests.helpers import shipped
from tests.helpers.previewing import preview
from tests.helpers.reviews import desk_on

FILES = Path(__file__).parents[2] / "reference" / "imports"
TODAY = date(2026, 11, 28)
JUNE, DECEMBER = date(2025, 6, 30), date(2025, 12, 31)
NEW, DOUBTFUL, ASIDE = LineState.NEW, LineState.DOUBTFUL, LineState.ASIDE


@pytest.fixture
def base(tmp_path: Path) -> Database:
    (tmp_path / "base").mkdir()
    path = tmp_path / "base" / "base.db"
    with shipped.new_base(path, datetime(2026, 1, 5, 9).astimezone()) as opened:
        yield opened


def planned(base: Database, name: str) -> Plan:
    return preview(desk_on(base, TODAY), base.contracts()[0].code, FILES / name)


def read(plan: Plan) -> list[tuple[str, date | None, str, LineState]]:
    return [
        (
            line.objective.code if line.objective else "",
            line.day,
            str(line.measurement.value) if line.measurement else "",
            line.state,
        )
        for line in plan.lines
    ]


@pytest.mark.parametrize(
    ("name", "lines", "note"),
    [
        ("cible-prise-pour-valeur/a.xlsx", [("FT-O16", DECEMBER, "38", NEW)], "« Cible 2025 »"),
        ("cible-prise-pour-valeur/c.xlsx", [("FT-O22", DECEMBER, "18500", NEW)], "« Population 2020 »"),
        (
            "colonne-evolution/a.xlsx",
            [("FT-O22", date(2024, 12, 31), "18800", NEW), ("FT-O22", DECEMBER, "18500", NEW)],
            "« Évolution 2024-2025 »",
        ),
        ("colonne-masquee/a.xlsx", [("FT-O22", DECEMBER, "18500", NEW)], "« Valeur »"),
        (
            "feuilles-multiples/a.xlsx",
            [("FT-O22", DECEMBER, "18900", NEW), ("ARS-O01", DECEMBER, "60", DOUBTFUL)],
            "",
        ),
        (
            "format-monnaie/a.xlsx",
            [("ARS-O05", date(2025, 11, 1), "2.5", NEW), ("CD62-O04", date(2025, 11, 2), "6.6", NEW)],
            "",
        ),
        ("lisez-moi-d-abord/a.xlsx", [("FT-O22", DECEMBER, "18500", NEW)], "« Lisez-moi »"),
        ("mois-seul/a.xlsx", [("FT-O22", JUNE, "18900", NEW)], ""),
        (
            "nc-bloque-tout/a.xlsx",
            [("FT-O22", DECEMBER, "18500", NEW), ("FT-O23", None, "", ASIDE), ("FT-O15", None, "", ASIDE)],
            "31 décembre",
        ),
        ("realise-au/a.xlsx", [("FT-O22", JUNE, "18900", NEW)], ""),
        (
            "realise-au/b.xlsx",
            [("FT-O22", date(2024, 12, 31), "18800", NEW), ("FT-O22", JUNE, "18500", NEW)],
            "",
        ),
        ("semestre/a.xlsx", [("FT-O22", JUNE, "18900", NEW), ("FT-O22", DECEMBER, "18500", NEW)], ""),
        (
            "xls-nomme-xlsx/a.xlsx",
            [
                ("FT-O22", date(2025, 4, 30), "18900", DOUBTFUL),
                ("FT-O22", date(2025, 5, 31), "18910", DOUBTFUL),
                ("FT-O22", JUNE, "18920", DOUBTFUL),
            ],
            "",
        ),
        (
            "valeur-aberrante/a.xlsx",
            [("FT-O16", DECEMBER, "-37", DOUBTFUL), ("FT-O18", DECEMBER, "37.5", DOUBTFUL),
             ("FT-O13", DECEMBER, "9000000", DOUBTFUL)],
            "",
        ),
    ],
)  # fmt: skip
def test_a_file_is_read_as_it_was_meant(
    base: Database, name: str, lines: list[tuple[str, date, str, LineState]], note: str
) -> None:
    plan = planned(base, name)
    assert read(plan) == lines
    assert note.replace("« ", "«\u202f").replace(" »", "\u202f»") in " ".join(plan.notes)


def test_one_value_that_is_not_known_does_not_hold_the_others_back(base: Database) -> None:
    imports.apply(desk_on(base, TODAY), planned(base, "nc-bloque-tout/a.xlsx"))
    dossier = base.dossier(base.contracts()[0].key)
    objective = next(item for item in dossier.objectives if item.code == "FT-O22")
    assert Decimal(18500) in [item.value for item in dossier.measurements if item.objective == objective.key]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cible-prise-pour-valeur/b.xlsx", "Cible 2025"),
        ("pdf-dans-l-import/a.pdf", "est un PDF"),
        ("xlsb/a.xlsb", "xlsb"),
        ("plan-d-actions/a.xlsx", "Budget"),
    ],
)
def test_what_holds_no_figure_is_said_for_what_it_is(base: Database, name: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        planned(base, name)


def test_names_are_known_however_the_code_is_written(base: Database) -> None:
    codes = [code for code, _, _, _ in read(planned(base, "code-suivi-du-libelle/a.xlsx"))]
    assert codes == ["FT-O22", "FT-O22", "FT-O01", "FT-O22", "FT-O22"]


def test_a_column_of_periods_is_read_and_a_school_year_asked(base: Database) -> None:
    lines = read(planned(base, "dates-de-periode/a.xlsx"))
    assert [day for _, day, _, _ in lines] == [
        JUNE,
        JUNE,
        JUNE,
        DECEMBER,
        JUNE,
        JUNE,
        JUNE,
        date(2025, 8, 31),
    ]
    assert [state for _, _, _, state in lines] == [NEW] * 7 + [DOUBTFUL]


def test_provisional_is_a_mark_of_the_title(base: Database) -> None:
    plan = planned(base, "titre-provisoire/a.xlsx")
    assert read(plan)[1] == ("FT-O22", DECEMBER, "18500", NEW)
    assert [line.measurement.provisional for line in plan.lines if line.measurement] == [True, True]


def test_a_line_end_in_a_comment_goes_out_again(base: Database, tmp_path: Path) -> None:
    desk = desk_on(base, TODAY)
    code = base.contracts()[0].code
    imports.apply(desk, imports.accepted(planned(base, "csv-saut-de-ligne/a.csv")))
    exports.export(desk, desk.review(code, TODAY), tmp_path / "c.xlsx", content="contrat", partner=None)
    assert (tmp_path / "c.xlsx").stat().st_size > 1000


def test_a_place_that_lost_its_zero_is_found_and_said(base: Database) -> None:
    held = base.dossier(base.contracts()[0].key)
    commune = next(item for item in held.territories if item.code == "62498")
    laon = replace(commune, key="00000000-0000-4000-8000-000000000000", code="02408", name="Laon")
    counted = next(item for item in held.objectives if item.code == "FT-O22")
    with base.unit("Commune") as unit:
        unit.put(laon)
        unit.put(replace(counted, territory=laon.key))
    plan = planned(base, "insee-zero-perdu/a.xlsx")
    places = {item.key: item.code for item in plan.dossier.territories}
    (line,) = plan.lines
    assert line.measurement is not None
    assert places[line.measurement.territory] == "02408"
    assert line.remarks == ("Lu 02408 (Laon)\u202f: le zéro du début s’était perdu.",)


def test_a_place_that_is_nowhere_is_no_other_one(base: Database) -> None:
    (line,) = planned(base, "insee-zero-perdu/a.xlsx").lines
    assert (line.state, line.measurement) == (LineState.REFUSED, None)


def test_an_old_workbook_whose_formats_are_not_told_asks_what_they_would_have_said(base: Database) -> None:
    rows = (("Code", "Date", "Valeur"), ("FT-O02", "2025-12-31", "1.05"), ("CD62-O04", "2025-12-31", "6600000"),
            ("FT-O03", "2025-12-31", "23.1"))  # fmt: skip
    kinds = (Read.TEXT, Read.DATE, Read.NUMBER)
    cells = [
        ReadCell(at, column, kinds[column] if at else Read.TEXT, text)
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
    ]
    contract = base.contracts()[0].code
    told = [
        imports.plan(
            desk_on(base, TODAY), contract, ReadBook([ReadSheet("T", cells)], styled=styled), "t.xls"
        )
        for styled in (False, True)
    ]
    share, money, plain = told[0].lines
    assert "est-ce 105\u202f%" in " ".join(share.warnings)
    assert "ne dit pas si la case compte en euros" in " ".join(money.warnings)
    assert not any("Lu " in words for words in plain.warnings)
    assert not any("Lu " in words for line in told[1].lines for words in line.warnings)
