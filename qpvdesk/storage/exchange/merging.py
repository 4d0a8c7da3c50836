"""Merging a package into a base: the union of two journals, then the rows that follow from it.

Order and repetition do not matter: an operation is known by its author and sequence, and of two values of one cell
the later clock is shown. Nothing is lost in silence: what one removed while another worked on it comes back, and a
cell that two wrote without knowing of each other is a disagreement (see `disagreements`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE
from qpvdesk.storage import chain, clock, files, journal, programme, snapshots
from qpvdesk.storage.care.purging import ERASED, erased_texts, is_erased_text, is_erasure
from qpvdesk.storage.care.redating import TOLERATED
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import erasures, gaps, peers, veils
from qpvdesk.storage.exchange.consent import Terms
from qpvdesk.storage.exchange.joining import join_figures
from qpvdesk.storage.exchange.merged import MergeAuthor, Merged
from qpvdesk.storage.exchange.merged_rows import Cells, MergedRows
from qpvdesk.storage.exchange.package import (
    ActName,
    Operation,
    Package,
    PackagedAct,
    Vector,
    vector,
)  # fmt: skip
from qpvdesk.storage.exchange.removals import ACT, Answer
from qpvdesk.storage.exchange.trust import Verdict, contradiction, judge, two_stories, unproven
from qpvdesk.storage.history import HistoryReader
from qpvdesk.storage.journal import EXISTENCE, OperationRow
from qpvdesk.storage.refusals import natures, refuse_mixture


class Merger:
    """Merges one package, inside an open transaction. Raises `UserError`; the transaction is then to be undone."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        package: Package,
        author: MergeAuthor,
        *,
        terms: Terms,
        accepted: frozenset[str] | None = None,
    ) -> None:
        """`accepted`: see `removals.Answer`."""
        self._connection, self._package, self._author = connection, package, author
        self._terms = terms
        self._names = {author.uid: terms.name(author) for author in package.authors}
        self._numbers: dict[str, int] = {}
        self._erased: list[tuple[Operation, int]] = []
        """What somebody took out of history for good, with the number it has here."""
        self._replaced: list[tuple[Operation, int]] = []
        """What stands here without a signature and otherwise than its author signed it, with its number here."""
        self._originals: list[tuple[Operation, int]] = []
        """What may be the text, as its author signed it, of what stands here as erased, with its number here."""
        self._veils = veils.Unveiling(connection, package)
        self._returned = erasures.Returned()
        self._again: erasures.Erasures = {}
        """What stays erased here of the new operations, as `PackagedAct.withheld`."""
        # What one reads oneself of a base that lies in one's hands has no author to send it.
        is_read = package.public is not None and package.public == terms.own and terms.unsigned
        self._erasures = {} if is_read else erasures.relayed_erasures(package)
        self._proven_elsewhere = {act.name for act in package.acts if act.first} & unproven(connection)
        self.merged = Merged()
        self._answer = Answer(connection, accepted)
        self._merged_rows = MergedRows(connection, author, self.merged, self._answer)

    def merge(self, forget: Callable[[], AbstractContextManager[None]]) -> Merged:
        """Bring the operations in, then the rows they make. `forget` lets what the journal says be rewritten."""
        package = self._package
        self._check_mixture()
        new = self._unknown(vector(self._connection))
        self._check_clocks(new)
        verdict = judge(self._connection, package, new, self._terms, now=self._author.now)
        new = [erasures.bared(operation, self._erasures) for operation in new]
        self.merged.unsigned, self.merged.stripped = verdict.unsigned, verdict.stripped
        if package.public is None and (new or self._erased):
            self.merged.unsigned = max(1, verdict.unsigned)
        self.merged.strangers = tuple(verdict.strangers.values())
        self._numbers = {
            uid: journal.author_number(self._connection, uid, name) for uid, name in self._names.items()
        }
        new, self._again = erasures.erased_again(self._connection, new, self._answer, self._numbers)
        touched = self._take(new, verdict)
        chain.note_unsigned(self._connection, verdict.bare)
        numbers = journal.act_numbers(self._connection, set(self._again))
        for name, digests in self._again.items():
            chain.keep_withheld(self._connection, numbers[name], digests)
        if self._veils.found:
            with forget():
                unveiled = self._veils.keep(self._numbers, self._erasures)
            new = [*new, *unveiled]
            self.merged.completed += len(unveiled)
            for operation in unveiled:
                touched.setdefault(operation.kind, set()).add(operation.key)
                self.merged.by_author[self._names[operation.author]] += 1
        if self._replaced or verdict.completed:
            with forget():
                self._complete(verdict, touched)
        if self._erased or any(ERASED in act.label for act in package.acts):
            with forget():
                self._erase(touched)
        self._restore(touched, forget)
        for digest, (content, pages) in package.contents.items():
            files.keep(self._connection, digest, content, pages)
        for fingerprint, text in package.frozen.items():
            snapshots.keep(self._connection, fingerprint, text)
        self._project(new, touched)
        self._merged_rows.check_circles()
        self._merged_rows.close()
        peers.remember(self._connection, self._package)
        history = HistoryReader(self._connection)
        self.merged.revived = [(kind, history.name(kind, key)) for kind, key in self.merged.revived]
        self.merged.proposals = self._answer.proposals
        self._answer.note()
        return self.merged

    def _project(self, new: list[Operation], touched: Cells) -> None:
        merged_rows = self._merged_rows
        new_figures = {
            operation.key
            for operation in new
            if operation.kind == "measurement" and operation.field == EXISTENCE and operation.value
        }
        try:
            self._keep_texts(new)
            merged_rows.project(touched)
            # An edition that shipped is of its own version, whatever a package says of itself.
            is_edition = any(operation.author.startswith(journal.STARTER) for operation in new)
            version = 0 if is_edition else self._package.schema
            merged_rows.project(_by_kind(programme.migrate(self._connection, version)))
            merged_rows.revive_what_is_used()
            join_figures(self._connection, merged_rows, new_figures, self._package.known)
        except (KeyError, ValueError, sqlite3.IntegrityError) as error:
            gaps.check_replaced(self._connection, self._names, new)
            raise contradiction() from error

    def _keep_texts(self, new: list[Operation]) -> None:
        """Write again a text that another would show as erased, and that the officer does not let go of."""
        for operation in erasures.erasing(self._package, new, self._again):
            number = self._numbers[operation.author]
            kind, key, name, text = operation.kind, operation.key, operation.field, operation.value or ""
            rows = self._connection.execute(f'SELECT "{name}" FROM {kind} WHERE key = ?', (key,))
            (before,) = rows.fetchone() or ("",)
            if not before or not is_erased_text(before, text):
                continue
            # Whoever says it erased did not write it.
            if not self._answer.erasure((kind, key), before, text, author=None):
                self._merged_rows.write(kind, key, name, before, parent=(number, operation.seq))
        for kind, key, name, text in self._returned.declined:
            is_here = self._connection.execute(f"SELECT 1 FROM {kind} WHERE key = ?", (key,)).fetchone()
            head = journal.heads(self._connection, kind, key)[name]
            if is_here and is_erased_text(text, head.value or ""):
                self._merged_rows.write(kind, key, name, text, parent=(head.author, head.seq))

    def _check_mixture(self) -> None:
        """Keep what is invented and what is real in bases of their own."""
        contracts = [operation.key for operation in self._package.operations if operation.kind == "contract"]
        refuse_mixture(natures(self._connection), {key.startswith(EXAMPLE) for key in contracts})

    def _check_clocks(self, new: list[Operation]) -> None:
        """Note by how much the latest of it is ahead, of our clock and of what was taken knowingly of a clock that is
        wrong: whoever goes on after that counts on from it. Raises `UserError` for a moment that no clock gives.

        Whoever goes on after an act of the last moment there is counts on from it, one an act: they are never refused
        for it, and nobody can be brought nearer to the end of the count than by doing as many acts.
        """
        latest = max((operation.hlc for operation in new), default=0)
        now, taken = self._author.now, clock.moment(journal.last_hlc(self._connection))
        ahead = clock.moment(latest) - (taken if taken > now + TOLERATED else now)
        self.merged.days_ahead = max(0, ahead.days) if ahead > TOLERATED else 0
        if latest <= clock.LATEST:
            return
        counted = {operation.hlc for operation in new if operation.hlc > clock.LATEST}
        rows = self._connection.execute("SELECT DISTINCT hlc FROM operation WHERE hlc > ?", (clock.LATEST,))
        counted.update(hlc for (hlc,) in rows)
        if latest > clock.LATEST + len(counted):
            raise UserError(
                "Ce paquet contient des actes d’une date impossible\u202f: tout ce que vous écririez ensuite serait"
                " refusé par vos collègues. Rien n’a été fusionné.",
                "Demandez à votre collègue de régler l’horloge de son ordinateur, puis un nouveau paquet.",
            )

    # The journal

    def _unknown(self, before: Vector) -> list[Operation]:
        """Return the operations that are not here yet. Raises `UserError` where some between are missing."""
        stored = self._stored({operation.author for operation in self._package.operations} & before.keys())
        new: list[Operation] = []
        for operation in self._package.operations:
            here = stored.get((operation.author, operation.seq))
            if here is None:
                new.append(operation)
            else:
                self._compare(operation, here)
        arrived: dict[str, list[int]] = {}
        for operation in new:
            arrived.setdefault(operation.author, []).append(operation.seq)
        for author in self._package.authors:
            seqs, last = arrived.get(author.uid), before.get(author.uid, 0)
            if seqs and (lost := gaps.check_gap(self._connection, author, last, seqs)):
                self.merged.lost[self._names[author.uid]] += lost
        return new

    def _stored(self, uids: Iterable[str]) -> dict[tuple[str, int], tuple[Any, ...]]:
        stored: dict[tuple[str, int], tuple[Any, ...]] = {}
        for uid in uids:
            rows = self._connection.execute(
                "SELECT o.seq, o.hlc, o.kind, o.key, o.field, o.value, p.uid, o.parent_seq, o.id FROM operation o"
                " JOIN author a ON a.id = o.author LEFT JOIN author p ON p.id = o.parent_author WHERE a.uid = ?",
                (uid,),
            )
            stored |= {(uid, row[0]): row[1:] for row in rows}
        return stored

    def _compare(self, operation: Operation, here: tuple[Any, ...]) -> None:
        """Raise `UserError` where the same operation is another one there; what was erased for good stays so."""
        hlc, kind, key, name, value, parent, parent_seq, number = here
        if journal.VEILED in (kind, operation.kind):
            if not self._veils.is_the_same(operation, kind, number):
                raise two_stories(operation.author, self._names[operation.author])
            return
        there = (hlc, kind, key, name, parent, parent_seq)
        same = there == (
            operation.hlc, operation.kind, operation.key, operation.field, operation.parent, operation.parent_seq,
        )  # fmt: skip
        if same:
            if erasures.NEVER_CAME in (value or ""):
                self._originals.append((operation, number))
            operation = erasures.filled(operation, value)
        if same and journal.says_the_same(name, value, operation.value):
            return
        if same and is_erasure(kind, name, value, operation.value):
            self._erased.append((operation, number))
            return
        if same and value is not None and ERASED in value:
            self._originals.append((operation, number))
            return
        if operation.act_name in self._proven_elsewhere:
            self._replaced.append((operation, number))
            return
        raise two_stories(operation.author, self._names[operation.author])

    def _erase(self, touched: Cells) -> None:
        """Take out of our history what was taken out of theirs for good, and the officer lets go of."""
        for operation, number in self._erased:
            rows = self._connection.execute("SELECT value FROM operation WHERE id = ?", (number,))
            (before,) = rows.fetchone()
            answers = [
                self._answer.erasure(
                    (operation.kind, operation.key),
                    old,
                    new,
                    author=self._numbers.get(operation.author),
                    relayed=erasures.is_relayed(self._connection, self._package, operation, name),
                )
                for name, old, new in erased_texts(operation.field, before, operation.value)
            ]
            if not all(answers):
                continue
            chain.withhold(self._connection, number, operation.value)
            self._connection.execute("UPDATE operation SET value = ? WHERE id = ?", (operation.value, number))
            touched.setdefault(operation.kind, set()).add(operation.key)
            self.merged.erased += 1
        for act in self._package.acts:
            act_number = self._act_number(act.name) if ERASED in act.label else None
            label = "" if act_number is None else self._label_of(act_number)
            if (
                act_number is None
                or act.label in (label, erasures.VEILED_WORDS, erasures.carried_label(label))
                or not erasures.is_further_erasure(label, act.label)
            ):
                continue
            author, relayed = self._numbers.get(act.author), not erasures.is_own(self._package, act.author)
            if self._answer.erasure((ACT, act.key), label, act.label, author=author, relayed=relayed):
                chain.withhold_label(self._connection, act_number)
                self._connection.execute("UPDATE act SET label = ? WHERE id = ?", (act.label, act_number))
                self.merged.erased += 1

    def _restore(self, touched: Cells, forget: Callable[[], AbstractContextManager[None]]) -> None:
        """Put back what an author signed where what stood here of it as erased is not what an erasing leaves."""
        back = self._returned = erasures.returned(
            self._connection, self._package, self._originals, self._answer
        )
        if back.none:
            return
        with forget():
            erasures.put_back(self._connection, back)
        for operation, _, _ in (*back.cells, *back.erased_cells):
            touched.setdefault(operation.kind, set()).add(operation.key)
        self.merged.returned += len(back.cells) + len(back.labels.keys() - back.unveiled)
        self.merged.erased += len(back.erased_cells) + len(back.erased_labels)

    def _complete(self, verdict: Verdict, touched: Cells) -> None:
        """Let what an author signed take the place of what stood here of the same acts without a signature."""
        signed = set(verdict.completed)
        self.merged.completed += len(self._replaced)
        for brought, number in self._replaced:
            operation = erasures.bared(brought, self._erasures)
            if operation.act_name not in signed:
                raise two_stories(operation.author, self._names[operation.author])
            rows = self._connection.execute("SELECT kind, key FROM operation WHERE id = ?", (number,))
            (kind, key) = rows.fetchone()
            columns = operation.columns(self._numbers)
            self._connection.execute(
                "UPDATE operation SET hlc = ?, act = ?, kind = ?, key = ?, field = ?, value = ?, parent_author = ?,"
                " parent_seq = ? WHERE id = ?",
                (operation.hlc, self._act_number(operation.act_name), *columns, number),
            )
            touched.setdefault(kind, set()).add(key)
            touched.setdefault(operation.kind, set()).add(operation.key)
        replaced = {(operation.act_name, operation.seq) for operation, _ in self._replaced}
        for act in self._package.acts:
            if act.name in signed:
                number = self._act_number(act.name) or 0
                chain.keep_withheld(self._connection, number, erasures.withheld_in(act, replaced))
                label = erasures.bared_label(act, self._erasures)
                self._connection.execute(
                    "UPDATE act SET label = ?, done_at = ?, mode = ?, reverses = ? WHERE id = ?",
                    (label, act.done_at, act.mode, self._reversed_by(act), number),
                )

    def _take(self, new: list[Operation], verdict: Verdict) -> Cells:
        """Add operations to the journal, with their acts and chains; return the entities they are about."""
        acts = self._acts({operation.act_name for operation in new})
        touched: Cells = {}
        rows: list[OperationRow] = []
        for operation in new:
            place = (self._numbers[operation.author], operation.seq, operation.hlc, acts[operation.act_name])
            rows.append((*place, *operation.columns(self._numbers)))
            if operation.kind == journal.VEILED:
                self.merged.veiled += 1
                continue
            touched.setdefault(operation.kind, set()).add(operation.key)
            self.merged.by_author[self._names[operation.author]] += 1
        journal.add_operations(self._connection, rows)
        names = {(item.author, item.key) for item in verdict.proven}
        act_numbers, numbers = journal.act_numbers(self._connection, names), self._numbers
        links = [(act_numbers[item.author, item.key], numbers[item.author], item) for item in verdict.proven]
        chain.keep(self._connection, links)
        for act in self._package.acts:
            if act.name in acts:
                chain.keep_withheld(self._connection, acts[act.name], act.withheld)
        return touched

    def _acts(self, wanted: set[ActName]) -> dict[ActName, int]:
        """Add the acts that are not here yet; return the number of each, which those that take them back refer to."""
        numbers = journal.act_numbers(self._connection, wanted)
        number, waiting = journal.next_act(self._connection), dict[int, journal.Act]()
        for act in self._package.acts:
            if act.name not in wanted or act.name in numbers:
                continue
            if act.reverses is not None:
                # What it takes back may be among those that wait.
                journal.add_acts(self._connection, waiting)
                waiting.clear()
            self.merged.acts[self._names[act.author]] += 1
            waiting[number] = journal.Act(
                act.key,
                self._numbers[act.author],
                erasures.bared_label(act, self._erasures),
                datetime.fromisoformat(act.done_at),
                mode=act.mode,
                reverses=self._reversed_by(act),
            )
            numbers[act.name] = number
            number += 1
        journal.add_acts(self._connection, waiting)
        return numbers

    def _act_number(self, name: ActName) -> int | None:
        return journal.act_numbers(self._connection, {name}).get(name)

    def _reversed_by(self, act: PackagedAct) -> int | None:
        """Return the number of the act that one takes back or does again. Raises `UserError` where it is nowhere."""
        found = chain.act_reversed(self._connection, act.author, act.reverses)
        if found is None and act.reverses is not None:
            raise contradiction()
        return found

    def _label_of(self, act: int) -> str:
        (label,) = self._connection.execute("SELECT label FROM act WHERE id = ?", (act,)).fetchone()
        return str(label)


def _by_kind(touched: Iterable[tuple[str, str]]) -> Cells:
    found: Cells = {}
    for kind, key in touched:
        found.setdefault(kind, set()).add(key)
    return found
