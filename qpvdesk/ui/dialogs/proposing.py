"""What a document proposes, one thing at a time: accepted, corrected or refused with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.proposing import Proposal
from qpvdesk.services import proposals
from qpvdesk.services.editing import FORMS, acts, reading
from qpvdesk.ui.dialogs.entity import EntityDialog, EntitySubject
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import tip, warn
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme


class ProposingDialog(FormDialog):
    """Enter accepts what is selected, F2 corrects it first, Delete refuses it. Nothing else is written."""

    chapter = "proposer"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        session: Session,
        found: Sequence[Proposal],
        *,
        document: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`document`: key of the document of the contract that they come from; empty where it holds none."""
        super().__init__("Ce que le document promet", parent)
        self._theme, self._session, self._document = theme, session, document
        self._found = list(found)
        self._count = self.say("", "mention")
        self._list = ItemList("Propositions du document")
        for item in found:
            row = QListWidgetItem(f"{BY_NAME[item.kind].french.capitalize()}\u202f: {proposals.title(item)}")
            row.setData(Qt.ItemDataRole.UserRole, item)
            self._list.addItem(row)
        self._list.currentRowChanged.connect(lambda _: self._show())
        self.column.addWidget(self._list, 1)
        self._meaning = self.say("", "strong")
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
        """Write what is selected as it is proposed; where its form would refuse it, open that form."""
        item = self._current()
        if item is None:
            return
        typed = proposals.typed(self._dossier(), item, self._document)
        if reading.read(self._dossier(), item.kind, typed, None).faults:
            self.correct()
        else:
            self._write(item, typed, lambda: None, self._tell)

    def correct(self) -> None:
        """Open the form of what is selected, filled with what is proposed."""
        item = self._current()
        if item is None:
            return
        dossier, kind = self._dossier(), item.kind
        dialog = EntityDialog(
            self._theme,
            EntitySubject(
                FORMS[kind],
                dossier,
                proposals.typed(dossier, item, self._document),
                lambda now: reading.read(dossier, kind, now, None),
                new=True,
            ),
            title=FORMS[kind].new_title,
            parent=self,
        )
        dialog.submitted.connect(lambda now: self._write(item, now, dialog.accept, dialog.refuse))
        dialog.open()

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
        contract, kind = self._session.contract, item.kind
        self._accept.setEnabled(False)

        def written(_: object) -> None:
            done()
            self._drop(self._found.index(item))

        def refused(error: UserError) -> None:
            self._accept.setEnabled(True)
            refuse(error)

        self._session.change(
            "Proposition acceptée",
            lambda desk: acts.save(desk, contract, kind, typed),
            self.while_open(written),
            self.while_open(refused),
        )

    def _make_partners(self) -> None:
        contract, found = self._session.contract, tuple(self._found)
        self._session.change(
            "Partenaires du document",
            lambda desk: proposals.begin(desk, contract, found),
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

    def _dossier(self) -> Dossier:
        picture = self._session.picture
        assert picture is not None
        return picture.situation.dossier

    def _tell(self, error: UserError) -> None:
        warn(self._trouble, str(error))

    def _show(self) -> None:
        item, dossier = self._current(), self._dossier()
        things = proposals.lacking(dossier, self._found)
        self._begin.setText(proposals.lacking_words(*(len(kind) for kind in things)))
        tip(self._begin, "\n".join(item.name for kind in things for item in kind))
        self._begin.setVisible(any(things))
        self._trouble.hide()
        for one in (self._accept, self._correct, self._refuse):
            one.setEnabled(item is not None)
        left = plural(len(self._found), "proposition à lire", "propositions à lire")
        self._count.setText(
            f"{left}. Entrée accepte, F2 corrige, Suppr refuse\u202f: rien d’autre n’est écrit."
        )
        if item is None:
            for words in (self._meaning, self._passage, self._reason):
                words.setText("")
            return
        draft = reading.read(dossier, item.kind, proposals.typed(dossier, item, self._document), None)
        fault = next(iter(draft.faults.values()), "")
        self._meaning.setText(reading.sentence(draft) or (f"À compléter\u202f: {fault}" if fault else ""))
        self._passage.setText(f"Page {item.page}\u202f: «\u202f{item.passage}\u202f»")
        self._reason.setText(" ".join(filter(None, (item.reason, item.doubt))))
