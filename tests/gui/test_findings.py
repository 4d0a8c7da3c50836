"""The tables of what the reviews found, and that of WCAG: each names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOLD = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
PAPERS = (ROOT / "tests/unit/reports/README.md").read_text(encoding="utf-8")


def test_each_finding_has_a_test_that_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TOLD + PAPERS)
    assert len(named) > 120
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name
    access, window = TOLD.split("| finding of the window |")
    for table, last in ((access, 20), (window, 22), (PAPERS, 35)):
        rows = re.findall(r"^\| (\d+) · .*::test_", table, re.MULTILINE)
        assert rows == [str(number) for number in range(1, last + 1)]


def test_no_criterion_of_wcag_fails() -> None:
    table = TOLD.partition("| WCAG 2.2 |")[2]
    verdicts = [line.split(" | ")[1] for line in table.splitlines() if re.match(r"\| \d\.\d", line)]
    assert len(verdicts) > 35
    assert all(verdict.startswith(("satisfied", "not applicable")) for verdict in verdicts)
