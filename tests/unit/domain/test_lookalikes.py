"""What looks like a name is taken for it; what is another name is not."""

from __future__ import annotations

import pytest

from qpvdesk.domain import lookalikes


@pytest.mark.parametrize(
    "other",
    [
        "CAMILLE",
        "\u0421\u0430mille",
        "Cam\u0456lle",
        "C\u0430\u043cill\u0435",
        "Carnille",
        "Camil1e",
        "Cam ille",
        "Camille\u200b",
        "\u03f9amille".replace("\u03f9", "\u0421"),
        "Camill\u0116",
    ],
)
def test_what_looks_like_a_name_has_its_skeleton(other: str) -> None:
    assert lookalikes.skeleton(other) == lookalikes.skeleton("Camille")


@pytest.mark.parametrize("other", ["Camilla", "Dominique", "Camille Durand", "Camil"])
def test_another_name_has_another_skeleton(other: str) -> None:
    assert lookalikes.skeleton(other) != lookalikes.skeleton("Camille")
