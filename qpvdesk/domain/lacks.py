"""What keeps anything from being expected of an objective whose value is known and whose date is not past."""

from __future__ import annotations

from enum import Enum

from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.targets import Course, course_of, lacks_date, lacks_target, start_of


class Lack(Enum):
    """One of the ends that a trajectory runs between; its words in a sentence, and in a question."""

    START = ("le départ", "quel départ")
    TARGET = ("la cible", "quelle cible")
    DATE = ("l’échéance", "quelle échéance")
    REFERENCE = ("la référence", "quelle référence")

    @property
    def the(self) -> str:
        return self.value[0]

    @property
    def which(self) -> str:
        return self.value[1]


def trajectory_lacks(assessment: Assessment) -> tuple[Lack, ...]:
    """What an objective « sans trajectoire » lacks, or has that cannot be: a target behind its
    start, a start after its date.

    Empty of any other, and of what lacks nothing: of a thing to be done by a date, of a parity or an interval to be kept
    from a date on, nothing is expected before it.
    """
    if assessment.status is not Statut.SANS_TRAJECTOIRE:
        return ()
    objective, aim = assessment.objective, assessment.objective.aim
    due, (start, since) = objective.target_date, start_of(objective)
    contrary = course_of(objective, assessment.day) is Course.CONTRARY
    unstarted = start is None or since is None or (due is not None and since >= due)
    lacking = {
        Lack.START: contrary or (bool(aim.way) and unstarted),
        Lack.TARGET: contrary or (aim.has_target and lacks_target(objective)),
        Lack.DATE: lacks_date(objective),
        Lack.REFERENCE: aim.compared and assessment.reference_value is None,
    }
    return tuple(lack for lack, is_lacking in lacking.items() if is_lacking)


def awaits_steps(situation: Situation, assessment: Assessment) -> bool:
    """Whether nothing tells how far it is before its date: it lacks nothing, and the engagement that is followed for it
    has no steps."""
    loose = assessment.status is Statut.SANS_TRAJECTOIRE and not trajectory_lacks(assessment)
    return loose and not situation.steps.get(situation.followed_by(assessment.objective.engagement))


def undivided(situation: Situation) -> list[Assessment]:
    """The things to be done of which nothing tells how far they are: they are told as « objectifs à réaliser »."""
    return [
        item for item in situation.counted if item.objective.aim.yes_or_no and awaits_steps(situation, item)
    ]
