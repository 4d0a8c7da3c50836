"""What cannot be together in one objective: told at the field, on loading a contract as on editing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qpvdesk.domain.model import Mesure, Objective, Sens


def objective_faults(objective: Objective, known: Mapping[str, Objective]) -> Iterator[tuple[str, str]]:
    """Yield the field at fault and why, in French without capital or stop. `known`: the objectives by key."""
    sens = objective.sens
    if sens is Sens.PARITE and objective.reference is None:
        yield "reference", "un objectif de parité nomme l’objectif auquel il se compare"
    if sens is Sens.SUIVI and objective.target_value is not None:
        yield "target_value", "un indicateur suivi n’a pas de cible"
    if objective.start_date and objective.target_date and objective.target_date <= objective.start_date:
        yield "target_date", "l’échéance précède la date de départ"
    if objective.mesure is Mesure.CUMUL and objective.start_value not in (None, 0):
        yield "start_value", "un cumul part de zéro"
    reference = known.get(objective.reference or "")
    if reference is not None and reference.key == objective.key:
        yield "reference", "un objectif ne se compare pas à lui-même"
    elif reference is not None and sens is Sens.PARITE and reference.unit != objective.unit:
        yield (
            "reference",
            f"{reference.code} se compte en «\u202f{reference.unit}\u202f»,"
            f" et non en «\u202f{objective.unit}\u202f»",
        )
    above, seen = objective.parent, {objective.key}
    while above is not None:
        if above in seen:
            yield "parent", "cet objectif se décline en lui-même"
            return
        seen.add(above)
        above = known[above].parent if above in known else None


def direction_faults(objective: Objective) -> Iterator[tuple[str, str]]:
    """Yield what an officer would not write on purpose: no target, or one on the wrong side of the start."""
    start, target, sens = objective.start_value, objective.target_value, objective.sens
    if sens in (Sens.PARITE, Sens.SUIVI):
        return
    if target is None:
        yield (
            "target_value",
            "indiquez la valeur à atteindre, ou choisissez « Suivi »".replace(" »", "\u202f»").replace(
                "« ", "«\u202f"
            ),
        )
        return
    if start is None or objective.start_unit:
        return
    if sens is Sens.HAUSSE and target <= start:
        yield "target_value", "la cible n’est pas au-dessus du départ, alors que la valeur est à augmenter"
    if sens is Sens.BAISSE and target >= start:
        yield "target_value", "la cible n’est pas en dessous du départ, alors que la valeur est à réduire"
