"""Going down the list of partners lays out nothing twice."""

from __future__ import annotations

import re

from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Role
from qpvdesk.domain.sens import Sens
from qpvdesk.domain.situation import situation
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.partner_sheet import PartnerSheet
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import Card
from tests.gui.conftest import Bench
from tests.helpers import invented


def test_a_sheet_is_made_once_and_whole_where_one_stays(qtbot: QtBot, bench: Bench) -> None:
    """38 to 171 ms a row went into laying out sheets that were there a key before."""
    bench.window.go(Address("partenaires"))
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


def test_what_a_key_makes_is_counted_and_nothing_is_laid_out_as_a_document(
    qtbot: QtBot, bench: Bench
) -> None:
    """A sheet seen for the first time took 137 to 185 ms: half of it for words that might be selected."""
    bench.window.go(Address("partenaires"))
    page = bench.window.navigator.current
    assert page is not None
    table = page.findChild(Table)
    assert isinstance(table, Table)
    late = [int(table.model().index(row, 2).data()) for row in range(table.model().rowCount())]
    assert late == sorted(late, reverse=True), "the one to see first comes first"
    assert late[0] > 0
    for _ in range(table.model().rowCount() - 1):
        qtbot.keyClick(table, Qt.Key.Key_Down)
        (sheet,) = [one for one in page.findChildren(PartnerSheet) if one.isVisible()]
        assert len(sheet.findChildren(QWidget)) <= 24
        sheet.complete()
        assert len(sheet.findChildren(QWidget)) <= 64
        # « 8 objectifs promis » stood over a list of 31: the list says what it is made of.
        assert bench.session.picture is not None
        situation, texts = bench.session.picture.situation, [one.text() for one in sheet.findChildren(QLabel)]
        (partner,) = [item for item in situation.dossier.partners if item.code in texts]
        (told,) = [text for text in texts if text.startswith("Objectifs")][-1:]
        listed = len(situation.objectives_of_partner(partner.key))
        assert sum(map(int, re.findall(r"\d+", told))) == listed
        assert [one.text() for one in sheet.findChildren(QLabel) if selectable(one)] == []
    name = next(one for one in sheet.findChildren(QLabel) if one.property("role") == "heading")
    here = QPointF(1, 1)
    QApplication.sendEvent(name, QEnterEvent(here, here, here))
    assert selectable(name)
    assert name.focusPolicy() == Qt.FocusPolicy.ClickFocus
    assert bench.bugs == []


def selectable(label: QLabel) -> bool:
    return bool(label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)


def test_a_figure_of_context_and_what_declines_it_are_counted_once(qtbot: QtBot, theme: Theme) -> None:
    """The sheet said ten where the paper of the same partner says five."""
    dossier = invented.dossier()
    parent = next(item.parent for item in dossier.objectives if item.parent)
    context = replace(
        dossier,
        objectives=tuple(
            replace(item, role=Role.CONTEXTE, sens=Sens.SUIVI) if parent in (item.key, item.parent) else item
            for item in dossier.objectives
        ),
    )
    now = situation(context, invented.TODAY)
    (summary,) = [item for item in now.partners if item.partner.key == now.objective(parent).partner]
    sheet = PartnerSheet(theme, lambda *_, **__: None, now, summary, unfolded=set())
    qtbot.addWidget(sheet)
    sheet.complete()
    parts = sum(item.parent == parent for item in context.objectives)
    assert parts > 1
    (told,) = [text for one in sheet.findChildren(QLabel) if (text := one.text()).startswith("Objectifs")]
    assert f"1 de contexte, {parts} déclinaisons" in told
