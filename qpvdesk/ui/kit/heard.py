"""What Qt takes for mere text or for nothing: titles are headings for who listens, who goes from one to the next, and a
drawing is an image, which has its words; what is chosen in a list that drops down is chosen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractItemView, QAccessibleWidget, QComboBox, QWidget

_HEADINGS = ("title", "heading", "subheading")


def install(window: QWidget) -> None:
    """Let the widgets of these roles be heard as what they are, those of a window that were heard already too.

    No rank is told of a heading: an interface of attributes made in Python brings Qt down.
    """
    kinds = dict.fromkeys(_HEADINGS, QAccessible.Role.Heading) | {"drawing": QAccessible.Role.Graphic}

    class Heard(QAccessibleWidget):
        def text(self, kind: QAccessible.Text) -> str:
            """The words of a title are its name, as for any label."""
            said = super().text(kind)
            named = kind is QAccessible.Text.Name and not said
            return str(self.object().property("text") or "") if named else said

    def made(name: str, subject: QObject) -> QAccessibleInterface | None:
        if name == "QComboBoxListView" and isinstance(subject, QAbstractItemView):
            # It may be asked for while it is made: its list and its model come to it after.
            QTimer.singleShot(0, subject, lambda: _choose_what_is_selected(subject))
        role = kinds.get(subject.property("role"))
        return Heard(subject, role) if role is not None and isinstance(subject, QWidget) else None

    QAccessible.installFactory(made)
    for widget in window.findChildren(QWidget) if QAccessible.isActive() else ():
        role = kinds.get(widget.property("role"))
        if role is not None and (known := QAccessible.queryAccessibleInterface(widget)).role() is not role:
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(known))


def _choose_what_is_selected(view: QAbstractItemView) -> None:
    """Make what assistive technology selects in a list that drops down the choice: Qt selects the line and leaves the
    choice as it was. The keyboard and the pointer move the current line too, and choose by Enter or a click."""
    parent: QObject | None = view
    while parent is not None and not isinstance(parent, QComboBox):
        parent = parent.parent()
    if parent is None:
        return
    combo = parent

    def stood() -> tuple[int, int]:
        return combo.currentIndex(), view.currentIndex().row()

    def choose(selected: QItemSelection) -> None:
        rows, was = [index.row() for index in selected.indexes()], stood()
        if len(rows) == 1 and rows[0] not in was:
            # The current line follows its own selection a moment later, and so does a list that is filled anew.
            QTimer.singleShot(0, combo, lambda: take(rows[0], was))

    def take(row: int, was: tuple[int, int]) -> None:
        if stood() == was and row in [index.row() for index in view.selectionModel().selectedIndexes()]:
            combo.hidePopup()
            combo.setCurrentIndex(row)
            combo.activated.emit(row)

    view.selectionModel().selectionChanged.connect(choose)
