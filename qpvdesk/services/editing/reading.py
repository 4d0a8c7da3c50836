"""From what is typed in a form to the things of a contract, and back; each fault is told at its field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from msgspec.structs import replace as changed

from qpvdesk.domain import french
from qpvdesk.domain.consistency import RECKONED, direction_faults, objective_faults, statement_faults
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
from qpvdesk.domain.sens import AIMS
from qpvdesk.services.editing.forms import FORMS, Input, Typed
from qpvdesk.storage.keys import new_key

_Word = TypeVar("_Word", bound=StrEnum)
_NAME = re.compile(r"[^a-z0-9]+")


@dataclass
class Draft:
    """What a form would put and remove, and what is wrong with it (French sentences, by field)."""

    put: list[Any] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def main(self) -> Any:
        """The thing itself, before what belongs to it."""
        return self.put[0]


class _Reader:
    """Reads fields one at a time; keeps the first fault of each."""

    def __init__(self, kind: str, typed: Typed, faults: dict[str, str]) -> None:
        self._typed = typed
        self.faults = faults
        for one in FORMS[kind].fields:
            if one.required and not typed.get(one.name, "").strip():
                self.fault(one.name, "À remplir.")

    def fault(self, name: str, sentence: str) -> None:
        self.faults.setdefault(name, sentence)

    def text(self, name: str) -> str:
        return self._typed.get(name, "").strip()

    def optional(self, name: str) -> str | None:
        return self.text(name) or None

    def lines(self, name: str) -> list[str]:
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    def number(self, name: str, unit: str = "") -> Decimal | None:
        try:
            return french.parse_number(self.text(name), unit) if self.text(name) else None
        except UserError as error:
            self.fault(name, f"{error.message} {error.remedy}".strip())
            return None

    def day(self, name: str) -> date | None:
        return self.day_of(name, self.text(name)) if self.text(name) else None

    def day_of(self, name: str, text: str) -> date | None:
        try:
            return french.parse_date(text)
        except UserError as error:
            self.fault(name, f"{error.message} {error.remedy}".strip())
            return None

    def year(self, name: str) -> int:
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            self.fault(name, "Une année s’écrit en quatre chiffres (2026).")
            return 0
        return int(text)

    def word(self, name: str, kind: type[_Word], default: _Word) -> _Word:
        known = {one.value: one for one in kind}
        return known.get(self.text(name), default)

    def citation(self, old: Citation | None) -> Citation | None:
        document = self.optional("citation_document")
        section, mark = self.text("citation_section"), self.text("citation_mark")
        if document is None and (section or mark):
            self.fault(
                "citation_document", "Choisissez le document où se trouvent cette rubrique et ce repère."
            )
            return old
        return None if document is None else Citation(document, section, mark)


def read(dossier: Dossier, kind: str, typed: Typed, key: str | None) -> Draft:
    """Understand a form; `key` is that of the thing changed, None for a new one. Never raises on what is typed."""
    draft = Draft()
    reader = _Reader(kind, typed, draft.faults)
    _check_links(dossier, kind, reader)
    _READERS[kind](dossier, reader, draft, key)
    _check_code(dossier, kind, draft)
    return draft


def write(dossier: Dossier, kind: str, key: str) -> dict[str, str]:
    """Return a thing of the contract as its form shows it. Raises `KeyError` where it is gone."""
    entity = find(dossier, kind, key)
    typed = {one.name: _said(getattr(entity, one.name, "")) for one in FORMS[kind].fields}
    citation: Citation | None = getattr(entity, "citation", None)
    if citation is not None:
        typed |= {
            "citation_document": citation.document,
            "citation_section": citation.section,
            "citation_mark": citation.mark,
        }
    if kind == "contract":
        typed |= {name: french.format_number(getattr(entity.thresholds, name) * 100) for name in _LIMITS}
    elif kind == "engagement":
        typed["territories"] = "\n".join(
            one.territory for one in dossier.engagement_territories if one.engagement == key
        )
        typed["conditions"] = "\n".join(one.text for one in dossier.conditions if one.engagement == key)
    elif kind == "objective":
        typed["milestones"] = "\n".join(
            f"{french.format_date(one.day)} {french.format_number(one.value)}"
            for one in dossier.milestones
            if one.objective == key
        )
        typed["declined"] = "\n".join(
            one.territory for one in dossier.objectives if one.parent == key and not one.retired
        )
    elif kind == "statement":
        typed["operands"] = "\n".join(
            _operand_line(one, formula=bool(entity.formula))
            for one in sorted(dossier.operands, key=lambda one: one.rank)
            if one.statement == key
        )
    elif kind == "territory":
        known = _population(dossier, key)
        if known is not None:
            typed["inhabitants"] = french.format_number(known.value)
            typed["vintage"] = french.format_date(known.vintage) if known.vintage else ""
    return typed


def find(dossier: Dossier, kind: str, key: str) -> Any:
    """Return the thing of that kind and key. Raises `KeyError`."""
    if kind == "contract":
        return dossier.contract
    for one in rows(dossier, kind):
        if one.key == key:
            return one
    raise KeyError(key)


def rows(dossier: Dossier, kind: str) -> tuple[Any, ...]:
    """Return everything of a kind that the contract holds."""
    held: dict[str, tuple[Any, ...]] = {
        "partner": dossier.partners,
        "engagement": dossier.engagements,
        "objective": dossier.objectives,
        "territory": dossier.territories,
        "funding": dossier.fundings,
        "document": dossier.documents,
        "establishment": dossier.establishments,
        "legal_reference": dossier.legal_references,
        "condition": dossier.conditions,
        "statement": dossier.statements,
        "contract": (dossier.contract,),
    }
    return held[kind]


def called(entity: Any) -> str:
    """Return what a thing is called in a list: its code and its label, or its words."""
    names = (getattr(entity, name, "") for name in ("code", "label", "name", "title", "text"))
    return " ".join(" ".join(one for one in names if one).split())


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return french.format_date(value)
    if isinstance(value, Decimal):
        return french.format_number(value)
    return str(value)


def _check_links(dossier: Dossier, kind: str, reader: _Reader) -> None:
    """What a link leads to must be there: it may have been removed while the form was open."""
    for one in FORMS[kind].fields:
        if one.input not in (Input.LINK, Input.LINKS):
            continue
        known = {item.key for item in rows(dossier, one.linked)}
        if any(key not in known for key in reader.lines(one.name)):
            reader.fault(one.name, "Choisissez dans la liste.")


def _check_code(dossier: Dossier, kind: str, draft: Draft) -> None:
    if not draft.put or kind == "contract" or not hasattr(draft.main, "code"):
        return
    wanted = {one.code for one in draft.put if isinstance(one, type(draft.main))}
    own = {one.key for one in draft.put}
    taken = {one.code for one in rows(dossier, kind) if one.key not in own} & wanted
    if taken:
        draft.faults.setdefault(
            "code",
            f"Le code {', '.join(sorted(taken))} est déjà pris dans ce contrat, peut-être par un élément retiré.",
        )


def _contract(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    made = Contract(
        key or new_key(),
        reader.text("code"),
        reader.text("name"),
        reader.optional("epci"),
        reader.day("start"),
        reader.day("end"),
        reader.day("signed_on"),
        reader.text("note"),
        _thresholds(reader, dossier.contract.thresholds if key else Thresholds()),
    )
    if made.start and made.end and made.end <= made.start:
        reader.fault("end", "La fin précède le début.")
    draft.put.append(made)


_LIMITS = ("ahead", "on_track", "watch")


def _thresholds(reader: _Reader, old: Thresholds) -> Thresholds:
    """The three limits, typed in points; one left empty is the usual one."""
    usual = Thresholds()
    read = {name: reader.number(name, "%") for name in _LIMITS}
    limits = Thresholds(
        *(getattr(usual, name) if (value := read[name]) is None else value / 100 for name in _LIMITS)
    )
    if not limits.ahead > limits.on_track > limits.watch:
        reader.fault(
            "watch", "Les trois seuils vont en descendant\u202f: en avance, conforme, puis à surveiller."
        )
    return old if old == limits else limits


def _partner(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    rank = (
        find(dossier, "partner", key).rank
        if key
        else 1 + max((one.rank for one in dossier.partners), default=0)
    )
    draft.put.append(
        Partner(
            key or new_key(),
            dossier.contract.key,
            reader.text("code"),
            reader.text("name"),
            reader.text("short_name"),
            rank,
            reader.text("contact_function"),
            reader.text("note"),
        )
    )


def _document(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    draft.put.append(
        Document(
            key or new_key(),
            dossier.contract.key,
            reader.text("code"),
            reader.text("title"),
            reader.day("issued_on"),
            reader.text("note"),
        )
    )


def _establishment(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    old: Establishment | None = find(dossier, "establishment", key) if key else None
    draft.put.append(
        Establishment(
            key or new_key(),
            dossier.contract.key,
            reader.text("code"),
            reader.text("name"),
            reader.text("territory"),
            reader.text("kind"),
            reader.text("label"),
            reader.citation(old.citation if old else None),
        )
    )


def _legal_reference(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    old: LegalReference | None = find(dossier, "legal_reference", key) if key else None
    draft.put.append(
        LegalReference(
            key or new_key(),
            dossier.contract.key,
            reader.text("code"),
            reader.text("label"),
            reader.optional("partner"),
            reader.day("dated"),
            reader.text("vote"),
            reader.citation(old.citation if old else None),
        )
    )


def _condition(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    old: Condition | None = find(dossier, "condition", key) if key else None
    partner, engagement = reader.text("partner"), reader.optional("engagement")
    of = next((one for one in dossier.engagements if one.key == engagement), None)
    if of is not None and of.partner != partner:
        reader.fault("engagement", f"{of.code} est l’engagement d’un autre partenaire.")
    draft.put.append(
        Condition(
            key or new_key(),
            dossier.contract.key,
            partner,
            reader.text("text"),
            engagement,
            reader.citation(old.citation if old else None),
        )
    )


def _engagement(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    old: Engagement | None = find(dossier, "engagement", key) if key else None
    made = Engagement(
        key or new_key(),
        dossier.contract.key,
        reader.text("partner"),
        reader.text("code"),
        reader.text("label"),
        reader.word("theme", Theme, next(iter(Theme))),
        reader.word("nature", Nature, Nature.DROIT_COMMUN),
        reader.text("detail"),
        reader.day("due"),
        reader.optional("territory"),
        reader.citation(old.citation if old else None),
        old.retired if old else False,
    )
    draft.put.append(made)
    named = {one.territory: one for one in dossier.engagement_territories if one.engagement == made.key}
    wanted = reader.lines("territories")
    draft.put += [EngagementTerritory(new_key(), made.key, place) for place in wanted if place not in named]
    draft.removed += [one for place, one in named.items() if place not in wanted]
    held = [one for one in dossier.conditions if one.engagement == made.key]
    texts = reader.lines("conditions")
    draft.removed += held[len(texts) :]
    for place, text in enumerate(texts):
        if place < len(held):
            draft.put.append(changed(held[place], partner=made.partner, text=text))
        else:
            draft.put.append(
                Condition(new_key(), dossier.contract.key, made.partner, text, made.key, made.citation)
            )


def _objective(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    old: Objective | None = find(dossier, "objective", key) if key else None
    typed_unit = reader.text("unit")
    sens = reader.word("sens", Sens, Sens.HAUSSE)
    aim = AIMS[sens]
    made = Objective(
        key=key or new_key(),
        contract=dossier.contract.key,
        partner=reader.text("partner"),
        code=reader.text("code"),
        label=reader.text("label"),
        theme=reader.word("theme", Theme, next(iter(Theme))),
        territory=reader.text("territory"),
        unit=typed_unit,
        sens=sens,
        mesure=reader.word("mesure", Mesure, Mesure.STOCK),
        engagement=reader.optional("engagement"),
        start_value=reader.number("start_value", typed_unit) if aim.way else None,
        start_date=reader.day("start_date") if aim.has_target else None,
        target_value=reader.number("target_value", typed_unit) if aim.has_target else None,
        target_date=reader.day("target_date") if aim.has_target else None,
        reference=reader.optional("reference") if aim.compared else None,
        parent=old.parent if old else None,
        aggregation=old.aggregation if old else Aggregation.AUCUN,
        frequency=reader.word("frequency", Frequency, Frequency.ANNUELLE),
        weight=old.weight if old else Decimal(1),
        start_unit=old.start_unit if old else "",
        population=reader.text("population"),
        note=reader.text("note"),
        citation=reader.citation(old.citation if old else None),
        retired=old.retired if old else False,
    )
    children = _declined(dossier, reader, made, draft)
    if children:
        if made.aggregation is Aggregation.AUCUN:
            made = changed(made, aggregation=Aggregation.SOMME)
        if old is not None and any(one.objective == old.key for one in dossier.measurements):
            reader.fault(
                "declined",
                "Cet objectif a déjà ses propres relevés\u202f: créez-en un autre pour le décliner.",
            )
        if made.unit.startswith("%"):
            reader.fault("declined", "Des pourcentages ne s’additionnent pas d’un lieu à l’autre.")
    elif not any(one.parent == made.key for one in dossier.objectives):
        made = changed(made, aggregation=Aggregation.AUCUN)
    draft.put.insert(0, made)
    known = {one.key: one for one in dossier.objectives} | {made.key: made}
    for name, sentence in (*objective_faults(made, known), *direction_faults(made)):
        reader.fault(name, f"{sentence[:1].upper()}{sentence[1:]}.")
    _milestones(dossier, reader, made, draft)


def _declined(dossier: Dossier, reader: _Reader, parent: Objective, draft: Draft) -> list[Objective]:
    """The objectives of the places chosen; those that exist are kept as they are, none is removed here."""
    places = {one.key: one for one in dossier.territories}
    held = {one.territory: one for one in dossier.objectives if one.parent == parent.key}
    wanted = reader.lines("declined")
    gone = [one for place, one in held.items() if place not in wanted and not one.retired]
    draft.put += [changed(one, retired=True) for one in gone]
    draft.put += [
        changed(held[place], retired=False) for place in wanted if place in held and held[place].retired
    ]
    new = [
        changed(
            parent,
            key=new_key(),
            code=f"{parent.code}-{places[place].code}",
            label=f"{parent.label}, {places[place].name}",
            territory=place,
            start_value=None,
            target_value=None,
            sens=Sens.SUIVI,
            parent=parent.key,
            aggregation=Aggregation.AUCUN,
        )
        for place in wanted
        if place not in held and place in places
    ]
    draft.put += new
    return [one for place, one in held.items() if place in wanted] + new


def _milestones(dossier: Dossier, reader: _Reader, objective: Objective, draft: Draft) -> None:
    held = {one.day: one for one in dossier.milestones if one.objective == objective.key}
    wanted: dict[date, Decimal] = {}
    for line in reader.lines("milestones") if objective.aim.way else ():
        first, _, rest = line.replace(":", " ").strip().partition(" ")
        day = reader.day_of("milestones", first)
        try:
            value = french.parse_number(rest.strip(), objective.unit)
        except UserError as error:
            reader.fault("milestones", f"{error.message} {error.remedy}".strip())
            continue
        if day is None:
            continue
        if day in wanted:
            reader.fault("milestones", f"Deux jalons portent la même date, {french.format_date(day)}.")
        if objective.target_date and day >= objective.target_date:
            reader.fault("milestones", "Un jalon précède l’échéance.")
        wanted[day] = value
    draft.put += [
        changed(held[day], value=value) if day in held else Milestone(new_key(), objective.key, day, value)
        for day, value in wanted.items()
    ]
    draft.removed += [one for day, one in held.items() if day not in wanted]


def _statement(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    old: Statement | None = find(dossier, "statement", key) if key else None
    unit = reader.text("unit")
    kind = reader.word("kind", StatementKind, StatementKind.TOTAL)
    made = Statement(
        key or new_key(),
        dossier.contract.key,
        reader.text("code"),
        kind,
        reader.text("label"),
        reader.optional("partner"),
        reader.number("value", unit),
        unit,
        reader.text("formula") if kind is StatementKind.FORMULE else "",
        reader.optional("objective"),
        reader.text("note"),
        reader.citation(old.citation if old else None),
    )
    draft.put.append(made)
    operands = _operands(dossier, reader, made, draft)
    for name, why in statement_faults(made, operands):
        reader.fault(name, f"{why[:1].upper()}{why[1:]}.")


def _operands(
    dossier: Dossier, reader: _Reader, statement: Statement, draft: Draft
) -> dict[str, Decimal | None]:
    """Read one operand a line, those that were there known by what they are called; return the values by name."""
    held = {one.label or one.name: one for one in dossier.operands if one.statement == statement.key}
    named: dict[str, Decimal | None] = {}
    kept = set()
    for rank, line in enumerate(reader.lines("operands"), 1):
        label, value, unit, name = (*(part.strip() for part in line.split(";", 3)), "", "", "")[:4]
        old = held.get(label)
        name = name or (old.name if old else _NAME.sub("_", french.fold(label)).strip("_"))
        if name in named:
            reader.fault("operands", f"«\u202f{label}\u202f» y est deux fois.")
        try:
            named[name] = french.parse_number(value, unit or statement.unit) if value else None
        except UserError as error:
            reader.fault("operands", f"«\u202f{label}\u202f»\u202f: {error.message} {error.remedy}".strip())
            continue
        if named[name] is None and statement.kind in RECKONED:
            reader.fault(
                "operands", f"«\u202f{label}\u202f» n’a pas de valeur\u202f: «\u202f{label}\u202f; 26\u202f»."
            )
        kept.add(label)
        draft.put.append(
            Operand(
                old.key if old else new_key(),
                statement.key,
                rank,
                name,
                named[name],
                unit,
                label if old is None or old.label else "",
            )
        )
    draft.removed += [one for label, one in held.items() if label not in kept]
    return named


def _operand_line(operand: Operand, formula: bool) -> str:
    """Return an operand as its line in the form; its name only where a rule uses it."""
    value = french.format_number(operand.value) if operand.value is not None else ""
    parts = [operand.label or operand.name, value, operand.unit, operand.name if formula else ""]
    while not parts[-1]:
        parts.pop()
    return "\u202f; ".join(parts)


def _territory(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    parent = reader.optional("parent")
    level = reader.word("level", Level, Level.QPV)
    made = Territory(
        key or new_key(),
        dossier.contract.key,
        reader.text("code"),
        reader.text("name"),
        level,
        parent,
        reader.text("note"),
    )
    above = next((one for one in dossier.territories if one.key == parent), None)
    if above is not None and list(Level).index(above.level) >= list(Level).index(level):
        reader.fault("parent", f"{above.name} n’est pas plus vaste\u202f: choisissez le lieu qui l’englobe.")
    draft.put.append(made)
    people = reader.number("inhabitants")
    known = _population(dossier, made.key)
    if people is not None and (people < 0 or people != people.to_integral_value()):
        reader.fault("inhabitants", "Un nombre d’habitants est entier.")
    if people is not None:
        vintage = reader.day("vintage")
        if known is None:
            draft.put.append(Population(new_key(), made.key, "qpv", people, vintage))
        else:
            draft.put.append(changed(known, value=people, vintage=vintage))
    elif known is not None and not reader.text("inhabitants"):
        draft.removed.append(known)


def _population(dossier: Dossier, territory: str) -> Population | None:
    known = [one for one in dossier.populations if one.territory == territory and one.perimeter == "qpv"]
    return max(known, key=lambda one: (one.vintage or date.min, one.key), default=None)


def _funding(dossier: Dossier, reader: _Reader, draft: Draft, key: str | None) -> None:
    old: Funding | None = find(dossier, "funding", key) if key else None
    unit = reader.text("unit") or "EUR"
    first, last = reader.year("first_year"), reader.year("last_year")
    if first and last and last < first:
        reader.fault("last_year", "La dernière année précède la première.")
    amount = reader.number("amount", "€" if unit == "EUR" else "ETP")
    if amount is not None and amount < 0:
        reader.fault("amount", "Un montant n’est pas négatif.")
    draft.put.append(
        Funding(
            key or new_key(),
            dossier.contract.key,
            reader.text("partner"),
            reader.text("code"),
            reader.text("label"),
            first,
            last,
            amount if amount is not None else Decimal(0),
            unit,
            reader.word("budget", Budget, Budget.NON_PRECISE),
            reader.word("credit", Credit, Credit.NON_PRECISE),
            reader.word("stage", Stage, Stage.PREVU),
            reader.optional("engagement"),
            reader.optional("territory"),
            reader.text("note"),
            reader.citation(old.citation if old else None),
        )
    )


_READERS = {
    "contract": _contract,
    "partner": _partner,
    "engagement": _engagement,
    "objective": _objective,
    "territory": _territory,
    "funding": _funding,
    "document": _document,
    "establishment": _establishment,
    "legal_reference": _legal_reference,
    "condition": _condition,
    "statement": _statement,
}


def next_code(dossier: Dossier, kind: str, partner: str) -> str:
    """Return the next free code of a kind, after those of its partner (`BPI-O16`); empty where none can be guessed."""
    letter = {"engagement": "E", "objective": "O", "funding": "F", "statement": "S"}.get(kind)
    owner = next((one.code for one in dossier.partners if one.key == partner), None)
    if letter is None or owner is None:
        return ""
    prefix = f"{owner}-{letter}"
    numbers = _numbers(prefix, (one.code for one in rows(dossier, kind)))
    return f"{prefix}{max(numbers, default=0) + 1:02}"


def _numbers(prefix: str, codes: Iterable[str]) -> list[int]:
    tails = [code.removeprefix(prefix).partition("-")[0] for code in codes if code.startswith(prefix)]
    return [int(tail) for tail in tails if tail.isascii() and tail.isdigit()]


def sentence(draft: Draft) -> str:
    """Say in one sentence what an objective as typed asks for; empty for anything else or with faults."""
    objective = draft.main if draft.put else None
    return asked_of(objective) if isinstance(objective, Objective) and not draft.faults else ""


def asked_of(objective: Objective) -> str:
    """Say in one sentence what an objective asks for; empty where its target is missing."""
    start, target, unit = objective.start_value, objective.target_value, objective.unit
    by = f" d’ici le {french.format_date(objective.target_date)}" if objective.target_date else ""
    aim = objective.aim
    if target is None and aim.has_target and not aim.yes_or_no:
        return ""
    if aim.asks or target is None:
        return aim.asks.format(target=french.format_value(target, unit), by=by)
    if start is None:
        return (
            f"Atteindre {french.format_value(target, unit)}{by}\u202f; sans départ connu, sans trajectoire."
        )
    gap = target - start
    way = "de plus" if gap > 0 else "de moins"
    since = f" au {french.format_date(objective.start_date)}" if objective.start_date else ""
    return (
        f"De {french.format_value(start, unit)}{since} à {french.format_value(target, unit)}{by}\u202f: "
        f"{french.format_value(abs(gap), unit)} {way}."
    )
