"""The tables of the step of `migrations` that brought the links of places: frozen, as every step that a base has taken."""

from __future__ import annotations

PLACE_TABLES = """
CREATE TABLE place_level (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    scale TEXT NOT NULL,
    UNIQUE (contract, code)
) STRICT;
CREATE TABLE territory_link (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    part TEXT NOT NULL REFERENCES territory (key),
    whole TEXT NOT NULL REFERENCES territory (key),
    share TEXT CHECK (share NOT GLOB '*[^0-9.-]*' AND share <> ''),
    basis TEXT NOT NULL
) STRICT;
CREATE INDEX territory_link_by_part ON territory_link (part);
CREATE INDEX territory_link_by_whole ON territory_link (whole);
CREATE TABLE contour (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    territory TEXT NOT NULL REFERENCES territory (key),
    vintage TEXT NOT NULL,
    geometry TEXT NOT NULL,
    source TEXT NOT NULL
) STRICT;
CREATE INDEX contour_by_territory ON contour (territory);
CREATE TABLE layer (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    contract TEXT NOT NULL REFERENCES contract (key),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    vintage TEXT NOT NULL,
    unit TEXT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (contract, code)
) STRICT;
CREATE TABLE layer_figure (
    key TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    layer TEXT NOT NULL REFERENCES layer (key),
    territory TEXT NOT NULL REFERENCES territory (key),
    value TEXT CHECK (value NOT GLOB '*[^0-9.-]*' AND value <> ''),
    secret INTEGER NOT NULL CHECK (secret IN (0, 1))
) STRICT;
CREATE INDEX layer_figure_by_layer ON layer_figure (layer);
CREATE INDEX layer_figure_by_territory ON layer_figure (territory);
"""
