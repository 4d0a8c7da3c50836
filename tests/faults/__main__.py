"""`make faults`: every fault of the list, and the table of what it cost. `--full` makes it the whole numbers."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.faults import bench, power


def main() -> int:
    """Run the bench; 1 where anything was lost, left half-written or not noticed."""
    words = argparse.ArgumentParser(prog="python -m tests.faults")
    words.add_argument("--full", action="store_true")
    words.add_argument("--seed", type=int, default=2030)
    asked = words.parse_args()
    runs = bench.runs(full=asked.full)
    print(f"seed {asked.seed}")
    print(bench.HEADER, flush=True)
    bad = False
    with tempfile.TemporaryDirectory() as folder:
        # The keys that these acts are signed with are not the officer's.
        os.environ["QPVDESK_DOSSIER"] = str(Path(folder) / "dossier")
        for number, (fault, tries) in enumerate(runs):
            place = Path(folder) / str(number)
            place.mkdir()
            outcome = fault(place, tries, asked.seed + number)
            print(outcome.line(), flush=True)
            bad = bad or outcome.bad
        outcome = power.run(Path(folder), 2000 if asked.full else 200, asked.seed)
        if outcome is None:
            print("power cut: not run, the recording layer (apsw) is not installed")
            bad = True
        else:
            print(outcome.line(), flush=True)
            bad = bad or outcome.bad
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
