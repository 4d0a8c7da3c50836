"""Open the real window on a base and stop at the first painted dashboard."""

from __future__ import annotations

import sys
from pathlib import Path


def open_and_paint(base: Path) -> None:
    """Run the application until its dashboard has been painted with the contract's figures."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from qpvdesk import app

    application = QApplication(["qpvdesk"])
    program = app.build(application, base)
    window = program.window
    # One turn of the loop after the signal, so that what it announced has reached the surface.
    window.painted.connect(lambda: QTimer.singleShot(0, window.close))
    window.resize(1366, 768)
    window.show()
    window.start()
    application.exec()


if __name__ == "__main__":
    open_and_paint(Path(sys.argv[1]))
