"""A drawing with what it has to say above it, its figures as a table for who listens, and a way to copy both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.charts.primitives import Chart
from qpvdesk.ui.kit.controls import chip_button
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tips import announce
from qpvdesk.ui.kit.tokens import TIGHT, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.chart_painter import paint_chart, paint_focus
from qpvdesk.ui.widgets.copying import as_table
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label

_UNIT = 96 / 72


class ChartView(QWidget):
    """Shows what `make(width in points)` returns; hidden where that is empty."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setProperty("role", "drawing")
        self._theme = theme
        self._make: Callable[[float], Chart] | None = None
        self._chart: Chart | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._relay)

    def show_chart(self, make: Callable[[float], Chart]) -> None:
        self._make = make
        self._relay()

    @property
    def chart(self) -> Chart | None:
        """What is drawn; None before anything is."""
        return self._chart

    def sizeHint(self) -> QSize:
        height = self._chart.height if self._chart else 0
        return QSize(self._theme.px(300), round(height * self._scale()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._relay()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._chart is None:
            return
        painter = QPainter(self)
        painter.scale(self._scale(), self._scale())
        paint_chart(painter, self._chart, self._theme.look)
        if self.hasFocus():
            painter.resetTransform()
            paint_focus(painter, self.rect(), self._theme.look)

    def _scale(self) -> float:
        return _UNIT * self._theme.chart_zoom

    def _relay(self) -> None:
        if self._make is None:
            return
        self._chart = self._make(max(self.width(), 200) / self._scale())
        self.setAccessibleDescription(self._chart.summary)
        self.setVisible(self._chart.height > 0)
        self.setFixedHeight(round(self._chart.height * self._scale()))
        self.update()


_ROW_PX = 28


def offer_copies(
    view: QWidget, chart: Callable[[], Chart | None], titles: Callable[[], Sequence[str]]
) -> None:
    """Give a view of a chart a menu, and keys while it has the focus: copied as an image under its titles, or as a
    table."""

    def copy_image() -> None:
        from qpvdesk.ui.widgets.chart_files import image  # noqa: PLC0415 - 76 ms, a chart that is copied alone needs it

        if (shown := chart()) is not None:
            QGuiApplication.clipboard().setImage(image(shown, titles()))
            announce(view, "Image copiée")

    def copy_table() -> None:
        if (shown := chart()) is not None:
            QGuiApplication.clipboard().setText(as_table(shown.columns, shown.rows))
            announce(view, "Tableau copié")

    for words, keys, act in (
        ("Copier l’image", "Ctrl+C", copy_image),
        ("Copier les chiffres en tableau", "Ctrl+Shift+C", copy_table),
    ):
        action = QAction(words, view)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(act)
        view.addAction(action)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


class ToldChart(QWidget):
    """A chart that is only looked at, or read as a table."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme, self._name = theme, name
        self._table: Table | None = None
        column = stacked(on=self, spacing=TIGHT)
        head = Flow(8, last_right=True)
        self._message = label("", "strong", wrap=True)
        self._message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._told = chip_button("En tableau", self._turn)
        self._told.setAccessibleName(f"{name} en tableau")
        head.addWidget(self._message)
        head.addWidget(self._told)
        column.addLayout(head)
        self.view = ChartView(theme, name)
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        offer_copies(self.view, lambda: self.view.chart, lambda: (self._name, self._message.text()))
        column.addWidget(self.view)

    def show_chart(self, make: Callable[[float], Chart]) -> None:
        """Show another chart, as it is read now."""
        self.view.show_chart(make)
        chart = self.view.chart
        self._message.setText(chart.summary if chart else "")
        self._turn(self._told.isChecked())

    def _turn(self, told: bool) -> None:
        chart = self.view.chart
        if chart is None:
            return
        if told:
            table = self._table_of(chart)
            table.setFixedHeight(self._theme.px(_ROW_PX) * (len(chart.rows) + 2))
        if self._table is not None:
            self._table.setVisible(told)
        self.view.setVisible(not told and chart.height > 0)

    def _table_of(self, chart: Chart) -> Table:
        if self._table is None:
            self._model: TableModel[tuple[str, ...]] = TableModel(
                tuple(_column(place, title) for place, title in enumerate(chart.columns)), lambda row: row[0]
            )
            self._table = Table(self._model, f"{self._name}, en tableau", self)
            self._model.setParent(self._table)
            self._table.set_row_height(self._theme.px(_ROW_PX))
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._table)
        self._model.set_rows(chart.rows)
        return self._table


def _column(place: int, title: str) -> Column[tuple[str, ...]]:
    """A column of a chart's table; the second takes the room that is left."""

    def text(row: tuple[str, ...]) -> str:
        return row[place]

    return Column(title, text, right=place > 1, width=0 if place == 1 else 100)
