"""What lies between the operations that are here and those that come: a package that is missing is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import Author, Operation


def check_gap(connection: sqlite3.Connection, author: Author, last: int, seqs: Sequence[int]) -> int:
    """Return how many operations of an author no salvage could find, beyond those that are known to be lost.

    `last`: the last known of them; `seqs`: those that come. Raises `UserError` where what lies between is missing.
    """
    noted = "SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE name = ?"
    known = int(connection.execute(noted, (journal.LOST + author.uid,)).fetchone()[0])
    stored_count = connection.execute(
        "SELECT count(*) FROM operation o JOIN author a ON a.id = o.author WHERE a.uid = ?", (author.uid,)
    ).fetchone()[0]
    missing = max(last, *seqs) - stored_count - len(seqs)
    if missing <= max(author.lost, known):
        if missing != known:
            # What the officer accepts is this loss and no further one; what came back is lost no more.
            journal.note(connection, journal.LOST + author.uid, str(missing))
        return int(max(0, missing - known))
    first = min(seq for seq in seqs if seq > last)
    raise _missing(author.label, f"ses modifications {last + 1} à {first - 1} ne sont pas ici")


def check_replaced(
    connection: sqlite3.Connection, names: Mapping[str, str], brought: Iterable[Operation]
) -> None:
    """Raise `UserError` where what an operation goes on from is nowhere, neither here nor in what was brought.

    Whoever put an old copy of their base back goes on under another chain: what they did before, and of which the new
    chain speaks, may have been sent in a package of its own, that never came. `names`: of the authors, by uid.
    """
    for operation in brought:
        place = (operation.parent, operation.parent_seq)
        query = "SELECT 1 FROM operation o JOIN author a ON a.id = o.author WHERE a.uid = ? AND o.seq = ?"
        if operation.parent is not None and connection.execute(query, place).fetchone() is None:
            raise _missing(
                names[operation.parent], "les modifications reçues continuent d’autres, qui ne sont pas ici"
            )


def _missing(label: str, what: str) -> UserError:
    return UserError(
        f"Il manque un paquet de {label}\u202f: {what}. Rien n’a été fusionné.",
        "Demandez un paquet complet (sans choisir de destinataire).",
    )
