"""What Qt takes for mere text or for nothing: titles are headings for who listens, who goes from one to the next, and a
drawing is an image, which has its words."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

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
        del name
        role = kinds.get(subject.property("role"))
        return Heard(subject, role) if role is not None and isinstance(subject, QWidget) else None

    QAccessible.installFactory(made)
    for widget in window.findChildren(QWidget) if QAccessible.isActive() else ():
        role = kinds.get(widget.property("role"))
        if role is not None and (known := QAccessible.queryAccessibleInterface(widget)).role() is not role:
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(known))
