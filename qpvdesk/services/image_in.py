"""The reading process of an image for the head of papers: it is decoded there, within bounds, before it is kept."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import MAX_IMAGE, check_image
from qpvdesk.reports.header_image import picture_of


def read(path: Path) -> bytes:
    """Return the content of an image file. Raises `UserError` where it is none, or too large."""
    try:
        with path.open("rb") as file:
            image = file.read(MAX_IMAGE + 1)
    except OSError as error:
        raise UserError(
            f"L’image «\u202f{path.name}\u202f» ne peut pas être lue.", "Vérifiez qu’elle est encore là."
        ) from error
    check(image)
    return image


def check(image: bytes) -> None:
    """Raise `UserError` for an image that no paper can bear: the officer's own, or one that came with frozen data."""
    check_image(image)
    if picture_of(image) is None:
        raise UserError(
            "Cette image est abîmée ou démesurée.", "Choisissez une autre image PNG ou JPEG, plus petite."
        )
