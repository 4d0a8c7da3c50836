"""Whether what a package brings was written by those whose names it bears.

Each act is believed on its author's signature, whoever sends it; what the program wrote of itself, on the digest that
its author's name holds; all else of a package, on the signature of its sender.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from msgspec import Struct, field

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, journal, programme
from qpvdesk.storage.authors import NOTE_SUFFIX, public_of
from qpvdesk.storage.care import purging
from qpvdesk.storage.care.purging import ERASED
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.consent import Stranger, Terms
from qpvdesk.storage.exchange.package import ActName, Author, Operation, Package, PackagedAct
from qpvdesk.storage.identity import is_unnamed, verify_signature
from qpvdesk.storage.keys import starter_key
from qpvdesk.storage.written import Written


class Verdict(Struct):
    """What was found of a package. `unsigned`: acts that nobody ever signed; `strangers`: keys to accept or not."""

    proven: list[chain.Proven] = []
    unsigned: int = 0
    strangers: dict[str, Stranger] = {}
    stripped: Counter[str] = field(default_factory=Counter)
    """Acts of authors who sign, without their signature: a base that was repaired has no more of them. By name."""
    bare: set[str] = set()
    """The authors of those, by their uid: what others have here without a signature came otherwise."""
    completed: list[ActName] = []
    """Acts that were here without their signature, which has come now."""


def judge(
    connection: sqlite3.Connection, package: Package, new: Sequence[Operation], terms: Terms, *, now: datetime
) -> Verdict:
    """Check who wrote what is new here, `now`. Raises `UserError` for what its author did not write as it is."""
    judgement = _Judgement(connection, package, terms, now)
    judgement.check_sender()
    judgement.check_tails()
    by_author: dict[str, list[Operation]] = {}
    fresh = set(map(id, new))
    for operation in package.operations:
        if id(operation) in fresh or operation.act_name in judgement.incomplete:
            by_author.setdefault(operation.author, []).append(operation)
    for author in package.authors:
        if author.uid in by_author:
            judgement.check_author(author, by_author[author.uid])
    return judgement.verdict


class _Judgement:
    def __init__(self, connection: sqlite3.Connection, package: Package, terms: Terms, now: datetime) -> None:
        self._connection, self._package, self._terms, self._now = connection, package, terms, now
        self._acts = {act.name: act for act in package.acts}
        self._here = journal.act_numbers(connection, self._acts.keys())
        self.incomplete = {act.name for act in package.acts if act.first} & unproven(connection)
        """Acts that are here without the signature of their author, which the package bears."""
        self.verdict = Verdict()

    def check_sender(self) -> None:
        """Raise `UserError` where the whole is not as its sender made it."""
        package = self._package
        keyed = None if package.sender is None else public_of(package.sender)
        as_told = package.sender is None or keyed == package.public
        if package.public is None and as_told:
            # A release of before keys made it.
            return
        if (
            package.public is None
            or not as_told
            or not verify_signature(package.public, package.signature, package.signed)
        ):
            raise UserError(
                f"La signature de ce paquet ne correspond pas à son contenu\u202f: il n’est pas tel que"
                f" {package.sender_label} l’a fait. Rien n’a été fusionné.",
                "Demandez à votre collègue de le préparer et de l’envoyer à nouveau.",
            )
        self._meet(package.public, package.sender_label)

    def check_tails(self) -> None:
        """Raise `UserError` where the sender's base and this one hold two continuations of one chain."""
        for author in self._package.authors:
            if ends_otherwise(self._connection, author.uid, self._package.tails):
                raise two_stories(author.uid, author.label)

    def check_author(self, author: Author, operations: list[Operation]) -> None:
        """Check what is new of one author, act by act."""
        by_act: dict[str, list[Operation]] = {}
        for operation in sorted(operations, key=lambda operation: operation.seq):
            by_act.setdefault(operation.act, []).append(operation)
        if any((author.uid, key) not in self._acts for key in by_act):
            # It is of another's act.
            raise _forged(author)
        if author.uid.startswith((journal.STARTER, journal.PROGRAMME)):
            self._check_programme(author, by_act)
            return
        public = public_of(author.uid)
        if public is None:
            self.verdict.unsigned += len(by_act)
            return
        last: chain.Proven | None = None
        for key, some in by_act.items():
            proven = self._link(author, self._acts[author.uid, key], some, last)
            if proven is None:
                if author.uid.removesuffix(NOTE_SUFFIX) == self._terms.chain:
                    raise _in_own_name(self._package.sender_label)
                self.verdict.stripped[self._terms.name(author)] += 1
                self.verdict.bare.add(author.uid)
                continue
            if (author.uid, key) in self.incomplete:
                self.verdict.completed.append((author.uid, key))
            if last is not None and proven.previous != last.digest.hex():
                # Nothing after it vouches for the part of a chain that ends before a loss.
                _check_signature(author, public, last)
            last = proven
            self.verdict.proven.append(proven)
        if last is not None:
            _check_signature(author, public, last)
            self._meet(public, author.label)

    def _link(
        self, author: Author, act: PackagedAct, operations: list[Operation], before: chain.Proven | None
    ) -> chain.Proven | None:
        """Return the act as its chain holds it; None where no chain does, in a base that was repaired."""
        seqs = [operation.seq for operation in operations]
        whole = act.first > 0 and seqs == list(range(act.first, act.first + len(seqs)))
        here = act.name in self._here and act.name not in self.incomplete
        if not whole or here or self._holds_more(act.name, seqs):
            if author.lost and not act.first:
                return None
            raise _forged(author)
        if before is not None and before.last == act.first - 1:
            previous: str | None = before.digest.hex()
        else:
            stored_digest = _digest_at(self._connection, author.uid, act.first - 1)
            previous = None if stored_digest is None else stored_digest.hex()
        # Where the proof of what is before is not here, the act's own signature is all there is.
        if act.previous != previous and not (previous is None and act.first > 1):
            raise two_stories(author.uid, author.label) if act.previous is not None else _forged(author)
        header = chain.Header(
            chain.FORM, author.uid, act.key, act.done_at, act.mode, act.reverses, act.first, act.previous
        )
        digest = chain.act_digest(header, _label(author, act), _digests(author, act, operations))
        signature = bytes.fromhex(act.signature or "")
        return chain.Proven(act.key, author.uid, act.first, seqs[-1], act.previous, digest, signature)

    def _holds_more(self, name: ActName, seqs: Sequence[int]) -> bool:
        """Tell whether an act that came without its signature has operations here that its author did not sign."""
        if name not in self.incomplete:
            return False
        rows = self._connection.execute(
            "SELECT o.seq FROM operation o JOIN act t ON t.id = o.act JOIN author a ON a.id = t.author"
            " WHERE a.uid = ? AND t.key = ?",
            name,
        )
        return not {seq for (seq,) in rows} <= set(seqs)

    def _check_programme(self, author: Author, by_act: Mapping[str, list[Operation]]) -> None:
        """Raise `UserError` where the program never wrote so: the name of such an author holds the digest of it all."""
        if not programme.is_recognisable(author.uid):
            # What a release of before wrote bears the digest of something else.
            self.verdict.unsigned += len(by_act)
            return
        ((key, operations), *others) = by_act.items()
        act = self._acts[author.uid, key]
        digest = programme.digest(_label(author, act), _digests(author, act, operations))
        # Of a contract, no text has a say in whether the program writes so.
        unread = act.withheld if author.uid.startswith(journal.PROGRAMME) else {}
        written = [
            Written(operation.kind, operation.key, operation.field, operation.value)
            for operation in operations
            if str(operation.seq) not in unread and operation.kind != journal.VEILED
        ]
        if (
            others
            or operations[0].seq != 1
            or act.key != starter_key(author.uid)
            or act.mode != "do"
            or not author.uid.endswith(f":{digest}")
            or (written and not programme.is_written_by(author.uid, act.label, written))
            or not all(
                self._stands(operation) for operation in operations if operation.kind != journal.VEILED
            )
        ):
            raise _forged(author)
        # Where a text of the program was erased since, nothing proves who took it out.
        self.verdict.unsigned += bool(
            act.withheld
            or self._package.public is None
            or not programme.is_shipped(author.uid)
            or not programme.may_be_done_at(author.uid, datetime.fromisoformat(act.done_at), self._now)
        )

    def _stands(self, operation: Operation) -> bool:
        """Tell whether an operation in the program's name has the clock that the program gives it."""
        if operation.parent is None or operation.parent_seq is None:
            return programme.may_stand(operation.author, operation.hlc, None)
        row = self._connection.execute(
            "SELECT o.hlc FROM operation o JOIN author a ON a.id = o.author WHERE a.uid = ? AND o.seq = ?",
            (operation.parent, operation.parent_seq),
        ).fetchone()
        replaced = self._clocks.get((operation.parent, operation.parent_seq)) if row is None else int(row[0])
        return replaced is not None and programme.may_stand(
            operation.author, operation.hlc, (operation.parent, replaced)
        )

    @cached_property
    def _clocks(self) -> dict[tuple[str, int], int]:
        """The clocks of the operations of the package, by author and number."""
        return {(operation.author, operation.seq): operation.hlc for operation in self._package.operations}

    def _meet(self, public: str, name: str) -> None:
        stranger = self._terms.stranger(public, name)
        met = self.verdict.strangers.get(public)
        if stranger is not None and (met is None or is_unnamed(met.name)):
            self.verdict.strangers[public] = stranger


