"""Which mutants are tried: lines drawn from all modules by a seed, one change on each."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutants.operators import counts, in_function, may_bend, operators

LAYERS = ("domain", "services", "storage")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: its operator applied at its n-th place of a module."""

    module: str
    """The path from the root of the checkout."""
    line: int
    operator: str
    occurrence: int
    text: str
    """The line as it is, to be known again when it moves."""
    in_function: bool
    """Whether a call runs it, and not the import of its module."""

    def code(self, root: Path) -> str:
        """Return the source of the module with the change in it."""
        source = (root / self.module).read_text(encoding="utf-8")
        bent = mutate_code(source, operators()[self.operator], self.occurrence)
        if bent is None:
            raise LookupError(str(self))
        return str(bent)

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.operator} #{self.occurrence}: {self.text}"


def modules(root: Path) -> list[Path]:
    """Return the modules that are bent."""
    return sorted(path for layer in LAYERS for path in (root / "qpvdesk" / layer).rglob("*.py"))


def mutants_of(path: Path, root: Path) -> dict[int, list[Mutant]]:
    """Return all the changes that could be made to a module, by line."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    nodes = [node for node in ast_nodes(get_ast(source)) if may_bend(node)]
    found: dict[int, list[Mutant]] = {}
    for name, operator in operators().items():
        occurrence = 0
        for node in nodes:
            for (line, _), _ in operator.mutation_positions(node):
                if counts(node):
                    found.setdefault(line, []).append(
                        Mutant(
                            path.relative_to(root).as_posix(),
                            line,
                            name,
                            occurrence,
                            lines[line - 1].strip(),
                            in_function(node),
                        )
                    )
                occurrence += 1
    return found


def drawn(root: Path, count: int, seed: int) -> list[Mutant]:
    """Return `count` mutants: one of each module that can be bent, the others by lines, each line once.

    A line is drawn by what it says, whatever is added elsewhere: the mutants of a seed stay the same ones.
    """
    places: list[tuple[bytes, list[Mutant]]] = []
    for path in modules(root):
        seen: Counter[str] = Counter()
        for _, mutants in sorted(mutants_of(path, root).items()):
            one = mutants[0]
            seen[one.text] += 1
            said = f"{seed}\0{one.module}\0{one.text}\0{seen[one.text]}"
            places.append((hashlib.sha256(said.encode()).digest(), mutants))
    places.sort(key=lambda place: place[0])
    firsts = {mutants[0].module: key for key, mutants in reversed(places)}
    places.sort(key=lambda place: firsts[place[1][0].module] != place[0])
    return [random.Random(key).choice(mutants) for key, mutants in places[:count]]
