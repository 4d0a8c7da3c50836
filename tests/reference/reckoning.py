"""What a contract de ville says on a day, reckoned a second time, from the written rules alone.

Written from the pages that say what is reckoned (progress, figures, contract) by somebody who had not read how the
product does it. It imports the standard library and nothing else: what it is given is plain rows, as dictionaries, and
what it returns is plain numbers. Everything is exact (`Fraction`); nothing is rounded here.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Plain = dict[str, list[Row]]
"""The rows of a contract by the name of their table."""

SUIVI, NON_RENSEIGNE, ATTEINT, NON_ATTEINT = "suivi", "non_renseigne", "atteint", "non_atteint"
SANS_TRAJECTOIRE, EN_AVANCE, CONFORME = "sans_trajectoire", "en_avance", "conforme"
A_SURVEILLER, EN_RETARD = "a_surveiller", "en_retard"

GROUPS = {
    "a_traiter": (NON_ATTEINT, EN_RETARD, A_SURVEILLER),
    "a_renseigner": (NON_RENSEIGNE, SANS_TRAJECTOIRE),
    "va_bien": (ATTEINT, EN_AVANCE, CONFORME),
    "suivi": (SUIVI,),
}
SCALES = ("nation", "region", "departement", "epci", "commune", "qpv")
"""From the widest to the narrowest."""
UPWARD, DOWNWARD = ("hausse", "plancher"), ("baisse", "plafond")
TABLES = (
    "contract", "territory", "population", "partner", "engagement", "objective", "milestone", "measurement",
    "counter_value", "meeting", "snapshot", "funding",
)  # fmt: skip
_NUMBERS = {
    "start_value", "target_value", "target_max", "weight", "value", "numerator", "denominator", "amount",
    "thresholds_ahead", "thresholds_on_track", "thresholds_watch",
}  # fmt: skip
_DAYS = {"start_date", "target_date", "day", "start", "end", "due", "vintage", "frozen_on"}


def read(path: Path) -> Plain:
    """Return the rows of the base at `path`, in the order in which they were recorded."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return {name: _rows(connection, name) for name in TABLES}
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, table: str) -> list[Row]:
    rows = connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
    return [{name: plain_value(name, row[name]) for name in row.keys()} for row in rows]  # noqa: SIM118 - sqlite3.Row


def plain_value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _NUMBERS:
        return Fraction(value)
    if name in _DAYS:
        return date.fromordinal(value) if isinstance(value, int) else date.fromisoformat(value)
    return value


@dataclass(frozen=True)
class Standing:
    """Where one objective stands."""

    code: str
    status: str
    value: Fraction | None = None
    value_day: date | None = None
    rate: Fraction | None = None
    kept: bool | None = None
    """Kept or not, for what is a bound, a parity or a thing done; None for what has a way to go."""
    gap: Fraction | None = None
    index: Fraction | None = None
    reference: Fraction | None = None
    expected: Fraction | None = None
    expected_rate: Fraction | None = None
    old: bool = False
    """Whether its figure is older than it is expected to be: a year and three months for what is expected each year."""
    apart: bool = False
    """Whether it is a part on a place neither above nor below the contract's own: it shows inside its parent only."""
    missing: tuple[str, ...] = ()
    """Codes of the parts that a parent waits for."""
    beside: Fraction | None = None
    """The figure of a parent's own, beside what its parts make."""
    evolution: tuple[Fraction, str, date | None] | None = None
    """The change, « depart » or « releve », and since which day."""
    previous: tuple[Fraction, date] | None = None
    trend: str | None = None
    """Against the measurement before the current one."""
    better: str | None = None
    lack: Fraction | None = None
    """How much it is to be looked at first; None where it is not ranked."""
    values: int = 0
    """On how many days it has a value of its own."""


@dataclass(frozen=True)
class Tally:
    """A partner's objectives, or a whole contract's."""

    counts: Mapping[str, int]
    promised: int
    total: int
    mean: Fraction | None
    rated: int
    scale: str | None
    """The one scale of the mean; None where there is no mean."""


