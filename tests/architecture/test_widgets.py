"""What the window is made of: Qt's own parts that hide a trap are only met through the house's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "qpvdesk" / "ui"


def found(pattern: str, text: str) -> list[str]:
    return re.findall(pattern, text)


def modules(*but: str) -> list[tuple[str, str]]:
    """The name and the text of each module of the window but those."""
    return [
        (str(path.relative_to(UI)), path.read_text(encoding="utf-8"))
        for path in sorted(UI.rglob("*.py"))
        if str(path.relative_to(UI)) not in but
    ]


BARE_LIST = r"\bQ(?:ListWidget|TreeWidget|ListView|TreeView)\(\s*(?:self)?\s*\)"


def test_no_list_is_made_but_those_where_the_selected_is_the_current() -> None:
    """`ui/kit/selection.py` says why."""
    assert [name for name, text in modules() if found(BARE_LIST, text)] == []


@pytest.mark.parametrize("line", ["names = QListWidget()", "tree = QTreeWidget(self)"])
def test_a_bare_list_is_seen(line: str) -> None:
    assert found(BARE_LIST, line)


def checkable_clicked(text: str) -> set[str]:
    """The controls of a module that can be checked and listen to `clicked`."""
    checkable = set(found(r"([\w.]+)\.setCheckable\(True\)", text))
    checkable |= set(found(r"([\w.]+)\s*=\s*Q(?:CheckBox|RadioButton)\(", text))
    clicked = set(found(r"([\w.]+)\.clicked\.connect", text))
    return {name for name in checkable if name in clicked or (name == "self" and ".clicked.connect" in text)}


def test_a_checkable_control_answers_to_toggled() -> None:
    """Assistive technology toggles without clicking: what listens to `clicked` shows a tick that did nothing."""
    assert [(name, bad) for name, text in modules() if (bad := checkable_clicked(text))] == []


def test_a_checkable_control_that_listens_to_clicked_is_seen() -> None:
    assert checkable_clicked("self._due.setCheckable(True)\nself._due.clicked.connect(f)") == {"self._due"}
    assert checkable_clicked("box = QCheckBox('a')\nbox.clicked.connect(f)\n") == {"box"}
    assert checkable_clicked("box = QCheckBox('a')\nbox.toggled.connect(f)\n") == set()


NEVER_SIDEWAYS = r"setHorizontalScrollBarPolicy\(Qt\.ScrollBarPolicy\.ScrollBarAlwaysOff\)"


def test_what_is_wider_than_its_place_can_be_scrolled_to() -> None:
    """WCAG 1.4.4, 1.4.10: at 200 % nothing is lost. A list cuts its lines and tells the whole to the pointer and aloud."""
    assert [name for name, text in modules("kit/selection.py") if found(NEVER_SIDEWAYS, text)] == []


def test_an_area_that_never_scrolls_sideways_is_seen() -> None:
    assert found(NEVER_SIDEWAYS, "area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)")


GUARDED = (
    (r"\.setToolTip\(|\bQToolTip\b|\.setStatusTip\(|\.setWhatsThis\(", ("kit/tips.py",)),
    (r"\bQMessageBox\(|\bQErrorMessage\b|\bQInputDialog\b|\bQProgressDialog\b", ("notify.py",)),
    (r"\.setInformativeText\(|\.setDetailedText\(", ("kit/tips.py",)),
    (r"\bQLabel\(\s*(?!None|parent|self)", ("widgets/labels.py",)),
    (r"\.setHtml\(|\.insertHtml\(|\.setMarkdown\(|\.appendHtml\(|\bQStaticText\b", ("dialogs/guide.py",)),
)
"""What would draw a text that looks like rich text, and the only modules where it stands: their words are the
program's own, or escaped there."""


@pytest.mark.parametrize(("pattern", "rooms"), GUARDED)
def test_what_may_draw_rich_text_stands_in_its_own_room(pattern: str, rooms: tuple[str, ...]) -> None:
    assert [name for name, text in modules(*rooms) if found(pattern, text)] == []


