"""The start and the target that an indicator is told with. What cannot be read for sure is no figure: it is put as a doubt,
in the words of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import enumerate_words, fold
from qpvdesk.domain.proposing.measuring import YEARLY
from qpvdesk.domain.proposing.proposal import NUMBER, proposed_number
from qpvdesk.domain.sens import Sens
from qpvdesk.domain.target_rules import rule_of, written

_SENTENCES = re.compile(r"\.(?=\s|$)(?![^(]*\))")
_CLAUSES = re.compile(
    r";|,?\s(?=(?:valeur de départ|valeur initiale|valeur cible|cible|échéance|suivi)\b\s*:?)", re.IGNORECASE
)
_YEAR_FIRST = r"(?:\s+(?:en |fin )?(?P<year>20\d\d)\s*:)?\s*:?\s*(?P<words>.+)"
_CUES = {
    "start": re.compile(
        rf"(?:valeur de départ|départ|valeur initiale|situation initiale)\b{_YEAR_FIRST}", re.IGNORECASE
    ),
    "target": re.compile(rf"(?:cible|valeur cible|objectif)\b{_YEAR_FIRST}", re.IGNORECASE),
    "due": re.compile(r"(?:échéance|date cible)\s*:?\s*(?P<words>.+)", re.IGNORECASE),
}
_SAID_ELSEWHERE = re.compile(r"(?:suivi|source|fréquence)\b", re.IGNORECASE)
_DAY_BEGINS = re.compile(
    r"(?:,\s*)?(?:\(|\b(?:d[’']ici|jusqu[’']|(?:au|en|à|fin|pour|le|horizon)\b))", re.IGNORECASE
)
_LINKS = re.compile(
    r"^(?:d[’']ici|jusqu[’']|au|en|à|le|la|pour|l[’']|horizon|[\s,(])+(?<![^\W\d])(?=\w)", re.IGNORECASE
)
_PLAIN = re.compile(rf"(?P<value>{NUMBER})(?P<unit>[^\d;]*)")
_NO_UNIT = re.compile(
    r"\s*(?:[-–→.,]|(?:à|et|ou|sur|pour|puis|x|avant|sous|dans|en|hors|environ|chacune?|chaque|fois|nouve(?:aux|lles)(?=\s*$)"
    r"|cumulée?s|[ds][’']ici|jusqu[’']\w+)(?!\w))",
    re.IGNORECASE,
)
_SIGN = r"md€|m€|k€|€|%|(?:(?:milliers|millions?|milliards?) d[’'])?euros?\b"
_OF_WHAT = re.compile(r"(?<![\w’'])(?:(?:de|du|des) |d[’'])(?:la |l[’'])?(?!plus\b|moins\b)[\w’'-]+")
"""« de crèche » after « places »: it names what is counted, of which the noun is kept."""
_BOUND = re.compile(
    r"\b(?:au (?P<least>moins|minimum)|au (?:plus|maximum)|(?P<lowest>minimum)|maximum)\b", re.IGNORECASE
)
_STEM = 5
"""Letters that a word and its kin have in common: « parrainés » and « parrainage »."""
_MAY_BE_A_FIGURE = re.compile(r"\b(?:pour|à)\s", re.IGNORECASE)
ADDED = re.compile(
    rf"{NUMBER}(?: [^\W\d][\w’-]*){{0,3}} (?:supplémentaires?|additionnel\w*|de plus(?! de)|de moins|en plus)\b"
)
"""What is added to a start that nobody says is no target."""
SEVERAL = re.compile(
    rf"\b(?!20\d\d\b){NUMBER}(?: [^\W\d][\w-]*| ?[kM]?€| ?%)? ?(?:à|ou|[-–→]|sur|pour) ?"
    rf"(?!20\d\d\b){NUMBER}(?! ans\b)|\b[Ee]ntre (?!20\d\d\b)\d+ et \d+(?! ans\b)|\d\.\d{{3}}\b"
)
"""Figures of a sentence of which none is the target for sure."""
_OF_A_YEAR = re.compile(r"\d[^;.]*\b(?:en|fin|au)\b[^;.]*\b20\d\d\b|→")
_COUNTED = re.compile(r"nombre (?:de |d[’'])(?:nouveaux |nouvelles )?([\w’'-]+)", re.IGNORECASE)
_MONEY = {"€": Decimal(1), "k€": Decimal(1000), "M€": Decimal(10**6), "Md€": Decimal(10**9)}


class Figure(Struct, frozen=True):
    """One figure of an indicator, as its passage says it."""

    value: Decimal | None
    unit: str = ""
    counted: str = ""
    """All the words after the number: « logements par an »."""
    day: str = ""
    """As typed: a date, or the words of one that has to be asked."""
    words: str = ""
    """A target that is more than a number, as the field of a target takes it."""
    sens: Sens | None = None

    @property
    def date(self) -> date | None:
        """Its day where it is read for sure."""
        try:
            return periods.end_of(self.day) if self.day else None
        except UserError:
            return None


def figures_of(label: str, rest: str) -> tuple[Figure | None, Figure | None, str]:
    """Return the start, the target, and the doubt of an indicator: what is said of its figures and not read."""
    read: dict[str, list[Figure]] = {kind: [] for kind in _CUES}
    unread = list[str]()
    for kind, clause, found in _told_in(rest):
        if found is None:
            unread.append(clause)
        else:
            read[kind].append(found)
    if len(read["target"]) > 1 or len(read["start"]) > 1:
        unread += [clause for _, clause, found in _told_in(rest) if found is not None]
        read = {kind: [] for kind in _CUES}
    elif not any(read.values()) and not unread and _OF_A_YEAR.search(label):
        unread.append(label.strip())
    start, target, due = (found[0] if found else None for found in read.values())
    if target and due:
        target = replace(target, day=target.day or due.day)
    if start and target:
        same = _in_one_unit(start, target)
        if same is None:
            unread += [clause for kind, clause, _ in _told_in(rest) if kind == "start"]
        start = same
    is_added = bool(start and start.value and ADDED.search(rest))
    from_nothing = f"{label} supplémentaires additionnels nouveaux" if start and start.value == 0 else label
    if target and (is_added or not _is_whole(target, from_nothing, start=start.value if start else None)):
        unread, target = [*unread, *(clause for kind, clause, _ in _told_in(rest) if kind == "target")], None
    if start and not _is_whole(start, label):
        unread, start = [*unread, *(clause for kind, clause, _ in _told_in(rest) if kind == "start")], None
    return start, target, unsure(*dict.fromkeys(unread)) if unread else ""


def unsure(*clauses: str) -> str:
    """The doubt of what is not read for sure."""
    quotes = enumerate_words([f"«\u202f{' '.join(clause.split())}\u202f»" for clause in clauses])
    verb = "se lit" if len(clauses) == 1 else "se lisent"
    return f"À préciser\u202f: {quotes} ne {verb} pas sûrement."


def _told_in(rest: str) -> Iterator[tuple[str, str, Figure | None]]:
    """Yield what each clause of an indicator says: of the start, of the target, of neither; None where it is not read."""
    for sentence in _SENTENCES.split(rest):
        clauses = [clause.strip(" ,\u00a0\u202f") for clause in _CLAUSES.split(sentence)]
        told = [
            next(((kind, found) for kind, cue in _CUES.items() if (found := cue.fullmatch(clause))), None)
            for clause in clauses
        ]
        for clause, reading in zip(clauses, told, strict=True):
            if reading is not None:
                kind, found = reading
                figure = _day_in(found["words"]) if kind == "due" else figure_in(found["words"])
                if kind != "due" and figure is not None and found["year"]:
                    figure = None if figure.day else replace(figure, day=f"31/12/{found['year']}")
                yield kind, clause, figure
            elif (
                clause.strip(" .")
                and not _SAID_ELSEWHERE.match(clause)
                and (any(told) or (re.search(r"\d", clause) and len(clauses) > 1))
            ):
                yield "", clause, None


def figure_in(words: str) -> Figure | None:
    """Return the figure that all of these words are, with its day; None where they are not read for sure."""
    words, day = _day_apart(words.strip())
    folded = fold(words)
    if found := _PLAIN.fullmatch(words):
        if _NO_UNIT.match(found["unit"]):
            return None
        counted = _BOUND.sub("", YEARLY.sub("", found["unit"]))
        return Figure(proposed_number(found["value"]), noun_or_sign(counted), found["unit"], day)
    counted = re.sub(r".*\d", "", words)
    unit = noun_or_sign(counted)
    if rule := rule_of(words):
        sens = None if rule.part is None else Sens.HAUSSE if rule.part > 0 else Sens.BAISSE
        return Figure(None, day=day, words=words, sens=sens)
    bounds = None if folded.startswith("de ") else written(words, "", Sens.INTERVALLE)
    if bounds and "target_max" in bounds:
        between = f"entre {bounds['target_value']} et {bounds['target_max']}"
        return Figure(None, unit, counted, day, words=between, sens=Sens.INTERVALLE)
    return None


def _is_whole(figure: Figure, label: str, *, start: Decimal | None = None) -> bool:
    """Whether a figure keeps all that stands after its number: its unit, of what, that it is counted by year, a bound that
    its way from the start says, what its label says."""
    rest = YEARLY.sub(" ", fold(figure.counted))
    if (bound := _BOUND.search(rest)) and figure.value is not None:
        least = bound["least"] or bound["lowest"]
        if (start is None or start < figure.value) if least else (start is not None and start > figure.value):
            rest = _BOUND.sub(" ", rest)
    rest = re.sub(_SIGN, " ", rest, count=1)
    rest = _OF_WHAT.sub(" ", rest.replace(fold(figure.unit), " ", 1))
    words = re.findall(r"[\w+]+", rest)
    stems = [re.escape(word[:_STEM]) + (r"s?\b" if len(word) < _STEM else "") for word in words]
    return all(re.search(rf"\b{stem}", fold(label)) for stem in stems)


def dated_figure(words: str) -> tuple[str, str]:
    """Part a figure from its day, both as typed: « 60 places » and « 31/12/2028 » of « 60 places fin 2028 »; an empty day
    where it has none, or where what looks like one may be a figure (« 1 pour 2 000 »)."""
    figure = None if _MAY_BE_A_FIGURE.search(words) else figure_in(words)
    if figure is None or figure.date is None or not _is_whole(figure, ""):
        return words, ""
    return _day_apart(words.strip())[0], figure.day


def _day_in(words: str) -> Figure | None:
    rest, day = _day_apart(f"au {words}")
    return None if rest else Figure(None, day=day)


def _day_apart(words: str) -> tuple[str, str]:
    """Part a figure from the day that ends it: « 22 postes au T4 2026 »."""
    for begin in _DAY_BEGINS.finditer(words):
        day_words = _LINKS.sub("", words[begin.start() :].replace(")", " ")).strip()
        if periods.read(day_words) is None:
            continue
        try:
            day = f"{periods.end_of(day_words):%d/%m/%Y}"
        except UserError:
            day = day_words
        return words[: begin.start()].strip(" ,"), day
    return words, ""


def _in_one_unit(start: Figure, target: Figure) -> Figure | None:
    """A start in the unit of its target; None where nobody knows how one is counted in the other."""
    start_unit, target_unit = start.unit, target.unit
    if start.value is None:
        return None
    if start_unit in _MONEY and target_unit in _MONEY:
        return replace(start, value=start.value * _MONEY[start_unit] / _MONEY[target_unit], unit=target_unit)
    if start_unit:
        same = not target_unit or fold(start_unit).rstrip("sx") == fold(target_unit).rstrip("sx")
        return start if same else None
    # « 0,078 » beside « 4 % » may be a part of one; « 900 » beside « 1,2 M€ » may be thousands.
    doubtful = (target_unit == "%" and 0 < start.value < 1) or (
        target_unit in _MONEY and target_unit != "€" and start.value
    )
    return None if doubtful else start


def noun_or_sign(words: str) -> str:
    """The unit that the words after a number give: its sign, or its noun."""
    words = words.strip(" .;\u00a0\u202f")
    if sign := re.match(r"(?:%|Md€|M€|k€|€)(?!\w)", words):
        return sign[0]
    if money := re.match(r"(?:(milliers|millions?|milliards?) d[’'])?euros?\b", words):
        return {None: "€", "milliers": "k€"}.get(
            money[1], "Md€" if (money[1] or "").startswith("milliard") else "M€"
        )
    noun = re.match(r"(?:(?:les|des|de|nouveaux|nouvelles|nouveau|nouvelle) )*([\w’'-]+)", words)
    return noun[1] if noun else ""


def unit_told(label: str) -> str:
    """The unit that the name of an objective tells: « Part de… », « Nombre de places »; empty where it tells none."""
    if re.match(r"(?:part|taux)\b", label, re.IGNORECASE):
        return "%"
    counted = _COUNTED.match(label)
    return counted[1] if counted else ""
