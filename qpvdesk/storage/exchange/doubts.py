"""The words that stand beside an erased one, which nobody signed: a signature is of the text as it was whole.

Those that the author of an act sends are theirs. Those that somebody relays are checked against the text as it is here;
where it is not here, « [effacé] » alone is kept of it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from msgspec.structs import replace

from qpvdesk.storage import chain, journal
from qpvdesk.storage.authors import public_of
from qpvdesk.storage.care.purging import ERASED, is_erased_text
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import Operation, Package, PackagedAct
from qpvdesk.storage.journal import EXISTENCE, Cell

Doubts = Mapping[str, Mapping[str, Mapping[str, str]]]
"""What was erased of acts that their author does not send, by key of the act, as `PackagedAct.withheld`."""


def doubted(package: Package) -> Doubts:
    """Return what was erased of the acts of a package that their author does not send."""
    return {
        act.key: act.withheld
        for act in package.acts
        if act.withheld and (package.public is None or public_of(act.author) != package.public)
    }


def bared(operation: Operation, doubts: Doubts) -> Operation:
    """Return an operation without the words beside the erased ones, where nothing proves them."""
    erased = doubts.get(operation.act, {}).get(str(operation.seq), {})
    return _changed(operation, dict.fromkeys(erased, ERASED))


def bared_label(act: PackagedAct, doubts: Doubts) -> str:
    """Return the words of an act, without those beside the erased ones, where nothing proves them."""
    return ERASED if str(chain.LABEL) in doubts.get(act.key, {}) else act.label


def filled(operation: Operation, value: Cell) -> Operation:
    """Return an operation with what stands beside the erased words here, `value`, where it came bare."""
    if ERASED not in (value or "") or ERASED not in (operation.value or ""):
        return operation
    here = dict(journal.unfolded(operation.field, value))
    brought = journal.unfolded(operation.field, operation.value)
    return _changed(
        operation,
        {name: here[name] for name, cell in brought if cell == ERASED and ERASED in (here.get(name) or "")},
    )


def is_further_erasure(label: str, brought: str) -> bool:
    """Tell whether the words of an act come with some erased that are here."""
    return is_erased_text(label, brought) and not (brought == ERASED and ERASED in label)


def signed_cells(connection: sqlite3.Connection, number: int, operation: Operation) -> dict[str, Cell]:
    """Return the cells, as their author signed them, of which what stands here (at this number) is not what an erasing
    leaves. `operation`: as it is brought.
    """
    act, seq, value = connection.execute(
        "SELECT act, seq, value FROM operation WHERE id = ?", (number,)
    ).fetchone()
    here, brought = (dict(journal.unfolded(operation.field, cell)) for cell in (value, operation.value))
    return {
        name: brought[name]
        for name, digest in chain.withheld(connection, act).get(seq, {}).items()
        if chain.cell_digest(brought.get(name)) == digest
        and not is_erased_text(brought.get(name) or "", here.get(name) or "")
    }


def restore(connection: sqlite3.Connection, number: int, cells: Mapping[str, Cell]) -> None:
    """Put back cells of an operation, by its number, as their author signed them."""
    act, seq, field, value = connection.execute(
        "SELECT act, seq, field, value FROM operation WHERE id = ?", (number,)
    ).fetchone()
    value = _with_cells(field, value, cells)
    connection.execute("UPDATE operation SET value = ? WHERE id = ?", (value, number))
    chain.release(connection, act, seq, cells)


def signed_labels(connection: sqlite3.Connection, package: Package) -> dict[int, str]:
    """Return what the author of an act signed of its words, where what stands here is not what an erasing leaves."""
    words = {act.key: act.label for act in package.acts}
    rows = connection.execute(
        "SELECT t.id, t.key, t.label, w.digest FROM withheld w JOIN act t ON t.id = w.act WHERE w.seq = ?",
        (chain.LABEL,),
    )
    return {
        number: words[key]
        for number, key, label, digest in rows
        if key in words
        and chain.label_digest(words[key]) == bytes(digest)
        and not is_erased_text(words[key], label)
    }


def restore_labels(connection: sqlite3.Connection, labels: Mapping[int, str]) -> None:
    """Put back the words of acts, by their number."""
    for number, label in labels.items():
        connection.execute("UPDATE act SET label = ? WHERE id = ?", (label, number))
        chain.release(connection, number, chain.LABEL, (chain.LABEL_CELL,))


def withheld_in(act: PackagedAct, places: Container[tuple[str, int]]) -> dict[str, Mapping[str, str]]:
    """Return what was erased of the words of an act, and of those of its operations (act, sequence)."""
    return {
        seq: cells
        for seq, cells in act.withheld.items()
        if int(seq) == chain.LABEL or (act.key, int(seq)) in places
    }


def _changed(operation: Operation, cells: Mapping[str, Cell]) -> Operation:
    if not cells:
        return operation
    return replace(operation, value=_with_cells(operation.field, operation.value, cells))


def _with_cells(field: str, value: Cell, cells: Mapping[str, Cell]) -> Cell:
    if field != EXISTENCE:
        return cells.get(field, value)
    return journal.folded({**dict(journal.unfolded(field, value)), **cells})
