"""« Préparer un rapport d'incident »: where to write it, then what it holds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qpvdesk import paths
from qpvdesk.domain import file_names
from qpvdesk.services.care import incident
from qpvdesk.ui.notify import Notice, Notifier
from qpvdesk.ui.session import Session


def report_incident(session: Session, notifier: Notifier) -> None:
    """Ask for a file, write the report there and say what it holds."""
    name = f"incident-qpvdesk-{session.today.isoformat()}.zip"
    target = notifier.save_path("Préparer un rapport d’incident", Path.home() / name, "Archive (*.zip)")
    if target is None:
        return

    def tell(parts: tuple[str, ...]) -> None:
        notifier.ask(
            Notice(
                "Rapport d’incident",
                f"Le rapport est écrit\u202f: «\u202f{file_names.shown(target.name)}\u202f».",
                f"Il contient {', '.join(parts)}. Aucune de vos saisies n’y figure\u202f; vous pouvez l’ouvrir et le lire"
                " avant de le joindre à une demande d’aide.",
            )
        )

    session.ask(
        "Rapport d’incident",
        lambda desk: incident.prepare(
            target, base=desk.base.path, logs=paths.logs_folder(), now=datetime.now()
        ),
        tell,
    )
