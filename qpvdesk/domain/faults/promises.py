"""What is promised: objectives, their milestones and references, reserves, means."""

from __future__ import annotations

from collections.abc import Iterator

from qpvdesk.domain.engagements import axis_fault, parent_fault
from qpvdesk.domain.faults.known import Found, Known, contains_itself
from qpvdesk.domain.faults.units import FUNDING_UNITS, is_share, share_fault
from qpvdesk.domain.french import format_date, format_value
from qpvdesk.domain.model import (
    Aggregation,
    Axis,
    Condition,
    Engagement,
    EngagementPartner,
    EngagementTheme,
    Funding,
    FundingYear,
    Involvement,
    Mesure,
    Milestone,
    Objective,
)
from qpvdesk.domain.target_rules import base_missing, reckoned_words, rule_of, value_of
from qpvdesk.domain.targets import Course, course_of
from qpvdesk.domain.wording import called

_YEARS = range(1900, 2201)


def axis_faults(known: Known, item: Axis) -> Iterator[Found]:
    """A level above the engagements."""
    if why := axis_fault(item, known.axes):
        yield "parent", why


def _label_faults(item: Engagement | Objective | Funding) -> Iterator[Found]:
    """A label that says nothing: « – », « 12 »."""
    if item.label and not any(sign.isalpha() for sign in item.label):
        yield (
            "label",
            f"«\u202f{item.label}\u202f» ne dit rien\u202f: écrivez en quelques mots de quoi il s’agit",
        )


def engagement_faults(known: Known, item: Engagement) -> Iterator[Found]:
    """An engagement, or a précision of one."""
    yield from _label_faults(item)
    if why := parent_fault(item, known.engagements, known.precised):
        yield "parent", why
    yield from theme_faults(known, item)


def engagement_partner_faults(known: Known, item: EngagementPartner) -> Iterator[Found]:
    """Whoever pilots an engagement is not beside it too."""
    engagement = known.engagements.get(item.engagement)
    if (
        engagement is not None
        and engagement.partner == item.partner
        and item.role is not Involvement.FINANCEUR
    ):
        yield "partner", f"ce partenaire est déjà le pilote de {called(engagement)}"


def theme_faults(known: Known, item: Engagement | Objective | EngagementTheme) -> Iterator[Found]:
    """What a thing is about is a thématique of the contract."""
    if item.theme and item.theme not in known.themes:
        names = ", ".join(known.themes.values())
        yield "theme", f"«\u202f{item.theme}\u202f» n’est pas une thématique du contrat ({names})"


def objective_faults(known: Known, item: Objective) -> Iterator[Found]:
    """An objective with the engagement, the reference and the parts that it names."""
    yield from _label_faults(item)
    yield from theme_faults(known, item)
    if not item.unit and not item.aim.yes_or_no:
        yield "unit", "indiquez l’unité"
    yield from _target_faults(known, item)
    yield from _start_faults(item)
    yield from _share_faults(item)
    if reason := _reference_fault(known, item):
        yield "reference", reason
    if contains_itself(item.key, known.objectives):
        yield "parent", "cet objectif se décline en lui-même"
    yield from _engagement_fault(known, item)
    if item.weight < 0:
        yield "weight", "un poids n’est pas négatif"
    parts = known.parts.get(item.key)
    if item.aggregation is not Aggregation.AUCUN and not parts:
        yield "aggregation", "cet objectif n’a pas de déclinaison à agréger"
    if item.aggregation is Aggregation.SOMME and parts and item.unit.startswith("%"):
        yield (
            "aggregation",
            "des pourcentages ne s’additionnent pas d’un lieu à l’autre\u202f:"
            " prenez leur moyenne pondérée ou leur part",
        )


def _interval_faults(item: Objective) -> Iterator[Found]:
    if item.aim.between and item.target_max is None:
        yield "target_max", "indiquez la borne haute"
    elif item.aim.between and item.target_value is not None and item.target_max is not None:
        if item.target_value >= item.target_max:
            yield "target_max", "la borne haute n’est pas au-dessus de la borne basse"
    elif item.target_max is not None:
        yield "target_max", "une borne haute ne va qu’avec «\u202fEntre deux bornes\u202f»"


def _rule_faults(known: Known, item: Objective) -> Iterator[Found]:
    """A target as written against what is written beside it."""
    if rule_of(item.target_text) is None:
        return
    if item.aim.between or item.aim.yes_or_no:
        yield "target_text", "une cible qui se calcule ne va pas avec ce sens"
        return
    value = value_of(item, known.dossier.populations)
    if value is None:
        if item.target_value is None:
            yield "target_text", base_missing(item)
    elif value != item.target_value:
        how = reckoned_words(item, known.dossier)
        given = format_value(item.target_value, item.unit)
        yield "target_value", f"{how} fait {format_value(value, item.unit)}, et non {given}"


