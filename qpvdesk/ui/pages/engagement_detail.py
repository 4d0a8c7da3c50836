"""The engagement chosen: its words, its météo, its steps, its objectives, what precises it, its source."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from qpvdesk.domain.engagements import axis_words, involved_words
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date
from qpvdesk.domain.model import NATURE_LABELS, Engagement
from qpvdesk.domain.wording import called
from qpvdesk.services import engagements
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import Form
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.models.engagement_rows import EngagementRow
from qpvdesk.ui.pages.engagement_parts import (
    add_conditions,
    add_meteos,
    add_places,
    add_precisions,
    add_steps,
)
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.citation import CitationView
from qpvdesk.ui.widgets.detail_panel import DetailPanel
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.weather_badge import WeatherBadge

_KEY = int(Qt.ItemDataRole.UserRole)


class GroupingDialog(WaitingDialog):
    """`submitted` says the keys of the engagements that are ticked."""

    def __init__(
        self,
        theme: Theme,
        engagement: Engagement,
        others: Sequence[Engagement],
        parent: QWidget | None = None,
    ) -> None:
        """`others`: the engagements that may precise it."""
        super().__init__(f"Regrouper sous {engagement.code}", parent, heading="", width=theme.px(560))
        self.say(engagement.code, "code")
        self.say(engagement.label, "heading")
        self.say(
            "Les engagements cochés deviennent ses précisions\u202f: ils gardent leur code et leur citation, et leur "
            "météo, leurs étapes, leurs objectifs, leurs moyens et leurs pièces passent à lui.",
            "mention",
        )
        self._list = ItemList("Engagements à regrouper", wrapped=True)
        for other in others:
            self._list.add(called(other), other.key, ticked=False)
        self.column.addWidget(self._list, 1)
        self.end(Form(), self._submit)
        self.fit(theme.px(560), theme.px(560))

    def _submit(self) -> None:
        items = [self._list.item(row) for row in range(self._list.count())]
        keys = tuple(item.data(_KEY) for item in items if item.checkState() is Qt.CheckState.Checked)
        if not keys:
            self.refuse(UserError("Cochez au moins un engagement."))
            return
        self.submitted.emit(keys)


class EngagementDetail(DetailPanel):
    """Its signals are those of the page."""

    address_asked = Signal(object)
    acting = Signal(str, object)
    answering = Signal(str, object, object)
    attaching = Signal(str, str, str)
    making = Signal(str, object)
    weather_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            "Détail de l’engagement",
            theme.px(380),
            nothing=EmptyState(
                "Aucun engagement choisi",
                "Choisissez une ligne\u202f: ses objectifs, sa météo, ses conditions et sa source se lisent ici.",
            ),
        )
        self._theme = theme
        self._picture: Picture | None = None

    def show_row(self, row: EngagementRow | None, picture: Picture | None) -> None:
        """Show another engagement; None: none is chosen."""
        self._picture = picture
        if row is None or picture is None:
            self.show_nothing()
            return
        self.show_column()
        situation = picture.situation
        engagement = row.engagement
        self.begin(engagement.key)
        clear(self.column)
        add = self.column.addWidget
        add(label(f"{engagement.code} · {row.partner.short_name}", "code", select=True))
        add(label(engagement.label, "heading", wrap=True, select=True))
        if engagement.detail:
            add(label(engagement.detail, wrap=True, select=True))
        facts = [situation.theme_names[engagement.theme], NATURE_LABELS[engagement.nature]]
        if engagement.due:
            facts.append(f"échéance {format_date(engagement.due)}")
        if engagement.territory:
            facts.append(situation.territory(engagement.territory).name)
        told = axis_words(situation.dossier, engagement), involved_words(situation.dossier, engagement)
        add(aside(" · ".join([*facts, *filter(None, told)])))
        self._add_weather(row)
        add_steps(self.column, situation, engagement.key)
        if picture.editable:
            further = button(
                "Ajouter une étape…",
                lambda: self.making.emit("step", {"engagement": engagement.key}),
                role="quiet",
            )
            self.column.addWidget(further, alignment=Qt.AlignmentFlag.AlignLeft)
        self._add_objectives(row)
        self._add_precisions(engagement)
        add_conditions(self.column, situation, engagement)
        add_places(self.column, situation, engagement)
        self._add_files(engagement)
        add(explain(label("Source", "subheading")))
        if engagement.citation is not None:
            add(CitationView(situation, engagement.citation, engagement.key, self.address_asked.emit))
        else:
            add(label("Aucune source n’est indiquée.", "warning", wrap=True))
        self.column.addStretch(1)

    def _add_weather(self, row: EngagementRow) -> None:
        assert self._picture is not None
        situation = self._picture.situation
        add = self.column.addWidget
        add(explain(label("Météo", "subheading")))
        add(WeatherBadge(self._theme, row.weather))
        add_meteos(self.column, situation, row.engagement.key)
        if self._picture.projected:
            return
        button = QPushButton("Donner la météo")
        button.setEnabled(self._picture.editable)
        button.clicked.connect(lambda: self.weather_asked.emit())
        add(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def _add_precisions(self, engagement: Engagement) -> None:
        assert self._picture is not None
        situation, writable = self._picture.situation, self._picture.editable
        detach = self._detach if writable else None
        add_precisions(self.column, situation, engagement.key, go=self.address_asked.emit, detach=detach)
        others = [
            item
            for item in situation.engagements_of_partner(engagement.partner)
            if item.key != engagement.key and not situation.precisions_of(item.key)
        ]
        if writable and others:
            hint = "Faire d’autres engagements du même partenaire des précisions de celui-ci"
            group = button("Regrouper ici…", lambda: self._ask_grouping(engagement, others), hint=hint)
            self.column.addWidget(group, 0, Qt.AlignmentFlag.AlignLeft)

    def _detach(self, key: str) -> None:
        assert self._picture is not None
        contract = self._picture.contract.code
        self.acting.emit("Détacher", lambda desk: engagements.ungroup(desk, contract, [key]))

    def _ask_grouping(self, engagement: Engagement, others: list[Engagement]) -> None:
        if self._picture is None:
            return
        contract = self._picture.contract.code
        dialog = GroupingDialog(self._theme, engagement, others, self)
        dialog.submitted.connect(
            lambda keys: self.answering.emit(
                "Regroupement", lambda desk: engagements.group(desk, contract, keys, engagement.key), dialog
            )
        )
        dialog.open()

    def _add_files(self, engagement: Engagement) -> None:
        assert self._picture is not None
        attachments = self._picture.situation.dossier.joined(engagement.key)
        if self._picture.projected and not attachments:
            return
        self.column.addWidget(label("Pièces jointes", "subheading"))
        if attachments:
            self.column.addWidget(
                label(", ".join(attachment.name for attachment in attachments), wrap=True, select=True)
            )
        if self._picture.projected:
            return
        button = QPushButton("Voir ou joindre…" if attachments else "Joindre un fichier…")
        button.setAccessibleName("Pièces jointes de l’engagement")
        title = called(engagement)
        button.clicked.connect(lambda: self.attaching.emit("engagement", engagement.key, title))
        self.column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def _add_objectives(self, row: EngagementRow) -> None:
        assert self._picture is not None
        situation = self._picture.situation
        add = self.column.addWidget
        add(explain(label("Objectifs", "subheading")))
        objectives = situation.objectives_of_engagement(row.engagement.key)
        for objective in objectives:
            line = LineButton(
                self._theme, objective.code, objective.label, situation.assessments[objective.key].status
            )
            line.clicked.connect(
                lambda _=False, code=objective.code: self.address_asked.emit(Address("objectifs", code))
            )
            add(line)
        if self._picture.editable:
            more = button("Ajouter un objectif…", lambda: self.making.emit("objective", {}), role="quiet")
            add(more, alignment=Qt.AlignmentFlag.AlignLeft)
        if not objectives:
            add(aside("Aucun chiffre n’a été promis\u202f: seule la météo en dit l’avancement."))
