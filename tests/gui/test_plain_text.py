"""No text of a contract is ever drawn as rich text, in no widget and in no model; what is heard repeats no name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtGui import Qt as RichText
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.ui.kit.tips import fill_box, show_tip, tip, tip_more, tooltip
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.widgets.mapping_form import RawSheetModel
from tests.gui.conftest import Bench
from tests.helpers import probe
from tests.helpers.probe import PROBE

ROLES = (
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole,
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
ROWS_LOOKED_AT = 80


def is_drawn(words: object) -> bool:
    """Tell whether Qt would draw what the words name, where it guesses (AutoText)."""
    return (
        isinstance(words, str)
        and RichText.mightBeRichText(words)
        and any(tag in words for tag in ("<b>", "<img", "<a "))
    )


def columns(model: QAbstractItemModel, under: QModelIndex) -> int:
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(under)


def cells(model: QAbstractItemModel, under: QModelIndex | None = None) -> Iterator[QModelIndex]:
    under = under or QModelIndex()
    for row in range(min(model.rowCount(under), ROWS_LOOKED_AT)):
        for column in range(columns(model, under)):
            yield model.index(row, column, under)
        if not isinstance(model, QAbstractListModel):
            yield from cells(model, model.index(row, 0, under))


def drawn(top: QWidget) -> list[str]:
    """Where a text of the contract would be rich: widget or model, and the role."""
    found = []
    for widget in (top, *top.findChildren(QWidget)):
        who = f"{type(widget).__name__} {widget.accessibleName()[:40]}"
        for role, words in (
            ("tooltip", widget.toolTip()), ("status", widget.statusTip()), ("what", widget.whatsThis()),
        ):  # fmt: skip
            if is_drawn(words):
                found.append(f"{who}: {role}")
        if (
            isinstance(widget, QLabel)
            and widget.textFormat() is not Qt.TextFormat.PlainText
            and is_drawn(widget.text())
        ):
            found.append(f"{who}: text")
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            for index in cells(model):
                for role in ROLES[:3]:
                    if is_drawn(model.data(index, role)):
                        found.append(f"{who}: {index.row()},{index.column()} {role.name}")
            for way in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical):
                count = (
                    columns(model, QModelIndex()) if way is Qt.Orientation.Horizontal else model.rowCount()
                )
                for section in range(min(count, ROWS_LOOKED_AT)):
                    for role in ROLES[:3]:
                        if is_drawn(model.headerData(section, way, role)):
                            found.append(f"{who}: header {section} {role.name}")
    return found


def probed(top: QWidget) -> int:
    """How many widgets and cells hold the probe: a walk that meets none proves nothing."""
    count = 0
    for widget in top.findChildren(QWidget):
        said = (widget.toolTip(), widget.accessibleName(), str(widget.property("text") or ""))
        count += any("sonde" in words for words in said)
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            count += sum("sonde" in str(model.data(index, role)) for index in cells(model) for role in ROLES)
    return count


@pytest.fixture(scope="module")
def shown(open_shared_window: Callable[..., Bench]) -> Bench:
    """A window whose pages are looked at, and nothing done."""
    return open_shared_window(probe.dossier())


@pytest.fixture(scope="module")
def listened_to(open_shared_window: Callable[..., Bench]) -> Bench:
    """The same of a contract like another."""
    return open_shared_window()


@pytest.fixture
def seeded(open_window: Callable[..., Bench]) -> Bench:
    return open_window(probe.dossier())


def settle(qtbot: QtBot, bench: Bench) -> None:
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    reading = bench.session._reader
    qtbot.waitUntil(lambda: reading is None or reading.pending == 0)
    bench.window.grab()


SHOWN_WITHOUT_DATA = {"journal", "echanges"}


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_no_page_draws_the_words_of_a_contract(qtbot: QtBot, shown: Bench, word: str) -> None:
    shown.window.go(Address(word))
    settle(qtbot, shown)
    page = shown.window.navigator.pages[word]
    assert drawn(page) == []
    assert word in SHOWN_WITHOUT_DATA or probed(page)


def test_the_window_draws_no_words_of_a_contract_around_its_pages(qtbot: QtBot, shown: Bench) -> None:
    for spec in PAGES:
        shown.window.go(Address(spec.word))
        settle(qtbot, shown)
    assert drawn(shown.window) == []


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("objectifs", "BPI-O01"), ("objectifs", "FT-O04"), ("engagements", "BPI-E01"), ("engagements", "ARS-E01"),
        ("moyens", "BPI-F01"), ("territoires", "62498"), ("comites", "COPIL-2025-10-14"), ("partenaires", "ARS"),
        ("documents", "DOC"),
    ],
)  # fmt: skip
def test_no_detail_and_no_form_draws_the_words_of_a_contract(
    qtbot: QtBot, seeded: Bench, word: str, code: str
) -> None:
    seeded.window.go(Address(word, code))
    settle(qtbot, seeded)
    assert drawn(seeded.window) == []
    assert probed(seeded.window) > 3
    page = seeded.window.navigator.pages[word]
    asks = [
        seeded.window.actions_by_word[act].trigger for act in ("modifier", "saisir_detail", "modifier_autre")
    ]
    asks += [
        one.click
        for one in page.findChildren(QPushButton)
        if one.isVisible() and one.text().endswith(("…", "météo"))
    ]
    for ask in asks:
        ask()
        assert dialogs_drawn(qtbot, seeded) == []


@pytest.mark.parametrize(
    "act",
    ["retablir_retire", "modifier_contrat", "nouvel_engagement", "nouvel_objectif", "sauvegardes", "collegues",
     "personnes", "reglages", "bienvenue", "apropos"],
)  # fmt: skip
def test_no_dialog_draws_the_words_of_a_contract(qtbot: QtBot, seeded: Bench, act: str) -> None:
    seeded.window.actions_by_word[act].trigger()
    assert dialogs_drawn(qtbot, seeded) == []


def dialogs_drawn(qtbot: QtBot, bench: Bench) -> list[str]:
    """Walk the dialogs that opened, then close them."""
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    found = []
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, QDialog) and dialog.isVisible():
            dialog.grab()
            found += drawn(dialog)
            dialog.done(0)
    return found


def test_the_search_of_the_window_draws_nothing(qtbot: QtBot, seeded: Bench) -> None:
    bar = seeded.window.topbar
    bar.search.setFocus()
    qtbot.keyClicks(bar.search, "sonde")
    qtbot.waitUntil(lambda: bar.results.count() > 1)
    assert drawn(bar.results) == []


def test_the_grid_says_a_trouble_without_drawing_it(qtbot: QtBot, seeded: Bench) -> None:
    seeded.window.go(Address("releves"))
    settle(qtbot, seeded)
    page = seeded.window.navigator.pages["releves"]
    model = page._model
    model.setData(model.index(0, 4), PROBE)
    assert drawn(page) == []


def test_a_file_from_elsewhere_is_shown_as_it_is_written(qtbot: QtBot) -> None:
    model = RawSheetModel()
    qtbot.addWidget(QWidget())
    index = QModelIndex()
    model._cells, model._size = {(0, 0): PROBE}, (1, 1)
    index = model.index(0, 0)
    assert model.data(index) == PROBE
    assert not is_drawn(model.data(index, Qt.ItemDataRole.ToolTipRole))


def test_a_message_box_is_plain(qtbot: QtBot) -> None:
    box = QMessageBox()
    qtbot.addWidget(box)
    fill_box(box, PROBE, PROBE)
    texts = [one for one in box.findChildren(QLabel) if one.text() == PROBE]
    assert len(texts) == 2
    assert all(one.textFormat() is Qt.TextFormat.PlainText for one in texts)
    assert box.text() == PROBE


def test_a_tooltip_shown_by_hand_is_plain(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    place.show()
    show_tip(QPoint(5, 5), place, PROBE)
    assert not is_drawn(QToolTip.text())
    assert "sonde" in QToolTip.text()
    show_tip(QPoint(5, 5), place)


@pytest.mark.parametrize("words", [PROBE, f"a\n{PROBE}", f"{PROBE} " * 9, "<p>x</p>"])
def test_a_tooltip_holds_the_words_as_they_are(words: str) -> None:
    assert "<b>" not in tooltip(words)
    assert "<img" not in tooltip(words)
    assert not tooltip(words).startswith("<p>x")


def test_a_short_tooltip_stays_as_it_is_and_a_long_one_is_broken_in_lines() -> None:
    assert tooltip("Un salut") == "Un salut"
    assert tooltip("un\ndeux") == "un\ndeux"
    assert tooltip("mot " * 30).startswith("<p>mot ")
    assert tooltip("un", "deux & trois") == "<p>un</p><p>deux &amp; trois</p>"


def test_a_description_says_what_the_name_does_not(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setAccessibleName("Non atteint\u202f: 7 objectifs")
    tip(widget, "Non atteint\u202f: 7 objectifs", "L’échéance est passée.", hint="Cliquez.")
    assert widget.accessibleDescription() == "L’échéance est passée."
    assert "Cliquez." in widget.toolTip()
    tip(widget, "Non atteint\u202f: 7 objectifs. L’échéance est passée.")
    assert widget.accessibleDescription() == "L’échéance est passée."
    tip(widget, "Non atteint\u202f: 7 objectifs")
    heard = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Description)
    assert heard.strip() == ""
    tip_more(widget, "Encore.")
    assert widget.accessibleDescription() == "Encore."


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_what_is_heard_holds_no_tag_and_repeats_no_name(qtbot: QtBot, listened_to: Bench, word: str) -> None:
    listened_to.window.go(Address(word))
    settle(qtbot, listened_to)
    faults = []
    for widget in listened_to.window.findChildren(QWidget):
        heard = QAccessible.queryAccessibleInterface(widget)
        name = heard.text(QAccessible.Text.Name).strip()
        said = heard.text(QAccessible.Text.Description).strip()
        if isinstance(widget, QLineEdit) and said == widget.placeholderText():
            continue
        if isinstance(widget, QComboBox) and said == widget.accessibleName():
            # Under Linux Qt names a list by its present choice: what it is for is its description alone.
            name = ""
        if "<" in said or "Cliquez" in said or (name and said and (said.startswith(name) or said in name)):
            faults.append(f"{type(widget).__name__}: {name!r} / {said!r}")
    assert faults == []
