"""What a file would change, and that it is all written or not at all."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, Measurement
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.services.figures import exports, imports
from qpvdesk.services.figures.imports import Plan
from qpvdesk.services.figures.line import LineState
from qpvdesk.storage import maintenance
from qpvdesk.storage.base import Database
from tests.helpers import shipped
from tests.helpers.previewing import preview
from tests.helpers.reviews import desk_on
from tests.unit.spreadsheets import corpus
from tests.unit.spreadsheets.corpus import (
    CASES,
    COUNT,
    HEAD,
    Case,
    book,
    number_cell,
    one,
    plain,
    row,
    text_cell,
)

TODAY = date(2026, 11, 2)


@pytest.fixture
def base(tmp_path: Path) -> Database:
    (tmp_path / "base").mkdir()
    path = tmp_path / "base" / "base.db"
    with shipped.new_base(path, datetime(2026, 1, 5, 9).astimezone()) as opened:
        yield opened


def planned(base: Database, path: Path, **more: object) -> Plan:
    return preview(desk_on(base, TODAY), base.contracts()[0].code, path, imports.Answers(**more))


def measured(base: Database) -> tuple:
    return base.dossier(base.contracts()[0].key).measurements


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_corpus_is_read_rightly_or_refused_with_its_sentence(
    case: Case, base: Database, tmp_path: Path
) -> None:
    before = measured(base)
    path = case.make(tmp_path)
    if case.value is None:
        with pytest.raises(UserError) as told:
            imports.apply(desk_on(base, TODAY), planned(base, path))
        assert case.said in str(told.value)
        assert case.cell in str(told.value)
        assert "Rien n’a été importé." in str(told.value)
        assert measured(base) == before
        return
    plan = planned(base, path)
    first = LineState.DOUBTFUL if plan.lines[0].warnings else LineState.NEW
    assert [line.state for line in plan.lines] == [first] + [LineState.NEW] * (len(plan.lines) - 1)
    assert plan.lines[0].measurement.value == Decimal(case.value)
    # The corpus is of ways to write a number: whether it is likely is another matter.
    likely = [words for words in plan.lines[0].warnings if "dix fois" not in words]
    said = " ".join((*plan.notes, *likely))
    assert case.said in said
    assert bool(said) is bool(case.said)
    imports.apply(desk_on(base, TODAY), imports.accepted(plan))
    assert len(measured(base)) == len(before) + len(plan.lines)


def test_the_corpus_holds_the_43_kinds() -> None:
    assert {int(case.name[:2]) for case in CASES} == set(range(1, 44))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("34 text date", date(2023, 12, 31)),
        ("35 bare serial", date(2023, 12, 31)),
        ("36b 1904", date(2023, 12, 31)),
    ],
)
def test_a_date_is_the_same_however_it_is_written(
    name: str, day: date, base: Database, tmp_path: Path
) -> None:
    case = next(case for case in CASES if case.name == name)
    assert planned(base, case.make(tmp_path)).lines[0].day == day


def test_one_refused_line_keeps_the_others_out(base: Database, tmp_path: Path) -> None:
    before = measured(base)
    path = book(
        tmp_path,
        HEAD + row(2, text_cell("A2", COUNT), text_cell("B2", "31/12/2024"), number_cell("C2", "27"))
        + row(3, text_cell("A3", "BPI-O02"), text_cell("B3", "31/12/2024"), text_cell("C3", "vingt")),
    )  # fmt: skip
    plan = planned(base, path)
    assert [line.state for line in plan.lines] == [LineState.NEW, LineState.REFUSED]
    with pytest.raises(UserError, match="C3"):
        imports.apply(desk_on(base, TODAY), plan)
    assert measured(base) == before


def test_an_import_is_one_act_that_one_undo_takes_back(base: Database, tmp_path: Path) -> None:
    before = measured(base)
    path = plain(tmp_path, b"Code;Date;Valeur\nBPI-O01;31/12/2024;27\nBPI-O02;31/12/2024;150\n")
    imports.apply(desk_on(base, TODAY), planned(base, path))
    assert len(measured(base)) == len(before) + 2
    assert [line.state for line in planned(base, path).lines] == [LineState.SAME] * 2
    base.undo()
    assert measured(base) == before
    assert maintenance.check(base) == []


def test_a_known_day_is_shown_as_a_change_from_the_old_value(base: Database, tmp_path: Path) -> None:
    count = len(measured(base))
    plan = planned(base, plain(tmp_path, b"Code;Date;Valeur\nFT-O01;31/12/2023;16,9 %\n"))
    (line,) = plan.lines
    assert line.state is LineState.CHANGED
    assert (line.old.value, line.measurement.value) == (Decimal("16.4"), Decimal("16.9"))
    with pytest.raises(UserError, match="remplacerait une valeur déjà connue"):
        imports.apply(desk_on(base, TODAY), plan)
    imports.apply(desk_on(base, TODAY), imports.accepted(plan))
    assert len(measured(base)) == count
    assert next(item for item in measured(base) if item.key == line.old.key).value == Decimal("16.9")


def test_a_contract_that_changed_since_the_preview_is_left_alone(base: Database, tmp_path: Path) -> None:
    plan = planned(base, one(tmp_path, COUNT, number_cell("C2", "27")))
    imports.apply(desk_on(base, TODAY), plan)
    with pytest.raises(UserError, match="changé depuis"):
        imports.apply(desk_on(base, TODAY), plan)


def test_a_wide_table_gives_a_value_a_year(base: Database, tmp_path: Path) -> None:
    text = "Indicateur;Réalisé 2023;Réalisé 2024\nBPI-O01;21;\nBPI-O02;117;150\n"
    plan = planned(base, plain(tmp_path, text.encode()))
    assert [(line.objective.code, line.day.year, line.measurement.value) for line in plan.lines] == [
        ("BPI-O01", 2023, 21), ("BPI-O02", 2023, 117), ("BPI-O02", 2024, 150),
    ]  # fmt: skip


def test_headers_on_two_lines_and_the_unit_in_the_header(base: Database, tmp_path: Path) -> None:
    text = "Bilan;;\nCode;Exercice;\n;2023;2024 (k€)\nBPI-O08;1;2500\n"
    plan = planned(base, plain(tmp_path, text.encode()))
    assert [line.measurement.value for line in plan.lines] == [Decimal(1), Decimal("2.5")]


def test_an_unknown_name_waits_for_the_officer_to_choose(base: Database, tmp_path: Path) -> None:
    path = plain(tmp_path, "Indicateur;Date;Valeur\nBus de l’entrepreneuriat ?;31/12/2024;27\n".encode())
    plan = planned(base, path)
    assert plan.lines[0].state is LineState.UNKNOWN
    with pytest.raises(UserError, match="cellule A2"):
        imports.apply(desk_on(base, TODAY), plan)
    again = planned(base, path, chosen={plan.lines[0].name: COUNT})
    assert again.lines[0].state is LineState.NEW
    assert again.lines[0].objective.code == COUNT


def test_twice_the_same_value_is_told_and_two_values_are_refused(base: Database, tmp_path: Path) -> None:
    text = "Code;Date;Valeur\nBPI-O01;31/12/2024;27\nBPI-O01;31/12/2024;{}\n"
    same = planned(base, plain(tmp_path, text.format(27).encode())).lines[1]
    assert same.state is LineState.SAME
    assert same.remarks == ("Doublon de la cellule C2.",)
    two = planned(base, plain(tmp_path, text.format(28).encode()))
    assert [line.state for line in two.lines] == [LineState.DOUBTFUL, LineState.REFUSED]
    assert "en C3" in two.lines[0].warnings[0]


def test_jumps_and_back_dated_values_are_told(base: Database, tmp_path: Path) -> None:
    imports.apply(
        desk_on(base, TODAY), planned(base, plain(tmp_path, b"Code;Date;Valeur\nBPI-O01;31/12/2024;22\n"))
    )
    jump = planned(base, plain(tmp_path, b"Code;Date;Valeur\nBPI-O01;31/12/2025;39\n")).lines[0]
    assert "s’écarte beaucoup" in jump.warnings[0]
    earlier = planned(base, plain(tmp_path, b"Code;Date;Valeur\nBPI-O01;30/06/2024;22\n")).lines[0]
    assert "plus récente" in earlier.remarks[0]


def test_a_day_to_come_is_refused(base: Database, tmp_path: Path) -> None:
    plan = planned(base, plain(tmp_path, b"Code;Date;Valeur\nBPI-O01;31/12/2026;22\n"))
    assert plan.lines[0].state is LineState.REFUSED


def test_a_share_for_a_count_is_refused(base: Database, tmp_path: Path) -> None:
    plan = planned(base, one(tmp_path, COUNT, number_cell("C2", "0.27", 1)))
    assert plan.lines[0].state is LineState.REFUSED
    assert plan.lines[0].objective.code == corpus.COUNT


def test_the_state_in_json_counts_its_objectives(base: Database, tmp_path: Path) -> None:
    desk, out = desk_on(base, TODAY), tmp_path / "etat.json"
    said = exports.export(desk, desk.review(base.contracts()[0].code, TODAY), out, content="etat")
    assert said == f"{len(json.loads(out.read_text(encoding='utf-8'))['objectifs'])} lignes"


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "csv", "json"])
def test_measurements_go_out_and_come_back_whole_into_a_contract_that_lost_them(
    base: Database, tmp_path: Path, suffix: str
) -> None:
    key = base.contracts()[0].key
    place = base.dossier(key).objectives[0]
    with base.unit("essai") as unit:
        unit.put(Measurement("m1", place.key, place.territory, date(2026, 2, 1), Decimal("12.5"), "Bilan", "Vu ; revu",
                             True, Decimal(25), Decimal(2), date(2026, 2, 3)))  # fmt: skip
    before = base.dossier(key)
    out = tmp_path / f"releves.{suffix}"
    exports.export(
        desk_on(base, TODAY),
        desk_on(base, TODAY).review(base.contracts()[0].code, TODAY),
        out,
        content="releves",
    )
    assert {line.state for line in planned(base, out).lines} == {LineState.SAME}
    retired = {item.key for item in before.objectives if item.retired}
    with base.unit("perte") as unit:
        for item in before.measurements:
            if item.objective not in retired:
                unit.remove(item)
    imports.apply(desk_on(base, TODAY), imports.accepted(planned(base, out)))

    def told(held: Dossier) -> list[Measurement]:
        # The key, the day of entry and the passage it was drawn from are those of the contract, not of a table.
        return sorted(
            (replace(item, key="", entered_on=None, citation=None) for item in held.measurements),
            key=lambda item: (item.objective, item.day, item.territory),
        )

    assert told(base.dossier(key)) == told(before)


def test_a_json_of_another_make_is_one_sentence(base: Database, tmp_path: Path) -> None:
    for text in ("{}", "[]", "[1]", "3", "[{}]"):
        (tmp_path / "f.json").write_text(text, encoding="utf-8")
        with pytest.raises(UserError, match="Rien n’a été importé"):
            planned(base, tmp_path / "f.json")


def test_a_long_file_is_one_act_undone_and_done_again_with_the_journal_true(
    base: Database, tmp_path: Path
) -> None:
    code = next(one.code for one in base.dossier(base.contracts()[0].key).objectives if one.unit == "bus")
    path = tmp_path / "long.csv"
    days = [date(2025, 1, 1) + timedelta(days=at) for at in range(300)]
    path.write_text(
        "Code;Date;Valeur\n" + "\n".join(f"{code};{day:%d/%m/%Y};{at}" for at, day in enumerate(days)),
        "utf-8",
    )
    desk = Desk(base, today=lambda: TODAY)
    contract = base.contracts()[0]

    def seen() -> Dossier:
        held = base.dossier(contract.key)
        assert desk.situation(contract.code, TODAY).dossier == held, "the desk knows what the base holds"
        assert maintenance.check(base) == []
        return held

    before = seen()
    imports.apply(desk, imports.accepted(planned(base, path)))
    after = seen()
    assert len(after.measurements) == len(before.measurements) + 300
    desk.undo()
    assert seen() == before
    desk.redo()
    assert seen() == after
    desk.undo()
    assert seen() == before


def test_another_source_or_comment_is_a_change(base: Database, tmp_path: Path) -> None:
    head = "Code;Date;Valeur;Source;Commentaire\n"
    line = f"{COUNT};31/12/2024;27;"
    imports.apply(desk_on(base, TODAY), planned(base, plain(tmp_path, f"{head}{line}Bilan;relu\n".encode())))
    for cells, expected in {
        "Bilan;relu": LineState.SAME,
        ";": LineState.SAME,
        "Courriel;relu": LineState.CHANGED,
        "Bilan;revu": LineState.CHANGED,
    }.items():
        (again,) = planned(base, plain(tmp_path, f"{head}{line}{cells}\n".encode())).lines
        assert again.state is expected, cells
    changed = planned(base, plain(tmp_path, f"{head}{line}Courriel;\n".encode()))
    imports.apply(desk_on(base, TODAY), imports.accepted(changed))
    last = next(item for item in measured(base) if item.source == "Courriel")
    # What the file leaves blank stays.
    assert (last.value, last.comment) == (27, "relu")


@pytest.mark.parametrize(("cell", "asked"), [("1", True), ("0,5", True), ("0", False), ("1,01", False)])
def test_a_share_of_one_at_most_may_be_a_whole(
    cell: str, asked: bool, base: Database, tmp_path: Path
) -> None:
    content = f"Code;Date;Valeur\n{corpus.SHARE};31/12/2024;{cell}\n".encode()
    (line,) = planned(base, plain(tmp_path, content)).lines
    assert any("est-ce" in warning for warning in line.warnings) is asked


@pytest.mark.parametrize("gone", ["objective", "territory"])
def test_what_was_withdrawn_after_the_preview_is_refused_and_nothing_is_written(
    base: Database, tmp_path: Path, gone: str
) -> None:
    path = tmp_path / "retour.csv"
    path.write_text("Code;Date;Valeur\nBPI-O01;31/12/2024;22\nBPI-O02;31/12/2024;1339\n", encoding="utf-8")
    plan = planned(base, path)
    before = measured(base)
    dossier = base.dossier(base.contracts()[0].key)
    objective = next(item for item in dossier.objectives if item.code == "BPI-O02")
    if gone == "objective":
        acts.retire(desk_on(base, TODAY), dossier.contract.code, "objective", objective.key)
        words = r"\(BPI-O02\) a été retiré du contrat."
    else:
        lines = tuple(
            replace(line, measurement=replace(line.measurement, territory="parti")) for line in plan.lines
        )
        plan = replace(plan, lines=lines)
        words = r"Le territoire de cette valeur de .* \(BPI-O01\) n’existe plus."
    with pytest.raises(UserError, match=words):
        imports.apply(desk_on(base, TODAY), imports.accepted(plan))
    assert measured(base) == before


@pytest.mark.parametrize(
    ("line", "state", "value"),
    [
        ("ARS-O05;31/12/2024;2100000;euros", LineState.NEW, "2.1"),
        ("ARS-O05;31/12/2024;2100;k€", LineState.NEW, "2.1"),
        ("ARS-O05;31/12/2024;2,1;M€", LineState.NEW, "2.1"),
        ("BPI-O02;31/12/2024;150;CitésLab", LineState.NEW, "150"),
        ("BPI-O02;31/12/2024;150;points", LineState.DOUBTFUL, "150"),
        ("BPI-O02;31/12/2024;150;%", LineState.DOUBTFUL, "150"),
        ("BPI-O02;31/12/2024;150;postes", LineState.DOUBTFUL, "150"),
        ("BPI-O02;31/12/2024;150;euros", LineState.REFUSED, None),
    ],
)
def test_the_unit_of_a_line_is_read_or_doubted(
    line: str, state: LineState, value: str | None, base: Database, tmp_path: Path
) -> None:
    (read,) = planned(base, plain(tmp_path, f"Code;Date;Valeur;Unité\n{line}\n".encode())).lines
    assert (read.state, read.measurement and read.measurement.value) == (state, value and Decimal(value))
    asked = [words for words in read.warnings if words.startswith("La ligne compte en")]
    assert len(asked) == (state is LineState.DOUBTFUL)


@pytest.mark.parametrize(
    ("line", "state", "parts"),
    [
        ("ARS-O03;31/12/2024;0;0;48", LineState.NEW, ("0", "48")),
        ("ARS-O03;31/12/2024;25;12;48", LineState.NEW, ("12", "48")),
        ("ARS-O03;31/12/2024;50;12;48", LineState.DOUBTFUL, ("12", "48")),
        ("ARS-O03;31/12/2024;50;12;0", LineState.REFUSED, None),
        ("ARS-O03;31/12/2024;50;;48", LineState.REFUSED, None),
        ("ARS-O03;31/12/2024;50;12;", LineState.REFUSED, None),
    ],
)
def test_the_two_numbers_of_a_share_come_in_together_or_the_preview_refuses_the_line(
    line: str, state: LineState, parts: tuple[str, str] | None, base: Database, tmp_path: Path
) -> None:
    head = "Code;Date;Valeur;Numérateur;Dénominateur"
    plan = planned(base, plain(tmp_path, f"{head}\n{line}\n".encode()))
    (read,) = plan.lines
    assert read.state is state
    if parts is None:
        assert "numérateur" in read.reason or "dénominateur" in read.reason
        return
    before = measured(base)
    imports.apply(desk_on(base, TODAY), imports.accepted(plan))
    (written,) = (item for item in measured(base) if item not in before)
    assert (written.numerator, written.denominator) == tuple(map(Decimal, parts))
