"""What makes the program fast is structure, and that is counted here; timings are no tests (`make bench`)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk.domain.model import Measurement, Sens
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.storage import history, opening
from qpvdesk.storage.engine import sqlite3
from tests.bench.bases import Bases
from tests.bench.measure import ROOT
from tests.bench.synthetic import Size

_DAY = date(2026, 9, 30)
_SMALL = Size("petit", 1, 40, 6)
_FEW, _MANY = 40, 1200
_LONG = ("operation", "o", "measurement", "m", "chain", "c")
"""The tables that grow for years, by the names that statements give them."""

# What was reached; the goals are those of `make bench`. Each is only ever lowered.
ENUMS_MAX = 85
OWN_MODULES_MAX = 185
STATEMENTS_MAX = 24
# Of a base that a window has shown before.
KEPT_ENUMS_MAX = 62
KEPT_OWN_MODULES_MAX = 72
KEPT_STATEMENTS_MAX = 1
NOT_AT_FIRST_SIGHT = (
    "numpy", "reportlab", "pikepdf", "docx", "sqlite_utils", "click", "openpyxl", "xlsxwriter", "python_calamine", "PIL",
    "cryptography", "pyrage", "PySide6.QtNetwork", "PySide6.QtCharts", "qpvdesk.reports", "qpvdesk.spreadsheets",
    "qpvdesk.documents", "qpvdesk.storage.exchange", "qpvdesk.storage.rescue", "qpvdesk.storage.care.purging",
    "qpvdesk.services.search", "qpvdesk.services.colleagues", "qpvdesk.services.bases", "qpvdesk.domain.coherence",
    "qpvdesk.domain.alerts",
)  # fmt: skip


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Bases:
    return Bases(tmp_path_factory.mktemp("vitesse"))


@pytest.fixture(scope="module")
def journals(bases: Bases) -> tuple[Path, Path]:
    """The same base with a young journal and with an old one."""
    return bases.lived_in(_SMALL, _FEW), bases.lived_in(_SMALL, _MANY)


@pytest.fixture(scope="module")
def start(bases: Bases) -> list[dict[str, Any]]:
    return undisturbed(bases.of(_SMALL))


@pytest.fixture(scope="module")
def kept(bases: Bases) -> list[dict[str, Any]]:
    return undisturbed(bases.visited(bases.copy(bases.of(_SMALL), "déjà vu")))


def undisturbed(base: Path) -> list[dict[str, Any]]:
    """The leanest of three starts: on a busy machine what follows the paint may begin before the paint is noted."""
    return min((counted(base) for _ in range(3)), key=lambda stages: stages[-2]["own_modules"])


def counted(base: Path) -> list[dict[str, Any]]:
    """The stages of a start, counted, and all that was found at its end."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.helpers.first_paint", str(base), "count"],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_the_first_sight_imports_only_what_it_shows(start: list[dict[str, Any]]) -> None:
    held = set(start[-1]["modules"])
    assert [name for name in NOT_AT_FIRST_SIGHT if name in held] == []
    assert start[-2]["own_modules"] <= OWN_MODULES_MAX
    # PySide would read the source of each module, and keep it.
    assert [name for name in start[-1]["sources"] if "qpvdesk" in name] == []


def test_the_first_sight_makes_few_enums_and_asks_few_statements(start: list[dict[str, Any]]) -> None:
    painted = start[-2]
    assert painted["stage"] == "painted"
    assert 0 < painted["enums"] <= ENUMS_MAX
    assert 0 < painted["statements"] <= STATEMENTS_MAX, "\n".join(start[-1]["statements"])


def test_a_kept_sight_is_painted_before_anything_is_opened_read_or_reckoned(
    kept: list[dict[str, Any]],
) -> None:
    painted, found = kept[-2], kept[-1]
    assert painted["stage"] == "painted"
    assert painted["own_modules"] <= KEPT_OWN_MODULES_MAX
    assert painted["enums"] <= KEPT_ENUMS_MAX
    assert painted["statements"] <= KEPT_STATEMENTS_MAX, "\n".join(found["statements"])
    assert not any("measurement" in text for text in found["statements"]), "no figure is read"
    heavy = (
        "qpvdesk.services.desk",
        "qpvdesk.storage.opening",
        "qpvdesk.domain.situation",
        "qpvdesk.domain.review",
    )
    assert [name for name in (*NOT_AT_FIRST_SIGHT, *heavy) if name in found["modules"]] == []


def test_no_timer_runs_while_nobody_touches_the_window(bases: Bases) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.idle", str(bases.of(_SMALL)), "0.5"],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        check=True,
    )
    assert ran.stdout.split()[-1] == "0"


