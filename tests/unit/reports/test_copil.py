"""The COPIL's file, read back from its pages."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from qpvdesk import __version__
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.gatherings import AXES, PARTNERS, THEMES
from qpvdesk.domain.model import (
    Aggregation,
    Axis,
    Condition,
    Decision,
    Dossier,
    Engagement,
    Meeting,
    MeetingKind,
    Meteo,
    Nature,
    Role,
    Sens,
    Snapshot,
    Weather,
)
from qpvdesk.domain.points import Point, PointNature
from qpvdesk.domain.review import Baseline, PointView
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.domain.themes import USUAL
from qpvdesk.reports import copil
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.ending import well_ended
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Heading
from qpvdesk.reports.layout import CancelledError, Watch
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.agenda import with_decisions
from qpvdesk.reports.sections.essential import to_treat_line
from qpvdesk.reports.sections.partner import of_partner, promise_chapter
from qpvdesk.reports.sections.points import points
from qpvdesk.reports.style import HEIGHT
from qpvdesk.reports.tables import DataTable, data_table
from qpvdesk.reports.text import Paragraph
from tests.bench.synthetic import dossier as synthetic
from tests.helpers.blocks import paragraphs
from tests.helpers.paper_text import pages
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy, contract, measurement, objective

BEFORE = date(2025, 12, 4)
EVERYTHING = Composition((Choice("essentiel"), Choice("partenaire-P1"), Choice("points"), Choice("annexe")))
"""With the annex, which tells what the chapters fold."""


def data(dossier: Dossier, **changes: Any) -> CopilData:
    now, then = situation(dossier, DAY), situation(dossier, BEFORE)
    return replace(CopilData(review_of(now, then)), **changes)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("copil") / "copil.pdf"
    decisions = (Decision("d1", "r1", "Transmettre le bilan", 1, "Département", date(2026, 3, 1)),)
    copil.write(path, data(replace(busy(), decisions=decisions)))
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The same without its decision; how many pages it is said to have."""
    path = tmp_path_factory.mktemp("copil") / "plain.pdf"
    return path, copil.write(path, data(busy()))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of three hundred objectives."""
    path = tmp_path_factory.mktemp("copil") / "large.pdf"
    copil.write(path, data(synthetic(0, 300, 5)))
    return path


def test_the_number_of_pages_is_told_and_stands_on_each(plain: tuple[Path, int]) -> None:
    path, count = plain
    shown = pages(path)
    assert len(shown) == count
    for number, text in enumerate(shown, 1):
        assert f"page{number}/{count}" in squeezed(text)


def test_each_page_bears_the_date_of_the_data_and_the_fingerprint(plain: tuple[Path, int]) -> None:
    fingerprint = data(busy()).fingerprint
    for text in pages(plain[0]):
        assert squeezed(
            f"Données au 30/06/2026 (non arrêtées) · empreinte {fingerprint} · qpvdesk {__version__}"
        ) in squeezed(text)


def test_the_same_data_give_the_same_bytes(plain: tuple[Path, int], tmp_path: Path) -> None:
    copil.write(tmp_path / "two.pdf", data(busy()))
    assert plain[0].read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_the_fingerprint_follows_what_is_shown_and_nothing_else() -> None:
    base = busy()
    later = measurement(1, date(2026, 9, 1), "39")
    assert data(replace(base, measurements=(*base.measurements, later))).fingerprint == data(base).fingerprint
    earlier = measurement(1, date(2026, 6, 1), "39")
    assert (
        data(replace(base, measurements=(*base.measurements, earlier))).fingerprint != data(base).fingerprint
    )


def test_the_number_of_a_paper_is_the_same_for_ever() -> None:
    """It is printed: another release must give it to the same data, whatever its classes have become."""
    dossier = replace(
        contract(),
        objectives=(objective(1),),
        measurements=(measurement(1, date(2026, 6, 1), "39"),),
    )
    frozen = CopilData(review_of(situation(dossier, DAY), situation(dossier, BEFORE)))
    assert frozen.fingerprint == "a514 8b12 9506 dbda"


def test_metadata_language_and_bookmarks(printed: Path) -> None:
    reader = PdfReader(printed)
    assert reader.metadata is not None
    assert reader.metadata.title == "Contrat de ville d’essai – comité de pilotage"
    assert reader.metadata.author == "Délégué ou déléguée du préfet"
    assert reader.metadata.subject == "Dossier du comité de pilotage, données au 30/06/2026 (non arrêtées)"
    assert str(reader.metadata.creation_date_raw).startswith("D:20260630")
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("fr")
    titles = [item.title for item in flat(reader.outline)]
    assert titles == [
        "L’essentiel", "Sommaire", "Ordre du jour et suites données", "Décisions à prendre", "Premier partenaire",
        "Objectifs chiffrés", "Engagements", "Moyens mobilisés", "Territoires", "Points d’attention", "Alertes",
        "Chiffres à rapprocher", "Sources", "Note de méthode",
    ]  # fmt: skip


def flat(outline: list[Any]) -> Iterator[Any]:
    for item in outline:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item


def test_the_contents_lead_to_the_right_pages(printed: Path) -> None:
    reader = PdfReader(printed)
    contents = pages(printed)[2]
    assert contents.count("\n") > 8
    # A chapter has a line; its parts have bookmarks.
    for item in [entry for entry in reader.outline if not isinstance(entry, list)]:
        number = reader.get_destination_page_number(item) + 1
        assert re.search(rf"{re.escape(item.title)}\s*{number}\b", contents) or (
            item.title in contents and re.search(rf"\b{number}\b", contents)
        )
    links = [
        note.get_object()
        for note in reader.pages[2].get("/Annots", [])
        if note.get_object()["/Subtype"] == "/Link"
    ]
    told = [str(link["/Contents"]) for link in links]
    # Beside those of the codes that its sentences name.
    assert sum(not re.search(r": P\d-", words) for words in told) == 9 < len(told)


def test_the_contents_give_the_page_of_a_partner_whatever_its_code(tmp_path: Path) -> None:
    """Each number is a form drawn by name: « É » or `<` in it, and no reader found the form again."""
    base = contract(objective(1))
    (partner,) = base.partners
    for code in ("ÉTAT", "<B>&", "DT (62) #1"):
        path = tmp_path / "copil.pdf"
        copil.write(path, data(replace(base, partners=(replace(partner, code=code),))))
        assert re.search(rf"{partner.name}\s*\d+\s*Moyens", pages(path)[2]), code


def test_only_embedded_type_is_used(printed: Path) -> None:
    assert b"Helvetica" not in printed.read_bytes()
    fonts = set()
    for page in PdfReader(printed).pages:
        for font in page["/Resources"]["/Font"].values():
            entry = font.get_object()
            fonts.add(entry["/BaseFont"])
            assert "/FontFile2" in entry["/FontDescriptor"].get_object()
    assert fonts
    assert all("IBMPlexSans" in name for name in fonts)


def test_the_essential_holds_on_one_page_whatever_the_size(large: Path, tmp_path: Path) -> None:
    small, middling = tmp_path / "7.pdf", tmp_path / "60.pdf"
    copil.write(small, data(synthetic(0, 7, 5)))
    copil.write(middling, data(synthetic(0, 60, 5)))
    for path in (small, middling, large):
        shown = pages(path)
        assert "L’essentiel" in shown[1]
        assert "Pour le secrétariat" in shown[1]
        assert "Sommaire" in shown[2]


def test_the_essential_says_each_status_in_words_and_numbers_beside_its_hatching(printed: Path) -> None:
    """A line of grey told them again under bars and a legend."""
    text = pages(printed)[1]
    now = situation(busy(), DAY)
    for status, count in now.counts.items():
        if count and status is not Statut.SUIVI:
            assert text.replace("\u00a0", " ").count(f"{STATUT_LABELS[status]} {count}") == 1
    assert f"{promised_count(now.counts)} objectifs promis ou proposés." in " ".join(text.split())
    assert "Ce qui a changé depuis le 04/12/2025" in text
    assert "À arbitrer" in text
    assert "Décisions en retard" in text


def test_page_one_names_what_it_tells_and_has_no_mean(printed: Path) -> None:
    """A préfet reads it alone: each code stands under its name, no mean, and who carries what is late is named."""
    lines = [line.strip() for line in pages(printed)[1].splitlines() if line.strip()]
    names = {item.code: item.label for item in busy().objectives}
    coded = [index for index, line in enumerate(lines) if re.match(r"P1-O\d+", line)]
    assert coded
    for index in coded:
        code = lines[index].split(" ")[0]
        before = squeezed("".join(lines[max(0, index - 3) : index]))
        assert before.endswith(squeezed(names[code])), lines[index]
    assert "moyen" not in " ".join(lines)
    assert "Transmettre le bilan" in " ".join(lines)
    assert "Département" in " ".join(lines)


def test_page_one_begins_with_its_sentence_or_with_what_is_to_settle(tmp_path: Path) -> None:
    """« Message de la séance » over a rule and nothing was a form left blank in the préfet's page."""
    told = "Tout dépend des Carrefours."
    for words, begun in ((told, f"{told} À arbitrer"), ("", "À arbitrer")):
        choices = (Choice("essentiel", words),)
        copil.write(tmp_path / "c.pdf", data(busy(), composition=Composition(choices)))
        text = " ".join(pages(tmp_path / "c.pdf")[1].split())
        assert f"L’essentiel {begun}" in text