@dataclass
class Reckoning:
    """Everything that is reckoned of one contract on one day."""

    day: date
    standings: dict[str, Standing] = field(default_factory=dict)
    """By code, retired objectives left out."""
    whole: Tally | None = None
    partners: dict[str, Tally] = field(default_factory=dict)
    matrix: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    """By code of partner and thématique, how many in each status."""
    first: tuple[str, ...] = ()
    """Codes of what is to be treated, the first to be looked at first."""
    to_treat: int = 0
    """How many are to be treated, those too that have no place in the order."""


def is_context(objective: Row) -> bool:
    """A figure of context: a value, an evolution, an age, and nothing that is promised."""
    return objective.get("role") == "contexte"


def reckon(plain: Plain, day: date) -> Reckoning:
    """Reckon a contract on a day."""
    return _Contract(plain, day).reckoned()


class _Contract:
    def __init__(self, plain: Plain, day: date) -> None:
        self.plain, self.day = plain, day
        (contract,) = plain["contract"]
        self.ahead = contract["thresholds_ahead"]
        self.on_track = contract["thresholds_on_track"]
        self.watch = contract["thresholds_watch"]
        self.every = {row["key"]: with_target(row) for row in plain["objective"]}
        self.objectives = {key: row for key, row in self.every.items() if not row["retired"]}
        self.territories = {row["key"]: row for row in plain["territory"]}
        self.home = next((row for row in plain["territory"] if row["code"] == contract["epci"]), None)
        self.children: dict[str, list[Row]] = {}
        for row in self.objectives.values():
            if row["parent"] is not None:
                self.children.setdefault(row["parent"], []).append(row)
        self.jalons: dict[str, list[Row]] = {}
        for row in plain["milestone"]:
            self.jalons.setdefault(row["objective"], []).append(row)
        self.figures: dict[str, dict[date, Row]] = {}
        for row in plain["measurement"]:
            # What is withdrawn is no longer followed, but a parity may still be measured against its figures.
            if row["territory"] == self.every[row["objective"]]["territory"]:
                # Of two on one day the last one recorded counts.
                self.figures.setdefault(row["objective"], {})[row["day"]] = row

    # The current value

    def own(self, objective: Row, day: date) -> list[Row]:
        """The measurements by `day`, one a day, the oldest first."""
        held = self.figures.get(objective["key"], {})
        return [held[when] for when in sorted(held) if when <= day]

    def summed(self, objective: Row) -> bool:
        """Whether the value is made of its parts."""
        return objective["aggregation"] != "aucun" and bool(self.children.get(objective["key"]))

    def current(self, objective: Row, day: date) -> tuple[Fraction, date] | None:
        """The value and its day."""
        if self.summed(objective):
            return self.aggregate(objective, day)
        own = self.own(objective, day)
        return (own[-1]["value"], own[-1]["day"]) if own else None

    def missing(self, objective: Row, day: date) -> tuple[str, ...]:
        """Codes of the parts that have no value by `day`."""
        if not self.summed(objective):
            return ()
        parts = self.children[objective["key"]]
        return tuple(part["code"] for part in parts if self.current(part, day) is None)

    def aggregate(self, objective: Row, day: date) -> tuple[Fraction, date] | None:
        """What the parts make together, and the day of the oldest of them; nothing while one is missing."""
        parts = self.children[objective["key"]]
        values = [self.current(part, day) for part in parts]
        known = [value for value in values if value is not None]
        if len(known) < len(parts):
            return None
        oldest = min(when for _, when in known)
        if objective["aggregation"] == "somme":
            return sum((value for value, _ in known), Fraction(0)), oldest
        if objective["aggregation"] == "moyenne_ponderee":
            weights = self.weights(parts)
            if weights is None:
                return None
            total = sum(
                (value * weight for (value, _), weight in zip(known, weights, strict=True)), Fraction(0)
            )
            return total / sum(weights), oldest
        share = self.shares(objective, day)
        return (
            None
            if share is None
            else (share[0] / share[1] * (100 if objective["unit"].startswith("%") else 1), oldest)
        )

    def shares(self, objective: Row, day: date) -> tuple[Fraction, Fraction] | None:
        """The numerators and the denominators of the parts, each summed."""
        above = below = Fraction(0)
        for part in self.children[objective["key"]]:
            if self.summed(part):
                inner = self.shares(part, day)
                if inner is None:
                    return None
                above, below = above + inner[0], below + inner[1]
                continue
            own = self.own(part, day)
            if not own or own[-1]["numerator"] is None or own[-1]["denominator"] is None:
                return None
            above, below = above + own[-1]["numerator"], below + own[-1]["denominator"]
        return (above, below) if below else None

    def weights(self, parts: Sequence[Row]) -> list[Fraction] | None:
        """The inhabitants of the parts' places, all of one vintage, the latest that all have."""
        held: list[dict[Any, Fraction]] = []
        for part in parts:
            rows = [row for row in self.plain["population"] if row["territory"] == part["territory"]]
            held.append({row["vintage"]: row["value"] for row in rows if row["perimeter"] == "qpv"})
        shared = set.intersection(*(set(rows) for rows in held)) if held else set()
        if not shared:
            return None
        vintage = max(shared, key=lambda when: when or date.min)
        weights = [rows[vintage] for rows in held]
        return weights if sum(weights) else None

    # Start, target, way

    def start(self, objective: Row) -> tuple[Fraction | None, date | None]:
        """The start. A running total starts at 0 by definition, on its start date where there is one."""
        value = Fraction(0) if objective["mesure"] == "cumul" else objective["start_value"]
        return value, objective["start_date"]

    def is_path(self, objective: Row, day: date) -> bool:
        """A floor or a ceiling that starts on the wrong side of its bound, until its date."""
        start, _ = self.start(objective)
        bound, due = objective["target_value"], objective["target_date"]
        if objective["sens"] not in ("plancher", "plafond") or start is None or bound is None or due is None:
            return False
        wrong = start < bound if objective["sens"] == "plancher" else start > bound
        return wrong and day <= due

    def is_bound(self, objective: Row, day: date) -> bool:
        """Kept or not against its own figure: a floor, a ceiling, or a way whose start is its target."""
        if objective["sens"] in ("plancher", "plafond"):
            return not self.is_path(objective, day)
        start, _ = self.start(objective)
        return (
            objective["sens"] in ("hausse", "baisse")
            and start is not None
            and start == objective["target_value"]
        )

    def is_inverted(self, objective: Row) -> bool:
        """To rise from above its target, or to fall from below."""
        start, _ = self.start(objective)
        target = objective["target_value"]
        if start is None or target is None:
            return False
        return {"hausse": start > target, "baisse": start < target}.get(objective["sens"], False)

    def reaches(self, objective: Row, value: Fraction) -> bool:
        """Whether a value is at the target or beyond it."""
        target = objective["target_value"]
        return value >= target if objective["sens"] in UPWARD else value <= target

    def expected(self, objective: Row, when: date) -> tuple[Fraction, Fraction] | None:
        """The expected value on a day and its rate: straight lines by days, flat outside."""
        start, start_day = self.start(objective)
        target, due = objective["target_value"], objective["target_date"]
        if start is None or start_day is None or target is None or due is None or start == target:
            return None
        jalons = sorted(self.jalons.get(objective["key"], ()), key=lambda row: row["day"])
        points = [(start_day, start), *((row["day"], row["value"]) for row in jalons), (due, target)]
        value = _through(points, when)
        return value, (value - start) / (target - start)

    # Standing

    def reckoned(self) -> Reckoning:
        found = Reckoning(self.day)
        for objective in self.objectives.values():
            found.standings[objective["code"]] = self.standing(objective)
        counted = [row for row in self.objectives.values() if self.counts(row)]
        found.whole = self.tally(counted, found.standings)
        for partner in self.plain["partner"]:
            own = [row for row in counted if row["partner"] == partner["key"]]
            found.partners[partner["code"]] = self.tally(own, found.standings)
            for row in own:
                cell = found.matrix.setdefault((partner["code"], row["theme"]), {})
                status = found.standings[row["code"]].status
                cell[status] = cell.get(status, 0) + 1
        found.first = self.first(counted, found.standings)
        found.to_treat = sum(found.whole.counts.get(status, 0) for status in GROUPS["a_traiter"])
        return found

    def counts(self, objective: Row) -> bool:
        """A parent and its parts are one thing: the parent counts. A figure of context counts nowhere."""
        if is_context(objective):
            return False
        return objective["parent"] is None or objective["parent"] not in self.objectives

    def own_line(self, territory: str) -> bool:
        """Whether a place is the contract's own, above it or below it."""
        if self.home is None:
            return True
        return territory in self.above(self.home["key"]) or self.home["key"] in self.above(territory)

    def above(self, territory: str) -> list[str]:
        """A place and those that it lies in."""
        chain = [territory]
        while (parent := self.territories[chain[-1]]["parent"]) is not None:
            chain.append(parent)
        return chain

    def standing(self, objective: Row) -> Standing:
        current = self.current(objective, self.day)
        common: dict[str, Any] = {"code": objective["code"], "missing": self.missing(objective, self.day)}
        common["apart"] = not self.counts(objective) and not self.own_line(objective["territory"])
        if self.summed(objective):
            own = self.own(objective, self.day)
            common["beside"] = own[-1]["value"] if own else None
        else:
            common["values"] = len(self.own(objective, self.day))
        when = current[1] if current else self.day
        if objective["mesure"] == "flux":
            # A yearly amount is that of its whole year.
            when = date(when.year, 12, 31)
        expected = None if is_context(objective) else self.expected(objective, when)
        if expected is not None and self.has_way(objective):
            common |= {"expected": expected[0], "expected_rate": expected[1]}
        if current is None:
            followed = objective["sens"] == "suivi" or is_context(objective)
            status = SUIVI if followed else NON_RENSEIGNE
            return Standing(status=status, **common)
        value, when = current
        common |= {"value": value, "value_day": when}
        common |= self.against(objective, value, when)
        common["status"] = self.status(objective, common)
        done = objective["sens"] == "jalon" and common.get("kept")
        common["old"] = objective["frequency"] == "annuelle" and not done and self.day > _later(when, 15)
        common["evolution"] = self.evolution(objective, value)
        common |= self.trend(objective, value)
        common["lack"] = self.lack(objective, common)
        return Standing(**common)

    def has_way(self, objective: Row) -> bool:
        """Whether there is a way from a start to a target."""
        if self.is_inverted(objective):
            return False
        if objective["sens"] in ("hausse", "baisse"):
            return not self.is_bound(objective, self.day)
        return self.is_path(objective, self.day)

    def against(self, objective: Row, value: Fraction, when: date) -> dict[str, Any]:
        """Rate, kept, gap, index: the value against what was promised."""
        sens, target = objective["sens"], objective["target_value"]
        if sens == "suivi" or is_context(objective):
            return {}
        if sens == "jalon":
            return {"rate": Fraction(value >= 1), "kept": value >= 1}
        if sens == "parite":
            reference = self.every.get(objective["reference"])
            held = self.current(reference, when) if reference is not None else None
            if held is None:
                return {}
            kept = value >= held[0]
            index = value / held[0] if held[0] else None
            gap = value - held[0]
            return {"rate": Fraction(kept), "kept": kept, "gap": gap, "index": index, "reference": held[0]}
        if target is None:
            return {}
        if sens == "intervalle":
            gap = outside(value, target, objective["target_max"])
            return {"rate": Fraction(not gap), "kept": not gap, "gap": gap}
        if self.is_inverted(objective):
            return {"gap": value - target}
        if self.is_bound(objective, self.day):
            kept = self.reaches(objective, value)
            return {"rate": Fraction(kept), "kept": kept, "gap": value - target}
        start, _ = self.start(objective)
        gap = {"gap": value - target}
        if start is None:
            return {"rate": Fraction(1)} | gap if self.reaches(objective, value) else gap
        return {"rate": (value - start) / (target - start)} | gap

    def status(self, objective: Row, known: Mapping[str, Any]) -> str:
        """The first that applies."""
        rate, expected, due = known.get("rate"), known.get("expected_rate"), objective["target_date"]
        if objective["sens"] == "suivi" or is_context(objective):
            return SUIVI
        if rate is not None and rate >= 1:
            return ATTEINT
        if (
            due is not None
            and self.day > due
            and (rate is not None or self.is_short(objective, known["value"]))
        ):
            return NON_ATTEINT
        # A parity and an interval may be due at a date; without one they are to be kept from now on.
        standing = self.is_bound(objective, self.day) or (
            objective["sens"] in ("parite", "intervalle") and due is None
        )
        if known.get("kept") is False and standing:
            return NON_ATTEINT
        if rate is None or expected is None:
            return SANS_TRAJECTOIRE
        lead = rate - expected
        if lead >= self.ahead:
            return EN_AVANCE
        if lead >= self.on_track:
            return CONFORME
        return A_SURVEILLER if lead >= self.watch else EN_RETARD

    def is_short(self, objective: Row, value: Fraction) -> bool:
        """Whether a value falls short of its target although no rate can be said, for want of a start."""
        if objective["sens"] not in ("hausse", "baisse") or objective["target_value"] is None:
            return False
        return not self.is_inverted(objective) and not self.reaches(objective, value)

    def evolution(self, objective: Row, value: Fraction) -> tuple[Fraction, str, date | None] | None:
        """From the declared start, else from the first of two measurements at least."""
        start, start_day = self.start(objective)
        # The 0 of a running total is a start only where its day is declared; nothing is taken from another unit.
        undated = objective["mesure"] == "cumul" and start_day is None
        if start is not None and not undated and objective.get("start_unit") in (None, "", objective["unit"]):
            return value - start, "depart", start_day
        if self.summed(objective):
            # What its parts make is not measured: there is no first measurement to count from.
            return None
        own = self.own(objective, self.day)
        return (value - own[0]["value"], "releve", own[0]["day"]) if len(own) > 1 else None

    def trend(self, objective: Row, value: Fraction) -> dict[str, Any]:
        """The current value against the one before it."""
        if self.summed(objective):
            # What its parts make is not measured: only against a named day has it moved.
            return {}
        own = self.own(objective, self.day)
        if len(own) < 2:
            return {}
        before = own[-2]
        moved = value - before["value"]
        if objective["sens"] == "intervalle":
            now_out, then_out = (
                abs(outside(row["value"], objective["target_value"], objective["target_max"]))
                for row in (own[-1], before)
            )
            # Nearer to the interval is for the better, whichever way the value moved.
            word = "stable" if now_out == then_out else None
            better = None if word else "mieux" if now_out < then_out else "moins_bien"
            return {"previous": (before["value"], before["day"]), "trend": word, "better": better}
        if objective["sens"] == "parite":
            now, then = (
                self.against(objective, row["value"], row["day"]).get("gap") for row in (own[-1], before)
            )
            if now is None or then is None:
                return {"previous": (before["value"], before["day"])}
            moved = now - then
        word, better = direction(objective["sens"], moved)
        return {"previous": (before["value"], before["day"]), "trend": word, "better": better}

    # What stands together

    def scale(self, objective: Row) -> str:
        """The scale of the place it lives on."""
        return str(self.territories[objective["territory"]]["level"])

    def tally(self, objectives: Iterable[Row], standings: Mapping[str, Standing]) -> Tally:
        """How many in each status, and the mean of those with a way to go where they are two at least, of one scale."""
        counts: dict[str, int] = {}
        rated: list[tuple[Fraction, Fraction, str]] = []
        for row in objectives:
            standing = standings[row["code"]]
            counts[standing.status] = counts.get(standing.status, 0) + 1
            start, _ = self.start(row)
            if self.has_way(row) and standing.rate is not None and start is not None:
                rated.append((_bounded(standing.rate), row["weight"], self.scale(row)))
        total = sum(counts.values())
        scales = {scale for _, _, scale in rated}
        weight = sum((weight for _, weight, _ in rated), Fraction(0))
        mean = None
        if len(rated) > 1 and len(scales) == 1 and weight:
            mean = sum((rate * share for rate, share, _ in rated), Fraction(0)) / weight
        scale = scales.pop() if mean is not None else None
        return Tally(counts, total - counts.get(SUIVI, 0), total, mean, len(rated), scale)

    def lack(self, objective: Row, known: Mapping[str, Any]) -> Fraction | None:
        """How far behind, between 0 and 1; None where it has no place in the order."""
        rate, due = known.get("rate"), objective["target_date"]
        if rate is None:
            return None
        if objective["sens"] == "jalon":
            return Fraction(1) if due is not None and self.day > due and rate < 1 else None
        if "kept" in known:
            if known["kept"]:
                return Fraction(0)
            measure = known["reference"] if objective["sens"] == "parite" else objective["target_value"]
            if objective["sens"] == "intervalle" and known["gap"] > 0:
                measure = objective["target_max"]
            return min(abs(known["gap"]) / abs(measure), Fraction(1)) if measure else Fraction(1)
        if due is not None and self.day > due:
            return 1 - _bounded(rate)
        if known.get("expected_rate") is None:
            return None
        return max(_bounded(known["expected_rate"]) - _bounded(rate), Fraction(0))

    def first(self, objectives: Iterable[Row], standings: Mapping[str, Standing]) -> tuple[str, ...]:
        """What is looked at first: the greatest lack, the nearest scale, the oldest due date, the code."""
        chosen = [row for row in objectives if standings[row["code"]].status in GROUPS["a_traiter"]]
        ranked = [row for row in chosen if standings[row["code"]].lack is not None]
        ranked.sort(key=lambda row: self.rank(row, standings[row["code"]]))
        return tuple(row["code"] for row in ranked)

    def rank(self, objective: Row, standing: Standing) -> tuple[Any, ...]:
        home = SCALES.index(str(self.home["level"])) if self.home is not None else SCALES.index("epci")
        distance = abs(SCALES.index(self.scale(objective)) - home)
        return -(standing.lack or 0), distance, objective["target_date"] or date.max, objective["code"]


