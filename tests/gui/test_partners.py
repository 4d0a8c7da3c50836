"""Going down the list of partners lays out nothing twice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.page import Place
from qpvdesk.ui.pages.partner_sheet import PartnerSheet
from qpvdesk.ui.widgets.card import Card
from tests.gui.conftest import Bench


def test_a_sheet_is_made_once_and_whole_where_one_stays(qtbot: QtBot, bench: Bench) -> None:
    """38 to 171 ms a row went into laying out sheets that were there a key before."""
    bench.window.go(Place("partenaires"))
    page = bench.window.navigator.current
    assert page is not None
    table = page.findChild(Table)
    assert isinstance(table, Table)

    def sheet() -> PartnerSheet:
        (shown,) = [one for one in page.findChildren(PartnerSheet) if one.isVisible()]
        return shown

    def cards() -> int:
        return len(sheet().findChildren(Card))

    first = sheet()
    whole = cards()
    assert whole >= 3
    qtbot.keyClick(table, Qt.Key.Key_Down)
    second = sheet()
    assert second is not first
    assert cards() < whole, "the head alone, until one stays"
    qtbot.waitUntil(lambda: cards() >= 3)
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert sheet() is first
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert sheet() is second
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.load()
    qtbot.waitUntil(lambda: sheet() is not second)
    assert cards() >= 3, "what changed is seen whole at once"
    assert bench.bugs == []
