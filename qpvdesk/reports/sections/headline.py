"""What whoever reads one line of a paper keeps, and what its counts do not say."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import takewhile

from reportlab.platypus import Flowable

from qpvdesk.charts.bars import BAR_ORDER, status_bar, statuses_words
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.french import NNBSP, plural
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut, to_handle
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.pace import acronyms, ages, too_slow_words
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.style import CELL_NOTE_STYLE, CELL_STYLE, SMALL, WIDTH
from qpvdesk.reports.text import led, paragraph

_BAR = 14.0
_APART = 7.0
"""Points between what is said of the bar, in small letters, and the paragraph that follows."""
ONLY_ONE = "Le seul objectif promis ou proposé"
_AT_WIDER = " à une échelle plus large"
_WIDER = f",{_AT_WIDER}"
_ALL_WIDER = f", tous{_AT_WIDER}"
_NONE = "Aucun objectif n’est promis."
_SENTENCE_STYLE = CELL_STYLE.clone("sentence", spaceBefore=4, spaceAfter=2)
_BESIDE_STYLE = CELL_NOTE_STYLE.clone("beside", spaceAfter=2)


def lead_words(engagements: int, promised: int) -> str:
    """How many engagements and promised objectives there are; no mean of rates: it would weigh unlike things alike."""
    if not engagements and not promised:
        return "Ni engagement, ni objectif promis."
    counted = promised_words(promised) if promised else "aucun objectif promis"
    return f"{plural(engagements, 'engagement', 'engagements') if engagements else 'Aucun engagement'}, {counted}."


def headline(situation: Situation) -> str:
    """What a préfet who reads one line keeps: how many ask for something, how many go well, of how many nothing is known."""
    promised = promised_count(situation.counts)
    handle = to_handle(situation.counts)
    well = sum(situation.counts[status] for status in GROUPS[Group.VA_BIEN])
    loose, unknown = (situation.counts[item] for item in (Statut.SANS_TRAJECTOIRE, Statut.NON_RENSEIGNE))
    if not promised:
        return _NONE
    groups = (
        (handle, "est à traiter", "sont à traiter"),
        (well, *_well(well, situation.counts[Statut.ATTEINT])),
        (loose, "est sans trajectoire", "sont sans trajectoire"),
        (unknown, "n’a pas de valeur", "n’ont pas de valeur"),
    )
    scales = scales_told(situation)
    found = [(group, scale) for group, scale in zip(groups, scales, strict=True) if group[0]]
    if promised == 1:
        (((_, words, _), scale),) = found
        return f"{ONLY_ONE} {words}{scale}."
    if unknown == promised:
        return f"Aucun des {promised_words(promised)} n’a de valeur{found[0][1]}."
    told = with_scales([(plural(*group), scale) for group, scale in found])
    return f"Sur {promised_words(promised)}, {f'{NNBSP}; '.join(told)}."


def with_scales(groups: Sequence[tuple[str, str]]) -> list[str]:
    """The words of each group with what is said after them of its scale, of `scales_told`; what is said of the first and of
    the one after it makes one clause of both."""
    told: list[str] = []
    for words, scale in groups:
        if scale != _ALL_WIDER:
            told.append(f"{words}{scale}")
        elif len(told) == 1 and "," not in words:
            told = [f"{told[0]}{',' * (',' in told[0])} et {words}{scale}"]
        else:
            # After « dont 2 atteints » it would be heard of these.
            told.append(f"{words}, le tout{_AT_WIDER}")
    return told


def scales_told(situation: Situation) -> tuple[str, str, str, str]:
    """What is said of the scale after what is to be treated, what goes well, what has no trajectory, what has no value:
    where all that is to be treated is wider than the contract, once after the last of those that are as wide."""
    handle = len(situation.to_treat)
    near = sum(not is_beyond_home(situation, item.objective) for item in situation.to_treat)
    if near or not handle:
        return (f", dont {near} à l’échelle du contrat" if near < handle else "") * bool(near), "", "", ""
    of_status = (GROUPS[Group.VA_BIEN], (Statut.SANS_TRAJECTOIRE,), (Statut.NON_RENSEIGNE,))
    others = ([item for item in situation.counted if item.status in told] for told in of_status)
    # Said of some alone, it would say of the others that they are of the contract's own scale.
    wider = list(takewhile(partial(_are_beyond_home, situation), (situation.to_treat, *others)))
    count, last = sum(map(len, wider)), max(rank for rank, items in enumerate(wider) if items)
    told = _ALL_WIDER if last else _WIDER
    if last and count == promised_count(situation.counts):
        # After « 1 est sans trajectoire » it would be heard of that one.
        told = f". Tous ces objectifs sont{_AT_WIDER}"
    here, both, loose, unknown = (told * (rank == last) for rank in range(4))
    return here, both, loose, unknown


def _are_beyond_home(situation: Situation, items: Sequence[Assessment]) -> bool:
    return all(is_beyond_home(situation, item.objective) for item in items)


def promised_words(count: int) -> str:
    """`3 objectifs promis ou proposés`."""
    return plural(count, "objectif promis ou proposé", "objectifs promis ou proposés")


def _well(well: int, done: int) -> tuple[str, str]:
    """What has a good status, and how much of it is reached: the rest may still miss its target. Of one, of several."""
    if done == well:
        return "est atteint", "sont atteints"
    # Not « va bien »: how many of these would miss their target may follow.
    among = f", dont {plural(done, 'atteint', 'atteints')}" if done else ""
    return "est conforme ou en avance", f"sont {'atteints, ' * (done > 0)}conformes ou en avance{among}"


def standing(situation: Situation) -> list[Flowable]:
    """How many stand where, as one bar; under it what is said of them."""
    drawn = [status for status in BAR_ORDER if situation.counts[status]]
    bar = ChartFlowable(status_bar(situation.counts, WIDTH, _BAR, text_size=SMALL))
    words = words_under_bars(situation, headline(situation))
    words[-1].spaceAfter = _APART
    return [*([bar, Legend(WIDTH, drawn)] if drawn else []), *words]


def words_under_bars(
    situation: Situation, first: str = "", *, slow_named: bool = True, brief: bool = False
) -> list[Flowable]:
    """`first`, in bold, then how many are too slow; apart, what else their statuses do not say, and of how many where
    `first` did not tell it. `brief`: in fewer words."""
    slow = " ".join(too_slow_words(situation, named=slow_named))
    sentence = led(first, f" {slow}" if first and slow else slow, _SENTENCE_STYLE)
    # Where nobody promised anything, it is said once: in the sentence, else by naming them all.
    nobody = not promised_count(situation.counts)
    counted = [] if first or nobody else [_promised_words(situation, "")]
    told = beside_statuses(situation, brief=brief, silent_named=not (first and nobody))
    beside = paragraph(" ".join([*counted, *told]), _BESIDE_STYLE)
    return [block for block in (sentence, beside) if block.text]


def summary_sentence(situation: Situation) -> str:
    """How many objectives are promised, and how many there are of each status: those without a value are one of them; then
    what these statuses do not say."""
    told = [_promised_words(situation, statuses_words(situation.counts))]
    if any(item.aim.promised and item.parent in situation.assessments for item in situation.promises):
        told.append("Un objectif relevé dans plusieurs lieux compte une fois.")
    return " ".join([*told, *too_slow_words(situation), *beside_statuses(situation)])


def _promised_words(situation: Situation, statuses: str) -> str:
    count = promised_count(situation.counts)
    if not count:
        return _NONE
    return f"{promised_words(count)}{f'{NNBSP}: {statuses}' if statuses else ''}."


def beside_statuses(situation: Situation, *, brief: bool = False, silent_named: bool = True) -> list[str]:
    """What counts by status do not say: the figures without a target, how old, who promised none (where it is
    `silent_named`); `brief`ly or not."""
    followed = situation.counts[Statut.SUIVI]
    words = plural(followed, "chiffre suivi, sans cible", "chiffres suivis, sans cible")
    asked = "" if brief else f", demandé{'s' * (followed > 1)} aux partenaires"
    # To nothing promised nothing is added.
    added = f"S’y ajoute{'nt' * (followed > 1)} " if promised_count(situation.counts) else ""
    told = [f"{added}{words}{asked}."] if followed else []
    silent = nothing_promised(situation, brief=brief) if silent_named else []
    return [*told, *ages(situation), *silent, *acronyms(situation)]


def nothing_promised(situation: Situation, *, brief: bool = False) -> list[str]:
    """Who promised no objective: by their whole names, for « département » and « région » are scales in the bars; unless it
    is `brief`, for a page that may stand alone names them all the same."""
    partners = [summary.partner for summary in situation.partners if not summary.objectives]
    silent = [item.usual_name if brief else item.name for item in partners]
    return [f"Sans objectif promis{NNBSP}: {', '.join(silent)}."] if silent else []
