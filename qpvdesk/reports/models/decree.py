"""What décret n° 2015-1118 asks of a yearly report (CGCT, L. 1111-2): where each chapter is read, or that it is missing."""

from __future__ import annotations

import re
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, enumerate_words, fold, plural
from qpvdesk.domain.model import Level
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import heading
from qpvdesk.reports.style import NOTE_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

_RENEWAL = re.compile(r"\b(?:n?pnru|anru|renouvellement urbain|renovation urbaine)\b")


def decree(data: CopilData) -> list[Flowable]:
    """A row a chapter. What the base does not hold is named, never passed over."""
    widths = fill(160, None)
    rows: list[list[Any]] = [
        [cell(name, widths[0] - 4), cell(told or f"Manque{NNBSP}: {missing}", widths[1] - 8)]
        for name, told, missing in _chapters(data)
    ]
    return [
        *heading("Ce que demande le décret n°\u00a02015-1118", room=120),
        paragraph("Chaque chapitre du rapport annuel, et ce qu’il faut encore y joindre.", NOTE_STYLE),
        *data_table(("Chapitre", "Où le lire, ou ce qui manque"), rows, widths),
    ]


def _chapters(data: CopilData) -> list[tuple[str, str, str]]:
    """Each chapter with where it is read, empty where it is missing, and what is then to be joined."""
    now = data.situation
    told = sum(now.meteo_of(item.key) is not None for item in now.engagements)
    renewal = [item.label for item in now.engagements if _RENEWAL.search(fold(f"{item.label} {item.detail}"))]
    axes = [item.name for item in now.dossier.axes if item.parent is None]
    return [
        (
            "Orientations",
            f"Axes du contrat{NNBSP}: {', '.join(axes)}." if axes else "",
            "les axes du contrat.",
        ),
        (
            "Situation des quartiers",
            _quartiers(data),
            "les indicateurs des quartiers (revenu, emploi, école…).",
        ),
        (
            "Actions menées",
            f"« Engagements »{NNBSP}: {plural(told, 'engagement a', 'engagements ont')} une météo."
            if told
            else "",
            "la météo des engagements.",
        ),
        (
            "Moyens de l’agglomération et des communes",
            f"« Moyens mobilisés »{NNBSP}: {plural(len(now.dossier.fundings), 'montant', 'montants')}."
            if now.dossier.fundings
            else "",
            "les moyens de chacun.",
        ),
        ("Perspectives", "« Perspectives »." if data.review.agenda else "", "les échéances à venir."),
        (
            "Articulation avec le renouvellement urbain",
            f"{plural(len(renewal), 'engagement le nomme', 'engagements le nomment')}{NNBSP}: "
            f"{enumerate_words(renewal, limit=3)}."
            if renewal
            else "",
            "ce que font les programmes de renouvellement urbain.",
        ),
        ("Avis des communes et réponses", "", "les avis des conseils municipaux et ce qui leur est répondu."),
        (
            "Avis des conseils citoyens et réponses",
            "",
            "les avis des conseils citoyens et ce qui leur est répondu.",
        ),
    ]


def _quartiers(data: CopilData) -> str:
    now = data.situation
    places = [item for item in now.dossier.territories if now.places.levels.scale(item.level) is Level.QPV]
    known = [
        item
        for item in places
        if now.population(item.key, "qpv") is not None or now.population(item.key, "totale") is not None
    ]
    if not known:
        return ""
    words = plural(len(places), "quartier", "quartiers")
    return f"{words}, dont {len(known)} de population connue."
