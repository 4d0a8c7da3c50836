"""The guide: every link and picture is there, every page has its chapter, every figure it tells is reckoned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk import paths
from qpvdesk.domain import french
from qpvdesk.domain.model import WEATHER_LABELS, Measurement
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER
from qpvdesk.reports import chapters
from qpvdesk.reports.chapters import Node, chapter_picture, words_of
from qpvdesk.services import glossary, guide
from qpvdesk.services.contracts import contract_files
from qpvdesk.services.guide import search
from qpvdesk.storage.keys import starter_key
from qpvdesk.ui.commands import COMMANDS
from qpvdesk.ui.pages.registry import PAGES
from tests.helpers import paper_text, pictures

CHAPTERS = guide.chapters()
UI = Path(__file__).parents[3] / "qpvdesk" / "ui"
NOW = date(2026, 11, 23)


def _nodes(kind: str) -> Iterator[Node]:
    return (node for chapter in CHAPTERS for node in chapter.tree.walk() if node.type == kind)


def _lines() -> Iterator[str]:
    return (line.words for chapter in CHAPTERS for line in chapter.lines())


def _pictures() -> Iterator[Node]:
    return (picture for node in _nodes("paragraph") if (picture := chapter_picture(node)) is not None)


def test_every_link_leads_somewhere_and_every_name_is_given_once() -> None:
    names = [heading.anchor for chapter in CHAPTERS for heading in chapter.headings if heading.anchor]
    assert len(names) == len(set(names))
    assert {str(link.attrs["href"]).removeprefix("#") for link in _nodes("link")} <= set(names)


def test_every_page_of_the_window_has_its_part_under_its_own_title() -> None:
    titles = {heading.anchor: heading.words for chapter in CHAPTERS for heading in chapter.headings}
    assert {spec.word: titles.get(spec.word) for spec in PAGES} == {spec.word: spec.title for spec in PAGES}


def test_every_picture_is_there_and_says_what_it_shows() -> None:
    assert len(list(_pictures())) > 5
    for picture in _pictures():
        assert guide.picture(str(picture.attrs["src"])).is_file()
        assert len(words_of(picture)) > 10


def test_every_picture_is_one_that_is_made_again_by_the_script_and_none_is_left_over() -> None:
    shown = {Path(str(picture.attrs["src"])).stem for picture in _pictures()}
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    shown |= set(re.findall(r"\(resources/guide/pictures/([^)]*)\.png\)", readme))
    assert shown == set(pictures.NAMES)
    assert {file.stem for file in pictures.FOLDER.glob("*.png")} == shown


def test_every_chapter_begins_with_its_title_and_a_name_to_come_to() -> None:
    for chapter in CHAPTERS:
        first, *others = chapter.headings
        assert chapter.tree.children[0].type == "heading"
        assert first.level == 1
        assert first.anchor
        assert [heading for heading in others if heading.level == 1] == []


def test_french_typography_everywhere() -> None:
    for words in _lines():
        assert french.typeset(words) == words
        assert "'" not in words, words
        assert "..." not in words, words
        assert not re.search(r"(?<![\d«]) [:;!?»%]", words.replace("\u202f", "")), words


def test_the_guide_names_only_keys_and_words_that_the_window_has() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    source = french.typeset(
        re.sub("&(?=[^& ])", "", source.replace("\\u202f", "\u202f").replace("\\u00a0", "\u00a0"))
    )
    keys = {key for command in COMMANDS for key in command.shortcuts}
    known = {key.replace("Left", "←").replace("Right", "→").replace("Shift", "Maj") for key in keys}
    known |= {"Entrée", "Tab", "Échap", "F1", "Ctrl+C", "Ctrl+Maj+C", "Ctrl+V"}
    unknown = []
    for key in _nodes("code_inline"):
        for part in key.content.split(" › "):
            if part not in known and part not in source:
                unknown.append(part)
    assert unknown == []


def test_the_faults_are_told_in_the_words_of_the_program() -> None:
    package = Path(__file__).parents[3] / "qpvdesk"
    source = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    source = re.sub(r"\"\s*f?\"", "", source).replace("\\u202f", "\u202f")
    chapter = next(one for one in CHAPTERS if one.headings[0].anchor == "incidents")
    assert chapter.headings[0].words == "Quand quelque chose va mal"
    table = next(node for node in chapter.tree.children if node.type == "table")
    rows = [[words_of(cell) for cell in row.children] for row in table.children[1].children]
    told = [part.strip("… ") for row in rows for part in row[0].split(", …")]
    told += [name for row in rows for name in re.findall("«\u202f(.*?)\u202f»", row[2])]
    assert len(told) > 15
    assert [words for words in told if words not in source] == []


def test_every_status_and_every_weather_is_explained() -> None:
    words = "\n".join(_lines())
    for status in STATUT_ORDER:
        assert glossary.definition(STATUT_LABELS[status]), status
    for label in WEATHER_LABELS.values():
        assert label.split(" ")[0] in words or label in words


def test_definitions_are_found_whatever_the_capitals_and_unknown_ones_are_empty() -> None:
    assert glossary.definition("DROIT COMMUN") == glossary.definition("Droit commun") != ""
    assert glossary.definition("n’existe pas") == ""
    assert list(glossary.glossary()) == sorted(glossary.glossary(), key=french.fold)
    assert all(words[0].isupper() and words.endswith(".") for words in glossary.glossary().values())


def test_the_guide_is_searched_without_accents_headings_first() -> None:
    found = search(CHAPTERS, "METEO")
    assert found[0].anchor == "meteo"
    assert any(one.anchor == "engagements" for one in found)
    assert search(CHAPTERS, "cle usb")[0].anchor
    assert search(CHAPTERS, "introuvable xyz") == ()
    assert search(CHAPTERS, " ") == ()


def test_the_figures_that_the_guide_tells_are_those_that_are_reckoned() -> None:
    contract = contract_files.load(paths.resource("contracts/lens-lievin"), key_of=starter_key)
    bus = next(one for one in contract.objectives if one.code == "BPI-O01")
    day = date(2025, 6, 30)
    figure = Measurement("k", bus.key, bus.territory, day, Decimal(27))
    others = tuple(one for one in contract.measurements if one.objective != bus.key)
    now = situation(replace(contract, measurements=(*others, figure)), day)
    one = now.assessments[bus.key]
    words = "\n".join(_lines())
    assert (bus.start_value, bus.target_value) == (21, 40)
    assert one.rate is not None
    assert one.expected_rate is not None
    assert one.expected_value is not None
    assert f"6 ÷ 19, soit {french.format_rate(one.rate)}" in words
    assert (
        f"l’attendu est de {french.format_rate(one.expected_rate)}, soit {french.format_number(one.expected_value, 1)}"
        in words
    )
    assert STATUT_LABELS[one.status] == "À surveiller"
    assert "près de six points au-dessous, « À surveiller »" in words.replace("\u202f", " ")
    afpr = next(item for item in contract.objectives if item.sens.value == "parite" and "AFPR" in item.label)
    gap = situation(contract, date(2024, 6, 30)).assessments[afpr.key]
    assert gap.gap is not None
    assert gap.index is not None
    assert f"{french.format_number(gap.gap, 1)} point," in words
    assert f"l’indice de {french.format_number(gap.index, 2)}" in words


@pytest.mark.parametrize("text", ["<b>gras</b>\n\n---\n", "- un\n  - deux\n", "`code`\n\n    bloc\n"])
def test_what_the_guide_is_not_written_in_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"guide|list"):
        guide.read_chapter(f"# T {{#t}}\n\n{text}", "t")


def test_markdown_becomes_the_page_of_the_window_and_lines_to_look_in() -> None:
    chapter = guide.read_chapter(
        "# Titre {#t}\n\nUn **mot** : `Ctrl+K`,\n[ici](#t) & <b>.\n\n1. un\n2. deux\n\n> À part\n\n"
        "| A | B |\n|---|---|\n| 1 | 2 |\n\n![Ce qu’on voit](pictures/a.png)\n",
        "t",
    )
    assert chapter.html() == (
        '<h1 id="t">Titre</h1>'
        '<p>Un <strong>mot</strong>\u202f: <span class="key">\u00a0Ctrl+K\u00a0</span>, '
        '<a href="#t">ici</a> &amp; &lt;b&gt;.</p>'
        "<ol><li>un</li><li>deux</li></ol>"
        '<table width="100%" cellpadding="8"><tr><td class="aside"><p>À part</p></td></tr></table>'
        '<table class="grid" border="1" cellspacing="0" cellpadding="6"><thead><tr><th>A</th><th>B</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
        '<p><img src="pictures/a.png" alt="Ce qu’on voit"/><br/><span class="said">Ce qu’on voit</span></p>'
    )
    assert [(line.words, line.anchor, line.is_heading) for line in chapter.lines()] == [
        ("Titre", "t", True),
        ("Un mot\u202f: Ctrl+K, ici & <b>.", "t", False),
        ("un", "t", False),
        ("deux", "t", False),
        ("À part", "t", False),
        ("A – B", "t", False),
        ("1 – 2", "t", False),
        ("Ce qu’on voit", "t", False),
    ]


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60))
def test_a_text_from_elsewhere_says_just_itself(text: str) -> None:
    words = " ".join(text.split())
    chapter = guide.read_chapter(f"# T\n\na {chapters.plain(text)} z\n", "t")
    assert [node.type for node in chapter.tree.walk()].count("inline") == 2
    assert [line.words for line in chapter.lines()][1].split() == french.typeset(f"a {words} z").split()


def test_the_quick_start_takes_two_pages_and_the_guide_holds_all_of_its_words(tmp_path: Path) -> None:
    assert guide.write(tmp_path / "rapide.pdf", quick=True, now=NOW) == 2
    guide.write(tmp_path / "guide.pdf", quick=False, now=NOW)
    paper = pypdf.PdfReader(tmp_path / "guide.pdf")
    # A paragraph may go on over the page: what stands at its foot is no part of it.
    text = "".join(_FOOT.sub("", _plain(page)) for page in paper_text.pages(tmp_path / "guide.pdf"))
    for line in _lines():
        for part in line.split(" – "):
            assert _plain(part) in text, part
    assert len(paper.outline) > 5


_FOOT = re.compile(r"Guidedel’utilisateur[^/]{0,90}page\d+/\d+qpvdesk,guidedel’utilisateur$")


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00ad-]", "", text)
