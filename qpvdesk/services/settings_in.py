"""The reading process of the settings of another laptop, image and all."""

from __future__ import annotations

from pathlib import Path

import msgspec

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import MAX_IMAGE
from qpvdesk.services import image_in
from qpvdesk.services.settings import Stored


def read(path: Path) -> Stored:
    """Return the settings of an exported file. Raises `UserError`."""
    wrong = UserError(
        f"«\u202f{path.name}\u202f» n’est pas un fichier de réglages de qpvdesk.",
        "Choisissez un fichier fait par «\u202fExporter les réglages\u202f».",
    )
    try:
        if path.stat().st_size > 3 * MAX_IMAGE:
            raise wrong
        stored = msgspec.json.decode(path.read_bytes(), type=Stored)
    except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise wrong from error
    if stored.image:
        image_in.check(stored.image)
    return stored
