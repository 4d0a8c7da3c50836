"""The reading process: one file, a bounded memory and time, and its contents as JSON on standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets.book import ReadBook

FLAG = "--lire-classeur"
MEMORY = 900_000_000
SECONDS = 60
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def run(name: str) -> int:
    """Read the file and print `{"livre": …}` or `{"erreur": [sentence, remedy]}`; the status is 0 for both."""
    from qpvdesk.spreadsheets.limits import refused

    _bound()
    path = Path(name)
    try:
        document: dict[str, object] = {"livre": _read(path).as_json()}
    except UserError as error:
        document = {"erreur": [error.message, error.remedy]}
    except MemoryError:
        heavy = refused("Le fichier est trop lourd pour être lu.", "Gardez les seules lignes utiles.")
        document = {"erreur": [heavy.message, heavy.remedy]}
    sys.stdout.buffer.write(json.dumps(document).encode())
    sys.stdout.buffer.flush()
    return 0


def _bound() -> None:
    """Bound memory and processor time where the system can; elsewhere the parent's clock does it alone."""
    try:
        import resource
    except ImportError:
        return
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):
            continue


def _read(path: Path) -> ReadBook:
    from qpvdesk.spreadsheets import ods_in, precheck, text_in, xls_in, xlsx_in
    from qpvdesk.spreadsheets.limits import refused

    try:
        size = path.stat().st_size
        if size > precheck.MAX_FILE:
            raise refused("Le fichier est trop lourd pour être lu.", "Gardez les seules lignes utiles.")
        content = path.read_bytes()
    except OSError as error:
        raise refused(
            f"Le fichier «\u202f{path.name}\u202f» ne peut pas être ouvert ({error.strerror}).",
            "Vérifiez son emplacement.",
        ) from error
    if not content.strip():
        raise refused("Le fichier est vide.", "Demandez-le à nouveau à l’expéditeur.")
    suffix = path.suffix.lower()
    if content.startswith(_OLE):
        return xls_in.read(path)
    if content.startswith(b"PK"):
        parts = precheck.checked(path)
        return ods_in.read(parts) if "content.xml" in parts else xlsx_in.read(parts)
    if suffix in {".xlsx", ".xlsm", ".ods", ".xls"}:
        raise refused(
            f"Le fichier «\u202f{path.name}\u202f» porte le nom d’un classeur mais n’en est pas un.",
            "Ouvrez-le dans un tableur et enregistrez-le à nouveau, ou renommez-le en .csv si c’est du texte.",
        )
    return text_in.read(content, path.stem[:80])
