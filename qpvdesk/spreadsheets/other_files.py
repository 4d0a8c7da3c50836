"""Files that are no table: each is said for what it is, with where to put it or what to ask for."""

from __future__ import annotations

import zipfile
from pathlib import Path

from qpvdesk.bounded import refused

_AS_TABLE = "Demandez le tableau lui-même, en xlsx, ods ou csv"
_TO_DOCUMENTS = (
    f"Ajoutez-le aux documents du contrat, page «\u202fDocuments\u202f», pour le citer. {_AS_TABLE}."
)
_PICTURE = "une image", f"{_AS_TABLE}, ou saisissez ses chiffres page «\u202fRelevés\u202f»."
_WORD = (
    "un document de texte (Word)",
    "Copiez son tableau dans un tableur et enregistrez-le en .xlsx, ou ajoutez le document page «\u202fDocuments\u202f».",
)
_WRITER = "un document de texte (OpenDocument)", _WORD[1]
_SLIDES = "une présentation", f"{_AS_TABLE}."
_MAIL = "un courriel", "Enregistrez sa pièce jointe, puis importez-la."
_BINARY = (
    "un classeur binaire d’Excel (.xlsb)",
    "Ouvrez-le dans un tableur et enregistrez-le en .xlsx, puis importez-le.",
)
_NUMBERS = "un classeur Numbers d’Apple", "Dans Numbers, exportez-le vers Excel (.xlsx), puis importez-le."
_BASE = (
    "une base de données (SQLite)",
    f"Si c’est une base de qpvdesk, ouvrez-la, ou demandez un paquet à votre collègue. {_AS_TABLE}.",
)
_PACKAGE = (
    "un paquet de qpvdesk",
    "Recevez-le par Fichier, «\u202fÉchanger avec un collègue…\u202f», ou par «\u202fqpvdesk paquet appliquer\u202f».",
)
_ARCHIVE = "une archive (zip)", "Ouvrez-la et importez le tableau qu’elle contient."
_STARTS: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"%PDF-", ("un PDF", _TO_DOCUMENTS)),
    (b"\x89PNG\r\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"SQLite format 3\0", _BASE),
    (b"{\\rtf", ("un document de texte (RTF)", _WORD[1])),
)
_OLE_STREAMS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("WordDocument", _WORD),
    ("PowerPoint Document", _SLIDES),
    ("__properties_version1.0", _MAIL),
)
"""What tells the files of the old Office apart: the names of their streams."""
_PARTS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("xl/workbook.bin", _BINARY),
    ("word/document.xml", _WORD),
    ("ppt/presentation.xml", _SLIDES),
    ("Index/Document.iwa", _NUMBERS),
    ("Index.zip", _NUMBERS),
    ("manifeste.json", _PACKAGE),
)
_MIMETYPES: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"opendocument.text", _WRITER),
    (b"opendocument.presentation", _SLIDES),
)
_OLE = b"\xd0\xcf\x11\xe0"


def refuse(name: str, content: bytes) -> None:
    """Raise `UserError` for a file that is known by its first bytes not to be a table."""
    head = content[:1024].lstrip()
    for start, what in _STARTS:
        if head.startswith(start):
            _refuse(name, what)
    if content.startswith(_OLE):
        for stream, what in _OLE_STREAMS:
            if stream.encode("utf-16-le") in content:
                _refuse(name, what)


def refuse_zip(path: Path, parts: dict[str, bytes]) -> None:
    """Raise `UserError` for a zip that is no workbook; `parts` are those of it that are XML."""
    if "xl/workbook.xml" in parts:
        return
    for mimetype, what in _MIMETYPES:
        if mimetype in parts.get("mimetype", b"")[:100]:
            _refuse(path.name, what)
    if "content.xml" in parts:
        return
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    for part, what in _PARTS:
        if part in names:
            _refuse(path.name, what)
    if "[Content_Types].xml" not in names:
        _refuse(path.name, _ARCHIVE)


def _refuse(name: str, what: tuple[str, str]) -> None:
    raise refused(
        f"«\u202f{name}\u202f» est {what[0]}\u202f: ses chiffres ne se lisent pas comme un tableau.", what[1]
    )
