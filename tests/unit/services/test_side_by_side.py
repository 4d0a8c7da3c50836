"""The contracts of a base side by side: each by its own review, the latest first; a note of them, or no file at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services.contracts import side_by_side
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from tests.helpers import neighbours, paper_text

DAY = neighbours.DAY


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return neighbours.make(tmp_path_factory.mktemp("trois") / "base.db")


@pytest.fixture
def desk(three: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copy(three, tmp_path / "base.db")
    with opening.open_base(tmp_path / "base.db") as base:
        yield Desk(base, today=lambda: DAY)


def test_each_contract_is_told_by_its_own_review(desk: Desk) -> None:
    view = side_by_side.of_base(desk, DAY)
    assert [line.contract.code for line in view.lines] == [item.code for item in desk.contracts()]
    for line in view.lines:
        assert line == side_by_side.line(desk, line.contract.code, DAY)
        assert line.counts == desk.situation(line.contract.code, DAY).counts
    answers = iter([False, True])
    assert len(side_by_side.of_base(desk, DAY, cancelled=lambda: next(answers)).lines) == 1


def test_the_note_names_each_contract_and_a_cancelled_one_leaves_no_file(desk: Desk, tmp_path: Path) -> None:
    note = side_by_side.print_note(desk, DAY, tmp_path / "note.pdf")
    text = " ".join(" ".join(paper_text.pages(note)).split())
    assert all(place in text for place in ("Lens-Liévin", "Arras", "Calais"))
    with pytest.raises(UserError):
        side_by_side.print_note(desk, DAY, tmp_path / "autre.pdf", cancelled=lambda: True)
    assert not (tmp_path / "autre.pdf").exists()
