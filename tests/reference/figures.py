"""Figures as the French write them, read and judged without the product."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction


def number_in(text: str) -> Fraction | None:
    """A number as the French write it; None where there is none."""
    plain = re.sub(r"[\s\u202f\u00a0]", "", text).replace("−", "-").replace(",", ".")
    return Fraction(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


def day_in(text: str) -> date | None:
    """A day as the French write it, the last of a year for `en 2025`; None where there is none."""
    if found := re.search(r"(\d\d)/(\d\d)/(\d{4})", text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    year = re.fullmatch(r"en (\d{4})", text.strip())
    return date(int(year[1]), 12, 31) if year else None


def half_away(value: Fraction, digits: int) -> Fraction:
    """Round half away from zero."""
    scaled = int(abs(value) * 10**digits + Fraction(1, 2))
    return Fraction(scaled if value >= 0 else -scaled, 10**digits)


def prints(text: str, value: Fraction | None) -> bool:
    """Whether a text prints a figure: rounded to the decimals that it has, and never 0 for what is not."""
    figure = re.search(r"[−+-]?\d[\d\s\u202f\u00a0]*(?:,\d+)?", text)
    if figure is None or value is None:
        return figure is None and value is None
    printed = number_in(figure[0].replace("+", ""))
    assert printed is not None
    if text[: figure.start()].rstrip("+− \u00a0\u202f").endswith(("<", ">")):
        # « < 1 % » of what is not zero: between it and what is said, and it would round to 0 at that precision.
        return 0 < value < printed or printed < value < 0
    decimals = len(figure[0].partition(",")[2].strip())
    return printed == half_away(value, decimals) and (printed != 0 or value == 0)
