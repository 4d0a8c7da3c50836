"""What was drawn from the document shown in the page of the documents: from the passage in view, and from all of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidgetItem

from qpvdesk.domain.french import enumerate_words, plural
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.passages import SourceText
from qpvdesk.services.documents import Drawn, Reading
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tokens import HAIR, ROOM, SNUG, fill, stacked
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.line_button import LineButton

_DATA = int(Qt.ItemDataRole.UserRole)
_PAGES = {
    "engagement": "engagements",
    "condition": "engagements",
    "objective": "objectifs",
    "measurement": "objectifs",
    "funding": "moyens",
}
_HERE_MAX = 5
"""Things drawn from one passage that are shown; the others are counted."""


_COUNTED = {kind: BY_NAME[kind].nouns for kind in ("engagement", "objective", "measurement")} | {
    "engagement": ("engagement", "engagements et précisions")
}


def _counted(drawn: Sequence[Drawn]) -> str:
    """How many of each kind: a bare number would say nothing of them."""
    counts = {kind: sum(citing.kind == kind for citing in drawn) for kind in _COUNTED}
    words = [plural(count, *_COUNTED[kind]) for kind, count in counts.items() if count]
    rest = len(drawn) - sum(counts.values())
    words += [plural(rest, "autre", "autres")] if rest else []
    return enumerate_words(words) if words else "rien encore"


class DrawnPane(QFrame):
    """Two lists of what cites the document."""

    shown = Signal(object)
    """The `Span` of a citation is to be brought into view."""
    address_asked = Signal(object)
    """The `Address` of what cites it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "panel")
        column = stacked(on=self, spacing=SNUG, margins=(ROOM, ROOM, ROOM, ROOM))
        self._here_words = label("Lu dans le passage surligné", "subheading")
        self._here_words.hide()
        column.addWidget(self._here_words)
        self._here = stacked(spacing=HAIR)
        column.addLayout(self._here)
        self._all_words = label("", "subheading", wrap=True)
        column.addWidget(self._all_words)
        self._all = ItemList("Tout ce qui est lu dans ce document", wrapped=True)
        self._all.currentItemChanged.connect(lambda item, _: self._show(item))
        self._all.itemActivated.connect(lambda item: self._go_to(item.data(_DATA)))
        fill(column, (self._all, 1), aside("Entrée ouvre la fiche de la ligne choisie."))

    def show_reading(self, reading: Reading | None) -> None:
        """Show what was drawn from a document; None: there is none."""
        self._all.blockSignals(True)
        self._all.clear()
        words = ""
        if reading is not None:
            lost = sum(drawn.span is None for drawn in reading.drawn)
            words = f"Lu dans ce document\u202f: {_counted(reading.drawn)}"
            if lost and reading.source is not None:
                words += f"\u202f; {plural(lost, 'passage introuvable', 'passages introuvables')}"
            for drawn in reading.drawn:
                mark = "" if drawn.span is not None or reading.source is None else "? "
                hint = f"{drawn.label}\n{drawn.citation.section}\n«\u202f{drawn.citation.mark}\u202f»"
                named = f"{drawn.label} ({drawn.code})" if drawn.code else drawn.label
                self._all.add(f"{mark}{named}", drawn, hint=hint)
        self._all_words.setText(words)
        self._all.blockSignals(False)
        # Of a text that is not joined, the middle says what was read in it already.
        read = reading is not None and reading.attachment is not None and reading.source is not None
        self._here_words.setVisible(read)
        if not read:
            clear(self._here)

    def show_passage(self, reading: Reading, source: SourceText, at: int) -> None:
        passage = source.paragraph_at(at)
        here = [
            drawn for drawn in reading.drawn if drawn.span is not None and passage.holds(drawn.span.start)
        ]
        self._follow(here)
        clear(self._here)
        if reading.attachment is None:
            return
        for drawn in here[:_HERE_MAX]:
            line = LineButton(self._theme, drawn.code, drawn.label, None)
            line.setEnabled(drawn.kind in _PAGES)
            line.clicked.connect(lambda _=False, drawn=drawn: self._go_to(drawn))
            self._here.addWidget(line)
        if len(here) > _HERE_MAX:
            rest = [drawn.code for drawn in here[_HERE_MAX:] if drawn.code]
            self._here.addWidget(aside(f"et {enumerate_words(rest, 6)}"))
        if not here:
            self._here.addWidget(
                aside("Rien encore. Sélectionnez-le pour en faire la source d’un engagement.")
            )

    def _follow(self, here: Sequence[Drawn]) -> None:
        """Stand, in the list of all, on what was drawn from the passage that is read."""
        current = self._all.currentItem()
        keys = {drawn.key for drawn in here}
        if not keys or (current is not None and current.data(_DATA).key in keys):
            return
        for row in range(self._all.count()):
            if self._all.item(row).data(_DATA).key in keys:
                # Not what the officer chose: the text stays where it is.
                with QSignalBlocker(self._all):
                    self._all.setCurrentRow(row)
                # What is above may take some of its room yet.
                self._all.scrollToItem(self._all.item(row), ItemList.ScrollHint.PositionAtCenter)
                return

    def _show(self, item: QListWidgetItem | None) -> None:
        drawn: Drawn | None = item.data(_DATA) if item is not None else None
        if drawn is not None and drawn.span is not None:
            self.shown.emit(drawn.span)

    def _go_to(self, drawn: Drawn) -> None:
        if drawn.kind in _PAGES and drawn.code:
            self.address_asked.emit(Address(_PAGES[drawn.kind], drawn.code))
