"""« Impressions »: choose a paper, compose the committee's file, see its real pages, print or save them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date
from qpvdesk.domain.gatherings import ways
from qpvdesk.domain.meetings import in_order, meeting_code, next_copil
from qpvdesk.domain.situation import Situation
from qpvdesk.services import printing
from qpvdesk.services.care import leftovers
from qpvdesk.services.committees import papers
from qpvdesk.services.desk import Desk
from qpvdesk.services.printing import MODELS, Model, Of, Request, Sheet
from qpvdesk.services.templates import Templates
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.jobs import Job, ProgressCard
from qpvdesk.ui.kit.controls import button, rest
from qpvdesk.ui.kit.master_detail import side_by_side
from qpvdesk.ui.kit.tips import tell
from qpvdesk.ui.kit.tokens import EDGE, GAP, HAIR, ROOM, SNUG, TIGHT, fill, scrolled, stacked
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.pages.page import Address, Page, page_head
from qpvdesk.ui.pages.printing_preview import PreviewPane
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.composer import Composer
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.print_run import PrintRun

_KINDS = "PDF (*.pdf);;Document modifiable (*.docx);;Tableaux en CSV (*.zip)"
_PAUSE_MS = 250
"""How long the officer's hand rests before the pages are laid out again."""


class PrintingPage(Page):
    """The choice at the left, the pages at the right. What is seen is what is printed."""

    laid_out = Signal(int)
    """New pages are shown; how many."""

    word = "impressions"
    title = "Impressions"

    def __init__(
        self, theme: Theme, session: Session, notifier: Notifier, folder: Path, *, drafts: Drafts
    ) -> None:
        """`folder`: where the officer's templates are kept; `drafts`: where the words of each section are."""
        super().__init__()
        self._theme = theme
        self._session = session
        self._notifier = notifier
        self._drafts, self._worded = drafts, ""
        self._named = False
        """Whether the officer, or a page that led here, chose the meeting."""
        self._folders = Folders(folder)
        self._scratch = leftovers.scratch()
        self._picture: Picture | None = None
        self._count = 0
        self._file: Path | None = None
        self._laid: tuple[Situation, Request] | None = None
        self._turn = 0
        self._job: Job | None = None
        self._run: PrintRun | None = None
        self._composer = Composer(theme, Templates(folder), notifier)
        self._preview = PreviewPane(theme)
        outer = stacked(on=self, spacing=GAP, margins=(EDGE, ROOM, EDGE, ROOM))
        head, self._mention = page_head(self.title)
        self._save = button("Enregistrer…", self.save)
        self._print = button("Imprimer…", self._send, role="primary")
        # What is being written for a meeting, to be noted among its papers once it is there.
        self._saving: dict[Path, tuple[Situation, Request]] = {}
        self._session.printed.connect(self._saved)
        head.addWidget(self._save)
        head.addWidget(self._print)
        outer.addLayout(head)
        panes = (self._make_choice(), 300, 0), (self._preview, 900, 1)
        outer.addWidget(side_by_side(theme, *panes), 1)
        self._pause = rest(self, _PAUSE_MS, self._lay_out)
        self._model.currentIndexChanged.connect(self._choose)
        for combo in (self._partner, self._territory, self._meeting):
            combo.currentIndexChanged.connect(lambda _: self._pause.start())
        self._meeting.currentIndexChanged.connect(self._name_meeting)
        self._composer.changed.connect(self._pause.start)
        self._composer.worded.connect(self._keep_words)
        self._composer.chosen.connect(self._preview.go_to)
        self._preview.paper.wanted.connect(self._draw)
        self._preview.counted.connect(self._mention.setText)
        self._choose()

    @property
    def request(self) -> Request:
        model = self._chosen
        return Request(
            model.word,
            partner=self._partner.currentData() if model.of in (Of.PARTNER, Of.PARTNERS) else None,
            territory=self._territory.currentData() if model.of is Of.TERRITORY else None,
            composition=self._composer.composition(),
            meeting=self._meeting.currentData() if model.for_meeting else None,
        )

    @property
    def _chosen(self) -> Model:
        return MODELS[str(self._model.currentData())]

    def show_picture(self, picture: Picture) -> None:
        """Take the partners, places and sections of the contract; lay the pages out again."""
        self._picture = picture
        situation = picture.situation
        partners = [(partner.name, partner.code) for partner in situation.dossier.partners]
        everyone = [] if self._chosen.of is Of.PARTNER else [("Tous", None)]
        self._partner.show_choices([*everyone, *partners])
        self._territory.show_choices((place.name, place.code) for place in situation.dossier.territories)
        name = f"impressions-{picture.contract.code}"
        self._meeting.show_choices(_meetings(situation))
        self._named &= self._worded == name
        if not self._named:
            # The last meeting that was held is what some models are of, where none is named.
            frozen = None if self._chosen.of_meeting_day else _next_frozen(situation)
            with QSignalBlocker(self._meeting):
                self._meeting.setCurrentIndex(max(0, self._meeting.findData(frozen)))
        if self._worded != name:
            self._worded = name
            self._composer.take_words(self._drafts.read(name) or {})
        self._composer.show_sections(
            ways(situation.dossier), lambda word: printing.copil_sections(picture.review, word)
        )
        self._pause.start()

    def arrive(self, address: Address) -> None:
        """Open a model (`modele`), of a partner or a place (the focus: its code), for a meeting (`reunion`: its code)."""
        asked = dict(address.filters)
        if "modele" in asked:
            self._model.setCurrentIndex(max(0, self._model.findData(asked["modele"])))
        if "reunion" in asked and self._picture is not None:
            meetings = self._picture.situation.dossier.meetings
            key = next(
                (meeting.key for meeting in meetings if meeting_code(meeting) == asked["reunion"]), None
            )
            self._meeting.setCurrentIndex(max(0, self._meeting.findData(key)))
            # The one that was chosen there already is told by no signal.
            self._named = True
        if address.focus:
            for combo in (self._partner, self._territory):
                found = combo.findData(address.focus)
                if found >= 0:
                    combo.setCurrentIndex(found)
        self._model.setFocus()

    def address(self) -> Address:
        request = self.request
        return Address(self.word, request.partner or request.territory or "", (("modele", request.model),))

    def save(self) -> None:
        """Save the pages as a PDF, or their matter to be taken up elsewhere."""
        picture = self._picture
        if picture is None:
            return
        request = self.request
        path = self._notifier.save_path(
            f"Enregistrer\u202f: {MODELS[request.model].label}", self._suggested(picture, request), _KINDS
        )
        if path is None:
            return
        self._folders.keep("impressions", path)
        if request.meeting is not None and picture.editable:
            self._saving[path] = picture.situation, request
        job = self._session.read(
            "Impression du rapport", _printing(picture.situation, path, request), self._session.printed.emit
        )
        card = ProgressCard(f"Mise en page\u202f: {MODELS[request.model].label}", job, self)
        self._session.print_over.connect(card.finish)

    def _suggested(self, picture: Picture, request: Request) -> Path:
        """The file that a paper is offered to be written to."""
        of = request.partner or request.territory
        meetings = picture.situation.dossier.meetings
        day = next((meeting.day for meeting in meetings if meeting.key == request.meeting), picture.day)
        name = "-".join(filter(None, (request.model, of, picture.contract.code, day.isoformat()))).lower()
        return self._folders.suggestion("impressions", f"{name}.pdf")

    def leave(self) -> None:
        """Give up the pages under way; the officer's words wait on disk."""
        self._drafts.flush()
        if self._job is not None:
            self._job.cancel()

    def end(self) -> None:
        """Remove the scratch pages; none is laid out any more, whose base would have to be opened again."""
        self._pause.stop()
        self._scratch.cleanup()

    def _make_choice(self) -> QWidget:
        area, column = scrolled("Choix du document", spacing=SNUG, margins=(0, 0, GAP, 0))
        self._model = ElidedCombo("", ((model.label, model.word) for model in MODELS.values()))
        self._partner, self._territory, self._meeting = ElidedCombo(), ElidedCombo(), ElidedCombo()
        self._of: dict[QComboBox, QWidget] = {}
        for name, combo in (
            ("D&ocument", self._model),
            ("Pa&rtenaire", self._partner),
            ("&Territoire", self._territory),
            ("Ré&union", self._meeting),
        ):
            field = QWidget()
            box = stacked(on=field, spacing=HAIR, margins=(0, 0, 0, TIGHT))
            title = label(name, "field")
            title.setBuddy(combo)
            combo.setAccessibleName(name.replace("&", ""))
            combo.need(18)
            fill(box, title, combo)
            column.addWidget(field)
            self._of[combo] = field
        column.addWidget(self._composer, 1)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)
        area.setMinimumWidth(self._theme.px(270))
        return area

    def _choose(self) -> None:
        model = self._chosen
        self._of[self._partner].setVisible(model.of in (Of.PARTNER, Of.PARTNERS))
        self._of[self._territory].setVisible(model.of is Of.TERRITORY)
        self._of[self._meeting].setVisible(model.for_meeting)
        self._composer.setVisible(model.composed)
        self._rest.setVisible(not model.composed)
        if self._picture is not None:
            self.show_picture(self._picture)

    def _name_meeting(self) -> None:
        self._named = True

    def _keep_words(self, words: dict[str, str]) -> None:
        if words:
            self._drafts.keep(self._worded, words)
        else:
            self._drafts.drop(self._worded)

    def _lay_out(self) -> None:
        """Lay the pages out in the lane of long readings; what was under way is given up."""
        picture = self._picture
        if picture is None:
            return
        if self._job is not None:
            self._job.cancel()
        self._turn += 1
        turn, request, situation = self._turn, self.request, picture.situation
        path = Path(self._scratch.name) / f"{turn}.pdf"
        self._preview.wait()

        def show(sheets: tuple[Sheet, ...]) -> None:
            if turn != self._turn:
                path.unlink(missing_ok=True)
                return
            if self._file is not None:
                self._file.unlink(missing_ok=True)
            other = self._laid is None or _document(*self._laid) != _document(situation, request)
            self._file, self._count, self._laid = path, len(sheets), (situation, request)
            self._preview.show_sheets(sheets, other=other)
            self.laid_out.emit(len(sheets))

        def refuse(error: UserError) -> None:
            if turn == self._turn:
                self._preview.refuse(str(error))

        lay_out = _printing(situation, path, request)

        def work(desk: Desk, cancelled: Callable[[], bool]) -> tuple[Sheet, ...]:
            return printing.sheets_of(lay_out(desk, cancelled))

        self._job = self._session.read("Aperçu", work, show, refuse)

    def _draw(self, page: int, scale: float) -> None:
        path, turn = self._file, self._turn
        if path is None:
            return

        def show(raster: printing.Raster) -> None:
            if turn == self._turn:
                picture = QImage(
                    raster.data, raster.width, raster.height, raster.stride, QImage.Format.Format_RGB32
                )
                self._preview.paper.take(page, scale, picture.copy())

        self._session.read("Aperçu", lambda _desk, _stop: printing.draw_page(path, page, scale), show)

    def _saved(self, path: Path) -> None:
        paper = self._saving.pop(path, None)
        if paper is not None:
            self._note(*paper, path.name)

    def _note(self, situation: Situation, request: Request, name: str) -> None:
        """Note a paper among those of its meeting."""
        self._session.change(
            "Papiers de la réunion",
            lambda desk: papers.record_shown(
                desk, situation.dossier.contract.code, situation.day, request, name=name
            ),
        )

    def _send(self) -> None:
        """Print the pages that are shown, through the system's dialog."""
        laid, picture = self._laid, self._picture
        if self._file is None or self._run is not None or laid is None or picture is None:
            return
        printer = self._notifier.printer(self._count, self._suggested(picture, laid[1]).stem)
        if printer is None:
            return
        self._run = PrintRun(self._session, printer, self._file, self._count, parent=self)
        self._run.finished.connect(lambda words: self._sent(words, laid))
        self._run.start()

    def _sent(self, words: str, laid: tuple[Situation, Request]) -> None:
        complete = self._run is not None and self._run.complete
        self._run = None
        tell(self._mention, words)
        picture = self._picture
        if complete and picture is not None and picture.editable:
            situation, request = laid
            if request.meeting is not None:
                self._note(situation, request, "")