@pytest.mark.parametrize(("number", "by"), [(0, PARTNERS), (1, THEMES), (1, AXES)])
def test_the_file_of_a_committee_stays_short_on_three_hundred_objectives(
    number: int, by: str, tmp_path: Path
) -> None:
    """In twenty pages, each objective that is late or missed has its row; what is folded is counted and named."""
    large = synthetic(number, 300, 5)
    themes = sorted({item.theme for item in large.engagements})
    axes = tuple(
        Axis(theme, large.contract.key, f"A{rank}", theme, rank) for rank, theme in enumerate(themes)
    )
    engagements = tuple(replace(item, axis=item.theme) for item in large.engagements)
    large = replace(large, axes=axes, engagements=engagements)
    now, then = situation(large, DAY), situation(large, BEFORE)
    composed = CopilData(review_of(now, then), composition=Composition(chapters=by))
    assert copil.write(tmp_path / "c.pdf", composed) <= 20
    text = "\n".join(pages(tmp_path / "c.pdf")[3:])
    for item in now.promised:
        if now.assessments[item.key].status in (Statut.EN_RETARD, Statut.NON_ATTEINT):
            assert re.search(rf"^{item.code}\b", text, re.MULTILINE), item.code
    assert re.search(r"À surveiller \(\d+ objectifs?\)", text)
    # What is to be talked of is drawn, as on the longer paper.
    assert text.count("Trajectoires à discuter") == {PARTNERS: 7, THEMES: 2, AXES: 2}[by]


