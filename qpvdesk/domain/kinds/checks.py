"""What the document states of its own figures, what was seen of it, what is joined to it."""

from __future__ import annotations

from qpvdesk.domain import model
from qpvdesk.domain.kinds.declaration import (
    CITATION,
    CODE,
    CONTRACT,
    KEY,
    NOTE,
    REQUIRED,
    Ask,
    Field,
    Kind,
    Type,
    date,
    integer,
    link,
    number,
    text,
    when,
    word,
)
from qpvdesk.domain.kinds.words import choices

# fmt: off
# A table: one row a field, as long as it takes.
KINDS = (
    Kind("statement", model.Statement, "énoncé", "énoncés", "statements", sheet="Énoncés", about="points",
        form=("partner", "label", "code", "kind", "value", "unit", "operands", "formula"),
        fields=(
            KEY, CONTRACT, CODE,
            word("kind", "genre", model.StatementKind, toml="genre",
                ask=Ask("&Genre", choices=choices(model.StatementKind))),
            text("label", "libellé", toml="libelle",
                ask=Ask("&Libellé", lines=True, help="Ce que le document affirme.")),
            link("partner", "partenaire", None, ask=Ask("&Partenaire")),
            number("value", "valeur", None, feminine=True, toml="valeur",
                ask=Ask("&Valeur énoncée", help="Le chiffre que le document annonce.")),
            text("unit", "unité", "", feminine=True, toml="unite", free=False, ask=Ask("&Unité")),
            text("formula", "formule", "", feminine=True, toml="formule", free=False,
                ask=Ask("&Règle de calcul", shown=when("kind", model.StatementKind.FORMULE),
                    help="Avec les noms des chiffres, quatrièmes sur leur ligne\u202f: «\u202fpostes * 10000\u202f».")),
            link("objective", "objectif", None, toml="objectif", ask=Ask("O&bjectif")),
            NOTE, CITATION,
        ),
        entries=(
            text("operands", "chiffres comparés", "",
                ask=Ask("Chi&ffres comparés", lines=True,
                    help="Un par ligne\u202f: ce que c’est\u202f; sa valeur\u202f; son unité. "
                    "«\u202fNord\u202f; 26\u202f».")),
        ),
    ),
    Kind("operand", model.Operand, "terme d’énoncé", "termes d’énoncé", "operands", sheet="Termes des énoncés",
        order=("statement", "rank", "key"), owner="statement",
        door="Chiffres comparés, dans la fiche de l’énoncé.",
        fields=(
            KEY,
            link("statement", "énoncé"),
            integer("rank", "rang"),
            text("name", "nom", toml="nom"),
            number("value", "valeur", None, feminine=True, toml="valeur"),
            text("unit", "unité", "", feminine=True, toml="unite", free=False),
            text("label", "libellé", "", toml="libelle"),
        ),
    ),
    Kind("acknowledgement", model.Acknowledgement, "prise en compte", "prises en compte", "acknowledgements",
        sheet="Prises en compte", about="points", order=("day", "key"), feminine=True,
        door="Prendre en compte, dans la page « Points d’attention ».",
        fields=(
            KEY, CONTRACT,
            text("point", "point d’attention", free=False),
            text("reason", "motif"),
            date("day", "date", REQUIRED),
        ),
    ),
    Kind("correspondence", model.Correspondence, "correspondance de colonnes", "correspondances de colonnes",
        "correspondences", sheet="Correspondances", about="contrat", order=("partner", "key"), feminine=True,
        door="L’import d’un fichier la demande et la retient.",
        fields=(
            KEY, CONTRACT,
            link("partner", "partenaire"),
            text("layout", "description", feminine=True, free=False),
        ),
    ),
    Kind("attachment", model.Attachment, "pièce jointe", "pièces jointes", "attachments",
        sheet="Pièces jointes", about="contrat", order=("added_on", "name", "key"), feminine=True,
        door="Joindre un fichier, dans la page « Documents » et auprès de chaque chose.",
        fields=(
            KEY, CONTRACT,
            Field("name", Type.FILE_NAME, "nom du fichier"),
            text("digest", "empreinte", feminine=True, free=False),
            integer("size", "taille", feminine=True),
            date("added_on", "date d’ajout", REQUIRED),
            text("note", "note", "", feminine=True),
            link("document", "document", None),
            link("engagement", "engagement", None),
            link("measurement", "relevé", None),
            link("decision", "décision", None, feminine=True),
            link("visit", "visite", None, feminine=True),
        ),
    ),
)
