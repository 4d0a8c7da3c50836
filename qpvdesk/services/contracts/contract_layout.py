"""The documented layout of a whole contract as a workbook: one sheet a kind of thing, one column a field.

It follows from `domain.kinds`: a field declared there has its column here. What refers to something else holds its
code, or its « Clé » where it has no code.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qpvdesk.domain import french
from qpvdesk.domain.kinds import BY_NAME, KINDS, Choices, Field, FieldPart, Kind, Type
from qpvdesk.domain.kinds.words import LABELS
from qpvdesk.domain.levels import Levels

FORMAT = 1
KEY = "Clé"
GUIDE = "Mode d’emploi"
TO_MEND = "À corriger"
"""The sheet that lists the refused cells of a workbook given back: it is not read."""
CONTENTS = "Contenus"
"""In JSON alone: what the joined files hold, by fingerprint, in base 64, and the text of those that have one."""

_EXPECTED = {
    Type.TEXT: "un texte",
    Type.LEVEL: "un mot parmi : "
    f"{', '.join(level.name for level in Levels(()).all)}, ou un code de la feuille « Niveaux de lieu »",
    Type.FILE_NAME: "un nom de fichier, sans dossier",
    Type.NUMBER: "un nombre",
    Type.DATE: "une date comme 31/12/2027",
    Type.DAY: "une date comme 31/12/2027",
    Type.INTEGER: "un nombre entier",
    Type.BOOL: "oui ou non",
}


_STANDS_FOR = "ce qui tient lieu de code tant que personne ne l’a donné, d’après le nom"
_CODE = "code proposé d’après le partenaire, dans l’ordre des lignes"
_OF_ENGAGEMENT = "celui de l’engagement, sinon celui dont le code commence celui de la ligne"
_BLANK = {
    ("contract", "code"): "celui que l’on donne à l’import, sinon le nom du fichier",
    ("partner", "short_name"): "le nom s’il est court, sinon le code",
    ("partner", "code"): "ce qui commence les codes de ses engagements, sinon ses initiales",
    ("territory", "code"): _STANDS_FOR,
    ("territory", "level"): "le niveau que dit la forme du code",
    ("engagement", "partner"): "celui dont le code commence celui de la ligne",
    ("engagement", "code"): _CODE,
    ("objective", "partner"): _OF_ENGAGEMENT,
    ("objective", "code"): _CODE,
    (
        "objective",
        "territory",
    ): "le lieu de son engagement s’il en nomme un seul, sinon le périmètre du contrat",
    ("objective", "unit"): "% pour une part ou un taux, la chose comptée pour un nombre de choses",
    ("objective", "sens"): "déduit du départ et de la cible quand ils diffèrent, ou de ce qui manque",
    ("objective", "mesure"): "d’après les mots de l’objectif (« par an »), sinon le niveau à une date",
    ("funding", "partner"): _OF_ENGAGEMENT,
    ("funding", "code"): _CODE,
    ("funding", "last_year"): "la première année",
    ("funding", "unit"): "l’euro, où le montant porte le signe €",
    ("territory", "parent"): "le périmètre du contrat, pour une commune ou un quartier",
}
"""What a blank cell is taken for, by kind and field (see `contract_blanks`)."""


_BESIDE = {
    ("territory", "parent"): ("territory_link", "part", "whole"),
    ("engagement", "partner"): ("engagement_partner", "engagement", "partner"),
    ("engagement", "territory"): ("engagement_territory", "engagement", "territory"),
    ("funding", "partner"): ("funding_partner", "funding", "partner"),
}
"""By kind and field of which a cell may name several things: the kind that each of them makes a line of, its field for the
line, its field for the thing."""


_ENTRIES = {"engagement": ("copilots",), "territory": ("inhabitants", "vintage")}
"""By kind: the entries of its form that a person may fill in in its own sheet, and that make lines of other sheets."""
ENTERED = {("engagement", "territories"): "territory"}
"""By kind and entry of its form: the field of the column in which a sheet says the same."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: a field of a kind, or one part of a field that takes several."""

    header: str
    field: Field
    part: FieldPart | None = None
    blank: str = ""
    """What a blank cell of a line that a person wrote is taken for; empty where it is taken for nothing."""
    beside: tuple[str, str, str] | None = None
    """What the several things that a cell names make lines of; None where it names one (see `contract_names`)."""

    @property
    def slug(self) -> str:
        """The name of the column in JSON: `date_cible`."""
        return slug(self.header)

    @property
    def type(self) -> Type:
        return self.field.type if self.part is None else self.part.type

    @property
    def ref(self) -> str | None:
        """Kind of the thing that a cell names."""
        return self.field.ref if self.part is None else self.part.ref

    @property
    def required(self) -> bool:
        """Whether a row cannot do without it; a missing key is made."""
        return self.field.required and self.field.name != "key" and not self.blank

    @property
    def words(self) -> Choices:
        """The few words of a text that has no others: what is shown, what is kept."""
        ask = self.field.ask
        return ask.choices if ask is not None and self.field.words is None and self.part is None else ()

    @property
    def usual(self) -> tuple[str, ...]:
        """The usual words of a text that may be another."""
        return self.field.ask.usual if self.field.ask is not None and self.part is None else ()

    @property
    def open(self) -> bool:
        """Whether the contract may have other words than those that are listed."""
        return self.field.open or self.type is Type.LEVEL or bool(self.usual)

    @property
    def labels(self) -> tuple[str, ...]:
        """The few words that a cell takes, as the window says them, or the usual ones; empty where there are many."""
        if self.field.words is not None:
            return tuple(LABELS[self.field.words].values())
        if self.type is Type.LEVEL:
            return tuple(level.name for level in Levels(()).all)
        if self.usual:
            return self.usual
        return tuple(label for label, _ in self.words)

    def shown(self, word: str) -> str:
        """The word that a cell of a workbook holds for one of the few that are kept: the window's own."""
        if self.field.words is not None:
            return str(LABELS[self.field.words].get(word, word))
        if self.type is Type.LEVEL:
            return Levels(()).name(word)
        return next((label for label, kept in self.words if kept == word), word)

    @property
    def is_code(self) -> bool:
        """Whether a cell is kept letter by letter: « 01004 » is no number."""
        return (self.type is Type.TEXT and self.field.name in ("code", "epci")) or self.ref is not None

    @property
    def expected(self) -> str:
        """What the column takes, in French."""
        return f"{self._taken} ; vide : {self.blank}" if self.blank else self._taken

    @property
    def _taken(self) -> str:
        if self.field.name == "key":
            return "laisser vide : elle est faite d’elle-même"
        if self.ref == "meeting":
            return "une instance par son genre et sa date : COPIL-2026-01-15"
        if self.ref is not None:
            target = BY_NAME[self.ref]
            called = "un nom ou un code" if target.has_code else "une clé"
            several = ", ou plusieurs séparés par des virgules" if self.beside else ""
            return f"{called} de la feuille « {target.sheet} »{several}"
        if self.field.named:
            return f"un nom ou un code de la feuille « {BY_NAME[self.field.named].sheet} », ou une nouvelle"
        if self.field.type is Type.THRESHOLDS:
            return "une fraction (0,10 pour dix points)"
        if self.field.words is not None:
            return f"un mot parmi : {', '.join(self.labels)}" + ", ou un autre" * self.field.open
        if self.words:
            return f"un mot parmi : {', '.join(self.labels)}"
        year = self.field.begins or self.field.ends
        return f"{_EXPECTED[self.type]}, ou une année" if year and self.part is None else _EXPECTED[self.type]


