"""What the blank cells of a line are taken for, whichever table it is typed in: the workbook of a contract or the grid.

A line is what its cells say, by field, as typed; what a cell names is told apart by the table, which knows its things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain import periods
from qpvdesk.domain.codes import partner_code, place_code
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults.contract import level_of_code
from qpvdesk.domain.french import fold, format_number, parse_number
from qpvdesk.domain.impossible_dates import undated, unmarked
from qpvdesk.domain.levels import QPV_2015
from qpvdesk.domain.model import Level, Mesure
from qpvdesk.domain.proposing.declining import declined
from qpvdesk.domain.proposing.figures import dated_figure, figure_in, unit_told
from qpvdesk.domain.proposing.measuring import mesure_of
from qpvdesk.domain.proposing.passage import Beside, beside, sens_told
from qpvdesk.domain.proposing.places import PlaceNames
from qpvdesk.domain.proposing.proposal import Proposal
from qpvdesk.domain.sens import AIMS, Sens
from qpvdesk.domain.target_rules import rule_typed
from qpvdesk.domain.themes import UNCHOSEN

_CODE_MAX = 8
"""Letters of a short name that serves as a code."""
_SHORT_MAX = 30
"""Characters of a name that serves as its own short one."""
_EVERY = re.compile(
    r"(?:tous les|l[’']ensemble des|ensemble des|les \w+) (?:quartiers|qpv|territoires)"
    r"(?: (?:prioritaires|politique de la ville|de la politique de la ville|du contrat|concernes))*"
    r"|tout le territoire|toute l[’']agglomeration|l[’']ensemble (?:du territoire|de l[’']agglomeration)"
)
TOGETHER = (
    "plusieurs lieux sont nommés, le chiffre est celui de leur ensemble et se lit au périmètre du contrat\u202f; pour un"
    " chiffre par lieu, écrivez une ligne par lieu"
)
"""What is said of an objective whose cell names several places."""
WHICH_WAY = f"{UNCHOSEN}\u202f: «\u202fÀ augmenter\u202f» ou «\u202fÀ réduire\u202f»\u202f?"
WHICH_BOUND = f"{UNCHOSEN}\u202f: «\u202fAu moins\u202f» ou «\u202fAu plus\u202f»\u202f?"
"""What is asked of a target with a start, and of one without."""
NO_TARGET = (
    f"{UNCHOSEN}\u202f: un départ est dit sans cible\u202f; est-ce «\u202fSuivi\u202f», «\u202fÀ parité\u202f», ou une"
    " cible oubliée\u202f?"
)


PlaceFinder = Callable[[str], Sequence[str]]
"""Returns the places that a sentence names, in the words of the table."""


class Engaged(Struct, frozen=True):
    """What a line of an objective follows from its engagement, in the words of its table."""

    partner: str
    label: str
    places: tuple[str, ...]


class FilledObjective(Struct, frozen=True):
    """What is told of an objective once its blanks are filled."""

    passage: Beside
    """What the sentence says that its label is."""
    asked: Mapping[str, str]
    """What somebody has to choose, and why, by field."""
    by_default: bool
    """Whether nothing told how its figure counts."""
    together: bool
    """Whether its cell names several places, over which its one figure is counted."""

    @property
    def faults(self) -> Mapping[str, str]:
        """What of the line cannot stand beside its sentence, by field."""
        return {"label": self.passage.unread} if self.passage.unread else self.passage.faults


def names_all(words: str) -> bool:
    """Tell whether words are « Tous les quartiers »: no place is named, what is promised is for each."""
    return _EVERY.fullmatch(fold(words).strip(" .")) is not None


def places_named(names: Iterable[str], place_of: Callable[[str], str]) -> PlaceFinder:
    """Return what finds the places of those names in a sentence. `place_of`: the place that words stand for, in the words of
    the table."""
    known = PlaceNames(names)
    return lambda sentence: [place for name in known.among(sentence) if (place := place_of(name))]


def fill_partner(words: dict[str, str], *, engagement: str, taken: Collection[str]) -> None:
    """Fill in the code and the short name of a partner. `engagement`: the code of one of its engagements, or none."""
    name, short = words.get("name", ""), words.get("short_name", "")
    # A long word cut short is nobody's code: « Agglomération » leaves it to « Communauté d’agglomération du Val ».
    called = (name if len(short) > _CODE_MAX and " " not in short else short) or name or short
    if called and not words.get("code"):
        words["code"] = partner_code(engagement, called, taken)
    if not short:
        words["short_name"] = short_name(name, words.get("code", ""))


def short_name(name: str, code: str) -> str:
    """The name of a partner where it is short, else its code."""
    return name if len(name) <= _SHORT_MAX else code


def owner_by_code(code: str, partners: Collection[str]) -> str:
    """The partner whose code begins that of a line: « ETAT » for « ETAT-E01 »; empty for none."""
    return max(
        (partner for partner in partners if partner and code.startswith(f"{partner}-")), key=len, default=""
    )


def fill_place(words: dict[str, str], *, epci: str, home: str, taken: Collection[str]) -> None:
    """Fill in the level, the code and the place above of a place. `epci`: the number of the contract's own; `home`: the
    place that the contract is of, or none; `taken`: the codes that others bear."""
    if not words.get("level") and (level := level_of_code(words.get("code", ""))):
        words["level"] = level
    level = words.get("level", "")
    if not words.get("code") and words.get("name"):
        own = epci if level == Level.EPCI and epci not in taken else ""
        words["code"] = own or place_code(words["name"], taken)
    if not words.get("parent") and home and level in (Level.COMMUNE, Level.QPV, QPV_2015):
        words["parent"] = home


def fill_funding(words: dict[str, str]) -> None:
    """Fill in the last year and the unit of an amount."""
    if words.get("first_year") and not words.get("last_year"):
        words["last_year"] = words["first_year"]
    if "€" in words.get("amount", "") and not words.get("unit"):
        words["unit"] = "EUR"


def fill_objective(
    words: dict[str, str], engaged: Engaged | None, *, named: Sequence[str], home: str, places: PlaceFinder
) -> FilledObjective:
    """Fill in what an objective does not say, from the sentence that its label is, its engagement and its figures.

    `named`: the places that its cell names, in the words of the table; `places`: those that a sentence names.
    """
    marked = unmarked(words)
    words |= marked
    for value, day in (("start_value", "start_date"), ("target_value", "target_date")):
        figure, day_words = dated_figure(words.get(value, ""))
        # A day that differs from that of its cell stays in the figure, which is refused.
        if day_words and _day(words.get(day) or day_words) == _day(day_words):
            words |= {value: figure, day: day_words}
    passage = beside(words.get("label", ""), {name: text for name, text in words.items() if text})
    words |= passage.taken
    if marked:
        words |= undated(words)
    asked: dict[str, str] = {}
    if engaged is not None and not words.get("partner"):
        words["partner"] = engaged.partner
    own = engaged.places if engaged is not None else ()
    together = False
    if names_all(words.get("territory", "")):
        words["territory"] = home
    elif not words.get("territory") or (len(named) > 1 and set(named) <= set(own)):
        # Of several places of an engagement, a part of what it promises names its own; else what is counted is counted
        # over all of them.
        among = named if words.get("territory") else own
        spoken = [place for place in places(words.get("label", "")) if place in among]
        words["territory"] = next((few[0] for few in (spoken, among) if len(few) == 1), home)
        together = len(named) > 1 and len(spoken) != 1
    if not words.get("unit"):
        words["unit"] = unit_told(words.get("label", "")) or _counted(words)
    start, target = (_number(words, name) for name in ("start_value", "target_value"))
    if not words.get("sens") and not passage.unread:
        told = sens_told(
            words.get("target_value", ""), start, target, unit=words.get("unit", ""),
            others={name for name, text in words.items() if text},
        )  # fmt: skip
        words["sens"] = told.value if told else ""
        unread = any(
            words.get(name) and figure is None and not rule_typed(words[name], words.get("unit", ""))
            for name, figure in (("start_value", start), ("target_value", target))
        )
        if told is None and not unread:
            targeted = words.get("target_value") or words.get("target_text") or words.get("target_date")
            way = WHICH_BOUND if start is None else WHICH_WAY
            asked["sens"] = way if targeted else NO_TARGET
    measured = True
    if not words.get("mesure"):
        aim = AIMS[Sens(words["sens"])] if words.get("sens") in AIMS else None
        mesure = mesure_of(
            f"{words.get('label', '')} {words.get('unit', '')}",
            engaged.label if engaged is not None else "",
            from_nothing=aim is not None and aim.way > 0 and start == 0,
            yes_or_no=aim is not None and aim.yes_or_no,
        )
        measured, words["mesure"] = mesure is not None, (mesure or Mesure.STOCK).value
    return FilledObjective(passage, asked, not measured, together)


def parts_among(lines: Sequence[Mapping[str, str]]) -> Mapping[int, int]:
    """Return by their ranks which lines are parts of which, place by place: « Logements – Bellevue » of « Logements », where
    the targets of the parts make its own."""
    found = declined([Proposal("objective", dict(words), "", 0, "") for words in lines])
    wholes: dict[str, int] = {}
    parts: dict[int, int] = {}
    for rank, item in enumerate(found):
        whole = item.values.get("parent", "")
        if whole in wholes and not lines[rank].get("parent"):
            parts[rank] = wholes[whole]
        wholes[item.values.get("label", "")] = rank
    return parts


def _counted(words: dict[str, str]) -> str:
    """The unit that the target says after its number (« 22 postes »), which is taken out of it; empty where it says more, or
    where the start may be counted otherwise."""
    figure = figure_in(words.get("target_value", ""))
    start = words.get("start_value", "")
    if figure is None or figure.value is None or figure.day or figure.counted.strip() != figure.unit:
        return ""
    if not figure.unit[:1].isalpha() and start and figure.unit not in start:
        return ""
    words["target_value"] = format_number(figure.value)
    return figure.unit


def _day(text: str) -> date | None:
    try:
        return periods.end_of(text)
    except UserError:
        return None


def _number(words: Mapping[str, str], name: str) -> Decimal | None:
    try:
        return parse_number(words[name], words.get("unit", "")) if words.get(name) else None
    except UserError:
        return None
