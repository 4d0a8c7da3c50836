"""Photos as they are kept: no larger than a page needs, without the position, the day and the device that cameras write.

A photo comes from elsewhere: it is decoded in a reading process of its own, within bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from qpvdesk import bounded
from qpvdesk.domain.errors import UserError

_SIDE_MAX = 2_000
"""Pixels of the longer side: 300 dots an inch on half an A4 page."""
_PIXELS_MAX = 80_000_000
_QUALITY = 88
_CLEANED = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
_UNREAD = {
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"heif", b"mif1", b"mif2", b"msf1",
    b"avif", b"avis", b"jp2 ", b"jpx ", b"jxl ",
}  # fmt: skip
"""The brands of photos that are not ours to clean; a file says its own, then those that it may be read as."""
_UNREAD_STARTS = (b"\xff\x4f\xff\x51", b"\xff\x0a")
"""JPEG 2000 and JPEG XL without a box around them."""
_BRANDS_MAX = 256
_FILMED_AT = re.compile(rb"\xa9xyz.{4}[+-][0-9]|com\.apple\.quicktime\.location|loci\x00{4}", re.DOTALL)
"""Where a video says its position: as QuickTime, as an iPhone and as 3GPP write it (ISO 6709, TS 26.244)."""


def taken_in(path: Path, content: bytes, *, cancelled: Callable[[], bool] = lambda: False) -> bytes:
    """Return what a file holds as it is kept; a photo is cleaned in a process of its own, stopped once `cancelled`.

    Raises `UserError` as `cleaned`.
    """
    if _form_of(content) is None:
        return cleaned(content, path.name)
    return bounded.ask(bounded.PHOTO, path, bytes, cancelled=cancelled)


def cleaned(content: bytes, name: str) -> bytes:
    """Return a photo without what a camera writes beside the picture; what is no photo comes back as it is.

    Raises `UserError` for a photo that cannot be read, or whose form is not ours to clean.
    """
    form = _form_of(content)
    if form is not None:
        return _redrawn(content, name, form)
    if content[8:12] == b"WEBP" or content.startswith(_UNREAD_STARTS) or _brands(content) & _UNREAD:
        raise UserError(
            f"«\u202f{name}\u202f» est une photo dont la position ne peut pas être retirée (HEIC, WebP, AVIF…).",
            "Enregistrez-la en JPEG (sur un téléphone\u202f: format « le plus compatible »), puis joignez-la.",
        )
    if _FILMED_AT.search(content) and (
        _brands(content) or content[4:8] in (b"moov", b"mdat", b"wide", b"free")
    ):
        raise UserError(
            f"«\u202f{name}\u202f» est une vidéo qui dit où elle a été tournée.",
            "Partagez-la depuis le téléphone sans sa position (Options, «\u202fPosition\u202f» décochée), puis joignez-la.",
        )
    return content


def _brands(content: bytes) -> set[bytes]:
    """What a file in boxes says that it is: its own brand and those that it may be read as; none for any other file."""
    # JPEG 2000 and JPEG XL begin with a box of their own.
    start = 12 if content[4:8] in (b"jP  ", b"JXL ") else 0
    if content[start + 4 : start + 8] != b"ftyp":
        return set()
    size = min(int.from_bytes(content[start : start + 4], "big"), _BRANDS_MAX)
    return {content[start + 8 : start + 12]} | {
        content[at : at + 4] for at in range(start + 16, start + size, 4)
    }


def _form_of(content: bytes) -> str | None:
    return next((form for start, form in _CLEANED if content.startswith(start)), None)


def _redrawn(content: bytes, name: str, form: str) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415 - 60 ms, a photo alone needs it

    try:
        with Image.open(BytesIO(content), formats=(form,)) as opened:
            if opened.width * opened.height > _PIXELS_MAX:
                raise UserError(
                    f"«\u202f{name}\u202f» est une photo trop grande pour être reprise.",
                    "Réduisez-la d’abord.",
                )
            # The way up is written beside the picture too: it is turned before that goes.
            photo = ImageOps.exif_transpose(opened)
            photo.thumbnail((_SIDE_MAX, _SIDE_MAX))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UserError(
            f"La photo «\u202f{name}\u202f» ne peut pas être lue.", "Demandez-la à nouveau."
        ) from error
    photo.info = {}
    target = BytesIO()
    if form == "JPEG":
        (photo if photo.mode in ("L", "RGB") else photo.convert("RGB")).save(target, form, quality=_QUALITY)
    else:
        photo.save(target, form)
    return target.getvalue()
