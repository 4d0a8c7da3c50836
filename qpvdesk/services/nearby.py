"""The file of a source document, where it is probably on the computer already: by its name, in the officer's folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from qpvdesk.documents.origin import bears
from qpvdesk.domain.french import fold
from qpvdesk.domain.model import Document, Dossier

DOCUMENT_SUFFIXES = frozenset({".pdf", ".docx", ".odt"})
_FILES_MAX = 2000
"""Files of a folder that are looked at: more would be a wait."""
_LETTERS_MIN = 4
_WORDS_MIN = 2
"""How many words of its title the name of a file must hold: one alone (« contrat ») would be any file."""
_NAME = b"qpvdesk"
"""What a paper of ours bears in itself, however it was called since."""


def file_of(dossier: Dossier, document: Document, folders: Iterable[Path]) -> Path | None:
    """Return the file whose name holds most of the words of the title, two of them if it can; None where there is none.

    The contract's places are named by every file of its officer: their words choose between files, and make none alike.
    """
    wanted = _words(document.title) | _words(document.code)
    places = _words(" ".join(item.name for item in dossier.territories))
    least = min(_WORDS_MIN, len(wanted - places))
    # The papers that the product saves bear the contract's code and a day: none is the text of a document.
    printed = re.compile(rf"-{re.escape(dossier.contract.code.lower())}-\d{{4}}-\d\d-\d\d")
    found: list[tuple[int, str, Path]] = []
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                names = [entry.name for entry in islice(entries, _FILES_MAX) if entry.is_file()]
        except OSError:
            continue  # a folder that cannot be read holds nothing to be offered
        for name in names:
            path = folder / name
            if path.suffix.lower() in DOCUMENT_SUFFIXES and not printed.search(path.stem):
                common = wanted & _words(path.stem)
                telling = common - places
                if telling and len(telling) >= least:
                    found.append((-len(common), name, path))
    return next((path for _, _, path in sorted(found) if not bears(path, _NAME)), None)


def _words(text: str) -> set[str]:
    plain = "".join(char if char.isalnum() else " " for char in fold(text))
    return {word for word in plain.split() if len(word) >= _LETTERS_MIN}
