"""What is asked of every view, and what the reckoning answers: one flat table, question by question.

A question is a pair: what is asked, and of which objective, partner or status. A view answers those that it can; a view
that answers none of a kind is not asked it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.reference import baseline, reckoning
from tests.reference.baseline import Baseline, Move
from tests.reference.reckoning import Plain, Reckoning, Standing

Question = tuple[str, str]
Answers = dict[Question, Any]

STATUS_WORDS = {
    "suivi": "Suivi", "non_renseigne": "Non renseigné", "atteint": "Atteint", "non_atteint": "Non atteint",
    "sans_trajectoire": "Sans trajectoire", "en_avance": "En avance", "conforme": "Conforme",
    "a_surveiller": "À surveiller", "en_retard": "En retard",
}  # fmt: skip
SCALE_WORDS = {
    "nation": "France", "region": "région", "departement": "département", "epci": "agglomération",
    "commune": "commune", "qpv": "quartier",
}  # fmt: skip


UNSAID = "unsaid"
"""The answer where the rules say nothing, whatever a view says."""


@dataclass(frozen=True)
class Reckoned:
    """A contract reckoned on a day beside what it is compared with."""

    plain: Plain
    now: Reckoning
    against: Baseline | None
    before: Mapping[str, Standing]

    @property
    def rows(self) -> dict[str, Any]:
        """The living objectives by code."""
        return {row["code"]: row for row in self.plain["objective"] if not row["retired"]}

    def moves(self) -> dict[str, Move]:
        """By code, what became of each objective since what is compared with."""
        if self.against is None:
            return {}
        standings = self.now.standings
        return {
            code: baseline.move(row["sens"], self.before.get(code), standings[code])
            for code, row in self.rows.items()
        }

    def silent_on_trend(self, code: str) -> bool:
        """Whether the rule says nothing: of what parts make, where no day is named to go from."""
        standing = self.now.standings[code]
        return self.against is None and standing.value is not None and not standing.values

    def trend(self, code: str) -> tuple[str | None, str | None]:
        """The word of the value and whether it is for the better; against the previous value where nothing is named."""
        standing = self.now.standings[code]
        if reckoning.is_context(self.rows[code]):
            return None, None
        if self.against is None:
            return standing.trend, standing.better
        moved = self.moves()[code]
        return moved.trend, moved.better


def reckoned(path: Path, day: date, frozen: Mapping[str, Plain], against: date | None = None) -> Reckoned:
    """Reckon the base at `path` on a day, compared with a day that is named or with what the rule says."""
    return reckoned_rows(reckoning.read(path), path, day, frozen, against)


def reckoned_rows(
    plain: Plain, path: Path, day: date, frozen: Mapping[str, Plain], against: date | None = None
) -> Reckoned:
    """Do as `reckoned` for rows that are at hand: those that a committee froze."""
    if against is not None:
        compared: Baseline | None = Baseline(against, None, None, plain)
    else:
        compared = baseline.by_itself(
            plain, day, lambda code: frozen[code] if code in frozen else baseline.thawed(path, code)
        )
    return Reckoned(plain, reckoning.reckon(plain, day), compared, compared.standings() if compared else {})


def answers(known: Reckoned) -> Answers:
    """Everything that the reckoning says of a contract."""
    found: Answers = {}
    for code in known.now.standings:
        found.update({(question, code): answer for question, answer in _of_objective(known, code)})
    for code, tally in known.now.partners.items():
        found["objectifs promis", code] = tally.promised
        found["statuts", code] = dict(tally.counts)
        found["taux moyen", code] = tally.mean
        found["taux moyen, nombre", code] = tally.rated
        found["taux moyen, échelle", code] = SCALE_WORDS[tally.scale] if tally.scale else None
    for cell, counts in known.now.matrix.items():
        found["thématique", " ".join(cell)] = dict(counts)
    assert known.now.whole is not None
    found["statuts", ""] = dict(known.now.whole.counts)
    found["objectifs promis", ""] = known.now.whole.promised
    found["à regarder d’abord", ""] = known.now.first
    against = known.against
    found["comparé au", ""] = against.day if against else None
    found["comparé à", ""] = against.meeting if against else None
    found["comparé à l’arrêté", ""] = against.fingerprint if against else None
    return found


def _of_objective(known: Reckoned, code: str) -> Iterator[tuple[str, Any]]:
    standing, row = known.now.standings[code], known.rows[code]
    level = next(item["level"] for item in known.plain["territory"] if item["key"] == row["territory"])
    trend, better = known.trend(code)
    yield from (
        ("valeur", standing.value), ("jour de la valeur", standing.value_day), ("taux", standing.rate),
        ("taux attendu", standing.expected_rate), ("valeur attendue", standing.expected), ("écart", standing.gap),
        ("indice", standing.index), ("tenu", standing.kept), ("statut", standing.status),
        ("tendance", UNSAID if known.silent_on_trend(code) else trend),
        ("mieux", UNSAID if known.silent_on_trend(code) else better), ("échelle", SCALE_WORDS[level]),
        ("évolution", standing.evolution[0] if standing.evolution else None),
        ("évolution depuis", standing.evolution[1] if standing.evolution else None),
        ("évolution depuis le", standing.evolution[2] if standing.evolution else None),
        ("âge", (known.now.day - standing.value_day).days if standing.value_day else None),
        ("statut au", standing.value_day if standing.old else None),
        ("raison", standing.rate is None and standing.status != reckoning.SUIVI),
        ("autres chiffres", _others(known, code)), ("manquants", sorted(standing.missing)),
    )  # fmt: skip
    if known.against is not None:
        moved = known.moves()[code]
        before = known.before.get(code)
        yield "valeur nouvelle", moved.new
        if before is not None:
            yield from (("valeur avant", before.value), ("statut avant", before.status))


def _others(known: Reckoned, code: str) -> list[Fraction]:
    """The figures that stand beside a value: a parent's own, and those that others give on its day."""
    standing, row = known.now.standings[code], known.rows[code]
    found = [standing.beside] if standing.beside is not None else []
    for item in known.plain["counter_value"]:
        if item["objective"] == row["key"] and item["day"] <= known.now.day:
            found.append(item["value"])
    return sorted(found)
