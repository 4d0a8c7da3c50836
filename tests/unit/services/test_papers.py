"""The papers of a meeting: which were made, when, of which data; never of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Contract, Dossier
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import situation
from qpvdesk.services import printing
from qpvdesk.services.committees import committee, freezing, papers
from qpvdesk.storage import maintenance, readers
from qpvdesk.storage.base import Database
from qpvdesk.storage.opening import open_base
from tests.helpers import paper_text
from tests.helpers.reviews import desk_on, review_of
from tests.unit.storage import samples

TODAY = date(2026, 6, 30)
CODE = "contrat-1"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    with samples.new_base(tmp_path / "base.db") as made:
        yield made


def held(base: Database) -> Dossier:
    return base.dossier(base.contracts()[0].key)


def made(base: Database, model: str, name: str) -> Review:
    subject = printing.subject(
        desk_on(base, TODAY), CODE, printing.Request(model, meeting=held(base).meetings[0].key)
    )
    papers.record(desk_on(base, TODAY), CODE, model, subject, name=name)
    return subject


def test_a_paper_is_noted_with_the_digits_at_the_foot_of_its_pages(base: Database, tmp_path: Path) -> None:
    for model in ("copil", "mensuel", "decisions"):
        subject = printing.subject(
            desk_on(base, TODAY), CODE, printing.Request(model, meeting=held(base).meetings[0].key)
        )
        path = tmp_path / f"{model}.pdf"
        printing.write_report(printing.Request(model), subject, path)
        change = papers.record(desk_on(base, TODAY), CODE, model, subject, name=path.name)
        assert change.kinds == {"paper"}, "what shows the papers is told to read them again"
        (paper,) = [item for item in held(base).papers if item.model == model]
        foot = paper_text.pages(path)[-1]
        assert paper.fingerprint in foot.replace(" ", "")
        assert papers.sentence(paper).startswith(f"{printing.MODELS[model].label}, le ")
        assert papers.sentence(paper).endswith(f", {model}.pdf")
        (told,) = re.findall(r"\((\w{4} \w{4} \w{4} \w{4})\)", papers.sentence(paper))
        assert told.replace(" ", "") == paper.fingerprint[:16]


def test_only_the_name_of_the_file_is_kept(base: Database) -> None:
    for name in (r"C:\Users\dupont\copil.pdf", "/home/dupont/copil.pdf", "copil.pdf"):
        made(base, "copil", name)
    assert {item.name for item in held(base).papers} == {"copil.pdf"}
    assert not any("dupont" in str(entry) for entry in readers.history(base, None, 100))


def test_a_name_that_is_none_is_made_one(base: Database) -> None:
    for name in ("..", r"C:\x\nul.pdf", ""):
        made(base, "copil", name)
    assert {item.name for item in held(base).papers} == {"fichier", "_nul.pdf", ""}


def test_what_was_printed_changes_neither_the_data_nor_what_is_frozen(base: Database) -> None:
    freezing.freeze(desk_on(base, TODAY), CODE, "meet")
    first = printing.subject(
        desk_on(base, TODAY), CODE, printing.Request("decisions", meeting=held(base).meetings[0].key)
    )
    digits = printing.fingerprint_of(first)
    made(base, "decisions", "releve.pdf")
    again = printing.subject(
        desk_on(base, TODAY), CODE, printing.Request("decisions", meeting=held(base).meetings[0].key)
    )
    assert printing.fingerprint_of(again) == digits
    with pytest.raises(UserError, match="Rien n’a changé"):
        freezing.freeze(desk_on(base, TODAY), CODE, "meet", replacing="Un papier imprimé")
    assert maintenance.check(base) == []


def test_a_meeting_goes_with_the_record_of_its_papers(base: Database) -> None:
    made(base, "copil", "")
    assert "à l’imprimante" in papers.sentence(held(base).papers[0])
    committee.remove(desk_on(base, TODAY), CODE, "meet")
    assert held(base).papers == ()
    base.undo()
    assert len(papers.of_meeting(held(base), "meet")) == 1


def test_undo_passes_over_what_was_printed(base: Database) -> None:
    with base.unit("Note") as unit:
        unit.put(replace(held(base).contract, note="Autre note"))
    made(base, "copil", "copil.pdf")
    assert base.stacks.undo_label == "Note"
    assert "Impression pour" in readers.history(base, None, 1)[0].act
    base.undo()
    assert held(base).contract.note != "Autre note"
    assert len(held(base).papers) == 1
    base.redo()
    assert held(base).contract.note == "Autre note"
    assert maintenance.check(base) == []
    path = base.path
    base.close()
    with open_base(path) as again:
        assert again.stacks.undo_label == "Note"


def test_a_paper_of_a_place_without_one_says_so_in_no_word_of_the_shell(tmp_path: Path) -> None:
    """The page « Impressions » shows what the shell prints, but what there is to type."""
    bare = review_of(situation(Dossier(Contract("k", "neuf", "Contrat neuf")), TODAY))
    for model, kind in (("partenaire", "partenaire"), ("territoire", "territoire")):
        with pytest.raises(UserError) as refusal:
            printing.write_report(printing.Request(model), bare, tmp_path / "f.pdf")
        assert str(refusal.value) == f"Ce modèle demande un {kind}. Le contrat n’a encore aucun {kind}."
        assert refusal.value.shell == f"Ajoutez «\u202f--{kind} CODE\u202f»."


def test_a_record_of_a_past_day_is_of_the_last_meeting_held_by_then(base: Database) -> None:
    """« --modele decisions --date 31/01/2025 » printed the record of a meeting of June 2026."""
    desk, (meeting,) = desk_on(base, TODAY), held(base).meetings
    request = printing.Request("decisions")
    known = printing.subject(desk, CODE, request, TODAY).meeting
    assert known is not None
    assert known.key == meeting.key
    assert printing.subject(desk, CODE, request, meeting.day - timedelta(days=1)).meeting is None


def test_nothing_is_compared_with_a_meeting_to_come(base: Database) -> None:
    """It was said to be not frozen, with a day to name, which was then refused."""
    desk, (meeting,) = desk_on(base, TODAY), held(base).meetings
    eve = meeting.day - timedelta(days=1)
    told = f"{meeting_code(meeting)} n’a pas encore eu lieu au {format_date(eve)}"
    with pytest.raises(UserError, match=told):
        desk.review(CODE, eve, meeting_code(meeting))