def with_target(objective: Row) -> Row:
    """An objective whose target is written « −20 % » has the target that this makes of its start."""
    found = re.fullmatch(r"([+−-])(\d+) %", objective.get("target_text") or "")
    if found is None or objective["start_value"] is None:
        return objective
    part = Fraction(int(found[2]), 100) * (1 if found[1] == "+" else -1)
    return {**objective, "target_value": objective["start_value"] * (1 + part)}


def outside(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """How far a value is out of an interval: below it negative, above it positive, in it and on its bounds 0."""
    return value - low if value < low else max(value - high, Fraction(0))


def direction(sens: str, moved: Fraction) -> tuple[str, str | None]:
    """The word of a move of the value, and whether it is for the better."""
    word = "stable" if not moved else "hausse" if moved > 0 else "baisse"
    if sens == "suivi" or not moved:
        return word, None
    return word, "mieux" if (moved > 0) != (sens in DOWNWARD) else "moins_bien"


def kept_places(order: Sequence[str], statuses: Mapping[str, str], places: int) -> tuple[str, ...]:
    """The first of an order, each status with a case keeping at least one place."""
    firsts: dict[str, str] = {}
    for code in order:
        firsts.setdefault(statuses[code], code)
    chosen = set(list(firsts.values())[:places])
    for code in order:
        if len(chosen) >= places:
            break
        chosen.add(code)
    return tuple(code for code in order if code in chosen)


def _through(points: Sequence[tuple[date, Fraction]], when: date) -> Fraction:
    if when <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if left <= when <= right and left < right:
            return low + (high - low) * (when - left).days / (right - left).days
    return points[-1][1]


def _later(when: date, months: int) -> date:
    """The day so many months later, the last of its month where it has no such day."""
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(when.day, last))


def _bounded(rate: Fraction) -> Fraction:
    return min(max(rate, Fraction(0)), Fraction(1))
