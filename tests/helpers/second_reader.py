"""An open base opened a second time, to be read alone, as another thread or process does."""

from __future__ import annotations

from qpvdesk.storage.base import Database
from qpvdesk.storage.connection import prepared


def second_reader(base: Database) -> Database:
    """Open the same base for reading, in the calling thread."""
    return Database(base.path, prepared(base.path, "ro"), clock=base.clock, identity=base.authors.identity)
