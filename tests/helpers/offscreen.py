"""A screen that nobody looks at, of a chosen size: without it Qt's offscreen one is 800 × 800 and clips the window."""

from __future__ import annotations

import json
import os
from pathlib import Path


def declare(folder: Path, size: tuple[int, int], scale: float = 1) -> None:
    """Make Qt draw on a screen of that size (pixels before `scale`); before Qt is first imported."""
    wide, high = (round(side * scale) for side in size)
    screen = folder / "ecran.json"
    laptop = {
        "name": "laptop", "x": 0, "y": 0, "width": wide, "height": high,
        "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1,
    }  # fmt: skip
    screen.write_text(json.dumps({"screens": [laptop]}))
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"
    os.environ["QT_SCALE_FACTOR"] = str(scale)
