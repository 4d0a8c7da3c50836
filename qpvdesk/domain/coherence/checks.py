"""What every rule works with: the contract's look-ups, and the making of a finding."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from qpvdesk.domain.french import lowered
from qpvdesk.domain.model import Objective, Operand, Statement, StatementKind
from qpvdesk.domain.points import Finding
from qpvdesk.domain.situation import Situation


class Checked:
    """A contract under check on the day of its situation, which also finds things by key and by place."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.dossier = situation.dossier
        self.day = situation.day

    @cached_property
    def objectives(self) -> tuple[Objective, ...]:
        return tuple(objective for objective in self.dossier.objectives if not objective.retired)

    @cached_property
    def _by_key(self) -> dict[str, Objective]:
        return {objective.key: objective for objective in self.dossier.objectives}

    @cached_property
    def _operands(self) -> dict[str, list[Operand]]:
        return self.dossier.operands_by_statement

    def partner(self, key: str) -> str:
        return next((item.usual_name for item in self.dossier.partners if item.key == key), "ce partenaire")

    def explained(self, *kinds: StatementKind) -> set[str | None]:
        """Return the objectives of which the contract already says as much itself, in better words.

        A statement on one speaks of those of its engagement too whose figures are its operands.
        """
        return {key for kind in kinds for key in self._explained.get(kind, ())}

    @cached_property
    def _explained(self) -> dict[StatementKind, set[str | None]]:
        """By kind of statement, the objectives that it explains."""
        told: dict[StatementKind, set[str | None]] = {}
        of_engagement: dict[str, list[Objective]] = {}
        for item in self.objectives:
            of_engagement.setdefault(item.engagement or "", []).append(item)
        for statement in self.dossier.statements:
            explained = told.setdefault(statement.kind, set())
            explained.add(statement.objective)
            values = {operand.value for operand in self.operands(statement)} - {None}
            on = self._by_key.get(statement.objective or "")
            near = of_engagement.get(on.engagement, []) if on is not None and on.engagement else []
            known = self.situation.assessments
            explained.update(item.key for item in near if known[item.key].value in values)
        return told

    def objective(self, key: str) -> Objective:
        return self._by_key[key]

    def operands(self, statement: Statement) -> list[Operand]:
        """Return the operands of a statement, in order."""
        return self._operands.get(statement.key, [])

    def statements(self, kind: StatementKind) -> Iterator[Statement]:
        return (statement for statement in self.dossier.statements if statement.kind is kind)

    def stated(
        self,
        statement: Statement,
        message: str,
        remedy: str,
        *,
        cause: str = "",
        head: str = "",
        gist: str = "",
    ) -> Finding:
        """Return a finding about a statement, with the note that says what the figures do not."""
        gist = gist or message.rstrip(".")
        if statement.note:
            gist += f" : {lowered(statement.note.rstrip('.'))}"
        message = f"{message} {statement.note}".strip()
        return Finding(
            statement.code,
            statement.partner,
            message,
            remedy,
            statement.citation,
            cause=cause,
            head=head,
            gist=gist,
        )
