"""Numbers, amounts, shares and dates as French people write them, and text as French typography wants it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from qpvdesk.domain.errors import UserError

NNBSP = "\u202f"
"""Narrow no-break space: thousands, and before : ; ! ? % »."""
NBSP = "\u00a0"
"""No-break space: between a number and its unit."""
MINUS = "\u2212"
UNKNOWN = "–"
"""Printed where a figure is not known: never a zero."""

Number = int | Decimal | Fraction | float

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

_SPACES = " \u00a0\u202f\u2009"
_DIGITS_MAX = 18
_TEXT_MAX = 60
_DECIMALS_EXACT = 6
"""A fraction that ends within so many decimals is shown whole; any other is cut to two."""

_FIGURE = re.compile(
    rf"(?P<sign>[-\u2212]?)[{_SPACES}]*(?P<body>[0-9](?:[0-9.,{_SPACES}]*[0-9])?)[{_SPACES}]*(?P<suffix>.*)",
    re.DOTALL,
)
_WHOLE = re.compile(rf"[0-9]+|[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+")
_MONEY = re.compile(r"(?P<scale>Mds?|[kKM]?)€(?P<rest>.*)", re.DOTALL)
_MONEY_POWERS = {"": 0, "k": 3, "K": 3, "M": 6, "Md": 9, "Mds": 9}
_MONEY_WORDS = {"euro": 0, "euros": 0, "million d'euros": 6, "millions d'euros": 6}
_MONEY_WORDS |= {"millier d'euros": 3, "milliers d'euros": 3, "milliard d'euros": 9, "milliards d'euros": 9}
_NO_ANSWER = {
    "nc",
    "nd",
    "na",
    "ns",
    "nr",
    "nsp",
    "-",
    "--",
    "–",
    "—",
    "?",
    "/",
    "x",
    "neant",
    "non communique",
}
_NO_ANSWER |= {"non connu", "inconnu", "non disponible", "non renseigne", "aucun", "vide", "#n/a", "#ref!"}
_NOT_FINITE = {"nan", "inf", "infini", "infinity", "∞"}


def parse_number(text: str, unit: str = "") -> Decimal:
    """The number written in `text`, in `unit` (the unit of its objective; shares are in percent points).

    Thousands may be set apart by a space, plain or not, in groups of three; the decimal mark is a comma, or a
    point where it cannot be read as a thousands mark. A unit may follow if it is that of the objective; an
    amount may come in €, k€, M€ or Md€ and is brought to the objective's own. Raises `UserError`, with a sentence
    of its own for each thing people write that is no number.
    """
    raw = text.strip()
    if not raw:
        raise UserError(_t("Aucun nombre n’est écrit."), _t("Écrivez une valeur, par exemple 1 339 ou 16,4."))
    if len(raw) > _TEXT_MAX:
        raise UserError(
            _t(f"« {_shown(raw)} » est trop long pour un nombre."),
            "Écrivez le nombre seul, sans commentaire.",
        )
    _refuse_lookalikes(raw)
    found = _FIGURE.fullmatch(raw)
    if found is None:
        raise UserError(
            _t(f"« {_shown(raw)} » n’est pas un nombre."), _t("Écrivez un nombre, par exemple 1 339 ou 16,4.")
        )
    value = _read_figure(found["body"], raw)
    value = _to_unit(value, found["suffix"].strip(), unit.strip(), raw)
    return -value if found["sign"] and value else value


def _refuse_lookalikes(raw: str) -> None:
    folded = fold(raw)
    if folded.strip("+-\u2212 ") in _NOT_FINITE:
        raise UserError(
            _t(f"« {_shown(raw)} » n’est pas une valeur : un calcul a échoué dans le fichier d’origine."),
            "Corrigez la formule, ou laissez vide ce qui n’est pas connu.",
        )
    if folded in _NO_ANSWER or folded.replace(".", "").replace("/", "").replace(" ", "") in _NO_ANSWER:
        raise UserError(
            _t(f"« {_shown(raw)} » ne donne pas de valeur."),
            "Laissez vide ce qui n’est pas connu ; zéro est une valeur.",
        )
    if any(char.isdecimal() and char not in "0123456789" for char in raw):
        raise UserError(
            _t(f"« {_shown(raw)} » contient des chiffres qui ne sont pas les chiffres habituels (0 à 9)."),
            "Retapez le nombre avec les chiffres du clavier.",
        )
    if re.fullmatch(r"\(.*\)", raw, re.DOTALL):
        raise UserError(
            _t(f"« {_shown(raw)} » est entre parenthèses : valeur négative ou simple remarque ?"),
            _t("Écrivez le nombre sans parenthèses, précédé de − s’il est négatif."),
        )
    if re.fullmatch(r"[-+\u2212]?[0-9.,]+[eE][-+]?[0-9]+", raw):
        raise UserError(
            _t(f"« {_shown(raw)} » est en notation scientifique."),
            _t("Écrivez le nombre en entier, par exemple 100 000."),
        )
    if re.search(r"[0-9]_+[0-9]", raw):
        raise UserError(
            _t(f"« {_shown(raw)} » contient un tiret bas."),
            _t("Séparez les milliers par une espace : 1 000."),
        )
    if re.search(r"[0-9]['’][0-9]", raw):
        raise UserError(
            _t(f"« {_shown(raw)} » contient une apostrophe."),
            _t("Séparez les milliers par une espace : 1 000."),
        )
    if raw.startswith("+"):
        raise UserError(
            _t(f"« {_shown(raw)} » peut se lire comme une hausse et non comme une valeur."),
            "Écrivez la valeur elle-même, sans le signe +.",
        )
    if raw.startswith("="):
        raise UserError(
            _t(f"« {_shown(raw)} » est une formule, pas une valeur."), "Écrivez le résultat de la formule."
        )


def _read_figure(body: str, raw: str) -> Decimal:
    """The unsigned decimal in `body`: digits, spaces, commas and points."""
    marks = [char for char in body if char in ",."]
    if len(set(marks)) == 2:
        raise UserError(
            _t(f"« {_shown(raw)} » mêle le point et la virgule."),
            _t("Gardez la virgule pour les décimales et une espace pour les milliers : 1 339,5."),
        )
    if len(marks) > 1:
        raise UserError(
            _t(f"« {_shown(raw)} » contient plusieurs {'virgules' if marks[0] == ',' else 'points'}."),
            _t(
                "Gardez une seule virgule, pour les décimales, et une espace pour les milliers : 1 339 000,5."
            ),
        )
    whole, mark, decimals = body.partition(marks[0]) if marks else (body, "", "")
    if not _WHOLE.fullmatch(whole) or not re.fullmatch(r"[0-9]*", decimals) or (mark and not decimals):
        raise UserError(
            _t(f"« {_shown(raw)} » n’a pas ses chiffres groupés par trois."),
            _t("Écrivez les milliers d’un trait ou par groupes de trois : 1 339 ou 1339."),
        )
    digits = re.sub(rf"[{_SPACES}]", "", whole)
    if mark == "." and len(decimals) == 3 and len(whole) <= 3 and whole.strip("0"):
        raise UserError(
            _t(f"« {_shown(raw)} » est ambigu : {digits},{decimals} ou {digits} {decimals} ?"),
            _t(f"Écrivez {digits},{decimals} avec une virgule, ou {digits} {decimals} avec une espace."),
        )
    if len(digits) + len(decimals) > _DIGITS_MAX:
        raise UserError(
            _t(f"« {_shown(raw)} » a trop de chiffres."), f"Un nombre a au plus {_DIGITS_MAX} chiffres."
        )
    return Decimal(f"{digits}.{decimals}" if decimals else digits)


def _to_unit(value: Decimal, suffix: str, unit: str, raw: str) -> Decimal:
    """`value` as written with `suffix`, in `unit`."""
    if not suffix or (unit and _same_unit(suffix, unit)):
        return value
    power = _money_power(suffix)
    if power is not None:
        target = _money_power(unit) if unit else 0
        if target is None:
            raise UserError(
                _t(f"« {_shown(raw)} » est un montant, alors que l’objectif se compte en « {unit} »."),
                f"Donnez la valeur en {unit}.",
            )
        return _shift(value, power - target)
    if suffix == "%":
        if unit not in ("", "%"):
            raise UserError(
                _t(f"« {_shown(raw)} » est une part, alors que l’objectif se compte en « {unit} »."),
                f"Donnez la valeur en {unit}.",
            )
        return value
    expected = (
        _t(f"Donnez le nombre seul, ou suivi de « {unit} ».")
        if unit
        else "Donnez le nombre seul, sans mot ni unité."
    )
    raise UserError(
        _t(f"« {_shown(raw)} » contient autre chose que le nombre : « {_shown(suffix)} »."), expected
    )


def _money_power(unit: str) -> int | None:
    """The power of ten of a money unit (€: 0, k€: 3, M€: 6, Md€: 9), `M€ par an` included; else None."""
    found = _MONEY.fullmatch(unit)
    if found and (not found["rest"] or found["rest"][0] in "/ \u00a0\u202f"):
        return _MONEY_POWERS[found["scale"]]
    return _MONEY_WORDS.get(fold(unit))


def _shift(value: Decimal, power: int) -> Decimal:
    """`value` × 10^power, exact, without exponent and without idle zeros."""
    if not power:
        return value
    text = format(value.scaleb(power), "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _same_unit(suffix: str, unit: str) -> bool:
    return _bare(suffix) == _bare(unit)


def _bare(unit: str) -> str:
    """A unit without the plural marks of its words."""
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in fold(unit).split())


def _shown(raw: str) -> str:
    """What was read, safe to print in one line of a message."""
    text = "".join(char if char.isprintable() or char in _SPACES else "·" for char in raw)
    return text if len(text) <= 30 else text[:29] + "…"


_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_BARE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LONG = re.compile(r"([0-9]{1,2})(?:er)? ([a-z]+)\.? ([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_YEARS = range(1900, 2101)


def parse_date(text: str, *, today: date | None = None) -> date:
    """The day written in `text`: `31/12/2027`, `31122027`, `2027-12-31`, `31 décembre 2027`.

    With `today`, « aujourd’hui » and « hier » are read too. Raises `UserError` on anything else, a day that the
    calendar does not have (`31/02/2026`) included.
    """
    raw = text.strip()
    folded = fold(raw)
    if not raw:
        raise UserError("Aucune date n’est écrite.", "Écrivez une date comme 31/12/2027.")
    if today is not None and folded in ("aujourd'hui", "hier"):
        return today if folded != "hier" else today - timedelta(days=1)
    if found := _DAY_FIRST.fullmatch(raw) or _BARE.fullmatch(raw):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO.fullmatch(raw):
        year, month, day = (int(part) for part in found.groups())
    elif (found := _LONG.fullmatch(folded)) and (index := _month_number(found[2])):
        day, month, year = int(found[1]), index, int(found[3])
    elif _SHORT_YEAR.fullmatch(raw):
        raise UserError(
            _t(f"« {_shown(raw)} » a une année à deux chiffres."),
            "Écrivez l’année en entier, comme 31/12/2027.",
        )
    else:
        raise UserError(_t(f"« {_shown(raw)} » n’est pas une date."), "Écrivez une date comme 31/12/2027.")
    if year not in _YEARS:
        raise UserError(
            _t(f"« {_shown(raw)} » : l’année {year} est hors du calendrier suivi."),
            f"L’année va de {_YEARS[0]} à {_YEARS[-1]}.",
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise UserError(
            _t(f"« {_shown(raw)} » n’existe pas dans le calendrier."),
            "Vérifiez le jour et le mois (JJ/MM/AAAA).",
        ) from None


def _month_number(word: str) -> int | None:
    for index, month in enumerate(MONTHS, 1):
        folded = fold(month)
        if word == folded or (len(word) >= 3 and folded.startswith(word) and word != "jui"):
            return index
    return None


def round_half_away(value: Number, decimals: int = 0) -> Fraction:
    """`value` rounded once to `decimals`, a half going away from zero (0.625 → 0.63, −0.5 → −1)."""
    exact = Fraction(value)
    scale: int = 10**decimals
    numerator, denominator = abs(exact.numerator) * scale, exact.denominator
    rounded = Fraction((2 * numerator + denominator) // (2 * denominator), scale)
    return -rounded if exact < 0 else rounded


def format_number(value: Number, decimals: int | None = None) -> str:
    """`value` in French: thousands by U+202F, decimal comma, minus U+2212.

    With `decimals`, rounded once to exactly so many. Without, a value as entered is shown whole, and a fraction
    that does not end soon is rounded to two decimals.
    """
    exact = Fraction(value)
    trim = decimals is None
    if decimals is not None:
        places = decimals
    elif isinstance(value, Decimal):
        places = max(0, -int(value.as_tuple().exponent))
    else:
        places = _places(exact)
    rounded = round_half_away(exact, places)
    scaled = abs(rounded.numerator) * 10**places // rounded.denominator
    digits = str(scaled).rjust(places + 1, "0")
    whole, tail = (digits[:-places], digits[-places:]) if places else (digits, "")
    if trim:
        tail = tail.rstrip("0")
    text = f"{int(whole):,}".replace(",", NNBSP)
    if tail:
        text += "," + tail
    return MINUS + text if rounded < 0 else text


def _places(value: Fraction) -> int:
    """How many decimals `value` has when it ends within a few; two when it does not."""
    for places in range(_DECIMALS_EXACT + 1):
        if (value.numerator * 10**places) % value.denominator == 0:
            return places
    return 2


def format_value(value: Number | None, unit: str, decimals: int | None = None) -> str:
    """`value` with its unit as the contract writes it: `16,4 %`, `2,5 M€`, `40 bus`; « – » when unknown."""
    if value is None:
        return UNKNOWN
    text = format_number(value, decimals)
    if not unit:
        return text
    return text + (NNBSP if unit.startswith("%") else NBSP) + unit


def format_rate(rate: Number | None, decimals: int = 0) -> str:
    """A fraction as a percentage (0.3158 → `32 %`), rounded once, half away from zero; « – » when unknown."""
    if rate is None:
        return UNKNOWN
    return format_number(Fraction(rate) * 100, decimals) + NNBSP + "%"


def format_date(day: date | None) -> str:
    """`31/12/2027`; « – » when unknown."""
    return UNKNOWN if day is None else f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_month(day: date) -> str:
    """`décembre 2027`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def plural(count: int | Decimal | Fraction, one: str, many: str) -> str:
    """`count` and the noun in the number French wants: `0 objectif`, `1 objectif`, `3 objectifs`."""
    return f"{format_number(count)} {one if -2 < count < 2 else many}"


