"""The one error that is meant for the officer. Anything else that is raised is a bug."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_Thing = TypeVar("_Thing", bound=_Keyed)


_DIRECTIONS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "·")
"""The marks that turn the direction of a text (Unicode, UAX 9), and what is shown in their place."""


class UserError(Exception):
    """What could not be done, in one French sentence, and how to mend it in another.

    `message` says what happened and what was kept; `remedy` says what to do next (may be empty). Both are
    complete sentences with French typography, true in the window as in the shell; `shell` says what to type, and the
    shell alone adds it.
    """

    def __init__(self, message: str, remedy: str = "", *, shell: str = "") -> None:
        # A name from elsewhere would have what follows it read backwards.
        message, remedy, shell = (words.translate(_DIRECTIONS) for words in (message, remedy, shell))
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy
        self.shell = shell

    def __reduce__(self) -> tuple[object, ...]:
        """From one process to another an error goes as what it holds, whatever its kind asks for to be made."""
        return _rebuilt, (type(self), self.args), self.__dict__


def gone(what: str) -> UserError:
    """That what is acted on was removed meanwhile; `what`: « Cette visite »."""
    if what.startswith("Cette "):
        return UserError(
            f"{what} n’existe plus.", "Si elle a été retirée, «\u202fAnnuler\u202f» la fait revenir."
        )
    return UserError(f"{what} n’existe plus.", "S’il a été retiré, «\u202fAnnuler\u202f» le fait revenir.")


def thing_keyed(things: Iterable[_Thing], key: str, what: str) -> _Thing:
    """Return the thing of that key. Raises `gone` where there is none."""
    for thing in things:
        if thing.key == key:
            return thing
    raise gone(what)


def _rebuilt(kind: type[UserError], words: tuple[str, ...]) -> UserError:
    return kind.__new__(kind, *words)
