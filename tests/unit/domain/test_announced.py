"""When what a météo says is done next was announced."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.announced import announced_on
from qpvdesk.domain.situation import situation
from tests.helpers import invented


def test_words_are_dated_of_when_they_were_those() -> None:
    """« suite annoncée le 13/05/2026, puis le 06/10/2026, « Pourvoir le neuvième poste » », of which the first said more."""
    base = invented.dossier()
    first = replace(
        base.meteos[0], day=date(2026, 5, 13), next_steps="Pourvoir le neuvième poste et le dernier."
    )
    last = replace(first, key="later", day=date(2026, 6, 6), next_steps="Pourvoir le neuvième poste.")

    def told(*before: str) -> str:
        earlier = [replace(first, next_steps=steps) for steps in before]
        return announced_on(situation(replace(base, meteos=(*earlier, last)), date(2026, 6, 30)), last)

    assert told() == "le 06/06/2026"
    assert told("pourvoir le neuvieme poste") == "le 13/05/2026, puis le 06/06/2026"
    assert told(first.next_steps) == "le 06/06/2026 (dès le 13/05/2026, avec autre chose)"
    assert told("Autre chose.") == "le 06/06/2026"


def test_what_begins_as_other_words_is_not_these() -> None:
    """« Ouvrir le lieu 1 » was « dès le 13/05/2026, avec autre chose », of which only « Ouvrir le lieu 12 » was told."""
    base = invented.dossier()
    first = replace(base.meteos[0], day=date(2026, 5, 13), next_steps="Ouvrir le lieu 12.")
    last = replace(first, key="later", day=date(2026, 6, 6), next_steps="Ouvrir le lieu 1.")
    now = situation(replace(base, meteos=(first, last)), date(2026, 6, 30))
    assert announced_on(now, last) == "le 06/06/2026"
    whole = replace(first, next_steps="Ouvrir le lieu 1, puis le lieu 12.")
    now = situation(replace(base, meteos=(whole, last)), date(2026, 6, 30))
    assert announced_on(now, last) == "le 06/06/2026 (dès le 13/05/2026, avec autre chose)"
