"""Tableau de bord: the first thing shown, and one click from everything."""

from __future__ import annotations

import re
from datetime import date, timedelta

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from qpvdesk.domain.agenda import NextDate
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.meetings import is_meeting_code
from qpvdesk.domain.moves import Move
from qpvdesk.domain.progress import STATUT_ORDER, Statut
from qpvdesk.domain.review import baselines
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.pages.page import Page, scrolled
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import Card, clear
from qpvdesk.ui.widgets.day_edit import DayEdit
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.legend import Legend
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.objective_card import ObjectiveCard
from qpvdesk.ui.widgets.partner_bar import PartnerBar
from qpvdesk.ui.widgets.status_tile import StatusTile
from qpvdesk.ui.widgets.theme_matrix import ThemeMatrix

_TO_LOOK_AT = 5
_MOVES = 8
_DATES = 8
_YEAR = timedelta(days=365)
_OBJECTIVE = re.compile(r"-O\d")
_ENGAGEMENT = re.compile(r"-E\d")


class DashboardPage(Page):
    """Tiles, bars, matrix, worrying objectives, what moved, next dates."""

    word = "tableau"
    title = "Tableau de bord"

    since_chosen = Signal(object)
    """The day that moves are to be counted from; None: the last COPIL."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area, layout = scrolled(self.title)
        outer.addWidget(area)
        layout.setContentsMargins(20, 14, 20, 18)
        layout.setSpacing(12)
        layout.addLayout(self._make_head())
        layout.addLayout(self._make_tiles())
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self._make_partners(), 1)
        middle.addWidget(self._make_matrix(), 1)
        layout.addLayout(middle)
        layout.addWidget(self._make_worrying())
        bottom = QHBoxLayout()
        bottom.setSpacing(12)
        bottom.addWidget(self._make_moves(), 3)
        bottom.addWidget(self._make_dates(), 2)
        layout.addLayout(bottom)
        layout.addStretch(1)

    def show_picture(self, picture: Picture) -> None:
        """Show another picture."""
        situation = picture.situation
        promised = sum(count for status, count in situation.counts.items() if status is not Statut.SUIVI)
        self._mention.setText(
            f"{plural(len(situation.dossier.partners), 'partenaire', 'partenaires')}, "
            f"{plural(len(situation.engagements), 'engagement', 'engagements')}, "
            f"{plural(promised, 'objectif chiffré', 'objectifs chiffrés')}, "
            f"{plural(situation.counts.get(Statut.SUIVI, 0), 'chiffre suivi sans cible', 'chiffres suivis sans cible')}"
        )
        for tile in self._tiles:
            tile.set_count(situation.counts.get(tile.status, 0))
        clear(self._bars)
        widest = max((sum(summary.counts.values()) for summary in situation.partners), default=1)
        for summary in situation.partners:
            bar = PartnerBar(self._theme, summary, widest)
            code = summary.partner.code
            bar.clicked.connect(lambda _=False, code=code: self.go("partenaires", code))
            self._bars.addWidget(bar)
        self._legend.set_statuses([status for status in STATUT_ORDER if situation.counts.get(status)])
        self._matrix.set_situation(situation)
        self._show_worrying(picture)
        self._show_moves(picture)
        self._show_dates(picture.review.agenda[:_DATES])

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(self.title, "title"))
        self._mention: QLabel = label("", "mention")
        self._mention.setContentsMargins(0, 6, 0, 0)
        head.addWidget(self._mention, 1)
        return head

    def _make_tiles(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        self._tiles: list[StatusTile] = []
        for place, status in enumerate(STATUT_ORDER):
            tile = StatusTile(self._theme, status)
            tile.clicked.connect(lambda _=False, status=status: self.go("objectifs", statut=status.value))
            grid.addWidget(tile, 0, place)
            grid.setColumnStretch(place, 1)
            self._tiles.append(tile)
        return grid

    def _make_partners(self) -> Card:
        card = Card("Par partenaire")
        card.head.addWidget(label("Taux moyen", "mention"))
        self._bars = QVBoxLayout()
        self._bars.setSpacing(0)
        card.body.addLayout(self._bars)
        card.body.addStretch(1)
        self._legend = Legend(self._theme)
        card.body.addWidget(self._legend)
        return card

    def _make_matrix(self) -> Card:
        card = Card("Thématiques et partenaires")
        card.head.addWidget(label("Nombre d’objectifs et plus mauvais statut", "mention"))
        self._matrix = ThemeMatrix(self._theme)
        self._matrix.asked.connect(
            lambda partner, theme: self.go("objectifs", partenaire=partner, thematique=theme)
        )
        card.body.addWidget(self._matrix)
        card.body.addStretch(1)
        return card

    def _make_worrying(self) -> Card:
        card = Card("Objectifs à regarder d’abord")
        self._worrying = QHBoxLayout()
        self._worrying.setSpacing(8)
        card.body.addLayout(self._worrying)
        self._calm = label(
            "Aucun objectif n’est en retard ni à surveiller à cette date. "
            "Dès qu’un relevé s’écarte de sa trajectoire, l’objectif vient ici.",
            "mention",
            wrap=True,
        )
        self._left_out: QLabel = label("", "mention")
        card.body.addWidget(self._calm)
        card.body.addWidget(self._left_out)
        return card

    def _make_moves(self) -> Card:
        card = Card("Ce qui a bougé")
        self._since_words = label("depuis le", "mention")
        self._since = DayEdit()
        self._since.setAccessibleName("Date depuis laquelle compter ce qui a bougé")
        self._since.dateChanged.connect(self._choose_since)
        self._since_words.setBuddy(self._since)
        self._copil = QPushButton("Dernier COPIL")
        self._copil.setProperty("role", "quiet")
        self._copil.clicked.connect(lambda: self.since_chosen.emit(None))
        self._frozen = label(", tel qu’arrêté", "mention")
        for part in (self._since_words, self._since, self._frozen, self._copil):
            card.head.addWidget(part)
        self._moves = QVBoxLayout()
        self._moves.setSpacing(0)
        card.body.addLayout(self._moves)
        card.body.addStretch(1)
        return card

    def _make_dates(self) -> Card:
        card = Card("Prochaines dates")
        self._dates = QVBoxLayout()
        self._dates.setSpacing(0)
        card.body.addLayout(self._dates)
        card.body.addStretch(1)
        return card

    def _show_worrying(self, picture: Picture) -> None:
        clear(self._worrying)
        chosen = picture.situation.to_look_at(_TO_LOOK_AT)
        for assessment in chosen.shown:
            shown = ObjectiveCard(self._theme, picture.situation, assessment)
            code = assessment.objective.code
            shown.clicked.connect(lambda _=False, code=code: self.go("objectifs", code))
            self._worrying.addWidget(shown, 1)
        self._calm.setVisible(not chosen.shown)
        left_out = plural(chosen.left_out, "autre", "autres")
        self._left_out.setText(f"et {left_out} à traiter, dans la page Objectifs.")
        self._left_out.setVisible(bool(chosen.left_out))

    def _show_moves(self, picture: Picture) -> None:
        self._since.blockSignals(True)
        baseline, moves = picture.review.baseline, picture.review.moves
        self._since.setMaximumDate(_qdate(picture.day - timedelta(days=1)))
        self._since.setDate(_qdate(baseline.day if baseline is not None else picture.day - _YEAR))
        self._since.blockSignals(False)
        self._since_words.setText("depuis le" if baseline is not None else "à compter du")
        self._frozen.setVisible(baseline is not None and baseline.snapshot is not None)
        self._copil.setEnabled(any(baselines(picture.situation.dossier, picture.day)))
        tip(
            self._copil,
            "Compter depuis le dernier comité de pilotage"
            if self._copil.isEnabled()
            else "Aucun comité de pilotage n’est encore enregistré avant cette date",
        )
        clear(self._moves)
        for move in moves[:_MOVES]:
            self._moves.addWidget(self._move_line(move))
        rest = len(moves) - _MOVES
        if rest > 0:
            self._moves.addWidget(
                label(
                    f"et {plural(rest, 'autre objectif', 'autres objectifs')}, dans la page Objectifs.",
                    "mention",
                )
            )
        if not moves and picture.complete:
            words = (
                f"Aucune valeur n’a changé {baseline.since}. "
                "Saisissez un relevé (Ctrl+N)\u202f: son effet se lira ici."
                if baseline is not None
                else "Aucun comité de pilotage n’est enregistré avant cette date\u202f: choisissez le jour à comparer."
            )
            self._moves.addWidget(label(words, "mention", wrap=True))

    def _move_line(self, move: Move) -> QWidget:
        code = move.objective.code
        said = move.sentence.removeprefix(code).lstrip("\u202f\u00a0 :,")
        line = LineButton(self._theme, code, said[:1].upper() + said[1:], move.after.status)
        line.clicked.connect(lambda _=False: self.go("objectifs", code))
        return line

    def _show_dates(self, dates: tuple[NextDate, ...]) -> None:
        clear(self._dates)
        for one in dates:
            line = LineButton(self._theme, format_date(one.day), one.label, None)
            line.clicked.connect(lambda _=False, one=one: self._open_date(one))
            line.setEnabled(bool(one.codes))
            self._dates.addWidget(line)
        if not dates:
            self._dates.addWidget(
                label("Aucune échéance à venir n’est connue à cette date.", "mention", wrap=True)
            )

    def _open_date(self, one: NextDate) -> None:
        if _ENGAGEMENT.search(one.codes[0]):
            self.go("engagements", one.codes[0])
        elif is_meeting_code(one.codes[0]) or not _OBJECTIVE.search(one.codes[0]):
            self.go("comites", one.codes[0])
        elif len(one.codes) == 1:
            self.go("objectifs", one.codes[0])
        else:
            self.go("objectifs", echeance=one.day.isoformat())

    def _choose_since(self, day: QDate) -> None:
        self.since_chosen.emit(date(day.year(), day.month(), day.day()))


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
