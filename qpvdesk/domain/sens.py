"""The kinds of objective, one row each: what it is after, what keeps it, how it is said, how it is drawn.

Whoever wants to know something of an objective because of its `Sens` asks its row (`objective.aim`). A new kind is a
word of `Sens` and a row of `AIMS`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

Exact = int | Decimal | Fraction


class Sens(StrEnum):
    """Which way an objective is to go."""

    HAUSSE = "hausse"
    BAISSE = "baisse"
    PLANCHER = "plancher"
    PLAFOND = "plafond"
    INTERVALLE = "intervalle"
    PARITE = "parite"
    JALON = "jalon"
    SUIVI = "suivi"


class TargetWords(Struct, frozen=True):
    """How a target is called in a sentence, with what agrees with it."""

    noun: str = "cible"
    the: str = "la"
    indefinite: str = "une"
    kept: str = "atteinte"
    kept_again: str = "atteinte"


class Aim(Struct, frozen=True):
    """What the objectives of one `Sens` are after."""

    label: str
    rate_rule: str
    """How their rate is reckoned, for the method note."""
    asks: str = ""
    """What is asked, for the form; `{target}` and `{by}` stand for the target and its date. Empty: told by the way."""
    way: int = 0
    """+1: up to the target; −1: down to it; 0: no way to go, kept or not."""
    at_most: bool = False
    """Whether a value meets its target from below; else from above."""
    promised: bool = True
    """Whether somebody undertook it; else a figure of context, with no target and no status."""
    between: bool = False
    """Whether it is to stay between two bounds, its target and `target_max`."""
    compared: bool = False
    """Whether the target is what another objective, its reference, is worth on the same day."""
    yes_or_no: bool = False
    """Whether it is a thing done (1) or not (0), not a figure."""
    words: TargetWords = TargetWords()
    sign: str = ""
    """What stands before a bound in a table, and before a target to come down to: alone, it would read as one to reach."""
    wrong_side: str = ""
    """What is said of a target on the wrong side of the start."""
    contrary: str = ""
    """Why there is no rate where the target lies behind the start."""

    @property
    def has_way(self) -> bool:
        """Whether a start can count: it has a way to go, or may have one until its date."""
        return bool(self.way) or self.is_one_bound

    @property
    def is_one_bound(self) -> bool:
        """Whether it is a floor or a ceiling."""
        return self.is_bound and not (self.compared or self.between)

    @property
    def has_target(self) -> bool:
        """Whether it has a target of its own, a figure or a thing to do by a date."""
        return self.promised and not self.compared

    @property
    def is_figure(self) -> bool:
        """Whether its value is set against another figure: a target, a bound or a reference."""
        return self.promised and not self.yes_or_no

    @property
    def is_bound(self) -> bool:
        """Whether it is kept or not, wherever it starts from."""
        return self.is_figure and not self.way

    def met(self, value: Exact, target: Exact) -> bool:
        """Whether `value` meets `target`."""
        return value <= target if self.at_most else value >= target

    def lies_ahead(self, start: Exact, target: Exact) -> bool:
        """Whether there is a way to go from `start` to `target`, on the side that is wanted."""
        return start > target if self.at_most else start < target


_KEPT = (
    "Tenu ou non tenu, avec l’écart à la borne. Si le départ ne la tient pas et qu’une date est donnée : jusqu’à cette "
    "date, la part du chemin qui est faite."
)

AIMS: dict[Sens, Aim] = {
    Sens.HAUSSE: Aim(
        "À augmenter",
        "(valeur − départ) ÷ (cible − départ). Si le départ vaut déjà la cible : tenu ou non tenu.",
        way=1,
        wrong_side="la cible est en dessous du départ, alors que la valeur est à augmenter",
        contrary="départ au-dessus de la cible",
    ),
    Sens.BAISSE: Aim(
        "À réduire",
        "(départ − valeur) ÷ (départ − cible).",
        way=-1,
        at_most=True,
        sign="≤ ",
        wrong_side="la cible est au-dessus du départ, alors que la valeur est à réduire",
        contrary="départ en dessous de la cible",
    ),
    Sens.PLANCHER: Aim(
        "Au moins",
        _KEPT,
        asks="Au moins {target}{by}.",
        words=TargetWords("plancher", "le", "un", "tenu", "retrouvé"),
        sign="≥ ",
    ),
    Sens.PLAFOND: Aim(
        "Au plus",
        _KEPT,
        asks="Au plus {target}{by}.",
        at_most=True,
        words=TargetWords("plafond", "le", "un", "tenu", "retrouvé"),
        sign="≤ ",
    ),
    Sens.INTERVALLE: Aim(
        "Entre deux bornes",
        "Tenu si la valeur est entre les deux bornes, elles comprises\u202f; l’écart est donné à la plus proche.",
        asks="Entre {target}{by}.",
        between=True,
        words=TargetWords("intervalle", "l’", "un", "tenu", "retrouvé"),
    ),
    Sens.PARITE: Aim(
        "À parité",
        "Tenu si la part vaut au moins la dernière valeur de sa référence connue au jour du relevé ; écart en points.",
        asks="La part doit rester au moins égale à celle de la référence, à chaque relevé.",
        compared=True,
        sign="≥ ",
    ),
    Sens.JALON: Aim("À réaliser", "Fait ou non fait.", asks="À réaliser{by}.", yes_or_no=True),
    Sens.SUIVI: Aim(
        "Suivi",
        "Aucun taux : personne n’en a promis la cible.",
        asks="Un chiffre suivi, sans cible ni statut.",
        promised=False,
    ),
}


STARTLESS = frozenset(sens for sens, aim in AIMS.items() if aim.compared or not aim.promised)
"""What has no start: it is followed, or held against another. What it was when it began is its first figure."""


def sens_between(start: Exact, target: Exact) -> Sens | None:
    """Which way leads from a start to a target; None where they are equal."""
    if start == target:
        return None
    return Sens.HAUSSE if start < target else Sens.BAISSE


def labels() -> dict[Sens, str]:
    """The French name of each kind, in the order of the forms."""
    return {sens: aim.label for sens, aim in AIMS.items()}
