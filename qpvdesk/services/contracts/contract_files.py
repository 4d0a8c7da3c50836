"""A contract as files that a person can read and edit: loaded whole, checked whole, or refused by name.

A folder holds `contrat.toml` (the contract, its documents, places, établissements and legal references) and one
file a partner. What a table may hold follows from `domain.kinds`. The keys of the entities are derived from their codes,
so that two laptops that start from the same files hold the same objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain.engagements import holders
from qpvdesk.domain.faults import Fault, faults
from qpvdesk.domain.faults.units import UNITLESS, funding_amount
from qpvdesk.domain.kinds import BY_NAME, Field, Type
from qpvdesk.domain.model import (
    Citation,
    Contract,
    Dossier,
    Engagement,
    Funding,
    Involvement,
    Objective,
    Partner,
    Statement,
    Thresholds,
)
from qpvdesk.domain.proposing.blanks import short_name
from qpvdesk.domain.target_rules import all_settled
from qpvdesk.domain.themes import usual_themes
from qpvdesk.services.contracts.contours import CONTOURS, with_contours
from qpvdesk.services.contracts.file_order import files_in_order
from qpvdesk.services.contracts.toml_names import FileNames
from qpvdesk.services.contracts.toml_table import Table, parse, refuse_gathered, table_of, whole
from qpvdesk.storage.keys import link_key

FORMAT = 1
MARK_WORDS = 8
_ENTRIES = {"operands": "operandes", "thresholds": "seuils"}
"""The word of what is at fault, where it is no field of its kind."""
_INVOLVED = {
    "copilotes": Involvement.COPILOTE,
    "associes": Involvement.ASSOCIE,
    "financeurs": Involvement.FINANCEUR,
}
_GROUPS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
"""What parts the thousands of a number: 149 827 is one word."""


def load(folder: Path, *, key_of: Callable[[str], str]) -> Dossier:
    """Read a contract's folder and return everything it holds.

    `key_of` turns a name (`lens-lievin/objective/BPI-O01`) into a key. Raises `UserError` that names the file, the
    item and the field of the first thing that cannot be.
    """
    return _Loader(folder, key_of).load()


class _Loader:
    def __init__(self, folder: Path, key_of: Callable[[str], str]) -> None:
        self.folder = folder
        self.key_of = key_of
        self.things: dict[str, list[Any]] = {}
        """What has been read so far, by kind."""
        self.codes: dict[str, dict[str, str]] = {}
        self.links: list[tuple[Table, str, str, str]] = []
        self.tables: dict[str, Table] = {}
        self.contract = Contract("", "", "")
        self.problems: list[str] = []
        """Whatever is refused, all of it told at once."""
        self.names = FileNames(())
        self.unread = False
        """Whether a file could not be read: what leads to something may lead there."""

    def load(self) -> Dossier:
        head = parse(self.folder / "contrat.toml")
        files = sorted(path for path in self.folder.glob("*.toml") if path.name != "contrat.toml")
        tops = list(filter(None, (table_of(path, self.problems) for path in files)))
        self.unread = len(tops) < len(files)
        self.names = FileNames([head, *(top.values for top in tops)])
        with whole(Table("contrat.toml", "le fichier", head, self.problems)) as top:
            if top.whole("format") != FORMAT:
                top.refuse("format", f"seul le format {FORMAT} est connu")
            self.read_contract(top)
            for table in top.tables("document"):
                self.coded(table, "document")
            for table in top.tables("niveau"):
                self.coded(table, "place_level")
            for table in top.tables("territoire"):
                self.read_territory(table)
            for word, kind in (("version", "version"), ("thematique", "theme"), ("axe", "axis")):
                for table in top.tables(word):
                    self.coded(table, kind)
            if not self.things.get("theme"):
                self.things["theme"] = list(
                    usual_themes(self.contract.key, lambda code: self.key("theme", code))
                )
                self.codes["theme"] = {item.code: item.key for item in self.things["theme"]}
            for table in top.tables("etablissement"):
                self.coded(table, "establishment")
            self.parts(top.tables("visite"), "visit", "visite", contract=self.contract.key)
            partners = [self.read_partner(partner_top) for partner_top in tops]
            for table in top.tables("reference"):
                self.coded(table, "legal_reference")
        for partner, partner_top in zip(partners, tops, strict=True):
            self.read_promises(partner_top, partner)
        self.check_links()
        refuse_gathered(self.problems)
        self.carry()
        dossier = all_settled(
            with_contours(files_in_order(self.contract, self.things), self.folder / CONTOURS)
        )
        for fault in faults(dossier):
            self.refuse(fault)
        refuse_gathered(self.problems)
        return dossier

    # Things, as their kind declares them

    def key(self, *names: object) -> str:
        return self.key_of("/".join(str(name) for name in (self.contract.code, *names)))

    def coded(self, table: Table, kind: str, **given: Any) -> Any:
        """Read a thing that has a code, to the end of its table. Refuses a code that is taken."""
        with whole(table):
            return self.begun(table, kind, **given)

    def begun(self, table: Table, kind: str, **given: Any) -> Any:
        """Read a thing that has a code; its table has more to say."""
        code = table.text("code")
        known = self.codes.setdefault(kind, {})
        if code in known and code:
            table.refuse("code", f"le code «\u202f{code}\u202f» est déjà pris")
        known[code] = self.key(kind, code)
        return self.thing(table, kind, known[code], contract=self.contract.key, code=code, **given)

    def parts(self, tables: Iterable[Table], kind: str, *owner: object, **given: Any) -> list[Any]:
        """Read the tables of what belongs to something and has no code: its key is made of its rank there."""
        things = []
        for rank, table in enumerate(tables, start=1):
            with whole(table):
                things.append(self.thing(table, kind, self.key(kind, *owner, rank), **given))
        return things

    def thing(self, table: Table, kind: str, key: str, **given: Any) -> Any:
        """Read the fields of a thing, but those that are given."""
        declared = BY_NAME[kind]
        self.tables[key] = table
        table.unit = self.unit(table, given.get("objective") or given.get("statement"))
        values = {
            field.name: self.value(table, field)
            for field in declared.fields
            if field.toml and field.name not in given
        }
        thing = declared.entity(key=key, **given, **values)
        if kind == "funding":
            amount, unit = funding_amount(thing.amount, thing.unit)
            thing = replace(thing, amount=amount, unit=unit)
        self.things.setdefault(kind, []).append(thing)
        return thing

    def unit(self, table: Table, owner: str | None) -> str:
        """Return the unit that the figures of a table are in: its own, else that of what owns it."""
        own = table.word_at("unite")
        if not own and owner in self.tables:
            return self.tables[owner].unit
        return "€" if own == "EUR" else own

    def value(self, table: Table, field: Field) -> Any:
        """Return what a table says of a field; its default where it says nothing and need not."""
        word, default = field.toml, None if field.required else field.unsaid
        match field.type:
            case Type.NUMBER:
                own = table.word_at("unite_initiale") if field.name == "start_value" else ""
                unit = "" if field.name in UNITLESS else own or table.unit
                number = table.required_number(word, unit) if field.required else table.number(word, unit)
                return default if number is None else number
            case Type.DATE | Type.DAY:
                return table.required_day(word) if field.required else table.day(word)
            case Type.INTEGER:
                return table.whole(word, default)
            case Type.BOOL:
                return table.flag(word)
            case Type.LINK:
                return self.link(table, word, field.ref or "", required=field.required)
            case Type.CODE:
                return self.named(table, word, field)
            case Type.CITATION:
                return self.citation(table)
            case Type.THRESHOLDS:
                return _thresholds(table, field)
        if field.words is not None:
            return table.choice(word, field.words, default)
        return table.optional_text(word) if field.nullable else table.text(word, default)

    def link(self, table: Table, name: str, kind: str, *, required: bool = False) -> str | None:
        """Return the key of the item that a field names by its code or its name; checked once all is read."""
        code = table.text(name) if required else table.optional_text(name)
        if code is None:
            return None
        code = self.names.code(table, name, kind, code)
        self.links.append((table, name, kind, code))
        return self.key(kind, code)

    def named(self, table: Table, word: str, field: Field) -> str:
        """Return the code of the item that a field names; checked once all is read."""
        code = table.text(word) if field.required else table.text(word, "")
        if code:
            code = self.names.code(table, word, field.named, code)
            self.links.append((table, word, field.named, code))
        return code

    def check_links(self) -> None:
        for table, name, kind, code in () if self.unread else self.links:
            if code not in (known := self.codes.get(kind, {})):
                themes = f"pas une thématique du contrat ({', '.join(known)})"
                words = themes if kind == "theme" else "le code ni le nom de rien dans ce contrat"
                table.refuse(name, f"«\u202f{code}\u202f» n’est {words}")

    def citation(self, table: Table) -> Citation | None:
        part = table.table("citation")
        if part is None:
            return None
        with whole(part):
            document = self.link(part, "document", "document")
            if document is None:
                if not self.things.get("document"):
                    part.refuse("document", "le contrat n’a pas de document")
                    return None
                document = self.things["document"][0].key
            citation = Citation(document, part.text("rubrique"), part.text("repere"))
            if len(_GROUPS.sub("", citation.mark).split()) > MARK_WORDS:
                part.refuse("repere", f"le repère dépasse {MARK_WORDS} mots")
        return citation

    # contrat.toml

    def read_contract(self, top: Table) -> None:
        table = top.table("contrat")
        if table is None:
            top.refuse("contrat", "cette table manque")
            return
        with whole(table):
            contract = self.thing(table, "contract", "")
            self.contract = contract
            self.contract = replace(contract, key=self.key("contract"))
            self.tables[self.contract.key] = table

    def read_territory(self, table: Table) -> None:
        with whole(table):
            place = self.begun(table, "territory")
            self.parts(table.tables("population"), "population", place.code, territory=place.key)
            for part in table.tables("lien", "lieu"):
                with whole(part):
                    wider = self.link(part, "lieu", "territory", required=True)
                    key = link_key(place.key, str(wider))
                    self.thing(part, "territory_link", key, part=place.key, whole=wider)

    # A partner's file

    def read_partner(self, top: Table) -> Partner | None:
        table = top.table("partenaire")
        if table is None:
            top.refuse("partenaire", "cette table manque")
            return None
        name = table.text("nom")
        # A whole name would fill the narrow columns of every table.
        short = table.text("nom_court", short_name(name, table.word_at("code")) or name)
        partner: Partner = self.coded(table, "partner", name=name, short_name=short)
        return partner

    def read_promises(self, top: Table, partner: Partner | None) -> None:
        if partner is None:
            return
        owner = {"contract": self.contract.key, "partner": partner.key}
        with whole(top):
            self.parts(top.tables("condition"), "condition", partner.code, **owner)
            for table in top.tables("engagement"):
                self.read_engagement(table, partner)
            for table in top.tables("objectif"):
                self.read_objective(table, partner, None)
            for table in top.tables("financement"):
                self.read_funding(table, partner)
            for table in top.tables("enonce"):
                self.read_statement(table, partner)

    def related(self, table: Table, word: str, kind: str, **given: Any) -> None:
        """Read the codes of what a thing is related to, one of a kind each; `given`: what they are related to, and how."""
        declared = BY_NAME[kind]
        other = next(field for field in declared.fields[1:] if field.name not in given)
        ref = other.ref or other.named
        for words in table.texts(word):
            code = self.names.code(table, word, ref, words)
            self.links.append((table, word, ref, code))
            key = self.key(
                kind, table.item, *(how for how in given.values() if isinstance(how, StrEnum)), code
            )
            there = self.key(ref, code) if other.ref else code
            thing = declared.entity(key=key, **given, **{other.name: there})
            self.things.setdefault(kind, []).append(thing)

    def read_engagement(self, table: Table, partner: Partner) -> None:
        with whole(table):
            engagement: Engagement = self.begun(table, "engagement", partner=partner.key)
            for word, role in _INVOLVED.items():
                self.related(table, word, "engagement_partner", engagement=engagement.key, role=role)
            self.related(table, "autres_thematiques", "engagement_theme", engagement=engagement.key)
            self.related(table, "territoires", "engagement_territory", engagement=engagement.key)
            for rank, text in enumerate(table.texts("conditions"), start=1):
                self.thing(
                    table,
                    "condition",
                    self.key("condition", engagement.code, rank),
                    contract=self.contract.key,
                    partner=partner.key,
                    text=text,
                    engagement=engagement.key,
                    citation=engagement.citation,
                )
            for part in table.tables("objectif"):
                self.read_objective(part, partner, engagement)

    def read_funding(self, table: Table, partner: Partner) -> None:
        with whole(table):
            funding: Funding = self.begun(table, "funding", partner=partner.key)
            self.parts(table.tables("annees", "annee"), "funding_year", funding.code, funding=funding.key)
            self.related(table, "financeurs", "funding_partner", funding=funding.key)

    def read_objective(self, table: Table, partner: Partner, engagement: Engagement | None) -> None:
        with whole(table):
            # An objective is of the theme of its engagement, unless it says otherwise.
            theme = BY_NAME["objective"].by_name["theme"]
            of = {} if engagement is None or table.has(theme.toml) else {"theme": engagement.theme}
            objective: Objective = self.begun(
                table,
                "objective",
                partner=partner.key,
                engagement=engagement.key if engagement else None,
                **of,
            )
            self.parts(table.tables("jalons"), "milestone", objective.code, objective=objective.key)
            for rank, part in enumerate(table.tables("releves"), start=1):
                self.read_measurement(part, objective, rank)

    def refuse(self, fault: Fault) -> None:
        field = BY_NAME[fault.kind].by_name.get(fault.field)
        self.tables[fault.key].refuse(
            (field.toml if field else "") or _ENTRIES.get(fault.field, fault.field), fault.words
        )

    def carry(self) -> None:
        """Give to an engagement what is followed of those that precise it."""
        held_by = holders(self.things.get("engagement", ()))
        for kind in ("objective", "funding", "condition"):
            self.things[kind] = [
                replace(item, engagement=held_by.get(item.engagement, item.engagement))
                for item in self.things.get(kind, ())
            ]

    def read_measurement(self, table: Table, objective: Objective, rank: int) -> None:
        with whole(table):
            self.thing(
                table,
                "measurement",
                self.key("measurement", objective.code, rank),
                objective=objective.key,
                territory=self.link(table, "territoire", "territory") or objective.territory,
                citation=self.citation(table) or objective.citation,
            )

    def read_statement(self, table: Table, partner: Partner) -> None:
        with whole(table):
            statement: Statement = self.begun(table, "statement", partner=partner.key)
            for rank, part in enumerate(table.tables("operandes", "nom"), start=1):
                key = self.key("operand", statement.code, rank)
                with whole(part):
                    self.thing(part, "operand", key, statement=statement.key, rank=rank)


def _thresholds(table: Table, field: Field) -> Thresholds:
    limits = table.table(field.toml)
    if limits is None:
        return Thresholds()
    with whole(limits):
        return Thresholds(**{part.name: limits.required_number(part.toml) for part in field.parts})
