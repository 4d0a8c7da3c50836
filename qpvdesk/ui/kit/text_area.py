"""A field of several lines, of which Qt lays out no more than it can in the time of a key."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit

from qpvdesk.domain.french import format_number
from qpvdesk.ui.kit.tips import announce, show_tip

TEXT_LETTERS_MAX = 50_000
"""Letters that a field of several lines lays out at once: twenty pages. A word of a million keeps Qt for minutes."""


class TextArea(QPlainTextEdit):
    """A field of several lines. A paste that it cannot lay out is refused; a longer text that is stored is shown by its
    beginning, and given back whole."""

    def __init__(self) -> None:
        super().__init__()
        self._whole: str | None = None
        self._refused = False
        """Whether the last paste was refused, and nothing has been typed since."""
        self.textChanged.connect(self._forget_refusal)

    @property
    def shortened(self) -> str:
        """What is said of a text of which the beginning alone is shown; empty where all of it is."""
        if self._whole is None:
            return ""
        whole, shown = format_number(len(self._whole)), format_number(TEXT_LETTERS_MAX)
        return (
            f"Ce texte a {whole} signes\u202f: ses {shown} premiers sont montrés, il est gardé tout entier et ne se"
            " modifie pas ici."
        )

    def whole(self) -> str:
        return self.toPlainText() if self._whole is None else self._whole

    def set_whole(self, text: str) -> None:
        """Show a text, or the beginning of a longer one."""
        self._whole = text if len(text) > TEXT_LETTERS_MAX else None
        self.setReadOnly(self._whole is not None)
        self.setPlainText(text[:TEXT_LETTERS_MAX])

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste; say why where that is too much."""
        count, replaced = len(source.text()), len(self.textCursor().selectedText())
        if count + self.document().characterCount() - replaced <= TEXT_LETTERS_MAX:
            super().insertFromMimeData(source)
            return
        words = (
            f"Rien n’est collé\u202f: ce texte a {format_number(count)} signes, ce champ en prend"
            f" {format_number(TEXT_LETTERS_MAX)}. Joignez plutôt le fichier d’où il vient."
        )
        show_tip(self.mapToGlobal(self.rect().bottomLeft()), self, words)
        announce(self, words)
        self._refused = True

    def _forget_refusal(self) -> None:
        """What was pasted or typed since is there: the tooltip that says nothing is would stay over it for ten seconds."""
        if self._refused:
            show_tip(self.mapToGlobal(self.rect().bottomLeft()), self)
        self._refused = False
