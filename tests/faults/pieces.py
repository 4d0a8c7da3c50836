"""The rows cut into pieces, each with its own seed: several processes do them, and what one found is kept in a file.

A run that was stopped goes on with what is left. A piece counts for the program that it tried, seed and number of tries
alone: of another version, it is done again.
"""

from __future__ import annotations

import gc
import hashlib
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import msgspec

from tests.faults import bench, rows
from tests.helpers import warm

_SEEDS_APART = 1000


class Piece(msgspec.Struct, frozen=True):
    """So many tries of a row."""

    row: int
    """Its number among `rows.runs`."""
    name: str
    tries: int
    seed: int
    full: bool
    version: str

    @property
    def is_planted(self) -> bool:
        """Whether it asks if the bench sees anything."""
        return self.name.startswith(rows.catches.__name__)


class Found(msgspec.Struct):
    """What a piece found, in how many seconds, and how many of processor."""

    piece: Piece
    outcome: bench.Outcome
    processor: float
    seconds: float


def version() -> str:
    """Return a digest of the code that the faults are about: what keeps, what exchanges, and the acts."""
    product = warm.ROOT / "qpvdesk"
    files = [
        *product.glob("*.py"),
        *(file for name in ("domain", "services", "storage") for file in (product / name).rglob("*.py")),
    ]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(product)).encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def of_rows(only: str, seed: int, *, full: bool) -> Iterator[Piece]:
    """Cut the rows whose name holds some words."""
    now = version()
    for number, (fault, tries) in enumerate(rows.runs(full=full)):
        name = rows.name_of(fault)
        most = rows.PIECES.get(name, tries)
        for part, first in enumerate(range(0, tries, most) if only in name else ()):
            own = seed + number + part * _SEEDS_APART
            yield Piece(number, f"{name} {part}", min(most, tries - first), own, full, now)


@dataclass
class Workshop:
    """Processes that do pieces in a folder; what was found is in another."""

    folder: Path
    keep: Path
    jobs: int

    def __post_init__(self) -> None:
        self._pool = ProcessPoolExecutor(self.jobs, get_context("spawn"), _begin)
        self.keep.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        """End once what is being done is done."""
        self._pool.shutdown(cancel_futures=True)

    def find(self, pieces: list[Piece]) -> Iterator[tuple[Found, ...]]:
        """Yield what was found in each row, in order."""
        begun = {
            piece: self._pool.submit(
                _found, piece, self.folder / piece.name, self.keep / f"{piece.name}.json"
            )
            for piece in pieces
        }
        for row in sorted({piece.row for piece in pieces}):
            yield tuple(begun[piece].result() for piece in pieces if piece.row == row)


def _begin() -> None:
    """Be a process that does pieces: what it starts begins with everything imported, what is imported stays, and a
    passphrase and its salt that gave a key give the same again."""
    subprocess.Popen = warm.popen  # type: ignore[misc, assignment]
    hashlib.pbkdf2_hmac = cache(hashlib.pbkdf2_hmac)
    gc.set_threshold(50_000, 20, 100)
    gc.collect()
    gc.freeze()


def _found(piece: Piece, folder: Path, kept: Path) -> Found:
    if kept.exists() and (known := msgspec.json.decode(kept.read_bytes(), type=Found)).piece == piece:
        return known
    # The keys that these acts are signed with are not the officer's, nor those of another piece.
    os.environ["QPVDESK_DOSSIER"] = str(folder / "dossier")
    place = folder / "essais"
    place.mkdir(parents=True)
    begun, spent = time.monotonic(), _processor()
    outcome = rows.runs(full=piece.full)[piece.row][0](place, piece.tries, piece.seed)
    found = Found(piece, outcome, _processor() - spent, time.monotonic() - begun)
    shutil.rmtree(folder)
    made = kept.with_suffix(".part")
    made.write_bytes(msgspec.json.format(msgspec.json.encode(found)))
    made.replace(kept)
    return found


def _processor() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)
