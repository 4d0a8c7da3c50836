"""What the fields of a figure hold, as an entry: the one at fault is outlined."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date
from qpvdesk.domain.model import Objective
from qpvdesk.domain.typed_figures import read_day, read_figure
from qpvdesk.services.measurements import Entry
from qpvdesk.ui.kit.tips import blame
from qpvdesk.ui.widgets.day_edit import FigureDayLine

Fields = tuple[QLineEdit, FigureDayLine, QLineEdit]
"""Its value, its day, who told it."""


def typed_words(fields: Fields, today: date) -> dict[str, str]:
    """Return what is typed as it is, by field of `Entry`; a day that nobody typed is none."""
    value, day_line, source = fields
    told = (("value", value), ("source", source))
    typed = {name: words for name, field in told if (words := field.text().strip())}
    day = day_line.whole().strip()
    if day and (typed or day != format_date(today)):
        typed["day"] = day
    return typed


def typed_entry(objective: Objective, fields: Fields, today: date) -> Entry:
    """Return what is typed. Raises `UserError` where a field holds what cannot be, which outlines it."""
    value, day_line, source = fields
    at_fault = value
    for field in (value, day_line):
        blame(field, "")
    try:
        told = read_figure(value.text(), objective)
        at_fault = day_line
        day = read_day(day_line.text(), today)
    except UserError as error:
        blame(at_fault, str(error))
        raise
    return Entry(
        objective=objective.key,
        day=day,
        value=told.value,
        numerator=told.numerator,
        denominator=told.denominator,
        source=source.text().strip(),
    )
