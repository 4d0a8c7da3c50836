"""The one error that is meant for the officer. Anything else that is raised is a bug."""

from __future__ import annotations


class UserError(Exception):
    """What could not be done, in one French sentence, and how to mend it in another.

    `message` says what happened and what was kept; `remedy` says what to do next (may be empty). Both are
    complete sentences with French typography, true in the window as in the shell; `shell` says what to type, and the
    shell alone adds it.
    """

    def __init__(self, message: str, remedy: str = "", *, shell: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy
        self.shell = shell

    def __reduce__(self) -> tuple[object, ...]:
        """From one process to another an error goes as what it holds, whatever its kind asks for to be made."""
        return _held, (type(self), self.args), self.__dict__


def _held(kind: type[UserError], words: tuple[str, ...]) -> UserError:
    return kind.__new__(kind, *words)
