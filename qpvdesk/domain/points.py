"""A *point d'attention*: what an alert or a coherence rule has to say about one object of the contract."""

from __future__ import annotations

from msgspec import Struct

from qpvdesk.domain.model import Citation

FAMILY_ALERT = "alerte"
FAMILY_COHERENCE = "coherence"


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


class Finding(Struct, frozen=True):
    """What a rule found, without its name; the table of rules makes a `Point` of it."""

    object: str
    partner: str | None
    message: str
    remedy: str
    citation: Citation | None = None
    detail: str = ""
    """Tells two findings of one rule on one object apart."""

    def point(self, family: str, kind: str, title: str) -> Point:
        """Return the point d'attention of this finding under its rule."""
        ident = ":".join(part for part in (kind, self.object, self.detail) if part)
        return Point(
            ident=ident,
            family=family,
            kind=kind,
            title=title,
            object=self.object,
            partner=self.partner,
            message=self.message,
            remedy=self.remedy,
            citation=self.citation,
        )
