"""The faults but the power cut, each a function of a folder, a number of tries and a seed."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import maintenance, migrations, opening, rescue
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import backup, resealing, restore, sealing
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import package, packages
from tests.faults import worker
from tests.unit.storage import samples

_TRIES_MOST = 30
"""Of a row that is asked for few: a machine may be slower while it is killed than while an act was measured."""
ACKNOWLEDGED_MIN = 50
"""Acknowledged acts that a row of a hundred tries or more must show."""
HEADER = (
    f"{'fault':39} {'tries':>8} {'acknowledged':>12} {'lost':>5} {'half-written':>12} {'undetected':>10}"
    f" {'processor':>9} {'seconds':>8}"
)
NOW = datetime(2026, 6, 30, 12)
OLD_BASE = Path(__file__).parents[1] / "reference" / "base-v1.db"


@dataclass
class Outcome:
    """What one kind of fault cost. `kept` counts the acts that were acknowledged before it."""

    fault: str
    tries: int = 0
    kept: int = 0
    lost: int = 0
    half: int = 0
    undetected: int = 0
    least: int = 0
    """How many acknowledged acts make the row say something."""
    stretch: float = 1
    """By how much what was measured of an act is made longer: a machine may be slower than it was then."""

    @property
    def bad(self) -> bool:
        return bool(self.lost or self.half or self.undetected) or not self.tries or self.kept < self.least

    def attempts(self, tries: int) -> Iterator[int]:
        """Number the tries: so many, and more where too little was acknowledged before the fault came."""
        self.least = max(1, min(ACKNOWLEDGED_MIN, tries // 2))
        most = max(4 * tries, _TRIES_MOST)
        while self.tries < tries or (self.kept < self.least and self.tries < most):
            yield self.tries
            self.tries += 1
            if self.tries >= tries:
                self.stretch *= 1.2

    def __add__(self, other: Outcome) -> Outcome:
        """Return what both cost: pieces of one row."""
        return Outcome(
            self.fault, self.tries + other.tries, self.kept + other.kept, self.lost + other.lost,
            self.half + other.half, self.undetected + other.undetected, self.least + other.least,
        )  # fmt: skip

    def line(self) -> str:
        return f"{self.fault:39} {self.tries:>8} {self.kept:>12} {self.lost:>5} {self.half:>12} {self.undetected:>10}"


Fault = Callable[[Path, int, int], Outcome]


def version_of(path: Path) -> int:
    """Return the version of the form of a base, which is left as it is."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def starter(folder: Path) -> Path:
    path = folder / "base.db"
    samples.new_base(path).close()
    return path


def numbers(base: Database) -> set[int]:
    """The acts whose row is in the base."""
    return {int(m.key[1:]) for m in base.dossier("contract1").measurements if m.key.startswith("k")}


def sound(base: Database) -> bool:
    """Whether the file, the references and the journal agree, and the last act is there in both its rows."""
    if maintenance.check(base):
        return False
    held = numbers(base)
    other = next(o for o in base.dossier("contract1").objectives if o.key == "obj2")
    return not held or other.label in {f"acte {number}" for number in held}


