"""A laptop of 1366×768 at 150 %: what is on a page can be read whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QSplitter,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.ui.kit.columns import beside
from qpvdesk.ui.kit.painted import draw_words
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_tools import TableTools
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.objective_facts import FactsGrid
from qpvdesk.ui.pages.objective_filters import ObjectiveFilters
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.widgets import cell_delegate
from qpvdesk.ui.widgets.labels import ElidedLabel
from tests.gui.conftest import Bench
from tests.unit.charts.dossiers import busy

WIDTH, HEIGHT = 911, 470


def cut(bench: Bench) -> list[str]:
    """Return the words that are not shown whole, those of labels, buttons and chosen items."""
    found = []
    for widget in bench.window.findChildren(QLabel):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or not widget.text():
            continue
        room = widget.contentsRect()
        if widget.wordWrap():
            # Lines break at a space, never at one that holds a number and its unit together.
            widest = max(map(widget.fontMetrics().horizontalAdvance, re.split(r"[ \n]", widget.text())))
            if widest > room.width() + 1:
                found.append(widget.text())
        elif widget.fontMetrics().horizontalAdvance(widget.text().replace("&", "")) > room.width() + 1:
            found.append(widget.text())
    for button in bench.window.findChildren(QAbstractButton):
        if isinstance(button, QPushButton) and button.isVisible() and button.text():
            words = button.fontMetrics().horizontalAdvance(button.text().replace("&", ""))
            if words > button.width() and button.property("role") != "row":
                found.append(button.text())
    for combo in bench.window.findChildren(QComboBox):
        if combo.isVisible() and combo.currentIndex() == 0:
            words = combo.fontMetrics().horizontalAdvance(combo.currentText())
            if words > combo.width() - 24:
                found.append(combo.currentText())
    return found


def whole(bench: Bench) -> bool:
    """Assert rather than tell, so that a failure names the words."""
    assert cut(bench) == []
    return True


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_no_word_is_cut_at_150_percent(qtbot: QtBot, shared_bench: Bench, word: str) -> None:
    shared_bench.window.resize(WIDTH, HEIGHT)
    shared_bench.window.go(Address(word))
    qtbot.waitUntil(lambda: shared_bench.lane.pending == 0)
    qtbot.waitUntil(lambda: whole(shared_bench))


@pytest.fixture(scope="module")
def crowded(open_shared_window: Callable[..., Bench]) -> Bench:
    """The window on a contract with one objective of each kind of story."""
    crowded = open_shared_window(busy())
    crowded.window.resize(WIDTH, HEIGHT)
    return crowded


def test_a_painted_cell_holds_its_longest_word_at_150_percent(qtbot: QtBot, crowded: Bench) -> None:
    window = crowded.window
    window.go(Address("objectifs"))
    qtbot.waitUntil(lambda: crowded.lane.pending == 0)
    table = window.navigator.current.tables()[0]
    model = table.model()
    place = [column.title for column in model.columns].index("Statut")
    words = {word for row in range(model.rowCount()) for word in model.index(row, place).data().split(" ")}
    window.theme.set_zoom(1.5)
    try:
        for wide in range(1200, 1500, 20):
            window.resize(wide, 768)
            QApplication.processEvents()
            needed = max(map(table.fontMetrics().horizontalAdvance, words)) + beside(
                table, model.columns[place]
            )
            assert table.columnWidth(place) >= needed + 2 * window.theme.px(9)
    finally:
        window.theme.set_zoom(1.0)
        window.resize(WIDTH, HEIGHT)


def test_a_fact_goes_on_in_the_next_line_rather_than_under_the_edge(qtbot: QtBot, crowded: Bench) -> None:
    picture = crowded.session.picture
    assert picture is not None
    kept = next(
        one for one in picture.situation.assessments.values() if one.flagged and one.value is not None
    )
    host, grid = QWidget(crowded.window), FactsGrid()
    host.setLayout(grid)
    grid.show_assessment(replace(kept, objective=replace(kept.objective, unit="coordonnateurs")))
    host.resize(340, 100)
    host.show()
    assert any("coordonnateurs" in one.text() for one in host.findChildren(QLabel))
    qtbot.waitUntil(lambda: whole(crowded))
    promised = next(
        one
        for one in picture.situation.assessments.values()
        if one.objective.aim.promised and not one.flagged and one.value is not None
    )
    # « accompagneme »: three facts said the unit, in as many columns of one width.
    grid.show_assessment(replace(promised, objective=replace(promised.objective, unit="accompagnements")))
    host.setContentsMargins(0, 0, 0, 0)
    grid.setContentsMargins(0, 0, 0, 0)
    host.resize(395, 100)
    QApplication.processEvents()
    for part in host.findChildren(QLabel):
        for said in part.text().split() if part.isVisible() else ():
            assert part.fontMetrics().horizontalAdvance(said) <= part.width(), said
    # Where no end says the unit, the start does.
    bare = replace(promised.objective, unit="personnes", start_value=Decimal(12), target_value=None)
    grid.show_assessment(replace(promised, objective=bare, value=None, expected_value=None))
    assert any("personnes" in part.text() for part in host.findChildren(QLabel))
    host.deleteLater()


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_no_page_is_wider_than_its_place(qtbot: QtBot, crowded: Bench, word: str) -> None:
    window = crowded.window
    window.go(Address(word))
    qtbot.waitUntil(lambda: crowded.lane.pending == 0)
    assert window.navigator.current.minimumSizeHint().width() <= window.navigator.width()


def test_how_far_it_is_stands_with_the_status_where_it_has_no_column(qtbot: QtBot, crowded: Bench) -> None:
    crowded.window.go(Address("objectifs"))
    qtbot.waitUntil(lambda: crowded.lane.pending == 0)
    table = crowded.window.navigator.current.tables()[0]
    titles = [column.title for column in table.model().columns]
    status, rate = titles.index("Statut"), titles.index("Avancement")
    crowded.window.resize(800, HEIGHT)
    panes = next(
        one for one in crowded.window.navigator.current.findChildren(QSplitter) if one.isAncestorOf(table)
    )
    # Where the hand, or another size of letters, left the list.
    panes.setSizes([356, panes.width() - 356])
    qtbot.waitUntil(lambda: table.isColumnHidden(rate))
    said = [table.model().index(row, status).data() for row in range(table.model().rowCount())]
    assert any(text.endswith("%") for text in said)
    assert any("écart" in text for text in said)
    tools = crowded.window.navigator.current.findChild(TableTools)
    assert tools.text() == "Tableau (+1)"
    assert "Sans place ici\u202f: Avancement" in tools.toolTip()
    crowded.window.resize(1600, HEIGHT)
    qtbot.waitUntil(lambda: not table.isColumnHidden(rate))
    assert tools.text() == "Tableau"
    assert not any("%" in table.model().index(row, status).data() for row in range(len(said)))
    crowded.window.resize(WIDTH, HEIGHT)


def test_filters_go_on_in_the_next_line(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("objectifs"))
    page = bench.window.navigator.current
    combos = [one for one in page.findChildren(QComboBox) if one.isVisible()]
    bench.window.resize(1366, 768)
    bench.window.grab()
    assert len({one.y() for one in combos}) == 1
    bench.window.resize(WIDTH, 768)
    bench.window.grab()
    qtbot.waitUntil(lambda: len({one.y() for one in combos}) == 2)


def test_a_low_window_leaves_the_room_of_the_filters_to_the_rows(qtbot: QtBot, bench: Bench) -> None:
    """Those alone that filter are seen, and a chip that shows the others."""
    bench.window.resize(WIDTH, HEIGHT)
    bench.window.go(Address("objectifs", "", (("statut", "en_retard"),)))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    page = bench.window.navigator.current
    filters = page.findChild(ObjectiveFilters)

    def seen() -> list[str]:
        combos = [one.accessibleName() for one in filters.findChildren(QComboBox) if one.isVisible()]
        return combos + [one.text() for one in filters.findChildren(QPushButton) if one.isVisible()]

    qtbot.waitUntil(lambda: seen() == ["Statut", "Filtres"])
    more = next(one for one in filters.findChildren(QPushButton) if one.text() == "Filtres")
    more.setChecked(True)
    assert {"Partenaire", "Thématique", "Territoire", "Statut", "Sans météo"} <= set(seen())
    more.setChecked(False)
    page.filter_by({})
    assert seen() == ["Filtres"]
    table = next(one for one in page.findChildren(Table) if one.accessibleName() == "Objectifs")
    qtbot.waitUntil(lambda: table.rowAt(table.viewport().height() - 1) - table.rowAt(0) >= 3)
    bench.window.resize(1366, 768)
    qtbot.waitUntil(lambda: "Partenaire" in seen() and "Filtres" not in seen())


def test_a_kept_bound_shows_its_gap_not_a_rate(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("objectifs", "FT-O02"))
    qtbot.keyClick(bench.window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert not any(
        one.text().startswith(("0\u202f%", "100\u202f%"))
        for one in bench.window.findChildren(QLabel)
        if one.isVisible()
    )


def test_a_page_does_not_scroll_for_the_height_of_another(qtbot: QtBot, bench: Bench) -> None:
    """Once « Impressions » was seen, the foot of every page of a laptop was below the fold."""
    bench.window.resize(1366, 560)
    for word in ("impressions", "contrats"):
        bench.window.go(Address(word))
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        page = bench.window.navigator.page(word)
        assert page.hasHeightForWidth()
    bar = bench.window.navigator.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_no_table_scrolls_sideways_at_150_percent(qtbot: QtBot, shared_bench: Bench, word: str) -> None:
    shared_bench.window.resize(WIDTH, HEIGHT)
    shared_bench.window.go(Address(word))
    qtbot.waitUntil(lambda: shared_bench.lane.pending == 0)
    tables = [one for one in shared_bench.window.findChildren(Table) if one.isVisible()]
    qtbot.waitUntil(lambda: not any(one.horizontalScrollBar().maximum() for one in tables))


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        (Address("objectifs"), {"Statut", "Valeur / cible"}),
        (Address("engagements"), {"Météo"}),
    ],
    ids=lambda value: value.page if isinstance(value, Address) else "",
)
def test_what_a_meeting_asks_of_a_row_is_never_left_out(
    qtbot: QtBot, shared_bench: Bench, address: Address, titles: set[str]
) -> None:
    """Whatever is narrowed or left out for it: the same room as on a projector."""
    shared_bench.window.resize(WIDTH, HEIGHT)
    shared_bench.window.go(address)
    qtbot.waitUntil(lambda: shared_bench.lane.pending == 0)

    def seen() -> set[str]:
        return {
            column.title
            for table in shared_bench.window.findChildren(Table)
            if table.isVisible()
            for at, column in enumerate(table.model().columns)
            if not table.isColumnHidden(at)
        }

    qtbot.waitUntil(lambda: titles <= seen())


def test_the_words_of_a_painted_cell_go_on_in_the_next_line(qapp: QApplication) -> None:
    del qapp
    picture = QPixmap(120, 40)
    words = "En retard de 54 jours"

    def inked(high: int, words: str = words) -> int:
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        draw_words(painter, QRect(0, 0, 90, high), words)
        painter.end()
        image = picture.toImage()
        return sum(image.pixelColor(x, y).lightness() < 128 for x in range(120) for y in range(40))

    assert inked(40) > inked(18), "« En retard de… » lost how late it is"
    assert inked(40, f"{words} sur ce qui était promis") > inked(18), (
        "two lines are cut at the end of the second"
    )


def test_columns_are_narrowed_where_room_is_short_and_get_their_widths_back(qtbot: QtBot) -> None:
    columns = [
        Column[str]("Code", str, width=200),
        Column[str]("Libellé", lambda row: f"{row} de la commune", width=0),
        Column[str]("Suite", lambda row: f"{row} attendue", width=160, kept=True),
    ]
    model = TableModel(columns, str)
    table = Table(model, "Essai", wrapped=True, stretched=200)
    qtbot.addWidget(table)
    model.set_rows(["ouverture", "clôture"])
    table.show()
    bar = table.horizontalScrollBar()
    for width, fits in ((450, True), (180, False)):
        table.resize(width, 300)
        qtbot.waitUntil(lambda fits=fits: (bar.maximum() == 0) is fits)
        assert [table.layout_state()["largeurs"][place] for place in (0, 2)] == [200, 160]
    table.resize(450, 300)
    assert table.columnWidth(0) < 200
    assert table.columnWidth(0) >= table.fontMetrics().horizontalAdvance("ouverture")
    table.horizontalHeader().resizeSection(0, 210)
    table.resize(900, 300)
    assert [table.columnWidth(place) for place in (0, 2)] == [210, 160]


def test_no_bar_is_drawn_where_nothing_tells_how_far(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A figure of context, or one that nobody gave yet: an empty bar would be nought of a way."""
    drawn: list[object] = []
    monkeypatch.setattr(
        cell_delegate, "paint_assessment", lambda _painter, _bar, row, _look: drawn.append(row.rate)
    )
    for filters in ((), (("pret", "contexte"),), (("statut", "non_renseigne"),)):
        bench.window.go(Address("objectifs", "", filters))
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        bench.window.grab()
    assert drawn
    assert None not in drawn
