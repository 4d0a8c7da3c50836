"""Which faults, how often, and what proves that they see anything."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.faults import bench, goals, planted, power, readers, schedules, surroundings

CATCHES: dict[str, tuple[bench.Fault, int]] = {
    "no flush anywhere": (partial(power.run, power.BY_NAME["restore"], until_seen=True), 24),
    "hot journal left at restore": (surroundings.hot_journal, 2),
    "a lock that never locks": (bench.racing, 2),
    "synchronous OFF": (partial(power.run, power.BY_NAME["save"], until_seen=True), 24),
    "journal after commit": (partial(power.run, power.BY_NAME["save"], until_seen=True), 40),
    "backup before its fingerprint": (partial(power.run, power.BY_NAME["backup"], until_seen=True), 60),
    "merge in two transactions": (partial(power.run, power.BY_NAME["merge"], until_seen=True), 40),
    "rename before flush": (partial(power.run, power.BY_NAME["restore"], until_seen=True), 80),
}
"""Planted fault → the row that must see it, and how many tries of it at most: once it is seen, that is all it says."""


@contextlib.contextmanager
def planted_everywhere(name: str) -> Iterator[None]:
    """Spoil the program here and in the processes that are started."""
    os.environ[planted.VARIABLE] = name
    try:
        with planted.planted(name):
            yield
    finally:
        del os.environ[planted.VARIABLE]


def catches(name: str, folder: Path, tries: int, seed: int) -> bench.Outcome:
    """Plant a fault so many times over; undetected is a time that the bench did not see it."""
    fault, of_each = CATCHES[name]
    outcome = bench.Outcome(f"planted: {name}")
    for number in range(tries):
        place = folder / str(number)
        place.mkdir()
        with planted_everywhere(name):
            seen = fault(place, of_each, seed + number)
        outcome.tries += 1
        outcome.undetected += not (seen.lost or seen.half or seen.undetected)
    return outcome


PIECES = {
    "in_memory": 100_000, "through_bases": 250, "kept_alive": 20_000, "one_each": 500,
    "kill_save": 100, "run save": 500,
}  # fmt: skip
"""Row → how many of its tries make a piece; the others are one piece."""


def name_of(fault: bench.Fault) -> str:
    """Return the word by which a row is asked for: its function, and what it is about."""
    if isinstance(fault, partial):
        about = fault.args[0]
        return f"{fault.func.__name__} {getattr(about, 'name', about)}"
    return getattr(fault, "__name__", "")


def runs(*, full: bool) -> tuple[tuple[bench.Fault, int], ...]:
    """Which faults, and how often: the numbers of the goals, or enough of each to see a break."""
    share = 1 if full else 8
    return (
        *((partial(catches, name), 10 if full else 1) for name in CATCHES),
        (bench.kill_save, 400 // share // (1 if full else 2)),
        (bench.kill_import, 150 // share),
        (bench.kill_save_sealed, 100 // share),
        (bench.kill_reseal, 100 // share),
        (bench.kill_merge, 150 // share),
        (bench.kill_migration, 150 // share),
        (bench.kill_backup, 150 // share),
        (bench.kill_restore, 150 // share),
        (bench.kill_repair, 150 // share),
        (surroundings.kill_window, 40 // share),
        *(
            (partial(power.run, task), (2000 if task.name == "save" else 300) // share)
            for task in power.TASKS
        ),
        (bench.full_disk, 50),
        (bench.full_elsewhere, 200 // share),
        (surroundings.refusing_disk, 120 // share),
        (surroundings.full_for_good, 20 // share),
        (bench.damaged_page, 200),
        (bench.truncation, 200),
        (bench.salvaged, 300 // (1 if full else 4)),
        (bench.flipped_bit, 200),
        (bench.flipped_bit_sealed, 200),
        (bench.altered_package, 200),
        (surroundings.hostile_package, 2000 // share),
        (surroundings.old_copy, 60 // share),
        (surroundings.hot_journal, 40 // share),
        (bench.jumping_clock, 200),
        (surroundings.clock_set_right, 60 // share),
        (surroundings.suspended, 60 // share),
        (bench.racing, 20 // (1 if full else 10)),
        (bench.failing_migration, 40),
        (schedules.in_memory, 1_000_000 // (1 if full else 1000)),
        (readers.kept_alive, 200_000 // (1 if full else 500)),
        (readers.one_each, 2000 // (1 if full else 100)),
        (goals.merge_ratio, 1),
        *((partial(goals.promised, name), 1) for name in goals.PROMISED),
        # Half of the whole, in pieces that leave no processor idle at the end.
        (schedules.through_bases, 10_000 // (1 if full else 1000)),
    )
