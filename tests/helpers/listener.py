"""What a screen reader does with the window, by AT-SPI; run by the system's own Python, which alone has `gi`.

`python3 listener.py BASE PYTHON`: starts the accessibility bus and the window on a base, does what is asked by each
function of `STEPS`, prints a line of JSON a step. Needs a screen (`DISPLAY`) and a session bus.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

PATIENCE = 90
"""Seconds that each thing is waited for: a busy machine is slow."""
TABLES = ("table", "tree table", "tree")


def children(node):
    return [child for place in range(node.get_child_count()) if (child := node.get_child_at_index(place))]


def walk(node):
    """Yield a node and what is shown under it; a table by itself."""
    yield node
    for child in [] if node.get_role_name() in TABLES else children(node):
        if child.get_state_set().contains(Atspi.StateType.SHOWING):
            yield from walk(child)


def until(find):
    """Wait for what is looked for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            found = find()
        except (StopIteration, gi.repository.GLib.GError):
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise SystemExit(f"nothing came of line {find.__code__.co_firstlineno}")


def settled(read):
    """Return what is read, once it is the same three times in a row: a page that was just shown is filled in turns."""
    end = time.monotonic() + PATIENCE
    found = [until(read)]
    while found[-3:] != [found[-1]] * 3:
        if time.monotonic() > end:
            raise SystemExit(f"never the same of line {read.__code__.co_firstlineno}")
        time.sleep(0.4)
        found.append(until(read))
    return found[-1]


def find(under, role, start=""):
    return until(
        lambda: next(
            node for node in walk(under) if node.get_role_name() == role and node.get_name().startswith(start)
        )
    )


def act(node, name):
    names = [Atspi.Action.get_action_name(node, place) for place in range(Atspi.Action.get_n_actions(node))]
    # A page that is made for the first time answers later than the bus waits.
    with contextlib.suppress(gi.repository.GLib.GError):
        Atspi.Action.do_action(node, names.index(name))


def write(node, text):
    Atspi.EditableText.set_text_contents(node, text)


def row_of(table, row):
    return [
        (cell.get_name() if (cell := Atspi.Table.get_accessible_at(table, row, column)) else "")
        for column in range(Atspi.Table.get_n_columns(table))
    ]


def go(window, page):
    act(find(window, "radio button", page), "Toggle")
    return until(
        lambda: [node for node in walk(window) if node.get_name() == page and node.get_role_name() == "table"]
    )


def visit_pages(window):
    """Go to every page: read the first row of each of its tables, each of its tabs turned, by its cells, with the names of
    its columns, last the lines of a file that is opened; say what is heard of it: no tag, no button or list without a name.
    """
    read, heard = {}, {}
    for page in pages_of(window):
        act(page, "Toggle")
        until(lambda page=page: page.get_state_set().contains(Atspi.StateType.CHECKED))
        read |= settled(lambda: {"": None, **tables_told(window)})
        # A page that is made for the first time may answer nothing for a while.
        heard[page.get_name()] = until(lambda: heard_now(window))
        for tab in tabs_of_what_was_held(window):
            act(tab, "Press")
            read |= settled(lambda: {"": None, **tables_told(window)})
    open_return(window)
    read |= settled(lambda: {"": None, **tables_told(window)})
    read.pop("")
    return {"read_tables": read, "hear_pages": heard}


def tabs_of_what_was_held(window):
    """Choose the meeting whose data are frozen, if there is a list of them; return the tabs of what is shown."""
    for table in tables_of(window):
        if table.get_name() == "Réunions de l’année":
            rows = [row_of(table, row) for row in range(Atspi.Table.get_n_rows(table))]
            held = next(place for place, row in enumerate(rows) if "Données arrêtées" in row)
            Atspi.Table.add_row_selection(table, held)
            return until(lambda: [node for node in walk(window) if node.get_role_name() == "page tab"])
    return [node for node in walk(window) if node.get_role_name() == "page tab"]


def pages_of(window):
    return [node for node in walk(window) if node.get_role_name() == "radio button"]


def tables_told(window):
    told = {}
    for table in until(lambda: [*tables_of(window), None]):
        if table is not None and Atspi.Table.get_n_rows(table):
            heads = [
                head.get_name() if (head := Atspi.Table.get_column_header(table, column)) else ""
                for column in range(Atspi.Table.get_n_columns(table))
            ]
            told[table.get_name()] = {"heads": heads, "row": row_of(table, 0)}
    return told


