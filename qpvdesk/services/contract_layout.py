"""The documented layout of a whole contract as a workbook: one sheet a kind of thing, one column a field.

It follows from `storage.schema`: a field added there has its column here. What refers to something else holds its
code, or its « Clé » where it has no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qpvdesk.domain import french, model, sens
from qpvdesk.storage.schema import BY_KIND, REQUIRED, TABLES, Field, Table

FORMAT = 1
KEY = "Clé"
GUIDE = "Mode d’emploi"
CONTENTS = "Contenus"
"""In JSON alone: what the joined files hold, by fingerprint, in base 64, and the text of those that have one."""

SHEETS: dict[str, str] = {
    "contract": "Contrat",
    "document": "Documents",
    "territory": "Territoires",
    "partner": "Partenaires",
    "population": "Populations",
    "establishment": "Établissements",
    "legal_reference": "Références juridiques",
    "engagement": "Engagements",
    "engagement_territory": "Lieux des engagements",
    "condition": "Conditions",
    "objective": "Objectifs",
    "milestone": "Jalons",
    "measurement": "Relevés",
    "counter_value": "Contre-valeurs",
    "meteo": "Météo",
    "step": "Étapes",
    "funding": "Financements",
    "meeting": "Instances",
    "decision": "Décisions",
    "statement": "Énoncés",
    "operand": "Termes des énoncés",
    "acknowledgement": "Prises en compte",
    "correspondence": "Correspondances",
    "attachment": "Pièces jointes",
}
"""Name of the sheet of each kind. A kind that is not named here has the kind for its name."""

_PARTS = {
    "citation": (("_document", "Document cité"), ("_section", "Rubrique citée"), ("_mark", "Repère cité")),
    "thresholds": (
        ("_ahead", "Seuil en avance"),
        ("_on_track", "Seuil conforme"),
        ("_watch", "Seuil à surveiller"),
    ),
}
_LABELS: dict[str, dict[Any, str]] = {
    "Theme": dict(model.THEME_LABELS),
    "Nature": dict(model.NATURE_LABELS),
    "Sens": sens.labels(),
    "Level": dict(model.LEVEL_LABELS),
    "Weather": dict(model.WEATHER_LABELS),
    "Frequency": dict(model.FREQUENCY_LABELS),
}
_EXPECTED = {
    "text": "un texte",
    "file_name": "un nom de fichier, sans dossier",
    "decimal": "un nombre",
    "date": "une date comme 31/12/2027",
    "day": "une date comme 31/12/2027",
    "integer": "un nombre entier",
    "bool": "oui ou non",
    "citation": "un texte",
    "thresholds": "une fraction (0,10 pour dix points)",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: a field of the entity, or one part of a field that takes several."""

    header: str
    field: Field
    part: int = 0

    @property
    def slug(self) -> str:
        """The name of the column in JSON: `date_cible`."""
        return slug(self.header)

    @property
    def required(self) -> bool:
        """Whether a row cannot do without it; a missing key is made."""
        return self.field.default is REQUIRED and self.field.name != "key"

    @property
    def expected(self) -> str:
        """What the column takes, in French."""
        field = self.field
        if field.name == "key":
            return "laisser vide : elle est faite d’elle-même"
        target = "document" if field.codec.name == "citation" and self.part == 0 else field.ref
        if target is not None:
            known = "un code" if BY_KIND[target].code_field else "une clé"
            return f"{known} de la feuille « {sheet_name(target)} »"
        return _EXPECTED.get(field.codec.name) or f"un mot parmi : {', '.join(words(field))}"


def slug(header: str) -> str:
    """Return the name of a sheet or a column in JSON."""
    return french.fold(header.replace("’", " ").replace("-", " ").replace("–", " ")).replace(" ", "_")


def sheet_name(kind: str) -> str:
    """Return the name of the sheet of a kind."""
    return SHEETS.get(kind, kind)


def columns(table: Table) -> tuple[Column, ...]:
    """Return the columns of a kind, the key last. The contract that owns all is not among them."""
    return tuple(_columns(table))


def _columns(table: Table) -> Iterator[Column]:
    for field in table.fields[1:]:
        if field.ref == "contract":
            continue
        parts = _PARTS.get(field.codec.name)
        if parts is None:
            yield Column(field.french[0].upper() + field.french[1:], field)
        else:
            for number, (_, header) in enumerate(parts):
                yield Column(header, field, number)
    yield Column(KEY, table.fields[0])


def words(field: Field) -> tuple[str, ...]:
    """Return the words that a field of few words admits; empty for any other."""
    kind = getattr(model, field.codec.name, None)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return tuple(member.value for member in kind)
    return ()


def word_of(field: Field, text: str) -> StrEnum | None:
    """Return the word of an enumeration that a text gives by its value or its label; None for another."""
    kind = getattr(model, field.codec.name)
    wanted = french.fold(text).replace("_", " ")
    labels = _LABELS.get(field.codec.name, {})
    for member in kind:
        if wanted in {member.value.replace("_", " "), french.fold(labels.get(member, member.value))}:
            found: StrEnum = member
            return found
    return None


def kinds() -> tuple[Table, ...]:
    """Return the kinds in the order in which they are read: what is referred to comes first."""
    # An arrêté des données is nothing without what it froze, the record of a paper without the laptop that printed it:
    # no sheet can hold them. A joined file is nothing without its bytes: its sheet is there where they go along.
    return tuple(table for table in TABLES if table.kind not in {"snapshot", "attachment", "paper"})


def kinds_with_files() -> tuple[Table, ...]:
    """Return the kinds, the joined files too."""
    return (*kinds(), BY_KIND["attachment"])
