"""The dialogs of the window, each imported when it is first asked for: none is on the way to the first paint."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QMainWindow, QWidget

from qpvdesk.domain.french import enumerate_words
from qpvdesk.services.care import keeping
from qpvdesk.services.desk import Desk
from qpvdesk.services.opening import FileTroubleError
from qpvdesk.services.settings import Settings, SettingsFile
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.notify import CANCEL, Choice, Gravity, Notice, Notifier
from qpvdesk.ui.pages.registry import Surroundings
from qpvdesk.ui.session import Session, stay_read_only
from qpvdesk.ui.sharing import Sharing

if TYPE_CHECKING:
    from qpvdesk.services.sharing import Shared, Waiting
    from qpvdesk.ui.contract_beginnings import ContractBeginnings
    from qpvdesk.ui.dialogs.colleagues import ColleaguesDialog
    from qpvdesk.ui.dialogs.guide import GuideDialog

ShortcutGroups = Iterable[tuple[str, Iterable[tuple[str, str]]]]
"""Titles, and under each what is done and its keys."""
_HELP = "aide"
_COPY = Choice("copie", "Enregistrer une copie…")
_LOOK = Choice("chercher", "Chercher le fichier…")
_READ = Choice("lecture_seule", "Travailler en lecture seule")
_LATER = Choice("plus_tard", "Plus tard")
_OTHER_FOLDER = Choice("autre_dossier", "Choisir un autre dossier…")
_RECEIVE = Choice("recevoir", "Recevoir")
_ALL_CONTRACTS, _ONE_CONTRACT = Choice("tous", "Tous les contrats"), Choice("un", "Celui-ci seul")
_NO_FOLDER = Choice("aucun_dossier", "Ne plus partager")
_BEGINNINGS = (
    (
        "releves",
        "Saisir les chiffres d’un partenaire",
        "Une grille par partenaire\u202f: on tape, Entrée descend.",
    ),
    (
        "points",
        "Voir ce que le document a d’incohérent",
        "Avec le calcul, avant que le partenaire ne le dise.",
    ),
    ("impressions", "Préparer le dossier du COPIL", "Les vraies pages, à mesure que vous les composez."),
    (
        "exemple",
        "Découvrir sur un exemple",
        "Le même contrat avec deux années de chiffres inventés, dans une fenêtre à part.",
    ),
)


class DialogHost(QObject):
    """Opens dialogs over the window."""

    asked = Signal(str)
    """The command of that word is asked for."""
    kept = Signal(object)
    """The `Settings` just written."""
    announced = Signal(str)
    """What is under way (French)."""

    def __init__(
        self, window: QMainWindow, given: Surroundings, settings: QSettings, chapter: Callable[[], str]
    ) -> None:
        """`chapter` returns where the guide is to be opened."""
        super().__init__(window)
        self._window, self._given, self._settings, self._chapter = window, given, settings, chapter
        self._theme, self._session, self._notifier = given.theme, given.session, given.notifier
        self.folder = given.folder
        """The officer's own."""
        self._folders = Folders(given.folder)
        self._guide: GuideDialog | None = None
        self._sharing = Sharing(self._session, settings, self)
        self._waiting: tuple[Waiting, ...] = ()
        self._sharing.exchanged.connect(self._tell_shared)
        self._sharing.failed.connect(
            lambda error: self._notifier.ask(
                Notice("Dossier partagé", error.message, error.remedy, Gravity.WARNING)
            )
        )
        self.open_other: Callable[[Path], None] | None = None
        """Opens another base in a window of its own."""
        self.make_example: Callable[[], Path] | None = None
        """Makes the example base where there is none yet, and returns its place. Called off this thread."""
        given.theme.application.focusChanged.connect(self._lend_help_key)

    def open_base(self) -> None:
        if self.open_other is None:
            return
        path = self._notifier.open_path(
            "Ouvrir une autre base",
            self._folders.of("bases"),
            "Bases qpvdesk (*.db *.qpvdesk);;Tous les fichiers (*)",
        )
        if path is not None:
            self._folders.keep("bases", path)
            self.open_other(path)

    def beginnings(self) -> ContractBeginnings:
        """Return what begins a contract, or goes on with one, from what an officer has of it."""
        from qpvdesk.ui.contract_beginnings import (  # noqa: PLC0415 - 40 ms, whoever reads a document alone needs it
            ContractBeginnings,
        )

        return ContractBeginnings(self._window, self._given, self._folders, self.announced.emit)

    def offer_moved(self, error: FileTroubleError) -> None:
        """Say what is wrong with the file of the base, and offer to look for it, to save a copy or only to read."""
        choices = (_COPY, _LOOK, _READ, _LATER)
        answer = self._notifier.ask(
            Notice("Le fichier de la base", error.message, error.remedy, Gravity.WARNING, choices)
        )
        if answer == _LOOK.word:
            self.open_base()
        elif answer == _COPY.word:
            self.save_copy()
        elif answer == _READ.word:
            stay_read_only(self._session, error.why)

    def save_copy(self) -> None:
        """Write a copy of the base where the officer says; the one that is open stays open."""
        path = self._notifier.save_path(
            "Enregistrer une copie de la base",
            self._folders.suggestion("copies", "copie.db"),
            "Bases qpvdesk (*.db)",
        )
        if path is not None:
            self._folders.keep("copies", path)
            self._session.ask(
                "Enregistrement d’une copie",
                lambda desk: keeping.save_copy(desk, path),
                lambda done: self.announced.emit(f"Copie enregistrée\u202f: {done.name}"),
            )

    def open_example(self) -> None:
        """Open the example, made where there is none yet."""
        make, go = self.make_example, self.open_other
        if make is not None and go is not None:
            self.announced.emit("L’exemple se prépare, dans sa propre fenêtre…")
            self._session.read("Ouverture de l’exemple", lambda *_: make(), go)

    def welcome(self) -> None:
        """Ask whose papers these are, and where to begin."""
        from qpvdesk.ui.dialogs.welcome import WelcomeDialog  # noqa: PLC0415 - 8 ms, the first day alone needs it

        picture = self._session.picture
        if picture is None:
            return
        self._settings.setValue("accueil", "vu")
        dialog = WelcomeDialog(
            self._theme, SettingsFile(self._given.folder), picture, _BEGINNINGS, parent=self._window
        )
        dialog.kept.connect(self.kept)
        dialog.doing.connect(lambda word: self.beginnings().begin(word, self.asked.emit))
        dialog.open()

    def open_settings(self) -> None:
        from qpvdesk.ui.dialogs.settings import SettingsDialog  # noqa: PLC0415 - 5 ms, not on the way to the window

        file = SettingsFile(self._given.folder)
        dialog = SettingsDialog(self._theme, file, self._session, self._notifier, parent=self._window)
        dialog.kept.connect(self.kept)
        dialog.contract_asked.connect(lambda: self.asked.emit("modifier_contrat"))
        dialog.remembered_asked.connect(self.open_remembered)
        dialog.open()

    def open_remembered(self) -> None:
        from qpvdesk.ui.dialogs.remembered import RememberedDialog  # noqa: PLC0415 - 3 ms, not on the way to the window

        RememberedDialog(self._theme, self._session, self._window).open()

    def open_guide(self, anchor: str = "") -> None:
        """Open the guide, by default where it speaks of the page in view."""
        if self._guide is None:
            self._guide = self._make_guide(self._window)
        self._guide.go(anchor or self._chapter())
        self._guide.show()
        self._guide.raise_()
        self._guide.activateWindow()

    def open_files(self, kind: str, key: str, title: str) -> None:
        from qpvdesk.ui.joining import Joining  # noqa: PLC0415 - 19 ms, not on the way to the window

        joining = Joining(self._session, self._notifier, self._given.folder)
        joining.open_for(kind, key, title, self._window)

    def open_colleagues(self) -> ColleaguesDialog:
        from qpvdesk.ui.dialogs.colleagues import ColleaguesDialog  # noqa: PLC0415 - 57 ms, not on the way to the window

        dialog = ColleaguesDialog(
            self._theme, self._session, self._notifier, self._folders, parent=self._window
        )
        dialog.share_asked.connect(self._choose_share)
        self._sharing.exchanged.connect(dialog.read)

        def receive() -> bool:
            asking = next((item for item in self._waiting if item.asks), None)
            return asking is not None and _is_received(asking, dialog, self._notifier)

        def choose() -> None:
            if not receive():
                dialog.choose()

        dialog.file_asked.connect(choose)
        dialog.open()
        receive()
        return dialog

    def _choose_share(self) -> None:
        """Ask for a shared folder, or stop exchanging with the one there is."""
        current_folder = self._sharing.folder
        if current_folder is not None:
            picture, key = self._session.picture, self._sharing.contract
            contracts = picture.contracts if picture else ()
            alone = next((contract.code for contract in contracts if contract.key == key), "")
            words = f"Les paquets s’échangent par «\u202f{current_folder}\u202f»" + (
                f"\u202f; le vôtre porte «\u202f{alone}\u202f» seul." if alone else "."
            )
            asked = Notice(
                "Dossier partagé", words, "", Gravity.QUESTION, (_OTHER_FOLDER, _NO_FOLDER, CANCEL)
            )
            answer = self._notifier.ask(asked)
            if answer == _NO_FOLDER.word:
                self._sharing.choose(None)
            if answer != _OTHER_FOLDER.word:
                return
        folder = self._notifier.folder(
            "Dossier partagé avec vos collègues", current_folder or self._folders.of("paquets")
        )
        if folder is not None:
            self._sharing.choose(folder, _chosen_contract(self._session, self._notifier))

    def _tell_shared(self, shared: Shared) -> None:
        if shared.merged:
            self.announced.emit(f"Dossier partagé\u202f: fusionné, {enumerate_words(shared.merged)}")
        elif shared.waiting and shared.waiting != self._waiting:
            # Once: it is looked at again every few seconds.
            self.announced.emit(f"Dossier partagé\u202f: {shared.waiting[0].why}")
        self._waiting = shared.waiting

    def open_backups(self) -> None:
        from qpvdesk.ui.dialogs.backups import BackupsDialog  # noqa: PLC0415 - 55 ms, not on the way to the window

        BackupsDialog(self._theme, self._session, self._notifier, self._window).open()

    def open_sealing(self) -> None:
        from qpvdesk.ui.dialogs.sealing import SealingDialog  # noqa: PLC0415 - 10 ms, not on the way to the window

        def show(base: Path) -> None:
            SealingDialog(
                self._theme, self._session, self._notifier, self._folders, base=base, parent=self._window
            ).open()

        self._session.ask("Phrase secrète", lambda desk: desk.base.path, show)

    def open_privacy(self) -> None:
        from qpvdesk.ui.dialogs.privacy import PrivacyDialog  # noqa: PLC0415 - 12 ms, not on the way to the window

        PrivacyDialog(self._theme, self._session, self._notifier, self._window).open()

    def open_about(self) -> None:
        from qpvdesk.ui.dialogs.about import AboutDialog  # noqa: PLC0415 - 36 ms, not on the way to the window

        AboutDialog(self._theme, self._window).open()

    def report_incident(self) -> None:
        from qpvdesk.ui.dialogs.incident import report_incident  # noqa: PLC0415 - 1 ms, with its service

        report_incident(self._session, self._notifier)

    def show_shortcuts(self, groups: ShortcutGroups) -> None:
        from qpvdesk.ui.dialogs.shortcuts import ShortcutsDialog  # noqa: PLC0415 - 3 ms, this sheet alone needs it

        ShortcutsDialog(self._theme, groups, self._window).open()

    def take_settings(self, settings: Settings) -> None:
        """Let the desk go by new settings."""
        self._session.ask(
            "Réglages", lambda desk: desk.apply_settings(settings), lambda _: self._session.load()
        )

    def _make_guide(self, over: QWidget) -> GuideDialog:
        from qpvdesk.ui.dialogs.guide import GuideDialog  # noqa: PLC0415 - 27 ms, not on the way to the window

        guide = GuideDialog(self._theme, over)
        guide.print_asked.connect(self._print_guide)
        return guide

    def _print_guide(self, quick: bool) -> None:
        from qpvdesk.services import guide  # noqa: PLC0415 - 10 ms, the guide alone needs it

        name = "qpvdesk-demarrage-rapide.pdf" if quick else "qpvdesk-guide.pdf"
        suggestion = self._folders.suggestion("guide", name)
        path = self._notifier.save_path("Enregistrer le guide", suggestion, "PDF (*.pdf)")
        if path is not None:
            self._folders.keep("guide", path)

            def write(desk: Desk, _: Callable[[], bool]) -> Path:
                guide.write(path, quick=quick, now=desk.today())
                return path

            self._session.read("Mise en page du guide", write, self._session.written.emit)

    def _lend_help_key(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Give F1 to the dialog that is entered: the window's own key sleeps as long as it has the keyboard."""
        dialog = now.window() if now is not None else None
        over = dialog.parentWidget() if isinstance(dialog, QDialog) else None
        if dialog is None or over is None or over.window() is not self._window or dialog is self._guide:
            return
        if dialog.findChild(QShortcut, _HELP) is None:
            key = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), dialog)
            key.setObjectName(_HELP)
            key.activated.connect(lambda: self._open_guide_over(dialog))

    def _open_guide_over(self, dialog: QWidget) -> None:
        guide = self._make_guide(dialog)
        guide.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        guide.go(getattr(dialog, "chapter", "") or self._chapter())
        guide.show()


