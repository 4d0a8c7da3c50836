"""What a colleague's package brings to a base, or would bring, in French and as the shell prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from qpvdesk.domain import french
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.storage.exchange import packages
from qpvdesk.storage.exchange.disagreements import Disagreement
from qpvdesk.storage.exchange.merged import Merged

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a package brings to a base, or would bring."""

    sender: str
    made_at: datetime
    merged: Merged

    @property
    def is_new(self) -> bool:
        return self.merged.is_news


def disagreement_words(found: Disagreement) -> str:
    """Say a disagreement: « Camille a écrit 45 le 12/11/2026, Dominique a écrit 50 le 13/11/2026 »."""
    clauses = [
        f"{version.author} a écrit «\u202f{version.shown}\u202f» le {french.format_date(version.when.date())}"
        for version in found.versions
    ]
    return f"{found.words}\u202f: {', '.join(clauses)}."


def sentences(arrival: Arrival) -> tuple[str, ...]:
    """Say what a package brings in French, one sentence a line."""
    # One begins with what somebody is called, which may be no name.
    return tuple(map(french.raised, _sentences(arrival)))


def as_json(arrival: Arrival, *, simulation: bool) -> dict[str, Any]:
    merged = arrival.merged
    return {
        "expediteur": arrival.sender,
        "fait_le": arrival.made_at.isoformat(timespec="seconds"),
        "simulation": simulation,
        "actes": dict(merged.acts),
        "modifications": dict(merged.by_author),
        "lignes": {
            kind: {
                "ajoutees": merged.added[kind],
                "modifiees": merged.changed[kind],
                "retirees": merged.removed[kind],
            }
            for kind in _kinds(merged)
        },
        "gardes": [{"genre": kind, "objet": name} for kind, name in merged.revived],
        "renumerotes": [
            {"genre": renumbered.kind, "code": renumbered.code, "nouveau_code": renumbered.now}
            for renumbered in merged.renumbered
        ],
        "reunis": merged.joined,
        "effaces": merged.erased,
        "rendus": merged.returned,
        "d_autres_contrats": merged.veiled,
        "propositions": [
            {"mot": proposal.word, "quoi": proposal.told, "pour_toujours": proposal.erasing}
            for proposal in merged.proposals
        ],
        "jours_d_avance": merged.days_ahead,
        "non_signees": merged.unsigned,
        "sans_signature": dict(merged.stripped),
        "perdues": dict(merged.lost),
        "cles_a_accepter": [
            {"nom": stranger.name, "empreinte": stranger.fingerprint, "autre_cle_connue": stranger.renewed}
            for stranger in merged.strangers
            if arrival.is_new
        ],
        "desaccords": disagreements_as_json(merged.disagreements),
    }


def disagreements_as_json(found: tuple[Disagreement, ...]) -> list[dict[str, Any]]:
    """Return disagreements as the shell prints them; the first version of each is the one that is shown."""
    return [
        {
            "genre": disagreement.kind,
            "objet": disagreement.code,
            "champ": disagreement.title,
            "versions": [
                {
                    "auteur": version.author,
                    "date": version.when.isoformat(timespec="seconds"),
                    "valeur": version.cell,
                }
                for version in disagreement.versions
            ],
        }
        for disagreement in found
    ]


def _kinds(merged: Merged) -> list[str]:
    return [kind for kind in BY_NAME if merged.added[kind] or merged.changed[kind] or merged.removed[kind]]


def _sentences(arrival: Arrival) -> Iterator[str]:
    merged, made_at = arrival.merged, arrival.made_at
    yield f"Paquet de {arrival.sender}, préparé le {french.format_date(made_at.date())} à {made_at:%H:%M}."
    if not arrival.is_new:
        yield "Il n’apporte rien de nouveau\u202f: tous ses actes sont déjà au journal de cette base, annulés ou non."
    for author, count in sorted(merged.acts.items()):
        yield f"{author}\u202f: {french.plural(count, 'acte nouveau', 'actes nouveaux')}."
    if arrival.is_new:
        yield from _doubts(merged)
    for kind in _kinds(merged):
        yield _counted(kind, merged)
    yield from _decided(merged)
    if merged.proposals:
        yield "Propositions, appliquées seulement si vous les acceptez\u202f:"
        yield from (f"- {proposal.told}" for proposal in merged.proposals)
    if merged.disagreements:
        many = len(merged.disagreements)
        yield f"{french.plural(many, 'désaccord', 'désaccords')} à trancher\u202f:"
        yield from (f"- {disagreement_words(disagreement)}" for disagreement in merged.disagreements[:_SHOWN])
        if many > _SHOWN:
            yield f"- et {french.format_number(many - _SHOWN)} de plus."


