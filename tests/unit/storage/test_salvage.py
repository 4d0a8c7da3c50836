"""Salvage: whatever page, half or bit is lost, what is left comes back sound, and what is not is said."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier
from qpvdesk.storage import maintenance, opening, readers, rescue
from qpvdesk.storage.care import backup
from qpvdesk.storage.connection import journal_of
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import TABLES
from tests.unit.storage import samples

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
LONG = "Réunion du réseau, compte rendu. " * 400


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A base of many pages: measurements, a comment longer than a page, something corrected and something removed."""
    path: Path = tmp_path_factory.mktemp("remplie") / "base.db"
    with samples.new_base(path) as base:
        for number in range(150):
            with base.unit(f"Relevé {number}") as unit:
                day = samples.DAY + timedelta(days=number)
                unit.put(replace(samples.MEASUREMENT, key=f"k{number:03}", day=day, value=Decimal(number)))
        with base.unit("Long commentaire") as unit:
            unit.put(replace(samples.MEASUREMENT, key="k000", comment=LONG))
        with base.unit("Suppression") as unit:
            unit.remove(next(m for m in base.dossier("contract1").measurements if m.key == "k149"))
    return path.read_bytes()


@pytest.fixture
def filled(content: bytes, path: Path) -> Path:
    """A copy that the test may damage."""
    path.write_bytes(content)
    return path


def held(path: Path) -> Dossier:
    with opening.open_base(path, read_only=True) as base:
        assert maintenance.check(base) == []
        return base.dossier("contract1")


def entities(dossier: Dossier) -> dict[tuple[str, str], object]:
    made: dict[tuple[str, str], object] = {}
    for table in TABLES:
        items = (dossier.contract,) if table.kind == "contract" else getattr(dossier, table.dossier)
        made.update({(table.kind, one.key): one for one in items})
    return made


def test_a_sound_base_comes_out_as_it_was(filled: Path, tmp_path: Path) -> None:
    noted = "SELECT value FROM meta WHERE name = 'partage:ailleurs'"
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("INSERT INTO meta (name, value) VALUES ('partage:ailleurs', '3')")
        connection.commit()
    before = held(filled)
    report = rescue.salvage(filled, tmp_path / "saved.db", now=NOW)
    assert report.whole
    assert (report.from_journal, report.from_rows, report.differing) == (0, 0, ())
    assert held(tmp_path / "saved.db") == before
    with opening.open_base(filled) as old, opening.open_base(tmp_path / "saved.db") as new:
        assert [one.sentence for one in readers.history(new)] == [
            one.sentence for one in readers.history(old)
        ]
        assert new.connection.execute(noted).fetchall() == [("3",)]


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_page_costs_what_the_report_says(filled: Path, tmp_path: Path, seed: int) -> None:
    before, content = entities(held(filled)), bytearray(filled.read_bytes())
    chance = random.Random(seed)
    at = chance.randrange(len(content) // 4096) * 4096
    content[at : at + 4096] = chance.randbytes(4096) if seed % 2 else bytes(4096)
    filled.write_bytes(content)
    report = rescue.salvage(filled, tmp_path / "saved.db", now=NOW)
    after = entities(held(tmp_path / "saved.db"))
    missing = before.keys() - after.keys()
    # Nothing goes without a word: each lost one is named, or was on a page that is counted as lost.
    assert len(missing) <= len(report.lost)
    assert all(before[key] == after[key] for key in before.keys() & after.keys())
    assert not after.keys() - before.keys() - {("measurement", "k149")}


def test_no_page_but_that_of_a_whole_table_loses_a_row_that_the_journal_has(
    filled: Path, tmp_path: Path
) -> None:
    """The rows of every table are destroyed, the journal is not: everything comes back."""
    before = held(filled)
    content = bytearray(filled.read_bytes())
    with closing(sqlite3.connect(filled)) as connection:
        names = ", ".join(f"'{table.kind}'" for table in TABLES)
        roots = connection.execute(f"SELECT rootpage FROM sqlite_schema WHERE name IN ({names})").fetchall()
    for (root,) in roots:
        content[(root - 1) * 4096 : root * 4096] = bytes(4096)
    filled.write_bytes(content)
    report = rescue.salvage(filled, tmp_path / "saved.db", now=NOW)
    assert report.from_journal > 20
    assert report.lost == ()
    assert held(tmp_path / "saved.db") == before


def test_an_operation_whose_act_is_lost_stands_in_the_journal_all_the_same(
    filled: Path, tmp_path: Path
) -> None:
    before = held(filled)
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("DELETE FROM act WHERE id = (SELECT act FROM operation WHERE key = 'k010')")
        connection.commit()
    report = rescue.salvage(filled, tmp_path / "saved.db", now=NOW)
    assert (report.from_rows, report.lost) == (0, ())
    assert held(tmp_path / "saved.db") == before


def test_without_the_journal_the_rows_are_kept_and_journalled_anew(filled: Path, tmp_path: Path) -> None:
    before = held(filled)
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("DELETE FROM operation")
        connection.execute("DELETE FROM act")
        connection.execute("DELETE FROM author")
        connection.commit()
    report = rescue.salvage(filled, tmp_path / "saved.db", now=NOW)
    assert report.from_rows == sum(report.kept.values())
    assert held(tmp_path / "saved.db") == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0.05, 1), flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 7)), max_size=20))
