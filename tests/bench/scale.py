"""The goals of the region: packages of many officers loaded, one day reckoned, memory, a new act; at three sizes.

`make bench BENCH=--large` runs it in the environment of the extra (`tests.region`); alone and smaller:
`.venv-region/bin/python -m tests.bench.scale 10 30`. Each contract is a base of its own, signed by an officer of its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.model import Aggregation, Dossier, Level, Measurement
from qpvdesk.region import consolidation
from qpvdesk.region.parquet import Lake
from qpvdesk.region.store import Entrepot
from qpvdesk.storage import opening
from qpvdesk.storage.identity import Identity, key_fingerprint
from tests.bench.bases import quickened, take_in
from tests.bench.synthetic import ONE_CONTRACT, dossier

SIZES = (90, 300, 900)
DAY = date(2026, 9, 30)
LOAD_SECONDS_MAX, REVIEW_SECONDS_MAX, ACT_SECONDS_MAX, MEMORY_GIB_MAX = 600, 180, 5, 2
"""Seconds of processor: packages are taken in one after the other, the day is reckoned by two cores in ninety seconds."""
UNEVEN_MAX = 1.25
"""How much more one contract may cost at the largest size than at the smallest: the cost is linear."""


def main(arguments: list[str]) -> int:
    """Print a line for each goal at each size."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    sizes = sorted(parser.parse_args(arguments).sizes)
    with tempfile.TemporaryDirectory(prefix="qpvdesk-scale-") as folder:
        for line in lines(Path(folder), sizes):
            print(line, flush=True)
    return 0


def lines(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    """Yield what is measured, the smallest size first; each size takes in what the one before did not."""
    os.environ["QPVDESK_DOSSIER"] = str(folder)
    accepted: list[str] = []
    store = Entrepot(folder / "entrepot", accepted=accepted)
    lake = Lake(folder / "lac")
    sources: list[Path] = []
    loaded = reckoned = 0.0
    costs: list[float] = []
    for size in sizes:
        fresh = [_base(folder, number) for number in range(len(sources), size)]
        sources += fresh
        accepted += [key_fingerprint(Identity(path.parent / "id").public) for path in fresh]
        begun = _processor()
        for source in fresh:
            store.take(source)
        loaded += _processor() - begun
        begun = _processor()
        done = consolidation.consolidate([], lake, store, monthly=False, today=DAY)
        reckoned += _processor() - begun
        assert len(done.contracts) == len(fresh), done.refused
        costs.append((loaded + reckoned) / size)
        yield _told(size, "packages loaded, signatures verified", loaded, LOAD_SECONDS_MAX * size / SIZES[-1])
        yield _told(size, "one day reckoned and written", reckoned, REVIEW_SECONDS_MAX * size / SIZES[-1])
        begun = _processor()
        _act(sources[0])
        consolidation.consolidate([sources[0]], lake, store, monthly=False, today=DAY)
        yield _told(size, "one officer's new act in the tables", _processor() - begun, ACT_SECONDS_MAX)
        yield _told(size, "memory", _memory_gib(), MEMORY_GIB_MAX, "GiB")
    if len(costs) > 1:
        yield _told(
            sizes[-1], f"cost of one contract, against {sizes[0]}", costs[-1] / costs[0], UNEVEN_MAX, "times"
        )


def _base(folder: Path, number: int) -> Path:
    """The base of one officer, with one contract of 300 objectives and ten thousand figures."""
    home = folder / f"agent-{number}"
    home.mkdir()
    path = home / "base.db"
    with opening.create(path, identity=Identity(home / "id")) as base, quickened(base):
        take_in(base, [_sound(dossier(number, ONE_CONTRACT.objectives, ONE_CONTRACT.measurements), number)])
    return path


def _sound(made: Dossier, number: int) -> Dossier:
    """The contract as a package may bring it: a SIREN whose key is right, nothing added up of parts that are not there."""
    body = f"20{number:06}"
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(body)]
    siren = f"{body}{-sum(value - 9 * (value > 9) for value in doubled) % 10}"
    parents = {item.parent for item in made.objectives}
    return replace(
        made,
        territories=tuple(
            replace(item, code=siren) if item.level == Level.EPCI else item for item in made.territories
        ),
        objectives=tuple(
            item if item.key in parents else replace(item, aggregation=Aggregation.AUCUN)
            for item in made.objectives
        ),
    )


def _act(path: Path) -> None:
    """One figure more, of a day that the synthetic series do not have."""
    with opening.open_base(path, identity=Identity(path.parent / "id")) as base:
        (contract,) = base.contracts()
        whole = base.dossier(contract.key)
        objective = whole.objectives[0]
        count = len(whole.measurements)
        with base.unit("Relevé") as unit:
            unit.put(Measurement(f"act-{count}", objective.key, objective.territory, DAY, Decimal(count)))


def _processor() -> float:
    """Seconds of processor of this program and of those that it has ended: others that run meanwhile touch them little."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(item.ru_utime + item.ru_stime for item in used)


def _memory_gib() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024**2


def _told(size: int, what: str, found: float, goal: float, unit: str = "s") -> str:
    met = " " if found <= goal else "✗"
    return f"{size:>5} contracts  {what:<44} {found:9.2f} {unit:<5} {met} ≤ {goal:g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
