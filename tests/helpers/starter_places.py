"""Makes the places of the starter contract from the public files: `python -m tests.helpers.starter_places GEO`.

Run it in an environment of its own with shapely (which brings numpy); the product needs neither. It prints the
territories of `contrat.toml` and writes `contours.geojson` beside it. A share is of the area of a quartier, among the
communes that the ANCT's contours give it; those of one quartier make exactly 1.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "resources" / "contracts" / "lens-lievin"
EPCI = "246200364"
ANCT = "ANCT, quartiers prioritaires de la politique de la ville 2024, Licence Ouverte 2.0, contours simplifiés à 5 m"
IGN = "IGN, Admin Express 2018, Licence Ouverte 2.0"
_DECIMALS = 4
_SMALL = re.compile(r"(?<=\s)(De|Des|Du|La|Le|Les|Et)(?=\s)")


def name_of(official: str) -> str:
    """Return the name of a quartier as people write it: « Les Hauts de Liévin – Cités 9-9bis »."""
    return _SMALL.sub(lambda found: found[0].lower(), official).replace(" - ", " – ")


def rounded(shares: dict[str, float]) -> dict[str, Decimal]:
    """Round shares so that they make 1: what is cut off goes to those that lost most."""
    unit = 10**_DECIMALS
    total = sum(shares.values())
    exact = {code: share / total * unit for code, share in shares.items()}
    whole = {code: int(value) for code, value in exact.items()}
    for code in sorted(exact, key=lambda code: whole[code] - exact[code])[: unit - sum(whole.values())]:
        whole[code] += 1
    return {code: Decimal(value) / unit for code, value in whole.items() if value}


def shares_of(quartier: dict[str, Any], communes: dict[str, Any], shape: Any) -> dict[str, Decimal]:
    """Return the share of the area of a quartier that lies in each of its communes."""
    outline = shape(quartier["geometry"])
    areas = {code: outline.intersection(communes[code]).area for code in quartier["properties"]["communes"]}
    return rounded(areas)


def main(geo: Path) -> None:
    """Write the contours and print the territories."""
    from shapely.geometry import shape  # type: ignore[import-not-found]

    def features(name: str) -> list[Any]:
        return list(json.loads((geo / name).read_text(encoding="utf-8"))["features"])

    with (geo / "communes-call-2026.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text, delimiter=";"))
    outlines = {item["properties"]["code"]: item for item in features("communes-call.geojson")}
    communes = {code: shape(item["geometry"]) for code, item in outlines.items()}
    quartiers = sorted(features("qpv2024-call.geojson"), key=lambda item: str(item["properties"]["code_qp"]))
    kept = [("2018", IGN, row["insee"], outlines[row["insee"]]["geometry"]) for row in rows]
    kept += [("2024", ANCT, item["properties"]["code_qp"], item["geometry"]) for item in quartiers]
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"code": code, "millesime": vintage, "source": source},
                "geometry": geometry,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for vintage, source, code, geometry in kept
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (FOLDER / "contours.geojson").write_text(text, encoding="utf-8")
    for row in rows:
        print(commune_toml(row))
    for item in quartiers:
        print(quartier_toml(item["properties"], shares_of(item, communes, shape)))


def commune_toml(row: dict[str, str]) -> str:
    """Return the table of a commune."""
    return (
        f'[[territoire]]\ncode = "{row["insee"]}"\nnom = "{row["nom"]}"\nniveau = "commune"\nparent = "{EPCI}"\n\n'
        f'  [[territoire.population]]\n  perimetre = "totale"\n  valeur = {row["population_municipale_2026"]}\n'
        "  date = 2026-01-01\n"
        '  citation = { document = "COG-2026", rubrique = "Population municipale", '
        f'repere = "{row["insee"]} {row["nom"]}" }}\n'
    )


def quartier_toml(said: dict[str, Any], shares: dict[str, Decimal]) -> str:
    """Return the table of a quartier, listed under the commune that holds most of it."""
    ordered = sorted(shares, key=lambda code: -shares[code])
    links = "".join(
        f'\n  [[territoire.lien]]\n  lieu = "{code}"\n  part = {shares[code].normalize()}\n'
        + ('  base = "superficie"\n' if len(shares) > 1 else "")
        for code in ordered
    )
    return (
        f'[[territoire]]\ncode = "{said["code_qp"]}"\nnom = "{name_of(said["lib_qp"])}"\nniveau = "qpv"\n'
        f'parent = "{ordered[0]}"\n{links}'
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
