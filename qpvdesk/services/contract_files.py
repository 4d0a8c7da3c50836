"""A contract as files that a person can read and edit: loaded whole, checked whole, or refused by name.

A folder holds `contrat.toml` (the contract, its documents, places, établissements and legal references) and one
file a partner. The keys of the entities are derived from their codes, so that two laptops that start from the
same files hold the same objects.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from qpvdesk.domain import french
from qpvdesk.domain.coherence.formula import evaluate
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import (
    Aggregation,
    Budget,
    Citation,
    Condition,
    Contract,
    Credit,
    Document,
    Dossier,
    Engagement,
    EngagementTerritory,
    Establishment,
    Frequency,
    Funding,
    LegalReference,
    Level,
    Measurement,
    Mesure,
    Milestone,
    Nature,
    Objective,
    Operand,
    Partner,
    Population,
    Sens,
    Stage,
    Statement,
    StatementKind,
    Territory,
    Theme,
    Thresholds,
)

FORMAT = 1
MARK_WORDS = 8
PERIMETERS = ("totale", "qpv")
UNITS_OF_FUNDING = ("EUR", "ETP")
_GROUPS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
"""What parts the thousands of a number: 149 827 is one word."""

RECKONED = (StatementKind.TOTAL, StatementKind.PART, StatementKind.FORMULE, StatementKind.ENVELOPPE)
"""Statements whose value is reckoned from the values of all their operands."""

Choice = TypeVar("Choice", bound=StrEnum)


class _Table:
    """One table of a file, read field by field; `finish` refuses what nobody asked for.

    `item` names the table in an error: its code where it has one, else its place in the file.
    """

    def __init__(self, file: str, item: str, values: object) -> None:
        self.file = file
        self.item = item
        if not isinstance(values, dict):
            self.refuse("", "une table est attendue ici")
        self._values: dict[str, Any] = dict(values)
        self._read: set[str] = set()

    def refuse(self, name: str, why: str) -> NoReturn:
        """Refuse the file for one field of this item."""
        where = f"{self.item}, champ «\u202f{name}\u202f»" if name else self.item
        raise UserError(
            f"Le fichier {self.file} ne peut pas être lu\u202f: {where}\u202f: {why}.",
            "Corrigez ce champ dans le fichier, puis recommencez.",
        )

    def has(self, name: str) -> bool:
        """Tell whether the field is given."""
        return name in self._values

    def _take(self, name: str, kind: type | tuple[type, ...], expected: str) -> Any:
        self._read.add(name)
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            self.refuse(name, f"{expected} est attendu, et non «\u202f{value}\u202f»")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; without a default, one that must be there and not be empty."""
        value = self._take(name, str, "un texte")
        if default is not None and (value is None or not value.strip()):
            return default
        if not value or not value.strip():
            self.refuse(name, "ce champ manque")
        return str(value).strip()

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None."""
        return self.text(name) if self.has(name) else None

    def number(self, name: str) -> Decimal | None:
        """Return an exact number: a TOML one, or a text as people write it."""
        value = self._take(name, (int, Decimal, str), "un nombre")
        if value is None:
            return None
        if isinstance(value, str):
            try:
                return french.parse_number(value)
            except UserError as error:
                self.refuse(name, error.message.rstrip("."))
        number = Decimal(value)
        if not number.is_finite():
            self.refuse(name, f"un nombre est attendu, et non «\u202f{value}\u202f»")
        return number

    def required_number(self, name: str) -> Decimal:
        """Return a number that must be there."""
        value = self.number(name)
        if value is None:
            self.refuse(name, "ce champ manque")
        return value

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number."""
        value = self._take(name, int, "un nombre entier")
        if value is None:
            if default is None:
                self.refuse(name, "ce champ manque")
            return default
        return int(value)

    def day(self, name: str) -> date | None:
        """Return a date, or None."""
        value = self._take(name, date, "une date comme 2027-12-31")
        if isinstance(value, datetime):
            self.refuse(name, "une date sans heure est attendue")
        return value if isinstance(value, date) else None

    def required_day(self, name: str) -> date:
        """Return a date that must be there."""
        value = self.day(name)
        if value is None:
            self.refuse(name, "ce champ manque")
        return value

    def flag(self, name: str) -> bool:
        """Return true or false; false by default."""
        return bool(self._take(name, bool, "true ou false"))

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """Return one of the words of an enumeration."""
        word = self._take(name, str, "un mot")
        if word is None and default is not None:
            return default
        if word not in {member.value for member in kind}:
            known = ", ".join(member.value for member in kind)
            self.refuse(name, f"«\u202f{word or ''}\u202f» n’est pas l’un des mots admis ({known})")
        return kind(word)

    def word(self, name: str, known: tuple[str, ...]) -> str:
        """Return one of a few words."""
        word = self.text(name)
        if word not in known:
            self.refuse(name, f"«\u202f{word}\u202f» n’est pas l’un des mots admis ({', '.join(known)})")
        return word

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty by default."""
        values = self._take(name, list, "une liste de textes") or []
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(name, "une liste de textes est attendue")
        texts = tuple(value.strip() for value in values)
        for rank, text in enumerate(texts):
            if text in texts[:rank]:
                self.refuse(name, f"«\u202f{text}\u202f» y est deux fois")
        return texts

    def tables(self, name: str, identity: str = "code") -> Iterator[_Table]:
        """Yield the sub-tables of a field, each known by its identity field where it has one."""
        for rank, values in enumerate(self._take(name, list, "une liste de tables") or [], start=1):
            given = values.get(identity) if isinstance(values, dict) else None
            own = given if isinstance(given, str) else f"{name} n°\u202f{rank}"
            # A code says all by itself; any other name only says which of its owner's parts it is.
            item = own if identity == "code" and isinstance(given, str) else f"{self.item}, {own}"
            yield _Table(self.file, item, values)

    def table(self, name: str) -> _Table | None:
        """Return a sub-table, or None."""
        values = self._take(name, dict, "une table")
        return None if values is None else _Table(self.file, f"{self.item}, {name}", values)

    def finish(self) -> None:
        """Refuse a field that nobody read: a misspelt one must not be lost in silence."""
        for name in sorted(self._values.keys() - self._read):
            self.refuse(name, "ce champ n’existe pas")


def _fault(error: tomllib.TOMLDecodeError) -> str:
    """Say in French where the syntax of a file breaks; the reader's own words are English."""
    place = re.search(r"line (\d+), column (\d+)", str(error))
    return (
        f"la ligne {place[1]} (colonne {place[2]}) n’est pas du TOML"
        if place
        else "le TOML s’arrête avant sa fin"
    )


