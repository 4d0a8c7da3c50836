"""The form of one figure: its two numbers, what is recorded on the same day, which figure is completed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from qpvdesk.services import measurements
from qpvdesk.services.measurements import Entry
from qpvdesk.ui.dialogs.choosing import ChoosingDialog
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench


def open_on(bench: Bench, code: str) -> MeasurementDialog:
    objective = bench.session.picture.situation.objective_by_code(code)
    bench.window._equipment.entering.enter(objective.key, "")
    return bench.window.findChild(MeasurementDialog)


def field(dialog: MeasurementDialog, name: str) -> QLineEdit:
    return next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == name)


def record(qtbot: QtBot, bench: Bench, objective: str) -> None:
    entry = Entry(objective=objective, day=date(2026, 6, 30), value=Decimal(33))
    with qtbot.waitSignal(bench.session.changed):
        bench.session.change("Essai", lambda desk: measurements.record(desk, bench.session.contract, entry))


def press(dialog: MeasurementDialog, words: str) -> None:
    one = next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "").startswith(words))
    assert one.isVisible()
    one.click()


def test_two_numbers_make_the_share(qtbot: QtBot, bench: Bench) -> None:
    dialog = open_on(bench, "FT-O02")
    field(dialog, "Numérateur").setText("12")
    press(dialog, "Enregistrer")
    assert "Donnez les deux nombres" in dialog._denominator_field.error
    field(dialog, "Dénominateur").setText("48")
    with qtbot.waitSignal(bench.session.changed):
        press(dialog, "Enregistrer")
    (new,) = [one for one in bench.desk.held.measurements if one.entered_on]
    assert (new.value, new.numerator, new.denominator) == (25, 12, 48)


def test_what_is_no_share_is_asked_for_no_two_numbers(bench: Bench) -> None:
    dialog = open_on(bench, "BPI-O01")
    assert not field(dialog, "Numérateur").isVisible()
    dialog.close()


def test_a_figure_of_the_same_day_is_corrected(qtbot: QtBot, bench: Bench) -> None:
    record(qtbot, bench, "o1")
    before = len(bench.desk.held.measurements)
    dialog = open_on(bench, "BPI-O01")
    field(dialog, "Valeur").setText("34")
    press(dialog, "Corriger ce relevé")
    assert dialog.windowTitle().startswith("Corriger un relevé")
    with qtbot.waitSignal(bench.session.changed):
        press(dialog, "Enregistrer")
    assert len(bench.desk.held.measurements) == before
    assert [one.value for one in bench.desk.held.measurements if one.entered_on] == [34]


def test_of_two_figures_of_the_same_day_the_one_that_is_read_is_corrected(qtbot: QtBot, bench: Bench) -> None:
    record(qtbot, bench, "o1")
    second = Entry(objective="o1", day=date(2026, 6, 30), value=Decimal(35))
    with qtbot.waitSignal(bench.session.changed):
        bench.session.change("Essai", lambda desk: measurements.record(desk, bench.session.contract, second))
    dialog = open_on(bench, "BPI-O01")
    field(dialog, "Valeur").setText("34")
    press(dialog, "Corriger ce relevé")
    with qtbot.waitSignal(bench.session.changed):
        press(dialog, "Enregistrer")
    assert [one.value for one in bench.desk.held.measurements if one.entered_on] == [33, 34]


def test_a_figure_of_the_same_day_is_noted_beside(qtbot: QtBot, bench: Bench) -> None:
    record(qtbot, bench, "o1")
    dialog = open_on(bench, "BPI-O01")
    field(dialog, "Valeur").setText("34")
    dialog._comment.setPlainText("Le bus loué en juin.")
    press(dialog, "Noter en contre-valeur")
    form = next(one for one in QApplication.topLevelWidgets() if isinstance(one, EntityDialog))
    typed = form.typed()
    assert (typed["objective"], typed["day"], typed["value"]) == ("o1", "30/06/2026", "34")
    assert typed["reason"] == "Le bus loué en juin.", "the comment went with the form"
    form.close()


def test_completing_a_figure_says_which(bench: Bench) -> None:
    bench.window.go(Address("objectifs", "BPI-O01"))
    bench.window.actions_by_word["completer_releve"].trigger()
    choosing = bench.window.findChild(ChoosingDialog)
    assert (
        choosing.windowTitle()
        == "Quel relevé de «\u202fBus de l’entrepreneuriat en circulation\u202f» compléter\u202f?"
    )
    choosing._submit()
    form = next(one for one in QApplication.topLevelWidgets() if isinstance(one, EntityDialog))
    assert "Bus de l’entrepreneuriat en circulation (BPI-O01), " in form.windowTitle()
    form.close()


def test_a_form_higher_than_the_screen_scrolls(qtbot: QtBot, bench: Bench) -> None:
    bench.window.theme.set_zoom(2.0)
    dialog = open_on(bench, "FT-O02")
    room = dialog.screen().availableGeometry().height()
    assert dialog.height() <= room
    area = dialog.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    save = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Enregistrer")
    assert dialog.rect().contains(save.geometry())
    dialog.close()


def test_a_form_grows_with_what_it_says_of_the_figure(qtbot: QtBot, bench: Bench) -> None:
    dialog = open_on(bench, "FT-O02")
    area = dialog.findChild(QScrollArea)
    qtbot.waitUntil(dialog.isVisible)
    dialog._warnings.setText("Le taux passe de 52 à 64 %. " * 12)
    qtbot.waitUntil(lambda: dialog._warnings.height() > 3 * dialog._warnings.fontMetrics().height())
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)
    dialog.close()


def test_a_short_form_holds_no_empty_room(bench: Bench) -> None:
    bench.window.actions_by_word["nouvelle_contrevaleur"].trigger()
    form = next(one for one in QApplication.topLevelWidgets() if isinstance(one, EntityDialog))
    area = form.findChild(QScrollArea)
    foot = max(one.geometry().bottom() for one in area.widget().children() if isinstance(one, QLineEdit))
    assert area.widget().height() - foot < 60
    form.close()
