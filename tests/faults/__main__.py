"""`make faults`: every fault of the list, and the table of what it cost. `--full` makes it the whole numbers.

It begins with faults planted in the program itself: where one of them is not seen, nothing else is worth running.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import bench, goals, rows


def main() -> int:
    """Run the bench; 1 where anything was lost, left half-written or not noticed, 2 where the bench is blind."""
    words = argparse.ArgumentParser(prog="python -m tests.faults")
    words.add_argument("--full", action="store_true")
    words.add_argument("--seed", type=int, default=2030)
    words.add_argument(
        "--only", default="", help="the rows whose name holds these words, and no planted fault"
    )
    asked = words.parse_args()
    print(f"seed {asked.seed}")
    bench.FORKS = hasattr(os, "fork")
    with tempfile.TemporaryDirectory() as folder:
        # The keys that these acts are signed with are not the officer's, and no window is shown.
        os.environ["QPVDESK_DOSSIER"] = str(Path(folder) / "dossier")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        blind = False
        for number, name in enumerate(() if asked.only else rows.CATCHES):
            place = Path(folder) / f"plante-{number}"
            place.mkdir()
            caught = rows.catches(name, place, asked.seed)
            blind = blind or not caught
            print(f"planted: {name:30} {'caught' if caught else 'NOT SEEN'}", flush=True)
        if blind:
            return 2
        print(bench.HEADER, flush=True)
        outcomes: list[bench.Outcome] = []
        for number, (fault, tries) in enumerate(rows.runs(full=asked.full)):
            place = Path(folder) / str(number)
            place.mkdir()
            if asked.only not in rows.name_of(fault):
                continue
            begun = time.monotonic()
            outcome = fault(place, tries, asked.seed + number)
            print(f"{outcome.line()} {time.monotonic() - begun:>8.0f}", flush=True)
            shutil.rmtree(place)
            outcomes.append(outcome)
        for line in goals.lines(outcomes):
            print(line)
    return 1 if any(outcome.bad for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
