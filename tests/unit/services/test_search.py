"""Search over everything: what is looked for comes first, wherever it is written, whatever slip of the hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qpvdesk.domain.model import MeetingKind
from qpvdesk.services import bases, documents, measurements, search
from qpvdesk.services.committees import committee
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.services.measurements import Entry
from qpvdesk.storage import files, maintenance, opening

TODAY = date(2026, 11, 28)
CODE = "lens-lievin"


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("search") / "starter.db"
    bases.create(path, CODE, now=datetime(2026, 11, 28, 12, tzinfo=UTC))
    with opening.open_base(path) as base:
        yield Desk(base, today=lambda: TODAY)


def first(desk: Desk, words: str) -> search.Found:
    return search.find(desk, CODE, words)[0]


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ("collège Langevin", "établissement", "COL-AVION-LANGEVIN"),
        ("COLLEGE LANGEVIN", "établissement", "COL-AVION-LANGEVIN"),
        ("2023-01515", "référence juridique", "REF-REGION-2023-01515"),
        ("acompagnement globale", "engagement", "FT-E07"),
        ("accompagnement global", "engagement", "FT-E07"),
        ("ft-e07", "engagement", "FT-E07"),
        ("FT", "partenaire", "FT"),
        ("bpi", "partenaire", "BPI"),
        ("bpi-o02", "objectif", "BPI-O02"),
        ("bus entreprenariat", "engagement", "BPI-E01"),
        ("mediatuers", "engagement", "ARS-E01"),
        ("cités labs", "engagement", "BPI-E02"),
        ("diateurs en santé", "engagement", "ARS-E01"),
        ("ollège angevin", "établissement", "COL-AVION-LANGEVIN"),
        ("phrase secrète", "guide", ""),
    ],
)
def test_the_right_thing_comes_first(starter: Desk, words: str, kind: str, code: str) -> None:
    found = first(starter, words)
    assert (found.kind, found.code) == (kind, code)


def test_a_reserve_is_found_by_what_it_is(starter: Desk) -> None:
    found = search.find(starter, CODE, "sous réserve")
    assert found[0].kind == "réserve"
    assert found[0].title.startswith("Sous réserve des crédits disponibles")
    assert {item.kind for item in found if item.kind != "guide"} == {"réserve"}


def test_what_is_written_well_is_never_taken_for_something_near(starter: Desk) -> None:
    assert not any(item.near for item in search.find(starter, CODE, "médiateurs"))
    assert all(item.near for item in search.find(starter, CODE, "mediatuers"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("bus", "BPI-O01"),
        ("bus entreprenariat", "BPI-O01"),
        ("entreprenneuriat bus", "BPI-O01"),
        ("ft-o18", "FT-O18"),
        ("FT", "FT-O01"),
        ("acompagnement globale", "FT-O18"),
    ],
)
def test_one_kind_alone_is_looked_for(starter: Desk, words: str, code: str) -> None:
    found = search.find(starter, CODE, words, kind="objective")
    assert code in {item.code for item in found}
    assert {item.kind for item in found} == {"objectif"}
    assert len(search.find(starter, CODE, "sous réserve", kind="objective")) == 0, (
        "no line of the guide either"
    )


@pytest.mark.parametrize("words", ["xqzwk", "zz", "  ", '"', "* OR", '"bus" NEAR("'])
def test_nonsense_finds_nothing_and_breaks_nothing(starter: Desk, words: str) -> None:
    assert search.find(starter, CODE, words) == ()


@pytest.mark.parametrize(
    "words",
    [
        "{name}: x",
        "NOT bus",
        "a\x00b",
        "(",
        "name:bus",
        "*" * 5000,
        "é" * 300,
        "lens_lievin",
        "___",
        "(c)",
        "bus 中文本",
        "a_b_c bus",
        "𐐷𐐷𐐷",
        "ꭓꭓx_y",
    ],
)
def test_what_means_something_to_the_index_is_taken_as_words(starter: Desk, words: str) -> None:
    search.find(starter, CODE, words)


def test_statements_notes_and_citations_lead_to_their_passage(starter: Desk) -> None:
    note = first(starter, "À ne pas additionner aux 450 M€")
    assert (note.kind, note.code) == ("moyen", "BPI-F02")
    cited = first(starter, "délibération du 05 octobre 2023")
    assert (cited.shown, cited.focus) == ("document", "ANNEXES")
    assert cited.mark


def test_what_is_written_later_is_found_at_once_and_gone_at_once(starter: Desk) -> None:
    desk = starter
    objective = next(item for item in desk.dossier(CODE).objectives if item.code == "BPI-O01")
    entry = Entry(
        objective=objective.key, day=date(2026, 6, 30), value=Decimal(27), comment="Panne de zyzomys à Lens."
    )
    measurements.record(desk, CODE, entry)
    found = first(desk, "zyzomys")
    assert (found.kind, found.code, found.shown, found.focus) == ("relevé", "BPI-O01", "objective", "BPI-O01")
    assert found.extract == "Panne de zyzomys à Lens."
    committee.create(
        desk, CODE, MeetingEntry(MeetingKind.COPIL, date(2026, 6, 30), agenda=("Point sur le zyzomys",))
    )
    assert [item.kind for item in search.find(desk, CODE, "zyzomys")] == ["instance", "relevé"]
    desk.undo()
    desk.undo()
    assert search.find(desk, CODE, "zyzomys") == ()
    assert maintenance.check(desk.base) == []


def test_a_code_that_begins_with_what_is_typed_comes_before_a_title_that_does(starter: Desk) -> None:
    meeting = MeetingEntry("Réunion", date(2026, 6, 30), title="Col-Avion, le point")
    committee.create(starter, CODE, meeting)
    found = [item.kind for item in search.find(starter, CODE, "col-avion")]
    assert found.index("établissement") < found.index("instance")
    starter.undo()


def test_a_retired_objective_is_not_found(starter: Desk) -> None:
    desk = starter
    objective = next(item for item in desk.dossier(CODE).objectives if item.code == "FT-O18")
    acts.retire(desk, CODE, "objective", objective.key)
    assert "FT-O18" not in {item.code for item in search.find(desk, CODE, "accompagnement global")}
    desk.undo()
    assert "FT-O18" in {item.code for item in search.find(desk, CODE, "accompagnement global")}


def test_the_pages_of_a_document_are_found_with_their_words(starter: Desk) -> None:
    pages = ("Page de garde.", "Le préfet rappelle que le tramway ne desservira pas Wingles avant 2031.")
    incoming = documents.Incoming("avenant.pdf", b"pdf", documents.sha256(b"pdf"), pages)
    documents.add_document(starter, CODE, incoming)
    found = first(starter, "tramway wingles")
    assert (found.kind, found.shown, found.title) == ("passage", "document", "avenant, page 2")
    assert found.extract in pages[1]
    assert starter.undo() is not None
    assert search.find(starter, CODE, "tramway wingles") == ()


def test_of_many_pages_only_those_that_are_shown_are_read(
    starter: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of a sentence are in every page; the one that says it comes first."""
    pages = (
        *["De la ville, les quartiers\u202f: des habitants."] * 300,
        "Vu les habitants des quartiers de la ville.",
    )
    incoming = documents.Incoming("rapport.pdf", b"rapport", documents.sha256(b"rapport"), pages)
    documents.add_document(starter, CODE, incoming)
    read: list[int] = []
    some_pages = files.some_pages

    def counted(base: Any, digest: str, numbers: list[int]) -> list[str | None]:
        read.append(len(numbers))
        return some_pages(base, digest, numbers)

    monkeypatch.setattr(files, "some_pages", counted)
    found = search.find(starter, CODE, "les habitants des quartiers de la vil")
    assert sum(read) <= search.FOUND_MAX
    assert len(read) == 1, "the pages of one file are read together"
    assert found[0].title == "rapport, page 301"
    read.clear()
    assert search.find(starter, CODE, "les habitants xyl") == ()
    assert len(read) <= 1, "nor read again for words that are nearly the same"
    assert starter.undo() is not None
