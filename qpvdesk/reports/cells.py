"""The small cells of a table that draw themselves: figures, statuses, rates, boxes to write in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from reportlab.platypus import Flowable

from qpvdesk.charts.marks import STATUS_MARKS, WEATHER_SIGNS
from qpvdesk.charts.primitives import Ink, Mark
from qpvdesk.domain.french import UNKNOWN
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import Weather
from qpvdesk.domain.progress import Assessment, day_words
from qpvdesk.domain.statuses import Statut, Trend
from qpvdesk.reports.codes import destination, draw_linked, link_targets_of
from qpvdesk.reports.painter import paint_mark, paint_rect
from qpvdesk.reports.style import MEDIUM, REGULAR, SMALL, TABLE, ink, text_width
from qpvdesk.reports.text import line
from qpvdesk.reports.text_cell import break_lines
from qpvdesk.reports.weather import paint_weather


class SmallCell(Flowable):  # type: ignore[misc]
    """A cell of known size that draws itself."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height


class Figure(SmallCell):
    """A figure and under it, smaller, its date; both set to the right."""

    def __init__(self, value: str, under: str, width: float, font: str = MEDIUM) -> None:
        self._value, self._under = line(value), line(under)
        self._lines = _figure_lines(self._value, font, width)
        self._under_lines = break_lines(self._under, REGULAR, SMALL, width)
        super().__init__(width, 10.2 + 9.8 * (len(self._lines) - 1 + len(self._under_lines)))
        self._font = font
        self.empty = self._value == UNKNOWN

    @property
    def texts(self) -> tuple[str, ...]:
        return (self._value, self._under) if self._under else (self._value,)

    @property
    def needed(self) -> float:
        """The width of its widest line: in no less does it break as it does."""
        rooms = [text_width(text, self._font, TABLE) for text in self._lines]
        return max([*rooms, *(text_width(text, REGULAR, SMALL) for text in self._under_lines)], default=0.0)

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFont(self._font, TABLE)
        canvas.setFillColor(ink(Ink.TEXT))
        base = self.height - 7.8
        for text in self._lines:
            canvas.drawRightString(self.width, base, text)
            base -= 9.6
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(ink(Ink.MENTION))
        for text in self._under_lines:
            canvas.drawRightString(self.width, base, text)
            base -= 9.6


def _figure_lines(value: str, font: str, width: float) -> Sequence[str]:
    """A figure on one line or, too wide for it, the words before it on a line of their own, else its number above its unit:
    letters stay as large as they are read."""
    if max(text_width(word, font, TABLE) for word in value.split(" ")) <= width:
        return break_lines(value, font, TABLE, width) or [value]
    number = re.match(r"^(.*\d)[ \u00a0\u202f](\D+)$", value)
    texts = number.groups() if number is not None else (value,)
    return [piece for text in texts for piece in break_lines(text.replace("\u00a0", " "), font, TABLE, width)]


class CodeCell(SmallCell):
    """The code that a row is of: the first of the paper is where every mention of the code leads."""

    def __init__(self, code: str, width: float) -> None:
        super().__init__(width, 10.2)
        self.code = code

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.code,)

    def draw(self) -> None:
        canvas, base = self.canv, self.height - 7.8
        canvas.setFont(REGULAR, TABLE)
        canvas.setFillColor(ink(Ink.TEXT))
        targets = link_targets_of(canvas)
        if targets.reach(self.code):
            canvas.bookmarkHorizontal(destination(self.code), 0, self.height + 4)
            canvas.drawString(0, base, self.code)
        else:
            draw_linked(canvas, (0, base), self.code, (REGULAR, TABLE))


