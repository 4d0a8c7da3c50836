"""A drawing says its message, is copied with it, and is read as a table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.how_far import message_words
from qpvdesk.domain.situation import situation
from qpvdesk.paths import resource
from qpvdesk.services.contracts import contract_files
from qpvdesk.storage.keys import starter_key
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.widgets import chart_painter, trajectory_view
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.told_chart import ChartView, ToldChart
from qpvdesk.ui.widgets.trajectory_view import TrajectoryView
from tests.gui.conftest import Bench


def ink_of(image: QImage, top: int, bottom: int) -> bool:
    """Whether something is drawn between two heights."""
    return any(
        image.pixelColor(x, y).lightness() < 128
        for y in range(top, bottom, 3)
        for x in range(0, image.width(), 2)
    )


def go(qtbot: QtBot, bench: Bench, word: str, focus: str) -> None:
    bench.window.go(Address(word, focus))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)


def test_a_trajectory_says_its_message_and_is_copied_under_it(qtbot: QtBot, bench: Bench) -> None:
    go(qtbot, bench, "objectifs", "BPI-O01")
    view = bench.window.findChild(TrajectoryView)
    picture = bench.session.picture
    assert view is not None
    assert picture is not None
    objective = picture.situation.objective_by_code("BPI-O01")
    message = message_words(picture.situation.assessments[objective.key])
    assert message
    assert any(one.text() == message and one.isVisible() for one in bench.window.findChildren(QLabel))
    copied = {action.shortcut().toString(): action for action in view.actions()}
    copied["Ctrl+C"].trigger()
    image = QGuiApplication.clipboard().image()
    assert image.width() >= view.width()
    assert ink_of(image, 0, 60), "the title and the message"
    copied["Ctrl+Shift+C"].trigger()
    assert QGuiApplication.clipboard().text().splitlines()[0] == "Date\tValeur\tAttendu"


def test_a_trajectory_that_did_not_change_is_neither_laid_out_nor_painted_again(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(qtbot, bench, "objectifs", "BPI-O01")
    view = bench.window.findChild(TrajectoryView)
    picture = bench.session.picture
    assert view is not None
    assert picture is not None
    laid: list[str] = []
    painted: list[object] = []
    lay, paint = trajectory_view.trajectory_chart, chart_painter.paint_chart
    monkeypatch.setattr(
        trajectory_view,
        "trajectory_chart",
        lambda now, objective, *room, **more: (
            laid.append(objective.key) or lay(now, objective, *room, **more)
        ),
    )
    monkeypatch.setattr(
        chart_painter, "paint_chart", lambda *given: painted.append(given[1]) or paint(*given)
    )
    key = picture.situation.objective_by_code("BPI-O01").key
    view.grab()
    first = view.grab().toImage()
    painted.clear()
    view.show_objective(picture.situation, key)
    assert view.grab().toImage() == first
    assert (laid, painted) == ([], [])
    dossier = picture.situation.dossier
    moved = [replace(item, value=item.value + 3) for item in dossier.measurements if item.objective == key]
    others = [item for item in dossier.measurements if item.objective != key]
    view.show_objective(
        situation(replace(dossier, measurements=(*others, *moved)), picture.situation.day), key
    )
    assert view.grab().toImage() != first
    assert laid == [key]
    view.show_objective(picture.situation, key)
    again = view.grab().toImage()
    assert all(
        abs(part(again.pixelColor(x, y)) - part(first.pixelColor(x, y))) <= 2
        for x in range(again.width())
        for y in range(again.height())
        for part in (QColor.red, QColor.green, QColor.blue)
    ), "painted straight, or kept as a picture, it is the same"


@pytest.mark.parametrize("told", [True, False])
def test_the_parities_of_a_partner_are_drawn_or_read_as_a_table(
    qtbot: QtBot, bench: Bench, told: bool
) -> None:
    go(qtbot, bench, "partenaires", "FT")
    chart = bench.window.findChild(ToldChart)
    assert chart is not None
    button = next(one for one in chart.findChildren(QPushButton) if one.text() == "En tableau")
    button.setChecked(told)
    view = chart.findChild(ChartView)
    assert view is not None
    assert view.isHidden() is told
    assert view.chart is not None
    assert any(one.text() == view.chart.summary for one in chart.findChildren(QLabel))
    if told:
        table = chart.findChild(Table)
        assert table is not None
        model = table.model()
        assert model.rowCount() == len(view.chart.rows)
        assert model.index(0, 0).data() == view.chart.rows[0][0]


def test_a_partner_of_many_engagements_shows_the_first_and_the_rest_where_it_is_asked(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """Half a second a row was spent on lines that nobody had asked for."""
    bench = open_window(contract_files.load(resource("contracts/lens-lievin"), key_of=starter_key))
    go(qtbot, bench, "partenaires", "BPI")
    page = bench.window.navigator.current
    assert page is not None

    def lines() -> int:
        return sum(not line.isHidden() for line in page.findChildren(LineButton))

    shown = lines()
    assert shown < 20
    more = next(
        one for one in page.findChildren(QPushButton) if one.text().endswith("autres") and not one.isHidden()
    )
    promised = int(more.text().split()[1])
    more.click()
    qtbot.waitUntil(lambda: lines() == shown + promised)
    assert more.isHidden()
    assert isinstance(bench.window.focusWidget(), LineButton)
