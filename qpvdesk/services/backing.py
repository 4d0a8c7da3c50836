"""A local copy that goes back to a base which others changed meanwhile: both are merged, neither replaces the other."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import maintenance, opening
from qpvdesk.storage.care import travel
from qpvdesk.storage.exchange import package, packages


def merge(copy: Path) -> tuple[str, ...]:
    """Bring what was done in a closed local copy into its origin, then remove the copy. Raises `UserError`.

    What came to the copy was accepted there: nothing is asked a second time.
    """
    origin = travel.origin_of(copy)
    if origin is None:
        raise UserError("Cette base n’est la copie locale d’aucune autre.")
    with opening.open_base(copy, read_only=True) as base:
        name = base.authors.name
        brought = package.read(packages.write(base)[0], copy.name)
    with opening.open_base(origin) as base:
        base.sign(name)
        maintenance.backup(base, reason="fusion")
        strangers = packages.merge(base, brought, simulate=True).strangers
        keys = frozenset(stranger.public for stranger in strangers)
        merged = packages.merge(base, brought, consent=packages.Consent(keys, unsigned=True, repaired=True))
        disputed = len(packages.disagreements(base))
    travel.forget(copy)
    acts = french.plural(merged.acts.total(), "acte", "actes")
    sentences = [
        f"Votre travail est fusionné dans «\u202f{origin}\u202f»\u202f: {acts}. Une sauvegarde en a été faite avant."
    ]
    if disputed:
        sentences.append(f"{french.plural(disputed, 'désaccord', 'désaccords')} à trancher.")
    return tuple(sentences)
