"""The contract that a workbook or JSON in the layout of `contract_layout` holds: read whole, each refused cell named."""

from __future__ import annotations

import dataclasses
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from qpvdesk.domain import french
from qpvdesk.domain.engagements import followed
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults import faults
from qpvdesk.domain.faults.units import UNITLESS, funding_amount
from qpvdesk.domain.kinds import BY_NAME, Kind, Type
from qpvdesk.domain.model import Citation, Dossier, Objective, Thresholds
from qpvdesk.domain.sens import Sens
from qpvdesk.domain.target_rules import all_settled, written
from qpvdesk.domain.targets import NOT_COUNTED, is_bound_from_now
from qpvdesk.durable import sha256
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts import joined_files
from qpvdesk.services.contracts.blank_lines import EXAMPLES
from qpvdesk.services.contracts.contract_cells import (
    RefusedCellError,
    Row,
    cell_value,
    folded_title,
    share_doubt,
)
from qpvdesk.services.contracts.contract_layout import Column
from qpvdesk.services.contracts.file_themes import FileThemes
from qpvdesk.services.contracts.joined_files import File
from qpvdesk.services.documents import MAX_FILE
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.storage.keys import new_key

_NOTHING = "Rien n’a été importé."
_KEY = re.compile(r"[0-9A-Za-z_.:-]{1,80}")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """The contract that a file holds. `dossier` is None where a cell is refused; `problems` name each."""

    file: str
    dossier: Dossier | None
    counts: Mapping[str, int]
    """How many of each kind, by the name of its sheet."""
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    files: Mapping[str, File | Path] = dataclasses.field(default_factory=dict)
    """What the joined files hold, or where they stand beside the workbook, by fingerprint."""

    @property
    def sentence(self) -> str:
        """`Contrat de ville de X : 7 partenaires, 146 engagements…`, or how many cells are refused."""
        if self.dossier is None:
            return f"{french.plural(len(self.problems), 'case refusée', 'cases refusées')}. {_NOTHING}"
        held = self.dossier
        words = (
            french.plural(len(held.partners), "partenaire", "partenaires"),
            french.plural(len(followed(held)), "engagement", "engagements"),
            french.plural(len(held.objectives), "objectif ou indicateur", "objectifs et indicateurs"),
            french.plural(len(held.measurements), "relevé", "relevés"),
        )
        return f"{held.contract.name}\u202f: {', '.join(words)}."


def draft(book: ReadBook, path: Path, *, code: str, today: date) -> ContractDraft:
    """Return the contract that a book already read from a path would make; see `preview`."""
    return _Drafter(book, path, code.strip(), today).draft()


