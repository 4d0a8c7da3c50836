"""Joined files and source documents: what is kept, what is refused, and every citation led to its passage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk import paths
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Citation, Decision, Dossier, Visit
from qpvdesk.services import documents, measurements
from qpvdesk.services.contracts import contract_files
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from qpvdesk.storage import starter as starters
from qpvdesk.storage.keys import starter_key
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

SEED = Path(__file__).parents[4] / "shared" / "seed" / "annexes-contrat-de-ville-lens-lievin.txt"
_INVENTED = invented.dossier()
HELD = replace(
    _INVENTED,
    decisions=(Decision("dec", _INVENTED.meetings[0].key, "Écrire à l’ARS", 1, "Sous-préfecture"),),
    visits=(Visit("visit", _INVENTED.contract.key, invented.TODAY, "Centre social"),),
)
CODE = HELD.contract.code


@pytest.fixture
def base(tmp_path: Path) -> WatchedBase:
    return WatchedBase(tmp_path / "essai.db", HELD, invented.TODAY)


@pytest.fixture
def desk(base: WatchedBase) -> Iterator[Desk]:
    made = base.open()
    yield made
    made.close()


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "Lettre de l’ARS.txt"
    path.write_text("Santé\n\nDeux médiateurs de plus en 2026.\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", documents.HOLDERS)
def test_a_file_is_joined_to_each_kind_of_thing_copied_out_and_taken_away(
    kind: str, desk: Desk, base: WatchedBase, letter: Path, tmp_path: Path
) -> None:
    key = getattr(HELD, documents.HOLDERS[kind])[0].key
    change = documents.attach(desk, CODE, kind, key, incoming=documents.take_in(letter, read=False))
    assert change.label == "Pièce jointe\u202f: Lettre de l’ARS.txt"
    (held,) = base.held.joined(key)
    assert base.held.joined(key + "~") == ()
    assert documents.save_copy(desk, held, tmp_path / "copie.txt").read_bytes() == letter.read_bytes()
    documents.detach(desk, CODE, held.key)
    assert base.held.joined(key) == base.held.joined("~") == ()
    desk.undo()
    assert base.held.joined(key) == (held,)


def test_what_goes_takes_its_files_along_and_comes_back_with_them(
    desk: Desk, base: WatchedBase, letter: Path
) -> None:
    measurement = HELD.measurements[0]
    documents.attach(
        desk, CODE, "measurement", measurement.key, incoming=documents.take_in(letter, read=False)
    )
    measurements.remove(desk, CODE, measurement.key)
    assert base.held.attachments == ()
    desk.undo()
    assert len(base.held.joined(measurement.key)) == 1


def test_a_document_is_added_from_its_file_and_read(desk: Desk, base: WatchedBase, letter: Path) -> None:
    documents.add_document(desk, CODE, documents.take_in(letter, read=True))
    made = next(one for one in base.held.documents if one.title == "Lettre de l’ARS")
    assert made.code == "LETTRE-DE-L-ARS"
    reading = documents.reading(desk, CODE, made.key)
    assert reading.source is not None
    assert reading.drawn == ()
    (found,) = documents.search(desk, CODE, "mediateurs 2026")
    assert found.document == made
    assert [found.source.text[one.start : one.end] for one in found.hits[0].found] == ["médiateurs", "2026"]
    assert documents.search(desk, CODE, "introuvable") == ()
    other = letter.with_name("v2.txt")
    other.write_text("Trois médiateurs.", encoding="utf-8")
    documents.replace(desk, CODE, made.key, documents.take_in(other, read=True))
    assert documents.search(desk, CODE, "deux") == ()
    desk.undo()
    assert len(documents.search(desk, CODE, "deux")) == 1


def test_what_was_read_without_a_file_stands_under_its_engagement_with_its_place() -> None:
    partner, promise = HELD.partners[0], HELD.engagements[0]

    def drawn(kind: str, label: str, section: str, mark: str, *, of: bool = True) -> documents.Drawn:
        key = promise.key if kind == "engagement" else label
        cited = Citation("doc", section, mark)
        return documents.Drawn(
            kind, key, "", label, partner.key if of else "", cited, None, promise.key if of else ""
        )

    # A passage says where it is as the first that was drawn from it does, and only where that changes.
    source, placed, headings = documents._quoted(
        HELD,
        [
            drawn("engagement", promise.label, "Axe 1", "40 bus"),
            drawn("measurement", "12", "Page 3", "40 bus"),
            drawn("objective", "Bus", "Axe 2", "40 bus"),
            drawn("objective", "Postes", "Axe 1", "9 postes"),
            drawn("objective", "Clubs", "Axe 3", "3 clubs"),
            drawn("condition", "Sous réserve", "", "", of=False),
        ],
    )
    assert source is not None
    assert source.text.splitlines() == [
        partner.name,
        "",
        f"{promise.label} ({promise.code})",
        "Bus, et 1 autre",
        "«\u202f40 bus\u202f» · Axe 1",
        "",
        "Postes",
        "«\u202f9 postes\u202f»",
        "",
        "Clubs",
        "«\u202f3 clubs\u202f» · Axe 3",
        "",
        "Hors des engagements",
        "",
        "Sous réserve",
        "«\u202fsans extrait\u202f»",
    ]
    said = [source.text[one.span.start : one.span.end] for one in placed if one.span]
    assert said == ["40 bus"] * 3 + ["9 postes", "3 clubs", "sans extrait"]
    assert [source.text[one.start : one.end] for one in headings] == [
        partner.name,
        promise.label,
        "Hors des engagements",
    ]
    assert documents._quoted(HELD, []) == (None, (), ())


def test_a_figure_that_a_document_gives_is_of_the_partner_of_its_objective() -> None:
    figure = replace(HELD.measurements[0], citation=Citation("doc", "Axe 1", "23 bus"))
    held = replace(HELD, measurements=(figure, *HELD.measurements[1:]))
    (drawn,) = (item for item in documents.drawn_from(held, "doc") if item.kind == "measurement")
    objective = next(item for item in HELD.objectives if item.key == figure.objective)
    assert (drawn.code, drawn.partner) == (objective.code, objective.partner)
    assert drawn.label.startswith(f"{objective.label}, relevé de ")


def test_a_second_file_of_the_same_name_gets_a_code_of_its_own(
    desk: Desk, base: WatchedBase, letter: Path
) -> None:
    documents.add_document(desk, CODE, documents.take_in(letter, read=True))
    letter.write_text("Autre", encoding="utf-8")
    documents.add_document(desk, CODE, documents.take_in(letter, read=True))
    assert {"LETTRE-DE-L-ARS", "LETTRE-DE-L-ARS-2"} <= {one.code for one in base.held.documents}


def test_what_is_too_heavy_absent_empty_or_already_there_is_refused_in_a_sentence(
    desk: Desk, letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = HELD.engagements[0].key
    heavy, empty = tmp_path / "lourd.pdf", tmp_path / "vide.pdf"
    heavy.write_bytes(b"x" * (documents.MAX_FILE + 1))
    empty.touch()
    for path, words in (
        (heavy, "trop lourd"),
        (empty, "vide"),
        (tmp_path / "absent", "ne peut pas être ouvert"),
    ):
        with pytest.raises(UserError, match=words) as told:
            documents.take_in(path, read=False)
        assert told.value.remedy
    incoming = documents.take_in(letter, read=False)
    documents.attach(desk, CODE, "engagement", key, incoming=incoming)
    with pytest.raises(UserError, match="déjà joint"):
        documents.attach(desk, CODE, "engagement", key, incoming=incoming)
    with pytest.raises(UserError, match="n’existe plus"):
        documents.attach(desk, CODE, "engagement", "parti", incoming=incoming)
    letter.write_text("Autre chose", encoding="utf-8")
    monkeypatch.setattr(documents, "BUDGET", 20)
    with pytest.raises(UserError, match="plus de place") as told:
        documents.attach(desk, CODE, "engagement", key, incoming=documents.take_in(letter, read=False))
    assert "Libérer la place" in told.value.remedy


def test_room_is_given_back_by_what_was_taken_away(desk: Desk, base: WatchedBase, letter: Path) -> None:
    key = HELD.engagements[0].key
    documents.attach(desk, CODE, "engagement", key, incoming=documents.take_in(letter, read=False))
    assert documents.release(desk) == 0
    documents.detach(desk, CODE, base.held.joined(key)[0].key)
    assert documents.size(desk) > 0
    assert documents.release(desk) == 1
    assert documents.size(desk) == 0


# The starter contract and its document


@pytest.fixture(scope="module")
def starter() -> Dossier:
    return contract_files.load(paths.resource("contracts/lens-lievin"), key_of=starter_key)


@pytest.mark.skipif(not SEED.exists(), reason="the public document is not beside this checkout")
def test_every_citation_of_the_starter_contract_leads_to_its_passage_in_the_document(
    starter: Dossier, tmp_path: Path
) -> None:
    path = tmp_path / "base.db"
    with opening.create(path, now=datetime(2026, 1, 1).astimezone()) as base:
        starters.import_starter(base, starter)
        desk = Desk(base, today=lambda: invented.TODAY)
        document = next(item for item in starter.documents if item.code == "ANNEXES")
        documents.replace(desk, starter.contract.code, document.key, documents.take_in(SEED, read=True))
        reading = documents.reading(desk, starter.contract.code, document.key)
        assert reading.source is not None
        assert [one.code for one in reading.drawn if one.span is None] == []
        cited = sum(
            one.citation is not None
            and one.citation.document == document.key
            and not getattr(one, "retired", False)
            for kind in (
                starter.populations, starter.establishments, starter.legal_references, starter.engagements,
                starter.conditions, starter.objectives, starter.measurements, starter.fundings, starter.statements,
            )
            for one in kind  # type: ignore[attr-defined]
        )  # fmt: skip
        assert len(reading.drawn) == cited
        places = {one.code: one.span.start for one in reading.drawn if one.span is not None}
        # Each in the part of its own partner.
        bpi = [place for code, place in places.items() if code.startswith("BPI-")]
        ft = [place for code, place in places.items() if code.startswith("FT-")]
        assert max(bpi) < min(ft) or max(ft) < min(bpi)
        # And back: the passage of the emplois francs knows what was drawn from it.
        passage = reading.source.paragraph_at(reading.source.find("1 339 Emplois Francs")[0].start)
        assert [one.code for one in reading.drawn if one.span and passage.holds(one.span.start)] != []
