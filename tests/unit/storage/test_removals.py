"""What a package would take away is proposed; a merge is taken back as an act; repaired bases are said."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, journal, maintenance, opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.exchange.consent import Consent, RepairedError, UnknownSignersError
from qpvdesk.storage.exchange.package import Package
from qpvdesk.storage.identity import Identity
from tests.unit.storage import samples

NOTHING = Consent(proposals=frozenset())


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
def pair(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """Two officers who know each other."""
    with officer(tmp_path, "Camille") as one, officer(tmp_path, "Dominique") as other:
        for base, colleague in ((one, other), (other, one)):
            who = colleague.authors
            base.authors.identity.accept({who.identity.public: who.name}, "2026-01-01")
        yield one, other


def read(base: Database) -> Package:
    return package.read(packages.write(base)[0], "paquet")


def record(base: Database, key: str, value: int, comment: str = "") -> None:
    day = samples.MEASUREMENT.day.replace(year=2000 + len(key) + value % 20)
    with base.unit(f"Relevé {key}") as unit:
        unit.put(replace(samples.MEASUREMENT, key=key, value=Decimal(value), day=day, comment=comment))


def held(base: Database) -> dict[str, str]:
    return {item.key: item.comment for item in base.dossier("contract1").measurements}


def history(base: Database) -> str:
    return "\n".join(str(value) for (value,) in base.connection.execute("SELECT value FROM operation"))


def test_a_removal_is_proposed_and_declined_comes_back_there(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31)
    packages.merge(other, read(one))
    with one.unit("Retrait") as unit:
        unit.remove(next(item for item in one.dossier("contract1").measurements if item.key == "n1"))
    seen = packages.merge(other, read(one), simulate=True, consent=NOTHING)
    (proposal,) = seen.proposals
    assert (proposal.word, proposal.erasing) == ("retirer:measurement:n1", False)
    assert proposal.told.endswith("retiré par Camille")
    packages.merge(other, read(one), consent=NOTHING)
    assert "n1" in held(other)
    packages.merge(one, read(other))
    assert "n1" in held(one)
    for base in pair:
        assert maintenance.check(base) == []
        assert packages.disagreements(base) == ()


def test_a_removal_that_is_accepted_goes(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31)
    packages.merge(other, read(one))
    with one.unit("Retrait") as unit:
        unit.remove(next(item for item in one.dossier("contract1").measurements if item.key == "n1"))
    packages.merge(other, read(one), consent=Consent(proposals=frozenset({"retirer:measurement:n1"})))
    assert "n1" not in held(other)
    assert held(other) == held(one)


def test_an_erasure_is_proposed_word_for_word(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31, "Vu avec Mme Untel")
    packages.merge(other, read(one))
    maintenance.erase(one, "Mme Untel")
    seen = packages.merge(other, read(one), simulate=True, consent=NOTHING)
    (proposal,) = seen.proposals
    assert proposal.erasing
    assert "«\u202fVu avec Mme Untel\u202f» deviendrait «\u202fVu avec [effacé]\u202f»" in proposal.told
    packages.merge(other, read(one), consent=NOTHING)
    assert held(other)["n1"] == "Vu avec Mme Untel"
    assert "Untel" in history(other)
    assert maintenance.check(other) == []
    # It is still proposed: by whichever package comes next, were it made for one who has all of the rest.
    record(one, "n22", 32)
    content, _ = packages.write(one, package.vector(other.connection))
    later = package.read(content, "paquet")
    packages.merge(other, later, consent=Consent(proposals=frozenset({proposal.word})))
    assert "Untel" not in history(other).replace(held(other)["n1"], "")
    assert maintenance.check(other) == []


def test_who_erases_a_text_is_not_said_to_have_written_it(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31, "Vu avec Mme Untel")
    packages.merge(other, read(one))
    maintenance.erase(other, "Mme Untel")
    (proposal,) = packages.merge(one, read(other), simulate=True, consent=NOTHING).proposals
    assert proposal.told.count("deviendrait") == 1
    assert proposal.told.endswith("(écrit par Camille)")


def test_a_text_that_was_erased_never_comes_back_unasked_and_no_is_said_once(
    pair: tuple[Database, Database],
) -> None:
    one, other = pair
    record(other, "n1", 31, "Vu avec Mme Untel")
    packages.merge(one, read(other))
    maintenance.erase(one, "Mme Untel")
    packages.merge(other, read(one), consent=NOTHING)
    assert held(other)["n1"] == "Vu avec Mme Untel"
    # Declined there, it was written again: to whoever erased it, that is asked.
    seen = packages.merge(one, read(other), simulate=True, consent=NOTHING)
    (proposal,) = seen.proposals
    assert (proposal.word, proposal.erasing, proposal.declined) == ("rendre:measurement:n1", False, False)
    assert seen.asks
    packages.merge(one, read(other), consent=NOTHING)
    assert held(one)["n1"] == "Vu avec [effacé]"
    assert "Untel" not in history(one)
    assert b"Untel" not in one.path.read_bytes()
    # Neither is asked again for what they declined, whatever else comes.
    for turn in range(2):
        for base, colleague in ((other, one), (one, other)):
            record(colleague, f"{colleague.authors.name}{turn}", 40 + turn)
            brought = packages.merge(base, read(colleague), consent=NOTHING)
            assert brought.is_news
            assert not brought.asks
            assert maintenance.check(base) == []
    assert (held(one)["n1"], held(other)["n1"]) == ("Vu avec [effacé]", "Vu avec Mme Untel")


def test_a_text_that_was_erased_comes_back_where_that_is_accepted(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(other, "n1", 31, "Vu avec Mme Untel")
    packages.merge(one, read(other))
    maintenance.erase(one, "Mme Untel")
    packages.merge(other, read(one), consent=NOTHING)
    packages.merge(one, read(other), consent=Consent(proposals=frozenset({"rendre:measurement:n1"})))
    assert held(one)["n1"] == "Vu avec Mme Untel"
    assert maintenance.check(one) == []


def test_an_erasure_reaches_who_was_sent_only_what_they_lacked(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31, "Vu avec Mme Untel")
    packages.merge(other, read(one))
    known = package.vector(other.connection)
    maintenance.erase(one, "Mme Untel")
    packages.merge(other, package.read(packages.write(one, known)[0], "paquet"))
    assert "Untel" not in history(other)
    assert b"Untel" not in other.path.read_bytes()


def relay(source: Database, base: Database, key: str, text: str) -> None:
    """Bring what one wrote to another, in whose base a text of theirs is then erased by no act at all."""
    packages.merge(base, read(source))
    with base.writing() as connection, base.forgetting():
        number, value = connection.execute(
            "SELECT id, value FROM operation WHERE key = ? AND field = ''", (key,)
        ).fetchone()
        erased = journal.folded(dict(journal.unfolded("", value)) | {"comment": text})
        chain.withhold(connection, number, erased)
        connection.execute("UPDATE operation SET value = ? WHERE id = ?", (erased, number))


def test_what_a_relay_erases_is_told_from_what_somebody_signed(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31, "Vu avec Mme Untel")
    record(one, "n22", 32, "Vu avec M. Durand")
    relay(one, other, "n1", "[effacé]")
    maintenance.erase(other, "M. Durand")
    found = packages.merge(one, read(other), simulate=True, consent=NOTHING).proposals
    assert {(proposal.word.split(":")[2], proposal.relayed) for proposal in found} == {
        ("n1", True),
        ("n22", False),
    }
    (relayed,) = (proposal.told for proposal in found if proposal.relayed)
    assert relayed.endswith("(écrit par Camille, qui n’en a rien signé)")
    # What was written after an erasing of before is erased by nothing that says so.
    maintenance.erase(one, "Mme Untel")
    with one.unit("Relevé n1") as unit:
        item = next(item for item in one.dossier("contract1").measurements if item.key == "n1")
        unit.put(replace(item, comment="Avis favorable"))
    packages.merge(other, read(one))
    with other.writing() as connection, other.forgetting():
        (number,) = connection.execute("SELECT id FROM operation WHERE value = 'Avis favorable'").fetchone()
        chain.withhold(connection, number, "[effacé]")
        connection.execute("UPDATE operation SET value = '[effacé]' WHERE id = ?", (number,))
    found = packages.merge(one, read(other), simulate=True, consent=NOTHING).proposals
    assert any(proposal.relayed and "Avis favorable" in proposal.told for proposal in found)
    # Whose words they are needs no act that says so: their package does.
    maintenance.erase(one, "Mme Untel")
    with one.unit("Retrait") as unit:
        unit.remove(next(item for item in one.dossier("contract1").measurements if item.key == "n1"))
    found = packages.merge(other, read(one), simulate=True, consent=NOTHING).proposals
    assert not any(proposal.relayed for proposal in found)


def test_a_text_that_comes_back_hides_no_merge_and_stays(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    record(one, "n1", 31, "Avis favorable")
    relay(one, other, "n1", "[effacé]")
    with officer(tmp_path, "Ali") as third:
        who = {base.authors.identity.public: base.authors.name for base in pair}
        third.authors.identity.accept(who, "2026-01-01")
        packages.merge(third, read(other))
        before = packages.last_merge(third)
        seen = packages.merge(third, read(one), consent=NOTHING)
        assert (seen.returned, seen.operations, held(third)["n1"]) == (1, 0, "Avis favorable")
        assert packages.last_merge(third) == before
        record(one, "n22", 32)
        relay(one, other, "n22", "[effacé]")
        packages.merge(third, read(one))
        assert before is not None
        assert before.sender == "Dominique"
        assert maintenance.check(third) == []


def test_words_of_an_act_that_come_back_alone_are_news(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    with one.unit("Relevé avec Mme Untel") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1"))
    packages.merge(other, read(one))
    with other.writing() as connection, other.forgetting():
        (number,) = connection.execute("SELECT id FROM act WHERE label = 'Relevé avec Mme Untel'").fetchone()
        chain.withhold_label(connection, number)
        connection.execute("UPDATE act SET label = '[effacé]' WHERE id = ?", (number,))
    with officer(tmp_path, "Ali") as third:
        who = {base.authors.identity.public: base.authors.name for base in pair}
        third.authors.identity.accept(who, "2026-01-01")
        packages.merge(third, read(other))
        brought = packages.merge(third, read(one), consent=NOTHING)
        assert (brought.returned, brought.is_news) == (1, True)
        labels = [label for (label,) in third.connection.execute("SELECT label FROM act")]
        assert "Relevé avec Mme Untel" in labels


def test_a_merge_is_taken_back_as_an_act(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31)
    record(other, "n22", 32)
    before = held(other)
    packages.merge(other, read(one))
    merge = packages.last_merge(other)
    assert merge is not None
    with (
        opening.open_base(other.path, read_only=True) as seen,
        pytest.raises(UserError, match="lecture seule"),
    ):
        packages.undo(seen, merge)
    assert merge.sender == "Camille"
    change, since = packages.undo(other, merge)
    assert (change.label, since) == ("Annulation de la fusion avec Camille", 0)
    assert held(other) == before
    assert packages.merge(other, read(one)).operations == 0
    assert held(other) == before
    other.undo()
    assert "n1" in held(other)
    assert maintenance.check(other) == []


def test_what_was_written_since_a_merge_stays(pair: tuple[Database, Database]) -> None:
    one, other = pair
    objective = one.dossier("contract1").objectives[0]
    with one.unit("Libellé") as unit:
        unit.put(replace(objective, label="Un", unit="rames"))
    packages.merge(other, read(one))
    with other.unit("Libellé") as unit:
        unit.put(replace(other.dossier("contract1").objectives[0], label="Trois"))
    merge = packages.last_merge(other)
    assert merge is not None
    assert packages.undo(other, merge)[1] == 1
    now = other.dossier("contract1").objectives[0]
    assert (now.label, now.unit) == ("Trois", objective.unit)


def test_what_a_merge_brought_and_something_written_since_needs_stays(
    pair: tuple[Database, Database],
) -> None:
    one, other = pair
    with one.unit("Objectifs") as unit:
        unit.put(replace(samples.OBJECTIVE, key="o9", code="BPI-O09"))
        unit.put(replace(samples.OBJECTIVE, key="o10", code="BPI-O10"))
    packages.merge(other, read(one))
    with other.unit("Relevé") as unit:
        unit.put(replace(samples.MEASUREMENT, key="n1", objective="o9"))
    merge = packages.last_merge(other)
    assert merge is not None
    assert packages.undo(other, merge)[1] == 1
    objectives = {item.key for item in other.dossier("contract1").objectives}
    assert ("o9" in objectives, "o10" in objectives) == (True, False)
    assert maintenance.check(other) == []


def test_a_merge_that_renumbered_ours_gives_its_code_back(pair: tuple[Database, Database]) -> None:
    one, other = pair
    for base, key in ((one, "theirs"), (other, "ours")):
        with base.unit("Objectif") as unit:
            unit.put(replace(samples.OBJECTIVE, key=key, code="BPI-O09"))
        # Theirs was made first: ours is the one that has another code then.
        other.clock()
        other.clock()
    before = other.dossier("contract1").objectives
    merged = packages.merge(other, read(one))
    assert merged.renumbered
    assert (
        next(item for item in other.dossier("contract1").objectives if item.key == "ours").code == "BPI-O09-2"
    )
    merge = packages.last_merge(other)
    assert merge is not None
    packages.undo(other, merge)
    assert other.dossier("contract1").objectives == before
    other.undo()
    assert len(other.dossier("contract1").objectives) == len(before) + 1
    assert maintenance.check(other) == []


def test_the_last_merge_is_the_one_taken_back_whatever_it_brought(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    one, other = pair
    # A value beside the one that is shown is all of the news: taken back, it is in dispute no more.
    for base, unit_of in ((one, "rames"), (other, "lignes"), (other, "bus")):
        with base.unit("Unité") as unit:
            unit.put(replace(base.dossier("contract1").objectives[0], unit=unit_of))
    packages.merge(other, read(one))
    assert len(packages.disagreements(other)) == 1
    merge = packages.last_merge(other)
    assert merge is not None
    packages.undo(other, merge)
    assert packages.disagreements(other) == ()
    assert other.dossier("contract1").objectives[0].unit == "bus"
    # What had come as digests alone is unveiled: nothing tells these rows from others, and no other merge is taken.
    with one.unit("Un autre contrat") as unit:
        unit.put(samples.contract(2))
    scoped = package.read(packages.write(one, contract="contract1")[0], "paquet")
    with officer(tmp_path, "Ali") as third:
        third.authors.identity.accept({one.authors.identity.public: "Camille"}, "2026-01-01")
        packages.merge(third, scoped)
        maintenance.backup(third, reason="fusion")
        packages.merge(third, read(one))
        merge = packages.last_merge(third)
        assert merge is not None
        with pytest.raises(UserError, match="ne peut pas être annulée") as told:
            packages.undo(third, merge)
        assert "La sauvegarde du 12/03/2026" in told.value.remedy
        assert len(third.contracts()) == 2


def stripped(brought: Package, value: str) -> Package:
    """Return a package as a base that was repaired would make it of Camille's last act, whose value it changes."""
    last = max((item for item in brought.operations if item.key == "n1"), key=lambda item: item.seq)
    acts = [
        replace(act, first=0, previous=None, signature=None) if act.key == last.act else act
        for act in brought.acts
    ]
    operations = [
        replace(item, value=(item.value or "").replace('"31"', f'"{value}"')) if item is last else item
        for item in brought.operations
    ]
    authors = [replace(author, lost=1) for author in brought.authors]
    return replace(brought, acts=tuple(acts), operations=tuple(operations), authors=tuple(authors))


