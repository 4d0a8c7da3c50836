"""What is recorded over time: measurements, counter-figures, weather, steps."""

from __future__ import annotations

from qpvdesk.domain import model
from qpvdesk.domain.kinds.declaration import (
    CITATION,
    KEY,
    REQUIRED,
    Ask,
    Field,
    Kind,
    Type,
    date,
    flag,
    integer,
    link,
    number,
    text,
    word,
)

_ENTERED = "Saisir un relevé (Ctrl+N), la grille de saisie, l’import d’un fichier."

# fmt: off
# A table: one row a field, as long as it takes.
KINDS = (
    Kind("measurement", model.Measurement, "relevé", "relevés", "measurements", sheet="Relevés", about="releves",
        order=("objective", "day", "key"), owner="objective",
        fields=(
            KEY,
            link("objective", "objectif", door=_ENTERED),
            link("territory", "territoire", toml="territoire", door=_ENTERED),
            Field("day", Type.DAY, "date", feminine=True, toml="date", door=_ENTERED),
            number("value", "valeur", feminine=True, toml="valeur", door=_ENTERED),
            text("source", "source", "", feminine=True, toml="source", door=_ENTERED),
            text("comment", "commentaire", "", toml="commentaire", door=_ENTERED),
            flag("provisional", "caractère provisoire", toml="provisoire", door=_ENTERED),
            number("numerator", "numérateur", None, toml="numerateur",
                ask=Ask("&Numérateur", help="Pour une part\u202f: combien, sur les deux nombres dont elle est tirée.")),
            number("denominator", "dénominateur", None, toml="denominateur",
                ask=Ask("&Dénominateur", help="Sur combien. La part de plusieurs lieux se calcule avec eux.")),
            date("entered_on", "date de saisie", door="C’est le jour où le relevé est saisi."),
            CITATION,
        ),
    ),
    Kind("counter_value", model.CounterValue, "contre-valeur", "contre-valeurs", "counter_values",
        sheet="Contre-valeurs", about="releves", order=("objective", "day", "key"), owner="objective", feminine=True,
        fields=(
            KEY,
            link("objective", "objectif", ask=Ask("O&bjectif")),
            date("day", "date", REQUIRED, ask=Ask("&Date")),
            number("value", "valeur", feminine=True,
                ask=Ask("&Valeur", help="L’autre chiffre, à côté de celui du contrat\u202f; il ne le remplace pas.")),
            text("reason", "motif", ask=Ask("&Motif", lines=True, help="Pourquoi ce chiffre diffère.")),
            text("source", "source", "", feminine=True, ask=Ask("&Source", help="Qui le donne, et où.")),
        ),
    ),
    Kind("breakdown", model.Breakdown, "ventilation", "ventilations", "breakdowns", sheet="Ventilations",
        about="releves", order=("objective", "day", "list_name", "category", "key"), owner="objective", feminine=True,
        door="Ventilations, dans la fiche de l’objectif.",
        fields=(
            KEY,
            link("objective", "objectif"),
            date("day", "date", REQUIRED, ends=True),
            text("category", "catégorie", feminine=True),
            number("value", "valeur", feminine=True),
            text("list_name", "liste", "", feminine=True),
        ),
    ),
    Kind("meteo", model.Meteo, "météo", "météos", "meteos", sheet="Météo", order=("engagement", "day", "key"),
        about="meteo", owner="engagement", feminine=True, door="Météo, dans la page de l’engagement.",
        fields=(
            KEY,
            link("engagement", "engagement"),
            date("day", "date", REQUIRED),
            word("weather", "météo", model.Weather, feminine=True),
            text("results", "synthèse des résultats", "", feminine=True),
            text("obstacles", "synthèse des freins", "", feminine=True),
            text("next_steps", "synthèse des suites", "", feminine=True),
        ),
    ),
    Kind("step", model.Step, "étape", "étapes", "steps", sheet="Étapes", order=("engagement", "rank", "key"),
        owner="engagement", feminine=True,
        fields=(
            KEY,
            link("engagement", "engagement", ask=Ask("&Engagement")),
            text("label", "libellé", ask=Ask("&Libellé", lines=True, help="Ce qui est à faire.")),
            integer("rank", "rang", 0, door="Une nouvelle étape vient après celles qui sont là."),
            text("who", "responsable", "", ask=Ask("&Qui", help="Une fonction, jamais un nom.")),
            date("due", "échéance", ends=True, to_come=True, ask=Ask("É&chéance")),
            date("done_on", "date de réalisation", ask=Ask("&Faite le")),
        ),
    ),
)
