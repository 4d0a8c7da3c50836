"""Alt and a letter leads to one thing: no letter is given twice where both can be pressed."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.services.editing import FORMS
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.kit.controls import apart
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from tests.gui.conftest import Bench

_MARKED = re.compile(r"&(\w)")


def letters(texts: list[str]) -> list[str]:
    """The letters that stand twice, with the words that bear them."""
    marked = [
        (found.group(1).casefold(), text)
        for text in texts
        if (found := _MARKED.search(text.replace("&&", "")))
    ]
    counts = Counter(letter for letter, _ in marked)
    return [f"{letter}: {text}" for letter, text in marked if counts[letter] > 1]


def seen(parent: QWidget) -> list[str]:
    texts = [one.text() for one in parent.findChildren(QLabel) if one.isVisible() and one.buddy() is not None]
    texts += [one.text() for one in parent.findChildren(QAbstractButton) if one.isVisible()]
    for bar in parent.findChildren(QTabBar):
        texts += [bar.tabText(place) for place in range(bar.count()) if bar.isVisible()]
    return texts


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_no_letter_leads_to_two_things_of_a_page(qtbot: QtBot, shared_bench: Bench, word: str) -> None:
    shared_bench.window.go(Address(word))
    qtbot.waitUntil(lambda: shared_bench.lane.pending == 0)
    menus = [action.text() for action in shared_bench.window.menuBar().actions()]
    assert letters([*menus, *seen(shared_bench.window)]) == []


def test_no_letter_leads_to_two_lines_of_a_menu(bench: Bench) -> None:
    menus = [action.menu() for action in bench.window.menuBar().actions()]
    while menus:
        menu = menus.pop()
        assert isinstance(menu, QMenu)
        actions: list[QAction] = menu.actions()
        menus += [action.menu() for action in actions if action.menu() is not None]
        assert letters([action.text() for action in actions]) == [], menu.title()


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_no_letter_leads_to_two_fields_of_a_form(kind: str) -> None:
    labels = [field.label for field in FORMS[kind].fields]
    marked = apart(labels)
    assert letters(marked) == []
    assert [one.replace("&", "") for one in marked] == [one.replace("&", "") for one in labels]


def test_the_form_that_is_shown_has_them_apart(bench: Bench) -> None:
    bench.window.editor.change_one("objective", "o1")
    form = bench.window.findChild(EntityDialog)
    assert letters(seen(form)) == []
    # « Décliné sur » kept its letter to itself: a control that takes no focus is reached by none.
    buddies = [one.buddy() for one in form.findChildren(QLabel) if one.buddy() is not None]
    assert [one.accessibleName() for one in buddies if one.focusPolicy() is Qt.FocusPolicy.NoFocus] == []
    form.reject()


def test_the_first_keeps_its_letter_and_another_takes_one_of_its_own() -> None:
    assert apart(["&Partenaire", "&Pacte", "Note", "&Part"]) == ["&Partenaire", "P&acte", "Note", "Pa&rt"]
    assert apart(["&Aa", "&Aa"]) == ["&Aa", "Aa"]
