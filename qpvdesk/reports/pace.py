"""What statuses do not say by themselves: that they rest on values of before the contract, that what goes well today
would miss its target at the pace seen so far."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from qpvdesk.charts.bars import counts_sentence
from qpvdesk.domain.counts import PartnerSummary, partner_counts
from qpvdesk.domain.declined import uncounted_words
from qpvdesk.domain.french import NNBSP, enumerate_words, format_date, format_edge, plural
from qpvdesk.domain.lacks import Lack, trajectory_lacks
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.projection import Projection, short_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut
from qpvdesk.domain.wording import quoted

_SHORT_MAX = 4
"""How many are named."""
_AGED_MIN = 2
"""Fewer values than this have no range."""
_QPV = "QPV"
PACE = "Au rythme constaté"
_ON_THEIR_WAY = GROUPS[Group.VA_BIEN][1:]
"""What goes well and is not there yet."""


def standing_words(situation: Situation, summary: PartnerSummary) -> str:
    """How the objectives of a partner stand, and how old that is; empty where it promised none."""
    own = [item for item in situation.counted if item.objective.partner == summary.partner.key]
    told = [counts_sentence(summary.counts)] if summary.objectives else []
    promised = [item for item in situation.objectives_of_partner(summary.partner.key) if item.aim.promised]
    told += uncounted_words(situation, promised)
    told += before_the_contract(situation, own) if summary.objectives else []
    told += too_slow_words(situation, own) if summary.objectives else []
    return " ".join(told)


def before_the_contract(situation: Situation, items: Sequence[Assessment] | None = None) -> list[str]:
    """How many of the values that these statuses rest on are older than the contract itself; of all that is promised, or
    of `items`."""
    start = situation.dossier.contract.start
    among = situation.counted if items is None else items
    known = [item.value_day for item in among if item.status is not Statut.SUIVI and item.value_day]
    before = sum(day < start for day in known) if start is not None else 0
    if not before:
        return []
    if items is not None:
        told = "Cette valeur" if len(known) == 1 else f"Ces {len(known)} valeurs"
        told = told if before == len(known) else f"{before} des {len(known)} valeurs connues"
    elif before == len(known):
        told = "La seule valeur connue" if before == 1 else f"Les {before} valeurs connues"
    else:
        told = f"{before} des {len(known)} valeurs connues"
    told += f"{' des objectifs promis' if items is None else ''} {'date' if before == 1 else 'datent'}"
    return [f"{told} d’avant le contrat ({format_edge(start)})."]


def ages(situation: Situation) -> list[str]:
    """Of when the values are that the counts rest on, and how many are of the year; then how many are older than the
    contract, which tells it alone where all are."""
    days = sorted(
        item.value_day for item in situation.counted if item.status is not Statut.SUIVI and item.value_day
    )
    start, year = situation.dossier.contract.start, situation.day.year
    before = before_the_contract(situation)
    if len(days) < _AGED_MIN or (start is not None and days[-1] < start):
        return before
    count = sum(day.year == year for day in days)
    own = "toutes" if count == len(days) else str(count) if count else "aucune"
    span = f"vont du {format_date(days[0])} au {format_date(days[-1])}"
    told = span if days[0] != days[-1] else f"sont du {format_date(days[0])}"
    verb = "n’est" if not count else "est" if count == 1 else "sont"
    of_year = "" if days[0] == days[-1] or own == "toutes" else f"{NNBSP}; {own} {verb} de {year}"
    return [f"Les {len(days)} valeurs connues des objectifs promis {told}{of_year}.", *before]


def too_slow_words(
    situation: Situation, items: Sequence[Assessment] | None = None, *, named: bool = True
) -> list[str]:
    """How many would miss their target at the pace seen so far, and of those that go well which; of all that is promised, or
    of `items`. `named`: by their names too, as what a partner has without trajectory always is: nothing else tells it.

    Of what is late or to be watched alone, the count of a partner is told, and that of all is not.
    """
    among = situation.counted if items is None else items
    well = [item for item in among if item.status in _ON_THEIR_WAY]
    keys = {item.objective.key for item in among}
    missed = [pair for pair in situation.would_miss if pair[0].objective.key in keys]
    late = [pair for pair in missed if pair[0].status in _ON_THEIR_WAY]
    loose = [pair for pair in missed if pair[0].status is Statut.SANS_TRAJECTOIRE]
    if not (late or loose or (missed and items is not None)):
        return []
    names = enumerate_words([_short(situation, *pair) for pair in late], limit=_SHORT_MAX)
    who, of_them = _of_well(len(late), len(well))
    told = f"{who} ou en avance {'manquerait sa cible' if len(late) == 1 else 'manqueraient leur cible'}"
    if len(missed) > len(late):
        whose = "celle" if len(late) == 1 else "celles"
        partners = [item.objective.partner for item, _ in missed]
        of_whom = f" ({partner_counts(situation.dossier, partners)})" if len(set(partners)) > 1 else ""
        told = f"{plural(len(missed), 'cible serait manquée', 'cibles seraient manquées')}{of_whom}"
        told += f", dont {whose} {of_them} ou en avance" if late else ""
    # « 727 pour 877 élèves » is heard as a reading: that it is foreseen is said before the first.
    told_of = [*(late if named else []), *(loose if named or items is not None else [])]
    led = f" ({'valeur prévue' if len(told_of) == 1 else 'valeurs prévues'} à l’échéance){NNBSP}: "
    told += f"{led}{names}" if named and late else ""
    if loose and (named or items is not None):
        names = enumerate_words([_short(situation, *pair) for pair in loose], limit=_SHORT_MAX)
        whose = _trajectoryless(loose, alone=len(loose) == len(missed))
        told += f"{whose}{', ' if named and late else led}{names}"
    return [f"{PACE}, {told}."]


def _of_well(late: int, well: int) -> tuple[str, str]:
    """`2 des 3 objectifs conformes`, `de 2 des 3 objectifs conformes`: so many of those that go well, then what is of them;
    all of them and one of them in words."""
    if well == 1:
        return "l’objectif conforme", "de l’objectif conforme"
    if late == well:
        return f"les {well} objectifs conformes", f"des {well} objectifs conformes"
    among = f"des {well} objectifs conformes"
    return (f"un {among}", f"d’un {among}") if late == 1 else (f"{late} {among}", f"de {late} {among}")


def _trajectoryless(loose: Sequence[tuple[Assessment, Projection]], *, alone: bool) -> str:
    """Why what is foreseen has no trajectory all the same: two values make its pace, and it lacks the start of one."""
    is_unstarted = all(trajectory_lacks(item) == (Lack.START,) for item, _ in loose)
    why = "sans départ, donc sans trajectoire" if is_unstarted else "sans trajectoire"
    whose = "celle d’un objectif" if len(loose) == 1 else "celles d’objectifs"
    return f", {whose} {why}" if alone else f"{NNBSP}; {why}"


def _short(situation: Situation, item: Assessment, projection: Projection) -> str:
    """« Prêts accordés » (192 pour 200 M€), « Bus en service » (29 pour 40): its whole name, which tells what it counts;
    with its code where another promise has that name."""
    objective = item.objective
    code = f"{situation.names.apart(objective)}, " if situation.names.has_namesake(objective) else ""
    name = quoted(objective.label)
    if objective.unit.casefold() in name.casefold().split():
        objective = replace(objective, unit="")
    return f"{name} ({code}{short_words(objective, projection)})"


def too_slow(situation: Situation, *statuses: Statut) -> list[Assessment]:
    """Those that are on their way today, or of these statuses, and would miss their target at the pace seen so far."""
    return [item for item, _ in situation.would_miss if item.status in (*_ON_THEIR_WAY, *statuses)]


def out_of_term(situation: Situation) -> str:
    """That the contract has not begun, or is over; empty where it runs, or nobody said when."""
    contract, day = situation.dossier.contract, situation.day
    if contract.start is not None and day < contract.start:
        return f"Le contrat commence le {format_date(contract.start)}."
    if contract.end is not None and contract.end < day:
        return f"Le contrat a pris fin le {format_date(contract.end)}."
    return ""


def acronyms(situation: Situation) -> list[str]:
    """What the letters stand for that the page uses: the quartiers, and the partners that go by theirs; where nobody
    promised anything, a partner that is named is named whole."""
    if not (situation.promises or situation.engagements or situation.dossier.decisions):
        return []
    partners = [
        item
        for item in situation.dossier.partners
        # A short name that is a word of the long one needs no telling.
        if item.short_name != item.name
        and (item.short_name.isupper() or item.short_name.casefold() not in item.name.casefold())
    ]
    spelt = [f"{item.short_name}, {item.name}" for item in partners]
    kind = "Sigles" if all(item.short_name.isupper() for item in partners) else "Sigles et noms courts"
    if any(_QPV in item.label for item in situation.promises):
        spelt.insert(0, f"{_QPV}, quartiers prioritaires de la politique de la ville")
    return [f"{kind}{NNBSP}: {f'{NNBSP}; '.join(spelt)}."] if spelt else []
