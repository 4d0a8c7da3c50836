"""What is typed in a form, field by field, and what it would put and remove."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from qpvdesk.domain import french, periods
from qpvdesk.domain.engagements import holders
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults.units import funding_amount
from qpvdesk.domain.kinds import BY_NAME, Field, Kind, Type, Typed
from qpvdesk.domain.levels import Levels
from qpvdesk.domain.model import Citation, Dossier, Thresholds
from qpvdesk.domain.named import NamedThings
from qpvdesk.domain.themes import code_of, theme_names

_BLANK: dict[Type, Any] = {Type.NUMBER: Decimal(0), Type.DATE: date.min, Type.DAY: date.min, Type.INTEGER: 0}
"""What stands for a value that is required and was not understood: its fault keeps it from being saved."""


@dataclass
class FormDraft:
    """What a form would put and remove, and what is wrong with it (French sentences, by field)."""

    put: list[Any] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    """What is possible and unlikely in it, one sentence each."""
    unread: Collection[str] = ()
    """The choices that are none of their list: another stands for each, and what follows from that is nobody's fault."""

    @property
    def main(self) -> Any:
        """The thing itself, before what belongs to it."""
        return self.put[0]

    @main.setter
    def main(self, thing: Any) -> None:
        self.put[0] = thing


def form_rows(dossier: Dossier, kind: str) -> tuple[Any, ...]:
    return (dossier.contract,) if kind == "contract" else getattr(dossier, BY_NAME[kind].dossier)


