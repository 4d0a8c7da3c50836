"""The tests of the extra « région », in an environment of its own that stands on the window's: `python -m tests.region`.

What it needs (400 MB: PostgreSQL, Arrow, Dask, DuckDB) would slow every start of the window. Where it cannot be had, one
sentence says so and nothing fails.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv-region"
BIN = FOLDER / ("Scripts" if sys.platform == "win32" else "bin")


def main() -> int:
    """Make the environment where it is missing or older than what it is made of, then run the tests in it."""
    if not ready():
        print("skipped: the extra « région » could not be installed here, its tests were not run.")
        return 0
    return subprocess.call([BIN / "python", "-m", "pytest", "tests/region", *sys.argv[1:]], cwd=ROOT)


def ready() -> bool:
    """Tell whether the environment is there, made anew where what it is made of has changed."""
    made = FOLDER / ".ready"
    wanted = _wanted()
    if not made.exists() or made.read_text() != wanted:
        try:
            _make()
        except (OSError, subprocess.CalledProcessError):
            return False
        made.write_text(wanted)
    return True


def lines_of(module: str) -> Iterator[str]:
    """Run a module in the environment and yield what it prints; one sentence where that cannot be had."""
    if not ready():
        yield "skipped: the extra « région » could not be installed here."
        return
    with subprocess.Popen([BIN / "python", "-m", module], cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout or ():
            yield line.rstrip()


def _wanted() -> str:
    files = (ROOT / "pyproject.toml", ROOT / "constraints.txt")
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _make() -> None:
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", FOLDER])
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    subprocess.check_call(
        [
            BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--constraint", "constraints.txt", *extras["region"], *extras["region-tests"],
        ],
        cwd=ROOT,
    )  # fmt: skip
    own = subprocess.check_output(
        [BIN / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    # The product and its libraries are those of the window's environment.
    Path(own.strip(), "window.pth").write_text(f"{sysconfig.get_path('purelib')}\n")


if __name__ == "__main__":
    sys.exit(main())
