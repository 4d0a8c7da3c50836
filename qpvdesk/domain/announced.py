"""When what a météo says is done next was announced."""

from __future__ import annotations

from datetime import date

from qpvdesk.domain.french import fold, format_date, stands_in
from qpvdesk.domain.model import Meteo
from qpvdesk.domain.situation import Situation


def announced_on(situation: Situation, meteo: Meteo) -> str:
    """`le 13/05/2026, puis le 06/10/2026`: what is announced anew is no new thing; `le 06/10/2026 (dès le 13/05/2026,
    avec autre chose)` where those of then are not the words that are quoted."""
    (first, alike), last = _announced_first(situation, meteo), f"le {format_date(meteo.day)}"
    if first == meteo.day:
        return last
    if alike:
        return f"le {format_date(first)}, puis {last}"
    return f"{last} (dès le {format_date(first)}, avec autre chose)"


def _announced_first(situation: Situation, meteo: Meteo) -> tuple[date, bool]:
    """The first day, and whether it had these very words: an earlier one may have said the same, and more."""
    steps, own = fold(meteo.next_steps).strip(" ."), situation.followed_by(meteo.engagement)
    # « le lieu 1 » was not announced by « le lieu 12 ».
    earlier = [
        (item.day, fold(item.next_steps).strip(" .") == steps)
        for item in situation.dossier.meteos
        if situation.followed_by(item.engagement) == own and steps and stands_in(steps, fold(item.next_steps))
    ]
    return min([*earlier, (meteo.day, True)])
