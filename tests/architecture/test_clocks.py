"""No test is held by a clock of the processor: a busy machine makes it red, an idle one hides what it looks for.

What is measured goes to `tests/bench/`; a test counts the work, see `tests/helpers/work.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
_CLOCK = re.compile(
    r"\b(?:process|thread)_time(?:_ns)?\b|\bperf_counter(?:_ns)?\b|\bgetrusage\b|\bimport timeit\b"
)


def clocks(text: str) -> list[str]:
    return _CLOCK.findall(text)


def test_no_test_reads_a_clock_of_the_processor() -> None:
    files = [path for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    assert len(files) > 300
    assert [path.name for path in files if clocks(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "guilty", ["begun = time.process_time()", "from time import perf_counter", "resource.getrusage(0)"]
)
def test_a_clock_is_seen(guilty: str) -> None:
    assert clocks(guilty)
