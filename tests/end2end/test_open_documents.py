"""What an open document holds is what LibreOffice paints of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import odfdo
import pytest

from qpvdesk.reports.document import write_document
from qpvdesk.reports.headings import heading
from qpvdesk.reports.layout import Identity, Manuscript
from qpvdesk.reports.style import NOTE_STYLE, load_fonts
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import paragraph
from qpvdesk.services.printing import MODELS, Of
from tests.helpers import libreoffice, paper_text
from tests.helpers.process import qpvdesk

_ABOUT = {Of.PARTNER: ["--partenaire", "BPI"], Of.TERRITORY: ["--territoire", "62498"]}
_ROOM = re.compile("[\\s\u00ad\u2011-]")


def _bare(text: str) -> str:
    """Without what ends a line, or is another sign where it does."""
    return _ROOM.sub("", text)


def _cells(document: Path) -> Iterator[tuple[str, str]]:
    """Each paragraph of each cell of each table, pictures left out, with the name of its table."""
    for table in odfdo.Document(str(document)).body.get_tables():
        for cell in table.get_elements("descendant::table:table-cell"):
            for words in cell.get_elements("text:p"):
                if not words.get_elements("descendant::draw:frame"):
                    yield table.name, words.text_recursive


def _is_painted(words: str, pages: list[str]) -> bool:
    """Whether they stand on a page, or their beginning on one and their end on the next."""
    told = _bare(words)
    return any(told in page for page in pages) or any(
        told[:at] in page and told[at:] in after
        for at in range(1, len(told))
        for page, after in pairwise(pages)
    )


@libreoffice.needed
@pytest.mark.heavy
def test_every_row_of_every_table_is_painted(tmp_path: Path) -> None:
    """Five objectives of seven « en retard » were in the half-way report and not on its pages."""
    base = tmp_path / "exemple.db"
    assert qpvdesk("init", "--exemple", "--base", str(base)).returncode == 0
    written = [tmp_path / f"{word}.odt" for word in MODELS]
    for path in written:
        about = ["--modele", path.stem, "--date", "30/11/2026", *_ABOUT.get(MODELS[path.stem].of, [])]
        ran = qpvdesk("rapport", "--base", str(base), "--sortie", str(path), *about)
        assert ran.returncode == 0, ran.stderr
    lost = []
    for path, paper in zip(written, libreoffice.convert_papers(written, tmp_path / "profil"), strict=True):
        pages = [_bare(page) for page in paper_text.pages(paper)]
        lost += [(path.stem, *cell) for cell in _cells(path) if not _is_painted(cell[1], pages)]
    assert not lost


@libreoffice.needed
@pytest.mark.heavy
def test_a_table_that_begins_at_any_height_is_painted_whole(tmp_path: Path) -> None:
    """Where the first row kept whole took what was left of a page, the six others were on none; and no other is parted."""
    load_fonts()
    rows = [[f"R{row}x", "\n".join(f"r{row}l{line}z" for line in range(8))] for row in range(7)]
    written = [tmp_path / f"{lines}.odt" for lines in range(36, 56)]
    for path in written:
        story = [paragraph(f"Ligne {line}", NOTE_STYLE) for line in range(int(path.stem))]
        story += [*heading("Titre"), *data_table(("Colonne", "Texte"), rows, (60.0, 300.0))]
        story += [paragraph(f"Suite {line}", NOTE_STYLE) for line in range(5)]
        write_document(path, Manuscript(Identity("Essai", "Essai", "x", date(2026, 1, 1)), story))
    lost, parted = [], set()
    for paper in libreoffice.convert_papers(written, tmp_path / "profil"):
        pages = paper_text.pages(paper)
        for row, (code, words) in enumerate(rows):
            lost += [(paper.stem, word) for word in (code, *words.split()) if word not in " ".join(pages)]
            if sum(any(word in page for word in words.split()) for page in pages) > 1:
                parted.add(row)
    assert not lost
    assert parted <= {0}


@libreoffice.needed
@pytest.mark.heavy
def test_a_short_table_stands_on_one_page_with_its_title_and_loses_nothing(tmp_path: Path) -> None:
    """« Comment lire les statuts » stood in two: five rows, then four on a page that was empty under them."""
    load_fonts()
    rows = [[f"R{row}x", f"r{row}z"] for row in range(9)]
    written = [tmp_path / f"{lines}.odt" for lines in range(40, 64, 2)]
    for path in written:
        story = [paragraph(f"Ligne {line}", NOTE_STYLE) for line in range(int(path.stem))]
        story += [*heading("Titre"), *data_table(("Colonne", "Texte"), rows, (60.0, 300.0))]
        story += [paragraph(f"Suite {line}", NOTE_STYLE) for line in range(5)]
        write_document(path, Manuscript(Identity("Essai", "Essai", "x", date(2026, 1, 1)), story))
    for paper in libreoffice.convert_papers(written, tmp_path / "profil"):
        (page,) = [page for page in paper_text.pages(paper) if "r0z" in page]
        assert all(word in page for row in rows for word in row), paper.stem
        assert "Titre" in page
