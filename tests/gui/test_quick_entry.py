"""A figure told by phone: Ctrl+N anywhere, a few letters, the value; a slip of the hand finds its objective too."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.services import measurements
from qpvdesk.ui.announcer import Toast
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.quick_entry import QuickEntry
from qpvdesk.ui.widgets.day_edit import FigureDayLine
from tests.gui.conftest import Bench

CONTROL = Qt.KeyboardModifier.ControlModifier


class Hand:
    """Types into whatever has the focus, and counts the keys."""

    def __init__(self, qtbot: QtBot, bench: Bench) -> None:
        bench.window.activateWindow()
        qtbot.waitUntil(bench.window.isActiveWindow)
        self._window = bench.window
        self.keys = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self._window, key, modifier)
        self.keys += 1

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClicks(QApplication.focusWidget(), letter)
            self.keys += 1


def words(tray: QuickEntry) -> str:
    return " ".join(one.text() for one in tray.findChildren(QLabel) if one.isVisible())


@pytest.mark.parametrize("page", ["tableau", "objectifs", "comites"])
@pytest.mark.parametrize("name", ["bus", "carefour"])
def test_a_figure_by_phone_costs_no_more_than_fifteen_keys(
    qtbot: QtBot, bench: Bench, page: str, name: str
) -> None:
    bench.window.go(Address(page))
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    hand.type(name)
    hand.press(Qt.Key.Key_Return)
    value = {"bus": "34", "carefour": "175"}[name]
    hand.type(value)
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    assert hand.keys <= 15
    (new,) = [one for one in bench.desk.held.measurements if one.entered_on]
    assert (new.objective, str(new.value)) == ({"bus": "o1", "carefour": "o2"}[name], value)
    assert new.day == date(2026, 6, 30)
    assert "Enregistré" in words(tray)
    # The next one needs no Ctrl+N.
    hand.type("lau")
    qtbot.waitUntil(lambda: "Lauréats" in tray._found.currentItem().text())
    hand.press(Qt.Key.Key_Escape)
    assert not tray.isVisible()


def test_what_is_doubtful_is_shown_before_it_is_saved(qtbot: QtBot, bench: Bench) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("4000")
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Entrée encore une fois" in words(tray))
    assert "le statut" in words(tray).lower(), "what it would change stands beside the doubt"
    assert not [one for one in bench.desk.held.measurements if one.entered_on]
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    assert [str(one.value) for one in bench.desk.held.measurements if one.entered_on] == ["4000"]
    # A second figure of the day, whose doubt came while the hand rested: one Enter kept both.
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")
    qtbot.waitUntil(lambda: "Une autre valeur est déjà relevée" in words(tray))
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Entrée encore une fois" in words(tray))
    # The same figure once more is told, and not doubled.
    tray._value.selectAll()
    hand.type("4000")
    qtbot.waitUntil(lambda: "Déjà enregistré" in words(tray))
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Entrée encore une fois" in words(tray))
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "déjà enregistré" in words(tray))
    assert [str(one.value) for one in bench.desk.held.measurements if one.entered_on] == ["4000"]
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_Escape)
    assert not tray.isVisible()


def test_in_a_projected_meeting_a_figure_is_entered_in_the_tray(qtbot: QtBot, bench: Bench) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_F11)
    hand.press(Qt.Key.Key_N, CONTROL)
    hand.type("bpi-o01")
    hand.press(Qt.Key.Key_Return)
    hand.type("trente")
    hand.press(Qt.Key.Key_Return)
    tray = bench.window.findChild(QuickEntry)
    refused = "« trente » n’est pas un nombre"
    qtbot.waitUntil(lambda: refused in words(tray).replace("\u202f", " ").replace("\u00a0", " "))
    tray._value.selectAll()
    hand.type("34")
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    assert bench.session.picture.projected
    hand.press(Qt.Key.Key_Escape)
    assert bench.window.isFullScreen()
    hand.press(Qt.Key.Key_F11)


def test_the_objective_in_view_is_proposed_and_its_detail_a_key_away(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("objectifs", "BPI-O02"))
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    assert bench.window.findChild(QuickEntry)._name.text().endswith("(BPI-O02)")
    hand.press(Qt.Key.Key_Return, CONTROL)
    dialog = bench.window.findChild(MeasurementDialog)
    assert "BPI-O02" in dialog.windowTitle()
    dialog.close()


def test_what_is_typed_goes_on_in_the_detail(qtbot: QtBot, bench: Bench) -> None:
    """The form opened empty, at the day of today: value, day and source were gone, and no draft of them."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    tray = bench.window.findChild(QuickEntry)
    qtbot.waitUntil(lambda: tray._objective is not None)
    hand.type("31")
    hand.press(Qt.Key.Key_Tab)
    hand.type("1/6/26")
    hand.press(Qt.Key.Key_Tab)
    hand.type("Bpi")
    # In a projected meeting no form opens: what is typed stays where it is.
    bench.window.actions_by_word["projection"].trigger()
    QTest.keyClick(tray._source, Qt.Key.Key_Return, CONTROL)
    assert (tray._value.text(), bench.window.findChild(MeasurementDialog)) == ("31", None)
    assert "hors du mode projection" in words(tray)
    bench.window.actions_by_word["projection"].trigger()
    QTest.keyClick(tray._source, Qt.Key.Key_Return, CONTROL)
    dialog = bench.window.findChild(MeasurementDialog)
    assert (dialog._value.text(), dialog._day.text(), dialog._source.text()) == ("31", "01/06/2026", "Bpi")
    bench.notifier.answers.append("enregistrer")
    with qtbot.waitSignal(bench.session.changed):
        dialog.reject()
    (new,) = [one for one in bench.desk.held.measurements if one.entered_on]
    assert (str(new.value), new.day, new.source) == ("31", date(2026, 6, 1), "Bpifrance")


