"""What « L’essentiel » is made of: where the contract stands, what is late, what is to be settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.charts.bars import BAR_ORDER, named_bars, statuses_words
from qpvdesk.domain.agenda import is_of_a_partner, late_counts, late_dates, past_engagements
from qpvdesk.domain.alerts import (
    ENGAGEMENT_SANS_SUIVI,
    PLURALS,
    SILENT_WORDS,
    VALEUR_ANCIENNE,
    VALEUR_PROVISOIRE,
)
from qpvdesk.domain.attention import nothing_shown
from qpvdesk.domain.expected import to_ask
from qpvdesk.domain.french import NNBSP, enumerate_words, format_date, format_edge, lowered, plural, raised
from qpvdesk.domain.how_far import against_aloud, how_far, untold_unit
from qpvdesk.domain.lacks import trajectory_lacks, undivided
from qpvdesk.domain.meetings import carrier_words, overdue
from qpvdesk.domain.moves import is_provisional
from qpvdesk.domain.points import Point, ident_of
from qpvdesk.domain.progress import Assessment, after_value, status_words
from qpvdesk.domain.scales import is_beyond_home, place_word, scale_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut, to_handle
from qpvdesk.domain.wording import quoted
from qpvdesk.reports.ending import height_of
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, small_heading
from qpvdesk.reports.left_out import (
    IN_FILE,
    due_untold,
    kept_words,
    near_left,
    nothing_near,
    of_whom,
    order_words,
    to_treat_words,
)
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.objectives import current_cell, gauge_cell, read_alone, target_cell
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.references import compared_with, reference_on, year_against_day
from qpvdesk.reports.sections.decisions import noted
from qpvdesk.reports.sections.engagements import awaits_weather, is_old
from qpvdesk.reports.signs import gauge_title, gauge_width, has_ticks, signs_words
from qpvdesk.reports.style import (
    CELL_NOTE_STYLE,
    CELL_STYLE,
    MEDIUM,
    REGULAR,
    SMALL,
    TABLE,
    WIDTH,
    fill,
    text_width,
)
from qpvdesk.reports.tables import PAD, data_table
from qpvdesk.reports.text import cell, paragraph, shorten_words, stacked

ENTRY = Entry("essentiel", "L’essentiel", 0)
BARS_MAX = 12
"""Bars of the chart."""
ALIKE = 3
"""More points of one kind than this are told in one line."""
ARBITRATED = 5
SETTLED = 3
TOLD = "pour information"
_WIDER = f"{raised(TOLD)}{NNBSP}: se décide à une échelle plus large"
_CARRIER_WIDTH, _DAY_WIDTH, _CARRIER_MAX = 118.0, 54.0, 60
_CARRIED = "Qui le porte, séance"


def arbitrations(data: CopilData, others_are: str = IN_FILE, *, cited: bool = True) -> list[Flowable]:
    """What is looked at first: name, scale, value, target, how far, who carries it, when; whose the others are. What is
    promised on a wider scale than the contract's, its committee is told and does not settle: it stands apart. `cited`:
    with what is reserved, announced and decided of each, which may be long."""
    situation, chosen = data.situation, data.situation.to_look_at(ARBITRATED)
    near = [item for item in chosen.shown if not is_beyond_home(situation, item.objective)]
    blocks = small_heading(f"À arbitrer{order_words(chosen.shown) if near else ''}")
    if not chosen.shown:
        return [
            *blocks,
            *(paragraph(text, CELL_STYLE) for text in (nothing_shown(chosen), *due_untold(situation))),
        ]
    wider = [item for item in chosen.shown if item not in near]
    settled = to_settle(situation, told=near) if wider else ""
    # Said beside their names, how many others there are is not added to them.
    named = len(near_left(situation, chosen.shown)) if settled else 0
    others = to_treat_words(data, chosen, others_are, named=named)
    if not near:
        blocks += [paragraph(settled, _SAID_STYLE)] if settled else []
        blocks += small_heading(f"{_WIDER}{order_words(chosen.shown, bounds='')}")
    # A head of two lines takes the room of a bar, or of a decision, of its page; on one it may break a name.
    heads = dict.fromkeys(gauge_title(chosen.shown, apart=apart) for apart in (" ", "\n"))
    tables: list[list[Flowable]] = [_looked_at(data, near, wider, head) for head in heads]
    looked_at = min(tables, key=lambda blocks: height_of(blocks))
    blocks += looked_at
    # What they are is read before the rows are, not behind what is said of them.
    if signs := signs_words(chosen.shown):
        blocks.append(paragraph(signs, CELL_NOTE_STYLE))
    kept = kept_words(situation, chosen)
    if near and settled:
        # What adds to the rows is said under them.
        blocks.append(paragraph(" ".join(filter(None, (settled, others, kept))), _ALSO_STYLE))
    unlike = year_against_day(situation, [item.objective for item in chosen.shown])
    beside = [item.objective for item in chosen.shown if cited]
    told = [*([] if near and settled else [others, kept]), unlike]
    return [*blocks, *noted(data, beside, told, _NOTES_STYLE)]


def _looked_at(
    data: CopilData, near: Sequence[Assessment], wider: Sequence[Assessment], gauge_head: str
) -> list[Flowable]:
    """The table of what is looked at first, under `gauge_head` over its bars."""
    situation, meeting = data.situation, data.copil
    names = situation.dossier.partner_names
    when = f"séance du {format_date(meeting.day)}" if meeting is not None else "séance à fixer"
    told = (names.get(item.objective.partner, "–") for item in (*near, *wider))
    carriers = [shorten_words(name, _CARRIER_MAX) for name in told]
    widths = fill(None, 54, 66, gauge_width(gauge_head), _carried_width([when, *carriers]))
    rows: list[list[Any]] = []
    groups: list[int] = []
    for item, carrier in zip((*near, *wider), carriers, strict=True):
        if near and item in wider[:1]:
            groups.append(len(rows))
            rows.append([_WIDER, "", "", "", ""])
        objective = item.objective
        word = lowered(status_words(item)) + " · valeur provisoire" * is_provisional(item)
        under = f"{objective.code} · {place_word(situation, objective)} · {word}"
        unit = untold_unit(objective)
        reference = compared_with(situation, [objective])
        against = [*[f"Référence{NNBSP}: {reference}"] * bool(reference), *read_alone(objective)]
        rows.append(
            [
                stacked(f"{objective.label} ({unit})" if unit else objective.label, [under, *against]),
                current_cell(item, widths[1] - 8, data.review),
                target_cell(objective, item, widths[2] - 8),
                gauge_cell(item, widths[3] - 8),
                stacked(carrier, [when] if item in near else []),
            ]
        )
    header = ("Objectif", "Valeur", "Cible", gauge_head, _CARRIED if near else "Qui le porte")
    return data_table(header, rows, widths, right=(1, 2), groups=groups)


def _carried_width(texts: Iterable[str]) -> float:
    """The column of who carries what and when: as wide as the longest of those texts, but for one that takes two lines
    anyway."""
    least = text_width(_CARRIED, MEDIUM, SMALL)
    asked = (text_width(text, REGULAR, TABLE) + 1 for text in texts)
    return max(least, *(width for width in asked if width + PAD <= _CARRIER_WIDTH)) + PAD


def tells_ticks(data: CopilData) -> bool:
    """Whether its page, where the paper has it, says what the tick of a bar is, for the chapters that follow."""
    choices = data.composition.choices
    there = choices is None or any(choice.word == ENTRY.key for choice in choices)
    return there and has_ticks(data.situation.to_look_at(ARBITRATED).shown)


def to_settle(situation: Situation, named: int = SETTLED, told: Sequence[Assessment] | None = None) -> str:
    """What the committee of the contract can settle of what is to be treated, by name, where it cannot settle it all.
    `told`: beside those that stand there, apart from what is told for information."""
    near = [item for item in situation.to_treat if not is_beyond_home(situation, item.objective)]
    if len(near) == len(situation.to_treat):
        return ""
    apart = f" Ce qui est {quoted(TOLD)} se décide à une échelle plus large." if told is None else ""
    if not near:
        return f"{nothing_near(situation)}{apart}"
    names = [situation.names.called(item.objective) for item in near_left(situation, told or ())]
    scale = "À régler à l’échelle du contrat" if not told else "À régler aussi à l’échelle du contrat"
    return f"{scale}{NNBSP}: {enumerate_words(names, limit=named)}.{apart}" if names else ""


def late_decisions(data: CopilData, most: int) -> list[Flowable]:
    """The decisions that should have been carried out, by name, with who carries them; of the others, who carries them."""
    late = overdue(data.situation.dossier, data.day)
    if not late:
        return []
    blocks = small_heading("Décisions en retard")
    widths = fill(None, _CARRIER_WIDTH, _DAY_WIDTH)
    rows: list[list[Any]] = [
        [
            cell(item.label, widths[0] - 4),
            cell(carrier_words(item, data.day), widths[1] - 8),
            format_date(item.due),
        ]
        for item in late[:most]
    ]
    blocks += data_table(("Décision", "Confiée à", "Échéance"), rows, widths, right=(2,))
    if rest := late[most:]:
        words = plural(len(rest), "décision en retard", "décisions en retard")
        if most:
            words = f"Et {plural(len(rest), 'autre décision en retard', 'autres décisions en retard')}"
        carriers = ", ".join(dict.fromkeys(item.carrier or "sans porteur" for item in rest))
        blocks.append(paragraph(f"{words}{NNBSP}: {carriers}.", CELL_NOTE_STYLE))
    return blocks


def late_line(data: CopilData) -> list[Flowable]:
    """How many steps and follow-ups of visits should have been done, and the one that waits the longest; then how many
    engagements are past their date, of which nobody said what became."""
    late, past = late_dates(data.situation), len(past_engagements(data.situation))
    words = [late[0].late_words] if len(late) == 1 else []
    if len(late) > 1:
        many = enumerate_words(late_counts(data.situation))
        since = f"dont, depuis le {format_date(late[0].day)}, {late[0].quoted_what}"
        words.append(f"En retard aussi{NNBSP}: {many}, {since}.")
    if past:
        added = f"S’y ajoute{'nt' * (past > 1)} " if late else ""
        told = plural(past, "engagement à échéance passée", "engagements à échéance passée")
        words.append(f"{added}{told}, sans nouvelle depuis.")
    return [paragraph(" ".join(words), CELL_NOTE_STYLE)] if words else []


def standings(data: CopilData) -> list[tuple[str, Mapping[Statut, int]]]:
    """How many stand where, by partner and scale, those with the most to treat first."""
    situation = data.situation
    names = situation.dossier.partner_names
    counts: dict[str, dict[Statut, int]] = {}
    for item in situation.counted:
        if item.status is not Statut.SUIVI:
            name = f"{names.get(item.objective.partner, '–')} · {scale_word(situation, item.objective)}"
            counts.setdefault(name, dict.fromkeys(Statut, 0))[item.status] += 1

    return sorted(counts.items(), key=lambda pair: -to_handle(pair[1]))


def standings_blocks(
    data: CopilData, ordered: Sequence[tuple[str, Mapping[Statut, int]]], row: float, most: int = BARS_MAX
) -> list[Flowable]:
    """The bars of these standings, of each partner at each scale; beyond `most` they are counted."""
    blocks = small_heading("Où en est chaque partenaire, à chaque échelle")
    if not data.situation.partners:
        blocks.append(paragraph("Aucun partenaire n’est enregistré.", CELL_NOTE_STYLE))
    if ordered:
        blocks.append(ChartFlowable(named_bars(ordered[:most], WIDTH, row=row, text_size=8)))
        counts = data.situation.counts
        blocks.append(Legend(WIDTH, [status for status in BAR_ORDER if counts[status]], counts))
    if rest := other_bars_words(ordered[most:]):
        blocks.append(paragraph(f"Et, {rest}.", CELL_NOTE_STYLE))
    return blocks


def other_bars_words(others: Sequence[tuple[str, Mapping[Statut, int]]]) -> str:
    """`sans barre, 7 non atteints : Bpifrance · département 2 sur 3 ; rien à traiter : Région · département 2`: what stands
    where at the scales that have no bar, for the legend counts it; empty where each has one."""
    amiss = {status: sum(counts[status] for _, counts in others) for status in GROUPS[Group.A_TRAITER]}
    late = [
        f"{name} {to_handle(counts)} sur {sum(counts.values())}"
        for name, counts in others
        if to_handle(counts)
    ]
    fine = [f"{name} {sum(counts.values())}" for name, counts in others if not to_handle(counts)]
    parts = (
        f"{words}{NNBSP}: {', '.join(names)}"
        for words, names in ((statuses_words(amiss), late), ("rien à traiter", fine))
        if names
    )
    return f"sans barre, {f'{NNBSP}; '.join(parts)}" if others else ""


def secretariat_sentence(data: CopilData) -> str:
    """What the secretariat follows and no committee settles, in one sentence."""
    situation = data.situation
    kinds = Counter(point.kind for point in unseen(data))
    # An old reference of shares is told with what is promised.
    old = {point.object for point in unseen(data) if point.kind == VALEUR_ANCIENNE}
    followed = [item.objective.code for item in to_ask(situation) if item.status is Statut.SUIVI]
    asked = sum(code not in old for code in followed)
    apart = asked < len(followed)
    # What a partner carries is asked of by the committee.
    own_visits = sum(
        item.kind == "visite" and not is_of_a_partner(situation, item) for item in late_dates(situation)
    )
    visits = (
        [plural(own_visits, "suite de visite en retard", "suites de visite en retard")] if own_visits else []
    )
    parts = [
        plural(count, singular, many)
        for count, singular, many in (
            (situation.counts[Statut.NON_RENSEIGNE], "objectif sans valeur", "objectifs sans valeur"),
            # Not all that are « sans trajectoire »: of what is to be done by a date its steps are asked.
            (
                sum(bool(trajectory_lacks(item)) for item in situation.counted),
                "trajectoire à préciser",
                "trajectoires à préciser",
            ),
            (
                len(undivided(situation)),
                "objectif à réaliser sans étapes",
                "objectifs à réaliser sans étapes",
            ),
            (kinds[VALEUR_ANCIENNE], "valeur ancienne", PLURALS[VALEUR_ANCIENNE].lower()),
            (
                asked,
                f"{'autre ' * apart}chiffre suivi sans valeur à jour",
                f"{'autres ' * apart}chiffres suivis sans valeur à jour",
            ),
            *_unconfirmed(data),
            (data.review.contradictions, "contradiction de chiffres", "contradictions de chiffres"),
        )
        if count
    ]
    weathers, among, unfollowed = _weathers_asked(data)
    parts = [*unfollowed, *parts]
    # What is among those just counted is not added to them.
    told = [[*visits, *weathers], [among], parts] if among else [[*visits, *weathers, *parts]]
    words = f"{NNBSP}; ".join(filter(None, map(", ".join, told)))
    if not words and not (situation.promises or situation.engagements):
        return "Rien n’est promis\u202f: rien n’est à demander."
    return f"{words}." if words else "Rien ne reste à demander."


def _unconfirmed(data: CopilData) -> tuple[tuple[int, str, str], ...]:
    """How many values nobody confirmed, one and several: those that are read today, those that a later one has replaced."""
    today = {
        ident_of(VALEUR_PROVISOIRE, item.objective.code, item.value_day.isoformat())
        for item in data.situation.assessments.values()
        if item.value_day is not None and is_provisional(item)
    }
    provisional = [point.ident for point in unseen(data) if point.kind == VALEUR_PROVISOIRE]
    replaced = [ident for ident in provisional if ident not in today]
    dated = f"de {enumerate_words(sorted({ident.rpartition(':')[2][:4] for ident in replaced}))}"
    return (
        (len(provisional) - len(replaced), "valeur restée provisoire", "valeurs restées provisoires"),
        (
            len(replaced),
            f"valeur {dated} encore provisoire, bien qu’il y en ait une plus récente (chiffre promis ou suivi)",
            f"valeurs {dated} encore provisoires, bien qu’il y en ait de plus récentes (chiffres promis ou suivis)",
        ),
    )


def _weathers_asked(data: CopilData) -> tuple[list[str], str, list[str]]:
    """How many météos are asked for; and of how many of those engagements nothing else tells, for one count not to be added
    to the other; last, of how many more nothing tells, of which no météo is asked."""
    situation = data.situation
    silent = {item.code for item in situation.engagements if awaits_weather(situation, item)}
    old = {item.code for item in situation.engagements if is_old(situation, item)}
    unfollowed = {point.object for point in unseen(data) if point.kind == ENGAGEMENT_SANS_SUIVI}
    asked = silent | old
    among, apart = len(unfollowed & asked), len(unfollowed - asked)
    given = plural(len(silent), "météo à donner", "météos à donner")
    again = f"{len(old)} à redonner" if silent else plural(len(old), "météo à redonner", "météos à redonner")
    counts = [*([given] if silent else []), *([f"{again} (de plus de 12 mois)"] if old else [])]
    nouns = ("autre engagement", "autres engagements") if among else ("engagement", "engagements")
    more = [f"{plural(apart, *nouns)} {SILENT_WORDS}"] if apart else []
    if not among:
        return counts, "", more
    neither = "non plus ni objectif ni chiffre suivi"
    if among == 1:
        whose = "cet engagement" if len(asked) == 1 else "1 de ces engagements"
        return counts, f"{whose} n’a {neither}", more
    return counts, f"{among} de ces engagements n’ont {neither}", more


def to_treat_line(situation: Situation, item: Assessment) -> str:
    """One objective to treat: its name, its scale, where it stands against what."""
    objective, far = item.objective, how_far(item)
    due = f", {format_edge(objective.target_date)}" if objective.target_date is not None else ""
    # The day is that of the value, not of the target; an old one is dated with the status.
    dated = ""
    if item.value_day and not item.outdated:
        dated = f" {after_value(item)}"
    dated += ", valeur provisoire" * is_provisional(item)
    against = " ".join(filter(None, (against_aloud(item), reference_on(situation, item))))
    against += " (provisoire)" * item.reference_provisional
    word = lowered(status_words(item))
    return (
        f"{objective.label} ({objective.code}, {place_word(situation, objective)}), {word}{NNBSP}:"
        f" {far.value}{dated}{f', {against}{due}' if against else ''}."
    )


def together(data: CopilData, alike: Sequence[Point]) -> str:
    """Many points of one kind in one line, by partner."""
    silent = alike[0].kind == ENGAGEMENT_SANS_SUIVI
    title = f"Engagements {SILENT_WORDS}" if silent else PLURALS.get(alike[0].kind, alike[0].title)
    if not any(point.partner for point in alike):
        return f"{title}{NNBSP}: {len(alike)}."
    return f"{title}{NNBSP}: {len(alike)} ({of_whom(data, [point.partner for point in alike])})."


def unseen(data: CopilData) -> list[Point]:
    """The alerts that the officer has not set aside."""
    return [view.point for view in data.review.waiting]


_ALSO_STYLE = CELL_STYLE.clone("also", spaceBefore=3)
_NOTES_STYLE = CELL_NOTE_STYLE.clone("notes-of-rows", textColor=CELL_STYLE.textColor)
"""What is said of rows is not read on from what their signs are: no page one has the room of a gap."""
_SAID_STYLE = CELL_NOTE_STYLE.clone("said-above", spaceAfter=3)
