"""The actions of a partner's action plan, each taken as an engagement or not; nothing is written before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import enumerate_words, format_date, plural
from qpvdesk.domain.model import NATURE_LABELS, Nature
from qpvdesk.services.figures import action_plans
from qpvdesk.services.figures.action_plans import Action, ActionPlan
from qpvdesk.services.figures.imports import ReadBook
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tokens import GAP, fill, in_row, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.labels import aside, label

_TO_CHOOSE = ("À choisir", None)


class _Lines(Table):
    """Space turns the row under the hand."""

    turned = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the row with the space bar."""
        if event.key() == Qt.Key.Key_Space:
            self.turned.emit()
            return
        super().keyPressEvent(event)


class ActionsPane(QWidget):
    """One line an action; Space or Enter takes it, or leaves it."""

    proposed = Signal()
    """The actions of a file are shown."""
    created = Signal(str)
    """Engagements were made of some, in words."""
    given_up = Signal()

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self._session = session
        self._picture: Picture | None = None
        px = theme.px
        self._left: set[str] = set()
        self._plan: ActionPlan | None = None
        column = stacked(
            label("Ce fichier est un plan d’actions", "heading"),
            aside("Chaque action choisie devient un engagement. Espace choisit ou laisse une ligne."),
            on=self,
            spacing=GAP,
        )
        head = QHBoxLayout()
        self._partner, self._nature = ElidedCombo("Partenaire du plan d’actions"), ElidedCombo("Nature")
        self._partner.activated.connect(lambda _: self._ask())
        self._nature.activated.connect(lambda _: self._fill())
        for words, combo in (("&Partenaire", self._partner), ("&Nature", self._nature)):
            caption = label(words)
            caption.setBuddy(combo)
            fill(head, caption, (combo, 1))
        column.addLayout(head)
        self._told = aside("")
        column.addWidget(self._told)
        self._model: TableModel[Action] = TableModel(
            (
                Column("Créer", self._mark, width=px(120)),
                Column("Action", lambda item: item.named, width=0),
                Column("Axe", lambda item: item.axis, width=px(140)),
                Column("Pilote", lambda item: item.carrier, width=px(150)),
                Column("Échéance", _due, width=px(110)),
                Column("Budget", lambda item: item.budget, width=px(110)),
                Column("Statut", lambda item: item.status, width=px(100)),
            ),
            lambda item: item.cell,
            parent=self,
        )
        self._view = _Lines(self._model, "Actions du plan", wrapped=True, stretched=px(180))
        self._view.turned.connect(self._turn)
        self._view.row_opened.connect(lambda _: self._turn())
        column.addWidget(self._view, 1)
        self._fault = label("", "error", wrap=True)
        column.addWidget(self._fault)
        self._go = button("Créer", self._take, role="primary")
        foot = in_row(1, button("Renoncer", self.given_up.emit), self._go)
        column.addLayout(foot)

    def propose(self, book: ReadBook, name: str, picture: Picture) -> bool:
        """Show the actions of a file, whose partner and nature are to be said; False where the file is no action plan."""
        plan = action_plans.found(book, name)
        partners = picture.situation.dossier.partners
        if plan is None or not partners:
            return False
        self._plan, self._picture, self._left = plan, picture, set()
        self._partner.clear()
        self._partner.show_choices((_TO_CHOOSE, *((item.short_name, item.code) for item in partners)))
        self._nature.clear()
        self._nature.show_choices(
            (_TO_CHOOSE, *((words, item.value) for item, words in NATURE_LABELS.items()))
        )
        self._fault.clear()
        self._fill()
        self.proposed.emit()
        self._partner.setFocus()
        return True

    def _ask(self) -> None:
        """Say which actions are engagements of the partner already."""
        plan, picture, partner = self._plan, self._picture, str(self._partner.currentData() or "")
        if plan is None or picture is None or not partner:
            self._fill()
            return
        contract = picture.contract.code

        def show(known: ActionPlan) -> None:
            self._plan = known
            self._fault.clear()
            self._fill()

        self._session.preview(
            lambda desk, _: action_plans.proposed(desk, contract, plan, partner), show, self._refuse
        )

    def _refuse(self, error: UserError) -> None:
        self._fault.setText(str(error))
        self._go.setEnabled(True)

    def _chosen(self) -> tuple[str, ...]:
        actions = self._plan.actions if self._plan is not None else ()
        return tuple(item.cell for item in actions if not item.known and item.cell not in self._left)

    def _mark(self, item: Action) -> str:
        if item.known:
            return f"=  {item.known}"
        return "–  Laissée" if item.cell in self._left else "✓  À créer"

    def _fill(self) -> None:
        kept = self._view.current_row()
        self._model.set_rows(self._plan.actions if self._plan is not None else ())
        if kept is None or not self._view.select_identity(kept.cell):
            self._view.select_first()
        count, nature = len(self._chosen()), self._nature.currentText()
        source = self._plan.file if self._plan is not None else ""
        wanting = [
            words
            for words, combo in (("de qui elles sont", self._partner), ("leur nature", self._nature))
            if not combo.currentData()
        ]
        self._told.setText(
            f"Le fichier ne le dit pas\u202f: choisissez {enumerate_words(wanting)}."
            if wanting
            else f"{self._partner.currentText()}, «\u202f{nature}\u202f», sans thématique\u202f; source\u202f:"
            f" «\u202f{source}\u202f»."
        )
        self._go.setText(f"Créer {plural(count, 'engagement', 'engagements')}")
        self._go.setEnabled(count > 0 and not wanting)

    def _turn(self) -> None:
        item = self._view.current_row()
        if item is not None and not item.known:
            self._left ^= {item.cell}
            self._fill()

    def _take(self) -> None:
        plan, picture, partner, cells = self._plan, self._picture, self._partner.currentData(), self._chosen()
        nature = self._nature.currentData()
        if plan is None or picture is None or not partner or not nature:
            return
        contract = picture.contract.code
        self._go.setEnabled(False)
        self._session.change(
            "Plan d’actions",
            lambda desk: action_plans.take(
                desk, contract, plan, str(partner), cells=cells, nature=Nature(nature)
            ),
            lambda change: self.created.emit(change.label),
            self._refuse,
            faults=True,
        )


def _due(item: Action) -> str:
    return format_date(item.day) if item.day is not None else item.due
