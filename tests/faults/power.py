"""Power cuts through all that the program writes: each task is watched once, then cut between any two calls to the disk.

Half of the cuts come beside a flush, a rename or an acknowledgement, where the order of things matters most.
"""

from __future__ import annotations

import contextlib
import copy
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import maintenance, migrations, opening, rescue, starter
from qpvdesk.storage.care import backup, resealing, restore, sealing
from qpvdesk.storage.exchange import package, packages
from tests.faults import bench, disk, worker
from tests.unit.storage import samples

ACTS = 40
MERGED = 30
NAMED = "Nom Fictif"
NOW = datetime(2026, 1, 1)
_BESIDE = frozenset({"sync", "names", "rename", "remove", "kept"})

Acknowledged = list[object]


@dataclass(frozen=True)
class Task:
    """What the power is cut through. `prepare` makes the folder ready; `act` does it and acknowledges; `check` returns
    how much was lost and how much is half-written in a folder where the power went."""

    name: str
    prepare: Callable[[Path], None]
    act: Callable[[Path, disk.Disk], None]
    check: Callable[[Path, Acknowledged], tuple[int, int]]


def _base(folder: Path) -> None:
    bench.starter(folder)


def _sound(folder: Path, wanted: Callable[[set[int]], tuple[int, int]]) -> tuple[int, int]:
    with opening.open_base(folder / "base.db") as base:
        lost, half = wanted(bench.numbers(base))
        return lost, half + (not bench.sound(base))


def _save(folder: Path, watched: disk.Disk) -> None:
    with opening.open_base(folder / "base.db") as base:
        for number in range(1, ACTS + 1):
            worker.put(base, number)
            watched.keep(number)


