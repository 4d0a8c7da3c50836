"""What is consolidated is what `etat` says, whichever the road; done again, it changes nothing; stopped, it goes on."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import threading
import time
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import psycopg.rows
import pytest
from msgspec.structs import replace

from qpvdesk import durable, paths
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.overview import line_of
from qpvdesk.domain.shapes import shape_of
from qpvdesk.domain.statuses import Statut, to_handle
from qpvdesk.region import consolidation, engine, tables
from qpvdesk.region.parquet import Lake
from qpvdesk.region.postgres import Server
from qpvdesk.region.results import month_ends
from qpvdesk.region.store import Entrepot, Phrases
from qpvdesk.region.tables import Form, Results
from qpvdesk.services import bases, colleagues, measurements, state
from qpvdesk.services.care import privacy
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.storage import maintenance, opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import resealing, sealing
from qpvdesk.storage.exchange import sealed
from qpvdesk.storage.exchange.consent import UnknownSignersError
from qpvdesk.storage.identity import Identity, key_fingerprint
from tests.helpers import demo
from tests.region.conftest import DAY
from tests.unit.storage import samples, test_removals

WORDS = [
    column.name for column in tables.ASSESSMENTS.columns[3:] if column.name not in ("groupe", "a_demander")
]


def said(path: Path, day: date) -> dict[str, list[Any]]:
    """What `etat` says of each objective, in the columns of the table."""
    with opening.open_base(path, read_only=True) as base:
        desk = Desk(base, today=lambda: DAY)
        (contract,) = base.contracts()
        document = state.as_json(desk.review(contract.code, day))
    return {line["code"]: [line[word] for word in WORDS] for line in document["objectifs"]}


def alerts_said(path: Path, day: date) -> list[Any]:
    """The alerts that `etat` gives."""
    with opening.open_base(path, read_only=True) as base:
        desk = Desk(base, today=lambda: DAY)
        (contract,) = base.contracts()
        return list(state.as_json(desk.review(contract.code, day))["alertes"])


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def in_lake(folder: Path, day: date) -> dict[str, list[Any]]:
    rows = duckdb.sql(
        f"SELECT objectif, {', '.join(WORDS)} FROM read_parquet('{folder}/region=*/**/evaluation.parquet')"
        f" WHERE date_etat = DATE '{day}'"
    ).fetchall()
    return {row[0]: [plain(value) for value in row[1:]] for row in rows}


def in_server(address: str, day: date) -> dict[str, list[Any]]:
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            f"SELECT objectif, {', '.join(WORDS)} FROM qpvdesk.evaluation WHERE date_etat = %s", (day,)
        ).fetchall()
    return {row[0]: [plain(value) for value in row[1:]] for row in rows}


def run(
    sources: list[Path], place: consolidation.Target, store: Entrepot, *, monthly: bool = False, **words: Any
) -> consolidation.Consolidated:
    return consolidation.consolidate(sources, place, store, monthly=monthly, today=DAY, **words)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def package(officer: Path, tmp_path: Path) -> Path:
    """The officer's whole history, as they send it."""
    target = tmp_path / "lens.paquet"
    with opening.open_base(officer, read_only=True, identity=Identity(officer.parent / "id")) as base:
        colleagues.prepare(Desk(base, today=lambda: DAY), target)
    return target


