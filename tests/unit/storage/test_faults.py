"""The fault bench, each fault a few times, and the proof that it sees. `make faults` does it at length."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.storage.exchange import disagreements
from tests.faults import bench, goals, pieces, planted, power, readers, rows, schedules, surroundings

SHORT = [
    (bench.kill_save, 2),
    (bench.kill_save_sealed, 1),
    (bench.kill_reseal, 2),
    (bench.kill_import, 2),
    (bench.kill_merge, 2),
    (bench.kill_migration, 2),
    (bench.kill_backup, 2),
    (bench.kill_restore, 2),
    (bench.kill_repair, 2),
    (bench.full_disk, 5),
    (bench.full_elsewhere, 4),
    (bench.damaged_page, 10),
    (bench.truncation, 10),
    (bench.salvaged, 12),
    (bench.flipped_bit, 10),
    (bench.flipped_bit_sealed, 10),
    (bench.altered_package, 20),
    (bench.jumping_clock, 20),
    (bench.racing, 1),
    (bench.failing_migration, 5),
    (surroundings.refusing_disk, 6),
    (surroundings.full_for_good, 1),
    (surroundings.kill_window, 1),
    (surroundings.suspended, 2),
    (surroundings.hot_journal, 2),
    (surroundings.old_copy, 2),
    (surroundings.clock_set_right, 3),
    (surroundings.hostile_package, 40),
    (schedules.in_memory, 300),
    (readers.kept_alive, 40),
    (readers.one_each, 1),
]


@pytest.mark.parametrize(("fault", "tries"), SHORT, ids=[fault.__name__ for fault, _ in SHORT])
def test_nothing_is_lost(fault: bench.Fault, tries: int, tmp_path: Path) -> None:
    outcome = fault(tmp_path, tries, 2030)
    assert not outcome.bad, outcome.line()


@pytest.mark.parametrize("task", power.TASKS, ids=lambda task: task.name)
def test_a_power_cut_loses_nothing(task: power.Task, tmp_path: Path) -> None:
    outcome = power.run(task, tmp_path, 10, 1)
    assert not outcome.bad, outcome.line()
    assert outcome.kept


@pytest.mark.parametrize("name", planted.FAULTS)
def test_the_bench_sees_a_fault_that_is_planted(name: str, tmp_path: Path) -> None:
    assert not rows.catches(name, tmp_path, 1, 2030).bad


def test_the_schedules_see_a_rule_that_forgets_a_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sound = disagreements._heads
    monkeypatch.setattr(disagreements, "_heads", lambda written: sound(written)[:1])
    assert schedules.in_memory(tmp_path, 100, 2030).lost


def test_a_row_is_cut_into_pieces_that_are_each_done_once_for_a_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cut = list(pieces.of_rows("through_bases", 2030, full=True))
    assert sum(piece.tries for piece in cut) == 10_000
    assert len({piece.seed for piece in cut}) == len({piece.name for piece in cut}) == 40
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path))
    (whole,) = pieces.of_rows("truncation", 2030, full=False)
    piece, kept = replace(whole, tries=2), tmp_path / "kept.json"
    found = pieces._found(piece, tmp_path / "place", kept)
    assert (found.outcome.tries, found.outcome.bad) == (2, False)
    monkeypatch.setattr(rows, "runs", dict)
    assert pieces._found(piece, tmp_path / "place", kept) == found
    with pytest.raises(KeyError):
        pieces._found(replace(piece, version="another"), tmp_path / "place", kept)


def test_a_goal_that_was_tried_too_little_is_not_met() -> None:
    (line,) = goals.lines([bench.Outcome("truncation", tries=199)])
    assert "NOT MET" in line
    (line,) = goals.lines([bench.Outcome("truncation", tries=200)])
    assert "NOT MET" not in line


def test_the_tests_that_hold_a_goal_are_counted(tmp_path: Path) -> None:
    outcome = goals.promised("an exception in a slot", tmp_path, 1, 2030)
    assert (outcome.tries, outcome.bad) == (1, False)
