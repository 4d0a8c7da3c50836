"""A contract as files that a person can read and edit: loaded whole, checked whole, or refused by name.

A folder holds `contrat.toml` (the contract, its documents, places, établissements and legal references) and one
file a partner. The keys of the entities are derived from their codes, so that two laptops that start from the
same files hold the same objects.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain.consistency import RECKONED, objective_faults, statement_faults
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
from qpvdesk.services.toml_table import Table, whole

FORMAT = 1
MARK_WORDS = 8
PERIMETERS = ("totale", "qpv")
UNITS_OF_FUNDING = ("EUR", "ETP")
_GROUPS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
"""What parts the thousands of a number: 149 827 is one word."""

_WORDS = {
    "reference": "reference",
    "target_value": "valeur_cible",
    "target_date": "date_cible",
    "start_value": "valeur_initiale",
    "parent": "parent",
    "value": "valeur",
    "operands": "operandes",
    "formula": "formule",
}
"""The words of the files for the fields that a rule of consistency names."""


def _fault(error: tomllib.TOMLDecodeError) -> str:
    """Say in French where the syntax of a file breaks; the reader's own words are English."""
    place = re.search(r"line (\d+), column (\d+)", str(error))
    return (
        f"la ligne {place[1]} (colonne {place[2]}) n’est pas du TOML"
        if place
        else "le TOML s’arrête avant sa fin"
    )


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
        self.links: list[tuple[Table, str, str, str]] = []
        self.tables: dict[str, Table] = {}
        self.contract = Contract("", "", "")

    def load(self) -> Dossier:
        head = self.parse(self.folder / "contrat.toml")
        with whole(Table("contrat.toml", "le fichier", head)) as top:
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
            tops = [Table(path.name, "le fichier", self.parse(path)) for path in files]
            for partner_top in tops:
                self.read_partner(partner_top)
            for table in top.tables("reference"):
                self.read_legal_reference(table)
        for partner, partner_top in zip(tuple(self.held.partners), tops, strict=True):
            with whole(partner_top):
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

    def new(self, table: Table, kind: str) -> tuple[str, str]:
        """Return the key and the code of a new item. Refuses a code that is taken."""
        code = table.text("code")
        known = self.codes.setdefault(kind, {})
        if code in known:
            table.refuse("code", f"le code «\u202f{code}\u202f» est déjà pris")
        known[code] = self.key(kind, code)
        return known[code], code

    def link(self, table: Table, name: str, kind: str) -> str | None:
        """Return the key of the item that a field names by its code; checked once all is read."""
        code = table.optional_text(name)
        if code is None:
            return None
        self.links.append((table, name, kind, code))
        return self.key(kind, code)

    def required_link(self, table: Table, name: str, kind: str) -> str:
        key = self.link(table, name, kind)
        if key is None:
            table.refuse(name, "ce champ manque")
        return key

    def check_links(self) -> None:
        for table, name, kind, code in self.links:
            if code not in self.codes.get(kind, {}):
                table.refuse(name, f"«\u202f{code}\u202f» n’est le code de rien dans ce contrat")

    def citation(self, table: Table) -> Citation | None:
        part = table.table("citation")
        if part is None:
            return None
        with whole(part):
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

    def read_contract(self, top: Table) -> None:
        table = top.table("contrat")
        if table is None:
            top.refuse("contrat", "cette table manque")
        with whole(table):
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

    def thresholds(self, table: Table) -> Thresholds:
        part = table.table("seuils")
        if part is None:
            return Thresholds()
        with whole(part):
            return Thresholds(
                part.required_number("avance"),
                part.required_number("conforme"),
                part.required_number("surveiller"),
            )

    def read_document(self, table: Table) -> None:
        with whole(table):
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

    def read_territory(self, table: Table) -> None:
        with whole(table):
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
                with whole(part):
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

    def read_establishment(self, table: Table) -> None:
        with whole(table):
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

    def read_legal_reference(self, table: Table) -> None:
        with whole(table):
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

    def read_partner(self, top: Table) -> None:
        table = top.table("partenaire")
        if table is None:
            top.refuse("partenaire", "cette table manque")
        with whole(table):
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

    def read_promises(self, top: Table, partner: Partner) -> None:
        for rank, table in enumerate(top.tables("condition"), start=1):
            with whole(table):
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

    def read_engagement(self, table: Table, partner: Partner) -> None:
        with whole(table):
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

    def read_objective(self, table: Table, partner: Partner, engagement: Engagement | None) -> None:
        with whole(table):
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
                with whole(part):
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

    def check_objective(self, table: Table, objective: Objective) -> None:
        """Refuse what no reckoning could make sense of."""
        for name, why in objective_faults(objective, {objective.key: objective}):
            if name != "parent":
                table.refuse(_WORDS[name], why)

    def check_families(self) -> None:
        """Refuse objectives that refer to one another in a way no reckoning could follow."""
        known = {objective.key: objective for objective in self.held.objectives}
        parents = {objective.parent for objective in self.held.objectives}
        for objective in self.held.objectives:
            table = self.tables[objective.key]
            if objective.aggregation is not Aggregation.AUCUN and objective.key not in parents:
                table.refuse("agregation", "cet objectif n’a pas de déclinaison à agréger")
            for name, why in objective_faults(objective, known):
                table.refuse(_WORDS[name], why)

    def read_measurement(self, table: Table, objective: Objective, rank: int) -> None:
        with whole(table):
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

    def read_funding(self, table: Table, partner: Partner) -> None:
        with whole(table):
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

    def read_statement(self, table: Table, partner: Partner) -> None:
        with whole(table):
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
                with whole(part):
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
        self, table: Table, statement: Statement, operands: dict[str, Decimal | None]
    ) -> None:
        """Refuse a statement that its rule could not reckon."""
        for name, why in statement_faults(statement, operands):
            table.refuse(_WORDS[name], why)

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
