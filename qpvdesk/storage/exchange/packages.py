"""Packages of an open base: what it sends, what it takes in, what is in dispute then."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import journal
from qpvdesk.storage.base import REWRITTEN, Database
from qpvdesk.storage.base_file import FileTroubleError
from qpvdesk.storage.care import backup
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import disagreements as _disagreements
from qpvdesk.storage.exchange import parting, sending, soundness, undoing
from qpvdesk.storage.exchange import peers as _peers
from qpvdesk.storage.exchange.consent import Consent as Consent
from qpvdesk.storage.exchange.consent import Terms
from qpvdesk.storage.exchange.consent import refuse_untold as refuse_untold
from qpvdesk.storage.exchange.consent import repaired_sentences as repaired_sentences
from qpvdesk.storage.exchange.disagreements import Disagreement
from qpvdesk.storage.exchange.merged import MergeAuthor, Merged
from qpvdesk.storage.exchange.merging import Merger
from qpvdesk.storage.exchange.package import Package, Vector, vector
from qpvdesk.storage.exchange.peers import LastMerge as LastMerge
from qpvdesk.storage.identity import called
from qpvdesk.storage.keys import new_key

NO_CONSENT = Consent()
_AHEAD = timedelta(days=2)
"""How far the calendar of another laptop may be ahead of ours."""


class _Simulated(Exception):  # noqa: N818 - no error
    """Leaves a transaction that was only tried."""


def write(base: Database, beyond: Vector | None = None, *, contract: str | None = None) -> tuple[bytes, int]:
    """Return a package of what the base holds beyond what is known elsewhere, and its number of operations.

    `contract`: the key of the one whose package it is; None: of all.
    """
    identity = base.authors.identity
    with base.at_one_moment() as connection:
        sender = sending.Sender(
            base.authors.last(), base.authors.name, identity.public, identity.sign, identity.sealing
        )
        written = sending.write(
            connection, sender=sender, now=base.clock(), beyond=beyond or {}, contract=contract
        )
        base.authors.note_sent(vector(connection))
        return written


def peers(base: Database) -> dict[str, tuple[str, Vector]]:
    """Return who sent packages to this base: uid → name, and what theirs held then; not the officer themself."""
    own = base.authors.identity.known
    name = called(base.authors.name, own)
    with base.reading() as connection:
        known = _peers.peers(connection).items()
        return {uid: peer for uid, peer in known if (uid, called(peer[0], own)) != (own, name)}


def is_of(base: Database, package: Package) -> bool:
    """Tell whether this base, or a newer state of it, made a package: of the officer's, and of who wrote here."""
    with base.reading() as connection:
        return package.public == base.authors.identity.known and (
            package.sender is not None and journal.author_label(connection, package.sender) is not None
        )


def state(base: Database) -> str:
    """Return what changes whenever a package of all that the base holds would."""
    with base.at_one_moment() as connection:
        told = sorted(vector(connection).items()), journal.noted(connection, REWRITTEN)
    return durable.sha256(repr(told).encode())


def taken(base: Database, name: str) -> str:
    """Return the mark under which a file of a shared folder was taken into this base; empty where it was not.

    It stands in the base: an older copy that is put back takes the file again.
    """
    with base.reading() as connection:
        return journal.noted(connection, _peers.TAKEN + name) or ""


def note_taken(base: Database, name: str, mark: str) -> None:
    """Note that a file of a shared folder, as that mark tells it, was taken into this base."""
    with base.writing() as connection:
        journal.note(connection, _peers.TAKEN + name, mark)


def first_missing(base: Database, known: Vector) -> tuple[int, datetime] | None:
    """Return how many acts somebody lacks who knows that, and the moment of the first; None where they have all."""
    count, first = 0, ""
    with base.at_one_moment() as connection:
        for uid, seq in vector(connection).items():
            if seq <= known.get(uid, 0) or journal.is_programme(uid):
                continue
            acts, moment = connection.execute(
                "SELECT count(DISTINCT t.id), min(t.done_at) FROM operation o JOIN author a ON a.id = o.author"
                " JOIN act t ON t.id = o.act WHERE a.uid = ? AND o.seq > ?",
                (uid, known.get(uid, 0)),
            ).fetchone()
            count, first = count + acts, min(first or moment, moment)
    return (count, datetime.fromisoformat(first)) if count else None


def merge(
    base: Database,
    package: Package,
    *,
    simulate: bool = False,
    checked: bool = False,
    consent: Consent = NO_CONSENT,
) -> Merged:
    """Merge a package: all of it or, on `UserError`, nothing. Simulated, the same is reckoned and nothing is kept.

    `checked`: what no other road lets in is refused here too, but for what the base holds already. `consent`: what the
    officer takes, knowingly. Raises `UnknownSignersError`, `UnsignedError` or `OwnForkError` for what they would have to.
    """
    if not checked:
        return _merge(base, package, lambda _, __: None, consent, simulate=simulate)
    today = base.clock().date() + _AHEAD
    try:
        return _merge(
            base,
            package,
            partial(soundness.check_package, today=today, standing=None),
            consent,
            simulate=simulate,
        )
    except soundness.UnsoundError:
        with base.at_one_moment() as connection:
            standing = soundness.standing(connection, today)
        return _merge(
            base,
            package,
            partial(soundness.check_package, today=today, standing=standing),
            consent,
            simulate=simulate,
        )