def _doubts(merged: Merged) -> Iterator[str]:
    for stranger in merged.strangers:
        yield (
            f"{stranger.name} signe d’une clé que vous n’avez pas encore acceptée, d’empreinte {stranger.fingerprint}."
        )
        if stranger.warning:
            yield stranger.warning
    yield from packages.repaired_sentences(merged.lost, merged.stripped)
    if merged.days_ahead:
        yield (
            f"Une horloge y est en avance de {french.plural(merged.days_ahead, 'jour', 'jours')}\u202f: ces actes gardent"
            " leur ordre, leurs dates sont fausses. Faites régler celle de ce poste."
        )
    if merged.unsigned:
        acts = french.plural(merged.unsigned, "modification non signée", "modifications non signées")
        yield f"{acts}\u202f: rien ne prouve qui les a écrites."


def _decided(merged: Merged) -> Iterator[str]:
    """Say what the merge decided by itself."""
    for kind, name in merged.revived:
        table = BY_NAME[kind]
        accord = "e" if table.feminine else ""
        yield (
            f"{french.raised(table.word)} {name}\u202f: retiré{accord} d’un côté, encore utile de l’autre\u202f;"
            f" gardé{accord}."
        )
    for renumbered in merged.renumbered:
        yield (
            f"Vous aviez chacun un élément de type «\u202f{BY_NAME[renumbered.kind].word}\u202f» de code"
            f" {renumbered.code}\u202f: le plus récent devient {renumbered.now}\u202f; vous pouvez le renommer."
        )
    if merged.joined:
        yield f"{french.plural(merged.joined, 'relevé fait', 'relevés faits')} des deux côtés, réunis en un seul."
    if merged.veiled:
        words = "modification d’un autre contrat n’est", "modifications d’autres contrats ne sont"
        yield f"{french.plural(merged.veiled, *words)} là que par empreinte\u202f: rien ne s’en lit."
    if merged.returned:
        words = "texte rendu tel que son auteur l’a écrit", "textes rendus tels que leur auteur les a écrits"
        yield f"{french.plural(merged.returned, *words)}."
    if merged.erased:
        yield (
            f"{french.plural(merged.erased, 'texte effacé', 'textes effacés')} définitivement, comme chez votre collègue."
        )


def _counted(kind: str, merged: Merged) -> str:
    table = BY_NAME[kind]
    accord = "e" if table.feminine else ""
    parts = [
        french.plural(count, f"{word}{accord}", f"{word}{accord}s")
        for count, word in (
            (merged.added[kind], "ajouté"),
            (merged.changed[kind], "modifié"),
            (merged.removed[kind], "retiré"),
        )
        if count
    ]
    # As its page calls it, where that is not the name of its sheet.
    name = french.raised(table.nouns[1]) if table.noun else table.sheet or french.raised(table.plural)
    return f"{name}\u202f: {', '.join(parts)}."


def told_apart(texts: list[str]) -> list[str]:
    """Texts as a button holds them; where they begin alike, from the word that tells them apart."""
    if len({french.clipped(text, 40) for text in texts}) < len(texts):
        parted = [text.split(" ") for text in texts]
        alike = sum(1 for _ in takewhile(lambda words: len({*words}) == 1, zip(*parted, strict=False)))
        start = min(alike, *(len(words) - 1 for words in parted))
        texts = [f"…{' '.join(words[start:])}" if start else " ".join(words) for words in parted]
    return [french.clipped(text, 40) for text in texts]
