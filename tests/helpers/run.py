"""`make run`: the window on the officer's own base; where there is no screen, what the program is for all the same.

Run as `python -m tests.helpers.run FOLDER`. Without a screen the state is printed, the committee's file and the picture
of the dashboard are written to the folder, from the same base as the window would open.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from qpvdesk import __main__ as process
from qpvdesk import app, system_libraries
from tests.helpers import offscreen

WINDOW = (1366, 768)
"""Pixels of the picture: the smallest laptop that the window is made for."""


def main(folder: Path) -> int:
    """Open the window, or do its work without; return the exit status."""
    if system_libraries.has_screen(os.environ):
        return process.main([])
    paper, picture = folder / "copil.pdf", folder / "tableau-de-bord.png"
    folder.mkdir(parents=True, exist_ok=True)
    base = str(app.own_base())
    for arguments in (["etat"], ["rapport", "--modele", "copil", "--sortie", str(paper)]):
        status = process.main([*arguments, "--base", base])
        if status:
            return status
    with TemporaryDirectory() as screen:
        offscreen.declare(Path(screen), WINDOW)
        draw_dashboard(Path(base), picture)
    print(f"Tableau de bord dessiné\u202f: {picture}.")
    print(
        "Aucun écran n’est déclaré\u202f: avec DISPLAY ou WAYLAND_DISPLAY, la même commande ouvre la fenêtre."
    )
    return 0


def draw_dashboard(base: Path, picture: Path) -> None:
    """Open the real window on a base and keep what it shows once its dashboard is complete."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    application = QApplication(["qpvdesk"])
    program = app.build(application, base)
    window = program.window
    session = window.session

    def keep() -> None:
        if session.picture is not None and session.picture.complete and not picture_kept:
            picture_kept.append(window.grab().save(str(picture)))
            window.close()

    picture_kept: list[bool] = []
    session.pictured.connect(lambda: QTimer.singleShot(0, keep))
    window.opening_refused.connect(program.fail)
    window.opening_refused.connect(window.close)
    window.showFullScreen()
    window.start()
    application.exec()
    if picture_kept != [True]:
        raise SystemExit(f"Le tableau de bord n’a pas pu être dessiné\u202f: {picture}.")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
