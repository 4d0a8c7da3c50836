"""The table of the page of the objectives: its lines, its columns, what it says where no line is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QStackedWidget

from qpvdesk.domain.ages import age_words
from qpvdesk.domain.attention import worst_first
from qpvdesk.domain.declined import own_words
from qpvdesk.domain.french import NBSP, format_date, format_number, format_value
from qpvdesk.domain.how_far import against_words, bound_words, gap_words, how_far, value_words
from qpvdesk.domain.model import Partner, Territory, Weather
from qpvdesk.domain.progress import Assessment, status_words
from qpvdesk.domain.scales import scale_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER, Statut
from qpvdesk.domain.targets import due_words
from qpvdesk.domain.wording import called
from qpvdesk.ui.kit.columns import PADDING
from qpvdesk.ui.kit.controls import rest
from qpvdesk.ui.kit.table import Table, is_selection_in_view, left_out
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.cell_delegate import STATUS_MARK, Cell, CellDelegate, rate_or_gap
from qpvdesk.ui.widgets.empty import EmptyState

_RATE = 3
"""The column of how far an objective is."""
ROWS_PX = 42, 60
"""How high a row is: two lines of a title, three where the column is narrow."""
_SYMBOL_LETTERS_MAX = 3
"""A longer unit is a word: « M€ », « bus » stay beside their figure."""


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """One objective as the table shows it."""

    assessment: Assessment
    partner: Partner
    territory: Territory
    scale: str
    weather: Weather | None
    theme: str
    """Name of its thématique."""
    own: str
    """What it measured itself, where its value is made by others."""
    counted: bool
    """Whether it counts in the tiles; else it is shown inside the objective that it declines."""

    @property
    def status(self) -> Statut:
        return self.assessment.status


def objective_rows(situation: Situation) -> list[ObjectiveRow]:
    """Return a row an objective, what is to be handled first, the furthest from what is expected before the others."""
    counted = {assessment.objective.key for assessment in situation.counted}
    rows = []
    for assessment in worst_first(situation, situation.assessments.values()):
        objective = assessment.objective
        meteo = situation.meteo_of(objective.engagement) if objective.engagement else None
        rows.append(
            ObjectiveRow(
                assessment,
                situation.partner(objective.partner),
                situation.territory(objective.territory),
                scale_word(situation, objective),
                meteo.weather if meteo else None,
                situation.theme_names[objective.theme],
                own_words(situation, assessment),
                objective.key in counted,
            )
        )
    return rows


class ObjectivesTable(QStackedWidget):
    """The lines that the filters let through, or what to do where there is none."""

    all_asked = Signal()
    """Every objective is to be shown again."""
    first_asked = Signal()
    """The contract has none: the first one is to be made."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.model: TableModel[ObjectiveRow] = TableModel(
            _columns(theme, self._status), lambda row: row.assessment.objective.key, _searched, self
        )
        self.table = Table(self.model, "Objectifs", stretched=theme.px(220), several=True)
        # The title is read whole, on two lines, on three where it is narrow; the few that need more have it.
        self.table.setWordWrap(True)
        self.table.horizontalHeader().sectionResized.connect(self._follow)
        self._titles = rest(self, 0, self._fit_titles)
        for moved in (self.model.modelReset, self.model.layoutChanged):
            moved.connect(lambda *_: self._titles.start())
        theme.changed.connect(self._titles.start)
        titles = [column.title for column in self.model.columns]
        for title, cell in (("Statut", Cell.STATUS), ("Avancement", Cell.RATE)):
            self.table.setItemDelegateForColumn(titles.index(title), CellDelegate(theme, cell, self.table))
        self.addWidget(self.table)
        self._empty = EmptyState("", "", " ", self._leave_empty)
        self._filtered = False
        self.addWidget(self._empty)

    def _status(self, row: ObjectiveRow) -> str:
        """The status, with how far it is where that column has no room."""
        words, far = status_words(row.assessment), rate_or_gap(row.assessment)
        return f"{words}, {far}" if far and left_out(self.table, _RATE) else words

    def _follow(self, place: int, _: int, wide: int) -> None:
        if place == 0:
            self.table.set_row_height(self._theme.px(ROWS_PX[wide <= self._theme.px(200)]))
            self._titles.start()

    def _fit_titles(self) -> None:
        table, metrics = self.table, self.table.fontMetrics()
        usual, seen = table.verticalHeader().defaultSectionSize(), is_selection_in_view(table)
        room = QRect(0, 0, table.columnWidth(0) - PADDING, usual)
        lines = room.height() // metrics.lineSpacing()
        for place, row in enumerate(self.model.shown):
            title, high = self.model.columns[0].text(row), usual
            # A line may lose a third of its room to a word that goes on to the next; below that nothing is measured.
            if metrics.horizontalAdvance(title) > room.width() * lines * 0.66:
                needed = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), title).height()
                high = max(usual, needed + 8)
            if table.rowHeight(place) != high:
                table.setRowHeight(place, high)
        if seen and not table.scroll_keeper.is_on:
            table.scrollTo(table.currentIndex())

    def _leave_empty(self) -> None:
        (self.all_asked if self._filtered else self.first_asked).emit()

    def show_none(self, *, filtered: bool) -> None:
        """Say why no objective is shown. `filtered`: whether it is for the filters; else the contract has none."""
        self._filtered = filtered
        if filtered:
            self._empty.say(
                "Aucun objectif ne répond à ces filtres",
                "Élargissez la recherche ou affichez de nouveau tous les objectifs.",
                "Tout afficher",
            )
        else:
            self._empty.say(
                "Aucun objectif encore",
                "Un départ, une cible, une date\u202f: chaque promesse chiffrée se suit ici, sa trajectoire à côté.",
                "Nouvel objectif…",
            )
        self.setCurrentWidget(self._empty)