def killed(task: str, path: Path, start: int, delay: float) -> list[str]:
    """Run the worker, kill it `delay` seconds after it is ready, return what it had acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker", task, str(path), str(start)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(process.stderr.read() if process.stderr else "no worker")
        timer = threading.Timer(delay, process.kill)
        timer.start()
        # A line cut by the kill was not acknowledged.
        said = [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        timer.cancel()
    return said


def pace(task: str, path: Path, acts: int = 1) -> float:
    """Return how many seconds an act of a worker takes from the moment it is ready, on a copy of the folder of a base."""
    with tempfile.TemporaryDirectory() as other:
        place = Path(other) / "mesure"
        shutil.copytree(path.parent, place)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", task, str(place / path.name), "0"],
            stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            ready = process.stdout.readline() == "ready\n"
            begun = time.monotonic()
            done = sum(bool(process.stdout.readline()) for _ in range(acts))
            passed = time.monotonic() - begun
            process.kill()
        if not ready or done != acts:
            raise RuntimeError(f"{task} does not do {acts} acts")
        return passed / acts


def kill_save(folder: Path, tries: int, seed: int) -> Outcome:
    chance, made, path, told = random.Random(seed), Outcome("kill during a save"), starter(folder), set[int]()
    act = pace("save", path, 20)
    for attempt in made.attempts(tries):
        start = attempt * 100_000
        said = killed("save", path, start, act * made.stretch * chance.uniform(0, 30))
        told |= {int(line.split()[1]) for line in said}
        made.kept += len(said)
        with opening.open_base(path) as base:
            made.half += not sound(base)
            made.lost += len(told - numbers(base))
        if len(told) > 200:
            for one in folder.iterdir():
                one.unlink()
            path, told = starter(folder), set()
    return made


def kill_save_sealed(folder: Path, tries: int, seed: int) -> Outcome:
    """As `kill_save`, under a passphrase: what a killed process left half-way is ciphered too."""
    chance, made, path, told = random.Random(seed), Outcome("kill, sealed base"), starter(folder), set[int]()
    resealing.reseal(path, sealing.fresh_key(worker.PHRASES[0]))
    act = pace("save_sealed", path, 20)
    for attempt in made.attempts(tries):
        said = killed("save_sealed", path, attempt * 100_000, act * made.stretch * chance.uniform(0, 30))
        told |= {int(line.split()[1]) for line in said}
        made.kept += len(said)
        with opening.open_base(path) as base:
            made.half += not sound(base)
            made.lost += len(told - numbers(base))
    return made


def kill_reseal(folder: Path, tries: int, seed: int) -> Outcome:
    """The base is under the old passphrase or the new one, whole; its backup too, or in both forms."""
    chance, made, path = random.Random(seed), Outcome("kill during a sealing"), starter(folder)
    with opening.open_base(path) as base:
        maintenance.backup(base)
        worker.put(base, 1)
        before = base.dossier("contract1")
    start, act = 0, pace("reseal", path, 2)
    for _ in made.attempts(tries):
        said = killed("reseal", path, start, act * made.stretch * chance.uniform(0, 2.5))
        start += len(said) + 1
        made.kept += len(said)
        worker.unlock(path)
        with opening.open_base(path) as base:
            made.half += not sound(base)
            made.lost += base.dossier("contract1") != before
        held = [one.path for one in backup.backups(path) if backup.verify(one.path)]
        for one in held:
            worker.unlock(one)
        made.lost += not any(restore.contents_or_none(one) for one in held)
    return made


def flipped_bit_sealed(folder: Path, tries: int, seed: int) -> Outcome:
    """One bit anywhere in a sealed base: its opening or its check says so, and never that the passphrase is wrong."""
    chance, made, path = random.Random(seed), Outcome("bit flip in a sealed base"), starter(folder)
    resealing.reseal(path, sealing.fresh_key(worker.PHRASES[0]))
    whole = path.read_bytes()
    for _ in range(tries):
        at = chance.randrange(16, len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        made.tries += 1
        try:
            with opening.open_base(path, read_only=True) as base:
                made.undetected += not maintenance.check(base)
        except opening.DamagedError as error:
            if error.quarantine is not None:
                error.quarantine.unlink()
    return made


def kill_import(folder: Path, tries: int, seed: int) -> Outcome:
    chance, made = random.Random(seed), Outcome("kill during the import")
    act = pace("import", folder / "mesure.db")
    for attempt in made.attempts(tries):
        path = folder / f"{attempt}.db"
        said = killed("import", path, 0, act * made.stretch * chance.uniform(0, 2.5))
        made.kept += len(said)
        whole = False
        with (
            contextlib.suppress(opening.BaseMissingError, opening.NotOursError),
            opening.open_base(path) as base,
        ):
            whole = bool(base.contracts())
            made.half += bool(maintenance.check(base)) or (
                whole and base.dossier("contract1") != samples.dossier()
            )
        made.lost += bool(said) and not whole
    return made


def colleague(folder: Path, acts: int) -> bytes:
    """Return the package of somebody who began from the same contract and did so many acts."""
    away = folder / "ailleurs"
    away.mkdir()
    with opening.open_base(starter(away)) as base:
        base.sign("Dominique")
        for number in range(1, acts + 1):
            worker.put(base, number)
        return packages.write(base)[0]


def kill_merge(folder: Path, tries: int, seed: int) -> Outcome:
    """A merge that is killed is whole or has not begun, in the journal as in the rows."""
    chance, made, first = random.Random(seed), Outcome("kill during a merge"), starter(folder)
    (folder / "lot.paquet").write_bytes(colleague(folder, 200))
    act = pace("merge", first)
    for attempt in made.attempts(tries):
        path = folder / f"f{attempt}.db"
        shutil.copyfile(first, path)
        said = killed("merge", path, 0, act * made.stretch * chance.uniform(0, 2.5))
        made.kept += len(said)
        with opening.open_base(path) as base:
            held = numbers(base)
            made.half += not sound(base) or len(held) not in (0, 200)
            made.lost += bool(said) and len(held) != 200
        path.unlink()
    return made


def altered_package(folder: Path, tries: int, seed: int) -> Outcome:
    """A bit of a package: it is refused, or was of no account; the base is whole either way."""
    chance, made, path = random.Random(seed), Outcome("bit flip in a package"), starter(folder)
    whole = colleague(folder, 20)
    meant = package.read(whole, "lot").operations
    with opening.open_base(path) as base:
        for _ in range(tries):
            at = chance.randrange(len(whole))
            changed = whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
            made.tries += 1
            with contextlib.suppress(UserError):
                held = package.read(changed, "lot")
                made.undetected += held.operations != meant
                packages.merge(base, held, simulate=True)
        made.lost += bool(numbers(base))
        made.half += not sound(base)
    return made


def kill_migration(folder: Path, tries: int, seed: int) -> Outcome:
    chance, made, first = random.Random(seed), Outcome("kill during a migration"), starter(folder)
    act = pace("migration", first)
    for attempt in made.attempts(tries):
        path = folder / f"m{attempt}.db"
        shutil.copyfile(first, path)
        said = killed("migration", path, 0, act * made.stretch * chance.uniform(0, 2.5))
        made.kept += len(said)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            more = connection.execute(
                "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'more_%' AND type = 'table'"
            ).fetchone()[0]
            fine = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        old, new = migrations.version(), migrations.version() + 1
        made.half += not fine or (version, more) not in {(old, 0), (new, 200)}
        made.lost += bool(said) and version != new
    return made


def kill_backup(folder: Path, tries: int, seed: int) -> Outcome:
    chance, made, path = random.Random(seed), Outcome("kill during a backup"), starter(folder)
    act = pace("backup", path, 3)
    for _ in made.attempts(tries):
        said = killed("backup", path, 0, act * made.stretch * chance.uniform(0, 2.5))
        made.kept += len(said)
        held = backup.backups(path)
        made.half += sum(not backup.verify(one.path) for one in held)
        made.lost += max(0, len(said) - len(held))
        with opening.open_base(path) as base:
            made.half += not sound(base)
        # A kill may come before there was any.
        shutil.rmtree(backup.folder_of(path), ignore_errors=True)
    return made


def kill_restore(folder: Path, tries: int, seed: int) -> Outcome:
    chance, made, path = random.Random(seed), Outcome("kill during a restore"), starter(folder)
    with opening.open_base(path) as base:
        chosen = maintenance.backup(base).path
        worker.put(base, 1)
    newer, act = path.read_bytes(), pace("restore", path, 2)
    for _ in made.attempts(tries):
        path.write_bytes(newer)
        said = killed("restore", path, 0, act * made.stretch * chance.uniform(0, 2.5))
        made.kept += len(said)
        with opening.open_base(path) as base:
            made.half += not sound(base)
            back = 1 not in numbers(base)
        made.lost += bool(said) and not back
        kept = [one.path for one in backup.backups(path) if one.path != chosen]
        # Whatever was replaced is still there: the act is in the base or in what was kept of it.
        made.lost += back and not any(restore.contents(one).last_act == "Relevé 1" for one in kept)
        for one in kept:
            one.unlink()
            backup.fingerprint_of(one).unlink()
    return made


def full_disk(folder: Path, tries: int, seed: int) -> Outcome:
    """SQLite's own limit of pages stands for the disk: the act meets SQLITE_FULL wherever it asks for one more."""
    chance, made, path = random.Random(seed), Outcome("disk full"), starter(folder)
    with opening.open_base(path) as base:
        number = 0
        for _ in range(tries):
            made.tries += 1
            pages = base.connection.execute("PRAGMA page_count").fetchone()[0]
            with base.guard.everything():
                base.connection.execute(f"PRAGMA max_page_count = {pages + chance.randrange(3)}")
            refused = False
            while not refused:
                number += 1
                try:
                    worker.put(base, number)
                except UserError as error:
                    refused = "plein" in error.message
                    made.undetected += not refused
                    number -= 1
                else:
                    made.kept += 1
            with base.guard.everything():
                base.connection.execute("PRAGMA max_page_count = 1073741823")
            made.half += not sound(base)
            made.lost += numbers(base) != set(range(1, number + 1))
            number += 1
            worker.put(base, number)
            made.kept += 1
    return made


