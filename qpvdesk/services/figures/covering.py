"""The message that goes with a return workbook: whom it is for, what is asked, by when."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from qpvdesk.domain.expected import Asked, asked_of
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.named import partner_coded
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import quoted

_DAYS_GIVEN = 21
"""What a partner is given to answer, before a committee where one is near."""
_DAYS_BEFORE = 7
"""What the officer needs to read the answers before a committee."""
_NAMED_MAX = 8


class Covering(Struct, frozen=True):
    """A message to be copied into a mail."""

    subject: str
    body: str
    due: date


def due_day(now: Situation) -> date:
    """Return when an answer is asked for: three weeks on, or a week before the next committee if that is sooner."""
    later = now.day + timedelta(days=_DAYS_GIVEN)
    ahead = [meeting.day for meeting in now.dossier.meetings if meeting.day > now.day]
    before = min(ahead) - timedelta(days=_DAYS_BEFORE) if ahead else later
    return before if now.day < before < later else later


def cover(now: Situation, code: str, file_name: str, asked: Asked, *, due: date | None = None) -> Covering:
    """Write the message to a partner of the contract (by code) to whom a workbook of that name goes, asking for those."""
    partner = partner_coded(now.dossier.partners, code)
    figures = [item.objective for item in asked_of(now, partner.key, asked)]
    due = due or due_day(now)
    count = plural(len(figures), "chiffre", "chiffres")
    named = [f"– {item.label}" for item in figures[:_NAMED_MAX]]
    if len(figures) > _NAMED_MAX:
        named.append(f"– et {plural(len(figures) - _NAMED_MAX, 'autre', 'autres')}, dans le classeur.")
    name = now.dossier.contract.name
    lines = [
        "Bonjour,",
        "",
        f"Pour le suivi du contrat {quoted(name)}, nous avons besoin de {count} que {partner.name} a à sa"
        " disposition\u202f:",
        *named,
        "",
        f"Le classeur «\u202f{file_name}\u202f» est joint. Il suffit d’indiquer une fois la date des valeurs, en haut,"
        " puis de remplir les cases jaunes\u202f; une part de 20\u202f% s’écrit 20. Laissez vide ce qui n’est pas connu.",
        f"Merci de nous le renvoyer avant le {format_date(due)}, en xlsx, ods ou csv.",
        "",
        "Bien cordialement,",
    ]
    return Covering(f"{name}\u202f: {count} à renseigner avant le {format_date(due)}", "\n".join(lines), due)
