"""The signed chain: nobody writes in another's name, and what the program writes of itself is written once."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import (
    authors,
    chain,
    identity,
    journal,
    lock,
    maintenance,
    opening,
    programme,
    rescue,
    starter,
    written,
)
from qpvdesk.storage.authors import NOBODY, public_of
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import purging
from qpvdesk.storage.care.purging import ERASED
from qpvdesk.storage.exchange import erasures, package, packages, parting
from qpvdesk.storage.exchange.consent import Consent, RepairedError, UnknownSignersError, UnsignedError
from qpvdesk.storage.exchange.package import Author, Operation, Package, PackagedAct
from qpvdesk.storage.exchange.parting import OwnForkError
from qpvdesk.storage.identity import Identity
from qpvdesk.storage.keys import starter_key
from tests.unit.storage import samples

REFERENCE = Path(__file__).parents[2] / "reference"


def officer(folder: Path, name: str, path: Path | None = None) -> Database:
    """Open a base of an officer who has a folder, hence a key, of their own."""
    who = Identity(folder / f"{name}.identite")
    if path is not None:
        base = opening.open_base(path, clock=samples.Ticking(), identity=who)
    else:
        base = opening.create(folder / f"{name}.db", now=samples.NOON, clock=samples.Ticking(), identity=who)
        starter.import_starter(base, samples.dossier())
    base.sign(name)
    return base


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    with officer(tmp_path, "Camille") as one, officer(tmp_path, "Dominique") as other:
        yield one, other


def record(base: Database, key: str, value: int) -> None:
    with base.unit(f"Relevé {key}") as unit:
        unit.put(replace(samples.MEASUREMENT, key=key, value=Decimal(value), day=day_of(key)))


def keep_machine(folder: Path, base: Path) -> None:
    """Keep all of Camille's computer: the base, and the folder that remembers it."""
    shutil.copyfile(base, folder / "machine.db")
    shutil.copytree(folder / "Camille.identite", folder / "machine.identite")


def put_machine_back(folder: Path, base: Path) -> None:
    """Put all of it back as it was."""
    shutil.copyfile(folder / "machine.db", base)
    shutil.rmtree(folder / "Camille.identite")
    shutil.copytree(folder / "machine.identite", folder / "Camille.identite")


def day_of(key: str) -> date:
    """Return a day of its own for a figure: two officers' figures of one day would be one."""
    return samples.MEASUREMENT.day - timedelta(days=1 + zlib.crc32(key.encode()) % 3000)


def read(base: Database) -> Package:
    return package.read(packages.write(base)[0], "paquet")


def values(base: Database) -> dict[str, Decimal]:
    return {item.key: item.value for item in base.dossier("contract1").measurements}


def take(base: Database, brought: Package, proposals: frozenset[str] | None = None) -> None:
    """Merge a package, accepting whoever signed it. `proposals`: see `Consent`."""
    strangers = packages.merge(base, brought, simulate=True).strangers
    keys = frozenset(stranger.public for stranger in strangers)
    packages.merge(base, brought, consent=Consent(keys, proposals=proposals))


def test_the_author_is_a_key_that_no_base_holds(pair: tuple[Database, Database]) -> None:
    one, _ = pair
    record(one, "n1", 31)
    kept = (one.authors.identity.folder / "cle.json").read_bytes()
    private = identity._Pair.__struct_fields__.index("private")
    assert private == 1
    secret = kept.decode().split('"private":"')[1][:64]
    (uid,) = one.connection.execute("SELECT uid FROM author WHERE label = 'Camille'").fetchone()
    assert uid.startswith(one.authors.identity.public + ".")
    assert secret.encode() not in one.path.read_bytes()
    assert bytes.fromhex(secret) not in one.path.read_bytes()
    assert (one.authors.identity.folder / "cle.json").stat().st_mode & 0o077 == 0
    assert maintenance.check(one) == []


