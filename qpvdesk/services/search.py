"""Search over everything: the contract, what its documents say, what was commented, the guide; the right thing first.

Every word typed must be there, accents, case and apostrophes left aside: in a code or a name first, then in any text, then
in the documents. The last is taken for the beginning of one. Where nothing holds them all, parts of words do, then words
nearly the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.french import format_date
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.spelling import TYPED_LETTERS_MIN, nearness
from qpvdesk.domain.visits import visit_codes
from qpvdesk.services.desk import Desk
from qpvdesk.services.extracts import extract_of, folded_words
from qpvdesk.storage import files
from qpvdesk.storage import search as index
from qpvdesk.storage.engine import sqlite3

if TYPE_CHECKING:
    from qpvdesk.reports.chapters import Line

FOUND_MAX = 12
_LOOKED_AT_MAX = 80
"""Things weighed against one another in one tier."""
_CHOICES_MAX = 8
"""Words that one typed word may stand for."""
_TYPED_MAX = 20
"""Letters of a text that are looked for as it was typed: more of them tell no more."""
_DOUBTED_MAX = 3
"""Words of a text that are all doubted; in a longer one, those that are known are meant as they stand."""
_SURE = 0.9
_GUIDE_MAX = 3
_WORD = re.compile(r"[^\W_]+")
_RANKS = (
    "partner", "engagement", "objective", "condition", "legal_reference", "establishment", "funding", "territory",
    "meeting", "decision", "visit", "statement", "document",
)  # fmt: skip
"""What comes first where nothing else tells things apart."""


class Found(Struct, frozen=True):
    """One thing found: what it is, its code, its name, the words that were found in it, where it is shown."""

    kind: str
    """In French, as the officer calls it."""
    code: str
    title: str
    extract: str
    shown: str
    """The kind of the thing on whose page it is; `guide` for the guide."""
    focus: str
    """The code of that one; the anchor of the guide."""
    mark: str = ""
    """Where it is a passage of a document: words of it."""
    near: bool = False
    """Whether a word was taken for one that is nearly the same."""


class _Thing(Struct, frozen=True):
    """What a hit is of, and its words."""

    hit: index.Hit
    found: Found
    """How it is told, but for the extract."""
    texts: Sequence[str]
    name: str
    """Its title, folded."""
    whole: str
    """All its words, folded."""

    def told(self, parts: Sequence[str], *, near: bool = False) -> Found:
        """Say where some words are in it."""
        extract = extract_of([text for text in self.texts if text != self.found.title], parts)
        mark = (
            extract.strip("…")
            if self.hit.kind == index.FILE and self.found.shown == "document"
            else self.found.mark
        )
        return replace(self.found, extract=extract, mark=mark, near=near)


def find(desk: Desk, contract: str, text: str, most: int = FOUND_MAX, *, kind: str = "") -> tuple[Found, ...]:
    """Return what holds every word of a text in the contract of that code, the best first, then what the guide says.

    `kind`: what alone is looked for; empty: everything.
    """
    wanted = folded_words(text)
    if not _WORD.search(wanted):
        # Marks alone are no words: they would be found everywhere.
        return ()
    shelf = _Shelf(desk.dossier(contract), kind)
    with desk.base.at_one_moment() as connection:
        things = _holding(connection, shelf, wanted, most)
        told = [] if kind else _in_the_guide(wanted)
        if not things and not told:
            things = _near(connection, shelf, wanted, most)
            if not things and wanted.count(" ") == 1:
                # « cités labs » may be one word.
                things = _near(connection, shelf, wanted.replace(" ", ""), most)
    return (*things[: most - len(told)], *told)


def _in_the_guide(wanted: str) -> list[Found]:
    parts = wanted.split()
    found_lines = [line for folded, line in _guide() if all(part in folded for part in parts)]
    first = sorted(found_lines, key=lambda line: not line.is_heading)[:_GUIDE_MAX]
    return [
        Found("guide", "", line.heading.words, extract_of([line.words], parts), "guide", line.anchor)
        for line in first
    ]


@cache
def _guide() -> tuple[tuple[str, Line], ...]:
    """The lines of the guide, each with its words folded."""
    from qpvdesk.services import guide  # noqa: PLC0415 - 10 ms, a search alone needs it

    return tuple((folded_words(line.words), line) for chapter in guide.chapters() for line in chapter.lines())


# What holds the words as they stand


def _holding(connection: sqlite3.Connection, shelf: _Shelf, wanted: str, most: int) -> list[Found]:
    if all(len(part) < index.GRAM for part in wanted.split()):
        return _coded(connection, shelf, wanted, most)
    typed = _WORD.findall(wanted)
    # What folding leaves beyond ASCII may be no letter for the index of words.
    plain = [word for word in typed if word.isascii()]
    # The last is still being typed; a letter or two begin too many words to tell anything.
    begun = [word for word in plain[-1:] if word == typed[-1] and len(word) >= index.GRAM]
    whole = list(dict.fromkeys(plain[:-1] if plain[-1:] == typed[-1:] else plain))
    parts = [word for word in typed if word not in plain and len(word) >= index.GRAM]
    found = _all_held(connection, shelf, wanted, index.Words(whole, begun, parts), most=most)
    if found:
        return found
    known = [word for word in plain if index.is_word(connection, word)]
    parts = [word for word in typed if word not in known and len(word) >= index.GRAM]
    return _all_held(connection, shelf, wanted, index.Words(known, parts=parts), most=most) if parts else []


def _all_held(
    connection: sqlite3.Connection, shelf: _Shelf, wanted: str, words: index.Words, *, most: int
) -> list[Found]:
    """What holds some words, of all that it says and of each part that was typed; the best first."""
    parts = wanted.split()
    found: dict[index.Hit, tuple[Any, _Thing]] = {}
    for rank, tier in enumerate(index.TIERS):
        most_looked_at = _looked_at(tier, most)
        hits = index.holding(connection, shelf.scope, words, tier, most=most_looked_at)
        if tier is index.PAGES and len(hits) == most_looked_at:
            # Among too many pages, those that hold the text as it was typed.
            as_typed = index.Words(parts=[wanted[:_TYPED_MAX]])
            typed = index.holding(connection, shelf.scope, as_typed, tier, most=most_looked_at)
            hits = list(dict.fromkeys((*typed, *hits)))[:most_looked_at]
        for thing in shelf.things(connection, [hit for hit in hits if hit not in found]):
            if all(part in thing.whole for part in parts):
                found[thing.hit] = ((rank, *_weight(thing, wanted)), thing)
        if len(found) >= most:
            break
    return [thing.told(parts) for _, thing in sorted(found.values(), key=_order)[:most]]


def _looked_at(tier: index.Tier, most: int) -> int:
    """Things weighed in one tier: a page costs the reading of its whole file."""
    return most if tier is index.PAGES else _LOOKED_AT_MAX


def _order(pair: tuple[Any, _Thing]) -> Any:
    return pair[0]


def _coded(connection: sqlite3.Connection, shelf: _Shelf, wanted: str, most: int) -> list[Found]:
    """The things whose code begins with letters that are too few for the index."""
    hits = [
        index.Hit(kind, item.key)
        for kind in _RANKS
        if BY_NAME[kind].has_code and shelf.scope.kind in ("", kind)
        for item in getattr(shelf.dossier, BY_NAME[kind].dossier)
        if item.code.lower().startswith(wanted)
    ]
    return [thing.found for thing in shelf.things(connection, hits[:most])]


def _weight(thing: _Thing, wanted: str) -> tuple[Any, ...]:
    """What makes one thing come before another, the smaller first."""
    code, title = folded_words(thing.found.code), thing.name
    return (
        code != wanted,
        not code.startswith(wanted),
        not title.startswith(wanted),
        wanted not in title,
        wanted not in thing.whole,
        _RANKS.index(thing.hit.kind) if thing.hit.kind in _RANKS else len(_RANKS),
        len(code),
        code,
        thing.hit.page,
    )


# What holds words nearly the same


def _near(connection: sqlite3.Connection, shelf: _Shelf, wanted: str, most: int) -> list[Found]:
    words = _WORD.findall(wanted)
    # A short word is too near to too many others: it is meant as it stands.
    plain = [word for word in words if len(word) < TYPED_LETTERS_MIN]
    whole = len(words) > _DOUBTED_MAX
    meant = [
        {word: 1.0} if whole and index.is_word(connection, word) else _meant(connection, word)
        for word in words
        if len(word) >= TYPED_LETTERS_MIN
    ]
    if not meant or not all(meant):
        return []
    found: dict[index.Hit, tuple[Any, _Thing]] = {}
    choices = [word for near in meant for word in near]
    for rank, tier in enumerate(index.TIERS):
        hits = index.holding_words(
            connection, shelf.scope, [list(near) for near in meant], tier, most=_looked_at(tier, most)
        )
        for thing in shelf.things(connection, [hit for hit in hits if hit not in found]):
            if not all(word in thing.whole for word in plain):
                continue
            written_words = _WORD.findall(thing.whole)
            once = set(written_words)
            likeness = sum(max((near[word] for word in once & near.keys()), default=0.0) for near in meant)
            found[thing.hit] = (
                (not _follow(written_words, meant), rank, -likeness, *_weight(thing, wanted)),
                thing,
            )
        if found:
            break
    return [thing.told(choices, near=True) for _, thing in sorted(found.values(), key=_order)[:most]]


def _meant(connection: sqlite3.Connection, word: str) -> dict[str, float]:
    """The words that one may stand for, the nearest: of those that begin as it does, by two letters, else by one."""
    near: dict[str, float] = {}
    for letters in (2, 1):
        for known in index.vocabulary(connection, word[:letters], len(word) - 2):
            likeness = nearness(word, known)
            if likeness:
                near[known] = likeness
        if any(likeness >= _SURE for likeness in near.values()):
            break
    best = sorted(near.items(), key=lambda pair: (-pair[1], len(pair[0])))[:_CHOICES_MAX]
    return dict(best)


def _follow(written_words: Sequence[str], meant: Sequence[dict[str, float]]) -> bool:
    """Whether the words that were meant follow one another somewhere."""
    length = len(meant)
    return any(
        all(word in near for word, near in zip(written_words[start:], meant, strict=False))
        for start in range(len(written_words) - length + 1)
    )


# What was found, told


class _Shelf:
    """The things of one contract, by key; `kind`: what alone is looked for."""

    def __init__(self, dossier: Dossier, kind: str) -> None:
        self.dossier = dossier
        self.scope = index.Scope(dossier.contract.key, kind)
        self._known: dict[str, dict[str, Any]] = {}
        self._told: dict[index.Hit, _Thing | None] = {}

    def things(self, connection: sqlite3.Connection, hits: Iterable[index.Hit]) -> list[_Thing]:
        """Tell hits, in their order; those of another contract, and what was retired, are left out."""
        hits = list(hits)
        self._read(connection, [hit for hit in hits if hit not in self._told])
        return [thing for thing in map(self._told.__getitem__, hits) if thing is not None]

    def _read(self, connection: sqlite3.Connection, hits: Iterable[index.Hit]) -> None:
        """Read what hits are of, once; the pages of one file together: each reading goes through its whole text."""
        wanted: dict[str, list[index.Hit]] = {}
        for hit in hits:
            if hit.kind == index.FILE:
                wanted.setdefault(hit.key, []).append(hit)
            else:
                self._told[hit] = self._thing(hit)
        for digest, pages in wanted.items():
            texts = files.some_pages(connection, digest, [hit.page for hit in pages])
            for hit, text in zip(pages, texts, strict=True):
                self._told[hit] = self._page(hit, text)

    def of(self, kind: str, key: str | None) -> Any:
        """The thing of a kind and a key; None where the contract has none."""
        if kind not in self._known:
            items = getattr(self.dossier, BY_NAME[kind].dossier)
            self._known[kind] = {item.key: item for item in items}
        return None if key is None else self._known[kind].get(key)

    def _thing(self, hit: index.Hit) -> _Thing | None:
        entity = self.of(hit.kind, hit.key)
        if entity is None or self._retired(hit.kind, entity):
            return None
        name, texts = index.words_of(hit.kind, entity)
        noun = BY_NAME[hit.kind].noun or BY_NAME[hit.kind].french
        shown, focus, code, mark = self._place(hit.kind, entity)
        title = self._title(hit.kind, entity, name)
        found = Found(noun, code, title, "", shown, focus, mark)
        whole = " ".join((code, noun, index.SAID.get(hit.kind, ""), name, *texts))
        return _Thing(hit, found, texts, folded_words(title), folded_words(whole))

    def _retired(self, kind: str, entity: Any) -> bool:
        """Whether a thing was retired, or what it is shown with."""
        if getattr(entity, "retired", False):
            return True
        owners = [self.of(owner, getattr(entity, owner, None)) for owner in _OWNERS.get(kind, ())]
        above = next((owner for owner in owners if owner is not None), None)
        return getattr(above, "retired", False)

    def _title(self, kind: str, entity: Any, name: str) -> str:
        if kind == "meeting":
            return name or f"{entity.kind_name} du {format_date(entity.day)}"
        if kind == "visit":
            return f"{entity.place}, {format_date(entity.day)}"
        if kind == "operand":
            return str(self.of("statement", entity.statement).label)
        if name:
            return name
        owner = BY_NAME[kind].owner
        above = self.of(BY_NAME[kind].by_name[owner].ref or "", getattr(entity, owner)) if owner else None
        title = getattr(above, "label", "") or getattr(entity, "reason", "")
        return f"{title}, {format_date(entity.day)}" if hasattr(entity, "day") else title

    def _place(self, kind: str, entity: Any) -> tuple[str, str, str, str]:
        """On the page of which kind of thing it is shown, the code of that one, its own, and the mark of its passage."""
        code = self._code(kind, entity)
        for owner in _OWNERS.get(kind, ()):
            above = self.of(owner, getattr(entity, owner, None))
            if above is not None:
                shown, focus, own, mark = self._place(owner, above)
                return shown, focus, code or own, mark
        citation = getattr(entity, "citation", None)
        if kind in _READ_IN_PLACE and citation is not None:
            return "document", self.of("document", citation.document).code, code, citation.mark
        return kind, code, code, ""

    def _code(self, kind: str, entity: Any) -> str:
        if kind == "meeting":
            return meeting_code(entity)
        if kind == "decision":
            return f"{meeting_code(self.of('meeting', entity.meeting))}-D{entity.rank}"
        if kind == "visit":
            return visit_codes(self.dossier.visits)[entity.key]
        if kind == "acknowledgement":
            return str(entity.point)
        return str(getattr(entity, "code", ""))

    def _page(self, hit: index.Hit, text: str | None) -> _Thing | None:
        joined = next((item for item in self.dossier.attachments if item.digest == hit.key), None)
        if joined is None or text is None:
            return None
        shown, focus, code, _ = self._place("attachment", joined)
        document = self.of("document", joined.document)
        title = f"{document.title if document is not None else joined.name}, page {hit.page}"
        found = Found("passage", code, title, "", shown, focus)
        return _Thing(hit, found, (text,), folded_words(title), folded_words(f"{title} {text}"))


_OWNERS: Mapping[str, Sequence[str]] = {
    "measurement": ("objective",), "counter_value": ("objective",), "breakdown": ("objective",), "milestone": ("objective",),
    "meteo": ("engagement",), "step": ("engagement",), "engagement_territory": ("engagement",),
    "condition": ("engagement", "partner"), "operand": ("statement",), "establishment": ("territory",),
    "attachment": ("document", "engagement", "measurement", "decision", "visit"),
}  # fmt: skip
"""Of what has no page of its own, what it is shown with: the first that it has."""
_READ_IN_PLACE = frozenset({"legal_reference", "statement"})
"""What is best read where the document says it."""