def test_the_decisions_to_take_stand_once_under_the_agenda_or_on_page_one(
    large: Path, tmp_path: Path
) -> None:
    met, alone = tmp_path / "met.pdf", tmp_path / "alone.pdf"
    copil.write(met, data(contract(objective(1))))
    copil.write(alone, data(replace(contract(objective(1)), decisions=(), meetings=())))
    # Of a large contract page one tells them shortly, and the next whose they are, under a title that says so.
    for path, at in ((met, [3]), (alone, [2]), (large, [2, 3])):
        found = [number for number, page in enumerate(pages(path), 1) if "Décisions à prendre" in page]
        assert found == at
    assert pages(large)[2].index("Décisions à prendre") < pages(large)[2].index("Sommaire")


def test_the_decisions_to_take_stand_on_page_one_where_the_agenda_is_left_out(tmp_path: Path) -> None:
    alone = Composition((Choice("essentiel", ""),))
    copil.write(tmp_path / "c.pdf", data(contract(objective(1)), composition=alone))
    found = ["Décisions à prendre" in page for page in pages(tmp_path / "c.pdf")]
    assert found.count(True) == 1


@pytest.mark.parametrize("objectives", [20, 40, 60])
def test_a_chapter_begins_on_a_page_that_holds_more_of_it_than_its_head(
    objectives: int, tmp_path: Path
) -> None:
    copil.write(tmp_path / "c.pdf", data(synthetic(0, objectives, 5)))
    reader = PdfReader(tmp_path / "c.pdf")
    begun = 0
    for chapter, under in pairwise(reader.outline):
        if not isinstance(chapter, list) and isinstance(under, list):
            begun += 1
            at = reader.get_destination_page_number(chapter)
            assert reader.get_destination_page_number(under[0]) == at, chapter.title
    assert begun >= 7


def test_the_chapter_holds_each_engagement_and_objective_with_its_status(printed: Path) -> None:
    text = "\n".join(pages(printed))
    assert "P1-E01" in text
    assert "Appuis nécessaires" in text.replace("\n", " ")
    assert "Deux lignes ouvertes." in text
    now = situation(busy(), DAY)
    for item in now.objectives:
        assert item.code in text
        assert STATUS_MARKS[now.assessments[item.key].status].word in text
    assert squeezed("−4,3 pt") in squeezed(text)
    assert "16,4\u202f%" in text
    assert "À faire, échue" in " ".join(text.split())


def test_french_spaces_survive_on_paper(printed: Path) -> None:
    text = "\n".join(pages(printed))
    assert "19\u202f072" in text
    # A sign never begins a line.
    assert not re.search(r"^[»;:!?%]", text, re.MULTILINE)


