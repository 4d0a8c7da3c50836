"""Nobody is left out: names on every control, contrasts, focus that shows, nothing cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.domain.statuses import Statut
from qpvdesk.ui.commands import COMMANDS
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.theme import LOOKS, Look, Mode, Theme, status_ink
from tests.gui.conftest import Bench
from tests.helpers.contrast import contrast
from tests.helpers.turns import turn

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)
_DESCRIPTION = QAccessible.Text.Description
GROUNDS = ("window", "surface", "raised")


def shown_page(bench: Bench) -> QWidget:
    stack = bench.window.findChild(QStackedWidget)
    assert stack is not None
    return stack.currentWidget()


def is_internal(widget: QWidget) -> bool:
    """Parts that Qt makes inside a control of ours carry Qt's own names."""
    return widget.objectName().startswith("qt_") or isinstance(widget.parentWidget(), QComboBox)


def each_page(qtbot: QtBot, bench: Bench) -> Iterator[QWidget]:
    for spec in PAGES:
        bench.window.go(Address(spec.word))
        bench.window.resize(1366, 768)
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        yield shown_page(bench)


def test_every_control_has_a_name(qtbot: QtBot, bench: Bench) -> None:
    nameless = []
    for page in each_page(qtbot, bench):
        labelled = {words.buddy() for words in bench.window.findChildren(QLabel) if words.buddy() is not None}
        for widget in bench.window.findChildren(QWidget):
            if isinstance(widget, CONTROLS) and widget.isVisible() and not is_internal(widget):
                reached = QAccessible.queryAccessibleInterface(widget)
                where = f"in {type(widget.parentWidget()).__name__} of {type(page).__name__}"
                if not reached.text(QAccessible.Text.Name).strip():
                    nameless.append(f"{type(widget).__name__} {where}")
                # Under Linux the name of a list is its present choice: what it is for comes from a label or a description.
                if isinstance(widget, QComboBox) and not (
                    widget in labelled or reached.text(_DESCRIPTION).strip()
                ):
                    nameless.append(f"{widget.accessibleName()} {where}")
    assert nameless == []


@pytest.mark.parametrize("zoom", [1.0, 1.3])
def test_nothing_is_wider_than_the_laptop(qtbot: QtBot, bench: Bench, theme: Theme, zoom: float) -> None:
    theme.set_zoom(zoom)
    for page in each_page(qtbot, bench):
        assert bench.window.minimumSizeHint().width() <= 1366, type(page).__name__
        for area in page.findChildren(QScrollArea):
            if area.isVisible() and area.widget() is not None:
                assert area.widget().minimumSizeHint().width() <= area.viewport().width() + 1, (
                    area.accessibleName()
                )


def test_tab_reaches_every_tile_and_the_focus_is_seen(qtbot: QtBot, bench: Bench) -> None:
    page = shown_page(bench)
    page.setFocus()
    reached: list[str] = []
    for _ in range(60):
        qtbot.keyClick(bench.window.focusWidget() or bench.window, Qt.Key.Key_Tab)
        focused = bench.window.focusWidget()
        if focused is not None:
            reached.append(focused.accessibleName())
    for status in ("Non atteint", "En retard", "Atteint", "Conforme"):
        assert any(name.startswith(f"{status}\u202f:") for name in reached), status
    assert any(name.startswith("Banque publique") for name in reached)


def test_the_keys_that_bear_the_digits_on_a_french_keyboard_open_the_pages(bench: Bench) -> None:
    for keys, word in (
        ("Ctrl+&", "tableau"),
        ("Ctrl+É", "partenaires"),
        ('Ctrl+"', "objectifs"),
        ("Ctrl+Ç", "comites"),
    ):
        action = bench.window.actions_by_word[word]
        assert QKeySequence(keys) in action.shortcuts(), keys
        assert action.shortcut().toString() in {f"Ctrl+{digit}" for digit in range(1, 10)}, (
            "the menu says the digit"
        )


