"""What was typed and not yet saved, on disk: it outlives the lid, the battery and a killed process."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qpvdesk import durable


def stem(name: str) -> str:
    """How a name is written for a file."""
    return re.sub(r"[^a-z0-9-]+", "_", name.lower())


WAITING = "attente"
"""Under which the draft of the line of decisions holds those that the line does not."""


def decision_draft(contract: str) -> str:
    """The name under which what is typed in the line of decisions of a contract is kept."""
    return f"{contract}-decision-ligne"


def figures_draft(contract: str) -> str:
    """The name under which what is typed in its grid of figures is kept."""
    return f"releves-{contract}"


def decisions_in(draft: dict[str, Any]) -> int:
    """How many decisions the draft of a line holds."""
    in_line = any(str(words).strip() for name, words in draft.items() if name != WAITING)
    return in_line + len(draft.get(WAITING, ()))


class Drafts:
    """Small JSON files in a folder of the officer's, each replaced whole or not at all.

    `keep` and `drop` return at once; one thread writes, the latest state of a name only. `flush` waits for it.
    """

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        """`base`: a passphrase that it is under hides them too; None: they are in clear."""
        self._folder, self._base = folder, base
        self._purged = False
        self._wanted: dict[str, dict[str, Any] | None] = {}
        self._turn = threading.Condition()
        self._writer: threading.Thread | None = None
        self._writing = False
        self._trouble: OSError | None = None
        self._unwritten: dict[str, dict[str, Any] | None] = {}
        """What the disk refused: it is tried again with what comes next, and before anything is read."""
        self.read_only = False
        """True where the base was opened to be read alone: whoever writes it has these drafts, and nobody else."""
        self.changed: Callable[[], object] = lambda: None
        """Told in the thread of who keeps or drops, at once."""

    @property
    def trouble(self) -> OSError | None:
        """Why the last draft could not be written; None where it was."""
        return self._trouble

    def path(self, name: str) -> Path:
        return self._folder / f"{stem(name)}.json"

    def take_up(self, name: str) -> dict[str, Any] | None:
        """Return the draft of that name, to go on with; None where there is none, and where it is somebody else's."""
        return None if self.read_only else self.read(name)

    def read(self, name: str) -> dict[str, Any] | None:
        """Return the draft of that name; None where there is none, or where it cannot be understood."""
        self.flush()
        try:
            written = self.path(name).read_bytes()
            if self._base is not None:
                from qpvdesk.services.care import veil  # noqa: PLC0415 - 2 ms, what was typed alone needs it

                written = veil.show(written, self._base)
            draft = json.loads(written)
        except (OSError, ValueError):
            return None
        return draft if isinstance(draft, dict) else None

    def keep(self, name: str, content: dict[str, Any]) -> None:
        """Write the draft soon."""
        self._want(name, content)

    def drop(self, name: str) -> None:
        """Remove the draft soon."""
        self._want(name, None)

    def names(self) -> tuple[str, ...]:
        """Return what drafts there are to go on with, by their names as files have them. It reads the folder: not for the
        thread of the window."""
        if self.read_only:
            return ()
        self.flush()
        return tuple(sorted(path.stem for path in self._folder.glob("*.json")))

    def flush(self) -> None:
        """Wait until everything asked for is on disk, or was refused once more."""
        with self._turn:
            self._go_on({})
            self._turn.wait_for(lambda: not self._wanted and not self._writing)

    def _want(self, name: str, content: dict[str, Any] | None) -> None:
        if self.read_only:
            return
        with self._turn:
            self._go_on({name: content})
        self.changed()

    def _go_on(self, wanted: dict[str, dict[str, Any] | None]) -> None:
        """Have that written, after what was refused before."""
        self._wanted = {**self._unwritten, **self._wanted, **wanted}
        self._unwritten.clear()
        if self._wanted and self._writer is None:
            self._writer = threading.Thread(target=self._write_all, name="brouillons", daemon=True)
            self._writer.start()

    def _write_all(self) -> None:
        if not self._purged:
            self._purged = True
            durable.purge(self._folder)
        while True:
            with self._turn:
                if not self._wanted:
                    self._writer = None
                    self._turn.notify_all()
                    return
                name = next(iter(self._wanted))
                content = self._wanted.pop(name)
                self._writing = True
            try:
                self._write(self.path(name), content)
                self._trouble = None
            except OSError as error:
                self._trouble = error
                with self._turn:
                    if name not in self._wanted:
                        self._unwritten[name] = content
            finally:
                with self._turn:
                    self._writing = False

    def _write(self, path: Path, content: dict[str, Any] | None) -> None:
        if content is None:
            path.unlink(missing_ok=True)
            return
        # Escaped: whatever a hand or a clipboard brings can be written.
        told = json.dumps(content, indent=1).encode("ascii")
        if self._base is not None:
            from qpvdesk.services.care import veil  # noqa: PLC0415 - 2 ms, what is typed alone needs it

            told = veil.hide(told, self._base)
        durable.write(path, told, private=True)
