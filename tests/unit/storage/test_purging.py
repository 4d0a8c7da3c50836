"""Erasing a text about a person: out of the rows, the whole journal and the bytes of the file, and nothing else."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Attachment, Correspondence
from qpvdesk.services.care import privacy
from qpvdesk.storage import maintenance, opening, readers
from qpvdesk.storage.authors import ForeignBaseError
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import backup, purging
from qpvdesk.storage.engine import sqlite3
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

NAME = "Mme Dupont-Léger"


def write(base: Database, key: str, comment: str, day: int = 0) -> None:
    with base.unit(f"Relevé {key}") as unit:
        unit.put(
            replace(samples.MEASUREMENT, key=key, comment=comment, day=samples.DAY + timedelta(days=day))
        )


@pytest.fixture
def named(base: Database) -> Database:
    """A name in a comment, one in a comment corrected since, one in a row removed since, one in an act."""
    write(base, "a", f"Vu avec {NAME}, rappelle lundi", 1)
    write(base, "b", f"D’après {NAME.upper()}", 2)
    write(base, "b", "D’après la directrice", 2)
    write(base, "c", f"{NAME}", 3)
    with base.unit(f"Suppression demandée par {NAME}") as unit:
        unit.remove(next(m for m in base.dossier("contract1").measurements if m.key == "c"))
    return base


def test_the_text_is_found_wherever_it_is(named: Database) -> None:
    found = maintenance.mentions(named, "mme  dupont-léger")
    assert found.fields == (("measurement", "commentaire", 1),)
    assert found.past == 4
    assert found.frozen == ()
    assert not found.none
    assert maintenance.mentions(named, "Mme Martin").none


def test_it_is_gone_from_the_rows_the_journal_and_the_file(named: Database, path: Path) -> None:
    before = named.dossier("contract1")
    change = maintenance.erase(named, NAME)
    assert change.kinds == {"measurement"}
    after = named.dossier("contract1")
    assert maintenance.check(named) == []
    assert maintenance.mentions(named, NAME).none
    told = " ".join(
        f"{one.sentence} {one.act} {one.before} {one.after}" for one in readers.history(named, None, 5000)
    )
    assert "dupont" not in told.lower()
    assert "[effacé]" in told
    wanted = tuple(
        replace(one, comment="Vu avec [effacé], rappelle lundi") if one.key == "a" else one
        for one in before.measurements
    )
    assert after == replace(before, measurements=wanted)
    named.close()
    assert b"dupont" not in path.read_bytes().lower()


def test_undo_brings_nothing_of_it_back(named: Database) -> None:
    maintenance.erase(named, NAME)
    for _ in range(10):
        try:
            if named.undo() is None:
                break
        except UserError:
            break
    assert maintenance.mentions(named, NAME).none
    assert maintenance.check(named) == []


def test_a_base_open_for_reading_and_a_short_text_are_refused(named: Database, path: Path) -> None:
    for text in ("", "  ", "Al"):
        with pytest.raises(UserError, match="trop court"):
            maintenance.erase(named, text)
    named.close()
    with opening.open_base(path, read_only=True) as base, pytest.raises(UserError, match="lecture seule"):
        maintenance.erase(base, NAME)


def test_backups_that_hold_it_go_only_when_asked_and_after_a_new_one(named: Database) -> None:
    maintenance.backup(named)
    privacy.erase(desk_on(named, date(2026, 6, 30)), NAME)
    found = privacy.trace(desk_on(named, date(2026, 6, 30)), NAME)
    assert len(found.copies) == 1
    assert "Dans 1 sauvegarde" in " ".join(privacy.sentences(found))
    assert privacy.erase_copies(desk_on(named, date(2026, 6, 30)), NAME) == 1
    held = backup.backups(named.path)
    assert [one.reason for one in held] == ["effacement"]
    assert backup.verify(held[0].path)
    assert privacy.trace(desk_on(named, date(2026, 6, 30)), NAME).none
    assert privacy.erase_copies(desk_on(named, date(2026, 6, 30)), NAME) == 0


def test_frozen_data_are_named_and_left(base: Database) -> None:
    from tests.unit.storage.test_snapshots import frozen

    write(base, "a", f"Vu avec {NAME}", 1)
    snapshot = frozen(base)
    maintenance.erase(base, NAME)
    found = maintenance.mentions(base, NAME)
    assert found.frozen == (snapshot.day,)
    assert maintenance.check(base) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)),
        min_size=3,
        max_size=20,
    )
)
def test_whatever_is_erased_the_journal_still_tells_the_tables(base: Database, text: str) -> None:
    write(base, "h", f"avant {text} après", 9)
    try:
        maintenance.erase(base, text)
    except UserError as error:
        refused = error.message
    else:
        refused = ""
        assert (
            maintenance.mentions(base, text).none or "[effacé]".casefold().find(text.strip().casefold()) >= 0
        )
    assert "trop court" in refused or not refused
    assert maintenance.check(base) == []


def test_what_names_things_is_never_erased(base: Database) -> None:
    before = base.dossier("contract1")
    with base.unit("Libellé") as unit:
        unit.put(replace(before.objectives[0], label="Bus de BPI-O01", note="BPI-O01 ?"))
    maintenance.erase(base, "BPI-O01")
    (named, *others) = base.dossier("contract1").objectives
    assert (named.code, named.label, named.note) == ("BPI-O01", "Bus de [effacé]", "[effacé] ?")
    assert (named.key, others) == (before.objectives[0].key, list(before.objectives[1:]))
    # What is left of it are the codes, which no search for a person looks at.
    assert maintenance.mentions(base, "BPI-O01").none
    assert maintenance.check(base) == []


def test_the_text_of_joined_files_names_and_remembered_tables_is_reached(named: Database) -> None:
    contract = named.contracts()[0]
    with named.unit("Pièce jointe") as unit:
        content = f"Réunion avec {NAME}".encode()
        file = Attachment(
            "att1",
            contract.key,
            "pv.txt",
            durable.sha256(content),
            len(content),
            samples.DAY,
            measurement="a",
        )
        unit.attach(file, content, [f"Réunion avec {NAME}", "Page 2"])
        partner = named.dossier(contract.key).partners[0].key
        unit.put(
            Correspondence("corr1", contract.key, partner, json.dumps({"feuille": NAME}, ensure_ascii=False))
        )
    with named.writing() as connection:
        connection.execute("INSERT INTO author (uid, label) VALUES ('x', ?)", (f"Poste de {NAME}",))
        connection.execute(
            "INSERT INTO meta (name, value) VALUES ('peer:x', ?)", (f'{{"nom": "{NAME}", "connus": {{}}}}',)
        )
    found = maintenance.mentions(named, NAME)
    assert (found.files, found.texts, found.names) == (("pv.txt",), 1, 2)
    assert ("correspondence", "description", 1) in found.fields
    maintenance.erase(named, NAME)
    left = maintenance.mentions(named, NAME)
    # The file's own bytes are what they are: they are named, and the officer removes the file.
    assert (left.fields, left.past, left.texts, left.names, left.erasable) == ((), 0, 0, 0, False)
    assert left.files == ("pv.txt",)
    said = privacy.sentences(privacy.trace(desk_on(named, date(2026, 6, 30)), NAME))
    assert any("pv.txt" in sentence and "le fichier lui-même le garde" in sentence for sentence in said)
    assert maintenance.check(named) == []


@pytest.mark.parametrize("text", ["base", "nom", "connus", "peer", "fusion", "starter", "Ada"])
def test_a_text_that_is_in_the_keeping_of_the_base_itself_leaves_it_whole(
    base: Database, path: Path, text: str
) -> None:
    write(base, "a", f"Vu avec {text}", 1)
    with base.writing() as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'base'", ("ada" + 29 * "0",))
        peer = ("peer:ada" + 61 * "0", f'{{"nom": "Mme {text}", "connus": {{"starter:ada": 1}}}}')
        merge = f'{{"de": "{text}", "le": "2026-01-01T00:00:00Z", "premiere": 1, "derniere": 2}}'
        rows = [peer, ("fusion", merge), ("peer:Camille", '{"nom": "Camille", "connus": {}}')]
        connection.executemany(
            "INSERT INTO meta (name, value) VALUES (?, ?)", [*rows, (f"partage:{text}.paquet", "1:1")]
        )
        before = dict(connection.execute("SELECT name, value FROM meta"))
    maintenance.erase(base, text)
    assert maintenance.mentions(base, text).none
    assert maintenance.check(base) == []
    after = dict(base.connection.execute("SELECT name, value FROM meta"))
    changed = {name for name in before if after.get(name) != before[name]} - {"a_nettoyer", "recritures"}
    assert changed == {peer[0], "fusion", f"partage:{text}.paquet"}
    base.close()
    with opening.open_base(path) as again:
        assert again.dossier("contract1").measurements


def test_what_another_program_noted_of_colleagues_is_said_as_such(base: Database) -> None:
    with base.writing() as connection:
        connection.execute("INSERT INTO meta (name, value) VALUES ('peer:x', '{\"[effacé]\": \"x\"}')")
    for look in (maintenance.mentions, maintenance.erase):
        with pytest.raises(ForeignBaseError, match="modifiée par un autre programme"):
            look(base, "Mme Untel")


def test_a_name_is_found_with_its_accents_apart_and_another_hyphen(base: Database) -> None:
    write(base, "a", "Vu avec E\u0301lodie Martin\u2011Leger", 1)
    maintenance.erase(base, "Élodie Martin-Leger")
    assert [one.comment for one in base.dossier("contract1").measurements if one.key == "a"] == [
        "Vu avec [effacé]"
    ]


def test_a_letter_that_bears_an_accent_apart_is_another_letter(base: Database) -> None:
    write(base, "a", "Vu avec Noe\u0301", 1)
    assert maintenance.mentions(base, "Noe").none
    assert not maintenance.mentions(base, "Noé").none


def test_quotes_and_ends_of_line_are_found_as_json_writes_them(base: Database, path: Path) -> None:
    name = 'Jo "Bob" Dupont'
    write(base, "a", 'Vu avec Jo "Bob"\nDupont', 1)
    contract = base.contracts()[0]
    partner = base.dossier(contract.key).partners[0].key
    with base.unit("Description") as unit:
        unit.put(Correspondence("corr1", contract.key, partner, json.dumps({"feuille": name, "lignes": 1})))
    assert purging.holds(path, name)
    maintenance.erase(base, name)
    assert not purging.holds(path, name)
    (kept,) = (one for one in base.dossier(contract.key).correspondences if one.key == "corr1")
    assert json.loads(kept.layout) == {"feuille": "[effacé]", "lignes": 1}
    base.close()
    assert b"Bob" not in path.read_bytes()


def test_a_disk_that_is_full_after_the_commit_is_said_as_it_is(named: Database, path: Path) -> None:
    # VACUUM attaches the file that it makes: refused, it fails after the commit as on a disk that is full.
    named.connection.set_authorizer(
        lambda action, *rest: (
            sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else named.guard._asked(action, *rest)
        )
    )
    change = maintenance.erase(named, NAME)
    assert change.label.endswith("ce sera fait à une prochaine ouverture")
    assert maintenance.mentions(named, NAME).none
    named.close()
    with opening.open_base(path) as again:
        assert again.connection.execute("SELECT 1 FROM meta WHERE name = 'a_resserrer'").fetchone() is None
        assert maintenance.check(again) == []
    assert NAME.encode() not in path.read_bytes()
