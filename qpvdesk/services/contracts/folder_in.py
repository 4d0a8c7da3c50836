"""The reading process of a contract in a folder of TOML files, outlines and all: whoever wrote them is not known."""

from __future__ import annotations

import functools
from pathlib import Path

from qpvdesk import bounded
from qpvdesk.domain.model import Dossier
from qpvdesk.services.contracts import contract_files
from qpvdesk.storage.keys import new_key


def read(folder: Path) -> Dossier:
    """Return the contract of a folder, its keys new. Raises `UserError`."""
    return bounded.ask(bounded.FOLDER, folder, Dossier)


def read_here(folder: Path) -> Dossier:
    """The same, in the reading process."""
    return contract_files.load(folder, key_of=functools.cache(lambda _: new_key()))
