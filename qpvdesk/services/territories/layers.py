"""Reference layers: removed whole, read with their source, and the figures of one place with their gaps."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import enumerate_words
from qpvdesk.domain.inert import inert
from qpvdesk.domain.model import Layer
from qpvdesk.domain.review import Review
from qpvdesk.services.desk import Desk


def atlas_of(desk: Desk, contract: str) -> Atlas:
    return Atlas(**desk.base.atlas(desk.dossier(contract).contract.key))


def with_atlas(desk: Desk, contract: str, review: Review) -> Review:
    """Return what is said of a contract with its outlines and layers: those that were frozen, where it was."""
    return review if review.snapshot is not None else replace(review, atlas=atlas_of(desk, contract))


def find(desk: Desk, contract: str, code: str) -> Layer:
    """Return the layer of that code. Raises `UserError`."""
    layers = atlas_of(desk, contract).layers
    for layer in layers:
        if layer.code == code:
            return layer
    known = enumerate_words([layer.code for layer in layers]) or "aucune"
    raise UserError(
        f"Aucune couche ne porte le code «\u202f{code}\u202f».", f"Couches connues\u202f: {known}."
    )


def remove(desk: Desk, contract: str, code: str) -> Change:
    """Remove a layer and its figures; undo brings them back. Raises `UserError`."""
    layer = find(desk, contract, code)
    with desk.act(f"Couche de référence retirée\u202f: {layer.name}") as unit:
        for figure in atlas_of(desk, contract).figures_of(layer.key):
            unit.remove(figure)
        unit.remove(layer)
    return unit.change


def write(desk: Desk, contract: str, code: str, target: Path) -> int:
    """Write a layer with its source to a CSV file; return how many figures it has. Raises `UserError`."""
    layer = find(desk, contract, code)
    places = {item.key: item for item in desk.dossier(contract).territories}
    figures = atlas_of(desk, contract).figures_of(layer.key)
    lines = [["code", "nom", layer.name, "secret", "unité", "millésime", "source"]]
    for figure in sorted(figures, key=lambda item: places[item.territory].code):
        place = places[figure.territory]
        value = "" if figure.value is None else format(figure.value, "f").replace(".", ",")
        secret = "s" if figure.secret else ""
        lines.append([place.code, place.name, value, secret, layer.unit, layer.vintage, layer.source])
    text = io.StringIO()
    # Names, units and sources are from a file that came from elsewhere.
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([inert(cell, figures=True) for cell in line] for line in lines)
    durable.save(text.getvalue().encode("utf-8-sig"), target)
    return len(figures)
