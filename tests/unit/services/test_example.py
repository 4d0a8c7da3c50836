"""The example: alive everywhere, the same on every laptop, never mixed with what is real."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from qpvdesk import paths
from qpvdesk.domain.coherence import findings
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE, FICTITIOUS, Contract, DecisionState, Dossier
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.services import bases, printing, state
from qpvdesk.services.care import safety
from qpvdesk.services.contracts import contract_import, example
from qpvdesk.services.figures import exports
from qpvdesk.storage import maintenance, readers
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.opening import open_base
from tests.helpers import paper_text
from tests.helpers.previewing import preview
from tests.helpers.reviews import desk_on

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("exemple") / "exemple.db"
    bases.create_example(made, now=NOW)
    return made


@pytest.fixture(scope="module")
def picture(path: Path) -> Review:
    with open_base(path, read_only=True) as base:
        return desk_on(base, NOW.date()).review(base.contracts()[0].code, NOW.date())


@pytest.fixture(scope="module")
def held(path: Path) -> Iterator[Database]:
    with open_base(path, read_only=True) as base:
        yield base


def contract_of(base: Database) -> Dossier:
    return base.dossier(base.contracts()[0].key)


def told(dossier: Dossier) -> dict[str, Any]:
    """Everything the officer would read of a contract, without the keys that chance makes."""
    codes = {one.key: one.code for one in (*dossier.objectives, *dossier.engagements, *dossier.partners)}
    days = {one.key: one.day for one in dossier.meetings}
    return {
        "figures": sorted((codes[m.objective], m.day, m.value, m.entered_on) for m in dossier.measurements),
        "meteos": sorted((codes[m.engagement], m.day, m.weather, m.results) for m in dossier.meteos),
        "steps": sorted((codes[s.engagement], s.rank, s.label, str(s.done_on)) for s in dossier.steps),
        "fundings": sorted((codes[f.partner], f.code, f.amount, f.first_year) for f in dossier.fundings),
        "meetings": sorted((m.kind, m.day, m.title) for m in dossier.meetings),
        "decisions": sorted((days[d.meeting], d.rank, d.label, d.state) for d in dossier.decisions),
        "frozen": sorted((days[s.meeting], s.day) for s in dossier.snapshots),
    }


def test_two_bases_of_one_day_hold_the_same(held: Database, tmp_path: Path) -> None:
    other = tmp_path / "autre.db"
    bases.create_example(other, now=NOW)
    with open_base(other, read_only=True) as base:
        assert told(contract_of(base)) == told(contract_of(held))


def test_two_examples_made_apart_exchange_and_nothing_is_double(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "notre.db", tmp_path / "autre.db"
    shutil.copyfile(path, ours)
    with open_base(ours) as base:
        before = contract_of(base)
        content = packages.write(base)[0]
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path / "collegue"))
    bases.create_example(theirs, now=NOW + timedelta(days=40))
    with open_base(theirs) as base:
        later = contract_of(base)
        brought = package.read(content, "lot")
        accepted = frozenset(one.public for one in packages.merge(base, brought, simulate=True).strangers)
        assert accepted
        merged = packages.merge(base, brought, consent=packages.Consent(accepted))
        both = contract_of(base)
        assert (merged.renumbered, merged.joined, packages.disagreements(base)) == ([], 0, ())
        assert maintenance.check(base) == []
    # What is more in either is the meeting to come, which each plans from its own day.
    apart = {one.key for one in before.meetings} ^ {
        one.key for one in later.meetings if one.day <= NOW.date()
    }
    assert len(both.meetings) == len(later.meetings) + len({one.key for one in before.meetings} & apart)
    assert len(apart) == 1
    for kind in ("measurements", "meteos", "steps", "fundings", "counter_values", "visits", "snapshots"):
        assert getattr(both, kind) == getattr(later, kind)
        assert {one.key for one in getattr(before, kind)} <= {one.key for one in getattr(later, kind)}


def test_it_is_sound_and_adds_no_incoherence_to_the_document(held: Database) -> None:
    assert maintenance.check(held) == []
    dossier = contract_of(held)
    of_the_document = {
        (point.kind, point.object) for point in findings(situation(example.contract(), NOW.date()))
    }
    more = {(one.kind, one.object) for one in findings(situation(dossier, NOW.date()))} - of_the_document
    # A parity that is no longer held is what the figures are to show.
    assert {kind for kind, _ in more} == {"parite_rompue"}


def test_it_tells_two_years_of_every_partner_and_every_status(held: Database) -> None:
    dossier = contract_of(held)
    invented = [one for one in dossier.measurements if one.source == "Chiffre inventé pour l’exemple"]
    assert {one.day.year for one in invented} >= {2024, 2025, 2026}
    owners = {one.key: one.partner for one in dossier.objectives}
    assert {owners[one.objective] for one in invented} == {one.key for one in dossier.partners}
    assert {one.partner for one in dossier.fundings if one.note} == {one.key for one in dossier.partners}
    now = situation(dossier, NOW.date())
    assert {one.status for one in now.assessments.values()} >= {
        Statut.EN_AVANCE,
        Statut.CONFORME,
        Statut.A_SURVEILLER,
        Statut.EN_RETARD,
        Statut.ATTEINT,
        Statut.NON_ATTEINT,
        Statut.NON_RENSEIGNE,
    }
    assert len(dossier.snapshots) == 2
    assert {one.state for one in dossier.decisions} == set(DecisionState)
    assert any(meeting.day > NOW.date() for meeting in dossier.meetings)
    assert len(readers.history(held, limit=5000)) > 200


def test_every_thing_it_adds_is_of_the_past_and_journalled_on_its_day(held: Database) -> None:
    dossier = contract_of(held)
    assert max(one.day for one in dossier.measurements) <= NOW.date()
    days = {entry.when.date() for entry in readers.history(held, limit=5000)}
    assert len(days) > 30
    assert max(days) == NOW.date()


@pytest.mark.parametrize("year", [2025, 2027, 2031])
def test_it_follows_the_years(tmp_path: Path, year: int) -> None:
    made = tmp_path / "exemple.db"
    bases.create_example(made, now=datetime(year, 8, 1, 10, 0, tzinfo=UTC))
    with open_base(made, read_only=True) as base:
        assert maintenance.check(base) == []
        days = [one.day for one in contract_of(base).measurements]
    assert date(year, 1, 1) <= max(days) <= date(year, 8, 1)


@pytest.mark.parametrize(("made_on", "held_on"), [(2, 28), (1, 28), (7, 31)])
def test_its_committee_to_come_is_on_a_working_day(tmp_path: Path, made_on: int, held_on: int) -> None:
    """Made on a Wednesday or a Thursday, it met on the weekend; on the first of December, at Christmas."""
    path = tmp_path / "exemple.db"
    bases.create_example(path, now=datetime(2026, 12, made_on, 10, tzinfo=UTC))
    with open_base(path, read_only=True) as base:
        assert max(item.day for item in contract_of(base).meetings) == date(2026, 12, held_on)


def test_a_file_of_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = paths.resource(example.FILE).read_text("utf-8")
    later = tmp_path / "lens-lievin.toml"
    resource = paths.resource
    monkeypatch.setattr(paths, "resource", lambda name: later if name == example.FILE else resource(name))
    for number in (0, 2):
        later.write_text(text.replace("format = 1", f"format = {number}"), "utf-8")
        with pytest.raises(UserError, match="seul le format 1 est connu"):
            bases.create_example(tmp_path / "exemple.db", now=NOW)
    later.write_text(text, "utf-8")
    assert example.contract().contract.fictitious


def test_its_contract_is_told_from_the_starter(held: Database) -> None:
    dossier = contract_of(held)
    assert dossier.contract.fictitious
    assert dossier.contract.code == "exemple-lens-lievin"
    assert dossier.contract.name.startswith("EXEMPLE FICTIF – ")
    assert all(one.key.startswith(EXAMPLE) for one in (*dossier.objectives, *dossier.engagements))
    assert bases.starter_contracts() == ("lens-lievin",)


@pytest.mark.parametrize("model", printing.MODELS)
def test_every_printed_page_says_that_the_data_are_invented(
    picture: Review, tmp_path: Path, model: str
) -> None:
    paper, word = tmp_path / "papier.pdf", tmp_path / "papier.docx"
    for target in (paper, word):
        printing.write_report(printing.Request(model, partner="BPI", territory="D62"), picture, target)
    assert all(FICTITIOUS in page for page in paper_text.pages(paper))
    document = Document(str(word))
    assert FICTITIOUS in [paragraph.text for paragraph in document.paragraphs]
    assert document.sections[0].footer.paragraphs[0].text.startswith(FICTITIOUS)


def test_the_tables_and_the_json_say_so_too(picture: Review, tmp_path: Path) -> None:
    target = tmp_path / "tableaux.zip"
    printing.write_report(printing.Request("copil"), picture, target)
    assert "00-donnees-fictives.txt" in zipfile.ZipFile(target).namelist()
    assert state.as_json(picture)["contrat"]["fictif"] is True


def test_the_json_says_why_a_rate_is_empty_what_is_missing_and_the_range_of_a_projection(
    picture: Review,
) -> None:
    told = state.as_json(picture)["objectifs"]
    alone = state.as_json(picture, "bpi")
    assert alone["objectifs"] == [item for item in told if item["partenaire"] == "BPI"] != told
    assert [item["code"] for item in alone["partenaires"]] == ["BPI"]
    # What is counted is what is shown, as in the sentence of the table.
    (partner,) = alone["partenaires"]
    whole = state.as_json(picture)
    assert alone["nb_objectifs"] == partner["nb_objectifs"] < whole["nb_objectifs"]
    assert alone["statuts"] == partner["statuts"]
    assert whole["nb_objectifs"] == sum(item["nb_objectifs"] for item in whole["partenaires"])
    named = {axis.key: f"Priorité\u202f: {axis.name}" for axis in picture.situation.dossier.axes}
    axes = [item["axe"] for item in whole["engagements"]]
    assert axes == [named.get(item.axis or "") for item in picture.situation.engagements]
    assert (len(named), len(axes) - axes.count(None)) == (5, 28)
    promised = {item.code: item for item in picture.situation.objectives if item.aim.promised}
    without = [item for item in told if item["code"] in promised and item["taux_avancement"] is None]
    assert without
    assert all(item["raison"] for item in without)
    for item in told:
        found = picture.situation.assessments[picture.situation.objective_by_code(item["code"]).key]
        assert item["manquants"] == list(found.missing)
    ranges = [
        item["projection"] for item in told if item["projection"] is not None and item["projection"]["basse"]
    ]
    assert ranges
    assert all(item["basse"] <= item["valeur"] <= item["haute"] for item in ranges)


@pytest.fixture
def real(tmp_path: Path) -> Path:
    made = tmp_path / "reelle.db"
    bases.create(made, "lens-lievin", now=NOW)
    return made


def as_json(base: Path, target: Path) -> Path:
    with open_base(base, read_only=True) as held:
        exports.export(
            held,
            desk_on(held, NOW.date()).review(held.contracts()[0].code, NOW.date()),
            target,
            content="contrat",
        )
    return target


def test_a_real_base_is_not_marked(real: Path, tmp_path: Path) -> None:
    with open_base(real, read_only=True) as base:
        picture = desk_on(base, NOW.date()).review(base.contracts()[0].code, NOW.date())
        paper = tmp_path / "papier.pdf"
        printing.write_report(printing.Request("mensuel"), picture, paper)
    assert state.as_json(picture)["contrat"]["fictif"] is False
    assert not any(FICTITIOUS in page for page in paper_text.pages(paper))


def test_the_example_does_not_enter_a_real_base(path: Path, real: Path, tmp_path: Path) -> None:
    file = as_json(path, tmp_path / "exemple.json")
    made = contract_import.preview(file, code="repris", today=NOW.date())
    before = real.read_bytes()
    with pytest.raises(UserError, match="n’entrent pas dans une base réelle"):
        bases.add_contract(real, made, now=NOW)
    assert real.read_bytes() == before


def test_a_real_contract_does_not_enter_the_example(path: Path, real: Path, tmp_path: Path) -> None:
    made = contract_import.preview(as_json(real, tmp_path / "reel.json"), code="repris", today=NOW.date())
    before = path.read_bytes()
    with pytest.raises(UserError, match="rien de réel n’y entre"):
        bases.add_contract(path, made, now=NOW)
    assert path.read_bytes() == before


def test_no_way_of_adding_a_contract_mixes_them(path: Path, real: Path) -> None:
    for base_path, key in ((real, f"{EXAMPLE}{new_key()}"), (path, new_key())):
        with open_base(base_path) as base:
            with pytest.raises(UserError), base.unit("Contrat créé") as unit:
                unit.put(Contract(key, "autre", "Autre"))
            assert len(base.contracts()) == 1


def test_a_copy_of_the_example_stays_an_example(path: Path, tmp_path: Path) -> None:
    made = contract_import.preview(as_json(path, tmp_path / "exemple.json"), code="copie", today=NOW.date())
    bases.add_contract(tmp_path / "copie.db", made, now=NOW)
    with open_base(tmp_path / "copie.db", read_only=True) as base:
        assert [one.fictitious for one in base.contracts()] == [True]


def test_neither_is_restored_over_the_other(path: Path, real: Path) -> None:
    of_example, of_real = safety.back_up(path), safety.back_up(real)
    for base, copy in ((real, of_example), (path, of_real)):
        before = base.read_bytes()
        with pytest.raises(UserError):
            safety.preview(base, copy)
        with pytest.raises(UserError):
            safety.restore(base, copy, now=NOW.replace(tzinfo=None))
        assert base.read_bytes() == before


def test_a_return_of_the_example_does_not_enter_a_real_base(
    held: Database, picture: Review, real: Path, tmp_path: Path
) -> None:
    book = tmp_path / "retour.xlsx"
    exports.export(desk_on(held, NOW.date()), picture, book, content="remontee", partner="BPI")
    with open_base(real, read_only=True) as base, pytest.raises(UserError, match="fictifs"):
        preview(desk_on(base, NOW.date()), base.contracts()[0].code, book)
    code = held.contracts()[0].code
    note = preview(desk_on(held, NOW.date()), code, as_csv(tmp_path)).notes
    assert any("exemple" in line for line in note)


def as_csv(folder: Path) -> Path:
    file = folder / "valeurs.csv"
    file.write_text("Code;Date;Valeur\nBPI-O01;30/10/2026;31\n", encoding="utf-8")
    return file
