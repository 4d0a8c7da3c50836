"""F1: the guide at the chapter of the page, searched, turned back, printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QListWidget, QPushButton, QTextBrowser
from pytestqt.qtbot import QtBot

from qpvdesk.ui.dialogs.guide import GuideDialog
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.theme import Mode, Theme
from tests.gui.conftest import Bench


def _open(bench: Bench, qtbot: QtBot) -> GuideDialog:
    bench.window.activateWindow()
    qtbot.waitUntil(bench.window.isActiveWindow)
    QTest.keyClick(bench.window, Qt.Key.Key_F1)
    dialog = bench.window.findChild(GuideDialog)
    assert dialog is not None
    return dialog


def _current(dialog: GuideDialog) -> str:
    contents = next(
        one for one in dialog.findChildren(QListWidget) if one.accessibleName() == "Sommaire du guide"
    )
    item = contents.currentItem()
    return item.text().strip() if item else ""


@pytest.mark.parametrize(
    ("page", "title"), [("releves", "Relevés"), ("comites", "Comités"), ("moyens", "Moyens mobilisés")]
)
def test_f1_opens_the_guide_at_the_chapter_of_the_page(
    page: str, title: str, bench: Bench, qtbot: QtBot
) -> None:
    bench.window.go(Address(page))
    dialog = _open(bench, qtbot)
    assert _current(dialog) == title
    assert not dialog.isModal()
    text = dialog.findChild(QTextBrowser)
    assert "Les pages, une à une" in text.toPlainText()
    assert text.verticalScrollBar().value() > 0
    dialog.close()


@pytest.mark.parametrize(
    ("action", "title"), [("saisir_detail", "Saisir un chiffre"), ("sauvegardes", "Revenir en arrière")]
)
def test_f1_opens_the_guide_over_a_form(action: str, title: str, bench: Bench, qtbot: QtBot) -> None:
    bench.window.go(Address("objectifs", "BPI-O01"))
    key = bench.window.findChild(QAction, action)
    qtbot.waitUntil(key.isEnabled)
    key.trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QDialog))
    form = QApplication.activeWindow()
    qtbot.waitUntil(lambda: form.findChild(QShortcut) is not None)
    QTest.keyClick(form, Qt.Key.Key_F1)
    guide = form.findChild(GuideDialog)
    assert title in _current(guide) or title in guide.findChild(QTextBrowser).toPlainText()
    guide.close()
    form.reject()


def test_words_are_looked_for_and_one_comes_back(bench: Bench, qtbot: QtBot) -> None:
    dialog = _open(bench, qtbot)
    dialog.findChild(QLineEdit).setText("quote-part")
    found = next(
        one for one in dialog.findChildren(QListWidget) if one.accessibleName().startswith("Passages")
    )
    assert found.isVisible()
    assert found.count() > 1
    found.itemActivated.emit(found.item(0))
    assert "Ce que veut dire chaque chiffre" in dialog.findChild(QTextBrowser).toPlainText()
    back = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Retour")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert _current(dialog) == "Tableau de bord"
    onward = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Suivant")
    QTest.mouseClick(onward, Qt.MouseButton.LeftButton)
    assert "Ce que veut dire chaque chiffre" in dialog.findChild(QTextBrowser).toPlainText()
    assert not onward.isEnabled()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert _current(dialog) == "Tableau de bord"
    dialog.findChild(QLineEdit).setText("rien de tel nulle part")
    assert not found.isVisible()
    dialog.close()


def test_a_passage_that_is_found_is_brought_in_view_and_marked(bench: Bench, qtbot: QtBot) -> None:
    dialog = _open(bench, qtbot)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    field, text = dialog.findChild(QLineEdit), dialog.findChild(QTextBrowser)
    field.setText("quotidiennes")
    QTest.keyClick(field, Qt.Key.Key_Return)
    marked = text.extraSelections()
    assert len(marked) == 1
    assert "douze quotidiennes" in marked[0].cursor.selectedText()
    assert text.viewport().rect().contains(text.cursorRect(marked[0].cursor).topLeft())
    field.setText("territoire nation")
    QTest.keyClick(field, Qt.Key.Key_Down)
    found = next(one for one in dialog.findChildren(QListWidget) if one.hasFocus())
    QTest.keyClick(found, Qt.Key.Key_Return)
    marked = text.extraSelections()
    assert marked[0].cursor.selectedText().startswith("Territoire")
    assert text.viewport().rect().contains(text.cursorRect(marked[0].cursor).topLeft())
    dialog.go("demarrage")
    assert text.extraSelections() == []
    dialog.close()


def test_a_link_leads_to_its_chapter_and_no_address_is_ever_fetched(bench: Bench, qtbot: QtBot) -> None:
    dialog = _open(bench, qtbot)
    text = dialog.findChild(QTextBrowser)
    dialog.go("premiere-heure")
    assert text.loadResource(2, "http://exemple.fr/a.png") is None
    assert text.loadResource(2, "../../LICENSE") is None
    text.anchorClicked.emit("#statuts")
    assert _current(dialog) == "Les statuts"
    dialog.close()


def test_the_guide_follows_the_look(bench: Bench, qtbot: QtBot, theme: Theme) -> None:
    dialog = _open(bench, qtbot)
    before = dialog.findChild(QTextBrowser).toHtml()
    theme.set_mode(Mode.DARK)
    assert dialog.findChild(QTextBrowser).toHtml() != before
    theme.set_mode(Mode.LIGHT)
    dialog.close()


def test_the_narrow_spaces_of_french_stay_where_lines_must_not_break(bench: Bench, qtbot: QtBot) -> None:
    dialog = _open(bench, qtbot)
    dialog.go("avant-un-copil")
    words = dialog.findChild(QTextBrowser).toPlainText()
    assert "«\u202fSuites\u202f»" in words
    assert not any(mark in words for mark in (" »", "« ", " :", " ?", " ;"))
    dialog.close()


def test_pictures_are_never_wider_than_the_page_nor_larger_than_what_they_show(
    bench: Bench, qtbot: QtBot
) -> None:
    dialog = _open(bench, qtbot)
    text = dialog.findChild(QTextBrowser)
    dialog.resize(900, 600)
    room = text.viewport().width()
    page, form, paper = (
        text.loadResource(2, f"pictures/{name}.png")
        for name in ("tableau-de-bord", "arreter", "rapport-essentiel")
    )
    assert 0.8 * room < page.deviceIndependentSize().width() < room
    assert form.deviceIndependentSize().width() < 500
    assert paper.deviceIndependentSize().width() < 500
    dialog.resize(700, 600)
    narrow = text.loadResource(2, "pictures/tableau-de-bord.png")
    assert narrow.deviceIndependentSize().width() < page.deviceIndependentSize().width()
    dialog.close()


def test_the_guide_prints(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = _open(bench, qtbot)
    bench.notifier.path = tmp_path / "rapide.pdf"
    with qtbot.waitSignal(bench.session.written):
        next(one for one in dialog.findChildren(QPushButton) if one.text().startswith("Démarrage")).click()
    assert (tmp_path / "rapide.pdf").read_bytes().startswith(b"%PDF-")
    dialog.close()
