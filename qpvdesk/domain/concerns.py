"""What concerns one place: what is promised there and in its quartiers first, then what is promised above it."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.french import (
    NBSP,
    enumerate_words,
    format_date,
    format_number,
    format_value,
    plural,
    raised,
)
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Basis, Engagement, Level, Objective, Population, Territory
from qpvdesk.domain.scales import home_of


class Concern(Struct, frozen=True):
    """What is promised in one place, by itself."""

    place: Territory
    engagements: tuple[Engagement, ...]
    objectives: tuple[Objective, ...]

    @property
    def empty(self) -> bool:
        return not (self.engagements or self.objectives)


class Concerns(Struct, frozen=True):
    """`here`: the place, then those that lie in it; `above`: those that it lies in, the nearest first."""

    here: tuple[Concern, ...]
    above: tuple[Concern, ...]


def concerns(index: Index, place: Territory) -> Concerns:
    """Return what concerns a place. What concerns nobody in particular is left out."""
    by_key = {item.key: item for item in index.dossier.territories}
    scale = index.places.levels.scale(place.level)
    inner = index.places.quartiers_in(place.key) if scale == Level.COMMUNE else ()
    told: set[str] = set()
    here = [_concern(index, item, told) for item in (place, *inner)]
    above = [_concern(index, by_key[key], told) for key in index.places.above(place.key)]
    return Concerns(
        tuple(item for item in here if not item.empty), tuple(item for item in above if not item.empty)
    )


def _concern(index: Index, place: Territory, told: set[str]) -> Concern:
    """`told`: the keys of the engagements of nearer places, to which those of this one are added: one that names several is
    of the nearest, and is told once."""
    objectives = tuple(item for item in index.objectives if item.territory == place.key)
    engagements = tuple(item for item in index.engagements_naming(place.key) if item.key not in told)
    told.update(item.key for item in engagements)
    return Concern(place, engagements, objectives)


def lies_in(index: Index, place: Territory) -> list[tuple[Territory, str]]:
    """The places that a place is linked to, with what is said of the share: « 64 % de la superficie du quartier »."""
    return [
        (index.territory(link.whole), place_share_words(link.share, link.basis, _its(index, place)))
        for link in index.places.links_of(place.key)
    ]


def holds(index: Index, place: Territory) -> list[tuple[Territory, str]]:
    """The quartiers of a place, with what is said of their share in it; wholly where no link says more."""
    shares = {
        link.part: place_share_words(link.share, link.basis, _its(index, index.territory(link.part)))
        for link in index.places.linked_to(place.key)
    }
    return [(item, shares.get(item.key, "")) for item in index.places.quartiers_in(place.key)]


def _holds_the_contract(index: Index, place: Territory) -> bool:
    """Whether a place is wider than the contract: of its quartiers, those of the contract alone are known."""
    home = home_of(index)
    return home is not None and home.key != place.key and index.places.is_within(home.key, place.key)


def quartiers_title(index: Index, place: Territory) -> str:
    is_alone = len(index.places.quartiers_in(place.key)) == 1
    if _holds_the_contract(index, place):
        return "Quartier du contrat" if is_alone else "Quartiers du contrat"
    return "Son quartier" if is_alone else "Ses quartiers"


def people_words(index: Index, place: Territory) -> list[str]:
    """Who lives in a place, in sentences: what is declared, then what its quartiers make, whoever is missing named."""
    words = []
    for population in index.dossier.populations:
        if population.territory == place.key:
            what = "en quartier prioritaire" if population.perimeter == "qpv" else "au total"
            dated = _dated(index, population)
            words.append(f"{format_value(population.value, 'habitants')} {what} ({dated})")
    count = index.places.headcount(place.key)
    if count is None:
        return words
    whole = len(count.counted) + len(count.missing)
    if count.value is None:
        is_contract = _holds_the_contract(index, place)
        if whole == 1:
            whose = "du quartier du contrat" if is_contract else "de son quartier"
        else:
            named = plural(whole, "quartier", "quartiers")
            whose = f"des {named} du contrat" if is_contract else f"de ses {named}"
        return [*words, f"Les habitants {whose} ne sont pas connus."]
    dated = f"au {format_date(count.vintage)}" if count.vintage else "date non précisée"
    about = f"environ{NBSP}" if count.shared else ""
    where = "les quartiers du contrat" if _holds_the_contract(index, place) else "ses quartiers"
    told = f"{about}{format_value(round(count.value), 'habitants')} dans {where} ({dated})\u202f: "
    told += f"{plural(len(count.counted), 'quartier', 'quartiers')} sur {whole}"
    if count.missing:
        told += f"\u202f; manquent {enumerate_words([item.name for item in count.missing], 3)}"
    if count.shared:
        told += ", au prorata de leur part"
    return [*words, f"{raised(told)}."]


def _dated(index: Index, population: Population) -> str:
    """Of when it is: what an official text dates of its own day is in force from then on, and was counted before."""
    if population.vintage is None:
        return "date non précisée"
    source = index.document(population.citation.document) if population.citation is not None else None
    in_force = source is not None and source.issued_on == population.vintage
    return f"{'en vigueur au' if in_force else 'au'} {format_date(population.vintage)}"


def _its(index: Index, place: Territory) -> str:
    """« du quartier »: whose the inhabitants and the surface are, beside the name of another place."""
    scale = index.places.levels.scale(place.level)
    return {Level.QPV: "du quartier", Level.COMMUNE: "de la commune"}.get(scale, f"de {place.name}")


def place_share_words(share: Decimal | None, basis: Basis, whose: str) -> str:
    """Return « environ 64 % de la superficie du quartier », « en entier », « part inconnue »."""
    if share is None:
        return "part inconnue"
    if share == 1:
        return "en entier"
    what = {Basis.HABITANTS: " des habitants", Basis.SUPERFICIE: " de la superficie"}.get(basis, "")
    percent = share * 100
    rounded = round(percent) if percent >= 1 else round(percent, 1)
    # Shares that are rounded need not make a hundred together.
    about = "" if rounded == percent else f"environ{NBSP}"
    return f"{about}{format_number(rounded)}\u00a0%{f'{what} {whose}' if what else ''}"
