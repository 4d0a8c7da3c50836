"""Exchange between officers: a package out, a package in, and the disagreements that are left to settle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from qpvdesk import bounded, durable
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract
from qpvdesk.domain.wording import quoted
from qpvdesk.services.arrivals import Arrival
from qpvdesk.services.desk import Desk
from qpvdesk.storage import maintenance, opening, readers
from qpvdesk.storage.care import sealing
from qpvdesk.storage.exchange import packages, parting, sealed
from qpvdesk.storage.exchange.disagreements import Disagreement as Disagreement
from qpvdesk.storage.exchange.disagreements import Version as Version
from qpvdesk.storage.exchange.merged import Merged
from qpvdesk.storage.exchange.package import Package as Package
from qpvdesk.storage.exchange.removals import ProposedRemoval as ProposedRemoval
from qpvdesk.storage.identity import Identity, key_fingerprint

OwnForkError = parting.OwnForkError
SealedPackageError = sealed.SealedPackageError
Consent = packages.Consent
NO_CONSENT = packages.NO_CONSENT
SUFFIX = ".paquet"
REMOVALS, ERASURES, SAID_ERASURES = "retraits", "effacements", "effacements-signes"
"""What accepts all of what a package proposes to remove, to erase for good, or of the latter what somebody signed."""


def prepare(
    desk: Desk,
    target: Path,
    *,
    recipient: str | None = None,
    passphrase: str = "",
    readers: Collection[str] = (),
    contract: str | None = None,
) -> int:
    """Write a package of the whole history, or of what a colleague (by name) lacks; return how many changes it holds.

    `contract`: the code of the one that it is of; of the others it bears digests alone.
    `passphrase`: seals it; `readers`: the names of the colleagues whose keys seal it, beside the officer's own; neither:
    it is in clear.

    Raises `UserError` for a colleague who sent nothing yet, where there is nothing new for them, or the file cannot
    be written; nothing is left then.
    """
    if readers and passphrase:
        raise UserError(
            "Un paquet est scellé par une phrase secrète ou pour des clés, pas les deux.",
            "Choisissez l’une ou les autres.",
        )
    keys = _sealing_keys(desk, readers)
    beyond = _known(desk, recipient) if recipient else None
    content, count = packages.write(desk.base, beyond, contract=contract and desk.contract(contract).key)
    if not count:
        whom = f" pour {recipient}" if recipient else ""
        raise UserError(f"Il n’y a rien de nouveau à envoyer{whom}.", "Aucun paquet n’a été écrit.")
    if keys:
        content = sealed.seal_for(content, keys)
    durable.save(sealed.seal(content, passphrase) if passphrase else content, target)
    return count


def keyed_colleagues(desk: Desk) -> tuple[str, ...]:
    """Return the names of the accepted colleagues for whose keys a package can be sealed, in alphabetical order."""
    known = desk.base.authors.identity.colleagues().values()
    return tuple(sorted({colleague.name for colleague in known if colleague.sealing}, key=french.fold))


def accepted_keys(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Return whose keys were accepted, name and fingerprint, in alphabetical order."""
    known = desk.base.authors.identity.colleagues().items()
    found = ((colleague.name, key_fingerprint(public)) for public, colleague in known)
    return tuple(sorted(found, key=lambda pair: (french.fold(pair[0]), pair[1])))


def refuse_key(desk: Desk, fingerprint: str) -> str:
    """Take the key of that fingerprint back, as where it was lost or stolen; return what to say of it.

    What it signs from now on is asked about as a stranger's, and no package is sealed for it; what came before stays.
    Raises `UserError` where nobody was accepted under it.
    """
    who, wanted = desk.base.authors.identity, "".join(fingerprint.split())
    for public, colleague in who.colleagues().items():
        if key_fingerprint(public).replace(" ", "") == wanted:
            try:
                who.refuse(public)
            except OSError as error:
                raise UserError(
                    f"La clé de {colleague.name} n’a pas pu être retirée\u202f: {durable.reason(error)}.",
                    "Vérifiez le dossier de qpvdesk sur cet ordinateur, puis recommencez.",
                ) from error
            return (
                f"La clé de {colleague.name} ({key_fingerprint(public)}) est retirée\u202f: ce qu’elle signe désormais"
                " vous sera demandé, et aucun paquet n’est plus scellé pour elle. Ce qui en était déjà reçu reste."
            )
    raise UserError(
        f"Aucune clé acceptée n’a l’empreinte «\u202f{fingerprint}\u202f».",
        "Choisissez-la parmi les clés acceptées.",
        shell="Pour les voir\u202f: «\u202fqpvdesk paquet cles\u202f».",
    )


def reader(desk: Desk) -> Identity:
    """Return who opens what is sealed for the officer."""
    return desk.base.authors.identity


