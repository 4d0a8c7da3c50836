"""What a declaration says: a kind of thing, its fields, how each is asked for.

Tables, journal, form, workbook, contract files, purge and salvage follow from it. Written out rather than derived from
annotations: reading those takes longer than opening a base, and the French name of a field has to be said somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from msgspec import Struct

Typed = Mapping[str, str]
"""What is typed in a form, by name."""
Choices = tuple[tuple[str, str], ...]
"""What is shown, and the value it stands for."""

Words = type[StrEnum]
REQUIRED: Any = object()
"""The default of a field that has none."""


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"
    FILE_NAME = "file_name"
    """The name of a file, without a folder."""
    NUMBER = "number"
    """An exact decimal."""
    DATE = "date"
    DAY = "day"
    """A date that tables sort and compare by the ten thousand: kept as an ordinal."""
    INTEGER = "integer"
    BOOL = "bool"
    WORD = "word"
    """One of the words of an enumeration."""
    LINK = "link"
    """The key of another thing of the contract."""
    CODE = "code"
    """The code of another thing of the contract: what stays readable where that thing is not there."""
    LEVEL = "level"
    """The code of a level of places: a usual one, or one of the contract's own."""
    LINKS = "links"
    """Several, one key a line; in forms alone."""
    CITATION = "citation"
    THRESHOLDS = "thresholds"


def always(_: Typed) -> bool:
    """Tell that a field has a meaning whatever is typed in the others."""
    return True


def when(name: str, *words: StrEnum) -> Callable[[Typed], bool]:
    return lambda typed: typed.get(name) in words


class Ask(Struct, frozen=True):
    """How a form asks for a field. `label` may hold a mnemonic."""

    label: str
    help: str = ""
    lines: bool = False
    """A text of several lines."""
    year: bool = False
    """A whole number that is a year."""
    choices: Choices = ()
    """Where they are fewer than the words of the enumeration, or the field is a text of few words."""
    usual: tuple[str, ...] = ()
    """The usual words of a text: they are offered with those that the contract has beside them."""
    shown: Callable[[Typed], bool] = always
    """Whether the field has a meaning, from what is typed in the others; without one, it takes its default."""


class FieldPart(Struct, frozen=True):
    """One part of a field that takes several columns."""

    name: str
    header: str
    """The title of its column in a workbook."""
    type: Type
    ask: Ask
    toml: str
    """Its word in contract files."""
    ref: str | None = None


class Field(Struct, frozen=True):
    """One attribute of a kind of thing, or (without a place in the record) one more entry of its form."""

    name: str
    type: Type
    french: str
    """With its article left out, in lower case: « valeur cible »."""
    default: Any = REQUIRED
    ask: Ask | None = None
    feminine: bool = False
    ref: str | None = None
    """Kind of the thing whose key the field holds."""
    named: str = ""
    """Kind of the thing whose code the field holds."""
    words: Words | None = None
    open: bool = False
    """Whether these are the usual words, and the contract may have others of its own."""
    toml: str = ""
    """Its word in contract files; empty where they do not hold it."""
    free: bool = True
    """Whether one writes there what one likes: a name to be erased may stand in it."""
    door: str = ""
    """Where the window asks for it, or why it never does, where its form does not."""
    parts: tuple[FieldPart, ...] = ()
    blank: bool = False
    """Whether a text that every record has may be empty."""
    ends: bool = False
    """Whether a date may be typed as a period, whose last day it is: « fin 2026 »."""
    begins: bool = False
    """Whether a date may be typed as a year, whose first of January it is."""
    to_come: bool = False
    """Whether a day typed without its year is the next of that name, and not the last."""

    @property
    def unsaid(self) -> Any:
        """What it is where nobody says anything of it."""
        return "" if self.blank else self.default

    @property
    def nullable(self) -> bool:
        return self.default is None

    @property
    def required(self) -> bool:
        """Whether a thing cannot do without it."""
        return self.default is REQUIRED and not self.blank


