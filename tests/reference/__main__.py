"""`make reference`: many random contracts, each set beside its reckoning: COUNT=1000, SEED=1."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PAPERS = 10
"""One contract in so many is printed too."""


def main() -> int:
    """Try each seed, say at once what no known fault explains, and at the end how many."""
    parser = argparse.ArgumentParser(prog="make reference")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    from tests.reference.trial import Findings, try_seed

    findings, told = Findings(), 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QPVDESK_DOSSIER"] = folder
        for seed in range(asked.seed, asked.seed + asked.count):
            try_seed(Path(folder), seed, findings, paper=seed % PAPERS == 0 or asked.count == 1)
            for line in findings.unexplained[told:]:
                print(line, flush=True)
            told = len(findings.unexplained)
    print(f"{asked.count} contracts from seed {asked.seed}: {told} disagreements")
    for name in sorted(findings.faults):
        print(f"known and not mended: {name}")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
