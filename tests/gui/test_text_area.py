"""Fields of several lines: a text that Qt would lay out for minutes is shown by its beginning, and kept whole."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from qpvdesk.domain.french import format_number
from qpvdesk.services.committees.committee import DecisionEntry
from qpvdesk.services.weather import WeatherEntry
from qpvdesk.ui.dialogs.entity_controls import set_value
from qpvdesk.ui.dialogs.meeting import DecisionDialog
from qpvdesk.ui.dialogs.weather import WeatherDialog
from qpvdesk.ui.kit.form_dialog import FormDialog, Rules
from qpvdesk.ui.kit.text_area import TEXT_LETTERS_MAX, TextArea
from tests.gui.conftest import Bench
from tests.helpers import invented

LONG = ("mot de passe " * 50_000).strip()


def areas(dialog: FormDialog) -> list[TextArea]:
    return dialog.findChildren(TextArea)


def shown_whole(dialog: FormDialog) -> list[bool]:
    """Of each field of several lines, whether all of its text is shown; what is cut says so."""
    for area in areas(dialog):
        assert len(area.toPlainText()) <= TEXT_LETTERS_MAX
        if area.shortened:
            assert format_number(len(LONG)) in area.accessibleDescription()
    return [not area.shortened for area in areas(dialog)]


def test_a_meteo_and_a_decision_keep_whole_what_they_show_the_beginning_of(
    qtbot: QtBot, bench: Bench
) -> None:
    dossier = invented.dossier()
    meteo = replace(dossier.meteos[0], obstacles=LONG)
    engagement = next(item for item in dossier.engagements if item.key == meteo.engagement)
    weather = WeatherDialog(bench.window.theme, engagement, meteo, invented.TODAY)
    qtbot.addWidget(weather)
    assert shown_whole(weather) == [True, False, True]
    with qtbot.waitSignal(weather.submitted) as told:
        weather._submit()
    assert isinstance(told.args[0], WeatherEntry)
    assert told.args[0].obstacles == LONG

    rules: Rules[DecisionEntry] = Rules(lambda _: None, invented.TODAY)
    decision = DecisionDialog(
        bench.window.theme, "Décision", DecisionEntry(LONG, due=date(2026, 9, 1)), rules, carriers=()
    )
    qtbot.addWidget(decision)
    assert shown_whole(decision) == [False]
    with qtbot.waitSignal(decision.submitted) as told:
        decision._submit()
    assert told.args[0].label == LONG


def test_a_paste_takes_the_room_of_what_it_replaces(qtbot: QtBot) -> None:
    area = TextArea()
    qtbot.addWidget(area)
    area.setPlainText("a" * 40_000)
    area.selectAll()
    QGuiApplication.clipboard().setText("b" * 40_000)
    area.paste()
    assert area.toPlainText() == "b" * 40_000


def test_a_line_of_letters_that_qt_counts_twice_is_not_cut(qtbot: QtBot) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    set_value(line, "𝄞" * 20_000)
    assert line.text() == "𝄞" * 20_000
