"""The form of an objective offers the engagements of the partner that is chosen, and says when one no longer fits."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from qpvdesk.services.editing import FORMS, reading
from qpvdesk.ui.dialogs.entity import EntityDialog, EntitySubject
from qpvdesk.ui.dialogs.entity_controls import control_of, show_options, value_of
from qpvdesk.ui.theme import Theme
from tests.unit.storage import samples


def test_the_engagements_follow_the_partner(qtbot: QtBot, theme: Theme) -> None:
    plain = samples.dossier()
    other = replace(
        plain.engagements[0], key="eng9", partner="ars", code="ARS-E01", label="Déployer la médiation"
    )
    dossier = replace(plain, engagements=(*plain.engagements, other))
    typed = reading.write(dossier, "objective", "obj1")
    dialog = EntityDialog(
        theme,
        EntitySubject(
            FORMS["objective"],
            dossier,
            typed,
            lambda now: reading.read(dossier, "objective", now, "obj1"),
            new=False,
            found_again=False,
        ),
        title="Modifier",
        retire="",
    )
    qtbot.addWidget(dialog)
    combos = {combo.accessibleName(): combo for combo in dialog.findChildren(QComboBox)}
    partner, engagement = combos["Partenaire"], combos["Engagement"]
    assert dialog.typed()["engagement"] == "eng1"
    partner.setCurrentIndex(partner.findData("ars"))
    assert [engagement.itemData(row) for row in range(engagement.count())] == ["", "eng9"]
    assert dialog.typed()["engagement"] == ""
    assert any("celui d’un autre partenaire" in one.text() for one in dialog.findChildren(QLabel))
    partner.setCurrentIndex(partner.findData("bpi"))
    assert engagement.findData("eng1") > 0
    # What no paper can draw is said at the entry, and nothing of what French is written with.
    name = dialog.findChildren(QPlainTextEdit)[0]
    for text, said in (("Fête 🎉 réussie", True), ("Œuvres « d’été » – 16 → 20, ≥ 5…", False)):
        name.setPlainText(text)
        assert any("ne s’imprime pas" in one.text() for one in dialog.findChildren(QLabel)) is said, text


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("angres", "62032", "Angres"),
        ("cite des b", "QN1", "Cité des Brebis (QN1)"),
        ("Lieu 3", "lieu-3", "Lieu 3"),
        ("cite", "cite", "cite"),
        ("nulle part", "nulle part", "nulle part"),
        ("", "", ""),
    ],
)
def test_a_name_typed_in_a_list_is_its_option_and_else_refused_as_it_stands(
    qtbot: QtBot, theme: Theme, typed: str, value: str, shown: str
) -> None:
    """Words that were no whole option stood for none: a place was erased where one had been typed."""
    field = next(field for field in FORMS["visit"].fields if field.name == "territory")
    names = [("", ""), ("Angres", "62032"), ("Cité des Brebis (QN1)", "QN1"), ("Cité 5 (QN2)", "QN2")]
    names += [(f"Lieu {number}", f"lieu-{number}") for number in range(20)]
    control = control_of(theme, field, date.today)
    qtbot.addWidget(control)
    assert isinstance(control, QComboBox)
    show_options(control, field, tuple(names))
    control.show()
    line = control.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, typed) if typed else line.clear()
    assert value_of(control) == value
    line.editingFinished.emit()
    assert control.currentText() == shown
    assert value_of(control) == value
