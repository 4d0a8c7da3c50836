"""Who changed what, and when: the journal of the open base, and of one thing of it."""

from __future__ import annotations

from qpvdesk.domain.change import Change
from qpvdesk.domain.model import Contract
from qpvdesk.services.desk import Desk
from qpvdesk.storage import readers
from qpvdesk.storage.history import HistoryEntry as HistoryEntry


def history(
    desk: Desk, code: str | None = None, limit: int = 500, *, contract: str | None = None
) -> tuple[HistoryEntry, ...]:
    """Return the journal, or that of the object of a code, the latest first.

    The history of an objective holds that of its measurements and milestones; of an engagement, that of its météo and
    steps. `contract`: code of the one that is told of; None: all those of the base.
    """
    key = None if contract is None else desk.contract(contract).key
    return readers.history(desk.base, code, limit, contract=key)


def history_of(desk: Desk, key: str) -> tuple[HistoryEntry, ...]:
    """Return what happened to the thing of that key, the latest first."""
    return readers.history_of(desk.base, key)


def contracts_of(desk: Desk, change: Change | None) -> tuple[Contract, ...]:
    """Return the contracts that an act changed; none where nothing was done."""
    keys = readers.contracts_of(desk.base, change) if change is not None else ()
    return tuple(contract for contract in desk.contracts() if contract.key in keys)
