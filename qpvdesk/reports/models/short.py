"""The short file of a committee: page one, the agenda with what became of decisions, the decisions to take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.platypus import Flowable, PageBreak, Spacer

from qpvdesk.reports import sheets
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, commented, heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.sections import agenda
from qpvdesk.reports.sections.decisions import expected_decisions
from qpvdesk.reports.sections.essential import ARBITRATED, ENTRY, essential, to_treat_line
from qpvdesk.reports.style import fill
from qpvdesk.reports.tables import data_table

_APART = 22.0
"""Points between the agenda and the decisions of one page."""
_BLANK, _LEAST, _OTHERS = 7, 3, 10
"""Decisions that can be written by hand where no objective is named, and the least of them; how many are."""


def short(data: CopilData) -> list[Flowable]:
    """Two pages where decisions are few, else three."""
    head = [LetterheadBlock(data.letterhead)] if data.letterhead else []
    words = data.composition.comment(ENTRY.key)
    blocks = [*commented(essential(data, head), words), PageBreak()]
    most = max(_BLANK - (len(_others(data)) + 1) // 2, _LEAST)
    if not agenda.wanted(data):
        return blocks + _to_decide(data, most)
    before = agenda.agenda(data)
    for blank in range(most, _LEAST - 1, -1):
        second = [*before, Spacer(1, _APART), *_to_decide(data, blank)]
        if laid_out(second)[0] == 1:
            return blocks + second
    return [*blocks, *before, PageBreak(), *_to_decide(data, most)]


def _others(data: CopilData) -> list[str]:
    named = {item.objective.key for item in data.situation.to_look_at(ARBITRATED).shown}
    return [
        to_treat_line(data.situation, item)
        for item in data.situation.to_treat
        if item.objective.key not in named
    ][:_OTHERS]


def _to_decide(data: CopilData, blank: int) -> list[Flowable]:
    widths = fill(24, None, 120, 70)
    # Those that page one counts without naming them.
    others = _others(data)
    rows: list[list[Any]] = [[f"{number}", "\n\n\n", "", ""] for number in range(1, blank + 1)]
    return [
        *title(Entry("a-decider", "Décisions à prendre", 0)),
        *bullets(expected_decisions(data)),
        *([*heading("Les autres objectifs à traiter"), *bullets(others)] if others else []),
        *heading("Décisions de la séance"),
        *data_table(("N°", "Décision", "Confiée à", "Échéance"), rows, widths),
    ]


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    return sheets.write(path, data, "dossier court", short, watch=watch)
