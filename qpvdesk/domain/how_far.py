"""How far an objective has come, in words: the one place where a rate, a flag or a gap becomes French.

A rate is a share of a way. Where an objective is kept or not, done or not (`Assessment.flagged`), its 0 or 1 is no such
share and is never said as « 0 % » or « 100 % »: it says its value, its bound, the signed gap, kept or not.
"""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.french import (
    NBSP,
    NNBSP,
    UNKNOWN,
    Number,
    fold,
    format_change,
    format_date,
    format_number,
    format_rate,
    format_value,
    plural,
    raised,
    unit_of,
)
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import Assessment, after_value
from qpvdesk.domain.scales import SCALE_WORDS
from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.domain.target_rules import target_word
from qpvdesk.domain.targets import UNDATED, against, is_undated, set_against

_POINTS_DECIMALS = 1
_HUNDREDTH = Fraction(1, 100)


class HowFar(Struct, frozen=True):
    """The words of « how far », each said when it is asked for; empty where there is nothing to say."""

    assessment: Assessment

    @property
    def value(self) -> str:
        """`17 %`, `fait`; « – » where it is not known."""
        return value_words(self.assessment)

    @property
    def rate(self) -> str:
        """`32 %` of the way; empty for a flag."""
        rate = self.assessment.rate
        return "" if self.assessment.flagged or rate is None else format_rate(rate)

    @property
    def expected(self) -> str:
        """`37 %` of the way."""
        rate = self.assessment.expected_rate
        return "" if self.assessment.flagged or rate is None else format_rate(rate)

    @property
    def kept(self) -> str:
        """`tenu`, `non tenu`, `fait`, `non fait`; empty for a rate."""
        flag = self.assessment.kept
        words = ("fait", "non fait") if self.assessment.objective.aim.yes_or_no else ("tenu", "non tenu")
        return "" if flag is None else words[not flag]

    @property
    def gap(self) -> str:
        """`−12,2 pt`, `+3 bus`: the value less its target, bound or reference."""
        return gap_words(self.assessment)

    @property
    def bare_gap(self) -> str:
        """The same without the words of its unit, for a narrow column."""
        return gap_words(self.assessment, unit=False)

    @property
    def bound(self) -> str:
        """`≥ 16,4 %`, `40 bus`: what the value is set against."""
        return bound_words(self.assessment)

    @property
    def reason(self) -> str:
        """Why there is neither rate nor flag."""
        return self.assessment.rate_reason

    @property
    def short(self) -> str:
        """For a cell: `32 %`; `non tenu, écart −12,2 pt`; `fait`; « – »."""
        return self.rate or self._flag(self.gap) or UNKNOWN

    @property
    def narrow(self) -> str:
        """The same in less room: `32 %`; `non tenu, écart −3` of buses, `−12,2 pt` of a share."""
        return self.rate or self._flag(self.bare_gap) or UNKNOWN

    @property
    def told(self) -> str:
        """For a label: `32 %`, `non tenu, écart −12,2 pt`, or why nothing can be told."""
        return self.rate or self._flag(self.gap) or self.reason

    @property
    def sentence(self) -> str:
        """For a tooltip or a spoken name: `Taux d’avancement : 32 %, attendu : 37 %`."""
        if self.kept:
            told = set_against(against_aloud(self.assessment, self.assessment.objective.unit))
            detail = f"{NNBSP}: {self.value}{told}, écart {self.gap}" if self.gap else ""
            return f"{raised(self.kept)}{detail}"
        rate = f"Taux d’avancement{NNBSP}: {self.rate or UNKNOWN}"
        return f"{rate}, attendu{NNBSP}: {self.expected}" if self.expected else rate

    def _flag(self, gap: str) -> str:
        kept = self.kept
        return f"{kept}, écart {gap}" if kept and gap else kept


def how_far(assessment: Assessment) -> HowFar:
    """How far an objective has come, in words."""
    return HowFar(assessment)


def value_words(assessment: Assessment) -> str:
    """The value of an objective, with its unit; whether it is done where it is a thing to do."""
    if assessment.objective.aim.yes_or_no and assessment.value is not None:
        return "fait" if assessment.status is Statut.ATTEINT else "non fait"
    return figure_words(assessment.value, assessment.objective)


def figure_words(value: Number | None, objective: Objective) -> str:
    """A value told of an objective, with its unit: `17 %`, `40 bus`; `fait`, `non fait` of a thing to do; « – » when
    unknown."""
    if objective.aim.yes_or_no and value is not None:
        return "fait" if value else "non fait"
    return format_value(value, objective.unit)


