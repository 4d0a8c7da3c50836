"""Officers who write, send and put old copies back at random: all end alike, nothing is lost, forged or silent.

What was done is a set of acts that only grows: the union of what reached each. The model below is that set and nothing
else; the bases, their journals, packages and keys must agree with it.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import lock, maintenance, opening, starter
from qpvdesk.storage.authors import public_of
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import resealing, sealing
from qpvdesk.storage.connection import prepared
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.exchange.consent import Consent
from qpvdesk.storage.exchange.package import Package
from qpvdesk.storage.identity import Identity
from tests.unit.storage import samples

ACTS = "SELECT t.key FROM act t JOIN author a ON a.id = t.author WHERE substr(a.uid, 1, 8) <> 'starter:'"

EVENTS = {"act": 9, "send": 5, "bring": 7, "forge": 3, "keep": 1, "back": 1}
"""What happens, and how often."""
MISSING = "Il manque un paquet de"
"""What a package that came before another is refused with; nothing else refuses one that is as it was written."""


@cache
def first_base(*, sealed: bool) -> bytes:
    """Return the file that all begin from, in clear or under a passphrase."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "base.db"
        with opening.create(path, identity=Identity(Path(name) / "identite")) as base:
            starter.import_starter(base, samples.dossier())
        if sealed:
            resealing.reseal(path, sealing.fresh_key("une phrase assez longue"))
        return path.read_bytes()


class Replica:
    """One officer, their folder, their base, and a copy of it that they kept some day."""

    def __init__(self, folder: Path, name: str, ahead: timedelta, *, sealed: bool = False) -> None:
        self.path, self.name = folder / f"{name}.db", name
        self.identity = Identity(folder / f"{name}.identite")
        self.clock = samples.Ticking(samples.NOON + ahead)
        self.path.write_bytes(first_base(sealed=sealed))
        # All begin from one file: it is not looked through again for each.
        connection, held = prepared(self.path, "rw"), lock.acquire(self.path, wait=1.0)
        self.base = Database(self.path, connection, clock=self.clock, base_lock=held, identity=self.identity)
        self.base.sign(name)
        self.acts: set[str] = set()
        self.copy: tuple[bytes, set[str]] | None = None
        self.sent: package.Vector = {}
        self.chain: tuple[str | None, set[str]] = (None, set())

    def held(self) -> set[str]:
        """Return the acts that the journal has."""
        return {row[0] for row in self.base.connection.execute(ACTS)}

    def remember(self) -> None:
        """Note the acts of the chain that the officer is on, as their folder does."""
        uid = self.identity.chains(self.base.authors.identifier).uid
        rows = self.base.connection.execute(
            "SELECT t.key FROM act t JOIN author a ON a.id = t.author WHERE a.uid IN (?, ? || ':note')",
            (uid, uid),
        )
        acts = {row[0] for row in rows}
        self.chain = (uid, acts | (self.chain[1] if self.chain[0] == uid else set()))

    def keep(self) -> None:
        """Copy the file aside."""
        self.base.close()
        self.copy = (self.path.read_bytes(), set(self.acts))
        self.reopen()

    def put_back(self) -> None:
        """Put the old copy in the place of the base, by hand; what it lacks is said."""
        if self.copy is None:
            return
        self.base.close()
        content, self.acts = self.copy[0], set(self.copy[1])
        self.path.write_bytes(content)
        self.reopen()
        assert self.base.authors.missing() == len(self.chain[1] - self.held())

    def reopen(self) -> None:
        """Open the base again."""
        self.base = opening.open_base(self.path, clock=self.clock, identity=self.identity)
        self.base.sign(self.name)


def act(replica: Replica, number: int, chance: random.Random) -> None:
    """Do something to a figure or an objective."""
    base = replica.base
    held = base.dossier("contract1")
    with suppress(UserError), base.unit(f"{replica.name}{number}") as unit:
        match chance.randrange(5):
            case 0:
                unit.put(replace(samples.MEASUREMENT, key=f"{replica.name}{number}", value=Decimal(number)))
            case 1:
                unit.put(replace(held.objectives[0], note=f"{replica.name}{number}"))
            case 2 if len(held.measurements) > 1:
                unit.remove(chance.choice(held.measurements))
            case _ if held.measurements:
                unit.put(replace(chance.choice(held.measurements), value=Decimal(number)))
    if chance.random() < 0.2:
        with suppress(UserError):
            base.undo()
    replica.acts |= replica.held()


def take(base: Database, brought: Package) -> None:
    """Merge a package, whose keys have all been compared by telephone."""
    keys = {public_of(author.uid) for author in brought.authors} | {brought.public}
    packages.merge(base, brought, consent=Consent(frozenset(key for key in keys if key)))