class StatusCell(SmallCell):
    """The mark of a status and its word; under it the age of its figure, where that is old, or that it is due and not
    given; and the trend."""

    def __init__(
        self, assessment: Assessment, trend: Trend | None, width: float, told: str | None = None
    ) -> None:
        """`told`: what stands under the word in the place of that, were it nothing."""
        self.status = assessment.status
        age = day_words(assessment) if assessment.outdated else ""
        if age and assessment.spread is not None:
            # On two lines: on one it went past the margin.
            age = "déclinaison\nancienne"
        self.dated = bool(age) and assessment.spread is None and told is None
        """Whether the day of an old figure stands under the word."""
        due = assessment.objective.target_date
        if assessment.status is Statut.NON_RENSEIGNE and due is not None and due < assessment.day:
            age = "échéance passée"
        self._under = [(_CLOCK, age)] if age else []
        self._under += [_TRENDS[trend]] if trend is not None else []
        self._under = self._under if told is None else [("", told)] * bool(told)
        super().__init__(width, 10.2 + 9.8 * sum(len(told.split("\n")) for _, told in self._under))

    @property
    def texts(self) -> tuple[str, ...]:
        return (STATUS_MARKS[self.status].word, *(word.replace("\n", " ") for _, word in self._under))

    @property
    def needed(self) -> float:
        # What stands under the word begins behind its sign.
        under = (part for _, told in self._under for part in told.split("\n"))
        behind = (20 + text_width(part, REGULAR, SMALL) for part in under)
        return max([11 + text_width(self.texts[0], MEDIUM, TABLE), *behind])

    def draw(self) -> None:
        canvas = self.canv
        look = STATUS_MARKS[self.status]
        base = self.height - 7.8
        paint_mark(canvas, Mark(4, base + 2.8, 8, look.shape, look.ink))
        canvas.setFont(MEDIUM, TABLE)
        canvas.setFillColor(ink(look.ink))
        canvas.drawString(11, base, look.word)
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(ink(Ink.MENTION))
        for sign, word in self._under:
            base -= 9.6
            if sign == _CLOCK:
                self._draw_clock(14, base + 2.4)
                first, *more = word.split("\n")
                canvas.drawString(20, base, first)
                for part in more:
                    base -= 9.6
                    canvas.drawString(20, base, part)
            else:
                canvas.drawString(11, base, f"{sign} {word}".strip())

    def _draw_clock(self, x: float, y: float) -> None:
        """A dial with two hands: the figure is old, which no colour need tell."""
        canvas = self.canv
        canvas.setStrokeColor(ink(Ink.MENTION))
        canvas.setLineWidth(0.6)
        canvas.circle(x, y, 2.8, stroke=1, fill=0)
        canvas.line(x, y, x, y + 1.9)
        canvas.line(x, y, x + 1.5, y)


_CLOCK = "horloge"
"""The sign of what is old, which is drawn."""
_TRENDS: dict[Trend, tuple[str, str]] = {
    Trend.HAUSSE: ("↗", "en progrès"),
    Trend.BAISSE: ("↘", "en recul"),
    Trend.STABLE: ("→", "stable"),
}


class Gauge(SmallCell):
    """A rate as a bar bounded to 0…100 %, its hatching the status's; where it should be, a tick; its figure above."""

    def __init__(self, assessment: Assessment, width: float) -> None:
        self._assessment, self._rate = assessment, assessment.rate
        untold = assessment.rate_reason if self._rate is None else ""
        self._lines = break_lines(untold.replace("\u00a0", " "), REGULAR, SMALL, width)
        super().__init__(width, max(20.0, 10.2 + 9.2 * (len(self._lines) - 1)))

    @property
    def texts(self) -> tuple[str, ...]:
        far = how_far(self._assessment)
        # Where no bar is drawn, there is no tick of what is expected.
        return (far.told, f"attendu {far.expected}") if far.rate and far.expected else (far.told,)

    def draw(self) -> None:
        canvas = self.canv
        if self._rate is None:
            canvas.setFont(REGULAR, SMALL)
            canvas.setFillColor(ink(Ink.MENTION))
            for index, text in enumerate(self._lines):
                canvas.drawString(0, self.height - 7.8 - 9.2 * index, text)
            return
        look, expected = STATUS_MARKS[self._assessment.status], self._assessment.expected_rate
        canvas.setFont(MEDIUM, TABLE)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.drawString(0, self.height - 7.8, how_far(self._assessment).rate)
        y, height = self.height - 17.2, 5.4
        canvas.setStrokeColor(ink(Ink.AXIS))
        canvas.setLineWidth(0.4)
        canvas.rect(0, y, self.width, height, stroke=1, fill=0)
        share = float(min(max(self._rate, Fraction(0)), Fraction(1)))
        if share > 0:
            paint_rect(canvas, look.rect(0, y, max(self.width * share, 0.8), height))
        if expected is not None:
            at = self.width * float(min(max(expected, Fraction(0)), Fraction(1)))
            canvas.setStrokeColor(ink(Ink.TEXT))
            canvas.setLineWidth(1.1)
            canvas.line(at, y - 1.6, at, y + height + 1.6)


