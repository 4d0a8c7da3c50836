"""What is typed and not saved lies outside the base: sealed where the base is, under a key that follows from its own.

A sealed draft is a Fernet token (https://github.com/fernet/spec), its key the SHA-256 of « brouillons » and the key of
the base.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from qpvdesk import durable, paths
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