def _steps(connection: sqlite3.Connection, action: Callable[[], object]) -> int:
    """Return how many tens of instructions of its machine SQLite needs for an action: the same on every computer."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    connection.set_progress_handler(count, 10)
    try:
        action()
    finally:
        connection.set_progress_handler(None, 0)
    return steps[0]


def _opened(bases: Bases, path: Path) -> Iterator[Desk]:
    bases.sit_at(path)
    with opening.open_base(path) as base:
        yield Desk(base, today=lambda: date(2027, 12, 31))


ACTIONS: dict[str, Callable[[Desk], object]] = {
    "a figure recorded": lambda desk: measurements.record(desk, _code(desk), _entry(desk)),
    "the first undo": lambda desk: desk.undo(),
    "the redo": lambda desk: desk.redo(),
    "what can be undone": lambda desk: desk.base.stacks.undo_labels,
    "a page of the history": lambda desk: history.HistoryReader(desk.base.connection).entries(None, 20),
    "the newest copy": lambda desk: desk.base.authors.missing(),
    "the situation": lambda desk: desk.situation(_code(desk), _DAY),
}


def _code(desk: Desk) -> str:
    return desk.contracts()[0].code


def _entry(desk: Desk) -> measurements.Entry:
    objectives = desk.situation(_code(desk), _DAY).objectives
    key = next(item.key for item in objectives if item.sens is Sens.HAUSSE)
    return measurements.Entry(objective=key, day=date(2026, 12, 1), value=Decimal(9_999))


def test_nothing_grows_with_the_journal(
    bases: Bases, journals: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", "")
    found: list[dict[str, int]] = []
    for path in journals:
        for desk in _opened(bases, path):
            _entry(desk)
            desk.base.forget_undo()
            connection = desk.base.connection
            found.append({name: _steps(connection, partial(act, desk)) for name, act in ACTIONS.items()})
    few, many = found
    assert {name: (few[name], many[name]) for name in few if many[name] > 1.2 * few[name] + 3} == {}


def test_an_act_touches_what_it_changes(
    bases: Bases, journals: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", "")
    touched: list[tuple[int, int]] = []
    for path in journals:
        for desk in _opened(bases, path):
            entry, connection = _entry(desk), desk.base.connection
            figure = desk.dossier(_code(desk)).measurements[0]
            before = connection.total_changes
            measurements.record(desk, _code(desk), entry)
            recorded = connection.total_changes
            _correct(desk, figure)
            touched.append((recorded - before, connection.total_changes - recorded))
    assert touched[0] == touched[1]
    # The figure, its operation, the act, its place in the chain, the latest value; who writes, where they are new here.
    assert max(touched[0]) <= 8


def _correct(desk: Desk, figure: Measurement) -> None:
    with desk.act("Correction") as unit:
        unit.put(replace(figure, value=figure.value + 1))


def test_no_statement_of_an_act_or_a_sight_walks_the_journal_or_the_figures(
    bases: Bases, journals: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", "")
    seen: list[str] = []
    for desk in _opened(bases, journals[0]):
        connection = desk.base.connection
        connection.set_trace_callback(seen.append)
        _entry(desk)
        desk.base.forget_undo()
        for act in ACTIONS.values():
            act(desk)
        _correct(desk, desk.dossier(_code(desk)).measurements[0])
        connection.set_trace_callback(None)
    walked: list[str] = []
    asked = [
        text for text in dict.fromkeys(seen) if text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
    ]
    assert len(asked) > 40
    plain = sqlite3.connect(journals[0])
    for text in asked:
        # One row is enough for these: to know that there is one, and the last.
        if text.startswith("SELECT EXISTS") or text.endswith("ORDER BY id DESC LIMIT 1"):
            continue
        for *_, detail in plain.execute(f"EXPLAIN QUERY PLAN {text}"):
            if detail.startswith("SCAN") and detail.split()[1] in _LONG:
                walked.append(f"{detail}: {text[:120]}")
    plain.close()
    assert walked == []


NOT_TO_PRINT = (
    "PIL.Image",
    "PySide6",
    "docx",
    "http.client",
    "lxml",
    "odfdo",
    "pikepdf",
    "pptx",
    "pypdfium2",
    "ssl",
)


def test_a_paper_imports_only_what_it_prints_with(tmp_path: Path) -> None:
    """What a library would import for pictures, addresses or other kinds of file is not paid by a paper that has none."""
    code = """
import json, sys
from qpvdesk.__main__ import main
base, paper = sys.argv[1:]
assert main(["init", "--base", base]) == 0
assert main(["rapport", "--base", base, "--sortie", paper]) == 0
# What stands for a module until it is asked for has no file.
print(json.dumps([name for name, found in sys.modules.items() if getattr(found, "__file__", None)]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "b.db"), str(tmp_path / "p.pdf")],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        check=True,
    )
    held = json.loads(ran.stdout.splitlines()[-1])
    assert "reportlab.platypus.paragraph" in held
    assert [name for name in held if name.startswith(NOT_TO_PRINT)] == []
