"""What a file of figures would change, as a test asks for it: read and planned in one go."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import imports


def preview(
    desk: Desk,
    contract: str,
    path: Path,
    answers: imports.Answers = imports.Answers(),  # noqa: B008 - frozen
) -> imports.Plan:
    """Read a file and tell what it would change; nothing is written. Raises `UserError` as reading and planning do."""
    return imports.plan(desk, contract, imports.read(path), path.name, answers=answers)
