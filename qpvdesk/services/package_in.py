"""The reading process of a colleague's package: the whole of it is checked within bounds, frozen data and all."""

from __future__ import annotations

from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.services import image_in
from qpvdesk.storage import snapshots
from qpvdesk.storage.exchange import package, sealed
from qpvdesk.storage.exchange.package import Package

_FILE_BYTES_MAX = 200_000_000


def read(path: Path, secret: str = "") -> tuple[Package, ...]:
    """Read a package, and what its frozen data would show; none where `secret` does not open it. Raises `UserError`."""
    try:
        if path.stat().st_size > _FILE_BYTES_MAX:
            raise UserError(
                f"«\u202f{path.name}\u202f» est trop lourd pour un paquet. Rien n’a été fusionné.",
                "Vérifiez que c’est bien le fichier que votre collègue a préparé.",
            )
        clear = sealed.form(path) is sealed.SealForm.CLEAR
        content = path.read_bytes() if clear else sealed.unsealed(path, secret)
    except OSError as error:
        raise durable.unreadable(path, error) from error
    if content is None:
        return ()
    found = package.read(content, path.name)
    for text in found.frozen.values():
        _check_frozen(text, path.name)
    return (found,)


def _check_frozen(text: str, name: str) -> None:
    """Raise `UserError` for frozen data that could not be shown again, or whose header no officer could have given."""
    try:
        snapshots.frozen_of(text)
        letterhead = snapshots.letterhead_of(text)
    except snapshots.UNREADABLE as error:
        raise package.refusal(name) from error
    if letterhead.image:
        image_in.check(letterhead.image)