def _check_save(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    return _sound(folder, lambda held: (len(set(kept) - held), 0))


def _import(folder: Path, watched: disk.Disk) -> None:
    with opening.create(folder / "base.db") as base:
        # What is written is watched: a contract of its own is not copied from another base.
        starter.import_starter(base, copy.copy(samples.dossier()))
        watched.keep("import")


def _check_import(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    try:
        with opening.open_base(folder / "base.db") as base:
            whole = bool(base.contracts())
            half = bool(maintenance.check(base)) or (whole and base.dossier("contract1") != samples.dossier())
    except (opening.BaseMissingError, opening.NotOursError):
        whole, half = False, False
    return int(bool(kept) and not whole), int(half)


def _prepare_merge(folder: Path) -> None:
    _base(folder)
    (folder / "lot.paquet").write_bytes(bench.colleague(folder.parent, MERGED))


def _merge(folder: Path, watched: disk.Disk) -> None:
    with opening.open_base(folder / "base.db") as base:
        packages.merge(base, package.read((folder / "lot.paquet").read_bytes(), "lot.paquet"))
        watched.keep("merge")


def _check_merge(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    return _sound(folder, lambda held: (bool(kept) and len(held) != MERGED, len(held) not in (0, MERGED)))


def _prepare_migration(folder: Path) -> None:
    shutil.copyfile(bench.OLD_BASE, folder / "base.db")


def _migrate(folder: Path, watched: disk.Disk) -> None:
    opening.open_base(folder / "base.db").close()
    watched.keep("migration")


def _check_migration(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    version = bench.version_of(folder / "base.db")
    if kept and version < migrations.version():
        return 1, 0
    with opening.open_base(folder / "base.db") as base:
        return 0, int(bool(maintenance.check(base)) or not base.contracts())


def _back_up(folder: Path, watched: disk.Disk) -> None:
    for number in range(3):
        watched.keep(backup.make(folder / "base.db", now=NOW.replace(hour=number)).path.name)


def _check_backup(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    held = backup.backups(folder / "base.db")
    half = sum(not backup.verify(one.path) for one in held)
    return _sound(folder, lambda _: (len(set(kept) - {one.path.name for one in held}), half))


def _prepare_restore(folder: Path) -> None:
    _base(folder)
    with opening.open_base(folder / "base.db") as base:
        maintenance.backup(base)
        worker.put(base, 1)


def _restore(folder: Path, watched: disk.Disk) -> None:
    path = folder / "base.db"
    restore.restore(path, backup.backups(path)[-1].path, now=NOW)
    watched.keep("restored")


def _check_restore(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    with opening.open_base(folder / "base.db") as base:
        half, back = not bench.sound(base), 1 not in bench.numbers(base)
    contents = [restore.contents_or_none(one.path) for one in backup.backups(folder / "base.db")]
    # What was replaced is still there: the act is in the base or in what was kept of it.
    gone = back and not any(one and one.last_act == "Relevé 1" for one in contents)
    return int(bool(kept) and not back) + int(gone), int(half)


def _seal(folder: Path, watched: disk.Disk) -> None:
    resealing.reseal(folder / "base.db", sealing.fresh_key(worker.PHRASES[0]))
    watched.keep("sealed")


def _check_sealing(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    # Its key is known in this process since it was sealed.
    path = folder / "base.db"
    lost, half = _sound(folder, lambda held: (held != {1}, 0))
    copies = [one.path for one in backup.backups(path) if backup.verify(one.path)]
    lost += not any(restore.contents_or_none(one) for one in copies)
    return int(lost) + int(bool(kept) and not sealing.is_sealed(path)), half


def _prepare_repair(folder: Path) -> None:
    bench.hurt(bench.starter(folder), "milestone")
    (folder / "before").write_bytes((folder / "base.db").read_bytes())


def _repair(folder: Path, watched: disk.Disk) -> None:
    rescue.repair(folder / "base.db", now=NOW.replace(tzinfo=UTC))
    watched.keep("repaired")


def _check_repair(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    damaged = (folder / "before").read_bytes()
    if (folder / "base.db").read_bytes() == damaged:
        return int(bool(kept)), 0
    with opening.open_base(folder / "base.db") as base:
        half = bool(maintenance.check(base))
    return int(not any(one.read_bytes() == damaged for one in folder.glob("*.endommagee-*.db"))), int(half)


def _prepare_erasure(folder: Path) -> None:
    with opening.open_base(bench.starter(folder)) as base, base.unit("Vu") as unit:
        unit.put(replace(samples.OTHER, label=f"Vu avec {NAMED}"))


def _erase(folder: Path, watched: disk.Disk) -> None:
    with opening.open_base(folder / "base.db") as base:
        maintenance.erase(base, NAMED)
        watched.keep("erased")


def _check_erasure(folder: Path, kept: Acknowledged) -> tuple[int, int]:
    path = folder / "base.db"
    with opening.open_base(path) as base:
        half = bool(maintenance.check(base))
        (label,) = (one.label for one in base.dossier("contract1").objectives if one.key == "obj2")
    there = any(NAMED.encode() in one.read_bytes() for one in folder.iterdir() if one.is_file())
    return int(bool(kept) and there), int(half or there != (NAMED in label))


def _prepare_sealing(folder: Path) -> None:
    with opening.open_base(bench.starter(folder)) as base:
        worker.put(base, 1)
        maintenance.backup(base)


TASKS = (
    Task("save", _base, _save, _check_save),
    Task("import", lambda _: None, _import, _check_import),
    Task("merge", _prepare_merge, _merge, _check_merge),
    Task("migration", _prepare_migration, _migrate, _check_migration),
    Task("backup", _base, _back_up, _check_backup),
    Task("restore", _prepare_restore, _restore, _check_restore),
    Task("sealing", _prepare_sealing, _seal, _check_sealing),
    Task("repair", _prepare_repair, _repair, _check_repair),
    Task("erasure", _prepare_erasure, _erase, _check_erasure),
)
BY_NAME = {task.name: task for task in TASKS}


def run(task: Task, folder: Path, tries: int, seed: int, *, until_seen: bool = False) -> bench.Outcome:
    """Cut the power `tries` times through a task; where that is asked, until a cut loses something at most."""
    place = folder / "watched"
    place.mkdir()
    task.prepare(place)
    with disk.watched(place) as seen:
        task.act(place, seen)
    chance, made = random.Random(seed), bench.Outcome(f"power cut, {task.name}")
    beside = [at for at, event in enumerate(seen.events) if event[0] in _BESIDE]
    told = 1 + next(at for at, event in enumerate(seen.events) if event[0] == "kept")
    made.least = bench.ACKNOWLEDGED_MIN if tries > 4 * bench.ACKNOWLEDGED_MIN else 0
    for number in range(tries):
        at = chance.choice(beside) + chance.randrange(2) if number % 2 else chance.randrange(len(seen.events))
        if number % 4 == 2:
            # Something was acknowledged: it stays, whatever the disk had not flushed yet.
            at = chance.randrange(told, len(seen.events) + 1)
        # The first is cut when all is done: what was acknowledged stays.
        files, kept = disk.after_cut(seen, at if number else len(seen.events), chance)
        cut = folder / f"cut{number}"
        cut.mkdir()
        for name, content in files.items():
            (cut / name).parent.mkdir(parents=True, exist_ok=True)
            (cut / name).write_bytes(content)
        made.tries, made.kept = made.tries + 1, made.kept + len(kept)
        try:
            lost, half = task.check(cut, kept)
            made.lost, made.half = made.lost + lost, made.half + half
        except (UserError, OSError):
            made.half += 1
        with contextlib.suppress(OSError):
            shutil.rmtree(cut)
        if until_seen and (made.lost or made.half):
            break
    return made
