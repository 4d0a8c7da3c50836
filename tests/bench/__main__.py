"""`make bench`: each line as a ratio, our figure and the yardstick's from the same run.

`python -m tests.bench [--large]`; the base of the whole country (5 million measurements) is made only on request, for
it takes minutes and gigabytes.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain.model import Dossier, Sens
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import situation
from qpvdesk.storage import opening
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import TABLES
from tests.bench import paper
from tests.bench.measure import HEADER, Line, paired, process, timed
from tests.bench.synthetic import DEPARTEMENT, FRANCE, ONE_CONTRACT, Size, dossier, dossiers
from tests.helpers import bulk
from tests.helpers.reviews import desk_on, review_of

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
    os.environ["QPVDESK_DOSSIER"] = str(folder)
    from tests.bench import window

    yield from window.lines(many)
    if large:
        whole = folder / "france.db"
        yield from load_lines(whole, FRANCE)
        yield from base_lines(one, whole)
    yield from import_lines(folder)
    yield from paper_lines(folder)
    from tests.bench import bundle

    yield from bundle.lines(folder, one)


def import_lines(folder: Path) -> Iterator[Line]:
    """Line 15: a csv of 100 000 values, previewed and written, against its bare rows, with their journal and without."""
    from qpvdesk.services.figures import imports

    count = 100_000
    empty = replace(dossier(0, 300, 0), measurements=())
    codes = [item.code for item in empty.objectives if item.sens is not Sens.JALON]
    each = -(-count // len(codes))
    text = ["Code;Date;Valeur"]
    for at in range(count):
        day = date(2026, 1, 1) - timedelta(days=at % each)
        text.append(f"{codes[at // each]};{day:%d/%m/%Y};{at % 89},5")
    path = folder / "retour.csv"
    path.write_text("\n".join(text), encoding="utf-8")
    plans: list[imports.Plan] = []
    with opening.create(folder / "import.db") as base:
        with base.unit("Contrat") as unit:
            unit.put(empty.contract)
            for table in TABLES[1:]:
                unit.put_all(getattr(empty, table.dossier))
        held = base.dossier(empty.contract.key)
        seen = timed(lambda: plans.append(imports.preview(desk_on(base, DAY), held.contract.code, path)))
        kept = timed(lambda: imports.apply(desk_on(base, DAY), plans[0]))
    figures, rows = _raw_copy(folder / "import.db", folder / "import.bare")
    yield Line(
        "15",
        f"csv of {figures:,} values, previewed and written",
        f"raw executemany of the {rows[0]:,} rows it writes",
        seen + kept,
        rows[1],
        "≤ 6",
    )
    made = [line.measurement for line in plans[0].lines if line.measurement is not None]
    alone = _raw_load(folder / "figures.bare", [replace(empty, measurements=tuple(made))])
    yield Line(
        "15", "the same, against its figures without their journal", "raw executemany", seen + kept, alone, ""
    )
    yield Line("15", "the same, read and previewed only", "raw executemany", seen, alone, "")


def _raw_copy(path: Path, target: Path) -> tuple[int, tuple[int, float]]:
    """Return how many figures the last act of a base wrote, and the rows it wrote with the seconds they take bare.

    Bare: the same rows in memory, put into tables without key, index, check or trigger, in one transaction.
    """
    held = sqlite3.connect(path)
    act = "act = (SELECT max(id) FROM act)"
    operations = held.execute(f"SELECT * FROM operation WHERE {act}").fetchall()
    figures = held.execute(
        f"SELECT * FROM measurement WHERE key IN (SELECT key FROM operation WHERE {act})"
    ).fetchall()
    held.close()
    bare = sqlite3.connect(target)
    spent = 0.0
    for name, rows in (("figures", figures), ("operations", operations)):
        bare.execute(f"CREATE TABLE {name} ({', '.join(f'c{at}' for at in range(len(rows[0])))})")
        marks = ", ".join("?" * len(rows[0]))

        def fill(name: str = name, marks: str = marks, rows: list[Any] = rows) -> None:
            bare.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
            bare.commit()

        spent += timed(fill)
    bare.close()
    return len(figures), (len(figures) + len(operations), spent)


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

    with opening.create(path) as base:
        ours = timed(lambda: bulk.bulk_load(base, made if made is not None else dossiers(size)))
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
    """Return the seconds to put the measurements alone, from the same objects, into a table without key or index."""
    held = [item for one in made for item in one.measurements]
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE m (key TEXT, objective TEXT, territory TEXT, day INTEGER, value TEXT, source TEXT)"
    )
    rows = (
        (item.key, item.objective, item.territory, item.day.toordinal(), str(item.value), item.source)
        for item in held
    )
    start = time.perf_counter()
    connection.executemany("INSERT INTO m VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    spent = time.perf_counter() - start
    connection.close()
    return spent


def base_lines(small: Path, large: Path) -> Iterator[Line]:
    """Lines 4 and 5: the whole base at a glance, and one contract whatever the base's size."""
    with opening.open_base(large, read_only=True) as base:
        raw = sqlite3.connect(f"file:{large}?mode=ro", uri=True)
        scan = "SELECT count(*), max(value) FROM measurement INDEXED BY measurement_series"
        ours, theirs = paired(lambda: bulk.current_rows(base), lambda: raw.execute(scan).fetchall())
        raw.close()
        yield Line("4", f"dashboard of the whole base, {large.stem}", "covering scan", ours, theirs, "≤ 0.7")
        with opening.open_base(small, read_only=True) as other:
            here, there = base.contracts()[0], other.contracts()[0]
            ours, theirs = paired(
                lambda: situation(base.dossier(here.key), DAY),
                lambda: situation(other.dossier(there.key), DAY),
            )
        yield Line(
            "5", f"one contract's dashboard in {large.stem}", "in a base of one", ours, theirs, "≤ 1.5"
        )


