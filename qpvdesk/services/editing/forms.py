"""The forms of everything a contract holds: their fields, in the order they are asked for, as data.

What is typed is text, as people write it; `reading` understands it. The names of the fields are those of the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qpvdesk.domain.french import fold
from qpvdesk.domain.model import (
    FREQUENCY_LABELS,
    LEVEL_LABELS,
    NATURE_LABELS,
    THEME_LABELS,
    Budget,
    Credit,
    Dossier,
    Mesure,
    Stage,
    StatementKind,
)
from qpvdesk.domain.sens import AIMS, Aim, labels

Typed = Mapping[str, str]
Options = tuple[tuple[str, str], ...]
"""What is shown, and the value it stands for."""


class Input(StrEnum):
    """How a field is given."""

    LINE = "ligne"
    TEXT = "texte"
    NUMBER = "nombre"
    DATE = "date"
    YEAR = "annee"
    CHOICE = "choix"
    LINK = "lien"
    """One thing of the contract, by its key; the options depend on the contract."""
    LINKS = "liens"
    """Several, one key a line."""


def _always(_: Typed) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class EditField:
    """One field. `label` may hold a mnemonic."""

    name: str
    label: str
    input: Input = Input.LINE
    required: bool = False
    help: str = ""
    choices: Options = ()
    linked: str = ""
    """The kind of thing a link leads to (`partner`, `territory`…)."""
    shown: Callable[[Typed], bool] = _always
    """Whether the field has a meaning, from what is typed in the others."""


@dataclass(frozen=True, slots=True)
class EditForm:
    """The form of one kind of thing."""

    kind: str
    noun: str
    """With its article left out: « engagement »."""
    feminine: bool
    fields: tuple[EditField, ...]

    @property
    def new_title(self) -> str:
        """« Nouvel engagement »."""
        if self.feminine:
            return f"Nouvelle {self.noun}"
        return f"{'Nouvel' if fold(self.noun[0]) in 'aeiouy' else 'Nouveau'} {self.noun}"

    @property
    def edit_title(self) -> str:
        """« Modifier l’engagement »."""
        if fold(self.noun[0]) in "aeiouy":
            return f"Modifier l’{self.noun}"
        return f"Modifier {'la' if self.feminine else 'le'} {self.noun}"


def _of(labels: Mapping[Any, str]) -> Options:
    return tuple((words, value.value) for value, words in labels.items())


MESURE_LABELS = {
    Mesure.STOCK: "Un niveau à une date",
    Mesure.CUMUL: "Un cumul depuis le départ",
    Mesure.FLUX: "Un nombre par an",
}
BUDGET_LABELS = {
    Budget.INVESTISSEMENT: "Investissement",
    Budget.FONCTIONNEMENT: "Fonctionnement",
    Budget.NON_PRECISE: "Non précisé",
}
CREDIT_LABELS = {
    Credit.DROIT_COMMUN: "Droit commun",
    Credit.CREDITS_SPECIFIQUES: "Crédits spécifiques",
    Credit.NON_PRECISE: "Non précisé",
}
STAGE_LABELS = {Stage.PREVU: "Prévu", Stage.ENGAGE: "Engagé", Stage.PAYE: "Payé"}

STATEMENT_LABELS = {
    StatementKind.TOTAL: "Un total et ses parties",
    StatementKind.DENOMBREMENT: "Un nombre annoncé et ce qui est énuméré",
    StatementKind.PART: "Un pourcentage et ses deux nombres",
    StatementKind.FORMULE: "Un chiffre et sa règle de calcul",
    StatementKind.ENVELOPPE: "Une enveloppe et ce qui la remplit",
    StatementKind.EGALITE: "Un même chiffre en plusieurs endroits",
    StatementKind.COMPARAISON: "Deux chiffres qui ne se comparent pas",
    StatementKind.BASE_ABSENTE: "Un chiffre sans sa base ou sa date",
}

_CITATION = (
    EditField("citation_document", "D&ocument source", Input.LINK, linked="document"),
    EditField("citation_section", "R&ubrique", help="Le titre sous lequel la promesse se trouve."),
    EditField("citation_mark", "Re&père", help="Quelques mots du document, recopiés tels quels."),
)
_CODE = EditField("code", "&Code", required=True, help="Court et unique dans le contrat.")


def _where(wanted: Callable[[Aim], bool]) -> Callable[[Typed], bool]:
    shown = {sens.value for sens, aim in AIMS.items() if wanted(aim)}
    return lambda typed: typed.get("sens") in shown


_MOVING = _where(lambda aim: aim.way != 0)
_TARGETED = _where(lambda aim: aim.has_target)

FORMS: dict[str, EditForm] = {
    form.kind: form
    for form in (
        EditForm(
            "contract",
            "contrat",
            False,
            (
                _CODE,
                EditField("name", "&Nom", required=True),
                EditField("epci", "Code de l’&EPCI", help="Le numéro SIREN, neuf chiffres."),
                EditField("start", "&Début", Input.DATE),
                EditField("end", "&Fin", Input.DATE),
                EditField("signed_on", "&Signé le", Input.DATE),
                EditField(
                    "ahead", "En a&vance à partir de", Input.NUMBER,
                    help="En points d’écart entre l’avancement et ce qui est attendu\u202f: 10 d’ordinaire.",
                ),
                EditField("on_track", "C&onforme jusqu’à", Input.NUMBER, help="-5 d’ordinaire."),
                EditField(
                    "watch", "À su&rveiller jusqu’à", Input.NUMBER,
                    help="-15 d’ordinaire\u202f; au-dessous, l’objectif est en retard.",
                ),
                EditField("note", "No&te", Input.TEXT),
            ),
        ),
        EditForm(
            "partner",
            "partenaire",
            False,
            (
                _CODE,
                EditField("name", "&Nom", required=True),
                EditField("short_name", "Nom co&urt", required=True, help="Pour les tableaux et les graphiques."),
                EditField("contact_function", "&Interlocuteur", help="Une fonction, jamais un nom."),
                EditField("note", "N&ote", Input.TEXT),
            ),
        ),
        EditForm(
            "engagement",
            "engagement",
            False,
            (
                EditField("partner", "&Partenaire", Input.LINK, required=True, linked="partner"),
                _CODE,
                EditField("label", "&Libellé", Input.TEXT, required=True, help="Commencez par un verbe."),
                EditField("theme", "&Thématique", Input.CHOICE, choices=_of(THEME_LABELS)),
                EditField("nature", "&Nature", Input.CHOICE, choices=_of(NATURE_LABELS)),
                EditField("detail", "&Détail", Input.TEXT),
                EditField("due", "&Échéance", Input.DATE),
                EditField("territory", "Terr&itoire", Input.LINK, linked="territory"),
                EditField(
                    "territories", "Lieux no&mmés", Input.LINKS, linked="territory",
                    help="Les communes et quartiers que l’engagement nomme.",
                ),
                EditField("conditions", "Ré&serves", Input.TEXT, help="Une par ligne (« sous réserve de… »)."),
                *_CITATION,
            ),
        ),
        EditForm(
            "objective",
            "objectif",
            False,
            (
                EditField("partner", "&Partenaire", Input.LINK, required=True, linked="partner"),
                EditField("engagement", "&Engagement", Input.LINK, linked="engagement"),
                _CODE,
                EditField("label", "&Libellé", Input.TEXT, required=True),
                EditField("theme", "&Thématique", Input.CHOICE, choices=_of(THEME_LABELS)),
                EditField("territory", "Terr&itoire", Input.LINK, required=True, linked="territory"),
                EditField("unit", "&Unité", required=True, help="bus, %, M€, postes…"),
                EditField("sens", "&Sens", Input.CHOICE, choices=_of(labels())),
                EditField("mesure", "&Mesure", Input.CHOICE, choices=_of(MESURE_LABELS)),
                EditField(
                    "start_value", "Valeur de &départ", Input.NUMBER, shown=_MOVING,
                    help="Vide si elle n’est pas connue\u202f: l’objectif sera « sans trajectoire ».",
                ),
                EditField("start_date", "D&ate de départ", Input.DATE, shown=_TARGETED),
                EditField("target_value", "Ci&ble", Input.NUMBER, shown=_TARGETED),
                EditField("target_date", "Éc&héance", Input.DATE, shown=_TARGETED),
                EditField(
                    "milestones", "&Jalons", Input.TEXT, shown=_MOVING,
                    help="Un par ligne, date puis valeur\u202f: 31/12/2026 30.",
                ),
                EditField(
                    "reference", "Comparé &à", Input.LINK, linked="objective", shown=_where(lambda aim: aim.compared),
                    help="L’indicateur dont la part est à égaler, dans la même unité.",
                ),
                EditField("frequency", "&Fréquence des relevés", Input.CHOICE, choices=_of(FREQUENCY_LABELS)),
                EditField(
                    "declined", "Décliné su&r", Input.LINKS, linked="territory",
                    help="Un objectif par lieu est créé\u202f; leurs valeurs s’additionnent dans celui-ci.",
                ),
                EditField("population", "Public ou pé&rimètre"),
                EditField("note", "N&ote", Input.TEXT),
                *_CITATION,
            ),
        ),
        EditForm(
            "territory",
            "territoire",
            False,
            (
                EditField("level", "&Niveau", Input.CHOICE, choices=_of(LEVEL_LABELS)),
                EditField(
                    "code", "&Code", required=True,
                    help="Le code officiel\u202f: 62498 pour une commune, QN06274M pour un quartier.",
                ),
                EditField("name", "N&om", required=True),
                EditField("parent", "Si&tué dans", Input.LINK, linked="territory"),
                EditField("inhabitants", "&Habitants en QPV", Input.NUMBER),
                EditField(
                    "vintage", "&Millésime", Input.DATE,
                    shown=lambda typed: bool(typed.get("inhabitants", "").strip()),
                ),
                EditField("note", "Not&e", Input.TEXT),
            ),
        ),
        EditForm(
            "funding",
            "moyen",
            False,
            (
                EditField("partner", "&Partenaire", Input.LINK, required=True, linked="partner"),
                _CODE,
                EditField("label", "&Libellé", required=True),
                EditField("amount", "&Montant", Input.NUMBER, required=True, help="2,5 M€ s’écrit ainsi."),
                EditField("unit", "&Unité", Input.CHOICE, choices=(("Euros", "EUR"), ("Postes (ETP)", "ETP"))),
                EditField("first_year", "&De l’année", Input.YEAR, required=True),
                EditField("last_year", "À l’a&nnée", Input.YEAR, required=True),
                EditField("budget", "Nat&ure", Input.CHOICE, choices=_of(BUDGET_LABELS)),
                EditField("credit", "Cré&dits", Input.CHOICE, choices=_of(CREDIT_LABELS)),
                EditField("stage", "&Stade", Input.CHOICE, choices=_of(STAGE_LABELS)),
                EditField("engagement", "&Engagement", Input.LINK, linked="engagement"),
                EditField("territory", "Terr&itoire", Input.LINK, linked="territory"),
                EditField("note", "N&ote", Input.TEXT),
                *_CITATION,
            ),
        ),
        EditForm(
            "establishment",
            "établissement",
            False,
            (
                _CODE,
                EditField("name", "&Nom", required=True),
                EditField("territory", "Terr&itoire", Input.LINK, required=True, linked="territory"),
                EditField("kind", "&Genre", required=True, help="collège, école, centre social…"),
                EditField("label", "&Label", help="REP ou REP+ pour un collège."),
                *_CITATION,
            ),
        ),
        EditForm(
            "legal_reference",
            "référence juridique",
            True,
            (
                _CODE,
                EditField("label", "&Libellé", Input.TEXT, required=True),
                EditField("partner", "&Partenaire", Input.LINK, linked="partner"),
                EditField("dated", "&Date", Input.DATE),
                EditField("vote", "&Vote", help="Tel que le document le dit\u202f: «\u202fà l’unanimité\u202f»."),
                *_CITATION,
            ),
        ),
        EditForm(
            "condition",
            "réserve",
            True,
            (
                EditField("partner", "&Partenaire", Input.LINK, required=True, linked="partner"),
                EditField(
                    "engagement", "&Engagement", Input.LINK, linked="engagement",
                    help="Vide\u202f: la réserve vaut pour tous ceux du partenaire.",
                ),
                EditField("text", "&Texte", Input.TEXT, required=True),
                *_CITATION,
            ),
        ),
        EditForm(
            "statement",
            "énoncé",
            False,
            (
                EditField("partner", "&Partenaire", Input.LINK, linked="partner"),
                _CODE,
                EditField("label", "&Libellé", Input.TEXT, required=True, help="Ce que le document affirme."),
                EditField("kind", "&Genre", Input.CHOICE, choices=_of(STATEMENT_LABELS)),
                EditField("value", "&Valeur énoncée", Input.NUMBER, help="Le chiffre que le document annonce."),
                EditField("unit", "&Unité"),
                EditField(
                    "operands", "Chi&ffres comparés", Input.TEXT,
                    help="Un par ligne\u202f: ce que c’est\u202f; sa valeur\u202f; son unité. «\u202fNord\u202f; 26\u202f».",
                ),
                EditField(
                    "formula", "&Règle de calcul", shown=lambda typed: typed.get("kind") == "formule",
                    help="Avec les noms des chiffres, quatrièmes sur leur ligne\u202f: «\u202fpostes * 10000\u202f».",
                ),
                EditField("objective", "O&bjectif", Input.LINK, linked="objective"),
                EditField("note", "N&ote", Input.TEXT),
                *_CITATION,
            ),
        ),
        EditForm(
            "document",
            "document",
            False,
            (
                _CODE,
                EditField("title", "&Titre", required=True),
                EditField("issued_on", "&Date", Input.DATE),
                EditField("note", "N&ote", Input.TEXT),
            ),
        ),
    )
}  # fmt: skip


def options(dossier: Dossier, field: EditField, typed: Typed) -> Options:
    """Return what a choice or a link may be, in this contract and with what is typed; « – » stands for nothing."""
    if field.choices:
        return field.choices
    none: Options = () if field.required or field.input is Input.LINKS else (("–", ""),)
    partner = typed.get("partner", "")
    match field.linked:
        case "partner":
            rows = [(one.name, one.key) for one in dossier.partners]
        case "territory":
            rows = [
                (f"{one.name} ({LEVEL_LABELS[one.level].lower()})", one.key) for one in dossier.territories
            ]
        case "document":
            rows = [(one.title, one.key) for one in dossier.documents]
        case "engagement":
            rows = [
                (f"{one.code} {one.label}", one.key)
                for one in dossier.engagements
                if not one.retired and partner in ("", one.partner)
            ]
        case "objective":
            rows = [(f"{one.code} {one.label}", one.key) for one in dossier.objectives if not one.retired]
        case _:
            rows = []
    return (*none, *rows)
