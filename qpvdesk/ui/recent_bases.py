"""The bases opened lately, kept in the settings, offered in the menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu

_KEPT = "bases/recentes"
_KEPT_MAX = 8


class RecentBases:
    """The latest first."""

    def __init__(self, settings: QSettings, go: Callable[[Path], object]) -> None:
        """`go` opens another base."""
        self._settings, self._go = settings, go

    def remember(self, path: Path) -> None:
        """Put a base first among those opened lately."""
        kept = [str(path), *(str(other) for other in self.known() if other != path)]
        self._settings.setValue(_KEPT, kept[:_KEPT_MAX])

    def known(self) -> list[Path]:
        kept = self._settings.value(_KEPT, [])
        names = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [path for name in names if (path := Path(str(name))).is_file()]

    def fill(self, menu: QMenu) -> None:
        """Offer them, less the one that is open."""
        menu.clear()
        for path in self.known()[1:]:
            menu.addAction(f"{path.name}  ({path.parent})".replace("&", "&&"), partial(self._go, path))
        if menu.isEmpty():
            menu.addAction("Aucune autre").setEnabled(False)