def _check_signature(author: Author, public: str, proven: chain.Proven) -> None:
    if not verify_signature(public, proven.signature, chain.message(proven.digest)):
        raise _forged(author)


def _label(author: Author, act: PackagedAct) -> bytes:
    withheld = act.withheld.get(str(chain.LABEL), {}).get(chain.LABEL_CELL)
    if withheld is None:
        return chain.label_digest(act.label)
    if ERASED not in act.label:
        raise _forged(author)
    return bytes.fromhex(withheld)


def operation_digest(item: Operation, act: PackagedAct) -> bytes:
    """Return the digest of an operation of a package, of that act. Raises `ValueError` as `chain.digest_of`."""
    content = (item.seq, item.hlc, item.kind, item.key, item.field, item.value, item.parent, item.parent_seq)
    withheld = act.withheld.get(str(item.seq), {}) if act.withheld else {}
    return chain.digest_of(content, {name: bytes.fromhex(digest) for name, digest in withheld.items()})


def _digests(author: Author, act: PackagedAct, operations: Iterable[Operation]) -> list[bytes]:
    """Return the digests of operations, of which texts alone may have been erased."""
    found = []
    for item in operations:
        withheld = act.withheld.get(str(item.seq))
        try:
            if withheld and (item.kind == journal.VEILED or not _are_erased(item, withheld)):
                raise _forged(author)
            found.append(operation_digest(item, act))
        except ValueError as error:
            raise _forged(author) from error
    return found


