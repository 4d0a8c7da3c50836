"""What is remembered of the files of each partner: columns, names, what is set aside; changed or forgotten."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Objective
from qpvdesk.domain.wording import called
from qpvdesk.services.figures import correspondences
from qpvdesk.services.figures.correspondences import Remembered
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import FormDialog, offer
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tokens import fill
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label


class _Row(Struct, frozen=True):
    """One thing that is remembered: the columns of a file, or a name in it."""

    item: Remembered
    name: str | None
    """None for the columns."""
    means: str


class RememberedDialog(FormDialog):
    """One line a thing remembered; each change is an act that can be undone."""

    shown = Signal()
    """What is remembered is listed."""

    def __init__(self, theme: Theme, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Ce qui est retenu des partenaires", parent)
        self._session = session
        px = theme.px
        self._objectives: dict[str, Objective] = {}
        self._model: TableModel[_Row] = TableModel(
            (
                Column("Partenaire", lambda row: row.item.partner.short_name, width=px(130)),
                Column("Dans ses fichiers", _inside, width=0),
                Column("Est lu comme", lambda row: row.means, width=px(260)),
            ),
            lambda row: (row.item.key, row.name),
            parent=self,
        )
        self._view = Table(self._model, "Ce qui est retenu", wrapped=True, stretched=px(200))
        self._view.empty_words = (
            "Rien n’est retenu. Dans l’aperçu d’un import, «\u202fRetenir pour\u202f» garde les colonnes"
            " et les noms."
        )
        self._view.row_selected.connect(self._choose)
        self.column.addWidget(self._view, 1)
        row = QHBoxLayout()
        self._means = QLineEdit()
        self._means.setPlaceholderText("Code de l’objectif\u202f; vide\u202f: mis de côté")
        self._means.setAccessibleName("Objectif que désigne ce nom")
        caption = label("&Désigne")
        caption.setBuddy(self._means)
        fill(row, caption, (self._means, 1))
        self.column.addLayout(row)
        self._fault = self.trouble()
        self._forget = button("&Oublier", self._drop)
        self._change = self.foot("Changer", self._associate, self._forget, leave="Fermer")
        self.fit(px(760), px(420))
        self._load()

    def _load(self) -> None:
        picture = self._session.picture
        if picture is None:
            return
        dossier = picture.situation.dossier
        contract = dossier.contract.code
        self._objectives = {objective.code: objective for objective in dossier.objectives}
        offer(self._means, [called(item) for item in dossier.objectives if not item.retired])
        self._session.ask(
            "",
            lambda desk: correspondences.remembered(desk, contract),
            self.while_open(self._show),
            self.while_open(self._refuse),
        )

    def _show(self, items: tuple[Remembered, ...]) -> None:
        rows = []
        for item in items:
            rows.append(_Row(item, None, "Colonnes d’un fichier"))
            rows += [_Row(item, name, self._meant(code)) for name, code in item.chosen.items()]
        self._model.set_rows(rows)
        if self._view.current_row() is None:
            self._view.select_first()
        self._choose(self._view.current_row())
        self.shown.emit()

    def _meant(self, code: str) -> str:
        if not code:
            return "Mis de côté"
        objective = self._objectives.get(code)
        return called(objective) if objective is not None else code

    def _choose(self, row: _Row | None) -> None:
        picture = self._session.picture
        editable = picture is not None and picture.editable and row is not None
        named = editable and row is not None and row.name is not None
        self._forget.setEnabled(editable)
        self._change.setEnabled(named)
        self._means.setEnabled(named)
        self._means.setText(row.item.chosen[row.name] if row is not None and row.name is not None else "")

    def _associate(self) -> None:
        row = self._view.current_row()
        if row is not None and row.name is not None:
            typed = self._means.text().strip()
            named = {called(item): item.code for item in self._objectives.values()}
            self._act(row, named.get(typed, typed))

    def _drop(self) -> None:
        row = self._view.current_row()
        if row is not None:
            self._act(row, None)

    def _act(self, row: _Row, code: str | None) -> None:
        key, name, contract = row.item.key, row.name, self._contract()
        self._fault.hide()

        def done(_: Change) -> None:
            if self.is_open():
                self._load()

        if name is None:
            self._session.change(
                "Oubli", lambda desk: correspondences.forget(desk, contract, key), done, self._refuse
            )
        else:
            self._session.change(
                "Nom retenu",
                lambda desk: correspondences.associate(desk, contract, key, name, code=code),
                done,
                self._refuse,
            )

    def _contract(self) -> str:
        picture = self._session.picture
        return "" if picture is None else picture.contract.code

    def _refuse(self, error: UserError) -> None:
        self._fault.setText(str(error))
        self._fault.show()


def _inside(row: _Row) -> str:
    return row.item.sentence if row.name is None else f"«\u202f{row.name}\u202f»"
