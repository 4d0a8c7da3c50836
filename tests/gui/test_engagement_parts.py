"""What is read under an engagement, on the day that is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Step
from qpvdesk.ui.pages.engagements import EngagementsPage
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench
from tests.gui.test_window import child, words
from tests.helpers import invented


def test_a_step_that_was_done_later_is_not_done_on_an_earlier_day(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    dossier = invented.dossier()
    engagement = dossier.engagements[0]
    step = Step(
        "s1", engagement.key, "Signer la convention", due=date(2026, 3, 31), done_on=date(2026, 5, 12)
    )
    bench = open_window(replace(dossier, steps=(step,)))
    bench.window.go(Address("engagements", engagement.code))
    page = child(bench.window, EngagementsPage)
    qtbot.waitUntil(lambda: "Signer la convention · faite le 12/05/2026" in words(page))
    bench.session.show_day(date(2026, 4, 15))
    qtbot.waitUntil(lambda: "Signer la convention · en retard depuis le 31/03/2026" in words(page))