def _target_faults(known: Known, item: Objective) -> Iterator[Found]:
    target, aim = item.target_value, item.aim
    if item.is_context and aim.promised:
        yield "role", "un chiffre de contexte n’est que «\u202fsuivi\u202f»"
    if not aim.promised and target is not None:
        yield "target_value", "un indicateur suivi n’a pas de cible"
    if item.start_date and item.target_date and item.target_date <= item.start_date:
        yield "target_date", "l’échéance précède la date de départ"
    if not aim.has_target:
        return
    yield from _interval_faults(item)
    yield from _rule_faults(known, item)
    if target is None and rule_of(item.target_text) is not None:
        return
    if target is None:
        yield "target_value", "indiquez la valeur à atteindre, ou choisissez «\u202fSuivi\u202f»"
    elif aim.yes_or_no and target not in (0, 1):
        yield "target_value", "un jalon est réalisé (1) ou ne l’est pas (0)"
    elif not item.start_unit and course_of(item) is Course.CONTRARY:
        yield "target_value", aim.wrong_side


def _start_faults(item: Objective) -> Iterator[Found]:
    if item.mesure is Mesure.CUMUL and item.start_value not in (None, 0):
        yield "start_value", "un cumul part de zéro"


def _share_faults(item: Objective) -> Iterator[Found]:
    if not is_share(item.unit):
        return
    if not item.start_unit or is_share(item.start_unit):
        yield from share_fault("start_value", item.start_value)
    yield from share_fault("target_value", item.target_value)
    yield from share_fault("target_max", item.target_max)


def _reference_fault(known: Known, item: Objective) -> str:
    compared = item.aim.compared
    if item.reference is None:
        return "un objectif de parité nomme l’objectif auquel il se compare" if compared else ""
    if item.reference == item.key:
        return "un objectif ne se compare pas à lui-même"
    reference = known.objectives.get(item.reference)
    if reference is None or not compared or reference.unit == item.unit:
        return ""
    return f"{called(reference)} se compte en «\u202f{reference.unit}\u202f», et non en «\u202f{item.unit}\u202f»"


def _engagement_fault(known: Known, item: Objective | Condition | Funding) -> Iterator[Found]:
    engagement = known.engagements.get(item.engagement or "")
    if engagement is not None and engagement.partner != item.partner:
        yield "engagement", f"{called(engagement)} est l’engagement d’un autre partenaire"


def condition_faults(known: Known, item: Condition) -> Iterator[Found]:
    """A reserve is of the partner of its engagement."""
    yield from _engagement_fault(known, item)


def milestone_faults(known: Known, item: Milestone) -> Iterator[Found]:
    """An intermediate target lies between the start and the target of its objective, one a day."""
    owner = known.objectives.get(item.objective)
    if owner is None:
        return
    if owner.target_date and item.day >= owner.target_date:
        yield "day", "un jalon précède l’échéance"
    if owner.start_date and item.day < owner.start_date:
        yield "day", "un jalon suit la date de départ"
    if known.milestones[item.objective, item.day] > 1:
        yield "day", f"deux jalons portent la même date, {format_date(item.day)}"
    if is_share(owner.unit):
        yield from share_fault("value", item.value)


def funding_faults(known: Known, item: Funding) -> Iterator[Found]:
    """An amount, in a unit that totals know."""
    yield from _label_faults(item)
    if item.last_year < item.first_year:
        yield "last_year", "la dernière année précède la première"
    if item.first_year not in _YEARS:
        yield "first_year", f"{item.first_year} n’est pas une année"
    if item.amount < 0:
        yield "amount", "un montant n’est pas négatif"
    if item.unit not in FUNDING_UNITS:
        words = ", ".join(FUNDING_UNITS)
        yield "unit", f"«\u202f{item.unit}\u202f» n’est pas l’un des mots admis ({words})"
    yield from _engagement_fault(known, item)


def funding_year_faults(known: Known, item: FundingYear) -> Iterator[Found]:
    """What an amount is worth in a year of its own."""
    owner = known.fundings.get(item.funding)
    if owner is not None and not owner.first_year <= item.year <= owner.last_year:
        yield "year", f"{item.year} n’est pas de la période {owner.years} de {called(owner)}"
    if sum(other.year == item.year for other in known.funding_years.get(item.funding, ())) > 1:
        yield "year", f"l’année {item.year} y est deux fois"
    for name, value in (("ae", item.ae), ("cp", item.cp)):
        if value is not None and value < 0:
            yield name, "un montant n’est pas négatif"
