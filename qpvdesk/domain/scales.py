"""The scale that each objective was promised at (contract, département, région, country), and which objectives count: what
several say of one thing is in every count and mean once."""

from __future__ import annotations

from collections.abc import Container, Iterable

from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Level, Objective, Territory

SCALE_WORDS: dict[Level, str] = {
    Level.NATION: "France",
    Level.REGION: "région",
    Level.DEPARTEMENT: "département",
    Level.EPCI: "agglomération",
    Level.COMMUNE: "commune",
    Level.QPV: "quartier",
    Level.AUTRE: "autre périmètre",
}
"""How a scale is called beside a figure, the widest first."""

_TITLE_MAX = 30
"""Letters of what is said once over rows."""

_RANK = {level: rank for rank, level in enumerate(SCALE_WORDS)}


def home_of(index: Index) -> Territory | None:
    """The contract's own territory; None where the contract does not name one that it holds."""
    return index.places.home


def scale_of(index: Index, objective: Objective) -> Level:
    """The scale that an objective was promised at: that of its territory."""
    return index.places.levels.scale(index.territory(objective.territory).level)


def scale_word(index: Index, objective: Objective) -> str:
    """`région`: how the scale of an objective is called."""
    return SCALE_WORDS[scale_of(index, objective)]


def place_word(index: Index, objective: Objective) -> str:
    """What is printed beside a figure wherever it is out of its own chapter: the word of its scale, but for what is within
    the contract the name of its place: of sixty quartiers, « quartier » tells none."""
    inner = _RANK[home_scale(index)] < _RANK[scale_of(index, objective)]
    return index.territory(objective.territory).name if inner else scale_word(index, objective)


def common_scale(words: Iterable[str]) -> str:
    """The scale, or the place, that those words all are, for it to be said once over them; empty where they are several, and
    where a name is longer than a title."""
    told = {*words}
    return min(told) if len(told) == 1 and len(min(told)) <= _TITLE_MAX else ""


def with_scale(index: Index, objective: Objective) -> str:
    """`Médiateurs en santé (région)`: how a sentence names an objective."""
    return f"{objective.label} ({place_word(index, objective)})"


def told_apart(index: Index, objective: Objective) -> str:
    """`Permanences tenues (FT-O01, agglomération)`: the same with its code, where another promise is called alike."""
    code = f"{objective.code}, " * index.names.has_namesake(objective)
    return f"{objective.label} ({code}{place_word(index, objective)})"


def scale_words(index: Index, objectives: Iterable[Objective]) -> dict[str, str]:
    """What `place_word` says of each, by its key."""
    return {item.key: place_word(index, item) for item in objectives}


def home_scale(index: Index) -> Level:
    """The contract's own scale: an agglomération, where it names no place of its own."""
    home = home_of(index)
    return index.places.levels.scale(home.level) if home is not None else Level.EPCI


def is_beyond_home(index: Index, objective: Objective) -> bool:
    """Whether an objective was promised for more than the contract's own place: a département, a région, the country."""
    return _RANK[scale_of(index, objective)] < _RANK[home_scale(index)]


def scales_between(first: Level, second: Level) -> int:
    """How many scales lie between two."""
    return abs(_RANK[first] - _RANK[second])


def counted(index: Index) -> tuple[Objective, ...]:
    """The objectives that every count, tile, bar and mean is made of, in the order of the contract.

    A parent and those that decline it are one thing: the parent counts. What declines nothing counts, on whatever place:
    it has a line of its own.
    """
    living = {item.key for item in index.objectives}
    return tuple(item for item in index.promises if not is_declension(item, living))


def listed(index: Index, objectives: Iterable[Objective]) -> list[Objective]:
    """Those of some objectives that have a line of their own: a place elsewhere shows inside the objective that its own
    declines, with the other parts of it."""
    elsewhere, living = _elsewhere(index), {item.key for item in index.objectives}
    return [item for item in objectives if item.territory not in elsewhere or not is_declension(item, living)]


def is_declension(objective: Objective, living: Container[str]) -> bool:
    """Whether an objective declines another that is in the contract: the two are one thing."""
    return objective.parent in living and objective.parent != objective.key


def _elsewhere(index: Index) -> set[str]:
    """The keys of the places that are known to be neither above nor below the contract's own: another département of its
    région. Of a place whose own parents are not known nothing is said."""
    home = home_of(index)
    if home is None:
        return set()
    places = index.dossier.territories
    above = [item for item in places if item.key != home.key and index.is_within(home, item.key)]
    return {
        item.key
        for item in places
        if item not in above
        and not index.is_within(item, home.key)
        and any(index.is_within(item, wider.key) for wider in above)
    }
