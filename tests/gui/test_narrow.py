"""A laptop of 1366×768 at 150 %: what is on a page can be read whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.ui.pages.page import Place
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.widgets.labels import ElidedLabel
from tests.gui.conftest import Bench
from tests.unit.charts.dossiers import busy

WIDTH, HEIGHT = 911, 470


def cut(bench: Bench) -> list[str]:
    """Return the words that are not shown whole, those of labels, buttons and chosen items."""
    found = []
    for widget in bench.window.findChildren(QLabel):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or not widget.text():
            continue
        room = widget.contentsRect()
        if widget.wordWrap():
            longest = max(widget.text().split(), key=len)
            if widget.fontMetrics().horizontalAdvance(longest) > room.width() + 1:
                found.append(widget.text())
        elif widget.fontMetrics().horizontalAdvance(widget.text().replace("&", "")) > room.width() + 1:
            found.append(widget.text())
    for button in bench.window.findChildren(QAbstractButton):
        if isinstance(button, QPushButton) and button.isVisible() and button.text():
            words = button.fontMetrics().horizontalAdvance(button.text().replace("&", ""))
            if words > button.width() and button.property("role") != "row":
                found.append(button.text())
    for combo in bench.window.findChildren(QComboBox):
        if combo.isVisible() and combo.currentIndex() == 0:
            words = combo.fontMetrics().horizontalAdvance(combo.currentText())
            if words > combo.width() - 24:
                found.append(combo.currentText())
    return found


def whole(bench: Bench) -> bool:
    """Assert rather than tell, so that a failure names the words."""
    assert cut(bench) == []
    return True


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_no_word_is_cut_at_150_percent(qtbot: QtBot, shared_bench: Bench, word: str) -> None:
    shared_bench.window.resize(WIDTH, HEIGHT)
    shared_bench.window.go(Place(word))
    qtbot.waitUntil(lambda: shared_bench.lane.pending == 0)
    qtbot.waitUntil(lambda: whole(shared_bench))


@pytest.fixture(scope="module")
def crowded(open_shared_window: Callable[..., Bench]) -> Bench:
    """The window on a contract with one objective of each kind of story."""
    crowded = open_shared_window(busy())
    crowded.window.resize(WIDTH, HEIGHT)
    return crowded


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_no_page_is_wider_than_its_place(qtbot: QtBot, crowded: Bench, word: str) -> None:
    window = crowded.window
    window.go(Place(word))
    qtbot.waitUntil(lambda: crowded.lane.pending == 0)
    assert window.navigator.current.minimumSizeHint().width() <= window.navigator.width()


def test_filters_go_on_in_the_next_line(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Place("objectifs"))
    combos = [one for one in bench.window.findChildren(QComboBox) if one.isVisible()]
    bench.window.resize(1366, 768)
    bench.window.grab()
    assert len({one.y() for one in combos}) == 1
    bench.window.resize(WIDTH, HEIGHT)
    bench.window.grab()
    qtbot.waitUntil(lambda: len({one.y() for one in combos}) == 2)


def test_a_kept_bound_shows_its_gap_not_a_rate(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Place("objectifs", "FT-O02"))
    qtbot.keyClick(bench.window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert not any(
        one.text().startswith(("0\u202f%", "100\u202f%"))
        for one in bench.window.findChildren(QLabel)
        if one.isVisible()
    )


def test_a_page_does_not_scroll_for_the_height_of_another(qtbot: QtBot, bench: Bench) -> None:
    """Once « Impressions » was seen, the foot of every page of a laptop was below the fold."""
    bench.window.resize(1366, 560)
    for word in ("impressions", "contrats"):
        bench.window.go(Place(word))
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        page = bench.window.navigator.page(word)
        assert page.hasHeightForWidth()
    bar = bench.window.navigator.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
