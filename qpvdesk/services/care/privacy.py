"""Personal data: what a base can hold of it, and taking the mention of a person out for good."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qpvdesk import paths
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.services.care import leftovers, veil
from qpvdesk.services.desk import Desk
from qpvdesk.storage import maintenance
from qpvdesk.storage.care import backup, purging
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.care.purging import Mentions
from qpvdesk.storage.exchange import packages

STATEMENT = (
    "Une base qpvdesk suit des engagements, des objectifs et des chiffres agrégés. Elle n’a besoin d’aucune donnée sur des"
    " personnes.",
    "Ce qui peut s’en approcher\u202f: la fonction du contact d’un partenaire («\u202fchargée de mission\u202f»), les"
    " participants d’une réunion, le porteur d’une décision ou d’une étape. Écrivez-y des fonctions, jamais des noms.",
    "Les champs libres (source, commentaire, notes, météo) gardent ce que vous y tapez, et le journal garde aussi ce que"
    " vous avez corrigé. Le journal inscrit la fonction dite dans les Réglages, sinon"
    " «\u202fce poste\u202f»\u202f: il ne cherche aucun nom.",
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
    drafts: tuple[Path, ...] = ()
    """What was typed and not saved yet, in any base of the officer's."""
    colleagues: tuple[str, ...] = ()
    """Who sends packages here: they may have been sent it."""

    @property
    def none(self) -> bool:
        """Whether it is nowhere."""
        return self.mentions.none and not self.copies and not self.aside and not self.drafts

    @property
    def erasable(self) -> bool:
        """Whether an erasure would take it out of somewhere."""
        return self.mentions.erasable or bool(self.copies)


def trace(desk: Desk, text: str) -> Trace:
    """Look for a text in a base, its journal, its frozen data and its backups. Raises `UserError` where it is too short."""
    base = desk.base
    found = maintenance.mentions(base, text)
    copies = tuple(copy for copy in _backups(desk) if purging.holds(copy.path, text))
    set_aside = leftovers.set_aside(base.path, desk.settings.copies)
    wanted = purging.pattern(text)
    drafts = []
    for path in sorted((paths.user_folder() / paths.DRAFTS).rglob("*.json")):
        with suppress(OSError, ValueError):
            if wanted.search(
                json.dumps(json.loads(veil.show(path.read_bytes(), base.path)), ensure_ascii=False)
            ):
                drafts.append(path)
    names = tuple(sorted({name for name, _ in packages.peers(base).values()})) if not found.none else ()
    aside = tuple(path for path in set_aside if purging.holds(path, text))
    return Trace(found, copies, aside, tuple(drafts), names)


def _backups(desk: Desk) -> tuple[Backup, ...]:
    """Return the backups of the base, those of the second folder too."""
    folder = desk.settings.copies
    further = () if folder is None else backup.backups(desk.base.path, folder)
    return (*backup.backups(desk.base.path), *further)


def erase(desk: Desk, text: str, *, copies: bool = False) -> Change:
    """Replace a text by « [effacé] » in the base and its journal, for good; in its backups too where so asked.

    Raises `UserError`.
    """
    change = maintenance.erase(desk.base, text)
    desk.forget()
    if copies:
        erase_copies(desk, text)
    return change


def is_unswept(change: Change) -> bool:
    """Tell whether the text is erased and the file is still to be tightened."""
    return change.label.endswith(maintenance.SWEPT_LATER)


def erase_copies(desk: Desk, text: str) -> int:
    """Remove the backups that hold a text, after a new one is made of the base as it is; return how many.

    Raises `UserError` where that new backup cannot be made; none is removed then.
    """
    base = desk.base
    doomed = [copy for copy in _backups(desk) if purging.holds(copy.path, text)]
    if not doomed:
        return 0
    maintenance.backup(base, reason="effacement")
    removed = 0
    for copy in doomed:
        with suppress(OSError):
            copy.path.unlink()
            backup.fingerprint_of(copy.path).unlink(missing_ok=True)
            removed += 1
    return removed


def sentences(found: Trace) -> tuple[str, ...]:
    """Say in French where a text is, one sentence a line."""
    if found.none:
        return ("Ce texte n’est ni dans la base, ni dans son journal, ni dans ses sauvegardes.",)
    fields = sorted(found.mentions.fields, key=lambda field: -field[2])
    lines = [
        f"- {BY_NAME[kind].french}, {name}\u202f: {french.plural(count, 'fois', 'fois')}"
        for kind, name, count in fields[:_SHOWN]
    ]
    if len(fields) > _SHOWN:
        lines.append(f"- et dans {french.plural(len(fields) - _SHOWN, 'autre champ', 'autres champs')}")
    if lines:
        lines.insert(0, "Dans la base\u202f:")
    if found.mentions.past:
        lines.append(
            f"Dans le journal\u202f: {french.plural(found.mentions.past, 'inscription', 'inscriptions')}."
        )
    if found.mentions.names:
        lines.append("Dans le nom d’un auteur d’actes.")
    lines += [
        f"Dans la pièce jointe «\u202f{name}\u202f»\u202f: la recherche ne le trouvera plus, mais le fichier lui-même le"
        " garde\u202f; retirez-le vous-même."
        for name in dict.fromkeys(found.mentions.files)
    ]
    for day in found.mentions.frozen:
        lines.append(
            f"Dans les données arrêtées au {french.format_date(day)}, scellées par leur empreinte\u202f:"
            " il y reste."
        )
    if found.copies:
        keep = "qui le garde" if len(found.copies) == 1 else "qui le gardent"
        lines.append(
            f"Dans {french.plural(len(found.copies), 'sauvegarde', 'sauvegardes')}, {keep} jusqu’à ce que de plus récentes"
            " prennent leur place."
        )
    if found.drafts:
        lines.append(
            "Dans un brouillon\u202f: il y reste jusqu’à ce que vous l’enregistriez ou l’abandonniez."
        )
    if found.colleagues:
        lines.append(
            f"Peut-être chez vos collègues ({', '.join(found.colleagues)})\u202f: votre prochain paquet leur proposera de"
            " l’effacer aussi."
        )
    lines += [
        f"Dans un fichier gardé à côté\u202f: «\u202f{path.name}\u202f», à supprimer vous-même."
        for path in found.aside
    ]
    return tuple(lines)
