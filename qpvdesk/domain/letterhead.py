"""The header a service gives its papers: its name in a few lines, and an image of its own."""

from __future__ import annotations

from msgspec import Struct

from qpvdesk.domain.errors import UserError

MAX_LINES = 5
MAX_IMAGE = 1_000_000
"""Bytes."""
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


class Letterhead(Struct, frozen=True):
    """Printed at the head of every paper, and frozen with the data of a committee."""

    lines: tuple[str, ...] = ()
    """At most `MAX_LINES`, none empty."""
    image: bytes = b""
    """A PNG or JPEG file, at most `MAX_IMAGE`; empty for none."""

    def __bool__(self) -> bool:
        return bool(self.lines or self.image)


NO_LETTERHEAD = Letterhead()
"""That of a service that has not given its own."""


def check_image(image: bytes) -> None:
    """Raise `UserError` for a file that cannot stand at the head of a paper."""
    if not image.startswith((PNG, JPEG)):
        raise UserError("Cette image ne peut pas être reprise.", "Choisissez une image PNG ou JPEG.")
    if len(image) > MAX_IMAGE:
        raise UserError("Cette image est trop lourde.", "Réduisez-la à un mégaoctet au plus.")
