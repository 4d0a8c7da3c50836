"""What stands in a row keeps its place and its words, however narrow the window."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QPushButton, QSizePolicy, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Address, page_head
from qpvdesk.ui.sidebar import NavButton
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo
from qpvdesk.ui.widgets.flow import Flow
from tests.gui.conftest import Bench

CODE, SENTENCE, PARTNER = 90, 230, 104


def test_a_field_that_goes_down_alone_is_no_wider_than_those_above(qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    flow = Flow()
    row.setLayout(flow)
    fields = [QComboBox() for _ in range(4)]
    for field in fields:
        field.setMinimumWidth(100)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        flow.addWidget(field)
    row.resize(400, 100)
    row.show()
    first, *_, last = fields
    assert last.y() > first.y()
    assert last.width() == first.width() > 100


def test_a_long_mention_goes_on_in_the_next_line_beside_its_title(qtbot: QtBot) -> None:
    """It pushed the controls of its page there, one by one, and made the page wider than its place."""
    row = QWidget()
    qtbot.addWidget(row)
    head, mention = page_head("Comités")
    button = QPushButton("Nouvelle réunion…")
    head.addWidget(button)
    row.setLayout(head)
    mention.setText("3 réunions en 2026")
    row.resize(560, 100)
    row.show()
    one = mention.height()
    mention.setText("3 réunions en 2026 · 5 décisions en cours (3 de 2026, 2 d’autres années) · 4 échues")
    qtbot.waitUntil(lambda: mention.height() > one)
    assert button.x() > mention.geometry().right()
    assert head.minimumSize().width() < 300


def test_the_rail_is_as_large_as_the_characters(qtbot: QtBot, theme: Theme) -> None:
    theme.set_zoom(1.5)
    button = NavButton(theme, "objectifs", "Objectifs")
    qtbot.addWidget(button)
    assert button.icon().actualSize(button.iconSize()) == button.iconSize()


def test_a_choice_that_is_cut_says_so_and_is_heard_whole(qtbot: QtBot) -> None:
    said = "Quartiers et communes de l’agglomération"

    def drawn(kind: type[QComboBox], width: int) -> QImage:
        combo = kind()
        qtbot.addWidget(combo)
        combo.addItem(said)
        combo.resize(width, 28)
        assert combo.currentText() == said
        return combo.grab().toImage()

    assert drawn(ChoiceCombo, 120) != drawn(QComboBox, 120), "in the middle of a letter"
    assert drawn(ChoiceCombo, 900) == drawn(QComboBox, 900)


def test_a_long_code_pushes_out_the_last_column_rather_than_have_one_scroll(
    qtbot: QtBot, theme: Theme
) -> None:
    del theme
    model: TableModel[str] = TableModel(
        (
            Column("Objet", lambda row: row, width=CODE),
            Column("Constat", lambda row: f"{row} est en retard", width=0),
            Column("Partenaire", lambda row: row, width=PARTNER),
        ),
        lambda row: row,
    )
    table = Table(model, "Points", wrapped=True, stretched=SENTENCE)
    qtbot.addWidget(table)
    table.resize(CODE + SENTENCE + PARTNER + 8, 300)
    table.show()
    model.set_rows(["ARS-O03"])
    assert not table.isColumnHidden(2)
    model.set_rows(["ARS-O03", "VISITE-2026-06-03-SUITE"])
    assert table.columnWidth(0) > CODE
    table.resize(CODE + SENTENCE, 300)
    assert table.isColumnHidden(2)
    qtbot.waitUntil(lambda: not table.horizontalScrollBar().isVisible())


def test_words_that_fit_on_a_line_ask_for_one(qtbot: QtBot, theme: Theme) -> None:
    del theme
    words = "Crédits spécifiques"
    model: TableModel[str] = TableModel((Column("Crédits", lambda row: row, width=100),), lambda row: row)
    table = Table(model, "Moyens", wrapped=True)
    qtbot.addWidget(table)
    model.set_rows([words])
    # Qt breaks a line within 18 pixels of what its words take.
    table.setColumnWidth(0, table.fontMetrics().horizontalAdvance(words) + 18)
    assert table.sizeHintForRow(0) > 2 * table.fontMetrics().lineSpacing()
    table.setColumnWidth(0, table.fontMetrics().horizontalAdvance(words) + 20)
    assert table.sizeHintForRow(0) < 2 * table.fontMetrics().lineSpacing()


def test_no_file_is_offered_to_be_chosen_where_nothing_can_be_written(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("echanges"))
    page = bench.window.navigator.current
    assert page is not None

    def able() -> bool:
        buttons = [one for one in page.findChildren(QPushButton) if one.text() == "Choisir un fichier…"]
        return all(one.isEnabled() for one in buttons) and bool(buttons)

    assert able()
    bench.window.actions_by_word["projection"].trigger()
    qtbot.waitUntil(lambda: not able())
    bench.window.actions_by_word["projection"].trigger()
    qtbot.waitUntil(able)
