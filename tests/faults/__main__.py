"""`make faults`: every fault of the list, and the table of what it cost. `--full` makes it the whole numbers.

It begins with faults planted in the program itself: where one of them is not seen, nothing else is worth running.
`--keep FOLDER` keeps what each piece found: a run that was stopped goes on there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import reduce
from operator import add
from pathlib import Path

from tests.faults import bench, goals, pieces

_MEMORY = Path("/dev/shm")
_MEMORY_BYTES_MIN = 4 << 30


def main() -> int:
    """Run the bench; 1 where anything was lost, left half-written or not noticed, 2 where the bench is blind."""
    words = argparse.ArgumentParser(prog="python -m tests.faults")
    words.add_argument("--full", action="store_true")
    words.add_argument("--seed", type=int, default=2030)
    words.add_argument("--only", default="", help="the rows whose name holds these words")
    words.add_argument(
        "--keep", type=Path, help="the folder of what was found; a run that was stopped goes on"
    )
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many processes do pieces")
    asked = words.parse_args()
    wanted = list(pieces.of_rows(asked.only, asked.seed, full=asked.full))
    print(f"seed {asked.seed}, program {pieces.version()}", flush=True)
    # A killed process leaves what it wrote to the system, and a power cut is played from what was asked of the disk:
    # the files lie in memory where there is room, and a flush waits for nothing.
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _MEMORY_BYTES_MIN
    with tempfile.TemporaryDirectory(dir=_MEMORY if roomy else None) as folder:
        os.environ |= {"TMPDIR": folder, "QT_QPA_PLATFORM": "offscreen"}
        workshop = pieces.Workshop(Path(folder), asked.keep or Path(folder) / "trouvé", asked.jobs)
        try:
            print(bench.HEADER, flush=True)
            outcomes = [*_said(workshop, [piece for piece in wanted if piece.is_planted])]
            if any(outcome.bad for outcome in outcomes):
                return 2
            outcomes += _said(workshop, [piece for piece in wanted if not piece.is_planted])
        finally:
            workshop.close()
    for line in goals.lines(outcomes):
        print(line)
    return 1 if any(outcome.bad for outcome in outcomes) else 0


def _said(workshop: pieces.Workshop, wanted: list[pieces.Piece]) -> Iterator[bench.Outcome]:
    """Say of each row what its pieces found."""
    for found in workshop.find(wanted):
        outcome = reduce(add, (one.outcome for one in found))
        processor, seconds = (sum(getattr(one, name) for one in found) for name in ("processor", "seconds"))
        print(f"{outcome.line()} {processor:>9.0f} {seconds:>8.0f}", flush=True)
        yield outcome


if __name__ == "__main__":
    sys.exit(main())
