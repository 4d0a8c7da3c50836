# ruff: noqa: E402 (Qt reads its display from the environment when it is first imported)
"""`make pictures`: the pictures of the README and of the guide, from the real window and the real report.

The window is driven by its own pages and shortcuts, grabbed off screen at 1366×768; the pages of the report are
rendered by PDFium. Pictures are kept to 256 colours: they are read, not admired.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

# Qt's own off-screen display is 800×800; the officer's laptop is not.
_SCREEN = Path(tempfile.gettempdir()) / "qpvdesk-screen.json"
_SCREEN.write_text(
    json.dumps(
        {
            "screens": [
                {
                    "name": "laptop",
                    "x": 0,
                    "y": 0,
                    "width": 1366,
                    "height": 768,
                    "logicalDpi": 96,
                    "logicalBaseDpi": 96,
                    "dpr": 1,
                }
            ]
        }
    )
)
os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_SCREEN}"

from PIL import Image
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from qpvdesk import app
from qpvdesk.ui.pages.page import Place
from tests.helpers import demo, sample_report

FOLDER = Path(__file__).parents[2] / "resources" / "guide" / "pictures"


def main() -> int:
    """Make every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QPVDESK_DOSSIER"] = folder
        base = Path(folder) / "exemple.db"
        demo.make(base)
        _window_pictures(base)
        _report_pictures(Path(folder) / "copil.pdf")
    return 0


def _window_pictures(base: Path) -> None:
    application = QApplication(["qpvdesk"])
    window = app.build(application, base).window
    window.resize(1366, 768)
    _until(window.painted.connect, window.start, show=window)
    session = window._session
    session.show_day(demo.DAY)
    _settle(
        lambda: session.picture is not None and session.picture.day == demo.DAY and session.picture.complete
    )
    _grab(window, "tableau-de-bord")
    for name, place in {
        "objectif": Place("objectifs", "BPI-O01"),
        "partenaire": Place("partenaires", "FT"),
        "points-d-attention": Place("points"),
        "releves": Place("releves"),
        "engagements": Place("engagements"),
        "moyens": Place("moyens"),
        "territoires": Place("territoires"),
        "journal": Place("journal"),
        "comites": Place("comites"),
        "impressions": Place("impressions"),
        "echanges": Place("echanges"),
    }.items():
        window.go(place)
        _settle(milliseconds=1500 if name == "impressions" else 400)
        _grab(window, name)
    _settle(milliseconds=1500)
    window.go(Place("objectifs", "BPI-O01"))
    _settle()
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    _settle(lambda: QApplication.activeModalWidget() is not None)
    _grab(QApplication.activeModalWidget(), "modifier-objectif")
    QApplication.activeModalWidget().close()
    _settle()
    # Off screen nobody gives the focus back to the window once a form has closed.
    window.activateWindow()
    _settle()
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    _settle(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    QTest.keyClicks(dialog.focusWidget(), "31")
    _settle(milliseconds=1200)
    _grab(dialog, "saisie")
    # An entry in hand would ask before it is dropped.
    for _ in "31":
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Backspace)
    dialog.close()
    window.close()


def _report_pictures(paper: Path) -> None:
    import pypdfium2

    sample_report.write(paper)
    document = pypdfium2.PdfDocument(paper)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    for name, words in {"rapport-essentiel": "L’essentiel", "rapport-bpifrance": "Bpifrance"}.items():
        number = next(number for number, text in enumerate(texts) if number > 0 and words in text[:400])
        _keep(document[number].render(scale=1.3).to_pil(), f"{name}")
    document.close()


def _until(connect: Callable[[Callable[[], None]], object], act: Callable[[], None], show: QWidget) -> None:
    loop = QEventLoop()
    connect(loop.quit)
    show.show()
    act()
    QTimer.singleShot(20_000, loop.quit)
    loop.exec()


def _settle(ready: Callable[[], bool] = lambda: True, milliseconds: int = 400) -> None:
    """Let the window work until it is ready, then a moment more for its paints."""
    for _ in range(100):
        _wait(50)
        if ready():
            break
    _wait(milliseconds)


def _wait(milliseconds: int) -> None:
    """Run the event loop for a while. (`QTest.qWait` would keep the interpreter from the window's lane.)"""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _grab(widget: QWidget, name: str) -> None:
    target = FOLDER / f"{name}.png"
    widget.grab().save(str(target))
    _keep(Image.open(target), name)


def _keep(picture: Image.Image, name: str) -> None:
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    assert date.today() >= demo.DAY
    sys.exit(main())
