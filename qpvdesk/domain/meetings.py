"""Meetings and what they decide: their lines, their order, and what is still to be done of what was decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from qpvdesk.domain.calendar import working_day
from qpvdesk.domain.errors import UserError, thing_keyed
from qpvdesk.domain.french import NBSP, NNBSP, UNKNOWN, fold, format_date, raised, stands_in
from qpvdesk.domain.model import (
    DECISION_LABELS,
    MEETING_LABELS,
    Decision,
    DecisionState,
    Dossier,
    Meeting,
    MeetingKind,
    Objective,
    Partner,
    Snapshot,
)

OPEN_STATES = frozenset({DecisionState.A_FAIRE, DecisionState.EN_COURS})
"""The states of a decision that somebody still has to carry out."""

_MEETING_CODE = re.compile(r"[A-Z0-9-]+-\d{4}-\d\d-\d\d(?:-D\d+)?")
_KIND_MAX = 60
"""Characters of the name of a kind of meeting."""
_COMMON_LABELS_MIN, _COMMON_SHARE = 4, 50
"""A word that so many labels bear, and one label in so many of the contract, names nothing: « quartier », « habitant »."""
_HEAD_MIN = 6
"""Letters from which a word names what is counted: « part » and « bus » stand in many sentences."""
_MONTHS_TO_NEXT: Mapping[str, int] = {MeetingKind.COTECH: 3, MeetingKind.REVUE: 3}
_MONTHS_USUAL = 6
_MEETING_CODES: Mapping[str, str] = {
    MeetingKind.COPIL: "COPIL",
    MeetingKind.COTECH: "COTECH",
    MeetingKind.REVUE: "REVUE",
    MeetingKind.BILATERALE: "BILAT",
}


def meeting_code(meeting: Meeting) -> str:
    """What a meeting is called: `COPIL-2026-03-12`."""
    return meeting_code_on(meeting.kind, meeting.day)


def meeting_code_on(kind: str, day: date) -> str:
    """What a meeting of that kind on that day is called: `CONSEIL-CITOYEN-2026-03-12` for one of the contract's own."""
    own = "-".join(re.findall("[a-z0-9]+", fold(kind))).upper()
    return f"{_MEETING_CODES.get(kind) or own or 'REUNION'}-{day.isoformat()}"


def meeting_kind(text: str, known: Iterable[str] = ()) -> str:
    """Return the kind that a text means: a usual one by its word, its name or its code, one of those `known`, else its own.
    Raises `UserError` where it is none."""
    name = " ".join(text.split())
    wanted = fold(name)
    for kind in MeetingKind:
        if wanted in map(
            fold, (kind.value.replace("_", " "), kind.value, MEETING_LABELS[kind], _MEETING_CODES[kind])
        ):
            return kind
    name = next((kind for kind in known if fold(kind) == wanted), name)
    if not re.search("[a-z0-9]", wanted) or is_visit_code(f"{wanted.upper()}-") or len(name) > _KIND_MAX:
        raise UserError(
            f"«\u202f{name[:_KIND_MAX]}\u202f» n’est pas un genre de réunion.",
            "Nommez-le en quelques mots (Conseil citoyen, Comité TFPB…)\u202f; une visite s’inscrit dans la page"
            " «\u202fVisites\u202f».",
        )
    return raised(name)


def meeting_kinds(dossier: Dossier) -> tuple[str, ...]:
    """Return the contract's list of kinds of meeting: the usual ones, then those that it has beside them."""
    own = {item.kind for item in dossier.meetings} - set(MeetingKind)
    return (*MeetingKind, *sorted(own, key=fold))


def is_meeting_code(code: str) -> bool:
    return _MEETING_CODE.fullmatch(code) is not None and not is_visit_code(code)


def is_visit_code(code: str) -> bool:
    return code.startswith("VISITE-")


def one_line(text: str) -> str:
    """Return the text on one line, its ends trimmed; spaces inside, narrow or not, stay as they are."""
    return " ".join(part for part in (line.strip() for line in text.splitlines()) if part)


def lines(text: str) -> tuple[str, ...]:
    """Return the items of an agenda or the functions of a list of participants: the lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def joined(items: Iterable[str]) -> str:
    """Return the text that holds those items, one a line; what is empty is left out."""
    return "\n".join(item for item in map(one_line, items) if item)


def moved(items: tuple[str, ...], index: int, step: int) -> tuple[str, ...]:
    """Return the items with one of them `step` places further down (up where negative), no further than the ends."""
    rest = [*items[:index], *items[index + 1 :]]
    rest.insert(max(0, min(len(rest), index + step)), items[index])
    return tuple(rest)


def in_order(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Return the meetings by day; those of one day as they were entered."""
    return tuple(sorted(meetings, key=lambda item: (item.day, item.key)))


