"""A paper proves itself: found again by its fingerprint, its pages set beside the same ones printed anew."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import segno
from msgspec.structs import replace
from pypdf import PdfWriter

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.domain.model import MeetingKind
from qpvdesk.domain.situation import situation
from qpvdesk.reports import paper_file
from qpvdesk.reports import seal as seals
from qpvdesk.reports.style import MARGIN_BOTTOM, MARGIN_X
from qpvdesk.services import bases, measurements, paper_check, paper_in, printing
from qpvdesk.services.care import sealing
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.services.compositions import composition
from qpvdesk.services.desk import Desk
from qpvdesk.services.measurements import Entry
from qpvdesk.services.paper_check import PaperCheck
from qpvdesk.storage.opening import open_base
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy
from tests.unit.storage.samples import NOON

TODAY = date(2025, 11, 28)
COPIL = date(2025, 6, 30)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    path = tmp_path / "base.db"
    bases.create(path, "lens-lievin", now=NOON)
    return Desk(open_base(path), today=lambda: TODAY)


def record(desk: Desk, contract: str, day: date, value: str) -> None:
    objective = next(item for item in desk.dossier(contract).objectives if item.code == "BPI-O01")
    measurements.record(desk, contract, Entry(objective=objective.key, day=day, value=Decimal(value)))


def printed(desk: Desk, contract: str, path: Path) -> Path:
    """The short file of the last committee, with the officer's words."""
    request = printing.Request("court", meeting=desk.dossier(contract).meetings[-1].key)
    review = printing.subject(desk, contract, request)
    words = composition(printing.copil_sections(review), words={"essentiel": "Un bus de plus."})
    request = replace(request, composition=words)
    printing.write_report(request, review, path)
    return path


def test_words_alone_choose_the_sections_that_are_printed_where_nobody_chooses() -> None:
    known = (printing.SectionChoice("un", "Un"), printing.SectionChoice("deux", "Deux", usual=False))
    chosen = composition(known, words={"un": "Voici."}).choices
    assert [(item.word, item.comment) for item in chosen or ()] == [("un", "Voici.")]
    with pytest.raises(UserError, match="Une section a deux textes"):
        composition(known, words={"un": "Voici.", "Un": "Voilà."})


def test_a_paper_says_where_it_comes_from_what_was_changed_and_what_moved(desk: Desk, tmp_path: Path) -> None:
    contract = desk.contracts()[0].code
    record(desk, contract, date(2025, 5, 1), "23")
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
    freezing.freeze(desk, contract, desk.dossier(contract).meetings[-1].key, COPIL)
    paper = printed(desk, contract, tmp_path / "court.pdf")
    sound = paper_check.check(desk, paper)
    assert sound.intact
    assert not sound.moves
    record(desk, contract, date(2025, 11, 1), "30")
    later = paper_check.check(desk, paper)
    assert later.intact
    assert [move.objective.code for move in later.moves] == ["BPI-O01"]
    assert "COPIL-2025-06-30" in " ".join(paper_check.told(later))
    with pikepdf.open(paper, allow_overwriting_input=True) as document:
        document.pages[1].contents_add(b"0 0 40 40 re f")
        document.save(paper)
    forged = paper_check.check(desk, paper)
    assert (forged.intact, forged.altered) == (False, (2,))
    assert f"Page modifiée depuis l’impression{NNBSP}: 2." in paper_check.told(forged)
    with pikepdf.open(paper, allow_overwriting_input=True) as document:
        del document.docinfo["/Keywords"]
        document.save(paper)
    # What its foot says is told, where its data are frozen.
    with pytest.raises(UserError, match=f"{forged.seal.fingerprint[:4]}.* arrêtées pour COPIL-2025-06-30"):
        paper_check.check(desk, paper)


def test_a_paper_of_data_that_nobody_froze_is_lost_once_they_change(desk: Desk, tmp_path: Path) -> None:
    contract = desk.contracts()[0].code
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
    paper = printed(desk, contract, tmp_path / "court.pdf")
    assert paper_check.check(desk, paper).intact
    record(desk, contract, date(2025, 5, 1), "23")
    lost = paper_check.check(desk, paper)
    assert lost.review is None
    assert "n’étaient pas arrêtées" in " ".join(paper_check.told(lost))


