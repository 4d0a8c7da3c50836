"""How a line of the bench is measured: ours and the yardstick in turn, in one run, medians of each."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: seconds of ours and of the yardstick, and the goal for their ratio."""

    number: str
    what: str
    yardstick: str
    ours: float
    theirs: float | None
    goal: str

    def __str__(self) -> str:
        ratio = f"{self.ours / self.theirs:6.2f}" if self.theirs else "     –"
        theirs = f"{self.theirs * 1000:10.1f} ms" if self.theirs is not None else "            –"
        return (
            f"{self.number:>4}  {self.what:<58} {self.ours * 1000:10.1f} ms {theirs}  {ratio}  {self.goal:<8} "
            f"{self.yardstick}"
        )


HEADER = f"{'#':>4}  {'what':<58} {'ours':>13} {'yardstick':>13}  {'ratio':>6}  {'goal':<8} yardstick"


def timed(action: Callable[[], object]) -> float:
    """Return the seconds one call takes, without the collector's pauses."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        action()
        return time.perf_counter() - start
    finally:
        gc.enable()


def paired(
    ours: Callable[[], object], theirs: Callable[[], object], runs: int = 5, warmup: int = 1
) -> tuple[float, float]:
    """Return the median seconds of two actions run in turn (A B A B…), so that both meet the same machine."""
    for _ in range(warmup):
        ours()
        theirs()
    pairs = [(timed(ours), timed(theirs)) for _ in range(runs)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def process(arguments: Sequence[str]) -> Callable[[], object]:
    """Return an action that runs this Python on the arguments and waits for its end."""
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    # Without its bytecode a start would measure the compiler.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run() -> None:
        subprocess.run(
            [sys.executable, *arguments], check=True, cwd=ROOT, env=environment, capture_output=True
        )

    return run
