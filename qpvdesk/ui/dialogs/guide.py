"""The guide in a window of its own: it stays beside the work, and follows F1."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from qpvdesk.services import guide
from qpvdesk.ui.kit.controls import leaves, text_line
from qpvdesk.ui.kit.master_detail import side_by_side
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import BODY_PT, CELL_PT, GAP, LEAD_PT, ROOM, stacked
from qpvdesk.ui.theme import ITALIC, Theme, colour, load_fonts
from qpvdesk.ui.widgets.empty import EmptyState

_DATA = int(Qt.ItemDataRole.UserRole)
_WORDS = _DATA + 1
_MARGIN = 48
"""What stands beside a picture at both sides, together, in pixels."""
_FINE = 1.5
"""Pixels of a picture for one of the window it was taken from."""
_UPRIGHT, _PAPER = 1.3, 440
"""How much higher than wide a page of paper is at least; how wide it is shown, in pixels of the window."""


class GuideDialog(QDialog):
    """Contents or what was found at the left, the chapter at the right. `print_asked`: to print all, or the two pages."""

    print_asked = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        load_fonts(ITALIC)
        self._theme = theme
        self._chapters = guide.chapters()
        self._past: list[str] = []
        self._later: list[str] = []
        self._anchor = ""
        self.setModal(False)
        self.setWindowTitle("Guide de l’utilisateur")
        layout = stacked(self._make_head(), on=self, spacing=GAP, margins=(ROOM, ROOM, ROOM, ROOM))
        for button in self.findChildren(QPushButton):
            # Enter is for the search.
            button.setAutoDefault(False)
        self._contents = ItemList("Sommaire du guide", wrapped=True)
        self._found = ItemList("Passages trouvés dans le guide", wrapped=True)
        self._none = EmptyState("Aucun passage", "Essayez un mot de moins, ou un autre mot.")
        for item_list in (self._contents, self._found):
            item_list.itemClicked.connect(self._open_item)
            item_list.itemActivated.connect(self._open_item)
        self._lists = leaves(self._contents, self._found, self._none)
        self._page = _Browser(theme)
        self._page.setAccessibleName("Texte du guide")
        self._page.anchorClicked.connect(lambda url: self.go(url.fragment() or url.toString().lstrip("#")))
        layout.addWidget(side_by_side(theme, (self._lists, 250, 0), (self._page, 640, 1)), 1)
        self._fill_contents()
        theme.changed.connect(self._redraw)
        for keys, act in (
            ("Alt+Left", self._back),
            ("Alt+Right", self._forward),
            ("Ctrl+F", self._text.setFocus),
            ("Ctrl+K", self._text.setFocus),
        ):
            QShortcut(QKeySequence(keys), self, act)
        room = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(
            min(theme.px(940), int(room.width() * 0.94)), min(theme.px(690), int(room.height() * 0.84))
        )

    def go(self, anchor: str, *, remember: bool = True) -> None:
        """Show the chapter that holds an anchor, at that place; the beginning for one that is not known."""
        found = next(
            (
                chapter
                for chapter in self._chapters
                if any(heading.anchor == anchor for heading in chapter.headings)
            ),
            self._chapters[0],
        )
        if remember and self._anchor and self._anchor != anchor:
            self._past.append(self._anchor)
            self._later.clear()
        self._anchor = anchor
        self._page.show_chapter(found)
        self._page.scrollToAnchor(anchor)
        self._page.bring("")
        self._return.setEnabled(bool(self._past))
        self._onward.setEnabled(bool(self._later))
        for place in range(self._contents.count()):
            if self._contents.item(place).data(_DATA) == anchor:
                self._contents.setCurrentRow(place)

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._return, self._onward = QPushButton("Retour"), QPushButton("Suivant")
        for button, act, words in (
            (self._return, self._back, "Ce qui était lu avant (Alt+←)"),
            (self._onward, self._forward, "Ce qui était lu ensuite (Alt+→)"),
        ):
            button.setProperty("role", "quiet")
            tip(button, words)
            button.setEnabled(False)
            button.clicked.connect(act)
            row.addWidget(button)
        self._text = text_line("Chercher dans le guide", "Chercher dans le guide", clear=True)
        self._text.textChanged.connect(self._search)
        self._text.returnPressed.connect(self._open_first)
        self._text.installEventFilter(self)
        row.addWidget(self._text, 1)
        for words, quick in (("Démarrage rapide en PDF…", True), ("Tout le guide en PDF…", False)):
            button = QPushButton(words)
            button.clicked.connect(lambda _=False, quick=quick: self.print_asked.emit(quick))
            row.addWidget(button)
        return row

    def _fill_contents(self) -> None:
        for chapter in self._chapters:
            for heading in chapter.headings:
                if heading.anchor and heading.level <= 2:
                    indent = "" if heading.level == 1 else "    "
                    item = self._contents.add(indent + heading.words, heading.anchor)
                    font = self._theme.font(BODY_PT if heading.level == 1 else CELL_PT)
                    font.setWeight(QFont.Weight.DemiBold if heading.level == 1 else QFont.Weight.Normal)
                    item.setFont(font)

    def _search(self, text: str) -> None:
        if len(text.strip()) < 2:
            self._lists.setCurrentIndex(0)
            return
        self._found.clear()
        for line in guide.search(self._chapters, text)[:100]:
            # A heading that was found is not said twice.
            title = line.heading.words
            item = self._found.add(
                title if line.words == title else f"{title}\n{line.words[:160]}", line.anchor
            )
            item.setData(_WORDS, line.words)
            item.setSizeHint(QSize(0, self._theme.px(64 if "\n" in item.text() else 34)))
        self._lists.setCurrentIndex(1 if self._found.count() else 2)

    def _open_item(self, item: QListWidgetItem) -> None:
        self.go(str(item.data(_DATA)))
        self._page.bring(str(item.data(_WORDS) or ""))

    def _open_first(self) -> None:
        if self._lists.currentWidget() is self._found:
            self._found.setCurrentRow(max(0, self._found.currentRow()))
            self._open_item(self._found.currentItem())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go from the search field down into the list beside the chapter."""
        if (
            watched is self._text
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and self._lists.currentWidget() in (self._contents, self._found)
        ):
            shown = self._found if self._lists.currentWidget() is self._found else self._contents
            shown.setFocus()
            shown.setCurrentRow(max(0, shown.currentRow()))
            return True
        return super().eventFilter(watched, event)

    def _back(self) -> None:
        if self._past:
            self._later.append(self._anchor)
            self.go(self._past.pop(), remember=False)

    def _forward(self) -> None:
        if self._later:
            self._past.append(self._anchor)
            self.go(self._later.pop(), remember=False)

    def _redraw(self) -> None:
        self._page.redraw()
        self._page.scrollToAnchor(self._anchor)


