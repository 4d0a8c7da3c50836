"""What every test shares: no screen, the house's own folder, a log that stays silent."""

from __future__ import annotations

import functools
import gc
import hashlib
import itertools
import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

from qpvdesk.services.contracts import contract_files, example
from qpvdesk.storage import migrations, starter
from tests.helpers import blank, shipped, warm

hypothesis.settings.register_profile(
    "qpvdesk", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
# A machine that does something else beside is slow at making cases: that says nothing of what they find.
hypothesis.settings.load_profile("qpvdesk")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_MEMORY = Path("/dev/shm")
_MEMORY_BYTES_MIN = 1 << 30
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _MEMORY_BYTES_MIN:
    # What the tests write lives in memory, where a flush costs nothing: on a disk they wait for it half of their time.
    # What a flush is worth is tried by `tests.faults`, which counts them; `--basetemp` still takes another place.
    os.environ.setdefault("TMPDIR", str(_MEMORY))
    # Asked again: pytest takes what is printed into a temporary file before it reads this.
    tempfile.tempdir = None

gc.set_threshold(50_000, 20, 100)
"""Python looks for circles each 700 objects: among all that the tests import, a sixth of their processor."""

_PATIENCE_MS = 60_000
"""How long a test waits before it says that nothing comes: a busy machine is slow, and that is no fault of ours."""


class PatientBot(QtBot):
    """The hand of pytest-qt, whose patience is that of a busy machine."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = _PATIENCE_MS) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _PATIENCE_MS, **options: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:  # noqa: ARG001 (Qt is up)
    """Return the hand that clicks, types and waits in the window."""
    return PatientBot(request)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


def pytest_collection_finish() -> None:
    """What was imported stays: nobody looks through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let what reads a file from elsewhere begin with everything imported, a new base with its tables, the contract
    that is shipped be read and written once; a passphrase and its salt that gave a key give the same again."""
    with pytest.MonkeyPatch.context() as patch:
        # For what several tests share; each has another, see `own_folder`.
        patch.setenv("QPVDESK_DOSSIER", str(tmp_path_factory.mktemp("dossier")))
        patch.setattr(subprocess, "Popen", warm.popen)
        patch.setattr(migrations, "apply", blank.apply)
        patch.setattr(contract_files, "load", shipped.load)
        patch.setattr(example, "contract", shipped.contract)
        patch.setattr(starter, "import_starter", shipped.import_starter)
        patch.setattr(hashlib, "pbkdf2_hmac", functools.cache(hashlib.pbkdf2_hmac))
        yield


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember which test failed: its folders stay, to be looked at."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a numbered name for a folder at a time: pytest lists all there are for the next, 20 ms a test at the end."""
    root = tmp_path_factory.mktemp("essais")
    return (root / str(number) for number in itertools.count())


@contextmanager
def _own_folder(folders: Iterator[Path], name: str, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Make a folder for the time of a test; where it failed, it stays."""
    folder = next(folders).with_suffix(f".{name}")
    folder.mkdir()
    yield folder
    if not request.node.stash.get(_FAILED, False):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def tmp_path(folders: Iterator[Path], request: pytest.FixtureRequest) -> Iterator[Path]:
    """Return an empty folder of the test's own."""
    with _own_folder(folders, re.sub(r"\W", "_", request.node.name)[:30], request) as folder:
        yield folder


@pytest.fixture(autouse=True)
def own_folder(
    folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Keep each test away from the officer's real folder."""
    with _own_folder(folders, "dossier", request) as folder:
        monkeypatch.setenv("QPVDESK_DOSSIER", str(folder))
        yield


@pytest.fixture(autouse=True)
def silent_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning it does not announce with the `logs` marker."""
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    if request.node.get_closest_marker("logs") is None:
        assert collector.lines == []
