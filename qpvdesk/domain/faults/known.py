"""What the checks look things up in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from qpvdesk.domain.french import fold
from qpvdesk.domain.levels import Levels
from qpvdesk.domain.model import (
    Axis,
    Dossier,
    Engagement,
    Funding,
    FundingYear,
    Objective,
    Operand,
    Statement,
    Territory,
    TerritoryLink,
)
from qpvdesk.domain.themes import ThemeNames, theme_names

Found = tuple[str, str] | tuple[str, str, str]
"""The field at fault, why in French without capital or stop, and where it helps what to do (a sentence)."""


YEARS_BEFORE_MAX = 15
"""How many years before the start of the contract a figure may date from."""


class Known:
    """A contract by key, made once for however many things are checked in it."""

    def __init__(self, dossier: Dossier, today: date | None = None) -> None:
        self.dossier = dossier
        self.today = today
        self._places: dict[str, frozenset[str]] = {}

    @cached_property
    def oldest(self) -> date | None:
        """The first day that a figure may be of; None where the contract says no start."""
        start = self.dossier.contract.start
        if start is None or start.year <= YEARS_BEFORE_MAX:
            return None
        # The 29th of February has no twin in most years.
        return start.replace(year=start.year - YEARS_BEFORE_MAX, day=min(start.day, 28))

    @cached_property
    def objectives(self) -> dict[str, Objective]:
        return {item.key: item for item in self.dossier.objectives}

    @cached_property
    def axes(self) -> dict[str, Axis]:
        return {item.key: item for item in self.dossier.axes}

    @cached_property
    def themes(self) -> ThemeNames:
        return theme_names(self.dossier)

    @cached_property
    def engagements(self) -> dict[str, Engagement]:
        return {item.key: item for item in self.dossier.engagements}

    @cached_property
    def precised(self) -> frozenset[str | None]:
        return frozenset(item.parent for item in self.dossier.engagements)

    @cached_property
    def territories(self) -> dict[str, Territory]:
        return {item.key: item for item in self.dossier.territories}

    @cached_property
    def levels(self) -> Levels:
        return Levels(self.dossier.place_levels)

    @cached_property
    def links(self) -> dict[str, list[TerritoryLink]]:
        """The links of each place to those that it lies in."""
        found: dict[str, list[TerritoryLink]] = {}
        for item in self.dossier.territory_links:
            found.setdefault(item.part, []).append(item)
        return found

    @cached_property
    def statements(self) -> dict[str, Statement]:
        return {item.key: item for item in self.dossier.statements}

    @cached_property
    def fundings(self) -> dict[str, Funding]:
        return {item.key: item for item in self.dossier.fundings}

    @cached_property
    def funding_years(self) -> dict[str, list[FundingYear]]:
        found: dict[str, list[FundingYear]] = {}
        for item in self.dossier.funding_years:
            found.setdefault(item.funding, []).append(item)
        return found

    @cached_property
    def parts(self) -> dict[str, list[Objective]]:
        """The objectives that decline each, retired ones too."""
        found: dict[str, list[Objective]] = {}
        for item in self.dossier.objectives:
            if item.parent is not None:
                found.setdefault(item.parent, []).append(item)
        return found

    @cached_property
    def operands(self) -> dict[str, list[Operand]]:
        return self.dossier.operands_by_statement

    @cached_property
    def milestones(self) -> Counter[tuple[str, date]]:
        return Counter((item.objective, item.day) for item in self.dossier.milestones)

    @cached_property
    def breakdowns(self) -> Counter[tuple[str, date, str, str]]:
        """How many figures a category of a list has of an objective on a day."""
        return Counter(
            (item.objective, item.day, fold(item.list_name), fold(item.category))
            for item in self.dossier.breakdowns
        )

    def places(self, objective: Objective) -> frozenset[str]:
        """The keys of the territories that a figure of the objective may be about: its own, those it is declined on."""
        found = self._places.get(objective.key)
        if found is None:
            parts = self.parts.get(objective.key, ())
            found = self._places[objective.key] = frozenset(
                (objective.territory, *(part.territory for part in parts))
            )
        return found


def contains_itself(key: str, things: Mapping[str, Any]) -> bool:
    """Tell whether a thing is above itself, from parent to parent."""
    above, seen = things[key].parent, {key}
    while above is not None and above not in seen:
        seen.add(above)
        above = things[above].parent if above in things else None
    return above is not None
