"""What is typed is text on every paper, in every form: printed as typed, never obeyed, nothing opened for it.

`QPVDESK_LARGE=1` tries every text in every field; otherwise a few turns of them.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest
from docx import Document
from msgspec.structs import replace

from qpvdesk.domain.model import (
    Acknowledgement,
    CounterValue,
    Decision,
    DecisionState,
    Dossier,
    Establishment,
    LegalReference,
    Meeting,
    MeetingKind,
    Meteo,
    Statement,
    StatementKind,
    Step,
    Weather,
)
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import situation
from qpvdesk.services import printing
from tests.bench import synthetic
from tests.helpers import hostile, invented, paper_text
from tests.helpers.reviews import review_of

TURNS = range(30) if os.environ.get("QPVDESK_LARGE") else (0, 7, 19)
WANTED = {"partenaire": {"partner": "ARS"}, "territoire": {"territory": "R32"}}
_opened: list[str] | None = None


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if _opened is not None and event in ("open", "socket.connect", "subprocess.Popen", "os.system"):
        _opened.append(f"{event} {arguments[0]!r}")


sys.addaudithook(_listen)


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """What is opened, connected to or started during the test."""
    global _opened
    _opened = []
    yield _opened
    _opened = None


@lru_cache(maxsize=1)
def plain() -> Dossier:
    """A contract with something of every kind that papers show."""
    base = invented.dossier()
    day = date(2026, 6, 30)
    return replace(
        base,
        partners=tuple(replace(item, contact_function="x", note="x") for item in base.partners),
        engagements=tuple(replace(item, detail="x") for item in base.engagements),
        measurements=tuple(replace(item, comment="x") for item in base.measurements),
        establishments=(Establishment("es1", "k", "COL-1", "x", "t1", "college", "REP"),),
        legal_references=(LegalReference("lr1", "k", "TXT-1", "x", dated=day, vote="x"),),
        counter_values=(CounterValue("cv1", "o1", date(2025, 6, 30), Decimal(28), "x", "x"),),
        meteos=tuple(
            Meteo(f"w-{item.key}", item.key, date(2026, 5, 1), weather, "x", "x", "x")
            for item, weather in zip(
                base.engagements, (Weather.NUAGE, Weather.SOLEIL, Weather.ORAGE), strict=True
            )
        ),
        steps=(Step("st1", "e1", "x", 1, "x", date(2026, 9, 1)),),
        meetings=(
            Meeting("g0", "k", MeetingKind.COPIL, date(2025, 10, 14), "x", "x", "x", "x"),
            Meeting("g1", "k", MeetingKind.COPIL, day, "x", "x", "x", "x"),
        ),
        decisions=(
            Decision("d0", "g0", "x", 1, "x", date(2026, 5, 1), DecisionState.EN_COURS),
            Decision("d1", "g1", "x", 1, "x", date(2026, 9, 1)),
        ),
        statements=(Statement("s1", "k", "ST-1", StatementKind.BASE_ABSENTE, "x", note="x"),),
        acknowledgements=(Acknowledgement("ak1", "k", "x", "x", day),),
    )


LEAST = {"copil": 30, "mensuel": 1, "saisie": 3, "emargement": 2, "visite": 2}
"""How many of the texts a paper holds at least; the shortest ask or say little."""


def write(model: str, dossier: Dossier, path: Path) -> int:
    meeting = next((item for item in dossier.meetings if item.key == "g1"), None)
    picture = review_of(situation(dossier, invented.TODAY), meeting=meeting)
    return printing.write_report(printing.Request(model, **WANTED.get(model, {})), picture, path)


def intact(text: str, texts: tuple[str, ...] = hostile.HOSTILE) -> int:
    """Count the texts that are whole in what was read back; fail where one is neither whole nor openly cut.

    A third of them stand without their mark at the beginning, to be the first thing of a cell: their end tells them.
    """
    read = hostile.squeezed(text)
    whole = re.compile("|".join(f"(?:{hostile.pattern_of(one)}){hostile.END}" for one in texts), re.DOTALL)
    for found in re.finditer(hostile.BEGIN, read):
        rest = read[found.end() :]
        if whole.match(rest):
            continue
        until = re.split(f"…|{hostile.BEGIN}", rest[:400])
        assert len(until) > 1, f"altered: {rest[:80]!r}"
        assert any(_begins(one, until[0]) for one in texts), f"altered: {rest[:80]!r}"
    return sum(1 for _ in whole.finditer(read))


def _begins(one: str, read: str) -> bool:
    """Whether what was read is the beginning of a text, cut to fit one line."""
    composed = unicodedata.normalize("NFC", one)
    whole = "".join(char for char in hostile.squeezed(composed) if ord(char) < 0x250 and char.isprintable())
    lacking = "(signenonimprimable)"
    told = read.replace(lacking, "")
    cut = next((size for size in range(len(lacking), 0, -1) if told.endswith(lacking[:size])), 0)
    shown = "".join(char for char in told[: len(told) - cut] if ord(char) < 0x250)
    return whole.startswith(shown) or (whole + hostile.END).startswith(shown)


def pdf_text(path: Path) -> str:
    return "\n".join(paper_text.pages(path))


@pytest.mark.parametrize("model", printing.MODELS)
@pytest.mark.parametrize("turn", TURNS)
def test_every_field_prints_as_typed(model: str, turn: int, tmp_path: Path, opened: list[str]) -> None:
    dossier = hostile.filled(plain(), turn)
    write(model, dossier, tmp_path / "a.pdf")
    assert intact(pdf_text(tmp_path / "a.pdf")) >= LEAST.get(model, 5)
    write(model, dossier, tmp_path / "a.docx")
    word = Document(str(tmp_path / "a.docx"))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    intact("\n".join([*(item.text for item in word.paragraphs), *cells]))
    write(model, dossier, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for name in archive.namelist():
            assert re.fullmatch(r"[\w-]+\.csv", name)
            text = archive.read(name).decode("utf-8-sig")
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
            for row in rows:
                for value in row:
                    assert not value.startswith(("=", "@", "\t", "\r")), value
                    assert not value.startswith(("+", "-")) or re.fullmatch(r"[+-][\d\s,.%]*", value), value
            intact("\n".join(value for row in rows for value in row))
    for one in opened:
        assert not re.search(r"passwd|shadow|attaquant|socket.connect|Popen|serveur", one), one


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not there")
def test_another_reader_finds_the_same(tmp_path: Path) -> None:
    write("copil", hostile.filled(plain(), 3), tmp_path / "a.pdf")
    ran = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-raw", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True
    )
    text = ran.stdout.decode("utf-8")
    assert intact(text) >= 30


@pytest.mark.parametrize("model", printing.MODELS)
def test_endless_words_and_long_comments_are_laid_out(model: str, tmp_path: Path) -> None:
    texts = (hostile.LONG_COMMENT,)
    dossier = hostile.filled(plain(), 0, texts)
    contract = replace(dossier.contract, name=hostile.LONG_WORD)
    partners = tuple(replace(item, name=hostile.LONG_WORD) for item in dossier.partners[:1])
    dossier = replace(dossier, contract=contract, partners=(*partners, *dossier.partners[1:]))
    write(model, dossier, tmp_path / "a.pdf")
    assert len(hostile.squeezed(hostile.LONG_COMMENT)) > 3000
    if model not in ("mensuel", "saisie", "visite"):
        # Pages come between: each sentence is counted, on as many pages as hold a whole comment.
        pages = paper_text.pages(tmp_path / "a.pdf")
        assert sum(hostile.squeezed(page).count("Motaprèsmot") for page in pages) >= 77


@lru_cache(maxsize=1)
def large_and_bare() -> tuple[Review, Review]:
    """What is said of a contract of three hundred objectives, and of its partners and places alone."""
    large = synthetic.dossier(0, 300, 4)
    bare = Dossier(large.contract, territories=large.territories, partners=large.partners)
    return review_of(situation(large, invented.TODAY)), review_of(situation(bare, invented.TODAY))


@pytest.mark.parametrize("model", printing.MODELS)
@pytest.mark.parametrize("form", ["pdf", "docx", "zip"])
def test_three_hundred_objectives_and_a_contract_with_nothing(model: str, form: str, tmp_path: Path) -> None:
    large, bare = large_and_bare()
    wanted = {"partenaire": {"partner": "ARS"}, "territoire": {"territory": "D62"}}.get(model, {})
    path = tmp_path / f"large.{form}"
    printing.write_report(printing.Request(model, **wanted), large, path)
    # A letter or a list to sign has no table: its archive may be empty.
    assert path.stat().st_size > (0 if form == "zip" else 300)
    path = tmp_path / f"bare.{form}"
    printing.write_report(printing.Request(model, **wanted), bare, path)
    assert path.exists()


def test_the_battery_fills_what_the_papers_show() -> None:
    dossier = hostile.filled(plain(), 0)
    for text in (dossier.contract.name, dossier.objectives[0].label, dossier.meetings[0].participants):
        assert hostile.END in text
    assert len(set(hostile.HOSTILE)) == 30
