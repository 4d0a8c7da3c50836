"""A source document read for its passages: where a citation is, what a passage says, what words are found where.

Places are offsets in the text of the whole document, its pages one after the other.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from statistics import median_low

from msgspec import Struct

from qpvdesk.domain.model import Citation

_BREAK = "\n\n"
_SAME = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "–": "-",
    "—": "-",
    "‑": "-",
    "‐": "-",
    "“": '"',
    "”": '"',
    "œ": "oe",
    "æ": "ae",
}
_BULLET = re.compile(r"\s*(?:[-•–*▪◦]|[o§]\s)")
_QUOTED = re.compile(r"[«\"“]([^»\"”]+)[»\"”]")
_HEADING_CHARACTERS_MAX = 120
"""Letters of the longest line that can be a heading."""
_MARK_WORDS = 8


class Span(Struct, frozen=True, order=True):
    """A stretch of the text, its end left out."""

    start: int
    end: int

    def holds(self, place: int) -> bool:
        return self.start <= place < self.end


class Hit(Struct, frozen=True):
    """A paragraph that holds what was looked for, and where in it."""

    paragraph: Span
    found: tuple[Span, ...]


class SourceText:
    """The text of one document, with what is reckoned from it kept once reckoned."""

    def __init__(self, pages: Sequence[str]) -> None:
        self.text = _BREAK.join(pages)
        starts = [0]
        for page in pages:
            starts.append(starts[-1] + len(page) + len(_BREAK))
        self._starts = starts[: max(1, len(pages))]

    @property
    def pages(self) -> int:
        """How many pages it has; a plain text has one."""
        return len(self._starts)

    def page_at(self, place: int) -> int:
        """Return the number of the page of a place, the first being 1."""
        return bisect_right(self._starts, place)

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        return _fold(self.text)

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """The paragraphs, in order, blank ones left out."""
        found = []
        for block in re.finditer(r"(?:(?!\n[ \t]*\n).)+", self.text, re.DOTALL):
            found += _parted(self.text, block.start(), block.end())
        return tuple(found)

    @cached_property
    def _headings(self) -> tuple[Span, ...]:
        return tuple(span for span in self.paragraphs if _is_heading(self.text[span.start : span.end]))

    def paragraph_at(self, place: int) -> Span:
        """Return the paragraph of a place, or the one before it."""
        at = bisect_right(self.paragraphs, place, key=lambda span: span.start)
        return self.paragraphs[max(0, at - 1)] if self.paragraphs else Span(0, 0)

    def heading_at(self, place: int) -> str:
        """Return the heading a place stands under; empty before the first."""
        at = bisect_right(self._headings, place, key=lambda span: span.start)
        if not at:
            return ""
        heading = self._headings[at - 1]
        return " ".join(self.text[heading.start : heading.end].split())

    def find(self, words: str) -> tuple[Span, ...]:
        """Return where the words stand, whatever their capitals, accents, spaces and apostrophes."""
        folded, origin = self._folded
        wanted = _fold(words)[0].strip()
        found = []
        at = folded.find(wanted) if wanted else -1
        while at >= 0:
            found.append(Span(origin[at], origin[at + len(wanted) - 1] + 1))
            at = folded.find(wanted, at + 1)
        return tuple(found)

    def search(self, query: str) -> tuple[Hit, ...]:
        """Return the paragraphs that hold every word, those between quotation marks together; in order."""
        parts = _QUOTED.findall(query) + _QUOTED.sub(" ", query).split()
        places = [self.find(part) for part in parts]
        if not places or not all(places):
            return ()
        by_paragraph: dict[Span, list[list[Span]]] = {}
        for spans in places:
            here: dict[Span, list[Span]] = {}
            for span in spans:
                here.setdefault(self.paragraph_at(span.start), []).append(span)
            for paragraph, inside in here.items():
                by_paragraph.setdefault(paragraph, []).append(inside)
        return tuple(
            Hit(paragraph, tuple(sorted(span for spans in spans_found for span in spans)))
            for paragraph, spans_found in sorted(by_paragraph.items())
            if len(spans_found) == len(parts)
        )

    def citation(self, document: str, selected: Span) -> Citation:
        """Return the citation of a passage: the heading it stands under, and its first words as its mark."""
        words = self.text[selected.start : selected.end].replace("-\n", "-").replace("*", "").split()
        return Citation(document, self.heading_at(selected.start), " ".join(words[:_MARK_WORDS]))


def resolve(source: SourceText, citations: Mapping[str, Citation]) -> dict[str, Span | None]:
    """Return where each citation of a document is, by whatever names it; None where its mark is not found.

    A mark that stands in several places is taken where the others of its section are.
    """
    found = {name: source.find(citation.mark) for name, citation in citations.items()}
    sure: dict[str, list[int]] = {}
    for name, citation in citations.items():
        if len(found[name]) == 1:
            sure.setdefault(citation.section, []).append(found[name][0].start)
    places: dict[str, Span | None] = {}
    for name, citation in citations.items():
        spans = found[name]
        if not spans:
            places[name] = None
            continue
        near = _place_of(source, citation.section, sure)
        places[name] = spans[0] if near is None else min(spans, key=lambda span: abs(span.start - near))
    return places


def _place_of(source: SourceText, section: str, sure: Mapping[str, list[int]]) -> int | None:
    """Where a section is: among its other citations, else at a heading that says it, else near a kindred section."""
    if section in sure:
        return median_low(sorted(sure[section]))
    if section:
        for part in (section, section.rpartition(", ")[2]):
            spans = source.find(part)
            if spans:
                return spans[-1].start
        head = section.split(",")[0]
        kindred = [place for name, places in sure.items() if name.split(",")[0] == head for place in places]
        if kindred:
            return median_low(sorted(kindred))
    return None


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the text without capitals, accents and double spaces, and the place in it of each letter kept."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        if letter == "*":
            # How a text that was typed says that a word is in bold.
            continue
        if letter.isspace() or letter == "\u00ad":
            # A word cut at the end of a line is one word; any other run of spaces is one space.
            if letters and letters[-1] != " " and not (letters[-1] == "-" and letter == "\n"):
                letters.append(" ")
                origin.append(place)
            continue
        plain = letter if letter.isascii() else _SAME.get(letter)
        if plain is None:
            plain = "".join(
                sign for sign in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(sign)
            )
            plain = "".join(_SAME.get(sign, sign) for sign in plain.casefold())
        for sign in plain.casefold():
            letters.append(sign)
            origin.append(place)
    return "".join(letters), origin


def _parted(text: str, start: int, end: int) -> list[Span]:
    """Part a block at its bullets: each line of a list is a passage of its own."""
    cuts = [start]
    at = start
    for line in text[start:end].splitlines(keepends=True):
        if at > start and _BULLET.match(line):
            cuts.append(at)
        at += len(line)
    parts = []
    for left, right in pairwise([*cuts, end]):
        part = text[left:right]
        if part.strip():
            parts.append(Span(left + len(part) - len(part.lstrip()), left + len(part.rstrip())))
    return parts


def _is_heading(paragraph: str) -> bool:
    line = " ".join(paragraph.split())
    return (
        3 <= len(line) <= _HEADING_CHARACTERS_MAX
        and "\n" not in paragraph.strip()
        and line[-1] not in ".;,:!…"
        and not _BULLET.match(line)
        and (line[0].isupper() or line[0].isdigit())
        and any(letter.isalpha() for letter in line)
    )
