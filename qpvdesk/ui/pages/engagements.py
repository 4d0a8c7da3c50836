"""Engagements: what was promised, by partner and thématique, with météo, conditions and source."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from qpvdesk.domain.engagements import axis_words, in_axes, involved_words
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.model import (
    NATURE_LABELS,
    WEATHER_LABELS,
    Engagement,
    Weather,
)
from qpvdesk.services import engagements, weather
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.master_detail import Master, fill_page, side_by_side
from qpvdesk.ui.kit.table import Table, type_to_filter
from qpvdesk.ui.models.engagement_rows import EngagementRow
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.engagement_parts import (
    add_conditions,
    add_meteos,
    add_places,
    add_precisions,
    add_steps,
)
from qpvdesk.ui.pages.page import ASSESSED, Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.cell_delegate import Cell, CellDelegate
from qpvdesk.ui.widgets.citation import CitationView
from qpvdesk.ui.widgets.detail_panel import DetailPanel
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.weather_badge import WeatherBadge

_WEATHERS = tuple(Weather)


class EngagementsPage(Page):
    """Filters, table, detail."""

    kinds = ASSESSED | {
        "axis",
        "engagement",
        "engagement_territory",
        "condition",
        "step",
        "meteo",
        "document",
        "attachment",
    }
    word = "engagements"
    title = "Engagements"

    def __init__(self, theme: Theme, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._drafts = theme, drafts
        self._picture: Picture | None = None
        self._row: EngagementRow | None = None
        left = Master()
        column = left.column
        head, self._mention = page_head(self.title)
        column.addLayout(head)
        column.addLayout(self._make_filters())
        column.addWidget(self._make_table(), 1)
        fill_page(self, side_by_side(theme, (left, 690, 3), (self._make_detail(), 450, 2)))

    def show_picture(self, picture: Picture) -> None:
        """Show another picture."""
        self._picture = picture
        situation = picture.situation
        self._fill(self._partner, "Partenaires", [(p.short_name, p.key) for p in situation.dossier.partners])
        used = {one.theme for one in situation.dossier.engagements}
        self._fill(
            self._thematique,
            "Thématiques",
            [(situation.theme_names[code], code) for code in situation.theme_names.in_order(used)],
        )
        axes = in_axes(situation.dossier.axes)
        self._axis.setVisible(bool(axes))
        self._fill(
            self._axis,
            situation.dossier.contract.upper_level or "Axes",
            [(one.name, one.key) for one in axes],
        )
        self._model.set_rows(
            [
                EngagementRow(
                    item,
                    situation.partner(item.partner),
                    situation.meteo_of(item.key),
                    len(situation.objectives_of_engagement(item.key)),
                    situation.theme_names[item.theme],
                    situation.precisions_of(item.key),
                )
                for item in situation.engagements
            ]
        )
        self._count()
        if self._table.current_row() is None:
            self._select(None)

    def arrive(self, place: Place) -> None:
        """Filter as the place says, and select its engagement."""
        filters = dict(place.filters)
        if filters:
            for combo, name in (
                (self._partner, "partenaire"),
                (self._thematique, "thematique"),
                (self._axis, "axe"),
            ):
                combo.setCurrentIndex(max(0, combo.findData(filters.get(name, ""))))
            self._text.setText(filters.get("texte", ""))
        if place.focus and self._picture is not None:
            situation = self._picture.situation
            found = next((e.key for e in situation.dossier.engagements if e.code == place.focus), "")
            key = situation.followed_by(found)
            if key and not self._table.select_identity(key):
                for combo in (self._partner, self._thematique, self._axis):
                    combo.setCurrentIndex(0)
                self._text.clear()
                self._table.select_identity(key)
        if self._table.current_row() is None:
            self._table.select_first()
        self._table.setFocus()

    def place(self) -> Place:
        """Return the filters in force and the engagement shown."""
        filters = {
            "partenaire": self._partner.currentData() or "",
            "thematique": self._thematique.currentData() or "",
            "axe": self._axis.currentData() or "",
            "texte": self._text.text(),
        }
        code = self._row.engagement.code if self._row else ""
        return Place(
            self.word, code, tuple(sorted((name, value) for name, value in filters.items() if value))
        )

    def _make_filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._text = QLineEdit()
        self._text.setPlaceholderText("Filtrer")
        self._text.setAccessibleName("Filtrer les engagements par mots")
        self._text.setClearButtonEnabled(True)
        self._text.textChanged.connect(self._apply)
        row.addWidget(self._text, 2)
        self._partner, self._thematique, self._axis = QComboBox(), QComboBox(), QComboBox()
        for combo, name in (
            (self._partner, "Partenaire"),
            (self._thematique, "Thématique"),
            (self._axis, "Axe"),
        ):
            combo.setAccessibleName(name)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(12)
            combo.currentIndexChanged.connect(lambda _: self._apply())
            row.addWidget(combo, 2)
        return row

    def _make_table(self) -> QStackedWidget:
        px = self._theme.px
        self._model: TableModel[EngagementRow] = TableModel(
            (
                Column("Code", lambda row: row.engagement.code, width=px(86)),
                Column("Engagement", lambda row: row.engagement.label, width=0),
                Column("Thématique", lambda row: row.theme, width=px(118)),
                Column(
                    "Météo",
                    lambda row: WEATHER_LABELS[row.weather],
                    lambda row: _WEATHERS.index(row.weather),
                    width=px(176),
                    help="La confiance de l’officier dans la tenue de l’engagement, dans l’échelle de l’État",
                ),
                Column(
                    "Objectifs",
                    lambda row: str(row.objectives or "–"),
                    lambda row: row.objectives,
                    True,
                    px(76),
                ),
            ),
            lambda row: row.engagement.key,
            lambda row: row.words,
            self,
        )
        self._table = Table(self._model, self.title, wrapped=True, stretched=px(210))
        type_to_filter(self._table, self._text)
        self._table.setItemDelegateForColumn(3, CellDelegate(self._theme, Cell.WEATHER, self._table))
        self._table.row_selected.connect(self._select)
        self._left = QStackedWidget()
        self._left.addWidget(self._table)
        self._left.addWidget(
            EmptyState(
                "Aucun engagement ne répond à ces filtres",
                "Élargissez la recherche ou changez de partenaire.",
            )
        )
        return self._left

    def _make_detail(self) -> DetailPanel:
        self._detail = DetailPanel(
            "Détail de l’engagement",
            self._theme.px(380),
            nothing=EmptyState(
                "Aucun engagement choisi",
                "Choisissez une ligne\u202f: ses objectifs, sa météo, ses conditions et sa source se lisent ici.",
            ),
        )
        self._body = self._detail.column
        return self._detail

    def _fill(self, combo: QComboBox, everything: str, items: list[tuple[str, str]]) -> None:
        kept = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        combo.addItem(everything, "")
        for words, word in items:
            combo.addItem(words, word)
        combo.setCurrentIndex(max(0, combo.findData(kept)))
        combo.blockSignals(False)

    def _apply(self) -> None:
        partner, theme = self._partner.currentData(), self._thematique.currentData()
        axis = self._axis.currentData()

        def keep(row: EngagementRow) -> bool:
            return (
                (not partner or row.engagement.partner == partner)
                and (not theme or row.engagement.theme == theme)
                and (not axis or row.engagement.axis == axis)
            )

        self._model.set_filter(self._text.text(), keep)
        self._count()

    def _count(self) -> None:
        shown, total = self._model.rowCount(), self._model.total
        words = plural(total, "engagement", "engagements")
        self._mention.setText(words if shown == total else f"{shown} sur {words}")
        self._left.setCurrentIndex(0 if shown else 1)

    def _select(self, row: EngagementRow | None) -> None:
        self._row = row
        if row is None or self._picture is None:
            self._detail.show_nothing()
            return
        self._detail.show_column()
        clear(self._body)
        situation = self._picture.situation
        engagement = row.engagement
        add = self._body.addWidget
        add(label(f"{engagement.code} · {row.partner.short_name}", "code", select=True))
        add(label(engagement.label, "heading", wrap=True, select=True))
        if engagement.detail:
            add(label(engagement.detail, wrap=True, select=True))
        said = [situation.theme_names[engagement.theme], NATURE_LABELS[engagement.nature]]
        if engagement.due:
            said.append(f"échéance {format_date(engagement.due)}")
        if engagement.territory:
            said.append(situation.territory(engagement.territory).name)
        told = axis_words(situation.dossier, engagement), involved_words(situation.dossier, engagement)
        add(label(" · ".join([*said, *filter(None, told)]), "mention", wrap=True))
        self._add_weather(row)
        add_steps(self._body, situation, engagement.key)
        self._add_objectives(row)
        self._add_precisions(engagement)
        add_conditions(self._body, situation, engagement)
        add_places(self._body, situation, engagement)
        self._add_files(engagement)
        add(explain(label("Source", "subheading")))
        if engagement.citation is not None:
            add(CitationView(situation, engagement.citation, engagement.key, self.going.emit))
        else:
            add(label("Aucune source n’est indiquée.", "warning", wrap=True))
        self._body.addStretch(1)

    def _add_weather(self, row: EngagementRow) -> None:
        assert self._picture is not None
        situation = self._picture.situation
        add = self._body.addWidget
        add(explain(label("Météo", "subheading")))
        add(WeatherBadge(self._theme, row.weather))
        add_meteos(self._body, situation, row.engagement.key)
        if self._picture.projected:
            return
        button = QPushButton("Donner la météo")
        button.setEnabled(self._picture.editable)
        button.clicked.connect(self._ask_weather)
        add(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def _add_precisions(self, engagement: Engagement) -> None:
        assert self._picture is not None
        situation, writable = self._picture.situation, self._picture.editable and not self._picture.projected
        detach = self._detach if writable else None
        add_precisions(self._body, situation, engagement.key, go=self.going.emit, detach=detach)
        others = [
            item
            for item in situation.engagements_of_partner(engagement.partner)
            if item.key != engagement.key and not situation.precisions_of(item.key)
        ]
        if writable and others:
            hint = "Faire d’autres engagements du même partenaire des précisions de celui-ci"
            group = button("Regrouper ici…", lambda: self._ask_grouping(engagement, others), hint=hint)
            self._body.addWidget(group, 0, Qt.AlignmentFlag.AlignLeft)

    def _detach(self, key: str) -> None:
        assert self._picture is not None
        contract = self._picture.contract.code
        self.acting.emit("Détacher", lambda desk: engagements.ungroup(desk, contract, [key]))

    def _ask_grouping(self, engagement: Engagement, others: list[Engagement]) -> None:
        if self._picture is None:
            return
        from qpvdesk.ui.dialogs.grouping import GroupingDialog  # noqa: PLC0415 - 3 ms, this button alone needs it

        contract = self._picture.contract.code
        dialog = GroupingDialog(self._theme, engagement, others, self)
        dialog.submitted.connect(
            lambda keys: self.answering.emit(
                "Regroupement",
                lambda desk: engagements.group(desk, contract, keys, engagement.key),
                dialog,
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _add_files(self, engagement: Engagement) -> None:
        assert self._picture is not None
        held = self._picture.situation.dossier.joined(engagement.key)
        if self._picture.projected and not held:
            return
        self._body.addWidget(label("Pièces jointes", "subheading"))
        if held:
            self._body.addWidget(label(", ".join(one.name for one in held), wrap=True, select=True))
        if self._picture.projected:
            return
        button = QPushButton("Voir ou joindre…" if held else "Joindre un fichier…")
        button.setAccessibleName("Pièces jointes de l’engagement")
        title = f"{engagement.code} {engagement.label}"
        button.clicked.connect(lambda: self.attaching.emit("engagement", engagement.key, title))
        self._body.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def _add_objectives(self, row: EngagementRow) -> None:
        assert self._picture is not None
        situation = self._picture.situation
        add = self._body.addWidget
        add(explain(label("Objectifs", "subheading")))
        objectives = situation.objectives_of_engagement(row.engagement.key)
        for objective in objectives:
            line = LineButton(
                self._theme, objective.code, objective.label, situation.assessments[objective.key].status
            )
            line.clicked.connect(lambda _=False, code=objective.code: self.go("objectifs", code))
            add(line)
        if not objectives:
            add(
                label(
                    "Aucun chiffre n’a été promis\u202f: seule la météo en dit l’avancement.",
                    "mention",
                    wrap=True,
                )
            )

    def _ask_weather(self) -> None:
        if self._row is None or self._picture is None:
            return
        from qpvdesk.ui.dialogs.weather import WeatherDialog  # noqa: PLC0415 - 12 ms, this dialog alone needs it

        key, contract = self._row.engagement.key, self._picture.contract.code
        dialog = WeatherDialog(
            self._theme, self._row.engagement, self._row.meteo, self._picture.day, parent=self
        )
        dialog.submitted.connect(
            lambda entry: self.answering.emit(
                "Météo de l’engagement",
                lambda desk: weather.record(desk, contract, entry),
                dialog,
            )
        )
        dialog.keep_typed(self._drafts, f"{self._picture.contract.code}-meteo-{key}")
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
