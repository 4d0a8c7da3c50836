"""`make mutants [SEED=…] [COUNT=…]`: how many one-line changes of domain, services and storage the tests see.

Each mutant meets the tests that bear its module's name, then the others that reach its line, the quick ones first,
for a bounded time. What none of them sees is a survivor: written to `build/mutants/survivors-SEED.txt`, and in
`README.md` here with the reason why it may live.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.reached import ROOT, WORK, Reached, reached
from tests.mutants.sample import Mutant, drawn
from tests.mutants.worker import SURVIVED

COPIED = (
    "qpvdesk",
    "tests",
    "resources",
    "pyproject.toml",
    "README.md",
    "build.spec",
    "Makefile",
    "constraints.txt",
)
SLOWEST = 4
"""Times the processor that its tests took while they were watched, and a minute, after which a mutant is endless."""
UNREACHED = "unreached"
"""The verdict on a mutant that no test reaches: it survives."""
ALIVE = (SURVIVED, UNREACHED)

Worker = subprocess.Popen[str]


def main() -> int:
    """Draw the mutants, try them and print what lived."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=2030)
    parser.add_argument("--count", type=int, default=320)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="a part of the path of the modules that are tried")
    chosen = parser.parse_args()
    told = reached(ROOT, WORK)
    mutants = [mutant for mutant in drawn(ROOT, chosen.count, chosen.seed) if chosen.only in mutant.module]
    print(
        f"seed {chosen.seed}: {len(mutants)} mutants in {len({m.module for m in mutants})} modules",
        flush=True,
    )
    verdicts = try_all(mutants, told, chosen.workers)
    survivors = [mutant for mutant, verdict in verdicts.items() if verdict in ALIVE]
    text = "".join(f"{verdicts[mutant]}\t{mutant}\n" for mutant in sorted(survivors, key=str))
    (WORK / f"survivors-{chosen.seed}.txt").write_text(text, encoding="utf-8")
    for layer in sorted({_layer(mutant) for mutant in mutants}):
        _print_share(layer, [mutant for mutant in mutants if _layer(mutant) == layer], survivors)
    _print_share("together", mutants, survivors)
    print(f"verdicts: {dict(Counter(verdicts.values()))}")
    return 0


def _layer(mutant: Mutant) -> str:
    return mutant.module.split("/")[1]


def _print_share(what: str, mutants: list[Mutant], survivors: list[Mutant]) -> None:
    killed = len(mutants) - len(set(mutants) & set(survivors))
    print(f"{what}: {killed} of {len(mutants)} killed, {killed / max(1, len(mutants)):.1%}")


def try_all(mutants: list[Mutant], told: Reached, count: int) -> dict[Mutant, str]:
    """Try each mutant in one of so many copies of the checkout, and return the verdicts."""
    idle: SimpleQueue[Worker] = SimpleQueue()
    started = [_start(WORK / f"copy-{number}") for number in range(count)]
    for worker in started:
        idle.put(worker)

    def verdict_on(mutant: Mutant) -> str:
        tests = told.tests_of(mutant)
        if not tests:
            verdict = UNREACHED
        else:
            worker = idle.get()
            seconds = 60 + SLOWEST * sum(told.seconds[test] for test in tests)
            verdict = _ask(worker, mutant, tests, seconds)
            idle.put(worker)
        print(f"\n{verdict} {mutant}" if verdict in ALIVE else ".", end="", flush=True)
        return verdict

    try:
        with ThreadPoolExecutor(count) as pool:
            return dict(zip(mutants, pool.map(verdict_on, mutants), strict=True))
    finally:
        print(flush=True)
        for worker in started:
            worker.kill()
            worker.wait()


def _start(copy: Path) -> Worker:
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "out"))
        else:
            shutil.copy2(ROOT / name, copy / name)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.mutants.worker", str(copy)],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy), "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(worker: Worker, mutant: Mutant, tests: list[str], seconds: float) -> str:
    assert worker.stdin is not None
    assert worker.stdout is not None
    job = {"module": mutant.module, "code": mutant.code(ROOT), "tests": tests, "seconds": seconds}
    worker.stdin.write(json.dumps(job) + "\n")
    worker.stdin.flush()
    return str(json.loads(worker.stdout.readline())["verdict"])


if __name__ == "__main__":
    sys.exit(main())
