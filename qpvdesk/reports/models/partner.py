"""The sheet of a partner, for a bilateral meeting."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reportlab.platypus import Flowable

from qpvdesk.charts.bars import counts_sentence
from qpvdesk.charts.parity import parity_chart
from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.engagements import precision_words
from qpvdesk.domain.french import NNBSP, plural
from qpvdesk.domain.meetings import is_entrusted, is_open
from qpvdesk.domain.model import Engagement
from qpvdesk.domain.progress import Statut
from qpvdesk.domain.situation import Situation
from qpvdesk.reports import sheets
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.models.parts import engagements_table, said_of
from qpvdesk.reports.objectives import followed_table, promised_table
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.agenda import decisions_table
from qpvdesk.reports.sections.essential import to_treat_line
from qpvdesk.reports.sections.funding import fundings_tables
from qpvdesk.reports.sections.partner import PARITY_LEGEND
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, WIDTH
from qpvdesk.reports.text import paragraph

_FIRST = 5
_GAPS = (
    (Statut.NON_RENSEIGNE, "Sans valeur"),
    (Statut.SANS_TRAJECTOIRE, "Sans départ ou sans échéance"),
)


def partner_sheet(data: CopilData, summary: PartnerSummary) -> list[Flowable]:
    """What a partner promised, where it stands, its means and what is missing."""
    situation, key = data.situation, summary.partner.key
    blocks = title(Entry("partenaire", summary.partner.name, 0), f"Partenaire · {summary.partner.code}")
    blocks.append(paragraph(counts_sentence(summary.counts), BODY_STYLE))
    if summary.partner.contact_function:
        blocks.append(paragraph(f"Interlocuteur{NNBSP}: {summary.partner.contact_function}.", NOTE_STYLE))
    promised = [item for item in situation.objectives_of_partner(key) if item.aim.promised]

    def under(item: Engagement) -> list[str]:
        precisions = situation.precisions_of(item.key)
        return [*said_of(data, item), *(f"– {precision_words(known)}" for known in precisions)]

    blocks += _to_treat(situation, key)
    blocks += _decisions(data, summary)
    blocks += heading("Engagements")
    blocks += engagements_table(data, situation.engagements_of_partner(key), under)
    blocks += heading("Objectifs chiffrés")
    blocks += promised_table(data, promised) or [paragraph("Aucun objectif chiffré promis.", NOTE_STYLE)]
    followed = [
        item for item in situation.objectives_of_partner(key) if not item.aim.promised and not item.is_context
    ]
    if followed:
        blocks += small_heading("Chiffres suivis, sans cible")
        blocks += followed_table(situation, followed)
    chart = parity_chart([situation.assessments[item.key] for item in promised], WIDTH)
    if chart.height:
        blocks += heading("Parts comparées à leur référence", room=min(chart.height + 70, 500))
        blocks.append(ChartFlowable(chart))
        blocks.append(paragraph(PARITY_LEGEND, NOTE_STYLE))
    blocks += heading("Moyens mobilisés", room=90)
    blocks += fundings_tables([item for item in situation.dossier.fundings if item.partner == key])
    return [*blocks, *_missing(situation, key)]


def _decisions(data: CopilData, summary: PartnerSummary) -> list[Flowable]:
    """What meetings decided that is entrusted to the partner and still open."""
    own = [
        item
        for item in data.situation.dossier.decisions
        if is_open(item, data.day) and is_entrusted(item, summary.partner)
    ]
    if not own:
        return []
    own.sort(key=lambda item: (item.due or date.max, item.key))
    return [*heading("Décisions qui lui sont confiées", room=60), *decisions_table(data, own)]


def _missing(situation: Situation, key: str) -> list[Flowable]:
    """What is not known of its objectives, by name; nothing where all is known."""
    lines = [
        f"{words}{NNBSP}: {item.objective.label} ({item.objective.code})."
        for status, words in _GAPS
        for item in situation.counted
        if item.objective.partner == key and item.status is status
    ]
    return [*heading("Ce qui manque", room=90), *bullets(lines)] if lines else []


def _to_treat(situation: Situation, partner: str) -> list[Flowable]:
    """What is looked at first, and how many others there are."""
    chosen = situation.to_look_at(_FIRST, partner)
    if not chosen.shown:
        return []
    lines = [to_treat_line(situation, item) for item in chosen.shown]
    blocks = [*heading("À traiter d’abord", room=60), *bullets(lines)]
    if chosen.left_out:
        rest = plural(chosen.left_out, "autre", "autres")
        blocks.append(paragraph(f"et {rest}, dans le tableau des objectifs.", NOTE_STYLE))
    return blocks


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    summary = data.partner
    assert summary is not None
    return sheets.write(
        path, data, f"fiche {summary.partner.name}", lambda shown: partner_sheet(shown, summary), watch=watch
    )
