"""The reading process of a file of outlines: one GeoJSON, whole, within bounds; nothing is judged here but its form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.bounded import NOTHING, refused

_FILE_BYTES_MAX = 200_000_000
_CODES = ("code_qp", "code_qpv", "codeqpv", "insee_com", "code_insee", "code", "codgeo", "insee")


class Outline(Struct, frozen=True):
    """A feature of the file. `geometry`: its GeoJSON geometry as text; empty where it has none."""

    code: str
    geometry: str


class Outlines(Struct, frozen=True):
    """What a file of outlines holds. `projection`: what it says of its own, empty where it says nothing."""

    outlines: tuple[Outline, ...]
    projection: str = ""


def read(path: Path) -> Outlines:
    """Read a file of outlines. Raises `UserError`."""
    remedy = "Gardez les communes du contrat."
    try:
        content = json.loads(durable.read_within(path, _FILE_BYTES_MAX, remedy, unchanged=NOTHING))
    except (ValueError, RecursionError):
        raise refused(f"«\u202f{path.name}\u202f» n’est pas du GeoJSON.") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise refused(
            f"«\u202f{path.name}\u202f» n’est pas un fichier de contours.",
            "Prenez les contours en GeoJSON que publient l’ANCT ou l’IGN.",
        )
    crs = content.get("crs")
    name = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else ""
    return Outlines(tuple(_outline(item) for item in features if isinstance(item, dict)), str(name))


def _outline(feature: dict[str, Any]) -> Outline:
    properties = feature.get("properties")
    properties = (
        {str(key).casefold(): value for key, value in properties.items()}
        if isinstance(properties, dict)
        else {}
    )
    geometry = feature.get("geometry")
    return Outline(
        _first(properties, _CODES).upper(),
        json.dumps(geometry, separators=(",", ":")) if isinstance(geometry, dict) else "",
    )


def _first(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    return next(
        (str(properties[name]).strip() for name in names if properties.get(name) not in (None, "")), ""
    )
