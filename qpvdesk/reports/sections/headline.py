"""What whoever reads one line of a paper keeps, and what its counts do not say."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.charts.bars import BAR_ORDER, status_bar
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.french import NNBSP, plural
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.essential import SENTENCE_STYLE, beside_statuses
from qpvdesk.reports.style import SMALL, WIDTH
from qpvdesk.reports.text import led

_BAR = 14.0


def headline(situation: Situation) -> str:
    """What a préfet who reads one line keeps: how many ask for something, how many go well, of how many nothing is known."""
    promised = promised_count(situation.counts)
    handle = len(situation.to_treat)
    near = sum(not is_beyond_home(situation, item.objective) for item in situation.to_treat)
    well = sum(situation.counts[status] for status in GROUPS[Group.VA_BIEN])
    loose, unknown = (situation.counts[item] for item in (Statut.SANS_TRAJECTOIRE, Statut.NON_RENSEIGNE))
    if not promised:
        return "Aucun objectif n’est promis."
    here = f", dont {near} à l’échelle du contrat" if near < handle else ""
    here = here if near else ", à une échelle plus large"
    told = [
        words
        for count, words in (
            (handle, f"{plural(handle, 'est à traiter', 'sont à traiter')}{here}"),
            (well, _well(well, situation.counts[Statut.ATTEINT])),
            (loose, plural(loose, "est sans trajectoire", "sont sans trajectoire")),
            (unknown, plural(unknown, "n’a pas de valeur", "n’ont pas de valeur")),
        )
        if count
    ]
    count = plural(promised, "objectif promis ou proposé", "objectifs promis ou proposés")
    return f"Sur {count}, {f'{NNBSP}; '.join(told)}."


def _well(well: int, done: int) -> str:
    """What goes well, and how much of it is reached: the rest may still miss its target."""
    if done == well:
        return plural(well, "est atteint", "sont atteints")
    among = (
        f", dont {plural(done, 'atteint', 'atteints')}" if done else ", sans être atteint" + "s" * (well > 1)
    )
    return f"{plural(well, 'va bien', 'vont bien')}{among}"


def standing(situation: Situation) -> list[Flowable]:
    """How many stand where, as one bar; under it one sentence of them, then what they do not say."""
    drawn = [status for status in BAR_ORDER if situation.counts[status]]
    bar = ChartFlowable(status_bar(situation.counts, WIDTH, _BAR, text_size=SMALL))
    told = "".join(f" {text}" for text in beside_statuses(situation))
    return [*([bar, Legend(WIDTH, drawn)] if drawn else []), led(headline(situation), told, SENTENCE_STYLE)]