def next_copil(dossier: Dossier, day: date) -> Meeting | None:
    """Return the first COPIL on or after a day; None where none is inscribed."""
    coming = (item for item in dossier.meetings if item.kind == MeetingKind.COPIL and item.day >= day)
    return min(coming, key=lambda item: (item.day, item.key), default=None)


def last_of_kind(dossier: Dossier, kind: MeetingKind) -> Meeting | None:
    """Return the latest meeting of that kind, held or to come."""
    of_kind = in_order(item for item in dossier.meetings if item.kind == kind)
    return of_kind[-1] if of_kind else None


def last_with_participants(dossier: Dossier, meeting: Meeting) -> Meeting | None:
    """Return the meeting whose participants are proposed for that one: the last of its kind before it that has some, else
    of any kind."""
    known = [
        item for item in in_order(dossier.meetings) if item.day < meeting.day and lines(item.participants)
    ]
    alike = [item for item in known if item.kind == meeting.kind]
    return (alike or known)[-1] if known else None


def day_of_next(meeting: Meeting, today: date) -> date:
    """Propose a day for the meeting after that one: as many months later as its kind asks, never before today.

    Two COPIL a year and more frequent technical committees are what the circular of 7 November 2024 expects.
    A day that falls on a weekend or on a public holiday slides to the next that does not.
    """
    later = _MONTHS_TO_NEXT.get(meeting.kind, _MONTHS_USUAL)
    year, month = divmod(meeting.day.year * 12 + meeting.day.month - 1 + later, 12)
    return working_day(max(date(year, month + 1, min(meeting.day.day, 28)), today))


def decisions_of(dossier: Dossier, meeting: str) -> tuple[Decision, ...]:
    """Return what the meeting of that key decided, by rank."""
    own = [item for item in dossier.decisions if item.meeting == meeting]
    return tuple(sorted(own, key=lambda item: (item.rank, item.key)))


def earlier_decisions(dossier: Dossier, meeting: Meeting, day: date) -> tuple[Decision, ...]:
    """Return what earlier meetings had decided by that day: what is open then first, the soonest due first, then what is
    closed.

    What has no due date comes after what has one; what is closed, the latest meeting's first.
    """
    order = {item.key: place for place, item in enumerate(in_order(dossier.meetings))}
    here = order.get(meeting.key, len(order))
    before = [item for item in decided_by(dossier, day) if order.get(item.meeting, here) < here]
    to_do = [item for item in before if is_open(item, day)]
    closed = [item for item in before if not is_open(item, day)]
    to_do.sort(key=lambda item: (item.due or date.max, order[item.meeting], item.rank, item.key))
    closed.sort(key=lambda item: (-order[item.meeting], item.rank, item.key))
    return (*to_do, *closed)


def snapshots_of(dossier: Dossier, meeting: str) -> tuple[Snapshot, ...]:
    """Return the arrêtés of the meeting of that key, as they were made: the last one counts."""
    own = [item for item in dossier.snapshots if item.meeting == meeting]
    return tuple(sorted(own, key=lambda item: item.key))


def arrete_words(dossier: Dossier, snapshot: Snapshot) -> str:
    """Say which of the arrêtés of its meeting it is, what it replaces and why.

    « arrêté n° 2 du 02/07/2026, remplace le n° 1 du 30/06/2026 : motif ». What replaces it is not said: a reprint of the
    first has the words that it had.
    """
    own = snapshots_of(dossier, snapshot.meeting)
    place = next((rank for rank, item in enumerate(own) if item.key == snapshot.key), 0)
    words = f"arrêté n°{NBSP}{place + 1} du {format_date(snapshot.frozen_on)}"
    if place:
        words += f", remplace le n°{NBSP}{place} du {format_date(own[place - 1].frozen_on)}"
        # Two colleagues may freeze one meeting apart: neither gave a reason.
        words += f"{NNBSP}: {snapshot.reason}" if snapshot.reason else ", sans motif"
    return words


def decided_by(dossier: Dossier, day: date) -> tuple[Decision, ...]:
    """Return what the meetings held by that day decided: of what a later one decides nobody had anything to do then."""
    held_by = {item.key for item in dossier.meetings if item.day <= day}
    return tuple(item for item in dossier.decisions if item.meeting in held_by)


def state_at(decision: Decision, day: date) -> DecisionState:
    """Where the decision stood on that day: not yet begun before the day noted for its state; where none is, as recorded."""
    not_yet = decision.state_on is not None and decision.state_on > day
    return DecisionState.A_FAIRE if not_yet else decision.state


def is_open(decision: Decision, day: date) -> bool:
    """Tell whether somebody still had to carry it out on that day."""
    return state_at(decision, day) in OPEN_STATES


def is_late(decision: Decision, day: date) -> bool:
    """Tell whether the decision should have been carried out before that day and was not."""
    return decision.due is not None and decision.due < day and is_open(decision, day)