class FormReader:
    """Reads the fields of a form one at a time; keeps the first fault of each."""

    def __init__(self, dossier: Dossier, kind: Kind, typed: Typed, faults: dict[str, str]) -> None:
        self.dossier = dossier
        self.faults = faults
        self._kind = kind
        self._typed = typed
        self.unread = frozenset(
            field.name
            for field in kind.asked
            if self.text(field.name) and self._chosen(field) is None and self.shown(field)
        )

    def fault(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field, unless something is already."""
        self.faults.setdefault(name, sentence)

    def text(self, name: str) -> str:
        return self._typed.get(name, "").strip()

    def lines(self, name: str) -> list[str]:
        """Return what is typed, line by line."""
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    def number(self, name: str, unit: str = "") -> Decimal | None:
        """Return a number, None where there is none or a fault."""
        return self.number_of(name, self.text(name), unit) if self.text(name) else None

    def number_of(self, name: str, text: str, unit: str = "") -> Decimal | None:
        """Return the number that a text of a field is, None where there is a fault."""
        try:
            return french.parse_number(text, unit)
        except UserError as error:
            self.fault(name, str(error))
            return None

    def day(self, name: str) -> date | None:
        """Return a date, None where there is none or a fault."""
        return self.day_of(name, self.text(name)) if self.text(name) else None

    def day_of(self, name: str, text: str) -> date | None:
        """Return the date that a text of a field is, None where there is a fault."""
        field = next((item for item in self._kind.asked if item.name == name), None)
        try:
            return (
                periods.day_of(text, begins=field.begins, ends=field.ends)
                if field
                else french.parse_date(text)
            )
        except UserError as error:
            self.fault(name, str(error))
            return None

    def keys(self, name: str, kind: str) -> list[str]:
        """Return the keys of the things that a field names, a line each, by their key, their code or their name."""
        return self.keys_among(name, kind, self.lines(name))

    def keys_among(self, name: str, kind: str, lines: Sequence[str]) -> list[str]:
        """Return the keys of the things that these lines of a field name, by their key, their code or their name."""
        keys = {item.key for item in form_rows(self.dossier, kind)}
        named = NamedThings.of(form_rows(self.dossier, kind)) if not keys.issuperset(lines) else None
        found = [line if line in keys or named is None else named.mark_of(line) for line in lines]
        # It may have been removed while the form was open.
        if not all(found):
            self.fault(name, "Choisissez dans la liste.")
        return [key for key in found if key]

    def shown(self, field: Field) -> bool:
        """Tell whether a field has a meaning, from what is typed in the others."""
        return field.ask is None or field.ask.shown(self._typed)

    def values(self, old: Any) -> dict[str, Any]:
        """Return what is typed for each field of the kind; `old`: the thing changed, None for a new one."""
        asked = [field for field in self._kind.asked if field.name in self._kind.by_name]
        values = {field.name: self._value(field, old) for field in asked}
        for declared in self._kind.fields[1:]:
            if (
                old is None
                and declared.required
                and declared.name not in values
                and declared.ref != "contract"
            ):
                self.fault(asked[0].name, "Cette fiche complète ce qui est déjà saisi.")
                values[declared.name] = _BLANK.get(declared.type, "")
        return values

    def _value(self, field: Field, old: Any) -> Any:
        if field.type is Type.CITATION:
            return self._citation(None if old is None else getattr(old, field.name))
        if field.type is Type.THRESHOLDS:
            return self._thresholds(None if old is None else getattr(old, field.name))
        # Beside a choice that is not read nobody knows whether a field has a meaning: what is typed there is read.
        if not self.shown(field) and not (self.unread and self.text(field.name)):
            return field.unsaid
        chosen = field.type is Type.LEVEL or (field.ask is not None and field.ask.choices)
        if field.required and field.ask and not chosen and not self.text(field.name):
            self.fault(field.name, "À remplir.")
        value = self._understood(field)
        if value is None:
            return _BLANK.get(field.type, "") if field.required else field.unsaid
        return value

    def _understood(self, field: Field) -> Any:
        """Return what is typed in a field; None where that is nothing, or has a fault."""
        name, text = field.name, self.text(field.name)
        if field.ask is not None and field.ask.choices:
            if name in self.unread:
                self.fault(name, "Choisissez dans la liste.")
            chosen = self._chosen(field)
            if chosen is None and field.required:
                chosen = field.ask.choices[0][1]
            return chosen if field.words is None or chosen is None else field.words(chosen)
        match field.type:
            case Type.NUMBER:
                return self.number(name, self._unit(name))
            case Type.DATE | Type.DAY:
                return self.day(name)
            case Type.INTEGER:
                return self._year(name)
            case Type.LEVEL:
                levels = Levels(self.dossier.place_levels)
                # The first of the list is what the form shows where nothing was chosen.
                return levels.coded(text) or text if text else levels.all[0].code
            case Type.LINK:
                key = next(iter(self.keys(name, field.ref or "")), None)
                # What is said of a précision is followed under its engagement.
                return (
                    holders(self.dossier.engagements).get(key, key) if name == "engagement" and key else key
                )
            case Type.CODE:
                return self._code(name, text)
        return text or None

    def _chosen(self, field: Field) -> str | None:
        """Return what is typed in a field, None where that is no choice of its list."""
        text = self.text(field.name)
        words = [value for _, value in field.ask.choices] if field.ask is not None else []
        # « M€ » is no choice, and says as much: the amount is then brought to euros.
        amount = self._kind.name == "funding" and field.name == "unit"
        known = not words or text in words or (amount and funding_amount(Decimal(1), text)[1] in words)
        return text if known else None

    def _code(self, name: str, text: str) -> str | None:
        """Return the code of a thématique, given by its code or its name."""
        found = code_of(text, theme_names(self.dossier)) if text else ""
        if text and not found:
            self.fault(name, "Choisissez dans la liste.")
        return found or None

    def _unit(self, name: str) -> str:
        """Return the unit that a number is typed in: « 2,5 M€ » is one in euros alone."""
        if name == "weight":
            return ""
        if name == "start_value" and self.text("start_unit"):
            return self.text("start_unit")
        if self._kind.name == "counter_value":
            keys = self.keys("objective", "objective")
            return next((item.unit for item in self.dossier.objectives if item.key in keys), "")
        unit = self.text("unit")
        return {"EUR": "€", "": "€"}.get(unit, unit) if self._kind.name == "funding" else unit

    def _year(self, name: str) -> int | None:
        text = self.text(name)
        if text.isascii() and text.isdigit() and len(text) == 4:
            return int(text)
        self.fault(name, "Une année s’écrit en quatre chiffres (2026).")
        return None

    def _citation(self, old: Citation | None) -> Citation | None:
        section, mark = self.text("citation_section"), self.text("citation_mark")
        document = next(iter(self.keys("citation_document", "document")), None)
        if document is not None:
            return Citation(document, section, mark)
        if not (section or mark):
            return None
        self.fault("citation_document", "Choisissez le document où se trouvent cette rubrique et ce repère.")
        return old

    def _thresholds(self, old: Thresholds | None) -> Thresholds:
        """The three limits, typed in points; one left empty is the usual one."""
        usual = Thresholds()
        typed = {name: self.number(f"thresholds_{name}", "%") for name in ("ahead", "on_track", "watch")}
        limits = Thresholds(
            **{
                name: getattr(usual, name) if points is None else points / 100
                for name, points in typed.items()
            }
        )
        return old if old == limits else limits
