"""Points d'attention: what asks for attention, why, where from, what can be done; acknowledged, never hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from qpvdesk.domain.french import fold, plural
from qpvdesk.domain.points import PointNature
from qpvdesk.domain.review import PointView
from qpvdesk.services import points
from qpvdesk.ui.kit.controls import leaves, text_line
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.master_detail import Master, fill_page, side_by_side
from qpvdesk.ui.kit.table import Table, type_to_filter
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.table_tools import FilterChips, TableTools
from qpvdesk.ui.kit.tips import tell, warn
from qpvdesk.ui.kit.tokens import SNUG, fill, in_row
from qpvdesk.ui.models.points import PointRow, group_of, one_by_one, point_rows
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Address, Page, page_head
from qpvdesk.ui.pages.point_detail import PointDetail
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.empty import EmptyState


class ReasonDialog(FormDialog):
    """`reasoned` says why; a reason is asked for, and kept in the journal."""

    reasoned = Signal(str)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(
            "Prendre en compte", parent, heading=f"Prendre en compte {plural(count, 'point', 'points')}"
        )
        self.say(
            "Le motif est gardé au journal\u202f; rien n’est caché, «\u202fPris en compte\u202f» les montre.",
            "mention",
        )
        self._reason = text_line("Motif", "Signalé au partenaire le 15 juin")
        self.column.addWidget(self._reason)
        self._trouble = self.trouble()
        self.foot("Prendre en compte", self._submit)
        self._reason.setFocus()

    def _submit(self) -> None:
        reason = self._reason.text().strip()
        if not reason:
            warn(self._trouble, "Dites pourquoi\u202f: qui relira le journal le comprendra.")
            return
        self.accept()
        self.reasoned.emit(reason)


_STATE = 2
"""The column of the state."""
_STATES: tuple[tuple[str, str, Callable[[PointView], bool]], ...] = (
    ("À faire", "a_faire", lambda view: view.to_do),
    ("Ce que le document dit mal", "document", lambda view: not view.point.to_do and not view.acknowledged),
    ("Pris en compte", "vus", lambda view: view.acknowledged),
    ("Tous", "", lambda _: True),
)
"""What may be shown, its word in a place, and which points that keeps: what somebody has to do now comes first."""
_COUNTED = {
    "a_faire": ("chose à faire", "choses à faire"),
    "document": ("constat sur le document", "constats sur le document"),
    "vus": ("constat pris en compte", "constats pris en compte"),
}
"""What a point of the table is, by the word of the state that is shown: the sentence says what the page is for."""


class PointsPage(Page):
    """Table and detail."""

    word = "points"
    title = "Points d’attention"

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture: Picture | None = None
        self._opened: set[str] = set()
        self._wanted = ""
        """The rule that a place asks for, until its points are there: they come after the first sight."""
        left = Master()
        column = left.column
        head, self._mention = page_head(self.title)
        fields, table = self._make_filters(), self._make_table()
        self._table.menu.offer, self._table.menu.filters = self._acts, self.filters_in_words
        self._table.menu.unfold = one_by_one
        self._table.menu.narrowed.connect(self._apply)
        head.addWidget(TableTools(self._table, lambda: dict(self.address().filters), self.filter_by))
        fill(column, head, fields, FilterChips(self._table), (table, 1))
        self._detail = PointDetail(theme)
        self._detail.address_asked.connect(self.going)
        self._detail.acknowledged.connect(self._acknowledge)
        self._detail.reopened.connect(self._reopen)
        self._detail.folded.connect(self._fold)
        fill_page(self, side_by_side(theme, (left, 690, 3), (self._detail, 450, 2)))

    def show_picture(self, picture: Picture) -> None:
        self._picture = picture
        self._list_rules(picture)
        for place, (words, _, shows) in enumerate(_STATES):
            self._state.setItemText(place, f"{words} ({sum(map(shows, picture.review.points))})")
        self._apply_rule(opening=bool(self._wanted))

    def _list_rules(self, picture: Picture) -> None:
        """Offer every rule, with how many of its points are in the state that is shown."""
        shows = _STATES[self._state.currentIndex()][2]
        kept = self._wanted or self._kind.currentData()
        titles = {view.point.kind: view.point.title for view in picture.review.points}
        counts = Counter(view.point.kind for view in picture.review.points if shows(view))
        kinds = ((f"{title} ({counts[kind]})", kind) for kind, title in titles.items())
        self._kind.show_choices([("Tous les sujets", ""), *kinds])
        with QSignalBlocker(self._kind):
            self._kind.setCurrentIndex(max(0, self._kind.findData(kept)))

    def arrive(self, address: Address) -> None:
        filters = dict(address.filters)
        if "texte" in filters:
            self._text.setText(filters["texte"])
        if "etat" in filters:
            self._state.setCurrentIndex(max(0, self._state.findData(filters["etat"])))
        if "regle" in filters:
            self._wanted = filters["regle"]
            self._kind.setCurrentIndex(max(0, self._kind.findData(self._wanted)))
            self._apply_rule()
        if address.focus:
            self._unfold_to(address.focus)
            self._table.select_identity(address.focus)
        elif self._table.current_row() is None:
            self._table.select_first()
        self._table.setFocus()

    def address(self) -> Address:
        """Return the point selected and the words filtered on."""
        row = self._table.current_row()
        filters = (
            ("etat", self._state.currentData()),
            ("regle", self._kind.currentData() or ""),
            ("texte", self._text.text()),
        )
        return Address(
            self.word, row.ident if row else "", tuple((name, word) for name, word in filters if word)
        )

    def filter_by(self, filters: Mapping[str, str]) -> None:
        """Filter as a place says; what it does not name is not filtered."""
        self._text.setText(filters.get("texte", ""))
        self._state.setCurrentIndex(max(0, self._state.findData(filters.get("etat", ""))))
        self._kind.setCurrentIndex(max(0, self._kind.findData(filters.get("regle", ""))))

    def typed(self) -> list[tuple[str, str]]:
        """With the reason in view, those begun for other lines."""
        return [*super().typed(), *(("Motif d’une autre ligne", words) for words in self._detail.reasons())]

    def filters_in_words(self) -> Sequence[str]:
        """Return what the page filters on, in words."""
        kind = [self._kind.currentText()] if self._kind.currentData() else []
        return [_STATES[self._state.currentIndex()][0], *kind, *filter(None, [self._text.text()])]

    def _acts(self, rows: Sequence[PointRow]) -> Sequence[RowAct | None]:
        """What is done with points, from their rows."""
        views = [view for row in rows for view in row.views]
        if not views or self._picture is None:
            return ()
        able = self._picture.editable
        waiting = [view.point.ident for view in views if not view.acknowledged]
        known = [view.point.ident for view in views if view.acknowledged]
        acts: list[RowAct | None] = [RowAct("Voir le constat", self._detail.open)] if len(views) == 1 else []
        if waiting:
            words = (
                "Prendre en compte…" if len(waiting) == 1 else f"Prendre en compte ces {len(waiting)} points…"
            )
            acts.append(RowAct(words, lambda: self._ask_reason(waiting), enabled=able))
        if len(known) == 1:
            acts.append(RowAct("Remettre à traiter", lambda: self._reopen(known[0]), enabled=able))
        if len(rows) == 1 and rows[0].view is not None:
            acts.append(
                RowAct("Modifier ce qui est en cause…", lambda: self.changing.emit("", []), "F2", able)
            )
        return acts

    def _ask_reason(self, idents: list[str]) -> None:
        dialog = ReasonDialog(len(idents), self.window())
        dialog.reasoned.connect(lambda reason: self._acknowledge(idents, reason))
        dialog.open()

    def _make_filters(self) -> QHBoxLayout:
        row = in_row(spacing=SNUG)
        self._text = text_line("Filtrer les points d’attention par mots", "Filtrer", clear=True)
        self._text.textChanged.connect(self._apply)
        self._kind = ElidedCombo("Sujet", letters=12)
        self._state = ElidedCombo("État", ((words, word) for words, word, _ in _STATES), letters=12)
        self._kind.currentIndexChanged.connect(lambda _: self._apply_rule())
        self._state.currentIndexChanged.connect(lambda _: self._show_state())
        fill(row, (self._text, 2), (self._kind, 3), (self._state, 1))
        return row

    def _make_table(self) -> QStackedWidget:
        px = self._theme.px
        self._model: TableModel[PointRow] = TableModel(
            (
                Column("Objet", lambda row: row.mark, width=px(124)),
                Column("Constat", lambda row: row.sentence, width=0, tooltip=_whole),
                Column("État", _state_words, width=px(110), spare=True),
                Column("Partenaire", lambda row: row.partner or "–", width=px(104), lesser=True),
                Column("Sujet", lambda row: row.title, width=px(150), spare=True),
            ),
            lambda row: row.ident,
            parent=self,
        )
        self._table = Table(self._model, self.title, wrapped=True, stretched=px(230), several=True)
        type_to_filter(self._table, self._text)
        # What weighs most comes first, and what is alike stays together: no other order says as much.
        self._table.horizontalHeader().setSortIndicatorShown(False)
        self._table.horizontalHeader().setSectionsClickable(False)
        self._table.row_selected.connect(self._show_row)
        self._table.row_opened.connect(self._open_row)
        self._table.clicked.connect(self._clicked)
        self._table.installEventFilter(self)
        self._none = EmptyState("", "")
        self._left = leaves(self._table, self._none)
        return self._left

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Right unfolds the line under the hand, left folds it."""
        if watched is self._table and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            row, key = self._table.current_row(), event.key()
            if row is not None and row.group and key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
                self._fold(row.group, key == Qt.Key.Key_Right)
                return True
        return super().eventFilter(watched, event)

    def _clicked(self, index: QModelIndex) -> None:
        row = self._model.row_at(index.row())
        if row.head and index.column() == 0:
            self._fold(row.group, not row.open)

    def _fold(self, group: str, opened: bool) -> None:
        (self._opened.add if opened else self._opened.discard)(group)
        self._apply()
        row = self._table.current_row()
        if row is None:
            self._table.select_identity(group)

    def _unfold_to(self, ident: str) -> None:
        """Unfold the head that hides a point; show all of them where the state hides it."""
        if not any(view.point.ident == ident for row in self._model.shown for view in row.views):
            self._kind.setCurrentIndex(0)
            self._state.setCurrentIndex(self._state.findData(""))
        for row in self._model.shown:
            if row.head and not row.open and any(view.point.ident == ident for view in row.views):
                self._fold(row.group, True)
                return

    def _open_row(self, row: PointRow) -> None:
        if row.head:
            self._fold(row.group, not row.open)
        else:
            self._detail.open()

    def _apply_rule(self, *, opening: bool = True) -> None:
        """Show each point of the rule that was chosen: a lone folded line would say none of them."""
        kind = self._kind.currentData()
        if kind and opening and self._picture is not None:
            self._wanted = ""
            self._opened |= {
                group_of(view) for view in self._picture.review.points if view.point.kind == kind
            }
        self._apply()

    def _show_state(self) -> None:
        if self._picture is not None:
            self._list_rules(self._picture)
        self._apply()

    def _apply(self) -> None:
        if self._picture is None:
            return
        kind, state = self._kind.currentData(), self._state.currentData()
        words, shows = fold(self._text.text()).split(), _STATES[self._state.currentIndex()][2]

        def keep(view: PointView) -> bool:
            point = view.point
            if kind and point.kind != kind:
                return False
            if not shows(view):
                return False
            if not words:
                return True
            point_text = fold(
                f"{point.object} {' '.join(point.instances)} {point.title} {point.message} {view.reason}"
            )
            return all(word in point_text for word in words)

        kept = [view for view in self._picture.review.points if keep(view)]
        # Where only what is to be done is shown, a column that says so at each line says nothing.
        self._table.want_column(_STATE, not state)
        self._model.set_rows(point_rows(kept, self._picture.situation, self._opened))
        tell(self._mention, self._counted(state))
        if not kept:
            done = state == "a_faire" and not kind and not words
            self._none.say(*_why_none(len(self._picture.review.points), done=done))
        self._left.setCurrentIndex(0 if kept or self._table.menu.values else 1)
        if self._table.current_row() is None:
            self._show_row(None)

    def _counted(self, state: str) -> str:
        """How many points the lines shown stand for, and in how many lines where some are folded."""
        rows = self._model.shown
        views = {view.point.ident: view for row in rows for view in row.views}
        sentence = plural(len(views), *_COUNTED.get(state, ("constat", "constats")))
        if len(rows) < len(views):
            sentence += f" en {plural(len(rows), 'ligne', 'lignes')}"
        if state == "a_faire" and len(views) > 1:
            sentence += ", la plus urgente d’abord"
        contradictions = sum(view.point.nature is PointNature.CONTRADICTION for view in views.values())
        return (
            f"{sentence}, dont {plural(contradictions, 'contradiction', 'contradictions')}"
            if contradictions
            else sentence
        )

    def _show_row(self, row: PointRow | None) -> None:
        if self._picture is not None:
            self._detail.show_row(row, self._table.menu.chosen(), self._picture)

    def _acknowledge(self, idents: list[str], reason: str) -> None:
        if self._picture is not None:
            contract = self._picture.contract.code
            # What is taken into account leaves the list: the hand goes on to the line after it.
            self._table.setFocus()
            self.acting.emit(
                "Prise en compte", lambda desk: points.acknowledge(desk, contract, idents, reason)
            )

    def _reopen(self, ident: str) -> None:
        if self._picture is not None:
            contract = self._picture.contract.code
            self.acting.emit("Remise à traiter", lambda desk: points.reopen(desk, contract, ident))


def _why_none(total: int, *, done: bool) -> tuple[str, str]:
    """Why no point is shown, and what to do. `total`: how many there are; `done`: of what is to be done, none is
    left."""
    if not total:
        return (
            "Rien ne demande votre attention",
            "Les retards, les relevés trop anciens et les chiffres qui se contredisent viennent ici d’eux-mêmes.",
        )
    if done:
        return (
            "Rien n’est plus à faire",
            "Ce que le document dit mal et ce qui fut pris en compte se lisent en changeant l’état.",
        )
    return "Aucun point ne répond à ces filtres", "Changez l’état ou le sujet pour en voir d’autres."


def _whole(row: PointRow) -> str:
    return row.sentence if row.view is None else row.view.point.message


def _state_words(row: PointRow) -> str:
    seen = sum(view.acknowledged for view in row.views)
    if row.head and 0 < seen < len(row.views):
        return f"{len(row.views) - seen} à traiter"
    return "Pris en compte" if seen else "À traiter"
