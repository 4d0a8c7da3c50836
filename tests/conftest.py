"""What every test shares: no screen, the house's own folder, a log that stays silent."""

from __future__ import annotations

import functools
import gc
import hashlib
import itertools
import logging
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

from qpvdesk.services.contracts import contract_files, example
from qpvdesk.storage import migrations
from tests.helpers import blank, shipped, warm

hypothesis.settings.register_profile(
    "qpvdesk", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
# A machine that does something else beside is slow at making cases: that says nothing of what they find.
hypothesis.settings.load_profile("qpvdesk")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

gc.set_threshold(50_000, 20, 100)
"""Python looks for circles each 700 objects: among all that the tests import, a sixth of their processor."""

_PATIENCE_MS = 60_000
"""How long a test waits before it says that nothing comes: a busy machine is slow, and that is no fault of ours."""


class _PatientBot(QtBot):
    """The hand of pytest-qt, whose patience is that of a busy machine."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = _PATIENCE_MS) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _PATIENCE_MS, **options: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:  # noqa: ARG001 (Qt is up)
    """Return the hand that clicks, types and waits in the window."""
    return _PatientBot(request)


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
def begun() -> Iterator[None]:
    """Let what reads a file from elsewhere begin with everything imported, a new base with its tables, the contract
    that is shipped be read once; a passphrase and its salt that gave a key give the same again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", warm.popen)
        patch.setattr(migrations, "apply", blank.apply)
        patch.setattr(contract_files, "load", shipped.load)
        patch.setattr(example, "contract", shipped.contract)
        patch.setattr(hashlib, "pbkdf2_hmac", functools.cache(hashlib.pbkdf2_hmac))
        yield


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Make folders by a number of their own: pytest lists all there are for the next one, 20 ms a test at the end."""
    root, numbers = tmp_path_factory.mktemp("essais"), itertools.count()

    def make(name: str) -> Path:
        folder = root / f"{next(numbers)}-{name}"
        folder.mkdir()
        return folder

    return make


@pytest.fixture
def tmp_path(new_folder: Callable[[str], Path], request: pytest.FixtureRequest) -> Path:
    """Return an empty folder of the test's own."""
    return new_folder(re.sub(r"\W", "_", request.node.name)[:30])


@pytest.fixture(autouse=True)
def own_folder(new_folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each test away from the officer's real folder."""
    monkeypatch.setenv("QPVDESK_DOSSIER", str(new_folder("dossier")))


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
