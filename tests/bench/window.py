"""Lines 3, 11 and 14: what the hand feels. Drawn off screen, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPointF, QTimer
from PySide6.QtWidgets import QApplication, QTableView

from qpvdesk import app
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Place
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.trajectory_view import TrajectoryView
from tests.bench.measure import Line, paired, timed
from tests.bench.synthetic import dossier

_PANELS = 12
_SIZE = (420, 260)
_ROWS = 100_000
_FRAME = 1 / 60


def lines(departement: Path) -> Iterator[Line]:
    """Yield the lines; `departement` is the base of sixty contracts."""
    application = QApplication.instance() or QApplication(["qpvdesk-bench"])
    assert isinstance(application, QApplication)
    theme = Theme(application)
    yield from _charts(theme)
    yield _filter()
    yield _recording(application, departement)


def _charts(theme: Theme) -> Iterator[Line]:
    now = situation(dossier(0, 300, 33), date(2026, 9, 30))
    keys = [one.key for one in now.objectives if len(now.measurements_of(one.key)) > 20][:_PANELS]
    views = [TrajectoryView(theme) for _ in keys]
    for view in views:
        view.resize(*_SIZE)
        view.show()

    def ours() -> None:
        for view, key in zip(views, keys, strict=True):
            view.show_objective(now, key)
            view.grab()

    theirs = _qtcharts(now, keys)
    if theirs is None:
        print("   3  QtCharts is not installed: line left out", flush=True)
        return
    yield Line(
        "3", f"update and repaint of {len(keys)} trajectories", "QtCharts", *paired(ours, theirs), "≤ 1.25"
    )


def _qtcharts(now: Situation, keys: list[str]) -> Callable[[], None] | None:
    """Return what shows the same values with QtCharts; None where it is absent (it is GPL: a yardstick only)."""
    try:
        from PySide6.QtCharts import QChart, QChartView, QLineSeries
    except ImportError:
        return None
    views = []
    for key in keys:
        chart = QChart()
        for _ in range(2):
            chart.addSeries(QLineSeries())
        chart.createDefaultAxes()
        chart.legend().hide()
        view = QChartView(chart)
        view.resize(*_SIZE)
        view.show()
        views.append(
            (view, chart, [(one.day.toordinal(), float(one.value)) for one in now.measurements_of(key)])
        )
    turn = count()

    def show() -> None:
        shift = next(turn) % 2
        for view, chart, points in views:
            measured, path = chart.series()
            measured.replace([QPointF(x, y + shift) for x, y in points])
            path.replace([QPointF(points[0][0], points[0][1]), QPointF(points[-1][0], points[-1][1] + shift)])
            across, up = chart.axes()
            across.setRange(points[0][0], points[-1][0])
            low, high = min(y for _, y in points), max(y for _, y in points)
            up.setRange(low, high + 1)
            view.grab()

    return show


def _filter() -> Line:
    words = ("bus", "lens", "emploi", "santé", "lycée", "marché", "jeunes", "quartier")
    rows = [f"{words[n % 8]} {words[(n // 8) % 8]} {n}" for n in range(_ROWS)]
    columns = (
        Column("Objectif", lambda row: row, width=300),
        Column("Nombre", lambda row: row[-3:], width=90),
    )
    model: TableModel[str] = TableModel(columns, lambda row: row)
    table = QTableView()
    table.setModel(model)
    table.resize(900, 600)
    model.set_rows(rows)
    model.set_filter("prêt")
    turn = count()

    def keystroke() -> None:
        model.set_filter("sante ly" + "c" * (next(turn) % 2))
        table.grab()

    return Line(
        "11",
        f"a keystroke in a filter, {_ROWS:,} rows",
        "repaint alone",
        *paired(keystroke, table.grab),
        "≤ 2.2",
    )


def _recording(application: QApplication, base: Path) -> Line:
    """From the figure's keystroke to the page repainted, in the base of a département, against its commit."""
    day = date(2026, 9, 30)
    with opening.open_base(base) as held:
        desk = Desk(held, today=date.today)
        key = desk.situation(desk.contracts()[0].code, day).objectives[7].key
        values = count(1)
        commits = [
            timed(
                lambda: measurements.record(
                    desk,
                    desk.contracts()[0].code,
                    measurements.Entry(objective=key, day=day, value=Decimal(next(values))),
                )
            )
            for _ in range(5)
        ]
    window = app.build(application, base).window
    session = window.session
    window.resize(1366, 768)
    window.show()
    _until(session, window.start)
    _rest(1500)
    picture = session.picture
    assert picture is not None
    window.go(Place("objectifs", picture.situation.objective(key).code))
    spent = []
    for number in range(5):
        _rest(1500)
        value, on = Decimal(100 + number), day + timedelta(days=number + 1)

        def record(value: Decimal = value, on: date = on) -> None:
            _until(
                session,
                lambda: session.change(
                    "Relevé",
                    lambda desk: measurements.record(
                        desk, session.contract, measurements.Entry(objective=key, day=on, value=value)
                    ),
                ),
            )
            window.grab()

        spent.append(timed(record))
    window.close()
    return Line(
        "14",
        "recording a figure to the repainted page, département",
        "commit and a frame",
        sorted(spent)[2],
        sorted(commits)[2] + _FRAME,
        "≤ 2",
    )


def _until(session: Session, act: Callable[[], object]) -> None:
    loop = QEventLoop()
    session.pictured.connect(loop.quit)
    act()
    loop.exec()
    session.pictured.disconnect(loop.quit)


def _rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