def test_no_row_is_lost_among_three_hundred_objectives(tmp_path: Path) -> None:
    many = [objective(number, code=f"P1-O{number:03}") for number in range(1, 302)]
    path = tmp_path / "many.pdf"
    copil.write(path, data(contract(*many), composition=EVERYTHING))
    shown = pages(path)
    text = "\n".join(shown)
    for item in many:
        assert f"{item.code}" in text
    bearing = [page for page in shown if re.search(r"P1-O\d{3}\s", page) and "Départ" in page]
    assert len(bearing) > 8


HOSTILE = (
    "<b>gras</b> & <i>non</i>",
    '<img src="/etc/passwd"/>',
    "<a@b.fr>",
    "</para><para>",
    "&nbsp;&lt;&#65;",
    "a" * 400,
    "Nul\x00 et \x1b[31m contrôle \x07",
    "\u202etxet lanigiro",
    "{}%s%(x)s\\N{BULLET}",
    "<font size=80>énorme</font>",
    "<!-- commentaire -->",
    "Ω ж Œ ÿ ½",
    "=cmd|' /C calc'!A0",
    "ligne 1\nligne 2\r\nligne 3",
    "\ud800 isolé",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_the_officer_types_prints_as_typed(text: str, tmp_path: Path) -> None:
    base = busy()
    dossier = replace(
        base,
        contract=replace(base.contract, name=text),
        partners=tuple(replace(item, name=text, short_name=text, note=text) for item in base.partners),
        engagements=tuple(replace(item, label=text, detail=text) for item in base.engagements),
        objectives=tuple(replace(item, label=text, unit=text[:12]) for item in base.objectives),
        territories=tuple(replace(item, name=text) for item in base.territories),
        documents=tuple(replace(item, title=text, note=text) for item in base.documents),
        meteos=tuple(replace(item, results=text, obstacles=text) for item in base.meteos),
        meetings=tuple(replace(item, place=text, agenda=text) for item in base.meetings),
        measurements=tuple(replace(item, source=text, comment=text) for item in base.measurements),
    )
    path = tmp_path / "hostile.pdf"
    copil.write(path, data(dossier))
    shown = squeezed("".join(pages(path)))
    wanted = squeezed(re.sub("[\x00-\x1f\u202e\ud800]", "", text)).replace("\u202f", "")
    assert wanted in shown.replace("\u202f", "")


def test_a_character_that_the_type_lacks_is_seen_to_be_lacking(tmp_path: Path) -> None:
    base = busy()
    dossier = replace(base, partners=tuple(replace(item, name="Lens 漢 😀👍🏽.") for item in base.partners))
    copil.write(tmp_path / "copil.pdf", data(dossier))
    text = " ".join("\n".join(pages(tmp_path / "copil.pdf")).split())
    assert "Lens (signe non imprimable)." in text
    assert "\ufffd" not in text


def test_a_long_comment_is_printed_whole(tmp_path: Path) -> None:
    words = " ".join(f"mot{number:04}" for number in range(500))
    base = busy()
    meteo = Meteo("w1", "e1", date(2026, 1, 15), Weather.ORAGE, words, words, words)
    path = tmp_path / "long.pdf"
    copil.write(path, data(replace(base, meteos=(meteo,)), composition=Composition((Choice("annexe"),))))
    text = " ".join(pages(path))
    for number in range(500):
        assert text.count(f"mot{number:04}") == 3, number


def test_a_row_is_not_cut_where_it_fits_on_a_page(tmp_path: Path) -> None:
    words = " ".join(f"mot{number:03}" for number in range(90))
    engagements = tuple(
        Engagement(
            f"e{n}",
            "c",
            "p1",
            f"P1-E{n:02}",
            f"Début{n:02}x {words} Fin{n:02}x",
            "emploi",
            Nature.DROIT_COMMUN,
        )
        for n in range(1, 40)
    )
    path = tmp_path / "rows.pdf"
    copil.write(path, data(replace(busy(), engagements=engagements), composition=EVERYTHING))
    shown = pages(path)
    for n in range(1, 40):
        starts = [index for index, text in enumerate(shown) if f"Début{n:02}x" in text]
        ends = [index for index, text in enumerate(shown) if f"Fin{n:02}x" in text]
        assert starts
        assert starts == ends


def test_an_empty_contract_still_makes_a_file(tmp_path: Path) -> None:
    bare = contract(partners=(), engagements=(), territories=(), documents=(), meteos=(), meetings=())
    assert copil.write(tmp_path / "bare.pdf", CopilData(review_of(situation(bare, DAY)))) >= 4


def test_progress_goes_forward_to_the_whole(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    copil.write(
        tmp_path / "copil.pdf", data(busy()), Watch(progress=lambda done, whole: told.append((done, whole)))
    )
    assert told == sorted(told)
    assert told[0][0] == 0
    assert all(done <= whole for done, whole in told)
    assert told[-1][0] > told[-1][1] * 0.7


def test_stopping_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "copil.pdf"
    path.write_bytes(b"ancien")
    asked = iter([False, False, True])
    with pytest.raises(CancelledError):
        copil.write(path, data(busy()), Watch(cancelled=lambda: next(asked, True)))
    assert path.read_bytes() == b"ancien"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_while_drawing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "copil.pdf"
    path.write_bytes(b"ancien")

    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UserError, match="le disque est plein"):
        copil.write(path, data(busy()))
    assert path.read_bytes() == b"ancien"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["absent/copil.pdf", "fichier/copil.pdf"])
