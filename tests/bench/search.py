"""The line of the search: each key of what an officer types, on a contract of a million words."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from qpvdesk.domain.french import fold
from qpvdesk.domain.model import Dossier
from qpvdesk.services import bases as contracts
from qpvdesk.services import documents, guide, search
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from qpvdesk.storage.engine import sqlite3
from tests.bench.bases import Bases
from tests.bench.measure import Cost, Line, Pair, median, spent

CODE = "lens-lievin"
DAY = date(2026, 11, 28)
WORDS, WORDS_A_PAGE, PAGES_A_FILE = 1_000_000, 400, 100
TYPED = (
    "les habitants des quartiers de la ville et les acteurs de la politique de la ville",
    "accompagnement des demandeurs d’emploi dans les quartiers prioritaires",
    "collège langevin",
    "2023-01515",
    "sous réserve des crédits disponibles",
    "acompagnement globale",
    "diateur en san",
    "les partenaires xylophone",
)
"""Sentences of common words, a name, a number, a slip of the hand, fragments, a word that is nowhere."""
_WORD = re.compile(r"\w+")
_WORD_WRITTEN = re.compile(r"[\w’'-]+")


def lines(bases: Bases) -> Iterator[object]:
    """Yield the slowest and the median key of every sentence, beside what SQLite alone takes for the same words."""
    path = bases.new("a million words")
    contracts.create(path, CODE, now=datetime(2026, 11, 28, 12, tzinfo=UTC))
    with opening.open_base(path) as base:
        desk = Desk(base, today=lambda: DAY)
        fill(desk)
        search.find(desk, CODE, "quartiers")
        keys = [(text[:end], *_costs(desk, text[:end])) for text in TYPED for end in range(2, len(text) + 1)]
    slowest = max(keys, key=lambda key: key[1].processor)
    yard = f"FTS5 alone, every whole word, SQLite {sqlite3.sqlite_version}"
    told = f"slowest key of {len(keys)}, a million words (goal 20 ms): « {slowest[0][-24:]} »"
    yield Line("19", told, yard, _pair([slowest[1:]]), None)
    yield Line("19b", "median key of the same", yard, _pair([key[1:] for key in keys]), None)


def fill(desk: Desk) -> None:
    """Add documents of a million words to the contract: its words and the guide’s, as often as in French, and rarer ones."""
    vocabulary = _vocabulary(desk.dossier(CODE))
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    chance = random.Random(19)
    for number in range(WORDS // WORDS_A_PAGE // PAGES_A_FILE):
        drawn = chance.choices(vocabulary, weights, k=WORDS_A_PAGE * PAGES_A_FILE)
        pages = tuple(
            " ".join(drawn[start : start + WORDS_A_PAGE]) for start in range(0, len(drawn), WORDS_A_PAGE)
        )
        content = str(number).encode()
        incoming = documents.Incoming(f"annexe {number}.pdf", content, documents.sha256(content), pages)
        documents.add_document(desk, CODE, incoming)


def _vocabulary(dossier: Dossier) -> list[str]:
    texts = [line.words for chapter in guide.chapters() for line in chapter.lines()]
    texts += [item.label for item in (*dossier.engagements, *dossier.objectives)]
    texts += [item.note for item in dossier.objectives]
    counts = Counter(_WORD_WRITTEN.findall(" ".join(texts).lower()))
    chance = random.Random(7)
    rare = ("".join(chance.choices("aeiourstlnmpcd", k=chance.randint(5, 12))) for _ in range(30_000))
    return [word for word, _ in counts.most_common()] + list(dict.fromkeys(rare))


def _costs(desk: Desk, typed: str) -> tuple[Cost, Cost]:
    ours = median([spent(lambda: search.find(desk, CODE, typed)) for _ in range(3)])
    words = " AND ".join(f'"{word}"' for word in _WORD.findall(fold(typed)))
    asked = "SELECT rowid FROM search_words WHERE search_words MATCH ? LIMIT 12"
    theirs = median(
        [spent(lambda: desk.base.connection.execute(asked, (words,)).fetchall()) for _ in range(3)]
    )
    return ours, theirs


def _pair(pairs: Sequence[tuple[Cost, Cost]]) -> Pair:
    ours, theirs = (median([pair[side] for pair in pairs]) for side in (0, 1))
    return Pair(ours, theirs, ours.processor / max(theirs.processor, 1e-9))
