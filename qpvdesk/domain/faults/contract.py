"""The contract, its places and their inhabitants: dates in order, codes as they are written, one place in another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qpvdesk.domain.faults.known import Found, Known, contains_itself
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Contract, Level, Population, Territory

_LEVELS = tuple(Level)

_CODES: dict[Level, tuple[str, str]] = {
    Level.NATION: ("FR", "«\u202fFR\u202f»"),
    Level.REGION: ("R[0-9]{2}", "R et deux chiffres, comme R32"),
    Level.DEPARTEMENT: ("D([0-9]{2}|2[AB]|9[78][0-9])", "D et le numéro du département, comme D62"),
    Level.EPCI: ("[0-9]{9}", "le numéro SIREN, neuf chiffres"),
    Level.COMMUNE: ("([0-9]{2}|2[AB])[0-9]{3}", "le code INSEE, cinq caractères, comme 62498"),
    Level.QPV: ("QN[0-9]{5}[A-Z]|QP[0-9]{6}", "le code du quartier, comme QN06274M"),
}
"""How the code of a place of each level is written, and how that is said."""


def siren_fault(code: str) -> str:
    """Why a text is no SIREN number; empty where it is one. The last digit is a key (Luhn)."""
    if not re.fullmatch("[0-9]{9}", code):
        return f"«\u202f{code}\u202f» n’est pas un numéro SIREN (neuf chiffres)"
    doubled = (int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(code)))
    if sum(number - 9 * (number > 9) for number in doubled) % 10:
        return f"le numéro SIREN {code} porte une clé fausse\u202f: l’un de ses chiffres est mal recopié"
    return ""


def contract_faults(_: Known, item: Contract) -> Iterator[Found]:
    """The contract itself."""
    if item.start and item.end and item.end <= item.start:
        yield "end", "la fin précède le début"
    if item.epci and (why := siren_fault(item.epci)):
        yield "epci", why
    limits = item.thresholds
    if not limits.ahead > limits.on_track > limits.watch:
        yield (
            "thresholds",
            "les trois seuils vont en descendant\u202f: en avance, conforme, puis à surveiller",
        )


def territory_faults(known: Known, item: Territory) -> Iterator[Found]:
    """A place."""
    if why := _code_fault(item):
        yield "code", why
    above = known.territories.get(item.parent or "")
    if above is not None and _LEVELS.index(above.level) >= _LEVELS.index(item.level):
        yield "parent", f"{above.name} n’est pas plus vaste\u202f: choisissez le lieu qui l’englobe"
    if contains_itself(item.key, known.territories):
        yield "parent", "ce lieu se contient lui-même"


def _code_fault(item: Territory) -> str:
    form, words = _CODES[item.level]
    if item.level is Level.EPCI:
        return siren_fault(item.code)
    if re.fullmatch(form, item.code):
        return ""
    why = f"«\u202f{item.code}\u202f» n’est pas un code de cette sorte\u202f: attendu {words}"
    padded = f"0{item.code}"
    if item.level is Level.COMMUNE and re.fullmatch("[0-9]{4}", item.code):
        return f"{why}\u202f; {padded} a-t-il perdu son zéro\u202f?"
    return why


def population_faults(_: Known, item: Population) -> Iterator[Found]:
    """A number of inhabitants."""
    if item.value < 0 or item.value != item.value.to_integral_value():
        yield "value", "un nombre d’habitants est entier"
    asked = BY_NAME["population"].by_name["perimeter"].ask
    words = [word for _, word in asked.choices] if asked is not None else []
    if item.perimeter not in words:
        yield (
            "perimeter",
            f"«\u202f{item.perimeter}\u202f» n’est pas l’un des mots admis ({', '.join(words)})",
        )
