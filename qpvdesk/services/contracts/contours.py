"""The outlines that ship with a contract: one GeoJSON beside its files, read for the places that it holds."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contour, Dossier
from qpvdesk.domain.shapes import ShapeError, geometry_text, shape_of
from qpvdesk.storage.keys import starter_key

CONTOURS = "contours.geojson"
_REMEDY = (
    "Ôtez-le du dossier\u202f: les contours pourront être ajoutés ensuite, dans «\u202fTerritoires\u202f»."
)


def with_contours(dossier: Dossier, path: Path) -> Dossier:
    """Return a contract with the outlines of its places, where it has a file of them."""
    if not path.exists():
        return dossier
    places = {item.code: item.key for item in dossier.territories}
    contours = []
    try:
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            properties = feature["properties"]
            key = places.get(properties["code"])
            if key is not None:
                vintage, source = str(properties["millesime"]), str(properties["source"])
                contours.append(
                    Contour(
                        starter_key(f"contour:{key}:{vintage}"),
                        territory=key,
                        vintage=vintage,
                        geometry=geometry_text(shape_of(feature["geometry"])),
                        source=source,
                    )
                )
    except ShapeError as error:
        raise UserError(f"Le fichier {path.name} est refusé\u202f: {error.message}.", _REMEDY) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UserError(f"Le fichier {path.name} n’est pas un fichier de contours.", _REMEDY) from error
    return replace(dossier, contours=tuple(sorted(contours, key=lambda item: item.key)))
