"""The window: its frame, what it says of the base, the way from a command to what does it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.services.settings import Settings
from qpvdesk.ui.announcer import Announcer
from qpvdesk.ui.banner import Banner
from qpvdesk.ui.changing import Changing
from qpvdesk.ui.commands import add_looks, allow, commands_with, digit_key, make_actions
from qpvdesk.ui.dialog_host import DialogHost
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.editing import Editor
from qpvdesk.ui.entering import Entering
from qpvdesk.ui.exporting import Exporting
from qpvdesk.ui.found import GUIDE
from qpvdesk.ui.navigator import Navigator
from qpvdesk.ui.notify import Notifier, refusal
from qpvdesk.ui.pages.page import Page, Place
from qpvdesk.ui.pages.registry import PAGES, Surroundings
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.projector import Projector
from qpvdesk.ui.quick_entry import QuickEntry
from qpvdesk.ui.recent import Recent
from qpvdesk.ui.recent_bases import RecentBases
from qpvdesk.ui.rescue import Rescue
from qpvdesk.ui.session import Act, Session
from qpvdesk.ui.sidebar import Sidebar
from qpvdesk.ui.theme import Mode, Theme
from qpvdesk.ui.topbar import Topbar
from qpvdesk.ui.undoing import Undoing
from qpvdesk.ui.widgets.marks import icon

if TYPE_CHECKING:
    from qpvdesk.ui.dialogs.waiting import WaitingDialog

_NARROW_BELOW = 1120
"""Below this width, at a zoom of 100 %, the navigation keeps its icons alone."""


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
        *,
        drafts: Path | None = None,
        base: Path | None = None,
    ) -> None:
        """`drafts`: the folder of what is typed and not saved; None: beside the settings. `base`: as which it is hidden."""
        super().__init__()
        self.session, self.theme, self._notifier = session, theme, notifier
        self._settings = QSettings(str(settings), QSettings.Format.IniFormat)
        given = Surroundings(
            theme, session, notifier, drafts or settings.parent / "brouillons", settings.parent, base
        )
        typed = Drafts(given.drafts, base)
        self.editor = Editor(theme, notifier, session, typed, over=self)
        self._exporting = Exporting(session, notifier, given.folder)
        self._changing = Changing(theme, session, self.editor, self)
        self._entering = Entering(theme, notifier, session, typed, over=self)
        self.navigator = Navigator(given, self._settings)
        self._recent = Recent(session)
        self.dialogs = DialogHost(self, given, self._settings, self._chapter)
        self.rescue: Rescue | None = None
        """What is offered where the base cannot be opened; None: it is told, and the window closes."""
        self.newcomer = False
        """Whether the first picture is followed by the welcome, where it never was."""
        self.portable = False
        """Whether the officer's files are on the medium of the program: said always, explained once."""
        self._started = self._explained = False
        self.setWindowTitle("qpvdesk")
        self.setMinimumSize(820, 440)
        self.actions_by_word, menus = make_actions(self, self.menuBar())
        self.undoing = Undoing(self, session, self.navigator, notifier, actions=self.actions_by_word)
        menus["&Édition"].insertMenu(self.actions_by_word["saisir"], self.undoing.menu)
        add_looks(menus["&Affichage"], theme)
        self.recent_bases = RecentBases(self._settings, self._open_base)
        recent = QMenu("Bases récentes", self)
        recent.aboutToShow.connect(lambda: self.recent_bases.fill(recent))
        menus["&Fichier"].insertMenu(self.actions_by_word["copie"], recent)
        self._make_shell()
        self.setAcceptDrops(True)
        self._wire()
        self._restore()
        self._projector = Projector(self, theme, session, self.actions_by_word)
        theme.changed.connect(self._tint)
        self._tint()

    def start(self, contract: str | None = None) -> None:
        """Ask for the first picture of a contract (by code; None: the one shown last)."""
        self.session.load(contract or str(self._settings.value("contrat", "")) or None)

    def go(self, place: Place) -> None:
        """Go to a place and remember where one was."""
        self.navigator.go(place)
        self._recent.visit(place)

    def project(self) -> None:
        """Enter the mode projection, or leave it."""
        self._projector.toggle()
        if self.isFullScreen():
            self._announcer.flash("Mode projection\u202f: F11 ou Échap pour en sortir")

    def enter_here(self) -> None:
        """Enter a figure, wherever one is; the objective in view is proposed."""
        self._quick.open_on(getattr(self.navigator.current, "objective", ""))

    def enter_in_detail(self) -> None:
        """Enter a figure of the objective in view with all that goes with it; without one, say which."""
        key = getattr(self.navigator.current, "objective", "")
        if key:
            self._entering.enter(key, "")
        else:
            self.enter_here()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout and close the base."""
        if not self._entering.close() or not self.editor.close():
            event.ignore()
            return
        self.navigator.leave()
        self._projector.leave()
        self._settings.setValue("geometrie", self.saveGeometry())
        self._settings.setValue("apparence", self.theme.mode.value)
        self._settings.setValue("zoom", str(self.theme.zoom))
        if self.session.picture is not None:
            self._settings.setValue("contrat", self.session.picture.contract.code)
        self._settings.sync()
        self.session.close()
        self.navigator.end()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Never be larger than the screen."""
        super().showEvent(event)
        screen = self.screen().availableGeometry()
        if self.width() > screen.width() or self.height() > screen.height():
            self.resize(min(self.width(), screen.width()), min(self.height(), screen.height()))

    def event(self, event: QEvent) -> bool:
        """Go to a page by the place of its digit, whatever that key gives on this keyboard; take a file that is dropped."""
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            from qpvdesk.ui.arriving import Arriving  # noqa: PLC0415 - 2 ms, a file that is dropped alone needs it

            arriving = Arriving(
                session=self.session,
                notifier=self._notifier,
                navigator=self.navigator,
                dialogs=self.dialogs,
                open_base=self._open_base,
            )
            return arriving.hear(event) or super().event(event)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            digit = digit_key(event.nativeScanCode())
            bare = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if digit and bare and event.key() == Qt.Key.Key_Minus:
                event.accept()
                self.go(Place(PAGES[digit - 1].word))
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pages the room of the names in the navigation where the window is narrow."""
        super().resizeEvent(event)
        self._sidebar.set_narrow(self.width() < self.theme.px(_NARROW_BELOW))

    def _make_shell(self) -> None:
        central = QWidget()
        central.setObjectName("page")
        self.setCentralWidget(central)
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._sidebar = Sidebar(self.theme, [(spec.word, spec.title) for spec in PAGES])
        row.addWidget(self._sidebar)
        column = QVBoxLayout()
        column.setSpacing(0)
        row.addLayout(column, 1)
        self.topbar = Topbar(self.theme, self.actions_by_word)
        self._banner = Banner()
        column.addWidget(self.topbar)
        column.addWidget(self._banner)
        column.addWidget(self.navigator, 1)
        self._quick = QuickEntry(self.theme, self.session)
        column.addWidget(self._quick)
        self._announcer = Announcer(self, self.session, self.dialogs.open_colleagues)

    def _wire(self) -> None:
        session, navigator, dialogs = self.session, self.navigator, self.dialogs
        session.pictured.connect(self._take)
        session.refused.connect(self._refuse)
        session.moved.connect(self.dialogs.offer_moved)
        navigator.made.connect(self._connect)
        navigator.shown.connect(self._show_place)
        for source in (self._entering, self.editor, dialogs):
            source.said.connect(self._announcer.say)
        self._entering.countering.connect(lambda typed: self.editor.make("counter_value", None, typed))
        self._quick.detailing.connect(lambda key: self._entering.enter(key, ""))
        self.editor.going.connect(self.go)
        dialogs.asked.connect(lambda word: self.actions_by_word[word].trigger())
        dialogs.kept.connect(self._take_settings)
        self._sidebar.chosen.connect(lambda word: self.go(Place(word)))
        self.topbar.contract_chosen.connect(session.show_contract)
        self.topbar.day_chosen.connect(session.show_day)
        self.topbar.sought.connect(self._seek)
        self.topbar.found.connect(self._go_to_found)
        self.topbar.commands = lambda text: commands_with(text, self.actions_by_word)
        self.topbar.recent, self.topbar.status = self._recent.offered, self._recent.status

    def _seek(self, text: str) -> None:
        """Look for words; what was typed since has other answers to come."""
        from qpvdesk.services import search  # noqa: PLC0415 - 2 ms, who looks for something alone needs it

        contract, topbar = self.session.contract, self.topbar
        self.session.ask(
            "Recherche",
            lambda desk: search.find(desk, contract, text) if text == topbar.search.text() else (),
            lambda found: topbar.show_found(text, found),
        )

    def _go_to_found(self, place: Place) -> None:
        if place.page == GUIDE:
            self.dialogs.open_guide(place.focus)
        else:
            self.go(place)

    def _connect(self, page: Page) -> None:
        """Answer what a page that was just made asks for."""
        page.going.connect(self.go)
        page.entering.connect(self._entering.enter)
        page.acting.connect(lambda label, act: self.session.change(label, act))
        page.answering.connect(self._answer)
        page.making.connect(
            lambda kind, typed: (
                self.editor.new_contract()
                if kind == "contract"
                else self.editor.make(kind, self.navigator.here(), typed)
            )
        )
        page.changing.connect(lambda kind, keys: self._changing.change(self.navigator.here(), kind, keys))
        page.declining.connect(lambda key: self.editor.change_one("objective", key, "declined"))
        page.removing.connect(self._changing.remove)
        page.attaching.connect(self.dialogs.open_files)
        for table in page.tables():
            table.menu.export = self._exporting.save
        page.unsaved.connect(self._announcer.count_unsaved)

    def _answer(self, label: str, act: Act, form: WaitingDialog) -> None:
        """Make the change that a form asks for, and tell it what came of it."""
        self.session.change(label, act, lambda _: form.saved(), form.refuse)

    def _restore(self) -> None:
        geometry = self._settings.value("geometrie")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1366, 768)
        mode = str(self._settings.value("apparence", ""))
        if mode in {one.value for one in Mode}:
            self.theme.set_mode(Mode(mode))
        try:
            self.theme.set_zoom(float(str(self._settings.value("zoom", "1.0"))))
        except ValueError:
            self.theme.set_zoom(1.0)

    def _tint(self) -> None:
        self._announcer.fit()
        self._sidebar.set_narrow(self.width() < self.theme.px(_NARROW_BELOW))
        look = self.theme.look
        for word in ("precedent", "suivant", "annuler", "retablir"):
            self.actions_by_word[word].setIcon(icon(word, look.text, look.strong))

    def _take(self, picture: Picture) -> None:
        self.topbar.show_picture(picture, self.session.today)
        self._sidebar.show_picture(picture)
        self._show_state(picture)
        self.navigator.show_picture(picture)
        self.setWindowTitle(_window_title(self.navigator.current, picture))
        if self._started:
            return
        self._started = True
        self.go(Place("tableau"))
        self.session.ask("", lambda desk: desk.base.path, self.recent_bases.remember)
        self.painted.emit()
        if self.rescue is not None:
            self.rescue.tell()
        if self.newcomer and not self._settings.value("accueil"):
            self.dialogs.welcome()

    def _show_state(self, picture: Picture) -> None:
        allow(self.actions_by_word, picture)
        if self.portable and (self._explained or not self._settings.value("portable")):
            self._explained = True
            self._settings.setValue("portable", "vu")
        self._banner.show_picture(picture, self.session.today, explains_portable=self._explained)
        self._announcer.show_state(portable=self.portable)

    def _show_place(self, word: str) -> None:
        self.setWindowTitle(_window_title(self.navigator.current, self.session.picture))
        self._sidebar.check(word)
        self.actions_by_word["precedent"].setEnabled(self.navigator.trail.can_back)
        self.actions_by_word["suivant"].setEnabled(self.navigator.trail.can_forward)

    def _open_base(self, path: Path) -> None:
        """Open another base in a window of its own."""
        if self.dialogs.open_other is not None:
            self.dialogs.open_other(path)

    def _chapter(self) -> str:
        """Where the guide speaks of the page in view."""
        page = self.navigator.current
        return page.word if page is not None else "demarrage"

    def _take_settings(self, settings: Settings) -> None:
        self.dialogs.take_settings(settings)
        self._announcer.flash("Réglages enregistrés")

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


def _window_title(page: Page | None, picture: Picture | None) -> str:
    """The page, then the contract: the title is all that a list of windows shows, and what is heard first."""
    parts = page.title if page is not None else "", picture.contract.name if picture is not None else ""
    return " – ".join([*filter(None, parts), "qpvdesk"])
