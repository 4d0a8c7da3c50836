"""Figures that are possible and yet unlikely: said in the same words at every door, kept until somebody confirms them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache

from msgspec import Struct

from qpvdesk.domain.ages import in_recording_order
from qpvdesk.domain.faults.units import counts_things
from qpvdesk.domain.french import format_date, format_value
from qpvdesk.domain.how_far import figure_words
from qpvdesk.domain.model import Aggregation, Dossier, Measurement, Mesure, Objective
from qpvdesk.domain.targets import counts_otherwise

TIMES = 10
"""How many times another figure a value is when a unit or a comma is likely to be wrong."""

_MONTHS = 12
"""How many a number by year counts, and the last of them."""
_SMALLER_MONEY = {"Md€": ("M€", "k€", "€"), "M€": ("€", "k€"), "k€": ("€",)}


class Doubt(Struct, frozen=True):
    """Why a figure is to be looked at."""

    kind: str
    """`entier`, `signe`, `ordre`, `quotient`, `ecart`, `recul`, `meme_jour`, `recente`, `calcule`,
    `annee`."""
    sentence: str
    lasting: bool = True
    """Whether it is said of the figure itself, and so kept as a point; else of the moment it is entered."""


class Doubts:
    """Doubts of the figures of one contract. Made once for however many figures: each costs a few look-ups.

    `of(measurement)` is what every door calls: window, grid, shell, files, merges, and the coherence of what is there.
    """

    def __init__(self, dossier: Dossier) -> None:
        self._objectives = {item.key: item for item in dossier.objectives}
        self._parents = {item.parent for item in dossier.objectives if item.parent is not None}
        self._targets: dict[str, list[Decimal]] = {}
        for milestone in dossier.milestones:
            self._targets.setdefault(milestone.objective, []).append(milestone.value)
        self._series: dict[tuple[str, str], list[Measurement]] = {}
        for item in dossier.measurements:
            self._series.setdefault((item.objective, item.territory), []).append(item)
        for series in self._series.values():
            in_recording_order(series)
        self._days = {place: [item.day for item in series] for place, series in self._series.items()}
        self._looks: dict[tuple[str, str], Counter[str]] = {}
        """What the values of an objective on a territory look like, counted once for all of them."""

    @cached_property
    def _keys(self) -> dict[str, Measurement]:
        return {item.key: item for series in self._series.values() for item in series}

    def of(self, item: Measurement, *, replacing: str | None = None) -> tuple[Doubt, ...]:
        """Return what is doubtful in a figure, recorded already or about to be. `replacing`: key of what it corrects."""
        owner = self._objectives.get(item.objective)
        if owner is None:
            return ()
        return (*self._beside(owner, item, replacing), *self._of_figure(owner, item, replacing))

    def lasting(self, item: Measurement) -> tuple[Doubt, ...]:
        """Return those of `of` that are said of the figure itself, for half the cost."""
        owner = self._objectives.get(item.objective)
        found = () if owner is None else self._of_figure(owner, item, None)
        return tuple(doubt for doubt in found if doubt.lasting)

    def lasting_along(
        self, owner: Objective, series: Sequence[Measurement]
    ) -> Iterator[tuple[Measurement, Doubt]]:
        """Yield those of all figures of an objective on one territory, the oldest first; each as `lasting` has it.

        Most figures are as their unit counts, without quotient, near the one before and the target: of them nothing
        lasts, and a contract has them by the ten thousand.
        """
        things, target = counts_things(owner.unit), abs(owner.target_value or Decimal())
        # Of a target it is known once what is far from it; see `_is_far`.
        tenth, tenfold = target.scaleb(-1), target * TIMES
        for at, item in enumerate(series):
            value = item.value
            near = series[at - 1] if at else None
            if near is not None and (near.day == item.day or (at > 1 and series[at - 2].day == near.day)):
                # Of several figures of one day, the last recorded is the one before.
                near = self._before(item, None)
            last = near.value if near is not None else owner.start_value
            if (
                item.numerator is not None
                or value < 0
                or (things and value != value.to_integral_value())
                or _is_far(value, last)
                or (target and not tenth < value < tenfold)
                or _is_judged_too_soon(owner, item)
            ):
                for doubt in self.lasting(item):
                    yield item, doubt

    def _of_figure(self, owner: Objective, item: Measurement, replacing: str | None) -> Iterator[Doubt]:
        before = self._before(item, replacing)
        # A figure of the same month of another year counts twelve months, as those of a school year do.
        if _is_judged_too_soon(owner, item) and (before is None or before.day.month != item.day.month):
            yield Doubt(
                "annee",
                f"{_shown(item.value, owner.unit)} au {format_date(item.day)}\u202f: un nombre par an se juge sur l’année"
                " entière\u202f; est-ce bien celui de douze mois\u202f?",
            )
        yield from self._in_itself(owner, item)
        yield from self._against(owner, item, before)

    def twin(self, item: Measurement, *, replacing: str | None = None) -> Measurement | None:
        """Return the figure recorded for the same objective, territory and day, where its value is another."""
        twins = [other for other in self._of_day(item, replacing) if other.value != item.value]
        return twins[-1] if twins else None

    def known(self, item: Measurement) -> bool:
        """Whether a figure is recorded already: it says nothing that another of its day does not."""
        return any(adds_nothing(item, other) for other in self._of_day(item, None))

    def last_of_day(self, item: Measurement) -> Measurement | None:
        """Return what stands for the objective, the territory and the day of a figure that is about to be recorded."""
        found = self._of_day(item, None)
        return found[-1] if found else None

    def _of_day(self, item: Measurement, replacing: str | None) -> list[Measurement]:
        place = (item.objective, item.territory)
        days = self._days.get(place, [])
        found = self._series.get(place, [])[bisect_left(days, item.day) : bisect_right(days, item.day)]
        return [other for other in found if other.key not in (item.key, replacing)]

    def _beside(self, owner: Objective, item: Measurement, replacing: str | None) -> Iterator[Doubt]:
        """What is said of the moment of an entry, or by coherence in its own words."""
        twin = self.twin(item, replacing=replacing)
        if twin is not None:
            yield Doubt(
                "meme_jour",
                f"Une autre valeur est déjà relevée ce jour-là ({figure_words(twin.value, owner)})\u202f:"
                " corrigez-la, ou notez l’un des deux chiffres en contre-valeur.",
                lasting=False,
            )
        elif self._of_day(item, replacing):
            told = _told(owner, item)
            again = replacing is None and self.known(item)
            yield Doubt(
                "meme_jour",
                f"Déjà enregistré\u202f: {told}\u202f; rien ne s’ajoute."
                if again
                else f"Déjà enregistré\u202f: {told}\u202f; corrigez ce relevé plutôt que d’en avoir deux.",
                lasting=False,
            )
        if owner.aggregation is not Aggregation.AUCUN and owner.key in self._parents:
            yield Doubt(
                "calcule",
                "Cet objectif se calcule à partir de ses déclinaisons\u202f: cette valeur se lira à côté"
                " de leur ensemble, sans compter dans le statut.",
                lasting=False,
            )

    def _in_itself(self, owner: Objective, item: Measurement) -> Iterator[Doubt]:
        whole = item.value == item.value.to_integral_value()
        if not whole or item.value < 0:
            # Most figures are whole and positive: nothing is to be counted for them.
            yield from self._unlike(owner, item, whole=whole)
        if (numerator := item.numerator) is not None and item.denominator:
            share = Fraction(numerator) / Fraction(item.denominator)
            if owner.unit.startswith("%"):
                share *= 100
            if abs(share - Fraction(item.value)) > Fraction(1, 2 * 10 ** _decimals(item.value)):
                told = format_value(share, owner.unit, max(2, _decimals(item.value)))
                shown = format_value(item.value, owner.unit)
                yield Doubt("quotient", f"Le numérateur sur le dénominateur fait {told}, et non {shown}.")

    def _unlike(self, owner: Objective, item: Measurement, *, whole: bool) -> Iterator[Doubt]:
        part_of_a_thing = not whole and counts_things(owner.unit)
        if not part_of_a_thing and item.value >= 0:
            return
        known = self._known(owner, item)
        if part_of_a_thing and not known["fraction"]:
            yield Doubt(
                "entier",
                f"{_shown(item.value, owner.unit)}\u202f: un nombre entier est attendu, l’unité compte des choses"
                " une à une.",
            )
        # The first figure of a balance or of a variation may be of either sign; a number of things may not.
        if item.value < 0 and not known["negatif"] and (known["connu"] or counts_things(owner.unit)):
            yield Doubt(
                "signe",
                f"{_shown(item.value, owner.unit)}\u202f: aucune valeur de cet objectif n’a jamais été négative.",
            )

    def _known(self, owner: Objective, item: Measurement) -> Counter[str]:
        """What every other figure of the objective looks like: its start, its targets, what was measured there."""
        place = (item.objective, item.territory)
        found = self._looks.get(place)
        if found is None:
            series = self._series.get(place, ())
            found = self._looks[place] = Counter(mark for other in series for mark in _marks(other.value))
            for value in (owner.start_value, owner.target_value, *self._targets.get(owner.key, ())):
                if value is not None:
                    found.update(_marks(value))
        stored = self._keys.get(item.key)
        if stored is None or (stored.objective, stored.territory) != place:
            return found
        others = Counter(found)
        others.subtract(_marks(stored.value))
        return others

    def _before(self, item: Measurement, replacing: str | None) -> Measurement | None:
        """The last figure of the same place on an earlier day."""
        place = (item.objective, item.territory)
        for at in range(bisect_left(self._days.get(place, []), item.day) - 1, -1, -1):
            other = self._series[place][at]
            if other.key not in (item.key, replacing):
                return other
        return None

    def _against(self, owner: Objective, item: Measurement, before: Measurement | None) -> Iterator[Doubt]:
        if owner.aim.yes_or_no:
            return
        if order := self._order(owner, item, before):
            yield Doubt("ordre", order)
        if before is None:
            return
        if not order and _jumps(owner, item.value - before.value):
            known = _told(owner, before)
            yield Doubt("ecart", f"La valeur s’écarte beaucoup de la précédente ({known}).", lasting=False)
        if owner.mesure is Mesure.CUMUL and item.value < before.value:
            yield Doubt(
                "recul",
                f"Un cumul ne peut pas diminuer ({_told(owner, before)})\u202f: vérifiez cette valeur ou corrigez la"
                " précédente.",
                lasting=False,
            )

    def _order(self, owner: Objective, item: Measurement, before: Measurement | None) -> str:
        """Say that a value is ten times or a tenth of the last one or of the target; empty where it is neither."""
        last = before.value if before is not None else owner.start_value
        target = owner.target_value if owner.aim.is_figure else None
        value = abs(item.value)
        if not value or not (_is_far(value, last) or _is_far(value, target)):
            return ""
        ends = [abs(known) for known in (last, target) if known is not None]
        if len(ends) == 2 and min(ends) <= value <= max(ends):
            # On the way from one to the other, whatever the size of the step.
            return ""
        for known, name in ((target, "la cible"), (last, "la valeur précédente" if before else "le départ")):
            if not known:
                continue
            # A climb that begins is far below its target: a tenth says something of the last value alone.
            small = value * TIMES <= abs(known) and (known is last or (last is None and owner.aim.is_bound))
            # What is to fall begins far over its target, which says nothing of it until it is far over its start too.
            largest = abs(known) if known is last else max(abs(known), _start_of(owner))
            if value >= TIMES * largest or small:
                times = f"un dixième {_of(name)} ou moins" if small else f"dix fois {name} ou plus"
                shown, beside = _shown(item.value, owner.unit), _shown(known, owner.unit)
                return f"{shown}\u202f: {times} ({beside}){_meant(owner, value, ends)}."
        return ""


def adds_nothing(new: Measurement, old: Measurement) -> bool:
    """Whether a figure says nothing that another of the same objective, territory and day does not."""
    return (
        old.value == new.value
        and new.comment in {"", old.comment}
        and new.source in {"", old.source}
        and new.numerator in {None, old.numerator}
        and new.denominator in {None, old.denominator}
        and new.provisional == old.provisional
    )


def _is_judged_too_soon(owner: Objective, item: Measurement) -> bool:
    """Whether what is counted by year is judged before the year is over: under a ceiling it looks kept, short of what is
    promised it looks late. A share is one of any day; a start or a target of the same month says where its years end."""
    target, day = owner.target_value, item.day
    if (
        owner.mesure is not Mesure.FLUX
        or day.month == _MONTHS
        or target is None
        or owner.unit.startswith("%")
    ):
        return False
    ends = {known.month for known in (owner.start_date, owner.target_date) if known is not None}
    # A floor that the part of a year reaches is kept whatever the rest of it brings, as a ceiling is passed.
    last = owner.target_max if owner.aim.between and owner.target_max is not None else target
    return day.month not in ends and (item.value <= last if owner.aim.at_most else item.value < last)


@lru_cache(maxsize=4096)
def _shown(value: Decimal, unit: str) -> str:
    """A value with its unit: the figures of a long file are compared with the same few over and over."""
    return format_value(value, unit)


def _told(owner: Objective, item: Measurement) -> str:
    return f"{_shown(item.value, owner.unit)} au {format_date(item.day)}"


def _marks(value: Decimal) -> tuple[str, ...]:
    """What a value looks like: nothing for zero, else known, whole or not, negative or not."""
    if not value:
        return ("entier",)
    whole = "entier" if value == value.to_integral_value() else "fraction"
    return ("connu", whole, "negatif") if value < 0 else ("connu", whole)


def _is_far(value: Decimal, known: Decimal | None) -> bool:
    """Whether a value is ten times another or more, or a tenth or less; of zero nothing can be told."""
    return known is not None and known != 0 and (value >= TIMES * abs(known) or value * TIMES <= abs(known))


def _start_of(owner: Objective) -> Decimal:
    """What it started from, counted as its values are; 0 where nothing is known of that."""
    return Decimal() if counts_otherwise(owner) else abs(owner.start_value or Decimal())


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _jumps(owner: Objective, step: Decimal) -> bool:
    """Tell whether the step is more than half of the whole way from start to target."""
    start, target = owner.start_value, owner.target_value
    return start is not None and target is not None and 0 < abs(target - start) / 2 < abs(step)


def _meant(owner: Objective, value: Decimal, ends: Iterable[Decimal]) -> str:
    """Propose the unit that a far too large amount was likely typed in: « des euros ? »."""
    powers = {"k€": 3, "M€": 6, "Md€": 9}
    mine = powers.get(owner.unit)
    high, low = max(ends), min(end for end in ends if end) if any(ends) else Decimal(1)
    for smaller in _SMALLER_MONEY.get(owner.unit, ()):
        scaled = value.scaleb(powers.get(smaller, 0) - (mine or 0))
        if low / TIMES <= scaled <= high * TIMES:
            return f"\u202f: des {'euros' if smaller == '€' else smaller}\u202f?"
    return ""


def _of(name: str) -> str:
    """« du départ », « de la cible »."""
    return f"du {name.removeprefix('le ')}" if name.startswith("le ") else f"de {name}"