def open_return(window):
    """Open a file of figures, by the name typed in the dialog of files."""
    file = Path(sys.argv[1]).with_name("retour.csv")
    file.write_text("Code;Date;Valeur\nBPI-O01;31/10/2026;32\n", encoding="utf-8")
    act(find(window, "radio button", "Échanges"), "Toggle")
    act(find(window, "push button", "Choisir un fichier"), "Press")
    dialog = until(
        lambda: next(node for node in children(app_of(window)) if node.get_role_name() == "dialog")
    )
    write(find(dialog, "text", "Nom de fichier"), str(file))
    act(find(dialog, "push button", "Ouvrir"), "Press")
    until(lambda: [node for node in tables_of(window) if node.get_name() == "Aperçu de l’import"])


def tables_of(window):
    return [node for node in walk(window) if node.get_role_name() in TABLES]


def select_and_record(window):
    """Select a row as a reader does, and record a figure of what it says is selected."""
    table = go(window, "Objectifs")[0]
    row = Atspi.Table.get_n_rows(table) - 3
    title = row_of(table, row)[0]
    Atspi.Table.add_row_selection(table, row)
    until(
        lambda: [
            node for node in walk(window) if node.get_name() == title and node.get_role_name() == "heading"
        ]
    )
    order = [node.get_name() for node in walk(window) if node.get_name() in ("Objectifs", title)]
    act(find(window, "push button", "Saisir un relevé"), "Press")
    dialog = until(
        lambda: next(node for node in children(app_of(window)) if node.get_role_name() == "dialog")
    )
    name = dialog.get_name()
    value = until(
        lambda: next(
            node
            for node in walk(dialog)
            if node.get_role_name() == "text" and node.get_name().startswith("Valeur")
        )
    )
    write(value, "7")
    act(find(dialog, "push button", "Enregistrer"), "Press")
    until(lambda: all(node.get_role_name() != "dialog" for node in children(app_of(window))))
    return {"title": title, "order": order, "dialog": name}


def filter_objectives(window):
    """Filter a table by words, and by a chip."""
    table = go(window, "Objectifs")[0]
    every = Atspi.Table.get_n_rows(table)
    field = next(
        node
        for node in walk(window)
        if node.get_role_name() == "text" and node.get_name().startswith("Filtrer")
    )
    write(field, "bus")
    until(lambda: Atspi.Table.get_n_rows(table) < every)
    by_words = Atspi.Table.get_n_rows(table)
    write(field, "")
    until(lambda: Atspi.Table.get_n_rows(table) == every)
    chip = find(window, "check box", "Sans météo")
    act(chip, "Toggle")
    until(lambda: Atspi.Table.get_n_rows(table) < every)
    by_chip = Atspi.Table.get_n_rows(table)
    act(chip, "Toggle")
    return {"every": every, "by_words": by_words, "by_chip": by_chip}


def open_form(window, page, words):
    """Open the form of a new thing from the page where it is listed."""
    go(window, page)
    act(find(window, "push button", words), "Press")
    return until(lambda: next(node for node in children(app_of(window)) if node.get_role_name() == "dialog"))


def save(window, dialog):
    act(next(node for node in walk(dialog) if node.get_name() == "Enregistrer"), "Press")
    until(lambda: all(node.get_role_name() != "dialog" for node in children(app_of(window))))


def choose(dialog, name, words):
    """Choose in a list that drops down, found by its label, the line that begins so."""
    combo = until(
        lambda: next(
            node
            for node in walk(dialog)
            if node.get_role_name() == "combo box" and label_of(node).startswith(name)
        )
    )
    held = next(node for node in children(combo) if node.get_role_name() == "list")
    row = next(row for row, line in enumerate(children(held)) if line.get_name().startswith(words))
    Atspi.Selection.select_child(held, row)

    def taken():
        combo.clear_cache()
        return combo.get_name().startswith(words)

    until(taken)


def label_of(node):
    return next(
        (
            relation.get_target(0).get_name()
            for relation in node.get_relation_set()
            if relation.get_relation_type() is Atspi.RelationType.LABELLED_BY
        ),
        "",
    )


