"""Packages taken in on several processors, and what is left where one of them, or the whole program, is killed."""

from __future__ import annotations

import os
import shutil
import signal
import time
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.region import consolidation, engine, pool
from qpvdesk.region.parquet import Lake
from qpvdesk.region.store import Entrepot
from qpvdesk.services import bases, measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.storage import opening
from qpvdesk.storage.exchange import packages
from qpvdesk.storage.exchange.package import Vector, vector
from qpvdesk.storage.identity import Identity, key_fingerprint
from tests.region.conftest import DAY


def sent(base: Path, target: Path, beyond: Vector | None = None) -> Path:
    """What an officer sends: their whole history, or what somebody lacks who knows `beyond`."""
    with opening.open_base(base, identity=Identity(base.parent / "id")) as held:
        target.write_bytes(packages.write(held, beyond)[0])
    return target


def recorded(base: Path, code: str, value: int) -> Vector:
    """Record one figure more; return what was known before it."""
    with opening.open_base(base, identity=Identity(base.parent / "id")) as held:
        desk = Desk(held, today=lambda: DAY)
        (contract,) = held.contracts()
        before = vector(held.connection)
        objective = next(item for item in desk.dossier(contract.code).objectives if item.code == code)
        entry = measurements.Entry(objective=objective.key, day=date(2026, 6, 1), value=Decimal(value))
        measurements.record(desk, contract.code, entry)
        return before


def fingerprints(*paths: Path) -> list[str]:
    return [key_fingerprint(Identity(path.parent / "id").public) for path in paths]


@pytest.fixture
def copy(officer: Path, tmp_path: Path) -> Path:
    """The officer's base and key, to be changed."""
    shutil.copytree(officer.parent, tmp_path / "agent")
    return tmp_path / "agent" / officer.name


def bases_of(folder: Path) -> dict[str, set[tuple[str, int]]]:
    """What each gathered base holds of whom."""
    found = {}
    for path in sorted(folder.glob("*.db")):
        with opening.open_base(path, read_only=True, identity=Identity(folder / "identite")) as base:
            found[path.name] = set(vector(base.connection).items())
    return found


def test_all_processors_take_in_what_one_would_and_refuse_the_same(copy: Path, tmp_path: Path) -> None:
    stranger, third = tmp_path / "autre" / "base.db", tmp_path / "tiers" / "base.db"
    stranger.parent.mkdir()
    third.parent.mkdir()
    bases.create(stranger, "lens-lievin", now=datetime(2026, 6, 30, 9, 0).astimezone())
    recorded(stranger, "BPI-O03", 7)
    with opening.create(third, identity=Identity(third.parent / "id")) as base:
        acts.new_contract(Desk(base, today=lambda: DAY), {"code": "tiers", "name": "Un autre contrat"})
    first = sent(copy, tmp_path / "1.paquet")
    known = recorded(copy, "BPI-O03", 18)
    rest = sent(copy, tmp_path / "2.paquet", known)
    broken = tmp_path / "3.paquet"
    broken.write_bytes(first.read_bytes()[:5000])
    # The rest comes before what it goes on from, and after: refused once, then taken.
    early = shutil.copy(rest, tmp_path / "0.paquet")
    others = [sent(third, tmp_path / "4.paquet"), sent(stranger, tmp_path / "5.paquet")]
    sources = [early, broken, first, rest, copy, *others]
    accepted = fingerprints(copy, stranger, third)
    one = Entrepot(tmp_path / "un", accepted=accepted)
    refused: dict[Path, str] = {}
    for source in sources:
        try:
            one.take(source)
        except UserError as error:
            refused[source] = error.message
    several = Entrepot(tmp_path / "plusieurs", accepted=accepted)
    found = {source: error.message for source, error in several.take_all(sources).items()}
    assert found == refused
    assert list(found) == [early, broken, others[1]]
    assert len(bases_of(tmp_path / "un")) == 2
    assert bases_of(tmp_path / "plusieurs") == bases_of(tmp_path / "un")
    assert several.identity.colleagues().keys() == one.identity.colleagues().keys()
    # What was noted of the bases is what they hold.
    noted = {path: several.contents(path) for path in several.bases()}
    again = Entrepot(tmp_path / "plusieurs", accepted=accepted)
    assert {path: again.contents(path) for path in again.bases()} == noted


