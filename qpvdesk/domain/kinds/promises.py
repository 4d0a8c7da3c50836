"""What is promised: engagements, reserves, objectives and their milestones, means."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from qpvdesk.domain import model
from qpvdesk.domain.kinds.declaration import (
    CITATION,
    CODE,
    CONTRACT,
    KEY,
    NOTE,
    REQUIRED,
    RETIRED,
    Ask,
    Field,
    Kind,
    Type,
    Typed,
    date,
    integer,
    link,
    named,
    number,
    text,
    when,
    word,
)
from qpvdesk.domain.kinds.words import choices
from qpvdesk.domain.model import Aggregation
from qpvdesk.domain.sens import AIMS, Aim, Sens

_PARTNER = link("partner", "partenaire", ask=Ask("&Partenaire"))
_THEME = named(
    "theme", "thématique", "theme", feminine=True, blank=True, toml="thematique", ask=Ask("&Thématique")
)
_LABEL = text("label", "libellé", toml="libelle", ask=Ask("&Libellé", lines=True))
_ENGAGEMENT = link("engagement", "engagement", None, toml="engagement", ask=Ask("&Engagement"))
_OBJECTIVE = link("objective", "objectif", door="C’est celui dont il est une partie.")


def _aimed(wanted: Callable[[Aim], bool]) -> Callable[[Typed], bool]:
    of_sens = when("sens", *(sens for sens, aim in AIMS.items() if wanted(aim)))
    return lambda typed: of_sens(typed) and typed.get("role") != model.Role.CONTEXTE


_MOVING = _aimed(lambda aim: aim.has_way)
_TARGETED = _aimed(lambda aim: aim.has_target)
_DATED = _aimed(lambda aim: aim.promised)


_THINGS_TO_DO = frozenset(sens for sens, aim in AIMS.items() if aim.yes_or_no)


def _counted(typed: Typed) -> bool:
    return typed.get("sens") not in _THINGS_TO_DO


def _followed(typed: Typed) -> bool:
    return not typed.get("parent", "").strip()


def _declined(typed: Typed) -> bool:
    return bool(typed.get("declined", "").strip())


# fmt: off
# A table: one row a field, as long as it takes.
AXIS = Kind("axis", model.Axis, "axe", "axes", "axes", sheet="Axes", about="contrat", order=("rank", "code"),
    form=("code", "name", "parent"),
    fields=(
        KEY, CONTRACT, CODE,
        text("name", "nom", toml="nom", ask=Ask("&Nom")),
        integer("rank", "rang", 0, toml="rang", door="Un nouvel axe vient après ceux qui sont là."),
        link("parent", "axe au-dessus", None, ref="axis", toml="parent",
            ask=Ask("&Dans", help="L’axe du niveau au-dessus, s’il y en a un.")),
    ),
)

VERSION = Kind("version", model.Version, "version du contrat", "versions du contrat", "versions", sheet="Versions",
    about="contrat", feminine=True, order=("day", "code"), form=("label", "code", "kind", "day"),
    fields=(
        KEY, CONTRACT, CODE,
        text("label", "libellé", toml="libelle", ask=Ask("&Libellé", help="Avenant n° 1, revue à mi-parcours…")),
        word("kind", "genre", model.VersionKind, toml="genre",
            ask=Ask("&Genre", choices=choices(model.VersionKind))),
        date("day", "date", toml="date", ask=Ask("&Date")),
    ),
)
_SINCE = link("since", "version", None, ref="version", feminine=True, toml="depuis",
    ask=Ask("Dep&uis", help="L’avenant ou la revue qui l’a créé ou changé\u202f; vide depuis la signature."))

THEME = Kind("theme", model.Theme, "thématique", "thématiques", "themes", sheet="Thématiques", feminine=True,
    about="contrat", order=("rank", "code"), form=("name", "code"),
    fields=(
        KEY, CONTRACT, CODE,
        text("name", "nom", toml="nom", ask=Ask("&Nom")),
        integer("rank", "rang", 0, toml="rang", door="Une nouvelle thématique vient après celles qui sont là."),
    ),
)

ENGAGEMENT = Kind("engagement", model.Engagement, "engagement", "engagements", "engagements", sheet="Engagements",
    about="engagements", form=("partner", "label", "theme", "nature", "territories", "code", "axis", "parent"),
    first=("partner", "label", "theme", "nature", "territories"), asked_for=("nature",),
    fields=(
        KEY, CONTRACT, _PARTNER, CODE,
        text("label", "libellé", toml="libelle",
            ask=Ask("&Libellé", lines=True, help="Commencez par un verbe.")),
        _THEME,
        word("nature", "nature", model.Nature, feminine=True, toml="nature",
            ask=Ask("&Nature", choices=choices(model.Nature))),
        text("detail", "détail", "", toml="detail", ask=Ask("&Détail", lines=True)),
        date("due", "échéance", ends=True, to_come=True, toml="echeance", ask=Ask("&Échéance")),
        link("territory", "territoire", None, toml="territoire", ask=Ask("Terr&itoire")),
        CITATION, RETIRED,
        link("axis", "axe", None, toml="axe",
            ask=Ask("A&xe", shown=_followed, help="L’axe ou la priorité du contrat, s’il en a.")),
        link("parent", "engagement précisé", None, ref="engagement", toml="precise",
            ask=Ask("Précise l’en&gagement",
                help="Vide pour un engagement suivi\u202f; une précision se lit sous le sien, qui porte tout son suivi.")),
        _SINCE,
    ),
    entries=(
        Field("copilots", Type.LINKS, "copilotes", "", ref="partner", ask=Ask("Copilotes")),
        Field("associates", Type.LINKS, "partenaires associés", "", ref="partner",
            ask=Ask("Partenaires associés")),
        Field("funders", Type.LINKS, "financeurs", "", ref="partner", ask=Ask("Financeurs")),
        Field("themes", Type.LINKS, "autres thématiques", "", ref="theme",
            ask=Ask("Autres théma&tiques", help="Celles que l’engagement touche aussi.")),
        Field("territories", Type.LINKS, "lieux nommés", "", ref="territory",
            ask=Ask("Lieux no&mmés", help="Les communes et quartiers que l’engagement nomme.")),
        text("conditions", "réserves", "",
            ask=Ask("Ré&serves", lines=True, help="Une par ligne (« sous réserve de… »).")),
    ),
)

OBJECTIVE = Kind("objective", model.Objective, "objectif", "objectifs", "objectives", sheet="Objectifs", about="objectifs",
    form=("partner", "engagement", "theme", "territory", "label", "unit", "start_value", "start_date", "target_value",
        "target_max", "target_date", "sens", "reference", "mesure", "declined", "aggregation", "frequency", "code", "role",
        "start_unit", "target_text", "milestones", "weight", "population", "note"),
    first=("partner", "engagement", "theme", "territory", "label", "unit", "start_value", "start_date", "target_value",
        "target_max", "target_date", "sens", "reference", "mesure", "declined", "aggregation", "frequency"),
    asked_for=("mesure",),
    fields=(
        KEY, CONTRACT, _PARTNER, CODE, _LABEL, _THEME,
        link("territory", "territoire", toml="territoire", ask=Ask("Terr&itoire")),
        text("unit", "unité", feminine=True, blank=True, toml="unite", free=False,
            ask=Ask("&Unité", shown=_counted, help="bus, %, M€, postes…", usual=(
                "%", "actions", "€", "ETP", "habitants", "jeunes", "jours", "k€", "logements", "M€", "personnes", "places",
                "postes", "pt"))),
        word("sens", "sens", Sens, toml="sens", ask=Ask("&Sens", choices=choices(Sens))),
        word("mesure", "mode de mesure", model.Mesure, model.Mesure.STOCK, toml="mesure",
            ask=Ask("&Mesure", choices=choices(model.Mesure))),
        link("engagement", "engagement", None, ask=Ask("&Engagement")),
        number("start_value", "valeur de départ", None, feminine=True, toml="valeur_initiale",
            ask=Ask("Valeur de &départ", shown=_MOVING,
                help="Vide si elle n’est pas connue\u202f: l’objectif sera « sans trajectoire ».")),
        date("start_date", "date de départ", ends=True, toml="date_initiale", ask=Ask("D&ate de départ", shown=_TARGETED)),
        number("target_value", "valeur cible", None, feminine=True, toml="valeur_cible",
            ask=Ask("Ci&ble", shown=_TARGETED,
                help="Un nombre, ou comme le contrat l’écrit\u202f: «\u202f−20\u00a0% du départ\u202f»,"
                " «\u202f1 pour 1 500 habitants\u202f», «\u202fentre 20 et 22\u202f».")),
        date("target_date", "date cible", ends=True, to_come=True, toml="date_cible", ask=Ask("Éc&héance", shown=_DATED)),
        link("reference", "objectif de référence", None, ref="objective", toml="reference",
            ask=Ask("Comparé &à", shown=_aimed(lambda aim: aim.compared),
                help="L’indicateur dont la part est à égaler, dans la même unité.")),
        link("parent", "objectif décliné", None, ref="objective", toml="parent",
            door="Décliné sur, dans la fiche de l’objectif qui se décline."),
        word("aggregation", "mode de calcul", Aggregation, Aggregation.AUCUN, toml="agregation",
            ask=Ask("Ca&lculé comme", shown=_declined,
                choices=choices(Aggregation)[1:],
                help="Des pourcentages ne s’additionnent pas\u202f: prenez leur moyenne ou leur part.")),
        word("frequency", "fréquence", model.Frequency, model.Frequency.ANNUELLE, feminine=True,
            toml="frequence", ask=Ask("&Fréquence des relevés", choices=choices(model.Frequency))),
        number("weight", "poids", Decimal(1), toml="poids",
            ask=Ask("Poi&ds", help="1 d’ordinaire\u202f; 2 compte double dans le taux moyen, 0 n’y compte pas.")),
        text("start_unit", "unité de départ", "", feminine=True, toml="unite_initiale", free=False,
            ask=Ask("Unité du dépar&t", shown=_MOVING,
                help="Seulement si le départ se comptait autrement que la cible (logements, puis bâtiments).")),
        text("population", "population", "", feminine=True, toml="population", ask=Ask("Public ou pé&rimètre")),
        NOTE, CITATION, RETIRED,
        word("role", "rôle", model.Role, model.Role.PROMESSE, toml="role",
            ask=Ask("R&ôle", choices=choices(model.Role),
                help="Un chiffre de contexte n’a ni cible ni statut, n’entre dans aucun compte et n’est dû par personne.")),
        _SINCE,
        number("target_max", "valeur cible haute", None, feminine=True, toml="valeur_cible_max",
            ask=Ask("Au pl&us", shown=_aimed(lambda aim: aim.between),
                help="La borne haute\u202f; la cible est la borne basse.")),
        text("target_text", "cible telle qu’écrite", "", feminine=True, toml="cible_ecrite",
            ask=Ask("Telle qu’éc&rite", shown=_TARGETED,
                help="«\u202f−20\u00a0%\u202f» ou «\u202f1 pour 1 500 habitants\u202f»\u202f: la cible s’en calcule.")),
    ),
    entries=(
        text("milestones", "jalons", "",
            ask=Ask("&Jalons", lines=True, shown=_MOVING, help="Un par ligne, date puis valeur\u202f: 31/12/2026 30.")),
        text("breakdowns", "ventilations", "",
            ask=Ask("&Ventilations", lines=True,
                help="Une par ligne, à côté de la valeur d’ensemble et jamais additionnées\u202f: "
                "«\u202f31/12/2025\u202f; sexe\u202f; femmes\u202f; 120\u202f».")),
        Field("declined", Type.LINKS, "déclinaisons", "", ref="territory",
            ask=Ask("Décliné su&r",
                help="Un objectif par lieu est créé\u202f; leurs valeurs donnent celle de celui-ci.")),
    ),
)

FUNDING = Kind("funding", model.Funding, "financement", "financements", "fundings", sheet="Financements", noun="moyen",
    about="moyens", form=("partner", "label", "code", "amount", "unit", "first_year", "last_year"),
    fields=(
        KEY, CONTRACT, _PARTNER, CODE,
        text("label", "libellé", toml="libelle", ask=Ask("&Libellé")),
        integer("first_year", "première année", feminine=True, toml="annee_debut",
            ask=Ask("&De l’année", year=True)),
        integer("last_year", "dernière année", feminine=True, toml="annee_fin",
            ask=Ask("À l’a&nnée", year=True)),
        number("amount", "montant", toml="montant", ask=Ask("&Montant", help="2,5 M€ s’écrit ainsi.")),
        text("unit", "unité", feminine=True, toml="unite", free=False,
            ask=Ask("&Unité", choices=(("Euros", "EUR"), ("Postes (ETP)", "ETP")))),
        word("budget", "section", model.Budget, model.Budget.NON_PRECISE, feminine=True, toml="nature",
            ask=Ask("Nat&ure", choices=choices(model.Budget))),
        word("credit", "nature des crédits", model.Credit, model.Credit.NON_PRECISE, feminine=True,
            toml="credits", ask=Ask("Cré&dits", choices=choices(model.Credit))),
        word("stage", "avancement", model.Stage, model.Stage.PREVU, toml="stade",
            ask=Ask("&Stade", choices=choices(model.Stage))),
        _ENGAGEMENT,
        link("territory", "territoire", None, toml="territoire", ask=Ask("Terr&itoire")),
        NOTE, CITATION,
    ),
    entries=(
        text("years", "années", "",
            ask=Ask("Année par année", lines=True,
                help="Une par ligne\u202f: l’année, les AE, les CP. «\u202f2025\u202f; 1,2 M€\u202f; 900 k€\u202f».")),
        Field("cofunders", Type.LINKS, "autres financeurs", "", ref="partner", ask=Ask("Autres financeurs")),
    ),
)

KINDS = (
    VERSION,
    THEME,
    AXIS,
    ENGAGEMENT,
    Kind("engagement_partner", model.EngagementPartner, "partenaire d’engagement", "partenaires d’engagement",
        "engagement_partners", sheet="Partenaires des engagements", order=("engagement", "role", "partner", "key"),
        owner="engagement", door="Copilotes, associés et financeurs, dans la fiche de l’engagement.",
        fields=(
            KEY,
            link("engagement", "engagement"),
            link("partner", "partenaire"),
            word("role", "rôle", model.Involvement),
        ),
    ),
    Kind("engagement_theme", model.EngagementTheme, "autre thématique d’engagement",
        "autres thématiques d’engagement", "engagement_themes", sheet="Autres thématiques",
        order=("engagement", "theme", "key"), owner="engagement", feminine=True,
        door="Autres thématiques, dans la fiche de l’engagement.",
        fields=(
            KEY,
            link("engagement", "engagement"),
            named("theme", "thématique", "theme", feminine=True),
        ),
    ),
    Kind("engagement_territory", model.EngagementTerritory, "territoire d’engagement",
        "territoires d’engagement", "engagement_territories", sheet="Lieux des engagements",
        order=("engagement", "territory", "key"), owner="engagement",
        door="Lieux nommés, dans la fiche de l’engagement.",
        fields=(
            KEY,
            link("engagement", "engagement"),
            link("territory", "territoire"),
        ),
    ),
    Kind("condition", model.Condition, "condition", "conditions", "conditions", sheet="Conditions", about="engagements",
        noun="réserve", order=("partner", "engagement", "key"), feminine=True,
        form=("partner", "engagement", "text"),
        fields=(
            KEY, CONTRACT, _PARTNER,
            text("text", "texte", toml="texte", ask=Ask("&Texte", lines=True)),
            link("engagement", "engagement", None,
                ask=Ask("&Engagement", help="Vide\u202f: la réserve vaut pour tous ceux du partenaire.")),
            CITATION,
        ),
    ),
    OBJECTIVE,
    Kind("milestone", model.Milestone, "jalon", "jalons", "milestones", sheet="Jalons",
        order=("objective", "day", "key"), owner="objective", door="Jalons, dans la fiche de l’objectif.",
        fields=(
            KEY, _OBJECTIVE,
            date("day", "date", REQUIRED, ends=True, toml="date"),
            number("value", "valeur", feminine=True, toml="valeur"),
        ),
    ),
    FUNDING,
    Kind("funding_year", model.FundingYear, "année d’un financement", "années de financement", "funding_years",
        sheet="Années des financements", order=("funding", "year", "key"), owner="funding", feminine=True,
        door="Année par année, dans la fiche du moyen.",
        fields=(
            KEY,
            link("funding", "financement"),
            integer("year", "année", feminine=True, toml="annee"),
            number("ae", "autorisations d’engagement", None, toml="ae"),
            number("cp", "crédits de paiement", None, toml="cp"),
        ),
    ),
    Kind("funding_partner", model.FundingPartner, "autre financeur", "autres financeurs", "funding_partners",
        sheet="Autres financeurs", order=("funding", "partner", "key"), owner="funding",
        door="Autres financeurs, dans la fiche du moyen.",
        fields=(
            KEY,
            link("funding", "financement"),
            link("partner", "partenaire"),
        ),
    ),
)
AFTER_FIGURES = ("funding", "funding_year", "funding_partner")
"""What is told after the figures."""
