"""Points d'attention: what asks for attention, why, where from, what can be done; acknowledged, never hidden."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.points import FAMILY_ALERT
from qpvdesk.services.state import PointView
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.objective_detail import citation_label
from qpvdesk.ui.pages.page import Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.table import Table


class PointsPage(Page):
    """Table and detail."""

    word = "points"
    title = "Points d’attention"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: Picture | None = None
        self._view: PointView | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 0, 0)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 12)
        column.setSpacing(8)
        head, self._mention = page_head(self.title)
        column.addLayout(head)
        column.addLayout(self._make_filters())
        column.addWidget(self._make_table(), 1)
        splitter.addWidget(left)
        splitter.addWidget(self._make_detail())
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([theme.px(690), theme.px(450)])
        layout.addWidget(splitter)

    def show_picture(self, picture: Picture) -> None:
        """Show another picture."""
        self._picture = picture
        kept = self._kind.currentData()
        self._kind.blockSignals(True)
        self._kind.clear()
        self._kind.addItem("Toutes les règles", "")
        counts: dict[str, tuple[str, int]] = {}
        for view in picture.points:
            title, count = counts.get(view.point.kind, (view.point.title, 0))
            counts[view.point.kind] = (title, count + 1)
        for kind, (title, count) in counts.items():
            self._kind.addItem(f"{title} ({count})", kind)
        self._kind.setCurrentIndex(max(0, self._kind.findData(kept)))
        self._kind.blockSignals(False)
        self._model.set_rows(picture.points)
        self._apply()

    def arrive(self, place: Place) -> None:
        """Select the point or the object of the place."""
        filters = dict(place.filters)
        if "texte" in filters:
            self._text.setText(filters["texte"])
        if place.focus:
            self._table.select_identity(place.focus)
        elif self._table.current_row() is None:
            self._table.select_first()
        self._table.setFocus()

    def place(self) -> Place:
        """Return the point selected and the words filtered on."""
        row = self._table.current_row()
        filters = (("texte", self._text.text()),) if self._text.text() else ()
        return Place(self.word, row.point.ident if row else "", filters)

    def _make_filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._text = QLineEdit()
        self._text.setPlaceholderText("Filtrer")
        self._text.setAccessibleName("Filtrer les points d’attention par mots")
        self._text.setClearButtonEnabled(True)
        self._text.textChanged.connect(self._apply)
        self._kind = QComboBox()
        self._kind.setAccessibleName("Règle")
        self._state = QComboBox()
        self._state.setAccessibleName("État")
        for words, word in (("À traiter", "a_traiter"), ("Pris en compte", "vus"), ("Tous", "")):
            self._state.addItem(words, word)
        for combo in (self._kind, self._state):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(12)
            combo.currentIndexChanged.connect(lambda _: self._apply())
        row.addWidget(self._text, 2)
        row.addWidget(self._kind, 3)
        row.addWidget(self._state, 1)
        return row

    def _make_table(self) -> QStackedWidget:
        px = self._theme.px
        self._model: TableModel[PointView] = TableModel(
            (
                Column("Objet", lambda row: row.point.object, width=px(90)),
                Column("Règle", lambda row: row.point.title, width=px(160)),
                Column("Constat", _message, width=0, tooltip=lambda row: row.point.message),
                Column("État", _state_words, width=px(104)),
            ),
            lambda row: row.point.ident,
            lambda row: f"{row.point.object} {row.point.title} {row.point.message} {row.reason}",
            self,
        )
        self._table = Table(self._model, self.title)
        self._table.set_row_height(px(29))
        self._table.row_selected.connect(self._show_point)
        self._table.row_opened.connect(lambda _: self._open())
        self._left = QStackedWidget()
        self._left.addWidget(self._table)
        self._none = EmptyState("", "")
        self._left.addWidget(self._none)
        return self._left

    def _make_detail(self) -> QFrame:
        panel = QFrame()
        panel.setProperty("role", "panel")
        panel.setMinimumWidth(self._theme.px(360))
        outer = QVBoxLayout(panel)
        outer.setContentsMargins(0, 0, 0, 0)
        self._detail = QStackedWidget()
        outer.addWidget(self._detail)
        self._detail.addWidget(
            EmptyState(
                "Aucun point choisi",
                "Choisissez une ligne\u202f: le calcul, ce qui peut être fait et la source se lisent ici.",
            )
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Détail du point d’attention")
        body = QWidget()
        body.setObjectName("panelbody")
        area.setWidget(body)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        self._family = label("", "mention")
        self._title = label("", "heading", wrap=True)
        self._message = label("", wrap=True, select=True)
        self._remedy = label("", wrap=True, select=True)
        self._citation = QVBoxLayout()
        self._object = QPushButton()
        self._object.clicked.connect(self._open)
        for part in (
            self._family,
            self._title,
            self._message,
            label("Que faire", "subheading"),
            self._remedy,
        ):
            layout.addWidget(part)
        layout.addLayout(self._citation)
        layout.addWidget(self._object, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(10)
        self._words = label("Prendre en compte", "subheading")
        layout.addWidget(self._words)
        self._seen = label("", wrap=True)
        layout.addWidget(self._seen)
        self._reason = QPlainTextEdit()
        self._reason.setPlaceholderText("Le motif\u202f: ce qui est déjà su, décidé ou en cours")
        self._reason.setAccessibleName("Motif de la prise en compte")
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(self._theme.px(70))
        self._reason.textChanged.connect(self._allow)
        layout.addWidget(self._reason)
        buttons = QHBoxLayout()
        self._acknowledge = QPushButton("Prendre en compte")
        self._acknowledge.setProperty("role", "primary")
        self._acknowledge.clicked.connect(self._do_acknowledge)
        self._withdraw = QPushButton("Remettre à traiter")
        self._withdraw.clicked.connect(self._do_withdraw)
        buttons.addWidget(self._acknowledge)
        buttons.addWidget(self._withdraw)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addStretch(1)
        self._detail.addWidget(area)
        return panel

    def _apply(self) -> None:
        kind, state = self._kind.currentData(), self._state.currentData()

        def keep(view: PointView) -> bool:
            if kind and view.point.kind != kind:
                return False
            return not state or view.acknowledged == (state == "vus")

        self._model.set_filter(self._text.text(), keep)
        shown, total = self._model.rowCount(), self._model.total
        words = plural(total, "point", "points")
        self._mention.setText(words if shown == total else f"{shown} sur {words}")
        if not shown:
            if total:
                self._none.say(
                    "Aucun point ne répond à ces filtres", "Changez l’état ou la règle pour en voir d’autres."
                )
            else:
                self._none.say(
                    "Rien ne demande votre attention",
                    "Les retards, les relevés trop anciens et les chiffres qui se contredisent viennent ici d’eux-mêmes.",
                )
        self._left.setCurrentIndex(0 if shown else 1)
        if self._table.current_row() is None:
            self._show_point(None)

    def _show_point(self, view: PointView | None) -> None:
        self._view = view
        self._detail.setCurrentIndex(1 if view else 0)
        if view is None or self._picture is None:
            return
        point = view.point
        situation = self._picture.situation
        family = "Alerte" if point.family == FAMILY_ALERT else "Cohérence des chiffres"
        partner = situation.partner(point.partner).short_name if point.partner else ""
        self._family.setText(" · ".join(part for part in (family, partner, point.object) if part))
        self._title.setText(point.title)
        self._message.setText(point.message)
        self._remedy.setText(point.remedy)
        clear(self._citation)
        if point.citation is not None:
            self._citation.addWidget(citation_label(situation, point.citation))
        where = self._where()
        self._object.setVisible(where is not None)
        self._object.setText(f"Ouvrir {point.object}")
        self._seen.setVisible(view.acknowledged)
        self._seen.setText(f"Pris en compte le {format_date(view.acknowledged_on)}\u202f: {view.reason}")
        writable = self._picture.editable
        for part in (self._reason, self._acknowledge):
            part.setVisible(not view.acknowledged and not self._picture.projected)
            part.setEnabled(writable)
        self._withdraw.setVisible(view.acknowledged and not self._picture.projected)
        self._withdraw.setEnabled(writable)
        self._words.setText("Motif" if view.acknowledged else "Prendre en compte")
        self._words.setVisible(view.acknowledged or not self._picture.projected)
        self._reason.clear()
        self._allow()

    def _allow(self) -> None:
        able = self._picture is not None and self._picture.editable
        self._acknowledge.setEnabled(able and bool(self._reason.toPlainText().strip()))

    def _where(self) -> Place | None:
        if self._view is None or self._picture is None:
            return None
        code = self._view.point.object
        dossier = self._picture.situation.dossier
        if any(one.code == code for one in self._picture.situation.objectives):
            return Place("objectifs", code)
        if any(one.code == code for one in dossier.engagements):
            return Place("engagements", code)
        if any(one.code == code for one in dossier.partners):
            return Place("partenaires", code)
        if any(one.code == code for one in dossier.fundings):
            return Place("moyens", code)
        return None

    def _open(self) -> None:
        place = self._where()
        if place is not None:
            self.going.emit(place)

    def _do_acknowledge(self) -> None:
        if self._view is None or self._picture is None:
            return
        contract, ident = self._picture.contract.code, self._view.point.ident
        reason = self._reason.toPlainText().strip()
        self.acting.emit("Prise en compte", lambda desk: desk.acknowledge(contract, ident, reason))

    def _do_withdraw(self) -> None:
        if self._view is None or self._picture is None:
            return
        contract, ident = self._picture.contract.code, self._view.point.ident
        self.acting.emit("Remise à traiter", lambda desk: desk.withdraw_acknowledgement(contract, ident))


def _message(view: PointView) -> str:
    """The message without the code that the first column says already."""
    words = view.point.message.removeprefix(view.point.object).lstrip("\u202f\u00a0 :,")
    return words[:1].upper() + words[1:]


def _state_words(view: PointView) -> str:
    return "Pris en compte" if view.acknowledged else "À traiter"
