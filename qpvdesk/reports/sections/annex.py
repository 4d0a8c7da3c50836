"""The annex: everything that the chapters fold, line by line."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.domain.scales import listed
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Heading, heading, small_heading, title
from qpvdesk.reports.objectives import FOLLOWED_RULE, followed_table, promised_table, totals_words
from qpvdesk.reports.references import parity_above
from qpvdesk.reports.sections.engagements import ANNEX, whole_engagements
from qpvdesk.reports.sections.essential import tells_ticks
from qpvdesk.reports.sections.points import WHOLE, every_point
from qpvdesk.reports.sections.sources import legal_texts
from qpvdesk.reports.sections.territories import establishments
from qpvdesk.reports.signs import signs_words
from qpvdesk.reports.style import NOTE_STYLE
from qpvdesk.reports.text import paragraph

_FOLLOWED = (
    ("Chiffres suivis", FOLLOWED_RULE, False),
    (
        "Chiffres de contexte",
        "Dits par le document : personne ne les a promis, aucun compte ne les prend.",
        True,
    ),
)

_PART = 2
"""The rank of a title under that of the chapter."""


def annex(data: CopilData) -> list[Flowable]:
    """Each objective and engagement with its précisions, by partner; the schools, the texts, every point."""
    situation = data.situation
    # Once for all its tables: under each, a line more sent rows overleaf.
    every = [item for item in situation.assessments.values() if item.objective.aim.promised]
    signs = signs_words(every, ticks=not tells_ticks(data))
    blocks = [*title(ANNEX), *([paragraph(signs, NOTE_STYLE)] if signs else [])]
    usual = {item.partner.name: item.partner.usual_name for item in situation.partners}
    for summary in situation.partners:
        engagements = situation.engagements_of_partner(summary.partner.key)
        objectives = situation.objectives_of_partner(summary.partner.key)
        if not engagements and not objectives:
            continue
        blocks += heading(summary.partner.name)
        if summary.partner.note:
            blocks.append(paragraph(summary.partner.note, NOTE_STYLE))
        promised = [item for item in objectives if item.aim.promised]
        blocks += [
            *parity_above(situation, promised),
            *promised_table(data, promised, bare=True),
        ]
        if totals := totals_words(listed(situation, promised)):
            blocks.append(paragraph(totals, NOTE_STYLE))
        for name, rule, of_context in _FOLLOWED:
            shown = [item for item in objectives if not item.aim.promised and item.is_context is of_context]
            if shown:
                blocks += [
                    *small_heading(name),
                    paragraph(rule, NOTE_STYLE),
                    *followed_table(situation, shown, data.review),
                ]
        if engagements:
            blocks += small_heading("Engagements")
            blocks += whole_engagements(situation, engagements)
    blocks += establishments(data, situation.dossier.establishments)
    blocks += legal_texts(data)
    blocks += every_point(data)
    if not any(isinstance(block, Heading) and block.level == _PART for block in blocks):
        blocks.append(paragraph("Ni objectif, ni engagement, ni point d’attention à nommer.", NOTE_STYLE))
    for block in blocks:
        if isinstance(block, Heading) and block.level == _PART:
            # Thirty pages headed « Annexe » did not say of whom they are.
            name = block.getPlainText().removesuffix(WHOLE)
            block.running = f"{ANNEX.title} · {usual.get(name, name)}"
    return blocks
