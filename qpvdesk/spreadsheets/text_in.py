"""Reading csv: in which encoding, with which separator. What cannot be known is refused, not guessed."""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise

from qpvdesk.bounded import refused
from qpvdesk.spreadsheets.book import MAX_CELLS, MAX_ROWS, Read, ReadBook, ReadSheet
from qpvdesk.spreadsheets.limits import Filler, many

_MAC_LETTERS = b"\x88\x89\x8d\x8e\x8f\x90\x91\x94\x95\x99\x9d\x9e"
"""à â ç é è ê ë î ï ô ù û as an old Mac writes them; almost none is a letter in the Windows page."""
_TWICE = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
_UTF8_LETTER = re.compile(rb"[\xc3\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_ONCE_MORE = "Enregistrez le fichier en «\u202fCSV UTF-8\u202f»."
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_FIGURE = re.compile(r"[-\u2212]?[0-9][0-9 .\u00a0\u202f]*\s?(?:%|[kKM]?€)?")
_WHOLE = re.compile(r"[-\u2212]?[0-9]{1,3}(?:[ \u00a0\u202f]?[0-9]{3})*")
_AFTER_COMMA = re.compile(r"[0-9]{1,3}\s?(?:%|[kKM]?€)?")


def read(content: bytes, name: str) -> ReadBook:
    """Read a table of text. Raises `UserError` for an encoding that cannot be told."""
    # A spreadsheet leaves a million empty lines, a cell holds line ends of its own: only far too many are refused unread.
    if content.count(b"\n") > MAX_CELLS:
        raise many("lignes", content.count(b"\n"), MAX_ROWS)
    text, notes = decode(content)
    sheet = ReadSheet(name)
    filler = Filler()
    separator = _separator(text)
    csv.field_size_limit(1_000_000)
    titled = 0
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            if separator == ",":
                titled = _titled(cells, row, titled)
            for column, cell in enumerate(cells):
                bare = cell.strip()
                if bare:
                    filler.add(sheet, row, column, kind=Read.TEXT, text=_released(bare))
    except csv.Error as error:
        raise refused(f"Le fichier n’est pas un tableau lisible\u202f: {name}.", _ONCE_MORE) from error
    return ReadBook([sheet], notes=notes, styled=False)


def decode(content: bytes) -> tuple[str, list[str]]:
    """Return the text and what was noticed about its encoding. Raises `UserError`."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(content, "utf-16"), []
    if content.startswith(b"\xef\xbb\xbf"):
        return _mended(_strict(content[3:], "utf-8"))
    head = content[:4_000]
    if len(head) > 3 and head.count(0) > len(head) // 3:
        return _strict(content, "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"), []
    try:
        return _mended(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    high = [byte for byte in content if byte > 0x7F]
    if _UTF8_LETTER.search(content):
        raise refused(f"Ligne {line}\u202f: le fichier mêle deux encodages de caractères.", _ONCE_MORE)
    mac = sum(byte in _MAC_LETTERS for byte in high)
    if 2 * mac > len(high):
        raise refused(
            f"Ligne {line}\u202f: les accents semblent écrits par un ancien Mac et ne se lisent pas sûrement.",
            _ONCE_MORE,
        )
    try:
        return content.decode("cp1252"), []
    except UnicodeDecodeError:
        raise refused(f"Ligne {line}\u202f: l’encodage des accents n’est pas reconnu.", _ONCE_MORE) from None


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise refused("L’encodage du fichier est abîmé.", _ONCE_MORE) from error


def _mended(text: str) -> tuple[str, list[str]]:
    """Undo an encoding made twice (« Ã© » for « é »), and say so."""
    if not _TWICE.search(text):
        return text, []
    try:
        once = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text, ["Des accents de ce fichier sont abîmés («\u202fÃ©\u202f» au lieu de «\u202fé\u202f»)."]
    return once, [
        "Ce fichier avait été encodé deux fois («\u202fÃ©\u202f»)\u202f: ses accents ont été rétablis."
    ]


def _separator(text: str) -> str:
    """Return the mark that cuts most of the first lines into the same number of cells, two or more."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]

    def regular(mark: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([line], delimiter=mark), [])) for line in lines]
        wide = [count for count in counts if count > 1]
        return (max((wide.count(count) for count in set(wide)), default=0), max(wide, default=0))

    return max((";", "\t", ",", "|"), key=regular)


def _titled(cells: list[str], row: int, titled: int) -> int:
    """Return how many cells the lines of titles have, this line of a file cut by commas included.

    Raises `UserError` for a line of figures that has more where one comma may be that of a number: « 15,9 » would be 15.
    """
    bare = [cell.strip() for cell in cells]
    if not any(_FIGURE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in bare):
        return max(titled, len(bare)) if sum(map(bool, bare)) > 1 else titled
    if 0 < titled < len(bare):
        for whole, decimals in pairwise(bare):
            if _WHOLE.fullmatch(whole) and _AFTER_COMMA.fullmatch(decimals):
                raise refused(
                    f"Ligne {row + 1}\u202f: plus de cases que de titres. La virgule y sépare les colonnes et coupe aussi"
                    f" des nombres\u202f: «\u202f{whole},{decimals}\u202f».",
                    "Enregistrez le fichier en xlsx, ou en CSV séparé par des points-virgules.",
                )
    return titled


def _released(text: str) -> str:
    """Take back the apostrophe that keeps a spreadsheet from reading a text as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text
