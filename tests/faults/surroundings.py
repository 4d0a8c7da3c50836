"""Faults of what surrounds a base: a disk that refuses, the window that is killed, an old copy, a clock, a laptop that
sleeps, a package that was made to harm."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import freshness, lock, maintenance, opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import restore
from qpvdesk.storage.connection import journal_of
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.exchange.consent import Consent
from qpvdesk.storage.identity import Identity
from tests.faults import bench, disk, worker
from tests.unit.storage import samples, test_package

_LINUX = sys.platform.startswith("linux")
_REFUSALS = (("write", disk.FULL, "plein"), ("write", disk.IO_WRITE, ""), ("sync", disk.IO_SYNC, ""))


def refusing_disk(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """The live base meets ENOSPC, or EIO at a write or a flush, half of a write being done: the act is refused in words
    and leaves nothing; the next one is kept."""
    chance, made, path = (
        random.Random(seed),
        bench.Outcome("disk that refuses, live base"),
        bench.starter(folder),
    )
    number, held = 0, set[int]()
    for attempt in made.attempts(tries):
        kind, code, words = _REFUSALS[attempt % len(_REFUSALS)]
        with disk.watched(folder) as seen, opening.open_base(path) as base:
            seen.refuse(kind, chance.randrange(40 if kind == "write" else 8), code)
            for _ in range(60):
                number += 1
                try:
                    worker.put(base, number)
                except UserError as error:
                    made.undetected += words not in error.message
                    break
                held.add(number)
            else:
                made.undetected += 1
            seen.allow()
        with opening.open_base(path) as base:
            number += 1
            worker.put(base, number)
            held.add(number)
            made.half += not bench.sound(base) or bool(bench.numbers(base) - held)
            made.lost += len(held - bench.numbers(base))
        made.kept = len(held)
    return made


def full_for_good(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """A file system of its own that fills up under the live base, in memory; where none can be mounted, the system's
    limit of the size of a file."""
    chance, made = random.Random(seed), bench.Outcome("file system that fills up")
    for attempt in made.attempts(tries):
        place = folder / str(attempt)
        place.mkdir()
        command = [sys.executable, "-m", "tests.faults.worker", "fill", str(place / "base.db")]
        size = chance.randrange(1200, 2400)
        mounting = f'mount -t tmpfs -o size={size}k none "{place}" && exec "$@"'
        spaces = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounting, "sh"]
        ran = _ran([*spaces, *command, "0"]) if _LINUX and shutil.which("unshare") else None
        if ran is None or "ready" not in ran.stdout:
            ran = _ran([*command, str(size * 1024)])
        told = ran.stdout.split("\n")
        made.kept += sum(line.startswith("kept") for line in told)
        made.undetected += ran.returncode != 0 or not any(line.startswith("refused") for line in told)
        made.half += "unsound" in told
        made.lost += "lost" in told
    return made


def _ran(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def kill_window(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """The window itself, killed between and during the acts that it shows as done."""
    chance, made, told = random.Random(seed), bench.Outcome("kill of the window"), set[int]()
    path = bench.starter(folder)
    act = bench.pace("window", path, 3)
    for attempt in made.attempts(tries):
        said = bench.killed("window", path, attempt * 1000, act * made.stretch * chance.uniform(0, 8))
        told |= {int(line.split()[1]) for line in said}
        made.kept += len(said)
        with opening.open_base(path) as base:
            made.half += not bench.sound(base)
            made.lost += len(told - bench.numbers(base))
    return made


def suspended(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """The laptop sleeps amid the acts: the base stays taken, and whatever was acknowledged before and after is there."""
    chance, made, told = random.Random(seed), bench.Outcome("suspended and woken"), set[int]()
    path = bench.starter(folder)
    for attempt in range(tries):
        made.tries += 1
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", "save", str(path), str(attempt * 100_000)],
            stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            process.stdout.readline()
            lines = [process.stdout.readline() for _ in range(chance.randrange(1, 30))]
            process.send_signal(signal.SIGSTOP)
            try:
                with contextlib.suppress(lock.AlreadyOpenError):
                    opening.open_base(path, wait=0.05).close()
                    made.undetected += 1
                process.send_signal(signal.SIGCONT)
                lines += [process.stdout.readline() for _ in range(chance.randrange(1, 30))]
            finally:
                process.kill()
        told |= {int(line.split()[1]) for line in lines if line.endswith("\n")}
        with opening.open_base(path) as base:
            made.half += not bench.sound(base)
            made.lost += len(told - bench.numbers(base))
    made.kept = len(told)
    return made


def hot_journal(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """A backup is put in the place of a base that a killed act left half-way and that can no longer be read: nothing of
    that act comes back into it."""
    chance, made, path = (
        random.Random(seed),
        bench.Outcome("restore over a hot journal"),
        bench.starter(folder),
    )
    with opening.open_base(path) as base:
        chosen = maintenance.backup(base).path
        wanted = base.dossier("contract1")
        for number in range(1, 40):
            worker.put(base, number)
    place = folder / "vu"
    place.mkdir()
    shutil.copyfile(path, place / path.name)
    with disk.watched(place) as seen, opening.open_base(place / path.name) as base:
        worker.put(base, 40)
        seen.look()
        events = list(seen.events)
    # Just before the journal is emptied: the base has the new pages, and the journal the old ones.
    at = max(place for place, event in enumerate(events) if event[0] == "truncate")
    files, _ = disk.after_cut(seen, at, chance)
    for attempt in range(tries):
        made.tries += 1
        content = files[path.name]
        path.write_bytes(b"" if attempt % 2 else chance.randbytes(4096) + content[4096:])
        journal_of(path).write_bytes(files[journal_of(path).name])
        restore.restore(path, chosen, now=bench.NOW + timedelta(minutes=attempt))
        try:
            with opening.open_base(path) as base:
                made.half += bool(maintenance.check(base))
                made.lost += base.dossier("contract1") != wanted
        except UserError:
            made.half += 1
        journal_of(path).unlink(missing_ok=True)
    return made


class Officer:
    """A base, a key and a clock of one's own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.path = name, folder / f"{name}.db"
        self.clock = samples.Ticking()
        self.identity = Identity(folder / f"{name}.identite")
        with self._signed(opening.create(self.path, clock=self.clock, identity=self.identity)) as base:
            starter.import_starter(base, samples.dossier())

    def _signed(self, base: Database) -> Database:
        base.sign(self.name)
        return base

    def open(self) -> Database:
        return self._signed(opening.open_base(self.path, clock=self.clock, identity=self.identity))

    def receive(self, content: bytes) -> None:
        """Merge a package, knowing whose it is."""
        brought = package.read(content, "paquet")
        with self.open() as base:
            met = packages.merge(base, brought, simulate=True, consent=Consent(parted=True))
            accepted = frozenset(one.public for one in met.strangers)
            packages.merge(base, brought, consent=Consent(accepted, parted=True))


