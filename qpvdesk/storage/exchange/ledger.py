"""The journal of a base as rows that stand by themselves: what is kept elsewhere, keyed by author and sequence."""

from __future__ import annotations

from collections.abc import Iterator

from qpvdesk.storage.base import Database
from qpvdesk.storage.care.purging import ERASED
from qpvdesk.storage.exchange.erasures import VEILED_WORDS
from qpvdesk.storage.exchange.package import Vector, vector
from qpvdesk.storage.journal import VEILED, is_programme

OPERATION_COLUMNS = (
    "auteur", "numero", "nom", "horloge", "acte", "libelle", "fait_le", "mode", "genre", "cle", "champ", "valeur",
    "auteur_remplace", "numero_remplace",
)  # fmt: skip
OperationLine = tuple[
    str, int, str, int, str, str, str, str, str, str, str, str | None, str | None, int | None
]
"""One value a column."""

_LINES = """
SELECT a.uid, o.seq, a.label, o.hlc, t.key, t.label, t.done_at, t.mode, o.kind, o.key, o.field, o.value, p.uid, o.parent_seq
FROM operation o
JOIN author a ON a.id = o.author JOIN act t ON t.id = o.act LEFT JOIN author p ON p.id = o.parent_author
WHERE a.uid = :uid AND o.kind <> :veiled AND (o.seq > :known OR instr(o.value, :erased)
 OR (instr(t.label, :erased) AND t.label <> :words))
ORDER BY o.seq
"""


def operations(base: Database, beyond: Vector) -> Iterator[OperationLine]:
    """Yield the operations that somebody lacks who knows `beyond`, by author and sequence, as of one moment.

    Those of which a text was erased for good come each time: whoever keeps them elsewhere erases it there too.
    """
    with base.at_one_moment() as connection:
        for uid in sorted(vector(connection)):
            words = {
                "uid": uid,
                "known": beyond.get(uid, 0),
                "erased": ERASED,
                "veiled": VEILED,
                "words": VEILED_WORDS,
            }
            yield from connection.execute(_LINES, words)


def writers(base: Database) -> frozenset[str]:
    """Return the uids of those who wrote in a base, the program apart."""
    with base.reading() as connection:
        return frozenset(uid for uid in vector(connection) if not is_programme(uid))