def _damage(made: Outcome, path: Path, whole: bytes, changed: bytes) -> None:
    """Write the changed file, and see that it is refused, left as it is, and set aside."""
    path.write_bytes(changed)
    made.tries += 1
    try:
        opening.open_base(path).close()
    except UserError:
        made.lost += path.read_bytes() != changed
    else:
        made.undetected += 1
    for one in path.parent.glob("*.endommagee-*"):
        one.unlink()
    path.write_bytes(whole)


def damaged_page(folder: Path, tries: int, seed: int) -> Outcome:
    """A page in use overwritten by noise."""
    chance, made, path = random.Random(seed), Outcome("damaged page"), starter(folder)
    whole = path.read_bytes()
    for _ in range(tries):
        at = chance.randrange(len(whole) // 4096) * 4096
        _damage(made, path, whole, whole[:at] + chance.randbytes(4096) + whole[at + 4096 :])
    return made


def truncation(folder: Path, tries: int, seed: int) -> Outcome:
    chance, made, path = random.Random(seed), Outcome("truncation"), starter(folder)
    whole = path.read_bytes()
    for _ in range(tries):
        _damage(made, path, whole, whole[: chance.randrange(len(whole))])
    return made


def flipped_bit(folder: Path, tries: int, seed: int) -> Outcome:
    """One bit of a backup: restoring it must refuse, and leave the base."""
    chance, made, path = random.Random(seed), Outcome("bit flip in a backup"), starter(folder)
    with opening.open_base(path) as base:
        chosen = maintenance.backup(base).path
    before, whole = path.read_bytes(), chosen.read_bytes()
    for _ in range(tries):
        at = chance.randrange(len(whole))
        chosen.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        made.tries += 1
        with contextlib.suppress(UserError):
            restore.restore(path, chosen, now=NOW)
            made.undetected += 1
        made.lost += path.read_bytes() != before
    return made


def jumping_clock(folder: Path, tries: int, seed: int) -> Outcome:
    """The clock goes years forth and back between acts: the last act still is the one that holds."""
    chance, made, path = random.Random(seed), Outcome("clock that jumps"), starter(folder)
    moment = [samples.NOON]
    with opening.open_base(path, clock=lambda: moment[0]) as base:
        for number in range(1, tries + 1):
            moment[0] = datetime(2026, 3, 12, tzinfo=UTC) + timedelta(days=chance.randrange(-3000, 3000))
            worker.put(base, number)
            made.tries, made.kept = number, number
            label = next(o.label for o in base.dossier("contract1").objectives if o.key == "obj2")
            made.lost += label != f"acte {number}"
        made.half += bool(maintenance.check(base))
        made.lost += len(set(range(1, tries + 1)) - numbers(base))
    return made


def racing(folder: Path, tries: int, seed: int) -> Outcome:
    """Two programs that want the same base."""
    made, path = Outcome("two instances racing"), starter(folder)
    told: set[int] = set()
    for attempt in range(tries):
        shutil.rmtree(path.with_name("depart"), ignore_errors=True)
        start = attempt * 100 + seed * 10_000
        pair = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker", "race", str(path), str(start + 50 * which)],
                stdout=subprocess.PIPE, text=True,
            )
            for which in (0, 1)
        ]  # fmt: skip
        made.tries += 1
        for one in pair:
            said, _ = one.communicate(timeout=120)
            told |= {int(line.split()[1]) for line in said.splitlines() if line.startswith("kept")}
            # Where both were inside at once, one of them says so and ends.
            made.undetected += one.returncode != 0
        with opening.open_base(path) as base:
            made.half += not sound(base)
            made.lost += len(told - numbers(base))
    made.kept = len(told)
    return made


