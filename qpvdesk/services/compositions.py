"""What a committee's file is made of, as the shell asks for it: sections, a kept template, words in a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NNBSP, either, fold
from qpvdesk.domain.gatherings import AXES, ways
from qpvdesk.domain.model import Dossier
from qpvdesk.reports.composition import FIRST as FIRST
from qpvdesk.reports.composition import WHOLE, Choice, Composition
from qpvdesk.services.printing import SectionChoice
from qpvdesk.services.templates import Templates

ALL = "tout"
"""The word for every section, those that nobody prints usually as well."""
_BYTES_MAX = 200_000
_CHAPTERS = ("partenaire", "thematique", "axe")
"""What the words of the chapters of what is promised begin with."""


def chapters_named(dossier: Dossier, word: str) -> str:
    """Return a way to cut the chapters of what is promised, by its word. Raises `UserError` for one that is not the
    contract's."""
    known = ways(dossier)
    if word not in known:
        lacks = "n’a pas d’axes" if word == AXES else f"n’a pas de chapitres «{NNBSP}{word}{NNBSP}»"
        raise UserError(f"Ce contrat {lacks}.", f"Choisissez {either(known)}.")
    return word


def cut_anew(choices: Sequence[Choice], sections: Sequence[SectionChoice]) -> tuple[Choice, ...]:
    """Return choices with the chapters of `sections` where those of another way to cut the file stood."""
    by_word = {section.word: section for section in sections}
    chapters = [Choice(section.word) for section in sections if section.chapter]
    if any(by_word[choice.word].chapter for choice in choices if choice.word in by_word):
        chapters = []
    cut: list[Choice] = []
    for choice in choices:
        if choice.word in by_word:
            cut.append(choice)
        elif choice.word.partition("-")[0] in _CHAPTERS:
            cut += chapters
            chapters = []
    return tuple(cut)


def composition(
    known: Sequence[SectionChoice],
    sections: str = "",
    *,
    base: Composition = WHOLE,
    late_only: bool = False,
    words: Mapping[str, str] | None = None,
) -> Composition:
    """Return what is to be printed. `sections`: words with commas between them, in the order of the paper; `base`: what
    counts where nothing is said; `words`: by section, what the officer says. Raises `UserError` for an unknown section.
    """
    by_word = {section.word.casefold(): section.word for section in known}
    asked = [word.strip() for word in sections.split(",") if word.strip()]
    if asked == [ALL]:
        asked = [section.word for section in known]
    for word in [*asked, *(words or {})]:
        if word.casefold() not in by_word:
            raise UserError(
                f"Aucune section ne s’appelle «{NNBSP}{word}{NNBSP}».",
                f"Sections de ce dossier{NNBSP}: {', '.join([*by_word.values(), ALL])}.",
            )
    choices = base.choices if base.choices is None else cut_anew(base.choices, known)
    if asked:
        choices = tuple(Choice(by_word[word.casefold()]) for word in asked)
    if words:
        given = {by_word[word.casefold()]: text for word, text in words.items()}
        if len(given) < len(words):
            raise UserError(
                f"Une section a deux textes{NNBSP}: {', '.join(words)}.", "Gardez-en un pour chacune."
            )
        if choices is None:
            choices = tuple(Choice(section.word) for section in known if section.usual)
        choices = tuple(replace(item, comment=given.get(item.word, item.comment)) for item in choices)
    return replace(base, choices=choices, late_only=base.late_only or late_only)


def kept(templates: Templates, name: str) -> Composition:
    """Return a template of the officer by its name. Raises `UserError` where there is none."""
    by_name = {fold(item): item for item in templates.names()}
    found = templates.get(by_name.get(fold(name), name))
    if found is None:
        names = ", ".join(templates.names())
        raise UserError(
            f"Aucun modèle enregistré ne s’appelle «{NNBSP}{name}{NNBSP}».",
            f"Modèles enregistrés{NNBSP}: {names}."
            if names
            else "Enregistrez-en un dans «\u202fImpressions\u202f».",
        )
    return found


def words_in(path: Path) -> dict[str, str]:
    """Return the words of a file by section: `essentiel = "…"` in TOML, or a plain text, which is those of page one.

    Raises `UserError` where it cannot be read.
    """
    try:
        # Counted as it is read: a device says that it holds nothing, and never ends.
        with path.open("rb") as file:
            content = file.read(_BYTES_MAX + 1)
        if len(content) > _BYTES_MAX:
            raise UserError(f"Le fichier «{NNBSP}{path.name}{NNBSP}» est trop long pour des mots de dossier.")
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeError) as error:
        raise UserError(
            f"Le fichier «{NNBSP}{path.name}{NNBSP}» ne peut pas être lu.",
            "Donnez un texte en UTF-8, ou un fichier .toml d’une ligne par section.",
        ) from error
    if path.suffix.lower() != ".toml":
        return {FIRST: text.strip()}
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError):
        found = {"": None}
    if not all(isinstance(value, str) for value in found.values()):
        raise UserError(
            f"Le fichier «{NNBSP}{path.name}{NNBSP}» n’est pas une liste de mots par section.",
            f'Une ligne par section{NNBSP}: essentiel = "La phrase".',
        )
    return {word: str(value).strip() for word, value in found.items()}
