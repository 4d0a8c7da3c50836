"""The text of a source document: what was drawn from it underlined, the passage in view marked, words found marked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QResizeEvent, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from qpvdesk.domain.passages import SourceText, Span
from qpvdesk.ui.theme import Theme, colour


class PassageView(QPlainTextEdit):
    """Read only. Places are those of the `SourceText`; Qt counts otherwise beyond the first 65 536 letters of Unicode."""

    place_changed = Signal(int)
    """Where the cursor is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._source: SourceText | None = None
        self._wide: list[int] = []
        self._drawn: tuple[Span, ...] = ()
        self._found: tuple[Span, ...] = ()
        self._shown: Span | None = None
        self._quoted = False
        self.setReadOnly(True)
        self.setAccessibleName("Texte du document")
        self.setTextInteractionFlags(self.textInteractionFlags().TextBrowserInteraction)
        self.cursorPositionChanged.connect(self._moved)
        theme.changed.connect(self._mark)

    def show_source(self, source: SourceText, drawn: Sequence[Span], headings: Sequence[Span] = ()) -> None:
        """Show a text and underline what was drawn from it; the place stays where the text is the same.

        Where there are headings, the passages stand small under what was read in them.
        """
        drawn, self._quoted = tuple(drawn), bool(headings)
        if self._source is not None and self._source.text == source.text:
            self._source, self._drawn = source, drawn
        else:
            self._source, self._drawn, self._found, self._shown = source, drawn, (), None
            self._wide = [place for place, letter in enumerate(source.text) if ord(letter) > 0xFFFF]
            self.blockSignals(True)
            self.setPlainText(source.text)
            strong, small = QTextCharFormat(), QTextCharFormat()
            strong.setFontWeight(QFont.Weight.Bold)
            small.setProperty(int(QTextFormat.Property.FontSizeAdjustment.value), -1)
            for span in headings:
                self._cursor(span).mergeCharFormat(strong)
            for span in drawn if self._quoted else ():
                self._line(span).mergeCharFormat(small)
            self.blockSignals(False)
        self._mark()

    def bring(self, span: Span) -> None:
        self._shown = span
        self.setTextCursor(self._cursor(Span(span.start, span.start)))
        self.centerCursor()
        self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the passage in view where the lines fall otherwise."""
        super().resizeEvent(event)
        if self._shown is not None and self.at() == self._shown.start:
            self.centerCursor()

    def mark_found(self, spans: Sequence[Span]) -> None:
        self._found = tuple(spans)
        self._mark()

    def selected(self) -> Span | None:
        """Return what is selected; None where nothing is."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            return None
        return Span(self._back(cursor.selectionStart()), self._back(cursor.selectionEnd()))

    def at(self) -> int:
        """Return where the cursor is."""
        return self._back(self.textCursor().position())

    def _moved(self) -> None:
        if self._source is not None:
            self.place_changed.emit(self.at())

    def _mark(self) -> None:
        look = self._theme.look
        marks = []
        drawn = QTextCharFormat()
        if self._quoted:
            drawn.setForeground(colour(look.mention))
        else:
            drawn.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            drawn.setUnderlineColor(colour(look.accent))
        for span in self._drawn:
            marks.append(self._marked(span, drawn))
            if self._quoted:
                marks[-1].cursor = self._line(span)
        if self._shown is not None:
            shown = QTextCharFormat()
            shown.setBackground(colour(look.selected))
            shown.setForeground(colour(look.text))
            marks.append(self._marked(self._shown, shown))
        words = QTextCharFormat()
        words.setBackground(colour(look.warning_tint))
        words.setForeground(colour(look.text))
        words.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
        marks += [self._marked(span, words) for span in self._found]
        self.setExtraSelections(marks)

    def _marked(self, span: Span, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self._cursor(span)
        selection.format = look
        return selection

    def _cursor(self, span: Span) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._forth(span.start))
        cursor.setPosition(self._forth(span.end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _line(self, span: Span) -> QTextCursor:
        """The whole line of a place."""
        cursor = self._cursor(Span(span.start, span.start))
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _forth(self, place: int) -> int:
        return place + bisect_left(self._wide, place)

    def _back(self, place: int) -> int:
        return place - bisect_left([at + number for number, at in enumerate(self._wide)], place)