def test_a_paper_that_nobody_froze_is_set_beside_the_data_of_the_day_that_was_asked(
    desk: Desk, tmp_path: Path
) -> None:
    contract = desk.contracts()[0].code
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
    record(desk, contract, date(2025, 8, 1), "23")
    record(desk, contract, date(2025, 10, 1), "30")
    request = printing.Request("court", meeting=desk.dossier(contract).meetings[-1].key)
    day = date(2025, 9, 1)
    paper = printing.print_report(desk, contract, day, tmp_path / "court.pdf", request=request)
    found = paper_check.check(desk, paper)
    assert found.intact
    assert [(move.objective.code, move.before.value) for move in found.moves] == [("BPI-O01", 23)]


def test_a_paper_is_set_beside_what_its_own_day_and_its_own_header_make(tmp_path: Path) -> None:
    """One of a meeting to come was said lost the day after; a new header made a changed page of each first one."""
    path, days = tmp_path / "base.db", [date(2025, 6, 1)]
    bases.create(path, "lens-lievin", now=NOON)
    desk = Desk(open_base(path), today=lambda: days[-1])
    contract = desk.contracts()[0].code
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
    request = printing.Request("decisions", meeting=desk.dossier(contract).meetings[-1].key)
    paper = printing.print_report(desk, contract, days[0], tmp_path / "d.pdf", request=request)
    days.append(TODAY)
    assert paper_check.check(desk, paper).intact
    desk.settings = replace(desk.settings, letterhead=Letterhead(("Préfecture",)))
    found = paper_check.check(desk, paper)
    assert (found.intact, found.altered) == (False, ())
    assert "L’en-tête du service a changé" in " ".join(paper_check.told(found))


@pytest.fixture(scope="module")
def three_pages(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("papier")
    bases.create(folder / "base.db", "lens-lievin", now=NOON)
    desk = Desk(open_base(folder / "base.db"), today=lambda: TODAY)
    request = printing.Request("partenaire", partner="BPI")
    contract = desk.contracts()[0].code
    return printing.print_report(desk, contract, TODAY, folder / "f.pdf", request=request).read_bytes()


def by_pikepdf(content: bytes, change: Callable[[pikepdf.Pdf], None], **options: bool) -> bytes:
    whole = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        change(document)
        document.save(whole, **options)
    return whole.getvalue()


def by_pypdf(content: bytes) -> bytes:
    whole, writer = io.BytesIO(), PdfWriter(clone_from=io.BytesIO(content))
    writer.compress_identical_objects()
    writer.write(whole)
    return whole.getvalue()


def by_pdfium(content: bytes) -> bytes:
    whole = io.BytesIO()
    with pypdfium2.PdfDocument(content) as document:
        document.save(whole)
    return whole.getvalue()


def finer(document: pikepdf.Pdf) -> None:
    """As a program that draws the same a hair elsewhere."""
    for page in document.pages:
        page.contents_add(b"1 0 0 1 0.02 0.02 cm", prepend=True)


def stamped(document: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[9, 9, 30, 30], Contents="Lu et approuvé"
    )
    document.pages[1].Annots = document.make_indirect(pikepdf.Array([document.make_indirect(note)]))


def last_first(document: pikepdf.Pdf) -> None:
    document.pages.insert(0, document.pages[-1])
    del document.pages[-1]


def added(document: pikepdf.Pdf) -> None:
    document.add_blank_page()
    last_first(document)


def other_digit(document: pikepdf.Pdf) -> None:
    """A figure hidden under another, of the smallest letters, drawn without words."""
    document.pages[2].contents_add(b"q 1 g 300 500 4.5 6 re f 0 g 301 500.5 1 5.5 re f Q")


def recoloured(document: pikepdf.Pdf) -> None:
    """What is blue drawn in a red of the same grey."""
    page = document.pages[1]
    page.contents_coalesce()
    drawn, blue = page.Contents.read_bytes(), b"0 0 .568627 rg"
    assert blue in drawn
    page.Contents.write(drawn.replace(blue, b".207843 0 0 rg"))


def layer(document: pikepdf.Pdf, at: int, drawn: bytes, *, viewed: bool) -> None:
    """Draw what shows on a screen alone, or on paper alone."""
    states = pikepdf.Name.ON, pikepdf.Name.OFF
    shown, printed = states if viewed else reversed(states)
    usage = pikepdf.Dictionary(
        View=pikepdf.Dictionary(ViewState=shown), Print=pikepdf.Dictionary(PrintState=printed)
    )
    group = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="x", Usage=usage))
    events = [
        pikepdf.Dictionary(Event=event, OCGs=pikepdf.Array([group]), Category=pikepdf.Array([event]))
        for event in (pikepdf.Name.View, pikepdf.Name.Print)
    ]
    document.Root.OCProperties = pikepdf.Dictionary(
        OCGs=pikepdf.Array([group]), D=pikepdf.Dictionary(AS=pikepdf.Array(events))
    )
    page = document.pages[at]
    page.Resources.Properties = pikepdf.Dictionary(Layer=group)
    page.contents_add(b"/OC /Layer BDC q " + drawn + b" Q EMC")


