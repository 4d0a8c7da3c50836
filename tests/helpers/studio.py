"""Takes the pictures of `make pictures`: the window is driven by its own pages, shortcuts and buttons.

The base is the example that the officer can open too, on a fixed day; the pictures are kept to 256 colours, they are
read, not admired. Imported once the environment of Qt is set (see `pictures`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QTableView,
    QWidget,
)

from qpvdesk import app
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, MeetingKind
from qpvdesk.services import bases, printing
from qpvdesk.services.care import safety
from qpvdesk.services.documents import drawn_from
from qpvdesk.services.opening import Opening
from qpvdesk.services.settings import Settings
from qpvdesk.storage.opening import open_base
from qpvdesk.ui.announcer import Toast
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.notify import BoxNotifier
from qpvdesk.ui.pages.documents import DocumentsPage
from qpvdesk.ui.pages.exchange import ExchangePage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.rescue import Rescue
from qpvdesk.ui.theme import LOOKS, Mode
from qpvdesk.ui.widgets.passage_view import PassageView
from qpvdesk.ui.widgets.told_chart import ChartView
from qpvdesk.ui.widgets.trajectory_view import TrajectoryView
from tests.helpers import pictures
from tests.helpers.reviews import desk_on

DAY = date(2026, 11, 23)
"""The day of the pictures."""
_EDGE = 18
_SHOWN = {
    "objectifs": Address("objectifs", "BPI-O01"),
    "partenaires": Address("partenaires", "FT"),
    "comites": Address("comites", "COPIL-2026-06-17", (("volet", "1"),)),
    "territoires": Address("territoires", "62498"),
}
"""What is shown of a page in the sheets of looks, where its first thing would say little."""
_W = TypeVar("_W", bound=QWidget)
_RETURN = """Code;Date;Valeur
BPI-O01;31/10/2026;32
BPI-O02;31/10/2026;1.339
BPI-O04;31/10/2026;38 200
BPI-O05;31/10/2026;10 400
BPI-O99;31/10/2026;4
BPI-O12;31/05/2026;4 300
"""
_FOREIGN = """Service rendu;Part en quartier 2025;Part en quartier 2026;Remarque
Entrée en formation;17,4 %;18,2 %;
Contrats CIE jeunes;6,8 %;9,1 %;en hausse
Contrats PEC;17,9 %;18,1 %;
"""


class _Today(date):
    """The day of the pictures, whatever the day they are taken."""

    @classmethod
    def today(cls) -> date:  # type: ignore[override]
        return DAY


class Studio:
    """Makes the pictures into a folder; `work` holds the base and what is written on the way."""

    def __init__(self, work: Path, folder: Path) -> None:
        self.work = self._work = work
        self._folder = folder
        self._made: set[str] = set()
        self._base = work / "exemple.db"

    def make(self) -> set[str]:
        """Make every picture and return their names."""
        window = self._open()
        window.showNormal()
        window.resize(*pictures.WINDOW)
        self._pages(window)
        self._outside(window)
        self._dialogs(window)
        self._entry(window)
        window.close()
        self._refused()
        self._papers()
        return self._made

    def look(self, looks: Sequence[str]) -> Iterator[tuple[str, str, QPixmap]]:
        """Yield every page of every look, the window over the whole screen, and a form sent back: the look, the page, its
        picture."""
        window = self._open()
        for look in looks:
            projected = look not in LOOKS
            window.theme.set_mode(Mode.LIGHT if projected else Mode(look))
            if projected:
                # After a dialog no window is the active one, and a key of a command is lost.
                window.activateWindow()
                _settle(window.isActiveWindow)
                QTest.keyClick(window, Qt.Key.Key_F11)
                _settle(window.isFullScreen)
            for number, spec in enumerate(PAGES):
                window.go(_SHOWN.get(spec.word, Address(spec.word)))
                _settle(lambda: _laid_out(window), 2500 if spec.word == "territoires" else 500)
                for toast in window.findChildren(Toast):
                    toast.hide()
                yield look, f"{number:02}-{spec.word}", window.grab()
            if projected:
                QTest.keyClick(window, Qt.Key.Key_F11)
                window.showMaximized()
            else:
                yield look, f"{len(PAGES):02}-formulaire-refuse", self._refused_form(window)
        window.close()

    def _refused_form(self, window: MainWindow) -> QPixmap:
        """A form sent back: fields at fault, one that has the hand, a button pointed at, one that cannot be pressed."""
        window.findChild(QAction, "nouvel_objectif").trigger()
        _settle(lambda: _dialog(window) is not None, 700)
        form = _dialog(window)
        assert form is not None
        buttons = {one.text(): one for one in form.findChildren(QPushButton)}
        QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        buttons["Autres champs"].setEnabled(False)
        _settle()
        buttons["Fermer"].setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        taken = form.grab()
        form.close()
        _settle()
        return taken

    def _open(self) -> MainWindow:
        bases.create_example(self._base, now=datetime(DAY.year, DAY.month, DAY.day, 9).astimezone())
        app.date = _Today  # type: ignore[misc, attr-defined]
        # Kept: without it Qt is gone.
        self.application = QApplication(["qpvdesk"])
        self._program = app.build(self.application, self._base)
        window = self._program.window
        window.showMaximized()
        window.start()
        session = window.session
        _settle(lambda: session.picture is not None and session.picture.complete)
        return window

    def _pages(self, window: MainWindow) -> None:
        _settle(milliseconds=900)
        self.grab(window, "tableau-de-bord")
        for name, place in {
            "objectif": Address("objectifs", "BPI-O01"),
            "partenaire": Address("partenaires", "FT"),
            "points-d-attention": Address("points"),
            "engagements": Address("engagements", "BPI-E01"),
            "moyens": Address("moyens"),
            "territoires": Address("territoires", "62498"),
            "comites": Address("comites", "COPIL-2026-12-17"),
            "decisions": Address("comites", "COPIL-2026-06-17", (("volet", "1"),)),
            "donnees-arretees": Address("comites", "COPIL-2026-06-17", (("volet", "3"),)),
            "journal": Address("journal"),
        }.items():
            window.go(place)
            _settle(milliseconds=900)
            self.grab(window, name)
            if name == "objectif":
                self.grab(_shown(window, TrajectoryView), "trajectoire")
            if name == "partenaire":
                self.grab(_shown(window, ChartView), "parite")
        window.go(Address("impressions"))
        _settle(lambda: _laid_out(window), 900)
        self.grab(window, "impressions")
        window.go(Address("tableau"))
        QTest.keyClick(window, Qt.Key.Key_F11)
        _settle(milliseconds=900)
        self.grab(window, "projection")
        QTest.keyClick(window, Qt.Key.Key_F11)
        _settle()

    def _entry(self, window: MainWindow) -> None:
        """A return half typed; last, for what is typed and not saved is told at the foot of every page."""
        window.activateWindow()
        window.go(Address("releves", "FT"))
        _settle()
        grid = _shown(window, QTableView)
        grid.setFocus()
        for value in ("15,9", "21,1", "18,4", "18,2"):
            # The first letter opens the editor that takes the others.
            for letter in value:
                QTest.keyClicks(_focus(), letter)
            QTest.keyClick(_focus(), Qt.Key.Key_Return)
            _settle()
        _settle(milliseconds=900)
        self.grab(window, "releves")

    def _outside(self, window: MainWindow) -> None:
        """What comes from a file: a document, a return, a table of another make."""
        notifier = window._notifier
        paper = self._work / "Annexes du contrat.txt"
        picture = window.session.picture
        assert picture is not None
        paper.write_text(_annex(picture.situation.dossier), encoding="utf-8")
        window.go(Address("documents"))
        _settle()
        page = window.findChild(DocumentsPage)
        assert page is not None
        notifier.open_path = lambda *_: paper  # type: ignore[method-assign]
        _press(page, "Joindre le texte…")
        view = _named(page, PassageView, "Texte du document")
        _settle(lambda: bool(view.toPlainText()), 900)
        drawn = _named(page, QListWidget, "Tout ce qui est lu dans ce document")
        drawn.setCurrentRow(2)
        _settle(milliseconds=900)
        self.grab(window, "documents")
        for name, text, file in (
            ("echanges", _RETURN, "retour-bpifrance.csv"),
            ("correspondance", _FOREIGN, "tableau-france-travail.csv"),
        ):
            (self._work / file).write_text(text, encoding="utf-8")
            notifier.open_path = lambda *_, file=file: self._work / file  # type: ignore[method-assign]
            window.go(Address("echanges"))
            exchange = window.findChild(ExchangePage)
            assert exchange is not None
            loop = QEventLoop()
            exchange.previewed.connect(loop.quit)
            QTimer.singleShot(20_000, loop.quit)
            exchange.choose()
            loop.exec()
            _settle(milliseconds=600)
            self.grab(window, name)
            _press(exchange, "Renoncer")
            _settle()

    def _dialogs(self, window: MainWindow) -> None:
        window.activateWindow()
        window.go(Address("objectifs", "BPI-O01"))
        _settle(milliseconds=600)
        search = window.topbar.search
        search.setFocus()
        QTest.keyClicks(search, "bus")
        _settle()
        self._search(window, search)
        QTest.keyClick(search, Qt.Key.Key_Escape)
        for name, act in {
            "modifier-objectif": "modifier",
            "saisie": "saisir_detail",
            "reglages": "reglages",
            "bienvenue": "bienvenue",
            "sauvegardes": "sauvegardes",
            "phrase-secrete": "phrase",
        }.items():
            if name == "sauvegardes":
                safety.back_up(self._base)
            window.activateWindow()
            _settle()
            action = window.findChild(QAction, act)
            assert action is not None
            action.trigger()
            _settle(lambda: _dialog(window) is not None, 700)
            dialog = _dialog(window)
            assert dialog is not None
            if name == "saisie":
                QTest.keyClicks(_focus(), "33")
                _settle(milliseconds=1200)
            self.grab(dialog, name)
            if name == "saisie":
                # An entry in hand would ask before it is dropped.
                for _ in "33":
                    QTest.keyClick(_focus(), Qt.Key.Key_Backspace)
            dialog.close()
            _settle()
        for name, place, words in (
            ("meteo", Address("engagements", "BPI-E01"), "Donner la météo"),
            ("arreter", Address("comites", "COPIL-2026-12-17"), "Arrêter les données…"),
        ):
            window.go(place)
            _settle()
            _press(window, words)
            _settle(lambda: _dialog(window) is not None, 500)
            dialog = _dialog(window)
            assert dialog is not None, name
            self.grab(dialog, name)
            dialog.close()
            _settle()

    def _search(self, window: MainWindow, search: QLineEdit) -> None:
        """The list of what is found is a window of its own: put it where it stands."""
        found = window.topbar.results
        _settle(found.isVisible)
        grabbed = window.grab()
        over = found.grab()
        target, part = self._raw("recherche", grabbed), self._raw("recherche-liste", over)
        ratio = grabbed.devicePixelRatio()
        at = window.mapFromGlobal(found.mapToGlobal(found.rect().topLeft()))
        left, top = round(at.x() * ratio), round(at.y() * ratio)
        with Image.open(target) as whole, Image.open(part) as listed:
            made = whole.convert("RGB")
            made.paste(listed.convert("RGB"), (left, top))
            bar = search.mapTo(window, search.rect().topLeft())
            made = made.crop(
                (
                    round(min(at.x(), bar.x()) * ratio) - 30,
                    round((bar.y() - 14) * ratio),
                    made.width,
                    top + listed.height + 30,
                )
            )
        part.unlink()
        self._keep(made, "recherche")

    def _refused(self) -> None:
        """What is said of a base that is damaged."""
        base = self._work / "contrat.db"
        bases.create(base, "lens-lievin", now=datetime(DAY.year, DAY.month, DAY.day, 9).astimezone())
        safety.back_up(base)
        content = bytearray(base.read_bytes())
        content[8192 : 8192 + 40960] = b"\x00" * 40960
        base.write_bytes(bytes(content))
        opening = Opening(base, today=lambda: DAY, settings=Settings, local=self._work / "ici")
        rescue = Rescue(opening, BoxNotifier())

        def take() -> None:
            box = next(one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox))
            self.grab(box, "base-endommagee")
            box.reject()

        QTimer.singleShot(1500, take)
        try:
            opening.desk().close()
        except UserError as error:
            rescue.offer(error)

    def _papers(self) -> None:
        import pypdfium2

        with open_base(self._base, read_only=True) as base:
            held = desk_on(base, DAY).review(base.contracts()[0].code, DAY)
        meeting = max(
            (
                one
                for one in held.situation.dossier.meetings
                if one.day <= DAY and one.kind is MeetingKind.COPIL
            ),
            key=lambda one: one.day,
        )
        for model, pages in {
            "copil": {"rapport-essentiel": "L’essentiel", "rapport-bpifrance": "Bpifrance"},
            "mensuel": {"point-mensuel": ""},
            "decisions": {"releve-de-decisions": ""},
        }.items():
            paper = self._work / f"{model}.pdf"
            shown = replace(held, meeting=meeting) if model == "decisions" else held
            printing.write_report(printing.Request(model), shown, paper)
            document = pypdfium2.PdfDocument(paper)
            # The contents name each chapter too: where it begins is what the outline says.
            begins = {mark.get_title(): mark.get_dest().get_index() for mark in document.get_toc()}
            for name, chapter in pages.items():
                number = begins[chapter] if chapter else 0
                self._keep(document[number].render(scale=1.5).to_pil(), name)
            document.close()

    def grab(self, widget: QWidget, name: str) -> None:
        """Take a widget, without what was just said at its foot."""
        for toast in widget.findChildren(Toast):
            toast.hide()
        if isinstance(widget, QMainWindow):
            widget.statusBar().clearMessage()
        with Image.open(self._raw(name, widget.grab())) as taken:
            taken.load()
        if name in pictures.CUT_OUT:
            framed = Image.new("RGB", (taken.width + 2 * _EDGE, taken.height + 2 * _EDGE), "white")
            framed.paste(taken, (_EDGE, _EDGE))
            taken = framed
        self._keep(taken, name)

    def _raw(self, name: str, taken: QPixmap) -> Path:
        target = self._work / f"{name}.png"
        taken.save(str(target))
        return target

    def _keep(self, picture: Image.Image, name: str) -> None:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        small.save(self._folder / f"{name}.png", optimize=True)
        self._made.add(name)


def _annex(dossier: Dossier) -> str:
    """Return a text that holds what the first document is cited for: the real annexes do not ship."""
    lines: list[str] = []
    section: tuple[str, ...] = ()
    engagements = {one.key: one for one in dossier.engagements}
    for one in drawn_from(dossier, dossier.documents[0].key):
        here = tuple(part.strip() for part in one.citation.section.split(","))
        if here != section:
            lines += ["", *here[len(_common(here, section)) :], ""]
            section = here
        promise = engagements.get(one.key)
        if promise is not None:
            lines.append(f"{promise.label}. {promise.detail}".rstrip())
        if one.citation.mark and one.citation.mark not in "\n".join(lines[-2:]):
            lines.append(f"- {one.citation.mark}")
    return "\n".join(lines).strip()


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    held: list[str] = []
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        held.append(mine)
    return tuple(held)


def _named(page: QWidget, kind: type[_W], name: str) -> _W:
    return next(one for one in page.findChildren(kind) if one.accessibleName() == name)


def _shown(page: QWidget, kind: type[_W]) -> _W:
    return next(one for one in page.findChildren(kind) if one.isVisible())


def _press(page: QWidget, words: str) -> None:
    button = next(
        one
        for one in page.findChildren(QPushButton)
        if one.text().replace("&", "") == words and one.isVisible()
    )
    button.click()


def _dialog(window: QWidget) -> QDialog | None:
    return next((one for one in window.findChildren(QDialog) if one.isVisible()), None)


def _focus() -> QWidget:
    held = QApplication.focusWidget()
    assert held is not None
    return held


def _laid_out(window: MainWindow) -> bool:
    """Whether the page of printing, where it is the one shown, has its pages."""
    page = window.navigator.current
    if page is None or page.word != "impressions":
        return True
    return any(words.text().startswith("page ") for words in page.findChildren(QLabel))


def _settle(ready: Callable[[], object] = lambda: True, milliseconds: int = 400) -> None:
    """Let the window work until it is ready, then a moment more for its paints."""
    for _ in range(200):
        _wait(50)
        if ready():
            break
    _wait(milliseconds)


def _wait(milliseconds: int) -> None:
    """Run the event loop for a while. (`QTest.qWait` would keep the interpreter from the window's lane.)"""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
