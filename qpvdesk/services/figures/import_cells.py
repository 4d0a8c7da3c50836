"""What one cell of a file says: a value, a day, a number; or why it is not taken."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import french, periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Objective
from qpvdesk.domain.typed_figures import RATIO, read_ratio
from qpvdesk.services.figures.titles import title_text
from qpvdesk.spreadsheets.book import Read, ReadCell
from qpvdesk.spreadsheets.serial import day_of

_YES_NO = {"oui": "1", "fait": "1", "realise": "1", "vrai": "1", "non": "0", "non realise": "0", "faux": "0"}
_A_NUMBER = "Écrivez un nombre seul, comme 1339 ou 16,4."
_NO_NUMBER = {
    Read.ERROR: ("«\u202f{text}\u202f» est l’erreur d’un calcul.", _A_NUMBER),
    Read.UNCALCULATED: (
        "la cellule contient une formule jamais calculée.",
        "Ouvrez le fichier dans un tableur et enregistrez-le, ou écrivez le nombre lui-même.",
    ),
    Read.DATE: ("«\u202f{text}\u202f» est une date.", _A_NUMBER),
    Read.BOOLEAN: ("la cellule contient VRAI ou FAUX.", _A_NUMBER),
}
"""Why a cell of that kind holds no value, and what is to be written instead."""
_UNSEEN_SHARE_MAX = 3
"""Above 300 %, a share in an old xls is no longer taken for a percentage."""
_UNSEEN = "un ancien fichier .xls ne dit pas si la case compte en euros."
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class RefusedValueError(Exception):
    """A value that is not taken: why, what to do, and the cell at fault where it is another than the value's."""

    def __init__(self, reason: str, remedy: str = "", cell: ReadCell | None = None) -> None:
        super().__init__(f"{reason} {remedy}".strip())
        self.reason, self.remedy, self.cell = reason, remedy, cell

    @classmethod
    def of(cls, error: UserError, cell: ReadCell | None = None) -> RefusedValueError:
        return cls(error.message, error.remedy, cell)


class NotAvailableError(RefusedValueError):
    """A cell that says that no value is known: its line is set aside by itself."""


class CellValue(Struct, frozen=True, gc=False):
    """What a cell of values says. `warnings` are doubts to be settled, `remarks` are only told; both in French."""

    number: Decimal
    warnings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    provisional: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    comment: str = ""


class CellDay(Struct, frozen=True, gc=False):
    """The day that a cell says; asked where `doubt` says why."""

    day: date
    doubt: str = ""
    provisional: bool = False


