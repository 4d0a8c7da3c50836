"""The base put under a passphrase, under another one, or back in clear."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLineEdit, QWidget

from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.services.care import keeping, leftovers, sealing
from qpvdesk.services.care.sealing import Sealed
from qpvdesk.ui.dialogs.passphrase import showing
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.kit.controls import answers, button
from qpvdesk.ui.kit.form_dialog import Form, FormDialog, grow
from qpvdesk.ui.kit.tokens import GAP, fill, stacked
from qpvdesk.ui.notify import CANCEL, Choice, Gravity, Notice, Notifier, refusal
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import aside, label

_PURGE = Choice("supprimer", "Supprimer ces copies")
_CLEAR = Choice("oter", "Ôter la protection")
_KEPT = Choice("gardee", "Elle est en lieu sûr")


class SealingDialog(FormDialog):
    """Two pages: the choice of a passphrase, then its recovery key, which is shown this once."""

    chapter = "phrase-secrete"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        session: Session,
        notifier: Notifier,
        folders: Folders,
        *,
        base: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Phrase secrète", parent, heading="")
        self._session, self._notifier, self._folders, self._base = session, notifier, folders, base
        self._recovery = ""
        self._waiting = False
        """Whether the base is being written anew: what comes of it is shown here, this once."""
        self.setFixedWidth(min(theme.px(600), 1000))
        self._page = self._choosing(sealing.is_sealed(base))
        self.column.addWidget(self._page)
        # Qt would give it two thirds of the screen at most, and crush its fields.
        grow(self)

    def _choosing(self, sealed: bool) -> QWidget:
        page = QWidget()
        layout = stacked(
            label(
                "Changer la phrase secrète" if sealed else "Protéger la base par une phrase secrète",
                "heading",
            ),
            on=page,
            spacing=GAP,
        )
        for paragraph in sealing.STATEMENT:
            layout.addWidget(label(paragraph, wrap=True))
        form = Form()
        self._words, self._again = QLineEdit(), QLineEdit()
        self._field = form.add(
            "&Phrase secrète",
            self._words,
            f"Au moins {sealing.PASSPHRASE_LETTERS_MIN} caractères\u202f: quatre mots sans rapport se retiennent et ne se"
            " devinent pas.",
        )
        self._repeat = form.add("&Encore une fois", self._again)
        fill(layout, form, showing(self._words, self._again))
        self._clear = button("Ôter la protection…", self._ask_clear)
        self._do = button("Changer la phrase" if sealed else "Protéger la base", self._seal)
        self._leave = button("Annuler", self.reject)
        layout.addWidget(answers(self._do, self._leave, self._clear))
        # The row shows what is put in it: hidden before, the button would stand on a base that has no protection.
        self._clear.setVisible(sealed)
        for field, row in ((self._words, self._field), (self._again, self._repeat)):
            field.textChanged.connect(lambda _, row=row: row.set_error(""))
        self._words.setFocus()
        return page

    def _seal(self) -> None:
        words = self._words.text()
        try:
            sealing.check(words)
        except UserError as error:
            self._field.refuse(error)
            return
        if words != self._again.text():
            self._repeat.refuse(UserError("Les deux phrases ne sont pas les mêmes.", "Retapez celle-ci."))
            return
        self._wait(True)
        self._session.replace_base(lambda desk: keeping.seal(desk, words), self._show_key, self._refuse)

    def _ask_clear(self) -> None:
        answer = self._notifier.ask(
            Notice(
                "Ôter la protection",
                "Remettre la base et ses sauvegardes en clair\u202f?",
                "Qui prendra l’ordinateur, la clé USB ou une sauvegarde pourra les lire.",
                Gravity.WARNING,
                (_CLEAR, CANCEL),
            )
        )
        if answer == _CLEAR.word:
            self._wait(True)
            self._session.replace_base(keeping.unseal, self._cleared, self._refuse)

    def _wait(self, waiting: bool) -> None:
        self._waiting = waiting
        for answer in (self._do, self._clear, self._leave):
            answer.setEnabled(not waiting)

    def _refuse(self, error: UserError) -> None:
        if self.is_open():
            self._wait(False)
        self._notifier.ask(refusal("Phrase secrète", error))

    def _cleared(self, sentences: tuple[str, ...]) -> None:
        self._wait(False)
        self.accept()
        self._notifier.ask(Notice("Phrase secrète", sentences[0], "\n".join(sentences[1:])))

    def _show_key(self, done: Sealed) -> None:
        self._recovery, self._waiting = done.recovery, False
        page = QWidget()
        layout = stacked(
            label("Votre clé de secours", "heading"),
            label("\n".join(done.sentences), wrap=True),
            label(
                "Si la phrase est oubliée, cette clé seule ouvrira la base. Elle n’est montrée que maintenant\u202f:"
                " imprimez-la, et gardez-la hors de cet ordinateur.",
                wrap=True,
            ),
            on=page,
            spacing=GAP,
        )
        groups = done.recovery.split()
        half = len(groups) // 2
        shown = label(
            "\n".join("\u2002".join(part) for part in (groups[:half], groups[half:])),
            "subheading",
            select=True,
        )
        shown.setAccessibleName("Clé de secours")
        # Read letter by letter: each takes the same room, and none is taken for another.
        shown.setStyleSheet(
            f'font-family: "{QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()}"'
        )
        layout.addWidget(shown)
        self._kept = aside("")
        layout.addWidget(self._kept)
        save = button("Enregistrer la fiche à imprimer…", self._save_sheet)
        purge = button("Supprimer les copies en clair…", lambda: self._purge(done.clear))
        layout.addWidget(answers(save, button("J’ai mis cette clé en lieu sûr", self.accept), purge))
        # The row shows what is put in it.
        purge.setVisible(bool(done.clear))
        self.column.replaceWidget(self._page, page)
        self._page.deleteLater()
        self._page = page
        self.resize(self.width(), 0)
        grow(self)

    def reject(self) -> None:
        """Close; where the recovery key is shown, ask first: a reflex must not take away what is shown once, nor what is
        about to be."""
        if self._waiting:
            return
        if self._recovery:
            answer = self._notifier.ask(
                Notice(
                    "Clé de secours",
                    "Avez-vous mis cette clé en lieu sûr\u202f?",
                    "Elle ne sera plus montrée. Sans elle, une phrase oubliée ferme la base pour toujours.",
                    Gravity.WARNING,
                    (_KEPT, CANCEL),
                    careful=True,
                )
            )
            if answer != _KEPT.word:
                return
        super().reject()

    def _purge(self, clear: tuple[Path, ...]) -> None:
        asked = Notice(
            "Copies en clair",
            f"Supprimer {plural(len(clear), 'fichier', 'fichiers')} qui ne sont pas chiffrés\u202f?",
            "\n".join(file_names.shown(path.name) for path in clear),
            Gravity.WARNING,
            (_PURGE, CANCEL),
        )
        if self._notifier.ask(asked) == _PURGE.word:
            left = leftovers.remove(clear)
            names = ", ".join(file_names.shown(path.name) for path in left)
            self._kept.setText(
                f"N’ont pas pu l’être\u202f: {names}." if left else "Ces copies sont supprimées."
            )
            grow(self)

    def _save_sheet(self) -> None:
        path = self._notifier.save_path(
            "Enregistrer la fiche",
            self._folders.suggestion("cle", f"cle-de-secours-{self._base.stem}.pdf"),
            "PDF (*.pdf)",
        )
        if path is None:
            return
        try:
            sealing.write_sheet(path, self._recovery, self._base.name, self._session.today)
        except UserError as error:
            self._notifier.ask(refusal("Enregistrer la fiche", error))
        else:
            self._kept.setText(
                f"Fiche enregistrée dans «\u202f{file_names.shown(str(path))}\u202f». Imprimez-la, puis supprimez ce"
                " fichier de l’ordinateur."
            )
            grow(self)
