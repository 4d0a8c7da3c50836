"""What a document proposes, one thing at a time: accepted, corrected or refused with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural, raised
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.proposing import Proposal
from qpvdesk.services import documents, proposal_forms, proposals
from qpvdesk.services.documents import Incoming
from qpvdesk.services.editing import FORMS, reading
from qpvdesk.services.proposal_forms import Filled
from qpvdesk.ui.dialogs.entity import EntityDialog, EntitySubject
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import tip, warn
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme


class DocumentProposalsDialog(FormDialog):
    """Enter accepts what is selected, F2 corrects it first, Delete refuses it. Nothing else is written."""

    chapter = "proposer"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        session: Session,
        found: Sequence[Proposal],
        *,
        source: Incoming,
        parent: QWidget | None = None,
    ) -> None:
        """`source`: the document that they come from, cited once the contract holds it."""
        super().__init__("Ce que le document promet", parent)
        self._theme, self._session, self._source = theme, session, source
        self._found = list(found)
        self._count = self.say("", "mention")
        self._list = ItemList("Propositions du document")
        for item in found:
            doubtful = "À vérifier – " if item.doubt else ""
            kind = raised(BY_NAME[item.kind].word)
            self._list.add(f"{doubtful}{kind}\u202f: {proposals.title(item)}", item)
        self._list.currentRowChanged.connect(lambda _: self._show())
        self.column.addWidget(self._list, 1)
        self._meaning = self.say("", "strong")
        self._told = self.say("", "")
        self._passage = self.say("", "")
        self._reason = self.say("", "mention")
        self._trouble = self.trouble()
        self._begin = button("", self._make_partners)
        self._correct = button("Corriger…", self.correct, hint="F2")
        self._refuse = button("Refuser", self.leave_out, hint="Suppr")
        self._accept = self.foot(
            "Accepter", self.take, self._begin, self._correct, self._refuse, leave="Fermer"
        )
        self.fit(theme.px(820), theme.px(640))
        self._list.setCurrentRow(0)
        self._show()
        self._list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Correct on F2, refuse on Delete; Enter is that of the button."""
        acts_by_key = {Qt.Key.Key_F2: self.correct, Qt.Key.Key_Delete: self.leave_out}
        act = acts_by_key.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def take(self) -> None:
        """Write what is selected as it is proposed; where something is to be chosen or corrected first, open its form."""
        item = self._current()
        if item is None:
            return
        dossier, form = self._dossier(), self._form(item)
        if form.astray or proposal_forms.read(dossier, item.kind, form.typed, form).faults:
            self.correct()
        else:
            self._write(item, form.typed, lambda: None, self._tell)

    def correct(self) -> None:
        """Open the form of what is selected, filled with what is proposed, the hand in the first field to choose."""
        item = self._current()
        if item is None:
            return
        dossier, kind, form = self._dossier(), item.kind, self._form(item)
        dialog = EntityDialog(
            self._theme,
            EntitySubject(
                FORMS[kind],
                dossier,
                form.typed,
                lambda now: proposal_forms.read(dossier, kind, now, form),
                today=lambda: self._session.today,
                new=form.key is None,
                asked=form.asked,
            ),
            title=FORMS[kind].new_title if form.key is None else FORMS[kind].edit_title,
            parent=self,
        )
        dialog.submitted.connect(lambda now: self._write(item, now, dialog.accept, dialog.refuse))
        dialog.open()
        faults = proposal_forms.read(dossier, kind, form.typed, form).faults
        wanted = [field.name for field in FORMS[kind].fields if field.name in (*form.astray, *faults)]
        if wanted:
            dialog.begin_at(wanted[0])

    def leave_out(self) -> None:
        """Refuse what is selected: it is written nowhere."""
        if self._current() is not None:
            self._drop(self._list.currentRow())

    def _write(
        self,
        item: Proposal,
        typed: Mapping[str, str],
        done: Callable[[], object],
        refuse: Callable[[UserError], None],
    ) -> None:
        contract, kind, form = self._session.contract, item.kind, self._form(item)
        # What no field of the form shows goes along: the objective that this one is a part of.
        told, key = {**form.typed, **typed}, form.key
        self._accept.setEnabled(False)

        def written(_: object) -> None:
            done()
            self._drop(self._found.index(item))

        def refused(error: UserError) -> None:
            self._accept.setEnabled(True)
            refuse(error)

        self._session.change(
            "Proposition acceptée",
            lambda desk: proposals.accept(desk, contract, kind, typed=told, key=key),
            self.while_open(written),
            self.while_open(refused),
            faults=True,
        )

    def _make_partners(self) -> None:
        contract, found, source = self._session.contract, tuple(self._found), self._source
        self._session.change(
            "Partenaires du document",
            lambda desk: proposals.begin(desk, contract, found, source),
            self.while_open(lambda _: self._show()),
            self.while_open(self._tell),
        )

    def _drop(self, row: int) -> None:
        del self._found[row]
        self._list.takeItem(row)
        self._show()

    def _current(self) -> Proposal | None:
        row = self._list.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _form(self, item: Proposal) -> Filled:
        dossier = self._dossier()
        return proposal_forms.filled(dossier, item, documents.source_of(dossier, self._source))

    def _dossier(self) -> Dossier:
        picture = self._session.picture
        assert picture is not None
        return picture.situation.dossier

    def _tell(self, error: UserError) -> None:
        warn(self._trouble, str(error))

    def _show(self) -> None:
        item, dossier = self._current(), self._dossier()
        things = proposals.lacking(dossier, self._found)
        unread = not documents.source_of(dossier, self._source)
        self._begin.setText(proposals.lacking_words(*(len(kind) for kind in things), document=unread))
        tip(self._begin, "\n".join(item.name for kind in things for item in kind))
        self._begin.setVisible(unread or any(things))
        self._trouble.hide()
        for answer_button in (self._accept, self._correct, self._refuse):
            answer_button.setEnabled(item is not None)
        left = plural(len(self._found), "proposition à lire", "propositions à lire")
        self._count.setText(
            f"{left}. Entrée accepte, F2 corrige, Suppr refuse\u202f: rien d’autre n’est écrit."
        )
        if item is None:
            for words in (self._meaning, self._told, self._passage, self._reason):
                words.setText("")
            return
        form = self._form(item)
        draft = proposal_forms.read(dossier, item.kind, form.typed, form)
        labels = {field.name: field.label.replace("&", "") for field in FORMS[item.kind].fields}
        told = (
            f"{labels.get(name, name)}\u202f: {words}"
            for name, words in draft.faults.items()
            if name not in form.asked
        )
        self._meaning.setText(reading.sentence(draft, dossier) or next(told, ""))
        self._told.setText(proposal_forms.told(dossier, item, form))
        self._passage.setText(f"Page {item.page}\u202f: «\u202f{item.passage}\u202f»")
        self._reason.setText(" ".join(filter(None, (item.reason, item.doubt))))
