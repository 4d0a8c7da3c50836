"""The yardstick of the start: the smallest PySide6 window, ended after its first paint. It says its memory."""

import os
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from tests.helpers.first_paint import resident


def _end() -> None:
    print(resident())
    sys.stdout.flush()
    os._exit(0)


class _Canvas(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, _end)


application = QApplication([])
window = QMainWindow()
window.setCentralWidget(_Canvas())
window.resize(1366, 768)
window.show()
application.exec()
