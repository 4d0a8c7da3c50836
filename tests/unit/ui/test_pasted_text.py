"""A line that is pasted gives its name and its value in one walk, as the one pattern did that tried each pair of places."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qpvdesk.domain import periods
from qpvdesk.ui.models import pasted_text
from qpvdesk.ui.models.pasted_text import FIGURE, cells_of, parted, title_day
from tests.helpers.work import grows_as_its_size

_UNIT = r"\s*(?:%|[kM]?€|Md€|(?:sur|/)\s*[0-9 ]+)?"
_AMOUNT = rf"[-\u2212]?(?:[0-9]{{1,3}}(?:[ \u00a0\u202f\u2009][0-9]{{3}})+|[0-9]+)(?:[.,][0-9]+)?{_UNIT}"
_WHOLE_FIGURE = re.compile(rf"[-\u2212]?[0-9][0-9 .,\u00a0\u202f\u2009]*{_UNIT}")
_WHOLE_LINE = re.compile(
    r"(?:[-\u2013\u2022*\u00b7]\s+)?(?P<name>(?:(?![^\W\d_]).)*[^\W\d_].*?)"
    r"(?:(?<!\s)\s*[:=;]\s*(?P<value>[-\u2212]?[0-9].*?)"
    rf"|(?<![\s\u2013\u2014-])[\s\u2013\u2014-]+(?P<last>{_AMOUNT}))[\s.;,]*"
)
"""What a line says, in one pattern: it reads as the rule is told, and takes the square of a long line."""
PIECES = (
    " ", "  ", "-", "–", "—", "−", "•", "*", ":", ";", "=", ".", ",", "1", "12", "000", "123", "1 000", "12 000 000", "0005",
    "%", "€", "k€", "M€", "Md€", "/", "sur", "sur 100", "/ 100", "a", "é", "Nombre de", "k", "M", "\u202f", "\u00a0", "\t",
    "_", "(", "fin", "٣", "\x0b", "\u2009", "12,5", "3.5",
)  # fmt: skip
LINES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def whole(line: str) -> tuple[str, str] | None:
    found = _WHOLE_LINE.fullmatch(line)
    return found and (found["name"].strip(), (found["value"] or found["last"]).strip())


@given(LINES)
@example("- Logements vacants\u202f: 1 339 .")
@example("Part des femmes – 16,4 %")
@example("a 1 0005")
@example("a 12345 678 sur 1 000 ;")
@example("a 1 000,5 000")
@example("a 5sur  \u202f")
def test_a_line_gives_what_the_whole_pattern_gives(line: str) -> None:
    assert pasted_text._name_and_value(line) == whole(line)
    assert bool(FIGURE.fullmatch(line)) == bool(_WHOLE_FIGURE.fullmatch(line))


@pytest.mark.parametrize(
    ("first", "again", "last", "size"),
    [("Effectif", "123", "12", 24), ("Effectif : 1", ";", "fin", 24), ("", "juin 2025 et", "", 10)],
    ids=["thousands", "stops", "months"],
)
def test_a_quote_that_is_never_closed_does_not_hold_the_window(
    first: str, again: str, last: str, size: int
) -> None:
    """It makes one cell of all the lines after it: some kinds took the square of their number, minutes of the window."""

    def read(times: int) -> None:
        ((cell,),) = cells_of('"' + "\n".join([first, *[again] * times, last]))
        parted(["x", cell])

    assert grows_as_its_size(read, size)


@given(
    st.lists(
        st.sampled_from(["juin 2025", "2025", "T2 2025", "30/06/2025", "mi-juin 2025", "2024-2025"]),
        max_size=5,
    )
)
def test_periods_said_several_times_are_those_said_once(said: list[str]) -> None:
    once = " ; ".join(dict.fromkeys(said))
    assert periods.found(" ; ".join([*said, *said])) == periods.found(once)
    assert title_day("juin 2025") == "30/06/2025"
