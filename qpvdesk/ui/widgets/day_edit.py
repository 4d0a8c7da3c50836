"""A date that can be typed from its day: Qt alone refuses the 31 of a date to come while November is shown."""

from __future__ import annotations

import re

from PySide6.QtCore import QDate, QSignalBlocker, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QDateEdit, QWidget

_FIRST, _LAST = QDate(1900, 1, 1), QDate(2199, 12, 31)
"""No contract, and none of its figures, is older, nor has days to come after."""
_CENTURY = 20
_SHORT_YEAR = re.compile("([0-9]{2})/([0-9]{2})/([0-9]{2})")
_DAY, _MONTH = QDateEdit.Section.DaySection, QDateEdit.Section.MonthSection
_WRITING = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
"""What is held while digits are typed: on a French keyboard they, and the stroke between them, want the shift key."""


class DayEdit(QDateEdit):
    """`31/12/2025` is typed as it is said; the date is told once, at Enter or when the field is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = ""
        self._just_taken = False
        self.setDisplayFormat("dd/MM/yyyy")
        self.setCalendarPopup(True)
        self.setKeyboardTracking(False)
        self.setDateRange(_FIRST, _LAST)

    def begin(self) -> None:
        """Take the hand, for a date that is typed from its day, wherever it was left."""
        self._typed, self._just_taken = "", False
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.setSelectedSection(_DAY)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the digits of the day; leave the month, the year and everything else to Qt."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_short_year()
        text = event.text()
        if event.key() == Qt.Key.Key_Shift:
            # Half of the sign that follows.
            return
        plain = not event.modifiers() & ~_WRITING
        taken, self._just_taken = self._just_taken, False
        if taken and text == "/":
            # Two digits have led to the month already.
            return
        if not (
            plain and self.currentSection() is _DAY and (text.isdecimal() or (text == "/" and self._typed))
        ):
            self._typed = ""
            super().keyPressEvent(event)
            return
        if text.isdecimal():
            self._typed += text
        day = int(self._typed)
        if text == "/" or len(self._typed) == 2 or day > 3:
            self._just_taken = text != "/"
            self._typed = ""
            self._take(day)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget half a day."""
        self._typed = ""
        self._take_short_year()
        super().focusOutEvent(event)

    def _take_short_year(self) -> None:
        """Read `15/06/26` as one says it: Qt would give up the month with the year."""
        found = _SHORT_YEAR.fullmatch(self.lineEdit().text())
        if found:
            day, month, year = found.groups()
            self.lineEdit().setText(f"{day}/{month}/{_CENTURY}{year}")

    def _take(self, day: int) -> None:
        """Show a day of the month, or of the next one where this month is too short for it; then ask for the month."""
        shown = self.date()
        wanted = QDate(shown.year(), shown.month(), day)
        if not wanted.isValid():
            after = shown.addMonths(1)
            wanted = QDate(after.year(), after.month(), day)
        if wanted.isValid():
            blocker = QSignalBlocker(self)
            self.setDate(wanted)
            blocker.unblock()
        self.setSelectedSection(_MONTH)