OPENING = (
    r"openUrl|QDesktopServices|startfile|webbrowser|xdg-open|setOpenExternalLinks\(True|setOpenLinks\(True"
)


def test_no_file_and_no_address_is_opened_from_the_window() -> None:
    """A joined file is only copied where the officer says: no path that data brought is opened, no program started.

    What the program has just written itself is the one exception, and has a room of its own.
    """
    root = UI.parent
    bad = [path.name for path in root.rglob("*.py") if found(OPENING, path.read_text(encoding="utf-8"))]
    assert bad == ["opening_written.py"]
    users = [name for name, text in modules("opening_written.py") if "open_written" in text]
    assert users == ["announcer.py"]
    joining = (UI / "joining.py").read_text(encoding="utf-8")
    assert not found(r"\.(?:printed|written)\.emit", joining)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (GUARDED[0][0], "button.setToolTip(words)"), (GUARDED[0][0], "QToolTip.showText(place, words)"),
        (GUARDED[1][0], "box = QMessageBox(self)"), (GUARDED[3][0], "made = QLabel(text)"),
        (GUARDED[4][0], "view.setHtml(words)"), (OPENING, "QDesktopServices.openUrl(QUrl(path))"),
    ],
)  # fmt: skip
def test_a_breach_is_seen(pattern: str, line: str) -> None:
    assert found(pattern, line)


def test_a_field_answers_to_whatever_writes_in_it() -> None:
    """Assistive technology, a voice and a completion write without keys: `textEdited` is not told of them."""
    assert [name for name, text in modules() if ".textEdited" in text] == []


BARE_COMBO = r"= QComboBox\("


def test_no_list_that_drops_down_cuts_a_word_in_the_middle_of_a_letter() -> None:
    """`ElidedCombo` ends in « … » where there is no room."""
    assert [name for name, text in modules() if found(BARE_COMBO, text)] == []
    assert found(BARE_COMBO, "combo = QComboBox()")


OWN_LENGTH = (
    r"(?:setContentsMargins|set(?:Horizontal|Vertical)?Spacing|addSpacing)\((?:[^()\n]|\()*\b[1-9]\d*\b"
    r"|\bspacing=[1-9]|\bmargins=\((?:[^()\n]|\()*\b[1-9]\d*\b|(?:\.font\(|\bpen\(painter, )\d"
)


def test_no_part_states_a_space_or_a_size_of_type_of_its_own() -> None:
    """They are in `ui/kit/tokens.py`: one scale, so that the pages are alike."""
    assert [name for name, text in modules() if found(OWN_LENGTH, text)] == []


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("layout.setSpacing(7)", True),
        ("layout.setContentsMargins(0, theme.px(5), 0, 0)", True),
        ("self.pen(painter, 9.5, 'text')", True),
        ("column = stacked(margins=(0, 5, 0, 0))", True),
        ("layout.setContentsMargins(EDGE, ROOM, 0, 0)", False),
    ],
)
def test_a_length_of_its_own_is_seen(line: str, seen: bool) -> None:
    assert bool(found(OWN_LENGTH, line)) is seen


_FILE_NAME = r"""\{(?:\w+\.)*(?:path|parent|folder|origin|copy|target\.name)(?:\.(?:name|parent))?\}"""
"""The name of a file in a sentence, as it is: in `file_names.shown(…)` it is another one."""


def test_a_sentence_of_the_window_names_no_file_by_its_bare_name() -> None:
    """« facture\u202efdp.exe » drew itself, and what follows it, the other way round."""
    wrong = [(path, line) for path, text in modules() for line in found(_FILE_NAME, text)]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ('label(f"Lecture de {path.name}")', True),
        ('label(f"Dans {copies.backup.path.parent.name}")', True),
        ('label(f"Enregistré dans {path}")', True),
        ('label(f"Lecture de {file_names.shown(path.name)}")', False),
        ('label(f"{partner.name}")', False),
    ],
)
def test_a_bare_name_of_a_file_is_seen(line: str, *, seen: bool) -> None:
    assert bool(found(_FILE_NAME, line)) is seen
