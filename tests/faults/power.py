"""Simulated power cuts: what was synced is on the disk; of the rest each write is kept, dropped or torn.

A cut may come between any two calls to the disk. Sectors are 512 bytes; unsynced writes reach the disk in any
order. That a file which was created and synced keeps its name is assumed, not simulated.
"""

from __future__ import annotations

import contextlib
import importlib.util
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import opening
from tests.faults import bench, worker

ACTS = 40
SECTOR = 512


def record(folder: Path, synchronous: str | None = None) -> tuple[bytes, list[tuple[Any, ...]]]:
    """Return the base before the acts, and what the disk saw of them."""
    path = bench.starter(folder)
    with opening.open_base(path) as base:
        worker.put(base, 0)
    before = path.read_bytes()
    shutil.copyfile(path, folder / "recorded.db")
    statements: list[str] = []

    def note(text: str) -> None:
        # A statement that fires triggers is told once more for each, and what they do as a comment.
        if not text.startswith("--") and text not in statements[-1:]:
            statements.append(text)

    with opening.open_base(path) as base:
        base.connection.set_trace_callback(note)
        for number in range(1, ACTS + 1):
            worker.put(base, number)
        base.connection.set_trace_callback(None)
    (folder / "statements").write_bytes(pickle.dumps(statements))
    subprocess.run(
        [sys.executable, "-m", "tests.faults.recorder", str(folder / "recorded.db"), str(folder / "statements"),
         str(folder / "events"), *([synchronous] if synchronous else [])],
        check=True,
    )  # fmt: skip
    events: list[tuple[Any, ...]] = pickle.loads((folder / "events").read_bytes())
    return before, events


def after_cut(
    before: bytes, events: Sequence[tuple[Any, ...]], at: int, chance: random.Random
) -> tuple[dict[str, bytes], int]:
    """Return the files as they are on the disk when the power goes before event `at`, and the last act kept."""
    files = {"recorded.db": bytearray(before)}
    pending: dict[str, list[tuple[Any, ...]]] = {}
    kept = 0
    for event in events[:at]:
        match event:
            case ("kept", number):
                kept = number
            case ("sync", name):
                for one in pending.pop(name, []):
                    _apply(files, one, None)
            case ("delete", name, True):
                pending.pop(name, None)
                files.pop(name, None)
            case (_, name, *_):
                pending.setdefault(name, []).append(event)
    for changes in pending.values():
        mood = chance.random()
        for one in changes:
            if mood > 0.2 and chance.random() < 0.6:
                _apply(files, one, chance)
    return {name: bytes(content) for name, content in files.items()}, kept


def _apply(files: dict[str, bytearray], event: tuple[Any, ...], chance: random.Random | None) -> None:
    kind, name = event[0], event[1]
    if kind == "delete":
        files.pop(name, None)
        return
    content = files.setdefault(name, bytearray())
    if kind == "truncate":
        del content[event[2] :]
        return
    _, _, offset, data = event
    torn = chance is not None and chance.random() < 0.5
    for start in range(0, len(data), SECTOR):
        if torn and chance is not None and chance.random() < 0.5:
            continue
        piece, place = data[start : start + SECTOR], offset + start
        if len(content) < place:
            content.extend(b"\0" * (place - len(content)))
        content[place : place + len(piece)] = piece


def run(folder: Path, tries: int, seed: int, synchronous: str | None = None) -> bench.Outcome | None:
    """Cut the power `tries` times; None where the recording layer is not installed."""
    if importlib.util.find_spec("apsw") is None:
        return None
    place = folder / f"power-{synchronous}"
    place.mkdir()
    before, events = record(place, synchronous)
    chance, made = random.Random(seed), bench.Outcome("simulated power cut")
    for number in range(tries):
        files, kept = after_cut(before, events, chance.randrange(len(events) + 1), chance)
        cut = place / f"cut{number}"
        cut.mkdir()
        for name, content in files.items():
            (cut / name).write_bytes(content)
        made.tries, made.kept = made.tries + 1, made.kept + kept
        try:
            with contextlib.closing(opening.open_base(cut / "recorded.db")) as base:
                made.half += not bench.sound(base)
                made.lost += len(set(range(kept + 1)) - bench.numbers(base))
        except UserError:
            made.half += 1
        shutil.rmtree(cut)
    return made
