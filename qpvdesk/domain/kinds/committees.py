"""Meetings, decisions, what was frozen and printed for them."""

from __future__ import annotations

from qpvdesk.domain import model
from qpvdesk.domain.kinds.declaration import (
    CONTRACT,
    KEY,
    REQUIRED,
    Field,
    Kind,
    Type,
    date,
    integer,
    link,
    text,
    word,
)

_MEETING = link("meeting", "instance", feminine=True)

# fmt: off
# A table: one row a field, as long as it takes.
KINDS = (
    Kind("meeting", model.Meeting, "instance", "instances", "meetings", sheet="Instances", order=("day", "key"),
        feminine=True, door="Nouvelle instance, dans la page « Comités ».",
        fields=(
            KEY, CONTRACT,
            word("kind", "genre", model.MeetingKind),
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
            date("due", "échéance"),
            word("state", "état", model.DecisionState, model.DecisionState.A_FAIRE),
            date("state_on", "date de l’état", feminine=True),
        ),
    ),
    Kind("snapshot", model.Snapshot, "arrêté des données", "arrêtés des données", "snapshots", sheet="",
        order=("day", "key"), door="Arrêter les données, dans la page « Comités ».",
        fields=(
            KEY, CONTRACT, _MEETING,
            date("day", "date des données", REQUIRED),
            date("frozen_on", "date de l’arrêté", REQUIRED),
            text("fingerprint", "empreinte", feminine=True, free=False),
            text("reason", "motif", ""),
        ),
    ),
)
PAPER = Kind("paper", model.Paper, "papier imprimé", "papiers imprimés", "papers", sheet="", order=("made_on", "key"),
    door="L’impression d’un papier le note d’elle-même.",
    fields=(
        KEY, CONTRACT, _MEETING,
        text("model", "modèle", free=False),
        date("made_on", "date d’impression", REQUIRED),
        date("day", "date des données", REQUIRED),
        text("fingerprint", "empreinte", feminine=True, free=False),
        Field("name", Type.FILE_NAME, "nom du fichier", ""),
    ),
)
