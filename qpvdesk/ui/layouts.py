"""How the officer arranged each page: the columns of its tables, where its panels meet, what is chosen; kept in the
settings."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6 import QtCore
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QSplitter

from qpvdesk.ui.pages.page import Page


def keep(page: Page, settings: QSettings) -> None:
    """Remember how a page is arranged."""
    settings.beginGroup(f"pages/{page.word}")
    for number, splitter in enumerate(page.findChildren(QSplitter)):
        settings.setValue(f"panneaux-{number}", splitter.saveState())
    for number, table in enumerate(page.tables()):
        settings.setValue(f"tableau-{number}", json.dumps(table.layout_state()))
    for number, tools in enumerate(page.table_tools()):
        settings.setValue(f"vues-{number}", tools.state())
    for word, value in page.habits().items():
        settings.setValue(f"choix-{word}", value)
    settings.endGroup()


def restore(page: Page, settings: QSettings) -> None:
    """Arrange a page as it was; what was kept by another release, or spoilt, is left aside."""
    settings.beginGroup(f"pages/{page.word}")
    for number, splitter in enumerate(page.findChildren(QSplitter)):
        state = settings.value(f"panneaux-{number}")
        if isinstance(state, QtCore.QByteArray):
            splitter.restoreState(state)
    for number, table in enumerate(page.tables()):
        held = _read(str(settings.value(f"tableau-{number}", "")))
        if held:
            table.restore_layout(held)
    for number, tools in enumerate(page.table_tools()):
        tools.restore(str(settings.value(f"vues-{number}", "")))
    words = [name.removeprefix("choix-") for name in settings.childKeys() if name.startswith("choix-")]
    page.take_habits({word: str(settings.value(f"choix-{word}", "")) for word in words})
    settings.endGroup()


def _read(text: str) -> Mapping[str, list[int]]:
    try:
        held = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(held, dict):
        return {}
    return {
        name: value
        for name, value in held.items()
        if isinstance(value, list) and all(isinstance(one, int) for one in value)
    }
