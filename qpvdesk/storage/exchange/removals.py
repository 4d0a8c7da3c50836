"""What a package would remove here: things, words of texts to be erased for good, and texts erased here that it would bring
back. Nothing goes, and no such text returns, without a yes.

A removal that is declined is taken back by the merge's own act, which travels. A text that is declined stays in the
history here; where the colleague's later word « [effacé] » would show in its place, the merge writes it again. What
was declined about a text is noted, by its digest: no later package need ask again.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.storage import journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.history import HistoryReader
from qpvdesk.storage.tables import BY_KIND

ACT = "acte"
"""The kind of a proposal on the words of an act."""
_REMOVAL, _ERASURE, _RELAYED, _RETURN = "retirer", "effacer", "effacer-relaye", "rendre"
_DECLINED = "refus:"
"""Rows of `meta` whose name begins so say, by its digest, what was declined about a text."""


class ProposedRemoval(Struct, frozen=True):
    """What somebody would take away here. `word` names it; `told` says it in French, without a capital."""

    word: str
    told: str
    erasing: bool
    """For good, out of the history too; else a row, which undo brings back."""
    relayed: bool = False
    """Whether a text is erased by somebody else than who wrote it, and no act of anybody's says so."""
    returning: bool = False
    """Whether a text that was erased here would stand again."""
    declined: bool = False
    """Whether the officer said no to that very thing already."""


class Answer:
    """What the officer answers to each proposal, and the list of what was proposed.

    `accepted`: the words of those that are applied; None: all, as the union of two journals has it.
    """

    def __init__(self, connection: sqlite3.Connection, accepted: frozenset[str] | None) -> None:
        self._connection, self._accepted = connection, accepted
        self._history = HistoryReader(connection)
        self._found: dict[str, ProposedRemoval] = {}
        self._declined: set[str] = set()

    @property
    def proposals(self) -> tuple[ProposedRemoval, ...]:
        """All that was proposed, erasures first."""
        return tuple(sorted(self._found.values(), key=lambda found: (not found.erasing, found.told)))

    def removal(self, kind: str, key: str, author: int) -> bool:
        """Tell whether a row is removed. `author`: the number of who removed it."""
        table = BY_KIND[kind]
        name = self._history.name(kind, key)
        what = f"{table.french} {name}" if name else table.french
        accord = "e" if table.feminine else ""
        return self._answer(
            ProposedRemoval(
                f"{_REMOVAL}:{kind}:{key}", f"{what}\u202f: retiré{accord} par {self._label(author)}", False
            )
        )

    def erasure(
        self, thing: tuple[str, str], before: str, after: str, *, author: int | None, relayed: bool = False
    ) -> bool:
        """Tell whether a text is erased: of a thing (kind, key), or of the words of an act. `author`: who wrote it; None:
        unknown. `relayed`: see `ProposedRemoval`.
        """
        kind, key = thing
        unsaid = ", qui n’en a rien signé" if relayed else ""
        whose = "" if author is None else f" (écrit par {self._label(author)}{unsaid})"
        if kind == ACT:
            what = "intitulé d’un acte"
        else:
            name = self._history.name(kind, key)
            what = f"{BY_KIND[kind].french} {name}" if name else BY_KIND[kind].french
        told = f"{what}\u202f: «\u202f{before}\u202f» deviendrait «\u202f{after}\u202f»{whose}"
        word, asked = _RELAYED if relayed else _ERASURE, (kind, key, before, after)
        return self._answer_text(ProposedRemoval(f"{word}:{kind}:{key}", told, True, relayed), asked)

    def returning(self, kind: str, key: str, left: str, text: str, *, author: int) -> bool:
        """Tell whether a text that was erased here stands again. `left`: what the erasing left; `author`: who writes it."""
        name = self._history.name(kind, key)
        told = (
            f"{BY_KIND[kind].french} {name}\u202f: «\u202f{left}\u202f», effacé ici, redeviendrait «\u202f{text}\u202f»"
            f" (écrit à nouveau par {self._label(author)})"
        )
        return self._answer_text(
            ProposedRemoval(f"{_RETURN}:{kind}:{key}", told, False, returning=True), (kind, key, left, text)
        )

    def note(self) -> None:
        """Note what was declined about texts (inside a transaction)."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO meta (name, value) VALUES (?, '')",
            [(name,) for name in sorted(self._declined)],
        )

    def _answer_text(self, proposal: ProposedRemoval, asked: tuple[str, str, str, str]) -> bool:
        name = _DECLINED + durable.sha256(msgspec.json.encode(asked))
        declined = journal.noted(self._connection, name) is not None
        answer = self._answer(replace(proposal, declined=declined))
        if not answer:
            self._declined.add(name)
        return answer

    def _answer(self, proposal: ProposedRemoval) -> bool:
        kept_proposal = self._found.setdefault(proposal.word, proposal)
        if kept_proposal.declined and not proposal.declined:
            self._found[proposal.word] = kept_proposal = replace(kept_proposal, declined=False)
        if kept_proposal.told != proposal.told and proposal.told not in kept_proposal.told:
            self._found[proposal.word] = replace(
                kept_proposal, told=f"{kept_proposal.told}\u202f; {proposal.told}"
            )
        return self._accepted is None or proposal.word in self._accepted

    def _label(self, author: int) -> str:
        row = self._connection.execute("SELECT label FROM author WHERE id = ?", (author,)).fetchone()
        return "un auteur inconnu" if row is None else str(row[0])
