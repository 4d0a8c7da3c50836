"""A row of the table of engagements."""

from __future__ import annotations

from dataclasses import dataclass

from qpvdesk.domain.model import Engagement, Meteo, Partner, Weather


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """One engagement as the table shows it."""

    engagement: Engagement
    partner: Partner
    meteo: Meteo | None
    objectives: int
    theme: str = ""
    """Name of its thématique."""
    precisions: tuple[Engagement, ...] = ()

    @property
    def words(self) -> str:
        """What a filter looks in: its own words, those of its partner and of what precises it."""
        own = self.engagement
        more = " ".join(f"{item.code} {item.label} {item.detail}" for item in self.precisions)
        return (
            f"{own.code} {own.label} {own.detail} {self.partner.name} {self.partner.short_name}"
            f" {self.theme} {more}"
        )

    @property
    def weather(self) -> Weather:
        return self.meteo.weather if self.meteo else Weather.NON_RENSEIGNEE
