"""What every way into a base refuses: a code that is taken, an example among real data, a folder without room."""

from __future__ import annotations

from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import Table


def is_code_taken(table: Table, error: sqlite3.IntegrityError) -> bool:
    """Tell whether a row was refused for its code; any other refusal is a bug."""
    # Its words name the columns; a key that is there twice is no mistake of the officer's.
    words = str(error)
    return words.startswith("UNIQUE") and not words.endswith(".key") and table.has_code


def no_room(base: Path, error: Exception) -> UserError:
    """The refusal of an act that could not write beside a base, which stays as it was."""
    return UserError(
        f"Rien n’a pu être écrit dans «\u202f{base.parent}\u202f»\u202f: la base reste telle qu’elle était.",
        durable.remedy(
            error, "Libérez de la place, ou copiez la base dans un dossier où vous pouvez écrire."
        ),
    )


def natures(connection: sqlite3.Connection) -> set[bool]:
    """Return whether the contracts of a base are invented: one answer, none where it holds no contract."""
    return {key.startswith(EXAMPLE) for (key,) in connection.execute("SELECT key FROM contract")}


def refuse_mixture(here: set[bool], added: set[bool]) -> None:
    """Keep what is invented and what is real in bases of their own, by whichever way it comes. Raises `UserError`."""
    if len(here | added) < 2:
        return
    if here == {True}:
        raise UserError(
            "Cette base est un exemple\u202f: ses données sont fictives, rien de réel n’y entre.",
            "Créez ou ouvrez une autre base pour votre contrat.",
        )
    raise UserError(
        "Ces données viennent d’un exemple fictif\u202f: elles n’entrent pas dans une base réelle.",
        "Ouvrez l’exemple à part, dans sa propre base.",
    )
