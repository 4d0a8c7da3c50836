"""Personal data: what a base can hold of it, and taking the mention of a person out for good."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.services.desk import Desk
from qpvdesk.storage import maintenance
from qpvdesk.storage.care import backup, purging
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.care.purging import Mentions

STATEMENT = (
    "Une base qpvdesk suit des engagements, des objectifs et des chiffres agrégés. Elle n’a besoin d’aucune donnée sur des"
    " personnes.",
    "Ce qui peut s’en approcher\u202f: la fonction du contact d’un partenaire («\u202fchargée de mission\u202f»), les"
    " participants d’une réunion, le porteur d’une décision ou d’une étape. Écrivez-y des fonctions, jamais des noms.",
    "Les champs libres (source, commentaire, notes, météo) gardent ce que vous y tapez, et le journal garde aussi ce que"
    " vous avez corrigé. Le journal nomme le poste où une saisie a été faite, pas son auteur.",
    "La base peut être mise sous une phrase secrète (Fichier, Phrase secrète…)\u202f: elle et ses sauvegardes sont alors"
    " chiffrées.",
    "Rien ne quitte ce poste sans vous\u202f: qpvdesk n’utilise pas le réseau. Le journal technique ne contient"
    " aucune saisie.",
)
"""What the base can hold, one paragraph each."""


_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a text is: in the base, in which of its backups, and in which files set aside by a rescue."""

    mentions: Mentions
    copies: tuple[Backup, ...]
    aside: tuple[Path, ...]

    @property
    def none(self) -> bool:
        """Whether it is nowhere."""
        return self.mentions.none and not self.copies and not self.aside


def trace(desk: Desk, text: str) -> Trace:
    """Look for a text in a base, its journal, its frozen data and its backups. Raises `UserError` where it is too short."""
    base = desk.base
    found = maintenance.mentions(base, text)
    copies = tuple(one for one in backup.backups(base.path) if purging.holds(one.path, text))
    set_aside = [
        path
        for middle in ("endommagee", "remplacee")
        for path in sorted(base.path.parent.glob(f"{base.path.stem}.{middle}*{base.path.suffix}"))
    ]
    return Trace(found, copies, tuple(path for path in set_aside if purging.holds(path, text)))


def erase(desk: Desk, text: str, *, copies: bool = False) -> Change:
    """Replace a text by « [effacé] » in the base and its journal, for good; in its backups too where so asked.

    Raises `UserError`.
    """
    change = maintenance.erase(desk.base, text)
    desk.forget()
    if copies:
        erase_copies(desk, text)
    return change


def erase_copies(desk: Desk, text: str) -> int:
    """Remove the backups that hold a text, after a new one is made of the base as it is; return how many.

    Raises `UserError` where that new backup cannot be made; none is removed then.
    """
    base = desk.base
    doomed = [one for one in backup.backups(base.path) if purging.holds(one.path, text)]
    if not doomed:
        return 0
    maintenance.backup(base, reason="effacement")
    removed = 0
    for one in doomed:
        with suppress(OSError):
            one.path.unlink()
            backup.fingerprint_of(one.path).unlink(missing_ok=True)
            removed += 1
    return removed


def sentences(found: Trace) -> tuple[str, ...]:
    """Say in French where a text is, one sentence a line."""
    if found.none:
        return ("Ce texte n’est ni dans la base, ni dans son journal, ni dans ses sauvegardes.",)
    fields = sorted(found.mentions.fields, key=lambda one: -one[2])
    said = [
        f"- {BY_NAME[kind].french}, {name}\u202f: {french.plural(count, 'fois', 'fois')}"
        for kind, name, count in fields[:_SHOWN]
    ]
    if len(fields) > _SHOWN:
        said.append(f"- et dans {french.plural(len(fields) - _SHOWN, 'autre champ', 'autres champs')}")
    if said:
        said.insert(0, "Dans la base\u202f:")
    if found.mentions.past:
        said.append(
            f"Dans le journal\u202f: {french.plural(found.mentions.past, 'inscription', 'inscriptions')}."
        )
    for day in found.mentions.frozen:
        said.append(
            f"Dans les données arrêtées au {french.format_date(day)}, scellées par leur empreinte\u202f:"
            " il y reste."
        )
    if found.copies:
        keep = "qui le garde" if len(found.copies) == 1 else "qui le gardent"
        said.append(
            f"Dans {french.plural(len(found.copies), 'sauvegarde', 'sauvegardes')}, {keep} jusqu’à ce que de plus récentes"
            " prennent leur place."
        )
    said += [
        f"Dans un fichier gardé à côté\u202f: «\u202f{path.name}\u202f», à supprimer vous-même."
        for path in found.aside
    ]
    return tuple(said)
