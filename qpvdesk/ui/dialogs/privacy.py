"""Personal data: what the base can hold of it, and a name taken out of it for good."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services.care import privacy
from qpvdesk.services.care.privacy import Trace
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.form_dialog import Form, FormDialog, grow
from qpvdesk.ui.kit.tokens import GAP, fill, scrolled
from qpvdesk.ui.notify import CANCEL, OK, Choice, Gravity, Notice, Notifier, refusal
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label, line

_HOLDS = "Ce que la base peut contenir sur des personnes"
_ERASE = Choice("effacer", "Effacer pour de bon")


class PrivacyDialog(FormDialog):
    """Enter in the field looks for the text; nothing is erased before it was looked for and confirmed."""

    chapter = "personnes"
    """Where F1 opens the guide."""

    def __init__(
        self, theme: Theme, session: Session, notifier: Notifier, parent: QWidget | None = None
    ) -> None:
        super().__init__("Données personnelles", parent, heading=_HOLDS)
        self._session, self._notifier = session, notifier
        self._sought = ""
        self.setFixedWidth(min(theme.px(620), 1100))
        area, told = scrolled(_HOLDS, "", read=True, spacing=GAP, margins=(0, 0, GAP, 0))
        fill(told, *(label(paragraph, wrap=True) for paragraph in privacy.STATEMENT), 1)
        fill(self.column, (area, 1), line())
        self.say("Effacer la mention d’une personne", "heading")
        form = Form()
        self._text = text_line("", "Son nom, tel qu’il a été écrit")
        self._field = form.add("&Texte", self._text)
        self.column.addLayout(form)
        self._trace_words = label("", wrap=True, select=True, name="Où est ce texte")
        self._trace_words.hide()
        self.column.addWidget(self._trace_words)
        self._copies = QCheckBox("Retirer aussi les &sauvegardes qui le contiennent")
        self._copies.hide()
        self.column.addWidget(self._copies)
        self._erase = button("Effacer partout…", self._confirm)
        self._erase.setEnabled(False)
        self._seek = self.foot("Chercher", self._look, self._erase, leave="Fermer")
        self._text.textChanged.connect(self._forget)
        self._text.setFocus()
        self.fit(self.width(), theme.px(450))

    def _forget(self) -> None:
        """What was found was found for another text."""
        self._field.set_error("")
        self._erase.setEnabled(False)

    def _look(self) -> None:
        text = self._text.text().strip()

        def show(found: Trace) -> None:
            if text == self._text.text().strip():
                self._show(text, found)

        self._session.ask(
            "Recherche d’un texte",
            lambda desk: privacy.trace(desk, text),
            self.while_open(show),
            self.while_open(self._refuse),
        )

    def _show(self, text: str, found: Trace) -> None:
        self._sought = text
        self._trace_words.setText("\n".join(privacy.sentences(found)))
        self._trace_words.show()
        self._copies.setVisible(bool(found.copies))
        self._copies.setChecked(False)
        picture = self._session.picture
        editable = picture is not None and picture.editable
        self._erase.setEnabled(editable and found.erasable)
        grow(self)

    def _refuse(self, error: UserError) -> None:
        self._field.set_error(str(error))
        grow(self)

    def _confirm(self) -> None:
        copies = self._copies.isVisible() and self._copies.isChecked()
        kept = self._copies.isVisible() and not copies
        answer = self._notifier.ask(
            Notice(
                "Effacer un texte",
                f"Effacer «\u202f{self._sought}\u202f» de la base et de tout son journal\u202f?",
                "Chaque endroit dira «\u202f[effacé]\u202f». Cela ne s’annule pas."
                + (
                    " Les sauvegardes qui contiennent ce texte seront retirées, une nouvelle est faite."
                    if copies
                    else ""
                )
                + (" Les sauvegardes le gardent." if kept else ""),
                Gravity.WARNING,
                (_ERASE, CANCEL),
                careful=True,
            )
        )
        if answer != _ERASE.word:
            return
        text = self._sought
        self._erase.setEnabled(False)

        def over(change: Change) -> None:
            self._session.load()
            if privacy.is_unswept(change):
                self._notifier.ask(
                    Notice("Effacement d’un texte", f"{change.label}.", "", Gravity.INFORMATION, (OK,))
                )
            if self.is_open():
                self._look()

        self._session.ask(
            "Effacement d’un texte",
            lambda desk: privacy.erase(desk, text, copies=copies),
            over,
            lambda error: self._tell(error),
        )

    def _tell(self, error: UserError) -> None:
        self._notifier.ask(refusal("Effacement d’un texte", error))