def _printing(
    situation: Situation, path: Path, request: Request
) -> Callable[[Desk, Callable[[], bool]], Path]:
    contract, day = situation.dossier.contract.code, situation.day

    def work(desk: Desk, cancelled: Callable[[], bool]) -> Path:
        return printing.print_report(desk, contract, day, path, request=request, cancelled=cancelled)

    return work


def _document(situation: Situation, request: Request) -> tuple[str | None, ...]:
    """What makes it another document, whatever its sections are and whatever has moved in it."""
    contract = situation.dossier.contract.code
    return contract, request.model, request.partner, request.territory, request.meeting


def _meetings(situation: Situation) -> list[tuple[str, str | None]]:
    """The meetings a document can be printed for, the latest first; those whose data are frozen say so."""
    frozen = {snapshot.meeting: snapshot.day for snapshot in situation.dossier.snapshots}
    live = ", non arrêtées" if _next_frozen(situation) else ""
    rows: list[tuple[str, str | None]] = [(f"La prochaine, données du jour{live}", None)]
    for meeting in reversed(in_order(situation.dossier.meetings)):
        told = f", données au {format_date(frozen[meeting.key])}" if meeting.key in frozen else ""
        rows.append((f"{meeting_code(meeting)}{told}", meeting.key))
    return rows


def _next_frozen(situation: Situation) -> str | None:
    """The key of the next COPIL, where its data are frozen on that day already: they are what its papers are to show."""
    coming = next_copil(situation.dossier, situation.day)
    frozen = {item.meeting for item in situation.dossier.snapshots if item.day <= situation.day}
    return coming.key if coming is not None and coming.key in frozen else None
