"""What the officer chose is what is printed, in that order, with those words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.model import Condition, Decision, Funding
from qpvdesk.domain.situation import situation
from qpvdesk.reports import copil
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.pages import Pages
from qpvdesk.services.compositions import cut_anew
from qpvdesk.services.printing import SectionChoice
from tests.helpers import invented
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy

DATA = CopilData(review_of(situation(busy(), DAY)))


def printed(path: Path, composition: Composition) -> list[str]:
    copil.write(path, replace(DATA, composition=composition))
    with Pages(path) as pages:
        return [pages.text(page) for page in range(len(pages))]


def test_sections_come_in_the_chosen_order_and_no_other(tmp_path: Path) -> None:
    texts = printed(tmp_path / "c.pdf", Composition((Choice("notes"), Choice("methode"), Choice("inconnu"))))
    titles = [text.splitlines()[1].strip() if index else "" for index, text in enumerate(texts)]
    assert any("Notes" in text for text in texts[1:2]), titles
    assert any("Note de méthode" in text for text in texts[2:3])
    assert not any("L’essentiel" in text for text in texts[1:])


def test_a_section_that_is_named_twice_is_printed_once_where_it_is_named_first(tmp_path: Path) -> None:
    twice = Composition(
        (Choice("notes", "Un mot"), Choice("essentiel"), Choice("notes"), Choice("essentiel"))
    )
    once = Composition((Choice("notes", "Un mot"), Choice("essentiel")))
    assert printed(tmp_path / "c.pdf", twice) == printed(tmp_path / "d.pdf", once)


def test_the_officers_words_stand_in_their_section_as_typed(tmp_path: Path) -> None:
    words = "À dire <b>avant</b> tout & sans détour"
    texts = printed(tmp_path / "c.pdf", Composition((Choice("essentiel", words), Choice("notes"))))
    assert words in texts[1]
    assert words not in texts[2]


def test_a_comment_leaves_the_essential_on_one_page(tmp_path: Path) -> None:
    texts = printed(
        tmp_path / "c.pdf", Composition((Choice("essentiel", "Un mot de trop. " * 30), Choice("notes")))
    )
    assert len(texts) == 3


def test_late_objectives_alone(tmp_path: Path) -> None:
    words = [section.word for section in copil.sections(DATA) if section.word.startswith("partenaire-")]
    late = "\n".join(printed(tmp_path / "c.pdf", Composition(tuple(map(Choice, words)), late_only=True)))
    whole = "\n".join(printed(tmp_path / "d.pdf", Composition(tuple(map(Choice, words)))))
    assert "seul sont montré" not in late
    assert "en retard, à surveiller ou non atteint" in late
    assert len(late) < len(whole)


def test_chapters_without_lateness_are_named_in_one_line_where_lateness_alone_is_asked_for() -> None:
    """Each was a title over « Rien n’y est en retard »."""
    base = invented.dossier()
    first, *others = [item.name for item in base.partners]
    of_first = {item.key for item in base.objectives if item.partner == base.partners[0].key}
    late = replace(
        base, meteos=(), measurements=tuple(item for item in base.measurements if item.objective in of_first)
    )
    data = CopilData(review_of(situation(late, invented.TODAY)), composition=Composition(late_only=True))
    chosen = [section for section, _ in copil._chosen(data)]
    assert [section.title for section in chosen if section.chapter] == [first]
    (line,) = (section for section in chosen if not section.word)
    (told,) = (block.getPlainText() for block in line.build(data))
    assert all(name in told for name in others)
    assert first not in told
    # What the officer says of a chapter is printed.
    words = tuple(Choice(section.word, "Un mot.") for section in copil.sections(data) if section.chapter)
    said = replace(data, composition=Composition(words, late_only=True))
    assert [section.title for section, _ in copil._chosen(said)] == [first, *others]


def test_late_only_is_true_of_every_section(tmp_path: Path) -> None:
    """What is due later, what moved well, what is paid for something else and where nothing is late are left out."""
    base = busy()
    meeting = base.meetings[0].key
    decisions = (
        Decision("d1", meeting, "Décision échue", 1, due=date(2025, 1, 1)),
        Decision("d2", meeting, "Décision à venir", 2, due=date(2099, 1, 1)),
    )
    own = [
        replace(base.engagements[0], key=f"own{rank}", code=f"Z-E{rank}", label=f"Engagement {rank}")
        for rank in (1, 2)
    ]
    now = situation(base, DAY)
    late = now.to_treat[0].objective
    kept = next(
        item for item in now.promises if item.key not in {found.objective.key for found in now.to_treat}
    )
    objectives = tuple(
        replace(item, engagement="own1" if item.key == late.key else "own2" if item.key == kept.key else None)
        for item in base.objectives
    )
    fundings = tuple(
        Funding(
            f"f{rank}", base.contract.key, late.partner, f"Z-F{rank}", label=f"Moyen {rank}", first_year=2025,
            last_year=2025, amount=Decimal(1000), unit="EUR", engagement=f"own{rank}",
        )
        for rank in (1, 2)
    )  # fmt: skip
    dossier = replace(
        base,
        decisions=decisions,
        objectives=objectives,
        engagements=(*base.engagements, *own),
        fundings=fundings,
    )
    data = CopilData(review_of(situation(dossier, DAY)))
    words = ("ordre-du-jour", "moyens", "territoires")
    texts = {}
    for late_only in (False, True):
        composition = Composition(tuple(map(Choice, words)), late_only=late_only)
        copil.write(tmp_path / "c.pdf", replace(data, composition=composition))
        with Pages(tmp_path / "c.pdf") as pages:
            texts[late_only] = " ".join(" ".join(pages.text(page) for page in range(len(pages))).split())
    for shown in ("Décision échue", "Moyen 1"):
        assert shown in texts[True]
        assert shown in texts[False]
    for left_out in ("Décision à venir", "Moyen 2"):
        assert left_out not in texts[True]
        assert left_out in texts[False]
    assert "à traiter" in texts[True], "the head of the column of the places"


def test_the_composition_is_not_of_the_data() -> None:
    assert replace(DATA, composition=Composition(())).fingerprint == DATA.fingerprint


def test_a_page_is_drawn_in_the_size_asked_for(tmp_path: Path) -> None:
    copil.write(tmp_path / "c.pdf", replace(DATA, composition=Composition((Choice("notes"),))))
    with Pages(tmp_path / "c.pdf") as pages:
        drawn = pages.draw(0, 0.5)
    assert (drawn.width, drawn.height) == (298, 421)
    assert len(drawn.data) == drawn.stride * drawn.height
    assert len(set(drawn.data)) > 10


def test_a_file_is_cut_by_thematique_and_holds_what_the_partners_promised(tmp_path: Path) -> None:
    base = busy()
    base = replace(base, conditions=(Condition("k1", "c", base.partners[0].key, "Sous réserve du budget"),))
    other = "sante" if base.engagements[0].theme != "sante" else "emploi"
    twice = replace(base.engagements[0], key="twice", code="TW-E1", theme=other)
    base = replace(base, engagements=(*base.engagements, twice))
    shown = replace(
        DATA, review=review_of(situation(base, DAY)), composition=Composition(chapters="thematiques")
    )
    sections = copil.sections(shown)
    chapters = [section for section in sections if section.chapter]
    names = situation(base, DAY).theme_names
    used = {item.theme for item in base.objectives} | {item.theme for item in base.engagements}
    assert [section.word for section in chapters] == [f"thematique-{code}" for code in names.in_order(used)]
    assert not [section for section in sections if section.word.startswith("partenaire-")]
    copil.write(tmp_path / "c.pdf", shown)
    with Pages(tmp_path / "c.pdf") as pages:
        text = " ".join(" ".join(pages.text(page) for page in range(len(pages))).split())
    assert "Thématique" in text
    # Of the whole of what a partner promises, it is told once; the chapters after say where.
    assert text.count(f"Réserve, {base.partners[0].short_name} : Sous réserve du budget") == 1
    assert f"Réserves générales : {base.partners[0].short_name}, au chapitre « " in text
    assert all(names[code] in text for code in used)


def test_choices_of_another_way_to_cut_give_their_place_to_the_new_chapters() -> None:
    choices = tuple(map(Choice, ("essentiel", "partenaire-A", "partenaire-B", "sources")))
    sections = [
        SectionChoice("essentiel", "L’essentiel"),
        SectionChoice("thematique-emploi", "Emploi", chapter=True),
        SectionChoice("thematique-sante", "Santé", chapter=True),
        SectionChoice("sources", "Sources"),
    ]
    cut = cut_anew(choices, sections)
    assert [choice.word for choice in cut] == [
        "essentiel",
        "thematique-emploi",
        "thematique-sante",
        "sources",
    ]
    assert cut_anew(cut, sections) == cut
    assert [choice.word for choice in cut_anew(choices[::3], sections)] == ["essentiel", "sources"]
