"""Whom the officer knows, what they are asked before a package is taken, and what they answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from qpvdesk.domain import french, lookalikes
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import programme
from qpvdesk.storage.authors import public_of
from qpvdesk.storage.exchange.package import Author
from qpvdesk.storage.identity import NOBODY, Colleague, is_unnamed, key_fingerprint
from qpvdesk.storage.journal import is_programme


class Stranger(Struct, frozen=True):
    """A key that the officer has not accepted yet, in the name that it gives itself."""

    public: str
    name: str
    like: str = ""
    """The colleague of another key whose name that is, or looks like; empty where there is none."""

    @property
    def renewed(self) -> bool:
        """Whether that name is known, or looks like one that is, under another key."""
        return bool(self.like)

    @property
    def warning(self) -> str:
        """What is said of a name that another key has; empty where none has."""
        if not self.like:
            return ""
        if french.fold(self.name) == french.fold(self.like):
            return f"ATTENTION\u202f: {self.name} signait jusqu’ici avec une autre clé."
        return (
            f"ATTENTION\u202f: «\u202f{self.name}\u202f» ressemble à «\u202f{self.like}\u202f», qui signe d’une autre"
            " clé."
        )

    @property
    def fingerprint(self) -> str:
        """What is compared by telephone."""
        return key_fingerprint(self.public)


class Terms(Struct, frozen=True):
    """Whom the officer knows: the colleagues accepted, by public key, and their own key. `unsigned`: whether they take what
    nobody signed; `chain`: the one on which they go on here, None where the base may lack acts of theirs.
    """

    known: Mapping[str, Colleague] = {}
    own: str | None = None
    unsigned: bool = False
    chain: str | None = None

    def name(self, author: Author) -> str:
        """Return how an author is called here: as accepted, or as the program names itself, whatever a package says."""
        if is_programme(author.uid):
            return programme.author_name(author.uid)
        public = public_of(author.uid)
        if public is not None and public == self.own and is_unnamed(author.label):
            return NOBODY
        colleague = self.known.get(public or "")
        # One may have been accepted by what they did before they said their name.
        return author.label if colleague is None or is_unnamed(colleague.name) else colleague.name

    def stranger(self, public: str, name: str) -> Stranger | None:
        """Return whose key is not known, or was accepted in another name than that of somebody else's key."""
        if public == self.own:
            return None
        told = lookalikes.skeleton(name)
        others = [colleague.name for key, colleague in self.known.items() if key != public]
        like = next((other for other in others if lookalikes.skeleton(other) == told), "")
        known = self.known.get(public)
        if known is not None and (not like or french.fold(known.name) == french.fold(name)):
            return None
        return Stranger(public, name, like)


class UnknownSignersError(UserError):
    """What a package brings is signed with keys that the officer has not accepted."""

    def __init__(self, strangers: Sequence[Stranger]) -> None:
        told = ", ".join(f"{stranger.name} ({stranger.fingerprint})" for stranger in strangers)
        warned = "".join(f" {stranger.warning}" for stranger in strangers if stranger.warning)
        super().__init__(
            f"Ce paquet est signé d’une clé que vous n’avez pas encore acceptée\u202f: {told}.{warned}"
            " Rien n’a été fusionné.",
            "Comparez l’empreinte par téléphone avec votre collègue, puis acceptez-la.",
            shell="Pour l’accepter\u202f: «\u202f--accepter "
            + " ".join(stranger.fingerprint.replace(" ", "") for stranger in strangers[:1])
            + "\u202f».",
        )
        self.strangers = tuple(strangers)


class UnsignedError(UserError):
    """What a package brings was signed by nobody."""

    def __init__(self, acts: int) -> None:
        count = french.plural(acts, "modification", "modifications")
        super().__init__(
            f"Ce paquet contient des modifications non signées ({count})\u202f: rien ne prouve qui les a écrites."
            " Rien n’a été fusionné.",
            "Acceptez-les en connaissance de cause, si votre collègue vous confirme les avoir envoyées.",
            shell="Pour les accepter\u202f: «\u202f--accepter non-signees\u202f».",
        )


class RepairedError(UserError):
    """A package comes from a base that was repaired: acts are missing, or have lost the signature of their author."""

    def __init__(self, lost: Mapping[str, int], stripped: Mapping[str, int]) -> None:
        super().__init__(
            f"{' '.join(repaired_sentences(lost, stripped))} Rien n’a été fusionné.",
            "Demandez d’abord à chacun un paquet fait sur son poste\u202f: il les rapporte. Sinon, acceptez ce paquet tel"
            " qu’il est, en connaissance de cause.",
            shell="Pour l’accepter\u202f: «\u202f--accepter reparation\u202f».",
        )


def repaired_sentences(lost: Mapping[str, int], stripped: Mapping[str, int]) -> list[str]:
    """Say whose acts a repaired base has no more, or can no longer prove, one sentence an author."""
    sentences = []
    for name, count in sorted(lost.items()):
        what = french.plural(count, "modification", "modifications")
        sentences.append(
            f"Il manque {what} de {name}, qu’une base réparée dit avoir perdue{'s' if count > 1 else ''}."
        )
    for name, count in sorted(stripped.items()):
        what = french.plural(count, "acte", "actes")
        sentences.append(
            f"ATTENTION\u202f: {what} au nom de {name}, qui signe les siens, sans sa signature\u202f: rien ne prouve"
            " qu’ils soient tels qu’écrits."
        )
    return sentences


class Consent(Struct, frozen=True):
    """What the officer takes, knowingly: public keys from now on, acts that nobody signed this once.

    `parted`: their own last acts are signed anew where their chain goes on in two ways (see `parting`). `repaired`: what
    a repaired base lost, or can no longer prove. `proposals`: the words of what may be removed or erased here; None: all.
    """

    accepted: frozenset[str] = frozenset()
    unsigned: bool = False
    parted: bool = False
    repaired: bool = False
    proposals: frozenset[str] | None = None


class Asked(Protocol):
    """What a merge found that the officer is asked about."""

    strangers: tuple[Stranger, ...]
    unsigned: int
    lost: Counter[str]
    stripped: Counter[str]


def refuse_untold(found: Asked, consent: Consent) -> None:
    """Raise `UnknownSignersError`, `RepairedError` or `UnsignedError` for what the officer has not accepted."""
    refused = [stranger for stranger in found.strangers if stranger.public not in consent.accepted]
    if refused:
        raise UnknownSignersError(refused)
    if (found.lost or found.stripped) and not consent.repaired:
        raise RepairedError(found.lost, found.stripped)
    if found.unsigned and not consent.unsigned:
        raise UnsignedError(found.unsigned)
