"""What was said of a contract comes back exactly from an arrêté, and prints the same words."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import qpvdesk
from qpvdesk.domain.model import Dossier, Objective
from qpvdesk.domain.review import Review, review
from qpvdesk.domain.situation import situation
from qpvdesk.reports import copil
from qpvdesk.storage import snapshots
from tests.helpers import invented, paper_text
from tests.helpers.reviews import invented_review, review_of
from tests.unit.charts.dossiers import DAY, busy
from tests.unit.domain.test_situation_taken_over import asked, contracts


def through_its_text(said: Review) -> Review:
    text = snapshots.canonical(said.situation.dossier, "r2", said.day, review=said)
    back = snapshots.frozen_of(text).review
    assert back is not None
    return back


def parts(said: Review) -> tuple[object, ...]:
    """Everything of a review but its situation, which is told by what can be asked of it."""
    names = [name for name in said.__struct_fields__ if name not in ("situation", "program")]
    return (asked(said.situation), *(getattr(said, name) for name in names))


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    dossier = draw(contracts())
    earlier = draw(st.sampled_from([None, date(2025, 12, 31), date(2024, 3, 1)]))
    now = situation(dossier, DAY)
    return review_of(now, situation(dossier, earlier) if earlier is not None else None)


@given(reviews())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_review_comes_back_as_it_was_said(said: Review) -> None:
    back = through_its_text(said)
    assert parts(back) == parts(said)
    assert list(back.situation.assessments) == list(said.situation.assessments)
    assert back.program == qpvdesk.__version__


def test_the_outlines_and_the_layers_come_back_with_it() -> None:
    said = replace(invented_review(), atlas=invented.atlas())
    back = through_its_text(said)
    assert back.atlas == said.atlas
    assert back.atlas.shapes == said.atlas.shapes


def words(said: Review, path: Path) -> str:
    copil.write(path, copil.CopilData(said))
    return "\n".join(paper_text.pages(path))


@given(reviews())
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_prints_the_same_words(tmp_path: Path, said: Review) -> None:
    # The same fingerprint on both: that of the data would tell a frozen review apart.
    assert words(replace(through_its_text(said), program=""), tmp_path / "b.pdf") == words(
        said, tmp_path / "a.pdf"
    )


def revised() -> tuple[Dossier, Dossier]:
    """A contract as an earlier committee saw it, and as it is now that an objective was revised."""
    now = busy()
    first: Objective = now.objectives[0]
    return replace(now, objectives=(replace(first, target_value=Fraction(50)), *now.objectives[1:])), now


def test_an_objective_as_it_was_then_is_not_taken_for_that_of_today() -> None:
    before, now = revised()
    said = review_of(situation(now, DAY), situation(before, date(2025, 12, 31)))
    assert said.previous is not None
    back = through_its_text(said)
    assert back.previous is not None
    assert back.previous.assessments["o001"].objective.target_value == 50
    assert back.situation.assessments["o001"].objective.target_value == 40


@pytest.mark.parametrize("crafted", ["1e999999999", "1/0", "x", 3, None])
def test_a_crafted_fraction_is_refused(crafted: object) -> None:
    held: dict[str, Any] = json.loads(
        snapshots.canonical(busy(), "r2", DAY, review=review(situation(busy(), DAY)))
    )
    held["review"]["situation"]["assessments"][0]["value"] = crafted
    if crafted is None:
        del held["review"]["situation"]["assessments"][0]
    with pytest.raises(snapshots.UNREADABLE):
        snapshots.frozen_of(json.dumps(held))
