"""The reading process of a printed paper: its seal, and of each page its words and the digest of its drawing."""

from __future__ import annotations

from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.reports import paper_file
from qpvdesk.reports.paper_file import PaperFile

_BYTES_MAX = 60_000_000


def read(path: Path) -> PaperFile:
    """Read a PDF. Raises `UserError` where it is none, or too large."""
    try:
        return paper_file.read(durable.read_within(path, _BYTES_MAX, "Est-ce le bon fichier\u202f?"))
    except paper_file.UNREADABLE as error:
        if paper_file.is_locked(error):
            raise UserError(
                f"«\u202f{path.name}\u202f» est protégé par un mot de passe.",
                "Demandez-le sans mot de passe, ou enlevez-le dans le logiciel qui l’a mis.",
            ) from error
        raise UserError(
            f"«\u202f{path.name}\u202f» n’est pas un PDF lisible.",
            "Un scan ou une photo ne se vérifie pas ainsi.",
        ) from error
