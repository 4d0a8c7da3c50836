"""The reading process of documents: the text of one file within bounds, as JSON on standard output."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from qpvdesk import durable
from qpvdesk.bounded import NOTHING, refused
from qpvdesk.documents import word_in
from qpvdesk.documents.pdf_columns import with_columns

MAX_FILE = 10_000_000
"""Bytes: what the base takes in."""
_MAX_PAGES = 2_000
_MAX_TEXT = 8_000_000
_KEPT = "\n\t"
_HYPHEN = re.compile("\x02(?=[A-ZÀ-Ý])")
"""A name that a line of a PDF cuts at its hyphen: « Saint-Maurin »."""
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


_FORMATS = frozenset({".pdf", ".docx", ".odt"})


def read(path: Path) -> list[str]:
    """Return the text of a document, page by page. Raises `UserError`."""
    remedy = f"Gardez les pages utiles\u202f: {MAX_FILE // 1_000_000} Mo au plus."
    content = durable.read_within(path, MAX_FILE, remedy, unchanged=NOTHING)
    if not content.strip():
        raise refused("Le fichier est vide.", "Demandez-le à nouveau à l’expéditeur.")
    if content.startswith(b"%PDF-"):
        return [_clean(text) for text in _pdf(content, path.name)]
    if content.startswith(b"PK") and word_in.is_text(path):
        return [_clean(text) for text in word_in.pages(path)]
    binary = b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # What is named after a format and is not of it was cut short, or is no document at all.
    if binary or path.suffix.lower() in _FORMATS:
        raise refused(
            f"«\u202f{path.name}\u202f» n’est ni un PDF, ni un document Word ou OpenDocument, ni un texte, ou il est abîmé.",
            "Ouvrez-le dans le logiciel qui l’a fait et enregistrez-le en PDF, en .docx ou en .odt.",
        )
    # A typed text may say « **so** » that a word is in bold.
    return [_BOLD.sub(r"\1", _clean(_decoded(content)))]


def _pdf(content: bytes, name: str) -> Iterator[str]:
    import pypdfium2  # noqa: PLC0415 - 60 ms, a PDF alone needs it

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise refused(
            f"«\u202f{name}\u202f» est protégé par un mot de passe."
            if locked
            else f"«\u202f{name}\u202f» est un PDF abîmé.",
            "Demandez une copie qui ne l’est pas.",
        ) from error
    if len(document) > _MAX_PAGES:
        raise refused(f"«\u202f{name}\u202f» a {len(document)} pages.", "Gardez les pages utiles.")
    total = 0
    for number in range(len(document)):
        try:
            page = document[number]
            seen = page.get_textpage()
            text = with_columns(seen, seen.get_text_bounded())
            page.close()
        except pypdfium2.PdfiumError:
            # One page that cannot be read is an empty one: the others are worth having.
            text = ""
        total += len(text)
        if total > _MAX_TEXT:
            raise refused(f"«\u202f{name}\u202f» contient trop de texte.", "Gardez les pages utiles.")
        yield text


def _decoded(content: bytes) -> str:
    for start, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(start):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _clean(text: str) -> str:
    """Return the text with plain line ends, and without the marks that no eye sees."""
    text = (
        _HYPHEN.sub("-", text)
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\ufffe", "-")
        .replace("\f", "\n")
    )
    return "".join(
        letter for letter in text if letter in _KEPT or unicodedata.category(letter) not in ("Cc", "Cs", "Cn")
    )
