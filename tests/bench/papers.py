"""Lines 7 to 10: the COPIL file of the example, whole process, against other tools that set the same file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from datetime import date
from functools import partial
from pathlib import Path

import pypdf

from qpvdesk.paths import resource
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.layout import Manuscript
from qpvdesk.services import printing
from tests.bench import paper
from tests.bench.bases import Bases
from tests.bench.measure import Cost, Line, guarded, of_pairs, paired, process, spent, version
from tests.bench.paper_html import Html
from tests.bench.paper_typst import Typst
from tests.bench.synthetic import dossier
from tests.helpers.reviews import review_of

_TAGGED = "tagged, PDF/A"
_LEAST_SHARED = 0.95
"""Of the words of our file, in one that says the same."""
_TYPST = (
    "import typst; typst.compile({source!r}, output={target!r}, pdf_standards=['a-2a', 'ua-1'], "
    "font_paths=[{fonts!r}], ignore_system_fonts=True)"
)
_WEASYPRINT = "import weasyprint; weasyprint.HTML({source!r}).write_pdf({target!r}, pdf_variant='pdf/a-2a')"
_OFFICE = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"SelectPdfVersion":{"type":"long","value":"2"},"PDFUACompliance":{"type":"boolean","value":"true"}}'
)
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>%s</dir></fontconfig>"""
"""The type of our paper, as if it were installed."""


def lines(bases: Bases) -> Iterator[object]:
    """Yield the lines, each against a tool that may be absent: then it says so."""
    base, target = bases.new("exemple"), bases.folder / "copil.pdf"
    process(["-m", "qpvdesk", "init", "--exemple", "--base", str(base)])()
    # ReportLab takes Pyphen where WeasyPrint has brought it; no officer has it, nor is it ours to read.
    (bases.folder / "pyphen.py").write_text("raise ImportError\n", encoding="utf-8")
    asked = ["-m", "qpvdesk", "rapport", "--base", str(base), "--modele", "copil", "--sortie", str(target)]
    ours = process(asked, PYTHONPATH=str(bases.folder))
    ours()
    manuscript = paper.manuscript_of(base)
    what = f"COPIL of the example, whole process, {_TAGGED}, {_pages(target)} pages"
    for number, tool, goal in (("7", "libreoffice", 0.6), ("8", "weasyprint", 0.1), ("9", "typst", 0.9)):

        def line(number: str = number, tool: str = tool, goal: float = goal) -> Iterator[object]:
            name, theirs, made = _setter(bases.folder, manuscript, tool)
            theirs()
            shared = paper.shared_words(target, made)
            said = f"{name}, {_TAGGED}, {_pages(made)} pages, {shared:.1%} of its words"
            said += "" if shared >= _LEAST_SHARED else f": NOT THE SAME, less than {_LEAST_SHARED:.0%}"
            yield Line(number, what, said, paired(ours, theirs), goal)

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


def _pages(file: Path) -> int:
    return len(pypdf.PdfReader(file).pages)


def _setter(folder: Path, manuscript: Manuscript, tool: str) -> tuple[str, Callable[[], str], Path]:
    """Return a tool with its version, what sets the same file with it in a process of its own, and where to.

    What it is given is written beforehand. Raises `LookupError` where the tool is absent.
    """
    target, fonts = folder / "file.pdf", resource("fonts")
    settings = folder / "fonts.conf"
    settings.write_text(_FONTS % fonts, encoding="utf-8")
    if tool == "libreoffice":
        office = shutil.which("soffice") or shutil.which("libreoffice")
        if office is None:
            raise LookupError("LibreOffice is not installed")
        name = " ".join(process(["--version"], [office])().split()[:2])
        source = folder / "file.odt"
        paper.open_document(manuscript, Html(manuscript, folder), source)
        command = ["--headless", "--convert-to", _OFFICE, "--outdir", str(folder), str(source)]
        return name, process(command, [office], FONTCONFIG_FILE=str(settings)), target
    name, source = version(tool), folder / ("file.typ" if tool == "typst" else "file.html")
    markup = (Typst if tool == "typst" else Html)(manuscript, folder)
    source.write_text(markup.document(), encoding="utf-8")
    code = (_TYPST if tool == "typst" else _WEASYPRINT).format(
        source=str(source), target=str(target), fonts=str(fonts)
    )
    if tool == "weasyprint" and find_library("harfbuzz-subset") is None:
        name += " without its HarfBuzz-Subset (slower)"
    return name, process(["-c", code], FONTCONFIG_FILE=str(settings)), target
