"""What came back from a partner, one line a return."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.model import Measurement
from qpvdesk.domain.returns import Return, returns_of
from tests.helpers import invented

HELD = invented.dossier()
BPI = next(one for one in HELD.partners if one.code == "BPI")
OURS = [one for one in HELD.objectives if one.partner == BPI.key]
OTHER = next(one for one in HELD.objectives if one.partner != BPI.key)


def _figure(number: int, objective: str, entered: date | None, of: date, source: str) -> Measurement:
    first = HELD.measurements[0]
    return replace(first, key=f"k{number}", objective=objective, day=of, source=source, entered_on=entered)


def test_figures_entered_together_are_one_return_the_latest_first() -> None:
    early, late, of = date(2026, 1, 5), date(2026, 3, 2), date(2025, 12, 31)
    dossier = replace(
        HELD,
        measurements=(
            _figure(1, OURS[0].key, early, of, "Courriel"),
            _figure(2, OURS[1].key, late, date(2026, 2, 1), "Classeur"),
            _figure(3, OURS[0].key, late, of, "Classeur"),
            _figure(4, OURS[0].key, late, of, "Classeur"),
            _figure(5, OURS[0].key, None, of, "Contrat"),
            _figure(6, OTHER.key, late, of, "Classeur"),
        ),
    )
    codes = tuple(sorted((OURS[0].code, OURS[1].code)))
    assert returns_of(dossier, BPI.key) == (
        Return(late, "Classeur", codes, date(2026, 2, 1)),
        Return(early, "Courriel", (OURS[0].code,), of),
    )
    assert returns_of(replace(HELD, measurements=()), BPI.key) == ()
