"""Colours, type and style sheet: light, dark and high contrast, following the system or chosen.

Painted widgets are given the `Theme`, read `theme.look` when they paint and repaint on `theme.changed`.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from string import Template

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from qpvdesk.domain.statuses import Statut
from qpvdesk.paths import resource

FAMILY = "IBM Plex Sans"
_FONT_FILES = ("Regular", "Medium", "SemiBold")
ITALIC = "Italic"
"""The style of what the guide stresses, and nothing else: loaded by it."""
_AFAR = 1.25
"""At 1366 and 1920 points of width, words of a chart are 2.2 % of the height of the image: legible at six metres."""
BASE_POINTS = 10.0
"""The size of the type at a zoom of 100 %."""


class Mode(StrEnum):
    """How the officer wants the window to look."""

    SYSTEM = "systeme"
    LIGHT = "clair"
    DARK = "sombre"
    CONTRAST = "contraste"


MODE_LABELS: dict[Mode, str] = {
    Mode.SYSTEM: "Comme le système",
    Mode.LIGHT: "Clair",
    Mode.DARK: "Sombre",
    Mode.CONTRAST: "Contraste élevé",
}


class Look(Struct, frozen=True):
    """The colours of one mode, `#rrggbb`, after the State's design system.

    Text on `window`, `surface`, `raised` and the tints has a contrast of at least 4.5:1, graphics 3:1.
    """

    name: str
    window: str
    surface: str
    raised: str
    hover: str
    selected: str
    border: str
    strong: str
    """Lines that carry meaning: fields, axes."""
    disabled: str
    """What cannot be used now; its frame is the one of `neutral_tint`, all but unseen."""
    text: str
    mention: str
    accent: str
    accent_hover: str
    on_accent: str
    success: str
    success_tint: str
    warning: str
    warning_tint: str
    error: str
    error_tint: str
    info: str
    info_tint: str
    neutral: str
    neutral_tint: str
    on_status: str
    """Text on the plain colour of a status."""
    focus: str


_COLOURS = {
    "window": ("#f6f6f7", "#161618", "#000000"),
    "surface": ("#ffffff", "#1f1f23", "#000000"),
    "raised": ("#f5f5fe", "#26262d", "#000000"),
    "hover": ("#ececfb", "#2d2d38", "#1f1f1f"),
    "selected": ("#e3e3fd", "#313163", "#00338a"),
    "border": ("#dfdfe4", "#38383f", "#ffffff"),
    "strong": ("#858585", "#8a8a90", "#ffffff"),
    "disabled": ("#858585", "#8a8a90", "#9a9a9a"),
    "text": ("#161616", "#f2f2f4", "#ffffff"),
    "mention": ("#5c5c61", "#b4b4bb", "#ffffff"),
    "accent": ("#000091", "#a6a6ff", "#ffe14d"),
    "accent_hover": ("#1212ff", "#c1c1fb", "#ffee99"),
    "on_accent": ("#ffffff", "#12122e", "#000000"),
    "success": ("#18753c", "#4cc27a", "#5dff9b"),
    "success_tint": ("#dffee6", "#163524", "#002a12"),
    "warning": ("#b34000", "#ff8d4f", "#ffb07a"),
    "warning_tint": ("#fff0eb", "#3d2216", "#331600"),
    "error": ("#ce0500", "#ff7b78", "#ff9d9b"),
    "error_tint": ("#fff0f0", "#431a1b", "#3a0000"),
    "info": ("#0063cb", "#79acff", "#a8ccff"),
    "info_tint": ("#ecf3ff", "#1a2a45", "#001b40"),
    "neutral": ("#666666", "#a3a3a9", "#d0d0d0"),
    "neutral_tint": ("#eeeeee", "#303036", "#1f1f1f"),
    "on_status": ("#ffffff", "#101012", "#000000"),
    "focus": ("#0a76f6", "#6aa9ff", "#ffe14d"),
}
"""By role, in the light, in the dark, in high contrast."""
LIGHT, DARK, CONTRAST = (
    Look(name, **{role: row[place] for role, row in _COLOURS.items()})
    for place, name in enumerate(("clair", "sombre", "contraste"))
)
LOOKS: dict[str, Look] = {look.name: look for look in (LIGHT, DARK, CONTRAST)}

_STATUS_ROLES: dict[Statut, str] = {
    Statut.ATTEINT: "success",
    Statut.EN_AVANCE: "success",
    Statut.CONFORME: "info",
    Statut.A_SURVEILLER: "warning",
    Statut.EN_RETARD: "error",
    Statut.NON_ATTEINT: "error",
    Statut.SANS_TRAJECTOIRE: "neutral",
    Statut.NON_RENSEIGNE: "neutral",
    Statut.SUIVI: "neutral",
}


def status_ink(look: Look, status: Statut) -> str:
    """Return the plain colour of a status, `#rrggbb`; shape and word go with it wherever it is used."""
    return str(getattr(look, _STATUS_ROLES[status]))


def status_colour(look: Look, status: Statut) -> QColor:
    return colour(status_ink(look, status))


def status_tint(look: Look, status: Statut) -> QColor:
    return colour(getattr(look, _STATUS_ROLES[status] + "_tint"))


@lru_cache(maxsize=256)
def colour(text: str) -> QColor:
    """Return the colour of `#rrggbb`, kept."""
    return QColor(text)


def solid(tint: QColor) -> QBrush:
    """Return a brush of one tint. To choose among its makers PySide would make gradients and images, 225 words."""
    brush = QBrush()
    brush.setStyle(Qt.BrushStyle.SolidPattern)
    brush.setColor(tint)
    return brush


def load_fonts(*styles: str) -> None:
    """Register the fonts that ship with the program. Raises `FileNotFoundError` where one is missing."""
    for style in styles:
        QFontDatabase.addApplicationFont(str(resource(f"fonts/IBMPlexSans-{style}.ttf")))


def font(points: float = BASE_POINTS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the program's font; `points` at a zoom of 100 %."""
    qt_font = QFont(FAMILY)
    qt_font.setPointSizeF(points)
    qt_font.setWeight(weight)
    return qt_font


