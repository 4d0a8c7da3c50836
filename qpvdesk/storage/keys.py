"""Keys of entities and acts: unique in the world, and sorted by the moment they were made.

A key has the layout of a UUID version 7: 48 bits of milliseconds, then chance. Two keys made by one process within
a millisecond still sort in the order they were made, because the dossier keeps the last recorded of a day by key.
"""

from __future__ import annotations

import os
import threading
import time

_STARTER = "6f1d2f0e-7a53-5c3e-9d4b-51505644e001"
_CHANCE_BYTES, _DRAWN_KEYS = 9, 32
_lock = threading.Lock()
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
    """Return a new key, greater than every key this process made before."""
    global _last, _drawn
    # 48 bits of milliseconds and 12 of count make one number that must only grow.
    moment = time.time_ns() // 1_000_000 << 12
    with _lock:
        if not _drawn:
            _drawn = os.urandom(_CHANCE_BYTES * _DRAWN_KEYS)
        chance, _drawn = int.from_bytes(_drawn[:_CHANCE_BYTES]), _drawn[_CHANCE_BYTES:]
        _last = max(moment | chance >> 64, _last + 1)
        stamp = _last
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
