"""The series by quartier that a délégué quotes: what each is called, its unit, what it counts."""

from __future__ import annotations

from msgspec import Struct


class Series(Struct, frozen=True):
    """A known series. `titles`: how files call its column, letters and figures alone."""

    code: str
    name: str
    unit: str
    definition: str
    titles: tuple[str, ...]


KNOWN: tuple[Series, ...] = (
    Series("population", "Population municipale", "habitants", "Habitants recensés, au lieu de leur résidence.",
        ("popmun", "pmun", "population", "populationmunicipale", "pmunqp24")),
    Series("moins_25", "Part des moins de 25 ans", "%", "Habitants de moins de 25 ans sur l’ensemble.",
        ("moins25", "partmoins25", "txmoins25", "pop25", "moinsde25ans", "partdesmoinsde25ans")),
    Series("plus_60", "Part des 60 ans et plus", "%", "Habitants de 60 ans et plus sur l’ensemble.",
        ("plus60", "partplus60", "txplus60", "60ansetplus", "partdes60ansetplus")),
    Series("pauvrete", "Taux de bas revenus", "%",
        "Habitants sous le seuil de pauvreté à 60 % du niveau de vie médian de France.",
        ("tp60", "tauxpauvrete", "txpauvrete", "basrevenus", "tauxdebasrevenus", "txbasrevenus")),
    Series("revenu_median", "Niveau de vie médian", "€", "La moitié des habitants vit avec moins, par an.",
        ("med", "revenumedian", "dispmed", "q2", "mediane", "niveaudeviemedian")),
    Series("logement_social", "Part de logements sociaux", "%", "Résidences principales louées en HLM.",
        ("hlm", "parthlm", "txhlm", "logementsocial", "partlogementssociaux", "partdelogementssociaux")),
    Series("demandeurs_emploi", "Demandeurs d’emploi (A, B, C)", "personnes",
        "Inscrits à France Travail en catégories A, B et C, en fin de trimestre.",
        ("defmabc", "deabc", "demandeursemploi", "nbdeabc", "demandeursdemploi", "abcde")),
    Series("sans_diplome", "Part sans diplôme", "%", "Habitants de 15 ans et plus, non scolarisés, sans diplôme.",
        ("sansdiplome", "txsansdiplome", "partsansdiplome", "nondiplomes", "partsansdiplome15")),
    Series("rsa", "Allocataires du RSA", "personnes", "Allocataires du revenu de solidarité active.",
        ("rsa", "nbrsa", "arsa", "allocatairesrsa", "allocatairesdursa")),
    Series("emploi", "Taux d’emploi des 15-64 ans", "%", "Habitants de 15 à 64 ans qui ont un emploi.",
        ("tauxemploi", "txemploi", "tauxdemploi", "txemploi1564")),
    Series("monoparentales", "Part des familles monoparentales", "%", "Familles d’un seul parent, sur les ménages.",
        ("monoparentales", "txmonop", "partmonoparentales", "famillesmonoparentales")),
    Series("etrangers", "Part des étrangers", "%", "Habitants de nationalité étrangère, sur l’ensemble.",
        ("etrangers", "txetrangers", "partetrangers", "partdesetrangers")),
)  # fmt: skip
BY_TITLE = {title: item for item in KNOWN for title in item.titles}
