"""A titled panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QWidget

from qpvdesk.ui.kit.focus import keep_focus, order_soon
from qpvdesk.ui.kit.tips import announce
from qpvdesk.ui.kit.tokens import GAP, ROOM, TIGHT, fill, in_row, stacked
from qpvdesk.ui.terms import explain
from qpvdesk.ui.widgets.copying import as_table
from qpvdesk.ui.widgets.labels import label


class Card(QFrame):
    """A white panel with a heading, room for a control at the right of it, and a body."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.outer = stacked(on=self, spacing=GAP, margins=(ROOM, GAP, ROOM, ROOM))
        self.head = in_row(spacing=GAP)
        self.title: QLabel = label(title, "subheading")
        explain(self.title)
        if title:
            fill(self.head, self.title, 1)
            self.outer.addLayout(self.head)
        self.body = stacked(spacing=TIGHT)
        self.outer.addLayout(self.body, 1)


def offer_card_copies(card: Card, table: Callable[[], Sequence[Sequence[str]]]) -> None:
    """Give a card that holds a drawing a menu: copied as it is seen, or as a table; `table`: its lines, titles first."""

    def copy_image() -> None:
        QGuiApplication.clipboard().setPixmap(card.grab())
        announce(card, "Image copiée")

    def copy_table() -> None:
        titles, *rows = table()
        QGuiApplication.clipboard().setText(as_table(titles, rows))
        announce(card, "Tableau copié")

    for words, act in (("Copier l’image", copy_image), ("Copier les chiffres en tableau", copy_table)):
        action = QAction(words, card)
        action.triggered.connect(act)
        card.addAction(action)
    card.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout, which is then filled anew; widgets are deleted."""
    host = layout.parentWidget()
    if host is not None:
        order_soon(host)
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            if host is not None:
                keep_focus(host, widget)
            widget.hide()
            widget.deleteLater()
