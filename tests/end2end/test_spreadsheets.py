"""Figures out and back in, through the real process."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from xml.dom import minidom

import openpyxl
import pytest

from tests.helpers.process import qpvdesk


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of the starter contract that the tests of this module only read."""
    base = tmp_path_factory.mktemp("lecture") / "base.db"
    made = qpvdesk("init", "--base", str(base))
    assert made.returncode == 0, made.stderr
    return base


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


def test_the_return_workbook_asks_for_every_figure_of_the_partner(starter: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        export(starter, tmp_path / "ft.xlsx", "--modele", "remontee", "--partenaire", "FT")
    )
    assert [sheet.title for sheet in book] == ["Mode d’emploi", "Remontée", "Identité"]
    sheet = book["Remontée"]
    assert sheet.protection.sheet
    assert book["Identité"].sheet_state == "hidden"
    expected = [item["code"] for item in state(starter)["objectifs"] if item["partenaire"] == "FT"]
    assert sorted(row[0].value for row in sheet.iter_rows(min_row=5)) == sorted(expected)
    assert sheet["A5"].protection.locked
    assert not sheet["I5"].protection.locked
    assert not sheet["B2"].protection.locked
    assert sheet.print_title_rows == "$4:$4"
    assert any("I5" in rule.sqref for rule in sheet.data_validations.dataValidation)
