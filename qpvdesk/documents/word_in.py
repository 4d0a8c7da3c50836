"""The text of a Word or OpenDocument text, within limits: its paragraphs in their order, page by page where it says so."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from qpvdesk import archives
from qpvdesk.archives import ArchiveError, Fault
from qpvdesk.bounded import refused

_PARTS = ("word/document.xml", "content.xml")
_DEPTH_MAX = 400
_TEXT_MAX = 8_000_000
_REMEDY = "Ouvrez-le, enregistrez-le en PDF, puis ajoutez ce PDF."
_SIGNS = {"tab": " ", "s": " ", "noBreakHyphen": "-"}
"""What stands for a character."""
_ASIDE = {"del", "delText", "instrText", "tracked-changes", "annotation", "note-citation", "Fallback"}
"""What is not in the text that one reads: removed words, fields, remarks, a drawing told twice."""


def pages(path: Path) -> list[str]:
    """Return the text of a docx or an odt, one string a page as far as the file marks its pages. Raises `UserError`."""
    return _Text(path.name).read(_content(path))


def is_text(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return True
            return "content.xml" in names and b"opendocument.text" in archive.read("mimetype")[:100]
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, zlib.error, NotImplementedError, EOFError):
        return False


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file, archives.opened(file, archives.TEXT) as archive:
            name = next(part for part in _PARTS if part in archive.namelist())
            with archive.open(name) as stream:
                content = stream.read(archives.TEXT.member + 1)
    except ArchiveError as error:
        if error.fault is Fault.LOCKED:
            raise refused(
                f"«\u202f{path.name}\u202f» est protégé par un mot de passe.",
                "Demandez une copie qui ne l’est pas.",
            ) from error
        raise refused(f"«\u202f{path.name}\u202f», une fois ouvert, serait démesuré.", _REMEDY) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        StopIteration,
    ) as error:
        raise refused(f"«\u202f{path.name}\u202f» est abîmé ou incomplet.", _REMEDY) from error
    if len(content) > archives.TEXT.member:
        raise refused(f"«\u202f{path.name}\u202f», une fois ouvert, serait démesuré.", _REMEDY)
    return content


class _Text:
    """The events of one document."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pages: list[list[str]] = [[]]
        self.pieces: list[str] = []
        self.depth = self.aside = self.taken = self.cells = 0

    def read(self, content: bytes) -> list[str]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise refused(f"«\u202f{self.name}\u202f» est abîmé ou incomplet.", _REMEDY) from error
        self._break()
        return ["\n".join(lines) for lines in self.pages]

    def _doctype(self, *_: object) -> None:
        raise refused(
            f"«\u202f{self.name}\u202f» contient une déclaration qu’aucun traitement de texte n’écrit.",
            _REMEDY,
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH_MAX:
            raise refused(f"«\u202f{self.name}\u202f» s’emboîte sans fin.", _REMEDY)
        tag = name.rpartition(":")[2]
        if self.aside or tag in _ASIDE:
            self.aside += 1
        elif tag in _SIGNS:
            self.pieces.append(_SIGNS[tag])
        elif tag in {"line-break", "cr"} or (tag == "br" and not _of_page(attributes)):
            self.pieces.append("\n")
        elif tag in {"lastRenderedPageBreak", "soft-page-break"} or (tag == "br" and _of_page(attributes)):
            self._turn()
        elif tag in {"tc", "table-cell"}:
            self.cells += 1

    def _end(self, name: str) -> None:
        self.depth -= 1
        tag = name.rpartition(":")[2]
        if self.aside:
            self.aside -= 1
        elif tag in {"p", "h"}:
            self.pieces.append(" ") if self.cells else self._break()
        elif tag in {"tc", "table-cell"}:
            self.cells -= 1
            # The cells of a line of a table stand beside one another, the empty ones too.
            self.pieces.append(" " if self.cells else "\t")
        elif tag in {"tr", "table-row"}:
            self._break()

    def _take(self, data: str) -> None:
        if self.aside or (not data.strip() and "\n" in data):
            return
        self.taken += len(data)
        if self.taken > _TEXT_MAX:
            raise refused(f"«\u202f{self.name}\u202f» contient trop de texte.", "Gardez les pages utiles.")
        self.pieces.append(data)

    def _break(self) -> None:
        line = "".join(self.pieces).removesuffix("\t")
        self.pieces.clear()
        if line.strip():
            cells = [" ".join(cell.split(" ")).strip(" \n") for cell in line.split("\t")]
            self.pages[-1].append("\t".join(cells))

    def _turn(self) -> None:
        """A page ends, sometimes in the midst of a paragraph."""
        self._break()
        if self.pages[-1]:
            self.pages.append([])


def _of_page(attributes: dict[str, str]) -> bool:
    return any(name.endswith(":type") and value == "page" for name, value in attributes.items())
