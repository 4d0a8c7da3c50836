"""The image of a service, fit for paper. Nothing of the paper itself is needed: the reading processes decode it too."""

from __future__ import annotations

import io
from functools import lru_cache

from msgspec import Struct
from PIL import Image

_PIXELS_MAX = 40_000_000
"""Pixels: a file of a few bytes can stand for billions."""
_WIDTH_PIXELS_MAX = 1200
"""Pixels across: more is not seen at this size."""


class Picture(Struct, frozen=True):
    """An image without transparency, as a PNG, and its size in pixels."""

    content: bytes
    width: int
    height: int


@lru_cache(maxsize=4)
def picture_of(image: bytes) -> Picture | None:
    """Return an image fit for paper; None where there is none, or it cannot be read."""
    if not image:
        return None
    try:
        with Image.open(io.BytesIO(image), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _PIXELS_MAX:
                return None
            drawn = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # The lines are printed all the same: a damaged image is no reason for no paper.
        return None
    # Thinned in the margins of A4; laid on white: print knows no transparency.
    drawn.thumbnail((_WIDTH_PIXELS_MAX, _WIDTH_PIXELS_MAX))
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    png = io.BytesIO()
    paper.save(png, "PNG")
    return Picture(png.getvalue(), paper.width, paper.height)