def _chosen_contract(session: Session, notifier: Notifier) -> str | None:
    """Ask, of several contracts, whether the one that is shown is shared alone; return its key then."""
    picture = session.picture
    if picture is None or len(picture.contracts) < 2:
        return None
    code = picture.contract.code
    words = (
        f"Votre base suit {len(picture.contracts)} contrats. Laissez-les tous dans le dossier partagé, ou"
        f" «\u202f{code}\u202f» seul\u202f: de ce qui est des autres, vos collègues n’auraient alors que des empreintes"
        " et l’intitulé de vos actes."
    )
    asked = Notice("Dossier partagé", words, "", Gravity.QUESTION, (_ALL_CONTRACTS, _ONE_CONTRACT))
    return picture.contract.key if notifier.ask(asked) == _ONE_CONTRACT.word else None


def _is_received(asking: Waiting, dialog: ColleaguesDialog, notifier: Notifier) -> bool:
    """Offer what waits in the shared folder, whose files are named by keys that nobody knows by heart."""
    message = f"Dans le dossier partagé, {asking.why}"
    asked = Notice("Dossier partagé", message, "", Gravity.QUESTION, (_RECEIVE, _LATER))
    if notifier.ask(asked) != _RECEIVE.word:
        return False
    dialog.receive(asking.path)
    return True
