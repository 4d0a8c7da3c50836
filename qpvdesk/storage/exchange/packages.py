"""Packages of an open base: what it sends, what it takes in, what is in dispute then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import disagreements as _disagreements
from qpvdesk.storage.exchange import peers as _peers
from qpvdesk.storage.exchange import sending, soundness
from qpvdesk.storage.exchange.disagreements import Disagreement
from qpvdesk.storage.exchange.merged import MergeAuthor, Merged
from qpvdesk.storage.exchange.merging import AHEAD, Merger
from qpvdesk.storage.exchange.package import Package, Vector
from qpvdesk.storage.keys import new_key


class _Simulated(Exception):  # noqa: N818 - no error
    """Leaves a transaction that was only tried."""


def write(base: Database, beyond: Vector | None = None) -> tuple[bytes, int]:
    """Return a package of what the base holds beyond what is known elsewhere, and its number of operations."""
    with base.at_one_moment() as connection:
        return sending.write(
            connection,
            sender=base.authors.last(),
            label=base.authors.name,
            now=base.clock(),
            beyond=beyond or {},
        )


def peers(base: Database) -> dict[str, tuple[str, Vector]]:
    """Return who sent packages to this base: uid → name, and what theirs held then."""
    with base.reading() as connection:
        return _peers.peers(connection)


def merge(base: Database, package: Package, *, simulate: bool = False, checked: bool = False) -> Merged:
    """Merge a package: all of it or, on `UserError`, nothing. Simulated, the same is reckoned and nothing is kept.

    `checked`: what no other road lets in is refused here too, but for what the base holds already.
    """
    if not checked:
        return _merge(base, package, lambda _, __: None, simulate=simulate)
    today = base.clock().date() + AHEAD
    try:
        return _merge(base, package, partial(soundness.check, today=today, standing=None), simulate=simulate)
    except soundness.UnsoundError:
        with base.at_one_moment() as connection:
            standing = soundness.standing(connection, today)
        check = partial(soundness.check, today=today, standing=standing)
        return _merge(base, package, check, simulate=simulate)


def _merge(
    base: Database, package: Package, check: Callable[[sqlite3.Connection, Merged], None], *, simulate: bool
) -> Merged:
    try:
        with base.writing() as connection:
            author = MergeAuthor(base.authors.note_author(), new_key(), base.clock())
            merged = Merger(connection, package, author).merge(base.forgetting)
            check(connection, merged)
            merged.disagreements = _disagreements.disagreements(connection)
            if simulate:
                raise _Simulated
    except _Simulated:
        return merged
    # Acts of our own may have come back with it.
    base.forget_undo()
    if merged.erased:
        base.sweep()
    return merged


def disagreements(base: Database) -> tuple[Disagreement, ...]:
    """Return the cells that two authors wrote without knowing of each other."""
    with base.at_one_moment() as connection:
        return _disagreements.disagreements(connection)
