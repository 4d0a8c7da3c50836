"""How a base comes to its present form: steps that are only ever added, never edited.

Each step's SQL is written out and frozen: a base made by an old release must come to the same form as a new one.
`user_version` counts the steps. sqlite-utils runs them and keeps their dates; it is imported only when a step is
pending, because reading an up-to-date base needs none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from qpvdesk.storage import later_tables, search
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.first_tables import FIRST_TABLES
from qpvdesk.storage.place_tables import PLACE_TABLES

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x51505644
"""« QPVD », in the header of every base of ours."""

_FIRST_JOURNAL = """
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE author (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    label TEXT NOT NULL
) STRICT;
CREATE TABLE act (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    author INTEGER NOT NULL REFERENCES author (id),
    label TEXT NOT NULL,
    done_at TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('do', 'undo', 'redo')),
    reverses INTEGER REFERENCES act (id),
    CHECK ((mode = 'do') = (reverses IS NULL))
) STRICT;
CREATE INDEX act_author ON act (author);
CREATE TABLE operation (
    id INTEGER PRIMARY KEY,
    author INTEGER NOT NULL REFERENCES author (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    hlc INTEGER NOT NULL,
    act INTEGER NOT NULL REFERENCES act (id),
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT,
    parent_author INTEGER REFERENCES author (id),
    parent_seq INTEGER,
    UNIQUE (author, seq),
    CHECK ((parent_author IS NULL) = (parent_seq IS NULL))
) STRICT;
CREATE INDEX operation_cell ON operation (key, field, hlc);
CREATE INDEX operation_act ON operation (act);
CREATE INDEX operation_link ON operation (value, key) WHERE field IN ('code', 'objective', 'engagement');
CREATE TABLE latest (
    contract TEXT NOT NULL,
    objective TEXT NOT NULL,
    territory TEXT NOT NULL,
    day INTEGER NOT NULL,
    measurement TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (contract, objective, territory)
) STRICT, WITHOUT ROWID;
"""

MEASUREMENT_INDEX = """
CREATE INDEX measurement_series ON measurement (objective, territory, day, key, value);
"""
LATEST_TRIGGERS = """
CREATE TRIGGER measurement_added AFTER INSERT ON measurement BEGIN
    INSERT INTO latest (contract, objective, territory, day, measurement, value)
    SELECT contract, NEW.objective, NEW.territory, NEW.day, NEW.key, NEW.value
    FROM objective WHERE key = NEW.objective
    ON CONFLICT (contract, objective, territory) DO UPDATE
    SET day = excluded.day, measurement = excluded.measurement, value = excluded.value
    WHERE (excluded.day, excluded.measurement) > (latest.day, latest.measurement);
END;
CREATE TRIGGER measurement_changed AFTER UPDATE OF objective, territory, day, value ON measurement BEGIN
    DELETE FROM latest
    WHERE contract = (SELECT contract FROM objective WHERE key = OLD.objective)
        AND objective = OLD.objective AND territory = OLD.territory;
    INSERT INTO latest (contract, objective, territory, day, measurement, value)
    SELECT o.contract, m.objective, m.territory, m.day, m.key, m.value
    FROM measurement m JOIN objective o ON o.key = m.objective
    WHERE m.objective = OLD.objective AND m.territory = OLD.territory
    ORDER BY m.day DESC, m.key DESC LIMIT 1;
    DELETE FROM latest
    WHERE contract = (SELECT contract FROM objective WHERE key = NEW.objective)
        AND objective = NEW.objective AND territory = NEW.territory;
    INSERT INTO latest (contract, objective, territory, day, measurement, value)
    SELECT o.contract, m.objective, m.territory, m.day, m.key, m.value
    FROM measurement m JOIN objective o ON o.key = m.objective
    WHERE m.objective = NEW.objective AND m.territory = NEW.territory
    ORDER BY m.day DESC, m.key DESC LIMIT 1;
END;
CREATE TRIGGER measurement_removed AFTER DELETE ON measurement BEGIN
    DELETE FROM latest
    WHERE contract = (SELECT contract FROM objective WHERE key = OLD.objective)
        AND objective = OLD.objective AND territory = OLD.territory;
    INSERT INTO latest (contract, objective, territory, day, measurement, value)
    SELECT o.contract, m.objective, m.territory, m.day, m.key, m.value
    FROM measurement m JOIN objective o ON o.key = m.objective
    WHERE m.objective = OLD.objective AND m.territory = OLD.territory
    ORDER BY m.day DESC, m.key DESC LIMIT 1;
END;
CREATE TRIGGER objective_removed AFTER DELETE ON objective BEGIN
    DELETE FROM latest WHERE contract = OLD.contract AND objective = OLD.key;
END;
"""
"""Used again by the bulk load, which fills the tables first. A step that changes them must bring its own."""


_SNAPSHOTS = """
CREATE TABLE snapshot (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    meeting TEXT NOT NULL REFERENCES meeting (key),
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    frozen_on TEXT NOT NULL CHECK (frozen_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64 AND fingerprint NOT GLOB '*[^0-9a-f]*')
) STRICT;
CREATE INDEX snapshot_by_contract ON snapshot (contract);
CREATE INDEX snapshot_by_meeting ON snapshot (meeting);
CREATE TABLE frozen (
    fingerprint TEXT NOT NULL PRIMARY KEY CHECK (length(fingerprint) = 64 AND fingerprint NOT GLOB '*[^0-9a-f]*'),
    content BLOB NOT NULL
) STRICT;
CREATE TRIGGER snapshot_kept_as_it_is BEFORE UPDATE ON snapshot BEGIN
    SELECT RAISE(ABORT, 'a snapshot is never changed');
END;
CREATE TRIGGER snapshot_kept BEFORE DELETE ON snapshot
WHEN NOT EXISTS (
    SELECT 1 FROM act WHERE mode = 'undo' AND id = (
        SELECT act FROM operation WHERE key = OLD.key AND field = '' ORDER BY id DESC LIMIT 1
    )
) BEGIN
    SELECT RAISE(ABORT, 'a snapshot is removed by undoing alone');
END;
CREATE TRIGGER frozen_kept_as_it_is BEFORE UPDATE ON frozen BEGIN
    SELECT RAISE(ABORT, 'what is frozen is never changed');
END;
CREATE TRIGGER frozen_kept BEFORE DELETE ON frozen BEGIN
    SELECT RAISE(ABORT, 'what is frozen is never removed');
END;
"""


def statements(script: str) -> list[str]:
    """Cut a script into its statements, triggers whole. `executescript` would commit on its own."""
    complete: list[str] = []
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            complete.append(pending.strip())
            pending = ""
    if pending.strip():
        raise ValueError(f"unfinished statement: {pending.strip()[:60]}")
    return complete


STEPS: tuple[tuple[str, ...], ...] = (
    # Make the tables of the contract, the journal and the latest values.
    ("m0001_first", FIRST_TABLES, _FIRST_JOURNAL, MEASUREMENT_INDEX, LATEST_TRIGGERS),
    # Make the tables of the frozen data, which nothing changes once it is in them.
    ("m0002_snapshots", _SNAPSHOTS),
    # Remember where the figures are in the files of each partner.
    ("m0003_correspondence", later_tables.CORRESPONDENCE),
    # Keep the files that are joined to things, each once, under its fingerprint.
    ("m0004_files", later_tables.FILES),
    # Remember which papers were printed or saved for a meeting.
    ("m0005_papers", later_tables.PAPERS),
    # Find what is gone, or bore another code: a new entity is one operation, in which nothing is looked up.
    ("m0006_new_as_one", later_tables.NEW_AS_ONE),
    # Let engagements lie in axes and precise one another; tell promises from figures of context.
    ("m0007_levels", later_tables.LEVELS),
    # Say why an arrêté replaces another (a name to be erased may stand there), and since when a decision stands so.
    ("m0008_replaced", later_tables.REPLACED),
    # Keep the chain and the signature of each act, and name the base: whoever wrote in it is known by their key.
    ("m0009_chain", later_tables.CHAIN),
    # Make the thématiques data of a contract; what is of one names it by its code, as it always did.
    ("m0010_themes", later_tables.THEMES),
    # Let places lie in several others, have levels of a contract's own, contours and reference figures.
    ("m0011_places", PLACE_TABLES),
    # Keep the partners of an engagement, the money of each year and its financers, the versions of a contract.
    ("m0012_partners_years_versions", later_tables.PARTNERS_YEARS_VERSIONS),
    # Let a contract be removed from every view and come back.
    ("m0013_removed_contracts", later_tables.REMOVED_CONTRACTS),
    # Keep the words of everything, for the search; `search` says which, once the last step is done.
    ("m0014_search", later_tables.SEARCH),
    # Leave the tables as they are: `programme.MIGRATIONS` mends a unit in the data of a base of before.
    ("m0015_unit",),
    # Keep the second bound of an interval, and a target as the contract writes it.
    ("m0016_targets", later_tables.TARGETS),
    # Keep the visits, and let files be joined to them.
    ("m0017_visits", later_tables.VISITS),
    # Keep what the categories of a list count of a figure, beside the whole.
    ("m0018_breakdowns", later_tables.BREAKDOWNS),
    # Leave the tables as they are: `programme.MIGRATIONS` mends words of the contract that shipped.
    ("m0019_readings",),
    # Leave the tables as they are: `programme.MIGRATIONS` mends words of the contract that shipped, once more.
    ("m0020_rereadings",),
    # Leave the tables as they are: `programme.MIGRATIONS` mends words of the contract that shipped, a third time.
    ("m0021_third_readings",),
    # Let acts of two authors bear one key: whoever signs an act under another's key keeps nobody's acts out.
    ("m0022_acts_of_their_authors", later_tables.ACTS_OF_THEIR_AUTHORS),
    # Leave the tables as they are: `programme.MIGRATIONS` mends words of the contract that shipped, a fourth time.
    ("m0023_fourth_readings",),
    # Leave the tables as they are: `programme.MIGRATIONS` mends words of the contract that shipped, a fifth time.
    ("m0024_bases",),
    # Leave the tables as they are: `programme.MIGRATIONS` mends words of the contract that shipped, a sixth time.
    ("m0025_doubles",),
    # Leave the tables as they are: `programme.MIGRATIONS` mends words of the contract that shipped, a seventh time.
    ("m0026_sums",),
)
"""Each step: its name, and its scripts if the tables change. Append only: the place of a step is the `user_version` it
leads to."""
KEYED = [name for name, *_ in STEPS].index("m0009_chain") + 1
"""The version from which on authors are keys."""


def _step(scripts: Iterable[str]) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        for script in scripts:
            for statement in statements(script):
                db.execute(statement)

    return run


def version() -> int:
    """Return the `user_version` of an up-to-date base."""
    return len(STEPS)


def apply(connection: sqlite3.Connection, until: int | None = None) -> None:
    """Run the pending steps, or those that lead to the version `until`, inside the transaction that is open.

    Nothing is committed here: the caller commits all of them or none.
    """
    from sqlite_utils import Database, Migrations  # noqa: PLC0415 - 200 ms, a base that is up to date needs none

    if not connection.in_transaction:
        raise RuntimeError("migrations run inside one transaction")
    search.drop(connection)
    steps = Migrations("qpvdesk")
    for name, *scripts in STEPS[:until]:
        steps(name=name)(_step(scripts))
    steps.apply(Database(connection, execute_plugins=False))
    if until is None:
        search.make(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version() if until is None else until}")
