"""What the document states of its own figures, when no rule could reckon it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults.known import Found, Known
from qpvdesk.domain.formula import evaluate
from qpvdesk.domain.french import lowered
from qpvdesk.domain.model import Operand, Statement, StatementKind

RECKONED = frozenset(
    {StatementKind.TOTAL, StatementKind.PART, StatementKind.FORMULE, StatementKind.ENVELOPPE}
)
"""The kinds of statement whose operands all have a value."""


def statement_faults(known: Known, item: Statement) -> Iterator[Found]:
    """A statement with its operands, in their order."""
    kind, operands = item.kind, known.operands.get(item.key, [])
    if any(next(operand_faults(known, operand), None) for operand in operands):
        # The operand itself says so.
        return
    values = {operand.name: operand.value for operand in operands if operand.value is not None}
    if item.value is None and (kind in RECKONED or kind is StatementKind.DENOMBREMENT):
        yield "value", "ce champ manque"
    if kind in (StatementKind.TOTAL, StatementKind.ENVELOPPE) and not values:
        yield "operands", "ce champ manque"
    if kind is StatementKind.EGALITE and len(values) < 2:
        yield "operands", "une égalité rapproche au moins deux valeurs"
    if kind is StatementKind.PART and (len(values) != 2 or not list(values.values())[1]):
        yield "operands", "une part a deux opérandes, et le second n’est pas zéro"
    if kind is StatementKind.FORMULE:
        yield from _formula_fault(item, {name: Fraction(value) for name, value in values.items()})
    elif item.formula:
        yield "formula", "seul un énoncé de genre «\u202fformule\u202f» en a une"


def operand_faults(known: Known, item: Operand) -> Iterator[Found]:
    """A figure that a statement is reckoned from: one of its name, with a value where the rule needs it."""
    owner = known.statements.get(item.statement)
    called = item.label or item.name
    if any(other.name == item.name for other in known.operands[item.statement] if other.rank < item.rank):
        yield "name", f"«\u202f{called}\u202f» y est deux fois"
    if owner is not None and owner.kind in RECKONED and item.value is None:
        yield "value", f"«\u202f{called}\u202f» n’a pas de valeur\u202f: «\u202f{called}\u202f; 26\u202f»"


def _formula_fault(item: Statement, values: dict[str, Fraction]) -> Iterator[Found]:
    if not item.formula:
        yield "formula", "ce champ manque"
        return
    try:
        evaluate(item.formula, values)
    except UserError as error:
        yield "formula", lowered(error.message.rstrip("."))
