"""What the form that is opened from a page is of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from qpvdesk.ui.editing import Editor
from qpvdesk.ui.pages.page import Address
from tests.unit.storage import samples


@pytest.mark.parametrize(
    ("focus", "subject"),
    [
        ("thematiques_doubles:mobilite:mobilite-2", ("theme", "theme2")),
        ("total:BPI-O01", ("objective", "obj1")),
        ("total", None),
    ],
)
def test_a_point_leads_to_the_form_of_what_is_in_cause(focus: str, subject: tuple[str, str] | None) -> None:
    picture: Any = SimpleNamespace(situation=SimpleNamespace(dossier=samples.dossier()))
    assert Editor._subject(Address("points", focus), picture) == subject
