"""Officers who write, send, lose, repeat and forge at random: the merging rule by itself, then whole bases and files.

In memory the rule is judged against what each officer had seen when they wrote: a value that nobody who had seen it
wrote over must still be among the heads of its cell, and what is shown is one of them.
"""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from qpvdesk.storage import clock
from qpvdesk.storage.exchange import disagreements
from tests.faults import bench
from tests.unit.storage import samples, test_replicas

_MEMORY = Path("/dev/shm")
_OFFICERS = 5
_STEPS = 18
_EVENTS = (*("write",) * 8, *("send",) * 4, *("bring",) * 8, "settle", "jump", "keep", "back")

_Place = tuple[int, int]
"""An author, and the sequence of their operation."""


class _Operation(NamedTuple):
    hlc: int
    place: _Place
    written: disagreements._Written
    seen: frozenset[_Place]
    """What its writer knew of the cell."""


class _Officer:
    """What one knows of one cell, and the clock of their laptop."""

    def __init__(self, author: int, ahead: timedelta) -> None:
        self.author, self.now, self.seq = author, samples.NOON + ahead, 0
        self.known: dict[_Place, _Operation] = {}
        self.copy: dict[_Place, _Operation] = {}

    def in_order(self) -> list[_Operation]:
        return sorted(self.known.values())

    def heads(self) -> list[disagreements._Written]:
        """Return the values that nothing replaces, as the product finds them, the one that is shown first."""
        return disagreements._heads([operation.written for operation in self.in_order()])

    def write(self, value: str, parent: _Place | None) -> None:
        self.seq += 1
        self.now += timedelta(seconds=1)
        last = max((operation.hlc for operation in self.known.values()), default=0)
        place = (self.author, self.seq)
        written = disagreements._Written(
            value, self.author, self.seq, "", "", parent, programme=False, act=f"{self.author}:{self.seq}"
        )
        self.known[place] = _Operation(clock.tick(self.now, last), place, written, frozenset(self.known))


def in_memory(_folder: Path, tries: int, seed: int) -> bench.Outcome:
    """The merging rule alone, under disorder, loss, repetition, clocks that jump and old copies put back."""
    chance, outcome = random.Random(seed), bench.Outcome("schedule, in memory")
    for _ in range(tries):
        outcome.tries += 1
        officers = _played(chance)
        everything: dict[_Place, _Operation] = {}
        for officer in officers:
            everything |= officer.known
        outcome.kept += len(everything)
        shown = set()
        for officer in officers:
            # Each in an order of their own.
            arrived = [*officer.known.items(), *(set(everything.items()) - set(officer.known.items()))]
            officer.known = dict(arrived)
            shown.add(tuple(officer.heads()))
        outcome.half += len(shown) > 1
        outcome.lost += _lost(everything, officers[0])
    return outcome


def _played(chance: random.Random) -> list[_Officer]:
    officers = [
        _Officer(number, timedelta(minutes=chance.randrange(-600, 600))) for number in range(_OFFICERS)
    ]
    authors = _OFFICERS
    sent: list[dict[_Place, _Operation]] = []
    for number in range(_STEPS):
        officer = chance.choice(officers)
        match chance.choice(_EVENTS):
            case "write":
                heads = officer.heads()
                officer.write(str(number), (heads[0].author, heads[0].seq) if heads else None)
            case "settle":
                heads = officer.heads()
                if len(heads) > 1:
                    chosen = chance.choice(heads).value
                    for head in heads:
                        officer.write(chosen or "", (head.author, head.seq))
            case "send":
                sent.append(dict(officer.known))
            case "bring" if sent:
                # Late, twice or never: none is taken off the heap.
                officer.known |= chance.choice(sent)
            case "jump":
                officer.now += timedelta(days=chance.randrange(-900, 900))
            case "keep":
                officer.copy = dict(officer.known)
            case "back":
                # Whoever goes on with an older copy goes on as another author.
                officer.known, officer.author, officer.seq = dict(officer.copy), authors, 0
                authors += 1
    return officers


def _lost(everything: dict[_Place, _Operation], officer: _Officer) -> int:
    """Count what is no head though nobody who wrote later had seen it, and a value that is shown and is no head."""
    heads = officer.heads()
    if not heads:
        return int(bool(everything))
    places = {(head.author, head.seq) for head in heads}
    seen = frozenset[_Place]().union(*(operation.seen for operation in everything.values()))
    silent = sum(place not in places and place not in seen for place in everything)
    return silent + (officer.in_order()[-1].place != (heads[0].author, heads[0].seq))


def through_bases(_folder: Path, tries: int, seed: int) -> bench.Outcome:
    """Three to five officers with bases, files, keys and packages, some sealed, some forged or come twice.

    No power is cut here, so that the files lie in memory where the system has room there: a flush costs nothing.
    """
    chance, outcome = random.Random(seed), bench.Outcome("schedule, bases and files")
    place = _MEMORY if _MEMORY.is_dir() else None
    for _ in range(tries):
        outcome.tries += 1
        try:
            happened = test_replicas.schedule(chance.randrange(2**32), 20, place)
        except AssertionError:
            outcome.lost += 1
        else:
            outcome.kept += happened["act"]
    return outcome
