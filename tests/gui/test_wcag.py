"""WCAG 2.2, AA: what is measured on every page, in the window itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.sidebar import NavButton
from qpvdesk.ui.theme import LOOKS, Look, Mode, Theme
from tests.gui.conftest import Bench
from tests.helpers.contrast import contrast

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)
TARGET = 24
"""The side of the least target, in points (2.5.8)."""
_AT_ONCE = 1 << 10


def pages_of(qtbot: QtBot, bench: Bench) -> Iterator[Page]:
    for spec in PAGES:
        bench.window.go(Address(spec.word))
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        page = bench.window.navigator.current
        assert page is not None
        yield page


def controls_of(window: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and widget.isVisible()
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parentWidget(), QComboBox)
    ]


def test_the_title_of_the_window_names_page_and_contract(qtbot: QtBot, shared_bench: Bench) -> None:
    """2.4.2."""
    picture = shared_bench.session.picture
    assert picture is not None
    titles = []
    for page in pages_of(qtbot, shared_bench):
        titles.append(shared_bench.window.windowTitle())
        assert titles[-1] == f"{page.title} – {picture.contract.name} – qpvdesk"
    assert len(set(titles)) == len(PAGES)


def test_targets_are_24_points_or_stand_apart(qtbot: QtBot, shared_bench: Bench) -> None:
    """2.5.8: a smaller one is allowed where a circle of 24 points round it meets no other target."""
    for _ in pages_of(qtbot, shared_bench):
        qtbot.waitUntil(lambda: none_small(shared_bench.window))


def none_small(window: QWidget) -> bool:
    """Assert rather than tell, so that a failure names the targets."""
    buttons = [one for one in controls_of(window) if isinstance(one, (QAbstractButton, QComboBox))]
    rooms = [QRect(one.mapTo(window, QPoint()), one.size()) for one in buttons]
    small = []
    for button, room in zip(buttons, rooms, strict=True):
        around = QRect(0, 0, TARGET, TARGET)
        around.moveCenter(room.center())
        near = any(around.intersects(other) for other in rooms if other is not room)
        if min(room.width(), room.height()) < TARGET and near:
            small.append((button.accessibleName() or button.property("text"), room.size().toTuple()))
    assert small == []
    return True


class ShownWindows(QObject):
    """Notes each window that is shown, be it for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_nothing_opens_where_the_focus_comes(qtbot: QtBot, bench: Bench) -> None:
    """3.2.1: no page, no dialog, no other place for the focus; nor a part of a page, while it is made."""
    windows = ShownWindows()
    QApplication.instance().installEventFilter(windows)
    for page in pages_of(qtbot, bench):
        tops = {one for one in QApplication.topLevelWidgets() if one.isVisible()}
        for control in controls_of(bench.window):
            if (
                control.focusPolicy() & Qt.FocusPolicy.TabFocus
                and control.isEnabled()
                and control.isVisible()
            ):
                control.setFocus(Qt.FocusReason.TabFocusReason)
                held = bench.window.focusWidget()
                assert held is not None
                assert held is control or control.isAncestorOf(held), (page.word, control.accessibleName())
                assert bench.window.navigator.current is page, control.accessibleName()
                assert {one for one in QApplication.topLevelWidgets() if one.isVisible()} <= tops
    QApplication.instance().removeEventFilter(windows)
    assert windows.shown == []
    assert bench.bugs == []


def test_nothing_else_opens_where_a_choice_or_a_word_changes(qtbot: QtBot, bench: Bench) -> None:
    """3.2.2: the arrows of a list that drops down, letters in a field; the sidebar opens by Enter or the space bar."""
    for page in pages_of(qtbot, bench):
        tops = {one for one in QApplication.topLevelWidgets() if one.isVisible()}
        for control in controls_of(page):
            if not (
                isinstance(control, (QComboBox, QLineEdit)) and control.isEnabled() and control.isVisible()
            ):
                continue
            control.setFocus(Qt.FocusReason.TabFocusReason)
            if isinstance(control, QComboBox):
                qtbot.keyClick(control, Qt.Key.Key_Down)
            elif not control.isReadOnly():
                qtbot.keyClicks(control, "a")
            qtbot.waitUntil(lambda: bench.lane.pending == 0)
            assert bench.window.navigator.current is page, control.accessibleName()
            assert {one for one in QApplication.topLevelWidgets() if one.isVisible()} <= tops
            held = bench.window.focusWidget()
            assert held is control or control.isAncestorOf(held), (page.word, control.accessibleName())


