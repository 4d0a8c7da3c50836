"""The month on one page, for the préfet: what moved, what is late, what needs them; then what was heard in visits."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date, timedelta
from functools import partial

from reportlab.platypus import Flowable

from qpvdesk.domain.agenda import NextDate, late_dates
from qpvdesk.domain.alerts import PROJECTION_MANQUEE, SANS_RELEVE, STATUT_DEGRADE
from qpvdesk.domain.attention import nothing_shown
from qpvdesk.domain.counts import turn
from qpvdesk.domain.declined import whole_of
from qpvdesk.domain.french import NNBSP, format_date, format_month, plural, raised
from qpvdesk.domain.meeting_alerts import ETAPE_EN_RETARD, SUITE_EN_RETARD
from qpvdesk.domain.meetings import carrier_words, overdue
from qpvdesk.domain.model import Visit
from qpvdesk.domain.moves import Move
from qpvdesk.domain.points import DECISION_EN_RETARD, Point
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.domain.tasks import is_past_due
from qpvdesk.domain.visits import WORDS, awaited, visits_between
from qpvdesk.domain.wording import quoted, reserve_words
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.left_out import IN_FILE, led_by_near, others_words, to_treat_words
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.lists import bullets, first_of, titled
from qpvdesk.reports.models.parts import coming_words, due_words, learnt_moves, no_move
from qpvdesk.reports.objectives import notes_words, promised_table
from qpvdesk.reports.references import parity_above
from qpvdesk.reports.sections.decisions import expected_decisions, with_names
from qpvdesk.reports.sections.essential import ALIKE, together, unseen
from qpvdesk.reports.sections.headline import standing
from qpvdesk.reports.sections.reserves import reserved
from qpvdesk.reports.style import NOTE_STYLE
from qpvdesk.reports.text import paragraph, shorten_words

_BUDGETS = (
    (30, 12, 30),
    (20, 9, 20),
    (14, 8, 14),
    (9, 6, 9),
    (8, 6, 8),
    (7, 6, 7),
    (6, 6, 7),
    (5, 6, 6),
    (5, 5, 6),
    (4, 5, 5),
    (3, 4, 5),
    (3, 3, 4),
    (2, 2, 2),
    (1, 1, 1),
)
"""How many moves, late objectives and needs are shown, tried until all stand on its pages."""
_WITH_WORDS = 11
"""Of these budgets, those that leave enough of the figures on a page that holds the words too."""
_HEARD_MAX, _PLACE_MAX = 260, 50
_AHEAD = timedelta(days=45)
_LONGEST = 220
_TOLD_APART = (DECISION_EN_RETARD, ETAPE_EN_RETARD, SUITE_EN_RETARD, SANS_RELEVE)
"""The alerts that are told one by one, or by what is to be decided of them."""


def monthly(data: CopilData) -> list[Flowable]:
    """One page, or two where visits have much to tell; its review is compared with a month before."""
    head = [LetterheadBlock(data.letterhead)] if data.letterhead else []
    field = on_the_ground(data)
    # What was heard stands beside the figures where one page holds both; else nothing is cut that two pages hold.
    for pages, budgets in ((1, _BUDGETS[: _WITH_WORDS if field else None]), (2, _BUDGETS)):
        for budget in budgets:
            blocks = [*_page(data, *budget), *field]
            if laid_out([*head, *blocks])[0] <= pages:
                return [*_with_names(data, budget, [*head, *field], pages), *field]
    return blocks


def _with_names(
    data: CopilData, budget: tuple[int, int, int], beside: list[Flowable], pages: int
) -> list[Flowable]:
    """The page of a budget, with the names of as many of those that are to be decided of as hold on it."""
    page = partial(_page, data, *budget)
    expected = with_names(data, lambda told: laid_out([*beside, *page(expected=told)])[0] <= pages)
    return page(expected=expected)


def on_the_ground(data: CopilData) -> list[Flowable]:
    """What was seen and heard in the visits of the period, head by head, and what is to be done of them."""
    baseline, dossier = data.review.baseline, data.situation.dossier
    visits = visits_between(dossier, baseline.day if baseline is not None else date.min, data.day)
    still = list(awaited(dossier, data.day))
    if not visits and not still:
        return []
    blocks = heading("Sur le terrain")
    seen = [f"{visit.place} ({format_date(visit.day)})" for visit in visits]
    words = plural(len(visits), "visite", "visites")
    blocks.append(
        paragraph(
            f"{words}{NNBSP}: {'; '.join(seen)}." if visits else "Aucune visite dans la période.", NOTE_STYLE
        )
    )
    for name, head in WORDS:
        heard = [
            f"{_flat(getattr(visit, name))} ({_where(visit)})." for visit in visits if getattr(visit, name)
        ]
        if heard:
            blocks += [*small_heading(head), *bullets(heard)]
    if still:
        blocks += [
            *small_heading("Suites à donner"),
            *bullets([_to_do(item, data.day, visits) for item in still]),
        ]
    return blocks


def _flat(text: str) -> str:
    return shorten_words(" ".join(text.split()).rstrip("."), _HEARD_MAX)


def _where(visit: Visit) -> str:
    return shorten_words(visit.place.partition(",")[0], _PLACE_MAX)


def _to_do(visit: Visit, day: date, told: Sequence[Visit]) -> str:
    """`told`: the visits of the period, whose days stand above."""
    earlier = "" if visit in told else f", visite du {format_date(visit.day)}"
    carrier = f"{NNBSP}; porteur{NNBSP}: {visit.carrier}" if visit.carrier else ""
    who = f" ({_where(visit)}{earlier}{carrier})"
    when = "en retard depuis le" if is_past_due(visit, day) else "pour le"
    due = f", {when} {format_date(visit.due)}" if visit.due else ""
    return f"{visit.follow_up.rstrip(' .')}{who}{due}."


def _page(
    data: CopilData, moves: int, late: int, needs: int, *, expected: Sequence[str] = ()
) -> list[Flowable]:
    situation, baseline = data.situation, data.review.baseline
    blocks = title(Entry("mensuel", f"Point mensuel, {format_month(data.day)}", 0), data.review.data_words)
    blocks += standing(situation)
    moved, came_in = _changed(data)
    blocks += titled(
        f"Ce qui a changé {baseline.since}" if baseline is not None else "Ce qui a changé",
        [*moved, *came_in],
        " ".join(filter(None, (no_move(data, "Aucune évolution."), _fallen_due(data)))),
        most=moves,
        rest=_received([*moved, *came_in], len(came_in), moves),
    )
    chosen, kept = led_by_near(situation, situation.to_look_at(late))
    blocks += heading("Ce qui est à traiter")
    if chosen.shown:
        # As on page one: first what the committee of the contract settles.
        shown = sorted(
            (item.objective for item in chosen.shown), key=lambda item: is_beyond_home(situation, item)
        )
        blocks += [*parity_above(situation, shown), *promised_table(data, shown, scales=True, bare=True)]
        near = {item.partner for item in shown if not is_beyond_home(situation, item)}
        # What signs are is read with the rows, not behind what is said of them.
        told = [words] if (words := notes_words(situation, shown)) else []
        told += [
            reserve_words(text, f" ({partner.usual_name})")
            for partner in situation.dossier.partners
            if partner.key in near
            for text in reserved(situation, partner.key)
        ]
        # In one paragraph: two would take the line of a move.
        left = (to_treat_words(data, chosen), kept)
        if told := [*told, *filter(None, [" ".join(filter(None, left))])]:
            blocks += [paragraph(text, _AFTER_TABLE) for text in told]
    else:
        blocks.append(paragraph(nothing_shown(chosen), NOTE_STYLE))
    blocks += _attention(data, needs, {move.objective.code for move in data.review.moves[:moves]})
    # Whole: cut short, a decision ends before its verb.
    return blocks + titled(
        "Ce que le comité peut décider",
        expected or expected_decisions(data),
        "",
        most=max(needs - 2, 1),
        rest=f", {IN_FILE}",
        small=True,
    )


def _changed(data: CopilData) -> tuple[list[str], list[str]]:
    """Each objective that changed, once: what moved since then, and what came in since of that day or before. What came
    in after the day of the data is of the month that it came in."""
    situation, moves = data.situation, data.review.moves
    learnt = {move.objective.key: move for move in learnt_moves(data)}
    told = [_moved(situation, move, after=_as_known(learnt.pop(move.objective.key, None))) for move in moves]
    came_in = [move for move in learnt_moves(data, data.day) if move.objective.key in learnt]
    return told, [_moved(situation, move, f"Reçu depuis, à sa date{NNBSP}: ") for move in came_in]


def _received(told: Sequence[str], received: int, most: int) -> str:
    """`, dont 22 reçus depuis, à leur date`: how many of those that the list leaves out, its last, moved nothing of the
    month."""
    left = len(told) - len(first_of(told, most))
    count = min(left, received)
    if not count:
        return ""
    if count == left:
        return ", reçus depuis, à leur date"
    return f", dont {plural(count, 'reçu depuis, à sa date', 'reçus depuis, à leur date')}"


def _as_known(learnt: Move | None) -> str:
    """What an objective that moved was said to be, where a value that came in since says otherwise of that day."""
    if learnt is None or not turn(learnt.before.status, learnt.after.status):
        return ""
    return f"{NNBSP}; dit {quoted(STATUT_LABELS[learnt.before.status].lower())} avant une valeur d’alors, reçue depuis"


def _fallen_due(data: CopilData) -> str:
    """How many decisions fell due in the period: no figure moved, and something did."""
    baseline = data.review.baseline
    late = overdue(data.situation.dossier, data.day)
    count = sum(baseline is not None and item.due is not None and item.due >= baseline.day for item in late)
    return (
        f"{plural(count, 'décision est échue', 'décisions sont échues')} depuis, sans être faite{'s' * (count > 1)}."
        if count
        else ""
    )


def _attention(data: CopilData, most: int, moved: Container[str]) -> list[Flowable]:
    """So many dates and alerts; of when or of whom the others are. What is told once of many is never among the others: a
    line left out would be counted for one. `moved`: the codes of the moves that are told above."""
    dates, alerts, many = attention(data)
    alerts = [point for point in alerts if point.kind != STATUT_DEGRADE or point.object not in moved]
    told = [*(text for _, text in dates), *(_short(raised(point.message)) for point in alerts)]
    shown = first_of(told, most)
    days = sorted(day for day, _ in dates[len(shown) :])
    rest = []
    if days:
        first, last = format_date(days[0]), format_date(days[-1])
        when = f"du {first} au {last}" if first != last else f"au {last}"
        rest.append(f"Et {plural(len(days), 'autre échéance', 'autres échéances')}, {when}.")
    left = [point.partner for point in alerts[max(0, len(shown) - len(dates)) :]]
    rest.append(others_words(data, left, "autre alerte", "autres alertes", where=IN_FILE))
    blocks = titled("Ce qui appelle votre attention", [*shown, *filter(None, [many])], "Rien à cette date.")
    for words in filter(None, rest):
        # « Et 9 autres » alone at the head of a page says nothing.
        blocks[-1].keepWithNext = True
        blocks.append(paragraph(words, NOTE_STYLE))
    return blocks


def attention(data: CopilData) -> tuple[list[tuple[date, str]], list[Point], str]:
    """Decisions, steps and follow-ups that are overdue, then what is to come soon, by day; alerts; of those of which there
    are many alike, how many."""
    situation = data.situation
    found = [
        (
            item.due or date.min,
            f"Décision échue le {format_date(item.due)}{NNBSP}: {item.label.rstrip(' .')}"
            + (f" ({carrier_words(item, data.day)})." if item.carrier else "."),
        )
        for item in overdue(situation.dossier, data.day)
    ]
    found += [(item.day, item.late_words) for item in late_dates(situation)]
    late = len(found)
    soon = [item for item in data.review.agenda if item.day <= data.day + _AHEAD]
    committee = _committee(data, soon)
    found += [(item.day, due_words(item)) for item in soon if item not in committee]
    dates = [(day, _short(text)) for day, text in found]
    if committee:
        # Whole: what it is asked of is named nowhere else.
        due = f"{NNBSP}; ".join(map(coming_words, committee[1:]))
        words = due_words(committee[0]).rstrip(".")
        words += f"{NNBSP}; à faire d’ici là{NNBSP}: {due}." if due else "."
        dates.insert(late, (committee[0].day, words))
    kinds: dict[str, list[Point]] = {}
    for point in unseen(data):
        if point.kind not in _TOLD_APART:
            kinds.setdefault(point.kind, []).append(point)
    few = [point for alike in kinds.values() if len(alike) <= ALIKE for point in alike]
    # How many targets would be missed stands under the bar.
    many = [items for kind, items in kinds.items() if len(items) > ALIKE and kind != PROJECTION_MANQUEE]
    return dates, few, " ".join(together(data, items) for items in many)


def _committee(data: CopilData, soon: Sequence[NextDate]) -> list[NextDate]:
    """The committee to come, and the decisions, steps and follow-ups of visits that fall due before it; else the first
    meeting that is soon."""
    if data.copil is None:
        return [item for item in soon if item.kind == "reunion"][:1]
    own = [item for item in data.review.agenda if item.uid == f"reunion-{data.copil.key}"]
    due = [item for item in data.review.agenda if item.kind in ("decision", "etape", "visite")]
    return [*own, *(item for item in due if own and item.day < data.copil.day)]


def _short(text: str) -> str:
    return shorten_words(text, _LONGEST)


def _moved(situation: Situation, move: Move, before: str = "", after: str = "") -> str:
    """A move whole where it is short, else without its rates, or without its days: what became of it is said last. Of what
    declines another, with which it is counted. `before`, `after`: what is said around it."""
    whole, own = whole_of(situation, move.objective), f"{move.objective.code}, {move.scale}"
    counted = f"{own}, compris dans {whole.code}" if whole is not None else own
    texts = [
        told.replace(own, counted, 1).rstrip(".") for told in (move.named, move.unrated, move.named_briefly)
    ]
    # What is said around it is never what is cut.
    room = _LONGEST - len(before) - len(after)
    told = next((text for text in texts if len(text) < room), shorten_words(texts[-1], room - 1))
    # What is cut ends with a sign of its own.
    return f"{before}{told}{after}{'' if not after and told.endswith('…') else '.'}"


_AFTER_TABLE = NOTE_STYLE.clone("after-table", spaceBefore=4)


write = sheets.paper("point mensuel", monthly)