class _Failing:
    """A base that migrations work on, which fails at one statement of all."""

    def __init__(self, base: Any, left: list[int]) -> None:
        self._base, self._left = base, left

    def execute(self, *arguments: Any) -> Any:
        if self._left[0] == 0:
            raise sqlite3.OperationalError("step fails")
        self._left[0] -= 1
        return self._base.execute(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._base, name)


def failing_migration(folder: Path, tries: int, _seed: int) -> Outcome:
    """A base of the first release, whose migration fails at each statement in turn of every step since, and of one
    step more: the file stays as it was, to the byte."""
    made, path = Outcome("migration that fails"), folder / "base.db"
    shutil.copyfile(OLD_BASE, path)
    before, steps, step = path.read_bytes(), migrations.STEPS, migrations._step
    more = "".join(
        f"CREATE TABLE more_{number} (a TEXT) STRICT;\nUPDATE measurement SET comment = comment || 'x';\n"
        for number in range(tries)
    )
    for until in range(tries):
        left = [until]

        def failing(scripts: Sequence[str], left: list[int] = left) -> Callable[..., None]:
            def run(db: Any) -> None:
                step(scripts)(_Failing(db, left))

            return run

        made.tries += 1
        try:
            migrations.STEPS, migrations._step = (*steps, ("m9999_more", more)), failing
            opening.open_base(path).close()
        except (UserError, sqlite3.OperationalError):
            made.half += path.read_bytes() != before
        else:
            made.undetected += 1
        finally:
            migrations.STEPS, migrations._step = steps, step
    # And where nothing fails it does come to the present form.
    with opening.open_base(path) as base:
        made.half += bool(maintenance.check(base))
    return made


