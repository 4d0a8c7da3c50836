"""The guide that ships with the program: chapters in Markdown, searched, shown and printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from qpvdesk import paths
from qpvdesk.domain.french import fold
from qpvdesk.reports.chapters import Chapter as Chapter
from qpvdesk.reports.chapters import Line, read_chapter

QUICK = "demarrage"
"""The anchor of the quick start, which also prints by itself."""


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the chapters, in the order of their files."""
    files = sorted(paths.resource("guide").glob("*.md"))
    return tuple(
        read_chapter(file.read_text(encoding="utf-8"), file.stem.partition("-")[2]) for file in files
    )


def picture(name: str) -> Path:
    """Return the file of a picture of the guide. Raises `FileNotFoundError` where it is not there."""
    return paths.resource(f"guide/{name}")


def search(chapters: Sequence[Chapter], query: str) -> tuple[Line, ...]:
    """Return the lines that hold every word, headings first; accents and capitals left aside."""
    wanted = fold(query).split()
    found = [
        line
        for chapter in chapters
        for line in chapter.lines()
        if all(word in fold(f"{line.words} {line.heading.words}") for word in wanted)
        and any(word in fold(line.words) for word in wanted)
    ]
    return tuple(sorted(found, key=lambda line: not line.is_heading))


def write(path: Path, *, quick: bool, now: date) -> int:
    """Write the guide, or its quick start alone, as a PDF, and return its number of pages. Raises `UserError`."""
    from qpvdesk.reports import manual  # noqa: PLC0415 - 400 ms, the paper alone needs it
    from qpvdesk.reports.layout import Identity  # noqa: PLC0415 - 400 ms, the same as the manual

    printed = tuple(chapter for chapter in chapters() if not quick or chapter.word == QUICK)
    identity = Identity(
        title="Démarrage rapide" if quick else "Guide de l’utilisateur",
        subject="Guide de l’utilisateur de qpvdesk",
        author="qpvdesk",
        day=now,
        foot="qpvdesk, guide de l’utilisateur",
    )
    return manual.write(path, printed, picture, identity)
