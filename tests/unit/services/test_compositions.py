"""The words of a dossier, read from a file: by section, or those of page one."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.services import compositions
from tests.helpers import invented


def test_the_words_of_a_file_are_by_section_or_of_page_one(tmp_path: Path) -> None:
    toml, plain = tmp_path / "mots.TOML", tmp_path / "mots.txt"
    toml.write_text('essentiel = "Un bus de plus."\npoints = ""\n', encoding="utf-8")
    assert compositions.words_in(toml) == {"essentiel": "Un bus de plus.", "points": ""}
    # As the notepad of Windows writes it.
    plain.write_bytes("\ufeffUn bus de plus.\r\nEt deux écoles.\r\n".encode())
    assert compositions.words_in(plain) == {"essentiel": "Un bus de plus.\nEt deux écoles."}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("mots.txt", "Un été de plus".encode("latin-1"), "ne peut pas être lu"),
        ("mots.toml", 'essentiel = "été"'.encode("latin-1"), "ne peut pas être lu"),
        ("mots.toml", b"essentiel = ", "mots.toml"),
        ("mots.toml", b"essentiel = 3", "mots.toml"),
        ("mots.toml", b'[essentiel]\nun = "deux"', "mots.toml"),
        ("mots.txt", b"a" * (compositions._BYTES_MAX + 1), "trop long"),
        ("absent.txt", None, "ne peut pas être lu"),
    ],
)
def test_a_file_that_is_no_words_is_said_so(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=words):
        compositions.words_in(path)


def test_a_file_as_long_as_may_be_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mots.txt"
    path.write_bytes(b"a" * compositions._BYTES_MAX)
    assert len(compositions.words_in(path)["essentiel"]) == compositions._BYTES_MAX


@pytest.mark.parametrize(
    ("word", "said"), [("axes", "n’a pas d’axes"), ("mois", "n’a pas de chapitres «\u202fmois\u202f»")]
)
def test_chapters_that_a_contract_cannot_have_are_refused(word: str, said: str) -> None:
    """« Ce contrat ne se raconte pas par « axes ». »."""
    with pytest.raises(UserError, match=said) as refused:
        compositions.chapters_named(replace(invented.dossier(), axes=()), word)
    assert refused.value.remedy == "Choisissez partenaires ou thematiques."
