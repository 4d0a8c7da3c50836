"""Opening what the program itself has just written where the officer said: a paper, a table; nothing that data brought."""

from __future__ import annotations

from pathlib import Path

from PySide6 import QtCore, QtGui

WRITTEN = frozenset({".pdf", ".xlsx", ".ods", ".csv", ".docx", ".odt", ".pptx", ".png", ".svg"})
"""The endings of what is written here; another file is never given to the desktop."""


def open_written(path: Path) -> None:
    if path.suffix.lower() in WRITTEN and path.is_file():
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(path)))
