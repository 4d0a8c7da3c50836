"""The cells of lines typed down a page: how each is drawn, and typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QCompleter,
    QLineEdit,
    QStyleOptionViewItem,
    QWidget,
)

from qpvdesk.ui.kit.controls import words_only
from qpvdesk.ui.models.lines import ERROR_ROLE, TAKEN_ROLE, LinesModel
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.typing_table import TypingDelegate

Index = QModelIndex | QPersistentModelIndex


class _Cell(QLineEdit):
    """The field of a cell: Tab goes on to the next one from the list of what may be typed too."""

    def __init__(self, delegate: LinesDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self._delegate = delegate

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Take the cell, and go on."""
        hints = QAbstractItemDelegate.EndEditHint
        self._delegate.commitData.emit(self)
        self._delegate.closeEditor.emit(self, hints.EditNextItem if forward else hints.EditPreviousItem)
        return True


class LinesDelegate(TypingDelegate):
    """Cells in ink, what blanks are taken for in grey, what is wrong framed."""

    def __init__(self, theme: Theme, offered: Mapping[str, Sequence[str]]) -> None:
        """`offered`: what may be chosen in a cell, by field."""
        super().__init__()
        self._theme, self.offered = theme, offered

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field of a cell, with the list of what it may hold."""
        del option
        editor = _Cell(self, parent)
        editor.setAccessibleName(self.heard(index))
        words_only(editor)
        model = index.model()
        assert isinstance(model, LinesModel)
        if names := self.offered.get(model.fields[index.column()].name):
            completer = QCompleter(list(names), editor)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            editor.setCompleter(completer)
            # While the list is open it has the keys.
            editor.returnPressed.connect(lambda: self.leave(editor))
        self.editor, self.leaving = editor, None
        return editor

    def leave(self, editor: QLineEdit) -> None:
        """Take a cell, and go down."""
        self.leaving = Qt.Key.Key_Down
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.SubmitModelCache)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell, its frame where it is wrong or has the hand."""
        look, px = self._theme.look, self._theme.px
        plain = QStyleOptionViewItem(option)
        quiet, wrong = bool(index.data(TAKEN_ROLE)), bool(index.data(ERROR_ROLE))
        plain.palette.setColor(plain.palette.ColorRole.Text, colour(look.mention if quiet else look.text))
        super().paint(painter, plain, index)
        view = self.parent()
        here = isinstance(view, QAbstractItemView) and view.hasFocus() and view.currentIndex() == index
        rect: QRect = option.rect
        painter.save()
        painter.setPen(
            QPen(
                colour(look.focus if here else look.error if wrong else look.border),
                2 if here or wrong else 1,
            )
        )
        painter.drawRect(
            rect.adjusted(px(1), px(1), -px(1), -px(1)) if here or wrong else rect.adjusted(0, 0, 0, 0)
        )
        painter.restore()
