"""The styles of an OpenDocument text, each added where it is first asked for."""

from __future__ import annotations

from typing import Any, NamedTuple

from odfdo import Element, Style
from reportlab.lib import units

from qpvdesk.charts.marks import PRINT
from qpvdesk.charts.primitives import Ink
from qpvdesk.reports.copied_tables import CELL_RULE, COPY_TYPE, LEAST, UNDER
from qpvdesk.reports.style import BLUE, MARGIN_BOTTOM, MARGIN_TOP, MARGIN_X, WIDTH

BOLD, TEXT, SMALL, NOTE, CELL, KEPT, LISTED, NAMED = (
    "qpv-gras",
    "qpv-texte",
    "qpv-petit",
    "qpv-note",
    "qpv-case",
    "qpv-rang",
    "qpv-liste",
    "qpv-nom",
)
"""The styles that every copy has."""
SPLIT = "qpv-ligne-de-table"
"""Begins the name of the style of a row that a page's end may part."""
_WHOLE = "qpv-table-entiere"
KEPT_WITH_NEXT = {"fo:keep-with-next": "always"}
_BORDER = f"0.018cm solid #{CELL_RULE.lower()}"
_HEAD = 30.0
"""Points of the head of a page, and of its foot."""
_LIST = (
    '<text:list-style><text:list-level-style-bullet text:level="1" text:bullet-char="•"><style:list-level-properties'
    ' text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment'
    ' text:label-followed-by="listtab" fo:text-indent="-0.35cm" fo:margin-left="0.35cm"/>'
    "</style:list-level-properties></text:list-level-style-bullet></text:list-style>"
)
"""Bullets that hang beside the text, as far as on paper."""
_AIR, _NOTE_AIR = "0.18cm", "0.1cm"
"""Under a paragraph, under one in small letters."""
_LEADING = "9.8pt"
"""Of small letters, as on paper: the type asks for more."""
_PADDING = {"top": "0.03cm", "bottom": "0.03cm", "left": "0.12cm", "right": "0.12cm"}
"""Of a cell."""


def cm(points: float) -> str:
    """A length as the format writes it."""
    return f"{points / units.cm:.2f}cm"


def add_styles(text: Any) -> None:
    bold = Style("paragraph", name=BOLD, area="text", bold=True)
    told, note = Style("paragraph", name=TEXT), Style("paragraph", name=NOTE)
    small = Style("paragraph", name=SMALL)
    for style in (bold, told, note, small):
        style.set_properties({"fo:margin-bottom": _AIR if style in (bold, told) else _NOTE_AIR})
    for style in (note, small):
        style.set_properties({"fo:line-height": _LEADING})
        style.set_properties({"fo:font-size": "8pt"}, area="text")
    note.set_properties({"fo:color": PRINT[Ink.MENTION]}, area="text")
    cell = Style("table-cell", name=CELL, border=_BORDER)
    cell.set_properties({f"fo:padding-{side}": air for side, air in _PADDING.items()})
    named = Style("table-cell", name=NAMED)
    named.set_properties({"style:vertical-align": "bottom"})
    kept = Style("table-row", name=KEPT)
    kept.set_properties({"fo:keep-together": "always"})
    for style in (bold, told, note, small):
        # Head and foot know no other.
        text.insert_style(style)
    listed: Any = Element.from_tag(_LIST)
    listed.set_attribute("style:name", LISTED)
    for own in (cell, named, kept, listed):
        text.insert_style(own, automatic=True)
    for layout in text.get_part("styles.xml").get_elements("//style:page-layout-properties"):
        sides = {
            "left": MARGIN_X,
            "right": MARGIN_X,
            "top": MARGIN_TOP - _HEAD,
            "bottom": MARGIN_BOTTOM - _HEAD,
        }
        for side, points in sides.items():
            layout.set_attribute(f"fo:margin-{side}", cm(points))
    for part, side in (("header", "bottom"), ("footer", "top")):
        (style,) = text.get_part("styles.xml").get_elements(f"//style:{part}-style")
        room = Element.from_tag("style:header-footer-properties")
        room.set_attribute("fo:min-height", cm(_HEAD))
        # Air between them and the text.
        room.set_attribute(f"fo:margin-{side}", "0.6cm")
        style.append(room)
    for setting in text.get_part("settings.xml").get_elements(
        "//config:config-item[@config:name='TableRowKeep']"
    ):
        # LibreOffice keeps a row with the next, as its paragraphs ask, in documents that say so.
        setting.text = "true"
    _set_letters(text)


