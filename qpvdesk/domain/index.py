"""What a contract holds, by key, by code and by what it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from qpvdesk.domain.engagements import followed, holders
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import (
    Decision,
    Document,
    Dossier,
    Engagement,
    Milestone,
    Objective,
    Partner,
    Territory,
)
from qpvdesk.domain.places import Places
from qpvdesk.domain.populations import Populations
from qpvdesk.domain.themes import ThemeNames, theme_names
from qpvdesk.domain.wording import Names

_T = TypeVar("_T")


class Index:
    """A dossier with its references resolved. What was retired is found by key and by code, and is in no list."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.populations = Populations(dossier.populations)
        self.places = Places(dossier)
        """What lies in what."""
        self.names = Names(dossier)
        self._objective_by_key = {item.key: item for item in dossier.objectives}
        self._partner_by_key = {item.key: item for item in dossier.partners}
        self._territory_by_key = {item.key: item for item in dossier.territories}
        self._engagement_by_key = {item.key: item for item in dossier.engagements}
        self._document_by_key = {item.key: item for item in dossier.documents}
        self._meeting_by_key = {item.key: item for item in dossier.meetings}
        rank = {key: index for index, key in enumerate(self._partner_by_key)}
        current = [item for item in dossier.objectives if not item.retired]
        current.sort(key=lambda item: rank.get(item.partner, len(rank)))
        self.objectives: tuple[Objective, ...] = tuple(current)
        """In the order of the contract, retired ones left out."""
        self.promises: tuple[Objective, ...] = tuple(item for item in current if not item.is_context)
        """Those that were promised, the only ones that are counted and asked for."""
        self._milestones = _grouped(dossier.milestones, lambda item: item.objective)
        self._children = _grouped(
            (item for item in current if item.parent != item.key and item.parent in self._objective_by_key),
            lambda item: item.parent,
        )
        self._of_partner = _grouped(current, lambda item: item.partner)

    @cached_property
    def theme_names(self) -> ThemeNames:
        """The thématiques of the contract, by code, in its order."""
        return theme_names(self.dossier)

    def objective(self, key: str) -> Objective:
        """The objective of that key; KeyError when there is none."""
        return self._objective_by_key[key]

    @cached_property
    def _by_code(self) -> dict[str, Objective]:
        return {item.code: item for item in reversed((*self.objectives, *self.dossier.objectives))}

    def objective_by_code(self, code: str) -> Objective:
        """The objective of that code; KeyError when there is none."""
        return self._by_code[code]

    def partner(self, key: str) -> Partner:
        """The partner of that key; KeyError when there is none."""
        return self._partner_by_key[key]

    def territory(self, key: str) -> Territory:
        """The territory of that key; KeyError when there is none."""
        return self._territory_by_key[key]

    def engagement(self, key: str) -> Engagement:
        """The engagement of that key; KeyError when there is none."""
        return self._engagement_by_key[key]

    def document(self, key: str) -> Document:
        """The document of that key; KeyError when there is none."""
        return self._document_by_key[key]

    def milestones_of(self, objective_key: str) -> tuple[Milestone, ...]:
        """The objective's intermediate targets by date."""
        return tuple(sorted(self._milestones.get(objective_key, ()), key=lambda item: item.day))

    def children_of(self, objective_key: str) -> tuple[Objective, ...]:
        """The objectives that decline this one on lower territories, retired ones left out."""
        return tuple(self._children.get(objective_key, ()))

    def objectives_of_partner(self, partner_key: str) -> tuple[Objective, ...]:
        """The partner's objectives in contract order, retired ones left out."""
        return tuple(self._of_partner.get(partner_key, ()))

    @cached_property
    def engagements(self) -> tuple[Engagement, ...]:
        """The engagements that are followed, in the order of the contract."""
        return followed(self.dossier)

    @cached_property
    def _holders(self) -> Mapping[str, str]:
        return holders(self.dossier.engagements)

    def followed_by(self, engagement_key: str | None) -> str:
        """The key of the engagement that is followed for the one of that key: itself, or the one that it precises."""
        return self._holders.get(engagement_key or "", engagement_key or "")

    @cached_property
    def _precisions(self) -> dict[str, list[Engagement]]:
        live = [item for item in self.dossier.engagements if not item.retired]
        return _grouped(
            (item for item in live if self.followed_by(item.key) != item.key),
            lambda item: self.followed_by(item.key),
        )

    def precisions_of(self, engagement_key: str) -> tuple[Engagement, ...]:
        """What precises the engagement, in contract order, retired ones left out."""
        return tuple(self._precisions.get(engagement_key, ()))

    @cached_property
    def _of_engagement(self) -> dict[str, list[Objective]]:
        return _grouped(self.objectives, lambda item: self.followed_by(item.engagement))

    def objectives_of_engagement(self, engagement_key: str) -> tuple[Objective, ...]:
        """The objectives of the engagement and of what precises it, in contract order, retired ones left out."""
        return tuple(self._of_engagement.get(self.followed_by(engagement_key), ()) if engagement_key else ())

    def engagements_of_partner(self, partner_key: str) -> tuple[Engagement, ...]:
        """The partner's engagements that are followed."""
        return tuple(item for item in self.engagements if item.partner == partner_key)

    @cached_property
    def _naming(self) -> dict[str, set[str]]:
        """By territory, the engagements that name it, or that one of their précisions names it for."""
        found: dict[str, set[str]] = {}
        live = {item.key for item in self.dossier.engagements if not item.retired}
        named = [(item.territory, item.engagement) for item in self.dossier.engagement_territories]
        named += [(item.territory, item.key) for item in self.dossier.engagements if item.territory]
        for territory, key in named:
            if key in live:
                found.setdefault(territory, set()).add(self.followed_by(key))
        return found

    def engagements_naming(self, territory_key: str) -> list[Engagement]:
        """The engagements that are followed and name the territory, themselves or by a précision."""
        keys = self._naming.get(territory_key, set())
        return [item for item in self.engagements if item.key in keys]

    def population(self, territory_key: str, perimeter: str = "qpv") -> Fraction | None:
        """Inhabitants of the territory in that perimeter (`qpv` or `totale`), latest vintage."""
        return self.populations.latest(territory_key, perimeter)

    def is_within(self, territory: Territory, ancestor: str) -> bool:
        """Whether the territory is that of the key `ancestor`, or lies in it, even for a part."""
        return self.places.is_within(territory.key, ancestor)

    def decision_code(self, decision: Decision) -> str:
        """What a decision is called: its meeting's code and its rank (`COPIL-2026-03-12-D2`)."""
        meeting = self._meeting_by_key.get(decision.meeting)
        return f"{meeting_code(meeting)}-D{decision.rank}" if meeting is not None else f"D{decision.rank}"


def _grouped(items: Iterable[_T], owner: Callable[[_T], str | None]) -> dict[str, list[_T]]:
    """Return the items by what `owner` says of each."""
    groups: dict[str, list[_T]] = {}
    for item in items:
        groups.setdefault(owner(item) or "", []).append(item)
    return groups
