"""The means put in by the partners."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import UNKNOWN
from qpvdesk.domain.kinds.words import BUDGET_LABELS, CREDIT_LABELS, STAGE_LABELS
from qpvdesk.domain.model import Budget, Credit, Funding
from qpvdesk.reports.cells import Figure
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, title
from qpvdesk.reports.style import MEDIUM, NOTE_STYLE, REGULAR, TABLE, WIDTH, code_width, fill
from qpvdesk.reports.tables import PAD, data_table
from qpvdesk.reports.text import cell, paragraph, shorten, stacked
from qpvdesk.reports.text_cell import TextCell

ENTRY = Entry("moyens", "Moyens mobilisés", 0)


def funding(data: CopilData) -> list[Flowable]:
    """The blocks of the section."""
    return [*title(ENTRY), *fundings_by_partner(data)]


def fundings_by_partner(data: CopilData) -> list[Flowable]:
    """One table of all the means, under the name of who puts them in."""
    blocks: list[Flowable] = []
    situation = data.situation
    rows: list[list[Any]] = []
    groups: list[int] = []
    widths = fill(code_width(item.code for item in situation.dossier.fundings), None, 53, 68, 82, 36)
    for summary in situation.partners:
        own = [item for item in situation.dossier.fundings if item.partner == summary.partner.key]
        if not own:
            continue
        groups.append(len(rows))
        rows.append([shorten(summary.partner.name, MEDIUM, TABLE, WIDTH - 2 * PAD), *[""] * 5])
        for item in own:
            rows.append(
                [
                    cell(item.code, widths[0] - 4),
                    cell(item.label, widths[1] - 8),
                    item.years,
                    Figure(item.amount_words, "", widths[3] - 8, REGULAR),
                    _credits(item, widths[4] - 8),
                    STAGE_LABELS[item.stage],
                ]
            )
    if not rows:
        blocks.append(paragraph("Aucun moyen n’est enregistré.", NOTE_STYLE))
        return blocks
    blocks.append(
        paragraph(
            "Les montants ne s’additionnent pas : ils n’ont ni la même échelle, ni les mêmes années, ni le même stade.",
            NOTE_STYLE,
        )
    )
    blocks += data_table(
        ("Code", "Moyen", "Années", "Montant", "Crédits, section", "Stade"),
        rows,
        widths,
        right=(3,),
        groups=groups,
    )
    return blocks


def _credits(item: Funding, width: float) -> str | TextCell:
    """The kind of credit and, under it, the section of the budget; a dash where neither is known."""
    known = [CREDIT_LABELS[item.credit]] if item.credit is not Credit.NON_PRECISE else []
    known += [BUDGET_LABELS[item.budget]] if item.budget is not Budget.NON_PRECISE else []
    return stacked(known[0], known[1:]) if len(known) > 1 else cell((known or [UNKNOWN])[0], width)