def _columns(theme: Theme, status: Callable[[ObjectiveRow], str]) -> tuple[Column[ObjectiveRow], ...]:
    px = theme.px
    return (
        Column(
            "Objectif",
            lambda row: row.assessment.objective.label,
            width=0,
            tooltip=_whole,
            written=(
                ("Objectif", lambda row: row.assessment.objective.label),
                ("Partenaire", lambda row: row.partner.short_name),
            ),
        ),
        Column(
            "Statut",
            status,
            lambda row: STATUT_ORDER.index(row.status),
            width=px(132),
            mark=STATUS_MARK,
            tooltip=lambda row: status_words(row.assessment),
            help="Le taux d’avancement comparé à celui que la trajectoire attend à la date du relevé",
        ),
        Column(
            "Valeur / cible",
            _figures,
            lambda row: row.assessment.value,
            right=True,
            width=px(146),
            tooltip=_figures_whole,
            written=(
                ("Valeur", _bare_value),
                ("Unité", lambda row: row.assessment.objective.unit),
                ("Relevé propre", lambda row: row.own),
                ("Cible", _bare_target),
            ),
            help="La valeur, puis la cible, la borne ou la référence à laquelle elle est comparée",
        ),
        Column(
            "Avancement",
            lambda row: how_far(row.assessment).short.replace(NBSP, " "),
            lambda row: None if row.assessment.flagged else row.assessment.rate,
            width=px(120),
            tooltip=lambda row: how_far(row.assessment).sentence,
            help="La part du chemin parcourue du départ à la cible\u202f; le trait marque l’attendu",
        ),
        *_more_columns(theme),
    )


def _more_columns(theme: Theme) -> tuple[Column[ObjectiveRow], ...]:
    """Those that the header's menu adds."""
    px = theme.px
    return (
        Column(
            "Cible",
            lambda row: bound_words(row.assessment),
            lambda row: _bound(row.assessment),
            right=True,
            width=px(120),
            spare=True,
            written=(("Cible", _bare_target),),
        ),
        Column(
            "Attendu",
            lambda row: how_far(row.assessment).expected,
            lambda row: row.assessment.expected_rate,
            right=True,
            width=px(74),
            spare=True,
            help="Le taux d’avancement que la trajectoire attend à la date du relevé",
        ),
        Column(
            "Écart",
            lambda row: gap_words(row.assessment),
            lambda row: row.assessment.gap,
            right=True,
            width=px(96),
            spare=True,
            help="La valeur moins la cible, la borne ou la référence",
        ),
        Column("Échelle", lambda row: row.scale, width=px(96), spare=True),
        Column(
            "Relevé le",
            lambda row: format_date(row.assessment.value_day),
            lambda row: row.assessment.value_day,
            width=px(92),
            spare=True,
        ),
        Column(
            "Âge",
            _age,
            lambda row: row.assessment.value_day and (row.assessment.day - row.assessment.value_day).days,
            right=True,
            width=px(74),
            spare=True,
            help="Depuis quand la valeur est connue, à la date de la situation",
        ),
        Column("Code", lambda row: row.assessment.objective.code, width=px(92), spare=True),
        Column("Partenaire", lambda row: row.partner.short_name, width=px(110), spare=True),
        Column("Thématique", lambda row: row.theme, width=px(120), spare=True),
        Column("Territoire", lambda row: row.territory.name, width=px(130), spare=True),
        Column(
            "Échéance",
            lambda row: due_words(row.assessment.objective),
            lambda row: row.assessment.objective.target_date,
            width=px(92),
            spare=True,
        ),
    )


def _share(row: ObjectiveRow) -> str:
    """The unit where it stands in a cell that is copied: that of a share, which a spreadsheet reads."""
    unit = row.assessment.objective.unit
    return unit if unit.startswith("%") else ""


def _bare_value(row: ObjectiveRow) -> str:
    if row.assessment.objective.aim.yes_or_no:
        return value_words(row.assessment)
    return format_value(row.assessment.value, _share(row))


def _bare_target(row: ObjectiveRow) -> str:
    words, aim = bound_words(row.assessment, _share(row)), row.assessment.objective.aim
    # What has a way to go has its target as a figure, which a spreadsheet reads.
    return words.removeprefix(aim.sign) if aim.way else words


def _bound(assessment: Assessment) -> Fraction | None:
    """What the value is set against, to sort on."""
    if assessment.reference_value is not None:
        return assessment.reference_value
    target = assessment.objective.target_value
    return None if target is None else Fraction(target)


def _age(row: ObjectiveRow) -> str:
    return age_words(row.assessment.value_day, row.assessment.day) if row.assessment.value_day else ""


def _figures(row: ObjectiveRow) -> str:
    """The value beside what it is set against, their unit once; one that is a word may stand on a line of its own."""
    assessment = row.assessment
    words = against_words(assessment)
    if assessment.own is not None:
        words += f" (relevé\u202f: {format_number(assessment.own.value)})"
    return words if len(assessment.objective.unit) <= _SYMBOL_LETTERS_MAX else words.replace(NBSP, " ")


def _figures_whole(row: ObjectiveRow) -> str:
    words = against_words(row.assessment)
    return f"{words} ({row.own})" if row.own else words


def _searched(row: ObjectiveRow) -> str:
    objective = row.assessment.objective
    return " ".join(
        (
            objective.code,
            objective.label,
            objective.note,
            objective.population,
            row.partner.short_name,
            row.partner.name,
            row.territory.name,
            row.theme,
            STATUT_LABELS[row.status],
        )
    )


def _whole(row: ObjectiveRow) -> str:
    objective = row.assessment.objective
    return f"{called(objective)}\n{row.partner.name}, {row.territory.name} ({row.scale})"
