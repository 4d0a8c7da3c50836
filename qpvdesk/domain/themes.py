"""The *thématiques* of a contract, by their codes: its own, or the usual ones where it has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from qpvdesk.domain.french import fold
from qpvdesk.domain.model import Dossier, Engagement, EngagementTheme, Objective, Theme

USUAL = {
    "emploi": "Emploi",
    "entrepreneuriat": "Entrepreneuriat",
    "education": "Éducation",
    "sante": "Santé",
    "cadre_de_vie": "Cadre de vie",
    "transition_ecologique": "Transition écologique",
    "participation": "Participation",
    "solidarites": "Solidarités",
    "culture_sport": "Culture et sport",
}
"""The names by code, in order: what a contract starts from, and what those of before had."""
PARTICIPATION = "participation"
UNCHOSEN = "À préciser"


class ThemeNames(dict[str, str]):
    """The names by code, in the order of the contract. A code that is not there says itself, none at all « À préciser »."""

    def __missing__(self, code: str) -> str:
        return USUAL.get(code, code) or UNCHOSEN

    def rank(self, code: str) -> int:
        """Where a thématique stands in the contract; the unknown ones come last."""
        return next((rank for rank, known in enumerate(self) if known == code), len(self))

    def in_order(self, codes: set[str]) -> list[str]:
        return sorted(codes, key=lambda code: (self.rank(code), code))


def theme_names(dossier: Dossier) -> ThemeNames:
    own = sorted(dossier.themes, key=lambda item: (item.rank, item.code))
    return ThemeNames({item.code: item.name for item in own} or USUAL)


def usual_themes(contract: str, key_of: Callable[[str], str]) -> Iterator[Theme]:
    """Yield the usual thématiques for the contract of that key. `key_of`: from the code of one to its key."""
    for rank, (code, name) in enumerate(USUAL.items(), start=1):
        yield Theme(key_of(code), contract, code, name, rank=rank)


def code_of(words: str, names: ThemeNames) -> str:
    """Return the code of the thématique that a text gives by its code or its name; empty for another."""
    wanted = fold(words).replace("_", " ")
    for code, name in names.items():
        if wanted in {code.replace("_", " ").casefold(), fold(name)}:
            return code
    return ""


def code_from(name: str) -> str:
    """Return the code that a new thématique is given by its name: `tranquillite_publique`."""
    letters = (letter if letter.isalnum() else " " for letter in fold(name))
    return "_".join("".join(letters).split())


def namesakes(dossier: Dossier) -> list[list[Theme]]:
    """Return the thématiques of one name, where there are several: two bases that began apart from one file had each their
    own, and the package of one brought them to the other.
    """
    by_name: dict[str, list[Theme]] = {}
    for item in sorted(dossier.themes, key=lambda item: (item.rank, item.code)):
        by_name.setdefault(fold(item.name), []).append(item)
    return [alike for alike in by_name.values() if len(alike) > 1]


def handed_over(
    dossier: Dossier, code: str, to: str
) -> tuple[list[Engagement | Objective | EngagementTheme], list[EngagementTheme]]:
    """Return what is of a thématique, or touches it, as it is of another; and the links that say nothing more then."""
    own = {item.key for item in dossier.engagements if item.theme in (code, to)}
    touched = {link.engagement for link in dossier.engagement_themes if link.theme == to}
    removed = [
        link
        for link in dossier.engagement_themes
        if link.theme in (code, to)
        and (link.engagement in own or (link.theme == code and link.engagement in touched))
    ]
    links = [link for link in dossier.engagement_themes if link.theme == code and link not in removed]
    return [
        *(replace(item, theme=to) for item in dossier.engagements if item.theme == code),
        *(replace(item, theme=to) for item in dossier.objectives if item.theme == code),
        *(replace(link, theme=to) for link in links),
    ], removed


def theme_users(dossier: Dossier, code: str) -> list[str]:
    """Return the codes of what is of a thématique, or touches it."""
    touching = {item.engagement for item in dossier.engagement_themes if item.theme == code}
    users = [item.code for item in dossier.engagements if item.theme == code or item.key in touching]
    return [*users, *(item.code for item in dossier.objectives if item.theme == code)]
