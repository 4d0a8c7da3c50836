"""Rules on what was entered: what no road would let in today, in a base that was filled before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.coherence.structure import about
from qpvdesk.domain.faults import Fault, Known, doubtful_numbers, faults, refusal, waiting_codes
from qpvdesk.domain.faults.doubts import Doubts
from qpvdesk.domain.french import enumerate_words, format_date, format_number, format_value, unit_of
from qpvdesk.domain.kinds import BY_ENTITY, BY_NAME
from qpvdesk.domain.model import Aggregation, Measurement
from qpvdesk.domain.points import Finding
from qpvdesk.domain.themes import namesakes
from qpvdesk.domain.wording import quoted

_OWNERS = ("objective", "statement", "territory", "engagement", "funding", "partner")
"""What a thing without a code is said to be of, the nearest first; else what its kind belongs to, else the contract."""


def impossible(checked: Checked) -> Iterator[Finding]:
    """What form, file and package refuse."""
    things: dict[tuple[str, str], Any] = {
        ("contract", checked.dossier.contract.key): checked.dossier.contract
    }
    for fault in (*faults(checked.dossier), *doubtful_numbers(checked.dossier)):
        if not things.keys() & {(fault.kind, fault.key)}:
            things |= {
                (fault.kind, item.key): item for item in getattr(checked.dossier, BY_NAME[fault.kind].dossier)
            }
        thing = things[fault.kind, fault.key]
        owner = thing if hasattr(thing, "code") else _owner(checked, thing)
        if getattr(owner, "retired", False) or fault.field == "formula":
            # The rule of formulas says itself which one it cannot reckon.
            continue
        yield Finding(
            owner.code,
            getattr(owner, "partner", None),
            f"{_called(fault, thing, owner)} : {fault.words}.",
            fault.remedy or "Corrigez ce champ : aucune saisie ne l’admettrait aujourd’hui.",
            getattr(thing, "citation", None) or getattr(owner, "citation", None),
            ":".join((fault.field, *([] if thing is owner else [_detail(thing)]))),
        )


def double_themes(checked: Checked) -> Iterator[Finding]:
    """Thématiques of one name: what is promised is then counted under two of them."""
    for first, *others in namesakes(checked.dossier):
        codes = enumerate_words([item.code for item in (first, *others)])
        yield Finding(
            first.code,
            None,
            f"{'Deux' if len(others) == 1 else len(others) + 1} thématiques ont le même nom, {quoted(first.name)}\u202f:"
            f" {codes}.",
            "Supprimez l’une d’elles\u202f: ce qui la porte ira à l’autre."
            if len(others) == 1
            else "Supprimez-les une à une, sauf celle à garder\u202f: ce qui les porte lui reviendra.",
            detail=others[0].code,
        )


def no_official_code(checked: Checked) -> Iterator[Finding]:
    """The places of which the document does not give the code, and nobody did since."""
    for fault in waiting_codes(checked.dossier):
        place = next(item for item in checked.dossier.territories if item.key == fault.key)
        yield Finding(place.code, None, f"{fault.words}.", fault.remedy)


def _owner(checked: Checked, thing: Any) -> Any:
    kind = BY_ENTITY[type(thing)]
    owned = [] if kind.owner is None else [(kind.owner, kind.by_name[kind.owner].ref or "")]
    for field, name in (*((name, name) for name in _OWNERS), *owned):
        key = getattr(thing, field, None)
        if key is not None:
            return next(item for item in getattr(checked.dossier, BY_NAME[name].dossier) if item.key == key)
    return checked.dossier.contract


def _called(fault: Fault, thing: Any, owner: Any) -> str:
    """Name what is at fault: an objective, or « …, relevé du 31/12/2025 »."""
    name = str(getattr(owner, "label", "") or getattr(owner, "name", ""))
    if thing is owner:
        return name
    day = getattr(thing, "day", None)
    return f"{name}, {BY_NAME[fault.kind].french}{f' du {format_date(day)}' if day else ''}"


def _detail(thing: Any) -> str:
    """Tell two parts of one thing apart, alike on every laptop."""
    day = getattr(thing, "day", None)
    return day.isoformat() if day else str(getattr(thing, "name", "") or thing.key)


def doubtful(checked: Checked) -> Iterator[Finding]:
    """Figures that are possible and unlikely: a point until somebody confirms it."""
    doubts, known = Doubts(checked.dossier), Known(checked.dossier)
    for objective in checked.objectives:
        series = checked.situation.measurements_of(objective.key)
        for measurement, doubt in doubts.lasting_along(objective, series):
            # What cannot be is said as such.
            if not refusal(known, measurement):
                yield about(
                    objective,
                    f"{objective.label}, relevé du {format_date(measurement.day)} : {doubt.sentence}",
                    "Vérifiez cette valeur à sa source, puis corrigez-la, ou prenez ce point en compte.",
                    # Another value of that day is another doubt: what was confirmed was this one.
                    f"{measurement.day.isoformat()}:{doubt.kind}:{measurement.value.normalize():f}",
                )


def two_figures(checked: Checked) -> Iterator[Finding]:
    """Two figures for one objective, territory and day."""
    places = [(item.objective, item.territory, item.day) for item in checked.dossier.measurements]
    if len(set(places)) == len(places):
        return
    by_day: dict[tuple[str, str, date], dict[Decimal, Measurement]] = {}
    for place, measurement in zip(places, checked.dossier.measurements, strict=True):
        by_day.setdefault(place, {})[measurement.value] = measurement
    for (key, _, day), found in by_day.items():
        objective = checked.objective(key)
        if len(found) > 1 and not objective.retired and day <= checked.day:
            figures = enumerate_words([format_value(value, objective.unit) for value in sorted(found)])
            read = unit_of(objective.unit).participle("relevé", len(found))
            yield about(
                objective,
                f"{objective.label} : {figures} sont {read} le même jour ({format_date(day)}).",
                "Corrigez l’un des deux, ou notez-le en contre-valeur avec son motif.",
                day.isoformat(),
            )


def whole_and_parts(checked: Checked) -> Iterator[Finding]:
    """A total that was given, against the parts given for the same day."""
    for whole in checked.objectives:
        if whole.aggregation is not Aggregation.SOMME:
            continue
        parts = [item for item in checked.objectives if item.parent == whole.key]
        if not parts:
            continue
        given = {item.day: item for item in checked.situation.measurements_of(whole.key)}
        values = [
            {item.day: item.value for item in checked.situation.measurements_of(part.key)} for part in parts
        ]
        for day, stated in given.items():
            figures = [value[day] for value in values if day in value]
            if len(figures) == len(parts) and sum(figures) != stated.value:
                added = " + ".join(format_number(value) for value in figures)
                total = format_value(sum(figures), whole.unit)
                announced = unit_of(whole.unit).participle("annoncé", stated.value)
                announced = f"{format_value(stated.value, whole.unit)} {announced} au {format_date(day)}"
                yield about(
                    whole,
                    f"{whole.label} : {announced}, ses déclinaisons font {added} = {total}.",
                    "Demandez au partenaire si une déclinaison manque, ou si le total est d’une autre date.",
                    day.isoformat(),
                )
