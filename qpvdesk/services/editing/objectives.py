"""What the form of an objective means beyond its fields: milestones, places it is declined on, how they add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.how_far import between_words
from qpvdesk.domain.impossible_dates import undated, unmarked
from qpvdesk.domain.kinds import Typed
from qpvdesk.domain.model import Aggregation, Breakdown, Dossier, Milestone, Objective, Role
from qpvdesk.domain.sens import AIMS, Sens, sens_between
from qpvdesk.domain.target_rules import reckoned_words, rule_of, settled, written
from qpvdesk.domain.targets import NOT_COUNTED, Course, course_of, is_bound_from_now, yearly
from qpvdesk.services.editing.draft import FormDraft, FormReader
from qpvdesk.storage.keys import new_key

_WITH_A_WAY = frozenset(word for word, aim in AIMS.items() if aim.way)


def complete(reader: FormReader, draft: FormDraft, old: Objective | None) -> None:
    """Add what belongs to an objective, and say what cannot be."""
    objective: Objective = draft.main
    if objective.is_context:
        objective = as_context(objective)
    objective = _settled(reader.dossier, objective, old)
    children = _declined(reader, objective, draft)
    draft.put += [replace(item, role=objective.role) for item in children if item.role is not objective.role]
    if children:
        aggregation = objective.aggregation
        if aggregation is Aggregation.AUCUN:
            aggregation = Aggregation.SOMME
        objective = replace(objective, aggregation=aggregation)
    elif old is not None and any(item.parent == old.key for item in reader.dossier.objectives):
        # Its places are all retired: they may come back.
        objective = replace(objective, aggregation=old.aggregation)
    draft.main = objective
    _milestones(reader, objective, draft)
    _breakdowns(reader, objective, draft)


def sens_typed(typed: Typed) -> str:
    """Return which way an objective is to go, from the start and the target as typed; empty where they do not tell."""
    unit, words = typed.get("unit", ""), typed.get("target_value", "")
    try:
        start = french.parse_number(typed.get("start_value", ""), unit)
        told = written(words, unit, "")
        rule = rule_of(told.get("target_text", "")) if told is not None else None
        if rule is not None and rule.part is not None:
            target = start + start * rule.part.numerator / rule.part.denominator
        else:
            target = french.parse_number(words, unit)
    except UserError:
        return ""
    return sens_between(start, target) or ""


def as_written(typed: Typed, faults: dict[str, str]) -> Typed:
    """Put a target that is written as people write it (« −20 % », « entre 20 et 22 ») into the fields that it is; a start
    that the document itself dates after its end, marked « (sic) », into a note."""
    if marked := unmarked(typed):
        typed = {**typed, **marked, **undated({**typed, **marked})}
    try:
        fields = written(typed.get("target_value", ""), typed.get("unit", ""), typed.get("sens", ""))
    except UserError as error:
        faults["target_value"] = str(error)
        fields = {"target_value": ""}
    typed = typed if fields is None else {**typed, **fields}
    return typed if typed.get("target_value") else {**typed, "target_value": whole_of(typed)}


def whole_of(typed: Typed) -> str:
    """Return the target of the whole where each place has its own: their sum; empty where none is known for sure."""
    unit, sens = typed.get("unit", ""), typed.get("sens", "")
    lines = [line for line in typed.get("declined", "").splitlines() if line.strip()]
    summed = typed.get("aggregation", "") in {"", Aggregation.AUCUN, Aggregation.SOMME}
    if not (lines and summed and sens in _WITH_A_WAY) or typed.get("target_text") or unit.startswith("%"):
        return ""
    try:
        targets = [french.parse_number(line.partition("\t")[2], unit) for line in lines]
    except (UserError, ValueError):
        return ""
    return french.format_number(sum(targets, Decimal(0)))


def _settled(dossier: Dossier, objective: Objective, old: Objective | None) -> Objective:
    """Reckon a target from its text; again, where nobody changed it and what it is reckoned from was changed."""
    kept = old is not None and old.target_value == objective.target_value and not _same_base(old, objective)
    if kept and rule_of(objective.target_text) is not None:
        objective = replace(objective, target_value=None)
    return settled(objective, dossier.populations)


def _same_base(old: Objective, new: Objective) -> bool:
    return (old.target_text, old.start_value, old.territory) == (
        new.target_text,
        new.start_value,
        new.territory,
    )


def as_context(objective: Objective) -> Objective:
    """Return an objective as a figure of context: it has a value and no more, whatever was asked of it."""
    return replace(
        objective,
        role=Role.CONTEXTE,
        sens=Sens.SUIVI,
        start_value=None,
        start_date=None,
        start_unit="",
        target_value=None,
        target_max=None,
        target_text="",
        target_date=None,
        reference=None,
    )


def _declined(reader: FormReader, parent: Objective, draft: FormDraft) -> list[Objective]:
    """The objectives of the places chosen; those that exist are kept as they are, none is removed here."""
    places = {item.key: item for item in reader.dossier.territories}
    present = {item.territory: item for item in reader.dossier.objectives if item.parent == parent.key}
    targets = _targets(reader, parent)
    wanted = list(targets)
    gone = [item for place, item in present.items() if place not in wanted and not item.retired]
    draft.put += [replace(item, retired=True) for item in gone]
    kept = [
        _aimed(replace(present[place], retired=False), targets[place], parent)
        for place in wanted
        if place in present
    ]
    draft.put += [item for item in kept if item != present[item.territory]]
    new = [
        _aimed(
            replace(
                parent,
                key=new_key(),
                code=f"{parent.code}-{places[place].code}",
                label=f"{parent.label}, {places[place].name}",
                territory=place,
                start_value=None,
                start_unit="",
                target_value=None,
                target_max=None,
                target_text="",
                sens=Sens.SUIVI,
                parent=parent.key,
                aggregation=Aggregation.AUCUN,
            ),
            targets[place],
            parent,
        )
        for place in wanted
        if place not in present
    ]
    draft.put += new
    return kept + new


def _targets(reader: FormReader, parent: Objective) -> dict[str, Decimal | None]:
    """The places on which an objective is declined, each with its own target, None where it has none."""
    lines = [line.partition("\t")[::2] for line in reader.lines("declined")]
    keys = reader.keys_among("declined", "territory", [place.strip() for place, _ in lines])
    return {
        key: reader.number_of("declined", target, parent.unit) if target.strip() else None
        for key, (_, target) in zip(keys, lines, strict=False)
    }


def _aimed(child: Objective, target: Decimal | None, parent: Objective) -> Objective:
    """Return the objective of a place with its own target, of the kind of the one that it declines."""
    if target is None or target == child.target_value:
        return child
    start = Decimal(0) if parent.start_value == 0 else child.start_value
    return replace(
        child, sens=parent.sens, target_value=target, start_value=start, target_date=parent.target_date
    )


def _milestones(reader: FormReader, objective: Objective, draft: FormDraft) -> None:
    present = {item.day: item for item in reader.dossier.milestones if item.objective == objective.key}
    wanted: dict[date, Decimal] = {}
    for line in reader.lines("milestones") if objective.aim.has_way else ():
        first, _, rest = line.replace(":", " ").strip().partition(" ")
        day = reader.day_of("milestones", first)
        value = reader.number_of("milestones", rest.strip(), objective.unit)
        if value is None or day is None:
            continue
        if day in wanted:
            reader.fault("milestones", f"Deux jalons portent la même date, {french.format_date(day)}.")
        wanted[day] = value
    draft.put += [
        replace(present[day], value=value)
        if day in present
        else Milestone(new_key(), objective.key, day, value)
        for day, value in wanted.items()
    ]
    draft.removed += [item for day, item in present.items() if day not in wanted]


def _breakdowns(reader: FormReader, objective: Objective, draft: FormDraft) -> None:
    """Keep what is counted by category, a line each: the day, the list where there is one, the category, the value."""
    present = [item for item in reader.dossier.breakdowns if item.objective == objective.key]
    known = {(item.day, item.list_name, item.category): item for item in present}
    kept = set()
    for line in reader.lines("breakdowns"):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) not in (3, 4):
            reader.fault(
                "breakdowns", f"«\u202f{line[:40]}\u202f»\u202f: la date, la liste, la catégorie, la valeur."
            )
            continue
        day, value = (
            reader.day_of("breakdowns", parts[0]),
            reader.number_of("breakdowns", parts[-1], objective.unit),
        )
        if day is None or value is None:
            continue
        place = (day, parts[1] if len(parts) == 4 else "", parts[-2])
        kept.add(place)
        draft.put.append(
            replace(known[place], value=value)
            if place in known
            else Breakdown(new_key(), objective.key, day, place[2], value=value, list_name=place[1])
        )
    draft.removed += [item for place, item in known.items() if place not in kept]


def shown(dossier: Dossier, objective: Objective) -> dict[str, str]:
    """Return what belongs to an objective as its form shows it."""
    return {
        "milestones": "\n".join(
            f"{french.format_date(item.day)} {french.format_number(item.value)}"
            for item in dossier.milestones
            if item.objective == objective.key
        ),
        "breakdowns": "\n".join(
            " ; ".join(
                filter(
                    None,
                    (
                        french.format_date(item.day),
                        item.list_name,
                        item.category,
                        french.format_number(item.value),
                    ),
                )
            )
            for item in dossier.breakdowns
            if item.objective == objective.key
        ),
        "declined": "\n".join(
            "\t".join(
                filter(
                    None,
                    (
                        item.territory,
                        "" if item.target_value is None else french.format_number(item.target_value),
                    ),
                )
            )
            for item in dossier.objectives
            if item.parent == objective.key and not item.retired
        ),
    }


def asked_of(objective: Objective, dossier: Dossier) -> str:
    """Say in one sentence what an objective asks for, and who is counted where a target follows from inhabitants; empty
    where its target is missing."""
    asked = _asked(objective)
    how = reckoned_words(objective, dossier)
    return f"{asked.removesuffix('.')} ({how})." if asked and how else asked


def _asked(objective: Objective) -> str:
    start, target, unit = objective.start_value, objective.target_value, objective.unit
    by = f" d’ici le {french.format_date(objective.target_date)}" if objective.target_date else ""
    aim = objective.aim
    if target is None and aim.has_target and not aim.yes_or_no:
        return ""
    if aim.between:
        return aim.asks.format(target=between_words(objective).replace(" à ", " et ", 1), by=by)
    if aim.is_one_bound:
        return _bound_asked(objective, by)
    if aim.asks or target is None:
        return aim.asks.format(target=french.format_value(target, unit) + yearly(objective), by=by)
    if start is None:
        wanted = french.format_value(target, unit) + yearly(objective)
        return f"Atteindre {wanted}{by}\u202f; sans départ connu, sans trajectoire."
    gap = target - start
    way = "de plus" if gap > 0 else "de moins"
    since = f" au {french.format_date(objective.start_date)}" if objective.start_date else ""
    return (
        f"De {french.format_value(start, unit)}{since} à {french.format_value(target, unit)}{yearly(objective)}{by}\u202f: "
        f"{french.format_value(abs(gap), 'points' if unit.startswith('%') else unit)} {way}."
    )


def _bound_asked(objective: Objective, by: str) -> str:
    """What a floor or a ceiling asks: a way until its date and a bound after it, or a bound from now on."""
    bound = french.format_value(objective.target_value, objective.unit) + yearly(objective)
    if course_of(objective) is Course.BOUND:
        sentence = objective.aim.asks.format(target=bound, by="")
        return (
            f"{sentence.removesuffix('.')}, dès maintenant\u202f: {NOT_COUNTED}."
            if is_bound_from_now(objective)
            else sentence
        )
    sentence = objective.aim.asks.format(target=bound, by=by).removesuffix(".")
    start = french.format_value(objective.start_value or 0, objective.unit)
    since = f" au {french.format_date(objective.start_date)}" if objective.start_date else ""
    return f"{sentence}, en partant de {start}{since}\u202f; à tenir ensuite."
