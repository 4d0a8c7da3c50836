"""The history of a base as the officer reads it: the operations of the journal, turned into sentences."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from msgspec import Struct

from qpvdesk.domain import french, meetings, model, wording
from qpvdesk.domain.kinds import Type
from qpvdesk.domain.kinds.words import LABELS
from qpvdesk.domain.themes import ThemeNames
from qpvdesk.storage import journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.journal import EXISTENCE, Cell
from qpvdesk.storage.tables import BY_KIND, TABLES, Table, TableField

_LETTERS_SHOWN_MAX = 60
_DATED = ("measurement", "meteo", "counter_value", "breakdown")
"""Kinds of which a thing has several, one a day."""
_CODED_BY_DAY = ("meeting", "decision", "visit")
"""Kinds whose code is made of their day."""
PAST = (
    "(field = '' AND value IS NULL)"
    " OR (field IN ('code', 'objective', 'engagement') AND parent_seq IS NOT NULL)"
)
"""Which operations tell that an entity is gone, or bore another code or belonged elsewhere: those of an index."""


class HistoryEntry(Struct, frozen=True):
    """One line of the history. `kind` is a table name; `field` is French, empty for an addition or a removal."""

    when: datetime
    author: str
    act: str
    kind: str
    code: str
    field: str
    before: str
    after: str
    sentence: str


class _Row(NamedTuple):
    """One operation, with its act, its author and the value that it replaced."""

    done_at: str
    author: str
    label: str
    starter: int
    hlc: int
    kind: str
    key: str
    field: str
    value: Cell
    parent_field: str | None
    parent: Cell


class HistoryReader:
    """Turns operations into sentences. One a question: it remembers the names it looked up."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[tuple[str, str], str] = {}
        self._cells: dict[tuple[str, str, int], dict[str, Cell]] = {}

    def entries(self, code: str | None, limit: int, contract: str | None = None) -> tuple[HistoryEntry, ...]:
        """Return the latest changes first, of one object or of all; `contract`: key of the one that they are of.

        A new or removed entity is one entry; a starter contract is one entry in the history of everything.
        """
        return self._entries(None if code is None else self._keys_of(code), limit, contract)

    def entries_of(self, key: str, limit: int) -> tuple[HistoryEntry, ...]:
        """Return the latest changes first, of the one entity of that key."""
        return self._entries((key,), limit)

    def _entries(
        self, keys: tuple[str, ...] | None, limit: int, contract: str | None = None
    ) -> tuple[HistoryEntry, ...]:
        if keys is None:
            where = "(substr(a.uid, 1, 8) <> 'starter:' OR (o.kind = 'contract' AND o.field = ''))"
            parameters: tuple[Any, ...] = ()
            # From the latest act down: CROSS JOIN forbids SQLite to begin elsewhere.
            source = "act t CROSS JOIN operation o ON o.act = t.id"
        else:
            where = f"o.key IN ({', '.join('?' * len(keys))})"
            parameters = keys
            source = "operation o CROSS JOIN act t ON t.id = o.act"
        rows = self._connection.execute(
            "SELECT t.done_at, a.label, t.label, substr(a.uid, 1, 8) = 'starter:', o.hlc, o.kind, o.key, o.field,"
            " o.value, p.field, p.value"
            f" FROM {source} CROSS JOIN author a ON a.id = o.author"
            " LEFT JOIN operation p ON p.author = o.parent_author AND p.seq = o.parent_seq"
            # The cells of a new entity are told by the line of its creation; the `+` keeps the search on its key.
            f" WHERE {where} AND o.kind <> '{journal.VEILED}' AND (o.field = '' OR NOT EXISTS (SELECT 1 FROM operation n"
            "   WHERE n.key = o.key AND n.field = '' AND +n.act = o.act))"
            # By the key of the outer loop, so that it stops at the page's last line instead of sorting the journal.
            f" ORDER BY {'t.id' if keys is None else 'o.act'} DESC, o.id DESC LIMIT ?",
            (*parameters, -1 if contract is not None else limit),
        )
        read = (_Row(*row) for row in rows)
        own = (row for row in read if contract is None or self.contract_of(row.kind, row.key) == contract)
        return tuple(self._entry(row) for row in list(islice(own, limit)))

    def contract_of(self, kind: str, key: str) -> str | None:
        if kind == "contract":
            return key
        table, cells = BY_KIND[kind], self._cells_of(kind, key)
        owner = table.by_name.get(table.owner or "contract")
        above = None if owner is None else cells.get(owner.name)
        return None if owner is None or above is None else self.contract_of(owner.ref or "", above)

    def _keys_of(self, code: str) -> tuple[str, ...]:
        """Return the keys of what bears the code, now or formerly, and of what belongs to it."""
        found = [
            key
            for spelt in dict.fromkeys((code, code.upper()))
            for table in TABLES
            if table.has_code or table.kind == "contract"
            for key in self._bearing(table, "code", spelt)
        ]
        belonging = [
            key
            for owner in dict.fromkeys(found)
            for table in TABLES
            for name in ("objective", "engagement")
            if table.owner == name or (table.kind, name) == ("condition", "engagement")
            for key in self._bearing(table, name, owner)
        ]
        return tuple(dict.fromkeys([*found, *belonging]))

    def _bearing(self, table: Table, name: str, value: str) -> list[str]:
        """Return the keys of the entities of a kind whose field has a value, or had it once."""
        rows = self._connection.execute(
            f"SELECT key FROM {table.kind} WHERE {name} = :value"
            " UNION SELECT key FROM operation WHERE field = :name AND value = :value AND kind = :kind"
            "   AND field IN ('code', 'objective', 'engagement')"
            # What a new entity was made with is only elsewhere where it is gone, or has another value since.
            " UNION SELECT b.key FROM (SELECT DISTINCT key FROM operation WHERE kind = :kind AND ("
            f"  {PAST})) p JOIN operation b ON b.key = p.key AND b.field = '' AND b.value >= '{{'"
            "   WHERE json_extract(b.value, '$.' || :name) = :value",
            {"name": name, "value": value, "kind": table.kind},
        )
        return [str(key) for (key,) in rows]

    def _entry(self, row: _Row) -> HistoryEntry:
        when = journal.moment(row.done_at)
        table = BY_KIND[row.kind]
        on = f"Le {french.format_date(when.date())}"
        code = self.name(row.kind, row.key)
        if row.field == EXISTENCE:
            sentence = f"{on}, {self._came_or_went(row, table, code, when.date())}"
            return HistoryEntry(when, row.author, row.label, row.kind, code, "", "", "", sentence)
        field = table.by_name[row.field]
        parent = row.parent
        if row.parent_field is not None:
            parent = journal.cell_of(row.parent_field, row.parent, row.field)
        if parent is None and not field.nullable:
            parent = field.default_cell
        before, after = (self.shown(field, cell) for cell in (parent, row.value))
        if field.name == "retired":
            subject = wording.the(table.french, feminine=table.feminine)
            sentence = f"{subject} {code} {'est retiré du suivi' if after == 'oui' else 'est rétabli'}"
        else:
            subject = wording.the(field.french, feminine=field.feminine)
            sentence = wording.changed(
                f"{subject}{wording.of(code)}{self._whose_day(table, row, field)}",
                *(self._in_a_sentence(field, words) for words in (before, after)),
                feminine=field.feminine,
                several=subject.startswith("les "),
            )
        return HistoryEntry(
            when, row.author, row.label, row.kind, code, field.french, before, after, f"{on}, {sentence}"
        )

    def _whose_day(self, table: Table, row: _Row, field: TableField) -> str:
        """Say which of the readings of a thing it is, by the day that it then had."""
        if table.kind not in _DATED or field.name == "day":
            return ""
        cells = self._cells_of(row.kind, row.key, row.hlc)
        return f" au {self.shown(table.by_name['day'], cells.get('day'))}"

    @staticmethod
    def _in_a_sentence(field: TableField, words: str) -> str:
        """A value as it stands in a sentence: what is made of words has quotation marks, a number or a code has none."""
        choice = (
            field.declared.words is not None
            or field.declared.named
            or field.declared.type is Type.TEXT
            or field.ref == "territory"
        )
        return wording.quoted(words) if words and choice else words

    def _came_or_went(self, row: _Row, table: Table, code: str, on: date) -> str:
        """Say what was added or removed, with the values it had at that moment."""
        accord = "e" if table.feminine else ""
        # What is put back where it had been removed before takes the values of then in the act that removes it.
        then = row.hlc if row.value else row.hlc - 1
        cells = self._cells_of(row.kind, row.key, then)
        day = ""
        if table.kind not in _CODED_BY_DAY and "day" in table.by_name and "day" in cells:
            day = self.shown(table.by_name["day"], cells["day"])
        if table.kind == "meteo" and row.value and not row.starter:
            weather = wording.quoted(self.shown(table.by_name["weather"], cells.get("weather")))
            since = f" au {day}" if day != french.format_date(on) else ""
            return f"la météo{wording.of(code)} passe à {weather}{since}"
        if row.starter:
            done = f"repris{accord} du contrat de départ" if row.kind != "contract" else "de départ repris"
        else:
            done = f"ajouté{accord}" if row.value else f"retiré{accord}"
        own = table.has_code or table.kind in _CODED_BY_DAY or not code
        subject = table.french if own else f"{table.french}{wording.of(code)}"
        parts = self._parts(table, cells, code if own else "", day, then=then)
        return f"{subject} {done}" + (f"\u202f: {' '.join(parts)}" if parts else "")

    def _parts(self, table: Table, cells: dict[str, Cell], code: str, day: str, *, then: int) -> list[str]:
        """Return what a thing that came or went was: its value and its day, or its code and its name."""
        parts = [
            self.shown(table.by_name[name], cells.get(name))
            for name in ("value", "weather")
            if name in table.by_name and name in cells
        ]
        unit = self._cells_of("objective", cells.get("objective") or "", then).get("unit") if parts else None
        if unit and (value := cells.get("value")):
            parts[0] = french.format_value(Decimal(value), unit)
        if day and (parts or table.kind != "acknowledgement"):
            parts.append(f"au {day}")
        if table.kind == "snapshot" and (reason := cells.get("reason")):
            parts.append(f"({_short(reason)})")
        if parts:
            return parts
        label = next(
            (
                cells[name]
                for name in ("label", "name", "title", "place", "text", "reason")
                if cells.get(name)
            ),
            None,
        )
        named = f"({_short(label)})" if code else _short(label)
        return [part for part in (code, named if label else "") if part]

    def name(self, kind: str, key: str) -> str:
        """Return the code people know an entity by: its own, or that of what it belongs to."""
        if (kind, key) not in self._names:
            table = BY_KIND[kind]
            cells = self._cells_of(kind, key)
            owner = table.by_name.get(table.owner or "")
            if "code" in table.by_name:
                code = cells.get("code") or ""
            elif kind in _CODED_BY_DAY:
                code = self._coded_by_day(kind, key, cells)
            elif owner is not None and owner.ref and cells.get(owner.name):
                code = self.name(owner.ref, cells[owner.name] or "")
            elif kind == "correspondence":
                code = self.name("partner", cells.get("partner") or "")
            elif kind == "acknowledgement":
                code = (cells.get("point") or "").partition(":")[2].partition(":")[0]
            else:
                code = ""
            self._names[kind, key] = code
        return self._names[kind, key]

    def _coded_by_day(self, kind: str, key: str, cells: dict[str, Cell]) -> str:
        """Return what a meeting, a decision or a visit is called; empty for what was removed without its day."""
        if kind == "decision":
            meeting = self.name("meeting", cells.get("meeting") or "")
            return f"{meeting}-D{cells.get('rank')}" if meeting else ""
        day = cells.get("day")
        if not day:
            return ""
        if kind == "meeting":
            return meetings.meeting_code_on(cells.get("kind") or "", date.fromisoformat(day))
        of_that_day = [
            str(found)
            for (found,) in self._connection.execute(
                "SELECT key FROM visit WHERE day = ? AND contract = ? ORDER BY key",
                (day, cells.get("contract")),
            )
        ]
        number = of_that_day.index(key) + 1 if key in of_that_day else 1
        from qpvdesk.domain.visits import visit_code  # noqa: PLC0415 - 1 ms, a journal of visits alone needs it

        return visit_code(date.fromisoformat(day), number)

    def _cells_of(self, kind: str, key: str, then: int = journal.NOW) -> dict[str, Cell]:
        if (kind, key, then) not in self._cells:
            heads = journal.heads(self._connection, kind, key, then)
            self._cells[kind, key, then] = {name: head.value for name, head in heads.items()}
        return self._cells[kind, key, then]

    def _coded(self, kind: str, code: str) -> str:
        """Return the name of what bears a code: a thématique that is there, or a usual one."""
        found = self._connection.execute(
            f"SELECT name FROM {kind} WHERE code = ? LIMIT 1", (code,)
        ).fetchone()
        return str(found[0]) if found is not None else ThemeNames()[code]

    def shown(self, field: TableField, cell: Cell) -> str:
        """Return a value as the officer reads it; empty where there is none."""
        if cell is None or cell == "":
            return ""
        if field.ref == "territory":
            # A code of the INSEE says nothing to who reads.
            return self._cells_of("territory", cell).get("name") or "?"
        if field.ref is not None:
            return self.name(field.ref, cell) or "?"
        if field.declared.named:
            return self._coded(field.declared.named, cell)
        value = field.read(cell)
        match value:
            case bool():
                return "oui" if value else "non"
            case Decimal():
                return french.format_number(value)
            case date():
                return french.format_date(value)
            case model.Citation():
                return _short(", ".join(part for part in (value.section, value.mark) if part))
            case model.Thresholds():
                return " / ".join(
                    french.format_number(part) for part in (value.ahead, value.on_track, value.watch)
                )
        if field.declared.words is not None:
            return str(LABELS[field.declared.words].get(value, value))
        return _short(str(value))


def _short(text: str | None) -> str:
    return french.clipped(" ".join((text or "").split()), _LETTERS_SHOWN_MAX)
