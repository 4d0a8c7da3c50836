"""The contrast of two colours, as the accessibility rules measure it."""

from __future__ import annotations


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours `#rrggbb`, from 1 to 21."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(text: str) -> float:
    channels = (int(text[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
