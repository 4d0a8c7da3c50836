"""Each control does by its accessible actions what it does by the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.sidebar import NavButton
from qpvdesk.ui.widgets.entry_table import EntryTable
from tests.gui.conftest import Bench

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)


def act(widget: QWidget, name: str) -> None:
    """Do an accessible action, as AT-SPI and UIA ask for it."""
    actions = QAccessible.queryAccessibleInterface(widget).actionInterface()
    assert name in actions.actionNames()
    actions.doAction(name)


def settle(qtbot: QtBot, bench: Bench) -> None:
    """Wait for what was asked, and close what opened over the page."""
    for _ in range(3):
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        QApplication.processEvents()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                dialog.done(0)


def shown(qtbot: QtBot, bench: Bench, word: str) -> QWidget:
    bench.window.go(Address(word))
    settle(qtbot, bench)
    stack = bench.window.findChild(QStackedWidget)
    assert stack is not None
    return stack.currentWidget()


def controls(page: QWidget) -> list[QWidget]:
    return [
        one
        for one in page.findChildren(QWidget)
        if isinstance(one, CONTROLS) and one.isVisible() and one.isEnabled()
    ]


def button(bench: Bench, words: str) -> QAbstractButton:
    return next(
        one
        for one in bench.window.findChildren(QAbstractButton)
        if (one.isVisible() and one.accessibleName().startswith(words)) or one.text() == words
    )


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_every_accessible_action_of_every_control_can_be_done(qtbot: QtBot, bench: Bench, word: str) -> None:
    done = 0
    page = shown(qtbot, bench, word)
    assert (page.word, page.title) in [(spec.word, spec.title) for spec in PAGES]
    for place in range(len(controls(page))):
        for turn in range(9):
            # What was done before may have changed the page: it is shown anew, and its controls are asked for again.
            found = controls(shown(qtbot, bench, word))
            if place >= len(found):
                break
            names = QAccessible.queryAccessibleInterface(found[place]).actionInterface().actionNames()
            if turn >= len(names):
                break
            act(found[place], names[turn])
            done += 1
            settle(qtbot, bench)
    reading = bench.session._reader
    qtbot.waitUntil(lambda: reading is None or reading.pending == 0)
    assert bench.bugs == []
    assert done


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_what_can_be_checked_does_not_wait_for_a_click(qtbot: QtBot, shared_bench: Bench, word: str) -> None:
    shown(qtbot, shared_bench, word)
    checkable = [one for one in shared_bench.window.findChildren(QAbstractButton) if one.isCheckable()]
    assert [one.text() for one in checkable if one.receivers(SIGNAL("clicked(bool)"))] == []
    assert any(isinstance(one, NavButton) for one in checkable)


def test_the_navigation_goes_where_it_is_toggled(qtbot: QtBot, bench: Bench) -> None:
    for title in ("Objectifs", "Engagements", "Objectifs"):
        entry = next(
            one for one in bench.window.findChildren(NavButton) if one.accessibleName().startswith(title)
        )
        act(entry, "Toggle")
        settle(qtbot, bench)
        stack = bench.window.findChild(QStackedWidget)
        assert stack is not None
        assert stack.currentWidget().title == title


def test_the_page_shown_comes_back_whole_where_its_entry_is_pressed_again(qtbot: QtBot, bench: Bench) -> None:
    page = shown(qtbot, bench, "objectifs")
    table = next(one for one in page.findChildren(Table) if one.accessibleName() == "Objectifs")
    whole = table.model().rowCount()
    act(button(bench, "Sans source"), "Toggle")
    assert table.model().rowCount() < whole
    entry = next(
        one for one in bench.window.findChildren(NavButton) if one.accessibleName().startswith("Objectifs")
    )
    entry.click()
    settle(qtbot, bench)
    assert table.model().rowCount() == whole


def test_a_chip_filters_where_it_is_toggled_and_lets_go_of_the_others(qtbot: QtBot, bench: Bench) -> None:
    page = shown(qtbot, bench, "objectifs")
    table = next(one for one in page.findChildren(Table) if one.accessibleName() == "Objectifs")
    whole = table.model().rowCount()
    act(button(bench, "Sans source"), "Toggle")
    without = table.model().rowCount()
    assert 0 < without < whole
    act(button(bench, "Sans météo"), "Toggle")
    assert not button(bench, "Sans source").isChecked()
    act(button(bench, "Sans météo"), "Toggle")
    assert table.model().rowCount() == whole


def test_what_is_due_is_shown_where_its_chip_is_toggled(qtbot: QtBot, bench: Bench) -> None:
    page = shown(qtbot, bench, "releves")
    grid = page.findChild(EntryTable)
    assert grid is not None
    late = grid.model().rowCount()
    chip = next(one for one in page.findChildren(QPushButton) if one.text() == "À relever")
    act(chip, "Toggle")
    assert grid.model().rowCount() > late


@pytest.mark.parametrize(
    "act",
    [
        "reglages",
        "sauvegardes",
        "phrase",
        "personnes",
        "apropos",
        "bienvenue",
        "collegues",
        "saisir_detail",
        "modifier",
    ],
)
def test_a_dialog_that_was_closed_is_gone(qtbot: QtBot, shared_bench: Bench, act: str) -> None:
    shared_bench.window.go(Address("objectifs", "BPI-O01"))
    settle(qtbot, shared_bench)

    def opened() -> list[QDialog]:
        return shared_bench.window.findChildren(QDialog)

    before = len(opened())
    for _ in range(2):
        shared_bench.window.actions_by_word[act].trigger()
        qtbot.waitUntil(lambda: shared_bench.lane.pending == 0)
        qtbot.waitUntil(lambda: len(opened()) == before + 1)
        opened()[-1].reject()
        qtbot.waitUntil(lambda: len(opened()) == before)
    assert shared_bench.bugs == []
