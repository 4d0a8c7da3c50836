"""Search in a contract: every word typed must be in the code or the label, accents, case and slips left aside."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.french import fold
from qpvdesk.domain.meetings import in_order, meeting_code
from qpvdesk.domain.model import MEETING_LABELS
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.spelling import SHORTEST
from qpvdesk.ui.pages.page import Place
from qpvdesk.ui.spelling import Spelling

_MOST = 12
_WORD = re.compile(r"\w+")


class Found(Struct, frozen=True):
    """One thing found: what it is, its code, its label, where it is shown."""

    kind: str
    code: str
    words: str
    place: Place
    near: bool = False
    """Whether a word was taken for one that is nearly the same."""


class SearchIndex:
    """The codes and labels of one contract, folded once, on first use."""

    def __init__(self, situation: Situation, *, kind: str = "") -> None:
        """`kind`: what alone is looked for (French); empty: everything."""
        self._situation = situation
        self._kind = kind
        self._entries: list[tuple[str, Found]] | None = None
        self._spelling: Spelling | None = None

    def find(self, text: str) -> tuple[Found, ...]:
        """Return what holds every word: codes that begin with the text first, then labels that do.

        Where nothing does, what holds words nearly the same.
        """
        wanted = fold(text)
        words = wanted.split()
        if not words:
            return ()
        if self._entries is None:
            self._entries = self._make()
        hits: list[tuple[tuple[bool, bool, int], Found]] = []
        for place, (folded, found) in enumerate(self._entries):
            if all(word in folded for word in words):
                rank = (not folded.startswith(wanted), not fold(found.words).startswith(wanted), place)
                hits.append((rank, found))
        hits.sort(key=lambda hit: hit[0])
        return tuple(found for _, found in hits[:_MOST]) or self._near(words)

    def by_place(self) -> dict[tuple[str, str], Found]:
        """Return every thing by its page and its code."""
        if self._entries is None:
            self._entries = self._make()
        return {(found.place.page, found.code): found for _, found in self._entries}

    def _near(self, words: list[str]) -> tuple[Found, ...]:
        entries = self._entries or []
        if self._spelling is None:
            self._spelling = Spelling(folded for folded, _ in entries)
        # A short word is too near to too many others: it is meant as it stands.
        plain = [word for word in words if len(word) < SHORTEST]
        meant = [self._spelling.near(word) for word in words if len(word) >= SHORTEST]
        if not meant or not all(meant):
            return ()
        hits: list[tuple[float, int, Found]] = []
        for place, (folded, found) in enumerate(entries):
            held = set(_WORD.findall(folded))
            if not all(word in folded for word in plain):
                continue
            best = [max((near[word] for word in near.keys() & held), default=0.0) for near in meant]
            if all(best):
                hits.append((-sum(best), place, replace(found, near=True)))
        hits.sort(key=lambda hit: hit[:2])
        return tuple(found for _, _, found in hits[:_MOST])

    def _make(self) -> list[tuple[str, Found]]:
        dossier = self._situation.dossier
        made: list[tuple[str, Found]] = []

        def add(kind: str, page: str, code: str, words: str, *, more: str = "") -> None:
            if self._kind in ("", kind):
                made.append((fold(f"{code} {words} {more}"), Found(kind, code, words, Place(page, code))))

        for partner in dossier.partners:
            add("Partenaire", "partenaires", partner.code, partner.name, more=partner.short_name)
        for objective in self._situation.objectives:
            add("Objectif", "objectifs", objective.code, objective.label)
        for engagement in dossier.engagements:
            if not engagement.retired:
                followed = self._situation.followed_by(engagement.key) == engagement.key
                kind = "Engagement" if followed else "Précision"
                add(kind, "engagements", engagement.code, engagement.label, more=engagement.detail)
        for territory in dossier.territories:
            add("Territoire", "territoires", territory.code, territory.name)
        for meeting in reversed(in_order(dossier.meetings)):
            kind = MEETING_LABELS[meeting.kind]
            add(
                "Réunion",
                "comites",
                meeting_code(meeting),
                meeting.title or kind,
                more=f"{kind} {meeting.place}",
            )
        for decision in dossier.decisions:
            code = self._situation.decision_code(decision)
            add("Décision", "comites", code, decision.label, more=decision.carrier)
        return made
