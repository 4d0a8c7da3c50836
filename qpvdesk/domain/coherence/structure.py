"""Rules that need no statement: what the contract's own entries say against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.french import (
    code_ranges,
    enumerate_words,
    fold,
    format_date,
    format_number,
    format_value,
)
from qpvdesk.domain.model import Aggregation, Level, Mesure, Objective, Population, StatementKind
from qpvdesk.domain.points import Finding
from qpvdesk.domain.progress import after_value
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.target_rules import target_word
from qpvdesk.domain.targets import counts_otherwise, lacks_date
from qpvdesk.domain.wording import quoted

NAME_LETTERS_APART_MAX = 2
"""How many letters may differ for two names to be taken for one another by mistake."""


def about(
    objective: Objective, message: str, remedy: str, detail: str = "", *, cause: str = "", gist: str = ""
) -> Finding:
    """Return a finding about an objective; among others of one `cause`, it adds its `gist`, else its label."""
    return Finding(
        objective.code,
        objective.partner,
        message,
        remedy,
        objective.citation,
        detail,
        cause=cause,
        gist=gist or objective.label,
    )


def units(checked: Checked) -> Iterator[Finding]:
    """A baseline counted in another unit than its target."""
    for objective in checked.objectives:
        if counts_otherwise(objective):
            rated = checked.situation.assessments[objective.key].rate is not None
            yield about(
                objective,
                f"{objective.label} : le départ compte des {objective.start_unit}"
                f" ({format_number(objective.start_value or 0)}), la cible des {objective.unit}"
                f" ({format_number(objective.target_value or 0)}).",
                f"Faites préciser ce que compte le départ{' ; d’ici là, l’avancement n’est qu’indicatif' * rated}.",
            )


def no_start(checked: Checked) -> Iterator[Finding]:
    """A target whose start is not stated, unless the contract already says that its base is missing."""
    explained = checked.explained(StatementKind.BASE_ABSENTE)
    for objective in checked.objectives:
        if (
            objective.key not in explained
            and objective.aim.way
            and objective.mesure is not Mesure.CUMUL
            and objective.target_value is not None
            and objective.start_value is None
        ):
            yield about(
                objective,
                f"{objective.label} : la cible est connue ({format_value(objective.target_value, objective.unit)}),"
                " le départ ne l’est pas ; aucune trajectoire ne peut être tracée.",
                "Demandez au partenaire la valeur au début du contrat.",
                cause=f"Sans valeur de départ, aucune trajectoire ne peut être tracée vers ces cibles ({objective.unit})",
            )


def no_date(checked: Checked) -> Iterator[Finding]:
    """A target with no date, unless the contract already says so, or it is reached: nothing can be late of it any more."""
    explained = checked.explained(StatementKind.BASE_ABSENTE)
    for objective in checked.objectives:
        if (
            objective.key not in explained
            and lacks_date(objective)
            and objective.target_value is not None
            and checked.situation.assessments[objective.key].status is not Statut.ATTEINT
        ):
            target = target_word(objective) + format_value(objective.target_value, objective.unit)
            yield about(
                objective,
                f"{objective.label} : ce qui est promis n’a pas d’échéance ; rien ne peut en être dit en retard."
                if objective.aim.yes_or_no
                else f"{objective.label} : la cible de {target} n’a pas d’échéance ; elle ne peut pas être dite en retard.",
                "Demandez au partenaire pour quand il s’engage.",
                cause=f"Sans échéance, rien ne peut être dit en retard ({checked.partner(objective.partner)})",
            )


def broken_parity(checked: Checked) -> Iterator[Finding]:
    """A reference broken today, whatever the text says of the gap."""
    for objective, reference in _compared_pairs(checked):
        assessment = checked.situation.assessments[objective.key]
        if assessment.status is Statut.NON_ATTEINT and assessment.value is not None:
            day = assessment.reference_day
            # Of the same day, it is said once.
            when = f" au {format_date(day)}" if day is not None and day != assessment.value_day else ""
            yield about(
                objective,
                f"{objective.label} : {format_value(assessment.value, objective.unit)}"
                f" {after_value(assessment)}, contre {format_value(assessment.reference_value, objective.unit)}"
                f"{when} pour la référence («\u202f{reference.label}\u202f»), soit {_points(assessment.gap)} de moins ;"
                " la parité n’est pas tenue.",
                "Demandez au partenaire ce qu’il prévoit pour la tenir.",
            )


def _points(gap: Fraction | None) -> str:
    size = abs(gap or Fraction(0))
    return format_value(size, "point" if size < 2 else "points")


def other_population(checked: Checked) -> Iterator[Finding]:
    """A share compared with a share of another population or area."""
    explained = checked.explained(StatementKind.COMPARAISON)
    for objective, reference in _compared_pairs(checked):
        if objective.key not in explained and fold(objective.population) != fold(reference.population):
            yield about(
                objective,
                f"{objective.label} : la part porte sur {_counted(objective)}, celle à laquelle on la compare"
                f" («\u202f{reference.label}\u202f») sur {_counted(reference)} ;"
                " l’écart mesure aussi cette différence.",
                "Demandez la part des quartiers dans la même population.",
                cause=f"Ces parts portent sur {_counted(objective)}, «\u202f{reference.label}\u202f» sur"
                f" {_counted(reference)}",
            )


def _counted(objective: Objective) -> str:
    return (
        f"une population particulière ({objective.population})"
        if objective.population
        else "toute la population"
    )


def stock_and_flow(checked: Checked) -> Iterator[Finding]:
    """Shares of a yearly flow compared with a stock on one day: one point for each reference."""
    by_reference: dict[str, list[Objective]] = {}
    for objective, reference in _compared_pairs(checked):
        if Mesure.FLUX in {objective.mesure, reference.mesure} and objective.mesure is not reference.mesure:
            by_reference.setdefault(reference.key, []).append(objective)
    explained = checked.explained(StatementKind.COMPARAISON)
    for key, objectives in by_reference.items():
        reference = checked.objective(key)
        if reference.key in explained:
            continue
        names = enumerate_words([f"«\u202f{objective.label}\u202f»" for objective in objectives], limit=2)
        verb = "porte" if len(objectives) == 1 else "portent"
        state, year = ("un état à une date", f"{verb} sur une année")
        if reference.mesure is Mesure.FLUX:
            state, year = ("le compte d’une année", f"{verb} sur un état à une date")
        yield about(
            reference,
            f"{reference.label} est {state} ; {names} {year} : un stock se compare à un flux.",
            "Présentez l’écart comme un ordre de grandeur.",
        )


def _compared_pairs(checked: Checked) -> Iterator[tuple[Objective, Objective]]:
    for objective in checked.objectives:
        if objective.aim.compared and objective.reference is not None:
            yield objective, checked.objective(objective.reference)


def declined_sums(checked: Checked) -> Iterator[Finding]:
    """A declined objective whose parts do not add up to it."""
    children: dict[str, list[Objective]] = {}
    for objective in checked.objectives:
        if objective.parent is not None:
            children.setdefault(objective.parent, []).append(objective)
    for parent in checked.objectives:
        parts = children.get(parent.key, [])
        if parent.aggregation is not Aggregation.SOMME or not parts:
            continue
        for name, word in (("start_value", "au départ"), ("target_value", "à la cible")):
            values = [getattr(part, name) for part in parts]
            stated = getattr(parent, name)
            if stated is not None and None not in values and sum(values) != stated:
                yield about(
                    parent,
                    f"{parent.label} : ses déclinaisons font {' + '.join(format_number(value) for value in values)} ="
                    f" {format_number(sum(values))} {word}, et non {format_number(stated)}.",
                    "Corrigez la valeur d’ensemble ou celle d’une déclinaison.",
                    name,
                )


def close_names(checked: Checked) -> Iterator[Finding]:
    """Names so close that two rows could be merged by mistake."""
    dossier = checked.dossier
    places = {territory.key: territory.name for territory in dossier.territories}
    groups: list[tuple[str, Iterable[tuple[str, str, str]]]] = [
        ("établissements", [(e.code, e.name, places[e.territory]) for e in dossier.establishments]),
        (
            "territoires",
            # The names of communes are given by the State: Angres and Harnes are no slip of the pen.
            [(t.code, t.name, "") for t in dossier.territories if t.level == Level.QPV],
        ),
    ]
    for partner in dossier.partners:
        own = [
            (o.code, o.label, "") for o in checked.objectives if o.partner == partner.key and o.parent is None
        ]
        groups.append((f"objectifs ({partner.usual_name})", own))
    for word, rows in groups:
        for alike in _families(list(rows)):
            folded = {fold(name) for _, name, _ in alike}
            same = "le même nom" if len(folded) == 1 else "des noms presque identiques"
            same = same if len(folded) in (1, len(alike)) else "le même nom, ou des noms proches"
            yield Finding(
                alike[0][0],
                None,
                f"{'Deux' if len(alike) == 2 else len(alike)} {word} ont {same}{_told_apart(alike)}.",
                "Dans un classeur reçu, vérifiez la commune ou le code avant de rapprocher les lignes.",
                detail=alike[1][0],
                instances=tuple(code for code, _, _ in alike) if len(alike) > 2 else (),
            )


def _told_apart(alike: Sequence[tuple[str, str, str]]) -> str:
    """The names that may be confused, each once, with what tells it apart: its place, else the codes that bear it."""
    codes: dict[tuple[str, str], list[str]] = {}
    for code, name, place in alike:
        codes.setdefault((name, place), []).append(code)
    if len(codes) == 1:
        ((name, place), same), *_ = codes.items()
        return f", {quoted(name)}{f' ({place})' if place else ''} : {code_ranges(same)}"
    told = []
    for (name, place), same in codes.items():
        known = code_ranges(same) if len(same) > 1 or not place else ""
        told.append(f"{name} ({', '.join(filter(None, (place, known)))})")
    return f" : {enumerate_words(told)}"


def _families(rows: list[tuple[str, str, str]]) -> list[list[tuple[str, str, str]]]:
    """Return the rows whose names may be confused, from one to the next: A with B, B with C."""
    families: list[list[tuple[str, str, str]]] = []
    folded = {row: fold(row[1]) for row in rows}
    for row in rows:
        near = [family for family in families if any(_alike(folded[row], folded[other]) for other in family)]
        families = [family for family in families if family not in near]
        families.append([*(other for family in near for other in family), row])
    return [family for family in families if len(family) > 1]


@lru_cache(maxsize=65_536)
def _alike(left: str, right: str) -> bool:
    """Tell whether two folded names are the same, one inside the other word for word, or a letter or two apart."""
    if left == right:
        return True
    words, others = _words(left), _words(right)
    if len(words) > 1 and len(others) > 1 and (words < others or others < words):
        return len(words ^ others) == 1 and len(words & others) <= 2
    if abs(len(left) - len(right)) > NAME_LETTERS_APART_MAX or min(len(left), len(right)) < 6:
        return False
    if _has_digit(left) or _has_digit(right):
        return False
    # What two names have in common in order is no more than what they have in any order, which is soon counted.
    if max(len(left), len(right)) - (_letters(left) & _letters(right)).total() > NAME_LETTERS_APART_MAX:
        return False
    same = sum(block.size for block in SequenceMatcher(None, left, right).get_matching_blocks())
    return max(len(left), len(right)) - same <= NAME_LETTERS_APART_MAX


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    return frozenset(name.split())


@lru_cache(maxsize=4096)
def _has_digit(name: str) -> bool:
    return any(character.isdigit() for character in name)


@lru_cache(maxsize=4096)
def _letters(name: str) -> Counter[str]:
    return Counter(name)


def populations(checked: Checked) -> Iterator[Finding]:
    """A population against another vintage or perimeter of the same territory."""
    by_territory: dict[str, list[Population]] = {}
    for population in checked.dossier.populations:
        by_territory.setdefault(population.territory, []).append(population)
    places = {territory.key: territory for territory in checked.dossier.territories}
    for key, rows in by_territory.items():
        for population, other in combinations(rows, 2):
            if population.perimeter == other.perimeter and population.value != other.value:
                place = places[key]
                figures = enumerate_words(
                    [
                        f"{format_number(row.value)} habitants ({format_date(row.vintage) if row.vintage else 'sans date'})"
                        for row in (population, other)
                    ]
                )
                yield Finding(
                    place.code, None, f"{place.name} a deux populations pour le même périmètre : {figures}.",
                    "Retenez le millésime le plus récent et ne comparez pas les deux.",
                    population.citation, population.perimeter,
                )  # fmt: skip


def overflowing_populations(checked: Checked) -> Iterator[Finding]:
    """People in QPV beyond the people of the place; the places within a place beyond it, in one vintage."""
    places = {territory.key: territory for territory in checked.dossier.territories}
    by_vintage: dict[tuple[str, object], dict[str, Population]] = {}
    for population in checked.dossier.populations:
        by_vintage.setdefault((population.perimeter, population.vintage), {})[population.territory] = (
            population
        )
    for (perimeter, vintage), rows in by_vintage.items():
        for key, row in rows.items():
            whole = by_vintage.get(("totale", vintage), {}).get(key)
            place = places[key]
            if perimeter == "qpv" and whole is not None and row.value > whole.value:
                yield Finding(
                    place.code, None,
                    f"{place.name} compte {format_number(row.value)} habitants en QPV, mais"
                    f" {format_number(whole.value)} habitants en tout.",
                    "Vérifiez laquelle de ces populations est fausse.", row.citation, "qpv",
                )  # fmt: skip
            inner = [other for other in rows.values() if places[other.territory].parent == key]
            total = sum(other.value for other in inner)
            if inner and total > row.value:
                names = enumerate_words([places[other.territory].name for other in inner])
                added = " + ".join(format_number(other.value) for other in inner)
                reckoned = f" = {format_number(total)}" if len(inner) > 1 else ""
                yield Finding(
                    place.code, None,
                    f"{names} : {added}{reckoned} habitants{' en QPV' if perimeter == 'qpv' else ''}, plus que"
                    f" les {format_number(row.value)} de {place.name}, qui les contient.",
                    "Vérifiez le millésime et le périmètre de chaque population.", row.citation, perimeter,
                )  # fmt: skip


def outside_contract(checked: Checked) -> Iterator[Finding]:
    """A target dated outside the contract."""
    contract = checked.dossier.contract
    for objective in checked.objectives:
        due = objective.target_date
        if due is None:
            continue
        if objective.aim.yes_or_no and contract.start and due < contract.start:
            # A text voted before the contract is what it stands on, not a promise of it.
            continue
        if (contract.end and due > contract.end) or (contract.start and due < contract.start):
            yield about(
                objective,
                f"{objective.label} : l’échéance du {format_date(due)} sort du contrat"
                f" ({format_date(contract.start)} – {format_date(contract.end)}).",
                "Vérifiez l’échéance, ou convenez d’un jalon à la fin du contrat.",
            )


def other_scale(checked: Checked) -> Iterator[Finding]:
    """An engagement of one scale whose objective is counted on another."""
    places = {territory.key: territory for territory in checked.dossier.territories}
    engagements = {engagement.key: engagement for engagement in checked.dossier.engagements}
    for objective in checked.objectives:
        engagement = engagements.get(objective.engagement or "")
        if engagement is None or engagement.territory is None or objective.parent is not None:
            continue
        promised, counted = places[engagement.territory], places[objective.territory]
        if promised.level != counted.level:
            yield about(
                objective,
                f"{objective.label} se compte à l’échelle {_scale(counted.name)}, l’engagement {engagement.code}"
                f" vaut à celle {_scale(promised.name)}.",
                "Demandez le chiffre à l’échelle de l’engagement.",
            )


def _scale(name: str) -> str:
    return f"« {name} »"
