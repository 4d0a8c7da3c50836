"""What each view answers, in the words of `answers`: the document, the exported table, the window, the paper."""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from qpvdesk.domain.review import Review
from qpvdesk.services import compositions, printing
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports
from qpvdesk.ui.kit.painted import PaintedButton
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.dashboard import DashboardPage
from qpvdesk.ui.pages.objectives import ObjectivesPage
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Mode, Theme
from qpvdesk.ui.widgets.attention_line import AttentionLine, MoveLine
from qpvdesk.ui.widgets.partner_bar import PartnerBar
from qpvdesk.ui.widgets.status_group import StatusTile
from qpvdesk.ui.widgets.theme_matrix import MatrixModel
from tests.reference import paper
from tests.reference.answers import STATUS_WORDS, Answers
from tests.reference.figures import day_in, number_in

STATUSES = {word: status for status, word in STATUS_WORDS.items()}
ABSENT = "absent"
"""The answer of a view whose documented field is not there."""
ALL_OF_THEM = "Avec les déclinaisons"
"""What shows the objectives that count inside another as well."""
_GROUP = re.compile(r"([\d\u202f]+) objectifs? (à traiter|à renseigner|va bien|vont bien)$")
CONTEXT = "Contexte"
"""What shows the figures of context, and them alone."""


# The document of `etat --format json` and of the export


def document(said: dict[str, Any]) -> Answers:
    """What the document says."""
    found: Answers = {}
    for row in said["objectifs"]:
        found.update({(question, row["code"]): answer for question, answer in _row(row).items()})
    for row in said["partenaires"]:
        code = row["code"]
        found["objectifs promis", code] = row["nb_objectifs"]
        found["statuts", code] = row["statuts"]
        found["taux moyen", code] = row["taux_moyen"]
        found["taux moyen, nombre", code] = row.get("taux_moyen_nb", ABSENT)
        found["taux moyen, échelle", code] = row.get("taux_moyen_echelle", ABSENT)
    found["objectifs promis", ""] = said.get("nb_objectifs", ABSENT)
    found["statuts", ""] = said.get("statuts", ABSENT)
    compared = said.get("compare_a", ABSENT)
    if compared == ABSENT:
        found["compare_a", ""] = ABSENT
        compared = said.get("comparaison")
    compared = compared or {}
    found["comparé au", ""] = _day(compared.get("date"))
    found["comparé à", ""] = compared.get("reunion")
    found["comparé à l’arrêté", ""] = compared.get("arrete")
    moved = {row["objet"]: row for row in said["evolutions"]}
    for row in said["objectifs"]:
        move = moved.get(row["code"])
        if move is not None:
            found["valeur avant", row["code"]] = move["valeur_avant"]
            found["statut avant", row["code"]] = move["statut_avant"]
    return found


def _row(row: dict[str, Any]) -> dict[str, Any]:
    evolution = row["evolution"]
    since = ABSENT
    if evolution is None:
        since = None
    elif "origine" in evolution:
        since = evolution["origine"]
    return {
        "valeur": row["valeur_actuelle"], "jour de la valeur": _day(row["date_valeur"]), "taux": row["taux_avancement"],
        "taux attendu": row["taux_attendu"], "valeur attendue": row["valeur_attendue"], "écart": row["ecart"],
        "indice": row["indice"], "tenu": row.get("tenu", ABSENT), "statut": row["statut"], "tendance": row["tendance"],
        "mieux": row.get("tendance_sens", ABSENT), "échelle": row.get("echelle", ABSENT),
        "évolution": evolution["valeur"] if evolution else None, "évolution depuis": since,
        "âge": row.get("age_jours", ABSENT),
        "raison": bool(row["raison"]) if "raison" in row else ABSENT,
        "autres chiffres": sorted(_figures(row["contrevaleurs"])) if "contrevaleurs" in row else ABSENT,
    }  # fmt: skip


def _figures(items: list[Any]) -> list[float]:
    return [item["valeur"] if isinstance(item, dict) else item for item in items]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# The exported table


