"""The way out of two stories under one name: what an officer did here since goes to another chain of their own key.

It happens where a whole computer was put back as it was, the officer's folder with it: nothing then remembers how far
their chain had come, and it goes on twice under the same numbers. What nobody has received is signed anew.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, journal
from qpvdesk.storage.authors import NOTE_SUFFIX
from qpvdesk.storage.chain import Sign
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import Package, PackagedAct, Vector
from qpvdesk.storage.exchange.trust import ends_otherwise


class OwnForkError(UserError):
    """Chains of the officer's own go on in two ways; `after`: by uid, the last sequence that both have."""

    def __init__(self, after: Vector) -> None:
        super().__init__(
            "Ce paquet porte d’autres actes de vous que ceux de cette base, sous les mêmes numéros\u202f: cet ordinateur"
            " a été remis tel qu’il était plus tôt. Rien n’a été fusionné.",
            "Acceptez que vos derniers actes d’ici soient signés à nouveau\u202f: les deux suites sont alors gardées.",
            shell="Pour l’accepter\u202f: «\u202f--accepter separer\u202f».",
        )
        self.after = after


def fork_of(connection: sqlite3.Connection, package: Package, own: str | None) -> OwnForkError | None:
    """Return where chains of the key `own` part from those that a package brings; None where none does.

    Acts are compared by their signatures: what lies in a package as digests alone has its own all the same. Raises
    `UserError` where two stories are there and the package does not reach back to where they part.
    """
    if own is None:
        return None
    after: Vector = {}
    for author in package.authors:
        if not author.uid.startswith(f"{own}."):
            continue
        acts = [act for act in package.acts if act.author == author.uid and act.first and act.signature]
        forked = _first_that_differs(connection, author.uid, acts)
        if forked is not None:
            after[author.uid] = forked
        elif ends_otherwise(connection, author.uid, package.tails):
            raise _too_short()
    return OwnForkError(_built_on_by_oneself(connection, after, own)) if after else None


def _first_that_differs(connection: sqlite3.Connection, uid: str, acts: list[PackagedAct]) -> int | None:
    """Return the sequence after which a chain is another there; None where it is one."""
    held = connection.execute(
        "SELECT c.first, c.last, c.previous, c.signature FROM chain c JOIN author a ON a.id = c.author WHERE a.uid = ?"
        " ORDER BY c.first",
        (uid,),
    ).fetchall()
    there = {act.first: act for act in acts}
    begins = sorted(there)
    for first, last, previous, signature in held:
        act = there.get(first)
        inside = bisect_right(begins, last) > bisect_right(begins, first)
        if (act is None and not inside) or (act is not None and act.signature == bytes(signature).hex()):
            continue
        if act is None or act.previous != (None if previous is None else bytes(previous).hex()):
            # They part before.
            raise _too_short()
        return int(first) - 1
    return None


def _too_short() -> UserError:
    return UserError(
        "Ce paquet montre d’autres actes de vous que ceux de cette base, sous les mêmes numéros, mais pas depuis où les"
        " deux suites se séparent. Rien n’a été fusionné.",
        "Demandez un paquet complet (sans choisir de destinataire)\u202f: les deux suites pourront être gardées.",
    )


def _built_on_by_oneself(connection: sqlite3.Connection, after: Vector, own: str) -> Vector:
    """Return the forks, with those of what a merge noted here of what is to be signed anew: it is, too."""
    after = dict(after)
    while True:
        found = [
            (uid, first)
            for parent, seq in after.items()
            for uid, first in connection.execute(
                "SELECT a.uid, min(c.first) FROM operation o JOIN author a ON a.id = o.author"
                " JOIN author p ON p.id = o.parent_author JOIN chain c ON c.act = o.act"
                " WHERE p.uid = ? AND o.parent_seq > ? AND a.uid <> p.uid AND substr(a.uid, 1, ?) = ? GROUP BY a.uid",
                (parent, seq, len(own) + 1, f"{own}."),
            )
            if first - 1 < after.get(uid, first)
        ]
        if not found:
            return after
        for uid, first in found:
            after[uid] = min(first - 1, after.get(uid, first))


def part(connection: sqlite3.Connection, fork: OwnForkError, go_on: Callable[[], str], sign: Sign) -> None:
    """Give what follows each fork to a new chain, signed anew; inside a transaction that may rewrite the journal.

    `go_on` returns the uid of a new chain; what a merge noted beside a chain stays beside it.

    Raises `UserError` where somebody else built on it already: it has been received, and stays.
    """
    moves: list[tuple[int, int, int]] = []
    uids: dict[str, str] = {}
    for old, after in fork.after.items():
        number, label = connection.execute("SELECT id, label FROM author WHERE uid = ?", (old,)).fetchone()
        chain_of = old.removesuffix(NOTE_SUFFIX)
        if chain_of not in uids:
            uids[chain_of] = go_on()
        other = journal.author_number(connection, uids[chain_of] + old[len(chain_of) :], label)
        moves.append((number, other, after))
    own = [number for number, _, _ in moves]
    for number, _, after in moves:
        _check_unused(connection, number, after, own)
    for number, other, after in moves:
        moved = {"old": number, "new": other, "after": after}
        connection.execute(
            "UPDATE withheld SET seq = seq - :after WHERE seq > :after"
            " AND act IN (SELECT act FROM operation WHERE author = :old AND seq > :after)",
            moved,
        )
        connection.execute(
            "UPDATE operation SET author = :new, seq = seq - :after WHERE author = :old AND seq > :after",
            moved,
        )
        connection.execute(
            "UPDATE operation SET parent_author = :new, parent_seq = parent_seq - :after"
            " WHERE parent_author = :old AND parent_seq > :after",
            moved,
        )
        connection.execute(
            "UPDATE act SET author = :new WHERE id IN (SELECT act FROM operation WHERE author = :new)", moved
        )
    for _, other, _ in moves:
        chain.sign_again(connection, other, after=0, sign=sign)


def _check_unused(connection: sqlite3.Connection, number: int, after: int, own: list[int]) -> None:
    """Raise `UserError` where somebody else went on from what follows a fork."""
    marks = ", ".join("?" * len(own))
    built = connection.execute(
        f"SELECT 1 FROM operation WHERE parent_author = ? AND parent_seq > ? AND author NOT IN ({marks}) LIMIT 1",
        (number, after, *own),
    ).fetchone()
    if built is not None:
        raise UserError(
            "Vos derniers actes de cette base ont déjà servi à quelqu’un\u202f: ils ne peuvent plus être signés à nouveau."
            " Rien n’a été fusionné.",
            "Repartez d’une copie de la base de votre collègue, et ressaisissez-y ce qui manque.",
        )
