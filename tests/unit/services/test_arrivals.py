"""What a package brings, in words."""

from __future__ import annotations

from datetime import datetime

from qpvdesk.services import arrivals
from qpvdesk.storage.exchange.consent import Stranger
from qpvdesk.storage.exchange.merged import Merged


def test_a_stranger_in_a_known_name_is_warned_of_and_no_other() -> None:
    keys = (Stranger("00" * 32, "Camille"), Stranger("11" * 32, "Camille", like="Camille"))
    merged = Merged(strangers=keys)
    merged.by_author["Camille"] = 2
    said = arrivals.sentences(arrivals.Arrival("Camille", datetime(2026, 1, 2, 9), merged))
    assert [line for line in said if line.startswith("ATTENTION")] == [keys[1].warning]
    assert "" not in said


def test_two_long_versions_that_begin_alike_have_two_buttons_that_differ() -> None:
    said = [f"Permanence emploi ouverte chaque mardi à {town}" for town in ("Lens", "Avion")]
    assert arrivals.told_apart(said) == ["…Lens", "…Avion"]
    assert arrivals.told_apart(["12", "14"]) == ["12", "14"]
    assert len({*arrivals.told_apart([said[0], f"{said[0]} et ailleurs"])}) == 2


def test_what_a_package_brings_is_called_as_the_window_calls_it() -> None:
    """« Financements : 1 ajouté », of what every page calls « moyens »."""
    merged = Merged(revived=[("funding", "FT-F01")])
    merged.added["funding"] = merged.added["condition"] = merged.added["objective"] = 1
    said = arrivals.sentences(arrivals.Arrival("Camille", datetime(2026, 1, 2, 9), merged))
    assert "Moyens\u202f: 1 ajouté." in said
    assert "Réserves\u202f: 1 ajoutée." in said
    assert "Objectifs\u202f: 1 ajouté." in said
    assert "Moyen FT-F01\u202f: retiré d’un côté, encore utile de l’autre\u202f; gardé." in said
