"""Which program wrote a document, as it says in itself, within limits: anybody may have sent it."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from qpvdesk import archives

_PDF_BYTES_MAX = 60_000_000
_SIGNED = re.compile(r"word/footer\d+\.xml|styles\.xml")
"""Where a copy to be modified bears the name of what printed it."""


def bears(path: Path, name: bytes) -> bool:
    """Whether a PDF, a docx or an odt bears a name where its program signs; False where it cannot be read or unpacked."""
    try:
        with path.open("rb") as file:
            if path.suffix.lower() == ".pdf":
                return name in file.read(_PDF_BYTES_MAX)
            with archives.opened(file, archives.TEXT) as archive:
                signed = [member for member in archive.namelist() if _SIGNED.fullmatch(member)]
                return any(name in archive.read(member) for member in signed)
    except (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False
