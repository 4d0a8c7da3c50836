"""Why points are acknowledged: one reason for all of those chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import plural
from qpvdesk.ui.kit.controls import text_line
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.tips import warn


class ReasonDialog(FormDialog):
    """`reasoned` says why; a reason is asked for, and kept in the journal."""

    reasoned = Signal(str)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(
            "Prendre en compte", parent, heading=f"Prendre en compte {plural(count, 'point', 'points')}"
        )
        self.say(
            "Le motif est gardé au journal\u202f; rien n’est caché, «\u202fPris en compte\u202f» les montre.",
            "mention",
        )
        self._reason = text_line("Motif", "Signalé au partenaire le 15 juin")
        self.column.addWidget(self._reason)
        self._trouble = self.trouble()
        self.foot("Prendre en compte", self._submit)
        self._reason.setFocus()

    def _submit(self) -> None:
        reason = self._reason.text().strip()
        if not reason:
            warn(self._trouble, "Dites pourquoi\u202f: qui relira le journal le comprendra.")
            return
        self.accept()
        self.reasoned.emit(reason)
