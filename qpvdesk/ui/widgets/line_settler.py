"""What somebody says of one line of a file: it is right, it is set aside, or what of it is put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, format_number
from qpvdesk.services.figures.line import Decision, Line, LineState
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.tokens import in_row, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label

_TO_ACCEPT = {LineState.DOUBTFUL, LineState.CHANGED}


class LineSettler(QWidget):
    """The value and the day of the line, to be put right, and three buttons; all of it by keyboard."""

    settled = Signal(str, object)
    """The place of the line and its `Decision`; None takes back what was said of it."""
    kind_set_aside = Signal(str)
    """A type of value that is no measurement, in this file and the next."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._line: Line | None = None
        self._today = date.min
        self._shown_place = ""
        column = stacked(on=self)
        row = Flow(8)
        column.addLayout(row)
        self._value, self._day, self._place = QLineEdit(), QLineEdit(), QLineEdit()
        self._place.setPlaceholderText("celui de l’objectif")
        for field, words, name, width in (
            (self._value, "&Valeur", "Valeur de la ligne", 84),
            (self._day, "&Au", "Date de la ligne", 100),
            (self._place, "&Lieu", "Territoire de la ligne", 150),
        ):
            caption = label(words)
            caption.setBuddy(field)
            field.setAccessibleName(name)
            field.setFixedWidth(theme.px(width))
            field.returnPressed.connect(self._correct)
            pair = QWidget()
            pair.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            in_row(caption, field, on=pair)
            row.addWidget(pair)
        row.addWidget(button("Corriger", self._correct))
        self._accept = button("Accepter", lambda: self._say(Decision(write=True)))
        self._aside = button("Écarter", self._set_aside)
        self._kind = button("Écarter ce type", self._set_kind_aside)
        row.addWidget(self._accept)
        row.addWidget(self._aside)
        row.addWidget(self._kind)
        self._fault = label("", "error", wrap=True)
        column.addWidget(self._fault)
        self._fault.hide()
        self.hide()

    def show_line(self, line: Line | None, today: date, territories: Mapping[str, str]) -> None:
        """Show a line that is known; None for none. `territories`: their names by key."""
        self._line, self._today = line, today
        self.setVisible(line is not None)
        if line is None:
            return
        self._fault.hide()
        new = line.measurement
        self._value.setText(format_number(new.value) if new is not None else line.text)
        self._day.setText(format_date(line.day) if line.day is not None else "")
        self._shown_place = territories.get(new.territory, "") if new is not None else ""
        self._place.setText(self._shown_place)
        self._place.setCursorPosition(0)
        self._kind.setVisible(bool(line.kind))
        self._accept.setVisible(line.state in _TO_ACCEPT)
        self._accept.setEnabled(not line.accepted)
        self._aside.setText("Reprendre" if line.state is LineState.ASIDE else "Écarter")

    def _set_aside(self) -> None:
        if self._line is not None and self._line.state is LineState.ASIDE:
            self.settled.emit(self._line.place, None)
        else:
            self._say(Decision(write=False))

    def _set_kind_aside(self) -> None:
        if self._line is not None:
            self.kind_set_aside.emit(self._line.kind)

    def _correct(self) -> None:
        line = self._line
        if line is None:
            return
        value, day = self._value.text().strip(), self._day.text().strip()
        try:
            typed = periods.typed(day, today=self._today) if day else None
        except UserError as error:
            self._fault.setText(error.message)
            self._fault.show()
            return
        new = line.measurement
        same = new is not None and value == format_number(new.value)
        place = self._place.text().strip()
        self._say(
            Decision(
                write=True,
                value="" if same else value,
                day=None if typed == line.day else typed,
                territory="" if place == self._shown_place else place,
                seen=line.warnings,
            )
        )

    def _say(self, decision: Decision) -> None:
        if self._line is not None:
            self.settled.emit(self._line.place, decision)
