"""What a document promises, proposed with its passage and the reason: accepted, corrected or refused by somebody."""

from __future__ import annotations

from collections.abc import Sequence

from qpvdesk.domain.proposing.naming import contract_dates
from qpvdesk.domain.proposing.places import PlaceNames, territories
from qpvdesk.domain.proposing.promises import promises
from qpvdesk.domain.proposing.proposal import Proposal as Proposal
from qpvdesk.domain.proposing.proposal import lines_of
from qpvdesk.domain.proposing.stated import statements, still_to_do


def propose(pages: Sequence[str]) -> list[Proposal]:
    """Return all that the text of a document could put in a contract, its dates and places first, its statements last."""
    lines = list(lines_of(pages))
    places = list(territories(lines))
    names = PlaceNames(item.values["name"] for item in places)
    return [*contract_dates(lines), *places, *promises(lines, names), *still_to_do(lines), *statements(lines)]
