"""The reading process of tables: one file within bounds, its contents as JSON on standard output."""

from __future__ import annotations

from pathlib import Path

from qpvdesk import durable
from qpvdesk.bounded import NOTHING, refused
from qpvdesk.domain import file_names
from qpvdesk.spreadsheets.book import ReadBook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path) -> ReadBook:
    """Return the tables of a file. Raises `UserError`."""
    from qpvdesk.spreadsheets import covered, ods_in, other_files, precheck, text_in, xls_in, xlsx_in  # noqa: PLC0415 - 14 ms, this process alone needs it

    remedy = "Gardez les seules lignes utiles."
    content = durable.read_within(path, precheck.MAX_FILE, remedy, unchanged=NOTHING)
    if not content.strip():
        raise refused("Le fichier est vide.", "Demandez-le à nouveau à l’expéditeur.")
    suffix = path.suffix.lower()
    other_files.refuse(path.name, content)
    if content.startswith(_OLE):
        return xls_in.read(path)
    if content.startswith(b"PK"):
        parts = precheck.checked(path)
        other_files.refuse_zip(path, parts)
        return covered.drop_covered(ods_in.read(parts) if "content.xml" in parts else xlsx_in.read(parts))
    if suffix in {".xlsx", ".xlsm", ".ods", ".xls"}:
        raise refused(
            f"Le fichier «\u202f{path.name}\u202f» porte le nom d’un classeur mais n’en est pas un.",
            "Ouvrez-le dans un tableur et enregistrez-le à nouveau, ou renommez-le en .csv si c’est du texte.",
        )
    return text_in.read(content, file_names.told(path.stem)[:80])
