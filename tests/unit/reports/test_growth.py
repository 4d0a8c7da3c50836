"""The work of a file grows as what it tells: no list of objectives or of steps is gone through again for each thing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.situation import situation
from qpvdesk.reports import copil
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.style import load_fonts
from tests.bench.synthetic import dossier
from tests.helpers.reviews import review_of

_LISTS = ("objectives", "promises", "counted", "promised")
_WALKS_MAX = 80
"""Of all those lists together, to build a section: a page that tries its forms goes through each several times."""


class _Walked(tuple[object, ...]):
    """A list that counts how often it is gone through, or searched."""

    walks = 0

    def __iter__(self) -> Iterator[object]:
        self.walks += 1
        return super().__iter__()

    def __contains__(self, item: object) -> bool:
        self.walks += 1
        return super().__contains__(item)


def test_no_section_goes_through_a_list_for_each_of_what_it_tells() -> None:
    """A file of 350 pages cost 1.2 times as much a page as one of 35: each name was compared with all the others."""
    load_fonts()
    contract = dossier(0, 300, 33)
    contract = replace(contract, objectives=_Walked(contract.objectives), steps=_Walked(contract.steps))
    review = review_of(situation(contract, date(2026, 9, 30)))
    now = review.situation
    found: dict[str, int] = {}
    for section in copil.sections(CopilData(review)):
        lists = {name: _Walked(getattr(now, name)) for name in _LISTS}
        vars(now).update(lists)
        contract.objectives.walks = contract.steps.walks = 0
        section.build(CopilData(review))
        walked = (*lists.values(), contract.objectives, contract.steps)
        found[section.word] = sum(item.walks for item in walked)
    assert "annexe" in found
    assert {word: count for word, count in found.items() if count > _WALKS_MAX} == {}
