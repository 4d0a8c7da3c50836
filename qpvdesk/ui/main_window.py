"""The window: navigation, pages made when first asked for, the way back, undo in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QActionGroup, QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.services.desk import Desk
from qpvdesk.services.settings import Settings
from qpvdesk.ui import layouts
from qpvdesk.ui.actions import make_actions, shortcut_lines
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.editing import Editor
from qpvdesk.ui.entering import Entering
from qpvdesk.ui.kit.tips import tip_item
from qpvdesk.ui.notify import Choice, Gravity, Notice, Notifier, refusal
from qpvdesk.ui.pages.page import Page, Place
from qpvdesk.ui.pages.registry import PAGES, Surroundings
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.projector import Projector
from qpvdesk.ui.rescue import Rescue
from qpvdesk.ui.session import Act, Session
from qpvdesk.ui.sidebar import Sidebar
from qpvdesk.ui.theme import MODE_LABELS, Mode, Theme
from qpvdesk.ui.topbar import Topbar
from qpvdesk.ui.trail import Trail
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.marks import icon
from qpvdesk.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from qpvdesk.ui.dialogs.guide import GuideDialog
    from qpvdesk.ui.dialogs.waiting import WaitingDialog

_HELP = "aide"
_WIDE = 1120
"""Below this width, at a zoom of 100 %, the navigation keeps its icons alone."""


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


class MainWindow(QMainWindow):
    """Given a session (which it closes), a theme, a notifier and the file of its settings.

    Call `start()` once: it asks for the first picture; the dashboard paints when it comes.
    """

    painted = Signal()
    """The first picture is on the dashboard."""
    opening_refused = Signal(object)
    """The base could not be opened (the `UserError`, already told); the window closes."""

    def __init__(
        self,
        session: Session,
        theme: Theme,
        notifier: Notifier,
        settings: Path,
        parent: QWidget | None = None,
        *,
        drafts: Path | None = None,
    ) -> None:
        """`drafts`: the folder of what is typed and not saved; None: beside the settings."""
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._notifier = notifier
        self._settings = QSettings(str(settings), QSettings.Format.IniFormat)
        self._given = Surroundings(
            theme, session, notifier, drafts or settings.parent / "brouillons", settings.parent
        )
        self._makers = {spec.word: spec.make for spec in PAGES}
        self._trail = Trail()
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        typed = Drafts(self._given.drafts)
        self._entering = Entering(theme, notifier, session, typed, self)
        self._editor = Editor(theme, notifier, session, typed, self)
        self.rescue: Rescue | None = None
        """What is offered where the base cannot be opened; None: it is told, and the window closes."""
        self.open_other: Callable[[Path], None] | None = None
        """Opens another base in a window of its own."""
        self.make_example: Callable[[], Path] | None = None
        """Makes the example base where there is none yet, and returns its place. Called off this thread."""
        self.newcomer = False
        """Whether the first picture is followed by the welcome, where it never was."""
        self.portable = False
        """Whether the officer's files are on the medium of the program: said always, explained once."""
        self._started = False
        self._explained = False
        self._guide: GuideDialog | None = None
        self._unsaved = 0
        self.setWindowTitle("qpvdesk")
        self.setMinimumSize(820, 440)
        self._actions, self._menus = make_actions(self)
        self._make_shell()
        self._wire()
        self._restore()
        self._projector = Projector(self, theme, session, self._actions)
        theme.changed.connect(self._tint)
        self._tint()

    def start(self, contract: str | None = None) -> None:
        """Ask for the first picture of a contract (by code; None: the one shown last)."""
        self._session.load(contract or str(self._settings.value("contrat", "")) or None)

    def go(self, place: Place) -> None:
        """Go to a place and remember where one was."""
        current = self._current()
        if current is not None:
            self._trail.leave(current.place())
        self._trail.visit(place)
        self._show(place)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout and close the base."""
        if not self._entering.close() or not self._editor.close():
            event.ignore()
            return
        for page in self._pages.values():
            page.leave()
            layouts.keep(page, self._settings)
        self._projector.leave()
        self._settings.setValue("geometrie", self.saveGeometry())
        self._settings.setValue("apparence", self._theme.mode.value)
        self._settings.setValue("zoom", str(self._theme.zoom))
        picture = self._session.picture
        if picture is not None:
            self._settings.setValue("contrat", picture.contract.code)
        self._settings.sync()
        self._session.close()
        for page in self._pages.values():
            page.end()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Never be larger than the screen."""
        super().showEvent(event)
        screen = self.screen().availableGeometry()
        if self.width() > screen.width() or self.height() > screen.height():
            self.resize(min(self.width(), screen.width()), min(self.height(), screen.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pages the room of the names in the navigation where the window is narrow."""
        super().resizeEvent(event)
        self._narrow()

    def _narrow(self) -> None:
        self._sidebar.set_narrow(self.width() < self._theme.px(_WIDE))

    def _make_shell(self) -> None:
        central = QWidget()
        central.setObjectName("page")
        self.setCentralWidget(central)
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._sidebar = Sidebar(self._theme, [(spec.word, spec.title) for spec in PAGES])
        row.addWidget(self._sidebar)
        column = QVBoxLayout()
        column.setSpacing(0)
        row.addLayout(column, 1)
        self._topbar = Topbar(self._theme, self._actions)
        column.addWidget(self._topbar)
        self._banner = label("", "banner", wrap=True)
        self._banner_room = QWidget()
        banner_row = QVBoxLayout(self._banner_room)
        banner_row.setContentsMargins(20, 8, 20, 0)
        banner_row.addWidget(self._banner)
        self._banner_room.hide()
        column.addWidget(self._banner_room)
        self._stack = QStackedWidget()
        # A laptop at 150 % leaves less height than some pages need: they scroll there rather than be cut.
        room = QScrollArea()
        room.setAccessibleName("Page")
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setWidgetResizable(True)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room.setWidget(self._stack)
        column.addWidget(room, 1)
        self._room = room
        waiting = label("Ouverture du contrat…", "mention")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(waiting)
        self._toast = Toast(central)
        self._state = label("")
        self._state.setAccessibleName("État de la base")
        self.statusBar().addPermanentWidget(self._state)
        self.statusBar().setSizeGripEnabled(False)

    def _wire(self) -> None:
        session, actions = self._session, self._actions
        session.pictured.connect(self._take)
        session.changed.connect(self._say_change)
        session.disagreed.connect(self._say_disagreements)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._lend_help_key)
        session.refused.connect(self._refuse)
        session.printed.connect(self._say_printed)
        self._entering.said.connect(lambda words: self.statusBar().showMessage(words, 8000))
        self._editor.said.connect(lambda words: self.statusBar().showMessage(words, 8000))
        self._editor.going.connect(self.go)
        self._sidebar.chosen.connect(lambda word: self.go(Place(word)))
        self._topbar.contract_chosen.connect(session.show_contract)
        self._topbar.day_chosen.connect(session.show_day)
        self._topbar.found.connect(self.go)
        for spec in PAGES:
            actions[spec.word].triggered.connect(lambda _=False, word=spec.word: self.go(Place(word)))
        doings: dict[str, Callable[[], object]] = {
            "ouvrir": self._open_other,
            "bienvenue": self._welcome,
            "exemple": self._open_example,
            "guide": lambda: self._open_guide(self._where_in_guide()),
            "glossaire": lambda: self._open_guide("glossaire"),
            "imprimer": lambda: self.go(Place("impressions", filters=(("modele", "copil"),))),
            "collegues": self._open_colleagues,
            "sauvegardes": self._open_backups,
            "phrase": self._open_sealing,
            "personnes": self._open_privacy,
            "incident": self._report_incident,
            "reglages": self._open_settings,
            "quitter": self.close,
            "annuler": session.undo,
            "retablir": session.redo,
            "saisir": self._enter_here,
            "enregistrer": self._save_return,
            "rechercher": self._topbar.focus_search,
            "precedent": self._back,
            "suivant": self._forward,
            "date": self._topbar.focus_day,
            "aujourdhui": lambda: session.show_day(None),
            "recharger": session.load,
            "agrandir": lambda: self._theme.set_zoom(self._theme.zoom + 0.1),
            "reduire": lambda: self._theme.set_zoom(self._theme.zoom - 0.1),
            "taille": lambda: self._theme.set_zoom(1.0),
            "raccourcis": self._show_shortcuts,
            "apropos": self._open_about,
            "projection": self._project,
            "modifier": lambda: self._editor.change(self._here()),
            "modifier_autre": self._editor.choose,
            "completer_releve": lambda: self._editor.complete_measurement(self._here()),
            "retablir_retire": self._editor.restore,
            "modifier_contrat": self._editor.change_contract,
            "nouveau_contrat": self._editor.new_contract,
        }
        for word, kind in {
            "nouvel_engagement": "engagement",
            "nouvel_objectif": "objective",
            "nouveau_partenaire": "partner",
            "nouveau_territoire": "territory",
            "nouveau_moyen": "funding",
            "nouvelle_etape": "step",
            "nouvelle_contrevaleur": "counter_value",
            "nouveau_document": "document",
            "nouvelle_reserve": "condition",
            "nouvel_etablissement": "establishment",
            "nouvelle_reference": "legal_reference",
            "nouvel_enonce": "statement",
        }.items():
            doings[word] = partial(self._make, kind)
        for word, do in doings.items():
            actions[word].triggered.connect(lambda _=False, do=do: do())
        for word in ("annuler", "retablir", "precedent", "suivant", "saisir", "imprimer"):
            actions[word].setEnabled(False)
        self._undo_to = QMenu("Annuler &jusqu’à", self)
        self._menus["&Édition"].insertMenu(actions["saisir"], self._undo_to)
        looks = QActionGroup(self)
        for mode, words in MODE_LABELS.items():
            action = self._menus["&Affichage"].addAction(words)
            action.setCheckable(True)
            action.setChecked(mode is self._theme.mode)
            action.triggered.connect(lambda _=False, mode=mode: self._theme.set_mode(mode))
            looks.addAction(action)
            actions[f"look_{mode.value}"] = action

    def _restore(self) -> None:
        geometry = self._settings.value("geometrie")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1366, 768)
        mode = str(self._settings.value("apparence", ""))
        if mode in {one.value for one in Mode}:
            self._theme.set_mode(Mode(mode))
            self._actions[f"look_{mode}"].setChecked(True)
        try:
            self._theme.set_zoom(float(str(self._settings.value("zoom", "1.0"))))
        except ValueError:
            self._theme.set_zoom(1.0)

    def _tint(self) -> None:
        self._narrow()
        look = self._theme.look
        for word in ("precedent", "suivant", "annuler", "retablir"):
            self._actions[word].setIcon(icon(word, look.text, look.strong))

    def _take(self, picture: Picture) -> None:
        """Show a new picture: the page in view now, the others when they are next seen."""
        self.setWindowTitle(f"{picture.contract.name} – qpvdesk")
        self._topbar.show_picture(picture, self._session.today)
        self._sidebar.show_picture(picture)
        self._show_state(picture)
        self._stale |= {word for word, page in self._pages.items() if page.concerns(picture.change)}
        if not self._started:
            self._started = True
            self._trail.visit(Place("tableau"))
            self._show(Place("tableau"))
            self.painted.emit()
            if self.rescue is not None:
                self.rescue.tell()
            if self.newcomer and not self._settings.value("accueil"):
                self._welcome()
            return
        self._refresh(self._current())

    def _show_state(self, picture: Picture) -> None:
        for word, name, what in (
            ("annuler", "Annuler", picture.undo_label),
            ("retablir", "Rétablir", picture.redo_label),
        ):
            action = self._actions[word]
            action.setEnabled(what is not None and picture.editable)
            action.setText(f"{name}\u202f: {what}" if what else name)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            tip_item(action, f"{action.text()} ({keys})")
        self._actions["saisir"].setEnabled(picture.editable)
        self._undo_to.clear()
        self._undo_to.setEnabled(picture.editable and len(picture.undo_labels) > 1)
        for place, said in enumerate(picture.undo_labels, start=1):
            act = self._undo_to.addAction(said.replace("&", "&&"))
            act.triggered.connect(partial(self._session.undo_many, place))
        self._actions["imprimer"].setEnabled(True)
        words = []
        if picture.contract.fictitious:
            words.append(f"{FICTITIOUS}\u202f: cette base est un exemple pour découvrir et pour former.")
        if picture.read_only:
            words.append("Lecture seule\u202f: cette base ne peut pas être modifiée.")
        if self.portable and (self._explained or not self._settings.value("portable")):
            self._explained = True
            self._settings.setValue("portable", "vu")
            words.append(
                "Mode portable\u202f: vos données sont à côté du programme. Un support qui se retire peut se perdre ou"
                " être arraché\u202f: gardez-en une sauvegarde ailleurs (Fichier › Sauvegardes)."
            )
        if picture.day != self._session.today:
            words.append(
                f"Vous regardez la situation au {format_date(picture.day)}. "
                "Les relevés postérieurs à cette date ne sont pas montrés."
            )
        self._banner.setText(" ".join(words))
        self._banner_room.setVisible(bool(words))
        self._say_state()

    def _count_unsaved(self, rows: int) -> None:
        self._unsaved = rows
        self._say_state()

    def _say_state(self) -> None:
        picture = self._session.picture
        if picture is not None and picture.read_only:
            said = "Lecture seule"
        elif self._unsaved:
            rows = plural(self._unsaved, "ligne", "lignes")
            said = f"Relevés\u202f: {rows} en brouillon, à enregistrer"
        else:
            said = "Tout est enregistré"
        self._state.setText(f"Mode portable · {said}" if self.portable else said)

    def _current(self) -> Page | None:
        widget = self._stack.currentWidget()
        return widget if isinstance(widget, Page) else None

    def _show(self, place: Place) -> None:
        picture = self._session.picture
        if picture is None:
            return
        page = self._page(place.page)
        self._stack.setCurrentWidget(page)
        for one in self._pages.values():
            # Only the page in view asks for room.
            policy = QSizePolicy.Policy.Preferred if one is page else QSizePolicy.Policy.Ignored
            one.setSizePolicy(policy, policy)
        self._room.verticalScrollBar().setValue(0)
        self._refresh(page)
        page.arrive(place)
        self._sidebar.check(place.page)
        self._show_trail()

    def _refresh(self, page: Page | None) -> None:
        picture = self._session.picture
        if page is not None and picture is not None and page.word in self._stale:
            self._stale.discard(page.word)
            page.show_picture(picture)

    def _page(self, word: str) -> Page:
        page = self._pages.get(word)
        if page is None:
            page = self._pages[word] = self._makers[word](self._given)
            page.going.connect(self.go)
            page.entering.connect(self._entering.enter)
            page.acting.connect(self._act)
            page.answering.connect(self._answer)
            page.making.connect(lambda kind, typed: self._editor.make(kind, self._here(), typed))
            page.attaching.connect(self._open_files)
            page.unsaved.connect(self._count_unsaved)
            self._stack.addWidget(page)
            layouts.restore(page, self._settings)
            self._stale.add(word)
        return page

    def _project(self) -> None:
        self._projector.toggle()
        if self.isFullScreen():
            self._toast.say("Mode projection\u202f: F11 ou Échap pour en sortir")

    def _make(self, kind: str) -> None:
        self._editor.make(kind, self._here())

    def _here(self) -> Place | None:
        page = self._current()
        return page.place() if page is not None else None

    def _save_return(self) -> None:
        page = self._current()
        if page is not None:
            page.save()

    def _back(self) -> None:
        self._step(self._trail.back)

    def _forward(self) -> None:
        self._step(self._trail.forward)

    def _step(self, step: Callable[[], Place | None]) -> None:
        current = self._current()
        if current is not None:
            self._trail.leave(current.place())
        place = step()
        if place is not None:
            self._show(place)

    def _show_trail(self) -> None:
        self._actions["precedent"].setEnabled(self._trail.can_back)
        self._actions["suivant"].setEnabled(self._trail.can_forward)

    def _act(self, label: str, act: Act) -> None:
        self._session.change(label, act)

    def _answer(self, label: str, act: Act, form: WaitingDialog) -> None:
        """Make the change that a form asks for, and tell it what came of it."""
        self._session.change(label, act, lambda _: form.saved(), form.refuse)

    def _enter_here(self) -> None:
        picture, page = self._session.picture, self._current()
        if picture is None or page is None:
            return
        key = getattr(page, "objective", "")
        if key:
            self._entering.enter(key, "")
            return
        self.go(Place("objectifs"))
        self.statusBar().showMessage(
            "Choisissez l’objectif, puis Entrée ou Ctrl+N pour saisir un relevé.", 8000
        )

    def _say_change(self, change: Change) -> None:
        picture = self._session.picture
        # A package that was merged is not undone: « Annuler » would take back what the officer did before it.
        last = picture.undo_label if picture is not None else None
        if last is not None and change.label.endswith(last):
            self._toast.say(change.label, "Annuler", self._session.undo)
        else:
            self._toast.say(change.label)
        self.statusBar().showMessage(change.label, 8000)

    def _say_disagreements(self, count: int) -> None:
        words = plural(count, "désaccord", "désaccords")
        self._toast.say(f"{words} avec un collègue à trancher", "Voir", self._open_colleagues)

    def _refuse(self, doing: str, error: UserError) -> None:
        answer = self.rescue.offer(error) if self.rescue is not None and not self._started else None
        if answer:
            self.start()
            return
        if answer is None:
            self._notifier.ask(refusal(doing, error))
        if not self._started:
            # There is nothing to show without a base; the window would stay on « Ouverture ».
            self.opening_refused.emit(error)
            self.close()

    def _open_other(self) -> None:
        if self.open_other is None:
            return
        path = self._notifier.open_path(
            "Ouvrir une autre base",
            self._given.folder,
            "Bases qpvdesk (*.db *.qpvdesk);;Tous les fichiers (*)",
        )
        if path is not None:
            self.open_other(path)

    def _welcome(self) -> None:
        from qpvdesk.services.settings import SettingsFile
        from qpvdesk.ui.dialogs.welcome import WelcomeDialog

        picture = self._session.picture
        if picture is None:
            return
        self._settings.setValue("accueil", "vu")
        dialog = WelcomeDialog(
            self._theme, SettingsFile(self._given.folder), picture, _BEGINNINGS, parent=self
        )
        dialog.kept.connect(self._take_settings)
        dialog.doing.connect(lambda word: self._actions[word].trigger())
        dialog.open()

    def _open_example(self) -> None:
        make, go = self.make_example, self.open_other
        if make is not None and go is not None:
            self.statusBar().showMessage("L’exemple se prépare, dans sa propre fenêtre…", 8000)
            self._session.read("Ouverture de l’exemple", lambda *_: make(), go)

    def _where_in_guide(self) -> str:
        page = self._current()
        return page.word if page is not None else "demarrage"

    def _lend_help_key(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Give F1 to the dialog that is entered: this window's own key sleeps as long as it has the keyboard."""
        dialog = now.window() if now is not None else None
        over = dialog.parentWidget() if isinstance(dialog, QDialog) else None
        if dialog is None or over is None or over.window() is not self or dialog is self._guide:
            return
        if dialog.findChild(QShortcut, _HELP) is not None:
            return
        key = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), dialog)
        key.setObjectName(_HELP)
        key.activated.connect(lambda: self._open_guide_over(dialog))

    def _open_guide_over(self, dialog: QWidget) -> None:
        from qpvdesk.ui.dialogs.guide import GuideDialog

        guide = GuideDialog(self._theme, dialog)
        guide.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        guide.print_asked.connect(self._print_guide)
        guide.go(getattr(dialog, "chapter", "") or self._where_in_guide())
        guide.show()

    def _open_guide(self, anchor: str) -> None:
        from qpvdesk.ui.dialogs.guide import GuideDialog

        if self._guide is None:
            self._guide = GuideDialog(self._theme, self)
            self._guide.print_asked.connect(self._print_guide)
        self._guide.go(anchor)
        self._guide.show()
        self._guide.raise_()
        self._guide.activateWindow()

    def _print_guide(self, quick: bool) -> None:
        from qpvdesk.services import guide  # noqa: PLC0415 - 10 ms, the guide alone needs it
        from qpvdesk.ui.folders import Folders

        folders = Folders(self._given.folder)
        name = "qpvdesk-demarrage-rapide.pdf" if quick else "qpvdesk-guide.pdf"
        path = self._notifier.save_path(
            "Enregistrer le guide", folders.suggestion("guide", name), "PDF (*.pdf)"
        )
        if path is not None:
            folders.keep("guide", path)

            def write(desk: Desk, _: Callable[[], bool]) -> Path:
                guide.write(path, quick=quick, now=desk.today())
                return path

            self._session.read(
                "Mise en page du guide",
                write,
                self._session.printed.emit,
            )

    def _open_files(self, kind: str, key: str, title: str) -> None:
        from qpvdesk.ui.joining import Joining

        Joining(self._session, self._notifier, self._given.folder).open_for(kind, key, title, self)

    def _open_colleagues(self) -> None:
        from qpvdesk.ui.dialogs.colleagues import ColleaguesDialog
        from qpvdesk.ui.folders import Folders

        folders = Folders(self._given.folder)
        ColleaguesDialog(self._theme, self._session, self._notifier, folders, parent=self).open()

    def _open_backups(self) -> None:
        from qpvdesk.ui.dialogs.backups import BackupsDialog

        BackupsDialog(self._theme, self._session, self._notifier, self).open()

    def _open_sealing(self) -> None:
        from qpvdesk.ui.dialogs.sealing import SealingDialog
        from qpvdesk.ui.folders import Folders

        folders = Folders(self._given.folder)

        def show(base: Path) -> None:
            SealingDialog(self._theme, self._session, self._notifier, folders, base=base, parent=self).open()

        self._session.ask("Phrase secrète", lambda desk: desk.base.path, show)

    def _open_privacy(self) -> None:
        from qpvdesk.ui.dialogs.privacy import PrivacyDialog

        PrivacyDialog(self._theme, self._session, self._notifier, self).open()

    def _open_about(self) -> None:
        from qpvdesk.ui.dialogs.about import AboutDialog

        AboutDialog(self._theme, self).open()

    def _open_settings(self) -> None:
        from qpvdesk.services.settings import SettingsFile
        from qpvdesk.ui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(
            self._theme, SettingsFile(self._given.folder), self._session, self._notifier, parent=self
        )
        dialog.kept.connect(self._take_settings)
        dialog.contract_asked.connect(self._editor.change_contract)
        dialog.open()

    def _take_settings(self, settings: Settings) -> None:
        for mode in MODE_LABELS:
            self._actions[f"look_{mode.value}"].setChecked(mode is self._theme.mode)
        self._session.ask(
            "Réglages", lambda desk: desk.apply_settings(settings), lambda _: self._session.load()
        )
        self._toast.say("Réglages enregistrés")

    def _report_incident(self) -> None:
        from qpvdesk.ui.dialogs.incident import report_incident

        report_incident(self._session, self._notifier)

    def _say_printed(self, path: Path) -> None:
        self._toast.say(f"Rapport enregistré\u202f: {path.name}")
        self.statusBar().showMessage(f"Rapport enregistré dans {path}", 15000)

    def _show_shortcuts(self) -> None:
        words = "\n".join(f"{keys}\u2003{what}" for what, keys in shortcut_lines())
        self._notifier.ask(
            Notice("Raccourcis clavier", words, "", Gravity.INFORMATION, (Choice("ok", "Fermer"),))
        )
