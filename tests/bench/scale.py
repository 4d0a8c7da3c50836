"""The goals of the region: packages of many officers loaded, one day reckoned, memory, a new act; at three sizes.

`make bench BENCH=--large` runs it in the environment of the extra (`tests.region`); alone and smaller:
`.venv-region/bin/python -m tests.bench.scale 10 30`. A package takes longer to make than to load: `--kept FOLDER` makes
those that are not there yet and leaves them for another time, `--made` does that alone. Each contract is the package of an
officer of its own, who signed every act; the smallest series alone tells nothing of the largest: the cost of one contract
at each is compared.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain.model import Aggregation, Dossier, Level, Measurement
from qpvdesk.region import consolidation, pool
from qpvdesk.region.parquet import Lake
from qpvdesk.region.store import Entrepot
from qpvdesk.storage import opening
from qpvdesk.storage.exchange import packages
from qpvdesk.storage.exchange.ledger import OperationLine
from qpvdesk.storage.identity import Identity, key_fingerprint
from tests.bench.bases import quickened, take_in
from tests.bench.measure import Action, Cost
from tests.bench.synthetic import ONE_CONTRACT, dossier

SIZES = (90, 300, 900)
DAY = date(2026, 9, 30)
ACT_FIGURES = 4
"""Nine hundred contracts of ten thousand figures are then two million signed acts."""
HELD = 30
"""How many packages lie on the disk at once."""
LOAD_SECONDS_MAX, REVIEW_SECONDS_MAX, ACT_SECONDS_MAX, MEMORY_GIB_MAX = 1200, 180, 5, 2
"""Seconds of processor: two cores load in ten minutes and reckon a day in ninety seconds."""
UNEVEN_MAX = 1.25
"""How much more one contract may cost at the largest size than at the smallest: the cost is linear."""


def main(arguments: list[str]) -> int:
    """Print a line for each goal at each size."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--kept", type=Path, help="where packages are kept from one time to another")
    parser.add_argument("--made", action="store_true", help="make the packages, and no more")
    asked = parser.parse_args(arguments)
    sizes = sorted(asked.sizes)
    with tempfile.TemporaryDirectory(prefix="qpvdesk-scale-") as name:
        folder = Path(name)
        if asked.made:
            os.environ["QPVDESK_DOSSIER"] = name
            for _ in pool.in_order(partial(_sent, asked.kept), range(sizes[-1])):
                pass
            return 0
        for line in lines(folder, sizes, kept=asked.kept):
            print(line, flush=True)
    return 0


def lines(folder: Path, sizes: Sequence[int], *, kept: Path | None = None) -> Iterator[str]:
    """Yield what is measured, the smallest size first; each size takes in what the one before did not."""
    os.environ["QPVDESK_DOSSIER"] = str(folder)
    accepted: list[str] = []
    store = Entrepot(folder / "entrepot", accepted=accepted)
    lake = _Timed(folder / "lac")
    made = 0
    loaded, reckoned = Cost(0, 0), Cost(0, 0)
    costs: list[float] = []
    for size in sizes:
        for start in range(made, size, HELD):
            numbers = range(start, min(start + HELD, size))
            sent = list(pool.in_order(partial(_sent, kept or folder), numbers))
            accepted += [key_fingerprint(Identity(path.parent / "id").public) for path in sent]
            loaded += _spent(lambda sent=sent: _all_taken(store, sent))  # type: ignore[misc]
            if kept is None:
                for path in sent:
                    path.unlink()
        # What is copied of the journals is loading, not reckoning.
        lake.followed = Cost(0, 0)
        day = _spent(lambda: consolidation.consolidate([], lake, store, monthly=False, today=DAY))
        loaded += lake.followed
        reckoned += Cost(day.processor - lake.followed.processor, day.wall - lake.followed.wall)
        made = size
        costs.append((loaded.processor + reckoned.processor) / size)
        share = size / SIZES[-1]
        yield _told(size, "packages loaded, signatures verified", loaded, LOAD_SECONDS_MAX * share)
        yield _told(size, "one day reckoned and written", reckoned, REVIEW_SECONDS_MAX * share)
        news = _acted((kept or folder) / "agent-0" / "base.db", folder / "nouvelle.paquet")
        act = _spent(lambda: consolidation.consolidate([news], lake, store, monthly=False, today=DAY))  # noqa: B023
        yield _told(size, "one officer's new act in the tables", act, ACT_SECONDS_MAX)
        yield _line(size, "memory", _memory_gib(), MEMORY_GIB_MAX, "GiB")
    if len(costs) > 1:
        what = f"cost of one contract, against {sizes[0]}"
        yield _line(sizes[-1], what, costs[-1] / costs[0], UNEVEN_MAX, "times")


class _Timed(Lake):
    """A lake that tells what copying journals into it cost."""

    followed = Cost(0, 0)

    def follow(self, family: str, operations: Callable[[dict[str, int]], Iterable[OperationLine]]) -> None:
        """See `Lake`."""
        self.followed += _spent(lambda: super(_Timed, self).follow(family, operations))


def _all_taken(store: Entrepot, sent: Sequence[Path]) -> None:
    refused = store.take_all(sent)
    assert not refused, refused


def _sent(folder: Path, number: int) -> Path:
    """The package of one officer, with one contract of 300 objectives and ten thousand figures, four an act."""
    home = folder / f"agent-{number}"
    sent = home / "envoi.paquet"
    if sent.exists():
        return sent
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    path = home / "base.db"
    made = _sound(dossier(number, ONE_CONTRACT.objectives, ONE_CONTRACT.measurements), number)
    with opening.create(path, identity=Identity(home / "id")) as base, quickened(base):
        take_in(base, [replace(made, measurements=())])
        for at in range(0, len(made.measurements), ACT_FIGURES):
            with base.unit("Relevés") as unit:
                unit.put_all(made.measurements[at : at + ACT_FIGURES])
    _packed(path, sent)
    if number:
        path.unlink()
    return sent


def _packed(path: Path, target: Path) -> Path:
    with opening.open_base(path, identity=Identity(path.parent / "id")) as base:
        durable.write(target, packages.write(base)[0])
    return target


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


def _acted(path: Path, sent: Path) -> Path:
    """Record one figure more, of a day that the synthetic series do not have; return what the officer then sends."""
    with opening.open_base(path, identity=Identity(path.parent / "id")) as base:
        (contract,) = base.contracts()
        whole = base.dossier(contract.key)
        objective = whole.objectives[0]
        count = len(whole.measurements)
        with base.unit("Relevé") as unit:
            unit.put(Measurement(f"act-{count}", objective.key, objective.territory, DAY, Decimal(count)))
    return _packed(path, sent)


def _spent(action: Action) -> Cost:
    """What an action costs, with what the processes that it starts cost, their collector as they have it."""
    wall, processor = time.perf_counter(), _processor()
    action()
    return Cost(_processor() - processor, time.perf_counter() - wall)


def _processor() -> float:
    used = [resource.getrusage(kind) for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def _memory_gib() -> float:
    """This process at its largest, and as many as work beside it of the largest of those."""
    own, largest = (
        resource.getrusage(kind).ru_maxrss for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return (own + pool.PROCESSES * largest) / 1024**2


def _told(size: int, what: str, cost: Cost, goal: float) -> str:
    return f"{_line(size, what, cost.processor, goal, 's')} ({cost.wall:.0f} s on the wall)"


def _line(size: int, what: str, found: float, goal: float, unit: str) -> str:
    met = " " if found <= goal else "✗"
    return f"{size:>5} contracts  {what:<44} {found:9.2f} {unit:<5} {met} ≤ {goal:g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