@contextmanager
def _whole(table: _Table) -> Iterator[_Table]:
    """Read a table to its end."""
    yield table
    table.finish()


def load(folder: Path, *, key_of: Callable[[str], str]) -> Dossier:
    """Read a contract's folder and return everything it holds.

    `key_of` turns a name (`lens-lievin/objective/BPI-O01`) into a key. Raises `UserError` that names the file, the
    item and the field of the first thing that cannot be.
    """
    return _Loader(folder, key_of).load()


@dataclass
class _Held:
    """What has been read so far, by kind."""

    documents: list[Document] = field(default_factory=list)
    territories: list[Territory] = field(default_factory=list)
    populations: list[Population] = field(default_factory=list)
    establishments: list[Establishment] = field(default_factory=list)
    legal_references: list[LegalReference] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)
    engagements: list[Engagement] = field(default_factory=list)
    engagement_territories: list[EngagementTerritory] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    fundings: list[Funding] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    operands: list[Operand] = field(default_factory=list)


class _Loader:
    def __init__(self, folder: Path, key_of: Callable[[str], str]) -> None:
        self.folder = folder
        self.key_of = key_of
        self.held = _Held()
        self.codes: dict[str, dict[str, str]] = {}
        self.links: list[tuple[_Table, str, str, str]] = []
        self.tables: dict[str, _Table] = {}
        self.contract = Contract("", "", "")

    def load(self) -> Dossier:
        head = self.parse(self.folder / "contrat.toml")
        with _whole(_Table("contrat.toml", "le fichier", head)) as top:
            if top.whole("format") != FORMAT:
                top.refuse("format", f"seul le format {FORMAT} est connu")
            self.read_contract(top)
            for table in top.tables("document"):
                self.read_document(table)
            for table in top.tables("territoire"):
                self.read_territory(table)
            for table in top.tables("etablissement"):
                self.read_establishment(table)
            files = sorted(path for path in self.folder.glob("*.toml") if path.name != "contrat.toml")
            tops = [_Table(path.name, "le fichier", self.parse(path)) for path in files]
            for partner_top in tops:
                self.read_partner(partner_top)
            for table in top.tables("reference"):
                self.read_legal_reference(table)
        for partner, partner_top in zip(tuple(self.held.partners), tops, strict=True):
            with _whole(partner_top):
                self.read_promises(partner_top, partner)
        self.check_links()
        self.check_families()
        return self.dossier()

    def parse(self, path: Path) -> dict[str, Any]:
        """Read one TOML file. Raises `UserError` with the line of a fault of syntax."""
        try:
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
        except tomllib.TOMLDecodeError as error:
            raise UserError(
                f"Le fichier {path.name} ne peut pas être lu\u202f: {_fault(error)}.",
                "Corrigez la syntaxe à cet endroit, puis recommencez.",
            ) from None
        except OSError as error:
            raise UserError(
                f"Le fichier {path.name} ne peut pas être lu\u202f: {error.strerror}.",
                f"Vérifiez le dossier {path.parent}.",
            ) from None

    # Codes and keys

    def key(self, *names: object) -> str:
        return self.key_of("/".join(str(name) for name in (self.contract.code, *names)))

    def new(self, table: _Table, kind: str) -> tuple[str, str]:
        """Return the key and the code of a new item. Refuses a code that is taken."""
        code = table.text("code")
        known = self.codes.setdefault(kind, {})
        if code in known:
            table.refuse("code", f"le code «\u202f{code}\u202f» est déjà pris")
        known[code] = self.key(kind, code)
        return known[code], code

    def link(self, table: _Table, name: str, kind: str) -> str | None:
        """Return the key of the item that a field names by its code; checked once all is read."""
        code = table.optional_text(name)
        if code is None:
            return None
        self.links.append((table, name, kind, code))
        return self.key(kind, code)

    def required_link(self, table: _Table, name: str, kind: str) -> str:
        key = self.link(table, name, kind)
        if key is None:
            table.refuse(name, "ce champ manque")
        return key

    def check_links(self) -> None:
        for table, name, kind, code in self.links:
            if code not in self.codes.get(kind, {}):
                table.refuse(name, f"«\u202f{code}\u202f» n’est le code de rien dans ce contrat")

    def citation(self, table: _Table) -> Citation | None:
        part = table.table("citation")
        if part is None:
            return None
        with _whole(part):
            document = self.link(part, "document", "document")
            if document is None:
                if not self.held.documents:
                    part.refuse("document", "le contrat n’a pas de document")
                document = self.held.documents[0].key
            citation = Citation(document, part.text("rubrique"), part.text("repere"))
            if len(_GROUPS.sub("", citation.mark).split()) > MARK_WORDS:
                part.refuse("repere", f"le repère dépasse {MARK_WORDS} mots")
        return citation

    # contrat.toml

    def read_contract(self, top: _Table) -> None:
        table = top.table("contrat")
        if table is None:
            top.refuse("contrat", "cette table manque")
        with _whole(table):
            code = table.text("code")
            self.contract = Contract(
                key="",
                code=code,
                name=table.text("nom"),
                epci=table.optional_text("epci"),
                start=table.day("debut"),
                end=table.day("fin"),
                signed_on=table.day("date_signature"),
                note=table.text("note", ""),
                thresholds=self.thresholds(table),
            )
            if self.contract.start and self.contract.end and self.contract.end < self.contract.start:
                table.refuse("fin", "le contrat finit avant de commencer")
            self.contract = replace(self.contract, key=self.key("contract"))

    def thresholds(self, table: _Table) -> Thresholds:
        part = table.table("seuils")
        if part is None:
            return Thresholds()
        with _whole(part):
            return Thresholds(
                part.required_number("avance"),
                part.required_number("conforme"),
                part.required_number("surveiller"),
            )

    def read_document(self, table: _Table) -> None:
        with _whole(table):
            key, code = self.new(table, "document")
            self.held.documents.append(
                Document(
                    key,
                    self.contract.key,
                    code,
                    table.text("titre"),
                    table.day("date"),
                    table.text("note", ""),
                )
            )

    def read_territory(self, table: _Table) -> None:
        with _whole(table):
            key, code = self.new(table, "territory")
            self.held.territories.append(
                Territory(
                    key,
                    self.contract.key,
                    code,
                    table.text("nom"),
                    table.choice("niveau", Level),
                    self.link(table, "parent", "territory"),
                    table.text("note", ""),
                )
            )
            for rank, part in enumerate(table.tables("population"), start=1):
                with _whole(part):
                    self.held.populations.append(
                        Population(
                            self.key("population", code, rank),
                            key,
                            part.word("perimetre", PERIMETERS),
                            part.required_number("valeur"),
                            part.day("date"),
                            self.citation(part),
                        )
                    )

    def read_establishment(self, table: _Table) -> None:
        with _whole(table):
            key, code = self.new(table, "establishment")
            self.held.establishments.append(
                Establishment(
                    key,
                    self.contract.key,
                    code,
                    table.text("nom"),
                    self.required_link(table, "territoire", "territory"),
                    table.text("genre"),
                    table.text("label", ""),
                    self.citation(table),
                )
            )

    def read_legal_reference(self, table: _Table) -> None:
        with _whole(table):
            key, code = self.new(table, "legal_reference")
            self.held.legal_references.append(
                LegalReference(
                    key,
                    self.contract.key,
                    code,
                    table.text("libelle"),
                    self.link(table, "partenaire", "partner"),
                    table.day("date"),
                    table.text("vote", ""),
                    self.citation(table),
                )
            )

    # A partner's file

    def read_partner(self, top: _Table) -> None:
        table = top.table("partenaire")
        if table is None:
            top.refuse("partenaire", "cette table manque")
        with _whole(table):
            key, code = self.new(table, "partner")
            self.held.partners.append(
                Partner(
                    key,
                    self.contract.key,
                    code,
                    table.text("nom"),
                    table.text("nom_court", table.text("nom")),
                    table.whole("rang", 0),
                    table.text("fonction", ""),
                    table.text("note", ""),
                )
            )

    def read_promises(self, top: _Table, partner: Partner) -> None:
        for rank, table in enumerate(top.tables("condition"), start=1):
            with _whole(table):
                self.held.conditions.append(
                    Condition(
                        self.key("condition", partner.code, rank),
                        self.contract.key,
                        partner.key,
                        table.text("texte"),
                        citation=self.citation(table),
                    )
                )
        for table in top.tables("engagement"):
            self.read_engagement(table, partner)
        for table in top.tables("objectif"):
            self.read_objective(table, partner, None)
        for table in top.tables("financement"):
            self.read_funding(table, partner)
        for table in top.tables("enonce"):
            self.read_statement(table, partner)

    def read_engagement(self, table: _Table, partner: Partner) -> None:
        with _whole(table):
            key, code = self.new(table, "engagement")
            engagement = Engagement(
                key,
                self.contract.key,
                partner.key,
                code,
                table.text("libelle"),
                table.choice("thematique", Theme),
                table.choice("nature", Nature),
                table.text("detail", ""),
                table.day("echeance"),
                self.link(table, "territoire", "territory"),
                self.citation(table),
            )
            self.held.engagements.append(engagement)
            for place in table.texts("territoires"):
                self.links.append((table, "territoires", "territory", place))
                self.held.engagement_territories.append(
                    EngagementTerritory(
                        self.key("engagement_territory", code, place), key, self.key("territory", place)
                    )
                )
            for rank, text in enumerate(table.texts("conditions"), start=1):
                self.held.conditions.append(
                    Condition(
                        self.key("condition", code, rank),
                        self.contract.key,
                        partner.key,
                        text,
                        key,
                        engagement.citation,
                    )
                )
            for part in table.tables("objectif"):
                self.read_objective(part, partner, engagement)

    def read_objective(self, table: _Table, partner: Partner, engagement: Engagement | None) -> None:
        with _whole(table):
            key, code = self.new(table, "objective")
            objective = Objective(
                key=key,
                contract=self.contract.key,
                partner=partner.key,
                code=code,
                label=table.text("libelle"),
                theme=table.choice("thematique", Theme, engagement.theme if engagement else None),
                territory=self.required_link(table, "territoire", "territory"),
                unit=table.text("unite"),
                sens=table.choice("sens", Sens),
                mesure=table.choice("mesure", Mesure, Mesure.STOCK),
                engagement=engagement.key if engagement else None,
                start_value=table.number("valeur_initiale"),
                start_date=table.day("date_initiale"),
                target_value=table.number("valeur_cible"),
                target_date=table.day("date_cible"),
                reference=self.link(table, "reference", "objective"),
                parent=self.link(table, "parent", "objective"),
                aggregation=table.choice("agregation", Aggregation, Aggregation.AUCUN),
                frequency=table.choice("frequence", Frequency, Frequency.ANNUELLE),
                start_unit=table.text("unite_initiale", ""),
                population=table.text("population", ""),
                note=table.text("note", ""),
                citation=self.citation(table),
            )
            self.check_objective(table, objective)
            self.tables[key] = table
            self.held.objectives.append(objective)
            for rank, part in enumerate(table.tables("jalons"), start=1):
                with _whole(part):
                    self.held.milestones.append(
                        Milestone(
                            self.key("milestone", code, rank),
                            key,
                            part.required_day("date"),
                            part.required_number("valeur"),
                        )
                    )
            for rank, part in enumerate(table.tables("releves"), start=1):
                self.read_measurement(part, objective, rank)

    def check_objective(self, table: _Table, objective: Objective) -> None:
        """Refuse what no reckoning could make sense of."""
        if objective.sens is Sens.PARITE and objective.reference is None:
            table.refuse("reference", "un objectif de parité nomme l’objectif auquel il se compare")
        if objective.sens is Sens.SUIVI and objective.target_value is not None:
            table.refuse("valeur_cible", "un indicateur suivi n’a pas de cible")
        if objective.start_date and objective.target_date and objective.target_date <= objective.start_date:
            table.refuse("date_cible", "l’échéance précède la date de départ")
        if objective.mesure is Mesure.CUMUL and objective.start_value not in (None, 0):
            table.refuse("valeur_initiale", "un cumul part de zéro")

    def check_families(self) -> None:
        """Refuse objectives that refer to one another in a way no reckoning could follow."""
        known = {objective.key: objective for objective in self.held.objectives}
        parents = {objective.parent for objective in self.held.objectives}
        for objective in self.held.objectives:
            table = self.tables[objective.key]
            if objective.aggregation is not Aggregation.AUCUN and objective.key not in parents:
                table.refuse("agregation", "cet objectif n’a pas de déclinaison à agréger")
            reference = known.get(objective.reference or "")
            if reference is objective:
                table.refuse("reference", "un objectif ne se compare pas à lui-même")
            if reference and objective.sens is Sens.PARITE and reference.unit != objective.unit:
                table.refuse(
                    "reference",
                    f"{reference.code} se compte en «\u202f{reference.unit}\u202f»,"
                    f" et non en «\u202f{objective.unit}\u202f»",
                )
            above, seen = objective.parent, {objective.key}
            while above is not None:
                if above in seen:
                    table.refuse("parent", "cet objectif se décline en lui-même")
                seen.add(above)
                above = known[above].parent

    def read_measurement(self, table: _Table, objective: Objective, rank: int) -> None:
        with _whole(table):
            day = table.required_day("date")
            self.held.measurements.append(
                Measurement(
                    key=self.key("measurement", objective.code, rank),
                    objective=objective.key,
                    territory=self.link(table, "territoire", "territory") or objective.territory,
                    day=day,
                    value=table.required_number("valeur"),
                    source=table.text("source", ""),
                    comment=table.text("commentaire", ""),
                    provisional=table.flag("provisoire"),
                    numerator=table.number("numerateur"),
                    denominator=table.number("denominateur"),
                    citation=self.citation(table) or objective.citation,
                )
            )

    def read_funding(self, table: _Table, partner: Partner) -> None:
        with _whole(table):
            key, code = self.new(table, "funding")
            first, last = table.whole("annee_debut"), table.whole("annee_fin")
            if last < first:
                table.refuse("annee_fin", "la dernière année précède la première")
            self.held.fundings.append(
                Funding(
                    key,
                    self.contract.key,
                    partner.key,
                    code,
                    table.text("libelle"),
                    first,
                    last,
                    table.required_number("montant"),
                    table.word("unite", UNITS_OF_FUNDING),
                    table.choice("nature", Budget, Budget.NON_PRECISE),
                    table.choice("credits", Credit, Credit.NON_PRECISE),
                    table.choice("stade", Stage, Stage.PREVU),
                    self.link(table, "engagement", "engagement"),
                    self.link(table, "territoire", "territory"),
                    table.text("note", ""),
                    self.citation(table),
                )
            )

    def read_statement(self, table: _Table, partner: Partner) -> None:
        with _whole(table):
            key, code = self.new(table, "statement")
            statement = Statement(
                key=key,
                contract=self.contract.key,
                code=code,
                kind=table.choice("genre", StatementKind),
                label=table.text("libelle"),
                partner=partner.key,
                value=table.number("valeur"),
                unit=table.text("unite", ""),
                formula=table.text("formule", ""),
                objective=self.link(table, "objectif", "objective"),
                note=table.text("note", ""),
                citation=self.citation(table),
            )
            self.held.statements.append(statement)
            names: dict[str, Decimal | None] = {}
            for rank, part in enumerate(table.tables("operandes", "nom"), start=1):
                with _whole(part):
                    operand = Operand(
                        self.key("operand", code, rank),
                        key,
                        rank,
                        part.text("nom"),
                        part.number("valeur"),
                        part.text("unite", ""),
                        part.text("libelle", ""),
                    )
                    if operand.name in names:
                        part.refuse("nom", f"l’opérande «\u202f{operand.name}\u202f» y est deux fois")
                    if operand.value is None and statement.kind in RECKONED:
                        part.refuse("valeur", "ce champ manque")
                    names[operand.name] = operand.value
                    self.held.operands.append(operand)
            self.check_statement(table, statement, names)

    def check_statement(
        self, table: _Table, statement: Statement, operands: dict[str, Decimal | None]
    ) -> None:
        """Refuse a statement that its rule could not reckon."""
        kind = statement.kind
        if statement.value is None and (kind in RECKONED or kind is StatementKind.DENOMBREMENT):
            table.refuse("valeur", "ce champ manque")
        values = {name: value for name, value in operands.items() if value is not None}
        if kind in (StatementKind.TOTAL, StatementKind.ENVELOPPE) and not values:
            table.refuse("operandes", "ce champ manque")
        if kind is StatementKind.EGALITE and len(values) < 2:
            table.refuse("operandes", "une égalité rapproche au moins deux valeurs")
        if kind is StatementKind.PART and (len(values) != 2 or not list(values.values())[1]):
            table.refuse("operandes", "une part a deux opérandes, et le second n’est pas zéro")
        if kind is StatementKind.FORMULE:
            if not statement.formula:
                table.refuse("formule", "ce champ manque")
            try:
                evaluate(statement.formula, {name: Fraction(value) for name, value in values.items()})
            except UserError as error:
                table.refuse("formule", error.message[0].lower() + error.message[1:].rstrip("."))
        elif statement.formula:
            table.refuse("formule", "seul un énoncé de genre «\u202fformule\u202f» en a une")

    # The whole

    def dossier(self) -> Dossier:
        held = self.held
        ranks = {partner.key: partner.rank for partner in held.partners}
        return Dossier(
            contract=self.contract,
            documents=tuple(held.documents),
            territories=tuple(self.parents_first(held.territories)),
            populations=tuple(held.populations),
            establishments=tuple(held.establishments),
            legal_references=tuple(held.legal_references),
            partners=tuple(sorted(held.partners, key=lambda item: (item.rank, item.code))),
            engagements=tuple(sorted(held.engagements, key=lambda item: (ranks[item.partner], item.code))),
            engagement_territories=tuple(held.engagement_territories),
            conditions=tuple(held.conditions),
            objectives=tuple(sorted(held.objectives, key=lambda item: (ranks[item.partner], item.code))),
            milestones=tuple(sorted(held.milestones, key=lambda item: (item.objective, item.day))),
            measurements=tuple(
                sorted(held.measurements, key=lambda item: (item.objective, item.day, item.key))
            ),
            fundings=tuple(held.fundings),
            statements=tuple(held.statements),
            operands=tuple(held.operands),
        )

    def parents_first(self, territories: list[Territory]) -> list[Territory]:
        """Sort the places so that each follows its parent. Refuses a circle."""
        placed: list[Territory] = []
        waiting = list(territories)
        while waiting:
            known = {territory.key for territory in placed} | {None}
            ready = [territory for territory in waiting if territory.parent in known]
            if not ready:
                names = ", ".join(territory.code for territory in waiting)
                raise UserError(
                    f"Le fichier contrat.toml ne peut pas être lu\u202f: les territoires {names} se contiennent"
                    " les uns les autres.",
                    "Corrigez le champ «\u202fparent\u202f» de l’un d’eux.",
                )
            placed += ready
            waiting = [territory for territory in waiting if territory not in ready]
        return placed
