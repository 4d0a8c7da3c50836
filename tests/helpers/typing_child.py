"""Type a value into the entry grid of a real window, then wait to be killed."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.notify import BoxNotifier
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase


def _fail(error: Exception) -> None:
    raise error


def main(folder: Path) -> int:
    """Open, type, say so; run until killed."""
    application = QApplication(["qpvdesk"])
    base = WatchedBase(folder / "essai.db", invented.dossier(), invented.TODAY)
    session = Session(Lane(base.open), lambda: Lane(base.read), lambda: invented.TODAY, _fail)
    window = MainWindow(session, Theme(application), BoxNotifier(), folder / "fenetre.ini")

    def type_value() -> None:
        window.go(Address("releves", "BPI"))
        for key in ("3", "3", Qt.Key.Key_Return):
            QTest.keyClick(QGuiApplication.focusObject(), key)
        print("typed", flush=True)

    window.painted.connect(lambda: QTimer.singleShot(0, type_value))
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window.start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
