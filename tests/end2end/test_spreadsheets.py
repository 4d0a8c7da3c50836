"""Figures out and back in, through the real process."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from xml.dom import minidom

import openpyxl
import pytest

from tests.helpers import libreoffice
from tests.helpers.process import qpvdesk


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of the starter contract that the tests of this module only read."""
    base = tmp_path_factory.mktemp("lecture") / "base.db"
    made = qpvdesk("init", "--base", str(base))
    assert made.returncode == 0, made.stderr
    return base


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where LibreOffice keeps what is its own: a new one is a start more, and the first of each is slower."""
    return tmp_path_factory.mktemp("libreoffice") / "profil"


@pytest.fixture
def base(starter: Path, tmp_path: Path) -> Path:
    """A copy of the starter base that the test may change."""
    copy = tmp_path / "à moi.db"
    copy.write_bytes(starter.read_bytes())
    return copy


def state(base: Path) -> dict:
    """Return the document of `etat --format json`."""
    ran = qpvdesk("etat", "--base", str(base), "--format", "json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def export(base: Path, target: Path, *arguments: str) -> Path:
    """Run `exporter` and return the file."""
    ran = qpvdesk("exporter", "--base", str(base), "--sortie", str(target), *arguments)
    assert ran.returncode == 0, ran.stderr
    return target


def test_the_state_goes_out_in_every_format(starter: Path, tmp_path: Path) -> None:
    codes = [item["code"] for item in state(starter)["objectifs"]]
    book = openpyxl.load_workbook(export(starter, tmp_path / "etat.xlsx"))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == codes
    text = export(starter, tmp_path / "etat.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in csv.reader(text.decode("utf-8-sig").splitlines(), delimiter=";")][1:] == codes
    assert json.loads(export(starter, tmp_path / "etat.json").read_text("utf-8")) == state(starter)
    with zipfile.ZipFile(export(starter, tmp_path / "etat.ods")) as archive:
        assert archive.namelist()[0] == "mimetype"
        rows = minidom.parseString(archive.read("content.xml")).getElementsByTagName("table:table-row")
    assert len(rows) == len(codes) + 1


def test_an_unknown_format_or_partner_is_one_sentence_and_leaves_nothing(
    starter: Path, tmp_path: Path
) -> None:
    for arguments in (
        ("--sortie", str(tmp_path / "f.doc")),
        ("--sortie", str(tmp_path / "f.csv"), "--partenaire", "X"),
    ):
        ran = qpvdesk("exporter", "--base", str(starter), *arguments)
        assert ran.returncode == 1
        assert len(ran.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_return_workbook_asks_for_what_the_partner_promised(starter: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        export(starter, tmp_path / "ft.xlsx", "--modele", "remontee", "--partenaire", "FT")
    )
    assert [sheet.title for sheet in book] == ["Mode d’emploi", "Remontée", "Identité"]
    sheet = book["Remontée"]
    assert sheet.protection.sheet
    assert book["Identité"].sheet_state == "hidden"
    expected = [
        item["code"]
        for item in state(starter)["objectifs"]
        if item["partenaire"] == "FT" and item["role"] == "promesse"
    ]
    asked = [row[0].value for row in sheet.iter_rows(min_row=5)]
    assert sorted(asked) == sorted(expected)
    assert asked[-8:] == [f"FT-O{number}" for number in ("01", "03", "09", "10", "16", "18", "19", "21")], (
        "what has no target comes last"
    )
    assert sheet["A5"].protection.locked
    assert not sheet["M5"].protection.locked
    assert not sheet["B2"].protection.locked
    assert sheet.print_title_rows == "$4:$4"
    assert any("M5" in rule.sqref for rule in sheet.data_validations.dataValidation)


def filled(path: Path, values: dict[str, float], day: date) -> Path:
    """Fill a return workbook as a partner does, after sorting its rows the other way round."""
    book = openpyxl.load_workbook(path)
    sheet = book["Remontée"]
    sheet["B2"] = datetime(day.year, day.month, day.day)
    lines = [
        [(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows(min_row=5, max_col=17)
    ]
    for number, line in enumerate(reversed(lines), 5):
        for column, (value, form) in enumerate(line, 1):
            sheet.cell(number, column).value = value
            sheet.cell(number, column).number_format = form
        code = sheet.cell(number, 1).value
        if code in values:
            sheet.cell(number, 13).value = values[code]
    target = path.with_name("renommé par le partenaire.xlsx")
    book.save(target)
    return target


def test_a_filled_workbook_changes_exactly_the_filled_cells(base: Path, tmp_path: Path) -> None:
    book = export(base, tmp_path / "ft.xlsx", "--modele", "remontee", "--partenaire", "FT")
    back = filled(book, {"FT-O02": 23.1, "FT-O18": 41}, date(2025, 12, 31))
    before = state(base)
    simulated = qpvdesk("importer", str(back), "--base", str(base), "--simulation", "--format", "json")
    assert simulated.returncode == 0, simulated.stderr
    lines = json.loads(simulated.stdout)["lignes"]
    assert {(line["code"], line["nouvelle_valeur"], line["etat"]) for line in lines} == {
        ("FT-O02", 23.1, "nouveau"), ("FT-O18", 41, "nouveau"),
    }  # fmt: skip
    assert state(base) == before
    ran = qpvdesk("importer", str(back), "--base", str(base))
    assert ran.returncode == 0, ran.stderr
    old = {item["code"]: item for item in before["objectifs"]}
    changed = {
        item["code"]: (item["valeur_actuelle"], item["date_valeur"])
        for item in state(base)["objectifs"]
        if (item["valeur_actuelle"], item["date_valeur"])
        != (old[item["code"]]["valeur_actuelle"], old[item["code"]]["date_valeur"])
    }
    assert changed == {"FT-O02": (23.1, "2025-12-31"), "FT-O18": (41, "2025-12-31")}
    again = qpvdesk("importer", str(back), "--base", str(base))
    assert "déjà connues" in again.stdout
    assert qpvdesk("verifier", "--base", str(base)).returncode == 0


def test_a_refused_file_is_one_sentence_with_its_cell(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "retour.csv"
    path.write_text("Code;Date;Valeur\nBPI-O01;31/12/2024;1.339\n", encoding="utf-8")
    before = state(base)
    ran = qpvdesk("importer", str(path), "--base", str(base))
    assert ran.returncode == 1
    assert "cellule C2" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert state(base) == before


def test_the_measurements_go_out_and_come_back_as_known(base: Path, tmp_path: Path) -> None:
    for suffix in ("xlsx", "ods", "csv"):
        out = export(base, tmp_path / f"releves.{suffix}", "--modele", "releves")
        ran = qpvdesk("importer", str(out), "--base", str(base), "--simulation", "--format", "json")
        assert ran.returncode == 0, ran.stderr
        document = json.loads(ran.stdout)
        assert document["bilan"]["identique"] == len(document["lignes"]) > 50


@libreoffice.needed
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_the_workbook_survives_libreoffice(base: Path, tmp_path: Path, profile: Path, suffix: str) -> None:
    book = export(base, tmp_path / "ft.xlsx", "--modele", "remontee", "--partenaire", "FT")
    back = filled(book, {"FT-O02": 23.1}, date(2025, 12, 31))
    converted = libreoffice.convert(back, suffix, profile)
    ran = qpvdesk("importer", str(converted), "--base", str(base), "--simulation", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert [(line["code"], line["nouvelle_valeur"]) for line in json.loads(ran.stdout)["lignes"]] == [
        ("FT-O02", 23.1)
    ]


@libreoffice.needed
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_is_typed_in_libreoffice_is_exactly_what_changes(
    base: Path, tmp_path: Path, profile: Path, suffix: str
) -> None:
    book = export(base, tmp_path / f"ft.{suffix}", "--modele", "remontee", "--partenaire", "FT")
    typed = {"B2": "31/12/2025", "A5": "XX-O99", "E5": "99", "M5": "23,1 %", "M18": "41", "P18": "30/06/2026",
             "Q18": "vu avec l’agence"}  # fmt: skip
    back = tmp_path / f"rempli.{suffix}"
    assert libreoffice.fill(book, back, "Remontée", typed, profile) == ["A5", "E5"]
    before = {item["code"]: item for item in state(base)["objectifs"]}
    ran = qpvdesk("importer", str(back), "--base", str(base), "--accepter")
    assert ran.returncode == 0, ran.stderr
    after = {item["code"]: item for item in state(base)["objectifs"]}
    figures = ("valeur_actuelle", "date_valeur")
    changed = {
        code: tuple(item[name] for name in figures)
        for code, item in after.items()
        if any(item[name] != before[code][name] for name in figures)
    }
    assert changed == {"FT-O02": (23.1, "2025-12-31"), "FT-O18": (41, "2026-06-30")}


@libreoffice.needed
def test_the_workbook_prints_on_three_pages_with_every_row_high_enough(
    starter: Path, tmp_path: Path, profile: Path
) -> None:
    book = export(starter, tmp_path / "ft.xlsx", "--modele", "remontee", "--partenaire", "FT")
    pdf = libreoffice.convert(book, "pdf", profile).read_bytes()
    assert pdf.count(b"/Type/Page/") + pdf.count(b"/Type/Page\n") + pdf.count(b"/Type/Page ") == 3
    sheet = openpyxl.load_workbook(book)["Remontée"]
    heights = {row[0].value: sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows(min_row=5)}
    assert heights["FT-O18"] == heights["FT-O02"] == 45, "their labels take three lines"
    assert heights["FT-O21"] in {None, 15}


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "json"])
def test_a_whole_contract_goes_out_and_comes_back_into_no_base(
    starter: Path, tmp_path: Path, suffix: str
) -> None:
    out = export(starter, tmp_path / f"contrat.{suffix}", "--modele", "contrat")
    empty = tmp_path / "vide.db"
    simulated = qpvdesk(
        "importer", str(out), "--base", str(empty), "--nouveau-contrat", "lens-lievin", "--simulation"
    )
    assert simulated.returncode == 0, simulated.stderr
    assert not empty.exists()
    ran = qpvdesk("importer", str(out), "--base", str(empty), "--nouveau-contrat", "lens-lievin")
    assert ran.returncode == 0, ran.stderr
    assert state(empty) == state(starter)
    assert qpvdesk("verifier", "--base", str(empty)).returncode == 0


def tidied(path: Path, target: Path) -> Path:
    """What partners do to a workbook: a column and rows inserted, titles merged, rows hidden, sheets renamed."""
    book = openpyxl.load_workbook(path)
    sheet = book["Remontée"]
    sheet.protection.sheet = False
    sheet["M5"], sheet["M18"], sheet["B2"] = 23.1, 41, datetime(2025, 12, 31)
    sheet.insert_rows(5, 2)
    sheet["A5"] = "Accompagnement"
    sheet.merge_cells("A5:D5")
    sheet.insert_rows(12)
    sheet.insert_cols(3)
    sheet["C4"] = "Service"
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["E"].hidden = True
    sheet.append(["Total", None, None, None, None, None, None, None, None, None])
    sheet.title = "Feuil1"
    book.save(target)
    return target


@libreoffice.needed
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls", "csv"])
def test_a_workbook_that_was_pulled_about_is_still_read(
    base: Path, tmp_path: Path, profile: Path, suffix: str
) -> None:
    book = export(base, tmp_path / "ft.xlsx", "--modele", "remontee", "--partenaire", "FT")
    back = libreoffice.convert(tidied(book, tmp_path / "Copie de ft (2).xlsx"), suffix, profile)
    ran = qpvdesk("importer", str(back), "--base", str(base), "--simulation", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    lines = [
        (line["code"], line["date"], line["nouvelle_valeur"]) for line in json.loads(ran.stdout)["lignes"]
    ]
    assert lines == [("FT-O02", "2025-12-31", 23.1), ("FT-O18", "2025-12-31", 41)]
