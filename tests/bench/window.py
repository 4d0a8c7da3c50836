"""Lines 3, 11, 14, 21 and 22: what the hand feels. Drawn off screen, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from qpvdesk import app
from qpvdesk.domain.model import Sens
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.services import measurements
from qpvdesk.services.bases import create_example
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.partners import PartnersPage
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.trajectory_view import TrajectoryView
from tests.bench.bases import Bases, day_after
from tests.bench.measure import Cost, Line, Pair, median, of_pairs, paired, spent, version
from tests.bench.synthetic import DEPARTEMENT, dossier

_PANELS = 12
_SIZE = (420, 260)
_ROWS = 100_000
_LAST_DAY = date(2027, 12, 31)
_ROW_S, _PAGE_S = 0.05, 0.1


def lines(bases: Bases) -> Iterator[object]:
    """Yield the lines."""
    bases.new("fenetre")
    application = QApplication.instance() or QApplication(["qpvdesk-bench"])
    assert isinstance(application, QApplication)
    theme = Theme(application)
    yield from _filter()
    yield _recording(application, bases.of(DEPARTEMENT))
    yield from _charts(theme)
    yield _partner(application, bases.new("partenaires"))
    yield _contracts(application, bases.sit_at(bases.of(DEPARTEMENT)))


def _charts(theme: Theme) -> Iterator[Line]:
    """Twelve panels, as antialiased, dotted and labelled as QtCharts' beside them; the one changed, then all."""
    made = dossier(0, 300, 33)
    now = situation(made, _LAST_DAY)
    keys = [item.key for item in now.objectives if len(now.measurements_of(item.key)) > 20][:_PANELS]
    turns = count()
    # Reckoned before: it is the drawing that is compared. Each figure of the panels differs from one to the next.
    shifted = [
        situation(
            replace(
                made,
                measurements=tuple(
                    replace(item, value=item.value + shift) if item.objective in keys else item
                    for item in made.measurements
                ),
            ),
            _LAST_DAY,
        )
        for shift in range(3)
    ]
    one_moved = [
        situation(
            replace(
                made,
                measurements=tuple(
                    replace(item, value=item.value + shift) if item.objective == keys[0] else item
                    for item in made.measurements
                ),
            ),
            _LAST_DAY,
        )
        for shift in range(3)
    ]
    views = [TrajectoryView(theme) for _ in keys]
    for view in views:
        view.resize(*_SIZE)
        view.show()

    def showing(situations: list[Situation]) -> Callable[[], None]:
        def show() -> None:
            current = situations[next(turns) % len(situations)]
            for view, key in zip(views, keys, strict=True):
                view.show_objective(current, key)
                view.grab()

        return show

    theirs = _qtcharts(now, keys)
    yardstick = f"QtCharts, antialiased, dots, labels, {version('PySide6-Addons')}"
    what = f"{len(keys)} trajectories, one changed: update and repaint"
    yield Line("3", what, yardstick, paired(showing(one_moved), theirs, runs=9, warmup=2), 0.6)
    yield Line(
        "3b",
        f"{len(keys)} trajectories, all changed",
        yardstick,
        paired(showing(shifted), theirs, runs=9, warmup=2),
        1.2,
    )


def _qtcharts(now: Situation, keys: list[str]) -> Callable[[], None]:
    """Return what shows the same values with QtCharts (GPL: a yardstick only), moved a little at each call."""
    from PySide6.QtCharts import QChart, QChartView, QLineSeries, QScatterSeries

    views = []
    for key in keys:
        chart = QChart()
        for kind in (QLineSeries, QLineSeries, QScatterSeries):
            chart.addSeries(kind())
        dots = chart.series()[2]
        dots.setMarkerSize(6)
        dots.setPointLabelsVisible(True)
        dots.setPointLabelsFormat("@yPoint")
        chart.createDefaultAxes()
        chart.legend().hide()
        view = QChartView(chart)
        view.setRenderHint(QPainter.RenderHint.Antialiasing)
        view.resize(*_SIZE)
        view.show()
        points = [(item.day.toordinal(), float(item.value)) for item in now.measurements_of(key)]
        views.append((view, chart, points))
    turn = count()

    def show() -> None:
        shift = next(turn) % 3
        for view, chart, points in views:
            measured, path, dots = chart.series()
            moved = [QPointF(x, y + shift) for x, y in points]
            measured.replace(moved)
            dots.replace(moved)
            path.replace([moved[0], moved[-1]])
            across, up = chart.axes(Qt.Orientation.Horizontal)[0], chart.axes(Qt.Orientation.Vertical)[0]
            across.setRange(points[0][0], points[-1][0])
            low, high = min(y for _, y in points), max(y for _, y in points)
            up.setRange(low, high + 3)
            view.grab()

    return show


