"""What the window answers with: forms, dialogs, undoing, the tray. A first sight shows none of it, and does without."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QDialog, QMainWindow, QMenu, QWidget

from qpvdesk.domain.french import enumerate_words, plural
from qpvdesk.services.settings import Settings
from qpvdesk.ui.announcer import LINES, QUICK, WORDS, Announcer
from qpvdesk.ui.changing import Changing
from qpvdesk.ui.commands import COMMANDS, commands_with
from qpvdesk.ui.dialog_host import DialogHost
from qpvdesk.ui.drafts import decision_draft, decisions_in, figures_draft
from qpvdesk.ui.editing import Editor
from qpvdesk.ui.entering import Entering
from qpvdesk.ui.found import GUIDE
from qpvdesk.ui.kit.controls import commands_through, rest, typed_in, words_only
from qpvdesk.ui.notify import Choice, Gravity, Notice
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.pages.registry import Surroundings
from qpvdesk.ui.projector import Projector
from qpvdesk.ui.quick_entry import QuickEntry
from qpvdesk.ui.recent import Recent, RecentBases
from qpvdesk.ui.session import Act, once_answered
from qpvdesk.ui.undoing import Undoing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMetaObject
    from PySide6.QtGui import QAction, QKeySequence

    from qpvdesk.domain.shown_table import ShownTable
    from qpvdesk.services.desk import Desk
    from qpvdesk.ui.dialogs.waiting import WaitingDialog
    from qpvdesk.ui.kept_forms import KeptElsewhere, KeptForm
    from qpvdesk.ui.kit.form_dialog import FormDialog
    from qpvdesk.ui.navigator import Navigator
    from qpvdesk.ui.picture import Picture
    from qpvdesk.ui.topbar import Topbar

_TYPING_MS = 200
"""A pause in typing after which it is looked what is not saved."""
_TOLD_LETTERS = 60
"""Of what would be lost, so much is enough to know it again."""


class Equipment(QObject):
    """Makes all of it over a window, and connects it to what the window shows."""

    going = Signal(object)
    """An `Address` is asked for."""

    def __init__(
        self,
        window: QMainWindow,
        given: Surroundings,
        settings: QSettings,
        *,
        actions: dict[str, QAction],
        navigator: Navigator,
    ) -> None:
        super().__init__(window)
        session, notifier, typed = given.session, given.notifier, given.drafts
        self._typed, self._counted = typed, ""
        self._session, self._navigator, self._actions = session, navigator, actions
        self.editor = Editor(given.theme, notifier, session, typed, over=window)
        self.changing = Changing(given.theme, session, self.editor, window)
        self.entering = Entering(given.theme, notifier, session, typed, over=window)
        self.recent = Recent(session)
        self.dialogs = DialogHost(window, given, settings, self._chapter)
        self.undoing = Undoing(window, session, navigator, notifier, actions=actions)
        self.quick = QuickEntry(given.theme, session)
        self.projector = Projector(window, given.theme, session, actions)
        self.recent_bases = RecentBases(settings, self.open_base)
        self._given, self._window = given, window
        self._following: QMetaObject.Connection | None = None
        """What hears the field of text under the hand: what is typed in it is told at once."""
        self._texts = 0
        self._typing = rest(self, _TYPING_MS, self._count_typed)

    def fill(self, menus: dict[str, QMenu]) -> None:
        """Put in the menus what is not a command: the acts to undo, the bases opened lately."""
        menus["&Édition"].insertMenu(self._actions["saisir"], self.undoing.menu)
        recent = QMenu("Bases récentes", menus["&Fichier"])
        recent.aboutToShow.connect(lambda: self.recent_bases.fill(recent))
        menus["&Fichier"].insertMenu(self._actions["copie"], recent)

    def wire(self, topbar: Topbar, announcer: Announcer) -> None:
        """Answer what is asked for, and say it."""
        session, dialogs = self._session, self.dialogs
        self._announcer = announcer
        self.projector.leaving.connect(announcer.leave_projector)
        self._typed.changed = self._typing.start
        session.pictured.connect(self._count_draft)
        session.pictured.connect(lambda _: self._typing.start() if self._texts else None)
        self._given.theme.application.focusChanged.connect(self._follow_hand)
        if session.picture is not None:
            self._count_draft(session.picture)
        self._navigator.page_made.connect(self._connect)
        for page in self._navigator.pages.values():
            self._connect(page)
        for source in (self.entering, self.editor, dialogs):
            source.announced.connect(announcer.say)
        self.entering.countering.connect(lambda typed: self.editor.make("counter_value", None, typed))
        self.quick.valued.connect(lambda text: announcer.count_unsaved(QUICK, bool(text.strip())))
        self.quick.why_no_detail = self.entering.why_no_detail
        self.quick.detailing.connect(lambda key, typed: self.entering.enter(key, "", typed))
        dialogs.asked.connect(lambda word: self._actions[word].trigger())
        dialogs.kept.connect(self._take_settings)
        topbar.contract_chosen.connect(session.show_contract)
        topbar.day_chosen.connect(session.show_day)
        topbar.sought.connect(lambda text: self._seek(topbar, text))
        topbar.found.connect(self._go_to_found)
        topbar.commands = lambda text: commands_with(text, self._actions)
        for part in (topbar, self.quick):
            words_only(part)
        topbar.recent, topbar.status = self.recent.offered, self.recent.status
        if topbar.search.text():
            # Typed before anything could answer.
            topbar.sought.emit(topbar.search.text())

    def refuse_keys(self, keys: QKeySequence) -> bool:
        """Say why nothing comes of the keys of a command, where what is shown cannot be changed; whether they are such."""
        picture = self._session.picture
        if picture is None or picture.editable:
            return False
        free = replace(picture, read_only=False, projected=False)
        for command in COMMANDS:
            action = self._actions[command.word]
            refused = command.when is not None and not action.isEnabled() and command.when(free)
            if refused and keys in action.shortcuts():
                self._announcer.say(picture.why_uneditable)
                return True
        return False

    def close(self) -> bool:
        """Let go of what is being typed in a form; False where the officer goes on with it."""
        return self._forget_typed() and self.entering.close() and self.editor.close()

    def _forget_typed(self) -> bool:
        """Ask before what is typed, and is neither saved nor kept, goes with the window."""
        left = [
            f"«\u202f{_shortened(words)}\u202f» ({name}, {page.title})"
            for page in self._navigator.pages.values()
            for name, words in page.typed()
        ]
        if self.quick.isVisible():
            left += [
                f"«\u202f{_shortened(words)}\u202f» ({name}, saisie rapide)"
                for name, words in typed_in(self.quick)
            ]
        if not left:
            return True
        notice = Notice(
            "Ce qui est tapé n’est pas enregistré",
            f"{'Serait perdu' if len(left) == 1 else 'Seraient perdus'}\u202f: {enumerate_words(left)}.",
            "Restez pour l’enregistrer, ou quittez sans le garder.",
            Gravity.QUESTION,
            (Choice("rester", "Rester"), Choice("quitter", "Quitter sans l’enregistrer")),
        )
        return self._given.notifier.ask(notice) == "quitter"

    def _follow_hand(self, _: QWidget | None, now: QWidget | None) -> None:
        """Tell of what is typed in the field that has the hand, whichever it is: a page makes some of them late."""
        if self._following is not None:
            # By its handle: a field that is being destroyed has no signal of that name any more.
            QObject.disconnect(self._following)
        if self._following is not None or self._texts:
            # What was told may have gone with its form, which a button closed.
            self._typing.start()
        # Their classes, named, would make enums that a start does without.
        texts = now is not None and (now.inherits("QLineEdit") or now.inherits("QPlainTextEdit"))
        self._following = now.textChanged.connect(self._typing.start) if texts else None  # type: ignore[union-attr]

    def _count_typed(self) -> None:
        """Say how many texts are typed and not saved, in the pages and in the form that is open over them."""
        # Ours alone: the name of a file in a dialog of Qt is nothing to save. By their name, which makes none of them.
        forms = [
            cast("FormDialog", form)
            for form in self._window.findChildren(QDialog)
            if form.isVisible() and form.inherits("FormDialog")
        ]
        pages = self._navigator.pages.values()
        self._texts = sum(len(page.typed()) for page in pages) + sum(len(typed_in(form)) for form in forms)
        self._announcer.count_unsaved(WORDS, self._texts)
        self._announcer.count_unsaved(LINES, sum(form.lines_typed() for form in forms))
        if not forms:
            # What is typed in a form that is open is told as such.
            self._tell_kept()

    def _tell_kept(self) -> None:
        """Say which forms wait on disk with words in them; the lane reads their folder, which may be on a slow one."""
        picture = self._session.picture
        if picture is None or picture.read_only:
            self._announcer.show_kept((), self._forget_kept)
            return

        def find(desk: Desk) -> tuple[list[KeptForm], list[KeptElsewhere]]:
            if not (names := self._typed.names()):
                return [], []
            from qpvdesk.ui.kept_forms import KeptForms  # noqa: PLC0415 - 36 ms, where a draft waits alone

            forms = KeptForms(self.editor, self.entering, self.going.emit)
            # Those of the base: the picture may be of before one was removed.
            elsewhere = forms.elsewhere(names, desk.contracts(), picture.contract.code, desk.dossier)
            return forms.of(names, picture.situation.dossier), elsewhere

        self._session.ask("Brouillons", find, lambda found: self._show_kept(picture.contract.code, *found))

    def _show_kept(self, contract: str, kept: Sequence[KeptForm], elsewhere: Sequence[KeptElsewhere]) -> None:
        picture = self._session.picture
        # What is told of a contract that was left is told anew of the one in view.
        if picture is not None and picture.contract.code == contract:
            self._announcer.show_kept(kept, self._forget_kept, elsewhere)

    def _forget_kept(self, form: KeptForm) -> None:
        """Let go of a draft; the toast brings it back."""
        words = self._typed.read(form.draft) or {}
        self._typed.drop(form.draft)
        back = partial(self._typed.keep, form.draft, words)
        self._announcer.flash(f"Brouillon oublié\u202f: {form.title}", "Annuler", back)

    def _count_draft(self, picture: Picture) -> None:
        """Say at the start what waits on disk, lines of figures or a decision: their page tells it once it is made."""
        if not picture.complete or self._counted == picture.contract.code:
            return
        contract = self._counted = picture.contract.code
        self._tell_kept()
        self._session.ask(
            "Brouillons",
            lambda _: (
                self._typed.take_up(decision_draft(contract)),
                self._typed.take_up(figures_draft(contract)),
            ),
            lambda lines: self._count_lines(*lines) if self._counted == contract else None,
        )

    def _count_lines(self, decision: dict[str, Any] | None, figures: dict[str, Any] | None) -> None:
        """`decision`, `figures`: the drafts of the lines that two pages keep. The one in view tells its own; another, made
        or not, still speaks of the contract that it showed last."""
        here = self._navigator.current
        word = here.word if here is not None else ""
        if word != "comites":
            self._announcer.count_unsaved("comites", decisions_in(decision or {}))
        if word != "releves":
            rows = (figures or {}).get("lignes")
            count = len(rows) if isinstance(rows, dict) else 0
            self._announcer.count_unsaved("releves", count)
            if count and "releves" not in self._navigator.pages:
                waiting = plural(count, "ligne tapée attend", "lignes tapées attendent")
                self._announcer.flash(
                    f"Relevés\u202f: {waiting} d’être enregistrée{'s' * (count > 1)}",
                    "Voir",
                    lambda: self._navigator.go(Address("releves")),
                )

    def open_base(self, path: Path) -> None:
        if self.dialogs.open_other is not None:
            self.dialogs.open_other(path)

    def _seek(self, topbar: Topbar, text: str) -> None:
        """Look for words; what was typed since has other answers to come."""
        from qpvdesk.services import search  # noqa: PLC0415 - 2 ms, who looks for something alone needs it

        contract = self._session.contract
        self._session.ask(
            "Recherche",
            lambda desk: search.find(desk, contract, text) if text == topbar.search.text() else (),
            lambda found: topbar.show_found(text, found),
        )

    def _go_to_found(self, address: Address) -> None:
        if address.page == GUIDE:
            self.dialogs.open_guide(address.focus)
        else:
            self.going.emit(address)

    def _connect(self, page: Page) -> None:
        """Answer what a page asks for; where it goes is the window's."""
        page.entering.connect(self.entering.enter)
        page.acting.connect(lambda label, act: self._session.change(label, act))
        page.answering.connect(self._answer)
        page.making.connect(
            lambda kind, typed: (
                self.editor.new_contract()
                if kind == "contract"
                else self.editor.make(kind, self._navigator.here(), typed)
            )
        )
        page.changing.connect(lambda kind, keys: self.changing.change(self._navigator.here(), kind, keys))
        page.declining.connect(lambda key: self.editor.change_one("objective", key, "declined"))
        page.removing.connect(self.changing.remove)
        page.attaching.connect(self.dialogs.open_files)
        for table in page.tables():
            table.menu.export = self._export
        page.waiting = self._announcer.waiting
        page.unsaved.connect(partial(self._announcer.count_unsaved, page.word))
        commands_through(page)
        words_only(page)

    def _export(self, table: ShownTable) -> None:
        """Write a table as it is seen, where the officer says."""
        from qpvdesk.ui.exporting import Exporting  # noqa: PLC0415 - 1 ms, a table that is written alone needs it

        Exporting(self._session, self._given.notifier, self._given.folder).save(table)

    def _answer(self, label: str, act: Act, form: WaitingDialog) -> None:
        """Make the change that a form asks for, and tell it what came of it."""
        self._session.change(label, act, lambda _: form.saved(), form.refuse, faults=True)
        once_answered(self._session, form.answered)

    def _chapter(self) -> str:
        """Where the guide speaks of the page in view."""
        page = self._navigator.current
        return page.word if page is not None else "demarrage"

    def _take_settings(self, settings: Settings) -> None:
        self.dialogs.take_settings(settings)
        self._announcer.flash("Réglages enregistrés")


def _shortened(words: str) -> str:
    return words if len(words) <= _TOLD_LETTERS else f"{words[:_TOLD_LETTERS].rstrip()}…"
