"""A window that is painted from what the base kept: the same as what is reckoned, or said to be of another day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from qpvdesk.domain.first_sight import FirstSight
from qpvdesk.domain.statuses import Statut
from qpvdesk.storage import kept_sight, opening
from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.pages.dashboard import DashboardPage
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.attention_line import AttentionLine
from qpvdesk.ui.widgets.status_group import StatusTile
from tests.gui.conftest import RecordingNotifier
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

TODAY = invented.TODAY
Start = Callable[..., MainWindow]


@pytest.fixture
def base(tmp_path: Path) -> WatchedBase:
    return WatchedBase(tmp_path / "base.db", invented.dossier(), TODAY)


@pytest.fixture
def start(
    qtbot: QtBot, theme: Theme, notifier: RecordingNotifier, base: WatchedBase, tmp_path: Path
) -> Iterator[Start]:
    """Show a window on the base, from what it kept where that is; its base is opened by `window.start()`."""
    opened: list[MainWindow] = []

    def show(today: date = TODAY) -> MainWindow:
        base._today = today
        session = Session(
            Lane(base.open), lambda: Lane(base.read), lambda: today, lambda error: pytest.fail(str(error))
        )
        window = MainWindow(session, theme, notifier, tmp_path / "f.ini")
        qtbot.addWidget(window)
        opened.append(window)
        window.show_sight(lambda: kept_sight.read(base.path))
        window.resize(1366, 768)
        window.show()
        return window

    yield show
    for window in opened:
        if window.isVisible():
            window.close()


def opened_and_closed(qtbot: QtBot, start: Start) -> None:
    """Have the base keep a sight, as an officer does who looks at a contract and leaves."""
    window = start()
    with qtbot.waitSignal(window.painted):
        window.start()
    qtbot.waitUntil(lambda: window.session.picture is not None and window.session.picture.complete)
    window.close()


def page_of(window: MainWindow) -> DashboardPage:
    page = window.navigator.current
    assert isinstance(page, DashboardPage)
    return page


def said(page: DashboardPage) -> list[str]:
    return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]


def test_the_kept_sight_is_the_one_that_is_reckoned_and_is_not_painted_again(
    qtbot: QtBot, start: Start
) -> None:
    opened_and_closed(qtbot, start)
    window = start()
    page = page_of(window)
    lines = page.findChildren(AttentionLine)
    assert lines
    qtbot.waitUntil(lambda: all(line.height() >= line.minimumSizeHint().height() for line in lines))
    first, words = page.grab().toImage(), said(page)
    assert window.session.picture is None
    with qtbot.waitSignal(window.painted):
        window.start()
    picture = window.session.picture
    assert picture is not None
    assert picture.complete, "there is no second sight between the kept one and the whole"
    assert said(page) == words
    assert page.findChildren(AttentionLine) == lines, "nothing was made anew"
    page.setFocus()
    assert page.grab().toImage() == first
    tiles = {tile.status: tile for tile in page.findChildren(StatusTile)}
    late = picture.situation.counts[Statut.EN_RETARD]
    assert f"\u202f: {late} " in tiles[Statut.EN_RETARD].accessibleName()


def test_a_sight_of_another_day_says_so_until_today_is_reckoned(qtbot: QtBot, start: Start) -> None:
    opened_and_closed(qtbot, start)
    window = start(TODAY + timedelta(days=3))
    page = page_of(window)
    day = TODAY.strftime("%d/%m/%Y")
    assert any(words.startswith(f"Au {day}, mise à jour…") for words in said(page))
    with qtbot.waitSignal(window.painted):
        window.start()
    assert not any("mise à jour" in words for words in said(page))
    picture = window.session.picture
    assert picture is not None
    assert picture.day == TODAY + timedelta(days=3)


def test_what_is_clicked_before_the_base_is_open_is_answered_after(qtbot: QtBot, start: Start) -> None:
    opened_and_closed(qtbot, start)
    window = start()
    line = page_of(window).findChildren(AttentionLine)[0]
    code = line.shown.code
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    window.actions_by_word["raccourcis"].trigger()
    with qtbot.waitSignal(window.painted):
        window.start()
    here = window.navigator.here()
    assert here is not None
    assert (here.page, here.focus) == ("objectifs", code)


def test_an_act_between_two_windows_leaves_the_second_to_wait(
    qtbot: QtBot, start: Start, base: WatchedBase
) -> None:
    opened_and_closed(qtbot, start)
    assert isinstance(kept_sight.read(base.path), FirstSight)
    with opening.open_base(base.path) as held:
        figure = held.dossier(held.contracts()[0].key).measurements[0]
        with held.unit("Correction") as unit:
            unit.put(replace(figure, value=Decimal(77)))
    window = start()
    assert window.navigator.current is None
    with qtbot.waitSignal(window.painted):
        window.start()


def test_a_day_chosen_in_the_past_is_not_kept(qtbot: QtBot, start: Start, base: WatchedBase) -> None:
    window = start()
    with qtbot.waitSignal(window.painted):
        window.start()
    qtbot.waitUntil(lambda: window.session.picture is not None and window.session.picture.complete)
    with qtbot.waitSignal(window.session.pictured):
        window.session.show_day(TODAY - timedelta(days=40))
    window.close()
    assert kept_sight.read(base.path) is None
