"""« Échanges »: send a workbook to a partner, export, and take figures back, previewed before anything is written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.domain.french import plural
from qpvdesk.services.contracts.contract_preview import ContractDraft
from qpvdesk.services.contracts.marked_book import write_marked
from qpvdesk.services.figures.imports import Plan, ReadBook
from qpvdesk.services.figures.refused_book import write_refused
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.kit.controls import button, typed_in
from qpvdesk.ui.kit.tips import tell, tip
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, fill, in_row, stacked
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.pages.exchange_in import IncomingPane
from qpvdesk.ui.pages.exchange_out import BOOKS, OutgoingPane
from qpvdesk.ui.pages.page import Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme

_LOW = 600
"""Below this height, at a zoom of 100 %, a file in hand takes the place of the head of the page."""
_MARGIN, _LOW_MARGIN = ROOM, GAP
_READ = "Tableaux et contrats (*.xlsx *.xlsm *.xls *.ods *.csv *.txt *.tsv *.json);;Tous les fichiers (*)"


class ExchangePage(Page):
    """What goes out at the left, what comes in at the right."""

    previewed = Signal()
    """What a file would change is shown, or why it cannot be told."""
    exported = Signal(object)
    """The `Path` of a file that was written."""

    word = "echanges"
    title = "Échanges"

    def __init__(self, theme: Theme, session: Session, notifier: Notifier, folder: Path) -> None:
        super().__init__()
        self._notifier, self._session = notifier, session
        self._folders = Folders(folder)
        self._theme, self._filled = theme, False
        outer = self._outer = stacked(on=self, spacing=GAP, margins=(EDGE, _MARGIN, EDGE, _MARGIN))
        head, self._mention = page_head(self.title)
        self._head = QWidget()
        self._head.setLayout(head)
        self._open = button("Importer un fichier…", self.choose, role="primary")
        head.addWidget(self._open)
        outer.addWidget(self._head)
        body = in_row(spacing=ROOM)
        self.outgoing = OutgoingPane(theme, session, notifier, self._folders)
        self.outgoing.exported.connect(self._tell_export)
        # It scrolls within itself.
        self.outgoing.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._incoming = IncomingPane(theme, session, notifier)
        self._incoming.file_asked.connect(self.choose)
        self._incoming.previewed.connect(self.previewed)
        self._incoming.refused_asked.connect(self._send_back)
        self._incoming.told.connect(self._mention.setText)
        self._incoming.filled.connect(self._fill)
        fill(body, self.outgoing, (self._incoming, 1))
        outer.addLayout(body, 1)
        self.file_given.connect(self.read)
        theme.changed.connect(self._fold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window, a file in hand has all of it."""
        super().resizeEvent(event)
        self._fold()

    def _fill(self, filled: bool) -> None:
        self._filled = filled
        self.outgoing.setHidden(filled)
        self._fold()

    def _fold(self) -> None:
        low = self.height() < self._theme.px(_LOW)
        self._head.setHidden(low and self._filled)
        margin = _LOW_MARGIN if low and self._filled else _MARGIN
        self._outer.setContentsMargins(EDGE, margin, EDGE, margin)
        self._incoming.set_low(low)

    def show_picture(self, picture: Picture) -> None:
        """Take the partners of the contract; reckon again what the file in hand would change."""
        self.outgoing.show_picture(picture)
        self._open.setEnabled(picture.editable)
        self._incoming.show_picture(picture)

    def arrive(self, place: Place) -> None:
        """Choose the partner whose code is the focus."""
        if place.focus:
            self.outgoing.choose_partner(place.focus)
        self._open.setFocus()

    def choose(self) -> None:
        path = self._notifier.open_path("Importer un fichier", self._folders.of("echanges"), _READ)
        if path is not None:
            self._folders.keep("echanges", path)
            self.read(path)

    def read(self, path: Path, book: ReadBook | None = None) -> None:
        """Show what a file would change, read in a process of its own where it was not yet."""
        self._incoming.read(path, book)

    def typed(self) -> list[tuple[str, str]]:
        """What was typed for a file that is no longer in hand is of no more use."""
        shown = self._incoming.currentWidget()
        return typed_in(shown) if shown is not None else []

    def leave(self) -> None:
        """Give up the reading under way."""
        self._incoming.leave()

    def _send_back(self, read: Plan | ContractDraft) -> None:
        """Save what of a file is not taken, for whoever filled it in: its lines, or the workbook with its cells marked."""
        lines = isinstance(read, Plan)
        title = "Lignes à renvoyer" if lines else "Copie à corriger"
        stem = f"{Path(read.file).stem}-{'a-renvoyer' if lines else 'a-corriger'}"
        path = self._notifier.save_path(title, self._folders.suggestion("echanges", f"{stem}.xlsx"), BOOKS)
        if path is None:
            return
        self._folders.keep("echanges", path)
        self._session.read(
            title,
            lambda *_: (
                plural(write_refused(read, path), "ligne", "lignes")
                if isinstance(read, Plan)
                else plural(write_marked(read, path), "case marquée", "cases marquées")
            ),
            lambda extent: self._tell_export(path, extent),
        )

    def _tell_export(self, path: Path, extent: str) -> None:
        tell(self._mention, f"Écrit\u202f: {path.name} ({extent})")
        tip(self._mention, str(path))
        self.exported.emit(path)
