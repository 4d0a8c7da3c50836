"""What is frozen comes back as it was, is never changed, and is refused where it was altered."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Decision, DecisionState, Dossier, Measurement, Meeting, MeetingKind, Snapshot
from qpvdesk.storage import maintenance, readers, snapshots
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from tests.unit.storage import samples

DAY = date(2026, 2, 2)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)
dossiers = st.builds(
    replace,
    st.just(samples.dossier()),
    measurements=st.lists(
        st.builds(
            Measurement,
            key=words,
            objective=st.just("obj1"),
            territory=st.just("fr"),
            day=days,
            value=numbers,
            source=words,
            comment=words,
            provisional=st.booleans(),
            numerator=st.none() | numbers,
            entered_on=st.none() | days,
        ),
        max_size=4,
    ).map(tuple),
    meetings=st.lists(
        st.builds(
            Meeting, words, st.just("contract1"), st.sampled_from(MeetingKind), days, words, words, words, words
        ),
        max_size=2,
    ).map(tuple),
    decisions=st.lists(
        st.builds(
            Decision, words, st.just("meet"), words, st.integers(0, 99), words, st.none() | days,
            st.sampled_from(DecisionState),
        ),
        max_size=3,
    ).map(tuple),
)  # fmt: skip


@given(dossiers, days)
@settings(max_examples=60)
def test_a_contract_comes_back_whole_from_its_text(dossier: Dossier, day: date) -> None:
    text = snapshots.canonical(dossier, "meet", day)
    assert snapshots.frozen_of(text).dossier == dossier
    # To the last zero of each figure, which a decimal's equality does not tell.
    assert snapshots.canonical(snapshots.frozen_of(text).dossier, "meet", day) == text


def test_the_text_is_canonical_and_knows_its_meeting_and_its_day() -> None:
    text = snapshots.canonical(samples.dossier(), "meet", DAY)
    held = json.loads(text)
    assert text == json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert (held["form"], held["meeting"], held["day"]) == (1, "meet", "2026-02-02")
    assert held["tables"]["measurement"][1]["value"] == "28.50"
    assert snapshots.fingerprint(text) != snapshots.fingerprint(
        snapshots.canonical(samples.dossier(), "meet", date(2026, 2, 3))
    )


def test_a_snapshot_holds_those_of_other_meetings_not_its_own() -> None:
    earlier = Snapshot("s", "contract1", "meet", DAY, DAY, "0" * 64)
    with_one = replace(samples.dossier(), snapshots=(earlier,))
    assert snapshots.canonical(with_one, "meet", DAY) == snapshots.canonical(samples.dossier(), "meet", DAY)
    assert snapshots.frozen_of(snapshots.canonical(with_one, "other", DAY)).dossier == with_one


def test_a_text_of_another_release_is_read_where_it_can_be() -> None:
    held = json.loads(snapshots.canonical(samples.dossier(), "meet", DAY))
    for item in held["tables"]["measurement"]:
        del item["comment"]
        item["later_field"] = "1"
    held["tables"]["later_table"] = [{"key": "x"}]
    assert snapshots.frozen_of(json.dumps(held)).dossier == samples.dossier()
    held["form"] = 3
    with pytest.raises(UserError, match="version plus récente"):
        snapshots.frozen_of(json.dumps(held))


def frozen(base: Database) -> Snapshot:
    text = snapshots.canonical(base.dossier("contract1"), "meet", DAY)
    made = Snapshot("snap", "contract1", "meet", DAY, DAY, snapshots.fingerprint(text))
    with base.unit("Données arrêtées") as unit:
        unit.freeze(made, text)
    return made


def test_what_is_frozen_stays_as_it_was(base: Database) -> None:
    before = base.dossier("contract1")
    made = frozen(base)
    with base.unit("Correction") as unit:
        unit.put(replace(samples.MEASUREMENT, value=Decimal(31)))
        unit.remove(before.decisions[0])
    assert base.dossier("contract1").snapshots == (made,)
    assert readers.thawed(base, made).dossier == before
    assert maintenance.check(base) == []


def test_freezing_is_undone_and_done_again(base: Database) -> None:
    made = frozen(base)
    base.undo()
    assert base.dossier("contract1").snapshots == ()
    base.redo()
    assert base.dossier("contract1").snapshots == (made,)
    assert readers.thawed(base, made).dossier.contract.key == "contract1"
    base.undo()
    assert maintenance.check(base) == []


def test_nothing_but_undo_removes_a_snapshot_and_nothing_changes_it(base: Database) -> None:
    made = frozen(base)
    removal: Callable[[Database], None]
    for removal in (
        lambda held: _put(held, replace(made, day=date(2026, 1, 1))),
        lambda held: _remove(held, made),
    ):
        with pytest.raises(sqlite3.IntegrityError, match="snapshot"):
            removal(base)
    base.close()
    raw = sqlite3.connect(base.path)
    for statement in (
        "UPDATE snapshot SET day = '2020-01-01'",
        "DELETE FROM snapshot",
        "UPDATE frozen SET content = x'00'",
        "DELETE FROM frozen",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=r"never|alone"):
            raw.execute(statement)
    raw.close()


def _put(base: Database, snapshot: Snapshot) -> None:
    with base.unit("Changer") as unit:
        unit.put(snapshot)


def _remove(base: Database, snapshot: Snapshot) -> None:
    with base.unit("Retirer") as unit:
        unit.remove(snapshot)


def test_a_fingerprint_that_is_not_the_text_s_is_never_kept(base: Database) -> None:
    with pytest.raises(ValueError, match="not the content"), base.unit("Faux") as unit:
        unit.freeze(Snapshot("s", "contract1", "meet", DAY, DAY, "0" * 64), "{}")
    assert base.dossier("contract1").snapshots == ()


def test_what_could_not_be_read_back_is_not_kept(base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(snapshots.canonical(base.dossier("contract1"), "meet", DAY).encode())
    monkeypatch.setattr(snapshots, "STORE", structs.replace(snapshots.STORE, bytes_max=size - 1))
    with pytest.raises(UserError, match="trop volumineux"):
        frozen(base)
    assert base.dossier("contract1").snapshots == ()
    monkeypatch.setattr(snapshots, "STORE", structs.replace(snapshots.STORE, bytes_max=size))
    assert readers.thawed(base, frozen(base)).dossier.contract.key == "contract1"


def altered(base: Database, content: bytes | None) -> None:
    """Do to the frozen content what only somebody with another tool can do."""
    raw = sqlite3.connect(base.path)
    raw.execute("DROP TRIGGER frozen_kept_as_it_is")
    raw.execute("DROP TRIGGER frozen_kept")
    if content is None:
        raw.execute("DELETE FROM frozen")
    else:
        raw.execute("UPDATE frozen SET content = ?", (content,))
    raw.commit()
    raw.close()


@pytest.mark.parametrize(
    "content",
    [
        zlib.compress(b"{}"),
        b"not compressed",
        zlib.compress(b"\xff"),
        zlib.compress(snapshots.canonical(samples.dossier(), "meet", DAY).encode())[:-6],
        zlib.compress(snapshots.canonical(samples.dossier(), "meet", DAY).replace("28.50", "38.50").encode()),
    ],
    ids=["other", "garbage", "no-text", "cut", "one-figure"],
)
def test_an_altered_snapshot_is_refused_and_told_by_the_check(base: Database, content: bytes) -> None:
    made = frozen(base)
    altered(base, content)
    with pytest.raises(UserError, match="ne correspond plus à son empreinte"):
        readers.thawed(base, made)
    assert maintenance.check(base) == [
        "L’arrêté des données au 02/02/2026 ne correspond plus à son empreinte."
    ]


def test_an_absent_content_is_told(base: Database) -> None:
    made = frozen(base)
    altered(base, None)
    with pytest.raises(UserError, match="n’est pas dans cette base"):
        readers.thawed(base, made)
    assert maintenance.check(base) == ["L’arrêté des données au 02/02/2026 n’a pas son contenu."]


def test_a_name_is_erased_from_the_reason_of_an_arrete_and_nothing_else_of_it(base: Database) -> None:
    text = snapshots.canonical(base.dossier("contract1"), "meet", DAY)
    made = Snapshot("snap", "contract1", "meet", DAY, DAY, snapshots.fingerprint(text), "Vu avec Ada Hopper")
    with base.unit("Données arrêtées") as unit:
        unit.freeze(made, text)
    maintenance.erase(base, "Ada Hopper")
    (kept,) = base.dossier("contract1").snapshots
    assert "Ada Hopper" not in kept.reason
    assert replace(kept, reason="") == replace(made, reason="")
    assert readers.thawed(base, kept).dossier.contract.key == "contract1"
