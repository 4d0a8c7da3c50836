"""A real window that exchanges by a shared folder, told what to do line by line: `python -m tests.helpers.sharing_window
BASE NAME FOLDER [WAY]`. A command is a JSON list; each is answered by one JSON line, once the window shows what it did."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QSettings, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services import colleagues
from qpvdesk.services.care import privacy
from qpvdesk.services.desk import Desk
from qpvdesk.services.opening import OlderCopyError, Opening
from qpvdesk.storage.authors import base_id
from qpvdesk.storage.engine import sqlite3
from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.notify import BoxNotifier
from qpvdesk.ui.session import Session
from qpvdesk.ui.sharing import Sharing
from qpvdesk.ui.theme import Theme
from tests.unit.storage import samples

CONTRACT = "contract1"


def say(value: object) -> None:
    print(json.dumps(value), flush=True)


def record(desk: Desk, key: str, value: int, week: int, comment: str = "") -> Change:
    day = samples.DAY.replace(month=1, day=week)
    with desk.act(f"Relevé {key}") as unit:
        unit.put(replace(samples.MEASUREMENT, key=key, value=Decimal(value), day=day, comment=comment))
    return unit.change


def retarget(desk: Desk, value: int) -> Change:
    with desk.act("Cible corrigée") as unit:
        unit.put(replace(desk.base.dossier(CONTRACT).objectives[0], target_value=Decimal(value)))
    return unit.change


def remove(desk: Desk, key: str) -> Change:
    with desk.act("Relevé retiré") as unit:
        unit.remove(next(item for item in desk.base.dossier(CONTRACT).measurements if item.key == key))
    return unit.change


def accept(desk: Desk, *paths: str) -> Change:
    """What « Recevoir » does once the officer has ticked what is taken away."""
    for path in paths:
        package = colleagues.read(Path(path))
        _, change = colleagues.receive(desk, package, proposals=[colleagues.REMOVALS, colleagues.ERASURES])
    return change


def state(desk: Desk) -> dict[str, Any]:
    dossier = desk.base.dossier(CONTRACT)
    return {
        "keys": sorted(item.key for item in dossier.measurements),
        "target": str(dossier.objectives[0].target_value),
        "disagreements": len(colleagues.disagreements(desk)),
    }


ACTS: dict[str, Callable[..., Change]] = {
    "record": record,
    "retarget": retarget,
    "remove": remove,
    "accept": accept,
}


def main(base: Path, name: str, folder: str, way: str = "") -> None:
    application = QApplication(["qpvdesk"])
    settings = base.parent / "fenetre.ini"
    kept = QSettings(str(settings), QSettings.Format.IniFormat)
    with closing(sqlite3.connect(base)) as connection:
        kept.setValue(f"partage/{base_id(connection)}/dossier", folder)
    kept.sync()
    opening = Opening(base, today=lambda: samples.DAY)

    def desk() -> Desk:
        try:
            opened = opening.desk()
        except OlderCopyError as error:
            say({"older": error.message, "ways": [one.word for one in opening.ways(error)]})
            opening.choose(way)
            opened = opening.desk()
        opened.base.sign(name)
        return opened

    def fail(error: Exception) -> None:
        say({"bug": repr(error)})

    def refuse(error: UserError) -> None:
        say({"refused": error.message})

    session = Session(Lane(desk), lambda: Lane(opening.reading), lambda: samples.DAY, fail)
    window = MainWindow(session, Theme(application), BoxNotifier(), settings)
    waiting: list[str] = []

    def note(shared: Any) -> None:
        waiting[:] = [str(one.path) for one in shared.waiting]

    def erased() -> None:
        session.load()
        say("done")

    def part(apart: bool) -> None:
        """Look at the folder no more, or again; answered once no look is under way."""
        sharing = window.findChild(Sharing)
        sharing._timer.blockSignals(apart)
        if sharing._busy:
            QTimer.singleShot(20, lambda: part(apart))
        else:
            say("done")

    def obey() -> None:
        word, *given = json.loads(sys.stdin.readline() or '["quit"]')
        if word == "quit":
            window.close()
            application.quit()
        elif word in ("apart", "together"):
            part(word == "apart")
        elif word == "erase":
            # As the dialog does: no act of the contract's tells the window.
            session.ask("Effacement", lambda desk: privacy.erase(desk, *given), lambda _: erased(), refuse)
        elif word == "state":
            session.ask("État", state, lambda told: say({**told, "waiting": len(waiting)}), refuse)
        else:
            given = [*waiting] if word == "accept" else given
            session.change(word, lambda desk: ACTS[word](desk, *given), lambda _: say("done"), refuse)

    listening = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, application)
    listening.activated.connect(obey)
    window.once_whole(lambda: window.findChild(Sharing).exchanged.connect(note))
    window.painted.connect(lambda: say("ready"))
    window.show()
    window.start()
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
