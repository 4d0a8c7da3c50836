"""Populations by code, and INSEE's series: one line a place, one column a figure, « s » where it is secret."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, Layer, LayerFigure, Level, Population, Territory
from qpvdesk.domain.series import BY_TITLE
from qpvdesk.services.territories import titles
from qpvdesk.services.territories.plan import ELSEWHERE, OfficialPlan
from qpvdesk.storage.keys import new_key, starter_key

_NOT_A_SERIES = {"codgeo", "libgeo", "reg", "dep", "epci", "typeiris", "annee", "millesime"}
_LAYERS_MAX = 60


class FileOrigin(Struct, frozen=True):
    """What the officer says of a file, or the file's name does: its vintage, and who publishes it."""

    vintage: str
    source: str


def populations(dossier: Dossier, sheets: Sequence[titles.Rows], day: date | None) -> OfficialPlan:
    """Say what a table of populations brings: to quartiers those in QPV, to the other places the whole."""
    places = {item.code: item for item in dossier.territories}
    known = {(item.territory, item.perimeter): item for item in dossier.populations}
    put: list[Population] = []
    refusals: list[str] = []
    seen: dict[str, Decimal | None] = {}
    counts = dict.fromkeys(("new", "changed", "same", ELSEWHERE, "sans chiffre"), 0)
    for code, people in _people(sheets):
        place = places.get(_place_code(code, places))
        if place is None:
            counts[ELSEWHERE] += 1
            continue
        if place.code in seen:
            if seen[place.code] != people:
                refusals.append(f"{place.name} ({place.code}) y a deux populations différentes.")
            continue
        seen[place.code] = people
        if people is None:
            counts["sans chiffre"] += 1
            continue
        if people == 0:
            refusals.append(f"{place.name} ({place.code}) y aurait 0 habitant\u202f: vérifiez ce chiffre.")
            continue
        perimeter = "qpv" if place.level == Level.QPV else "totale"
        old = known.get((place.key, perimeter))
        counted = (
            Population(new_key(), place.key, perimeter, people, vintage=day)
            if old is None
            else replace(old, value=people, vintage=day or old.vintage)
        )
        counts["new" if old is None else "same" if counted == old else "changed"] += 1
        put += [counted] if counted != old else []
    return OfficialPlan(
        "Populations",
        ("population", "populations"),
        put=() if refusals else tuple(put),
        new=counts["new"],
        changed=counts["changed"],
        same=counts["same"],
        left_out=((ELSEWHERE, counts[ELSEWHERE]), ("sans chiffre", counts["sans chiffre"])),
        refusals=tuple(refusals),
    )


def _people(sheets: Sequence[titles.Rows]) -> list[tuple[str, Decimal | None]]:
    for columns, _, lines in titles.tables(sheets):
        if "people" in columns:
            rows = ((titles.at(line, columns["code"]).upper(), line) for line in lines)
            return [(code, titles.people(titles.at(line, columns["people"]))) for code, line in rows if code]
    return []


def _place_code(code: str, places: dict[str, Territory]) -> str:
    """Return the code of a place as the contract has it: a lost zero, a bare number of a département or a région."""
    if code in places:
        return code
    candidates = (code.zfill(5), f"D{code}", f"R{code}")
    return next((item for item in candidates if item in places), code)


class _Column(Struct, frozen=True):
    place: int
    layer: Layer


