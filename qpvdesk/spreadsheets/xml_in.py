"""XML as events, without entities: a DOCTYPE is refused wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from qpvdesk.bounded import refused

Attributes = dict[str, str]


def parse(
    content: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Call back for each element (its name and attributes without prefix) and text. Raises `UserError`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise refused("Le fichier contient une déclaration DOCTYPE, qu’aucun tableur n’écrit.")

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = lambda name, attributes: start(
        name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise refused("Le fichier est abîmé\u202f: une de ses parties ne se lit pas.") from error
