"""A *point d'attention*: what an alert or a coherence rule has to say about one object of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.first_sight import LATE_DECISION
from qpvdesk.domain.french import raised
from qpvdesk.domain.model import Citation

FAMILY_ALERT = "alerte"
FAMILY_COHERENCE = "coherence"
DESACCORD = "desaccord"
"""What two colleagues wrote each on their own, until it is settled."""
DECISION_EN_RETARD = LATE_DECISION
"""The rule that finds the decisions past due; the dashboard leads to what it found."""


class PointNature(StrEnum):
    """What a finding of coherence is. Only contradictions are counted as such."""

    CONTRADICTION = "contradiction"
    BASE_MANQUANTE = "base_manquante"
    NON_COMPARABLE = "non_comparable"
    PARITE = "parite_non_tenue"
    HOMONYMIE = "homonymie"
    ECHEANCE = "echeance"
    DOUTE = "doute"
    """A figure that is possible and unlikely, until somebody confirms it."""


NATURE_LABELS: dict[PointNature, str] = {
    PointNature.CONTRADICTION: "Contradiction",
    PointNature.BASE_MANQUANTE: "Base manquante",
    PointNature.NON_COMPARABLE: "Non comparable",
    PointNature.PARITE: "Parité non tenue",
    PointNature.HOMONYMIE: "Homonymie",
    PointNature.ECHEANCE: "Échéance",
    PointNature.DOUTE: "Valeur à vérifier",
}


def ident_of(kind: str, code: str, detail: str = "") -> str:
    """What a point of that rule on the object of that code is known by."""
    return ":".join(filter(None, (kind, code, detail)))


class Point(Struct, frozen=True):
    """One finding, in words the officer can act on."""

    ident: str
    """Stable from one day to the next (`kind:code[:…]`): acknowledgements refer to it."""
    family: str
    """`alerte` (time goes by) or `coherence` (figures disagree)."""
    kind: str
    title: str
    """French name of the rule."""
    object: str
    """Code of the object it is about."""
    partner: str | None
    """Key of the partner, when there is one."""
    message: str
    """One French sentence, with the arithmetic."""
    remedy: str
    """What can be done, in French."""
    citation: Citation | None = None
    nature: PointNature | None = None
    """Of a finding of coherence; None for an alert, and for what was frozen before natures were."""
    instances: tuple[str, ...] = ()
    """Codes of the objects that one cause touches, where there are several."""
    statement: str = ""
    """The message without the name of the object, for where it stands beside; empty where the two are one sentence."""
    parts: tuple[str, ...] = ()
    """What the message lists, where one cause is found several times: each has its line where there is room."""

    @property
    def titled(self) -> str:
        """The message, for where the code of its object stands beside."""
        # What was frozen before statements were, and a disagreement, begin with the code.
        message = self.message.removeprefix(self.object).lstrip("\u202f\u00a0 :,") or self.message
        return raised(message)

    @property
    def untitled(self) -> str:
        """What is said of the object, for where its name stands beside or where several are told of together."""
        return raised(self.statement) or self.titled

    @property
    def cause(self) -> str:
        """What its parts have in common: how the message begins."""
        return self.message.partition(self.parts[0])[0].rstrip("\u202f\u00a0 :") if self.parts else ""

    @property
    def to_do(self) -> bool:
        """Whether somebody has an act to do now: time went by, or a figure is to be confirmed. The rest is what the document
        says badly, until its next version."""
        return self.family == FAMILY_ALERT or self.nature is PointNature.DOUTE


class Finding(Struct, frozen=True):
    """What a rule found, without its name; the table of rules makes a `Point` of it."""

    object: str
    partner: str | None
    message: str
    remedy: str
    citation: Citation | None = None
    detail: str = ""
    """Tells two findings of one rule on one object apart."""
    cause: str = ""
    """What findings of one rule have in common: those of one cause are one finding."""
    head: str = ""
    """How the sentence of that one finding begins, where it is not as the cause is written."""
    gist: str = ""
    """What this one adds to the cause: its name and its arithmetic, without capital effect or stop."""
    instances: tuple[str, ...] = ()
    statement: str = ""
    """The message without the name that it begins with."""
    parts: tuple[str, ...] = ()

    def point(self, family: str, kind: str, title: str, nature: PointNature | None = None) -> Point:
        """Return the point d'attention of this finding under its rule."""
        return Point(
            ident=ident_of(kind, self.object, self.detail),
            family=family,
            kind=kind,
            title=title,
            object=self.object,
            partner=self.partner,
            message=self.message,
            remedy=self.remedy,
            citation=self.citation,
            nature=nature,
            instances=self.instances,
            statement=self.statement,
            parts=self.parts,
        )


def gathered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings in order, those of one cause as one, known by the first of them."""
    groups: dict[str, list[Finding]] = {}
    for rank, finding in enumerate(findings):
        groups.setdefault(finding.cause or f"\0{rank}", []).append(finding)
    for unordered in groups.values():
        # Known by the first of its objects in the order of their codes, however the contract was read.
        members = sorted(unordered, key=lambda member: member.object) if len(unordered) > 1 else unordered
        first = members[0]
        if len(members) == 1:
            yield first
            continue
        parts = tuple(dict.fromkeys(member.gist for member in members))
        codes = tuple(dict.fromkeys(member.object for member in members))
        partners = {member.partner for member in members}
        yield replace(
            first,
            message=f"{first.head or first.cause} : {' ; '.join(parts)}.",
            parts=parts,
            partner=first.partner if len(partners) == 1 else None,
            instances=codes if len(codes) > 1 else (),
        )
