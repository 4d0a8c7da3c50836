"""What is promised (`exchange.md`, `safety.md`) and is met by the rows of the bench, or by the tests that are run here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from qpvdesk.domain.model import Measurement
from qpvdesk.storage import opening
from qpvdesk.storage.exchange import package, packages
from tests.faults import bench
from tests.unit.storage import samples

FIGURES = 100_000
RATIO_MAX = 3.0

PROMISED = {
    "43 hostile or clumsy tables": "tests/unit/services/test_exchange.py::"
    "test_the_corpus_is_read_rightly_or_refused_with_its_sentence",
    "30 hostile texts in every field": "tests/unit/reports/test_hostile.py",
    "an exception in a slot": "tests/gui/test_parts.py::test_an_exception_in_a_slot_leaves_the_window_alive",
    "journal replayed after any acts": "tests/unit/storage/test_journal.py::"
    "test_after_any_acts_the_replay_is_the_tables_and_undoing_walks_back",
}
"""A goal → the tests that hold it; a try of the row is a test."""


class Goal(NamedTuple):
    """So many tries, over the rows whose name begins so; nothing lost, half-written, silent or accepted."""

    words: str
    rows: tuple[str, ...]
    tries: int


GOALS = (
    Goal("8 faults planted in the program, each caught", ("planted",), 8),
    Goal("1 000 kills across save, import, merge, migration, backup", ("kill",), 1000),
    Goal("2 000 power cuts", ("power cut",), 2000),
    Goal("disk full at 50 points", ("disk full", "disk that refuses", "file system that fills"), 50),
    Goal("200 damaged pages", ("damaged page",), 200),
    Goal("200 truncations", ("truncation",), 200),
    Goal("200 bit flips in backups", ("bit flip in a backup",), 200),
    Goal("200 bit flips in packages", ("bit flip in a package",), 200),
    Goal("43 hostile spreadsheets", ("43",), 43),
    Goal("30 hostile texts in every field", ("30",), 30),
    Goal("exception in every slot", ("an exception",), 1),
    Goal("journal replay equals the tables", ("journal replayed",), 1),
    Goal("1 000 000 schedules of the merging rule", ("schedule, in memory",), 1_000_000),
    Goal("10 000 schedules through bases and files", ("schedule, bases",), 10_000),
    Goal("200 000 mutated packages, one reader, < 512 MiB, < 10 s", ("mutated package, one",), 200_000),
    Goal("2 000 mutated packages, a process each", ("mutated package, own",), 2000),
    Goal(f"merging 100 000 figures ≤ {RATIO_MAX:.0f} × their import", ("merge of 100 000",), 1),
)


def lines(outcomes: Sequence[bench.Outcome]) -> Iterator[str]:
    """Say of each goal that was tried whether the rows met it, how often they were tried, and what went wrong."""
    for goal in GOALS:
        found = [one for one in outcomes if one.fault.startswith(goal.rows)]
        if not found:
            continue
        tries = sum(one.tries for one in found)
        wrong = sum(one.lost + one.half + one.undetected for one in found)
        met = tries >= goal.tries and not any(one.bad for one in found)
        yield f"goal: {goal.words:58} {'met' if met else 'NOT MET':8} {tries:>8} tries, {wrong} wrong"


def promised(name: str, folder: Path, _tries: int, _seed: int) -> bench.Outcome:
    """Run the tests that hold a goal, all of their turns."""
    # The options of the house are quiet to the point of counting nothing.
    command = [sys.executable, "-m", "pytest", "-o", "addopts=", "-q", f"--basetemp={folder / 'essai'}"]
    ran = subprocess.run(
        [*command, PROMISED[name]], capture_output=True, text=True, check=False,
        env=os.environ | {"QPVDESK_LARGE": "1"},
    )  # fmt: skip
    passed, failed = (
        sum(map(int, re.findall(rf"(\d+) (?:{word})", ran.stdout))) for word in ("passed", "failed|error")
    )
    return bench.Outcome(name, tries=passed + failed, lost=failed + (ran.returncode != 0 and not failed))


def merge_ratio(folder: Path, _tries: int, _seed: int) -> bench.Outcome:
    """Merge 100 000 figures: no longer than three times what recording them took, in processor time."""
    outcome = bench.Outcome("merge of 100 000 figures", tries=1)
    with opening.open_base(bench.starter(folder)) as base:
        figures = [
            Measurement(
                f"f{number}", "obj1", "fr", samples.DAY - timedelta(days=1 + number), Decimal(number % 977)
            )
            for number in range(FIGURES)
        ]
        begun = time.process_time()
        with base.unit("Import") as unit:
            unit.put_all(figures)
        imported = time.process_time() - begun
        content = packages.write(base)[0]
    away = folder / "ailleurs"
    away.mkdir()
    with opening.open_base(bench.starter(away)) as base:
        begun = time.process_time()
        packages.merge(base, package.read(content, "lot"))
        merged = time.process_time() - begun
        outcome.kept = len(base.dossier("contract1").measurements)
    outcome.lost = FIGURES + len(samples.dossier().measurements) - outcome.kept
    outcome.undetected = int(merged > RATIO_MAX * imported)
    print(f"merge of {FIGURES} figures: {merged:.1f} s of processor, their import {imported:.1f} s")
    return outcome
