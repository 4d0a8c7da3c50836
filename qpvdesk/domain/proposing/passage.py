"""What an objective says that somebody fills in a line of a table for: a sentence of the contract copied into its label, and
what a blank cell follows from."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import fold, parse_number
from qpvdesk.domain.model import Frequency
from qpvdesk.domain.proposing.figures import noun_or_sign
from qpvdesk.domain.proposing.places import PlaceNames
from qpvdesk.domain.proposing.promises import NO_TARGET, promises
from qpvdesk.domain.proposing.proposal import NUMBER, lines_of, proposed_number
from qpvdesk.domain.proposing.prose import is_shift
from qpvdesk.domain.sens import AIMS, Sens, sens_between
from qpvdesk.domain.target_rules import rule_of, rule_typed

_FOLLOWED = re.compile(r"\. Suivi\s?: ")
_COUNTED = re.compile(rf"(?<![\w,.])(?P<value>{NUMBER}) (?P<words>%|[^\W\d][\w’'-]*)")
_TWO_BOUNDS = re.compile(r"entre\b.*\bet\b.*|de\b.*\ba\b.*")
_UNREAD = "Les chiffres de cette phrase ne se lisent pas sûrement."
OF_A_PASSAGE = ("start_value", "start_date", "target_value", "target_date", "unit", "frequency", "sens")
"""The fields of an objective that a passage of the contract says."""

_OF_NO_TARGET = ("label", "start_value", "start_date", "unit", "frequency")


class Beside(Struct, frozen=True):
    """What the passage that a label is says beside the cells of its line that somebody filled."""

    taken: Mapping[str, str] = {}
    """What its blank cells are filled with, by field; its name in the place of the passage, and how its figure counts."""
    faults: Mapping[str, str] = {}
    """What a cell says that cannot stand beside the passage, by field."""
    doubts: Mapping[str, str] = {}
    """Of the fields whose cells say something else than the passage, what is told: the cells are taken."""
    unread: str = ""
    """What is told where its figures are not read for sure, nothing is taken of it and no cell says the target."""


def beside(label: str, told: Mapping[str, str]) -> Beside:
    """Read a passage beside what the other cells of its line say, by field: each blank one is filled from it by itself.

    `told`: the sense by its word, numbers and dates as typed.
    """
    told = {name: text for name, text in told.items() if text}
    values, unread = passage_in(label)
    if sum(bool(passage_in(line)[0]) for line in label.splitlines()) > 1:
        return Beside(unread="Cette case dit plusieurs objectifs\u202f: donnez une ligne à chacun.")
    if not values:
        # « Passer de 12 à 60 places » is no name: with no target and no sense it would be followed without either.
        asked = (unread or ("sens" not in told and _promises(label))) and not {
            "target_value",
            "target_text",
        }.intersection(told)
        why = unread.removeprefix("À préciser\u202f: ") or _UNREAD
        remedy = f"{why} Gardez de la phrase le nom, et remplissez les cases."
        return Beside(doubts=_other_figure(label, told), unread=remedy if asked else "")
    kept, faults = {*OF_A_PASSAGE, "mesure"} - {"sens"}, {}
    promised = "target_value" in values
    if promised and told.get("sens") in AIMS and not AIMS[Sens(told["sens"])].has_target:
        faults["sens"] = (
            "La phrase du libellé dit une cible\u202f: changez de sens, ou gardez d’elle le nom seul."
        )
        # Which figures it keeps depends on the answer.
        kept = {"unit", "frequency", "mesure"}
    taken = {name: text for name, text in values.items() if name in kept and name not in told}
    unit, own = told.get("unit", ""), values.get("unit", "")
    if unit and own and {"start_value", "target_value"}.intersection(taken) and not _is_same(unit, own):
        faults["unit"] = (
            f"La phrase du libellé compte en «\u202f{own}\u202f»\u202f: reprenez cette unité, ou gardez d’elle le nom seul"
            " et remplissez les cases."
        )
    doubts = {
        name: f"la phrase du libellé dit «\u202f{values[name]}\u202f»\u202f; c’est la case qui est retenue."
        for name in OF_A_PASSAGE
        if name not in ("unit", "sens")
        and name in told
        and name in values
        and _differs(name, told[name], values[name], unit or own)
    }
    return Beside({**taken, "label": values["label"]}, faults, doubts)


def _promises(label: str) -> bool:
    """Whether a label is a plain sentence that promises a figure."""
    return is_shift(label) or any(
        item.kind == "objective" for item in promises(list(lines_of([label])), PlaceNames(()))
    )


def _other_figure(label: str, told: Mapping[str, str]) -> dict[str, str]:
    """What is told of a label that counts in the unit of its objective, and neither its start nor its target."""
    unit, doubts = told.get("unit", ""), dict[str, str]()
    try:
        known = {parse_number(told[name], unit) for name in ("start_value", "target_value") if told.get(name)}
    except UserError:
        return doubts
    found = [item for item in _COUNTED.finditer(label) if unit and _is_same(unit, item["words"])]
    if (
        "target_value" in told
        and found
        and not any(proposed_number(item["value"]) in known for item in found)
    ):
        doubts["target_value"] = (
            f"le libellé dit «\u202f{found[0][0]}\u202f»\u202f; c’est la case qui est retenue."
        )
    return doubts


def _is_same(unit: str, own: str) -> bool:
    """Whether a unit is the one that a passage counts in: « places de crèche » for « places »."""
    noun, own_noun = (fold(noun_or_sign(words)) for words in (unit, own))
    return noun == own_noun or (
        min(len(noun), len(own_noun)) > 3 and noun.rstrip("sx") == own_noun.rstrip("sx")
    )


def _differs(name: str, typed: str, own: str, unit: str) -> bool:
    """Whether a cell says something else than the passage; what is not understood is refused elsewhere."""
    if name == "frequency":
        return own in set(Frequency) and fold(typed) != own
    try:
        if name.endswith("_date"):
            return periods.end_of(typed) != periods.end_of(own)
        if (rule := rule_of(own)) is not None or rule_of(typed) is not None:
            return rule != rule_of(typed)
        return parse_number(typed, unit) != parse_number(own, unit)
    except UserError:
        return False


def name_in(words: str) -> str:
    """Return the name of the objective that a sentence of the contract is about, else the words."""
    return passage_in(words)[0].get("label", words)


def passage_in(label: str) -> tuple[Mapping[str, str], str]:
    """Read « Places ; valeur de départ 12 (31/12/2023) ; cible 60 places au 31/12/2028. Suivi : annuelle. ».

    Return the fields that it says, none where it is no such sentence or not read for sure, and what is told of the latter.
    """
    words = label.strip().removeprefix("Indicateur").lstrip(" :\u00a0\u202f")
    found = [
        item
        for item in promises(list(lines_of([f"Indicateur : {words}"])), PlaceNames(()))
        if item.kind == "objective"
    ]
    if len(found) != 1 or not (";" in words or _FOLLOWED.search(words)):
        return {}, ""
    values = found[0].values
    if found[0].doubt == NO_TARGET:
        return {name: text for name, text in values.items() if name in _OF_NO_TARGET}, ""
    if found[0].doubt and "sens" not in values:
        return {}, found[0].doubt
    if "target_value" in values:
        return values, ""
    # A name, and how often it is followed.
    named = {name: values[name] for name in ("label", "frequency") if name in values}
    return (named if "frequency" in named and _FOLLOWED.search(words) else {}), ""


def sens_told(
    target: str, start: Decimal | None, end: Decimal | None, *, unit: str, others: Collection[str]
) -> Sens | None:
    """Which way an objective goes: from its start to its target, « Suivi » with neither figure nor reference, « À réaliser »
    for 1 of nothing; None where that does not tell.

    `target`: as typed; `others`: the fields that something is typed in.
    """
    if not target:
        if "target_text" not in others and "reference" in others:
            return Sens.PARITE
        return (
            None
            if {"start_value", "target_text", "target_date", "reference", "target_max"}.intersection(others)
            else Sens.SUIVI
        )
    rule = rule_typed(target, unit)
    if not unit and target == "1" and "start_value" not in others:
        # Whatever else is promised is counted in something.
        return Sens.JALON
    if rule is not None and rule.part is not None:
        return Sens.HAUSSE if rule.part > 0 else Sens.BAISSE if rule.part < 0 else None
    if "target_max" in others or _TWO_BOUNDS.fullmatch(" ".join(fold(target).split())):
        return Sens.INTERVALLE
    return None if start is None or end is None else sens_between(start, end)
