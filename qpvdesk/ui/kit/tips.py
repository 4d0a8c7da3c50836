"""Tooltips: what they say is never rich text of its own, and whoever does not see them hears it as a description.

Qt draws as rich text whatever looks like it, in a tooltip as in a label: a label brought by a package would open the
files and the network shares that it names as soon as the pointer rests on it. Every tooltip of the window is made
here, of parts that are escaped. What happens without the focus moving there is announced here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QComboBox, QLabel, QToolTip, QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox

_LINE_LETTERS_MAX = 70
"""Letters of the longest tooltip that stands on one line."""
_LETTERS_MAX = 2000
"""Letters of a tooltip: a longer text fills the screen, and takes seconds to be laid out."""
_MENTIONED_MS = 8000
_TOLD = "told"
_MARKUP = re.compile("[<&]")
"""What Qt looks for before it takes a text for rich text."""
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "\n": "<br>"})
"""As `html.escape`, whose import is 2 ms of a start; a line ends with `<br>`."""
NO_DESCRIPTION = " "
"""Where there is no description Qt gives the tooltip, which only repeats the name."""


class Pointed(Protocol):
    """An action or an item of a list, which has a tooltip and no description."""

    def setToolTip(self, words: str, /) -> None:  # noqa: N802
        """Take a tooltip."""


def tooltip(*parts: str) -> str:
    """Return the text of a tooltip, a paragraph for each part; a long one is broken in lines by Qt, as rich text."""
    paragraphs = [
        part if len(part) <= _LETTERS_MAX else f"{part[:_LETTERS_MAX].rstrip()}…" for part in parts if part
    ]
    lines = [line for part in paragraphs for line in part.split("\n")]
    if len(paragraphs) < 2 and all(len(line) <= _LINE_LETTERS_MAX for line in lines):
        words = "".join(paragraphs)
        if not _MARKUP.search(words):
            return words
    return "".join(f"<p>{part.translate(_ESCAPED)}</p>" for part in paragraphs)


def tip(widget: QWidget, *parts: str, hint: str = "") -> None:
    """Give a widget its tooltip, and as a description what its name does not say already.

    `hint`: what the pointer alone needs to be told. The name of the widget is given before.
    """
    widget.setProperty(_TOLD, list(parts))
    widget.setToolTip(tooltip(*parts, hint))
    describe(widget, "")


def describe(widget: QWidget, words: str) -> None:
    """Let a widget be heard with a description; an empty one gives that of its tooltip back."""
    parts = widget.property(_TOLD) or ()
    words = words or _beside(_name(widget), parts) or (NO_DESCRIPTION if any(parts) else "")
    widget.setAccessibleDescription(words)


def restyle(widget: QWidget, **properties: object) -> None:
    """Give a widget properties that the theme draws by."""
    # What is not there yet is empty: nothing has to be drawn anew.
    changed = {
        name: value for name, value in properties.items() if (widget.property(name) or "") != (value or "")
    }
    for name, value in changed.items():
        widget.setProperty(name, value)
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def blame(control: QWidget, words: str) -> None:
    """Outline a control that holds what cannot be, and let it be heard why; no words: nothing is wrong with it any more."""
    describe(control, words)
    restyle(control, invalid=bool(words))


def tip_more(widget: QWidget, part: str) -> None:
    if part:
        tip(widget, *(widget.property(_TOLD) or ()), part)


def tip_item(item: Pointed, *parts: str) -> None:
    item.setToolTip(tooltip(*parts))


def show_tip(place: QPoint, widget: QWidget, *parts: str) -> None:
    """Show a tooltip at a place of the screen; none where there are no words."""
    QToolTip.showText(place, tooltip(*parts), widget)


def describe_lists(root: QWidget) -> None:
    """Let each list that drops down be heard with what it is for: under Linux Qt gives its present choice as its name."""
    labelled = {words.buddy() for words in root.findChildren(QLabel) if words.buddy() is not None}
    for choice in root.findChildren(QComboBox):
        name, field = choice.accessibleName(), choice.lineEdit()
        if name and choice not in labelled and not choice.accessibleDescription().strip():
            choice.setAccessibleDescription(name)
        if name and field is not None and not field.accessibleName():
            field.setAccessibleName(name)


def announce(widget: QWidget, words: str) -> None:
    """Let whoever listens hear what happened, wherever the focus is (WCAG 4.1.3)."""
    # Seven enums that the first sight of the window does without.
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415 - 4 ms, the first words announced alone need it

    if words:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def mention(widget: QWidget, words: str) -> None:
    """Say at the foot of the window, and aloud, what was done without any other sign of it."""
    for message, later in ((words, 0), ("", _MENTIONED_MS)):
        QTimer.singleShot(
            later,
            widget,
            lambda message=message: QCoreApplication.sendEvent(widget, QStatusTipEvent(message)),
        )
    announce(widget, words)


def tell(words_shown: QLabel, words: str) -> None:
    """Let a label say something else than before; it is heard where the label is in sight and said something already."""
    before = words_shown.text()
    words_shown.setText(words)
    if before and words != before and words_shown.isVisible():
        announce(words_shown, words)


def warn(trouble: QLabel, words: str) -> None:
    """Show what keeps from going on, and let it be heard; no words: nothing does any more."""
    trouble.setText(words)
    trouble.setVisible(bool(words))
    announce(trouble, words)


def fill_box(box: QMessageBox, message: str, remedy: str) -> None:
    """Give a message box its words, as they are."""
    box.setText(message)
    box.setInformativeText(remedy)
    for words in box.findChildren(QLabel):
        words.setTextFormat(Qt.TextFormat.PlainText)
    # The box forgets to break the lines of a text that is known to be plain.
    box.setTextFormat(Qt.TextFormat.PlainText)


def _name(widget: QWidget) -> str:
    text = widget.property("text")
    return widget.accessibleName() or (text.replace("&", "") if isinstance(text, str) else "")


def _beside(name: str, parts: Iterable[str]) -> str:
    """What the parts say that a name does not."""
    rest = []
    for part in parts:
        words = re.sub(r"^[\s.,:;–]+", "", part.removeprefix(name)) if name else part
        if words and words not in name:
            rest.append(words)
    return "\n".join(rest)
