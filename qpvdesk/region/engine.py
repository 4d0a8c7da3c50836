"""Reckoning through time: contracts × days, on a pool of this machine or on a Dask cluster that is already there.

A task is one contract on a few days. What it returns is the same wherever it ran: `Desk.review` is what reckons.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.region.results import results
from qpvdesk.region.tables import TABLES, Results
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening

_DAYS = 24
"""How many days a task takes: opening and reading a base costs about two of them."""
_RETRIES = 3
_PATIENCE = 5
"""Seconds that a scheduler is waited for."""


class Task(Struct, frozen=True):
    """A contract on some days. `content`: the base itself, for a machine that does not see its file."""

    path: Path
    contract: str
    """Its code."""
    days: tuple[date, ...]
    content: bytes | None = None


def reckon(task: Task) -> Results:
    """Reckon one task. Raises `UserError`."""
    if task.content is None:
        return _reckoned(task.path, task)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / task.path.name
        durable.write(path, task.content, private=True, flushed=False)
        return _reckoned(path, task)


def _reckoned(path: Path, task: Task) -> Results:
    with opening.open_base(path, read_only=True) as base:
        return results(Desk(base, today=date.today), task.contract, task.days)


def tasks(path: Path, contract: str, days: Iterable[date]) -> Iterator[Task]:
    """Cut the days of a contract into tasks, the earliest first."""
    ordered = sorted(set(days))
    for start in range(0, len(ordered), _DAYS):
        yield Task(path, contract, tuple(ordered[start : start + _DAYS]))


def reckon_all(works: Sequence[Task], engine: str | None = None) -> Iterator[Results]:
    """Yield what each task gives, in their order. `engine`: the address of a Dask scheduler; None: this machine.

    Raises `UserError` where the engine cannot be reached or a task fails; what was yielded before is whole.
    """
    if engine is not None:
        yield from _on_dask(works, engine)
    elif len(works) < 2:
        yield from map(reckon, works)
    else:
        yield from _on_this_machine(works)


def _on_this_machine(works: Sequence[Task]) -> Iterator[Results]:
    try:
        with ProcessPoolExecutor(min(len(works), os.cpu_count() or 1)) as pool:
            yield from pool.map(reckon, works)
    except BrokenProcessPool as error:
        raise UserError(
            "Un calcul s’est arrêté avant sa fin. Ce qui était déjà consolidé est gardé.",
            "Recommencez\u202f: seul ce qui manque sera calculé.",
        ) from error


def _on_dask(works: Sequence[Task], engine: str) -> Iterator[Results]:
    from distributed import Client  # noqa: PLC0415 - 400 ms, a cluster alone needs it

    try:
        with Client(engine, timeout=_PATIENCE) as client:
            sent = [Task(item.path, item.contract, item.days, item.path.read_bytes()) for item in works]
            # A worker that dies is another's work: the scheduler gives its tasks again.
            for future in client.map(reckon, sent, retries=_RETRIES, pure=False):
                yield future.result()
    except OSError as error:
        raise UserError(
            f"Le moteur de calcul «\u202f{engine}\u202f» ne répond pas. Ce qui était déjà consolidé est gardé.",
            "Vérifiez son adresse, ou calculez sur ce poste, sans «\u202f--moteur\u202f».",
        ) from error


def joined(parts: Iterable[Results]) -> Results:
    """Join what the tasks of one contract gave: dated rows one after the other, the others as the last day has them."""
    found: Results = {table.name: [] for table in TABLES}
    for part in parts:
        for table in TABLES:
            rows = part[table.name]
            found[table.name] = [*found[table.name], *rows] if table.dated else rows
    return found
