"""Making and opening a base."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qpvdesk import paths
from qpvdesk.domain.change import Change
from qpvdesk.domain.engagements import followed
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults import doubtful_codes
from qpvdesk.domain.kinds import Typed
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.themes import code_from
from qpvdesk.services.desk import Desk, opened
from qpvdesk.storage import opening, starter
from qpvdesk.storage.keys import starter_key

if TYPE_CHECKING:
    from qpvdesk.services.contracts.contract_import import ContractDraft


@dataclass(frozen=True, slots=True)
class Summary:
    """What a new base holds."""

    name: str
    partners: int
    engagements: int
    objectives: int
    notes: tuple[str, ...] = ()
    """What is told of the file that it comes from, a sentence each."""


def starter_contracts() -> tuple[str, ...]:
    """Return the codes of the contracts that ship with the program."""
    return tuple(sorted(folder.name for folder in paths.resource("contracts").iterdir() if folder.is_dir()))


def create(path: Path, contract: str, *, now: datetime) -> Summary:
    """Make a base holding a starter contract.

    Raises `UserError` where the file exists, the folder cannot be written or the contract is unknown.
    Nothing is left behind when it fails.
    """
    from qpvdesk.services.contracts import contract_files  # noqa: PLC0415 - 20 ms, a new base alone needs it

    if contract not in starter_contracts():
        raise UserError(
            f"Aucun contrat de départ ne porte le code «\u202f{contract}\u202f».",
            f"Codes connus\u202f: {', '.join(starter_contracts())}.",
        )
    dossier = contract_files.load(paths.resource(f"contracts/{contract}"), key_of=starter_key)
    with opening.create(path, now=now) as base:
        starter.import_starter(base, dossier)
    return _summary(dossier)


def create_blank(path: Path, typed: Typed, *, now: datetime, places: Path | None = None) -> Summary:
    """Make a base whose contract is empty. `typed`: its form (`name`, `code`, `epci`); `places`: the official list of its
    communes or of its quartiers. Raises `UserError`."""
    from qpvdesk.services.editing import acts  # noqa: PLC0415 - 15 ms, a blank contract alone needs it

    words = {"code": code_from(typed.get("name", "")).replace("_", "-"), **typed}
    if places is None:
        return _filled(path, now, lambda desk: acts.new_contract(desk, words))
    from qpvdesk.services.territories import official  # noqa: PLC0415 - 90 ms, a list of places alone needs it

    return _filled(path, now, lambda desk: official.new_contract(desk, words, places))


def create_from_book(path: Path, file: Path, *, now: datetime, example: bool = False) -> Summary:
    """Make a base whose contract is that of a workbook; `example`: with invented years of follow-up, instead of its own.

    Raises `UserError` that names every refused cell.
    """
    from qpvdesk.services.contracts import contract_import  # noqa: PLC0415 - 87 ms, a workbook alone needs it
    from qpvdesk.services.figures import imports  # noqa: PLC0415 - 87 ms, a workbook alone needs it

    code = contract_import.stated_code(imports.read(file)) or code_from(file.stem).replace("_", "-")
    read = contract_import.preview(file, code=code, today=now.date())
    if read.dossier is None:
        raise UserError(
            "\n".join((*read.problems, *read.notes, read.sentence)),
            "Corrigez ces cases, puis recommencez.",
            shell="Une copie du classeur où elles sont marquées\u202f: «\u202fqpvdesk"
            f" importer {file.name} --nouveau-contrat {code} --simulation --refuses copie.xlsx\u202f».",
        )
    if example:
        summary = _invented(path, read.dossier, now)
    else:
        summary = _filled(path, now, lambda desk: contract_import.apply(desk, read))
    return replace(summary, notes=tuple(dict.fromkeys((*read.notes, *summary.notes))))


def create_from_folder(path: Path, folder: Path, *, now: datetime, example: bool = False) -> Summary:
    """Make a base whose contract is that of a folder of TOML files (see `contract_files`); `example`: as for a workbook.

    Raises `UserError`.
    """
    from qpvdesk.services.contracts import contract_import  # noqa: PLC0415 - 87 ms, a folder alone needs it

    read = contract_import.of_folder(folder)
    if example and read.dossier is not None:
        return _invented(path, read.dossier, now)
    return _filled(path, now, lambda desk: contract_import.apply(desk, read))


def _filled(path: Path, now: datetime, fill: Callable[[Desk], Change]) -> Summary:
    """Make a base and let an act fill it; where that fails nothing is left behind."""
    with opening.create(path, now=now) as base:
        desk = Desk(base, today=now.date)
        fill(desk)
        (contract,) = base.contracts()
        dossier = desk.dossier(contract.code)
    return _summary(dossier)


def _invented(path: Path, dossier: Dossier, now: datetime) -> Summary:
    from qpvdesk.services.contracts import invented  # noqa: PLC0415 - 60 ms, the example alone needs it

    return _summary(invented.create(path, dossier, now=now))


def _summary(dossier: Dossier) -> Summary:
    live = [item for item in dossier.objectives if not item.retired]
    notes = tuple(doubt.sentence for doubt in doubtful_codes(dossier))
    return Summary(dossier.contract.name, len(dossier.partners), len(followed(dossier)), len(live), notes)


def create_example(path: Path, *, now: datetime) -> Summary:
    """Make a base that holds the fictitious example (see `services.example`), as of `now` (aware).

    Raises `UserError` where the file exists or the folder cannot be written; nothing is left behind then.
    """
    from qpvdesk.services.contracts import example  # noqa: PLC0415 - 60 ms, the example alone needs it

    return _summary(example.create(path, now=now))


def add_contract(path: Path, contract_draft: ContractDraft, *, now: datetime) -> Change:
    """Add a contract read from a file to a base, which is made where there is none.

    Raises `UserError`; a base made for it is not left behind then.
    """
    from qpvdesk.services.contracts import contract_import  # noqa: PLC0415 - 150 ms, a whole contract alone needs it

    if path.exists():
        with opened(path) as desk:
            return contract_import.apply(desk, contract_draft)
    with opening.create(path, now=now) as base:
        return contract_import.apply(Desk(base, today=now.date), contract_draft)