def full_elsewhere(folder: Path, tries: int, seed: int) -> Outcome:
    """No file may grow beyond a chance size while a backup, a restore, a migration or a repair goes on: it is done
    whole, or refused in words and the base is as it was, to the byte."""
    chance, made = random.Random(seed), Outcome("disk full elsewhere")
    for attempt in made.attempts(tries):
        place = folder / str(attempt)
        place.mkdir()
        task = ("backup", "restore", "migration", "repair")[attempt % 4]
        (place / "task").write_text(task)
        path = starter(place)
        if task == "migration":
            shutil.copyfile(OLD_BASE, path)
        if task == "restore":
            backup.write(path, place / "copy.db")
            with opening.open_base(path) as base:
                worker.put(base, 1)
        if task == "repair":
            hurt(path, "milestone")
        before = path.read_bytes()
        ran = subprocess.run(
            [sys.executable, "-m", "tests.faults.worker", "full", str(path),
             str(chance.randrange(len(before) * 5))],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        made.undetected += ran.returncode != 0
        refused = "refused" in ran.stdout
        made.kept += not refused
        if refused or task == "backup":
            made.lost += path.read_bytes() != before
        else:
            with opening.open_base(path) as base:
                made.half += bool(maintenance.check(base))
        made.half += sum(not backup.verify(one.path) for one in backup.backups(path))
        made.half += bool([*place.glob("*.restauration*"), *place.glob("*.recuperation*")])
        shutil.rmtree(place)
    return made


def hurt(path: Path, table: str) -> None:
    """Overwrite the first page of a table."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\x77" * 4096
    path.write_bytes(content)


def kill_repair(folder: Path, tries: int, seed: int) -> Outcome:
    """The base is the damaged one, to the byte, or the mended one, never absent; and what it was is beside."""
    chance, made, path = random.Random(seed), Outcome("kill during a repair"), starter(folder)
    hurt(path, "milestone")
    damaged = path.read_bytes()
    (folder / "damaged").write_bytes(damaged)
    act = pace("repair", path, 2)
    for _ in made.attempts(tries):
        path.write_bytes(damaged)
        said = killed("repair", path, 0, act * made.stretch * chance.uniform(0, 2.5))
        made.kept += len(said)
        now = path.read_bytes()
        # The worker itself damages it anew, which a kill may cut short: that leaves the beginning of it.
        if not damaged.startswith(now):
            with opening.open_base(path) as base:
                made.half += bool(maintenance.check(base))
            made.lost += not any(one.read_bytes() == damaged for one in folder.glob("*.endommagee-*.db"))
    return made


def salvaged(folder: Path, tries: int, seed: int) -> Outcome:
    """A page of noise, a truncation, flipped bits: what is mended is sound, and nothing is gone without a word."""
    chance, made, path = random.Random(seed), Outcome("salvage of what is damaged"), starter(folder)
    with opening.open_base(path) as base:
        for number in range(1, 60):
            worker.put(base, number)
        held = {one.key for one in base.dossier("contract1").measurements}
    whole = path.read_bytes()
    for attempt in range(tries):
        match attempt % 3:
            case 0:
                at = chance.randrange(len(whole) // 4096) * 4096
                changed = whole[:at] + chance.randbytes(4096) + whole[at + 4096 :]
            case 1:
                changed = whole[: chance.randrange(len(whole))]
            case _:
                flipped = bytearray(whole)
                for _ in range(chance.randrange(1, 8)):
                    flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
                changed = bytes(flipped)
        path.write_bytes(changed)
        saved = folder / f"saved{attempt}.db"
        made.tries += 1
        try:
            report = rescue.salvage(path, saved, now=samples.NOON)
        except UserError:
            # Said in words: nothing could be read. A single page of noise never costs the whole contract.
            made.lost += attempt % 3 == 0
            saved.unlink(missing_ok=True)
            continue
        with opening.open_base(saved) as base:
            made.half += bool([line for line in maintenance.check(base) if "arrêté" not in line])
            now = {one.key for one in base.dossier("contract1").measurements}
        made.undetected += len(held - now) > len(report.lost) and not report.bad_pages
        made.undetected += bool(now - held)
        saved.unlink()
    return made
