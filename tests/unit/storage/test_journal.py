"""The journal: replaying it gives the tables, undoing gives what was, the history says it in words."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import (
    Decision,
    Dossier,
    Measurement,
    Meeting,
    MeetingKind,
    Meteo,
    Sens,
    Visit,
    Weather,
)
from qpvdesk.storage import clock, journal, keys, maintenance, opening, readers, starter, undo
from qpvdesk.storage.base import Database
from qpvdesk.storage.identity import Identity
from qpvdesk.storage.unit import Unit
from tests.unit.storage import samples
from tests.unit.storage.samples import MEASUREMENT, OBJECTIVE


def put(base: Database, label: str, *entities: object) -> None:
    with base.unit(label) as unit:
        for entity in entities:
            unit.put(entity)  # type: ignore[arg-type]


def test_a_correction_is_told_in_one_sentence(base: Database) -> None:
    put(base, "Correction", replace(MEASUREMENT, value=Decimal(29)))
    entry = readers.history(base, "BPI-O01", 1)[0]
    assert entry.sentence == "Le 12/03/2026, la valeur de BPI-O01 au 30/06/2025 passe de 27 à 29"
    assert (entry.act, entry.kind, entry.code) == ("Correction", "measurement", "BPI-O01")
    assert (entry.field, entry.before, entry.after) == ("valeur", "27", "29")


@pytest.mark.parametrize(
    ("entity", "sentence"),
    [
        (
            replace(OBJECTIVE, target_date=date(2028, 12, 31)),
            "la date cible de BPI-O01 passe du 31/12/2027 au 31/12/2028",
        ),
        (replace(OBJECTIVE, target_value=None), "la valeur cible de BPI-O01 est effacée (était 40)"),
        (
            replace(OBJECTIVE, note="À vérifier"),
            "la note de BPI-O01 est renseignée\u202f: «\u202fÀ vérifier\u202f»",
        ),
        (
            replace(OBJECTIVE, sens=Sens.BAISSE),
            "le sens de BPI-O01 passe de «\u202fÀ augmenter\u202f» à «\u202fÀ réduire\u202f»",
        ),
        (
            replace(OBJECTIVE, territory="r32"),
            "le territoire de BPI-O01 passe de «\u202fFrance\u202f» à «\u202fHauts-de-France\u202f»",
        ),
        (replace(OBJECTIVE, retired=True), "l’objectif BPI-O01 est retiré du suivi"),
        (
            replace(MEASUREMENT, comment="Appel"),
            "le commentaire de BPI-O01 au 30/06/2025 est renseigné\u202f: «\u202fAppel\u202f»",
        ),
        (
            Meteo("new", "eng1", date(2026, 3, 1), Weather.NUAGE),
            "la météo de BPI-E01 passe à «\u202fAppuis nécessaires\u202f» au 01/03/2026",
        ),
        (
            Measurement("new", "obj1", "fr", date(2026, 3, 1), Decimal("30.5")),
            "relevé de BPI-O01 ajouté\u202f: 30,5\u00a0bus au 01/03/2026",
        ),
        (
            replace(OBJECTIVE, key="new", code="BPI-O09", label="Clubs"),
            "objectif ajouté\u202f: BPI-O09 (Clubs)",
        ),
    ],
)
def test_each_kind_of_change_has_its_words(base: Database, entity: object, sentence: str) -> None:
    put(base, "Acte", entity)
    assert readers.history(base, None, 1)[0].sentence == f"Le 12/03/2026, {sentence}"


def test_a_removal_is_told_with_what_was_removed(base: Database) -> None:
    with base.unit("Retrait") as unit:
        unit.remove(MEASUREMENT)
    entry = readers.history(base, "bpi-o01", 1)[0]
    assert entry.sentence == "Le 12/03/2026, relevé de BPI-O01 retiré\u202f: 27\u00a0bus au 30/06/2025"


def test_what_came_and_went_is_told_with_the_values_of_that_moment(base: Database) -> None:
    new = replace(MEASUREMENT, key="n1", value=Decimal("2.6"))
    put(base, "Relevé", new)
    base.undo()
    base.redo()
    put(base, "Correction", replace(new, value=Decimal("2.7"), day=date(2025, 9, 30)))
    put(base, "Unité", replace(OBJECTIVE, unit="cars"))
    with base.unit("Retrait") as unit:
        unit.remove(replace(new, value=Decimal("2.7")))
    put(base, "Autre", replace(new, value=Decimal(3)))
    base.undo()
    once, later = "2,6\u00a0bus au 30/06/2025", "2,7\u00a0cars au 30/09/2025"
    assert [one.sentence.partition(", ")[2] for one in readers.history_of(base, "n1")] == [
        "relevé de BPI-O01 retiré\u202f: 3\u00a0cars au 30/06/2025",
        "relevé de BPI-O01 ajouté\u202f: 3\u00a0cars au 30/06/2025",
        f"relevé de BPI-O01 retiré\u202f: {later}",
        "la valeur de BPI-O01 au 30/09/2025 passe de 2,6 à 2,7",
        "la date de BPI-O01 passe du 30/06/2025 au 30/09/2025",
        f"relevé de BPI-O01 ajouté\u202f: {once}",
        f"relevé de BPI-O01 retiré\u202f: {once}",
        f"relevé de BPI-O01 ajouté\u202f: {once}",
    ]  # fmt: skip


def test_a_new_thing_is_one_operation_and_its_cells_are_changed_one_by_one(base: Database) -> None:
    new = replace(MEASUREMENT, key="n1", value=Decimal("30.50"), source="Lettre", comment="« vu »")
    put(base, "Relevé", new)
    put(base, "Correction", replace(new, source="Courriel"))
    rows = base.connection.execute(
        "SELECT seq, field, value, parent_seq FROM operation WHERE key = 'n1' ORDER BY id"
    ).fetchall()
    assert [row[1] for row in rows] == ["", "source"]
    assert json.loads(rows[0][2]) == {
        "comment": "« vu »", "day": "2025-06-30", "objective": "obj1", "source": "Lettre", "territory": "fr",
        "value": "30.50",
    }  # fmt: skip
    assert rows[1][3] == rows[0][0]
    assert (
        readers.history_of(base, "n1")[0].sentence
        == "Le 12/03/2026, la source de BPI-O01 au 30/06/2025 passe de «\u202fLettre\u202f» à «\u202fCourriel\u202f»"
    )
    base.undo()
    assert new in base.dossier("contract1").measurements
    base.undo()
    assert new not in base.dossier("contract1").measurements
    base.redo()
    base.redo()
    assert replace(new, source="Courriel") in base.dossier("contract1").measurements
    assert maintenance.check(base) == []


def test_the_history_of_a_code_holds_what_bore_it_and_what_was_removed_from_it(base: Database) -> None:
    new = replace(OBJECTIVE, key="new", code="BPI-O09")
    figure = replace(MEASUREMENT, key="n1", objective="new")
    put(base, "Ajout", new, figure)
    with base.unit("Retrait") as unit:
        unit.remove(figure)
    put(base, "Autre code", replace(new, code="BPI-O10"))
    told = [(entry.kind, entry.field, entry.act) for entry in readers.history(base, "bpi-o09")]
    assert told == [
        ("objective", "code", "Autre code"), ("measurement", "", "Retrait"), ("measurement", "", "Ajout"),
        ("objective", "", "Ajout"),
    ]  # fmt: skip
    assert readers.history(base, "BPI-O10") == readers.history(base, "BPI-O09")


def test_a_starter_contract_is_one_line_of_the_whole_history(base: Database) -> None:
    assert [one.sentence for one in readers.history(base)] == [
        "Le 12/03/2026, contrat de départ repris\u202f: contrat-1 (Contrat d’essai)"
    ]
    assert {one.kind for one in readers.history(base, "BPI-O01")} == {
        "objective", "measurement", "milestone", "counter_value",
    }  # fmt: skip
    assert readers.history(base, "nothing") == ()


def test_two_laptops_make_the_same_operations_of_a_starter_contract(tmp_path: Path) -> None:
    query = (
        "SELECT a.uid, t.key, o.seq, o.hlc, o.kind, o.key, o.field, o.value FROM operation o"
        " JOIN author a ON a.id = o.author JOIN act t ON t.id = o.act ORDER BY o.id"
    )
    made = []
    for name in ("one.db", "two.db"):
        with samples.new_base(tmp_path / name) as base:
            made.append(base.connection.execute(query).fetchall())
    assert made[0] == made[1]
    assert made[0][0][0].startswith("starter:contrat-1:")
    with samples.new_base(tmp_path / "three.db") as base, pytest.raises(UserError, match="déjà"):
        starter.import_starter(base, samples.dossier())


def test_an_undone_act_can_be_done_again_and_says_so(base: Database) -> None:
    before = base.dossier("contract1")
    put(base, "Correction", replace(MEASUREMENT, value=Decimal(29)))
    after = base.dossier("contract1")
    assert (base.stacks.undo_label, base.stacks.redo_label) == ("Correction", None)
    change = base.undo()
    assert change is not None
    assert change.label == "Annulation\u202f: Correction"
    assert change.kinds == {"measurement"}
    assert base.dossier("contract1") == before
    assert (base.stacks.undo_label, base.stacks.redo_label) == (None, "Correction")
    base.redo()
    assert base.dossier("contract1") == after
    assert (base.stacks.undo_label, base.stacks.redo_label) == ("Correction", None)
    assert [one.act for one in readers.history(base, None, 3)] == [
        "Rétablissement\u202f: Correction", "Annulation\u202f: Correction", "Correction",
    ]  # fmt: skip


def test_a_new_act_forgets_what_was_undone(base: Database) -> None:
    put(base, "Un", replace(MEASUREMENT, value=Decimal(1)))
    base.undo()
    put(base, "Deux", replace(MEASUREMENT, value=Decimal(2)))
    assert base.redo() is None
    assert base.stacks.undo_label == "Deux"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["do", "do", "do", "undo", "undo", "redo", "again", "look"]), max_size=70))
@example(["do", "do", "again", "undo", "look"])
@example(["do", "do", "do", "again", "undo", "undo", "look"])
def test_the_stacks_read_from_the_end_are_those_followed_from_the_beginning(steps: list[str]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE act (id INTEGER PRIMARY KEY, author INTEGER, label TEXT, mode TEXT, reverses INTEGER)"
    )
    followed = undo.Stacks(connection, [1, 3])
    done: list[tuple[int, str]] = []
    undone: list[tuple[int, str]] = []

    def act(label: str, mode: str, reverses: int | None) -> int:
        rows = "INSERT INTO act (author, label, mode, reverses) VALUES (?, ?, ?, ?)"
        # Beside each a colleague's, which none of this may meet; our own are of two names in turn.
        connection.execute(rows, (2, "Autre", "do", None))
        number = connection.execute(rows, (1 + 2 * (len(done) % 2), label, mode, reverses)).lastrowid
        assert number is not None
        return number

    for at, step in enumerate(steps):
        if step == "do":
            done.append((act(f"Acte {at}", "do", None), f"Acte {at}"))
            undone.clear()
            followed.done(*done[-1])
        elif step == "undo" and done:
            number, label = done.pop()
            undone.append((act(f"Annulation {label}", "undo", number), label))
            followed.undone(undone[-1][0])
        elif step == "redo" and undone:
            number, label = undone.pop()
            done.append((act(f"Rétablissement {label}", "redo", number), label))
            followed.redone(done[-1][0])
        elif step == "again":
            followed = undo.Stacks(connection, [1, 3])
        # What is beyond the list that is shown may still be in the journal.
        told = {
            "redo_label": undone[-1][1] if undone else None,
            "undo_label": done[-1][1] if done else None,
            "redo": undone,
            "undo_labels": tuple(label for _, label in done[: -undo.LABELS_LISTED_MAX - 1 : -1]),
            "undo": done[-undo.LABELS_LISTED_MAX :],
        }
        for name, expected in told.items():
            # One that was asked nothing before has read no further than it had to.
            for stacks in (undo.Stacks(connection, [1, 3]), *([followed] if step == "look" else [])):
                said = getattr(stacks, name)
                assert (said[-undo.LABELS_LISTED_MAX :] if name == "undo" else said) == expected
    assert followed.undo_labels == undo.Stacks(connection, [1, 3]).undo_labels
    connection.close()


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.integers(1, 6),
            st.sampled_from(["value", "source", "comment", ""]),
            st.integers(0, 9),
        ),
        max_size=25,
    )
)
def test_the_heads_of_one_entity_are_those_of_many(operations: list[tuple[int, int, str, int]]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE author (id INTEGER PRIMARY KEY, uid TEXT)")
    connection.executemany("INSERT INTO author VALUES (?, ?)", [(1, "b"), (2, "c"), (3, "a")])
    connection.execute(
        "CREATE TABLE operation (id INTEGER PRIMARY KEY, author, seq, hlc, kind, key, field, value)"
    )
    connection.execute("CREATE INDEX operation_cell ON operation (key, field, hlc)")
    for seq, (author, hlc, field, value) in enumerate(operations):
        made = json.dumps({"value": f"m{value}", "source": None})
        cell = ("1" if value < 2 else None if value < 4 else made) if field == "" else str(value)
        connection.execute(
            "INSERT INTO operation (author, seq, hlc, kind, key, field, value) VALUES (?, ?, ?, 'measurement', ?, ?, ?)",
            (author, seq, hlc, f"k{value % 2}", field, cell),
        )
    for key in ("k0", "k1", "k2"):
        known = journal.heads_of(connection, "measurement", [key])[key]
        assert journal.heads(connection, "measurement", key) == known
    assert journal.heads(connection, "meteo", "k0") == {}
    connection.close()


def test_the_stacks_outlive_the_process(path: Path) -> None:
    base = samples.new_base(path)
    for value in (1, 2, 3):
        put(base, f"Valeur {value}", replace(MEASUREMENT, value=Decimal(value)))
    base.undo()
    base.close()
    with opening.open_base(path) as again:
        assert (again.stacks.undo_label, again.stacks.redo_label) == ("Valeur 2", "Valeur 3")
        assert again.stacks.undo_labels == ("Valeur 2", "Valeur 1")
        again.undo()
        assert (again.stacks.undo_label, again.stacks.redo_label) == ("Valeur 1", "Valeur 2")
        again.undo()
        assert again.undo() is None
        assert MEASUREMENT in again.dossier("contract1").measurements
        assert maintenance.check(again) == []


def test_of_two_copies_the_one_that_lacks_acts_says_so_and_goes_on_as_another_author(path: Path) -> None:
    with samples.new_base(path) as base:
        put(base, "Un", replace(MEASUREMENT, value=Decimal(1)))
    copy = path.parent / "copy.db"
    copy.write_bytes(path.read_bytes())
    with opening.open_base(copy) as base:
        assert (base.authors.missing(), base.stacks.undo_label) == (0, "Un")
        put(base, "Deux", replace(MEASUREMENT, value=Decimal(2)))
        put(base, "Trois", replace(MEASUREMENT, value=Decimal(3)))
    with opening.open_base(path) as base:
        assert (base.authors.missing(), base.stacks.undo_label) == (2, None)
        put(base, "Quatre", replace(MEASUREMENT, value=Decimal(4)))
        assert (base.authors.missing(), base.stacks.undo_label) == (0, "Quatre")
        rows = base.connection.execute("SELECT count(DISTINCT uid) FROM author").fetchone()
        assert rows == (3,)
        assert maintenance.check(base) == []


def test_undo_refuses_what_somebody_else_changed_since(path: Path) -> None:
    with samples.new_base(path) as base:
        put(base, "Un", replace(MEASUREMENT, value=Decimal(1)))
    with opening.open_base(path, identity=Identity(path.parent / "somebody")) as base:
        assert base.stacks.undo_label is None
        put(base, "Autre", replace(MEASUREMENT, value=Decimal(2)))
    with opening.open_base(path) as base:
        assert base.stacks.undo_label == "Un"
        with pytest.raises(UserError, match="quelqu’un d’autre"):
            base.undo()
        assert base.dossier("contract1").measurements[0].value == 2
        assert base.stacks.undo_label == "Un"


def test_an_entity_put_back_takes_its_new_values(base: Database) -> None:
    with base.unit("Retrait") as unit:
        unit.remove(OTHER_MEASUREMENT)
    new = Measurement("m2", "obj2", "r32", date(2026, 1, 1), Decimal(5))
    put(base, "Retour", new)
    assert new in base.dossier("contract1").measurements
    assert maintenance.check(base) == []
    base.undo()
    base.undo()
    assert OTHER_MEASUREMENT in base.dossier("contract1").measurements
    assert maintenance.check(base) == []


OTHER_MEASUREMENT = replace(MEASUREMENT, key="m2", day=date(2025, 12, 31), value=Decimal("28.50"))

ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"),
            st.lists(
                st.tuples(
                    st.integers(0, 4), st.sampled_from(["obj1", "obj2"]), st.integers(0, 9), st.integers(0, 3)
                ),
                min_size=1,
                max_size=3,
            ),
        ),
        st.tuples(st.just("remove"), st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True)),
        st.tuples(st.just("objective"), st.sampled_from(["", "a", "b"])),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("redo"), st.none()),
    ),
    max_size=14,
)


def do(unit: Unit, name: str, argument: object, held: dict[str, Measurement]) -> None:
    """Put figures, remove those of some numbers, or note something of the objective."""
    if name == "put":
        for number, objective, value, days in argument:  # type: ignore[attr-defined]
            unit.put(Measurement(f"m{number}", objective, "fr", date(2026, 1, 1 + days), Decimal(value) / 4))
    elif name == "remove":
        for number in argument:  # type: ignore[attr-defined]
            if f"m{number}" in held:
                unit.remove(held[f"m{number}"])
    else:
        unit.put(replace(OBJECTIVE, note=str(argument)))


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_after_any_acts_the_replay_is_the_tables_and_undoing_walks_back(
    acts: list[tuple[str, object]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, samples.new_base(Path(folder) / "a.db") as base:
        past = [base.dossier("contract1")]
        future: list[object] = []
        for name, argument in acts:
            held = {one.key: one for one in base.dossier("contract1").measurements}
            if name == "undo":
                if base.undo() is not None:
                    future.append(past.pop())
                else:
                    assert len(past) == 1
            elif name == "redo":
                if base.redo() is not None:
                    past.append(future.pop())  # type: ignore[arg-type]
                else:
                    assert not future
            else:
                with base.unit(name) as unit:
                    do(unit, name, argument, held)
                if unit.change:
                    past.append(base.dossier("contract1"))
                    future.clear()
            assert base.dossier("contract1") == past[-1]
        assert maintenance.check(base) == []
        while base.stacks.undo_label is not None:
            base.undo()
            past.pop()
            assert base.dossier("contract1") == past[-1]
        assert len(past) == 1
        assert maintenance.check(base) == []


def test_a_row_changed_behind_the_journal_is_found(base: Database) -> None:
    with base.guard.everything():
        base.connection.execute("UPDATE measurement SET value = '28' WHERE key = 'm1'")
    assert maintenance.check(base) == [
        "1 ligne de la table «\u202fmeasurement\u202f» ne correspond pas au journal."
    ]


def test_a_missing_operation_and_a_stale_latest_value_are_found(base: Database) -> None:
    with base.guard.everything():
        base.connection.execute("DELETE FROM operation WHERE seq = 3")
        base.connection.execute("UPDATE latest SET value = '1'")
    told = " ".join(maintenance.check(base))
    assert "Il manque 1 opération de «\u202fcontrat de départ\u202f»" in told
    assert "dernières valeurs" in told


def test_keys_grow_and_are_version_seven() -> None:
    made = [keys.new_key() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {uuid.UUID(one).version for one in made} == {7}
    assert all(str(uuid.UUID(one)) == one for one in made)
    assert keys.starter_key("a") == keys.starter_key("a") != keys.starter_key("b")


def test_the_clock_never_goes_back() -> None:
    now = samples.NOON
    last = clock.tick(now, 0)
    assert clock.moment(last) == now
    assert clock.tick(now, last) == last + 1
    assert clock.tick(now.replace(year=2020), last) == last + 1


def test_the_head_of_a_cell_is_the_later_clock_whatever_came_first(base: Database) -> None:
    put(base, "Un", replace(MEASUREMENT, value=Decimal(1)))
    put(base, "Deux", replace(MEASUREMENT, value=Decimal(2)))
    head = journal.heads(base.connection, "measurement", "m1")["value"]
    assert head.value == "2"


def test_the_author_of_a_starter_contract_is_the_same_in_every_release(tmp_path: Path) -> None:
    """Two laptops of two releases make the same operations: the author follows from the content alone."""
    path = tmp_path / "base.db"
    with opening.create(path, now=samples.NOON, clock=samples.Ticking()) as base:
        starter.import_starter(base, Dossier(samples.contract()))
    connection = sqlite3.connect(path)
    uids = {uid for (uid,) in connection.execute("SELECT uid FROM author WHERE uid LIKE 'starter:%'")}
    connection.close()
    assert uids == {"starter:contrat-1:856f1ea6f7890ce8c1beb843a420d6f66ba0f702fd969a2ffd02c8e8ed97411c"}


def test_a_meeting_its_decision_and_a_visit_are_told_by_their_codes(base: Database) -> None:
    contract = OBJECTIVE.contract
    meeting = Meeting("m9", contract, MeetingKind.COPIL, date(2026, 4, 2))
    put(base, "Réunion", meeting, Decision("d9", "m9", "Relancer", 1))
    visits = [Visit(key, contract, date(2026, 4, 3), "Marché", needs="Un banc") for key in ("v1", "v2")]
    put(base, "Visites", *visits)
    put(base, "Visite corrigée", replace(visits[1], needs=""))
    told = {entry.code: entry.sentence for entry in reversed(readers.history(base, None, 5))}
    assert told == {
        "COPIL-2026-04-02": "Le 12/03/2026, réunion ajoutée\u202f: COPIL-2026-04-02",
        "COPIL-2026-04-02-D1": "Le 12/03/2026, décision ajoutée\u202f: COPIL-2026-04-02-D1 (Relancer)",
        "VISITE-2026-04-03": "Le 12/03/2026, visite ajoutée\u202f: VISITE-2026-04-03 (Marché)",
        "VISITE-2026-04-03-2": "Le 12/03/2026, les besoins de VISITE-2026-04-03-2 sont effacés"
        " (étaient «\u202fUn banc\u202f»)",
    }
