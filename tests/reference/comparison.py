"""The reckoning set beside each view: what differs, question by question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.reference import paper
from tests.reference.answers import UNSAID, Answers, Reckoned, answers
from tests.reference.figures import half_away, prints
from tests.reference.reckoning import GROUPS, SUIVI, kept_places
from tests.reference.views import ABSENT

ROUNDED = {"taux": 4, "taux attendu": 4, "indice": 4, "taux moyen": 4, "valeur attendue": 2}
"""Figures that a document rounds, half away from zero, and to how many decimals."""
CARDS = 7
"""How many objectives the dashboard shows first."""


@dataclass(frozen=True)
class Disagreement:
    """One answer of one view that is not the reckoning's."""

    view: str
    question: str
    about: str
    product: Any
    reckoned: Any

    def __str__(self) -> str:
        return f"{self.view}: {self.question} [{self.about}]: product {self.product!r}, reckoned {self.reckoned!r}"


def compare(view: str, said: Answers, known: Reckoned) -> list[Disagreement]:
    """Set what a view says beside the reckoning: every question that it answers, of everything that is there."""
    own = answers(known)
    found = []
    for (question, about), product in said.items():
        judged = _JUDGES.get(question)
        if judged is not None:
            found += [
                Disagreement(view, question, about, product, answer)
                for answer in judged(product, about, known)
            ]
        elif (question, about) not in own:
            if product not in (None, {}, 0):
                found.append(Disagreement(view, question, about, product, "nothing"))
        elif not same(question, product, own[question, about]):
            found.append(Disagreement(view, question, about, product, own[question, about]))
    found += _unsaid(view, said, known)
    asked = {question for question, _ in said}
    for (question, about), answer in own.items():
        if (
            about
            and question in asked - _PARTIAL
            and (question, about) not in said
            and answer not in (None, {}, 0)
        ):
            found.append(Disagreement(view, question, about, "nothing", answer))
    return found


def _unsaid(view: str, said: Answers, known: Reckoned) -> Iterator[Disagreement]:
    """What a view is known to say of every objective, or of the whole, and does not."""
    ways, whole = _SAYS[view]
    for code, standing in known.now.standings.items():
        if standing.apart and view == "copil":
            continue
        if not any((question, code) in said for question in ways):
            yield Disagreement(view, ways[0], code, "nothing", "something")
    for question in whole:
        if (question, "") not in said:
            yield Disagreement(view, question, "", "nothing", "something")


_SAYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "etat": (("valeur",), ("comparé au",)),
    "export": (("taux en mots",), ()),
    "window": (("taux en mots",), ("promesses", "groupes", "premiers")),
    "copil": (
        ("ligne", "ligne suivie"),
        ("statuts", "objectifs promis", "à arbitrer", "à traiter en tout", "taux moyen du contrat"),
    ),
}
"""By view, what it answers of every objective (one way or another), and of the whole."""
_PARTIAL = {"valeur avant", "statut avant", "statuts", "thématique"}
"""Questions that a view answers of what it lists alone."""


def same(question: str, product: Any, own: Any) -> bool:
    """Whether two answers are one, at the precision of what is said."""
    if product == ABSENT:
        return False
    if own == UNSAID:
        return True
    if isinstance(own, list):
        return len(product) == len(own) and all(
            same(question, *pair) for pair in zip(product, own, strict=True)
        )
    if not isinstance(own, Fraction) or product is None or isinstance(product, bool):
        return bool(product == own)
    if question in ROUNDED:
        return bool(float(half_away(own, ROUNDED[question])) == product)
    return abs(Fraction(product) - own) <= Fraction(1, 10**9) * max(1, abs(own))


# What is judged otherwise than by being equal. Each gives the right answer where the one given is wrong.


def _rate_in_words(said: str, code: str, known: Reckoned) -> Iterator[Any]:
    """« 32 % » for a way; never a percentage for what is kept or not."""
    standing = known.now.standings[code]
    if standing.kept is not None or standing.rate is None:
        if re.search(r"\d\s*%|^\s*[01]\s*$", said) and not _is_gap(said, code, known):
            yield "no rate: kept or not, or unknown"
    elif "%" in said:
        if not prints(said, standing.rate * 100):
            yield standing.rate
    elif not prints(said, standing.rate):
        yield standing.rate


def _is_gap(said: str, code: str, known: Reckoned) -> bool:
    """Whether it is a share's own value or gap that is said, beside the word."""
    return bool(re.search(r"[A-Za-zÀ-ÿ]{4}", said)) and known.rows[code]["unit"].startswith("%")


def _expected_in_words(said: str, code: str, known: Reckoned) -> Iterator[Any]:
    expected = known.now.standings[code].expected_rate
    shown = expected if expected is None or "%" not in said else expected * 100
    if not prints(said, shown):
        yield expected


