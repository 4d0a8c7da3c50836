"""A paper proves itself: found again by its fingerprint, its pages set beside the same ones printed anew."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import MeetingKind
from qpvdesk.services import bases, measurements, paper_check, paper_in, printing
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.services.compositions import composition
from qpvdesk.services.desk import Desk
from qpvdesk.services.measurements import Entry
from qpvdesk.storage.opening import open_base
from tests.unit.storage.samples import NOON

TODAY = date(2025, 11, 28)
COPIL = date(2025, 6, 30)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    path = tmp_path / "base.db"
    bases.create(path, "lens-lievin", now=NOON)
    return Desk(open_base(path), today=lambda: TODAY)


def record(desk: Desk, contract: str, day: date, value: str) -> None:
    objective = next(item for item in desk.dossier(contract).objectives if item.code == "BPI-O01")
    measurements.record(desk, contract, Entry(objective=objective.key, day=day, value=Decimal(value)))


def printed(desk: Desk, contract: str, path: Path) -> Path:
    """The short file of the last committee, with the officer's words."""
    request = printing.Request("court", meeting=desk.dossier(contract).meetings[-1].key)
    review = printing.subject(desk, contract, request)
    words = composition(printing.copil_sections(review), words={"essentiel": "Un bus de plus."})
    request = replace(request, composition=words)
    printing.write_report(request, review, path)
    return path


def test_a_paper_says_where_it_comes_from_what_was_changed_and_what_moved(desk: Desk, tmp_path: Path) -> None:
    contract = desk.contracts()[0].code
    record(desk, contract, date(2025, 5, 1), "23")
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
    freezing.freeze(desk, contract, desk.dossier(contract).meetings[-1].key, COPIL)
    paper = printed(desk, contract, tmp_path / "court.pdf")
    sound = paper_check.check(desk, paper)
    assert sound.intact
    assert not sound.moves
    record(desk, contract, date(2025, 11, 1), "30")
    later = paper_check.check(desk, paper)
    assert later.intact
    assert [move.objective.code for move in later.moves] == ["BPI-O01"]
    assert "COPIL-2025-06-30" in " ".join(paper_check.told(later))
    with pikepdf.open(paper, allow_overwriting_input=True) as document:
        document.pages[1].contents_add(b"0 0 40 40 re f")
        document.save(paper)
    forged = paper_check.check(desk, paper)
    assert (forged.intact, forged.altered) == (False, (2,))
    with pikepdf.open(paper, allow_overwriting_input=True) as document:
        del document.pages[-1]
        document.save(paper)
    assert paper_check.check(desk, paper).missing == 1


def test_a_paper_of_data_that_nobody_froze_is_lost_once_they_change(desk: Desk, tmp_path: Path) -> None:
    contract = desk.contracts()[0].code
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
    paper = printed(desk, contract, tmp_path / "court.pdf")
    assert paper_check.check(desk, paper).intact
    record(desk, contract, date(2025, 5, 1), "23")
    lost = paper_check.check(desk, paper)
    assert lost.review is None
    assert "n’étaient pas arrêtées" in " ".join(paper_check.told(lost))


def test_what_is_no_paper_of_ours_is_said_so(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "autre.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(other)
    with pytest.raises(UserError, match="ne dit pas de quel papier"):
        paper_check.check(desk, other)
    (tmp_path / "faux.pdf").write_bytes(b"%PDF-1.7 rien")
    with pytest.raises(UserError, match="PDF lisible"):
        paper_in.read(tmp_path / "faux.pdf")


def test_a_paper_locked_by_a_password_is_refused_in_french(desk: Desk, tmp_path: Path) -> None:
    locked = tmp_path / "court.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(UserError, match="est protégé par un mot de passe") as refused:
        paper_check.check(desk, locked)
    assert refused.value.remedy.startswith("Demandez-le sans mot de passe")


def test_the_code_at_the_foot_is_drawn_on_each_page(desk: Desk, tmp_path: Path) -> None:
    contract = desk.contracts()[0].code
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
    paper = printed(desk, contract, tmp_path / "court.pdf")
    shown = pypdfium2.PdfDocument(io.BytesIO(paper.read_bytes()))
    for page in shown:
        picture = page.render(scale=4).to_pil().convert("L")
        right, foot = picture.width - (51 * 4), picture.height - (39 * 4)
        code = picture.crop((right - 21 * 4, foot, right, foot + 21 * 4))
        dark = sum(pixel < 128 for pixel in code.tobytes()) / (code.width * code.height)
        assert 0.3 < dark < 0.7
