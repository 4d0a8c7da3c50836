"""The joined files of a contract that goes out as a workbook: a folder beside it, each known by its fingerprint.

Names are for the reader; on the way back a file is found by its bytes, whatever it is called by then.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

import msgspec

from qpvdesk import durable
from qpvdesk.documents import reading
from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Attachment
from qpvdesk.durable import sha256, sha256_of
from qpvdesk.services.documents import MAX_FILE
from qpvdesk.spreadsheets.book import ReadSheet

File = tuple[bytes, tuple[str, ...] | None]
"""The bytes of a joined file, and its text by page where it has one."""

_MOST = 5_000
"""Files that are looked at in the folder: it came from elsewhere."""


def folder_of(book: Path) -> Path:
    """Return where the joined files of a workbook stand: `contrat.xlsx` has « contrat – pièces jointes »."""
    return book.with_name(f"{book.stem} – pièces jointes")


def write(attachments: tuple[Attachment, ...], book: Path, content: Callable[[Attachment], bytes]) -> None:
    """Write each file once into the folder of a workbook; what is there already is neither changed nor removed.

    Raises `UserError`; what was written until then is taken back.
    """
    folder = folder_of(book)
    present_digests = set(found(book))
    written_paths: list[Path] = []
    is_new = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
        for attachment in {attachment.digest: attachment for attachment in attachments}.values():
            if attachment.digest not in present_digests:
                target = _free(folder, attachment.name)
                durable.save(content(attachment), target)
                written_paths.append(target)
    except (OSError, UserError) as error:
        for path in written_paths:
            path.unlink(missing_ok=True)
        if is_new and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        if isinstance(error, UserError):
            raise
        raise UserError(
            f"Le dossier «\u202f{folder.name}\u202f» ne peut pas être écrit\u202f: {durable.reason(error)}.",
            "Choisissez un autre dossier.",
        ) from error


def found(book: Path) -> dict[str, Path]:
    """Return the files of a workbook's folder by fingerprint; none where it has no folder."""
    paths_by_digest: dict[str, Path] = {}
    for path in _files(folder_of(book)):
        try:
            if path.stat().st_size <= MAX_FILE:
                paths_by_digest.setdefault(sha256_of(path), path)
        except OSError:
            continue
    return paths_by_digest


def enclosed(sheet: ReadSheet | None) -> dict[str, File]:
    """Return what a JSON holds of its joined files; one whose bytes are not those of its fingerprint is left out."""
    files_by_digest: dict[str, File] = {}
    rows = [] if sheet is None else [row for _, row in sorted(sheet.rows().items())]
    places = {cell.text: at for at, cell in rows[0].items()} if rows else {}
    for row in rows[1:]:
        texts = {name: row[at].text for name, at in places.items() if at in row}
        try:
            content = b64decode(texts.get("contenu", ""), validate=True)
            pages = msgspec.json.decode(texts["texte"], type=tuple[str, ...]) if texts.get("texte") else None
        except ValueError:
            continue
        if sha256(content) == texts.get("empreinte") and len(content) <= MAX_FILE:
            files_by_digest[sha256(content)] = (content, pages)
    return files_by_digest


def read(path: Path, digest: str, *, as_document: bool) -> File:
    """Return a file of the folder, its text too where it is a source document.

    Raises `UserError` where it is no longer the file that was found, or cannot be read.
    """
    content = durable.read_within(path, MAX_FILE, "Refaites l’aperçu.")
    if sha256(content) != digest:
        raise UserError(f"«\u202f{path.name}\u202f» a changé depuis l’aperçu.", "Refaites l’aperçu.")
    if not as_document:
        return content, None
    return content, reading.pages(path)


def _files(folder: Path) -> Iterator[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return
    yield from (path for path in inside[:_MOST] if path.is_file() and not path.name.startswith("."))


def _free(folder: Path, name: str) -> Path:
    """Return where a file of that name can stand, in the folder whatever it says: « lettre.pdf », « lettre (2).pdf »…"""
    taken = {file_names.folded(path.name) for path in folder.iterdir()}
    name = file_names.clean(name)
    stem, end = PurePath(name).stem, PurePath(name).suffix
    number, free = 1, name
    while file_names.folded(free) in taken:
        number += 1
        mark = f" ({number}){end}"
        free = file_names.shortened(stem, file_names.NAME_BYTES_MAX - len(mark.encode())) + mark
    return folder / free
