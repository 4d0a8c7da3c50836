"""The process that gets killed: does one thing over and over and says on its output each act that was kept."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import lock, maintenance, migrations, opening, rescue, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import backup, resealing, restore, sealing
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.unit import Unit
from tests.faults import planted
from tests.unit.storage import samples

PHRASES = ("première phrase secrète", "seconde phrase secrète")


def say(word: str) -> None:
    print(word, flush=True)


def put(base: Database, number: int) -> None:
    """One act: a measurement and its comment on another row, so that half an act would show."""
    with base.unit(f"Relevé {number}") as unit:
        write(unit, number)


def write(unit: Unit, number: int) -> None:
    """What an act writes."""
    day = samples.DAY + timedelta(days=number % 3000)
    unit.put(replace(samples.MEASUREMENT, key=f"k{number}", day=day, comment=f"acte {number}"))
    unit.put(replace(samples.OTHER, label=f"acte {number}"))


def save(path: Path, start: int) -> None:
    with opening.open_base(path) as base:
        say("ready")
        for number in range(start, start + 100_000):
            put(base, number)
            say(f"kept {number}")


def load(path: Path, _start: int) -> None:
    say("ready")
    with opening.create(path) as base:
        starter.import_starter(base, samples.dossier())
        say("kept import")


def merge(path: Path, _start: int) -> None:
    """Merge the package that lies beside the base."""
    held = package.read((path.parent / "lot.paquet").read_bytes(), "lot.paquet")
    with opening.open_base(path) as base:
        say("ready")
        packages.merge(base, held)
        say("kept merge")


def migrate(path: Path, _start: int) -> None:
    """Open with one step more than the base has."""

    more = "".join(
        f"CREATE TABLE more_{number} (a TEXT) STRICT;\nUPDATE measurement SET comment = comment || '{number}';\n"
        for number in range(200)
    )
    migrations.STEPS = (*migrations.STEPS, ("m9999_more", more))
    say("ready")
    opening.open_base(path).close()
    say("kept migration")


def save_copies(path: Path, start: int) -> None:
    with opening.open_base(path) as base:
        say("ready")
        for number in range(start, start + 100_000):
            maintenance.backup(base)
            say(f"backup {number}")


def restore_copies(path: Path, _start: int) -> None:
    chosen = backup.backups(path)[-1].path
    say("ready")
    for number in range(100_000):
        restore.restore(path, chosen, now=datetime(2026, 1, 1) + timedelta(minutes=number))
        say(f"restored {number}")


def repair_again(path: Path, _start: int) -> None:
    """Mend the damaged base, damage it anew, and so on; the damaged content lies beside."""
    damaged = (path.parent / "damaged").read_bytes()
    say("ready")
    for number in range(100_000):
        rescue.repair(path, now=datetime(2026, 1, 1, tzinfo=UTC))
        say(f"repaired {number}")
        path.write_bytes(damaged)


def unlock(path: Path) -> None:
    """Take whichever passphrase the base is under."""
    for phrase in PHRASES:
        with contextlib.suppress(UserError):
            sealing.unlock(path, phrase)


def save_sealed(path: Path, start: int) -> None:
    unlock(path)
    save(path, start)


def reseal_again(path: Path, start: int) -> None:
    """Put the base under one passphrase, under the other, in clear, and so on, its backup with it."""
    unlock(path)
    for one in backup.backups(path):
        unlock(one.path)
    say("ready")
    for number in range(start, start + 100_000):
        phrase = (*PHRASES, None)[number % 3]
        resealing.reseal(path, sealing.fresh_key(phrase) if phrase else None)
        say(f"sealed {number}")


def full(path: Path, limit: int) -> None:
    """Do what the file `task` names where no file may grow beyond `limit` bytes; say how it ended."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    say("ready")
    match (path.parent / "task").read_text():
        case "backup":
            backup.make(path, now=datetime(2026, 1, 1))
        case "restore":
            restore.restore(path, path.parent / "copy.db", now=datetime(2026, 1, 1))
        case "repair":
            rescue.repair(path, now=datetime(2026, 1, 1, tzinfo=UTC))
        case "migration":
            opening.open_base(path).close()


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Die where another process is in the same block."""
    inside = path.parent / "dedans"
    try:
        inside.touch(exist_ok=False)
    except FileExistsError:
        os._exit(3)
    try:
        yield
    finally:
        inside.unlink()


def race(path: Path, start: int) -> None:
    """Open, save, close, again and again beside another that does the same; neither begins before the other is there."""
    place = path.with_name("depart")
    place.mkdir(exist_ok=True)
    (place / str(start)).touch()
    limit = time.monotonic() + 60
    while len(list(place.iterdir())) < 2 and time.monotonic() < limit:
        time.sleep(0.001)
    say("ready")
    for number in range(start, start + 20):
        while True:
            try:
                with opening.open_base(path, wait=5.0) as base, _alone(path):
                    put(base, number)
                    # The other comes in here where nothing keeps it out, however few processors there are.
                    time.sleep(0.002)
                break
            except (lock.AlreadyOpenError, sqlite3.OperationalError):
                continue
        say(f"kept {number}")


def fill(path: Path, limit: int) -> None:
    """Write acts until the file system is full (0), or no file may grow beyond `limit` bytes; then make room."""
    ballast = path.parent / "lest"
    if limit:
        import resource

    say("ready")
    with samples.new_base(path) as base:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        else:
            ballast.write_bytes(b"\0" * 200_000)
        number, refused = 0, 0
        while refused < 3:
            number += 1
            try:
                put(base, number)
                say(f"kept {number}")
            except UserError as error:
                say(f"refused {error.message}")
                refused, number = refused + 1, number - 1
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        else:
            ballast.unlink()
        number += 1
        put(base, number)
        say(f"kept {number}")
    with opening.open_base(path) as base:
        if maintenance.check(base):
            say("unsound")
        if {f"k{one}" for one in range(1, number + 1)} - {
            m.key for m in base.dossier("contract1").measurements
        }:
            say("lost")


def window(path: Path, start: int) -> None:
    """Do acts in the window itself, each said once the window shows it."""
    from PySide6.QtWidgets import QApplication

    from qpvdesk.domain.change import Change
    from qpvdesk.services.desk import Desk
    from qpvdesk.ui.jobs import Lane
    from qpvdesk.ui.main_window import MainWindow
    from qpvdesk.ui.notify import BoxNotifier
    from qpvdesk.ui.session import Session
    from qpvdesk.ui.theme import Theme

    def fail(error: Exception) -> None:
        raise error

    def desk(*, read_only: bool) -> Desk:
        return Desk(opening.open_base(path, read_only=read_only), today=lambda: samples.DAY)

    application = QApplication(["qpvdesk"])
    session = Session(
        Lane(lambda: desk(read_only=False)),
        lambda: Lane(lambda: desk(read_only=True)),
        lambda: samples.DAY,
        fail,
    )
    shown = MainWindow(session, Theme(application), BoxNotifier(), path.parent / "fenetre.ini")
    numbers = itertools.count(start)

    def go_on() -> None:
        number = next(numbers)

        def act(open_desk: Desk) -> Change:
            with open_desk.act(f"Relevé {number}") as unit:
                write(unit, number)
            return unit.change

        session.change(f"Relevé {number}", act, lambda _: (say(f"kept {number}"), go_on()))

    def begin() -> None:
        say("ready")
        go_on()

    shown.painted.connect(begin)
    shown.show()
    shown.start()
    application.exec()


def run(task: str, path: Path, start: int) -> None:
    """Do a task until it is over, or the process is killed."""
    work = {
        "fill": fill,
        "window": window,
        "save": save,
        "import": load,
        "merge": merge,
        "migration": migrate,
        "backup": save_copies,
        "restore": restore_copies,
        "race": race,
        "repair": repair_again,
        "full": full,
        "save_sealed": save_sealed,
        "reseal": reseal_again,
    }[task]
    spoiled = os.environ.get(planted.VARIABLE)
    with planted.planted(spoiled) if spoiled else contextlib.nullcontext():
        try:
            work(path, start)
        except UserError:
            say("refused")


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
