"""The declared tables are those of the model and those that the migrations make."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import NODEFAULT, structs

from qpvdesk.domain import model
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import REQUIRED
from qpvdesk.storage import codecs, migrations
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import BY_KIND, TABLES, Table
from tests.unit.storage import samples


def made() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    migrations.apply(connection)
    connection.execute("COMMIT")
    return connection


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind)
def test_a_table_declares_the_fields_of_its_entity_with_their_defaults(table: Table) -> None:
    declared = [(one.name, one.default) for one in table.fields]
    told = [
        (one.name, REQUIRED if one.default is NODEFAULT else one.default)
        for one in structs.fields(table.entity)
    ]
    assert declared == told


def test_every_tuple_of_the_dossier_has_its_table() -> None:
    assert {table.dossier for table in TABLES} == {one.name for one in structs.fields(model.Dossier)}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind)
def test_the_migrations_make_the_columns_and_references_declared(table: Table) -> None:
    connection = made()
    columns = {
        row[1]: (row[2], bool(row[3])) for row in connection.execute(f"PRAGMA table_info({table.kind})")
    }
    declared = {
        one.name + suffix: (kind, not one.nullable)
        for one in table.fields
        for suffix, kind in one.codec.columns
    }
    assert columns == declared
    references = {(row[3], row[2]) for row in connection.execute(f"PRAGMA foreign_key_list({table.kind})")}
    wanted = {(one.name, one.ref) for one in table.fields if one.ref}
    wanted |= {("citation_document", "document") for one in table.fields if one.name == "citation"}
    assert references == wanted


def test_every_table_is_strict() -> None:
    rows = made().execute("PRAGMA table_list").fetchall()
    # The indexes of the search are tables of SQLite's own making.
    loose = {row[1] for row in rows if not row[5] and row[2] not in ("virtual", "shadow")} - {
        "sqlite_schema",
        "sqlite_temp_schema",
        "_sqlite_migrations",
    }
    assert loose == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind)
def test_an_entity_comes_back_from_its_row_and_from_its_cells(table: Table) -> None:
    held = getattr(samples.dossier(), table.dossier)
    for entity in held if isinstance(held, tuple) else (held,):
        assert table.entities([table.row(entity)]) == [entity]
        for one in table.fields:
            value = getattr(entity, one.name)
            assert one.read(one.write(value)) == value


def test_a_whole_number_that_no_column_can_hold_is_refused() -> None:
    for value in (2**63 - 1, 1 - 2**63):
        assert codecs._whole(value) == value
    for value in (2**63, -(2**63)):
        with pytest.raises(UserError, match="trop grand"):
            codecs._whole(value)


def test_a_text_with_a_nul_and_a_value_that_is_no_number_are_refused() -> None:
    with pytest.raises(UserError, match="invisible"):
        BY_KIND["partner"].by_name["name"].encode("a\0b")
    with pytest.raises(ValueError, match="finite"):
        BY_KIND["milestone"].by_name["value"].encode(Decimal("NaN"))
