"""The officer's own settings, in one file of their folder: whose papers these are, who signs, where copies go.

They belong to the laptop, not to a contract: a contract's thresholds are its own, and a look is the window's.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import JPEG, MAX_IMAGE, MAX_LINES, NO_LETTERHEAD, PNG, Letterhead

_FILE = "reglages.json"
_KIND = "qpvdesk-reglages"
_LONGEST = 120


class Settings(Struct, frozen=True):
    """Everything has a value that is right on the first day."""

    letterhead: Letterhead = NO_LETTERHEAD
    author: str = ""
    """The function that signs in the journal; empty: the name of the computer."""
    folder: Path | None = None
    """Where papers and workbooks are first offered to be saved; None: where the last one was."""
    copies: Path | None = None
    """A second folder for the automatic backups; None: only beside the base."""


class SettingsFile:
    """The settings of one officer's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def read(self) -> Settings:
        """Return the settings; those of the first day where there are none or they cannot be read."""
        try:
            return _settings(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Settings()

    def write(self, settings: Settings) -> None:
        """Keep settings. Raises `UserError` where one of them is wrong or the file cannot be written."""
        check(settings)
        _write(self._path, _plain(settings))

    def export(self, target: Path, settings: Settings) -> None:
        """Write what another laptop could use, the folders left out. Raises `UserError`."""
        check(settings)
        _write(target, _plain(replace(settings, folder=None, copies=None)))

    def take(self, source: Path) -> Settings:
        """Return the settings of an exported file, with the folders of this laptop. Writes nothing. Raises `UserError`."""
        wrong = UserError(
            f"«\u202f{source.name}\u202f» n’est pas un fichier de réglages de qpvdesk.",
            "Choisissez un fichier fait par «\u202fExporter les réglages\u202f».",
        )
        try:
            if source.stat().st_size > 3 * MAX_IMAGE:
                raise wrong
            taken = _settings(json.loads(source.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise wrong from error
        check(taken)
        own = self.read()
        return replace(taken, folder=own.folder, copies=own.copies)


def check(settings: Settings) -> None:
    """Raise `UserError` for the first setting that is wrong."""
    head = settings.letterhead
    if len(head.lines) > MAX_LINES or any(len(line) > _LONGEST for line in head.lines):
        raise UserError(
            "L’en-tête du service est trop long.",
            f"Il tient en {MAX_LINES} lignes de {_LONGEST} caractères au plus.",
        )
    if head.image:
        check_image(head.image)
    if len(settings.author) > _LONGEST or "\n" in settings.author:
        raise UserError("La signature est trop longue.", f"Une fonction, en {_LONGEST} caractères au plus.")


def check_image(image: bytes) -> None:
    """Raise `UserError` for a file that cannot stand at the head of a paper."""
    if not image.startswith((PNG, JPEG)):
        raise UserError("Cette image ne peut pas être reprise.", "Choisissez une image PNG ou JPEG.")
    if len(image) > MAX_IMAGE:
        raise UserError("Cette image est trop lourde.", "Réduisez-la à un mégaoctet au plus.")


def read_image(path: Path) -> bytes:
    """Return the content of an image file. Raises `UserError` where it is none, or too large."""
    try:
        with path.open("rb") as file:
            image = file.read(MAX_IMAGE + 1)
    except OSError as error:
        raise UserError(
            f"L’image «\u202f{path.name}\u202f» ne peut pas être lue.", "Vérifiez qu’elle est encore là."
        ) from error
    check_image(image)
    return image


def _plain(settings: Settings) -> dict[str, object]:
    head = settings.letterhead
    return {
        "genre": _KIND,
        "entete": list(head.lines),
        "image": base64.b64encode(head.image).decode("ascii"),
        "signature": settings.author,
        "dossier": str(settings.folder) if settings.folder else "",
        "copies": str(settings.copies) if settings.copies else "",
    }


def _settings(held: object) -> Settings:
    if not isinstance(held, Mapping) or held.get("genre") != _KIND:
        raise TypeError(held)
    try:
        image = base64.b64decode(_text(held, "image"), validate=True)
    except binascii.Error as error:
        raise ValueError("image") from error
    lines = held.get("entete", [])
    if not isinstance(lines, list):
        raise TypeError(lines)
    folder, copies = _text(held, "dossier"), _text(held, "copies")
    return Settings(
        Letterhead(tuple(line for one in lines if (line := str(one).strip())), image),
        _text(held, "signature").strip(),
        Path(folder) if folder else None,
        Path(copies) if copies else None,
    )


def _text(held: Mapping[str, object], name: str) -> str:
    value = held.get(name, "")
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _write(path: Path, held: Mapping[str, object]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(held, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(
            f"Les réglages ne peuvent pas être enregistrés dans «\u202f{path.parent}\u202f».",
            "Vérifiez la place libre et que ce dossier peut être modifié.",
        ) from error