def bound_words(assessment: Assessment, unit: str | None = None) -> str:
    """What the value is set against, with its sign: `≥ 16,4 %`; empty where there is nothing. `unit`: in place of the
    objective's."""
    objective = assessment.objective
    aim, bound = objective.aim, assessment.reference_value
    if not aim.is_figure:
        return ""
    sign = aim.sign
    if bound is None and objective.target_value is not None:
        bound, sign = Fraction(objective.target_value), target_word(objective) or sign
    if aim.between and bound is not None and objective.target_max is not None:
        return between_words(objective, unit)
    return "" if bound is None else sign + format_value(bound, objective.unit if unit is None else unit)


def sign_of(objective: Objective) -> str:
    """The sign of percent, of points or of money of its unit, without its words."""
    sign = objective.unit.partition(" ")[0]
    return sign if sign.startswith("%") or sign == "pt" or "€" in sign else ""


def untold_unit(objective: Objective) -> str:
    """The unit whose words neither a sign beside the figure nor the name of the objective tells: of « Délai moyen d’un
    rendez-vous », `jours`; empty where one does."""
    words = [_plain(word) for word in _WORD.findall(fold(objective.unit))]
    if objective.aim.yes_or_no or sign_of(objective) or not words or len(objective.unit) < _UNIT_MIN:
        return ""
    named = {_plain(word) for word in _WORD.findall(fold(objective.label))}
    # « Entreprises créées » says that what is counted is `créations`.
    stem = words[0].removesuffix(_DOING)
    done = {f"{stem}e", f"{stem}ee"} if stem != words[0] else set()
    return "" if named & {words[0], *done} else objective.unit


def _plain(word: str) -> str:
    """A word without the mark of its plural, nor what that changes before it: `trav`, of « travail » and « travaux »."""
    return _IN_AUX.sub("", word.rstrip("s")).rstrip("x")


_WORD = re.compile(r"[^\W\d_]+")
_DOING = "ation"
"""Ends the noun of a verb, whose participle ends in « é »."""
_IN_AUX = re.compile(r"(?:ai?l|(?<!e)aux)$")
_UNIT_MIN = 2
"""Letters of a unit that is a word."""


def against_aloud(assessment: Assessment, unit: str | None = None, *, brief: bool = False) -> str:
    """The same beside a value that is read aloud with its unit: `pour au moins 9`, `pour une référence de 16,4 %`,
    `à ramener à 39`; empty where there is nothing. `unit`: in place of the sign of the objective's; `brief`: as in
    `against`."""
    objective = assessment.objective
    bound = bound_words(assessment, sign_of(objective) if unit is None else unit)
    met = assessment.gap is not None and assessment.gap <= 0
    figure = bound.removeprefix(objective.aim.sign)
    return against(objective, figure, met=met, brief=brief) if bound else ""


def between_words(objective: Objective, unit: str | None = None) -> str:
    """The two bounds of an interval: `20 à 22 postes`."""
    top = format_value(objective.target_max, objective.unit if unit is None else unit)
    return f"{format_number(objective.target_value or 0)} à {top}"


def against_words(assessment: Assessment) -> str:
    """The value beside what it is set against, their unit once: `16 / 60 Carrefours`, `15,8 % / ≥ 16,4 %`; the value alone
    where it stands against nothing."""
    bound = bound_words(assessment)
    if not bound:
        return value_words(assessment)
    unit = assessment.objective.unit
    value = format_value(assessment.value, unit if unit.startswith("%") else "")
    return f"{value} / {bound}"


def gap_words(assessment: Assessment, *, unit: bool = True) -> str:
    """The signed gap to the target, the bound or the reference: in points for shares, else in the unit, unless that is
    left out. `nul` where they are equal; empty where there is none; what is not zero is never told as 0."""
    gap = assessment.gap
    if gap is None:
        return ""
    if not gap:
        return "nul"
    if assessment.objective.unit.startswith("%"):
        return f"{format_change(gap, _POINTS_DECIMALS)}{NBSP}pt"
    figure = format_change(gap)
    if not unit or not assessment.objective.unit:
        return figure
    return f"{figure}{NBSP}{unit_of(assessment.objective.unit).agreed(gap)}"


