"""Keys of entities and acts: unique in the world, and sorted by the moment they were made.

A key has the layout of a UUID version 7: 48 bits of milliseconds, then chance. Two keys made by one process within
a millisecond still sort in the order they were made, because the dossier keeps the last recorded of a day by key.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import datetime

_STARTER = "6f1d2f0e-7a53-5c3e-9d4b-51505644e001"
_CHANCE_BYTES, _DRAWN_KEYS = 9, 32
_LAID_OUT = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7([0-9a-f]{3})-[0-9a-f]{4}-[0-9a-f]{12}\Z")
"""A key of ours: its milliseconds and its count in the groups; one from elsewhere may be anything."""
_lock = threading.Lock()
_derived = threading.local()
"""Its `keys`, where the keys of a thread follow from something else than chance: see `derived`."""
_last = 0
_drawn = b""
"""Chance for the next keys: the system is asked once for many, which a file of 20 000 figures feels."""


def _forget_drawn() -> None:
    """Leave to the parent what it drew: a forked process that kept it would make the same keys."""
    global _drawn
    _drawn = b""


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_drawn)


def new_key() -> str:
    """Return a new key of an entity, greater than every key this process made before; see `derived`."""
    keys: Iterator[str] | None = getattr(_derived, "keys", None)
    return new_act_key() if keys is None else next(keys)


def new_act_key() -> str:
    """Return a new key of an act, which is of one author alone."""
    global _last, _drawn
    # 48 bits of milliseconds and 12 of count make one number that must only grow.
    moment = time.time_ns() // 1_000_000 << 12
    with _lock:
        if not _drawn:
            _drawn = os.urandom(_CHANCE_BYTES * _DRAWN_KEYS)
        chance, _drawn = int.from_bytes(_drawn[:_CHANCE_BYTES]), _drawn[_CHANCE_BYTES:]
        _last = max(moment | chance >> 64, _last + 1)
        stamp = _last
    return _key(stamp, chance)


def later_key(other: str) -> str:
    """Return a new key of an entity that sorts after that one too: the clock may have been ahead when that was made.

    The keys that are made next are of their own moment again.
    """
    key = new_key()
    found = _LAID_OUT.match(other)
    if key > other or found is None:
        return key
    return _key(int("".join(found.groups()), 16) + 1, int(key.replace("-", "")[16:], 16))


@contextlib.contextmanager
def derived(moment: datetime, seed: str) -> Iterator[None]:
    """Let the keys of entities that this thread makes in the block follow from a moment and a seed alone.

    They still sort in the order they were made, and are the same on every laptop.
    """
    _derived.keys = _following(int(moment.timestamp() * 1000) << 12, seed)
    try:
        yield
    finally:
        _derived.keys = None


def _following(stamp: int, seed: str) -> Iterator[str]:
    import hashlib  # noqa: PLC0415 - 6 ms, an example alone needs it

    while True:
        stamp += 1
        yield _key(stamp, int.from_bytes(hashlib.sha256(f"{seed}:{stamp}".encode()).digest()))


def _key(stamp: int, chance: int) -> str:
    chance &= (1 << 62) - 1
    number = (stamp >> 12 & (1 << 48) - 1) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | chance
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def link_key(part: str, whole: str) -> str:
    """Return the key of the link of two places: the same wherever it is made."""
    return starter_key(f"territory_link:{part}:{whole}")


def starter_key(name: str) -> str:
    """Return the key of an item of a starter contract: the same on every laptop, so that packages agree."""
    import uuid  # noqa: PLC0415 - 17 ms, a new base alone needs it

    return str(uuid.uuid5(uuid.UUID(_STARTER), name))
