"""The field of who told a figure."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit


class SourceLine(QLineEdit):
    """Stays for the next figure of the same partner: who told that of one did not tell that of another."""

    def __init__(self) -> None:
        super().__init__()
        self._partner = ""

    def stand_for(self, partner: str) -> None:
        """Take the partner of the figure that is typed now, by key; empty: not known yet."""
        if partner and self._partner not in ("", partner):
            self.clear()
        self._partner = partner or self._partner
