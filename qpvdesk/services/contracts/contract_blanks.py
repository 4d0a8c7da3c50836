"""What a blank cell of a contract's workbook is taken for, by rules that are said: codes, partners, the sense, the place.

A line that bears a key was exported: nothing of it is guessed. A rule that does not tell leaves the cell blank, and it is
refused as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults.contract import level_of_code
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.kinds.words import LABELS
from qpvdesk.domain.model import Level, Mesure
from qpvdesk.domain.proposing.figures import unit_told
from qpvdesk.domain.proposing.measuring import mesure_of
from qpvdesk.domain.proposing.passage import OF_A_PASSAGE, UNREAD, beside, sens_told
from qpvdesk.domain.sens import AIMS, Sens
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_cells import Row, cell_value
from qpvdesk.services.contracts.contract_layout import Column
from qpvdesk.services.contracts.contract_names import CellNames
from qpvdesk.spreadsheets.book import Read, ReadCell

_SHORT_MAX = 30
"""Characters of a name that serves as its own short one."""
_LETTERS = {"engagement": "E", "objective": "O", "funding": "F"}
_FILLED = ("contract", "partner", "territory", "engagement", "objective", "funding")

Rows = Mapping[str, list[Row]]


class Blanks:
    """The blank cells of the sheets of one contract, and what is said of those that are taken for something."""

    def __init__(self, rows: Rows, names: CellNames, refuse: Callable[[Row, Column, str], None]) -> None:
        """`names`: what puts codes in the place of names, kind by kind: the rules go by codes. `refuse`: tells why a cell
        cannot stand beside the passage that the label is."""
        self.rows, self.names, self.refuse = rows, names, refuse
        self.columns = {
            name: {column.field.name: column for column in layout.columns(BY_NAME[name])} for name in _FILLED
        }
        self.codes = {name: {self._text(name, row, "code") for row in rows[name]} for name in _FILLED}
        self.home = self._home()
        self._unread: set[int] = set()
        """The lines whose label is a passage of the contract that is not read for sure."""
        self._measured: dict[int, str] = {}
        """How the figure counts, by line whose label is a passage that tells."""
        self._doubts: list[str] = []
        """Where a cell says something else than the passage that the label is."""

    def fill(self) -> Iterator[str]:
        """Fill in what the rules tell, and say it, one sentence a column."""
        if read := [row for row in self.rows["objective"] if self._read_whole(row)]:
            codes = french.plural(len(read), "libellé est une phrase", "libellés sont des phrases")
            yield (
                f"Feuille «\u202f{BY_NAME['objective'].sheet}\u202f», {codes} du contrat\u202f: départ, cible,"
                " unité, dates et suivi en sont lus, là où leur case est vide."
            )
        yield from self._doubts
        if self._unread:
            lines = french.enumerate_words([f"{number + 1}" for number in sorted(self._unread)])
            labels = french.plural(len(self._unread), "libellé", "libellés")
            yield (
                f"Feuille «\u202f{BY_NAME['objective'].sheet}\u202f», {labels} dont les chiffres ne se lisent pas sûrement,"
                f" et dont rien n’est pris (ligne {lines})\u202f: remplissez les cases."
            )
        rules: dict[str, dict[str, Callable[[Row], str]]] = {
            "partner": {"short_name": self._short_name},
            "territory": {"level": self._level, "parent": self._above},
            "engagement": {"partner": self._partner_by_code, "code": self._code("engagement")},
            "objective": {
                "partner": self._partner_of("objective"),
                "code": self._code("objective"),
                "territory": lambda _: self.home,
                "unit": lambda row: unit_told(self._text("objective", row, "label")),
                "sens": self._sens,
                "mesure": self._mesure,
            },
            "funding": {
                "partner": self._partner_of("funding"),
                "code": self._code("funding"),
                "last_year": lambda row: self._text("funding", row, "first_year"),
                "unit": self._unit,
            },
        }
        for kind, fields in rules.items():
            self.names.settle(kind)
            for field, rule in fields.items():
                taken = self._taken(kind, self.columns[kind][field], rule)
                if taken:
                    yield self._told(kind, self.columns[kind][field], taken)

    def _taken(self, kind: str, column: Column, rule: Callable[[Row], str]) -> list[Row]:
        """Fill in a column where it is blank and its rule tells; return the lines."""
        found = []
        key = self.columns[kind]["key"]
        for row in self.rows[kind]:
            if row.cell(key) is None and row.cell(column) is None and (text := rule(row)):
                row.taken[column.field.name] = ReadCell(row.number, 0, Read.TEXT, text)
                found.append(row)
        return found

    def _told(self, kind: str, column: Column, taken: list[Row]) -> str:
        count = french.plural(len(taken), "case vide", "cases vides")
        told = f"Feuille «\u202f{BY_NAME[kind].sheet}\u202f», «\u202f{column.header}\u202f», {count}\u202f: {column.blank}"
        name = column.field.name
        if name not in ("sens", "mesure"):
            return f"{told}."
        by_label = {
            label: [self._text(kind, row, "code") for row in taken if row.taken[name].text == label]
            for label in column.labels
        }
        said = [
            f"«\u202f{label}\u202f» pour {french.code_ranges(codes)}"
            for label, codes in by_label.items()
            if codes
        ]
        return f"{told}\u202f: {' ; '.join(said)}."

    def _text(self, kind: str, row: Row, field: str) -> str:
        cell = row.cell(self.columns[kind][field])
        return cell.text.strip() if cell is not None else ""

    def _home(self) -> str:
        """The code of the place that the contract is of: its EPCI, else the one that is neither commune nor quartier."""
        codes = [self._text("contract", row, "epci") for row in self.rows["contract"]]
        if codes and codes[0] in self.codes["territory"]:
            return codes[0]
        wide = [
            code for row in self.rows["territory"]
            if (code := self._text("territory", row, "code"))
            and self._level_word(row) not in {Level.COMMUNE, Level.QPV}
        ]  # fmt: skip
        return wide[0] if len(wide) == 1 else ""

    def _level_word(self, row: Row) -> str:
        told = self._text("territory", row, "level")
        word = layout.word_of(Level, told) if told else level_of_code(self._text("territory", row, "code"))
        return word or told

    def _short_name(self, row: Row) -> str:
        name = self._text("partner", row, "name")
        return name if len(name) <= _SHORT_MAX else self._text("partner", row, "code")

    def _level(self, row: Row) -> str:
        return level_of_code(self._text("territory", row, "code"))

    def _above(self, row: Row) -> str:
        """The perimeter of the contract, for a commune."""
        return self.home if self._level_word(row) == Level.COMMUNE else ""

    def _partner_by_code(self, row: Row, kind: str = "engagement") -> str:
        """The partner whose code begins that of the line: « ETAT » for « ETAT-E01 »."""
        code = self._text(kind, row, "code")
        begins = [partner for partner in self.codes["partner"] if partner and code.startswith(f"{partner}-")]
        return max(begins, key=len, default="")

    def _partner_of(self, kind: str) -> Callable[[Row], str]:
        def partner(row: Row) -> str:
            """The partner of the engagement, else the one whose code begins that of the line."""
            named = self._text(kind, row, "engagement")
            owner = next(
                (line for line in self.rows["engagement"] if self._text("engagement", line, "code") == named), None
            ) if named else None  # fmt: skip
            if owner is not None:
                return self._text("engagement", owner, "partner")
            return self._partner_by_code(row, kind)

        return partner

    def _code(self, kind: str) -> Callable[[Row], str]:
        last: dict[str, int] = {}

        def code(row: Row) -> str:
            """The next free one after those of its partner: « ETAT-O03 »."""
            partner = self._text(kind, row, "partner")
            if not partner:
                return ""
            while True:
                last[partner] = last.get(partner, 0) + 1
                proposed = f"{partner}-{_LETTERS[kind]}{last[partner]:02}"
                if proposed not in self.codes[kind]:
                    return proposed

        return code

    def _read_whole(self, row: Row) -> bool:
        """Read « Places ; valeur de départ 12 (31/12/2023) ; cible 60 places au 31/12/2028. Suivi : annuelle. », copied from
        the text of the contract into the label of a line, for the cells that are blank; tell whether it was."""
        columns = self.columns["objective"]
        at, label = row.places.get(columns["label"].header), row.cell(columns["label"])
        if at is None or label is None or row.cell(columns["key"]) is not None:
            return False
        unit = self._text("objective", row, "unit")
        told = (*OF_A_PASSAGE, "mesure", "target_text")
        read = beside(label.text, {field: self._typed(row, field, unit) for field in told})
        faults = dict(read.faults)
        if read.unread:
            self._unread.add(row.number)
            # A blank sense is asked for, and tells of the line.
            faults |= {"label": UNREAD} if row.cell(columns["sens"]) else {}
        for field, why in faults.items():
            self.refuse(row, columns[field], f"{why[0].lower()}{why[1:-1]}")
        if not read.taken:
            return False
        row.cells = {**row.cells, at: label._replace(text=read.taken["label"])}
        self._measured[row.number] = read.taken.get("mesure", "")
        row.taken |= {
            field: ReadCell(row.number, 0, Read.TEXT, read.taken[field])
            for field in OF_A_PASSAGE
            if field in read.taken
        }
        self._doubts += (f"{row.where(columns[field])}\u202f: {why}" for field, why in read.doubts.items())
        return True

    def _typed(self, row: Row, field: str, unit: str) -> str:
        """What a cell says as somebody would type it in the form; empty where it is blank."""
        column = self.columns["objective"][field]
        cell = row.cell(column)
        if cell is None:
            return ""
        try:
            value = cell_value(column, cell, unit)
        except UserError:
            return f"{cell.text} %".replace(".", ",") if cell.kind is Read.SHARE else cell.text.strip()
        match value:
            case Decimal():
                return french.format_number(value)
            case date():
                return french.format_date(value)
        return str(value)

    def _unit(self, row: Row) -> str:
        cell = row.cell(self.columns["funding"]["amount"])
        return "EUR" if cell is not None and "€" in cell.text + cell.shown else ""

    def _mesure(self, row: Row) -> str:
        """What the passage tells, else the words of the objective and of its engagement; else a level on a date."""
        label, unit, named = (
            self._text("objective", row, field) for field in ("label", "unit", "engagement")
        )
        promised = next(
            (
                self._text("engagement", line, "label")
                for line in self.rows["engagement"]
                if named and self._text("engagement", line, "code") == named
            ),
            "",
        )
        sens = layout.word_of(Sens, self._text("objective", row, "sens"))
        aim = AIMS[Sens(sens)] if sens else None
        told = self._measured.get(row.number) or mesure_of(
            f"{label} {unit}",
            promised,
            from_nothing=aim is not None and aim.way > 0 and self._number(row, "start_value", unit) == 0,
            yes_or_no=aim is not None and aim.yes_or_no,
        )
        return LABELS[Mesure][Mesure(told or Mesure.STOCK)]

    def _sens(self, row: Row) -> str:
        found = self._way(row)
        return LABELS[Sens][found] if found is not None else ""

    def _way(self, row: Row) -> Sens | None:
        columns = self.columns["objective"]
        if row.number in self._unread:
            return None
        target = row.cell(columns["target_value"])
        text = target.text if target is not None else ""
        unit = self._text("objective", row, "unit")
        return sens_told(
            f"{text} %".replace(".", ",") if target is not None and target.kind is Read.SHARE else text,
            self._number(row, "start_value", unit),
            self._number(row, "target_value", unit),
            unit=unit,
            others={field for field, column in columns.items() if row.cell(column) is not None},
        )

    def _number(self, row: Row, field: str, unit: str) -> Decimal | None:
        column = self.columns["objective"][field]
        cell = row.cell(column)
        try:
            return None if cell is None else Decimal(cell_value(column, cell, unit))
        except UserError:
            return None
