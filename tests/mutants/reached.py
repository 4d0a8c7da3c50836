"""Which tests reach which line, from a run of the unit tests under coverage; kept until a file changes.

Run as `python -m tests.mutants.reached` it makes the file that `make coverage` tells of.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import coverage
import pytest

from tests.mutants.reach import DURATIONS
from tests.mutants.sample import LAYERS, Mutant

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build" / "mutants"
TESTS = "tests/unit"
SECONDS_OF_TESTS_MAX = 40.0
"""Seconds of processor of tests, as they took while they were watched, that are tried against one mutant."""


@dataclass
class Reached:
    """The tests that reach each line of each module, and the seconds that each test takes."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests to try on a mutant: the nearest first, the quick before the slow; none where none reaches it.

        A line that an import runs belongs to the first test that asked for it, by chance: it may matter to whatever
        reaches its module, to the tests that bear its name and to those that go through all modules. A line that is
        reached in no test's own process may be in one that a test starts, near those that reach its module.
        """
        contexts = set(self.lines.get(mutant.module, {}).get(mutant.line, ())) - {""}
        imported = not mutant.in_function
        reached_here = bool(contexts)
        if imported or not contexts:
            contexts = self._reaching(mutant.module, set())
        whole = {context for context in contexts if "::" not in context}
        if not imported and not reached_here:
            whole |= {context.partition("::")[0] for context in contexts}
        for file in {test.partition("::")[0] for test in self.seconds}:
            through_all = imported and Path(file).parent.as_posix() == TESTS
            if through_all or ((imported or not reached_here) and _is_near(file, mutant.module)):
                whole.add(file)
        tests = {test for test in self.seconds if test in contexts or test.partition("::")[0] in whole}
        ordered = sorted(
            tests, key=lambda test: (not _is_near(test, mutant.module), self.seconds[test], test)
        )
        return list(_within(ordered, self.seconds))

    def _reaching(self, module: str, seen: set[str]) -> set[str]:
        """Return what reaches a module; where its import alone is seen (it declares), what reaches those that read it."""
        seen.add(module)
        found = {context for reached in self.lines.get(module, {}).values() for context in reached} - {""}
        if not found:
            for reader in self._readers.get(module, set()) - seen:
                found |= self._reaching(reader, seen)
        return found

    @cached_property
    def _readers(self) -> dict[str, set[str]]:
        """Which modules import each."""
        found: dict[str, set[str]] = {}
        for reader in self.lines:
            for node in ast.walk(ast.parse((ROOT / reader).read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    for name in (node.module, *(f"{node.module}.{one.name}" for one in node.names)):
                        path = name.replace(".", "/")
                        for module in (f"{path}.py", f"{path}/__init__.py"):
                            found.setdefault(module, set()).add(reader)
        return found


def _is_near(test: str, module: str) -> bool:
    """Tell whether a test file bears the name of the module, or of its folder below the layer."""
    parts = Path(module).with_suffix("").parts[2:]
    # What reads a file in a bounded process is called after it: `settings_in`, tested with `settings`.
    return any(f"_{part.removesuffix('_in')}" in Path(test.partition("::")[0]).stem for part in parts)


def _within(tests: Iterable[str], seconds: dict[str, float]) -> Iterable[str]:
    spent = 0.0
    for test in tests:
        spent += seconds[test]
        if spent > SECONDS_OF_TESTS_MAX:
            return
        yield test


def reached(root: Path, work: Path) -> Reached:
    """Run the unit tests under coverage, unless that was done for these very files, and return what they reach.

    Those that fail are left out. Raises `SystemExit` where they cannot be run: nothing can be said of mutants then.
    """
    data, durations, stamp = work / "reached.coverage", work / "durations.json", work / "reached.sha256"
    work.mkdir(parents=True, exist_ok=True)
    now = _digest(root)
    if not (stamp.is_file() and stamp.read_text() == now):
        stamp.unlink(missing_ok=True)
        data.unlink(missing_ok=True)
        sources = ",".join(f"qpvdesk.{layer}" for layer in LAYERS)
        watched = ["-m", "coverage", "run", "--branch", f"--data-file={data}", f"--source={sources}"]
        ran = subprocess.run(
            [
                sys.executable,
                *watched,
                "-m",
                "pytest",
                "-p",
                "tests.mutants.reach",
                "-p",
                "no:cacheprovider",
                TESTS,
            ],
            cwd=root,
            # The tracer written in C is the one that takes contexts, on every Python.
            env=os.environ
            | {DURATIONS: str(durations), "COVERAGE_CORE": "ctrace", "QT_QPA_PLATFORM": "offscreen"},
            check=False,
        )
        if ran.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise SystemExit(
                "The unit tests cannot be run on the code as it is: nothing can be said of mutants."
            )
        stamp.write_text(now)
    found = coverage.CoverageData(basename=str(data))
    found.read()
    told = Reached(json.loads(durations.read_text(encoding="utf-8")))
    for file in found.measured_files():
        told.lines[Path(file).relative_to(root).as_posix()] = found.contexts_by_lineno(file)
    return told


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for folder in ("qpvdesk", TESTS, "tests/helpers"):
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    reached(ROOT, WORK)
