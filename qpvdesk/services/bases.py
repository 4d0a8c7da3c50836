"""Making and opening a base."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qpvdesk import paths
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.domain.model import Contract
from qpvdesk.services.settings import SettingsFile
from qpvdesk.storage import opening, starter
from qpvdesk.storage.base import Database

if TYPE_CHECKING:
    from qpvdesk.services.contract_import import Draft


@dataclass(frozen=True, slots=True)
class Summary:
    """What a new base holds."""

    name: str
    partners: int
    engagements: int
    objectives: int


def starter_contracts() -> tuple[str, ...]:
    """Return the codes of the contracts that ship with the program."""
    return tuple(sorted(folder.name for folder in paths.resource("contracts").iterdir() if folder.is_dir()))


def create(path: Path, contract: str, *, now: datetime) -> Summary:
    """Make a base holding a starter contract.

    Raises `UserError` where the file exists, the folder cannot be written or the contract is unknown.
    Nothing is left behind when it fails.
    """
    from qpvdesk.services import contract_files
    from qpvdesk.storage.keys import starter_key

    if contract not in starter_contracts():
        raise UserError(
            f"Aucun contrat de départ ne porte le code «\u202f{contract}\u202f».",
            f"Codes connus\u202f: {', '.join(starter_contracts())}.",
        )
    dossier = contract_files.load(paths.resource(f"contracts/{contract}"), key_of=starter_key)
    with opening.create(path, now=now) as base:
        starter.import_starter(base, dossier)
    return Summary(
        dossier.contract.name, len(dossier.partners), len(dossier.engagements), len(dossier.objectives)
    )


def create_example(path: Path, *, now: datetime) -> Summary:
    """Make a base that holds the fictitious example (see `services.example`), as of `now` (aware).

    Raises `UserError` where the file exists or the folder cannot be written; nothing is left behind then.
    """
    from qpvdesk.services import example

    made = example.create(path, now=now)
    return Summary(made.contract.name, len(made.partners), len(made.engagements), len(made.objectives))


def add_contract(path: Path, made: Draft, *, now: datetime) -> Change:
    """Add a contract read from a file to a base, which is made where there is none.

    Raises `UserError`; a base made for it is not left behind then.
    """
    from qpvdesk.services import contract_import

    if path.exists():
        with opened(path) as base:
            return contract_import.apply(base, made)
    with opening.create(path, now=now) as base:
        return contract_import.apply(base, made)


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Database]:
    """Open a base for the length of a `with` block. Raises `UserError` as `storage.database` says."""
    base = opening.open_base(path, read_only=read_only)
    base.sign(SettingsFile(paths.user_folder()).read().author)
    try:
        yield base
    finally:
        base.close()


def letterhead() -> Letterhead:
    """Return the header that the officer's service gave its papers."""
    return SettingsFile(paths.user_folder()).read().letterhead


def contract_named(base: Database, code: str | None) -> Contract:
    """Return the contract of that code, or the only one of the base.

    Raises `UserError` where the code is unknown, or missing although the base holds several.
    """
    contracts = base.contracts()
    known = ", ".join(contract.code for contract in contracts)
    if code is None:
        if len(contracts) == 1:
            return contracts[0]
        if not contracts:
            raise UserError(
                "Cette base ne contient aucun contrat.", "Créez-en une avec «\u202fqpvdesk init\u202f»."
            )
        raise UserError("Cette base contient plusieurs contrats.", f"Précisez lequel\u202f: {known}.")
    for contract in contracts:
        if contract.code == code:
            return contract
    raise UserError(f"Aucun contrat ne porte le code «\u202f{code}\u202f».", f"Codes connus\u202f: {known}.")
