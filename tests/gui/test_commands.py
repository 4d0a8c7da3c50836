"""The search runs commands, opens pages and gives back what was seen; digits go to pages by the place of their key."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.ui.commands import COMMANDS, digit_key, shortcut_groups
from qpvdesk.ui.dialogs.shortcuts import ShortcutsDialog
from qpvdesk.ui.found import Offered
from qpvdesk.ui.found_list import ENTRY, FoundList
from qpvdesk.ui.kit.controls import commands_through
from qpvdesk.ui.kit.form_dialog import Fitted
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from tests.gui.conftest import Bench


def offered(bench: Bench) -> list[Offered]:
    found = bench.window.findChild(FoundList)
    return [line for row in range(found.count()) if (line := found.item(row).data(ENTRY)) is not None]


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("nouvelle réunion", "Comités"),
        ("arrêter les données", "Comités"),
        ("importer un fichier", "Échanges"),
        ("exporter", "Échanges"),
        ("imprimer un dossier", "Impressions"),
    ],
)
def test_what_is_done_in_a_page_leads_there(bench: Bench, words: str, page: str) -> None:
    """« nouvelle réunion » and « importer » found chapters of the guide alone."""
    assert page in [line.words for line in bench.window.topbar.commands(words)]


def test_the_search_opens_pages_runs_commands_and_gives_back_what_was_seen(
    qtbot: QtBot, bench: Bench
) -> None:
    window, field = bench.window, bench.window.topbar.search
    code = bench.desk.held.objectives[0].code
    qtbot.keyClicks(field, "journal")
    # The answer to the first letters may stand there while that to all of them is awaited: each is waited for.
    qtbot.waitUntil(lambda: [line.words for line in offered(bench)[:1]] == ["Journal"])
    assert offered(bench)[0].kind.startswith("Page")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: window.navigator.current is not None and window.navigator.current.word == "journal"
    )
    assert field.text() == ""
    # An apostrophe may be missing: the page comes before its chapter of the guide all the same.
    qtbot.keyClicks(field, "points d attention")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.navigator.current.word == "points")
    window.go(Address("journal"))
    # A command, by a word of it; an objective bears its status.
    zoom = window.theme.zoom
    qtbot.keyClicks(field, "agrandir")
    qtbot.waitUntil(lambda: any("Commande" in line.kind for line in offered(bench)))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.theme.zoom > zoom)
    assert window.statusBar().currentMessage() == "Caractères à 110\u202f%"
    window.theme.set_zoom(1.0)
    # A look is one too; what holds the word comes before what holds one that is nearly the same (« contrat »).
    qtbot.keyClicks(field, "contraste")
    qtbot.waitUntil(lambda: [line.words for line in offered(bench)[:1]] == ["Contraste élevé"])
    assert "Commande" in offered(bench)[0].kind
    field.clear()
    qtbot.keyClicks(field, code)
    qtbot.waitUntil(lambda: any(line.goal == Address("objectifs", code) for line in offered(bench)))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.navigator.current.word == "objectifs")
    # What was seen is offered before a letter is typed.
    window.go(Address("tableau"))
    window.topbar.focus_search()
    seen = offered(bench)
    assert [line.goal for line in seen] == [Address("objectifs", code)]
    assert "vu récemment" in seen[0].kind
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.navigator.current.word == "objectifs")


def test_words_changed_since_they_were_entered_are_not_taken(qtbot: QtBot, bench: Bench) -> None:
    """Entrée, then the last letter taken away and typed again: the page left under the officer's hand."""
    window, field = bench.window, bench.window.topbar.search
    window.go(Address("tableau"))
    qtbot.keyClicks(field, "journal")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClicks(field, "l")
    qtbot.waitUntil(lambda: [line.words for line in offered(bench)[:1]] == ["Journal"])
    assert window.navigator.current.word == "tableau"
    assert field.text() == "journal"