class CellReader:
    """Reads the cells of one file. A long file says the same words over and over: each is read once."""

    def __init__(self, *, date1904: bool, shares: bool, styled: bool, today: date) -> None:
        """`shares`: in this file a share is a cell with the format of percentages; `styled`: formats are told."""
        self._date1904, self._shares, self._styled, self._today = date1904, shares, styled, today
        self._values: dict[tuple[str, bool, Read, str, str, str], CellValue] = {}
        self._days: dict[tuple[Read, str, str, str], CellDay] = {}

    def value(self, objective: Objective, cell: ReadCell, unit: str) -> CellValue:
        asked = (objective.unit, objective.aim.yes_or_no, cell.kind, cell.text, cell.shown, unit)
        known = self._values.get(asked)
        if known is None:
            known = self._values[asked] = self._read_value(objective, cell, cell.shown or unit)
        return known

    def _read_value(self, objective: Objective, cell: ReadCell, unit: str) -> CellValue:
        answer = french.fold(cell.text)
        if objective.aim.yes_or_no and (cell.kind is Read.BOOLEAN or answer in _YES_NO):
            return CellValue(Decimal(_YES_NO.get(answer, cell.text)))
        if cell.kind in _NO_NUMBER:
            reason, remedy = _NO_NUMBER[cell.kind]
            raise RefusedValueError(reason.format(text=printable(cell.text)), remedy)
        if cell.kind is not Read.TEXT:
            # A stored number has a point for its decimals: never a thousands mark.
            return self._number(
                objective, cell, cell.text.replace(".", ","), "%" if cell.kind is Read.SHARE else unit
            )
        if french.says_nothing(cell.text):
            raise NotAvailableError(
                f"«\u202f{printable(cell.text)}\u202f» ne donne pas de valeur\u202f; la ligne est mise de côté."
            )
        if (share := _share_of(objective, cell)) is not None:
            return share
        text, remarks, provisional = _without_marks(cell.text)
        word = _ABOUT.fullmatch(text)
        read = self._number(objective, cell, word["number"].strip() if word else text, unit)
        if word:
            about = f"«\u202f{printable(cell.text)}\u202f» n’est pas une valeur exacte\u202f: à accepter, provisoire."
            read = replace(
                read, warnings=(about, *read.warnings), provisional=True, comment=cell.text.strip()
            )
        return replace(read, remarks=remarks, provisional=read.provisional or provisional)

    def _number(self, objective: Objective, cell: ReadCell, text: str, unit: str) -> CellValue:
        power = _POWERS.get(unit, 0)
        if power and "€" not in objective.unit:
            unit = ""
        bare = re.fullmatch(r"[-\u2212]?[0-9 \u00a0\u202f\u2009.,]+", text) is not None
        try:
            value = french.parse_number(
                f"{text} {_MONEY.get(unit, unit)}" if unit and bare else text, objective.unit
            )
        except UserError as error:
            raise RefusedValueError.of(error) from error
        if power and not unit:
            return CellValue(Decimal(format(value.scaleb(power), "f")))
        whole = cell.kind is Read.NUMBER or (cell.kind is Read.TEXT and "%" not in text)
        if objective.unit == "%" and whole and not unit and 0 < abs(value) <= self._share_max(cell, value):
            return self._doubtful_share(cell, value)
        if self._unseen(cell) and not unit and objective.unit in ("k€", "M€", "Md€"):
            return CellValue(value, (f"Lu {french.format_value(value, objective.unit)}\u202f: {_UNSEEN}",))
        return CellValue(value)

    def _unseen(self, cell: ReadCell) -> bool:
        """Whether the cell is a number whose format is not told: of an old xls."""
        return cell.kind is Read.NUMBER and not self._styled

    def _share_max(self, cell: ReadCell, value: Decimal) -> int:
        """Up to which number a share may be shown a hundred times as large: « 105 % » may be stored as 1,05."""
        return _UNSEEN_SHARE_MAX if self._unseen(cell) and value != value.to_integral_value() else 1

    def _doubtful_share(self, cell: ReadCell, value: Decimal) -> CellValue:
        """A bare number of 0 to 1 for a share: is it 100 times as much?"""
        share = french.format_value(value * 100, "%")
        if self._shares and cell.kind is Read.NUMBER:
            # In our own workbook the cell is a percentage; the old xls does not let its format be read.
            return CellValue(value * 100, remarks=(f"Lu {share} dans une case au format pourcentage.",))
        return CellValue(value, (f"Lu {french.format_value(value, '%')}\u202f: est-ce {share}\u202f?",))

    def day(self, cell: ReadCell, year: str = "") -> CellDay:
        """The day that a cell says; `year` completes a month or a quarter."""
        asked = (cell.kind, cell.text, cell.shown, year)
        known = self._days.get(asked)
        if known is None:
            known = self._days[asked] = self._read_day(cell, year)
        return known

    def _read_day(self, cell: ReadCell, year: str) -> CellDay:
        refuse_hidden_characters(cell)
        whole = int(year) if year.isdigit() and int(year) in periods.YEARS else None
        if cell.kind in {Read.NUMBER, Read.TEXT} and re.fullmatch(r"[0-9]{1,5}", cell.text):
            period = periods.read(cell.text)
            if period is None:
                return CellDay(self._serial(cell))
        else:
            period = periods.read(title_text(cell), year=whole)
        if period is None:
            try:
                return CellDay(french.parse_date(cell.text))
            except UserError as error:
                raise RefusedValueError.of(error, cell) from error
        if period.asked:
            written = f"«\u202f{printable(cell.text)}\u202f» peut se lire de plusieurs façons"
            proposed = min(period.day, self._today)
            return CellDay(
                proposed,
                f"{written}\u202f: est-ce le {french.format_date(proposed)}\u202f?",
                period.provisional,
            )
        if period.day > self._today and period.first < period.day:
            over = f"«\u202f{printable(cell.text)}\u202f» n’est pas terminé\u202f: de quel jour est la valeur\u202f?"
            return CellDay(self._today, over, provisional=True)
        return CellDay(period.day, "", period.provisional)

    def _serial(self, cell: ReadCell) -> date:
        day = day_of(Decimal(cell.text), self._date1904)
        if day is not None and 1990 <= day.year <= 2100:
            return day
        raise RefusedValueError(
            f"«\u202f{cell.text}\u202f» n’est pas une date.", "Écrivez-la comme 31/12/2026.", cell
        )

    def number(self, cell: ReadCell) -> Decimal:
        try:
            return Decimal(cell.text) if cell.kind is Read.NUMBER else french.parse_number(cell.text)
        except UserError as error:
            raise RefusedValueError.of(error, cell) from error


