"""Lines 1, 17 and 18: from the process to a window that answers, what it then holds, and what it does when left alone."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.bases import FEW, MANY, Bases
from tests.bench.measure import Line, paired, process, version
from tests.bench.synthetic import ONE_CONTRACT

_IDLE_SECONDS = 5


def lines(bases: Bases) -> Iterator[object]:
    """Yield the lines of the start."""
    new = bases.of(ONE_CONTRACT)
    one = bases.visited(bases.copy(new, "déjà vu"))
    bare = process(["-m", "tests.bench.bare_window"])
    yardstick = f"bare window, {version('PySide6-Essentials')}"
    ours = _window(bases, one, "painted")
    yield Line(
        "1",
        "process to the first usable dashboard, 300 objectives",
        yardstick,
        paired(ours, bare, runs=7),
        1.9,
    )
    first = _window(bases, new, "painted")
    yield Line("1", "the same, of a base that no window showed yet", yardstick, paired(first, bare, runs=7))
    whole = _window(bases, one, "complete")
    yield Line("1b", "process to everything loaded and exact", yardstick, paired(whole, bare, runs=7), 2.6)
    young, old = (bases.visited(bases.lived_in(ONE_CONTRACT, acts)) for acts in (FEW, MANY))
    yield Line(
        "1c",
        f"line 1 with a journal of {MANY:,} acts",
        f"line 1 with {FEW}",
        paired(_window(bases, old, "painted"), _window(bases, young, "painted"), runs=7),
        1.05,
    )
    yield _memory(whole, bare)
    yield _idle(bases, one)


def _window(bases: Bases, base: Path, until: str) -> Callable[[], str]:
    def run() -> str:
        bases.sit_at(base)
        return process(["-m", "tests.helpers.first_paint", str(base), until])()

    return run


def _memory(whole: Callable[[], str], bare: Callable[[], str]) -> str:
    ours = statistics.median(json.loads(whole().splitlines()[-1])["memory_mb"] for _ in range(3))
    theirs = statistics.median(int(bare()) / 1e6 for _ in range(3))
    return told("17", "memory after everything is loaded, MB", (ours, theirs), 1.8, "bare window")


def _idle(bases: Bases, base: Path) -> str:
    bases.sit_at(base)
    said = process(["-m", "tests.bench.idle", str(base), str(_IDLE_SECONDS)])()
    wakes, timers = said.split()
    what = f"wake-ups a second while idle ({timers} timers running)"
    return f"{'18':>4}  {what:<66} {float(wakes):>22.2f} {'–':>22}       {' ' if float(wakes) == 0 else '✗'} {'0':<7} –"


def told(number: str, what: str, values: tuple[float, float], goal: float, yardstick: str) -> str:
    """Return a line of what is no time."""
    ratio = values[0] / values[1]
    return (
        f"{number:>4}  {what:<66} {values[0]:>22.1f} {values[1]:>22.1f}  {ratio:6.2f} {' ' if ratio <= goal else '✗'} "
        f"{f'≤ {goal}':<7} {yardstick}"
    )
