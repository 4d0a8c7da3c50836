"""Outlines from a file, for the places that the contract holds: those of the others are counted and left out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from qpvdesk.domain import french
from qpvdesk.domain.model import Contour, Dossier
from qpvdesk.domain.shapes import ShapeError, crossing, geometry_text, shape_of
from qpvdesk.services.territories.contours_in import Outline, Outlines
from qpvdesk.services.territories.plan import ELSEWHERE, OfficialPlan
from qpvdesk.storage.keys import starter_key

KIND, NOUN = "Contours", ("contour", "contours")
_WGS84 = re.compile(r"CRS84|4326|WGS ?84", re.IGNORECASE)


def plan(
    dossier: Dossier, known: Sequence[Contour], found: Outlines, *, vintage: str, source: str
) -> OfficialPlan:
    """Say what a file of outlines brings. `known`: the outlines of the contract."""
    places = {item.code: item for item in dossier.territories}
    ours = [item for item in found.outlines if item.code in places]
    refusals = _refusals(ours, found.projection)
    present = {item.territory: item for item in known}
    put: list[Contour] = []
    same = 0
    for item in ours:
        place = places[item.code]
        try:
            text = _checked(item)
        except ShapeError as error:
            refusals.append(f"{place.name} ({item.code})\u202f: {error.message}.")
            continue
        old = present.get(place.key)
        key = old.key if old is not None else starter_key(f"contour:{place.key}:{vintage}")
        contour = Contour(key, place.key, vintage=vintage, geometry=text, source=source)
        if old is not None and old.geometry == text:
            same += 1
        else:
            put.append(contour)
    changed = sum(item.territory in present for item in put)
    return OfficialPlan(
        KIND,
        NOUN,
        put=() if refusals else tuple(put),
        new=len(put) - changed,
        changed=changed,
        same=same,
        left_out=((ELSEWHERE, len(found.outlines) - len(ours)),),
        refusals=tuple(refusals),
    )


def _refusals(ours: Sequence[Outline], projection: str) -> list[str]:
    refusals = []
    if projection and not _WGS84.search(projection):
        refusals.append(
            f"Ce fichier dit être dans une autre projection que WGS84 ({projection[:40]})\u202f: exportez-le en degrés."
        )
    twice = [code for code, count in Counter(item.code for item in ours).items() if count > 1]
    if twice:
        refusals.append(f"Deux contours portent le même code\u202f: {french.enumerate_words(twice, 3)}.")
    return refusals


def _checked(item: Outline) -> str:
    """Return the outline as it is kept. Raises `ShapeError`."""
    geometry: Any = json.loads(item.geometry) if item.geometry else None
    shape = shape_of(geometry)
    where = crossing(shape)
    if where is not None:
        raise ShapeError(
            f"le contour se coupe lui-même près de {where[1]:.4f}, {where[0]:.4f} (latitude, longitude)"
        )
    return geometry_text(shape)
