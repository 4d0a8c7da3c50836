"""Making and opening a base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qpvdesk import paths
from qpvdesk.domain.change import Change
from qpvdesk.domain.engagements import followed
from qpvdesk.domain.errors import UserError
from qpvdesk.services.desk import Desk, opened
from qpvdesk.storage import opening, starter

if TYPE_CHECKING:
    from qpvdesk.services.contracts.contract_import import Draft


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
    from qpvdesk.services.contracts import contract_files
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
        dossier.contract.name, len(dossier.partners), len(followed(dossier)), len(dossier.objectives)
    )


def create_example(path: Path, *, now: datetime) -> Summary:
    """Make a base that holds the fictitious example (see `services.example`), as of `now` (aware).

    Raises `UserError` where the file exists or the folder cannot be written; nothing is left behind then.
    """
    from qpvdesk.services.contracts import example

    made = example.create(path, now=now)
    return Summary(made.contract.name, len(made.partners), len(followed(made)), len(made.objectives))


def add_contract(path: Path, made: Draft, *, now: datetime) -> Change:
    """Add a contract read from a file to a base, which is made where there is none.

    Raises `UserError`; a base made for it is not left behind then.
    """
    from qpvdesk.services.contracts import contract_import

    if path.exists():
        with opened(path) as desk:
            return contract_import.apply(desk, made)
    with opening.create(path, now=now) as base:
        return contract_import.apply(Desk(base, today=now.date), made)
