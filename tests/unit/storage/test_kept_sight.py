"""The first sight that a base keeps: what was said of it, as long as it is so, and nothing that was erased."""

from __future__ import annotations

import os
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from qpvdesk.domain.first_sight import FirstSight
from qpvdesk.domain.review import Review
from qpvdesk.domain.sighting import first_sight
from qpvdesk.services.care import keeping, sealing
from qpvdesk.services.desk import Desk
from qpvdesk.storage import kept_sight, maintenance, opening
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase
from tests.unit.storage.test_frozen_review import reviews


def keep(base: Database) -> FirstSight:
    """Have a base keep its sight; return it."""
    desk = Desk(base, today=lambda: invented.TODAY)
    assert not keeping.unread(desk), "a small base was read whole when it was opened"
    contracts = desk.contracts()
    review = desk.review(contracts[0].code, invented.TODAY)
    keeping.keep_sight(desk, review, contracts)
    return first_sight(review, contracts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return WatchedBase(tmp_path / "base.db", invented.dossier(), invented.TODAY).path


@pytest.fixture
def kept(path: Path) -> FirstSight:
    with opening.open_base(path) as base:
        return keep(base)


@given(reviews())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_sight_comes_back_as_it_was_reckoned(said: Review) -> None:
    sight = first_sight(said, (said.situation.dossier.contract,))
    assert msgspec.json.decode(msgspec.json.encode(sight), type=FirstSight) == sight
    assert sight.can_be_shown


def test_what_is_shown_first_is_what_is_reckoned(path: Path, kept: FirstSight) -> None:
    assert kept_sight.read(path) == kept
    with opening.open_base(path) as base:
        assert keep(base) == kept
    # Kept already, nothing is written.
    before = path.read_bytes()
    with opening.open_base(path) as base:
        keep(base)
    assert path.read_bytes() == before


def test_a_sight_of_before_an_act_is_not_shown(path: Path, kept: FirstSight) -> None:
    with opening.open_base(path) as base:
        figure = base.dossier(base.contracts()[0].key).measurements[0]
        with base.unit("Correction") as unit:
            unit.put(replace(figure, value=Decimal(77)))
        assert kept_sight.read(path) is None
        base.undo()
        assert kept_sight.read(path) is None
        again = keep(base)
    assert kept_sight.read(path) == again == kept


def test_what_is_erased_is_gone_from_it(path: Path, kept: FirstSight) -> None:
    name = kept.attention[0].label
    assert name.encode() in path.read_bytes()
    with opening.open_base(path) as base:
        maintenance.erase(base, name)
    assert kept_sight.read(path) is None
    assert name.encode() not in path.read_bytes()


def test_of_a_sealed_base_nothing_is_read_nor_lies_about(path: Path, kept: FirstSight) -> None:
    sealing.seal(path, "une phrase assez longue pour tenir")
    assert kept_sight.read(path) is None
    words = kept.mention.encode()
    assert not any(words in file.read_bytes() for file in path.parent.rglob("*") if file.is_file())


@pytest.mark.usefixtures("kept")
def test_another_release_says_it_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_sight, "__version__", "9.9.9")
    assert kept_sight.read(path) is None


@pytest.mark.usefixtures("kept")
def test_a_base_that_a_killed_process_left_is_opened_first(path: Path) -> None:
    path.with_name("base.db-journal").write_bytes(b"hot")
    assert kept_sight.read(path) is None


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "bend",
    [
        "UPDATE meta SET value = '{' WHERE name = 'premier_regard'",
        "UPDATE meta SET value = '[]' WHERE name = 'premier_regard'",
        "UPDATE meta SET value = replace(value, '\"day\":\"', '\"day\":\"x') WHERE name = 'premier_regard'",
        'UPDATE meta SET value = replace(value, \'"left_out":\', \'"left_out":"","y":\') WHERE name = \'premier_regard\'',
        "UPDATE meta SET value = value || hex(zeroblob(300000)) WHERE name = 'premier_regard'",
        "UPDATE meta SET value = json_set(value, '$.sight.day', '0001-01-01') WHERE name = 'premier_regard'",
        "UPDATE meta SET value = json_set(value, '$.sight.since.day', '9999-12-31') WHERE name = 'premier_regard'",
        "UPDATE meta SET value = json_set(value, '$.sight.grids', json('{}')) WHERE name = 'premier_regard'",
        "UPDATE meta SET value = json_set(value, '$.sight.ways.axes', 'Axes') WHERE name = 'premier_regard'",
        "UPDATE meta SET value = json_set(value, '$.sight.attention[0].wordings', json('[]')) WHERE name = 'premier_regard'",
        "DROP TABLE meta",
        "DROP TABLE meta; CREATE VIEW meta AS WITH RECURSIVE n(name, value) AS"
        " (SELECT 'premier_regard', 1 UNION ALL SELECT name, value + 1 FROM n) SELECT name, value FROM n",
    ],
)
def test_what_another_program_wrote_there_is_not_shown(path: Path, bend: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(bend)
    assert kept_sight.read(path) is None


def test_what_is_no_base_has_no_sight(tmp_path: Path) -> None:
    words = tmp_path / "mots.db"
    words.write_text("pas une base")
    (tmp_path / "vide.db").touch()
    (tmp_path / "dossier.db").mkdir()
    # Of the last the system itself refuses to say what it is, as of what a share that is gone had.
    names = ["mots.db", "vide.db", "absente.db", "dossier.db", f"{'b' * 300}.db"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "tube.db")
        names.append("tube.db")
    for name in names:
        assert kept_sight.read(tmp_path / name) is None


def test_a_base_that_is_only_read_keeps_none(path: Path) -> None:
    with opening.open_base(path, read_only=True) as base:
        keep(base)
    assert kept_sight.read(path) is None
