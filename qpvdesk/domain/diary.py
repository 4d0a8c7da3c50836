"""What happened to a thing, told as in a diary: « la météo de FT-E07 passe à « Appuis nécessaires » »."""

from __future__ import annotations

from datetime import date

from qpvdesk.domain.french import NNBSP, fold, format_date

_VOWELS = "aeiouy"
_NO_PLURALS = ("sens", "poids")
"""Words that end with an s and are one thing."""


def the(words: str, *, feminine: bool) -> str:
    """`la valeur`, `l’échéance`, `les besoins`."""
    first = words.split(" ", 1)[0]
    if first.endswith("s") and first not in _NO_PLURALS:
        return f"les {words}"
    if fold(words[:1]) in _VOWELS:
        return f"l’{words}"
    return f"{'la' if feminine else 'le'} {words}"


def of(name: str) -> str:
    """` de BPI-O01`, ` d’ARS-O02`; empty where there is no name."""
    if not name:
        return ""
    return f" d’{name}" if fold(name[:1]) in _VOWELS else f" de {name}"


def changed(subject: str, before: str, after: str, *, feminine: bool, several: bool = False) -> str:
    """What became of a field: it passes from a value to another, is filled in, or is emptied. `subject`: with its
    article and whose it is; `several`: it is in the plural."""
    accord = ("e" if feminine else "") + ("s" if several else "")
    become = "sont" if several else "est"
    if not after:
        return f"{subject} {become} effacé{accord}" + (
            f" ({'étaient' if several else 'était'} {before})" if before else ""
        )
    if not before:
        return f"{subject} {become} renseigné{accord}{NNBSP}: {after}"
    return f"{subject} {'passent' if several else 'passe'} {_from_to(before, after)}"


def quoted(words: str) -> str:
    """Words that are somebody's, or a choice in a list: « À augmenter »."""
    return f"«{NNBSP}{words}{NNBSP}»"


def _from_to(before: str, after: str) -> str:
    if _is_day(before) and _is_day(after):
        return f"du {before} au {after}"
    return f"de {before} à {after}"


def _is_day(words: str) -> bool:
    return len(words) == len(format_date(date.min)) and words[2:3] == words[5:6] == "/"
