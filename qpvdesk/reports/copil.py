"""The file of the comité de pilotage: its sections in order, written as one PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from reportlab.platypus import Flowable, NextPageTemplate, PageBreak

from qpvdesk.domain.french import NNBSP, enumerate_words, lowered, typeset
from qpvdesk.domain.gatherings import PARTNERS
from qpvdesk.domain.moves import Move
from qpvdesk.reports.composition import IN_WHOLE
from qpvdesk.reports.document import write_document, write_slides
from qpvdesk.reports.ending import Apart, well_ended
from qpvdesk.reports.folding import parted
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Contents, Entry, commented, title
from qpvdesk.reports.layout import UNWATCHED, Identity, Manuscript, Watch
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.seal import written
from qpvdesk.reports.sections import (
    agenda,
    annex,
    decisions,
    engagements,
    essential,
    funding,
    gathered,
    method,
    moves,
    notes,
    page_one,
    partner,
    points,
    sources,
    territories,
)
from qpvdesk.reports.sections.cover import cover_words, draw_cover
from qpvdesk.reports.sections.partner import MANY, Bounds, PromiseChapter
from qpvdesk.reports.slides import slides
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, load_fonts
from qpvdesk.reports.text import line, paragraph

__all__ = ["CopilData", "Section", "sections", "write"]

AUTHOR = "Délégué ou déléguée du préfet"
_CONTENTS = Entry("sommaire", "Sommaire", 0)
_DECISIONS = Entry(agenda.DECISIONS.key, agenda.DECISIONS.title, 0)
_UNDER_STYLE = NOTE_STYLE.clone("under-contents", spaceBefore=4)
_UNJOINED = "L’annexe, qui nomme chaque objectif, engagement et point d’attention, n’est pas jointe."
_BOUNDS = ((1.8, inf), (1.62, inf), (1.62, 1.8), (1.62, 1.5), (1.62, 0.0))
"""Pages above which a chapter says less line by line, and above which it has no drawing: the best first."""
_PAGES_MAX = (16, *[20] * (len(_BOUNDS) - 1))
"""Of the file, for each of those: what a committee reads, what it bears."""


def write(path: Path, data: CopilData, watch: Watch = UNWATCHED) -> int:
    """Write the file to `path` and return its number of pages. The same data give the same bytes.

    Raises `UserError` where the file cannot be written and `CancelledError` where the officer stopped it; either
    leaves what was at `path` untouched.
    """
    load_fonts()
    if path.suffix.lower() == ".pptx":
        return write_slides(path, identity(data), lambda: slides(data))
    return write_document(
        path,
        Manuscript(identity(data), _story(data), _entries(data), lambda canvas: draw_cover(canvas, data)),
        watch,
    )


def identity(data: CopilData) -> Identity:
    """What stands on every page."""
    name = line(data.situation.dossier.contract.name)
    words = data.review.data_words
    return Identity(
        title=f"{name} – comité de pilotage",
        subject=typeset(f"Dossier du comité de pilotage, {lowered(words)}"),
        author=AUTHOR,
        data_words=data.review.data_words,
        fingerprint=data.fingerprint,
        day=data.day,
        cover=cover_words(data),
        letterhead=data.letterhead,
        fictitious=data.situation.dossier.contract.fictitious,
        seal=written(data.origin) if data.origin is not None else "",
    )


class Section(Struct, frozen=True):
    """One section that can be printed. `word` is kept in the officer's own templates."""

    word: str
    title: str
    entries: tuple[Entry, ...]
    """Its lines in the contents."""
    build: Callable[[CopilData], list[Flowable]]
    usual: bool = True
    """Whether it is printed where nobody chooses."""
    follows: bool = False
    """Whether it may begin on the page where the one before ends, if enough of it is left."""
    chapter: bool = False
    """Whether it is one of those that the choice of partners, thématiques or axes makes."""
    silent: bool = False
    """Whether it is such a chapter and has nothing of what is asked for: it is named in a line after the others."""


