"""Another contract begun in one gesture: from its document, or from a folder of its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services import proposals
from qpvdesk.services.contracts import contract_import
from qpvdesk.services.desk import Desk
from qpvdesk.services.proposals import ProposedContract
from qpvdesk.ui.contract_questions import ContractQuestions
from qpvdesk.ui.dialogs.choosing import ChoosingDialog
from qpvdesk.ui.dialogs.document_proposals import DocumentProposalsDialog
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.notify import refusal
from qpvdesk.ui.pages.registry import Surroundings
from qpvdesk.ui.picture import Picture

if TYPE_CHECKING:
    from qpvdesk.services.figures.imports import ReadBook


class ContractBeginnings:
    """Asks which file or folder, makes the contract, shows it, and offers the one of before its leave."""

    def __init__(
        self, window: QMainWindow, given: Surroundings, folders: Folders, say: Callable[[str], object]
    ) -> None:
        """`say` tells what is under way."""
        self._window, self._theme, self._folders, self._say = window, given.theme, folders, say
        self._notifier, self._session = given.notifier, given.session

    def begin(self, word: str, otherwise: Callable[[str], object]) -> None:
        """Begin with the contract of a document or of a folder, as a word of the first leaf says; another goes elsewhere."""
        ways = {
            "contrat_document": self.from_document,
            "contrat_dossier": self.from_folder,
            "contrat_epci": self.from_list,
        }
        picture = self._session.picture
        if word not in ways:
            otherwise(word)
        elif picture is not None and ContractQuestions(self._notifier, self._session).may_begin(
            picture.contract
        ):
            ways[word]()

    def go_on(self) -> None:
        """Choose a document, read it, and show what it promises that the contract in view does not hold."""
        title = "Proposer d’après un document"
        if (path := self._document(title)) is not None:
            self._session.read(
                title,
                lambda _, stop: proposals.read(path, cancelled=stop),
                self.show_proposals,
                lambda error: self._refuse(title, error),
            )

    def show_proposals(self, proposed: ProposedContract) -> None:
        """Show what a document promises and the contract in view does not hold."""
        picture = self._session.picture
        assert picture is not None
        fresh = proposals.fresh(picture.situation.dossier, proposed.found)
        if not fresh:
            self._say("Ce document ne propose rien que le contrat n’ait déjà.")
            return
        DocumentProposalsDialog(
            self._theme, self._session, fresh, source=proposed.source, parent=self._window
        ).open()

    def from_folder(self) -> None:
        title = "Contrat d’un dossier"
        folder = self._notifier.folder(title, self._folders.of("echanges"))
        if folder is None:
            return
        codes: list[str] = []

        def make(desk: Desk) -> Change:
            draft = contract_import.of_folder(folder)
            codes.extend(draft.codes)
            return contract_import.apply(desk, draft)

        self._make(title, make, codes, lambda: None)

    def from_list(self) -> None:
        """Make a contract with the places that an official list has of the EPCI that is chosen in it."""
        from qpvdesk.services.territories import official  # noqa: PLC0415 - 90 ms, a list of places alone needs it

        title = "Contrat d’une agglomération"
        path = self._notifier.open_path(
            title, self._folders.of("echanges"), "Listes officielles (*.csv *.xlsx *.ods *.xls)"
        )
        if path is None:
            return

        def ask(read: tuple[ReadBook, tuple[tuple[str, str], ...]]) -> None:
            book, found = read
            things = [(number, name, f"{name} ({number})") for number, name in found]
            dialog = ChoosingDialog(
                self._theme,
                things,
                "Quelle agglomération est la vôtre\u202f?",
                self._window,
                act="Créer son contrat",
            )
            dialog.chosen.connect(lambda number, name: make(book, number, name))
            dialog.open()

        def make(book: ReadBook, number: str, name: str) -> None:
            code = proposals.code_for(name, path)
            typed = {"name": f"Contrat de ville – {name}", "code": code, "epci": number}
            self._make(
                title, lambda desk: official.new_contract(desk, typed, path, book), [code], lambda: None
            )

        self._session.read(
            title,
            lambda _, stop: official.agglomerations(path, cancelled=stop),
            ask,
            lambda error: self._refuse(title, error),
        )

    def from_document(self) -> None:
        """Make the contract that a document names, with its partners and its thématiques; then propose the rest."""
        title = "Contrat d’après son document"
        path = self._document(title)
        if path is None:
            return

        def begin(proposed: ProposedContract) -> None:
            codes = [proposals.code_for(proposed.name, path)]
            self._make(
                title,
                lambda desk: proposals.new_contract(desk, codes[0], proposed.name or path.stem, proposed),
                codes,
                lambda: self.show_proposals(proposed),
            )

        self._session.read(
            title,
            lambda _, stop: proposals.read(path, cancelled=stop),
            begin,
            lambda error: self._refuse(title, error),
        )

    def _make(
        self, title: str, make: Callable[[Desk], Change], codes: Sequence[str], then: Callable[[], object]
    ) -> None:
        """Make a contract whose code is known once it is made, show it, and go on."""
        before = self._session.picture

        def shown(picture: Picture) -> None:
            if picture.contract.code not in codes:
                return
            self._session.pictured.disconnect(shown)
            if before is not None:
                ContractQuestions(self._notifier, self._session).offer_removal(before)
            then()

        def show_contract(_: Change) -> None:
            self._session.pictured.connect(shown)
            self._session.show_contract(codes[0])

        self._session.change(title, make, show_contract, lambda error: self._refuse(title, error))

    def _document(self, title: str) -> Path | None:
        """Ask for a document, and remember where it was."""
        path = self._notifier.open_path(title, self._folders.of("pieces"), proposals.DOCUMENTS)
        if path is not None:
            self._folders.keep("pieces", path)
        return path

    def _refuse(self, title: str, error: UserError) -> None:
        self._notifier.ask(refusal(title, error))
