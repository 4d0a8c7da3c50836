"""The left of the page of the documents: the documents of the contract, or the passages where words were found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from qpvdesk.domain.french import format_date, format_size, plural
from qpvdesk.domain.model import Document, Dossier
from qpvdesk.domain.passages import Hit, SourceText
from qpvdesk.services.documents import BUDGET, FoundPassages
from qpvdesk.ui.kit.controls import button, leaves, rest, text_line
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import tell, tip
from qpvdesk.ui.kit.tokens import GAP, ROOM, TIGHT, fill, in_row, stacked
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import aside

_DATA = int(Qt.ItemDataRole.UserRole)
_REST_MS = 250
_LEAD_LETTERS = 60
"""Letters of a passage shown before the first word found."""
_QUERY_LETTERS_MIN = 2
_HITS_MAX = 200


class DocumentShelf(QWidget):
    """A field, and under it one list or the other."""

    opened = Signal(str)
    """Key of the document chosen."""
    hit_chosen = Signal(str, object)
    """Key of a document and the `Hit` to be brought into view."""
    query_said = Signal(str)
    """Words to be looked for; empty where nothing is any more."""
    adding = Signal()
    changing = Signal()
    """The form of the document chosen is to be opened."""
    removing = Signal()
    """The document chosen is to be taken out of the contract."""
    releasing = Signal()
    """The room of what is joined to nothing is to be given back."""

    def __init__(self, theme: Theme, beside: QLabel) -> None:
        """`beside`: says beside the title what the page is for, or how many passages were found."""
        super().__init__()
        self._theme, self._mention = theme, beside
        self._rest = rest(self, _REST_MS, self.search)
        column = stacked(on=self, spacing=GAP, margins=(0, TIGHT, GAP, ROOM))
        self._text = text_line("Chercher dans les documents", "Chercher dans les documents", clear=True)
        tip(self._text, "Tous les mots dans le même passage\u202f; entre guillemets, l’expression entière")
        self._text.textChanged.connect(lambda _: self._rest.start())
        self._text.returnPressed.connect(self.search)
        self.setFocusProxy(self._text)
        column.addWidget(self._text)
        self._list = ItemList("Documents sources", wrapped=True)
        self._list.currentItemChanged.connect(lambda item, _: self._open(item))
        self._hits = ItemList("Passages trouvés", wrapped=True)
        self._hits.currentItemChanged.connect(lambda item, _: self._choose_hit(item))
        nothing = EmptyState(
            "Aucun passage", "Tous les mots doivent se trouver dans le même passage\u202f: essayez-en moins."
        )
        self._lists = leaves(self._list, self._hits, nothing)
        column.addWidget(self._lists, 1)
        self._add = QPushButton("Ajouter un document…")
        tip(self._add, "Un PDF ou un texte, lu et gardé dans la base")
        self._add.clicked.connect(self.adding)
        column.addWidget(self._add)
        self._change = button(
            "Modifier…", self.changing.emit, role="quiet", hint="Son titre, sa date, sa nature"
        )
        self._remove = button("Supprimer", self.removing.emit, role="quiet", hint="L’annulation le ramène")
        column.addLayout(in_row(self._change, self._remove, 1))
        self._room = aside("")
        self._release = QPushButton("Libérer la place")
        self._release.setProperty("role", "quiet")
        tip(self._release, "Retirer pour de bon les fichiers qui ne sont plus joints à rien")
        self._release.clicked.connect(self.releasing)
        fill(column, self._room, self._release)

    @property
    def query(self) -> str:
        """What is typed; empty where it is too short to be looked for."""
        query = self._text.text().strip()
        return query if len(query) >= _QUERY_LETTERS_MIN else ""

    def show_picture(self, picture: Picture) -> None:
        dossier = picture.situation.dossier
        for part in (self._add, self._release, self._change, self._remove):
            part.setVisible(not picture.projected)
            part.setEnabled(picture.editable)
        for part in (self._change, self._remove):
            part.setEnabled(picture.editable and bool(dossier.documents))
        self._mention.setText(
            "Retrouver dans le contrat les mots d’où vient chaque engagement\u202f:"
            f" {plural(len(dossier.documents), 'document', 'documents')}"
        )
        with QSignalBlocker(self._list):
            self._list.clear()
            for document in dossier.documents:
                words = f"{document.title}\n{_told(document, dossier)}"
                self._list.add(words, document.key, hint=document.note or document.title)

    def select(self, document: str) -> None:
        """Select a document, which is shown already."""
        for place in range(self._list.count()):
            if self._list.item(place).data(_DATA) == document:
                with QSignalBlocker(self._list):
                    self._list.setCurrentRow(place)

    def show_room(self, size: int, *, shown: bool) -> None:
        """Say how much room the joined files take; `shown`: whether some of it can be given back."""
        self._room.setText(f"Fichiers joints\u202f: {format_size(size)} sur {format_size(BUDGET)}")
        self._room.setVisible(size > 0)
        self._release.setVisible(size > 0 and shown)

    def search(self) -> None:
        """Have what is typed looked for; show the documents where it is too short."""
        self._rest.stop()
        if not self.query:
            self._lists.setCurrentIndex(0)
        self.query_said.emit(self.query)

    def show_found(self, found: Sequence[FoundPassages]) -> None:
        with QSignalBlocker(self._hits):
            self._hits.clear()
            for document in found:
                for hit in document.hits[: _HITS_MAX - self._hits.count()]:
                    words = _excerpt(document.document, document.source, hit, several=len(found) > 1)
                    item = self._hits.add(words, (document.document.key, hit))
                    item.setSizeHint(QSize(0, self._theme.px(70)))
        self._lists.setCurrentIndex(1 if self._hits.count() else 2)
        tell(self._mention, plural(sum(len(document.hits) for document in found), "passage", "passages"))

    def _open(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.opened.emit(str(item.data(_DATA)))

    def _choose_hit(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.hit_chosen.emit(*item.data(_DATA))


def _told(document: Document, dossier: Dossier) -> str:
    files = dossier.joined(document.key)
    day = f", {format_date(document.issued_on)}" if document.issued_on else ""
    return f"{format_size(files[0].size) if files else 'Texte non joint'}{day}"


def _excerpt(document: Document, source: SourceText, hit: Hit, *, several: bool) -> str:
    """The passage around the first word found, under its heading."""
    start = max(hit.paragraph.start, hit.found[0].start - _LEAD_LETTERS)
    words = " ".join(source.text[start : hit.paragraph.end].replace("*", "").split())[:220]
    head = [document.title] if several else []
    if source.pages > 1:
        head.append(f"p.\u00a0{source.page_at(hit.paragraph.start)}")
    heading = source.heading_at(hit.paragraph.start)
    if heading:
        head.append(heading)
    return f"{' · '.join(head)[:80]}\n{'…' if start > hit.paragraph.start else ''}{words}"
