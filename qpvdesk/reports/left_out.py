"""What a list leaves out, counted and told of whom: no paper sends to another that may not lie beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from qpvdesk.charts.bars import agreed
from qpvdesk.domain.attention import Chosen
from qpvdesk.domain.counts import partner_counts
from qpvdesk.domain.declined import whole_of
from qpvdesk.domain.french import NNBSP, code_ranges, enumerate_words, format_date, plural
from qpvdesk.domain.model import Level, Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.review import baselines
from qpvdesk.domain.scales import is_beyond_home, scale_of
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut, to_handle
from qpvdesk.domain.wording import called
from qpvdesk.reports.frozen import CopilData

IN_FILE = "au dossier du comité de pilotage"
"""Where a paper of few pages leaves what it does not show: the file holds it whole, in its chapters."""

NAMED_LATER = "nommés plus loin"
"""On a page that leads a file: its chapters, or its last page, name them."""
RANKED = "rangés par écart à l’attendu, l’avancement compté de 0 à 100\u202f%"
"""The order of what is to be treated: a value that went back weighs no more than one that did not move."""
BOUNDS = f"compté de 0 à 100{NNBSP}%"
BOUNDED_RATE = f"avancement {BOUNDS}"
"""Why −5 % stands before −8 % in what has an order: as short as a title of a slide asks, then said of what."""
NEAR_FIRST = "l’échelle du contrat d’abord"
"""Of what has an order in which the committee of the contract reads first what it settles."""
_RANKED_MIN, _DUE_NAMED_MAX = 2, 10
_RANKED_HEAD = ", par écart à l’attendu"
_SCALE_HEAD = ", par échelle, puis par écart à l’attendu"
_AT_SCALE = {
    Level.NATION: "en France",
    Level.REGION: "à la région",
    Level.DEPARTEMENT: "au département",
    Level.EPCI: "à l’agglomération",
    Level.COMMUNE: "à la commune",
    Level.QPV: "au quartier",
    Level.AUTRE: "à un autre périmètre",
}
_TO_TREAT = ("autre objectif à traiter", "autres objectifs à traiter")


def of_whom(data: CopilData, partners: Iterable[str | None]) -> str:
    """« Bpifrance 5, ARS 2 »: see `partner_counts`."""
    return partner_counts(data.situation.dossier, partners)


def named_baseline(data: CopilData) -> str:
    """`08/12/2025`, `comité du 01/03/2026`: what a paper is compared with where somebody named it; empty of the committee
    before, with which it is otherwise."""
    baseline, owner = data.review.baseline, data.review.meeting
    if baseline is None:
        return ""
    if baseline.meeting is None:
        return format_date(baseline.day)
    before = min(data.day, owner.day) if owner is not None else data.day
    usual = next(baselines(data.situation.dossier, before), None)
    is_usual = usual is not None and usual.meeting == baseline.meeting
    return "" if is_usual else f"comité du {format_date(baseline.meeting.day)}"


def compared(data: CopilData) -> str:
    """Where each move has its row: a paper of its own, of what this one is compared with."""
    return f"à lire dans la comparaison avec le {named_baseline(data) or 'comité précédent'}"


def others_words(
    data: CopilData, partners: Iterable[str | None], singular: str, many: str, *, where: str = ""
) -> str:
    """« Et 7 autres objectifs à traiter : Bpifrance 5, ARS 2. »; nothing where none is left out. `where` they are."""
    keys = list(partners)
    told = f"Et {plural(len(keys), singular, many)}{NNBSP}: {of_whom(data, keys)}"
    return f"{told}{f' ({where})' if where else ''}." if keys else ""


def near_left(situation: Situation, shown: Collection[Assessment]) -> list[Assessment]:
    """What is to be treated at the scale of the contract, beside those shown; nothing where all is of that scale."""
    if not any(is_beyond_home(situation, item.objective) for item in situation.to_treat):
        return []
    return [
        item
        for item in situation.to_treat
        if item not in shown and not is_beyond_home(situation, item.objective)
    ]


def led_by_near(situation: Situation, chosen: Chosen) -> tuple[Chosen, str]:
    """The same with the first of what is to be treated at the scale of the contract in the place of its last, where none of
    its lines is of that scale; with what `kept_words` says of a list, or why that one has its line."""
    near = near_left(situation, chosen.shown)
    if not near or not all(is_beyond_home(situation, item.objective) for item in chosen.shown):
        return chosen, kept_words(situation, chosen)
    led = replace(chosen, shown=(*chosen.shown[:-1], near[0]))
    return led, f"Une ligne au moins est à l’échelle du contrat{NNBSP}: d’où {near[0].objective.code}."


def _beside_named(situation: Situation, shown: Collection[Assessment], named: int, left: int) -> str:
    """What begins the sentence of those `left` out: `Et`; after one that counts so many `named` of them, `Soit, avec 9
    promis à une échelle plus large,`: two counts that follow each other are added up."""
    if not named:
        return "Et"
    more = left - named
    wider = sum(
        item.status in GROUPS[Group.A_TRAITER] and is_beyond_home(situation, item.objective)
        for item in situation.counted
        if item not in shown
    )
    which = f"{more} promis à une échelle plus large" if more == wider else plural(more, "autre", "autres")
    return f"Soit, avec {which}," if more else "Soit"


def to_treat_words(data: CopilData, chosen: Chosen, where: str = IN_FILE, *, named: int = 0) -> str:
    """The objectives *à traiter* that are not among those chosen, by partner, and how many of them are missed. `named`: how
    many of them the sentence before counts."""
    shown = Counter(item.objective.partner for item in chosen.shown)
    left = [
        summary.partner.key
        for summary in data.situation.partners
        for _ in range(to_handle(summary.counts) - shown[summary.partner.key])
    ]
    if not left:
        return ""
    words = plural(len(left), *_TO_TREAT)
    missed = _missed_among(data.situation, chosen.shown, len(left))[len(left) > 1]
    head = _beside_named(data.situation, chosen.shown, named, len(left))
    where = where if len(left) > 1 else where.replace("nommés", "nommé")
    # Between two pairs of parentheses nothing is read.
    read = (f" ({where})" if missed else f", {where}") * bool(where)
    return f"{head} {words} ({of_whom(data, left)}){missed}{read}."


def to_treat_nouns(situation: Situation, shown: Iterable[Assessment], left: int) -> tuple[str, str]:
    """What those `left` out beside those shown are called, one and several, with how many of them are missed."""
    (singular, many), missed = _TO_TREAT, _missed_among(situation, shown, left)
    return f"{singular}{missed[0]}", f"{many}{missed[1]}"


def to_treat_brief(situation: Situation, shown: Iterable[Assessment], left: int, *, named: int) -> str:
    """The same in a sentence, for where those of each partner have no room. `named`: as of `to_treat_words`."""
    words = plural(left, *to_treat_nouns(situation, shown, left))
    return f"{'En tout,' if named else 'Et'} {words}, {IN_FILE}." if left else ""


def _missed_among(situation: Situation, shown: Iterable[Assessment], left: int) -> tuple[str, str]:
    """How many of those `left` out, one and several, are missed: a count alone hides what is worse than what is shown."""
    missed = situation.counts[Statut.NON_ATTEINT] - sum(item.status is Statut.NON_ATTEINT for item in shown)
    among = f", dont {plural(missed, 'non atteint', 'non atteints')}" if missed < left else ", non atteints"
    return (", non atteint", among) if missed else ("", "")


def nothing_near(situation: Situation) -> str:
    """That nothing is to be treated at the scale of the contract, and of how many there nothing is known."""
    own = [item for item in situation.promised if not is_beyond_home(situation, item)]
    if not own:
        return "Aucun objectif n’est promis à l’échelle du contrat."
    silent = sum(situation.assessments[item.key].value is None for item in own)
    if silent == len(own):
        none = f"aucun des {silent} objectifs n’a" if silent > 1 else "le seul objectif n’a pas"
        return f"À l’échelle du contrat, {none} encore de valeur."
    words = plural(silent, "objectif n’y a pas encore de valeur", "objectifs n’y ont pas encore de valeur")
    unknown = f"{NNBSP}; {words}" if silent else ""
    return f"Rien n’est à traiter à l’échelle du contrat{unknown}."


def untold_words(
    situation: Situation,
    promised: Sequence[Assessment],
    shown: Sequence[Assessment],
    to_treat: Sequence[Assessment],
) -> str:
    """`Et 9 autres (dont 3 à traiter ; non atteint : Ateliers tenus), au dossier.`: how many a table leaves out, and how
    many of them are to be treated: those are not passed over, and what is missed, which the bar over the table begins
    with, is named."""
    left = [item for item in to_treat if item not in shown]
    alike = len({item.status for item in left}) == 1
    told = f"dont {len(left)} {agreed(left[0].status, len(left)) if alike else 'à traiter'}" if left else ""
    missed = [item.objective for item in left if item.status is Statut.NON_ATTEINT]
    others = f"Et {plural(len(promised) - len(shown), 'autre', 'autres')}"
    if not told:
        return f"{others}, {IN_FILE}."
    names = _names_of(situation, missed) if missed else ""
    if alike and names:
        return f"{others}, au dossier, {told}{names}."
    # On one line, with what is to be said of them.
    named = f"{NNBSP}; {agreed(Statut.NON_ATTEINT, len(missed))}{names}" if names else ""
    return f"{others} ({told}), au dossier{named}."


def _names_of(situation: Situation, missed: Sequence[Objective]) -> str:
    """`, au département : BPI-O013 et O036`: one by its name; the scale once, where it is that of all."""
    scales = {scale_of(situation, item) for item in missed}
    scale = f", {_AT_SCALE[scales.pop()]}" if len(scales) == 1 else ""
    # The names of several would cost the table a row: whoever speaks has them.
    codes = code_ranges(sorted(item.code for item in missed))
    told = " et ".join(codes.rsplit(", ", 1)) if len(missed) > 1 else called(missed[0])
    return f"{scale}{NNBSP}: {told}"


def order_words(shown: Sequence[Assessment], bounds: str = BOUNDED_RATE) -> str:
    """`, par écart à l’attendu (avancement compté de 0 à 100 %)`: what a list is in the order of, after its heading; the
    note of method has the rest. `bounds`: what is said of a rate past them, which a title may have no room for."""
    if len(shown) < _RANKED_MIN:
        return ""
    bounded = any(item.rate is not None and not 0 <= item.rate <= 1 for item in shown)
    return f"{_RANKED_HEAD}{f' ({bounds})' * (bounded and bool(bounds))}"


def ranked_words(situation: Situation, shown: Sequence[Assessment]) -> str:
    """The same in a sentence, of what the committee of the contract settles, then of the rest: the last of the first is not
    worse than the first of the last."""
    order = order_words(shown).removeprefix(", ")
    return f"Rangés {order}{f', {NEAR_FIRST}' * _is_mixed(situation, shown)}." if order else ""


def slide_order(situation: Situation, shown: Sequence[Assessment]) -> str:
    """The same in the title of a slide, whose rows stand in one table: it has no room for both the scales and the bounds."""
    order = order_words(shown, BOUNDS)
    by_scale = BOUNDS not in order and _is_mixed(situation, shown)
    return order.replace(_RANKED_HEAD, _SCALE_HEAD) if by_scale else order


def _is_mixed(situation: Situation, shown: Sequence[Assessment]) -> bool:
    """Whether the committee of the contract settles some of those, and not all."""
    return len({is_beyond_home(situation, item.objective) for item in shown}) > 1


def kept_words(
    situation: Situation, chosen: Chosen, partner: str | None = None, *, named: bool = True
) -> str:
    """That a list has a line for each status, where some of its lines have not their rank but their status to thank: read as
    a ranking, it would set them before what is worse. `partner`: whose the list is; `named`: say which they are."""
    ranked = [item for item in situation.to_treat if partner in (None, item.objective.partner)]
    first = ranked[: len(chosen.shown)]
    kept = [item.objective.code for item in chosen.shown if item not in first]
    told = f"{NNBSP}: d’où {enumerate_words(kept)}" * named
    return f"Chaque statut a une ligne au moins{told}." if kept else ""


_LATE = "en retard, à surveiller ou non atteint"


def late_words(situation: Situation, shown: Sequence[Objective], promised: int, where: str) -> str:
    """How many are shown beside the number of those promised, where the paper is of what is late alone; those that are
    counted with what they decline apart, as none of that number. `where`: the others are, if any."""
    parts = sum(whole_of(situation, item) is not None for item in shown)
    count, several = len(shown) - parts, "s" * (parts > 1)
    declined = plural(parts, "déclinaison", "déclinaisons")
    late = f"{plural(count, 'objectif est', 'objectifs sont')} {_LATE}{'s' * (count > 1)}"
    if promised > 1:
        late = f"Sur {promised} objectifs promis, {late if count else f'aucun n’est {_LATE}'}"
    elif promised and count:
        late = f"Le seul objectif promis est {_LATE}"
    also = f"{declined} {'le sont' if several else 'l’est'}{' aussi' * (count > 0)}"
    alone = (
        f"{'Du seul objectif promis, ' * promised}{declined} {'sont' if several else 'est'} {_LATE}e{several}"
    )
    words = f"{NNBSP}; ".join([late, *[also] * (parts > 0)]) if count or promised > 1 else alone
    every = promised and sum(item.key in situation.promised_keys for item in shown) == promised
    return f"{words}." if every else f"{words}{NNBSP}: le reste est {where}."


def late_engagements_words(shown: int, every: int, where: str) -> str:
    """The same of engagements; empty where all are shown, or none is known."""
    if every and not shown:
        whose = f"Aucun des {every} engagements n’est" if every > 1 else "Le seul engagement n’est pas"
        return f"{whose} dit compromis, à appuyer ni en retard."
    verb = "est" if shown == 1 else "sont"
    among = f"Sur {every} engagements, {shown} {verb} compromis, à appuyer ou en retard"
    return f"{among}{NNBSP}: le reste est {where}." if shown < every else ""


def due_untold(situation: Situation) -> list[str]:
    """Those whose date is past and of which no value is known, by name and carrier."""
    names = situation.dossier.partner_names
    due = [
        f"{item.objective.label} ({item.objective.code}, {names.get(item.objective.partner, 'sans partenaire')})"
        for item in situation.counted
        if item.status is Statut.NON_RENSEIGNE
        and item.objective.target_date is not None
        and item.objective.target_date < situation.day
    ]
    return (
        [f"Échéance passée, sans valeur{NNBSP}: {enumerate_words(due, limit=_DUE_NAMED_MAX)}."] if due else []
    )
