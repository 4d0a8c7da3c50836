"""One writer a base, and nothing in the way once it is gone."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qpvdesk.storage import lock

ROOT = Path(__file__).parents[3]
HOLDS = (
    "import sys; from pathlib import Path; from qpvdesk.storage import lock\n"
    "held = lock.acquire(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


def test_a_lock_is_held_once_and_leaves_nothing(path: Path) -> None:
    held = lock.acquire(path)
    with pytest.raises(lock.AlreadyOpenError) as told:
        lock.acquire(path)
    assert told.value.holder == lock.Holder(platform.node(), os.getpid())
    held.release()
    held.release()
    assert list(path.parent.iterdir()) == []
    lock.acquire(path).release()


def test_a_full_disk_leaves_no_lock_that_says_nothing(path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            lock.acquire(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(path.parent.glob(f"*{lock.SUFFIX}")) == []


def holder_of(path: Path) -> tuple[str, int]:
    """Whom the lock file of a base names."""
    named = json.loads((path.parent / f"{path.name}.verrou").read_text())
    return named["poste"], named["processus"]


def test_the_lock_of_a_killed_process_is_taken_over(path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(lock.AlreadyOpenError, match=str(process.pid)):
        lock.acquire(path)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert holder_of(path) == (platform.node(), process.pid)
    lock.acquire(path).release()


def test_the_lock_of_another_computer_is_believed_unless_overridden(path: Path) -> None:
    (path.parent / "base.db.verrou").write_text(json.dumps({"poste": "prefecture-12", "processus": 42}))
    with pytest.raises(lock.AlreadyOpenError, match=r"prefecture-12 \(processus 42\)"):
        lock.acquire(path)
    held = lock.acquire(path, override=True)
    assert holder_of(path) == (platform.node(), os.getpid())
    held.release()


@pytest.mark.parametrize("words", [b"\xff\xfe", b"{}", b"[1]", b'{"poste": "a"}'])
def test_words_that_cannot_be_read_still_hold(path: Path, words: bytes) -> None:
    (path.parent / "base.db.verrou").write_bytes(words)
    with pytest.raises(lock.AlreadyOpenError, match="un autre programme"):
        lock.acquire(path)


def test_a_short_command_waits_for_another(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = lock.acquire(path)
    waits: list[float] = []

    def turn(seconds: float) -> None:
        waits.append(seconds)
        held.release()

    monkeypatch.setattr(lock.time, "sleep", turn)
    lock.acquire(path, wait=5).release()
    assert len(waits) == 1
