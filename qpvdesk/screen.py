"""Whether a window can be opened here: asked before Qt is imported, which would abort where it cannot."""

from __future__ import annotations

import os

from qpvdesk import system_libraries
from qpvdesk.domain.errors import UserError


def check() -> None:
    """Refuse in one sentence where Qt would abort: a library is missing, no display, or one that does not answer."""
    platform = os.environ.get("QT_QPA_PLATFORM")
    if not platform and not system_libraries.has_screen(os.environ):
        raise _no_screen("aucun écran n’est déclaré")
    packages = system_libraries.missing(os.environ)
    if packages:
        raise UserError(
            "La fenêtre ne peut pas s’ouvrir\u202f: il manque des bibliothèques d’affichage au système.",
            f"Installez-les\u202f: {system_libraries.command(packages)}",
        )
    if not platform and system_libraries.on_linux() and not system_libraries.screen_answers(os.environ):
        raise _no_screen("l’écran déclaré ne répond pas")


def _no_screen(why: str) -> UserError:
    return UserError(
        f"La fenêtre ne peut pas s’ouvrir\u202f: {why}.",
        "Lancez qpvdesk depuis votre session de bureau, ou utilisez les commandes («\u202fqpvdesk etat\u202f», "
        "«\u202fqpvdesk rapport\u202f»\u202f; «\u202fqpvdesk --help\u202f» les dit toutes).",
    )
