"""Two officers, two laptops, one contract: by the shell, each in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.process import qpvdesk


@pytest.fixture
def laptops(tmp_path: Path) -> tuple[str, str]:
    for name in ("a.db", "b.db"):
        assert qpvdesk("init", "--base", str(tmp_path / name)).returncode == 0
    return str(tmp_path / "a.db"), str(tmp_path / "b.db")


def state(base: str) -> str:
    ran = qpvdesk("etat", "--date", "2026-11-01", "--format", "json", "--base", base)
    assert ran.returncode == 0
    return ran.stdout


def test_both_laptops_end_with_the_same_state(laptops: tuple[str, str], tmp_path: Path) -> None:
    one, other = laptops
    qpvdesk("relever", "BPI-O01", "27", "--date", "30/06/2026", "--base", one)
    qpvdesk("relever", "BPI-O02", "150", "--date", "30/06/2026", "--base", other)
    there, back = str(tmp_path / "aller.paquet"), str(tmp_path / "retour.paquet")
    assert qpvdesk("paquet", "creer", "--sortie", there, "--base", one).returncode == 0
    before = state(other)
    tried = qpvdesk("paquet", "appliquer", there, "--simulation", "--base", other)
    assert tried.stdout.endswith("Rien n’a été modifié.\n")
    assert state(other) == before
    ran = qpvdesk("paquet", "appliquer", there, "--format", "json", "--base", other)
    held = json.loads(ran.stdout)
    assert held["lignes"] == {"measurement": {"ajoutees": 1, "modifiees": 0, "retirees": 0}}
    assert held["desaccords"] == []
    qpvdesk("paquet", "creer", "--sortie", back, "--base", other)
    qpvdesk("paquet", "appliquer", back, "--base", one)
    assert state(one) == state(other) != before
    assert qpvdesk("paquet", "desaccords", "--base", one).stdout == "Aucun désaccord à trancher.\n"
    assert qpvdesk("verifier", "--base", other).stdout.startswith("Base saine.")


def test_what_cannot_be_is_one_sentence(laptops: tuple[str, str], tmp_path: Path) -> None:
    one, _ = laptops
    for arguments in (
        ("paquet", "appliquer", one, "--base", one),
        ("paquet", "appliquer", str(tmp_path / "absent"), "--base", one),
        ("paquet", "trancher", "BPI-O01", "cible", "--garder", "moi", "--base", one),
        ("paquet", "creer", "--sortie", str(tmp_path / "sans" / "dossier.paquet"), "--base", one),
    ):
        ran = qpvdesk(*arguments)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert ran.stderr.count("\n") == 1
        assert "Traceback" not in ran.stderr