def lack_words(assessment: Assessment) -> str:
    """What is still to be done: `il manque 54 Carrefours d’ici fin 2027`; empty where nothing lacks or nothing tells
    how much."""
    objective, due = assessment.objective, assessment.objective.target_date
    past = due is not None and assessment.day > due
    if objective.aim.yes_or_no:
        if assessment.status is Statut.ATTEINT or due is None:
            return ""
        return f"devait être fait le {format_date(due)}" if past else f"à faire d’ici au {format_date(due)}"
    gap = assessment.gap
    too_much = gap is not None and gap > 0
    if gap is None or not gap or (too_much is not objective.aim.at_most and not objective.aim.between):
        return ""
    if objective.unit.startswith("%"):
        amount = f"{format_number(abs(gap), _POINTS_DECIMALS)}{NBSP}pt"
    else:
        amount = format_value(abs(gap), objective.unit)
    lacking = f"{amount} de trop" if too_much else f"il manque {amount}"
    if due is None:
        # A bound is to be kept at each value.
        return f"{lacking}, {UNDATED}" if is_undated(objective) and objective.aim.way else lacking
    if past:
        return f"{lacking}, échéance passée ({format_date(due)})"
    # A year that ends is said so: the words stand in a narrow line.
    return f"{lacking} d’ici {f'fin {due.year}' if (due.month, due.day) == (12, 31) else f'au {format_date(due)}'}"


def rates_words(before: Assessment, after: Assessment) -> str:
    """`de 17 % à 83 %`; empty where the share of the way did not move, or is none."""
    if before.flagged or after.flagged or None in (before.rate, after.rate) or before.rate == after.rate:
        return ""
    return f"de {format_rate(before.rate)} à {format_rate(after.rate)}"


def message_words(assessment: Assessment) -> str:
    """What a drawing of an objective has to say: `16 Carrefours sur 60 : 10 % du chemin, 60 % attendus`; empty where no
    value is known."""
    objective, far = assessment.objective, how_far(assessment)
    if assessment.value is None:
        return ""
    if objective.aim.yes_or_no:
        return raised(far.value)
    if not far.bound:
        return f"{far.value} {after_value(assessment)}"
    aim, words = objective.aim, objective.aim.words
    if aim.way > 0 and not objective.unit.startswith("%"):
        target = f" sur {target_word(objective)}{format_number(objective.target_value or 0)}"
    elif aim.compared or (aim.way < 0 and assessment.gap is not None and assessment.gap > 0):
        target = f", {against_aloud(assessment, objective.unit)}"
    else:
        article = "" if aim.between else f"{words.indefinite} {words.noun} de "
        target = f", pour {article}{far.bound.removeprefix(aim.sign)}"
    way = [f"{far.rate} du chemin" if far.rate else far.kept]
    if far.rate and far.expected:
        way.append(f"{far.expected} attendus")
    if not far.rate and assessment.gap:
        way.append(f"écart {far.gap}")
    way_words = ", ".join(filter(None, way))
    return f"{far.value}{target}{NNBSP}: {way_words}" if way_words else f"{far.value}{target}"


def effect_words(before: Assessment, after: Assessment) -> str:
    """What a new value changes, in one sentence: the status it has then, and its rate or its gap."""
    old, new = (f"«{NNBSP}{STATUT_LABELS[assessment.status]}{NNBSP}»" for assessment in (before, after))
    clauses = [
        f"le statut passe de {old} à {new}" if before.status is not after.status else f"le statut reste {new}"
    ]
    if after.flagged:
        if after.gap is not None and before.gap != after.gap:
            clauses.append(f"écart {gap_words(after)}")
    elif before.rate != after.rate:
        moved = rates_words(before, after)
        clauses.insert(0, f"le taux passe {moved}" if moved else f"le taux est de {format_rate(after.rate)}")
        if after.expected_rate is not None:
            clauses[0] += f" pour {format_rate(after.expected_rate)} attendus"
    elif before.status is after.status and after.rate is not None:
        clauses.insert(0, "le taux ne change pas")
    words = f"{NNBSP}; ".join(clauses)
    return f"{raised(words)}."


def share_words(step: Fraction, way: Fraction) -> str:
    """What share of a way a step is: `62 %`."""
    return format_rate(abs(step) / abs(way))


def part_words(part: Fraction) -> str:
    """A part of a whole: `79 %`; « < 1 % » for what is not zero and would be told as zero."""
    return f"<{NNBSP}{format_rate(_HUNDREDTH)}" if 0 < part < _HUNDREDTH / 2 else format_rate(part)


def step_words(step: Fraction) -> str:
    """A change of rate, in points: `+12,5 pt`."""
    return f"{format_change(step * 100, 1)}{NBSP}pt"


def mean_words(summary: PartnerSummary) -> str:
    """The mean rate of a partner with what it covers: `54 %, sur 3 objectifs à chemin mesurable (région)`; empty where there
    is none."""
    if summary.mean_rate is None or summary.scale is None:
        return ""
    count = plural(summary.rated, "objectif", "objectifs")
    return f"{format_rate(summary.mean_rate)}, sur {count} à chemin mesurable ({SCALE_WORDS[summary.scale]})"
