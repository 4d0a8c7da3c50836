"""The window in memory, driven by hand; a Qt warning fails the test."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Dossier
from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.notify import Notice
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Mode, Theme
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase


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

    def secret(self, said: str, take: Callable[[str], None]) -> bool:
        self.asked.append(said)
        if not self.secrets:
            return False
        take(self.secrets.pop(0))
        return True

    def printer(self, pages: int) -> QPrinter | None:
        del pages
        if self.paper is None:
            return None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.paper))
        printer.setResolution(96)
        return printer


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
    """Collect what the test leaves, in the thread of its widgets."""
    del collector
    yield
    gc.collect()


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
    qtbot: QtBot, theme: Theme, notifier: RecordingNotifier, tmp_path: Path
) -> Iterator[Callable[..., Bench]]:
    """Open a window on a dossier; closed at the end."""
    opened: list[MainWindow] = []

    def make(dossier: Dossier | None = None, *, read_only: bool = False, model: Path | None = None) -> Bench:
        theme.set_mode(Mode.LIGHT)
        theme.set_zoom(1.0)
        path = tmp_path / f"essai-{len(opened)}.db"
        desk = WatchedBase(
            path, dossier or invented.dossier(), invented.TODAY, read_only=read_only, model=model
        )
        bugs: list[Exception] = []
        lane = Lane(desk.open)
        session = Session(lane, lambda: Lane(desk.read), lambda: invented.TODAY, bugs.append)
        settings = tmp_path / "fenetre.ini"
        window = MainWindow(session, theme, notifier, settings)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        with qtbot.waitSignal(window.painted):
            window.start()
        window.resize(1366, 768)
        picture = session.picture
        if picture is not None and not picture.complete:
            with qtbot.waitSignal(session.pictured):
                pass
        opened.append(window)
        return Bench(window, desk, session, lane, notifier, bugs, settings)

    yield make
    for window in opened:
        if window.isVisible():
            window.close()


@pytest.fixture
def bench(open_window: Callable[..., Bench]) -> Bench:
    """The window on the invented contract, on 30/06/2026."""
    return open_window()
