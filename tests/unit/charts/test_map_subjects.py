"""What colours a map: what is promised, visits; in grey, what is late weighs the most."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from qpvdesk.charts import map_subjects
from qpvdesk.charts.map import Fill
from qpvdesk.charts.marks import LIGHT, mixed
from qpvdesk.charts.primitives import Hatch, Ink
from qpvdesk.domain.model import Visit
from qpvdesk.domain.situation import situation
from tests.helpers import invented


def shown(visits: tuple[Visit, ...]) -> tuple[list[str], str, str]:
    """What can be chosen; then what Lens is said to be, and its class."""
    now = situation(replace(invented.dossier(), visits=visits), invented.TODAY)
    atlas = invented.atlas()
    (place,), _ = map_subjects.drawn(now, atlas, map_subjects.VISITS)
    words = [word for word, _ in map_subjects.choices(now, atlas)]
    return words, place.sentence, place.fill.word if place.fill is not None else ""


def visit(day: date, territory: str | None = "t5") -> Visit:
    return Visit(f"v{day}", "k", day, "Maison inventée", territory)


def test_visits_are_offered_where_there_are_some() -> None:
    assert map_subjects.VISITS not in shown(())[0]
    assert map_subjects.VISITS not in shown((visit(date(2026, 5, 1), None),))[0]
    assert map_subjects.VISITS not in shown((visit(date(2027, 1, 1)),))[0]
    assert map_subjects.VISITS in shown((visit(date(2026, 5, 1)),))[0]


@pytest.mark.parametrize(
    ("days", "word", "said"),
    [
        ((date(2026, 5, 1), date(2024, 1, 1)), "Visité depuis un an", "2 visites, la dernière le 01/05/2026"),
        ((date(2025, 6, 1),), "Visité auparavant", "1 visite, la dernière le 01/06/2025"),
    ],
)
def test_a_place_is_coloured_by_its_last_visit(days: tuple[date, ...], word: str, said: str) -> None:
    _, told, fill = shown(tuple(map(visit, days)))
    assert (fill, told) == (word, said)


def grey(fill: Fill) -> float:
    """How light the ground of a class is once it is turned to grey, from 0 to 1."""
    colour = mixed(LIGHT[fill.ink], LIGHT[Ink.PAPER], fill.tint)
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_in_grey_what_is_late_weighs_the_most_and_no_slant_tells_two_apart() -> None:
    promised = map_subjects._PROMISED
    late = promised["treat"]
    assert late.hatch is Hatch.SOLID
    assert all(grey(late) < grey(fill) - 0.1 for word, fill in promised.items() if word != "treat")
    hatched = [fill.hatch for fill in promised.values()]
    assert not {Hatch.RISING, Hatch.FALLING} & set(hatched)
    solid = [grey(fill) for fill in promised.values() if fill.hatch is Hatch.SOLID]
    assert max(solid) - min(solid) > 0.3
