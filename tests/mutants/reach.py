"""A plugin of pytest that notes, while `coverage` runs, which test reaches which line and what each test costs.

What a fixture reaches counts for every test of its file: which of them needs it is not known.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

DURATIONS = "QPVDESK_DURATIONS"
"""The variable that names the file the seconds of processor are written to."""

_seconds: Counter[str] = Counter()
_failed: set[str] = set()


def _switch(context: str) -> None:
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.switch_context(context)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _switch(item.nodeid.partition("::")[0])
    before = _spent()
    try:
        return (yield)
    finally:
        _seconds[item.nodeid] += _spent() - before


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    _switch(item.nodeid)
    try:
        return (yield)
    finally:
        _switch(item.nodeid.partition("::")[0])


def _spent() -> float:
    """Return the seconds of processor of this process and of those that it waited for."""
    return sum(os.times()[:4])


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write what each test costs; one that fails on the code as it is says nothing of mutants and is left out."""
    kept = {test: seconds for test, seconds in _seconds.items() if test not in _failed}
    Path(os.environ[DURATIONS]).write_text(json.dumps(kept), encoding="utf-8")