class Theme(QObject):
    """The look in force. `changed` tells the painted widgets."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = Mode.SYSTEM, zoom: float = 1.0) -> None:
        super().__init__(app)
        self.application = self._app = app
        self._mode = mode
        self._zoom = zoom
        self._afar = False
        self._look = LIGHT
        self._template = Template(resource("themes/qpvdesk.qss").read_text(encoding="utf-8"))
        load_fonts(*_FONT_FILES)
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._apply()

    @property
    def look(self) -> Look:
        return self._look

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def zoom(self) -> float:
        """1.0 at 100 %."""
        return self._zoom

    @property
    def afar(self) -> bool:
        """Whether it is enlarged to be read across a room."""
        return self._afar

    @property
    def chart_zoom(self) -> float:
        """The same for charts and maps, whose words are the smallest of all: larger where they are read from afar."""
        return self._zoom * (_AFAR if self._afar else 1.0)

    def set_mode(self, mode: Mode) -> None:
        """Change the look, now."""
        if mode is not self._mode:
            self._mode = mode
            self._apply()

    def set_zoom(self, zoom: float, *, afar: bool | None = None) -> None:
        """Change the size of the type, between 80 % and 200 %; `afar`: whether it is read across a room, None: as before."""
        bounded, afar = min(2.0, max(0.8, round(zoom, 1))), self._afar if afar is None else afar
        if (bounded, afar) != (self._zoom, self._afar):
            self._zoom, self._afar = bounded, afar
            self._apply()

    def px(self, pixels: float) -> int:
        """Return a length for the zoom in force, in device-independent pixels."""
        return round(pixels * self._zoom)

    def font(self, points: float = BASE_POINTS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        return font(points * self._zoom, weight)

    def _follow(self) -> None:
        if self._mode is Mode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        if self._mode is Mode.SYSTEM:
            dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
            self._look = DARK if dark else LIGHT
        else:
            self._look = LOOKS[self._mode.value]
        # From one sheet to another Qt styles each widget anew once for each that it stands in: 1.7 s where every page is
        # made, 0.4 s by way of none.
        self._app.setStyleSheet("")
        if self._app.font() != (font := self.font()):
            self._app.setFont(font)
            self._tell_unseen()
        self._app.setPalette(palette(self._look))
        self._app.setStyleSheet(self._sheet())
        self.changed.emit()

    def _tell_unseen(self) -> None:
        """Give the characters in force to what was never shown: Qt tells them to what it has styled alone, and a sheet that
        waited, or one just made, came up in the characters of before."""
        styled, own = Qt.WidgetAttribute.WA_WState_Polished, Qt.WidgetAttribute.WA_SetFont
        for widget in self._app.allWidgets():
            if not widget.testAttribute(styled) and not widget.testAttribute(own):
                widget.setFont(QFont())

    def _sheet(self) -> str:
        roles = {name: getattr(self._look, name) for name in self._look.__struct_fields__}
        sizes = {
            f"pt{size}": f"{size * self._zoom / 10:.1f}pt"
            for size in (80, 85, 90, 95, 100, 110, 120, 140, 180)
        }
        return self._template.substitute(
            roles,
            **sizes,
            family=FAMILY,
            check=resource(f"themes/check-{self._look.name}.svg").as_posix(),
            down=resource(f"themes/down-{self._look.name}.svg").as_posix(),
            up=resource(f"themes/up-{self._look.name}.svg").as_posix(),
        )


def palette(look: Look) -> QPalette:
    """Return the Qt palette of a look, for what the style sheet does not reach."""
    qt_palette = QPalette()
    role = QPalette.ColorRole
    pairs = (
        (role.Window, look.window),
        (role.WindowText, look.text),
        (role.Base, look.surface),
        (role.AlternateBase, look.raised),
        (role.Midlight, look.hover),
        (role.Text, look.text),
        (role.Button, look.surface),
        (role.ButtonText, look.text),
        (role.ToolTipBase, look.raised),
        (role.ToolTipText, look.text),
        (role.PlaceholderText, look.neutral),
        (role.Highlight, look.selected),
        (role.HighlightedText, look.text),
        (role.Link, look.info),
        (role.LinkVisited, look.info),
        (role.Accent, look.accent),
    )
    for which, value in pairs:
        qt_palette.setColor(which, colour(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        qt_palette.setColor(QPalette.ColorGroup.Disabled, which, colour(look.disabled))
    return qt_palette
