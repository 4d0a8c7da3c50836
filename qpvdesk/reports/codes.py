"""Codes that lead to where what they name is told: the row that bears the code first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reportlab.pdfgen.canvas import Canvas

from qpvdesk.domain.french import NNBSP
from qpvdesk.reports.style import text_width
from qpvdesk.reports.tagging import link_within

# Not the beginning of a longer one that a line breaks at its hyphen.
_CODE = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+(?![\w-])")

_MAY_LEAD = "@"
"""Before a code in a paragraph, which is made before the rows of its paper are known."""


class LinkTargets:
    """The codes of one paper that links may lead to, while it is drawn: each leads to the first row that bears it."""

    def __init__(self, codes: Iterable[str] = ()) -> None:
        """`codes`: those that a row of the paper bears."""
        self.codes = frozenset(codes)
        self._reached: set[str] = set()

    def reach(self, code: str) -> bool:
        """Say that a row of this code is being drawn; whether it is the first, which links lead to."""
        first = code in self.codes and code not in self._reached
        self._reached.add(code)
        return first


def is_code(text: str) -> bool:
    """Whether a text is a code and nothing else."""
    return _CODE.fullmatch(text) is not None


def link_targets_of(canvas: Canvas) -> LinkTargets:
    """The link targets of the paper that a canvas draws; none where it draws no paper."""
    found: LinkTargets | None = getattr(canvas, "link_targets", None)
    return found or _NO_TARGETS


def pieces(canvas: Canvas, text: str) -> Iterator[tuple[str, str]]:
    """A line in pieces, each with the code that it is a link to; empty for plain text."""
    codes = link_targets_of(canvas).codes
    done = 0
    for found in _CODE.finditer(text) if codes else ():
        if found[0] in codes:
            if found.start() > done:
                yield text[done : found.start()], ""
            yield found[0], found[0]
            done = found.end()
    if done < len(text):
        yield text[done:], ""


def draw_linked(canvas: Canvas, at: tuple[float, float], text: str, face: tuple[str, float]) -> None:
    """Draw a line, its codes as links. `at`: where it begins; `face`: its font and its size."""
    x, y = at
    for piece, code in pieces(canvas, text):
        if code:
            draw_link(canvas, (x, y), code, face)
        else:
            canvas.drawString(x, y, piece)
        x += text_width(piece, *face)


def draw_link(canvas: Canvas, at: tuple[float, float], code: str, face: tuple[str, float]) -> None:
    """Draw a code that leads to where it is told."""
    x, y = at
    with link_within(canvas, link_words(code)) as linked:
        canvas.drawString(x, y, code)
        if linked:
            box = (x, y - 2, x + text_width(code, *face), y + face[1])
            canvas.linkRect("", destination(code), box, relative=1, thickness=0)


def link_markup(words: str) -> str:
    """The markup of words, each code that they hold as what may become a link: see `code_of_link`."""
    return _CODE.sub(lambda found: f'<link href="#{_MAY_LEAD}{found[0]}">{found[0]}</link>', words)


def code_of_link(name: str) -> str:
    """The code that such a link would lead to; empty for a place of the document."""
    return name.removeprefix(_MAY_LEAD) if name.startswith(_MAY_LEAD) else ""


def link_words(code: str) -> str:
    """What a link to a code says."""
    return f"Aller à{NNBSP}: {code}"


def destination(code: str) -> str:
    """The name of the place in the document."""
    return f"code-{code}"


_NO_TARGETS = LinkTargets()
