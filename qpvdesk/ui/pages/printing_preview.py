"""The pages laid out in the page « Impressions »: shown, enlarged, listed by chapter, searched."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QHBoxLayout, QSizePolicy, QWidget

from qpvdesk.domain.french import fold, plural
from qpvdesk.services.printing import Sheet
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.tips import tip, warn
from qpvdesk.ui.kit.tokens import SNUG, fill, in_row, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.labels import label

_GAP = 14
_ZOOMS = (0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_KEPT = 12
"""Drawn pages that are kept, the last seen ones."""


class PaperView(QAbstractScrollArea):
    """Shows sheets. Asks for a drawing by `wanted`; `take` brings it. Sizes are points, scales pixels a point."""

    wanted = Signal(int, float)
    """A page (from 0) and the scale it is to be drawn at."""
    page_changed = Signal(int)
    """The page in sight (from 0)."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._images: dict[int, tuple[float, QImage]] = {}
        self._asked: dict[int, float] = {}
        self._found: frozenset[int] = frozenset()
        self._zoom: float | None = None
        self._page = 0
        self.setAccessibleName("Aperçu des pages")
        self.setProperty("role", "read")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(60)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def page(self) -> int:
        """The page in sight, from 0."""
        return self._page

    def show_sheets(self, sizes: Sequence[tuple[float, float]], *, other: bool) -> None:
        """Show a document laid out anew, near the page that was in sight; `other`: another one, from its first page."""
        page = 0 if other else min(self._page, max(0, len(sizes) - 1))
        self._sizes = tuple(sizes)
        self._images.clear()
        self._asked.clear()
        self._found = frozenset()
        self._fit()
        self.go(page)
        self.viewport().update()

    def take(self, page: int, scale: float, image: QImage) -> None:
        if page >= len(self._sizes):
            return
        self._asked.pop(page, None)
        self._images.pop(page, None)
        self._images[page] = (scale, image)
        while len(self._images) > _KEPT:
            del self._images[next(iter(self._images))]
        self.viewport().update()

    def mark(self, pages: Sequence[int]) -> None:
        """Frame the pages where words were found."""
        self._found = frozenset(pages)
        self.viewport().update()

    def go(self, page: int) -> None:
        """Bring a page (from 0) into sight."""
        if 0 <= page < len(self._sizes):
            self.verticalScrollBar().setValue(self._rect(page).top() + self.verticalScrollBar().value() - 6)
            self._scrolled()

    def enlarge(self) -> None:
        self._set_zoom(next((zoom for zoom in _ZOOMS if zoom > self._scale() + 0.01), _ZOOMS[-1]))

    def reduce(self) -> None:
        self._set_zoom(next((zoom for zoom in reversed(_ZOOMS) if zoom < self._scale() - 0.01), _ZOOMS[0]))

    def fit_width(self) -> None:
        self._set_zoom(None)

    def sizeHint(self) -> QSize:
        """Half of a laptop's screen."""
        return QSize(640, 560)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the page in sight where it is."""
        super().resizeEvent(event)
        page = self._page
        self._fit()
        self.go(page)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.enlarge if event.angleDelta().y() > 0 else self.reduce)()
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page by page, to the first, to the last."""
        match event.key():
            case Qt.Key.Key_PageDown | Qt.Key.Key_Right:
                self.go(min(self._page + 1, len(self._sizes) - 1))
            case Qt.Key.Key_PageUp | Qt.Key.Key_Left:
                self.go(max(self._page - 1, 0))
            case Qt.Key.Key_Home:
                self.go(0)
            case Qt.Key.Key_End:
                self.go(len(self._sizes) - 1)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sheets in sight, as paper; ask for those that are not drawn yet."""
        painter = QPainter(self.viewport())
        look = self._theme.look
        painter.fillRect(event.rect(), QColor(look.window))
        ratio = self.devicePixelRatioF()
        scale = self._scale() * ratio
        for page in range(len(self._sizes)):
            rect = self._rect(page)
            if not rect.intersects(self.viewport().rect()):
                continue
            sheet = self._images.get(page)
            if sheet is not None:
                painter.setRenderHint(
                    QPainter.RenderHint.SmoothPixmapTransform, abs(sheet[0] - scale) > 0.001
                )
                painter.drawImage(rect, sheet[1])
            else:
                painter.fillRect(rect, Qt.GlobalColor.white)
            if (sheet is None or abs(sheet[0] - scale) > 0.001) and self._asked.get(page) != scale:
                self._asked[page] = scale
                self.wanted.emit(page, scale)
            painter.setPen(QColor(look.accent if page in self._found else look.border))
            painter.drawRect(rect.adjusted(-1, -1, 0, 0))
            if page in self._found:
                painter.drawRect(rect.adjusted(-2, -2, 1, 1))
        painter.end()

    def _set_zoom(self, zoom: float | None) -> None:
        page = self._page
        self._zoom = zoom
        self._fit()
        self.go(page)
        self.viewport().update()

    def _scale(self) -> float:
        if self._zoom is not None:
            return self._zoom * 96 / 72
        widest = max((width for width, _ in self._sizes), default=595.0)
        return max(0.3, (self.viewport().width() - 2 * _GAP) / widest)

    def _fit(self) -> None:
        scale = self._scale()
        height = sum(int(tall * scale) + _GAP for _, tall in self._sizes) + _GAP
        widest = int(max((wide for wide, _ in self._sizes), default=0) * scale) + 2 * _GAP
        view = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, height - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.horizontalScrollBar().setRange(0, max(0, widest - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())

    def _rect(self, page: int) -> QRect:
        scale = self._scale()
        top = _GAP + sum(int(tall * scale) + _GAP for _, tall in self._sizes[:page])
        wide, tall = self._sizes[page]
        size = QSize(int(wide * scale), int(tall * scale))
        left = max(_GAP, (self.viewport().width() - size.width()) // 2)
        corner = QPoint(left - self.horizontalScrollBar().value(), top - self.verticalScrollBar().value())
        return QRect(corner, size)

    def _scrolled(self) -> None:
        middle = self.viewport().height() // 3
        page = next(
            (page for page in range(len(self._sizes)) if self._rect(page).bottom() >= middle),
            max(0, len(self._sizes) - 1),
        )
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)
        self.viewport().update()


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

    def show_sheets(self, sheets: Sequence[Sheet], *, other: bool = False) -> None:
        """`other`: another document than the last one, rather than that one laid out anew."""
        self._sheets = sheets
        self._trouble.hide()
        self.paper.show_sheets([(sheet.width, sheet.height) for sheet in sheets], other=other)
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
