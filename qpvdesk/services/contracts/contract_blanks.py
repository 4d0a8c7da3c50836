"""What the blank cells of a contract's workbook are taken for, by the rules of `domain.proposing.blanks`, and said.

A line that bears a key was exported: nothing of it is guessed. A rule that does not tell leaves the cell blank, and it is
refused as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from qpvdesk.domain import french
from qpvdesk.domain.codes import PERIMETER, next_number
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.levels import Levels
from qpvdesk.domain.model import Aggregation, Level
from qpvdesk.domain.named import NAMES, NamedThings
from qpvdesk.domain.proposing.blanks import (
    TOGETHER,
    Engaged,
    fill_funding,
    fill_objective,
    fill_partner,
    fill_place,
    names_all,
    owner_by_code,
    parts_among,
    places_named,
)
from qpvdesk.domain.proposing.naming import perimeter_name
from qpvdesk.domain.proposing.passage import OF_A_PASSAGE
from qpvdesk.domain.sens import STARTLESS
from qpvdesk.domain.wording import of
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.contract_cells import Row, cell_value
from qpvdesk.services.contracts.contract_layout import Column
from qpvdesk.services.contracts.contract_names import CellNames
from qpvdesk.spreadsheets.book import Read, ReadCell

_LETTERS = {"engagement": "E", "objective": "O", "funding": "F"}
_FILLED = ("contract", "partner", "territory", "engagement", "objective", "funding")
_SAID = (
    "partner",
    "code",
    "short_name",
    "level",
    "parent",
    "territory",
    "unit",
    "sens",
    "mesure",
    "last_year",
)
"""The columns of which it is told what their blank cells are taken for, in that order."""

Words = dict[str, str]


class Blanks:
    """The blank cells of the sheets of one contract, and what is said of those that are taken for something."""

    def __init__(
        self, rows: dict[str, list[Row]], names: CellNames, refuse: Callable[[Row, Column, str], None]
    ) -> None:
        """`names`: what puts codes in the place of names, kind by kind: the rules go by codes. `refuse`: tells why a cell
        cannot stand beside the passage that the label is."""
        self.rows, self.names, self.refuse = rows, names, refuse
        self.columns = {
            name: {column.field.name: column for column in layout.columns(BY_NAME[name])} for name in _FILLED
        }
        self.codes = {name: {self._text(name, row, "code") for row in rows[name]} for name in _FILLED}
        self.epci = next((self._text("contract", row, "epci") for row in rows["contract"]), "")
        self.home = ""
        self._last: dict[str, str] = {}
        """The last code that was proposed, by its beginning."""
        self._taken: dict[tuple[str, str], list[Row]] = {}
        """The lines of which a blank cell was filled by a rule, by kind and field."""
        self._notes: list[str] = []
        self._read: list[Row] = []
        """The lines whose label is a passage of the contract, which was read."""
        self._promised: list[tuple[Row, Words]] = []
        """The lines of objectives that a person wrote, and all that they say."""
        self._by_default: list[Row] = []
        """The lines of which nothing tells how the figure counts."""
        self._together: list[str] = []
        """The codes of the objectives whose cells name several places."""

    def fill(self) -> Iterator[str]:
        """Fill in what the rules tell, and say it, one sentence a column."""
        self._each("partner", self._partner())
        self._each(
            "territory",
            lambda _, words: fill_place(words, epci=self.epci, home="", taken=self.codes["territory"]),
        )
        self._end_places()
        self._inhabitants()
        self.names.settle("territory_link")
        self._each("engagement", lambda _, words: self._owned("engagement", words, ""))
        self.names.settle("engagement_territory")
        engaged = self._engaged()
        self._each("objective", self._objective(engaged))
        self._parts()
        self._each("funding", self._funding(engaged))
        yield from self.names.notes()
        if self._read:
            labels = french.plural(len(self._read), "libellé est une phrase", "libellés sont des phrases")
            yield (
                f"Feuille «\u202f{BY_NAME['objective'].sheet}\u202f», {labels} du contrat\u202f: départ, cible,"
                " unité, dates et suivi en sont lus, là où leur case est vide."
            )
        yield from self._notes
        for (kind, field), lines in sorted(self._taken.items(), key=lambda item: _SAID.index(item[0][1])):
            yield self._told(kind, self.columns[kind][field], lines)
        if self._together:
            yield f"{french.code_ranges(self._together)}\u202f: {TOGETHER}."
        if self._by_default:
            named = french.enumerate_words(
                [f"«\u202f{self._text('objective', row, 'label')}\u202f»" for row in self._by_default]
            )
            yield (
                f"Rien ne dit si ces chiffres repartent de zéro chaque année\u202f: {named}. Ils sont pris comme un niveau"
                " à une date\u202f; sinon, écrivez «\u202fUn nombre par an\u202f» dans «\u202fMode de mesure\u202f»."
            )

    def _each(self, kind: str, rule: Callable[[Row, Words], None]) -> None:
        """Fill in the lines of a sheet, one after the other."""
        self.names.settle(kind)
        columns = self.columns[kind]
        for row in self.rows[kind]:
            if row.cell(columns["key"]) is not None:
                continue
            before = self._line(kind, row)
            words = dict(before)
            rule(row, words)
            read = self._read and self._read[-1] is row
            for field, text in before.items():
                if words.get(field, "") != text:
                    row.blank(columns[field])
            for field, text in words.items():
                if (
                    not text
                    or text == before.get(field)
                    or field not in columns
                    or row.cell(columns[field]) is not None
                ):
                    continue
                row.taken[field] = ReadCell(row.number, 0, Read.TEXT, text)
                if field in _SAID and field not in before and not (read and field in OF_A_PASSAGE):
                    self._taken.setdefault((kind, field), []).append(row)
            if "code" in columns:
                self.codes[kind].add(words.get("code", ""))

    def _line(self, kind: str, row: Row) -> Words:
        """What the cells of a line say, by field, as somebody would type it in the form."""
        unit = self._text(kind, row, "unit") if "unit" in self.columns[kind] else ""
        found = {field: self._typed(kind, row, field, unit) for field in self.columns[kind]}
        return {field: text for field, text in found.items() if text}

    def _told(self, kind: str, column: Column, lines: list[Row]) -> str:
        count = french.plural(len(lines), "case vide", "cases vides")
        told = f"Feuille «\u202f{BY_NAME[kind].sheet}\u202f», «\u202f{column.header}\u202f», {count}\u202f: {column.blank}"
        name = column.field.name
        if name == "code" and kind in ("partner", "territory"):
            codes = (f"{row.taken['code'].text} ({self._text(kind, row, 'name')})" for row in lines)
            return f"{told}\u202f: {', '.join(codes)}."
        if name not in ("sens", "mesure"):
            return f"{told}."
        by_label: dict[str, list[str]] = {}
        for row in lines:
            by_label.setdefault(column.shown(row.taken[name].text), []).append(self._text(kind, row, "code"))
        clauses = [
            f"«\u202f{label}\u202f» pour {french.code_ranges(codes)}" for label, codes in by_label.items()
        ]
        return f"{told}\u202f: {' ; '.join(clauses)}."

    def _text(self, kind: str, row: Row, field: str) -> str:
        cell = row.cell(self.columns[kind][field])
        return cell.text.strip() if cell is not None else ""

    def _partner(self) -> Callable[[Row, Words], None]:
        known = NamedThings(
            (str(row.number), "", {name: self._text("partner", row, name) for name in NAMES})
            for row in self.rows["partner"]
        )
        begins: dict[str, str] = {}
        for line in self.rows["engagement"]:
            owner, code = (self._text("engagement", line, field) for field in ("partner", "code"))
            if code and (named := known.mark_of(owner)):
                begins.setdefault(named, code)

        def partner(row: Row, words: Words) -> None:
            fill_partner(words, engagement=begins.get(str(row.number), ""), taken=self.codes["partner"])

        return partner

    def _end_places(self) -> None:
        """Find the place that the contract is of: its EPCI, else the one of a usual scale that is neither commune nor
        quartier and lies in nothing; without any, make it. Communes and quartiers that lie nowhere lie in it."""
        levels = {
            self._text("territory", row, "code"): self._level_word(row) for row in self.rows["territory"]
        }
        within = {
            self._text("territory", row, "code")
            for row in self.rows["territory"]
            if self._text("territory", row, "parent")
        }
        # A bassin, a carte scolaire or a level of the contract's own is of a part of it, or of more.
        usual = {*Level} - {Level.COMMUNE, Level.QPV}
        wide = [code for code, level in levels.items() if code and level in usual and code not in within]
        own = [code for code in wide if levels[code] == Level.EPCI]
        self.home = (
            self.epci if self.epci in levels else next((few[0] for few in (own, wide) if len(few) == 1), "")
        )
        asked = (self._text("objective", row, "territory") for row in self.rows["objective"])
        if not wide and self.rows["contract"] and any(not words or names_all(words) for words in asked):
            (contract, *_), level = self.rows["contract"], Level.EPCI if self.epci else Level.AUTRE
            name = perimeter_name(self._text("contract", contract, "name"))
            self.home = self.epci or PERIMETER
            told = {"code": self.home, "name": name, "level": level.value}
            self.rows["territory"].append(_line_beside(contract, told))
            self._notes.append(
                f"Aucun lieu n’est celui de tout le contrat\u202f: «\u202f{name}\u202f» est créé, de code {self.home}."
            )
        self._each("territory", lambda _, words: fill_place(words, epci="", home=self.home, taken=()))

    def _inhabitants(self) -> None:
        """Make a line of what the sheet of places says of who lives in a quartier."""
        people = {column.field.name: column for column in layout.entries(BY_NAME["territory"])}
        for row in self.rows["territory"]:
            value, vintage = (row.cell(people[name]) for name in ("inhabitants", "vintage"))
            if value is not None or vintage is not None:
                counted = _line_beside(
                    row, {"territory": self._text("territory", row, "code"), "perimeter": "qpv"}
                )
                told = (("value", value), ("vintage", vintage))
                counted.taken |= {name: cell for name, cell in told if cell is not None}
                self.rows.setdefault("population", []).append(counted)

    def _level_word(self, row: Row) -> str:
        told = self._text("territory", row, "level")
        return Levels(()).coded(told) or told

    def _owned(self, kind: str, words: Words, owner: str) -> None:
        """Fill in the partner, that of the engagement, else the one whose code begins that of the line; then the code."""
        if not words.get("partner"):
            words["partner"] = owner or owner_by_code(words.get("code", ""), self.codes["partner"])
        if words["partner"] and not words.get("code"):
            prefix = f"{words['partner']}-{_LETTERS[kind]}"
            last = self._last.get(prefix)
            self._last[prefix] = words["code"] = next_number(
                prefix, self.codes[kind] if last is None else (last,)
            )

    def _engaged(self) -> Mapping[str, Engaged]:
        """What objectives follow from their engagements, by the codes of these."""
        columns = {column.field.name: column for column in layout.columns(BY_NAME["engagement_territory"])}
        places: dict[str, list[str]] = {}
        for row in self.rows.get("engagement_territory", ()):
            cells = row.cell(columns["engagement"]), row.cell(columns["territory"])
            if cells[0] is not None and cells[1] is not None:
                places.setdefault(cells[0].text.strip(), []).append(cells[1].text.strip())
        found = {}
        for row in self.rows["engagement"]:
            code, partner, label, place = (
                self._text("engagement", row, field) for field in ("code", "partner", "label", "territory")
            )
            named = [
                *([place] if place else []),
                *self.names.listed(row, "engagement_territory"),
                *places.get(code, ()),
            ]
            found[code] = Engaged(partner, label, tuple(dict.fromkeys(named)))
        return found

    def _objective(self, engaged: Mapping[str, Engaged]) -> Callable[[Row, Words], None]:
        columns = self.columns["objective"]
        names = [self._text("territory", row, "name") for row in self.rows["territory"]]
        places = places_named(filter(None, names), lambda name: self.names.code_of("territory", name))

        def objective(row: Row, words: Words) -> None:
            engagement = engaged.get(words.get("engagement", ""))
            named = self.names.several("territory", words.get("territory", ""))
            sentence = words.get("label", "")
            filled = fill_objective(words, engagement, named=named, home=self.home, places=places)
            self._owned("objective", words, engagement.partner if engagement is not None else "")
            for field, why in filled.faults.items():
                self.refuse(row, columns[field], french.lowered(why[:-1]))
            row.asked |= {"sens": ""} if filled.passage.unread else filled.asked
            if words.get("label", "") != sentence:
                self._read.append(row)
            self._notes += (
                f"{row.where(columns[field])}\u202f: {why}" for field, why in filled.passage.doubts.items()
            )
            sens = words.get("sens", "")
            if filled.by_default and words.get("label") and sens not in ("", *STARTLESS):
                self._by_default.append(row)
            if "code" not in words:
                # Nobody knows whose it is: its line is refused, and nothing follows from it.
                return
            if filled.together:
                self._together.append(words["code"])
            if sens in STARTLESS and words.get("start_value"):
                self._first_figure(row, words)
            self._promised.append((row, words))

        return objective

    def _parts(self) -> None:
        """Link the parts of an objective to it, and say so."""
        parts = parts_among([words for _, words in self._promised])
        for whole in dict.fromkeys(parts.values()):
            row, words = self._promised[whole]
            told = {"aggregation": Aggregation.SOMME.value}
            own = [self._promised[rank] for rank, of in parts.items() if of == whole]
            for line, taken in ((row, told), *((part, {"parent": words["code"]}) for part, _ in own)):
                line.taken |= {
                    name: ReadCell(line.number, 0, Read.TEXT, text) for name, text in taken.items()
                }
            codes = french.code_ranges([part["code"] for _, part in own])
            self._notes.append(
                f"{codes} sont les parts{of(words['code'])}\u202f: leurs cibles font la sienne."
            )

    def _first_figure(self, row: Row, words: Words) -> None:
        """Make a figure of the start of what has none: it is followed, or held against another."""
        columns = self.columns["objective"]
        value = row.cell(columns["start_value"])
        if value is None or value.kind is Read.TEXT:
            # What was typed may bear its day, which is apart in the words.
            value = ReadCell(row.number, 0, Read.TEXT, words["start_value"])
        told = {
            "objective": words["code"],
            "territory": words["territory"],
            "day": words.get("start_date", ""),
        }
        figure = _line_beside(row, told)
        figure.taken["value"] = value
        self.rows.setdefault("measurement", []).append(figure)
        for name in ("start_value", "start_date"):
            words.pop(name, None)
        label = words.get("label", "")
        self._notes.append(
            f"Le départ de «\u202f{label}\u202f», qui n’a pas de cible à lui, entre comme premier relevé."
        )

    def _funding(self, engaged: Mapping[str, Engaged]) -> Callable[[Row, Words], None]:
        def funding(_: Row, words: Words) -> None:
            engagement = engaged.get(words.get("engagement", ""))
            self._owned("funding", words, engagement.partner if engagement is not None else "")
            fill_funding(words)

        return funding

    def _typed(self, kind: str, row: Row, field: str, unit: str) -> str:
        """What a cell says as somebody would type it in the form; empty where it is blank."""
        column = self.columns[kind][field]
        cell = row.cell(column)
        if cell is None:
            return ""
        if (kind, field) == ("funding", "amount"):
            return f"{cell.text} {cell.shown}".strip()
        try:
            value = cell_value(column, cell, unit)
        except UserError:
            return f"{cell.text} %".replace(".", ",") if cell.kind is Read.SHARE else cell.text.strip()
        match value:
            case Decimal() if cell.kind is not Read.TEXT:
                return french.format_number(value) + ("\u202f%" if cell.kind is Read.SHARE else "")
            case Decimal():
                return cell.text.strip()
            case date():
                return french.format_date(value)
        return str(value)


def _line_beside(beside: Row, told: Mapping[str, str]) -> Row:
    """A line that another one makes, of another kind."""
    taken = {field: ReadCell(beside.number, 0, Read.TEXT, text) for field, text in told.items() if text}
    return Row(beside.sheet, beside.number, {}, {}, taken=taken, listed=beside.listed)
