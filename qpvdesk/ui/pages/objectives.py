"""Objectifs: the table that sorts and filters, and beside it the objective."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from qpvdesk.domain.declined import own_words
from qpvdesk.domain.french import format_date, format_number, format_value, plural
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import THEME_LABELS, Partner, Territory, Weather
from qpvdesk.domain.model import Theme as Thematique
from qpvdesk.domain.progress import STATUT_LABELS, STATUT_ORDER, Assessment, Statut, status_words
from qpvdesk.services import measurements
from qpvdesk.services.journals import HistoryEntry
from qpvdesk.ui.kit.master_detail import Master, fill_page, side_by_side
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.objective_detail import ObjectiveDetail
from qpvdesk.ui.pages.page import ASSESSED, Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.cell_delegate import Cell, CellDelegate
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow

_YEAR = 365
_TYPING_MS = 90
_VALUE_LETTERS = 14


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """One objective as the table shows it."""

    assessment: Assessment
    partner: Partner
    territory: Territory
    weather: Weather | None
    own: str
    """What it measured itself, where its value is made by others."""
    counted: bool
    """Whether it counts in the tiles; else it is shown inside the objective that it declines."""

    @property
    def status(self) -> Statut:
        """For the delegate."""
        return self.assessment.status


_READY: dict[str, tuple[str, Callable[[ObjectiveRow], bool]]] = {
    "sans_source": ("Sans source", lambda row: row.assessment.objective.citation is None),
    "sans_releve": (
        "Sans relevé depuis un an",
        lambda row: (
            row.assessment.value_day is None or (row.assessment.day - row.assessment.value_day).days > _YEAR
        ),
    ),
    "sans_cible": (
        "Sans cible",
        lambda row: (
            row.assessment.objective.target_value is None
            and row.assessment.objective.reference is None
            and row.status is not Statut.SUIVI
        ),
    ),
    "sans_meteo": (
        "Sans météo",
        lambda row: (
            row.weather in (None, Weather.NON_RENSEIGNEE) and row.assessment.objective.engagement is not None
        ),
    ),
}


_CONTEXT = "contexte"
_READY[_CONTEXT] = ("Contexte", lambda row: row.assessment.objective.is_context)


class ObjectivesPage(Page):
    """Filters, table, detail."""

    kinds = ASSESSED | {"engagement", "condition", "meteo", "document", "attachment", "meeting"}
    word = "objectifs"
    title = "Objectifs"

    history_asked = Signal(str)
    """Code of the objective; the answer comes by `show_history`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: Picture | None = None
        self._due = ""
        self._promises = 0
        self._counted: frozenset[str] = frozenset()
        left = Master()
        column = left.column
        head, self._mention = page_head(self.title)
        self._reset = QPushButton("Tout afficher")
        self._reset.setProperty("role", "quiet")
        self._reset.clicked.connect(lambda: self._set_filters({}))
        head.addWidget(self._reset)
        column.addLayout(head)
        column.addLayout(self._make_filters())
        column.addLayout(self._make_ready())
        column.addWidget(self._make_table(), 1)
        self._detail = ObjectiveDetail(theme)
        self._detail.enter_asked.connect(lambda key: self.entering.emit(key, ""))
        self._detail.correct_asked.connect(self.entering)
        self._detail.remove_asked.connect(self._remove)
        self._detail.objective_asked.connect(lambda code: self.go("objectifs", code))
        self._detail.partner_asked.connect(lambda code: self.go("partenaires", code))
        self._detail.history_asked.connect(self.history_asked)
        self._detail.place_asked.connect(self.going)
        self._detail.files_asked.connect(lambda key, title: self.attaching.emit("measurement", key, title))
        self._detail.setMinimumWidth(theme.px(370))
        fill_page(self, side_by_side(theme, (left, 690, 3), (self._detail, 450, 2)))
        self._apply()

    @property
    def objective(self) -> str:
        """Key of the objective shown; empty where there is none."""
        return self._detail.key

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; filters and selection stay."""
        self._picture = picture
        situation = picture.situation
        self._fill(self._partner, "Partenaires", [(p.short_name, p.key) for p in situation.dossier.partners])
        used = {objective.theme for objective in situation.objectives}
        self._fill(
            self._thematique,
            "Thématiques",
            [(THEME_LABELS[theme], theme.value) for theme in Thematique if theme in used],
        )
        places = {objective.territory for objective in situation.objectives}
        self._fill(
            self._territory,
            "Territoires",
            [(t.name, t.key) for t in situation.dossier.territories if t.key in places],
        )
        self._statut_counts(picture)
        self._promises = len(situation.promises)
        self._counted = frozenset(one.objective.key for one in situation.counted)
        self._declined.setVisible(len(self._counted) < len(situation.assessments))
        self._model.set_rows([self._row(picture, one) for one in situation.assessments.values()])
        key = self._detail.key
        self._detail.show_objective(picture, key if key in situation.assessments else "")
        self._count()

    def show_history(self, entries: tuple[HistoryEntry, ...]) -> None:
        """Show the journal of the objective."""
        self._detail.show_history(entries)

    def arrive(self, place: Place) -> None:
        """Filter as the place says, and select its objective."""
        filters = dict(place.filters)
        if filters or not place.focus:
            self._set_filters(filters)
        if place.focus and self._picture is not None:
            key = self._key_of(place.focus)
            if key and not self._table.select_identity(key):
                context = self._picture.situation.objective(key).is_context
                declined = {} if key in self._counted else {"declinaisons": "oui"}
                self._set_filters({"pret": _CONTEXT} if context else declined)
                self._table.select_identity(key)
        if self._table.current_row() is None:
            self._table.select_first()
        self._table.setFocus()

    def place(self) -> Place:
        """Return the filters in force and the objective shown."""
        filters = {
            "partenaire": self._partner.currentData() or "",
            "thematique": self._thematique.currentData() or "",
            "territoire": self._territory.currentData() or "",
            "statut": self._status.currentData() or "",
            "pret": self._ready(),
            "echeance": self._due,
            "declinaisons": "oui" if self._declined.isChecked() else "",
            "texte": self._text.text(),
        }
        code = ""
        if self._picture is not None and self._detail.key:
            code = self._picture.situation.objective(self._detail.key).code
        return Place(
            self.word, code, tuple(sorted((name, value) for name, value in filters.items() if value))
        )

    def _make_filters(self) -> Flow:
        row = Flow()
        self._text = QLineEdit()
        self._text.setPlaceholderText("Filtrer")
        self._text.setAccessibleName("Filtrer les objectifs par mots")
        self._text.setClearButtonEnabled(True)
        self._text.setMinimumWidth(self._theme.px(70))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.timeout.connect(self._apply)
        self._text.textChanged.connect(lambda: self._typing.start(_TYPING_MS))
        row.addWidget(self._text)
        self._partner = self._combo("Partenaire")
        self._thematique = self._combo("Thématique")
        self._territory = self._combo("Territoire")
        self._status = self._combo("Statut")
        for combo in (self._partner, self._thematique, self._territory, self._status):
            row.addWidget(combo)
        return row

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        tip(combo, name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(9)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.currentIndexChanged.connect(lambda _: self._apply())
        return combo

    def _make_ready(self) -> Flow:
        row = Flow()
        self._chips: dict[str, QPushButton] = {}
        for word, (words, _) in _READY.items():
            chip = QPushButton(words)
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.toggled.connect(lambda checked, word=word: self._check(word, checked))
            self._chips[word] = chip
            row.addWidget(chip)
        self._declined = QPushButton("Avec les déclinaisons")
        self._declined.setProperty("role", "chip")
        self._declined.setCheckable(True)
        tip(
            self._declined,
            "Montrer aussi les objectifs qui en déclinent un autre sur un lieu et ne comptent qu’avec lui",
        )
        self._declined.toggled.connect(lambda _: self._apply())
        row.addWidget(self._declined)
        return row

    def _make_table(self) -> QStackedWidget:
        px = self._theme.px
        self._model: TableModel[ObjectiveRow] = TableModel(
            (
                Column("Code", lambda row: row.assessment.objective.code, width=px(82)),
                Column("Objectif", lambda row: row.assessment.objective.label, width=0, tooltip=_whole),
                Column(
                    "Statut",
                    lambda row: status_words(row.assessment),
                    lambda row: STATUT_ORDER.index(row.status),
                    width=px(138),
                    tooltip=lambda row: status_words(row.assessment),
                    help="Le taux d’avancement comparé à celui que la trajectoire attend à la date du relevé",
                ),
                Column(
                    "Avancement",
                    _rate_text,
                    lambda row: None if row.assessment.flagged else row.assessment.rate,
                    width=px(124),
                    help="La part du chemin parcourue du départ à la cible ; le trait marque l’attendu".replace(
                        " ;", "\u202f;"
                    ),
                ),
                Column(
                    "Valeur",
                    _value_text,
                    lambda row: row.assessment.value,
                    right=True,
                    width=px(112),
                    tooltip=_value_whole,
                ),
                Column(
                    "Relevé le",
                    lambda row: format_date(row.assessment.value_day),
                    lambda row: row.assessment.value_day,
                    width=px(92),
                    spare=True,
                ),
                Column("Partenaire", lambda row: row.partner.short_name, width=px(110), spare=True),
                Column(
                    "Thématique",
                    lambda row: THEME_LABELS[row.assessment.objective.theme],
                    width=px(120),
                    spare=True,
                ),
                Column("Territoire", lambda row: row.territory.name, width=px(130), spare=True),
                Column(
                    "Échéance",
                    lambda row: format_date(row.assessment.objective.target_date),
                    lambda row: row.assessment.objective.target_date,
                    width=px(92),
                    spare=True,
                ),
            ),
            lambda row: row.assessment.objective.key,
            _searched,
            self,
        )
        self._table = Table(self._model, "Objectifs")
        self._table.set_row_height(px(29))
        self._table.setItemDelegateForColumn(2, CellDelegate(self._theme, Cell.STATUS, self._table))
        self._table.setItemDelegateForColumn(3, CellDelegate(self._theme, Cell.RATE, self._table))
        self._table.row_selected.connect(self._select)
        self._table.row_opened.connect(lambda row: self.entering.emit(row.assessment.objective.key, ""))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        empty = EmptyState(
            "Aucun objectif ne répond à ces filtres",
            "Élargissez la recherche ou affichez de nouveau tous les objectifs.",
            "Tout afficher",
        )
        empty.asked.connect(lambda: self._set_filters({}))
        self._stack.addWidget(empty)
        return self._stack

    def _row(self, picture: Picture, one: Assessment) -> ObjectiveRow:
        situation, objective = picture.situation, one.objective
        meteo = situation.meteo_of(objective.engagement) if objective.engagement else None
        return ObjectiveRow(
            one,
            situation.partner(objective.partner),
            situation.territory(objective.territory),
            meteo.weather if meteo else None,
            own_words(situation, one),
            objective.key in self._counted,
        )

    def _fill(self, combo: QComboBox, everything: str, items: list[tuple[str, str]]) -> None:
        kept = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        combo.addItem(everything, "")
        for words, word in items:
            combo.addItem(words, word)
        combo.setCurrentIndex(max(0, combo.findData(kept)))
        combo.blockSignals(False)

    def _statut_counts(self, picture: Picture) -> None:
        counts = picture.situation.counts
        items = [(f"{STATUT_LABELS[s]} ({counts.get(s, 0)})", s.value) for s in STATUT_ORDER]
        self._fill(self._status, "Statuts", items)

    def _set_filters(self, filters: dict[str, str]) -> None:
        for combo, name in (
            (self._partner, "partenaire"),
            (self._thematique, "thematique"),
            (self._territory, "territoire"),
            (self._status, "statut"),
        ):
            combo.blockSignals(True)
            combo.setCurrentIndex(max(0, combo.findData(filters.get(name, ""))))
            combo.blockSignals(False)
        self._check_chip(filters.get("pret", ""))
        self._declined.blockSignals(True)
        self._declined.setChecked(bool(filters.get("declinaisons")))
        self._declined.blockSignals(False)
        self._due = filters.get("echeance", "")
        self._text.blockSignals(True)
        self._text.setText(filters.get("texte", ""))
        self._text.blockSignals(False)
        self._apply()

    def _check(self, word: str, checked: bool) -> None:
        self._check_chip(word if checked else "")
        self._apply()

    def _check_chip(self, word: str) -> None:
        for other, chip in self._chips.items():
            chip.blockSignals(True)
            chip.setChecked(other == word)
            chip.blockSignals(False)

    def _apply(self) -> None:
        self._typing.stop()
        partner, theme = self._partner.currentData(), self._thematique.currentData()
        territory, status = self._territory.currentData(), self._status.currentData()
        ready = self._ready()
        shows = _READY[ready][1] if ready else None
        due = date.fromisoformat(self._due) if self._due else None
        # Who asks for a place or for words means the objectives of that place as well.
        declined = self._declined.isChecked() or bool(territory) or bool(self._text.text().strip())

        def keep(row: ObjectiveRow) -> bool:
            objective = row.assessment.objective
            return (
                (declined or row.counted or objective.is_context)
                and (not partner or objective.partner == partner)
                and (not theme or objective.theme.value == theme)
                and (not territory or objective.territory == territory)
                and (not status or row.status.value == status)
                and (due is None or objective.target_date == due)
                # Promises first: a figure of context shows where it is asked for.
                and (ready == _CONTEXT or not objective.is_context)
                and (shows is None or shows(row))
            )

        self._model.set_filter(self._text.text(), keep)
        self._count()

    def _ready(self) -> str:
        """The chip that is checked; empty where none is."""
        return next((word for word, chip in self._chips.items() if chip.isChecked()), "")

    def _count(self) -> None:
        shown, usual = self._model.rowCount(), len(self._counted)
        total = usual if shown <= usual and not self._declined.isChecked() else self._promises
        words = plural(total, "objectif", "objectifs")
        if self._ready() == _CONTEXT:
            total = self._model.total - self._promises
            words = plural(total, "chiffre de contexte", "chiffres de contexte")
        due = f", échéance du {format_date(date.fromisoformat(self._due))}" if self._due else ""
        self._mention.setText(words if shown == total else f"{shown} sur {words}{due}")
        self._stack.setCurrentIndex(0 if shown else 1)
        self._reset.setVisible(shown != usual or self._ready() == _CONTEXT)

    def _select(self, row: ObjectiveRow | None) -> None:
        if self._picture is not None:
            self._detail.show_objective(self._picture, row.assessment.objective.key if row else "")

    def _key_of(self, code: str) -> str:
        assert self._picture is not None
        try:
            return self._picture.situation.objective_by_code(code).key
        except KeyError:
            return ""

    def _remove(self, key: str) -> None:
        if self._picture is None:
            return
        contract = self._picture.contract.code
        self.acting.emit("Suppression du relevé", lambda desk: measurements.remove(desk, contract, key))


def _rate_text(row: ObjectiveRow) -> str:
    return how_far(row.assessment).short


def _value_whole(row: ObjectiveRow) -> str:
    value = format_value(row.assessment.value, row.assessment.objective.unit)
    return f"{value} ({row.own})" if row.own else value


def _value_text(row: ObjectiveRow) -> str:
    """The value; a unit of several words stays out of the column, its beginning would say nothing."""
    assessment = row.assessment
    if assessment.own is not None:
        return f"{format_value(assessment.value, '')} (relevé\u202f: {format_number(assessment.own.value)})"
    whole = _value_whole(row)
    return whole if len(whole) <= _VALUE_LETTERS else format_value(assessment.value, "")


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
            THEME_LABELS[objective.theme],
            STATUT_LABELS[row.status],
        )
    )


def _whole(row: ObjectiveRow) -> str:
    objective = row.assessment.objective
    return f"{objective.label}\n{row.partner.name}, {row.territory.name}"