def forged(brought: Package, chance: random.Random) -> Package:
    """Change one operation, or one act, of somebody's."""
    place = chance.randrange(len(brought.operations))
    item = brought.operations[place]
    match chance.randrange(4):
        case 0:
            changed = replace(item, hlc=item.hlc + 1)
        case 1:
            changed = replace(item, key=item.key + "x")
        case 2:
            changed = replace(item, value="[]" if item.field == "" else "12")
        case _:
            last = max(other.seq for other in brought.operations if other.author == item.author)
            extra = replace(item, seq=last + 1)
            return replace(brought, operations=(*brought.operations, extra))
    if changed == item:
        changed = replace(item, hlc=item.hlc + 2)
    operations = (*brought.operations[:place], changed, *brought.operations[place + 1 :])
    return replace(brought, operations=operations)


def schedule(seed: int, steps: int, place: Path | None = None) -> Counter[str]:
    """Play one schedule in a folder (None: the system's own) and check how it ends; return what happened in it."""
    happened: Counter[str]
    chance, happened = random.Random(seed), Counter()
    with ExitStack() as stack, tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        replicas = []
        for officer in "ABCDE"[: chance.randrange(3, 6)]:
            # The second keeps theirs under a passphrase.
            ahead = timedelta(minutes=chance.randrange(-600, 600))
            replicas.append(Replica(folder, officer, ahead, sealed=officer == "B"))
            stack.callback(lambda replica=replicas[-1]: replica.base.close())
        sent: list[bytes] = []
        for number in range(steps):
            replica = chance.choice(replicas)
            what = chance.choices(tuple(EVENTS), tuple(EVENTS.values()))[0]
            happened[what] += 1
            match what:
                case "act":
                    act(replica, number, chance)
                case "send":
                    # Sometimes only what was not sent yet: it may come before what it follows, or without it.
                    beyond = replica.sent if chance.random() < 0.5 else None
                    sent.append(packages.write(replica.base, beyond)[0])
                    replica.sent = package.vector(replica.base.connection)
                case "bring" if sent:
                    # Late, twice or never: none is taken off the heap.
                    brought = package.read(chance.choice(sent), "paquet")
                    before = replica.held()
                    try:
                        take(replica.base, brought)
                        replica.acts |= {
                            act.key for act in brought.acts if not act.author.startswith("starter:")
                        }
                    except UserError as error:
                        happened[error.message[:22]] += 1
                        assert replica.held() == before
                    # The merging itself may bring back what somebody still worked on.
                    replica.acts |= replica.held()
                case "forge" if sent:
                    brought = package.read(chance.choice(sent), "paquet")
                    if brought.operations:
                        before = replica.held()
                        with pytest.raises(UserError, match="Rien n’a été fusionné"):
                            take(replica.base, forged(brought, chance))
                        assert replica.held() == before
                case "keep":
                    replica.keep()
                case "back":
                    replica.put_back()
            replica.remember()
            assert replica.held() == replica.acts
        meet(replicas)
    assert set(happened) <= {*EVENTS, MISSING}
    return happened


def meet(replicas: list[Replica]) -> None:
    """Have all exchange by way of the first until they hold the same, then compare."""
    everything = set().union(*(replica.acts for replica in replicas))
    hub, *others = replicas
    for _ in range(len(replicas) + 3):
        for other in others:
            take(hub.base, package.read(packages.write(other.base)[0], "paquet"))
        everybody = package.read(packages.write(hub.base)[0], "paquet")
        for other in others:
            take(other.base, everybody)
        if len({frozenset(package.vector(replica.base.connection).items()) for replica in replicas}) == 1:
            break
    else:
        raise AssertionError("they never agree")
    ends = []
    for replica in replicas:
        assert replica.held() >= everything
        assert maintenance.check(replica.base) == []
        base = replica.base
        vector = package.vector(base.connection)
        ends.append((base.dossier("contract1"), packages.disagreements(base), vector))
    assert all(end == ends[0] for end in ends)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_happens_on_the_way_all_end_alike_and_nothing_is_lost(seed: int) -> None:
    schedule(seed, 40)


def test_a_schedule_holds_all_that_can_go_wrong() -> None:
    happened = schedule(7, 90)
    assert happened.keys() >= {"act", "send", "bring", "forge", "keep", "back", MISSING}


def test_what_an_old_copy_goes_on_from_is_asked_for_by_the_name_of_who_sent_it(tmp_path: Path) -> None:
    one, other = (Replica(tmp_path, name, timedelta()) for name in ("Camille", "Dominique"))
    figure = replace(samples.MEASUREMENT, key="n1")
    with one.base.unit("n1") as unit:
        unit.put(figure)
    one.remember()
    one.keep()
    with one.base.unit("n2") as unit:
        unit.put(replace(figure, key="n2", day=figure.day - timedelta(days=1)))
    one.remember()
    sent = package.vector(one.base.connection)
    one.put_back()
    with one.base.unit("n1 corrigé") as unit:
        unit.put(replace(figure, value=Decimal(16)))
    try:
        part = package.read(packages.write(one.base, sent)[0], "paquet")
        with pytest.raises(UserError, match=f"{MISSING} Camille.*Rien n’a été fusionné"):
            take(other.base, part)
        take(other.base, package.read(packages.write(one.base)[0], "paquet"))
        held = other.base.dossier("contract1").measurements
        assert [each.value for each in held if each.key == "n1"] == [Decimal(16)]
    finally:
        one.base.close()
        other.base.close()
