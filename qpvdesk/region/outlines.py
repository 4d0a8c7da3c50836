"""The places of a contract as GeoJSON, for a map (QGIS): each outline with what is counted on it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from qpvdesk.region.tables import ASSESSMENTS, CONTRACTS, OBJECTIVES, PLACES, Results, Table

FILE = "lieux.geojson"


def geojson(found: Results) -> bytes:
    """Return the places of one contract that have an outline, in degrees (WGS 84): its code, its name, its level, and of the
    last day that was reckoned how many promises are of that very place, and how many of them are *à traiter*."""
    (contract,) = _lines(found, CONTRACTS)
    last = max((line["date_etat"] for line in _lines(found, ASSESSMENTS)), default="")
    place_of = {line["code"]: line["territoire"] for line in _lines(found, OBJECTIVES)}
    counted = [
        (place_of.get(line["objectif"]), line["groupe"])
        for line in _lines(found, ASSESSMENTS)
        if line["date_etat"] == last and line["groupe"]
    ]
    promised = Counter(place for place, _ in counted)
    late = Counter(place for place, group in counted if group == "a_traiter")
    features = [
        {
            "type": "Feature",
            "properties": {
                "contrat": contract["nom"],
                "fictif": contract["fictif"],
                "code": line["code"],
                "nom": line["nom"],
                "niveau": line["niveau"],
                "date_etat": last,
                "objectifs": promised[line["code"]],
                "a_traiter": late[line["code"]],
            },
            "geometry": {"type": "MultiPolygon", "coordinates": json.loads(line["contour"])},
        }
        for line in _lines(found, PLACES)
        if line["contour"]
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _lines(found: Results, table: Table) -> list[dict[str, Any]]:
    """The rows of a table, by column."""
    columns = [column.name for column in table.columns]
    return [dict(zip(columns, row, strict=True)) for row in found[table.name]]
