"""What a list leaves out, counted and told of whom: no paper sends to another that may not lie beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from qpvdesk.domain.attention import Chosen
from qpvdesk.domain.counts import partner_counts
from qpvdesk.domain.french import NNBSP, plural
from qpvdesk.domain.statuses import to_handle
from qpvdesk.reports.frozen import CopilData


def of_whom(data: CopilData, partners: Iterable[str | None]) -> str:
    """« Bpifrance 5, ARS 2 »: see `partner_counts`."""
    return partner_counts(data.situation.dossier, partners)


def others_words(data: CopilData, partners: Iterable[str | None], one: str, many: str) -> str:
    """« et 7 autres objectifs à traiter : Bpifrance 5, ARS 2. »; nothing where none is left out."""
    keys = list(partners)
    return f"et {plural(len(keys), one, many)}{NNBSP}: {of_whom(data, keys)}." if keys else ""


def to_treat_words(data: CopilData, chosen: Chosen) -> str:
    """The objectives *à traiter* that are not among those chosen, by partner."""
    shown = Counter(item.objective.partner for item in chosen.shown)
    left = [
        summary.partner.key
        for summary in data.situation.partners
        for _ in range(to_handle(summary.counts) - shown[summary.partner.key])
    ]
    return others_words(data, left, "autre objectif à traiter", "autres objectifs à traiter")
