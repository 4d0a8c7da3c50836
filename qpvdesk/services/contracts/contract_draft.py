"""The contract that a workbook or JSON in the layout of `contract_layout` holds: read whole, each refused cell named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from qpvdesk.domain import file_names, french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults import doubtful_codes, faults
from qpvdesk.domain.faults.units import UNITLESS, funding_amount
from qpvdesk.domain.impossible_dates import AS_WRITTEN
from qpvdesk.domain.kinds import BY_NAME, Kind, Type
from qpvdesk.domain.meetings import meeting_code_on
from qpvdesk.domain.model import Citation, Dossier, Objective, Thresholds
from qpvdesk.domain.sens import Sens
from qpvdesk.domain.target_rules import all_settled, written
from qpvdesk.domain.targets import NOT_COUNTED, is_bound_from_now
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts import joined_files
from qpvdesk.services.contracts.blank_lines import EXAMPLES
from qpvdesk.services.contracts.contract_blanks import Blanks
from qpvdesk.services.contracts.contract_cells import (
    RefusedCell,
    RefusedCellError,
    Row,
    cell_refusal,
    cell_value,
    lacking_sheets,
    misnamed,
    placed,
    share_doubt,
)
from qpvdesk.services.contracts.contract_layout import Column
from qpvdesk.services.contracts.contract_names import CellNames
from qpvdesk.services.contracts.contract_preview import NOTHING, ContractDraft
from qpvdesk.services.contracts.contract_rest import rest_of
from qpvdesk.services.contracts.file_themes import FileThemes
from qpvdesk.services.contracts.joined_files import File
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.storage.keys import new_key

_KEY = re.compile(r"[0-9A-Za-z_.:-]{1,80}")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def draft(book: ReadBook, path: Path, *, code: str, today: date) -> ContractDraft:
    """Return the contract that a book already read from a path would make; see `preview`."""
    return _Drafter(book, path, code.strip(), today).draft()


class _Drafter:
    """Reads the sheets in two rounds: what each thing is called, then what it holds."""

    def __init__(self, book: ReadBook, path: Path, code: str, today: date) -> None:
        self.book, self.path, self.code, self.today = book, path, code, today
        self.problems: list[RefusedCell] = []
        self.notes = list(book.notes)
        self.rows: dict[str, list[Row]] = {}
        self.keys: dict[str, dict[str, str]] = {}
        """By kind, the key of what bears a code (or, without codes, of what bears that key)."""
        self.units: dict[str, str] = {}
        """The unit of each objective and statement, by key."""
        self.written: dict[str, Decimal | str] = {}
        """What a target that is no plain number gives, by name of field, for the row that is being read."""
        self.themes = FileThemes()
        self.names = CellNames(self.rows)
        self.stand_ins: dict[str, list[Any]] = {}
        """By kind, the lines of which only cells that may be blank are refused, as if these were."""
        self.unsure: set[str] = set()
        """The keys of the refused lines and of what they refer to: what the checks say of these may be false."""

    def draft(self) -> ContractDraft:
        sheets = {french.fold(sheet.name.replace("’", "'")): sheet for sheet in self.book.sheets}
        self.notes += lacking_sheets(sheets)
        for kind in layout.kinds_with_files():
            sheet = sheets.pop(french.fold(kind.sheet.replace("’", "'")), None)
            self.rows[kind.name] = self._rows(kind, sheet) if sheet is not None else []
        for name in (layout.GUIDE, layout.TO_MEND):
            sheets.pop(french.fold(name.replace("’", "'")), None)
        self.problems += misnamed(sheets.values(), self.rows)
        if self.problems:
            # Under a title that is not understood every cell would be told as lacking.
            return self._drawn(None, {})
        enclosed = sheets.pop(french.fold(layout.CONTENTS), None)
        files = joined_files.enclosed(enclosed) if self.path.suffix.lower() == ".json" else self._beside()
        left = (sheet.name for sheet in sheets.values() if sheet.cells)
        self.notes += [f"La feuille «\u202f{name}\u202f» n’est pas lue." for name in left]
        if (found := len(self.rows["contract"])) != 1:
            raise UserError(
                f"La feuille «\u202fContrat\u202f» a {found} lignes\u202f: un fichier tient un seul contrat. {NOTHING}"
                if found
                else "Ce fichier ne dit pas de quel contrat il s’agit\u202f: sa feuille «\u202fContrat\u202f» manque ou est"
                f" vide. {NOTHING}",
                "Partez du gabarit d’un nouveau contrat, dans la page «\u202fÉchanges\u202f».",
                shell="Ou «\u202fqpvdesk exporter --modele gabarit --sortie F.xlsx\u202f».",
            )
        self.notes += Blanks(self.rows, self.names, self._refuse).fill()
        self.names.finish()
        for row, column, why in self.names.unread():
            self._refuse(row, column, why)
        for kind in layout.kinds_with_files():
            self._name(kind)
        self._name_themes()
        dossier_fields: dict[str, Any] = {}
        for kind in layout.kinds_with_files():
            entities = [item for row in self.rows[kind.name] if (item := self._entity(kind, row)) is not None]
            if kind.name == "contract":
                dossier_fields["contract"] = entities[0] if entities else None
            else:
                dossier_fields[kind.dossier] = tuple(entities)
        dossier_fields["themes"] += self.themes.added(self.rows["contract"][0].key)
        self.notes += self.themes.notes()
        if not self.problems:
            dossier_fields["objectives"] = all_settled(Dossier(**dossier_fields)).objectives
            self._check(Dossier(**dossier_fields))
            self._say_what_will_not_count(dossier_fields["objectives"])
            self.notes += [doubt.sentence for doubt in doubtful_codes(Dossier(**dossier_fields))]
        elif (rest := rest_of(dossier_fields, self.stand_ins)) is not None:
            self._check(all_settled(rest))
        self.problems += [
            RefusedCell(
                f"La pièce jointe «\u202f{attachment.name}\u202f» n’a pas son contenu {self._where_files_are}."
            )
            for attachment in dossier_fields["attachments"]
            if attachment.digest not in files
        ]
        return self._drawn(None if self.problems else Dossier(**dossier_fields), files)

    def _drawn(self, dossier: Dossier | None, files: Mapping[str, File | Path]) -> ContractDraft:
        counts = {BY_NAME[name].sheet: len(rows) for name, rows in self.rows.items() if rows}
        refused, notes = tuple(self.problems), tuple(self.notes)
        return ContractDraft(
            file_names.told(self.path.name), dossier, counts, refused, notes, files, self.book
        )

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

    def _rows(self, kind: Kind, sheet: ReadSheet) -> list[Row]:
        """Return the lines of a sheet; what is wrong with its titles is told with the refused cells."""
        rows = sheet.rows()
        if not rows:
            return []
        head, *others = sorted(rows)
        places, wrong = placed(kind, rows[head])
        for at, why in wrong:
            words = f"Feuille «\u202f{sheet.name}\u202f», cellule {rows[head][at].name}\u202f: {why}."
            self.problems.append(RefusedCell(words, sheet.name, head, at, f"{french.raised(why)}."))
        listed = self.path.suffix.lower() == ".json"
        all_rows = [Row(sheet, number, places, rows[number], listed=listed) for number in others]
        filled = [row for row in all_rows if any(cell.text.strip() for cell in row.cells.values())]
        key = next(column for column in layout.columns(kind) if column.field.name == "key")
        shown = kind.name in EXAMPLES
        lines = [row for row in filled if not (shown and row.cell(key) is None and row.is_example)]
        if len(filled) > len(lines):
            skipped = french.plural(
                len(filled) - len(lines), "ligne d’exemple n’est pas lue", "lignes d’exemple ne sont pas lues"
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
            if kind.name == "meeting" and (code := self._meeting_code(row, columns)):
                # Of two on one day neither is meant by it.
                names[code] = "" if code in names else row.key
            unit = row.cell(columns["unit"]) if kind.name in ("objective", "statement") else None
            self.units[row.key] = unit.text.strip() if unit is not None else ""

    def _meeting_code(self, row: Row, columns: Mapping[str, Column]) -> str:
        """Return what a meeting is called by its kind and its day; empty where they are not understood."""
        kind, day = row.cell(columns["kind"]), row.cell(columns["day"])
        try:
            return (
                meeting_code_on(cell_value(columns["kind"], kind), cell_value(columns["day"], day))
                if kind is not None and day is not None
                else ""
            )
        except UserError:
            return ""

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
        wrong: dict[Column, str] = {}
        for column in layout.columns(kind):
            try:
                read = row.key if column.field.name == "key" else self._read(kind, column, row)
            except RefusedCellError as error:
                wrong[column] = str(error)
                read = None if column.field.parts or column.field.required else column.field.unsaid
            values.setdefault(column.field.name, []).append(read)
        if not wrong:
            return self._entity_of(kind, values)
        unread = any(column.type is Type.NUMBER for column in wrong) or row.asked.get("sens") == ""
        for column, why in wrong.items():
            # Which way an objective goes follows from its figures: it is not lacking where these are refused.
            if not (unread and column.field.name == "sens" and row.cell(column) is None):
                self._refuse(row, column, why)
        named = (
            self.keys[column.ref].get(cell.text.strip(), "")
            for column in layout.columns(kind)
            if column.ref and (cell := row.cell(column)) is not None
        )
        self.unsure |= {row.key, *named}
        if not any(column.field.required for column in wrong):
            self.stand_ins.setdefault(kind.name, []).append(self._entity_of(kind, values))
        return None

    def _entity_of(self, kind: Kind, values: Mapping[str, list[Any]]) -> Any:
        fields: dict[str, Any] = {}
        for name, field in kind.by_name.items():
            if field.ref == "contract":
                fields[name] = self.rows["contract"][0].key
            elif field.type is Type.CITATION:
                document, section, mark = values[name]
                fields[name] = None if document is None else Citation(document, section or "", mark or "")
            elif field.type is Type.THRESHOLDS:
                usual = Thresholds()
                fields[name] = Thresholds(
                    *(
                        given if given is not None else default
                        for given, default in zip(
                            values[name], (usual.ahead, usual.on_track, usual.watch), strict=True
                        )
                    )
                )
            else:
                fields[name] = values[name][0]
        if kind.name == "funding":
            fields["amount"], fields["unit"] = funding_amount(fields["amount"], fields["unit"])
        if kind.name == "objective":
            fields |= self.written
        return kind.entity(**fields)

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
                asked = row.asked.get(field.name)
                raise RefusedCellError(
                    f"«\u202f{column.header}\u202f» est vide\u202f: {french.lowered(asked.removesuffix('.'))}"
                    if asked
                    else f"«\u202f{column.header}\u202f» est vide\u202f; attendu\u202f: {column.expected}"
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
            if not found:
                why = self.names.why_not(column, cell.text)
                raise RefusedCellError(f"{why}\u202f; attendu\u202f: {column.expected}")
            return found
        if column.type is Type.CODE:
            return self._theme(column, cell.text.strip())
        try:
            return self._value(kind, column, row, cell)
        except UserError as error:
            raise cell_refusal(column, error) from error

    def _value(self, kind: Kind, column: Column, row: Row, cell: ReadCell) -> Any:
        """Return what a cell says; a target as people write it ("−20 %") is kept for its other fields."""
        unit = self._unit(kind, column, row) if column.type is Type.NUMBER else ""
        if row.typed and (doubt := share_doubt(cell, unit)):
            raise RefusedCellError(f"«\u202f{cell.text.replace('.', ',')}\u202f» {doubt}")
        if kind.name != "objective" or column.field.name != "target_value":
            return cell_value(column, cell, unit)
        sens = next(item for item in layout.columns(BY_NAME["objective"]) if item.field.name == "sens")
        sens_cell = row.cell(sens)
        word = layout.word_of(Sens, sens_cell.text.strip()) if sens_cell is not None else None
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
        rows = {row.key: row for rows in self.rows.values() for row in rows if row.key not in self.unsure}
        for fault in faults(dossier, today=self.today, among=rows):
            kind = BY_NAME[fault.kind]
            field = fault.field if fault.field in kind.by_name else "code"
            column = next((item for item in layout.columns(kind) if item.field.name == field), None)
            if column is not None:
                hint = (
                    f". {AS_WRITTEN[:-1]}"
                    if (fault.kind, fault.field) == ("objective", "target_date")
                    else ""
                )
                self._refuse(rows[fault.key], column, f"{fault.words}{hint}")

    def _refuse(self, row: Row, column: Column, why: str) -> None:
        reason = french.typeset(why) + "." * (not why.endswith("?"))
        at = row.places.get(column.header)
        words = f"{row.where(column)}\u202f: {reason}"
        why = french.raised(reason)
        self.problems.append(RefusedCell(words, row.sheet.name, row.number, at, why))
