"""Common objectives: what a partner promises for a whole département, a région or the country, followed by many contracts.

Two contracts follow the same one where they name it alike: same partner, same place, same words, same unit, same way of
counting. Nothing else is compared: targets and figures may differ, and are then shown side by side.
"""

from __future__ import annotations

from msgspec import Struct

from qpvdesk.domain.french import fold
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Mesure, Objective, Sens
from qpvdesk.domain.scales import is_beyond_home


class SharedPromise(Struct, frozen=True, order=True):
    """What two contracts must agree on to follow the same objective; its order is that in which they are listed."""

    partner: str
    """Code of the partner."""
    place: str
    """Code of the place."""
    words: str
    """The promise, folded."""
    unit: str
    sens: Sens
    mesure: Mesure


def shared_promises(index: Index) -> dict[SharedPromise, Objective]:
    """The objectives of a contract that others may follow too. Of two that it names alike nothing tells which is meant:
    neither is."""
    found: dict[SharedPromise, list[Objective]] = {}
    for objective in index.objectives:
        promise = promise_of(index, objective)
        if promise is not None:
            found.setdefault(promise, []).append(objective)
    return {promise: items[0] for promise, items in found.items() if len(items) == 1}


def promise_of(index: Index, objective: Objective) -> SharedPromise | None:
    """What an objective is known by from one contract to another; None where it is of the contract's own scale or below."""
    if objective.retired or not is_beyond_home(index, objective):
        return None
    return SharedPromise(
        index.partner(objective.partner).code.upper(),
        index.territory(objective.territory).code.upper(),
        _words(objective),
        objective.unit.strip(),
        objective.sens,
        objective.mesure,
    )


def says(objective: Objective, promise: SharedPromise) -> bool:
    """Whether an objective of the partner and the place of a promise says the same."""
    return not objective.retired and (
        _words(objective), objective.unit.strip(), objective.sens, objective.mesure
    ) == (promise.words, promise.unit, promise.sens, promise.mesure)  # fmt: skip


def _words(objective: Objective) -> str:
    return " ".join(fold(objective.label).split())
