"""One table of a TOML file, read field by field: whatever is wrong is said by file, item and field.

The reader tracks the fields it was asked for, so that a misspelt one is refused and not lost in silence. What is refused is
gathered where there is a list to gather it; something neutral then stands for it, of which nothing is made.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError

Choice = TypeVar("Choice", bound=StrEnum)
_REMEDY = "Corrigez ce champ dans le fichier, puis recommencez."
_BYTES_MAX = 20_000_000


class Table:
    """One table of a file, read field by field; `finish` refuses what nobody asked for.

    `item` names the table in an error: its code where it has one, else its place in the file.
    """

    def __init__(self, file: str, item: str, values: object, problems: list[str] | None = None) -> None:
        """`problems`: where what is refused is gathered; None: the first raises `UserError`."""
        self.file = file
        self.item = item
        self._problems = problems
        self._refused: set[str] = set()
        if not isinstance(values, dict):
            self.refuse("", "une table est attendue ici")
        self.values: dict[str, Any] = dict(values) if isinstance(values, dict) else {}
        self._read: set[str] = set()
        self.unit = ""
        """The unit that its figures are in."""

    def refuse(self, name: str, why: str) -> None:
        """Refuse the file for one field of this item; of a field the first reason is told, of no table nothing more."""
        if self._refused & {name, ""}:
            return
        self._refused.add(name)
        where = f"{self.item}, champ «\u202f{name}\u202f»" if name else self.item
        words = f"Le fichier {self.file} ne peut pas être lu\u202f: {where}\u202f: {why}."
        if self._problems is None:
            raise UserError(words, _REMEDY)
        self._problems.append(words)

    def has(self, name: str) -> bool:
        return name in self.values

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields that are given, in the order of the file."""
        return tuple(self.values)

    def _take(self, name: str, kind: type | tuple[type, ...], expected: str) -> Any:
        self._read.add(name)
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            self.refuse(name, f"{expected} est attendu, et non «\u202f{value}\u202f»")
            return None
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; without a default, one that must be there and not be empty."""
        value = self._take(name, str, "un texte")
        if default is not None and (value is None or not value.strip()):
            return default
        if not value or not value.strip():
            self.refuse(name, "ce champ manque")
        return str(value or "").strip()

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None."""
        return self.text(name) if self.has(name) else None

    def word_at(self, name: str) -> str:
        """Return the text of a field that is read elsewhere; empty where there is none."""
        value = self.values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str, unit: str = "") -> Decimal | None:
        """Return an exact number in `unit`: a TOML one, or a text as people write it."""
        value = self._take(name, (int, Decimal, str), "un nombre")
        if value is None:
            return None
        if isinstance(value, str):
            try:
                return french.parse_number(value, unit)
            except UserError as error:
                self.refuse(name, error.message.rstrip("."))
                return None
        number = Decimal(value)
        if not number.is_finite():
            self.refuse(name, f"un nombre est attendu, et non «\u202f{value}\u202f»")
            return None
        return number

    def required_number(self, name: str, unit: str = "") -> Decimal:
        value = self.number(name, unit)
        if value is None:
            self.refuse(name, "ce champ manque")
        return value or Decimal(0)

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number."""
        value = self._take(name, int, "un nombre entier")
        if value is None:
            if default is None:
                self.refuse(name, "ce champ manque")
            return default or 0
        return int(value)

    def day(self, name: str) -> date | None:
        """Return a date, or None."""
        value = self._take(name, date, "une date comme 2027-12-31")
        if isinstance(value, datetime):
            self.refuse(name, "une date sans heure est attendue")
            return None
        return value if isinstance(value, date) else None

    def required_day(self, name: str) -> date:
        value = self.day(name)
        if value is None:
            self.refuse(name, "ce champ manque")
        return value or date.min

    def flag(self, name: str) -> bool:
        """Return true or false; false by default."""
        return bool(self._take(name, bool, "true ou false"))

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        word = self._take(name, str, "un mot")
        if word is None and default is not None:
            return default
        if word not in {member.value for member in kind}:
            known = ", ".join(member.value for member in kind)
            self.refuse(name, f"«\u202f{word or ''}\u202f» n’est pas l’un des mots admis ({known})")
            return default or next(iter(kind))
        return kind(word)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty by default."""
        values = self._take(name, list, "une liste de textes") or []
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(name, "une liste de textes est attendue")
            return ()
        texts = tuple(value.strip() for value in values)
        for rank, text in enumerate(texts):
            if text in texts[:rank]:
                self.refuse(name, f"«\u202f{text}\u202f» y est deux fois")
        return texts

    def tables(self, name: str, identity: str = "code") -> Iterator[Table]:
        """Yield the sub-tables of a field, each known by its identity field where it has one."""
        for rank, values in enumerate(self._take(name, list, "une liste de tables") or [], start=1):
            given = values.get(identity) if isinstance(values, dict) else None
            own = given if isinstance(given, str) else f"{name} n°\u202f{rank}"
            # A code says all by itself; any other name only says which of its owner's parts it is.
            item = own if identity == "code" and isinstance(given, str) else f"{self.item}, {own}"
            yield Table(self.file, item, values, self._problems)

    def table(self, name: str) -> Table | None:
        """Return a sub-table, or None."""
        values = self._take(name, dict, "une table")
        return None if values is None else Table(self.file, f"{self.item}, {name}", values, self._problems)

    def finish(self) -> None:
        """Refuse a field that nobody read: a misspelt one must not be lost in silence."""
        for name in sorted(self.values.keys() - self._read):
            self.refuse(name, "ce champ n’existe pas")


