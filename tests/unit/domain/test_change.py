"""What an act changed, by which pages know whether to draw anew."""

from __future__ import annotations

from qpvdesk.domain.change import Change


def test_a_change_touches_the_kinds_of_its_rows_and_no_other() -> None:
    change = Change("Relevé", frozenset({"measurement", "objective"}))
    assert change.touches("measurement")
    assert change.touches("meeting", "objective")
    assert not change.touches("meeting", "decision")
    assert not change.touches()
    assert change
    assert not Change("Rien", frozenset())
