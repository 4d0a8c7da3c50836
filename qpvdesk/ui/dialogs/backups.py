"""The backups of the base: when, why, what each holds; one more now, or one put back."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from qpvdesk.domain import file_names, french
from qpvdesk.domain.errors import UserError
from qpvdesk.services.care import keeping, safety, sealing
from qpvdesk.services.care.safety import Copy, Preview
from qpvdesk.ui.kit.controls import button, leaves
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.notify import CANCEL, Choice, Gravity, Notice, Notifier, refusal
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.empty import EmptyState

_RESTORE = Choice("restaurer", "Restaurer")
_SAME_DISK = " Une panne ou un vol les emporterait avec elle\u202f: donnez un second dossier dans les réglages (Ctrl+,)."


class BackupsDialog(FormDialog):
    """Reads the backups when it opens; Enter on a line asks to put it back."""

    chapter = "sauvegardes"
    """Where F1 opens the guide."""

    def __init__(
        self, theme: Theme, session: Session, notifier: Notifier, parent: QWidget | None = None
    ) -> None:
        super().__init__("Sauvegardes", parent, heading="Sauvegardes de la base")
        self._session, self._notifier = session, notifier
        self.fit(min(theme.px(860), 1300), min(theme.px(480), 690))
        self.say(
            "qpvdesk en fait une toutes les 30 minutes pendant que vous travaillez, et avant chaque opération qui"
            " remplace des données. Chacune est vérifiée. Restaurer dit d’abord ce qui changerait, et la base remplacée"
            " devient elle-même une sauvegarde.",
            "mention",
        )
        self.column.addWidget(self._make_list(theme), 1)
        self._summary = self.say("", "mention")
        self._save = button("Sauvegarder maintenant", self._back_up)
        self._restore = button("Restaurer…", lambda: self._ask_restore(self._table.current_row()))
        self._restore.setEnabled(False)
        self.foot("Fermer", self.accept, self._save, self._restore, leave="")
        self._read()

    def _make_list(self, theme: Theme) -> QStackedWidget:
        px = theme.px
        self._model: TableModel[Copy] = TableModel(
            (
                Column(
                    "Date",
                    lambda row: f"{french.format_date(row.backup.made_at.date())} {row.backup.made_at:%H:%M}",
                    lambda row: row.backup.made_at,
                    width=px(126),
                ),
                Column("Faite", lambda row: safety.REASONS.get(row.backup.reason, "–"), width=px(150)),
                Column("Relevés", _figures, lambda row: row.contents and row.contents.figures, True, px(76)),
                Column("Dernier acte", _last_act, width=0),
                Column("Taille", _size, lambda row: row.backup.size, True, px(84)),
            ),
            lambda row: row.backup.path,
            parent=self,
        )
        self._table = Table(self._model, "Sauvegardes", wrapped=True, stretched=px(220))
        self._table.row_opened.connect(self._ask_restore)
        self._table.row_selected.connect(self._follow)
        nothing = EmptyState(
            "Aucune sauvegarde pour l’instant",
            "La première se fera d’elle-même après votre prochaine saisie\u202f; vous pouvez aussi en faire une maintenant.",
        )
        self._stack = leaves(self._table, nothing)
        return self._stack

    def _read(self) -> None:
        self._session.ask(
            "Lecture des sauvegardes",
            lambda desk: (safety.copies(desk.base.path), desk.settings.copies is not None),
            self.while_open(self._show),
        )

    def _show(self, read: tuple[tuple[Copy, ...], bool]) -> None:
        copies, elsewhere = read
        self._model.set_rows(copies)
        self._stack.setCurrentIndex(0 if copies else 1)
        if copies and self._table.current_row() is None:
            self._table.select_first()
        total = sum(copy.backup.size for copy in copies)
        if copies:
            self._summary.setText(
                f"{french.plural(len(copies), 'sauvegarde', 'sauvegardes')}, {french.format_size(total)}, dans le dossier"
                f" «\u202f{file_names.shown(copies[0].backup.path.parent.name)}\u202f», à côté de la base."
                + ("" if elsewhere else _SAME_DISK)
            )
            tip(self._summary, str(copies[0].backup.path.parent))

    def _follow(self, row: Copy | None) -> None:
        picture = self._session.picture
        editable = picture is not None and picture.editable
        self._restore.setEnabled(row is not None and row.contents is not None and editable)

    def _back_up(self) -> None:
        self._save.setEnabled(False)

        def over(_backup: object) -> None:
            self._save.setEnabled(True)
            self._read()

        self._session.ask("Sauvegarde", keeping.back_up, self.while_open(over), self._refuse, faults=True)

    def _refuse(self, error: UserError) -> None:
        if self.is_open():
            self._save.setEnabled(True)
        self._notifier.ask(refusal("Sauvegardes", error))

    def _ask_restore(self, row: Copy | None) -> None:
        if row is None or not self._restore.isEnabled():
            return
        path = row.backup.path

        def show(preview: Preview) -> None:
            made_at = row.backup.made_at
            answer = self._notifier.ask(
                Notice(
                    "Restaurer une sauvegarde",
                    f"Remplacer la base par la sauvegarde du {french.format_date(made_at.date())} à {made_at:%H:%M}\u202f?",
                    "\n".join(
                        (
                            *safety.sentences(preview),
                            "",
                            "La base actuelle sera gardée parmi les sauvegardes\u202f: vous pourrez y"
                            " revenir de la même façon.",
                        )
                    ),
                    Gravity.QUESTION,
                    (_RESTORE, CANCEL),
                )
            )
            if answer == _RESTORE.word:
                self._session.replace_base(
                    lambda desk: keeping.restore(desk, path), lambda _: self._restored(), self._refuse
                )

        self._session.ask(
            "Aperçu", lambda desk: safety.preview(desk.base.path, path), self.while_open(show), self._refuse
        )

    def _restored(self) -> None:
        if self.is_open():
            self._read()
        self._notifier.ask(
            Notice(
                "Sauvegardes",
                "La sauvegarde a pris la place de la base.",
                "La base remplacée est la première de la liste\u202f: la restaurer annule ce que vous venez de faire.",
            )
        )


def _figures(row: Copy) -> str:
    return "–" if row.contents is None else french.format_number(row.contents.figures)


def _last_act(row: Copy) -> str:
    if row.contents is None and sealing.is_locked(row.backup.path):
        return "Illisible\u202f: elle est sous une autre phrase secrète."
    if row.contents is None:
        return "Illisible\u202f: cette sauvegarde est abîmée."
    return row.contents.last_act or "Aucun"


def _size(row: Copy) -> str:
    return french.format_size(row.backup.size)