def test_no_two_actions_share_a_shortcut() -> None:
    keys = [key for command in COMMANDS for key in command.shortcuts]
    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_text_is_read_on_every_ground(look: Look) -> None:
    for ground in (*GROUNDS, "hover", "selected"):
        assert contrast(look.text, getattr(look, ground)) >= 4.5, ground
    for ground in GROUNDS:
        for ink in ("mention", "accent", "error", "warning", "success", "info"):
            assert contrast(getattr(look, ink), getattr(look, ground)) >= 4.5, (ink, ground)
    for tint in (name for name in look.__struct_fields__ if name.endswith("_tint")):
        assert contrast(look.text, getattr(look, tint)) >= 4.5, tint
    assert contrast(look.on_accent, look.accent) >= 4.5
    assert contrast(look.accent, look.selected) >= 4.5
    assert contrast(look.focus, look.surface) >= 3
    assert contrast(look.strong, look.surface) >= 3


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
@pytest.mark.parametrize("status", list(Statut))
def test_a_status_is_seen_and_its_figure_read(look: Look, status: Statut) -> None:
    ink = status_ink(look, status)
    assert contrast(ink, look.surface) >= 3
    assert contrast(look.on_status, ink) >= 4.5


def test_statuses_differ_by_shape_and_by_hatching_of_one_colour() -> None:
    shapes = [mark.shape for mark in STATUS_MARKS.values()]
    assert len(set(shapes)) == len(shapes)
    fills = [(mark.ink, mark.hatch) for mark in STATUS_MARKS.values()]
    assert len(set(fills)) == len(fills)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_every_look_paints_every_page(
    qtbot: QtBot, open_window: Callable[..., Bench], theme: Theme, mode: Mode
) -> None:
    bench = open_window()
    theme.set_mode(mode)
    seen = set()
    for word in (spec.word for spec in PAGES):
        bench.window.go(Address(word))
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        picture = bench.window.grab().toImage()
        seen.add(picture.pixelColor(picture.width() - 30, picture.height() // 2).name())
        assert picture.pixelColor(4, picture.height() - 60).name() == theme.look.surface
    assert bench.bugs == []
    assert seen


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_what_a_field_says_while_it_is_empty_is_read(qtbot: QtBot, theme: Theme, mode: Mode) -> None:
    """WCAG 1.4.3: it is often the only label in sight, and Qt would draw it half transparent."""
    theme.set_mode(mode)
    for field in (QLineEdit(), QPlainTextEdit()):
        qtbot.addWidget(field)
        field.setPlaceholderText("Filtrer")
        field.show()
        ink = field.palette().placeholderText().color()
        assert ink.alpha() == 255
        assert contrast(ink.name(), theme.look.surface) >= 4.5
    theme.set_mode(Mode.LIGHT)


@pytest.mark.parametrize("word", ["tableau", "partenaires", "objectifs", "engagements", "territoires"])
def test_tab_never_goes_back_up_within_a_column(qtbot: QtBot, shared_bench: Bench, word: str) -> None:
    """WCAG 2.4.3; the page is filled twice, for what is made at each picture joins the end of Qt's chain."""
    shared_bench.window.go(Address(word))
    with qtbot.waitSignal(shared_bench.session.pictured):
        shared_bench.session.load()
    qtbot.waitUntil(lambda: shared_bench.lane.pending == 0)
    shared_bench.window.grab()
    turn(qtbot)
    page = shown_page(shared_bench)
    chain, widget = [], page
    while (widget := widget.nextInFocusChain()) is not page:
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        if reached and page.isAncestorOf(widget) and not is_internal(widget):
            chain.append(widget)
    rooms = [QRect(one.mapTo(page, QPoint(0, 0)), one.size()) for one in chain]
    back = [
        f"{chain[before].accessibleName()} … {chain[after].accessibleName()}"
        for after, room in enumerate(rooms)
        for before, earlier in enumerate(rooms[:after])
        if earlier.left() < room.right() and room.left() < earlier.right() and room.bottom() < earlier.top()
    ]
    assert len(chain) > 2
    assert back == []
