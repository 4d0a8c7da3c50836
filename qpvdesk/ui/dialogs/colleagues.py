"""What goes to a colleague and comes from one: packages, and the disagreements that are left to settle."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from qpvdesk.domain import file_names, french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services import arrivals, colleagues, sharing
from qpvdesk.services.arrivals import Arrival
from qpvdesk.services.colleagues import Disagreement, Package, Version
from qpvdesk.ui.dialogs.accepted_keys import show_accepted_keys
from qpvdesk.ui.dialogs.removals import RemovalsDialog
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.kit.controls import button, leaves
from qpvdesk.ui.kit.focus import order_soon
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import GAP, fill, in_row
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.notify import CANCEL, OK, Choice, Gravity, Notice, Notifier, refusal
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import label

_MERGE = Choice("fusionner", "Fusionner")
_PART = Choice("separer", "Garder les deux suites")
_ACCEPT = Choice("accepter", "Accepter et fusionner")
_UNDO = Choice("annuler_fusion", "Annuler la fusion")
_PATTERN = f"Paquets de qpvdesk (*{colleagues.SUFFIX})"
_TITLE = "Échanger avec un collègue"

_ALL = ("Tous (toute l’histoire)", None)
_SEALS = (("Non scellé", ""), ("Scellé par une phrase", "phrase"))
_Names = tuple[str, ...]
_Read = tuple[tuple[Disagreement, ...], _Names, str, tuple[str, datetime] | None, _Names, _Names, bool]
"""The disagreements, who sends packages, our fingerprint, the last merge, who has what, whose keys seal, whether the
base is under a passphrase."""


class ColleaguesDialog(FormDialog):
    """Reads the disagreements when it opens; Enter on a line asks which value is kept."""

    chapter = "collegues"
    """Where F1 opens the guide."""
    shown = Signal()
    """The disagreements are listed, or there are none."""
    share_asked = Signal()
    """A shared folder is to be chosen."""
    file_asked = Signal()
    """A package is to be received."""

    def __init__(
        self,
        theme: Theme,
        session: Session,
        notifier: Notifier,
        folders: Folders,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_TITLE, parent)
        self._theme, self._session, self._notifier, self._folders = theme, session, notifier, folders
        self.fit(min(theme.px(820), 1240), min(theme.px(460), 680))
        self.say(
            "Un paquet porte ce qui a été écrit dans votre base. Votre collègue le reçoit dans la sienne\u202f: chacun"
            " garde son travail et prend celui de l’autre. Rien n’est envoyé par qpvdesk\u202f: remettez le fichier"
            " comme tout autre document de service.",
            "mention",
        )
        self.column.addLayout(self._make_packages())
        self._key = self.say("", "mention")
        self.say("Désaccords à trancher", "subheading")
        self.column.addWidget(self._make_disagreements(theme), 1)
        self._mention = self.say("", "mention")
        self._decide = button("Trancher…", lambda: self._settle(self._table.current_row()))
        self._decide.setEnabled(False)
        self._undo = button("Annuler la dernière fusion…", self._undo_merge)
        self._undo.hide()
        keys = button("Clés acceptées…", self._show_keys)
        self.foot("Fermer", self.accept, self._decide, self._undo, keys, leave="")
        self.read()

    def _make_packages(self) -> QHBoxLayout:
        row = in_row(spacing=GAP)
        whom = label("Pour")
        self._whom = ElidedCombo("Pour qui est le paquet", [_ALL])
        whom.setBuddy(self._whom)
        prepare = button("Préparer un paquet…", self._prepare)
        self._receiving = receive = button("Recevoir un paquet…", self.file_asked.emit)
        picture = self._session.picture
        receive.setEnabled(picture is not None and picture.editable)
        self._seal = ElidedCombo("Comment le paquet est scellé", _SEALS)
        # Until it is known what the base itself is under.
        self._seal.setEnabled(False)
        tip(
            self._seal,
            "Une phrase secrète se dit par téléphone ; une clé est portée par les paquets de votre collègue",
        )
        share = button("Dossier partagé…", self.share_asked.emit)
        # How it is sealed before the button that makes it so.
        for widget in (whom, self._whom, self._seal, prepare, share):
            row.addWidget(widget)
        fill(row, 1, receive)
        return row

    def _make_disagreements(self, theme: Theme) -> QStackedWidget:
        px = theme.px
        self._model: TableModel[Disagreement] = TableModel(
            (
                Column("Objet", lambda row: row.code or "–", width=px(110)),
                Column("Champ", lambda row: row.title, width=px(130)),
                Column("Valeur montrée", lambda row: _version(row.versions[0]), width=0),
                Column("Autre valeur", lambda row: "\n".join(map(_version, row.versions[1:])), width=px(250)),
            ),
            lambda row: (row.kind, row.key, row.field),
            parent=self,
        )
        self._table = Table(self._model, "Désaccords", wrapped=True, stretched=px(250))
        self._table.row_opened.connect(self._settle)
        self._table.row_selected.connect(self._follow)
        nothing = EmptyState(
            "Aucun désaccord",
            "Si vous changez tous deux la même donnée chacun de votre côté, les deux valeurs sont gardées et"
            " s’affichent ici\u202f: vous choisissez.",
        )
        self._stack = leaves(self._table, nothing)
        return self._stack

    def read(self) -> None:
        """Show what is in dispute, and who has what."""
        self._session.ask(
            "Lecture des désaccords",
            lambda desk: (
                colleagues.disagreements(desk),
                colleagues.recipients(desk),
                colleagues.own_fingerprint(desk),
                colleagues.last_merge(desk),
                sharing.who_has_what(desk),
                colleagues.keyed_colleagues(desk),
                colleagues.is_secret(desk),
            ),
            self.while_open(self._show),
        )

    def _show(self, read: _Read) -> None:
        found, names, fingerprint, self._last_merge, known, self._keyed, secret = read
        self._offer_seals(secret)
        self._undo.setVisible(self._last_merge is not None and self._receiving.isEnabled())
        own = f"Votre empreinte, à dire par téléphone à qui reçoit vos paquets\u202f: {fingerprint}."
        self._key.setText(" ".join([own, *known]))
        self._model.set_rows(found)
        self._stack.setCurrentIndex(0 if found else 1)
        if found and self._table.current_row() is None:
            self._table.select_first()
        self._decide.setVisible(bool(found))
        # Qt leaves out of the chain what stands in a row behind a button that is hidden.
        order_soon(self)
        self._whom.show_choices([_ALL, *((f"{name} (ce qui lui manque)", name) for name in names)])
        self.shown.emit()

    def _offer_seals(self, secret: bool) -> None:
        """Offer the keys that are known; a base under a passphrase proposes that its packages be sealed."""
        chosen, first = self._seal.currentData(), not self._seal.isEnabled()
        self._seal.show_choices([*_SEALS, *([("Scellé pour leurs clés", "cles")] if self._keyed else [])])
        if first:
            chosen = ("cles" if self._keyed else "phrase") if secret else ""
            self._seal.setEnabled(True)
        self._seal.setCurrentIndex(max(0, self._seal.findData(chosen)))

    def _readers(self) -> tuple[str, ...]:
        """Return for whose keys the package is sealed: the colleague it is for, else all whose key is known."""
        if self._seal.currentData() != "cles":
            return ()
        whom = self._whom.currentData()
        return self._keyed if whom is None else (whom,)

    def _follow(self, row: Disagreement | None) -> None:
        self._decide.setEnabled(row is not None and self._receiving.isEnabled())

    def _show_keys(self) -> None:
        show_accepted_keys(self._theme, self._session, self._notifier, self, say=self._mention.setText)

    def _refuse(self, error: UserError) -> None:
        self._notifier.ask(refusal(_TITLE, error))

    # Out

    def _prepare(self) -> None:
        picture = self._session.picture
        if picture is None:
            return
        whom = self._whom.currentData()
        name = f"{picture.contract.code}-{picture.day.isoformat()}{colleagues.SUFFIX}"
        path = self._notifier.save_path(
            "Préparer un paquet", self._folders.suggestion("paquets", name), _PATTERN
        )
        if path is None:
            return
        self._folders.keep("paquets", path)
        by_phrase, readers = self._seal.currentData() == "phrase", self._readers()
        phrase = self._phrase("Choisissez la phrase qui scelle ce paquet.") if by_phrase else ""
        if phrase is None:
            return

        def done(count: int) -> None:
            changes = french.plural(count, "modification", "modifications")
            self._mention.setText(
                f"Écrit\u202f: {file_names.shown(path.name)} ({changes}), dans"
                f" «\u202f{file_names.shown(path.parent.name)}\u202f»."
            )
            tip(self._mention, str(path))

        self._session.ask(
            "Paquet",
            lambda desk: colleagues.prepare(desk, path, recipient=whom, passphrase=phrase, readers=readers),
            self.while_open(done),
            self._refuse,
        )

    def _phrase(self, reason: str) -> str | None:
        """Ask for a passphrase; None where the officer gave up."""
        given: list[str] = []
        return given[0] if self._notifier.secret(reason, given.append) and given else None

    # In

    def choose(self) -> None:
        """Receive a package of a file that the officer chooses."""
        path = self._notifier.open_path("Recevoir un paquet", self._folders.of("paquets"), _PATTERN)
        if path is not None:
            self._folders.keep("paquets", path)
            self.receive(path)

    def receive(self, path: Path, phrase: str = "") -> None:
        """Read a package beside the entries, show what it would bring, then merge it if the officer says so."""

        def over() -> None:
            self._receiving.setEnabled(True)
            # Disabled, it gave the focus to the next: the one that takes a merge back.
            self._receiving.setFocus()
            self._mention.setText("")

        def read(package: Package) -> None:
            over()
            self._preview(package, parted=False)

        def refuse(error: UserError) -> None:
            over()
            if not isinstance(error, colleagues.SealedPackageError):
                self._refuse(error)
                return
            if (given := self._phrase(str(error))) is not None:
                self.receive(path, given)

        self._receiving.setEnabled(False)
        self._mention.setText(
            f"Lecture de «\u202f{file_names.shown(path.name)}\u202f»… Fermer cette fenêtre l’arrête."
        )
        job = self._session.read(
            "Lecture du paquet",
            lambda desk, cancelled: colleagues.read(
                path, passphrase=phrase, identity=colleagues.reader(desk), cancelled=cancelled
            ),
            self.while_open(read),
            self.while_open(refuse),
            faults=True,
        )
        self.finished.connect(lambda _: job.cancel())

    def _preview(self, package: Package, *, parted: bool) -> None:
        def refuse(error: UserError) -> None:
            if not isinstance(error, colleagues.OwnForkError):
                self._refuse(error)
                return
            asked = Notice(_TITLE, error.message, error.remedy or "", Gravity.WARNING, (_PART, CANCEL))
            if self._notifier.ask(asked) == _PART.word:
                self._preview(package, parted=True)

        self._session.ask(
            "Aperçu",
            lambda desk: colleagues.preview(desk, package, parted=parted),
            self.while_open(lambda arrival: self._propose(package, arrival, parted=parted)),
            refuse,
        )

    def _propose(self, package: Package, arrival: Arrival, *, parted: bool) -> None:
        title, *lines = arrivals.sentences(arrival)
        details = "\n".join(lines)
        if not arrival.is_new:
            self._notifier.ask(Notice(_TITLE, title, details, choices=(OK,)))
            return
        strangers = tuple(stranger.fingerprint for stranger in arrival.merged.strangers)
        unsigned = arrival.merged.unsigned > 0
        more = "\n\nVotre base est d’abord sauvegardée\u202f; ce que vous avez écrit y reste."
        if strangers:
            what = "chaque empreinte" if len(strangers) > 1 else "l’empreinte"
            more += f"\n\nComparez {what} par téléphone avant d’accepter\u202f; elle ne sera plus demandée."
        repaired = bool(arrival.merged.lost or arrival.merged.stripped)
        doubtful = bool(strangers) or unsigned or repaired
        merge, gravity = (_ACCEPT, Gravity.WARNING) if doubtful else (_MERGE, Gravity.QUESTION)
        asked = Notice(_TITLE, title, details + more, gravity, (merge, CANCEL), careful=merge is _ACCEPT)
        if self._notifier.ask(asked) != merge.word:
            return
        consent = colleagues.Consent(unsigned=unsigned, parted=parted, repaired=repaired)

        def take(words: frozenset[str]) -> None:
            self._session.change(
                "Fusion",
                lambda desk: colleagues.receive(
                    desk, package, accepted=strangers, proposals=words, consent=consent
                )[1],
                self.while_open(self._merged),
                self._refuse,
            )

        if not arrival.merged.proposals:
            take(frozenset())
            return
        dialog = RemovalsDialog(self._theme, arrival.sender, arrival.merged.proposals, parent=self)
        dialog.answered.connect(take)
        dialog.open()

    def _merged(self, change: Change) -> None:
        self._mention.setText(f"{change.label}.")
        self.read()

    def _undo_merge(self) -> None:
        if self._last_merge is None:
            return
        sender, when = self._last_merge
        asked = Notice(
            "Annuler une fusion",
            f"Annuler la fusion avec {sender} du {french.format_date(when.date())} à {when:%H:%M}\u202f?",
            "Les lignes redeviennent ce qu’elles étaient, sauf ce qui a été écrit depuis, ici et chez qui reçoit votre"
            " prochain paquet. Ctrl+Z rétablit la fusion. Ce qui a été effacé pour toujours ne revient pas.",
            Gravity.QUESTION,
            (_UNDO, CANCEL),
            careful=True,
        )
        if self._notifier.ask(asked) == _UNDO.word:
            self._session.change(
                "Annulation d’une fusion",
                lambda desk: colleagues.undo_merge(desk)[0],
                self.while_open(self._merged),
                self._refuse,
            )

    # What is left to settle

    def _settle(self, row: Disagreement | None) -> None:
        if row is None or not self._receiving.isEnabled():
            return
        # Who wrote what is said above: a name may be longer than a button.
        first = {version.cell: at for at, version in reversed(list(enumerate(row.versions)))}
        places = sorted(first.values())
        words = arrivals.told_apart([row.versions[at].shown for at in places])
        choices = tuple(
            Choice(str(at), f"Garder «\u202f{text}\u202f»") for at, text in zip(places, words, strict=True)
        )
        asked = Notice(
            "Trancher un désaccord",
            arrivals.disagreement_words(row),
            "Votre choix part avec le prochain paquet\u202f; Ctrl+Z le reprend.",
            Gravity.QUESTION,
            (*choices, CANCEL),
        )
        if (answer := self._notifier.ask(asked)) == CANCEL.word:
            return
        chosen = row.versions[int(answer)]
        self._session.change(
            "Désaccord",
            lambda desk: colleagues.settle(desk, row, chosen),
            self.while_open(self._merged),
            self._refuse,
        )


def _version(version: Version) -> str:
    return f"{version.shown} ({version.author}, {french.format_date(version.when.date())})"
