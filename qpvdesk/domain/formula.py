"""The small language of a statement's formula: exact, with names, four operations and four functions.

`max(0, habitants - 10000 * postes)` is read by Python's own parser and walked node by node: whatever is not in the
tables below is refused, so that a formula can reckon and nothing else.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import enumerate_words, format_number, round_half_away

CHARACTERS_MAX = 300
"""Characters: far more than a formula needs, far fewer than would exhaust the walk."""

_OPERATIONS: dict[type[ast.operator], tuple[Callable[[Fraction, Fraction], Fraction], str]] = {
    ast.Add: (operator.add, "+"),
    ast.Sub: (operator.sub, "−"),
    ast.Mult: (operator.mul, "×"),
    ast.Div: (operator.truediv, "÷"),
}
_FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    "arrondi_sup": lambda value: Fraction(math.ceil(value)),
    "arrondi": lambda value: round_half_away(value),
    "max": max,
    "min": min,
}
_ROUNDED = {"arrondi_sup": "arrondi au supérieur", "arrondi": "arrondi"}
_WORDS = {
    "arrondi_sup": "arrondi au supérieur de",
    "arrondi": "arrondi de",
    "max": "le plus grand de",
    "min": "le plus petit de",
}


def evaluate(formula: str, values: Mapping[str, Fraction]) -> Fraction:
    """Return the exact value of a formula. Raises `UserError` for what is not of the language."""
    return _walk(_parsed(formula), values)


def spelled(formula: str, values: Mapping[str, Fraction]) -> str:
    """Return the formula with its figures in the place of their names, as people write it."""
    return _spell(_parsed(formula), values, outer=True)


def _parsed(formula: str) -> ast.expr:
    if len(formula) > CHARACTERS_MAX:
        raise _refusal(f"{formula[:40]}…")
    try:
        return ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _refusal(formula) from None


def _refusal(what: str) -> UserError:
    return UserError(
        f"La formule «\u202f{what}\u202f» ne peut pas être calculée.",
        "Elle se compose de noms d’opérandes, de nombres, de + − × ÷ et d’arrondi_sup, arrondi, max, min.",
    )


def _walk(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            return Fraction(number)
        case ast.Constant(value=float() as number) if math.isfinite(number):
            return Fraction(repr(number))
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_walk(inner, values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            try:
                return _OPERATIONS[type(op)][0](_walk(left, values), _walk(right, values))
            except ZeroDivisionError:
                raise _refusal(ast.unparse(node)) from None
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as arguments, keywords=[]) if name in _FUNCTIONS:
            try:
                return _FUNCTIONS[name](*(_walk(argument, values) for argument in arguments))
            except TypeError:
                raise _refusal(ast.unparse(node)) from None
    raise _refusal(ast.unparse(node))


def _spell(node: ast.expr, values: Mapping[str, Fraction], *, outer: bool = False) -> str:
    match node:
        case ast.Constant(value=int() as number):
            return format_number(number)
        case ast.Constant(value=float() as number):
            return format_number(Fraction(repr(number)))
        case ast.Name(id=name):
            return format_number(values[name])
        case ast.UnaryOp(operand=inner):
            return f"−{_spell(inner, values)}"
        case ast.BinOp(left=left, op=op, right=right):
            sign = _OPERATIONS[type(op)][1]
            product = isinstance(op, ast.Mult | ast.Div)
            after = _spell(right, values)
            if product and isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult | ast.Div):
                after = f"({after})"
            text = f"{_spell(left, values, outer=not product)} {sign} {after}"
            return text if outer or product else f"({text})"
        case ast.Call(func=ast.Name(id="max"), args=[ast.Constant(value=0), inner]):
            floored = ", ramené à 0" if _walk(inner, values) < 0 else ""
            return _spell(inner, values, outer=outer) + floored
        case ast.Call(func=ast.Name(id=name), args=[inner]) if outer and name in _ROUNDED:
            return f"{_spell(inner, values, outer=True)}, {_ROUNDED[name]}"
        case ast.Call(func=ast.Name(id=name), args=arguments):
            inside = [_spell(argument, values, outer=True) for argument in arguments]
            return f"{_WORDS[name]} {enumerate_words(inside)}"
    raise _refusal(ast.unparse(node))
