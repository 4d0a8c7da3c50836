"""The departmental note and its slides: what the contracts' own reviews say, in four pages, for sixty contracts too."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from pptx import Presentation
from pptx.util import Pt

from qpvdesk.__main__ import main
from qpvdesk.domain import review
from qpvdesk.domain.overview import NO_SUM, ContractLine, Overview, line_of, overview
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports.models import department
from qpvdesk.storage import opening
from tests.bench.bases import take_in
from tests.bench.synthetic import Size, dossier, dossiers
from tests.helpers import paper_text

DAY = date(2026, 9, 30)


@pytest.fixture(scope="module")
def lines() -> tuple[ContractLine, ...]:
    return tuple(line_of(review.glance(situation(dossier(number, 90, 2), DAY), None)) for number in range(3))


def counts_of(line: ContractLine) -> str:
    """« 29 sur 76 », counted here: the note and the shell are not asked what they would say."""
    late = (Statut.A_SURVEILLER, Statut.EN_RETARD, Statut.NON_ATTEINT)
    promised = sum(count for status, count in line.counts.items() if status is not Statut.SUIVI)
    assert promised > 50
    return f"{sum(line.counts[status] for status in late)} sur {promised}"


def sixty(lines: tuple[ContractLine, ...]) -> Overview:
    """Sixty contracts that are three under other names, long ones."""
    named = []
    for number in range(60):
        line = lines[number % 3]
        kind = ("communauté d’agglomération", "communauté de communes", "métropole")[number % 3]
        name = f"Contrat de ville de la {kind} numéro {number} de très loin"
        contract = replace(line.contract, key=f"k{number}", code=f"c{number}", name=name)
        followed = tuple(replace(item, contract=contract) for item in line.followed)
        named.append(replace(line, contract=contract, followed=followed))
    return overview(DAY, named)


def test_the_note_says_the_counts_of_each_contract(lines: tuple[ContractLine, ...], tmp_path: Path) -> None:
    view = overview(DAY, lines)
    department.write(tmp_path / "n.pdf", view)
    text = "\n".join(paper_text.pages(tmp_path / "n.pdf"))
    for line in lines:
        assert f"{view.names[line.contract.key]}{counts_of(line)}" in text.replace("\n", "")
    assert NO_SUM in text.replace("\n", " ")
    assert "Médiane de 3 contrats" in text


def test_what_is_not_known_is_counted_as_in_the_papers_of_each_contract(
    lines: tuple[ContractLine, ...], tmp_path: Path
) -> None:
    first = lines[0]
    department.write(tmp_path / "n.pdf", overview(DAY, [first]))
    text = " ".join(paper_text.pages(tmp_path / "n.pdf"))
    unknown = {item.partner.name: item.counts[Statut.NON_RENSEIGNE] for item in first.partners}
    assert any(unknown.values())
    told = re.findall(
        rf"([^•]+), 1 contrat\s: {re.escape(first.contract.name)} \((\d+)\)\.", " ".join(text.split())
    )
    assert {name.strip(): int(count) for name, count in told} == {key: n for key, n in unknown.items() if n}
    assert "pas répondu" not in text
    assert ".." not in text.partition("Objectifs communs")[2]


@pytest.mark.parametrize("ending", ["docx", "odt", "zip"])
def test_it_can_be_taken_up_elsewhere(lines: tuple[ContractLine, ...], tmp_path: Path, ending: str) -> None:
    assert department.write(tmp_path / f"n.{ending}", overview(DAY, lines)) == 0


def test_sixty_contracts_hold_in_four_pages(
    lines: tuple[ContractLine, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = sixty(lines)
    assert len(view.common) > 5
    monkeypatch.setattr(department, "_COMMON_MAX", len(view.common) - 1)
    assert department.write(tmp_path / "n.pdf", view) <= 4
    text = " ".join(" ".join(paper_text.pages(tmp_path / "n.pdf")).split())
    # Sixty names that begin alike were cut to what they have in common.
    for number, kind in enumerate(("communauté d’agglomération", "communauté de communes", "métropole")):
        assert f"{kind} numéro {number} de très loin" in text
    # What a list leaves out is on a paper, as the list is.
    assert "Et 1 autre objectif commun, le même chiffre partout : à l’annexe du dossier" in text
    assert "page Contrats" not in text
    left = [partner.name for partner in view.partners[5:]]
    assert f"Sans colonne ici, et compris dans les nombres : {' et '.join(left)}." in text


def test_its_slides_are_read_from_the_end_of_a_room(lines: tuple[ContractLine, ...], tmp_path: Path) -> None:
    assert department.write(tmp_path / "n.pptx", sixty(lines)) == 0
    deck = Presentation(str(tmp_path / "n.pptx"))
    assert [slide.shapes[0].text_frame.text for slide in deck.slides] == [
        "Note départementale", "Les contrats, le plus en retard d’abord", "Non renseignés", "Objectifs communs",
    ]  # fmt: skip
    for slide in deck.slides:
        assert NO_SUM in slide.notes_slide.notes_text_frame.text
        for shape in list(slide.shapes)[:-1]:
            assert shape.top + shape.height <= deck.slide_height
            if shape.has_table:
                texts = [cell.text_frame for row in shape.table.rows for cell in row.cells]
                assert all(part.font.size >= Pt(18) for text in texts for part in text.paragraphs)
    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert "Et 55\u00a0autres contrats, dans la note." in said
    # A partner whose name takes three lines of its column pushed the last rows off the slide.
    (common,) = (shape.table for shape in deck.slides[3].shapes if shape.has_table)
    partners = {row.cells[1].text_frame.text for row in common.rows}
    assert "Communauté d’agglomération" not in partners
    assert "EPCI" in partners
    # What no two contracts have in common is told without a slide of its own.
    department.write(tmp_path / "n.pptx", overview(DAY, lines[:1]))
    (_, contracts, _) = Presentation(str(tmp_path / "n.pptx")).slides
    assert "Aucun objectif n’est suivi par plusieurs contrats." in [
        shape.text_frame.text for shape in contracts.shapes if shape.has_text_frame
    ]


def test_the_same_contracts_give_the_same_bytes(lines: tuple[ContractLine, ...], tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        department.write(tmp_path / name, overview(DAY, lines))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_the_shell_says_the_same_and_writes_the_note(
    tmp_path: Path, lines: tuple[ContractLine, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    path, note = tmp_path / "base.db", tmp_path / "n.pdf"
    with opening.create(path) as base:
        take_in(base, dossiers(Size("trois", 3, 90, 2)))
    words = ["contrats", "--base", str(path), "--date", "30/09/2026"]
    assert main(words) == 0
    told = capsys.readouterr().out
    for line in lines:
        assert f"{line.contract.name}  {counts_of(line)}" in told
    assert main([*words, "--sortie", str(note)]) == 0
    assert note.read_bytes().startswith(b"%PDF")
