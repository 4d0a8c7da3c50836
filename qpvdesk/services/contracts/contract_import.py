"""A whole contract in, from a workbook or JSON in the layout of `contract_layout`: previewed, then all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.engagements import followed
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME, Kind
from qpvdesk.domain.model import Attachment, Citation, Dossier
from qpvdesk.domain.wording import called
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts import joined_files
from qpvdesk.services.contracts.contract_cells import folded_title
from qpvdesk.services.contracts.contract_draft import draft as draft
from qpvdesk.services.contracts.contract_preview import NOTHING
from qpvdesk.services.contracts.contract_preview import ContractDraft as ContractDraft
from qpvdesk.services.contracts.joined_files import File
from qpvdesk.services.desk import Desk
from qpvdesk.services.documents import BUDGET
from qpvdesk.services.editing.objectives import asked_of
from qpvdesk.services.figures import echoes, imports
from qpvdesk.spreadsheets.book import ReadBook
from qpvdesk.storage import maintenance, readers
from qpvdesk.storage.base import Database
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.refusals import refuse_mixture


def preview(path: Path, *, code: str, today: date) -> ContractDraft:
    """Read a file and return the contract it would make under `code`; nothing is written.

    Raises `UserError` for a file that cannot be read or is in another layout.
    """
    return draft(imports.read(path), path, code=code, today=today)


def of_folder(folder: Path) -> ContractDraft:
    """Return the contract of a folder of TOML files (see `contract_files`). Raises `UserError` for what is wrong in it."""
    from qpvdesk.services.contracts import folder_in  # noqa: PLC0415 - 20 ms, a folder alone needs it

    if not (folder / "contrat.toml").is_file():
        raise UserError(
            f"Le dossier {folder} ne contient pas de contrat.toml.",
            "Un fichier contrat.toml et un fichier par partenaire font un contrat.",
        )
    return ContractDraft(folder.name, folder_in.read(folder), {}, (), ())


def holds_contract(book: ReadBook) -> bool:
    """Tell whether a book is in the layout of a whole contract."""
    names = {folded_title(sheet.name) for sheet in book.sheets}
    others = {folded_title(BY_NAME[name].sheet) for name in ("partner", "engagement", "objective")}
    return folded_title(BY_NAME["contract"].sheet) in names and bool(names & others)


def stated_code(book: ReadBook) -> str:
    """Return the code that the contract of a book gives itself; empty where it gives none."""
    for sheet in book.sheets:
        if folded_title(sheet.name) == folded_title(BY_NAME["contract"].sheet):
            rows = [row for _, row in sorted(sheet.rows().items())]
            if len(rows) > 1:
                at = next((at for at, cell in rows[0].items() if folded_title(cell.text) == "code"), None)
                cell = rows[1].get(at) if at is not None else None
                return cell.text.strip() if cell is not None else ""
    return ""


def apply(desk: Desk, contract_draft: ContractDraft) -> Change:
    """Add the contract to the base as one act: all of it or nothing.

    The keys of the file are kept where the base knows none of them, so that packages agree with the laptop it comes
    from; else the whole gets keys of its own. Raises `UserError` for a refused cell or a code that is taken.
    """
    if contract_draft.dossier is None:
        raise UserError(
            "\n".join((*contract_draft.problems, NOTHING)), "Corrigez le fichier, puis importez-le à nouveau."
        )
    base = desk.base
    dossier = contract_draft.dossier
    stored_contracts = base.contracts(removed=True)
    if any(contract.code == dossier.contract.code for contract in stored_contracts):
        raise UserError(
            f"La base contient déjà un contrat «\u202f{dossier.contract.code}\u202f». {NOTHING}",
            "Donnez un autre code au nouveau contrat.",
        )
    refuse_nature(base, dossier)
    known = {key for contract in stored_contracts for key in _keys(base.dossier(contract.key))}
    if known & _keys(dossier):
        # In the order of the old ones: the last of a day stays the last.
        dossier = under_keys(dossier, {key: new_key() for key in sorted(_keys(dossier))}.__getitem__)
    files = _contents(base, dossier, contract_draft.files)
    taken_over = echoes.for_newcomer(desk, dossier)
    if stored_contracts:
        maintenance.backup(base, reason="import")
    engagements = french.plural(len(followed(dossier)), "engagement", "engagements")
    objectives = french.plural(len(dossier.objectives), "objectif", "objectifs")
    label = f"Contrat «\u202f{dossier.contract.code}\u202f» repris de «\u202f{contract_draft.file}\u202f»"
    with desk.act(f"{label}\u202f: {engagements}, {objectives}") as unit:
        unit.put_all(entity for entity in _entities(dossier) if not isinstance(entity, Attachment))
        unit.put_all(taken_over)
        for attachment in dossier.attachments:
            unit.attach(attachment, *files[attachment.digest])
    return unit.change


def refuse_nature(base: Database, dossier: Dossier) -> None:
    """Raise `UserError` for a real contract beside an example, or the other way round."""
    stored_contracts = base.contracts(removed=True)
    refuse_mixture({contract.fictitious for contract in stored_contracts}, {dossier.contract.fictitious})


def _contents(base: Database, dossier: Dossier, files: Mapping[str, File | Path]) -> dict[str, File]:
    """Return what each joined file holds. Raises `UserError` where one changed, or they are too heavy for the base."""
    read_files: dict[str, File] = {}
    documents = {attachment.digest for attachment in dossier.attachments if attachment.document is not None}
    for digest in {attachment.digest for attachment in dossier.attachments}:
        file = files[digest]
        as_document = digest in documents
        read_files[digest] = (
            joined_files.read(file, digest, as_document=as_document) if isinstance(file, Path) else file
        )
    if (
        read_files
        and readers.files_size(base) + sum(len(content) for content, _ in read_files.values()) > BUDGET
    ):
        raise UserError(
            f"Les pièces jointes sont trop lourdes pour cette base ({french.format_size(BUDGET)} au plus). {NOTHING}",
            "Importez ce contrat dans une base à lui.",
        )
    return read_files


def asked(contract_draft: ContractDraft) -> tuple[str, ...]:
    """Say of each objective, in one sentence, what it asks for: what the form says of it."""
    if contract_draft.dossier is None:
        return ()
    asked_words = [
        (item, asked_of(item, contract_draft.dossier))
        for item in contract_draft.dossier.objectives
        if not item.retired
    ]
    return tuple(f"{called(item)}\u202f: {words}" for item, words in asked_words if words)


def as_json(contract_draft: ContractDraft, *, simulation: bool) -> dict[str, Any]:
    return {
        "fichier": contract_draft.file,
        "simulation": simulation,
        "contrat": contract_draft.dossier.contract.code if contract_draft.dossier else None,
        "bilan": dict(contract_draft.counts),
        "refus": list(contract_draft.problems),
        "notes": list(contract_draft.notes),
        "objectifs": list(asked(contract_draft)),
    }


def _entities(dossier: Dossier) -> Iterator[Any]:
    yield dossier.contract
    for kind in layout.kinds_with_files():
        if kind.name != "contract":
            yield from getattr(dossier, kind.dossier)


def _keys(dossier: Dossier) -> set[str]:
    return {item.key for item in _entities(dossier)}


def under_keys(dossier: Dossier, key_of: Callable[[str], str]) -> Dossier:
    """Return the same contract under other keys: `key_of` gives each from the one it replaces."""

    def moved(kind: Kind, item: Any) -> Any:
        changes: dict[str, Any] = {"key": key_of(item.key)}
        for field in kind.fields[1:]:
            value = getattr(item, field.name)
            if field.ref is not None and value is not None:
                changes[field.name] = key_of(value)
            elif isinstance(value, Citation):
                changes[field.name] = replace(value, document=key_of(value.document))
        return replace(item, **changes)

    dossier_fields: dict[str, Any] = {}
    for kind in layout.kinds_with_files():
        if kind.name == "contract":
            dossier_fields["contract"] = moved(kind, dossier.contract)
        else:
            dossier_fields[kind.dossier] = tuple(moved(kind, item) for item in getattr(dossier, kind.dossier))
    return Dossier(**dossier_fields)