def sections(data: CopilData, bounds: Bounds = _BOUNDS[0]) -> tuple[Section, ...]:
    """Every section that the contract has matter for, in the usual order; `bounds`: of its chapters."""
    # What is to be decided stands under the agenda; where none is printed, on page one.
    decided = _is_told(data)
    chapters = [
        _section(
            essential.ENTRY,
            lambda shown: _page_one(shown, decided=decided).blocks,
        ),
        Section(_CONTENTS.key, _CONTENTS.title, (), _contents),
    ]
    if agenda.wanted(data):
        chapters.append(_section(agenda.ENTRY, agenda.with_decisions, agenda.DECISIONS, follows=True))
    if data.review.moves:
        moved = _section(moves.ENTRY, lambda shown: moves.moves(shown, _valued_before(shown)), follows=True)
        chapters.append(replace(moved, usual=moves.wanted(data)))
    chapters += _promised(data, bounds)
    chapters += [
        _section(funding.ENTRY, funding.funding, follows=True),
        _section(territories.ENTRY, territories.territories, follows=True),
        _section(points.ENTRY, points.points, points.ALERTS, points.FINDINGS, follows=True),
        _section(sources.ENTRY, sources.sources, follows=True),
        _section(method.ENTRY, method.method, follows=True),
        replace(_section(engagements.ANNEX, annex.annex), usual=False),
        replace(_section(notes.ENTRY, lambda _: notes.notes()), usual=False),
    ]
    return tuple(chapters)


def _section(
    entry: Entry, build: Callable[[CopilData], list[Flowable]], *under: Entry, follows: bool = False
) -> Section:
    return Section(entry.key, entry.title, (entry, *under), build, follows=follows)


def _promised(data: CopilData, bounds: Bounds) -> list[Section]:
    """The chapters of what is promised: of each partner, of each thématique, or of each axis."""
    told = _told(data)
    return [
        replace(
            _section(
                chapter.entry,
                lambda shown, chapter=chapter: partner.promise_chapter(shown, chapter, len(told), bounds),  # type: ignore[misc]
                *partner.sub_entries(data, chapter),
                follows=True,
            ),
            chapter=True,
            silent=partner.is_silent(data, chapter.objectives, chapter.engagements),
        )
        for chapter in told
    ]


def _told(data: CopilData) -> list[PromiseChapter]:
    """What those chapters tell."""
    if data.composition.chapters == PARTNERS:
        return [partner.of_partner(data, summary) for summary in data.situation.partners]
    return gathered.of_gatherings(data)


def _chosen(
    data: CopilData, bounds: Bounds = _BOUNDS[0], *, undecided: bool | None = None
) -> list[tuple[Section, str]]:
    """The sections to print, in order, each with its comment. What the contract does not have is left out. `undecided`:
    where that is known, whether page one tells too shortly what is to be decided."""
    known = sections(data, bounds)
    choices = data.composition.choices
    if choices is None:
        chosen = [(section, "") for section in known if section.usual]
    else:
        by_word = {section.word: section for section in known}
        # One that is named twice is printed where it is named first.
        chosen = [(by_word.pop(choice.word), choice.comment) for choice in choices if choice.word in by_word]
    # What the officer says at the head of a chapter is printed, were there nothing else.
    silent = [section for section, comment in chosen if section.silent and not comment.strip()]
    if silent:
        after = 1 + max(at for at, (section, _) in enumerate(chosen) if section.chapter)
        chosen.insert(after, (Section("", "", (), lambda _: _named_silent(silent), follows=True), ""))
    chosen = [pair for pair in chosen if pair[0] not in silent]
    undecided = _is_undecided(data) if undecided is None else undecided
    return _with_decisions(chosen) if undecided else chosen


def _with_decisions(chosen: list[tuple[Section, str]]) -> list[tuple[Section, str]]:
    """Those sections with the decisions that are expected after page one, or after the contents that list them."""
    words = [section.word for section, _ in chosen]
    at = 1 + words.index(essential.ENTRY.key if essential.ENTRY.key in words else _CONTENTS.key)
    follows = words[at - 1] == _CONTENTS.key
    told = Section("", _DECISIONS.title, (_DECISIONS,), _decisions, follows=follows)
    rest = chosen[at:]
    if rest and rest[0][0].word == _CONTENTS.key:
        rest = [(replace(rest[0][0], follows=True), rest[0][1]), *rest[1:]]
    return [*chosen[:at], (told, ""), *rest]


