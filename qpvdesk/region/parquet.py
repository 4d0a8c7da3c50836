"""Parquet: one folder a contract, under its région and département; one file a table. For DuckDB, or any lake engine."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow
import pyarrow.parquet

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.region import outlines
from qpvdesk.region.tables import CONTRACTS, OPERATIONS, TABLES, Form, Results, Row, State, Table
from qpvdesk.storage import lock
from qpvdesk.storage.exchange.ledger import OperationLine

_TYPES = {
    Form.TEXT: pyarrow.string(),
    Form.INTEGER: pyarrow.int64(),
    Form.NUMBER: pyarrow.float64(),
    Form.DAY: pyarrow.date32(),
    Form.FLAG: pyarrow.bool_(),
}
_NAME_CHARACTERS_MAX = 80
_STATE = "consolidation.json"
_LOCK = ".consolidation"
"""What the run that writes there has its lock beside."""
_ASIDE = ".en-cours"
"""Where a contract is written before it is whole; left out by whoever reads `region=*`."""


class Lake:
    """A folder of Parquet files. A contract is replaced whole: it is written beside, then takes the place of what was.

    A context manager: one run at a time writes there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = folder / _ASIDE / "avant"
        self._lock: lock.Lock | None = None

    def __enter__(self) -> Lake:
        """Raises `UserError` where another run writes there, or the folder cannot be written."""
        try:
            with self._told():
                self._folder.mkdir(parents=True, exist_ok=True)
                self._lock = lock.acquire(self._folder / _LOCK)
                self._put_back()
        except lock.AlreadyOpenError as error:
            raise UserError(
                f"Une autre consolidation écrit dans «\u202f{self._folder}\u202f» ({error.holder}). Rien n’y a été changé.",
                "Attendez qu’elle finisse, puis recommencez. Si ce poste s’est arrêté, retirez de ce dossier le fichier"
                f" «\u202f{_LOCK}{lock.SUFFIX}\u202f».",
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.release()

    def state(self, contract: str) -> State | None:
        """Return what was consolidated of the contract of that key; None where nothing was, or not to the end."""
        for folder in self._folders(contract):
            try:
                return msgspec.json.decode((folder / _STATE).read_bytes(), type=State)
            except (OSError, msgspec.MsgspecError):
                return None
        return None

    def follow(self, family: str, operations: Callable[[dict[str, int]], Iterable[OperationLine]]) -> None:
        """Write the journal of a base whole. `operations`: those beyond what is known. Raises `UserError`."""
        with self._told():
            folder = self._folder / "journal" / f"base={family}"
            folder.mkdir(parents=True, exist_ok=True)
            # A journal is long and its files are few: of small files zstd takes half the time, for a sixth of their size.
            journal = _file(OPERATIONS, list(operations({})), "zstd")
            durable.write(folder / f"{OPERATIONS.name}.parquet", journal)

    def keep(self, found: Results, state: State) -> None:
        """Replace what is there of one contract. Raises `UserError` where the folder cannot be written."""
        (contract,) = found[CONTRACTS.name]
        named = dict(zip((column.name for column in CONTRACTS.columns), contract, strict=True))
        parts = [f"{level}={_name(str(named[level]))}" for level in ("region", "departement")]
        parts.append(f"contrat={_key_name(str(named['contrat']))}")
        with self._told():
            fresh = self._aside(str(named["contrat"]))
            files = {f"{table.name}.parquet": _file(table, found[table.name]) for table in TABLES}
            durable.fill(
                fresh, {**files, outlines.FILE: outlines.geojson(found), _STATE: msgspec.json.encode(state)}
            )
            # What was there is removed once the new stands: a run that is killed between the two is mended by the next.
            # A contract whose seat was corrected leaves no second copy behind.
            try:
                for old in self._folders(str(named["contrat"])):
                    self._move(old, self._kept / old.relative_to(self._folder))
                self._move(fresh, self._folder.joinpath(*parts))
            finally:
                self._put_back()

    def forget(self, contract: str) -> None:
        """Leave nothing of the contract of that key, which was removed. Raises `UserError`."""
        with self._told():
            self._clear(contract)

    def _put_back(self) -> None:
        """Put back what was moved aside where nothing new stands in its place; remove it where it does."""
        if not self._kept.exists():
            return
        for old in sorted(self._kept.glob("region=*/departement=*/contrat=*")):
            if any(self._folder.glob(f"region=*/departement=*/{old.name}")):
                self._drop(old, old.name.partition("=")[2])
            else:
                self._move(old, self._folder / old.relative_to(self._kept))
        shutil.rmtree(self._kept)

    def _move(self, folder: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        durable.place_folder(folder, target)

    def _clear(self, contract: str) -> None:
        """Leave nothing of a contract."""
        for folder in self._folders(contract):
            self._drop(folder, contract)

    def _drop(self, folder: Path, contract: str) -> None:
        """Remove a folder of a contract; what is removed file by file is out of sight first."""
        gone = self._aside(f"{contract}-ancien")
        self._move(folder, gone)
        shutil.rmtree(gone)

    def _aside(self, name: str) -> Path:
        """Return a folder that nobody reads and that is not there; what an interrupted run left of it is removed."""
        folder = self._folder / _ASIDE / _key_name(name)
        if folder.exists():
            shutil.rmtree(folder)
        return folder

    def _folders(self, contract: str) -> list[Path]:
        return sorted(self._folder.glob(f"region=*/departement=*/contrat={_key_name(contract)}"))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UserError(
                f"Le dossier «\u202f{self._folder}\u202f» ne peut pas être écrit\u202f: {durable.reason(error)}."
                " Ce qui était déjà consolidé est gardé.",
                "Libérez de la place ou choisissez un autre dossier, puis recommencez.",
            ) from error


def _name(text: str) -> str:
    """A code as the name of a folder, on every system."""
    return re.sub(r"[^0-9A-Za-z-]", "_", text)[:_NAME_CHARACTERS_MAX]


def _key_name(key: str) -> str:
    """A key as the name of a folder: two that differ have two names, on a system that tells no case apart too."""
    if re.fullmatch(rf"[0-9a-z-]{{1,{_NAME_CHARACTERS_MAX}}}", key):
        return key
    return f"{_name(key)}-{durable.sha256(key.encode())[:16]}"


def _file(table: Table, rows: Sequence[Row], compression: str = "snappy") -> bytes:
    """The table as a Parquet file; the same rows give the same bytes."""
    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    fields, arrays = [], []
    for column, values in zip(table.columns, columns, strict=True):
        kind = _TYPES[column.form]
        fields.append(pyarrow.field(column.name, kind, metadata={"comment": column.comment}))
        # Days come as ISO text, which Arrow reads faster than Python does.
        arrays.append(
            pyarrow.array(values, pyarrow.string()).cast(kind)
            if column.form is Form.DAY
            # A whole number would have to hold in 64 bits first.
            else pyarrow.array([value if value is None else float(value) for value in values], kind)
            if column.form is Form.NUMBER
            else pyarrow.array(values, kind)
        )
    schema = pyarrow.schema(fields, metadata={"comment": table.comment})
    out = io.BytesIO()
    pyarrow.parquet.write_table(
        pyarrow.Table.from_arrays(arrays, schema=schema), out, compression=compression
    )
    return out.getvalue()
