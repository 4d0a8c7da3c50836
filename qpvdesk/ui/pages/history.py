"""Journal: everything that was changed, by whom, when, in sentences; filtered by words, kind, period and author."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from qpvdesk.domain.french import format_date, plural, raised
from qpvdesk.domain.kinds import journal_subject
from qpvdesk.services.journals import HistoryEntry
from qpvdesk.ui.kit.controls import leaves, text_line
from qpvdesk.ui.kit.table import Table, type_to_filter
from qpvdesk.ui.kit.table_tools import FilterChips, TableTools
from qpvdesk.ui.kit.tips import tell, tip
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, SNUG, fill, in_row, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Address, Page, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.empty import EmptyState

Row = tuple[int, HistoryEntry]

_FIRST, _FURTHER = 500, 4
"""How many changes are read at first, and how many times more each time one goes back further."""

_SUBJECTS = {
    "releves": "Relevés",
    "objectifs": "Objectifs et jalons",
    "engagements": "Engagements",
    "meteo": "Météo",
    "moyens": "Moyens mobilisés",
    "comites": "Comités et décisions",
    "points": "Points d’attention",
    "partenaires": "Partenaires",
    "territoires": "Territoires",
    "visites": "Visites",
    "contrat": "Contrat et documents",
}
"""What a change is about: its word, as its kind declares it, and its French name."""
_PERIODS = (
    ("Toutes les dates", 0),
    ("Aujourd’hui", 1),
    ("7 derniers jours", 7),
    ("30 derniers jours", 30),
    ("12 derniers mois", 365),
)
"""What a period is called, and how many days it holds up to today; 0: all."""
_PAGES = {"releves": "objectifs", "meteo": "engagements", "points": "", "contrat": ""}
"""Where a line leads, by what it is about, if not to the page of that word; empty: nowhere."""


class HistoryPage(Page):
    """The journal, latest first; it asks for its rows when shown a picture."""

    word = "journal"
    title = "Journal"

    history_asked = Signal(int)
    """How many changes at most."""

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._most = _FIRST
        layout = stacked(on=self, spacing=GAP, margins=(EDGE, ROOM, EDGE, ROOM))
        head, self._mention = page_head(self.title)
        fill(layout, head, self._make_filters())
        px = theme.px
        self._model: TableModel[Row] = TableModel(
            (
                Column(
                    "Quand",
                    lambda row: row[1].when.strftime("%d/%m/%Y %H:%M"),
                    lambda row: row[1].when,
                    width=px(126),
                ),
                Column("Objet", lambda row: row[1].code or "–", width=px(154)),
                Column("Ce qui a changé", _sentence, width=0),
                Column("Acte", lambda row: row[1].act, width=0),
                Column("Auteur", lambda row: row[1].author, width=px(120), spare=True),
            ),
            lambda row: row[0],
            parent=self,
        )
        self._table = Table(self._model, self.title, wrapped=True, stretched=px(190))
        type_to_filter(self._table, self._text)
        head.addWidget(TableTools(self._table, lambda: dict(self.address().filters), self.filter_by))
        layout.addWidget(FilterChips(self._table))
        self._table.menu.narrowed.connect(self._apply)
        self._table.menu.filters = self.filters_in_words
        self._table.row_opened.connect(self._open)
        nothing = EmptyState(
            "Rien n’a encore été changé",
            "Chaque saisie, chaque correction et chaque annulation s’inscrit ici, avec sa date, et y reste.",
        )
        none = EmptyState(
            "Aucun changement ne répond à ces filtres",
            "Un code (BPI-O01), un mot d’une phrase ou une date (12/03/2026) se cherchent dans le champ\u202f; les listes"
            " choisissent le genre d’objet, la période et l’auteur.",
            "Tout afficher",
            self._show_all,
        )
        self._stack = leaves(self._table, nothing, none)
        layout.addWidget(self._stack, 1)
        self._older = QPushButton("Remonter plus loin")
        tip(self._older, "Lire aussi les changements plus anciens")
        self._older.clicked.connect(self._go_back)
        self._older.hide()
        layout.addWidget(self._older, 0, Qt.AlignmentFlag.AlignLeft)

    def show_picture(self, picture: Picture) -> None:
        del picture
        self.history_asked.emit(self._most)

    def show_history(self, entries: tuple[HistoryEntry, ...]) -> None:
        authors = sorted({entry.author for entry in entries})
        used = {journal_subject(entry.kind) for entry in entries}
        kinds = [(words, word) for word, words in _SUBJECTS.items() if word in used]
        self._kind.show_choices([("Tous les objets", ""), *kinds])
        self._author.show_choices([("Tous les auteurs", ""), *((name or "–", name) for name in authors)])
        self._author.setVisible(len(authors) > 1)
        self._table.want_column(4, len(authors) > 1)
        self._model.set_rows(list(enumerate(entries)))
        self._older.setVisible(len(entries) >= self._most)
        self._apply()

    def arrive(self, address: Address) -> None:
        """Filter as the place says, and take the focus."""
        filters = dict(address.filters)
        if filters:
            self.filter_by(filters)
        self._table.setFocus()

    def address(self) -> Address:
        filters = {
            "texte": self._text.text(),
            "genre": self._kind.currentData(),
            "auteur": self._author.currentData(),
            "jours": str(self._period.currentData() or ""),
        }
        return Address(self.word, "", tuple(sorted((name, word) for name, word in filters.items() if word)))

    def filter_by(self, filters: Mapping[str, str]) -> None:
        """Filter as a place says; what it does not name is not filtered."""
        self._text.setText(filters.get("texte", ""))
        for combo, name in ((self._kind, "genre"), (self._author, "auteur"), (self._period, "jours")):
            data: str | int = filters.get(name, "")
            combo.setCurrentIndex(max(0, combo.findData(int(data or 0) if name == "jours" else data)))

    def filters_in_words(self) -> Sequence[str]:
        """Return what the page filters on, in words."""
        combos = [combo for combo in (self._kind, self._author, self._period) if combo.currentData()]
        return [*(combo.currentText() for combo in combos), *filter(None, [self._text.text()])]

    def _make_filters(self) -> QHBoxLayout:
        row = in_row(spacing=SNUG)
        self._text = text_line(
            "Filtrer le journal par mots", "Filtrer par code, par mot ou par date", clear=True
        )
        self._text.textChanged.connect(self._apply)
        row.addWidget(self._text, 3)
        self._kind = ElidedCombo("Genre d’objet", [("Tous les objets", "")], letters=14)
        self._period = ElidedCombo("Période", _PERIODS, letters=14)
        self._author = ElidedCombo("Auteur", [("Tous les auteurs", "")], letters=14)
        self._author.hide()
        for combo in (self._kind, self._period, self._author):
            combo.currentIndexChanged.connect(lambda _: self._apply())
            row.addWidget(combo, 2)
        return row

    def _go_back(self) -> None:
        self._most *= _FURTHER
        self.history_asked.emit(self._most)

    def _show_all(self) -> None:
        for combo in (self._kind, self._period, self._author):
            combo.setCurrentIndex(0)
        self._text.clear()
        self._table.setFocus()

    def _apply(self) -> None:
        kind, author = self._kind.currentData(), self._author.currentData()
        days = int(self._period.currentData())
        first = self._today() - timedelta(days=days - 1) if days else date.min

        def keep(row: Row) -> bool:
            entry = row[1]
            return (
                (not kind or journal_subject(entry.kind) == kind)
                and (not author or entry.author == author)
                and entry.when.date() >= first
            )

        self._model.set_filter(self._text.text(), keep)
        shown, total = self._model.rowCount(), self._model.total
        words = plural(total, "changement", "changements")
        tell(self._mention, words if shown == total else f"{shown} sur {words}")
        kept = bool(shown or self._table.menu.values)
        self._stack.setCurrentIndex(0 if kept else 2 if total else 1)

    def _open(self, row: Row) -> None:
        subject = journal_subject(row[1].kind)
        if row[1].code and (page := _PAGES.get(subject, subject)):
            self.go(page, row[1].code)


def _sentence(row: Row) -> str:
    """The sentence without its date, which the first column says already."""
    words = row[1].sentence.removeprefix(f"Le {format_date(row[1].when.date())}, ")
    return raised(words)
