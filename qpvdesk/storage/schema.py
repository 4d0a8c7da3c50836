"""Which table holds which entity: one declarative line a field, for the tables, the journal and its sentences.

Written out rather than derived from the annotations: reading them takes longer than opening the base, and the
French name of a field has to be said somewhere. A test holds it against `qpvdesk.domain.model` and against the
tables that the migrations make.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from qpvdesk.domain import file_names, model
from qpvdesk.domain.errors import UserError


class Entity(Protocol):
    """Whatever has a key."""

    @property
    def key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Codec:
    """How a value is kept: in one or several columns of a row, and as one text in a cell of the journal."""

    name: str
    columns: tuple[tuple[str, str], ...]
    """Suffix of the column's name and SQL type, one a column."""
    encode: Callable[[Any], tuple[Any, ...]]
    decode: Callable[..., Any] | None
    """From the columns; None where the column already is the value."""
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _text(value: str) -> str:
    if "\0" in value:
        raise UserError(
            "Un texte contient un caractère invisible qui ne peut pas être enregistré.",
            "Retapez-le au lieu de le coller.",
        )
    return value


def _file_name(value: str) -> str:
    return file_names.check(value) if value else value


def _bare_name(value: str) -> str:
    return file_names.clean(value) if value else value


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    return format(value, "f")


def _citation(document: str, section: str, mark: str) -> model.Citation:
    return model.Citation(document, section, mark)


def _citation_columns(value: model.Citation) -> tuple[str, str, str]:
    return value.document, _text(value.section), _text(value.mark)


def _thresholds(ahead: str, on_track: str, watch: str) -> model.Thresholds:
    return model.Thresholds(Decimal(ahead), Decimal(on_track), Decimal(watch))


def _thresholds_columns(value: model.Thresholds) -> tuple[str, str, str]:
    return _decimal(value.ahead), _decimal(value.on_track), _decimal(value.watch)


def _list(parts: Sequence[str]) -> str:
    return json.dumps(list(parts), ensure_ascii=False, separators=(",", ":"))


TEXT = Codec("text", (("", "TEXT"),), lambda v: (_text(v),), None, _text, str)
FILE_NAME = Codec(
    "file_name",
    (("", "TEXT"),),
    lambda v: (_file_name(v),),
    # A base made before names were checked stays readable; what it holds is a bare name by the time anybody sees it.
    _bare_name,
    _file_name,
    _bare_name,
)
DECIMAL = Codec("decimal", (("", "TEXT"),), lambda v: (_decimal(v),), Decimal, _decimal, Decimal)
DATE = Codec(
    "date",
    (("", "TEXT"),),
    lambda v: (v.isoformat(),),
    date.fromisoformat,
    date.isoformat,
    date.fromisoformat,
)
DAY = Codec(
    "day",
    (("", "INTEGER"),),
    lambda v: (v.toordinal(),),
    date.fromordinal,
    date.isoformat,
    date.fromisoformat,
)
INTEGER = Codec("integer", (("", "INTEGER"),), lambda v: (v,), None, str, int)
BOOL = Codec(
    "bool", (("", "INTEGER"),), lambda v: (int(v),), bool, lambda v: "1" if v else "0", lambda v: v == "1"
)
CITATION = Codec(
    "citation",
    (("_document", "TEXT"), ("_section", "TEXT"), ("_mark", "TEXT")),
    _citation_columns,
    _citation,
    lambda v: _list(_citation_columns(v)),
    lambda v: _citation(*json.loads(v)),
)
THRESHOLDS = Codec(
    "thresholds",
    (("_ahead", "TEXT"), ("_on_track", "TEXT"), ("_watch", "TEXT")),
    _thresholds_columns,
    _thresholds,
    lambda v: _list(_thresholds_columns(v)),
    lambda v: _thresholds(*json.loads(v)),
)


def _enum(values: type[StrEnum]) -> Codec:
    # A table is many times faster than calling the enumeration for each row.
    known: dict[str, StrEnum] = {item.value: item for item in values}
    return Codec(
        values.__name__, (("", "TEXT"),), lambda v: (v.value,), known.__getitem__, str, known.__getitem__
    )


