"""On the projector: larger, the whole screen, nothing to change; and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTabBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.ui import projector
from qpvdesk.ui.announcer import Toast
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.objective_table import ROWS_PX
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.quick_entry import QuickEntry
from qpvdesk.ui.sidebar import NavButton
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label
from tests.gui.conftest import Bench

CHANGING = (
    "Ajouter", "Créer", "Donner", "Importer", "Joindre", "Modifier", "Noter", "Nouve", "Retirer", "Suite", "Supprimer",
)  # fmt: skip
"""How the buttons of what changes something begin."""


def press(qtbot: QtBot, bench: Bench, key: Qt.Key, *, control: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(bench.window, key, modifier)


def buttons(bench: Bench) -> set[str]:
    return {one.text() for one in bench.window.findChildren(QPushButton) if one.isVisible()}


def heights_of(table: Table, zoom: float = 1.0) -> tuple[int, ...]:
    """How high a row of a table may be in small characters: the objectives' choose it by the width of their titles, which
    changes with the characters and with when the page is laid out."""
    height = round(table.verticalHeader().defaultSectionSize() / zoom)
    return ROWS_PX if height in ROWS_PX and table.accessibleName() == "Objectifs" else (height,)


def test_a_screen_that_is_enlarged_already_is_not_enlarged_more(
    qtbot: QtBot, bench: Bench, theme: Theme
) -> None:
    press(qtbot, bench, Qt.Key.Key_F11)
    assert bench.window.isFullScreen()
    assert theme.zoom == 1.0
    press(qtbot, bench, Qt.Key.Key_F11)


def test_the_projector_shows_the_page_larger_and_offers_no_change(
    qtbot: QtBot, bench: Bench, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A screen off screen is 800 points wide.
    monkeypatch.setattr(projector, "_ROOM", 500)
    bench.window.go(Address("objectifs", "BPI-O01"))
    assert "Saisir un relevé" in buttons(bench)
    press(qtbot, bench, Qt.Key.Key_F11)
    assert bench.window.isFullScreen()
    assert theme.zoom == 1.6, "a wider screen is read from as far: the words grow with it"
    assert theme.chart_zoom > theme.zoom
    bars = [one for one in bench.window.findChildren(QTabBar) if one.isVisible()]
    assert bars, "an objective has its tabs"
    assert {round(one.font().pointSizeF(), 1) for one in bars} == {round(theme.font().pointSizeF(), 1)}
    assert "Quitter la projection" in buttons(bench)
    assert "Saisir un relevé" not in buttons(bench)
    assert not bench.window.menuBar().isVisible()
    assert any("F11 ou Échap" in one.text() for one in bench.window.findChildren(QLabel) if one.isVisible())
    press(qtbot, bench, Qt.Key.Key_N, control=True)
    assert bench.window.findChild(MeasurementDialog) is None
    tray = bench.window.findChild(QuickEntry)
    assert tray.isVisible()
    qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Escape)
    assert not tray.isVisible()
    assert bench.window.isFullScreen()
    offered = []
    for spec in PAGES:
        bench.window.go(Address(spec.word))
        able = [one for one in bench.window.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
        offered += [(spec.word, one.text()) for one in able if one.text().startswith(CHANGING)]
    assert offered == []
    # The shortcuts of the hidden menus still lead from page to page.
    press(qtbot, bench, Qt.Key.Key_1, control=True)
    assert bench.window.centralWidget().isVisible()
    press(qtbot, bench, Qt.Key.Key_Escape)
    assert not bench.window.isFullScreen()
    assert theme.zoom == 1.0
    assert bench.window.menuBar().isVisible()
    bench.window.go(Address("objectifs", "BPI-O01"))
    assert "Saisir un relevé" in buttons(bench)


def test_what_is_said_on_the_projector_lies_on_nothing_that_is_shown(qtbot: QtBot, bench: Bench) -> None:
    """« Mode projection : F11… » lay over the way back, the first page and the name of the contract for eight seconds."""
    toast, bar = bench.window.findChild(Toast), bench.window.statusBar()
    assert isinstance(toast, Toast)
    press(qtbot, bench, Qt.Key.Key_F11)
    assert toast.isVisible()
    qtbot.waitUntil(lambda: bar.geometry().contains(toast.geometry()))
    toast._timer.timeout.emit()
    assert (toast.isVisible(), bar.isVisible()) == (False, False)
    press(qtbot, bench, Qt.Key.Key_F11)
    # Who leaves while it is said has the foot of the window, and is not told any more how to leave.
    press(qtbot, bench, Qt.Key.Key_F11)
    press(qtbot, bench, Qt.Key.Key_Escape)
    assert (toast.isVisible(), bar.isVisible()) == (False, True)


def test_a_change_made_elsewhere_leaves_the_projector_on(qtbot: QtBot, bench: Bench) -> None:
    press(qtbot, bench, Qt.Key.Key_F11)
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.load()
    picture = bench.session.picture
    assert picture is not None
    assert picture.projected
    press(qtbot, bench, Qt.Key.Key_F11)
    assert not bench.window.isFullScreen()


def test_the_layout_before_the_projector_is_what_is_remembered(
    qtbot: QtBot, bench: Bench, theme: Theme
) -> None:
    press(qtbot, bench, Qt.Key.Key_F11)
    bench.window.close()
    assert theme.zoom == 1.0


def test_what_was_built_in_small_characters_follows_the_large_ones(qtbot: QtBot, bench: Bench) -> None:
    """A page that was open before the mode: nothing in it keeps the widths of the small characters."""
    theme = bench.window.theme
    for word in ("objectifs", "moyens", "partenaires", "comites", "impressions"):
        bench.window.go(Address(word))
    bench.window.go(Address("partenaires"))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    tables = [table for table in bench.window.findChildren(Table) if table.model().columns[-1].width]
    heights = [heights_of(table) for table in tables]
    widths = [table._widths.own(1) for table in tables]
    icon = bench.window.findChild(NavButton).iconSize().width()
    theme.set_zoom(1.4)
    for table, allowed, width in zip(tables, heights, widths, strict=True):
        name = table.accessibleName()
        assert heights_of(table, 1.4) == allowed, name
        if width and table.model().columns[1].width:
            assert table._widths.own(1) >= width * 1.3, name
    assert bench.window.findChild(NavButton).iconSize().width() == round(icon * 1.4)
    theme.set_zoom(1.0)
    assert [heights_of(table) for table in tables] == heights


@pytest.mark.parametrize(("zoom", "width", "height"), [(1.5, 1366, 768), (1.0, 911, 512), (1.0, 820, 440)])
def test_a_page_is_no_higher_than_its_place_or_than_it_must_be(
    qtbot: QtBot, bench: Bench, zoom: float, width: int, height: int
) -> None:
    """« Comités » on the projector was half as high again as the screen: given the room of a sheet that was out of view."""
    projected = zoom > 1
    bench.session.project(projected)
    bench.window.theme.set_zoom(zoom, afar=projected)
    bench.window.resize(width, height)
    view = bench.window.navigator.viewport()

    def is_fitted() -> bool:
        page = bench.window.navigator.current
        assert page is not None
        layout = page.layout()
        assert layout is not None
        least = max(page.minimumSizeHint().height(), layout.totalMinimumHeightForWidth(page.width()))
        # A page that was just made asks for more than any window has, until it is laid out.
        return least < 2 * height and page.height() == max(view.height(), least)

    for spec in PAGES:
        bench.window.go(Address(spec.word))
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        qtbot.waitUntil(is_fitted)


def test_what_waits_to_be_shown_takes_the_characters_in_force(qtbot: QtBot, theme: Theme) -> None:
    """Redrawn on the way to the projector, the words of a sheet stayed as small as before, beside its titles."""
    outer, own = QWidget(), QLabel("Propre")
    qtbot.addWidget(outer)
    column = QVBoxLayout(outer)
    outer.show()
    made, hidden = (
        label("Résultats\u202f: un poste ouvert", wrap=True, select=True),
        QPushButton("Lire le passage"),
    )
    own.setFont(theme.font(7))
    for part in (made, hidden, own):
        column.addWidget(part)
    hidden.hide()
    theme.set_zoom(1.5)
    hidden.show()
    qtbot.waitUntil(made.isVisible)
    assert made.font().pointSizeF() == hidden.font().pointSizeF() == theme.font().pointSizeF()
    assert own.font().pointSizeF() == 7
    theme.set_zoom(1.0)


def test_a_window_opens_in_the_characters_that_it_was_left_in(
    bench: Bench, open_window: Callable[..., Bench], theme: Theme
) -> None:
    """« Situation au », the search and what is said of an example stayed small; the foot was cut."""
    theme.set_zoom(1.5)
    bench.window.close()
    window = open_window().window
    assert theme.zoom == 1.5
    search = window.topbar.search
    assert search.font().pointSizeF() == theme.font().pointSizeF()
    (day,) = [one for one in window.topbar.findChildren(QLabel) if "ituation au" in one.text()]
    assert day.font().pointSizeF() == theme.font().pointSizeF()


def test_a_widget_is_styled_anew_as_often_however_deep_it_stands(qtbot: QtBot, theme: Theme) -> None:
    """F11 took two seconds: once for each widget around it."""
    styled: list[int] = []

    class Deep(QWidget):
        def changeEvent(self, event: QEvent) -> None:
            if event.type() is QEvent.Type.StyleChange:
                styled.append(1)

    outer = holder = QWidget()
    qtbot.addWidget(outer)
    for kind in (*[QWidget] * 12, Deep):
        layout = QVBoxLayout(holder)
        holder = kind()
        layout.addWidget(holder)
    outer.show()
    styled.clear()
    theme.set_zoom(1.3)
    assert len(styled) < 5
    theme.set_zoom(1.0)
