"""Passages of a source document: found whatever their accents, told apart by their section, quoted as they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.domain.model import Citation
from qpvdesk.domain.passages import SourceText, Span, resolve

PAGE = """Priorité 1 : l’emploi

L'accompagnement **renforcé** des demandeurs d'emploi de Lens-
Liévin concerne 16,4 % d'entre eux.

- une part d'aide à la mobilité ;
- l'accès aux marchés publics

Priorité 2 : la santé

L'accès aux marchés publics, encore une fois.
"""
SOURCE = SourceText([PAGE, "Troisième page\n\nCœur de ville : 600 000 €."])


def _text(span: Span) -> str:
    return SOURCE.text[span.start : span.end]


def test_words_are_found_whatever_their_accents_spaces_apostrophes_and_line_ends() -> None:
    for words in (
        "accompagnement renforcé", "ACCOMPAGNEMENT  RENFORCE", "demandeurs d’emploi", "Lens-Liévin concerne",
        "16,4\u202f% d’entre", "coeur de ville", "600\u00a0000",
    ):  # fmt: skip
        assert len(SOURCE.find(words)) == 1, words
    assert _text(SOURCE.find("lens-lievin")[0]) == "Lens-\nLiévin"
    assert SOURCE.find("introuvable") == ()
    assert SOURCE.find("  ") == ()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.data())
def test_whatever_is_in_a_text_is_found_in_it_where_it_is(text: str, data: st.DataObject) -> None:
    source = SourceText([text])
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))]
    spans = source.find(words)
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
    # Words that begin or end inside a letter of several, or next to a cut, may be found nowhere; whole ones are.
    if words.isascii() and words.isalnum() and "\n" not in text:
        assert any(span.start <= start < span.end for span in spans)


@given(st.lists(st.text(alphabet="ab é-\n•.", max_size=60), max_size=4))
def test_paragraphs_hold_every_letter_once_and_in_order(pages: list[str]) -> None:
    source = SourceText(pages)
    last = 0
    held = ""
    for one in source.paragraphs:
        assert last <= one.start < one.end
        last = one.end
        held += source.text[one.start : one.end]
    assert "".join(held.split()) == "".join("".join(pages).split())


def test_each_line_of_a_list_is_a_passage_and_knows_its_heading_and_page() -> None:
    (first, second) = SOURCE.find("l'accès aux marchés publics")
    assert _text(SOURCE.paragraph_at(first.start)) == "- l'accès aux marchés publics"
    assert SOURCE.heading_at(first.start) == "Priorité 1 : l’emploi"
    assert SOURCE.heading_at(second.start) == "Priorité 2 : la santé"
    assert SOURCE.page_at(first.start) == 1
    assert SOURCE.page_at(SOURCE.find("Cœur de ville")[0].start) == 2
    assert SOURCE.pages == 2


def test_every_word_is_looked_for_in_the_same_paragraph_and_a_quoted_phrase_whole() -> None:
    (hit,) = SOURCE.search("emploi lievin")
    assert [_text(span).replace("\n", "") for span in hit.found] == ["emploi", "Liévin"]
    assert len(SOURCE.search("marchés")) == 2
    assert len(SOURCE.search("« marchés publics »")) == 2
    assert SOURCE.search("« publics marchés »") == ()
    assert SOURCE.search("emploi santé") == ()
    assert SOURCE.search("") == ()


def test_a_mark_that_stands_twice_is_taken_where_its_section_is() -> None:
    cited = {
        "un": Citation("doc", "Priorité 1 : l’emploi", "l'accès aux marchés publics"),
        "deux": Citation("doc", "Priorité 2 : la santé", "l'accès aux marchés publics"),
        "trois": Citation("doc", "Sans titre connu", "l'accès aux marchés publics"),
        "absent": Citation("doc", "Priorité 2 : la santé", "rien de tel"),
    }
    found = resolve(SOURCE, cited)
    first, second = SOURCE.find("l'accès aux marchés publics")
    assert found == {"un": first, "deux": second, "trois": first, "absent": None}


def test_the_other_citations_of_a_section_say_where_it_is() -> None:
    cited = {
        "sûr": Citation("doc", "Chapitre inconnu, b.", "encore une fois"),
        "double": Citation("doc", "Chapitre inconnu, b.", "l'accès aux marchés publics"),
        "proche": Citation("doc", "Chapitre inconnu, c.", "l'accès aux marchés publics"),
    }
    found = resolve(SOURCE, cited)
    second = SOURCE.find("l'accès aux marchés publics")[1]
    assert found["double"] == found["proche"] == second


def test_a_passage_is_quoted_with_its_heading_and_its_first_words() -> None:
    place = SOURCE.find("accompagnement renforcé")[0]
    quoted = SOURCE.citation("doc", SOURCE.paragraph_at(place.start))
    assert quoted.section == "Priorité 1 : l’emploi"
    assert quoted.mark == "L'accompagnement renforcé des demandeurs d'emploi de Lens-Liévin concerne"
    # And what is quoted is found again.
    assert len(SOURCE.find(quoted.mark)) == 1


def test_an_empty_document_has_no_passage() -> None:
    empty = SourceText([""])
    assert empty.paragraphs == ()
    assert empty.find("mot") == ()
    assert empty.paragraph_at(0) == Span(0, 0)
    assert empty.heading_at(0) == ""
