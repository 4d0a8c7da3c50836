"""JSON exports come from elsewhere: read in the bounded process, in a time that grows as what they hold."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services.contracts.contract_layout import FORMAT
from qpvdesk.services.figures import imports, json_in
from qpvdesk.spreadsheets.book import MAX_COLUMNS, Read


def _lines_run(path: Path) -> int:
    """Return how many lines of the reader's own code are run for a file."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal count
        if frame.f_code.co_filename != json_in.__file__:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        json_in.read(path)
    finally:
        sys.settrace(before)
    return count


def test_a_file_that_is_gone_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        json_in.read(tmp_path / "absent.json")
    assert refused.value.remedy == "Vérifiez son emplacement."


def test_reading_takes_as_many_steps_as_there_are_values(tmp_path: Path) -> None:
    # Each line has a column of its own: headers × lines would be four times as many at each doubling.
    steps = []
    for lines in (125, 250, 500):
        path = tmp_path / f"{lines}.json"
        path.write_text(json.dumps([{f"k{line}": line} for line in range(lines)]), encoding="utf-8")
        steps.append(_lines_run(path))
    assert steps[2] - steps[1] == 2 * (steps[1] - steps[0]) < 30 * 250


def test_values_stand_under_their_header_whatever_their_order(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text('[{"Code": "A", "Valeur": 1.50}, {"Valeur": null, "Date": true, "Code": "B"}]', "utf-8")
    assert [(cell.name, cell.text) for cell in json_in.read(path).sheets[0].cells] == [
        ("A1", "Code"), ("B1", "Valeur"), ("C1", "Date"), ("A2", "A"), ("B2", "1.50"), ("A3", "B"), ("C3", "oui"),
    ]  # fmt: skip


def test_the_lines_of_a_text_end_alike_whatever_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(r'[{"Code": "A\r\nB"}, {"Code": "A\rB"}, {"Code": "A\nB"}]', "utf-8")
    assert [cell.text for cell in json_in.read(path).sheets[0].cells][1:] == ["A\nB"] * 3


def test_a_list_may_have_as_many_columns_as_a_sheet_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps([dict.fromkeys(map(str, range(MAX_COLUMNS)), 1)]), "utf-8")
    assert len(json_in.read(path).sheets[0].cells) == 2 * MAX_COLUMNS
    path.write_text(json.dumps([dict.fromkeys(map(str, range(MAX_COLUMNS + 1)), 1)]), "utf-8")
    with pytest.raises(UserError, match=f"plus de {MAX_COLUMNS} colonnes"):
        json_in.read(path)


@pytest.mark.parametrize(
    "text",
    [r'[{"Valeur": "\ud800"}]', '[{"Valeur": 1e999999999}]', '[{"Valeur": NaN}]', '[{"Valeur": [[]]}]'],
)
def test_a_value_that_is_none_is_a_refused_cell(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(text, encoding="utf-8")
    assert [cell.kind for cell in json_in.read(path).sheets[0].cells] == [Read.TEXT, Read.ERROR]


def test_a_contract_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps({"format": FORMAT, "fiche": [{"Code": "A"}]}), encoding="utf-8")
    sheets = json_in.read(path).sheets
    assert [cell.text for cell in sheets[0].cells] == ["Code", "A"]
    assert not any(sheet.cells for sheet in sheets[1:])


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (3, "n’est pas un contrat exporté"),
        ([], "n’est pas un contrat exporté"),
        ([{"Code": "A"}, 3], "n’est pas un contrat exporté"),
        ({"format": "autre", "fiche": []}, "n’est pas un contrat exporté"),
        ({"format": FORMAT}, "n’est pas un contrat exporté"),
        ({"format": FORMAT, "fiche": 3}, "une liste d’objets est attendue"),
        ({"format": FORMAT, "fiche": [3]}, "une liste d’objets est attendue"),
    ],
)
def test_what_is_no_export_is_refused_for_what_it_is(tmp_path: Path, document: object, words: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UserError, match=words):
        json_in.read(path)


HOSTILE: dict[str, Callable[[], str]] = {
    "deep": lambda: "[" * 10_000_000,
    "deep in a line": lambda: '[{"a":' * 200_000 + "1" + "}]" * 200_000,
    "two hundred thousand columns": lambda: json.dumps([dict.fromkeys(map(str, range(200_000)), 1)]),
    "cut": lambda: '[{"Code": "BPI-O01", "Val',
    "a number of a million digits": lambda: '[{"Valeur": ' + "9" * 1_000_000 + "}]",
    "fifteen million nothings": lambda: "[" + ",".join(["{}"] * 15_000_000) + "]",
}
"""Each is made where it is tried: every process of the tests reads this file."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_export_is_one_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(HOSTILE[kind](), encoding="utf-8")
    with pytest.raises(UserError, match="Rien n’a été importé") as told:
        imports.read(path)
    assert told.value.remedy
    assert "\n" not in told.value.message


def test_a_reading_that_is_no_longer_wanted_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text('[{"Code": "A"}]', encoding="utf-8")
    with pytest.raises(UserError, match="a été arrêtée"):
        imports.read(path, cancelled=lambda: True)
