"""The officer's own settings, in one file of their folder: whose papers these are, who signs, where copies go.

They belong to the laptop, not to a contract: a contract's thresholds are its own, and a look is the window's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import bounded, durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import MAX_LINES, NO_LETTERHEAD, Letterhead, check_image

_FILE = "reglages.json"
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


class Stored(Struct, frozen=True):
    """The settings as their file has them; an image is in base 64."""

    genre: Literal["qpvdesk-reglages"]
    entete: tuple[str, ...] = ()
    image: bytes = b""
    signature: str = ""
    dossier: str = ""
    copies: str = ""

    def settings(self) -> Settings:
        return Settings(
            Letterhead(tuple(line for text in self.entete if (line := text.strip())), self.image),
            self.signature.strip(),
            Path(self.dossier) if self.dossier else None,
            Path(self.copies) if self.copies else None,
        )


class SettingsFile:
    """The settings of one officer's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def read(self) -> Settings:
        """Return the settings; those of the first day where there are none or they cannot be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Stored).settings()
        except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return Settings()

    def write(self, settings: Settings) -> None:
        """Keep settings. Raises `UserError` where one of them is wrong or the file cannot be written."""
        check(settings)
        _write(self._path, settings, private=True)

    def export(self, target: Path, settings: Settings) -> None:
        """Write what another laptop could use, the folders left out. Raises `UserError`."""
        check(settings)
        _write(target, replace(settings, folder=None, copies=None))

    def take(self, source: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Settings:
        """Return the settings of an exported file, with the folders of this laptop. Writes nothing.

        The file is read in a bounded process, stopped once `cancelled`. Raises `UserError`.
        """
        taken = bounded.ask(bounded.SETTINGS, source, Stored, cancelled=cancelled).settings()
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
    if len(settings.author) > _LONGEST or any(letter < " " for letter in settings.author):
        raise UserError(
            "La signature est trop longue, ou contient un caractère invisible.",
            f"Une fonction, en {_LONGEST} caractères au plus\u202f: retapez-la au lieu de la coller.",
        )


def read_image(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> bytes:
    """Return the content of an image file, decoded once in a bounded process. Raises `UserError`."""
    return bounded.ask(bounded.IMAGE, path, bytes, cancelled=cancelled)


def _write(path: Path, settings: Settings, *, private: bool = False) -> None:
    head = settings.letterhead
    stored = Stored(
        "qpvdesk-reglages",
        head.lines,
        head.image,
        settings.author,
        str(settings.folder or ""),
        str(settings.copies or ""),
    )
    content = msgspec.json.format(msgspec.json.encode(stored), indent=1)
    try:
        durable.write(path, content, private=private)
    except OSError as error:
        raise UserError(
            f"Les réglages ne peuvent pas être enregistrés dans «\u202f{path.parent}\u202f»\u202f: "
            f"{durable.reason(error)}.",
            "Vérifiez la place libre et que ce dossier peut être modifié.",
        ) from error
