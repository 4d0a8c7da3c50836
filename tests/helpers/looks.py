"""`make looks`: every page in every look at every size, to be looked at: build/looks/<size>/<look>/<page>.png, and a sheet a
look. `make looks LOOKS="150-pour-cent sombre"` takes one size and one look alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from PIL import Image

from tests.helpers import offscreen

FOLDER = Path(__file__).parents[2] / "build" / "looks"
SIZES: dict[str, tuple[tuple[int, int], float]] = {
    "1366x768": ((1366, 768), 1.0),
    "150-pour-cent": ((911, 512), 1.5),
    "1920x1080": ((1920, 1080), 1.0),
    "200-pour-cent": ((960, 540), 2.0),
}
"""A laptop, the same at 150 %, a desk, the same at 200 %: points of the screen, pixels a point."""
LOOKS = ("clair", "sombre", "contraste", "projection")
_THUMB = 640
_ACROSS = 4


def main(words: Sequence[str]) -> int:
    """Take the pictures of the sizes and looks named, of all of them where none is, each size in a process of its own."""
    sizes, looks = _named(words, SIZES), _named(words, LOOKS)
    for size in sizes:
        command = [sys.executable, "-m", "tests.helpers.looks", "--taken", size, *looks]
        subprocess.run(command, check=True)
        for look in looks:
            print(_sheet(FOLDER / size / look))
    return 0


def _named(words: Sequence[str], known: Iterable[str]) -> list[str]:
    every = list(known)
    return [word for word in words if word in every] or every


def take(size: str, looks: Sequence[str]) -> int:
    """Take every page of one size. Qt reads its screen from the environment when it is first imported."""
    points, scale = SIZES[size]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        offscreen.declare(work, points, scale)
        os.environ["QPVDESK_DOSSIER"] = name
        from tests.helpers.studio import Studio

        for look, page, pixels in Studio(work, work).look(looks):
            target = FOLDER / size / look / f"{page}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            if not pixels.save(str(target)):
                raise SystemExit(f"{target} cannot be written")
    return 0


def _sheet(folder: Path) -> Path:
    """Set the pictures of a folder side by side, and return the file."""
    files = sorted(folder.glob("*.png"))
    thumbs = list(_thumbs(files))
    rows = [thumbs[first : first + _ACROSS] for first in range(0, len(thumbs), _ACROSS)]
    heights = [max(thumb.height for thumb in row) + 8 for row in rows]
    sheet = Image.new("RGB", (_ACROSS * (_THUMB + 8), sum(heights)), "grey")
    for row, top in zip(rows, accumulate(heights, initial=0), strict=False):
        for place, thumb in enumerate(row):
            sheet.paste(thumb, (place * (_THUMB + 8), top))
    target = folder.with_suffix(".png")
    sheet.save(target)
    return target


def _thumbs(files: Sequence[Path]) -> Iterator[Image.Image]:
    for file in files:
        with Image.open(file) as taken:
            picture = taken.convert("RGB")
        yield picture.resize(
            (_THUMB, round(picture.height * _THUMB / picture.width)), Image.Resampling.LANCZOS
        )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(take(arguments[1], arguments[2:]) if arguments[:1] == ["--taken"] else main(arguments))
