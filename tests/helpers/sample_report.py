"""`make report`: the committee's file of the starter contract, with invented figures, to look at."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from qpvdesk.services import printing
from qpvdesk.storage.opening import open_base
from tests.helpers import demo
from tests.helpers.reviews import desk_on


def write(target: Path) -> int:
    """Write the sample and return its number of pages."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        base_path = Path(folder) / "exemple.db"
        demo.make(base_path)
        with open_base(base_path, read_only=True) as base:
            return printing.write_report(
                printing.Request("copil"),
                desk_on(base, demo.DAY).review(base.contracts()[0].code, demo.DAY),
                target,
            )


if __name__ == "__main__":
    path = Path(sys.argv[1])
    print(f"{path}: {write(path)} pages")
