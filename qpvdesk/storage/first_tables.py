"""The tables of the first step of `migrations`: frozen, as every step that a base has taken."""

from __future__ import annotations

FIRST_TABLES = """
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
