"""What a first sight of a contract shows, in the words and the figures that are painted.

`sighting.first_sight` reckons it; a base keeps the last one (`storage/kept_sight.py`), so that a window is painted before
anything is reckoned. Nothing here knows how: a start imports no more than this.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from qpvdesk.domain.statuses import Statut, Trend

Counts = dict[Statut, int]
PARTNERS, THEMES, AXES = "partenaires", "thematiques", "axes"
"""What a contract may be told by."""
LATE_DECISION = "decision_en_retard"
"""The rule of the points that speak of a decision past due."""
_YEARS = range(1900, 2101)
"""Of the days that can be asked for: the first of all has no eve."""
FICTITIOUS = "Données fictives"
"""What stands wherever the figures of an example are shown or printed."""


class Subject(StrEnum):
    """What a part of the sentence on top speaks of."""

    TO_HANDLE = "a_traiter"
    LATE_DECISIONS = "decisions_echues"
    TO_ASK = "a_demander"
    NEXT_COPIL = "copil"


class Headline(Struct, frozen=True):
    """One part of the sentence."""

    subject: Subject
    words: str
    """`12 objectifs à traiter`, `aucune décision échue`, `COPIL dans 19 jours`."""
    count: int
    """How many there are; days to the COPIL, 0 where none is to come."""
    code: str = ""
    """Of the meeting to come; else empty."""

    @property
    def calm(self) -> bool:
        """Whether nothing is asked of anybody."""
        return self.subject is not Subject.NEXT_COPIL and not self.count


class Named(Struct, frozen=True):
    """A contract or a partner, by what it is called."""

    key: str
    code: str
    name: str
    short_name: str = ""


class Bar(Struct, frozen=True):
    """The promised objectives of a partner, by status."""

    partner: Named
    counts: Counts
    objectives: int


class Attention(Struct, frozen=True):
    """An objective *à traiter*."""

    code: str
    label: str
    status: Statut
    wordings: tuple[str, ...]
    """Whose it is, what lacks and how old the figure is; where there is no room for all, the next."""
    value: str
    far: str
    """The rate with what was expected, the gap, or what is said of a bound kept."""
    sentences: tuple[str, ...] = field(name="said")
    """What is heard of it, a sentence each."""
    gauge: float | None
    """The way that is done, 0…1; None where no bar is drawn."""
    expected: float | None


class Moved(Struct, frozen=True):
    """What became of an objective."""

    code: str
    label: str
    named: str
    told: str
    trend: Trend | None
    brief: str = ""
    """What is told, for where it has no room; empty in a sight that an earlier version kept."""


class Due(Struct, frozen=True):
    """Something to be done by a day."""

    day: date
    words: str
    codes: tuple[str, ...]
    kind: str
    """What falls due: see `agenda.NextDate.kind`."""


class Since(Struct, frozen=True):
    """The day that moves are counted from."""

    day: date
    compared: bool
    """Whether there is something to compare with on that day."""
    frozen: bool
    """Whether it is as it was frozen."""
    copil: bool
    """Whether a COPIL was held before the day of the sight."""


class Grid(Struct, frozen=True):
    """Thématiques or axes, and by partner how many objectives they have."""

    names: dict[str, str]
    """Of the rows, by code, in the order of the contract."""
    cells: tuple[tuple[str, str, Counts], ...]
    """Key of the partner, code of the row, how many of each status."""


class FirstSight(Struct, frozen=True):
    """The dashboard of a contract on a day, and what stands round it."""

    contract: Named
    contracts: tuple[Named, ...]
    """Those of the base."""
    fictitious: bool
    day: date
    mention: str
    headline: tuple[Headline, ...]
    counts: Counts
    old: Counts
    """How many of them rest on a value older than its frequency."""
    partners: tuple[Named, ...]
    bars: tuple[Bar, ...]
    bars_message: str
    attention: tuple[Attention, ...]
    left_out: int
    """How many more are *à traiter*."""
    nothing: str
    """What is said in the place of the lines, where there is none."""
    moves: tuple[Moved, ...]
    moved: int
    """How many objectives changed, shown or not."""
    unmoved: str
    """What is said where none did; empty while that is not known."""
    since: Since
    dates: tuple[Due, ...]
    ways: dict[str, str]
    """By word, what the rows of the matrix may be."""
    grids: dict[str, Grid]
    axes: dict[str, str]
    """The keys of the axes, by their code."""
    dates_left: str = ""
    """How many dates to keep are not among `dates`, in words."""

    @property
    def can_be_shown(self) -> bool:
        """Whether it has all that is asked of it where it is shown: one that was kept may be of another hand."""
        rows = {THEMES} | ({AXES} & self.ways.keys())
        return (
            rows <= self.grids.keys()
            and all(line.wordings for line in self.attention)
            and all(day.year in _YEARS for day in (self.day, self.since.day))
        )