class Kind(Struct, frozen=True, dict=True):
    """One kind of thing. The first field is the key."""

    name: str
    """As the journal, the tables and the shell know it."""
    entity: Callable[..., Any]
    french: str
    plural: str
    dossier: str
    """Name of the tuple of the dossier."""
    sheet: str
    """Name of its sheet in a workbook; empty where none can hold it."""
    fields: tuple[Field, ...]
    about: str = ""
    """The word of what the journal files its changes under; empty: that of its owner."""
    feminine: bool = False
    order: tuple[str, ...] = ("code",)
    owner: str | None = None
    """Name of the field that leads to the contract, where there is no `contract` of its own."""
    noun: str = ""
    """What its form calls it, where that is not its French name."""
    spoken: str = ""
    """What the window calls it where it has no form, if that is not its French name, by which files know it."""
    form: tuple[str, ...] = ()
    """The order in which a form asks, where it is not that of the fields; what is not named follows."""
    first: tuple[str, ...] = ()
    """What the form of a new one always asks; the rest is folded beneath. Empty: all of it."""
    asked_for: tuple[str, ...] = ()
    """What somebody has to choose in the form of a new one: no default of it would be true."""
    entries: tuple[Field, ...] = ()
    """What its form asks beside its fields: they make or remove other things."""
    door: str = ""
    """Where the window makes one, or why it never does, where it has no form."""
    apart: bool = False
    """Heavy, and read when it is asked for: no dossier read from a base holds it."""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {item.name: item for item in self.fields}

    @property
    def has_code(self) -> bool:
        return "code" in self.by_name

    @property
    def word(self) -> str:
        """What the officer calls one."""
        return self.spoken or self.noun or self.french

    @property
    def nouns(self) -> tuple[str, str]:
        """What its form calls one, and several."""
        return (self.noun, f"{self.noun}s") if self.noun else (self.french, self.plural)

    @property
    def asked(self) -> tuple[Field, ...]:
        """What its form asks for, in order; the source last."""
        fields = {item.name: item for item in (*self.fields, *self.entries) if item.ask or item.parts}
        ordered = [fields.pop(name) for name in self.form if name in fields]
        rest = sorted(fields.values(), key=lambda item: item.type is Type.CITATION)
        return () if self.door else (*ordered, *rest)


def text(name: str, french: str, default: Any = REQUIRED, **more: Any) -> Field:
    return Field(name, Type.TEXT, french, default, **more)


def number(name: str, french: str, default: Any = REQUIRED, **more: Any) -> Field:
    return Field(name, Type.NUMBER, french, default, **more)


def date(name: str, french: str, default: Any = None, **more: Any) -> Field:
    """Declare a date, unknown by default."""
    return Field(name, Type.DATE, french, default, **{"feminine": True, **more})


def integer(name: str, french: str, default: Any = REQUIRED, **more: Any) -> Field:
    """Declare a whole number."""
    return Field(name, Type.INTEGER, french, default, **more)


def flag(name: str, french: str, **more: Any) -> Field:
    """Declare what is or is not; it is not, by default."""
    return Field(name, Type.BOOL, french, False, **more)


def word(name: str, french: str, words: Words, default: Any = REQUIRED, **more: Any) -> Field:
    return Field(name, Type.WORD, french, default, words=words, **more)


def link(name: str, french: str, default: Any = REQUIRED, **more: Any) -> Field:
    """Declare the key of a thing, of the kind `ref` (that of its own name unless said)."""
    return Field(name, Type.LINK, french, default, **{"ref": name, **more})


def named(name: str, french: str, kind: str, **more: Any) -> Field:
    return Field(name, Type.CODE, french, REQUIRED, named=kind, free=False, **more)


_SOURCE_ASKED = (
    Ask("D&ocument source"),
    Ask("R&ubrique", help="Le titre sous lequel la promesse se trouve."),
    Ask("Re&père", help="Quelques mots du document, recopiés tels quels."),
)
CITATION_PARTS = (
    FieldPart("document", "Document cité", Type.LINK, _SOURCE_ASKED[0], toml="document", ref="document"),
    FieldPart("section", "Rubrique citée", Type.TEXT, _SOURCE_ASKED[1], toml="rubrique"),
    FieldPart("mark", "Repère cité", Type.TEXT, _SOURCE_ASKED[2], toml="repere"),
)

KEY = text("key", "clé", feminine=True, free=False, door="Elle est faite d’elle-même.")
CONTRACT = link("contract", "contrat", door="C’est le contrat affiché.")
CODE = text(
    "code", "code", toml="code", free=False, ask=Ask("&Code", help="Court et unique dans le contrat.")
)
NOTE = text("note", "note", "", feminine=True, toml="note", ask=Ask("N&ote", lines=True))
CITATION = Field(
    "citation", Type.CITATION, "source", None, feminine=True, toml="citation", parts=CITATION_PARTS
)
RETIRED = flag("retired", "retrait", toml="retire", door="Retirer et Rétablir, dans le menu Édition.")
