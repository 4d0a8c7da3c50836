"""Documents: the source documents read, what was drawn from each passage, and words looked for in all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain.french import enumerate_words, format_date, plural
from qpvdesk.domain.model import Document
from qpvdesk.domain.passages import Hit, SourceText, Span
from qpvdesk.services import documents
from qpvdesk.services.documents import BUDGET, Drawn, Found, Reading
from qpvdesk.ui.dialogs.attachments import weight
from qpvdesk.ui.jobs import Job
from qpvdesk.ui.joining import Joining
from qpvdesk.ui.kit.master_detail import fill_page, side_by_side
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import tip, tip_item
from qpvdesk.ui.notify import CANCEL, Choice, Gravity, Notice, Notifier
from qpvdesk.ui.pages.page import Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.passage_view import PassageView

_DATA = int(Qt.ItemDataRole.UserRole)
_REST_MS = 250
_AROUND = 60
"""Letters of a passage shown before the first word found."""
_PAGES = {
    "engagement": "engagements",
    "condition": "engagements",
    "objective": "objectifs",
    "measurement": "objectifs",
    "funding": "moyens",
}
_HERE = 5
"""Things drawn from one passage that are shown; the others are counted."""
_MOST_HITS = 200


class DocumentsPage(Page):
    """The documents or what was found at the left, the text in the middle, what was drawn from it at the right."""

    kinds = frozenset(
        {
            "contract",
            "document",
            "attachment",
            "engagement",
            "condition",
            "objective",
            "measurement",
            "funding",
            "statement",
            "legal_reference",
        }
    )
    word = "documents"
    title = "Documents"

    def __init__(
        self,
        theme: Theme,
        session: Session,
        notifier: Notifier,
        joining: Joining,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._session, self._notifier, self._joining = theme, session, notifier, joining
        self._picture: Picture | None = None
        self._reading: Reading | None = None
        self._document = ""
        self._wanted: tuple[str, str, Span | None] = ("", "", None)
        """What is to be brought into view once the document is read: the key of what cites, its mark; or a place."""
        self._job: Job | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._search)
        panes = (self._make_left(), 270, 2), (self._make_middle(), 560, 5), (self._make_right(), 320, 3)
        fill_page(self, side_by_side(theme, *panes))

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; the document stays."""
        self._picture = picture
        dossier = picture.situation.dossier
        shown = not picture.projected
        for button in (self._add, self._give, self._make_engagement, self._make_objective, self._release):
            button.setVisible(shown)
            button.setEnabled(picture.editable)
        self._allow()
        self._mention.setText(plural(len(dossier.documents), "document", "documents"))
        kept = self._document
        self._list.blockSignals(True)
        self._list.clear()
        for one in dossier.documents:
            files = dossier.joined(one.key)
            said = f"{weight(files[0].size)}" if files else "Pas encore de fichier"
            day = f", {format_date(one.issued_on)}" if one.issued_on else ""
            item = QListWidgetItem(f"{one.title}\n{said}{day}")
            item.setData(_DATA, one.key)
            tip_item(item, one.note or one.title)
            self._list.addItem(item)
        self._list.blockSignals(False)
        keys = [one.key for one in dossier.documents]
        if not keys:
            self._document = ""
            self._show_nothing()
            return
        self._open(kept if kept in keys else keys[0], again=True)
        if self._text.text().strip():
            self._search()

    def arrive(self, place: Place) -> None:
        """Show the document of the place (its code) and what `de` names."""
        if self._picture is not None and place.focus:
            for one in self._picture.situation.dossier.documents:
                if one.code == place.focus:
                    asked = dict(place.filters)
                    self._wanted = (asked.get("de", ""), asked.get("repere", ""), None)
                    self._open(one.key, again=bool(asked))
        self._text.setFocus()

    def place(self) -> Place:
        """Return the document shown."""
        if self._picture is None or not self._document:
            return Place(self.word)
        documents = self._picture.situation.dossier.documents
        code = next((one.code for one in documents if one.key == self._document), "")
        return Place(self.word, code)

    # What is seen

    def _make_left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 12)
        column.setSpacing(8)
        head, self._mention = page_head(self.title)
        column.addLayout(head)
        self._text = QLineEdit()
        self._text.setPlaceholderText("Chercher dans les documents")
        self._text.setAccessibleName("Chercher dans les documents")
        tip(self._text, "Tous les mots dans le même passage\u202f; entre guillemets, l’expression entière")
        self._text.setClearButtonEnabled(True)
        self._text.textChanged.connect(lambda _: self._rest.start())
        self._text.returnPressed.connect(self._search)
        column.addWidget(self._text)
        self._lists = QStackedWidget()
        self._list = ItemList("Documents sources", wrapped=True)
        self._list.currentItemChanged.connect(lambda item, _: self._open_item(item))
        self._lists.addWidget(self._list)
        self._hits = ItemList("Passages trouvés", wrapped=True)
        self._hits.currentItemChanged.connect(lambda item, _: self._show_hit(item))
        self._lists.addWidget(self._hits)
        self._no_hit = EmptyState(
            "Aucun passage", "Tous les mots doivent se trouver dans le même passage\u202f: essayez-en moins."
        )
        self._lists.addWidget(self._no_hit)
        column.addWidget(self._lists, 1)
        self._add = QPushButton("Ajouter un document…")
        tip(self._add, "Un PDF ou un texte, lu et gardé dans la base")
        self._add.clicked.connect(self._joining.add_document)
        column.addWidget(self._add)
        self._room = label("", "mention", wrap=True)
        self._release = QPushButton("Libérer la place")
        self._release.setProperty("role", "quiet")
        tip(self._release, "Retirer pour de bon les fichiers qui ne sont plus joints à rien")
        self._release.clicked.connect(self._ask_release)
        column.addWidget(self._room)
        column.addWidget(self._release)
        return left

    def _make_middle(self) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(8, 4, 8, 12)
        column.setSpacing(6)
        self._where = label("", "mention", wrap=True)
        self._where.setAccessibleName("Où l’on est dans le document")
        column.addWidget(self._where)
        self._view = PassageView(self._theme)
        self._view.place_changed.connect(self._moved)
        self._view.selectionChanged.connect(self._allow)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._view)
        self._none = EmptyState(
            "Ce document n’a pas encore son texte",
            "Donnez-lui son fichier (PDF ou texte)\u202f: chaque citation du contrat mènera à son passage.",
            "Choisir le fichier…",
        )
        self._none.asked.connect(lambda: self._joining.give_file(self._document))
        self._stack.addWidget(self._none)
        column.addWidget(self._stack, 1)
        row = Flow(6)
        self._make_engagement = QPushButton("Créer un engagement…")
        self._make_objective = QPushButton("Créer un objectif…")
        self._give = QPushButton("Changer le fichier…")
        for button, words in (
            (self._make_engagement, "engagement"),
            (self._make_objective, "objectif"),
        ):
            tip(button, f"Sélectionnez un passage\u202f: il devient la source du nouvel {words}")
        self._make_engagement.clicked.connect(lambda: self._make("engagement"))
        self._make_objective.clicked.connect(lambda: self._make("objective"))
        self._give.setProperty("role", "quiet")
        self._give.clicked.connect(lambda: self._joining.give_file(self._document))
        for button in (self._make_engagement, self._make_objective, self._give):
            row.addWidget(button)
        column.addLayout(row)
        return middle

    def _make_right(self) -> QFrame:
        panel = QFrame()
        panel.setProperty("role", "panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(14, 12, 12, 12)
        column.setSpacing(6)
        column.addWidget(label("Tiré de ce passage", "subheading"))
        self._here = QVBoxLayout()
        self._here.setSpacing(2)
        column.addLayout(self._here)
        self._all_words = label("", "subheading", wrap=True)
        column.addWidget(self._all_words)
        self._all = ItemList("Tout ce qui est tiré de ce document")
        self._all.setUniformItemSizes(True)
        self._all.currentItemChanged.connect(lambda item, _: self._show_drawn(item))
        self._all.itemActivated.connect(lambda item: self._go_to(item.data(_DATA)))
        column.addWidget(self._all, 1)
        column.addWidget(label("Entrée ouvre la fiche de la ligne choisie.", "mention", wrap=True))
        return panel

    # What is read

    def _open_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._open(str(item.data(_DATA)))

    def _open(self, document: str, *, again: bool = False) -> None:
        if document == self._document and not again:
            return
        other = document != self._document
        self._document = document
        for place in range(self._list.count()):
            if self._list.item(place).data(_DATA) == document:
                self._list.blockSignals(True)
                self._list.setCurrentRow(place)
                self._list.blockSignals(False)
        if other:
            self._reading = None
            self._where.setText("Lecture du document…")
        picture = self._picture
        if picture is None:
            return
        contract = picture.contract.code
        if self._job is not None:
            self._job.cancel()
        self._job = self._session.read(
            "Lecture du document",
            lambda desk, _: (documents.reading(desk, contract, document), documents.size(desk)),
            lambda read: self._show_reading(*read),
        )

    def _show_reading(self, reading: Reading, size: int) -> None:
        if reading.document.key != self._document:
            return
        self._reading = reading
        self._room.setText(f"Fichiers joints\u202f: {weight(size)} sur {weight(BUDGET)}")
        self._room.setVisible(size > 0)
        self._release.setVisible(size > 0 and self._picture is not None and not self._picture.projected)
        self._stack.setCurrentIndex(0 if reading.source is not None else 1)
        self._none.say(
            "Ce document n’a pas encore son texte"
            if reading.attachment is None
            else "Aucun texte dans ce fichier",
            "Donnez-lui son fichier (PDF ou texte)\u202f: chaque citation du contrat mènera à son passage."
            if reading.attachment is None
            else "Ses pages sont sans doute des images. Donnez-lui une version dont le texte se sélectionne.",
        )
        self._give.setVisible(reading.source is not None and self._add.isVisibleTo(self))
        self._fill_drawn(reading)
        if reading.source is None:
            self._where.setText(reading.document.title)
            clear(self._here)
            return
        self._view.show_source(reading.source, [one.span for one in reading.drawn if one.span is not None])
        key, mark, span = self._wanted
        self._wanted = ("", "", None)
        if key or mark:
            cited = [one.span for one in reading.drawn if one.key == key]
            span = next(iter(cited or reading.source.find(mark)), None)
            if span is None:
                self._where.setText(
                    "Ce passage ne se retrouve pas dans le texte\u202f: vérifiez le repère de la citation."
                )
                return
        if span is not None:
            self._view.bring(span)
        self._moved(self._view.at())
        self._allow()

    def _fill_drawn(self, reading: Reading) -> None:
        lost = sum(one.span is None for one in reading.drawn)
        words = f"Tout ce qui en est tiré ({len(reading.drawn)})"
        if lost and reading.source is not None:
            words += f"\u202f; {plural(lost, 'passage introuvable', 'passages introuvables')}"
        self._all_words.setText(words)
        self._all.blockSignals(True)
        self._all.clear()
        for one in reading.drawn:
            mark = "" if one.span is not None or reading.source is None else "? "
            item = QListWidgetItem(f"{mark}{one.code}  {one.label}".strip())
            item.setData(_DATA, one)
            tip_item(item, f"{one.label}\n{one.citation.section}\n«\u202f{one.citation.mark}\u202f»")
            self._all.addItem(item)
        self._all.blockSignals(False)

    def _moved(self, at: int) -> None:
        reading = self._reading
        if reading is None or reading.source is None:
            return
        source = reading.source
        said = [reading.document.title]
        if source.pages > 1:
            said.append(f"page {source.page_at(at)} sur {source.pages}")
        heading = source.heading_at(at)
        if heading:
            said.append(heading)
        self._where.setText(" · ".join(said))
        self._show_here(reading, source, at)

    def _show_here(self, reading: Reading, source: SourceText, at: int) -> None:
        passage = source.paragraph_at(at)
        here = [one for one in reading.drawn if one.span is not None and passage.holds(one.span.start)]
        clear(self._here)
        for one in here[:_HERE]:
            line = LineButton(self._theme, one.code, one.label, None)
            line.setEnabled(one.kind in _PAGES)
            line.clicked.connect(lambda _=False, one=one: self._go_to(one))
            self._here.addWidget(line)
        if len(here) > _HERE:
            rest = [one.code for one in here[_HERE:] if one.code]
            self._here.addWidget(label(f"et {enumerate_words(rest, 6)}", "mention", wrap=True))
        if not here:
            self._here.addWidget(
                label(
                    "Rien encore. Sélectionnez-le pour en faire la source d’un engagement.",
                    "mention",
                    wrap=True,
                )
            )

    def _show_nothing(self) -> None:
        self._reading = None
        self._where.setText("")
        self._all.clear()
        self._all_words.setText("")
        clear(self._here)
        self._stack.setCurrentIndex(1)
        self._none.say(
            "Aucun document source",
            "Ajoutez le contrat signé ou ses annexes\u202f: PDF dont le texte se sélectionne, ou texte.",
        )

    # What is looked for

    def _search(self) -> None:
        self._rest.stop()
        query = self._text.text().strip()
        picture = self._picture
        if picture is None or len(query) < 2:
            self._lists.setCurrentIndex(0)
            self._view.mark_found(())
            return
        contract = picture.contract.code
        self._session.read(
            "Recherche dans les documents",
            lambda desk, stop: documents.search(desk, contract, query, stop),
            lambda found: self._show_found(query, found),
        )

    def _show_found(self, query: str, found: Sequence[Found]) -> None:
        if query != self._text.text().strip():
            return
        self._hits.blockSignals(True)
        self._hits.clear()
        for one in found:
            for hit in one.hits[: _MOST_HITS - self._hits.count()]:
                item = QListWidgetItem(_excerpt(one.document, one.source, hit, several=len(found) > 1))
                item.setData(_DATA, (one.document.key, hit))
                item.setSizeHint(QSize(0, self._theme.px(70)))
                self._hits.addItem(item)
        self._hits.blockSignals(False)
        self._lists.setCurrentIndex(1 if self._hits.count() else 2)
        shown = [
            span
            for one in found
            if one.document.key == self._document
            for hit in one.hits
            for span in hit.found
        ]
        self._view.mark_found(shown)
        self._mention.setText(plural(sum(len(one.hits) for one in found), "passage", "passages"))

    def _show_hit(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        document, hit = item.data(_DATA)
        if document == self._document and self._reading is not None:
            self._view.bring(hit.paragraph)
        else:
            self._wanted = ("", "", hit.paragraph)
            self._open(document)
        self._view.mark_found(hit.found)

    def _show_drawn(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        one: Drawn = item.data(_DATA)
        if one.span is not None:
            self._view.bring(one.span)

    def _go_to(self, one: Drawn) -> None:
        if one.kind in _PAGES and one.code:
            self.go(_PAGES[one.kind], one.code)

    # What is made of it

    def _allow(self) -> None:
        read = self._reading is not None and self._reading.source is not None
        chosen = read and self._view.selected() is not None
        editable = self._picture is not None and self._picture.editable
        self._make_engagement.setEnabled(chosen and editable)
        self._make_objective.setEnabled(chosen and editable)

    def _make(self, kind: str) -> None:
        reading, span = self._reading, self._view.selected()
        if reading is None or reading.source is None or span is None:
            return
        cited = reading.source.citation(reading.document.key, span)
        typed = {
            "citation_document": cited.document,
            "citation_section": cited.section,
            "citation_mark": cited.mark,
        }
        near = [one for one in reading.drawn if one.partner and one.span is not None]
        if near:
            # Whose part of the document it is: that of the citation next to it.
            typed["partner"] = min(
                near, key=lambda one: abs(one.span.start - span.start) if one.span else 0
            ).partner
        self.making.emit(kind, typed)

    def _ask_release(self) -> None:
        answer = self._notifier.ask(
            Notice(
                "Libérer la place",
                "Retirer pour de bon les fichiers qui ne sont plus joints à rien\u202f?",
                "Ceux qui sont joints restent. Annuler le retrait d’une pièce ne la ramènera plus.",
                Gravity.QUESTION,
                (Choice("liberer", "Libérer la place"), CANCEL),
            )
        )
        if answer == "liberer":
            self._session.ask(
                "Place libérée",
                lambda desk: documents.release(desk),
                lambda _: self._open(self._document, again=True),
            )


def _excerpt(document: Document, source: SourceText, hit: Hit, *, several: bool) -> str:
    """The passage around the first word found, under its heading."""
    start = max(hit.paragraph.start, hit.found[0].start - _AROUND)
    words = " ".join(source.text[start : hit.paragraph.end].replace("*", "").split())[:220]
    head = [document.title] if several else []
    if source.pages > 1:
        head.append(f"p.\u00a0{source.page_at(hit.paragraph.start)}")
    heading = source.heading_at(hit.paragraph.start)
    if heading:
        head.append(heading)
    return f"{' · '.join(head)[:80]}\n{'…' if start > hit.paragraph.start else ''}{words}"
