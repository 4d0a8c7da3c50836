"""A shared folder, sealed packages, a local copy that goes back to a base that moved on."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier
from qpvdesk.services import arrivals, backing, colleagues, sharing
from qpvdesk.storage import journal, maintenance, opening, readers, starter
from qpvdesk.storage.authors import NOBODY
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import backup, resealing, sealing, travel
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import packages
from qpvdesk.storage.exchange.package import MANIFEST
from qpvdesk.storage.identity import Identity
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples
from tests.unit.storage.test_package import packed, unpacked

TODAY = date(2026, 6, 30)
PHRASE = "quatre mots sans rapport"


def officer(folder: Path, name: str) -> Database:
    base = opening.create(
        folder / f"{name}.db",
        now=samples.NOON,
        clock=samples.Ticking(),
        identity=Identity(folder / f"{name}.id"),
    )
    starter.import_starter(base, samples.dossier())
    base.sign(name)
    return base


@pytest.fixture
def three(tmp_path: Path) -> Iterator[tuple[Database, Database, Database]]:
    """Three officers who know each other."""
    with (
        officer(tmp_path, "Camille") as one,
        officer(tmp_path, "Dominique") as other,
        officer(tmp_path, "Ali") as third,
    ):
        bases = (one, other, third)
        for base in bases:
            names = {who.authors.identity.public: who.authors.name for who in bases if who is not base}
            base.authors.identity.accept(names, "2026-01-01")
        yield bases


def record(base: Database, key: str, value: int) -> None:
    day = samples.DAY - timedelta(days=7 * value)
    with base.unit(f"Relevé {key}") as unit:
        unit.put(replace(samples.MEASUREMENT, key=key, value=Decimal(value), day=day))


def retarget(base: Database, value: int) -> None:
    with base.unit("Cible") as unit:
        unit.put(replace(base.dossier("contract1").objectives[0], target_value=Decimal(value)))


def keys(base: Database) -> set[str]:
    return {item.key for item in base.dossier("contract1").measurements}


def turn(base: Database, folder: Path, passphrase: str = "") -> sharing.Shared:
    return sharing.exchange(desk_on(base, TODAY), folder, passphrase=passphrase)


@pytest.mark.parametrize("passphrase", ["", PHRASE])
def test_both_create_both_correct_one_removes_and_erases_a_third_joins_late(
    three: tuple[Database, Database, Database], tmp_path: Path, passphrase: str
) -> None:
    one, other, third = three
    folder = tmp_path / "partage"
    folder.mkdir()
    record(one, "c1", 1)
    record(other, "d2", 2)
    retarget(one, 45)
    retarget(other, 50)
    assert turn(one, folder, passphrase).written
    assert turn(other, folder, passphrase).merged == ("Camille",)
    assert turn(one, folder, passphrase).merged == ("Dominique",)
    assert keys(one) == keys(other) >= {"c1", "d2"}
    assert len(packages.disagreements(one)) == 1
    again = turn(one, folder, passphrase)
    assert (again.merged, again.waiting) == ((), ())
    # Nothing goes by itself: what one removes waits for the other's yes.
    with one.unit("Retrait") as unit:
        unit.remove(next(item for item in one.dossier("contract1").measurements if item.key == "d2"))
    turn(one, folder, passphrase)
    (waiting,) = turn(other, folder, passphrase).waiting
    assert "le paquet de Camille demande votre accord" in waiting.why
    assert "d2" in keys(other)
    package = colleagues.read(waiting.path, passphrase=passphrase)
    colleagues.receive(desk_on(other, TODAY), package, proposals=[colleagues.REMOVALS])
    assert "d2" not in keys(other)
    turn(other, folder, passphrase)
    # Nor a name out of what the other wrote, of which nothing is then left anywhere.
    with other.unit("Relevé d4, vu avec Mme Untel") as unit:
        day = samples.DAY - timedelta(days=28)
        unit.put(replace(samples.MEASUREMENT, key="d4", day=day, comment="Vu avec Mme Untel"))
    turn(other, folder, passphrase)
    turn(one, folder, passphrase)
    maintenance.erase(one, "Mme Untel")
    turn(one, folder, passphrase)
    (waiting,) = turn(other, folder, passphrase).waiting
    package = colleagues.read(waiting.path, passphrase=passphrase)
    colleagues.receive(desk_on(other, TODAY), package, proposals=[colleagues.ERASURES])
    turn(other, folder, passphrase)
    # Who joins late finds all of it.
    late = turn(third, folder, passphrase)
    # Either package holds the whole of it: which is read first follows from the keys.
    assert {*late.merged} in ({"Camille"}, {"Dominique"}, {"Camille", "Dominique"})
    assert keys(third) == keys(one)
    turn(third, folder, passphrase)
    for base in three:
        turn(base, folder, passphrase)
    said = sharing.who_has_what(desk_on(one, TODAY))
    assert any(sentence.startswith("Dominique a tout") for sentence in said)
    for base in three:
        assert maintenance.check(base) == []
        assert b"Untel" not in base.path.read_bytes()
        assert {item.comment for item in base.dossier("contract1").measurements} == {"", "Vu avec [effacé]"}


def test_a_name_that_stands_in_the_past_alone_goes_from_the_folder_too(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    one, other, _ = three
    folder = tmp_path / "partage"
    folder.mkdir()
    for comment in ("Vu avec Mme Untel", "Vu avec la directrice"):
        with one.unit("Relevé") as unit:
            unit.put(replace(samples.MEASUREMENT, key="n1", comment=comment))
    turn(one, folder)
    turn(other, folder)
    turn(one, folder)
    maintenance.erase(one, "Mme Untel")
    assert turn(one, folder).written
    left = colleagues.read(sharing.own_file(desk_on(one, TODAY), folder))
    assert not any("Untel" in (operation.value or "") for operation in left.operations)
    (waiting,) = turn(other, folder).waiting
    arrival, _ = colleagues.receive(desk_on(other, TODAY), left, proposals=[colleagues.ERASURES])
    assert (waiting.path.name, arrival.merged.erased) == (
        sharing.own_file(desk_on(one, TODAY), folder).name,
        1,
    )
    assert turn(other, folder).written
    assert b"Untel" not in other.path.read_bytes()
    # By hand too, to a colleague who has all the acts.
    target = tmp_path / "pour-dominique.paquet"
    assert colleagues.prepare(desk_on(one, TODAY), target, recipient="Dominique") == 1
    for base in (one, other):
        for _ in range(2):
            turn(base, folder)
        assert not turn(base, folder).written, "what nobody touched is not written again"
        assert maintenance.check(base) == []


def test_an_older_copy_that_is_put_back_takes_again_what_it_lacks(tmp_path: Path) -> None:
    folder = tmp_path / "partage"
    folder.mkdir()
    identity = Identity(tmp_path / "Camille.id")
    with officer(tmp_path, "Camille") as one, officer(tmp_path, "Dominique") as other:
        for base, who in ((one, other), (other, one)):
            base.authors.identity.accept({who.authors.identity.public: who.authors.name}, "2026-01-01")
        turn(one, folder)
        older = one.path.read_bytes()
        record(other, "d1", 1)
        turn(other, folder)
        assert turn(one, folder).merged == ("Dominique",)
    path = tmp_path / "Camille.db"
    path.write_bytes(older)
    with opening.open_base(path, clock=samples.Ticking(), identity=identity) as one:
        # Nothing moved in the folder since.
        assert "d1" not in keys(one)
        assert turn(one, folder).merged == ("Dominique",)
        assert "d1" in keys(one)
        assert turn(one, folder).merged == ()
        # What was done since goes on under another author, whom the older copy has never met.
        one.authors.part()
        one.sign("Camille")
        record(one, "c2", 2)
        assert turn(one, folder).written
    path.write_bytes(older)
    with opening.open_base(path, clock=samples.Ticking(), identity=identity) as one:
        one.authors.part()
        turn(one, folder)
        assert "c2" in keys(one)


def test_who_said_no_name_is_called_so_by_others_and_in_their_own_base_as_before(tmp_path: Path) -> None:
    folder = tmp_path / "partage"
    folder.mkdir()
    with officer(tmp_path, "Camille") as one, officer(tmp_path, "sans") as other:
        other.sign("")
        older = other.path.read_bytes()
        record(other, "d1", 1)
        turn(other, folder)
        (waiting,) = turn(one, folder).waiting
        called = f"collègue sans nom ({colleagues.own_fingerprint(desk_on(other, TODAY))[:11]}…)"
        assert f"le paquet de {called} demande" in waiting.why
        package = colleagues.read(waiting.path)
        with pytest.raises(UserError) as refused:
            colleagues.receive(desk_on(one, TODAY), package)
        accepted = [stranger.fingerprint for stranger in refused.value.strangers]
        arrival, _ = colleagues.receive(desk_on(one, TODAY), package, accepted=accepted)
        said = [
            refused.value.message,
            *arrivals.sentences(arrival),
            *sharing.who_has_what(desk_on(one, TODAY)),
            *(line.author for line in readers.history(one, None, 100)),
            *(name for name, _ in colleagues.accepted_keys(desk_on(one, TODAY))),
        ]
        assert not [sentence for sentence in said if NOBODY in sentence]
        assert f"{called[:1].upper()}{called[1:]} a tout." in said
        # In their own base, it is they who did it: after an older copy is put back, too.
        turn(one, folder)
        path, uid = other.path, other.authors.last()
        other.close()
        path.write_bytes(older)
        with opening.open_base(path, clock=samples.Ticking(), identity=other.authors.identity) as again:
            again.authors.part()
            again.authors.identity.accept({one.authors.identity.public: "Camille"}, "2026-01-01")
            turn(again, folder)
            assert uid is not None
            assert journal.author_label(again.connection, uid) == NOBODY
            assert all("sans nom" not in sentence for sentence in sharing.who_has_what(desk_on(again, TODAY)))


def test_an_older_copy_takes_again_what_its_own_package_alone_has_and_no_erased_name_comes_back(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "partage"
    folder.mkdir()
    path, identity = tmp_path / "Camille.db", Identity(tmp_path / "Camille.id")
    with officer(tmp_path, "Camille") as one:
        with one.unit("Relevé") as unit:
            unit.put(replace(samples.MEASUREMENT, key="n1", comment="Vu avec Mme Untel"))
        turn(one, folder)
        older = path.read_bytes()
        record(one, "c1", 1)
        turn(one, folder)
        newer = path.read_bytes()
        maintenance.erase(one, "Mme Untel")
        turn(one, folder)
        left = sharing.own_file(desk_on(one, TODAY), folder)
        erased = left.read_bytes()
    for copy in (older, newer):
        path.write_bytes(copy)
        with opening.open_base(path, clock=samples.Ticking(), identity=identity) as one:
            # As the officer goes on with it.
            one.authors.part()
            one.sign("Camille")
            record(one, "c2", 2)
            (waiting,) = turn(one, folder).waiting
            assert (waiting.path, waiting.asks) == (left, True)
            assert "votre propre paquet demande votre accord" in waiting.why
            assert left.read_bytes() == erased
            colleagues.receive(desk_on(one, TODAY), colleagues.read(left), proposals=[colleagues.ERASURES])
            assert turn(one, folder).written
            assert turn(one, folder).waiting == ()
            assert keys(one) >= {"c1", "c2"}
            assert not any("Untel" in (item.value or "") for item in colleagues.read(left).operations)
            assert sharing.who_has_what(desk_on(one, TODAY)) == ()
            assert maintenance.check(one) == []
        assert b"Untel" not in path.read_bytes()
        left.write_bytes(erased)
    with opening.create(tmp_path / "autre.db", clock=samples.Ticking(), identity=identity) as second:
        starter.import_starter(second, samples.dossier())
        record(second, "c9", 9)
        turn(second, folder)
    with opening.open_base(path, clock=samples.Ticking(), identity=identity) as one:
        one.sign("Camille")
        assert turn(one, folder).merged == ()
        assert "c9" not in keys(one), "another base of the same officer is another"


def test_a_stolen_key_is_taken_back_and_asked_about_as_a_stranger_s(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    one, other, _ = three
    folder = tmp_path / "partage"
    folder.mkdir()
    record(other, "d1", 1)
    turn(other, folder)
    turn(one, folder)
    desk = desk_on(one, TODAY)
    (fingerprint,) = [
        key
        for _, key in colleagues.accepted_keys(desk)
        if key == colleagues.own_fingerprint(desk_on(other, TODAY))
    ]
    said = colleagues.refuse_key(desk, fingerprint)
    assert "est retirée" in said
    assert "Dominique" not in colleagues.keyed_colleagues(desk)
    record(other, "d2", 2)
    turn(other, folder)
    (waiting,) = turn(one, folder).waiting
    assert "demande votre accord" in waiting.why
    assert "d1" in keys(one)
    assert "d2" not in keys(one)
    with pytest.raises(UserError, match="Aucune clé acceptée n’a l’empreinte"):
        colleagues.refuse_key(desk, fingerprint)


def test_a_stranger_s_package_in_the_folder_waits(tmp_path: Path) -> None:
    with officer(tmp_path, "Camille") as one, officer(tmp_path, "Ève") as other:
        record(other, "e1", 1)
        turn(other, tmp_path)
        (waiting,) = turn(one, tmp_path).waiting
        assert "le paquet de Ève demande votre accord" in waiting.why
        assert "e1" not in keys(one)


def test_a_stranger_who_did_nothing_yet_is_asked_about_by_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "partage"
    folder.mkdir()
    with officer(tmp_path, "Camille") as one, officer(tmp_path, "Ali") as other:
        turn(other, folder)
        assert turn(one, folder).waiting == ()
        record(other, "a1", 1)
        turn(other, folder)
        (waiting,) = turn(one, folder).waiting
        assert waiting.asks


def test_who_has_what_is_said_with_its_day(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    one, other, _ = three
    folder = tmp_path / "partage"
    folder.mkdir()
    record(other, "d1", 1)
    turn(other, folder)
    turn(one, folder)
    record(one, "c2", 2)
    record(one, "c3", 3)
    (said,) = sharing.who_has_what(desk_on(one, TODAY))
    assert said == "Dominique a tout jusqu’au 12/03/2026\u202f; lui manquent 2 actes."
    with one.unit("Un autre contrat") as unit:
        unit.put(samples.contract(2))
    scope, said = sharing.who_has_what(desk_on(one, TODAY))
    codes = " et ".join(contract.code for contract in one.contracts())
    assert scope == f"Un paquet porte les 2 contrats de la base ({codes}), sauf si vous en choisissez un."
    assert said.endswith("lui manquent 3 actes.")


def test_one_contract_alone_is_left_in_a_folder_then_all(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    one, other, _ = three
    folder = tmp_path / "partage"
    folder.mkdir()
    with one.unit("Un autre contrat") as unit:
        unit.put(samples.contract(2))
    record(one, "c1", 1)
    alone = "contract1"
    assert sharing.exchange(desk_on(one, TODAY), folder, contract=alone).written
    assert not sharing.exchange(desk_on(one, TODAY), folder, contract=alone).written
    # Whatever its code becomes, it is alone all the same.
    with one.unit("Autre code") as unit:
        unit.put(replace(one.dossier(alone).contract, code="renomme"))
    assert sharing.exchange(desk_on(one, TODAY), folder, contract=alone).written
    assert turn(other, folder).merged == ("Camille",)
    assert "c1" in keys(other)
    assert len(other.contracts()) == 1
    assert turn(one, folder).written
    assert turn(other, folder).merged == ("Camille",)
    assert len(other.contracts()) == 2
    for base in (one, other):
        assert maintenance.check(base) == []
    record(one, "c2", 2)
    (gone,) = sharing.exchange(desk_on(one, TODAY), folder, contract="inconnu").waiting
    assert "n’est plus dans votre base" in gone.why
    assert turn(other, folder).merged == (), "a contract that is no more is no leave to send all"


def test_two_bases_of_one_officer_leave_each_a_package_of_their_own(
    three: tuple[Database, Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, _ = three
    folder = tmp_path / "partage"
    folder.mkdir()
    record(one, "c1", 1)
    with opening.create(
        tmp_path / "seconde.db", clock=samples.Ticking(), identity=one.authors.identity
    ) as second:
        second.sign("Camille")
        with second.unit("Un autre contrat") as unit:
            unit.put(samples.contract(2))
        for base in (one, second):
            assert turn(base, folder).written
    assert len(list(folder.iterdir())) == 2
    opened, reading = [], colleagues.read
    monkeypatch.setattr(
        colleagues, "read", lambda path, **rest: [opened.append(path), reading(path, **rest)][1]
    )
    for value in (2, 3):
        record(one, f"c{value}", value)
        turn(one, folder)
    assert len(opened) == 1, "what is of another base is read once, and again where it changes"
    turn(other, folder)
    assert "c1" in keys(other)
    assert len(other.contracts()) == 2


def test_a_folder_that_cannot_be_written_is_taken_from_all_the_same(
    three: tuple[Database, Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, _ = three
    folder = tmp_path / "partage"
    folder.mkdir()
    record(other, "d1", 1)
    turn(other, folder)

    def refuse(*_: object, **__: object) -> None:
        raise UserError("Le dossier ne peut pas être écrit.", "Choisissez-en un autre.")

    monkeypatch.setattr(colleagues, "prepare", refuse)
    shared = turn(one, folder)
    assert (shared.merged, shared.written) == (("Dominique",), False)
    assert shared.change
    assert shared.waiting[-1].why == "Le dossier ne peut pas être écrit. Choisissez-en un autre."


def test_one_colleague_is_said_once_whatever_they_wrote_under(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    """Before their first act nobody has a number, and an older copy goes on under another."""
    one, other, _ = three
    folder = tmp_path / "partage"
    folder.mkdir()
    record(other, "d1", 1)
    for _ in range(2):
        turn(one, folder)
        turn(other, folder)
        record(one, f"c{_}", 2 + _)
    record(other, "d2", 7)
    turn(one, folder)
    turn(other, folder)
    (said,) = sharing.who_has_what(desk_on(other, TODAY))
    assert said.startswith("Camille a tout jusqu’au")
    assert colleagues.recipients(desk_on(other, TODAY)) == ("Camille",)


def test_a_sealed_package_is_a_sqlcipher_file_that_nothing_else_opens(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    one, other, _ = three
    record(one, "c1", 1)
    file = tmp_path / "lot.paquet"
    colleagues.prepare(desk_on(one, TODAY), file, passphrase=PHRASE)
    content = file.read_bytes()
    assert b"PK" not in content[:4]
    assert b"manifeste" not in content
    for wrong in ("", "une autre phrase secrète"):
        with pytest.raises(colleagues.SealedPackageError):
            colleagues.read(file, passphrase=wrong)
    colleagues.receive(desk_on(other, TODAY), colleagues.read(file, passphrase=PHRASE))
    assert "c1" in keys(other)
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA key = '{PHRASE}'")
    (packed,) = connection.execute("SELECT contenu FROM paquet").fetchone()
    assert packed.startswith(b"PK")
    connection.close()
    flipped = bytearray(content)
    flipped[len(flipped) // 2] ^= 1
    file.write_bytes(flipped)
    with pytest.raises(UserError):
        colleagues.read(file, passphrase=PHRASE)


def introduce(giver: Database, taker: Database, folder: Path) -> None:
    """Have one send a package in clear to the other."""
    path = folder / "premier.paquet"
    colleagues.prepare(desk_on(giver, TODAY), path)
    colleagues.receive(desk_on(taker, TODAY), colleagues.read(path))


def read_by(base: Database, path: Path) -> colleagues.Package:
    return colleagues.read(path, identity=base.authors.identity)


def test_a_package_sealed_for_a_key_opens_for_its_owner_and_for_nobody_else(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    one, other, third = three
    desk, path = desk_on(one, TODAY), tmp_path / "lot.paquet"
    record(one, "c1", 1)
    with pytest.raises(UserError, match="n’est pas connue"):
        colleagues.prepare(desk, path, readers=["Dominique"])
    introduce(other, one, tmp_path)
    introduce(third, other, tmp_path)
    assert colleagues.keyed_colleagues(desk) == ("Dominique",)
    colleagues.prepare(desk, path, readers=["Dominique"])
    assert path.read_bytes().startswith(b"age-encryption.org/v1\n-> X25519 ")
    for base in (other, one):
        assert read_by(base, path).sender_label == "Camille"
    with pytest.raises(UserError, match="scellé pour d’autres clés que la vôtre"):
        read_by(third, path)
    colleagues.receive(desk_on(other, TODAY), read_by(other, path))
    assert "c1" in keys(other)
    flipped = bytearray(path.read_bytes())
    flipped[-20] ^= 1
    path.write_bytes(flipped)
    with pytest.raises(UserError, match="abîmé en chemin"):
        read_by(other, path)
    with pytest.raises(UserError, match="pas les deux"):
        colleagues.prepare(desk, path, readers=["Dominique"], passphrase=PHRASE)


def test_a_key_that_seals_is_believed_under_its_owner_s_signature_alone(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    one, other, third = three
    members = unpacked(packages.write(other)[0])
    mine, theirs = (base.authors.identity.sealing.encode() for base in (third, other))
    assert theirs in members[MANIFEST]
    members[MANIFEST] = members[MANIFEST].replace(theirs, mine)
    path = tmp_path / "faux.paquet"
    path.write_bytes(packed(members))
    with pytest.raises(UserError, match="signature de ce paquet ne correspond pas"):
        colleagues.receive(desk_on(one, TODAY), colleagues.read(path))
    assert colleagues.keyed_colleagues(desk_on(one, TODAY)) == ()


def test_a_base_under_a_passphrase_leaves_nothing_in_clear_in_a_shared_folder(
    three: tuple[Database, Database, Database], tmp_path: Path
) -> None:
    one, other, _ = three
    identity, clock = one.authors.identity, one.clock
    folder = tmp_path / "partage"
    folder.mkdir()
    turn(one, folder)
    one.close()
    resealing.reseal(one.path, sealing.fresh_key(PHRASE))
    with opening.open_base(one.path, identity=identity, clock=clock) as sealed:
        sealed.sign("Camille")
        record(sealed, "c1", 1)
        assert colleagues.is_secret(desk_on(sealed, TODAY))
        alone = turn(sealed, folder)
        assert not alone.written
        assert "celui d’avant en est retiré" in alone.waiting[0].why
        assert "aucune clé de collègue n’est encore connue" in alone.waiting[0].why
        assert alone.waiting[0].why.count("Recevez d’abord un paquet") == 1
        assert list(folder.iterdir()) == []
        turn(other, folder)
        assert turn(sealed, folder).written
        left = sharing.own_file(desk_on(sealed, TODAY), folder)
        assert left.read_bytes().startswith(b"age-encryption.org/v1\n")
        assert turn(other, folder).merged == ("Camille",)
        assert "c1" in keys(other)
        for _, fingerprint in colleagues.accepted_keys(desk_on(sealed, TODAY)):
            colleagues.refuse_key(desk_on(sealed, TODAY), fingerprint)
        assert "celui d’avant en est retiré" in turn(sealed, folder).waiting[-1].why
        assert not left.exists(), "what is sealed for a key that was taken back opens with it"


def test_a_local_copy_whose_origin_moved_on_is_merged_and_replaces_nothing(tmp_path: Path) -> None:
    with officer(tmp_path, "Camille") as one:
        record(one, "c1", 1)
    origin = tmp_path / "Camille.db"
    copy = travel.take(origin, tmp_path / "local")
    with opening.open_base(copy, identity=Identity(tmp_path / "Camille.id")) as base:
        base.sign("Camille")
        record(base, "c2", 2)
    with opening.open_base(origin, identity=Identity(tmp_path / "Dominique.id")) as base:
        base.sign("Dominique")
        record(base, "d3", 3)
    with pytest.raises(travel.MovedOnError, match="a été modifiée depuis la copie"):
        travel.bring_back(copy, now=samples.NOON.replace(tzinfo=None))
    said = backing.merge(copy)
    assert "1 acte" in said[0]
    assert not copy.exists()
    with opening.open_base(origin) as base:
        assert keys(base) >= {"c1", "c2", "d3"}
        assert maintenance.check(base) == []
    shutil.rmtree(tmp_path / "local", ignore_errors=True)


def test_what_nobody_signs_goes_back_with_the_local_copy_and_the_origin_is_kept_before(
    tmp_path: Path,
) -> None:
    with officer(tmp_path, "Camille") as one:
        record(one, "c1", 1)
    origin = tmp_path / "Camille.db"
    copy = travel.take(origin, tmp_path / "local")
    other = Dossier(replace(samples.contract(), key="contrat-2", code="contrat-2", name="Autre contrat"))
    with opening.open_base(copy, identity=Identity(tmp_path / "Camille.id")) as base:
        # No program that ships ever wrote this contract: nothing proves who did.
        starter.import_starter(base, other)
    with opening.open_base(origin, identity=Identity(tmp_path / "Dominique.id")) as base:
        base.sign("Dominique")
        record(base, "d3", 3)
    backing.merge(copy)
    with opening.open_base(origin) as base:
        assert {item.code for item in base.contracts()} == {"contrat-1", "contrat-2"}
    (kept,) = (item for item in backup.backups(origin) if item.reason == "fusion")
    with opening.open_base(kept.path, read_only=True) as base:
        assert {item.code for item in base.contracts()} == {"contrat-1"}
        assert keys(base) >= {"c1", "d3"}


def test_our_own_package_that_was_damaged_is_made_again(tmp_path: Path) -> None:
    with officer(tmp_path, "Camille") as base:
        shared = tmp_path / "partage"
        shared.mkdir()
        assert turn(base, shared).written
        own = sharing.own_file(desk_on(base, TODAY), shared)
        whole = own.read_bytes()
        assert not turn(base, shared).written
        own.write_bytes(whole[:50])
        assert turn(base, shared).written
        assert len(own.read_bytes()) == pytest.approx(len(whole), rel=0.05)
        own.unlink()
        assert turn(base, shared).written


def test_our_own_package_is_read_again_only_once_somebody_touched_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with officer(tmp_path, "Camille") as base:
        shared = tmp_path / "partage"
        shared.mkdir()
        assert turn(base, shared).written
        read = []
        digest = sharing._digest
        monkeypatch.setattr(sharing, "_digest", lambda path: [read.append(path), digest(path)][1])
        assert not turn(base, shared).written
        assert read == []
        os.utime(sharing.own_file(desk_on(base, TODAY), shared), (1, 1))
        assert not turn(base, shared).written
        assert read
        read.clear()
        assert not turn(base, shared).written
        assert read == []


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux alone")
def test_a_name_that_is_no_text_waits_and_stops_nobody(tmp_path: Path) -> None:
    with officer(tmp_path, "Camille") as base, officer(tmp_path, "Ali") as other:
        shared = tmp_path / "partage"
        shared.mkdir()
        base.authors.identity.accept({other.authors.identity.public: "Ali"}, "2026-01-01")
        record(other, "m_ali", 3)
        turn(other, shared)
        Path(os.fsdecode(os.fsencode(shared) + b"/\xff.paquet")).write_bytes(b"x")
        seen = turn(base, shared)
        assert len(seen.waiting) == 1
        assert seen.merged == ("Ali",)
        assert seen.written
