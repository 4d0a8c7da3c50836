"""How a base comes to its present form: steps that are only ever added, never edited.

Each step's SQL is written out and frozen: a base made by an old release must come to the same form as a new one.
`user_version` counts the steps. sqlite-utils runs them and keeps their dates; it is imported only when a step is
pending, because reading an up-to-date base needs none of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qpvdesk.storage.engine import sqlite3

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x51505644
"""« QPVD », in the header of every base of ours."""

_FIRST_TABLES = """
CREATE TABLE contract (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    epci TEXT,
    start TEXT CHECK (start GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    "end" TEXT CHECK ("end" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    signed_on TEXT CHECK (signed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    note TEXT NOT NULL,
    thresholds_ahead TEXT NOT NULL CHECK (thresholds_ahead NOT GLOB '*[^0-9.-]*' AND thresholds_ahead <> ''),
    thresholds_on_track TEXT NOT NULL CHECK (thresholds_on_track NOT GLOB '*[^0-9.-]*' AND thresholds_on_track <> ''),
    thresholds_watch TEXT NOT NULL CHECK (thresholds_watch NOT GLOB '*[^0-9.-]*' AND thresholds_watch <> ''),
    UNIQUE (code)
) STRICT;
CREATE TABLE document (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    title TEXT NOT NULL,
    issued_on TEXT CHECK (issued_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    note TEXT NOT NULL,
    UNIQUE (contract, code)
) STRICT;
CREATE TABLE territory (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    parent TEXT REFERENCES territory (key),
    note TEXT NOT NULL,
    UNIQUE (contract, code)
) STRICT;
CREATE INDEX territory_by_parent ON territory (parent);
CREATE TABLE partner (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    rank INTEGER NOT NULL,
    contact_function TEXT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (contract, code)
) STRICT;
CREATE TABLE population (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    territory TEXT NOT NULL REFERENCES territory (key),
    perimeter TEXT NOT NULL,
    value TEXT NOT NULL CHECK (value NOT GLOB '*[^0-9.-]*' AND value <> ''),
    vintage TEXT CHECK (vintage GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT
) STRICT;
CREATE INDEX population_by_territory ON population (territory);
CREATE TABLE establishment (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    territory TEXT NOT NULL REFERENCES territory (key),
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT,
    UNIQUE (contract, code)
) STRICT;
CREATE INDEX establishment_by_territory ON establishment (territory);
CREATE TABLE legal_reference (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    label TEXT NOT NULL,
    partner TEXT REFERENCES partner (key),
    dated TEXT CHECK (dated GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    vote TEXT NOT NULL,
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT,
    UNIQUE (contract, code)
) STRICT;
CREATE INDEX legal_reference_by_partner ON legal_reference (partner);
CREATE TABLE engagement (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    partner TEXT NOT NULL REFERENCES partner (key),
    code TEXT NOT NULL CHECK (code <> ''),
    label TEXT NOT NULL,
    theme TEXT NOT NULL,
    nature TEXT NOT NULL,
    detail TEXT NOT NULL,
    due TEXT CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    territory TEXT REFERENCES territory (key),
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT,
    retired INTEGER NOT NULL CHECK (retired IN (0, 1)),
    UNIQUE (contract, code)
) STRICT;
CREATE INDEX engagement_by_partner ON engagement (partner);
CREATE INDEX engagement_by_territory ON engagement (territory);
CREATE TABLE engagement_territory (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    engagement TEXT NOT NULL REFERENCES engagement (key),
    territory TEXT NOT NULL REFERENCES territory (key)
) STRICT;
CREATE INDEX engagement_territory_by_engagement ON engagement_territory (engagement);
CREATE INDEX engagement_territory_by_territory ON engagement_territory (territory);
CREATE TABLE condition (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    partner TEXT NOT NULL REFERENCES partner (key),
    text TEXT NOT NULL,
    engagement TEXT REFERENCES engagement (key),
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT
) STRICT;
CREATE INDEX condition_by_contract ON condition (contract);
CREATE INDEX condition_by_partner ON condition (partner);
CREATE INDEX condition_by_engagement ON condition (engagement);
CREATE TABLE objective (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    partner TEXT NOT NULL REFERENCES partner (key),
    code TEXT NOT NULL CHECK (code <> ''),
    label TEXT NOT NULL,
    theme TEXT NOT NULL,
    territory TEXT NOT NULL REFERENCES territory (key),
    unit TEXT NOT NULL,
    sens TEXT NOT NULL,
    mesure TEXT NOT NULL,
    engagement TEXT REFERENCES engagement (key),
    start_value TEXT CHECK (start_value NOT GLOB '*[^0-9.-]*' AND start_value <> ''),
    start_date TEXT CHECK (start_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    target_value TEXT CHECK (target_value NOT GLOB '*[^0-9.-]*' AND target_value <> ''),
    target_date TEXT CHECK (target_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    reference TEXT REFERENCES objective (key),
    parent TEXT REFERENCES objective (key),
    aggregation TEXT NOT NULL,
    frequency TEXT NOT NULL,
    weight TEXT NOT NULL CHECK (weight NOT GLOB '*[^0-9.-]*' AND weight <> ''),
    start_unit TEXT NOT NULL,
    population TEXT NOT NULL,
    note TEXT NOT NULL,
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT,
    retired INTEGER NOT NULL CHECK (retired IN (0, 1)),
    UNIQUE (contract, code)
) STRICT;
CREATE INDEX objective_by_partner ON objective (partner);
CREATE INDEX objective_by_territory ON objective (territory);
CREATE INDEX objective_by_engagement ON objective (engagement);
CREATE INDEX objective_by_reference ON objective (reference);
CREATE INDEX objective_by_parent ON objective (parent);
CREATE TABLE milestone (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    objective TEXT NOT NULL REFERENCES objective (key),
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    value TEXT NOT NULL CHECK (value NOT GLOB '*[^0-9.-]*' AND value <> '')
) STRICT;
CREATE INDEX milestone_by_objective ON milestone (objective);
CREATE TABLE measurement (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    objective TEXT NOT NULL REFERENCES objective (key),
    territory TEXT NOT NULL REFERENCES territory (key),
    day INTEGER NOT NULL CHECK (day BETWEEN 1 AND 3652059),
    value TEXT NOT NULL CHECK (value NOT GLOB '*[^0-9.-]*' AND value <> ''),
    source TEXT NOT NULL,
    comment TEXT NOT NULL,
    provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
    numerator TEXT CHECK (numerator NOT GLOB '*[^0-9.-]*' AND numerator <> ''),
    denominator TEXT CHECK (denominator NOT GLOB '*[^0-9.-]*' AND denominator <> ''),
    entered_on TEXT CHECK (entered_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT
) STRICT;
CREATE TABLE counter_value (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    objective TEXT NOT NULL REFERENCES objective (key),
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    value TEXT NOT NULL CHECK (value NOT GLOB '*[^0-9.-]*' AND value <> ''),
    reason TEXT NOT NULL,
    source TEXT NOT NULL
) STRICT;
CREATE INDEX counter_value_by_objective ON counter_value (objective);
CREATE TABLE meteo (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    engagement TEXT NOT NULL REFERENCES engagement (key),
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    weather TEXT NOT NULL,
    results TEXT NOT NULL,
    obstacles TEXT NOT NULL,
    next_steps TEXT NOT NULL
) STRICT;
CREATE INDEX meteo_by_engagement ON meteo (engagement);
CREATE TABLE step (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    engagement TEXT NOT NULL REFERENCES engagement (key),
    label TEXT NOT NULL,
    rank INTEGER NOT NULL,
    who TEXT NOT NULL,
    due TEXT CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    done_on TEXT CHECK (done_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX step_by_engagement ON step (engagement);
CREATE TABLE funding (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    partner TEXT NOT NULL REFERENCES partner (key),
    code TEXT NOT NULL CHECK (code <> ''),
    label TEXT NOT NULL,
    first_year INTEGER NOT NULL,
    last_year INTEGER NOT NULL,
    amount TEXT NOT NULL CHECK (amount NOT GLOB '*[^0-9.-]*' AND amount <> ''),
    unit TEXT NOT NULL,
    budget TEXT NOT NULL,
    credit TEXT NOT NULL,
    stage TEXT NOT NULL,
    engagement TEXT REFERENCES engagement (key),
    territory TEXT REFERENCES territory (key),
    note TEXT NOT NULL,
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT,
    UNIQUE (contract, code)
) STRICT;
CREATE INDEX funding_by_partner ON funding (partner);
CREATE INDEX funding_by_engagement ON funding (engagement);
CREATE INDEX funding_by_territory ON funding (territory);
CREATE TABLE meeting (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    kind TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    place TEXT NOT NULL,
    title TEXT NOT NULL,
    agenda TEXT NOT NULL,
    participants TEXT NOT NULL
) STRICT;
CREATE INDEX meeting_by_contract ON meeting (contract);
CREATE TABLE decision (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    meeting TEXT NOT NULL REFERENCES meeting (key),
    label TEXT NOT NULL,
    rank INTEGER NOT NULL,
    carrier TEXT NOT NULL,
    due TEXT CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    state TEXT NOT NULL
) STRICT;
CREATE INDEX decision_by_meeting ON decision (meeting);
CREATE TABLE statement (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    partner TEXT REFERENCES partner (key),
    value TEXT CHECK (value NOT GLOB '*[^0-9.-]*' AND value <> ''),
    unit TEXT NOT NULL,
    formula TEXT NOT NULL,
    objective TEXT REFERENCES objective (key),
    note TEXT NOT NULL,
    citation_document TEXT REFERENCES document (key),
    citation_section TEXT,
    citation_mark TEXT,
    UNIQUE (contract, code)
) STRICT;
CREATE INDEX statement_by_partner ON statement (partner);
CREATE INDEX statement_by_objective ON statement (objective);
CREATE TABLE operand (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    statement TEXT NOT NULL REFERENCES statement (key),
    rank INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT CHECK (value NOT GLOB '*[^0-9.-]*' AND value <> ''),
    unit TEXT NOT NULL,
    label TEXT NOT NULL
) STRICT;
CREATE INDEX operand_by_statement ON operand (statement);
CREATE TABLE acknowledgement (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    point TEXT NOT NULL,
    reason TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX acknowledgement_by_contract ON acknowledgement (contract);
"""

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
    made: list[str] = []
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            made.append(pending.strip())
            pending = ""
    if pending.strip():
        raise ValueError(f"unfinished statement: {pending.strip()[:60]}")
    return made


def m0001_first(db: Database) -> None:
    """Make the tables of the contract, the journal and the latest values."""
    for script in (_FIRST_TABLES, _FIRST_JOURNAL, MEASUREMENT_INDEX, LATEST_TRIGGERS):
        for statement in statements(script):
            db.execute(statement)


def m0002_snapshots(db: Database) -> None:
    """Make the tables of the frozen data, which nothing changes once it is in them."""
    for statement in statements(_SNAPSHOTS):
        db.execute(statement)


_CORRESPONDENCE = """
CREATE TABLE correspondence (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    partner TEXT NOT NULL REFERENCES partner (key),
    layout TEXT NOT NULL
) STRICT;
CREATE INDEX correspondence_by_contract ON correspondence (contract);
CREATE INDEX correspondence_by_partner ON correspondence (partner);
"""


def m0003_correspondence(db: Database) -> None:
    """Remember where the figures are in the files of each partner."""
    for statement in statements(_CORRESPONDENCE):
        db.execute(statement)


_FILES = """
CREATE TABLE attachment (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    name TEXT NOT NULL CHECK (name <> ''),
    digest TEXT NOT NULL CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    size INTEGER NOT NULL CHECK (size >= 0),
    added_on TEXT NOT NULL CHECK (added_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    note TEXT NOT NULL,
    document TEXT REFERENCES document (key),
    engagement TEXT REFERENCES engagement (key),
    measurement TEXT REFERENCES measurement (key),
    decision TEXT REFERENCES decision (key),
    CHECK ((document IS NOT NULL) + (engagement IS NOT NULL) + (measurement IS NOT NULL) + (decision IS NOT NULL) = 1)
) STRICT;
CREATE INDEX attachment_by_contract ON attachment (contract);
CREATE INDEX attachment_by_document ON attachment (document) WHERE document IS NOT NULL;
CREATE INDEX attachment_by_engagement ON attachment (engagement) WHERE engagement IS NOT NULL;
CREATE INDEX attachment_by_measurement ON attachment (measurement) WHERE measurement IS NOT NULL;
CREATE INDEX attachment_by_decision ON attachment (decision) WHERE decision IS NOT NULL;
CREATE TABLE file (
    digest TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    content BLOB NOT NULL,
    text TEXT
) STRICT;
CREATE TRIGGER file_kept_as_it_is BEFORE UPDATE ON file BEGIN
    SELECT RAISE(ABORT, 'a file is never changed');
END;
"""


def m0004_files(db: Database) -> None:
    """Keep the files that are joined to things, each once, under its fingerprint."""
    for statement in statements(_FILES):
        db.execute(statement)


_PAPERS = """
CREATE TABLE paper (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    meeting TEXT NOT NULL REFERENCES meeting (key),
    model TEXT NOT NULL CHECK (model <> ''),
    made_on TEXT NOT NULL CHECK (made_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 16 AND fingerprint NOT GLOB '*[^0-9a-f]*'),
    name TEXT NOT NULL CHECK (name NOT GLOB '*[/\\]*')
) STRICT;
CREATE INDEX paper_by_contract ON paper (contract);
CREATE INDEX paper_by_meeting ON paper (meeting);
"""


def m0005_papers(db: Database) -> None:
    """Remember which papers were printed or saved for a meeting."""
    for statement in statements(_PAPERS):
        db.execute(statement)


STEPS: tuple[Callable[[Database], None], ...] = (
    m0001_first,
    m0002_snapshots,
    m0003_correspondence,
    m0004_files,
    m0005_papers,
)
"""Append only. The place of a step is the `user_version` it leads to."""


def version() -> int:
    """Return the `user_version` of an up-to-date base."""
    return len(STEPS)


def apply(connection: sqlite3.Connection, until: int | None = None) -> None:
    """Run the pending steps, or those that lead to the version `until`, inside the transaction that is open.

    Nothing is committed here: the caller commits all of them or none.
    """
    from sqlite_utils import Database, Migrations

    if not connection.in_transaction:
        raise RuntimeError("migrations run inside one transaction")
    steps = Migrations("qpvdesk")
    for step in STEPS[:until]:
        steps(name=step.__name__)(step)
    steps.apply(Database(connection, execute_plugins=False))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version() if until is None else until}")
