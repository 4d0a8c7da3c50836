"""What somebody is to do by a day, as it stood on that day: a step, what follows from a visit."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from qpvdesk.domain.model import Step, Visit
from qpvdesk.domain.tasks import Task, is_past_due, is_pending, standing_words

STEP = Step("s1", "e1", "Signer la convention", due=date(2026, 3, 31))
VISIT = Visit("v1", "c", date(2026, 3, 1), "Marché", follow_up="Écrire", due=date(2026, 3, 31))


@pytest.mark.parametrize("task", [STEP, VISIT], ids=["step", "visit"])
def test_it_is_told_of_a_day_as_it_then_stood(task: Task) -> None:
    done: Task = replace(task, done_on=date(2026, 4, 10))
    for day, open_then, late, words in (
        (date(2026, 3, 31), True, False, "à faire pour le 31/03/2026"),
        (date(2026, 4, 1), True, True, "en retard depuis le 31/03/2026"),
        (date(2026, 4, 9), True, True, "en retard depuis le 31/03/2026"),
        (date(2026, 4, 10), False, False, "fait le 10/04/2026"),
    ):
        assert (is_pending(done, day), is_past_due(done, day)) == (open_then, late)
        assert standing_words(done, day, "fait") == words
    assert is_past_due(task, date(2030, 1, 1))
    undated: Task = replace(task, due=None)
    assert not is_past_due(undated, date(2030, 1, 1))
    assert standing_words(undated, date(2030, 1, 1), "fait") == "à faire"
