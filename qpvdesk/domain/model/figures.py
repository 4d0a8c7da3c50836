"""What is recorded: measurements, counter-values, météo, steps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.model.contract import Citation
from qpvdesk.domain.model.words import Weather


class Measurement(Struct, frozen=True):
    """One value of one objective on one day for one territory (*relevé*), with its source."""

    key: str
    objective: str
    territory: str
    day: date
    value: Decimal
    source: str = ""
    comment: str = ""
    provisional: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    entered_on: date | None = None
    citation: Citation | None = None


class CounterValue(Struct, frozen=True):
    """Another figure for the same objective and day, with its reason and source; shown beside, never over."""

    key: str
    objective: str
    day: date
    value: Decimal
    reason: str
    source: str = ""


class Breakdown(Struct, frozen=True):
    """What one category of a list (« femmes » of « sexe ») counts of the figure of an objective on a day.

    It stands beside the whole and is in no value, rate or total: categories of one list may overlap.
    """

    key: str
    objective: str
    day: date
    category: str
    value: Decimal
    list_name: str = ""


class Meteo(Struct, frozen=True):
    """The weather of an engagement on a day, with its summary in three parts."""

    key: str
    engagement: str
    day: date
    weather: Weather
    results: str = ""
    obstacles: str = ""
    next_steps: str = ""


class Step(Struct, frozen=True):
    """A line of an engagement's checklist."""

    key: str
    engagement: str
    label: str
    rank: int = 0
    who: str = ""
    due: date | None = None
    done_on: date | None = None
