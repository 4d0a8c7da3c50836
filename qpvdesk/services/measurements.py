"""Recording a figure: checked, its effect shown before it is saved, one act in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.ages import recording_order
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError, gone, thing_keyed
from qpvdesk.domain.faults import Known, refusal
from qpvdesk.domain.faults.doubts import Doubts
from qpvdesk.domain.how_far import effect_words, figure_words, value_words
from qpvdesk.domain.model import Dossier, Measurement, Objective, Territory
from qpvdesk.domain.named import in_full, spelt_code
from qpvdesk.domain.progress import Assessment, after_value
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.domain.wording import called
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import echoes
from qpvdesk.services.figures.standing import standing
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.unit import Unit


class Entry(Struct, frozen=True, kw_only=True):
    """One figure as the officer gives it: typed in the window, in the grid or in the shell.

    `objective` and `territory` are keys; no territory: the objective's.
    """

    objective: str
    day: date
    value: Decimal
    territory: str | None = None
    source: str = ""
    comment: str = ""
    provisional: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    replacing: str | None = None
    """Key of the measurement that it corrects; None for a new one."""


class Effect(Struct, frozen=True):
    """What an entry would change, shown before it is saved; `warnings` are French sentences."""

    before: Assessment
    after: Assessment
    warnings: tuple[str, ...]
    day: date
    """That of the entry."""

    @property
    def words(self) -> str:
        """What the entry changes, in one sentence; of one older than a figure already there, that the other stays."""
        now = self.after
        if now.value_day is None or now.value_day <= self.day:
            return effect_words(self.before, now)
        later = f"{value_words(now)} {after_value(now)}"
        status = STATUT_LABELS[now.status]
        return f"Un chiffre plus récent ({later}) reste celui du jour, et le statut «\u202f{status}\u202f»."


def write(
    desk: Desk,
    contract: str,
    label: str,
    measurements: Sequence[Measurement],
    *,
    also: Callable[[Unit], None] = lambda _: None,
) -> Change:
    """Write figures into a contract as one act, whichever road they came by: all of them or nothing.

    `also` does the rest of the act. Raises `UserError` at the first that the contract as it is now does not admit.
    """
    dossier = desk.dossier(contract)
    known = Known(dossier, desk.today())
    for measurement in measurements:
        objective = known.objectives.get(measurement.objective)
        try:
            _refuse(known, measurement)
        except UserError as error:
            if objective is None or len(measurements) == 1 or objective.code in error.message:
                raise
            raise UserError(f"{called(objective)}\u202f: {error.message}", error.remedy) from error
    also_in = echoes.of_written(desk, dossier, measurements)
    with desk.act(label + also_in.words) as unit:
        unit.put_all([*measurements, *also_in.figures])
        also(unit)
    return unit.change


def _refuse(known: Known, measurement: Measurement) -> None:
    """Raise `UserError` where a figure cannot be in a contract."""
    objective = known.objectives.get(measurement.objective)
    if objective is None:
        raise gone("Cet objectif")
    if objective.retired:
        raise UserError(
            f"L’objectif {called(objective)} a été retiré du contrat.",
            "Rétablissez-le avant d’y relever une valeur.",
        )
    if fault := refusal(known, measurement):
        raise UserError(fault.sentence, fault.remedy)


def record(desk: Desk, contract: str, entry: Entry) -> Change:
    """Record one figure of a contract, or correct the one that it replaces. Raises `UserError`.

    One that is recorded already is not doubled: the change says so, and holds nothing.
    """
    if entry.replacing is not None:
        return _correct(desk, contract, entry, entry.replacing)
    dossier = desk.dossier(contract)
    measurement = checked(dossier, entry, today=desk.today())
    objective = thing_keyed(dossier.objectives, entry.objective, "Cet objectif")
    value = figure_words(measurement.value, objective)
    doubtful = Doubts(dossier)
    known = doubtful.known(measurement)
    unit = french.unit_of("fait" if objective.aim.yes_or_no else objective.unit)
    read = unit.participle("enregistré" if known else "relevé", measurement.value)
    label = f"{called(objective)}\u202f: {value} {'déjà ' * known}{read} au {french.format_date(entry.day)}"
    if known:
        return Change(label, frozenset())
    return write(desk, contract, label, [standing(measurement, doubtful.last_of_day(measurement))])


def record_all(desk: Desk, contract: str, entries: Sequence[Entry]) -> Change:
    """Record a whole return as one act: all of it or nothing; what is recorded already is told and not doubled.

    Raises `UserError`, naming the objective, at the first entry that cannot be, and where there is none.
    """
    if not entries:
        raise UserError("Aucune valeur n’est saisie.", "Tapez au moins une valeur avant d’enregistrer.")
    dossier = desk.dossier(contract)
    measurements = [
        _measurement(
            dossier, thing_keyed(dossier.objectives, entry.objective, "Cet objectif"), entry, desk.today()
        )
        for entry in entries
    ]
    doubtful = Doubts(dossier)
    new = [standing(item, doubtful.last_of_day(item)) for item in measurements if not doubtful.known(item)]
    label = return_label(dossier, entries)
    if len(new) < len(measurements):
        again = french.plural(len(measurements) - len(new), "déjà enregistrée", "déjà enregistrées")
        label = f"{label}, dont {again}"
    return write(desk, contract, label, new) if new else Change(label, frozenset())


def return_label(dossier: Dossier, entries: Sequence[Entry]) -> str:
    """Say a return in words: « Relevés (France Travail) : 11 valeurs »."""
    asked = {entry.objective for entry in entries}
    keys = {item.partner for item in dossier.objectives if item.key in asked}
    names = [item.short_name for item in dossier.partners if item.key in keys]
    values = french.plural(len(entries), "valeur", "valeurs")
    return f"Relevés ({names[0]})\u202f: {values}" if len(names) == 1 else f"Relevés\u202f: {values}"


def _correct(desk: Desk, contract: str, entry: Entry, key: str) -> Change:
    """Replace a recorded figure; the journal keeps what it was."""
    dossier = desk.dossier(contract)
    old = thing_keyed(dossier.measurements, key, "Ce relevé")
    objective = thing_keyed(dossier.objectives, old.objective, "Cet objectif")
    typed = replace(entry, objective=old.objective, territory=entry.territory or old.territory)
    new = _in_place_of(old, checked(dossier, typed, today=desk.today()))
    if new.value == old.value and entry.numerator is None:
        new = replace(new, numerator=old.numerator, denominator=old.denominator)
    before, after = (figure_words(value, objective) for value in (old.value, new.value))
    label = f"{called(objective)}\u202f: relevé du {french.format_date(entry.day)} corrigé"
    return write(desk, contract, label if before == after else f"{label} de {before} à {after}", [new])


def remove(desk: Desk, contract: str, key: str) -> Change:
    """Remove a recorded figure; undo brings it back. Raises `UserError` where it is gone already."""
    dossier = desk.dossier(contract)
    old = thing_keyed(dossier.measurements, key, "Ce relevé")
    objective = thing_keyed(dossier.objectives, old.objective, "Cet objectif")
    value = figure_words(old.value, objective)
    also_in = echoes.of_removed(desk, dossier, old)
    label = f"{called(objective)}\u202f: relevé de {value} au {french.format_date(old.day)} retiré"
    with desk.act(label + also_in.words) as unit:
        for file in dossier.joined(key):
            unit.remove(file)
        for figure in (old, *also_in.figures):
            unit.remove(figure)
    return unit.change


def preview(now: Situation, entry: Entry, *, today: date) -> Effect:
    """Reckon what the entry would change, from the situation alone, on the later of its day and the entry's.

    Raises `UserError` where the entry cannot be.
    """
    dossier = now.dossier
    doubtful = Doubts(dossier)
    measurement = checked(dossier, entry, today=today)
    old = next((item for item in dossier.measurements if item.key == entry.replacing), None)
    measurement = (
        _in_place_of(old, measurement) if old else standing(measurement, doubtful.last_of_day(measurement))
    )
    day = max(now.day, entry.day)
    others = tuple(item for item in dossier.measurements if item.key != entry.replacing)
    changed = tuple(sorted((*others, measurement), key=lambda item: (item.objective, item.day, item.key)))
    before = now if day == now.day else situation(dossier, day)
    after = situation(replace(dossier, measurements=changed), day)
    objective = thing_keyed(dossier.objectives, entry.objective, "Cet objectif")
    warnings = _warnings(doubtful, measurement, entry)
    return Effect(
        before.assessments[objective.key], after.assessments[objective.key], warnings, measurement.day
    )


def preview_all(now: Situation, entries: Sequence[Entry], *, today: date) -> Mapping[str, Effect | UserError]:
    """Reckon what a whole return would change, or why an entry cannot be, by key of the objective.

    The entries count together: a new reference moves the parities measured against it. Both assessments are made
    on the latest of the situation's day and the entries'.
    """
    dossier = now.dossier
    found: dict[str, Effect | UserError] = {}
    measurements: list[Measurement] = []
    doubtful = Doubts(dossier)
    for entry in entries:
        try:
            measurement = checked(dossier, entry, today=today)
            measurements.append(standing(measurement, doubtful.last_of_day(measurement)))
        except UserError as error:
            found[entry.objective] = error
    if not measurements:
        return found
    day = max(now.day, *(item.day for item in measurements))
    changed = tuple(
        sorted((*dossier.measurements, *measurements), key=lambda item: (item.objective, item.day, item.key))
    )
    before = now if day == now.day else situation(dossier, day)
    after = situation(replace(dossier, measurements=changed), day)
    for item in measurements:
        key = item.objective
        found[key] = Effect(
            before.assessments[key], after.assessments[key], _warnings(doubtful, item), item.day
        )
    return found


def doubts(dossier: Dossier, entry: Entry, *, today: date) -> tuple[str, ...]:
    """Return the warnings of `preview` without reckoning what the entry would change. Raises `UserError` alike."""
    return _warnings(Doubts(dossier), checked(dossier, entry, today=today), entry)


def checked(dossier: Dossier, entry: Entry, *, today: date) -> Measurement:
    """Turn an entry into a measurement. Raises `UserError` at the first thing that cannot be."""
    return allowed(
        Known(dossier, today), thing_keyed(dossier.objectives, entry.objective, "Cet objectif"), entry
    )


def allowed(known: Known, objective: Objective, entry: Entry) -> Measurement:
    """Do what `checked` does, for an objective already at hand, in a contract already known."""
    assert known.today is not None
    measurement = _measurement(known.dossier, objective, entry, known.today)
    _refuse(known, measurement)
    return measurement


def _measurement(dossier: Dossier, objective: Objective, entry: Entry, today: date) -> Measurement:
    return Measurement(
        key=new_key(),
        objective=objective.key,
        territory=entry.territory or objective.territory,
        day=entry.day,
        value=entry.value,
        source=in_full(entry.source, dossier.partners),
        comment=entry.comment.strip(),
        provisional=entry.provisional,
        numerator=entry.numerator,
        denominator=entry.denominator,
        entered_on=today,
    )


def _in_place_of(old: Measurement, new: Measurement) -> Measurement:
    """Have a corrected figure keep the key and the day of entry of what it was: it stands where that stood."""
    return replace(new, key=old.key, entered_on=old.entered_on, citation=old.citation)


def objective_coded(dossier: Dossier, code: str) -> Objective:
    """Return the objective of that code. Raises `UserError` with the nearest codes."""
    objectives = {objective.code: objective for objective in reversed(dossier.objectives)}
    if spelt := spelt_code(objectives, code):
        return objectives[spelt]
    engagements = {item.code: item for item in dossier.engagements}
    promised = engagements.get(spelt_code(engagements, code))
    if promised is not None:
        codes = [item.code for item in dossier.objectives if item.engagement == promised.key]
        raise UserError(
            f"{called(promised)} est un engagement\u202f: une valeur se relève sur un objectif.",
            f"Ses objectifs\u202f: {', '.join(codes)}." if codes else "Cet engagement n’en a aucun.",
        )
    from difflib import get_close_matches  # noqa: PLC0415 - 5 ms, a mistyped code alone needs it

    if not code.strip():
        raise UserError(
            "Aucun code d’objectif n’est donné.",
            shell="La commande «\u202fqpvdesk etat\u202f» en donne la liste.",
        )
    near = get_close_matches(code.upper(), objectives, n=3)
    raise UserError(
        f"Aucun objectif ne porte le code «\u202f{code}\u202f».",
        f"Vouliez-vous dire {french.either(near)}\u202f?" if near else "",
        shell="" if near else "La commande «\u202fqpvdesk etat\u202f» donne la liste des codes.",
    )


def territory_coded(dossier: Dossier, code: str) -> Territory:
    """Return the territory of that code. Raises `UserError`."""
    territories = {territory.code: territory for territory in dossier.territories}
    if spelt := spelt_code(territories, code):
        return territories[spelt]
    raise UserError(
        f"Aucun territoire du contrat ne porte le code «\u202f{code}\u202f».",
        "Donnez le code INSEE d’une commune, un code de quartier, D13, R93 ou FR.",
    )


def same_day(dossier: Dossier, entry: Entry) -> Measurement:
    """Return what is recorded already for the objective, territory and day of an entry, of several what stands. Raises
    `UserError`.
    """
    objective = thing_keyed(dossier.objectives, entry.objective, "Cet objectif")
    asked = (objective.key, entry.territory or objective.territory, entry.day)
    found = [item for item in dossier.measurements if (item.objective, item.territory, item.day) == asked]
    if found:
        return max(found, key=recording_order)
    raise UserError(
        f"{called(objective)} n’a pas de valeur au {french.format_date(entry.day)}\u202f: il n’y a rien"
        " à corriger.",
        "Vérifiez la date.",
        shell="Sans «\u202f--corriger\u202f», cette valeur s’ajoute.",
    )


def _warnings(doubtful: Doubts, new: Measurement, entry: Entry | None = None) -> tuple[str, ...]:
    """Return what is unusual but allowed in a figure that `entry` is about to record."""
    replacing = None if entry is None else entry.replacing
    return tuple(doubt.sentence for doubt in doubtful.of(new, replacing=replacing))