def slug(header: str) -> str:
    """Return the name of a sheet or a column in JSON."""
    return french.fold(header.replace("’", " ").replace("-", " ").replace("–", " ")).replace(" ", "_")


def list_name(sheet: str) -> str:
    """Return the name of a sheet's list in JSON, where « contrat » is the code of the contract."""
    return "fiche" if sheet == BY_NAME["contract"].sheet else slug(sheet)


@functools.cache
def columns(kind: Kind) -> tuple[Column, ...]:
    """Return the columns of a kind, the key last. The contract that owns all is not among them."""
    return tuple(_columns(kind))


def _columns(kind: Kind) -> Iterator[Column]:
    for field in kind.fields[1:]:
        if field.ref == "contract":
            continue
        if field.parts:
            yield from (Column(part.header, field, part) for part in field.parts)
        else:
            blank = _BLANK.get((kind.name, field.name), "")
            beside = _BESIDE.get((kind.name, field.name))
            yield Column(french.raised(field.french), field, blank=blank, beside=beside)
    yield Column(KEY, kind.fields[0])


def entries(kind: Kind) -> tuple[Column, ...]:
    """Return the columns that a sheet may have beside those of `columns`: what they say is written in other sheets."""
    wanted = _ENTRIES.get(kind.name, ())
    beside = ("engagement_partner", "engagement", "partner")
    return tuple(
        Column(french.raised(field.french), field, beside=beside if field.ref else None)
        for field in kind.entries
        if field.name in wanted
    )


def to_fill_in(kind: Kind) -> tuple[Column, ...]:
    """Return the columns of a blank sheet: those of `entries` beside the places."""
    own = columns(kind)
    after = next((at for at, column in enumerate(own, start=1) if column.ref == "territory"), len(own))
    return (*own[:after], *entries(kind), *own[after:])


def word_of(words: type[StrEnum], text: str) -> StrEnum | None:
    """Return the word of an enumeration that a text gives by its value or its label; None for another."""
    # A label had a comma, which parts the words of a list.
    return _called(words).get(french.fold(text).replace("_", " ").replace(",", ""))


@functools.cache
def _called(words: type[StrEnum]) -> Mapping[str, StrEnum]:
    """Return the words of an enumeration by all that gives them; the first of two that are given by one text."""
    called: dict[str, StrEnum] = {}
    for item in words:
        called.setdefault(item.value.replace("_", " "), item)
        called.setdefault(french.fold(LABELS[words][item]), item)
    return called


def kinds() -> tuple[Kind, ...]:
    """Return the kinds in the order in which they are read: what is referred to comes first."""
    # A joined file is nothing without its bytes: its sheet is there where they go along.
    return tuple(kind for kind in kinds_with_files() if kind.name != "attachment")


def kinds_with_files() -> tuple[Kind, ...]:
    """Return the kinds, the joined files too."""
    # An arrêté des données is nothing without what it froze, the record of a paper without the laptop that printed it:
    # no sheet can hold them.
    return tuple(kind for kind in KINDS if kind.sheet)
