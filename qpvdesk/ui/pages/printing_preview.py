"""The pages laid out in the page « Impressions »: shown, enlarged, listed by chapter, searched."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from qpvdesk.domain.french import fold, plural
from qpvdesk.services.printing import Sheet
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.tips import tip, warn
from qpvdesk.ui.kit.tokens import SNUG, fill, in_row, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.paper_view import PaperView


class PreviewPane(QWidget):
    """The real pages and the bar above them."""

    counted = Signal(str)
    """How many pages there are, in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sheets: Sequence[Sheet] = ()
        self.paper = PaperView(theme)
        column = stacked(self._make_bar(), on=self, spacing=SNUG)
        self._trouble = label("", "error", wrap=True)
        self._trouble.hide()
        fill(column, self._trouble, (self.paper, 1))
        self.paper.page_changed.connect(lambda _: self._say_page())

    def wait(self) -> None:
        """Say that the pages are being laid out."""
        self._where.setText("Mise en page…")

    def show_sheets(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self._trouble.hide()
        self.paper.show_sheets([(sheet.width, sheet.height) for sheet in sheets])
        self._list_pages()
        self._say_page()
        self._search(step=0)

    def refuse(self, words: str) -> None:
        """Say why the pages cannot be laid out; the last ones stay."""
        warn(self._trouble, words)
        self._where.setText("")

    def go_to(self, chapter: str) -> None:
        """Show the first page of a chapter; nothing where it is not printed."""
        page = next((at for at, sheet in enumerate(self._sheets) if chapter in sheet.chapters), None)
        if page is not None:
            self.paper.go(page)

    def _make_bar(self) -> QHBoxLayout:
        bar = in_row(spacing=SNUG)
        for text, name, act in (
            ("−", "Réduire les pages", self.paper.reduce),
            ("+", "Agrandir les pages", self.paper.enlarge),
            ("Largeur", "Ajuster à la largeur", self.paper.fit_width),
        ):
            bar.addWidget(button(text, act, name=name, hint=name))
        self._list = ElidedCombo("Aller à la page")
        tip(self._list, "Les pages du document\u202f; en choisir une la montre")
        self._list.need(2)
        self._list.setMinimumWidth(self._theme.px(110))
        self._list.setMaximumWidth(self._theme.px(260))
        self._list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._list.activated.connect(self.paper.go)
        self._list.hide()
        bar.addWidget(self._list, 3)
        self._where = label("", "mention")
        fill(bar, self._where, 1)
        self._words = text_line("Chercher dans les pages", "Chercher dans les pages", clear=True)
        self._words.setMinimumWidth(self._theme.px(130))
        self._words.textChanged.connect(lambda _: self._search(step=0))
        self._words.returnPressed.connect(lambda: self._search(step=1))
        bar.addWidget(self._words, 2)
        return bar

    def _list_pages(self) -> None:
        """List the pages, each with the chapter that begins on it, or goes on."""
        self._list.clear()
        going_on = "Couverture"
        for number, sheet in enumerate(self._sheets, 1):
            self._list.addItem(f"{number}\u2002{' / '.join(sheet.chapters) or going_on}")
            if sheet.chapters:
                going_on = f"{sheet.chapters[-1]} (suite)"
        self._list.view().setMinimumWidth(self._theme.px(330))
        self._list.setVisible(bool(self._sheets))

    def _say_page(self) -> None:
        count = len(self._sheets)
        self._list.setCurrentIndex(self.paper.page if count else -1)
        self._where.setText(f"page {self.paper.page + 1} sur {count}" if count else "")
        self.counted.emit(plural(count, "page", "pages") if count else "")

    def _search(self, step: int) -> None:
        words = fold(self._words.text())
        found = [page for page, sheet in enumerate(self._sheets) if words and words in fold(sheet.text)]
        self.paper.mark(found)
        if not words:
            self._say_page()
            return
        if not found:
            self._where.setText("introuvable dans ces pages")
            return
        here = self.paper.page
        target = next((page for page in found if page >= here + step), found[0])
        self.paper.go(target)
        self._where.setText(f"page {target + 1} – {plural(len(found), 'page trouvée', 'pages trouvées')}")
