"""A whole return: one act, all or nothing, its effects reckoned together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.measurements import Effect, Entry
from tests.helpers import shipped

TODAY = date(2026, 6, 30)
CONTRACT = "lens-lievin"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "base.db"
    made = Desk(shipped.new_base(path, datetime(2026, 6, 30, tzinfo=UTC)), today=lambda: TODAY)
    yield made
    made.close()


def entries(now: Situation, figures: dict[str, str], day: date = TODAY) -> list[Entry]:
    return [
        Entry(objective=now.objective_by_code(code).key, day=day, value=Decimal(text))
        for code, text in figures.items()
    ]


def test_one_act_and_one_undo(desk: Desk) -> None:
    now = desk.situation(CONTRACT, TODAY)
    change = measurements.record_all(desk, CONTRACT, entries(now, {"FT-O10": "4.2", "FT-O12": "15.8"}))
    assert change.label == "Relevés (France Travail)\u202f: 2 valeurs"
    after = desk.situation(CONTRACT, TODAY)
    assert len(after.dossier.measurements) == len(now.dossier.measurements) + 2
    assert after.assessments[after.objective_by_code("FT-O12").key].value_day == TODAY
    assert desk.base.stacks.undo_label == change.label
    desk.undo()
    assert desk.situation(CONTRACT, TODAY).dossier.measurements == now.dossier.measurements


def test_one_refused_figure_saves_none_and_is_named(desk: Desk) -> None:
    now = desk.situation(CONTRACT, TODAY)
    good = entries(now, {"FT-O10": "4.2"})
    bad = entries(now, {"FT-O12": "15.8"}, date(2026, 7, 1))
    with pytest.raises(UserError, match=r"\(AFPR\) \(FT-O12\).: Le 01/07/2026"):
        measurements.record_all(desk, CONTRACT, [*good, *bad])
    assert desk.situation(CONTRACT, TODAY).dossier.measurements == now.dossier.measurements
    with pytest.raises(UserError, match="Aucune valeur"):
        measurements.record_all(desk, CONTRACT, [])


def test_a_return_of_several_partners_names_none(desk: Desk) -> None:
    now = desk.situation(CONTRACT, TODAY)
    codes = {now.objectives_of_partner(p.key)[0].code: "1" for p in now.dossier.partners[:2]}
    assert measurements.record_all(desk, CONTRACT, entries(now, codes)).label == "Relevés\u202f: 2 valeurs"


def test_a_new_reference_counts_in_the_effect_of_its_parities(desk: Desk) -> None:
    now = desk.situation(CONTRACT, TODAY)
    figures = {"FT-O01": "18", "FT-O08": "16.8"}
    effects = measurements.preview_all(now, entries(now, figures), today=TODAY)
    parity = effects[now.objective_by_code("FT-O08").key]
    assert isinstance(parity, Effect)
    assert (parity.before.status, parity.after.status) == (Statut.ATTEINT, Statut.NON_ATTEINT)
    future = measurements.preview_all(now, entries(now, {"FT-O08": "16.8"}, date(2030, 1, 1)), today=TODAY)
    assert isinstance(future[now.objective_by_code("FT-O08").key], UserError)
