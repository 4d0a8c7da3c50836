"""What a document could put in a contract, proposed with its passage and the reason; nothing of it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.proposing import Proposal, propose
from qpvdesk.services import documents


def read(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> list[Proposal]:
    """Return what a PDF or a text proposes. Raises `UserError` where it cannot be read, or has no text at all."""
    pages = documents.take_in(path, read=True, cancelled=cancelled).pages or ()
    if not any(page.strip() for page in pages):
        raise UserError(
            f"«\u202f{path.name}\u202f» n’a pas de texte\u202f: c’est sans doute un document numérisé.",
            "Demandez le fichier d’origine, ou faites-en reconnaître le texte.",
        )
    return propose(pages)


def sentence(found: Sequence[Proposal]) -> str:
    """Say how many things are proposed, and how many do not agree."""
    counts = [
        f"{sum(item.kind == kind.name for item in found)} {kind.noun or kind.plural}{'s' if kind.noun else ''}"
        for kind in (BY_NAME[name] for name in ("engagement", "objective", "funding", "statement"))
    ]
    doubts = sum(bool(item.doubt) for item in found)
    return f"Propositions\u202f: {', '.join(counts)}\u202f; à vérifier\u202f: {doubts}. Rien n’a été écrit."


def as_json(path: Path, found: Sequence[Proposal]) -> dict[str, Any]:
    """Return the proposals as the shell prints them: the fields by the words of the contract's files."""
    return {
        "document": path.name,
        "propositions": [
            {
                "genre": BY_NAME[item.kind].french,
                "champs": {_word(item.kind, name): text for name, text in item.values.items()},
                "passage": item.passage,
                "page": item.page,
                "raison": item.reason,
                "doute": item.doubt,
            }
            for item in found
        ],
    }


def _word(kind: str, name: str) -> str:
    declared = BY_NAME[kind]
    fields = {field.name: field for field in (*declared.fields, *declared.entries)}
    return fields[name].toml or fields[name].french
