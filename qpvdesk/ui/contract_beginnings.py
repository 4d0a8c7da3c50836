"""Another contract begun in one gesture: from its document, or from a folder of its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.proposing import Proposal
from qpvdesk.services import proposals
from qpvdesk.services.contracts import contract_import
from qpvdesk.services.desk import Desk
from qpvdesk.ui.contract_questions import ContractQuestions
from qpvdesk.ui.folders import Folders
from qpvdesk.ui.notify import Notifier, refusal
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.session import Session


class ContractBeginnings:
    """Asks which file or folder, makes the contract, shows it, and offers the one of before its leave."""

    def __init__(
        self,
        notifier: Notifier,
        session: Session,
        folders: Folders,
        propose: Callable[[Sequence[Proposal], str], object],
    ) -> None:
        """`propose` shows what a document proposes, by its name."""
        self._notifier, self._session, self._folders, self._propose = notifier, session, folders, propose

    def from_folder(self) -> None:
        """Make the contract of a folder of TOML files."""
        title = "Contrat d’un dossier"
        folder = self._notifier.folder(title, self._folders.of("echanges"))
        if folder is None:
            return
        codes: list[str] = []

        def make(desk: Desk) -> Change:
            made = contract_import.of_folder(folder)
            codes.extend(made.codes)
            return contract_import.apply(desk, made)

        self._make(title, make, codes, lambda: None)

    def from_document(self) -> None:
        """Make the contract that a document names, with its partners and its thématiques; then propose the rest."""
        title = "Contrat d’après son document"
        path = self._notifier.open_path(title, self._folders.of("pieces"), proposals.DOCUMENTS)
        if path is None:
            return
        self._folders.keep("pieces", path)

        def begin(read: tuple[str, list[Proposal]]) -> None:
            name, found = read
            codes = [proposals.code_for(name, path)]
            self._make(
                title,
                lambda desk: proposals.new_contract(desk, codes[0], name or path.stem, found),
                codes,
                lambda: self._propose(found, path.name),
            )

        self._session.read(
            title,
            lambda _, stop: proposals.read_contract(path, cancelled=stop),
            begin,
            lambda error: self._refuse(title, error),
        )

    def _make(
        self,
        title: str,
        make: Callable[[Desk], Change],
        codes: Sequence[str],
        then: Callable[[], object],
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

        def made(_: Change) -> None:
            self._session.pictured.connect(shown)
            self._session.show_contract(codes[0])

        self._session.change(title, make, made, lambda error: self._refuse(title, error))

    def _refuse(self, title: str, error: UserError) -> None:
        self._notifier.ask(refusal(title, error))
