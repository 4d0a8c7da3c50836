"""A desk in memory: the window's protocol over a dossier, with undo by whole dossiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from qpvdesk.domain.alerts import alerts
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, format_value
from qpvdesk.domain.model import Acknowledgement, Contract, Dossier, Measurement, Meteo, Weather
from qpvdesk.domain.points import Point
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.services import measurements
from qpvdesk.services.measurements import Effect, Entry


@dataclass(frozen=True)
class MemoryPoint:
    point: Point
    acknowledged: bool = False
    reason: str = ""
    acknowledged_on: date | None = None


@dataclass(frozen=True)
class MemoryEffect:
    before: Assessment
    after: Assessment
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class MemoryEntry:
    when: datetime
    act: str
    kind: str
    code: str
    sentence: str
    author: str = "essai"


class MemoryDesk:
    """One contract. `calls` tells what was asked; `failing` raises on the next call of that name."""

    def __init__(self, dossier: Dossier, today: date, *, read_only: bool = False) -> None:
        self.held = dossier
        self.today = today
        self.calls: list[str] = []
        self.failing: dict[str, Exception] = {}
        self.closed = False
        self.kept_safe = 0
        self._read_only = read_only
        self._done: list[tuple[Change, Dossier]] = []
        self._undone: list[tuple[Change, Dossier]] = []
        self._journal: list[MemoryEntry] = []
        self._count = 0

    @property
    def read_only(self) -> bool:
        return self._read_only

    def contracts(self) -> tuple[Contract, ...]:
        return (self.held.contract,)

    def situation(self, contract: str, day: date) -> Situation:
        self._called("situation")
        assert contract == self.held.contract.code
        return situation(self.held, day)

    def points(self, situation: Situation) -> tuple[MemoryPoint, ...]:
        seen = {one.point: one for one in self.held.acknowledgements}
        made = []
        for point in alerts(situation):
            one = seen.get(point.ident)
            made.append(
                MemoryPoint(point, one is not None, one.reason if one else "", one.day if one else None)
            )
        return tuple(made)

    def preview_measurement(
        self,
        situation: Situation,
        *,
        objective: str,
        day: date,
        value: Decimal,
        territory: str | None = None,
        replacing: str | None = None,
    ) -> MemoryEffect:
        self._called("preview_measurement")
        self._check(day)
        home = situation.objective(objective).territory
        new = Measurement(replacing or "~", objective, territory or home, day, value)
        return MemoryEffect(situation.assessments[objective], situation.preview(new))

    def record_measurement(
        self,
        *,
        objective: str,
        day: date,
        value: Decimal,
        territory: str | None = None,
        source: str = "",
        comment: str = "",
        provisional: bool = False,
    ) -> Change:
        self._called("record_measurement")
        self._check(day)
        one = next(item for item in self.held.objectives if item.key == objective)
        self._count += 1
        new = Measurement(
            f"n{self._count:03}",
            objective,
            territory or one.territory,
            day,
            value,
            source,
            comment,
            provisional,
        )
        said = f"{one.code}\u202f: {format_value(value, one.unit)} relevé au {format_date(day)}"
        return self._act(
            said, "measurement", one.code, measurements=self._sorted((*self.held.measurements, new))
        )

    def preview_measurements(
        self, situation: Situation, entries: Sequence[Entry]
    ) -> Mapping[str, Effect | UserError]:
        self._called("preview_measurements")
        return measurements.preview_all(situation, entries, today=self.today)

    def record_measurements(self, entries: Sequence[Entry]) -> Change:
        self._called("record_measurements")
        new = [measurements.checked(self.held, entry, today=self.today) for entry in entries]
        return self._act(
            measurements.return_label(self.held, entries),
            "measurement",
            "",
            measurements=self._sorted((*self.held.measurements, *new)),
        )

    def correct_measurement(
        self,
        measurement: str,
        *,
        day: date,
        value: Decimal,
        source: str = "",
        comment: str = "",
        provisional: bool = False,
    ) -> Change:
        self._called("correct_measurement")
        self._check(day)
        old = next(item for item in self.held.measurements if item.key == measurement)
        one = next(item for item in self.held.objectives if item.key == old.objective)
        new = replace(old, day=day, value=value, source=source, comment=comment, provisional=provisional)
        others = tuple(item for item in self.held.measurements if item.key != measurement)
        said = f"{one.code}\u202f: relevé corrigé de {old.value} à {value}"
        return self._act(said, "measurement", one.code, measurements=self._sorted((*others, new)))

    def remove_measurement(self, measurement: str) -> Change:
        self._called("remove_measurement")
        old = next(item for item in self.held.measurements if item.key == measurement)
        one = next(item for item in self.held.objectives if item.key == old.objective)
        kept = tuple(item for item in self.held.measurements if item.key != measurement)
        return self._act(f"{one.code}\u202f: relevé retiré", "measurement", one.code, measurements=kept)

    def set_meteo(
        self,
        engagement: str,
        *,
        day: date,
        weather: Weather,
        results: str = "",
        obstacles: str = "",
        next_steps: str = "",
    ) -> Change:
        self._called("set_meteo")
        self._count += 1
        new = Meteo(f"w{self._count:03}", engagement, day, weather, results, obstacles, next_steps)
        code = next(item.code for item in self.held.engagements if item.key == engagement)
        return self._act(f"{code}\u202f: météo", "meteo", code, meteos=(*self.held.meteos, new))

    def acknowledge(self, contract: str, point: str, reason: str) -> Change:
        self._called("acknowledge")
        new = Acknowledgement(f"a-{point}", contract, point, reason, self.today)
        return self._act(
            "Point d’attention pris en compte",
            "acknowledgement",
            point.split(":")[1],
            acknowledgements=(*self.held.acknowledgements, new),
        )

    def withdraw_acknowledgement(self, contract: str, point: str) -> Change:
        self._called("withdraw_acknowledgement")
        del contract
        kept = tuple(item for item in self.held.acknowledgements if item.point != point)
        return self._act("Point d’attention rouvert", "acknowledgement", "", acknowledgements=kept)

    def undo(self) -> Change | None:
        self._called("undo")
        if not self._done:
            return None
        change, before = self._done.pop()
        self._undone.append((change, self.held))
        self.held = before
        return Change(f"Annulé\u202f: {change.label}", change.kinds)

    def redo(self) -> Change | None:
        self._called("redo")
        if not self._undone:
            return None
        change, after = self._undone.pop()
        self._done.append((change, self.held))
        self.held = after
        return Change(f"Rétabli\u202f: {change.label}", change.kinds)

    def undo_label(self) -> str | None:
        return self._done[-1][0].label if self._done else None

    def redo_label(self) -> str | None:
        return self._undone[-1][0].label if self._undone else None

    def history(
        self, contract: str, object_code: str | None = None, limit: int = 500
    ) -> tuple[MemoryEntry, ...]:
        self._called("history")
        del contract
        return tuple(one for one in reversed(self._journal) if object_code in (None, one.code))[:limit]

    def print_report(
        self,
        situation: Situation,
        path: Path,
        *,
        model: str = "copil",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Path:
        self._called("print_report")
        del situation, model, cancelled
        path.write_bytes(b"%PDF-1.4\n")
        return path

    def keep_safe(self) -> bool:
        self.kept_safe += 1
        return True

    def close(self) -> None:
        self.closed = True

    def _act(self, label: str, kind: str, code: str, **fields: object) -> Change:
        change = Change(label, frozenset({kind}), f"acte-{len(self._done)}")
        self._done.append((change, self.held))
        self._undone.clear()
        self.held = replace(self.held, **fields)  # type: ignore[arg-type]
        when = datetime(self.today.year, self.today.month, self.today.day, 9, len(self._journal) % 60)
        self._journal.append(MemoryEntry(when, label, kind, code, f"Le {format_date(self.today)}, {label}"))
        return change

    def _check(self, day: date) -> None:
        if day > self.today:
            raise UserError("Cette date est à venir.", "Indiquez une date passée.")

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if name in self.failing:
            raise self.failing.pop(name)

    @staticmethod
    def _sorted(rows: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
        return tuple(sorted(rows, key=lambda item: (item.objective, item.day, item.key)))
