"""What a base notes of whoever sends it packages: each colleague once, whatever they were known by before."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.storage.base import Database
from qpvdesk.storage.exchange import package, packages, peers


def test_a_colleague_known_by_name_or_by_a_chain_of_theirs_is_noted_once_by_their_key(base: Database) -> None:
    base.sign("Camille")
    sent = package.read(packages.write(base)[0], "paquet")
    public = sent.public
    assert public is not None
    other = "f" * len(public)
    by_name = replace(sent, public=None, sender=None)
    before = [
        replace(sent, public=None, sender=f"{public}.1"),
        replace(sent, public=None, sender=f"{public}.2"),
        replace(sent, public=other, sender=None, sender_label="Dominique"),
    ]
    with base.writing() as connection:
        peers.remember(connection, by_name)
        assert peers.peers(connection).keys() == {"Camille"}
        for one in before:
            peers.remember(connection, one)
        assert peers.peers(connection).keys() == {f"{public}.1", f"{public}.2", other}
        peers.remember(connection, sent)
        assert peers.peers(connection) == {
            public: ("Camille", sent.known), other: ("Dominique", sent.known)
        }  # fmt: skip
