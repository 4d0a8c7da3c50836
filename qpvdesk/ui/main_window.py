"""The window: its frame, what it says of the base, the way from a command to what does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from qpvdesk.domain.first_sight import FirstSight
from qpvdesk.domain.french import format_date
from qpvdesk.ui.announcer import Announcer
from qpvdesk.ui.banner import Banner
from qpvdesk.ui.commands import allow, digit_key, group_looks, make_actions
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.tokens import fill, in_row, stacked
from qpvdesk.ui.navigator import Navigator
from qpvdesk.ui.notify import Notifier, refusal
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.pages.registry import PAGES, Surroundings
from qpvdesk.ui.session import Session, keep_sight
from qpvdesk.ui.sidebar import Sidebar
from qpvdesk.ui.theme import Mode, Theme
from qpvdesk.ui.topbar import Topbar
from qpvdesk.ui.widgets.marks import icon

if TYPE_CHECKING:
    from qpvdesk.domain.errors import UserError
    from qpvdesk.ui.dialog_host import DialogHost
    from qpvdesk.ui.editing import Editor
    from qpvdesk.ui.equipment import Equipment
    from qpvdesk.ui.pages.dashboard import DashboardPage
    from qpvdesk.ui.picture import Picture
    from qpvdesk.ui.recent import RecentBases
    from qpvdesk.ui.rescue import Rescue
    from qpvdesk.ui.undoing import Undoing

_AFTER_PAINT_MS = 30
"""How long after a first sight the rest begins to be made."""
_NARROW_BELOW = 1120
"""Below this width, at a zoom of 100 %, the navigation keeps its icons alone."""


class MainWindow(QMainWindow):
    """Given a session (which it closes), a theme, a notifier and the file of its settings.

    Call `start()` once: it asks for the first picture; the dashboard paints when it comes. After `show_sight` the dashboard
    is there at once; the rest is made, and the base opened, once it is painted.
    """

    editor: Editor
    dialogs: DialogHost
    undoing: Undoing
    recent_bases: RecentBases

    painted = Signal()
    """The first picture is on the dashboard."""
    equipped = Signal()
    """All that the window answers with is there; the base is opened next."""
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
        # Before anything is made in other characters, or in another look.
        self._restore_look()
        typed = Drafts(drafts or settings.parent / "brouillons", base)
        self._given = Surroundings(theme, session, notifier, typed, settings.parent)
        self.navigator = Navigator(self._given, self._settings)
        self._equipment: Equipment | None = None
        self.rescue: Rescue | None = None
        """What is offered where the base cannot be opened; None: it is told, and the window closes."""
        self.newcomer = False
        """Whether the first picture is followed by the welcome, where it never was."""
        self.portable = False
        """Whether the officer's files are on the medium of the program: said always, explained once."""
        self._started = self._explained = self._left = False
        self._has_sight = False
        self._awaiting: list[Callable[[], object]] = []
        """What was asked for before anything could answer."""
        self._wanted: Address | None = None
        """Where to go once there is a picture."""
        self.setWindowTitle("qpvdesk")
        self.setMinimumSize(820, 440)
        self.actions_by_word, self._menus = make_actions(self, self.menuBar())
        group_looks(self.actions_by_word, self._menus["&Affichage"], theme)
        self._make_shell()
        self.setAcceptDrops(True)
        self._wire()
        geometry = self._settings.value("geometrie")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1366, 768)
        theme.changed.connect(self._tint)
        theme.changed.connect(self._keep_look)
        self._tint()

    def show_sight(self, read: Callable[[], FirstSight | None]) -> None:
        """Show what the base kept of the contract shown last, under its day where that is another.

        It is not read where no window was ever closed.
        """
        contract = self._settings.value("contrat")
        sight = read() if contract else None
        if sight is None or sight.contract.code != contract:
            return
        self._has_sight = True
        page = self.navigator.show_first("tableau")
        # The page of this word is always the dashboard, which is not imported to say so.
        dashboard, today = cast("DashboardPage", page), self.session.today
        dashboard.show_sight(
            sight, "" if sight.day == today else f"Au {format_date(sight.day)}, mise à jour…"
        )
        self.topbar.show_contract([(item.code, item.name) for item in sight.contracts], sight.contract.code)
        self.topbar.show_day(sight.day, sight.day)
        self._sidebar.show_counts(sight.counts, several=len(sight.contracts) > 1)
        self._sidebar.check("tableau")
        self._announcer.show_opening()
        if sight.fictitious:
            self._banner.show_example()
        self.setWindowTitle(_window_title(page, sight.contract.name))

    def start(self, contract: str | None = None) -> None:
        """Ask for the first picture of a contract (by code; None: the one shown last)."""
        wanted = contract or str(self._settings.value("contrat", "")) or None

        def ask() -> None:
            self._equip()
            self.session.load(wanted, whole=self._has_sight)

        if self._equipment is not None or not self._has_sight:
            ask()
            return
        # A turn of the loop lays the dashboard out, the next paints it.
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, lambda: QTimer.singleShot(_AFTER_PAINT_MS, ask)))

    def once_whole(self, act: Callable[[], object], _checked: bool = False) -> None:
        """Do something now, or once all that answers is made."""
        if self._equipment is None:
            self._awaiting.append(act)
        else:
            act()

    def go(self, address: Address) -> None:
        """Go to a place and remember where one was; before the first picture, once it is there."""
        if self._equipment is None or self.session.picture is None:
            self._wanted = address
            return
        self.navigator.go(address)
        self._equipment.recent.visit(address)

    def project(self) -> None:
        """Enter the mode projection, or leave it."""
        assert self._equipment is not None
        self._equipment.projector.toggle()
        if self.isFullScreen():
            self._announcer.flash("Mode projection\u202f: F11 ou Échap pour en sortir")

    def enter_here(self) -> None:
        """Enter a figure, wherever one is; the objective in view is proposed."""
        assert self._equipment is not None
        self._equipment.quick.open_on(getattr(self.navigator.current, "objective", ""))

    def enter_in_detail(self) -> None:
        """Enter a figure of the objective in view with all that goes with it; without one, say which."""
        assert self._equipment is not None
        key = getattr(self.navigator.current, "objective", "")
        if key:
            self._equipment.entering.enter(key, "")
        else:
            self.enter_here()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._equipment is not None and not self._equipment.close():
            event.ignore()
            return
        self.navigator.leave()
        if self._equipment is not None:
            self._equipment.projector.leave()
        self._settings.setValue("geometrie", self.saveGeometry())
        self._keep_look()
        self._left = True
        if self.session.picture is not None:
            self._settings.setValue("contrat", self.session.picture.contract.code)
            keep_sight(self.session)
        self._settings.sync()
        self.session.close()
        self.navigator.end()
        super().closeEvent(event)

    def setVisible(self, visible: bool) -> None:  # noqa: N802 — Qt’s own
        """Never be larger than the screen; fitted before it is laid out, which costs 15 ms."""
        screen = self.screen().availableGeometry()
        # One that fills the screen would no longer, once it is given a size.
        sized = visible and not self.windowState()
        if sized and (self.width() > screen.width() or self.height() > screen.height()):
            self.resize(min(self.width(), screen.width()), min(self.height(), screen.height()))
        super().setVisible(visible)

    def event(self, event: QEvent) -> bool:
        """Go to a page by the place of its digit, whatever that key gives on this keyboard; take a file that is dropped."""
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            from qpvdesk.ui.arriving import Arriving  # noqa: PLC0415 - 2 ms, a file that is dropped alone needs it

            if self._equipment is None:
                return super().event(event)
            arriving = Arriving(
                session=self.session,
                notifier=self._notifier,
                navigator=self.navigator,
                dialogs=self.dialogs,
                open_base=self._equipment.open_base,
            )
            return arriving.hear(event) or super().event(event)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            digit = digit_key(event.nativeScanCode())
            bare = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if digit and bare and event.key() == Qt.Key.Key_Minus:
                event.accept()
                self.go(Address(PAGES[digit - 1].word))
                return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            keys = QKeySequence(event.keyCombination())
            if self._equipment is not None and self._equipment.refuse_keys(keys):
                return True
            hand, shift = self.focusWidget(), event.modifiers() == Qt.KeyboardModifier.ShiftModifier
            if event.key() == Qt.Key.Key_F10 and shift and hand is not None:
                # Windows opens the menu of what has the hand on these keys; X11 gives them as any other.
                where = hand.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()
                keyboard = QContextMenuEvent.Reason.Keyboard
                QApplication.sendEvent(hand, QContextMenuEvent(keyboard, where, hand.mapToGlobal(where)))
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
        row = in_row(on=central, spacing=0)
        self._sidebar = Sidebar(self.theme, [(spec.word, spec.title) for spec in PAGES])
        row.addWidget(self._sidebar)
        column = stacked(spacing=0)
        row.addLayout(column, 1)
        self.topbar = Topbar(self.theme, self.actions_by_word, lambda: self.session.today)
        self._banner = Banner()
        fill(column, self.topbar, self._banner, (self.navigator, 1))
        self._column = column
        self._announcer = Announcer(self, self.session, lambda: self.dialogs.open_colleagues())

    def _wire(self) -> None:
        self.session.pictured.connect(self._take)
        self.session.refused.connect(self._refuse)
        self.navigator.page_made.connect(lambda page: page.going.connect(self.go))
        self.navigator.shown.connect(self._show_place)
        self._sidebar.chosen.connect(lambda word: self.go(Address(word)))

    def _equip(self) -> None:
        """Make what the window answers with; harmless twice."""
        if self._equipment is not None:
            return
        from qpvdesk.ui.equipment import Equipment  # noqa: PLC0415 - 70 ms, a first sight does without

        equipment = self._equipment = Equipment(
            self, self._given, self._settings, actions=self.actions_by_word, navigator=self.navigator
        )
        self.editor, self.dialogs, self.undoing = equipment.editor, equipment.dialogs, equipment.undoing
        self.recent_bases = equipment.recent_bases
        equipment.fill(self._menus)
        self._column.addWidget(equipment.quick)
        self.session.moved.connect(self.dialogs.offer_moved)
        self.editor.going.connect(self.go)
        equipment.going.connect(self.go)
        equipment.wire(self.topbar, self._announcer)
        self.equipped.emit()
        awaiting, self._awaiting = self._awaiting, []
        for act in awaiting:
            act()

    def _restore_look(self) -> None:
        mode = str(self._settings.value("apparence", ""))
        if mode in {known_mode.value for known_mode in Mode}:
            self.theme.set_mode(Mode(mode))
        try:
            self.theme.set_zoom(float(str(self._settings.value("zoom", "1.0"))))
        except ValueError:
            self.theme.set_zoom(1.0)

    def _keep_look(self) -> None:
        """Note the look at once, for the next start: a process that is killed closes no window. One that was left notes
        nothing more."""
        if self._left:
            return
        self._settings.setValue("apparence", self.theme.mode.value)
        # What is enlarged for a meeting comes back to what it was.
        if not self.theme.afar:
            self._settings.setValue("zoom", str(self.theme.zoom))

    def _tint(self) -> None:
        self._announcer.fit()
        QTimer.singleShot(0, self.navigator, self.navigator.lay_out)
        self._sidebar.set_narrow(self.width() < self.theme.px(_NARROW_BELOW))
        look = self.theme.look
        for word in ("precedent", "suivant", "annuler", "retablir"):
            self.actions_by_word[word].setIcon(icon(word, look.text, look.disabled))

    def _take(self, picture: Picture) -> None:
        if not self._started or picture.held_by:
            # One that can no longer write its base keeps it from any other, and its drafts are its own.
            self._given.drafts.read_only = picture.read_only
        self.topbar.show_picture(picture, self.session.today)
        self._sidebar.show_picture(picture)
        self._show_state(picture)
        self.navigator.show_picture(picture)
        self.setWindowTitle(_window_title(self.navigator.current, picture.contract.name))
        if self._started:
            return
        self._started = True
        wanted, self._wanted = self._wanted, None
        self.go(Address("tableau"))
        if wanted is not None:
            self.go(wanted)
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
        picture = self.session.picture
        self.setWindowTitle(
            _window_title(self.navigator.current, picture.contract.name if picture is not None else "")
        )
        self._sidebar.check(word)
        self.actions_by_word["precedent"].setEnabled(self.navigator.trail.can_back)
        self.actions_by_word["suivant"].setEnabled(self.navigator.trail.can_forward)

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


def _window_title(page: Page | None, contract: str) -> str:
    """The page, then the contract: the title is all that a list of windows shows, and what is heard first."""
    parts = page.title if page is not None else "", contract
    return " – ".join([*filter(None, parts), "qpvdesk"])
