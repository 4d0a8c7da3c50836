"""Giving the météo of an engagement: a confidence on a day, and its summary in three parts."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import plural
from qpvdesk.domain.model import WEATHER_LABELS, Engagement, Meteo, Weather
from qpvdesk.services.weather import WeatherEntry, check_told
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.kit.form_dialog import Field, Form
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.day_edit import DayLine


class WeatherDialog(WaitingDialog):
    """One météo; Enter in the date field saves. Submits a `WeatherEntry`."""

    chapter = "meteo"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        engagement: Engagement,
        current: Meteo | None,
        today: date,
        *,
        also: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """`also`: of how many other engagements the same is said."""
        super().__init__(
            f"Météo de l’engagement\u202f: {engagement.code}", parent, heading="", width=theme.px(500)
        )
        self._engagement, self._today = engagement.key, today
        self.say(engagement.code, "code")
        self.say(engagement.label, "heading")
        if also:
            others = plural(also, "autre engagement choisi", "autres engagements choisis")
            self.say(f"La même météo sera donnée à {others}.", "mention")
        form = Form()
        self._weather = ElidedCombo("", ((words, weather) for weather, words in WEATHER_LABELS.items()))
        self._day = DayLine(lambda: today, today)
        self._weather_field = form.add("&Météo", self._weather)
        self._day_field = form.add("&Date", self._day)
        self._parts: list[tuple[TextArea, Field]] = []
        for title in ("&Résultats", "&Freins", "&Suites"):
            part = TextArea()
            part.setFixedHeight(theme.px(58))
            self._parts.append((part, form.add(title, part)))
        if current is None:
            # What nobody said yet is not proposed: Enter alone would write the best of them.
            self._weather.setPlaceholderText("À choisir")
            self._weather.setCurrentIndex(-1)
        else:
            self._weather.setCurrentIndex(self._weather.findData(current.weather))
            for (part, field), words in zip(
                self._parts, (current.results, current.obstacles, current.next_steps), strict=True
            ):
                part.set_whole(words)
                if part.shortened:
                    field.set_hint(part.shortened)
        self.end(form, self._submit)

    def _submit(self) -> None:
        if self._weather.currentIndex() < 0:
            self._weather_field.refuse(UserError("Choisissez dans la liste."))
            return
        try:
            day = self._day.day()
            check_told(day, self._today)
        except UserError as error:
            self._day_field.refuse(error)
            return
        results, obstacles, next_steps = (part.whole().strip() for part, _ in self._parts)
        weather = Weather(self._weather.currentData())
        self.submitted.emit(
            WeatherEntry(
                engagement=self._engagement,
                day=day,
                weather=weather,
                results=results,
                obstacles=obstacles,
                next_steps=next_steps,
            )
        )
