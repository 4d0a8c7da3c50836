"""`make bench`: each line as a ratio of processor time, ours and the yardstick's from the same run.

`python -m tests.bench [--large] [--only GROUP…]`; the base of the whole country (5 million measurements) is made only
on request, for it takes minutes and gigabytes. A new line is a function that takes the bases and yields it, in `groups`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.bench import acts, start
from tests.bench.bases import Bases
from tests.bench.measure import HEADER, guarded, processor_seconds


def groups(bases: Bases, *, large: bool) -> dict[str, Callable[[], Iterator[object]]]:
    """Return the lines by the word that names them for `--only`; each imports what it alone needs."""

    def window() -> Iterator[object]:
        from tests.bench import window as hand

        return hand.lines(bases)

    def map_lines() -> Iterator[object]:
        from tests.bench import maps

        return maps.lines()

    def search() -> Iterator[object]:
        from tests.bench import search as typed

        return typed.lines(bases)

    def papers() -> Iterator[object]:
        from tests.bench import papers as printed

        return printed.lines(bases)

    def region() -> Iterator[object]:
        from tests.region.__main__ import lines_of

        return lines_of("tests.bench.scale") if large else iter(())

    def bundle() -> Iterator[object]:
        from tests.bench import bundle as packed

        return packed.lines(bases)

    return {
        "start": partial(start.lines, bases),
        "base": partial(acts.base_lines, bases, large=large),
        "journal": partial(acts.journal_lines, bases),
        "import": partial(acts.import_lines, bases),
        "window": window,
        "map": map_lines,
        "search": search,
        "papers": papers,
        "bundle": bundle,
        "region": region,
    }


def main(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument(
        "--large", action="store_true", help="also the base of the whole country, and the region"
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="GROUP")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="qpvdesk-bench-"))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {_load()}")
    print(HEADER, flush=True)
    try:
        for name, lines in groups(Bases(folder), large=asked.large).items():
            if not asked.only or name in asked.only:
                before = processor_seconds()
                for line in guarded(name, lines):
                    print(line, flush=True)
                print(f"      {name}: {processor_seconds() - before:.0f} s of processor", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    wall, own = (time.monotonic() - began) / 60, processor_seconds() / 60
    print(f"{wall:.1f} minutes, of which {own:.1f} of processor, {_load()}")
    return 0


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
