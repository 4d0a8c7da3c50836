"""Start the real program, as the officer's machine does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def qpvdesk(
    *arguments: str,
    folder: Path | None = None,
    timeout: float = 120,
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `python -m qpvdesk` on the arguments and return what it printed and its exit status."""
    variables = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)} | (environment or {})
    return subprocess.run(
        [sys.executable, "-m", "qpvdesk", *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=folder,
        env=variables,
        check=False,
    )
