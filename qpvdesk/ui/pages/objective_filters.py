"""What the page of the objectives is filtered by: words, partner, thématique, place, status, and what is not ready."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from qpvdesk.domain.ages import is_silent_for_a_year
from qpvdesk.domain.french import format_date, raised
from qpvdesk.domain.model import Weather
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, STATUT_LABELS, STATUT_ORDER, Group, statuses_named
from qpvdesk.domain.targets import lacks_target
from qpvdesk.ui.kit.controls import chip_button, rest, text_line
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import GAP, stacked
from qpvdesk.ui.pages.objective_table import ObjectiveRow
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.flow import Flow

_TYPING_MS = 90
CONTEXT = "contexte"
"""The chip of the figures that nobody promised."""

_READY: dict[str, tuple[str, Callable[[ObjectiveRow], bool]]] = {
    "sans_source": ("Sans source", lambda row: row.assessment.objective.citation is None),
    "sans_releve": (
        "Sans relevé depuis un an",
        lambda row: is_silent_for_a_year(row.assessment.value_day, row.assessment.day),
    ),
    "sans_cible": ("Cible manquante", lambda row: lacks_target(row.assessment.objective)),
    "sans_meteo": (
        "Sans météo",
        lambda row: (
            row.weather in (None, Weather.NON_RENSEIGNEE) and row.assessment.objective.engagement is not None
        ),
    ),
    CONTEXT: ("Contexte", lambda row: row.assessment.objective.is_context),
}
_LACKS_TARGET_HINT = (
    "Ceux qui ont été promis et dont la cible, une borne ou la référence n’est pas écrite\u202f; un chiffre suivi, sans"
    " cible, n’en demande pas"
)


class ObjectiveFilters(QWidget):
    """The fields, and under them the chips; folded, those alone that filter, and a chip that shows the others."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._due = ""
        self._changed = False
        self._folded = False
        self._declines = False
        """Whether some objectives decline others."""
        self._moved: frozenset[str] = frozenset()
        stacked(self._make_fields(theme), self._make_chips(), on=self, spacing=GAP)

    @property
    def field(self) -> QLineEdit:
        return self._text

    @property
    def words(self) -> str:
        return self._text.text()

    @property
    def context(self) -> bool:
        """Whether the figures of context are shown in the place of what was promised."""
        return self._chips[CONTEXT].isChecked()

    @property
    def declined(self) -> bool:
        return self._declined.isChecked()

    @property
    def due(self) -> str:
        """The deadline filtered on, and whether what changed is, in words; empty where neither is."""
        due = f", échéance du {format_date(date.fromisoformat(self._due))}" if self._due else ""
        return f"{due}, ce qui a changé" if self._changed else due

    @property
    def filters(self) -> dict[str, str]:
        """The filters in force, as a place says them."""
        filters = {name: combo.currentData() or "" for name, combo in self._combos.items()}
        filters |= {
            "pret": next((word for word, chip in self._chips.items() if chip.isChecked()), ""),
            "echeance": self._due,
            "change": "oui" if self._changed else "",
            "declinaisons": "oui" if self.declined else "",
            "texte": self.words,
        }
        return {name: value for name, value in filters.items() if value}

    def in_words(self) -> list[str]:
        """Return the filters in force, as they are read."""
        phrases = [combo.currentText() for combo in self._combos.values() if combo.currentData()]
        phrases += [chip.text() for chip in (*self._chips.values(), self._declined) if chip.isChecked()]
        phrases += [self.due.strip(", ")] if self.due else []
        return phrases + ([f"«\u202f{self.words}\u202f»"] if self.words else [])

    def show_situation(self, situation: Situation, moved: frozenset[str]) -> None:
        """Offer what the objectives of a contract have; what is chosen stays. `moved`: the keys of those that changed."""
        self._moved = moved
        dossier, objectives = situation.dossier, situation.objectives
        themes, names = {objective.theme for objective in objectives}, situation.theme_names
        places = {objective.territory for objective in objectives}
        counts = situation.counts
        for name, everything, items in (
            (
                "partenaire",
                "Partenaires",
                [(partner.short_name, partner.key) for partner in dossier.partners],
            ),
            ("thematique", "Thématiques", [(names[code], code) for code in names.in_order(themes)]),
            (
                "territoire",
                "Territoires",
                [(place.name, place.key) for place in dossier.territories if place.key in places],
            ),
            (
                "statut",
                "Statuts",
                [
                    *(
                        (
                            f"{raised(group.value)} ({sum(map(counts.__getitem__, some))})",
                            group.name.lower(),
                        )
                        for group, some in GROUPS.items()
                        if group is not Group.SUIVI
                    ),
                    *(
                        (f"{STATUT_LABELS[status]} ({counts[status]})", status.value)
                        for status in STATUT_ORDER
                    ),
                ],
            ),
        ):
            self._combos[name].show_choices([(everything, ""), *items])
        self._declines = len(situation.counted) < len(situation.assessments)
        self._show_parts()

    def fold(self, folded: bool) -> None:
        """Leave the room to the rows, where the window is low."""
        if folded is not self._folded:
            self._folded = folded
            self._more.setVisible(folded)
            self._show_parts()

    def set_filters(self, filters: dict[str, str]) -> None:
        """Filter as a place says; what it does not name is not filtered."""
        for name, combo in self._combos.items():
            with QSignalBlocker(combo):
                combo.setCurrentIndex(max(0, combo.findData(filters.get(name, ""))))
        self._check_chip(filters.get("pret", ""))
        with QSignalBlocker(self._declined):
            self._declined.setChecked(bool(filters.get("declinaisons")))
        self._due = filters.get("echeance", "")
        self._changed = bool(filters.get("change"))
        with QSignalBlocker(self._text):
            self._text.setText(filters.get("texte", ""))
        self._say()

    def keep(self) -> Callable[[ObjectiveRow], bool]:
        """Return the function that tells whether a row is shown, words aside."""
        filters = self.filters
        partner, theme = filters.get("partenaire"), filters.get("thematique")
        territory, statuses = filters.get("territoire"), statuses_named(filters.get("statut", ""))
        shows = _READY[filters["pret"]][1] if "pret" in filters else None
        due = date.fromisoformat(self._due) if self._due else None
        moved = self._moved if self._changed else None
        # What changed is told whole on the dashboard, context included.
        context = self.context or self._changed
        # Who asks for a place or for words means the objectives of that place as well.
        declined = self.declined or self._changed or bool(territory) or bool(self.words.strip())

        def keep(row: ObjectiveRow) -> bool:
            objective = row.assessment.objective
            return (
                (declined or row.counted or objective.is_context)
                and (not partner or objective.partner == partner)
                and (not theme or objective.theme == theme)
                and (not territory or objective.territory == territory)
                and row.status in statuses
                and (due is None or objective.target_date == due)
                and (moved is None or objective.key in moved)
                # Promises first: a figure of context shows where it is asked for.
                and (context or not objective.is_context)
                and (shows is None or shows(row))
            )

        return keep

    def _make_fields(self, theme: Theme) -> Flow:
        row = Flow()
        self._text = text_line("Filtrer les objectifs par mots", "Filtrer", clear=True)
        self._text.setMinimumWidth(theme.px(90))
        self._typing = rest(self, _TYPING_MS, self._say)
        self._text.textChanged.connect(lambda: self._typing.start())
        row.addWidget(self._text)
        self._more = chip_button(
            "Filtres",
            lambda _: self._show_parts(),
            "Montrer tous les filtres, ou ceux-là seuls qui filtrent",
        )
        self._more.hide()
        row.addWidget(self._more)
        self._combos: dict[str, ElidedCombo] = {}
        for word, name in (
            ("partenaire", "Partenaire"),
            ("thematique", "Thématique"),
            ("territoire", "Territoire"),
            ("statut", "Statut"),
        ):
            combo = self._combos[word] = ElidedCombo(name, letters=8)
            tip(combo, name)
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.currentIndexChanged.connect(lambda _: self._say())
            row.addWidget(combo)
        return row

    def _make_chips(self) -> Flow:
        row = Flow()
        self._chips: dict[str, QPushButton] = {}
        for word, (words, _) in _READY.items():
            hint = _LACKS_TARGET_HINT if word == "sans_cible" else ""
            self._chips[word] = chip_button(words, partial(self._check, word), hint)
            row.addWidget(self._chips[word])
        self._declined = chip_button(
            "Avec les déclinaisons",
            lambda _: self._say(),
            "Montrer aussi les objectifs qui en déclinent un autre sur un lieu et ne comptent qu’avec lui",
        )
        row.addWidget(self._declined)
        return row

    def _show_parts(self) -> None:
        whole = not self._folded or self._more.isChecked()
        for combo in self._combos.values():
            combo.setVisible(whole or bool(combo.currentData()))
        for chip in self._chips.values():
            chip.setVisible(whole or chip.isChecked())
        self._declined.setVisible(self._declines and (whole or self.declined))

    def _say(self) -> None:
        self._typing.stop()
        self._show_parts()
        self.changed.emit()

    def _check(self, word: str, checked: bool) -> None:
        self._check_chip(word if checked else "")
        self._say()

    def _check_chip(self, word: str) -> None:
        for other, chip in self._chips.items():
            with QSignalBlocker(chip):
                chip.setChecked(other == word)
