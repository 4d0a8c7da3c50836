"""What the blocks of a paper say, as plain words; the paper of three hundred objectives that tests read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reportlab.platypus import Flowable

from qpvdesk.domain.situation import situation
from qpvdesk.reports.copied_blocks import paragraph_text
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.text import Paragraph, clean
from tests.bench import synthetic
from tests.helpers.reviews import review_of


def plain(text: str) -> str:
    """A text with plain spaces and hyphens, without its marks."""
    return " ".join(clean(text).replace("\u2011", "-").split())


def paragraphs(blocks: Iterable[Flowable]) -> list[str]:
    """The words of each paragraph."""
    return [plain(paragraph_text(block)) for block in blocks if isinstance(block, Paragraph)]


def three_hundred() -> CopilData:
    """The situation of three hundred objectives on 30/09/2026, ready to be printed."""
    load_fonts()
    return CopilData(review_of(situation(synthetic.dossier(0, 300, 33), date(2026, 9, 30))))