def _are_erased(item: Operation, names: Collection[str]) -> bool:
    """Whether the cells of those names are texts that were erased."""
    cells = dict(journal.unfolded(item.field, item.value))
    free = purging.free_names(item.kind)
    return all(name in free and ERASED in (cells.get(name) or "") for name in names)


def _digest_at(connection: sqlite3.Connection, uid: str, last: int) -> bytes | None:
    row = connection.execute(
        "SELECT c.digest FROM chain c JOIN author a ON a.id = c.author WHERE a.uid = ? AND c.last = ?",
        (uid, last),
    ).fetchone()
    return None if row is None else bytes(row[0])


def ends_otherwise(connection: sqlite3.Connection, uid: str, tails: Mapping[str, tuple[int, str]]) -> bool:
    """Tell whether the sender of a package holds, of a chain, an end that is none here. `tails`: see `Package`."""
    last, digest = tails.get(uid, (0, ""))
    # What is not in the chain here proves nothing: it is not here yet, or was lost and repaired.
    row = connection.execute(
        "SELECT c.last, c.digest FROM chain c JOIN author a ON a.id = c.author"
        " WHERE a.uid = ? AND ? BETWEEN c.first AND c.last",
        (uid, last),
    ).fetchone()
    return row is not None and (int(row[0]), bytes(row[1]).hex()) != (last, digest)


def unproven(connection: sqlite3.Connection) -> set[ActName]:
    """Return the acts that stand here without a signature."""
    return set(
        connection.execute(
            "SELECT a.uid, t.key FROM act t JOIN author a ON a.id = t.author"
            " WHERE t.id NOT IN (SELECT act FROM chain)"
        )
    )


def two_stories(uid: str, label: str) -> UserError:
    """Return the error of a chain, of the author `uid`, that goes on in two ways."""
    message = (
        f"Ce paquet et votre base racontent deux suites différentes des modifications de {label}\u202f:"
        " l’une des deux bases a été remplacée par une ancienne copie. Rien n’a été fusionné."
    )
    if public_of(uid) is None:
        return UserError(
            message,
            "Gardez la base la plus complète, et repartez d’elle des deux côtés (Fichier, Sauvegardes).",
        )
    return UserError(
        message,
        f"Envoyez d’abord à {label} un paquet complet (sans choisir de destinataire)\u202f: sa base proposera d’y garder"
        " les deux suites. Recevez ensuite le sien.",
    )


def _forged(author: Author) -> UserError:
    return UserError(
        f"Des modifications que ce paquet attribue à {author.label} ne portent pas sa signature\u202f: elles ont"
        " été altérées ou fabriquées. Rien n’a été fusionné.",
        f"Demandez à {author.label}, de vive voix, un paquet fait sur son poste.",
    )


def _in_own_name(sender: str) -> UserError:
    """All that the officer did on a chain is in the base where it goes on, unless the whole computer was put back as it
    was, their folder with it: that cannot be told from here.
    """
    return UserError(
        "Ce paquet porte en votre nom des modifications que votre base n’a pas, sans votre signature\u202f: rien ne prouve"
        " que vous les ayez faites. Rien n’a été fusionné.",
        "Si cet ordinateur a été remis tel qu’il était plus tôt, un collègue dont la base n’a pas été réparée vous les"
        f" rend, signées. Sinon, demandez à {sender}, de vive voix, d’où elles viennent.",
    )


def contradiction() -> UserError:
    """Return the error of what makes no whole contract."""
    return UserError(
        "Ce paquet et votre base ne vont pas ensemble\u202f: réunis, ils ne feraient pas un contrat entier."
        " Rien n’a été fusionné.",
        "Demandez un paquet complet\u202f; si cela se répète, vérifiez les deux bases.",
        shell="Pour vérifier une base\u202f: «\u202fqpvdesk verifier\u202f».",
    )
