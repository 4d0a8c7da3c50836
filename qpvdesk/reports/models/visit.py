"""The sheet that is filled by hand on a visit: a box for each field of its form, in their order."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.domain.kinds import BY_NAME, Field
from qpvdesk.domain.visits import WORDS
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import EntryBox
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, title
from qpvdesk.reports.style import NOTE_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph, shorten_words

_HEAD = ("day", "place", "territory", "functions")
_WORDS = {name: 78.0 for name, _ in WORDS}
_AFTER = ("follow_up", "carrier", "due")
_HEIGHTS = {"functions": 56.0, "follow_up": 44.0} | _WORDS
_LINE = 24.0
_NAME_MAX = 120
_RULES = "Des fonctions, jamais des noms."


def visit_form(data: CopilData) -> list[Flowable]:
    """One page; what is typed afterwards stands in the same order."""
    contract = data.situation.dossier.contract
    blocks = title(Entry("visite", "Fiche de visite", 0), shorten_words(contract.name, _NAME_MAX))
    blocks.append(paragraph(_RULES, NOTE_STYLE))
    fields = BY_NAME["visit"].by_name
    widths = fill(118, None)
    known = {"territory": data.territory.name} if data.territory is not None else {}
    rows = [
        [
            _words(fields[name]),
            cell(known[name], widths[1] - 8)
            if name in known
            else EntryBox(_caption(name), widths[1] - 4, _HEIGHTS.get(name, _LINE)),
        ]
        for name in (*_HEAD, *_WORDS, *_AFTER)
    ]
    return blocks + data_table(("À remplir", "Sur place"), rows, widths)


def _words(field: Field) -> str:
    return field.ask.label.replace("&", "") if field.ask is not None else field.french


def _caption(name: str) -> str:
    return {"day": "jj / mm / aaaa", "due": "jj / mm / aaaa", "functions": "une par ligne"}.get(name, "")


write = sheets.blank("fiche de visite", visit_form)
