"""Packages between colleagues, in the officer's words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.objectives import promised_table
from qpvdesk.reports.style import load_fonts
from qpvdesk.services import arrivals, bases, colleagues
from qpvdesk.storage import opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import backup
from qpvdesk.storage.exchange import packages
from qpvdesk.storage.identity import Identity, key_fingerprint
from qpvdesk.storage.opening import open_base
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

Pair = tuple[Database, Database]


def base_of(
    path: Path, name: str, *, ahead: timedelta = timedelta(), who: Identity | None = None
) -> Database:
    base = opening.create(path, now=samples.NOON, clock=samples.Ticking(samples.NOON + ahead), identity=who)
    starter.import_starter(base, samples.dossier())
    base.sign(name)
    return base


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with (
        base_of(tmp_path / "a.db", "Camille") as one,
        base_of(tmp_path / "b.db", "Dominique", ahead=timedelta(days=1)) as other,
    ):
        yield one, other


def record(base: Database, key: str, value: int) -> None:
    with base.unit(f"Relevé {key}") as unit:
        unit.put(replace(samples.MEASUREMENT, key=key, value=Decimal(value), day=samples.DAY))


def retarget(base: Database, value: int) -> None:
    held = base.dossier("contract1").objectives[0]
    with base.unit("Cible") as unit:
        unit.put(replace(held, target_value=Decimal(value)))


def test_a_package_says_what_it_brings_and_a_backup_comes_first(pair: Pair, tmp_path: Path) -> None:
    one, other = pair
    record(one, "n1", 31)
    record(one, "n2", 32)
    file = tmp_path / "lot.paquet"
    assert colleagues.prepare(desk_on(one, date(2026, 6, 30)), file) > 20
    seen = colleagues.preview(desk_on(other, date(2026, 6, 30)), colleagues.read(file))
    said = (
        "Paquet de Camille, préparé le 12/03/2026 à ",
        "Camille\u202f: 2 actes nouveaux.",
        "Relevés\u202f: 2 ajoutés.",
    )
    assert arrivals.sentences(seen)[0].startswith(said[0])
    assert arrivals.sentences(seen)[1:] == said[1:]
    assert backup.backups(other.path) == ()
    arrival, change = colleagues.receive(desk_on(other, date(2026, 6, 30)), colleagues.read(file))
    assert arrivals.sentences(arrival) == arrivals.sentences(seen)
    assert change.label == "Paquet de Camille fusionné\u202f: 2 actes"
    assert change.kinds == {"measurement"}
    assert {key for _, key, _ in change.touched} == {"n1", "n2"}
    assert [held.reason for held in backup.backups(other.path)] == ["fusion"]
    again, change = colleagues.receive(desk_on(other, date(2026, 6, 30)), colleagues.read(file))
    assert not again.is_new
    assert not change
    assert arrivals.sentences(again)[1].startswith("Il n’apporte rien de nouveau")
    assert len(backup.backups(other.path)) == 1


def test_only_what_a_colleague_lacks_is_sent_once_they_wrote(pair: Pair, tmp_path: Path) -> None:
    one, other = pair
    record(one, "n1", 31)
    file = tmp_path / "lot.paquet"
    with pytest.raises(UserError, match="Aucun paquet de «\u202fDominique\u202f»") as refused:
        colleagues.prepare(desk_on(one, date(2026, 6, 30)), file, recipient="Dominique")
    assert "complet" in refused.value.remedy
    assert not file.exists()
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), file)
    colleagues.receive(desk_on(other, date(2026, 6, 30)), colleagues.read(file))
    colleagues.prepare(desk_on(other, date(2026, 6, 30)), file)
    colleagues.receive(desk_on(one, date(2026, 6, 30)), colleagues.read(file))
    assert colleagues.recipients(desk_on(one, date(2026, 6, 30))) == ("Dominique",)
    with pytest.raises(UserError, match="rien de nouveau à envoyer pour Dominique"):
        colleagues.prepare(desk_on(one, date(2026, 6, 30)), file, recipient="Dominique")
    record(one, "n2", 32)
    assert colleagues.prepare(desk_on(one, date(2026, 6, 30)), file, recipient="dominique") < 10
    _, change = colleagues.receive(desk_on(other, date(2026, 6, 30)), colleagues.read(file))
    assert change.label.endswith("1 acte")


def test_what_no_entry_admits_is_refused_before_it_is_received_but_for_what_stood(
    pair: Pair, tmp_path: Path
) -> None:
    one, other = pair
    desk, file = desk_on(other, date(2026, 6, 30)), tmp_path / "lot.paquet"
    rate = replace(samples.OBJECTIVE, key="taux", code="BPI-O09", unit="%", start_value=None, start_date=None)
    measured = replace(samples.MEASUREMENT, objective="taux", value=Decimal(140))
    for base in pair:
        with base.unit("Part") as unit:
            unit.put(rate)
    with one.unit("Relevé au-delà de 100 %") as unit:
        unit.put(replace(measured, key="n1"))
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), file)
    for refused in (colleagues.preview, colleagues.receive):
        with pytest.raises(UserError, match="Ce paquet apporte ce qu’aucune saisie n’admet"):
            refused(desk, colleagues.read(file))
    assert backup.backups(other.path) == ()
    packages.merge(other, colleagues.read(file))
    with one.unit("Commentaire") as unit:
        unit.put(replace(measured, key="n1", comment="Vu"))
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), file)
    assert colleagues.receive(desk, colleagues.read(file))[1].kinds == {"measurement"}


def test_a_key_is_accepted_by_its_own_fingerprint_however_it_is_typed(pair: Pair, tmp_path: Path) -> None:
    desk, file = desk_on(pair[1], date(2026, 6, 30)), tmp_path / "lot.paquet"
    with base_of(tmp_path / "c.db", "Alix", who=Identity(tmp_path / "ailleurs")) as third:
        record(third, "n1", 31)
        colleagues.prepare(desk_on(third, date(2026, 6, 30)), file)
        told = key_fingerprint(third.authors.identity.public)
    for wrong in ("", "00000 00000", told[:-1]):
        with pytest.raises(UserError, match="Personne n’a signé ce paquet avec l’empreinte") as refused:
            colleagues.receive(desk, colleagues.read(file), accepted=[wrong])
        assert refused.value.remedy == f"À comparer\u202f: {told}."
    _, change = colleagues.receive(desk, colleagues.read(file), accepted=[told.replace(" ", "-")])
    assert {key for _, key, _ in change.touched} == {"n1"}


def test_two_officers_of_one_name_are_told_apart_by_what_they_wrote(pair: Pair, tmp_path: Path) -> None:
    one, other = pair
    for base, value in ((one, 45), (other, 50)):
        base.sign("vm")
        retarget(base, value)
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), tmp_path / "lot.paquet")
    desk = desk_on(other, date(2026, 6, 30))
    colleagues.receive(desk, colleagues.read(tmp_path / "lot.paquet"))
    with pytest.raises(UserError, match="Plusieurs collègues s’appellent") as refused:
        colleagues.named(desk, "BPI-O01", "valeur cible", "vm")
    assert refused.value.remedy == "Donnez la valeur à garder\u202f: «\u202f50\u202f» ou «\u202f45\u202f»."
    for value in ("45", "50"):
        assert colleagues.named(desk, "BPI-O01", "valeur cible", value)[1].shown == value


def test_a_disagreement_is_told_then_settled(pair: Pair, tmp_path: Path) -> None:
    one, other = pair
    retarget(one, 45)
    retarget(other, 50)
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), tmp_path / "lot.paquet")
    arrival, _ = colleagues.receive(
        desk_on(other, date(2026, 6, 30)), colleagues.read(tmp_path / "lot.paquet")
    )
    told = (
        "BPI-O01, valeur cible\u202f: Dominique a écrit «\u202f50\u202f» le 13/03/2026, Camille a écrit «\u202f45\u202f»"
        " le 12/03/2026."
    )
    assert arrivals.sentences(arrival)[-2:] == ("1 désaccord à trancher\u202f:", f"- {told}")
    assert arrivals.as_json(arrival, simulation=False)["desaccords"][0]["versions"][1]["valeur"] == "45"
    with pytest.raises(UserError, match="Aucun désaccord"):
        colleagues.named(desk_on(other, date(2026, 6, 30)), "BPI-O01", "libellé", "Camille")
    with pytest.raises(UserError, match="«\u202fAlix\u202f» n’a rien écrit") as refused:
        colleagues.named(desk_on(other, date(2026, 6, 30)), "bpi-o01", "Valeur cible", "Alix")
    assert refused.value.remedy == "Ont écrit\u202f: Dominique, Camille."
    desk = desk_on(other, date(2026, 6, 30))
    review = desk.review(desk.base.contracts()[0].code, date(2026, 6, 30))
    (point,) = [view.point for view in review.points if view.point.kind == "desaccord"]
    assert (point.object, point.message) == ("BPI-O01", told)
    load_fonts()
    disputed = next(item for item in review.situation.dossier.objectives if item.code == "BPI-O01")
    (group,) = promised_table(CopilData(review), [disputed], ticks=False)
    ((_, cells),) = group.text_rows()
    # On paper a day is held to its word.
    assert f"≠ Désaccord\u202f: {told}".replace("le 1", "le\u00a01") in cells[1]
    assert cells[3][0].endswith("≠")
    found, version = colleagues.named(desk_on(other, date(2026, 6, 30)), "bpi-o01", "Valeur cible", "camille")
    change = colleagues.settle(desk_on(other, date(2026, 6, 30)), found, version)
    assert change.label == "Désaccord tranché\u202f: BPI-O01, valeur cible, 45"
    assert other.dossier("contract1").objectives[0].target_value == 45
    assert packages.disagreements(other) == ()
    assert other.stacks.undo_label == change.label
    desk.forget()
    assert all(
        view.point.kind != "desaccord"
        for view in desk.review(desk.base.contracts()[0].code, date(2026, 6, 30)).points
    )


def test_what_is_kept_though_it_was_removed_is_told(pair: Pair, tmp_path: Path) -> None:
    one, other = pair
    held = next(m for m in one.dossier("contract1").measurements if m.key == "m1")
    with one.unit("Relevé retiré") as unit:
        unit.remove(held)
    with other.unit("Relevé corrigé") as unit:
        unit.put(replace(held, value=Decimal(29)))
    colleagues.prepare(desk_on(other, date(2026, 6, 30)), tmp_path / "lot.paquet")
    arrival, _ = colleagues.receive(desk_on(one, date(2026, 6, 30)), colleagues.read(tmp_path / "lot.paquet"))
    assert (
        "Relevé BPI-O01\u202f: retiré d’un côté, encore utile de l’autre\u202f; gardé."
        in arrivals.sentences(arrival)
    )


@pytest.mark.parametrize(
    ("accepted", "left"),
    [
        ((), {"n1", "n2"}),
        (("retirer:measurement:n1",), {"n2"}),
        ((colleagues.REMOVALS,), set()),
        ((colleagues.ERASURES,), {"n1", "n2"}),
    ],
)
def test_of_what_a_package_would_take_away_what_was_accepted_goes(
    pair: Pair, tmp_path: Path, accepted: tuple[str, ...], left: set[str]
) -> None:
    one, other = pair
    for base in pair:
        # Each knows the other: nothing but the removals is asked.
        base.authors.identity.accept(
            {item.authors.identity.public: item.authors.name for item in pair}, "2026-01-01"
        )
    desk, file = desk_on(other, date(2026, 6, 30)), tmp_path / "lot.paquet"
    for number, key in enumerate(("n1", "n2")):
        with one.unit("Relevé") as unit:
            unit.put(replace(samples.MEASUREMENT, key=key, day=samples.DAY + timedelta(days=number)))
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), file)
    colleagues.receive(desk, colleagues.read(file))
    with one.unit("Retrait") as unit:
        for item in one.dossier("contract1").measurements:
            if item.key in ("n1", "n2"):
                unit.remove(item)
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), file)
    assert len(colleagues.preview(desk, colleagues.read(file)).merged.proposals) == 2
    colleagues.receive(desk, colleagues.read(file), proposals=accepted)
    assert {item.key for item in other.dossier("contract1").measurements} & {"n1", "n2"} == left


def test_the_disagreements_of_a_contract_are_its_own(pair: Pair, tmp_path: Path) -> None:
    one, other = pair
    desk, file = desk_on(other, date(2026, 6, 30)), tmp_path / "lot.paquet"
    with one.unit("Autre contrat") as unit:
        unit.put(samples.contract(2))
        unit.put(samples.contract(3))
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), file)
    colleagues.receive(desk, colleagues.read(file))
    for base, value in ((one, 45), (other, 50)):
        retarget(base, value)
        with base.unit("Nom") as unit:
            unit.put(replace(samples.contract(2), name=f"Contrat {value}"))
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), file)
    colleagues.receive(desk, colleagues.read(file))
    assert [item.kind for item in colleagues.disagreements(desk, "contrat-1")] == ["objective"]
    assert [item.kind for item in colleagues.disagreements(desk, "contrat-2")] == ["contract"]
    assert colleagues.disagreements(desk, "contrat-3") == ()
    for code, kinds in (("contrat-1", ["valeur cible"]), ("contrat-2", ["nom"]), ("contrat-3", [])):
        points = desk.review(code, date(2026, 6, 30)).points
        told = [view.point.message for view in points if view.point.kind == "desaccord"]
        assert len(told) == len(kinds)
        assert all(kind in words for kind, words in zip(kinds, told, strict=True))
    found = colleagues.disagreements(desk)
    assert len(found) == 2
    assert {item.key for item in colleagues.contracts_of(desk, found)} == {"contract1", "contract2"}
    assert [item.key for item in colleagues.contracts_of(desk, found[:1])] == (
        ["contract1"] if found[0].kind == "objective" else ["contract2"]
    )


def test_an_example_and_a_real_contract_do_not_mix(pair: Pair, tmp_path: Path) -> None:
    one, _ = pair
    bases.create_example(tmp_path / "exemple.db", now=samples.NOON)
    with open_base(tmp_path / "exemple.db") as example:
        colleagues.prepare(desk_on(example, date(2026, 6, 30)), tmp_path / "lot.paquet")
    with pytest.raises(UserError, match="exemple fictif"):
        colleagues.receive(desk_on(one, date(2026, 6, 30)), colleagues.read(tmp_path / "lot.paquet"))
    assert backup.backups(one.path) == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"SQLite format 3\0" * 50])
def test_what_is_no_package_is_one_sentence(pair: Pair, tmp_path: Path, content: bytes) -> None:
    one, _ = pair
    (tmp_path / "x.paquet").write_bytes(content)
    with pytest.raises(UserError, match="n’est pas un paquet de qpvdesk"):
        colleagues.receive(desk_on(one, date(2026, 6, 30)), colleagues.read(tmp_path / "x.paquet"))
    with pytest.raises(UserError, match="ne peut pas être ouvert"):
        colleagues.preview(desk_on(one, date(2026, 6, 30)), colleagues.read(tmp_path / "absent.paquet"))


def test_a_package_proves_its_sender_or_says_that_nothing_does(pair: Pair, tmp_path: Path) -> None:
    one, other = pair
    record(one, "n1", 31)
    colleagues.prepare(desk_on(one, date(2026, 6, 30)), tmp_path / "signed.paquet")
    seen = colleagues.preview(desk_on(other, date(2026, 6, 30)), colleagues.read(tmp_path / "signed.paquet"))
    assert not any("rien ne prouve" in sentence for sentence in arrivals.sentences(seen))
    path = tmp_path / "old.db"
    shutil.copyfile(Path(__file__).parents[2] / "reference" / "base-v5.db", path)
    with opening.open_base(path) as old:
        colleagues.prepare(desk_on(old, date(2026, 6, 30)), tmp_path / "unsigned.paquet")
    seen = colleagues.preview(
        desk_on(other, date(2026, 6, 30)), colleagues.read(tmp_path / "unsigned.paquet")
    )
    assert any("rien ne prouve qui les a écrites" in sentence for sentence in arrivals.sentences(seen))
