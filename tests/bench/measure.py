"""How a line of the bench is measured: processor seconds, ours and the yardstick's in turn, medians of the pairs.

Processor time is user and system, of this process with all its threads and of its children: another program that runs
meanwhile lengthens the wall clock, which stands beside, and touches the figure little. No ratio holds a constant.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor and of the clock on the wall."""

    processor: float
    wall: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.processor + other.processor, self.wall + other.wall)

    def __str__(self) -> str:
        return f"{self.processor * 1000:9.1f} ms ({self.wall * 1000:.0f})"


@dataclass(frozen=True, slots=True)
class Pair:
    """What ours and the yardstick cost, medians; and the median of their ratios, each of two neighbours in time."""

    ours: Cost
    theirs: Cost
    ratio: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `goal` is the greatest ratio aimed at; None where the line only stands beside another."""

    number: str
    what: str
    yardstick: str
    pair: Pair
    goal: float | None = None

    def __str__(self) -> str:
        goal = f"≤ {self.goal}" if self.goal is not None else "–"
        met = " " if self.goal is None or self.pair.ratio <= self.goal else "✗"
        return (
            f"{self.number:>4}  {self.what:<66} {self.pair.ours!s:>22} {self.pair.theirs!s:>22}"
            f"  {self.pair.ratio:6.2f} {met} {goal:<7} {self.yardstick}"
        )


HEADER = f"{'#':>4}  {'what':<66} {'ours: processor (wall)':>22} {'yardstick':>22}  {'ratio':>6}   {'goal':<7} yardstick"

Action = Callable[[], object]


def version(package: str) -> str:
    """Return a package with its version, as a yardstick is named."""
    return f"{package} {metadata.version(package)}"


def processor_seconds() -> float:
    """Return the seconds of processor that this process and its ended children have taken."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def spent(action: Action) -> Cost:
    """Return what one call costs, without the collector's pauses."""
    gc.collect()
    gc.disable()
    try:
        wall, processor = time.perf_counter(), processor_seconds()
        action()
        return Cost(processor_seconds() - processor, time.perf_counter() - wall)
    finally:
        gc.enable()


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each clock."""
    return Cost(
        statistics.median(cost.processor for cost in costs), statistics.median(cost.wall for cost in costs)
    )


def of_pairs(pairs: Sequence[tuple[Cost, Cost]]) -> Pair:
    """Return the medians of what was measured in turn."""
    return Pair(
        median([ours for ours, _ in pairs]),
        median([theirs for _, theirs in pairs]),
        statistics.median(ours.processor / max(theirs.processor, 1e-9) for ours, theirs in pairs),
    )


def paired(ours: Action, theirs: Action, *, runs: int = 5, warmup: int = 1, times: int = 1) -> Pair:
    """Measure two actions in turn (A B A B…), so that both meet the same machine.

    `times`: how often each is done in one measure, where once is too short for the clock of the processor.
    """

    def often(action: Action) -> Action:
        def repeat() -> None:
            for _ in range(times):
                action()

        return repeat

    for _ in range(warmup):
        ours()
        theirs()
    pairs = [(spent(often(ours)), spent(often(theirs))) for _ in range(runs)]
    return of_pairs(
        [
            (
                Cost(mine.processor / times, mine.wall / times),
                Cost(other.processor / times, other.wall / times),
            )
            for mine, other in pairs
        ]
    )


def process(
    arguments: Sequence[str], program: Sequence[str] = (sys.executable,), **settings: str
) -> Callable[[], str]:
    """Return an action that runs a program (this Python) on the arguments, waits for its end and returns what it said.

    `settings`: more of its environment.
    """
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")} | settings
    # Without its bytecode a start would measure the compiler.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run() -> str:
        return subprocess.run(
            [*program, *arguments], check=True, cwd=ROOT, env=environment, capture_output=True, text=True
        ).stdout

    return run


def guarded(name: str, lines: Callable[[], Iterator[object]]) -> Iterator[object]:
    """Yield lines; where one fails, a line that says so in the place of the rest."""
    try:
        yield from lines()
    except Exception as error:
        told = error.stderr if isinstance(error, subprocess.CalledProcessError) else ""
        last = (told or str(error)).strip().splitlines()
        yield f"   !  {name} not measured: {type(error).__name__}: {last[-1] if last else ''}"
