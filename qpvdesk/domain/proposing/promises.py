"""Engagements and quantified objectives, read line by line with rules: no model, no network, no guess unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain.french import fold, format_date, format_number
from qpvdesk.domain.model import NATURE_LABELS
from qpvdesk.domain.proposing.declining import declined
from qpvdesk.domain.proposing.fields import BUDGET, LABEL, PLACES, field_in
from qpvdesk.domain.proposing.figures import Figure, figures_of, noun_or_sign, unit_told, unsure
from qpvdesk.domain.proposing.means import budget_of, means_in, reserves_in
from qpvdesk.domain.proposing.measuring import mesure_of
from qpvdesk.domain.proposing.places import PlaceNames, places_in
from qpvdesk.domain.proposing.proposal import FIGURED, NUMBER, Line, Proposal, day_in, proposed_number
from qpvdesk.domain.proposing.prose import promised
from qpvdesk.domain.proposing.target import ProposedTarget, unread_in
from qpvdesk.domain.sens import AIMS, Sens, sens_between

_SECTION = re.compile(
    r"^\W*(?:\d+[.)]\s*)?ENGAGEMENTS?\s*(?:[:–-]|DE LA|DU|DE L[’']|DE|D[’'])\s*(?P<name>.+)$", re.IGNORECASE
)
_HEADING = re.compile(r"^\W*(?:\d+|[IVX]+)[.)]\s+[^a-zà-ÿ]{3,}$")
"""Another chapter: what it says is no longer of the partner of the chapter before."""
_CAPITALS = re.compile(r"^\W*ENGAGEMENTS? (?P<name>[^a-z]+)$")
_OF_CONTRACT = re.compile(r"\s*(?:relatifs? au|dans le cadre du|pour le) contrat de ville\W*$", re.IGNORECASE)
_FILE = re.compile(
    r"^(?:Fiche[- ]action|Fiche|Action|Engagement|Mesure)\s*(?:n°\s*)?(?P<code>[A-Z0-9]+(?:[-.][A-Z0-9]+)*)\s*[.:–-]\s*"
    r"(?P<label>.+?)\.?$"
)
_FILE_ALONE = re.compile(
    r"^(?:Fiche[- ]action|Fiche|Action|Engagement|Mesure)\s*(?:n°\s*)?(?P<code>[A-Z0-9]+(?:[-.][A-Z0-9]+)*)\s*$"
)
_ABOUT = re.compile(r"\b(Thématique|Pilote|Copilote|Moyens)\s?: ([^.]+)")
_INFINITIVE = re.compile(r"^(?:S[’'])?[A-ZÀ-Ý][a-zà-ÿ]+(?:er|ir|oir|re)\b(?! [:;])")
_INDICATOR = re.compile(
    r"^(?:Indicateur|Objectif chiffré|Cible)\s*(?:n°\s*\d+\s*)?: (?P<label>[^;]+?)"
    r"(?:\.| ;|$|(?= (?:Valeur|Cible)\b[^:]*: ))(?P<rest>.*)$"
)
_FREQUENCY = re.compile(r"Suivi\s?: ([^.]+)")
_BY_YEAR = re.compile(r"^Objectifs? (?P<year>20\d\d)\s?:\s*(?P<rest>.+)$")
_FIGURE = re.compile(
    rf"(?:(?P<before>[^\W\d][\w’' ]*?)\s)?(?P<value>{NUMBER})\s(?P<words>[^\d]+?)(?=\s(?:et\s)?\d|$)"
)
_CUE = re.compile(
    r"\b100 %|\b(?:budget|moyens portés|nouveaux fonds|objectif|ambition|d[’']ici|à terme|en \d+ ans|sur \d+ ans"
    r"|à hauteur|couvrir|porte[rz]? à)\b",
    re.IGNORECASE,
)
_PROMISED = re.compile(
    r"\b[A-ZÀ-Ý]?[a-zà-ÿ]+(?:er|ir|re|oir)\b(?: [a-zà-ÿ]+){0,3}? (?:(?:au moins|plus de|près de|jusqu[’']à|à|dans) )?"
    rf"(?P<value>{NUMBER}) (?P<words>%|M€|k€|€|[^\W\d][^,.;:()]*)"
)
_DONE = re.compile(r"\b(?:a|ont|avait|avaient) (?:été |permis|pu )|\b[Ee]n 20[012]\d, ")
"""What was done already, or was so in a year that is over, promises nothing."""
_NAMED_ACT = re.compile(
    r"\b(?:mise en place|création|ouverture|recrutement|déploiement|construction|plantation) (?:de|des|d[’']) ?"
    rf"(?P<value>{NUMBER}) (?P<words>[^\W\d][^,.;:()]*)",
    re.IGNORECASE,
)
_ALL_OF = re.compile(r"\bdans (?P<value>100) % des (?P<words>[^,.;:()]+)")
_SHIFT = re.compile(
    rf"\bde (?!20\d\d\b)(?P<start>{NUMBER}) (?:%\s)?à (?P<value>{NUMBER}) (?P<words>%|[^\W\d][^,.;:()]*)"
)
_TIMES = re.compile(r"\b(?P<word>doubler|tripler|quadrupler)\b(?P<rest>[^.;]*)", re.IGNORECASE)
_MULTIPLES = {"doubler": 2, "tripler": 3, "quadrupler": 4}
_DURATIONS = ("an", "ans", "année", "années", "mois")
"""What a delay is told in: « en 5 ans » promises a day, not five of something."""


NO_TARGET = (
    "Un départ est dit, sans cible\u202f: est-ce une parité, un simple suivi, ou une cible oubliée\u202f?"
)
_NATURES = {fold(label): nature.value for nature, label in NATURE_LABELS.items()}


class Reader:
    """What was read so far: whose section it is, which engagement comes before, what was said of it."""

    def __init__(self, places: PlaceNames) -> None:
        self._places = places
        self.partner = ""
        self.partners: dict[str, None] = {}
        """All whose section was read, in order."""
        self.chapter = self.section = ""
        """The title of the chapter, and what its lines stand under: a fiche, else the chapter."""
        self._begin("", "")

    def _begin(self, engagement: str, label: str) -> None:
        """Of an engagement without a code, its label is the name."""
        self.engagement, self._promised, self._numbered = engagement, label, False
        self._pilot = self._awaited = ""
        self._its_places: list[str] = []
        self._compared = ""

    def of(self, line: Line) -> Iterator[Proposal]:
        if found := _CAPITALS.match(line.bare) or _SECTION.match(line.bare):
            name = _SECTION.sub(r"\g<name>", line.bare) if _SECTION.match(line.bare) else found["name"]
            self.partner = _OF_CONTRACT.sub("", name).strip(" .*")
            self.partners[self.partner] = None
            self._begin("", "")
            self.chapter = self.section = line.bare
            return
        if _HEADING.match(line.bare):
            self.partner = ""
            self._begin("", "")
            self.chapter = self.section = line.bare
        field, words = field_in(line.bare)
        if field == LABEL:
            # The number of a fiche stands above its title; a bare one begins again with each partner.
            code = self._awaited if not self._awaited.isdigit() else ""
            section = self.section
            self._begin(code or words.rstrip("."), words.rstrip("."))
            self._numbered, self.section = True, section
            yield self._engagement(line, words.rstrip("."), "l’intitulé d’une fiche", code=code)
        elif field == BUDGET:
            yield from budget_of(line, words, self.partner or self._pilot, self._promised)
        elif found := _FILE_ALONE.match(line.bare):
            self._begin("", "")
            self._awaited, self.section = found["code"], line.bare
        elif found := _FILE.match(line.bare):
            self.section = line.bare[: found.start("label")].strip()
            self._begin(found["code"], found["label"])
            self._numbered = True
            yield self._engagement(line, found["label"], "une fiche numérotée", code=found["code"])
        elif found := _INDICATOR.match(line.bare):
            yield self._indicator(line, found["label"].strip(), found["rest"])
        elif found := _BY_YEAR.match(line.bare):
            yield from self._by_year(line, found["year"], found["rest"])
        elif field != PLACES and not _ABOUT.match(line.bare):
            if line.listed and _INFINITIVE.match(line.bare):
                label = line.bare.rstrip(" ;.")
                if not self._numbered:
                    self._begin(label, label)
                yield self._engagement(line, label, "une puce qui commence par un verbe")
            yield from self._sentences(line)

    def about(self, line: Line) -> dict[str, str]:
        """What a line says of the engagement before it: its thématique, its nature, its places, who pilots it and who is
        beside."""
        names = {"Thématique": "theme", "Pilote": "partner", "Copilote": "copilots"}
        if not _ABOUT.match(line.bare) and field_in(line.bare)[0] != PLACES:
            return {}
        about = dict(_ABOUT.findall(line.bare))
        found = {names[name]: words.strip() for name, words in about.items() if name in names}
        self._pilot = found.get("partner", self._pilot)
        if nature := _NATURES.get(fold(about.get("Moyens", "")).strip()):
            found["nature"] = nature
        if places := places_in(line.bare):
            self._its_places = places
            found["territories"] = "\n".join(places)
        return found

    def _engagement(self, line: Line, label: str, reason: str, *, code: str = "") -> Proposal:
        values = {"partner": self.partner, "code": code, "label": label}
        return Proposal("engagement", values, line.text, line.page, f"Engagement\u202f: {reason}.")

    def _indicator(self, line: Line, label: str, rest: str) -> Proposal:
        start, target, doubt = figures_of(label, rest)
        values = {"label": label}
        if frequency := _FREQUENCY.search(rest):
            values["frequency"] = frequency[1].strip()
        nothing = Figure(None)
        begun, aimed = start or nothing, target or nothing
        unit = aimed.unit or begun.unit or unit_told(label)
        if aimed.sens is not None and AIMS[aimed.sens].way and unit.startswith("%"):
            # Of a share, « −20 % » may be points.
            doubt, aimed = unsure(f"cible {aimed.words}"), nothing
        asked = ProposedTarget(
            aimed.value,
            aimed.date,
            unit,
            start=begun.value,
            since=begun.date,
            doubt=doubt,
            counted=aimed.counted,
            written={"target_value": aimed.words, "target_date": aimed.day, "start_date": begun.day},
            sens=aimed.sens,
        )
        return self._objective(line, values, asked, "un indicateur, avec ce qui l’accompagne")

    def _by_year(self, line: Line, year: str, rest: str) -> Iterator[Proposal]:
        if unread_in(rest):
            asked = ProposedTarget(None, date(int(year), 12, 31), doubt=unsure(rest))
            yield self._objective(line, {"label": rest}, asked, f"un chiffre après « Objectif {year} »")
            return
        for found in _FIGURE.finditer(rest):
            words = found["words"].strip(" .")
            label = " ".join(filter(None, (found["before"], words))).removeprefix("et ")
            asked = ProposedTarget(
                proposed_number(found["value"]), date(int(year), 12, 31), noun_or_sign(words)
            )
            yield self._objective(line, {"label": label}, asked, f"un chiffre après « Objectif {year} »")

    def _sentences(self, line: Line) -> Iterator[Proposal]:
        for sentence in re.split(r"(?<=[.;!?])\s", line.bare):
            due = day_in(sentence)
            if FIGURED.search(sentence) and (found := _NAMED_ACT.search(sentence)):
                asked = ProposedTarget(proposed_number(found["value"]), due, noun_or_sign(found["words"]))
                label = found[0].strip()
                if several := unread_in(sentence):
                    asked, label = ProposedTarget(None, due, doubt=unsure(several)), sentence.strip()
                yield self._objective(line, {"label": label}, asked, "un acte nommé et son nombre")
                continue
            yield from means_in(line, sentence, self.partner, list(self.partners))
            yield from reserves_in(line, sentence, self.partner, self.engagement)
            if _DONE.search(sentence):
                continue
            told = (
                [(asked, sentence.strip(), reason) for asked, reason in _asked_in(sentence, due)]
                if _CUE.search(sentence)
                else []
            )
            for asked, label, reason in told or promised(sentence):
                yield self._objective(line, {"label": label}, asked, reason)

    def _objective(self, line: Line, values: dict[str, str], asked: ProposedTarget, reason: str) -> Proposal:
        start, since, target, due = asked.start, asked.since, asked.target, asked.due
        label = values["label"]
        ruled = asked.written.get("target_value")
        sens = None if asked.doubt else asked.sens if ruled else self._sens(asked, label)
        # What no word says the sense of goes nowhere yet.
        aim = AIMS[sens or Sens.PLANCHER]
        mesure = mesure_of(
            f"{label} {asked.counted or asked.unit}",
            self._promised,
            from_nothing=start == 0 and aim.way > 0,
            yes_or_no=aim.yes_or_no,
        )
        told = {
            "partner": self.partner or self._pilot, "engagement": self.engagement, "sens": sens.value if sens else "",
            "unit": asked.unit,
            "start_value": "" if start is None else format_number(start), "start_date": format_date(since) if since else "",
            "target_value": "" if target is None else format_number(target), "target_date": format_date(due) if due else "",
            "mesure": mesure.value if mesure else "", "territory": self._place(label),
            "reference": self._compared if aim.compared else "",
        }  # fmt: skip
        doubt = ""
        if since and due and due <= since:
            doubt = f"L’échéance ({format_date(due)}) précède la date de départ ({format_date(since)})."
        if asked.doubt:
            doubt = asked.doubt
        elif sens is None and not ruled:
            doubt = NO_TARGET
        if not aim.promised:
            self._compared = label
        told = {**asked.written, **values, **{name: text for name, text in told.items() if text}}
        kept = {name: text for name, text in told.items() if text}
        return Proposal("objective", kept, line.text, line.page, f"Objectif\u202f: {reason}.", doubt)

    def _place(self, label: str) -> str:
        """The one place that an objective names, else that of its engagement; empty where there are several, or none."""
        named = self._places.among(label) or self._its_places
        return named[0] if len(named) == 1 else ""

    def _sens(self, asked: ProposedTarget, label: str) -> Sens | None:
        """Which way an objective is to go; None where a start is said, and nothing that it is held against."""
        start, target = asked.start, asked.target
        if target is None:
            if start is None:
                return Sens.SUIVI
            return Sens.PARITE if self._compared and "parite" in fold(f"{self._promised} {label}") else None
        if start is None:
            return Sens.JALON if target == 1 and not asked.unit else Sens.HAUSSE
        return sens_between(start, target) or Sens.PLANCHER


def _asked_in(sentence: str, due: date | None) -> Iterator[tuple[ProposedTarget, str]]:
    """Yield what a sentence that speaks of an aim asks, and the rule that tells."""
    if found := _TIMES.search(sentence):
        for times in (
            Decimal(_MULTIPLES[found["word"].lower()]),
            *map(Decimal, re.findall(r"\(x ?(\d)\b", sentence)),
        ):
            yield ProposedTarget(times, due, "fois le départ"), "« doubler » ou plus"
    if (found := _SHIFT.search(sentence)) and noun_or_sign(found["words"]) not in _DURATIONS:
        asked = ProposedTarget(
            proposed_number(found["value"]),
            due,
            noun_or_sign(found["words"]),
            start=proposed_number(found["start"]),
        )
        yield asked, "« de x à y »"
    elif _ALL_OF.search(sentence):
        yield ProposedTarget(Decimal(100), due, "%"), "« dans 100 % des… »"
    elif several := unread_in(sentence):
        yield ProposedTarget(None, due, doubt=unsure(several)), "un terme et des chiffres"
    elif (found := _PROMISED.search(sentence)) and noun_or_sign(found["words"]) not in _DURATIONS:
        yield (
            ProposedTarget(proposed_number(found["value"]), due, noun_or_sign(found["words"])),
            "un verbe, un chiffre et un terme",
        )


def promises(lines: Sequence[Line], places: PlaceNames) -> list[Proposal]:
    """Return what a text promises, in its order; what follows an engagement completes it."""
    reader, found = Reader(places), list[Proposal]()
    for line in lines:
        if (more := reader.about(line)) and found and found[-1].kind == "engagement":
            last = found[-1]
            values = {
                **last.values,
                **{
                    name: text
                    for name, text in more.items()
                    if name != "partner" or not last.values["partner"]
                },
            }
            found[-1] = replace(last, values=values)
        found += (
            replace(item, section=reader.chapter if item.kind == "engagement" else reader.section)
            for item in reader.of(line)
        )
    return list(declined(found))
