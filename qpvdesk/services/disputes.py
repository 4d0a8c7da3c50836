"""What two colleagues wrote each on their own, told among the points d'attention of a contract until it is settled."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.domain.model import Dossier
from qpvdesk.domain.points import DESACCORD, Point
from qpvdesk.domain.review import PointView, Review
from qpvdesk.services.arrivals import disagreement_words
from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import packages
from qpvdesk.storage.exchange.disagreements import Disagreement
from qpvdesk.storage.tables import BY_KIND

_TITLE = "Désaccord entre collègues"
_REMEDY = "Tranchez-le dans «\u202fFichier, Échanger avec un collègue…\u202f»."


def with_disputes(base: Database, review: Review) -> Review:
    """Return a review with the disagreements of its contract before its other alerts."""
    dossier = review.situation.dossier
    found = [
        _point(dossier, disagreement)
        for disagreement in packages.disagreements(base)
        if _is_of(dossier, disagreement)
    ]
    views = tuple(PointView(point, None) for point in found)
    return replace(review, alerts=(*views, *review.alerts)) if views else review


def _is_of(dossier: Dossier, found: Disagreement) -> bool:
    if found.kind == "contract":
        return found.key == dossier.contract.key
    return any(item.key == found.key for item in getattr(dossier, BY_KIND[found.kind].dossier))


def _point(dossier: Dossier, found: Disagreement) -> Point:
    partner = next((item.partner for item in dossier.objectives if item.code == found.code), None)
    return Point(
        ident=f"{DESACCORD}:{found.code}:{found.key}:{found.field}",
        family="alerte",
        kind=DESACCORD,
        title=_TITLE,
        object=found.code,
        partner=partner,
        message=disagreement_words(found),
        remedy=_REMEDY,
    )
