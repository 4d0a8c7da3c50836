"""What a partner is asked of figures that disagree."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable

from qpvdesk.domain.coherence.statements import ASK, BASED, COUNTED, RULED, SHARED
from qpvdesk.domain.evolution import counted_of, counted_on
from qpvdesk.domain.french import NBSP, NNBSP, format_value, plural
from qpvdesk.domain.points import Point, PointNature
from qpvdesk.domain.situation import Situation
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import small_heading
from qpvdesk.reports.objectives import counter_values, number_of
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE
from qpvdesk.reports.text import paragraph

CONTRADICTIONS = 3
"""Those that are asked of; how many others there are is said."""
ANY = f"Qu’en est-il{NNBSP}?"
_QUESTIONS = {
    ASK: f"D’où vient l’écart{NNBSP}?",
    COUNTED: f"Que manque-t-il à la liste, ou comment comptez-vous{NNBSP}?",
    RULED: f"Quelle règle appliquez-vous{NNBSP}?",
    BASED: f"Sur quelle base comptez-vous ce qui est couvert{NNBSP}?",
    SHARED: f"Comment l’enveloppe se répartit-elle{NNBSP}?",
}
"""What is asked of the partner, for what the officer is told to do."""
_PART_STYLE = NOTE_STYLE.clone(
    "part", leftIndent=19, firstLineIndent=-7, spaceAfter=2, textColor=BODY_STYLE.textColor
)


def unlike(data: CopilData, key: str) -> list[Point]:
    """Figures of the partner that say two things, or whose base it alone knows."""
    return [
        view.point
        for view in data.review.findings
        if view.point.partner == key
        and (view.point.nature is PointNature.CONTRADICTION or view.point.remedy == BASED)
    ]


def asked_of_points(data: CopilData, points: Sequence[Point]) -> list[str]:
    """A question for each; one for those of one objective that ask the same of it, its own figure of today with them."""
    told: dict[tuple[str, str], list[str]] = {}
    for point in points:
        question, label = _QUESTIONS.get(point.remedy, ANY), _label(data.situation, point.object)
        if point.parts:
            # What a base explains is longer than what is asked.
            cause = "" if point.remedy == BASED else f"{_coded(data.situation, point, point.cause)}. "
            kind = ("compte", "comptes") if point.remedy == COUNTED else ("calcul", "calculs")
            many = plural(len(point.parts), *kind)
            told[f"{cause}{question} ({many} en fin de fiche)", ""] = []
        elif label and point.message.startswith(label):
            key = f"{label} ({point.object})", question
            told.setdefault(key, _own_words(data, points, point.object) if question == ANY else [])
            told[key].append(point.message.removeprefix(label).strip(f" .:{NBSP}{NNBSP}"))
        else:
            told[point.message, question] = []
    return [
        f"{head}{f'{NNBSP}: ' * bool(found)}{f'{NNBSP}; '.join(found)}{'.' * bool(found)} {question}".rstrip()
        for (head, question), found in told.items()
    ]


def _own_words(data: CopilData, points: Sequence[Point], code: str) -> list[str]:
    """`vous relevez 120 k€ au 26/08/2026, ses déclinaisons font 2 423 k€`: what was measured beside what the parts make;
    empty where one of the points is that total of that day."""
    item = data.situation.objective_by_code(code)
    found = data.situation.assessments[item.key]
    if found.own is None or found.value is None or found.own.value == found.value:
        return []
    if f"total_releve:{code}:{found.own.day.isoformat()}" in {point.ident for point in points}:
        return []
    day = counted_on(item, found.own.day, found.own.measurement, "au ")
    own, parts = (format_value(value, item.unit) for value in (found.own.value, found.value))
    return [f"vous relevez {own} {day}, ses déclinaisons font {parts}"]


def _label(situation: Situation, code: str) -> str:
    return next((item.label for item in situation.objectives if item.code == code), "")


def _coded(situation: Situation, point: Point, words: str) -> str:
    """`Jeunes en parcours (REGION-O021) : 103 k€ annoncés…`: another objective of the sheet may bear that name."""
    label = _label(situation, point.object)
    if not label or not words.startswith(label) or f"({point.object})" in words:
        return words
    return f"{label} ({point.object}){words[len(label) :]}"


def reckoned(data: CopilData, key: str) -> list[Flowable]:
    """The arithmetic of what is asked: nobody says nine lines of it at a table."""
    blocks: list[Flowable] = []
    for point in unlike(data, key)[:CONTRADICTIONS]:
        if point.parts:
            blocks.append(paragraph(f"{_coded(data.situation, point, point.cause)}.", NOTE_STYLE))
            blocks[-1].keepWithNext = 1
            parts = [paragraph(f"– {part}", _PART_STYLE) for part in point.parts]
            for part in (*parts[:-1][:1], *parts[-2:-1]):
                # One alone, at a page's foot or head, is read as all of it.
                part.keepWithNext = 1
            blocks += parts
    return [*small_heading("Comptes et calculs derrière les questions"), *blocks] if blocks else []


def disputed(situation: Situation, key: str) -> list[str]:
    """What to ask of two figures of one day."""
    return [
        f"Quel chiffre {counted_of(item, other.day, found.measurement)} retenir pour"
        f" {situation.names.quoted(item)}{NNBSP}:"
        f" {number_of(found.value, item)} ou {format_value(other.value, item.unit)}{NNBSP}?"
        for item in situation.objectives_of_partner(key)
        if (found := situation.assessments[item.key]).value is not None and not item.is_context
        for other in counter_values(situation, found)
    ]
