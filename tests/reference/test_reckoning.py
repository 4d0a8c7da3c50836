"""The product against a second reckoning: random contracts, another lot each day, and the two that are shipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qpvdesk.services import bases
from tests.helpers.process import qpvdesk
from tests.reference import views
from tests.reference.open_faults import OPEN
from tests.reference.trial import Findings, look, try_seed

FIXED = range(1, 13)
"""The seeds that are tried every day: every open fault shows in one of them."""
DAILY = 18
"""How many others, another lot each day."""
PAPERS = (2, 3)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def pages() -> Iterator[None]:
    """Let the window's pages go before the application does."""
    yield
    views.forget()


def test_fixed_contracts_agree_and_every_open_fault_still_shows(tmp_path: Path) -> None:
    findings = Findings()
    for seed in FIXED:
        try_seed(tmp_path, seed, findings, paper=seed in PAPERS)
    assert findings.unexplained == []
    mended = [fault.name for fault in OPEN if fault.name not in findings.faults]
    assert mended == [], "mended: take these out of open_faults.OPEN"


def test_the_contracts_of_the_day_agree(tmp_path: Path) -> None:
    first = datetime.now(UTC).date().toordinal() * DAILY
    findings = Findings()
    for seed in range(first, first + DAILY):
        try_seed(tmp_path, seed, findings)
    again = f"again: make reference COUNT={DAILY} SEED={first}"
    assert findings.unexplained == [], again


@pytest.mark.parametrize("shipped", ["starter", "example"])
def test_the_shipped_contracts_agree(tmp_path: Path, shipped: str) -> None:
    path = tmp_path / f"{shipped}.db"
    if shipped == "starter":
        bases.create(path, "lens-lievin", now=NOON)
    else:
        bases.create_example(path, now=NOON)
    known, found = look(path, NOON.date(), NOON.date(), {}, paper=True)
    findings = Findings()
    findings.add(shipped, found, known)
    assert findings.unexplained == []


def test_the_shell_prints_what_its_window_and_its_export_say(tmp_path: Path) -> None:
    path = tmp_path / "example.db"
    bases.create_example(path, now=NOON)
    day = date(2025, 9, 30)
    at = ("--base", str(path), "--date", day.isoformat())
    said = qpvdesk("etat", *at, "--format", "json")
    assert said.returncode == 0, said.stderr
    target = tmp_path / "etat.json"
    assert qpvdesk("exporter", *at, "--sortie", str(target)).returncode == 0
    document = json.loads(said.stdout)
    assert json.loads(target.read_text(encoding="utf-8")) == document
    known, found = look(path, day, day, {})
    findings = Findings()
    findings.add("shell", found, known)
    assert findings.unexplained == []
    assert {row["code"] for row in document["objectifs"]} == set(known.now.standings)
    assert document["date_etat"] == day.isoformat()
