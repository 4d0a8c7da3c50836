"""Where what is typed goes: Tab from control to control as one reads, a page filled anew putting its new controls in their
place; what is typed before an answer, once it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from qpvdesk.ui.session import Session, once_answered

_WHOLE = ("QAbstractItemView", "QAbstractSpinBox", "QComboBox", "QTextEdit")
"""Controls that hold others of Qt's own; by their names, for a kind that is named is made, with its enums."""
_ASKED, _PAGE = "focusOrderAsked", "focusPage"


class TypedAhead(QObject):
    """Holds the keys that fields are given while an answer is awaited; Escape passes, for the host to hold or not."""

    def __init__(self, host: QWidget, *fields: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._keys: list[QEvent] = []
        self._number = 0
        self.is_on = False
        """Whether an answer is awaited."""
        self.let_go: Callable[[], object] = lambda: None
        """Called where an answer came that neither gave nor forgot what was typed meanwhile."""
        for field in fields:
            field.installEventFilter(self)

    def begin(self) -> int:
        """Await an answer; return its number."""
        self.is_on = True
        self._number += 1
        return self._number

    def hold_escape(self) -> None:
        """Hold an Escape after what was typed until now, once: a second one would go to what is under the host."""
        last = self._keys[-1] if self._keys else None
        if not (isinstance(last, QKeyEvent) and last.key() == Qt.Key.Key_Escape):
            self._keys.append(
                QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            )

    def forget(self) -> None:
        """Await no more, and let go of what was typed, meant for what did not come."""
        self.is_on = False
        self._keys.clear()

    def give(self) -> None:
        """Await no more: type what was held where the hand is now. An answer that one of these keys asks for holds the
        rest."""
        self.is_on = False
        keys, self._keys = self._keys, []
        for key in keys:
            QApplication.sendEvent(self._host.window().focusWidget() or self._host, key)

    def await_last(self, session: Session) -> None:
        """Await the answer to what the session was just asked. It gives or forgets what is typed meanwhile; where it does
        neither (a refusal, a doubt, a fault of the program), that was meant for what did not come, and is let go of."""
        number = self.begin()

        def let_go() -> None:
            if self.is_on and number == self._number:
                self.forget()
                self.let_go()

        once_answered(session, let_go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Hold what is typed, where an answer is awaited."""
        if not self.is_on:
            return False
        if isinstance(event, QKeyEvent):
            holds = event.type() is QEvent.Type.KeyPress and event.key() != Qt.Key.Key_Escape
        else:
            holds = isinstance(event, QInputMethodEvent) and bool(event.commitString())
        if holds:
            self._keys.append(event.clone())
        return holds


def order_soon(widget: QWidget) -> None:
    """Put the controls of the page that a widget stands in in the order of reading, once it is filled.

    Qt appends a control made later to the end of the chain: Tab would go down a page, then up again.
    """
    page = _page(widget)
    if not page.property(_ASKED):
        page.setProperty(_ASKED, True)
        QTimer.singleShot(0, page, lambda: order(page))


def order(page: QWidget) -> None:
    """Chain the controls of a page in the order of its layouts."""
    page.setProperty(_ASKED, False)
    for control, following in pairwise(controls(page)):
        if control.nextInFocusChain() is not following:
            QWidget.setTabOrder(control, following)


def keep_focus(host: QWidget, removed: QWidget) -> None:
    """Where the focus stands in `removed`, about to leave `host`, give it to the control that takes its place once `host`
    is filled.

    Qt gives it to the next control of the chain when one is hidden: to the navigation, past the end of the page.
    """
    focused = host.window().focusWidget()
    if focused is None or not (focused is removed or removed.isAncestorOf(focused)):
        return
    called = _called(focused)
    host.setFocus()

    def give_back() -> None:
        # Whoever took the focus meanwhile keeps it.
        if host.window().focusWidget() is host:
            hidden = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
            for control in controls(host):
                if _called(control) == called and (control.isVisible() or not control.testAttribute(hidden)):
                    # A layout shows what was put in it later than this.
                    control.show()
                    control.setFocus()
                    return

    QTimer.singleShot(0, host, give_back)


def _called(control: QWidget) -> tuple[str, object]:
    return control.accessibleName(), control.property("text")


def controls(widget: QWidget) -> Iterator[QWidget]:
    """Yield the controls that Tab reaches, in the order of reading: layouts from their first item on, panes from the
    left, the leaves of a stack one after the other."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    if any(widget.inherits(name) for name in _WHOLE):
        return
    for child in _parts(widget):
        yield from controls(child)


def fill_inwards(outer: QWidget, waiting: dict[QWidget, QBoxLayout]) -> None:
    """Put the columns and rows that waited on the parts of a page, each part before what stands in it, and its
    controls in the order of reading."""
    _fill_within(outer, waiting)
    # What stands in no layout yet.
    for widget, layout in waiting.items():
        widget.setLayout(layout)
    order(outer)


def _fill_within(widget: QWidget, waiting: dict[QWidget, QBoxLayout]) -> None:
    layout = waiting.pop(widget, None)
    if layout is not None:
        widget.setLayout(layout)
    for part in _parts(widget) if waiting else ():
        _fill_within(part, waiting)


def _parts(widget: QWidget) -> list[QWidget]:
    if isinstance(widget, QScrollArea):
        content = widget.widget()
        return [] if content is None else [content]
    if isinstance(widget, QSplitter | QStackedWidget):
        return [leaf for place in range(widget.count()) if (leaf := widget.widget(place)) is not None]
    if widget.inherits("QTabWidget") and isinstance(widget, QtWidgets.QTabWidget):
        leaves = (widget.widget(place) for place in range(widget.count()))
        return [widget.tabBar(), *(leaf for leaf in leaves if leaf is not None)]
    layout = widget.layout()
    return [] if layout is None else list(_laid(layout))


def _laid(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            yield from _laid(inner)
        elif widget is not None:
            yield widget


def _page(widget: QWidget) -> QWidget:
    """The page of the window that a widget stands in, the innermost, else its window.

    Sought from the window down: the viewport of a scroll area is Qt's own, and PySide makes every kind of widget that
    it knows (38 enums) to tell what the parent of a widget is there.
    """
    known = widget.property(_PAGE)
    if isinstance(known, QWidget):
        return known
    window = widget.window()
    page = window
    for child in window.findChildren(QWidget, "page"):
        stack = child.parentWidget()
        if (
            isinstance(stack, QStackedWidget)
            and not stack.isWindow()
            and (child is widget or child.isAncestorOf(widget))
        ):
            page = child
    if page is not window:
        # Sought once a widget: 7 ms, and a page is filled in seven parts. It never goes to another page.
        widget.setProperty(_PAGE, page)
    return page
