"""What cannot be together in one objective, or one statement: told at the field, on loading a contract as on editing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from qpvdesk.domain.coherence.formula import evaluate
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Mesure, Objective, Statement, StatementKind

RECKONED = frozenset(
    {StatementKind.TOTAL, StatementKind.PART, StatementKind.FORMULE, StatementKind.ENVELOPPE}
)
"""The kinds of statement whose operands all have a value."""


def objective_faults(objective: Objective, known: Mapping[str, Objective]) -> Iterator[tuple[str, str]]:
    """Yield the field at fault and why, in French without capital or stop. `known`: the objectives by key."""
    aim = objective.aim
    if objective.is_context and aim.promised:
        yield "role", "un chiffre de contexte n’est que «\u202fsuivi\u202f»"
    if not aim.promised and objective.target_value is not None:
        yield "target_value", "un indicateur suivi n’a pas de cible"
    if objective.start_date and objective.target_date and objective.target_date <= objective.start_date:
        yield "target_date", "l’échéance précède la date de départ"
    if objective.mesure is Mesure.CUMUL and objective.start_value not in (None, 0):
        yield "start_value", "un cumul part de zéro"
    if reason := _reference_fault(objective, known):
        yield "reference", reason
    if _declines_itself(objective, known):
        yield "parent", "cet objectif se décline en lui-même"


def _reference_fault(objective: Objective, known: Mapping[str, Objective]) -> str:
    compared = objective.aim.compared
    if objective.reference is None:
        return "un objectif de parité nomme l’objectif auquel il se compare" if compared else ""
    if objective.reference == objective.key:
        return "un objectif ne se compare pas à lui-même"
    reference = known.get(objective.reference)
    if reference is None or not compared or reference.unit == objective.unit:
        return ""
    return (
        f"{reference.code} se compte en «\u202f{reference.unit}\u202f»,"
        f" et non en «\u202f{objective.unit}\u202f»"
    )


def _declines_itself(objective: Objective, known: Mapping[str, Objective]) -> bool:
    above, seen = objective.parent, {objective.key}
    while above is not None and above not in seen:
        seen.add(above)
        above = known[above].parent if above in known else None
    return above is not None


def direction_faults(objective: Objective) -> Iterator[tuple[str, str]]:
    """Yield what an officer would not write on purpose: no target, or one on the wrong side of the start."""
    start, target, aim = objective.start_value, objective.target_value, objective.aim
    if not aim.has_target:
        return
    if target is None:
        yield "target_value", "indiquez la valeur à atteindre, ou choisissez «\u202fSuivi\u202f»"
    elif aim.way and start is not None and not objective.start_unit and not aim.lies_ahead(start, target):
        yield "target_value", aim.wrong_side


def statement_faults(
    statement: Statement, operands: Mapping[str, Decimal | None]
) -> Iterator[tuple[str, str]]:
    """Yield why a statement could not be reckoned by its rule, as `objective_faults` does. `operands`: by name."""
    kind = statement.kind
    values = {name: value for name, value in operands.items() if value is not None}
    if statement.value is None and (kind in RECKONED or kind is StatementKind.DENOMBREMENT):
        yield "value", "ce champ manque"
    if kind in (StatementKind.TOTAL, StatementKind.ENVELOPPE) and not values:
        yield "operands", "ce champ manque"
    if kind is StatementKind.EGALITE and len(values) < 2:
        yield "operands", "une égalité rapproche au moins deux valeurs"
    if kind is StatementKind.PART and (len(values) != 2 or not list(values.values())[1]):
        yield "operands", "une part a deux opérandes, et le second n’est pas zéro"
    if kind is not StatementKind.FORMULE:
        if statement.formula:
            yield "formula", "seul un énoncé de genre «\u202fformule\u202f» en a une"
        return
    if not statement.formula:
        yield "formula", "ce champ manque"
        return
    try:
        evaluate(statement.formula, {name: Fraction(value) for name, value in values.items()})
    except UserError as error:
        yield "formula", error.message[0].lower() + error.message[1:].rstrip(".")
