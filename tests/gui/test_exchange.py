"""« Échanges », as a hand goes through it: seen before it is written, all or nothing, one undo."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QScrollArea, QTableView, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk import bounded
from qpvdesk.domain.errors import UserError
from qpvdesk.services.figures import exports
from qpvdesk.spreadsheets import reading
from qpvdesk.storage import maintenance
from qpvdesk.storage.opening import open_base
from qpvdesk.ui.pages.exchange import CoveringDialog, ExchangePage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.widgets.column_choices import COLUMNS_MAX, ColumnChoices, PlacedColumn
from qpvdesk.ui.widgets.import_preview import ImportPreview
from tests.gui.conftest import Bench
from tests.helpers import invented


@pytest.fixture
def page(bench: Bench) -> ExchangePage:
    bench.window.go(Address("echanges"))
    return bench.window.findChild(ExchangePage)


def button(page: QWidget, words: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text().startswith(words))


def click(qtbot: QtBot, page: QWidget, words: str) -> None:
    found = button(page, words)
    assert found.isVisible()
    assert found.isEnabled()
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def says(page: ExchangePage, words: str) -> bool:
    return any(words in one.text() for one in page.findChildren(QLabel) if one.isVisible())


def opened(qtbot: QtBot, bench: Bench, page: ExchangePage, path: Path) -> None:
    bench.notifier.opened = path
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Importer un fichier")


def rows(page: ExchangePage) -> list[tuple[str, ...]]:
    table = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Aperçu de l’import")
    model = table.model()
    return [
        (
            str(model.index(row, 0).data()),
            str(model.index(row, 1).data()).rpartition("(")[2].rstrip(")"),
            str(model.index(row, 4).data()),
        )
        for row in range(model.rowCount())
    ]


def combo(page: ExchangePage, name: str) -> QComboBox:
    return next(one for one in page.findChildren(QComboBox) if one.accessibleName() == name)


def chosen(asked: QComboBox, data: object) -> None:
    """Choose in a list as a hand does."""
    asked.setCurrentIndex(asked.findData(data))
    asked.activated.emit(asked.currentIndex())


def some_objective(bench: Bench) -> str:
    """The code of an objective counted in whole things."""
    return next(one.code for one in bench.desk.held.objectives if one.unit == "bus")


def table(tmp_path: Path, *lines: str, name: str = "retour.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(("Code;Date;Valeur", *lines)) + "\n", encoding="utf-8")
    return path


def new_code(page: ExchangePage) -> QLineEdit:
    """Where the code of the contract to make is typed."""
    return next(
        item for item in page.findChildren(QLineEdit) if item.accessibleName() == "Code du nouveau contrat"
    )


def test_a_file_is_seen_then_imported_then_undone(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    before = bench.desk.held.measurements
    opened(qtbot, bench, page, table(tmp_path, f"{code};15/05/2026;31", f"{code};15/04/2026;30"))
    assert [(state, who) for state, who, _ in rows(page)] == [("+  Nouveau", code)] * 2
    assert bench.desk.held.measurements == before, "nothing is written by looking"
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Importer 2 valeurs")
    assert len(bench.desk.held.measurements) == len(before) + 2
    assert says(page, "Import de «\u202fretour.csv\u202f»\u202f: 2 valeurs")
    with qtbot.waitSignal(bench.session.changed):
        bench.session.undo()
    assert bench.desk.held.measurements == before


def test_a_refused_line_stands_first_and_is_left_out(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    opened(qtbot, bench, page, table(tmp_path, f"{code};15/05/2026;31", f"{code};15/04/2026;1.339"))
    assert rows(page)[0][0] == "✕  Refusé"
    assert says(page, "1 ligne à corriger")
    shown = combo(page, "Lignes montrées")
    shown.setCurrentIndex(shown.findText("À corriger"))
    assert len(rows(page)) == 1
    before = len(bench.desk.held.measurements)
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Importer 1 valeur")
    assert len(bench.desk.held.measurements) == before + 1
    assert [state for state, _, _ in rows(page)] == ["✕  Refusé"], "what is not taken stays in hand"
    bench.notifier.path = tmp_path / "a-renvoyer.xlsx"
    with qtbot.waitSignal(page.exported):
        click(qtbot, page, "Lignes à &renvoyer")
    (sheet,) = openpyxl.load_workbook(bench.notifier.path).worksheets
    assert [cell.value for cell in sheet[2]][:3] == [code, "15/04/2026", "1.339"]
    assert sheet["D2"].value
    assert sheet["E2"].value


def test_with_large_characters_on_a_small_screen_the_button_stays_in_view(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    shown = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Aperçu de l’import")
    for column in (3, 4):
        wide = shown.fontMetrics().horizontalAdvance("accompagnements")
        assert shown.columnWidth(column) > wide + 12, "a unit is never cut"
    bench.window.resize(1366, 768)
    bench.window.theme.set_zoom(1.5)
    code = some_objective(bench)
    opened(qtbot, bench, page, table(tmp_path, f"{code};15/05/2026;31", f"{code};15/04/2026;1.339"))
    scroll = next(one for one in page.window().findChildren(QScrollArea) if one.isAncestorOf(page))
    assert says(page, "1 ligne à corriger ou à associer\u202f: elle ne sera pas importée avant.")
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() == 0)


def lines_seen(page: ExchangePage) -> int:
    """How many lines of the preview are in view, whole."""
    view = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Aperçu de l’import")
    room = view.viewport().rect()
    return sum(
        room.contains(view.visualRect(view.model().index(row, 0))) for row in range(view.model().rowCount())
    )


def test_at_150_percent_five_lines_are_seen_and_the_button_is_in_view(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    lines = [f"{code};15/0{month}/2026;environ {month}" for month in range(1, 6)]
    bench.window.resize(911, 470)
    opened(qtbot, bench, page, table(tmp_path, *lines, "Les bus;15/05/2026;31", f"{code};15/04/2025;1.339"))
    scroll = next(one for one in page.window().findChildren(QScrollArea) if one.isAncestorOf(page))
    view = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Aperçu de l’import")
    for row in range(view.model().rowCount()):
        view.selectRow(row)
        qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() == 0)
        qtbot.waitUntil(lambda: lines_seen(page) >= 5)
        assert view.viewport().rect().contains(view.visualRect(view.currentIndex())), "the line in hand"
        assert page.minimumSizeHint().width() <= scroll.viewport().width()
    assert says(page, "«\u202fretour.csv\u202f»"), (
        "the name of the file, where the head of the page is folded"
    )
    columns = next(
        one for one in page.findChildren(QTableView) if one.accessibleName() == "Colonnes du tableau"
    )
    assert not columns.isVisible()
    click(qtbot, page, "Colonnes lues")
    assert columns.isVisible()
    assert not view.isVisible()
    assert next(one for one in page.findChildren(QPushButton) if one.text() == "Importer").isVisible()
    click(qtbot, page, "Voir les lignes")
    assert view.isVisible()
    bench.window.resize(1366, 768)
    qtbot.waitUntil(lambda: columns.isVisible() and view.isVisible())


def test_a_doubtful_line_is_accepted_put_right_or_set_aside(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    opened(qtbot, bench, page, table(tmp_path, f"{code};15/05/2026;environ 31"))
    assert rows(page) == [("!  Douteux", code, "31 bus")]
    assert not next(one for one in page.findChildren(QPushButton) if one.text() == "Importer").isEnabled()
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Accepter")
    assert rows(page)[0][0] == "✓  Accepté"
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Écarter")
    assert rows(page)[0][0] == "–  Écarté"
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Reprendre")
    field = next(one for one in page.findChildren(QLineEdit) if one.accessibleName() == "Valeur de la ligne")
    field.setText("32")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert rows(page) == [("+  Nouveau", code, "32 bus")]
    # A correction is no answer to the doubt that it raises, and what was put right stays so once that is accepted.
    field.setText("3200")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert rows(page) == [("!  Douteux", code, "3\u202f200 bus")]
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Accepter")
    assert rows(page) == [("✓  Accepté", code, "3\u202f200 bus")]
    field.setText("32")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    # What was put right is not dropped without a question.
    give_up = next(
        one for one in page.findChildren(QPushButton) if one.text() == "Renoncer" and one.isVisible()
    )
    qtbot.mouseClick(give_up, Qt.MouseButton.LeftButton)
    assert "1 ligne ou nom réglé serait perdu" in bench.notifier.notices[-1].remedy
    assert rows(page) == [("+  Nouveau", code, "32 bus")]
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Importer 1 valeur")
    assert 32 in [item.value for item in bench.desk.held.measurements]


def test_an_unknown_name_is_given_its_objective_or_passed_over(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    opened(qtbot, bench, page, table(tmp_path, "Les bus;15/05/2026;31", "Les cars;15/05/2026;99"))
    assert [state for state, _, _ in rows(page)] == ["?  Inconnu"] * 2
    choice = combo(page, "Objectif que désigne ce nom")
    choice.setCurrentIndex(choice.findData(code))
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Associer")
    assert ("+  Nouveau", code) in [(state, who) for state, who, _ in rows(page)]
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Ignorer ce nom")
    assert [state for state, _, _ in rows(page)] == ["+  Nouveau", "–  Écarté"]
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Importer 1 valeur")


def foreign(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (["Tableau de bord"], ["Intitulé", "Suivi des bus"], [None, "Année 2024"], ["Les bus", 20]):
        book.active.append(row)
    book.save(path)
    return path


def test_a_foreign_file_is_explained_once(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    partner = next(one for one in bench.desk.held.partners if code.startswith(one.code))
    opened(qtbot, bench, page, foreign(tmp_path / "suivi.xlsx"))
    assert [state for state, _, _ in rows(page)] == ["?  Inconnu"]
    click(qtbot, page, "Colonnes…")
    assert says(page, "Où sont les chiffres de ce fichier")
    assert combo(page, "Indicateur").currentText().startswith("A – Intitulé")
    assert combo(page, "Valeur").currentText() == "B – Suivi des bus Année 2024"
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Voir l’aperçu")
    remember = combo(page, "Retenir pour")
    with qtbot.waitSignal(page.previewed):
        chosen(remember, partner.code)
    choice = combo(page, "Objectif que désigne ce nom")
    choice.setCurrentIndex(choice.findData(code))
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Associer")
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Importer 1 valeur")
    opened(qtbot, bench, page, foreign(tmp_path / "suivi suivant.xlsx"))
    assert [(state, who) for state, who, _ in rows(page)] == [("=  Identique", code)]
    assert says(page, f"Colonnes lues comme la dernière fois dans les fichiers de {partner.short_name}")
    assert remember.currentData() == partner.code


def test_a_date_is_given_to_a_file_that_has_none(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    path = tmp_path / "sans date.csv"
    path.write_text(f"Code;Valeur\n{some_objective(bench)};31\n", encoding="utf-8")
    opened(qtbot, bench, page, path)
    assert rows(page)[0][0] == "✕  Refusé"
    field = next(
        one for one in page.findChildren(QLineEdit) if one.accessibleName().startswith("Date des valeurs")
    )
    field.setFocus()
    qtbot.keyClicks(field, "15/05/2026")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert rows(page)[0][0] == "+  Nouveau"
    assert page.typed() == [], "the day of what a file holds is no text to save"


@pytest.mark.parametrize("code", ["import os; os.abort()", "import signal; signal.pause()"])
def test_a_reader_that_dies_or_hangs_is_told_and_the_window_lives(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(bounded, "command", lambda _flag, _path: [sys.executable, "-c", code])
    monkeypatch.setattr(reading.read, "__kwdefaults__", reading.read.__kwdefaults__ | {"seconds": 0.5})
    before = bench.desk.held.measurements
    opened(qtbot, bench, page, table(tmp_path, "X;15/05/2026;31"))
    assert says(page, "a été arrêtée" if "pause" in code else "s’est arrêtée")
    assert bench.desk.held.measurements == before
    bench.window.go(Address("objectifs"))
    bench.window.go(Address("echanges"))
    monkeypatch.undo()
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Choisir un autre fichier")
    assert rows(page)[0][0] == "?  Inconnu"
    assert bench.bugs == []


def test_an_import_that_fails_keeps_what_was_said(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    opened(qtbot, bench, page, table(tmp_path, f"{some_objective(bench)};15/05/2026;31"))
    bench.desk.failing["act"] = UserError("Le disque est plein.", "Faites de la place.")
    click(qtbot, page, "Importer 1 valeur")
    qtbot.waitUntil(lambda: says(page, "Le disque est plein. Faites de la place."))
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Importer 1 valeur")


def test_the_package_of_a_colleague_is_sent_where_it_belongs(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    opened(qtbot, bench, page, tmp_path / "recu.paquet")
    assert says(page, "C’est le paquet d’un collègue")


def test_the_partner_s_workbook_goes_out_and_comes_back(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    partner = next(one.code for one in bench.desk.held.partners if code.startswith(one.code))
    asked = combo(page, "Partenaire")
    asked.setCurrentIndex(asked.findData(partner))
    figures = combo(page, "Chiffres")
    figures.setCurrentIndex(figures.findText("Tout ce qui est attendu"))
    path = bench.notifier.path = tmp_path / "remontee.xlsx"
    with qtbot.waitSignal(page.exported):
        click(qtbot, page, "Classeur à remplir")
    book = openpyxl.load_workbook(path)
    sheet = book["Remontée"]
    sheet["B2"] = "15/05/2026"
    line = next(row for row in sheet.iter_rows(min_row=5) if row[0].value == code)
    line[12].value = 31
    book.save(path)
    opened(qtbot, bench, page, path)
    assert rows(page) == [("+  Nouveau", code, "31 bus")]
    # Where its figures come from is proposed, and may be said otherwise.
    source = field(page, "Source des valeurs dont le fichier ne dit pas la source")
    giver = next(one.short_name for one in bench.desk.held.partners if one.code == partner)
    assert source.text() == f"{giver}, remontee.xlsx, lu le 30/06/2026"
    source.setText(f"{source.text()}, relu")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(source, Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Importer 1 valeur")
    (new,) = [one for one in bench.desk.held.measurements if one.entered_on]
    assert new.source == f"{giver}, remontee.xlsx, lu le 30/06/2026, relu"
    letter = bench.window.findChild(CoveringDialog)
    due = next(one for one in letter.findChildren(QLineEdit) if one.accessibleName() == "Réponse avant le")
    due.selectAll()
    qtbot.keyClicks(due, "15/07/2026")
    click(qtbot, letter, "Copier le message")
    assert "« remontee.xlsx » est joint" in QGuiApplication.clipboard().text().replace("\u202f", " ")
    assert "avant le 15/07/2026" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize("content", [word for word in exports.CONTENTS if word != "remontee"])
def test_everything_goes_out(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path, content: str
) -> None:
    chosen = combo(page, "Ce qui est exporté")
    chosen.setCurrentIndex(chosen.findData(content))
    assert chosen.currentData() == content
    path = bench.notifier.path = tmp_path / f"{content}.xlsx"
    with qtbot.waitSignal(page.exported):
        click(qtbot, page, "Exporter…")
    assert openpyxl.load_workbook(path).sheetnames


def test_each_column_may_be_an_indicator_named_by_its_title(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    path = tmp_path / "large.csv"
    path.write_text(f"Période;{code};Sans objet\n15/05/2026;31;\n", encoding="utf-8")
    opened(qtbot, bench, page, path)
    click(qtbot, page, "Colonnes…")
    combo(page, "Indicateur").setCurrentIndex(1)
    value = combo(page, "Valeur")
    value.setCurrentIndex(value.findText(f"B – {code}"))
    assert says(page, "2 indicateurs seront lus, un par colonne.")
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Voir l’aperçu")
    assert rows(page)[0] == ("+  Nouveau", code, "31 bus")


def test_a_base_that_is_only_read_exports_and_imports_nothing(
    qtbot: QtBot, open_window: Callable[..., Bench], tmp_path: Path
) -> None:
    bench = open_window(read_only=True)
    bench.window.go(Address("echanges"))
    page = bench.window.findChild(ExchangePage)
    assert not button(page, "Importer un fichier").isEnabled()
    bench.notifier.path = tmp_path / "etat.ods"
    with qtbot.waitSignal(page.exported):
        click(qtbot, page, "Exporter…")
    with open_base(bench.desk.path, read_only=True) as base:
        assert maintenance.check(base) == []


def whole(qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path, suffix: str) -> Path:
    """Send the whole contract out."""
    chosen = combo(page, "Ce qui est exporté")
    chosen.setCurrentIndex(chosen.findData("contrat"))
    path = bench.notifier.path = tmp_path / f"contrat.{suffix}"
    with qtbot.waitSignal(page.exported):
        click(qtbot, page, "Exporter…")
    return path


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "json"])
def test_a_whole_contract_becomes_another_one_and_one_undo_takes_it_back(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path, suffix: str
) -> None:
    opened(qtbot, bench, page, whole(qtbot, bench, page, tmp_path, suffix))
    assert says(page, "Ce fichier contient un contrat entier")
    assert says(page, "donnez un autre code")
    assert not button(page, "Créer le contrat").isEnabled()
    field = new_code(page)
    field.setText("bethune")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Créer le contrat")
    qtbot.waitUntil(lambda: bench.session.picture.contract.code == "bethune")
    assert len(bench.session.picture.situation.dossier.objectives) == len(bench.desk.held.objectives)
    with qtbot.waitSignal(bench.session.changed):
        bench.session.undo()
    qtbot.waitUntil(lambda: bench.session.picture.contract.code != "bethune")
    assert bench.bugs == []


def test_the_answer_for_an_earlier_code_is_not_shown(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    """What « Créer le contrat » made then was the contract of the code before, and the page went to the other."""
    opened(qtbot, bench, page, whole(qtbot, bench, page, tmp_path, "json"))
    field = new_code(page)
    shown: list[bool] = []
    page.previewed.connect(lambda: shown.append(True))
    gate = threading.Event()
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    for code in ("bethune", "arras"):
        field.setText(code)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(page.previewed):
        gate.set()
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert shown == [True]
    click(qtbot, page, "Créer le contrat")
    qtbot.waitUntil(lambda: bench.session.picture.contract.code == "arras")


def test_no_contract_is_made_of_a_code_typed_over(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    """« Créer le contrat » made that of the code before, and the window asked for the other, which was not there."""
    opened(qtbot, bench, page, whole(qtbot, bench, page, tmp_path, "json"))
    field = new_code(page)
    before = {contract.code for contract in bench.session.picture.contracts}
    field.setText("bethune")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    gate = threading.Event()
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    field.setText("arras")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    click(qtbot, page, "Créer le contrat")
    gate.set()
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert {contract.code for contract in bench.session.picture.contracts} == before
    click(qtbot, page, "Créer le contrat")
    qtbot.waitUntil(lambda: bench.session.picture.contract.code == "arras")


def test_the_choices_of_a_column_follow_what_it_may_give(qtbot: QtBot) -> None:
    """The list of before stayed: it named one title, and another was read."""
    choices = ColumnChoices()
    qtbot.addWidget(choices)
    for targets in (("A", "B"), ("B", "C")):
        pairs = [(target, target) for target in targets]
        choices.show_columns([PlacedColumn(0, "Colonne", "B", pairs)])
        (combo,) = choices.findChildren(QComboBox)[-1:]
        assert combo.currentText() == "B"
        assert [combo.itemText(row) for row in range(combo.count())] == ["Non lue", *targets]


def test_a_contract_with_a_faulty_cell_is_not_made(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    path = whole(qtbot, bench, page, tmp_path, "xlsx")
    book = openpyxl.load_workbook(path)
    book["Objectifs"]["A2"] = "INCONNU"
    book.save(path)
    opened(qtbot, bench, page, path)
    assert says(page, "1 case refusée")
    faults = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Cases refusées")
    assert "cellule A2" in faults.model().index(0, 1).data()
    assert not button(page, "Créer le contrat").isEnabled()


def columns_shown(page: ExchangePage) -> list[tuple[str, str, str, str]]:
    view = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Colonnes du tableau")
    model = view.model()
    return [
        tuple(str(model.index(row, column).data()) for column in (0, 3, 4, 5))
        for row in range(model.rowCount())
    ]


def field(page: ExchangePage, name: str) -> QLineEdit:
    return next(one for one in page.findChildren(QLineEdit) if one.accessibleName() == name)


def test_the_columns_of_a_file_are_said_by_keyboard_alone(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    code = some_objective(bench)
    path = tmp_path / "large.csv"
    path.write_text(f"Code;Date;Cible 2025;Relevé final\n{code};15/05/2026;40;31\n", encoding="utf-8")
    opened(qtbot, bench, page, path)
    assert [shown[1] for shown in columns_shown(page)] == ["Indicateur", "Date", "Non lue", "Valeur"]
    view = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Colonnes du tableau")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    role = combo(page, "Rôle de la colonne")
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert page.window().focusWidget() is role
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(role, Qt.Key.Key_Down)
        popup = role.view()
        popup.setCurrentIndex(role.model().index(role.findText("Valeur"), 0))
        qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert [shown[1] for shown in columns_shown(page)] == ["Indicateur", "Date", "Valeur", "Valeur"]
    period = field(page, "Période ou date de la colonne")
    period.setFocus()
    period.setText("T1 2026")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(period, Qt.Key.Key_Return)
    assert columns_shown(page)[2] == ("C", "Valeur", "–", "31/03/2026")


def test_a_table_that_gives_nothing_says_so_and_stays_in_hand(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    opened(qtbot, bench, page, table(tmp_path, f"{some_objective(bench)};15/05/2026;31"))
    view = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Colonnes du tableau")
    view.selectRow(2)
    with qtbot.waitSignal(page.previewed):
        chosen(combo(page, "Rôle de la colonne"), "non lu")
    assert says(page, "Aucune valeur n’est remplie")
    assert not next(one for one in page.findChildren(QPushButton) if one.text() == "Importer").isEnabled()
    with qtbot.waitSignal(page.previewed):
        chosen(combo(page, "Rôle de la colonne"), "valeur")
    assert rows(page)[0][0] == "+  Nouveau"


def test_a_sheet_is_set_aside_and_a_kind_and_the_nearest_name_taken(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    objective = next(one for one in bench.desk.held.objectives if one.unit == "bus")
    book = openpyxl.Workbook()
    for name in ("Bilan", "Brouillon"):
        sheet = book.active if name == "Bilan" else book.create_sheet()
        sheet.title = name
        sheet.append(["Indicateur", "Type de valeur", "Date", "Valeur"])
        sheet.append([objective.label[:-3], "Réalisé", "15/05/2026", 31])
        sheet.append([objective.code, "Redressée", "15/04/2026", 30])
    book.save(tmp_path / "a.xlsx")
    opened(qtbot, bench, page, tmp_path / "a.xlsx")
    places = combo(page, "Tableau")
    places.setCurrentIndex(places.findText("Brouillon"))
    places.activated.emit(places.currentIndex())
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "&Ne pas lire")
    assert len(rows(page)) == 2
    near = next(one for one in page.findChildren(QPushButton) if one.text().endswith(f"({objective.code})"))
    with qtbot.waitSignal(page.previewed):
        qtbot.mouseClick(near, Qt.MouseButton.LeftButton)
    preview = next(
        one for one in page.findChildren(QTableView) if one.accessibleName() == "Aperçu de l’import"
    )
    preview.selectRow(next(at for at, row in enumerate(rows(page)) if row[0].startswith("!")))
    with qtbot.waitSignal(page.previewed):
        click(qtbot, page, "Écarter ce type")
    assert sorted(state for state, _, _ in rows(page)) == ["+  Nouveau", "–  Écarté"]


def test_a_cell_is_told_with_its_sheet_where_the_file_has_several(
    qtbot: QtBot, bench: Bench, page: ExchangePage
) -> None:
    """« C2 » stood twice."""
    file = Path(__file__).parents[1] / "reference" / "imports" / "feuilles-multiples" / "a.xlsx"
    opened(qtbot, bench, page, file)
    (preview,) = page.findChildren(ImportPreview)
    model = next(iter(preview.findChildren(QTableView))).model()
    assert model.index(0, 6).data() == "C2"
    plan = preview._plan
    assert plan is not None
    other = structs.replace(plan.lines[0], sheet="Lens")
    preview.show_plan(structs.replace(plan, lines=(*plan.lines, other)), (), invented.TODAY)
    cells = {str(model.index(row, 6).data()) for row in range(model.rowCount())}
    assert cells == {f"{plan.lines[0].sheet} C2", "Lens C2"}


def test_the_actions_of_a_plan_are_taken_one_by_one(qtbot: QtBot, bench: Bench, page: ExchangePage) -> None:
    before = bench.desk.held.engagements
    plan = Path(__file__).parents[1] / "reference" / "imports" / "plan-d-actions" / "a.xlsx"
    opened(qtbot, bench, page, plan)
    assert says(page, "Ce fichier est un plan d’actions")
    view = next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Actions du plan")
    assert [view.model().index(row, 0).data() for row in range(2)] == ["✓  À créer"] * 2
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert [view.model().index(row, 0).data() for row in range(2)] == ["–  Laissée", "✓  À créer"]
    assert bench.desk.held.engagements == before
    create = next(one for one in page.findChildren(QPushButton) if one.text() == "Créer 1 engagement")
    assert says(page, "choisissez de qui elles sont et leur nature")
    assert not create.isEnabled()
    chosen(combo(page, "Partenaire du plan d’actions"), "FT")
    chosen(combo(page, "Nature"), "gouvernance")
    qtbot.waitUntil(lambda: says(page, "France Travail, «\u202fGouvernance\u202f», sans thématique"))
    qtbot.waitUntil(create.isEnabled)
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Créer 1 engagement")
    (made,) = [item for item in bench.desk.held.engagements if item not in before]
    assert made.nature == "gouvernance"
    assert made.code.startswith("FT-")


def test_a_column_of_a_contract_that_is_called_otherwise_is_said_by_hand(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    """« La colonne « Intitulé retenu » n’est pas prévue »: the file was to be changed elsewhere, and brought again."""
    path = whole(qtbot, bench, page, tmp_path, "xlsx")
    book = openpyxl.load_workbook(path)
    titles = next(cell for cell in book["Objectifs"][1] if cell.value == "Libellé")
    titles.value = "Intitulé retenu"
    book["Engagements"].cell(1, book["Engagements"].max_column + 1).value = "Remarque interne"
    book.save(path)
    opened(qtbot, bench, page, path)
    assert says(page, "2 cases refusées")
    for title, chosen in (
        ("Engagements\u202f: Remarque interne", "Non lue"),
        ("Objectifs\u202f: Intitulé retenu", "Libellé"),
    ):
        choice = next(box for box in page.findChildren(QComboBox) if title in box.accessibleName())
        assert choice.currentIndex() == -1, "nobody said it yet"
        place = choice.findText(chosen)
        choice.setCurrentIndex(place)
        with qtbot.waitSignal(page.previewed):
            choice.activated.emit(place)
    assert not says(page, "refusée")
    field = new_code(page)
    field.setText("bethune")
    with qtbot.waitSignal(page.previewed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, page, "Créer le contrat")
    qtbot.waitUntil(lambda: bench.session.picture.contract.code == "bethune")
    labels = {item.label for item in bench.session.picture.situation.dossier.objectives}
    assert labels == {item.label for item in bench.desk.held.objectives}


def test_however_many_columns_are_called_otherwise_each_comes_to_be_said(
    qtbot: QtBot, bench: Bench, page: ExchangePage, tmp_path: Path
) -> None:
    """Twelve are asked at once: what is said of them leaves its place to the others."""
    path = whole(qtbot, bench, page, tmp_path, "xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Engagements"]
    for number in range(COLUMNS_MAX + 2):
        sheet.cell(1, sheet.max_column + 1).value = f"Remarque {number}"
    book.save(path)
    opened(qtbot, bench, page, path)
    for _ in range(COLUMNS_MAX + 2):
        asked = [box for box in page.findChildren(QComboBox) if "Remarque" in box.accessibleName()]
        choice = next(box for box in asked if box.currentIndex() < 0 and box.isVisibleTo(page))
        with qtbot.waitSignal(page.previewed):
            choice.activated.emit(choice.findText("Non lue"))
    assert not says(page, "refusée")