def series(
    dossier: Dossier,
    known: Sequence[Layer],
    figures: Sequence[LayerFigure],
    sheets: Sequence[titles.Rows],
    *,
    origin: FileOrigin,
) -> OfficialPlan:
    """Say what a table of series brings: a layer a column. `known`, `figures`: the layers of the contract."""
    places = {item.code: item for item in dossier.territories}
    by_code = {item.code: item for item in known}
    present = {(item.layer, item.territory): item for item in figures}
    put: list[Any] = []
    removed: list[Any] = []
    refusals: list[str] = []
    counts = dict.fromkeys(("new", "changed", "same"), 0)
    outside = 0
    for columns, heads, lines in titles.tables(sheets):
        ours, left = _ours(lines, columns["code"], places)
        outside += left
        refusals += _twice(ours)
        for column in _columns(dossier.contract.key, heads, columns, ours, origin=origin)[:_LAYERS_MAX]:
            old = by_code.get(column.layer.code)
            layer = replace(column.layer, key=old.key) if old is not None else column.layer
            layer_figures, faults = _figures(layer, column.place, ours)
            refusals += faults
            touched = [item for item in layer_figures if item != present.get((item.layer, item.territory))]
            kept = {item.territory for item in layer_figures}
            gone = [item for item in figures if item.layer == layer.key and item.territory not in kept]
            changed = layer != old or touched or gone
            counts["new" if old is None else "changed" if changed else "same"] += 1
            put += [*([layer] if layer != old else []), *touched]
            removed += gone
    return OfficialPlan(
        "Séries de référence",
        ("couche", "couches"),
        put=() if refusals else tuple(put),
        removed=() if refusals else tuple(removed),
        new=counts["new"],
        changed=counts["changed"],
        same=counts["same"],
        left_out=((ELSEWHERE, outside),),
        refusals=tuple(dict.fromkeys(refusals)),
    )


def _ours(
    lines: titles.Rows, at: int, places: dict[str, Territory]
) -> tuple[list[tuple[Territory, Sequence[str]]], int]:
    """The lines of the contract's places, and how many are of others."""
    ours, outside = [], 0
    for line in lines:
        code = titles.at(line, at).upper()
        place = places.get(_place_code(code, places))
        if place is not None:
            ours.append((place, line))
        elif code:
            outside += 1
    return ours, outside


def _twice(ours: Sequence[tuple[Territory, Sequence[str]]]) -> list[str]:
    seen: dict[str, Sequence[str]] = {}
    faults = []
    for place, line in ours:
        if place.code in seen:
            faults.append(f"Le code {place.code} y est deux fois.")
        seen[place.code] = line
    return faults


def _columns(
    contract: str,
    heads: Sequence[str],
    columns: dict[str, int],
    ours: Sequence[tuple[Territory, Sequence[str]]],
    *,
    origin: FileOrigin,
) -> list[_Column]:
    """The columns that hold figures, each as a layer."""
    taken = {columns[name] for name in ("code", "name", "commune") if name in columns}
    found = []
    for place, head in enumerate(heads):
        word = titles.folded(head)
        if place in taken or not word or word in _NOT_A_SERIES:
            continue
        texts = [titles.at(line, place) for _, line in ours]
        if not any(_is_figure(text) for text in texts):
            continue
        series = BY_TITLE.get(word)
        code = series.code if series is not None else re.sub(r"[^a-z0-9]+", "_", french.fold(head)).strip("_")
        unit = series.unit if series is not None else "%" if "%" in head else ""
        layer = Layer(
            starter_key(f"layer:{contract}:{code}"),
            contract=contract,
            code=code,
            name=series.name if series is not None else head.strip(),
            source=origin.source,
            vintage=origin.vintage,
            unit=unit,
            note=series.definition if series is not None else "",
        )
        found.append(_Column(place, layer))
    return found


def _is_figure(text: str) -> bool:
    try:
        return titles.figure(text)[0] is not None
    except UserError:
        return False


def _figures(
    layer: Layer, at: int, ours: Sequence[tuple[Territory, Sequence[str]]]
) -> tuple[list[LayerFigure], list[str]]:
    layer_figures, faults = [], []
    texts = [titles.at(line, at) for _, line in ours]
    # A share is less than a thousand.
    decimal_point = layer.unit == "%" or titles.has_decimal_points(texts)
    for (place, _), text in zip(ours, texts, strict=True):
        try:
            value, secret = titles.figure(text, decimal_point=decimal_point)
        except UserError:
            faults.append(
                f"{layer.name}, {place.name}\u202f: «\u202f{text[:30]}\u202f» n’est pas un chiffre."
            )
            continue
        if layer.code == "population" and value == 0:
            faults.append(f"{place.name} ({place.code}) y aurait 0 habitant\u202f: vérifiez ce chiffre.")
        key = starter_key(f"layer_figure:{layer.key}:{place.key}")
        layer_figures.append(LayerFigure(key, layer.key, place.key, value=value, secret=secret))
    return layer_figures, faults