def _merge(
    base: Database,
    package: Package,
    check: Callable[[sqlite3.Connection, Merged], None],
    consent: Consent,
    *,
    simulate: bool,
) -> Merged:
    identity = base.authors.identity
    now = base.clock()
    try:
        with base.writing() as connection:
            label = f"Fusion avec {package.sender_label}"
            # What the merge notes is noted on the chain that goes on.
            _part(base, connection, package, consent)
            author = MergeAuthor(base.authors.note_author(), new_key(), label, now, identity.sign)
            before = undoing.end(connection)
            terms = Terms(identity.colleagues(), identity.known, consent.unsigned, chain=base.authors.last())
            merger = Merger(connection, package, author, terms=terms, accepted=consent.proposals)
            merged = merger.merge(base.forgetting)
            check(connection, merged)
            merged.disagreements = _disagreements.disagreements(connection)
            if simulate:
                raise _Simulated
            if not merged.is_news and any(
                stranger.public not in consent.accepted for stranger in merged.strangers
            ):
                # It brings nothing: whose it is need not be asked.
                raise _Simulated
            refuse_untold(merged, consent)
            end = undoing.end(connection)
            if merged.operations or merged.completed:
                # Where texts alone came back, as their author signed them, there is nothing to take back.
                merge = LastMerge(
                    package.sender_label, now, before + 1, end, merged.returned, merged.completed
                )
                _peers.note_merge(connection, merge)
    except _Simulated:
        return merged
    if merged.strangers:
        # Where it cannot be kept, it is asked again.
        with contextlib.suppress(OSError):
            met = {stranger.public: stranger.name for stranger in merged.strangers}
            identity.accept(met, now.date().isoformat())
    if package.public is not None and package.sealing is not None:
        # The sender's signature of it was checked; where it cannot be kept, it comes again.
        with contextlib.suppress(OSError):
            identity.note_sealing(package.public, package.sealing)
    # Acts of our own may have come back with it.
    base.forget_undo()
    if merged.erased:
        base.sweep()
    return merged


def _part(base: Database, connection: sqlite3.Connection, package: Package, consent: Consent) -> None:
    """Take over what its owners signed anew; part the officer's own chain where a package brings it otherwise.

    Raises `OwnForkError` without their consent.
    """
    moves = parting.signed_anew(connection, package, base.authors.identity.known)
    if moves:
        with base.forgetting():
            parting.take_over(connection, moves)
    fork = parting.fork_of(connection, package, base.authors.identity.known)
    if fork is None:
        return
    if not consent.parted:
        raise fork
    with base.forgetting():
        parting.part(connection, fork, base.authors.go_on, base.authors.identity.sign)


def last_merge(base: Database) -> LastMerge | None:
    """Return what came last from a colleague; None where nothing did."""
    with base.reading() as connection:
        return _peers.last_merge(connection)


def undo(base: Database, merge: LastMerge) -> tuple[Change, int]:
    """Take a merge back, as an act that can be undone; return it, and how many cells stay, for having been written since
    or for what was written since.

    Raises `UserError` for a merge that cannot be taken back.
    """
    if merge.completed:
        raise UserError(
            f"La fusion avec {merge.sender} a complété des actes qui étaient déjà dans cette base\u202f: elle ne peut pas"
            " être annulée.",
            _backup_before(base, merge),
        )
    with base.at_one_moment() as connection:
        found = undoing.reversals(connection, merge)
        authors = [number for (number,) in connection.execute("SELECT id FROM author")]
    try:
        with base.unit(f"Annulation de la fusion avec {merge.sender}", over=authors) as unit:
            unit.reverse(found.reversals)
            for kind, key, field, cell in found.disputed:
                unit.settle(kind, key, field, cell)
    except FileTroubleError:
        raise
    except UserError as error:
        if base.read_only:
            raise
        raise UserError(
            f"Ce qui a été fait depuis la fusion avec {merge.sender} empêche de l’annuler\u202f: rien n’a changé.",
            _backup_before(base, merge),
        ) from error
    return unit.change, found.since


def _backup_before(base: Database, merge: LastMerge) -> str:
    """Say which backup brings back the base of before a merge."""
    day = merge.made_at.astimezone().replace(tzinfo=None)
    for kept_backup in backup.backups(base.path):
        if kept_backup.reason == "fusion" and kept_backup.made_at <= day:
            return (
                f"La sauvegarde du {french.format_date(kept_backup.made_at.date())} à {kept_backup.made_at:%H:%M}, faite"
                " juste avant, rend la base telle qu’elle était\u202f; ce qui a été fait depuis n’y est pas."
            )
    return "Corrigez les valeurs à la main\u202f: leur histoire est dans le journal."


def disagreements(base: Database) -> tuple[Disagreement, ...]:
    """Return the cells that two authors wrote without knowing of each other."""
    with base.at_one_moment() as connection:
        return _disagreements.disagreements(connection)
