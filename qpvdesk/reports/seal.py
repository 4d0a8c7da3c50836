"""What a paper says of itself, for who has it in hand: its small code on each page, and how it was asked for."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import msgspec
import segno
from msgspec import Struct
from reportlab.pdfgen.canvas import Canvas

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.reports.composition import Composition
from qpvdesk.reports.style import ink

SIDE = 21.0
"""Points of a side of the code: 7,4 mm, one point a module of a code of version 1."""
_HEAD = "qpvdesk:"


class Seal(Struct, frozen=True, omit_defaults=True):
    """How a paper was asked for, so that the same can be printed again and set beside it."""

    model: str
    contract: str
    """Its code."""
    fingerprint: str
    """Sixteen digits."""
    day: str
    """ISO."""
    program: str
    """The version that printed it."""
    snapshot: str = ""
    """The whole fingerprint of the arrêté that it shows."""
    meeting: str = ""
    """Key of its meeting."""
    partner: str = ""
    territory: str = ""
    """Their codes."""
    compared_with: str = ""
    """A date in ISO, or the code of a meeting, where one was named."""
    composition: Composition = Composition()
    head: str | None = None
    """What tells the header of the service from another; empty for none, None where an older version printed it."""


def letterhead_mark(letterhead: Letterhead) -> str:
    """Return what tells a header from another, for a seal."""
    whole = "\n".join(letterhead.lines).encode() + letterhead.image
    return hashlib.sha256(whole).hexdigest()[:16] if letterhead else ""


def written(seal: Seal) -> str:
    """Return the seal as it stands in the properties of a file."""
    return _HEAD + msgspec.json.encode(seal).decode()


def read(text: str) -> Seal | None:
    """Return the seal in the properties of a file; None where there is none of ours."""
    if not text.startswith(_HEAD):
        return None
    try:
        found = msgspec.json.decode(text.removeprefix(_HEAD).encode(), type=Seal)
        # A day beyond those that can be followed has neither eve nor year before.
        is_written = french.parse_date(found.day).isoformat() == found.day
    except (ValueError, RecursionError, UserError):
        return None
    return found if is_written else None


def code_words(fingerprint: str) -> str:
    """What the small code says: capitals and digits, which take the least room."""
    return f"QPVDESK {fingerprint.replace(' ', '').upper()}"


@lru_cache(maxsize=8)
def _modules(words: str) -> tuple[tuple[int, int, int], ...]:
    """The black modules of the code as runs: row, first column, length."""
    runs: list[tuple[int, int, int]] = []
    for row, line in enumerate(segno.make(words, micro=False, error="l", boost_error=False).matrix):
        column = 0
        while column < len(line):
            length = 0
            while column + length < len(line) and line[column + length]:
                length += 1
            if length:
                runs.append((row, column, length))
            column += max(length, 1)
    return tuple(runs)


def draw_code(canvas: Canvas, fingerprint: str, corner: tuple[float, float]) -> None:
    """Draw the code with its lower left corner there, as paths."""
    runs = _modules(code_words(fingerprint))
    step = SIDE / (1 + max(row for row, _, _ in runs))
    left, bottom = corner
    canvas.setFillColor(ink(Ink.TEXT))
    path = canvas.beginPath()
    for row, column, length in runs:
        path.rect(left + column * step, bottom + SIDE - (row + 1) * step, length * step, step)
    canvas.drawPath(path, stroke=0, fill=1)