@contextmanager
def whole(table: Table) -> Iterator[Table]:
    """Read a table to its end."""
    yield table
    table.finish()


def table_of(path: Path, problems: list[str]) -> Table | None:
    """Return what a file holds; None where it cannot be read, which is put among the problems."""
    try:
        return Table(path.name, "le fichier", parse(path), problems)
    except UserError as error:
        problems.append(error.message)
        return None


def refuse_gathered(problems: list[str]) -> None:
    """Refuse the files for all that was gathered. Raises `UserError` where there is something."""
    if problems:
        several = "Corrigez ces champs dans les fichiers, puis recommencez."
        raise UserError("\n".join(problems), _REMEDY if len(problems) == 1 else several)


def parse(path: Path) -> dict[str, Any]:
    """Read one TOML file. Raises `UserError` with the line of a fault of syntax."""
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise UserError(
                f"Le fichier {path.name} est trop lourd pour un contrat.", "Gardez ce qui est utile."
            )
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise UserError(
            f"Le contrat n’a pas de fichier {path.name}.", f"Vérifiez le dossier {path.parent}."
        ) from None
    except UnicodeDecodeError:
        raise UserError(
            f"Le fichier {path.name} ne peut pas être lu\u202f: son texte n’est pas en UTF-8.",
            "Enregistrez-le en UTF-8, puis recommencez.",
        ) from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise UserError(
            f"Le fichier {path.name} ne peut pas être lu\u202f: {_fault(error)}.",
            "Corrigez la syntaxe à cet endroit, puis recommencez.",
        ) from None
    except OSError as error:
        raise durable.unreadable(path, error) from None


def _fault(error: Exception) -> str:
    """Say in French where the syntax of a file breaks; the reader's own words are English."""
    if isinstance(error, RecursionError):
        return "il s’emboîte sans fin"
    if not isinstance(error, tomllib.TOMLDecodeError):
        return "un nombre y est démesuré"
    place = re.search(r"line (\d+), column (\d+)", str(error))
    return (
        f"la ligne {place[1]} (colonne {place[2]}) n’est pas du TOML"
        if place
        else "le TOML s’arrête avant sa fin"
    )
