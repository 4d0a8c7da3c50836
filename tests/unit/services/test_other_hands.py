"""A base that another program changed: what its rows refer to is not there, what they hold no release writes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk import cli
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import FundingYear, TerritoryLink, Visit
from qpvdesk.services.care import privacy, safety
from qpvdesk.storage import maintenance, opening, suspicion
from qpvdesk.storage.engine import sqlite3
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

TODAY = date(2026, 6, 30)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "base.db"
    samples.new_base(path).close()
    return path


def change(path: Path, statement: str, *values: Any) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute(statement, values).rowcount
        connection.commit()


def test_what_refers_to_nothing_is_said_where_it_is_reckoned_with_and_the_base_can_be_repaired(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(path, "UPDATE territory SET contract = 'ailleurs' WHERE code = 'FR'")
    assert cli.run(["verifier", "--base", str(path)]) == 1
    told = capsys.readouterr()
    assert "renvoie à une ligne de «\u202fcontract\u202f» qui n’existe pas" in told.out
    assert "verifier --reparer" in told.err
    suspicion.mark_of(path).unlink()
    with opening.open_base(path) as base, pytest.raises(UserError, match="est endommagée"):
        desk_on(base, TODAY).review("contrat-1", TODAY)
    with pytest.raises(opening.DamagedError) as damaged:
        opening.open_base(path)
    assert damaged.value.quarantine is not None
    safety.repair(path, now=samples.NOON)
    with opening.open_base(path) as base:
        assert maintenance.check(base) == []
        assert desk_on(base, TODAY).review("contrat-1", TODAY).findings


def test_a_bug_of_ours_in_a_sound_base_is_no_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Iterator[None]:
        raise KeyError("bug")

    monkeypatch.setattr("qpvdesk.domain.review.review", fail)
    with opening.open_base(path) as base, pytest.raises(KeyError, match="bug"):
        desk_on(base, TODAY).review("contrat-1", TODAY)
    assert not suspicion.mark_of(path).exists()


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("UPDATE measurement SET value = ?", "1-2"),
        ("UPDATE measurement SET denominator = ?", "0000-00-00"),
        ("UPDATE funding_year SET cp = ?", "NaN"),
        ("UPDATE objective SET citation_document = 'doc', citation_section = ?", None),
    ],
)
def test_what_is_no_number_and_no_citation_is_said(path: Path, statement: str, value: str | None) -> None:
    change(path, statement, value)
    with opening.open_base(path) as base, pytest.raises(UserError, match="est endommagée"):
        desk_on(base, TODAY).review("contrat-1", TODAY)


@pytest.mark.parametrize("value", ["", "1e999", "{", "99999-01-01T00:00:00+00:00"])
def test_what_the_journal_cannot_say_is_told_by_the_check_and_refused_by_an_erasure(
    path: Path, value: str
) -> None:
    change(path, "UPDATE operation SET value = ? WHERE field = '' AND kind = 'partner'", value)
    with opening.open_base(path) as base:
        assert maintenance.check(base)
        with pytest.raises(UserError, match="est endommagée"):
            privacy.trace(desk_on(base, TODAY), "Camille Durand")


def test_an_act_of_nobody_is_told_by_the_check(path: Path) -> None:
    with opening.open_base(path) as base, base.unit("Un acte") as unit:
        unit.put(replace(samples.MEASUREMENT, comment="Un autre"))
    change(path, "UPDATE act SET author = 99 WHERE id = (SELECT max(act) FROM chain)")
    with opening.open_base(path) as base:
        assert maintenance.check(base)


def test_an_act_whose_author_is_gone_is_not_taken_back_and_that_is_said(path: Path) -> None:
    with opening.open_base(path) as base, base.unit("Un acte") as unit:
        unit.put(replace(samples.MEASUREMENT, comment="Un autre"))
    change(path, "UPDATE author SET id = 99 WHERE substr(uid, 65, 1) <> '.'")
    with opening.open_base(path) as base:
        assert base.stacks.undo_label == "Un acte"
        with pytest.raises(UserError, match="est endommagée"):
            base.undo()


@pytest.mark.parametrize(
    "thing",
    [
        FundingYear("fy2", "fund", 2031),
        TerritoryLink("tl2", "r32", "r32"),
        Visit("v2", "contract1", date(2026, 1, 1), "Place du marché", functions="a@b.fr"),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_whatever_is_at_fault_is_said_of_something(path: Path, thing: Any) -> None:
    with opening.open_base(path) as base:
        desk = desk_on(base, TODAY)
        with base.unit("Ce qu’une version d’avant laissait passer") as unit:
            unit.put(thing)
        found = [
            view.point for view in desk.review("contrat-1", TODAY).findings if view.point.kind == "impossible"
        ]
        assert found