def _filter() -> Iterator[Line]:
    """The first letter of a filter, the hardest key: nothing is narrowed yet; then the same on rows just come."""
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
    turn = count()

    def letter() -> None:
        model.set_filter("es"[next(turn) % 2])
        table.grab()

    yardstick = f"repaint alone, {version('PySide6-Essentials')}"
    yield Line(
        "11", f"first letter in a filter, {_ROWS:,} rows", yardstick, paired(letter, table.grab, runs=9), 1.5
    )
    pairs = []
    for _ in range(5):
        model.set_filter("")
        model.set_rows(list(rows))
        table.grab()
        pairs.append((spent(letter), spent(table.grab)))
    yield Line("11b", "first letter after a new picture", yardstick, of_pairs(pairs), 2.5)


def _recording(application: QApplication, base: Path) -> Line:
    """A figure from its act to the page repainted, against the commit of the same act and a repaint of that page."""
    values = count(1000)
    with opening.open_base(base) as held:
        desk = Desk(held, today=lambda: _LAST_DAY)
        contract = desk.contracts()[0].code
        objectives = desk.situation(contract, _LAST_DAY).objectives
        key = next(item.key for item in objectives if item.sens is Sens.HAUSSE)

    def entry() -> measurements.Entry:
        number = next(values)
        return measurements.Entry(objective=key, day=day_after(number - 1000), value=Decimal(number))

    window = app.build(application, base).window
    session = window.session
    window.resize(1366, 768)
    window.show()
    _until(session, window.start)
    _rest(1500)
    picture = session.picture
    assert picture is not None
    window.go(Address("objectifs", picture.situation.objective(key).code))

    def record() -> None:
        act = entry()
        _until(
            session,
            lambda: session.change("Relevé", lambda desk: measurements.record(desk, contract, act)),
        )
        window.grab()

    def commit(desk: Desk) -> Cost:
        act = entry()
        return spent(lambda: measurements.record(desk, contract, act))

    pairs = []
    for _ in range(7):
        _rest(1500)
        ours = spent(record)
        _rest(1500)
        repaint = spent(window.grab)
        committed: list[Cost] = []
        _answered(session, commit, committed)
        pairs.append((ours, committed[0] + repaint))
    window.close()
    return Line(
        "14",
        "a figure recorded: act and repainted page, département",
        "commit of the same act, and a repaint",
        of_pairs(pairs[1:]),
        1.3,
    )


def _partner(application: QApplication, base: Path) -> Line:
    """Each partner of the example, seen for the first time: the key, its sheet whole, the page painted."""
    create_example(base, now=datetime(2026, 11, 23, 9).astimezone())
    window = app.build(application, base).window
    window.resize(1366, 768)
    window.show()
    _until(window.session, window.start)
    window.go(Address("partenaires"))
    _rest(1500)
    page = window.navigator.current
    assert isinstance(page, PartnersPage)
    table = page.findChild(Table)
    assert isinstance(table, Table)

    def down() -> None:
        QTest.keyClick(table, Qt.Key.Key_Down)
        application.processEvents()
        # Where it stands, for it is made whole of itself where one stays.
        page.arrive(page.address())
        application.processEvents()

    slowest = max((spent(down) for _ in range(table.model().rowCount() - 1)), key=lambda cost: cost.processor)
    window.close()
    frames = Cost(_ROW_S, _ROW_S)
    pair = Pair(slowest, frames, slowest.processor / _ROW_S)
    return Line("21", "a partner seen for the first time, the slowest of the example", "50 ms", pair, 1.0)


def _contracts(application: QApplication, base: Path) -> Line:
    """The page of sixty contracts, come back to once they were all read, and painted."""
    window = app.build(application, base).window
    window.resize(1366, 768)
    window.show()
    _until(window.session, window.start)
    window.go(Address("contrats"))
    table = window.navigator.current.findChild(Table)
    assert isinstance(table, Table)
    while table.model().rowCount() < DEPARTEMENT.contracts:
        _rest(500)

    def arrive() -> None:
        window.go(Address("contrats"))
        application.processEvents()
        window.grab()

    costs = []
    for _ in range(5):
        window.go(Address("tableau"))
        _rest(500)
        costs.append(spent(arrive))
    window.close()
    ours, allowed = median(costs), Cost(_PAGE_S, _PAGE_S)
    pair = Pair(ours, allowed, ours.processor / _PAGE_S)
    return Line("22", f"the page of {DEPARTEMENT.contracts} contracts", "100 ms", pair, 1.0)


def _answered(session: Session, work: Callable[[Desk], Cost], answers: list[Cost]) -> None:
    """Have something done in the lane and wait for its answer."""
    loop = QEventLoop()
    session.ask("", work, lambda cost: (answers.append(cost), loop.quit()))
    loop.exec()


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