def test_no_figure_is_laid_over_the_draft_of_another(qtbot: QtBot, bench: Bench) -> None:
    """The draft kept its source and comment under the new value, and its own value was gone."""
    bench.window.go(Address("objectifs", "BPI-O02"))
    bench.window.actions_by_word["saisir"].trigger()
    tray = bench.window.findChild(QuickEntry)
    QTest.keyClick(tray._value, Qt.Key.Key_Return, CONTROL)
    dialog = bench.window.findChild(MeasurementDialog)
    for line, text in ((dialog._value, "10"), (dialog._source, "Note du rectorat")):
        line.setFocus()
        QTest.keyClicks(line, text)
    # As a program that is killed leaves it.
    dialog.done(0)
    qtbot.waitUntil(lambda: bench.window.findChild(MeasurementDialog) is None)
    bench.window.actions_by_word["saisir"].trigger()
    QTest.keyClicks(tray._value, "11")
    QTest.keyClick(tray._value, Qt.Key.Key_Return, CONTROL)
    assert bench.window.findChild(MeasurementDialog) is None
    assert tray._value.text() == "11"
    assert "Un brouillon de ce relevé attend" in words(tray)
    # With nothing typed the draft is what is asked for.
    tray._value.clear()
    QTest.keyClick(tray._value, Qt.Key.Key_Return, CONTROL)
    dialog = bench.window.findChild(MeasurementDialog)
    assert (dialog._value.text(), dialog._source.text()) == ("10", "Note du rectorat")
    dialog.forget_typed()
    dialog.close()


def test_what_is_typed_before_the_answer_of_the_search_is_kept(qtbot: QtBot, bench: Bench) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    gate = threading.Event()
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")
    hand.press(Qt.Key.Key_Return)
    assert tray._value.text() == "34"
    with qtbot.waitSignal(bench.session.changed):
        gate.set()
    assert [str(one.value) for one in bench.desk.held.measurements if one.entered_on] == ["34"]
    # Nothing has that name: the hand goes back to it, and the value stays.
    hand.type("xqzwk")
    hand.press(Qt.Key.Key_Return)
    hand.type("12")
    qtbot.waitUntil(lambda: "Aucun objectif ne porte ces mots" in words(tray))
    assert tray._name.hasFocus()
    assert tray._value.text() == "12"