def old_copy(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """An older copy of a base is put back by hand after acts that a colleague has, and that nobody has: it is said before
    anything is written, and once both have exchanged again all acts but those that nobody has are on both sides."""
    chance, made = random.Random(seed), bench.Outcome("old copy put back")
    for attempt in range(tries):
        place = folder / str(attempt)
        place.mkdir()
        made.tries += 1
        one, other = Officer(place, "Camille"), Officer(place, "Dominique")
        numbers = iter(range(1, 1000))
        shared = _acts(one, numbers, chance)
        old = one.path.read_bytes()
        shared |= _acts(one, numbers, chance)
        with one.open() as base:
            other.receive(packages.write(base)[0])
        _acts(one, numbers, chance)
        one.path.write_bytes(old)
        with one.open() as base:
            try:
                freshness.check_newest(base)
                made.undetected += 1
            except UserError:
                base.authors.part()
        shared |= _acts(one, numbers, chance) | _acts(other, numbers, chance)
        for sender, receiver in ((one, other), (other, one)):
            with sender.open() as base:
                content = packages.write(base)[0]
            receiver.receive(content)
        for officer in (one, other):
            with officer.open() as base:
                made.lost += len(shared - bench.numbers(base))
                made.half += bool(maintenance.check(base))
        made.kept += len(shared)
        shutil.rmtree(place)
    return made


def _acts(officer: Officer, numbers: Any, chance: random.Random) -> set[int]:
    done = set()
    with officer.open() as base:
        for _ in range(chance.randrange(1, 4)):
            number = next(numbers)
            worker.put(base, number)
            done.add(number)
    return done


def clock_set_right(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """The clock was wrong for a while, then right: it is asked about, repaired, and no act is lost nor out of order."""
    chance, made, officer = (
        random.Random(seed),
        bench.Outcome("clock wrong, then right"),
        Officer(folder, "Camille"),
    )
    number = 0
    for _ in range(tries):
        made.tries += 1
        right = officer.clock.moment
        officer.clock.moment = right + timedelta(days=chance.randrange(10, 9000))
        with officer.open() as base:
            for _ in range(chance.randrange(1, 4)):
                number += 1
                worker.put(base, number)
        officer.clock.moment = right
        with officer.open() as base:
            try:
                freshness.check_clock(base)
                made.undetected += 1
            except freshness.ClockError:
                maintenance.trust_clock(base)
            freshness.check_clock(base)
            number += 1
            worker.put(base, number)
            made.half += not bench.sound(base)
            label = next(one.label for one in base.dossier("contract1").objectives if one.key == "obj2")
            made.lost += len(set(range(1, number + 1)) - bench.numbers(base)) + (label != f"acte {number}")
        with officer.open() as base:
            # What is remembered outside the base follows: it is no older copy.
            freshness.check_newest(base)
    made.kept = number
    return made


_POOL: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 2**200, 1.5, "", "x", "../../x", "\0", "[effacé]", [], {}, [[]], {"x": 1}, "9" * 5000,
    "engagement", "measurement", "a" * 64, "2050-01-01T00:00:00+00:00",
)  # fmt: skip
_DEEP = b"[" * 200_000


def hostile_package(folder: Path, tries: int, seed: int) -> bench.Outcome:
    """A package whose structure is bent, its fingerprints made anew: members, lines and cells gone, doubled, moved,
    retyped, nested. It is refused in words, or of no account; the base is sound either way."""
    chance, made, path = (
        random.Random(seed),
        bench.Outcome("hostile package, by structure"),
        bench.starter(folder),
    )
    whole = bench.colleague(folder, 3)
    members = test_package.unpacked(whole)
    meant = set(package.read(whole, "lot").operations)
    first = path.read_bytes()
    for _ in range(tries):
        made.tries += 1
        changed = bent(dict(members), chance)
        try:
            brought = package.read(packed(changed), "lot")
            with opening.open_base(path) as base:
                packages.merge(base, brought)
                made.undetected += bool(set(brought.operations) - meant)
                made.half += not bench.sound(base)
        except UserError:
            made.half += path.read_bytes() != first and not _whole(path)
        path.write_bytes(first)
    return made


def packed(members: dict[str, bytes]) -> bytes:
    """Return the package, its fingerprints made anew where its manifest can still hold some."""
    try:
        return test_package.packed(members)
    except (ValueError, TypeError, KeyError, RecursionError):
        return test_package.packed(members, sign=False)


def _whole(path: Path) -> bool:
    with opening.open_base(path) as base:
        return bench.sound(base) and not bench.numbers(base)


def bent(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    name = chance.choice([name for name in members if members[name]])
    lines = members[name].splitlines()
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0 if name != package.MANIFEST:
            del members[name]
            return members
        case 1:
            members[chance.choice(("../x", "/x", "a\\b", "NUL", "données/x", name.upper()))] = members[name]
            return members
        case 2:
            lines[at] = chance.choice(
                (_DEEP, b"", b"NaN", b'{"a":1,"a":2}', lines[at][: len(lines[at]) // 2])
            )
        case 3:
            lines.insert(chance.randrange(len(lines) + 1), lines[at])
        case 4 if len(lines) > 1:
            del lines[at]
        case _:
            try:
                if name == package.MANIFEST:
                    return members | {name: json.dumps(_retyped(json.loads(members[name]), chance)).encode()}
                lines[at] = json.dumps(_retyped(json.loads(lines[at]), chance)).encode()
            except ValueError:
                # No JSON: a signature, or a joined file.
                lines[at] = chance.randbytes(len(lines[at]))
    return members | {name: b"\n".join(lines)}


def _retyped(value: Any, chance: random.Random) -> Any:
    """Put something else somewhere in a value."""
    if isinstance(value, str) and value[:1] in "[{" and chance.random() < 0.7:
        with contextlib.suppress(ValueError):
            return json.dumps(_retyped(json.loads(value), chance))
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], _retyped(value[at], chance), *value[at + 1 :]]
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        if chance.random() < 0.2:
            return {
                chance.choice(("x", "key", "contract")) if key == name else key: one
                for key, one in value.items()
            }
        return value | {name: _retyped(value[name], chance)}
    return chance.choice(_POOL)


ROWS: tuple[Callable[[Path, int, int], bench.Outcome], ...] = (
    refusing_disk, full_for_good, kill_window, hot_journal, old_copy, clock_set_right, hostile_package,
    *((suspended,) if os.name == "posix" else ()),
)  # fmt: skip
