"""Lines 7 to 10: the COPIL file of the example, whole process, against other tools that set as many pages."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pypdf

from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.services import printing
from qpvdesk.services.desk import opened
from tests.bench import paper
from tests.bench.bases import Bases
from tests.bench.measure import Cost, Line, guarded, of_pairs, paired, process, spent, version
from tests.bench.synthetic import dossier
from tests.helpers.reviews import review_of

_TAGGED = "tagged, PDF/A"
_TYPST = "import typst; typst.compile({source!r}, output={target!r}, pdf_standards=['a-2a'])"
_WEASYPRINT = "import weasyprint; weasyprint.HTML({source!r}).write_pdf({target!r}, pdf_variant='pdf/a-2u', pdf_tags=True)"
_OFFICE = (
    'pdf:writer_web_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"SelectPdfVersion":{"type":"long","value":"2"}}'
)


def lines(bases: Bases) -> Iterator[object]:
    """Yield the lines, each against a tool that may be absent: then it says so."""
    base, target = bases.new("exemple"), bases.folder / "copil.pdf"
    process(["-m", "qpvdesk", "init", "--exemple", "--base", str(base)])()
    ours = process(
        ["-m", "qpvdesk", "rapport", "--base", str(base), "--modele", "copil", "--sortie", str(target)]
    )
    ours()
    pages = len(pypdf.PdfReader(target).pages)
    for number, tool, goal in (("7", "libreoffice", 0.6), ("8", "weasyprint", 0.1), ("9", "typst", 0.9)):

        def line(number: str = number, tool: str = tool, goal: float = goal) -> Iterator[object]:
            name, theirs, made = _setter(bases.folder, base, tool, pages)
            what = f"COPIL of the example, whole process, {_TAGGED}, {pages} pages"
            yield Line(number, what, f"{name}, {_TAGGED}, {made} pages", paired(ours, theirs), goal)

        yield from guarded(f"line {number}, {tool}", line)
    yield _long(bases.folder)


def _long(folder: Path) -> Line:
    """Seconds a page of a file of some 350 pages against those of one of some 35, each with its exhaustive annex."""
    from qpvdesk.domain.situation import situation

    target = folder / "long.pdf"

    def written(count: int) -> Callable[[], int]:
        review = review_of(situation(dossier(0, count, 33), date(2026, 9, 30)))
        every = tuple(Choice(section.word) for section in printing.copil_sections(review))
        request = printing.Request("copil", composition=Composition(choices=every))
        return partial(printing.write_report, request, review, target)

    short, long = written(138), written(2650)
    few, many = short(), long()
    pairs = [(_shared(spent(long), many), _shared(spent(short), few)) for _ in range(3)]
    return Line("10", f"a page of a file of {many}", f"of a file of {few}", of_pairs(pairs), 1.05)


def _shared(cost: Cost, pages: int) -> Cost:
    return Cost(cost.processor / pages, cost.wall / pages)


def _setter(folder: Path, base: Path, tool: str, pages: int) -> tuple[str, Callable[[], str], int]:
    """Return a tool with its version, what sets as many pages with it in a process of its own, and how many.

    Raises `LookupError` where it is absent.
    """
    source, target = folder / ("file.typ" if tool == "typst" else "file.html"), folder / "file.pdf"
    name, command, program = _command(tool, source, target)
    run = process(command, program)
    with opened(base, read_only=True) as desk:
        situation = desk.situation(desk.contracts()[0].code, desk.today())

    def write(count: int) -> int:
        make = paper.typst_source if tool == "typst" else paper.html
        source.write_text(make(situation, folder, count), encoding="utf-8")
        run()
        return len(pypdf.PdfReader(target).pages)

    few = 1
    many = 8 * (len(situation.partners) + paper.DRAWINGS)
    while few < many:
        # The least number of parts that fill as many pages.
        middle = (few + many) // 2
        few, many = (few, middle) if write(middle) >= pages else (middle + 1, many)
    return name, run, write(few)


def _command(tool: str, source: Path, target: Path) -> tuple[str, list[str], list[str]]:
    if tool == "libreoffice":
        office = shutil.which("soffice") or shutil.which("libreoffice")
        if office is None:
            raise LookupError("LibreOffice is not installed")
        said = process(["--version"], [office])().split()[:2]
        return (
            " ".join(said),
            ["--headless", "--convert-to", _OFFICE, "--outdir", str(source.parent), str(source)],
            [office],
        )
    code = (_TYPST if tool == "typst" else _WEASYPRINT).format(source=str(source), target=str(target))
    return version(tool), ["-c", code], [sys.executable]