REQUIRED: Any = object()
"""The default of a field that has none."""


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of an entity."""

    name: str
    codec: Codec
    french: str
    """With its article left out, in lower case: « valeur cible »."""
    default: Any = REQUIRED
    ref: str | None = None
    """Kind of the entity whose key the field holds."""
    feminine: bool = False

    @property
    def nullable(self) -> bool:
        """Whether the field may be unknown."""
        return self.default is None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.name + suffix for suffix, _ in self.codec.columns)

    def encode(self, value: Any) -> tuple[Any, ...]:
        """Turn a value into what its columns hold."""
        return (None,) * len(self.codec.columns) if value is None else self.codec.encode(value)

    def write(self, value: Any) -> str | None:
        """Turn a value into the text of its journal cell."""
        return None if value is None else self.codec.write(value)

    def read(self, cell: str | None) -> Any:
        """Turn the text of a journal cell into the value. Raises `ValueError` or `KeyError` on nonsense."""
        return None if cell is None else self.codec.read(cell)

    @property
    def default_cell(self) -> str | None:
        """The journal cell of a field nobody wrote."""
        return None if self.default is REQUIRED else self.write(self.default)


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of entity and the table that holds it. The first field is the key."""

    kind: str
    entity: Callable[..., Any]
    french: str
    dossier: str
    """Name of the tuple of the dossier."""
    fields: tuple[Field, ...]
    order: tuple[str, ...] = ("code",)
    owner: str | None = None
    """Name of the field that leads to the contract, where the table has no `contract` of its own."""
    feminine: bool = False
    by_name: dict[str, Field] = field(init=False, repr=False)
    columns: tuple[str, ...] = field(init=False)
    """One a field, in order, then the further ones of the fields that take several."""
    _single: tuple[tuple[int, Callable[[Any], Any]], ...] = field(init=False, repr=False)
    _several: tuple[tuple[int, tuple[int, ...], Callable[..., Any]], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        further: list[str] = []
        single: list[tuple[int, Callable[[Any], Any]]] = []
        several: list[tuple[int, tuple[int, ...], Callable[..., Any]]] = []
        for index, one in enumerate(self.fields):
            start = len(self.fields) + len(further)
            further += one.columns[1:]
            if one.codec.decode is None:
                continue
            if len(one.columns) == 1:
                single.append((index, one.codec.decode))
            else:
                several.append((index, tuple(range(start, start + len(one.columns) - 1)), one.codec.decode))
        object.__setattr__(self, "by_name", {one.name: one for one in self.fields})
        object.__setattr__(self, "columns", (*(one.columns[0] for one in self.fields), *further))
        object.__setattr__(self, "_single", tuple(single))
        object.__setattr__(self, "_several", tuple(several))

    @property
    def code_field(self) -> str | None:
        """`code` where the entity has one."""
        return "code" if "code" in self.by_name else None

    def row(self, entity: Any) -> tuple[Any, ...]:
        """Return the columns of an entity, in the order of `columns`."""
        first: list[Any] = []
        further: list[Any] = []
        for one in self.fields:
            parts = one.encode(getattr(entity, one.name))
            first.append(parts[0])
            further += parts[1:]
        return (*first, *further)

    def entities(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """Turn rows of `columns` into entities."""
        made = []
        entity, single, several, count = self.entity, self._single, self._several, len(self.fields)
        for row in rows:
            values = list(row)
            for index, decode in single:
                value = values[index]
                if value is not None:
                    values[index] = decode(value)
            for index, others, build in several:
                value = values[index]
                if value is not None:
                    values[index] = build(value, *[values[other] for other in others])
            made.append(entity(*values[:count]))
        return made

    def select(self, where: str) -> str:
        """Return the query of `columns` for a condition."""
        return f"SELECT {self._quoted} FROM {self.kind} WHERE {where}"

    @property
    def insert(self) -> str:
        """Return the statement that adds a row."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.kind} ({self._quoted}) VALUES ({marks})"

    @property
    def _quoted(self) -> str:
        # `end` is a word of SQL.
        return ", ".join(f'"{name}"' for name in self.columns)

    @property
    def upsert(self) -> str:
        """Return the statement that adds a row or changes it in place; never deletes, as REPLACE would."""
        changed = ", ".join(f'"{name}" = excluded."{name}"' for name in self.columns[1:])
        return f"{self.insert} ON CONFLICT (key) DO UPDATE SET {changed}"


_KEY = Field("key", TEXT, "clé", feminine=True)
_CODE = Field("code", TEXT, "code")
_CONTRACT = Field("contract", TEXT, "contrat", ref="contract")
_NOTE = Field("note", TEXT, "note", "", feminine=True)
_CITATION = Field("citation", CITATION, "source", None, feminine=True)
_RETIRED = Field("retired", BOOL, "retrait", False)
_RANK = Field("rank", INTEGER, "rang", 0)

TABLES: tuple[Table, ...] = (
    Table(
        "contract",
        model.Contract,
        "contrat",
        "contract",
        (
            _KEY,
            _CODE,
            Field("name", TEXT, "nom"),
            Field("epci", TEXT, "code de l’EPCI", None),
            Field("start", DATE, "début", None),
            Field("end", DATE, "fin", None, feminine=True),
            Field("signed_on", DATE, "date de signature", None, feminine=True),
            _NOTE,
            Field("thresholds", THRESHOLDS, "seuils de statut", model.Thresholds()),
        ),
    ),
    Table(
        "document",
        model.Document,
        "document",
        "documents",
        (
            _KEY,
            _CONTRACT,
            _CODE,
            Field("title", TEXT, "titre"),
            Field("issued_on", DATE, "date", None, feminine=True),
            _NOTE,
        ),
    ),
    Table(
        "territory",
        model.Territory,
        "territoire",
        "territories",
        (
            _KEY,
            _CONTRACT,
            _CODE,
            Field("name", TEXT, "nom"),
            Field("level", _enum(model.Level), "niveau"),
            Field("parent", TEXT, "territoire englobant", None, ref="territory"),
            _NOTE,
        ),
    ),
    Table(
        "partner",
        model.Partner,
        "partenaire",
        "partners",
        (
            _KEY,
            _CONTRACT,
            _CODE,
            Field("name", TEXT, "nom"),
            Field("short_name", TEXT, "nom court"),
            _RANK,
            Field("contact_function", TEXT, "fonction du contact", "", feminine=True),
            _NOTE,
        ),
        order=("rank", "code"),
    ),
    Table(
        "population",
        model.Population,
        "population",
        "populations",
        (
            _KEY,
            Field("territory", TEXT, "territoire", ref="territory"),
            Field("perimeter", TEXT, "périmètre"),
            Field("value", DECIMAL, "valeur", feminine=True),
            Field("vintage", DATE, "millésime", None),
            _CITATION,
        ),
        order=("territory", "perimeter", "vintage", "key"),
        owner="territory",
        feminine=True,
    ),
    Table(
        "establishment",
        model.Establishment,
        "établissement",
        "establishments",
        (
            _KEY,
            _CONTRACT,
            _CODE,
            Field("name", TEXT, "nom"),
            Field("territory", TEXT, "commune", ref="territory", feminine=True),
            Field("kind", TEXT, "genre"),
            Field("label", TEXT, "label", ""),
            _CITATION,
        ),
    ),
    Table(
        "legal_reference",
        model.LegalReference,
        "référence juridique",
        "legal_references",
        (
            _KEY,
            _CONTRACT,
            _CODE,
            Field("label", TEXT, "libellé"),
            Field("partner", TEXT, "partenaire", None, ref="partner"),
            Field("dated", DATE, "date", None, feminine=True),
            Field("vote", TEXT, "vote", ""),
            _CITATION,
        ),
        feminine=True,
    ),
    Table(
        "engagement",
        model.Engagement,
        "engagement",
        "engagements",
        (
            _KEY,
            _CONTRACT,
            Field("partner", TEXT, "partenaire", ref="partner"),
            _CODE,
            Field("label", TEXT, "libellé"),
            Field("theme", _enum(model.Theme), "thématique", feminine=True),
            Field("nature", _enum(model.Nature), "nature", feminine=True),
            Field("detail", TEXT, "détail", ""),
            Field("due", DATE, "échéance", None, feminine=True),
            Field("territory", TEXT, "territoire", None, ref="territory"),
            _CITATION,
            _RETIRED,
        ),
    ),
    Table(
        "engagement_territory",
        model.EngagementTerritory,
        "territoire d’engagement",
        "engagement_territories",
        (
            _KEY,
            Field("engagement", TEXT, "engagement", ref="engagement"),
            Field("territory", TEXT, "territoire", ref="territory"),
        ),
        order=("engagement", "territory", "key"),
        owner="engagement",
    ),
    Table(
        "condition",
        model.Condition,
        "condition",
        "conditions",
        (
            _KEY,
            _CONTRACT,
            Field("partner", TEXT, "partenaire", ref="partner"),
            Field("text", TEXT, "texte"),
            Field("engagement", TEXT, "engagement", None, ref="engagement"),
            _CITATION,
        ),
        order=("partner", "engagement", "key"),
        feminine=True,
    ),
    Table(
        "objective",
        model.Objective,
        "objectif",
        "objectives",
        (
            _KEY,
            _CONTRACT,
            Field("partner", TEXT, "partenaire", ref="partner"),
            _CODE,
            Field("label", TEXT, "libellé"),
            Field("theme", _enum(model.Theme), "thématique", feminine=True),
            Field("territory", TEXT, "territoire", ref="territory"),
            Field("unit", TEXT, "unité", feminine=True),
            Field("sens", _enum(model.Sens), "sens"),
            Field("mesure", _enum(model.Mesure), "mode de mesure", model.Mesure.STOCK),
            Field("engagement", TEXT, "engagement", None, ref="engagement"),
            Field("start_value", DECIMAL, "valeur de départ", None, feminine=True),
            Field("start_date", DATE, "date de départ", None, feminine=True),
            Field("target_value", DECIMAL, "valeur cible", None, feminine=True),
            Field("target_date", DATE, "date cible", None, feminine=True),
            Field("reference", TEXT, "objectif de référence", None, ref="objective"),
            Field("parent", TEXT, "objectif décliné", None, ref="objective"),
            Field("aggregation", _enum(model.Aggregation), "mode de calcul", model.Aggregation.AUCUN),
            Field("frequency", _enum(model.Frequency), "fréquence", model.Frequency.ANNUELLE, feminine=True),
            Field("weight", DECIMAL, "poids", Decimal(1)),
            Field("start_unit", TEXT, "unité de départ", "", feminine=True),
            Field("population", TEXT, "population", "", feminine=True),
            _NOTE,
            _CITATION,
            _RETIRED,
        ),
    ),
    Table(
        "milestone",
        model.Milestone,
        "jalon",
        "milestones",
        (
            _KEY,
            Field("objective", TEXT, "objectif", ref="objective"),
            Field("day", DATE, "date", feminine=True),
            Field("value", DECIMAL, "valeur", feminine=True),
        ),
        order=("objective", "day", "key"),
        owner="objective",
    ),
    Table(
        "measurement",
        model.Measurement,
        "relevé",
        "measurements",
        (
            _KEY,
            Field("objective", TEXT, "objectif", ref="objective"),
            Field("territory", TEXT, "territoire", ref="territory"),
            Field("day", DAY, "date", feminine=True),
            Field("value", DECIMAL, "valeur", feminine=True),
            Field("source", TEXT, "source", "", feminine=True),
            Field("comment", TEXT, "commentaire", ""),
            Field("provisional", BOOL, "caractère provisoire", False),
            Field("numerator", DECIMAL, "numérateur", None),
            Field("denominator", DECIMAL, "dénominateur", None),
            Field("entered_on", DATE, "date de saisie", None, feminine=True),
            _CITATION,
        ),
        order=("objective", "day", "key"),
        owner="objective",
    ),
    Table(
        "counter_value",
        model.CounterValue,
        "contre-valeur",
        "counter_values",
        (
            _KEY,
            Field("objective", TEXT, "objectif", ref="objective"),
            Field("day", DATE, "date", feminine=True),
            Field("value", DECIMAL, "valeur", feminine=True),
            Field("reason", TEXT, "motif"),
            Field("source", TEXT, "source", "", feminine=True),
        ),
        order=("objective", "day", "key"),
        owner="objective",
        feminine=True,
    ),
    Table(
        "meteo",
        model.Meteo,
        "météo",
        "meteos",
        (
            _KEY,
            Field("engagement", TEXT, "engagement", ref="engagement"),
            Field("day", DATE, "date", feminine=True),
            Field("weather", _enum(model.Weather), "météo", feminine=True),
            Field("results", TEXT, "synthèse des résultats", "", feminine=True),
            Field("obstacles", TEXT, "synthèse des freins", "", feminine=True),
            Field("next_steps", TEXT, "synthèse des suites", "", feminine=True),
        ),
        order=("engagement", "day", "key"),
        owner="engagement",
        feminine=True,
    ),
    Table(
        "step",
        model.Step,
        "étape",
        "steps",
        (
            _KEY,
            Field("engagement", TEXT, "engagement", ref="engagement"),
            Field("label", TEXT, "libellé"),
            _RANK,
            Field("who", TEXT, "responsable", ""),
            Field("due", DATE, "échéance", None, feminine=True),
            Field("done_on", DATE, "date de réalisation", None, feminine=True),
        ),
        order=("engagement", "rank", "key"),
        owner="engagement",
        feminine=True,
    ),
    Table(
        "funding",
        model.Funding,
        "financement",
        "fundings",
        (
            _KEY,
            _CONTRACT,
            Field("partner", TEXT, "partenaire", ref="partner"),
            _CODE,
            Field("label", TEXT, "libellé"),
            Field("first_year", INTEGER, "première année", feminine=True),
            Field("last_year", INTEGER, "dernière année", feminine=True),
            Field("amount", DECIMAL, "montant"),
            Field("unit", TEXT, "unité", feminine=True),
            Field("budget", _enum(model.Budget), "section", model.Budget.NON_PRECISE, feminine=True),
            Field(
                "credit", _enum(model.Credit), "nature des crédits", model.Credit.NON_PRECISE, feminine=True
            ),
            Field("stage", _enum(model.Stage), "avancement", model.Stage.PREVU),
            Field("engagement", TEXT, "engagement", None, ref="engagement"),
            Field("territory", TEXT, "territoire", None, ref="territory"),
            _NOTE,
            _CITATION,
        ),
    ),
    Table(
        "meeting",
        model.Meeting,
        "instance",
        "meetings",
        (
            _KEY,
            _CONTRACT,
            Field("kind", _enum(model.MeetingKind), "genre"),
            Field("day", DATE, "date", feminine=True),
            Field("place", TEXT, "lieu", ""),
            Field("title", TEXT, "titre", ""),
            Field("agenda", TEXT, "ordre du jour", ""),
            Field("participants", TEXT, "liste des participants", "", feminine=True),
        ),
        order=("day", "key"),
        feminine=True,
    ),
    Table(
        "decision",
        model.Decision,
        "décision",
        "decisions",
        (
            _KEY,
            Field("meeting", TEXT, "instance", ref="meeting", feminine=True),
            Field("label", TEXT, "libellé"),
            _RANK,
            Field("carrier", TEXT, "porteur", ""),
            Field("due", DATE, "échéance", None, feminine=True),
            Field("state", _enum(model.DecisionState), "état", model.DecisionState.A_FAIRE),
        ),
        order=("meeting", "rank", "key"),
        owner="meeting",
        feminine=True,
    ),
    Table(
        "snapshot",
        model.Snapshot,
        "arrêté des données",
        "snapshots",
        (
            _KEY,
            _CONTRACT,
            Field("meeting", TEXT, "instance", ref="meeting", feminine=True),
            Field("day", DATE, "date des données", feminine=True),
            Field("frozen_on", DATE, "date de l’arrêté", feminine=True),
            Field("fingerprint", TEXT, "empreinte", feminine=True),
        ),
        order=("day", "key"),
    ),
    Table(
        "statement",
        model.Statement,
        "énoncé",
        "statements",
        (
            _KEY,
            _CONTRACT,
            _CODE,
            Field("kind", _enum(model.StatementKind), "genre"),
            Field("label", TEXT, "libellé"),
            Field("partner", TEXT, "partenaire", None, ref="partner"),
            Field("value", DECIMAL, "valeur", None, feminine=True),
            Field("unit", TEXT, "unité", "", feminine=True),
            Field("formula", TEXT, "formule", "", feminine=True),
            Field("objective", TEXT, "objectif", None, ref="objective"),
            _NOTE,
            _CITATION,
        ),
    ),
    Table(
        "operand",
        model.Operand,
        "terme d’énoncé",
        "operands",
        (
            _KEY,
            Field("statement", TEXT, "énoncé", ref="statement"),
            Field("rank", INTEGER, "rang"),
            Field("name", TEXT, "nom"),
            Field("value", DECIMAL, "valeur", None, feminine=True),
            Field("unit", TEXT, "unité", "", feminine=True),
            Field("label", TEXT, "libellé", ""),
        ),
        order=("statement", "rank", "key"),
        owner="statement",
    ),
    Table(
        "acknowledgement",
        model.Acknowledgement,
        "prise en compte",
        "acknowledgements",
        (
            _KEY,
            _CONTRACT,
            Field("point", TEXT, "point d’attention"),
            Field("reason", TEXT, "motif"),
            Field("day", DATE, "date", feminine=True),
        ),
        order=("day", "key"),
        feminine=True,
    ),
    Table(
        "correspondence",
        model.Correspondence,
        "correspondance de colonnes",
        "correspondences",
        (
            _KEY,
            _CONTRACT,
            Field("partner", TEXT, "partenaire", ref="partner"),
            Field("layout", TEXT, "description", feminine=True),
        ),
        order=("partner", "key"),
        feminine=True,
    ),
    Table(
        "attachment",
        model.Attachment,
        "pièce jointe",
        "attachments",
        (
            _KEY,
            _CONTRACT,
            Field("name", FILE_NAME, "nom du fichier"),
            Field("digest", TEXT, "empreinte", feminine=True),
            Field("size", INTEGER, "taille", feminine=True),
            Field("added_on", DATE, "date d’ajout", feminine=True),
            _NOTE,
            Field("document", TEXT, "document", None, ref="document"),
            Field("engagement", TEXT, "engagement", None, ref="engagement"),
            Field("measurement", TEXT, "relevé", None, ref="measurement"),
            Field("decision", TEXT, "décision", None, ref="decision", feminine=True),
        ),
        order=("added_on", "name", "key"),
        feminine=True,
    ),
    Table(
        "paper",
        model.Paper,
        "papier imprimé",
        "papers",
        (
            _KEY,
            _CONTRACT,
            Field("meeting", TEXT, "instance", ref="meeting", feminine=True),
            Field("model", TEXT, "modèle"),
            Field("made_on", DATE, "date d’impression", feminine=True),
            Field("day", DATE, "date des données", feminine=True),
            Field("fingerprint", TEXT, "empreinte", feminine=True),
            Field("name", FILE_NAME, "nom du fichier", ""),
        ),
        order=("made_on", "key"),
    ),
)
"""Parents before their children: the order in which rows can be added."""

BY_KIND: dict[str, Table] = {table.kind: table for table in TABLES}
BY_ENTITY: dict[Any, Table] = {table.entity: table for table in TABLES}
RANK: dict[str, int] = {table.kind: rank for rank, table in enumerate(TABLES)}


def of_contract(table: Table) -> str:
    """Return the condition that keeps the rows of one contract (one `?`)."""
    if table.kind == "contract":
        return "key = ?"
    if table.owner is None:
        return "contract = ?"
    owner = table.by_name[table.owner].ref
    return f"{table.owner} IN (SELECT key FROM {owner} WHERE contract = ?)"
