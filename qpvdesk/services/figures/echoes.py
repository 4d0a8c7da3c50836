"""Common objectives: a figure entered in one contract is seen in every contract of the base that follows the same one.

The echo is written by the same act, so that one undo takes it back everywhere. A contract that says something else of
that day keeps it: the page « Contrats » shows who differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import common, french
from qpvdesk.domain.ages import recording_order
from qpvdesk.domain.common import SharedPromise
from qpvdesk.domain.faults import Known, refusal
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Contract, Dossier, Measurement, Objective
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures.standing import standing
from qpvdesk.storage import common_objectives
from qpvdesk.storage.keys import new_key


class Echoes(Struct, frozen=True):
    """Figures of other contracts, and the keys of those."""

    figures: tuple[Measurement, ...] = ()
    contracts: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """` (aussi dans 2 contrats)`, for the label of an act; empty where there is none."""
        count = french.plural(len(self.contracts), "autre contrat", "autres contrats")
        return f" (aussi dans {count})" if self.contracts else ""


def of_written(desk: Desk, dossier: Dossier, written: Sequence[Measurement]) -> Echoes:
    """The figures to write in the other contracts, where those are written in that of the dossier."""
    others = _others(desk, dossier.contract)
    shared = _shared(dossier) if others else {}
    found: list[tuple[str, Measurement]] = []
    for figure in written:
        promise = shared.get(figure.objective)
        if promise is None or figure.territory != promise[1].territory:
            continue
        own = [item for item in dossier.measurements if item.objective == figure.objective]
        old = next((item for item in own if item.key == figure.key), None)
        for objective in _twins(desk, dossier.contract, promise[0], others):
            echo = _echo(
                figure,
                old,
                own,
                twin_figures=common_objectives.figures(desk.base, objective.key),
                objective=objective,
            )
            known = Known(Dossier(others[objective.contract], objectives=(objective,)), desk.today())
            if echo is not None and refusal(known, echo) is None:
                found.append((objective.contract, echo))
    return _gathered(found)


def of_removed(desk: Desk, dossier: Dossier, removed: Measurement) -> Echoes:
    """The same figure in the other contracts, where one is removed from that of the dossier; one that bears a file stays."""
    others = _others(desk, dossier.contract)
    promise = _shared(dossier).get(removed.objective) if others else None
    if promise is None or removed.territory != promise[1].territory:
        return Echoes()
    return _gathered(
        (objective.contract, item)
        for objective in _twins(desk, dossier.contract, promise[0], others)
        for item in common_objectives.figures(desk.base, objective.key)
        if _same(item, removed, objective) and not common_objectives.has_file(desk.base, item.key)
    )


def for_newcomer(desk: Desk, newcomer: Dossier) -> tuple[Measurement, ...]:
    """The figures that a contract takes over when it joins the base: of each common objective those of the contract that
    has the most, for the days of which it says nothing."""
    others = _others(desk, newcomer.contract)
    found: list[Measurement] = []
    for promise, own in _shared(newcomer).values() if others else ():
        known = {item.day for item in newcomer.measurements if item.objective == own.key}
        figures_by_twin = [
            [
                item
                for item in common_objectives.figures(desk.base, twin.key)
                if item.territory == twin.territory
            ]
            for twin in _twins(desk, newcomer.contract, promise, others)
        ]
        found += [
            _copy(item, own) for item in max(figures_by_twin, key=len, default=[]) if item.day not in known
        ]
    return tuple(found)


def _gathered(found: Iterable[tuple[str, Measurement]]) -> Echoes:
    pairs = list(found)
    return Echoes(tuple(figure for _, figure in pairs), frozenset(contract for contract, _ in pairs))


def _others(desk: Desk, contract: Contract) -> dict[str, Contract]:
    return {item.key: item for item in desk.base.contracts() if item.key != contract.key}


def _shared(dossier: Dossier) -> dict[str, tuple[SharedPromise, Objective]]:
    """By key, the objectives that other contracts may follow."""
    return {
        objective.key: (promise, objective)
        for promise, objective in common.shared_promises(Index(dossier)).items()
    }


def _twins(
    desk: Desk, contract: Contract, promise: SharedPromise, others: dict[str, Contract]
) -> Iterator[Objective]:
    """The same objective in the other contracts; of two alike in one contract neither."""
    by_contract: dict[str, list[Objective]] = {}
    for item in common_objectives.objectives(desk.base, contract.key, promise.partner, promise.place):
        if item.contract in others and common.says(item, promise):
            by_contract.setdefault(item.contract, []).append(item)
    yield from (items[0] for items in by_contract.values() if len(items) == 1)


def _same(item: Measurement, figure: Measurement, objective: Objective) -> bool:
    return (item.territory, item.day, item.value) == (objective.territory, figure.day, figure.value)


def _echo(
    figure: Measurement,
    old: Measurement | None,
    own: Sequence[Measurement],
    *,
    twin_figures: Sequence[Measurement],
    objective: Objective,
) -> Measurement | None:
    """The figure as another contract is to hold it; None where that has it, or says something else of the day.

    `old`: what it corrects; `own`, `twin_figures`: what each of the two contracts holds of the objective.
    """
    if old is not None:
        corrected = next((item for item in twin_figures if _same(item, old, objective)), None)
        if corrected is not None:
            return replace(_copy(figure, objective), key=corrected.key, entered_on=corrected.entered_on)
    of_day = [
        item for item in twin_figures if (item.territory, item.day) == (objective.territory, figure.day)
    ]
    there = {item.value for item in of_day}
    here = {item.value for item in own if (item.territory, item.day) == (figure.territory, figure.day)}
    if figure.value in there or not there <= here:
        return None
    return standing(_copy(figure, objective), max(of_day, key=recording_order, default=None))


def _copy(figure: Measurement, objective: Objective) -> Measurement:
    """A figure as the objective of another contract bears it: without the passage, which is of a document of its own."""
    return replace(
        figure, key=new_key(), objective=objective.key, territory=objective.territory, citation=None
    )
