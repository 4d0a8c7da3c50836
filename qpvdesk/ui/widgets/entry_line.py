"""The line under the entry grid: what is to be known of the row under the hand, or of what was last done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from qpvdesk.domain import french
from qpvdesk.domain.french import plural
from qpvdesk.domain.wording import called
from qpvdesk.ui.kit.tips import announce, restyle, tell
from qpvdesk.ui.models.entry import EntryModel
from qpvdesk.ui.models.entry_rows import EntryRow
from qpvdesk.ui.theme import Theme

_HEARD_MAX = 3
"""Rows whose effect is spelled out at once; a column that was pasted has many."""
_HOW = (
    "Tapez la valeur comme vous la diriez (1 339, 16,4\u202f%, 2,5 M€). Entrée descend, Tab va à droite,"
    " Ctrl+V colle une colonne, Ctrl+S enregistre tout. Prov.\u202f: chiffre provisoire."
)
_PROPOSED = " «\u202fRelevés au\u202f» propose le {}, fin de mois comme les derniers chiffres\u202f: à changer au besoin."
_LEFT_MAX, _LEFT_LETTERS_MAX = 4, 60
"""Lines of a paste that are named, and what is repeated of each."""
_UNSAFE = (
    "Le brouillon ne peut pas être gardé sur le disque\u202f: ce qui est tapé reste ici,"
    " enregistrez-le sans attendre (Ctrl+S)."
)


class EntryLine(QLabel):
    """One sentence or two, in the ink of how grave they are."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAccessibleName("Ce que dit la ligne")
        self.setMinimumHeight(theme.px(36))
        self.setAlignment(Qt.AlignmentFlag.AlignTop)

    def tell(
        self,
        model: EntryModel,
        row: EntryRow | None,
        *,
        unsafe: bool,
        day: str = "",
        left: Sequence[str] = (),
    ) -> None:
        """Speak of a row; `unsafe`: what is typed cannot be kept on the disk; `day`: the end of a month that
        is proposed; `left`: what the lines say that a paste left."""
        if unsafe and model.draft():
            self.say(_UNSAFE, "error")
            return
        if model.read_only:
            self.say("Lecture seule\u202f: les valeurs ne peuvent pas être saisies.", "mention")
            return
        if row is None or not row.message:
            row = next(iter(model.troubled()), None) or row
        words = f"{called(row.objective)}\u202f: {row.message}" if row is not None and row.message else ""
        if left:
            lines = plural(len(left), "ligne collée est restée", "lignes collées sont restées")
            told = french.enumerate_words(
                [f"«\u202f{line[:_LEFT_LETTERS_MAX]}\u202f»" for line in left], _LEFT_MAX
            )
            words = f"{lines} de côté, à saisir à la main\u202f: {told}. {words}".strip()
        if not words:
            self.say(f"{_HOW}{_PROPOSED.format(day) if day else ''}", "mention")
        else:
            wrong, doubtful = row is not None and row.trouble, left or (row is not None and row.doubtful)
            self.say(words, "error" if wrong else "warning" if doubtful else "")

    def say(self, words: str, role: str) -> None:
        restyle(self, role=role)
        if words.startswith(_HOW):
            self.setText(words)
        else:
            tell(self, words)

    def announce(self, changed: Sequence[EntryRow]) -> None:
        """Let the effects of what was typed be heard where the line does not show them: the hand has gone on."""
        words = [f"{called(row.objective)}\u202f: {row.message}" for row in changed[:_HEARD_MAX]]
        rest = len(changed) - len(words)
        if rest > 0:
            words.append(f"et {plural(rest, 'autre ligne', 'autres lignes')}")
        heard = "\n".join(words)
        if heard != self.text():
            announce(self, heard)
