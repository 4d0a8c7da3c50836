"""Settings: whose papers these are, who signs, where files go, how the window looks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import MAX_LINES, Letterhead
from qpvdesk.services.settings import Settings, SettingsFile, read_image
from qpvdesk.ui.jobs import ProgressCard
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.form_dialog import Form, FormDialog
from qpvdesk.ui.kit.tips import warn
from qpvdesk.ui.kit.tokens import GAP, ROOM, fill, in_row, scrolled
from qpvdesk.ui.notify import Notifier
from qpvdesk.ui.session import Session
from qpvdesk.ui.theme import MODE_LABELS, Mode, Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.labels import aside, label, line

_ZOOMS = (0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
_JSON = "Réglages (*.json)"

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _Reader(Protocol[T_co]):
    def __call__(self, path: Path, /, *, cancelled: Callable[[], bool]) -> T_co: ...


class SettingsDialog(FormDialog):
    """Nothing is kept before « Enregistrer », but the look, which is tried at once and put back on Escape."""

    kept = Signal(object)
    """The `Settings` just written."""
    contract_asked = Signal()
    """The contract's own settings (its thresholds) are asked for."""
    remembered_asked = Signal()
    """What is remembered of the files of partners is asked for."""

    def __init__(
        self, theme: Theme, file: SettingsFile, session: Session, notifier: Notifier, *, parent: QWidget
    ) -> None:
        super().__init__("Réglages", parent, width=theme.px(520))
        self._theme, self._file, self._session, self._notifier = theme, file, session, notifier
        self._before = (theme.mode, theme.zoom)
        self._image = b""
        self.column.addWidget(self._make_body(), 1)
        self._trouble = self.trouble()
        others = [
            button(words, act) for words, act in (("E&xporter…", self._export), ("&Importer…", self._import))
        ]
        self.foot("Enregistrer", self._submit, *others)
        self._show(file.read())
        self.fit(theme.px(640), theme.px(690))
        self.rejected.connect(self._put_back)

    def settings(self) -> Settings:
        lines = tuple(text for line in self._lines.toPlainText().splitlines() if (text := line.strip()))
        return Settings(
            Letterhead(lines, self._image),
            self._author.text().strip(),
            _path(self._folder),
            _path(self._copies),
        )

    def _make_body(self) -> QScrollArea:
        area, column = scrolled("Réglages", "panelbody", spacing=GAP, margins=(ROOM, ROOM, ROOM, ROOM))
        forms = [self._make_paper(), self._make_journal(), self._make_folders(), self._make_looks()]
        titles = ("En-tête des documents imprimés", "Journal", "Dossiers", "Apparence")
        for place, (title, form) in enumerate(zip(titles, forms, strict=True)):
            if place:
                column.addWidget(line())
            column.addWidget(label(title, "strong"))
            form.setColumnMinimumWidth(0, self._theme.px(140))
            column.addLayout(form)
        column.addWidget(line())
        column.addWidget(label("Seuils des statuts", "strong"))
        column.addWidget(
            aside(
                "L’écart entre l’avancement et ce qui est attendu, à partir duquel un objectif est en avance, à"
                " surveiller ou en retard, appartient à chaque contrat."
            )
        )
        thresholds = button("Les &seuils du contrat affiché…", self._ask_contract)
        column.addWidget(thresholds, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(line())
        column.addWidget(label("Fichiers des partenaires", "strong"))
        column.addWidget(aside("Les colonnes, les noms et ce qui est écarté, retenus d’un import à l’autre."))
        remembered = button("Ce qui est rete&nu…", self._ask_remembered)
        column.addWidget(remembered, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        for form in forms:
            form.chain()
        return area

    def _make_paper(self) -> Form:
        form = Form()
        self._lines = QPlainTextEdit()
        self._lines.setFixedHeight(self._theme.px(84))
        form.add(
            "&Service",
            self._lines,
            f"Une ligne par mention, {MAX_LINES} au plus\u202f: la préfecture, puis le service.",
        )
        self._picture = label("Aucune image", "mention")
        self._picture.setMinimumHeight(self._theme.px(48))
        holder = QWidget()
        row = in_row((self._picture, 1), on=holder)
        self._choose = button("C&hoisir une image…", self._choose_image)
        self._remove = button("&Retirer", lambda: self._set_image(b""))
        fill(row, self._choose, self._remove)
        holder.setFocusProxy(self._choose)
        form.add("Image", holder, "Celle de votre service, en PNG ou JPEG. qpvdesk n’en fournit aucune.")
        return form

    def _make_journal(self) -> Form:
        form = Form()
        self._author = text_line("", "Délégué du préfet")
        form.add(
            "S&ignature",
            self._author,
            "La fonction sous laquelle vos saisies sont inscrites, jamais un nom. Vide\u202f: «\u202fce poste\u202f».",
        )
        return form

    def _make_folders(self) -> Form:
        form = Form()
        self._folder, self._copies = QLineEdit(), QLineEdit()
        for words, control, help_text in (
            (
                "&Documents",
                self._folder,
                "Où les papiers et classeurs sont d’abord proposés. Vide\u202f: là où fut le dernier.",
            ),
            (
                "Copie des sau&vegardes",
                self._copies,
                "Chaque sauvegarde automatique y est aussi copiée\u202f: une clé USB, un partage de votre service.",
            ),
        ):
            seek = button("Choisir…", partial(self._choose_folder, control))
            seek.setAccessibleName(f"Choisir le dossier\u202f: {words.replace('&', '')}")
            form.add(words, control, help_text, seek)
        return form

    def _make_looks(self) -> Form:
        form = Form()
        modes = ((words.replace("&", ""), mode.value) for mode, words in MODE_LABELS.items())
        zooms = sorted({*_ZOOMS, round(self._theme.zoom, 2)})
        self._mode = ElidedCombo("", modes)
        self._zoom = ElidedCombo("", ((f"{zoom * 100:.0f}\u202f%", zoom) for zoom in zooms))
        self._mode.setCurrentIndex(self._mode.findData(self._theme.mode.value))
        self._zoom.setCurrentIndex(self._zoom.findData(round(self._theme.zoom, 2)))
        self._mode.activated.connect(lambda _: self._theme.set_mode(Mode(self._mode.currentData())))
        self._zoom.activated.connect(lambda _: self._theme.set_zoom(float(self._zoom.currentData())))
        form.add("Cou&leurs", self._mode)
        form.add("&Taille des caractères", self._zoom)
        return form

    def _show(self, settings: Settings) -> None:
        self._lines.setPlainText("\n".join(settings.letterhead.lines))
        self._set_image(settings.letterhead.image)
        self._author.setText(settings.author)
        self._folder.setText(str(settings.folder or ""))
        self._copies.setText(str(settings.copies or ""))

    def _set_image(self, image: bytes) -> None:
        self._image = image
        drawn = QPixmap()
        drawn.loadFromData(image)
        self._remove.setEnabled(bool(image))
        if drawn.isNull():
            self._picture.setText("Aucune image")
            return
        height = self._theme.px(46)
        fitted = drawn.scaled(
            self._theme.px(220),
            height,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self._picture.setPixmap(fitted)
        self._picture.setAccessibleName("Image de l’en-tête")

    def _choose_image(self) -> None:
        path = self._notifier.open_path("Image de l’en-tête", Path.home(), "Images (*.png *.jpg *.jpeg)")
        if path is not None:
            self._read(path, read_image, self._set_image)

    def _choose_folder(self, control: QLineEdit) -> None:
        current = _path(control)
        chosen = self._notifier.folder("Choisir un dossier", current or Path.home())
        if chosen is not None:
            control.setText(str(chosen))

    def _ask_contract(self) -> None:
        self.reject()
        self.contract_asked.emit()

    def _ask_remembered(self) -> None:
        self.reject()
        self.remembered_asked.emit()

    def _submit(self) -> None:
        settings = self.settings()
        try:
            for folder in (settings.folder, settings.copies):
                if folder is not None and not folder.is_dir():
                    raise UserError(
                        f"Le dossier «\u202f{file_names.shown(str(folder))}\u202f» n’existe pas.",
                        "Choisissez-en un autre, ou créez-le.",
                    )
            self._file.write(settings)
        except UserError as error:
            self._say(error)
            return
        self._before = (self._theme.mode, self._theme.zoom)
        self.accept()
        self.kept.emit(settings)

    def _export(self) -> None:
        path = self._notifier.save_path("Exporter les réglages", Path.home() / "reglages-qpvdesk.json", _JSON)
        if path is None:
            return
        try:
            # What is in the fields is what one sees, and so what one exports.
            self._file.export(path, self.settings())
        except UserError as error:
            self._say(error)

    def _import(self) -> None:
        path = self._notifier.open_path("Importer des réglages", Path.home(), _JSON)
        if path is not None:
            self._read(path, self._file.take, self._show)

    def _read(self, path: Path, read: _Reader[T], done: Callable[[T], None]) -> None:
        """Read a file from elsewhere apart; what is wrong with it is said here."""
        self._trouble.hide()
        job = self._session.read(
            "Lecture", lambda _desk, cancelled: read(path, cancelled=cancelled), done, self._say
        )
        card = ProgressCard(f"Lecture de «\u202f{file_names.shown(path.name)}\u202f»", job, self)
        self._session.print_over.connect(card.finish)

    def _say(self, error: UserError) -> None:
        warn(self._trouble, str(error))

    def _put_back(self) -> None:
        mode, zoom = self._before
        self._theme.set_mode(mode)
        self._theme.set_zoom(zoom)


def _path(control: QLineEdit) -> Path | None:
    text = control.text().strip()
    return Path(text).expanduser() if text else None
