"""The way out of two stories under one name: what an officer did here since goes to another chain of their own key.

It happens where a whole computer was put back as it was, the officer's folder with it: nothing then remembers how far
their chain had come, and it goes on twice under the same numbers. What nobody has received is signed anew.
"""

from __future__ import annotations

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, journal
from qpvdesk.storage.chain import Sign
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import Package


class OwnForkError(UserError):
    """The officer's own chain goes on in two ways; `uid` is theirs, `after` the last sequence that both have."""

    def __init__(self, uid: str, after: int) -> None:
        super().__init__(
            "Ce paquet porte d’autres actes de vous que ceux de cette base, sous les mêmes numéros\u202f: cet ordinateur"
            " a été remis tel qu’il était plus tôt. Rien n’a été fusionné.",
            "Acceptez que vos derniers actes d’ici soient signés à nouveau\u202f: les deux suites sont alors gardées.",
            shell="Pour l’accepter\u202f: «\u202f--accepter separer\u202f».",
        )
        self.uid, self.after = uid, after


def fork_of(connection: sqlite3.Connection, package: Package, own: str | None) -> OwnForkError | None:
    """Return where the chain of the key `own` parts from the one that a package brings; None where it does not."""
    for author in package.authors:
        if own is None or not author.uid.startswith(f"{own}."):
            continue
        ends = {
            operation.seq: (operation.hlc, operation.key, operation.field)
            for operation in package.operations
            if operation.author == author.uid and operation.kind != journal.VEILED
        }
        rows = connection.execute(
            "SELECT o.seq, o.hlc, o.key, o.field FROM operation o JOIN author a ON a.id = o.author WHERE a.uid = ?"
            " AND o.kind <> ? ORDER BY o.seq",
            (author.uid, journal.VEILED),
        )
        for seq, *rest in rows:
            if seq in ends and ends[seq] != tuple(rest):
                return OwnForkError(author.uid, seq - 1)
    return None


def part(connection: sqlite3.Connection, fork: OwnForkError, uid: str, sign: Sign) -> None:
    """Give what follows a fork to the chain `uid`, signed anew; inside a transaction that may rewrite the journal.

    Raises `UserError` where somebody else built on it already: it has been received, and stays.
    """
    number, label = connection.execute("SELECT id, label FROM author WHERE uid = ?", (fork.uid,)).fetchone()
    built = connection.execute(
        "SELECT 1 FROM operation WHERE parent_author = ? AND parent_seq > ? AND author <> ? LIMIT 1",
        (number, fork.after, number),
    ).fetchone()
    if built is not None:
        raise UserError(
            "Vos derniers actes de cette base ont déjà servi à quelqu’un\u202f: ils ne peuvent plus être signés à nouveau."
            " Rien n’a été fusionné.",
            "Repartez d’une copie de la base de votre collègue, et ressaisissez-y ce qui manque.",
        )
    other = journal.author_number(connection, uid, label)
    moved = {"old": number, "new": other, "after": fork.after}
    connection.execute(
        "UPDATE operation SET author = :new, seq = seq - :after WHERE author = :old AND seq > :after", moved
    )
    connection.execute(
        "UPDATE operation SET parent_author = :new, parent_seq = parent_seq - :after"
        " WHERE parent_author = :old AND parent_seq > :after",
        moved,
    )
    connection.execute(
        "UPDATE act SET author = :new WHERE id IN (SELECT act FROM operation WHERE author = :new)", moved
    )
    chain.sign_again(connection, other, after=0, sign=sign)
