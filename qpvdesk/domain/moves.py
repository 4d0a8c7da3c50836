"""What became of each objective between two days."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.counts import SEVERITY, turn
from qpvdesk.domain.french import NNBSP, format_date, format_value
from qpvdesk.domain.how_far import rates_words, value_words
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import Assessment, after_value
from qpvdesk.domain.scales import is_beyond_home, listed, place_word, with_scale
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS, Statut


class Outcome(StrEnum):
    """What became of a status, in the order in which every list tells it."""

    WORSE = "Statut dégradé"
    BETTER = "Statut amélioré"
    OTHER = "Autre statut"
    """A first value tells neither better nor worse."""
    SAME = "Même statut, valeur nouvelle"


_RANKS = {outcome: rank for rank, outcome in enumerate(Outcome)}


class Move(Struct, frozen=True):
    """What became of an objective between two days."""

    objective: Objective
    before: Assessment
    after: Assessment
    sentence: str
    """`BPI-O01 : Bus (France), de 25 bus au 30/06/2025 à 29 bus au…`"""
    scale: str = ""
    """The word of its scale: a move is told out of its own chapter."""
    told: str = ""
    """`de 25 bus au 30/06/2025 à 29 bus au…`: the sentence without its subject."""

    @property
    def named(self) -> str:
        """The same, under its name first."""
        return f"{self.name}{NNBSP}: {self.told}"

    @property
    def unrated(self) -> str:
        """The same without its rates."""
        rates = rates_words(self.before, self.after)
        return self.named.replace(f" (taux {rates})", "") if rates else self.named

    @property
    def named_briefly(self) -> str:
        """The shortest, under its name."""
        return f"{self.name}{NNBSP}: {self.brief.rstrip('.')}."

    @property
    def name(self) -> str:
        """`Bus en service (BPI-O01, France)`: how it is called out of its own chapter."""
        return f"{' '.join(self.objective.label.split())} ({self.objective.code}, {self.scale})"

    @property
    def brief(self) -> str:
        """`de 25 bus à 29 bus, de « En retard » à « Conforme »`: what is told, without days and references, for a short
        line; the same where no value took the place of another."""
        known = None not in (self.before.value, self.after.value) and self.before.value != self.after.value
        if not known or self.objective.aim.yes_or_no:
            return self.told
        was, now = (
            f"«{NNBSP}{STATUT_LABELS[assessment.status]}{NNBSP}»" for assessment in (self.before, self.after)
        )
        moved = f"de {was} à {now}" if self.status_changed else f"toujours {now}"
        put_right = ", valeur corrigée" * is_corrected(self.before, self.after)
        return f"de {value_words(self.before)} à {value_words(self.after)}{put_right}, {moved}"

    @property
    def status_changed(self) -> bool:
        return self.before.status is not self.after.status

    @property
    def outcome(self) -> Outcome:
        if not self.status_changed:
            return Outcome.SAME
        worse = turn(self.before.status, self.after.status)
        return Outcome.WORSE if worse > 0 else Outcome.BETTER if worse < 0 else Outcome.OTHER


def moves_between(earlier: Situation, later: Situation) -> tuple[Move, ...]:
    """What moved, in the one order that the window and every paper tell it: for the worse before the better, then those
    of one status; of alike, first those of the scale of the contract, which the committee settles, then the widest."""
    counted = {item.objective.key for item in later.counted}
    found = {
        objective.key: (objective, before, after)
        for objective in listed(later, later.promises)
        if (before := earlier.assessments.get(objective.key)) is not None
        and _has_moved(before, after := later.assessments[objective.key])
    }
    moves: list[Move] = []
    for key, (objective, before, after) in found.items():
        # A parent and its parts are one thing: a part is told where its parent says nothing of what became of it.
        above = found.get(objective.parent or "")
        if key in counted or above is None or not _is_said_by(above[1:], before, after):
            scale, told = place_word(later, objective), _told(objective, before, after)
            sentence = f"{objective.code}{NNBSP}: {with_scale(later, objective)}, {told}"
            moves.append(Move(objective, before, after, sentence, scale, told))
    return tuple(sorted(moves, key=lambda move: _rank(later, move)))


def _is_said_by(whole: tuple[Assessment, Assessment], before: Assessment, after: Assessment) -> bool:
    """Whether what became of a whole tells what became of its part, which is no better and no worse, or turned as it did."""
    turned = turn(before.status, after.status)
    return not turned or turned * turn(*(item.status for item in whole)) > 0


def _has_moved(before: Assessment, after: Assessment) -> bool:
    # What was promised and is followed since, or the contrary, was read again: it did not move.
    read_again = Statut.SUIVI in (before.status, after.status)
    return (before.status is not after.status and not read_again) or before.value != after.value


def _rank(later: Situation, move: Move) -> tuple[int, bool, int, Fraction]:
    before, after = move.before, move.after
    worse = SEVERITY.get(after.status, 0) - SEVERITY.get(before.status, 0) if move.status_changed else 0
    steps = -worse if move.outcome is Outcome.BETTER else worse
    width = abs((after.rate or Fraction(0)) - (before.rate or Fraction(0)))
    return _RANKS[move.outcome], is_beyond_home(later, move.objective), -steps, -width


def is_provisional(assessment: Assessment) -> bool:
    """Whether its value was given for provisional: what is compared with it may be what was put right."""
    return assessment.measurement is not None and assessment.measurement.provisional


def is_corrected(before: Assessment, after: Assessment) -> bool:
    """Whether the value of a day took the place of another of that very day: it was put right, and nothing moved."""
    return _is_of_one_day(before, after) and not after.aggregated


def renewed_day(before: Assessment, after: Assessment, *, brief: bool = False) -> str:
    """`corrigé, 24/01/2025`, `2 déclinaisons sur 5 relevées depuis, jusqu’au 01/09/2026`: what a value of the day of the
    earlier one owes its move to; empty of any other. `brief`: `2 déclinaisons sur 5, 01/09/2026`."""
    if not _is_of_one_day(before, after):
        return ""
    if not after.aggregated:
        return f"corrigé, {format_date(after.value_day)}"
    count, last = _renewed_parts(before, after)
    if not count:
        return ""
    # « 2 déclinaisons, 03/09/2026 » would be all that a total of five is made of.
    of = f"{_parts_of(count)} sur {len(after.parts)}"
    if brief:
        return f"{of}, {format_date(last)}"
    many = f"relevées depuis, jusqu’au {format_date(last)}"
    return f"{of} {many if count > 1 else f'relevée depuis, le {format_date(last)}'}"


def _is_of_one_day(before: Assessment, after: Assessment) -> bool:
    known = before.value is not None and after.value is not None
    same = before.value_day is not None and before.value_day == after.value_day
    return known and same and before.value != after.value and before.aggregated is after.aggregated


def _renewed_parts(before: Assessment, after: Assessment) -> tuple[int, date | None]:
    """How many of the parts that make a value (several may be of one place) have another, and the last day of those."""
    found = [part.day for part in after.parts if part not in before.parts and part.day is not None]
    return len(found), max(found, default=None)


def _parts_of(count: int) -> str:
    return "une déclinaison" if count == 1 else f"{count} déclinaisons"


def references_words(before: Assessment, after: Assessment) -> list[str]:
    """`référence 16,1 % au 31/12/2024 (provisoire), puis 15,9 % au 31/12/2025`: what a share is compared with, where that
    moved; else nothing."""
    was, now = before.reference_value, after.reference_value
    if was is None or now is None or was == now or not after.objective.aim.compared:
        return []
    unit = after.objective.unit
    first, second = (
        f"{format_value(value, unit)} au {format_date(item.reference_day)}{' (provisoire)' * item.reference_provisional}"
        for value, item in ((was, before), (now, after))
    )
    return [f"référence {first}, puis {second}"]


def _known_as(assessment: Assessment) -> str:
    """` (provisoire, référence 16,1 %)`: what a value is to be read with; and the day of a reference where it is another."""
    told = ["provisoire"] if is_provisional(assessment) else []
    if assessment.objective.aim.compared and assessment.reference_value is not None:
        word = "référence provisoire" if assessment.reference_provisional else "référence"
        value = format_value(assessment.reference_value, assessment.objective.unit)
        told.append(f"{word} {value}{_on_its_own(assessment)}")
    return f" ({', '.join(told)})" if told else ""


def _on_its_own(assessment: Assessment) -> str:
    """` au 30/09/2025`: the day of a reference beside the value of another day, which stands with its own."""
    day = assessment.reference_day
    return f" au {format_date(day)}" if day is not None and day != assessment.value_day else ""


def _told_of_one_day(before: Assessment, after: Assessment) -> str:
    """A value put right; one that parts make, which bears the day of the oldest of theirs, moved by the others."""
    day = format_date(after.value_day)
    text = f"de {value_words(before)}{_known_as(before)} à {value_words(after)}{_known_as(after)}"
    if not after.aggregated:
        return f"valeur du {day} corrigée, {text}"
    count, last = _renewed_parts(before, after)
    if not count:
        return f"{text} {after_value(after)}"
    moved = f"{_parts_of(count)} sur {len(after.parts)}"
    if last == after.value_day:
        return f"{text}, la valeur {'d’' if count == 1 else 'de '}{moved} au {day} étant corrigée"
    until = "au" if count == 1 else "jusqu’au"
    renewed = f"{moved} ayant une valeur nouvelle ({until} {format_date(last)})"
    return f"{text}, {renewed} et la plus ancienne restant celle du {day}"


def _told(objective: Objective, before: Assessment, after: Assessment) -> str:
    value, one_day = value_words(after), _is_of_one_day(before, after)
    if before.value is None and after.value is not None:
        text = f"première valeur connue, {value}"
    elif after.value is None:
        text = "toujours sans valeur" if before.value is None else "plus de valeur connue"
    elif objective.aim.yes_or_no:
        text = f"valeur corrigée, {value}" if one_day else value
    elif before.value == after.value:
        text = f"valeur inchangée, {value}"
    elif one_day:
        text = _told_of_one_day(before, after)
    else:
        since = f" {after_value(before)}" if before.value_day is not None else ""
        text = f"de {value_words(before)}{since}{_known_as(before)} à {value}"
    if after.value_day is not None and (not one_day or objective.aim.yes_or_no):
        text += f" {after_value(after)}{_known_as(after)}"
    if rates := rates_words(before, after):
        text += f" (taux {rates})"
    if before.status is after.status:
        return f"{text}, toujours «{NNBSP}{STATUT_LABELS[after.status]}{NNBSP}»."
    was, now = STATUT_LABELS[before.status], STATUT_LABELS[after.status]
    return f"{text}, de «{NNBSP}{was}{NNBSP}» à «{NNBSP}{now}{NNBSP}»."
