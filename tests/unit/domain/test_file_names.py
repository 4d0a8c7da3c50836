"""The name of a file is only a name, on the three systems, whoever gave it."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError

PIECES = st.sampled_from(
    ["..", ".", "/", "\\", "C:", "//host/", "nul", "COM1", ".pdf", " ", "é", "\0", "\x1b", "\u202e", "a"]
)
NAMES = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=400)
"""What a hostile file could call a file."""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../victim.txt", "contient «\u202f/\u202f»"),
        ("/etc/passwd", "contient «\u202f/\u202f»"),
        (r"..\victim.txt", "contient «\u202f\\\u202f»"),
        ("C:victim.txt", "contient «\u202f:\u202f»"),
        ("lettre\x07.pdf", "contient un caractère invisible"),
        ("facture\u202efdp.exe", "contient un caractère invisible"),
        ("..", "est vide"),
        ("", "est vide"),
        ("lettre.", "finit par un point"),
        ("lettre ", "finit par un point ou une espace"),
        (".profile", "commence"),
        ("nul.pdf", "appareil de Windows"),
        ("COM1", "appareil de Windows"),
        ("lpt² .tar.gz", "appareil de Windows"),
        ("é" * 128, "trop long"),
    ],
)
def test_what_is_no_bare_name_is_refused_in_a_sentence(name: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        file_names.check(name)
    assert said in refused.value.message
    assert "n’est pas un nom de fichier" in refused.value.message


def test_what_is_shown_of_a_name_is_read_in_its_order_on_one_line() -> None:
    assert file_names.shown("faux\u202etuqap\n\x1b[2Jvert.paquet") == "faux tuqap  [2Jvert.paquet"
    assert file_names.shown("Remont\udce9e.csv") == "Remont?e.csv"
    assert file_names.shown("Arrêté du 30\u202fjuin.pdf") == "Arrêté du 30\u202fjuin.pdf"


@pytest.mark.parametrize(
    "name",
    [
        "lettre.pdf",
        "Arrêté du 30 juin (2).pdf",
        "n° 3 – annexe.tar.gz",
        "null.pdf",
        "commune.xlsx",
        "é" * 127,
    ],
)
def test_an_ordinary_name_is_kept_as_it_is(name: str) -> None:
    assert file_names.check(name) == name


@given(NAMES)
@example("\ud800")
@example("a" * 240 + "." * 30 + "pdf")
@example("con" + "é" * 200 + ".pdf")
def test_a_cleaned_name_leads_nowhere_on_any_system(name: str) -> None:
    clean = file_names.clean(name)
    assert file_names.check(clean) == clean
    assert 0 < len(clean.encode()) <= file_names.NAME_BYTES_MAX
    for kind in (PurePosixPath, PureWindowsPath):
        within = kind("dossier") / clean
        assert within.parent == kind("dossier")
        assert within.name == clean
    assert not PureWindowsPath(clean).is_reserved()


def test_the_ending_of_a_long_name_is_kept() -> None:
    assert file_names.clean("é" * 300 + ".pdf") == "é" * 125 + ".pdf"
