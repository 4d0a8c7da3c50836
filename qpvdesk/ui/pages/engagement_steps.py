"""The checklist of an engagement: what is to be done, by whom, for when, and what is done."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout

from qpvdesk.domain.french import format_date
from qpvdesk.domain.model import Dossier, Step
from qpvdesk.ui.widgets.labels import label


def add_steps(body: QBoxLayout, dossier: Dossier, engagement: str) -> None:
    """Add the steps of the engagement of that key, in their order; nothing where it has none."""
    steps = sorted(
        (step for step in dossier.steps if step.engagement == engagement), key=lambda step: step.rank
    )
    if steps:
        body.addWidget(label("Étapes", "subheading"))
    for step in steps:
        body.addWidget(label(_told(step), wrap=True, select=True))


def _told(step: Step) -> str:
    if step.done_on is not None:
        state = f"faite le {format_date(step.done_on)}"
    elif step.due is not None:
        state = f"à faire pour le {format_date(step.due)}"
    else:
        state = "à faire"
    return " · ".join(part for part in (step.label, step.who, state) if part)
