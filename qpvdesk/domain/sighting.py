"""A first sight, reckoned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from qpvdesk.domain.agenda import NextDate, late_dates
from qpvdesk.domain.ages import age_words
from qpvdesk.domain.attention import nothing_shown
from qpvdesk.domain.counts import promised_count, turn
from qpvdesk.domain.first_sight import Attention, Bar, Counts, Due, FirstSight, Grid, Moved, Named, Since
from qpvdesk.domain.french import NNBSP, enumerate_words, plural, raised
from qpvdesk.domain.gatherings import AXES, THEMES, names, ways
from qpvdesk.domain.headline import headline
from qpvdesk.domain.how_far import against_words, how_far, lack_words
from qpvdesk.domain.model import Contract, Partner
from qpvdesk.domain.progress import PARTS, Assessment, day_words, status_words
from qpvdesk.domain.review import Review, baselines
from qpvdesk.domain.scales import place_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut, Trend, to_handle, where_most
from qpvdesk.domain.wording import called

_TO_HANDLE = 7
_MOVES = 4
_DATES = 4
_LATE = 2
"""Late steps and follow-ups of visits shown before the dates to come, at most: they would be seen nowhere else."""
_YEAR = timedelta(days=365)


def first_sight(review: Review, contracts: Sequence[Contract], *, complete: bool = True) -> FirstSight:
    """Return what a first sight shows of a review. `complete` False: what moved is not reckoned yet."""
    situation = review.situation
    dossier = situation.dossier
    promised, followed = promised_count(situation.counts), situation.counts.get(Statut.SUIVI, 0)
    bars = sorted(
        (Bar(_partner(item.partner), _counts(item.counts), item.objectives) for item in situation.partners),
        key=lambda bar: (-to_handle(bar.counts), bar.partner.code),
    )
    chosen = situation.to_look_at(_TO_HANDLE)
    known = ways(dossier)
    dates, dates_left = _dates(review)
    return FirstSight(
        contract=_contract(dossier.contract),
        contracts=tuple(map(_contract, contracts)),
        fictitious=dossier.contract.fictitious,
        day=review.day,
        mention=(
            f"{plural(len(dossier.partners), 'partenaire', 'partenaires')}, "
            f"{plural(len(situation.engagements), 'engagement', 'engagements')}, "
            f"{plural(promised, 'objectif promis', 'objectifs promis')}, "
            f"{plural(followed, 'chiffre suivi sans cible', 'chiffres suivis sans cible')}"
        ),
        headline=headline(situation),
        counts=_counts(situation.counts),
        old=dict(Counter(item.status for item in situation.counted if item.outdated)),
        partners=tuple(_partner(item.partner) for item in situation.partners),
        bars=tuple(bars),
        bars_message=where_most({bar.partner.short_name: to_handle(bar.counts) for bar in bars}),
        attention=tuple(_attention(situation, item) for item in chosen.shown),
        left_out=chosen.left_out,
        nothing="" if chosen.shown else nothing_shown(chosen),
        moves=tuple(_moved(review)),
        moved=len(review.moves),
        unmoved=_unmoved(review) if complete else "",
        since=_since(review),
        dates=dates,
        dates_left=dates_left,
        ways=known,
        grids={by: _grid(situation, by) for by in (THEMES, AXES) if by in known},
        axes={item.code: item.key for item in dossier.axes},
    )


def _counts(counts: Mapping[Statut, int]) -> Counts:
    return {status: count for status, count in counts.items() if count}


def _contract(contract: Contract) -> Named:
    return Named(contract.key, contract.code, contract.name)


def _partner(partner: Partner) -> Named:
    return Named(partner.key, partner.code, partner.name, partner.short_name)


def _attention(situation: Situation, item: Assessment) -> Attention:
    objective, far, lack = item.objective, how_far(item), lack_words(item)
    partner, scale = situation.partner(objective.partner).usual_name, place_word(situation, objective)
    whose = f"{partner} · {scale}"
    of = "" if item.value_day == item.day else "de "
    age = f"chiffre {of}{age_words(item.value_day, item.day)}" if item.value_day else ""
    value = against_words(item)
    # What the line asks on the day of the figure, which may be long ago.
    then = "alors " if item.value_day is not None and item.value_day < item.day else ""
    expected = f", attendu {then}{far.expected}" if far.expected else ""
    told = f"{far.rate}{expected}" if far.rate else f"écart {far.gap}" if far.gap else far.kept
    return Attention(
        code=objective.code,
        label=objective.label,
        status=item.status,
        # What lacks and how old the figure is are said first.
        wordings=tuple(" · ".join(filter(None, (first, lack, age))) for first in (whose, scale, "")),
        value=value,
        far=told,
        sentences=(
            f"{called(objective)}, {whose}\u202f: {status_words(item)}, {value}, {told}",
            raised(lack),
            f"Valeur {day_words(item).removeprefix(PARTS)}." if item.value_day else "",
        ),
        gauge=float(item.gauge) if far.rate and item.gauge is not None else None,
        expected=float(item.expected_rate) if item.expected_rate is not None else None,
    )


def _moved(review: Review) -> Iterator[Moved]:
    # A first value moved from nothing: those that did move are seen before it.
    moves = sorted(review.moves, key=lambda move: move.before.value is None)
    for move in moves[:_MOVES]:
        trend = review.trend_of(move.objective.key)
        # Beside a status that goes the other way, the arrow of the value and its colour would be read as that of the status.
        turned = turn(move.before.status, move.after.status)
        if (trend is Trend.HAUSSE and turned > 0) or (trend is Trend.BAISSE and turned < 0):
            trend = None
        yield Moved(move.objective.code, move.objective.label, move.named, move.told, trend, move.brief)


def _unmoved(review: Review) -> str:
    if review.moves:
        return ""
    if review.baseline is None:
        return (
            "Aucun comité de pilotage n’est enregistré avant cette date\u202f: choisissez le jour à comparer."
        )
    return (
        f"Aucune valeur n’a changé {review.baseline.since}. "
        "Saisissez un relevé (Ctrl+N)\u202f: son effet se lira ici."
    )


def _since(review: Review) -> Since:
    baseline, dossier = review.baseline, review.situation.dossier
    return Since(
        day=baseline.day if baseline is not None else review.day - _YEAR,
        compared=baseline is not None,
        frozen=baseline is not None and baseline.snapshot is not None,
        copil=any(baselines(dossier, review.day)),
    )


def _dates(review: Review) -> tuple[tuple[Due, ...], str]:
    """The longest due of each kind, what else is late, then what is to come, what is late in the order of its days; and
    how many are left out, in words."""
    late = late_dates(review.situation)
    first = {due.kind: due for due in reversed(late)}.values()
    chosen = sorted(late, key=lambda due: due not in first)[:_LATE]
    shown = [due for due in late if due in chosen]
    coming = review.agenda[: _DATES - len(shown)]
    left = [
        plural(count, f"autre {when}", f"autres {when}")
        for count, when in (
            (len(late) - len(shown), "en retard"),
            (len(review.agenda) - len(coming), "à venir"),
        )
        if count
    ]
    dues = (*(_due(item, " en retard") for item in shown), *(_due(item) for item in coming))
    return dues, f"Et {enumerate_words(left)}." if left else ""


def _due(item: NextDate, late: str = "") -> Due:
    head, mark, what = item.brief.partition(f"{NNBSP}: ")
    return Due(item.day, f"{head}{late}{mark}{what}", item.codes, item.kind)


def _grid(situation: Situation, by: str) -> Grid:
    cells: list[tuple[str, str, Counts]] = [
        (partner, code, _counts(counts)) for (partner, code), counts in situation.matrix(by).items()
    ]
    return Grid(names(situation, by), tuple(cells))
