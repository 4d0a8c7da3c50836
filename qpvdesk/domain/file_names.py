"""What may be the name of a file, whoever gave it: a bare name, that the three systems take and understand alike."""

from __future__ import annotations

import re
import unicodedata

from qpvdesk.domain.errors import UserError

NAME_BYTES_MAX = 255
"""Bytes of a name in UTF-8: what every file system takes."""

_SUFFIX_MAX = 20
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|(?:COM|LPT)[0-9¹²³]|CONIN\$|CONOUT\$) *(?:\..*)?", re.IGNORECASE)
"""Devices of Windows, whatever ending follows: what is written to « nul.pdf » is lost."""


def clean(name: str) -> str:
    """Return a bare name as near as can be, its ending kept; « fichier » where nothing is left of it."""
    name = "".join("_" if _is_forbidden(letter) else letter for letter in name).strip(" .")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return shortened(name, NAME_BYTES_MAX) or "fichier"


def told(name: str) -> str:
    """Return the name of a file as a text can hold it: on Linux its bytes may be none (« Remont\\xe9e.csv »)."""
    return name.encode(errors="replace").decode()


def shown(name: str) -> str:
    """Return the name of a file, or the path to it, as a person reads it: nothing in it draws it as something else."""
    from qpvdesk.domain import lookalikes  # noqa: PLC0415 - 1 ms, not on the way to the first paint

    return lookalikes.seen(told(name))


def shortened(name: str, most: int) -> str:
    """Return a name in at most so many bytes of UTF-8, its ending kept."""
    if len(name.encode()) <= most:
        return name
    stem, dot, ending = name.rpartition(".")
    suffix = dot + ending if stem and len(ending) <= _SUFFIX_MAX else ""
    room = most - len(suffix.encode())
    start = name.removesuffix(suffix).encode()[:room].decode(errors="ignore")
    return start.rstrip(" .") + suffix


def check(name: str) -> str:
    """Return a name as it is. Raises `UserError` for what is more, or less, than the bare name of a file."""
    if clean(name) == name:
        return name
    raise UserError(
        f"«\u202f{clean(name[:80])}\u202f» n’est pas un nom de fichier\u202f: il {_fault(name)}.",
        "Donnez-lui un nom simple, sans dossier, comme «\u202flettre.pdf\u202f».",
    )


def folded(name: str) -> str:
    """Return what two names share where Windows or macOS takes them for one file."""
    return unicodedata.normalize("NFC", name).casefold()


def _is_forbidden(letter: str) -> bool:
    return letter in _FORBIDDEN or not (letter.isprintable() or unicodedata.category(letter) == "Zs")


def _fault(name: str) -> str:
    forbidden = next((letter for letter in name if _is_forbidden(letter)), None)
    if forbidden is not None:
        character = f"«\u202f{forbidden}\u202f»" if forbidden.isprintable() else "un caractère invisible"
        return f"contient {character}"
    if not name.strip(" ."):
        return "est vide"
    if name.strip(" .") != name:
        return "commence ou finit par un point ou une espace"
    if _RESERVED.fullmatch(name):
        return "désigne un appareil de Windows"
    return "est trop long"