def field_of(dialog, name):
    return until(
        lambda: next(
            node
            for node in walk(dialog)
            if node.get_role_name() == "text"
            and (label_of(node).startswith(name) or node.get_name().startswith(name))
        )
    )


def tick(dialog, name, words):
    """Tick a thing of a list by its name, written and then pressed."""
    write(field_of(dialog, f"{name}\u202f: chercher"), words)
    act(find(dialog, "push button", f"Cocher\u202f: {name}"), "Press")
    until(
        lambda: [
            line
            for line in children(find(dialog, "list", name))
            if line.get_state_set().contains(Atspi.StateType.CHECKED)
            and line.get_name().lower().startswith(words.partition(" ")[0])
        ]
    )


def fill_choices(window):
    """Make an engagement and an objective declined over two places by their forms, the lists and what is ticked too."""
    dialog = open_form(window, "Engagements", "Nouvel engagement")
    choose(dialog, "Partenaire", "Bpifrance")
    write(field_of(dialog, "Libellé"), "Ouvrir des permanences")
    choose(dialog, "Nature", "Droit commun")
    tick(dialog, "Lieux nommés", "avion")
    save(window, dialog)
    dialog = open_form(window, "Objectifs", "Nouvel objectif")
    choose(dialog, "Partenaire", "Bpifrance")
    write(field_of(dialog, "Libellé"), "Permanences tenues")
    write(field_of(dialog, "Unité"), "permanences")
    choose(dialog, "Mesure", "Un niveau")
    write(field_of(dialog, "Cible"), "36")
    write(field_of(dialog, "Échéance"), "31/12/2027")
    tick(dialog, "Décliné sur", "avion 12")
    tick(dialog, "Décliné sur", "lens 24")
    save(window, dialog)
    return {"done": True}


def fill_a_form(window):
    """Make a partner by its form, each field reached by its name."""
    dialog = open_form(window, "Partenaires", "Nouveau")
    typed = {"Code": "BS", "Nom": "Bailleur social", "Nom court": "Bailleur"}
    find(dialog, "text", "Nom")
    for node in walk(dialog):
        if node.get_role_name() == "text" and node.get_name() in typed:
            write(node, typed[node.get_name()])
    named = [
        (node.get_role_name(), node.get_name())
        for node in walk(dialog)
        if node.get_role_name() in ("text", "combo box", "check box")
    ]
    save(window, dialog)
    return {"named": named}


def heard_now(window):
    """What is wrong of what is heard now: tags, and controls without a name; the titles from one to the next."""
    tags, nameless, headings = [], [], []
    for node in walk(window):
        if node.get_role_name() == "heading":
            headings.append(node.get_name())
        if "<" in (node.get_description() or "") or "<" in (node.get_name() or ""):
            tags.append(node.get_name())
        if node.get_role_name() in ("push button", "check box", "table", "text", "combo box"):
            labelled = any(
                relation.get_relation_type() is Atspi.RelationType.LABELLED_BY
                for relation in node.get_relation_set()
            )
            if not (node.get_name() or node.get_description() or labelled):
                nameless.append(node.get_role_name())
    return {"tags": tags, "nameless": nameless, "headings": headings}


def app_of(window):
    return window.get_application()


STEPS = (visit_pages, select_and_record, filter_objectives, fill_a_form, fill_choices)


def main():
    # A window that is busy is waited for as the rest is: the bus would call it gone after 0.8 s.
    Atspi.set_timeout(PATIENCE * 1000, PATIENCE * 1000)
    base, python = sys.argv[1:3]
    launcher = next(
        path
        for path in ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
        if os.path.exists(path)
    )
    bus = subprocess.Popen([launcher, "--launch-immediately"])
    program = subprocess.Popen(
        [python, "-m", "qpvdesk", base],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"},
    )
    try:
        app = until(
            lambda: next(node for node in children(Atspi.get_desktop(0)) if node.get_name() == "qpvdesk")
        )
        window = until(lambda: next(node for node in children(app) if node.get_role_name() == "frame"))
        # Its counter comes with the first picture.
        find(window, "radio button", "Objectifs, ")
        for step in STEPS:
            done = step(window)
            print(json.dumps(done if step is visit_pages else {step.__name__: done}), flush=True)
    finally:
        program.terminate()
        program.wait(timeout=PATIENCE)
        bus.terminate()


if __name__ == "__main__":
    main()
