"""The composition root: the only module that sees every layer, and wires them.

Nothing here decides anything about a contract; it opens the base in the lane that will use it, gives the window
what it asks for, and closes all of it in order.
"""

from __future__ import annotations

import gc
import os
import sys
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

# Before any part of Qt.
from qpvdesk import bindings as bindings

# isort: split
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from qpvdesk import paths, system_libraries
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import kept_sight
from qpvdesk.ui.collector import Collector
from qpvdesk.ui.excepthook import Excepthook
from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.kit.controls import rest
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.notify import BoxNotifier, refusal
from qpvdesk.ui.qt_words import QtWords
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme

if TYPE_CHECKING:
    from qpvdesk.services.opening import Opening

_TITLE_BAR = 40
"""Pixels that a desktop may take above a window, before it has been shown."""

_SEEN_MS = 800
"""When what the first sight does without is made, after the picture is there."""


class Program:
    """What must live as long as the process."""

    def __init__(self, window: MainWindow, hook: Excepthook) -> None:
        self.window, self.hook = window, hook
        self.failed = False

    def fail(self, error: UserError) -> None:
        """Remember that the base could not be opened, and say it in the terminal too."""
        self.failed = True
        print(error, file=sys.stderr)


def run(base: Path | None) -> int:
    """Open the window on a base (None: the officer's own) and return the exit status.

    Raises `UserError` where the officer's own base cannot be made. `screen.check` comes before this module is imported.
    """
    application = made_application()
    program = prepared(application, base)
    program.window.opening_refused.connect(program.fail)
    program.window.newcomer = base is None
    _show(program.window)
    program.window.start()
    status = application.exec()
    if program.window.rescue is not None and not program.failed:
        program.window.rescue.part()
    return 1 if program.failed else status


def made_application() -> QApplication:
    """Make the application, of one style on every system.

    Asked for by an argument: `setStyle` returns a style, for which PySide makes eleven enums of 596 words.
    """
    return QApplication([sys.argv[0], "-style", "Fusion"])


def prepared(application: QApplication, base: Path | None) -> Program:
    """Wire the window on a base (None: the officer's own); where that fails and no terminal shows why, a box does."""
    try:
        return build(application, base if base is not None else own_base())
    except Exception as error:
        if not sys.stderr.isatty() and system_libraries.has_screen(os.environ):
            unexpected = UserError("qpvdesk n’a pas pu démarrer.", f"{type(error).__name__}\u202f: {error}")
            BoxNotifier().ask(refusal("qpvdesk", error if isinstance(error, UserError) else unexpected))
        raise


def _show(window: MainWindow) -> None:
    """Show the window; over the whole screen where it would not hold with its title bar."""
    room = window.screen().availableGeometry()
    fits = window.width() < room.width() and window.height() + _TITLE_BAR < room.height()
    (window.show if fits else window.showMaximized)()


def _hear(window: MainWindow) -> None:
    from qpvdesk.ui.kit import accessible_roles  # noqa: PLC0415 - 9 ms and eight enums, once the window is seen

    accessible_roles.install(window)


def own_base() -> Path:
    """Return the officer's own base; on the first day it is made, on the starter contract."""
    path = paths.user_base()
    if not path.exists():
        from qpvdesk.services.care import safety  # noqa: PLC0415 - 56 ms, the first day alone needs it

        # A base that had backups was there: it is looked for or restored, never begun anew in silence.
        if safety.backups(path):
            return path
        from qpvdesk.services import bases  # noqa: PLC0415 - 2 ms, the first day alone needs it

        bases.create(path, "lens-lievin", now=datetime.now().astimezone())
    return path


def build(application: QApplication, base: Path) -> Program:
    """Wire the window on a base. The base is opened by the lane, at its first piece of work.

    What opens it is imported there too, unless nothing is seen before: a first sight that the base kept is read and painted
    without.
    """
    # A start makes many objects and drops few: the collector would only walk them, again and again.
    gc.disable()
    application.setApplicationName("qpvdesk")
    application.setApplicationDisplayName("qpvdesk")
    application.setDesktopFileName("qpvdesk")
    application.setWindowIcon(QIcon(str(paths.resource("icons/qpvdesk.png"))))
    QLocale.setDefault(QLocale("fr_FR"))
    application.installTranslator(QtWords(application))
    translator = QTranslator(application)
    if translator.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)

    @cache
    def opening() -> Opening:
        return _opening(base)

    lane = Lane(lambda: opening().desk())
    session = Session(lane, lambda: Lane(lambda: opening().reading()), date.today, _raise)
    theme = Theme(application)
    notifier = BoxNotifier()
    window = MainWindow(
        session,
        theme,
        notifier,
        paths.user_folder() / "fenetre.ini",
        drafts=paths.drafts_folder(base),
        base=base,
    )
    notifier.parent = window
    window.equipped.connect(lambda: _offer(window, opening(), notifier))
    window.portable = paths.portable_folder() is not None
    window.show_sight(lambda: kept_sight.read(base))
    hook = Excepthook(notifier, session.load, application)
    hook.install()
    # From there on cycles are collected in this thread alone, by the event loop.
    collector = Collector(window)
    window.painted.connect(collector.start)
    window.painted.connect(rest(window, _SEEN_MS, lambda: _hear(window)).start)
    window.opening_refused.connect(collector.start)
    return Program(window=window, hook=hook)


def _opening(base: Path) -> Opening:
    from qpvdesk.services.opening import Opening  # noqa: PLC0415 - 60 ms, a first sight does without
    from qpvdesk.services.settings import SettingsFile  # noqa: PLC0415 - 4 ms, see above

    local = paths.user_folder() / "copies-locales"
    return Opening(base, today=date.today, settings=SettingsFile(paths.user_folder()).read, local=local)


def _offer(window: MainWindow, opening: Opening, notifier: BoxNotifier) -> None:
    """Give a window what it offers where a base does not open, and beside the one that it shows."""
    from qpvdesk.ui.rescue import Rescue  # noqa: PLC0415 - 60 ms, a first sight does without

    window.rescue = Rescue(opening, notifier)
    window.dialogs.open_other = _open_other
    window.dialogs.make_example = _example


def _example() -> Path:
    """Return the example base of the officer's folder, made the first time."""
    path = paths.user_folder() / "exemple.db"
    if not path.exists():
        from qpvdesk.services import bases  # noqa: PLC0415 - 2 ms, who asks for an example alone needs it

        bases.create_example(path, now=datetime.now().astimezone())
    return path


def _open_other(base: Path) -> None:
    """Open a base in a window, and a process, of its own: two bases never share one."""
    from PySide6.QtCore import QProcess  # noqa: PLC0415 - 2 ms: ten enums that no first sight touches

    frozen = bool(getattr(sys, "frozen", False))
    QProcess.startDetached(sys.executable, [*([] if frozen else ["-m", "qpvdesk"]), "--base", str(base)])


def _raise(error: Exception) -> None:
    raise error