def paper_lines(folder: Path) -> Iterator[Line]:
    """Lines 7 to 10: the committee's file, against the same amount of paper set by other tools."""
    from qpvdesk.services import printing

    target = folder / "copil.pdf"
    picture = review_of(situation(dossier(0, 300, 33), DAY))

    def ours(many: Review = picture) -> int:
        return printing.write_report(printing.Request("copil"), many, target)

    pages = ours()
    what = f"committee file, 300 objectives, {pages} pages"
    for number, name, goal in (
        ("7", "libreoffice", "≤ 0.35"),
        ("8", "weasyprint", "≤ 0.12"),
        ("9", "typst", "≤ 1.5"),
    ):
        theirs = _setter(folder, picture, name, pages)
        if theirs is None:
            print(f"{number:>4}  {name} is not installed: line left out", flush=True)
            continue
        yield Line(number, what, name, *paired(ours, theirs, runs=3), goal)
    large = review_of(situation(dossier(0, 3000, 33), DAY))
    many = ours(large)
    slow, fast = paired(lambda: ours(large), ours, runs=3)
    yield Line("10", f"seconds a page, {many} pages", f"at {pages} pages", slow / many, fast / pages, "≤ 1.1")


def _setter(folder: Path, picture: Review, name: str, pages: int) -> Callable[[], object] | None:
    """Return what sets about as many pages with another tool, in a process of its own; None where it is absent."""
    source = folder / ("file.typ" if name == "typst" else "file.html")
    target = folder / "file.pdf"
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if name == "typst":
        code = f"import typst; typst.compile({str(source)!r}, output={str(target)!r})"
        command = [sys.executable, "-c", code]
    elif name == "weasyprint":
        code = f"import weasyprint; weasyprint.HTML({str(source)!r}).write_pdf({str(target)!r})"
        command = [sys.executable, "-c", code]
    elif office is not None:
        command = [office, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    else:
        return None

    def write(times: int) -> None:
        make = paper.typst_source if name == "typst" else paper.html
        source.write_text(make(picture.situation, folder, times), encoding="utf-8")

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True)

    try:
        write(1)
        run()
    except (subprocess.CalledProcessError, OSError):
        return None
    import pypdf

    write(max(1, round(pages / len(pypdf.PdfReader(target).pages))))
    return run


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