def _value_in_words(said: str, code: str, known: Reckoned) -> Iterator[Any]:
    standing, row = known.now.standings[code], known.rows[code]
    if row["sens"] == "jalon" and not re.search(r"\d", said):
        return
    value, _, beside = said.partition("(")
    if not prints(value, standing.value):
        yield standing.value
    # A parent's own figure stands beside what its parts make: « – (relevé : 97) ».
    if beside and (standing.beside is None or not prints(beside, standing.beside)):
        yield standing.beside


def _first(said: tuple[str, ...], _: str, known: Reckoned) -> Iterator[Any]:
    statuses = {code: standing.status for code, standing in known.now.standings.items()}
    expected = kept_places(known.now.first, statuses, CARDS)
    if said != expected:
        yield expected


def _moved(_: bool, code: str, known: Reckoned) -> Iterator[Any]:
    """What is said to have moved has a new value, or another status."""
    before, now = known.before.get(code), known.now.standings.get(code)
    if now is None:
        yield "withdrawn"
    elif before is None or known.moves()[code].new:
        return
    elif (before.value, before.status) == (now.value, now.status):
        yield "has not moved"


def _promises(said: dict[str, int], about: str, known: Reckoned) -> Iterator[Any]:
    """Of the whole or of a partner: figures of context are no promise and stand in no bar."""
    assert known.now.whole is not None
    tally = known.now.partners[about] if about else known.now.whole
    yield from _unlike(said, tally.counts)


def _promises_of_cell(said: dict[str, int], cell: str, known: Reckoned) -> Iterator[Any]:
    partner, _, theme = cell.partition(" ")
    yield from _unlike(said, known.now.matrix.get((partner, theme), {}))


def _unlike(said: dict[str, int], counts: Mapping[str, int]) -> Iterator[Any]:
    promised = {status: count for status, count in counts.items() if status != SUIVI and count}
    if said != promised:
        yield promised


def _number_of_cell(said: tuple[int, int], cell: str, known: Reckoned) -> Iterator[Any]:
    partner, _, theme = cell.partition(" ")
    counts = known.now.matrix.get((partner, theme), {})
    to_treat = sum(counts.get(status, 0) for status in GROUPS["a_traiter"])
    promised = sum(count for status, count in counts.items() if status != SUIVI)
    if said != (to_treat, promised):
        yield to_treat, promised


def _groups(said: dict[str, int], _: str, known: Reckoned) -> Iterator[Any]:
    assert known.now.whole is not None
    counts = known.now.whole.counts
    names = {"à traiter": "a_traiter", "à renseigner": "a_renseigner", "va bien": "va_bien"}
    expected = {words: sum(counts.get(status, 0) for status in GROUPS[name]) for words, name in names.items()}
    if said != expected:
        yield expected


def _arbitrated(said: tuple[tuple[str, ...], ...], _: str, known: Reckoned) -> Iterator[Any]:
    """The first of the order, as many as the page had room for, in that order in each part of the list."""
    statuses = {code: standing.status for code, standing in known.now.standings.items()}
    listed = [code for part in said for code in part]
    expected = kept_places(known.now.first, statuses, len(listed))
    ordered = tuple(tuple(code for code in expected if code in part) for part in said)
    if said != ordered or sorted(listed) != sorted(expected) or (not listed and known.now.first):
        yield expected


def _left_out(said: int, _: str, known: Reckoned) -> Iterator[Any]:
    """A list that is cut says how many it leaves out: `said` are those listed and those said to be left out."""
    if said != known.now.to_treat:
        yield known.now.to_treat


def _no_mean(said: bool, _: str, __: Reckoned) -> Iterator[Any]:
    if said:
        yield "no mean rate of a contract"


def _promised_row(lines: tuple[str, ...], code: str, known: Reckoned) -> Iterator[Any]:
    if code not in known.rows:
        yield "withdrawn"
        return
    if known.now.standings[code].apart:
        yield "shows inside its parent only"
    yield from paper.promised_faults(lines, code, known)


def _followed_row(lines: tuple[str, ...], code: str, known: Reckoned) -> Iterator[Any]:
    if code not in known.rows:
        yield "withdrawn"
        return
    if known.now.standings[code].apart:
        yield "shows inside its parent only"
    yield from paper.followed_faults(lines, code, known)


_JUDGES = {
    "ligne": _promised_row,
    "ligne suivie": _followed_row,
    "à arbitrer": _arbitrated,
    "à traiter en tout": _left_out,
    "taux moyen du contrat": _no_mean,
    "taux en mots": _rate_in_words,
    "taux attendu en mots": _expected_in_words,
    "valeur en mots": _value_in_words,
    "premiers": _first,
    "bougé": _moved,
    "promesses": _promises,
    "groupes": _groups,
    "thématique, promesses": _promises_of_cell,
    "thématique, nombre": _number_of_cell,
}
