"""The one error that is meant for the officer. Anything else that is raised is a bug."""

from __future__ import annotations

import copyreg
from typing import Any


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

    def __reduce__(self) -> tuple[Any, ...]:
        """From one process to another an error goes as what it holds, whatever its kind asks for to be made."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]
