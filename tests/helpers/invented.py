"""A small invented contract, for tests that need one and not the real one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.model import (
    Aggregation,
    Citation,
    Condition,
    Contour,
    Contract,
    Document,
    Dossier,
    Engagement,
    Funding,
    Layer,
    LayerFigure,
    Level,
    Measurement,
    Meeting,
    MeetingKind,
    Mesure,
    Meteo,
    Milestone,
    Nature,
    Objective,
    Partner,
    Population,
    Sens,
    Territory,
    Weather,
)

TODAY = date(2026, 6, 30)


def _d(value: float | int | str) -> Decimal:
    return Decimal(str(value))


def _cite(section: str, mark: str) -> Citation:
    return Citation("doc", section, mark)


def dossier() -> Dossier:
    """Three partners, eleven objectives in every status, a parity, a declination, a COPIL."""
    start, end = date(2023, 12, 31), date(2027, 12, 31)
    partners = (
        Partner("p1", "k", "BPI", "Banque publique d’investissement", "Bpifrance", 1),
        Partner("p2", "k", "ARS", "Agence régionale de santé", "ARS", 2),
        Partner("p3", "k", "FT", "France Travail", "France Travail", 3),
    )
    engagements = (
        Engagement(
            "e1",
            "k",
            "p1",
            "BPI-E01",
            "Faire circuler des bus de l’entrepreneuriat",
            "entrepreneuriat",
            Nature.CREDITS_SPECIFIQUES,
            citation=_cite("Axe 1", "40 bus"),
        ),
        Engagement(
            "e2",
            "k",
            "p2",
            "ARS-E01",
            "Ouvrir des postes de médiateurs en santé",
            "sante",
            Nature.DROIT_COMMUN,
            due=date(2027, 6, 30),
            territory="t1",
        ),
        Engagement(
            "e3",
            "k",
            "p3",
            "FT-E01",
            "Accueillir les demandeurs d’emploi des quartiers",
            "emploi",
            Nature.DROIT_COMMUN,
        ),
    )

    def objective(
        key: str,
        partner: str,
        code: str,
        text: str,
        theme: str,
        unit: str,
        sens: Sens = Sens.HAUSSE,
        **more: object,
    ) -> Objective:
        given: dict[str, object] = {
            "territory": "t1",
            "start_date": start,
            "target_date": end,
            "citation": _cite("Tableau", code),
        }
        given.update(more)
        return Objective(key, "k", partner, code, text, theme, unit=unit, sens=sens, **given)  # type: ignore[arg-type]

    objectives = (
        objective(
            "o1",
            "p1",
            "BPI-O01",
            "Bus de l’entrepreneuriat en circulation",
            "entrepreneuriat",
            "bus",
            start_value=_d(21),
            target_value=_d(40),
            engagement="e1",
        ),
        objective(
            "o2",
            "p1",
            "BPI-O02",
            "Carrefours de l’entrepreneuriat ouverts",
            "entrepreneuriat",
            "carrefours",
            start_value=_d(117),
            target_value=_d(200),
            engagement="e1",
        ),
        objective(
            "o3",
            "p1",
            "BPI-O03",
            "Lauréats accompagnés dans la durée",
            "entrepreneuriat",
            "lauréats",
            start_value=_d(11),
            target_value=_d(60),
        ),
        objective(
            "o4",
            "p1",
            "BPI-O04",
            "Entreprises créées avec un appui",
            "entrepreneuriat",
            "entreprises",
            mesure=Mesure.CUMUL,
            start_value=_d(0),
            start_date=date(2024, 1, 1),
            target_value=_d(30000),
        ),
        objective(
            "o5",
            "p2",
            "ARS-O01",
            "Postes de médiateurs en santé ouverts dans la région",
            "sante",
            "postes",
            start_value=_d(1),
            start_date=date(2024, 1, 1),
            target_value=_d(7),
            target_date=date(2029, 1, 1),
            engagement="e2",
            aggregation=Aggregation.SOMME,
        ),
        objective(
            "o6",
            "p2",
            "ARS-O02",
            "Postes de médiateurs ouverts, Nord",
            "sante",
            "postes",
            territory="t3",
            parent="o5",
            start_value=_d(1),
            target_value=_d(4),
        ),
        objective(
            "o7",
            "p2",
            "ARS-O03",
            "Postes de médiateurs ouverts, Pas-de-Calais",
            "sante",
            "postes",
            territory="t4",
            parent="o5",
            start_value=_d(0),
            target_value=_d(3),
        ),
        objective(
            "o8",
            "p3",
            "FT-O01",
            "Part des habitants des quartiers parmi les demandeurs d’emploi",
            "emploi",
            "%",
            Sens.SUIVI,
            start_date=None,
            target_date=None,
        ),
        objective(
            "o9",
            "p3",
            "FT-O02",
            "Part des habitants des quartiers dans les parcours emploi compétences",
            "emploi",
            "%",
            Sens.PARITE,
            reference="o8",
            start_date=None,
            target_date=None,
            engagement="e3",
        ),
        objective(
            "o10",
            "p3",
            "FT-O03",
            "Part des habitants des quartiers dans les formations préalables au recrutement",
            "emploi",
            "%",
            Sens.PARITE,
            reference="o8",
            start_date=None,
            target_date=None,
            engagement="e3",
        ),
        objective(
            "o11",
            "p3",
            "FT-O04",
            "Ateliers tenus dans les quartiers",
            "participation",
            "ateliers",
            start_value=None,
            target_value=_d(2500),
            citation=None,
        ),
        objective(
            "o12",
            "p2",
            "ARS-O04",
            "Délai moyen d’un rendez-vous",
            "sante",
            "jours",
            Sens.BAISSE,
            start_value=_d(16),
            start_date=date(2024, 1, 1),
            target_value=_d(12),
            target_date=date(2028, 1, 1),
        ),
    )

    def measured(
        key: str, of: str, day: date, value: float | int, territory: str = "t1", **more: object
    ) -> Measurement:
        return Measurement(key, of, territory, day, _d(value), source="Comité technique", **more)  # type: ignore[arg-type]

    measurements = (
        measured("m01", "o1", date(2024, 6, 30), 23),
        measured("m02", "o1", date(2025, 6, 30), 27),
        measured("m03", "o2", date(2024, 12, 31), 140),
        measured("m04", "o2", date(2025, 12, 31), 160),
        measured("m05", "o3", date(2024, 12, 31), 9),
        measured("m06", "o4", date(2025, 6, 30), 6000),
        measured("m07", "o4", date(2025, 12, 31), 9000, provisional=True),
        measured("m08", "o6", date(2026, 1, 1), 4, "t3"),
        measured("m09", "o7", date(2026, 1, 1), 3, "t4"),
        measured("m10", "o8", date(2023, 12, 31), 16.4),
        measured("m11", "o9", date(2025, 12, 31), 17),
        measured("m12", "o10", date(2025, 12, 31), 4.2),
        measured("m13", "o11", date(2025, 12, 31), 300),
        measured("m14", "o12", date(2026, 1, 1), 15),
    )
    return Dossier(
        contract=Contract(
            "k",
            "essai",
            "Contrat de ville de la Vallée inventée",
            start=date(2024, 1, 1),
            end=date(2030, 12, 31),
        ),
        documents=(Document("doc", "k", "DOC", "Contrat de ville inventé"),),
        territories=(
            Territory("t1", "k", "R32", "Hauts-de-France", Level.REGION),
            Territory("t2", "k", "246200364", "Agglomération inventée", Level.EPCI, "t4"),
            Territory("t3", "k", "D59", "Nord", Level.DEPARTEMENT, "t1"),
            Territory("t4", "k", "D62", "Pas-de-Calais", Level.DEPARTEMENT, "t1"),
            Territory("t5", "k", "62498", "Lens", Level.COMMUNE, "t2"),
        ),
        populations=(
            Population("q1", "t1", "qpv", _d(500000), date(2018, 1, 1)),
            Population("q2", "t4", "qpv", _d(149827), date(2018, 1, 1)),
            Population("q3", "t2", "qpv", _d(70000), date(2018, 1, 1)),
        ),
        partners=partners,
        engagements=engagements,
        conditions=(Condition("c1", "k", "p2", "Sous réserve des crédits votés chaque année"),),
        objectives=objectives,
        milestones=(Milestone("j1", "o1", date(2025, 12, 31), _d(32)),),
        measurements=measurements,
        meteos=(
            Meteo(
                "w1",
                "e2",
                date(2026, 3, 1),
                Weather.NUAGE,
                "Sept postes ouverts",
                "Recrutement lent",
                "Point en juin",
            ),
        ),
        fundings=(
            Funding(
                "f1",
                "k",
                "p1",
                "BPI-F01",
                "Bus de l’entrepreneuriat",
                2024,
                2027,
                _d(2500000),
                "EUR",
                citation=_cite("Axe 1", "2,5 M€"),
            ),
            Funding("f2", "k", "p2", "ARS-F01", "Médiateurs en santé", 2024, 2029, _d(44), "ETP"),
        ),
        meetings=(Meeting("g1", "k", MeetingKind.COPIL, date(2025, 10, 14), title="COPIL d’automne"),),
    )


def atlas() -> Atlas:
    """An outline for Lens, with a hole in it, and a layer of reference figures of which one is kept secret."""
    outline = "[[[[2.8,50.4],[2.9,50.4],[2.9,50.5],[2.8,50.5],[2.8,50.4]],"
    outline += "[[2.84,50.44],[2.86,50.44],[2.86,50.46],[2.84,50.44]]]]"
    layer = Layer("y1", "k", "pauvrete", "Taux de bas revenus", "Institut <inventé> & Cie", "2021", "%")
    return Atlas(
        (Contour("x1", "t5", "2024", outline, "Géographes inventés"),),
        (layer,),
        (LayerFigure("z1", "y1", "t5", _d("54.3")), LayerFigure("z2", "y1", "t2", None, True)),
    )