def test_truncation_and_bit_flips_never_break_the_salvage(
    filled: Path, tmp_path: Path, cut: float, flips: list[tuple[float, int]]
) -> None:
    content = bytearray(filled.read_bytes())
    content = content[: max(1, int(len(content) * cut))]
    for place, bit in flips:
        content[int(place * len(content))] ^= 1 << bit
    hurt, saved = tmp_path / "hurt.db", tmp_path / "hurt-saved.db"
    hurt.write_bytes(content)
    saved.unlink(missing_ok=True)
    try:
        report = rescue.salvage(hurt, saved, now=NOW)
    except UserError as error:
        refusal = error.message
    else:
        refusal = ""
    if refusal:
        assert "Rien n’a pu être récupéré" in refusal
        return
    with opening.open_base(saved) as base:
        unknown = [line for line in maintenance.check(base) if "arrêté des données" not in line]
        assert unknown == []
        assert len(base.contracts()) == report.kept["contract"]


def test_the_header_alone_lost_loses_nothing(filled: Path, tmp_path: Path) -> None:
    before = held(filled)
    content = filled.read_bytes()
    filled.write_bytes(bytes(4096) + content[4096:])
    report = rescue.salvage(filled, tmp_path / "saved.db", now=NOW)
    assert report.lost == ()
    assert held(tmp_path / "saved.db") == before