def test_a_lost_key_is_another_author_whom_colleagues_accept_once(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    before = one.authors.identity.public
    one.close()
    (tmp_path / "Camille.identite" / "cle.json").unlink()
    with officer(tmp_path, "Camille", one.path) as again:
        assert again.stacks.undo_label is None
        record(again, "n2", 32)
        assert again.authors.identity.public != before
        assert maintenance.check(again) == []
        with pytest.raises(UnknownSignersError, match="ATTENTION"):
            packages.merge(other, read(again))
        take(other, read(again))
        assert other.authors.identity.colleagues()[again.authors.identity.public].follows == before
        packages.merge(other, read(again))


def test_a_key_that_reads_as_none_is_put_aside_for_one_that_is_kept(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, _ = pair
    record(one, "n1", 31)
    one.close()
    key = tmp_path / "Camille.identite" / "cle.json"
    # The disk was full, or the power went.
    key.write_bytes(b"")
    publics = set()
    for name in ("n2", "n3"):
        with officer(tmp_path, "Camille", one.path) as again:
            said = again.authors.identity.fault()
            assert ("mise de côté" in said) == (name == "n2")
            record(again, name, 32)
            publics.add(again.authors.identity.public)
    assert len(publics) == 1
    assert [path.stat().st_size for path in key.parent.glob("cle.illisible-*")] == [0]


@pytest.mark.parametrize(("half", "word"), [("private", "11"), ("public", "zz"), ("private", "é" * 64)])
def test_a_key_of_another_form_is_put_aside_too(
    pair: tuple[Database, Database], tmp_path: Path, half: str, word: str
) -> None:
    one, _ = pair
    record(one, "n0", 30)
    one.close()
    key = tmp_path / "Camille.identite" / "cle.json"
    key.write_text(json.dumps(json.loads(key.read_text()) | {half: word}))
    with officer(tmp_path, "Camille", one.path) as again:
        assert "mise de côté" in again.authors.identity.fault()
        record(again, "n1", 31)
        assert maintenance.check(again) == []


@pytest.mark.parametrize("half", ["private", "public"])
def test_a_key_of_which_one_letter_changed_signs_nothing_that_nobody_would_believe(
    pair: tuple[Database, Database], tmp_path: Path, half: str
) -> None:
    one, other = pair
    record(one, "n1", 31)
    one.close()
    key = tmp_path / "Camille.identite" / "cle.json"
    kept = json.loads(key.read_text())
    rotten = kept[half][:9] + ("0" if kept[half][9] != "0" else "1") + kept[half][10:]
    key.write_text(json.dumps(kept | {half: rotten}))
    with officer(tmp_path, "Camille", one.path) as again:
        with pytest.raises(UserError, match="abîmée") as refused:
            record(again, "n2", 32)
        assert "Recommencez" in refused.value.remedy
        assert "n2" not in values(again)
        record(again, "n2", 32)
        assert maintenance.check(again) == []
        take(other, read(again))
        assert values(other) == values(again)
    assert json.loads(next(key.parent.glob("cle.illisible-*")).read_text())[half] == rotten


def test_a_spoilt_key_that_cannot_be_moved_refuses_once_alone(
    pair: tuple[Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each save was refused, for ever, and said to begin again."""
    one, _ = pair
    record(one, "n1", 31)
    one.close()
    key = tmp_path / "Camille.identite" / "cle.json"
    kept = json.loads(key.read_text())
    public = ("0" if kept["public"][0] != "0" else "1") + kept["public"][1:]
    key.write_text(json.dumps(kept | {"public": public}))

    def refuse(*_: object) -> None:
        raise PermissionError

    with officer(tmp_path, "Camille", one.path) as again:
        monkeypatch.setattr(durable, "place", refuse)
        with pytest.raises(UserError, match="abîmée"):
            record(again, "n2", 32)
        record(again, "n2", 32)
        assert "n2" in values(again)


@pytest.mark.parametrize("number", [-1, 2**63, 10**30])
def test_an_end_of_a_chain_that_no_chain_has_is_none(
    pair: tuple[Database, Database], tmp_path: Path, number: int
) -> None:
    one, _ = pair
    record(one, "n1", 31)
    one.close()
    (ends,) = (tmp_path / "Camille.identite" / "suites").iterdir()
    kept = json.loads(ends.read_text())
    for tail in kept["tails"].values():
        tail["seq"] = number
    ends.write_text(json.dumps(kept))
    with officer(tmp_path, "Camille", one.path) as again:
        record(again, "n2", 32)
        assert maintenance.check(again) == []


@pytest.mark.logs
def test_a_folder_that_cannot_be_written_is_said_and_the_session_is_one_author(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, _ = pair
    one.close()
    full = tmp_path / "plein"
    full.write_bytes(b"no folder")
    with opening.open_base(one.path, clock=samples.Ticking(), identity=identity.Identity(full)) as again:
        again.sign("Camille")
        said = again.authors.identity.fault()
        assert str(full) in said
        assert "rouvrez la base" in said
        for value in range(3):
            record(again, f"n{value}", value)
        assert again.stacks.undo_label is not None
        again.undo()
        assert values(again).keys() & {"n0", "n1", "n2"} == {"n0", "n1"}


def test_a_key_is_accepted_once_by_its_fingerprint(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31)
    before = values(other)
    seen = packages.merge(other, read(one), simulate=True)
    (stranger,) = seen.strangers
    assert (stranger.name, stranger.renewed) == ("Camille", False)
    assert [len(group) for group in stranger.fingerprint.split()] == [5] * 5
    assert stranger.fingerprint == identity.key_fingerprint(one.authors.identity.public)
    with pytest.raises(UnknownSignersError, match=stranger.fingerprint):
        packages.merge(other, read(one))
    assert values(other) == before
    packages.merge(other, read(one), consent=Consent(frozenset({stranger.public})))
    record(one, "n2", 32)
    packages.merge(other, read(one))
    assert values(other).keys() >= {"n1", "n2"}


def test_a_known_name_under_another_key_is_said_loudly(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    (tmp_path / "ailleurs").mkdir()
    with officer(tmp_path / "ailleurs", "Camille") as impostor:
        record(impostor, "n2", 99)
        with pytest.raises(
            UnknownSignersError, match=r"ATTENTION.*Camille signait jusqu’ici avec une autre clé"
        ):
            packages.merge(other, read(impostor))
    assert "n2" not in values(other)


def test_what_a_third_wrote_is_believed_on_their_signature(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    with officer(tmp_path, "Ali") as third:
        seen = packages.merge(third, read(other), simulate=True)
        assert {stranger.name for stranger in seen.strangers} == {"Camille", "Dominique"}
        take(third, read(other))
        assert "n1" in values(third)
        assert maintenance.check(third) == []


def altered(change: Callable[[Operation], Operation]) -> Callable[[Package], Package]:
    def forge(brought: Package) -> Package:
        return replace(brought, operations=tuple(map(change, brought.operations)))

    return forge


def of_act(change: Callable[[PackagedAct], PackagedAct]) -> Callable[[Package], Package]:
    def forge(brought: Package) -> Package:
        acts = tuple(change(act) if act.label.startswith("Relevé") else act for act in brought.acts)
        return replace(brought, acts=acts)

    return forge


def is_camille_s(operation: Operation) -> bool:
    return operation.key.startswith("n")


def swap(brought: Package) -> Package:
    """Have two operations of Camille's change places."""
    some = sorted(filter(is_camille_s, brought.operations), key=lambda operation: operation.seq)
    first, last = some[0], some[-1]
    places: dict[int, Operation] = {
        first.seq: replace(last, seq=first.seq, act=first.act),
        last.seq: replace(first, seq=last.seq, act=last.act),
    }
    return replace(
        brought,
        operations=tuple(
            places.get(operation.seq, operation) if is_camille_s(operation) else operation
            for operation in brought.operations
        ),
    )


def again(brought: Package) -> Package:
    """Have Camille do once more, later, what she did."""
    done = max(filter(is_camille_s, brought.operations), key=lambda operation: operation.seq)
    act = next(act for act in brought.acts if act.key == done.act)
    return replace(
        brought,
        acts=(*brought.acts, replace(act, key="encore", first=done.seq + 1)),
        operations=(*brought.operations, replace(done, seq=done.seq + 1, act="encore", hlc=done.hlc + 9)),
    )


def without_last(brought: Package) -> Package:
    """Leave out the signature that vouches for all."""
    last = max(filter(is_camille_s, brought.operations), key=lambda operation: operation.seq)
    acts = tuple(
        replace(act, signature=None, first=0) if act.key == last.act else act for act in brought.acts
    )
    return replace(brought, acts=acts)


def in_her_name(brought: Package) -> Package:
    """Add an act of Camille's that nobody signed."""
    done = max(filter(is_camille_s, brought.operations), key=lambda operation: operation.seq)
    act = next(act for act in brought.acts if act.key == done.act)
    forged = PackagedAct("faux", act.author, "Convenu en réunion", act.done_at, "do", None)
    made = replace(done, seq=done.seq + 1, act="faux", key="n9", hlc=done.hlc + 9)
    return replace(brought, acts=(*brought.acts, forged), operations=(*brought.operations, made))


def in_an_act_of_hers(uid: str) -> Callable[[Package], Package]:
    """Put an operation of an author who needs no signature into one of Camille's acts."""

    def forge(brought: Package) -> Package:
        done = max(filter(is_camille_s, brought.operations), key=lambda operation: operation.seq)
        act = next(act for act in brought.acts if act.key == done.act)
        said = (1, done.hlc + 9, done.kind, done.key, "value", "99", done.author, done.seq)
        digest = programme.digest(chain.label_digest(act.label), [chain.digest_of(said)])
        author = Author(f"{uid}{digest}" if uid.startswith("programme:") else uid, "qpvdesk")
        made = Operation(author.uid, *said[:2], act.key, *said[2:])
        return replace(brought, authors=(*brought.authors, author), operations=(*brought.operations, made))

    return forge


FORGED: dict[str, Callable[[Package], Package]] = {
    "a value": altered(
        lambda item: (
            replace(item, value=(item.value or "").replace('"31"', '"99"')) if item.key == "n1" else item
        )
    ),
    "a clock": altered(lambda item: replace(item, hlc=item.hlc + 1) if item.key == "n1" else item),
    "a key": altered(lambda item: replace(item, key="n7") if item.key == "n1" else item),
    "what it replaces": altered(
        lambda item: replace(item, parent=item.author, parent_seq=1) if item.key == "n2" else item
    ),
    "the words of an act": of_act(lambda act: replace(act, label="Relevé validé par le préfet")),
    "the moment of an act": of_act(lambda act: replace(act, done_at="2025-01-01T00:00:00+00:00")),
    "the order": swap,
    "an act replayed": again,
    "no signature at the end": without_last,
    "an act in her name": in_her_name,
    "the program in an act of hers": in_an_act_of_hers("programme:correction:"),
    "one of before keys were in an act of hers": in_an_act_of_hers("bernard"),
    "another sender": lambda brought: replace(brought, sender=f"{'ab' * 32}.1"),
    "a sender of before keys were who bears one": lambda brought: replace(brought, public=None),
    "another's signature": of_act(lambda act: replace(act, signature="ab" * 64)),
    "a text withheld that says nothing of it": of_act(
        lambda act: replace(act, withheld={"1": {"label": "ab" * 32}})
    ),
    "no signature of the sender": lambda brought: replace(brought, signature=b"\1" * 64),
    "another manifest": lambda brought: replace(brought, signed=b"qpvdesk paquet 2\n" + b"\1" * 32),
}


@pytest.mark.parametrize("kind", FORGED)
def test_what_is_forged_is_refused_and_nothing_is_changed(pair: tuple[Database, Database], kind: str) -> None:
    one, other = pair
    take(other, read(one))
    record(one, "n1", 31)
    record(one, "n2", 32)
    before, held = values(other), package.vector(other.connection)
    brought = read(one)
    for simulate in (True, False):
        with pytest.raises(UserError, match=r"signature|deux suites|paquet de Camille") as refused:
            packages.merge(other, FORGED[kind](brought), simulate=simulate)
        assert "Rien n’a été fusionné" in refused.value.message
    assert (values(other), package.vector(other.connection)) == (before, held)
    packages.merge(other, brought)
    assert values(other) == values(one)
    assert maintenance.check(other) == []


def test_who_signs_an_act_under_the_key_of_another_keeps_nobody_s_acts_out(
    pair: tuple[Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    record(one, "n1", 31)
    (key,) = one.connection.execute("SELECT key FROM act WHERE label = 'Relevé n1'").fetchone()
    monkeypatch.setattr("qpvdesk.storage.base.new_act_key", lambda: key)
    record(other, "n2", 32)
    monkeypatch.undo()
    one.undo()
    with officer(tmp_path, "Ali") as third, officer(tmp_path, "Béa") as fourth:
        take(third, read(other))
        take(third, read(one))
        assert "n1" not in values(third), "what is undone is the act of whoever undid it"
        one.redo()
        take(third, read(one))
        take(fourth, read(third))
        for base in (third, fourth):
            assert values(base) == values(one) | values(other)
            assert maintenance.check(base) == []
        rows = third.connection.execute(
            "SELECT t.label, r.label FROM act t JOIN act r ON r.id = t.reverses ORDER BY t.id"
        )
        assert {first for _, first in rows} == {"Relevé n1", "Annulation\u202f: Relevé n1"}


def test_what_takes_back_an_act_that_is_nowhere_is_refused_in_words(
    pair: tuple[Database, Database],
) -> None:
    one, other = pair
    record(one, "n1", 31)
    one.undo()
    with one.writing() as connection, one.forgetting():
        connection.execute("INSERT INTO author (uid, label) VALUES ('x', 'x')")
        connection.execute(
            "INSERT INTO act (key, author, label, done_at, mode) SELECT 'x', max(id), 'x', 'x', 'do' FROM author"
        )
        connection.execute(
            "UPDATE act SET reverses = (SELECT id FROM act WHERE key = 'x') WHERE mode = 'undo'"
        )
        (number,) = connection.execute("SELECT author FROM act WHERE mode = 'undo'").fetchone()
        chain.sign_again(connection, number, after=0, sign=one.authors.identity.sign)
    brought = read(one)
    with pytest.raises(UserError, match="ne vont pas ensemble"):
        take(other, brought)


def test_a_key_is_met_by_the_name_of_its_owner_and_not_by_what_they_did_before_they_said_it(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    one.sign("")
    record(one, "n1", 31)
    one.sign("Camille")
    record(one, "n2", 32)
    take(other, read(one))
    with officer(tmp_path, "Ali") as third:
        brought = read(other)
        met = packages.merge(third, brought, simulate=True).strangers
        assert {stranger.name for stranger in met} == {"Camille", "Dominique"}
        who = third.authors.identity
        who.accept(
            {one.authors.identity.public: NOBODY, other.authors.identity.public: "Dominique"}, "2026-01-01"
        )
        assert "Camille" in packages.merge(third, brought, simulate=True).acts


def test_nobody_is_called_by_the_fingerprint_of_another(pair: tuple[Database, Database]) -> None:
    one, other = pair
    one.sign(identity.called(NOBODY, other.authors.identity.public))
    record(one, "n1", 31)
    (stranger,) = packages.merge(other, read(one), simulate=True).strangers
    assert stranger.name == identity.called(NOBODY, one.authors.identity.public)


def test_who_was_accepted_does_not_take_the_name_of_another_in_silence(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    with officer(tmp_path, "Ève") as third:
        record(third, "m1", 11)
        take(other, read(third))
        third.sign("CAMILLE")
        record(third, "m3", 12)
        with pytest.raises(UnknownSignersError, match=r"ATTENTION.*CAMILLE signait"):
            packages.merge(other, read(third))
        assert "m3" not in values(other)
        take(other, read(third))
        third.sign("Ève")
        record(third, "m4", 13)
        packages.merge(other, read(third))
        assert values(other).keys() >= {"m1", "m3", "m4"}


@pytest.mark.parametrize(
    ("after", "label"),
    [
        ({"comment": "Vu avec [effacé]", "value": "99"}, "Relevé n1"),
        ({"comment": "Refusé par [effacé]"}, "Relevé n1"),
        ({"comment": "Vu avec [effacé]"}, "Validé par [effacé]"),
    ],
)
def test_an_erasure_takes_out_words_and_alters_nothing_else(
    pair: tuple[Database, Database], after: dict[str, str], label: str
) -> None:
    one, other = pair
    with one.unit("Relevé n1") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", value=Decimal(31), comment="Vu avec Anne Martin"))
    take(other, read(one))
    brought = read(one)
    done = next(item for item in brought.operations if item.key == "n1")
    cells = dict(journal.unfolded(done.field, done.value))
    erased = replace(done, value=journal.folded(cells | after))
    forged = replace(
        brought,
        operations=tuple(erased if item is done else item for item in brought.operations),
        acts=tuple(replace(act, label=label) if act.key == done.act else act for act in brought.acts),
    )
    before = other.connection.execute("SELECT label FROM act ORDER BY id").fetchall()
    with contextlib.suppress(UserError):
        assert packages.merge(other, forged).erased == 1
    assert values(other)["n1"] == 31
    (comment,) = other.connection.execute("SELECT comment FROM measurement WHERE key = 'n1'").fetchone()
    assert comment in {"Vu avec Anne Martin", "Vu avec [effacé]"}
    assert other.connection.execute("SELECT label FROM act ORDER BY id").fetchall() == before


@pytest.mark.parametrize("changed", [{"value": "77"}, {"day": "2026-01-02"}, {"source": "Un faux [effacé]"}])
def test_an_erasure_vouches_for_nothing_beside_the_words_it_took_out(
    pair: tuple[Database, Database], changed: dict[str, str]
) -> None:
    one, other = pair
    record(one, "n0", 30)
    take(other, read(one))
    with one.unit("Relevé n1") as unit:
        unit.put(
            replace(
                samples.MEASUREMENT, key="n1", value=Decimal(31), comment="Vu avec Anne Martin", source="Note"
            )
        )
    maintenance.erase(one, "Anne Martin")
    brought = read(one)
    done = next(item for item in brought.operations if item.key == "n1" and not item.field)
    cells = dict(journal.unfolded(done.field, done.value))
    forged = replace(done, value=journal.folded(cells | changed))
    operations = tuple(forged if item is done else item for item in brought.operations)
    with pytest.raises(UserError, match="ne portent pas sa signature"):
        packages.merge(other, replace(brought, operations=operations))
    packages.merge(other, brought)
    assert values(other)["n1"] == 31


@pytest.mark.parametrize("name", ["correction", "niveaux"])
def test_the_program_writes_what_its_migrations_may_and_nothing_else(
    pair: tuple[Database, Database], name: str
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    brought = read(one)
    done = next(item for item in brought.operations if item.key == "n1")
    label = programme.MIGRATIONS[0].label
    said = (1, done.hlc + 9, done.kind, done.key, "value", "99", done.author, done.seq)
    uid = f"programme:{name}:{programme.digest(chain.label_digest(label), [chain.digest_of(said)])}"
    key = starter_key(uid)
    forged = replace(
        brought,
        authors=(*brought.authors, Author(uid, "qpvdesk")),
        acts=(*brought.acts, PackagedAct(key, uid, label, samples.NOON.isoformat(), "do", None)),
        operations=(*brought.operations, Operation(uid, *said[:2], key, *said[2:])),
    )
    with pytest.raises(UserError, match="ne portent pas sa signature"):
        packages.merge(other, forged)
    assert values(other)["n1"] == 31


def another_edition(brought: Package, hlc: int) -> Package:
    """Add the contract once more, as an edition that the program would have brought in at that clock."""
    made = next(item for item in brought.operations if item.kind == "contract" and item.field == "")
    said = (1, hlc, made.kind, made.key, made.field, made.value, None, None)
    label = "Contrat de départ"
    uid = f"starter:2:{programme.digest(chain.label_digest(label), [chain.digest_of(said)])}"
    key = starter_key(uid)
    return replace(
        brought,
        authors=(*brought.authors, Author(uid, "qpvdesk")),
        acts=(*brought.acts, PackagedAct(key, uid, label, samples.NOON.isoformat(), "do", None)),
        operations=(*brought.operations, Operation(uid, *said[:2], key, *said[2:])),
    )


def test_no_contract_of_the_program_comes_later_than_all_others(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    brought = read(one)
    later = max(item.hlc for item in brought.operations) + 9
    with pytest.raises(UserError, match="ne portent pas sa signature"):
        packages.merge(other, another_edition(brought, later))


def test_another_edition_of_a_contract_that_is_here_is_taken_knowingly(
    pair: tuple[Database, Database],
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    edition = another_edition(read(one), programme.EPOCH)
    assert packages.merge(other, edition, simulate=True, consent=Consent(unsigned=True)).unsigned == 1
    with pytest.raises(UnsignedError):
        packages.merge(other, edition)
    packages.merge(other, edition, consent=Consent(unsigned=True))


def test_the_program_stands_right_after_what_it_replaces() -> None:
    epoch = programme.EPOCH
    for uid, hlc, parent, may in (
        ("starter:lens-lievin:0", epoch, None, True),
        ("starter:lens-lievin:0", epoch + 1, None, False),
        ("starter:lens-lievin:0", epoch + 1, ("starter:lens-lievin:1", epoch), False),
        ("programme:lectures:0", epoch, None, True),
        ("programme:lectures:0", epoch + 5, None, False),
        ("programme:lectures:0", epoch + 1, ("starter:lens-lievin:0", epoch), True),
        ("programme:lectures:0", epoch + 2, ("starter:lens-lievin:0", epoch), False),
        ("programme:lectures:0", epoch + 9, ("camille", epoch + 8), False),
        ("programme:niveaux:0", epoch + 9, ("camille", epoch + 8), True),
    ):
        assert programme.may_stand(uid, hlc, parent) is may, (uid, hlc, parent)


def test_a_colleague_bears_the_name_that_was_accepted(
    pair: tuple[Database, Database],
) -> None:
    one, other = pair
    record(one, "n1", 31)
    camille = one.authors.identity.public
    other.authors.identity.accept({camille: "Camille"}, "2026-01-01")
    brought = read(one)
    authors = tuple(
        replace(author, label="Zoé") if author.uid.startswith(camille) else author
        for author in brought.authors
    )
    packages.merge(other, replace(brought, authors=authors))
    names = {label for (label,) in other.connection.execute("SELECT label FROM author")}
    assert "Camille" in names
    assert "Zoé" not in names


def test_the_program_that_answers_itself_in_a_circle_ends(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31)
    brought = read(one)
    done = next(item for item in brought.operations if item.key == "n1")
    act = next(act for act in brought.acts if act.key == done.act)
    uids = ("starter:a", "starter:b", "starter:c", "bernard")
    parents = ("starter:b", "starter:a", "starter:a", None)
    acts = [PackagedAct(uid, uid, "Faux", act.done_at, "do", None) for uid in uids]
    operations = [
        Operation(uid, 1, done.hlc + turn, uid, done.kind, "n1", "comment", uid, parent, parent and 1)
        for turn, (uid, parent) in enumerate(zip(uids, parents, strict=True), 1)
    ]
    forged = replace(
        brought,
        authors=(*brought.authors, *(Author(uid, uid) for uid in uids)),
        acts=(*brought.acts, *acts),
        operations=(*brought.operations, *operations),
    )
    assert packages.merge(other, forged, simulate=True).unsigned == len(uids)


def test_a_computer_put_back_as_it_was_parts_its_own_two_stories(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    one.close()
    keep_machine(tmp_path, one.path)
    with officer(tmp_path, "Camille", one.path) as first:
        record(first, "n2", 32)
        take(other, read(first))
        record(other, "n9", 39)
    put_machine_back(tmp_path, one.path)
    with officer(tmp_path, "Camille", one.path) as again:
        assert again.authors.missing() == 0
        record(again, "n3", 33)
        record(again, "n1", 34)
        with pytest.raises(UserError, match="deux suites différentes des modifications de Camille"):
            packages.merge(other, read(again))
        with pytest.raises(OwnForkError, match="sous les mêmes numéros"):
            packages.merge(again, read(other))
        strangers = packages.merge(again, read(other), simulate=True, consent=Consent(parted=True)).strangers
        accepted = frozenset(stranger.public for stranger in strangers)
        packages.merge(again, read(other), consent=Consent(accepted, parted=True))
        packages.merge(other, read(again))
        assert values(again) == values(other)
        assert values(other) == values(other) | {"n1": 34, "n2": 32, "n3": 33, "n9": 39}
        record(again, "n4", 35)
        packages.merge(other, read(again))
        for base in (again, other):
            assert maintenance.check(base) == []
            assert packages.disagreements(base) == ()
        again.undo()
        assert "n4" not in values(again)


def test_what_an_erasing_left_is_told_from_a_text_that_came() -> None:
    told = {
        (erasures.NEVER_CAME, f"Vu avec {ERASED}"): True,
        (erasures.NEVER_CAME, "Vu sur place"): False,
        (erasures.VEILED_WORDS, erasures.NEVER_CAME): False,
        ("Vu sur place", f"Vu avec {ERASED}"): False,
    }
    assert {cells: erasures._is_left(*cells) for cells in told} == told


@pytest.mark.parametrize("what", ["renumbered", "declined", "veiled", "erased"])
def test_what_a_merge_noted_and_what_came_as_digests_is_parted_too(
    pair: tuple[Database, Database], tmp_path: Path, what: str
) -> None:
    one, other = pair
    alone = "contract1" if what == "veiled" else None
    with one.unit("Un autre contrat") as unit:
        unit.put(samples.contract(2))
    record(one, "n1", 31)
    with officer(tmp_path, "Ali") as third:
        part = package.read(packages.write(one, contract=alone)[0], "paquet")
        take(other, part)
        take(third, part)
        if what == "declined":
            with third.unit("Retrait") as unit:
                unit.remove(
                    next(each for each in third.dossier("contract1").measurements if each.key == "n1")
                )
        else:
            with third.unit("Objectif") as unit:
                unit.put(replace(samples.OBJECTIVE, key="o3", code="NEUF"))
        brought = read(third)

    def live(base: Database, turn: int) -> None:
        """Do what moves each chain of the officer's."""
        second = next(each for each in base.contracts() if each.key != "contract1")
        with base.unit("Note") as unit:
            unit.put(replace(second, note=f"{turn}"))
        if what == "renumbered":
            with base.unit("Objectif") as unit:
                unit.put(replace(samples.OBJECTIVE, key=f"o{turn}", code="NEUF"))
        if what == "erased":
            with base.unit("Note") as unit:
                unit.put(replace(base.dossier(second.key).contract, note=f"Vu avec Ada Hopper, {turn}"))
            maintenance.erase(base, "Ada Hopper")
        if what != "veiled":
            take(base, brought, frozenset())

    one.close()
    keep_machine(tmp_path, one.path)
    with officer(tmp_path, "Camille", one.path) as first:
        live(first, 1)
        take(other, package.read(packages.write(first, contract=alone)[0], "paquet"))
    put_machine_back(tmp_path, one.path)
    with officer(tmp_path, "Camille", one.path) as again:
        again.clock = samples.Ticking(samples.NOON + timedelta(hours=3))
        live(again, 2)
        with pytest.raises(UserError, match="Envoyez d’abord à Camille"):
            take(other, package.read(packages.write(again, contract=alone)[0], "paquet"))
        theirs = read(other)
        with pytest.raises(OwnForkError):
            take(again, theirs)
        keys = {public_of(author.uid) for author in theirs.authors} | {theirs.public}
        packages.merge(again, theirs, consent=Consent(frozenset(key for key in keys if key), parted=True))
        take(other, read(again))
        take(again, read(other))
        for base in (again, other):
            assert maintenance.check(base) == []
            # Each digest of what was erased stands beside the operation that it is of.
            erased = base.connection.execute(
                "SELECT w.seq, (SELECT count(*) FROM operation o WHERE o.act = w.act AND o.seq = w.seq"
                " AND instr(o.value, ?)) FROM withheld w WHERE w.seq > 0",
                (ERASED,),
            ).fetchall()
            assert {count for _, count in erased} == ({1} if what == "erased" else set())
        assert values(again) == values(other)
        assert len(again.contracts()) == len(other.contracts()) == 2


def test_two_chains_of_one_officer_are_parted_each_on_its_own(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    one.close()
    keep_machine(tmp_path, one.path)
    with officer(tmp_path, "Camille", one.path) as first:
        record(first, "n2", 32)
        take(other, read(first))
    put_machine_back(tmp_path, one.path)
    with officer(tmp_path, "Camille", one.path) as again:
        record(again, "n3", 33)
    shutil.copyfile(one.path, tmp_path / "machine.db")
    with officer(tmp_path, "Camille", one.path) as again:
        record(again, "n4", 34)
    # The base alone, this time: it goes on under another chain, from what the first one says.
    shutil.copyfile(tmp_path / "machine.db", one.path)
    with officer(tmp_path, "Camille", one.path) as again:
        again.clock = samples.Ticking(samples.NOON + timedelta(hours=3))
        record(again, "n3", 35)
        theirs = read(other)
        with pytest.raises(OwnForkError) as told:
            take(again, theirs)
        assert len(told.value.after) == 2
        packages.merge(again, theirs, consent=Consent(frozenset({theirs.public or ""}), parted=True))
        take(other, read(again))
        assert values(again) == values(other)
        assert maintenance.check(again) == []


def test_two_computers_of_one_key_that_each_gave_way_agree_and_colleagues_follow(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    one.close()
    keep_machine(tmp_path, one.path)
    with (
        officer(tmp_path, "Camille", one.path) as first,
        officer(tmp_path, "machine", tmp_path / "machine.db") as second,
        officer(tmp_path, "Ali") as third,
    ):
        second.sign("Camille")
        second.clock = samples.Ticking(samples.NOON + timedelta(hours=3))
        record(first, "n2", 32)
        record(second, "n3", 33)
        take(other, read(first))
        take(third, read(second))
        crossing = read(second), read(first)
        for base, brought in zip((first, second), crossing, strict=True):
            with pytest.raises(OwnForkError):
                packages.merge(base, brought)
            packages.merge(base, brought, consent=Consent(parted=True))
        gave_way = []
        for base, away in ((first, second), (second, first)):
            with contextlib.suppress(UserError):
                packages.merge(base, read(away), simulate=True)
                gave_way.append((base, away))
        ((loser, winner),) = gave_way
        brought = read(winner)
        known = package.vector(loser.connection).keys()
        altered = [
            replace(one, value=one.value.replace("3", "4", 1))
            if one.value and one.author not in known
            else one
            for one in brought.operations
        ]
        with pytest.raises(UserError, match="Vos deux ordinateurs"):
            packages.merge(winner, read(loser))
        with pytest.raises(OwnForkError):
            packages.merge(loser, replace(brought, operations=tuple(altered)))
        packages.merge(loser, brought)
        packages.merge(winner, read(loser))
        assert package.vector(first.connection) == package.vector(second.connection)
        record(first, "n2", 42)
        record(second, "n3", 43)
        packages.merge(first, read(second))
        for base in (other, third, second):
            take(base, read(first))
            assert values(base) == values(first) == values(first) | {"n1": 31, "n2": 42, "n3": 43}
            assert packages.disagreements(base) == ()
            assert maintenance.check(base) == []
        # Whoever goes on from a story keeps it where it is: nobody signs that anew.
        record(other, "n9", 39)
        take(first, read(other))
        assert values(first) == values(other)


def test_two_chains_that_a_package_would_move_to_one_stay_where_they_are(
    pair: tuple[Database, Database],
) -> None:
    one, other = pair
    record(one, "n1", 31)
    brought = read(one)
    take(other, brought)
    uid = one.authors.last() or ""
    twin = f"{uid}a"
    with other.writing() as connection:
        number = journal.author_number(connection, twin, "Camille")
        for table, columns in (
            ("act", "id + 1000, key, {0}, label, done_at, mode, reverses"),
            (
                "operation",
                "id + 1000, {0}, seq, hlc, act + 1000, kind, key, field, value, parent_author, parent_seq",
            ),
            ("chain", "act + 1000, {0}, first, last, previous, digest, signature"),
        ):
            connection.execute(
                f"INSERT INTO {table} SELECT {columns.format(number)} FROM {table}"
                " WHERE author = (SELECT id FROM author WHERE uid = ?)",
                (uid,),
            )
        moves = []
        (act,) = (act for act in brought.acts if act.author == uid)
        for forked in ((uid,), (uid, twin)):
            third = f"{uid}b{len(forked)}"
            hostile = replace(
                brought,
                authors=tuple(Author(name, "Camille") for name in (*forked, third)),
                acts=(
                    *(replace(act, author=name, signature="00" * 64) for name in forked),
                    replace(act, author=third),
                ),
                operations=tuple(
                    replace(item, author=third) for item in brought.operations if item.author == uid
                ),
            )
            moves.append(len(parting.signed_anew(connection, hostile, None)))
    assert moves == [1, 0]


def test_a_package_that_does_not_reach_where_two_stories_part_asks_for_one_that_does(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    one.close()
    keep_machine(tmp_path, one.path)
    with officer(tmp_path, "Camille", one.path) as first:
        record(first, "n2", 32)
        take(other, read(first))
        known = package.vector(first.connection)
    record(other, "n9", 39)
    put_machine_back(tmp_path, one.path)
    with officer(tmp_path, "Camille", one.path) as again:
        record(again, "n3", 33)
        part = package.read(packages.write(other, known)[0], "paquet")
        with pytest.raises(UserError, match="pas depuis où les deux suites se séparent"):
            take(again, part)


def test_a_proof_that_one_lost_is_no_second_story(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31)
    record(one, "n2", 32)
    take(other, read(one))
    # A repair keeps no proof of an act whose words are lost.
    with other.writing() as connection, other.guard.everything():
        connection.execute("DELETE FROM chain WHERE act = (SELECT max(act) FROM chain)")
    record(other, "n3", 33)
    take(one, read(other))
    assert values(one) == values(other)
    record(one, "n4", 34)
    for beyond in (None, package.vector(other.connection)):
        brought = package.read(packages.write(one, beyond)[0], "paquet")
        take(other, brought)
    assert values(one) == values(other)


def test_what_a_repair_found_without_its_signature_is_taken_knowingly_and_passed_on(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    for number in (1, 2, 3):
        record(one, f"n{number}", 30 + number)
    one.close()
    with contextlib.closing(sqlite3.connect(one.path)) as connection, connection:
        connection.execute("DELETE FROM chain WHERE act = (SELECT max(act) - 1 FROM chain)")
    rescue.repair(one.path, now=samples.NOON, identity=one.authors.identity)
    with officer(tmp_path, "Camille", one.path) as repaired, officer(tmp_path, "Ali") as third:
        record(repaired, "n4", 34)
        for sender, reader in ((repaired, other), (other, third)):
            brought = read(sender)
            found = packages.merge(reader, brought, simulate=True)
            assert (found.lost, found.stripped) == ({}, {"Camille": 1})
            keys = frozenset(stranger.public for stranger in found.strangers)
            with pytest.raises(RepairedError, match="Camille"):
                packages.merge(reader, brought, consent=Consent(keys))
            packages.merge(reader, brought, consent=Consent(keys, repaired=True))
            assert values(reader) == values(repaired)
            assert maintenance.check(reader) == []


def test_what_a_package_lacks_excuses_nobody_else(pair: tuple[Database, Database], tmp_path: Path) -> None:
    """An act slipped in here under the name of another was told no more once a repaired base was taken knowingly."""
    one, other = pair
    record(one, "n1", 31)
    record(other, "n2", 32)
    one.close()
    with contextlib.closing(sqlite3.connect(one.path)) as connection, connection:
        connection.execute("DELETE FROM chain WHERE act = (SELECT max(act) FROM chain)")
    rescue.repair(one.path, now=samples.NOON, identity=one.authors.identity)
    with other.writing() as connection, other.guard.everything():
        connection.execute("DELETE FROM chain WHERE act = (SELECT max(act) FROM chain)")
    with officer(tmp_path, "Camille", one.path) as repaired:
        record(repaired, "n3", 33)
        brought = read(repaired)
        keys = frozenset(item.public for item in packages.merge(other, brought, simulate=True).strangers)
        packages.merge(other, brought, consent=Consent(keys, repaired=True))
    (said,) = maintenance.check(other)
    assert "« Dominique »" in said.replace("\u202f", " ")


def test_who_put_a_computer_back_is_told_of_their_own_acts_without_being_accused(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    """Acts of theirs come back from a repaired base, which lost their signatures: another colleague has them signed."""
    one, other = pair
    record(one, "n1", 31)
    one.close()
    keep_machine(tmp_path, one.path)
    with officer(tmp_path, "Ali") as third:
        with officer(tmp_path, "Camille", one.path) as first:
            record(first, "n2", 32)
            for base in (other, third):
                take(base, read(first))
        other.close()
        mark_repaired(other.path, "act = (SELECT max(act) FROM chain)")
        put_machine_back(tmp_path, one.path)
        with (
            officer(tmp_path, "Camille", one.path) as again,
            officer(tmp_path, "Dominique", other.path) as repaired,
        ):
            with pytest.raises(UserError, match="que votre base n’a pas, sans votre signature") as refused:
                packages.merge(again, read(repaired))
            assert "fabriqu" not in str(refused.value)
            assert "un collègue dont la base n’a pas été réparée vous les rend" in refused.value.remedy
            assert "n2" not in values(again)
            take(again, read(third))
            assert values(again)["n2"] == 32
            packages.merge(again, read(repaired), consent=Consent(repaired=True))
            record(again, "n3", 33)
            take(third, read(again))
            assert values(third) == values(again)
            assert maintenance.check(again) == []


@pytest.mark.parametrize("end", ["", authors.NOTE_SUFFIX])
def test_nobody_adds_to_the_chain_on_which_the_officer_goes_on(
    pair: tuple[Database, Database], end: str
) -> None:
    """An act in their name without a signature passed for one that a repair could not prove, and undo offered it."""
    one, other = pair
    record(one, "n1", 31)
    take(other, read(one))
    with other.writing() as connection, other.guard.everything():
        (uid,) = connection.execute("SELECT uid FROM author WHERE label = 'Camille'").fetchone()
        author = journal.author_number(connection, uid + end, "Camille")
        act = journal.add_act(connection, journal.Act("forged", author, "Un acte", other.clock()))
        seq, hlc = journal.last_seq(connection, author) + 1, journal.last_hlc(connection) + 1
        row = (author, seq, hlc, act, "measurement", "n1", "comment", "forgé", None, None)
        journal.add_operations(connection, [row])
        journal.note(connection, journal.LOST + uid + end, "0")
    for knowingly in (Consent(), Consent(repaired=True, unsigned=True)):
        with pytest.raises(UserError, match="en votre nom") as refused:
            packages.merge(one, read(other), consent=knowingly)
        assert "Dominique" in refused.value.remedy
    assert one.stacks.undo_label == "Relevé n1"
    assert maintenance.check(one) == []


def test_two_stories_are_told_even_where_the_package_leaves_them_out(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    one.close()
    shutil.copytree(tmp_path / "Camille.identite", tmp_path / "machine.identite")
    shutil.copyfile(one.path, tmp_path / "machine.db")
    with officer(tmp_path, "Camille", one.path) as first:
        record(first, "n2", 32)
        take(other, read(first))
        known = package.vector(first.connection)
    with officer(tmp_path, "machine", tmp_path / "machine.db") as again:
        again.sign("Camille")
        record(again, "n3", 33)
        record(again, "n4", 34)
        brought = package.read(packages.write(again, known)[0], "paquet")
        assert {item.key for item in brought.operations} == {"n4"}
        with pytest.raises(UserError, match="deux suites"):
            take(other, brought)


def test_a_journal_altered_in_the_file_is_seen(pair: tuple[Database, Database]) -> None:
    one, _ = pair
    record(one, "n1", 31)
    assert maintenance.check(one) == []
    with one.guard.everything():
        one.connection.execute("UPDATE act SET label = 'Autre' WHERE label = 'Relevé n1'")
    assert maintenance.check(one) == [
        "Des actes de «\u202fCamille\u202f» ne sont pas tels qu’ils ont été signés\u202f: le journal a été altéré."
    ]


@pytest.mark.parametrize("gone", ["act = (SELECT max(act) FROM chain)", "first = 1", "TRUE"])
def test_an_act_without_the_signature_of_who_signs_is_told_until_a_repair_notes_it(
    pair: tuple[Database, Database], tmp_path: Path, gone: str
) -> None:
    one, _ = pair
    record(one, "n1", 31)
    record(one, "n2", 32)
    one.close()
    with contextlib.closing(sqlite3.connect(one.path)) as connection, connection:
        connection.execute(f"DELETE FROM chain WHERE {gone}")
    with officer(tmp_path, "Camille", one.path) as altered:
        (said,) = maintenance.check(altered)
        assert "« Camille »" in said.replace("\u202f", " ")
        assert "sans sa signature" in said
    rescue.repair(one.path, now=samples.NOON, identity=one.authors.identity)
    with officer(tmp_path, "Camille", one.path) as repaired:
        assert maintenance.check(repaired) == []


def mark_repaired(path: Path, gone: str) -> None:
    """Cut chains in a file, and have it say that a repair lost them."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"DELETE FROM chain WHERE {gone}")
        connection.execute(
            "INSERT INTO meta (name, value) SELECT ? || uid, '9' FROM author WHERE substr(uid, 65, 1) = '.'",
            (journal.LOST,),
        )


@pytest.mark.parametrize("gone", ["act = (SELECT max(act) FROM chain)", "first = 1", "TRUE"])
def test_a_repair_that_was_not_made_here_excuses_no_act_of_the_officer(
    pair: tuple[Database, Database], tmp_path: Path, gone: str
) -> None:
    """A base that was repaired is another: the officer's folder remembers how many acts they signed in this one."""
    one, _ = pair
    record(one, "n1", 31)
    record(one, "n2", 32)
    one.close()
    mark_repaired(one.path, gone)
    with officer(tmp_path, "Camille", one.path) as altered:
        (told,) = maintenance.check(altered)
        assert "« Camille »" in told.replace("\u202f", " ")
        assert "sans sa signature" in told


def test_acts_that_were_taken_out_of_a_base_are_missed_whatever_it_says(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, _ = pair
    for number in (1, 2, 3):
        record(one, f"n{number}", 30 + number)
    one.close()
    with contextlib.closing(sqlite3.connect(one.path)) as connection, connection:
        (act,) = connection.execute("SELECT max(act) - 1 FROM chain").fetchone()
        connection.execute("DELETE FROM chain WHERE act = ?", (act,))
        connection.execute("DELETE FROM operation WHERE act = ?", (act,))
        connection.execute("DELETE FROM act WHERE id = ?", (act,))
    mark_repaired(one.path, "FALSE")
    with officer(tmp_path, "Camille", one.path) as altered:
        assert any("Il manque 1 opération de" in told for told in maintenance.check(altered))


def test_what_a_repair_excuses_of_others_is_told_until_their_signatures_come_back(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31)
    record(one, "n2", 32)
    take(other, read(one))
    assert maintenance.repairs(other) == []
    other.close()
    mark_repaired(other.path, "act = (SELECT max(act) FROM chain)")
    with officer(tmp_path, "Dominique", other.path) as altered:
        assert maintenance.check(altered) == []
        whose, remedy = maintenance.repairs(altered)
        assert "1 acte au nom de Camille" in whose
        assert "comparez-la avec une sauvegarde" in remedy
        take(altered, read(one))
        assert maintenance.repairs(altered) == []


@pytest.mark.parametrize("count", [2_001, 5_001, 60_000])
def test_words_that_were_signed_before_they_had_a_bound_keep_nothing_from_anybody(
    pair: tuple[Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    one, other = pair
    with monkeypatch.context() as before:
        before.setattr(journal, "LABEL_CHARACTERS_MAX", 100_000)
        with one.unit("m" * count) as unit:
            unit.put(replace(samples.MEASUREMENT, key="n1", value=Decimal(31), day=day_of("n1")))
        one.undo()
        one.redo()
    record(one, "n2", 32)
    brought = read(one)
    assert max(len(act.label) for act in brought.acts) == 2_000
    take(other, brought)
    assert values(other) == values(one)
    with officer(tmp_path, "Ali") as third:
        take(third, read(other))
        take(third, read(one))
        for base in (one, other, third):
            assert maintenance.check(base) == []
            assert packages.merge(base, read(other), simulate=True).proposals == ()
            assert packages.merge(base, brought, simulate=True).proposals == ()
    (label,) = one.connection.execute("SELECT max(length(label)) FROM act").fetchone()
    assert label > count, "its author keeps all of it"


def test_an_erased_text_breaks_no_chain(pair: tuple[Database, Database], tmp_path: Path) -> None:
    one, other = pair
    with one.unit("Relevé vu avec Mme Untel") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel"))
    take(other, read(one))
    maintenance.erase(one, "Mme Untel")
    record(one, "n2", 32)
    assert maintenance.check(one) == []
    packages.merge(other, read(one))
    with officer(tmp_path, "Ali") as third:
        take(third, read(other))
        for base in (one, other, third):
            assert maintenance.check(base) == []
            assert b"Untel" not in base.path.read_bytes()
            assert {item.comment for item in base.dossier("contract1").measurements} == {
                "",
                "Vu avec [effacé]",
            }


def relayed(brought: Package, comment: str, label: str) -> Package:
    """Have whoever relays Camille's figure say that words were erased of it, and put others beside."""
    done = next(item for item in brought.operations if item.key == "n1" and not item.field)
    cells = dict(journal.unfolded(done.field, done.value))
    act = next(act for act in brought.acts if act.key == done.act)
    withheld = {
        str(done.seq): {"comment": chain.cell_digest(cells["comment"]).hex()},
        str(chain.LABEL): {chain.LABEL_CELL: chain.label_digest(act.label).hex()},
    }
    forged = replace(done, value=journal.folded(cells | {"comment": comment}))
    return replace(
        brought,
        operations=tuple(forged if item is done else item for item in brought.operations),
        acts=tuple(
            replace(item, label=label, withheld=withheld) if item is act else item for item in brought.acts
        ),
    )


def told_of_n1(base: Database) -> tuple[str, str]:
    (comment,) = base.connection.execute("SELECT comment FROM measurement WHERE key = 'n1'").fetchone()
    (label,) = base.connection.execute(
        "SELECT t.label FROM act t JOIN operation o ON o.act = t.id WHERE o.key = 'n1' AND o.field = ''"
    ).fetchone()
    return comment, label


def test_who_relays_a_text_puts_no_words_beside_what_they_say_was_erased(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    with one.unit("Relevé vu avec Mme Untel") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel"))
    take(other, read(one))
    with officer(tmp_path, "Ali") as third:
        take(third, relayed(read(other), "Refusé par [effacé]", "Validé par [effacé]"))
        assert told_of_n1(third) == (erasures.NEVER_CAME, erasures.NEVER_CAME)
        assert maintenance.check(third) == []
        # Whoever has the text is not asked to erase it for one who never had it.
        assert (
            packages.merge(
                other, read(third), simulate=True, consent=Consent(proposals=frozenset())
            ).proposals
            == ()
        )
        take(other, read(third))
        assert told_of_n1(other) == ("Vu avec Mme Untel", "Relevé vu avec Mme Untel")
        packages.merge(third, read(one))
        take(one, read(third))
        for base in (one, other, third):
            assert maintenance.check(base) == []


@pytest.mark.parametrize("erased", [True, False])
@pytest.mark.parametrize("accepted", [True, False])
def test_what_a_relay_erased_before_it_came_is_asked_about_when_its_author_sends_it(
    pair: tuple[Database, Database], tmp_path: Path, erased: bool, accepted: bool
) -> None:
    """`erased`: by an act of the relay's own, else by nothing that says so."""
    one, other = pair
    with one.unit("Relevé vu avec Mme Untel") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel"))
    take(other, read(one))
    if erased:
        maintenance.erase(other, "Mme Untel")
    with officer(tmp_path, "Ali") as third:
        brought = read(other)
        take(third, brought if erased else relayed(brought, "[effacé]", "[effacé]"))
        assert "Untel" not in "".join(told_of_n1(third))
        seen = packages.merge(third, read(one), simulate=True, consent=Consent(proposals=frozenset()))
        assert {proposal.told.partition(" (écrit par")[0] for proposal in seen.proposals} == {
            "relevé BPI-O01\u202f: «\u202fVu avec Mme Untel\u202f» deviendrait «\u202f[effacé]\u202f»",
            "intitulé d’un acte\u202f: «\u202fRelevé vu avec Mme Untel\u202f» deviendrait «\u202f[effacé]\u202f»",
        }
        words = frozenset(proposal.word for proposal in seen.proposals) if accepted else frozenset()
        packages.merge(third, read(one), consent=Consent(proposals=words))
        comment, label = told_of_n1(third)
        if accepted:
            assert (comment, label) == ("Vu avec [effacé]" if erased else "[effacé]", "[effacé]")
        else:
            assert (comment, label) == ("Vu avec Mme Untel", "Relevé vu avec Mme Untel")
        assert maintenance.check(third) == []
        # It is not asked again.
        assert (
            packages.merge(third, read(one), simulate=True, consent=Consent(proposals=frozenset())).proposals
            == ()
        )


def blanked(brought: Package) -> Package:
    """Have whoever relays the contract that ships say that its free texts and its words were erased."""
    (act,) = (act for act in brought.acts if act.author.startswith(journal.STARTER))
    withheld = {str(chain.LABEL): {chain.LABEL_CELL: chain.label_digest(act.label).hex()}}
    operations = []
    for item in brought.operations:
        cells = dict(journal.unfolded(item.field, item.value))
        free = [name for name in cells if name in purging.free_names(item.kind) and cells[name]]
        if item.act == act.key and free:
            withheld[str(item.seq)] = {name: chain.cell_digest(cells[name]).hex() for name in free}
            cells |= dict.fromkeys(free, purging.ERASED)
            item = replace(item, value=journal.folded(cells))
        operations.append(item)
    acts = tuple(
        replace(item, label=purging.ERASED, withheld=withheld) if item is act else item
        for item in brought.acts
    )
    return replace(brought, acts=acts, operations=tuple(operations))


@pytest.mark.parametrize("accepted", [True, False])
def test_a_relay_takes_no_text_of_a_shipped_contract_out_unasked_and_whoever_has_it_brings_it_back(
    pair: tuple[Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accepted: bool
) -> None:
    one, other = pair
    (uid,) = one.connection.execute("SELECT uid FROM author WHERE uid LIKE 'starter:%'").fetchone()
    monkeypatch.setattr(programme, "SHIPPED", frozenset({uid.removeprefix(journal.STARTER)}))
    record(one, "n1", 31)
    shipped = one.dossier("contract1").engagements
    label = "SELECT t.label FROM act t JOIN author a ON a.id = t.author WHERE a.uid = ?"
    with opening.create(tmp_path / "c.db", clock=samples.Ticking()) as third:
        assert packages.merge(third, read(other), simulate=True).unsigned == 0
        with pytest.raises(UnsignedError):
            take(third, blanked(read(other)))
        packages.merge(
            third,
            blanked(read(other)),
            consent=Consent(frozenset({other.authors.identity.public}), unsigned=True),
        )
        assert {item.label for item in third.dossier("contract1").engagements} == {erasures.NEVER_CAME}
        assert third.connection.execute(label, (uid,)).fetchone() == (erasures.NEVER_CAME,)
        seen = packages.merge(third, read(one), simulate=True, consent=Consent(proposals=frozenset()))
        assert any(shipped[0].label in proposal.told for proposal in seen.proposals)
        take(third, read(one), frozenset(item.word for item in seen.proposals) if accepted else frozenset())
        if accepted:
            assert {item.label for item in third.dossier("contract1").engagements} == {purging.ERASED}
        else:
            assert third.dossier("contract1").engagements == shipped
            assert third.dossier("contract1").contract == one.dossier("contract1").contract
            assert (
                third.connection.execute(label, (uid,)).fetchone()
                == one.connection.execute(label, (uid,)).fetchone()
            )
        assert maintenance.check(third) == []
        assert (
            packages.merge(third, read(one), simulate=True, consent=Consent(proposals=frozenset())).proposals
            == ()
        )


def test_the_act_that_brings_a_shipped_contract_is_as_the_program_heads_it(
    pair: tuple[Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pair
    (uid,) = one.connection.execute("SELECT uid FROM author WHERE uid LIKE 'starter:%'").fetchone()
    monkeypatch.setattr(programme, "SHIPPED", frozenset({uid.removeprefix(journal.STARTER)}))
    record(one, "n1", 31)
    brought = read(one)
    (key,) = (act.key for act in brought.acts if act.author == uid)

    def headed(**changes: str | None) -> Package:
        acts = tuple(replace(act, **changes) if act.key == key else act for act in brought.acts)
        here = changes.get("key") or key
        operations = tuple(
            replace(item, act=here) if item.act == key else item for item in brought.operations
        )
        authors = tuple(
            replace(author, label="La préfète") if author.uid == uid else author for author in brought.authors
        )
        return replace(brought, acts=acts, operations=operations, authors=authors)

    with opening.create(tmp_path / "c.db", clock=samples.Ticking(samples.NOON)) as third:
        for forged in (headed(key="celle-d-un-autre"), headed(mode="redo", reverses=key)):
            with pytest.raises(UserError, match="ne portent pas sa signature"):
                packages.merge(third, forged, simulate=True)
        for moment in ("2031-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00"):
            assert packages.merge(third, headed(done_at=moment), simulate=True).unsigned == 1
        take(third, headed())
        assert third.connection.execute("SELECT label FROM author WHERE uid = ?", (uid,)).fetchone() == (
            "contrat de départ",
        )


def test_a_newer_text_that_a_relay_erased_is_no_erasing_of_the_one_that_is_here(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    with one.unit("Relevé") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu sur place"))
    with officer(tmp_path, "Ali") as third:
        take(third, read(one))
        with one.unit("Commentaire") as unit:
            unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel"))
        take(other, read(one))
        maintenance.erase(other, "Vu avec Mme Untel")
        brought = read(other)
        act = next(act.key for act in brought.acts if act.author.startswith(other.authors.identity.public))
        without_its_own = replace(
            brought,
            acts=tuple(item for item in brought.acts if item.key != act),
            operations=tuple(item for item in brought.operations if item.act != act),
            tails={},
        )
        take(third, without_its_own, frozenset())
        assert told_of_n1(third)[0] == erasures.NEVER_CAME
        packages.merge(third, read(one), consent=Consent(proposals=frozenset()))
        assert told_of_n1(third)[0] == "Vu avec Mme Untel"
        assert third.dossier("contract1").measurements == one.dossier("contract1").measurements
        assert maintenance.check(third) == []


@pytest.mark.parametrize("name", ["Mme Untel", "Vu avec Mme Untel, rappelle lundi"])
@pytest.mark.parametrize("author_first", [True, False])
def test_what_an_author_erased_of_their_own_words_is_the_same_whoever_sends_it_first(
    pair: tuple[Database, Database], tmp_path: Path, name: str, author_first: bool
) -> None:
    """The figure is away when the name is erased: no act of the author's says the words that are left."""
    one, other = pair
    with one.unit(f"Relevé {name}") as unit:
        unit.put(
            replace(
                samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel, rappelle lundi", source="Note lue"
            )
        )
    with one.unit("Retrait") as unit:
        unit.remove(next(item for item in one.dossier("contract1").measurements if item.key == "n1"))
    maintenance.erase(one, name)
    one.undo()
    take(other, read(one))
    maintenance.erase(other, "Note lue")
    record(other, "n2", 31)
    mine, theirs = read(one), read(other)
    expected = told_of_n1(one)
    assert expected[0] == "Vu avec Mme Untel, rappelle lundi".replace(name, "[effacé]")
    with officer(tmp_path, "Ali") as third:
        take(third, mine if author_first else theirs)
        if not author_first:
            assert told_of_n1(third) == (erasures.NEVER_CAME, erasures.NEVER_CAME)
            own = str(theirs.sender)
            in_their_own_name = tuple(
                replace(act, author=own, label="Validé par [effacé]") if "Relevé" in act.label else act
                for act in theirs.acts
            )
            with contextlib.suppress(UserError):
                take(third, replace(theirs, acts=in_their_own_name))
            assert told_of_n1(third) == (erasures.NEVER_CAME, erasures.NEVER_CAME)
        take(third, theirs if author_first else mine)
        take(third, theirs)
        assert told_of_n1(third) == expected
        assert third.dossier("contract1").measurements == other.dossier("contract1").measurements
        take(other, read(third))
        assert told_of_n1(other) == expected
        for base in (one, other, third):
            assert maintenance.check(base) == []


def test_what_was_put_beside_an_erased_word_gives_way_to_what_its_author_signed(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    with one.unit("Relevé vu avec Mme Untel") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel"))
    take(other, read(one))
    with officer(tmp_path, "Ali") as third, pytest.MonkeyPatch.context() as patched:
        # As a release of before took it.
        patched.setattr(erasures, "relayed_erasures", lambda _: {})
        take(third, relayed(read(other), "Refusé par [effacé]", "Validé par [effacé]"))
        assert told_of_n1(third) == ("Refusé par [effacé]", "Validé par [effacé]")
        patched.undo()
        packages.merge(third, read(one))
        assert told_of_n1(third) == ("Vu avec Mme Untel", "Relevé vu avec Mme Untel")
        assert maintenance.check(third) == []
        take(one, read(third))


@pytest.mark.parametrize(("lost", "wrong"), [("comment", "source"), ("source", "comment")])
def test_what_stands_beside_a_text_that_never_came_gives_way_to_whoever_has_it(
    pair: tuple[Database, Database], tmp_path: Path, lost: str, wrong: str
) -> None:
    """Nobody but its author may say anew what never came: what else of the same act is wrong is put right meanwhile."""
    one, other = pair
    with one.unit("Relevé") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu", source="Dit"))
    take(other, read(one))
    signed, brought = {"comment": "Vu", "source": "Dit"}, read(other)
    done = next(item for item in brought.operations if item.key == "n1" and not item.field)
    cells, seq = dict(journal.unfolded(done.field, done.value)), str(done.seq)
    digests = {name: chain.cell_digest(cells[name]).hex() for name in signed}
    forged = journal.folded(cells | {lost: "[effacé]", wrong: "Refusé par [effacé]"})
    brought = replace(
        brought,
        operations=tuple(
            replace(item, value=forged) if item is done else item for item in brought.operations
        ),
        acts=tuple(
            replace(item, withheld={seq: digests}) if item.name == done.act_name else item
            for item in brought.acts
        ),
    )

    def told(base: Database) -> dict[str, str]:
        figures = base.dossier("contract1").measurements
        return {name: getattr(item, name) for item in figures if item.key == "n1" for name in signed}

    with officer(tmp_path, "Ali") as third, pytest.MonkeyPatch.context() as patched:
        # As a release of before took one of the two.
        patched.setattr(erasures, "relayed_erasures", lambda _: {done.act_name: {seq: {lost: digests[lost]}}})
        take(third, brought)
        assert told(third) == {lost: erasures.NEVER_CAME, wrong: "Refusé par [effacé]"}
        patched.undo()
        take(third, read(other))
        assert told(third) == {lost: erasures.NEVER_CAME, wrong: signed[wrong]}
        packages.merge(third, read(one), consent=Consent(proposals=frozenset()))
        assert told(third) == signed
        assert maintenance.check(third) == []


def test_what_was_erased_does_not_come_back_nor_is_it_asked_about_again(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    with one.unit("Relevé vu avec Mme Untel") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel"))
    take(other, read(one))
    with_the_name = read(other)
    maintenance.erase(one, "Mme Untel")
    take(other, read(one))
    with officer(tmp_path, "Ali") as third:
        take(third, read(other))
        assert told_of_n1(third) == ("Vu avec [effacé]", erasures.NEVER_CAME)
        for base, brought in (
            (third, with_the_name),
            (third, read(one)),
            (other, read(third)),
            (one, read(third)),
        ):
            assert packages.merge(base, brought, simulate=True).proposals == ()
            take(base, brought)
            assert told_of_n1(base)[0] == "Vu avec [effacé]"
            assert "Untel" not in told_of_n1(base)[1]
            assert maintenance.check(base) == []
        assert told_of_n1(other) == ("Vu avec [effacé]", "Relevé vu avec [effacé]")


# What nobody signed, and what the program writes


def replica(folder: Path, name: str) -> Database:
    """Open, as an officer, a copy of a base of before keys were."""
    path = folder / f"{name}.db"
    shutil.copyfile(REFERENCE / "base-v5.db", path)
    return officer(folder, name, path)


def test_what_nobody_signed_is_accepted_knowingly_alone(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, _ = pair
    with replica(tmp_path, "Ali") as old:
        with pytest.raises(UnsignedError, match="non signées") as refused:
            take(one, read(old))
        assert "connaissance de cause" in refused.value.remedy
        accepted = frozenset({old.authors.identity.public})
        assert packages.merge(one, read(old), simulate=True).unsigned > 0
        packages.merge(one, read(old), consent=Consent(accepted, unsigned=True))
        assert values(one) == values(old)
        assert packages.disagreements(one) == ()
        # What is known by now is asked no more.
        record(old, "n1", 31)
        packages.merge(one, read(old))


def test_what_was_done_before_keys_were_is_undone_by_whoever_did_it_where_they_did_it(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    shutil.copyfile(REFERENCE / "base-v5.db", path)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'place'", (lock.place(path),))
    with officer(tmp_path, "Camille", path) as base:
        assert (base.stacks.undo_label, base.stacks.redo_label) == ("Correction", "Note")
        base.redo()
        base.undo()
        base.undo()
        assert values(base)["m1"] == samples.MEASUREMENT.value
        assert base.stacks.undo_label is None
        assert maintenance.check(base) == []
    with replica(tmp_path, "Ali") as copy:
        assert copy.stacks.undo_label is None


def rank_again(connection: Any) -> list[written.Written]:
    """Make a partner and have each engagement be due a day later: a migration of data, as one may be."""
    found = []
    table = programme.BY_KIND["engagement"]
    new = replace(samples.dossier().partners[0], key="programme-1", code="NOUVEAU")
    found.append(written.new(new))
    for item in table.entities(connection.execute(table.select("detail = ''")).fetchall()):
        found.append(written.changed(item, "detail", f"{item.code}, {item.label}"))
    return found


def may_rank(change: written.Written) -> bool:
    return (change.kind, change.field) == ("engagement", "detail") or change.key == "programme-1"


MIGRATION = programme.DataMigration(99, "essai", "Mise à jour du modèle", rank_again, may_rank)


@pytest.fixture
def migrating(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the program know that migration as one of its own."""
    monkeypatch.setattr(programme, "MIGRATIONS", (replace(MIGRATION, version=1),))


def apply(base: Database) -> None:
    with base.writing() as connection:
        programme.apply(connection, MIGRATION.name, MIGRATION.label, rank_again(connection))


def test_two_replicas_migrated_apart_agree_without_a_question(tmp_path: Path) -> None:
    with replica(tmp_path, "Camille") as one, replica(tmp_path, "Dominique") as other:
        for base in (one, other):
            apply(base)
        take(one, read(other))
        take(other, read(one))
        same(one, other)
        uids = [
            row[0]
            for row in one.connection.execute(
                "SELECT uid FROM author WHERE uid LIKE 'programme:essai:%'"
            ).fetchall()
        ]
        assert len(uids) == 1
        assert len(uids[0].rpartition(":")[2]) == 64


def test_replicas_that_had_gone_apart_before_they_were_migrated_agree_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programme, "MIGRATIONS", (MIGRATION,))
    with replica(tmp_path, "Camille") as one, replica(tmp_path, "Dominique") as other:
        engagement = one.dossier("contract1").engagements[0]
        with one.unit("Ajout") as unit:
            unit.put(replace(engagement, key="e9", code="BPI-E09", label="Nouveau"))
        with other.unit("Libellé") as unit:
            unit.put(replace(engagement, label="Autre libellé"))
        for base in (one, other):
            apply(base)
        for _ in range(3):
            take(one, read(other))
            take(other, read(one))
        same(one, other)
        details = {item.code: item.detail for item in one.dossier("contract1").engagements}
        assert details.keys() == {"BPI-E01", "BPI-E09"}
        assert all(details.values())


def same(one: Database, other: Database) -> None:
    assert one.dossier("contract1") == other.dossier("contract1")
    for base in (one, other):
        assert packages.disagreements(base) == ()
        assert maintenance.check(base) == []
        seen = packages.merge(base, read(other if base is one else one), simulate=True)
        assert (seen.unsigned, seen.strangers, seen.operations) == (0, (), 0)
        codes = [partner.code for partner in base.dossier("contract1").partners]
        assert codes.count("NOUVEAU") == 1


def test_a_migration_twice_writes_once(tmp_path: Path) -> None:
    with replica(tmp_path, "Camille") as one:
        apply(one)
        held = package.vector(one.connection)
        apply(one)
        assert package.vector(one.connection) == held


@pytest.mark.usefixtures("migrating")
def test_nobody_passes_for_the_program(pair: tuple[Database, Database]) -> None:
    one, other = pair
    take(other, read(one))
    apply(one)
    forged = altered(
        lambda item: (
            replace(item, value="Forgé") if item.author.startswith("programme:") and item.field else item
        )
    )(read(one))
    with pytest.raises(UserError, match="ne portent pas sa signature"):
        packages.merge(other, forged)
    packages.merge(other, read(one))
    assert other.dossier("contract1") == one.dossier("contract1")


def test_three_replicas_of_before_that_are_migrated_one_after_the_other(tmp_path: Path) -> None:
    with ExitStack() as stack:
        bases = [stack.enter_context(replica(tmp_path, name)) for name in ("Ali", "Camille", "Dominique")]
        for number, base in enumerate(bases):
            record(base, f"n{number}", 30 + number)
            apply(base)
        for _ in range(2):
            for giver in bases:
                for taker in bases:
                    take(taker, read(giver))
        for base in bases[1:]:
            same(bases[0], base)
        assert values(bases[0]).keys() >= {"n0", "n1", "n2"}
