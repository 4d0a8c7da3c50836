"""Arrêtés des données: a contract kept as it is for a meeting, printed again and compared later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from qpvdesk.domain import french, meetings
from qpvdesk.domain.calendar import iso
from qpvdesk.domain.change import Change
from qpvdesk.domain.comparison import FATE_LABELS, Comparison, compare
from qpvdesk.domain.comparison import comparison_sentence as comparison_sentence
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.how_far import step_words
from qpvdesk.domain.meetings import meeting_code, meeting_coded, meeting_of
from qpvdesk.domain.model import Dossier, Meeting, Snapshot
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.domain.wording import of
from qpvdesk.services import state
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import layers
from qpvdesk.storage import snapshots
from qpvdesk.storage.keys import later_key, new_key

_DIGITS = 8


def freeze(
    desk: Desk, contract: str, meeting: str, day: date | None = None, *, replacing: str = ""
) -> Change:
    """Keep the whole contract as it is and all that is said of it, for the meeting of that key.

    `day` is the date of the data: the meeting's own, or today where that is still to come, unless another is named.
    The header that papers bear on the day is frozen too.
    A meeting that has an arrêté gets another only where `replacing` says why; the last one counts.
    Raises `UserError` for a day after today or after the meeting, for a reason missing or without use, and where
    nothing has changed since the last arrêté.
    """
    dossier, today, letterhead = desk.dossier(contract), desk.today(), desk.settings.letterhead
    owner = meeting_of(dossier, meeting)
    chosen = day if day is not None else min(owner.day, today)
    check_day(owner, chosen, today)
    reason = meetings.one_line(replacing)
    earlier = meetings.snapshots_of(dossier, owner.key)
    _check_reason(owner, earlier, reason)
    review = layers.with_atlas(desk, contract, desk.review(contract, chosen, meeting=owner.key))
    text = snapshots.canonical(dossier, owner.key, chosen, letterhead, review=review)
    # The last one counts, were the clock ahead when the one before it was made.
    snapshot = Snapshot(
        later_key(earlier[-1].key) if earlier else new_key(),
        dossier.contract.key,
        owner.key,
        chosen,
        frozen_on=today,
        fingerprint=snapshots.fingerprint(text),
        reason=reason,
    )
    if earlier and earlier[-1].fingerprint == snapshot.fingerprint:
        raise UserError(
            f"Rien n’a changé depuis que les données ont été arrêtées, le {french.format_date(earlier[-1].frozen_on)}.",
            "Imprimez-le tel quel.",
        )
    label = f"Données arrêtées au {french.format_date(chosen)} pour {meeting_code(owner)}"
    if earlier:
        words = meetings.arrete_words(replace(dossier, snapshots=(*dossier.snapshots, snapshot)), snapshot)
        label += f"\u202f: {words}"
    with desk.act(label) as unit:
        unit.freeze(snapshot, text)
    return unit.change


def _check_reason(owner: Meeting, earlier: Sequence[Snapshot], reason: str) -> None:
    """Raise `UserError` for a second arrêté without a reason, and for a reason where there is none to replace."""
    code = meeting_code(owner)
    if earlier and not reason:
        last = earlier[-1]
        raise UserError(
            f"Les données{of(code)} sont déjà arrêtées (la dernière fois le"
            f" {french.format_date(last.frozen_on)})\u202f: elles ne changent plus.",
            "Pour les remplacer, dites pourquoi\u202f: «\u202fArrêter de nouveau les données…\u202f», dans la page"
            " «\u202fComités\u202f».",
            shell="Ou «\u202f--remplacer MOTIF\u202f».",
        )
    if reason and not earlier:
        raise UserError(
            f"Les données{of(code)} ne sont pas arrêtées\u202f: il n’y a rien à remplacer.",
            "Arrêtez-les sans motif.",
        )


def check_day(meeting: Meeting, day: date, today: date) -> None:
    """Raise `UserError` where the data of the meeting cannot be frozen on that day."""
    if day > today:
        raise UserError(
            f"Le {french.format_date(day)} n’est pas encore passé\u202f: aucune donnée ne peut y être arrêtée.",
            f"Choisissez une date jusqu’au {french.format_date(today)}.",
        )
    if day > meeting.day:
        raise UserError(
            f"La réunion a lieu le {french.format_date(meeting.day)}\u202f: ses données s’arrêtent ce jour-là au plus tard.",
            "Choisissez une date antérieure, ou corrigez la date de la réunion.",
        )


def fingerprinted(dossier: Dossier, digits: str) -> Snapshot:
    """Return the snapshot whose fingerprint begins with those digits, spaces left out. Raises `UserError`."""
    wanted = "".join(digits.split()).lower()
    found = {item.fingerprint: item for item in dossier.snapshots if item.fingerprint.startswith(wanted)}
    if len(wanted) >= _DIGITS and len(found) == 1:
        return next(iter(found.values()))
    if len(wanted) < _DIGITS:
        raise UserError(
            f"L’empreinte «\u202f{digits}\u202f» est trop courte.",
            f"Donnez-en au moins les {_DIGITS} premiers caractères\u202f; ils sont au bas de chaque page imprimée.",
        )
    raise UserError(
        f"Aucun arrêté des données ne porte l’empreinte «\u202f{digits}\u202f».",
        "La page «\u202fComités\u202f» donne celles qui existent.",
        shell="«\u202fqpvdesk reunions\u202f» aussi.",
    )


def compared(desk: Desk, contract: str, before: str, after: str | None) -> Comparison:
    """Set the last arrêté of a meeting (its code) beside another one's, or beside the contract of today.

    The earlier comes first, whichever is named first. Raises `UserError` for a meeting whose data are not frozen.
    """
    dossier = desk.dossier(contract)
    first = desk.thawed(_last_of(dossier, before))
    second = (
        desk.thawed(_last_of(dossier, after)) if after is not None else desk.situation(contract, desk.today())
    )
    return compare(second, first) if second.day < first.day else compare(first, second)


def compared_snapshots(desk: Desk, now: Situation, before: Snapshot, after: Snapshot | None) -> Comparison:
    """Set a snapshot beside another one, or beside what the window shows (`after` None)."""
    return compare(desk.thawed(before), desk.thawed(after) if after is not None else now)


def _last_of(dossier: Dossier, code: str) -> Snapshot:
    meeting = meeting_coded(dossier, code)
    kept = meetings.snapshots_of(dossier, meeting.key)
    if not kept:
        raise UserError(
            f"Les données{of(meeting_code(meeting))} ne sont pas arrêtées.",
            "Arrêtez-les d’abord.",
            shell=f"«\u202fqpvdesk arreter --reunion {meeting_code(meeting)}\u202f» le fait.",
        )
    return kept[-1]


def comparison_as_rows(comparison: Comparison) -> tuple[list[str], list[list[str]]]:
    """Return headers and one row of French text for each objective that changed."""
    headers = [
        "Code",
        "Évolution",
        "Statut avant",
        "Statut après",
        "Valeur avant",
        "Valeur après",
        "Écart de taux",
    ]
    rows = []
    for pair in comparison.moved:
        sides = (pair.before, pair.after)
        statuses = [
            STATUT_LABELS[assessment.status] if assessment is not None else "–" for assessment in sides
        ]
        values = [
            french.format_value(assessment.value if assessment else None, pair.objective.unit)
            for assessment in sides
        ]
        step = pair.rate_step
        points = step_words(step) if step is not None else "–"
        rows.append([pair.objective.code, FATE_LABELS[pair.fate], *statuses, *values, points])
    return headers, rows


def comparison_as_json(comparison: Comparison) -> dict[str, object]:
    """Return a comparison as the shell prints it; what is not known is `null`, rates are fractions."""
    return {
        "avant": comparison.before.day.isoformat(),
        "apres": comparison.after.day.isoformat(),
        "objectifs": [
            {
                "code": pair.objective.code,
                "evolution": pair.fate.value,
                "revise": pair.revised,
                "avant": _assessment_as_json(pair.before),
                "apres": _assessment_as_json(pair.after),
            }
            for pair in comparison.pairs
        ],
        "decisions_prises": [comparison.after.decision_code(item) for item in comparison.new_decisions],
        "decisions_closes": [comparison.after.decision_code(item) for item in comparison.closed_decisions],
    }


def _assessment_as_json(assessment: Assessment | None) -> dict[str, object] | None:
    if assessment is None:
        return None
    return {
        "statut": assessment.status.value,
        "valeur": state.json_number(assessment.value),
        "taux_avancement": state.json_rounded(assessment.rate),
        "tenu": assessment.kept,
    }


def as_rows(dossier: Dossier) -> tuple[list[str], list[list[str]]]:
    """Return headers and one row of French text for each meeting, the latest first."""
    rows = []
    for meeting in reversed(meetings.in_order(dossier.meetings)):
        decided = meetings.decisions_of(dossier, meeting.key)
        kept = meetings.snapshots_of(dossier, meeting.key)
        rows.append(
            [
                meeting_code(meeting),
                meeting.kind_name,
                french.format_date(meeting.day),
                meeting.place or "–",
                str(len(decided)),
                french.format_date(kept[-1].day) if kept else "–",
                kept[-1].fingerprint[:16] if kept else "–",
            ]
        )
    return ["Code", "Réunion", "Date", "Lieu", "Décisions", "Données arrêtées au", "Empreinte"], rows


def as_json(dossier: Dossier) -> list[dict[str, object]]:
    """Return the meetings as the shell prints them, the latest first."""
    return [
        {
            "code": meeting_code(meeting),
            "genre": str(meeting.kind),
            "date": meeting.day.isoformat(),
            "lieu": meeting.place,
            "titre": meeting.title,
            "ordre_du_jour": list(meetings.lines(meeting.agenda)),
            "participants": list(meetings.lines(meeting.participants)),
            "decisions": [
                {
                    "code": f"{meeting_code(meeting)}-D{item.rank}",
                    "libelle": item.label,
                    "porteur": item.carrier,
                    "echeance": iso(item.due),
                    "etat": item.state.value,
                }
                for item in meetings.decisions_of(dossier, meeting.key)
            ],
            "arretes": [
                {
                    "date_etat": item.day.isoformat(),
                    "arrete_le": item.frozen_on.isoformat(),
                    "empreinte": item.fingerprint,
                    "motif": item.reason,
                }
                for item in meetings.snapshots_of(dossier, meeting.key)
            ],
        }
        for meeting in reversed(meetings.in_order(dossier.meetings))
    ]
