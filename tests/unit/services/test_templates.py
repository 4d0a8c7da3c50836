"""The officer's own templates: kept, taken back, and never a reason not to start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NNBSP
from qpvdesk.reports.composition import Choice, Composition
from qpvdesk.services.compositions import kept
from qpvdesk.services.templates import Templates

SHORT = Composition(
    (Choice("essentiel", "À lire d’abord"), Choice("points")),
    late_only=True,
    trajectories=False,
    chapters="thematiques",
)


def test_what_is_kept_comes_back_whole(tmp_path: Path) -> None:
    Templates(tmp_path).keep("  Bureau ", SHORT)
    Templates(tmp_path).keep("Usuel", Composition())
    held = Templates(tmp_path)
    assert held.names() == ("Bureau", "Usuel")
    assert held.get("Bureau") == SHORT
    assert held.get("Usuel") == Composition()
    assert held.get("Autre") is None
    with pytest.raises(UserError) as refused:
        kept(held, "Autre")
    assert refused.value.remedy == f"Modèles enregistrés{NNBSP}: Bureau, Usuel."
    with pytest.raises(UserError) as refused:
        kept(Templates(tmp_path / "vide"), "Autre")
    assert refused.value.remedy.startswith("Enregistrez-en un")


def test_a_template_of_before_is_cut_by_partner(tmp_path: Path) -> None:
    Templates(tmp_path).keep("Bureau", SHORT)
    (path,) = tmp_path.iterdir()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(',\n  "chapitres": "thematiques"', ""), encoding="utf-8")
    held = Templates(tmp_path).get("Bureau")
    assert held is not None
    assert (held.chapters, held.late_only) == ("partenaires", True)


def test_a_name_is_kept_once_and_a_blank_one_never(tmp_path: Path) -> None:
    held = Templates(tmp_path)
    held.keep("Bureau", SHORT)
    held.keep("Bureau", Composition())
    assert held.names() == ("Bureau",)
    assert held.get("Bureau") == Composition()
    with pytest.raises(UserError, match="pas de nom"):
        held.keep(" \t", SHORT)


def test_one_is_removed_and_the_others_stay(tmp_path: Path) -> None:
    held = Templates(tmp_path)
    held.keep("Bureau", SHORT)
    held.keep("Usuel", Composition())
    held.remove("Bureau")
    held.remove("Inconnu")
    assert held.names() == ("Usuel",)


def test_what_cannot_be_read_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    Templates(tmp_path).keep("Bureau", SHORT)
    (path,) = tmp_path.iterdir()
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.rstrip().removesuffix("}") + ', "Abîmé": 3}', encoding="utf-8")
    assert Templates(tmp_path).names() == ("Bureau",)
    for content in (b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000):
        path.write_bytes(content)
        assert Templates(tmp_path).names() == ()
    Templates(tmp_path).keep("Bureau", SHORT)
    assert Templates(tmp_path).get("Bureau") == SHORT


def test_one_that_cannot_be_read_hides_none_after_it(tmp_path: Path) -> None:
    for name in ("Bureau", "Comité", "Équipe"):
        Templates(tmp_path).keep(name, SHORT)
    (path,) = tmp_path.iterdir()
    stored = json.loads(path.read_text(encoding="utf-8"))
    for name in stored:
        path.write_text(json.dumps(stored | {name: 3}), encoding="utf-8")
        assert set(Templates(tmp_path).names()) == stored.keys() - {name}


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "dossier").write_text("un fichier")
    with pytest.raises(UserError, match="ne peut pas être enregistré"):
        Templates(tmp_path / "dossier").keep("Bureau", SHORT)
