"""Meetings, decisions, what was frozen and printed for them; visits."""

from __future__ import annotations

from qpvdesk.domain import model
from qpvdesk.domain.kinds.declaration import (
    CONTRACT,
    KEY,
    REQUIRED,
    Ask,
    Field,
    Kind,
    Type,
    Typed,
    date,
    integer,
    link,
    text,
    word,
)

_MEETING = link("meeting", "instance", feminine=True)


def _followed(typed: Typed) -> bool:
    return bool(typed.get("follow_up", "").strip())


# fmt: off
# A table: one row a field, as long as it takes.
KINDS = (
    Kind("meeting", model.Meeting, "instance", "instances", "meetings", sheet="Instances", order=("day", "key"),
        about="comites", feminine=True, spoken="réunion", door="Nouvelle instance, dans la page « Comités ».",
        fields=(
            KEY, CONTRACT,
            word("kind", "genre", model.MeetingKind, open=True),
            date("day", "date", REQUIRED),
            text("place", "lieu", ""),
            text("title", "titre", ""),
            text("agenda", "ordre du jour", ""),
            text("participants", "liste des participants", "", feminine=True),
        ),
    ),
    Kind("decision", model.Decision, "décision", "décisions", "decisions", sheet="Décisions",
        order=("meeting", "rank", "key"), owner="meeting", feminine=True,
        door="Les décisions d’une instance, dans la page « Comités ».",
        fields=(
            KEY, _MEETING,
            text("label", "libellé"),
            integer("rank", "rang", 0),
            text("carrier", "porteur", ""),
            date("due", "échéance", to_come=True),
            word("state", "état", model.DecisionState, model.DecisionState.A_FAIRE),
            date("state_on", "date de l’état", feminine=True),
        ),
    ),
    Kind("snapshot", model.Snapshot, "arrêté des données", "arrêtés des données", "snapshots", sheet="", about="comites",
        order=("day", "key"), door="Arrêter les données, dans la page « Comités ».",
        fields=(
            KEY, CONTRACT, _MEETING,
            date("day", "date des données", REQUIRED),
            date("frozen_on", "date de l’arrêté", REQUIRED),
            text("fingerprint", "empreinte", feminine=True, free=False),
            text("reason", "motif", ""),
        ),
    ),
    Kind("visit", model.Visit, "visite", "visites", "visits", sheet="Visites", about="visites", order=("day", "key"),
        feminine=True,
        fields=(
            KEY, CONTRACT,
            date("day", "date", REQUIRED, toml="date", ask=Ask("&Date")),
            text("place", "lieu", toml="lieu", ask=Ask("&Lieu", help="Centre social, pied d’immeuble, marché…")),
            link("territory", "territoire", None, toml="territoire",
                ask=Ask("&Territoire", help="Le quartier ou la commune\u202f: la carte et sa fiche montrent la visite.")),
            text("functions", "fonctions rencontrées", "", feminine=True, toml="fonctions",
                ask=Ask("&Fonctions rencontrées", lines=True, help="Une par ligne, jamais un nom.")),
            text("mood", "ambiance", "", feminine=True, toml="ambiance",
                ask=Ask("&Ambiance", lines=True, help="Ce qui se voit et s’entend dans le quartier.")),
            text("needs", "besoins", "", toml="besoins", ask=Ask("&Besoins", lines=True)),
            text("difficulties", "difficultés", "", feminine=True, toml="difficultes",
                ask=Ask("D&ifficultés", lines=True)),
            text("proposals", "propositions", "", feminine=True, toml="propositions",
                ask=Ask("&Propositions", lines=True)),
            text("follow_up", "suite à donner", "", feminine=True, toml="suite",
                ask=Ask("&Suite à donner", help="Ce qu’il faut faire\u202f; vide s’il n’y a rien à faire.")),
            text("carrier", "porteur", "", toml="porteur",
                ask=Ask("P&ar qui", shown=_followed, help="Une fonction ou un service, jamais un nom.")),
            date("due", "échéance", to_come=True, toml="echeance", ask=Ask("Po&ur le", shown=_followed)),
            date("done_on", "date de la suite donnée", toml="suite_donnee",
                ask=Ask("Fai&te le", shown=_followed, help="Vide tant qu’elle est attendue.")),
        ),
    ),
)
PAPER = Kind("paper", model.Paper, "papier imprimé", "papiers imprimés", "papers", sheet="", order=("made_on", "key"),
    about="contrat", door="L’impression d’un papier le note d’elle-même.",
    fields=(
        KEY, CONTRACT, _MEETING,
        text("model", "modèle", free=False),
        date("made_on", "date d’impression", REQUIRED),
        date("day", "date des données", REQUIRED),
        text("fingerprint", "empreinte", feminine=True, free=False),
        Field("name", Type.FILE_NAME, "nom du fichier", ""),
    ),
)
