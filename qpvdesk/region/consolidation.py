"""Consolidating: packages and bases in, PostgreSQL or Parquet out. Done again, it changes nothing; stopped, it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from qpvdesk.domain.errors import UserError
from qpvdesk.region import engine, results
from qpvdesk.region.contents import HeldContract
from qpvdesk.region.store import ClosedBaseError, Entrepot, closed
from qpvdesk.region.tables import DECLARED, Results, State
from qpvdesk.storage.exchange.ledger import OperationLine

SERVERS = ("postgresql://", "postgres://")


class Target(Protocol):
    """Where it goes: `postgres.Server` or `parquet.Lake`."""

    def state(self, contract: str) -> State | None: ...

    def follow(
        self, family: str, operations: Callable[[dict[str, int]], Iterable[OperationLine]]
    ) -> None: ...

    def keep(self, found: Results, state: State) -> None: ...

    def forget(self, contract: str) -> None: ...


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
    scheme, mark, rest = word.partition("://")
    word = f"{scheme.lower()}{mark}{rest}" if mark else word
    if not word.strip() or (mark and not word.startswith(SERVERS)):
        # What follows may hold a password.
        shown = f"{scheme}://…" if mark else word
        raise UserError(
            f"«\u202f{shown}\u202f» n’est ni un dossier, ni l’adresse d’un serveur PostgreSQL. Rien n’a été écrit.",
            "Donnez un dossier, ou une adresse qui commence par «\u202fpostgresql://\u202f».",
        )
    if mark:
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

    `monthly`: each month’s end since the signature too. `cluster`: see `engine.attempt_all`. A source that is refused, a
    base of the entrepôt that cannot be opened, is said and leaves the others be. Raises `UserError` where the target or the
    engine fails; what was done is kept.
    """
    refused = tuple(Refused(source, why) for source, why in store.take_all(sources).items())
    waiting: list[_Work] = []
    unchanged = 0
    contents_of, shut = store.opened_all()
    refused += tuple(Refused(path, why) for path, why in shut.items())
    unread: dict[Path, UserError] = {}
    living = {
        item.key for contents in contents_of.values() for item in contents.contracts if not item.retired
    }
    for path, contents in contents_of.items():
        works = [
            _work(
                place,
                path,
                item,
                state=f"{contents.state} {DECLARED}",
                days=_days(item, today, monthly=monthly),
            )
            for item in contents.contracts
            if not item.retired
        ]
        moved = [work for work in works if work is not None]
        for contract in contents.contracts:
            # What one officer removed, as most do of the contract that is shipped, another may follow; and nobody knows
            # what a base that cannot be opened follows.
            if not shut and contract.retired and contract.key not in living:
                place.forget(contract.key)
        # Of a base that follows nothing any more, no row says how far its journal was sent.
        if moved or not works:
            try:
                place.follow(path.stem, partial(store.operations, path))
            except ClosedBaseError as error:
                unread[path] = error
                continue
        waiting += moved
        unchanged += len(works) - len(moved)
    store.note()
    done = _keep(place, waiting, unread, cluster)
    refused += tuple(Refused(path, why) for path, why in unread.items())
    return Consolidated(tuple(done), unchanged, refused)


def _keep(
    place: Target, works: Sequence[_Work], unread: dict[Path, UserError], cluster: str | None
) -> list[str]:
    """Reckon those works and keep what they give; return the names of their contracts. `unread`: what takes why not."""
    # All contracts × days at once: what one contract leaves of a pool serves the next.
    parts = engine.attempt_all([task for work in works for task in work.tasks], cluster)
    done = []
    for work in works:
        given = list(islice(parts, len(work.tasks)))
        try:
            found = engine.joined(given)
        except UserError as error:
            unread[work.tasks[0].path] = closed(error)
            continue
        place.keep(found, work.state)
        done.append(work.contract.name)
    return done


class _Work(Struct, frozen=True):
    """What is to be reckoned of one contract, and what its rows will then have been made from."""

    contract: HeldContract
    tasks: tuple[engine.Task, ...]
    state: State


def _days(contract: HeldContract, today: date, *, monthly: bool) -> tuple[date, ...]:
    start = contract.start
    return results.month_ends(start, today) if monthly and start is not None and start <= today else (today,)


def _work(
    place: Target, path: Path, contract: HeldContract, *, state: str, days: tuple[date, ...]
) -> _Work | None:
    """What has to be reckoned of a contract; None where the target has it all."""
    known = place.state(contract.key)
    if known is not None and known.state == state and set(days) <= set(known.days):
        return None
    # A figure that is corrected moves the days that were reckoned before it.
    all_days = tuple(sorted({*days, *(known.days if known is not None else ())}))
    return _Work(contract, tuple(engine.tasks(path, contract.code, all_days)), State(state, all_days))