def test_an_act_without_its_signature_is_named_and_gives_way_to_the_signed_one(
    pair: tuple[Database, Database],
) -> None:
    one, other = pair
    record(one, "n1", 31)
    forged = stripped(read(one), "99")
    with pytest.raises(
        RepairedError, match="1 acte au nom de Camille, qui signe les siens, sans sa signature"
    ):
        packages.merge(other, forged, consent=Consent(unsigned=True))
    packages.merge(other, forged, consent=Consent(repaired=True))
    packages.merge(other, read(one))
    value = next(item.value for item in other.dossier("contract1").measurements if item.key == "n1")
    assert value == 31
    assert maintenance.check(other) == []


def test_an_act_left_out_is_named_and_comes_back(pair: tuple[Database, Database]) -> None:
    one, other = pair
    record(one, "n1", 31)
    record(one, "n22", 32)
    whole = read(one)
    left_out = next(item for item in whole.operations if item.key == "n1")
    partial = replace(
        whole,
        operations=tuple(item for item in whole.operations if item is not left_out),
        acts=tuple(act for act in whole.acts if act.key != left_out.act),
        authors=tuple(replace(author, lost=1_000) for author in whole.authors),
    )
    with pytest.raises(RepairedError, match="Il manque 1 modification de Camille"):
        packages.merge(other, partial)
    packages.merge(other, partial, consent=Consent(repaired=True))
    packages.merge(other, whole)
    assert held(other).keys() >= {"n1", "n22"}
    assert maintenance.check(other) == []


def test_a_name_that_looks_like_a_colleague_s_is_said(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    _, other = pair
    with officer(tmp_path, "\u0421amille") as impostor:
        record(impostor, "n1", 31)
        with pytest.raises(
            UnknownSignersError, match="ressemble à «\u202fCamille\u202f», qui signe d’une autre clé"
        ):
            packages.merge(other, read(impostor))


def test_what_brings_nothing_asks_for_no_key(tmp_path: Path) -> None:
    with officer(tmp_path, "Camille") as one, officer(tmp_path, "Dominique") as other:
        assert packages.merge(other, read(one)).operations == 0
        assert other.authors.identity.colleagues() == {}
        record(one, "n1", 31)
        with pytest.raises(UserError, match="pas encore acceptée"):
            packages.merge(other, read(one))