def exported(desk: Desk, review: Review, folder: Path) -> Answers:
    """What the table of the state says once written to a file."""
    target = folder / "etat.csv"
    exports.export(desk, review, target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    found: Answers = {}
    for row in rows:
        code = row["Code"]
        found["valeur", code] = number_in(row["Valeur actuelle"])
        found["jour de la valeur", code] = day_in(row["Date de la valeur"])
        found["taux en mots", code] = row["Taux d’avancement"]
        found["taux attendu en mots", code] = row["Taux attendu"]
        found["statut", code] = STATUSES[row["Statut"]]
    return found


# The window


@cache
def _application() -> QApplication:
    known = QApplication.instance()
    return known if isinstance(known, QApplication) else QApplication(["reckoning", "-platform", "offscreen"])


@cache
def _pages() -> tuple[DashboardPage, ObjectivesPage]:
    theme = Theme(_application(), Mode.LIGHT)
    return DashboardPage(theme), ObjectivesPage(theme)


def papered(review: Review, folder: Path) -> Answers:
    """What the file of the COPIL says once printed."""
    target = folder / "copil.pdf"
    everything = compositions.composition(printing.copil_sections(review), compositions.ALL)
    printing.write_report(printing.Request(model="copil", composition=everything), review, target)
    dossier = review.situation.dossier
    codes = [item.code for item in dossier.objectives]
    return paper.read_back(target, dossier.contract.name, codes, [item.code for item in dossier.partners])


def forget() -> None:
    """Let the pages go, with the application that a test ends."""
    for page in _pages():
        page.deleteLater()
    _pages.cache_clear()


def window(picture: Picture) -> Answers:
    """What the dashboard and the table of objectives say of a picture."""
    dashboard, objectives = _pages()
    dashboard.show_picture(picture)
    objectives.show_picture(picture)
    chips = {chip.text(): chip for chip in objectives.findChildren(QPushButton)}
    chips[ALL_OF_THEM].setChecked(True)
    promises = _table(objectives)
    chips[CONTEXT].setChecked(True)
    context = _table(objectives)
    chips[CONTEXT].setChecked(False)
    return _dashboard(dashboard, picture) | promises | context


def _dashboard(page: DashboardPage, picture: Picture) -> Answers:
    found: Answers = {}
    tiles = list(_shown(page, StatusTile))
    found["promesses", ""] = {STATUSES[name]: count for name, count in map(_counted, tiles) if count}
    heads = [said for head in _shown(page, PaintedButton) if (said := _GROUP.match(head.accessibleName()))]
    found["groupes", ""] = {
        said[2].replace("vont", "va"): int(said[1].replace("\u202f", "")) for said in heads
    }
    for bar in _shown(page, PartnerBar):
        found["promesses", bar.shown.partner.code] = _counts(bar.accessibleName())
    (matrix,) = page.findChildren(MatrixModel)
    for row in range(matrix.rowCount()):
        for column in range(matrix.columnCount()):
            index = matrix.index(row, column)
            partner, theme = matrix.cell(index)
            if index.data():
                said = index.data(Qt.ItemDataRole.AccessibleTextRole)
                found["thématique, promesses", f"{partner.code} {theme}"] = _counts(said.partition("\n")[2])
                found["thématique, nombre", f"{partner.code} {theme}"] = tuple(
                    int(part) for part in index.data().split("/")
                )
    found["premiers", ""] = tuple(line.shown.code for line in _shown(page, AttentionLine))
    shown = [line.shown.code for line in _shown(page, MoveLine)]
    moved = {move.objective.code for move in picture.review.moves}
    found |= {("bougé", code): code in moved for code in shown}
    return found


def _shown(page: QWidget, kind: type[Any]) -> list[Any]:
    """The widgets of a kind that are on the page; those of the picture before may still wait to be let go."""
    return [one for one in page.findChildren(kind) if one.parentWidget() is not None and not one.isHidden()]


def _counted(tile: StatusTile) -> tuple[str, int]:
    word, _, rest = tile.accessibleName().partition("\u202f: ")
    return word, int(re.sub(r"\D", "", rest))


def _counts(said: str) -> dict[str, int]:
    """Read « en retard 2, atteint 1 » or one line a status."""
    found = {}
    folded = said.lower()
    for word, status in STATUSES.items():
        match = re.search(rf"(?<!non ){re.escape(word.lower())}(?:\u202f:)? (\d+)", folded)
        if match:
            found[status] = int(match[1])
    return found


def _table(page: ObjectivesPage) -> Answers:
    (table,) = (table for table in page.findChildren(Table) if table.accessibleName() == "Objectifs")
    model = table.model()
    columns = {
        model.headerData(column, Qt.Orientation.Horizontal): column for column in range(model.columnCount())
    }
    found: Answers = {}
    for row in range(model.rowCount()):
        said = {title: str(model.index(row, column).data() or "") for title, column in columns.items()}
        code = said["Code"]
        status, _, aged = said["Statut"].partition(", ")
        found["statut", code] = STATUSES[status]
        found["statut au", code] = day_in(aged)
        value, _, against = said["Valeur / cible"].partition(" / ")
        # A parent's own figure stands after what it is set against.
        own = re.search(r" \(relevé.*", against)
        found["valeur en mots", code] = value + (own[0] if own else "")
        found["jour de la valeur", code] = day_in(said["Relevé le"])
        found["taux en mots", code] = said["Avancement"]
    return found
