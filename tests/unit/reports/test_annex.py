"""The annex says on each of its pages of whom it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qpvdesk.domain.situation import situation
from qpvdesk.reports.document import write_document
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import Identity, Manuscript
from qpvdesk.reports.sections.annex import annex
from qpvdesk.reports.style import load_fonts
from tests.bench.synthetic import dossier as synthetic
from tests.helpers import paper_text
from tests.helpers.blocks import paragraphs
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY


def test_each_page_of_the_annex_is_headed_by_the_partner_that_it_begins_with(tmp_path: Path) -> None:
    """Thirty pages were headed « Annexe », and one did not know where one was."""
    load_fonts()
    now = situation(synthetic(0, 120, 5), DAY)
    identity = Identity("Essai", "Essai", "Essai", date(2026, 6, 30))
    write_document(tmp_path / "a.pdf", Manuscript(identity, annex(CopilData(review_of(now)))))
    heads = [
        max(page, key=lambda piece: (piece.baseline, piece.left)).words
        for page in paper_text.pieces(tmp_path / "a.pdf")
    ]
    usual = [f"Annexe · {item.partner.usual_name}" for item in now.partners]
    # The first begins with the title of the whole.
    assert all(head.startswith("Annexe · ") for head in heads[1:])
    partners = [head for head in heads if head in usual]
    assert set(partners) == set(usual)
    assert partners == sorted(partners, key=usual.index)
    # What follows is of no partner; beside a long title it is not cut, « Annexe · Chiffres à… ».
    assert heads[-1] == "Annexe · Chiffres à rapprocher"
    long = Identity(
        "Contrat de ville de la communauté d’agglomération de Lens-Liévin et des communes autour – comité de pilotage",
        *["Essai"] * 2,
        DAY,
    )
    write_document(tmp_path / "b.pdf", Manuscript(long, annex(CopilData(review_of(now)))))
    last = paper_text.pieces(tmp_path / "b.pdf")[-1]
    assert max(last, key=lambda piece: (piece.baseline, piece.left)).words == "Chiffres à rapprocher"


def test_what_the_signs_are_is_said_once_over_all_that_bear_them() -> None:
    """« ≤ » was told under each of seven tables, and sent the engagements after it overleaf."""
    load_fonts()
    data = CopilData(review_of(situation(synthetic(0, 120, 5), DAY)))
    told = paragraphs(annex(data))
    assert [text[:3] for text in told if "≤ :" in text] == ["≤ :"]
    first = next(at for at, text in enumerate(told) if text.startswith("≤ :"))
    assert told[first - 1] == "Annexe"
