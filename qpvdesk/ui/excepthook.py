"""An exception in a slot, a paint or a model: logged, shown once, and the window goes on."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot

from qpvdesk.ui.notify import Gravity, Notice, Notifier

_LOG = logging.getLogger("qpvdesk.ui")


class Excepthook(QObject):
    """Takes `sys.excepthook` and `threading.excepthook`; `recover` reloads the window from the base.

    A bug in a paint comes back on every repaint: the same place is shown once in the life of the window, and
    only one dialog at a time.
    """

    _caught = Signal(str)

    def __init__(
        self, notifier: Notifier, recover: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._notifier = notifier
        self._recover = recover
        self._seen: set[str] = set()
        self._showing = False
        self._previous = sys.excepthook
        # Queued: a dialog must never open in the middle of a paint.
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch what nobody caught, from now on."""
        sys.excepthook = self.handle
        threading.excepthook = lambda args: self.handle(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log the error; show it unless it was shown already."""
        if issubclass(kind, KeyboardInterrupt):
            self._previous(kind, error, trace)
            return
        _LOG.error("uncaught exception", exc_info=(kind, error, trace))
        frames = traceback.extract_tb(trace)
        place = f"{kind.__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else kind.__name__
        if place not in self._seen:
            self._seen.add(place)
            self._caught.emit(kind.__name__)

    @Slot(str)
    def _show(self, kind: str) -> None:
        if self._showing:
            return
        self._showing = True
        try:
            self._recover()
            self._notifier.ask(
                Notice(
                    "Erreur inattendue",
                    "Une erreur s’est produite dans le programme. L’opération en cours a été abandonnée\u202f; la fenêtre "
                    "relit la base.",
                    f"Le détail ({kind}) est noté dans le journal technique. "
                    "Si l’erreur revient, fermez puis rouvrez qpvdesk.",
                    Gravity.ERROR,
                )
            )
        finally:
            self._showing = False
