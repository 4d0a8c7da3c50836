"""The file of a source document, where it is probably on the computer already: by its name, in the officer's folders."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from qpvdesk.domain.french import fold
from qpvdesk.domain.model import Document

DOCUMENT_SUFFIXES = frozenset({".pdf", ".docx", ".odt"})
_FILES_MAX = 2000
"""Files of a folder that are looked at: more would be a wait."""
_LETTERS_MIN = 4
_WORDS_MIN = 2
"""How many words of its title the name of a file must hold: one alone (« contrat ») would be any file."""


def file_of(document: Document, folders: Iterable[Path]) -> Path | None:
    """Return the file whose name holds most of the words of the title, two of them if it can; None where there is none."""
    wanted = _words(document.title) | _words(document.code)
    found: list[tuple[int, str, Path]] = []
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                names = [entry.name for entry in islice(entries, _FILES_MAX) if entry.is_file()]
        except OSError:
            continue  # a folder that cannot be read holds nothing to be offered
        for name in names:
            path = folder / name
            if path.suffix.lower() in DOCUMENT_SUFFIXES:
                common = len(wanted & _words(path.stem))
                if common and common >= min(_WORDS_MIN, len(wanted)):
                    found.append((-common, name, path))
    return min(found)[2] if found else None


def _words(text: str) -> set[str]:
    plain = "".join(char if char.isalnum() else " " for char in fold(text))
    return {word for word in plain.split() if len(word) >= _LETTERS_MIN}
