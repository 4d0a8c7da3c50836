"""A date is typed from its day, whatever month is shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from qpvdesk.ui.widgets.day_edit import DayEdit
from tests.gui.conftest import Bench


@pytest.mark.parametrize(
    "shown", [QDate(2026, 11, 23), QDate(2026, 2, 10), QDate(2024, 2, 29), QDate(2026, 12, 31)]
)
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("31/12/2025", QDate(2025, 12, 31)), ("01/03/2026", QDate(2026, 3, 1)), ("1/3/2026", QDate(2026, 3, 1)),
        ("30/06/2026", QDate(2026, 6, 30)), ("31122025", QDate(2025, 12, 31)),
        ("15/06/26", QDate(2026, 6, 15)), ("310125", QDate(2025, 1, 31)),
    ],
)  # fmt: skip
def test_a_date_typed_whole_is_the_date_that_is_told_once(
    shown: QDate, typed: str, meant: QDate, qtbot: QtBot
) -> None:
    field = DayEdit()
    qtbot.addWidget(field)
    field.setDate(shown)
    field.show()
    field.setFocus()
    told: list[QDate] = []
    field.dateChanged.connect(told.append)
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.date() == meant
    assert told in ([meant], [] if meant == shown else [meant])


def test_the_arrows_go_on_as_ever(qtbot: QtBot) -> None:
    field = DayEdit()
    qtbot.addWidget(field)
    field.setDate(QDate(2026, 11, 23))
    field.show()
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.date() == QDate(2026, 11, 24)


def test_a_hand_that_comes_again_begins_with_the_day(qtbot: QtBot) -> None:
    """The year stayed selected: « 15/06/26 » showed the situation of 1752."""
    field = DayEdit()
    qtbot.addWidget(field)
    field.setDate(QDate(2026, 11, 29))
    field.show()
    field.begin()
    field.setSelectedSection(DayEdit.Section.YearSection)
    field.begin()
    QTest.keyClicks(field, "30/06/2026")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.date() == QDate(2026, 6, 30)
    field.setDate(QDate(1752, 9, 14))
    assert field.date().year() >= 1900


@pytest.mark.parametrize("year", ["2026", "26"])
def test_digits_and_strokes_may_want_the_shift_key(year: str, qtbot: QtBot) -> None:
    """On a French keyboard each is a sign above another: « 30/06/2026 » showed the situation of November."""
    field = DayEdit()
    qtbot.addWidget(field)
    field.setDate(QDate(2026, 11, 29))
    field.show()
    field.begin()
    for sign in f"30/06/{year}":
        QTest.keyClick(field, sign, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.date() == QDate(2026, 6, 30)


def test_the_letter_of_the_date_begins_it_anew_each_time(qtbot: QtBot, bench: Bench) -> None:
    """The year stayed selected in a field that has the hand already: « 30062026 » showed the year 3006."""
    (field,) = bench.window.topbar.findChildren(DayEdit)
    for day in (30, 15):
        qtbot.keyClick(bench.window, Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier)
        assert field.hasFocus()
        QTest.keyClicks(field, f"{day}062026")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.date() == QDate(2026, 6, day)
    field.setDate(QDate(3006, 1, 1))
    assert field.date().year() < 2200