def _share_of(objective: Objective, cell: ReadCell) -> CellValue | None:
    """« 12 sur 48 » for a share: its numerator, its denominator, and what they make; None where it is no such thing."""
    try:
        told = read_ratio(cell.text, objective)
    except UserError as error:
        raise RefusedValueError.of(error) from error
    if told is None:
        return None
    written = f"«\u202f{printable(cell.text)}\u202f»"
    return CellValue(
        told.value,
        (),
        (f"{written}\u202f: {french.format_value(told.value, '%')}.",),
        numerator=told.numerator,
        denominator=told.denominator,
    )


def _without_marks(text: str) -> tuple[str, tuple[str, ...], bool]:
    """The text of a number without its notes and apostrophes; what is said of them; whether it is provisional."""
    bare = text.strip().translate(_SPACES).removeprefix("'")
    noted = _NOTE.search(bare)
    remarks: list[str] = []
    if noted:
        bare = bare[: noted.start()].rstrip()
        remarks.append(f"«\u202f{printable(text)}\u202f» renvoie à une note.")
    provisional = _PROVISIONAL.search(bare)
    if provisional:
        bare = bare[: provisional.start()].rstrip()
    if _APOSTROPHE.search(bare):
        bare = _APOSTROPHE.sub(" ", bare)
        remarks.append(f"Lu {bare} dans «\u202f{printable(text)}\u202f».")
    return bare, tuple(remarks), provisional is not None


_ABOUT = re.compile(
    r"(?:≈|~|>=?|<=?|≥|≤|environ|env\.?|plus de|moins de|au moins|au plus|près de|presque|autour de)\s*"
    r"(?P<number>[-\u2212]?[0-9].*)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?<=[0-9%€])\s*(?:\*{1,3}|\([0-9]{1,2}\)|[¹²³])$")
_PROVISIONAL = re.compile(r"(?<=[0-9%€])\s*\((?:p|prov\.?|provisoire)\)$", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=[0-9])['’](?=[0-9]{3}(?![0-9]))")
_SPACES = {0x2007: " ", 0x2008: " ", 0x200A: " ", 0x205F: " "}
_POWERS = {"milliers": 3, "millions": 6}
_MONEY = {"milliers d'euros": "k€", "milliers d’euros": "k€", "millions d'euros": "M€", "millions d’euros": "M€",
          "milliers": "k€", "millions": "M€", "euro": "€", "euros": "€", "K€": "k€"}  # fmt: skip
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:\s*(?:\*|\((?:p|prov\.?|provisoire|[0-9])\)))?")
_FIGURE = re.compile(
    # No two parts may take the same spaces: a cell of 30 000 of them would be looked at for hours.
    r"[-\u2212+≈~<>≤≥]?\s*[0-9](?:[0-9 \u00a0\u202f\u2009\u2007.,'’]*[0-9.,'’])?"
    r"(?:\s*(?:%|[kM]?€|Md€))?(?:\s*(?:\*{1,3}|\([0-9p]\)))?\s*"
)


def is_year(cell: ReadCell) -> bool:
    """Whether the cell is a bare year, with or without its mark."""
    return _YEAR.fullmatch(cell.text) is not None


def is_figure(cell: ReadCell) -> bool:
    """Whether the cell holds a number, with or without its unit."""
    if cell.kind is not Read.TEXT:
        return cell.kind in {Read.NUMBER, Read.SHARE}
    text = cell.text
    return text[:1] in "0123456789-\u2212+≈~<>≤≥" and (
        _FIGURE.fullmatch(text) is not None or RATIO.fullmatch(text) is not None
    )


def refuse_hidden_characters(cell: ReadCell, at: ReadCell | None = None) -> None:
    """Raise `RefusedValueError` where the text of the cell holds what nobody sees; `at`: the cell that is named."""
    if _HIDDEN.search(cell.text):
        raise RefusedValueError(
            f"«\u202f{printable(cell.text)}\u202f» contient des caractères invisibles.",
            "Retapez ce texte au clavier.",
            at or cell,
        )


def is_blank(cell: ReadCell) -> bool:
    return cell.kind is Read.TEXT and not cell.text.strip()


def printable(text: str) -> str:
    """The text on one short line of a message."""
    shown = "".join(char if char.isprintable() or char in "\u00a0\u202f" else "·" for char in text.strip())
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
