"""Documents: the source documents read, what was drawn from each passage, and words looked for in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from qpvdesk.domain import file_names
from qpvdesk.domain.passages import Hit, Span
from qpvdesk.services import documents
from qpvdesk.services.desk import Desk
from qpvdesk.services.documents import FoundPassages, Reading
from qpvdesk.services.nearby import file_of
from qpvdesk.ui.jobs import Job
from qpvdesk.ui.joining import Joining
from qpvdesk.ui.kit.controls import button, leaves, literal
from qpvdesk.ui.kit.master_detail import fill_page, side_by_side
from qpvdesk.ui.kit.tips import restyle
from qpvdesk.ui.kit.tokens import GAP, ROOM, SNUG, TIGHT, fill, stacked
from qpvdesk.ui.notify import CANCEL, Choice, Gravity, Notice, Notifier
from qpvdesk.ui.pages.document_drawn import DrawnPane
from qpvdesk.ui.pages.document_shelf import DocumentShelf
from qpvdesk.ui.pages.page import Address, Page, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.passage_view import PassageView


def _offer_words(found: Path) -> str:
    name, beside = file_names.shown(found.name), file_names.shown(found.parent.name)
    return literal(f"Joindre «\u202f{name}\u202f» (dossier {beside})")


def _read(desk: Desk, contract: str, document: str, near: Sequence[Path]) -> tuple[Reading, int, Path | None]:
    """Return a document as it can be read, the room that files take, and the file that looks like it where it has none."""
    reading = documents.reading(desk, contract, document)
    lacking = reading.attachment is None
    found = file_of(desk.dossier(contract), reading.document, near) if lacking else None
    return reading, documents.size(desk), found


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

    def __init__(self, theme: Theme, session: Session, notifier: Notifier, joining: Joining) -> None:
        super().__init__()
        self._theme, self._session, self._notifier, self._joining = theme, session, notifier, joining
        self._picture: Picture | None = None
        self._reading: Reading | None = None
        self._document = ""
        self._wanted: tuple[str, str, Span | None] = ("", "", None)
        """What is to be brought into view once the document is read: the key of what cites, its mark; or a place."""
        self._job: Job | None = None
        head, mention = page_head(self.title)
        self._shelf = DocumentShelf(theme, mention)
        self._shelf.opened.connect(self._open)
        self._shelf.hit_chosen.connect(self._show_hit)
        self._shelf.query_said.connect(self._search)
        self._shelf.adding.connect(joining.add_document)
        self._shelf.changing.connect(lambda: self.changing.emit("document", [self._document]))
        self._shelf.removing.connect(lambda: self.removing.emit("document", [self._document]))
        self._shelf.releasing.connect(self._ask_release)
        self._drawn = DrawnPane(theme)
        self._drawn.address_asked.connect(self.going)
        panes = (self._shelf, 270, 2), (self._make_middle(), 560, 5), (self._drawn, 320, 3)
        self._drawn.shown.connect(self._view.bring)
        whole = QWidget()
        stacked(head, (side_by_side(theme, *panes), 1), on=whole)
        fill_page(self, whole)

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; the document stays."""
        self._picture = picture
        for act in (self._give, self._make_engagement, self._make_objective):
            act.setVisible(not picture.projected)
            act.setEnabled(picture.editable)
        self._allow()
        self._shelf.show_picture(picture)
        keys = [document.key for document in picture.situation.dossier.documents]
        if not keys:
            self._document = ""
            self._show_nothing()
            return
        self._open(self._document if self._document in keys else keys[0], again=True)
        if self._shelf.query:
            self._shelf.search()

    def arrive(self, address: Address) -> None:
        """Show the document of the place (its code) and what `de` names."""
        if self._picture is not None and address.focus:
            for document in self._picture.situation.dossier.documents:
                if document.code == address.focus:
                    asked = dict(address.filters)
                    self._wanted = (asked.get("de", ""), asked.get("repere", ""), None)
                    self._open(document.key, again=bool(asked))
        self._shelf.setFocus()

    def address(self) -> Address:
        shown = self._picture.situation.dossier.documents if self._picture is not None else ()
        return Address(
            self.word, next((document.code for document in shown if document.key == self._document), "")
        )

    def _make_middle(self) -> QWidget:
        middle = QWidget()
        self._column = column = stacked(on=middle, spacing=SNUG, margins=(GAP, TIGHT, GAP, ROOM))
        self._where = aside("", name="Où l’on est dans le document")
        self._lacking = label("", "banner", wrap=True)
        self._lacking.hide()
        column.addWidget(self._lacking)
        self._view = PassageView(self._theme)
        self._view.place_changed.connect(self._moved)
        self._view.selectionChanged.connect(self._allow)
        self._none = EmptyState(
            "Ce document n’a pas encore son texte",
            "Donnez-lui son fichier (PDF ou texte)\u202f: chaque citation du contrat mènera à son passage.",
            "Choisir le fichier…",
            self._give_text,
        )
        self._found: Path | None = None
        self._offer = button("", lambda: self._joining.give_file(self._document, self._found), role="primary")
        self._offer.hide()
        self._stack = leaves(self._view, self._none)
        row = Flow(6)
        hint = "Sélectionnez un passage\u202f: il devient la source du nouvel {}"
        self._make_engagement = button(
            "Créer un engagement…", lambda: self._make("engagement"), hint=hint.format("engagement")
        )
        self._make_objective = button(
            "Créer un objectif…", lambda: self._make("objective"), hint=hint.format("objectif")
        )
        self._give = button(
            "Changer le fichier…", lambda: self._joining.give_file(self._document), role="quiet"
        )
        for act in (self._offer, self._make_engagement, self._make_objective, self._give):
            row.addWidget(act)
        self._acts = QWidget()
        self._acts.setLayout(row)
        fill(column, self._where, (self._stack, 1), self._acts)
        return middle

    def _give_text(self) -> None:
        """Choose the file of the document shown; where there is none, the file brings it."""
        if self._document:
            self._joining.give_file(self._document)
        else:
            self._joining.add_document()

    # What is read

    def _open(self, document: str, *, again: bool = False) -> None:
        if document == self._document and not again:
            return
        other = document != self._document
        self._document = document
        self._shelf.select(document)
        if other:
            self._reading = None
            self._where.setText("Lecture du document…")
        picture = self._picture
        if picture is None:
            return
        contract, near = picture.contract.code, self._joining.near()
        if self._job is not None:
            self._job.cancel()
        self._job = self._session.read(
            "Lecture du document",
            lambda desk, _: _read(desk, contract, document, near),
            lambda read: self._show_reading(*read),
        )

    def _show_reading(self, reading: Reading, size: int, found: Path | None) -> None:
        if reading.document.key != self._document:
            return
        self._reading = reading
        projected = self._picture is None or self._picture.projected
        self._shelf.show_room(size, shown=not projected)
        self._stack.setCurrentIndex(0 if reading.source is not None else 1)
        self._found = found
        self._offer.setVisible(found is not None and not projected)
        if found is not None:
            self._offer.setText(_offer_words(found))
        quoted = reading.attachment is None and reading.source is not None
        self._lacking.setVisible(quoted)
        # The file that is lacking is joined where it is said to be; what is made of a passage stands under it.
        self._column.insertWidget(1 if quoted else self._column.count() - 1, self._acts)
        self._say_give(quoted=quoted)
        for act in (self._make_engagement, self._make_objective):
            act.setVisible(not (quoted or projected))
        if reading.attachment is None:
            note = f" {reading.document.note}" if reading.document.note else ""
            self._lacking.setText(
                "Le texte de ce document n’est pas joint. Joignez-le, ou déposez-le ici (PDF, Word ou texte)\u202f: chaque"
                " engagement mènera à ses mots."
            )
            self._none.say(
                "Ce document n’a pas encore son texte",
                f"Donnez-lui son fichier (PDF ou texte), ou déposez-le ici\u202f: ses mots se chercheront.{note}",
            )
        else:
            self._none.say(
                "Aucun texte dans ce fichier",
                "Ses pages sont sans doute des images. Donnez-lui une version dont le texte se sélectionne.",
            )
        self._give.setVisible(reading.source is not None and not projected)
        self._drawn.show_reading(reading)
        if reading.source is None:
            self._where.setText(reading.document.title)
            return
        self._view.show_source(
            reading.source,
            [drawn.span for drawn in reading.drawn if drawn.span is not None],
            reading.headings,
        )
        key, mark, span = self._wanted
        self._wanted = ("", "", None)
        if key or mark:
            cited = [drawn.span for drawn in reading.drawn if drawn.key == key]
            span = next(iter(cited or reading.source.find(mark)), None)
            if span is None:
                self._where.setText(
                    "Ce passage ne se retrouve pas dans le texte\u202f: vérifiez le repère de la citation."
                )
                return
        if span is None and not quoted and reading.drawn and not self._view.at():
            # The first passage that something was read in shows what the page is for.
            span = reading.drawn[0].span
        if span is not None:
            self._view.bring(span)
        self._moved(span.start if span is not None else self._view.at())
        self._allow()

    def _say_give(self, *, quoted: bool) -> None:
        """One button says what comes next: the file that was found, else the one to be chosen."""
        if not quoted:
            words = "Changer le fichier…"
        elif self._found is None:
            words = "Joindre le texte…"
        else:
            words = "Choisir un autre fichier…"
        self._give.setText(words)
        restyle(self._give, role="primary" if quoted and self._found is None else "quiet")

    def _moved(self, at: int) -> None:
        reading = self._reading
        if reading is None or reading.source is None:
            return
        source = reading.source
        lacking = reading.attachment is None
        facts = ["Ce qui y a été lu, par partenaire" if lacking else reading.document.title]
        if source.pages > 1:
            facts.append(f"page {source.page_at(at)} sur {source.pages}")
        heading = source.heading_at(at)
        if heading:
            facts.append(heading)
        self._where.setText(" · ".join(facts))
        self._drawn.show_passage(reading, source, at)

    def _show_nothing(self) -> None:
        self._reading = None
        self._where.setText("")
        self._lacking.hide()
        self._drawn.show_reading(None)
        self._stack.setCurrentIndex(1)
        self._offer.hide()
        self._give.hide()
        self._none.say(
            "Aucun document source",
            "Ajoutez le contrat signé, un avenant, une délibération\u202f: PDF dont le texte se sélectionne, ou texte. Un"
            " passage sélectionné y devient la source d’un engagement ou d’un objectif, et chaque promesse mène à ses mots.",
        )

    # What is looked for

    def _search(self, query: str) -> None:
        picture = self._picture
        if picture is None or not query:
            self._view.mark_found(())
            return
        contract = picture.contract.code
        self._session.read(
            "Recherche dans les documents",
            lambda desk, stop: documents.search(desk, contract, query, stop),
            lambda found: self._show_found(query, found),
        )

    def _show_found(self, query: str, found: Sequence[FoundPassages]) -> None:
        if query != self._shelf.query:
            return
        self._shelf.show_found(found)
        here = next((document for document in found if document.document.key == self._document), None)
        self._view.mark_found([span for hit in here.hits for span in hit.found] if here is not None else ())

    def _show_hit(self, document: str, hit: Hit) -> None:
        if document == self._document and self._reading is not None:
            self._view.bring(hit.paragraph)
        else:
            self._wanted = ("", "", hit.paragraph)
            self._open(document)
        self._view.mark_found(hit.found)

    # What is made of it

    def _allow(self) -> None:
        # A passage is chosen in the document itself, not among those that the contract cites already.
        reading = self._reading
        read = reading is not None and reading.attachment is not None and reading.source is not None
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
        near = [(drawn.span, drawn.partner) for drawn in reading.drawn if drawn.partner and drawn.span]
        if near:
            # Whose part of the document it is: that of the citation next to it.
            typed["partner"] = min(near, key=lambda cited: abs(cited[0].start - span.start))[1]
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
