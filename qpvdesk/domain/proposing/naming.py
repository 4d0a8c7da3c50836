"""What a document says of the contract that it holds: its collectivité, named on its first page, and its dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, parse_date, raised
from qpvdesk.domain.proposing.proposal import Line, Proposal

_LINES_MAX = 40
_WHO = re.compile(
    r"^(?:(?:la|l[’'])\s*)?(?P<who>(?:communauté (?:d[’']agglomération|de communes|urbaine)|métropole|agglomération|ville"
    r"|pays)\b[^.;:,(]{0,80})",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\bcontrat de ville\b[^.;]{0,40}?\b(20\d\d) ?[-–/] ?(20\d\d)\b", re.IGNORECASE)
_SIGNED = re.compile(r"\bsignée? le (?P<day>\d{1,2}(?:er)? [a-zéû]+ \d{4}|\d{1,2}/\d{1,2}/\d{4})")
_OF_A_TOWN = re.compile(
    # « de La Rochelle » keeps its article, which bears a capital.
    r"^.*?\bcontrat de ville\b(?:\s+[0-9–-]+)?\s*(?:«[^»]*»)?\s*"
    r"(?-i:de la |de l[’']|des |du |de |d[’']|DE LA |DE L[’']|DES |DU |DE |D[’'])?",
    re.IGNORECASE,
)
_FEMININE = ("communauté", "métropole", "ville")


def contract_name(pages: Sequence[str]) -> str:
    """Return « Contrat de ville de la Communauté d’agglomération du Val », empty where no line names its collectivité."""
    for line in "\n".join(pages[:3]).splitlines()[:_LINES_MAX]:
        if found := _WHO.match(line.strip(" *#")):
            who = " ".join(found["who"].split())
            who = who.capitalize() if who.isupper() else raised(who)
            of = "de la " if who.lower().startswith(_FEMININE) else "de l’" if who[0] in "Aa" else "du "
            return f"Contrat de ville {of}{who}"
    return ""


def proper_name(contract: str) -> str:
    """Return what a contract is called, without what each of them is called: « Communauté d’agglomération du Val »."""
    return _OF_A_TOWN.sub("", contract).strip()


def perimeter_name(contract: str) -> str:
    """Return the name of the whole of a contract as a place."""
    return proper_name(contract) or contract


def contract_dates(lines: Sequence[Line]) -> Iterator[Proposal]:
    """Yield the years of the contract and the day of its signature, where the first lines say them."""
    values: dict[str, str] = {}
    passages: list[Line] = []
    for line in lines[:_LINES_MAX]:
        if "start" not in values and (span := _SPAN.search(line.bare)) and span[1] <= span[2]:
            values |= {"start": f"01/01/{span[1]}", "end": f"31/12/{span[2]}"}
            passages.append(line)
        if "signed_on" not in values and (signed := _SIGNED.search(line.bare)):
            try:
                values["signed_on"] = format_date(parse_date(signed["day"]))
            except UserError:
                continue
            passages.append(line)
    if passages:
        passage = " ".join(dict.fromkeys(line.text for line in passages))
        yield Proposal(
            "contract", values, passage, passages[0].page, "Contrat\u202f: ses années et sa signature."
        )
