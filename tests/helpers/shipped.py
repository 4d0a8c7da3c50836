"""The contract that is shipped, read once a process: half a second of TOML for each base that begins with it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from qpvdesk import paths
from qpvdesk.domain.model import Dossier
from qpvdesk.services.contracts import contract_files, example
from qpvdesk.storage.keys import starter_key

_load = contract_files.load
_of_the_program = functools.cache(lambda folder: _load(folder, key_of=starter_key))
contract = functools.cache(example.contract)
"""Stands for `example.contract`."""


def load(folder: Path, *, key_of: Callable[[str], str]) -> Dossier:
    """Stand for `contract_files.load`: what lies elsewhere, or is to have other keys, is read as ever."""
    if key_of is starter_key and folder.parent == paths.resource("contracts"):
        return _of_the_program(folder)
    return _load(folder, key_of=key_of)
