"""Lines typed down a page: what is wrong with each, told of the cell that it comes from."""

from __future__ import annotations

from datetime import date

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services import lines
from qpvdesk.services.lines import TypedLine
from tests.helpers import invented

TODAY = date(2026, 11, 30)
DOSSIER = invented.dossier()
PARTNER = DOSSIER.partners[0].code
BUS = {"label": "Bus", "unit": "bus", "target_value": "40", "target_date": "31/12/2027", "partner": PARTNER}


def read(kind: str, **cells: str) -> TypedLine:
    """One line as it is understood."""
    return lines.read(DOSSIER, kind, [cells], today=TODAY).lines[0]


def test_a_choice_that_is_not_read_stops_what_follows_from_it() -> None:
    """Of « augm » nothing was said: the target and its date, there and right, were said to lack and to have no meaning."""
    line = read("objective", **BUS, sens="augm")
    assert list(line.faults) == ["sens"]
    assert "« augm »" in line.faults["sens"].replace("\u202f", " ")
    assert "À augmenter" in line.faults["sens"]
    assert read("objective", **BUS, sens="Au moins").faults == {}
    with pytest.raises(UserError, match="augm"):
        lines.checked(DOSSIER, "objective", [{**BUS, "sens": "augm"}], today=TODAY)


def test_a_choice_that_is_not_read_is_told_before_the_other_faults() -> None:
    """What is wrong whatever is chosen is told too, after it."""
    line = read(
        "objective", **BUS, start_value="douze", start_date="2023", mesure="par mois", engagement="rien"
    )
    assert next(iter(line.faults)) == "mesure"
    assert {"engagement", "start_value"} <= set(line.faults)
    assert (
        read("funding", label="Fonds", amount="2", unit="M€", first_year="2025", partner=PARTNER).faults == {}
    )


@pytest.mark.parametrize(
    ("target", "way"), [("+20 % du départ", "À augmenter"), ("-20 % du départ", "À réduire")]
)
def test_a_part_of_the_start_tells_the_way_of_what_is_counted_in_percent(target: str, way: str) -> None:
    """The form took « +20 % du départ » without a word, the line asked for its way."""
    cells = {**BUS, "unit": "%", "start_value": "10", "start_date": "31/12/2023", "target_value": target}
    line = read("objective", **cells)
    assert (line.faults, line.taken["sens"]) == ({}, way)
    # Without « du départ », it may be points: the figure is what is wrong, and not the way.
    assert list(read("objective", **{**cells, "target_value": "+20 %"}).faults) == ["target_value"]


def test_what_is_asked_of_a_target_is_in_the_words_of_its_list() -> None:
    """With a start there is a way to go, without one there is a bound."""
    cells = {**BUS, "start_value": "10", "start_date": "31/12/2023"}
    assert "Au moins" in read("objective", **BUS).faults["sens"]
    assert "À augmenter" in read("objective", **{**cells, "target_value": "10"}).faults["sens"]