def enumerate_words(words: list[str] | tuple[str, ...], limit: int = 0) -> str:
    """`a, b et c`; beyond `limit` (when given) the rest is counted: `a, b et 3 autres`."""
    items = list(words)
    if limit and len(items) > limit:
        rest = len(items) - limit
        items = [*items[:limit], plural(rest, "autre", "autres")]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} et {items[-1]}"


_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "‘": "'", "‐": "-", "‑": "-"}
)


def fold(text: str) -> str:
    """A key for search and sort: lower case, without accents or ligatures, single plain spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(kept.casefold().split())


_NUMBERED = re.compile(r"(.*?)(\d+)$")


def code_ranges(codes: Iterable[str]) -> str:
    """Codes in few words: `BPI-E04 à E07, E10`; the beginning that a code shares with the one before is not said again."""
    runs: list[tuple[str, list[str]]] = []
    for code in codes:
        found = _NUMBERED.match(code)
        prefix, number = (found[1], found[2]) if found else (code, "")
        if runs and number and runs[-1][0] == prefix and int(number) == int(runs[-1][1][-1]) + 1:
            runs[-1][1].append(number)
        else:
            runs.append((prefix, [number]))
    said: list[str] = []
    before = ""
    for prefix, numbers in runs:
        short = prefix.rpartition("-")[2] if prefix == before else prefix
        tail = prefix.rpartition("-")[2]
        if len(numbers) > 2:
            said.append(f"{short}{numbers[0]} à {tail}{numbers[-1]}")
        else:
            said += [f"{short if not place else tail}{number}" for place, number in enumerate(numbers)]
        before = prefix
    return ", ".join(said)


_SPACE = "[ \u00a0\u202f\u2009]"
_RULES = (
    (re.compile(rf"{_SPACE}+([;:!?»%])"), NNBSP + r"\1"),
    (re.compile(rf"«{_SPACE}*"), "«" + NNBSP),
    (re.compile(r"(?<=[^\s«])»"), NNBSP + "»"),
    (re.compile(r"(?<=[\w)\]])([;!?:])(?=\s|$)"), NNBSP + r"\1"),
    (re.compile(r"(?<=[0-9])%"), NNBSP + "%"),
    (re.compile(rf"(?<![0-9,.])([0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+)(?![0-9])"), None),
    (re.compile(rf"(?<=[0-9]){_SPACE}(?=(?:Mds?|[kM])?€)"), NBSP),
)


def typeset(text: str) -> str:
    """`text` with the no-break spaces of French typography: before : ; ! ? % », after «, in thousands.

    Times (`14:30`) and addresses (`https://…?x`) are left alone, and typesetting twice changes nothing.
    """
    for rule, replacement in _RULES:
        if replacement is None:
            text = rule.sub(lambda found: re.sub(_SPACE, NNBSP, found[0]), text)
        else:
            text = rule.sub(replacement, text)
    return text


_t = typeset
