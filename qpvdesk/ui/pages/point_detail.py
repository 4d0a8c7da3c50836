"""The point chosen in « Points d’attention », or the line that stands for several: why, what to do, taken into account."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.meetings import is_meeting_code, is_visit_code
from qpvdesk.domain.points import NATURE_LABELS
from qpvdesk.domain.review import PointView
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.kit.tokens import GAP, fill, scrolled, stacked
from qpvdesk.ui.models.points import PointRow
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.citation import CitationView
from qpvdesk.ui.widgets.detail_panel import MARGINS, DetailPanel
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import label


class Acknowledging(QWidget):
    """Says the reason once; the page knows of which points."""

    submitted = Signal(str)

    def __init__(self, theme: Theme, title: str, name: str) -> None:
        """`name`: the accessible name of the reason."""
        super().__init__()
        column = stacked(on=self, spacing=GAP)
        self._title = label(title, "subheading")
        column.addWidget(self._title)
        self._reason = TextArea()
        self._reason.setPlaceholderText("Le motif\u202f: ce qui est déjà su, décidé ou en cours")
        self._reason.setAccessibleName(name)
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(theme.px(70))
        self._reason.textChanged.connect(self._allow)
        column.addWidget(self._reason)
        self._button = button(title, self._submit, role="primary")
        column.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignLeft)
        self._writable = False
        self._of, self._given = "", ""
        """The line that the reason is typed for; the reason that was given last."""
        self.left: dict[str, str] = {}
        """Reasons begun for other lines: they come back with them."""
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self._reason)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._button.click)

    def begin(self, of: str, words: str, *, writable: bool) -> None:
        """Ask for the reason of a line, where it was left; `words`: what the button says."""
        self._writable = writable
        self._button.setText(words)
        self._reason.setEnabled(writable)
        typed = self._reason.toPlainText()
        if typed.strip() == self._given:
            typed = ""
        if self._given or of != self._of:
            self.left = {line: told for line, told in {**self.left, self._of: typed}.items() if told.strip()}
            self._reason.setPlainText(self.left.pop(of, ""))
            # What a hand typed before is no less typed by hand.
            self._reason.document().setModified(True)
        self._of, self._given = of, ""
        self._allow()

    def _submit(self) -> None:
        self._given = self._reason.toPlainText().strip()
        self.submitted.emit(self._given)

    def _allow(self) -> None:
        self._button.setEnabled(self._writable and bool(self._reason.toPlainText().strip()))


_TOLD_MAX = 6
"""Of more points of one line the others are named by their codes: the line unfolds."""


class PointDetail(DetailPanel):
    """Shows a line of the table; says what is decided of the points that it stands for."""

    address_asked = Signal(object)
    """The `Address` of what the point is about, or of its passage."""
    acknowledged = Signal(object, str)
    """The identifiers of points, and the reason why they are taken into account."""
    reopened = Signal(str)
    """Identifier of a point to be dealt with after all."""
    folded = Signal(str, bool)
    """The group of a line that stands for several is to be unfolded, or folded."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            "Détail du point d’attention",
            theme.px(360),
            spacing=GAP,
            nothing=EmptyState(
                "Aucun point choisi",
                "Choisissez une ligne\u202f: le calcul, ce qui peut être fait et la source se lisent ici.",
            ),
        )
        self._theme = theme
        self._row: PointRow | None = None
        self._views: tuple[PointView, ...] = ()
        """The points of all the lines chosen: one reason takes them into account together."""
        self._address: Address | None = None
        self._make_one()
        self._several = self._make_several()
        self.add(self._several)

    def show_row(self, row: PointRow | None, chosen: Sequence[PointRow], picture: Picture) -> None:
        """Show a line, the last of those chosen; None: that none is."""
        self._row = row
        self._views = tuple({view.point.ident: view for line in chosen for view in line.views}.values())
        if row is None:
            self.show_nothing()
        elif row.view is None or row.head:
            self._show_several(row, picture)
        else:
            self._show_one(row.view, picture)

    def reasons(self) -> list[str]:
        """Return the reasons begun for lines that are no longer chosen."""
        return [*self._taking.left.values(), *self._taking_all.left.values()]

    def open(self) -> None:
        if self._address is not None:
            self.address_asked.emit(self._address)

    def _make_one(self) -> None:
        layout = self.column
        self._family = label("", "mention")
        self._title = label("", "heading", wrap=True)
        self._message = label("", wrap=True, select=True)
        self._remedy = label("", wrap=True, select=True)
        self._citation = QVBoxLayout()
        self._object = button("", self.open)
        for part in (
            self._family,
            self._title,
            self._message,
            label("Que faire", "subheading"),
            self._remedy,
        ):
            layout.addWidget(part)
        layout.addLayout(self._citation)
        layout.addWidget(self._object, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(GAP)
        self._words = label("Motif", "subheading")
        layout.addWidget(self._words)
        self._seen = label("", wrap=True)
        layout.addWidget(self._seen)
        self._withdraw = button("Remettre à traiter", self._reopen)
        layout.addWidget(self._withdraw, alignment=Qt.AlignmentFlag.AlignLeft)
        self._taking = Acknowledging(self._theme, "Prendre en compte", "Motif de la prise en compte")
        self._taking.submitted.connect(self._acknowledge)
        fill(layout, self._taking, 1)

    def _make_several(self) -> QScrollArea:
        """What is said of a line that stands for several, which one reason may take into account together."""
        area, layout = scrolled(
            "Détail de plusieurs points d’attention", "panelbody", read=True, spacing=GAP, margins=MARGINS
        )
        self._head_title = label("", "heading", wrap=True)
        self._head_message = label("", wrap=True, select=True)
        self._head_remedy = label("", wrap=True, select=True)
        self._head_codes = label("", wrap=True, select=True)
        self._head_fold = button("", self._fold)
        for part in (
            self._head_title,
            self._head_message,
            label("Que faire", "subheading"),
            self._head_remedy,
            label("Détail", "subheading"),
            self._head_codes,
        ):
            layout.addWidget(part)
        layout.addWidget(self._head_fold, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(GAP)
        self._taking_all = Acknowledging(
            self._theme, "Prendre en compte ensemble", "Pourquoi prendre en compte tous ces points"
        )
        self._taking_all.submitted.connect(self._acknowledge)
        fill(layout, self._taking_all, 1)
        return area

    def _show_several(self, row: PointRow, picture: Picture) -> None:
        self.show_other(self._several)
        self._head_title.setText(row.title)
        self._head_message.setText(f"{row.sentence}.")
        self._head_remedy.setText(row.views[0].point.remedy)
        self._head_codes.setText(_listed(row.views))
        self._taking_all.setHidden(picture.projected or not self._waiting())
        self._taking_all.begin(row.ident, self._taking_words(), writable=picture.editable)
        self._head_fold.setText("Replier ces lignes" if row.open else f"Déplier les {len(row.views)} lignes")

    def _show_one(self, view: PointView, picture: Picture) -> None:
        self.show_column()
        point, situation = view.point, picture.situation
        self.begin(point.ident)
        family = NATURE_LABELS[point.nature] if point.nature else "Alerte"
        partner = situation.partner(point.partner).short_name if point.partner else ""
        codes = ", ".join(point.instances) or point.object
        self._family.setText(" · ".join(part for part in (family, partner, codes) if part))
        self._title.setText(point.title)
        self._message.setText(point.message)
        self._remedy.setText(point.remedy)
        clear(self._citation)
        if point.citation is not None:
            self._citation.addWidget(CitationView(situation, point.citation, "", self.address_asked.emit))
        self._address = _where(situation, point.object)
        self._object.setVisible(self._address is not None)
        self._object.setText(f"Ouvrir {point.object}")
        self._seen.setVisible(view.acknowledged)
        self._seen.setText(f"Pris en compte le {format_date(view.acknowledged_on)}\u202f: {view.reason}")
        writable, projected = picture.editable, picture.projected
        self._taking.setHidden(not self._waiting() or projected)
        together = len(self._views) > 1
        words = self._taking_words() if together else "Prendre en compte"
        self._taking.begin(point.ident, words, writable=writable)
        self._withdraw.setVisible(view.acknowledged and not projected)
        self._withdraw.setEnabled(writable)
        self._words.setVisible(view.acknowledged)

    def _waiting(self) -> list[str]:
        """The identifiers of the points chosen that are not taken into account yet."""
        return [view.point.ident for view in self._views if not view.acknowledged]

    def _taking_words(self) -> str:
        count = len(self._waiting())
        return f"Prendre en compte {'les ' * (count > 1)}{plural(count, 'point', 'points')}"

    def _acknowledge(self, reason: str) -> None:
        self.acknowledged.emit(self._waiting(), reason)

    def _reopen(self) -> None:
        if self._row is not None and self._row.view is not None:
            self.reopened.emit(self._row.view.point.ident)

    def _fold(self) -> None:
        if self._row is not None:
            self.folded.emit(self._row.group, not self._row.open)


def _listed(views: Sequence[PointView]) -> str:
    """What each of several points says, a line each; of many the first ones, then the codes of the others."""
    told, rest = views[:_TOLD_MAX], views[_TOLD_MAX:]
    codes = list(dict.fromkeys(view.point.object for view in rest))
    lines = [f"{view.point.object}\u202f: {view.point.titled}" for view in told]
    return "\n\n".join([*lines, *([", ".join(codes)] if codes else ())])


def _where(situation: Situation, code: str) -> Address | None:
    dossier = situation.dossier
    for page, things in (
        ("objectifs", situation.objectives),
        ("engagements", dossier.engagements),
        ("partenaires", dossier.partners),
        ("moyens", dossier.fundings),
    ):
        if any(thing.code == code for thing in things):
            return Address(page, code)
    if is_visit_code(code):
        return Address("visites", code)
    return Address("comites", code) if is_meeting_code(code) else None
