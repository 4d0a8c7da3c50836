"""What the officer looked at lately, to be gone back to from the search; the bases opened lately, in the menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu

from qpvdesk.domain import file_names
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.ui.found import Offered
from qpvdesk.ui.kit.controls import literal
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.session import Session

_SHOWN = 8


class Recent:
    """Addresses with something chosen in them, the latest first."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._addresses: list[tuple[str, str]] = []

    def visit(self, address: Address) -> None:
        if address.focus:
            known = (address.page, address.focus)
            self._addresses = [known, *(other for other in self._addresses if other != known)][: 2 * _SHOWN]

    def offered(self) -> list[Offered]:
        """Return the places seen lately, as the search offers them."""
        picture = self._session.picture
        if picture is None or not self._addresses:
            return []
        named = _names(picture.situation)
        lines = []
        for page, code in self._addresses:
            if (page, code) in named:
                kind, words = named[page, code]
                address = Address(page, code)
                lines.append(
                    Offered(f"{code}  {words}", f"{kind}, vu récemment", page, address, self.status(address))
                )
        return lines[:_SHOWN]

    def status(self, address: Address) -> Statut | None:
        """Return the status of the objective of a place; None where it is of another thing."""
        picture = self._session.picture
        if picture is None or address.page != "objectifs" or not address.focus:
            return None
        situation = picture.situation
        try:
            return situation.assessments[situation.objective_by_code(address.focus).key].status
        except KeyError:
            return None


def _names(situation: Situation) -> dict[tuple[str, str], tuple[str, str]]:
    """What each thing that has a place of its own is, and its name, by its page and its code."""
    dossier = situation.dossier
    named = {("partenaires", item.code): ("Partenaire", item.name) for item in dossier.partners}
    named |= {("objectifs", item.code): ("Objectif", item.label) for item in situation.objectives}
    for engagement in dossier.engagements:
        if not engagement.retired:
            followed = situation.followed_by(engagement.key) == engagement.key
            kind = "Engagement" if followed else "Précision"
            named["engagements", engagement.code] = kind, engagement.label
    named |= {("territoires", item.code): ("Territoire", item.name) for item in dossier.territories}
    for meeting in dossier.meetings:
        named["comites", meeting_code(meeting)] = "Réunion", meeting.name
    for decision in dossier.decisions:
        named["comites", situation.decision_code(decision)] = "Décision", decision.label
    return named


_KEPT = "bases/recentes"
_KEPT_MAX = 8


class RecentBases:
    """The latest first."""

    def __init__(self, settings: QSettings, go: Callable[[Path], object]) -> None:
        """`go` opens another base."""
        self._settings, self._go = settings, go

    def remember(self, path: Path) -> None:
        """Put a base first among those opened lately."""
        kept = [str(path), *(str(other) for other in self.known() if other != path)]
        self._settings.setValue(_KEPT, kept[:_KEPT_MAX])

    def known(self) -> list[Path]:
        kept = self._settings.value(_KEPT, [])
        names = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [path for name in names if (path := Path(str(name))).is_file()]

    def fill(self, menu: QMenu) -> None:
        """Offer them, less the one that is open."""
        menu.clear()
        for path in self.known()[1:]:
            menu.addAction(
                literal(f"{file_names.shown(path.name)}  ({file_names.shown(str(path.parent))})"),
                partial(self._go, path),
            )
        if menu.isEmpty():
            menu.addAction("Aucune autre").setEnabled(False)
