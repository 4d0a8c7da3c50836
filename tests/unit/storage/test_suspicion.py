"""A base that declares something else than a release makes is refused in words, whatever it would do, and left as it is."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE
from qpvdesk.storage import maintenance, migrations, opening, readers, rescue, suspicion
from qpvdesk.storage.base import TO_SWEEP
from qpvdesk.storage.care import backup, restore
from qpvdesk.storage.engine import sqlite3
from tests.unit.storage import samples

BASES = Path(__file__).parents[2] / "reference"
_EVIL = "CREATE TRIGGER evil AFTER INSERT ON operation BEGIN UPDATE partner SET name = 'x'; END"
_SCHEMA_FORMAT_AT = 47
"""The byte of the header that says which form of SQLite's own tables follows."""


@pytest.fixture
def made(path: Path) -> Path:
    samples.new_base(path).close()
    return path


def doctor(path: Path, *statements: str | tuple[str, str, str]) -> None:
    """Change a base as any program may: by statements, or other words in what a name declares (name, old, new)."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("PRAGMA legacy_alter_table = ON")
        for statement in statements:
            if isinstance(statement, str):
                connection.execute(statement)
                continue
            name, old, new = statement
            said = "SELECT sql FROM sqlite_schema WHERE name = ?"
            (before,) = connection.execute(said, (name,)).fetchone()
            assert old in before
            connection.execute(
                "UPDATE sqlite_schema SET sql = ? WHERE name = ?", (before.replace(old, new, 1), name)
            )


DOCTORED: dict[str, tuple[str, list[str | tuple[str, str, str]]]] = {
    "trigger": ("déclencheur evil", [_EVIL]),
    "trigger of ours": (
        "déclencheur frozen_kept",
        ["DROP TRIGGER frozen_kept", _EVIL.replace("evil", "frozen_kept")],
    ),
    "trigger spelt otherwise": (
        "déclencheur search_evil_added",
        [
            _EVIL.replace("evil", "search_evil_added"),
            "UPDATE sqlite_schema SET type = 'TRIGGER' WHERE name = 'search_evil_added'",
        ],
    ),
    "view": (
        "vue theme",
        ["ALTER TABLE theme RENAME TO hidden", "CREATE VIEW theme AS SELECT * FROM hidden"],
    ),
    "table of its own": ("table carnet", ["CREATE TABLE carnet (texte)"]),
    "table of a name that would act": (
        r"\(table a ·<b>gras</b>·x{14}…\)",
        [f'CREATE TABLE "a\n\u202e<b>gras</b>\a{"x" * 200_000}" (texte)'],
    ),
    "table gone": ("table operation", ["DROP TABLE operation"]),
    "index of its own": ("index une_fois", ["CREATE UNIQUE INDEX une_fois ON operation (id)"]),
    "index gone": ("index operation_cell", ["DROP INDEX operation_cell"]),
    "conflict": (
        "table operation",
        [("operation", "UNIQUE (author, seq)", "UNIQUE (author, seq) ON CONFLICT REPLACE")],
    ),
    "check": ("table author", [("author", "label TEXT NOT NULL", "label TEXT NOT NULL CHECK (id < 9)")]),
    "default": ("table contract", [("contract", "DEFAULT ''", "DEFAULT 'x'")]),
    "collation": ("table author", [("author", "uid TEXT", "uid TEXT COLLATE NOCASE")]),
    "generated": (
        "table act",
        [
            (
                "act",
                "label TEXT NOT NULL,",
                "label TEXT NOT NULL, lourd TEXT NOT NULL AS (hex(zeroblob(400000000))),",
            )
        ],
    ),
    "name that is no text": (
        "table \ufffd",
        [
            "UPDATE sqlite_schema SET name = CAST(x'ff' AS TEXT), tbl_name = CAST(x'ff' AS TEXT),"
            " sql = CAST(replace(CAST(sql AS BLOB), 'carnet', x'ff') AS TEXT) WHERE name = 'carnet'",
        ],
    ),
}


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("name", DOCTORED)
def test_a_base_that_declares_something_else_does_not_open(made: Path, name: str, read_only: bool) -> None:
    told, statements = DOCTORED[name]
    if name == "name that is no text":
        doctor(made, 'CREATE TABLE "carnet" (texte)')
    doctor(made, *statements)
    before = made.read_bytes()
    with pytest.raises(opening.DamagedError, match=told):
        opening.open_base(made, read_only=read_only)
    assert made.read_bytes() == before


@pytest.mark.parametrize("name", ["trigger", "view", "conflict", "generated", "name that is no text"])
def test_a_backup_that_declares_something_else_is_not_restored(made: Path, name: str) -> None:
    told, statements = DOCTORED[name]
    with opening.open_base(made) as base:
        saved = maintenance.backup(base).path
    if name == "name that is no text":
        doctor(saved, 'CREATE TABLE "carnet" (texte)')
    doctor(saved, *statements)
    backup.sign(saved, saved)
    before = made.read_bytes()
    with pytest.raises(UserError, match=told):
        restore.restore(made, saved, now=samples.NOON.replace(tzinfo=None))
    assert made.read_bytes() == before


def test_what_sqlite_itself_cannot_read_is_said(made: Path) -> None:
    content = bytearray(made.read_bytes())
    content[_SCHEMA_FORMAT_AT] = 9
    made.write_bytes(content)
    with pytest.raises(opening.DamagedError, match="est endommagée"):
        opening.open_base(made)
    assert made.read_bytes() == content


@pytest.mark.parametrize("read_only", [False, True])
def test_a_schema_whose_bytes_are_no_text_is_said_and_repaired(made: Path, *, read_only: bool) -> None:
    content = made.read_bytes()
    made.write_bytes(content.replace(b"CREATE TABLE act", b"CREATE T\xf4BLE act"))
    with pytest.raises(opening.DamagedError, match="est endommagée"):
        opening.open_base(made, read_only=read_only)
    rescue.repair(made, now=samples.NOON)
    with opening.open_base(made) as base:
        assert base.dossier("contract1") == samples.dossier()


@pytest.mark.parametrize("table", ["search_words_config", "search_letters_data"])
def test_a_search_that_cannot_be_read_is_said(made: Path, table: str) -> None:
    doctor(made, f"DELETE FROM {table}")
    with pytest.raises(opening.DamagedError, match="est endommagée"):
        opening.open_base(made)


def test_a_base_that_another_program_counted_opens_and_an_erasing_leaves_nothing_of_the_counts(
    made: Path,
) -> None:
    name = samples.dossier().partners[0].name
    doctor(made, "ANALYZE")
    with opening.open_base(made) as base:
        assert base.dossier("contract1") == samples.dossier()
        assert maintenance.check(base) == []
        maintenance.erase(base, name)
        with base.reading() as connection:
            assert (
                connection.execute("SELECT 1 FROM sqlite_schema WHERE name GLOB 'sqlite_stat*'").fetchone()
                is None
            )
    doctor(made, "ANALYZE", "PRAGMA writable_schema = RESET", _EVIL)
    with pytest.raises(opening.DamagedError, match=r"\(déclencheur evil\)"):
        opening.open_base(made)


def test_a_base_that_declares_something_else_is_repaired(made: Path) -> None:
    doctor(made, *DOCTORED["conflict"][1], _EVIL)
    rescue.repair(made, now=samples.NOON)
    with opening.open_base(made) as base:
        assert maintenance.check(base) == []
        assert base.dossier("contract1") == samples.dossier()


def test_a_backup_takes_the_place_of_a_base_that_declares_something_else(made: Path) -> None:
    """Nothing of the base is read on the way: whatever it says of itself, it is kept aside to the byte."""
    with opening.open_base(made) as base:
        saved = maintenance.backup(base).path
    doctor(
        made,
        "ALTER TABLE contract RENAME TO hidden",
        # Were it asked, nothing real could be restored in its place.
        f"CREATE VIEW contract AS SELECT '{EXAMPLE}1' AS key",
    )
    before = made.read_bytes()
    assert restore.preview(made, saved).present is None
    kept = restore.restore(made, saved, now=samples.NOON.replace(tzinfo=None)).kept
    assert kept is not None
    assert kept.read_bytes() == before
    with opening.open_base(made) as base:
        assert base.dossier("contract1") == samples.dossier()


def test_no_backup_is_made_of_a_base_that_declares_something_else(made: Path) -> None:
    doctor(made, *DOCTORED["generated"][1])
    with pytest.raises(UserError, match="la copie n’est pas saine"):
        backup.make(made, now=samples.NOON.replace(tzinfo=None), reason="reparation")
    assert backup.backups(made) == ()


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("funding", "stage", ""),
        ("objective", "role", "rien"),
        ("objective", "start_date", "2026-02-30"),
    ],
)
def test_a_row_that_no_release_writes_is_said_and_the_next_opening_sees_it(
    made: Path, table: str, field: str, value: str
) -> None:
    doctor(made, "PRAGMA ignore_check_constraints = ON", f"UPDATE {table} SET {field} = '{value}'")
    with opening.open_base(made) as base, pytest.raises(UserError, match="est endommagée"):
        base.dossier("contract1")
    with pytest.raises(opening.DamagedError, match="est endommagée"):
        opening.open_base(made)


def test_a_moment_that_is_none_is_said_and_the_next_opening_sees_it(made: Path) -> None:
    doctor(made, "UPDATE act SET done_at = 'hier'")
    with opening.open_base(made) as base, pytest.raises(UserError, match="est endommagée"):
        readers.history(base, None, 9)
    with pytest.raises(opening.DamagedError, match="est endommagée"):
        opening.open_base(made)


def test_a_trigger_of_the_search_is_made_anew_before_it_acts(made: Path) -> None:
    doctor(made, "DROP TRIGGER search_file_added", _EVIL.replace("evil", "search_file_added"))
    with opening.open_base(made) as base:
        names = {partner.name for partner in base.dossier("contract1").partners}
        with base.unit("Un acte") as unit:
            unit.put(samples.MEASUREMENT)
        assert {partner.name for partner in base.dossier("contract1").partners} == names
        assert maintenance.check(base) == []


@pytest.mark.parametrize("name", ["search_file_removed", "search_meta_removed"])
def test_a_trigger_of_the_search_is_made_anew_before_an_opening_tightens_the_file(
    made: Path, name: str
) -> None:
    doctor(
        made,
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} AFTER DELETE ON meta BEGIN UPDATE partner SET name = 'x'; END",
        f"INSERT INTO meta (name, value) VALUES ('{TO_SWEEP}', '1')",
    )
    with opening.open_base(made) as base:
        assert base.dossier("contract1") == samples.dossier()
        assert maintenance.check(base) == []
    with opening.open_base(made, read_only=True) as base, base.reading() as connection:
        assert connection.execute("SELECT name FROM meta WHERE name = ?", (TO_SWEEP,)).fetchone() is None


def test_the_steps_declare_what_is_known_of_each_version() -> None:
    """The digests to add to `suspicion` where a step declares something, or a library spells its tables otherwise."""
    found, last = {}, ""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        fresh.execute("BEGIN")
        for version in range(1, migrations.version() + 1):
            migrations.apply(fresh, version)
            digest = suspicion.digest(suspicion.declared(fresh)[2])
            if digest != last:
                found[version] = last = digest
        migrations.apply(fresh)
        assert suspicion.differing(*suspicion.declared(fresh)[1:]) == ""
    assert found == suspicion._FORMS


def test_the_bases_of_every_release_declare_what_its_steps_do() -> None:
    references = sorted(BASES.glob("*.db"))
    assert [reference.name for reference in references] == ["arrete-form1.db", "base-v1.db", "base-v5.db"]
    for reference in references:
        with contextlib.closing(
            sqlite3.connect(f"file:{reference}?mode=ro&immutable=1", uri=True)
        ) as connection:
            assert suspicion.differing(*suspicion.declared(connection)[1:]) == ""
            assert not suspicion.unreadable(connection)


def test_a_library_that_spells_its_own_tables_otherwise_is_compared_with_itself(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suspicion, "_FORMS", {})
    with opening.open_base(made) as base:
        assert maintenance.check(base) == []
    doctor(made, _EVIL)
    with pytest.raises(opening.DamagedError, match=r"\(déclencheur evil\)"):
        opening.open_base(made)


@pytest.mark.parametrize("damage", ["a page", "the header"])
def test_a_damage_that_is_found_while_a_base_is_open_is_remembered(made: Path, damage: str) -> None:
    with opening.open_base(made) as base:
        assert maintenance.quick_check(base)
        (root,) = base.connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'act'").fetchone()
        content = bytearray(made.read_bytes())
        at = (root - 1) * 4096 if damage == "a page" else 0
        content[at : at + 16] = b"\x77" * 16
        # As after a writing of another program: what was read before is read again.
        content[24:28] = (int.from_bytes(content[24:28]) + 1).to_bytes(4)
        made.write_bytes(content)
        assert not maintenance.quick_check(base)
        assert suspicion.mark_of(made).exists()


def test_a_base_that_is_sound_again_is_no_longer_suspected(made: Path) -> None:
    mark = suspicion.mark_of(made)
    mark.touch()
    opening.open_base(made).close()
    assert not mark.exists()
