"""What is typed about meetings and decisions prints as typed, in the committee's file and in the minutes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak

from qpvdesk.domain.model import Decision, DecisionState, Meeting, MeetingKind, Territory
from qpvdesk.domain.situation import situation
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models.attendance import attendance
from qpvdesk.reports.models.minutes import minutes
from qpvdesk.reports.sections.signature import Signatures
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.tables import DataTable
from qpvdesk.services import printing
from tests.helpers import invented, paper_text
from tests.helpers.reviews import review_of

SPACES = str.maketrans("\u202f\u00a0", "  ")
HOSTILE = (
    "<b>gras</b> & <i>non</i>",
    '<img src="/etc/passwd"/>',
    "</para><para>",
    "&nbsp;&lt;&#65;",
    "a" * 400,
    "Nul\x00 et \x1b[31m contrôle \x07",
    "\u202etxet lanigiro",
    "{}%s%(x)s\\N{BULLET}",
    "<font size=80>énorme</font>",
    "=cmd|' /C calc'!A0",
    "mot " * 1000,
    "\ud800 isolé",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("model", ["copil", "decisions"])
def test_what_is_typed_about_a_meeting_prints_as_typed(model: str, text: str, tmp_path: Path) -> None:
    meeting = Meeting("m", "k", MeetingKind.COPIL, date(2026, 6, 30), text, text, text, text)
    decisions = tuple(
        Decision(f"d{rank}", "m", text, rank, text, date(2026, 7, 1), state)
        for rank, state in enumerate(DecisionState, 1)
    )
    dossier = replace(invented.dossier(), meetings=(meeting,), decisions=decisions)
    path = tmp_path / "reunion.pdf"
    printing.write_report(
        printing.Request(model), review_of(situation(dossier, invented.TODAY), meeting=meeting), path
    )
    shown = "".join(paper_text.pages(path))
    wanted = re.sub("[\x00-\x1f\u202e\ud800]", "", text)
    squeezed = re.sub(r"\s", "", wanted)
    assert re.sub(r"\s", "", shown).count(squeezed[:120]) >= (5 if model == "decisions" else 4)
    if len(text) >= 4000:
        assert shown.count("mot") >= 4 * 1000


def test_the_file_tells_what_earlier_meetings_left_from_what_this_one_decides(tmp_path: Path) -> None:
    before = Meeting("a", "k", MeetingKind.COPIL, date(2025, 12, 10))
    here = Meeting("b", "k", MeetingKind.COPIL, date(2026, 6, 30))
    after = Meeting("c", "k", MeetingKind.COTECH, date(2026, 9, 9))
    decisions = (
        Decision("d1", "a", "Réunir les bailleurs", 1, "CALL"),
        Decision("d2", "b", "Saisir la Région", 1, "Sous-préfecture"),
        Decision("d3", "c", "Choisir un prestataire", 1, "DDETS"),
    )
    dossier = replace(invented.dossier(), meetings=(before, here, after), decisions=decisions)
    path = tmp_path / "copil.pdf"
    printing.write_report(
        printing.Request("copil"), review_of(situation(dossier, invented.TODAY), meeting=here), path
    )
    pages = paper_text.pages(path)
    section = next(text for text in pages if "Suites données aux décisions antérieures" in text)
    first, second = section.split("Décisions de cette réunion")
    assert "Réunir les bailleurs" in first
    assert "COPIL-2025-12-10-D1" in first
    assert "Saisir la Région" in second
    assert "Choisir un prestataire" not in section


def test_a_blank_form_has_room_for_the_nature_the_day_and_the_place_of_the_meeting(tmp_path: Path) -> None:
    path = tmp_path / "releve.pdf"
    dossier = replace(invented.dossier(), meetings=(), decisions=())
    printing.write_report(printing.Request("decisions"), review_of(situation(dossier, invented.TODAY)), path)
    text = paper_text.pages(path)[0].partition("Décisions\n")[0]
    assert all(word in text for word in ("Nature", "Date", "jj / mm / aaaa", "Lieu"))


def test_a_form_of_before_the_first_meeting_does_not_say_that_none_is_recorded() -> None:
    meeting = Meeting("m", "k", MeetingKind.COPIL, date(2026, 6, 30))
    dossier = replace(invented.dossier(), meetings=(meeting,), decisions=(Decision("d", "m", "Réunir"),))
    for recorded, told in (
        (
            dossier,
            ("Aucune réunion n’était tenue au 01/12/2023", "Aucune décision n’était prise au 01/12/2023"),
        ),
        (
            replace(dossier, meetings=(), decisions=()),
            ("Aucune réunion n’est enregistrée", "Aucune décision n’est enregistrée"),
        ),
    ):
        blocks = minutes(CopilData(review_of(situation(recorded, date(2023, 12, 1)))), None)
        words = [block.getPlainText().translate(SPACES) for block in blocks if hasattr(block, "getPlainText")]
        assert {f"{told[0]} : formulaire à remplir.", f"{told[1]} : lignes à remplir."} <= set(words)


@pytest.mark.parametrize(("count", "before"), [(0, 0), (3, 0), (11, 0), (16, 0), (11, 5)])
def test_who_was_there_has_room_to_sign_on_a_page_that_is_filled(count: int, before: int) -> None:
    """Rows of 7 mm were torn over two pages, the second half empty; `before`: what was left open made three of two."""
    load_fonts()
    people = "\n".join(f"Fonction {number}" for number in range(count))
    meeting = Meeting("m", "k", MeetingKind.COPIL, date(2026, 12, 30), agenda="Suites", participants=people)
    earlier = Meeting("e", "k", MeetingKind.COPIL, date(2025, 12, 10))
    left = tuple(Decision(f"d{rank}", "e", f"Suite {rank}", rank, "CALL") for rank in range(before))
    dossier = replace(invented.dossier(), meetings=(earlier, meeting), decisions=left)
    blocks = minutes(CopilData(review_of(situation(dossier, invented.TODAY), meeting=meeting)), meeting)
    tables = [block for block in blocks if isinstance(block, DataTable)]
    assert tables[-1].columns.header[-1] == "Émargement"
    assert len(tables[-1].row_heights) >= max(count, 4)
    assert min(min(table.row_heights) for table in (tables[0], tables[-1])) >= 9 * mm
    pages, last = laid_out(blocks)
    assert pages <= 2
    assert last > 0.88
    turned = next((index for index, block in enumerate(blocks) if isinstance(block, PageBreak)), 0)
    assert bool(turned) is (pages == 2)
    # Who signs stands under the decisions: their page was half white. On one page it is the same order: it was read last.
    signed = [index for index, block in enumerate(blocks) if isinstance(block, Signatures)]
    assert signed[0] < blocks.index(tables[-1])
    assert not turned or signed[0] < turned
    assert not turned or laid_out(blocks[:turned])[1] > 0.88


def test_each_mayor_signs_on_his_own_line() -> None:
    """Twelve were to sign on the one row of « Maires des communes qui ont un quartier »."""
    load_fonts()
    communes = [Territory(f"x{at}", "k", f"62{at:03}", f"Ville {at}", "commune", "t2") for at in range(9)]
    quartiers = [
        Territory(f"q{at}", "k", f"QN62{at:03}", "Cité", "qpv", item.key)
        for at, item in enumerate(communes[1:])
    ]
    base = invented.dossier()
    for told, count in (
        ("Maires des communes qui ont un quartier", 8),
        ("Maires", 10),
        ("Maire de Lens", 1),
        ("Maires de Lens et de Liévin", 1),
        ("Maires adjoints à la cohésion sociale", 1),
    ):
        people = f"Préfecture\n{told}\nConseils citoyens"
        meeting = Meeting("m", "k", MeetingKind.COPIL, date(2026, 12, 30), participants=people)
        territories = (*base.territories, *communes, *quartiers)
        now = situation(replace(base, territories=territories, meetings=(meeting,)), invented.TODAY)
        data = CopilData(review_of(now, meeting=meeting))
        blocks = attendance(data)
        # A sheet that was signed may come loose: each page says of which meeting it is.
        entries = [getattr(block, "entry", None) for block in (*blocks, *minutes(data, meeting))]
        assert {entry.running for entry in entries if entry is not None} == {"Séance du 30/12/2026"}
        rows = [row for block in blocks if isinstance(block, DataTable) for _, row in block.text_rows()]
        assert [row[0] for row in rows[:: count + 1][:2]] == [("Préfecture",), ("Conseils citoyens",)]
        pages, last = laid_out(blocks)
        assert (pages, last > 0.88) == (1, True)
