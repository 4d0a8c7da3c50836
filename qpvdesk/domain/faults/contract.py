"""The contract, its places and their inhabitants: dates in order, codes as they are written, one place in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from qpvdesk.domain.codes import is_stand_in
from qpvdesk.domain.faults.known import Found, Known, contains_itself
from qpvdesk.domain.french import fold
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.levels import QPV_2015, is_wider
from qpvdesk.domain.model import Contract, Level, PlaceLevel, Population, Territory, TerritoryLink

_CODES: dict[str, tuple[str, str]] = {
    Level.NATION: ("FR", "«\u202fFR\u202f»"),
    Level.REGION: ("R[0-9]{2}", "R et deux chiffres, comme R93"),
    Level.DEPARTEMENT: ("D([0-9]{2}|2[AB]|9[78][0-9])", "D et le numéro du département, comme D13"),
    Level.EPCI: ("[0-9]{9}", "le numéro SIREN, neuf chiffres"),
    Level.COMMUNE: ("([0-9]{2}|2[AB])[0-9]{3}", "le code INSEE, cinq caractères, comme 13055"),
    QPV_2015: ("QP[0-9]{6}", "le code du quartier de 2015, comme QP062001"),
    Level.QPV: ("QN[0-9]{5}[A-Z]|QP[0-9]{6}", "le code du quartier, comme QN01301M"),
}
"""How the code of a place of each level is written, and how that is said."""
_SHARES_MAX = Decimal("1.001")
"""The sum of shares that were rounded one by one."""


def _siren_fault(code: str) -> str:
    """Why a text is no SIREN number; empty where it is one, its key being right or not."""
    if not re.fullmatch("[0-9]{9}", code):
        return f"«\u202f{code}\u202f» n’est pas un numéro SIREN (neuf chiffres)"
    return ""


def siren_doubt(code: str) -> str:
    """Why a SIREN number is unlikely; empty where it is right, or is none. Its last digit is a key (Luhn)."""
    if _siren_fault(code):
        return ""
    doubled = (int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(code)))
    if sum(number - 9 * (number > 9) for number in doubled) % 10:
        return f"le numéro SIREN {code} porte une clé fausse\u202f: l’un de ses chiffres est sans doute mal recopié"
    return ""


def contract_faults(known: Known, item: Contract) -> Iterator[Found]:
    for field in ("upper_level", "top_level"):
        if why := _partner_named(known, getattr(item, field)):
            yield field, why
    if item.start and item.end and item.end <= item.start:
        yield "end", "la fin précède le début"
    if item.epci and (why := _siren_fault(item.epci)):
        yield "epci", why
    limits = item.thresholds
    if not limits.ahead > limits.on_track > limits.watch:
        yield (
            "thresholds",
            "les trois seuils vont en descendant\u202f: en avance, conforme, puis à surveiller",
        )


def _partner_named(known: Known, name: str) -> str:
    """Why a level cannot bear a name: a partner bears it, and nobody would know which is meant; empty for any other."""
    partners = known.dossier.partners
    names = {fold(text) for item in partners for text in (item.code, item.name, item.short_name) if text}
    if fold(name) not in names:
        return ""
    return f"«\u202f{name}\u202f» est le nom d’un partenaire\u202f: donnez-en un autre à ce niveau"


def place_level_faults(known: Known, item: PlaceLevel) -> Iterator[Found]:
    for field, name in (("name", item.name), ("code", item.code)):
        if why := _partner_named(known, name):
            yield field, why


def territory_faults(known: Known, item: Territory) -> Iterator[Found]:
    if item.level not in known.levels:
        yield (
            "level",
            f"«\u202f{item.level}\u202f» n’est pas l’un des niveaux du contrat ({known.levels.words})",
        )
    if why := _code_fault(item):
        yield "code", why
    above = known.territories.get(item.parent or "")
    scale = known.levels.scale
    if above is not None and not is_wider(scale(above.level), scale(item.level)):
        yield "parent", f"{above.name} n’est pas plus vaste\u202f: choisissez le lieu qui l’englobe"
    if contains_itself(item.key, known.territories):
        yield "parent", "ce lieu se contient lui-même"


def level_of_code(code: str) -> str:
    """Return the level whose codes are written like that one; empty for none."""
    return next((str(level) for level, (form, _) in _CODES.items() if re.fullmatch(form, code)), "")


def _code_fault(item: Territory) -> str:
    if is_stand_in(item):
        return ""
    form, words = _CODES.get(item.level, (r"[^\s].*", "un texte"))
    if item.level == Level.EPCI:
        return _siren_fault(item.code)
    if re.fullmatch(form, item.code):
        return ""
    why = f"«\u202f{item.code}\u202f» n’est pas un code de cette sorte\u202f: attendu {words}"
    padded = f"0{item.code}"
    if item.level == Level.COMMUNE and re.fullmatch("[0-9]{4}", item.code):
        return f"{why}\u202f; {padded} a-t-il perdu son zéro\u202f?"
    return why


def link_faults(known: Known, item: TerritoryLink) -> Iterator[Found]:
    """A place that lies in another."""
    part, whole = known.territories.get(item.part), known.territories.get(item.whole)
    if part is None or whole is None:
        yield "whole", "un des deux lieux n’est pas de ce contrat"
        return
    if part.key == whole.key:
        yield "whole", "ce lieu se contient lui-même"
    scale = known.levels.scale
    if not is_wider(scale(whole.level), scale(part.level)):
        yield "whole", f"{whole.name} n’est pas plus vaste que {part.name}"
    if item.share is not None and not 0 < item.share <= 1:
        yield "share", "une part va de 0 (exclu) à 1"
    beside = [link for link in known.links[item.part] if link.key != item.key]
    if any(link.whole == item.whole for link in beside):
        yield "whole", f"{part.name} y est déjà rattaché à {whole.name}"
    of_level = [link.share for link in beside if _level_of(known, link) == whole.level]
    if item.share is not None and item.share + sum(filter(None, of_level)) > _SHARES_MAX:
        yield "share", f"les parts de {part.name} dépassent ensemble 100\u00a0%"


def _level_of(known: Known, link: TerritoryLink) -> str:
    whole = known.territories.get(link.whole)
    return "" if whole is None else whole.level


def population_faults(_: Known, item: Population) -> Iterator[Found]:
    if item.value < 0 or item.value != item.value.to_integral_value():
        yield "value", "un nombre d’habitants est entier"
    asked = BY_NAME["population"].by_name["perimeter"].ask
    words = [word for _, word in asked.choices] if asked is not None else []
    if item.perimeter not in words:
        yield (
            "perimeter",
            f"«\u202f{item.perimeter}\u202f» n’est pas l’un des mots admis ({', '.join(words)})",
        )
