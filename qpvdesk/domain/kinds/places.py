"""Levels of places, what lies in what, contours, and layers of reference figures."""

from __future__ import annotations

from qpvdesk.domain import model
from qpvdesk.domain.kinds.declaration import CODE, CONTRACT, KEY, Ask, Kind, flag, link, number, text, word
from qpvdesk.domain.kinds.words import choices

_FROM_A_FILE = "Un fichier officiel l’apporte, dans la page « Territoires »."

# fmt: off
# A table: one row a field, as long as it takes.
KINDS = (
    Kind("place_level", model.PlaceLevel, "niveau de lieu", "niveaux de lieu", "place_levels",
        sheet="Niveaux de lieu", about="territoires", form=("name",),
        fields=(
            KEY, CONTRACT, CODE,
            text("name", "nom", toml="nom", ask=Ask("&Nom", help="Bassin d’emploi, cité éducative, carte scolaire…")),
            word("scale", "échelle", model.Level, model.Level.AUTRE, feminine=True, toml="echelle",
                ask=Ask("&Compté à l’échelle", choices=choices(model.Level),
                    help="« Autre » pour un périmètre qui n’en est aucune.")),
        ),
    ),
    Kind("territory_link", model.TerritoryLink, "lien de lieux", "liens de lieux", "territory_links",
        sheet="Liens de lieux", order=("part", "whole", "key"), owner="part",
        door="S’étend sur, dans la fiche du territoire.",
        fields=(
            KEY,
            link("part", "lieu contenu", ref="territory"),
            link("whole", "lieu qui le contient", ref="territory", toml="lieu"),
            number("share", "part", None, feminine=True, toml="part"),
            word("basis", "base de la part", model.Basis, model.Basis.INCONNUE, feminine=True, toml="base"),
        ),
    ),
    Kind("contour", model.Contour, "contour", "contours", "contours", sheet="", apart=True,
        order=("territory", "vintage", "key"), owner="territory", door=_FROM_A_FILE,
        fields=(
            KEY,
            link("territory", "territoire"),
            text("vintage", "millésime", free=False),
            text("geometry", "tracé", free=False),
            text("source", "source", "", feminine=True, free=False),
        ),
    ),
    Kind("layer", model.Layer, "couche de référence", "couches de référence", "layers", sheet="", apart=True,
        about="territoires", feminine=True, door=_FROM_A_FILE,
        fields=(
            KEY, CONTRACT, text("code", "code", free=False),
            text("name", "nom", free=False),
            text("source", "source", feminine=True, free=False),
            text("vintage", "millésime", free=False),
            text("unit", "unité", "", feminine=True, free=False),
            text("note", "note", "", feminine=True, free=False),
        ),
    ),
    Kind("layer_figure", model.LayerFigure, "chiffre de référence", "chiffres de référence", "layer_figures",
        sheet="", apart=True, order=("layer", "territory", "key"), owner="layer", door=_FROM_A_FILE,
        fields=(
            KEY,
            link("layer", "couche de référence", feminine=True),
            link("territory", "territoire"),
            number("value", "valeur", None, feminine=True),
            flag("secret", "secret"),
        ),
    ),
)
