"""Tableau de bord: the first thing shown, and one click from everything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from qpvdesk.domain.first_sight import AXES, LATE_DECISION, THEMES, Due, FirstSight, Subject
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER, Group, Statut
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, SNUG, WIDE, fill, in_row, scrolled, stacked
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.attention_line import AttentionLine, HeadlineLink, MoveLine
from qpvdesk.ui.widgets.card import Card, clear, offer_card_copies
from qpvdesk.ui.widgets.day_edit import DayEdit
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.legend import Legend
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.partner_bar import PartnerBar, by_partner
from qpvdesk.ui.widgets.status_group import StatusGroup
from qpvdesk.ui.widgets.theme_matrix import MatrixCard

if TYPE_CHECKING:
    from qpvdesk.ui.picture import Picture
    from qpvdesk.ui.widgets.first_steps import FirstSteps

_TWO_CARDS = 1000
"""The width from which two cards stand side by side, in pixels at a zoom of 100 %."""
_OBJECTIVE = re.compile(r"-O\d")
_ENGAGEMENT = re.compile(r"-E\d")
_LONG_DATE = 95
"""The letters of a date that may need a third line, where the card has the room."""
_DATES_SHARE = 100
"""What the card of the dates has to spare goes to their second lines before it is left empty."""
_LEADS = {
    Subject.TO_HANDLE: (
        Address("objectifs", filters=(("statut", Group.A_TRAITER.name.lower()),)),
        "Les voir, les plus éloignés de ce qui est attendu d’abord.",
    ),
    Subject.LATE_DECISIONS: (
        Address("points", filters=(("regle", LATE_DECISION),)),
        "Voir lesquelles, et relancer leur porteur.",
    ),
    Subject.TO_ASK: (Address("releves", filters=(("pret", "a_relever"),)), "Les saisir, ou les demander."),
    Subject.NEXT_COPIL: (Address("comites"), "Ouvrir la page des comités."),
}
"""Where each part of the sentence leads, and what is found there."""


class DashboardPage(Page):
    """What is late, what is to be done, what changed: a sentence of links, tiles in groups, lists by name; then the rest."""

    word = "tableau"
    title = "Tableau de bord"

    since_chosen = Signal(object)
    """The day that moves are to be counted from; None: the last COPIL."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sight: FirstSight | None = None
        outer = stacked(on=self)
        area, layout = scrolled(self.title, spacing=GAP, margins=(EDGE, GAP, EDGE, WIDE))
        outer.addWidget(area)
        layout.addLayout(self._make_head())
        self._top = layout
        self._steps: FirstSteps | None = None
        self._told = QWidget()
        layout.addWidget(self._told)
        layout = stacked(self._make_headline(), self._make_groups(), on=self._told, spacing=GAP)
        self._rows = (
            _row((self._make_to_handle(), 3), (self._make_side(), 2)),
            _row((self._make_partners(), 1), (self._make_matrix(), 1)),
        )
        for row in self._rows:
            layout.addLayout(row)
        self._top.addStretch(1)

    def show_picture(self, picture: Picture) -> None:
        from qpvdesk.domain.sighting import first_sight  # noqa: PLC0415 - 40 ms, a sight that was kept is not reckoned

        self._teach(picture)
        self.show_sight(first_sight(picture.review, picture.contracts, complete=picture.complete))

    def show_sight(self, sight: FirstSight, note: str = "") -> None:
        """Show what was reckoned, or kept; what is shown already stays as it is. `note`: what is said before its mention."""
        mention = f"{note}. {sight.mention}" if note else sight.mention
        self._mention.setText(mention)
        tip(self._mention, mention, meaning(STATUT_LABELS[Statut.SUIVI]))
        if sight == self._sight:
            return
        self._sight = sight
        for part in sight.headline:
            self._links[part.subject].show_part(part)
        for group in self._groups:
            group.set_counts(sight.counts, sight.old)
        self._show_partners(sight)
        self._matrix.set_sight(sight)
        self._show_to_handle(sight)
        self._show_moves(sight)
        self._show_dates(sight)

    def _teach(self, picture: Picture) -> None:
        """Of a contract without objectives nothing is late: say in the place of the rest how it begins."""
        empty = not picture.situation.dossier.objectives
        self._told.setHidden(empty)
        if empty and self._steps is None:
            from qpvdesk.ui.widgets.first_steps import FirstSteps  # noqa: PLC0415 - 1 ms, an empty contract alone needs it

            self._steps = FirstSteps()
            self._steps.making.connect(self.making)
            self._steps.page_asked.connect(self.go)
            self._top.insertWidget(1, self._steps)
        if self._steps is not None:
            self._steps.setVisible(empty)
            self._steps.show_picture(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards one under the other where two would not have room for their words."""
        super().resizeEvent(event)
        narrow = self.width() < self._theme.px(_TWO_CARDS)
        for row in self._rows:
            row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def _make_head(self) -> QHBoxLayout:
        head = in_row(label(self.title, "title"), spacing=ROOM)
        self._mention: QLabel = label("", "mention")
        self._mention.setContentsMargins(0, SNUG, 0, 0)
        head.addWidget(self._mention, 1)
        return head

    def _make_headline(self) -> Flow:
        row = Flow(10)
        self._links = {subject: HeadlineLink(self._theme, hint) for subject, (_, hint) in _LEADS.items()}
        for subject, link in self._links.items():
            link.clicked.connect(lambda _=False, subject=subject: self._lead(subject))
            row.addWidget(link)
        return row

    def _make_groups(self) -> QHBoxLayout:
        row = in_row(spacing=EDGE)
        self._groups = tuple(StatusGroup(self._theme, group) for group in Group if group is not Group.SUIVI)
        for group in self._groups:
            group.asked.connect(lambda word: self.go("objectifs", statut=word))
            row.addWidget(group, len(group.statuses))
        return row

    def _make_partners(self) -> Card:
        card = Card("Par partenaire")
        card.head.addWidget(label("Objectifs à traiter", "mention"))
        self._bars_message: QLabel = label("", "strong", wrap=True)
        card.body.addWidget(self._bars_message)
        self._bars = stacked(spacing=0)
        offer_card_copies(card, lambda: by_partner(self._sight.bars if self._sight is not None else ()))
        fill(card.body, self._bars, 1)
        self._legend = Legend(self._theme)
        card.body.addWidget(self._legend)
        return card

    def _make_matrix(self) -> Card:
        self._matrix = MatrixCard(self._theme)
        self._matrix.asked.connect(self._open_cell)
        return self._matrix

    def habits(self) -> Mapping[str, str]:
        return {"lignes": self._matrix.wanted}

    def take_habits(self, habits: Mapping[str, str]) -> None:
        """Take back what `habits` returned."""
        self._matrix.wanted = habits.get("lignes", THEMES)

    def _open_cell(self, partner: str, code: str) -> None:
        """Open the objectives of a cell; for an axis its engagements, which lead to theirs."""
        if self._matrix.by == AXES:
            self.go("engagements", partenaire=partner, axe=self._matrix.axis_key(code))
        else:
            self.go("objectifs", partenaire=partner, thematique=code)

    def _make_to_handle(self) -> Card:
        card = Card("À traiter")
        card.head.addWidget(label("Valeur / cible, chemin fait", "mention"))
        self._to_handle = stacked(spacing=0)
        fill(card.body, self._to_handle, 1)
        return card

    def _make_side(self) -> QWidget:
        side = QWidget()
        stacked(self._make_moves(), (self._make_dates(), 1), on=side, spacing=ROOM)
        return side

    def _make_moves(self) -> Card:
        card = Card("Ce qui a changé")
        self._since_words = label("depuis le", "mention")
        self._since = DayEdit(
            "Date depuis laquelle compter ce qui a bougé",
            lambda: self._sight.day if self._sight is not None else date.max,
        )
        self._since.chosen.connect(self.since_chosen)
        self._since_words.setBuddy(self._since)
        self._copil = QPushButton("Dernier COPIL")
        self._copil.setProperty("role", "quiet")
        self._copil.clicked.connect(lambda: self.since_chosen.emit(None))
        self._frozen = label("tel qu’arrêté", "mention")
        for part in (self._since_words, self._since, self._frozen, self._copil):
            card.head.addWidget(part)
        self._moves = stacked(spacing=0)
        fill(card.body, self._moves, 1)
        return card

    def _make_dates(self) -> Card:
        card = Card("Dates à tenir")
        self._dates = stacked(spacing=0)
        fill(card.body, (self._dates, _DATES_SHARE), 1)
        return card

    def _lead(self, subject: Subject) -> None:
        place, part = _LEADS[subject][0], self._links[subject].part
        self.going.emit(replace(place, focus=part.code) if part is not None and part.code else place)

    def _show_partners(self, sight: FirstSight) -> None:
        clear(self._bars)
        self._bars_message.setText(sight.bars_message)
        widest = max((shown.objectives for shown in sight.bars), default=1)
        for shown in sight.bars:
            bar = PartnerBar(self._theme, shown, widest)
            code = shown.partner.code
            bar.clicked.connect(lambda _=False, code=code: self.go("partenaires", code))
            self._bars.addWidget(bar)
        self._legend.set_statuses(
            [status for status in STATUT_ORDER if status is not Statut.SUIVI and sight.counts.get(status)]
        )

    def _show_to_handle(self, sight: FirstSight) -> None:
        clear(self._to_handle)
        for shown in sight.attention:
            line = AttentionLine(self._theme, shown)
            line.clicked.connect(lambda _=False, code=shown.code: self.go("objectifs", code))
            self._to_handle.addWidget(line)
        if not sight.attention:
            self._to_handle.addWidget(
                aside(f"{sight.nothing} Dès qu’un relevé s’écarte de sa trajectoire, l’objectif vient ici.")
            )
        if sight.left_out:
            others = ("autre objectif", "autres objectifs") if sight.attention else ("objectif", "objectifs")
            rest = QPushButton(f"Voir {plural(sight.left_out, *others)} à traiter")
            rest.setProperty("role", "quiet")
            rest.clicked.connect(lambda: self.go("objectifs", statut=Group.A_TRAITER.name.lower()))
            self._to_handle.addWidget(rest, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_moves(self, sight: FirstSight) -> None:
        since = sight.since
        self._since.show_day(since.day, last=sight.day - timedelta(days=1))
        self._since_words.setText("depuis le" if since.compared else "à compter du")
        self._frozen.setVisible(since.frozen)
        self._copil.setEnabled(since.copil)
        tip(
            self._copil,
            "Compter depuis le dernier comité de pilotage"
            if since.copil
            else "Aucun comité de pilotage n’est encore enregistré avant cette date",
        )
        clear(self._moves)
        for shown in sight.moves:
            line = MoveLine(self._theme, shown)
            line.clicked.connect(lambda _=False, code=shown.code: self.go("objectifs", code))
            self._moves.addWidget(line)
        if sight.moved > len(sight.moves):
            words = f"Voir les {sight.moved} objectifs qui ont changé"
            rest = button(words, lambda: self.go("objectifs", change="oui"), role="quiet")
            self._moves.addWidget(rest, 0, Qt.AlignmentFlag.AlignLeft)
        if sight.unmoved:
            self._moves.addWidget(aside(sight.unmoved))

    def _show_dates(self, sight: FirstSight) -> None:
        clear(self._dates)
        for due in sight.dates:
            line = LineButton(self._theme, format_date(due.day), due.words, None)
            line.clicked.connect(lambda _=False, due=due: self._open_date(due))
            line.setEnabled(bool(due.codes))
            line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            line.setMaximumHeight(self._theme.px(42 if len(due.words) < _LONG_DATE else 62))
            self._dates.addWidget(line)
        if sight.dates_left:
            self._dates.addWidget(aside(sight.dates_left))
        if not sight.dates:
            self._dates.addWidget(aside("Aucune échéance à venir n’est connue à cette date."))

    def _open_date(self, due: Due) -> None:
        from qpvdesk.domain.meetings import is_meeting_code  # noqa: PLC0415 - 5 ms, a date that is clicked alone needs it

        code = due.codes[0]
        if due.kind == "visite":
            self.go("visites", code)
        elif _ENGAGEMENT.search(code):
            self.go("engagements", code)
        elif is_meeting_code(code) or not _OBJECTIVE.search(code):
            self.go("comites", code)
        elif len(due.codes) == 1:
            self.go("objectifs", code)
        else:
            self.go("objectifs", echeance=due.day.isoformat())


def _row(*cards: tuple[QWidget, int]) -> QBoxLayout:
    """Return a row of cards, with the share of its width that each takes."""
    row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
    row.setSpacing(ROOM)
    for card, share in cards:
        row.addWidget(card, share)
    return row
