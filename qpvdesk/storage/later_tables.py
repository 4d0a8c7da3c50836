"""The tables that came after the first ones, step by step. A script is never edited: see `migrations`."""

from __future__ import annotations

CORRESPONDENCE = """
CREATE TABLE correspondence (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    partner TEXT NOT NULL REFERENCES partner (key),
    layout TEXT NOT NULL
) STRICT;
CREATE INDEX correspondence_by_contract ON correspondence (contract);
CREATE INDEX correspondence_by_partner ON correspondence (partner);
"""
FILES = """
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
PAPERS = """
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
NEW_AS_ONE = """
CREATE INDEX operation_past ON operation (kind, key)
WHERE (field = '' AND value IS NULL)
    OR (field IN ('code', 'objective', 'engagement') AND parent_seq IS NOT NULL);
"""
LEVELS = """
CREATE TABLE axis (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    rank INTEGER NOT NULL,
    parent TEXT REFERENCES axis (key),
    UNIQUE (contract, code)
) STRICT;
CREATE INDEX axis_by_parent ON axis (parent);
ALTER TABLE contract ADD COLUMN upper_level TEXT NOT NULL DEFAULT '';
ALTER TABLE contract ADD COLUMN top_level TEXT NOT NULL DEFAULT '';
ALTER TABLE engagement ADD COLUMN axis TEXT REFERENCES axis (key);
ALTER TABLE engagement ADD COLUMN parent TEXT REFERENCES engagement (key);
CREATE INDEX engagement_by_axis ON engagement (axis);
CREATE INDEX engagement_by_parent ON engagement (parent);
ALTER TABLE objective ADD COLUMN role TEXT NOT NULL DEFAULT 'promesse';
"""
REPLACED = """
ALTER TABLE snapshot ADD COLUMN reason TEXT NOT NULL DEFAULT '';
DROP TRIGGER snapshot_kept_as_it_is;
CREATE TRIGGER snapshot_kept_as_it_is BEFORE UPDATE ON snapshot
WHEN (old.key, old.contract, old.meeting, old.day, old.frozen_on, old.fingerprint)
    IS NOT (new.key, new.contract, new.meeting, new.day, new.frozen_on, new.fingerprint)
BEGIN
    SELECT RAISE(ABORT, 'a snapshot is never changed');
END;
ALTER TABLE decision ADD COLUMN state_on TEXT
CHECK (state_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
"""
CHAIN = """
CREATE TABLE chain (
    act INTEGER PRIMARY KEY REFERENCES act (id),
    author INTEGER NOT NULL REFERENCES author (id),
    first INTEGER NOT NULL CHECK (first > 0),
    last INTEGER NOT NULL CHECK (last >= first),
    previous BLOB CHECK (length(previous) = 32),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
CREATE UNIQUE INDEX chain_last ON chain (author, last);
CREATE TABLE withheld (
    id INTEGER PRIMARY KEY,
    act INTEGER NOT NULL REFERENCES act (id),
    seq INTEGER NOT NULL,
    field TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    UNIQUE (act, seq, field)
) STRICT;
INSERT OR REPLACE INTO meta (name, value) VALUES ('base', lower(hex(randomblob(16))));
DELETE FROM meta WHERE name IN ('author', 'place');
"""
THEMES = """
CREATE TABLE theme (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    rank INTEGER NOT NULL,
    UNIQUE (contract, code)
) STRICT;
CREATE TABLE engagement_theme (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    engagement TEXT NOT NULL REFERENCES engagement (key),
    theme TEXT NOT NULL CHECK (theme <> '')
) STRICT;
CREATE INDEX engagement_theme_by_engagement ON engagement_theme (engagement);
"""

PARTNERS_YEARS_VERSIONS = """
CREATE TABLE version (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    day TEXT CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    UNIQUE (contract, code)
) STRICT;
ALTER TABLE engagement ADD COLUMN since TEXT REFERENCES version (key);
ALTER TABLE objective ADD COLUMN since TEXT REFERENCES version (key);
CREATE INDEX engagement_by_since ON engagement (since) WHERE since IS NOT NULL;
CREATE INDEX objective_by_since ON objective (since) WHERE since IS NOT NULL;
CREATE TABLE engagement_partner (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    engagement TEXT NOT NULL REFERENCES engagement (key),
    partner TEXT NOT NULL REFERENCES partner (key),
    role TEXT NOT NULL
) STRICT;
CREATE INDEX engagement_partner_by_engagement ON engagement_partner (engagement);
CREATE INDEX engagement_partner_by_partner ON engagement_partner (partner);
CREATE TABLE funding_year (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    funding TEXT NOT NULL REFERENCES funding (key),
    year INTEGER NOT NULL,
    ae TEXT,
    cp TEXT
) STRICT;
CREATE INDEX funding_year_by_funding ON funding_year (funding);
CREATE TABLE funding_partner (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    funding TEXT NOT NULL REFERENCES funding (key),
    partner TEXT NOT NULL REFERENCES partner (key)
) STRICT;
CREATE INDEX funding_partner_by_funding ON funding_partner (funding);
CREATE INDEX funding_partner_by_partner ON funding_partner (partner);
"""

