"""Many contracts side by side: ranked by lateness, medians with their count, what they follow in common."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec.structs import replace

from qpvdesk.domain import common, review
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.expected import to_ask
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Dossier, Objective
from qpvdesk.domain.overview import (
    ContractLine,
    Followed,
    agree,
    common_sentence,
    counted_words,
    line_of,
    overview,
)
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import STATUT_ORDER, Statut, to_handle
from tests.helpers import invented

DAY = invented.TODAY


def line(dossier: Dossier, code: str = "k") -> ContractLine:
    named = replace(dossier, contract=replace(dossier.contract, key=code, code=code, name=code.upper()))
    return line_of(review.glance(situation(named, DAY), None))


def without_figures(dossier: Dossier) -> Dossier:
    return replace(dossier, measurements=())


def test_a_line_says_what_the_dashboard_of_the_contract_says() -> None:
    now = situation(invented.dossier(), DAY)
    told = line(invented.dossier())
    assert told.to_handle == to_handle(now.counts)
    assert told.promised == len(now.promised)
    assert told.partners == now.partners
    assert {(item.partner.key, item.figures) for item in told.silences} == {
        (partner.key, sum(item.objective.partner == partner.key for item in to_ask(now)))
        for partner in now.dossier.partners
        if any(item.objective.partner == partner.key for item in to_ask(now))
    }
    assert counted_words(told.counts) == f"{told.to_handle} sur {told.promised}"


def test_the_latest_comes_first_and_what_promises_nothing_last() -> None:
    late, unknown = line(invented.dossier(), "b"), line(without_figures(invented.dossier()), "a")
    empty = line(replace(invented.dossier(), objectives=(), measurements=(), milestones=()), "c")
    assert late.to_handle > unknown.to_handle
    view = overview(DAY, [empty, unknown, late])
    assert [item.contract.code for item in view.lines] == ["b", "a", "c"]
    assert empty.late_share is None
    assert counted_words(empty.counts) == "–"


def test_a_line_says_which_part_is_late_at_each_scale_and_of_each_partner() -> None:
    told = line(invented.dossier())
    assert told.late_share == Fraction(told.to_handle, told.promised)
    assert told.own_share is None, "none of its promises is of its own scale"
    told = replace(told, own_counts={Statut.EN_RETARD: 1, Statut.ATTEINT: 2, Statut.CONFORME: 1})
    assert told.own_share == Fraction(1, 4)
    for code in ("BPI", "ARS", "FT"):
        summary = told.summary_of(code)
        assert summary is not None
        assert told.share_of(code) == Fraction(to_handle(summary.counts), promised_count(summary.counts))
    assert (told.summary_of("CAF"), told.share_of("CAF")) == (None, None)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_median_is_of_three_contracts_at_least_and_says_of_how_many(count: int) -> None:
    lines = [line(invented.dossier(), code) for code in "abcd"[:count]]
    lines[0] = line(without_figures(invented.dossier()), "z")
    shares = sorted(item.late_share for item in lines if item.late_share is not None)
    assert shares[0] != shares[-1]
    middle = (shares[(count - 1) // 2] + shares[count // 2]) / 2
    assert overview(DAY, lines).median_late == ((middle, count) if count > 2 else None)


def test_partners_stand_once_by_their_code_those_of_the_most_contracts_first() -> None:
    whole = invented.dossier()
    alone = replace(whole, objectives=tuple(item for item in whole.objectives if item.partner == "p3"))
    view = overview(DAY, [line(whole, "a"), line(alone, "b")])
    assert [item.code for item in view.partners] == ["FT", "BPI", "ARS"]


def wider(dossier: Dossier) -> Objective:
    """The first objective that is promised for more than the contract's own place."""
    return next(iter(common.shared_promises(Index(dossier)).values()))


CHANGES: dict[str, Callable[[Objective], Objective]] = {
    "words": lambda item: replace(item, label=f"{item.label} autrement"),
    "unit": lambda item: replace(item, unit="autre"),
    "retired": lambda item: replace(item, retired=True),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_objective_is_common_where_it_is_named_alike_and_not_else(change: str) -> None:
    dossier = invented.dossier()
    objective = wider(dossier)
    alike = replace(objective, label=f" {objective.label.upper()} ", target_value=Decimal(7))
    other = CHANGES[change](objective)

    def of(item: Objective) -> bool:
        held = tuple(item if known.key == item.key else known for known in dossier.objectives)
        return common.promise_of(Index(dossier), objective) in common.shared_promises(
            Index(replace(dossier, objectives=held))
        )

    assert of(alike)
    assert not of(other)


def test_of_two_objectives_that_one_contract_names_alike_none_is_common() -> None:
    dossier = invented.dossier()
    objective = wider(dossier)
    twice = replace(dossier, objectives=(*dossier.objectives, replace(objective, key="bis", code="BIS")))
    assert common.promise_of(Index(dossier), objective) not in common.shared_promises(Index(twice))


def test_what_contracts_follow_in_common_stands_side_by_side_what_differs_first() -> None:
    dossier = invented.dossier()
    told = {item.objective for item in dossier.measurements}
    shared = common.shared_promises(Index(dossier)).values()
    objective = next(item for item in situation(dossier, DAY).promised if item in shared and item.key in told)
    changed = tuple(
        replace(item, value=item.value + 1) if item.objective == objective.key else item
        for item in dossier.measurements
    )
    view = overview(DAY, [line(dossier, "a"), line(replace(dossier, measurements=changed), "b")])
    groups = {group[0].assessment.objective.key: group for group in view.common}
    assert [item.contract.code for item in groups[objective.key]] == ["a", "b"]
    assert not agree(groups[objective.key])
    assert view.common[0] == groups[objective.key] or not agree(view.common[0])
    assert any(agree(group) for group in view.common)
    # What a long list leaves out is then what goes well.
    worst = [
        (agree(group), min(STATUT_ORDER.index(item.assessment.status) for item in group))
        for group in view.common
    ]
    assert worst == sorted(worst)
    assert len(set(worst)) > 2
    assert overview(DAY, [line(dossier, "a")]).common == ()


@pytest.mark.parametrize(
    ("alike", "differing", "unknown", "told"),
    [
        (0, 0, 2, "2 objectifs communs, sans valeur"),
        (2, 0, 0, "2 objectifs communs, le même chiffre partout"),
        (0, 1, 0, "1 objectif commun, qui n’a pas le même chiffre partout"),
        (1, 2, 0, "3 objectifs communs, dont 2 n’ont pas le même chiffre partout"),
        (1, 0, 1, "2 objectifs communs, dont 1 sans valeur ; de l’autre, le même chiffre partout"),
        (2, 1, 3, "6 objectifs communs, dont 3 sans valeur ; 1 n’a pas le même chiffre partout"),
    ],
)
def test_of_what_no_contract_has_a_value_none_says_the_same(
    alike: int, differing: int, unknown: int, told: str
) -> None:
    dossier = invented.dossier()
    first = overview(DAY, [line(dossier, "a"), line(replace(dossier, contract=dossier.contract), "b")]).common
    group = next(item for item in first if item[0].assessment.value is not None and agree(item))

    def valued(value: Decimal | None) -> Followed:
        return replace(group[1], assessment=replace(group[1].assessment, value=value))

    groups = [group] * alike + [(group[0], valued(Decimal(-1)))] * differing
    groups += [(valued(None), valued(None))] * unknown
    assert common_sentence(groups).replace("\u00a0", " ").replace("\u202f", " ") == told