def is_secret(desk: Desk) -> bool:
    """Tell whether the base is under a passphrase: what leaves it is then proposed sealed."""
    return sealing.is_sealed(desk.base.path)


def recipients(desk: Desk) -> tuple[str, ...]:
    """Return the names of the colleagues who sent packages, in alphabetical order."""
    return tuple(sorted({name for name, _ in packages.peers(desk.base).values()}))


def read(
    path: Path,
    *,
    passphrase: str = "",
    identity: Identity | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Package:
    """Read a package in a bounded process, which is stopped once `cancelled`. `identity`: of the reader; None: as kept.

    Raises `UserError`, of them `SealedPackageError` where it needs a passphrase.
    """
    try:
        form = sealed.form(path)
    except OSError as error:
        raise durable.unreadable(path, error) from error
    secret = ""
    if form is sealed.SealForm.PHRASE:
        secret = passphrase
        if not secret:
            raise SealedPackageError(path, given=False)
    elif form is sealed.SealForm.KEYS:
        secret = (identity or Identity()).unsealing
    # Opened there alone: whoever sealed it may have put anything in it, and nothing of it lies in clear on the disk.
    found = bounded.ask(bounded.PACKAGE, path, tuple[Package, ...], cancelled=cancelled, secret=secret)
    if not found:
        raise SealedPackageError(path, given=True)
    return found[0]


def disagreements(desk: Desk, contract: str | None = None) -> tuple[Disagreement, ...]:
    """Return what is left to settle: in the contract of that code, or in all those of the base."""
    found = packages.disagreements(desk.base)
    if contract is None:
        return found
    key = desk.contract(contract).key
    return tuple(
        disagreement
        for disagreement in found
        if readers.contract_of(desk.base, disagreement.kind, disagreement.key) == key
    )


def contracts_of(desk: Desk, found: Iterable[Disagreement]) -> tuple[Contract, ...]:
    """Return the contracts that disagreements are of, each once; one that left every view too."""
    keys = {readers.contract_of(desk.base, disagreement.kind, disagreement.key) for disagreement in found}
    return tuple(item for item in desk.base.contracts(removed=True) if item.key in keys)


def preview(desk: Desk, package: Package, *, parted: bool = False) -> Arrival:
    """Tell what a package would bring, and propose to take away; nothing is kept. Raises `UserError` as `receive`."""
    consent = packages.Consent(parted=parted, proposals=frozenset())
    return _arrival(package, packages.merge(desk.base, package, simulate=True, checked=True, consent=consent))


def receive(
    desk: Desk,
    package: Package,
    *,
    accepted: Collection[str] = (),
    proposals: Collection[str] = (),
    consent: Consent = NO_CONSENT,
) -> tuple[Arrival, Change]:
    """Merge a package: all of it or nothing. A backup is made first.

    `accepted`: fingerprints of the keys that the officer has compared with their colleagues and takes from now on;
    `proposals`: words of what is to be removed or erased, or `REMOVALS`, `ERASURES`, `SAID_ERASURES` for all of these;
    `consent`: what else they take knowingly. Raises `UserError` where the package contradicts the base, was altered, or
    holds what should be accepted and was not.
    """
    # Tried first: a backup for what brings nothing, or is refused, would push an older one out.
    tried = preview(desk, package, parted=consent.parted).merged
    label = f"Paquet de {package.sender_label}"
    words = {proposal.word for proposal in tried.proposals if _words(proposal) & {*proposals}}
    consent = replace(consent, accepted=frozenset(_keys(tried, accepted)), proposals=frozenset(words))
    if not (tried.operations or tried.erased or tried.returned or words):
        if package.public is not None:
            # What the colleague knows by now is news all the same.
            packages.merge(desk.base, package, consent=consent)
        return _arrival(package, tried), Change(f"{label}\u202f: rien de nouveau", frozenset())
    packages.refuse_untold(tried, consent)
    maintenance.backup(desk.base, reason="fusion")
    merged = packages.merge(desk.base, package, checked=True, consent=consent)
    # A package may touch all that was read.
    desk.forget()
    acts = french.plural(merged.acts.total(), "acte", "actes")
    # What is in dispute is said where it is shown, though the value that is shown may be the same.
    kinds = frozenset(kind for kind, _ in merged.rows) | {found.kind for found in merged.disagreements}
    touched = tuple((kind, key, entity) for (kind, key), entity in merged.rows.items())
    return _arrival(package, merged), Change(f"{label} fusionné\u202f: {acts}", kinds, None, touched)


def _words(proposal: ProposedRemoval) -> set[str]:
    """Return the words that accept a proposal: a text that was erased comes back by its own alone."""
    if proposal.returning:
        return {proposal.word}
    if not proposal.erasing:
        return {proposal.word, REMOVALS}
    return {proposal.word, ERASURES} | (set() if proposal.relayed else {SAID_ERASURES})


def undo_merge(desk: Desk) -> tuple[Change, str]:
    """Take the last merge back, as an act that can be undone; return it, and what is said of it. Raises `UserError`."""
    merge = packages.last_merge(desk.base)
    if merge is None:
        raise UserError("Aucune fusion n’a été faite dans cette base.", "Il n’y a rien à annuler.")
    change, since = packages.undo(desk.base, merge)
    if not change:
        raise UserError(
            f"La fusion avec {merge.sender} est déjà annulée, ou ce qu’elle a apporté a été réécrit ou sert depuis.",
            "Il n’y a rien à annuler.",
        )
    desk.forget()
    kept = [
        french.plural(count, *words)
        for count, words in (
            (
                since,
                (
                    "valeur ou ligne est gardée, avec ce qui a été écrit depuis",
                    "valeurs ou lignes sont gardées, avec ce qui a été écrit depuis",
                ),
            ),
            (merge.returned, ("texte rendu par son auteur reste", "textes rendus par leur auteur restent")),
        )
        if count
    ]
    sent = "vos collègues qui reçoivent votre prochain paquet les auront ainsi eux aussi"
    told = "\u202f; ".join(("les lignes sont comme avant, l’histoire garde tout", *kept, sent))
    return change, f"{change.label}\u202f: {told}."


def last_merge(desk: Desk) -> tuple[str, datetime] | None:
    """Return whose package was merged last, and when; None where none was."""
    merge = packages.last_merge(desk.base)
    return None if merge is None else (merge.sender, merge.made_at.astimezone())


def settle(desk: Desk, found: Disagreement, chosen: Version) -> Change:
    """End a disagreement with one of its versions, as an act that can be undone. Raises `UserError`."""
    with desk.act(f"Désaccord tranché\u202f: {found.words}, {chosen.shown}") as unit:
        unit.settle(found.kind, found.key, found.field, chosen.cell)
    return unit.change


def named(
    desk: Desk, code: str, title: str, author: str, *, contract: str | None = None
) -> tuple[Disagreement, Version]:
    """Return a disagreement by its code and field, and the version of an author; where two go by that name, the one whose
    words are given.

    `contract`: code of the one that it is of. Raises `UserError`, of a code that several contracts disagree on too.
    """
    wanted = french.fold(code), french.fold(title)
    found = [
        disagreement
        for disagreement in disagreements(desk, contract)
        if (french.fold(disagreement.code), french.fold(disagreement.title)) == wanted
    ]
    if not found:
        raise UserError(
            f"Aucun désaccord ne porte sur «\u202f{code}, {title}\u202f».",
            shell="La commande «\u202fqpvdesk paquet desaccords\u202f» les liste.",
        )
    owners = contracts_of(desk, found)
    if len(owners) > 1:
        raise UserError(
            f"«\u202f{code}, {title}\u202f» est en désaccord dans plusieurs contrats.",
            shell=f"Précisez le contrat\u202f: {french.either([f'--contrat {item.code}' for item in owners])}.",
        )
    versions, names = found[0].versions, [french.fold(version.author) for version in found[0].versions]
    for version, name in zip(versions, names, strict=True):
        if french.fold(author) == (french.fold(version.shown) if names.count(name) > 1 else name):
            return found[0], version
    if french.fold(author) in names:
        alike = [
            quoted(version.shown)
            for version in versions
            if french.fold(version.author) == french.fold(author)
        ]
        raise UserError(
            f"Plusieurs collègues s’appellent «\u202f{author}\u202f».",
            f"Donnez la valeur à garder\u202f: {french.either(alike)}.",
        )
    raise UserError(
        f"«\u202f{author}\u202f» n’a rien écrit là.",
        f"Ont écrit\u202f: {', '.join(version.author for version in versions)}.",
    )


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
    return key_fingerprint(desk.base.authors.identity.public)


def _sealing_keys(desk: Desk, readers: Collection[str]) -> set[str]:
    """Return the keys that seal a package for colleagues, and for the officer. Raises `UserError` for an unknown one."""
    if not readers:
        return set()
    who = desk.base.authors.identity
    keys = {who.sealing} - {""}
    for name in readers:
        # Two laptops may bear one name: either opens it.
        found = {
            colleague.sealing
            for colleague in who.colleagues().values()
            if colleague.sealing and french.fold(colleague.name) == french.fold(name)
        }
        if not found:
            known = french.enumerate_words(keyed_colleagues(desk))
            raise UserError(
                f"La clé de « {name} » n’est pas connue : un paquet ne peut pas être scellé pour elle.",
                f"Clés connues : {known}."
                if known
                else "Recevez d’abord un de ses paquets : il porte sa clé.",
            )
        keys |= found
    return keys


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
