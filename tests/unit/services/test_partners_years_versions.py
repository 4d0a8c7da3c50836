"""Who is in an engagement, what an amount is worth each year, since which version a promise stands: by every road."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from qpvdesk.domain.engagements import involved_words
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Involvement, VersionKind
from qpvdesk.services.contracts import contract_files
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts, reading
from qpvdesk.storage import maintenance
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

CODE = "contrat-1"
TOML = (
    """
format = 1
[contrat]
code = "essai"
nom = "Essai"
[[territoire]]
code = "FR"
nom = "France"
niveau = "nation"
[[version]]
code = "AV1"
libelle = "Avenant n° 1"
genre = "avenant"
date = 2026-03-01
""",
    """
[partenaire]
code = "ARS"
nom = "Agence"
[[engagement]]
code = "ARS-E01"
libelle = "Déployer la médiation"
thematique = "sante"
nature = "droit_commun"
depuis = "AV1"
copilotes = ["BPI"]
financeurs = ["BPI"]
autres_thematiques = ["emploi"]
[[financement]]
code = "ARS-F01"
libelle = "Postes"
annee_debut = 2024
annee_fin = 2026
montant = 3
unite = "M€"
annees = [ { annee = 2024, ae = 1200000 }, { annee = 2025, ae = 1800000, cp = 900000 } ]
financeurs = ["BPI"]
""",
    """
[partenaire]
code = "BPI"
nom = "Banque"
""",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with samples.new_base(tmp_path / "base.db") as base:
        yield desk_on(base, date(2026, 6, 1))
        assert maintenance.check(base) == []


def test_the_form_of_an_engagement_names_its_partners(desk: Desk) -> None:
    typed = reading.write(desk.dossier(CODE), "engagement", "eng1")
    assert (typed["copilots"], typed["funders"]) == ("", "ars")
    acts.save(desk, CODE, "engagement", typed | {"copilots": "ARS", "funders": "", "since": "v1"}, key="eng1")
    dossier = desk.dossier(CODE)
    (held,) = dossier.engagement_partners
    assert (held.partner, held.role) == ("ars", Involvement.COPILOTE)
    words = involved_words(dossier, dossier.engagements[0])
    assert words == "Copilote\u202f: ARS · Depuis\u202f: Avenant n° 1"
    with pytest.raises(UserError, match="déjà le pilote"):
        acts.save(desk, CODE, "engagement", typed | {"copilots": "BPI"}, key="eng1")
    with pytest.raises(UserError, match="sert encore"):
        acts.remove(desk, CODE, "version", "v1")


def test_money_by_year_is_typed_as_people_write_it(desk: Desk) -> None:
    typed = reading.write(desk.dossier(CODE), "funding", "fund")
    assert typed["years"] == "2025 ; 1\u202f200\u202f000 ; 900\u202f000,5"
    lines = "2024 ; 1,2 M€ ; 900 k€\n2025 ; ; 100 000"
    acts.save(desk, CODE, "funding", typed | {"years": lines, "cofunders": ""}, key="fund")
    dossier = desk.dossier(CODE)
    assert {(item.year, item.ae, item.cp) for item in dossier.funding_years} == {
        (2024, Decimal(1200000), Decimal(900000)),
        (2025, None, Decimal(100000)),
    }
    assert dossier.funding_partners == ()
    for line, why in (
        ("2031 ; 5", "n’est pas de la période"),
        ("2024 ; −5", "n’est pas négatif"),
        ("bientôt ; 3", "l’année"),
        ("2024", "l’année"),
    ):
        with pytest.raises(UserError, match=why):
            acts.save(desk, CODE, "funding", typed | {"years": line}, key="fund")


def test_a_folder_of_files_says_them_too(tmp_path: Path) -> None:
    for name, text in zip(("contrat", "ARS", "BPI"), TOML, strict=True):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    dossier = contract_files.load(tmp_path, key_of=str)
    assert [(item.partner, item.role) for item in dossier.engagement_partners] == [
        ("essai/partner/BPI", Involvement.COPILOTE),
        ("essai/partner/BPI", Involvement.FINANCEUR),
    ]
    assert [(item.year, item.ae, item.cp) for item in dossier.funding_years] == [
        (2024, Decimal(1200000), None),
        (2025, Decimal(1800000), Decimal(900000)),
    ]
    (version,) = dossier.versions
    assert (version.kind, dossier.engagements[0].since) == (VersionKind.AVENANT, version.key)
    assert [item.theme for item in dossier.engagement_themes] == ["emploi"]
    (tmp_path / "ARS.toml").write_text(
        TOML[1].replace('copilotes = ["BPI"]', 'copilotes = ["CAF"]'), encoding="utf-8"
    )
    with pytest.raises(UserError, match=r"copilotes.*CAF.*n’est le code ni le nom de rien"):
        contract_files.load(tmp_path, key_of=str)
