"""The keys that this process was given, forgotten: as if it had just started."""

from __future__ import annotations

from qpvdesk.storage.care import sealing


def forget() -> None:
    """Forget every passphrase."""
    sealing._given.clear()
