"""Merging a package into a base: the union of two journals, then the rows that follow from it.

Order and repetition do not matter: an operation is known by its author and sequence, and of two values of one cell
the later clock is shown. Nothing is lost in silence: what one removed while another worked on it comes back, and a
cell that two wrote without knowing of each other is a disagreement (see `disagreements`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE
from qpvdesk.storage import chain, clock, files, journal, latest, programme, snapshots
from qpvdesk.storage.care.purging import ERASED, is_erased_text, is_erasure
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import peers
from qpvdesk.storage.exchange.merged import MergeAuthor, Merged
from qpvdesk.storage.exchange.package import Author, Operation, Package, Vector, vector
from qpvdesk.storage.exchange.trust import Terms, Verdict, judge, two_stories
from qpvdesk.storage.history import HistoryReader
from qpvdesk.storage.journal import ALIVE, EXISTENCE, OperationRow
from qpvdesk.storage.refusals import is_code_taken, natures, refuse_mixture
from qpvdesk.storage.tables import BY_KIND, RANK, TABLES, Table

AHEAD = timedelta(days=2)
"""How far the clock of another laptop may be ahead of ours."""

Cells = dict[str, set[str]]
"""Keys by kind."""


class Merger:
    """Merges one package, inside an open transaction. Raises `UserError`; the transaction is then to be undone."""

    def __init__(
        self, connection: sqlite3.Connection, package: Package, author: MergeAuthor, terms: Terms
    ) -> None:
        self._connection, self._package, self._author = connection, package, author
        self._terms = terms
        self._numbers: dict[str, int] = {}
        self._link: chain.Link | None = None
        self._erased: list[tuple[Operation, int]] = []
        """What somebody took out of history for good, with the number it has here."""
        self.merged = Merged()

    def merge(self, forget: Callable[[], AbstractContextManager[None]]) -> Merged:
        """Bring the operations in, then the rows they make. `forget` lets what the journal says be rewritten."""
        package = self._package
        self._check_clock()
        self._check_mixture()
        new = self._unknown(vector(self._connection))
        verdict = judge(self._connection, package, new, self._terms)
        self.merged.unsigned = verdict.unsigned
        if package.public is None and (new or self._erased):
            self.merged.unsigned = max(1, verdict.unsigned)
        self.merged.strangers = tuple(verdict.strangers.values())
        self._numbers = {
            one.uid: journal.author_number(self._connection, one.uid, self._terms.name(one))
            for one in package.authors
        }
        touched = self._take(new, verdict)
        if self._erased:
            with forget():
                self._erase(touched)
        for digest, (content, pages) in package.contents.items():
            files.keep(self._connection, digest, content, pages)
        for fingerprint, text in package.frozen.items():
            snapshots.keep(self._connection, fingerprint, text)
        try:
            self._project(touched)
            self._project(_by_kind(programme.migrate(self._connection, package.schema)))
            self._revive_what_is_used()
        except (KeyError, ValueError, sqlite3.IntegrityError) as error:
            raise _contradiction() from error
        self._check_circles()
        if self._link is not None:
            self._link.close(self._author.sign)
        peers.remember(self._connection, self._package)
        history = HistoryReader(self._connection)
        self.merged.revived = [(kind, history.name(kind, key)) for kind, key in self.merged.revived]
        return self.merged

    def _check_clock(self) -> None:
        latest = clock.stamp(self._author.now + AHEAD)
        if any(one.hlc > latest for one in self._package.operations):
            raise UserError(
                f"L’horloge du poste de {self._package.sender_label} est en avance de plusieurs jours."
                " Rien n’a été fusionné.",
                "Faites régler la date de ce poste, ou du vôtre, puis demandez un nouveau paquet.",
            )

    def _check_mixture(self) -> None:
        """Keep what is invented and what is real in bases of their own."""
        brought = {one.key.startswith(EXAMPLE) for one in self._package.operations if one.kind == "contract"}
        refuse_mixture(natures(self._connection), brought)

    # The journal

    def _unknown(self, before: Vector) -> list[Operation]:
        """Return the operations that are not here yet. Raises `UserError` where some between are missing."""
        held = self._held({one.author for one in self._package.operations} & before.keys())
        new: list[Operation] = []
        for one in self._package.operations:
            here = held.get((one.author, one.seq))
            if here is None:
                new.append(one)
            else:
                self._compare(one, here)
        arrived: Counter[str] = Counter(one.author for one in new)
        for author in self._package.authors:
            if arrived[author.uid]:
                self._check_gap(
                    author, before.get(author.uid, 0), [one.seq for one in new if one.author == author.uid]
                )
        return new

    def _held(self, uids: Iterable[str]) -> dict[tuple[str, int], tuple[Any, ...]]:
        made: dict[tuple[str, int], tuple[Any, ...]] = {}
        for uid in uids:
            rows = self._connection.execute(
                "SELECT o.seq, o.hlc, o.kind, o.key, o.field, o.value, p.uid, o.parent_seq, o.id FROM operation o"
                " JOIN author a ON a.id = o.author LEFT JOIN author p ON p.id = o.parent_author WHERE a.uid = ?",
                (uid,),
            )
            made |= {(uid, row[0]): row[1:] for row in rows}
        return made

    def _compare(self, one: Operation, here: tuple[Any, ...]) -> None:
        """Raise `UserError` where the same operation is another one there; what was erased for good stays so."""
        hlc, kind, key, name, value, parent, parent_seq, number = here
        there = (hlc, kind, key, name, parent, parent_seq)
        same = there == (one.hlc, one.kind, one.key, one.field, one.parent, one.parent_seq)
        if same and journal.says_the_same(name, value, one.value):
            return
        if same and is_erasure(kind, name, value, one.value):
            self._erased.append((one, number))
            return
        if same and value is not None and ERASED in value:
            return
        raise two_stories(next(author.label for author in self._package.authors if author.uid == one.author))

    def _erase(self, touched: Cells) -> None:
        """Take out of our history what was taken out of theirs for good."""
        for one, number in self._erased:
            chain.withhold(self._connection, number, one.value)
            self._connection.execute("UPDATE operation SET value = ? WHERE id = ?", (one.value, number))
            touched.setdefault(one.kind, set()).add(one.key)
        for act in self._package.acts:
            held = self._act_number(act.key) if ERASED in act.label else None
            if held is not None and is_erased_text(self._label_of(held), act.label):
                chain.withhold_label(self._connection, held)
                self._connection.execute("UPDATE act SET label = ? WHERE id = ?", (act.label, held))
        self.merged.erased = len(self._erased)

    def _check_gap(self, author: Author, last: int, seqs: list[int]) -> None:
        """Raise `UserError` where what lies between the last known of an author and these is missing."""
        lost = max(author.lost, self._lost(author.uid))
        held = self._connection.execute(
            "SELECT count(*) FROM operation o JOIN author a ON a.id = o.author WHERE a.uid = ?", (author.uid,)
        ).fetchone()[0]
        if max(last, *seqs) - held - len(seqs) <= lost:
            self._connection.execute(
                "INSERT INTO meta (name, value) SELECT ?, ? WHERE ? > 0"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (journal.LOST + author.uid, str(lost), lost),
            )
            return
        first = min(seq for seq in seqs if seq > last)
        raise UserError(
            f"Il manque un paquet de {author.label}\u202f: ses modifications {last + 1} à {first - 1} ne sont pas ici."
            " Rien n’a été fusionné.",
            "Demandez un paquet complet (sans choisir de destinataire).",
        )

    def _lost(self, uid: str) -> int:
        row = self._connection.execute(
            "SELECT value FROM meta WHERE name = ?", (journal.LOST + uid,)
        ).fetchone()
        return int(row[0]) if row else 0

    def _take(self, new: list[Operation], verdict: Verdict) -> Cells:
        """Add operations to the journal, with their acts and chains; return the entities they are about."""
        labels = {one.uid: one.label for one in self._package.authors}
        acts = self._acts({one.act for one in new})
        touched: Cells = {}
        rows: list[OperationRow] = []
        for one in new:
            parent = None if one.parent is None else self._numbers[one.parent]
            author = self._numbers[one.author]
            rows.append(
                (
                    author,
                    one.seq,
                    one.hlc,
                    acts[one.act],
                    one.kind,
                    one.key,
                    one.field,
                    one.value,
                    parent,
                    one.parent_seq,
                )
            )
            touched.setdefault(one.kind, set()).add(one.key)
            self.merged.by_author[labels[one.author]] += 1
        journal.add_operations(self._connection, rows)
        for proven in verdict.proven:
            chain.keep(self._connection, acts[proven.key], self._numbers[proven.author], proven)
        for act in self._package.acts:
            if act.key in acts:
                chain.keep_withheld(self._connection, acts[act.key], act.withheld)
        return touched

    def _acts(self, wanted: set[str]) -> dict[str, int]:
        numbers: dict[str, int] = {}
        labels = {one.uid: one.label for one in self._package.authors}
        for one in self._package.acts:
            if one.key not in wanted:
                continue
            reverses = (
                None if one.reverses is None else numbers.get(one.reverses) or self._act_number(one.reverses)
            )
            held = self._act_number(one.key)
            if held is None:
                self.merged.acts[labels[one.author]] += 1
                author, done_at = self._numbers[one.author], datetime.fromisoformat(one.done_at)
                held = journal.add_act(
                    self._connection,
                    journal.Act(one.key, author, one.label, done_at, mode=one.mode, reverses=reverses),
                )
            numbers[one.key] = held
        return numbers

    def _act_number(self, key: str) -> int | None:
        row = self._connection.execute("SELECT id FROM act WHERE key = ?", (key,)).fetchone()
        return int(row[0]) if row else None

    def _label_of(self, act: int) -> str:
        (label,) = self._connection.execute("SELECT label FROM act WHERE id = ?", (act,)).fetchone()
        return str(label)

    # The rows

    def _project(self, touched: Mapping[str, Iterable[str]]) -> None:
        """Make the rows of entities what the journal says of them."""
        gone: list[tuple[Table, str]] = []
        for kind in sorted(touched, key=RANK.__getitem__):
            table, keys = BY_KIND[kind], sorted(touched[kind])
            heads = journal.heads_of(self._connection, kind, keys)
            dead = [key for key in keys if heads[key][EXISTENCE].value != ALIVE]
            for key in dead:
                if self._worked_on_since(table, key, heads[key][EXISTENCE]):
                    self._revive(table, key, heads[key][EXISTENCE])
                else:
                    gone.append((table, key))
            kept = set(keys) - {key for one, key in gone if one is table}
            self._save(
                table,
                [
                    journal.rebuilt(table, key, {name: head.value for name, head in heads[key].items()})
                    for key in keys
                    if key in kept
                ],
            )
        # What belongs to something goes before it.
        for table, key in reversed(gone):
            if self._connection.execute(f"DELETE FROM {table.kind} WHERE key = ?", (key,)).rowcount:
                self.merged.removed[table.kind] += 1
                self.merged.rows[table.kind, key] = None

    def _save(self, table: Table, entities: list[Any]) -> None:
        held: dict[str, Any] = {}
        keys = [entity.key for entity in entities]
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            marks = ", ".join("?" * len(some))
            rows = self._connection.execute(table.select(f"key IN ({marks})"), some).fetchall()
            held |= {entity.key: entity for entity in table.entities(rows)}
        changed = [entity for entity in entities if held.get(entity.key) != entity]
        if table.has_code:
            # Two that exchange their codes would be refused one by one.
            self._connection.executemany(
                f"UPDATE {table.kind} SET code = key WHERE key = ?",
                [(one.key,) for one in changed if one.key in held and held[one.key].code != one.code],
            )
        for entity in changed:
            try:
                self._connection.execute(table.upsert, table.row(entity))
            except sqlite3.IntegrityError as error:
                raise _taken(table, entity, error) from error
            (self.merged.changed if entity.key in held else self.merged.added)[table.kind] += 1
            self.merged.rows[table.kind, entity.key] = entity

    def _worked_on_since(self, table: Table, key: str, removal: journal.Head) -> bool:
        """Tell whether an entity was written after its removal: by somebody who did not know of it."""
        row = self._connection.execute(
            "SELECT max(hlc) > (SELECT hlc FROM operation WHERE author = ? AND seq = ?) FROM operation"
            " WHERE key = ? AND kind = ? AND (field <> '' OR value > '1')",
            (removal.author, removal.seq, key, table.kind),
        ).fetchone()
        return bool(row[0])

    def _revive(self, table: Table, key: str, removal: journal.Head) -> None:
        """Take a removal back, by an operation of our own."""
        author = self._author
        if self._link is None:
            label = f"Fusion avec {self._package.sender_label}\u202f: ce qui servait encore est gardé"
            header = journal.Act(author.act_key, author.author, label, author.now)
            self._link = chain.Link(self._connection, header)
        act, hlc = self._link.begin(), clock.tick(author.now, journal.last_hlc(self._connection))
        parent = (removal.author, removal.seq)
        self._link.add(
            [(author.author, self._link.seq + 1, hlc, act, table.kind, key, EXISTENCE, ALIVE, *parent)]
        )
        self.merged.revived.append((table.kind, key))

    def _revive_what_is_used(self) -> None:
        """Bring back what was removed on one side and is referred to on the other, until nothing is missing."""
        while missing := self._missing():
            for kind, keys in missing.items():
                heads = journal.heads_of(self._connection, kind, sorted(keys))
                for key, cells in heads.items():
                    if EXISTENCE not in cells or cells[EXISTENCE].value == ALIVE:
                        raise ValueError(f"{kind} {key} is referred to and is nowhere")
                    self._revive(BY_KIND[kind], key, cells[EXISTENCE])
            self._project(missing)
            if "objective" in missing:
                # A measurement inserted before its objective has no contract yet, so the trigger skipped it.
                latest.rebuild(self._connection)

    def _missing(self) -> Cells:
        found: Cells = {}
        for table in TABLES:
            for one in table.fields:
                ref = one.refers_to
                if ref is None:
                    continue
                column = one.columns[0]
                rows = self._connection.execute(
                    f'SELECT DISTINCT "{column}" FROM {table.kind} t WHERE "{column}" IS NOT NULL'
                    f' AND NOT EXISTS (SELECT 1 FROM {ref} r WHERE r.key = t."{column}")'
                ).fetchall()
                if rows:
                    found.setdefault(ref, set()).update(key for (key,) in rows)
        return found

    def _check_circles(self) -> None:
        """Raise `UserError` where, put together, things contain each other."""
        for table in TABLES:
            for one in table.fields:
                if one.name != "parent" or table.kind not in {kind for kind, _ in self.merged.rows}:
                    continue
                above = dict(self._connection.execute(f"SELECT key, parent FROM {table.kind}").fetchall())
                for key in above:
                    seen, at = {key}, above[key]
                    while at is not None and at not in seen:
                        seen.add(at)
                        at = above.get(at)
                    if at is not None:
                        raise UserError(
                            f"Une fois réunies, des lignes de type «\u202f{table.french}\u202f» se contiendraient les"
                            " unes les autres. Rien n’a été fusionné.",
                            "Convenez avec votre collègue de ce qui contient quoi, corrigez, puis refaites un paquet.",
                        )


def _by_kind(touched: Iterable[tuple[str, str]]) -> Cells:
    found: Cells = {}
    for kind, key in touched:
        found.setdefault(kind, set()).add(key)
    return found


def _taken(table: Table, entity: Any, error: sqlite3.IntegrityError) -> Exception:
    if is_code_taken(table, error):
        return UserError(
            f"Vous avez chacun créé un élément de type «\u202f{table.french}\u202f» de code «\u202f{entity.code}\u202f»."
            " Rien n’a été fusionné.",
            "Donnez un autre code au vôtre, puis recommencez.",
        )
    return error


def _contradiction() -> UserError:
    return UserError(
        "Ce paquet et votre base ne vont pas ensemble\u202f: réunis, ils ne feraient pas un contrat entier."
        " Rien n’a été fusionné.",
        "Demandez un paquet complet\u202f; si cela se répète, vérifiez les deux bases («\u202fqpvdesk verifier\u202f»).",
    )
