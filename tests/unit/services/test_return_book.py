"""The return workbook: only what is to be asked, and whatever a partner did to it comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import Asked, asked_of, is_given_once, to_ask
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports, imports
from qpvdesk.services.figures.covering import cover
from qpvdesk.services.figures.line import LineState
from qpvdesk.services.measurements import Entry
from tests.helpers import shipped
from tests.helpers.previewing import preview

TODAY = date(2026, 6, 30)
VALUE = 13
"""The column of « Valeur à saisir »."""
CONTRACT = "lens-lievin"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "base.db"
    made = Desk(shipped.new_base(path, datetime(2026, 6, 30, tzinfo=UTC)), today=lambda: TODAY)
    yield made
    made.close()


def book_of(desk: Desk, path: Path, asked: Asked = Asked.TO_ASK) -> Path:
    exports.export(desk, desk.review(CONTRACT, TODAY), path, content="remontee", partner="FT", asked=asked)
    return path


def codes_in(path: Path) -> list[str]:
    sheet = openpyxl.load_workbook(path)["Remontée"]
    return [row[0].value for row in sheet.iter_rows(min_row=5)]


def test_it_asks_what_the_window_says_is_to_be_asked(desk: Desk, tmp_path: Path) -> None:
    now = desk.situation(CONTRACT, TODAY)
    partner = next(item for item in now.dossier.partners if item.code == "FT")
    wanted = {item.objective.code for item in to_ask(now) if item.objective.partner == partner.key}
    first = codes_in(book_of(desk, tmp_path / "a.xlsx"))
    assert set(first) == wanted
    entry = Entry(objective=now.objective_by_code(first[0]).key, day=TODAY, value=Decimal(20))
    measurements.record(desk, CONTRACT, entry)
    assert set(codes_in(book_of(desk, tmp_path / "b.xlsx"))) == wanted - {first[0]}
    assert first[0] in codes_in(book_of(desk, tmp_path / "c.xlsx", Asked.EXPECTED))
    context = set(codes_in(book_of(desk, tmp_path / "d.xlsx", Asked.CONTEXT)))
    assert {code for code in context if now.objective_by_code(code).is_context}
    assert not context & {item.objective.code for item in now.assessments.values() if is_given_once(item)}
    assert len(asked_of(now, partner.key)) == len(first)


def test_each_cell_says_what_is_asked_of_it(desk: Desk, tmp_path: Path) -> None:
    review = desk.review(CONTRACT, TODAY)
    exports.export(desk, review, tmp_path / "r.xlsx", content="remontee", partner="BPI", asked=Asked.EXPECTED)
    rules = openpyxl.load_workbook(tmp_path / "r.xlsx")["Remontée"].data_validations.dataValidation
    told = [rule.prompt.replace("\u202f", " ").replace("\xa0", " ") for rule in rules if rule.prompt]
    bus = review.situation.objective_by_code("BPI-O01")
    (said,) = (text for text in told if text.startswith(f"{bus.label} ({bus.unit}). "))
    assert said.endswith(f"À augmenter. Départ : {bus.start_value} bus au 31/12/2023. Fréquence : annuelle.")
    assert any("Un cumul depuis le départ" in text for text in told)


def test_a_partner_of_whom_nothing_is_to_be_asked_gets_no_workbook(desk: Desk, tmp_path: Path) -> None:
    later = date(2026, 12, 31)
    now = desk.situation(CONTRACT, later)
    partner = next(item for item in now.dossier.partners if item.code == "FT")
    entries = [
        Entry(objective=item.objective.key, day=TODAY, value=Decimal(1), provisional=True)
        for item in asked_of(now, partner.key)
    ]
    measurements.record_all(desk, CONTRACT, entries)
    nothing = r"Aucune valeur nouvelle n’est à demander au partenaire \(France Travail\) à ce jour"
    with pytest.raises(UserError, match=rf"{nothing}\. «\u202fTout ce qui est attendu"):
        book_of(desk, tmp_path / "a.xlsx")
    # What was given for provisional and waits too long for its last word is not « nothing »; and who asked for all that is
    # expected is not sent to it.
    waiting = rf"{nothing}\u202f; {len(entries)} valeurs provisoires restent à confirmer"
    none = r"\(Région\) à ce jour\.$"
    desk.today = lambda: later
    for code, asked, words in (("FT", Asked.TO_ASK, waiting), ("REGION", Asked.EXPECTED, none)):
        review = desk.review(CONTRACT, later)
        with pytest.raises(UserError, match=words):
            exports.export(desk, review, tmp_path / "a.xlsx", content="remontee", partner=code, asked=asked)
    assert not (tmp_path / "a.xlsx").exists()


def pasted(sheet: Any, row: int) -> None:
    """Values pasted with the format of where they come from, or as texts."""
    sheet.cell(row, VALUE).value = "20,5 %"
    sheet.cell(row + 1, VALUE).value = 0.215
    sheet.cell(row + 1, VALUE).number_format = "0.0%"
    sheet.cell(row + 2, VALUE).value = " 22,5 "


def inserted(sheet: Any, row: int) -> None:
    """A column of the partner's own before the codes, another in the middle, a line between others."""
    sheet.protection.sheet = False
    pasted(sheet, row)
    sheet.insert_cols(1)
    sheet.insert_cols(6)
    sheet["F4"] = "Service"
    sheet.insert_rows(6)


