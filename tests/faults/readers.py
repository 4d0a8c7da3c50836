"""Mutated packages: by a reader kept alive within its bounds, then each in a process of its own, as the program does it.

Run by itself (`python -m tests.faults.readers SEED FIRST COUNT`) in an empty folder, it is the reader that is kept alive.
"""

from __future__ import annotations

import contextlib
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.services import colleagues, package_in
from tests.faults import bench, surroundings
from tests.unit.storage import test_package

MEMORY_MAX = 512 * 2**20
SECONDS_MAX = 10.0
"""Of processor: a machine that does something else as well is no fault of a package."""
_ROUND = 5_000
"""Packages of one reader: where it dies, the others are still read."""
_PACKAGE = "lot.paquet"


def kept_alive(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """A reader that may take no more than `MEMORY_MAX` bytes reads one package after another, each within its time."""
    outcome = bench.Outcome("mutated package, one reader")
    (folder / "entier").write_bytes(bench.colleague(folder, 3))
    place = folder / "lu"
    place.mkdir()
    for first in range(0, tries, _ROUND):
        count = min(_ROUND, tries - first)
        command = [sys.executable, "-m", "tests.faults.readers", str(seed), str(first), str(count)]
        # Its own folder of modules is this one: what it writes elsewhere would be seen here.
        ran = subprocess.run(
            [*command, str(folder / "entier")], cwd=place, capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(place)},
        )  # fmt: skip
        outcome.tries += count
        done, slow = (*map(int, ran.stdout.split()), 0, 0)[:2]
        outcome.undetected += count - done if ran.returncode or done != count else slow
        outcome.lost += {one.name for one in folder.iterdir()} != {"entier", "ailleurs", "lu"}
        outcome.lost += any(place.iterdir())
    return outcome


def one_each(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """Each package by the road of a window: a process of its own, watched from outside."""
    outcome = bench.Outcome("mutated package, own process")
    members = test_package.unpacked(bench.colleague(folder, 3))
    place = folder / "lu"
    place.mkdir()
    for number in range(tries):
        outcome.tries += 1
        path = place / _PACKAGE
        path.write_bytes(mutated(members, random.Random(f"{seed} {number}")))
        begun = _spent_by_children()
        with contextlib.suppress(UserError):
            colleagues.read(path)
        outcome.undetected += _spent_by_children() - begun > SECONDS_MAX
        outcome.lost += [one.name for one in place.iterdir()] != [_PACKAGE]
    return outcome


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def mutated(members: dict[str, bytes], chance: random.Random) -> bytes:
    """Return a package that is bent in its structure, in its bytes, or in both."""
    kind = chance.randrange(4)
    bent = dict(members)
    for _ in range(chance.choice((1, 1, 1, 2, 4)) if kind else 0):
        # What is bent so far that this very bench can no longer take it apart stays as it is.
        with contextlib.suppress(KeyError, IndexError, ValueError, TypeError, RecursionError):
            bent = surroundings.bent(dict(bent), chance)
    content = bytearray(surroundings.packed(bent))
    if kind < 2:
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(content))
            match chance.randrange(3):
                case 0:
                    content[at] ^= 1 << chance.randrange(8)
                case 1:
                    del content[at : at + chance.randrange(1, 40)]
                case _:
                    content[at:at] = chance.randbytes(chance.randrange(1, 40))
            if not content:
                break
    return bytes(content)


def read_all(seed: int, first: int, count: int, whole: Path) -> tuple[int, int]:
    """Read packages `first` and on; return how many were read or refused in words, and how many took too long."""
    members, slow = test_package.unpacked(whole.read_bytes()), 0
    for number in range(first, first + count):
        path = Path(_PACKAGE)
        path.write_bytes(mutated(members, random.Random(f"{seed} {number}")))
        begun = time.process_time()
        with contextlib.suppress(UserError):
            package_in.read(path)
        slow += time.process_time() - begun > SECONDS_MAX
        path.unlink()
    return count, slow


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    print(*read_all(*map(int, sys.argv[1:4]), Path(sys.argv[4])))