def test_a_path_that_cannot_be_written_is_said_in_french(name: str, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("x")
    with pytest.raises(UserError, match="ne peut pas être écrit"):
        copil.write(tmp_path / name, data(busy()))


def test_the_file_is_readable_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "copil.pdf"
    plain = tmp_path / "plain"
    plain.write_text("x")
    copil.write(path, data(busy()))
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_thresholds_of_the_contract_stand_in_the_method_note(tmp_path: Path) -> None:
    base = busy()
    limits = replace(base.contract.thresholds, ahead=Decimal("0.125"))
    copil.write(
        tmp_path / "copil.pdf", data(replace(base, contract=replace(base.contract, thresholds=limits)))
    )
    text = "\n".join(pages(tmp_path / "copil.pdf"))
    assert "Écart d’au moins +12,5 points." in text
    assert "Écart de −5 à +12,5 points." in text
    assert "Entre deux bornes" not in text, "no objective of this contract is"


def test_the_trend_is_told_against_the_last_copil(tmp_path: Path) -> None:
    values = (measurement(1, date(2025, 6, 30), "20"), measurement(1, date(2026, 6, 1), "14"))
    now, then = situation(contract(objective(1), measurements=values), DAY), None
    path = tmp_path / "copil.pdf"
    copil.write(path, CopilData(review_of(now, then)))
    assert "en recul" in "\n".join(pages(path))
    earlier = situation(
        contract(objective(1), measurements=(measurement(1, date(2025, 6, 30), "12"),)), BEFORE
    )
    copil.write(path, CopilData(review_of(now, earlier)))
    assert "en progrès" in "\n".join(pages(path))


def test_a_bound_is_said_kept_or_not_with_its_gap_and_no_share_of_a_way(printed: Path) -> None:
    text = squeezed("\n".join(pages(printed)))
    assert squeezed("tenu écart +3,5 pt") in text
    assert squeezed("non tenu écart −4,3 pt") in text


def test_context_figures_stand_apart_from_promises(printed: Path) -> None:
    texts = pages(printed)
    first = next(number for number, text in enumerate(texts) if "Partenaire · P1" in text)
    chapter = "".join(texts[first : first + 4])
    promises, _, context = chapter.partition("Chiffres suivis")
    assert "P1-O90" in context
    named = promises.split("P1-O90")[:-1]
    assert all(before.rstrip().endswith("(") for before in named), "named, with no row of its own"
    assert "P1-O01" in promises


def test_alike_alerts_are_told_once_with_the_first_names(tmp_path: Path) -> None:
    many = [objective(number, code=f"P1-O{number:03}") for number in range(1, 31)]
    path = tmp_path / "copil.pdf"
    copil.write(path, data(contract(*many)))
    text = "\n".join(pages(path))
    section = text[text.rindex("Rien n’est corrigé") :]
    assert "30\u00a0objets" in section.replace("30 objets", "30\u00a0objets")
    assert squeezed(f"{many[0].label} (P1-O001)") in squeezed(section)
    assert squeezed("(P1-O004) et 26 autres.") in squeezed(section)
    assert section.count("Demandez une première valeur") == 1
    assert "Demandez une première valeur au partenaire (" in " ".join(section.split())


def test_a_header_stands_at_the_top_of_each_page_and_nowhere_else(tmp_path: Path) -> None:
    many = [objective(number, code=f"P1-O{number:03}") for number in range(1, 401)]
    path = tmp_path / "many.pdf"
    copil.write(path, data(contract(*many), composition=EVERYTHING))
    for text in pages(path):
        if "P1-O" in text and "Statut, tendance" in text:
            assert text.count("Statut, tendance") == 1


def test_the_title_of_a_group_is_never_the_last_line_of_a_page(tmp_path: Path) -> None:
    themes = list(USUAL)
    engagements = tuple(
        Engagement(f"e{n}", "c", "p1", f"P1-E{n:03}", f"Agir {n}", themes[n // 2 % 9], Nature.DROIT_COMMUN)
        for n in range(360)
    )
    path = tmp_path / "groups.pdf"
    copil.write(path, data(replace(busy(), engagements=engagements), composition=EVERYTHING))
    shown = pages(path)
    assert all(f"P1-E{n:03}" in "".join(shown) for n in range(360))
    for text in shown:
        body = [row for row in text.splitlines() if row.strip()]
        for label in ("Emploi", "Santé", "Éducation", "Participation"):
            rows = [index for index, row in enumerate(body) if row.strip() == label]
            assert all("P1-E" in body[index + 1] for index in rows)


def test_a_row_taller_than_a_page_under_the_title_of_its_group_goes_on(tmp_path: Path) -> None:
    many = [objective(number, code=f"P{number}-O{number:04}") for number in range(1, 800, 2)]
    path = tmp_path / "copil.pdf"
    copil.write(path, data(contract(*many), composition=Composition((Choice("annexe"),))))
    text = " ".join("\n".join(pages(path)).split())
    section = text[text.index("Alertes, en entier") :]
    assert all(item.code in section for item in many)


def test_no_chapter_ends_on_a_page_of_one_row_that_tighter_rows_would_save() -> None:
    rows = [[f"R{number}", f"ligne {number}"] for number in range(43)]
    (table,) = data_table(("Code", "Libellé"), rows, [100.0, 393.0])
    assert table.wrap(493, 10_000)[1] > HEIGHT
    (ended,), _ = well_ended([table])
    assert isinstance(ended, DataTable)
    assert ended.wrap(493, 10_000)[1] <= HEIGHT
    assert ended.text_rows() == table.text_rows()
    # What fills its last page well enough is left as it is.
    (longer,) = data_table(("Code", "Libellé"), rows + rows[:20], [100.0, 393.0])
    assert well_ended([longer])[0] == [longer]


def test_the_cover_counts_what_page_one_counts_and_has_the_agenda(tmp_path: Path) -> None:
    parent = objective(1, code="P1-O01", aggregation=Aggregation.SOMME)
    children = [objective(number, parent=parent.key) for number in (2, 3)]
    points = "\n".join(f"Point {number}" for number in range(1, 10))
    meeting = Meeting("r9", "c", MeetingKind.COPIL, date(2026, 12, 1), agenda=points)
    dossier = contract(parent, *children, objective(4), meetings=(meeting,))
    copil.write(tmp_path / "copil.pdf", data(dossier))
    cover, essential = (" ".join(page.split()) for page in pages(tmp_path / "copil.pdf")[:2])
    assert "2 objectifs promis" in cover
    assert "2 objectifs promis" in essential
    assert "1. Point 1" in cover
    assert "6. et 4 autres points, dans la convocation" in cover


def test_what_is_to_settle_dates_the_value_and_not_the_target() -> None:
    now = situation(contract(objective(1), measurements=(measurement(1, date(2026, 6, 1), "12"),)), DAY)
    said = to_treat_line(now, now.assessments["o001"]).replace("\u00a0", " ")
    assert said.endswith(": 12 bus au 01/06/2026, pour 40, fin 2027.")
    value = replace(measurement(1, date(2026, 6, 1), "12"), provisional=True)
    unsure = situation(contract(objective(1), measurements=(value,)), DAY)
    # A value to be put right is not told as firm.
    said = to_treat_line(unsure, unsure.assessments["o001"]).replace("\u00a0", " ")
    assert said.endswith(": 12 bus au 01/06/2026, valeur provisoire, pour 40, fin 2027.")


def test_a_partner_without_figures_is_said_so_in_words(tmp_path: Path) -> None:
    copil.write(tmp_path / "copil.pdf", data(contract()))
    text = " ".join(" ".join(pages(tmp_path / "copil.pdf")).split())
    assert "aucun objectif promis." in text


def test_what_was_frozen_is_named_by_the_day_of_its_committee() -> None:
    meeting = Meeting("r9", "c", MeetingKind.COPIL, date(2026, 6, 17))
    snapshot = Snapshot("s1", "c", "r9", date(2026, 6, 15), date(2026, 6, 16), "bb5c9eca5a98c536")
    note = Baseline(date(2026, 6, 15), meeting, snapshot).note
    assert note == "Comparé aux données arrêtées pour le comité du 17/06/2026."


def test_the_situation_compared_with_is_named_by_its_day() -> None:
    """« … à 9 000 entreprises au 31/12/2025. Comparé à la situation de ce jour-là »: it was that of another day."""
    meeting, day = Meeting("r9", "c", MeetingKind.COPIL, date(2026, 6, 17)), date(2026, 6, 15)
    again = "Comparé à la situation du 15/06/2026, recalculée"
    assert Baseline(day).note == f"{again}."
    assert Baseline(day, meeting).note == f"{again}\u202f: ses données n’étaient pas arrêtées."
    # Just after « depuis le 15/06/2026 » it is not named again.
    assert Baseline(day).note_after_since == "Comparé à la situation d’alors, recalculée."
    snapshot = Snapshot("s1", "c", "r9", day, date(2026, 6, 16), "bb5c9eca5a98c536")
    assert Baseline(day, None, snapshot).note == "Comparé aux données arrêtées au 15/06/2026."


def test_the_head_of_a_page_names_the_paper_however_long_the_chapter_is_called(tmp_path: Path) -> None:
    base = busy()
    long = (
        "Direction départementale du travail, de l’emploi, des solidarités et de la cohésion des territoires"
    )
    dossier = replace(
        base,
        contract=replace(
            base.contract,
            name="EXEMPLE FICTIF – Contrat de ville « Engagements Quartiers 2030 » de Lens-Liévin",
        ),
        partners=tuple(replace(item, name=long, short_name="") for item in base.partners),
    )
    copil.write(tmp_path / "copil.pdf", data(dossier))
    shown = [page for page in pages(tmp_path / "copil.pdf")[1:] if "Direction départementale du t" in page]
    assert shown
    # Of the two, the longer is cut: the name of the chapter stands under it.
    whole = (
        "EXEMPLE FICTIF – Contrat de ville « Engagements Quartiers 2030 » de Lens-Liévin – comité de pilotage"
    )
    for page in pages(tmp_path / "copil.pdf")[1:]:
        assert squeezed(whole) in squeezed(page)


def test_the_head_of_a_page_names_the_chapter_that_the_page_begins_with(tmp_path: Path) -> None:
    target = tmp_path / "copil.pdf"
    copil.write(target, data(synthetic(0, 60, 5)))
    reader = PdfReader(target)
    begun = [
        (reader.get_destination_page_number(chapter), float(chapter.top), chapter.title)
        for chapter in reader.outline
        if not isinstance(chapter, list)
    ]
    gone_on = 0
    for number, text in enumerate(pages(target)):
        before = [title for page, _, title in begun if page < number]
        at_the_top = [title for page, top, title in begun if page == number and top > 700]
        if before:
            assert squeezed((at_the_top or before[-1:])[0]) in squeezed(text), number
            gone_on += not at_the_top and any(page == number for page, *_ in begun)
    assert gone_on, "no page of this paper ends a chapter and begins another"


def test_page_one_names_every_late_decision_with_who_carries_it(tmp_path: Path) -> None:
    """« et 3 autres décisions en retard : ARS et communes, Bpifrance… » named no decision."""
    decisions = tuple(
        Decision(
            f"d{number}",
            "r1",
            f"Décision numéro {number}",
            number,
            f"Porteur {number}",
            date(2026, 3, number),
        )
        for number in range(1, 6)
    )
    crowded = replace(synthetic(0, 20, 5), meetings=busy().meetings, decisions=decisions)
    copil.write(tmp_path / "c.pdf", data(crowded))
    text = " ".join(pages(tmp_path / "c.pdf")[1].split())
    assert "Pour le secrétariat" in text
    for item in decisions:
        assert item.label in text
        assert item.carrier in text


def test_many_chapters_stand_in_two_columns_of_the_contents_each_with_its_link(tmp_path: Path) -> None:
    """Fourteen lines took a third of the page, and the decisions to take went on overleaf."""
    copil.write(tmp_path / "c.pdf", data(synthetic(0, 60, 5)))
    reader = PdfReader(tmp_path / "c.pdf")
    links = [note.get_object()["/Rect"] for note in reader.pages[2]["/Annots"]]
    chapters = [item for item in reader.outline if not isinstance(item, list)]
    contents = [box for box in links if float(box[3]) - float(box[1]) == pytest.approx(14.5)]
    assert len(contents) == len(chapters) - 1 > 8
    assert len({round(float(box[0])) for box in contents}) == 2
    assert len({round(float(box[1])) for box in contents}) == -(-len(contents) // 2)


def test_page_one_names_a_move_at_least_however_many_partners_have_a_bar(tmp_path: Path) -> None:
    """Twelve bars took the room of all that changed, which was counted."""
    late = (Decision("d1", "r1", "Transmettre le bilan", 1, "Département", date(2026, 3, 1)),)
    crowded = replace(synthetic(0, 40, 5), meetings=busy().meetings, decisions=late)
    copil.write(tmp_path / "c.pdf", data(crowded))
    text = " ".join(pages(tmp_path / "c.pdf")[1].split())
    assert "Transmettre le bilan" in text
    told = text.partition("Ce qui a changé")[2].partition("Où en est")[0]
    assert re.search(r"\b\w+-O\d{3}\b", told)


def test_a_chapter_whose_objectives_are_of_one_status_has_no_bar_of_them() -> None:
    """Where none had a value an empty frame ran across the page, read as a field to fill or as 0 %."""
    now = situation(busy(), DAY)
    for known, bars in ((now, 1), (situation(replace(busy(), measurements=()), DAY), 0)):
        shown = CopilData(review_of(known), composition=Composition(trajectories=False))
        blocks = promise_chapter(shown, of_partner(shown, known.partners[0]), 1)
        assert sum(isinstance(block, ChartFlowable) and block.height < 20 for block in blocks) == bars, known


def test_a_figure_found_several_times_has_a_line_for_each() -> None:
    """One cell held twelve lines of sums run together, that nobody could check in session."""
    told = "Le tableau ne suit pas la règle"
    point = Point(
        "i",
        "coherence",
        "formule",
        "Règle",
        "P1-S01",
        None,
        f"{told} : a – 1 ; b – 2.",
        "",
        nature=PointNature.CONTRADICTION,
        parts=("a – 1", "b – 2"),
    )
    review = replace(review_of(situation(busy(), DAY)), findings=(PointView(point, None),))
    texts = [
        text
        for block in points(CopilData(review))
        if isinstance(block, DataTable)
        for _, row in block.text_rows()
        for cell in row
        for text in cell
    ]
    assert any(text.splitlines() == [f"{told}\u202f:", "– a – 1", "– b – 2"] for text in texts)


def test_a_chapter_says_how_it_stands_then_its_objectives_then_its_engagements() -> None:
    now = situation(busy(), DAY)
    blocks = promise_chapter(
        CopilData(review_of(now)), of_partner(CopilData(review_of(now)), now.partners[0]), 1
    )
    told = [block.getPlainText() for block in blocks if isinstance(block, Paragraph)]
    lead = next(
        index
        for index, text in enumerate(told)
        if re.match(r"\d+\sengagements?, \d+\sobjectifs? promis", text)
    )
    assert lead < told.index("Objectifs chiffrés") < told.index("Engagements")


def test_how_promises_are_read_goes_on_from_what_is_counted_under_the_figures() -> None:
    """« 15 chiffres de contexte… » opened a page, cut from its table: kept with the reading, it did not fit under it."""
    base = busy()
    partner = base.partners[0].key
    read, reserve = "Parité lue dans une seule phrase du texte.", "Selon les crédits."
    texts = {"k1": read, "k2": reserve}
    conditions = tuple(Condition(key, base.contract.key, partner, text) for key, text in texts.items())
    context = replace(
        base.objectives[0], key="known", code="P1-O99", sens=Sens.SUIVI, role=Role.CONTEXTE, target_value=None
    )
    told = {}
    for objectives in (base.objectives, (*base.objectives, context)):
        now = situation(replace(base, objectives=objectives, conditions=conditions), DAY)
        data = CopilData(review_of(now))
        blocks = promise_chapter(data, of_partner(data, now.partners[0]), 1)
        told[len(objectives)] = [text for text in paragraphs(blocks) if read in text or reserve in text]
    alone, counted = told.values()
    assert alone == [read, f"Réserve : {reserve}"]
    assert counted == [f"1 chiffre de contexte, que personne n’a promis. {read}", f"Réserve : {reserve}"]


def test_what_is_to_be_decided_is_as_high_as_what_was() -> None:
    """« Décisions à prendre » stood under « Suites données aux décisions antérieures », as a part of it."""
    shown = CopilData(review_of(situation(contract(objective(1)), DAY)))
    titles = {
        block.getPlainText(): block.level for block in with_decisions(shown) if isinstance(block, Heading)
    }
    assert titles["Décisions à prendre"] == 2
    assert 3 not in titles.values()
