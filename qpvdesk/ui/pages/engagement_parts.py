"""What is read under an engagement: its checklist, and what precises it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout

from qpvdesk.domain.engagements import precision_words
from qpvdesk.domain.french import format_date
from qpvdesk.domain.model import WEATHER_LABELS, Engagement
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.tasks import standing_words
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.terms import explain
from qpvdesk.ui.widgets.citation import CitationView
from qpvdesk.ui.widgets.labels import aside, label


def add_steps(body: QBoxLayout, situation: Situation, engagement: str) -> None:
    """Add the steps of the engagement of that key, in their order; nothing where it has none."""
    steps = sorted(situation.steps.get(engagement, ()), key=lambda step: step.rank)
    if steps:
        body.addWidget(label("Étapes", "subheading"))
    for step in steps:
        told = (step.label, step.who, standing_words(step, situation.day, "faite"))
        body.addWidget(label(" · ".join(filter(None, told)), wrap=True, select=True))


def add_meteos(body: QBoxLayout, situation: Situation, engagement: str) -> None:
    """Add every météo of the engagement of that key up to the day, the latest first."""
    known = sorted(
        (
            meteo
            for meteo in situation.dossier.meteos
            if situation.followed_by(meteo.engagement) == engagement and meteo.day <= situation.day
        ),
        key=lambda meteo: meteo.day,
        reverse=True,
    )
    for meteo in known:
        parts = [f"Au {format_date(meteo.day)}\u202f: {WEATHER_LABELS[meteo.weather].lower()}."]
        for name, words in (
            ("Résultats", meteo.results),
            ("Freins", meteo.obstacles),
            ("Suites", meteo.next_steps),
        ):
            if words:
                parts.append(f"{name}\u202f: {words}")
        body.addWidget(label("\n".join(parts), wrap=True, select=True))


def add_precisions(
    body: QBoxLayout,
    situation: Situation,
    engagement: str,
    *,
    go: Callable[[Address], object],
    detach: Callable[[str], object] | None,
) -> None:
    """Add what precises the engagement of that key, each with its words and its passage; nothing where nothing does.

    `detach`: what follows one of them by itself again, by key; None where nothing can be changed.
    """
    precisions = situation.precisions_of(engagement)
    if precisions:
        body.addWidget(explain(label(f"Précisions ({len(precisions)})", "subheading"), "Précision"))
    for item in precisions:
        body.addWidget(label(f"{item.code} · {item.label}", wrap=True, select=True))
        if item.detail:
            body.addWidget(aside(item.detail, select=True))
        if item.citation is not None:
            body.addWidget(CitationView(situation, item.citation, item.key, go))
        if detach is not None:
            hint = (
                f"Suivre {item.code} pour lui-même\u202f; ce que son engagement a repris reste avec celui-ci"
            )
            free = button("Détacher", partial(detach, item.key), role="quiet", hint=hint)
            free.setAccessibleName(f"Détacher {item.code}")
            body.addWidget(free, 0, Qt.AlignmentFlag.AlignLeft)


def add_conditions(body: QBoxLayout, situation: Situation, engagement: Engagement) -> None:
    """Add the reserves of an engagement, those of all its partner's included; nothing where there is none."""
    conditions = [
        item
        for item in situation.dossier.conditions
        if (item.engagement is None and item.partner == engagement.partner)
        or (item.engagement is not None and situation.followed_by(item.engagement) == engagement.key)
    ]
    if conditions:
        body.addWidget(explain(label("Conditions", "subheading")))
    # Two clauses of one promise may bear the same reserve.
    for words in dict.fromkeys(
        f"{condition.text}{'' if condition.engagement else ' (tous les engagements du partenaire)'}"
        for condition in conditions
    ):
        body.addWidget(label(words, wrap=True, select=True))


def add_places(body: QBoxLayout, situation: Situation, engagement: Engagement) -> None:
    """Add the places that an engagement names, beyond its own; nothing where it names none."""
    places = [
        place.name
        for place in situation.dossier.territories
        if place.key != engagement.territory and engagement in situation.engagements_naming(place.key)
    ]
    if places:
        body.addWidget(label("Communes et quartiers nommés", "subheading"))
        body.addWidget(label(", ".join(places), wrap=True, select=True))


def told_short(precisions: Sequence[Engagement]) -> str:
    """Return the précisions of an engagement, a line each, with where each was read."""
    return "\n".join(f"– {precision_words(item)}" for item in precisions)
