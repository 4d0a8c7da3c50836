"""Putting the base under a passphrase, in the officer's words, with the sheet that bears its recovery key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.services.care import leftovers, veil
from qpvdesk.storage import identity as identities
from qpvdesk.storage.care import resealing
from qpvdesk.storage.care import sealing as _sealing
from qpvdesk.storage.care.sealing import PASSPHRASE_LETTERS_MIN as PASSPHRASE_LETTERS_MIN
from qpvdesk.storage.care.sealing import SealedError as SealedError
from qpvdesk.storage.care.sealing import is_locked as is_locked
from qpvdesk.storage.care.sealing import is_sealed as is_sealed
from qpvdesk.storage.care.sealing import unlock as unlock

STATEMENT = (
    "Sans phrase secrète, quiconque prend votre ordinateur, votre clé USB ou une sauvegarde peut lire la base. Avec elle,"
    " la base et ses sauvegardes sont chiffrées\u202f: elles ne disent rien à qui ne l’a pas.",
    "Elle vous sera demandée à chaque ouverture. Si vous la perdez, seule la clé de secours, que vous imprimez maintenant,"
    " ouvrira la base\u202f; sans l’une ni l’autre, personne ne le pourra.",
    "Ce que vous imprimez, exportez ou joignez à un courriel n’est pas chiffré. Vos brouillons le sont comme la base.",
)
"""What a passphrase does and does not, one paragraph each."""


_USE = (
    "La phrase secrète est oubliée, ou son auteur est parti.",
    "À l’ouverture, tapez cette clé à la place de la phrase\u202f: majuscules, espaces et tirets importent peu.",
    "Choisissez ensuite une nouvelle phrase (Fichier, Phrase secrète…)\u202f: cette clé-ci sera alors périmée.",
)
_PLACE = (
    "Hors de l’ordinateur, comme un original signé\u202f: armoire fermée ou coffre du service. Qui la détient"
    " peut lire la base et ses sauvegardes."
)


class Sealed(Struct, frozen=True):
    """A base that was put under a passphrase: its recovery key, and what was done in sentences."""

    recovery: str
    sentences: tuple[str, ...]
    clear: tuple[Path, ...]
    """What stays in clear beside it."""


def check(passphrase: str) -> None:
    """Raise `UserError` where a passphrase will not do."""
    _sealing.fresh_key(passphrase)


def seal(base: Path, passphrase: str, *, copies: Path | None = None) -> Sealed:
    """Put a closed base and its backups (beside it and in `copies`) under a passphrase, or under another one.

    Raises `UserError`; the base is then as it was.
    """
    key = _sealing.fresh_key(passphrase)
    with veil.drafts_following(base, key):
        done = resealing.reseal(base, key, folders=(copies,) if copies else ())
    keys = identities.Identity().settle()
    sentences = _sentences("La base est protégée par sa phrase secrète.", done, "chiffrée", "chiffrées")
    if keys:
        sentences = (
            *sentences,
            f"Vos clés sont encore en clair dans «\u202f{keys[0].parent}\u202f»\u202f: ce dossier n’a pas pu être écrit"
            " (un autre programme le tient, ou le disque est plein). Rouvrez la base dès qu’il peut l’être\u202f: elles y"
            " seront protégées.",
        )
    clear = leftovers.clear_copies(base, copies)
    if clear:
        names = ", ".join(f"«\u202f{path.name}\u202f»" for path in clear)
        sentences = (*sentences, f"Restent en clair à côté d’elle\u202f: {names}.")
    return Sealed(key.recovery, sentences, clear)


def unseal(base: Path, *, copies: Path | None = None) -> tuple[str, ...]:
    """Put a closed base and its backups back in clear; return what was done. Raises `UserError`; it is then as it was."""
    with veil.drafts_following(base, None):
        done = resealing.reseal(base, None, folders=(copies,) if copies else ())
    identities.Identity().settle()
    return _sentences(
        "La base n’est plus protégée par une phrase secrète.", done, "remise en clair", "remises en clair"
    )


def write_sheet(path: Path, recovery: str, base: str, day: date) -> None:
    """Write the sheet to be kept in a safe place as a PDF for the officer's own eyes. Raises `UserError` where it cannot be
    written."""
    from qpvdesk.reports import chapters, manual  # noqa: PLC0415 - 400 ms, the paper alone needs it
    from qpvdesk.reports.layout import Identity  # noqa: PLC0415 - 400 ms, the same as the chapters

    groups = recovery.split()
    half = len(groups) // 2
    text = "\n\n".join(
        (
            "# Clé de secours",
            f"Base «\u202f{chapters.plain(base)}\u202f», clé établie le {french.format_date(day)}.",
            "## " + "\u2003".join(groups[:half]),
            "## " + "\u2003".join(groups[half:]),
            "### Quand s’en servir",
            "\n".join(f"1. {words}" for words in _USE),
            "### Où la garder",
            _PLACE,
        )
    )
    identity = Identity(
        title="Clé de secours",
        subject="Clé de secours d’une base qpvdesk",
        author="qpvdesk",
        day=day,
        foot="qpvdesk, clé de secours",
    )
    with leftovers.scratch() as folder:
        pdf = Path(folder) / "cle.pdf"
        manual.write(pdf, [chapters.read_chapter(text, "cle")], Path, identity)
        # Whoever reads it opens the base.
        durable.save(pdf.read_bytes(), path, private=True)


def _sentences(first: str, done: resealing.Resealed, singular: str, plural: str) -> tuple[str, ...]:
    sentences = [first]
    if done.backups:
        verb = f"a été {singular}" if done.backups == 1 else f"ont été {plural}"
        sentences.append(f"{french.plural(done.backups, 'sauvegarde', 'sauvegardes')} {verb}.")
    if done.left:
        names = ", ".join(f"«\u202f{path.name}\u202f»" for path in done.left)
        sentences.append(f"Restent telles quelles, car illisibles ou sous une autre phrase\u202f: {names}.")
    return tuple(sentences)
