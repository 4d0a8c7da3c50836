"""What is typed and not saved lies outside the base: sealed where the base is, under a key that follows from its own.

A sealed draft is a Fernet token (https://github.com/fernet/spec), its key the SHA-256 of « brouillons » and the key of
the base.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from qpvdesk import durable, paths
from qpvdesk.domain.errors import UserError
from qpvdesk.storage.care import sealing


def hide(content: bytes, base: Path) -> bytes:
    """Return a draft as it may lie on the disk. Raises `OSError` where the base is locked."""
    key = _key_of(base)
    return content if key is None else sealing.token(content, key)


def show(content: bytes, base: Path) -> bytes:
    """Return a draft that was hidden, or never was. Raises `OSError` where it cannot be shown."""
    if content[:1] == b"{":
        return content
    key = _key_of(base)
    if key is None:
        raise OSError("it was sealed, and the base is not")
    return sealing.of_token(content, key)


def shown_drafts(base: Path) -> dict[Path, bytes]:
    """Return the drafts of a base that can be shown, by file."""
    found = {}
    for path in sorted(paths.drafts_folder(base).glob("*.json")):
        with contextlib.suppress(OSError):
            found[path] = show(path.read_bytes(), base)
    return found


@contextlib.contextmanager
def drafts_following(base: Path, key: sealing.Key | None) -> Iterator[None]:
    """Have what is typed and not saved lie, after the block, as the base that it puts under `key` does (None: in clear).

    It is written beside first: on a full disk nothing of it is lost, and the base is left as it was. Raises `UserError`.
    """
    drafts = shown_drafts(base)
    ready = {path: durable.beside(path) for path in drafts}
    try:
        try:
            for path, content in drafts.items():
                told = content if key is None else sealing.token(content, key)
                durable.write(ready[path], told, private=True)
        except OSError as error:
            folder = paths.drafts_folder(base)
            raise UserError(
                f"Ce qui est tapé et pas encore enregistré n’a pas pu être récrit dans «\u202f{folder}\u202f»\u202f: "
                f"{durable.reason(error)}. La base reste telle qu’elle était.",
                durable.remedy(error, "Libérez de la place, ou enregistrez-le d’abord, puis recommencez."),
            ) from error
        yield
        for path, written in ready.items():
            try:
                durable.place(written, path)
            except OSError:
                hide_drafts(base, {path: drafts[path]})
    finally:
        for written in ready.values():
            with contextlib.suppress(OSError):
                written.unlink(missing_ok=True)


def hide_drafts(base: Path, drafts: Mapping[Path, bytes]) -> None:
    """Write drafts again as the base is by now; one that cannot be is removed, not left in clear."""
    for path, content in drafts.items():
        try:
            durable.write(path, hide(content, base), private=True)
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()


def _key_of(base: Path) -> sealing.Key | None:
    try:
        return sealing.key_of(base, sealing.header_of(base))
    except sealing.SealedError as error:
        raise OSError(str(error)) from error