class Kept(SmallCell):
    """Whether a bound is kept or a thing done, in a word, and under it the signed gap: such a rate is no share."""

    def __init__(self, word: str, gap: str, width: float) -> None:
        self._word, self._gap = word, line(gap)
        self._lines = break_lines(self._gap.replace("\u00a0", " "), REGULAR, SMALL, width)
        super().__init__(width, 10.2 + 9.8 * len(self._lines))

    @property
    def texts(self) -> tuple[str, ...]:
        return (self._word, self._gap) if self._gap else (self._word,)

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFont(MEDIUM, TABLE)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.drawString(0, self.height - 7.8, self._word)
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(ink(Ink.MENTION))
        for index, text in enumerate(self._lines, 1):
            canvas.drawString(0, self.height - 7.8 - 9.6 * index, text)


class WeatherCell(SmallCell):
    """The pictogram of a météo, its words and, under them, its day."""

    INDENT = 18.0
    """The room of the pictogram, left of the words."""

    def __init__(self, weather: Weather, words: Sequence[str], day: str, width: float) -> None:
        """`day`: empty where nobody gave the météo."""
        self.weather, self._words, self._day = weather, tuple(words), day
        self.lines = (*self._words, *break_lines(day, REGULAR, SMALL, width - self.INDENT))
        super().__init__(width, 4.0 + 9.2 * len(self.lines))

    @property
    def texts(self) -> tuple[str, ...]:
        return (" ".join(self._words), self._day) if self._day else (" ".join(self._words),)

    def draw(self) -> None:
        canvas = self.canv
        paint_weather(canvas, (7, self.height - 6), 14, self.weather)
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(ink(Ink.TEXT))
        for index, text in enumerate(self.lines):
            canvas.drawString(self.INDENT, self.height - 8.2 - index * 9.2, text)


class EntryBox(SmallCell):
    """A drawn box to write in by hand, `height` points tall, with what it awaits small in its corner."""

    def __init__(self, caption: str, width: float, height: float = 27.0) -> None:
        super().__init__(width, height + 2.0)
        self._caption = line(caption)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says: nothing yet, in an editable copy as well."""
        return ()

    def draw(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(ink(Ink.TEXT))
        canvas.setLineWidth(0.6)
        # Its middle stands at the height of the words beside it.
        canvas.rect(0.3, 2.3, self.width - 0.6, self.height - 2.6, stroke=1, fill=0)
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(ink(Ink.MENTION))
        canvas.drawString(3, self.height - 10.6, self._caption)


class WeatherBoxes(SmallCell):
    """The météos that a person may give, each with a box to tick beside its pictogram."""

    ASKED = (Weather.SOLEIL, Weather.COUVERT, Weather.NUAGE, Weather.ORAGE)
    _EACH, _BOX = 29.0, 8.0

    def __init__(self) -> None:
        super().__init__(self._EACH * len(self.ASKED), 10.2)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says where it cannot be drawn: a box before the sign of each."""
        return ("  ".join(f"☐\u00a0{WEATHER_SIGNS[weather]}" for weather in self.ASKED),)

    def draw(self) -> None:
        canvas = self.canv
        for index, weather in enumerate(self.ASKED):
            x = index * self._EACH
            canvas.setStrokeColor(ink(Ink.TEXT))
            canvas.setLineWidth(0.6)
            canvas.rect(x, 1.2, self._BOX, self._BOX, stroke=1, fill=0)
            paint_weather(canvas, (x + self._BOX + 8, 5.2), 11, weather)