def _set_letters(text: Any) -> None:
    """The letters of the paper at their size, and titles without the numbers that the library puts before them."""
    sizes = {
        None: "9pt",
        "Heading": "",
        "Heading_20_1": "18pt",
        "Heading_20_2": "13pt",
        "Heading_20_3": "11pt",
    }
    for name, size in sizes.items():
        style = text.get_style("paragraph", name)
        # No line of a paragraph stands alone at the foot or at the head of a page.
        style.set_properties({"fo:orphans": "2", "fo:widows": "2"})
        own = {"fo:font-size": size} if size else {}
        if name:
            own |= {"fo:font-style": "normal", "fo:color": BLUE}
            style.set_properties({"fo:margin-top": "0.25cm", "fo:margin-bottom": "0.1cm"})
        style.set_properties({"fo:font-family": COPY_TYPE} | own, area="text")
        for named in style.get_elements("style:text-properties"):
            # The name of a font that the library chose would go before the family.
            if named.get_attribute("style:font-name"):
                named.del_attribute("style:font-name")
    for level in text.get_part("styles.xml").root.get_elements("//text:outline-level-style"):
        for sign in ("style:num-format", "style:num-suffix"):
            level.set_attribute(sign, "")
        # LibreOffice sets the points of this pattern before a title, even without a number.
        level.del_attribute("loext:num-list-format")


def derived(text: Any, parent: str, what: str, look: dict[str, str]) -> str:
    """The style of a paragraph that has that one's look and its own; `what`: the end of its name.

    Only a common style is a parent in this format: of another, LibreOffice forgets the look, which is copied."""
    name = f"{parent}-{what}"
    if text.get_style("paragraph", name) is None:
        known: Any = text.get_style("paragraph", parent)
        if known.parent.tag == "office:automatic-styles":
            style = known.clone
            style.name = name
        else:
            style = Style("paragraph", name=name, parent_style=parent)
        style.set_properties(look)
        text.insert_style(style, automatic=True)
    return name


def under_table(text: Any, *, last: bool) -> str:
    """The style of the line under a table; of the `last` thing of a document, which has one whether it is written or not,
    the least that is one."""
    look = {"fo:line-height": cm(LEAST if last else UNDER), "fo:margin-bottom": "0cm"}
    name = derived(text, TEXT, "fin" if last else "sous", look)
    if last:
        text.get_style("paragraph", name).set_properties({"fo:font-size": "1pt"}, area="text")
    return name


def kept_style(text: Any, parent: str) -> str:
    """The style of a paragraph of that one's look that stays on the page of the next."""
    return derived(text, parent, "reste", KEPT_WITH_NEXT)


def tabbed(text: Any, name: str, look: dict[str, str]) -> str:
    """A style of that name, whose tab leads to the right of the text, over points."""
    if text.get_style("paragraph", name) is None:
        style = Style("paragraph", name=name)
        style.set_properties(look)
        stops = Element.from_tag("style:tab-stops")
        stop = Element.from_tag("style:tab-stop")
        for sign, value in (
            ("position", cm(WIDTH)), ("type", "right"),
            ("leader-style", "dotted"), ("leader-text", "."),
        ):  # fmt: skip
            stop.set_attribute(f"style:{sign}", value)
        stops.append(stop)
        style.get_elements("style:paragraph-properties")[0].append(stops)
        text.insert_style(style, automatic=True)
    return name


class Look(NamedTuple):
    """How the words of a cell stand."""

    right: bool = False
    bold: bool = False
    kept: bool = False
    """On the page of the row after."""
    pale: bool = False

    def style(self, text: Any) -> str:
        """The name of the style of a paragraph, which the document holds."""
        name = "-".join(["qpv-mot", *(key for key, value in self._asdict().items() if value)])
        if text.get_style("paragraph", name) is None:
            style = Style("paragraph", name=name)
            aligned = {"fo:line-height": _LEADING} | ({"fo:text-align": "end"} if self.right else {})
            style.set_properties(aligned | (KEPT_WITH_NEXT if self.kept else {}))
            letters = {"fo:font-size": "8pt", "fo:font-weight": "bold" if self.bold else "normal"}
            letters |= {"fo:color": PRINT[Ink.MENTION]} if self.pale else {}
            style.set_properties(letters, area="text")
            text.insert_style(style, automatic=True)
        return name


def whole_table(text: Any) -> str:
    """The style of a table that no page's end parts: LibreOffice 7.4 moves it whole, its title with it, and loses no row, as
    it may where the rows are kept with one another."""
    if text.get_style("table", _WHOLE) is None:
        style = Style("table", name=_WHOLE)
        style.set_properties({"style:may-break-between-rows": "false"}, area="table")
        text.insert_style(style, automatic=True)
    return _WHOLE


def row_style(text: Any, height: float, *, whole: bool = True) -> str:
    """The style of a row of `height` points at least; `whole`: that no page's end parts."""
    if not height and whole:
        return KEPT
    name = f"{KEPT if whole else SPLIT}-{round(height)}"
    if text.get_style("table-row", name) is None:
        style = Style("table-row", name=name)
        look = {"fo:keep-together": "always"} if whole else {}
        style.set_properties(look | ({"style:min-row-height": cm(height)} if height else {}))
        text.insert_style(style, automatic=True)
    return name