def test_what_was_saved_is_undone_from_the_empty_tray(qtbot: QtBot, bench: Bench) -> None:
    """The field kept Ctrl+Z for itself: the figure stayed, and no word was said."""
    hand = Hand(qtbot, bench)
    before = bench.desk.held.measurements
    hand.press(Qt.Key.Key_N, CONTROL)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    tray = bench.window.findChild(QuickEntry)
    qtbot.waitUntil(lambda: tray.isAncestorOf(QApplication.focusWidget()))
    assert len(bench.desk.held.measurements) == len(before) + 1
    saved = tray._words.text()
    assert saved.startswith("Enregistré")
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Z, CONTROL)
    assert bench.desk.held.measurements == before
    # The words went on saying that it was saved.
    assert tray._words.text() == saved.replace("Enregistré", "Annulé")


def test_a_day_is_typed_as_it_is_said_and_the_one_at_fault_takes_the_hand(qtbot: QtBot, bench: Bench) -> None:
    """« 15/11 » was refused, and the hand went to the value."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")
    hand.press(Qt.Key.Key_Tab)
    for refused in ("31/02", "01/07/26"):
        hand.type(refused)
        hand.press(Qt.Key.Key_Tab)
        hand.press(Qt.Key.Key_Return)
        qtbot.waitUntil(tray._day.hasFocus)
        assert (tray._day.property("invalid"), bool(tray._value.property("invalid"))) == (True, False)
    hand.type("15/06")
    qtbot.waitUntil(lambda: tray._words.text().startswith("Au 15/06/2026\u202f: le taux passe de"))
    assert "le statut" in tray._words.text()
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    assert [one.day for one in bench.desk.held.measurements if one.entered_on] == [date(2026, 6, 15)]
    assert (tray._day.text(), tray._day.property("invalid")) == ("15/06/2026", False)
    # An older one changes nothing of today, which is not to say that nothing changes.
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("33")
    hand.press(Qt.Key.Key_Tab)
    hand.type("01/06")
    newer = "Un chiffre plus récent (34\u00a0bus au 15/06/2026) reste celui du jour"
    qtbot.waitUntil(lambda: newer[1:] in words(tray))


def test_the_source_of_an_entry_that_was_given_up_is_not_that_of_the_next(qtbot: QtBot, bench: Bench) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    source = next(one for one in tray.findChildren(QLineEdit) if one.accessibleName() == "Source")
    source.setFocus()
    hand.type("Bpi")
    tray._value.setText("34")
    # What is typed is not thrown away without a word.
    hand.press(Qt.Key.Key_Escape)
    assert "n’est pas enregistré" in words(tray)
    hand.press(Qt.Key.Key_Escape)
    assert not tray.isVisible()
    hand.press(Qt.Key.Key_N, CONTROL)
    assert source.text() == ""


def test_the_window_does_not_close_over_a_figure_that_is_not_saved(qtbot: QtBot, bench: Bench) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    qtbot.keyClicks(bench.window.findChild(QuickEntry)._value, "34")
    assert bench.window._announcer._state.text() == "1 chiffre tapé, à enregistrer"
    for answer, closed in (("rester", False), ("quitter", True)):
        bench.notifier.answers.append(answer)
        bench.window.close()
        assert bench.window.isVisible() is not closed


def test_who_told_the_figure_of_a_partner_is_not_the_source_of_another(qtbot: QtBot, bench: Bench) -> None:
    """« bpi » stood ready for a figure of the Éducation nationale."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    first, *others = bench.desk.held.objectives
    same = next(one for one in others if one.partner == first.partner)
    other = next(one for one in others if one.partner != first.partner)
    tray.open_on(first.key)
    hand.press(Qt.Key.Key_Return)
    tray._source.setFocus()
    hand.type("Bpi")
    assert [(tray.open_on(one.key), tray._source.text())[1] for one in (same, other)] == ["Bpi", ""]
    hand.press(Qt.Key.Key_Return)
    tray._source.setFocus()
    hand.type("Rectorat")
    tray.open_on(first.key)
    assert tray._source.text() == ""