def for_the_printer(document: pikepdf.Pdf) -> None:
    """A figure hidden on paper that every screen shows."""
    layer(document, 1, b"1 g 300 500 4.5 6 re f 0 g 301 500.5 1 5.5 re f", viewed=False)


def for_the_screen(document: pikepdf.Pdf) -> None:
    """A black square that no printer draws, in a file whose pages were all drawn again."""
    layer(document, 1, b"0 g 300 500 40 40 re f", viewed=True)
    finer(document)


def leading(**action: object) -> Callable[[bytes], bytes]:
    """A link over a whole page, within the file or out of it."""

    def laid(document: pikepdf.Pdf) -> None:
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 600, 850], Border=[0, 0, 0],
            A=pikepdf.Dictionary(**action),
        )  # fmt: skip
        document.pages[1].Annots = pikepdf.Array([document.make_indirect(link)])

    return lambda content: by_pikepdf(content, laid)


SAME: dict[str, tuple[int, ...]] = {}
CHANGES: dict[str, tuple[Callable[[bytes], bytes], dict[str, tuple[int, ...]]]] = {
    "untouched": (lambda content: content, SAME),
    "saved again": (lambda content: by_pikepdf(content, lambda _: None, linearize=True), SAME),
    "saved by another": (by_pypdf, SAME),
    "saved by a third": (by_pdfium, SAME),
    "drawn again": (lambda content: by_pikepdf(content, finer), SAME),
    "turned": (lambda content: by_pikepdf(content, lambda it: it.pages[1].rotate(90, relative=True)), {"altered": (2,)}),
    "noted": (lambda content: by_pikepdf(content, stamped), {"altered": (2,)}),
    "forged": (lambda content: by_pikepdf(content, other_digit), {"altered": (3,)}),
    "recoloured": (lambda content: by_pikepdf(content, recoloured), {"altered": (2,)}),
    "for the printer": (lambda content: by_pikepdf(content, for_the_printer), {"altered": (2,)}),
    "for the screen": (lambda content: by_pikepdf(content, for_the_screen), {"altered": (2,)}),
    "led astray": (leading(S=pikepdf.Name.URI, URI="https://ailleurs.example/"), {"altered": (2,)}),
    "running": (leading(S=pikepdf.Name.Launch, F="x.exe"), {"altered": (2,)}),
    "scripted": (leading(S=pikepdf.Name.JavaScript, JS="app.alert(1)"), {"altered": (2,)}),
    "led within": (leading(S=pikepdf.Name.GoTo, D="x"), SAME),
    "one lost, one forged": (
        lambda content: by_pikepdf(by_pikepdf(content, other_digit), lambda it: it.pages.__delitem__(0)),
        {"altered": (3,), "missing": (1,)},
    ),
    "first lost": (lambda content: by_pikepdf(content, lambda it: it.pages.__delitem__(0)), {"missing": (1,)}),
    "one before": (lambda content: by_pikepdf(content, added), {"added": (1,)}),
    "two papers": (lambda content: by_pikepdf(content, lambda it: it.pages.extend(it.pages)), {"added": (4, 5, 6)}),
    "last first": (
        lambda content: by_pikepdf(content, last_first), {"moved": (3,)}
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_done_to_a_file_is_told_by_its_pages(three_pages: bytes, change: str) -> None:
    done, expected = CHANGES[change]
    printed, found = (paper_file.read(content) for content in (three_pages, done(three_pages)))
    seal = seals.read(found.seal)
    assert seal is not None
    told = paper_check.compared(PaperCheck(seal, len(found.pages)), found.pages, printed.pages)
    kinds = ("altered", "missing", "added", "moved")
    assert {kind: pages for kind in kinds if (pages := getattr(told, kind))} == expected
    assert told.saved_anew is (change in {"drawn again", "for the screen"})


def test_of_another_version_the_words_are_compared_and_nobody_is_said_to_have_changed_a_page(
    three_pages: bytes,
) -> None:
    printed = paper_file.read(three_pages)
    seal = seals.read(printed.seal)
    assert seal is not None
    review = review_of(situation(busy(), DAY))
    found = PaperCheck(replace(seal, program="0.0.1"), 3, review)
    pages = list(paper_file.read(by_pikepdf(three_pages, other_digit)).pages)
    assert paper_check.compared(found, pages, printed.pages).altered == ()
    noted = paper_file.read(by_pikepdf(three_pages, stamped)).pages
    assert paper_check.compared(found, noted, printed.pages).altered == (2,)
    pages[0] = replace(pages[0], words="Autrement")
    differs = paper_check.compared(found, pages, printed.pages)
    said = paper_check.told(differs)
    assert f"Page qui diffère{NNBSP}: 1." in said
    assert any("version 0.0.1" in line for line in said)
    assert not any("modifiée" in line for line in said)
    cut = [replace(page, words=f"{page.words} et plus") for page in pages[1:]]
    lost = paper_check.compared(found, cut, printed.pages)
    assert (lost.missing, lost.altered, lost.added) == ((1,), (2, 3), ()), "each stands for the most like it"


def test_what_is_no_paper_of_ours_is_said_so(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "autre.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(other)
    with pytest.raises(UserError, match="ne dit pas de quel papier") as refused:
        paper_check.check(desk, other)
    assert refused.value.remedy.startswith("C’est un scan ou une photo")
    sealing.write_sheet(other, "AAAA BBBB", "base.db", TODAY)
    with pytest.raises(UserError, match="ne dit pas de quel papier") as refused:
        paper_check.check(desk, other)
    assert refused.value.remedy.startswith("Une copie réenregistrée par un autre programme")
    for day in ("demain", "0001-01-01", "9999-12-31", "20260630", "30/06/2026"):
        seal = seals.Seal("copil", "lens-lievin", "1" * 16, day, "0.1.0")
        assert seals.read(seals.written(seal)) is None, "what a stranger wrote as a day is none"
    (tmp_path / "faux.pdf").write_bytes(b"%PDF-1.7 rien")
    with pytest.raises(UserError, match="absent"):
        paper_in.read(tmp_path / "absent.pdf")
    with pytest.raises(UserError, match="PDF lisible"):
        paper_in.read(tmp_path / "faux.pdf")


def test_what_a_stranger_wrote_of_a_paper_is_told_on_one_line(desk: Desk, tmp_path: Path) -> None:
    written = seals.Seal("mensuel", "autre\u202e\n" * 20, "1" * 16, "2026-06-30", "1\x1b[31m" * 99)
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Keywords"] = seals.written(written)
        document.save(tmp_path / "faux.pdf")
    with pytest.raises(UserError, match=r"«.autre··[^\n\u202e]{1,25}….» de ce papier"):
        paper_check.check(desk, tmp_path / "faux.pdf")
    found = PaperCheck(written, 1, redrawn=True, review=review_of(situation(busy(), DAY)), altered=(1,))
    (said,) = (line for line in paper_check.told(found) if "version" in line)
    assert len(said) < 200
    assert "\x1b" not in said


def test_a_paper_locked_by_a_password_is_refused_in_french(desk: Desk, tmp_path: Path) -> None:
    locked = tmp_path / "court.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(UserError, match="est protégé par un mot de passe") as refused:
        paper_check.check(desk, locked)
    assert refused.value.remedy.startswith("Demandez-le sans mot de passe")


def test_the_code_at_the_foot_of_each_page_says_its_fingerprint(desk: Desk, tmp_path: Path) -> None:
    contract = desk.contracts()[0].code
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, COPIL))
    content = printed(desk, contract, tmp_path / "court.pdf").read_bytes()
    seal = seals.read(paper_file.read(content).seal)
    assert seal is not None
    asked = segno.make(
        f"QPVDESK {seal.fingerprint.upper()}", micro=False, error="l", boost_error=False
    ).matrix
    scale, side = 8, seals.SIDE / len(asked)
    for page in pypdfium2.PdfDocument(content):
        picture = page.render(scale=scale).to_pil().convert("L")
        left = picture.width - (MARGIN_X + seals.SIDE) * scale
        top = picture.height - (MARGIN_BOTTOM - 15) * scale
        drawn = [
            [
                picture.getpixel((left + (x + 0.5) * side * scale, top + (y + 0.5) * side * scale)) < 128
                for x in range(len(asked))
            ]
            for y in range(len(asked))
        ]
        assert drawn == [[bool(module) for module in row] for row in asked]