class _Browser(QTextBrowser):
    """A chapter as a page; its pictures are never wider than it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chapter: guide.Chapter | None = None
        self.setOpenLinks(False)

    def show_chapter(self, chapter: guide.Chapter) -> None:
        """Show a chapter; the one already shown stays as it is."""
        if chapter is not self._chapter:
            self._chapter = chapter
            self.redraw()

    def bring(self, words: str) -> None:
        """Bring a passage in view and mark it, from where the page stands; take the mark away where there is none."""
        marks: list[QTextEdit.ExtraSelection] = []
        start = self.cursorForPosition(QPoint(0, 0))
        for part in _parts(words):
            found = self.document().find(part, start)
            if found.isNull():
                continue
            found.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            found.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
            mark = QTextEdit.ExtraSelection()
            mark.cursor = found
            mark.format.setBackground(colour(self._theme.look.warning_tint))
            marks.append(mark)
            place = self.cursorRect(found)
            if place.bottom() > self.viewport().height() or place.top() < 0:
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + place.top() - self.viewport().height() // 3)
            break
        self.setExtraSelections(marks)

    def redraw(self) -> None:
        """Draw the chapter again, for another look or another width."""
        if self._chapter is not None:
            self.document().setDefaultFont(self._theme.font(LEAD_PT))
            self.document().setDocumentMargin(self._theme.px(14))
            style = f"<html><head><style>{_style(self._theme)}</style></head>"
            self.setHtml(f"{style}<body>{self._chapter.html()}</body></html>")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            bar = self.verticalScrollBar()
            share = bar.value() / max(1, bar.maximum())
            self.redraw()
            bar.setValue(round(share * bar.maximum()))

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802
        """Give the pictures of the guide, and nothing else: no file, no address is ever fetched."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        try:
            image = QImage(str(guide.picture(name if isinstance(name, str) else name.toString())))
        except (FileNotFoundError, ValueError):
            return None
        return _fitted(image, max(120, self.viewport().width() - _MARGIN), self.devicePixelRatioF())


def _parts(words: str) -> tuple[str, ...]:
    """Return what a passage may be found by: its beginning, else its end; keys stand apart from the words."""
    first = words.split(" – ")[0]
    return tuple(part for part in (first[:60], first[:24], first[-24:]) if part)


def _fitted(image: QImage, wide: int, ratio: float) -> QImage:
    """Return a picture as large as what it shows, no wider than `wide`; sharp at `ratio` pixels for one."""
    wide = min(wide, round(image.width() / _FINE))
    if image.height() > image.width() * _UPRIGHT:
        wide = min(wide, _PAPER)
    scaled = image.scaledToWidth(round(wide * ratio), Qt.TransformationMode.SmoothTransformation)
    scaled.setDevicePixelRatio(ratio)
    return scaled


def _style(theme: Theme) -> str:
    look = theme.look
    return (
        # Left to itself, Qt takes the narrow spaces of French for any space, and breaks lines there.
        f"body {{ color: {look.text}; white-space: pre-wrap; }} a {{ color: {look.accent}; }}"
        " h1, h2, h3, strong, th { font-weight: 600; }"
        f" .aside {{ background-color: {look.info_tint}; }}"
        f" .key {{ background-color: {look.neutral_tint}; font-weight: 600; }}"
        f" .grid {{ border-color: {look.border}; }}"
        f" th {{ background-color: {look.raised}; text-align: left; }}"
        f" .said {{ color: {look.mention}; font-size: small; }}"
    )
