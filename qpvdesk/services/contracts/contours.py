"""The outlines that ship with a contract: one GeoJSON beside its files, read for the places that it holds."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.model import Contour, Dossier
from qpvdesk.domain.shapes import geometry_text, shape_of
from qpvdesk.storage.keys import starter_key

CONTOURS = "contours.geojson"


def with_contours(dossier: Dossier, path: Path) -> Dossier:
    """Return a contract with the outlines of its places, where it has a file of them."""
    if not path.exists():
        return dossier
    places = {item.code: item.key for item in dossier.territories}
    contours = []
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        said = feature["properties"]
        key = places.get(said["code"])
        if key is not None:
            text = geometry_text(shape_of(feature["geometry"]))
            name = f"contour:{key}:{said['millesime']}"
            contours.append(
                Contour(
                    starter_key(name),
                    territory=key,
                    vintage=said["millesime"],
                    geometry=text,
                    source=said["source"],
                )
            )
    return replace(dossier, contours=tuple(sorted(contours, key=lambda item: item.key)))
