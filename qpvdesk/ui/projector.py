"""Mode projection: the window fills the screen, in larger type, and nothing can be changed from it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QMainWindow

from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme

_ROOM = 1000
"""Points of width that the pages need at a zoom of 100 %: a screen that has fewer is enlarged already, one that has more is
read from as far."""


class Projector(QObject):
    """Enters and leaves the mode; gives back what it took."""

    leaving = Signal()

    def __init__(
        self, window: QMainWindow, theme: Theme, session: Session, actions: Mapping[str, QAction]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._session = session
        self._on = False
        self._zoom = theme.zoom
        self._maximized = False
        # The menus are hidden on the projector; their shortcuts go on.
        window.addActions(list(actions.values()))
        self._escape = QShortcut(Qt.Key.Key_Escape, window)
        self._escape.setEnabled(False)
        self._escape.activated.connect(self.leave)

    def toggle(self) -> None:
        """Enter the mode, or leave it."""
        if self._on:
            self.leave()
            return
        self._on = True
        self._zoom, self._maximized = self._theme.zoom, self._window.isMaximized()
        self._show(True)
        wide = self._window.screen().availableGeometry().width()
        self._theme.set_zoom(max(self._zoom, wide / _ROOM), afar=True)
        self._window.showFullScreen()

    def leave(self) -> None:
        """Come back to the window as it was; harmless outside the mode."""
        if not self._on:
            return
        self._on = False
        self.leaving.emit()
        self._theme.set_zoom(self._zoom, afar=False)
        (self._window.showMaximized if self._maximized else self._window.showNormal)()
        self._show(False)

    def _show(self, projecting: bool) -> None:
        self._escape.setEnabled(projecting)
        self._window.menuBar().setHidden(projecting)
        self._window.statusBar().setHidden(projecting)
        self._session.project(projecting)
