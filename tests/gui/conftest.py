"""The window in memory, driven by hand; a Qt warning fails the test."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from qpvdesk.domain.model import Dossier
from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.notify import Notice
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Mode, Theme
from tests.conftest import PatientBot
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

_SIZE = (1366, 768)


@dataclass
class RecordingNotifier:
    """Keeps the notices; answers what it was told, else the last choice."""

    answers: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    path: Path | None = None
    opened: Path | None = None
    """The file that is chosen to be opened."""
    secrets: list[str] = field(default_factory=list)
    """The passphrases that are answered; none: the officer gives up."""
    asked: list[str] = field(default_factory=list)
    paper: Path | None = None
    """Where the printer that is answered writes; None: the officer gives up."""
    suggested: list[Path] = field(default_factory=list)
    """Where each file was offered to be saved."""

    def ask(self, notice: Notice) -> str:
        self.notices.append(notice)
        return self.answers.pop(0) if self.answers else notice.choices[-1].word

    def save_path(self, title: str, suggestion: Path, pattern: str) -> Path | None:
        del title, pattern
        self.suggested.append(suggestion)
        return self.path

    def open_path(self, title: str, folder: Path, pattern: str) -> Path | None:
        del title, folder, pattern
        return self.opened

    def folder(self, title: str, start: Path) -> Path | None:
        del title, start
        return self.opened

    def secret(self, reason: str, take: Callable[[str], None]) -> bool:
        self.asked.append(reason)
        if not self.secrets:
            return False
        take(self.secrets.pop(0))
        return True

    def printer(self, pages: int, name: str) -> QPrinter | None:
        del pages
        self.suggested.append(Path(name))
        if self.paper is None:
            return None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.paper))
        printer.setResolution(96)
        return printer


class WholeSession(Session):
    """Asks for the whole first picture at once, as after a sight that was kept: it is reckoned and drawn once, not twice.

    What a base that kept none shows in two parts is looked at in `test_first_sight`.
    """

    def load(self, contract: str | None = None, *, whole: bool = True) -> None:
        super().load(contract, whole=whole or self.picture is None)


@dataclass
class Bench:
    """A window and everything it was given."""

    window: MainWindow
    desk: WatchedBase
    session: Session
    lane: Lane
    notifier: RecordingNotifier
    bugs: list[Exception]
    settings: Path


@pytest.fixture(scope="module", autouse=True)
def collector() -> Iterator[None]:
    """Let no thread collect on its own: the lane of one test would take the widgets of the last one apart while this
    thread draws. What a test leaves is collected here, between two tests; what stays from file to file, half a second of
    walking a test at the end of them all, is passed over."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def collected(collector: None) -> Iterator[None]:
    """Collect what the test before left, in the thread of its widgets: one that lived on would be drawn in each look.

    Before a test nothing holds the last one any more. What outlived one collection (a contract, a module, the window of a
    file) is looked through again at the next file alone: it was 50 ms of walking a test.
    """
    del collector
    gc.collect(1)
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def no_qt_warning() -> Iterator[None]:
    """Fail on what Qt warns of."""
    said: list[str] = []

    def keep(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        del context
        # The offscreen platform has no window manager and says so; nothing of ours is wrong.
        if kind is not QtMsgType.QtDebugMsg and "This plugin does not support" not in words:
            said.append(words)

    previous = qInstallMessageHandler(keep)
    yield
    qInstallMessageHandler(previous)
    assert said == []


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, Mode.LIGHT)


@pytest.fixture
def notifier() -> RecordingNotifier:
    return RecordingNotifier()


@pytest.fixture
def open_window(
    request: pytest.FixtureRequest, theme: Theme, notifier: RecordingNotifier, tmp_path: Path
) -> Iterator[Callable[..., Bench]]:
    """Open a window on a dossier; closed at the end."""
    with _windows(request, theme, notifier, tmp_path) as make:
        yield make


@pytest.fixture(scope="module")
def open_shared_window(
    request: pytest.FixtureRequest, theme: Theme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Bench]]:
    """Open a window that the tests of a file share: only for those that go to a page and look at it."""
    with _windows(request, theme, RecordingNotifier(), tmp_path_factory.mktemp("fenetre")) as make:
        yield make


@contextmanager
def _windows(
    request: pytest.FixtureRequest, theme: Theme, notifier: RecordingNotifier, folder: Path
) -> Iterator[Callable[..., Bench]]:
    qtbot = PatientBot(request)
    opened: list[MainWindow] = []

    def make(
        dossier: Dossier | None = None,
        *,
        read_only: bool = False,
        model: Path | None = None,
        today: date = invented.TODAY,
    ) -> Bench:
        _look_plain(theme)
        path = folder / f"essai-{len(opened)}.db"
        desk = WatchedBase(path, dossier or invented.dossier(), today, read_only=read_only, model=model)
        bugs: list[Exception] = []
        lane = Lane(desk.open)
        session = WholeSession(lane, lambda: Lane(desk.read), lambda: today, bugs.append)
        settings = folder / "fenetre.ini"
        window = MainWindow(session, theme, notifier, settings)
        if request.scope == "function":
            qtbot.addWidget(window)
        window.resize(*_SIZE)
        window.show()
        with qtbot.waitSignal(window.painted):
            window.start()
        window.resize(*_SIZE)
        # What was asked for meanwhile: to lay out what is shown.
        QCoreApplication.processEvents()
        opened.append(window)
        return Bench(window, desk, session, lane, notifier, bugs, settings)

    yield make
    for window in opened:
        if window.isVisible() and not window.close():
            # It asks about what is typed, and is taken apart all the same: no answer may come to what is left of it.
            window.session.close()
        if request.scope != "function":
            window.deleteLater()
    if request.scope != "function":
        # Now: what is left of one that waits to be taken apart would be collected piece by piece, its timers still running.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _look_plain(theme: Theme) -> None:
    theme.set_mode(Mode.LIGHT)
    theme.set_zoom(1.0)


@pytest.fixture
def bench(open_window: Callable[..., Bench]) -> Bench:
    """The window on the invented contract, on 30/06/2026."""
    return open_window()


@pytest.fixture(scope="module")
def _shared_bench(open_shared_window: Callable[..., Bench]) -> Bench:
    return open_shared_window()


@pytest.fixture
def shared_bench(_shared_bench: Bench, theme: Theme) -> Bench:
    """The window of `bench`, which the tests of a file share: only for those that go to a page and look at it."""
    _look_plain(theme)
    _shared_bench.window.resize(*_SIZE)
    return _shared_bench