def test_a_partner_told_by_its_code_is_kept_by_its_name(qtbot: QtBot, bench: Bench) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    tray.open_on(next(item.key for item in bench.desk.held.objectives if item.code == "BPI-O02"))
    hand.press(Qt.Key.Key_Return)
    hand.type("170")
    tray._source.setFocus()
    hand.type("bpi")
    known = set(bench.desk.held.measurements)
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    assert {item.source for item in bench.desk.held.measurements if item not in known} == {"Bpifrance"}


def test_a_figure_later_than_the_day_looked_at_is_said_to_be(qtbot: QtBot, bench: Bench) -> None:
    """Once it was saved nothing moved on the page, and nothing said why."""
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.show_day(date(2025, 12, 31))
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    toast = bench.window.findChild(Toast)
    assert toast._words.text().endswith("après le 31/12/2025 que vous regardez")
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.show_day(None)
    with qtbot.waitSignal(bench.session.changed):
        bench.session.undo()
    assert "que vous regardez" not in toast._words.text()


def test_what_is_typed_while_a_figure_is_saved_is_the_next(qtbot: QtBot, bench: Bench) -> None:
    """A slow machine put the name of the next objective after the value, and emptied both once the first was saved."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    gate = threading.Event()
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    for name, value in (("bus", "34"), ("carefour", "175")):
        hand.type(name)
        hand.press(Qt.Key.Key_Return)
        hand.type(value)
        hand.press(Qt.Key.Key_Return)
    hand.type("lau")
    tray._save.click()
    gate.set()
    qtbot.waitUntil(lambda: bool(tray._found.count()) and "Lauréats" in tray._found.currentItem().text())
    saved = {item.objective: str(item.value) for item in bench.desk.held.measurements if item.entered_on}
    assert saved == {"o1": "34", "o2": "175"}
    assert (tray._name.text(), tray._value.text()) == ("lau", "")


@pytest.mark.parametrize("error", [UserError("Non.", "Attendez."), RuntimeError("faute")])
def test_a_figure_that_is_not_saved_stays_and_the_tray_goes_on_listening(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(measurements, "record", fail)
        hand.press(Qt.Key.Key_Return)
        hand.type("carefour")
        qtbot.waitUntil(lambda: not tray._ahead.is_on)
    assert bench.bugs == ([] if isinstance(error, UserError) else [error])
    assert tray._value.text() == "34"
    with qtbot.waitSignal(bench.session.changed):
        hand.press(Qt.Key.Key_Return)
    assert [str(item.value) for item in bench.desk.held.measurements if item.entered_on] == ["34"]


def told(tray: QuickEntry) -> str:
    return tray._words.text().replace("\u202f", " ").replace("\u00a0", " ")


def test_escape_pressed_while_a_figure_is_saved_closes_once_it_is(qtbot: QtBot, bench: Bench) -> None:
    """It said that the figure was not saved, and a second one closed over it: it was, or was refused unseen."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    gate = threading.Event()
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")
    qtbot.waitUntil(lambda: "le statut" in told(tray))
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    hand.press(Qt.Key.Key_Return)
    for _ in range(2):
        hand.press(Qt.Key.Key_Escape)
        assert tray.isVisible()
        assert told(tray) == "Ce chiffre s’enregistre : la saisie rapide se ferme ensuite."
    with qtbot.waitSignal(bench.session.changed):
        gate.set()
    qtbot.waitUntil(lambda: not tray.isVisible())
    assert [str(item.value) for item in bench.desk.held.measurements if item.entered_on] == ["34"]


