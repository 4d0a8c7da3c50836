"""A day is typed as it is said, in every field of the window, and is then written in full."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCalendarWidget, QLabel, QTableView
from pytestqt.qtbot import QtBot

from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.day_edit import DayEdit, DayLine
from tests.gui.conftest import Bench

TODAY = date(2026, 11, 29)
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def field(qtbot: QtBot) -> DayEdit:
    made = DayEdit("Situation au", lambda: TODAY)
    qtbot.addWidget(made)
    made.show_day(TODAY, date(2026, 12, 31))
    made.show()
    made.begin()
    return made


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("31/12/2025", date(2025, 12, 31)), ("1/3/2026", date(2026, 3, 1)), ("30062026", date(2026, 6, 30)),
        ("15/06/26", date(2026, 6, 15)), ("310125", date(2025, 1, 31)), ("30/06", date(2026, 6, 30)),
        ("31/12", date(2025, 12, 31)), ("15 nov", date(2026, 11, 15)), ("hier", date(2026, 11, 28)),
    ],
)  # fmt: skip
def test_a_date_is_told_once_however_it_is_typed(
    field: DayEdit, held: Qt.KeyboardModifier, typed: str, meant: date
) -> None:
    """On a French keyboard each digit is a sign above another: « 30/06/2026 » showed the situation of November."""
    told: list[date] = []
    field.chosen.connect(told.append)
    for sign in typed:
        QTest.keyClick(field.lineEdit(), sign, held)
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    assert told == [meant]
    assert field.currentText() == f"{meant:%d/%m/%Y}"
    field.begin()
    QTest.keyClicks(field.lineEdit(), "28/11")
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    assert told[1:] == [date(2026, 11, 28)] or meant == date(2026, 11, 28)


def test_a_date_that_cannot_be_is_outlined_and_escape_gives_the_shown_one_back(field: DayEdit) -> None:
    told: list[date] = []
    field.chosen.connect(told.append)
    field.show_day(date(2026, 6, 30), TODAY)
    for typed, why in (("31/02/2026", "n’existe pas"), ("30/11/2026", "jusqu’au 29/11/2026")):
        field.begin()
        QTest.keyClicks(field.lineEdit(), typed)
        QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
        assert field.property("invalid")
        # It is heard in the field that has the hand.
        assert field.lineEdit().accessibleName() == "Situation au"
        assert why in field.lineEdit().accessibleDescription()
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Escape)
    assert (field.currentText(), field.property("invalid"), told) == ("30/06/2026", False, [])


def test_arrows_go_on_and_with_alt_open_the_calendar(field: DayEdit) -> None:
    """Alt+Down took a year off."""
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Up)
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_PageDown)
    assert field.day == date(2026, 10, 30)
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Down, ALT)
    calendar = field.findChild(QCalendarWidget)
    assert calendar.isVisible()
    assert calendar.selectedDate() == QDate(2026, 10, 30)
    calendar.activated.emit(QDate(2026, 6, 30))
    assert (field.day, calendar.isVisible()) == (date(2026, 6, 30), False)


def test_the_days_of_the_week_are_read_over_the_month(qtbot: QtBot, theme: Theme, field: DayEdit) -> None:
    """The frame of a list took two lines of dots from a month of six weeks: « L M M J V S D » was cut."""
    assert theme.application.styleSheet()
    field.show_day(date(2026, 11, 30), date(2026, 12, 31))
    field.showPopup()
    view = field.findChild(QCalendarWidget).findChild(QTableView)
    qtbot.waitUntil(view.isVisible)
    last = view.model().rowCount() - 1
    foot = view.rowViewportPosition(last) + view.rowHeight(last)
    assert view.rowViewportPosition(0) >= 0
    assert foot <= view.viewport().height()
    field.findChild(QCalendarWidget).close()


def test_the_letter_of_the_date_begins_it_anew_each_time(qtbot: QtBot, bench: Bench) -> None:
    """The year stayed selected in a field that has the hand already: « 30062026 » showed the year 3006."""
    (field,) = bench.window.topbar.findChildren(DayEdit)
    for day in (30, 15):
        qtbot.keyClick(bench.window, Qt.Key.Key_I, ALT)
        assert field.lineEdit().hasFocus()
        QTest.keyClicks(field.lineEdit(), f"{day}062026")
        QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
        assert field.day == date(2026, 6, day)


@pytest.mark.parametrize(
    ("days", "said"),
    [(-20000, "avant le début du contrat"), (-100, "postérieurs à cette date")],
)
def test_a_day_that_is_not_today_is_told_over_the_page(
    qtbot: QtBot, bench: Bench, days: int, said: str
) -> None:
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.show_day(date.fromordinal(bench.session.today.toordinal() + days))
    (words,) = [one.text() for one in bench.window.findChildren(QLabel) if "Vous regardez" in one.text()]
    assert said in words


def test_every_field_for_a_day_reads_it_as_it_is_said(qtbot: QtBot) -> None:
    for ahead, whole in ((0, "15/01/2026"), (364, "15/01/2027")):
        line = DayLine(lambda: TODAY, ahead=ahead)
        qtbot.addWidget(line)
        QTest.keyClicks(line, "15/01")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert line.text() == whole