def test_the_digits_follow_the_pages(bench: Bench) -> None:
    keys = {command.word: command.keys for command in COMMANDS}
    assert [keys[spec.word][0] for spec in PAGES[:9]] == [f"Ctrl+{digit}" for digit in range(1, 10)]
    assert all(keys[spec.word] for spec in PAGES)
    taken = [key for command in COMMANDS for key in command.shortcuts]
    assert len(taken) == len(set(taken))
    # The key of 6 of a French keyboard gives « - »: its place tells it from the key of the minus sign.
    assert [digit_key(scan, "linux") for scan in (9, 10, 15, 18, 19, 20)] == [0, 1, 6, 9, 0, 0]
    assert [digit_key(scan, "win32") for scan in (1, 2, 7, 10, 12)] == [0, 1, 6, 9, 0]
    for scan, word in ((15, "moyens"), (20, "tableau")):
        bench.window.go(Address("tableau"))
        control = Qt.KeyboardModifier.ControlModifier
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Minus, control, scan, 0, 0, "-")
        QApplication.sendEvent(bench.window, event)
        assert bench.window.navigator.current is not None
        assert bench.window.navigator.current.word == word


def test_the_sheet_of_shortcuts_is_grouped_and_read_on_by_key(qtbot: QtBot, bench: Bench) -> None:
    bench.window.actions_by_word["raccourcis"].trigger()
    sheet = bench.window.findChild(ShortcutsDialog)
    sheet.resize(sheet.width(), 240)
    bar = sheet.findChild(Fitted).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.keyClick(sheet.focusWidget(), Qt.Key.Key_PageDown)
    assert bar.value() > 0
    said = [one.text() for one in sheet.findChildren(QLabel)]
    for title, lines in shortcut_groups():
        assert title in said
        assert {words for line in lines for words in line} <= set(said)
    sheet.accept()


def test_a_copy_is_saved_and_the_bases_opened_lately_are_offered(
    qtbot: QtBot, bench: Bench, tmp_path: Path
) -> None:
    bench.notifier.path = tmp_path / "copie.db"
    bench.window.actions_by_word["copie"].trigger()
    qtbot.waitUntil(bench.notifier.path.is_file)
    opened: list[Path] = []
    bench.window.dialogs.open_other = opened.append
    recent = bench.window.recent_bases
    here = bench.desk.held
    assert here is not None
    qtbot.waitUntil(lambda: bool(recent.known()))
    own = recent.known()[0]
    recent.remember(bench.notifier.path)
    recent.remember(own)
    menu = QMenu()
    recent.fill(menu)
    assert [act.text().partition("  ")[0] for act in menu.actions()] == ["copie.db"]
    menu.actions()[0].trigger()
    assert opened == [bench.notifier.path]


def test_a_page_is_opened_from_a_field_of_text_too(bench: Bench, qtbot: QtBot) -> None:
    for word in ("documents", "journal"):
        bench.window.go(Address(word))
        page = bench.window.navigator.current
        assert page is not None
        field = next(one for one in page.findChildren(QLineEdit) if one.isVisible())
        bench.window.activateWindow()
        qtbot.waitUntil(bench.window.isActiveWindow)
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        assert bench.window.navigator.current.word == "echanges"


def test_the_keys_of_commands_pass_through_a_field(qtbot: QtBot) -> None:
    """On X11 a field takes Ctrl+E to go to the end of its line: the page of the exchanges was out of reach."""
    page = QWidget()
    qtbot.addWidget(page)
    field = QLineEdit("mots", page)
    commands_through(page)
    field.setParent(None)
    for key in (Qt.Key.Key_E, Qt.Key.Key_K, Qt.Key.Key_D):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.ControlModifier)
        QApplication.sendEvent(field, event)
        assert not event.isAccepted()


def test_a_mistyped_code_leads_nowhere_until_one_is_chosen(qtbot: QtBot, bench: Bench) -> None:
    """Enter went to an objective that begins as what was typed, as if it bore its code."""
    window, bar = bench.window, bench.window.topbar
    before = window.navigator.here()
    bar.focus_search()
    qtbot.keyClicks(bar.search, "BPI-O012")
    qtbot.keyClick(bar.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bar.results.isVisible() and bar.results.count() > 1)
    first = bar.results.item(0)
    assert first.text() == "Rien ne porte le code «\u202fBPI-O012\u202f»\u202f: choisissez dans la liste."
    qtbot.keyClick(bar.search, Qt.Key.Key_Return)
    assert bar.results.isVisible()
    assert window.navigator.here() == before
    qtbot.keyClick(bar.search, Qt.Key.Key_Down)
    chosen = bar.results.chosen()
    assert chosen is not None
    qtbot.keyClick(bar.search, Qt.Key.Key_Return)
    assert window.navigator.here() == chosen.goal
