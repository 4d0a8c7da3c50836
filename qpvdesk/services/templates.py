"""The officer's own templates of the committee's file, kept beside the settings: words of sections, never figures."""

from __future__ import annotations

from pathlib import Path

import msgspec

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.gatherings import PARTNERS
from qpvdesk.reports.composition import Choice, Composition

_FILE = "modeles.json"


class Template(msgspec.Struct, frozen=True):
    """A composition as the file has it: a word and a comment a section, None for the usual ones."""

    sections: tuple[tuple[str, str], ...] | None
    retards_seuls: bool
    trajectoires: bool
    chapitres: str = PARTNERS


class Templates:
    """Named compositions, one file for all of them in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def names(self) -> tuple[str, ...]:
        """Return the names, in order."""
        return tuple(sorted(self._stored()))

    def get(self, name: str) -> Composition | None:
        """Return a template; None where there is none of that name or it cannot be read."""
        template = self._stored().get(name)
        if template is None:
            return None
        sections = template.sections
        return Composition(
            None if sections is None else tuple(Choice(word, comment) for word, comment in sections),
            template.retards_seuls,
            template.trajectoires,
            template.chapitres,
        )

    def keep(self, name: str, composition: Composition) -> None:
        """Keep a template under a name, in the place of the one that had it. Raises `UserError`."""
        if not name.strip():
            raise UserError("Le modèle n’a pas de nom.", "Donnez-lui un nom court.")
        sections = composition.choices
        template = Template(
            None if sections is None else tuple((choice.word, choice.comment) for choice in sections),
            composition.late_only,
            composition.trajectories,
            composition.chapters,
        )
        self._write(self._stored() | {name.strip(): template})

    def remove(self, name: str) -> None:
        """Remove a template. Raises `UserError` where the file cannot be written."""
        templates = self._stored()
        if templates.pop(name, None) is not None:
            self._write(templates)

    def _stored(self) -> dict[str, Template]:
        try:
            return _readable(msgspec.json.decode(self._path.read_bytes(), type=dict[str, msgspec.Raw]))
        except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return {}

    def _write(self, templates: dict[str, Template]) -> None:
        content = msgspec.json.format(msgspec.json.encode(templates), indent=1)
        try:
            durable.write(self._path, content, private=True)
        except OSError as error:
            raise UserError(
                "Le modèle ne peut pas être enregistré dans votre dossier.",
                f"Vérifiez la place et les droits de {self._path.parent} ({durable.reason(error)}).",
            ) from error


def _readable(stored: dict[str, msgspec.Raw]) -> dict[str, Template]:
    """Return the templates that can be read; another release may have written one in another form."""
    templates = {}
    for name, raw in stored.items():
        try:
            templates[name] = msgspec.json.decode(raw, type=Template)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            continue
    return templates
