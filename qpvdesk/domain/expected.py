"""Which figures somebody is to give: the same ones in the grid, the return workbook and the paper form."""

from __future__ import annotations

from enum import StrEnum

from qpvdesk.domain.model import Frequency
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut


def is_expected(assessment: Assessment) -> bool:
    """Whether a value is awaited of somebody.

    Not where the figure is of context or reckoned from others, nor once a thing is done, nor once a figure that is
    given a single time is known.
    """
    objective = assessment.objective
    if objective.is_context or assessment.parts:
        return False
    done = objective.aim.yes_or_no and assessment.status is Statut.ATTEINT
    return not (done or is_given_once(assessment))


def is_given_once(assessment: Assessment) -> bool:
    """Whether it is a figure that is given a single time, and was."""
    return assessment.objective.frequency is Frequency.UNIQUE and assessment.value_day is not None


def is_to_ask(assessment: Assessment) -> bool:
    """Whether it is to be asked for now: awaited of somebody, and never given or too old for its frequency."""
    return is_expected(assessment) and (assessment.value_day is None or assessment.outdated)


def to_ask(situation: Situation) -> tuple[Assessment, ...]:
    """The promised figures that are to be asked for now, in the order of the contract."""
    promised = (situation.assessments[item.key] for item in situation.promises)
    return tuple(filter(is_to_ask, promised))


class Asked(StrEnum):
    """Which figures a partner is asked for."""

    TO_ASK = "a-demander"
    EXPECTED = "attendus"
    CONTEXT = "contexte"


ASKED_LABELS = {
    Asked.TO_ASK: "Ce qui est à demander",
    Asked.EXPECTED: "Tout ce qui est attendu",
    Asked.CONTEXT: "Avec les chiffres de contexte",
}
"""What is asked for never holds less from one to the next."""


def asked_of(situation: Situation, partner: str, which: Asked = Asked.TO_ASK) -> tuple[Assessment, ...]:
    """What a partner (its key) is asked for: what has a target first, then what is only followed, then the context."""
    found = [situation.assessments[item.key] for item in situation.objectives_of_partner(partner)]
    admitted = is_to_ask if which is Asked.TO_ASK else is_expected
    asked = sorted(filter(admitted, found), key=lambda item: not item.objective.aim.promised)
    if which is Asked.CONTEXT:
        context = (item for item in found if item.objective.is_context and not item.parts)
        asked += [item for item in context if not is_given_once(item)]
    return tuple(asked)
