"""Open the real window on a base and stop at the first painted dashboard, or once everything is loaded.

`python -m tests.helpers.first_paint BASE [complete] [count]` says as JSON, a line a stage, what was spent and made so
far; `count` counts the classes and enums (which costs a little), else it ends there and then, as the yardstick does.
`BASE visit` looks at the whole and closes the window, as an officer does: the base keeps its sight.
"""

from __future__ import annotations

import builtins
import enum
import gc
import json
import linecache
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Tally:
    """What a process has made so far: classes, enums and the statements that SQLite was asked."""

    def __init__(self) -> None:
        self.classes = 0
        self.known: frozenset[type] | None = None
        self.statements: list[str] = []
        self.stages: list[dict[str, object]] = []

    def count(self) -> None:
        """Count from now on."""
        self.known = frozenset(kinds_of_enum())
        build = builtins.__build_class__

        def built(*given: Any, **named: Any) -> Any:
            self.classes += 1
            return build(*given, **named)

        builtins.__build_class__ = built

    def enums(self) -> tuple[list[enum.EnumType], int]:
        """Return the enums that were made with their members, and how many classes of enums wait for somebody to ask."""
        kinds = [kind for kind in kinds_of_enum() if self.known is not None and kind not in self.known]
        made = [kind for kind in kinds if type(kind) is enum.EnumType]
        return made, len(kinds) - len(made)

    def listen(self) -> None:
        """Note each statement of every connection that is opened from now on; what a trigger does is left out."""
        from qpvdesk.storage.engine import sqlite3

        connect = sqlite3.connect

        def listened(*given: Any, **named: Any) -> Any:
            opened = connect(*given, **named)
            opened.set_trace_callback(
                lambda text: None if text.startswith("--") else self.statements.append(text)
            )
            return opened

        sqlite3.connect = listened

    def stage(self, name: str) -> None:
        """Note where the process has come to."""
        own = sum(1 for module in sys.modules if module.startswith("qpvdesk"))
        made, waiting = self.enums()
        self.stages.append(
            {
                "stage": name,
                "processor_ms": round(time.process_time() * 1000, 1),
                "modules": len(sys.modules),
                "own_modules": own,
                "classes": self.classes,
                "enums": len(made),
                "waiting": waiting,
                "members": sum(len(kind.__members__) for kind in made),
                "statements": len(self.statements),
                "memory_mb": round(resident() / 1e6, 1),
            }
        )


def kinds_of_enum(base: type = enum.Enum) -> list[Any]:
    """Every class of enum there is; nothing is asked of it, which would make its members."""
    found = {id(kind): kind for below in type.__subclasses__(base) for kind in (below, *kinds_of_enum(below))}
    return [*found.values()]


def resident() -> int:
    """Return the bytes of memory of this process that are its own or shared; 0 where the system does not say so."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def open_and_paint(
    base: Path, until: str = "painted", tally: Tally | None = None, over: Callable[[], None] | None = None
) -> None:
    """Run the application until its dashboard is painted and answers, or its picture is whole and painted.

    `over` is called then; without it, the window is closed.
    """
    tally = tally if tally is not None else Tally()
    # As the window does: before any part of Qt.
    import qpvdesk.bindings  # noqa: F401

    # isort: split
    import PySide6.QtWidgets  # noqa: F401
    from PySide6.QtCore import QEvent, QObject, QTimer

    tally.stage("Qt")
    from qpvdesk import app

    tally.stage("modules")
    application = app.made_application()
    window = app.build(application, base).window
    tally.stage("fenêtre")

    class Watch(QObject):
        """Waits for the paint of the page that is shown, then for a turn of the loop: a click would be answered.

        It sees the events of that page alone: those of the whole application would make types that nobody asked for.
        """

        awaited = ""

        def eventFilter(self, _seen: QObject, event: QEvent) -> bool:
            if self.awaited and event.type() == QEvent.Type.Paint:
                name, self.awaited = self.awaited, ""
                QTimer.singleShot(0, lambda: reached(name))
            return False

    watch = Watch(application)

    def reached(name: str) -> None:
        tally.stage(name)
        if name == until:
            page = window.navigator.current
            assert page is not None
            page.removeEventFilter(watch)
            (over or window.close)()

    def pictured(picture: Any) -> None:
        if picture.complete and until == "complete":
            watch.awaited = "complete"
            page = window.navigator.current
            assert page is not None
            page.update()

    def painted() -> None:
        watch.awaited = "painted"
        page = window.navigator.current
        assert page is not None
        page.installEventFilter(watch)
        window.session.pictured.connect(pictured)

    window.painted.connect(painted)
    if window.navigator.current is not None:
        # Of a first sight that the base kept: what is painted then is what counts.
        window.painted.disconnect(painted)
        painted()
    window.resize(1366, 768)
    window.show()
    tally.stage("montrée")
    window.start()
    application.exec()


def main(arguments: list[str]) -> None:
    """Open, and say the stages."""
    if "visit" in arguments:
        open_and_paint(Path(arguments[0]), "complete")
        return
    tally = Tally()
    # As `qpvdesk.__main__` does before it imports the window.
    gc.disable()
    counted = "count" in arguments
    if counted:
        tally.count()
    tally.stage("Python")
    if counted:
        import qpvdesk.bindings  # noqa: F401 - as the window, before any other module of ours

        tally.listen()

    def over() -> None:
        for stage in tally.stages:
            print(json.dumps(stage))
        if counted:
            found = {
                "modules": sorted(sys.modules),
                "statements": tally.statements,
                "sources": [*linecache.cache],
            }
            print(json.dumps(found))
        sys.stdout.flush()
        # As the yardstick: what the interpreter takes to end is no part of a start.
        os._exit(0)

    until = "complete" if "complete" in arguments else "painted"
    open_and_paint(Path(arguments[0]), until, tally, over)


if __name__ == "__main__":
    main(sys.argv[1:])
