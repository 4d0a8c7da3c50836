"""Processes of this machine that share a work: what comes back is the same, in the same order, whoever did it."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

from qpvdesk.domain.errors import UserError

T = TypeVar("T")
R = TypeVar("R")

PROCESSES = os.cpu_count() or 1
AHEAD = 2 * PROCESSES
"""How many tasks are given out before the first is back: what is not asked for yet would only fill the memory."""
_DEATHS_MAX = 3


def in_order(work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    """Yield what `work` makes of each task. What a process that dies was doing is done again by others.

    Raises `UserError` where they die again and again, and what `work` raises; what was yielded before is whole.
    """
    coming = iter(tasks)
    given: deque[T] = deque(islice(coming, AHEAD))
    deaths = 0
    if len(given) < 2:
        yield from map(work, given)
        return
    while given:
        try:
            with ProcessPoolExecutor(min(len(given), PROCESSES)) as pool:
                futures: deque[Future[R]] = deque(pool.submit(_uncollected, work, task) for task in given)
                while futures:
                    found = futures[0].result()
                    given.popleft()
                    futures.popleft()
                    for task in islice(coming, 1):
                        given.append(task)
                        futures.append(pool.submit(_uncollected, work, task))
                    yield found
        except BrokenProcessPool as error:
            deaths += 1
            if deaths > _DEATHS_MAX:
                raise UserError(
                    "Un calcul s’est arrêté avant sa fin, plusieurs fois. Ce qui était déjà consolidé est gardé.",
                    "Fermez d’autres programmes, puis recommencez\u202f: seul ce qui manque sera calculé.",
                ) from error


def _uncollected(work: Callable[[T], R], task: T) -> R:
    """Do a task, which makes many objects and drops few: the collector would only walk them, for a twentieth of the time."""
    gc.disable()
    try:
        return work(task)
    finally:
        gc.enable()
