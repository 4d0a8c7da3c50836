"""Exchange between officers: a package out, a package in, and the disagreements that are left to settle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from qpvdesk import bounded, durable
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.services.desk import Desk
from qpvdesk.storage import identity, maintenance, opening
from qpvdesk.storage.exchange import packages, parting
from qpvdesk.storage.exchange.disagreements import Disagreement as Disagreement
from qpvdesk.storage.exchange.disagreements import Version as Version
from qpvdesk.storage.exchange.merged import Merged
from qpvdesk.storage.exchange.package import Package as Package

OwnForkError = parting.OwnForkError
SUFFIX = ".paquet"
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a package brings to a base, or would bring."""

    sender: str
    made_at: datetime
    merged: Merged

    @property
    def is_new(self) -> bool:
        """Whether the base did not know all of it."""
        return bool(self.merged.operations or self.merged.erased)


def prepare(desk: Desk, target: Path, *, recipient: str | None = None) -> int:
    """Write a package of the whole history, or of what a colleague (by name) lacks; return how many changes it holds.

    Raises `UserError` for a colleague who sent nothing yet, where there is nothing new for them, or the file cannot
    be written; nothing is left then.
    """
    content, count = packages.write(desk.base, _known(desk, recipient) if recipient else None)
    if not count:
        whom = f" pour {recipient}" if recipient else ""
        raise UserError(f"Il n’y a rien de nouveau à envoyer{whom}.", "Aucun paquet n’a été écrit.")
    durable.save(content, target)
    return count


def recipients(desk: Desk) -> tuple[str, ...]:
    """Return the names of the colleagues who sent packages, in alphabetical order."""
    return tuple(sorted({name for name, _ in packages.peers(desk.base).values()}))


def read(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Package:
    """Read a package in a bounded process, which is stopped once `cancelled`. Raises `UserError`."""
    return bounded.ask(bounded.PACKAGE, path, Package, cancelled=cancelled)


def disagreements(desk: Desk) -> tuple[Disagreement, ...]:
    """Return what is left to settle."""
    return packages.disagreements(desk.base)


def preview(desk: Desk, package: Package, *, parted: bool = False) -> Arrival:
    """Tell what a package would bring; nothing is kept. Raises `UserError` as `receive`."""
    consent = packages.Consent(parted=parted)
    return _arrival(package, packages.merge(desk.base, package, simulate=True, checked=True, consent=consent))


def receive(
    desk: Desk,
    package: Package,
    *,
    accepted: Collection[str] = (),
    unsigned: bool = False,
    parted: bool = False,
) -> tuple[Arrival, Change]:
    """Merge a package: all of it or nothing. A backup is made first.

    `accepted`: fingerprints of the keys that the officer has compared with their colleagues and takes from now on;
    `unsigned`: what nobody signed is taken, knowingly; `parted`: where their own chain goes on in two ways, what they did
    here is signed anew. Raises `UserError` where the package contradicts the base, was
    altered, or holds what should be accepted and was not.
    """
    # Tried first: a backup for what brings nothing, or is refused, would push an older one out.
    tried = packages.merge(
        desk.base, package, simulate=True, checked=True, consent=packages.Consent(parted=parted)
    )
    label = f"Paquet de {package.sender_label}"
    keys = _keys(tried, accepted)
    if not tried.operations and not tried.erased:
        if package.public is not None and len(keys) == len(tried.strangers):
            # What the colleague knows by now is news all the same.
            packages.merge(desk.base, package, consent=packages.Consent(frozenset(keys), parted=parted))
        return _arrival(package, tried), Change(f"{label}\u202f: rien de nouveau", frozenset())
    consent = packages.Consent(frozenset(keys), unsigned, parted)
    packages.refuse_untold(tried.strangers, tried.unsigned, consent)
    maintenance.backup(desk.base, reason="fusion")
    merged = packages.merge(desk.base, package, checked=True, consent=consent)
    # A package may touch all that was read.
    desk.forget()
    acts = french.plural(merged.acts.total(), "acte", "actes")
    kinds = frozenset(kind for kind, _ in merged.rows)
    touched = tuple((kind, key, entity) for (kind, key), entity in merged.rows.items())
    return _arrival(package, merged), Change(f"{label} fusionné\u202f: {acts}", kinds, None, touched)


def settle(desk: Desk, found: Disagreement, chosen: Version) -> Change:
    """End a disagreement with one of its versions, as an act that can be undone. Raises `UserError`."""
    what = f"{found.code}, {found.title}" if found.code else found.title
    with desk.act(f"Désaccord tranché\u202f: {what}, {chosen.shown}") as unit:
        unit.settle(found.kind, found.key, found.field, chosen.cell)
    return unit.change


def named(desk: Desk, code: str, title: str, author: str) -> tuple[Disagreement, Version]:
    """Return a disagreement by its code and field, and the version of an author. Raises `UserError`."""
    found = packages.disagreements(desk.base)
    for one in found:
        if french.fold(one.code) == french.fold(code) and french.fold(one.title) == french.fold(title):
            for version in one.versions:
                if french.fold(version.author) == french.fold(author):
                    return one, version
            raise UserError(
                f"«\u202f{author}\u202f» n’a rien écrit là.",
                f"Ont écrit\u202f: {', '.join(version.author for version in one.versions)}.",
            )
    raise UserError(
        f"Aucun désaccord ne porte sur «\u202f{code}, {title}\u202f».",
        "La commande «\u202fqpvdesk paquet desaccords\u202f» les liste.",
    )


def told(found: Disagreement) -> str:
    """Say a disagreement: « Camille a écrit 45 le 12/11/2026, Dominique a écrit 50 le 13/11/2026 »."""
    said = [
        f"{one.author} a écrit «\u202f{one.shown}\u202f» le {french.format_date(one.when.date())}"
        for one in found.versions
    ]
    what = f"{found.code}, {found.title}" if found.code else found.title
    return f"{what}\u202f: {', '.join(said)}."


def sentences(arrival: Arrival) -> tuple[str, ...]:
    """Say what a package brings in French, one sentence a line."""
    return tuple(_sentences(arrival))


def as_json(arrival: Arrival, *, simulation: bool) -> dict[str, Any]:
    """Return the same as the shell prints it."""
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
        "effaces": merged.erased,
        "non_signees": merged.unsigned,
        "cles_a_accepter": [
            {"nom": stranger.name, "empreinte": stranger.fingerprint, "autre_cle_connue": stranger.renewed}
            for stranger in merged.strangers
        ],
        "desaccords": disagreements_as_json(merged.disagreements),
    }


