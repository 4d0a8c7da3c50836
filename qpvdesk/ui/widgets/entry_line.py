"""The line under the entry grid: what is to be known of the row under the hand, or of what was last done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from qpvdesk.domain.told import called
from qpvdesk.ui.models.entry import EntryModel
from qpvdesk.ui.models.entry_rows import EntryRow
from qpvdesk.ui.theme import Theme

_HOW = (
    "Tapez la valeur comme vous la diriez (1 339, 16,4\u202f%, 2,5 M€). Entrée descend, Tab va à droite,"
    " Ctrl+V colle une colonne de tableur, Ctrl+S enregistre tout en une fois."
)
_UNSAFE = (
    "Le brouillon ne peut pas être gardé sur le disque\u202f: ce qui est tapé reste ici,"
    " enregistrez-le sans attendre (Ctrl+S)."
)


class EntryLine(QLabel):
    """One sentence or two, in the ink of how grave they are."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAccessibleName("Ce que dit la ligne")
        self.setMinimumHeight(theme.px(36))
        self.setAlignment(Qt.AlignmentFlag.AlignTop)

    def tell(self, model: EntryModel, row: EntryRow | None, *, unsafe: bool) -> None:
        """Speak of a row; `unsafe`: what is typed cannot be kept on the disk."""
        if unsafe and model.draft():
            self.say(_UNSAFE, "error")
            return
        if model.read_only:
            self.say("Lecture seule\u202f: les valeurs ne peuvent pas être saisies.", "mention")
            return
        if row is None or not row.message:
            row = next(iter(model.troubled()), None) or row
        words = f"{called(row.objective)}\u202f: {row.message}" if row is not None and row.message else ""
        if row is None or not words:
            self.say(_HOW, "mention")
        else:
            self.say(words, "error" if row.trouble else "warning" if row.doubtful else "")

    def say(self, words: str, role: str) -> None:
        """Say something."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setText(words)
