"""A row of the entry grid: what is expected, what was typed, what it would change, and how each is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import late_parts
from qpvdesk.domain.french import fold
from qpvdesk.domain.how_far import bound_words, how_far, value_words
from qpvdesk.domain.model import Objective, Partner, Territory
from qpvdesk.domain.progress import Assessment, after_value
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.domain.typed_figures import TypedFigure, read_day, read_figure
from qpvdesk.services.measurements import Effect, Entry


class EntryColumn(IntEnum):
    """The columns."""

    CODE = 0
    OBJECTIVE = 1
    LAST = 2
    TARGET = 3
    VALUE = 4
    DAY = 5
    SOURCE = 6
    PROVISIONAL = 7
    COMMENT = 8
    EFFECT = 9


TITLES: dict[EntryColumn, tuple[str, str]] = {
    EntryColumn.CODE: ("Code", "Le code de l’objectif et son territoire"),
    EntryColumn.OBJECTIVE: ("Objectif", "L’objectif\u202f; son intitulé entier se lit en le survolant"),
    EntryColumn.LAST: ("Dernier relevé", "La dernière valeur connue et sa date"),
    EntryColumn.TARGET: ("Cible", "La valeur à atteindre, ou la part de référence à égaler"),
    EntryColumn.VALUE: ("Nouvelle valeur", "Comme on la dit\u202f: 1 339, 16,4\u202f%, 2,5 M€, 12 sur 48"),
    EntryColumn.DAY: ("Date", "Celle de la remontée, sauf pour une ligne où vous en tapez une autre"),
    EntryColumn.SOURCE: ("Source", "Qui a donné la valeur\u202f; reprise de ligne en ligne"),
    EntryColumn.PROVISIONAL: ("Prov.", "Chiffre provisoire\u202f: Espace coche et décoche"),
    EntryColumn.COMMENT: ("Commentaire", "Ce qu’il faut savoir pour lire la valeur"),
    EntryColumn.EFFECT: ("Effet", "Le statut et le taux si vous enregistrez"),
}
EDITABLE = (
    EntryColumn.VALUE,
    EntryColumn.DAY,
    EntryColumn.SOURCE,
    EntryColumn.PROVISIONAL,
    EntryColumn.COMMENT,
)
RIGHT = (EntryColumn.LAST, EntryColumn.TARGET, EntryColumn.VALUE)


class Typed(Struct, frozen=True):
    """What was typed in a row, as it was typed. An empty day: that of the return."""

    value: str = ""
    day: str = ""
    source: str = ""
    comment: str = ""
    provisional: bool = False

    @property
    def is_empty(self) -> bool:
        return self == _NOTHING

    def draft(self) -> dict[str, Any]:
        """Return what was typed, for the disk."""
        return {word: getattr(self, name) for name, word in _DRAFT.items()}

    @classmethod
    def of_draft(cls, draft_row: Mapping[str, Any]) -> Typed:
        """Return what was typed, from the disk."""
        texts = {name: str(draft_row.get(word, "")) for name, word in _DRAFT.items() if name != "provisional"}
        return cls(**texts, provisional=draft_row.get("provisoire") is True)

    def taking(self, place: EntryColumn, text: str) -> Typed:
        if place is EntryColumn.PROVISIONAL:
            return replace(self, provisional=fold(text) in _TICKS)
        return replace(self, **{_TYPED[place]: text})


_NOTHING = Typed()
_TICKS = frozenset({"x", "oui", "1", "vrai", "p", "prov", "prov.", "provisoire"})
_DRAFT = {
    "value": "valeur", "day": "date", "source": "source", "comment": "commentaire", "provisional": "provisoire",
}  # fmt: skip
_TYPED = {
    EntryColumn.VALUE: "value",
    EntryColumn.DAY: "day",
    EntryColumn.SOURCE: "source",
    EntryColumn.COMMENT: "comment",
}


@dataclass(slots=True)
class EntryRow:
    """One expected figure."""

    now: Assessment
    partner: Partner
    territory: Territory
    held_up: bool = False
    """What it makes with others is too old by its own frequency."""
    typed: Typed = field(default_factory=Typed)
    effect: Effect | None = None
    trouble: UserError | None = None
    trouble_place: EntryColumn = EntryColumn.VALUE

    @property
    def objective(self) -> Objective:
        return self.now.objective

    @property
    def assessment(self) -> Assessment:
        """For the delegate: where the row would stand with what was typed."""
        return self.effect.after if self.effect else self.now

    @property
    def doubtful(self) -> str:
        """What is to be looked at before saving, though nothing forbids it; empty where nothing is."""
        if self.trouble is not None or self.effect is None:
            return ""
        return " ".join(self.effect.warnings)

    @property
    def due(self) -> bool:
        """Whether a value is to come: none yet, or the last too old for its frequency or for that of what it makes."""
        return self.now.value_day is None or self.now.outdated or self.held_up

    @property
    def message(self) -> str:
        """What is to be said of the row, in sentences; empty where nothing was typed."""
        if self.trouble is not None:
            return str(self.trouble)
        if self.effect is None:
            return ""
        return " ".join((self.effect.words, *self.effect.warnings))

    def check(self, day_text: str, today: date) -> None:
        """Say what is wrong with a row that holds a value, or a date of its own; `day_text`: that of the return."""
        self.trouble = None
        try:
            self.trouble_place = EntryColumn.VALUE
            if self.typed.value:
                self._value()
            if self.typed.value or self.typed.day:
                self.trouble_place = EntryColumn.DAY
                read_day(self.typed.day or day_text, today)
        except UserError as error:
            self.trouble, self.effect = error, None

    def entry(self, day_text: str, today: date) -> Entry | None:
        """Return what is to be kept; None where no value was typed, or what was cannot be understood."""
        typed = self.typed
        if not typed.value:
            return None
        try:
            told, day = self._value(), read_day(self.typed.day or day_text, today)
        except UserError:
            return None
        return Entry(
            objective=self.objective.key,
            day=day,
            value=told.value,
            numerator=told.numerator,
            denominator=told.denominator,
            source=typed.source,
            comment=typed.comment,
            provisional=typed.provisional,
        )

    def text(self, place: EntryColumn, day_text: str) -> str:
        typed = self.typed
        match place:
            case EntryColumn.CODE:
                return self.objective.code
            case EntryColumn.OBJECTIVE:
                return self.objective.label
            case EntryColumn.LAST:
                return self._last()
            case EntryColumn.TARGET:
                # Another figure typed with it may move what it is held against.
                return bound_words(self.assessment) or ("parité" if self.objective.aim.compared else "–")
            case EntryColumn.DAY:
                return typed.day or day_text
            case EntryColumn.PROVISIONAL:
                return "provisoire" if typed.provisional else ""
            case EntryColumn.EFFECT:
                return self._effect()
        return str(getattr(typed, _TYPED[place]))

    def tip(self, place: EntryColumn, day_text: str) -> str:
        """Return what a cell says when the pointer rests on it."""
        objective = self.objective
        if self.message and place in (EntryColumn.VALUE, EntryColumn.DAY, EntryColumn.EFFECT):
            return self.message
        if place is EntryColumn.OBJECTIVE:
            note = f"\n{objective.note}" if objective.note else ""
            return f"{objective.label}\n{self.territory.name}, en {objective.unit}{note}"
        return self.text(place, day_text) or TITLES[place][1]

    def _value(self) -> TypedFigure:
        return read_figure(self.typed.value, self.objective)

    def _last(self) -> str:
        if self.now.value_day is None:
            return "–"
        return f"{value_words(self.now)} {after_value(self.now)}"

    def _effect(self) -> str:
        if self.trouble is not None:
            return f"À corriger\u202f: {self.trouble.message}"
        if self.doubtful:
            return f"À vérifier\u202f: {self.doubtful}"
        after = self.assessment
        far = how_far(after)
        return ", ".join(word for word in (STATUT_LABELS[after.status], far.rate or far.gap) if word)


def usual_day(rows: Sequence[EntryRow], today: date) -> date:
    """The day that figures are probably of: the end of the month that ended last, where most of the last ones known are of
    the end of a month; else today."""
    days = [row.now.value_day for row in rows if row.now.value_day is not None]
    ends = sum(_ends_month(day) for day in days)
    return today if 2 * ends <= len(days) or _ends_month(today) else today.replace(day=1) - timedelta(days=1)


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def rows_of(situation: Situation) -> list[EntryRow]:
    """Return a row for each figure that is told and not reckoned: promises and what they are compared with first, then
    what is only followed."""
    told = [item for item in situation.assessments.values() if not item.parts]
    references, held_up = {item.objective.reference for item in told}, late_parts(situation)
    return [
        EntryRow(
            item,
            situation.partner(item.objective.partner),
            situation.territory(item.objective.territory),
            item.objective.key in held_up,
        )
        for item in sorted(
            told, key=lambda item: not (item.objective.aim.promised or item.objective.key in references)
        )
    ]
