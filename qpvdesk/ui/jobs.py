"""Work off the GUI thread: a lane is one thread with its own desk, which does one thing after another.

The window has one lane for everything that reads quickly or writes, and opens a second one for long readings
(printing), so that a report never holds up an entry. Outcomes come back to the GUI thread by a queued signal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field
from PySide6 import QtWidgets
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from qpvdesk.ui.kit.tokens import EDGE, ROOM, WIDE, stacked
from qpvdesk.ui.widgets.labels import label

if TYPE_CHECKING:
    from qpvdesk.services.desk import Desk

T = TypeVar("T")

PATIENCE_MS = 600
"""How long a piece of work may last before a progress dialog shows."""


class Job(Struct, eq=False):
    """One piece of work given to a lane."""

    work: Callable[[Desk], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    stop: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the work to stop; one that has not begun is not begun."""
        self.stop.set()

    def cancelled(self) -> bool:
        """Tell whether `cancel` was called; the work asks now and then."""
        return self.stop.is_set()


class Lane(QObject):
    """One thread, one desk, one piece of work at a time, in order."""

    idle = Signal()
    """Everything that was submitted has come back."""
    _over = Signal(object, object, object)

    def __init__(self, open_desk: Callable[[], Desk], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_desk = open_desk
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._pending = 0
        self._closed = False
        self._over.connect(self._settle, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="qpvdesk-lane", daemon=True)
        self._thread.start()

    @property
    def pending(self) -> int:
        """How many pieces of work have not come back yet."""
        return self._pending

    def submit(
        self,
        work: Callable[[Desk], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        stop: threading.Event | None = None,
    ) -> Job:
        """Do `work(desk)` in the lane, then `done(result)` or `failed(error)` in the GUI thread.

        `stop` is the event that `Job.cancel` sets, for a work that wants to look at it.
        """
        job = Job(work, done, failed, stop or threading.Event())
        self._pending += 1
        self._queue.put(job)
        return job

    def close(self) -> None:
        """Finish what was submitted, close the desk, end the thread. Nothing is called back any more."""
        # What had come back already and waits its turn in the GUI thread is delivered although disconnected.
        self._closed = True
        self._over.disconnect(self._settle)
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        desk: Desk | None = None
        while (job := self._queue.get()) is not None:
            result: Any = None
            error: Exception | None = None
            try:
                if not job.cancelled():
                    desk = desk or self._open_desk()
                    result = job.work(desk)
            except Exception as caught:  # handed to the GUI thread, which tells a refusal from a bug
                error = caught
            self._over.emit(job, result, error)
            del job, result, error
        if desk is not None:
            desk.close()

    @Slot(object, object, object)
    def _settle(self, job: Job, result: Any, error: Exception | None) -> None:
        if self._closed:
            return
        self._pending -= 1
        try:
            if error is not None:
                job.failed(error)
            elif not (job.cancelled() and result is None):
                job.done(result)
        finally:
            if not self._pending:
                self.idle.emit()


class ProgressCard(QDialog):
    """Says that a piece of work goes on, once it has lasted, and lets it be cancelled."""

    def __init__(self, title: str, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(340)
        layout = stacked(label(title, wrap=True), on=self, spacing=ROOM, margins=(EDGE, WIDE, EDGE, WIDE))
        bar = QtWidgets.QProgressBar()
        bar.setRange(0, 0)
        bar.setAccessibleName(title)
        layout.addWidget(bar)
        self._cancel = QPushButton("Annuler")
        self._cancel.clicked.connect(self.reject)
        layout.addWidget(self._cancel, alignment=Qt.AlignmentFlag.AlignRight)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.show)
        self._patience.start(PATIENCE_MS)

    def reject(self) -> None:
        """Cancel the work; the dialog goes when it has stopped."""
        self._job.cancel()
        self._cancel.setEnabled(False)
        self._cancel.setText("Arrêt en cours…")

    def finish(self) -> None:
        """Close, whether it was shown or not."""
        self._patience.stop()
        self.done(QDialog.DialogCode.Accepted)
        self.deleteLater()
