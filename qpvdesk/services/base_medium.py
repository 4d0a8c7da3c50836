"""Sentences, in the window and in the shell, on a base that stands on a network, in a synchronised folder or on a stick:
writing there may damage it."""

from __future__ import annotations

from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import raised
from qpvdesk.storage.care import medium
from qpvdesk.storage.care.medium import Medium


class MediumError(UserError):
    """The base stands on a medium where it is better worked on in a local copy."""

    def __init__(self, base: Path, kind: Medium) -> None:
        super().__init__(*words(base, kind))


def words(base: Path, kind: Medium) -> tuple[str, str]:
    """Say in two sentences what a base on that medium risks, and what to do."""
    if kind is Medium.NETWORK:
        return (
            f"La base «\u202f{base.name}\u202f» est sur un dossier de réseau\u202f: une coupure pendant l’écriture peut"
            " l’abîmer.",
            "Travaillez sur une copie locale, ou gardez une sauvegarde ailleurs.",
        )
    if kind is Medium.SYNCED:
        return (
            f"La base «\u202f{base.name}\u202f» est dans un dossier synchronisé (OneDrive, Nextcloud, Resana)\u202f: elle"
            " peut y être copiée pendant l’écriture, ou remplacée par celle d’un autre poste.",
            "Travaillez sur une copie locale, et déposez des paquets dans ce dossier plutôt que la base.",
        )
    return (
        f"La base «\u202f{base.name}\u202f» est sur un support amovible\u202f: arraché pendant l’écriture,"
        " il peut l’abîmer.",
        "Travaillez sur une copie locale, ou gardez une sauvegarde ailleurs.",
    )


def refusal(error: OSError) -> str:
    """Say what the system refused of a file that no act speaks of."""
    why = durable.reason(error)
    if error.filename:
        named = f"«\u202f{error.filename}\u202f» ne peut pas être ouvert"
        return f"{named}\u202f: {why}. Vérifiez son nom et son emplacement."
    return f"{raised(why)}. {durable.remedy(error)}"


def unsaid(error: OSError) -> str:
    """Say that what a command prints could not be written: it may have done all that was asked before."""
    return (
        f"Ce que la commande affiche n’a pas pu être écrit\u202f: {durable.reason(error)}. «\u202fqpvdesk journal\u202f» dit"
        " si elle a enregistré quelque chose."
    )


def warning(base: Path) -> str:
    """Return one sentence on a base that is not on a disk of this computer; empty where it is."""
    found = medium.of(base)
    return "" if found is Medium.DISK else words(base, found)[0]
