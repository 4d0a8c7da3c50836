"""A day that is typed as it is said: « 15/11 », « 151126 », « hier »; the field then shows it in full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QMargins, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, parse_date, whole_date
from qpvdesk.ui.kit.controls import kept_as_typed
from qpvdesk.ui.kit.tips import announce, blame, describe, show_tip

_STEPS = {
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_PageUp: (0, 1),
    Qt.Key.Key_PageDown: (0, -1),
}
"""Days and months that a key goes on by."""
_CALENDAR_PX = 14
"""Pixels that a calendar is given beyond what it asks for, two for each of its rows."""


class DayLine(QLineEdit):
    """A field for a day, written in full once the hand leaves it."""

    def __init__(self, today: Callable[[], date], day: date | None = None, *, ahead: int = 0) -> None:
        """`ahead`: how many days after today a day without its year may lie."""
        super().__init__("" if day is None else format_date(day))
        self._today, self._ahead = today, ahead
        # A day alone says of when: what it is said of is asked about, or kept with it.
        kept_as_typed(self)
        self.setPlaceholderText("JJ/MM/AAAA")
        self.editingFinished.connect(self._spell)

    def day(self) -> date:
        """Return the day that is typed. Raises `UserError`."""
        return parse_date(self.text(), today=self._today(), ahead=self._ahead)

    def day_if_any(self) -> date | None:
        """The same; None where the field is empty."""
        return self.day() if self.text().strip() else None

    def whole(self) -> str:
        """Return what is typed, written in full where it is a day."""
        return whole_date(self.text(), today=self._today(), ahead=self._ahead)

    def _spell(self) -> None:
        if self.whole() != self.text():
            self.setText(self.whole())


class FigureDayLine(DayLine):
    """The same for a figure, which is of a month or a quarter too: its last day."""

    def day(self) -> date:
        """Return the day that is typed. Raises `UserError`."""
        from qpvdesk.domain import periods  # noqa: PLC0415 - 3 ms, not on the way to the window

        return periods.typed(self.text(), today=self._today())

    def whole(self) -> str:
        """Return what is typed, written in full where it is a day or a period."""
        from qpvdesk.domain.typed_figures import whole_day  # noqa: PLC0415 - 5 ms, the same

        return whole_day(self.text(), self._today())


class DayEdit(QComboBox):
    """A day that is told at Enter or when the field is left; its list is a calendar."""

    chosen = Signal(object)
    """A `date` that is another than the one shown."""

    def __init__(self, name: str, today: Callable[[], date]) -> None:
        """`name`: what it is heard as, and the field in it, which has the hand."""
        super().__init__()
        self._day = self._last = date.max
        self._line = DayLine(today)
        for part in (self, self._line):
            part.setAccessibleName(name)
        self.setEditable(True)
        self.setLineEdit(self._line)
        self.setCompleter(None)  # type: ignore[arg-type]
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(len("JJ/MM/AAAA"))
        self._line.textChanged.connect(lambda _: self._blame(""))
        self._line.editingFinished.connect(self._take)

    @property
    def day(self) -> date:
        return self._day

    def show_day(self, day: date, last: date) -> None:
        """Show a day, which nobody is told of; `last`: the latest that can be chosen."""
        self._day, self._last = day, last
        self._blame("")
        self._line.setText(format_date(day))

    def choose(self, day: date) -> None:
        """Show another day and tell it; one that cannot be is refused beside the field."""
        if day > self._last:
            self._refuse(f"Choisissez un jour jusqu’au {format_date(self._last)}.")
        elif day != self._day:
            self.show_day(day, self._last)
            self.chosen.emit(day)

    def begin(self) -> None:
        """Take the hand for another date, wherever it was left."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def showPopup(self) -> None:
        from PySide6.QtWidgets import QCalendarWidget  # noqa: PLC0415 - 1 ms of a start, the calendar alone needs it

        calendar = QCalendarWidget(self)
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # Names and numbers of weeks are wider than the days, and would be cut.
        calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setAccessibleName(f"Calendrier\u202f: {self.accessibleName()}")
        calendar.setSelectedDate(QDate(self._day.year, self._day.month, self._day.day))
        calendar.setMaximumDate(QDate(self._last.year, self._last.month, self._last.day))

        def take(day: QDate) -> None:
            calendar.close()
            self.choose(date(day.year(), day.month(), day.day()))

        calendar.activated.connect(take)
        calendar.clicked.connect(take)
        # Qt reckons its rows some pixels too low, and a month of six weeks would scroll.
        calendar.ensurePolished()
        calendar.resize(calendar.sizeHint().grownBy(QMargins(0, 0, 0, _CALENDAR_PX)))
        calendar.move(self.mapToGlobal(QPoint(0, self.height())))
        calendar.show()
        calendar.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on by a day or a month; Alt and an arrow open the calendar as they open a list, Escape gives the day back."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            shown = QDate(self._day.year, self._day.month, self._day.day).addDays(step[0]).addMonths(step[1])
            self.choose(date(shown.year(), shown.month(), shown.day()))
        elif event.key() == Qt.Key.Key_Escape and self._line.text() != format_date(self._day):
            self.show_day(self._day, self._last)
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        try:
            self.choose(self._line.day())
        except UserError as error:
            self._refuse(str(error))

    def _blame(self, words: str) -> None:
        blame(self, words)
        describe(self._line, words)

    def _refuse(self, words: str) -> None:
        """Say why a day cannot be; where the hand has left, the day that is shown comes back."""
        if not self._line.hasFocus():
            self.show_day(self._day, self._last)
            return
        self._blame(words)
        self._line.selectAll()
        show_tip(self.mapToGlobal(QPoint(0, self.height() // 2)), self, words)
        announce(self, words)