def test_arrows_in_the_sidebar_open_nothing_before_enter(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("tableau"))
    (shown,) = [one for one in bench.window.findChildren(NavButton) if one.isChecked()]
    shown.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(2):
        qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Down)
    reached = bench.window.focusWidget()
    assert isinstance(reached, NavButton)
    assert reached.accessibleName().startswith("Objectifs")
    page = bench.window.navigator.current
    assert page is not None
    assert page.word == "tableau"
    qtbot.keyClick(reached, Qt.Key.Key_Return)
    page = bench.window.navigator.current
    assert page is not None
    assert page.word == "objectifs"


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_what_is_drawn_to_be_understood_stands_out(look: Look) -> None:
    """1.4.11: edges of fields, boxes, focus, the bar of a selected row, the marks of directions and drawings."""
    # What cannot be used does not look like what can.
    assert look.disabled not in (look.text, look.accent, look.border)
    for ink in ("strong", "focus", "accent", "error", "warning", "success", "info", "neutral"):
        for ground in ("surface", "window"):
            assert contrast(getattr(look, ink), getattr(look, ground)) >= 3, (ink, ground)
    for ink in ("accent", "focus"):
        assert contrast(getattr(look, ink), look.selected) >= 3, ink
    assert contrast(look.on_accent, look.accent) >= 3


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_a_selected_row_and_an_empty_box_are_seen(
    qtbot: QtBot, bench: Bench, theme: Theme, mode: Mode
) -> None:
    """1.4.11: the tint of a row is 1.2:1, the box of a list was drawn by Qt in the dark on the dark."""
    bench.window.go(Address("objectifs"))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    theme.set_mode(mode)
    table = next(one for one in bench.window.findChildren(Table) if one.isVisible())
    table.select_place(1)
    drawn = table.viewport().grab().toImage()
    inks = [drawn.pixelColor(1, table.rowViewportPosition(row) + 12).name() for row in (0, 1)]
    assert inks[1] == theme.look.accent
    assert contrast(inks[1], inks[0]) >= 3
    bench.window.go(Address("impressions"))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    boxes = next(
        one
        for one in bench.window.findChildren(QListWidget)
        if one.isVisible() and one.count() and one.item(0).data(Qt.ItemDataRole.CheckStateRole) is not None
    )
    item = boxes.item(0)
    boxes.setCurrentRow(2)
    item.setCheckState(Qt.CheckState.Unchecked)
    room = boxes.visualItemRect(item)
    edge = boxes.viewport().grab().toImage().copy(room.left(), room.top(), 30, room.height())
    assert max(contrast(ink, theme.look.surface) for ink in colours(edge)) >= 3
    theme.set_mode(Mode.LIGHT)


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("kind", [QLineEdit, QComboBox, QPlainTextEdit])
def test_the_focus_is_seen_on_a_field_at_fault_too(qtbot: QtBot, bench: Bench, kind: type[QWidget]) -> None:
    """2.4.7: a list sent back, which has no caret, looked the same whether it had the hand or not."""
    host, field, other = QWidget(bench.window), kind(), QLineEdit()
    field.setProperty("invalid", True)
    column = QVBoxLayout(host)
    for part in (field, other):
        column.addWidget(part)
    host.resize(200, 300)
    host.show()
    look = bench.window.theme.look
    for hand, ink in ((other, look.error), (field, look.focus)):
        hand.setFocus()
        qtbot.waitUntil(hand.hasFocus)
        edge = field.grab().toImage().pixelColor(field.width() // 2, 1)
        assert edge.name() == ink


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_the_focus_is_seen_on_every_control(
    qtbot: QtBot, shared_bench: Bench, theme: Theme, mode: Mode
) -> None:
    """2.4.7, 2.4.13: a filled button had a ring of the colour of its fill; a panel that scrolls had none."""
    theme.set_mode(mode)
    shared_bench.window.activateWindow()
    qtbot.waitUntil(shared_bench.window.isActiveWindow)
    # What Qt's own dialogs are made of, and the guide.
    host = QWidget(shared_bench.window)
    column = QVBoxLayout(host)
    for part in (QRadioButton("Tout"), QSpinBox(), QTextBrowser()):
        column.addWidget(part)
    host.resize(300, 300)
    seen: set[tuple[object, ...]] = set()
    unseen = []
    for page in pages_of(qtbot, shared_bench):
        host.setVisible(page.word == PAGES[-1].word)
        host.raise_()
        for control in shared_bench.window.findChildren(QWidget):
            if not isValid(control) or not isinstance(control, (*CONTROLS, QAbstractScrollArea, QSpinBox)):
                continue
            named = control.accessibleName() if isinstance(control, QAbstractScrollArea) else ""
            kind = (type(control), control.property("role"), control.property("checked"), named)
            reached = control.isEnabled() and control.focusPolicy() & Qt.FocusPolicy.TabFocus
            room = control.visibleRegion().boundingRect()
            if not reached or room.isEmpty() or control.focusProxy() is not None or kind in seen:
                continue
            seen.add(kind)
            if changed_by_focus(shared_bench.window, control, room) < room.width() + room.height():
                unseen.append((page.word, kind))
    host.hide()
    host.deleteLater()
    theme.set_mode(Mode.LIGHT)
    assert unseen == []
    assert QRadioButton in {kind[0] for kind in seen}, "they were looked at"


def changed_by_focus(window: QWidget, control: QWidget, room: QRect) -> int:
    """How many pixels of a control, or on its edge, differ by 3:1 where it has the hand."""
    around = QRect(control.mapTo(window, room.topLeft()), room.size()).adjusted(-2, -2, 2, 2)
    window.setFocus()
    QApplication.processEvents()
    without = words(window.grab(around).toImage())
    control.setFocus(Qt.FocusReason.ShortcutFocusReason)
    QApplication.processEvents()
    with_it = words(window.grab(around).toImage())
    assert len(without) == len(with_it)
    pairs: Counter[tuple[int, int]] = Counter()
    for start in range(0, len(without), _AT_ONCE):
        # A table is half a million pixels, and most are the same.
        before, after = (picture[start : start + _AT_ONCE] for picture in (without, with_it))
        if before != after:
            pairs.update(zip(memoryview(before).cast("I"), memoryview(after).cast("I"), strict=True))
    return sum(
        count
        for (one, other), count in pairs.items()
        if one != other and contrast(f"#{one & 0xFFFFFF:06x}", f"#{other & 0xFFFFFF:06x}") >= 3
    )


def words(image: QImage) -> bytes:
    """The pixels, four bytes each, kept apart from the image, which goes."""
    return bytes(image.convertToFormat(QImage.Format.Format_RGB32).constBits())


@pytest.mark.usefixtures("bench")
def test_what_cannot_be_used_is_seen_not_to_be(qtbot: QtBot) -> None:
    """A box, a chip, a list that could not be used looked like those that can."""
    roles = ("", "primary", "quiet", "chip", "row", "nav")
    buttons = [QPushButton("Texte") for _ in roles]
    for button, role in zip(buttons, roles, strict=True):
        button.setProperty("role", role)
    combo, names, tabs, tool = QComboBox(), QListWidget(), QTabBar(), QToolButton()
    for one in (combo, names):
        one.addItem("Texte")
    tabs.addTab("Texte")
    tool.setText("Texte")
    fields = (
        QLineEdit("Texte"),
        QPlainTextEdit("Texte"),
        QSpinBox(),
        QCheckBox("Texte"),
        QRadioButton("Texte"),
    )
    alike = []
    for widget in (*buttons, combo, names, tabs, tool, *fields):
        qtbot.addWidget(widget)
        widget.resize(160, 60)
        widget.show()
        usable = widget.grab().toImage()
        widget.setEnabled(False)
        if widget.grab().toImage() == usable:
            alike.append((type(widget).__name__, widget.property("role")))
    assert alike == []
