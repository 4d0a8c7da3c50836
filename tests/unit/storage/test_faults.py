"""The fault bench, each fault a few times. `make faults` does it at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import bench, power

SHORT = [
    (bench.kill_save, 3),
    (bench.kill_save_sealed, 3),
    (bench.kill_reseal, 3),
    (bench.kill_import, 3),
    (bench.kill_merge, 3),
    (bench.kill_migration, 3),
    (bench.kill_backup, 3),
    (bench.kill_restore, 3),
    (bench.kill_repair, 3),
    (bench.full_disk, 5),
    (bench.full_elsewhere, 8),
    (bench.damaged_page, 10),
    (bench.truncation, 10),
    (bench.salvaged, 12),
    (bench.flipped_bit, 10),
    (bench.flipped_bit_sealed, 10),
    (bench.altered_package, 20),
    (bench.jumping_clock, 20),
    (bench.racing, 1),
    (bench.failing_migration, 5),
]


@pytest.mark.parametrize(("fault", "tries"), SHORT, ids=[fault.__name__ for fault, _ in SHORT])
def test_nothing_is_lost(fault: bench.Fault, tries: int, tmp_path: Path) -> None:
    outcome = fault(tmp_path, tries, 2030)
    assert not outcome.bad, outcome.line()


def test_a_power_cut_loses_nothing_and_would_without_syncs(tmp_path: Path) -> None:
    pytest.importorskip("apsw")
    outcome = power.run(tmp_path, 60, 1)
    assert outcome is not None
    assert not outcome.bad, outcome.line()
    careless = power.run(tmp_path, 30, 1, "OFF")
    assert careless is not None
    assert careless.lost + careless.half > 0
