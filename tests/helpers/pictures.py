"""`make pictures`: the pictures of the README and of the guide, from the real window and the real papers."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.helpers import offscreen

FOLDER = Path(__file__).parents[2] / "resources" / "guide" / "pictures"
SCALE = 1.5
"""Pixels of a picture for one of the window: they are printed, and read on fine screens."""
WINDOW = (1120, 630)
"""The window in the pictures: small, so that its words are read when a page of paper holds it."""

PAGES = (
    "tableau-de-bord", "partenaire", "objectif", "releves", "engagements", "moyens", "territoires", "comites",
    "decisions", "donnees-arretees", "points-d-attention", "documents", "impressions", "echanges",
    "correspondance", "journal", "projection",
)  # fmt: skip
"""The window whole."""
PARTS = (
    "recherche", "saisie", "modifier-objectif", "meteo", "arreter", "reglages", "bienvenue", "sauvegardes",
    "phrase-secrete",
    "trajectoire", "parite", "base-endommagee",
)  # fmt: skip
"""A dialog, or a part of a page."""
CUT_OUT = ("trajectoire", "parite")
"""A part of a page without its margins: it is given some."""
PAPERS = ("rapport-essentiel", "rapport-bpifrance", "point-mensuel", "releve-de-decisions")
"""A page of what is printed."""
OWN = ("contrat-propose", "contrat-grille", "contrat-classeur", "contrat-tableau")
"""The window and two dialogs on the invented contract."""
NAMES = (*PAGES, *PARTS, *PAPERS, *OWN)


def main() -> int:
    """Make every picture, and take away those that are no longer made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _prepare(Path(folder))
        # Qt reads its screen from the environment when it is first imported.
        from tests.helpers import studio_contract
        from tests.helpers.studio import Studio

        studio = Studio(Path(folder), FOLDER)
        made = studio.make() | studio_contract.make(studio)
    if made != set(NAMES):
        raise SystemExit(f"made and listed differ: {sorted(made ^ set(NAMES))}")
    for file in FOLDER.glob("*.png"):
        if file.stem not in made:
            file.unlink()
    return 0


def _prepare(folder: Path) -> None:
    """Give Qt a screen of the size of the pictures, off screen, and the program a folder of its own."""
    offscreen.declare(folder, WINDOW, SCALE)
    os.environ["QPVDESK_DOSSIER"] = str(folder)


if __name__ == "__main__":
    sys.exit(main())
