"""The words that the glossary defines say their definition where they stand in the window."""

from __future__ import annotations

from html import unescape

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.services.glossary import definition as guide_definition
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.terms import explain, meaning
from qpvdesk.ui.widgets.legend import Legend
from qpvdesk.ui.widgets.status_group import StatusTile
from tests.gui.conftest import Bench

EXPECTED = {
    "Taux d’avancement", "Attendu", "Départ", "Cible", "Statut", "Météo", "Parité", "Projection", "Relevé", "Source",
    "Quote-part indicative", "Prévu", "Engagé", "Payé", "Droit commun", "Crédits spécifiques", "Arrêté des données",
    "Provisoire", "Décision", "Engagement", "Partenaire", *(STATUT_LABELS[one] for one in Statut),
}  # fmt: skip


def _said(bench: Bench) -> str:
    """Everything that the tooltips of the window say now."""
    said = [one.toolTip() for one in bench.window.findChildren(QWidget)]
    for table in bench.window.findChildren(QTableView):
        model = table.model()
        said += [
            str(model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))
            for place in range(model.columnCount())
        ]
    return unescape("\n".join(said))


def test_every_term_is_defined_where_it_stands(bench: Bench, qtbot: QtBot) -> None:
    heard = ""
    for place in (
        Address("tableau"), Address("partenaires"), Address("objectifs", "BPI-O01"), Address("objectifs", "FT-O04"),
        Address("engagements", bench.desk.held.engagements[0].code), Address("moyens"),
        Address("territoires", bench.desk.held.territories[-1].code), Address("comites"), Address("releves"),
    ):  # fmt: skip
        bench.window.go(place)
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        heard += _said(bench)
    for combo in bench.window.findChildren(QComboBox):
        if combo.accessibleName() == "Répartir":
            for index in range(combo.count()):
                combo.setCurrentIndex(index)
                heard += _said(bench)
    assert {term for term in EXPECTED if guide_definition(term) not in heard} == set()


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("Départ, 31/12/2023", "Départ"), ("&Jalons", "Jalon"), ("Ré&serves", "Réserve"), ("Prov.", "Provisoire"),
        ("Avancement", "Taux d’avancement"), ("Objectifs (12)", "Objectif quantifié"),
    ],
)  # fmt: skip
def test_the_words_of_the_window_lead_to_the_term(words: str, term: str) -> None:
    assert meaning(words) == guide_definition(term) != ""


def test_words_without_a_definition_say_what_they_said(qtbot: QtBot) -> None:
    assert meaning("Bonjour") == ""
    plain = QLabel("Bonjour")
    qtbot.addWidget(plain)
    explain(plain)
    assert plain.toolTip() == ""
    tip(plain, "Un salut")
    explain(plain)
    assert plain.toolTip() == "Un salut"


def test_a_tile_says_its_definition_after_what_it_says_itself(bench: Bench) -> None:
    tile = next(one for one in bench.window.findChildren(StatusTile) if one.status is Statut.EN_RETARD)
    said, meant, asked = tile.toolTip().removeprefix("<p>").removesuffix("</p>").split("</p><p>")
    assert said == tile.accessibleName()
    assert "quinze points" in meant
    assert "Cliquez" in asked


def test_the_legend_says_each_of_its_words(bench: Bench) -> None:
    legend = next(one for one in bench.window.findChildren(Legend) if one.isVisible())
    assert legend._statuses
    for status in legend._statuses:
        assert guide_definition(STATUT_LABELS[status]) in unescape(legend.toolTip())
        assert guide_definition(STATUT_LABELS[status]) in legend.accessibleDescription()
