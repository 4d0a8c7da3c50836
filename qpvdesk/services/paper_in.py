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
        if path.stat().st_size > _BYTES_MAX:
            raise UserError(
                f"«\u202f{path.name}\u202f» est trop lourd pour un papier.", "Est-ce le bon fichier\u202f?"
            )
        content = path.read_bytes()
    except OSError as error:
        raise UserError(durable.unreadable(path, error), "Vérifiez son emplacement.") from error
    try:
        return paper_file.read(content)
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
