"""Where is it? From a point or the name of a commune to its quartiers, offline: an R-tree of boxes, then the outlines."""

from __future__ import annotations

import re

from qpvdesk.domain import french
from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Territory
from qpvdesk.domain.shapes import Point, contains
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import layers
from qpvdesk.storage.boxes import Boxes

_POINT = re.compile(r"^\s*\(?\s*(-?\d{1,3}(?:[.,]\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*\)?\s*$")


def find(desk: Desk, contract: str, asked: str) -> list[Territory]:
    """Return the places where a point is (« 50.4300, 2.8200 »: latitude, longitude), or those that a name says.

    The smallest first; for a commune, the commune and its quartiers. Raises `UserError` where there is none.
    """
    index = Index(desk.dossier(contract))
    point = point_of(asked)
    found = _at(index, layers.atlas_of(desk, contract), point) if point is not None else _named(index, asked)
    if found:
        return found
    raise UserError(
        f"Aucun lieu du contrat n’est à «\u202f{asked.strip()}\u202f».",
        "Donnez une latitude et une longitude en degrés (50.43, 2.82), ou le nom d’une commune du contrat.",
    )


def point_of(text: str) -> Point | None:
    """Return the point that a text gives, latitude first as maps on line copy it; None where it gives none."""
    match = _POINT.match(text.replace("\u202f", " ").replace("\u00a0", " "))
    if match is None:
        return None
    latitude, longitude = (float(part.replace(",", ".")) for part in match.groups())
    return (longitude, latitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _at(index: Index, atlas: Atlas, point: Point) -> list[Territory]:
    by_key = {item.key: item for item in index.dossier.territories}
    with Boxes(atlas.shapes) as boxes:
        keys = [key for key in boxes.at(point) if key in by_key and contains(atlas.shapes[key], point)]
    rank = index.places.levels.rank
    return sorted((by_key[key] for key in keys), key=lambda item: (-rank(item.level), item.code))


def _named(index: Index, asked: str) -> list[Territory]:
    wanted = french.fold(asked.strip().replace("-", " "))
    for place in index.dossier.territories:
        if wanted in (french.fold(place.name.replace("-", " ")), place.code.casefold()):
            return [place, *index.places.quartiers_in(place.key)]
    return []
