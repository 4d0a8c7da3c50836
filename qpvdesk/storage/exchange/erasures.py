"""Texts of which words were erased, as a package brings them. Nobody signed the words that stand beside an erased one: a
signature is of the text as it was whole.

Those that the author of an act sends are theirs. Those that somebody relays are checked against the text as it is here;
where it is not here, its place says that it never came. When its author sends it whole after all, what the relay took
out of it is proposed, as any erasing is; where its author erased words of it since, what they left takes its place, so
that it does not matter whose package comes first. What the program wrote has no author who would send it: whoever does,
does. A text that was erased here and that a new operation brings back whole stays erased, unless the officer lets it
stand again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.storage import chain, journal
from qpvdesk.storage.authors import public_of
from qpvdesk.storage.care.purging import ERASED, free_names, is_erased_text
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import ActName, Operation, Package, PackagedAct
from qpvdesk.storage.exchange.removals import ACT, Answer
from qpvdesk.storage.journal import EXISTENCE, LABEL_CHARACTERS_MAX, Cell

NEVER_CAME = f"{ERASED} (texte jamais reçu)"
"""What stands for a text that a relay had erased before it was here: nobody here was asked about that."""
VEILED_WORDS = f"{ERASED} (acte d’un autre contrat)"
"""What stands for the words of an act that is of another contract altogether: whoever has them may bring them."""
Erasures = Mapping[ActName, Mapping[str, Mapping[str, str]]]
"""What was erased of acts that their author does not send, as `PackagedAct.withheld`."""


def relayed_erasures(package: Package) -> Erasures:
    """Return what was erased of the acts of a package that their author does not send."""
    return {
        act.name: act.withheld
        for act in package.acts
        if act.withheld and (package.public is None or public_of(act.author) != package.public)
    }


def bared(operation: Operation, erasures: Erasures) -> Operation:
    """Return an operation without the words beside the erased ones, where nothing proves them."""
    erased = erasures.get(operation.act_name, {}).get(str(operation.seq), {})
    return _changed(operation, dict.fromkeys(erased, NEVER_CAME))


def bared_label(act: PackagedAct, erasures: Erasures) -> str:
    """Return the words of an act, without those beside the erased ones, where nothing proves them."""
    doubtful = str(chain.LABEL) in erasures.get(act.name, {}) and act.label != VEILED_WORDS
    return NEVER_CAME if doubtful else act.label


def filled(operation: Operation, value: Cell) -> Operation:
    """Return an operation with what stands here, `value`, for the words that never came to its sender, or here."""
    if ERASED not in (operation.value or "") and NEVER_CAME not in (value or ""):
        return operation
    here = dict(journal.unfolded(operation.field, value))
    return _changed(
        operation,
        {
            name: here.get(name)
            for name, cell in journal.unfolded(operation.field, operation.value)
            if NEVER_CAME in (cell, here.get(name)) or (cell == ERASED and ERASED in (here.get(name) or ""))
        },
    )


def carried_label(words: str) -> str:
    """Return the words of an act as every reader takes them. Some were signed before their length had a bound: their end
    goes as if it were erased, and the digest of the whole proves what was signed.
    """
    if len(words) <= LABEL_CHARACTERS_MAX:
        return words
    return words[: LABEL_CHARACTERS_MAX - len(ERASED)] + ERASED


def is_further_erasure(label: str, brought: str) -> bool:
    """Tell whether the words of an act come with some erased that are here."""
    return is_erased_text(label, brought) and not (brought == ERASED and ERASED in label)


def erasing(package: Package, operations: Iterable[Operation], again: Erasures) -> Iterator[Operation]:
    """Yield the operations that say a free text as erased, by the very words of their author.

    What was erased of an operation since is no word of its author about the text that is here; nor is what stays erased
    here, `again`.
    """
    withheld = {(act.name, seq) for act in package.acts for seq in act.withheld}
    withheld |= {(name, seq) for name, digests in again.items() for seq in digests}
    for operation in operations:
        is_erased = ERASED in (operation.value or "") and operation.field in free_names(operation.kind)
        if is_erased and (operation.act_name, str(operation.seq)) not in withheld:
            yield operation


class Returned(Struct, frozen=True):
    """What authors signed of texts that stand otherwise here: what takes its place again, and what stays erased.

    `cells`: of operations, with their number here; `labels`: by number of act; `declined`: kind, key, field and text of
    what the officer does not let go of.
    """

    cells: list[tuple[Operation, int, dict[str, Cell]]] = []
    labels: dict[int, str] = {}
    unveiled: set[int] = set()
    """Of these acts, those whose words were veiled here."""
    erased_cells: list[tuple[Operation, int, dict[str, Cell]]] = []
    erased_labels: list[int] = []
    declined: list[tuple[str, str, str, str]] = []

    @property
    def none(self) -> bool:
        return not (self.cells or self.labels or self.erased_cells or self.erased_labels)


def returned(
    connection: sqlite3.Connection,
    package: Package,
    originals: Iterable[tuple[Operation, int]],
    answer: Answer,
) -> Returned:
    """Return what comes back with a package. `originals`: what may be a text as its author signed it, with its number here.

    What a relay had erased before it came is asked about once its author sends it whole; what is no erasing at all gives
    way unasked.
    """
    found = Returned()
    for operation, number in originals:
        here, signed, left = _brought_cells(connection, number, operation)
        if is_own(package, operation.author) and left:
            found.cells.append((operation, number, left))
        for name, text in signed.items():
            if here.get(name) == NEVER_CAME:
                if not _is_sent_by(package, operation.author):
                    continue
                author = journal.author_number(connection, operation.author, "")
                relayed = is_relayed(connection, package, operation, name)
                if answer.erasure(
                    (operation.kind, operation.key), text or "", ERASED, author=author, relayed=relayed
                ):
                    found.erased_cells.append((operation, number, {name: ERASED}))
                    continue
                found.declined.append((operation.kind, operation.key, name, text or ""))
            elif is_erased_text(text or "", here.get(name) or ""):
                continue
            found.cells.append((operation, number, {name: text}))
    _add_labels(connection, package, answer, found)
    return found


def put_back(connection: sqlite3.Connection, found: Returned) -> None:
    """Have the journal say what authors signed again, or that the officer let go of it."""
    for _, number, cells in (*found.cells, *found.erased_cells):
        (field, value) = connection.execute(
            "SELECT field, value FROM operation WHERE id = ?", (number,)
        ).fetchone()
        value = _with_cells(field, value, cells)
        connection.execute("UPDATE operation SET value = ? WHERE id = ?", (value, number))
    for number, words in (*found.labels.items(), *((number, ERASED) for number in found.erased_labels)):
        connection.execute("UPDATE act SET label = ? WHERE id = ?", (words, number))
    for _, number, cells in found.cells:
        act, seq = connection.execute("SELECT act, seq FROM operation WHERE id = ?", (number,)).fetchone()
        chain.release(connection, act, seq, {name: chain.cell_digest(text) for name, text in cells.items()})
    for number, words in found.labels.items():
        chain.release(connection, number, chain.LABEL, {chain.LABEL_CELL: chain.label_digest(words)})


def erased_again(
    connection: sqlite3.Connection, new: Iterable[Operation], answer: Answer, numbers: Mapping[str, int]
) -> tuple[list[Operation], Erasures]:
    """Return new operations without the very texts that were erased of the same cells here, and the digests of these, as
    `PackagedAct.withheld`. `numbers`: of the authors, by uid.
    """
    erased: dict[tuple[str, str], dict[tuple[str, bytes], str]] = {}
    rows = connection.execute(
        "SELECT o.kind, o.key, o.field, o.value, w.field, w.digest FROM withheld w"
        " JOIN operation o ON o.act = w.act AND o.seq = w.seq"
    )
    for kind, key, field, value, name, digest in rows:
        left = journal.cell_of(field, value, name) or ""
        erased.setdefault((kind, key), {})[name, bytes(digest)] = left
    kept: list[Operation] = []
    again: dict[ActName, dict[str, dict[str, str]]] = {}
    for operation in new:
        here, cells = erased.get((operation.kind, operation.key), {}), {}
        for name, cell in journal.unfolded(operation.field, operation.value) if here else ():
            digest = chain.cell_digest(cell)
            left = here.get((name, digest), "")
            if ERASED in left and not answer.returning(
                operation.kind, operation.key, left, cell or "", author=numbers[operation.author]
            ):
                cells[name] = left
                again.setdefault(operation.act_name, {}).setdefault(str(operation.seq), {})[name] = (
                    digest.hex()
                )
        kept.append(_changed(operation, cells))
    return kept, again


def _add_labels(connection: sqlite3.Connection, package: Package, answer: Answer, found: Returned) -> None:
    """Add the words of acts that come back to what was found."""
    for act, number, label, is_signed in _brought_labels(connection, package):
        words = act.label
        if not is_signed:
            if not (is_own(package, act.author) and _is_left(label, words)):
                continue
        elif label == NEVER_CAME:
            if not _is_sent_by(package, act.author):
                continue
            author = journal.author_number(connection, act.author, "")
            if answer.erasure((ACT, act.key), words, ERASED, author=author, relayed=True):
                found.erased_labels.append(number)
                continue
        elif is_erased_text(words, label):
            continue
        found.labels[number] = words
        if label == VEILED_WORDS:
            found.unveiled.add(number)


def _is_sent_by(package: Package, author: str) -> bool:
    """Tell whether a package of that author's text is theirs, or anybody's since the program wrote it."""
    return journal.is_programme(author) or public_of(author) == package.public


def is_own(package: Package, author: str) -> bool:
    """Tell whether a text of that author comes in a package that they signed themself."""
    return package.public is not None and public_of(author) == package.public


def is_relayed(connection: sqlite3.Connection, package: Package, operation: Operation, name: str) -> bool:
    """Tell whether words of a cell are erased by somebody else than their author, and no act that is signed says so.

    Once the operations of the package are in the journal. A text that is sent whole is erased by nobody who sends it, and
    one that was written after an erasing, not by that one.
    """
    if is_own(package, operation.author) and ERASED in (
        journal.cell_of(operation.field, operation.value, name) or ""
    ):
        return False
    signed_erasings = connection.execute(
        "SELECT 1 FROM operation o JOIN chain c ON c.act = o.act WHERE o.key = ? AND o.field = ? AND o.kind = ?"
        " AND o.hlc > ? AND instr(o.value, ?)"
        " AND NOT EXISTS (SELECT 1 FROM withheld w WHERE w.act = o.act AND w.seq = o.seq)",
        (operation.key, name, operation.kind, operation.hlc, ERASED),
    )
    return signed_erasings.fetchone() is None


def _is_left(here: Cell, brought: Cell) -> bool:
    """Tell whether what is brought is what an erasing left of a text that never came here."""
    return (
        here in (NEVER_CAME, VEILED_WORDS)
        and brought not in (NEVER_CAME, VEILED_WORDS)
        and ERASED in (brought or "")
    )


def _brought_cells(
    connection: sqlite3.Connection, number: int, operation: Operation
) -> tuple[dict[str, Cell], dict[str, Cell], dict[str, Cell]]:
    """Return the cells that stand here, at this number; those brought that their author signed so; and what an erasing
    left of those that never came.
    """
    act, seq, value = connection.execute(
        "SELECT act, seq, value FROM operation WHERE id = ?", (number,)
    ).fetchone()
    here, brought = (dict(journal.unfolded(operation.field, cell)) for cell in (value, operation.value))
    erased = chain.withheld(connection, act).get(seq, {})
    signed = {
        name: brought[name]
        for name, digest in erased.items()
        if chain.cell_digest(brought.get(name)) == digest
    }
    left = {name: cell for name, cell in brought.items() if _is_left(here.get(name), cell)}
    return here, signed, {name: cell for name, cell in left.items() if name not in signed}


def _brought_labels(
    connection: sqlite3.Connection, package: Package
) -> list[tuple[PackagedAct, int, str, bool]]:
    """Return the acts brought of whose words some are erased here: with their number and words here, and whether the
    words come as their author signed them.
    """
    acts = {act.name: act for act in package.acts}
    rows = connection.execute(
        "SELECT t.id, t.key, t.label, a.uid, w.digest FROM withheld w JOIN act t ON t.id = w.act"
        " JOIN author a ON a.id = t.author WHERE w.seq = ?",
        (chain.LABEL,),
    )
    return [
        (acts[uid, key], number, label, chain.label_digest(acts[uid, key].label) == bytes(digest))
        for number, key, label, uid, digest in rows
        if (uid, key) in acts
    ]


def withheld_in(act: PackagedAct, places: Container[tuple[ActName, int]]) -> dict[str, Mapping[str, str]]:
    """Return what was erased of the words of an act, and of those of its operations (act, sequence)."""
    return {
        seq: cells
        for seq, cells in act.withheld.items()
        if int(seq) == chain.LABEL or (act.name, int(seq)) in places
    }


def _changed(operation: Operation, cells: Mapping[str, Cell]) -> Operation:
    if not cells:
        return operation
    return replace(operation, value=_with_cells(operation.field, operation.value, cells))


def _with_cells(field: str, value: Cell, cells: Mapping[str, Cell]) -> Cell:
    if field != EXISTENCE:
        return cells.get(field, value)
    return journal.folded({**dict(journal.unfolded(field, value)), **cells})
