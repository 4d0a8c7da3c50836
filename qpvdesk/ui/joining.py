"""Joining files to things: choosing, reading, keeping, copying out, taking away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Attachment
from qpvdesk.services import documents
from qpvdesk.services.documents import Incoming
from qpvdesk.ui.dialogs.attachments import AttachmentsDialog
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.notify import Notifier, refusal
from qpvdesk.ui.session import Session

ANY = "Tous les fichiers (*)"
DOCUMENTS = "Documents (*.pdf *.docx *.odt *.txt);;Tous les fichiers (*)"
_PURPOSE = "pieces"


class Joining:
    """What a window does with files; each refusal is told, and then nothing has changed."""

    def __init__(self, session: Session, notifier: Notifier, folder: Path) -> None:
        self._session, self._notifier = session, notifier
        self._folders = Folders(folder)

    def open_for(self, kind: str, key: str, title: str, over: QWidget) -> None:
        """Open the list of the files joined to a thing."""
        dialog = AttachmentsDialog(self._session, key, title, over)
        dialog.join_asked.connect(lambda: self.join(kind, key))
        dialog.copy_asked.connect(self.copy)
        dialog.leave_asked.connect(self.leave)
        dialog.open()

    def join(self, kind: str, key: str) -> None:
        contract = self._session.contract
        self._choose(
            "Joindre un fichier",
            ANY,
            read=False,
            done=lambda incoming: self._session.change(
                "Pièce jointe", lambda desk: documents.attach(desk, contract, kind, key, incoming=incoming)
            ),
        )

    def add_document(self, path: Path | None = None) -> None:
        """Read a source document and add it to the contract; without a path, the officer chooses it."""
        contract = self._session.contract
        self._choose(
            "Ajouter un document source",
            DOCUMENTS,
            read=True,
            path=path,
            done=lambda incoming: self._session.change(
                "Document source", lambda desk: documents.add_document(desk, contract, incoming)
            ),
        )

    def give_file(self, document: str, path: Path | None = None) -> None:
        """Give a source document its file, in the place of the one it may have; without a path, the officer chooses it."""
        contract = self._session.contract
        self._choose(
            "Fichier du document",
            DOCUMENTS,
            read=True,
            path=path,
            done=lambda incoming: self._session.change(
                "Fichier du document", lambda desk: documents.replace(desk, contract, document, incoming)
            ),
        )

    def copy(self, attachment: Attachment) -> None:
        """Choose where a copy of a file goes, and write it."""
        ending = Path(attachment.name).suffix
        target = self._notifier.save_path(
            "Enregistrer une copie",
            self._folders.suggestion(_PURPOSE, attachment.name),
            f"Fichier (*{ending})" if ending[1:].isalnum() else ANY,
        )
        if target is not None:
            self._folders.keep(_PURPOSE, target)
            self._session.read(
                "Copie d’une pièce jointe",
                lambda desk, _: documents.save_copy(desk, attachment, target),
                self._session.copied.emit,
            )

    def leave(self, attachment: Attachment) -> None:
        """Take a file away from what it is joined to; it can be undone."""
        contract, key = self._session.contract, attachment.key
        self._session.change("Pièce jointe retirée", lambda desk: documents.detach(desk, contract, key))

    def near(self) -> tuple[Path, ...]:
        """Return the folders where the files of the officer are likely to be, the last one used first."""
        home = Path.home()
        likely = (
            self._folders.of(_PURPOSE),
            home / "Documents",
            home / "Téléchargements",
            home / "Downloads",
        )
        return tuple(dict.fromkeys(folder for folder in likely if folder.is_dir()))

    def _choose(
        self,
        title: str,
        kinds: str,
        *,
        read: bool,
        done: Callable[[Incoming], None],
        path: Path | None = None,
    ) -> None:
        path = path or self._notifier.open_path(title, self._folders.of(_PURPOSE), kinds)
        if path is None:
            return
        self._folders.keep(_PURPOSE, path)

        def refuse(error: UserError) -> None:
            self._notifier.ask(refusal(title, error))

        self._session.read(
            title, lambda _, stop: documents.take_in(path, read=read, cancelled=stop), done, refuse
        )