REMOVED_CONTRACTS = """
ALTER TABLE contract ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;
"""
SEARCH = """
CREATE TABLE searched (
    id INTEGER PRIMARY KEY,
    contract TEXT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    page INTEGER NOT NULL DEFAULT 0 CHECK (page >= 0),
    UNIQUE (kind, key, page)
) STRICT;
CREATE VIRTUAL TABLE search_letters USING fts5 (
    name, text, pages, content='', contentless_delete=1, tokenize='trigram remove_diacritics 1'
);
CREATE VIRTUAL TABLE search_words USING fts5 (
    name, text, pages, content='', contentless_delete=1, detail=column, tokenize='unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab (search_words, row);
"""
BREAKDOWNS = """
CREATE TABLE breakdown (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    objective TEXT NOT NULL REFERENCES objective (key),
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    category TEXT NOT NULL,
    value TEXT NOT NULL CHECK (value NOT GLOB '*[^0-9.-]*' AND value <> ''),
    list_name TEXT NOT NULL
) STRICT;
CREATE INDEX breakdown_by_objective ON breakdown (objective);
"""
TARGETS = """
ALTER TABLE objective ADD COLUMN target_max TEXT CHECK (target_max NOT GLOB '*[^0-9.-]*' AND target_max <> '');
ALTER TABLE objective ADD COLUMN target_text TEXT NOT NULL DEFAULT '';
"""
VISITS = """
CREATE TABLE visit (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    place TEXT NOT NULL CHECK (place <> ''),
    territory TEXT REFERENCES territory (key),
    functions TEXT NOT NULL,
    mood TEXT NOT NULL,
    needs TEXT NOT NULL,
    difficulties TEXT NOT NULL,
    proposals TEXT NOT NULL,
    follow_up TEXT NOT NULL,
    carrier TEXT NOT NULL,
    due TEXT CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    done_on TEXT CHECK (done_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX visit_by_contract ON visit (contract);
CREATE INDEX visit_by_territory ON visit (territory);
ALTER TABLE attachment RENAME TO attachment_of_before;
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
    visit TEXT REFERENCES visit (key),
    CHECK (
        (document IS NOT NULL) + (engagement IS NOT NULL) + (measurement IS NOT NULL) + (decision IS NOT NULL)
        + (visit IS NOT NULL) = 1
    )
) STRICT;
INSERT INTO attachment
    (key, contract, name, digest, size, added_on, note, document, engagement, measurement, decision)
    SELECT key, contract, name, digest, size, added_on, note, document, engagement, measurement, decision
    FROM attachment_of_before;
DROP TABLE attachment_of_before;
CREATE INDEX attachment_by_contract ON attachment (contract);
CREATE INDEX attachment_by_document ON attachment (document) WHERE document IS NOT NULL;
CREATE INDEX attachment_by_engagement ON attachment (engagement) WHERE engagement IS NOT NULL;
CREATE INDEX attachment_by_measurement ON attachment (measurement) WHERE measurement IS NOT NULL;
CREATE INDEX attachment_by_decision ON attachment (decision) WHERE decision IS NOT NULL;
CREATE INDEX attachment_by_visit ON attachment (visit) WHERE visit IS NOT NULL;
"""
ACTS_OF_THEIR_AUTHORS = """
PRAGMA defer_foreign_keys = ON;
CREATE TABLE act_of_before AS SELECT id, key, author, label, done_at, mode, reverses FROM act;
CREATE INDEX act_reversed ON act (reverses);
DROP TABLE act;
CREATE TABLE act (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    author INTEGER NOT NULL REFERENCES author (id),
    label TEXT NOT NULL,
    done_at TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('do', 'undo', 'redo')),
    reverses INTEGER REFERENCES act (id),
    UNIQUE (key, author),
    CHECK ((mode = 'do') = (reverses IS NULL))
) STRICT;
CREATE INDEX act_reversed ON act (reverses);
INSERT INTO act (id, key, author, label, done_at, mode, reverses)
    SELECT id, key, author, label, done_at, mode, reverses FROM act_of_before ORDER BY id;
DROP INDEX act_reversed;
DROP TABLE act_of_before;
CREATE INDEX act_author ON act (author);
"""