def _decisions(data: CopilData) -> list[Flowable]:
    return [*title(_DECISIONS), *bullets(decisions.expected_decisions(data))]


def _named_silent(silent: list[Section]) -> list[Flowable]:
    """The chapters that would be a title alone: a decision that is late, whoever carries it, stands in no chapter."""
    names = enumerate_words([section.title for section in silent])
    words = f"Ni objectif ni engagement en retard, à surveiller, non atteint ou compromis{NNBSP}: {names}."
    return [paragraph(words, BODY_STYLE)]


def _entries(data: CopilData) -> list[Entry]:
    entries: list[Entry] = []
    for section, _ in _chosen(data):
        entries += section.entries
    return entries


def _story(data: CopilData) -> list[Flowable]:
    """The blocks of the file; its chapters say and draw less where it would be longer than a committee reads."""
    undecided = _is_undecided(data)
    tries = [*zip(_BOUNDS, _PAGES_MAX, strict=True)][len(data.situation.promised) > MANY :]
    for bounds, most in tries:
        chapters: list[list[Flowable]] = []
        for section, comment in _chosen(data, bounds, undecided=undecided):
            blocks = commented(section.build(data), comment)
            if section.follows and chapters:
                chapters[-1] += [Apart(), *blocks]
            else:
                chapters.append(blocks)
        ended = [well_ended(chapter) for chapter in chapters]
        pages = 1 + sum(count for _, count in ended)
        if data.composition.choices is not None or not most < pages < 2 * most:
            break
    bodies = (parted(blocks) for blocks, _ in ended)
    return [NextPageTemplate("body"), *(block for blocks in bodies for block in (PageBreak(), *blocks))]


def _page_one(data: CopilData, *, decided: bool = False) -> page_one.PageOne:
    """The page, without what is to be decided where that stands under an agenda."""
    elsewhere = _elsewhere(data)
    if decided:
        return page_one.without_decisions(data, elsewhere)
    return page_one.with_decisions(data, elsewhere=elsewhere)


def _valued_before(data: CopilData) -> Sequence[Move]:
    """The moves that page one tells, in a file of what is to be treated: its section of them leaves the others out."""
    composition = data.composition
    if not composition.late_only or composition.place_of(essential.ENTRY.key, beside="") == IN_WHOLE:
        return ()
    return moves.valued_moves(data, _page_one(data, decided=_is_told(data)).moves)


def _elsewhere(data: CopilData) -> page_one.Elsewhere:
    """Where page one sends: what the officer did not choose to print is in the whole file."""
    place = partial(data.composition.place_of, beside=essential.ENTRY.key)
    unnamed = page_one.unnamed(data)
    treated = [item for item in _told(data) if any(found.key in unnamed for found in item.objectives)]
    others = place(*(chapter.word for chapter in treated))
    if others == IN_WHOLE and engagements.has_annex(data):
        others = place(engagements.ANNEX.key)
    named = f"nommés {others}" if treated else ""
    decided = "plus loin" if _has_contents(data) else IN_WHOLE
    return page_one.Elsewhere(named, moves.further_on, decided)


def _is_undecided(data: CopilData) -> bool:
    """Whether neither the agenda nor page one says whose the decisions are that are expected, in a file with contents: of
    another page one says that they are in the whole file."""
    return _has_contents(data) and not _is_told(data) and not _page_one(data).decides


def _has_contents(data: CopilData) -> bool:
    choices = data.composition.choices
    return choices is None or any(choice.word == _CONTENTS.key for choice in choices)


def _is_told(data: CopilData) -> bool:
    """Whether what is to be decided stands under an agenda."""
    choices = data.composition.choices
    printed = choices is None or any(choice.word == agenda.ENTRY.key for choice in choices)
    return agenda.wanted(data) and printed


def _contents(data: CopilData) -> list[Flowable]:
    """The chapters; their parts have bookmarks."""
    entries = _entries(data)
    blocks = [*title(_CONTENTS), Contents([entry for entry in entries if not entry.level])]
    return blocks if engagements.has_annex(data) else [*blocks, paragraph(_UNJOINED, _UNDER_STYLE)]
