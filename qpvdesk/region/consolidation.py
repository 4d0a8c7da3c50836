"""Consolidating: packages and bases in, PostgreSQL or Parquet out. Done again, it changes nothing; stopped, it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract
from qpvdesk.region import engine, results
from qpvdesk.region.store import Entrepot
from qpvdesk.region.tables import Results, State
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import ledger, packages
from qpvdesk.storage.exchange.ledger import OperationLine

SERVERS = ("postgresql://", "postgres://")


class Target(Protocol):
    """Where it goes: `postgres.Server` or `parquet.Lake`."""

    def state(self, contract: str) -> State | None: ...

    def follow(
        self, family: str, operations: Callable[[dict[str, int]], Iterable[OperationLine]]
    ) -> None: ...

    def keep(self, found: Results, state: State) -> None: ...


class Refused(Struct, frozen=True):
    """A source of which nothing was taken, and why."""

    source: Path
    why: UserError


class Consolidated(Struct, frozen=True):
    """What a run did."""

    contracts: tuple[str, ...]
    """Names of the contracts whose rows were replaced."""
    unchanged: int
    refused: tuple[Refused, ...]


def target(word: str) -> AbstractContextManager[Target]:
    """Return the target of that address or folder. Raises `UserError` where it cannot be had."""
    if word.startswith(SERVERS):
        from qpvdesk.region.postgres import Server  # noqa: PLC0415 - 60 ms, a server alone needs it

        return Server(word)
    from qpvdesk.region.parquet import Lake  # noqa: PLC0415 - 90 ms, Parquet alone needs it

    return Lake(Path(word))


def consolidate(
    sources: Sequence[Path],
    place: Target,
    store: Entrepot,
    *,
    monthly: bool,
    today: date,
    cluster: str | None = None,
) -> Consolidated:
    """Take the sources in, then bring every contract of the entrepôt up to date in `place`.

    `monthly`: each end of month since the signature too. `cluster`: see `engine.reckon_all`. A source that is refused is
    said and leaves the others be. Raises `UserError` where the target or the engine fails; what was done is kept.
    """
    refused = []
    for source in sources:
        try:
            store.take(source)
        except UserError as error:
            refused.append(Refused(source, error))
    done: list[str] = []
    unchanged = 0
    for path in store.bases():
        with _read(store, path) as base:
            contracts = base.contracts()
            state = packages.state(base)
            place.follow(path.stem, lambda known, base=base: ledger.operations(base, known))  # type: ignore[misc]
        for contract in contracts:
            wanted = _wanted(contract, state, today, monthly=monthly)
            if _brought(place, path, contract, wanted=wanted, cluster=cluster):
                done.append(contract.name)
            else:
                unchanged += 1
    return Consolidated(tuple(done), unchanged, tuple(refused))


def _wanted(contract: Contract, state: str, today: date, monthly: bool) -> State:
    start = contract.signed_on or contract.start
    days = results.month_ends(start, today) if monthly and start is not None and start <= today else (today,)
    return State(state, days)


def _brought(place: Target, path: Path, contract: Contract, *, wanted: State, cluster: str | None) -> bool:
    """Bring one contract up to date; tell whether it had to be."""
    known = place.state(contract.key)
    if known is not None and known.state == wanted.state and set(wanted.days) <= set(known.days):
        return False
    # A figure that is corrected moves the days that were reckoned before it.
    days = tuple(sorted({*wanted.days, *(known.days if known is not None else ())}))
    parts = engine.reckon_all(list(engine.tasks(path, contract.code, days)), cluster)
    place.keep(engine.joined(parts), State(wanted.state, days))
    return True


@contextmanager
def _read(store: Entrepot, path: Path) -> Iterator[Database]:
    with store.opened(path, read_only=True) as desk:
        yield desk.base
