"""The officer's own templates of the committee's file, kept beside the settings: words of sections, never figures."""

from __future__ import annotations

import json
import os
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.reports.composition import Choice, Composition

_FILE = "modeles.json"


class Templates:
    """Named compositions, one file for all of them in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def names(self) -> tuple[str, ...]:
        """Return the names, in order."""
        return tuple(sorted(self._held()))

    def get(self, name: str) -> Composition | None:
        """Return a template; None where there is none of that name or it cannot be read."""
        held = self._held().get(name)
        try:
            return None if held is None else _composition(held)
        except (KeyError, TypeError):
            return None

    def keep(self, name: str, composition: Composition) -> None:
        """Keep a template under a name, in the place of the one that had it. Raises `UserError`."""
        if not name.strip():
            raise UserError("Le modèle n’a pas de nom.", "Donnez-lui un nom court.")
        self._write(self._held() | {name.strip(): _plain(composition)})

    def remove(self, name: str) -> None:
        """Remove a template. Raises `UserError` where the file cannot be written."""
        held = self._held()
        if held.pop(name, None) is not None:
            self._write(held)

    def _held(self) -> dict[str, object]:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}

    def _write(self, held: dict[str, object]) -> None:
        part = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(held, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(part, self._path)
        except OSError as error:
            raise UserError(
                "Le modèle ne peut pas être enregistré dans votre dossier.",
                f"Vérifiez la place et les droits de {self._path.parent} ({error.strerror}).",
            ) from error


def _plain(composition: Composition) -> dict[str, object]:
    choices = composition.choices
    return {
        "sections": None if choices is None else [[one.word, one.comment] for one in choices],
        "retards_seuls": composition.late_only,
        "trajectoires": composition.trajectories,
    }


def _composition(held: object) -> Composition:
    if not isinstance(held, dict):
        raise TypeError(held)
    choices = held["sections"]
    return Composition(
        None if choices is None else tuple(Choice(str(word), str(comment)) for word, comment in choices),
        bool(held["retards_seuls"]),
        bool(held["trajectoires"]),
    )