def test_a_repair_keeps_the_damaged_file_to_the_byte(filled: Path) -> None:
    before = held(filled)
    with closing(sqlite3.connect(filled)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'milestone'").fetchone()[0]
    content = bytearray(filled.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\x77" * 4096
    filled.write_bytes(content)
    with pytest.raises(opening.DamagedError):
        opening.open_base(filled)
    journal_of(filled).write_bytes(b"rien")
    done = rescue.repair(filled, now=NOW)
    assert done.kept.read_bytes() == content
    assert not journal_of(filled).exists(), "what was left half-way is not rolled back over what was saved"
    assert held(filled) == before
    left = sorted(one.name for one in filled.parent.iterdir() if one.is_file())
    assert left == sorted([filled.name, done.kept.name])


def test_rows_another_program_changed_are_put_back_from_the_journal(filled: Path) -> None:
    before = held(filled)
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("UPDATE measurement SET value = '999' WHERE key = 'k010'")
        connection.execute("DELETE FROM measurement WHERE key = 'k020'")
    with opening.open_base(filled) as base:
        assert maintenance.check(base)
    done = rescue.repair(filled, now=NOW)
    assert held(filled) == before
    assert (done.report.from_journal, len(done.report.differing)) == (1, 1)
    assert backup.verify(done.kept)


def test_what_refers_to_what_is_lost_lets_go_of_it_however_many_there_are_between(path: Path) -> None:
    """The partner is lost, its engagement goes with it, and the first of the list, a part of that one, stands alone."""
    with samples.new_base(path) as base, base.unit("Un partenaire de passage") as unit:
        engagement = base.dossier("contract1").engagements[0]
        unit.put(replace(base.dossier("contract1").partners[0], key="passage", code="PAS", rank=3))
        unit.put(replace(engagement, key="z-whole", code="PAS-E01", partner="passage"))
        unit.put(replace(engagement, key="a-part", code="BPI-E08", parent="z-whole"))
    before = entities(held(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM operation WHERE key = 'passage'")
        connection.execute("DELETE FROM partner WHERE key = 'passage'")
    done = rescue.repair(path, now=NOW)
    after = held(path)
    (part,) = (item for item in after.engagements if item.key == "a-part")
    assert part.parent is None
    assert before.keys() - entities(after).keys() == {("partner", "passage"), ("engagement", "z-whole")}
    assert [loss.kind for loss in done.report.lost] == ["engagement"]


@pytest.mark.parametrize("words", ["{", "[1]", '{"autre": "champ"}', '{"value": 3'])
def test_what_another_program_wrote_in_the_journal_is_left_out_and_the_row_stays(
    filled: Path, words: str
) -> None:
    before = held(filled)
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("UPDATE operation SET value = ? WHERE key = 'k010' AND field = ''", (words,))
    done = rescue.repair(filled, now=NOW)
    assert (done.report.from_rows, done.report.lost) == (1, ())
    assert held(filled) == before


def test_a_base_that_is_open_elsewhere_is_not_repaired(filled: Path) -> None:
    with opening.open_base(filled), pytest.raises(UserError, match="déjà ouverte"):
        rescue.repair(filled, now=NOW)


def test_what_a_killed_process_left_half_way_is_in_no_base_that_is_repaired(
    filled: Path, tmp_path: Path
) -> None:
    before, killed = held(filled), tmp_path / "tue" / "base.db"
    killed.parent.mkdir()
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE measurement SET value = '999'")
        connection.execute("UPDATE operation SET value = replace(value, '31', '999')")
        killed.write_bytes(filled.read_bytes())
        journal_of(killed).write_bytes(journal_of(filled).read_bytes())
        connection.execute("ROLLBACK")
    assert killed.read_bytes() != filled.read_bytes()
    done = rescue.repair(killed, now=NOW)
    assert (done.report.from_journal, done.report.differing, done.report.lost) == (0, (), ())
    assert held(killed) == before


def test_what_has_nothing_left_is_untouched(filled: Path) -> None:
    filled.write_bytes(bytes(8192))
    with pytest.raises(UserError, match="Rien n’a pu être récupéré"):
        rescue.repair(filled, now=NOW)
    assert filled.read_bytes() == bytes(8192)
    assert not list(filled.parent.glob("*.recuperation*"))


def test_a_disk_that_fails_a_repair_has_its_sentence_and_the_base_is_untouched(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    before = filled.read_bytes()
    monkeypatch.setattr(import_module("qpvdesk.storage.rescue.repair"), "salvage", fail)
    with pytest.raises(UserError, match="disque est plein"):
        rescue.repair(filled, now=NOW)
    assert filled.read_bytes() == before
    assert not list(filled.parent.glob("*.recuperation*"))


def test_undo_does_not_offer_to_take_the_salvage_back(filled: Path) -> None:
    content = bytearray(filled.read_bytes())
    with closing(sqlite3.connect(filled)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'act'").fetchone()[0]
    content[(root - 1) * 4096 : root * 4096] = bytes(4096)
    filled.write_bytes(content)
    rescue.repair(filled, now=NOW)
    with opening.open_base(filled) as base:
        assert base.stacks.undo_label is None
        with base.unit("Relevé d’après") as unit:
            unit.put(replace(samples.MEASUREMENT, key="after"))
        assert maintenance.check(base) == []
        base.undo()
        assert maintenance.check(base) == []


def test_what_a_repair_writes_is_signed_by_whoever_repairs(filled: Path) -> None:
    content = bytearray(filled.read_bytes())
    with closing(sqlite3.connect(filled)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'objective'").fetchone()[0]
        connection.execute("UPDATE objective SET label = 'Plus récent que le journal'")
        connection.execute("DELETE FROM operation WHERE id = (SELECT max(id) FROM operation)")
        connection.commit()
    assert root
    filled.write_bytes(filled.read_bytes()[: len(content)])
    rescue.repair(filled, now=NOW)
    with opening.open_base(filled) as base:
        rows = base.connection.execute(
            "SELECT a.uid, c.act IS NOT NULL FROM act t JOIN author a ON a.id = t.author"
            " LEFT JOIN chain c ON c.act = t.id WHERE t.label LIKE 'Récupération%'"
        ).fetchall()
        assert [(uid.startswith(base.authors.identity.public), signed) for uid, signed in rows] == [(True, 1)]
        assert maintenance.check(base) == []
