"""The reading process of the settings of another laptop, image and all."""

from __future__ import annotations

from pathlib import Path

import msgspec

from qpvdesk import durable
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
        stored = msgspec.json.decode(durable.read_within(path, 3 * MAX_IMAGE, wrong.remedy), type=Stored)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise wrong from error
    if stored.image:
        image_in.check(stored.image)
    return stored