def overdue(dossier: Dossier, day: date, until: date | None = None) -> tuple[Decision, ...]:
    """Return the decisions that should have been carried out before that day and were not, the oldest due first; as they
    stand on the day, those too that fall due before `until`."""
    open_then = (item for item in decided_by(dossier, day) if is_open(item, day))
    late = [item for item in open_then if item.due is not None and item.due < (until or day)]
    return tuple(sorted(late, key=lambda item: (item.due or date.max, item.key)))


def state_words(decision: Decision, day: date) -> str:
    """Where the decision stood on that day, in words: the only place that says it."""
    state = state_at(decision, day)
    if not is_late(decision, day):
        return DECISION_LABELS[state]
    return f"{DECISION_LABELS[state]}, échue"


def carrier_words(decision: Decision, day: date) -> str:
    """Who carries a decision, and whether they had begun on that day: `CALL, en cours`."""
    begun = state_at(decision, day) is DecisionState.EN_COURS
    return f"{decision.carrier or UNKNOWN}{', en cours' if begun else ''}"


def meeting_of(dossier: Dossier, key: str) -> Meeting:
    """Return the meeting of that key. Raises `UserError` where it is gone."""
    return thing_keyed(dossier.meetings, key, "Cette réunion")


def meeting_coded(dossier: Dossier, code: str) -> Meeting:
    """Return the meeting of that code (`COPIL-2026-06-30`). Raises `UserError` with the codes there are."""
    found = [item for item in dossier.meetings if meeting_code(item) == code.strip().upper()]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            f"Plusieurs réunions portent le code «\u202f{code}\u202f».",
            "Choisissez-la dans la page «\u202fComités\u202f» de la fenêtre.",
        )
    known = [meeting_code(item) for item in in_order(dossier.meetings)]
    raise UserError(
        f"Aucune réunion ne porte le code «\u202f{code}\u202f».",
        f"Les dernières\u202f: {', '.join(known[-6:])}."
        if known
        else "Inscrivez d’abord une réunion dans la page «\u202fComités\u202f».",
    )


def decided_already(dossier: Dossier, objective: Objective, day: date) -> Decision | None:
    """What a meeting decided of an objective and its partner has still to do on that day, the last decided: the words of
    the decision name its code, or what it counts by the first word of its label. None where nothing was."""
    partner = next(item for item in dossier.partners if item.key == objective.partner)
    head = _things(fold(objective.label).split()[0])
    found = [
        item
        for item in decided_by(dossier, day)
        if is_open(item, day)
        and is_entrusted(item.carrier, partner)
        and (stands_in(objective.code, item.label) or head & _things(item.label))
    ]
    return max(found, key=lambda item: (meeting_of(dossier, item.meeting).day, item.key), default=None)


def decided_since(dossier: Dossier, partner: Partner, told: str, *, since: date, day: date) -> bool:
    """Tell whether a meeting after `since` entrusted to a partner, who has still to do it on that day, something of which
    these words speak: they share one that names a thing, which is neither the partner nor what all the contract is about."""
    own = _things(told) - _things(f"{partner.name} {partner.short_name} {partner.code}")
    shared = {
        word
        for item in decided_by(dossier, day)
        if is_open(item, day) and is_entrusted(item.carrier, partner)
        if meeting_of(dossier, item.meeting).day > since
        for word in own & _things(item.label)
    }
    # The words of all labels are counted only where a decision shares one: few do, and each météo asks.
    return bool(shared) and not shared <= _common_things(dossier)


def _common_things(dossier: Dossier) -> set[str]:
    texts = [item.label for item in dossier.engagements] + [item.label for item in dossier.objectives]
    borne = Counter(word for text in texts for word in _things(text))
    least = max(_COMMON_LABELS_MIN, len(texts) / _COMMON_SHARE)
    return {word for word, count in borne.items() if count >= least}


@lru_cache(maxsize=4_096)
def _things(text: str) -> frozenset[str]:
    """The words of a text that are long enough to name a thing, without their plural."""
    words = (word.rstrip("sx") for word in re.findall(r"\w+", fold(text)))
    return frozenset(word for word in words if len(word) >= _HEAD_MIN)


def is_named(text: str, partner: Partner) -> bool:
    """Tell whether a sentence names the partner, as it is spelt: `en` is not the code of the Éducation nationale."""
    return any(_is_said(name, text) for name in (partner.code, partner.short_name, partner.name))


def is_entrusted(carrier: str, partner: Partner) -> bool:
    """Tell whether the words of who carries something name the partner: by its code, its short name or its name."""
    folded = fold(carrier)
    return any(_is_said(fold(name), folded) for name in (partner.code, partner.short_name, partner.name))


def _is_said(name: str, text: str) -> bool:
    """Whether a name stands whole in a text, after a hyphen too, as that of a partner does: « DDETS-CALL »."""
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
