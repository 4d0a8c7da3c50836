"""Reckoning through time: contracts × days, on a pool of this machine or on a Dask cluster that is already there.

A task is one contract on a few days. What it returns is the same wherever it ran: `Desk.review` is what reckons.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.region import pool
from qpvdesk.region.results import results
from qpvdesk.region.tables import TABLES, Results
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from qpvdesk.storage.refusals import explaining

_DAYS = 24
"""How many days a task takes: opening and reading a base costs about two of them."""
_RETRIES = 3
_PATIENCE = 5
"""Seconds that a scheduler is waited for."""


class Task(Struct, frozen=True):
    """A contract on some days."""

    path: Path
    contract: str
    """Its code."""
    days: tuple[date, ...]


def reckon(task: Task) -> Results:
    """Reckon one task. Raises `UserError` where its base cannot be opened or read."""
    with explaining(task.path), opening.open_base(task.path, read_only=True) as base:
        return results(Desk(base, today=date.today), task.contract, task.days)


def attempt(task: Task) -> Results | UserError:
    """Reckon one task, or say why its base cannot be read."""
    try:
        return reckon(task)
    except UserError as error:
        return error


def _attempt_sent(task: Task, content: bytes) -> Results | UserError:
    """Reckon one task on a machine that does not see its base, which was sent."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / task.path.name
        durable.write(path, content, private=True, flushed=False)
        return attempt(replace(task, path=path))


def tasks(path: Path, contract: str, days: Iterable[date]) -> Iterator[Task]:
    """Cut the days of a contract into tasks, the earliest first."""
    ordered = sorted(set(days))
    for start in range(0, len(ordered), _DAYS):
        yield Task(path, contract, tuple(ordered[start : start + _DAYS]))


def attempt_all(works: Sequence[Task], engine: str | None = None) -> Iterator[Results | UserError]:
    """Yield what each task gives or why its base cannot be read, in their order. `engine`: the address of a Dask scheduler;
    None: this machine.

    Raises `UserError` where the engine cannot be reached or dies; what was yielded before is whole.
    """
    if engine is not None:
        yield from _on_dask(works, engine)
    else:
        yield from pool.in_order(attempt, works)


def _on_dask(works: Sequence[Task], engine: str) -> Iterator[Results | UserError]:
    from distributed import Client, KilledWorker  # noqa: PLC0415 - 400 ms, a cluster alone needs it

    try:
        client = Client(engine, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise _silent(engine) from error
    try:
        with client:
            # Each base goes once, whatever the number of its tasks.
            contents = {path: client.scatter(path.read_bytes()) for path in {item.path for item in works}}
            futures = [
                # A worker that dies is another's work: the scheduler gives its tasks again.
                client.submit(_attempt_sent, item, contents[item.path], retries=_RETRIES, pure=False)
                for item in works
            ]
            for future in futures:
                yield future.result()
    except (OSError, KilledWorker) as error:
        raise _silent(engine) from error


def _silent(engine: str) -> UserError:
    return UserError(
        f"Le moteur de calcul «\u202f{engine}\u202f» ne répond pas. Ce qui était déjà consolidé est gardé.",
        "Vérifiez son adresse, ou calculez sur ce poste, sans «\u202f--moteur\u202f».",
    )


def joined(parts: Iterable[Results | UserError]) -> Results:
    """Join what the tasks of one contract gave: dated rows one after the other, the others as the last day has them.

    Raises the `UserError` that one of them gave.
    """
    found: Results = {table.name: [] for table in TABLES}
    for part in parts:
        if isinstance(part, UserError):
            raise part
        for table in TABLES:
            rows = part[table.name]
            found[table.name] = [*found[table.name], *rows] if table.dated else rows
    return found
