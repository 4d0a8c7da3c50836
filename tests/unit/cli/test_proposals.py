"""« proposer » in the shell: JSON by the words of the files, with the passage and the reason; nothing is written."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from qpvdesk import cli
from qpvdesk.services import bases, proposals
from qpvdesk.storage import opening
from tests.helpers.reviews import desk_on

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TEXT = """ENGAGEMENTS : VILLE

Fiche-action V-01. Ouvrir deux maisons de santé.
  Indicateur : Maisons ouvertes ; valeur de départ 0 (01/01/2024) ; cible 2 maisons au 31/12/2027.
Les trois maisons : celle du port, celle de la gare, celle du lac, celle du bois.
"""


def test_proposals_are_json_with_passage_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cadre.txt").write_text(TEXT, encoding="utf-8")
    assert cli.run(["proposer", str(tmp_path / "cadre.txt")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["document"] == "cadre.txt"
    engagement, objective, statement = told["propositions"]
    assert engagement["genre"] == "engagement"
    assert objective["champs"] == {
        "libelle": "Maisons ouvertes", "partenaire": "VILLE", "engagement": "V-01", "sens": "hausse", "unite": "maisons",
        "valeur_initiale": "0", "date_initiale": "01/01/2024", "valeur_cible": "2", "date_cible": "31/12/2027",
        "mesure": "stock",
    }  # fmt: skip
    assert objective["passage"].startswith("Indicateur")
    assert objective["raison"].startswith("Objectif")
    assert statement["doute"] == "Trois annoncées, 4 énumérées."
    assert cli.run(["proposer", str(tmp_path / "cadre.txt"), "--format", "table"]) == 0
    said = "Propositions\u202f: 1 engagement, 1 objectif, 1 énoncé\u202f; à vérifier\u202f: 1. Rien n’a été écrit."
    assert said in capsys.readouterr().out


def test_a_document_without_text_is_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = Canvas(str(tmp_path / "scan.pdf"))
    sheet.rect(50, 50, 300, 300, fill=1)
    sheet.save()
    assert cli.run(["proposer", str(tmp_path / "scan.pdf")]) == 1
    assert "document numérisé" in capsys.readouterr().err
    (tmp_path / "vague.txt").write_text("Le diagnostic est partagé.", encoding="utf-8")
    assert cli.run(["proposer", str(tmp_path / "vague.txt")]) == 0
    assert "ne propose rien" in capsys.readouterr().err
    assert cli.run(["proposer", str(tmp_path / "absent.pdf")]) == 1


@pytest.mark.heavy
def test_a_text_of_five_megabytes_is_read_and_makes_a_contract_a_heavier_one_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prose = "Le présent contrat rappelle le diagnostic partagé et les constats des habitants.\n" * 600
    heavy, times = tmp_path / "cadre.txt", 5_000_000 // len((prose + TEXT).encode()) + 1
    heavy.write_text((prose + TEXT) * times, encoding="utf-8")
    assert heavy.stat().st_size > 5_000_000
    found = proposals.read(heavy).found
    kinds = Counter(item.kind for item in found)
    assert kinds["engagement"] == kinds["objective"] == times
    bases.create_blank(tmp_path / "b.db", {"name": "Cadre", "code": "cadre"}, now=NOW)
    with opening.open_base(tmp_path / "b.db") as base:
        desk = desk_on(base, NOW.date())
        proposals.begin(desk, "cadre", found)
        assert [item.name for item in desk.dossier("cadre").partners] == ["Ville"]
        assert len(proposals.fresh(desk.dossier("cadre"), found)) == len(found)
    heavy.write_text(prose * (11_000_000 // len(prose)), encoding="utf-8")
    capsys.readouterr()
    assert cli.run(["proposer", str(heavy)]) == 1
    assert "est trop lourd" in capsys.readouterr().err
