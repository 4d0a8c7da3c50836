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