@pytest.mark.parametrize("answer", ["doubt", "refusal", "fault"])
def test_escape_pressed_while_a_figure_is_saved_hides_nothing_of_what_keeps_it(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """The tray closed, and the figure was gone with what was said of it."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    gate = threading.Event()

    def fail(*_: object) -> None:
        raise UserError("Non.", "Attendez.") if answer == "refusal" else KeyError("faute")

    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    value = "4000" if answer == "doubt" else "34"
    hand.type(value)
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    hand.press(Qt.Key.Key_Return)
    for _ in range(2):
        hand.press(Qt.Key.Key_Escape)
    with monkeypatch.context() as patch:
        if answer != "doubt":
            patch.setattr(measurements, "record", fail)
        gate.set()
        qtbot.waitUntil(lambda: bench.lane.pending == 0 and not tray._ahead.is_on)
        qtbot.waitUntil(lambda: "s’enregistre" not in told(tray))
    assert tray.isVisible()
    assert tray._value.text() == value
    assert {"doubt": "Entrée encore une fois", "refusal": "Non. Attendez.", "fault": "le statut"}[
        answer
    ] in told(tray)
    # From there Escape asks, as ever.
    hand.press(Qt.Key.Key_Escape)
    assert "n’est pas enregistré" in told(tray)


def test_the_button_that_closes_asks_as_escape_does(qtbot: QtBot, bench: Bench) -> None:
    """« Fermer » threw the figure away without a word."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")
    close = next(item for item in tray.findChildren(QPushButton) if item.text() == "Fermer")
    close.click()
    assert tray._value.text() == "34"
    assert "n’est pas enregistré" in told(tray)
    # The hand stays where the figure is: Enter saves it, as it is said.
    assert tray._value.hasFocus()
    close.click()
    assert not tray.isVisible()


def test_no_key_of_a_hand_that_saw_no_doubt_confirms_it(qtbot: QtBot, bench: Bench) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("4000")
    hand.press(Qt.Key.Key_Return)
    hand.press(Qt.Key.Key_Return)
    hand.type("lau")
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Entrée encore une fois" in words(tray))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert not [item for item in bench.desk.held.measurements if item.entered_on]
    assert tray._value.text() == "4000"


def test_a_figure_is_dated_by_its_quarter_as_a_file_dates_it(qtbot: QtBot, bench: Bench) -> None:
    """« T3 2025 » was read in a file and in the shell, and no date in the window."""
    bench.window.go(Address("objectifs", "BPI-O01"))
    qtbot.keyClick(bench.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    tray = bench.window.findChild(QuickEntry)
    day = next(one for one in tray.findChildren(FigureDayLine))
    day.setText("T3 2025")
    day.editingFinished.emit()
    assert day.text() == "30/09/2025"
    day.setText("mi 2025")
    day.editingFinished.emit()
    assert day.text() == "mi 2025", "nobody says which day that is"


def test_a_code_that_no_objective_bears_takes_no_other(qtbot: QtBot, bench: Bench) -> None:
    """« BPI-O0034 » gave the figure to BPI-O003, which begins alike."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    told = "Aucun objectif ne porte le code «\u202fBPI-O012\u202f»\u202f: choisissez dans la liste."
    # Whether the hand is faster than the answer or not.
    hand.type("BPI-O012")
    hand.press(Qt.Key.Key_Return)
    hand.type("34")
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told in words(tray))
    assert tray._name.hasFocus()
    hand.press(Qt.Key.Key_Return)
    assert tray._objective is None
    assert tray._found.isVisible()
    assert tray._found.currentRow() == -1
    # An arrow and Enter choose; what was typed of the figure stays.
    hand.press(Qt.Key.Key_Up)
    assert tray._found.currentRow() == tray._found.count() - 1
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_Return)
    assert tray._objective is not None
    assert tray._objective.code == "BPI-O01"
    assert tray._value.text() == "34"
    assert not [one for one in bench.desk.held.measurements if one.entered_on]


@pytest.mark.parametrize("code", ["bpi-o02", "BPI O02"])
def test_a_code_that_an_objective_bears_is_taken(qtbot: QtBot, bench: Bench, code: str) -> None:
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    hand.type(code)
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tray._objective is not None)
    assert tray._objective is not None
    assert tray._objective.code == "BPI-O02"


def test_what_was_wrong_with_a_figure_given_up_is_not_with_the_next(qtbot: QtBot, bench: Bench) -> None:
    """The empty field of the next one was outlined in red."""
    hand = Hand(qtbot, bench)
    hand.press(Qt.Key.Key_N, CONTROL)
    tray = bench.window.findChild(QuickEntry)
    hand.type("bus")
    hand.press(Qt.Key.Key_Return)
    hand.type("beaucoup")
    qtbot.waitUntil(lambda: bool(tray._value.property("invalid")))
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_Escape)
    assert not tray.isVisible()
    hand.press(Qt.Key.Key_N, CONTROL)
    assert not tray._value.property("invalid")