def saved_on_the_web(sheet: Any, row: int) -> None:
    """What a spreadsheet in a browser keeps: no rule, no style, a date as a text."""
    for line, value in enumerate((20.5, 21.5, 22.5)):
        sheet.cell(row + line, VALUE).value = value
    sheet["B2"] = "31/12/2025"
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.style = "Normal"
    sheet.data_validations.dataValidation.clear()


@pytest.mark.parametrize("change", [pasted, inserted, saved_on_the_web])
def test_what_a_partner_did_to_it_comes_back(
    desk: Desk, tmp_path: Path, change: Callable[[Any, int], None]
) -> None:
    path = book_of(desk, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Remontée"]
    sheet["B2"] = datetime(2025, 12, 31)
    first = next(row for row in range(5, 60) if all(sheet.cell(row + n, 3).value == "%" for n in range(3)))
    codes = [sheet.cell(first + line, 1).value for line in range(3)]
    change(sheet, first)
    book.save(path)
    plan = preview(desk, CONTRACT, path)
    assert [(line.name, line.measurement and line.measurement.value, line.day) for line in plan.lines] == [
        (code, Decimal(value), date(2025, 12, 31))
        for code, value in zip(codes, ("20.5", "21.5", "22.5"), strict=True)
    ]
    assert not [line for line in plan.lines if line.state in {LineState.REFUSED, LineState.UNKNOWN}]


def test_twenty_in_the_cell_of_a_share_is_twenty_percent(desk: Desk, tmp_path: Path) -> None:
    path = book_of(desk, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Remontée"]
    row = next(row for row in range(5, 60) if sheet.cell(row, 3).value == "%")
    assert "%" not in sheet.cell(row, VALUE).number_format
    sheet["B2"] = datetime(2025, 12, 31)
    sheet.cell(row, VALUE).value = 20
    book.save(path)
    (line,) = preview(desk, CONTRACT, path).lines
    assert line.measurement is not None
    assert line.measurement.value == 20


def test_the_covering_message_names_what_is_asked_and_by_when(desk: Desk) -> None:
    now = desk.situation(CONTRACT, TODAY)
    letter = cover(now, "FT", "remontee-ft.xlsx", Asked.TO_ASK)
    count = len(asked_of(now, next(item.key for item in now.dossier.partners if item.code == "FT")))
    assert f"{count} chiffres à renseigner avant le 21/07/2026" in letter.subject.replace("\u00a0", " ")
    assert "«\u202fremontee-ft.xlsx\u202f»" in letter.body
    assert "contrat «\u202fContrat de ville “Engagements Quartiers 2030” de" in letter.body.replace(
        "\u00a0", " "
    )
    assert cover(now, "FT", "a.xlsx", Asked.TO_ASK, due=date(2026, 9, 1)).body.count("01/09/2026") == 1
    few = next(one for one in now.dossier.partners if 0 < len(asked_of(now, one.key, Asked.TO_ASK)) < 8)
    assert "dans le classeur." not in cover(now, few.code, "a.xlsx", Asked.TO_ASK).body


def test_what_is_asked_how_often_and_from_where_stands_in_columns(desk: Desk, tmp_path: Path) -> None:
    review = desk.review(CONTRACT, TODAY)
    exports.export(desk, review, tmp_path / "r.xlsx", content="remontee", partner="BPI", asked=Asked.EXPECTED)
    titles, *rows = openpyxl.load_workbook(tmp_path / "r.xlsx")["Remontée"].iter_rows(min_row=4)
    told = {
        row[0].value: {title.value: cell for title, cell in zip(titles, row, strict=True)} for row in rows
    }
    bus = told["BPI-O01"]
    named = ("Sens", "Fréquence", "Départ", "Ce qui est demandé")
    assert [bus[name].value for name in named] == [
        "À augmenter",
        "Annuelle",
        "21 au 31/12/2023",
        "Un niveau à une date",
    ]
    assert "Un cumul depuis le départ" in {row["Ce qui est demandé"].value for row in told.values()}
    for row in told.values():
        share = row["Unité"].value == "%"
        assert row["Numérateur"].protection.locked is row["Dénominateur"].protection.locked is not share


def test_a_share_may_be_given_by_the_two_numbers_that_it_is_drawn_from(desk: Desk, tmp_path: Path) -> None:
    path = book_of(desk, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Remontée"]
    first, second, third = [row for row in range(5, 60) if sheet.cell(row, 3).value == "%"][:3]
    sheet["B2"] = datetime(2025, 12, 31)
    sheet.cell(first, VALUE + 1).value, sheet.cell(first, VALUE + 2).value = 12, 48
    sheet.cell(second, VALUE + 1).value = 12
    sheet.cell(third, VALUE).value = 30
    sheet.cell(third, VALUE + 1).value, sheet.cell(third, VALUE + 2).value = 12, 48
    book.save(path)
    drawn, half, both = preview(desk, CONTRACT, path).lines
    assert drawn.measurement is not None
    assert (drawn.measurement.value, drawn.measurement.numerator) == (25, 12)
    assert half.state is LineState.REFUSED
    assert both.measurement is not None
    assert (both.measurement.value, both.measurement.denominator) == (30, 48)


def test_a_whole_return_may_be_of_those_two_numbers_and_none_is_still_none(
    desk: Desk, tmp_path: Path
) -> None:
    path = book_of(desk, tmp_path / "a.xlsx")
    with pytest.raises(UserError, match="Aucun tableau de valeurs"):
        preview(desk, CONTRACT, path)
    book = openpyxl.load_workbook(path)
    sheet = book["Remontée"]
    share = next(row for row in range(5, 60) if sheet.cell(row, 3).value == "%")
    sheet["B2"] = datetime(2025, 12, 31)
    sheet.cell(share, VALUE + 1).value, sheet.cell(share, VALUE + 2).value = 12, 48
    book.save(path)
    (line,) = preview(desk, CONTRACT, path).lines
    assert line.measurement is not None
    assert (line.measurement.value, line.measurement.numerator, line.measurement.denominator) == (25, 12, 48)


def test_a_total_that_is_not_that_of_its_parts_is_doubted_and_told(desk: Desk, tmp_path: Path) -> None:
    parts = {"D59": 7, "D60": 30, "D80": 3, "D62": 20, "D02": 5}
    rows = [
        "ARS-O01;2026-06-30;150",
        *(f"ARS-O01-{place};2026-06-30;{value}" for place, value in parts.items()),
    ]
    path = tmp_path / "ars.csv"
    path.write_text("\n".join(["code;date;valeur", *rows]), encoding="utf-8")
    plan = preview(desk, CONTRACT, path)
    whole = next(line for line in plan.lines if line.name == "ARS-O01")
    assert whole.state is LineState.DOUBTFUL
    assert any("se lira à côté" in one for one in whole.warnings)
    imports.apply(desk, imports.accepted(plan, LineState.DOUBTFUL))
    said = [one.point.message for one in desk.review(CONTRACT, TODAY).points]
    (told,) = (one for one in said if "ses déclinaisons font" in one)
    assert "150" in told
    assert "5 + 7 + 30 + 20 + 3 = 65" in told
