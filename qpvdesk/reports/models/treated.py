"""What is looked at first of one partner, on its sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reportlab.platypus import Flowable

from qpvdesk.domain.attention import Chosen
from qpvdesk.domain.declined import whole_of
from qpvdesk.domain.french import plural, raised
from qpvdesk.domain.model import Objective
from qpvdesk.domain.scales import listed
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.reports.headings import heading
from qpvdesk.reports.left_out import RANKED, kept_words
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.references import parity_note
from qpvdesk.reports.sections.essential import to_treat_line
from qpvdesk.reports.style import NOTE_STYLE
from qpvdesk.reports.text import paragraph

_FIRST = 5


def _treated_first(situation: Situation, partner: str) -> Chosen:
    """What is looked at first; the last one alone is not left out."""
    chosen = situation.to_look_at(_FIRST, partner)
    return situation.to_look_at(_FIRST + 1, partner) if chosen.left_out == 1 else chosen


def treated_shares(situation: Situation, partner: str) -> list[Objective]:
    """The shares among those, which are compared with another figure."""
    shown = [item.objective for item in _treated_first(situation, partner).shown]
    return [item for item in shown if item.aim.compared and item.reference]


def _read_on(situation: Situation, shares: Sequence[Objective]) -> set[tuple[str | None, date | None]]:
    """What those shares are compared with, and the days of its values."""
    known = {(item.reference, situation.assessments[item.key].reference_day) for item in shares}
    return {(key, day) for key, day in known if day is not None}


def _declined_too(situation: Situation, partner: str) -> str:
    """`, où 4 déclinaisons sont aussi à traiter`: rows of the table that no count of the sheet is of."""
    known = situation.assessments
    own = [
        item
        for item in listed(situation, situation.objectives_of_partner(partner))
        if whole_of(situation, item) and known[item.key].status in GROUPS[Group.A_TRAITER]
    ]
    return f", où {plural(len(own), 'déclinaison est', 'déclinaisons sont')} aussi à traiter" if own else ""


def to_treat(situation: Situation, partner: str) -> list[Flowable]:
    """What is looked at first, and how many others there are."""
    chosen = _treated_first(situation, partner)
    if not chosen.shown:
        return []
    lines = [to_treat_line(situation, item) for item in chosen.shown]
    compared: list[Flowable] = []
    if shares := treated_shares(situation, partner):
        # Said of all that the sheet shows, of these first: each line has the value of its reference, and the day of that.
        others = situation.objectives_of_partner(partner)
        rest = [item for item in others if item.aim.compared and item not in shares]
        # Only the first references have their names: then of what else is to be treated, last of what is kept.
        rest.sort(key=lambda item: situation.assessments[item.key].status not in GROUPS[Group.A_TRAITER])
        every = [*shares, *rest]
        untold = _read_on(situation, every) - _read_on(situation, shares)
        compared = parity_note(situation, every, dated=bool(untold))
    blocks = [*heading("À traiter d’abord"), *bullets(lines), *compared]
    if chosen.left_out:
        # The others come after what is said of these: the table is in the order of the codes.
        left = f"Et {plural(chosen.left_out, 'autre', 'autres')} au tableau des objectifs, rangé par code"
        left += f"{_declined_too(situation, partner)}."
        more = (f"{raised(RANKED)}.", kept_words(situation, chosen, partner), left)
        blocks.append(paragraph(" ".join(filter(None, more)), NOTE_STYLE))
    return blocks
