"""Colleagues who have not said their name: their base signs as « ce poste », which on this screen would be another one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from msgspec import structs

from qpvdesk.services.arrivals import Arrival

_SIGNED = "ce poste"
_SHOWN = len("12345 12345")
"""Of a fingerprint, what tells one key from another at a glance."""


def named(name: str, fingerprint: str = "") -> str:
    """Return how a colleague is called here; who has no name, by the beginning of the fingerprint where it is known."""
    if name != _SIGNED:
        return name
    return f"collègue sans nom ({fingerprint[:_SHOWN]}…)" if fingerprint else "collègue sans nom"


def said(sentence: str) -> str:
    """Return a sentence that begins with the name of a colleague."""
    rest = sentence.removeprefix(f"{_SIGNED} ")
    return sentence if rest == sentence else f"Un {named(_SIGNED)} {rest}"


def shown(arrival: Arrival) -> Arrival:
    """Return an arrival as its sentences are to call who sent it, and who worked on it."""
    merged = arrival.merged
    keys = [one.fingerprint for one in merged.strangers if one.name == _SIGNED]
    # Of several keys without a name, no act is given to one of them.
    whom = named(_SIGNED, keys[0] if len(keys) == 1 else "")
    strangers = tuple(
        # Two who have no name are not one who takes the name of the other.
        structs.replace(one, name=named(one.name, one.fingerprint), like="") if one.name == _SIGNED else one
        for one in merged.strangers
    )
    acts = Counter({whom if name == _SIGNED else name: count for name, count in merged.acts.items()})
    sender = whom if arrival.sender == _SIGNED else arrival.sender
    return replace(arrival, sender=sender, merged=replace(merged, strangers=strangers, acts=acts))
