"""A morning of the officer's, from end to end in the real window, by mouse and keyboard only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Dossier
from qpvdesk.domain.statuses import Statut
from qpvdesk.storage import opening
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.objectives import ObjectivesPage
from qpvdesk.ui.pages.points import PointsPage
from qpvdesk.ui.widgets.day_edit import DayEdit
from qpvdesk.ui.widgets.entry_table import EntryTable
from qpvdesk.ui.widgets.trajectory_view import TrajectoryView
from tests.gui.conftest import Bench
from tests.helpers import demo

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
SHARES = {
    "FT-O02": "22,6", "FT-O03": "17 %", "FT-O04": "18,4", "FT-O05": "21,1", "FT-O06": "18,4", "FT-O07": "20,6",
    "FT-O08": "16,8 %", "FT-O09": "17", "FT-O11": "20,3 %", "FT-O12": "15,8",
}  # fmt: skip
PLACES = ("Avion", "Harnes", "Lens")


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The contract that ships, with invented figures."""
    path: Path = tmp_path_factory.mktemp("scenario") / "exemple.db"
    demo.make(path)
    with opening.open_base(path, read_only=True) as base:
        return base.dossier(base.contracts()[0].key)


def press(qtbot: QtBot, bench: Bench, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    bench.window.activateWindow()
    qtbot.waitUntil(bench.window.isActiveWindow)
    qtbot.keyClick(bench.window, key, modifiers)


def named(parent: QWidget, name: str) -> QWidget:
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QListWidget, QPushButton)
    return next(
        one
        for one in parent.findChildren(QWidget)
        if isinstance(one, kinds) and name in (one.accessibleName(), getattr(one, "text", str)())
    )


def choose(parent: QWidget, name: str, words: str) -> None:
    combo = named(parent, name)
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(next(row for row in range(combo.count()) if words in combo.itemText(row)))


def type_in(qtbot: QtBot, parent: QWidget, name: str, words: str) -> None:
    control = named(parent, name)
    control.setFocus()
    if isinstance(control, (QLineEdit, QPlainTextEdit)):
        control.selectAll()
    qtbot.keyClicks(control, words)


def status_of(bench: Bench, code: str) -> Statut:
    picture = bench.session.picture
    assert picture is not None
    return next(one.status for one in picture.situation.assessments.values() if one.objective.code == code)


def value_of(bench: Bench, code: str) -> object:
    picture = bench.session.picture
    assert picture is not None
    return next(one.value for one in picture.situation.assessments.values() if one.objective.code == code)


