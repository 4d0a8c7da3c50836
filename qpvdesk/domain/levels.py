"""The levels of places: the usual ones, which every contract knows, and those that a contract adds or names anew."""

from __future__ import annotations

from collections.abc import Iterable

from qpvdesk.domain.model import LEVEL_LABELS, Level, PlaceLevel

QPV_2015 = "qpv2015"
"""Quartiers of the geography of before 2024: never in one series, nor in one total, with those of 2024."""
_FURTHER: tuple[tuple[str, str, Level], ...] = (
    (QPV_2015, "Quartier prioritaire de 2015", Level.QPV),
    ("bassin", "Bassin d’emploi", Level.AUTRE),
    ("cite_educative", "Cité éducative", Level.AUTRE),
    ("quartier_vecu", "Quartier vécu", Level.AUTRE),
)
_SCALES = tuple(Level)

USUAL: tuple[PlaceLevel, ...] = (
    *(
        PlaceLevel(key="", contract="", code=level.value, name=name, scale=level)
        for level, name in LEVEL_LABELS.items()
    ),
    *(PlaceLevel(key="", contract="", code=code, name=name, scale=scale) for code, name, scale in _FURTHER),
)
"""What no contract has to declare, the widest first."""


class Levels:
    """The levels of one contract, by code, the widest first."""

    def __init__(self, own: Iterable[PlaceLevel]) -> None:
        known = {item.code: item for item in USUAL} | {item.code: item for item in own}
        self.all = tuple(sorted(known.values(), key=lambda item: scale_rank(item.scale)))
        self._by_code = {item.code: item for item in self.all}
        self._rank = {item.code: rank for rank, item in enumerate(self.all)}

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    @property
    def words(self) -> str:
        """What they are called, in a sentence."""
        return ", ".join(item.name for item in self.all)

    def name(self, code: str) -> str:
        """Return what a level is called: « Commune »; its code where nobody declares it."""
        return self._by_code[code].name if code in self._by_code else code

    def scale(self, code: str) -> Level:
        return self._by_code[code].scale if code in self._by_code else Level.AUTRE

    def rank(self, code: str) -> int:
        """Return the place of a level among all, the widest first."""
        return self._rank.get(code, len(self._rank))

    def coded(self, text: str) -> str | None:
        """Return the code that a text gives, by itself or by its name; None where it is none."""
        wanted = text.casefold().strip()
        return next(
            (item.code for item in self.all if wanted in (item.code.casefold(), item.name.casefold())), None
        )


def scale_rank(scale: Level) -> int:
    """Return the place of a scale, the widest first; what is of no scale comes last."""
    return _SCALES.index(scale)


def is_wider(first: Level, second: Level) -> bool:
    """Tell whether a place of a scale can hold one of another: what is of no scale may."""
    return Level.AUTRE in (first, second) or scale_rank(first) < scale_rank(second)
