"""What a unit says of the figures counted in it: a share of a whole, things one by one, money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import fold, format_value, parse_number

SHARE = "%"
"""The unit of a share of a whole, 0 to 100. « % de 2019 » says of itself that it may exceed."""

FUNDING_UNITS = ("EUR", "ETP")
"""What amounts are counted in: the only two that totals know."""

UNITLESS = frozenset({"weight", "numerator", "denominator"})
"""The numbers of a contract that are in no unit, by field."""

_POSTS = frozenset({"etp", "equivalent temps plein", "equivalents temps plein", "postes (etp)"})

_MEASURED = re.compile(
    r"^(%|pts?\b|points?\b|fois\b|taux\b|parts?\b|moyenne|mediane|indice|note|score|ratio|etp\b|€|k€|m€|md€"
    r"|(k|m|milliers?|millions?|milliards?) ?(d.)?(€|euros?)|euros?\b|eur\b|h\b|heures?\b|min\b|minutes?\b|jours?\b"
    r"|semaines?\b|mois\b|ans?\b|annees?\b|t\b|kg\b|tonnes?\b|ha\b|hectares?\b|m2?\b|m²|m3|m³|km|kilometres?\b"
    r"|metres?\b|litres?\b|[kmg]?wh\b|°)"
    r"|/| (pour|par) "
)
"""Units that measure: a figure in them may have decimals. Any other counts things one by one."""


def is_share(unit: str) -> bool:
    """Whether figures in `unit` are shares, from 0 to 100 %."""
    return unit.strip() == SHARE


@lru_cache(maxsize=512)
def counts_things(unit: str) -> bool:
    """Whether figures in `unit` count things one by one (bus, postes, habitants)."""
    return bool(unit.strip()) and not _MEASURED.search(fold(unit))


def share_fault(field: str, value: Decimal | None) -> Iterator[tuple[str, str]]:
    """Yield a share outside 0 to 100 %, with the share that a misplaced percent sign makes of it."""
    if value is not None and not 0 <= value <= 100:
        meant = f"\u202f; {format_value(value / 100, '%')}\u202f?" if 200 <= value <= 10_000 else ""
        yield field, f"{format_value(value, '%')} n’est pas une part de 0 à 100\u202f%{meant}"


def funding_amount(amount: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return an amount in the unit that totals know: « 2,5 » in « M€ » are 2 500 000 EUR, « € » is EUR.

    A unit that is none of money nor posts comes back as it is.
    """
    bare = unit.strip()
    if fold(bare) in _POSTS:
        return amount, "ETP"
    if bare in FUNDING_UNITS:
        return amount, bare
    try:
        return amount * parse_number(f"1 {bare}", "€"), "EUR"
    except UserError:
        return amount, bare
