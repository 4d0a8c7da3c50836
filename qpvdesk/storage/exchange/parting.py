"""The way out of two stories under one name: what an officer did here since goes to another chain of their own key.

It happens where a whole computer was put back as it was, or copied, the officer's folder with it: nothing then remembers
how far their chain had come, and it goes on twice under the same numbers. What nobody has received is signed anew; who
did receive it takes it over where it stands now.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, journal
from qpvdesk.storage.authors import NOTE_SUFFIX, public_of
from qpvdesk.storage.chain import Sign
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import Package, PackagedAct, Vector
from qpvdesk.storage.exchange.trust import ends_otherwise

_Chains = dict[str, list[PackagedAct]]
"""The signed acts of the chains of one key, by uid."""
Move = tuple[int, int, int]
"""The number of an author, of the one to whom they give their operations, and after which sequence."""


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
    after = {} if own is None else _forks(connection, package, own, _signed_acts(package).get(own, {}))
    return OwnForkError(after) if after else None


def _signed_acts(package: Package) -> dict[str, _Chains]:
    """Return the acts of a package that are in a chain, by key and author."""
    found: dict[str, _Chains] = {}
    for author in package.authors:
        if public := public_of(author.uid):
            found.setdefault(public, {})[author.uid] = []
    for act in package.acts:
        if act.first and act.signature and (public := public_of(act.author)):
            found[public][act.author].append(act)
    return found


def _forks(connection: sqlite3.Connection, package: Package, public: str, chains: _Chains) -> Vector:
    """Return, by uid, the last sequence that the chains of a key which go on otherwise in a package have in common."""
    after: Vector = {}
    for uid, acts in chains.items():
        forked = _first_that_differs(connection, uid, acts)
        if forked is not None:
            after[uid] = forked
        elif ends_otherwise(connection, uid, package.tails):
            raise _too_short()
    return _built_on_by_oneself(connection, after, public)


def _first_that_differs(connection: sqlite3.Connection, uid: str, acts: list[PackagedAct]) -> int | None:
    """Return the sequence after which a chain is another there; None where it is one."""
    if not acts:
        return None
    there = {act.first: act for act in acts}
    begins = sorted(there)
    links = connection.execute(
        "SELECT c.first, c.last, c.previous, c.signature FROM chain c JOIN author a ON a.id = c.author WHERE a.uid = ?"
        " AND c.last >= ? ORDER BY c.last",
        (uid, begins[0]),
    )
    for first, last, previous, signature in links:
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
    if not after:
        return after
    uses: dict[str, list[tuple[int, str, int]]] = {}
    rows = connection.execute(
        "SELECT p.uid, o.parent_seq, a.uid, c.first FROM operation o JOIN author a ON a.id = o.author"
        " JOIN author p ON p.id = o.parent_author JOIN chain c ON c.act = o.act"
        " WHERE a.uid <> p.uid AND substr(a.uid, 1, ?1) = ?2 AND substr(p.uid, 1, ?1) = ?2 ORDER BY o.parent_seq",
        (len(own) + 1, f"{own}."),
    )
    for parent, seq, uid, first in rows:
        uses.setdefault(parent, []).append((seq, uid, first))
    after, waiting = dict(after), list(after)
    while waiting:
        parent = waiting.pop()
        built = uses.get(parent, [])
        # Each is looked at once, the latest first: a chain may be reached again, from further back.
        while built and built[-1][0] > after[parent]:
            _, uid, first = built.pop()
            if first - 1 < after.get(uid, first):
                after[uid] = first - 1
                waiting.append(uid)
    return after


def part(connection: sqlite3.Connection, fork: OwnForkError, go_on: Callable[[], str], sign: Sign) -> None:
    """Give what follows each fork to a new chain, signed anew; inside a transaction that may rewrite the journal.

    `go_on` returns the uid of a new chain; what a merge noted beside a chain stays beside it.

    Raises `UserError` where somebody else built on it already: it has been received, and stays.
    """
    moves: list[Move] = []
    uids: dict[str, str] = {}
    for old, after in fork.after.items():
        number, label = connection.execute("SELECT id, label FROM author WHERE uid = ?", (old,)).fetchone()
        chain_of = old.removesuffix(NOTE_SUFFIX)
        if chain_of not in uids:
            uids[chain_of] = go_on()
        other = journal.author_number(connection, uids[chain_of] + old[len(chain_of) :], label)
        moves.append((number, other, after))
    if _is_built_on(connection, moves):
        raise UserError(
            "Vos derniers actes de cette base ont déjà servi à quelqu’un\u202f: ils ne peuvent plus être signés à nouveau."
            " Rien n’a été fusionné.",
            "Repartez d’une copie de la base de votre collègue, et ressaisissez-y ce qui manque.",
        )
    _move(connection, moves)
    for _, other, _ in moves:
        chain.sign_again(connection, other, after=0, sign=sign)


def signed_anew(connection: sqlite3.Connection, package: Package, own: str | None) -> list[Move]:
    """Return what the owners of chains signed anew: what follows a fork here, and stands word for word on another chain of
    the same key in a package, unless somebody built on it here.

    Raises `UserError` where two computers of the officer's each gave the other's story its place: one of them gives way.
    """
    moves: list[Move] = []
    for public, chains in _signed_acts(package).items():
        try:
            after = _forks(connection, package, public, chains)
        except UserError:
            continue
        anew = _moved_to(connection, package, chains, after) if after else {}
        if anew and own == public == package.public and _stays(connection, chains, after):
            raise UserError(
                "Vos deux ordinateurs ont chacun laissé sa place à l’autre\u202f: les deux bases ont déjà les deux suites."
                " Rien n’a été fusionné.",
                "Recevez d’abord, sur l’autre ordinateur, un paquet complet de celui-ci\u202f; recevez ensuite le sien.",
            )
        some: list[Move] = []
        for old, uid in anew.items():
            number, label = connection.execute(
                "SELECT id, label FROM author WHERE uid = ?", (old,)
            ).fetchone()
            some.append((number, journal.author_number(connection, uid, label), after[old]))
        if not _is_built_on(connection, some):
            moves += some
    return moves


def take_over(connection: sqlite3.Connection, moves: Sequence[Move]) -> None:
    """Move what its owners signed anew; inside a transaction that may rewrite the journal.

    The signatures come with the package, which is checked after.
    """
    _move(connection, moves)
    connection.executemany(
        "DELETE FROM chain WHERE act IN (SELECT id FROM act WHERE author = ?)",
        [(new,) for _, new, _ in moves],
    )


def _moved_to(
    connection: sqlite3.Connection, package: Package, chains: _Chains, after: Vector
) -> dict[str, str]:
    """Return the chain of a package, new here, on which what follows each fork stands; empty where not all of it does."""
    brought = {
        (operation.author, operation.seq): operation
        for operation in package.operations
        if operation.author in chains
    }
    acts = {act.name: act for some in chains.values() for act in some}
    taken = {uid for (uid,) in connection.execute("SELECT uid FROM author")}
    new: dict[str, set[str]] = {}
    for uid, key in acts:
        if uid not in taken:
            new.setdefault(key, set()).add(uid)
    rows = {
        old: connection.execute(
            "SELECT o.seq, t.key, t.label, t.done_at, t.mode, r.key, o.hlc, o.kind, o.key, o.field, o.value, p.uid,"
            " o.parent_seq FROM operation o JOIN author a ON a.id = o.author JOIN act t ON t.id = o.act"
            " LEFT JOIN act r ON r.id = t.reverses LEFT JOIN author p ON p.id = o.parent_author"
            " WHERE a.uid = ? AND o.seq > ? ORDER BY o.seq",
            (old, seq),
        ).fetchall()
        for old, seq in after.items()
    }
    anew: dict[str, str] = {}
    for old, stored in rows.items():
        uids = new.get(stored[0][1], set())
        if len(uids) != 1:
            return {}
        (anew[old],) = uids
    if len(set(anew.values())) < len(anew):
        return {}

    def moved(uid: str | None, seq: int | None) -> tuple[str | None, int | None]:
        if uid is None or seq is None or seq <= after.get(uid, seq):
            return uid, seq
        return anew[uid], seq - after[uid]

    for old, stored in rows.items():
        for seq, *act, hlc, kind, key, field, value, parent, parent_seq in stored:
            operation = brought.get((anew[old], seq - after[old]))
            by = acts.get((anew[old], act[0]))
            if (
                operation is None
                or by is None
                or [by.key, by.label, by.done_at, by.mode, by.reverses] != act
                or (operation.act, operation.hlc) != (act[0], hlc)
                or (operation.kind, operation.key, operation.field, operation.value)
                != (kind, key, field, value)
                or (operation.parent, operation.parent_seq) != moved(parent, parent_seq)
            ):
                return {}
    return anew


def _stays(connection: sqlite3.Connection, chains: _Chains, after: Vector) -> bool:
    """Tell whether all that follows the forks there is here too on another chain, and what follows them here stays.

    Of the two first acts that part, either side says the same.
    """
    there = [act for uid, seq in after.items() for act in chains.get(uid, []) if act.first > seq]
    for act in there:
        rows = connection.execute(
            "SELECT a.uid FROM act t JOIN author a ON a.id = t.author WHERE t.key = ? AND a.uid <> ?",
            (act.key, act.author),
        )
        if public_of(act.author) not in {public_of(uid) for (uid,) in rows}:
            return False
    uid = min(after)
    (here,) = connection.execute(
        "SELECT t.key FROM chain c JOIN act t ON t.id = c.act JOIN author a ON a.id = c.author"
        " WHERE a.uid = ? AND c.first > ? ORDER BY c.first LIMIT 1",
        (uid, after[uid]),
    ).fetchone()
    firsts = [(act.first, act.key) for act in there if act.author == uid]
    return bool(firsts) and str(here) < min(firsts)[1]


def _move(connection: sqlite3.Connection, moves: Sequence[Move]) -> None:
    """Give what follows forks to other authors, who have nothing yet."""
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


def _is_built_on(connection: sqlite3.Connection, moves: Sequence[Move]) -> bool:
    """Tell whether somebody else went on from what follows a fork: it has been received, and stays."""
    own = [number for number, _, _ in moves]
    marks = ", ".join("?" * len(own))
    query = f"SELECT 1 FROM operation WHERE parent_author = ? AND parent_seq > ? AND author NOT IN ({marks}) LIMIT 1"
    rows = [connection.execute(query, (number, after, *own)).fetchone() for number, _, after in moves]
    return any(rows)
