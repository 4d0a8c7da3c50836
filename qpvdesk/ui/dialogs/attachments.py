"""The files joined to one thing: their names and weights, and what can be done with each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QWidget

from qpvdesk.domain.french import format_date, format_size
from qpvdesk.domain.model import Attachment
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session


class AttachmentsDialog(FormDialog):
    """Follows the pictures of the session as long as it is open."""

    join_asked = Signal()
    copy_asked = Signal(object)
    """An `Attachment` to be copied out."""
    leave_asked = Signal(object)
    """An `Attachment` to be taken away."""

    def __init__(self, session: Session, key: str, title: str, parent: QWidget | None = None) -> None:
        """`key`, `title`: of what the files are joined to."""
        super().__init__("Pièces jointes", parent)
        self._key = key
        self._attachments: tuple[Attachment, ...] = ()
        self.setMinimumSize(480, 300)
        self.say(title, "mention")
        self._list = ItemList("Pièces jointes")
        self._list.currentRowChanged.connect(lambda _: self._allow())
        self._list.itemActivated.connect(lambda _: self._with(self.copy_asked))
        self.column.addWidget(self._list, 1)
        self._none = self.say(
            "Aucun fichier n’est joint\u202f: un courrier, un compte rendu, le classeur reçu… Il est gardé dans la base et"
            " la suit dans ses sauvegardes.",
            "mention",
        )
        self._join = button("&Joindre un fichier…", self.join_asked.emit)
        self._copy = button("&Enregistrer une copie…", lambda: self._with(self.copy_asked))
        self._leave = button("&Retirer", lambda: self._with(self.leave_asked))
        self.foot("Fermer", self.accept, self._join, self._copy, self._leave, leave="").setAutoDefault(False)
        session.pictured.connect(self._show)
        if session.picture is not None:
            self._show(session.picture)

    def _show(self, picture: Picture) -> None:
        place = self._list.currentRow()
        self._attachments = picture.situation.dossier.joined(self._key)
        self._editable = picture.editable
        self._list.clear()
        for attachment in self._attachments:
            item = QListWidgetItem(
                f"{attachment.name}\n{format_size(attachment.size)}, joint le {format_date(attachment.added_on)}"
            )
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{attachment.name}, {format_size(attachment.size)}"
            )
            self._list.addItem(item)
        self._list.setVisible(bool(self._attachments))
        self._none.setHidden(bool(self._attachments))
        self._list.setCurrentRow(min(max(0, place), len(self._attachments) - 1))
        self._allow()

    def _allow(self) -> None:
        chosen = 0 <= self._list.currentRow() < len(self._attachments)
        self._copy.setEnabled(chosen)
        self._leave.setEnabled(chosen and self._editable)
        self._join.setEnabled(self._editable)

    def _with(self, signal: object) -> None:
        if 0 <= self._list.currentRow() < len(self._attachments):
            signal.emit(self._attachments[self._list.currentRow()])  # type: ignore[attr-defined]
