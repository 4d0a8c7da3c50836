"""`make bench`: each line as a ratio, our figure and the yardstick's from the same run.

`python -m tests.bench [--large]`; the base of the whole country (5 million measurements) is made only on request, for
it takes minutes and gigabytes.
"""

from __future__ import annotations

import gc
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from qpvdesk.domain.model import Dossier
from qpvdesk.domain.situation import situation
from qpvdesk.services import state
from qpvdesk.storage import database
from tests.bench import paper
from tests.bench.measure import HEADER, Line, paired, process, timed
from tests.bench.synthetic import DEPARTEMENT, FRANCE, ONE_CONTRACT, Size, dossier, dossiers

DAY = date(2026, 9, 30)


def main(arguments: list[str]) -> int:
    """Print the table."""
    folder = Path(tempfile.mkdtemp(prefix="qpvdesk-bench-"))
    print(HEADER, flush=True)
    try:
        for line in lines(folder, large="--large" in arguments):
            print(line, flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def lines(folder: Path, *, large: bool) -> Iterator[Line]:
    """Yield every line of the bench."""
    one = folder / "un.db"
    many = folder / "departement.db"
    yield from load_lines(one, ONE_CONTRACT)
    yield from start_lines(one)
    yield from load_lines(many, DEPARTEMENT)
    yield from base_lines(one, many)
    if large:
        whole = folder / "france.db"
        yield from load_lines(whole, FRANCE)
        yield from base_lines(one, whole)
    yield from paper_lines(folder)


def start_lines(base: Path) -> Iterator[Line]:
    """Line 1: process to first painted dashboard."""
    ours, theirs = paired(
        process(["-m", "tests.helpers.first_paint", str(base)]), process(["-m", "tests.bench.bare_window"])
    )
    yield Line("1", "start to first painted dashboard, 300 objectives", "bare window", ours, theirs, "≤ 1.5")


def load_lines(path: Path, size: Size) -> Iterator[Line]:
    """Line 6: bulk load with index and latest values, against the same rows in a bare table."""
    made = list(dossiers(size)) if size.contracts <= 60 else None
    count = size.contracts * size.objectives * size.measurements

    def load() -> None:
        with database.create(path) as base:
            base.bulk_load(made if made is not None else dossiers(size))

    ours = timed(load)
    bare = path.with_suffix(".bare")
    theirs = _raw_load(bare, made if made is not None else dossiers(size))
    bare.unlink()
    gc.collect()
    yield Line(
        "6",
        f"bulk load, {size.name} (about {count:,} measurements)",
        "raw executemany",
        ours,
        theirs,
        "≤ 1.8",
    )


def _raw_load(path: Path, made: Iterable[Dossier]) -> float:
    rows: list[tuple[object, ...]] = []
    for one in made:
        rows += [
            (item.key, item.objective, item.territory, item.day.toordinal(), str(item.value), item.source)
            for item in one.measurements
        ]
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE m (key TEXT, objective TEXT, territory TEXT, day INTEGER, value TEXT, source TEXT)"
    )
    start = time.perf_counter()
    connection.executemany("INSERT INTO m VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    spent = time.perf_counter() - start
    connection.close()
    return spent


def base_lines(small: Path, large: Path) -> Iterator[Line]:
    """Lines 4 and 5: the whole base at a glance, and one contract whatever the base's size."""
    with database.open_base(large, read_only=True) as base:
        raw = sqlite3.connect(f"file:{large}?mode=ro", uri=True)
        scan = "SELECT count(*), max(value) FROM measurement INDEXED BY measurement_series"
        ours, theirs = paired(lambda: base.current_rows(), lambda: raw.execute(scan).fetchall())
        raw.close()
        yield Line("4", f"dashboard of the whole base, {large.stem}", "covering scan", ours, theirs, "≤ 0.7")
        with database.open_base(small, read_only=True) as other:
            here, there = base.contracts()[0], other.contracts()[0]
            ours, theirs = paired(
                lambda: situation(base.dossier(here.key), DAY),
                lambda: situation(other.dossier(there.key), DAY),
            )
        yield Line(
            "5", f"one contract's dashboard in {large.stem}", "in a base of one", ours, theirs, "≤ 1.5"
        )


def paper_lines(folder: Path) -> Iterator[Line]:
    """Lines 7 to 10: the committee's file."""
    picture = state.picture_of(situation(dossier(0, 300, 33), DAY))
    yield from _paper_against(folder, picture, "weasyprint", "8", "≤ 0.12")
    yield from _paper_against(folder, picture, "typst", "9", "≤ 1.5")
    yield from _paper_against(folder, picture, "libreoffice", "7", "≤ 0.35")


def _paper_against(folder: Path, picture: state.Picture, name: str, number: str, goal: str) -> Iterator[Line]:
    from qpvdesk.services import printing

    target = folder / "copil.pdf"
    theirs = _yardstick(folder, picture, name)
    if theirs is None:
        print(f"{number:>4}  {name} is not installed: line left out", flush=True)
        return
    ours, other = paired(lambda: printing.write_report("copil", picture, target), theirs, runs=3)
    yield Line(number, "committee file, 300 objectives", name, ours, other, goal)


def _yardstick(folder: Path, picture: state.Picture, name: str) -> Callable[[], object] | None:
    now = picture.situation
    if name == "weasyprint":
        try:
            import weasyprint
        except (ImportError, OSError):
            return None
        source = paper.html(now)
        return lambda: weasyprint.HTML(string=source).write_pdf(folder / "weasy.pdf")
    if name == "typst":
        try:
            import typst
        except ImportError:
            return None
        (folder / "file.typ").write_text(paper.typst_source(now, folder), encoding="utf-8")
        return lambda: typst.compile(str(folder / "file.typ"), output=str(folder / "typst.pdf"))
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return None
    import subprocess

    (folder / "file.html").write_text(paper.html(now), encoding="utf-8")
    command = [
        office,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(folder / "file.html"),
    ]
    return lambda: subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
