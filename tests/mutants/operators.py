"""What is done to a line: operators of Cosmic Ray, and three of ours that drop what a line does.

Cosmic Ray has no operator that leaves a statement out. Of its replacements of signs, those are kept that could be a
mistake of a programmer: `is` for `==` changes nothing, `<` for `is` and `**` for `+` die of a `TypeError` or never end;
each would only blur or flatter the count. Nothing is bent in an annotation or where another system is asked for, which
nothing runs here; the signs that part the parameters of a function are no operators; what a record or a cache takes of
the memory is no behaviour.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import parso
from cosmic_ray.exceptions import CosmicRayTestingException
from cosmic_ray.operators.exception_replacer import ExceptionReplacer
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from parso.python import tree
from parso.tree import NodeOrLeaf

_COMPARISONS = {
    "Eq": ("NotEq", "LtE", "GtE"),
    "NotEq": ("Eq", "Lt", "Gt"),
    "Lt": ("LtE", "GtE", "NotEq"),
    "LtE": ("Lt", "Gt", "Eq"),
    "Gt": ("GtE", "LtE", "NotEq"),
    "GtE": ("Gt", "Lt", "Eq"),
    "Is": ("IsNot",),
    "IsNot": ("Is",),
}
_SIGNS = {
    "Add": ("Sub",),
    "Sub": ("Add",),
    "Mul": ("Div",),
    "Div": ("Mul",),
    "FloorDiv": ("Mul",),
    "Mod": ("FloorDiv",),
    "BitOr": ("BitAnd",),
    "BitAnd": ("BitOr",),
    "BitXor": ("BitOr",),
    "LShift": ("RShift",),
    "RShift": ("LShift",),
}
_OTHERS = (
    *("AddNot", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_USub_UAdd"),
    *("ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
    *("NumberReplacer", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    *("ExceptionReplacer", "ZeroIterationForLoop"),
)
_SYSTEM = re.compile(r"""(sys\.platform|os\.name) == "(?P<name>\w+)\"""")


class _Replaced(Operator):
    """Replaces a whole statement."""

    @classmethod
    def arguments(cls) -> tuple[Any, ...]:
        return ()

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        return ()

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if self.applies(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        del index
        statement = parso.parse(self.replacement(node)).children[0]
        statement.get_first_leaf().prefix = node.get_first_leaf().prefix
        return statement

    def applies(self, node: NodeOrLeaf) -> bool:
        raise NotImplementedError

    def replacement(self, node: NodeOrLeaf) -> str:
        raise NotImplementedError


class CallDropped(_Replaced):
    """A statement that is a call, left out."""

    def applies(self, node: NodeOrLeaf) -> bool:
        return (
            node.type == "atom_expr"
            and node.parent.type == "simple_stmt"
            and node.children[-1].type == "trailer"
        )

    def replacement(self, node: NodeOrLeaf) -> str:
        del node
        return "pass"


class NothingReturned(_Replaced):
    """None returned in the place of a value; not of False, for which it may stand: another operator makes it True."""

    def applies(self, node: NodeOrLeaf) -> bool:
        return (
            isinstance(node, tree.ReturnStmt)
            and len(node.children) == 2
            and node.children[1].get_code().strip() not in ("None", "False")
        )

    def replacement(self, node: NodeOrLeaf) -> str:
        del node
        return "return None"


class FilterDropped(_Replaced):
    """The condition of a comprehension that keeps everything."""

    def applies(self, node: NodeOrLeaf) -> bool:
        return node.type == "comp_if"

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        del index
        condition = parso.parse("[x for x in y if True]").children[0].children[1].children[1].children[-1]
        condition.get_first_leaf().prefix = node.get_first_leaf().prefix
        return condition


class HandlerReplaced(ExceptionReplacer):
    """What a handler takes, put out of reach; Cosmic Ray's own ends in an error where a list holds a dotted name."""

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        self._name_nodes(node)[index].get_first_leaf().value = CosmicRayTestingException.__name__
        return node


@cache
def operators() -> dict[str, Operator]:
    """Return every operator by its name."""
    theirs = [
        *_OTHERS,
        *(
            f"ReplaceComparisonOperator_{one}_{other}"
            for one, others in _COMPARISONS.items()
            for other in others
        ),
        *(f"ReplaceBinaryOperator_{one}_{other}" for one, others in _SIGNS.items() for other in others),
    ]
    ours: tuple[Operator, ...] = (CallDropped(), NothingReturned(), FilterDropped())
    return (
        {name: get_operator(f"core/{name}")() for name in theirs}
        | {"ExceptionReplacer": HandlerReplaced()}
        | {type(operator).__name__: operator for operator in ours}
    )


def may_bend(node: NodeOrLeaf) -> bool:
    """Tell whether any operator may take a node, to ask them of a tenth of the nodes only."""
    if node.type in ("name", "newline", "string", "param", "arglist", "trailer", "suite", "endmarker"):
        return False
    return node.type != "operator" or node.value not in "()[]{},:.=;->@..."


def counts(node: NodeOrLeaf) -> bool:
    """Tell whether a change of a node is one of what the program does here."""
    return not (
        _parts_parameters(node) or _in_annotation(node) or _for_another_system(node) or _saves_memory(node)
    )


def in_function(node: NodeOrLeaf) -> bool:
    """Tell whether a node is run by a call: it is in the body of a function or of a lambda."""
    child, parent = node, node.parent
    while parent is not None:
        if isinstance(parent, tree.Function) and child is parent.children[-1]:
            return True
        child, parent = parent, parent.parent
    return False


def _parts_parameters(node: NodeOrLeaf) -> bool:
    """Tell whether a node is the `*` or the `/` between the parameters of a function."""
    return node.type == "operator" and node.parent.type in ("parameters", "lambdef")


def _saves_memory(node: NodeOrLeaf) -> bool:
    """Tell whether a node is the size of a cache, or says that a record has slots: nothing but the memory changes."""
    parent = node.parent
    return parent.type == "argument" and parent.children[0].get_code().strip() in ("maxsize", "slots")


def _for_another_system(node: NodeOrLeaf) -> bool:
    """Tell whether a node is in the branch of an `if` that asks for another system."""
    child, parent = node, node.parent
    while parent is not None:
        if parent.type == "if_stmt" and child.type == "suite":
            condition = parent.children[parent.children.index(child) - 2]
            asked = _SYSTEM.fullmatch(condition.get_code().strip())
            if asked is not None and asked["name"] not in (sys.platform, os.name):
                return True
        child, parent = parent, parent.parent
    return False


def _in_annotation(node: NodeOrLeaf) -> bool:
    """Tell whether a node is of the type of a parameter, a result or a variable."""
    child, parent = node, node.parent
    while parent is not None:
        # `name: type` of a parameter, `: type = value` of a variable.
        place = {"tfpdef": 2, "annassign": 1}.get(parent.type)
        if place is not None and child is parent.children[place]:
            return True
        if isinstance(parent, tree.Function) and child is parent.annotation:
            return True
        child, parent = parent, parent.parent
    return False