def test_parquet_says_what_the_state_says_at_each_end_of_month(
    officer: Path, store: Entrepot, tmp_path: Path
) -> None:
    lake = tmp_path / "lac"
    done = run([officer], Lake(lake), store, monthly=True)
    assert done.refused == ()
    assert len(done.contracts) == 1
    days = [row[0] for row in duckdb.sql(
        f"SELECT DISTINCT date_etat FROM read_parquet('{lake}/region=*/**/evaluation.parquet') ORDER BY 1"
    ).fetchall()]  # fmt: skip
    assert days[-1] == DAY
    assert len(days) > 12
    for day in (days[0], days[len(days) // 2], DAY):
        assert in_lake(lake, day) == said(officer, day)
    (seat,) = duckdb.sql(
        f"SELECT region, departement FROM read_parquet('{lake}/region=*/**/contrat.parquet')"
    ).fetchall()
    assert seat == ("R32", "D62")


def test_the_same_package_twice_or_its_base_changes_not_one_byte(
    officer: Path, package: Path, store: Entrepot, tmp_path: Path
) -> None:
    lake = tmp_path / "lac"
    run([package], Lake(lake), store)
    before = files(lake)
    again = run([package, officer, package], Lake(lake), store)
    assert (again.contracts, again.unchanged, again.refused) == ((), 1, ())
    # What the entrepôt notes of who sent what is no news of a contract.
    assert files(lake) == before


def test_postgresql_says_the_same_and_a_new_act_is_added_alone(
    officer: Path, store: Entrepot, address: str, tmp_path: Path
) -> None:
    with Server(address) as place:
        run([officer], place, store)
        assert in_server(address, DAY) == said(officer, DAY)
        copy = tmp_path / "lens.db"
        shutil.copy(officer, copy)
        with opening.open_base(copy, identity=Identity(officer.parent / "id")) as base:
            desk = Desk(base, today=lambda: DAY)
            (contract,) = base.contracts()
            objective = next(
                item for item in desk.dossier(contract.code).objectives if item.code == "BPI-O03"
            )
            entry = measurements.Entry(objective=objective.key, day=date(2026, 6, 1), value=Decimal(18))
            measurements.record(desk, contract.code, entry)
        with psycopg.connect(address) as connection:
            count = "SELECT count(*) FROM qpvdesk.operation"
            (before,) = connection.execute(count).fetchone() or (0,)
            assert run([copy], place, store).contracts == (contract.name,)
            (after,) = connection.execute(count).fetchone() or (0,)
    assert 0 < after - before <= 2
    found = in_server(address, DAY)
    assert found == said(copy, DAY)
    assert found["BPI-O03"] != said(officer, DAY)["BPI-O03"]


def test_what_an_officer_erases_is_erased_on_the_server_too(
    officer: Path, store: Entrepot, address: str, tmp_path: Path
) -> None:
    copy = tmp_path / "lens.db"
    shutil.copy(officer, copy)
    held = (
        "SELECT (SELECT count(*) FROM qpvdesk.operation WHERE valeur LIKE '%%poste de plus%%'),"
        " (SELECT count(*) FROM qpvdesk.decision WHERE decision LIKE '%%poste de plus%%')"
    )
    with Server(address) as place:
        run([copy], place, store)
        with psycopg.connect(address) as connection:
            assert connection.execute(held).fetchone() == (1, 1)
        with opening.open_base(copy, identity=Identity(officer.parent / "id")) as base:
            privacy.erase(Desk(base, today=lambda: DAY), "un poste de plus")
        run([copy], place, store)
    with psycopg.connect(address) as connection:
        assert connection.execute(held).fetchone() == (0, 0)
    held_in = [path for path in files(tmp_path / "entrepot") if b"un poste de plus" in path.read_bytes()]
    assert held_in == [], "nor in a copy of before the merge"


def test_a_name_of_the_past_alone_goes_from_the_server_too(
    officer: Path, store: Entrepot, address: str, tmp_path: Path
) -> None:
    copy, who = tmp_path / "lens.db", Identity(officer.parent / "id")
    shutil.copy(officer, copy)
    package, held = (
        tmp_path / "lens.paquet",
        "SELECT count(*) FROM qpvdesk.operation WHERE valeur LIKE '%%Mme Untel%%'",
    )
    with opening.open_base(copy, identity=who) as base, Server(address) as place:
        desk = Desk(base, today=lambda: DAY)
        decision = desk.dossier(base.contracts()[0].code).decisions[0]
        for label in ("Vu avec Mme Untel", "Vu"):
            with desk.act("Décision") as unit:
                unit.put(replace(decision, label=label))
        colleagues.prepare(desk, package)
        run([package], place, store)
        with psycopg.connect(address) as connection:
            assert connection.execute(held).fetchone() == (1,)
        privacy.erase(desk, "Mme Untel")
        colleagues.prepare(desk, package)
        run([package], place, store)
    with psycopg.connect(address) as connection:
        assert connection.execute(held).fetchone() == (0,)


def test_a_relay_erases_nothing_there_whoever_comes_first(tmp_path: Path) -> None:
    bases: list[Database] = []
    for name in ("Camille", "Dominique"):
        base = opening.create(tmp_path / f"{name}.db", identity=Identity(tmp_path / name))
        starter.import_starter(base, samples.dossier())
        base.sign(name)
        bases.append(base)
    one, other = bases
    one.authors.identity.accept({other.authors.identity.public: "Dominique"}, "2026-01-01")
    other.authors.identity.accept({one.authors.identity.public: "Camille"}, "2026-01-01")
    with one, other:
        with one.unit("Avis") as unit:
            unit.put(replace(samples.MEASUREMENT, key="n1", comment="Avis favorable sous réserve"))
        test_removals.relay(one, other, "n1", "[effacé]")
        accepted = [key_fingerprint(base.authors.identity.public) for base in bases]
        sources = []
        for base in bases:
            sources.append(base.path.with_suffix(colleagues.SUFFIX))
            colleagues.prepare(Desk(base, today=lambda: DAY), sources[-1])
        for number, order in enumerate(([0, 1], [1, 0], [1, 0, 0])):
            store = Entrepot(tmp_path / f"e{number}", accepted=accepted, unsigned=True)
            for source in order:
                store.take(sources[source])
            (path,) = store.bases()
            with store.opened(path, read_only=True) as desk:
                (read,) = (m for m in desk.base.dossier("contract1").measurements if m.key == "n1")
            assert read.comment == "Avis favorable sous réserve"


def test_a_base_says_what_its_package_does_of_what_was_erased_in_it(tmp_path: Path) -> None:
    """Where what nobody signed is taken: words beside an erased one are signed by nobody."""
    who = Identity(tmp_path / "id")
    with opening.create(tmp_path / "lens.db", identity=who) as base:
        starter.import_starter(base, samples.dossier())
        reading = replace(samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel, rappelle lundi")
        with base.unit("Relevé avec Mme Untel") as unit:
            unit.put(reading)
        with base.unit("Retrait") as unit:
            unit.remove(reading)
        maintenance.erase(base, "Mme Untel")
        base.undo()
        package = tmp_path / "lens.paquet"
        colleagues.prepare(Desk(base, today=lambda: DAY), package)
        fingerprint = key_fingerprint(who.public)
    said = set()
    for number, sources in enumerate(([package], [base.path], [base.path, package], [package, base.path])):
        store = Entrepot(tmp_path / f"e{number}", accepted=(fingerprint,), unsigned=True)
        for source in sources:
            store.take(source)
        with store.opened(store.bases()[0], read_only=True) as desk:
            (read,) = (m for m in desk.base.dossier("contract1").measurements if m.key == "n1")
            labels = {label for (label,) in desk.base.connection.execute("SELECT label FROM act")}
        said.add((read.comment, "Relevé avec [effacé]" in labels))
    assert said == {("Vu avec [effacé], rappelle lundi", True)}


@pytest.mark.logs
def test_a_server_that_goes_away_leaves_a_contract_as_it_was(
    officer: Path, store: Entrepot, address: str
) -> None:
    with Server(address) as place:
        run([officer], place, store)
        before = in_server(address, DAY)
        found = engine.joined(
            engine.attempt_all(list(engine.tasks(store.bases()[0], contract_code(officer), [DAY])))
        )
        (pid,) = place._connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)

        def cut(rows: list[Any]) -> Any:
            yield from rows[:2]
            with psycopg.connect(address, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (pid,))
            yield from rows * 500

        found[tables.MEASUREMENTS.name] = cut(found[tables.MEASUREMENTS.name])  # type: ignore[assignment]
        with pytest.raises(UserError, match="resté tel qu’il y était"):
            place.keep(found, tables.State("autre", (DAY,)))
    assert in_server(address, DAY) == before
    with Server(address) as place:
        assert run([], place, store).unchanged == 1


def contract_code(path: Path) -> str:
    with opening.open_base(path, read_only=True) as base:
        return base.contracts()[0].code


def test_every_table_and_column_has_its_french_comment_and_the_views_answer(
    officer: Path, store: Entrepot, address: str
) -> None:
    with Server(address) as place:
        run([officer], place, store)
    with psycopg.connect(address) as connection:
        bare = connection.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " WHERE c.relnamespace = 'qpvdesk'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0"
            " AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL"
        ).fetchall()
        assert bare == []
        treated = connection.execute(
            "SELECT sum(a_traiter), sum(objectifs) FROM qpvdesk.retards_par_partenaire"
        ).fetchone()
        with opening.open_base(officer, read_only=True) as base:
            now = Desk(base, today=lambda: DAY).situation(contract_code(officer), DAY)
        # Parents and their declensions count once, as on the dashboard.
        assert treated == (to_handle(now.counts), len(now.counted) - now.counts[Statut.SUIVI])
        assert connection.execute("SELECT porteur FROM qpvdesk.decision_en_retard").fetchall() == [("ARS",)]
        asked = connection.execute(
            "SELECT partenaire, count(*) FROM qpvdesk.derniere_evaluation WHERE a_demander GROUP BY 1"
        ).fetchall()
        with opening.open_base(officer, read_only=True) as base:
            line = line_of(Desk(base, today=lambda: DAY).review(contract_code(officer), DAY))
        assert dict(asked) == {item.partner.code: item.figures for item in line.silences}, "as the page says"
        alerts = connection.execute(
            "SELECT count(*) FROM qpvdesk.point_attention WHERE nature IS NULL AND date_etat = %s", (DAY,)
        ).fetchone()
        assert alerts == (len(alerts_said(officer, DAY)),)
        connection.execute("SET ROLE qpvdesk_lecture")
        shapes = "SELECT count(*) FROM qpvdesk.contour WHERE geojson::jsonb ->> 'type' = 'MultiPolygon'"
        assert connection.execute(shapes).fetchone() == (53,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM qpvdesk.releve")


def test_who_may_write_consolidates_and_who_may_only_read_is_told_what_lacks(
    officer: Path, package: Path, address: str, tmp_path: Path, fingerprint: str
) -> None:
    with Server(address):
        pass
    with psycopg.connect(address, autocommit=True) as connection:
        for role in ("lecture", "ecriture"):
            name = f"{role}_{tmp_path.name.encode().hex()[:40]}"
            connection.execute(f"CREATE ROLE {name} LOGIN IN ROLE qpvdesk_{role}")
            separator = "&" if "?" in address else "?"
            theirs = f"{address}{separator}options=-c%20role%3D{name}"
            store = Entrepot(tmp_path / role, accepted=(fingerprint,))
            if role == "ecriture":
                with Server(theirs) as place:
                    assert len(run([package], place, store).contracts) == 1
                assert in_server(address, DAY) == said(officer, DAY)
            else:
                with pytest.raises(UserError, match="n’a pas le droit d’écrire"), Server(theirs) as place:
                    run([package], place, store)
                assert connection.execute("SELECT count(*) FROM qpvdesk.contrat").fetchone() == (0,)


@pytest.mark.parametrize("word", ["", " ", "mysql://serveur/base", "https://serveur/lac"])
def test_an_address_that_is_no_server_of_ours_is_no_folder_either(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="ni un dossier"):
        consolidation.target(word)
    with pytest.raises(UserError, match="serveur PostgreSQL"):
        consolidation.target("PostgreSQL://127.0.0.1:9/base")
    assert list(tmp_path.iterdir()) == []


def test_what_an_older_version_declared_is_completed_and_its_rows_made_again(
    officer: Path, store: Entrepot, address: str
) -> None:
    with Server(address) as place:
        run([officer], place, store)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET search_path = qpvdesk")
        connection.execute("DROP VIEW derniere_evaluation CASCADE")
        connection.execute("ALTER TABLE evaluation DROP COLUMN a_demander")
        connection.execute("COMMENT ON SCHEMA qpvdesk IS NULL")
        connection.execute("UPDATE consolidation SET etat = jsonb_set(etat, '{state}', '\"avant\"')")
        with Server(address) as place:
            assert len(run([], place, store).contracts) == 1
        (asked,) = connection.execute("SELECT count(*) FROM derniere_evaluation WHERE a_demander").fetchone()  # type: ignore[misc]
        assert asked > 0


@pytest.mark.logs
def test_a_cluster_of_two_processes_gives_the_same_even_where_a_worker_dies(
    officer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Client, LocalCluster

    monkeypatch.setattr(engine, "_DAYS", 1)
    works = list(engine.tasks(officer, contract_code(officer), month_ends(date(2026, 3, 1), DAY)))
    assert len(works) == 4
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        with Client(cluster) as client:
            victim = min(client.run(os.getpid).values())
        found = engine.attempt_all(works, cluster.scheduler_address)
        os.kill(victim, signal.SIGKILL)
        there = list(found)
    assert there == list(engine.attempt_all(works))


def test_an_entrepot_that_cannot_be_made_is_said(officer: Path) -> None:
    with pytest.raises(UserError, match="L’entrepôt ne peut pas être gardé"):
        Entrepot(officer / "entrepot")


def test_an_engine_that_does_not_answer_is_said(officer: Path, store: Entrepot, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="ne répond pas"):
        run([officer], Lake(tmp_path / "lac"), store, cluster="tcp://127.0.0.1:9")


def test_a_base_under_a_passphrase_and_one_without_common_history_are_said(
    officer: Path, store: Entrepot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, stranger = tmp_path / "scelle.db", tmp_path / "autre.db"
    shutil.copy(officer, locked)
    resealing.reseal(locked, sealing.fresh_key("quatre mots sans rapport"))
    monkeypatch.setattr(sealing, "_given", {})
    bases.create(stranger, "lens-lievin", now=datetime(2026, 6, 30, 9, 0).astimezone())
    with opening.open_base(stranger, identity=Identity(tmp_path / "id")) as base:
        demo.fill(base)
    both = Entrepot(
        tmp_path / "deux", accepted=(*store._accepted, key_fingerprint(Identity(tmp_path / "id").public))
    )
    lake = Lake(tmp_path / "lac")
    done = run([officer, locked, stranger], lake, both)
    assert [item.source for item in done.refused] == [locked, stranger]
    assert "histoire commune" in done.refused[1].why.message
    assert in_lake(tmp_path / "lac", DAY) == said(officer, DAY)


def test_a_run_that_is_killed_between_what_was_and_what_is_loses_no_day(
    officer: Path, store: Entrepot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, lake = tmp_path / "lens.db", Lake(tmp_path / "lac")
    shutil.copy(officer, copy)
    run([copy], lake, store, monthly=True)
    days = "SELECT count(DISTINCT date_etat) FROM read_parquet('{}/region=*/**/evaluation.parquet')"
    whole = duckdb.sql(days.format(tmp_path / "lac")).fetchall()
    with opening.open_base(copy, identity=Identity(officer.parent / "id")) as base:
        acts.new_contract(Desk(base, today=lambda: DAY), {"code": "mien", "name": "Le mien"})
    placed = durable.place_folder

    def killed(made: Path, target: Path) -> None:
        if target.is_relative_to(tmp_path / "lac" / "region=R32"):
            raise KeyboardInterrupt
        placed(made, target)

    monkeypatch.setattr(durable, "place_folder", killed)
    with pytest.raises(KeyboardInterrupt):
        run([copy], lake, store)
    monkeypatch.undo()
    with lake:
        run([], lake, store)
    assert duckdb.sql(days.format(tmp_path / "lac")).fetchall() == whole
    assert not (tmp_path / "lac" / ".en-cours" / "avant").exists()


def test_a_disk_that_refuses_the_new_leaves_a_contract_as_it_was(
    officer: Path, store: Entrepot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path / "lac")
    run([officer], lake, store)
    before = files(tmp_path / "lac")
    (path,) = store.bases()
    (contract,) = store.contents(path).contracts
    found = engine.reckon(engine.Task(path, contract.code, (DAY,)))
    placed = durable.place_folder

    def refused(made: Path, target: Path) -> None:
        if target.name.startswith("contrat=") and "avant" not in (*made.parts, *target.parts):
            raise OSError(errno.ENOSPC, "plein")
        placed(made, target)

    with monkeypatch.context() as patch:
        patch.setattr(durable, "place_folder", refused)
        with pytest.raises(UserError, match="est gardé"):
            lake.keep(found, tables.State("autre", (DAY,)))
    assert {
        name: content for name, content in files(tmp_path / "lac").items() if ".en-cours" not in name.parts
    } == before


def test_two_runs_at_once_write_one_lake_and_one_contract_of_a_server_in_turn(
    officer: Path, store: Entrepot, address: str, tmp_path: Path
) -> None:
    with (
        Lake(tmp_path / "lac"),
        pytest.raises(UserError, match="Une autre consolidation"),
        Lake(tmp_path / "lac"),
    ):
        pass
    with Server(address) as place:
        run([officer], place, store)
    (path,) = store.bases()
    (contract,) = store.contents(path).contracts
    found = engine.reckon(engine.Task(path, contract.code, (DAY,)))
    state = tables.State("autre", (DAY,))
    go_on = threading.Event()

    class Slow(list[Any]):
        def __iter__(self) -> Any:
            go_on.wait(20)
            return super().__iter__()

    def keep(rows: Results) -> None:
        with Server(address) as place:
            place.keep(rows, state)

    last = tables.TABLES[-1].name
    both = [
        threading.Thread(target=keep, args=(rows,)) for rows in (found | {last: Slow(found[last])}, found)
    ]
    for one in both:
        one.start()
        time.sleep(0.5)
    go_on.set()
    for one in both:
        one.join()
    with psycopg.connect(address) as connection:
        for table in tables.TABLES:
            count = connection.execute(f"SELECT count(*) FROM qpvdesk.{table.name}").fetchone()
            assert count == (len(found[table.name]),), table.name


def test_what_is_sealed_is_opened_by_the_phrase_that_was_told(
    officer: Path, package: Path, fingerprint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, others = "quatre mots sans rapport", "autres mots sans rapport"
    base, sent = tmp_path / "base.db", tmp_path / "envoi.paquet"
    shutil.copy(officer, base)
    resealing.reseal(base, sealing.fresh_key(words))
    sent.write_bytes(sealed.seal(package.read_bytes(), others))
    monkeypatch.setattr(sealing, "_given", {})
    for source, phrases in ((base, Phrases(bases=words)), (sent, Phrases(packages=others))):
        lake = tmp_path / f"lac-{source.stem}"
        for given, taken in ((Phrases(), 0), (phrases, 1)):
            store = Entrepot(tmp_path / f"e-{source.stem}", accepted=(fingerprint,), phrases=given)
            assert len(run([source], Lake(lake), store).contracts) == taken
        assert in_lake(lake, DAY) == said(officer, DAY)


def test_a_contract_that_was_removed_leaves_no_row(
    officer: Path, store: Entrepot, address: str, tmp_path: Path
) -> None:
    copy, lake = tmp_path / "lens.db", tmp_path / "lac"
    shutil.copy(officer, copy)
    with Server(address) as place:
        run([copy], place, store)
        run([copy], Lake(lake), store)
        with opening.open_base(copy, identity=Identity(officer.parent / "id")) as base:
            desk = Desk(base, today=lambda: DAY)
            (contract,) = base.contracts()
            acts.new_contract(desk, {"code": "mien", "name": "Le mien"})
            acts.remove_contract(desk, contract.code)
        run([copy], place, store)
        run([], Lake(lake), store)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT nom FROM qpvdesk.contrat").fetchall() == [("Le mien",)]
        assert connection.execute("SELECT count(*) FROM qpvdesk.releve").fetchone() == (0,)
    assert len(list(lake.rglob("evaluation.parquet"))) == 1


def test_a_base_whose_contracts_are_all_removed_still_sends_what_it_erases(
    officer: Path, store: Entrepot, address: str, tmp_path: Path
) -> None:
    copy, lake = tmp_path / "lens.db", tmp_path / "lac"
    shutil.copy(officer, copy)
    words = (
        "SELECT (SELECT count(*) FROM qpvdesk.operation WHERE valeur LIKE '%%poste de plus%%'),"
        " (SELECT count(*) FROM qpvdesk.operation WHERE champ = 'retired' AND valeur IS NOT NULL)"
    )
    with Server(address) as place, psycopg.connect(address, autocommit=True) as connection:
        run([copy], place, store)
        run([], Lake(lake), store)
        ((named, before),) = connection.execute(words).fetchall()
        assert named == 1
        with opening.open_base(copy, identity=Identity(officer.parent / "id")) as base:
            desk = Desk(base, today=lambda: DAY)
            with desk.act("Retrait") as unit:
                unit.put(replace(base.contracts()[0], retired=True))
        run([copy], place, store)
        assert connection.execute(words).fetchone() == (1, before + 1), "that it was removed is sent"
        with opening.open_base(copy, identity=Identity(officer.parent / "id")) as base:
            privacy.erase(Desk(base, today=lambda: DAY), "un poste de plus")
        run([copy], place, store)
        run([], Lake(lake), store)
        assert connection.execute(words).fetchone() == (0, before + 1)
    (journal,) = lake.glob("journal/*/*.parquet")
    query = f"SELECT count(*), count(*) FILTER (valeur LIKE '%poste de plus%') FROM '{journal}'"
    (sent,) = duckdb.sql(query).fetchall()
    assert sent[0] > 0
    assert sent[1] == 0


def test_officers_who_removed_the_contract_that_is_shipped_share_nothing(
    officer: Path, store: Entrepot, tmp_path: Path
) -> None:
    fingerprints, sources = list(store._accepted), [officer]
    for code in ("mien-a", "mien-b"):
        path = tmp_path / f"{code}.db"
        bases.create(path, "lens-lievin", now=datetime(2026, 6, 30, 9, 0).astimezone())
        identity = Identity(tmp_path / f"id-{code}")
        with opening.open_base(path, identity=identity) as base:
            desk = Desk(base, today=lambda: DAY)
            (shipped,) = base.contracts()
            acts.new_contract(desk, {"code": code, "name": code})
            acts.remove_contract(desk, shipped.code)
        fingerprints.append(key_fingerprint(identity.public))
        sources.append(path)
    # Whoever comes first, one by one or at once.
    for order in (sources, sources[::-1]):
        folder = tmp_path / order[0].stem
        both = Entrepot(folder / "entrepot", accepted=fingerprints)
        done = run(order, Lake(folder / "lac"), both)
        assert done.refused == ()
        assert len(both.bases()) == 3
        assert len(list((folder / "lac").rglob("evaluation.parquet"))) == 3
        assert in_lake(folder / "lac", DAY) == said(officer, DAY), "what others removed, one follows"
        assert run(order, Lake(folder / "lac"), both).contracts == ()


def test_who_follows_a_contract_that_another_followed_before_has_a_base_of_their_own(
    officer: Path, store: Entrepot, tmp_path: Path
) -> None:
    first, lake, identity = tmp_path / "premier.db", Lake(tmp_path / "lac"), Identity(tmp_path / "id-premier")
    bases.create(first, "lens-lievin", now=datetime(2026, 6, 30, 9, 0).astimezone())
    both = Entrepot(tmp_path / "entrepot", accepted=[*store._accepted, key_fingerprint(identity.public)])
    with opening.open_base(first, identity=identity) as base:
        desk = Desk(base, today=lambda: DAY)
        (shipped,) = base.contracts()
        # Whoever wrote nothing is nobody's author.
        demo.fill(base)
        run([first], lake, both)
        acts.new_contract(desk, {"code": "mien", "name": "Le mien"})
        acts.remove_contract(desk, shipped.code)
    run([first], lake, both)
    assert run([officer], lake, both).refused == ()
    assert len(both.bases()) == 2
    assert in_lake(tmp_path / "lac", DAY) == said(officer, DAY)


@pytest.mark.parametrize("damage", ["signature", "coupe"])
def test_a_forged_or_cut_package_is_said_and_leaves_the_others_be(
    officer: Path, package: Path, store: Entrepot, tmp_path: Path, damage: str
) -> None:
    bad = tmp_path / "mauvais.paquet"
    content = bytearray(package.read_bytes())
    if damage == "coupe":
        del content[len(content) // 2 :]
    else:
        content[len(content) // 3] ^= 1
    bad.write_bytes(content)
    done = run([bad, officer], Lake(tmp_path / "lac"), store)
    assert [item.source for item in done.refused] == [bad]
    assert len(done.contracts) == 1


def test_a_key_that_nobody_compared_is_refused(officer: Path, tmp_path: Path) -> None:
    store, third = Entrepot(tmp_path / "vide"), tmp_path / "tiers.db"
    with opening.create(third, identity=Identity(tmp_path / "id")) as base:
        acts.new_contract(Desk(base, today=lambda: DAY), {"code": "tiers", "name": "Un autre contrat"})
    # Two contracts are merged by other processes, from which the refusal has to come back whole.
    done = run([officer, third], Lake(tmp_path / "lac"), store)
    assert [item.source for item in done.refused] == [officer, third]
    for item in done.refused:
        assert isinstance(item.why, UnknownSignersError)
        assert "n’avez pas encore acceptée" in item.why.message
        assert "--accepter" in item.why.shell
    assert done.contracts == ()
    assert store.bases() == ()


def test_a_full_disk_is_said_and_the_next_run_goes_on(
    officer: Path, store: Entrepot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, flushed = tmp_path / "lac", []
    honest = os.fsync

    def full(number: int) -> None:
        flushed.append(number)
        if len(flushed) == 5:
            raise OSError(28, "No space left on device")
        honest(number)

    store.take(officer)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="ne peut pas être écrit"):
        run([], Lake(lake), store)
    monkeypatch.undo()
    assert run([], Lake(lake), store).contracts
    assert in_lake(lake, DAY) == said(officer, DAY)


def test_a_contract_whose_seat_is_corrected_stands_in_one_folder(officer: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lac")
    found = engine.joined(engine.attempt_all(list(engine.tasks(officer, contract_code(officer), [DAY]))))
    (row,) = found[tables.CONTRACTS.name]
    for seat in (("inconnue", "inconnu"), ("R32", "D62")):
        found[tables.CONTRACTS.name] = [(*row[:4], *seat, *row[6:])]
        lake.keep(found, tables.State("état", (DAY,)))
    (kept,) = (tmp_path / "lac").rglob("contrat.parquet")
    assert "departement=D62" in str(kept)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (date(2026, 1, 31), date(2026, 3, 15), ["2026-01-31", "2026-02-28", "2026-03-15"]),
        (date(2026, 3, 1), date(2026, 3, 31), ["2026-03-31"]),
        (date(2023, 12, 30), date(2024, 1, 1), ["2023-12-31", "2024-01-01"]),
    ],
)
def test_months_end_on_their_last_day(start: date, end: date, found: list[str]) -> None:
    assert [day.isoformat() for day in month_ends(start, end)] == found


def test_every_row_has_a_cell_a_column_of_its_form(officer: Path) -> None:
    forms = {
        Form.TEXT: str, Form.INTEGER: int, Form.NUMBER: (int, float), Form.DAY: str, Form.FLAG: bool,
    }  # fmt: skip
    found: Results = engine.joined(
        engine.attempt_all(list(engine.tasks(officer, contract_code(officer), [DAY])))
    )
    for table in tables.TABLES:
        assert found[table.name], table.name
        for row in found[table.name]:
            assert len(row) == len(table.columns)
            for column, value in zip(table.columns, row, strict=True):
                assert value is None or isinstance(value, forms[column.form]), (table.name, column.name)


def test_each_question_of_the_dashboard_is_answered_by_who_may_only_read(
    officer: Path, store: Entrepot, address: str
) -> None:
    text = paths.resource("region/tableau-de-bord.sql").read_text(encoding="utf-8")
    questions = [part for part in text.split("\n\n") if "SELECT" in part]
    with Server(address) as place:
        run([officer], place, store)
    said: dict[str, list[dict[str, Any]]] = {}
    with psycopg.connect(address, row_factory=psycopg.rows.dict_row) as connection:
        connection.execute("SET ROLE qpvdesk_lecture")
        for question in questions:
            title = question.splitlines()[0].removeprefix("-- ").partition(" · ")[0]
            said[title] = connection.execute(question).fetchall()
    with opening.open_base(officer, read_only=True) as base:
        now = Desk(base, today=lambda: DAY).situation(contract_code(officer), DAY)
    (line,) = said["Contrats, le plus en retard d’abord"]
    assert (line["a_traiter"], line["objectifs"]) == (to_handle(now.counts), len(now.promised))
    (middle,) = said["Part à traiter : médiane, avec son nombre de contrats"]
    assert middle["mediane"] == pytest.approx(to_handle(now.counts) / len(now.promised))
    assert [row["porteur"] for row in said["Décisions échues"]] == ["ARS"]
    # One contract alone has nothing in common with another.
    assert [title for title, rows in said.items() if not rows] == ["Le même objectif dans plusieurs contrats"]


def test_the_places_of_a_lake_are_a_map_with_what_is_counted_on_each(
    officer: Path, store: Entrepot, tmp_path: Path
) -> None:
    run([officer], Lake(tmp_path / "lac"), store)
    (file,) = (tmp_path / "lac").rglob("lieux.geojson")
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    assert len(features) == 53
    for feature in features:
        assert shape_of(feature["geometry"])
    with opening.open_base(officer, read_only=True) as base:
        now = Desk(base, today=lambda: DAY).situation(contract_code(officer), DAY)
    promised = Counter(now.territory(item.territory).code for item in now.promised)
    codes = {feature["properties"]["code"]: feature["properties"] for feature in features}
    assert {code: line["objectifs"] for code, line in codes.items() if line["objectifs"]} == {
        code: count for code, count in promised.items() if code in codes
    }


def test_a_base_that_did_not_change_is_not_opened_again(
    officer: Path, fingerprint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path / "lac")
    run([officer], lake, Entrepot(tmp_path / "entrepot", accepted=(fingerprint,)))
    opened: list[Path] = []
    again = Entrepot(tmp_path / "entrepot", accepted=(fingerprint,))
    honest = again.opened
    monkeypatch.setattr(again, "opened", lambda path, **words: opened.append(path) or honest(path, **words))
    assert run([], lake, again).unchanged == 1
    assert opened == []
    # What is noted spares opening, and says nothing more.
    (tmp_path / "entrepot" / "contenu.json").write_text("{", encoding="utf-8")
    assert run([], lake, Entrepot(tmp_path / "entrepot", accepted=(fingerprint,))).unchanged == 1
