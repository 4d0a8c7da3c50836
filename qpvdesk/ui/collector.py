"""When Python looks for what nothing reaches any more: in the GUI thread, between two events, and nowhere else."""

from __future__ import annotations

import gc

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer

_EVERY = 1_000
"""Milliseconds between two looks."""


class Collector(QObject):
    """Takes the collection of cycles over from Python.

    Left to itself, Python collects where it happens to allocate: in the lane, where no widget may be destroyed, or
    within a walk of Qt over its widgets (another look, another size of type), which then meets one that is gone.
    """

    def __init__(self, parent: QObject | None = None, every: int = _EVERY) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(every)
        self._timer.setSingleShot(True)
        self._started = False
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin; what is there already stays for good, and is not walked again."""
        if self._started:
            return
        self._started = True
        gc.freeze()
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        # Before the loop sleeps, not at intervals: a window that nobody touches wakes for nothing.
        dispatcher.aboutToBlock.connect(self._note)

    def _note(self) -> None:
        """Look after a while, where there is something to collect; what is made meanwhile goes with it."""
        if self._timer.isActive():
            return
        if any(
            count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)
        ):
            self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due, as Python would."""
        for generation, (count, threshold) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > threshold:
                gc.collect(generation)
                return
