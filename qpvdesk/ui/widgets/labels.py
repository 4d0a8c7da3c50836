"""Labels by role: the style sheet knows the roles, the code only names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

from qpvdesk.domain.french import format_number
from qpvdesk.ui.kit.tips import tip, tooltip

if TYPE_CHECKING:
    # Two enums that the first sight of the window does without.
    from PySide6.QtGui import QEnterEvent


WORDS_LETTERS_MAX = 20_000
"""Letters of a text that a label lays out: some ten pages."""


def label(text: str, role: str = "", *, wrap: bool = False, select: bool = False, name: str = "") -> QLabel:
    """Return a plain-text label of a role (`title`, `heading`, `mention`, `code`…); `name`: heard before its words."""
    text_label = _Selectable() if select else _Words()
    text_label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        text_label.setProperty("role", role)
    # Its role and its name are known before it is first heard of.
    text_label.setAccessibleName(name)
    text_label.setText(text)
    if wrap:
        text_label.setWordWrap(True)
        text_label.setMinimumWidth(60)
    return text_label


def aside(text: str, *, select: bool = False, name: str = "") -> QLabel:
    """Return what is said in passing, on as many lines as it takes."""
    return label(text, "mention", wrap=True, select=select, name=name)


class _Words(QLabel):
    """Lays out no more of a very long text than can be read: Qt would wrap all of it each time that it is painted."""

    def setText(self, words: str) -> None:  # noqa: N802
        """Say in a sentence how much of a longer text is shown; what is stored stays whole."""
        if len(words) > WORDS_LETTERS_MAX:
            whole, shown = format_number(len(words)), format_number(WORDS_LETTERS_MAX)
            told = f"Ce texte a {whole} signes\u202f: ses {shown} premiers se lisent ici, il est gardé tout entier."
            words = f"{words[:WORDS_LETTERS_MAX].rstrip()}…\n\n{told}"
        super().setText(words)


class _Selectable(_Words):
    """Words that the pointer selects. Selectable from the first, they would be laid out as a document each time a width
    is tried: half of what a sheet takes to be shown."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Let them be selected from now on: no pointer comes to a word by another way."""
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        super().enterEvent(event)


def line() -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "line")
    return frame


class ElidedLabel(QLabel):
    """One line that ends in « … » where there is no room; the whole text is its tooltip."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        name: str = "",
    ) -> None:
        super().__init__()
        self._mode = mode
        self._shorter = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setText(text)

    def set_shorter(self, text: str) -> None:
        """What is said where there is no room for the whole text, before anything is cut."""
        self._shorter = text
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, shortened if need be."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setFont(self.font())
        metrics = self.fontMetrics()
        whole = self.text()
        if self._shorter and metrics.horizontalAdvance(whole) > self.width():
            whole = self._shorter
        text = metrics.elidedText(whole, self._mode, self.width())
        if text != whole and self._mode is Qt.TextElideMode.ElideMiddle:
            # Whole words go, those in the middle first.
            first, last = (words.split(" ") for words in text.split("…", 1))
            text = " ".join((*first[:-1], "…", *last[1:]))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        hint = self.text() if text != self.text() else ""
        if self.toolTip() != tooltip(hint):
            tip(self, hint)
