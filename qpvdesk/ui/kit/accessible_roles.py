"""Roles that assistive technology is told: Qt gives titles for mere text and drawings for nothing. Titles are headings, from
each of which one goes to the next, and drawings are images with their words; what is selected in a list that drops down is
chosen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractItemView, QAccessibleWidget, QComboBox, QLabel, QWidget

_HEADINGS = ("title", "heading", "subheading")


def install(window: QWidget) -> None:
    """Let the widgets of these roles be heard as what they are, those of a window that were heard already too.

    No rank is told of a heading: an interface of attributes made in Python brings Qt down.
    """
    kinds = dict.fromkeys(_HEADINGS, QAccessible.Role.Heading) | {"drawing": QAccessible.Role.Graphic}

    def role_of(subject: QObject) -> QAccessible.Role | None:
        named = isinstance(subject, QLabel) and bool(subject.accessibleName())
        return kinds.get(subject.property("role")) or (QAccessible.Role.StaticText if named else None)

    class Heard(QAccessibleWidget):
        def text(self, kind: QAccessible.Text) -> str:
            """The words of a title are its name, as for any label; those of a label that has a name come after it: Qt
            would say the name in their place."""
            usual_text = super().text(kind)
            words = str(self.object().property("text") or "") if kind is QAccessible.Text.Name else ""
            if usual_text and self.role() is QAccessible.Role.StaticText and words not in usual_text:
                return f"{usual_text}\u202f: {words}"
            return usual_text or words

    def interface_of(name: str, subject: QObject) -> QAccessibleInterface | None:
        if name == "QComboBoxListView" and isinstance(subject, QAbstractItemView):
            # It may be asked for while it is made: its list and its model come to it after.
            QTimer.singleShot(0, subject, lambda: _choose_what_is_selected(subject))
        role = role_of(subject)
        return Heard(subject, role) if role is not None and isinstance(subject, QWidget) else None

    QAccessible.installFactory(interface_of)
    for widget in window.findChildren(QWidget) if QAccessible.isActive() else ():
        role = role_of(widget)
        known = QAccessible.queryAccessibleInterface(widget) if role is not None else None
        if known is not None and (known.role() is not role or role is QAccessible.Role.StaticText):
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