_honest_reckon = engine.reckon


def _reckon_or_die(once: Path | None, task: engine.Task) -> Any:
    """Kill this process; `once`: only where that is not there yet."""
    if once is None or not once.exists():
        if once is not None:
            once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _honest_reckon(task)


def test_what_a_process_that_dies_was_reckoning_is_reckoned_by_another(
    officer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_DAYS", 1)
    with opening.open_base(officer, read_only=True) as base:
        (contract,) = base.contracts()
    works = list(engine.tasks(officer, contract.code, [date(2026, month, 1) for month in range(1, 7)]))
    expected = [engine.reckon(work) for work in works]
    monkeypatch.setattr(engine, "reckon", partial(_reckon_or_die, tmp_path / "tué"))
    assert list(engine.attempt_all(works)) == expected
    assert (tmp_path / "tué").exists()
    monkeypatch.setattr(engine, "reckon", partial(_reckon_or_die, None))
    with pytest.raises(UserError, match="plusieurs fois"):
        list(engine.attempt_all(works))


def test_no_more_is_given_out_than_is_asked_for() -> None:
    given: list[int] = []

    def tasks() -> Any:
        for number in range(40):
            given.append(number)
            yield number

    results = pool.in_order(abs, tasks())
    assert next(results) == 0
    assert len(given) <= pool.AHEAD + 1
    assert list(results) == list(range(1, 40))


def test_killed_at_any_moment_a_contract_is_as_it_was_or_as_it_is(
    copy: Path, fingerprint: str, tmp_path: Path
) -> None:
    """A real process, killed later and later until it ends by itself; then one that goes on from what each left."""
    lake, store = tmp_path / "lac", tmp_path / "entrepot"
    run([copy], lake, store, fingerprint)
    before = contract_files(lake)
    recorded(copy, "BPI-O03", 18)
    run([copy], tmp_path / "lac-voulu", tmp_path / "entrepot-voulu", fingerprint)
    after = contract_files(tmp_path / "lac-voulu")
    assert before.keys() == after.keys()
    assert before != after
    (home,) = lake.glob("region=*/departement=*/contrat=*")
    contract = home.name.partition("=")[2]
    kept = shutil.copytree(tmp_path, tmp_path.with_name("avant"))
    moments, pause = 0, 0.05
    while True:
        for name in ("lac", "entrepot"):
            shutil.rmtree(tmp_path / name)
            shutil.copytree(kept / name, tmp_path / name)
        child = os.fork()
        if not child:
            os.setsid()
            try:
                run([copy], lake, store, fingerprint)
            finally:
                os._exit(0)
        time.sleep(pause)
        done, _ = os.waitpid(child, os.WNOHANG)
        if done:
            break
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert contract_files(lake) in ({}, before, after)
        with Lake(lake) as place:
            assert place.state(contract) is not None, "its days are known still"
        run([copy], lake, store, fingerprint)
        assert contract_files(lake) == after
        moments, pause = moments + 1, pause * 1.6
    assert moments >= 3
    assert contract_files(lake) == after


def run(sources: list[Path], lake: Path, store: Path, fingerprint: str) -> None:
    entrepot = Entrepot(store, accepted=(fingerprint,))
    with Lake(lake) as place:
        consolidation.consolidate(sources, place, entrepot, monthly=False, today=DAY)


def contract_files(lake: Path) -> dict[str, bytes]:
    """What a reader of the lake finds of contracts."""
    return {
        str(path.relative_to(lake)): path.read_bytes()
        for path in lake.glob("region=*/**/*")
        if path.is_file()
    }
