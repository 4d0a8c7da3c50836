"""Sending pages to a printer one after the other: drawn in the lane, painted on the sheet here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from qpvdesk.domain.french import plural
from qpvdesk.services import printing
from qpvdesk.ui.session import Session

_DOTS = 300
"""Dots an inch at most: sharper than the eye, and a page stays within 35 MB of memory."""


class PrintRun(QObject):
    """One printing. Deletes itself by its parent; `finished` says in French what was sent."""

    finished = Signal(str)

    def __init__(
        self, session: Session, printer: QPrinter, path: Path, count: int, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._printer = printer
        self._path = path
        first = printer.fromPage() or 1
        last = printer.toPage() or count
        pages = list(range(max(1, first) - 1, min(last, count)))
        if printer.pageOrder() is QPrinter.PageOrder.LastPageFirst:
            pages.reverse()
        self._pages = pages
        self._sent = 0
        self._painter: QPainter | None = None

    @property
    def complete(self) -> bool:
        return bool(self._pages) and self._sent == len(self._pages)

    def start(self) -> None:
        """Begin. Nothing is asked any more."""
        self._painter = QPainter()
        if not self._pages or not self._painter.begin(self._printer):
            self._end(
                "L’imprimante n’accepte pas de pages. Vérifiez qu’elle est allumée, ou enregistrez un PDF."
            )
            return
        self._next()

    def _next(self) -> None:
        if self._sent == len(self._pages):
            file = self._printer.outputFileName()
            done, where = ("enregistrée", f"dans {file}") if file else ("envoyée", "à l’imprimante")
            self._end(f"{plural(self._sent, f'page {done}', f'pages {done}s')} {where}.")
            return
        page, scale = self._pages[self._sent], min(self._printer.resolution(), _DOTS) / 72
        self._session.read(
            "Impression",
            lambda _desk, _stop: printing.draw_page(self._path, page, scale),
            self._paint,
            lambda error: self._end(str(error)),
        )

    def _paint(self, raster: printing.Raster) -> None:
        painter = self._painter
        if painter is None:
            return
        if self._sent:
            self._printer.newPage()
        image = QImage(raster.data, raster.width, raster.height, raster.stride, QImage.Format.Format_RGB32)
        sheet = self._printer.pageLayout().fullRectPixels(self._printer.resolution())
        shown = self._printer.pageLayout().paintRectPixels(self._printer.resolution())
        # The painter's origin is the corner of what the printer can reach; the page is drawn on the whole sheet.
        painter.drawImage(QRect(-shown.x(), -shown.y(), sheet.width(), sheet.height()), image)
        self._sent += 1
        self._next()

    def _end(self, words: str) -> None:
        if self._painter is not None and self._painter.isActive():
            self._painter.end()
        self._painter = None
        self.finished.emit(words)
