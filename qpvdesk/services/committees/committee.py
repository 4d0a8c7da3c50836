"""Meetings: their agenda, who takes part, what they decide and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import french, meetings
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError, thing_keyed
from qpvdesk.domain.meetings import meeting_code, meeting_of
from qpvdesk.domain.model import DECISION_LABELS, Decision, DecisionState, Dossier, Meeting, MeetingKind
from qpvdesk.domain.wording import of
from qpvdesk.services.desk import Desk
from qpvdesk.storage.keys import new_key

_SHOWN = 60
_USUAL = frozenset(MeetingKind)


class MeetingEntry(Struct, frozen=True):
    """A meeting as the officer gives it. `agenda` are its items in order, `participants` functions, never names."""

    kind: str
    day: date
    place: str = ""
    title: str = ""
    agenda: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()


class DecisionEntry(Struct, frozen=True):
    """A decision as the officer gives it: what, who carries it out, by when, and where it stands."""

    label: str
    carrier: str = ""
    due: date | None = None
    state: DecisionState = DecisionState.A_FAIRE


def decision_entry_of(decision: Decision) -> DecisionEntry:
    """Return what the officer would have given to make that decision."""
    return DecisionEntry(decision.label, decision.carrier, decision.due, decision.state)


def entry_of(meeting: Meeting) -> MeetingEntry:
    """Return what the officer would have given to make that meeting."""
    return MeetingEntry(
        meeting.kind,
        meeting.day,
        meeting.place,
        meeting.title,
        meetings.lines(meeting.agenda),
        meetings.lines(meeting.participants),
    )


def create(desk: Desk, contract: str, entry: MeetingEntry) -> Change:
    """Add a meeting. Raises `UserError` where one of its kind is held on that day already."""
    dossier = desk.dossier(contract)
    meeting = checked_meeting(dossier, entry, new_key())
    with desk.act(f"{_meeting_words(meeting)} inscrit{_accord(meeting)}") as unit:
        unit.put(meeting)
    return unit.change


def edit(desk: Desk, contract: str, key: str, entry: MeetingEntry) -> Change:
    """Replace every field of the meeting of that key; the journal keeps the old ones. Raises `UserError`."""
    dossier = desk.dossier(contract)
    meeting_of(dossier, key)
    meeting = checked_meeting(dossier, entry, key)
    with desk.act(f"{_meeting_words(meeting)} modifié{_accord(meeting)}") as unit:
        unit.put(meeting)
    return unit.change


def remove(desk: Desk, contract: str, key: str) -> Change:
    """Remove a meeting and what it decided, as one act that can be undone. Raises `UserError`."""
    dossier = desk.dossier(contract)
    meeting = meeting_of(dossier, key)
    if meetings.snapshots_of(dossier, key):
        raise UserError(
            f"Des données sont arrêtées pour {meeting_code(meeting)}\u202f: cette réunion ne peut plus être retirée.",
            "Elle reste dans l’historique\u202f; modifiez-la si sa date ou son titre est faux.",
        )
    with desk.act(f"{_meeting_words(meeting)} retiré{_accord(meeting)}") as unit:
        for decision in meetings.decisions_of(dossier, key):
            for file in dossier.joined(decision.key):
                unit.remove(file)
            unit.remove(decision)
        for paper in dossier.papers:
            if paper.meeting == key:
                unit.remove(paper)
        unit.remove(meeting)
    return unit.change


def duplicate(desk: Desk, contract: str, key: str, day: date) -> Change:
    """Add a meeting on `day` with the kind, the place, the agenda and the participants of the one of that key.

    Its decisions are its own and stay with it. A title that bears a number or a date is not repeated: it would be
    wrong. Raises `UserError`.
    """
    dossier = desk.dossier(contract)
    model = meeting_of(dossier, key)
    title = model.title if not any(sign.isdigit() for sign in model.title) else ""
    entry = replace(entry_of(model), day=day, title=title)
    meeting = checked_meeting(dossier, entry, new_key())
    with desk.act(
        f"{_meeting_words(meeting)} inscrit{_accord(meeting)} sur le modèle{of(meeting_code(model))}"
    ) as unit:
        unit.put(meeting)
    return unit.change


def set_agenda(desk: Desk, contract: str, key: str, items: Sequence[str]) -> Change:
    """Replace the agenda of the meeting of that key, or its order. Raises `UserError`."""
    dossier = desk.dossier(contract)
    old = meeting_of(dossier, key)
    new = replace(old, agenda=meetings.joined(items))
    same = sorted(meetings.lines(old.agenda)) == sorted(meetings.lines(new.agenda))
    with desk.act(f"Ordre du jour{of(meeting_code(old))} {'réordonné' if same else 'modifié'}") as unit:
        unit.put(new)
    return unit.change


def set_participants(desk: Desk, contract: str, key: str, functions: Sequence[str]) -> Change:
    """Replace the list of who takes part in the meeting of that key. Raises `UserError`."""
    dossier = desk.dossier(contract)
    old = meeting_of(dossier, key)
    with desk.act(f"Participants{of(meeting_code(old))} modifiés") as unit:
        unit.put(replace(old, participants=meetings.joined(_functions(functions))))
    return unit.change


def decide(desk: Desk, contract: str, meeting: str, entry: DecisionEntry) -> Change:
    """Add a decision to the meeting of that key, after the ones it has. Raises `UserError`."""
    dossier = desk.dossier(contract)
    owner = meeting_of(dossier, meeting)
    # A rank is cited (« COPIL-2026-06-30-D2 ») and printed: one that was removed leaves a hole.
    rank = max((item.rank for item in dossier.decisions if item.meeting == meeting), default=0) + 1
    blank = Decision(new_key(), meeting, "", rank)
    decision = _dated(checked_decision(owner, entry, blank), blank, desk.today())
    with desk.act(
        f"Décision {_code(owner, decision)} notée\u202f: {french.clipped(decision.label, _SHOWN)}"
    ) as unit:
        unit.put(decision)
    return unit.change


def amend(desk: Desk, contract: str, key: str, entry: DecisionEntry) -> Change:
    """Replace every field of the decision of that key; the journal keeps the old ones. Raises `UserError`."""
    dossier = desk.dossier(contract)
    old = thing_keyed(dossier.decisions, key, "Cette décision")
    owner = meeting_of(dossier, old.meeting)
    with desk.act(f"Décision {_code(owner, old)} modifiée") as unit:
        unit.put(_dated(checked_decision(owner, entry, old), old, desk.today()))
    return unit.change


def set_state(desk: Desk, contract: str, key: str, state: DecisionState) -> Change:
    """Say where the decision of that key stands now. Raises `UserError`."""
    dossier = desk.dossier(contract)
    old = thing_keyed(dossier.decisions, key, "Cette décision")
    code = _code(meeting_of(dossier, old.meeting), old)
    with desk.act(f"Décision {code}\u202f: {DECISION_LABELS[state].lower()}") as unit:
        unit.put(_dated(replace(old, state=state), old, desk.today()))
    return unit.change


def set_states(desk: Desk, contract: str, keys: Sequence[str], state: DecisionState) -> Change:
    """Say where several decisions stand now, in one act. Raises `UserError`."""
    if len(keys) == 1:
        return set_state(desk, contract, keys[0], state)
    dossier = desk.dossier(contract)
    decisions = [thing_keyed(dossier.decisions, key, "Cette décision") for key in keys]
    label = f"{french.plural(len(keys), 'décision', 'décisions')}\u202f: {DECISION_LABELS[state].lower()}"
    with desk.act(label) as unit:
        for old in decisions:
            unit.put(_dated(replace(old, state=state), old, desk.today()))
    return unit.change


def remove_decision(desk: Desk, contract: str, key: str) -> Change:
    """Remove the decision of that key; undo brings it back. Raises `UserError`."""
    dossier = desk.dossier(contract)
    old = thing_keyed(dossier.decisions, key, "Cette décision")
    with desk.act(f"Décision {_code(meeting_of(dossier, old.meeting), old)} retirée") as unit:
        for file in dossier.joined(key):
            unit.remove(file)
        unit.remove(old)
    return unit.change


def checked_meeting(dossier: Dossier, entry: MeetingEntry, key: str) -> Meeting:
    """Turn an entry into a meeting. Raises `UserError` where another one is in its place."""
    meeting = Meeting(
        key,
        dossier.contract.key,
        meetings.meeting_kind(entry.kind, meetings.meeting_kinds(dossier)),
        entry.day,
        place=meetings.one_line(entry.place),
        title=meetings.one_line(entry.title),
        agenda=meetings.joined(entry.agenda),
        participants=meetings.joined(_functions(entry.participants)),
    )
    # Several partners, or several conseils citoyens, may be met apart on one day; a committee is held once.
    alone = meeting.kind in (MeetingKind.COPIL, MeetingKind.COTECH, MeetingKind.REVUE)
    for other in dossier.meetings:
        if other.key != key and alone and (other.kind, other.day) == (meeting.kind, meeting.day):
            raise UserError(
                f"{meeting.kind_name}\u202f: il y en a déjà au {french.format_date(entry.day)}.",
                "Ouvrez cette réunion, ou choisissez une autre date.",
            )
    return meeting


def _functions(participants: Iterable[str]) -> list[str]:
    """Return the functions, each once. Raises `UserError` for what gives a person away."""
    functions = list(dict.fromkeys(map(meetings.one_line, participants)))
    for function in functions:
        if "@" in function:
            raise UserError(
                f"«\u202f{function}\u202f» est une adresse, pas une fonction.",
                "Inscrivez la fonction (sous-préfète, directeur territorial…)\u202f: aucun nom n’est gardé.",
            )
    return functions


def checked_decision(owner: Meeting, entry: DecisionEntry, old: Decision) -> Decision:
    """Turn an entry into a decision of that meeting. Raises `UserError` where it cannot be."""
    label = meetings.one_line(entry.label)
    if not label:
        raise UserError("Une décision ne peut pas être vide.", "Écrivez en une phrase ce qui est décidé.")
    if entry.due is not None and entry.due < owner.day:
        raise UserError(
            f"L’échéance du {french.format_date(entry.due)} précède la réunion du {french.format_date(owner.day)}.",
            "Choisissez une échéance à partir du jour de la réunion, ou laissez-la vide.",
        )
    return replace(
        old, label=label, carrier=meetings.one_line(entry.carrier), due=entry.due, state=entry.state
    )


def _dated(decision: Decision, old: Decision, today: date) -> Decision:
    """Note since when a decision stands where it stands."""
    return decision if decision.state is old.state else replace(decision, state_on=today)


def _code(owner: Meeting, decision: Decision) -> str:
    return f"{meeting_code(owner)}-D{decision.rank}"


def _meeting_words(meeting: Meeting) -> str:
    name = meeting.kind_name if meeting.kind in _USUAL else f"Réunion «\u202f{meeting.kind}\u202f»"
    return f"{name} du {french.format_date(meeting.day)}"


def _accord(meeting: Meeting) -> str:
    return "" if meeting.kind in (MeetingKind.COPIL, MeetingKind.COTECH) else "e"
