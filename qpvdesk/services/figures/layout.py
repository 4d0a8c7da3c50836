"""The columns of one table: what each is, by what it holds first, then by its title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.bounded import NOTHING
from qpvdesk.domain import french, periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Objective
from qpvdesk.domain.periods import Period
from qpvdesk.services.figures.import_cells import is_figure, is_year
from qpvdesk.services.figures.names import Names, TerritoryNames
from qpvdesk.services.figures.roles import KINDS, Role, not_read, role_of, unexplained
from qpvdesk.services.figures.titles import folded_lines, titles_of, unit_in
from qpvdesk.spreadsheets.book import Read, ReadCell, ReadSheet, cell_name, column_letters
from qpvdesk.spreadsheets.columns import Columns, ValueColumn, bare

_LOOKED_AT = 80
"""Lines of a table by which its columns are judged."""
_FIELDS = {
    Role.SOURCE: "source", Role.COMMENT: "comment", Role.PROVISIONAL: "provisional", Role.NUMERATOR: "numerator",
    Role.DENOMINATOR: "denominator", Role.UNIT: "unit",
}  # fmt: skip
_DAY_TITLES = ("date si differente", "date", "date de la valeur", "date du releve")
"""Titles of days, the first that is there before the others."""


class Words(Struct, frozen=True):
    """The words of one contract on one day, by which a file is read."""

    names: Names
    places: TerritoryNames
    units: frozenset[str]
    """The units of the objectives, folded."""
    today: date


def dated(column: int, period: Period, unit: str = "", place: str = "", *, today: date) -> ValueColumn:
    """Return a column of values of a period: its last day; asked where that is not sure or not over."""
    day, doubt, provisional = period.day, "", period.provisional
    if period.asked:
        doubt = (
            f"Sa date peut se lire de plusieurs façons\u202f: est-elle du {french.format_date(day)}\u202f?"
        )
    if day > today:
        doubt = "Sa période n’est pas terminée\u202f: de quel jour est la valeur\u202f?"
        day, provisional = today, True
    return ValueColumn(column, day, unit, provisional, place, doubt, bool(doubt))


class Context(Struct, frozen=True):
    """What is said above a table: of when, of where and of which indicator it is."""

    day: ValueColumn | None = None
    place: str = ""
    sole: str = ""
    money: str = ""


class _Content(Struct):
    """What the cells of one column hold, counted."""

    filled: int = 0
    figures: int = 0
    answers: int = 0
    named: int = 0
    placed: int = 0
    dated: int = 0
    years: int = 0
    parts: int = 0
    kinds: int = 0


class _Heading(Struct, frozen=True):
    """What the title of a column says."""

    title: str
    unit: str
    objective: Objective | None
    period: Period | None
    place: str
    valued: bool
    unread: bool
    rest: str


class TableLayout:
    """One table, from its titles and its first lines."""

    def __init__(
        self,
        words: Words,
        sheet: ReadSheet,
        rows: Mapping[int, dict[int, ReadCell]],
        bounds: tuple[int, int, int],
    ) -> None:
        """`bounds`: the first and the last line of titles, the last line of the table."""
        self.words, self.sheet = words, sheet
        self.top, self.head, self.last = bounds
        self.titles = titles_of(sheet, self.top, self.head)
        self.roles = {column: _role(lines) for column, lines in self.titles.items()}
        body = [row for row in sorted(rows) if self.head < row <= self.last][:_LOOKED_AT]
        self.content: dict[int, _Content] = {}
        for row in body:
            for column, cell in rows[row].items():
                self._count(self.content.setdefault(column, _Content()), cell)
        self.notes: list[str] = []
        self.named = any(content.named for content in self.content.values())

    def _count(self, content: _Content, cell: ReadCell) -> None:
        text = cell.text
        content.filled += 1
        content.years += is_year(cell)
        if cell.kind is Read.DATE:
            content.dated += 1
        elif cell.kind is not Read.TEXT:
            content.figures += 1
            content.placed += self.words.places.find(text) is not None
        elif len(text) <= 300:
            content.answers += french.says_nothing(text)
            content.figures += is_figure(cell)
            content.named += self.words.names.find(text) is not None
            content.placed += self.words.places.find(text) is not None
            content.kinds += french.fold(text) in KINDS
            if len(text) <= 40:
                content.dated += periods.read(text) is not None
                content.parts += periods.read(text, year=2000) is not None

    def columns(self, context: Context) -> Columns | None:
        """Return where the figures are; None where the table holds none that can be told."""
        fields: dict[str, Any] = {field: self._first(role) for role, field in _FIELDS.items()}
        fields["kind"] = self._first(Role.KIND, lambda content: content.kinds > 0)
        fields["day"], fields["year"] = self._days()
        indicator, other = self._indicators()
        taken = {column for column in (*fields.values(), indicator, other) if column is not None}
        fields["territory"] = territory = self._territory(taken)
        taken |= {territory} if territory is not None else set()
        taken |= {
            column for column, role in self.roles.items()
            if role in {Role.INDICATOR, Role.TERRITORY, Role.DAY} and not self._measures(column)
        }  # fmt: skip
        # Shares may be given by their two numbers alone.
        drawn = {fields["numerator"], fields["denominator"]} <= self.content.keys()
        contents = dict.fromkeys(self.titles if drawn else (), _Content()) | self.content
        headings = {
            column: self._heading(column)
            for column, content in sorted(contents.items())
            if column not in taken and (content.figures or content.answers or self._of_values(column))
        }
        sole = "" if indicator is not None else context.sole
        values = self._chosen(
            headings, indicator is not None or bool(sole), with_day=fields["day"] is not None
        )
        self._tell(headings, values)
        if not values:
            return None
        return Columns(
            self.sheet.name, self.head, indicator, values, first=self.top, last=self.last, other=other, sole=sole,
            place=context.place, context=context.day, money=context.money, **fields,
        )  # fmt: skip

    def _measures(self, column: int) -> bool:
        """Whether a column whose title is of another role holds figures of the period that its title names."""
        content = self.content.get(column, _Content())
        return bool(content.figures) and periods.found(" ".join(self.titles[column])) is not None

    def _of_values(self, column: int) -> bool:
        """Whether the title of a column says that it holds values, whatever is in it."""
        title = " ".join(self.titles.get(column, []))
        return self.roles.get(column) is Role.VALUE or (
            self.roles.get(column) is None and periods.found(title) is not None and not unexplained(title)
        )

    def _first(self, role: Role, admits: object = None) -> int | None:
        columns = [column for column, known in sorted(self.roles.items()) if known is role]
        if callable(admits):
            columns = [
                column for column in columns if column in self.content and admits(self.content[column])
            ]
        return next(
            iter([*(column for column in columns if column not in self.sheet.hidden_columns), *columns]), None
        )

    def _indicators(self) -> tuple[int | None, int | None]:
        """Return the column that names the indicators, and another that names them too."""
        known = sorted(
            (column for column, content in self.content.items() if content.named),
            key=lambda column: (
                -self.content[column].named,
                self.roles.get(column) is not Role.INDICATOR,
                column,
            ),
        )
        if known:
            return known[0], (known[1] if len(known) > 1 else None)
        titled = [
            column for column, role in sorted(self.roles.items())
            if role is Role.INDICATOR and column in self.content
            and 2 * self.content[column].figures <= self.content[column].filled
        ]  # fmt: skip
        return next(iter(titled), None), None

    def _days(self) -> tuple[int | None, int | None]:
        """Return the column of days, and that of the years that complete it where they are apart."""
        named = [
            column for column, role in sorted(self.roles.items())
            if role is Role.DAY and not self._measures(column) and not self._of_unread(column)
        ]  # fmt: skip
        if not named:
            named = [
                column for column, content in sorted(self.content.items())
                if self.roles.get(column) is None and content.dated == content.filled > content.years
            ]  # fmt: skip
        years = [
            column for column in named if (content := self.content.get(column)) and content.years == content.filled
        ]  # fmt: skip
        parts = [column for column in named if column not in years and self._is_part(column)]
        if years and parts:
            return parts[0], years[0]
        titles = {column: french.fold(bare(" ".join(self.titles.get(column, [])))) for column in named}
        ranked = sorted(named, key=lambda column: (
            _DAY_TITLES.index(titles[column]) if titles[column] in _DAY_TITLES else len(_DAY_TITLES), column
        ))  # fmt: skip
        return next(iter(ranked), None), None

    def _is_part(self, column: int) -> bool:
        """Whether a column holds months or quarters without their year."""
        content = self.content.get(column)
        if content is None or content.dated == content.filled:
            return False
        title = french.fold(" ".join(self.titles.get(column, [])))
        return content.parts == content.filled or title in {"mois", "trimestre", "semestre"}

    def _of_unread(self, column: int) -> bool:
        """Whether a title « Au » is that of the day of what stands at its left, which is not read."""
        left = " ".join(self.titles.get(column - 1, []))
        return french.fold(" ".join(self.titles[column])) == "au" and not_read(left)

    def _territory(self, taken: Iterable[int]) -> int | None:
        def placed(column: int) -> int:
            return self.content[column].placed if column in self.content else 0

        named = [column for column, role in self.roles.items() if role is Role.TERRITORY]
        if not named:
            named = [
                column for column, content in self.content.items()
                if self.roles.get(column) is None and column not in taken and content.filled
                and 5 * content.placed >= 4 * content.filled
            ]  # fmt: skip
        return min(named, key=lambda column: (-placed(column), column), default=None)

    def _heading(self, column: int) -> _Heading:
        lines = self.titles.get(column, [])
        places = [line for line in lines if self.words.places.find(line) is not None]
        words = [line for line in lines if line not in places]
        title = " ".join(words)
        objective = next(
            (
                found
                for text in (title, bare(title), *words)
                if (found := self.words.names.find(text)) is not None
            ),
            None,
        )
        rest = unexplained(title)
        unit = unit_in(words)
        if french.fold(rest) in self.words.units:
            unit, rest = unit or rest, ""
        return _Heading(
            " ".join(lines), unit, objective, periods.found(title), places[0] if places else "",
            role_of(title) is Role.VALUE or any(role_of(line) is Role.VALUE for line in words),
            objective is None and (self.words.names.passed_over(title) or not_read(title) or role_of(title) is Role.OTHER),
            rest,
        )  # fmt: skip

    def _chosen(
        self, headings: Mapping[int, _Heading], indicated: bool, *, with_day: bool
    ) -> tuple[ValueColumn, ...]:
        """Return the columns of values; `indicated`: something else names the indicators; `with_day`: so has each row."""
        readable = {column: heading for column, heading in headings.items() if not heading.unread}
        hidden = self.sheet.hidden_columns
        readable = {column: item for column, item in readable.items() if column not in hidden} or readable
        if not indicated:
            if not any(heading.objective for heading in readable.values()):
                return ()
            return tuple(self._named_value(column, heading, with_day) for column, heading in readable.items())
        groups = [
            {column for column, item in readable.items() if item.place},
            {column for column, item in readable.items() if item.period and not item.place},
            {column for column, item in readable.items() if item.valued and not item.period and not item.place},
        ]  # fmt: skip
        groups.append(self._numbered(set(readable) - groups[0] - groups[1] - groups[2]))
        if with_day:
            groups = [groups[2], groups[0], groups[1], groups[3]]
        chosen = next((group for group in groups if group), set())
        values = [self._value(column, readable[column], with_day) for column in sorted(chosen)]
        rivals = (
            groups[2]
            if chosen == groups[1] and not with_day
            else groups[1]
            if chosen == groups[2] and not with_day
            else set()
        )
        return tuple(self._asked(values, readable, rivals, known=chosen != groups[3]))

    def _numbered(self, columns: Iterable[int]) -> set[int]:
        """Return those of columns whose titles say nothing that hold numbers other than years."""
        return {column for column in columns if self.content[column].figures > self.content[column].years}

    def _named_value(self, column: int, heading: _Heading, with_day: bool) -> ValueColumn:
        """A column that is one indicator: what its title says beside the name is the name's."""
        value = self._value(column, replace(heading, rest=""), with_day)
        return (
            value
            if heading.objective is not None or heading.period is None
            else replace(value, day=None, doubt="")
        )

    def _value(self, column: int, heading: _Heading, with_day: bool) -> ValueColumn:
        if heading.period is None:
            value = ValueColumn(column, None, heading.unit, place=heading.place)
        else:
            value = dated(column, heading.period, heading.unit, heading.place, today=self.words.today)
            if with_day and not value.doubt:
                value = replace(value, doubt="Son titre et sa ligne portent chacun une date.")
        if heading.rest and not value.doubt:
            value = replace(
                value,
                doubt=f"Son titre dit aussi «\u202f{heading.rest[:40]}\u202f»\u202f: est-ce bien sa valeur\u202f?",
            )
        return value

    def _asked(
        self,
        values: list[ValueColumn],
        headings: Mapping[int, _Heading],
        rivals: Iterable[int],
        *,
        known: bool,
    ) -> list[ValueColumn]:
        """Return the columns, with a doubt on those that another could stand for. Raises `UserError` for a title twice."""
        others = [headings[column].title for column in rivals]
        asked = []
        for value in values:
            same = [twin for twin in values if (twin.day, twin.place) == (value.day, value.place)]
            title = folded_lines([headings[value.column].title])
            twins = [twin for twin in same if folded_lines([headings[twin.column].title]) == title]
            if len(twins) > 1:
                raise self._twice(headings[value.column].title, twins)
            doubt = value.doubt
            if len(same) > 1:
                named = french.enumerate_words(
                    [f"«\u202f{headings[twin.column].title[:40]}\u202f»" for twin in same]
                )
                doubt = f"Plusieurs colonnes peuvent donner cette valeur\u202f: {named}."
            elif others:
                doubt = doubt or f"La colonne «\u202f{others[0][:40]}\u202f» peut aussi donner cette valeur."
            elif not known:
                title = headings[value.column].title[:40]
                doubt = doubt or f"La colonne «\u202f{title}\u202f» donne-t-elle les valeurs\u202f?"
            asked.append(replace(value, doubt=doubt))
        return asked

    def _twice(self, title: str, values: Sequence[ValueColumn]) -> UserError:
        names = " et ".join(cell_name(self.head, value.column) for value in values[:2])
        return UserError(
            f"Feuille «\u202f{self.sheet.name}\u202f», cellules {names}\u202f: deux colonnes portent le titre"
            f" «\u202f{title[:40]}\u202f». {NOTHING}",
            "Renommez celle qui ne doit pas être lue.",
        )

    def _tell(self, headings: Mapping[int, _Heading], values: Sequence[ValueColumn]) -> None:
        """Note the columns of figures that are not read, and the years that are dated by a convention."""
        read = {value.column for value in values}
        unread = [
            f"{column_letters(column)} «\u202f{heading.title[:40]}\u202f»" if heading.title else column_letters(column)
            for column, heading in headings.items() if column not in read and self.content[column].figures
        ]  # fmt: skip
        where = f"Feuille «\u202f{self.sheet.name}\u202f»"
        if unread:
            words = "colonne non lue" if len(unread) == 1 else "colonnes non lues"
            self.notes.append(f"{where}\u202f: {words}\u202f: {', '.join(unread)}.")
        if any((period := headings[column].period) is not None and period.convention for column in read):
            self.notes.append(f"{where}\u202f: une année seule est datée du 31 décembre.")


def _role(lines: Sequence[str]) -> Role | None:
    """The role that the lines of a title name, whole, else its last, else its first."""
    for text in (" ".join(lines), lines[-1], lines[0]):
        role = role_of(text)
        if role is not None and role is not Role.OTHER:
            return role
    return None
