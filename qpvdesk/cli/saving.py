"""A form saved from the shell: what is wrong with a field is said of its option."""

from __future__ import annotations

from collections.abc import Mapping

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts


def saved(
    desk: Desk,
    contract: str,
    kind: str,
    typed: Mapping[str, str],
    *,
    key: str | None = None,
    options: Mapping[str, str],
) -> Change:
    """Save what was typed, as the form of the window does. `options` gives the option of each field that has one."""
    try:
        return acts.save(desk, contract, kind, typed, key=key)
    except acts.FieldError as error:
        option = options.get(error.field)
        if option is None:
            raise
        raise UserError(
            f"--{option}\u202f: {error.words}", "Corrigez cette option, puis recommencez."
        ) from error
