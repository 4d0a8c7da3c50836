"""The guide that ships with the program: chapters in Markdown, read into blocks; the glossary and its definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qpvdesk import paths
from qpvdesk.domain.french import typeset
from qpvdesk.domain.manual import (
    Block,
    Chapter,
    Face,
    Grid,
    Heading,
    Illustration,
    Items,
    Paragraph,
    Run,
    Runs,
)
from qpvdesk.domain.manual import Passage as Passage
from qpvdesk.domain.manual import search as search

if TYPE_CHECKING:
    from markdown_it.token import Token

QUICK = "demarrage"
"""The anchor of the quick start, which also prints by itself."""
_ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}\s*$")


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the chapters, in the order of their files."""
    files = sorted(paths.resource("guide").glob("*.md"))
    return tuple(read(file.read_text(encoding="utf-8"), _word(file)) for file in files)


def picture(name: str) -> Path:
    """Return the file of a picture of the guide. Raises `FileNotFoundError` where it is not there."""
    return paths.resource(f"guide/{name}")


def anchors() -> tuple[str, ...]:
    """Return the names one can go to."""
    return tuple(
        block.anchor
        for chapter in chapters()
        for block in chapter.blocks
        if isinstance(block, Heading) and block.anchor
    )


def read(text: str, word: str) -> Chapter:
    """Read the subset of Markdown that the guide is written in. Raises `ValueError` for anything else."""
    # Not on the way to the first paint.
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    return Chapter(word, tuple(_blocks(iter(tokens))))


def _word(file: Path) -> str:
    return file.stem.partition("-")[2]


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    for token in tokens:
        match token.type:
            case "heading_open":
                yield _heading(int(token.tag[1:]), next(tokens))
            case "paragraph_open":
                inline = next(tokens)
                children = inline.children or []
                if len(children) == 1 and children[0].type == "image":
                    source = str(children[0].attrs["src"])
                    yield Illustration(source, typeset(children[0].content))
                else:
                    yield Paragraph(_runs(inline))
            case "bullet_list_open":
                yield Items(_items(tokens, "bullet_list_close"))
            case "ordered_list_open":
                yield Items(_items(tokens, "ordered_list_close"), numbered=True)
            case "blockquote_open":
                next(tokens)
                yield Paragraph(_runs(next(tokens)), aside=True)
            case "table_open":
                yield _grid(tokens)
            case "paragraph_close" | "heading_close" | "blockquote_close":
                continue
            case other:
                raise ValueError(f"the guide does not know {other}: {token.content[:60]}")


def _heading(level: int, inline: Token) -> Heading:
    runs = _runs(inline)
    found = _ANCHOR.search(runs[-1].text)
    if found is None:
        return Heading(level, runs)
    return Heading(level, (*runs[:-1], Run(runs[-1].text[: found.start()], runs[-1].face)), found[1])


def _items(tokens: Iterator[Token], end: str) -> tuple[Runs, ...]:
    made: list[Runs] = []
    for token in tokens:
        if token.type == end:
            break
        if token.type == "inline":
            made.append(_runs(token))
        elif token.type.endswith("_list_open"):
            raise ValueError("a list inside a list")
    return tuple(made)


def _grid(tokens: Iterator[Token]) -> Grid:
    rows: list[list[Runs]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_runs(token))
    return Grid(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))


def _runs(inline: Token) -> Runs:
    made: list[Run] = []
    face, target = Face.PLAIN, ""
    for token in inline.children or []:
        match token.type:
            case "text":
                if token.content:
                    made.append(Run(typeset(token.content), face, target))
            case "softbreak":
                made.append(Run(" ", face, target))
            case "strong_open":
                face = Face.STRONG
            case "em_open":
                face = Face.SOFT
            case "strong_close" | "em_close":
                face = Face.PLAIN
            case "code_inline":
                made.append(Run(token.content, Face.KEY, target))
            case "link_open":
                target = str(token.attrs["href"]).removeprefix("#")
            case "link_close":
                target = ""
            case other:
                raise ValueError(f"the guide does not know {other} inside a line")
    return tuple(made) or (Run(""),)


def write(path: Path, *, quick: bool, now: date) -> int:
    """Write the guide, or its quick start alone, as a PDF, and return its number of pages. Raises `UserError`."""
    from qpvdesk.reports import manual  # noqa: PLC0415 - 400 ms, the paper alone needs it
    from qpvdesk.reports.layout import Identity  # noqa: PLC0415 - part of it

    printed = tuple(chapter for chapter in chapters() if not quick or chapter.word == QUICK)
    identity = Identity(
        title="Démarrage rapide" if quick else "Guide de l’utilisateur",
        subject="Guide de l’utilisateur de qpvdesk",
        author="qpvdesk",
        day=now,
        foot="qpvdesk, guide de l’utilisateur",
    )
    return manual.write(path, printed, picture, identity)
