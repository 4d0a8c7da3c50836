"""The officer's guide as blocks: what is shown in a window and laid out on paper alike, and searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from qpvdesk.domain.french import fold


class Face(StrEnum):
    """How a few words are written."""

    PLAIN = "simple"
    STRONG = "gras"
    SOFT = "italique"
    KEY = "touche"
    """A key of the keyboard, or words of the window."""


class Run(Struct, frozen=True):
    """Words in one face. `target` is the anchor they lead to; empty for none."""

    text: str
    face: Face = Face.PLAIN
    target: str = ""


Runs = tuple[Run, ...]


class Heading(Struct, frozen=True):
    """A title: 1 for a chapter, 2 and 3 under it. `anchor` is its name in links and for F1; empty for none."""

    level: int
    runs: Runs
    anchor: str = ""


class Paragraph(Struct, frozen=True):
    """Words. `aside`: set apart, as a remark."""

    runs: Runs
    aside: bool = False


class Items(Struct, frozen=True):
    """A list; `numbered` where its order matters."""

    items: tuple[Runs, ...]
    numbered: bool = False


class Grid(Struct, frozen=True):
    """A table: its titles, then its rows."""

    titles: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]


class Illustration(Struct, frozen=True):
    """A picture of the guide's own folder, and what it shows."""

    name: str
    said: str


Block = Heading | Paragraph | Items | Grid | Illustration


class Chapter(Struct, frozen=True):
    """One chapter. `word` names its file; its first block is its title."""

    word: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """Its title."""
        first = self.blocks[0]
        return said(first.runs) if isinstance(first, Heading) else self.word


class Passage(Struct, frozen=True):
    """A part of the guide that holds what was looked for."""

    anchor: str
    """Where to go: the nearest heading with a name."""
    title: str
    """Under which heading it is."""
    words: str


def said(runs: Sequence[Run]) -> str:
    """Return runs as plain words."""
    return "".join(run.text for run in runs)


def words_of(block: Block) -> str:
    """Return everything a block says."""
    match block:
        case Heading() | Paragraph():
            return said(block.runs)
        case Items():
            return "\n".join(said(item) for item in block.items)
        case Grid():
            return "\n".join(" – ".join(said(cell) for cell in row) for row in (block.titles, *block.rows))
        case Illustration():
            return block.said


def search(chapters: Sequence[Chapter], query: str) -> tuple[Passage, ...]:
    """Return the passages that hold every word, headings first; accents and capitals left aside."""
    wanted = fold(query).split()
    if not wanted:
        return ()
    titles: list[Passage] = []
    others: list[Passage] = []
    for anchor, title, block in _located(chapters):
        text = words_of(block)
        lines = [text] if not isinstance(block, Items | Grid) else text.split("\n")
        for line in lines:
            if all(word in fold(f"{line} {title}") for word in wanted) and any(
                word in fold(line) for word in wanted
            ):
                (titles if isinstance(block, Heading) else others).append(Passage(anchor, title, line))
    return (*titles, *others)


def _located(chapters: Sequence[Chapter]) -> Iterator[tuple[str, str, Block]]:
    for chapter in chapters:
        anchor = title = ""
        for block in chapter.blocks:
            if isinstance(block, Heading):
                title = said(block.runs)
                anchor = block.anchor or anchor
            yield anchor, title, block
