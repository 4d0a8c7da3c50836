"""A file dropped anywhere on the window: what it is, the page where it belongs, its preview there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QDropEvent

from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.services.nearby import DOCUMENT_SUFFIXES
from qpvdesk.ui.dialog_host import DialogHost
from qpvdesk.ui.joining import Joining
from qpvdesk.ui.navigator import Navigator
from qpvdesk.ui.notify import CANCEL, Choice, Gravity, Notice, Notifier
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.session import Session

if TYPE_CHECKING:
    from qpvdesk.services.figures.imports import ReadBook

_OUTLINES = ".geojson"
_PACKAGE = ".paquet"
_BASE = ".db"
_TABLES = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv"})
_OFFERED_MAX = 4
"""Documents without a file that a new file is offered to."""


class Arriving:
    """Hears what is dropped on a window, whichever its page; nothing is written before its preview was seen."""

    def __init__(
        self,
        *,
        session: Session,
        notifier: Notifier,
        navigator: Navigator,
        dialogs: DialogHost,
        open_base: Callable[[Path], object],
    ) -> None:
        self._session, self._notifier, self._navigator = session, notifier, navigator
        self._dialogs, self._open_base = dialogs, open_base

    def hear(self, event: QEvent) -> bool:
        """Take one file; what else is dragged is not for the window. Tell whether it was."""
        paths = _files_in(event) if isinstance(event, QDropEvent) else []
        picture = self._session.picture
        if not paths or picture is None or picture.projected or not isinstance(event, QDropEvent):
            return False
        event.acceptProposedAction()
        if event.type() is QEvent.Type.Drop and len(paths) == 1:
            self.take(paths[0])
        elif event.type() is QEvent.Type.Drop:
            self._session.refused.emit(
                "Fichiers déposés",
                UserError(
                    f"Un seul fichier se dépose à la fois\u202f: aucun des {len(paths)} n’a été lu.",
                    "Déposez-les l’un après l’autre.",
                ),
            )
        return True

    def take(self, path: Path) -> None:
        """Open the page where a file belongs, with what it would bring."""
        picture, suffix = self._session.picture, path.suffix.lower()
        if picture is None:
            return
        if suffix == _BASE:
            self._open_base(path)
        elif not picture.editable:
            self._session.refused.emit(
                "Fichier déposé", UserError("Cette base est en lecture seule.", "Rien n’y est importé.")
            )
        elif suffix == _PACKAGE:
            self._dialogs.open_colleagues().receive(path)
        elif suffix in DOCUMENT_SUFFIXES:
            self._take_document(path)
        elif suffix == _OUTLINES:
            self._give("territoires", path)
        elif suffix in _TABLES:
            self._take_table(path)
        else:
            self._give("echanges", path)

    def _take_table(self, path: Path) -> None:
        from qpvdesk.services.figures import imports  # noqa: PLC0415 - 95 ms, whoever imports alone needs it
        from qpvdesk.services.territories import official  # noqa: PLC0415 - 95 ms, whoever imports alone needs it

        def read(stop: Callable[[], bool]) -> tuple[str, ReadBook]:
            book = imports.read(path, cancelled=stop)
            return "territoires" if official.lists_places(book) else "echanges", book

        def take(found: tuple[str, ReadBook]) -> None:
            word, book = found
            self._give(word, path, book)

        self._session.read(
            "Lecture du fichier",
            lambda _, stop: read(stop),
            take,
            # The page of the figures says what is wrong with a table that cannot be read.
            lambda _: self._give("echanges", path),
        )

    def _give(self, word: str, path: Path, book: ReadBook | None = None) -> None:
        """Open a page with a file, and with what was read of it already."""
        self._navigator.go(Address(word))
        page = self._navigator.current
        assert page is not None
        page.file_given.emit(path, book)

    def _take_document(self, path: Path) -> None:
        """A document that waits for its file, or a new one: only the officer knows."""
        picture = self._session.picture
        assert picture is not None
        dossier = picture.situation.dossier
        bare = [document for document in dossier.documents if not dossier.joined(document.key)]
        choices = [
            Choice(document.key, f"Le texte de «\u202f{document.title}\u202f»")
            for document in bare[:_OFFERED_MAX]
        ]
        self._navigator.go(Address("documents"))
        answer = self._notifier.ask(
            Notice(
                "Document déposé",
                f"Qu’est-ce que «\u202f{file_names.shown(path.name)}\u202f»\u202f?",
                "Le fichier est lu et gardé dans la base\u202f; l’annulation le retire.",
                Gravity.QUESTION,
                (*choices, Choice("nouveau", "Un nouveau document source"), CANCEL),
            )
        )
        joining = Joining(self._session, self._notifier, self._dialogs.folder)
        if answer == "nouveau":
            joining.add_document(path)
        elif answer in {document.key for document in bare}:
            joining.give_file(answer, path)


def _files_in(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
