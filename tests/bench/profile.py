"""`make profile`: where a start goes, stage by stage, in a base of one contract with its journal."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.bench.bases import Bases
from tests.bench.measure import process
from tests.bench.synthetic import ONE_CONTRACT

_COLUMNS = (
    "stage", "processor_ms", "modules", "own_modules", "classes", "enums", "waiting", "members", "statements", "memory_mb",
)  # fmt: skip


def main() -> int:
    """Print the stages of a start that counts, after one that compiled; beside, the milliseconds of one that does not."""
    with tempfile.TemporaryDirectory(prefix="qpvdesk-profile-") as folder:
        base = Bases(Path(folder)).of(ONE_CONTRACT)
        start = process(["-m", "tests.helpers.first_paint", str(base), "complete", "count"])
        start()
        stages = [json.loads(line) for line in start().splitlines()[:-1]]
        plain = [
            json.loads(line)
            for line in process(["-m", "tests.helpers.first_paint", str(base), "complete"])().splitlines()
        ]
    print(f"{'':12}" + "".join(f"{name:>14}" for name in (*_COLUMNS[1:], "uncounted_ms")))
    for stage, timed in zip(stages, plain, strict=True):
        cells = [*(stage[name] for name in _COLUMNS[1:]), timed["processor_ms"]]
        print(f"{stage['stage']:12}" + "".join(f"{cell:>14}" for cell in cells))
    return 0


if __name__ == "__main__":
    sys.exit(main())