def disagreements_as_json(found: tuple[Disagreement, ...]) -> list[dict[str, Any]]:
    """Return disagreements as the shell prints them; the first version of each is the one that is shown."""
    return [
        {
            "genre": one.kind,
            "objet": one.code,
            "champ": one.title,
            "versions": [
                {"auteur": held.author, "date": held.when.isoformat(timespec="seconds"), "valeur": held.cell}
                for held in one.versions
            ],
        }
        for one in found
    ]


def go_on(path: Path) -> int:
    """Go on with an older copy of a base, under another chain of the same key; return how many acts it lacks.

    Raises `UserError` where the base cannot be opened.
    """
    with opening.open_base(path) as base:
        missing = base.authors.missing()
        base.authors.part()
    return missing


def own_fingerprint(desk: Desk) -> str:
    """Return what a colleague compares by telephone before they take what this officer writes."""
    return identity.fingerprint(desk.base.authors.identity.public)


def _keys(merged: Merged, accepted: Collection[str]) -> tuple[str, ...]:
    """Return the keys of the strangers whose fingerprints are accepted. Raises `UserError` for one that is nobody's."""
    by_digits = {_digits(stranger.fingerprint): stranger.public for stranger in merged.strangers}
    for fingerprint in accepted:
        if merged.strangers and _digits(fingerprint) not in by_digits:
            raise UserError(
                f"Personne n’a signé ce paquet avec l’empreinte «\u202f{fingerprint}\u202f».",
                f"À comparer\u202f: {', '.join(stranger.fingerprint for stranger in merged.strangers)}.",
            )
    return tuple(by_digits[_digits(fingerprint)] for fingerprint in accepted if by_digits)


def _digits(fingerprint: str) -> str:
    return "".join(filter(str.isdigit, fingerprint))


def _known(desk: Desk, name: str) -> dict[str, int]:
    """Return what a colleague's base held when they last sent a package. Raises `UserError`."""
    found = [
        known for label, known in packages.peers(desk.base).values() if label.casefold() == name.casefold()
    ]
    if not found:
        heard = ", ".join(recipients(desk))
        raise UserError(
            f"Aucun paquet de «\u202f{name}\u202f» n’est arrivé ici\u202f: ce qui lui manque n’est pas connu.",
            f"Connus\u202f: {heard}." if heard else "Envoyez-lui un paquet complet.",
        )
    # Two laptops may bear one name: what both lack is sent.
    return {uid: min(known.get(uid, 0) for known in found) for uid in set().union(*found)}


def _arrival(package: Package, merged: Merged) -> Arrival:
    return Arrival(package.sender_label, package.made_at.astimezone(), merged)


def _kinds(merged: Merged) -> list[str]:
    return [kind for kind in BY_NAME if merged.added[kind] or merged.changed[kind] or merged.removed[kind]]


def _sentences(arrival: Arrival) -> Iterator[str]:
    merged = arrival.merged
    made = arrival.made_at
    yield f"Paquet de {arrival.sender}, préparé le {french.format_date(made.date())} à {made:%H:%M}."
    if not arrival.is_new:
        yield "Il n’apporte rien de nouveau\u202f: tout est déjà dans cette base."
    for author, count in sorted(merged.acts.items()):
        yield f"{author}\u202f: {french.plural(count, 'acte nouveau', 'actes nouveaux')}."
    for stranger in merged.strangers:
        yield (
            f"{stranger.name} signe d’une clé que vous n’avez pas encore acceptée, d’empreinte {stranger.fingerprint}."
        )
        if stranger.renewed:
            yield f"ATTENTION\u202f: {stranger.name} signait jusqu’ici avec une autre clé."
    if merged.unsigned:
        acts = french.plural(merged.unsigned, "modification non signée", "modifications non signées")
        yield f"{acts}\u202f: rien ne prouve qui les a écrites."
    for kind in _kinds(merged):
        yield _counted(kind, merged)
    for kind, name in merged.revived:
        table = BY_NAME[kind]
        accord = "e" if table.feminine else ""
        yield (
            f"{table.french.capitalize()} {name}\u202f: retiré{accord} d’un côté, encore utile de l’autre\u202f;"
            f" gardé{accord}."
        )
    if merged.erased:
        yield (
            f"{french.plural(merged.erased, 'texte effacé', 'textes effacés')} définitivement, comme chez votre collègue."
        )
    if merged.disagreements:
        many = len(merged.disagreements)
        yield f"{french.plural(many, 'désaccord', 'désaccords')} à trancher\u202f:"
        yield from (f"- {told(one)}" for one in merged.disagreements[:_SHOWN])
        if many > _SHOWN:
            yield f"- et {french.format_number(many - _SHOWN)} de plus."


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
    name = table.sheet or table.plural.capitalize()
    return f"{name}\u202f: {', '.join(parts)}."