class _Drafter:
    """Reads the sheets in two rounds: what each thing is called, then what it holds."""

    def __init__(self, book: ReadBook, path: Path, code: str, today: date) -> None:
        self.book, self.path, self.code, self.today = book, path, code, today
        self.problems: list[str] = []
        self.notes = list(book.notes)
        self.rows: dict[str, list[Row]] = {}
        self.keys: dict[str, dict[str, str]] = {}
        """By kind, the key of what bears a code (or, without codes, of what bears that key)."""
        self.units: dict[str, str] = {}
        """The unit of each objective and statement, by key."""
        self.written: dict[str, Decimal | str] = {}
        """What a target that is no plain number gives, by name of field, for the row that is being read."""
        self.themes = FileThemes()

    def draft(self) -> ContractDraft:
        sheets = {french.fold(sheet.name.replace("’", "'")): sheet for sheet in self.book.sheets}
        for kind in layout.kinds_with_files():
            sheet = sheets.pop(french.fold(kind.sheet.replace("’", "'")), None)
            self.rows[kind.name] = self._rows(kind, sheet) if sheet is not None else []
        sheets.pop(french.fold(layout.GUIDE.replace("’", "'")), None)
        enclosed = sheets.pop(french.fold(layout.CONTENTS), None)
        files = self._enclosed(enclosed) if self.path.suffix.lower() == ".json" else self._beside()
        self.notes += [
            f"La feuille «\u202f{sheet.name}\u202f» n’est pas lue."
            for sheet in sheets.values()
            if sheet.cells
        ]
        if len(self.rows["contract"]) != 1:
            found = len(self.rows["contract"])
            raise UserError(
                f"La feuille «\u202fContrat\u202f» a {found} lignes\u202f: un fichier tient un seul contrat. {_NOTHING}"
                if found
                else "Ce fichier ne dit pas de quel contrat il s’agit\u202f: sa feuille «\u202fContrat\u202f» manque ou est"
                f" vide. {_NOTHING}",
                "Partez du gabarit\u202f: «\u202fqpvdesk exporter --modele gabarit --sortie F.xlsx\u202f».",
            )
        for kind in layout.kinds_with_files():
            self._name(kind)
        self._name_themes()
        held: dict[str, Any] = {}
        for kind in layout.kinds_with_files():
            made = [item for row in self.rows[kind.name] if (item := self._entity(kind, row)) is not None]
            if kind.name == "contract":
                held["contract"] = made[0] if made else None
            else:
                held[kind.dossier] = tuple(made)
        held["themes"] += self.themes.added(self.rows["contract"][0].key)
        self.notes += self.themes.notes()
        if not self.problems:
            held["objectives"] = all_settled(Dossier(**held)).objectives
            self._check(Dossier(**held))
            self._say_what_will_not_count(held["objectives"])
        self.problems += [
            f"La pièce jointe «\u202f{one.name}\u202f» n’a pas son contenu {self._where_files_are}."
            for one in held["attachments"]
            if one.digest not in files
        ]
        counts = {BY_NAME[name].sheet: len(rows) for name, rows in self.rows.items() if rows}
        dossier = None if self.problems else Dossier(**held)
        return ContractDraft(self.path.name, dossier, counts, tuple(self.problems), tuple(self.notes), files)

    def _say_what_will_not_count(self, objectives: Sequence[Objective]) -> None:
        """Name the floors and ceilings that are bounds from now on although a start or a date was given."""
        codes = [item.code for item in objectives if is_bound_from_now(item)]
        if codes:
            kept = "vaut" if len(codes) == 1 else "valent"
            self.notes.append(f"{french.code_ranges(codes)} {kept} dès maintenant\u202f: {NOT_COUNTED}.")

    @property
    def _where_files_are(self) -> str:
        if self.path.suffix.lower() == ".json":
            return "dans ce fichier"
        return f"dans le dossier «\u202f{joined_files.folder_of(self.path).name}\u202f»"

    def _beside(self) -> Mapping[str, Path]:
        """Return where the joined files of a workbook stand; without their folder, the contract comes without them."""
        rows = self.rows["attachment"]
        folder = joined_files.folder_of(self.path)
        if rows and not folder.is_dir():
            many = len(rows) > 1
            self.notes.append(
                f"{french.plural(len(rows), 'pièce jointe', 'pièces jointes')} {'restent' if many else 'reste'} de côté"
                f"\u202f: {'leur' if many else 'son'} dossier «\u202f{folder.name}\u202f» n’est pas auprès du classeur."
            )
            self.rows["attachment"] = []
            return {}
        return joined_files.found(self.path) if rows else {}

    def _enclosed(self, sheet: ReadSheet | None) -> dict[str, File]:
        """Return what the joined files hold; one whose bytes are not those of its fingerprint is left out."""
        made: dict[str, File] = {}
        rows = [] if sheet is None else [row for _, row in sorted(sheet.rows().items())]
        places = {cell.text: at for at, cell in rows[0].items()} if rows else {}
        for row in rows[1:]:
            said = {name: row[at].text for name, at in places.items() if at in row}
            try:
                content = b64decode(said.get("contenu", ""), validate=True)
                pages = (
                    msgspec.json.decode(said["texte"], type=tuple[str, ...]) if said.get("texte") else None
                )
            except (ValueError, msgspec.MsgspecError):
                continue
            if sha256(content) == said.get("empreinte") and len(content) <= MAX_FILE:
                made[sha256(content)] = (content, pages)
        return made

    def _rows(self, kind: Kind, sheet: ReadSheet) -> list[Row]:
        """Return the lines of a sheet. Raises `UserError` for its headers."""
        rows = sheet.rows()
        if not rows:
            return []
        head, *others = sorted(rows)
        known = {}
        for column in layout.columns(kind):
            known[folded_title(column.header)] = known[folded_title(column.slug)] = column.header
        places: dict[str, int] = {}
        for at, cell in rows[head].items():
            header = known.get(folded_title(cell.text))
            place = f"Feuille «\u202f{sheet.name}\u202f», cellule {cell.name}"
            if header is None:
                raise UserError(
                    f"{place}\u202f: la colonne «\u202f{cell.text[:40]}\u202f» n’est pas prévue. {_NOTHING}",
                    "La feuille «\u202fMode d’emploi\u202f» du gabarit donne les colonnes de chaque feuille.",
                )
            if header in places:
                raise UserError(
                    f"{place}\u202f: deux colonnes portent le titre «\u202f{header}\u202f». {_NOTHING}",
                    "Renommez ou retirez l’une des deux.",
                )
            places[header] = at
        listed = self.path.suffix.lower() == ".json"
        made = [Row(sheet, number, places, rows[number], listed=listed) for number in others]
        said = [row for row in made if any(cell.text.strip() for cell in row.cells.values())]
        key = next(column for column in layout.columns(kind) if column.field.name == "key")
        shown = kind.name in EXAMPLES
        lines = [row for row in said if not (shown and row.cell(key) is None and row.is_example)]
        if len(said) > len(lines):
            skipped = french.plural(
                len(said) - len(lines), "ligne d’exemple n’est pas lue", "lignes d’exemple ne sont pas lues"
            )
            self.notes.append(f"Feuille «\u202f{sheet.name}\u202f»\u202f: {skipped}.")
        return lines

    def _name(self, kind: Kind) -> None:
        """Give each line its key, and note what it is called."""
        columns = {column.field.name: column for column in layout.columns(kind)}
        names = self.keys.setdefault(kind.name, {})
        seen: set[str] = set()
        for row in self.rows[kind.name]:
            given = row.cell(columns["key"])
            row.key, row.typed = (new_key(), True) if given is None else (given.text.strip(), False)
            if not _KEY.fullmatch(row.key) or row.key in seen:
                self._refuse(
                    row,
                    columns["key"],
                    f"«\u202f{row.key[:40]}\u202f» est lue deux fois ou n’est pas une clé",
                )
            seen.add(row.key)
            name = row.key
            if kind.has_code and kind.name != "contract":
                cell = row.cell(columns["code"])
                if cell is None:
                    continue
                name = cell.text.strip()
                if name in names:
                    self._refuse(row, columns["code"], f"le code «\u202f{name[:40]}\u202f» y est déjà")
            names[name] = row.key
            unit = row.cell(columns["unit"]) if kind.name in ("objective", "statement") else None
            self.units[row.key] = unit.text.strip() if unit is not None else ""

    def _name_themes(self) -> None:
        """Take the thématiques from their sheet; without one, each word met is one."""
        code, name = (
            next(c for c in layout.columns(BY_NAME["theme"]) if c.field.name == n) for n in ("code", "name")
        )
        for row in self.rows["theme"]:
            cells = row.cell(code), row.cell(name)
            if cells[0] is not None:
                self.themes.add(cells[0].text.strip(), (cells[1] or cells[0]).text.strip())

    def _entity(self, kind: Kind, row: Row) -> Any:
        self.written = {}
        values: dict[str, list[Any]] = {}
        fine = True
        for column in layout.columns(kind):
            try:
                read = row.key if column.field.name == "key" else self._read(kind, column, row)
            except RefusedCellError as error:
                self._refuse(row, column, str(error))
                fine = False
                continue
            values.setdefault(column.field.name, []).append(read)
        if not fine:
            return None
        made: dict[str, Any] = {}
        for field in kind.fields:
            if field.ref == "contract":
                made[field.name] = self.rows["contract"][0].key
            elif field.type is Type.CITATION:
                document, section, mark = values[field.name]
                made[field.name] = None if document is None else Citation(document, section or "", mark or "")
            elif field.type is Type.THRESHOLDS:
                usual = Thresholds()
                made[field.name] = Thresholds(
                    *(
                        given if given is not None else default
                        for given, default in zip(
                            values[field.name], (usual.ahead, usual.on_track, usual.watch), strict=True
                        )
                    )
                )
            else:
                made[field.name] = values[field.name][0]
        if kind.name == "funding":
            made["amount"], made["unit"] = funding_amount(made["amount"], made["unit"])
        if kind.name == "objective":
            made |= self.written
        return kind.entity(**made)

    def _unit(self, kind: Kind, column: Column, row: Row) -> str:
        """Return the unit that a number of a row is in: the row's own, else that of what the row is about."""
        if column.field.name in UNITLESS:
            return ""
        own = {item.field.name: row.cell(item) for item in layout.columns(kind)}
        start = own.get("start_unit") if column.field.name == "start_value" else None
        cell = start or own.get("unit")
        if cell is not None:
            return {"EUR": "€"}.get(cell.text.strip(), cell.text.strip())
        for owner in ("objective", "statement"):
            cell = own.get(owner)
            if cell is not None and kind.by_name[owner].ref == owner:
                return self.units.get(self.keys[owner].get(cell.text.strip(), ""), "")
        return ""

    def _read(self, kind: Kind, column: Column, row: Row) -> Any:
        """Return the value of one cell. Raises `RefusedCellError` with what was read and what is expected."""
        field = column.field
        if kind.name == "contract" and field.name == "code":
            return self.code
        if kind.name == "contract" and field.name == "retired":
            return False
        cell = row.cell(column)
        if cell is None:
            if field.parts:
                return None
            if field.required:
                raise RefusedCellError(
                    f"«\u202f{column.header}\u202f» est vide\u202f; attendu\u202f: {column.expected}"
                )
            return field.unsaid
        if cell.kind in {Read.ERROR, Read.UNCALCULATED}:
            raise RefusedCellError(f"une formule sans résultat\u202f; attendu\u202f: {column.expected}")
        if _HIDDEN.search(cell.text):
            raise RefusedCellError(
                "le texte contient des caractères invisibles\u202f; un texte simple est attendu"
            )
        if column.ref is not None:
            found = self.keys[column.ref].get(cell.text.strip())
            if found is None:
                raise RefusedCellError(
                    f"«\u202f{cell.text[:40]}\u202f» n’est le code de rien\u202f; attendu\u202f: {column.expected}"
                )
            return found
        if column.type is Type.CODE:
            return self._theme(column, cell.text.strip())
        try:
            return self._value(kind, column, row, cell)
        except UserError as error:
            raise RefusedCellError(
                f"{error.message.rstrip('.')}\u202f; attendu\u202f: {column.expected}"
            ) from error

    def _value(self, kind: Kind, column: Column, row: Row, cell: ReadCell) -> Any:
        """Return what a cell says; a target as people write it ("−20 %") is kept for its other fields."""
        unit = self._unit(kind, column, row) if column.type is Type.NUMBER else ""
        if row.typed and (doubt := share_doubt(cell, unit)):
            raise RefusedCellError(f"«\u202f{cell.text.replace('.', ',')}\u202f» {doubt}")
        if kind.name != "objective" or column.field.name != "target_value":
            return cell_value(column, cell, unit)
        sens = next(item for item in layout.columns(BY_NAME["objective"]) if item.field.name == "sens")
        said = row.cell(sens)
        word = layout.word_of(Sens, said.text.strip()) if said is not None else None
        text = f"{cell.text} %".replace(".", ",") if cell.kind is Read.SHARE else cell.text
        fields = written(text, unit, word or "")
        if fields is None:
            return cell_value(column, cell, unit)
        if "target_max" in fields:
            self.written["target_max"] = french.parse_number(fields["target_max"], unit)
            return french.parse_number(fields["target_value"], unit)
        self.written["target_text"] = fields["target_text"]
        return None

    def _theme(self, column: Column, text: str) -> str:
        code = self.themes.code(text)
        if not code:
            names = ", ".join(self.themes.names.values())
            raise RefusedCellError(
                f"«\u202f{text[:40]}\u202f» n’est pas une thématique de ce contrat\u202f; attendu\u202f: l’une de"
                f" celles de la feuille «\u202f{BY_NAME[column.field.named].sheet}\u202f» ({names})"
            )
        return code

    def _check(self, dossier: Dossier) -> None:
        """Refuse what every cell allows but the whole cannot be."""
        rows = {row.key: row for rows in self.rows.values() for row in rows}
        for fault in faults(dossier, today=self.today):
            kind = BY_NAME[fault.kind]
            field = fault.field if fault.field in kind.by_name else "code"
            column = next((item for item in layout.columns(kind) if item.field.name == field), None)
            if column is not None:
                self._refuse(rows[fault.key], column, fault.words)

    def _refuse(self, row: Row, column: Column, why: str) -> None:
        self.problems.append(f"{row.where(column)}\u202f: {french.typeset(why)}.")