def test_a_morning(qtbot: QtBot, open_window: Callable[..., Bench], contract: Dossier) -> None:
    bench = open_window(contract)
    window = bench.window

    # The picture is set back to 31/12/2025.
    press(qtbot, bench, Qt.Key.Key_D, CONTROL)
    day = next(one for one in window.findChildren(DayEdit) if one.accessibleName().startswith("Situation au"))
    with qtbot.waitSignal(bench.session.pictured):
        day.choose(date(2025, 12, 31))
    assert any("31/12/2025" in one.text() for one in window.findChildren(QLabel) if one.isVisible())

    # The late objectives of Bpifrance.
    press(qtbot, bench, Qt.Key.Key_3, CONTROL)
    page = window.findChild(ObjectivesPage)
    choose(page, "Partenaire", "Bpifrance")
    choose(page, "Statut", "En retard")
    table = next(one for one in page.findChildren(Table) if one.accessibleName() == "Objectifs")
    qtbot.waitUntil(lambda: 0 < table.model().rowCount() < 10)
    assert {row.assessment.status for row in table.model().shown} == {Statut.EN_RETARD}
    assert {row.partner.code for row in table.model().shown} == {"BPI"}

    # One is opened, a point of its chart corrected, undone, done again.
    table.setFocus()
    table.select_first()
    code = table.current_row().assessment.objective.code
    before = value_of(bench, code)
    chart = page.findChild(TrajectoryView)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    correction = window.findChild(MeasurementDialog)
    type_in(qtbot, correction, "Valeur", "39")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(named(correction, "Valeur"), Qt.Key.Key_Return)
    assert value_of(bench, code) == 39
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_Z, CONTROL)
    assert value_of(bench, code) == before
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_Y, CONTROL)
    assert value_of(bench, code) == 39

    # France Travail's ten shares, from the keyboard, on the day.
    with qtbot.waitSignal(bench.session.pictured):
        press(qtbot, bench, Qt.Key.Key_D, CONTROL | SHIFT)
    press(qtbot, bench, Qt.Key.Key_R, CONTROL)
    next(one for one in window.findChildren(QPushButton) if one.text() == "À relever").setChecked(False)
    for letter in "France":
        qtbot.keyClicks(QGuiApplication.focusObject(), letter)
    qtbot.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_Return)
    grid = window.findChild(EntryTable)
    qtbot.waitUntil(grid.hasFocus)
    for _ in range(grid.model().rowCount()):
        row = grid.current_row()
        for letter in SHARES.get(row.objective.code, ""):
            qtbot.keyClicks(QGuiApplication.focusObject(), letter)
        qtbot.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: all(row.effect for row in grid.model().shown if row.typed.value))
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(QGuiApplication.focusObject(), Qt.Key.Key_S, CONTROL)
    # AFPR stands below the share of the inhabitants, the nine others do not.
    assert {code for code in SHARES if status_of(bench, code) is Statut.NON_ATTEINT} == {"FT-O12"}

    # A point d'attention is acknowledged with its reason.
    press(qtbot, bench, Qt.Key.Key_A, CONTROL | SHIFT)
    points = window.findChild(PointsPage)
    qtbot.waitUntil(lambda: points.findChild(Table).model().rowCount() > 0)
    points.findChild(Table).setFocus()
    points.findChild(Table).select_first()
    reason = next(
        one for one in points.findChildren(QPlainTextEdit) if one.accessibleName().startswith("Motif")
    )
    qtbot.keyClicks(reason, "Signale au partenaire le 15 juin")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.mouseClick(named(points, "Prendre en compte"), Qt.MouseButton.LeftButton)
    assert [one.reason for one in bench.desk.held.acknowledgements] == ["Signale au partenaire le 15 juin"]

    # A new engagement, with an objective declined over three communes.
    press(qtbot, bench, Qt.Key.Key_E, CONTROL | SHIFT)
    form = window.findChild(EntityDialog)
    choose(form, "Partenaire", "Bpifrance")
    type_in(qtbot, form, "Libellé", "Ouvrir des permanences de proximite")
    choose(form, "Nature", "Droit commun")
    engagement = named(form, "Code").text()  # type: ignore[attr-defined]
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.findChild(EntityDialog) is None)
    press(qtbot, bench, Qt.Key.Key_O, CONTROL | SHIFT)
    form = window.findChild(EntityDialog)
    assert engagement in named(form, "Engagement").currentText()  # type: ignore[attr-defined]
    type_in(qtbot, form, "Libellé", "Permanences tenues")
    type_in(qtbot, form, "Unité", "permanences")
    type_in(qtbot, form, "Cible", "36")
    type_in(qtbot, form, "Échéance", "31/12/2027")
    choose(form, "Mesure", "Un niveau")
    places = named(form, "Décliné sur")
    assert isinstance(places, QListWidget)
    for row in range(places.count()):
        if places.item(row).text().partition(" (")[0] in PLACES:
            places.setCurrentRow(row)
            places.setFocus()
            qtbot.keyClick(places, Qt.Key.Key_Space)
    objective = named(form, "Code").text()  # type: ignore[attr-defined]
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(form, Qt.Key.Key_Return, CONTROL)
    made = {one.code: one for one in bench.desk.held.objectives if one.code.startswith(objective)}
    assert len(made) == 4
    assert {one.parent for one in made.values()} == {None, made[objective].key}

    # It is found by search, with a slip.
    press(qtbot, bench, Qt.Key.Key_1, CONTROL)
    press(qtbot, bench, Qt.Key.Key_K, CONTROL)
    search = next(one for one in window.findChildren(QLineEdit) if "Rechercher" in one.accessibleName())
    qtbot.keyClicks(search, "permanecnes tenues")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert table.current_row().assessment.objective.code.startswith(objective)

    # The dashboard is projected.
    press(qtbot, bench, Qt.Key.Key_1, CONTROL)
    press(qtbot, bench, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    assert not named(page, "Saisir un relevé propre").isVisible()
    press(qtbot, bench, Qt.Key.Key_F11)
    assert bench.bugs == []
    assert bench.notifier.notices == []
