"""What somebody is to do by a day, a step of an engagement or what follows from a visit: where it stands on a day."""

from __future__ import annotations

from datetime import date

from qpvdesk.domain.french import format_date
from qpvdesk.domain.model import Step, Visit

Task = Step | Visit
"""Both say by when it is `due`, and since when it is `done_on`; None where that is not known, or not so."""


def is_pending(task: Task, day: date) -> bool:
    """Whether somebody had still to do it on that day: what was done since is told of an earlier day as it then was."""
    return task.done_on is None or task.done_on > day


def is_past_due(task: Task, day: date) -> bool:
    """Whether it should have been done before that day and was not."""
    return task.due is not None and task.due < day and is_pending(task, day)


def standing_words(task: Task, day: date, done: str) -> str:
    """`fait le 12/05/2026` (`done` is its participle), `en retard depuis le 30/06/2026`, `à faire pour le 30/09/2026`."""
    if task.done_on is not None and not is_pending(task, day):
        return f"{done} le {format_date(task.done_on)}"
    if task.due is None:
        return "à faire"
    return f"{'en retard depuis le' if is_past_due(task, day) else 'à faire pour le'} {format_date(task.due)}"
