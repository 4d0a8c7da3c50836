"""Engagements: what was promised, by partner and thématique, with météo, conditions and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QSizePolicy, QStackedWidget

from qpvdesk.domain.engagements import in_axes
from qpvdesk.domain.french import plural
from qpvdesk.domain.model import WEATHER_LABELS, Weather
from qpvdesk.domain.wording import called
from qpvdesk.services import weather
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.controls import leaves, text_line
from qpvdesk.ui.kit.master_detail import Master, fill_page, side_by_side
from qpvdesk.ui.kit.table import Table, type_to_filter
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tips import tell
from qpvdesk.ui.kit.tokens import fill
from qpvdesk.ui.models.engagement_rows import EngagementRow
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.engagement_detail import EngagementDetail
from qpvdesk.ui.pages.page import ASSESSED, FORM, Address, Page, page_head
from qpvdesk.ui.pages.things import Things
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.cell_delegate import WEATHER_MARK, Cell, CellDelegate
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow

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

    def __init__(self, theme: Theme, drafts: Drafts) -> None:
        super().__init__()
        self._theme, self._drafts = theme, drafts
        self._picture: Picture | None = None
        self._row: EngagementRow | None = None
        self._detail = EngagementDetail(theme)
        self._detail.address_asked.connect(self.going)
        self._detail.acting.connect(self.acting)
        self._detail.answering.connect(self.answering)
        self._detail.attaching.connect(self.attaching)
        self._detail.making.connect(self.making)
        self._detail.weather_asked.connect(self._ask_weather)
        left = Master()
        column = left.column
        head, self._mention = page_head(self.title)
        fields, table = self._make_filters(), self._make_table()
        self._things = Things(self, self._table, "engagement", new="Nouvel engagement…", more=self._acts)
        self._things.add_to(head)
        self._table.menu.narrowed.connect(self._count)
        fill(column, head, fields, self._things.chips, (table, 1))
        fill_page(self, side_by_side(theme, (left, 690, 3), (self._detail, 450, 2)))

    def show_picture(self, picture: Picture) -> None:
        self._picture = picture
        situation = picture.situation
        self._things.show_picture(picture)
        partners = [(partner.short_name, partner.key) for partner in situation.dossier.partners]
        self._partner.show_choices([("Partenaires", ""), *partners])
        used = {engagement.theme for engagement in situation.dossier.engagements}
        themes = [(situation.theme_names[code], code) for code in situation.theme_names.in_order(used)]
        self._thematique.show_choices([("Thématiques", ""), *themes])
        axes = in_axes(situation.dossier.axes)
        self._axis.setVisible(bool(axes))
        every_axis = (situation.dossier.contract.upper_level or "Axes", "")
        self._axis.show_choices([every_axis, *((axis.name, axis.key) for axis in axes)])
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

    def arrive(self, address: Address) -> None:
        """Filter as the place says, and select its engagement."""
        filters = dict(address.filters)
        form = filters.pop(FORM, "")
        if filters:
            self.filter_by(filters)
        if address.focus and self._picture is not None:
            situation = self._picture.situation
            found = next((e.key for e in situation.dossier.engagements if e.code == address.focus), "")
            key = situation.followed_by(found)
            if key and not self._table.select_identity(key):
                self._show_all()
                self._table.select_identity(key)
        if self._table.current_row() is None:
            self._table.select_first()
        self._table.setFocus()
        shown = self._row is not None and self._row.engagement.code == address.focus
        # What was withdrawn, or precises another by now, has no row: nobody is asked of the one that is shown instead.
        if form and shown and self._picture is not None and self._picture.editable:
            self._ask_weather()

    def address(self) -> Address:
        """Return the filters in force and the engagement shown."""
        filters = {
            "partenaire": self._partner.currentData() or "",
            "thematique": self._thematique.currentData() or "",
            "axe": self._axis.currentData() or "",
            "texte": self._text.text(),
        }
        code = self._row.engagement.code if self._row else ""
        return Address(
            self.word, code, tuple(sorted((name, value) for name, value in filters.items() if value))
        )

    def filter_by(self, filters: Mapping[str, str]) -> None:
        """Filter as a place says; what it does not name is not filtered."""
        for combo, name in (
            (self._partner, "partenaire"),
            (self._thematique, "thematique"),
            (self._axis, "axe"),
        ):
            combo.setCurrentIndex(max(0, combo.findData(filters.get(name, ""))))
        self._text.setText(filters.get("texte", ""))

    def filters_in_words(self) -> Sequence[str]:
        """Return what the page filters on, in words."""
        combos = (self._partner, self._thematique, self._axis)
        return [
            *(combo.currentText() for combo in combos if combo.currentData()),
            *filter(None, [self._text.text()]),
        ]

    def _show_all(self) -> None:
        self._table.menu.choose({})
        self.filter_by({})

    def _acts(self, rows: Sequence[EngagementRow]) -> Sequence[RowAct | None]:
        """What is done with engagements, from their rows."""
        if self._picture is None:
            return ()
        if len(rows) > 1:
            words = f"Donner la météo de ces {len(rows)} engagements…"
            return (RowAct(words, self._ask_weather, enabled=self._picture.editable),)
        if not rows:
            return ()
        engagement, partner = rows[0].engagement, rows[0].partner
        able = self._picture.editable
        files = called(engagement)
        return (
            RowAct("Donner la météo…", self._ask_weather, "Return", enabled=able),
            RowAct("Ajouter un objectif…", lambda: self.making.emit("objective", {}), enabled=able),
            RowAct("Ajouter une étape…", lambda: self.making.emit("step", {}), enabled=able),
            RowAct("Ajouter un moyen…", lambda: self.making.emit("funding", {}), enabled=able),
            RowAct("Pièces jointes…", lambda: self.attaching.emit("engagement", engagement.key, files)),
            None,
            RowAct("Voir le partenaire", lambda: self.go("partenaires", partner.code)),
        )

    def _make_filters(self) -> Flow:
        row = Flow()
        self._text = text_line("Filtrer les engagements par mots", "Filtrer", clear=True)
        self._text.textChanged.connect(self._apply)
        self._text.setMinimumWidth(self._theme.px(120))
        row.addWidget(self._text)
        self._partner = ElidedCombo("Partenaire", letters=12)
        self._thematique = ElidedCombo("Thématique", letters=12)
        self._axis = ElidedCombo("Axe", letters=12)
        for combo in (self._partner, self._thematique, self._axis):
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.currentIndexChanged.connect(lambda _: self._apply())
            row.addWidget(combo)
        return row

    def _make_table(self) -> QStackedWidget:
        px = self._theme.px
        self._model: TableModel[EngagementRow] = TableModel(
            (
                Column("Code", lambda row: row.engagement.code, width=px(86), lesser=True),
                Column("Engagement", lambda row: row.engagement.label, width=0),
                Column("Thématique", lambda row: row.theme, width=px(118), lesser=True),
                Column(
                    "Météo",
                    lambda row: WEATHER_LABELS[row.weather],
                    lambda row: _WEATHERS.index(row.weather),
                    width=px(176),
                    mark=WEATHER_MARK,
                    help="La confiance de l’officier dans la tenue de l’engagement, dans l’échelle de l’État",
                ),
                Column(
                    "Objectifs",
                    lambda row: str(row.objectives or "–"),
                    lambda row: row.objectives,
                    True,
                    px(76),
                    lesser=True,
                ),
            ),
            lambda row: row.engagement.key,
            lambda row: row.words,
            self,
        )
        self._table = Table(self._model, self.title, wrapped=True, stretched=px(210), several=True)
        type_to_filter(self._table, self._text)
        self._table.setItemDelegateForColumn(3, CellDelegate(self._theme, Cell.WEATHER, self._table))
        self._table.row_selected.connect(self._select)
        self._empty = EmptyState("", "", " ", self._leave_empty)
        self._left = leaves(self._table, self._empty)
        return self._left

    def _apply(self) -> None:
        partner, theme = self._partner.currentData(), self._thematique.currentData()
        axis = self._axis.currentData()
        axes = self._picture.situation.dossier.axes if self._picture is not None else ()
        within = {axis, *(item.key for item in axes if item.parent == axis)}

        def keep(row: EngagementRow) -> bool:
            return (
                (not partner or row.engagement.partner == partner)
                and (not theme or row.engagement.theme == theme)
                and (not axis or row.engagement.axis in within)
            )

        self._model.set_filter(self._text.text(), keep)
        self._count()

    def _count(self) -> None:
        shown, total = self._model.rowCount(), self._model.total
        words = plural(total, "engagement", "engagements")
        tell(self._mention, words if shown == total else f"{shown} sur {words}")
        self._left.setCurrentIndex(0 if shown or self._table.menu.values else 1)
        if total:
            self._empty.say(
                "Aucun engagement ne répond à ces filtres",
                "Élargissez la recherche ou changez de partenaire.",
                "Tout afficher",
            )
        else:
            self._empty.say(
                "Aucun engagement encore",
                "Ce que chaque partenaire promet de faire se suit ici, avec sa météo, ses étapes et sa source.",
                "Nouvel engagement…",
            )

    def _leave_empty(self) -> None:
        if self._model.total:
            self._show_all()
        else:
            self._things.make()

    def _select(self, row: EngagementRow | None) -> None:
        self._row = row
        self._detail.show_row(row, self._picture)

    def _ask_weather(self) -> None:
        """Ask for the météo of the engagements chosen, or of the one shown."""
        rows = self._table.menu.chosen() or ([self._row] if self._row else [])
        if not rows or self._picture is None:
            return
        from qpvdesk.ui.dialogs.weather import WeatherDialog  # noqa: PLC0415 - 12 ms, this dialog alone needs it

        row = self._row if self._row is not None and self._row in rows else rows[0]
        contract = self._picture.contract.code
        keys = [chosen.engagement.key for chosen in rows]
        dialog = WeatherDialog(
            self._theme, row.engagement, row.meteo, self._picture.day, also=len(keys) - 1, parent=self
        )
        dialog.submitted.connect(
            lambda entry: self.answering.emit(
                "Météo de l’engagement", lambda desk: weather.record(desk, contract, entry, also=keys), dialog
            )
        )
        if len(keys) == 1:
            dialog.keep_typed(self._drafts, f"{contract}-meteo-{keys[0]}")
        dialog.open()
