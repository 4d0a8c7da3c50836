"""What a situation is compared with, by the written rule, and what had moved: of plain rows alone."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from tests.reference import reckoning
from tests.reference.reckoning import Plain, Row, Standing

CODES = {"copil": "COPIL"}


@dataclass(frozen=True)
class Baseline:
    """What is compared with: a day, and the committee and the frozen data where it is one's."""

    day: date
    meeting: str | None
    fingerprint: str | None
    plain: Plain

    def standings(self) -> Mapping[str, Standing]:
        """Where everything stood then."""
        return reckoning.reckon(self.plain, self.day).standings


def by_itself(plain: Plain, day: date, seen: Callable[[str], Plain]) -> Baseline | None:
    """The last COPIL frozen strictly before the day, else the last COPIL's date reckoned again, else nothing.

    `seen` gives the rows that were frozen under a fingerprint.
    """
    copils = {row["key"]: row for row in plain["meeting"] if row["kind"] == "copil"}
    frozen = [row for row in plain["snapshot"] if row["meeting"] in copils and row["day"] < day]
    if frozen:
        last = max(
            frozen, key=lambda row: (row["day"], copils[row["meeting"]]["day"], plain["snapshot"].index(row))
        )
        code = code_of(copils[last["meeting"]])
        return Baseline(last["day"], code, last["fingerprint"], seen(last["fingerprint"]))
    past = [row for row in copils.values() if row["day"] < day]
    if past:
        last = max(past, key=lambda row: row["day"])
        return Baseline(last["day"], code_of(last), None, plain)
    return None


def code_of(meeting: Row) -> str:
    """What a committee is called: COPIL-2026-06-30."""
    return f"{CODES[meeting['kind']]}-{meeting['day'].isoformat()}"


def thawed(path: Path, fingerprint: str) -> Plain:
    """The rows that an arrêté holds, read from the base without the product."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        (packed,) = connection.execute(
            "SELECT content FROM frozen WHERE fingerprint = ?", (fingerprint,)
        ).fetchone()
    finally:
        connection.close()
    tables = json.loads(zlib.decompress(packed))["tables"]
    return {name: [_flat(row) for row in tables.get(name, ())] for name in reckoning.TABLES}


def _flat(row: Row) -> Row:
    flat = dict(row)
    if "thresholds" in flat:
        names = ("thresholds_ahead", "thresholds_on_track", "thresholds_watch")
        flat |= dict(zip(names, json.loads(flat["thresholds"]), strict=True))
    if "retired" in flat:
        flat["retired"] = flat["retired"] in ("1", "true", True)
    return {name: reckoning.plain_value(name, value) for name, value in flat.items()}


@dataclass(frozen=True)
class Move:
    """What became of one objective between two days."""

    new: bool
    trend: str | None = None
    better: str | None = None


def move(sens: str, before: Standing | None, now: Standing) -> Move:
    """A new value or none, and with one its direction: by the gap for what is compared with something."""
    if before is None or before.value is None or now.value is None:
        return Move(now.value is not None and (before is None or before.value is None))
    if (before.value, before.value_day) == (now.value, now.value_day):
        return Move(False)
    assert before.value_day is not None
    assert now.value_day is not None
    made_of_parts = not now.values
    if now.value_day <= before.value_day and not made_of_parts:
        # A figure of the same day was corrected: another value, but no way was gone.
        return Move(True)
    step: Fraction | None = now.value - before.value
    if sens == "parite":
        step = None if now.gap is None or before.gap is None else now.gap - before.gap
    if sens == "intervalle" and now.gap is not None and before.gap is not None:
        nearer = abs(before.gap) - abs(now.gap)
        return Move(
            True, *((None, "mieux") if nearer > 0 else (None, "moins_bien") if nearer else ("stable", None))
        )
    if step is None:
        return Move(True)
    return Move(True, *reckoning.direction(sens, step))
