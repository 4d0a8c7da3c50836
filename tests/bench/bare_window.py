"""The yardstick of the start: the smallest PySide6 window, closed at its first paint."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class _Canvas(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, QApplication.quit)


application = QApplication([])
window = QMainWindow()
window.setCentralWidget(_Canvas())
window.resize(1366, 768)
window.show()
application.exec()
