"""What a colleague's package would take away here: each is accepted, or kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from qpvdesk.services.colleagues import ProposedRemoval
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.theme import Theme


class RemovalsDialog(FormDialog):
    """Space ticks a line; nothing is ticked at first, and what is not is kept."""

    chapter = "collegues"
    """Where F1 opens the guide."""
    answered = Signal(object)
    """The words of what is accepted, a frozenset."""

    def __init__(
        self,
        theme: Theme,
        sender: str,
        proposals: Sequence[ProposedRemoval],
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Ce qui serait retiré, effacé ou rendu", parent)
        self.fit(theme.px(680), theme.px(380))
        self.say(
            f"{sender} propose de retirer, d’effacer ou de rendre ce qui suit. Cochez ce que vous acceptez\u202f: le reste"
            " demeure ici tel quel, et votre prochain paquet le dira. Un texte effacé l’est pour toujours, dans l’histoire"
            " aussi\u202f; un texte effacé ici et rendu y revient.",
            "mention",
        )
        self._list = ItemList("Propositions", wrapped=True)
        for proposal in proposals:
            self._list.add(proposal.told, proposal.word, ticked=False)
        self.column.addWidget(self._list, 1)
        every = button("Tout cocher", lambda: self._tick_all())
        self.foot("Fusionner", self._answer, every, leave="Annuler")
        self._list.setFocus()

    def _tick_all(self) -> None:
        for row in range(self._list.count()):
            self._list.item(row).setCheckState(Qt.CheckState.Checked)

    def _answer(self) -> None:
        items = [self._list.item(row) for row in range(self._list.count())]
        words = frozenset(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        )
        self.accept()
        self.answered.emit(words)
