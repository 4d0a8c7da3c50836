"""How often the window wakes while nobody touches it: `python -m tests.bench.idle BASE SECONDS`."""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.helpers.first_paint import open_and_paint

_SETTLING_MS = 4000
"""By then what follows a start (the backup of the day, the check of the base) is done."""


def main(arguments: list[str]) -> None:
    """Open the base, let it settle, then count."""
    seconds = float(arguments[1])

    def settled() -> None:
        before = _sleeps(), time.perf_counter()
        QTimer.singleShot(round(seconds * 1000), lambda: tell(*before))

    def tell(sleeps: int, since: float) -> None:
        application = QApplication.instance()
        assert application is not None
        running = [timer for timer in application.findChildren(QTimer) if timer.isActive()]
        for window in QApplication.topLevelWidgets():
            running += [timer for timer in window.findChildren(QTimer) if timer.isActive()]
        # The timer that ends the count is one of the sleeps.
        print((_sleeps() - sleeps - 1) / (time.perf_counter() - since), len(running))
        sys.stdout.flush()
        os._exit(0)

    open_and_paint(Path(arguments[0]), "complete", over=lambda: QTimer.singleShot(_SETTLING_MS, settled))


def _sleeps() -> int:
    """Return how often the process gave the processor back of itself: once a wake-up."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw


if __name__ == "__main__":
    main(sys.argv[1:])
