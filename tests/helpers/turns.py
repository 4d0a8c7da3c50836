"""Turns of the loop of Qt: what waits for the next one is over, however slow the machine is."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot


def turn(qtbot: QtBot, times: int = 2) -> None:
    """Let the loop turn: what was asked for at once (a layout, the order of Tab) is done, and what that asked for."""
    for _ in range(times):
        turned: list[bool] = []
        QTimer.singleShot(0, lambda turned=turned: turned.append(True))
        qtbot.waitUntil(lambda turned=turned: bool(turned))
